"""The market model's kernels: numpy and compiled against the general kernel and exact arithmetic, on data that hurt."""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from backtest.kernels import choose, single
from backtest.kernels.gather import gather, pad
from backtest.kernels.regression import least_squares
from backtest.kernels.sums import Moments, window_sums

fast = pytest.importorskip("backtest.kernels.fast", reason="the extra fast (numba) is not installed")
EST, EVT = slice(0, 60), slice(65, 76)


def market(seed: int = 0, rows: int = 6, days: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    factor = rng.standard_t(4, (2, days)) * 0.007
    panel = factor[np.arange(rows) % 2] * rng.uniform(0.5, 1.5, (rows, 1)) + rng.standard_t(4, (rows, days)) * 0.012
    return panel, factor


def placed(rows: int = 6, days: int = 400, n: int = 80, low: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    row = np.sort(rng.integers(0, rows, n))
    return row, row % 2, rng.integers(low, days - EVT.stop + 1, n)


def exact(y: np.ndarray, x: np.ndarray, y_evt: np.ndarray, x_evt: np.ndarray) -> tuple[list[float], float, float]:
    """Abnormal returns, slope and sum of squared residuals in rational arithmetic: no rounding at all."""
    pairs = [(Fraction(float(a)), Fraction(float(b))) for a, b in zip(y, x, strict=True) if np.isfinite(a + b)]
    n = len(pairs)
    my, mx = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    slope = sum((a - my) * (b - mx) for a, b in pairs) / sum((b - mx) ** 2 for _, b in pairs)
    ssr = sum((a - my - slope * (b - mx)) ** 2 for a, b in pairs)
    days = zip(y_evt, x_evt, strict=True)
    ar = [
        float(Fraction(float(a)) - my - slope * (Fraction(float(b)) - mx)) if np.isfinite(a + b) else np.nan
        for a, b in days
    ]
    return ar, float(slope), float(ssr)


def clean(panel: np.ndarray, factor: np.ndarray) -> None:
    """Fat-tailed returns as they are."""


def holed(panel: np.ndarray, factor: np.ndarray) -> None:
    """Two per cent of the returns missing, some of the market's too."""
    rng = np.random.default_rng(2)
    panel[rng.random(panel.shape) < 0.02] = np.nan
    factor[rng.random(factor.shape) < 0.005] = np.nan


def bad_print(panel: np.ndarray, factor: np.ndarray) -> None:
    """One absurd value in stock and market, before every window that is looked at."""
    panel[:, 3], factor[:, 3] = 1e4, 1e4


def stale(panel: np.ndarray, factor: np.ndarray) -> None:
    """Volatile, then almost without a move."""
    panel[:, 100:] = np.random.default_rng(3).normal(0, 1e-8, panel[:, 100:].shape)


def offset(panel: np.ndarray, factor: np.ndarray) -> None:
    """Levels a million above zero."""
    panel += 1e6
    factor += 1e6


@pytest.mark.parametrize("spoil", [clean, holed, bad_print, stale, offset], ids=lambda f: f.__name__)
@pytest.mark.parametrize("kernel", [single.fit_lines, fast.fit_lines], ids=["numpy", "numba"])
def test_precision(spoil, kernel) -> None:
    panel, factor = market()
    spoil(panel, factor)
    row, of, start = placed(low=101 if spoil is stale else 4)
    found = kernel(panel, factor, (row, of, start), EST, EVT)
    for i in range(0, len(row), 4):
        y, x = panel[row[i], start[i] :], factor[of[i], start[i] :]
        ar, slope, ssr = exact(y[EST], x[EST], y[EVT], x[EVT])
        np.testing.assert_allclose(found.ar[i], ar, rtol=0, atol=1e-13)
        assert found.slope[i] == pytest.approx(slope, rel=1e-11)
        assert found.ssr[i] == pytest.approx(ssr, rel=1e-11)


@pytest.mark.parametrize("spoil", [clean, holed], ids=lambda f: f.__name__)
def test_the_kernels_agree_with_the_general_one(spoil) -> None:
    panel, factor = market(4)
    spoil(panel, factor)
    panel[0] = 2.0 * factor[0] + 0.001  # a perfect fit
    panel[1, 50:300] = 0.002  # constant: a slope of zero, no residual
    factor[1, 100:200] = 0.001  # a constant market: no slope
    panel[2, :350] = np.nan  # too few rows
    row, of, start = placed(n=300)
    fit = least_squares(gather(panel, row, start, 60), gather(factor, of, start, 60)[:, :, None])
    for found in (
        single.fit_lines(panel, factor, (row, of, start), EST, EVT),
        fast.fit_lines(panel, factor, (row, of, start), EST, EVT),
        fast.fit_lines(panel, factor, (row, of, start), EST, EVT, threads=3),
    ):
        np.testing.assert_array_equal(np.isnan(found.slope), np.isnan(fit.slopes[:, 0]))
        np.testing.assert_allclose(found.slope, fit.slopes[:, 0], rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(found.ssr, fit.ssr, rtol=1e-11, atol=1e-28)
        np.testing.assert_array_equal(found.n_obs, fit.n_obs)
        assert (found.ssr[row == 0][~np.isnan(found.slope[row == 0])] == 0).all()
        expected = gather(panel, row, start + 65, 11) - fit.predict(gather(factor, of, start + 65, 11)[:, :, None])
        np.testing.assert_allclose(found.ar, expected, rtol=0, atol=1e-13)


def test_residuals_are_zero_where_a_row_is_missing() -> None:
    panel, factor = market()
    holed(panel, factor)
    place = placed()
    lines, centred = single.fit_residuals(panel, factor, place, EST, EVT)
    fit = least_squares(gather(panel, place[0], place[2], 60), gather(factor, place[1], place[2], 60)[:, :, None])
    np.testing.assert_array_equal(centred.used(), fit.used)
    np.testing.assert_allclose(centred.values(lines.slope), np.nan_to_num(fit.residuals), atol=1e-15)


def test_a_window_outside_the_panel_is_refused() -> None:
    panel, factor = market()
    for start in (-1, 400 - EVT.stop + 1):
        with pytest.raises(IndexError, match="a window leaves the panel"):
            fast.fit_lines(panel, factor, (np.zeros(1, int), np.zeros(1, int), np.array([start])), EST, EVT)


def test_the_compiled_functions_are_their_own_source() -> None:
    """What is compiled gives what the same lines give uncompiled."""
    panel, factor = market(rows=2, days=90)
    panel[1, 7] = np.nan
    row, of, start = np.array([0, 1]), np.array([0, 1]), np.array([2, 3])
    found = fast.fit_lines(panel, factor, (row, of, start), EST, EVT)
    ar, numbers, n_obs = np.empty((2, 11)), np.empty((2, 5)), np.empty(2, dtype=np.int64)
    table = fast.tables.py_func(factor, 60)
    fast.lines.py_func(panel, factor, table, row, of, start, 0, 65, 60, ar, numbers, n_obs)
    np.testing.assert_allclose(ar, found.ar, atol=1e-15)
    y, x = panel[1, 3:63], factor[1, 3:63]
    _, y_mean, x_mean = fast.holed_means.py_func(y, x)
    assert y_mean == pytest.approx(np.nanmean(y))
    compiled, plain = (f(y, x, y_mean, x_mean) for f in (fast.holed_moments, fast.holed_moments.py_func))
    assert compiled == pytest.approx(plain, abs=1e-15)
    arguments = (panel[0, :60], factor[0, :60], 0.001, 0.002)
    assert fast.moments.py_func(*arguments) == pytest.approx(fast.moments(*arguments))
    assert fast.residual_squares.py_func(*arguments, 0.5) == pytest.approx(fast.residual_squares(*arguments, 0.5))
    assert fast.remainder.py_func(np.ones(4), np.ones(4), 0.75, 0.0, 4) == 0.25
    assert fast.total.py_func(y) != fast.total.py_func(y)
    assert not fast.present.py_func(np.inf)
    out = np.empty(3)
    fast.abnormal.py_func(np.ones(3), np.ones(3), 0.5, 0.0, 0.25, 0.0, 2.0, out)
    np.testing.assert_array_equal(out, [-1.0] * 3)


def test_the_kernel_is_chosen_by_size(monkeypatch) -> None:
    assert choose.kernel_for(999_999).fit is single.fit_lines
    assert choose.kernel_for(1_000_000).fit is fast.fit_lines
    monkeypatch.setattr(choose, "available", lambda: False)
    assert choose.kernel_for(1_000_000) is choose.NUMPY
    assert choose.cores() >= 1
    assert "numba" in sys.modules


def test_a_panel_that_needs_no_padding_is_not_copied() -> None:
    panel = np.zeros((2, 5))
    assert pad(panel, 0, 0) is panel
    wide = np.zeros((2, 10))[:, ::2]
    np.testing.assert_array_equal(gather(wide, np.array([1]), np.array([1]), 3), np.zeros((1, 3)))


# ------------------------------------------------------------------------------------------------------------- sums


@given(st.integers(1, 12), st.integers(1, 40), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_window_sums_are_sums(length: int, days: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(2, days))
    found = window_sums(values, length)
    if length > days:
        assert found.shape == (2, 0)
        return
    np.testing.assert_allclose(found, sliding_window_view(values, length, axis=1).sum(axis=-1), atol=1e-13)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_moments_of_parts_are_moments_of_the_whole(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [rng.normal(3.0, 1.0, (size, 2)) for size in sizes]
    for part in parts:
        part[rng.random(part.shape) < 0.1] = np.nan
    merged = Moments.zero(2)
    for part in parts:
        merged = merged.merge(Moments.of(part))
    whole = np.concatenate(parts)
    have = np.isfinite(whole)
    np.testing.assert_array_equal(merged.n, have.sum(axis=0))
    for column in range(2):
        values = whole[have[:, column], column]
        if len(values) > 1:
            assert merged.mean[column] == pytest.approx(values.mean(), rel=1e-12)
            assert merged.sd[column] == pytest.approx(values.std(ddof=1), rel=1e-10)
        else:
            assert np.isnan(merged.sd[column])
