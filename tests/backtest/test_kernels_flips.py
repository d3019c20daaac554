"""Sums under random signs: every one is a sum that signs can give, and together they are as theory says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backtest.inference.resample import weighted_sums
from backtest.kernels.flips import CHUNK, sign_sums


@pytest.mark.parametrize("n", [1, 7, 8, 9])
def test_every_sum_is_one_of_all_and_all_come_up(n: int) -> None:
    scores = np.random.default_rng(n).normal(size=n)
    every = np.array([np.dot(s, scores) for s in itertools.product((1.0, -1.0), repeat=n)])
    drawn = sign_sums(scores[:, None], 40 * 2**n, seed=1)[:, 0]
    nearest = np.abs(drawn[:, None] - every[None, :])
    assert nearest.min(axis=1).max() < 1e-12
    assert len(set(nearest.argmin(axis=1))) == 2**n


def test_columns_share_their_signs_and_the_seed_decides() -> None:
    scores = np.random.default_rng(0).normal(size=(1000, 1))
    two = np.hstack([scores, 3.0 * scores])
    drawn = sign_sums(two, CHUNK + 9, seed=5)
    np.testing.assert_allclose(drawn[:, 1], 3.0 * drawn[:, 0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(drawn[:, :1], sign_sums(scores, CHUNK + 9, seed=5), rtol=1e-12, atol=1e-12)
    assert not np.allclose(drawn[:, 0], sign_sums(scores, CHUNK + 9, seed=6)[:, 0])


def test_the_spread_is_that_of_independent_signs() -> None:
    scores = np.random.default_rng(1).normal(size=(500, 1))
    drawn = sign_sums(scores, 20_000, seed=2)[:, 0]
    assert drawn.mean() == pytest.approx(0.0, abs=4 * np.linalg.norm(scores) / np.sqrt(20_000))
    assert drawn.std() == pytest.approx(np.linalg.norm(scores), rel=0.02)
    assert (drawn**4).mean() / drawn.var() ** 2 == pytest.approx(3.0, abs=0.15)


def test_webb_weights_have_mean_zero_and_variance_one() -> None:
    columns = np.ones((40, 1))
    sums, squares, complete = weighted_sums(columns, "webb", 6_000, seed=3)
    assert not complete
    assert sums.std() == pytest.approx(np.sqrt(40), rel=0.05)
    assert squares.mean() == pytest.approx(40.0, rel=0.02)
