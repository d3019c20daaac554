"""`backtest power` and the design at hand: answers known from the theory of the t test."""

import json

import numpy as np
import pandas as pd
import pytest

from backtest.prices.files import names_in


def test_planned_prints_size_and_least_effect(call):
    done = call("power", "--n", "12", "--test", "bmp", "--test", "cross-sectional", "--replications", "100")
    assert (done.code, done.err) == (0, "")
    assert [line.split()[:3] for line in done.out.splitlines()[1:3]] == [
        ["planned", "bmp", "12"],
        ["planned", "cross-sectional", "12"],
    ]
    assert max(map(len, done.out.splitlines())) <= 80
    assert "found in four of five studies" in done.out


def test_the_printed_tests_are_those_recommended_and_the_refused_are_marked(call):
    done = call("power", "--n", "12", "--spread", "1", "--rho", "0.1", "--replications", "50")
    assert (done.code, done.err) == (0, "")
    rows = [line for line in done.out.splitlines() if line.startswith("planned ")]
    assert [row.removeprefix("planned").split("  ")[1].strip() for row in rows] == [
        "kp*", "common-shift+", "time-series+", "bmp (r)", "cross-sectional (r)", "corrado", "grank-t (r)",
        "generalised-sign (r)",
    ]  # fmt: skip
    assert max(map(len, done.out.splitlines())) <= 80
    told = " ".join(done.out.split())
    assert "* the test that is recommended for this group, + those to be read beside it" in told
    assert "read beside it 12 events on one date: their correlation is in the test" in told
    assert "(r) refused here: bmp, cross-sectional, generalised-sign: all events share one date" in told
    assert "(r) refused here: grank-t: 12 events, needs 20: rejects too often in small samples" in told
    named = call("power", "--n", "5", "--replications", "50", "--test", "wilcoxon", "--test", "kp-overlap").out
    assert [line.split("  ")[1] for line in named.splitlines()[1:3]] == ["wilcoxon (r)", "kp-overlap*"]


def test_rows_for_machines_say_which_test_is_refused_and_why(call):
    told = json.loads(call("power", "--n", "8", "--spread", "1", "--rho", "0.1", "--replications", "50", "--json").out)
    rows = {row["test"]: row for row in told["power"]}
    assert told["reasons"]["planned"].startswith("8 events on one date: their correlation is in the test")
    assert [name for name, row in rows.items() if row["recommended"]] == ["kp"]
    assert {name: row["role"] for name, row in rows.items() if row["role"] != "context"} == {
        "kp": "headline", "common-shift": "beside", "time-series": "beside",
    }  # fmt: skip
    assert rows["kp"]["note"] == rows["common-shift"]["note"] == ""
    assert rows["bmp"]["note"].startswith("all events share one date and move together: rejects far too often")
    assert rows["grank-t"]["note"].startswith("8 events, needs 20")
    assert rows["bmp"]["refused"] == 1.0


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
        (("--n", "5", "--seed", "-1"), 2, "Input should be greater"),
        (("--n", "5", "--effect", "nan"), 1, "effect=nan: give a return, 0.02 is 2 %"),
        (("--n", "5", "--sd", "inf"), 1, "sd=inf, spread=0: give a positive standard deviation"),
        (("--n", "5", "--placebo", "--prices", "none.csv"), 1, "no such file or folder: none.csv"),
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


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--n", "3", "--kind", "x"), "--kind will not be used: a plan with --n is one group"),
        (
            ("--n", "3", "--rho", "0.1"),
            "--rho will not be used: no two events share a day; give a --spread of 1 or more days",
        ),
        (("two.csv", "--n", "3"), "the events will not be used: a plan with --n needs no data; add --placebo"),
        (("two.csv", "--spread", "3"), "--spread will not be used: it is for a plan with --n; here the events show it"),
        (
            ("two.csv", "--placebo", "--tails", "3"),
            "--tails will not be used: random dates of real prices have their own",
        ),
        (("--n", "2", "--placebo", "--induced", "1"), "--induced will not be used: random dates of real prices"),
    ],
)
def test_flags_that_change_nothing_are_named(call, market, tmp_path, flags, words):
    pd.read_csv(market / "events.csv").assign(kind="warning").to_csv(tmp_path / "two.csv", index=False)
    own = (
        "--prices",
        market / "prices.csv",
        "--benchmark",
        "MKT",
        "--event",
        "0",
        "0",
        "--test",
        "bmp",
        "--replications",
        "50",
    )
    done = call("power", *flags, *own)
    assert done.code == 0, done.err
    assert f"warning: {words}" in done.err
    assert done.err.count("will not be used") == 1


def test_random_dates_of_all_shares_in_a_file_need_no_events(call, market, tmp_path):
    """Nine shares with a common date each time; a draw of nine takes every share but the benchmark."""
    frame = pd.read_csv(market / "prices.csv", index_col=0)
    rng = np.random.default_rng(0)
    for k in range(9 - (len(frame.columns) - 1)):
        frame[f"S{k}"] = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, len(frame))))
    frame.to_csv(tmp_path / "wide.csv")
    flags = (
        "--n",
        "9",
        "--spread",
        "1",
        "--placebo",
        "--prices",
        "wide.csv",
        "--benchmark",
        "MKT",
        "--event",
        "0",
        "0",
    )
    done = call("power", *flags, "--test", "kp", "--replications", "60", "--out", "out", "--json")
    assert (done.code, "could be used" in done.err) == (0, False), done.err
    row = json.loads(done.out)["power"][0]
    assert (row["source"], row["n"], row["role"]) == ("placebo", 9, "headline")
    # The picture is drawn from the same random dates as the table.
    curve = pd.read_csv(tmp_path / "out" / "power_curve.csv")
    assert curve.loc[curve["effect"] == 0, "rejected"].item() == pytest.approx(row["size"])


def test_names_of_the_shares_in_files(tmp_path):
    frame = pd.DataFrame(
        {"AAA": [1.0, 2.0], "BBB": [1.0, 2.0]}, index=pd.Index(["2020-01-01", "2020-01-02"], name="date")
    )
    frame.to_csv(tmp_path / "wide.csv")
    frame["AAA"].to_frame("price").to_csv(tmp_path / "X.L.csv")
    frame["AAA"].to_frame("close").to_csv(tmp_path / "Y.L.csv")
    pd.DataFrame({"date": "2020-01-01", "ticker": ["P", "Q", "P"], "close": 1.0}).to_csv(
        tmp_path / "long.csv", index=False
    )
    assert sorted(names_in(tmp_path)) == ["AAA", "BBB", "P", "Q", "X.L", "Y.L"]
    assert names_in(tmp_path / "wide.csv") == ["AAA", "BBB"]
    assert names_in(tmp_path / "long.csv") == ["P", "Q"]


def test_reasons_of_several_groups_name_them(call, market, tmp_path):
    events = pd.read_csv(market / "events.csv").drop(columns="event_id")
    pd.concat([events.assign(kind="one"), events.assign(kind="two")]).to_csv(tmp_path / "four.csv", index=False)
    done = call(
        "power", "four.csv", "--prices", market / "prices.csv", "--benchmark", "MKT", "--event", "0", "0", "--replications",
        "50", "--test", "wilcoxon",
    )  # fmt: skip
    assert "(r) refused here: wilcoxon (one, two): 2 events, needs 6: cannot reject" in " ".join(done.out.split())
