"""Samples from bare numbers, for golden cases that hold abnormal returns but no prices."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from backtest.inference import Residuals, Sample


def bare(
    car: ArrayLike, days: ArrayLike | None = None, asset: ArrayLike | None = None, residuals: ArrayLike | None = None
) -> Sample:
    """Return a sample of one-day windows: abnormal returns `car` (n,) of unit variance, 248 degrees of freedom."""
    values = np.asarray(car, dtype=float)
    n = len(values)
    block = np.zeros((n, 250)) if residuals is None else np.asarray(residuals, dtype=float)
    at = np.arange(n) if days is None else np.asarray(days)
    source = Residuals(block, np.ones((n, 1)), np.broadcast_to(np.arange(block.shape[1]), block.shape))
    return Sample(
        window=(0, 0), first_day=0, ar=values[:, None], s2=np.ones(n), df=np.full(n, 248.0),
        n_obs=np.full(n, block.shape[1]), days=at[:, None] + 1000, asset=np.arange(n) if asset is None else np.asarray(asset),
        source=source.take,
    )  # fmt: skip
