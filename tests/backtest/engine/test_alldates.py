"""Placebo over every date: the same numbers as a study gives at each date, and ranks that count every quiet date."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.engine import every_date_of, placebo_dates
from backtest.errors import AlignmentError
from backtest.market import build_markets
from backtest.models.base import Inputs

DAYS = pd.bdate_range("2018-01-01", periods=260)
STUDY = bt.EventStudy(event=(-2, 3), estimation=(-90, -6), min_obs=40)


def make(holes: float) -> bt.Prices:
    rng = np.random.default_rng(5)
    market = rng.normal(0, 0.01, 260)
    values = market[:, None] + rng.standard_t(4, (260, 12)) * 0.01
    values[rng.random(values.shape) < holes] = np.nan
    frame = pd.DataFrame(values, index=DAYS, columns=[f"S{i:02d}" for i in range(12)])
    return bt.Prices.from_returns(frame, pd.Series(market, index=DAYS, name="IX"))


@pytest.mark.parametrize("holes", [0.0, 0.03])
@pytest.mark.parametrize("window", [(0, 0), (-2, 3)])
def test_every_date_is_what_a_study_of_that_date_gives(holes: float, window: tuple[int, int]) -> None:
    prices = make(holes)
    (market,) = build_markets(prices, prices.tickers, Inputs())
    every = every_date_of(market, STUDY.estimation, window)
    events = pd.DataFrame([(t, day) for t in prices.tickers for day in DAYS[95:250:7]], columns=["asset", "event_time"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = STUDY.run(events, prices)
    sample = result.sample(window)
    complete = np.isfinite(result.ar.to_numpy()[:, window[0] + 2 : window[1] + 3]).all(axis=1)
    row = np.array([prices.tickers.index(a) for a in result.events["asset"]])[complete]
    at = result.source.position[complete]
    np.testing.assert_allclose(every.car[row, at], sample.car, rtol=0, atol=1e-14)
    np.testing.assert_allclose(every.scar[row, at], sample.scar, rtol=1e-11)
    np.testing.assert_array_equal(every.n_obs[row, at], sample.n_obs)
    first = -min(STUDY.estimation[0], window[0])
    assert np.isnan(every.scar[:, :first]).all()
    assert np.isnan(every.scar[:, 260 - window[1] :]).all()


def test_a_bad_print_spoils_its_own_windows_only() -> None:
    prices = make(0.0)
    (market,) = build_markets(prices, prices.tickers, Inputs())
    clean = every_date_of(market, STUDY.estimation, (0, 0))
    returns = market.returns.copy()
    returns[0, 5] = 1e4
    dirty = every_date_of(replace(market, returns=returns), STUDY.estimation, (0, 0))
    np.testing.assert_allclose(dirty.scar[0, 96:260], clean.scar[0, 96:260], rtol=1e-12)


def test_events_are_ranked_among_quiet_dates() -> None:
    prices = make(0.0)
    events = pd.DataFrame({"asset": ["S00", "S00", "S03"], "event_time": DAYS[[150, 154, 200]]})
    result = STUDY.run(events, prices)
    found = placebo_dates(result, (0, 1))
    (market,) = result.source.markets
    every = every_date_of(market, STUDY.estimation, (0, 1))
    quiet = np.isfinite(every.scar[0])
    quiet[150 - 5 : 154 + 6] = False
    own = every.scar[0, 150]
    row = found.events.iloc[0]
    assert row["placebos"] == quiet.sum()
    assert row["scar"] == own
    assert row["p_two_sided"] == (1 + (abs(every.scar[0][quiet]) >= abs(own)).sum()) / (1 + quiet.sum())
    assert row["p_left"] + row["p_right"] == pytest.approx(1 + 1 / (1 + quiet.sum()))
    assert found.dates == np.isfinite(every.scar).sum()
    assert len(found.pooled) < found.dates


def test_no_room_for_a_window() -> None:
    prices = make(0.0)
    (market,) = build_markets(prices, prices.tickers, Inputs())
    assert np.isnan(every_date_of(market, (-300, -11), (0, 0)).car).all()


def test_bad_arguments() -> None:
    prices = make(0.0)
    events = pd.DataFrame({"asset": ["S00"], "event_time": DAYS[[150]]})
    with pytest.raises(AlignmentError, match="runs the market model, not 'constant-mean'"):
        placebo_dates(bt.EventStudy(event=(-2, 3), estimation=(-90, -6), model="constant-mean").run(events, prices))
    with pytest.raises(AlignmentError, match="not inside the event window"):
        placebo_dates(STUDY.run(events, prices), (0, 9))
