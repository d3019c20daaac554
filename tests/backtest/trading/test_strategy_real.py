"""Real prices: the rumour and warning strategies on the catalogue, checked against the csv files read by hand."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from backtest.frames import read_events
from backtest.prices import load_prices
from backtest.strategy import Strategy, StrategyResult

SIDE = {"takeover-rumour": 1, "profit-warning": -1}


@pytest.fixture(scope="module")
def folder(request):
    from pathlib import Path

    shared = Path(__file__).resolve().parents[3].parent / "shared"
    if not (shared / "prices" / "ZAL.DE.csv").is_file():
        pytest.skip("the research data (../shared) are not on this machine")
    return shared


def run(folder, **fields) -> StrategyResult:
    events = read_events(folder / "events" / "catalogue.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prices = load_prices(events, source=folder / "prices")
        return Strategy(side=SIDE, **fields).run(events, prices)


def quotes(folder, ticker: str) -> pd.DataFrame:
    return pd.read_csv(folder / "prices" / f"{ticker}.csv", parse_dates=["date"]).set_index("date")


def test_every_event_is_a_trade_or_dropped_and_prices_are_those_of_the_files(folder):
    r = run(folder, entry="next-close")
    ids = set(r.trades["event_id"]) | set(r.dropped["event_id"])
    assert ids == set(r.placed.events.index)
    for ticker in ("ZAL.DE", "ASC.L"):
        csv = quotes(folder, ticker)
        mine = r.trades[r.trades["asset"] == ticker]
        assert len(mine) >= 4
        for row in mine.itertuples():
            assert row.entry_price == pytest.approx(csv.loc[row.entry, row.entry_at])
            assert row.exit_price == pytest.approx(csv.loc[row.exit, row.exit_at])


def test_the_warning_of_october_2021(folder):
    """Known by its date alone, the 11th: the first price is the open of the 12th, the fifth session ends on the 18th."""
    row = run(folder, hold=5).trades.set_index("event_id").loc["ASC-20211011-PW"]
    csv = quotes(folder, "ASC.L")
    assert (row["entry"], row["exit"]) == (pd.Timestamp("2021-10-12"), pd.Timestamp("2021-10-18"))
    assert row["gross_return"] == pytest.approx(1 - csv.loc["2021-10-18", "close"] / csv.loc["2021-10-12", "open"])
    assert row["stamp_duty"] == 0


def test_a_short_in_the_hole_of_the_files_is_held_and_recorded(folder):
    row = run(folder, entry="next-close").trades.set_index("event_id").loc["ASC-20220616-PW"]
    assert row["exit"] == pd.Timestamp("2023-03-13")
    assert row["exit_delay"] > 150
    # Bought back on the main market.
    assert row["stamp_duty"] == pytest.approx(row["notional"] * row["exit_price"] / row["entry_price"] * 0.005)


def test_days_with_closes_only(folder):
    dropped = run(folder).dropped.set_index("event_id")["reason"]
    assert dropped["ZAL-20220505-PW"] == "no-open"


def test_pence_into_euros_at_the_rates_of_the_file(folder):
    """The stamps of these rates run about a day early: the level on a date is one that could be known by its close."""
    events = read_events(folder / "events" / "catalogue.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prices = load_prices(events, source=folder / "prices")
        fx = load_prices(["EURGBP", "EURUSD"], source=folder / "prices" / "fx", benchmark="", on_bad_price=None)
        local = Strategy(side=SIDE, entry="next-close").run(events, prices)
        euros = Strategy(side=SIDE, entry="next-close").run(events, prices, fx=fx)
    assert "exchange rates held constant (GBP)" in local.notice
    assert euros.notice == ""
    rate = pd.read_csv(folder / "prices" / "fx" / "EURGBP.csv", parse_dates=["date"]).set_index("date")["close"]
    both = euros.trades.set_index("event_id")
    for name in ("ASC-20211011-PW", "ASC-20220616-PW"):
        row = both.loc[name]
        growth = row["exit_price"] / row["entry_price"] * rate.asof(row["entry"]) / rate.asof(row["exit"])
        assert row["gross_return"] == pytest.approx(1 - growth, rel=1e-9)
        assert row["gross_return"] != pytest.approx(
            local.trades.set_index("event_id").loc[name, "gross_return"], abs=1e-4
        )
