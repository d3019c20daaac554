"""`backtest trade`: what it prints and writes, which flag is which field, and how it fails."""

import json
from html import unescape

import numpy as np
import pandas as pd
import pytest

from backtest.errors import PriceSourceError
from backtest.trade import read_fx

FILES = {"trades", "equity", "accounts", "dropped", "summary", "by_kind", "lags", "baselines", "placebo"}
SIDES = ("--side", "profit-warning=-1", "--side", "guidance-raise=1")


@pytest.fixture
def trade(call, market):
    """Return a function that calls ``backtest trade`` on the small market, whose prices are closes only."""

    def run(*arguments, entry="next-close", source=None, quick=True):
        few = ("--draws", "50") if quick else ()
        return call(
            "trade", source or market / "events.csv", "--prices", market / "prices.csv", "--benchmark", "MKT", "--instruments",
            market / "instruments.csv", "--entry", entry, *few, *arguments,
        )  # fmt: skip

    return run


def test_trade_prints_the_table_and_writes_everything(trade, tmp_path):
    done = trade(*SIDES, "--out", "out")
    assert done.code == 0, done.err
    assert "2 trades of 2 events, 0 without" in done.out
    assert "profit-warning      1*" in done.out
    assert "event-day close (look-ahead)" in done.out
    assert "simpler things" in done.out
    assert "Report: out/report.html" in done.out
    assert "\x1b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    out = tmp_path / "out"
    assert {p.stem for p in out.glob("*.csv")} == FILES
    assert {p.stem for p in (out / "study").glob("*.csv")} >= {"answers", "tests", "caar"}
    for name in ("equity", "entry_ladder", "trade_returns", "placebo/dates", "caar_by_kind"):
        assert (out / "plots" / f"{name}.png").is_file()
        assert (out / "plots" / f"{name}.svg").is_file()
    manifest = json.loads((out / "manifest.json").read_text())
    written = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} - {"manifest.json"}
    assert set(manifest["outputs"]) == written
    assert set(manifest["inputs"]["prices"]["series"]) == {"AAA", "BBB", "MKT"}


def test_trades_are_the_next_closes_of_the_price_file(trade, market, tmp_path):
    """The event of AAA is on a date alone: the news may be acted on from the session after it."""
    trade(*SIDES, "--hold", "3", "--cost-bps", "0", "--out", "out", "-q")
    trades = pd.read_csv(tmp_path / "out" / "trades.csv", parse_dates=["entry", "exit"]).set_index("event_id")
    prices = pd.read_csv(market / "prices.csv", index_col="date", parse_dates=True)
    events = pd.read_csv(market / "events.csv", parse_dates=["date"]).set_index("event_id")
    for event_id, side in (("E1", -1), ("E2", 1)):
        asset, day = events.loc[event_id, ["asset", "date"]]
        later = prices.index[prices.index > day]
        row = trades.loc[event_id]
        assert (row["entry"], row["exit"]) == (later[0], later[3])
        want = side * (prices.at[later[3], asset] / prices.at[later[0], asset] - 1)
        assert row["net_return"] == pytest.approx(want, rel=1e-12)


def test_same_inputs_give_the_same_bytes(trade, tmp_path):
    for name in ("one", "two"):
        assert trade(*SIDES, "--out", name, "--quiet").out == ""
    for path in (tmp_path / "one").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path.name


