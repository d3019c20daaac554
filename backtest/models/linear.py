"""Linear models: constant mean, market-adjusted, market model, factor models.

Formulas: Brown and Warner 1980, 1985; MacKinlay 1997, equations 9 to 11; Patell 1976 for the forecast error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.regression import Fit, least_squares
from backtest.models.base import NormalReturns

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


def market(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Market model: ``AR = R - a - b Rm`` by least squares; ``C = 1 + 1/M + (Rm_t - mean Rm)^2 / Sxx``, df M - 2."""
    return from_fit(least_squares(r_est, f_est[:, :, :1]), f_evt[:, :, :1], ("beta",))


def factors(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Regress on all regressors given: ``C = 1 + x'(X'X)^-1 x``, df M - 1 - K."""
    names = tuple(f"b{k + 1}" for k in range(f_est.shape[2]))
    return from_fit(least_squares(r_est, f_est), f_evt, names)


def capm(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """CAPM regression of ``R - Rf`` on ``Rm - Rf``, with intercept."""
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
