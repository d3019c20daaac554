"""What a sample of this size and volatility can find."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from backtest.inference import pvalues
from backtest.inference.sample import Sample


def detectable(sample: Sample, power: float = 0.8, level: float = pvalues.LEVEL) -> float:
    """Return the smallest CAR that a t test of this sample finds with `power`: ``(t_level + t_power) se``.

    The standard error is that of the mean of n independent CARs with their prediction variances.
    """
    if not sample.n:
        return float("nan")
    se = float(np.sqrt(sample.car_var.sum())) / sample.n
    df = float(sample.df.min()) if sample.n == 1 else sample.n - 1.0
    return float((pvalues.student_limit(df, level) + stdtrit(df, power)) * se)
