"""A panel of short decimal fractions and an event study of it in exact rational arithmetic; floats appear at roots alone."""

from __future__ import annotations

import itertools
from fractions import Fraction as Q
from math import comb, sqrt

import numpy as np
import pandas as pd

import backtest as bt

# Per mille. Four shares, one market, 20 days.
MARKET = [4, -6, 9, 1, -8, 3, 7, -2, 5, 11, -4, 2, -9, 6, 8, -3, 1, -5, 10, -7]
SHARES = {
    "A": [6, -9, 12, 3, -7, 1, 10, -6, 4, 15, -9, 6, -14, 9, 31, -2, 5, -8, 12, -6],
    "B": [1, -2, 7, -4, -9, 8, 3, 2, 0, 9, 1, -5, -6, 4, 2, 24, 11, -3, 7, -9],
    "C": [9, -8, 15, -3, -14, 2, 6, 1, 12, 7, 3, 11, -10, 8, 5, -12, 14, -1, 13, -4],
    "D": [-3, 5, 2, 8, -1, 4, -6, 7, 3, -2, 9, -5, 1, 6, -12, 3, 2, 18, -4, 5],
}
ZERO = {"A": 14, "B": 15, "C": 15, "D": 17}
EVENT, ESTIMATION = (0, 2), (-13, -2)
DAYS = pd.bdate_range("2021-03-01", periods=len(MARKET))


def q(values: list[int]) -> list[Q]:
    return [Q(v, 1000) for v in values]


def study(model: object = "market", **changes: object) -> bt.EventStudyResult:
    """Return the library's result on the panel."""
    frame = pd.DataFrame({k: np.array(v) / 1000 for k, v in SHARES.items()}, index=DAYS)
    market = pd.Series(np.array(MARKET) / 1000, index=DAYS, name="M")
    events = pd.DataFrame({"event_id": list(ZERO), "asset": list(ZERO), "event_time": DAYS[list(ZERO.values())]})
    spec = {"event": EVENT, "estimation": ESTIMATION, "min_obs": 5, "model": model, **changes}
    return bt.EventStudy(**spec).run(events, bt.Prices.from_returns(frame, market))  # type: ignore[arg-type]


def inverse(m: list[list[Q]]) -> list[list[Q]]:
    """Return the inverse of a matrix by Gauss and Jordan."""
    n = len(m)
    rows = [[*row, *(Q(int(i == j)) for j in range(n))] for i, row in enumerate(m)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for j in range(n):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[n:] for row in rows]


def dot(a: list[Q], b: list[Q]) -> Q:
    return sum((x * y for x, y in zip(a, b, strict=True)), Q(0))


def times(m: list[list[Q]], v: list[Q]) -> list[Q]:
    return [dot(row, v) for row in m]


class Fit:
    """Least squares of y on rows x, exact: coefficients, residuals, s2, the inverse of X'X."""

    def __init__(self, y: list[Q], x: list[list[Q]]) -> None:
        k = len(x[0])
        self.inverse = inverse([[dot([r[i] for r in x], [r[j] for r in x]) for j in range(k)] for i in range(k)])
        self.beta = times(self.inverse, [dot([r[i] for r in x], y) for i in range(k)])
        self.e = [v - dot(r, self.beta) for v, r in zip(y, x, strict=True)]
        self.df = len(y) - k
        self.s2 = dot(self.e, self.e) / self.df

    def h(self, one: list[Q], two: list[Q]) -> Q:
        return dot(one, times(self.inverse, two))


