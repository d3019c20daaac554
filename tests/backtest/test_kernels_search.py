"""A table of days finds what a search finds, whatever the clock times, gaps and ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtest.kernels import search

START = np.datetime64("2019-12-30", "us")
HOUR = np.timedelta64(1, "h")


@given(
    hours=st.lists(st.integers(0, 24 * 40), min_size=0, max_size=60, unique=True),
    seed=st.integers(0, 1000),
    right=st.booleans(),
    daily=st.booleans(),
)
def test_places_are_those_of_a_search(hours: list[int], seed: int, right: bool, daily: bool) -> None:
    kept = sorted({h // 24: h for h in hours}.values()) if daily else sorted(hours)
    grid = START + np.array(kept, dtype=np.int64) * HOUR
    rng = np.random.default_rng(seed)
    wanted = START + rng.integers(-24 * 5, 24 * 50, search.FEW + 20) * HOUR
    wanted[rng.random(len(wanted)) < 0.05] = np.datetime64("NaT")
    expected = np.searchsorted(grid, wanted, side="right" if right else "left")
    np.testing.assert_array_equal(search.places(grid, wanted, right), expected)


@pytest.mark.parametrize("count", [0, 3, search.FEW - 1])
def test_few_instants_are_searched(count: int) -> None:
    grid = START + np.arange(5) * 24 * HOUR
    wanted = grid[np.arange(count) % 5]
    np.testing.assert_array_equal(search.places(grid, wanted, right=True), np.arange(count) % 5 + 1)


def test_a_table_would_be_too_long() -> None:
    grid = np.array(["1000-01-01", "3000-01-01"], dtype="datetime64[us]")
    wanted = np.repeat(np.array(["2000-01-01"], dtype="datetime64[us]"), search.FEW)
    assert (search.places(grid, wanted) == 1).all()
