"""The CAAR of events without a gap is worked out from products of days; it is what the cumulated paths give."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from panels import make_result

from backtest import tables


@pytest.mark.parametrize("n", [2, 7, 60])
@pytest.mark.parametrize("at_once", [1 << 18, 400])
def test_caar_without_cumulated_paths(n: int, at_once: int, monkeypatch) -> None:
    result = make_result(n, seed=n, holes=0.0)
    assert np.isfinite(result.estimates.ar).all()
    monkeypatch.setattr(tables, "_ONE_THREAD", at_once)
    short = result.caar(by=None)
    monkeypatch.setattr(tables, "whole_paths", lambda ar: None)
    pd.testing.assert_frame_equal(short, result.caar(by=None), rtol=1e-12, atol=1e-16)


def test_the_limits_are_those_of_the_paths() -> None:
    ar = np.random.default_rng(1).normal(0, 0.02, (40, 6))
    found = tables.whole_paths(ar)
    assert found is not None
    n, aar, mean, half = found
    car = ar.cumsum(axis=1)
    np.testing.assert_allclose(aar, ar.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(mean, car.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(half, 2.022690920036762 * car.std(axis=0, ddof=1) / np.sqrt(40), rtol=1e-10)  # t(39)
    assert (n == 40).all()


@pytest.mark.parametrize("spoil", ["gap", "one event"])
def test_gaps_and_single_events_take_the_long_way(spoil: str) -> None:
    ar = np.zeros((1 if spoil == "one event" else 5, 4))
    if spoil == "gap":
        ar[2, 1] = np.nan
    assert tables.whole_paths(ar) is None
