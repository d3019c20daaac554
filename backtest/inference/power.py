"""What a sample of this size and volatility can find."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.advice import facts
from backtest.inference.dependence import floored, mean_correlation
from backtest.inference.sample import Sample


def detectable(sample: Sample, power: float = 0.8, level: float = pvalues.LEVEL) -> float:
    """Return the smallest CAR that a t test of this sample finds with `power`: ``(t_level + t_power) se``.

    The standard error is that of the mean of n CARs with their prediction variances, times ``sqrt(1 + (N - 1) r)`` for the
    days that they share (r as in `kp_overlap`); where the SCARs spread beyond chance, the event raises the variance, and the
    variance found replaces the predicted one.
    """
    from scipy.special import stdtrit

    if not sample.n:
        return float("nan")
    se = float(np.sqrt(sample.car_var.sum())) / sample.n
    if sample.n > 1:
        r = floored(mean_correlation(sample), 0.0)
        se *= np.sqrt((1.0 + (sample.n - 1.0) * r) * (float(sample.scar.var(ddof=1)) if facts(sample).induced else 1.0))
    df = float(sample.df.min()) if sample.n == 1 else sample.n - 1.0
    return float((pvalues.student_limit(df, level) + stdtrit(df, power)) * se)


def z_power(
    effect: float, sigma: float, n: int | NDArray[np.int64], level: float = pvalues.LEVEL
) -> float | NDArray[np.float64]:
    """Return the power of a two-sided z test of a mean: ``Phi(-c - d) + Phi(-c + d)``, ``d = sqrt(N) effect / sigma``.

    MacKinlay 1997, table 2. `effect` and `sigma` (sd of one event's abnormal return, taken as known) in one unit; events
    are independent; c is the normal critical value of `level`.
    """
    from scipy.special import ndtr

    d = np.sqrt(np.asarray(n, dtype=float)) * effect / sigma
    limit = pvalues.normal_limit(level)
    return ndtr(-limit - d) + ndtr(-limit + d)
