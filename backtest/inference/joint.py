"""Joint test of several abnormal returns of one event: a seemingly unrelated regression with event dummies.

Sources: Schipper and Thompson 1983, Binder 1985 (multivariate regression model).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]


def wald(effects: F, residuals: F, factors: F, k: int) -> tuple[float, float, float, float]:
    """Test that q effects of one event are all zero: ``W = AR' S^-1 AR (M - k - q + 1) / (q (M - k))``.

    Parameters
    ----------
    effects : (q,) abnormal returns or CARs, in return units.
    residuals : (M, q) estimation residuals on common days.
    factors : (q, q) variance and covariance of the prediction errors over those of one day's disturbances; with equal
        regressors every entry is ``C``.
    k : estimated parameters of one equation.

    Returns
    -------
    (F, df1, df2, p), exact ``F(q, M - k - q + 1)`` for normal disturbances and equal regressors. NaN where the covariance
    is singular or fewer than one degree of freedom is left.
    """
    from scipy.special import fdtrc

    m, q = residuals.shape
    df = m - k - q + 1
    if df < 1:
        return np.nan, q, np.nan, np.nan
    covariance = residuals.T @ residuals / (m - k) * factors
    if not np.linalg.cond(covariance) < 1e12:
        return np.nan, q, df, np.nan
    statistic = float(effects @ np.linalg.solve(covariance, effects)) * df / (q * (m - k))
    return statistic, q, df, float(fdtrc(q, df, statistic))
