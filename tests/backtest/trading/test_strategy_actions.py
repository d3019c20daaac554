"""Dividends and splits come with the prices, count once, and are paid to who held the share overnight."""

from __future__ import annotations

import dataclasses
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import events, small
from universe import SIDE, Universe, universe

from backtest.errors import AlignmentError, SchemaError
from backtest.prices import Prices, load_prices
from backtest.prices.refresh import read_store
from backtest.prices.store import Series, update
from backtest.strategy import Sizing, Strategy

DAYS = pd.bdate_range("2024-01-01", periods=10).as_unit("us")
#: Quoted: 100, a dividend of 4 on day 3 (falls to 96), two shares for one on day 5 (falls to 50), a dividend of 1 on day 7.
QUOTED = [100.0, 100, 100, 96, 100, 50, 52, 51, 51, 53]


def adjusted_by_hand(u: Universe) -> Universe:
    """Return the universe as a vendor serves it: closes adjusted for all later actions, which it lists beside them."""
    rows, frames = [], {n: getattr(u.prices, n).copy() for n in ("close", "open", "high", "low", "volume")}
    for action in u.actions.sort_values("session").itertuples():
        past = frames["close"].index < action.session
        held = u.prices.close.loc[past, action.asset].dropna()
        per_old_share = action.dividend * action.split
        share = per_old_share / held.iloc[-1] if len(held) else 0.0
        factor = (1 - share) / action.split
        for name in ("close", "open", "high", "low"):
            frames[name].loc[past, action.asset] *= factor
        frames["volume"].loc[past, action.asset] *= action.split
        rows.append((action.asset, action.session, action.dividend, action.split, factor, action.split))
    columns = ["asset", "session", "dividend", "split", "price_factor", "volume_factor"]
    prices = dataclasses.replace(u.prices, **frames, actions=pd.DataFrame(rows, columns=columns))
    return dataclasses.replace(u, prices=prices, actions=None)


def run(strategy: Strategy, u: Universe):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return strategy.run(u.events, u.prices, fx=u.fx, actions=u.actions)
        except AlignmentError:
            return None


options = st.builds(
    Strategy,
    side=st.just(SIDE),
    hold=st.sampled_from([1, 4, 12]),
    entry=st.sampled_from(["next-open", "next-close"]),
    stop_loss=st.sampled_from([None, 0.04]),
    barrier=st.sampled_from(["close", "range"]),
    overlap=st.sampled_from(["stack", "extend", "net"]),
    sizing=st.sampled_from([Sizing("equal", 0.2), Sizing("volatility", 0.05, volume_share=0.1)]),
    hedge=st.sampled_from([None, "benchmark"]),
    lookback=st.just((-15, -1)),
)


@settings(max_examples=40)
@given(strategy=options, seed=st.integers(0, 10**6))
def test_adjusted_prices_with_their_actions_trade_like_the_quoted_ones(strategy, seed):
    u = universe(seed, n_events=25, actions=True)
    one, other = run(strategy, u), run(strategy, adjusted_by_hand(u))
    if one is None:
        assert other is None
        return
    pd.testing.assert_frame_equal(one.trades, other.trades, rtol=1e-9, atol=1e-6)
    pd.testing.assert_frame_equal(one.positions, other.positions, rtol=1e-9, atol=1e-6)
    pd.testing.assert_series_equal(one.equity, other.equity, rtol=1e-9)
    a = other.accounts
    np.testing.assert_allclose(a["cash"] + a["positions"] - a["costs"], a["equity"], atol=0.005)
    total = (a["equity"] * a["rate"]).groupby(a["session"]).sum()
    np.testing.assert_allclose(total, other.equity, atol=0.005)


@settings(max_examples=30)
@given(strategy=options, seed=st.integers(0, 10**6), at=st.integers(5, 50))
def test_a_later_dividend_or_split_changes_nothing_before_it(strategy, seed, at):
    """The vendor rescales all history at every action; what the account does up to then stays."""
    u = universe(seed, n_events=25, actions=True)
    cut = u.prices.close.index[at]
    fewer = dataclasses.replace(u, actions=u.actions[u.actions["session"] <= cut])
    one, other = run(strategy, adjusted_by_hand(u)), run(strategy, adjusted_by_hand(fewer))
    if one is None or other is None:
        return
    np.testing.assert_allclose(one.equity.loc[:cut], other.equity.loc[:cut], rtol=1e-10)
    held = [r.positions.loc[:cut] for r in (one, other)]
    np.testing.assert_allclose(held[0], held[1], rtol=1e-9, atol=1e-6)
    past = [r.trades[r.trades["entry"] <= cut].set_index("event_id").sort_index() for r in (one, other)]
    same = ["asset", "side", "entry", "entry_price", "shares", "notional"]
    pd.testing.assert_frame_equal(past[0][same], past[1][same], rtol=1e-9)


