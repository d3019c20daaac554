"""p-values from survival functions (never ``1 - cdf``) and from ranks, for two-sided and one-sided questions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.inference.sample import ROUNDING

F = NDArray[np.float64]

LEVEL = 0.05
#: Normal critical value at `LEVEL`, and the degrees of freedom from which Student's is expanded about it.
NORMAL_LIMIT, EXPANSION = 1.9599639845400545, 1000


def normal(z: float | F, side: str = "two") -> F:
    """Return the p-value of a standard normal statistic; `side` is "two", "left" or "right"."""
    from scipy.special import ndtr

    z = np.asarray(z, dtype=float)
    if side == "two":
        return 2.0 * ndtr(-np.abs(z))
    return ndtr(z if side == "left" else -z)


def student(t: float | F, df: float | F, side: str = "two") -> F:
    """Return the p-value of a Student t statistic with `df` degrees of freedom; NaN where `df` is not positive."""
    from scipy.special import stdtr

    t = np.asarray(t, dtype=float)
    if side == "two":
        return 2.0 * stdtr(df, -np.abs(t))
    return stdtr(df, t if side == "left" else -t)


def student_limit(df: float | F, level: float = LEVEL) -> F:
    """Return the two-sided critical value of Student's t.

    From a thousand degrees of freedom on by the expansion in 1/df (Abramowitz and Stegun 26.7.5), which is exact to the last
    digits there: a large study then needs no scipy, whose import takes longer than the study.
    """
    degrees = np.asarray(df, dtype=float)
    if level == LEVEL and degrees.size and degrees.min() >= EXPANSION:
        return expanded_limit(degrees)
    from scipy.special import stdtrit

    return stdtrit(df, 1.0 - level / 2.0)


def expanded_limit(df: F) -> F:
    """Return the critical value at `LEVEL` for many degrees of freedom: ``z + sum_k g_k(z) / df^k``."""
    z = NORMAL_LIMIT
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return np.asarray(z + sum(term / df**k for k, term in enumerate(terms, 1)))


def normal_limit(level: float = LEVEL) -> float:
    """Return the two-sided critical value of the normal distribution."""
    from scipy.special import ndtri

    return float(ndtri(1.0 - level / 2.0))


@dataclass(frozen=True)
class Counts:
    """How many reference values are at or below a value, at or above it, at least as large in size, and there at all; (n,)."""

    left: F
    right: F
    beyond: F
    total: F


def counts(own: F, reference: F) -> Counts:
    """Count the values of `reference` (n, W) against `own` (n,); NaN do not count, ties but for rounding count on both sides."""
    have = np.isfinite(reference)
    size = np.abs(np.where(have, reference, 0.0))
    at = own[:, None]
    slack = ROUNDING * size.max(axis=1, initial=0.0)[:, None]
    with np.errstate(invalid="ignore"):
        sides = (reference <= at + slack, reference >= at - slack, have & (size >= np.abs(at) - slack), have)
    return Counts(*(side.sum(axis=1).astype(np.float64) for side in sides))


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
