"""Linear models: constant mean, market-adjusted, market model, factor models.

Formulas: Brown and Warner 1980, 1985; MacKinlay 1997, equations 9 to 11; Patell 1976 for the forecast error.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.regression import EXACT_FIT, Bools, Fit, least_squares
from backtest.models.base import NormalReturns
from backtest.registry import require_one_of

F = NDArray[np.float64]


def variance(ssr: F, df: NDArray[np.int64] | F) -> F:
    """Return ``ssr / df``, NaN where no degree of freedom is left."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(df > 0, ssr / df, np.nan)


def from_fit(fit: Fit, x_evt: F, names: tuple[str, ...] = ()) -> NormalReturns:
    """Turn a least-squares fit into normal returns on the event days with regressors `x_evt` (n, L, K)."""
    df = fit.n_obs - 1 - x_evt.shape[2]
    params = {"alpha": fit.y_mean - np.einsum("nk,nk->n", fit.x_mean, fit.slopes)}
    params |= {name: fit.slopes[:, k] for k, name in enumerate(names)}
    return NormalReturns(
        expected=fit.predict(x_evt),
        residuals=fit.residuals,
        s2=variance(fit.ssr, df),
        df=df.astype(float),
        n_obs=fit.n_obs,
        root=fit.root(x_evt),
        hat=fit.root_est,
        params=params,
    )


def constant_mean(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Expect the mean of the estimation window: ``AR = R - mean(R_est)``, ``C = 1 + 1/M``; the regressors are ignored."""
    return from_fit(least_squares(r_est, f_est[:, :, :0]), f_evt[:, :, :0])


def market_adjusted(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Expect the market's return: ``AR = R - Rm``; nothing is estimated, so ``C = 1``.

    ``s2 = sum (AR - mean AR)^2 / (M - 1)`` over the estimation window; the residuals themselves are not centred.
    """
    fit = least_squares(r_est - f_est[:, :, 0], f_est[:, :, :0])
    df = fit.n_obs - 1
    residuals = fit.residuals + fit.y_mean[:, None]
    return NormalReturns(f_evt[:, :, 0].copy(), residuals, variance(fit.ssr, df), df.astype(float), fit.n_obs)


def market(r_est: F, f_est: F, f_evt: F, loss: str = "ols") -> NormalReturns:
    """Market model: ``AR = R - a - b Rm``; ``C = 1 + 1/M + (Rm_t - mean Rm)^2 / Sxx``, df M - 2.

    `loss` is "ols" or "huber" (Huber's M-estimator, tuning 1.345 times the scaled median absolute residual, which old
    bad days in the estimation window cannot drag away; variance and forecast error as in OLS).
    """
    require_one_of(loss, ("ols", "huber"), "loss")
    x = f_est[:, :, :1]
    fit = least_squares(r_est, x)
    return from_fit(huber(r_est, x, fit) if loss == "huber" else fit, f_evt[:, :, :1], ("beta",))


HUBER = 1.345
NORMAL_MAD = 0.6744897501960817


def huber(y: F, x: F, fit: Fit, steps: int = 500) -> Fit:
    """Return the Huber fit of one regressor by iteratively reweighted least squares, from `fit` until nothing moves."""
    used = fit.used
    y0, x0 = np.where(used, y, 0.0), np.where(used, x[:, :, 0], 0.0)
    slope, alpha = fit.slopes[:, 0], fit.y_mean - fit.slopes[:, 0] * fit.x_mean[:, 0]
    for _ in range(steps):
        before = slope, alpha
        slope, alpha = _reweighted(y0, x0, used, slope, alpha)
        if all(
            np.allclose(old, new, rtol=1e-13, atol=1e-17, equal_nan=True) for old, new in zip(before, (slope, alpha))
        ):
            break
    e = np.where(used, y0 - alpha[:, None] - slope[:, None] * x0, np.nan)
    ssr = (np.where(used, e, 0.0) ** 2).sum(axis=1)
    ssr[ssr <= EXACT_FIT * (y0 * y0).sum(axis=1)] = 0.0
    # Through the means of x: predict() then gives alpha + slope x.
    return replace(fit, slopes=slope[:, None], y_mean=alpha + slope * fit.x_mean[:, 0], residuals=e, ssr=ssr)


def _reweighted(y: F, x: F, used: Bools, slope: F, alpha: F) -> tuple[F, F]:
    """Return slope and intercept (n,) of least squares whose weights are Huber's at the residuals of the last ones."""
    size = np.abs(y - alpha[:, None] - slope[:, None] * x)
    bound = HUBER / NORMAL_MAD * _median(np.where(used, size, np.inf), used.sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(used, np.where(size > bound[:, None], bound[:, None] / size, 1.0), 0.0)
        total = weight.sum(axis=1)
        centre_x, centre_y = (weight * x).sum(axis=1) / total, (weight * y).sum(axis=1) / total
        dx = x - centre_x[:, None]
        slope = (weight * dx * (y - centre_y[:, None])).sum(axis=1) / (weight * dx * dx).sum(axis=1)
    return slope, centre_y - slope * centre_x


def _median(values: F, count: NDArray[np.int64]) -> F:
    """Return the median of the `count` smallest values of each row; 0 where there is none."""
    ordered, rows = np.sort(values, axis=1), np.arange(len(values))
    low, high = (count - 1) // 2, count // 2
    middle = (ordered[rows, low] + ordered[rows, np.minimum(high, values.shape[1] - 1)]) / 2.0
    return np.where(count > 0, middle, 0.0)


def factors(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Regress on all regressors given: ``C = 1 + x'(X'X)^-1 x``, df M - 1 - K.

    These are the benchmark (or the factor ``Mkt-RF`` in its place), where the prices have one, and every factor column but
    the riskless rate ``RF``, which is taken off the returns and the benchmark. Without a benchmark: the factors alone.
    """
    names = tuple(f"b{k + 1}" for k in range(f_est.shape[2]))
    return from_fit(least_squares(r_est, f_est), f_evt, names)


def capm(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """CAPM regression of ``R - Rf`` on ``Rm - Rf``, with intercept.

    Rf is the factor column ``RF``; without one it is zero, which is the market model. A factor ``Mkt-RF`` stands for ``Rm - Rf``.
    """
    return factors(r_est, f_est, f_evt)


def ff3(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Fama-French 1993: ``R - Rf`` on the market's excess return, SMB and HML, with intercept."""
    return factors(r_est, f_est, f_evt)


def ff5(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Fama-French 2015: ``R - Rf`` on the market's excess return, SMB, HML, RMW and CMA, with intercept."""
    return factors(r_est, f_est, f_evt)


def carhart(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Carhart 1997: ``R - Rf`` on the market's excess return, SMB, HML and MOM, with intercept."""
    return factors(r_est, f_est, f_evt)
