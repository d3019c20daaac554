"""How a project of your own may use the fixtures: this file needs nothing but the installed package and pytest.

`bt_panel`, `bt_events` and `bt_calendars` come with the package by name; the builders behind them take arguments.
"""

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.testing import events_table, price_panel


def my_statistic(abnormal_returns: pd.DataFrame) -> pd.Series:
    """Return what a user of the library might compute: the day-0 abnormal return in standard errors of the other days."""
    quiet = abnormal_returns.drop(columns=0)
    return abnormal_returns[0] / quiet.std(axis=1)


def test_the_injected_moves_are_found(bt_panel, bt_events):
    result = bt.EventStudy(event=(-3, 3), estimation=(-260, -11)).run(bt_events, bt_panel.prices)
    # The line itself is estimated from 250 noisy days: what is found differs by that error alone.
    np.testing.assert_allclose(result.ar[0].to_numpy(), list(bt_panel.effects.values()), atol=0.004)
    assert result.dropped.empty


def test_my_statistic_sees_a_large_move_and_not_a_quiet_day():
    panel = price_panel(effects={("AAA", 300): -0.10, ("BBB", 320): 0.0}, noise=0.01, seed=7)
    loud, quiet = my_statistic(bt.EventStudy().run(panel.events, panel.prices).ar)
    assert loud < -5
    assert abs(quiet) < 3


def test_events_of_ones_own_on_the_panel(bt_panel):
    sessions = bt_panel.prices.close.index
    events = events_table([("AAA", sessions[310]), ("BBB", sessions[310])], kind="profit-warning")
    result = bt.EventStudy(event=(-1, 1)).run(events, bt_panel.prices)
    table = result.test("kp-overlap", windows=[(0, 0)])
    assert table["n"].tolist() == [2]


def test_two_exchanges_keep_different_holidays(bt_calendars):
    frankfurt, london = bt_calendars
    closed_in_london_alone = np.setdiff1d(frankfurt.sessions, london.sessions)
    assert np.datetime64("2022-06-03") in closed_in_london_alone


def test_an_event_outside_the_prices_is_named_not_lost(bt_panel):
    events = events_table([("AAA", "1999-01-04")])
    with pytest.raises(bt.AlignmentError, match="before-first-session"):
        bt.EventStudy().run(events, bt_panel.prices)
