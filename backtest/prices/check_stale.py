"""Repeated closes that are no trades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices.blocks import BLOCK, Block, F, Found, blocks

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

STALE_SHARE = 0.25
STALE_NAMES = 8
STALE_RUN = 4

#: Days before and after a repeated close by which it is judged, where there is no volume: a quarter of a year each, within
#: which dividends seldom change the scale of adjusted closes and with it the size of a tick.
NEIGHBOURS = 62
#: Moves that differ by less than this share of the price are the same number of ticks.
SAME_MOVE = 1e-5
#: Share of repeats that the ticks alone must explain before a repeat is taken for chance, and sigmas that chance may stray.
COARSE = 0.015
CHANCE_SIGMAS = 2.0
#: A share that repeats on this share of its days trades seldom: a repeat says nothing about the vendor.
SELDOM = 0.25


@dataclass(frozen=True)
class _Exchange:
    """Days of one exchange (T,): how many names have a move; whether at least a quarter of at least eight stood still; whether
    it was open.
    """

    quoted: Ints
    common: Bools
    open: Bools


class StaleDays:
    """Counts repeated closes block by block; once all blocks are seen, `found` tells which of them are stale.

    A repeated close is stale where the volume is zero; where at least a quarter of the exchange's names repeat theirs that
    day; and, where no volume is known, in a run of four repeats, or if the exchange has fewer than eight names there and
    neither coarse ticks nor seldom trades explain it; what they explain is one finding "seldom-traded" of the series. (Of a
    day on which the exchange was closed the finding is "holiday-row".)
    """

    def __init__(self, mics: NDArray[np.object_], dates: NDArray[np.datetime64]) -> None:
        """Start with the exchange of every security (N,) and the panel's dates (T,)."""
        self.mics, self.dates = mics, dates
        self.quiet = {mic: np.zeros(len(dates), dtype=np.int64) for mic in np.unique(mics).tolist()}
        self.quoted = {mic: np.zeros(len(dates), dtype=np.int64) for mic in self.quiet}
        self.packed: list[NDArray[np.uint8]] = []

    def see(self, block: Block) -> None:
        """Count the repeated closes of the next block."""
        repeated = block.close == block.before
        moves = ~(np.isnan(block.close) | np.isnan(block.before))
        mine = self.mics[len(self.packed) * BLOCK :][: len(block.names)]
        for mic in np.unique(mine).tolist():
            self.quiet[mic] += repeated[mine == mic].sum(axis=0)
            self.quoted[mic] += moves[mine == mic].sum(axis=0)
        self.packed.append(np.packbits(repeated, axis=1))

    def found(
        self,
        close: pd.DataFrame,
        volume: pd.DataFrame | None,
        sessions: Mapping[str, NDArray[np.datetime64]],
        action: str,
    ) -> Iterator[Found]:
        """Yield the stale days of the securities (dates x tickers, as they were seen); `sessions` by exchange, where known."""
        exchanges = {}
        for mic, quoted in self.quoted.items():
            common = (quoted >= STALE_NAMES) & (self.quiet[mic] >= STALE_SHARE * np.fmax(quoted, 1))
            held = np.isin(self.dates, sessions[mic]) if mic in sessions else np.ones(len(self.dates), dtype=bool)
            exchanges[mic] = _Exchange(quoted, common, held)
        for number, block in enumerate(blocks(close)):
            part = slice(number * BLOCK, number * BLOCK + BLOCK)
            bits = np.unpackbits(self.packed[number], axis=1, count=len(self.dates)).view(bool)
            told = None if volume is None else _told(volume.iloc[:, part].to_numpy(dtype="float64").T)
            mine = [exchanges[mic] for mic in self.mics[part].tolist()]
            yield from _stale_of(block, bits, told, mine, action)


def _told(volume: F) -> F:
    """Return the volumes (N, T); those of a series that never has any (an exchange rate, an index) are unknown, not zero."""
    never = ~np.any(volume > 0, axis=1)
    return np.where(never[:, np.newaxis], np.nan, volume) if never.any() else volume


