"""Placebos: where there is nothing to know, the strategy is one draw among many; where there is, it stands out."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from universe import SIDE, universe

from backtest.placebo import PLACEBOS, run_placebos
from backtest.prices import Prices
from backtest.strategy import Costs, Sizing, Strategy, prepare
from backtest.trading.cells import all_cells
from backtest.trading.ladder import single


def market(effect: float, seed: int = 0, n: int = 12, length: int = 200, shares: int = 8):
    """Random walks whose price jumps by `effect` in the two sessions after each event's."""
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2020-01-01", periods=length).as_unit("us")
    change = rng.normal(0, 0.01, (length, shares))
    at, who = rng.choice(np.arange(60, length - 20), n, replace=False), rng.integers(0, shares, n)
    kind = np.where(np.arange(n) % 2 == 0, "takeover-rumour", "profit-warning")
    for t, s, k in zip(at, who, kind):
        change[t + 1 : t + 3, s] += effect / 2 * (1 if k == "takeover-rumour" else -1)
    close = pd.DataFrame(100 * np.exp(change.cumsum(axis=0)), index=index, columns=[f"S{i}" for i in range(shares)])
    bench = pd.Series(100 * np.exp(change.mean(axis=1).cumsum()), index=index, name="^M")
    prices = Prices.from_frame(close, benchmark=bench, open=close.shift(1).bfill())
    ev = pd.DataFrame(
        {
            "asset": close.columns[who],
            "kind": kind,
            "event_time": (index[at] + pd.Timedelta(hours=10)).tz_localize("UTC"),
        }
    )
    return ev, prices


SPEC = Strategy(side={"takeover-rumour": 1, "profit-warning": -1}, hold=3, lookback=(-20, -1), cost_bps=5)


def test_an_effect_stands_out_and_none_does_not():
    found = run_placebos(SPEC, *market(0.1), draws=999).table.set_index("placebo")
    assert list(found.index) == list(PLACEBOS)
    assert (found["p_better"] <= 0.005).all()
    assert (found["p_two_sided"] <= 0.01).all()
    assert found["p_better"].min() >= 1 / 1000
    nothing = run_placebos(SPEC, *market(0.0, seed=5), draws=999).table
    assert nothing["p_better"].between(0.02, 0.98).all()


def test_the_p_value_counts_the_observed_one():
    r = run_placebos(SPEC, *market(0.02), draws=200, kinds=("dates",))
    row = r.table.iloc[0]
    better = (r.draws["dates"] >= row["observed"]).sum()
    assert row["p_better"] == pytest.approx((1 + better) / 201)
    assert row["observed"] == r.observed
    assert row["mean"] == pytest.approx(r.draws["dates"].mean())
    assert (row["low"], row["high"]) == tuple(np.percentile(r.draws["dates"], [2.5, 97.5]))


def test_under_no_effect_p_is_uniform():
    rng_p = [
        run_placebos(SPEC, *market(0.0, seed=s), draws=99, kinds=("shuffled",)).table["p_better"].iloc[0]
        for s in range(60)
    ]
    assert 0.35 < np.mean(rng_p) < 0.65
    assert np.mean(np.array(rng_p) <= 0.1) <= 0.25


def test_draws_repeat_with_their_seed_and_not_with_another():
    ev, prices = market(0.02)
    a, b = (run_placebos(SPEC, ev, prices, draws=50).draws for _ in range(2))
    pd.testing.assert_frame_equal(a, b)
    c = run_placebos(SPEC, ev, prices, draws=50, seed=1).draws
    assert not np.allclose(a, c)
    assert len(run_placebos(SPEC, ev, prices, draws=1).draws) == 1


def test_cells_are_the_strategy_entered_there():
    """The return that a placebo takes from a day is that of the strategy with an event the day before."""
    u = universe(2, n_events=30)
    s = Strategy(
        side={"x": -1},
        hold=4,
        stop_loss=0.05,
        take_profit=0.06,
        barrier="range",
        hedge="benchmark",
        lookback=(-15, -1),
        costs=Costs(),
    )
    s = s.variant(sizing=Sizing("cash", 1e4, leverage=None, volume_share=0.5))
    placed = prepare(u.events, u.prices, "EUR", u.fx)
    cells = all_cells(single(s), placed, np.array([-1.0]))
    board = placed.board
    checked = 0
    for asset in ("A.DE", "C.L"):
        row = board.rows[asset]
        cal = board.calendars[board.market_of[row]]
        for at in range(20, 50, 3):
            news = pd.DataFrame(
                {
                    "asset": [asset],
                    "kind": ["x"],
                    "event_time": [pd.Timestamp(cal.opens[at], tz="UTC") - pd.Timedelta(minutes=1)],
                }
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    trade = s.variant(patience=0).run(news, u.prices, fx=u.fx).trades.iloc[0]
                except ValueError:
                    assert cells.ids(-1.0)[row, at] == -1
                    continue
            cell = cells.ids(-1.0)[row, at]
            if pd.isna(trade["exit"]):
                assert cell == -1
                continue
            assert cells.net[cell] == pytest.approx(trade["net_return"], rel=1e-9)
            checked += 1
    assert checked > 5


def test_one_side_cannot_be_shuffled_and_small_markets_have_no_other_shares():
    ev, prices = market(0.05)
    one = run_placebos(SPEC.variant(side=1), ev, prices, draws=20, kinds=("shuffled",)).table.iloc[0]
    assert np.isnan(one["p_better"])
    assert one["note"] == "all trades have one side: nothing to shuffle"
    assert one["left_out"] == len(ev)
    alone = prices.select(tickers=["S0"])
    few = run_placebos(SPEC, ev[ev["asset"] == "S0"], alone, draws=20, kinds=("stocks",)).table.iloc[0]
    assert few["note"] == "no day or share to compare with"


def test_placebo_days_keep_away_from_the_news():
    """With an effect in the shares' own events only, placebo days carry none of it."""
    ev, prices = market(0.4, n=4, shares=2)
    r = run_placebos(SPEC.variant(cost_bps=0), ev, prices, draws=300, kinds=("dates", "stocks"))
    assert r.draws.abs().max().max() < 0.1
    assert r.observed > 0.3


def test_two_exchanges_and_simulated_prices():
    u = universe(5, n_events=40)
    s = Strategy(side=SIDE, hold=2, entry="next-close", lookback=(-10, -1))
    r = run_placebos(s, u.events, u.prices, draws=100, fx=u.fx)
    assert r.table["trades"].min() > 0
    assert r.notice == ""
