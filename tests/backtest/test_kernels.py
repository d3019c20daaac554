"""Kernels against plain loops and against textbook formulas in matrix form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtest.kernels.gather import chunks, gather, pad, rolling_sums
from backtest.kernels.regression import least_squares


def test_gather_cuts_the_windows_that_a_loop_cuts() -> None:
    panel = np.arange(60.0).reshape(4, 15)
    rows, starts = np.array([3, 0, 2, 2]), np.array([0, 11, 5, 5])
    expected = [panel[r, s : s + 4] for r, s in zip(rows, starts, strict=True)]
    np.testing.assert_array_equal(gather(panel, rows, starts, 4), expected)


def test_gather_refuses_a_window_outside_the_panel() -> None:
    panel = np.zeros((1, 5))
    with pytest.raises(IndexError, match="before the panel"):
        gather(panel, np.array([0]), np.array([-1]), 2)
    with pytest.raises(IndexError, match="out of bounds"):
        gather(panel, np.array([0]), np.array([4]), 2)


def test_pad_adds_missing_columns() -> None:
    padded = pad(np.ones((2, 3)), 2, 1)
    assert padded.shape == (2, 6)
    np.testing.assert_array_equal(np.isnan(padded[0]), [True, True, False, False, False, True])


@given(st.integers(0, 40), st.integers(1, 12))
def test_chunks_cover_everything_once(n: int, size: int) -> None:
    parts = [range(n)[c] for c in chunks(n, size)]
    assert [i for part in parts for i in part] == list(range(n))
    assert all(len(part) <= size for part in parts)


def test_rolling_sums_keep_a_missing_value_in_its_own_windows() -> None:
    values = np.array([[1.0, 2.0, np.nan, 4.0, 5.0, 1e17, 1.0, 2.0]])
    np.testing.assert_array_equal(rolling_sums(values, 2), [[3.0, np.nan, np.nan, 9.0, 1e17, 1e17, 3.0]])
    assert rolling_sums(values, 9).shape == (1, 0)


def regression_by_matrix(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """Slopes, ssr and inverse moment matrix of one event from the normal equations in 80-bit arithmetic."""
    used = np.isfinite(y) & np.isfinite(x).all(axis=1)
    design = np.column_stack([np.ones(used.sum()), x[used]]).astype(np.longdouble)
    inverse = np.linalg.inv((design.T @ design).astype(float))
    for _ in range(3):  # Newton steps bring the inverse to extended precision
        inverse = inverse @ (2 * np.eye(len(inverse)) - (design.T @ design) @ inverse)
    coefficients = inverse @ (design.T @ y[used])
    return coefficients, float(((y[used] - design @ coefficients) ** 2).sum()), inverse


@pytest.mark.parametrize("k", [0, 1, 2, 4])
@pytest.mark.parametrize("holes", [0.0, 0.1])
def test_least_squares_agrees_with_the_normal_equations(k: int, holes: float) -> None:
    rng = np.random.default_rng(k)
    y, x = rng.normal(size=(6, 60)), rng.normal(size=(6, 60, k))
    y[rng.random(y.shape) < holes] = np.nan
    x[rng.random(x.shape) < holes / 2] = np.nan
    new = rng.normal(size=(6, 7, k))
    fit = least_squares(y, x)
    for i in range(6):
        coefficients, ssr, inverse = regression_by_matrix(y[i], x[i])
        rows = np.column_stack([np.ones(7), new[i]])
        np.testing.assert_allclose(fit.slopes[i], coefficients[1:].astype(float), rtol=1e-11, atol=1e-13)
        assert fit.ssr[i] == pytest.approx(ssr, rel=1e-12)
        np.testing.assert_allclose(fit.predict(new)[i], (rows @ coefficients).astype(float), rtol=1e-10, atol=1e-13)
        root = fit.root(new)[i]
        np.testing.assert_allclose(root @ root.T, (rows @ inverse @ rows.T).astype(float), rtol=1e-10, atol=1e-13)
        used = np.isfinite(y[i]) & np.isfinite(x[i]).all(axis=1)
        np.testing.assert_array_equal(np.isfinite(fit.residuals[i]), used)
        hat = fit.root_est()[i][used]
        assert (hat**2).sum() == pytest.approx(k + 1)  # the trace of the hat matrix is the number of parameters


def test_levels_and_offsets_cost_no_digits() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(1, 250, 1))
    y = 1.5 * x[:, :, 0] + rng.normal(size=(1, 250))
    plain, moved = least_squares(y, x), least_squares(y + 1e6, x + 1e6)
    assert moved.slopes[0, 0] == pytest.approx(plain.slopes[0, 0], rel=1e-8)
    assert moved.ssr[0] == pytest.approx(plain.ssr[0], rel=1e-8)


@pytest.mark.parametrize("k", [1, 2])
def test_a_constant_regressor_gives_nan_and_no_exception(k: int) -> None:
    rng = np.random.default_rng(4)
    y, x = rng.normal(size=(3, 30)), rng.normal(size=(3, 30, k))
    x[1, :, 0] = 0.001
    fit = least_squares(y, x)
    assert np.isnan(fit.slopes[1]).any()
    assert np.isnan(fit.ssr[1])
    assert np.isfinite(fit.slopes[[0, 2]]).all()


def test_collinear_regressors_give_nan() -> None:
    x = np.random.default_rng(5).normal(size=(1, 30, 2))
    x[0, :, 1] = 2 * x[0, :, 0] + 1
    assert np.isnan(least_squares(x[:, :, 0] ** 2, x).slopes).all()


def test_a_perfect_fit_has_no_residual_variance() -> None:
    x = np.random.default_rng(6).normal(size=(1, 30, 1))
    assert least_squares(0.01 + 2 * x[:, :, 0], x).ssr[0] == 0.0
    assert least_squares(np.full((1, 30), 0.001), x[:, :, :0]).ssr[0] == 0.0


def test_too_few_rows_give_nan() -> None:
    y = np.full((1, 10), np.nan)
    y[0, :2] = [1.0, 2.0]
    x = np.arange(10.0).reshape(1, 10, 1)
    assert np.isnan(least_squares(y, x).slopes).all()
    nothing = least_squares(np.full((1, 10), np.nan), x)
    assert nothing.n_obs[0] == 0
    assert np.isnan(nothing.ssr[0])
