"""Integrity checks: what in a panel of prices deserves a look, as one row per finding."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from backtest.clock import calendar, known_mics
from backtest.errors import PriceQualityWarning, SchemaError, offenders
from backtest.prices.panel import Prices, findings

POLICIES = ("warn", "mask", "error")

LARGE_MOVE = 0.4
SPIKE = 0.25
SPIKE_SIGMAS = 8.0
SPIKE_RETURN = 0.3
FLIP = np.log(100.0)
FLIP_BAND = 0.4
SPLITS = np.log([2.0, 3.0, 4.0, 5.0, 10.0, 20.0])
SPLIT_BAND = 0.03
STALE_SHARE = 0.25
STALE_NAMES = 8
OHLC_TOLERANCE = 1e-4
HOLE = 5
SHIFT_MARGIN = 0.15
SHIFT_DAYS = 250
OPEN_IS_CLOSE = 0.25
BLOCK = 256

#: Findings that say that a number is probably wrong; the others describe.
BAD = ("stale", "unit-flip", "spike", "split-suspect", "ohlc", "date-shift")
MASKED = ("stale", "unit-flip", "spike")

Finding = tuple[str, object, str, float, str]


@dataclass(frozen=True)
class _Block:
    """Some securities, security-major: close (N, T), change = log of a close over the one before, following = the next."""

    names: list[str]
    dates: np.ndarray
    close: np.ndarray
    change: np.ndarray
    following: np.ndarray


def check_prices(prices: Prices, policy: str = "warn") -> Prices:
    """Run the checks, and do with what they find what `policy` says.

    Checks: ``stale`` (a repeated close with volume zero or unknown, or on a day on which at least a quarter of the
    exchange's names did not move), ``unit-flip`` (a factor of about 100), ``spike`` (a large move that the next day
    takes back), ``split-suspect`` (a lasting move by a round ratio), ``large-move`` (over 40 %), ``ohlc``, ``holiday-
    row`` (a price on a day on which the exchange was closed; it is never used), ``missing-session`` and ``hole``
    (value: number of sessions; no return is computed across one), ``date-shift`` (the series follows the benchmark a
    day late or early, or its close is its open).

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
    rows = [*_panel_findings(prices, policy), *_calendar_findings(prices), *_benchmark_findings(prices)]
    table = findings(rows).sort_values(["ticker", "session"], kind="stable", na_position="first")
    bad = table[table["check"].isin(BAD)]
    if len(bad) and policy == "error":
        first = bad.head(6).apply(lambda r: f"{r['ticker']} {str(r['session'])[:10]} {r['check']}", axis=1)
        raise SchemaError(
            f"{prices.source}: prices that cannot be trusted: {offenders(first)}; mend them, or mask them"
        )
    if len(bad):
        counts = ", ".join(f"{n} {name}" for name, n in bad["check"].value_counts().items())
        note = f"{prices.source}: {counts} in {bad['ticker'].nunique()} series; prices.checks lists them"
        warnings.warn(note, PriceQualityWarning, stacklevel=3)
    checked = replace(prices, checks=pd.concat([prices.checks, table], ignore_index=True))
    return _masked(checked, bad) if policy == "mask" else checked


def _masked(prices: Prices, bad: pd.DataFrame) -> Prices:
    close = prices.close.copy()
    rows = bad[bad["check"].isin(MASKED) & bad["ticker"].isin(close.columns)]
    array = close.to_numpy().copy()
    array[close.index.get_indexer(pd.Index(rows["session"])), close.columns.get_indexer(pd.Index(rows["ticker"]))] = (
        np.nan
    )
    return replace(prices, close=pd.DataFrame(array, index=close.index, columns=close.columns))


# ------------------------------------------------------------------------------------------------- within a series


def _panel_findings(prices: Prices, policy: str) -> Iterator[Finding]:
    joined = [prices.close, prices.benchmarks[[b for b in prices.benchmarks if b not in prices.close.columns]]]
    for frame in joined:
        for start in range(0, frame.shape[1], BLOCK):
            block = _block(frame.iloc[:, start : start + BLOCK])
            yield from _moves(block, policy)
    yield from _stale(prices, policy)
    yield from _ohlc(prices)


def _block(frame: pd.DataFrame) -> _Block:
    close = np.ascontiguousarray(frame.to_numpy(dtype="float64").T)
    log = np.log(close)
    change, following = np.full_like(log, np.nan), np.full_like(log, np.nan)
    for row in range(len(log)):
        at = np.flatnonzero(~np.isnan(log[row]))
        steps = np.diff(log[row, at])
        change[row, at[1:]], following[row, at[:-1]] = steps, steps
    return _Block([str(c) for c in frame.columns], frame.index.to_numpy(), close, change, following)


