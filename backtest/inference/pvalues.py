"""p-values from survival functions (never ``1 - cdf``), for two-sided and one-sided questions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

F = NDArray[np.float64]

LEVEL = 0.05


def normal(z: float | F, side: str = "two") -> F:
    """Return the p-value of a standard normal statistic; `side` is "two", "left" or "right"."""
    z = np.asarray(z, dtype=float)
    if side == "two":
        return 2.0 * ndtr(-np.abs(z))
    return ndtr(z if side == "left" else -z)


def student(t: float | F, df: float | F, side: str = "two") -> F:
    """Return the p-value of a Student t statistic with `df` degrees of freedom; NaN where `df` is not positive."""
    t = np.asarray(t, dtype=float)
    if side == "two":
        return 2.0 * stdtr(df, -np.abs(t))
    return stdtr(df, t if side == "left" else -t)


def student_limit(df: float | F, level: float = LEVEL) -> F:
    """Return the two-sided critical value of Student's t."""
    return stdtrit(df, 1.0 - level / 2.0)


def normal_limit(level: float = LEVEL) -> float:
    """Return the two-sided critical value of the normal distribution."""
    return float(ndtri(1.0 - level / 2.0))


def by_rank(left: F | float, right: F | float, total: F | float, side: str = "two") -> F:
    """Return the rank p-value of a value among `total` reference values: ``(1 + count) / (1 + total)``.

    `left` and `right` count the reference values at or below, at or above it (Phipson and Smyth 2010: exact under
    exchangeability); two-sided is twice the smaller one, at most 1.
    """
    p_left = (1.0 + np.asarray(left, dtype=float)) / (1.0 + np.asarray(total, dtype=float))
    p_right = (1.0 + np.asarray(right, dtype=float)) / (1.0 + np.asarray(total, dtype=float))
    if side == "two":
        return np.minimum(1.0, 2.0 * np.minimum(p_left, p_right))
    return p_left if side == "left" else p_right
