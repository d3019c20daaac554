"""Integrity checks: what in a panel of prices deserves a look, as one row per finding."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from backtest.errors import PriceQualityWarning, SchemaError, offenders
from backtest.prices.blocks import BLOCK, F, Found, blocks, to_table
from backtest.prices.check_calendar import against_sessions, date_shifts, marks_on, sessions_of
from backtest.prices.check_moves import moves, ohlc
from backtest.prices.check_stale import StaleDays
from backtest.prices.panel import Prices

POLICIES = ("warn", "mask", "error")

#: Findings that say that a number is probably wrong; the others describe.
BAD = (
    "stale", "unit-flip", "spike", "split-suspect", "ohlc", "date-shift", "currency-label", "currency-change", "unit-change",
    "adjusted-close", "non-positive",
)  # fmt: skip
MASKED = ("stale", "unit-flip", "spike")


def check_prices(prices: Prices, policy: str = "warn") -> Prices:
    """Run the checks, and do with what they find what `policy` says.

    Checks: ``stale`` (a repeated close with volume zero, or on a day on which at least a quarter of the exchange's names did
    not move, or with no volume known and no better explanation), ``seldom-traded`` (repeated closes that coarse ticks or
    seldom trades explain; value: how many), ``unit-flip`` (a factor of about 100), ``spike`` (a large move that the next
    day takes back), ``split-suspect`` (a lasting move by a round ratio), ``large-move`` (over 40 %), ``ohlc``,
    ``holiday-row`` (a price on a day on which the exchange was closed; it is never used), ``missing-session`` and
    ``hole`` (value: number of sessions; no return is computed across one), ``date-shift`` (the series follows the
    benchmark a day late or early, or its close is its open).

    Findings that a source has made already count like these: ``currency-label``, ``currency-change``, ``unit-change`` (see
    `backtest.prices.units`), ``adjusted-close`` (see `backtest.prices.adjust`), ``non-positive``.

    Parameters
    ----------
    prices : panel with its benchmarks.
    policy : "warn" keeps every number, and warns; "mask" makes stale, flipped and spiking closes NaN; "error" raises.

    Returns
    -------
    The prices with the findings added to `checks`.

    Raises
    ------
    SchemaError
        An unknown policy; or "error" and a finding that speaks against a number.

    Warns
    -----
    PriceQualityWarning
        Under "warn" and "mask", if a finding speaks against a number.
    """
    if policy not in POLICIES:
        raise SchemaError(f"on_bad_price {policy!r}: it must be one of {', '.join(POLICIES)}")
    action = "masked" if policy == "mask" else "kept"
    table = to_table([*_securities(prices, action), *_benchmarks(prices, action)])
    checked = replace(prices, checks=pd.concat([prices.checks, table], ignore_index=True))
    bad = checked.checks[checked.checks["check"].isin(BAD)]
    if len(bad) and policy == "error":
        day = bad["session"].dt.strftime("%Y-%m-%d").fillna("")
        first = (bad["ticker"] + " " + day + " " + bad["check"]).str.replace("  ", " ").head(6)
        raise SchemaError(
            f"{prices.source}: prices that cannot be trusted: {offenders(first)}; mend them, or mask them"
        )
    if len(bad):
        counts = ", ".join(f"{n} {name}" for name, n in bad["check"].value_counts().items())
        note = f"{prices.source}: {counts} in {bad['ticker'].nunique()} series; prices.checks lists them"
        warnings.warn(note, PriceQualityWarning, stacklevel=3)
    return _masked(checked, bad) if policy == "mask" else checked


def _masked(prices: Prices, bad: pd.DataFrame) -> Prices:
    close = prices.close.copy()
    rows = bad[bad["check"].isin(MASKED) & bad["ticker"].isin(close.columns)]
    array = close.to_numpy().copy()
    array[close.index.get_indexer(pd.Index(rows["session"])), close.columns.get_indexer(pd.Index(rows["ticker"]))] = (
        np.nan
    )
    return replace(prices, close=pd.DataFrame(array, index=close.index, columns=close.columns))


def _securities(prices: Prices, action: str) -> Iterator[Found]:
    """Run all checks over the securities, block by block, so that each block is read once."""
    close, volume = prices.close, prices.volume
    dates = close.index.to_numpy().astype("datetime64[us]")
    mics = _mics(prices, close)
    sessions, marks = sessions_of(mics, dates), marks_on(prices.benchmarks, dates)
    stale = StaleDays(mics, dates)
    for number, block in enumerate(blocks(close)):
        part = slice(number * BLOCK, number * BLOCK + BLOCK)
        stale.see(block)
        yield from moves(block, action)
        yield from against_sessions(block, mics[part], sessions)
        yield from date_shifts(block, marks, *(_part(frame, part) for frame in (prices.open, volume)))
    yield from stale.found(close, volume, sessions, action)
    if prices.open is not None and prices.high is not None and prices.low is not None:
        yield from ohlc(close, prices.open, prices.high, prices.low)


def _benchmarks(prices: Prices, action: str) -> Iterator[Found]:
    """Check the benchmarks that are not among the securities as well: their moves, their days, their repeated levels."""
    own = prices.benchmarks[[b for b in prices.benchmarks if b not in prices.close.columns]]
    mics = _mics(prices, own)
    dates = own.index.to_numpy().astype("datetime64[us]")
    sessions = sessions_of(mics, dates)
    stale = StaleDays(mics, dates)
    for number, block in enumerate(blocks(own)):
        part = slice(number * BLOCK, number * BLOCK + BLOCK)
        stale.see(block)
        yield from moves(block, action)
        yield from against_sessions(block, mics[part], sessions)
    yield from stale.found(own, None, sessions, "kept")


def _mics(prices: Prices, frame: pd.DataFrame) -> np.ndarray:
    if "mic" not in prices.instruments:
        return np.full(frame.shape[1], "", dtype=object)
    return prices.instruments["mic"].reindex(frame.columns).fillna("").to_numpy(dtype=object)


def _part(frame: pd.DataFrame | None, part: slice) -> F | None:
    return None if frame is None else frame.iloc[:, part].to_numpy().T
