"""Blocks of events: sums of ranks without ranks, residuals from shared windows; against the plain way, on data that hurt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtest.kernels import single
from backtest.kernels.ranks import rank_sums, scaled_ranks

EST, EVT = slice(0, 60), slice(65, 76)


@given(
    rows=st.integers(1, 12),
    days=st.integers(1, 30),
    levels=st.integers(1, 40),
    gaps=st.floats(0, 0.6),
    seed=st.integers(0, 999),
)
@settings(max_examples=80)
def test_sums_of_ranks(rows: int, days: int, levels: int, gaps: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(-levels, levels + 1, (rows, days)) / 7.0  # few levels: many ties, and zeros of both signs
    values[rng.random(values.shape) < 0.2] *= -1.0
    values[rng.random(values.shape) < gaps] = np.nan
    before = values.copy()
    total, count = rank_sums(values)
    expected = scaled_ranks(values)
    np.testing.assert_allclose(total, np.nansum(expected, axis=0), atol=1e-12)
    np.testing.assert_array_equal(count, np.isfinite(values).sum(axis=0))
    np.testing.assert_array_equal(values, before)


def test_values_that_differ_in_their_last_bits_are_told_apart() -> None:
    one = 0.01
    values = np.array([[np.nextafter(one, 1.0), one, np.nextafter(one, 0.0), one]])
    np.testing.assert_allclose(rank_sums(values)[0], scaled_ranks(values)[0], atol=1e-15)


def test_rows_too_long_for_the_spare_bits() -> None:
    values = np.random.default_rng(1).normal(size=(3, 600))
    np.testing.assert_allclose(rank_sums(values)[0], scaled_ranks(values).sum(axis=0), atol=1e-12)


def market(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    factor = rng.standard_t(4, (2, 400)) * 0.007
    panel = factor[np.arange(6) % 2] * rng.uniform(0.5, 1.5, (6, 1)) + rng.standard_t(4, (6, 400)) * 0.012
    return panel, factor


def clean(panel: np.ndarray, factor: np.ndarray) -> None:
    """Nothing is wrong."""


def holed(panel: np.ndarray, factor: np.ndarray) -> None:
    rng = np.random.default_rng(2)
    panel[rng.random(panel.shape) < 0.03] = np.nan
    panel[4, :390] = np.nan
    factor[rng.random(factor.shape) < 0.003] = np.nan


def missing_where_the_market_leapt(panel: np.ndarray, factor: np.ndarray) -> None:
    factor[:, 150], panel[:, 150] = 1e4, np.nan


def levels(panel: np.ndarray, factor: np.ndarray) -> None:
    panel += 1e6
    factor += 1e6


def odd(panel: np.ndarray, factor: np.ndarray) -> None:
    panel[0] = 2.0 * factor[0] + 0.001  # a perfect fit
    panel[1, 50:300] = 0.002  # no move
    factor[1, 100:200] = 0.001  # no slope
    panel[2, 200] = np.inf


@pytest.mark.parametrize("spoil", [clean, holed, missing_where_the_market_leapt, levels, odd], ids=lambda f: f.__name__)
@pytest.mark.parametrize("ordered", [True, False])
def test_shared_windows_change_nothing(spoil, ordered: bool) -> None:
    panel, factor = market()
    spoil(panel, factor)
    rng = np.random.default_rng(3)
    row, start = rng.integers(0, 6, 300), rng.integers(0, 400 - EVT.stop + 1, 300)
    if ordered:
        order = np.lexsort((row, row % 2, start))
        row, start = row[order], start[order]
    place = (row, row % 2, start)
    lines, centred = single.fit_residuals(panel, factor, place, EST, EVT)
    found = single.fit_events(panel, factor, place, EST, EVT)
    alone = single.fit_lines(panel, factor, place, EST, EVT)
    for name in ("ar", "slope", "ssr", "xx", "y_mean", "x_mean", "n_obs"):
        wanted = getattr(lines, name)
        scale = np.nanmax(np.abs(wanted[np.isfinite(wanted)]), initial=0.0)
        for one in (alone, found.lines):
            np.testing.assert_allclose(getattr(one, name), wanted, rtol=1e-9, atol=1e-13 * scale, err_msg=name)
    used = np.ones(found.residuals.shape, dtype=bool) if found.used is None else found.used
    np.testing.assert_array_equal(used, centred.used())
    usable = np.isfinite(lines.slope)
    expected = centred.values(lines.slope)[usable]
    np.testing.assert_allclose(found.residuals[usable], expected, rtol=0, atol=1e-12 * max(1.0, np.abs(expected).max()))
    np.testing.assert_allclose(found.market[usable], centred.market[usable], rtol=1e-9, atol=1e-14)


def test_no_event_is_no_line() -> None:
    panel, factor = market()
    nothing = np.empty(0, dtype=np.int64)
    found = single.fit_lines(panel, factor, (nothing, nothing, nothing), EST, EVT)
    assert found.ar.shape == (0, 11)
    assert found.line().shape == (0, 4)
