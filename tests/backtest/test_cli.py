"""The command line: what it prints and writes, for people and for machines."""

import json
import subprocess
import sys
import time

import pandas as pd
import pytest

TABLES = {"events", "answers", "tests", "abnormal_returns", "caar", "dropped", "audit"}


def own(market):
    return ("--prices", market / "prices.csv", "--benchmark", "MKT")


def test_run_writes_everything_and_says_where(call, market, tmp_path):
    done = call("run", market / "events.csv", *own(market), "--out", "out")
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "2 events kept, 0 dropped" in done.out
    assert "Report: out/report.html" in done.out
    assert "N = 1: sq: " in done.out
    assert "\x1b" not in done.out
    out = tmp_path / "out"
    assert {p.stem for p in out.glob("*.csv")} == TABLES
    for name in ("effects", "caar_by_kind", "price/AAA", "price/BBB", "event/E1", "event/E2"):
        assert (out / "plots" / f"{name}.png").is_file()
        assert (out / "plots" / f"{name}.svg").is_file()
    assert "<!DOCTYPE html>" in (out / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((out / "manifest.json").read_text())
    assert set(manifest["outputs"]) == {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} - {
        "manifest.json"
    }


def test_without_plots_the_numbers_are_the_same_and_nothing_is_drawn(call, market, tmp_path):
    assert call("run", market / "events.csv", *own(market), "--out", "drawn", "-q").code == 0
    done = call("run", market / "events.csv", *own(market), "--out", "plain", "--no-plots")
    assert (done.code, done.err) == (0, "")
    assert "Tables, manifest: plain" in done.out
    plain = tmp_path / "plain"
    assert {p.name for p in plain.iterdir()} == {f"{name}.csv" for name in TABLES} | {"report.html", "manifest.json"}
    for name in TABLES:
        assert (plain / f"{name}.csv").read_bytes() == (tmp_path / "drawn" / f"{name}.csv").read_bytes()
    page = (plain / "report.html").read_text(encoding="utf-8")
    assert "No pictures were drawn" in page
    assert "<img" not in page
    assert "No pictures were drawn" not in (tmp_path / "drawn" / "report.html").read_text(encoding="utf-8")
    assert json.loads((plain / "manifest.json").read_text())["config"]["plots"] is False


def test_without_plots_matplotlib_is_not_loaded(market, tmp_path):
    code = "import sys; from backtest.cli import app; app(sys.argv[1:], standalone_mode=False); "
    code += "print('matplotlib' in sys.modules)"
    place = ["--prices", market / "prices.csv", "--benchmark", "MKT", "--out", tmp_path / "out", "-q", "--no-plots"]
    done = subprocess.run(
        [sys.executable, "-c", code, "run", market / "events.csv", *place], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_same_inputs_give_the_same_bytes(call, market, tmp_path):
    for name in ("one", "two"):
        assert call("run", market / "events.csv", *own(market), "--out", name, "--quiet").out == ""
    for path in (tmp_path / "one").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path.name


def test_tables_hold_the_injected_moves(call, market, tmp_path):
    call("run", market / "events.csv", *own(market), "--out", "out", "-q")
    returns = pd.read_csv(tmp_path / "out" / "abnormal_returns.csv").query("day == 0").set_index("event_id")
    assert returns["ar"].to_dict() == pytest.approx({"E1": -0.10, "E2": 0.06}, abs=0.006)
    tests = pd.read_csv(tmp_path / "out" / "tests.csv")
    assert {"sq", "cross-sectional", "bmp"} < set(tests["test"])
    assert not tests.duplicated(["test", "kind", "event_id", "window_start", "window_end"]).any()
    assert set(zip(tests["window_start"], tests["window_end"], strict=True)) == {(0, 0), (0, 1), (-5, 10)}


def test_run_again_removes_what_the_last_run_left_and_nothing_else(call, market, tmp_path):
    call("run", market / "events.csv", *own(market), "--out", "out", "-q")
    (tmp_path / "out" / "mine.txt").write_text("keep")
    one = tmp_path / "one.csv"
    one.write_text("\n".join((market / "events.csv").read_text().splitlines()[:2]) + "\n")
    assert call("run", one, *own(market), "--out", "out", "-q").code == 0
    assert not (tmp_path / "out" / "plots" / "event" / "E2.png").exists()
    assert (tmp_path / "out" / "mine.txt").read_text() == "keep"


def test_flags_are_fields_of_the_study(call, market, tmp_path):
    flags = ("--event", "-2", "3", "--estimation", "-130", "-11", "--date-only", "next", "--min-obs", "100", "--peers")
    look = (
        "--window",
        "0:2",
        "--test",
        "sq",
        "--theme",
        "dark",
        "--panels",
        "1",
        "--instruments",
        market / "instruments.csv",
    )
    done = call("run", market / "events.csv", *own(market), *flags, *look, "--out", "out", "--json")
    assert done.code == 0, done.err
    said = json.loads(done.out)
    config = said["config"]
    assert (config["event"], config["estimation"], config["windows"]) == ([-2, 3], [-130, -11], [[0, 2]])
    assert (config["date_only"], config["min_obs"], config["peers"]) == ("next", 100, True)
    assert (config["tests"], config["theme"], config["panels"]) == (["sq"], "dark", 1)
    assert said["kept"] == 3
    assert {a["kind"] for a in said["answers"]} == {"profit-warning", "guidance-raise", "profit-warning (peer)"}
    assert "out/report.html" in said["files"]
    assert len(list((tmp_path / "out" / "plots" / "event").glob("*.png"))) == 1


def test_events_from_standard_input(call, market, tmp_path):
    text = (market / "events.csv").read_bytes()
    done = call("run", "-", *own(market), "--out", "out", "--json", stdin=text)
    assert json.loads(done.out)["kept"] == 2
    assert "standard input" in json.loads((tmp_path / "out" / "manifest.json").read_text())["inputs"]["files"]


def test_study_prints_tables_and_writes_nothing(call, market, tmp_path):
    done = call("study", market / "events.csv", *own(market))
    rows = pd.read_csv(pd.io.common.StringIO(done.out))
    assert {"test", "kind", "pvalue", "n_eff", "reason"} <= set(rows)
    assert list(tmp_path.iterdir()) == []
    assert json.loads(call("study", market / "events.csv", *own(market), "--table", "dropped", "--json").out) == []
    events = call("study", market / "events.csv", *own(market), "--table", "events").out
    assert events.startswith("event_id,asset,kind")


def test_a_reader_who_has_seen_enough_ends_the_command_quietly():
    command = [sys.executable, "-m", "backtest", "study", "--table", "abnormal_returns", "-q"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout.readline().startswith("event_id")
        running.stdout.close()
        assert running.stderr.read() == ""


def test_a_terminal_shows_the_summary_instead_of_csv(call, market, monkeypatch):
    from backtest.commands import terminal

    monkeypatch.setattr(terminal, "is_watched", lambda: True)
    done = call("study", market / "events.csv", *own(market))
    assert "2 events kept, 0 dropped" in done.out
    assert "with -o tests.csv" in done.out
    assert "statistic,df" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_study_writes_one_table_by_suffix_or_all_into_a_folder(call, market, tmp_path):
    for name in ("t.csv", "t.jsonl", "t.parquet"):
        assert call("study", market / "events.csv", *own(market), "-o", name, "--table", "abnormal_returns").code == 0
    rows = [
        pd.read_csv(tmp_path / "t.csv"),
        pd.read_json(tmp_path / "t.jsonl", lines=True),
        pd.read_parquet(tmp_path / "t.parquet"),
    ]
    assert [len(r) for r in rows] == [32, 32, 32]
    assert call("study", market / "events.csv", *own(market), "--out", "tables").code == 0
    assert {p.name for p in (tmp_path / "tables").iterdir()} == {f"{t}.csv" for t in TABLES} | {"manifest.json"}


@pytest.mark.parametrize(
    ("what", "known"),
    [("models", "market"), ("tests", "bmp"), ("kinds", "profit-warning"), ("sources", "sample")],
)
def test_list_gives_one_line_each(call, what, known):
    done = call("list", what)
    assert done.code == 0
    line = next(line for line in done.out.splitlines() if line.startswith(known))
    assert len(line.split(maxsplit=1)[1]) > 10
    assert len(json.loads(call("list", what, "--json").out)[known]) > 10


def test_simulated_prices_are_called_so(call, tmp_path):
    (tmp_path / "events.csv").write_text("asset,date,kind\nASC.L,2022-06-16,profit-warning\n")
    notice = "simulated prices, reported event-day moves imposed: not market data"
    run = call("run", "events.csv", "--out", "out")
    assert notice in run.out
    assert notice in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert notice in (tmp_path / "out" / "plots" / "caar_by_kind.svg").read_text(encoding="utf-8")
    assert notice in call("study", "events.csv").err
    assert json.loads(call("run", "events.csv", "--json").out)["notice"] == notice


@pytest.fixture(scope="module")
def seed_run(tmp_path_factory):
    """`backtest run` without arguments, as a process of its own, timed."""
    folder = tmp_path_factory.mktemp("seeds")
    start = time.monotonic()
    command = [sys.executable, "-m", "backtest", "run"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done, folder / "report", time.monotonic() - start


def test_the_main_job_needs_no_argument(seed_run):
    done, out, seconds = seed_run
    assert done.returncode == 0, done.stderr
    assert seconds < 60  # 15 s on an idle machine; a loaded one is no failure
    assert "3 articles read" in done.stdout
    assert "6 imprecise-date" in done.stdout
    assert "simulated prices, reported event-day moves imposed: not market data" in done.stdout
    assert "Which test is valid at this N" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    for name in (
        "report.html",
        "manifest.json",
        "events.csv",
        "abnormal_returns.csv",
        "tests.csv",
        "dropped.csv",
        "audit.csv",
    ):
        assert (out / name).is_file(), name
    assert (out / "report.html").stat().st_size < 3_000_000


def test_seed_story_and_catalogue_are_one_event(seed_run):
    events = pd.read_csv(seed_run[1] / "events.csv")
    rumour = events[(events["asset"] == "ZAL.DE") & events["event_time"].str.startswith("2019-01")]
    assert len(rumour) == 1
    assert rumour["event_id"].str.startswith("ZAL-2019").all()
    catalogue = 81
    assert len(events) + len(pd.read_csv(seed_run[1] / "dropped.csv")) >= catalogue


def test_seed_run_holds_no_place_of_this_machine(seed_run, root):
    out = seed_run[1]
    for path in [*out.glob("*.csv"), out / "manifest.json", out / "report.html"]:
        assert str(root) not in path.read_text(encoding="utf-8"), path.name


def test_study_needs_no_argument_either(call):
    done = call("study", "--table", "events", "--quiet")
    assert done.code == 0
    assert done.out.count("\nASC-2") > 20


ARTICLE = """Title: ASOS cuts its profit forecast

16 June 2022. ASOS issued a profit warning on Thursday: the online fashion retailer now expects a lower profit this year.
"""


def test_articles_in_a_folder_and_a_binary_file_among_them(call, tmp_path):
    (tmp_path / "articles").mkdir()
    record = {"id": "a1", "title": "ASOS issues profit warning", "text": ARTICLE, "published": "2022-06-16"}
    (tmp_path / "articles" / "a.jsonl").write_text(json.dumps(record) + "\n")
    (tmp_path / "articles" / "b.txt").write_bytes(bytes(range(256)) * 8)
    done = call("run", "articles", "--out", "out")
    assert done.code == 0, done.err
    assert "1 article read" in done.out
    audit = pd.read_csv(tmp_path / "out" / "articles_audit.csv")
    assert "unreadable" in set(audit["result"])
    events = pd.read_csv(tmp_path / "out" / "events.csv")
    assert list(zip(events["asset"], events["kind"], strict=True)) == [("ASC.L", "profit-warning")]
    assert "<mark" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "articles/b.txt" in json.loads((tmp_path / "out" / "manifest.json").read_text())["inputs"]["files"]


def test_articles_from_standard_input(call):
    record = {"id": "a1", "title": "ASOS issues profit warning", "text": ARTICLE, "published": "2022-06-16"}
    done = call("run", "-", "--json", "--out", "out", stdin=json.dumps(record).encode())
    assert done.code == 0, done.err
    assert json.loads(done.out)["articles"] == 1


def test_catalogue_on_real_prices(call, shared):
    places = (shared / "events" / "catalogue.csv", "--prices", shared / "prices")
    flags = ("--peers", "--estimation", "-130", "-11", "--benchmark", "^STOXX")
    done = call("study", *places, *flags, "--table", "abnormal_returns", "--json", "-q")
    assert done.code == 0, done.err
    rows = pd.DataFrame(json.loads(done.out)).query("day == 0 and session == '2022-06-16 00:00:00'").set_index("asset")
    assert 100 * rows["ar"]["ASC.L"] == pytest.approx(-29.2, abs=0.3)
    assert 100 * rows["ar"]["ZAL.DE"] == pytest.approx(-8.2, abs=0.3)


def test_progress_is_shown_on_a_terminal_only(call, market, monkeypatch):
    from rich.console import Console

    from backtest.commands import terminal

    monkeypatch.setattr(
        terminal, "console", lambda stderr=False: Console(stderr=stderr, force_terminal=stderr, width=90)
    )
    done = call("run", market / "events.csv", *own(market), "--out", "out")
    assert "pictures" in done.err
    assert "6/6" in done.err
    assert call("run", market / "events.csv", *own(market), "--out", "out", "--quiet").err == ""


def test_numbers_become_plain_json():
    import numpy as np

    from backtest.commands.terminal import plain

    mixed = {"a": np.float64("nan"), "b": [np.int64(2), (None, True)], "c": pd.Timestamp("2020-01-02"), 4: "x"}
    assert plain(mixed) == {"a": None, "b": [2, [None, True]], "c": "2020-01-02 00:00:00", "4": "x"}


def test_version_and_help(call):
    assert call("--version").out.startswith("backtest 0.")
    for command in ("run", "study", "list"):
        done = call(command, "--help")
        assert done.code == 0
        assert "Example" in done.out


def test_help_is_light():
    code = (
        "import sys; sys.argv = ['backtest', '--help']\nfrom backtest.cli import main\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'matplotlib', 'exchange_calendars', 'pandera'} & set(sys.modules)\n"
        "print(sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
    assert "backtest" in done.stdout


def test_python_dash_m():
    done = subprocess.run([sys.executable, "-m", "backtest", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("backtest 0.")


def test_warnings_are_said_in_one_line(call, market, monkeypatch):
    import warnings

    from backtest import run as pipeline

    load = pipeline.load_prices

    def noisy(*args, **fields):
        warnings.warn("two closes look odd", UserWarning, stacklevel=2)
        return load(*args, **fields)

    monkeypatch.setattr(pipeline, "load_prices", noisy)
    done = call("study", market / "events.csv", *own(market))
    assert done.err == "warning: two closes look odd\n"
    assert call("study", market / "events.csv", *own(market), "--quiet").err == ""


def test_the_shell_completes_what_can_be_listed(monkeypatch, capsys):
    from backtest import cli

    monkeypatch.setenv("_BACKTEST_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "backtest list m")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit):
        cli.app(prog_name="backtest", args=[])
    assert capsys.readouterr().out.split() == ["models", "metrics"]


def test_quiet_means_nothing_but_errors_in_every_command(call, market, tmp_path):
    assert call("run", market / "events.csv", *own(market), "--out", "out", "-q", "--no-plots").out == ""
    store = ("--store", tmp_path / "store")
    lines = (("list", "tests"), ("compare", "out", "out"), ("prices", "list", *store), ("prices", "verify", *store))
    for words in lines:
        loud, quiet = call(*words), call(*words, "--quiet")
        assert loud.out != ""
        assert (quiet.code, quiet.out, quiet.err) == (loud.code, "", "")
    wrong = call("list", "nothing", "--quiet")
    assert (wrong.code, wrong.out) == (1, "")
    assert wrong.err.startswith("error: unknown list 'nothing'")
