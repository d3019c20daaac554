"""Dividends and splits of a series as rows of `Prices.actions`: what was paid, and what the prices carry on its account."""

from __future__ import annotations

import numpy as np

from backtest.prices.adjust import Factors

#: (ticker, session, dividend, split, price_factor, volume_factor): a row of `Prices.actions`.
Action = tuple[str, object, float, float, float, float]


def actions_of(
    ticker: str,
    dates: np.ndarray,
    dividends: np.ndarray | None,
    splits: np.ndarray | None,
    found: Factors,
    adjusted: bool = True,
) -> list[Action]:
    """Return the dividends and splits of a series as rows of `Prices.actions`; dividends left out as implausible are not there.

    Vendors state dividends per share of today; here they are per share of their ex-date, which later splits do not change.

    Parameters
    ----------
    dates : (T,) datetime64. dividends, splits : (T,) as in `adjust.factors`, whose answer is `found`.
    adjusted : whether the closes are multiplied by ``found.price``; False: they are those of the source.
    """
    marked = [np.flatnonzero(column > 0) for column in (dividends, splits) if column is not None]
    if not any(len(days) for days in marked):
        return []
    n = len(dates)
    cash = np.zeros(n) if dividends is None else np.where(dividends > 0, dividends, 0.0)
    ratio = np.ones(n) if splits is None else np.where(splits > 0, splits, 1.0)
    cash[found.odd_dividends] = 0.0
    days = np.flatnonzero((cash > 0) | (ratio != 1.0))
    carried = ratio.copy()
    carried[found.raw_splits] = 1.0
    later = np.append(np.cumprod(carried[::-1])[::-1][1:], 1.0)
    step = np.append(1.0, found.price[:-1] / found.price[1:]) if adjusted else np.ones(n)
    columns = (dates, cash * later, ratio, step / carried, carried)
    return [(ticker, *(column[at] for column in columns)) for at in days.tolist()]
