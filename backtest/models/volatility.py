"""Market models whose variance moves: GARCH(1,1), GJR and EGARCH, by `arch` (extra `garch`).

The parameters are estimated on the estimation window alone; the variance of the event days is forecast from its end,
over the gap and the window, and never updated with what the event did. `params` holds fractions: alpha and beta of the
market model, omega, alpha[1], gamma[1], beta[1] and nu of the variance.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtest.errors import AlignmentError, UnknownNameError
from backtest.kernels.regression import least_squares
from backtest.models.base import NormalReturns
from backtest.models.likelihood import Garch
from backtest.registry import require_one_of

F = NDArray[np.float64]

# `arch` converges best where returns are in per cent.
PERCENT = 100.0
LEAST_ROWS = 50
# The degrees of freedom count the parameters of the mean, alpha and beta, as in every other model.
MEAN_PARAMETERS = 2
# How closely `arch` looks on the second attempt, and by what share a likelihood may miss that of a constant variance.
FINE = {"ftol": 1e-14, "maxiter": 2000}
SLACK = 1e-3


def garch(r_est: F, f_est: F, f_evt: F, dist: str = "normal") -> NormalReturns:
    """GARCH(1,1) market model: ``h_t = w + al e_{t-1}^2 + be h_{t-1}``, forecasts ``h_{T+j} = w + (al + be) h_{T+j-1}``.

    Columns of f: the market, and the number of sessions after the estimation window. `dist` is "normal" (QMLE) or "t".
    """
    return _fit(r_est, f_est, f_evt, {"vol": "GARCH", "p": 1, "o": 0, "q": 1, "dist": dist})


def gjr(r_est: F, f_est: F, f_evt: F, dist: str = "normal") -> NormalReturns:
    """GJR-GARCH market model: bad news raises the variance more; forecasts with ``al + g / 2 + be``."""
    return _fit(r_est, f_est, f_evt, {"vol": "GARCH", "p": 1, "o": 1, "q": 1, "dist": dist})


def egarch(r_est: F, f_est: F, f_evt: F, dist: str = "normal") -> NormalReturns:
    """EGARCH market model in logarithms, ``ln h_t = w + be ln h_{t-1} + al (|z| - E|z|) + g z``; forecasts of ``ln h``."""
    return _fit(r_est, f_est, f_evt, {"vol": "EGARCH", "p": 1, "o": 1, "q": 1, "dist": dist})


def _fit(r_est: F, f_est: F, f_evt: F, kind: dict[str, Any]) -> NormalReturns:
    require_one_of(kind["dist"], ("normal", "t"), "dist")
    steps = np.rint(f_evt[:, :, 1]).astype(int)
    if (steps < 1).any():
        raise AlignmentError(
            "garch, gjr and egarch forecast the variance of the event days: let the estimation window end before them"
        )
    n, length = f_evt.shape[:2]
    expected, scale = np.full((n, length), np.nan), np.full((n, length), np.nan)
    residuals, scale_est = np.full(r_est.shape, np.nan), np.full(r_est.shape, np.nan)
    s2, params = np.full(n, np.nan), dict[str, F]()
    straight = least_squares(r_est, f_est[:, :, :1])
    # Without any noise about the line, or without a line, there is no variance that could move.
    for i in np.flatnonzero((straight.n_obs >= LEAST_ROWS) & (straight.ssr > 0)):
        rows = straight.used[i]
        found = _arch(r_est[i, rows], f_est[i, rows, 0], kind)
        if found is None:
            continue
        fit, values = found
        h, e = np.asarray(fit.conditional_volatility) ** 2, np.asarray(fit.resid)
        path = forecasts(values, kind["vol"], h[-1], float(e[-1]), int(steps[i].max()))
        if not np.isfinite(path).all():
            continue
        for name, value in _fractions(values).items():
            params.setdefault(name, np.full(n, np.nan))[i] = value
        intercept, slope, *_ = values.values()
        expected[i] = intercept / PERCENT + slope * f_evt[i, :, 0]
        residuals[i, rows] = e / PERCENT
        s2[i] = float((residuals[i, rows] ** 2).sum()) / (rows.sum() - MEAN_PARAMETERS)
        scale_est[i, rows] = h / PERCENT**2 / s2[i]
        scale[i] = path[steps[i] - 1] / PERCENT**2 / s2[i]
    df = np.where(straight.n_obs >= LEAST_ROWS, straight.n_obs - MEAN_PARAMETERS, 0).astype(float)
    return NormalReturns(expected, residuals, s2, df, straight.n_obs, scale=scale, scale_est=scale_est, params=params)


def _fractions(values: dict[str, float]) -> dict[str, float]:
    """Return the parameters for returns that are fractions, the mean's first two as alpha and beta."""
    intercept, slope, *_ = values
    out = {"alpha": values[intercept] / PERCENT, "beta": values[slope]}
    return out | {k: v / PERCENT**2 if k == "omega" else v for k, v in values.items() if k not in (intercept, slope)}


def forecasts(params: dict[str, float], vol: str, h: float, e: float, steps: int) -> F:
    """Return the variance 1 to `steps` days after the last one, whose variance is `h` and residual `e`."""
    w, al, be = params["omega"], params["alpha[1]"], params["beta[1]"]
    g = params.get("gamma[1]", 0.0)
    out = np.empty(steps)
    if vol == "EGARCH":
        z = e / np.sqrt(h)
        out[0] = w + be * np.log(h) + al * (abs(z) - np.sqrt(2.0 / np.pi)) + g * z
        for j in range(1, steps):
            out[j] = w + be * out[j - 1]
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(out))
    out[0] = w + (al + g * (e < 0)) * e * e + be * h
    for j in range(1, steps):
        out[j] = w + (al + g / 2.0 + be) * out[j - 1]
    return out


def _arch(returns: F, market: F, kind: dict[str, Any]) -> tuple[Any, dict[str, float]] | None:
    """Return the fit at the maximum of the likelihood, and its parameters in per cent; None where none was found."""
    try:
        from arch.univariate import arch_model
    except ImportError:
        raise UnknownNameError(
            "the models garch, gjr and egarch need the package arch: pip install 'market-signals[garch]'"
        ) from None
    y, x = PERCENT * returns, PERCENT * market
    model = arch_model(y, x=x[:, None], mean="LS", rescale=False, **kind)
    exact = Garch(y, x, kind["vol"] == "EGARCH", kind["o"] > 0, kind["dist"] == "t")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        best = _climbed(model, exact)
    return None if best is None else (model.fix(list(best.values())), best)


def _climbed(model: Any, exact: Garch) -> dict[str, float] | None:
    """Return the parameters of the greatest likelihood that `arch`, started up to four times, leads to; None: no maximum.

    `arch` loses its way now and then, with EGARCH in one sample of five whose variance does not move. A likelihood below
    that of a variance that never moves, which every one of these models holds, tells.
    """
    still = exact.still()
    floor = still - SLACK * abs(still)
    best: F | None = None
    value = -np.inf
    for attempt, beta in enumerate((None, None, 0.9, 0.5)):
        start = best if beta is None else exact.quiet(beta)
        near = model.fit(disp="off", show_warning=False, starting_values=start, options=FINE if attempt else {})
        point = exact.maximum(near.params.to_numpy())
        found = exact.log_likelihood(point[None].astype(complex))[0].real
        if found > value:
            best, value = point, found
        # A maximum inside the bounds is final; one at a bound is looked at once more, closely.
        if best is not None and value >= floor and (attempt or not np.array_equal(point, near.params)):
            return dict(zip(near.params.index, best.tolist(), strict=True))
    return None
