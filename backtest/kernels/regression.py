"""Least squares for blocks of events: every row of a block is a regression of its own.

Two passes: means first, then moments of the centred values, so that neither levels nor offsets cost digits and the
intercept is never formed. Missing rows carry weight zero and never enter a sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Below this share of a regressor's length what is left after removing the others is rounding noise: singular.
RANK_TOLERANCE = 1e-10
# A regressor that moves less than this share of its own level is a constant plus rounding noise.
CONSTANT = 1e-14
# Residual squares below this share of the squares explained are rounding noise of a perfect fit, set to zero.
EXACT_FIT = 1e-28


@dataclass(frozen=True)
class Fit:
    """Regressions of a block of n events on an intercept and K regressors.

    Attributes
    ----------
    slopes : (n, K); NaN where the regressors are collinear or too few rows are present.
    y_mean, x_mean : (n,), (n, K) means over the rows used.
    residuals : (n, T); NaN at rows that were not used.
    ssr : (n,) sum of squared residuals.
    n_obs : (n,) rows used.
    centred : (n, T, K) centred regressors, zero at unused rows.
    r_inverse : (n, K, K); ``inv(Xc'Xc) = r_inverse @ r_inverse.T``.
    used : (n, T) the rows that were used.
    """

    slopes: F
    y_mean: F
    x_mean: F
    residuals: F
    ssr: F
    n_obs: NDArray[np.int64]
    centred: F
    r_inverse: F
    used: Bools

    def predict(self, x: F) -> F:
        """Return the fitted mean (n, L) at regressors `x` (n, L, K)."""
        return self.y_mean[:, None] + np.einsum("nlk,nk->nl", x - self.x_mean[:, None, :], self.slopes)

    def root(self, x: F) -> F:
        """Return G (n, L, 1 + K) with ``x0'(X'X)^-1 x0 = G G'`` for the rows `x` (n, L, K): Salkever 1976, Patell 1976."""
        return _root(self.n_obs, np.matmul(x - self.x_mean[:, None, :], self.r_inverse))

    def root_est(self) -> F:
        """Return the same root (n, T, 1 + K) for the estimation rows: the hat matrix is ``H = G G'``; NaN where unused."""
        root = _root(self.n_obs, np.matmul(self.centred, self.r_inverse))
        root[~self.used] = np.nan
        return root


def _root(n_obs: NDArray[np.int64], slopes_part: F) -> F:
    """Put the intercept's column ``1/sqrt(M)`` before the columns of the slopes."""
    with np.errstate(divide="ignore"):
        intercept = 1.0 / np.sqrt(n_obs)
    first = np.broadcast_to(intercept[:, None, None], (*slopes_part.shape[:2], 1))
    return np.concatenate([first, slopes_part], axis=2)


def masked_mean(values: F, used: Bools, n_obs: NDArray[np.int64]) -> F:
    """Return the mean of each row over the entries that are `used`; NaN where there is none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(used, values, 0.0).sum(axis=1) / n_obs


def least_squares(y: F, x: F) -> Fit:
    """Regress each row of `y` (n, T) on an intercept and its own regressors `x` (n, T, K); K may be 0.

    Rows where `y` or any regressor is not finite are left out. Collinear regressors, or fewer than K + 2 rows, give
    NaN slopes and a NaN `ssr`, never an exception.
    """
    used = np.isfinite(y)
    if x.shape[2]:
        used &= np.isfinite(x).all(axis=2)
    n_obs = used.sum(axis=1)
    complete = bool(used.all())
    y_mean = y.mean(axis=1) if complete else masked_mean(y, used, n_obs)
    y_centred = y - y_mean[:, None]
    x_mean = (
        np.stack([masked_mean(x[:, :, k], used, n_obs) for k in range(x.shape[2])], -1) if x.shape[2] else x[:, 0, :]
    )
    centred = x - x_mean[:, None, :]
    if not complete:
        y_centred = np.where(used, y_centred, 0.0)
        centred = np.where(used[:, :, None], centred, 0.0)
    slopes, r_inverse = _solve(y_centred, centred, n_obs, x_mean)
    residuals = y_centred - np.einsum("ntk,nk->nt", centred, slopes)
    ssr = np.einsum("nt,nt->n", residuals, residuals)
    raw = np.where(used, y, 0.0) if not complete else y
    ssr[ssr <= EXACT_FIT * np.einsum("nt,nt->n", raw, raw)] = 0.0
    if not complete:
        residuals[~used] = np.nan
    return Fit(slopes, y_mean, x_mean, residuals, ssr, n_obs, centred, r_inverse, used)


def _solve(y: F, x: F, n_obs: NDArray[np.int64], x_mean: F) -> tuple[F, F]:
    """Return slopes (n, K) and the inverse root of the moment matrix (n, K, K) of centred data."""
    k = x.shape[2]
    if k == 0:
        return np.empty((len(y), 0)), np.empty((len(y), 0, 0))
    if x.shape[1] < k + 2:
        return np.full((len(y), k), np.nan), np.full((len(y), k, k), np.nan)
    squares = np.einsum("ntk,ntk->nk", x, x)
    with np.errstate(invalid="ignore"):
        moving = (squares > n_obs[:, None] * (CONSTANT * x_mean) ** 2) & (n_obs >= k + 2)[:, None]
    if k == 1:
        sxx = np.where(moving, squares, np.nan)[:, 0]
        slopes = np.einsum("nt,nt->n", x[:, :, 0], y) / sxx
        return slopes[:, None], (1.0 / np.sqrt(sxx))[:, None, None]
    scale = np.where(moving, np.sqrt(squares), 1.0)
    q, r = np.linalg.qr(x / scale[:, None, :])
    good = moving.all(axis=1) & (np.abs(np.diagonal(r, axis1=1, axis2=2)) > RANK_TOLERANCE).all(axis=1)
    inverse = np.linalg.inv(np.where(good[:, None, None], r, np.eye(k)))
    slopes = np.einsum("nij,nj->ni", inverse, np.einsum("ntj,nt->nj", q, y)) / scale
    r_inverse = inverse / scale[:, :, None]
    slopes[~good] = np.nan
    r_inverse[~good] = np.nan
    return slopes, r_inverse
