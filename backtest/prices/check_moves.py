"""Checks within a series: moves that cannot be, and open, high, low and close that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices.blocks import BLOCK, Block, F, Found, at_cells, blocks

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LARGE_MOVE = 0.4
SPIKE = 0.25
SPIKE_SIGMAS = 8.0
SPIKE_RETURN = 0.3

#: Days before and after a move whose moves say what is usual at that time.
AROUND = 20

FLIP = np.log(100.0)
FLIP_BAND = 0.4
SPLITS = np.log([2.0, 3.0, 4.0, 5.0, 10.0, 20.0])
SPLIT_BAND = 0.03
OHLC_TOLERANCE = 1e-4


@dataclass(frozen=True)
class _Moves:
    """The k moves of a block that are large enough to be judged: where, how large (log), and what came next (log)."""

    rows: Ints
    days: Ints
    change: F
    following: F
    next_day: Ints
    usual: F


def moves(block: Block, action: str) -> Iterator[Found]:
    """Yield flips, spikes, splits and large moves; of several names for one move the first of these counts.

    Parameters
    ----------
    block : some securities.
    action : what is done about flips and spikes: "masked" or "kept".
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = block.close / block.before
        rows, days = np.nonzero((ratio > np.exp(SPIKE)) | (ratio < np.exp(-SPIKE)))
    if not len(rows):
        return
    large = _large(block, ratio, rows, days)
    size = np.abs(large.change)
    flip = np.abs(size - FLIP) < FLIP_BAND
    back = np.abs(large.change + large.following) < SPIKE_RETURN * size
    spike = (size > np.fmax(SPIKE, SPIKE_SIGMAS * large.usual)) & back & ~flip
    after = _are_after(large, spike)
    split = np.abs(size[:, None] - SPLITS).min(axis=1) < SPLIT_BAND
    moved = np.abs(np.expm1(large.change)) > LARGE_MOVE
    yield _told(block, large, spike & ~after, "spike", action)
    yield _told(block, large, split & moved & ~flip & ~spike & ~after, "split-suspect", "kept")
    yield _told(block, large, moved & ~flip, "large-move", "kept")
    yield from _flips(block, large, flip, action)


def _large(block: Block, ratio: F, rows: Ints, days: Ints) -> _Moves:
    usual = np.array([_usual(ratio[row], day) for row, day in zip(rows.tolist(), days.tolist(), strict=True)])
    next_day, following = np.full(len(rows), -1), np.full(len(rows), np.nan)
    for k, (row, day) in enumerate(zip(rows.tolist(), days.tolist(), strict=True)):
        later = np.flatnonzero(~np.isnan(block.close[row, day + 1 :]))
        if len(later):
            next_day[k] = day + 1 + later[0]
            following[k] = np.log(ratio[row, next_day[k]])
    change = np.log(ratio[rows, days])
    return _Moves(rows, days, change, following, next_day, usual)


def _usual(ratio: F, day: int) -> float:
    """Return the standard deviation that the median of the moves around a day suggests; 0 where there are too few.

    In March 2020 a move of 30 % that the next day took back was no error: the days around tell.
    """
    near = ratio[max(0, day - AROUND) : day + AROUND + 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.abs(np.log(near))
    moved = size[size > 0]
    return 1.4826 * float(np.median(moved)) if len(moved) >= AROUND // 2 else 0.0


def _are_after(large: _Moves, spike: Bools) -> Bools:
    """Return which moves are the way back from a spike."""
    back = set(zip(large.rows[spike].tolist(), large.next_day[spike].tolist(), strict=True))
    return np.array([pair in back for pair in zip(large.rows.tolist(), large.days.tolist(), strict=True)])


def _told(block: Block, large: _Moves, where: Bools, check: str, action: str) -> Found:
    return at_cells(block, check, large.rows[where], large.days[where], np.expm1(large.change[where]), action)


def _flips(block: Block, large: _Moves, flip: Bools, action: str) -> Iterator[Found]:
    """Name every day that stands in the rarer of the two units of a series that flips between them."""
    for row in np.unique(large.rows[flip]).tolist():
        mine = flip & (large.rows == row)
        steps = np.zeros(block.close.shape[1])
        steps[large.days[mine]] = np.sign(large.change[mine])
        there = np.flatnonzero(~np.isnan(block.close[row]))
        unit = np.cumsum(steps)[there]
        days = there[unit != np.median(unit)]
        yield at_cells(block, "unit-flip", np.full(len(days), row), days, block.close[row, days], action)


def ohlc(close: pd.DataFrame, opened: pd.DataFrame, high: pd.DataFrame, low: pd.DataFrame) -> Iterator[Found]:
    """Yield the days on which open or close lie outside the day's range, or the range is empty; values are the closes."""
    for number, block in enumerate(blocks(close)):
        part = slice(number * BLOCK, number * BLOCK + BLOCK)
        first, top, bottom = (f.iloc[:, part].to_numpy().T for f in (opened, high, low))
        with np.errstate(invalid="ignore"):
            above = np.fmax(np.fmax(first, block.close), bottom) > top * (1 + OHLC_TOLERANCE)
            below = np.fmin(first, block.close) < bottom * (1 - OHLC_TOLERANCE)
        rows, days = np.nonzero(above | below)
        yield at_cells(block, "ohlc", rows, days, block.close[rows, days], "kept")
