"""Bad input: exit code 1 for a named error, 2 for wrong usage, a message that says what, where and how; never a traceback."""

import re

import pytest

HEAD = "event_id,asset,date,kind\n"
GOOD = "E1,AAA,2021-02-24,profit-warning\n"


@pytest.fixture
def fails(call, market, tmp_path):
    """Return a function that runs ``backtest run`` on events and prices and expects a named error with these words."""

    def run(words, *arguments, events=HEAD + GOOD, prices=None, code=1, stdin=b""):
        (tmp_path / "events.csv").write_text(events)
        place = market / "prices.csv"
        if prices is not None:
            place = tmp_path / "prices.csv"
            place.write_text(prices)
        arguments = arguments or ("events.csv",)
        done = call("run", *arguments, "--prices", place, "--benchmark", "MKT", "--out", tmp_path / "out", stdin=stdin)
        assert done.code == code, done.out + done.err
        assert "Traceback" not in done.err + done.out
        assert done.out == ""
        flat = " ".join(done.err.replace("│", " ").split())
        for word in [words] if isinstance(words, str) else words:
            assert word in flat, done.err
        if code == 1:
            assert done.err.startswith("error: ")
            assert done.err.count("\n") == 1

    return run


def table(market, change):
    """Return the prices csv with its lines changed: `change` takes the list of data lines and returns another."""
    head, *lines = (market / "prices.csv").read_text().splitlines()
    return "\n".join([head, *change(lines)]) + "\n"


# ------------------------------------------------------------------------------------------------------- files


def test_no_such_file(fails):
    fails(["no such file", "nowhere.csv"], "nowhere.csv")


def test_empty_folder(fails, tmp_path):
    (tmp_path / "empty").mkdir()
    fails(["empty"], "empty")


def test_folder_without_articles_that_can_be_read(fails, tmp_path):
    (tmp_path / "binary").mkdir()
    (tmp_path / "binary" / "a.txt").write_bytes(bytes(range(256)) * 20)
    fails(["no event in 1 article", "undecodable", "signals audit"], "binary")


def test_nothing_on_standard_input(fails):
    fails("standard input is empty; pipe an events table or articles into it", "-")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("AAA,01/02/2018,1", "row 1: 'listed_from' is no date; write 2018-12-17 or leave it empty"),
        ("AAA,,cheap", "row 1: 'commission_bps' is no number; write basis points, such as 2.5"),
    ],
)
def test_instruments_that_cannot_be_read(fails, tmp_path, cells, words):
    (tmp_path / "own.csv").write_text(f"ticker,listed_from,commission_bps\n{cells}\n")
    fails(words, "events.csv", "--instruments", "own.csv")


def test_a_fault_of_the_program_is_said_without_a_traceback(fails, monkeypatch):
    from backtest import run

    def broken(*_):
        raise ZeroDivisionError("no such luck")

    monkeypatch.delenv("BACKTEST_TRACEBACK", raising=False)
    monkeypatch.setattr(run, "run_study", broken)
    fails(["ZeroDivisionError: no such luck; this is a fault of the program", "BACKTEST_TRACEBACK=1"])
    monkeypatch.setenv("BACKTEST_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError, match="no such luck"):
        fails("")


def test_a_run_that_fails_leaves_the_last_one_as_it_was(call, market, tmp_path):
    own = ("--prices", market / "prices.csv", "--out", "out", "-q", "--no-plots")
    assert call("run", market / "events.csv", *own, "--benchmark", "MKT").code == 0
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").glob("*.*")}
    assert call("run", market / "events.csv", *own, "--benchmark", "NOPE").code == 1
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").glob("*.*")} == before


def test_a_table_of_signals(fails, tmp_path):
    (tmp_path / "signals.csv").write_text("signal_id,ticker,kind,event_time\nS1,AAA,profit-warning,2019-01-02\n")
    fails("signals.csv: a table of signals, one row per article; `signals extract` makes events of them", "signals.csv")


def test_a_table_that_is_neither(fails, tmp_path):
    (tmp_path / "odd.csv").write_text("name,price\nx,1\n")
    fails(
        [
            "odd.csv: neither events (missing column 'asset' and 'event_time' (or 'date'))",
            "found 'name', 'price'; rename the column",
        ],
        "odd.csv",
    )


def test_articles_that_say_nothing(fails, tmp_path):
    (tmp_path / "dull.txt").write_text("The weather in Berlin was fine on Tuesday.")
    fails(["no event in 1 article", "signals audit"], "dull.txt")


def test_a_damaged_parquet_file(fails, tmp_path):
    (tmp_path / "odd.parquet").write_bytes(b"PAR1 nonsense")
    fails("odd.parquet: cannot be read as parquet", "odd.parquet")


def test_two_events_tables(fails):
    fails("give one events table, or articles", "events.csv", "events.csv", code=2)


# ------------------------------------------------------------------------------------------------------ events


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ("asset,kind\nAAA,x\n", ["missing column 'event_time' (or 'date')", "events.csv"]),
        ("date,kind\n2021-02-24,x\n", ["missing column 'asset'", "events.csv"]),
        (HEAD, ["no row", "events.csv"]),
        ("", ["events.csv"]),
        (HEAD + "E1,AAA,2021-02-24T09:00,x\n", ["row 1", "clock time without a zone", "add Z or an offset"]),
        (HEAD + "E1,AAA,24/02/2021,x\n", ["row 1", "write 2018, 2018-12, 2018-12-17", "24/02/2021"]),
        (HEAD + "E1,AAA,2021-02-30,x\n", ["row 1", "no day of the calendar"]),
        (HEAD + GOOD + GOOD, ["duplicate event_id", "E1"]),
        (HEAD + "E1,,2021-02-24,x\n", ["row 1", "empty 'asset'"]),
    ],
)
def test_events_that_break_the_contract(fails, events, words):
    fails(words, events=events)


