"""Adjustment for dividends and splits: made on reading, never stored.

A store that appends freshly adjusted closes to older ones has a false jump at every dividend in between. Here only
raw values are kept, and the factors are computed from the whole series each time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: A dividend above this share of the price before it is taken for one in another unit (pence and pounds), and left out.
MAX_DIVIDEND = 0.5

#: Odds at which closes are taken to carry their dividends already: ten thousand to one; even where the vendor's own adjusted
#: closes equal them.
ODDS = 1e4


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
    paid = none if dividends is None else np.flatnonzero(dividends > 0)
    days = none if splits is None else np.flatnonzero((splits > 0) & (splits != 1.0))
    if not len(paid) and not len(days):
        return Factors(price, split, none, none)
    odd = raw_splits = none
    if splits is not None and len(days):
        raw_splits = days[_is_raw(close[days] / before(close, days), splits[days])]
        split = _cumulated(n, raw_splits, 1.0 / splits[raw_splits])
    if dividends is not None and len(paid):
        share = dividends[paid] / before(close, paid)
        fine = share < MAX_DIVIDEND
        odd, paid = paid[~fine], paid[fine]
        price = _cumulated(n, paid, 1.0 - share[fine])
    return Factors(price=price * split, split=split, odd_dividends=odd, raw_splits=raw_splits)


def is_adjusted(close: np.ndarray, dividends: np.ndarray, equals_adjusted: bool = False) -> bool:
    """Return True if closes carry their dividends already: on ex-dates they do not fall, beyond what chance explains.

    The log return of an ex-date is compared with no fall and with a fall by the dividend, under Student's t with four degrees
    of freedom and the scale of the series' own returns; adjusted closes must be `ODDS` times as likely. A series that pays
    seldom or little does not reach such odds, and is taken for what the vendor says it is: raw.

    Parameters
    ----------
    close : (T,) closes; NaN = did not trade. dividends : (T,) cash on its ex-date; 0 or NaN elsewhere.
    equals_adjusted : the vendor's own adjusted closes are these closes; even odds suffice then.
    """
    days = np.flatnonzero(dividends > 0)
    days = days[days > 0]
    if not len(days):
        return False
    last = before(close, days)
    share, move = dividends[days] / last, np.log(close[days] / last)
    fine = (share < MAX_DIVIDEND) & ~np.isnan(move)
    apart = 4 if len(close) > 1000 else 1  # a quarter of the days tells the scale as well
    size = np.abs(np.log(close[1::apart] / close[:-1:apart]))
    size = size[size > 0]
    if not fine.any() or not len(size):
        return False
    scale = 4.0 * (1.4826 * float(np.median(size))) ** 2
    move, fall = move[fine], -np.log(1.0 - share[fine])
    odds = 2.5 * float(np.sum(np.log1p((move + fall) ** 2 / scale) - np.log1p(move**2 / scale)))
    return odds > (0.0 if equals_adjusted else np.log(ODDS))


def before(close: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return the last close before each of some days (k,), NaN where there is none."""
    out = np.where(days > 0, close[days - 1], np.nan)
    for k in np.flatnonzero(np.isnan(out)).tolist():
        known = np.flatnonzero(~np.isnan(close[: days[k]]))
        out[k] = close[known[-1]] if len(known) else np.nan
    return out


def _is_raw(ratio: np.ndarray, splits: np.ndarray) -> np.ndarray:
    """Return which splits the prices do not carry yet: there the price falls by about the ratio."""
    move = np.log(ratio)
    return np.abs(move + np.log(splits)) < np.abs(move)


def _cumulated(n: int, days: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return for each day the product of all steps on later days."""
    out = np.ones(n)
    out[days] *= steps
    later = np.cumprod(out[::-1])[::-1]
    return np.concatenate([later[1:], [1.0]]) if n else later
