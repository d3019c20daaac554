"""Hedges beside their trades, whole shares, currencies and their rates: worked out by hand."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small import days, events, small
from universe import SIDE, universe

from backtest.errors import SchemaError, UnknownNameError
from backtest.prices import Prices
from backtest.prices.currency import convert
from backtest.strategy import Costs, Sizing, Strategy

D60 = days(60)
UP = [100.0 + i for i in range(10)]


def hedged_market(opens: bool) -> Prices:
    """A share with a beta of 1.5 and its benchmark, which is loaded as a security too (with opens, if asked for)."""
    m = np.random.default_rng(3).normal(0, 0.01, 60)
    bench, share = 100 * np.cumprod(1 + m), 50 * np.cumprod(1 + 1.5 * m)
    both = {"A": list(share), "^M": list(bench)}
    opening = {"A": list(share * 0.99), "^M": list(bench * 0.995) if opens else [float("nan")] * 60}
    prices = small(both, opening, benchmark=list(bench))
    return replace(prices, instruments=prices.instruments[~prices.instruments.index.duplicated()])


@pytest.mark.parametrize("opens", [True, False])
def test_a_hedge_is_filled_with_its_trade_where_the_benchmark_has_opens(opens):
    prices = hedged_market(opens)
    news = events(("A", "x", f"{D60[40]:%Y-%m-%d}T10:00Z"))
    s = Strategy(side=1, hold=5, hedge="benchmark", lookback=(-30, -1), costs=Costs(0, 0, 0, 0, hedge_bps=7))
    row = s.run(news, prices).trades.iloc[0]
    share, bench = prices.close["A"].to_numpy(), prices.close["^M"].to_numpy()
    start = bench[41] * (0.995 if opens else 1.0)
    assert row["beta"] == pytest.approx(1.5)
    assert row["gross_pnl"] == pytest.approx(row["notional"] * (share[45] / (0.99 * share[41]) - 1))
    assert row["hedge_pnl"] == pytest.approx(-1.5 * row["notional"] * (bench[45] / start - 1))
    # The hedge pays hedge_bps, whatever the instruments table says of its ticker.
    assert row["hedge_cost"] == pytest.approx(1.5 * row["notional"] * 7e-4 * (1 + bench[45] / start))


def test_a_hedge_out_of_the_same_prices_shows_in_the_exposure():
    r = Strategy(side=1, hold=5, hedge="benchmark", lookback=(-30, -1), cost_bps=0).run(
        events(("A", "x", f"{D60[40]:%Y-%m-%d}T10:00Z")), hedged_market(True)
    )
    day = D60[42]
    long, short = r.positions.loc[day, "A"], r.positions.loc[day, "^M"]
    assert long > 0 > short
    assert r.exposure.loc[day, "gross"] == pytest.approx((long - short) / r.equity.loc[day])
    assert r.exposure.loc[day, "net"] == pytest.approx((long + short) / r.equity.loc[day])


def test_an_auction_that_is_over_hedges_at_the_close():
    """Frankfurt opens seven and a half hours before a share in New York: that price is gone."""
    index = pd.bdate_range("2024-01-01", periods=60).as_unit("us")
    m = np.random.default_rng(4).normal(0, 0.01, 60)
    bench = pd.Series(100 * np.cumprod(1 + m), index=index)
    close = pd.DataFrame({"A": 50 * np.cumprod(1 + m), "E": bench}, index=index)
    table = pd.DataFrame(
        {"mic": ["XNYS", "XETR"], "currency": "EUR", "unit": "EUR", "benchmark": ["E", ""]},
        index=pd.Index(["A", "E"], name="ticker"),
    )
    prices = Prices(
        close=close, open=close * 0.99, benchmarks=close[["E"]], instruments=table, source="frame"
    )  # fmt: skip
    s = Strategy(side=1, hold=3, hedge="benchmark", lookback=(-20, -1), cost_bps=0)
    row = s.run(events(("A", "x", f"{index[40]:%Y-%m-%d}T22:00Z")), prices).trades.iloc[0]
    at = index.get_loc(row["entry"])
    expected = -row["beta"] * row["notional"] * (bench.iloc[index.get_loc(row["exit"])] / bench.iloc[at] - 1)
    assert row["entry_at"] == "open"
    assert row["hedge_pnl"] == pytest.approx(expected)


# ------------------------------------------------------------------------------------------------------ whole shares


def test_whole_shares_are_rounded_down_and_an_order_for_less_than_one_is_refused():
    prices = small({"A": [300.0] * 10, "B": [60_000.0] * 10}, {"A": [300.0] * 10, "B": [60_000.0] * 10})
    news = events(("A", "x", "2024-01-02T10:00Z"), ("B", "x", "2024-01-02T09:00Z"))
    divided = Strategy(side=1, cost_bps=0).run(news, prices)
    assert sorted(divided.trades["shares"]) == pytest.approx([50_000 / 60_000, 50_000 / 300])
    with pytest.warns(UserWarning, match="1 of 2 events not traded: no-share 1"):
        r = Strategy(side=1, cost_bps=0, sizing=Sizing(whole_shares=True)).run(news, prices)
    # What is refused takes no room, and does not end the session for the order behind it.
    assert r.trades["shares"].tolist() == [166]
    assert r.trades["notional"].tolist() == [166 * 300]
    assert list(r.dropped["reason"]) == ["no-share"]


@pytest.mark.parametrize(
    "sizing",
    [Sizing("cash", 50_000.0, leverage=None, whole_shares=True), Sizing("volatility", 0.05, whole_shares=True)],
)
@pytest.mark.parametrize("actions", [True, False])
def test_whole_shares_on_random_universes(sizing, actions):
    for seed in range(5):
        u = universe(seed, n_events=30, actions=actions)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            r = Strategy(side=SIDE, sizing=sizing, lookback=(-15, -1)).run(
                u.events, u.prices, fx=u.fx, actions=u.actions
            )
        shares = r.trades["shares"].to_numpy()
        np.testing.assert_allclose(shares, np.round(shares), atol=1e-6)
        assert (shares >= 1 - 1e-6).all()
        assert r.equity.iloc[-1] - 1e6 == pytest.approx(r.trades["net_pnl"].sum(), abs=0.005)


# -------------------------------------------------------------------------------------------------------- currencies


def three_currencies() -> tuple[Prices, pd.DataFrame]:
    table = {
        "P": {"currency": "GBP", "unit": "GBp"}, "Q": {"currency": "GBp", "unit": ""},
        "G": {"currency": "GBP", "unit": "GBP"}, "E": {"currency": "EUR"},
    }  # fmt: skip
    pounds = [10.0 + i / 10 for i in range(10)]
    pence = [100 * p for p in pounds]
    frames = {"P": pence, "Q": pence, "G": pounds, "E": pounds}
    rate = pd.DataFrame({"EURGBP": [0.8, 0.8, 0.8, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]}, index=days())
    return small(frames, frames, table=table), rate


def test_pence_pounds_and_euros_in_one_account():
    prices, rate = three_currencies()
    news = events(*[(t, "x", "2024-01-02T10:00Z") for t in "PQGE"])
    r = Strategy(side=1, hold=3, cost_bps=10).run(news, prices, fx=rate)
    t = r.trades.set_index("asset")
    assert t.loc["P", "net_return"] == t.loc["Q", "net_return"] == pytest.approx(t.loc["G", "net_return"])
    assert (t.loc[["P", "Q", "G"], "currency"] == "GBP").all()
    local = 10.4 / 10.2
    assert t.loc["E", "gross_return"] == pytest.approx(local - 1)
    assert t.loc["G", "gross_return"] == pytest.approx(local * 0.8 / 0.9 - 1)
    assert t.loc["P", "shares"] == pytest.approx(50_000 * 0.8 / 10.2)
    a = r.accounts
    assert sorted(set(a["currency"])) == ["EUR", "GBP"]
    np.testing.assert_allclose(a["cash"] + a["positions"] - a["costs"], a["equity"], atol=0.005)
    np.testing.assert_allclose((a["equity"] * a["rate"]).groupby(a["session"]).sum(), r.equity, atol=0.005)
    assert r.notice == ""


def test_rates_may_be_prices():
    prices, rate = three_currencies()
    news = events(("P", "x", "2024-01-02T10:00Z"))
    s = Strategy(side=1, hold=3)
    as_prices = small({"EURGBP=X": rate["EURGBP"].tolist()})
    one, other = s.run(news, prices, fx=rate), s.run(news, prices, fx=as_prices)
    pd.testing.assert_frame_equal(one.trades, other.trades)
    pd.testing.assert_series_equal(one.equity, other.equity)


def test_an_assumed_rate_is_said_where_a_trade_needed_one():
    prices, _ = three_currencies()
    with_pounds = Strategy(side=1).run(events(("P", "x", "2024-01-02T10:00Z")), prices)
    assert with_pounds.notice == "exchange rates held constant (GBP): returns are in local currency"
    assert "no exchange rates: give fx (--fx) for returns in EUR" in with_pounds.notes
    euros = Strategy(side=1).run(events(("E", "x", "2024-01-02T10:00Z")), prices)
    assert euros.notice == ""
    assert not any("exchange" in n for n in euros.notes)


def test_a_rate_is_asked_for_where_something_may_be_traded():
    prices, rate = three_currencies()
    more = prices.close.assign(U=10.0)
    table = prices.instruments.copy()
    table.loc["U"] = {"mic": "", "currency": "USD", "unit": "USD", "benchmark": ""}
    wider = replace(prices, close=more, open=more, instruments=table)
    news = events(("P", "x", "2024-01-02T10:00Z"))
    s = Strategy(side=1, hold=3)
    one, other = s.run(news, prices, fx=rate), s.run(news, wider, fx=rate)
    pd.testing.assert_series_equal(one.equity, other.equity)
    assert other.notice == ""
    with pytest.raises(SchemaError, match="fx has no pair of EUR with 'USD'"):
        s.run(events(("P", "x", "2024-01-02T10:00Z"), ("U", "x", "2024-01-02T10:00Z")), wider, fx=rate)


@pytest.mark.parametrize(
    ("currency", "message"),
    [
        ("EURO", "unknown currency 'EURO'; did you mean 'EUR'?"),
        ("GBp", "unknown currency 'GBp'; did you mean 'GBP'?"),
        ("eur", "unknown currency 'eur'; did you mean 'EUR'?"),
        ("12", "unknown currency '12'; give an ISO code such as 'EUR' or 'GBP'"),
    ],
)
def test_an_account_has_a_currency_that_exists(currency, message):
    with pytest.raises(UnknownNameError, match=message.replace("?", r"\?")):
        Strategy(side=1, currency=currency)


def test_rates_of_the_wrong_kind():
    prices, _ = three_currencies()
    with pytest.raises(SchemaError, match="fx: expected a DataFrame"):
        Strategy(side=1).run(events(("P", "x", "2024-01-02T10:00Z")), prices, fx=1.17)


def test_a_conversion_takes_the_dividends_along():
    prices, rate = three_currencies()
    table = pd.DataFrame(
        {"asset": ["P", "E"], "session": [days()[3]] * 2, "dividend": [40.0, 1.0], "split": 1.0, "price_factor": 1.0,
         "volume_factor": 1.0}
    )  # fmt: skip
    made = convert(
        replace(
            prices,
            actions=table,
            instruments=prices.instruments.replace("GBp", "GBP").assign(unit=["GBp", "GBp", "GBP", "EUR", "points"]),
        ),
        "EUR",
        rate,
        shift=0,
    )
    assert made.actions["dividend"].tolist() == pytest.approx([0.4 / 0.8, 1.0])
    assert table["dividend"].tolist() == [40.0, 1.0]
