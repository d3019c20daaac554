"""Events to positions: which row of which market, which session is day 0, and why an event cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import RULES, placed_in
from backtest.frames import DROP_REASONS, group_labels
from backtest.market import Market

F = NDArray[np.float64]
Ints = NDArray[np.int64]

KEPT = -1
_CLOCK_COLUMNS = ("event_time", "event_precision", "session_hint")
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
    asset, names = pd.factorize(events["asset"])
    market, row = _locate(asset, names, markets)
    reason = np.full(n, KEPT, dtype=np.int64)
    session = np.full(n, np.datetime64("NaT"), dtype="datetime64[us]")
    rule = np.full(n, len(RULES), dtype=np.int64)
    position = np.full(n, -1, dtype=np.int64)
    for code, place in enumerate(markets):
        mine = np.flatnonzero(market == code)
        if len(mine):
            one = events if len(mine) == n else events[[c for c in _CLOCK_COLUMNS if c in events]].iloc[mine]
            session[mine], rule[mine], position[mine] = placed_in(one, place.calendar, date_only)
            reason[mine] = _judge(place, row[mine], position[mine], rule[mine], benchmark)
    position[np.isnat(session)] = -1
    lost = np.flatnonzero(market < 0)
    if len(lost):
        reason[lost] = _unplaced(events["asset"].iloc[lost], known)
    reason[np.asarray(events["novelty"].array == "background", dtype=bool)] = CODES["background"]
    reason = _duplicates(events, asset, session, reason)
    return Alignment(market, row, position, reason, session, np.array([*RULES, ""], dtype=object)[rule])


def judged(
    event: tuple[int, int], least: int, ar: F, n_obs: Ints, flat: NDArray[np.bool_], returns: Callable[[Ints], F]
) -> Ints:
    """Return the reason of each estimated event, -1 where it can be used.

    Parameters
    ----------
    event : first and last day of the event window. least : fewest estimation rows.
    ar : (n, L) abnormal returns. n_obs : (n,) estimation rows. flat : (n,) no residual variance, or no estimate of it.
    returns : function giving the raw returns (m, L) of the events at some positions.
    """
    reason = np.full(len(ar), KEPT, dtype=np.int64)
    # Days before the event may be there although the share stopped trading with the news: there is nothing to see.
    after = slice(max(0, -event[0]) if event[1] >= 0 else 0, None)
    blank = np.flatnonzero(~np.isfinite(ar[:, after]).any(axis=1))
    reason[blank] = CODES["missing-in-event-window"]
    reason[flat] = CODES["degenerate-estimation"]
    reason[n_obs < least] = CODES["short-estimation"]
    # Where a return is there, but nothing to compare it with, the estimation is to blame.
    if len(blank):
        gone = ~np.isfinite(returns(blank)[:, after]).any(axis=1)
        reason[blank[gone]] = CODES["missing-in-event-window"]
    return reason


def _locate(codes: Ints, names: pd.Index, markets: Sequence[Market]) -> tuple[Ints, Ints]:
    """Return market and row of each asset, given by its place among the names, -1 where no market lists it."""
    where = {t: (m, r) for m, place in enumerate(markets) for r, t in enumerate(place.tickers)}
    table = np.array(
        [where.get(name, (-1, -1)) for name in np.asarray(names, dtype=object).tolist()], dtype=np.int64
    ).reshape(-1, 2)
    return table[codes, 0], table[codes, 1]


def _judge(place: Market, row: Ints, position: Ints, rule: Ints, benchmark: bool) -> Ints:
    """Return the reason of the events of one market, -1 where they can be placed."""
    reason = np.full(len(row), KEPT, dtype=np.int64)
    for name in ("imprecise-date", "before-first-session", "after-last-session"):
        reason[rule == RULES.index(name)] = CODES[name]
    placed = reason == KEPT
    reason[placed & (position < place.first[row])] = CODES["before-first-session"]
    reason[placed & (position > place.last[row])] = CODES["after-last-session"]
    if benchmark and place.needs_benchmark:
        reason[(place.benchmark_of[row] < 0) & (rule != RULES.index("imprecise-date"))] = CODES["no-benchmark"]
    reason[place.last[row] < 0] = CODES["no-price-history"]
    return reason


def _unplaced(assets: pd.Series, known: Sequence[str]) -> Ints:
    listed = set(known)
    names = assets.fillna("").to_numpy()
    codes = [
        CODES["unlisted"] if not a else CODES["no-price-history" if a in listed else "unknown-asset"] for a in names
    ]
    return np.array(codes, dtype=np.int64)


def _all_different(key: Ints) -> bool:
    """Return True where no number stands twice; by a table of marks where the numbers are dense, else by hashing."""
    cells = int(key.max(initial=0)) + 1
    if cells > 8 * len(key) + (1 << 16):
        return len(pd.unique(key)) == len(key)
    marks = np.zeros(cells, dtype=bool)
    marks[key] = True
    return int(np.count_nonzero(marks)) == len(key)


def _duplicates(events: pd.DataFrame, asset: Ints, session: np.ndarray, reason: Ints) -> Ints:
    """Mark all but the first of several events of one security, kind and day: they are one observation."""
    good = np.flatnonzero(reason == KEPT)
    asset, kind = asset[good], pd.factorize(group_labels(events))[0][good]
    day = session[good].astype("datetime64[D]").astype(np.int64)
    # One number per security, kind and day: a comparison of numbers is all that most tables need.
    day = day - (day.min() if len(day) else 0)
    span = int(day.max(initial=0)) + 1
    key = (asset * (kind.max(initial=0) + 1) + kind) * span + day
    if _all_different(key):
        return reason
    again = pd.Series(key).duplicated(keep=False).to_numpy()
    # The order in the table must not matter: the earliest known stays, then the smallest id.
    twice = good[again]
    ranked = pd.DataFrame(
        {"key": key[again], "known": events["known_at"].array[twice], "id": events.index[twice]},
        index=twice,
    ).sort_values(["known", "id"])
    out = reason.copy()
    out[ranked.index[ranked.duplicated("key")].to_numpy()] = CODES["duplicate"]
    return out
