"""Entry-lag ladder, baselines, walk-forward, and the figures that say how sure a result is."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small import days, events, small
from universe import SIDE, universe

from backtest.strategy import Strategy, prepare
from backtest.trading.ladder import IDEAL, baselines, entry_lags, keyword_side
from backtest.trading.statistics import (
    circular_means,
    deflated_sharpe,
    expected_best,
    mean_interval,
    probabilistic_sharpe,
    sharpe_interval,
)
from backtest.trading.variants import strategy_grid
from backtest.trading.walkforward import METRICS, walk_forward

UP = [100.0, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111]
OPEN = [p - 0.5 for p in UP]

# ------------------------------------------------------------------------------------------------------------ ladder


def test_the_ladder_by_hand():
    ev = events(("A", "x", "2024-01-02"))
    table = entry_lags(Strategy(side=1, hold=2, cost_bps=10), ev, small({"A": UP}, {"A": OPEN}))
    assert table["entry"].tolist() == [IDEAL, "next-open", "next-close", *(f"next-open+{k}" for k in range(1, 6))]
    assert table["look_ahead"].tolist() == [True] + [False] * 7
    assert table["day"].tolist() == [0, 1, 1, 2, 3, 4, 5, 6]
    gross = [103 / 101, 103 / 101.5, 104 / 102, 104 / 102.5, 105 / 103.5, 106 / 104.5, 107 / 105.5, 108 / 106.5]
    np.testing.assert_allclose(table["gross_mean"], np.array(gross) - 1)
    np.testing.assert_allclose(table["net_mean"], np.array(gross) - 1 - 0.001 * (1 + np.array(gross)))
    assert table["hit_rate"].tolist() == [1.0] * 8
    assert table["low"].isna().all()


def test_the_ladder_without_opens_and_past_the_end():
    ev = events(("A", "x", "2024-01-11"))
    table = entry_lags(Strategy(side=1, hold=1, entry="next-close"), ev, small({"A": UP}))
    assert table["entry"].tolist() == [IDEAL, "next-close", *(f"next-close+{k}" for k in range(1, 6))]
    assert table["trades"].tolist() == [1, 1, 1, 1, 0, 0, 0]
    assert np.isnan(table["net_mean"].iloc[-1])


def test_the_ladder_leaves_out_of_its_first_row_what_has_no_day():
    ev = events(("A", "x", "2024-01-02"), ("A", "x", "2024-01"))
    table = entry_lags(Strategy(side=1, hold=1), ev, small({"A": [*UP] * 3}, {"A": [*OPEN] * 3}))
    assert table["trades"].tolist()[:2] == [1, 2]


# --------------------------------------------------------------------------------------------------------- baselines


@pytest.mark.parametrize(
    ("event", "side"),
    [
        ({"kind": "x", "evidence": "Takeover talk lifts the shares"}, 1),
        ({"kind": "x", "evidence": "The firm denies takeover talks"}, 1),
        ({"kind": "x", "evidence": "ASOS warns on profit", "title": "Shares fall"}, -1),
        ({"kind": "x", "title": "Bidder warns of a lower offer"}, 0),
        ({"kind": "x", "evidence": "Opens a shop"}, 0),
        ({"kind": "profit-warning", "evidence": None}, -1),
        ({"kind": "takeover-rumour"}, 1),
    ],
)
def test_the_keyword_rule_knows_no_grammar(event, side):
    assert keyword_side(event) == side


def test_baselines_by_hand():
    ev = events(("A", "takeover-rumour", "2024-01-02T10:00Z"), ("B", "profit-warning", "2024-01-02T10:00Z"))
    prices = small({"A": UP, "B": UP[::-1]}, {"A": OPEN, "B": OPEN[::-1]}, benchmark=[50.0 + i for i in range(12)])
    s = Strategy(side={"takeover-rumour": 1, "profit-warning": -1}, hold=3, cost_bps=10)
    table = baselines(s, ev, prices).set_index("name")
    assert table.index.tolist() == ["strategy", "always long", "keyword rule", "buy and hold", "benchmark"]
    r = s.run(ev, prices)
    assert table.loc["strategy", "net_mean"] == pytest.approx(r.trades["net_return"].mean())
    assert table.loc["strategy", "total_return"] == pytest.approx(r.equity.iloc[-1] / 1e6 - 1)
    assert table.loc["strategy", "max_drawdown"] == pytest.approx(r.drawdown.min())
    assert table.loc["keyword rule", "net_mean"] == pytest.approx(table.loc["strategy", "net_mean"])
    assert table.loc["always long", "net_mean"] < table.loc["strategy", "net_mean"]
    assert table.loc["benchmark", "total_return"] == pytest.approx(61 / 50 * 0.999 - 1)
    held = 0.999 * (111 / 100 + 100 / 111) / 2 - 1
    assert table.loc["buy and hold", "total_return"] == pytest.approx(held)


def test_baselines_without_benchmark_with_dividends_and_without_trades():
    ev = events(("A", "x", "2024-01-02T10:00Z"), title=["Opens a shop"])
    paid = pd.DataFrame({"asset": ["A"], "session": [days(12)[4]], "dividend": [10.0]})
    table = baselines(Strategy(side=1, cost_bps=0), ev, small({"A": UP}, {"A": OPEN}), actions=paid).set_index("name")
    assert "benchmark" not in table.index
    assert table.loc["keyword rule", "trades"] == 0
    assert table.loc["keyword rule", "total_return"] == 0
    assert table.loc["buy and hold", "total_return"] == pytest.approx(121 / 100 - 1)


# ------------------------------------------------------------------------------------------------------ walk-forward

BASE = Strategy(side=SIDE, hold=2, entry="next-close", lookback=(-10, -1), contrary={})
GRID = strategy_grid(BASE, hold=[1, 3, 6], stop_loss=[None, 0.03])


def walked(u, **fields):
    spec = {"train": 40, "test": 20, "min_trades": 3, **fields}
    return walk_forward(GRID, spec.pop("train"), spec.pop("test"), **spec).run(u.events, u.prices)


def test_windows_follow_each_other_and_trades_lie_in_theirs():
    u = universe(8, n_events=120, length=140)
    r = walked(u)
    w = r.windows
    assert (w["train_end"] < w["test_start"]).all()
    assert (w["test_start"].iloc[1:].to_numpy() > w["test_end"].iloc[:-1].to_numpy()).all()
    assert w["trades"].sum() == len(r.trades)
    assert r.trades["event_id"].is_unique
    for row in w.itertuples():
        mine = r.trades[(r.trades["entry"] >= row.test_start) & (r.trades["entry"] <= row.test_end)]
        assert set(mine["variant"]) <= {row.variant}
    assert r.tried == 6
    table = r.summary(draws=50)
    assert table.index[:2].tolist() == ["variants_tried", "trades"]
    assert table.loc["variants_tried", "value"] == 6
    assert 0 <= table.loc["deflated_sharpe", "value"] <= 1
    assert repr(r).startswith("WalkForwardResult: 6 variants tried")
    assert r.returns.add(1).prod() == pytest.approx(r.equity.iloc[-1] / 1e6)


@pytest.mark.parametrize("metric", [*METRICS, lambda returns, net: net.mean()])
def test_the_choice_is_the_best_of_its_training_window(metric):
    u = universe(8, n_events=120, length=140)
    r = walked(u, metric=metric)
    function = METRICS.get(metric, metric)
    sessions = r.variants.returns.index
    for row in r.windows.itertuples():
        start, split = sessions.get_loc(row.train_start), sessions.get_loc(row.test_start)
        scores = []
        for i, (entry, leave, net) in enumerate(r.variants.trips):
            ended = (entry >= start) & (leave < split)
            scores.append(
                function(r.variants.returns[i].to_numpy()[start:split], net[ended]) if ended.sum() >= 3 else -np.inf
            )
        assert row.variant == int(np.argmax(scores))
        assert row.train_value == pytest.approx(max(scores))


def test_the_choice_does_not_know_what_comes():
    u = universe(8, n_events=120, length=140)
    p = u.prices
    cut = p.close.index[90]
    fields = {n: getattr(p, n).copy() for n in ("close", "open", "high", "low")}
    for frame in fields.values():
        frame.loc[frame.index > cut] *= np.random.default_rng(0).uniform(0.5, 2, frame.loc[frame.index > cut].shape)
    a, b = walked(u), walked(replace(u, prices=replace(p, **fields)))
    past = a.windows["test_start"] <= cut
    pd.testing.assert_frame_equal(
        a.windows.loc[past, ["variant", "train_value"]], b.windows.loc[past, ["variant", "train_value"]]
    )
    np.testing.assert_allclose(a.equity.loc[:cut], b.equity.loc[:cut])


def test_windows_of_calendar_lengths_and_windows_without_a_choice():
    u = universe(8, n_events=120, length=140)
    r = walked(u, train="2m", test="30d")
    assert len(r.windows) >= 3
    none = walked(u, min_trades=25)
    assert (none.windows["variant"] == -1).any() or len(none.windows)
    hedged = walk_forward(strategy_grid(BASE.variant(hedge="benchmark"), hold=[1, 4]), "40d", "20d").run(
        u.events, u.prices
    )
    assert len(hedged.trades)
    placed = prepare(u.events, u.prices)
    assert set(hedged.trades["asset"]) <= set(placed.board.tickers)


def test_the_account_of_a_walk_with_one_variant_is_that_variant():
    u = universe(8, n_events=60, length=140)
    r = walk_forward([BASE], 40, 500, min_trades=1).run(u.events, u.prices)
    start = r.windows["test_start"].iloc[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        alone = BASE.run(u.events, u.prices).trades
    mine = alone[alone["entry"] >= start].set_index("event_id")["net_return"]
    pd.testing.assert_series_equal(r.trades.set_index("event_id")["net_return"].sort_index(), mine.sort_index())


# -------------------------------------------------------------------------------------------------------- statistics


def test_probabilistic_sharpe_of_the_published_example():
    """Bailey and Lopez de Prado 2014, p. 9: SR 2.5 a year (250 days), skewness -3, kurtosis 10, T = 1250, 100 trials
    with a variance of the annual ratios of one half: expected best 0.1132 a day, deflated ratio 0.9004.
    """
    assert expected_best(two_point(np.sqrt(0.5 / 250), 100)) == pytest.approx(0.1132, abs=5e-5)
    ratio, best = 2.5 / np.sqrt(250), 0.1132
    z = (ratio - best) * math.sqrt(1249) / math.sqrt(1 + 3 * ratio + 9 / 4 * ratio**2)
    assert stats.norm.cdf(z) == pytest.approx(0.9004, abs=5e-4)


def two_point(sd: float, n: int) -> np.ndarray:
    """Return n values of mean zero and standard deviation (n - 1) `sd`."""
    values = np.tile([-1.0, 1.0], n // 2)
    return values / values.std(ddof=1) * sd


def test_probabilistic_sharpe_against_its_formula():
    r = np.random.default_rng(1).gamma(2, 0.01, 300) - 0.018
    ratio = r.mean() / r.std(ddof=1)
    skew, kurtosis = stats.skew(r), stats.kurtosis(r, fisher=False)
    z = (ratio - 0.01) * math.sqrt(299) / math.sqrt(1 - skew * ratio + (kurtosis - 1) / 4 * ratio**2)
    assert probabilistic_sharpe(r, 0.01) == pytest.approx(stats.norm.cdf(z), rel=1e-12)
    ratios = np.array([0.02, -0.01, 0.05, np.nan])
    assert deflated_sharpe(r, ratios) == pytest.approx(probabilistic_sharpe(r, expected_best(ratios)))
    assert deflated_sharpe(r, ratios) < deflated_sharpe(r, ratios[:1])
    assert np.isnan(probabilistic_sharpe(np.zeros(9)))


def test_block_bootstrap_of_a_sharpe_ratio():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(60):
        r = rng.normal(0.0005, 0.01, 500)
        low, high = sharpe_interval(r, 5, 300)
        covered += low <= 0.05 * math.sqrt(252) <= high
    assert 50 <= covered <= 60
    assert np.isnan(sharpe_interval(np.zeros(100), 5)).all()
    assert np.isnan(sharpe_interval(np.ones(3), 5)).all()


def test_circular_blocks_keep_the_mean_and_wrap_around():
    values = np.arange(10.0)
    mean, spread = circular_means(values, 10, 600, np.random.default_rng(0))
    # A block as long as the sample is the sample, turned.
    np.testing.assert_allclose(mean, 4.5)
    np.testing.assert_allclose(spread, values.std(ddof=1))


def test_the_interval_of_a_mean_trade_draws_stretches_of_time():
    index = pd.bdate_range("2020-01-01", periods=200)
    trades = pd.DataFrame(
        {"entry": np.repeat(index[::10], 5), "net": np.repeat(np.random.default_rng(0).normal(0, 1, 20), 5)}
    )
    low, high = mean_interval(trades, "net", 10)
    # Twenty distinct stretches, not a hundred independent trades.
    width = 2 * 1.96 * trades["net"].iloc[::5].std(ddof=0) / math.sqrt(20)
    assert high - low == pytest.approx(width, rel=0.15)
    assert np.isnan(mean_interval(trades.iloc[:20], "net", 100)).all()
    assert np.isnan(mean_interval(trades.iloc[:0], "net", 5)).all()
