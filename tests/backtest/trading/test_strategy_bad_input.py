"""Bad input: each a named error that says the way out."""

from __future__ import annotations

import pandas as pd
import pytest
from small import days, events, small

from backtest.errors import AlignmentError, SchemaError, UnknownNameError
from backtest.placebo import run_placebos
from backtest.strategy import Costs, Sizing, Strategy
from backtest.trading.ladder import entry_lags
from backtest.trading.statistics import deflated_sharpe
from backtest.trading.variants import run_variants, strategy_grid
from backtest.trading.walkforward import walk_forward

UP = [100.0 + i for i in range(10)]
EVENT = events(("A", "takeover-rumour", "2024-01-02T10:00Z"))


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"hold": 0}, SchemaError, "hold=0 must be a whole number of sessions, 1 or more"),
        ({"hold": 2.5}, SchemaError, "hold=2.5 must be a whole number"),
        ({"hold": True}, SchemaError, "hold=True must be a whole number"),
        ({"hold": None, "contrary": {}}, SchemaError, "hold=None leaves no exit"),
        ({"cost_bps": -1}, SchemaError, "cost_bps=-1: a cost is a number of basis points, zero or more"),
        ({"cost_bps": float("nan")}, SchemaError, "cost_bps=nan"),
        ({"cost_bps": 1, "costs": Costs()}, SchemaError, "not both"),
        ({"stop_loss": -0.1}, SchemaError, "stop_loss=-0.1 must be a positive number"),
        ({"take_profit": "much"}, SchemaError, "take_profit='much' must be a positive number"),
        ({"capital": 0}, SchemaError, "capital=0 must be a positive number"),
        ({"patience": -1}, SchemaError, "patience=-1 must be a whole number of sessions, 0 or more"),
        ({"entry": "tomorrow"}, UnknownNameError, "unknown entry 'tomorrow'; one of 'next-open'"),
        ({"entry": "next-opn"}, UnknownNameError, "unknown entry 'next-opn'; did you mean 'next-open'"),
        ({"entry": ""}, UnknownNameError, "unknown entry ''"),
        ({"barrier": "ranges"}, UnknownNameError, "unknown barrier 'ranges'; did you mean 'range'"),
        ({"overlap": "pile"}, UnknownNameError, "unknown overlap 'pile'; one of stack, ignore"),
        ({"sizing": "equals"}, UnknownNameError, "unknown sizing 'equals'; did you mean 'equal'"),
        ({"hedge": "market"}, UnknownNameError, "unknown hedge 'market'; one of benchmark"),
        ({"lookback": (-3, -1)}, SchemaError, "five or more"),
        ({"lookback": 60}, SchemaError, "lookback=60 must be"),
        ({"side": {}}, SchemaError, "side={} trades nothing: a side is a finite number for at least one kind"),
        ({"cost_bps": True}, SchemaError, "cost_bps=True: a cost is a number of basis points"),
        ({"until": 5}, SchemaError, "until=5 is no date; give one such as '2024-06-28', or a column"),
        ({"until": float("nan")}, SchemaError, "until=nan is no date"),
        ({"until": pd.NaT}, SchemaError, "until=NaT is no date"),
        ({"side": {"takeover-rumour": "up"}}, SchemaError, "a side is a finite number"),
        ({"side": None}, SchemaError, "side=None: give a dict by kind"),
        ({"side": True}, SchemaError, "side=True: give a dict"),
        ({"contrary": {"takeover-bid": "takeover-bid"}}, SchemaError, "'takeover-bid' would close its own trade"),
        ({"contrary": "takeover-denied"}, SchemaError, "contrary='takeover-denied': give a dict of kinds"),
        ({"contrary": {"takeover-denied": 5}}, SchemaError, "give a dict of kinds"),
        ({"stop_loss": 5}, SchemaError, "stop_loss=5 is more than the whole price: .* 0.05 for five percent"),
        ({"stop_loss": 0}, SchemaError, "stop_loss=0 must be a positive number: the distance from the entry price"),
        ({"costs": 5}, SchemaError, r"costs=5: give bt.Costs\(...\), or cost_bps"),
        ({"sizing": 5}, UnknownNameError, "unknown sizing 5; one of equal, cash, volatility"),
        ({"sizing": None}, UnknownNameError, "unknown sizing None"),
        ({"currency": "EURO"}, UnknownNameError, "unknown currency 'EURO'; did you mean 'EUR'"),
    ],
)
def test_a_strategy_that_cannot_be(fields, error, message):
    with pytest.raises(error, match=message):
        Strategy(**{"side": 1, **fields})


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Sizing("half"), UnknownNameError, "unknown sizing 'half'; one of equal, cash, volatility"),
        (lambda: Sizing(amount=0), SchemaError, "sizing: amount=0 must be a positive number"),
        (lambda: Sizing(leverage=-1), SchemaError, "sizing: leverage=-1"),
        (lambda: Sizing(amount=True), SchemaError, "sizing: amount=True must be a positive number"),
        (lambda: Sizing(max_positions=2.5), SchemaError, "sizing: max_positions=2.5 must be a whole number"),
        (lambda: Sizing(whole_shares="yes"), SchemaError, "sizing: whole_shares='yes' must be True or False"),
        (lambda: Sizing("equals"), UnknownNameError, "unknown sizing 'equals'; did you mean 'equal'"),
        (lambda: Costs(commission_bps=-2), SchemaError, "commission_bps=-2: a cost"),
        (lambda: Costs(borrow_bps_per_year="dear"), SchemaError, "borrow_bps_per_year='dear'"),
        (lambda: Costs(slippage=-1), SchemaError, "slippage=-1"),
        (
            lambda: Costs(slippage="square"),
            UnknownNameError,
            "unknown slippage model 'square'; did you mean 'square-root'",
        ),
        (lambda: Costs(changes=(("A", "2020-01-01", "tax", 5.0),)), SchemaError, "changes of A: unknown column 'tax'"),
        (
            lambda: Costs(changes=(("A", "2020-01-01", "stamp_duty_bps", -5.0),)),
            SchemaError,
            "changes of A: stamp_duty_bps=-5.0",
        ),
    ],
)
def test_parts_that_cannot_be(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("fields", "prices", "error", "message"),
    [
        (
            {},
            {},
            SchemaError,
            "entry='next-open' needs opening prices, and the prices have none; use entry='next-close'",
        ),
        ({"stop_loss": 0.1, "barrier": "range", "entry": "next-close"}, {}, SchemaError, "needs high and low prices"),
        ({"sizing": Sizing(volume_share=0.1), "entry": "next-close"}, {}, SchemaError, "need traded volumes"),
        ({"costs": Costs(slippage="square-root"), "entry": "next-close"}, {}, SchemaError, "need traded volumes"),
        ({"hedge": "benchmark", "entry": "next-close"}, {}, SchemaError, "needs a benchmark, and the prices have none"),
        (
            {"side": {"takeover-rumor": 1}},
            {"open": {"A": UP}},
            UnknownNameError,
            "side for unknown kind 'takeover-rumor'; did you mean 'takeover-rumour'",
        ),
        (
            {"side": {"xyzzy": 1}},
            {"open": {"A": UP}},
            UnknownNameError,
            "side for unknown kind 'xyzzy'; the events hold 'takeover-rumour'",
        ),
        (
            {"contrary": {"xyzzy": "takeover-bid"}},
            {"open": {"A": UP}},
            UnknownNameError,
            "contrary for unknown kind 'xyzzy'",
        ),
        (
            {"side": {"profit-warning": 1}},
            {"open": {"A": UP}},
            AlignmentError,
            r"no tradable event: no-side 1 \(of 1\); give a side for these kinds \(side={...}, --side KIND=1\)",
        ),
        ({"side": "polarity"}, {"open": {"A": UP}}, SchemaError, "the events have no such column"),
        ({"side": "kind"}, {"open": {"A": UP}}, SchemaError, "the column holds 'takeover-rumour'; a side is a number"),
        ({"side": lambda e: "up"}, {"open": {"A": UP}}, SchemaError, "the callable returned 'up' for event 'e0'"),
        ({"side": lambda e: [1]}, {"open": {"A": UP}}, SchemaError, "it must return one number"),
        (
            {"side": lambda e: e["nope"]},
            {"open": {"A": UP}},
            SchemaError,
            "side: the callable failed for event 'e0': KeyError: 'nope'; an event holds 'event_id', 'asset'",
        ),
        (
            {"until": "soon"},
            {"open": {"A": UP}},
            SchemaError,
            "until='soon' is neither a column of the events nor a date",
        ),
        ({"until": "2024-01-02"}, {"open": {"A": UP}}, AlignmentError, "no tradable event: until-passed 1"),
    ],
)
def test_a_run_that_cannot_be(fields, prices, error, message):
    with pytest.raises(error, match=message):
        Strategy(**{"side": 1, **fields}).run(EVENT, small({"A": UP}, **prices))