def _stale_of(block: Block, repeated: Bools, volume: F | None, of: list[_Exchange], action: str) -> Iterator[Found]:
    names, days, values = [], [], []
    seldom: list[tuple[object, int]] = []
    for row in np.flatnonzero(repeated.any(axis=1)).tolist():
        at = np.flatnonzero(repeated[row])
        stale, chance = _judged(block.close[row], at, None if volume is None else volume[row, at], of[row])
        names.append(np.full(stale.sum(), block.names[row], dtype=object))
        days.append(block.dates[at[stale]])
        values.append(block.close[row, at[stale]])
        if chance:
            seldom.append((block.names[row], chance))
    if names:
        yield Found("stale", np.concatenate(names), np.concatenate(days), np.concatenate(values), action)
    if seldom:
        who, count = zip(*seldom, strict=True)
        when = np.full(len(who), np.datetime64("NaT"), dtype="datetime64[us]")
        why = "kept: coarse ticks or seldom trades explain repeated closes, no volume tells"
        yield Found("seldom-traded", np.array(who, dtype=object), when, np.array(count, dtype="float64"), why)


def _judged(close: F, at: Ints, volume: F | None, exchange: _Exchange) -> tuple[Bools, int]:
    """Return which repeats of one security are stale (k,), and how many were put down to chance."""
    sure = exchange.common[at]
    if volume is not None:
        sure = sure | (volume == 0)
    unknown = ~sure & exchange.open[at] & (True if volume is None else np.isnan(volume))
    alone = unknown & (exchange.quoted[at] < STALE_NAMES)
    doubtful = alone | (unknown & _in_run(at, unknown))
    if not doubtful.any():
        return sure, 0
    explained = doubtful.copy()
    explained[doubtful] = _explained(close, at[doubtful])
    return sure | (doubtful & ~explained), int((alone & explained).sum())


def _in_run(at: Ints, unknown: Bools) -> Bools:
    """Return which repeats belong to at least four on consecutive days that nothing else accounts for."""
    run = np.cumsum(np.concatenate([[0], np.diff(at) > 1]))
    return np.bincount(run, weights=unknown)[run] >= STALE_RUN


def _explained(close: F, at: Ints) -> Bools:
    """Return which repeats are as many, in the quarters before and after, as coarse ticks or seldom trades explain.

    Moves that are whole numbers of ticks coincide: if two moves are equal with probability p, a move is zero with about
    sqrt(2) p (both hold of a normal variable in steps that are small beside its spread).
    """
    there = np.flatnonzero(~np.isnan(close))
    place = np.searchsorted(there, at)
    moves = np.diff(close[there], prepend=np.nan)
    out = np.zeros(len(at), dtype=bool)
    begin, seen = -1, (0.0, 0, 0)
    for k, spot in enumerate(place.tolist()):
        first = max(0, spot - NEIGHBOURS) // 25 * 25  # neighbours change slowly: one judgement serves a month
        if first != begin:
            begin, seen = first, _ties(moves[first : spot + NEIGHBOURS], close[at[k]])
        by_ticks, zeros, days = seen
        ticks = by_ticks >= COARSE * days and zeros <= by_ticks + CHANCE_SIGMAS * np.sqrt(by_ticks)
        out[k] = ticks or zeros > SELDOM * days
    return out


def _ties(moves: F, level: float) -> tuple[float, int, int]:
    """Return (zero moves that the ticks explain, zero moves, moves)."""
    kept = moves[~np.isnan(moves)]
    moved = np.sort(kept[kept != 0])
    zeros = len(kept) - len(moved)
    if len(moved) < 2:
        return 0.0, zeros, len(kept)
    pairs = np.searchsorted(moved, moved + SAME_MOVE * level, side="right") - np.arange(len(moved)) - 1
    equal = pairs.sum() / (len(moved) * (len(moved) - 1) / 2)
    return float(np.sqrt(2.0) * equal * len(kept)), zeros, len(kept)
