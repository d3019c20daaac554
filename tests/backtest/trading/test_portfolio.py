"""The walk through the sessions: many books at once give what each gives alone."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from universe import SIDE, universe

from backtest.portfolio import session_by_session, walk
from backtest.strategy import Costs, Sizing, Strategy, panel_of, plan_for, prepare
from backtest.trading.booking import book_at_once
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
        np.testing.assert_allclose(together.equity[:, i], alone.equity[:, 0], rtol=1e-14)
        np.testing.assert_allclose(together.notional[start : start + n], alone.notional, rtol=1e-13)
        np.testing.assert_allclose(together.cost[:, i], alone.cost[:, 0], rtol=1e-13)
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


SIZES = [
    Sizing("cash", 1e4, leverage=None, volume_share=0.2),
    Sizing("cash", 1e4, leverage=None),
    Sizing("equal", 0.3, leverage=None),
    Sizing("equal", 0.3),
    Sizing("equal", 0.2, leverage=2.0, max_positions=3),
    Sizing("volatility", 0.05, volume_share=0.1, max_positions=4, leverage=None),
    Sizing("equal", 30.0, leverage=None),
    Sizing("cash", 2e7, leverage=None),
]


@pytest.mark.parametrize("hedge", [None, "benchmark"])
@pytest.mark.parametrize("sizing", SIZES)
def test_booking_at_once_is_walking(hedge, sizing):
    for seed in range(4):
        u = universe(seed, n_events=30, actions=seed % 2 == 0)
        s = BASE.variant(hedge=hedge, sizing=sizing)
        placed = prepare(u.events, u.prices, "EUR", u.fx, u.actions)
        many = [s, s.variant(hold=2, capital=5e5)]
        lots = join_books([make_lots(x, placed, plan_for(x, placed), i).lots for i, x in enumerate(many)])
        panel = panel_of(placed.board)
        fast, slow = book_at_once(lots, books_of(many), panel), session_by_session(lots, books_of(many), panel)
        scale = max(1.0, float(np.abs(slow.equity).max()) / 1e6)
        for name in slow.__dataclass_fields__:
            a, b = getattr(fast, name), getattr(slow, name)
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-6 * scale, err_msg=name)
        lean = session_by_session(lots, books_of(many), panel, lean=True)
        for name in ("status", "notional", "slippage", "borrow", "dividends", "equity"):
            np.testing.assert_allclose(getattr(lean, name), getattr(slow, name), rtol=1e-12, atol=1e-6, err_msg=name)
        assert lean.flow.size == lean.cost.size == lean.position.size == 0


def test_what_must_walk(monkeypatch):
    u = universe(1, n_events=30)
    placed = prepare(u.events, u.prices)

    def at_once(s):
        return book_at_once(make_lots(s, placed, plan_for(s, placed)).lots, books_of([s]), panel_of(placed.board))

    assert at_once(BASE) is not None
    assert at_once(BASE.variant(costs=Costs(slippage="square-root"))) is None
    monkeypatch.setattr("backtest.trading.booking.LOT_DAYS", 10)
    assert at_once(BASE) is None


def test_variants_are_single_runs():
    u = universe(9, n_events=40)
    many = [
        *strategy_grid(BASE, hold=[2, 5], overlap=["stack", "net"]),
        # What decides over entries must not be mixed up between variants.
        BASE.variant(entry="next-close+1"),
        BASE.variant(side={"profit-warning": -1.0}),
        BASE.variant(until="2020-01-10"),
        BASE.variant(contrary={"profit-warning": "takeover-rumour"}),
        BASE.variant(patience=0),
        BASE.variant(hedge=None),
        BASE.variant(lookback=(-8, -1)),
        BASE.variant(sizing=Sizing("volatility", 0.05)),
        BASE.variant(sizing=Sizing("equal", 0.3, volume_share=0.05)),
        BASE.variant(costs=Costs(slippage="square-root")),
    ]
    seen = []
    v = run_variants(many, u.events, u.prices, fx=u.fx, progress=lambda *a: seen.append(a))
    assert seen == [(14, 14)]
    assert list(v.table["variant"]) == list(range(14))
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
    monkeypatch.setattr("backtest.trading.variants.CELLS", 1)
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