def test_tables_that_are_none():
    prices = small({"A": UP}, {"A": UP})
    with pytest.raises(SchemaError, match="events: expected a DataFrame, got NoneType"):
        Strategy(side=1).run(None, prices)
    with pytest.raises(SchemaError, match="actions: expected a DataFrame, got list"):
        Strategy(side=1).run(EVENT, prices, actions=[1])


def test_a_lookback_may_be_a_list():
    assert Strategy(side=1, lookback=[-20, -1]) == Strategy(side=1, lookback=(-20, -1))


def test_a_trade_larger_than_the_account():
    big = Strategy(side=1, entry="next-close", sizing=Sizing("equal", 2.0))
    with pytest.raises(
        AlignmentError, match=r"no tradable event: no-cash 1 \(of 1\); a single trade is larger than the account"
    ):
        big.run(EVENT, small({"A": UP}))
    with pytest.raises(AlignmentError, match="none of the strategies has room for a trade"):
        run_variants([big], EVENT, small({"A": UP}))


def test_days_without_opens():
    nothing = [*UP[:2], *[float("nan")] * 8]
    with pytest.raises(AlignmentError, match=r"no-open 1 .*use entry='next-close'"):
        Strategy(side=1).run(EVENT, small({"A": UP}, {"A": nothing}))