def test_flags_are_fields_of_the_strategy(trade):
    done = trade(
        "--side", "1", "--hold", "none", "--until", "2021-06-30", "--take-profit", "0.2", "--stop-loss", "0.1",
        "--overlap", "ignore", "--sizing", "cash", "--amount", "1000", "--max-positions", "3", "--hedge", "benchmark",
        "--cost-bps", "5", "--capital", "50000", "--currency", "EUR", "--contrary", "guidance-raise=profit-warning",
        "--json", entry="next-close+1",
    )  # fmt: skip
    assert done.code == 0, done.err
    told = json.loads(done.out)
    said = told["config"]["strategy"]
    for words in (
        "side=1.0", "hold=None", "until='2021-06-30'", "take_profit=0.2", "stop_loss=0.1", "overlap='ignore'", "rule='cash'",
        "amount=1000.0", "max_positions=3", "hedge='benchmark'", "cost_bps=5.0", "capital=50000.0", "entry='next-close+1'",
        "contrary={'guidance-raise': ['profit-warning']}",
    ):  # fmt: skip
        assert words in said, words
    assert "placebo" not in told, "days without news have no certain end"
    assert told["trades"] == 2
    assert told["study"]


def test_side_may_be_a_column(trade, market, tmp_path):
    events = pd.read_csv(market / "events.csv").assign(score=[-1.0, 0.0])
    events.to_csv(tmp_path / "scored.csv", index=False)
    told = json.loads(trade("--side", "score", "--json", source=tmp_path / "scored.csv").out)
    assert (told["trades"], told["dropped"]) == (1, {"no-side": 1})


def test_placebos_can_be_chosen_or_left_out(trade, tmp_path):
    told = json.loads(trade(*SIDES, "--placebo", "dates", "--placebo", "shuffled", "--json").out)
    assert [row["placebo"] for row in told["placebo"]] == ["dates", "shuffled"]
    assert all(row["draws"] == 50 for row in told["placebo"])
    assert "placebo" not in json.loads(trade(*SIDES, "--draws", "0", "--json", quick=False).out)


def test_contrary_none_closes_nothing(trade):
    assert "contrary={}" in json.loads(trade(*SIDES, "--contrary", "none", "--json").out)["config"]["strategy"]


def test_formats_print_the_kinds(trade):
    assert trade(*SIDES, "--format", "md").out.startswith("| kind | trades |")
    assert r"\begin{tabular}" in trade(*SIDES, "--format", "tex").out


def test_peers_are_traded_when_asked_for(trade):
    told = json.loads(trade(*SIDES, "--side", "profit-warning (peer)=-1", "--peers", "--json").out)
    assert {row["kind"] for row in told["by_kind"]} == {"profit-warning", "guidance-raise", "profit-warning (peer)"}


def test_exchange_rates_from_a_file(trade, market, tmp_path):
    days = pd.read_csv(market / "prices.csv")["date"]
    pd.DataFrame({"date": days, "USDEUR": 0.9}).to_csv(tmp_path / "fx.csv", index=False)
    told = json.loads(trade(*SIDES, "--fx", "fx.csv", "--json").out)
    assert told["config"]["fx"] == "fx.csv"
    assert "fx.csv" in json.loads((tmp_path / "trading" / "manifest.json").read_text())["inputs"]["files"]


@pytest.mark.parametrize("content", [None, "date,EURGBP\nyesterday,0.9\n"])
def test_exchange_rates_that_cannot_be_read(tmp_path, content):
    if content:
        (tmp_path / "fx.csv").write_text(content)
    with pytest.raises(PriceSourceError, match=r"--fx .*fx.csv: cannot be read .* a column such as EURGBP"):
        read_fx(tmp_path / "fx.csv")


@pytest.fixture
def dollars(tmp_path):
    """Return the flags of an instruments table in which all shares are quoted in dollars."""
    rows = [
        "ticker,name,benchmark,peers,currency,unit",
        "AAA,Alpha,MKT,BBB,USD,USD",
        "BBB,Beta,MKT,,USD,USD",
        "MKT,Market,,,USD,points",
    ]
    (tmp_path / "usd.csv").write_text("\n".join(rows))
    return "--instruments", str(tmp_path / "usd.csv")