def stored(tmp_path: Path, carried: bool = True) -> Prices:
    """Put a share into the store as Yahoo has it: prices and dividends per share of today, or with a split left out."""
    scale = np.where(np.arange(10) < 5, 2.0, 1.0) if carried else np.ones(10)
    close = np.array(QUOTED) / scale
    frame = pd.DataFrame(
        {
            "open": close, "high": close, "low": close, "close": close, "volume": 1000.0 * scale,
            "dividends": [0.0, 0, 0, 4.0 / scale[3], 0, 0, 0, 1.0, 0, 0], "splits": [0.0] * 5 + [2.0] + [0.0] * 4,
        },
        index=DAYS,
    )  # fmt: skip
    update(tmp_path, "A.DE", lambda old: (Series(frame, {"mic": "XETR", "currency": "EUR"}), True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_prices(["A.DE"], partial(read_store, root=tmp_path), benchmark="")


@pytest.mark.parametrize("carried", [True, False])
def test_the_store_brings_its_actions(tmp_path, carried):
    prices = stored(tmp_path, carried=carried)
    table = prices.actions
    assert list(table.columns) == ["asset", "session", "dividend", "split", "price_factor", "volume_factor"]
    assert list(table["session"]) == [DAYS[3], DAYS[5], DAYS[7]]
    # Per share of its own day, whatever splits came later.
    assert table["dividend"].tolist() == [4.0, 0.0, 1.0]
    assert table["split"].tolist() == [1.0, 2.0, 1.0]
    assert table["price_factor"].tolist() == pytest.approx([1 - 4 / 100, 1 / 2, 1 - 1 / 52])
    assert table["volume_factor"].tolist() == [1.0, 2.0 if carried else 1.0, 1.0]
    later = np.array([np.prod(table["price_factor"][table["session"] > d]) for d in DAYS])
    np.testing.assert_allclose(prices.close["A.DE"] / later, QUOTED, rtol=1e-14)


@pytest.mark.parametrize("carried", [True, False])
@pytest.mark.parametrize("side", [1, -1])
def test_a_dividend_of_a_total_return_series_counts_once(tmp_path, side, carried):
    prices = stored(tmp_path, carried=carried)
    news = pd.DataFrame({"asset": ["A.DE"], "event_time": ["2024-01-02T10:00Z"], "kind": ["other"]})
    strategy = Strategy(side=side, entry="next-open", hold=6, cost_bps=0, sizing=Sizing("cash", 10_000.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = strategy.run(news, prices).trades.iloc[0]
    # 100 shares bought at 100 on day 2; 4 each on day 3; 200 shares from day 5 on; 1 each on day 7; sold at 51.
    assert (row["entry"], row["exit"]) == (DAYS[2], DAYS[7])
    assert (row["entry_price"], row["exit_price"], row["shares"]) == pytest.approx((100.0, 51.0, 100.0))
    assert row["gross_pnl"] == pytest.approx(side * (200 * 51 + 100 * 4 + 200 * 1 - 10_000))


def test_the_adjusted_closes_alone_are_taken_as_they_are(tmp_path):
    prices = dataclasses.replace(stored(tmp_path), actions=None)
    news = pd.DataFrame({"asset": ["A.DE"], "event_time": ["2024-01-02T10:00Z"], "kind": ["other"]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = Strategy(side=1, hold=6, cost_bps=0).run(news, prices).trades.iloc[0]
    close = prices.close["A.DE"]
    assert row["gross_return"] == pytest.approx(close.iloc[7] / close.iloc[2] - 1)
    # The total return of the quoted prices, dividends put into the share at the close before its ex-date.
    assert row["gross_return"] == pytest.approx(2 * 51 / 100 / ((1 - 4 / 100) * (1 - 1 / 52)) - 1)


def test_prices_and_caller_may_not_both_bring_actions(tmp_path):
    prices = stored(tmp_path)
    news = events(("A.DE", "other", "2024-01-02T10:00Z"))
    with pytest.raises(SchemaError, match="would count them twice; leave actions out"):
        Strategy(side=1).run(news, prices, actions=prices.actions)
    nothing = dataclasses.replace(prices, actions=prices.actions.iloc[:0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert len(Strategy(side=1).run(news, nothing, actions=prices.actions.iloc[:0]).trades) == 1


def test_actions_stay_with_their_tickers(tmp_path):
    prices = stored(tmp_path)
    assert len(prices.select(["A.DE"], end=DAYS[4]).actions) == 3
    both = dataclasses.replace(small({"A.DE": QUOTED, "B": QUOTED}), actions=prices.actions)
    assert len(both.select(["B"]).actions) == 0
    assert len(both.select(["A.DE"]).actions) == 3


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"session": pd.NaT}, "actions hold a row without a session; give the ex-date"),
        ({"split": float("inf")}, "a split that is not positive or a negative dividend"),
        ({"price_factor": 0.0}, "a split that is not positive or a negative dividend"),
    ],
)
def test_a_table_of_actions_that_will_not_do(row, message):
    table = pd.DataFrame([{"asset": "A", "session": DAYS[3], "dividend": 1.0, "split": 1.0, **row}])
    prices = small({"A": QUOTED}, {"A": QUOTED})
    with pytest.raises(SchemaError, match=message):
        Strategy(side=1).run(events(("A", "x", "2024-01-02T10:00Z")), dataclasses.replace(prices, actions=table))


FILES = {
    "raw": ("date,close,adj_close,dividends", [100.0, 100, 96, 96], [96.0, 96, 96, 96], [0, 0, 4, 0]),
    "adjusted": ("date,close,adj_close,dividends", [96.0, 96, 96, 96], [96.0, 96, 96, 96], [0, 0, 4, 0]),
    "unknown": ("date,close,dividends", [100.0, 100, 96, 96], None, [0, 0, 4, 0]),
}


@pytest.mark.parametrize(("name", "paid"), [("raw", [4.0]), ("adjusted", []), ("unknown", [])])
def test_a_file_pays_dividends_where_its_closes_are_known_to_be_without_them(tmp_path, name, paid):
    header, close, adj, cash = FILES[name]
    columns = [close, adj, cash] if adj else [close, cash]
    lines = [f"{d:%Y-%m-%d},{','.join(str(c[i]) for c in columns)}" for i, d in enumerate(DAYS[:4])]
    (tmp_path / "A.DE.csv").write_text("\n".join([header, *lines]))
    prices = load_prices(["A.DE"], tmp_path, benchmark="", on_bad_price=None)
    got = [] if prices.actions is None else prices.actions["dividend"].tolist()
    assert got == paid
    assert ("dividends-unused" in set(prices.checks["check"])) == (not paid)
    # Nobody gets more than the four that were paid: the share is worth 100 throughout.
    news = pd.DataFrame({"asset": ["A.DE"], "event_time": ["2024-01-02T08:00Z"], "kind": ["other"]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = Strategy(side=1, entry="next-close", hold=1, cost_bps=0).run(news, prices).trades.iloc[0]
    assert row["gross_return"] == pytest.approx({"raw": 0.0, "adjusted": 0.0, "unknown": -0.04}[name], abs=1e-12)


@pytest.mark.parametrize("close", [[50.0, 50, 50, 50], [100.0, 100, 50, 50]])
def test_a_split_of_a_file_loses_nothing_whether_the_closes_show_it_or_not(tmp_path, close):
    lines = [f"{d:%Y-%m-%d},{c},{s}" for d, c, s in zip(DAYS[:4], close, [0, 0, 2, 0])]
    (tmp_path / "A.DE.csv").write_text("\n".join(["date,close,splits", *lines]))
    prices = load_prices(["A.DE"], tmp_path, benchmark="", on_bad_price=None)
    news = pd.DataFrame({"asset": ["A.DE"], "event_time": ["2024-01-02T08:00Z"], "kind": ["other"]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = Strategy(side=1, entry="next-close", hold=1, cost_bps=0).run(news, prices).trades.iloc[0]
    # Quoted at 100 before the split, at 50 after it, in either file.
    assert (row["entry_price"], row["exit_price"], row["gross_return"]) == (100.0, 50.0, 0.0)
    assert row["shares"] == 500.0


def test_a_history_that_stands_under_two_tickers_brings_no_actions(tmp_path):
    """The factors of one ticker say nothing about the closes of the other."""
    for name, days in {"OLD": DAYS[:5], "NEW": DAYS[5:]}.items():
        frame = pd.DataFrame({"close": 100.0, "dividends": 1.0, "splits": 0.0}, index=days)
        update(tmp_path, name, lambda old, f=frame: (Series(f, {"mic": "XETR", "currency": "EUR"}), True))
    table = pd.DataFrame({"ticker": ["NEW"], "former_tickers": ["OLD"]})
    source = partial(read_store, root=tmp_path)
    spliced = load_prices(["NEW"], source, benchmark="", instruments=table, on_bad_price=None)
    assert spliced.close["NEW"].notna().sum() == 10
    assert len(spliced.actions) == 0
    alone = load_prices(["OLD"], source, benchmark="", on_bad_price=None)
    assert set(alone.actions["asset"]) == {"OLD"}