def test_prices_of_nothing():
    empty = small({"A": UP}, {"A": UP})
    with pytest.raises(AlignmentError, match="the prices hold no session of any security"):
        Strategy(side=1).run(EVENT, empty.select(start="2030-01-01"))
    with pytest.raises(SchemaError, match="prices: expected a DataFrame"):
        Strategy(side=1).run(EVENT, "prices")


@pytest.mark.parametrize(
    ("fx", "message"),
    [
        (
            pd.DataFrame({"EURUSD": [1.0] * 10}, index=days()),
            "fx has no pair of EUR with 'GBP'; it holds 'EURUSD'; name a column EURGBP or GBPEUR",
        ),
        (
            pd.DataFrame({"EURGBP": [1.0] * 10}, index=days(start="2024-01-03")),
            "fx of GBP: starts on 2024-01-03, the account on 2024-01-01",
        ),
        (pd.DataFrame({"EURGBP": [float("nan")] * 10}, index=days()), "fx of GBP: no level"),
        (pd.DataFrame({"EURGBP": [-1.0] * 10}, index=days()), "fx: non-positive"),
    ],
)
def test_rates_that_will_not_do(fx, message):
    with pytest.raises(SchemaError, match=message):
        Strategy(side=1).run(EVENT, small({"A": UP}, {"A": UP}, table={"A": {"currency": "GBP"}}), fx=fx)


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ({"asset": ["A"], "dividend": [1.0]}, "actions lacks 'session'; give the columns asset, session"),
        ({"asset": ["Q"], "session": [days()[2]]}, "actions names 'Q', of which there are no prices"),
        ({"asset": ["A"], "session": [days()[2]], "split": [0.0]}, "a split that is not positive"),
        ({"asset": ["A"], "session": [days()[2]], "dividend": [-1.0]}, "negative dividend"),
    ],
)
def test_actions_that_will_not_do(actions, message):
    with pytest.raises(SchemaError, match=message):
        Strategy(side=1).run(EVENT, small({"A": UP}, {"A": UP}), actions=pd.DataFrame(actions))


def test_actions_after_the_last_session_do_nothing():
    late = pd.DataFrame({"asset": ["A"], "session": [pd.Timestamp("2030-01-01")], "split": [2.0]})
    prices = small({"A": UP}, {"A": UP})
    a, b = (Strategy(side=1).run(EVENT, prices, actions=x).equity for x in (None, late))
    pd.testing.assert_series_equal(a, b)


