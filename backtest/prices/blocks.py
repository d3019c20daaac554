"""What the checks share: a panel in blocks of securities, and findings as arrays until they become a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.prices.panel import no_checks

F = NDArray[np.float64]

#: Securities per block: few enough that a block and what is made of it stay in the processor's cache.
BLOCK = 128


@dataclass(frozen=True)
class Block:
    """Some securities, security-major.

    names : (N,) tickers. dates : (T,) naive datetime64[us].
    close : (N, T), NaN = did not trade. before : (N, T) the last close before that day, NaN where there is none.
    """

    names: NDArray[np.object_]
    dates: NDArray[np.datetime64]
    close: F
    before: F


@dataclass(frozen=True)
class Found:
    """k findings of one check: names, sessions (datetime64[us], NaT = the whole series) and values (k,), and the action."""

    check: str
    names: NDArray[np.object_]
    sessions: NDArray[np.datetime64]
    values: F
    action: str = "kept"


def blocks(frame: pd.DataFrame) -> Iterator[Block]:
    """Yield a wide frame (dates x tickers) in blocks of securities."""
    dates = frame.index.to_numpy().astype("datetime64[us]")
    names = np.array([str(c) for c in frame.columns], dtype=object)
    for start in range(0, frame.shape[1], BLOCK):
        part = slice(start, start + BLOCK)
        close = np.ascontiguousarray(frame.iloc[:, part].to_numpy(dtype="float64").T)
        yield Block(names[part], dates, close, last_before(close))


def last_before(close: F) -> F:
    """Return for each day (N, T) the last value before it along axis 1, NaN where there is none."""
    before = np.full_like(close, np.nan)
    if not close.shape[1]:
        return before
    before[:, 1:] = close[:, :-1]
    holed = np.flatnonzero(np.isnan(close).any(axis=1))
    if len(holed):
        at = np.where(np.isnan(close[holed]), 0, np.arange(close.shape[1]))
        last = np.maximum.accumulate(at, axis=1)[:, :-1]
        before[holed, 1:] = np.take_along_axis(close[holed], last, axis=1)
    return before


def at_cells(
    block: Block, check: str, rows: NDArray[np.int64], days: NDArray[np.int64], values: F, action: str
) -> Found:
    """Return the findings of a block's cells."""
    return Found(check, block.names[rows], block.dates[days], values, action)


def whole_series(check: str, names: Sequence[str], values: Sequence[float] | F, action: str) -> Found:
    """Return findings about series as a whole."""
    sessions = np.full(len(names), np.datetime64("NaT"), dtype="datetime64[us]")
    return Found(check, np.array(names, dtype=object), sessions, np.asarray(values, dtype="float64"), action)


def to_table(found: Iterable[Found]) -> pd.DataFrame:
    """Return findings as the table of `Prices.checks`, by ticker and session; those of the whole series come first."""
    parts = [f for f in found if len(f.names)]
    if not parts:
        return no_checks()
    sizes = [len(f.names) for f in parts]
    table = pd.DataFrame({
        "ticker": pd.array(np.concatenate([f.names for f in parts]), dtype="str"),
        "session": np.concatenate([f.sessions for f in parts]).astype("datetime64[us]"),
        "check": pd.array(np.repeat(np.array([f.check for f in parts], dtype=object), sizes), dtype="str"),
        "value": np.concatenate([f.values for f in parts]),
        "action": pd.array(np.repeat(np.array([f.action for f in parts], dtype=object), sizes), dtype="str"),
    })  # fmt: skip
    return table.sort_values(["ticker", "session"], kind="stable", na_position="first", ignore_index=True)