def test_unknown_ticker(fails):
    fails(["ZZZ9"], events=HEAD + "E1,ZZZ9,2021-02-24,x\n")


@pytest.mark.parametrize(
    ("day", "reason"), [("2031-01-02", "after-last-session"), ("2001-01-02", "before-first-session")]
)
def test_a_date_outside_the_prices(fails, day, reason):
    fails(["all 1 events dropped", reason], events=HEAD + f"E1,AAA,{day},x\n")


def test_all_events_dropped(fails):
    fails(
        ["all 2 events dropped", "imprecise-date", "short-estimation"],
        events=HEAD + "E1,AAA,2021-02,x\nE2,AAA,2020-02-03,x\n",
    )


# ------------------------------------------------------------------------------------------------------ prices


def test_duplicate_dates(fails, market):
    fails(["prices.csv", "duplicate"], prices=table(market, lambda lines: [lines[0], *lines]))


def test_prices_that_are_not_positive(fails, market):
    spoilt = table(market, lambda lines: [re.sub(r",[^,]+", ",-5.0", lines[0], count=1), *lines[1:]])
    fails(["prices.csv", "AAA", "-5"], prices=spoilt)


def test_prices_that_are_no_numbers(fails, market):
    spoilt = table(market, lambda lines: [re.sub(r",[^,]+", ",many", lines[0], count=1), *lines[1:]])
    fails(["prices.csv", "AAA", "many"], prices=spoilt)


def test_dates_that_do_not_ascend(fails, market):
    fails(["prices.csv", "order"], prices=table(market, lambda lines: [lines[5], *lines[:5], *lines[6:]]))


def test_missing_benchmark(fails, market):
    text = "\n".join(line.rsplit(",", 1)[0] for line in (market / "prices.csv").read_text().splitlines()) + "\n"
    fails(["benchmark", "'MKT'"], prices=text)


def test_benchmark_that_does_not_overlap(fails, market):
    def split(lines):
        early = [line.rsplit(",", 1)[0] + "," for line in lines[100:]]
        return [",".join([line.split(",")[0], "", "", line.split(",")[3]]) for line in lines[:100]] + early

    fails(["benchmark 'MKT'", "does not overlap the prices"], prices=table(market, split))


def test_no_such_prices(call, market, tmp_path):
    done = call("run", market / "events.csv", "--prices", "nowhere/", "--out", tmp_path / "out")
    assert done.code == 1
    assert "no such file or folder: nowhere/" in done.err
    typo = call("run", market / "events.csv", "--prices", "sampel", "--out", tmp_path / "out")
    assert typo.code == 1
    assert "did you mean 'sample'" in typo.err


# ------------------------------------------------------------------------------------------------------- flags


def test_windows_that_overlap(fails):
    fails(["event window (-5, 10) overlaps the estimation window (-100, 0)"], "events.csv", "--estimation", "-100", "0")


def test_a_window_that_ends_before_it_begins(fails):
    fails(["event=(3, -3)", "first day must not lie after the last"], "events.csv", "--event", "3", "-3")


@pytest.mark.parametrize(
    ("flag", "value", "words"),
    [
        ("--model", "markt", "unknown model 'markt'; did you mean 'market'?"),
        ("--test", "bpm", "unknown test 'bpm'; did you mean 'bmp'?"),
        ("--theme", "drak", "unknown theme 'drak'; did you mean 'dark'?"),
        ("--date-only", "nxt", "unknown date_only 'nxt'; did you mean 'next'?"),
        ("--window", "5:40", "test window (5, 40) is not inside the event window (-5, 10)"),
        ("--min-obs", "900", "min_obs=900"),
        ("--instruments", "none.csv", "no such instruments file"),
    ],
)
def test_mistyped_names(fails, flag, value, words):
    fails(words, "events.csv", flag, value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--modle", "x"), "--model"),
        (("rnu",), "Did you mean 'run'?"),
        (("run", "--event", "1"), "requires 2 arguments"),
        (("run", "--window", "a:b"), "'a:b' is no window; write two days as 0:1"),
        (("run", "--panels", "-1"), "greater than or equal to 0"),
    ],
)
def test_wrong_usage(call, arguments, words):
    done = call(*arguments)
    assert done.code == 2
    assert words in " ".join(done.err.replace("│", " ").split())


def test_mistyped_lists_and_tables(call, market):
    done = call("list", "modles")
    assert (done.code, done.err) == (1, "error: unknown list 'modles'; did you mean 'models'?\n")
    done = call(
        "study", market / "events.csv", "--prices", market / "prices.csv", "--benchmark", "MKT", "--table", "test"
    )
    assert (done.code, done.err) == (1, "error: unknown table 'test'; did you mean 'tests'?\n")


# ------------------------------------------------------------------------------------------------------ output


def test_out_that_cannot_be_written(call, market, tmp_path):
    (tmp_path / "file").write_text("")
    for place in ("file", "file/below"):
        done = call(
            "run", market / "events.csv", "--prices", market / "prices.csv", "--benchmark", "MKT", "--out", place
        )
        assert done.code == 1
        assert f"--out {place} is not writable" in done.err
        assert "choose another folder" in done.err


def test_study_out_that_cannot_be_written(call, market, tmp_path):
    flags = ("--prices", market / "prices.csv", "--benchmark", "MKT")
    done = call("study", market / "events.csv", *flags, "-o", "nowhere/t.csv")
    assert done.code == 1
    assert "cannot write nowhere/t.csv" in done.err
