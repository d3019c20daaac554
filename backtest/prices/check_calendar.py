"""Checks against the exchange's calendar and against the benchmark: which days are there, and whether they are the right ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import calendar, known_mics
from backtest.prices.blocks import Block, F, Found, whole_series

HOLE = 5
SHIFT_MARGIN = 0.15
SHIFT_SIGMAS = 4.0
SHIFT_DAYS = 250
CLIP = 4.0
OPEN_IS_CLOSE = 0.25


# ---------------------------------------------------------------------------------------------------------- sessions


def sessions_of(mics: NDArray[np.object_], dates: NDArray[np.datetime64]) -> dict[str, NDArray[np.datetime64]]:
    """Return the sessions of each exchange that is known, over the span of the dates."""
    if not len(dates):
        return {}
    known = set(known_mics())
    return {m: calendar(m, dates[0], dates[-1]).sessions for m in np.unique(mics).tolist() if m in known}


def against_sessions(
    block: Block, mics: NDArray[np.object_], sessions: dict[str, NDArray[np.datetime64]]
) -> Iterator[Found]:
    """Yield prices on days on which the exchange was closed, and sessions without a price between the first and the last."""
    there = ~np.isnan(block.close)
    for mic in np.unique(mics).tolist():
        if mic in sessions:
            mine = np.flatnonzero(mics == mic)
            yield _holidays(block, mine, there, sessions[mic])
            yield from _gaps(block, mine, there, sessions[mic])


def _holidays(
    block: Block, mine: NDArray[np.int64], there: NDArray[np.bool_], sessions: NDArray[np.datetime64]
) -> Found:
    closed = np.flatnonzero(~np.isin(block.dates, sessions))
    rows, at = np.nonzero(there[np.ix_(mine, closed)])
    rows, days = mine[rows], closed[at]
    action = "not used: the exchange was closed"
    return Found("holiday-row", block.names[rows], block.dates[days], block.close[rows, days], action)


def _gaps(
    block: Block, mine: NDArray[np.int64], there: NDArray[np.bool_], sessions: NDArray[np.datetime64]
) -> Iterator[Found]:
    at = np.searchsorted(block.dates, sessions)
    listed = (at < len(block.dates)) & (block.dates[np.minimum(at, len(block.dates) - 1)] == sessions)
    own = there[mine]
    traded = np.zeros((len(mine), len(sessions)), dtype=bool)
    traded[:, listed] = own[:, at[listed]]
    whole = traded.all(axis=1)
    names, first, length = [], [], []
    for row in np.flatnonzero(~whole & own.any(axis=1)).tolist():
        days = block.dates[own[row]]
        inside = (sessions > days[0]) & (sessions < days[-1])
        missing = np.flatnonzero(~traded[row] & inside)
        for run in np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1) if len(missing) else []:
            names.append(block.names[mine[row]])
            first.append(sessions[run[0]])
            length.append(float(len(run)))
    sizes = np.array(length)
    who, when = np.array(names, dtype=object), np.array(first, dtype="datetime64[us]")
    for check, chosen in (("hole", sizes >= HOLE), ("missing-session", sizes < HOLE)):
        yield Found(check, who[chosen], when[chosen], sizes[chosen], "no return across it")


# --------------------------------------------------------------------------------------------------------- date stamps


def date_shifts(block: Block, marks: F, opened: F | None, volume: F | None) -> Iterator[Found]:
    """Yield series whose date stamps are a day off.

    They move with the benchmark's day before (value 1: the stamps are late) or after (-1); or their close is about their
    open, while no volume is reported (exchange rates).

    Parameters
    ----------
    block : some securities.
    marks : (T,) the benchmark's levels on the block's dates, NaN where it has none.
    opened, volume : (N, T) or None.
    """
    lag = _lags(block.close, marks)
    found = np.flatnonzero(lag)
    yield whole_series("date-shift", block.names[found].tolist(), lag[found], "kept")
    if opened is None:
        return
    untraded = np.ones(len(lag), dtype=bool) if volume is None else ~(volume > 0).any(axis=1)
    early = [r for r in np.flatnonzero(untraded & (lag == 0)).tolist() if _close_is_open(block.close[r], opened[r])]
    names = block.names[early].tolist()
    yield whole_series("date-shift", names, np.full(len(early), -1.0), "kept: its close is about its open")


def _lags(close: F, marks: F) -> F:
    """Return for each row 1 or -1 if it follows the benchmark of the day before or after, else 0."""
    days = ~np.isnan(marks)
    if days.sum() < SHIFT_DAYS:
        return np.zeros(len(close))
    with np.errstate(invalid="ignore", divide="ignore"):
        own, other = np.diff(np.log(close[:, days]), axis=1), np.diff(np.log(marks[days]))
    here = np.isfinite(own)
    count = here.sum(axis=1)
    values = _clipped(np.where(here, own, 0.0), count)
    other = _clipped(other[None, :], np.array([len(other)]))[0]
    same = np.abs(_correlation(values, here, other))
    late = np.abs(_correlation(values[:, 1:], here[:, 1:], other[:-1]))
    early = np.abs(_correlation(values[:, :-1], here[:, :-1], other[1:]))
    margin = np.fmax(SHIFT_MARGIN, SHIFT_SIGMAS / np.sqrt(np.fmax(count, 1)))
    shifted = (count + 1 >= SHIFT_DAYS) & (np.fmax(late, early) >= same + margin)
    return np.where(shifted, np.where(late > early, 1.0, -1.0), 0.0)


def _clipped(values: F, count: NDArray[np.int64]) -> F:
    """Cut returns at four mean absolute ones, so that one bad price does not decide about a correlation."""
    limit = CLIP * np.abs(values).sum(axis=1, keepdims=True) / np.fmax(count, 1)[:, None]
    return np.clip(values, -limit, limit)


def _correlation(values: F, here: NDArray[np.bool_], other: F) -> F:
    """Return each row's correlation with `other` over the days that it has; 0 where either does not move."""
    mask = here.astype("float64")
    n = np.fmax(mask.sum(axis=1), 1.0)
    mean, mean_other = values.sum(axis=1) / n, mask @ other / n
    cross = values @ other / n - mean * mean_other
    spread = np.einsum("ij,ij->i", values, values) / n - mean**2
    spread_other = mask @ other**2 / n - mean_other**2
    scale = np.sqrt(np.fmax(spread, 0.0) * np.fmax(spread_other, 0.0))
    return np.divide(cross, scale, out=np.zeros_like(cross), where=scale > 0)


def _close_is_open(close: F, opened: F) -> bool:
    both = ~np.isnan(opened) & ~np.isnan(close)
    if both.sum() < SHIFT_DAYS:
        return False
    levels = close[both]
    inside = np.median(np.abs(np.log(levels / opened[both])))
    across = np.abs(np.diff(np.log(levels))).mean()
    return bool(inside < OPEN_IS_CLOSE * across)


def marks_on(benchmarks: pd.DataFrame, dates: NDArray[np.datetime64]) -> F:
    """Return the first benchmark's levels on some dates (T,), NaN where it has none."""
    if not benchmarks.shape[1]:
        return np.full(len(dates), np.nan)
    return benchmarks.iloc[:, 0].reindex(pd.DatetimeIndex(dates)).to_numpy(dtype="float64")
