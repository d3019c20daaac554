"""What a strategy may be asked to do: words and checks of the specification, before any price is looked at."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtest.errors import LookAheadError, SchemaError, UnknownNameError, offenders
from backtest.trading.board import CLOSE, OPEN

#: Kinds of event that the library knows; a user's events may hold others.
KINDS = (
    "takeover-rumour", "takeover-bid", "takeover-denied", "profit-warning", "guidance-raise", "earnings-other",
    "market-entry", "other",
)  # fmt: skip

#: Closing kind -> kinds of trade that it closes, unless a strategy says otherwise.
CONTRARY = {"takeover-denied": ("takeover-rumour",)}

OVERLAPS = ("stack", "ignore", "extend", "net")
BARRIERS = ("close", "range")
HEDGES = ("benchmark",)

#: Why an event led to no trade, beside the reasons that it shares with a study.
TRADE_REASONS = (
    "no-side", "no-price", "no-open", "contrary-before-entry", "until-passed", "no-volatility", "no-volume", "no-beta",
    "position-open", "extended", "netted", "no-cash", "max-positions", "no-share",
)  # fmt: skip

#: Columns that report how the price reacted, or how many wrote of it later: nobody could read them before the trade.
OUTCOME = re.compile(
    r"(_move_pct|_move_is_close|_move_basis|^peer_moves|^price_levels|^effective_session|^abnormal_return|^articles$|^more_urls$"
    r"|^(ar|car|caar|bhar)([^a-z]*)$)"  # of a study, and its windows: car, car_0_1, car(-1, 1)
)

_ENTRY = re.compile(r"^(?:next-(open|close))?(?:\+(\d+))?$")

Side = Mapping[str, float] | str | float | Callable[[Mapping[str, object]], float]


@dataclass(frozen=True)
class Entry:
    """When a trade is opened: at the open or close (`phase`), `lag` sessions after the first one that could be used."""

    phase: int
    lag: int

    @property
    def label(self) -> str:
        """The words of the specification."""
        return f"next-{'open' if self.phase == OPEN else 'close'}" + (f"+{self.lag}" if self.lag else "")


def parse_entry(text: object) -> Entry:
    """Read `entry`: "next-open", "next-close", either with "+k", or "+k" alone (of the open).

    Raises
    ------
    LookAheadError
        It asks for a price that was there before the news could be read.
    UnknownNameError
        It is not understood.
    """
    words = str(text).strip().lower()
    found = _ENTRY.match(words)
    if words and found:
        return Entry(CLOSE if found[1] == "close" else OPEN, int(found[2] or 0))
    if words.startswith(("event", "same", "previous", "day0", "day-0")) or re.search(r"-\d+$", words):
        raise LookAheadError(
            f"entry={text!r} asks for a price that was there before the news could be acted on; the first possible ones "
            "are 'next-open' and 'next-close' (the idealised entry is a row of bt.entry_lags, labelled so)"
        )
    near = difflib.get_close_matches(words, ("next-open", "next-close"), n=1)
    hint = f"did you mean {near[0]!r}?" if near else "one of 'next-open', 'next-close', either with '+k' sessions"
    raise UnknownNameError(f"unknown entry {text!r}; {hint}")


def require_positive(name: str, value: object, whole: bool = False, distance: bool = False) -> None:
    """Raise SchemaError unless `value` is None or a positive, finite number (a whole one where asked).

    distance : it is one from the entry price, as a fraction; a stop lies less than the whole price away.
    """
    if value is None:
        return
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value <= 0 or (whole and int(value) != value):  # type: ignore[call-overload,operator]
        kind = "whole number of sessions, 1 or more" if whole else "positive number"
        hint = ": the distance from the entry price, 0.05 for five percent" if distance else ""
        raise SchemaError(f"{name}={value!r} must be a {kind}{hint}")
    if name == "stop_loss" and float(value) >= 1:  # type: ignore[arg-type]
        raise SchemaError(
            f"stop_loss={value!r} is more than the whole price: it is a fraction of it, 0.05 for five percent"
        )


def check_contrary(contrary: object) -> None:
    """Raise SchemaError unless `contrary` is None or a dict of kinds: closing kind -> kind or kinds that it closes."""
    closed = list(contrary.values()) if isinstance(contrary, Mapping) else []
    words = [w for v in closed for w in ([v] if isinstance(v, str) else v if isinstance(v, (list, tuple)) else [v])]
    if (contrary is not None and not isinstance(contrary, Mapping)) or not all(isinstance(w, str) for w in words):
        raise SchemaError(
            f"contrary={contrary!r}: give a dict of kinds such as {{'takeover-denied': 'takeover-rumour'}}, {{}} for none"
        )


def require_word(name: str, value: str | None, words: Sequence[str]) -> None:
    """Raise UnknownNameError unless `value` is one of `words`."""
    if value not in words:
        near = difflib.get_close_matches(str(value), words, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(words)}"
        raise UnknownNameError(f"unknown {name} {value!r}; {hint}")


def check_lookback(lookback: object) -> None:
    """Raise where the window of trailing figures is no window, or reaches the session of the fill.

    Raises
    ------
    LookAheadError
        The window ends at or after session 0, which nobody has seen when the order goes out.
    SchemaError
        It is no pair of whole numbers in order.
    """
    good = (
        isinstance(lookback, tuple) and len(lookback) == 2 and all(isinstance(v, (int, np.integer)) for v in lookback)
    )
    if not good or lookback[1] - lookback[0] < 4:  # type: ignore[index]
        raise SchemaError(
            f"lookback={lookback!r} must be (first, last) sessions before the fill, e.g. (-120, -1), five or more"
        )
    if lookback[1] >= 0:  # type: ignore[index]
        raise LookAheadError(
            f"lookback={lookback!r} reaches the session of the fill (0) or later; "
            "a beta, volatility or volume may use sessions up to -1"
        )


def check_side(side: Side) -> None:
    """Raise SchemaError where `side` can mean no direction; LookAheadError where it names a column of outcomes."""
    if isinstance(side, bool) or not (isinstance(side, (int, float, str, Mapping)) or callable(side)):
        raise SchemaError(f"side={side!r}: give a dict by kind, a column's name, a number, or a callable of one event")
    values = side.values() if isinstance(side, Mapping) else [side] if isinstance(side, (int, float)) else []
    bad = [v for v in values if isinstance(v, bool) or not isinstance(v, (int, float)) or not np.isfinite(v)]
    if isinstance(side, Mapping) and not side:
        raise SchemaError(
            "side={} trades nothing: a side is a finite number for at least one kind, 1 (long) or -1 (short)"
        )
    if bad:
        raise SchemaError(f"side={side!r}: a side is a finite number such as 1 (long) or -1 (short)")
    if isinstance(side, str) and OUTCOME.search(side):
        raise LookAheadError(
            f"side={side!r} is a column that reports the price's reaction or later news; nobody could read it before the trade"
        )


def check_until(until: object) -> None:
    """Raise LookAheadError where `until` names a column of outcomes, SchemaError where it is a number or NaT: no date."""
    if until is pd.NaT or isinstance(until, (int, float, np.number)):
        raise SchemaError(
            f"until={until!r} is no date; give one such as '2024-06-28', or a column of the events, or None"
        )
    if isinstance(until, str) and OUTCOME.search(until):
        raise LookAheadError(
            f"until={until!r} is a column that reports the price's reaction or later news; nobody could read it before the trade"
        )


def check_draws(draws: int, seed: int) -> None:
    """Raise SchemaError where a bootstrap or placebo cannot draw so often, or a generator not start from `seed`."""
    if isinstance(draws, bool) or not isinstance(draws, (int, np.integer)) or draws < 1:
        raise SchemaError(f"draws={draws!r} must be 1 or more, a whole number")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise SchemaError(f"seed={seed!r} must be a whole number, 0 or more")


def check_kinds(names: Sequence[str], present: Sequence[str], what: str) -> None:
    """Raise UnknownNameError where a kind is neither known nor among the events."""
    known = [*KINDS, *(f"{k} (peer)" for k in KINDS), *present]
    unknown = [n for n in names if n not in known]
    if unknown:
        near = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the events hold {offenders(sorted(set(present)))}"
        raise UnknownNameError(f"{what} for unknown kind {offenders(unknown)}; {hint}")
