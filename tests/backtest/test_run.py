"""The pipeline and its small parts: answers, words for numbers, intake, file names, manifest."""

import hashlib
import json
import math
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from backtest import labels, manifest, run, summary
from backtest.commands import intake
from backtest.errors import SchemaError, StoreError
from backtest.study import EventStudy
from backtest.testing import events_table, price_panel

# --------------------------------------------------------------------------------------------------------- answers


@pytest.fixture(scope="module")
def result():
    places = {("AAA", 280): -0.10, ("AAA", 300): -0.08, ("BBB", 320): -0.12, ("BBB", 345): 0.001}
    panel = price_panel(effects=places, sessions=400, seed=9)
    rows = list(zip(panel.events["asset"], panel.events["event_time"].dt.date.astype(str), strict=True))
    events = events_table(rows, kind=["profit-warning"] * 3 + ["other"])
    return EventStudy().run(events, panel.prices)


def test_answers_take_the_valid_test_of_each_size(result):
    table = summary.answers(result)
    assert list(table.columns) == list(summary.ANSWER_COLUMNS)
    assert list(table["kind"]) == ["profit-warning", "other"]
    assert list(table["test"]) == ["kp-overlap", "sq"]
    assert table["reason"].str.startswith(("3 events", "one event")).all()
    group, single = table.itertuples()
    kp = result.test("kp-overlap").set_index("kind").loc["profit-warning"]
    assert (group.effect, group.pvalue, group.low) == (kp["effect"], kp["pvalue"], kp["low"])
    ar = result.ar.loc["E4", 0]
    assert single.effect == ar
    assert single.low < ar < single.high


def test_the_interval_of_a_single_event_is_its_prediction_interval(result):
    single = summary.answers(result).iloc[1]
    rows = result.abnormal_returns.query("event_id == 'E4' and day == 0")
    close, level = result.prices.close["BBB"].to_numpy(), result.prices.benchmarks["MKT"].to_numpy()
    r, m = close[1:] / close[:-1] - 1, level[1:] / level[:-1] - 1
    first, last = 345 - 260 - 1, 345 - 11 - 1  # return i belongs to session i + 1
    y, x = r[first : last + 1], m[first : last + 1]
    fit = stats.linregress(x, y)
    s2 = ((y - fit.intercept - fit.slope * x) ** 2).sum() / (len(x) - 2)
    c = 1 + 1 / len(x) + (m[344] - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    half = stats.t.ppf(0.975, len(x) - 2) * math.sqrt(s2 * c)
    assert single["high"] - rows["ar"].iloc[0] == pytest.approx(half, rel=1e-9)


def test_a_group_without_the_window_has_no_numbers(result):
    holed = replace(result, estimates=replace(result.estimates, ar=result.estimates.ar.copy()))
    holed.estimates.ar[3, 5] = np.nan
    row = summary.answers(holed).set_index("kind").loc["other"]
    assert (row["n"], row["test"]) == (0, "")
    assert np.isnan([row["effect"], row["low"], row["pvalue"]]).all()
    assert "no test is valid here" in summary.sentence(row.rename({"kind": "x"}))
    assert summary.power_words(row["n"], np.nan) == ""


def test_what_could_not_have_been_seen():
    assert summary.power_words(1, 0.0564) == (
        "A single case, not a rule. An effect under ±5.6 % would be missed more often than one time in five."
    )
    assert summary.power_words(3, np.nan) == (
        "Fewer than 10 events: read with care. No effect below 100 % would be found four times in five."
    )
    assert summary.power_words(3, 1.065) == summary.power_words(3, np.nan)
    assert summary.power_words(100, 0.00567).startswith("An effect under ±0.57 % would be missed")


def test_sentences_say_what_was_found_and_what_was_not():
    row = pd.Series({
        "kind": "x", "window_start": 0, "window_end": 1, "n": 12, "effect": -0.05, "low": -0.08, "high": -0.02,
        "test": "bmp", "pvalue": 0.0123,
    })  # fmt: skip
    assert summary.sentence(row) == (
        "moved −5.0 % on days 0 to +1 (95 % interval −8.0 to −2.0 %, p = 0.012 by bmp, 12 events)."
    )
    quiet = summary.sentence(row.where(row.index != "pvalue", 0.3))
    assert quiet.startswith("shows no effect that chance would not explain: −5.0 %")


def test_verdict_counts_what_chance_alone_would_give():
    table = pd.DataFrame({"pvalue": [0.01, 0.2, np.nan, 0.04]})
    assert summary.verdict(table) == (
        "2 of 3 groups moved by more than chance explains at the 5 % level; about 0.15 would seem to if nothing ever "
        "happened."
    )
    assert summary.verdict(table.iloc[2:3]) == "No group could be tested."


# ----------------------------------------------------------------------------------------------- words for numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (labels.percent(0.0123), "+1.2 %"), (labels.percent(-0.0004), "0.0 %"), (labels.percent(math.nan), "–"),
        (labels.percent(-0.5, 0), "−50 %"), (labels.interval(-0.031, 0.004), "−3.1 to +0.4 %"),
        (labels.interval(math.nan, 1), "–"), (labels.p_value(0.00099), "< 0.001"), (labels.p_value(0.5), "0.500"),
        (labels.p_value(math.nan), "–"), (labels.window_text(0, 0), "day 0"), (labels.window_text(-5, 10), "days −5 to +10"),
        (labels.count(1, "event"), "1 event"), (labels.count(1200, "event"), "1,200 events"),
        (labels.count(2, "story", "stories"), "2 stories"), (labels.title_of("", "X"), "X"), (labels.span([]), ""),
        (labels.span(pd.DatetimeIndex(["2013-01-02", "2026-03-31"])), "2 Jan 2013 to 31 Mar 2026"),
        (str(labels.kind_rank("profit-warning")), "0"), (str(labels.kind_rank("mine")), "8"),
        (labels.first_line(partial(labels.count, n=1)), 'Return "1 event", "3 events".'),
    ],
)  # fmt: skip
def test_words_for_numbers(text, expected):
    assert text == expected


