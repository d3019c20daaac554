"""The vectorised backtester against a simulator written as a loop, on random universes with everything that goes wrong."""

from __future__ import annotations

import datetime as dt
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator import FAR, Slow
from universe import SIDE, universe

from backtest.errors import AlignmentError
from backtest.strategy import Costs, Sizing, Strategy

PHASE = {"open": 0, "stop": 1, "target": 1, "close": 2}

options = st.fixed_dictionaries(
    {
        "hold": st.sampled_from([1, 2, 5, 12, None]),
        "phase": st.sampled_from([0, 2]),
        "lag": st.sampled_from([0, 0, 1, 3]),
        "until": st.sampled_from([None, None, dt.date(2020, 1, 11)]),
        "stop": st.sampled_from([None, 0.02, 0.05]),
        "target": st.sampled_from([None, 0.03, 0.08]),
        "intraday": st.booleans(),
        "overlap": st.sampled_from(["stack", "ignore", "extend", "net"]),
        "sizing": st.sampled_from([("equal", 0.2), ("cash", 200_000.0), ("volatility", 0.05)]),
        "volume_share": st.sampled_from([None, 0.1]),
        "leverage": st.sampled_from([1.0, 0.5, 100.0]),
        "max_positions": st.sampled_from([2, 100]),
        "patience": st.sampled_from([0, 2, 5]),
    }
)


def both(u, o):
    """Run the library and the simulator with the same options."""
    kind, amount = o["sizing"]
    entry = ("next-open" if o["phase"] == 0 else "next-close") + (f"+{o['lag']}" if o["lag"] else "")
    strategy = Strategy(
        side=SIDE, hold=o["hold"], entry=entry, until=None if o["until"] is None else str(o["until"]),
        take_profit=o["target"], stop_loss=o["stop"], barrier="range" if o["intraday"] else "close", overlap=o["overlap"],
        sizing=Sizing(kind, amount, 0.25, o["volume_share"], o["leverage"], o["max_positions"]), lookback=(-20, -1),
        costs=Costs(changes=()), patience=o["patience"],
    )  # fmt: skip
    spec = {
        **o,
        "side": SIDE,
        "sizing": kind,
        "amount": amount,
        "max_weight": 0.25,
        "lookback": (-20, -1),
        "capital": 1e6,
    }
    trips, curve = Slow(u, spec).run()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = strategy.run(u.events, u.prices, fx=u.fx, actions=u.actions)
        except AlignmentError:
            result = None
    return result, trips, curve


def compare(u, o):
    result, trips, curve = both(u, o)
    if result is None:
        assert not trips
        return
    trades = result.trades.set_index("event_id")
    assert sorted(trades.index) == sorted(t.event_id for t in trips)
    for t in trips:
        row = trades.loc[t.event_id]
        assert (row.entry.date(), PHASE[row.entry_at]) == t.entry
        assert row.entry_price == pytest.approx(t.entry_price, rel=1e-12)
        assert row.exit_reason == t.reason
        assert row.notional == pytest.approx(t.notional, rel=1e-9)
        assert row.cost == pytest.approx(t.costs, rel=1e-9, abs=1e-6)
        if t.exit == FAR:
            assert pd.isna(row.exit)
            continue
        assert (row.exit.date(), PHASE[row.exit_at]) == t.exit
        assert row.exit_price == pytest.approx(t.exit_price, rel=1e-12)
        sign = 1 if t.side > 0 else -1
        net = sign * (t.facts["proceeds"] - t.notional) + t.dividends - t.costs
        assert row.net_return == pytest.approx(net / t.notional, rel=1e-9, abs=1e-12)
    equity = result.equity
    lived = curve.iloc[-len(equity) :]
    assert [d.date() for d in equity.index] == list(lived.index)
    np.testing.assert_allclose(equity.to_numpy(), lived.to_numpy(), rtol=1e-10)
    assert (curve.iloc[: -len(equity)] == 1e6).all()


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), o=options)
def test_agrees_with_the_loop(seed, o):
    if all(o[k] is None for k in ("hold", "until", "stop", "target")):
        o = {**o, "hold": 5}
    compare(universe(seed), o)


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6), o=options)
def test_agrees_with_the_loop_across_splits_and_dividends(seed, o):
    if all(o[k] is None for k in ("hold", "until", "stop", "target")):
        o = {**o, "hold": 5}
    compare(universe(seed, actions=True), o)


@pytest.mark.parametrize("overlap", ["stack", "ignore", "extend", "net"])
def test_agrees_where_events_crowd(overlap):
    u = universe(7, n_events=120, length=40)
    o = {
        "hold": 6, "phase": 0, "lag": 0, "until": None, "stop": 0.05, "target": 0.08, "intraday": True, "overlap": overlap,
        "sizing": ("equal", 0.2), "volume_share": None, "leverage": 2.0, "max_positions": 6, "patience": 3,
    }  # fmt: skip
    compare(u, o)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), o=options)
def test_the_accounting_identity_holds_to_the_cent(seed, o):
    if all(o[k] is None for k in ("hold", "until", "stop", "target")):
        o = {**o, "hold": 5}
    u = universe(seed, actions=seed % 2 == 0)
    result, _, _ = both(u, o)
    if result is None:
        return
    a = result.accounts
    assert set(a["currency"]) == {"EUR", "GBP"}
    np.testing.assert_allclose(a["cash"] + a["positions"] - a["costs"], a["equity"], atol=0.005)
    np.testing.assert_allclose(
        a.loc[a["currency"] == "GBP", "cash"], a.loc[a["currency"] == "GBP", "costs"], atol=0.005
    )
    total = (a["equity"] * a["rate"]).groupby(a["session"]).sum()
    np.testing.assert_allclose(total, result.equity, atol=0.005)
    np.testing.assert_allclose(
        result.positions.sum(axis=1), (a["positions"] * a["rate"]).groupby(a["session"]).sum(), atol=0.005
    )
    change = result.trades["net_pnl"].sum()
    assert result.equity.iloc[-1] - 1e6 == pytest.approx(change, abs=0.005)