def _moves(block: _Block, policy: str) -> Iterator[Finding]:
    """Flips, spikes, splits and large moves; of several names for one move the first of these counts."""
    with np.errstate(invalid="ignore"):
        size = np.abs(block.change)
        usual = 1.4826 * _row_medians(np.where(size > 0, size, np.nan))
        flip = np.abs(size - FLIP) < FLIP_BAND
        back = np.abs(block.change + block.following) < SPIKE_RETURN * size
        spike = (size > np.fmax(SPIKE, SPIKE_SIGMAS * usual)) & back & ~flip
        split = (np.abs(size[..., None] - SPLITS).min(axis=2) < SPLIT_BAND) if size.size else flip
        moved = np.abs(np.expm1(block.change)) > LARGE_MOVE
    after_spike = np.zeros_like(spike)
    for row, col in zip(*np.nonzero(spike), strict=True):
        later = np.flatnonzero(~np.isnan(block.change[row, col + 1 :]))
        after_spike[row, col + 1 + later[:1]] = True
    action = "masked" if policy == "mask" else "kept"
    yield from _rows(block, spike & ~after_spike, "spike", action)
    yield from _rows(block, split & moved & ~flip & ~spike & ~after_spike, "split-suspect", "kept")
    yield from _rows(block, moved & ~flip, "large-move", "kept")
    yield from _flips(block, flip, action)


def _row_medians(values: np.ndarray) -> np.ndarray:
    """Return (N, 1) medians over what is there; 0 where nothing is."""
    out = np.zeros((len(values), 1))
    some = (~np.isnan(values)).any(axis=1)
    out[some, 0] = np.nanmedian(values[some], axis=1)
    return out


def _rows(block: _Block, where: np.ndarray, check: str, action: str) -> Iterator[Finding]:
    for row, col in zip(*np.nonzero(where), strict=True):
        yield block.names[row], block.dates[col], check, float(np.expm1(block.change[row, col])), action


def _flips(block: _Block, flip: np.ndarray, action: str) -> Iterator[Finding]:
    """Name every day that stands in the rarer of the two units of a series that flips between them."""
    for row in np.flatnonzero(flip.any(axis=1)):
        at = np.flatnonzero(~np.isnan(block.close[row]))
        steps = np.where(flip[row, at], np.sign(block.change[row, at]), 0.0)
        unit = np.cumsum(steps)
        common = np.median(unit)
        for col in at[unit != common]:
            yield block.names[row], block.dates[col], "unit-flip", float(block.close[row, col]), action


