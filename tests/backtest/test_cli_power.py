"""`backtest power` and the design at hand: answers known from the theory of the t test."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nct, t

from backtest.design import Design, designs, planned, power_curve, summarise
from backtest.errors import AlignmentError, SchemaError
from backtest.power import Scenario
from backtest.study import EventStudy
from backtest.testing import price_panel


def test_planned_prints_size_and_least_effect(call):
    done = call("power", "--n", "12", "--test", "bmp", "--test", "cross-sectional", "--replications", "100")
    assert (done.code, done.err) == (0, "")
    assert [line.split()[:3] for line in done.out.splitlines()[1:3]] == [
        ["planned", "bmp", "12"],
        ["planned", "cross-sectional", "12"],
    ]
    assert max(map(len, done.out.splitlines())) <= 100
    assert "found in four of five studies" in done.out


def test_least_effect_is_that_of_the_t_test():
    """Twenty independent events: the cross-sectional t test has the power of the noncentral t distribution."""
    design = planned(20, (0, 0), 0, 0.0, 0.02)
    curve = power_curve(design, ("cross-sectional",), replications=600, seed=3)
    row = summarise(curve, design).iloc[0]
    limit = t.ppf(0.975, 19)
    effects = np.linspace(0, 0.05, 400)
    sd = 0.02 * np.exp(0.35**2)  # root mean square of the lognormal levels of volatility
    power = 1 - nct.cdf(limit, 19, effects * np.sqrt(20) / sd) + nct.cdf(-limit, 19, effects * np.sqrt(20) / sd)
    assert row["minimum_effect"] == pytest.approx(effects[np.argmax(power >= 0.8)], rel=0.15)
    assert row["size"] == pytest.approx(0.05, abs=3 * 0.009 + 0.01)
    assert curve.groupby("test")["rejected"].apply(lambda x: x.is_monotonic_increasing).all()


def test_effects_scale_with_the_volatility_of_the_shares():
    tests, tables = ("cross-sectional",), []
    for sd in (0.01, 0.04):
        design = planned(10, (0, 0), 0, 0.0, sd)
        tables.append(summarise(power_curve(design, tests, replications=100), design).iloc[0])
    assert tables[1]["minimum_effect"] == pytest.approx(4 * tables[0]["minimum_effect"], rel=1e-9)
    assert tables[1]["size"] == tables[0]["size"]


def test_power_at_an_effect_that_is_asked_for():
    design = planned(10, (0, 0), 0, 0.0, 0.02)
    curve = power_curve(design, ("bmp",), (0.013,), replications=100)
    here = curve.loc[curve["effect"] == 0.013, "rejected"].iloc[0]
    assert summarise(curve, design, 0.013)["power"].iloc[0] == here


def test_an_effect_that_is_never_found_is_missing():
    curve = pd.DataFrame({
        "kind": "k", "test": "a", "n": 2, "effect": [0.0, 0.1], "rejected": [0.05, 0.3], "se": 0.0, "refused": 0.0,
    })  # fmt: skip
    design = Design("k", Scenario(2), 0.02)
    assert np.isnan(summarise(curve, design)["minimum_effect"].iloc[0])
    sure = curve.assign(rejected=[0.9, 1.0])
    assert summarise(sure, design)["minimum_effect"].iloc[0] == 0.0
    half = curve.assign(rejected=[0.6, 1.0])
    assert summarise(half, design)["minimum_effect"].iloc[0] == pytest.approx(0.05)


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
    assert set(found) == {"near", "far"}, "a single event has no group test"
    assert (found["near"].scenario.n, found["near"].scenario.spread) == (3, 3)
    assert found["near"].scenario.m == pytest.approx(250, abs=1)
    assert found["near"].sd == pytest.approx(0.012, rel=0.2)
    assert found["near"].recommended
    assert {d.kind: d.scenario.spread for d in designs(crowded, (0, 0))} == {"near": 0, "far": 0}
    assert [d.kind for d in designs(crowded, (0, 0), ("far",))] == ["far"]


def test_designs_that_do_not_exist(crowded):
    with pytest.raises(SchemaError, match=r"no group 'one' of two events or more; there are near, far"):
        designs(crowded, (0, 0), ("one",))
    panel = price_panel(noise=0.012, seed=11)
    lone = EventStudy().run(panel.events.iloc[:1], panel.prices)
    with pytest.raises(AlignmentError, match=r"no group has two events; a single event is judged .*'sq'"):
        designs(lone, (0, 0))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": 1}, r"n=1: size and power of a group need two events or more"),
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
    assert told["curve"][0]["effect"] == 0
    assert call("power", "--n", "5", "--test", "bmp", "--replications", "50", "--format", "md").out.startswith(
        "| kind |"
    )


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (("--n", "1"), 1, "n=1: size and power of a group need two events"),
        (("--n", "5", "--test", "bpm"), 1, "unknown test 'bpm'; did you mean 'bmp'?"),
        (("--n", "5", "--window", "x"), 2, "'x' is no window"),
        (("--n", "5", "--replications", "3"), 2, "50"),
    ],
)
def test_bad_input(call, flags, code, words):
    done = call("power", *flags)
    assert done.code == code
    assert words in " ".join(done.err.replace("│", " ").split())


def test_the_recommended_test_is_marked(call, market, tmp_path):
    events = pd.read_csv(market / "events.csv").assign(kind="warning")
    events.to_csv(tmp_path / "two.csv", index=False)
    done = call(
        "power", "two.csv", "--prices", market / "prices.csv", "--benchmark", "MKT", "--replications", "50", "--quiet"
    )
    assert (done.code, done.out) == (0, "")
