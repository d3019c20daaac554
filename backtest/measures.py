"""What a study measures: returns, traded volume, volatility. Each becomes a panel that the same models are run on.

The prices stay as they are and say what is to be taken of them (`measure`, `returns_kind`); it is taken where returns are
put on the sessions of an exchange, so that logs and sizes are those of the very returns that a plain study sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import SchemaError

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]

#: Share of a security's days with volume on which others of its exchange must have some, to be its market.
COVER = 0.9


def measured(prices: Prices, measure: str = "return", returns: str = "") -> Prices:
    """Return prices of which a study takes the measure asked for.

    Parameters
    ----------
    prices : the panel.
    measure : "return"; "volume": see `volumes`; "volatility": the absolute return, of benchmark and peers likewise.
    returns : "simple", "log", or "" (simple from prices, as they are where returns were handed over).

    Raises
    ------
    SchemaError
        Volume is asked for and the prices have none.
    """
    kind = returns or ("simple" if prices.returns is None else prices.returns_kind)
    if measure == "volume":
        if prices.volume is None:
            raise SchemaError(f"measure='volume': these prices ({prices.source}) have no volume; use a source that has")
        kind = "log"
    if (measure, kind) == (prices.measure, prices.returns_kind):
        return prices
    if prices.returns is None or kind == prices.returns_kind:
        return replace(prices, measure=measure, returns_kind=kind)
    turn = np.log1p if kind == "log" else np.expm1
    own, marks = (None if f is None else pd.DataFrame(turn(f)) for f in (prices.returns, prices.benchmark_returns))
    return replace(prices, returns=own, benchmark_returns=marks, returns_kind=kind, measure=measure)


def taken(returns: F, prices: Prices) -> F:
    """Turn returns on sessions into what a study takes: logs of returns made of prices, sizes for volatility."""
    if prices.returns is None and prices.returns_kind == "log":
        returns = np.log1p(returns)
    return np.abs(returns) if prices.measure == "volatility" else returns


def volumes(prices: Prices, assets: Iterable[str]) -> Prices:
    """Return prices whose `returns` are logs of volume (zero is missing), and whose benchmarks are the markets of `assets`.

    A security's market is the volume of its own benchmark where there is any; else the mean log volume of the other securities
    of its exchange that have a volume that day, or of all others where the exchange has none on a tenth of its days.
    Its own volume is no part of it: the trading that an event brings would hide in it.
    """
    assert prices.volume is not None
    logs = pd.DataFrame(np.log(prices.volume.where(prices.volume > 0)))
    own = logs.reindex(columns=prices.close.columns)
    said, mics = (prices.instruments[c].reindex(own.columns).fillna("") for c in ("benchmark", "mic"))
    marks = {str(c): logs[c] for c in prices.benchmarks.columns if c in logs and logs[c].notna().any()}
    names = dict(said)
    for ticker in own.columns.intersection(list(assets)):
        if names[ticker] not in prices.benchmarks or names[ticker] not in marks:
            names[ticker] = f"volume without {ticker}"
            marks[names[ticker]] = _others(own, ticker, (mics == mics[ticker]).to_numpy())
    instruments = prices.instruments.copy()
    instruments["benchmark"] = pd.Series(names).reindex(instruments.index).fillna("")
    table = pd.DataFrame(marks, index=own.index).dropna(axis=1, how="all")
    return replace(
        prices, returns=own, benchmark_returns=table, benchmarks=table, instruments=instruments, returns_kind="log",
        measure="return",
    )  # fmt: skip


def _others(logs: pd.DataFrame, ticker: str, mates: NDArray[np.bool_]) -> pd.Series:
    """Return the mean log volume per day of the other securities of the exchange (`mates`), or of all others."""
    others = logs.columns != ticker
    mean = logs.loc[:, mates & others].mean(axis=1)
    enough = mean[logs[ticker].notna()].notna().mean() >= COVER
    return mean if enough else logs.loc[:, others].mean(axis=1)
