"""Market models whose variance moves: GARCH(1,1), GJR and EGARCH, by `arch` (extra `garch`).

The parameters are estimated on the estimation window alone; the variance of the event days is forecast from its end,
over the gap and the window, and never updated with what the event did. `params` holds fractions: alpha and beta of the
market model, omega, alpha[1], gamma[1], beta[1] and nu of the variance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtest.errors import UnknownNameError
from backtest.models.base import NormalReturns
from backtest.models.likelihood import Garch
from backtest.registry import require_one_of

F = NDArray[np.float64]

# `arch` converges best where returns are in per cent.
PERCENT = 100.0
LEAST_ROWS = 50


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
    n, length = f_evt.shape[:2]
    expected, scale = np.full((n, length), np.nan), np.full((n, length), np.nan)
    residuals, scale_est = np.full(r_est.shape, np.nan), np.full(r_est.shape, np.nan)
    s2, df = np.full(n, np.nan), np.full(n, np.nan)
    params: dict[str, F] = {}
    used = np.isfinite(r_est) & np.isfinite(f_est[:, :, 0])
    for i in np.flatnonzero(used.sum(axis=1) >= LEAST_ROWS):
        rows = used[i]
        fit, values = _arch(r_est[i, rows], f_est[i, rows, 0], kind)
        names = list(values)
        for name, value in _fractions(values).items():
            params.setdefault(name, np.full(n, np.nan))[i] = value
        expected[i] = (values[names[0]] + values[names[1]] * PERCENT * f_evt[i, :, 0]) / PERCENT
        residuals[i, rows] = np.asarray(fit.resid) / PERCENT
        df[i] = rows.sum() - len(names)
        s2[i] = float((residuals[i, rows] ** 2).sum()) / df[i]
        h = np.asarray(fit.conditional_volatility) ** 2
        scale_est[i, rows] = h / PERCENT**2 / s2[i]
        steps = np.rint(f_evt[i, :, 1]).astype(int)
        path = forecasts(values, kind["vol"], h[-1], float(np.asarray(fit.resid)[-1]), int(steps.max()))
        scale[i] = path[steps - 1] / PERCENT**2 / s2[i]
    return NormalReturns(expected, residuals, s2, df, used.sum(axis=1), scale=scale, scale_est=scale_est, params=params)


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
        return np.exp(out)
    out[0] = w + (al + g * (e < 0)) * e * e + be * h
    for j in range(1, steps):
        out[j] = w + (al + g / 2.0 + be) * out[j - 1]
    return out


def _arch(returns: F, market: F, kind: dict[str, Any]) -> tuple[Any, dict[str, float]]:
    """Return the fit at the maximum of the likelihood, and its parameters in per cent."""
    try:
        from arch.univariate import arch_model
    except ImportError:
        raise UnknownNameError(
            "the models garch, gjr and egarch need the package arch: pip install 'market-signals[garch]'"
        ) from None
    y, x = PERCENT * returns, PERCENT * market
    model = arch_model(y, x=x[:, None], mean="LS", rescale=False, **kind)
    near = model.fit(disp="off", show_warning=False, options={"ftol": 1e-14, "maxiter": 2000}).params
    exact = Garch(y, x, kind["vol"] == "EGARCH", kind["o"] > 0, kind["dist"] == "t").maximum(near.to_numpy())
    return model.fix(exact), dict(zip(near.index, exact.tolist(), strict=True))
