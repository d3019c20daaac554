"""Returns in whole per cents: values that are equal on paper tie, whatever the last digit of a float says."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as Q
from math import comb, sqrt

import numpy as np
import pandas as pd
import pytest
from exact import midranks

import backtest as bt

T = bt.TESTS
DAYS = pd.bdate_range("2021-03-01", periods=50)
ZERO, M, N = 40, 23, 6
WINDOWS = [(0, 0), (0, 2)]


def panel(seed: int) -> list[list[Q]]:
    """Return whole per cents, share by share; those of day 0 of the last share are its mean: an abnormal return of nothing."""
    rng = np.random.default_rng(seed)
    rows = [[Q(int(v), 100) for v in row] for row in rng.integers(-3, 4, (N, len(DAYS)))]
    known = rows[-1][ZERO - M : ZERO]
    # The last estimation day makes the mean a whole per cent.
    rows[-1][ZERO - 1] += (-sum(known) * 100 % M) / Q(100)
    rows[-1][ZERO] = sum(rows[-1][ZERO - M : ZERO]) / M
    return rows


class One:
    """One event under the constant-mean model: residuals and abnormal returns as fractions."""

    def __init__(self, row: list[Q]) -> None:
        past = row[ZERO - M : ZERO]
        self.y, self.y0 = past, row[ZERO : ZERO + 3]
        self.mean = sum(past) / M
        self.e, self.ar = [v - self.mean for v in past], [v - self.mean for v in self.y0]
        self.s2 = sum(v * v for v in self.e) / (M - 1)

    def car(self, window: tuple[int, int]) -> Q:
        return sum(self.ar[window[0] : window[1] + 1], Q(0))

    def sums(self, length: int) -> list[Q]:
        return [sum(self.e[i : i + length], Q(0)) for i in range(M - length + 1)]


@pytest.fixture(scope="module", params=range(6))
def case(request: pytest.FixtureRequest) -> tuple[list[One], bt.EventStudyResult]:
    rows = panel(request.param)
    frame = pd.DataFrame({f"S{i}": [float(v) for v in row] for i, row in enumerate(rows)}, index=DAYS)
    events = pd.DataFrame({"asset": frame.columns, "event_time": DAYS[ZERO]})
    study = bt.EventStudy(event=(0, 2), estimation=(-M, -1), model="constant-mean", min_obs=5)
    return [One(row) for row in rows], study.run(events, bt.Prices.from_returns(frame))


@pytest.fixture(params=WINDOWS, ids=["day-0", "three-days"])
def window(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


Case = tuple[list[One], bt.EventStudyResult]


def tail(own: Q, others: list[Q], side: str) -> int:
    low, high = sum(v <= own for v in others), sum(v >= own for v in others)
    return {"two": min(low, high), "left": low, "right": high}[side]


@pytest.mark.parametrize("side", ["two", "left", "right"])
def test_sq(side: str, window: tuple[int, int], case: Case) -> None:
    ones, result = case
    length = window[1] + 1
    expected = {"rank": [], "ghk": [], "abs": []}  # type: ignore[var-annotated]
    for one in ones:
        own, sums = one.car(window), one.sums(length)
        k, w, tails = tail(own, sums, side), len(sums), 2 if side == "two" else 1
        far = sum(abs(v) >= abs(own) for v in sums)
        expected["rank"].append(min(1.0, tails * (1 + k) / (w + 1)))
        expected["ghk"].append(min(1.0, tails * k / w))
        expected["abs"].append((1 + far) / (w + 1) if side == "two" else (1 + k) / (w + 1))
    for form, values in expected.items():
        got = T["sq"](result.sample(window, side=side), form=form).pvalue
        np.testing.assert_allclose(got, values, rtol=1e-14, err_msg=form)


@pytest.mark.parametrize("side", ["two", "left", "right"])
def test_conformal(side: str, window: tuple[int, int], case: Case) -> None:
    ones, result = case
    length, expected = window[1] + 1, []
    for one in ones:
        y = [*one.y, *one.y0[:length]]
        e, n = [v - sum(y) / len(y) for v in y], len(y)
        sums = [sum((e[(s + j) % n] for j in range(length)), Q(0)) for s in range(n)]
        own = sums[n - length]
        size: Callable[[Q], Q] = {"two": abs, "left": lambda v: -v, "right": lambda v: v}[side]
        expected.append(sum(size(v) >= size(own) for v in sums) / n)
    np.testing.assert_allclose(T["conformal"](result.sample(window, side=side)).pvalue, expected, rtol=1e-14)


@pytest.mark.parametrize("side", ["two", "left", "right"])
def test_max(side: str, case: Case) -> None:
    # All days have one factor here, so that the order of standardised returns is that of e / sqrt(1 - h) and AR / sqrt(C).
    ones, result = case
    size: Callable[[float], float] = {"two": abs, "left": lambda v: -v, "right": lambda v: v}[side]
    got = T["max"](result.sample((0, 2), side=side))
    for one, p, top in zip(ones, got.pvalue, got.statistic, strict=True):
        s = sqrt(one.s2)
        z = [size(float(v) / s / sqrt(1 + Q(1, M))) for v in one.ar]
        pool = [*z, *(size(float(v) / s / sqrt(1 - Q(1, M))) for v in one.e)]
        k = sum(v >= max(z) - 1e-9 for v in pool)
        assert top == pytest.approx(max(z), rel=1e-11, abs=1e-12)
        assert p == pytest.approx(1 - comb(M + 3 - k, 3) / comb(M + 3, 3), rel=1e-12)


def by_day(scores: list[list[Q]], window: tuple[int, int]) -> float:
    """Return the sum over the window of the day sums over the root of their mean square, over the root of its length."""
    days = [sum(column, Q(0)) for column in zip(*scores, strict=True)]
    s2 = sum(v * v for v in days) / len(days)
    return float(sum(days[M + window[0] : M + window[1] + 1], Q(0))) / sqrt(s2 * (window[1] - window[0] + 1))


def test_ranks_and_signs_about_the_median(window: tuple[int, int], case: Case) -> None:
    ones, result = case
    sample, total = result.sample(window), M + 3
    values = [[*one.e, *one.ar] for one in ones]
    u = [[r / (total + 1) - Q(1, 2) for r in midranks(v)] for v in values]
    assert T["corrado"](sample).statistic == pytest.approx(by_day(u, window), rel=1e-11, abs=1e-12)
    length = window[1] + 1
    add_up = sum((v for row in u for v in row[M : M + length]), Q(0))
    exact = float(add_up) / sqrt(N * Q(length * (total - length), 12 * (total + 1)))
    assert T["cumrank"](sample).statistic == pytest.approx(exact, rel=1e-11, abs=1e-12)
    signs = []
    for row in values:
        ordered = sorted(row)
        median = (ordered[(total - 1) // 2] + ordered[total // 2]) / 2
        signs.append([Q((v > median) - (v < median)) for v in row])
    assert T["cz-sign"](sample).statistic == pytest.approx(by_day(signs, window), rel=1e-11, abs=1e-12)


def test_generalised_ranks(window: tuple[int, int], case: Case) -> None:
    ones, result = case
    factor = window[1] + 1 + Q((window[1] + 1) ** 2, M)
    scar = [float(one.car(window)) / sqrt(one.s2 * factor) for one in ones]
    sd = float(np.std(scar, ddof=1))
    u = []
    for one, own in zip(ones, scar, strict=True):
        # Residuals tie as fractions; the SCAR, a root of its own, ties only where it is nothing.
        ranks = midranks(one.e)
        z = [float(v) / sqrt(one.s2) for v in one.e]
        at = own / sd if one.car(window) else 0.0
        below, level = sum(v < at - 1e-9 for v in z), sum(abs(v - at) <= 1e-9 for v in z)
        mine = below + Q(level, 2) + 1
        row = [r + Q((v > at + 1e-9) * 2 + (abs(v - at) <= 1e-9), 2) for r, v in zip(ranks, z, strict=True)]
        u.append([(r / (M + 2)) - Q(1, 2) for r in [*row, mine]])
    days = [sum(column, Q(0)) / N for column in zip(*u, strict=True)]
    z_of = float(days[-1]) / sqrt(sum(v * v for v in days) / (M + 1))
    t = z_of * sqrt((M - 1) / (M - z_of**2))
    assert T["grank-t"](result.sample(window)).statistic == pytest.approx(t, rel=1e-10, abs=1e-12)
    exact = float(days[-1]) / sqrt(Q(M, 12 * N * (M + 2)))
    assert T["grank-z"](result.sample(window)).statistic == pytest.approx(exact, rel=1e-10, abs=1e-12)


def test_a_return_at_its_mean_is_no_positive_one(window: tuple[int, int], case: Case) -> None:
    ones, result = case
    sample = result.sample(window)
    w = sum(one.car(window) > 0 for one in ones)
    assert ones[-1].ar[0] == 0
    assert T["sign"](sample).statistic == pytest.approx((w - N / 2) / sqrt(N / 4), rel=1e-14)
    p = sum((Q(sum(v > 0 for v in one.e), M) for one in ones), Q(0)) / N
    expected = float(w - N * p) / sqrt(N * p * (1 - p))
    assert T["generalised-sign"](sample).statistic == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_wilcoxon_shares_the_ranks_of_equal_cars(window: tuple[int, int], case: Case) -> None:
    ones, result = case
    cars = [one.car(window) for one in ones]
    left = [v for v in cars if v != 0]
    got = T["wilcoxon"](result.sample(window))
    ranks = midranks([abs(v) for v in left])
    assert got.statistic == float(sum((r for r, v in zip(ranks, left, strict=True) if v > 0), Q(0)))
    assert got.n == len(left)
    plus = [
        sum(r for r, keep in zip(ranks, np.binary_repr(k, len(left)), strict=True) if keep == "1")
        for k in range(2 ** len(left))
    ]
    low, high = np.mean([v <= got.statistic for v in plus]), np.mean([v >= got.statistic for v in plus])
    assert got.pvalue == pytest.approx(min(1.0, 2 * min(low, high)), rel=1e-14)


def test_the_common_shift_of_equal_shares_counts_ties(case: Case) -> None:
    ones, result = case
    first = result.subset(np.array([0]))
    own = float(ones[0].ar[0]) / sqrt(ones[0].s2 * (1 + Q(1, M)))
    z = [float(v) / sqrt(ones[0].s2 * (1 - Q(1, M))) for v in ones[0].e]
    k = min(sum(v <= own + 1e-9 for v in z), sum(v >= own - 1e-9 for v in z))
    assert T["common-shift"](first).pvalue == pytest.approx(min(1.0, 2 * (1 + k) / (M + 1)), rel=1e-14)


def test_market_adjusted_returns_tie_too() -> None:
    rng = np.random.default_rng(5)
    asset, market = (rng.integers(-4, 5, len(DAYS)) for _ in range(2))
    frame = pd.DataFrame({"A": asset / 100}, index=DAYS)
    prices = bt.Prices.from_returns(frame, pd.Series(market / 100, index=DAYS, name="M"))
    events = pd.DataFrame({"asset": ["A"], "event_time": DAYS[[ZERO]]})
    study = bt.EventStudy(event=(0, 2), estimation=(-M, -1), model="market-adjusted", min_obs=5)
    sample = study.run(events, prices).sample((0, 1))
    e = (asset - market)[ZERO - M : ZERO]
    own, sums = (asset - market)[ZERO : ZERO + 2].sum(), e[:-1] + e[1:]
    k = min((sums <= own).sum(), (sums >= own).sum())
    assert T["sq"](sample).pvalue[0] == pytest.approx(min(1.0, 2 * (1 + k) / len(e)), rel=1e-14)
