"""Statements that exclude one another: which of them stands, sentence by sentence and for the whole article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from signals.kinds.base import Signal

TAKEOVERS = ("takeover-denied", "takeover-bid", "takeover-rumour")
FIGURES = ("profit-warning", "guidance-raise", "earnings-other")


def resolve(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals that stand: one per (company, kind), contradictions settled.

    Within a sentence a denial outranks a firm offer, which outranks a rumour, which outranks the mere word "bid"; over
    the article a denial or firm offer about a target silences rumours about it. Of the figures of one company a warning
    outranks a raise, and both outrank plain figures.
    """
    kept = _sentences(_named(list(signals)))
    kept = _targets(kept)
    kept = _one_entrant(_figures(kept))
    return _one_each(kept)


def _named(signals: list[Signal]) -> list[Signal]:
    """Leave out a signal without a company where the same kind names one."""
    named = {s.kind for s in signals if s.company and s.novelty != "background"}
    return [s for s in signals if s.company or s.kind not in named]


def _rank(signal: Signal) -> int:
    if signal.kind == "takeover-denied":
        return 3 if signal.sub != "ended" else 2
    if signal.kind == "takeover-bid":
        return (
            2
            if signal.strength == "hard"
            and signal.sub in ("agreed", "rejected", "completed")
            and signal.confidence > 0.9
            else 0
        )
    return 1


def _sentences(signals: list[Signal]) -> list[Signal]:
    """Keep the takeover signals of the highest rank of each sentence."""
    best: dict[tuple[str, int], int] = {}
    for s in signals:
        if s.kind in TAKEOVERS:
            at = (s.field, s.sentence)
            best[at] = max(best.get(at, -1), _rank(s))
    return [s for s in signals if s.kind not in TAKEOVERS or _rank(s) == best[(s.field, s.sentence)]]


def _targets(signals: list[Signal]) -> list[Signal]:
    """Keep one kind of takeover per target: denied, then firm, then rumour."""
    denied = {k for s in signals if s.kind == "takeover-denied" and s.novelty != "background" for k in s.about}
    firm = {k for s in signals if s.kind == "takeover-bid" and _rank(s) == 2 for k in s.about}
    rumoured = {k for s in signals if s.kind == "takeover-rumour" for k in s.about}
    out = []
    for s in signals:
        about = s.about
        if s.kind == "takeover-rumour" and (about & (denied | firm) or (not about and (denied or firm))):
            continue
        if s.kind == "takeover-bid" and (about & denied or (_rank(s) < 2 and about & rumoured)):
            continue
        out.append(s)
    return out


def _figures(signals: list[Signal]) -> list[Signal]:
    """Keep the strongest statement about figures per company; a figure without a company yields to any other."""
    fresh = [s for s in signals if s.novelty != "background"]
    told = {(s.field, s.sentence) for s in fresh if s.kind != "earnings-other"}
    signals = [s for s in signals if s.kind != "earnings-other" or (s.field, s.sentence) not in told]
    warned = {s.key for s in fresh if s.kind == "profit-warning" and s.role != "peer"}
    raised = {s.key for s in fresh if s.kind == "guidance-raise"} - warned
    out = []
    for s in signals:
        if s.kind == "guidance-raise" and (s.key in warned or (warned and not s.key)):
            continue
        if s.kind == "earnings-other" and (
            s.key in warned | raised or ((warned or raised) and not s.key) or (not s.key and "" in warned | raised)
        ):
            continue
        out.append(s)
    return out


def _one_entrant(signals: list[Signal]) -> list[Signal]:
    """Keep one market entry per article: of a listed company if there is one, the first told among equals."""
    entries = [s for s in signals if s.kind == "market-entry"]
    best = min(
        entries,
        key=lambda s: (not (s.company and s.company.ticker), s.company is None, s.field != "text", s.start),
        default=None,
    )
    return [s for s in signals if s.kind != "market-entry" or s is best]


_NOVELTY = {"new": 0, "repeat": 1, "background": 2}


def _one_each(signals: list[Signal]) -> list[Signal]:
    """Keep one signal per (company, role, kind): the newest and surest, the first in the text among equals."""
    best: dict[tuple[str, str], Signal] = {}
    for s in sorted(signals, key=lambda s: s.role == "peer"):
        at = (s.key, s.kind)
        old = best.get(at)
        if old is not None and s.role == "peer":
            continue
        if old is None or _order(s) < _order(old):
            merged = s if old is None else replace(s, counterparty=s.counterparty or old.counterparty)
            best[at] = merged
    return list(best.values())


def _order(s: Signal) -> tuple[int, int, float, int]:
    return (_NOVELTY[s.novelty], 0 if s.field == "text" else 1, -s.confidence, s.start)
