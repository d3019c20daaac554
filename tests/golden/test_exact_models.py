"""Models in exact rational arithmetic: thin trading, peers, synthetic control, missing days."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Q
from math import sqrt

import numpy as np
import pytest
from exact import (
    DAYS,
    EVENTS,
    MARKET,
    SHARES,
    ZERO,
    E,
    Fit,
    N,
    autocorrelation,
    dot,
    inverse,
    mean,
    moments,
    q,
    rows_of,
    slope,
    study,
    times,
)

import backtest as bt

T = bt.TESTS


@pytest.mark.parametrize("share", list(ZERO))
@pytest.mark.parametrize("model", ["scholes-williams", "dimson", "fowler-rorke"])
def test_thin_trading_betas(model: str, share: str) -> None:
    result, (est, evt) = study(model), rows_of(share)
    y, m = q(SHARES[share]), q(MARKET)
    inner = est[1:-1]
    rho = autocorrelation([m[d] for d in est])
    if model == "scholes-williams":
        parts = [slope([y[d] for d in inner], [m[d + k] for d in inner]) for k in (-1, 0, 1)]
        beta = float(sum(parts, Q(0))) / (1 + 2 * rho)
    else:
        b = Fit([y[d] for d in inner], [[Q(1), m[d - 1], m[d], m[d + 1]] for d in inner]).beta[1:]
        w = (1 + rho) / (1 + 2 * rho) if model == "fowler-rorke" else 1.0
        beta = w * float(b[0] + b[2]) + float(b[1])
    alpha = float(mean([y[d] for d in inner])) - beta * float(mean([m[d] for d in inner]))
    ar = [float(y[d]) - alpha - beta * float(m[d]) for d in evt]
    at = list(ZERO).index(share)
    np.testing.assert_allclose(result.estimates.ar[at], ar, rtol=1e-10, atol=1e-15)
    e = np.array([float(y[d]) - alpha - beta * float(m[d]) for d in inner])
    assert result.estimates.s2[at] == pytest.approx(((e - e.mean()) ** 2).sum() / (len(inner) - 2), rel=1e-10)


def test_trade_to_trade_is_weighted_least_squares() -> None:
    """Returns over n days with weights 1 / n: all rational although the regression divides by roots."""
    share, (est, evt) = "B", rows_of("B")
    n = {d: 1 + (d % 3 == 1) + (d % 5 == 2) for d in (*est, *evt)}
    y, m = {d: q(SHARES[share])[d] for d in n}, {d: q(MARKET)[d] for d in n}
    x = {d: [Q(n[d]), m[d]] for d in n}
    weight = {d: Q(1, n[d]) for d in n}
    inv = inverse([[sum((weight[d] * x[d][i] * x[d][j] for d in est), Q(0)) for j in (0, 1)] for i in (0, 1)])
    beta = times(inv, [sum((weight[d] * x[d][i] * y[d] for d in est), Q(0)) for i in (0, 1)])
    e = {d: y[d] - dot(x[d], beta) for d in n}
    s2 = sum((weight[d] * e[d] ** 2 for d in est), Q(0)) / (len(est) - 2)

    def columns(days: list[int]) -> np.ndarray:
        return np.array([[[float(m[d]), float(n[d])] for d in days]])

    got = bt.MODELS["trade-to-trade"](np.array([[float(y[d]) for d in est]]), columns(est), columns(evt))
    np.testing.assert_allclose([got.params["alpha"][0], got.params["beta"][0]], [float(b) for b in beta], rtol=1e-11)
    assert got.s2[0] == pytest.approx(float(s2), rel=1e-11)
    total = [sum((x[d][i] for d in evt), Q(0)) for i in (0, 1)]
    variance = s2 * (sum(n[d] for d in evt) + dot(total, times(inv, total)))
    own = got.s2[0] * (got.scale[0].sum() + (got.root[0].sum(axis=0) ** 2).sum())
    assert own == pytest.approx(float(variance), rel=1e-10)


def test_the_peer_portfolio_and_its_forecast_error() -> None:
    share, (est, evt) = "A", rows_of("A")
    peers = {d: mean([q(SHARES[p])[d] for p in "BCD"]) for d in (*est, *evt)}
    fit = Fit([q(SHARES[share])[d] for d in est], [[Q(1), peers[d]] for d in est])
    f = np.array([[[SHARES[p][d] / 1000 for p in "BCD"] for d in days] for days in (est,)])
    g = np.array([[[SHARES[p][d] / 1000 for p in "BCD"] for d in evt]])
    got = bt.MODELS["peer-portfolio"](np.array([[SHARES[share][d] / 1000 for d in est]]), f, g)
    assert got.s2[0] == pytest.approx(float(fit.s2), rel=1e-11)
    expected = [float(fit.beta[0] + fit.beta[1] * peers[d]) for d in evt]
    np.testing.assert_allclose(got.expected[0], expected, rtol=1e-10, atol=1e-15)
    h = [float(fit.h([Q(1), peers[d]], [Q(1), peers[d]])) for d in evt]
    np.testing.assert_allclose((got.root[0] ** 2).sum(axis=1), h, rtol=1e-10)


@pytest.mark.parametrize(("share", "donors"), [("A", "CB"), ("B", "CD"), ("C", "AB"), ("D", "AC")])
def test_synthetic_of_two_donors_is_a_clipped_slope(share: str, donors: str) -> None:
    est, evt = rows_of(share)
    y, one, two = ([q(SHARES[s])[d] for d in est] for s in (share, *donors))
    gap = [a - b for a, b in zip(one, two, strict=True)]
    w = dot([a - b for a, b in zip(y, two, strict=True)], gap) / dot(gap, gap)
    w = min(Q(1), max(Q(0), w))
    f, g = (np.array([[[SHARES[p][d] / 1000 for p in donors] for d in days]]) for days in (est, evt))
    got = bt.MODELS["synthetic"](np.array([[SHARES[share][d] / 1000 for d in est]]), f, g)
    assert [got.params["w1"][0], got.params["w2"][0]] == pytest.approx([float(w), float(1 - w)], abs=1e-9)
    e = [a - w * b - (1 - w) * c for a, b, c in zip(y, one, two, strict=True)]
    df = len(est) - (1 if 0 < w < 1 else 0)
    assert got.s2[0] == pytest.approx(float(dot(e, e) / df), rel=1e-8)


@pytest.mark.parametrize("model", ["constant-mean", "market-adjusted"])
def test_the_simple_models(model: str) -> None:
    sample = study(model).sample((0, 2))
    for i, share in enumerate(ZERO):
        est, evt = rows_of(share)
        r = {d: q(SHARES[share])[d] - (q(MARKET)[d] if model == "market-adjusted" else 0) for d in (*est, *evt)}
        centre = mean([r[d] for d in est])
        s2 = sum(((r[d] - centre) ** 2 for d in est), Q(0)) / (len(est) - 1)
        constant = model == "constant-mean"
        car = sum((r[d] - (centre if constant else 0) for d in evt), Q(0))
        variance = s2 * (3 + (Q(9, len(est)) if constant else 0))
        assert sample.car[i] == pytest.approx(float(car), rel=1e-11, abs=1e-15)
        assert sample.car_var[i] == pytest.approx(float(variance), rel=1e-11)
        assert (sample.df[i], sample.n_obs[i]) == (len(est) - 1, len(est))


def test_bhar() -> None:
    result = study()
    got = result.bhar((0, 2))["bhar"]
    for i, one in enumerate(E):
        share = list(ZERO)[i]
        r = [q(SHARES[share])[d] for d in one.event_days]
        gross, normal = Q(1), Q(1)
        for a, x in zip(r, one.x0, strict=True):
            gross, normal = gross * (1 + a), normal * (1 + dot(x, one.fit.beta))
        assert got[i] == pytest.approx(float(gross - normal), rel=1e-11, abs=1e-15)


def test_the_missing_day_counts_or_takes_the_event_out() -> None:
    result = study()
    returns = result.prices.returns.copy()
    returns.loc[DAYS[ZERO["B"] + 1], "B"] = np.nan
    holed = result.spec.run(result.all_events, replace(result.prices, returns=returns))
    tests = ("car-t", "kp-overlap")
    dropped, kept = (holed.test(*tests, windows=[(0, 2)], missing=m) for m in ("drop", "available"))
    assert dropped[dropped["test"] == "kp-overlap"]["n"].iloc[0] == 3
    assert kept[kept["test"] == "kp-overlap"]["n"].iloc[0] == 4
    one = EVENTS["B"]
    car = one.ar[0] + one.ar[2]
    total = [a + b for a, b in zip(one.x0[0], one.x0[2], strict=True)]
    variance = one.s2 * (2 + one.fit.h(total, total))
    row = kept[(kept["test"] == "car-t") & (kept["event_id"] == "B")].iloc[0]
    assert (row["effect"], row["se"]) == (
        pytest.approx(float(car), rel=1e-11),
        pytest.approx(sqrt(variance), rel=1e-11),
    )
    scars = [float(car) / sqrt(variance) if s == "B" else EVENTS[s].scar(0, 2) for s in ZERO]
    centre, sd = moments(scars)
    bmp = T["bmp"](holed.sample((0, 2), missing="available"))
    assert bmp.statistic == pytest.approx(sqrt(N) * centre / sd, rel=1e-11)
    every = holed.test("all", windows=[(0, 2)], missing="available").set_index("test")
    assert set(every.loc[["sq", "max", "conformal"], "reason"]) >= {"missing day in the window"}
    with pytest.raises(bt.UnknownNameError, match="unknown missing 'skip'"):
        holed.test("bmp", missing="skip")
