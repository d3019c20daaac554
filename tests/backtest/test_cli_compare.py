"""`backtest compare` and `--format`: two runs side by side, and tables for papers."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from backtest.compare import compare
from backtest.errors import StoreError
from backtest.report.text import to_markdown, to_tex


@pytest.fixture
def runs(call, market, tmp_path):
    """Return a function that makes a run in a folder with further flags."""

    def make(name, *flags, prices=None):
        place = prices or market / "prices.csv"
        done = call(
            "run",
            market / "events.csv",
            "--prices",
            place,
            "--benchmark",
            "MKT",
            "--panels",
            "0",
            "--out",
            name,
            "-q",
            *flags,
        )
        assert done.code == 0, done.err
        return tmp_path / name

    return make


def test_two_equal_runs_differ_in_nothing(call, runs):
    a, b = runs("a"), runs("b")
    found = compare(a, b)
    assert found.verdict == "All tables are identical."
    assert [len(t) for t in (found.config, found.versions, found.data, found.outputs)] == [0, 0, 0, 0]
    assert (found.answers["shift"] == 0).all()
    done = call("compare", "a", "b")
    assert (done.code, done.err) == (0, "")
    assert "All tables are identical." in done.out


def test_what_changed_is_named(call, runs, market, tmp_path):
    lines = (market / "prices.csv").read_text().splitlines()
    last = lines[-1].split(",")
    lines[310] = ",".join(
        [lines[310].split(",")[0], str(float(lines[310].split(",")[1]) * 1.05), *lines[310].split(",")[2:]]
    )
    (tmp_path / "other.csv").write_text("\n".join(lines) + "\n")
    assert len(last) == 4
    a, b = runs("a"), runs("b", "--event", "-3", "12", prices=tmp_path / "other.csv")
    found = compare(a, b)
    assert set(found.config["what"]) == {"event", "prices", "windows"}
    assert found.data[["what", "change"]].to_numpy().tolist() == [["prices of AAA", "changed"]]
    assert found.data["how"].str.fullmatch(r"sha256 [0-9a-f]{10} -> [0-9a-f]{10}").all()
    assert "tables differ, because of configuration (event, prices, windows)" in found.verdict
    assert "data (prices of AAA)" in found.verdict
    done = call("compare", "a", "b")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "event | [-5, 10] | [-3, 12]" in done.out
    said = json.loads(call("compare", "a", "b", "--json").out)
    assert said["verdict"] == found.verdict
    assert {row["kind"] for row in said["answers"]} == {"profit-warning", "guidance-raise"}
    assert {"events", "strategy", "altered"} <= set(said)
    assert "plots/" not in done.out


def test_a_kind_that_only_one_run_has(call, runs, market, tmp_path):
    one = tmp_path / "one.csv"
    one.write_text("\n".join((market / "events.csv").read_text().splitlines()[:2]) + "\n")
    runs("a")
    assert call("run", one, "--prices", market / "prices.csv", "--benchmark", "MKT", "--out", "b", "-q").code == 0
    found = compare(tmp_path / "a", tmp_path / "b")
    assert found.answers.set_index("kind").loc["guidance-raise"].isna()[["n_b", "effect_b", "shift"]].all()
    assert set(found.data["change"]) == {"only in the first", "only in the second"}
    assert "–" in call("compare", "a", "b").out


def test_events_that_came_went_or_moved_are_named(call, market, tmp_path):
    events = pd.read_csv(market / "events.csv")
    when = next(c for c in events if c in ("event_time", "date"))
    start = [str(value)[:10] for value in events[when].iloc[:2]]
    moved = f"{pd.Timestamp(start[0]) + pd.Timedelta(days=7):%Y-%m-%d}"
    dates = {"one": [*start, start[1]], "two": [moved, "1990-01-01", start[1]]}
    for name, ids in (("one", ["moves", "leaves", "old"]), ("two", ["moves", "leaves", "new"])):
        rows = pd.DataFrame(
            {"event_id": ids, "asset": events["asset"].iloc[0], "date": dates[name], "kind": ["a", "b", "c"]}
        )
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
        flags = ("--prices", market / "prices.csv", "--benchmark", "MKT", "--out", tmp_path / name)
        assert call("run", tmp_path / f"{name}.csv", *flags).code == 0
    found = compare(tmp_path / "one", tmp_path / "two")
    assert dict(found.events.itertuples(index=False)) == {
        "moves": f"day 0 {start[0]} -> day 0 {moved}",
        "leaves": f"day 0 {start[1]} -> dropped (before-first-session)",
        "old": "only in the first",
        "new": "only in the second",
    }
    assert "4 events differ" in found.verdict.casefold()
    assert "old | only in the first" in call("compare", "one", "two").out


def test_the_effect_of_a_change_is_said(runs):
    a, b = runs("a"), runs("b")
    found = compare(a, b)
    assert found.effect == "No answer moved by 0.05 % or more."
    shifted = found.answers.assign(shift=[0.0001, -0.02], pvalue_a=[0.2, 0.01], pvalue_b=[0.2, 0.2])
    said = replace(found, answers=shifted).effect
    assert said == (
        f"The largest shift of an answer is −2.0 % ({shifted['kind'].iloc[1]}); 1 answer changed sides of p = 0.05."
    )
    assert replace(found, answers=shifted.assign(shift=float("nan"), pvalue_a=float("nan"))).effect == ""


def test_trading_runs_are_compared_too(call, market, tmp_path):
    for name, cost in (("a", "0"), ("b", "50")):
        done = call(
            "trade", market / "events.csv", "--prices", market / "prices.csv", "--benchmark", "MKT", "--side", "1",
            "--entry", "next-close", "--cost-bps", cost, "--draws", "0", "--out", name, "-q",
        )  # fmt: skip
        assert done.code == 0, done.err
    found = compare(tmp_path / "a", tmp_path / "b")
    assert "strategy" in set(found.config["what"])
    net = found.strategy.set_index("measure").loc["net_mean"]
    assert net["value_a"] > net["value_b"]
    assert "gross_mean" not in set(found.strategy["measure"])
    assert (found.answers["shift"] == 0).all()
    assert "net_mean | " in call("compare", "a", "b").out


def test_files_changed_after_the_run_are_found(runs):
    a, b = runs("a"), runs("b")
    (b / "tests.csv").write_text("x\n")
    (b / "caar.csv").unlink()
    found = compare(a, b)
    assert found.altered == [str(b / "caar.csv"), str(b / "tests.csv")]
    assert "files changed after the run" in found.verdict


def test_versions_alone_can_differ(runs):
    a, b = runs("a"), runs("b")
    manifest = json.loads((b / "manifest.json").read_text())
    manifest["versions"]["numpy"] = "0.1"
    manifest["outputs"]["tests.csv"] = "0" * 64
    (b / "manifest.json").write_text(json.dumps(manifest))
    assert "versions (numpy)" in compare(a, b).verdict


def test_folders_without_a_run(call, runs, tmp_path):
    runs("a")
    done = call("compare", "a", "nowhere")
    assert done.code == 1
    assert "no manifest.json in nowhere; give the folder that `backtest run --out` wrote" in done.err
    (tmp_path / "a" / "answers.csv").unlink()
    with pytest.raises(StoreError, match=r"answers.csv cannot be read.*run `backtest run` again"):
        compare(tmp_path / "a", tmp_path / "a")


FRAME = pd.DataFrame(
    {"kind": ["a_b|c", "50% <x>"], "effect": [-0.0123, 0.5], "pvalue": [0.0001, float("nan")], "n": [3, 12]}
)


def test_markdown():
    assert to_markdown(FRAME, "simulated *prices*").splitlines() == [
        "| kind | effect | p | N |",
        "| :--- | ---: | ---: | ---: |",
        r"| a\_b\|c | −1.23 % | \< 0.001 | 3 |",
        r"| 50% \<x\> | +50.00 % | – | 12 |",
        "",
        r"*simulated \*prices\**",
    ]


def test_tex():
    assert to_tex(FRAME, "50 %").splitlines() == [
        r"% \usepackage{booktabs}",
        r"\begin{tabular}{lrrr}",
        r"\toprule",
        r"kind & effect & p & N \\",
        r"\midrule",
        r"a\_b|c & $-$1.23 \% & \textless{} 0.001 & 3 \\",
        r"50\% \textless{}x\textgreater{} & +50.00 \% & -- & 12 \\",
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\emph{50 \%}",
    ]


def test_formats_on_the_command_line(call, market):
    flags = (market / "events.csv", "--prices", market / "prices.csv", "--benchmark", "MKT")
    assert call("run", *flags, "--format", "md", "--panels", "0").out.startswith("| kind | from day |")
    tex = call("study", *flags, "--format", "tex", "--table", "events").out
    assert r"\begin{tabular}" in tex
    assert "event" in tex.splitlines()[3]
    bad = call("run", *flags, "--format", "mdd")
    assert (bad.code, bad.err) == (1, "error: unknown format 'mdd'; did you mean 'md'?\n")


@pytest.mark.parametrize(
    "word", ["[x]", "*x", r"\input{/etc/passwd}", "a & b", "50 % of $x_1^2$ #1 ~ {y}", "x\ny\r\nz"]
)
def test_no_word_is_a_command_in_tex(word):
    row = to_tex(pd.DataFrame({"kind": [word], "n": [1]})).splitlines()[5]
    cell, _, rest = row.rpartition(" & ")
    assert rest == r"1 \\"
    assert cell
    bare = cell
    for escape in (r"\textbackslash{}", r"\&", r"\%", r"\$", r"\#", r"\_", r"\{", r"\}", r"\textasciitilde{}",
                   r"\textasciicircum{}", "{[}", "{]}", "{*}"):  # fmt: skip
        bare = bare.replace(escape, "")
    assert not set(bare) & set("\\&%$#_{}~^[]*\n\r")


def test_long_words_are_broken_in_tex():
    frame = pd.DataFrame({"kind": ["a"], "reason": ["many words " * 5], "n": [1]})
    assert r"\begin{tabular}{lp{5cm}r}" in to_tex(frame)
    empty = pd.DataFrame({"kind": ["a"], "n": [1]}).iloc[:0]
    assert r"\begin{tabular}{" in to_tex(empty)
