"""The kinds of signals: a literal dict of functions ``(text) -> list[Signal]``; adding a kind is one function and one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from signals.kinds.base import Signal, TextLike
from signals.kinds.earnings_other import CUES as EARNINGS
from signals.kinds.earnings_other import earnings_other
from signals.kinds.engine import Cue
from signals.kinds.guidance_raise import CUES as RAISE
from signals.kinds.guidance_raise import guidance_raise
from signals.kinds.market_entry import CUES as ENTRY
from signals.kinds.market_entry import market_entry
from signals.kinds.profit_warning import CUES as WARNING
from signals.kinds.profit_warning import profit_warning
from signals.kinds.resolve import resolve
from signals.kinds.takeover_bid import CUES as BID
from signals.kinds.takeover_bid import takeover_bid
from signals.kinds.takeover_denied import CUES as DENIED
from signals.kinds.takeover_denied import takeover_denied
from signals.kinds.takeover_rumour import CUES as RUMOUR
from signals.kinds.takeover_rumour import takeover_rumour

Kind = Callable[[TextLike], list[Signal]]

KINDS: dict[str, Kind] = {
    "takeover-rumour": takeover_rumour,
    "takeover-bid": takeover_bid,
    "takeover-denied": takeover_denied,
    "profit-warning": profit_warning,
    "guidance-raise": guidance_raise,
    "earnings-other": earnings_other,
    "market-entry": market_entry,
}

CUES: Mapping[str, tuple[Cue, ...]] = {
    "takeover-rumour": RUMOUR,
    "takeover-bid": BID,
    "takeover-denied": DENIED,
    "profit-warning": WARNING,
    "guidance-raise": RAISE,
    "earnings-other": EARNINGS,
    "market-entry": ENTRY,
}

__all__ = ["CUES", "KINDS", "Kind", "Signal", "resolve"]
