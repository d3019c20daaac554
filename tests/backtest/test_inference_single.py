"""Tests of one event, and of events with uncertain days, against refits, loops and enumeration."""

from __future__ import annotations

import itertools
from dataclasses import replace
from math import comb

import numpy as np
import pytest
import statsmodels.api as sm
from panels import DAYS, make_result

import backtest as bt
from backtest.inference import Sample
from backtest.inference.conformal import BURN_IN, DECAY
from backtest.inference.dates import exact_max_p, likelihood_ratio, posterior, shuffled_windows

T = bt.TESTS


@pytest.fixture(scope="module", params=[(0, 0), (-1, 1)], ids=["L1", "L3"])
def case(request: pytest.FixtureRequest) -> tuple[bt.EventStudyResult, Sample]:
    result = make_result(4, seed=3)
    complete = result.ar.loc[:, request.param[0] : request.param[1]].notna().all(axis=1)
    clean = result.prices, result.all_events[complete.reindex(result.all_events.index).to_numpy()]
    result = result.spec.run(clean[1], clean[0])
    return result, result.sample(request.param)


def event_data(result: bt.EventStudyResult, i: int, window: tuple[int, int]) -> tuple[np.ndarray, ...]:
    """Return estimation returns and market, event returns and market of the i-th event, straight from the panel."""
    prices, position = result.prices, int(result.source.position[i])
    y = prices.returns[result.events["asset"].iloc[i]].to_numpy()
    x = prices.benchmark_returns.iloc[:, 0].to_numpy()
    est, evt = slice(position - 80, position - 5), slice(position + window[0], position + window[1] + 1)
    have = np.isfinite(y[est])
    return y[est][have], x[est][have], y[evt], x[evt]


def refitted(result: bt.EventStudyResult, i: int, window: tuple[int, int], effect: float) -> tuple[float, float]:
    """Return the conformal p by an honest refit with the event rows, less an effect spread evenly."""
    y, x, y0, x0 = event_data(result, i, window)
    length = len(y0)
    yy, xx = np.concatenate([y, y0 - effect / length]), np.concatenate([x, x0])
    e = sm.OLS(yy, sm.add_constant(xx)).fit().resid
    m = len(e)
    sums = [sum(e[(start + k) % m] for k in range(length)) for start in range(m)]
    own = abs(sums[m - length])
    return sum(abs(s) >= own - 1e-15 for s in sums) / m, own


@pytest.mark.parametrize("name", ["conformal", "conformal-block"])
def test_conformal_is_a_refit(name: str, case: tuple[bt.EventStudyResult, Sample]) -> None:
    result, sample = case
    got = T[name](sample)
    for i in range(sample.n):
        p, _ = refitted(result, i, sample.window, 0.0)
        assert got.pvalue[i] == pytest.approx(p, rel=1e-12)
        for limit, inside in ((got.low[i], 1e-6), (got.high[i], -1e-6)):
            assert refitted(result, i, sample.window, limit + inside)[0] > 0.05
            assert refitted(result, i, sample.window, limit - inside)[0] <= 0.05
        assert got.low[i] < got.high[i]
    assert got.p_min == pytest.approx([1 / (m + sample.length) for m in sample.n_obs])


def test_conformal_one_sided(case: tuple[bt.EventStudyResult, Sample]) -> None:
    left, right = (T["conformal"](replace(case[1], side=s)).pvalue for s in ("left", "right"))
    assert ((left + right) >= 1.0).all()
    assert ((left + right) < 1.1).all()


def test_conformal_without_estimated_parameters_compares_raw_values() -> None:
    sample = make_result(3, model="market-adjusted").sample((0, 0))
    e = sample.residuals.values
    expected = [(1 + (np.abs(e[i]) >= abs(sample.car[i])).sum()) / (1 + np.isfinite(e[i]).sum()) for i in range(3)]
    np.testing.assert_allclose(T["conformal"](sample).pvalue, expected)


def test_a_tiny_estimation_window_has_no_interval() -> None:
    sample = make_result(2, estimation=(-20, -6), min_obs=5).sample((0, 0))
    got = T["conformal"](sample)
    assert (got.low == -np.inf).all()
    assert (got.high == np.inf).all()


