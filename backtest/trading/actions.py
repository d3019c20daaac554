"""Dividends and splits: prices of any adjustment become prices as they were quoted, and dividends become cash.

A total-return series has its dividends in it. Where the prices say what they are adjusted for (`Prices.actions`), the
adjustment is taken out first and the dividends are paid out; where they say nothing, closes are taken as they are and
nothing is paid. So a dividend counts once, whatever the series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import Calendar
from backtest.errors import SchemaError, offenders
from backtest.prices.panel import ACTION_COLUMNS

F = NDArray[np.float64]
Ints = NDArray[np.int64]

_NEUTRAL = dict.fromkeys(ACTION_COLUMNS[2:], 1.0) | {"dividend": 0.0}


@dataclass(frozen=True)
class Corporate:
    """dividend : (n, T) cash per split-adjusted share on its ex-date, quoted unit; zero where none.

    factor : (n, T) shares of that session for one of the first session; prices as quoted times `factor` are comparable over
    time, and use no split that comes later.
    price, volume : (n, T) what the source has multiplied prices and volumes by on account of later actions.
    """

    dividend: F
    factor: F
    price: F
    volume: F


def chosen(given: pd.DataFrame | None, own: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the actions that count: those handed over, else those of the prices.

    Raises
    ------
    SchemaError
        There are both.
    """
    if given is not None and own is not None and len(own):
        raise SchemaError(
            "the prices carry dividends and splits of their own, and actions= would count them twice; leave actions out, "
            "or pass dataclasses.replace(prices, actions=None)"
        )
    return own if given is None else given


def corporate(
    actions: pd.DataFrame | None, tickers: tuple[str, ...], market_of: Ints, calendars: tuple[Calendar, ...], span: int
) -> Corporate | None:
    """Return dividends and factors on the sessions of each row, None without actions.

    An action dated on no session belongs to the next one; what comes after the last session matters only as a factor that
    the prices before it carry.

    Raises
    ------
    SchemaError
        Columns are missing, a security has no prices, or a number is out of range.
    """
    if actions is None:
        return None
    values = _columns(actions, tickers)
    if not len(actions):
        return None
    place = {t: i for i, t in enumerate(tickers)}
    row: Ints = np.asarray(actions["asset"].map(place), dtype=np.int64)
    dates = pd.to_datetime(actions["session"]).to_numpy().astype("datetime64[us]")
    at, late = np.full(len(row), -1, dtype=np.int64), np.zeros(len(row), dtype=bool)
    for m, cal in enumerate(calendars):
        mine = market_of[row] == m
        at[mine] = np.searchsorted(cal.sessions, dates[mine])
        late |= mine & (at == len(cal))
        at[mine & (dates < cal.sessions[0])] = -1
    inside = (at >= 0) & ~late
    dividend, split = np.zeros((len(tickers), span)), np.ones((len(tickers), span))
    np.add.at(dividend, (row[inside], at[inside]), values["dividend"][inside])
    np.multiply.at(split, (row[inside], at[inside]), values["split"][inside])
    factor = np.cumprod(split, axis=1)
    price, volume = (_later(values[name], row, at, (len(tickers), span)) for name in ("price_factor", "volume_factor"))
    return Corporate(dividend * factor, np.asarray(factor, dtype=np.float64), price, volume)


def undone(panels: dict[str, F], found: Corporate | None) -> tuple[dict[str, F], F | None]:
    """Return (panels, traded value): prices split-adjusted by what had happened by then, without any other adjustment.

    panels : close and what there is of open, high, low, volume, (n, T), as the source has them. The traded value (n, T) is
    volume times close as quoted; None without volumes.
    """
    if found is None:
        return panels, panels["volume"] * panels["close"] if "volume" in panels else None
    quoted = {name: panel / (found.volume if name == "volume" else found.price) for name, panel in panels.items()}
    value = quoted["volume"] * quoted["close"] if "volume" in quoted else None
    return {name: panel if name == "volume" else panel * found.factor for name, panel in quoted.items()}, value


def _columns(actions: pd.DataFrame, tickers: tuple[str, ...]) -> dict[str, F]:
    """Return the numbers of the table, with the neutral one where a column or a value is missing."""
    lacking = [c for c in ("asset", "session") if c not in actions]
    unknown = [] if lacking else [a for a in actions["asset"].unique() if a not in tickers]
    if lacking or unknown:
        what = f"lacks {offenders(lacking)}" if lacking else f"names {offenders(unknown)}, of which there are no prices"
        raise SchemaError(f"actions {what}; give the columns {', '.join(ACTION_COLUMNS[:4])}, one row per action")
    if len(actions) and pd.to_datetime(actions["session"]).isna().any():
        raise SchemaError("actions hold a row without a session; give the ex-date of every dividend and split")
    values = {
        name: actions[name].fillna(neutral).to_numpy(dtype=np.float64)
        if name in actions
        else np.full(len(actions), neutral)
        for name, neutral in _NEUTRAL.items()
    }
    positive = all((values[name] > 0).all() for name in ACTION_COLUMNS[3:])
    if not positive or (values["dividend"] < 0).any() or not all(np.isfinite(v).all() for v in values.values()):
        raise SchemaError(
            "actions hold a split that is not positive or a negative dividend; a split of 2 doubles shares"
        )
    return values


def _later(factor: F, row: Ints, at: Ints, shape: tuple[int, int]) -> F:
    """Return for each session the product of the factors of all later actions, (n, T)."""
    step: F = np.ones((shape[0], shape[1] + 1), dtype=np.float64)
    known = at >= 0
    np.multiply.at(step, (row[known], at[known]), factor[known])
    return np.asarray(np.cumprod(step[:, ::-1], axis=1)[:, ::-1][:, 1:], dtype=np.float64)
