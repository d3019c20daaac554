"""Every test of single events, of flipped signs and of uncertain days against a twin written as loops from its formula."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import comb

import numpy as np
import pytest
from panels import make_result
from scipy import stats
from scipy.optimize import minimize
from twins import CASES, cars, sar, scars, studentised

import backtest as bt
from backtest.inference import Sample

T = bt.TESTS


@pytest.fixture(scope="module", params=CASES)
def sample(request: pytest.FixtureRequest) -> Sample:
    n, window, spread, options = CASES[request.param]
    return make_result(n, seed=n, spread=spread, **options).sample(window)


@pytest.mark.parametrize("name", ["permutation", "wild-bootstrap"])
def test_flips_by_enumeration(name: str, sample: Sample) -> None:
    x, date = scars(sample), sample.days[:, sample.columns.start]
    groups = sorted(set(date)) if name == "wild-bootstrap" else list(range(sample.n))
    code = date if name == "wild-bootstrap" else np.arange(sample.n)
    if len(groups) > 12 or (name == "wild-bootstrap" and len(groups) < 2):
        return

    def statistic(signs: tuple[int, ...]) -> float:
        y = x * [dict(zip(groups, signs, strict=True))[g] for g in code]
        if name == "permutation":
            return float(y.mean())
        total = sum((y[code == g] - y.mean()).sum() ** 2 for g in groups)
        return float(y.mean() / np.sqrt(len(groups) / (len(groups) - 1) * total) * sample.n)

    drawn = np.array([statistic(s) for s in itertools.product((1, -1), repeat=len(groups))])
    own = drawn[0]
    test = partial(T[name], **({"weights": "rademacher"} if name == "wild-bootstrap" else {}))
    for side, far in (
        ("two", np.abs(drawn) >= abs(own) - 1e-9),
        ("left", drawn <= own + 1e-9),
        ("right", drawn >= own - 1e-9),
    ):
        got = test(replace(sample, side=side))
        assert got.pvalue == pytest.approx(far.mean(), rel=1e-12)
        assert got.p_min == (2 if side == "two" else 1) / 2 ** len(groups)


def test_the_mixture_is_at_the_top_of_its_likelihood(sample: Sample) -> None:
    if sample.n > 12:
        return
    z = np.array([[sar(sample, i, t) for t in range(sample.window[0], sample.window[1] + 1)] for i in range(sample.n)])

    def minus(mu: float, extra: float) -> float:
        inside = [
            np.mean(np.exp(-0.5 * (row - mu) ** 2 / (1 + extra) + 0.5 * row**2) / np.sqrt(1 + extra)) for row in z
        ]
        return -2.0 * sum(np.log(inside))

    starts = itertools.product((-2.0, 2.0), (0.1, 3.0))
    free = min(minimize(lambda v: minus(*v), s, bounds=[(-40, 40), (0, 400)], tol=1e-12).fun for s in starts)
    null = min(minimize(lambda v: minus(0.0, v[0]), (d,), bounds=[(0, 900)], tol=1e-12).fun for d in (0.1, 3.0))
    got = T["mixture"](sample)
    assert got.statistic == pytest.approx(null - free, abs=0.02)
    assert got.pvalue >= got.p_min


# --------------------------------------------------------------------------------------------- tests of single events


def rank_p(own: float, reference: list[float]) -> float:
    low, high = sum(v <= own + 1e-12 for v in reference), sum(v >= own - 1e-12 for v in reference)
    return min(1.0, 2 * (1 + min(low, high)) / (1 + len(reference))) if reference else np.nan


def sq(s: Sample, i: int) -> tuple[float, float]:
    e, length = s.residuals.values[i], s.length
    sums = [e[j : j + length].sum() for j in range(len(e) - length + 1)]
    return cars(s)[i], rank_p(cars(s)[i], [v for v in sums if np.isfinite(v)])


def sq_studentised(s: Sample, i: int) -> tuple[float, float]:
    return scars(s)[i], rank_p(scars(s)[i], list(studentised(s, i).values()))


def sq_ewma(s: Sample, i: int) -> tuple[float, float]:
    e, reference = s.residuals.values[i], []
    variance = np.mean([v**2 for v in e if np.isfinite(v)][:20])
    for j in range(len(e)):
        part, seen = e[j : j + s.length], np.isfinite(e[:j]).sum()
        if len(part) == s.length and np.isfinite(part).all() and seen >= 20:
            reference.append(part.sum() / np.sqrt(variance * s.length))
        variance = 0.94 * variance + 0.06 * e[j] ** 2 if np.isfinite(e[j]) else variance
    own = scars(s)[i] * np.sqrt(s.s2[i] / variance)
    return own, rank_p(own, reference)


def conformal(s: Sample, i: int) -> tuple[float, float]:
    """Regress the residuals, with the event's rows among them, on the regressors once more: the fit under no effect."""
    e = s.residuals.values[i]
    have = np.isfinite(e)
    y = np.concatenate([e[have], s.ar[i, s.columns]])
    if s.root is not None:
        x = np.vstack([s.residuals.hat()[i][have], s.root[i, s.columns]])  # type: ignore[misc]
        y = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    n = len(y)
    sums = [abs(sum(y[(start + k) % n] for k in range(s.length))) for start in range(n)]
    return cars(s)[i], sum(v >= sums[n - s.length] - 1e-12 for v in sums) / n


def largest_day(s: Sample, i: int) -> tuple[float, float]:
    own = [abs(sar(s, i, t)) for t in range(s.window[0], s.window[1] + 1)]
    e = s.residuals.values[i]
    g = np.zeros((len(e), 1)) if s.root is None else s.residuals.hat()[i]  # type: ignore[misc]
    pool = [abs(v) / np.sqrt(s.s2[i] * (1 - h @ h)) for v, h in zip(e, g, strict=True) if np.isfinite(v)]
    k, n = sum(v >= max(own) - 1e-9 for v in [*pool, *own]), len(pool) + s.length
    return max(own), 1 - comb(n - k, s.length) / comb(n, s.length)


def scan(s: Sample, i: int) -> tuple[float, float]:
    z = [sar(s, i, t) for t in range(s.window[0], s.window[1] + 1)]
    parts = [abs(sum(z[a : a + n])) / np.sqrt(n) for n in (1, 2, 3, 5) for a in range(s.length - n + 1)]
    return max(parts), np.nan


SINGLE: dict[str, Callable[[Sample, int], tuple[float, float]]] = {
    "car-t": lambda s, i: (scars(s)[i], float(2 * stats.t.sf(abs(scars(s)[i]), s.df[i]))),
    "sq": sq,
    "sq-studentised": sq_studentised,
    "sq-ewma": sq_ewma,
    "conformal": conformal,
    "conformal-block": conformal,
    "max": largest_day,
    "scan": scan,
}


@pytest.mark.parametrize("name", SINGLE)
def test_twin_of_a_single_event(name: str, sample: Sample) -> None:
    got = T[name](sample)
    for i in range(min(sample.n, 12)):
        statistic, p = SINGLE[name](sample, i)
        assert got.statistic[i] == pytest.approx(statistic, rel=1e-9, abs=1e-12)
        assert got.effect[i] == pytest.approx(cars(sample)[i], rel=1e-10)
        if name != "scan":  # drawn; against all orders in golden/test_exact_single.py
            assert got.pvalue[i] == pytest.approx(p, rel=1e-10, nan_ok=True)
            assert np.isfinite(p) or got.reason[i]
