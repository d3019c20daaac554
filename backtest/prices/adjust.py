"""Adjustment for dividends and splits: made on reading, never stored.

A store that appends freshly adjusted closes to older ones has a false jump at every dividend in between. Here only
raw values are kept, and the factors are computed from the whole series each time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: A dividend above this share of the price before it is taken for one in another unit (pence and pounds), and left out.
MAX_DIVIDEND = 0.5


@dataclass(frozen=True)
class Factors:
    """price : (T,) multiply raw prices by it; 1 after the last event.

    split : (T,) the part of `price` that comes from splits which the raw prices do not show yet (1 throughout if none).
    odd_dividends, raw_splits : positions of dividends left out as implausible, and of splits that were applied.
    """

    price: np.ndarray
    split: np.ndarray
    odd_dividends: np.ndarray
    raw_splits: np.ndarray


def factors(close: np.ndarray, dividends: np.ndarray | None = None, splits: np.ndarray | None = None) -> Factors:
    """Return the factors that turn raw closes into total-return closes.

    A dividend D with ex-date t multiplies all prices before t by 1 - D / C, C the last close before t (the convention
    of Yahoo and CRSP). A split with ratio s divides the prices before t by s, unless they carry it already: the
    vendor's raw closes mostly do. They do if the return over t is nearer to 1 without the split than with it.

    Parameters
    ----------
    close : (T,) raw closes; NaN = did not trade.
    dividends : (T,) cash per share on its ex-date in the unit of `close`; 0 or NaN elsewhere.
    splits : (T,) new shares per old one on its date; 0 or NaN elsewhere.
    """
    n = len(close)
    price, split = np.ones(n), np.ones(n)
    none = np.empty(0, dtype=np.int64)
    if not any(events is not None and np.nanmax(events, initial=0.0) > 0 for events in (dividends, splits)):
        return Factors(price, split, none, none)
    before = _last_before(close)
    raw_splits = _raw_splits(close, before, splits)
    if len(raw_splits) and splits is not None:
        split = _cumulated(n, raw_splits, 1.0 / splits[raw_splits])
    odd = none
    if dividends is not None:
        paid = np.flatnonzero(np.nan_to_num(dividends) > 0)
        share = dividends[paid] / before[paid]
        fine = share < MAX_DIVIDEND
        odd, paid = paid[~fine], paid[fine]
        price = _cumulated(n, paid, 1.0 - share[fine])
    return Factors(price=price * split, split=split, odd_dividends=odd, raw_splits=raw_splits)


def _last_before(close: np.ndarray) -> np.ndarray:
    """Return for each day the last close before it, NaN where there is none."""
    at = np.where(np.isnan(close), -1, np.arange(len(close)))
    last = np.maximum.accumulate(at) if len(at) else at
    last = np.concatenate([[-1], last[:-1]]) if len(last) else last
    return np.where(last >= 0, close[last], np.nan)


def _raw_splits(close: np.ndarray, before: np.ndarray, splits: np.ndarray | None) -> np.ndarray:
    """Return the days of splits that the prices do not carry yet: there the price falls by about the ratio."""
    if splits is None:
        return np.empty(0, dtype=np.int64)
    days = np.flatnonzero((np.nan_to_num(splits) > 0) & (splits != 1.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        move, ratio = np.log(close[days] / before[days]), np.log(splits[days])
        return days[np.abs(move + ratio) < np.abs(move)]


def _cumulated(n: int, days: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return for each day the product of all steps on later days."""
    out = np.ones(n)
    out[days] *= steps
    later = np.cumprod(out[::-1])[::-1]
    return np.concatenate([later[1:], [1.0]]) if n else later
