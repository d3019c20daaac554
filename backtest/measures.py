"""What a study measures: returns, traded volume, volatility. Each becomes a panel that the same models are run on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from backtest.errors import SchemaError

if TYPE_CHECKING:
    from backtest.prices import Prices


def measured(prices: Prices, measure: str = "return", returns: str = "") -> Prices:
    """Return prices whose `returns` hold the measure asked for.

    Parameters
    ----------
    prices : the panel.
    measure : "return"; "volume": log volume (zero is missing), the benchmark is the mean log volume of the exchange's
        securities; "volatility": the absolute return, of the benchmark likewise.
    returns : "simple", "log", or "" (simple from prices, as they are where returns were handed over).

    Raises
    ------
    SchemaError
        Volume is asked for and the prices have none.
    """
    if measure == "volume":
        return _volume(prices)
    if measure == "return" and returns in ("", "simple") and prices.returns is None:
        return prices
    kind = returns or prices.returns_kind
    own, marks = (_returns(prices, name, kind) for name in ("close", "benchmarks"))
    if measure == "volatility":
        own, marks = own.abs(), marks.abs()
    return replace(prices, returns=own, benchmark_returns=marks if marks.shape[1] else None, returns_kind=kind)


def _returns(prices: Prices, name: str, kind: str) -> pd.DataFrame:
    """Return the returns of securities or benchmarks as the `kind` asked for."""
    if prices.returns is None:
        return _of_levels(prices, name, kind)
    given = prices.returns if name == "close" else prices.benchmark_returns
    if given is None:
        return pd.DataFrame(index=prices.returns.index)
    if kind == prices.returns_kind:
        return given
    return pd.DataFrame(np.log1p(given) if kind == "log" else np.expm1(given))


def _of_levels(prices: Prices, name: str, kind: str) -> pd.DataFrame:
    """Return returns of levels on every security's own sessions, one calendar at a time; NaN where there is no session."""
    from backtest.market import build_markets
    from backtest.models.base import Inputs

    markets = build_markets(prices, list(prices.close.columns), Inputs())
    columns: dict[str, pd.Series] = {}
    for market in markets:
        index = market.calendar.index()
        rows = market.returns if name == "close" else market.benchmark
        labels = market.tickers if name == "close" else market.benchmarks
        columns |= {
            label: pd.Series(row, index=index) for label, row in zip(labels, rows, strict=True) if label not in columns
        }
    frame = pd.DataFrame(columns).reindex(prices.close.index)
    return pd.DataFrame(np.log1p(frame)) if kind == "log" else frame


def _volume(prices: Prices) -> Prices:
    if prices.volume is None:
        raise SchemaError(f"measure='volume': these prices ({prices.source}) have no volume; use a source that has")
    logs = pd.DataFrame(np.log(prices.volume.where(prices.volume > 0)))
    mics = prices.instruments["mic"].reindex(logs.columns).fillna("")
    mean = logs.T.groupby(mics.to_numpy()).transform("mean").T
    names = {ticker: f"volume {mic}".strip() for ticker, mic in zip(logs.columns, mics, strict=True)}
    marks = mean.rename(columns=names).loc[:, lambda frame: ~frame.columns.duplicated()]
    instruments = prices.instruments.copy()
    instruments["benchmark"] = pd.Series(names).reindex(instruments.index).fillna("")
    return replace(
        prices, returns=logs, benchmark_returns=marks, benchmarks=marks, instruments=instruments, returns_kind="log"
    )