S = Strategy(side=1, entry="next-close", hold=1)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: strategy_grid(S, holds=[1]), UnknownNameError, "a strategy has no field 'holds'"),
        (lambda: strategy_grid(S, hold=[]), SchemaError, "axis 'hold' has no value"),
        (lambda: strategy_grid(S, hold=5), SchemaError, r"axis 'hold' has no value; .*hold=\[1, 5\]"),
        (lambda: strategy_grid(S, entry="next-open"), SchemaError, "axis 'entry' has no value"),
        (lambda: strategy_grid(5, hold=[1]), SchemaError, "got 5"),
        (lambda: walk_forward([S], 5, 5, min_trades=-1), SchemaError, "min_trades=-1 must be a whole number of trades"),
        (
            lambda: run_placebos(S, EVENT, small({"A": UP}), draws=1.5),
            SchemaError,
            "draws=1.5 must be 1 or more, a whole",
        ),
        (
            lambda: run_placebos(S, EVENT, small({"A": UP}), seed=-1),
            SchemaError,
            "seed=-1 must be a whole number, 0 or",
        ),
        (lambda: entry_lags(S, EVENT, small({"A": UP}), lags=(0, -1)), SchemaError, "lags: 0, -1; give whole numbers"),
        (lambda: entry_lags(S, EVENT, small({"A": UP}), lags=5), SchemaError, "lags: 5; give whole numbers"),
        (lambda: run_variants([], EVENT, small({"A": UP})), SchemaError, "give one or more strategies"),
        (lambda: run_variants([S, 5], EVENT, small({"A": UP})), SchemaError, "got 5"),
        (
            lambda: run_variants([S, S.variant(currency="GBP")], EVENT, small({"A": UP})),
            SchemaError,
            "accounts in 'EUR', 'GBP'",
        ),
        (
            lambda: run_variants([S.variant(side={"other": 1})], EVENT, small({"A": UP})),
            AlignmentError,
            "no tradable event",
        ),
        (lambda: walk_forward([S], 0, 5), SchemaError, "train=0: give a number of sessions, or a length"),
        (lambda: walk_forward([S], "3w", 5), SchemaError, "train='3w'"),
        (lambda: walk_forward([S], 5, "0d"), SchemaError, "test='0d'"),
        (
            lambda: walk_forward([S], 5, 5, metric="sharp"),
            UnknownNameError,
            "unknown metric 'sharp'; did you mean 'sharpe'",
        ),
        (lambda: walk_forward([S, S.variant(capital=5)], 5, 5), SchemaError, "walk forward with one account"),
        (lambda: walk_forward([S], "3y", 5).run(EVENT, small({"A": UP})), AlignmentError, "too short for train='3y'"),
        (lambda: walk_forward([S], 5, 5).run(EVENT, small({"A": UP})), AlignmentError, "no test window with a trade"),
        (lambda: run_placebos(S, EVENT, small({"A": UP}), draws=0), SchemaError, "draws=0 must be 1 or more"),
        (
            lambda: run_placebos(S.variant(hold=None, stop_loss=0.1), EVENT, small({"A": UP})),
            SchemaError,
            "a placebo needs a hold",
        ),
        (
            lambda: run_placebos(S, EVENT, small({"A": UP}), kinds=("date",)),
            UnknownNameError,
            "unknown placebo 'date'; did you mean 'dates'",
        ),
        (lambda: run_placebos(S.variant(hold=30), EVENT, small({"A": UP})), AlignmentError, "no trade that has ended"),
        (
            lambda: deflated_sharpe(pd.Series(UP).to_numpy(), pd.Series([], dtype=float).to_numpy()),
            SchemaError,
            "needs the Sharpe ratios of all variants",
        ),
    ],
)
def test_suites_that_cannot_run(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("table", ["summary", "by_kind"])
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"draws": -1}, "draws=-1 must be 1 or more"),
        ({"draws": 0}, "draws=0 must be 1 or more"),
        ({"seed": -1}, "seed=-1 must be a whole number, 0 or more"),
    ],
)
def test_intervals_that_cannot_be_drawn(table, asked, message):
    result = Strategy(side=1, hold=2, entry="next-close").run(EVENT, small({"A": UP}))
    with pytest.raises(SchemaError, match=message):
        getattr(result, table)(**asked)


def test_no_placebo_named():
    strategy = Strategy(side=1, hold=2, entry="next-close")
    with pytest.raises(SchemaError, match="no placebo is named; give one or more of dates, stocks"):
        run_placebos(strategy, EVENT, small({"A": UP}), ())


def test_numbers_are_no_dates():
    """pandas would count them from 1970, and every trade would have been over before it began."""
    strategy = Strategy(side=1, hold=2, entry="next-close", until="leave")
    with pytest.raises(SchemaError, match="until='leave' is neither a column of the events nor a date"):
        strategy.run(EVENT.assign(leave=5), small({"A": UP}))
    assert len(strategy.run(EVENT.assign(leave=float("nan")), small({"A": UP})).trades) == 1