def test_sq_ewma_is_a_loop(case: tuple[bt.EventStudyResult, Sample]) -> None:
    _, sample = case
    got, length = T["sq-ewma"](sample), sample.length
    for i in range(sample.n):
        e = sample.residuals.values[i]
        squares = [v**2 for v in e if np.isfinite(v)]
        now, sigma = float(np.mean(squares[:BURN_IN])), []
        for v in e:
            sigma.append(np.sqrt(now))
            now = DECAY * now + (1 - DECAY) * v**2 if np.isfinite(v) else now
        reference = [
            e[j : j + length].sum() / (sigma[j] * np.sqrt(length))
            for j in range(len(e) - length + 1)
            if np.isfinite(e[j : j + length]).all() and np.isfinite(e[:j]).sum() >= BURN_IN
        ]
        own = sample.car[i] / (np.sqrt(now) * np.sqrt(sample.car_var[i] / sample.s2[i]))
        low, high = sum(r <= own for r in reference), sum(r >= own for r in reference)
        assert got.statistic[i] == pytest.approx(own, rel=1e-10)
        assert got.pvalue[i] == pytest.approx(min(1.0, 2 * (1 + min(low, high)) / (1 + len(reference))), rel=1e-12)


def test_the_smallest_p_of_sq_is_two_over_windows_plus_one() -> None:
    sample = make_result(2, holes=0.0).sample((0, 1))
    far = replace(sample, ar=sample.ar + 10.0)
    got = T["sq"](far)
    np.testing.assert_allclose(got.pvalue, 2 / (75 - 2 + 2))
    np.testing.assert_allclose(got.p_min, got.pvalue)


@pytest.mark.parametrize(("k", "n", "w"), [(1, 6, 2), (3, 7, 3), (5, 6, 2), (6, 6, 1)])
def test_the_exact_max_p_counts_subsets(k: int, n: int, w: int) -> None:
    hits = sum(max(s) >= n - k for s in itertools.combinations(range(n), w))
    assert exact_max_p(np.array([float(k)]), np.array([float(n)]), w)[0] == pytest.approx(hits / comb(n, w), rel=1e-12)


def test_the_max_test_finds_one_large_day_and_the_scan_two() -> None:
    sample = make_result(1, holes=0.0, estimation=(-105, -6)).sample((-2, 2))
    quiet = replace(sample, ar=np.full_like(sample.ar, 1e-4))
    one = quiet.ar.copy()
    one[0, 4] = 0.25
    for name in ("max", "scan"):
        assert T[name](quiet).pvalue[0] > 0.9
        assert T[name](replace(quiet, ar=one)).pvalue[0] < 0.06
        assert T[name](replace(quiet, ar=one, side="right")).pvalue[0] < 0.06
        assert T[name](replace(quiet, ar=one, side="left")).pvalue[0] > 0.5
    assert T["max"](quiet).p_min[0] == pytest.approx(5 / 105)


def test_shuffled_windows_are_drawn_without_replacement() -> None:
    drawn = shuffled_windows(np.arange(10.0), 3, 50, seed=1)
    assert drawn.shape == (50, 3)
    assert all(len(set(row)) == 3 for row in drawn)
    assert set(drawn.ravel()) == set(range(10))


def test_the_mixture_finds_the_days_and_the_effect() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(30, 9))
    truth = rng.integers(0, 9, 30)
    z[np.arange(30), truth] += 5.0
    ratio, mu = likelihood_ratio(z)
    assert ratio > 50
    assert mu == pytest.approx(5.0, abs=0.6)
    p = posterior(z)
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    assert (p.argmax(axis=1) == truth).mean() > 0.9
    certain = np.zeros(9)
    certain[3] = 1.0
    np.testing.assert_allclose(posterior(z, prior=certain)[:, 3], 1.0)


def test_the_mixture_is_calibrated_by_permutation() -> None:
    sample = make_result(8, holes=0.0).sample((-2, 2))
    none = replace(sample, ar=np.full_like(sample.ar, 1e-4))
    strong = none.ar.copy()
    strong[:, 4] = 0.2
    assert T["mixture"](none).pvalue > 0.9
    assert T["mixture"](replace(none, ar=strong)).pvalue == T["mixture"](none).p_min == 1 / 200
    assert T["mixture"](replace(none, ar=strong, side="left")).pvalue > 0.9
    assert T["mixture"](replace(none, ar=strong, side="right")).pvalue == 1 / 200


def test_no_reference_window_gives_a_reason() -> None:
    result = make_result(1, estimation=(-12, -6), min_obs=4, holes=0.0, event=(-3, 6))
    sample = result.sample((-3, 6))
    for name in ("sq", "sq-studentised", "sq-ewma"):
        got = T[name](sample)
        assert got.reason[0].startswith("no estimation window of this length without a gap")
        assert np.isnan(got.p_min[0])
        assert np.isnan(got.pvalue[0])
    assert "estimation window is shorter" in T["common-shift"](sample).reason


def test_the_panel_of_these_tests_is_long_enough() -> None:
    assert len(DAYS) == 160
