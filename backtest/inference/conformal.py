"""Tests of one event that adapt to its volatility or refit the model under the null.

Sources: Chernozhukov, Wuthrich and Zhu 2021 (conformal inference, cyclic shifts); Gelbach, Helland and Klick 2013 on
residuals filtered by an exponentially weighted variance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.sample import Sample, Statistic
from backtest.kernels.gather import rolling_sums

F = NDArray[np.float64]

DECAY = 0.94
BURN_IN = 20


def sq_ewma(sample: Sample, decay: float = DECAY) -> Statistic:
    """Sample-quantile test on sums divided by the volatility of the day before the window starts.

    ``sigma_t^2 = decay sigma_{t-1}^2 + (1 - decay) e_{t-1}^2`` from past estimation residuals only, started at the mean of
    the first 20 squares and frozen over each window; the event's sigma is the one after the last estimation day. The
    windows of the estimation residuals begin after those 20: ``sum e / (sigma sqrt(L))``, against the CAR over sigma times
    ``sqrt(L + 1'Q1)``.
    """
    value = np.full(sample.n, np.nan)
    left, right, total = np.zeros(sample.n), np.zeros(sample.n), np.zeros(sample.n)
    factor = np.sqrt(sample.car_var / sample.s2)
    for rows, block in sample.blocks():
        sigma = ewma(block.values, decay)
        sums = rolling_sums(block.values, sample.length)
        reference = sums / (sigma[:, : sums.shape[1]] * np.sqrt(sample.length))
        reference[_seen(block.values)[:, : sums.shape[1]] < BURN_IN] = np.nan
        value[rows] = sample.car[rows] / (sigma[:, -1] * factor[rows])
        found = pvalues.counts(value[rows], reference)
        left[rows], right[rows], total[rows] = found.left, found.right, found.total
    p = pvalues.by_rank(left, right, total, sample.side)
    p_min = np.minimum(1.0, (2.0 if sample.side == "two" else 1.0) / (1.0 + total))
    none = (total == 0) | ~np.isfinite(value)
    p, p_min = (np.where(none, np.nan, v) for v in (p, p_min))
    reason = [
        f"no estimation window of this length without a gap after the first {BURN_IN} days" if bad else ""
        for bad in none
    ]
    return Statistic(value, p, sample.car, p_min=p_min, distribution="empirical", reason=reason)


def ewma(residuals: F, decay: float) -> F:
    """Return the volatility known before each day and, in the last column, after the last one: (n, T + 1)."""
    squares = residuals**2
    have = np.isfinite(squares)
    first = have & (_seen(squares) < BURN_IN)
    start = np.where(first, squares, 0.0).sum(axis=1) / np.maximum(first.sum(axis=1), 1)
    variance = np.empty((len(squares), squares.shape[1] + 1))
    variance[:, 0] = np.where(start > 0, start, np.nan)
    for t in range(squares.shape[1]):
        now = variance[:, t]
        variance[:, t + 1] = np.where(have[:, t], decay * now + (1.0 - decay) * squares[:, t], now)
    return np.sqrt(variance)


def _seen(values: F) -> NDArray[np.int64]:
    """Return how many values there are before each column, (n, T)."""
    have = np.isfinite(values)
    return np.cumsum(have, axis=1) - have


def conformal(sample: Sample, level: float = pvalues.LEVEL) -> Statistic:
    """Full conformal test per event, with a confidence interval of the CAR.

    The model is refitted with the event's rows under the null; ``p = #{|e_s| >= |e_0|} / (M + 1)``, the event counted.
    The interval holds the effects (spread evenly over the days) that the test does not reject. For windows of several
    days sums of residuals over cyclic shifts are compared, as in `conformal_block`.
    """
    return _conformal(sample, level)


def conformal_block(sample: Sample, level: float = pvalues.LEVEL) -> Statistic:
    """Conformal test with cyclic shifts: the sum of the L event residuals of the refitted model among all M + L shifted sums.

    Keeps the dependence between neighbouring days; smallest p is 1 / (M + L), honest for long windows.
    """
    return _conformal(sample, level)


def _conformal(sample: Sample, level: float) -> Statistic:
    p, low, high, total = (np.full(sample.n, np.nan) for _ in range(4))
    for rows, block in sample.blocks():
        hat = None if block.hat is None else block.hat()
        for i in range(rows.start, rows.stop):
            at = i - rows.start
            have = np.isfinite(block.z[at])
            root = None if hat is None else hat[at][have]
            level_part, slope = _augmented(sample, i, block.z[at][have], root)
            p[i], low[i], high[i] = _shifts(level_part, slope, sample.length, sample.side, level)
            total[i] = len(level_part)
    return Statistic(sample.car, p, sample.car, p_min=1.0 / total, low=low, high=high, distribution="permutation")


def _augmented(sample: Sample, i: int, z: F, hat: F | None) -> tuple[F, F]:
    """Return a, b of the refitted residuals ``a - b d`` under the effect d on the CAR, event rows last, each (M + L,).

    Adding rows X0 to a regression turns its residuals into ``e - H0 A u`` and ``A u`` with ``A = (I + Q)^-1``, u the
    prediction errors and ``H0 = X (X'X)^-1 X0'``: no refit is needed.
    """
    scale = 1.0 if sample.scale is None else np.sqrt(sample.scale[i, sample.columns])
    unit = 1.0 / (np.sqrt(sample.s2[i]) * scale) * np.ones(sample.length)
    u, d = sample.ar[i, sample.columns] * unit, unit / sample.length
    if hat is None or sample.root is None:
        return np.concatenate([z, u]), np.concatenate([np.zeros(len(z)), d])
    root = sample.root[i, sample.columns] / np.reshape(scale, (-1, 1))
    inner = np.linalg.solve(np.eye(sample.length) + root @ root.T, np.column_stack([u, d]))
    outer = hat @ (root.T @ inner)
    return np.concatenate([z - outer[:, 0], inner[:, 0]]), np.concatenate([-outer[:, 1], inner[:, 1]])


def _shifts(a: F, b: F, length: int, side: str, level: float) -> tuple[float, float, float]:
    """Return p and the interval from the cyclic sums of `length` neighbours; the event's own sum is the last block."""
    wrapped = np.concatenate([a[-length:], a, b[-length:], b]).reshape(2, -1)
    sums = rolling_sums(wrapped, length)[:, :-1]
    # Column 0 is the event's own block, wrapped to the front.
    own, slope = sums[0, 0], sums[1, 0]
    others, slopes = sums[0, 1:], sums[1, 1:]
    found = pvalues.counts(sums[:1, 0], sums[:1, 1:])
    beyond = {"two": found.beyond, "left": found.left, "right": found.right}[side]
    p = (1.0 + beyond[0]) / len(a)
    low, high = _interval(own, slope, others, slopes, level * len(a))
    return float(p), low, high


def _interval(own: float, slope: float, others: F, slopes: F, allowed: float) -> tuple[float, float]:
    """Return the effects d with ``1 + #{|others - slopes d| >= |own - slope d|} > allowed``, an interval around own / slope."""
    need = int(np.floor(allowed))  # smallest count of others that keeps d in the set
    if need < 1:
        return -np.inf, np.inf
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (own - others) / (slope - slopes), (own + others) / (slope + slopes)
    always = np.abs(slopes) >= np.abs(slope)
    lower = np.where(always, -np.inf, np.minimum(first, second))
    upper = np.where(always, np.inf, np.maximum(first, second))
    return float(np.sort(lower)[need - 1]), float(np.sort(upper)[len(upper) - need])
