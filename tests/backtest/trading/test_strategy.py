"""Strategies worked out by hand: when a trade is made, at which price, what it costs, what it brings."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small import days, events, small

from backtest.errors import DroppedEventsWarning
from backtest.prices import Prices
from backtest.strategy import Costs, Sizing, Strategy

UP = [100.0, 101, 102, 103, 104, 105, 106, 107, 108, 109]
OPEN = [p - 0.5 for p in UP]
LONG = {"takeover-rumour": 1}
#: Sessions of `small`: Monday 1 January 2024 is 0, Friday 5 is 4, Monday 8 is 5.
D = days()


def one(prices: Prices, time: str = "2024-01-02T10:00Z", kind: str = "takeover-rumour", **fields):
    """Run a strategy on one event on share A, without costs."""
    fields = {"side": {kind: 1}, "cost_bps": 0, "hold": 3, **fields}
    return Strategy(**fields).run(events(("A", kind, time)), prices)


# ------------------------------------------------------------------------------------------------------------- fills


@pytest.mark.parametrize(
    ("entry", "time", "session", "at", "price", "leaves"),
    [
        ("next-open", "2024-01-02T10:00Z", 2, "open", 101.5, 4),
        ("next-close", "2024-01-02T10:00Z", 1, "close", 101, 4),
        ("next-open+2", "2024-01-02T10:00Z", 4, "open", 103.5, 6),
        ("next-close+1", "2024-01-02T10:00Z", 2, "close", 102, 5),
        ("+1", "2024-01-02T10:00Z", 3, "open", 102.5, 5),
        # Exactly at an open or close is not after it.
        ("next-open", "2024-01-03T00:00:00Z", 3, "open", 102.5, 5),
        # A date alone: nothing before its end.
        ("next-open", "2024-01-02", 2, "open", 101.5, 4),
        ("next-close", "2024-01-02", 2, "close", 102, 5),
        # A weekend.
        ("next-open", "2024-01-06T09:00Z", 5, "open", 104.5, 7),
        ("next-close", "2024-01-06T09:00Z", 5, "close", 105, 8),
    ],
)
def test_entry_and_exit(entry, time, session, at, price, leaves):
    ev = events(("A", "takeover-rumour", time))
    r = Strategy(side=LONG, hold=3, entry=entry, cost_bps=0).run(ev, small({"A": UP}, {"A": OPEN}))
    row = r.trades.iloc[0]
    assert (row["entry"], row["entry_at"], row["entry_price"]) == (D[session], at, price)
    assert (row["exit"], row["exit_at"], row["exit_price"], row["exit_reason"]) == (
        D[leaves],
        "close",
        UP[leaves],
        "hold",
    )
    assert row["sessions"] == 3
    assert row["gross_return"] == pytest.approx(UP[leaves] / price - 1)


def test_a_month_is_known_at_its_end():
    prices = small({"A": UP}, {"A": OPEN}, start="2024-01-25")
    row = Strategy(side=1).run(events(("A", "x", "2024-01")), prices).trades.iloc[0]
    assert row["entry"] == pd.Timestamp("2024-02-01")


def test_hold_one_is_from_the_open_to_the_close():
    row = one(small({"A": UP}, {"A": OPEN}), hold=1).trades.iloc[0]
    assert (row["entry"], row["exit"]) == (D[2], D[2])
    assert row["net_return"] == pytest.approx(102 / 101.5 - 1)


def test_a_short_gains_what_the_share_loses():
    r = Strategy(side={"profit-warning": -1}, hold=2, cost_bps=0).run(
        events(("A", "profit-warning", "2024-01-02T10:00Z")), small({"A": UP[::-1]}, {"A": OPEN[::-1]})
    )
    assert r.trades["gross_return"].iloc[0] == pytest.approx(1 - UP[::-1][3] / OPEN[::-1][2])


def test_shares_without_a_price_wait():
    gap = [*UP[:2], np.nan, np.nan, *UP[4:7], np.nan, 108, 109]
    row = one(small({"A": gap}, {"A": OPEN}), hold=4).trades.iloc[0]
    assert (row["entry"], row["entry_delay"]) == (D[4], 2)
    # Due at the close of the seventh session, on which nothing trades: the next open is the first price.
    assert (row["exit"], row["exit_at"], row["exit_price"], row["exit_delay"]) == (D[8], "open", 107.5, 1)
    assert row["exit_reason"] == "hold"


def test_a_session_without_volume_is_one_without_a_trade():
    volume = [5.0] * 10
    volume[2] = 0.0
    row = one(small({"A": UP}, {"A": OPEN}, volume={"A": volume})).trades.iloc[0]
    assert row["entry"] == D[3]


def test_patience_ends():
    gap = [*UP[:2], *[np.nan] * 4, *UP[6:]]
    with pytest.warns(DroppedEventsWarning, match="1 of 2 events not traded: no-price 1"):
        r = Strategy(side=LONG, patience=3).run(
            events(("A", "takeover-rumour", "2024-01-02T10:00Z"), ("A", "takeover-rumour", "2024-01-08T10:00Z")),
            small({"A": gap}, {"A": OPEN}),
        )
    assert list(r.dropped["reason"]) == ["no-price"]
    assert list(r.trades["event_id"]) == ["e1"]


def test_a_share_that_never_trades_again_is_held_and_marked():
    gone = [*UP[:5], *[np.nan] * 5]
    prices = small(
        {"A": gone, "B": UP},
        {"A": OPEN, "B": OPEN},
        table={"A": {"listed_to": pd.Timestamp("2024-01-05")}, "B": {"listed_to": pd.NaT}},
    )
    r = one(prices, hold=5)
    row = r.trades.iloc[0]
    assert (row["exit_reason"], row["exit_at"], row["currency"]) == ("delisted", "", "EUR")
    assert pd.isna(row["exit"])
    assert np.isnan(row["exit_price"])
    assert row["net_return"] == pytest.approx(104 / 101.5 - 1)
    assert r.positions["A"].iloc[-1] == pytest.approx(50_000 * 104 / 101.5)


def test_open_at_the_end():
    row = one(small({"A": UP}, {"A": OPEN}), hold=30).trades.iloc[0]
    assert row["exit_reason"] == "open"
    assert row["net_return"] == pytest.approx(109 / 101.5 - 1)


# ------------------------------------------------------------------------------------------------------------- exits

BARS = {
    "open": [100.0, 100, 100, 100, 100, 92, 100, 100, 100, 100],
    "close": [100.0, 100, 100, 97, 94, 93, 100, 104, 111, 100],
    "high": [101.0, 101, 101, 106, 101, 94, 101, 105, 112, 101],
    "low": [99.0, 99, 99, 96, 93, 91, 99, 100, 100, 99],
}


def bars() -> Prices:
    return small(**{k: {"A": v} for k, v in BARS.items()})


@pytest.mark.parametrize(
    ("fields", "leaves", "at", "price", "reason"),
    [
        # Judged at closes: 94 on day 4 breaks 95, the next open is 92.
        ({"stop_loss": 0.05}, 5, "open", 92, "stop-loss"),
        ({"stop_loss": 0.05, "entry": "next-close"}, 5, "close", 93, "stop-loss"),
        ({"take_profit": 0.1}, 9, "open", 100, "take-profit"),
        # Resting: the low of day 4 is 93, the order fills at 95.
        ({"stop_loss": 0.05, "barrier": "range"}, 4, "stop", 95, "stop-loss"),
        # Day 3 touches 105.5 and 96.5: the stop is assumed first.
        ({"stop_loss": 0.035, "take_profit": 0.055, "barrier": "range"}, 3, "stop", 96.5, "stop-loss"),
        ({"take_profit": 0.055, "barrier": "range"}, 3, "target", 105.5, "take-profit"),
        # 92.5 is jumped over by the open of day 5.
        ({"stop_loss": 0.075, "barrier": "range"}, 5, "open", 92, "stop-loss"),
        ({"until": "2024-01-06"}, 5, "close", 93, "until"),
    ],
)
def test_exits(fields, leaves, at, price, reason):
    row = one(bars(), hold=20, **fields).trades.iloc[0]
    assert (row["exit"], row["exit_at"], row["exit_reason"]) == (D[leaves], at, reason)
    assert row["exit_price"] == pytest.approx(price)


def test_a_short_is_stopped_by_a_rise():
    r = Strategy(side={"takeover-rumour": -1}, hold=20, stop_loss=0.055, barrier="range", cost_bps=0).run(
        events(("A", "takeover-rumour", "2024-01-02T10:00Z")), bars()
    )
    assert (r.trades["exit"].iloc[0], r.trades["exit_price"].iloc[0]) == (D[3], pytest.approx(105.5))


def test_a_target_jumped_over_at_the_open_fills_at_the_open():
    rise = {k: [100.0] * 4 + [p] * 6 for k, p in (("open", 120.0), ("close", 90.0), ("high", 121.0), ("low", 80.0))}
    row = one(
        small(**{k: {"A": v} for k, v in rise.items()}), hold=20, stop_loss=0.05, take_profit=0.1, barrier="range"
    ).trades.iloc[0]
    assert (row["exit_at"], row["exit_price"], row["exit_reason"]) == ("open", 120.0, "take-profit")


def test_a_denial_closes_the_rumour():
    ev = events(
        ("A", "takeover-rumour", "2024-01-02T10:00Z"),
        ("A", "takeover-denied", "2024-01-04T10:00Z"),
        ("B", "takeover-rumour", "2024-01-02T10:00Z"),
    )
    prices = small({"A": UP, "B": UP}, {"A": OPEN, "B": OPEN})
    r = Strategy(side=LONG, hold=6).run(ev, prices)
    trades = r.trades.set_index("event_id")
    assert (trades.loc["e0", "exit"], trades.loc["e0", "exit_reason"], trades.loc["e0", "exit_at"]) == (
        D[4],
        "contrary",
        "open",
    )
    assert trades.loc["e2", "exit_reason"] == "hold"
    kept = Strategy(side=LONG, hold=6, contrary={}).run(ev, prices).trades.set_index("event_id")
    assert kept.loc["e0", "exit_reason"] == "hold"
    same = (
        Strategy(side=LONG, hold=6, contrary={"takeover-denied": "takeover-rumour"})
        .run(ev, prices)
        .trades.set_index("event_id")
    )
    assert same.loc["e0", "exit_reason"] == "contrary"


def test_a_denial_before_the_entry_keeps_the_trade_from_being_made():
    ev = events(
        ("A", "takeover-rumour", "2024-01-02T10:00Z"),
        ("A", "takeover-denied", "2024-01-02T18:00Z"),
        ("B", "takeover-rumour", "2024-01-02T10:00Z"),
    )
    with pytest.warns(DroppedEventsWarning, match="contrary-before-entry 1"):
        r = Strategy(side=LONG).run(ev, small({"A": UP, "B": UP}, {"A": OPEN, "B": OPEN}))
    assert dict(zip(r.dropped["event_id"], r.dropped["reason"])) == {"e0": "contrary-before-entry", "e1": "no-side"}


def test_catalogue_dates_at_the_end_of_their_day_are_ordered_by_the_date():
    """`known_at` of a date may be its last moment: a denial on that day still answers the rumour."""
    ev = events(
        ("A", "takeover-rumour", "2024-01-02"),
        ("A", "takeover-denied", "2024-01-02T18:00Z"),
        ("B", "takeover-rumour", "2024-01-02"),
    )
    ev = ev.assign(
        known_at=["2024-01-02T23:59:59Z", "2024-01-02T18:00Z", "2024-01-02T23:59:59Z"],
        known_precision=["day", "minute", "day"],
    )
    with pytest.warns(DroppedEventsWarning, match="contrary-before-entry 1"):
        r = Strategy(side=LONG).run(ev, small({"A": UP, "B": UP}, {"A": OPEN, "B": OPEN}))
    assert list(r.trades["event_id"]) == ["e2"]


# ----------------------------------------------------------------------------------------------------------- overlap

TWO = (("A", "takeover-rumour", "2024-01-02T10:00Z"), ("A", "takeover-rumour", "2024-01-04T10:00Z"))
MIXED = (("A", "takeover-rumour", "2024-01-02T10:00Z"), ("A", "profit-warning", "2024-01-04T10:00Z"))
BOTH = {"takeover-rumour": 1, "profit-warning": -1}


@pytest.mark.parametrize(
    ("overlap", "rows", "trips", "dropped"),
    [
        ("stack", TWO, [("e0", 2, 4, "hold"), ("e1", 4, 6, "hold")], {}),
        ("ignore", TWO, [("e0", 2, 4, "hold")], {"e1": "position-open"}),
        ("extend", TWO, [("e0", 2, 6, "hold")], {"e1": "extended"}),
        ("net", TWO, [("e0", 2, 4, "hold"), ("e1", 4, 6, "hold")], {}),
        ("stack", MIXED, [("e0", 2, 4, "hold"), ("e1", 4, 6, "hold")], {}),
        ("ignore", MIXED, [("e0", 2, 4, "hold")], {"e1": "position-open"}),
        ("extend", MIXED, [("e0", 2, 4, "hold")], {"e1": "position-open"}),
        ("net", MIXED, [("e0", 2, 4, "netted")], {"e1": "netted"}),
    ],
)
def test_overlap(overlap, rows, trips, dropped):
    r = Strategy(side=BOTH, hold=3, overlap=overlap).run(events(*rows), small({"A": UP}, {"A": OPEN}))
    got = [(t.event_id, D.get_loc(t.entry), D.get_loc(t.exit), t.exit_reason) for t in r.trades.itertuples()]
    assert got == trips
    assert dict(zip(r.dropped["event_id"], r.dropped["reason"])) == dropped


def test_netted_trades_leave_at_the_other_events_entry():
    row = Strategy(side=BOTH, hold=8, overlap="net").run(events(*MIXED), small({"A": UP}, {"A": OPEN})).trades.iloc[0]
    assert (row["exit_at"], row["exit_price"]) == ("open", 103.5)


# ------------------------------------------------------------------------------------------------------------- sides


def test_sides_by_column_number_and_callable():
    ev = events(("A", "x", "2024-01-02T10:00Z"), ("B", "y", "2024-01-02T10:00Z"), polarity=["-1", "0.5"])
    prices = small({"A": UP, "B": UP}, {"A": OPEN, "B": OPEN})
    by_column = Strategy(side="polarity").run(ev, prices).trades
    by_call = Strategy(side=lambda e: -1 if e["kind"] == "x" else 0.5).run(ev, prices).trades
    assert list(by_column["side"]) == list(by_call["side"]) == [-1, 0.5]
    assert list(by_column["notional"]) == [50_000, 25_000]
    assert list(Strategy(side=1).run(ev, prices).trades["side"]) == [1, 1]
    assert list(Strategy(side=lambda e: None if e["kind"] == "x" else 1).run(ev, prices).trades["event_id"]) == ["e1"]


def test_a_callable_does_not_see_outcomes():
    seen = {}
    ev = events(("A", "x", "2024-01-02T10:00Z"), zal_move_pct=[5.0], source=["wire"])
    Strategy(side=lambda e: seen.update(e) or 1).run(ev, small({"A": UP}, {"A": OPEN}))
    assert "zal_move_pct" not in seen
    assert (seen["event_id"], seen["source"]) == ("e0", "wire")


def test_peers_are_a_kind_of_their_own():
    ev = events(
        ("A", "profit-warning", "2024-01-02T10:00Z"),
        ("B", "profit-warning", "2024-01-02T10:00Z"),
        role=["issuer", "peer"],
    )
    prices = small({"A": UP, "B": UP}, {"A": OPEN, "B": OPEN})
    r = Strategy(side={"profit-warning": -1}).run(ev, prices)
    assert list(r.trades["event_id"]) == ["e0"]
    r = Strategy(side={"profit-warning (peer)": 1}).run(ev, prices)
    assert list(r.trades["kind"]) == ["profit-warning (peer)"]


def test_what_cannot_be_placed_is_dropped_with_a_reason():
    ev = events(
        ("A", "takeover-rumour", "2024-01-02T10:00Z"), ("ZZZ", "takeover-rumour", "2024-01-02T10:00Z"),
        ("ZAL.DE", "takeover-rumour", "2024-01-02T10:00Z"), ("A", "takeover-rumour", "2023-06-02T10:00Z"),
        ("A", "takeover-rumour", "2025-01-02T10:00Z"), ("A", "takeover-rumour", "2024-01-02T10:00Z"),
        ("A", "other", "2024-01-02T10:00Z"), novelty=["new"] * 5 + ["background", "new"],
    )  # fmt: skip
    with pytest.warns(DroppedEventsWarning, match="4 of 7 events not traded"):
        r = Strategy(side=LONG).run(ev, small({"A": UP}, {"A": OPEN}))
    assert dict(zip(r.dropped["event_id"], r.dropped["reason"])) == {
        "e1": "unknown-asset", "e2": "no-price-history", "e3": "before-first-session", "e4": "after-last-session",
        "e5": "background", "e6": "no-side",
    }  # fmt: skip
    assert list(r.events.index) == ["e0"]
    assert set(r.dropped["event_id"]) | set(r.trades["event_id"]) == set(ev["event_id"])


# ------------------------------------------------------------------------------------------------------ money, sizes


def test_equal_weights_take_equity_of_the_close_before():
    ev = events(("A", "x", "2024-01-02T10:00Z"), ("A", "x", "2024-01-08T10:00Z"))
    r = Strategy(side=1, hold=2, sizing=Sizing("equal", 0.5), cost_bps=0).run(ev, small({"A": UP}, {"A": OPEN}))
    first = 500_000 * 103 / 101.5
    assert list(r.trades["notional"]) == [500_000, pytest.approx((500_000 + first) / 2)]
    assert r.equity.iloc[3] == pytest.approx(500_000 + first)


def test_cash_limit_and_max_positions_refuse_whole_orders():
    ev = events(*[("A", "x", f"2024-01-02T{h}:00Z") for h in (12, 11, 10)])
    prices = small({"A": UP}, {"A": OPEN})
    with pytest.warns(DroppedEventsWarning, match="no-cash 1"):
        r = Strategy(side=1, sizing=Sizing("equal", 0.5)).run(ev, prices)
    assert sorted(r.trades["event_id"]) == ["e1", "e2"]
    with pytest.warns(DroppedEventsWarning, match="max-positions 2"):
        r = Strategy(side=1, sizing=Sizing("equal", 0.5, max_positions=1)).run(ev, prices)
    assert list(r.trades["event_id"]) == ["e2"]
    r = Strategy(side=1, sizing=Sizing("equal", 0.5, leverage=None)).run(ev, prices)
    assert len(r.trades) == 3
    assert any("no cash limit" in n for n in r.notes)


def test_volatility_target():
    wave = [100.0 * (1.02 if i % 2 else 1.0) for i in range(30)]
    prices = small({"A": wave}, {"A": wave})
    r = Strategy(side=1, lookback=(-10, -1), sizing=Sizing("volatility", 0.1, max_weight=5.0, leverage=None)).run(
        events(("A", "x", "2024-01-24T10:00Z")), prices
    )
    changes = pd.Series(wave).pct_change().iloc[8:18]
    assert r.trades["notional"].iloc[0] == pytest.approx(1e6 * 0.1 / (changes.std() * np.sqrt(252)))


def test_a_trade_is_cut_to_a_share_of_traded_value():
    volume = [1000.0] * 10
    prices = small({"A": UP}, {"A": OPEN}, volume={"A": volume})
    r = Strategy(side=1, lookback=(-5, -1), sizing=Sizing(volume_share=0.1)).run(
        events(("A", "x", "2024-01-08T10:00Z")), prices
    )
    assert r.trades["notional"].iloc[0] == pytest.approx(0.1 * 1000 * np.mean(UP[1:6]))


def test_hedge_takes_the_beta_of_the_sessions_before():
    rng = np.random.default_rng(3)
    m = rng.normal(0, 0.01, 60)
    bench, share = 100 * np.cumprod(1 + m), 50 * np.cumprod(1 + 1.5 * m)
    prices = small({"A": list(share)}, {"A": list(share)}, benchmark=list(bench))
    at = days(60)
    ev = events(("A", "x", f"{at[40]:%Y-%m-%d}T10:00Z"))
    r = Strategy(side=1, hold=5, hedge="benchmark", lookback=(-30, -1), cost_bps=0).run(ev, prices)
    row = r.trades.iloc[0]
    assert row["beta"] == pytest.approx(1.5)
    stock, mark = share[45] / share[41] - 1, bench[45] / bench[41] - 1
    assert row["net_return"] == pytest.approx(stock - 1.5 * mark)
    assert r.positions["^M"].loc[at[41]] == pytest.approx(-75_000)
    assert r.exposure["net"].loc[at[41]] == pytest.approx(-25_000 / r.equity.loc[at[41]])
    assert r.exposure["gross"].loc[at[41]] == pytest.approx(125_000 / r.equity.loc[at[41]])
    costly = Strategy(side=1, hold=5, hedge="benchmark", lookback=(-30, -1), cost_bps=10).run(ev, prices).trades.iloc[0]
    assert costly["hedge_cost"] == pytest.approx(75_000 * 0.001 * (1 + bench[45] / bench[41]))
    assert costly["net_pnl"] == pytest.approx(costly["gross_pnl"] + costly["hedge_pnl"] - costly["cost"])


def test_no_beta_no_trade():
    with pytest.warns(DroppedEventsWarning, match="no-beta 1"):
        r = Strategy(side=1, hedge="benchmark", lookback=(-5, -1)).run(
            events(("A", "x", "2024-01-02T10:00Z"), ("A", "x", "2024-01-09T10:00Z")),
            small({"A": UP}, {"A": OPEN}, benchmark=[50.0, 51, 50, 52, 51, 53, 52, 54, 53, 55]),
        )
    assert list(r.trades["event_id"]) == ["e1"]


# --------------------------------------------------------------------------------------------- dividends, splits, fx


def test_dividends_and_splits_while_holding():
    raw = [100.0, 100, 100, 100, 48, 49, 50, 51, 52, 53]
    actions = pd.DataFrame({"asset": ["A", "A"], "session": [D[4], D[5]], "dividend": [0.0, 2.0], "split": [2.0, 1.0]})
    for side in (1, -1):
        r = Strategy(side=side, hold=5, cost_bps=0).run(
            events(("A", "x", "2024-01-02T10:00Z")), small({"A": raw}, {"A": raw}), actions=actions
        )
        row = r.trades.iloc[0]
        assert (row["shares"], row["entry_price"], row["exit_price"]) == (500, 100, 50)
        # 500 shares become 1000; each pays 2.
        assert row["gross_pnl"] == pytest.approx(side * (1000 * 50 + 1000 * 2 - 50_000))
        assert r.positions["A"].iloc[4] == pytest.approx(side * 48_000)


def test_a_share_without_a_benchmark_has_no_beta():
    wave = [100.0 + (i % 3) for i in range(20)]
    table = {"B": {"benchmark": "^N"}}
    prices = small({"A": wave, "B": wave}, {"A": wave, "B": wave}, benchmark=wave, table=table)
    marks = prices.benchmarks.assign(**{"^O": wave})
    ev = events(("A", "x", "2024-01-22T10:00Z"), ("B", "x", "2024-01-22T10:00Z"))
    with pytest.warns(DroppedEventsWarning, match="no-beta 1"):
        r = Strategy(side=1, hedge="benchmark", lookback=(-10, -1)).run(ev, replace(prices, benchmarks=marks))
    assert list(r.trades["event_id"]) == ["e0"]


def test_a_dividend_belongs_to_who_held_the_share_overnight():
    actions = pd.DataFrame({"asset": ["A"], "session": [D[2]], "dividend": [3.0]})
    flat = [100.0] * 10
    r = one(small({"A": flat}, {"A": flat}), hold=2)
    at_ex = Strategy(side=1, hold=2, cost_bps=0).run(
        events(("A", "x", "2024-01-02T10:00Z")), small({"A": flat}, {"A": flat}), actions=actions
    )
    before = Strategy(side=1, hold=2, cost_bps=0).run(
        events(("A", "x", "2024-01-01T10:00Z")), small({"A": flat}, {"A": flat}), actions=actions
    )
    assert r.trades["net_return"].iloc[0] == at_ex.trades["net_return"].iloc[0] == 0
    assert before.trades["net_return"].iloc[0] == pytest.approx(0.03)


def test_pence_and_pounds_in_a_euro_account():
    pence = [p * 10 for p in UP]
    table = {"A": {"currency": "GBP", "unit": "GBp"}}
    prices = small({"A": pence}, {"A": pence}, table=table)
    ev = events(("A", "x", "2024-01-02T10:00Z"))
    rate = [0.8, 0.8, 0.8, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]
    fx = pd.DataFrame({"EURGBP=X": rate}, index=D)
    r = Strategy(side=1, hold=3, cost_bps=0).run(ev, prices, fx=fx)
    row = r.trades.iloc[0]
    assert (row["entry_price"], row["exit_price"], row["currency"]) == (1020, 1040, "GBP")
    assert row["shares"] == pytest.approx(50_000 * 0.8 / 10.2)
    assert row["gross_return"] == pytest.approx(10.4 / 10.2 * 0.8 / 0.9 - 1)
    inverse = Strategy(side=1, hold=3, cost_bps=0).run(ev, prices, fx=1 / fx.rename(columns={"EURGBP=X": "GBPEUR"}))
    assert inverse.trades["net_pnl"].iloc[0] == pytest.approx(row["net_pnl"])
    local = Strategy(side=1, hold=3, cost_bps=0).run(ev, prices)
    assert local.trades["gross_return"].iloc[0] == pytest.approx(10.4 / 10.2 - 1)
    assert local.notice == "exchange rates held constant (GBP): returns are in local currency"
    assert any("give fx (--fx) for returns in EUR" in n for n in local.notes)
    assert local.notice in repr(local)
    assert r.notice == ""
    pounds = Strategy(side=1, hold=3, cost_bps=0, currency="GBP").run(ev, prices)
    assert not any("exchange rates" in n for n in pounds.notes)


# ------------------------------------------------------------------------------------------------------------ result


def test_tables_of_a_result():
    ev = events(*MIXED)
    r = Strategy(side=BOTH, hold=3).run(ev, small({"A": UP}, {"A": OPEN}))
    assert list(r.tables()) == ["trades", "equity", "accounts", "dropped"]
    assert list(r.tables()["equity"].columns) == ["session", "equity", "drawdown", "turnover", "gross", "net", "trades"]
    assert r.turnover.sum() > 0
    assert r.exposure["trades"].max() == 1
    assert (r.drawdown <= 0).all()
    assert r.returns.add(1).prod() == pytest.approx(r.equity.iloc[-1] / 1e6)
    assert r.trades["decision"].dtype == "datetime64[us, UTC]"
    assert r.trades["exit"].dtype == r.trades["entry"].dtype == "datetime64[us]"
    assert str(r.trades["event_id"].dtype) == "str"


def test_summary_says_the_number_of_trades_first():
    r = Strategy(side=BOTH, hold=3).run(events(*MIXED), small({"A": UP}, {"A": OPEN}))
    table = r.summary(draws=50)
    assert table.index[0] == "trades"
    assert table.loc["trades", "value"] == 2
    assert "fewer than 20 trades" in table.loc["trades", "note"]
    assert table.loc["net_mean", "value"] == pytest.approx(r.trades["net_return"].mean())
    assert table.loc["costs", "value"] == pytest.approx(r.trades["cost"].sum())
    assert repr(r).startswith("StrategyResult: 2 trades of 2 events")
    assert "default rates used" in repr(r)
    assert "<table" in r._repr_html_()
    kinds = r.by_kind(draws=50)
    assert list(kinds["kind"]) == ["profit-warning", "takeover-rumour"]
    assert list(kinds["trades"]) == [1, 1]


def test_dropped_events_show_in_the_text():
    ev = events(*MIXED)
    r = Strategy(side={"takeover-rumour": 1}).run(ev, small({"A": UP}, {"A": OPEN}))
    assert "dropped: no-side 1" in repr(r)


def test_inputs_are_left_alone_and_the_order_of_rows_does_not_matter():
    prices = small({"A": UP, "B": UP[::-1]}, {"A": OPEN, "B": OPEN[::-1]})
    ev = events(*MIXED, ("B", "takeover-rumour", "2024-01-02"), ("B", "takeover-rumour", "2024-01-03"))
    before, close = ev.copy(), prices.close.copy()
    s = Strategy(side=BOTH, hold=3, overlap="extend", sizing=Sizing("equal", 0.4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        a = s.run(ev, prices)
        b = s.run(ev.sample(frac=1, random_state=1), prices)
    pd.testing.assert_frame_equal(ev, before)
    pd.testing.assert_frame_equal(prices.close, close)
    pd.testing.assert_frame_equal(a.trades, b.trades)
    pd.testing.assert_series_equal(a.equity, b.equity)


def test_a_plain_frame_of_closes_will_do():
    ev = events(("A", "x", "2024-01-02T10:00Z"))
    frame = pd.DataFrame({"A": UP}, index=D)
    row = Strategy(side=1, entry="next-close", hold=2).run(ev, frame).trades.iloc[0]
    assert row["entry_price"] == 101
    with_mark = Strategy(side=1, entry="next-close", hold=2).run(ev, frame.assign(**{"^STOXX": UP}))
    assert with_mark.positions.columns.tolist() == ["A", "^STOXX"]


def test_progress_is_reported():
    seen = []
    Strategy(side=1).run(
        events(("A", "x", "2024-01-02T10:00Z")), small({"A": UP}, {"A": OPEN}), progress=lambda *a: seen.append(a)
    )
    assert seen == [(1, 1)]


def test_scaling_all_prices_changes_no_return():
    ev = events(*MIXED)
    a = Strategy(side=BOTH, hold=3).run(ev, small({"A": UP}, {"A": OPEN}))
    b = Strategy(side=BOTH, hold=3).run(ev, small({"A": [7 * p for p in UP]}, {"A": [7 * p for p in OPEN]}))
    np.testing.assert_allclose(a.trades["net_return"], b.trades["net_return"])
    np.testing.assert_allclose(a.equity, b.equity)


def test_variant_and_description():
    s = Strategy(side=LONG, costs=Costs(slippage=2.0))
    assert s.variant(hold=9).describe() == f"side={LONG!r}, hold=9, costs={Costs(slippage=2.0)!r}"
