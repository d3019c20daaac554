"""Priors over uncertain days, how candidate days are written, and the edges of the prices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_spans_twins import DAYS, ONE, STUDY, fit, returns, rows_of, run

import backtest as bt
from backtest.errors import SchemaError, UnknownNameError
from backtest.frames import normalise_events
from backtest.questions.candidates import spans_of

# --------------------------------------------------------------------------------------------------------- priors


def test_a_month_has_no_stated_day() -> None:
    frame = returns()
    flat, peaked = (run(frame, ONE, prior=p)[1]["prior"] for p in ("uniform", "triangular"))
    pd.testing.assert_series_equal(flat, peaked)
    row = run(frame, ONE, prior="point")[0].iloc[0]
    assert row["reason"] == "a point mass needs a stated day among the candidates"


def test_a_prior_of_ones_own_and_one_for_each_event() -> None:
    frame = returns()
    one = {**ONE, "event_time": "2020-03-04", "start": "2020-03-02", "end": "2020-03-06"}
    curve = run(frame, one, prior=lambda sessions, stated: np.arange(len(sessions)))[1]
    np.testing.assert_allclose(curve["prior"], np.arange(5) / 10)
    curve = run(frame, {**one, "prior": "point"}, {**one, "event_id": "f", "prior": ""})[1]
    assert curve["prior"].tolist() == [0, 0, 1, 0, 0, *[0.2] * 5]
    assert curve["posterior"].tolist()[:5] == [0, 0, 1, 0, 0]
    with pytest.raises(UnknownNameError, match="unknown prior 'flat'; known: point, triangular, uniform"):
        run(frame, {**one, "prior": "flat"})
    for bad in (lambda s, d: [1.0], lambda s, d: -np.ones(len(s)), lambda s, d: np.zeros(len(s))):
        with pytest.raises(SchemaError, match="it must return 5 weights, zero or more and not all zero"):
            run(frame, one, prior=bad)


# ------------------------------------------------------------------------------------------------ days and their edges


def test_candidates_as_lists_and_with_clock_times() -> None:
    frame = returns()
    said = ["2020-03-04", pd.Timestamp("2020-03-02"), "2020-03-09T07:00Z", "04.03.2020"]
    curve = run(frame, {**ONE, "candidates": said})[1]
    assert list(curve["session"]) == [pd.Timestamp(f"2020-03-0{d}") for d in (2, 4, 9)]


def test_an_interval_of_whole_months_and_with_clock_times() -> None:
    frame = returns()
    row = run(frame, {**ONE, "start": "2020-02", "end": "2020-03"})[0].iloc[0]
    assert (row["first"], row["last"], row["candidates"]) == (DAYS[284], pd.Timestamp("2020-03-31"), 42)
    row = run(frame, {**ONE, "start": "2020-03-02T23:00Z", "end": "2020-03-04T01:00Z"})[0].iloc[0]
    assert row["candidates"] == 3


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"start": "2020-03-02"}, r"event 'e': start='2020-03-02', end=nan|end=None: an interval needs both"),
        ({"start": "soon", "end": "2020-03-05"}, r"event 'e', start and end: .*cannot be read as a date"),
        (
            {"candidates": "2020-03|2020-04-02"},
            r"candidates='2020-03\|2020-04-02' is no list of dates .* each with its day",
        ),
        ({"candidates": "2020-03-02|"}, r"candidates='2020-03-02\|' is no list of dates"),
        ({"start": 4, "end": 17}, r"event 'e', start and end: .*cannot be read as a date"),
    ],
)
def test_what_is_no_interval(columns: dict, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        run(returns(), {**ONE, "start": None, "end": None, **columns})


def test_a_panel_that_trades_every_day_has_as_many_candidates_as_the_month_has_days() -> None:
    days = pd.date_range("2020-01-01", periods=200)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(0, 0.02, (200, 2)), index=days, columns=["COIN", "IX"])
    events = pd.DataFrame({"asset": ["COIN"], "event_time": ["2020-05"]})
    row = bt.uncertain(STUDY, events, bt.Prices.from_returns(frame, "IX"))[0].iloc[0]
    assert row["candidates"] == 31


def test_prices_that_end_before_the_last_candidate_day() -> None:
    frame = returns().loc[:"2020-03-16"]
    row = run(frame, ONE)[0].iloc[0]
    assert row["reason"] == "the prices end on 2020-03-16, before the last candidate day"
    weekend = run(returns().loc[:"2020-05-29"], {**ONE, "event_time": "2020-05"})[0].iloc[0]
    assert (weekend["reason"], weekend["candidates"]) == ("", 21)
    listed = run(frame, {**ONE, "candidates": "2020-03-12|2020-04-01"})[0].iloc[0]
    assert listed["reason"] == "the prices end on 2020-03-16, before the last candidate day"


def test_a_hole_between_listed_days_does_not_matter_and_on_one_it_does() -> None:
    frame = returns()
    frame.loc["2020-03-04", "AAA"] = np.nan
    with_hole = run(frame, {**ONE, "candidates": "2020-03-02|2020-03-06"})[0].iloc[0]
    without = run(returns(), {**ONE, "candidates": "2020-03-02|2020-03-06"})[0].iloc[0]
    pd.testing.assert_series_equal(with_hole, without)
    row = run(frame, {**ONE, "candidates": "2020-03-02|2020-03-04"})[0].iloc[0]
    words = "1 of 2 candidate days have no return; missing='available' studies the others"
    assert (row["reason"], row["candidates"]) == (words, 2)


def test_a_weekend_has_no_candidate() -> None:
    row = run(returns(), {**ONE, "start": "2020-03-07", "end": "2020-03-08"})[0].iloc[0]
    assert row["reason"] == "no session among the candidate days"


def test_the_curve_may_cumulate_around_each_day() -> None:
    frame = returns(6)
    curve = run(frame, {**ONE, "start": "2020-03-03", "end": "2020-03-06"}, window=(-1, 2))[1]
    rows = rows_of("2020-03-03", "2020-03-06")
    f = fit(frame, "AAA", rows)
    for t, car, p in zip(rows, curve["car"], curve["pvalue"], strict=True):
        span = range(t - 1, t + 3)
        ar = [f["y"][u] - f["my"] - f["b"] * (f["m"][u] - f["mm"]) for u in span]
        total = sum(f["m"][u] - f["mm"] for u in span)
        se = f["s"] * (4 + 16 / f["n"] + total**2 / f["sxx"]) ** 0.5
        assert car == pytest.approx(sum(ar), rel=1e-9)
        assert p == pytest.approx(2 * stats.t.sf(abs(sum(ar) / se), 58), rel=1e-9)


def test_the_future_and_the_gap_are_not_seen() -> None:
    frame, other = returns(), returns()
    other.loc["2020-04-01":] *= 7.0
    first = DAYS.get_loc(pd.Timestamp("2020-03-02"))
    other.iloc[first - 2 : first] *= -5.0
    for one, two in zip(run(frame, ONE), run(other, ONE), strict=True):
        pd.testing.assert_frame_equal(one, two)


def test_a_month_of_21_days_needs_400_estimation_days_to_reject() -> None:
    for m, able in ((398, False), (399, True)):
        rng = np.random.default_rng(1)
        days = pd.bdate_range("2018-01-01", "2020-12-31")
        frame = pd.DataFrame(rng.normal(0, 0.01, (len(days), 2)), index=days, columns=["AAA", "IX"])
        frame.loc["2020-05-13", "AAA"] += 0.5
        study = bt.EventStudy(event=(0, 0), estimation=(-m - 1, -2))
        events = pd.DataFrame([{**ONE, "event_time": "2020-05"}])
        row = bt.uncertain(study, events, bt.Prices.from_returns(frame, "IX"))[0].iloc[0]
        assert row["candidates"] == 21
        assert row["p_max"] == row["p_min"] == 21 / (21 + m)
        assert bool(row["p_max"] <= 0.05) is able
        assert (row["note"] == "") is able


def test_columns_of_somebodys_own_are_no_interval_where_nobody_asked() -> None:
    events = [
        {**ONE, "start": 4, "end": 17},
        {**ONE, "event_id": "f", "event_time": "2020-03-04", "start": 4, "end": 17},
    ]
    table = normalise_events(pd.DataFrame(events))
    assert list(spans_of(table, strict=False)) == ["e"]
    with pytest.raises(SchemaError, match="cannot be read as a date"):
        spans_of(table)


def test_the_study_leaves_a_month_out_and_says_where_to_go() -> None:
    events = pd.DataFrame([ONE, {**ONE, "event_id": "f", "event_time": "2020-03-04"}])
    with pytest.warns(
        bt.DroppedEventsWarning, match=r"1 imprecise-date\).*; bt\.uncertain studies events of which no day"
    ):
        result = bt.EventStudy(event=(0, 0), estimation=(-62, -3)).run(events, bt.Prices.from_returns(returns(), "IX"))
    assert result.dropped["event_id"].tolist() == ["e"]


def test_prices_that_cannot_be_used_are_a_reason() -> None:
    flat = returns()
    flat["AAA"] = 0.0
    assert "degenerate-estimation" in run(flat, ONE)[0]["reason"].iloc[0]
    holed = returns()
    holed.iloc[200:, 0] = np.nan
    assert run(holed, ONE)[0]["reason"].iloc[0] != ""
    assert (
        run(returns(), {**ONE, "asset": "ZZZ"})[0]["reason"]
        .iloc[0]
        .startswith("all 1 events dropped (1 unknown-asset)")
    )


def test_the_days_that_have_a_return_on_request() -> None:
    frame = returns()
    frame.loc[["2020-03-04", "2020-03-17"], "AAA"] = np.nan
    row = run(frame, ONE, missing="available")[0].iloc[0]
    listed = [f"{d:%Y-%m-%d}" for d in DAYS[rows_of("2020-03-01", "2020-03-31")] if d.day not in (4, 17)]
    same = run(frame, {**ONE, "candidates": listed})[0].iloc[0]
    assert row["note"].endswith("; 2 more candidate days have no return")
    pd.testing.assert_series_equal(row.drop("note"), same.drop("note"))
    assert np.isnan(row["p_scan"])
    assert run(frame, ONE)[0]["reason"].iloc[0].startswith("2 of 22 candidate days have no return")
    frame.loc["2020-03", "AAA"] = np.nan
    none = run(frame, {**ONE, "candidates": "2020-03-04|2020-03-09"}, missing="available")[0].iloc[0]
    assert "2 of 2 candidate days have no return" in none["reason"] or "missing-in-event-window" in none["reason"]
    prices = bt.Prices.from_returns(frame, "IX")
    for call in (bt.uncertain, bt.uncertain_groups):
        with pytest.raises(UnknownNameError, match="unknown missing 'keep'; known: available, drop"):
            call(STUDY, pd.DataFrame([ONE]), prices, missing="keep")


def test_the_prior_decides_what_the_mixture_sees() -> None:
    frame = returns()
    calm, loud = DAYS.get_loc(pd.Timestamp("2020-03-04")), DAYS.get_loc(pd.Timestamp("2020-03-06"))
    frame.iloc[loud, 0], frame.iloc[calm, 0] = 0.2, frame["IX"].iloc[calm]
    one = {**ONE, "event_time": "2020-03-04", "start": "2020-03-02", "end": "2020-03-09"}
    flat, sure = (run(frame, one, prior=p)[0].iloc[0] for p in ("uniform", "point"))
    # Six of the 66 pooled days are dealt at a time: the loud one is among them in one of eleven placebos.
    assert flat["p_mixture"] == pytest.approx(1 / 11, abs=0.06)
    assert sure["p_mixture"] > 0.5
    assert (flat["likely_day"], sure["likely_day"]) == (DAYS[loud], DAYS[calm])
