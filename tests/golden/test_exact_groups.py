"""Tests of a group in exact rational arithmetic: ranks, clusters, calendar time, resampling, overlap."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction as Q
from functools import partial
from math import comb, sqrt

import numpy as np
import pytest
from exact import (
    TIGHT,
    WINDOWS,
    ZERO,
    E,
    N,
    dot,
    mean_r,
    midranks,
    moments,
    rank_statistic,
    ranks,
    study,
)

import backtest as bt
from backtest.inference.dependence import mean_correlation

T = bt.TESTS


@pytest.fixture(scope="module")
def result() -> bt.EventStudyResult:
    return study()


@pytest.fixture(params=WINDOWS, ids=["day-0", "three-days"])
def window(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


@pytest.mark.parametrize("form", ["scar", "sum"])
def test_bmp_and_overlap_kp(form: str, window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample, length = result.sample(window), window[1] - window[0] + 1
    x = [one.scar(*window) for one in E]
    if form == "sum":
        x = [sum(one.scar(t, t) for t in range(window[0], window[1] + 1)) / sqrt(length) for one in E]
    mean, sd = moments(x)
    bmp = sqrt(N) * mean / sd
    assert T["bmp"](sample, form=form).statistic == pytest.approx(bmp, **TIGHT)
    for overlap in (True, False):
        r = mean_r(window, overlap)
        assert mean_correlation(sample, overlap) == pytest.approx(r, rel=1e-11)
        expected = bmp * sqrt((1 - r) / (1 + (N - 1) * r))
        assert T["kp"](sample, None, overlap=overlap, form=form).statistic == pytest.approx(expected, rel=1e-11)
    assert T["kp-overlap"](sample, None, form=form).statistic == pytest.approx(
        T["kp"](sample, None, overlap=True, form=form).statistic, rel=1e-14
    )


@pytest.mark.parametrize("clustered", [False, True])
def test_grank(clustered: bool, window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample = result.sample(window)
    x = [one.scar(*window) for one in E]
    sd = moments(x)[1]
    if clustered:
        sd /= sqrt(1 - max(0.0, mean_r(window, True)))
    t_days = len(E[0].e) + 1
    u = []
    for one, scar in zip(E, x, strict=True):
        values = [float(v) / sqrt(one.s2) for v in one.e] + [scar / sd]
        u.append([r / (t_days + 1) - Q(1, 2) for r in midranks(values)])
    mean = [sum((row[t] for row in u), Q(0)) / N for t in range(t_days)]
    s2 = sum((m * m for m in mean), Q(0)) / t_days
    z = float(mean[-1]) / sqrt(s2)
    assert T["grank-t"](sample, clustered=clustered).statistic == pytest.approx(
        z * sqrt((t_days - 2) / (t_days - 1 - z * z)), rel=1e-11
    )
    exact = sqrt(Q(t_days - 1, 12 * N * (t_days + 1)))
    assert T["grank-z"](sample, clustered=clustered).statistic == pytest.approx(float(mean[-1]) / exact, rel=1e-11)


@pytest.mark.parametrize("over", ["event", "window"])
def test_corrado_and_cumrank(over: str, window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample, length, m = result.sample(window), window[1] - window[0] + 1, len(E[0].e)
    first, last = (0, 2) if over == "event" else window
    u = ranks(lambda one: [*one.e, *one.ar], first, last)
    at = m + window[0] - first
    assert T["corrado"](sample, over=over).statistic == pytest.approx(rank_statistic(u, at, length), rel=1e-11)
    plain = T["corrado-zivney"](sample, over=over, restandardised=False)
    assert plain.statistic == pytest.approx(rank_statistic(u, at, length), rel=1e-11)
    t = m + last - first + 1
    total = sum((v for row in u for v in row[at : at + length]), Q(0))
    expected = float(total) / sqrt(N * Q(length * (t - length), 12 * (t + 1)))
    assert T["cumrank"](sample, over=over).statistic == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("over", ["event", "window"])
def test_corrado_zivney(over: str, window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample, length, m = result.sample(window), window[1] - window[0] + 1, len(E[0].e)
    sd = [moments([one.scar(t, t) for one in E])[1] for t in range(3)]

    def values(one: object) -> list[float]:
        return [float(v) / sqrt(one.s2) for v in one.e] + [one.scar(t, t) / sd[t] for t in range(3)]  # type: ignore[attr-defined]

    first, last = (0, 2) if over == "event" else window
    u = ranks(values, first, last)
    expected = rank_statistic(u, m + window[0] - first, length)
    assert T["corrado-zivney"](sample, over=over).statistic == pytest.approx(expected, rel=1e-11)


def test_calendar_time(window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample = result.sample(window)
    active: dict[int, list[tuple[int, Q]]] = {}
    for i, one in enumerate(E):
        for t in range(window[0], window[1] + 1):
            active.setdefault(one.event_days[t], []).append((i, one.ar[t]))
    means = {d: sum((v for _, v in rows), Q(0)) / len(rows) for d, rows in active.items()}
    n = len(means)
    centre = sum(means.values(), Q(0)) / n
    variance = sum(((v - centre) ** 2 for v in means.values()), Q(0)) / (n - 1) / n
    assert T["calendar-time"](sample).statistic == pytest.approx(float(centre) / sqrt(variance), rel=1e-11)
    z = []
    for day, rows in active.items():
        shared = set.intersection(*(set(E[i].days) for i, _ in rows))
        past = [sum((E[i].e[E[i].days.index(d)] for i, _ in rows), Q(0)) / len(rows) for d in sorted(shared)]
        middle = sum(past, Q(0)) / len(past)
        z.append(float(means[day]) / sqrt(sum(((v - middle) ** 2 for v in past), Q(0)) / (len(past) - 1)))
    assert T["calendar-time-std"](sample).statistic == pytest.approx(sum(z) / sqrt(len(z)), rel=1e-11)


def test_clusters_one_and_two_way(result: bt.EventStudyResult) -> None:
    sample = replace(result.sample((0, 2)), asset=np.array([0, 1, 1, 0]))
    x = [one.car(0, 2) for one in E]
    mean = sum(x, Q(0)) / N
    by = {
        "date": list(ZERO.values()),
        "asset": [0, 1, 1, 0],
        "pair": list(zip(ZERO.values(), [0, 1, 1, 0], strict=True)),
    }

    def variance(codes: list) -> tuple[Q, int]:
        groups = sorted(set(codes))
        total = sum((sum((v - mean for v, c in zip(x, codes, strict=True) if c == g), Q(0)) ** 2 for g in groups), Q(0))
        return Q(len(groups), len(groups) - 1) * total / N**2, len(groups)

    for name in ("date", "asset"):
        v, g = variance(by[name])
        got = T["clustered"](sample, by=name, on="car")
        assert (got.statistic, got.df) == (pytest.approx(float(mean) / sqrt(v), rel=1e-11), g - 1)
    both = variance(by["date"])[0] + variance(by["asset"])[0] - variance(by["pair"])[0]
    got = T["clustered"](sample, by="both", on="car")
    if both > 0:
        assert got.statistic == pytest.approx(float(mean) / sqrt(both), rel=1e-10)
    else:
        assert got.reason == "zero variance between the clusters"


@pytest.mark.parametrize("skew", ["unbiased", "population"])
def test_johnson_and_hall(skew: str, window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample, x = result.sample(window), [one.car(*window) for one in E]
    mean = sum(x, Q(0)) / N
    variance = sum(((v - mean) ** 2 for v in x), Q(0)) / (N - 1)
    sd = sqrt(variance)
    g = (
        float(sum(((v - mean) ** 3 for v in x), Q(0)))
        / sd**3
        * (N / ((N - 1) * (N - 2)) if skew == "unbiased" else 1 / N)
    )
    s = float(mean) / sd
    johnson = sqrt(N) * (s + g * s**2 / 3 + g / (6 * N))
    assert T["johnson"](sample, skew=skew).statistic == pytest.approx(johnson, rel=1e-11)
    assert T["hall"](sample, skew=skew).statistic == pytest.approx(johnson + sqrt(N) * g**2 * s**3 / 27, rel=1e-11)


def test_common_shift(window: tuple[int, int], result: bt.EventStudyResult) -> None:
    rows = [one.studentised(window[1] - window[0] + 1) for one in E]
    means = [sum(column) / N for column in zip(*rows, strict=True)]
    own = sum(one.scar(*window) for one in E) / N
    tail = min(sum(m <= own for m in means), sum(m >= own for m in means))
    got = T["common-shift"](result.sample(window))
    assert got.statistic == pytest.approx(own, **TIGHT)
    assert got.pvalue == pytest.approx(min(1.0, 2 * (1 + tail) / (1 + len(means))), rel=1e-14)
    assert got.p_min == pytest.approx(2 / (1 + len(means)), rel=1e-14)


def test_sign_flips_by_event_and_by_date(window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample, x = result.sample(window), [one.car(*window) for one in E]
    flips = list(itertools.product((1, -1), repeat=N))
    far = sum(abs(dot([Q(f) for f in flip], x)) >= abs(sum(x, Q(0))) for flip in flips)
    assert T["permutation"](sample, on="car").pvalue == pytest.approx(far / 2**N, rel=1e-14)
    assert T["permutation"](sample, on="car").p_min == 2 / 2**N
    # Three dates, two events on the second: eight sign vectors of date totals, studentised.
    scar, dates = [one.scar(*window) for one in E], [0, 1, 1, 2]

    def t(signs: tuple[int, ...]) -> float:
        y = [signs[d] * v for d, v in zip(dates, scar, strict=True)]
        mean = sum(y) / N
        parts = [sum(v - mean for v, d in zip(y, dates, strict=True) if d == g) for g in range(3)]
        return mean / sqrt(3 / 2 * sum(p * p for p in parts) / N**2)

    own = t((1, 1, 1))
    share = np.mean([abs(t(s)) >= abs(own) - 1e-9 for s in itertools.product((1, -1), repeat=3)])
    got = T["wild-bootstrap"](sample)
    assert got.statistic == pytest.approx(own, rel=1e-10)
    assert got.pvalue == pytest.approx(share, rel=1e-14)


def test_signs(window: tuple[int, int], result: bt.EventStudyResult) -> None:
    sample = result.sample(window)
    w = sum(one.car(*window) > 0 for one in E)
    p = sum((Q(sum(v > 0 for v in one.e), len(one.e)) for one in E), Q(0)) / N
    expected = float(w - N * p) / sqrt(N * p * (1 - p))
    assert T["generalised-sign"](sample).statistic == pytest.approx(expected, **TIGHT)
    pooled = Q(sum(v > 0 for one in E for v in one.e), sum(len(one.e) for one in E))
    exact = sum(
        (comb(N, k) * pooled**k * (1 - pooled) ** (N - k) for k in range(N + 1)
         if comb(N, k) * pooled**k * (1 - pooled) ** (N - k) <= comb(N, w) * pooled**w * (1 - pooled) ** (N - w)), Q(0)
    )  # fmt: skip
    got = T["generalised-sign"](sample, share="pooled", exact=True)
    assert got.pvalue == pytest.approx(float(exact), rel=1e-12)
    both = sum((Q(comb(N, k), 2**N) for k in range(N + 1) if comb(N, k) <= comb(N, w)), Q(0))
    assert T["sign"](sample).pvalue == pytest.approx(float(both), rel=1e-12)


def test_the_mixture_is_at_the_top_of_its_likelihood(result: bt.EventStudyResult) -> None:
    from scipy.optimize import minimize

    from backtest.inference.dates import likelihood_ratio

    z = np.array([[one.scar(t, t) for t in range(3)] for one in E])

    def minus(theta: np.ndarray) -> float:
        mu, v = theta[0], 1 + theta[1]
        inner = np.exp(-0.5 * (z - mu) ** 2 / v + 0.5 * z**2) / np.sqrt(v)
        return -2 * float(np.log(inner.mean(axis=1)).sum())

    free = min(
        (minimize(minus, (m, 1.0), bounds=[(-9, 9), (0, 60)], tol=1e-12) for m in (-3.0, 0.5, 3.0)), key=lambda f: f.fun
    )
    null = minimize(lambda d: minus(np.array([0.0, d[0]])), (1.0,), bounds=[(0, 60)], tol=1e-12)
    ratio, mu = likelihood_ratio(z, steps=3000)
    assert float(ratio) == pytest.approx(null.fun - free.fun, abs=1e-3)
    assert float(mu) == pytest.approx(free.x[0], abs=1e-2)
    assert T["mixture"](result.sample((0, 2))).statistic == pytest.approx(float(ratio), abs=0.05)


def test_patell_as_a_sum_of_days(result: bt.EventStudyResult) -> None:
    sample = result.sample((0, 2))
    total = sum(one.scar(t, t) for one in E for t in range(3))
    expected = total / sqrt(sum(Q(3 * one.df, one.df - 2) for one in E))
    assert partial(T["patell"], form="sum")(sample).statistic == pytest.approx(expected, rel=1e-12)