def test_first_line_of_something_without_a_docstring():
    assert labels.first_line(lambda: None) == ""


# ---------------------------------------------------------------------------------------------------------- intake


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "asset,event_time\nA,2020-01-01\n", "events"),
        ("a.csv", "asset,date\nA,2020-01-01\n", "events"),
        ("a.csv", "\ufeffasset,date\nA,2020-01-01\n", "events"),
        ("a.csv", "\nasset,date\nA,2020-01-01\n", "events"),
        ("a.csv", "asset,kind\nA,x\n", "events"),
        ("a.csv", "title,text,date\nA,x,2020\n", "articles"),
        ("a.csv", "asset,text\nA,x\n", "articles"),
        ("a.jsonl", '{"asset": "A", "date": "2020-01-01"}\n', "events"),
        ("a.jsonl", '{"title": "A", "date": "2020-01-01"}\n', "articles"),
        ("a.txt", "asset,date\n", "articles"),
        ("a.html", "<html>", "articles"),
    ],
)
def test_tables_are_told_by_their_columns(tmp_path, name, content, expected):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert intake.kind_of_path(tmp_path / name) == expected


def test_folders_gzip_and_parquet(tmp_path):
    frame = pd.DataFrame({"asset": ["A"], "date": ["2020-01-01"]})
    frame.to_csv(tmp_path / "a.csv.gz", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    assert intake.kind_of_path(tmp_path) == "articles"
    assert intake.kind_of_path(tmp_path / "a.csv.gz") == "events"
    assert intake.kind_of_path(tmp_path / "a.parquet") == "events"


@pytest.mark.parametrize("content", ["", "date,x\n1,2\n", "event_time\n2020\n"])
def test_a_table_of_neither_kind_is_refused(tmp_path, content):
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(
        SchemaError, match=r"a.csv: neither events \(missing column 'asset'.*nor articles \(missing column 'text'"
    ):
        intake.kind_of_path(tmp_path / "a.csv")


@pytest.mark.parametrize("line", ["[1]", "{broken"])
def test_json_lines_that_are_no_records_are_refused(tmp_path, line):
    (tmp_path / "a.jsonl").write_text(line + "\n")
    with pytest.raises(SchemaError, match="found none"):
        intake.kind_of_path(tmp_path / "a.jsonl")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asset,event_time\nA,2020\n", "events"), ("\ufeffasset,date\n", "events"), ('{"asset": "A", "date": "2020"}', "events"),
        ("Shares in ASOS fell.", "articles"), ('{"text": "x"}', "articles"), ("title,text\n", "articles"), ("a, b\n", "articles"),
    ],
)  # fmt: skip
def test_piped_text_is_told_by_its_first_line(text, expected):
    assert intake.kind_of_text(text) == expected