def test_exchange_rates_from_a_folder_of_prices(trade, market, tmp_path, dollars):
    days = pd.read_csv(market / "prices.csv")["date"]
    (tmp_path / "rates").mkdir()
    pd.DataFrame({"date": days, "close": np.linspace(1.0, 1.3, len(days))}).to_csv(
        tmp_path / "rates" / "EURUSD.csv", index=False
    )
    plain, foreign = (json.loads(trade(*SIDES, *more, "--json").out) for more in (dollars, (*dollars, "--fx", "rates")))
    assert "exchange rates held constant (USD)" in plain["notice"]
    assert "exchange rates" not in foreign["notice"]
    assert plain["by_kind"][0]["net_mean"] != foreign["by_kind"][0]["net_mean"]
    assert "rates/EURUSD.csv" in json.loads((tmp_path / "trading" / "manifest.json").read_text())["inputs"]["files"]
    home = json.loads(trade(*SIDES, *dollars, "--fx", "rates", "--currency", "USD", "--json").out)
    assert home["notice"] == ""  # nothing to convert: the rates are not asked for
    assert [row["net_mean"] for row in home["by_kind"]] == [row["net_mean"] for row in plain["by_kind"]]


def test_exchange_rates_from_the_store(trade, market, tmp_path, dollars):
    from backtest.prices.store import Series, update

    days = pd.to_datetime(pd.read_csv(market / "prices.csv")["date"])
    frame = pd.DataFrame({"close": 1.1}, index=pd.DatetimeIndex(days).as_unit("us"))
    update(tmp_path / "kept", "EURUSD=X", lambda old: (Series(frame, {"source": "test"}), True))
    told = json.loads(trade(*SIDES, *dollars, "--fx", "store", "--store", str(tmp_path / "kept"), "--json").out)
    assert told["notice"] == ""
    assert told["config"]["fx"] == "store"


def test_a_rate_that_the_source_does_not_have(trade, tmp_path, dollars):
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates" / "EURGBP.csv").write_text("date,close\n2020-01-02,0.85\n")
    done = trade(*SIDES, *dollars, "--fx", "rates")
    assert done.code == 1
    assert "has no prices of 'EURUSD'" in done.err


def test_an_unknown_currency_is_taken_for_the_accounts(trade):
    assert "currency not known of 'AAA', 'BBB': taken to be EUR" in " ".join(trade(*SIDES).out.split())


def test_an_assumed_rate_is_printed_loudly(trade, dollars):
    done = trade(*SIDES, *dollars)
    assert "exchange rates held constant (USD): returns are in local currency" in " ".join(done.out.split())
    assert "give fx (--fx) for returns in EUR" in " ".join(done.out.split())


def test_whole_shares_and_limits(trade, tmp_path):
    trade(*SIDES, "--whole-shares", "--leverage", "none", "--out", "out", "-q")
    shares = pd.read_csv(tmp_path / "out" / "trades.csv")["shares"]
    assert len(shares) == 2
    assert (shares == shares.round()).all()
    config = json.loads((tmp_path / "out" / "manifest.json").read_text())["config"]
    assert "leverage=None" in config["strategy"]
    assert "whole_shares=True" in config["strategy"]


def test_the_report_has_the_strategy_and_the_study(trade, tmp_path):
    trade(*SIDES, "--out", "out", "-q")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.index('id="strategy"') < page.index('id="answers"') < page.index('id="method"')
    assert "2 trades of 2 events: the mean trade brought" in page
    assert "Fewer than 10 trades: cases, no rule." in page
    assert "never at a price that the decision has seen" in page
    assert page.count('src="data:image/svg+xml') >= 5
    assert page.count("<h2") == page.count("</h2>")


def test_the_cards_of_the_events_have_their_pictures(trade, tmp_path):
    trade(*SIDES, "--out", "out", "-q")
    out = tmp_path / "out"
    drawn = {f"event/{name}.{form}" for name in ("E1", "E2") for form in ("png", "svg")}
    assert {p.relative_to(out / "plots").as_posix() for p in (out / "plots" / "event").iterdir()} == drawn
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count('alt="Price of ') == 2
    assert "Cumulative average abnormal return of the kinds traded, and mean trade by the time of entry" in page


