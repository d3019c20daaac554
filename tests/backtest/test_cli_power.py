"""`backtest power` and the design at hand: answers known from the theory of the t test."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nct, t

from backtest.design import described, designs, planned, power_curve, raised_variance, table_of
from backtest.errors import AlignmentError, SchemaError
from backtest.power import Scenario, draw
from backtest.study import EventStudy
from backtest.testing import price_panel


def test_planned_prints_size_and_least_effect(call):
    done = call("power", "--n", "12", "--test", "bmp", "--test", "cross-sectional", "--replications", "100")
    assert (done.code, done.err) == (0, "")
    assert [line.split()[:3] for line in done.out.splitlines()[1:3]] == [
        ["planned", "bmp", "12"],
        ["planned", "cross-sectional", "12"],
    ]
    assert max(map(len, done.out.splitlines())) <= 80
    assert "found in four of five studies" in done.out


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
    assert found["near"].scenario.m == pytest.approx(250, abs=1)
    assert found["near"].sd == pytest.approx(0.012, rel=0.2)
    assert found["near"].recommended
    assert {d.kind: d.scenario.spread for d in designs(crowded, (0, 0))} == {"near": 0, "far": 0, "one": 0}
    assert [d.kind for d in designs(crowded, (0, 0), ("far",))] == ["far"]


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


def test_one_planned_event_gets_the_tests_of_one_event(call):
    done = call("power", "--n", "1", "--replications", "60", "--estimation", "-130", "-11", "--json")
    told = json.loads(done.out)
    assert [row["test"] for row in told["power"]] == ["sq", "conformal", "car-t", "sq-ewma"]
    assert told["designs"] == [
        "planned: 1 event, windows of 1 day, 120 estimation days, residual sd 2.2 %, shocks with tails of t(4)"
    ]
    raised = call("power", "--n", "6", "--induced", "1", "--tails", "5", "--replications", "50", "--test", "bmp")
    assert "variance of the event raised by 100 %" in " ".join(raised.out.split())
    assert "tails of t(5)" in " ".join(raised.out.split())
    assert max(map(len, raised.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": 0}, r"n=0: a study needs one event or more"),
        ({"induced": -0.5}, r"induced=-0.5: by what share the event raises the variance"),
        ({"tails": 2}, r"tails=2: degrees of freedom of the shocks, 3 or more, or 0"),
        ({"m": 5}, r"5 estimation days are too few to simulate; give 10 or more"),
        ({"rho": 1.0}, r"rho=1.0: a correlation of residuals lies in \[0, 1\)"),
        ({"sd": 0.0}, r"sd=0.0, spread=0: give a positive standard deviation"),
        ({"spread": -1}, r"spread=-1: give a positive standard deviation and a spread of 0"),
    ],
)
def test_plans_that_make_no_sense(change, words):
    with pytest.raises(SchemaError, match=words):
        planned(**{"n": 5, "window": (0, 0), "spread": 0, "rho": 0.0, "sd": 0.02, **change})


def test_power_of_events_writes_tables_and_pictures(call, market, tmp_path):
    events = pd.read_csv(market / "events.csv").assign(kind="warning")
    events.to_csv(tmp_path / "two.csv", index=False)
    done = call(
        "power", "two.csv", "--prices", market / "prices.csv", "--benchmark", "MKT", "--replications", "50", "--effect",
        "0.02", "--test", "bmp", "--out", "out", "--window", "0:1",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "warning  bmp" in done.out
    assert "power" in done.out.splitlines()[0]
    assert {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()} == {
        "power.csv", "power_curve.csv", "plots/power.png", "plots/power.svg",
    }  # fmt: skip
    table = pd.read_csv(tmp_path / "out" / "power.csv")
    assert table["power"].between(0, 1).all()
    told = json.loads(call("power", "--n", "5", "--test", "bmp", "--replications", "50", "--json").out)
    assert told["power"][0]["test"] == "bmp"
    assert told["power"][0]["source"] == "simulation"
    assert call("power", "--n", "5", "--test", "bmp", "--replications", "50", "--format", "md").out.startswith(
        "| kind |"
    )


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (("--n", "0"), 1, "n=0: a study needs one event or more"),
        (("--n", "5", "--tails", "1"), 1, "tails=1: degrees of freedom of the shocks"),
        (("--n", "5", "--induced", "-1"), 2, "Input should be greater"),
        (("--n", "5", "--estimation", "-12", "-11"), 1, "2 estimation days are too few to simulate"),
        (("--n", "5", "--test", "bpm"), 1, "unknown test 'bpm'; did you mean 'bmp'?"),
        (("--n", "5", "--window", "x"), 2, "'x' is no window"),
        (("--n", "5", "--window", "3"), 1, "window=(3, 3): it must hold day 0"),
        (("--n", "5", "--window", "5:1"), 1, "window=(5, 1): it must hold day 0"),
        (("--n", "5", "--replications", "3"), 2, "50"),
    ],
)
def test_bad_input(call, flags, code, words):
    done = call("power", *flags)
    assert done.code == code
    assert words in " ".join(done.err.replace("│", " ").split())


def test_random_dates_of_the_prices_and_the_recommended_test(call, market, tmp_path):
    events = pd.read_csv(market / "events.csv").assign(kind="warning")
    events.to_csv(tmp_path / "two.csv", index=False)
    own = ("power", "two.csv", "--prices", market / "prices.csv", "--benchmark", "MKT", "--replications", "50")
    done = call(*own, "--event", "0", "0", "--placebo", "--test", "bmp", "--json")
    assert done.code == 0, done.err
    row = json.loads(done.out)["power"][0]
    assert (row["source"], row["n"], row["kind"]) == ("placebo", 2, "warning")
    shown = call(*own)
    assert "* the test that is recommended for this group" in shown.out
    assert call(*own, "--test", "bmp", "--quiet").out == ""
    planned_on_them = json.loads(
        call(*own, "--event", "0", "0", "--n", "3", "--placebo", "--test", "bmp", "--json").out
    )
    row = planned_on_them["power"][0]
    assert (row["source"], row["n"], row["kind"], planned_on_them["designs"]) == ("placebo", 3, "planned", [])
