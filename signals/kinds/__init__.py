"""The kinds of signals: a literal dict of functions ``(text) -> list[Signal]``; adding a kind is one function and one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from signals.kinds import (
    earnings_other,
    guidance_raise,
    market_entry,
    profit_warning,
    takeover_bid,
    takeover_denied,
    takeover_rumour,
)
from signals.kinds.alphabet import FREQUENT
from signals.kinds.base import Signal, TextLike
from signals.kinds.engine import Cue, Rulebook, rulebook
from signals.kinds.resolve import resolve

Kind = Callable[[TextLike], list[Signal]]

KINDS: dict[str, Kind] = {
    "takeover-rumour": takeover_rumour.takeover_rumours,
    "takeover-bid": takeover_bid.takeover_bids,
    "takeover-denied": takeover_denied.takeover_denials,
    "profit-warning": profit_warning.profit_warnings,
    "guidance-raise": guidance_raise.guidance_raises,
    "earnings-other": earnings_other.earnings_reports,
    "market-entry": market_entry.market_entries,
}

CUES: Mapping[str, tuple[Cue, ...]] = {
    "takeover-rumour": takeover_rumour.CUES,
    "takeover-bid": takeover_bid.CUES,
    "takeover-denied": takeover_denied.CUES,
    "profit-warning": profit_warning.CUES,
    "guidance-raise": guidance_raise.CUES,
    "earnings-other": earnings_other.CUES,
    "market-entry": market_entry.CUES,
}

RULES: Mapping[str, Mapping[str, Rulebook]] = {
    "takeover-rumour": takeover_rumour.RULES,
    "takeover-bid": takeover_bid.RULES,
    "takeover-denied": takeover_denied.RULES,
    "profit-warning": profit_warning.RULES,
    "guidance-raise": guidance_raise.RULES,
    "earnings-other": earnings_other.RULES,
    "market-entry": market_entry.RULES,
}


_ALL = {lang: rulebook(tuple(rule for books in RULES.values() for rule in books[lang].rules)) for lang in ("en", "de")}


@lru_cache(maxsize=20_000)
def telling(codes: frozenset[str], lang: str) -> bool:
    """Whether a cue of some kind can match a sentence that holds no class but these and the frequent ones."""
    present = codes | FREQUENT
    return any(rule.possible(present) for rule in _ALL[lang].candidates(present))


__all__ = ["CUES", "KINDS", "RULES", "Kind", "Signal", "resolve", "telling"]
