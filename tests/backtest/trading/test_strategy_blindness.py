"""Nothing of the future: whatever changes after a moment changes no position, fill or equity up to it."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import events, small
from universe import SIDE, universe
from universe import events as random_events

from backtest.errors import AlignmentError, LookAheadError
from backtest.strategy import Costs, Sizing, Strategy

strategies = st.builds(
    Strategy,
    side=st.just(SIDE),
    hold=st.sampled_from([1, 4, 9]),
    entry=st.sampled_from(["next-open", "next-close", "next-open+2"]),
    stop_loss=st.sampled_from([None, 0.03]),
    take_profit=st.sampled_from([None, 0.05]),
    barrier=st.sampled_from(["close", "range"]),
    overlap=st.sampled_from(["stack", "ignore", "extend", "net"]),
    sizing=st.sampled_from(
        [
            Sizing("equal", 0.3),
            Sizing("volatility", 0.05, volume_share=0.2),
            Sizing("cash", 300_000.0, max_positions=3),
            Sizing("equal", 0.1, leverage=None, whole_shares=True),
        ]
    ),
    contrary=st.sampled_from([None, {}, {"profit-warning": "takeover-rumour", "takeover-denied": "takeover-rumour"}]),
    until=st.sampled_from([None, "2020-01-15"]),
    hedge=st.sampled_from([None, "benchmark"]),
    costs=st.sampled_from([Costs(), Costs(slippage="square-root")]),
    lookback=st.just((-15, -1)),
)


def run(strategy, u):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return strategy.run(u.events, u.prices, fx=u.fx)
        except AlignmentError:
            return None


def shaken(u, cut: pd.Timestamp, rng: np.random.Generator):
    """Return the universe with every price, volume, rate and event after `cut` replaced."""

    def shake(frame: pd.DataFrame) -> pd.DataFrame:
        out = frame.copy()
        late = out.index > cut
        out.loc[late] = out.loc[late] * np.exp(rng.normal(0, 0.3, out.loc[late].shape))
        out.loc[late] = out.loc[late].mask(rng.random(out.loc[late].shape) < 0.2)
        return out

    p = u.prices
    fields = {n: shake(getattr(p, n)) for n in ("close", "open", "high", "low", "volume", "benchmarks")}
    known = pd.to_datetime(u.events["event_time"], utc=True, format="ISO8601").dt.tz_localize(None)
    old = u.events[known <= cut + pd.Timedelta(hours=23)]
    fresh = (
        random_events(rng, list(p.close.columns), p.close.index[p.close.index > cut], 8)
        if (p.close.index > cut).sum() > 3
        else old.iloc[:0]
    )
    fresh = fresh[
        pd.to_datetime(fresh["event_time"], utc=True, format="ISO8601").dt.tz_localize(None)
        > cut + pd.Timedelta(hours=23)
    ]
    changed = pd.concat([old, fresh.assign(event_id="n" + fresh["event_id"].astype(str))], ignore_index=True)
    fx = u.fx.copy()
    fx.loc[fx.index > cut] *= 1.3
    return replace(u, prices=replace(p, **fields), events=changed, fx=fx)


@settings(max_examples=50)
@given(strategy=strategies, seed=st.integers(0, 10**6), at=st.integers(3, 55))
def test_the_future_changes_nothing(strategy, seed, at):
    u = universe(seed, n_events=25)
    cut = u.prices.close.index[at]
    one, other = run(strategy, u), run(strategy, shaken(u, cut, np.random.default_rng(seed + 1)))
    for result, reference in ((one, other), (other, one)):
        if result is None:
            continue
        # Accounts begin before the first event: one that comes later began later, with its capital.
        days = u.prices.close.index[: at + 1]
        equity = result.equity.reindex(days).fillna(1e6)
        expected = 1e6 if reference is None else reference.equity.reindex(days).fillna(1e6)
        np.testing.assert_allclose(equity, expected, rtol=1e-13)
        if reference is None:
            assert not (result.trades["entry"] <= cut).any()
            continue
        held = [r.positions.reindex(days).fillna(0.0) for r in (result, reference)]
        np.testing.assert_allclose(held[0], held[1], rtol=1e-12)
        pd.testing.assert_frame_equal(fills(result, cut), fills(reference, cut))


def fills(result, cut):
    """Return the fills up to a session: every entry, and every exit that has happened by then."""
    t = result.trades.set_index("event_id").sort_index()
    t = t[t["entry"] <= cut]
    done = t["exit"] <= cut
    entry = ["asset", "side", "entry", "entry_at", "entry_price", "notional"]
    # A hedge leaves at the next close of the benchmark, which may come after the share's exit.
    leave = ["exit", "exit_at", "exit_price", "exit_reason", *([] if result.spec.hedge else ["net_pnl"])]
    return t[entry].join(t.loc[done, leave])


@settings(max_examples=20)
@given(strategy=strategies, seed=st.integers(0, 10**6), at=st.integers(20, 55))
def test_cutting_the_prices_off_changes_nothing_before(strategy, seed, at):
    u = universe(seed, n_events=25)
    cut = u.prices.close.index[at]
    p = u.prices
    fields = {n: getattr(p, n).loc[:cut] for n in ("close", "open", "high", "low", "volume", "benchmarks")}
    one, other = run(strategy, u), run(strategy, replace(u, prices=replace(p, **fields)))
    if other is not None:
        np.testing.assert_allclose(one.equity.loc[:cut], other.equity, rtol=1e-13)


def test_no_trade_before_known_at():
    for seed in range(6):
        u = universe(seed)
        known = dict(zip(u.events["event_id"], u.events["event_time"]))
        result = run(Strategy(side=SIDE, entry="next-close"), u)
        for row in result.trades.itertuples():
            text = known[row.event_id]
            if len(text) == 10:
                assert row.entry.date() > dt.date.fromisoformat(text)
            else:
                # Closes of both exchanges come before 17:00 UTC.
                assert row.entry + pd.Timedelta(hours=17) > pd.Timestamp(text).tz_localize(None)


@pytest.mark.parametrize(
    "entry", ["event-close", "event-day", "same-close", "previous-open", "next-open-1", "-1", "day0"]
)
def test_an_entry_before_the_news_raises(entry):
    with pytest.raises(LookAheadError, match="there before the news could be acted on"):
        Strategy(side=1, entry=entry)


@pytest.mark.parametrize("lookback", [(-120, 0), (-10, 5)])
def test_a_lookback_into_the_fill_raises(lookback):
    with pytest.raises(LookAheadError, match=r"reaches the session of the fill \(0\) or later"):
        Strategy(side=1, hedge="benchmark", lookback=lookback)


@pytest.mark.parametrize(
    "column",
    ["zal_move_pct", "peer_moves", "effective_session", "abnormal_return", "articles", "ar", "car_0_1", "bhar(-1, 1)"],
)
def test_a_side_or_an_end_from_the_outcome_raises(column):
    with pytest.raises(LookAheadError, match=r"side=.* reports the price's reaction"):
        Strategy(side=column)
    with pytest.raises(LookAheadError, match=r"until=.* reports the price's reaction"):
        Strategy(side=1, until=column)


def test_a_column_that_only_begins_like_an_outcome_may_be_a_side():
    assert Strategy(side="car_maker").side == "car_maker"


def test_the_size_of_a_trade_does_not_know_the_price_of_its_fill():
    up = [100.0 + i for i in range(10)]
    jump = [*up[:2], 500.0, *up[3:]]
    ev = events(("A", "x", "2024-01-02T10:00Z"))
    sizes = [Strategy(side=1).run(ev, small({"A": up}, {"A": o})).trades["notional"].iloc[0] for o in (up, jump)]
    assert sizes[0] == sizes[1]
