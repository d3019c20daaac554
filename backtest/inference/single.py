"""Tests of one event at a time: the only ones that are valid for a single event.

Sources: Gelbach, Helland and Klick 2013 (SQ); Phipson and Smyth 2010 (never a p of zero).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.sample import ROUNDING, Residuals, Sample, Statistic
from backtest.kernels.gather import rolling_sums
from backtest.registry import require_one_of

F = NDArray[np.float64]


def car_t(sample: Sample, prediction: bool = True) -> Statistic:
    """CAR over its prediction error, t(M - k): ``CAR / sqrt(s2 (L + 1'Q1))``, with a prediction interval.

    `prediction` False leaves the error of the estimated parameters out, as EventStudyTools and sipemu do: ``CAR / (s sqrt L)``,
    which rejects somewhat too often.
    """
    se = np.sqrt(sample.car_var if prediction else replace(sample, root=None).car_var)
    t = sample.car / se
    half = pvalues.student_limit(sample.df) * se
    p = pvalues.student(t, sample.df, sample.side)
    return Statistic(
        t, p, sample.car, se, sample.df, p_min=np.zeros(sample.n), low=sample.car - half,
        high=sample.car + half, distribution="t",
    )  # fmt: skip


def sq(sample: Sample, form: str = "rank") -> Statistic:
    """Sample-quantile test: the rank of the CAR among the sums of L neighbouring estimation residuals.

    ``p = (1 + #{as extreme}) / (1 + M - L + 1)``, two-sided twice the smaller tail; windows with a missing day are left
    out. It assumes no distribution, but the smallest p is 2 / (M - L + 2). The statistic is the CAR itself.

    `form` is "rank" (this), "ghk" (as published, the event itself not counted: ``#{as extreme} / (M - L + 1)``, which rejects
    somewhat too often and can be zero) or "abs" (two-sided by size alone: ``(1 + #{|sum| >= |CAR|}) / (M - L + 2)``).
    """
    require_one_of(form, ("rank", "ghk", "abs"), "form")
    return _ranked(sample, sample.car, lambda block: rolling_sums(block.values, sample.length), form)


def sq_studentised(sample: Sample) -> Statistic:
    """Sample-quantile test on studentised sums: SCAR among ``sum e / (s sqrt(L - 1'H1))``; for windows of several days."""
    return _ranked(sample, sample.scar, lambda block: studentised_sums(block, sample.length))


def studentised_sums(block: Residuals, length: int) -> F:
    """Return sums of `length` neighbouring residuals over their standard deviations, (n, T - length + 1).

    The residuals of a regression vary less than its disturbances: ``Var(sum e) = s2 (L - 1'H1)``.
    """
    sums = rolling_sums(block.z, length)
    if block.hat is None:
        return sums / np.sqrt(length)
    root = block.hat()
    taken = sum(rolling_sums(root[:, :, k], length) ** 2 for k in range(root.shape[2]))
    left = length - taken
    # Days that the regression fits whatever they are have no variance left: such a sum is rounding error.
    with np.errstate(invalid="ignore"):
        return sums / np.sqrt(np.where(left > ROUNDING * length, left, np.nan))


def _ranked(sample: Sample, value: F, reference_of: Callable[[Residuals], F], form: str = "rank") -> Statistic:
    left, right, total, beyond = (np.zeros(sample.n) for _ in range(4))
    for part, block in sample.blocks():
        found = pvalues.counts(value[part], reference_of(block))
        left[part], right[part], beyond[part], total[part] = found.left, found.right, found.beyond, found.total
    counted = 0.0 if form == "ghk" else 1.0
    tails = 2.0 if sample.side == "two" and form != "abs" else 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        if form == "abs" and sample.side == "two":
            p = (1.0 + beyond) / (1.0 + total)
        else:
            tail = {"two": np.minimum(left, right), "left": left, "right": right}[sample.side]
            p = np.minimum(1.0, tails * (counted + tail) / (counted + total))
        p_min = tails * counted / (counted + total)
    none = total == 0
    reason = ["no estimation window of this length without a gap" if bad else "" for bad in none]
    p, p_min = np.where(none, np.nan, p), np.where(none, np.nan, np.minimum(1.0, p_min))
    return Statistic(value, p, sample.car, p_min=p_min, distribution="empirical", reason=reason)
