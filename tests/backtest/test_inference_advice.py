"""Which test is recommended, and which is refused, by situation."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from panels import make_result

import backtest as bt
from backtest.errors import ClusteringWarning, OverlapWarning
from backtest.inference import advice
from backtest.inference.advice import RULES, Facts, advise, facts, recommend, recommend_for

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


def test_one_warning_of_each_sort_however_many_windows_and_kinds() -> None:
    result = study(16, 0)
    result.events["kind"] = ["a", "b"] * 8
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        result.test("patell", "bmp", "hall", windows=[DAY, THREE, ELEVEN])
    assert [w.category for w in told] == [ClusteringWarning, UserWarning]
    assert str(told[0].message).endswith("(and 1 more; see the column note)"), (
        "two tests of two kinds, the windows alike"
    )
    assert "hall on 'a': 8 events, needs 100: " in str(told[1].message)
    assert "more" not in str(told[1].message)


def test_all_is_complete_and_quiet() -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = make_result(5).test("all")
    assert set(table["test"]) == set(bt.TESTS)
    assert (table["pvalue"].isna() == (table["reason"] != "")).all()


# ------------------------------------------------------------------------ every row of the two tables, word for word


def study(
    n: int, gap: int = 400, spread: int = 1, rho: float = 0.0, m: int = 250, loud: float = 1.0
) -> bt.EventStudyResult:
    """Return n events, event window (-5, 5): `gap` days apart, or for gap 0 drawn from `spread` days with correlation `rho`.

    The events are such that their spread is what chance makes of it, unless they are `loud`.
    """
    for seed in range(50):
        rng = np.random.default_rng(seed)
        day = m + 20 + (np.arange(n) * gap if gap else rng.permutation(np.arange(n) % spread))
        total = int(day.max()) + 10
        market, common = rng.normal(0, 0.01, total), rng.normal(size=(total, 1))
        noise = 0.02 * (np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.normal(size=(total, n)))
        noise[day, np.arange(n)] *= loud
        index = pd.bdate_range("1960-01-04", periods=total)
        returns = pd.DataFrame(market[:, None] + noise, index, [f"S{i:03d}" for i in range(n)])
        events = pd.DataFrame({"asset": returns.columns, "event_time": index[day], "kind": "k"})
        prices = bt.Prices.from_returns(returns, pd.Series(market, index, name="IX"))
        result = bt.EventStudy(event=(-5, 5), estimation=(-m - 10, -11)).run(events, prices)
        if loud > 1 or not any(facts(result.sample(w)).induced for w in ((0, 0), (-1, 1), (-5, 5))):
            return result
    raise AssertionError("no quiet draw")


def option(name: str, **options: object) -> partial:
    return partial(bt.TESTS[name], **options)


ALL_OF_20 = [
    "kp-overlap", "kp", "bmp", "cross-sectional", "patell", "adjusted-patell", "time-series", "corrado", "corrado-zivney",
    "grank-t", "grank-z", "generalised-sign", "cz-sign", "wilcoxon", "permutation", "common-shift", option("bmp", p="normal"),
]  # fmt: skip
ONE_DATE = ["kp", "kp-overlap", "adjusted-patell", "time-series", "corrado", "common-shift", "cz-sign"]
NOT_ON_ONE = [
    "patell", "bmp", "cross-sectional", "wilcoxon", "generalised-sign", "grank-z", option("wild-bootstrap", by="event"),
    "permutation", option("time-series", form="independent"),
]  # fmt: skip
FEW = ["bmp", "kp", "kp-overlap", "adjusted-patell", "time-series", "corrado", "common-shift"]
NOT_FEW = [option("bmp", p="normal"), "grank-t", "grank-z", "corrado-zivney", "hall"]
NO_FLIPS = ["wilcoxon", "permutation", option("wild-bootstrap", by="event")]
INDUCED = ["patell", "adjusted-patell", "time-series", "common-shift"]
DAY, THREE, ELEVEN = (0, 0), (-1, 1), (-5, 5)

# situation, window, must hold 3.5-7 %, must be refused, class of the warning where a refused one is named
SECTION_5_6: dict[str, tuple] = {
    "N=1, L=1": ((1,), {}, DAY, ["car-t", "sq", "conformal"], ["wilcoxon", "sign", "bmp", "grank-t"], UserWarning),
    "N=1, L=3": ((1,), {}, THREE, ["car-t", "sq", "conformal"], ["wilcoxon", "sign", "bmp", "grank-t"], UserWarning),
    "N=1, L=11": ((1,), {}, ELEVEN, ["car-t", "conformal-block"], ["sq", "sq-studentised", "sq-ewma"], UserWarning),
    "N=2, independent": ((2,), {}, DAY, FEW, [*NOT_FEW, *NO_FLIPS], UserWarning),
    "N=5, independent": ((5,), {}, DAY, FEW, [*NOT_FEW, *NO_FLIPS], UserWarning),
    "N=9, independent": ((9,), {}, THREE, FEW, NOT_FEW, UserWarning),
    "N=20, independent": ((20,), {}, DAY, ALL_OF_20, ["hall"], UserWarning),
    "N=50, independent": ((50,), {"gap": 100}, THREE, ALL_OF_20, ["hall"], UserWarning),
    "N=20, raised variance": ((20,), {"loud": 2.5}, DAY, ["kp-overlap", "bmp", "grank-t"], INDUCED, UserWarning),
    "one date, N=5": ((5, 0), {"rho": 0.1}, DAY, ONE_DATE[:-1], NOT_ON_ONE[:3], ClusteringWarning),
    "one date, N=20": ((20, 0), {"rho": 0.1}, DAY, ONE_DATE, [*NOT_ON_ONE, "grank-t"], ClusteringWarning),
    "one date, N=50": ((50, 0), {"rho": 0.1}, THREE, [*ONE_DATE, "grank-t"], NOT_ON_ONE, ClusteringWarning),
    "partial overlap, N=5, L=1": ((5, 0, 11), {"rho": 0.3}, DAY, ["kp-overlap"], ["kp", "adjusted-patell"], OverlapWarning),
    "partial overlap, N=20, L=1": (
        (20, 0, 11), {"rho": 0.1}, DAY, ["kp-overlap", "calendar-time", "common-shift"], ["kp", "adjusted-patell"],
        OverlapWarning,
    ),
    "partial overlap, N=20, L=3": (
        (20, 0, 11), {"rho": 0.1}, THREE, ["kp-overlap", "calendar-time", "common-shift"],
        ["kp", "adjusted-patell", "grank-t", "corrado", "time-series", "bmp", "patell"], OverlapWarning,
    ),
    "partial overlap, N=50, L=11": (
        (50, 0, 11), {"rho": 0.1, "m": 500}, ELEVEN,
        ["kp-overlap", "calendar-time", option("kp", overlap=True), option("adjusted-patell", overlap=True)],
        ["common-shift", "kp", "grank-t", "corrado", "time-series"], OverlapWarning,
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", SECTION_5_6)
def test_what_must_hold_is_offered_and_what_must_be_refused_is_refused(row: str) -> None:
    (n, *places), settings, window, hold, refuse, sort = SECTION_5_6[row]
    result = study(n, *places, **settings)
    sample = result.sample(window)
    assert {str(name): advise(name, sample) for name in hold if advise(name, sample)} == {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        everything = result.test("all", windows=[window]).drop_duplicates("test").set_index("test")
        default = result.test(windows=[window])
    assert default["pvalue"].notna().all()
    assert not set(default["test"]) & set(refuse)
    for name in hold:
        assert callable(name) or everything.loc[name, "reason"] == "", name
    for name in refuse:
        if not callable(name):
            assert np.isnan(everything.loc[name, "pvalue"]), name
            assert everything.loc[name, "reason"], name
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            named = result.test(name, windows=[window]).iloc[0]
        if np.isnan(named["pvalue"]):  # undefined: there is nothing to warn of
            assert named["reason"], name
            assert told == [], name
        else:
            assert named["note"].startswith(advise(name, sample)), name
            assert [w.category for w in told] == [sort], name


SECTION_8: dict[str, tuple] = {
    "N=1": ((1,), {}, DAY, "sq", "conformal, car-t, sq-ewma"),
    "N=1, L=3": ((1,), {}, THREE, "sq-studentised", "conformal, car-t, sq-ewma"),
    "N=1, L=11": ((1,), {}, ELEVEN, "conformal-block", "car-t"),
    "N=1, L=11, M=500": ((1,), {"m": 500}, ELEVEN, "sq-studentised", "conformal, car-t, sq-ewma"),
    "N=2": ((2,), {}, DAY, "kp-overlap", "common-shift, corrado"),
    "N=9": ((9,), {}, THREE, "kp-overlap", "common-shift, corrado"),
    "N=10": ((10,), {}, DAY, "kp-overlap", "corrado"),
    "N=20": ((20,), {}, THREE, "kp-overlap", "corrado, grank-t"),
    "N=30": ((30,), {"gap": 100}, DAY, "kp-overlap", "grank-t"),
    "one date, N=2": ((2, 0), {}, DAY, "kp", "common-shift, time-series"),
    "one date, N=20": ((20, 0), {}, THREE, "kp", "common-shift, time-series"),
    "one date, N=60": ((60, 0), {}, DAY, "kp", "common-shift, time-series"),
    "overlap, N=5, L=3": ((5, 0, 4), {}, THREE, "kp-overlap", "calendar-time"),
    "overlap, N=30, L=2": ((30, 0, 11), {}, (0, 1), "kp-overlap", "calendar-time"),
    "overlap, N=20, L=3": ((20, 0, 11), {}, THREE, "kp-overlap", "calendar-time"),
    "overlap, N=40, L=11": ((40, 0, 11), {}, ELEVEN, "kp-overlap", "calendar-time"),
    "overlap, N=40, L=1": ((40, 0, 11), {}, DAY, "kp-overlap", "grank-t"),
    "N=5, raised variance": ((5,), {"loud": 6.0}, DAY, "kp-overlap", ""),
    "N=20, raised variance": ((20,), {"loud": 2.5}, DAY, "kp-overlap", "grank-t"),
    "one date, raised variance": ((20, 0), {"loud": 2.5}, DAY, "kp", ""),
}


@pytest.mark.parametrize("row", SECTION_8)
def test_what_is_recommended(row: str) -> None:
    (n, *places), settings, window, test, beside = SECTION_8[row]
    result = study(n, *places, **settings)
    advice = result.recommended(windows=[window]).iloc[0]
    assert (advice["test"], advice["beside"]) == (test, beside)
    ran = list(dict.fromkeys(result.test(windows=[window])["test"]))
    assert ran == [test, *filter(None, beside.split(", "))]
    assume = [name for name in ran if name in ("common-shift", "corrado", "time-series")]
    said = f"; {' and '.join(assume)} assume no raised variance, which so few cannot show"
    assert advice["reason"].endswith(said) == (1 < n < 10 and bool(assume))
    assert advice["reason"].startswith("one event" if n == 1 else f"{n} ")
    assert len(advice["reason"]) < 170, "one sentence"


def test_thousands_of_events_are_clustered_by_date_and_firm(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = Facts(1000, 1, False, 0.1, False, 900, 250)
    assert recommend_for(apart).beside == ("grank-t", "calendar-time", "clustered")
    assert "clustered" not in recommend_for(replace(apart, n=999)).beside
    monkeypatch.setattr(advice, "MANY", 40)
    result = study(40, gap=25)
    row = result.test().set_index("test").loc["clustered"]
    assert row["pvalue"] == bt.TESTS["clustered"](result.sample(), by="both").pvalue  # type: ignore[call-arg]
    assert row["note"] == "clustered by date and by firm"


@pytest.mark.parametrize("n", [1, 2, 9, 10])
def test_few_events_cannot_show_a_raised_variance_and_the_rows_say_so(n: int) -> None:
    result = study(n)
    assumes = {"time-series", "patell", "adjusted-patell", "calendar-time-std", "corrado", "cumrank", "common-shift"}
    if n == 1:
        assumes |= {"car-t", "sq", "sq-studentised", "sq-ewma", "conformal", "conformal-block", "max", "scan"}
    said = f"assumes no raised variance, which {'one event' if n == 1 else f'{n} events'} cannot show"
    for table in (result.test("all"), result.test(*sorted(assumes))):
        noted = set(table.loc[table["note"].str.contains("raised variance"), "test"])
        assert noted == (assumes if n < 10 else set())
        assert set(table.loc[table["note"].str.contains("raised variance"), "note"]) <= {said}
    loud = study(9, loud=4.0)
    assert facts(loud.sample()).induced
    assert not loud.test("all")["note"].str.contains("cannot show").any(), "they are refused"


def test_raised_variance_refuses_what_assumes_none() -> None:
    sample = study(20).sample()
    loud = replace(sample, ar=3.0 * sample.ar)
    assert facts(loud).induced
    for name in ("patell", "adjusted-patell", "time-series", "corrado", "cumrank", "common-shift", "calendar-time-std"):
        assert advise(name, loud) == "the event raises the variance: rejects too often; use kp-overlap"
    for name in ("kp-overlap", "bmp", "grank-t", "cross-sectional", "wilcoxon"):
        assert advise(name, loud) == ""


def test_one_event_cannot_tell_raised_variance_and_the_advice_says_so() -> None:
    for window in ((0, 0), (-1, 1), (-5, 5)):
        assert recommend(study(1).sample(window)).reason.endswith("the variance cannot be told from an effect")


def test_an_option_that_no_rule_names_keeps_the_rules_of_its_test() -> None:
    sample = study(50, 0).sample()
    assert advise(partial(bt.TESTS["bmp"], p="t"), sample) == advise("bmp", sample) != ""
    assert advise(lambda s: s, sample) == ""
