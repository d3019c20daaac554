"""The likelihood of GARCH market models: loops from the formulas, differences for its slope, and what Newton's method refuses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from backtest.models.likelihood import Garch

KINDS = {
    "garch": (False, False, False),
    "gjr": (False, True, False),
    "egarch": (True, True, False),
    "garch-t": (False, False, True),
}
THETA = {
    "garch": [0.02, 0.9, 0.1, 0.08, 0.85],
    "gjr": [0.02, 0.9, 0.1, 0.05, 0.06, 0.85],
    "egarch": [0.02, 0.9, 0.03, 0.15, -0.05, 0.95],
    "garch-t": [0.02, 0.9, 0.1, 0.08, 0.85, 6.0],
}


def data(days: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    x, h, e = rng.normal(0, 1.0, days), 2.0, np.zeros(days)
    for t in range(days):
        e[t] = np.sqrt(h) * rng.standard_t(6) / np.sqrt(1.5)
        h = 0.1 + (0.12 + 0.06 * (e[t] < 0)) * e[t] ** 2 + 0.75 * h
    return 0.02 + 0.9 * x + e, x


def model(kind: str) -> Garch:
    return Garch(*data(), *KINDS[kind])


def looped(kind: str, theta: list[float]) -> float:
    y, x = data()
    names = ["c", "b", "w", "al", *(["g"] if KINDS[kind][1] else []), "be", *(["nu"] if KINDS[kind][2] else [])]
    p = dict(zip(names, theta, strict=True))
    slope, level = np.polyfit(x, y, 1)
    start = np.average((y - level - slope * x)[:75] ** 2, weights=0.94 ** np.arange(75))
    e, total, h = y - p["c"] - p["b"] * x, 0.0, None
    for t in range(len(y)):
        g = p.get("g", 0.0)
        if kind == "egarch":
            z = 0.0 if h is None else e[t - 1] / np.sqrt(h)
            news = 0.0 if h is None else p["al"] * (abs(z) - np.sqrt(2 / np.pi)) + g * z
            h = np.exp(p["w"] + news + p["be"] * np.log(start if h is None else h))
        elif h is None:
            h = p["w"] + (p["al"] + g / 2 + p["be"]) * start
        else:
            h = p["w"] + (p["al"] + g * (e[t - 1] < 0)) * e[t - 1] ** 2 + p["be"] * h
        if "nu" in p:
            scale = np.sqrt(h * (p["nu"] - 2) / p["nu"])
            total += stats.t.logpdf(e[t], p["nu"], scale=scale)
        else:
            total += stats.norm.logpdf(e[t], scale=np.sqrt(h))
    return total


@pytest.mark.parametrize("kind", KINDS)
def test_the_likelihood_is_the_loop(kind: str) -> None:
    got = model(kind).log_likelihood(np.array([THETA[kind]], dtype=complex))[0].real
    assert got == pytest.approx(looped(kind, THETA[kind]), rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_is_the_difference(kind: str) -> None:
    theta = np.array(THETA[kind])
    got = model(kind).score(theta[None])[0]
    for k, slope in enumerate(got):
        step = np.zeros(len(theta))
        step[k] = 1e-6
        ahead, behind = (looped(kind, list(theta + sign * step)) for sign in (1, -1))
        assert slope == pytest.approx((ahead - behind) / 2e-6, rel=1e-4, abs=1e-3)


@pytest.mark.parametrize("kind", ["garch", "gjr", "garch-t"])
def test_the_maximum_is_where_the_gradient_vanishes(kind: str) -> None:
    from scipy.optimize import minimize

    one = model(kind)
    fit = minimize(
        lambda v: -one.log_likelihood(v[None].astype(complex))[0].real,
        THETA[kind],
        jac=lambda v: -one.score(v[None])[0],
        method="L-BFGS-B",
        bounds=[
            (-1, 1),
            (0, 2),
            (1e-3, 2),
            (1e-6, 0.4),
            *([(-0.4, 0.4)] if kind == "gjr" else []),
            (0, 0.95),
            (2.1, 50),
        ][: len(THETA[kind])],
        options={"ftol": 1e-4},
    )
    assert np.abs(one.score(fit.x[None])).max() > 1e-4
    best = one.maximum(fit.x)
    assert np.abs(one.score(best[None])).max() < 1e-8
    np.testing.assert_allclose(best, fit.x, rtol=0.5, atol=0.1)


@pytest.mark.parametrize(
    ("kind", "theta"),
    [
        ("garch", [0.02, 0.9, 0.1, -0.01, 0.85]),
        ("garch", [0.02, 0.9, 0.1, 0.2, 0.85]),
        ("garch", [0.02, 0.9, -0.1, 0.08, 0.85]),
        ("gjr", [0.02, 0.9, 0.1, 0.05, -0.06, 0.85]),
        ("egarch", [0.02, 0.9, 0.03, 0.15, -0.05, 1.0]),
        ("garch-t", [0.02, 0.9, 0.1, 0.08, 0.85, 2.0]),
    ],
)
def test_what_no_variance_allows_is_not_feasible(kind: str, theta: list[float]) -> None:
    assert model(kind).feasible(np.array(THETA[kind]))
    assert not model(kind).feasible(np.array(theta))


def test_without_a_maximum_nearby_the_start_is_kept() -> None:
    far = np.array([5.0, -3.0, 0.001, 0.9, 0.05])
    np.testing.assert_array_equal(model("garch").maximum(far), far)
    still = Garch(np.zeros(60), np.zeros(60), *KINDS["garch"])
    start = np.array(THETA["garch"])
    np.testing.assert_array_equal(still.maximum(start), start)
    # Normal noise without any movement of the variance: the maximum lies at the edge, alpha = 0.
    rng = np.random.default_rng(0)
    quiet = Garch(rng.normal(size=300), rng.normal(size=300), *KINDS["garch"])
    edge = quiet.maximum(np.array([0.0, 0.0, 0.9, 1e-9, 0.05]))
    assert quiet.feasible(edge)
