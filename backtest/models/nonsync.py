"""Betas for thin or asynchronous trading: Scholes-Williams, Dimson, Fowler-Rorke, trade to trade.

Sources: Scholes and Williams 1977; Dimson 1979; Fowler and Rorke 1983; Maynes and Rumsey 1993. Leads and lags of the
market are taken inside the estimation window only, so that neither the gap nor the event is seen. A row of the window
counts where the return and every lead and lag of the market are there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.regression import least_squares, masked_mean
from backtest.models.base import NormalReturns
from backtest.models.linear import variance

F = NDArray[np.float64]


def scholes_williams(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Scholes-Williams: ``b = (b_-1 + b_0 + b_+1) / (1 + 2 rho)``, each a simple slope on the market k days off.

    rho is the market's first autocorrelation. ``AR = R - a - b Rm`` with a from the means; forecast error as in OLS.
    """
    market = f_est[:, :, 0]
    returns, around = _interior(r_est, market, 1)
    slopes = sum(least_squares(returns, around[:, :, k : k + 1]).slopes[:, 0] for k in range(3))
    return _aggregated(returns, around, f_evt[:, :, 0], slopes / (1.0 + 2.0 * autocorrelation(market)))


def dimson(r_est: F, f_est: F, f_evt: F, lags: int = 1) -> NormalReturns:
    """Dimson: the sum of the slopes on the market from `lags` days earlier to as many later, in one regression.

    Not consistent where the market is autocorrelated: see `fowler_rorke`.
    """
    returns, around = _interior(r_est, f_est[:, :, 0], lags)
    return _aggregated(returns, around, f_evt[:, :, 0], least_squares(returns, around).slopes.sum(axis=1))


def fowler_rorke(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Fowler-Rorke: ``b = w b_-1 + b_0 + w b_+1`` with ``w = (1 + rho) / (1 + 2 rho)``; the consistent form of Dimson's beta."""
    returns, around = _interior(r_est, f_est[:, :, 0], 1)
    slopes, rho = least_squares(returns, around).slopes, autocorrelation(f_est[:, :, 0])
    w = (1.0 + rho) / (1.0 + 2.0 * rho)
    return _aggregated(returns, around, f_evt[:, :, 0], w * slopes[:, 0] + slopes[:, 1] + w * slopes[:, 2])


def trade_to_trade(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Trade to trade (Maynes and Rumsey): returns between trades on the market's return over the same days, weighted.

    The columns of f are the market's return since the last trade and n, the sessions since then. ``R / sqrt n`` is
    regressed on ``(sqrt n, Rm / sqrt n)``; the variance of a day's abnormal return is ``s2 (n + x'(X'X)^-1 x)``.
    """
    n_est, n_evt = f_est[:, :, 1], f_evt[:, :, 1]
    used = np.isfinite(r_est) & np.isfinite(f_est[:, :, 0]) & (n_est > 0)
    root_n = np.sqrt(np.where(used, n_est, 1.0))
    x = np.where(used[:, :, None], np.stack([root_n, f_est[:, :, 0] / root_n], axis=-1), 0.0)
    y = np.where(used, r_est / root_n, 0.0)
    count = used.sum(axis=1)
    inverse = _inverse_root(x, count)
    beta = np.einsum("nij,nj->ni", inverse, np.einsum("nkj,nk->nj", inverse, np.einsum("ntk,nt->nk", x, y)))
    residuals = np.where(used, y - np.einsum("ntk,nk->nt", x, beta), np.nan)
    ssr = np.where(used, residuals, 0.0) ** 2
    rows = np.stack([n_evt, f_evt[:, :, 0]], axis=-1)
    df = count - 2
    return NormalReturns(
        expected=np.einsum("nlk,nk->nl", rows, beta),
        residuals=residuals * root_n,
        s2=variance(ssr.sum(axis=1), df),
        df=df.astype(float),
        n_obs=count,
        root=rows @ inverse,
        hat=lambda: np.where(used[:, :, None], x @ inverse, np.nan),
        scale=n_evt,
        scale_est=np.where(used, n_est, 1.0),
        params={"alpha": beta[:, 0], "beta": beta[:, 1]},
    )


def _inverse_root(x: F, count: NDArray[np.int64]) -> F:
    """Return B (n, 2, 2) with ``inv(X'X) = B B'``, NaN where X has no full rank."""
    moments = np.einsum("nti,ntj->nij", x, x)
    good = (np.linalg.det(moments) > 1e-14 * moments[:, 0, 0] * moments[:, 1, 1]) & (count > 2)
    safe = np.where(good[:, None, None], moments, np.eye(2))
    lower = np.linalg.inv(np.linalg.cholesky(safe))
    out = np.swapaxes(lower, 1, 2).copy()
    out[~good] = np.nan
    return out


def autocorrelation(market: F) -> F:
    """Return the first-order autocorrelation of each row (n, T), over the days that both have."""
    ahead, behind = market[:, 1:], market[:, :-1]
    both = np.isfinite(ahead) & np.isfinite(behind)
    n = both.sum(axis=1)
    centre = [np.where(both, v - masked_mean(v, both, n)[:, None], 0.0) for v in (ahead, behind)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return (centre[0] * centre[1]).sum(axis=1) / np.sqrt(
            (centre[0] ** 2).sum(axis=1) * (centre[1] ** 2).sum(axis=1)
        )


def _interior(returns: F, market: F, lags: int) -> tuple[F, F]:
    """Return the returns (n, T) and the market from `lags` days before to as many after, (n, T, 2 lags + 1).

    The returns are NaN on the first and last `lags` days of the window and where any day of the market is missing.
    """
    days = market.shape[1]
    around = np.full((*market.shape, 2 * lags + 1), np.nan)
    for k in range(2 * lags + 1 if days > 2 * lags else 0):
        around[:, lags : days - lags, k] = market[:, k : days - 2 * lags + k]
    return np.where(np.isfinite(around).all(axis=2), returns, np.nan), around


def _aggregated(returns: F, around: F, market_evt: F, beta: F) -> NormalReturns:
    """Return normal returns ``a + beta Rm`` with a from the means of interior days, forecast error as in OLS."""
    middle = around.shape[2] // 2
    fit = least_squares(returns, around[:, :, middle : middle + 1])
    residuals = fit.residuals + (fit.slopes[:, :1] - beta[:, None]) * fit.centred[:, :, 0]
    ssr = np.where(fit.used, residuals, 0.0) ** 2
    alpha = fit.y_mean - beta * fit.x_mean[:, 0]
    df = fit.n_obs - 2
    return NormalReturns(
        expected=alpha[:, None] + beta[:, None] * market_evt,
        residuals=residuals,
        s2=variance(ssr.sum(axis=1), df),
        df=df.astype(float),
        n_obs=fit.n_obs,
        root=fit.root(market_evt[:, :, None]),
        hat=fit.root_est,
        params={"alpha": alpha, "beta": beta},
    )