def test_a_strategy_without_a_study_still_has_its_report(trade, market, tmp_path):
    """Fewer sessions before the news than an estimation window needs."""
    done = trade(*SIDES, "--estimation", "-2000", "-11", "--out", "out")
    assert done.code == 0, done.err
    assert "no event study beside it:" in " ".join(done.out.split())
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert 'id="strategy"' in page
    assert 'id="answers"' not in page
    assert "The event study could not be run" in unescape(page)
    assert not (tmp_path / "out" / "study").exists()


def test_hostile_names_are_text_in_the_report(trade, market, tmp_path):
    events = pd.read_csv(market / "events.csv").assign(kind="<script>alert(1)</script>")
    events.to_csv(tmp_path / "bad.csv", index=False)
    done = trade("--side", "1", "--out", "out", source=tmp_path / "bad.csv")
    assert done.code == 0, done.err
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--cost-bps", "-1"), "cost_bps"),
        (("--hold", "0"), "hold=0 must be a whole number of sessions"),
        (("--side", "profit-warnin=1"), "side for unknown kind 'profit-warnin'; did you mean 'profit-warning'?"),
        (("--side", "takeover-bid=1"), "no tradable event: no-side 2"),
        (("--entry", "next-open"), "needs opening prices, and the prices have none"),
        (("--entry", "event-close"), "before the news could be acted on"),
        (("--overlap", "stak"), "unknown overlap 'stak'; did you mean 'stack'?"),
        (("--placebo", "date"), "unknown placebo 'date'; did you mean 'dates'?"),
        (("--theme", "drak"), "unknown theme 'drak'; did you mean 'dark'?"),
        (("--format", "pdf"), "unknown format 'pdf'"),
        (("--on-bad-price", "wrn"), "unknown --on-bad-price 'wrn'; did you mean 'warn'?"),
        (("--fx", "none.csv"), "--fx none.csv: cannot be read"),
        (("--sizing", "kelly"), "unknown sizing 'kelly'"),
        (("--currency", "EURO"), "unknown currency 'EURO'; did you mean 'EUR'?"),
        (("--stop-loss", "5"), "stop_loss=5.0 is more than the whole price"),
        (("--leverage", "-1"), "leverage=-1.0 must be a positive number"),
        (("--seed", "-1"), "seed=-1 must be a whole number, 0 or more"),
        (("--until", "soon"), "until='soon' is neither a column of the events nor a date"),
    ],
)  # fmt: skip
def test_bad_input_is_a_named_error(trade, flags, words):
    base = () if flags[0] == "--side" else SIDES
    done = trade(*base, *flags)
    assert done.code == 1
    assert done.err.startswith("error: ")
    assert words in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--hold", "five"), "'five' is no number of sessions, nor 'none'"),
        (("--side", "a=1", "--side", "b"), "'b' is no pair; write it as name=value"),
        (("--side", "a=long"), "'long' is no number; give 1 for long, -1 for short"),
        (("--contrary", "denied"), "'denied' is no pair"),
        (("--leverage", "much"), "'much' is no number; give a multiple of equity, or 'none'"),
    ],
)
def test_wrong_usage(trade, flags, words):
    done = trade(*flags)
    assert done.code == 2
    assert words in " ".join(done.err.replace("│", " ").split())


def test_a_folder_that_cannot_be_written(trade, tmp_path):
    (tmp_path / "file").write_text("x")
    done = trade(*SIDES, "--out", "file")
    assert done.code == 1
    assert "--out file is not writable" in done.err


def test_equity_is_the_capital_and_what_the_trades_brought(trade, tmp_path):
    trade(*SIDES, "--out", "out", "-q")
    trades, equity = (pd.read_csv(tmp_path / "out" / f"{name}.csv") for name in ("trades", "equity"))
    assert np.isclose(equity["equity"].iloc[-1], 1_000_000 + trades["net_pnl"].sum(), rtol=0, atol=0.01)
