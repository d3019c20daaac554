"""Which test is recommended, and which is refused, by situation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

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


# ---------------------------------------------------------------------------------- every row of the table of demands


def spaced(n: int, window: tuple[int, int] = (0, 0), gap: int = 1000, m: int = 250, spread: int = 1) -> bt.Sample:
    """Return n events without raised variance: `gap` days apart, or within `spread` days of each other for gap 0."""
    from backtest.power import Scenario, draw

    design = Scenario(n, window, spread=0 if gap else spread, rho=0.0 if gap else 0.1, m=m)
    quiet = (s for s in draw(design, 60, n) if not facts(s).induced)
    return next(s for s in quiet if gap or spread == 1 or facts(s).overlap)


FOR_MANY = [
    "kp-overlap", "bmp", "cross-sectional", "patell", "time-series", "corrado", "corrado-zivney", "grank-t", "grank-z",
    "generalised-sign", "cz-sign", "wilcoxon", "permutation", "common-shift",
]  # fmt: skip
BMP_NORMAL = partial(bt.TESTS["bmp"], p="normal")
FLIP_EVENTS = partial(bt.TESTS["wild-bootstrap"], by="event")
INDEPENDENT = partial(bt.TESTS["time-series"], form="independent")
WEIGHTED = [partial(bt.TESTS[name], overlap=True) for name in ("adjusted-patell", "kp")]

DEMANDS = [
    # situation, must be allowed, must be refused
    (spaced(1), ["car-t", "sq", "conformal"], ["wilcoxon", "sign", "bmp", "grank-t", "grank-z"]),
    (spaced(1, (-5, 5)), ["car-t", "conformal-block"], ["sq", "sq-studentised", "sq-ewma"]),
    (
        spaced(5),
        ["bmp", "kp", "kp-overlap", "adjusted-patell", "time-series", "corrado", "common-shift"],
        [partial(bt.TESTS["bmp"], p="normal"), "grank-t", "corrado-zivney", "hall", "permutation", "wilcoxon"],
    ),
    (
        spaced(20),
        [
            "kp-overlap",
            "bmp",
            "cross-sectional",
            "patell",
            "time-series",
            "corrado",
            "corrado-zivney",
            "grank-t",
            "grank-z",
            "generalised-sign",
            "cz-sign",
            "wilcoxon",
            "permutation",
            "common-shift",
            partial(bt.TESTS["bmp"], p="normal"),
        ],
        ["hall"],
    ),
    (
        spaced(50, gap=0),
        ["kp", "kp-overlap", "adjusted-patell", "time-series", "corrado", "common-shift", "cz-sign", "grank-t"],
        [
            "patell",
            "bmp",
            "cross-sectional",
            "wilcoxon",
            "generalised-sign",
            "grank-z",
            "permutation",
            partial(bt.TESTS["wild-bootstrap"], by="event"),
            partial(bt.TESTS["time-series"], form="independent"),
        ],
    ),
    (spaced(20, gap=0), ["kp", "corrado"], ["grank-t"]),
    (
        spaced(30, (-1, 1), 0, spread=11),
        [
            "kp-overlap",
            "calendar-time",
            "common-shift",
            partial(bt.TESTS["adjusted-patell"], overlap=True),
            partial(bt.TESTS["kp"], overlap=True),
        ],
        ["kp", "adjusted-patell", "grank-t", "corrado", "time-series", "bmp", "patell"],
    ),
    (spaced(30, (-2, 2), 0, spread=11), ["kp-overlap", "calendar-time"], ["common-shift", "corrado", "cz-sign"]),
]


@pytest.mark.parametrize(("sample", "allowed", "refused"), DEMANDS, ids=[str(i) for i in range(len(DEMANDS))])
def test_demands(sample: bt.Sample, allowed: list, refused: list) -> None:
    assert {str(name): advise(name, sample) for name in allowed if advise(name, sample)} == {}
    assert [str(name) for name in refused if not advise(name, sample)] == []


def test_raised_variance_refuses_what_assumes_none() -> None:
    sample = spaced(20)
    loud = replace(sample, ar=3.0 * sample.ar)
    assert facts(loud).induced
    for name in ("patell", "adjusted-patell", "time-series", "corrado", "cumrank", "common-shift", "calendar-time-std"):
        assert advise(name, loud) == "the event raises the variance: rejects too often; use kp-overlap"
    for name in ("kp-overlap", "bmp", "grank-t", "cross-sectional", "wilcoxon"):
        assert advise(name, loud) == ""


def test_one_event_cannot_tell_raised_variance_and_the_advice_says_so() -> None:
    for window in ((0, 0), (-1, 1), (-5, 5)):
        assert recommend(spaced(1, window)).reason.endswith("the variance cannot be told from an effect")


def test_an_option_that_no_rule_names_keeps_the_rules_of_its_test() -> None:
    sample = spaced(50, gap=0)
    assert advise(partial(bt.TESTS["bmp"], p="t"), sample) == advise("bmp", sample) != ""
    assert advise(lambda s: s, sample) == ""
