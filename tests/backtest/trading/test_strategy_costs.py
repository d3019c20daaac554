"""What trades cost: rates per security and date, stamp duty of a share that changed market, borrow, slippage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small import days, events, small

from backtest.instruments import load_instruments
from backtest.strategy import Costs, Sizing, Strategy
from backtest.trading.costs import SLIPPAGE, shipped_changes

FLAT = [100.0] * 10


def cost_of(start: str, side: float, ticker: str = "ASC.L", costs: Costs | None = None, **fields):
    """Trade a share at a constant price for five sessions from the third session on; return its row of trades."""
    table = {ticker: {"currency": "EUR", "unit": "EUR", **load_instruments().filter(like="_bps").loc[ticker].to_dict()}}
    prices = small({ticker: FLAT}, {ticker: FLAT}, start=start, table=table)
    ev = events((ticker, "x", f"{days(10, start)[1]:%Y-%m-%d}T10:00Z"))
    return Strategy(side=side, costs=costs, **fields).run(ev, prices).trades.iloc[0]


@pytest.mark.parametrize(
    ("start", "long", "short"),
    [
        ("2014-04-07", 50, 50),  # on AIM, before the exemption
        ("2014-05-05", 0, 0),  # exempt since 28 April 2014
        ("2022-02-07", 0, 0),
        ("2022-02-17", 0, 50),  # bought on the 21st, a day too early; the short is closed on the 25th
        ("2022-02-21", 50, 50),  # on the main market since 22 February 2022
        ("2023-06-05", 50, 50),
    ],
)
def test_stamp_duty_of_asos_by_date(start, long, short):
    assert cost_of(start, 1)["stamp_duty"] == pytest.approx(50_000 * long * 1e-4)
    assert cost_of(start, -1)["stamp_duty"] == pytest.approx(50_000 * short * 1e-4)


def test_rates_of_the_instruments_table():
    row = cost_of("2023-06-05", -1)
    assert row["commission"] == pytest.approx(50_000 * 5e-4 * 2)
    assert row["spread"] == pytest.approx(50_000 * 8e-4 * 2)
    # Opened on a Wednesday, closed on the Tuesday after: six days at 150 bps a year.
    assert row["borrow"] == pytest.approx(50_000 * 150e-4 * 6 / 365)
    assert row["net_pnl"] == pytest.approx(-(row["commission"] + row["spread"] + row["stamp_duty"] + row["borrow"]))
    assert cost_of("2023-06-05", 1)["borrow"] == 0


def test_rates_of_the_spec_and_its_own_changes():
    own = Costs(1.0, 2.0, 3.0, 0.0, slippage=4.0, changes=())
    row = cost_of("2023-06-05", 1, costs=own)
    assert (row["commission"], row["spread"], row["slippage"], row["stamp_duty"]) == (
        pytest.approx(10),
        pytest.approx(20),
        pytest.approx(40),
        pytest.approx(15),
    )
    dated = Costs(1.0, 0.0, 0.0, 0.0, changes=(("ASC.L", "2023-06-08", "commission_bps", 9.0),))
    assert cost_of("2023-06-05", 1, costs=dated)["commission"] == pytest.approx(5 + 45)


def test_cost_bps_is_all_in():
    row = cost_of("2023-06-05", -1, cost_bps=10)
    assert row["cost"] == pytest.approx(100)
    assert row["borrow"] == row["stamp_duty"] == 0


def test_an_unknown_share_pays_the_default_and_says_so():
    r = Strategy(side=1).run(events(("A", "x", "2024-01-02T10:00Z")), small({"A": FLAT}, {"A": FLAT}))
    assert r.trades["cost"].iloc[0] == pytest.approx(50_000 * 10e-4 * 2)
    assert any("no cost data for 'A': default rates used" in n for n in r.notes)
    known = Strategy(side=1, cost_bps=1).run(events(("A", "x", "2024-01-02T10:00Z")), small({"A": FLAT}, {"A": FLAT}))
    assert not any("no cost data" in n for n in known.notes)


def test_slippage_by_the_square_root_of_participation():
    wave = [100.0 * (1.02 if i % 2 else 1.0) for i in range(30)]
    prices = small({"A": wave}, {"A": wave}, volume={"A": [1000.0] * 30})
    ev = events(("A", "x", "2024-01-24T10:00Z"))
    costs = Costs(0.0, 0.0, 0.0, 0.0, slippage="square-root")
    row = (
        Strategy(side=1, hold=2, lookback=(-10, -1), costs=costs, sizing=Sizing("cash", 4000.0))
        .run(ev, prices)
        .trades.iloc[0]
    )

    def bps(fill: int, value: float) -> float:
        back = slice(fill - 10, fill)
        sigma = pd.Series(wave).pct_change().iloc[back].std()
        return 1e4 * sigma * np.sqrt(value / (1000 * np.mean(wave[back])))

    out = 4000 * wave[19] / wave[18]
    assert row["slippage"] == pytest.approx(4000 * bps(18, 4000) * 1e-4 + out * bps(19, out) * 1e-4)
    own = Strategy(
        side=1,
        hold=2,
        lookback=(-10, -1),
        sizing=Sizing("cash", 4000.0),
        costs=Costs(0.0, 0.0, 0.0, 0.0, slippage=lambda p, s: 7.0 + 0 * p),
    )
    assert own.run(ev, prices).trades["slippage"].iloc[0] == pytest.approx((4000 + out) * 7e-4)


def test_the_slippage_models_by_hand():
    assert set(SLIPPAGE) == {"square-root"}
    assert SLIPPAGE["square-root"](np.array([0.04]), np.array([0.02]))[0] == pytest.approx(40)


def test_the_dated_rates_that_ship():
    rows = shipped_changes()
    assert ("ASC.L", "2022-02-22", "stamp_duty_bps", 50.0) in rows
    assert [r[1] for r in rows] == sorted(r[1] for r in rows)


def test_costs_without_any():
    assert Costs(9.0).without() == Costs.flat(0.0)
