"""Events to positions: which row of which market, which session is day 0, and why an event cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import day_zero
from backtest.frames import DROP_REASONS, group_labels
from backtest.market import Market

Ints = NDArray[np.int64]

KEPT = -1
CODES = {reason: code for code, reason in enumerate(DROP_REASONS)}


@dataclass(frozen=True)
class Alignment:
    """Where each of n events lies; arrays in the order of the events table.

    market, row, position : (n,) index of the market, row of its panel, position of day 0 in its calendar; -1 unknown.
    reason : (n,) index into `DROP_REASONS`, -1 where nothing speaks against the event.
    session : (n,) naive datetime64[us] of day 0, NaT unknown. rule : (n,) rule of the clock that placed it.
    """

    market: Ints
    row: Ints
    position: Ints
    reason: Ints
    session: NDArray[np.datetime64]
    rule: NDArray[np.object_]


def align(
    events: pd.DataFrame,
    markets: Sequence[Market],
    known: Sequence[str],
    date_only: str = "same",
    benchmark: bool = True,
) -> Alignment:
    """Place events of the contract on the sessions of their exchanges.

    Parameters
    ----------
    events : events table of the contract.
    markets : what there are prices for.
    known : tickers that are known at all (instruments and prices); others are `unknown-asset`.
    date_only : what a date without a clock time and without a hint means, see `clock.day_zero`.
    benchmark : the model needs a benchmark: securities without one are `no-benchmark`.

    Reasons given here: unknown-asset, unlisted, background, no-price-history, no-benchmark, imprecise-date,
    before-first-session, after-last-session, duplicate (same security, same kind, same day 0: the first known counts).
    """
    n = len(events)
    market, row = _locate(events["asset"], markets)
    reason = np.full(n, KEPT, dtype=np.int64)
    session = np.full(n, np.datetime64("NaT"), dtype="datetime64[us]")
    rule = np.full(n, "", dtype=object)
    position = np.full(n, -1, dtype=np.int64)
    for code, place in enumerate(markets):
        mine = np.flatnonzero(market == code)
        if len(mine):
            zero = day_zero(events.iloc[mine], place.calendar, date_only)
            session[mine], rule[mine] = zero["session"].to_numpy().astype("datetime64[us]"), zero["rule"].to_numpy()
            reason[mine], position[mine] = _judge(place, row[mine], session[mine], rule[mine], benchmark)
    lost = market < 0
    reason[lost] = _unplaced(events["asset"][lost], known)
    reason[(events["novelty"] == "background").to_numpy(dtype=bool)] = CODES["background"]
    reason = _duplicates(events, session, reason)
    return Alignment(market, row, position, reason, session, rule)


def _locate(assets: pd.Series, markets: Sequence[Market]) -> tuple[Ints, Ints]:
    """Return market and row of each asset, -1 where no market lists it."""
    codes, names = pd.factorize(assets)
    where = {t: (m, r) for m, place in enumerate(markets) for r, t in enumerate(place.tickers)}
    table = np.array([where.get(name, (-1, -1)) for name in names], dtype=np.int64).reshape(-1, 2)
    return table[codes, 0], table[codes, 1]


def _judge(place: Market, row: Ints, session: np.ndarray, rule: np.ndarray, benchmark: bool) -> tuple[Ints, Ints]:
    """Return (reason, position) of the events of one market."""
    reason = np.full(len(row), KEPT, dtype=np.int64)
    position = np.where(np.isnat(session), -1, np.searchsorted(place.calendar.sessions, session))
    for name in ("imprecise-date", "before-first-session", "after-last-session"):
        reason[rule == name] = CODES[name]
    placed = reason == KEPT
    reason[placed & (position < place.first[row])] = CODES["before-first-session"]
    reason[placed & (position > place.last[row])] = CODES["after-last-session"]
    if benchmark:
        reason[(place.benchmark_of[row] < 0) & (rule != "imprecise-date")] = CODES["no-benchmark"]
    reason[place.last[row] < 0] = CODES["no-price-history"]
    return reason, position


def _unplaced(assets: pd.Series, known: Sequence[str]) -> Ints:
    listed = set(known)
    names = assets.fillna("").to_numpy()
    codes = [
        CODES["unlisted"] if not a else CODES["no-price-history" if a in listed else "unknown-asset"] for a in names
    ]
    return np.array(codes, dtype=np.int64)


def _duplicates(events: pd.DataFrame, session: np.ndarray, reason: Ints) -> Ints:
    """Mark all but the first of several events of one security, kind and day: they are one observation."""
    good = np.flatnonzero(reason == KEPT)
    frame = pd.DataFrame(
        {
            "asset": events["asset"].to_numpy()[good],
            "kind": group_labels(events).to_numpy()[good],
            "session": session[good],
            "known": events["known_at"].to_numpy()[good],
            "id": events.index.to_numpy()[good],
        }
    )
    again = frame.duplicated(["asset", "kind", "session"], keep=False).to_numpy()
    if not again.any():
        return reason
    # The order in the table must not matter: the earliest known stays, then the smallest id.
    ranked = frame[again].sort_values(["known", "id"])
    later = ranked.index[ranked.duplicated(["asset", "kind", "session"])]
    out = reason.copy()
    out[good[later.to_numpy()]] = CODES["duplicate"]
    return out