class Event:
    """One event under the market model: estimation days by calendar position, residuals, abnormal returns, variances."""

    def __init__(self, share: str, market: list[int] = MARKET) -> None:
        zero = ZERO[share]
        self.days = list(range(zero + ESTIMATION[0], zero + ESTIMATION[1] + 1))
        self.x = [[Q(1), Q(market[d], 1000)] for d in self.days]
        self.fit = Fit([q(SHARES[share])[d] for d in self.days], self.x)
        self.e, self.s2, self.df = self.fit.e, self.fit.s2, self.fit.df
        self.event_days = [zero + t for t in range(EVENT[0], EVENT[1] + 1)]
        self.x0 = [[Q(1), Q(market[d], 1000)] for d in self.event_days]
        self.ar = [q(SHARES[share])[d] - dot(r, self.fit.beta) for d, r in zip(self.event_days, self.x0, strict=True)]

    def car(self, a: int, b: int) -> Q:
        return sum(self.ar[a : b + 1], Q(0))

    def factor(self, a: int, b: int) -> Q:
        """Return Var(CAR) / s2, exact."""
        total = [sum(c, Q(0)) for c in zip(*self.x0[a : b + 1], strict=True)]
        return b - a + 1 + self.fit.h(total, total)

    def scar(self, a: int, b: int) -> float:
        return float(self.car(a, b)) / sqrt(self.s2 * self.factor(a, b))

    def sums(self, length: int) -> list[Q]:
        return [sum(self.e[i : i + length], Q(0)) for i in range(len(self.e) - length + 1)]

    def studentised(self, length: int) -> list[float]:
        out = []
        for i in range(len(self.e) - length + 1):
            total = [sum(c, Q(0)) for c in zip(*self.x[i : i + length], strict=True)]
            out.append(float(sum(self.e[i : i + length], Q(0))) / sqrt(self.s2 * (length - self.fit.h(total, total))))
        return out


def midranks(values: list) -> list[Q]:
    return [Q(2 * sum(w < v for w in values) + sum(w == v for w in values) + 1, 2) for v in values]


EVENTS = {share: Event(share) for share in ZERO}
E = list(EVENTS.values())
N = len(E)
WINDOWS = [(0, 0), (0, 2)]
TIGHT = {"rel": 1e-12, "abs": 1e-15}


def common(i: int, j: int) -> list[tuple[Q, Q]]:
    one, two = E[i], E[j]
    at = dict(zip(two.days, two.e, strict=True))
    return [(v, at[d]) for d, v in zip(one.days, one.e, strict=True) if d in at]


def correlation(i: int, j: int) -> float:
    pairs = common(i, j)
    n = len(pairs)
    mean = [sum((p[k] for p in pairs), Q(0)) / n for k in (0, 1)]
    c = [[sum(((p[a] - mean[a]) * (p[b] - mean[b]) for p in pairs), Q(0)) for b in (0, 1)] for a in (0, 1)]
    return float(c[0][1]) / sqrt(c[0][0] * c[1][1])


def mean_r(window: tuple[int, int], overlap: bool) -> float:
    length, zero, total = window[1] - window[0] + 1, list(ZERO.values()), 0.0
    for i, j in itertools.combinations(range(N), 2):
        weight = Q(max(0, length - abs(zero[i] - zero[j])), length) if overlap else Q(1)
        total += float(weight) * correlation(i, j)
    return total / comb(N, 2)


def moments(x: list[float]) -> tuple[float, float]:
    mean = sum(x) / len(x)
    return mean, sqrt(sum((v - mean) ** 2 for v in x) / (len(x) - 1))


def ranks(values_of: object, first: int, last: int) -> list[list[Q]]:
    out = []
    for one in E:
        values = values_of(one)[: len(one.e)] + values_of(one)[len(one.e) + first : len(one.e) + last + 1]  # type: ignore[operator]
        out.append([r / (len(values) + 1) - Q(1, 2) for r in midranks(values)])
    return out


def rank_statistic(u: list[list[Q]], first: int, length: int) -> float:
    sums = [sum((row[t] for row in u), Q(0)) for t in range(len(u[0]))]
    s2 = sum((v * v for v in sums), Q(0)) / len(sums)
    return float(sum(sums[first : first + length], Q(0))) / sqrt(s2 * length)


def rows_of(share: str) -> tuple[list[int], list[int]]:
    zero = ZERO[share]
    return list(range(zero + ESTIMATION[0], zero + ESTIMATION[1] + 1)), [
        zero + t for t in range(EVENT[0], EVENT[1] + 1)
    ]


def mean(values: list[Q]) -> Q:
    return sum(values, Q(0)) / len(values)


def slope(y: list[Q], x: list[Q]) -> Q:
    a, b = mean(x), mean(y)
    return dot([v - a for v in x], [v - b for v in y]) / dot([v - a for v in x], [v - a for v in x])


def autocorrelation(x: list[Q]) -> float:
    one, two = x[1:], x[:-1]
    a, b = mean(one), mean(two)
    c = dot([v - a for v in one], [v - b for v in two])
    return float(c) / sqrt(
        dot([v - a for v in one], [v - a for v in one]) * dot([v - b for v in two], [v - b for v in two])
    )
