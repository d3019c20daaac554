"""Which test is recommended, and which is refused, by situation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from panels import make_result

import backtest as bt
from backtest.errors import ClusteringWarning, OverlapWarning
from backtest.inference.advice import RULES, advise, facts, recommend

# No event-induced variance in these samples: day 0 is drawn like every other day.


def sample_of(n: int, spread: int, window: tuple[int, int] = (0, 0), **spec: object) -> bt.Sample:
    result = make_result(n, seed=1, spread=spread, holes=0.0, **spec)
    sample = result.sample(window)
    return replace(sample, ar=sample.ar / max(1.0, sample.scar.std(ddof=1) if n > 1 else 1.0))


NEVER_ON_ONE_DATE = ["patell", "bmp", "cross-sectional", "wilcoxon", "generalised-sign", "grank-z", "permutation"]
SMALL_SAMPLES = ["grank-t", "grank-z", "corrado-zivney", "hall", "johnson"]


def test_every_rule_belongs_to_a_test() -> None:
    assert set(RULES) <= set(bt.TESTS)


@pytest.mark.parametrize(
    "name", ["wilcoxon", "sign", "bmp", "grank-t", "grank-z", "cross-sectional", "kp", "corrado-zivney"]
)
def test_one_event(name: str) -> None:
    assert advise(name, sample_of(1, 1))


@pytest.mark.parametrize("name", ["car-t", "sq", "conformal"])
def test_what_one_event_allows(name: str) -> None:
    assert advise(name, sample_of(1, 1)) == ""


@pytest.mark.parametrize("n", [2, 5, 9])
def test_two_to_nine_independent_events(n: int) -> None:
    sample = sample_of(n, 40 if n < 9 else 45)
    sample = replace(sample, days=sample.days + 100 * np.arange(n)[:, None])
    for name in ("bmp", "kp", "kp-overlap", "adjusted-patell", "time-series", "corrado", "common-shift"):
        assert advise(name, sample) == ""
    for name in SMALL_SAMPLES:
        assert advise(name, sample)
    assert bool(advise("wilcoxon", sample)) == bool(advise("permutation", sample)) == (n <= 5)


def test_twenty_independent_events_allow_almost_everything() -> None:
    sample = sample_of(25, 40)
    sample = replace(sample, days=sample.days + 100 * np.arange(25)[:, None])
    refused = {name for name in bt.TESTS if advise(name, sample)}
    assert refused == {"hall", "johnson"}


@pytest.mark.parametrize("name", NEVER_ON_ONE_DATE)
def test_refused_on_one_common_date(name: str) -> None:
    assert "one date" in advise(name, sample_of(30, 1))


@pytest.mark.parametrize(
    "name", ["kp", "kp-overlap", "adjusted-patell", "time-series", "corrado", "common-shift", "cz-sign"]
)
def test_allowed_on_one_common_date(name: str) -> None:
    assert advise(name, sample_of(30, 1)) == ""


def test_grank_needs_fifty_events_on_one_date() -> None:
    assert "30 events on one date, needs 50" in advise("grank-t", sample_of(30, 1))
    assert advise("grank-t", sample_of(50, 1)) == ""


@pytest.mark.parametrize(
    "name", ["kp", "adjusted-patell", "bmp", "patell", "grank-t", "corrado", "time-series", "cz-sign"]
)
def test_refused_under_partial_overlap_of_long_windows(name: str) -> None:
    assert "overlap" in advise(name, sample_of(20, 11, (-1, 1)))


@pytest.mark.parametrize("name", ["kp-overlap", "calendar-time", "common-shift"])
def test_allowed_under_partial_overlap(name: str) -> None:
    assert advise(name, sample_of(20, 11, (0, 1), estimation=(-105, -6))) == ""


@pytest.mark.parametrize("name", ["patell", "adjusted-patell", "time-series", "corrado", "common-shift"])
def test_refused_under_induced_variance(name: str) -> None:
    sample = sample_of(30, 40)
    sample = replace(sample, days=sample.days + 100 * np.arange(30)[:, None])
    wild = replace(sample, ar=sample.ar * 3.0)
    assert facts(wild).induced
    assert "raises the variance" in advise(name, wild)
    assert advise("kp-overlap", wild) == ""


def test_long_windows_need_a_long_estimation_window() -> None:
    assert "too few for windows of 6 days" in advise("sq", sample_of(3, 40, (-2, 3)))
    assert "use conformal-block" in advise("sq-studentised", sample_of(3, 40, (-2, 3)))
    assert "8 candidate days need at least 152 estimation days, not 75" in advise("max", sample_of(3, 40, (-3, 4)))


@pytest.mark.parametrize(
    ("n", "spread", "window", "test", "beside"),
    [
        (1, 1, (0, 0), "sq", "conformal"),
        (1, 1, (-3, 4), "conformal-block", "car-t"),
        (1, 1, (0, 0), "sq", "sq-ewma"),
        (5, 40, (0, 0), "kp-overlap", "corrado"),
        (25, 1, (0, 0), "kp", "common-shift"),
        (25, 11, (-1, 1), "kp-overlap", "calendar-time"),
        (60, 1, (0, 0), "kp", "time-series"),
    ],
)
def test_recommendation(n: int, spread: int, window: tuple[int, int], test: str, beside: str) -> None:
    advice = recommend(sample_of(n, spread, window))
    assert advice.test == test
    assert beside in advice.beside
    assert str(n) in advice.reason or n == 1


def test_two_day_windows_of_one_event_are_studentised() -> None:
    assert recommend(sample_of(1, 1, (0, 1), estimation=(-105, -6))).test == "sq-studentised"


def test_many_events() -> None:
    sample = sample_of(40, 40)
    apart = replace(sample, days=sample.days + 100 * np.arange(40)[:, None])
    assert recommend(apart).test == "kp-overlap"
    assert "grank-t" in recommend(apart).beside


def test_no_event_is_a_reason() -> None:
    sample = sample_of(2, 40)
    empty = replace(sample, ar=sample.ar[:0], s2=sample.s2[:0], days=sample.days[:0], n_obs=sample.n_obs[:0])
    assert advise("sq", empty) == "no event has all days of this window"
    assert facts(empty).n == 0


def test_the_table_of_recommendations() -> None:
    result = make_result(4)
    table = result.recommended(windows=[(0, 0), (0, 1)])
    assert list(table["test"]) == ["kp-overlap", "kp-overlap"]
    assert list(table["n"]) == [4, 4]
    assert set(result.test()["test"]) == {"kp-overlap", *table["beside"].iloc[0].split(", ")} - {""}


def test_inadvisable_by_name_is_computed_with_a_note_and_a_warning() -> None:
    result = make_result(8, spread=1)
    with pytest.warns(ClusteringWarning, match="bmp on 'event': all events share one date"):
        row = result.test("bmp").iloc[0]
    assert np.isfinite(row["pvalue"])
    assert "share one date" in row["note"]
    refused = result.test("all").set_index("test").loc["bmp"]
    assert np.isnan(refused["pvalue"])
    assert "share one date" in refused["reason"]
    with pytest.warns(OverlapWarning, match="bmp on 'event': windows overlap"):
        make_result(20, spread=11).test("bmp", windows=[(-1, 1)])
    with pytest.warns(UserWarning, match="8 events, needs 20"):
        result.test("grank-t")


def test_all_is_complete_and_quiet() -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = make_result(5).test("all")
    assert set(table["test"]) == set(bt.TESTS)
    assert (table["pvalue"].isna() == (table["reason"] != "")).all()