def _stale(prices: Prices, policy: str) -> Iterator[Finding]:
    """Repeated closes that are no trades: see `check_prices`."""
    mics = prices.instruments["mic"].reindex(prices.close.columns).fillna("").to_numpy()
    action = "masked" if policy == "mask" else "kept"
    for mic in np.unique(mics):
        columns = np.flatnonzero(mics == mic)
        quiet, quoted = np.zeros(len(prices.close)), np.zeros(len(prices.close))
        same: list[np.ndarray] = []
        for start in range(0, len(columns), BLOCK):
            block = _block(prices.close.iloc[:, columns[start : start + BLOCK]])
            repeated = block.change == 0.0
            quiet += repeated.sum(axis=0)
            quoted += (~np.isnan(block.change)).sum(axis=0)
            same.append(np.packbits(repeated, axis=1))
        common = (quoted >= STALE_NAMES) & (quiet >= STALE_SHARE * np.fmax(quoted, 1))
        for number, column in enumerate(columns.tolist()):
            bits = same[number // BLOCK][number % BLOCK]
            days = np.flatnonzero(np.unpackbits(bits)[: len(common)])
            yield from _stale_days(prices, column, days, common, quoted, action)


def _stale_days(
    prices: Prices, column: int, days: np.ndarray, common: np.ndarray, quoted: np.ndarray, action: str
) -> Iterator[Finding]:
    if not len(days):
        return
    volume = np.full(len(days), np.nan) if prices.volume is None else prices.volume.iloc[days, column].to_numpy()
    alone = np.isnan(volume) & (quoted[days] < STALE_NAMES)
    name = str(prices.close.columns[column])
    values = prices.close.iloc[:, column].to_numpy()
    for day in days[(volume == 0) | alone | common[days]].tolist():
        yield name, prices.close.index[day], "stale", float(values[day]), action


def _ohlc(prices: Prices) -> Iterator[Finding]:
    if prices.high is None or prices.low is None or prices.open is None:
        return
    for start in range(0, prices.close.shape[1], BLOCK):
        part = slice(start, start + BLOCK)
        close, high, low, opened = (
            f.iloc[:, part].to_numpy() for f in (prices.close, prices.high, prices.low, prices.open)
        )
        with np.errstate(invalid="ignore"):
            above = np.fmax(opened, close) > high * (1 + OHLC_TOLERANCE)
            below = np.fmin(opened, close) < low * (1 - OHLC_TOLERANCE)
        for row, col in zip(*np.nonzero(above | below), strict=True):
            yield (
                str(prices.close.columns[start + col]),
                prices.close.index[row],
                "ohlc",
                float(close[row, col]),
                "kept",
            )


# ---------------------------------------------------------------------------------- against calendar and benchmark


def _calendar_findings(prices: Prices) -> Iterator[Finding]:
    known = set(known_mics())
    sessions: dict[tuple[str, object, object], np.ndarray] = {}
    for frame in (prices.close, prices.benchmarks):
        for name in frame.columns:
            mic = str(prices.instruments["mic"].get(name, "")) if "mic" in prices.instruments else ""
            own = frame.index.to_numpy()[frame[name].notna().to_numpy()]
            if mic not in known or not len(own):
                continue
            key = (mic, own[0], own[-1])
            if key not in sessions:
                sessions[key] = calendar(mic, own[0], own[-1]).sessions
            yield from _against_sessions(str(name), own, sessions[key], frame[name])


def _against_sessions(name: str, own: np.ndarray, sessions: np.ndarray, values: pd.Series) -> Iterator[Finding]:
    for day in np.setdiff1d(own, sessions):
        value = float(values.to_numpy()[values.index.get_loc(pd.Timestamp(day))])
        yield name, day, "holiday-row", value, "not used: the exchange was closed"
    gaps = np.flatnonzero(~np.isin(sessions, own))
    for run in np.split(gaps, np.flatnonzero(np.diff(gaps) > 1) + 1) if len(gaps) else []:
        check = "hole" if len(run) >= HOLE else "missing-session"
        yield name, sessions[run[0]], check, float(len(run)), "no return across it"


def _benchmark_findings(prices: Prices) -> Iterator[Finding]:
    """Date stamps a day off: the series moves with the benchmark's day before or after, or its close is its open."""
    marks = prices.benchmarks.iloc[:, 0].dropna() if prices.benchmarks.shape[1] else pd.Series(dtype="float64")
    for name in prices.close.columns:
        own = prices.close[name].dropna()
        if len(own) < SHIFT_DAYS:
            continue
        shift = _lag(own, marks)
        if shift:
            yield str(name), pd.NaT, "date-shift", shift, "kept"
        elif (
            _untraded(prices, name)
            and prices.open is not None
            and _close_is_open(own, prices.open[name].reindex(own.index))
        ):
            yield str(name), pd.NaT, "date-shift", -1.0, "kept: its close is about its open"


def _untraded(prices: Prices, name: str) -> bool:
    """Return True if no volume is reported, as of exchange rates: a thin share may well close where it opened."""
    return prices.volume is None or not (prices.volume[name] > 0).any()


def _lag(own: pd.Series, marks: pd.Series) -> float:
    """Return -1 or 1 if the series follows the benchmark of the day before or after it, else 0."""
    days = own.index.intersection(marks.index)
    if len(days) < SHIFT_DAYS:
        return 0.0
    left, right = np.diff(np.log(own[days].to_numpy())), np.diff(np.log(marks[days].to_numpy()))
    if left.std() == 0 or right.std() == 0:
        return 0.0
    left, right = np.clip(left, *np.quantile(left, [0.01, 0.99])), np.clip(right, *np.quantile(right, [0.01, 0.99]))
    same = abs(np.corrcoef(left, right)[0, 1])
    late = abs(np.corrcoef(left[1:], right[:-1])[0, 1])
    early = abs(np.corrcoef(left[:-1], right[1:])[0, 1])
    if max(late, early) < same + SHIFT_MARGIN:
        return 0.0
    return 1.0 if late > early else -1.0


def _close_is_open(close: pd.Series, opened: pd.Series) -> bool:
    both = opened.notna()
    if both.sum() < SHIFT_DAYS:
        return False
    levels = close[both].to_numpy()
    inside = np.median(np.abs(np.log(levels / opened[both].to_numpy())))
    across = np.abs(np.diff(np.log(levels))).mean()
    return bool(inside < OPEN_IS_CLOSE * across)
