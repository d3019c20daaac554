"""What the peers did instead: the peer portfolio and the synthetic control.

Sources: Barber and Lyon 1997 (reference portfolios); Abadie, Diamond and Hainmueller 2010 (synthetic control).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.regression import least_squares
from backtest.models.base import NormalReturns
from backtest.models.linear import from_fit, variance

F = NDArray[np.float64]

# Of a share's estimation rows, how many must remain when the days are left out on which a donor has no return.
SHARE = 0.8


def peer_portfolio(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Regress on the equally weighted portfolio of the peers (the columns of f): ``AR = R - a - b Rp``, as the market model.

    Peers without a return on a day leave the portfolio for that day.
    """
    est, evt = _mean(f_est), _mean(f_evt)
    return from_fit(least_squares(r_est, est[:, :, None]), evt[:, :, None], ("beta",))


def synthetic(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Synthetic control: weights on the peers, none negative, summing to one, with the least estimation error.

    ``AR = R - sum w_j R_j``; ``s2 = SSR / (M - positive weights + 1)``; the error of the weights is not in C. Rows on which a
    donor has no return are left out; which peers are donors, see `donors_of`.
    """
    n, length = f_evt.shape[:2]
    expected, residuals = np.full((n, length), np.nan), np.full(r_est.shape, np.nan)
    df, ssr = np.zeros(n), np.full(n, np.nan)
    weights = np.zeros((n, f_est.shape[2]))
    for i in range(n):
        donors, rows = donors_of(r_est[i], f_est[i])
        if not len(donors):
            continue
        x = f_est[i][rows][:, donors]
        w = simplex_weights(r_est[i, rows], x)
        weights[i, donors] = w
        expected[i] = f_evt[i][:, donors[w > 0]] @ w[w > 0]
        residuals[i, rows] = r_est[i, rows] - x @ w
        df[i] = rows.sum() - max((w > 0).sum() - 1, 0)
        ssr[i] = (residuals[i, rows] ** 2).sum()
    n_obs = np.isfinite(residuals).sum(axis=1)
    params = {f"w{j + 1}": weights[:, j] for j in range(weights.shape[1])}
    return NormalReturns(expected, residuals, variance(ssr, df), df, n_obs, params=params)


def donors_of(returns: F, peers: F) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return which columns of `peers` (T, p) are donors to `returns` (T,), and the rows on which all of them have returns.

    Peers are taken in the order of their missing days, the one with the fewest first, as long as `SHARE` of the rows that
    `returns` has remain.
    """
    rows = np.isfinite(returns)
    have = np.isfinite(peers)
    least, donors = SHARE * rows.sum(), []
    for j in np.argsort(-have[rows].sum(axis=0), kind="stable"):
        both = rows & have[:, j]
        if both.any() and both.sum() >= least:
            rows = both
            donors.append(j)
    return np.sort(np.array(donors, dtype=np.int64)), rows


def simplex_weights(y: F, x: F) -> F:
    """Return w >= 0 with sum one that minimises ``|y - x w|^2``; weights below 1e-9 are zero."""
    from scipy.optimize import nnls

    # One heavy row makes non-negative least squares keep the sum; the solution is then polished without it.
    scale = np.sqrt((y**2).sum()) or 1.0
    heavy = 1e4
    a = np.vstack([x / scale, np.full((1, x.shape[1]), heavy)])
    w = nnls(a, np.append(y / scale, heavy))[0]
    for _ in range(2):
        w = _polished(y, x, w)
    return w


def _polished(y: F, x: F, w: F) -> F:
    """Return the exact solution on the donors in use; the input, rescaled, where that leaves the simplex."""
    use = np.flatnonzero(w > 1e-9)
    k = len(use)
    system = np.zeros((k + 1, k + 1))
    system[:k, :k] = x[:, use].T @ x[:, use]
    system[:k, k] = system[k, :k] = 1.0
    right = np.append(x[:, use].T @ y, 1.0)
    exact = np.linalg.lstsq(system, right, rcond=None)[0][:k]
    out = np.zeros_like(w)
    out[use] = exact if (exact >= 0).all() else w[use] / w[use].sum()
    return out


def _mean(values: F) -> F:
    """Return the mean over the peers present, NaN where none is."""
    have = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(have, values, 0.0).sum(axis=2) / have.sum(axis=2)
