"""Every model against a loop written from its formula; the conventions of the signature."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import statsmodels.api as sm

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


@pytest.mark.parametrize("name", TWINS)
def test_inputs_are_not_mutated(name: str) -> None:
    arrays = data(TWINS[name][0])
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
