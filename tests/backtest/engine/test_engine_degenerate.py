"""The engine on awkward panels: it counts what the study counts, and makes no number out of rounding errors."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest import engine
from backtest.engine import FINISHERS, blocks
from backtest.inference import dependence

NUMBERS = ["statistic", "pvalue", "effect", "n", "n_eff", "r_bar", "df", "se"]


def nasty(seed: int) -> tuple[bt.Prices, pd.DataFrame, bt.EventStudy]:
    """Return a panel with series that are empty, constant, cut short, tied or full of holes, events on it, and a study."""
    rng = np.random.default_rng(seed)
    days, stocks, n = int(rng.integers(90, 200)), int(rng.integers(3, 25)), int(rng.integers(20, 90))
    index = pd.bdate_range("2016-01-04", periods=days)
    market = rng.standard_t(5, days) * 0.008
    values = market[:, None] * rng.uniform(0.5, 1.5, stocks) + rng.standard_t(4, (days, stocks)) * 0.012
    values[rng.random(values.shape) < rng.choice([0.0, 0.02, 0.3])] = np.nan
    spoil = [np.nan, 0.0, 2 * market, np.round(values[:, 0], 2)]
    for column, what in enumerate(rng.integers(-1, 6, stocks)):
        if 0 <= what < 4:
            values[:, column] = spoil[what]
        elif what == 4:
            values[: rng.integers(days), column] = np.nan
        elif what == 5:
            values[rng.integers(days) :, column] = np.nan
    frame = pd.DataFrame(values, index=index, columns=[f"S{i:02d}" for i in range(stocks)])
    events = pd.DataFrame({"asset": rng.choice(frame.columns, n), "event_time": index[rng.integers(0, days, n)]})
    events["event_id"] = [f"x{i}" for i in range(n)]
    first, length = int(rng.integers(-4, 3)), int(rng.integers(10, 50))
    study = bt.EventStudy(
        event=(first, first + int(rng.integers(0, 4))),
        estimation=(-length - 6, -6),
        min_obs=int(rng.integers(4, length)),
    )
    return bt.Prices.from_returns(frame, pd.Series(market, index=index, name="IX")), events, study


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 6, 7, 10])
def test_any_parts_give_the_totals_of_the_study(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependence, "PAIRS", 0)
    prices, events, study = nasty(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        result = study.run(events, prices)
        assert len(result.events) > 2
        table = result.test(*FINISHERS, windows=[study.event]).set_index(["kind", "test"]).sort_index()
        for size in (64, 1, 5):
            monkeypatch.setattr(blocks, "BLOCK", size)
            rows = events.sample(frac=1.0, random_state=size)
            found = engine.run_engine(study, rows, prices, window=study.event, ranks=True)
            own = found.tests.set_index(["kind", "test"]).sort_index()
            pd.testing.assert_frame_equal(own[NUMBERS], table[NUMBERS], rtol=1e-8, atol=1e-10, check_dtype=False)
            few = found.caar["n"].to_numpy() < 2  # of one event a study knows the prediction interval, sums do not
            pd.testing.assert_frame_equal(found.caar[~few], result.caar()[~few], rtol=1e-9, atol=1e-13)
            counts = result.dropped["reason"].value_counts()
            assert (
                dict(zip(found.dropped["reason"], found.dropped["events"], strict=True)) == counts[counts > 0].to_dict()
            )


def pair(kind: str) -> tuple[bt.Prices, pd.DataFrame]:
    """Return two shares that move alike, or one against the other, with an event each on one day."""
    rng = np.random.default_rng(5)
    index = pd.bdate_range("2018-01-01", periods=200)
    market, own = rng.normal(0, 0.01, 200), rng.normal(0, 0.02, 200)
    other = own if kind == "alike" else -own
    frame = pd.DataFrame({"A": market + own, "B": market + other}, index=index)
    events = pd.DataFrame({"asset": ["A", "B"], "event_time": index[150]})
    return bt.Prices.from_returns(frame, pd.Series(market, index=index, name="IX")), events


SPEC = bt.EventStudy(event=(-1, 1), estimation=(-100, -11))
#: What a spread of nothing leaves undefined.
NOTHING_TO_SAY = {
    "alike": {"cross-sectional", "bmp", "kp", "kp-overlap", "calendar-time"},
    "opposite": {"time-series", "calendar-time", "corrado"},
}


@pytest.mark.parametrize("kind", NOTHING_TO_SAY)
def test_shares_that_move_alike_or_cancel(kind: str) -> None:
    prices, events = pair(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = engine.run_engine(SPEC, events, prices, ranks=True).tests
        result = SPEC.run(events, prices)
        assert result.test("all").loc[lambda t: t["pvalue"].isna(), "reason"].ne("").all()
        assert repr(result)
    assert set(found.loc[found["pvalue"].isna(), "test"]) == NOTHING_TO_SAY[kind]
    with pytest.warns(UserWarning, match="inadvisable"):
        table = result.test(*bt.TESTS).set_index("test")
    for name in NOTHING_TO_SAY[kind]:
        assert table.loc[name, "reason"], name
        assert np.isnan(table.loc[name, "statistic"]), name


def test_events_that_cancel_every_day_have_no_test_of_their_mean() -> None:
    prices, events = pair("opposite")
    with pytest.warns(UserWarning, match="inadvisable"):
        reasons = SPEC.run(events, prices).test(*bt.TESTS, windows=[(-1, 1)]).set_index("test")["reason"]
    assert reasons["time-series"] == "zero variance of the estimation window's AARs"
    assert reasons["calendar-time"] == reasons["calendar-time-std"] == "zero variance of the portfolio's returns"
    assert reasons["corrado"] == reasons["corrado-zivney"] == reasons["grank-t"] == "the ranks of all days are equal"
    assert reasons["common-shift"] == "the events cancel in every reference window"


@pytest.mark.parametrize(
    ("event", "estimation"), [((-10, -5), (-60, -11)), ((2, 3), (5, 40)), ((30, 33), (-60, -11)), ((-4, 2), (5, 40))]
)
def test_windows_on_either_side_of_the_event(event: tuple[int, int], estimation: tuple[int, int]) -> None:
    """Every session taken for day 0 gives what a study of that day gives, also where no window holds day 0."""
    prices, _ = pair("alike")
    study = bt.EventStudy(event=event, estimation=estimation)
    rows = pd.DataFrame({"asset": "A", "event_time": prices.close.index[[90, 100, 120]]})
    result = study.run(rows, prices)
    found = engine.placebo_dates(result, event).events
    np.testing.assert_allclose(found["car"], result.sample(event).car, atol=1e-13)
    np.testing.assert_allclose(found["scar"], result.sample(event).scar, rtol=1e-9)
