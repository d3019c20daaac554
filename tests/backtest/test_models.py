"""Every model against a loop written from its formula; the conventions of the signature."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import statsmodels.api as sm

from backtest.errors import UnknownNameError
from backtest.models import MODELS, NormalReturns, inputs_of
from backtest.models.base import CALLABLE_INPUTS, Inputs
from backtest.models.registry import INPUTS

N, T, L = 4, 60, 5


def data(k: int, holes: float = 0.05, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    f_est, f_evt = rng.normal(0, 0.01, (N, T, k)), rng.normal(0, 0.01, (N, L, k))
    r_est = f_est.sum(axis=2) + rng.normal(0, 0.02, (N, T))
    r_est[rng.random((N, T)) < holes] = np.nan
    return r_est, f_est, f_evt


def mean_loop(r: np.ndarray, f: np.ndarray, g: np.ndarray) -> tuple[float, float, int, np.ndarray]:
    r = r[np.isfinite(r)]
    m = len(r)
    return r.mean(), ((r - r.mean()) ** 2).sum() / (m - 1), m - 1, np.full(L, 1 / m)


def adjusted_loop(r: np.ndarray, f: np.ndarray, g: np.ndarray) -> tuple[np.ndarray, float, int, np.ndarray]:
    ar = (r - f[:, 0])[np.isfinite(r)]
    return g[:, 0], ((ar - ar.mean()) ** 2).sum() / (len(ar) - 1), len(ar) - 1, np.zeros(L)


def ols_loop(r: np.ndarray, f: np.ndarray, g: np.ndarray) -> tuple[np.ndarray, float, int, np.ndarray]:
    used = np.isfinite(r)
    fit = sm.OLS(r[used], sm.add_constant(f[used], has_constant="add")).fit()
    x0 = sm.add_constant(g, has_constant="add")
    extra = np.einsum("ti,ij,tj->t", x0, fit.normalized_cov_params, x0)
    return fit.predict(x0), fit.mse_resid, int(fit.df_resid), extra


TWINS: dict[str, tuple[int, Callable]] = {
    "constant-mean": (1, mean_loop),
    "market-adjusted": (1, adjusted_loop),
    "market": (1, ols_loop),
    "capm": (1, ols_loop),
    "ff3": (3, ols_loop),
    "ff5": (5, ols_loop),
    "carhart": (4, ols_loop),
    "factors": (2, ols_loop),
}


@pytest.mark.parametrize("name", TWINS)
def test_twin(name: str) -> None:
    k, loop = TWINS[name]
    r_est, f_est, f_evt = data(k)
    got = MODELS[name](r_est, f_est, f_evt)
    for i in range(N):
        expected, s2, df, extra = loop(r_est[i], f_est[i], f_evt[i])
        np.testing.assert_allclose(got.expected[i], np.broadcast_to(expected, L), rtol=1e-10, atol=1e-14)
        assert got.s2[i] == pytest.approx(s2, rel=1e-10)
        assert got.df[i] == df
        root = np.zeros(L) if got.root is None else (got.root[i] ** 2).sum(axis=1)
        np.testing.assert_allclose(root, extra, rtol=1e-9, atol=1e-14)
        assert got.observations()[i] == np.isfinite(r_est[i]).sum()


def interior_slope(r: np.ndarray, m: np.ndarray, k: int) -> float:
    rows = [t for t in range(1, T - 1) if np.isfinite(r[t])]
    return float(np.polyfit([m[t + k] for t in rows], r[rows], 1)[0])


def rho(m: np.ndarray) -> float:
    return float(np.corrcoef(m[1:], m[:-1])[0, 1])


def interior_multiple(r: np.ndarray, m: np.ndarray, lags: int) -> np.ndarray:
    rows = [t for t in range(lags, T - lags) if np.isfinite(r[t])]
    x = np.array([[m[t + k] for k in range(-lags, lags + 1)] for t in rows])
    return sm.OLS(r[rows], sm.add_constant(x)).fit().params[1:]


def scholes_williams(r: np.ndarray, m: np.ndarray) -> float:
    return sum(interior_slope(r, m, k) for k in (-1, 0, 1)) / (1 + 2 * rho(m))


def fowler_rorke(r: np.ndarray, m: np.ndarray) -> float:
    b, w = interior_multiple(r, m, 1), (1 + rho(m)) / (1 + 2 * rho(m))
    return w * b[0] + b[1] + w * b[2]


BETAS: dict[str, tuple[Callable, int, Callable]] = {
    "scholes-williams": (MODELS["scholes-williams"], 1, scholes_williams),
    "dimson": (MODELS["dimson"], 1, lambda r, m: interior_multiple(r, m, 1).sum()),
    "dimson-2": (partial(MODELS["dimson"], lags=2), 2, lambda r, m: interior_multiple(r, m, 2).sum()),
    "fowler-rorke": (MODELS["fowler-rorke"], 1, fowler_rorke),
}


@pytest.mark.parametrize("name", BETAS)
def test_betas_for_thin_trading(name: str) -> None:
    model, margin, loop = BETAS[name]
    r_est, f_est, f_evt = data(1)
    got = model(r_est, f_est, f_evt)
    for i in range(N):
        m, rows = f_est[i, :, 0], [t for t in range(margin, T - margin) if np.isfinite(r_est[i, t])]
        beta = loop(r_est[i], m)
        alpha = r_est[i, rows].mean() - beta * m[rows].mean()
        e = r_est[i, rows] - alpha - beta * m[rows]
        np.testing.assert_allclose(got.expected[i], alpha + beta * f_evt[i, :, 0], rtol=1e-9, atol=1e-14)
        assert got.s2[i] == pytest.approx((e**2).sum() / (len(rows) - 2), rel=1e-9)
        assert got.observations()[i] == len(rows)
        c = 1 / len(rows) + (f_evt[i, :, 0] - m[rows].mean()) ** 2 / ((m[rows] - m[rows].mean()) ** 2).sum()
        np.testing.assert_allclose((got.root[i] ** 2).sum(axis=1), c, rtol=1e-9)


def test_trade_to_trade_is_a_weighted_regression() -> None:
    r_est, f_est, f_evt = data(1, seed=2)
    rng = np.random.default_rng(3)
    n_est, n_evt = rng.integers(1, 4, (N, T, 1)).astype(float), rng.integers(1, 4, (N, L, 1)).astype(float)
    got = MODELS["trade-to-trade"](r_est, np.concatenate([f_est, n_est], 2), np.concatenate([f_evt, n_evt], 2))
    for i in range(N):
        used = np.isfinite(r_est[i])
        x = np.column_stack([n_est[i, used, 0], f_est[i, used, 0]])
        fit = sm.WLS(r_est[i, used], x, weights=1 / n_est[i, used, 0]).fit()
        x0 = np.column_stack([n_evt[i, :, 0], f_evt[i, :, 0]])
        np.testing.assert_allclose(got.expected[i], fit.predict(x0), rtol=1e-9, atol=1e-13)
        assert got.s2[i] == pytest.approx(fit.mse_resid, rel=1e-9)
        np.testing.assert_allclose(
            (got.root[i] ** 2).sum(axis=1), np.einsum("ti,ij,tj->t", x0, fit.normalized_cov_params, x0), rtol=1e-8
        )
        np.testing.assert_array_equal(got.scale[i], n_evt[i, :, 0])
    assert np.isfinite(got.hat()[np.isfinite(r_est)]).all()


def test_huber_is_what_statsmodels_finds() -> None:
    r_est, f_est, f_evt = data(1)
    r_est[:, 5] += 0.5  # one wild day
    got = MODELS["market"](r_est, f_est, f_evt, loss="huber")
    for i in range(N):
        used = np.isfinite(r_est[i])
        norm = sm.robust.norms.HuberT(1.345)
        model = sm.RLM(r_est[i, used], sm.add_constant(f_est[i, used]), M=norm)
        fit = model.fit(scale_est=sm.robust.scale.mad, tol=1e-12, maxiter=500)
        np.testing.assert_allclose(got.expected[i], fit.predict(sm.add_constant(f_evt[i])), rtol=2e-2, atol=3e-4)
    plain = MODELS["market"](r_est, f_est, f_evt)
    assert (np.abs(got.expected) < np.abs(plain.expected) + 0.02).all()


GARCH = ["garch", "gjr", "egarch"]


def garch_data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    x, h, e = rng.normal(0, 0.01, 300), np.empty(300), np.empty(300)
    h[0], e[0] = 1e-4, 0.0
    for t in range(1, 300):
        h[t] = 5e-6 + 0.1 * e[t - 1] ** 2 + 0.85 * h[t - 1]
        e[t] = np.sqrt(h[t]) * rng.normal()
    f = np.stack([x, np.arange(-299.0, 1.0)], axis=-1)[None]
    g = np.stack([np.zeros(4), np.arange(11.0, 15.0)], axis=-1)[None]
    return (x + e)[None], f, g


@pytest.mark.parametrize("name", GARCH)
def test_garch_variances_are_forecast_from_the_end_of_the_estimation_window(name: str) -> None:
    arch = pytest.importorskip("arch.univariate", reason="the extra garch is not installed")
    r, f, g = garch_data()
    got = MODELS[name](r, f, g)
    kind = {"garch": ("GARCH", 0), "gjr": ("GARCH", 1), "egarch": ("EGARCH", 1)}[name]
    model = arch.arch_model(100 * r[0], x=100 * f[0, :, :1], mean="LS", vol=kind[0], p=1, o=kind[1], q=1, rescale=False)
    near = model.fit(disp="off", options={"ftol": 1e-14, "maxiter": 2000})
    ours = np.array([v[0] for v in got.params.values()]) * [100, 1, 1e4, *[1] * (len(got.params) - 3)]
    np.testing.assert_allclose(ours, near.params, rtol=1e-4, atol=1e-6)
    fit = model.fix(ours)
    assert fit.loglikelihood >= near.loglikelihood - 1e-9
    h = got.scale * got.s2[:, None] * 1e4
    if name == "egarch":  # no closed form beyond one day: the recursion in logarithms
        w, be = fit.params["omega"], fit.params["beta[1]"]
        np.testing.assert_allclose(np.log(h[0, 1:]), w + be * np.log(h[0, :-1]), rtol=1e-10)
    else:
        expected = fit.forecast(horizon=14, x=np.zeros((1, 1, 14))).variance.to_numpy()[-1, 10:]
        np.testing.assert_allclose(h[0], expected, rtol=1e-9)
    np.testing.assert_allclose(got.expected[0], fit.params["Const"] / 100, rtol=1e-9)
    np.testing.assert_allclose(np.sqrt(got.scale_est[0] * got.s2[0]) * 100, fit.conditional_volatility, rtol=1e-9)


def test_garch_of_too_few_rows_is_nan() -> None:
    r, f, g = garch_data()
    r[0, 40:] = np.nan
    assert np.isnan(MODELS["garch"](r, f, g).s2[0])


def test_garch_without_arch_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "arch.univariate", None)
    with pytest.raises(UnknownNameError, match=r"need the package arch: pip install 'market-signals\[garch\]'"):
        MODELS["garch"](*garch_data())


def test_the_peer_portfolio_is_equally_weighted() -> None:
    r_est, f_est, f_evt = data(3)
    f_est[:, 4, 0] = np.nan
    got = MODELS["peer-portfolio"](r_est, f_est, f_evt)
    for i in range(N):
        x, used = np.nanmean(f_est[i], axis=1), np.isfinite(r_est[i])
        fit = sm.OLS(r_est[i, used], sm.add_constant(x[used])).fit()
        np.testing.assert_allclose(got.expected[i], fit.predict(sm.add_constant(f_evt[i].mean(axis=1))), rtol=1e-9)


def test_synthetic_weights_are_the_best_on_the_simplex() -> None:
    from scipy.optimize import minimize

    r_est, f_est, f_evt = data(4, seed=7)
    r_est = np.where(np.isfinite(r_est), 0.6 * f_est[:, :, 0] + 0.4 * f_est[:, :, 2] + r_est * 0.1, np.nan)
    got = MODELS["synthetic"](r_est, f_est, f_evt)
    for i in range(N):
        used = np.isfinite(r_est[i])
        loss = lambda w, i=i, used=used: 1e4 * ((r_est[i, used] - f_est[i, used] @ w) ** 2).sum()  # noqa: E731
        best = minimize(
            loss,
            np.full(4, 0.25),
            bounds=[(0, 1)] * 4,
            constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
            tol=1e-14,
        )
        w = np.array([got.params[f"w{j + 1}"][i] for j in range(4)])
        assert w.sum() == pytest.approx(1.0, abs=1e-9)
        assert (w >= 0).all()
        assert loss(w) <= best.fun * (1 + 1e-6)
        np.testing.assert_allclose(got.expected[i], f_evt[i] @ w, atol=1e-12)


def test_donors_are_peers_with_few_missing_days() -> None:
    r_est, f_est, f_evt = data(3, holes=0.0)
    r_est[0, :10] = np.nan  # 50 rows are left, of which 40 must remain
    f_est[0, 12:18, 0] = np.nan  # 6 lost
    f_est[0, 20:24, 1] = np.nan  # 4 more, together just what may be lost
    f_est[0, :12, 2] = np.nan  # only 2 of the days that the share has, so it comes first
    f_est[1, 5:20, 0] = np.nan
    f_est[2] = np.nan
    got = MODELS["synthetic"](r_est, f_est, f_evt)
    assert list(got.observations()) == [44, 60, 0, 60]  # the peer with 6 holes would leave 38 rows: no donor
    assert got.params["w1"][0] == got.params["w1"][1] == 0
    assert np.isnan(got.s2[2])
    assert np.isnan(got.residuals[0, [10, 11, 20, 23]]).all()


WIDTHS = {"trade-to-trade": 2, "garch": 2, "gjr": 2, "egarch": 2, "peer-portfolio": 3, "synthetic": 3}


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"garch", "gjr", "egarch"}))
def test_inputs_are_not_mutated(name: str) -> None:
    arrays = data(WIDTHS.get(name, TWINS.get(name, (1,))[0]))
    before = [a.copy() for a in arrays]
    MODELS[name](*arrays)
    for a, b in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(a, b)


def test_every_model_has_inputs_and_a_docstring() -> None:
    assert set(MODELS) == set(INPUTS)
    assert all(model.__doc__ for model in MODELS.values())


def test_a_callable_sees_everything_unless_it_says_otherwise() -> None:
    def own(r_est: np.ndarray, f_est: np.ndarray, f_evt: np.ndarray) -> NormalReturns:
        return NormalReturns(f_evt[:, :, 0], r_est - f_est[:, :, 0], np.ones(len(r_est)), np.ones(len(r_est)))

    assert inputs_of(own, INPUTS) == CALLABLE_INPUTS
    own.inputs = Inputs(market=False)  # type: ignore[attr-defined]
    assert inputs_of(own, INPUTS) == Inputs(market=False)
    assert own(*data(1)).observations().shape == (N,)
