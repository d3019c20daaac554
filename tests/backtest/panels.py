"""Random panels for tests of tests: a sample with holes, ties, shared dates, any number of events."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

import backtest as bt

DAYS = pd.bdate_range("2018-01-01", periods=160)


def make_result(
    n: int,
    seed: int = 0,
    spread: int = 40,
    holes: float = 0.02,
    model: str = "market",
    rounded: bool = False,
    constant: int = 0,
    **spec: object,
) -> bt.EventStudyResult:
    """Return a study of n events, each on a share of its own, dates spread over `spread` days (1: one common date).

    The last `constant` shares have the same return every day but on day 0: their events leave the study.
    """
    rng = np.random.default_rng(seed)
    market = rng.standard_t(5, 160) * 0.008
    common = rng.normal(0, 0.006, 160)
    returns = market[:, None] * rng.uniform(0.5, 1.5, n) + common[:, None] + rng.standard_t(4, (160, n)) * 0.015
    if rounded:
        returns = np.round(returns, 2)  # many ties
    returns[:, n - constant :] = 0.001
    returns[rng.random(returns.shape) < holes] = np.nan
    zero = 110 + rng.integers(0, spread, n)
    returns[zero, np.arange(n)] = rng.normal(0.01, 0.04, n)  # day 0 is always there
    frame = pd.DataFrame(returns, index=DAYS, columns=[f"S{i:02d}" for i in range(n)])
    events = pd.DataFrame({"asset": frame.columns, "event_time": DAYS[zero]})
    prices = bt.Prices.from_returns(frame, pd.Series(market, index=DAYS, name="IX"))
    study = bt.EventStudy(**{"event": (-3, 4), "estimation": (-80, -6), "model": model, "min_obs": 30, **spec})  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return study.run(events, prices)