def test_piped_table_with_half_the_columns():
    with pytest.raises(SchemaError, match=r"standard input: neither events .missing column 'asset'"):
        intake.kind_of_text("event_time,kind\n2020-01-01,x\n")


# ----------------------------------------------------------------------------------------------- folder and manifest


@given(st.text(min_size=1, max_size=200))
def test_picture_names_stay_inside_their_folder(name):
    made = run.safe_name(f"event/{name}")
    folder, rest = made.split("/")
    assert folder == "event"
    assert rest
    assert not set(rest) & set('/\\:*?"<>|\0\n')
    assert not rest.startswith(".")


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_two_ids_have_two_picture_names(one, two):
    assert (run.safe_name(f"event/{one}") == run.safe_name(f"event/{two}")) == (one == two)


def test_plain_names_stay_as_they_are():
    assert run.safe_name("price/^STOXX") == "price/^STOXX"
    assert run.safe_name("effects") == "effects"


def test_a_manifest_that_names_files_outside_removes_nothing_there(tmp_path):
    outside, folder = tmp_path / "outside.txt", tmp_path / "out"
    folder.mkdir()
    outside.write_text("keep")
    (folder / "manifest.json").write_text(json.dumps({"outputs": {"../outside.txt": "", "gone.csv": ""}}))
    run.clear_earlier(folder)
    assert outside.read_text() == "keep"
    (folder / "manifest.json").write_text("not ours")
    run.clear_earlier(folder)
    assert (folder / "manifest.json").read_text() == "not ours"


def test_manifest_holds_versions_and_hashes_and_no_time(tmp_path):
    (tmp_path / "t.csv").write_text("a\n1\n")
    inputs = manifest.digest_inputs({"folder": tmp_path, "file": tmp_path / "t.csv"})
    path = manifest.write_manifest(tmp_path, {"model": "market"}, inputs, [tmp_path / "t.csv"])
    content = manifest.read_manifest(tmp_path)
    known = hashlib.sha256(b"a\n1\n").hexdigest()
    assert content["outputs"]["t.csv"] == content["inputs"]["folder/t.csv"] == content["inputs"]["file"] == known
    assert {"python", "market-signals", "pandas"} <= set(content["versions"])
    again = manifest.write_manifest(tmp_path, {"model": "market"}, inputs, [tmp_path / "t.csv"])
    assert path.read_bytes() == again.read_bytes()


def test_manifest_leaves_out_what_is_not_installed(monkeypatch):
    monkeypatch.setattr(manifest, "PACKAGES", ("numpy", "no-such-package"))
    assert set(manifest.versions()) == {"python", "numpy"}


def test_manifests_that_cannot_be_read_or_written(tmp_path):
    with pytest.raises(StoreError, match=r"no manifest.json in .*; give the folder that"):
        manifest.read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match=r"manifest.json cannot be read"):
        manifest.read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(StoreError, match="is no manifest of a run"):
        manifest.read_manifest(tmp_path)
    with pytest.raises(StoreError, match=r"cannot write .*nowhere"):
        manifest.write_manifest(tmp_path / "nowhere", {}, {}, [])
    with pytest.raises(StoreError, match=r"cannot read .*none.csv"):
        manifest.digest_inputs({"none": tmp_path / "none.csv"})


def test_a_full_disk_is_a_named_error(result, tmp_path, monkeypatch):
    done = run.Run(run.News(result.events), run.Options(), result, result.test(), summary.answers(result))
    (tmp_path / "plots").write_text("in the way")
    with pytest.raises(StoreError, match=r"cannot write .*plots"):
        run.write_everything(done, tmp_path)


def test_progress_is_told_step_by_step(tmp_path):
    panel = price_panel(seed=4)
    close = panel.prices.close.join(panel.prices.benchmarks)
    close.to_csv(tmp_path / "prices.csv", index_label="date")
    told = []
    options = run.Options(EventStudy(benchmark="MKT"), prices=str(tmp_path / "prices.csv"))
    done = run.run_study(run.News(panel.events), options, lambda what, n, total: told.append((what, n, total)))
    run.write_everything(
        done, run.prepare_folder(tmp_path / "out"), lambda what, n, total: told.append((what, n, total))
    )
    assert told[:2] == [("prices", 0, 1), ("prices", 1, 1)]
    assert ("events", 2, 2) in told
    assert told[-1] == ("pictures", 6, 6)
