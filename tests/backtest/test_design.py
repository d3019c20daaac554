"""The design at hand: read off events or only planned, which tests it calls for, and what they can find in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nct, t

from backtest.design import described, design_of, designs, planned, power_curve, raised_variance, table_of
from backtest.drawing import Scenario, draw
from backtest.errors import AlignmentError, SchemaError
from backtest.inference.advice import Facts, facts
from backtest.study import EventStudy
from backtest.testing import price_panel


def marked(design):
    """Return the tests in their order, * for the recommended one, + for those beside it, (r) for a refused one."""
    advice = design.advice
    marks = dict.fromkeys(advice.beside, "+") | {advice.test: "*"}
    return " ".join(f"{name}{'(r)' if design.objection(name) else marks.get(name, '')}" for name in design.tests())


FEW = "bmp cross-sectional grank-t(r) generalised-sign(r)"


@pytest.mark.parametrize(
    ("plan", "tests"),
    [
        ({"n": 1}, "sq* conformal+ car-t+ sq-ewma+"),
        ({"n": 1, "window": (-1, 1)}, "sq-studentised* conformal+ car-t+ sq-ewma+ sq"),
        ({"n": 1, "window": (-5, 5)}, "conformal-block* car-t+ sq(r) conformal sq-ewma(r)"),
        ({"n": 1, "window": (-5, 5), "m": 500}, "sq-studentised* conformal+ car-t+ sq-ewma+ sq"),
        ({"n": 5}, f"kp-overlap* common-shift+ corrado+ {FEW}"),
        ({"n": 5, "induced": 1.0}, f"kp-overlap* {FEW.replace('grank', 'corrado(r) grank')} common-shift(r)"),
        ({"n": 12}, "kp-overlap* corrado+ bmp cross-sectional grank-t(r) generalised-sign common-shift"),
        ({"n": 20}, "kp-overlap* corrado+ grank-t+ bmp cross-sectional generalised-sign common-shift"),
        ({"n": 40}, "kp-overlap* grank-t+ bmp cross-sectional corrado generalised-sign common-shift"),
        ({"n": 40, "induced": 1.0},
         "kp-overlap* grank-t+ bmp cross-sectional corrado(r) generalised-sign common-shift(r)"),
        ({"n": 20, "spread": 1, "rho": 0.1},
         "kp* common-shift+ time-series+ bmp(r) cross-sectional(r) corrado grank-t(r) generalised-sign(r)"),
        ({"n": 20, "spread": 11, "rho": 0.1, "window": (-1, 1)},
         "kp-overlap* calendar-time+ bmp(r) cross-sectional(r) corrado(r) grank-t(r) generalised-sign(r) common-shift"),
        ({"n": 20, "spread": 11, "rho": 0.1, "window": (-5, 5)},
         "kp-overlap* calendar-time+ bmp(r) cross-sectional(r) corrado(r) grank-t(r) generalised-sign(r) common-shift(r)"),
    ],
)  # fmt: skip
def test_a_plan_calls_for_the_recommended_tests_and_marks_those_refused(plan, tests):
    assert marked(planned(**{"window": (0, 0), "spread": 0, "rho": 0.0, "sd": 0.02, **plan})) == tests


def test_plans_foresee_how_many_windows_share_a_day():
    """Against the mean over simulated samples."""
    for n, spread, window in ((12, 11, (-1, 1)), (5, 4, (0, 0)), (30, 60, (-5, 5)), (3, 1, (0, 1))):
        design = planned(n, window, spread, 0.1, 0.02)
        seen = [facts(sample) for sample in draw(design.scenario, 200, 1)]
        assert design.facts.shared == pytest.approx(np.mean([f.shared for f in seen]), rel=0.06)
        assert design.facts.clusters == pytest.approx(np.mean([f.clusters for f in seen]), abs=0.6)
        assert design.facts.same_date == seen[0].same_date
    assert planned(6, (0, 0), 0, 0.0, 0.02).facts == Facts(6, 1, False, 0.0, False, 6, 250)


def test_least_effect_is_that_of_the_t_test():
    """Twenty independent events: the cross-sectional t test has the power of the noncentral t distribution."""
    design = planned(20, (0, 0), 0, 0.0, 0.02)
    row = table_of(design, ("cross-sectional",), replications=600, seed=3).iloc[0]
    limit = t.ppf(0.975, 19)
    effects = np.linspace(0, 0.05, 400)
    sd = 0.02 * np.exp(0.35**2)  # root mean square of the lognormal levels of volatility
    power = 1 - nct.cdf(limit, 19, effects * np.sqrt(20) / sd) + nct.cdf(-limit, 19, effects * np.sqrt(20) / sd)
    assert row["minimum_effect"] == pytest.approx(effects[np.argmax(power >= 0.8)], rel=0.15)
    assert row["size"] == pytest.approx(0.05, abs=3 * 0.009 + 0.01)
    # Shares of very different volatility and fat tails: small effects are found somewhat more often than in theory.
    assert row["power"] == pytest.approx(np.interp(0.01, effects, power) + 0.06, abs=0.1)


def test_effects_scale_with_the_volatility_of_the_shares():
    rows = [
        table_of(planned(10, (0, 0), 0, 0.0, sd), ("cross-sectional",), effect=sd / 2, replications=100).iloc[0]
        for sd in (0.01, 0.04)
    ]
    assert rows[1]["minimum_effect"] == pytest.approx(4 * rows[0]["minimum_effect"], rel=1e-9)
    assert (rows[1]["size"], rows[1]["power"]) == (rows[0]["size"], rows[0]["power"])
    assert [row["effect"] for row in rows] == [0.005, 0.02]


def test_the_curve_begins_at_the_size_and_rises():
    design = planned(10, (0, 0), 0, 0.0, 0.02)
    curve = power_curve(design, ("bmp", "corrado"), replications=150)
    table = table_of(design, ("bmp", "corrado"), replications=150).set_index("test")
    assert curve[curve["effect"] == 0].set_index("test")["rejected"].to_dict() == table["size"].to_dict()
    assert curve.groupby("test")["rejected"].apply(lambda x: x.is_monotonic_increasing).all()


@pytest.fixture(scope="module")
def crowded():
    """Return the result of six events in two shares, three and three on neighbouring days."""
    panel = price_panel(noise=0.012, seed=11, sessions=450)
    days = panel.prices.close.index[[300, 301, 302, 340, 341, 400]]
    events = pd.DataFrame(
        {"asset": ["AAA", "BBB"] * 3, "event_time": days, "kind": ["near"] * 3 + ["far"] * 2 + ["one"]}
    )
    return EventStudy().run(events, panel.prices)


def test_designs_of_a_result(crowded):
    found = {d.kind: d for d in designs(crowded, (0, 1))}
    assert set(found) == {"near", "far", "one"}
    assert (found["one"].scenario.n, found["one"].scenario.spread) == (1, 0)
    assert (found["near"].scenario.n, found["near"].scenario.spread) == (3, 3)
    assert found["near"].scenario.days == (0, 1, 2)
    assert found["near"].scenario.m == pytest.approx(250, abs=1)
    assert found["near"].sd == pytest.approx(0.012, rel=0.2)
    assert found["near"].recommended
    assert {d.kind: d.scenario.spread for d in designs(crowded, (0, 0))} == {"near": 0, "far": 0, "one": 0}
    assert [d.kind for d in designs(crowded, (0, 0), ("far",))] == ["far"]


@pytest.mark.parametrize("window", [(0, 0), (-1, 1)])
def test_a_design_read_off_a_sample_gives_back_what_it_was_drawn_from(window):
    """The correlation is that of one day, not thinned by the pairs that share none."""
    made = Scenario(60, window, spread=11, rho=0.3, m=200, gap=4)
    for seed in range(3):
        sample = draw(made, 1, seed)[0]
        got = design_of(sample, "x", 4, induced=0.0).scenario
        assert (got.n, got.window, got.m, got.gap, got.induced) == (60, window, 200, 4, 0.0)
        assert got.rho == pytest.approx(0.3, abs=0.1)
        assert sorted(got.days) == sorted(sample.days[:, sample.columns.start] - sample.days.min())
        (again,) = draw(got, 1, 5)
        assert facts(again).shared == pytest.approx(facts(sample).shared)
        assert facts(again).clusters == facts(sample).clusters


def test_two_distant_dates_are_simulated_as_two_dates():
    """Five events on each of two days, a year apart: a test that takes them for independent rejects too often."""
    made = Scenario(10, rho=0.3, m=120, days=(0,) * 5 + (300,) * 5)
    design = design_of(draw(made, 1, 1)[0], "x", 5)
    assert "2 dates within 127 days" in described(design)
    rows = table_of(design, ("bmp", "kp-overlap"), replications=300).set_index("test")
    assert rows.loc["bmp", "size"] > 0.1 > rows.loc["kp-overlap", "size"]
    assert rows.loc["bmp", "note"].startswith("windows overlap: rejects too often")


def test_an_induced_variance_of_the_users_own_decides_what_is_refused():
    sample = draw(Scenario(30, m=120, tails=0), 1, 2)[0]
    assert design_of(sample, "x", 5).objection("corrado") == ""
    assert "raises the variance" in design_of(sample, "x", 5, induced=1.0).objection("corrado")
    assert "grank-t" in design_of(sample, "x", 5).tests(refused=False)
    assert "corrado" not in design_of(sample, "x", 5, induced=1.0).tests(refused=False)


def test_designs_that_do_not_exist(crowded):
    with pytest.raises(SchemaError, match=r"no group 'two'; there are near, far, one"):
        designs(crowded, (0, 0), ("two",))
    panel = price_panel(noise=0.012, seed=11)
    lone = EventStudy().run(panel.events.iloc[:1], panel.prices)
    gone = panel.prices.close.copy()
    gone.loc[lone.audit["day0"].iloc[0] + pd.Timedelta(days=1) :, lone.events["asset"].iloc[0]] = np.nan
    cut = EventStudy().run(panel.events.iloc[:1], replace(panel.prices, close=gone))
    with pytest.raises(AlignmentError, match=r"no event has all days of the window \(0, 3\); name another window"):
        designs(cut, (0, 3))


def test_the_variance_that_the_event_raises_is_read_off_the_events():
    rng = np.random.default_rng(5)
    sample = draw(Scenario(60, (0, 1), m=120, tails=0), 1, 3)[0]
    assert raised_variance(sample) == 0.0
    wild = replace(sample, ar=sample.ar + rng.normal(0, 3.0, (60, 1)) * np.sqrt(sample.s2)[:, None] * [1.0, 0.0])
    ratio = wild.scar.var(ddof=1) / (118 / 116)
    assert raised_variance(wild) == pytest.approx(2 * (ratio - 1), rel=1e-12)
    assert raised_variance(wild) == pytest.approx(9.0, rel=0.5)


def test_raised_variance_and_tails_reach_the_simulation():
    calm, wild = (planned(20, (0, 0), 0, 0.0, 0.02, induced=x) for x in (0.0, 3.0))
    rows = [table_of(one, ("bmp", "patell"), replications=300).set_index("test") for one in (calm, wild)]
    assert rows[1].loc["patell", "size"] > 0.2 > 2 * rows[0].loc["patell", "size"], "Patell knows no raised variance"
    assert rows[1].loc["bmp", "size"] < 0.12
    assert rows[1].loc["bmp", "minimum_effect"] > 1.4 * rows[0].loc["bmp", "minimum_effect"]
    normal = draw(replace(calm.scenario, tails=0), 40, 0)
    fat = draw(calm.scenario, 40, 0)
    fourth = [np.mean([((s.residuals.z**4).mean()) for s in samples]) for samples in (normal, fat)]
    assert 2.8 < fourth[0] < 3.8 < fourth[1]


def test_a_design_in_words():
    words = described(planned(9, (0, 1), 1, 0.1, 0.022, 240, 10, 1.0, 0))
    assert words == (
        "planned: 9 events, one common date, windows of 2 days, 240 estimation days, residual sd 2.2 %, correlation 0.10, "
        "variance of the event raised by 100 %, normal shocks"
    )
    assert "dates within 8 days" in described(planned(2, (0, 0), 8, 0.1, 0.02))
    assert described(planned(1, (0, 0), 0, 0.0, 0.02)) == (
        "planned: 1 event, windows of 1 day, 250 estimation days, residual sd 2.0 %, shocks with tails of t(4)"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": 0}, r"n=0: a study needs one event or more"),
        ({"induced": -0.5}, r"induced=-0.5: by what share the event raises the variance"),
        ({"tails": 2}, r"tails=2: degrees of freedom of the shocks, 3 or more, or 0"),
        ({"m": 5}, r"5 estimation days are too few to simulate; give 10 or more"),
        ({"rho": 1.0}, r"rho=1.0: a correlation of residuals lies in \[0, 1\)"),
        ({"induced": np.inf}, r"induced=inf: by what share the event raises the variance"),
        ({"sd": np.inf}, r"sd=inf, spread=0: give a positive standard deviation"),
        ({"n": 10_001}, r"n=10001, spread=0: at most 10000 events within 3000 days can be simulated"),
        ({"spread": 3001}, r"n=5, spread=3001: at most 10000 events within 3000 days can be simulated"),
        ({"sd": 0.0}, r"sd=0.0, spread=0: give a positive standard deviation"),
        ({"spread": -1}, r"spread=-1: give a positive standard deviation and a spread of 0"),
    ],
)
def test_plans_that_make_no_sense(change, words):
    with pytest.raises(SchemaError, match=words):
        planned(**{"n": 5, "window": (0, 0), "spread": 0, "rho": 0.0, "sd": 0.02, **change})
