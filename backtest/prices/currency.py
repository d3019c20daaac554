"""Prices in one currency, converted with exchange rates that are themselves prices.

Yahoo stamps the daily close of an exchange rate about one day early: the close of date d is about that day's open. Against
a share's close of date d the rate stamped d + 1 is the right one (European factors in dollars against the index and the
rate: correlation 0.80 as stamped, 0.965 shifted). `convert` therefore shifts rates by one row unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from backtest.errors import PriceSourceError, SchemaError, offenders
from backtest.prices.panel import Prices, findings
from backtest.prices.traits import instrument_rows
from backtest.prices.units import HUNDREDTHS

#: An exchange rate is taken from at most so many calendar days before.
PATIENCE_DAYS = 5


def rate_tickers(tickers: Sequence[str], table: pd.DataFrame, currency: str | None) -> list[str]:
    """Return the names under which a source may have the exchange rates that a conversion to `currency` needs."""
    if currency is None:
        return []
    others = [c for c in dict.fromkeys(instrument_rows(tickers, table)["currency"]) if c and c != currency]
    pairs = [name for other in others for name in (f"{currency}{other}", f"{other}{currency}")]
    return [name + ending for name in pairs for ending in ("", "=X")]


def convert(prices: Prices, currency: str, rates: pd.DataFrame, shift: int = 1) -> Prices:
    """Convert all levels of a panel, benchmarks included, to one currency.

    Parameters
    ----------
    prices : panel whose instruments name `currency` and `unit`.
    currency : ISO code, e.g. "EUR".
    rates : dates x pairs; the column EURGBP (or EURGBP=X) holds pounds per euro; either order of the pair will do.
    shift : rows by which the rates are stamped early: 1 for Yahoo's, 0 for rates stamped at the close.

    Returns
    -------
    Prices in `currency`; a day without a rate of the last five days is NaN. Each converted series is a finding.

    Raises
    ------
    PriceSourceError
        A rate is missing.
    SchemaError
        The currency of a ticker is not known.
    """
    own = prices.instruments["currency"]
    unknown = [t for t in own.index if not own[t]]
    if unknown:
        raise SchemaError(f"currency of {offenders(unknown)} is not known; name it in the instruments table")
    moved = _shifted(rates, shift)
    per_unit = {c: _rate(moved, currency, c) for c in dict.fromkeys(own) if c != currency}
    changed = {}
    for name in ("close", "open", "high", "low", "benchmarks"):
        frame = getattr(prices, name)
        if frame is not None:
            changed[name] = _converted(frame, prices.instruments, currency, per_unit)
    if prices.actions is not None:
        changed["actions"] = _converted_actions(prices.actions, prices.instruments, currency, per_unit)
    rows = [(t, pd.NaT, "converted", float("nan"), f"{own[t]} to {currency}") for t in own.index if own[t] != currency]
    points = prices.instruments["unit"] == "points"
    table = prices.instruments.assign(currency=currency, unit=np.where(points, "points", currency))
    checks = pd.concat([prices.checks, findings(rows)], ignore_index=True) if rows else prices.checks
    return replace(prices, **changed, instruments=table, checks=checks)  # type: ignore[arg-type]


def _shifted(rates: pd.DataFrame, shift: int) -> pd.DataFrame:
    """Give each row the values of the row `shift` later, column by column, holes left out."""
    return pd.DataFrame({c: rates[c].dropna().sort_index().shift(-shift) for c in rates})


def _rate(rates: pd.DataFrame, currency: str, other: str) -> pd.Series:
    """Return units of `currency` for one unit of `other`, by date."""
    for name, turn in ((f"{other}{currency}", False), (f"{currency}{other}", True)):
        for column in (name, f"{name}=X"):
            if column in rates.columns and rates[column].notna().any():
                values = rates[column].dropna()
                return 1.0 / values if turn else values
    raise PriceSourceError(
        f"no exchange rate between {other} and {currency}; add a price series {currency}{other} to the source"
    )


def _converted(
    frame: pd.DataFrame, instruments: pd.DataFrame, currency: str, per_unit: dict[str, pd.Series]
) -> pd.DataFrame:
    out = {}
    for ticker in frame.columns:
        own, unit = str(instruments.at[ticker, "currency"]), str(instruments.at[ticker, "unit"])
        scale = 0.01 if unit in HUNDREDTHS else 1.0
        factor: np.ndarray | float = 1.0
        if own != currency:
            factor = _on_days(per_unit[own], frame.index)
        out[ticker] = frame[ticker] * scale * factor
    return pd.DataFrame(out, index=frame.index, columns=frame.columns)


def _converted_actions(
    actions: pd.DataFrame, instruments: pd.DataFrame, currency: str, per_unit: dict[str, pd.Series]
) -> pd.DataFrame:
    """Return dividends in `currency`, at the rate of their ex-date."""
    cash = actions["dividend"].to_numpy(copy=True)
    for ticker, rows in actions.reset_index(drop=True).groupby("asset"):
        one = pd.DataFrame({ticker: 1.0}, index=pd.DatetimeIndex(rows["session"]))
        cash[rows.index] *= _converted(one, instruments, currency, per_unit)[ticker].to_numpy()
    # A dividend without a rate would be no number; the closes around it are none either.
    return actions.assign(dividend=np.nan_to_num(cash))


def _on_days(rate: pd.Series, days: pd.Index) -> np.ndarray:
    """Return the last rate on or before each day, NaN where it is older than `PATIENCE_DAYS`."""
    at = np.searchsorted(rate.index.to_numpy(), days.to_numpy(), side="right") - 1
    place = np.maximum(at, 0)
    age = (days.to_numpy() - rate.index.to_numpy()[place]) / np.timedelta64(1, "D")
    return np.where((at >= 0) & (age <= PATIENCE_DAYS), rate.to_numpy()[place], np.nan)
