"""The market model for blocks of events: one regressor, windows cut straight from the panel, nothing else computed.

The same two passes as `regression.least_squares` (means, then moments of the centred values), and a third quantity: what
the centring left over. A level of 1e6 cannot hold its own mean to more than ten digits; the remainder restores the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.gather import gather
from backtest.kernels.regression import CONSTANT, EXACT_FIT

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Events per block: two blocks of 250 estimation days stay in the second-level cache.
CHUNK = 192
#: Where less than this share of the variance is left, residuals are summed one by one: the difference would lose digits.
CLOSE_FIT = 0.05
#: Fewest rows that leave a degree of freedom.
LEAST_ROWS = 3


@dataclass(frozen=True)
class Lines:
    """Straight lines fitted to n events.

    ar : (n, L) abnormal returns, NaN where the return or the regressor is missing, or where there is no line.
    slope, ssr, xx : (n,) slope, sum of squared residuals, sum of squares of the centred regressor; NaN where singular.
    y_mean, x_mean : (n,) means over the rows used. n_obs : (n,) rows used.
    """

    ar: F
    slope: F
    ssr: F
    xx: F
    y_mean: F
    x_mean: F
    n_obs: Ints

    def line(self) -> F:
        """Return slope, mean of y, mean of x and sum of squares of x of each event, (n, 4): all that predicts."""
        return np.stack([self.slope, self.y_mean, self.x_mean, self.xx], axis=1)


Holes = tuple[Ints, NDArray[np.bool_] | None]


@dataclass(frozen=True)
class Residuals:
    """What was centred for n lines: y, x (n, M), zero where a row was not used; market (n, L), x on the event days.

    holes : the events with rows that were not used, and which rows they used.
    """

    y: F
    x: F
    market: F
    holes: Holes

    def values(self, slope: F) -> F:
        """Return the residuals (n, M), zero where a row was not used."""
        return self.y - slope[:, None] * self.x

    def used(self) -> NDArray[np.bool_]:
        """Return which rows were used, (n, M)."""
        out = np.ones(self.y.shape, dtype=bool)
        if self.holes[1] is not None:
            out[self.holes[0]] = self.holes[1]
        return out


def fit_lines(panel: F, factor: F, place: tuple[Ints, Ints, Ints], est: slice, evt: slice) -> Lines:
    """Return the lines alone; see `fit_residuals`."""
    return fit_residuals(panel, factor, place, est, evt)[0]


def fit_residuals(
    panel: F, factor: F, place: tuple[Ints, Ints, Ints], est: slice, evt: slice
) -> tuple[Lines, Residuals]:
    """Regress n windows of `panel` on the same windows of `factor` with an intercept, and predict the event days.

    Parameters
    ----------
    panel, factor : (securities, T), (factors, T) C-contiguous float64; NaN is missing.
    place : row of the panel, row of the factor, and first column of the window, each (n,).
    est, evt : columns of the estimation and of the event window, counted from the first column of the window.

    Rows where either value is missing carry no weight. Singular or too short estimation windows give NaN.

    Returns the lines, and what was centred on the way.
    """
    row, of, start = place
    m, length = est.stop - est.start, evt.stop - evt.start
    y, x = gather(panel, row, start + est.start, m), gather(factor, of, start + est.start, m)
    y_mean, x_mean, n_obs, holes = _centre(y, x)
    ones = np.ones(m)
    # What rounding left of the means; adding it to the mean itself would round it away again.
    rows = np.maximum(n_obs, 1)
    y_rest, x_rest = np.vecdot(y, ones) / rows, np.vecdot(x, ones) / rows
    yy, xx, xy = np.vecdot(y, y), np.vecdot(x, x), np.vecdot(x, y)
    xx[~((xx > n_obs * (CONSTANT * x_mean) ** 2) & (n_obs >= LEAST_ROWS))] = np.nan
    slope = xy / xx
    ssr = _residual_squares(y, x, yy, xy, slope)
    ssr[ssr <= EXACT_FIT * (yy + n_obs * y_mean**2)] = 0.0
    ar, market = gather(panel, row, start + evt.start, length), gather(factor, of, start + evt.start, length)
    _less(ar, y_mean, y_rest)
    _less(market, x_mean, x_rest)
    ar -= slope[:, None] * market
    return Lines(ar, slope, ssr, xx, y_mean, x_mean, n_obs), Residuals(y, x, market, holes)


def _centre(y: F, x: F) -> tuple[F, F, Ints, Holes]:
    """Centre both blocks in place over the rows that both have, missing rows set to zero; return means and counts."""
    m = y.shape[1]
    weight = np.full(m, 1.0 / m)
    y_mean, x_mean = np.vecdot(y, weight), np.vecdot(x, weight)
    n_obs = np.full(len(y), m, dtype=np.int64)
    # A sum over a missing value is not finite: no window needs to be searched for one.
    holed = np.flatnonzero(~np.isfinite(y_mean + x_mean))
    used = None
    if len(holed):
        used = np.isfinite(y[holed]) & np.isfinite(x[holed])
        n_obs[holed] = used.sum(axis=1)
        for block, mean in ((y, y_mean), (x, x_mean)):
            block[holed] = np.where(used, block[holed], 0.0)
            with np.errstate(invalid="ignore", divide="ignore"):
                mean[holed] = block[holed].sum(axis=1) / n_obs[holed]
    y -= y_mean[:, None]
    x -= x_mean[:, None]
    if used is not None:
        for block in (y, x):
            block[holed] = np.where(used, block[holed], 0.0)
    return y_mean, x_mean, n_obs, (holed, used)


def _residual_squares(y: F, x: F, yy: F, xy: F, slope: F) -> F:
    ssr = yy - slope * xy
    close = np.flatnonzero(ssr < CLOSE_FIT * yy)
    if len(close):
        residuals = y[close] - slope[close, None] * x[close]
        ssr[close] = np.vecdot(residuals, residuals)
    return np.asarray(ssr)


def _less(values: F, mean: F, rest: F) -> None:
    """Take a mean and its remainder off each row, in place."""
    values -= mean[:, None]
    values -= rest[:, None]
