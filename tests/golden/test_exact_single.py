"""Tests of one event in exact rational arithmetic: cases that no other package offers."""

from __future__ import annotations

import itertools
from fractions import Fraction as Q
from math import comb, sqrt

import numpy as np
import pytest
from exact import (
    EVENTS,
    SHARES,
    TIGHT,
    WINDOWS,
    ZERO,
    E,
    Fit,
    q,
    study,
)

import backtest as bt

T = bt.TESTS


@pytest.fixture(scope="module")
def result() -> bt.EventStudyResult:
    return study()


@pytest.fixture(params=WINDOWS, ids=["day-0", "three-days"])
def window(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


def test_the_panel_itself(result: bt.EventStudyResult) -> None:
    sample = result.sample((0, 2))
    for i, one in enumerate(E):
        assert sample.s2[i] == pytest.approx(float(one.s2), **TIGHT)
        assert sample.car_var[i] == pytest.approx(float(one.s2 * one.factor(0, 2)), **TIGHT)
        np.testing.assert_allclose(sample.residuals.values[i], [float(v) for v in one.e], rtol=1e-11, atol=1e-16)


def test_sq(window: tuple[int, int], result: bt.EventStudyResult) -> None:
    length, sample = window[1] - window[0] + 1, result.sample(window)
    for form in ("rank", "ghk", "abs"):
        expected = []
        for one in E:
            own, sums = one.car(*window), one.sums(length)
            low, high = sum(s <= own for s in sums), sum(s >= own for s in sums)
            far = sum(abs(s) >= abs(own) for s in sums)
            m = len(sums)
            expected.append(
                {"rank": min(Q(1), Q(2 * (1 + min(low, high)), m + 1)), "ghk": min(Q(1), Q(2 * min(low, high), m)),
                 "abs": Q(1 + far, m + 1)}[form]
            )  # fmt: skip
        got = T["sq"](sample, form=form)
        np.testing.assert_allclose(got.pvalue, [float(p) for p in expected], rtol=1e-14)
    assert (T["sq"](sample).p_min == 2 / (len(E[0].sums(length)) + 1)).all()


def test_sq_studentised(window: tuple[int, int], result: bt.EventStudyResult) -> None:
    expected = []
    for one in E:
        z, own = one.studentised(window[1] - window[0] + 1), one.scar(*window)
        tail = min(sum(v <= own for v in z), sum(v >= own for v in z))
        expected.append(min(1.0, 2 * (1 + tail) / (1 + len(z))))
    np.testing.assert_allclose(T["sq-studentised"](result.sample(window)).pvalue, expected, rtol=1e-14)


@pytest.mark.parametrize("name", ["conformal", "conformal-block"])
def test_conformal_is_a_refit_with_the_event_rows(
    name: str, window: tuple[int, int], result: bt.EventStudyResult
) -> None:
    length, expected = window[1] - window[0] + 1, []
    for share, one in EVENTS.items():
        days = [*one.days, *one.event_days[window[0] : window[1] + 1]]
        fit = Fit([q(SHARES[share])[d] for d in days], [*one.x, *one.x0[window[0] : window[1] + 1]])
        n = len(days)
        blocks = [abs(sum((fit.e[(s + j) % n] for j in range(length)), Q(0))) for s in range(n)]
        own = blocks[n - length]
        expected.append(Q(sum(b >= own for b in blocks), n))
    got = T[name](result.sample(window))
    np.testing.assert_allclose(got.pvalue, [float(p) for p in expected], rtol=1e-14)
    np.testing.assert_allclose(got.p_min, 1 / (len(E[0].e) + length), rtol=1e-14)


def test_the_conformal_interval_holds_what_is_not_rejected(result: bt.EventStudyResult) -> None:
    level = 0.35  # with twelve days nothing is rejected at 5 %
    got = T["conformal"](result.sample((0, 0)), level=level)

    def p(share: str, effect: Q) -> Q:
        one = EVENTS[share]
        y = [*(q(SHARES[share])[d] for d in one.days), q(SHARES[share])[ZERO[share]] - effect]
        fit = Fit(y, [*one.x, one.x0[0]])
        return Q(sum(abs(e) >= abs(fit.e[-1]) for e in fit.e), len(y))

    for i, share in enumerate(ZERO):
        width = got.high[i] - got.low[i]
        inside, outside = (
            (got.low[i] + width / 1000, got.high[i] - width / 1000),
            (got.low[i] - width / 1000, got.high[i] + width / 1000),
        )
        assert all(p(share, Q(v)) > level for v in inside)
        assert all(p(share, Q(v)) <= level for v in outside)


def test_max(result: bt.EventStudyResult) -> None:
    expected = []
    for one in E:
        z = [abs(one.scar(t, t)) for t in range(3)]
        pool = [*z, *(abs(v) for v in one.studentised(1))]
        k, n, w = sum(v >= max(z) for v in pool), len(pool), 3
        expected.append(1 - Q(comb(n - k, w), comb(n, w)))
    got = T["max"](result.sample((0, 2)))
    np.testing.assert_allclose(got.pvalue, [float(p) for p in expected], rtol=1e-13)
    np.testing.assert_allclose(got.p_min, 3 / 15, rtol=1e-14)


def test_scan_against_all_orders(result: bt.EventStudyResult) -> None:
    """All ordered draws of three of fifteen values: the permutation p is a share of 2,730."""
    got = T["scan"](result.sample((0, 2)), draws=19_999)
    for i, one in enumerate(E):
        pool = [*one.studentised(1), *(one.scar(t, t) for t in range(3))]

        def largest(z: tuple[float, ...]) -> float:
            parts = [abs(sum(z[a : a + n])) / sqrt(n) for n in (1, 2, 3) for a in range(4 - n)]
            return max(parts)

        own = largest(tuple(pool[-3:]))
        share = np.mean([largest(z) >= own - 1e-12 for z in itertools.permutations(pool, 3)])
        assert got.statistic[i] == pytest.approx(own, rel=1e-12)
        assert got.pvalue[i] == pytest.approx(share, abs=4 * sqrt(share * (1 - share) / 20_000) + 1e-4)


def test_car_t_with_and_without_forecast_error(window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample, length = result.sample(window), window[1] - window[0] + 1
    np.testing.assert_allclose(T["car-t"](sample).statistic, [one.scar(*window) for one in E], rtol=1e-12)
    plain = [float(one.car(*window)) / sqrt(one.s2 * length) for one in E]
    np.testing.assert_allclose(T["car-t"](sample, prediction=False).statistic, plain, rtol=1e-12)
