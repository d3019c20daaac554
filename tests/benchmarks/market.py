"""The market on which every contestant is timed: fat-tailed returns, random events, one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

ESTIMATION = (-279, -30)
EVENT = (-10, 10)


@dataclass(frozen=True)
class Bench:
    """Returns (days x stocks) with the market's, and events as (stock, day) positions, each pair once."""

    returns: pd.DataFrame
    market: pd.Series
    row: np.ndarray
    position: np.ndarray

    @property
    def events(self) -> pd.DataFrame:
        """The events as a user would hold them: ticker and date."""
        return pd.DataFrame({"asset": self.returns.columns[self.row], "date": self.returns.index[self.position]})


def make(events: int, stocks: int = 500, days: int = 2500, seed: int = 7) -> Bench:
    """Draw a market model with Student-t(4) shocks and `events` distinct pairs of stock and day."""
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2010-01-04", periods=days).as_unit("us")
    market = rng.standard_t(4, days) * 0.007
    values = market[:, None] * rng.normal(1.0, 0.3, stocks) + rng.standard_t(4, (days, stocks)) * 0.012
    usable = days - EVENT[1] + ESTIMATION[0]
    cell = np.sort(rng.choice(stocks * usable, size=events, replace=False))
    frame = pd.DataFrame(values, index=index, columns=[f"S{i:04d}" for i in range(stocks)])
    row, position = cell // usable, cell % usable - ESTIMATION[0]
    return Bench(frame, pd.Series(market, index=index, name="MKT"), row, position)


def windows(bench: Bench, event: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the stock's and the market's returns from the first estimation day to the last event day."""
    at = bench.position[event]
    span = slice(at + ESTIMATION[0], at + EVENT[1] + 1)
    return bench.returns.to_numpy()[span, bench.row[event]], bench.market.to_numpy()[span]
