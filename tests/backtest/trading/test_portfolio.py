"""The walk through the sessions: many books at once give what each gives alone."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from universe import SIDE, universe

from backtest.portfolio import _at_once, _session_by_session, walk
from backtest.strategy import Costs, Sizing, Strategy, panel_of, plan_for, prepare
from backtest.trading.cells import unit_returns
from backtest.trading.plan import books_of, make_lots
from backtest.trading.variants import join_books, net_returns, run_variants, strategy_grid

BASE = Strategy(side=SIDE, lookback=(-15, -1), hedge="benchmark", sizing=Sizing("equal", 0.3, leverage=1.5))


def test_books_do_not_touch_each_other():
    u = universe(4, n_events=40)
    many = strategy_grid(
        BASE, hold=[1, 6], costs=[Costs(), Costs(slippage="square-root")], sizing=["volatility", Sizing("equal", 0.4)]
    )
    placed = prepare(u.events, u.prices, "EUR", u.fx)
    panel = panel_of(placed.board)
    lots = [make_lots(s, placed, plan_for(s, placed), i).lots for i, s in enumerate(many)]
    together = walk(join_books(lots), books_of(list(many)), panel)
    start = 0
    for i, s in enumerate(many):
        alone = walk(make_lots(s, placed, plan_for(s, placed)).lots, books_of([s]), panel)
        n = len(lots[i].book)
        np.testing.assert_array_equal(together.equity[:, i], alone.equity[:, 0])
        np.testing.assert_array_equal(together.notional[start : start + n], alone.notional)
        np.testing.assert_array_equal(together.cost[:, i], alone.cost[:, 0])
        start += n


@pytest.mark.parametrize("hedge", [None, "benchmark"])
def test_the_closed_form_is_what_the_walk_books(hedge):
    for seed in range(5):
        u = universe(seed, n_events=30, actions=seed % 2 == 0)
        s = BASE.variant(hedge=hedge, costs=Costs(slippage="square-root"), sizing=Sizing("cash", 1e4, leverage=None))
        placed = prepare(u.events, u.prices, "EUR", u.fx, u.actions)
        lots = make_lots(s, placed, plan_for(s, placed)).lots
        ledger = walk(lots, books_of([s]), panel_of(placed.board))
        gross, net = unit_returns(placed.board, lots, ledger.notional, s.charges.model)
        own = lots.parent < 0
        np.testing.assert_allclose(net[own], net_returns(placed.board, lots, ledger)[own], rtol=1e-10, atol=1e-13)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trades = s.run(u.events, u.prices, fx=u.fx, actions=u.actions).trades
        np.testing.assert_allclose(np.sort(gross[own]), np.sort(trades["gross_return"]), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("hedge", [None, "benchmark"])
def test_booking_at_once_is_walking(hedge):
    for seed in range(6):
        u = universe(seed, n_events=30, actions=seed % 2 == 0)
        s = BASE.variant(hedge=hedge, sizing=Sizing("cash", 1e4, leverage=None, volume_share=0.2))
        placed = prepare(u.events, u.prices, "EUR", u.fx, u.actions)
        many = [s, s.variant(hold=2, capital=5e5)]
        lots = join_books([make_lots(x, placed, plan_for(x, placed), i).lots for i, x in enumerate(many)])
        panel = panel_of(placed.board)
        fast, slow = _at_once(lots, books_of(many), panel), _session_by_session(lots, books_of(many), panel)
        for name in slow.__dataclass_fields__:
            np.testing.assert_allclose(getattr(fast, name), getattr(slow, name), rtol=1e-10, atol=1e-7, err_msg=name)


def test_what_must_walk(monkeypatch):
    u = universe(1, n_events=30)
    placed = prepare(u.events, u.prices)
    free = BASE.variant(sizing=Sizing("cash", 1e4, leverage=None))

    def at_once(s):
        return _at_once(make_lots(s, placed, plan_for(s, placed)).lots, books_of([s]), panel_of(placed.board))

    assert at_once(free) is not None
    assert at_once(BASE) is None
    assert at_once(free.variant(costs=Costs(slippage="square-root"))) is None
    assert at_once(free.variant(sizing=Sizing("cash", 1e4))) is None
    assert at_once(free.variant(sizing=Sizing("cash", 1e4, leverage=None, max_positions=9))) is None
    assert at_once(free.variant(sizing=Sizing("cash", 1e9, leverage=None))) is None
    monkeypatch.setattr("backtest.portfolio._LOT_DAYS", 10)
    assert at_once(free) is None


def test_variants_are_single_runs():
    u = universe(9, n_events=40)
    many = strategy_grid(BASE, hold=[2, 5], overlap=["stack", "net"])
    seen = []
    v = run_variants(many, u.events, u.prices, fx=u.fx, progress=lambda *a: seen.append(a))
    assert seen == [(4, 4)]
    assert list(v.table["variant"]) == [0, 1, 2, 3]
    for i, s in enumerate(many):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            r = s.run(u.events, u.prices, fx=u.fx)
        np.testing.assert_allclose(v.returns[i], r.returns)
        row = v.table.iloc[i]
        assert row["trades"] == len(r.trades) == v.entered[i].sum()
        assert row["net_mean"] == pytest.approx(r.trades["net_return"].mean())
        assert row["total_return"] == pytest.approx(r.equity.iloc[-1] / 1e6 - 1)
        assert row["max_drawdown"] == pytest.approx(r.drawdown.min())
        assert row["sharpe"] == pytest.approx(r.summary(draws=10).loc["sharpe", "value"])


def test_a_variant_without_trades_is_a_row_of_nothing():
    u = universe(9, n_events=40)
    v = run_variants([BASE, BASE.variant(side={"other": 1})], u.events, u.prices)
    assert v.table["trades"].tolist()[1] == 0
    assert np.isnan(v.table["net_mean"].iloc[1])
    assert (v.returns[1] == 0).all()


def test_batches_without_any_trade(monkeypatch):
    monkeypatch.setattr("backtest.trading.variants.BATCH", 1)
    u = universe(9, n_events=40)
    v = run_variants([BASE.variant(side={"other": 1}), BASE], u.events, u.prices)
    assert v.table["trades"].iloc[0] == 0
    assert v.table["trades"].iloc[1] > 0


def test_ruin_ends_trading():
    """An account below zero takes no more trades, whatever its leverage."""
    u = universe(3, n_events=60, halts=False)
    wild = Strategy(side=-1, hold=8, contrary={}, sizing=Sizing("equal", 40.0, leverage=None), cost_bps=500)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        r = wild.run(u.events, u.prices)
    below = r.equity[r.equity <= 0]
    assert len(below)
    assert not (r.trades["entry"] > below.index[0]).any()
    assert (r.dropped["reason"] == "no-cash").any()
