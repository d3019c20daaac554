"""The market model for blocks of events: one regressor, windows cut straight from the panel, nothing else computed.

The same two passes as `regression.least_squares` (means, then moments of the centred values), and a third quantity: what
the centring left over. A level of 1e6 cannot hold its own mean to more than ten digits; the remainder restores the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.gather import chunks, gather
from backtest.kernels.regression import CONSTANT, EXACT_FIT

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Events per block of `fit_residuals`: two blocks of 250 estimation days stay in the second-level cache.
CHUNK = 192
#: Events that `fit_lines` takes at once: they share the windows of their regressors.
LINES_CHUNK = 3072
#: Those of which the returns are held at once.
BLOCK = 384
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


@dataclass(frozen=True)
class Distinct:
    """The distinct windows of the regressor among those of n events: events of one day share theirs.

    which : (n,) window of each event. centred : (k, M) less their means. mean, rest, squares : (k,) mean, what rounding left
    of it, sum of squares. market : (k, L) event days less the mean.
    """

    which: Ints
    centred: F
    mean: F
    rest: F
    squares: F
    market: F


def distinct_windows(factor: F, of: Ints, start: Ints, est: slice, evt: slice) -> Distinct:
    """Return the windows of the regressor, one for each run of neighbouring events that share it."""
    fresh = np.ones(len(start), dtype=bool)
    fresh[1:] = (start[1:] != start[:-1]) | (of[1:] != of[:-1])
    first = np.flatnonzero(fresh)
    of, start, m = of[first], start[first], est.stop - est.start
    x, ones = gather(factor, of, start + est.start, m), np.ones(m)
    mean = np.vecdot(x, ones) / m
    x -= mean[:, None]
    rest = np.vecdot(x, ones) / m
    market = gather(factor, of, start + evt.start, evt.stop - evt.start)
    _less(market, mean, rest)
    return Distinct(np.cumsum(fresh) - 1, x, mean, rest, np.vecdot(x, x), market)


def fit_lines(panel: F, factor: F, place: tuple[Ints, Ints, Ints], est: slice, evt: slice) -> Lines:
    """Return the lines of `fit_residuals` alone, in half the time where neighbouring events share a day.

    The regressor is centred once per distinct window. Returns are not centred at all: a mean that is small beside the
    deviations costs no digit. Windows where it is not, fits that leave next to nothing, and windows of which the missing days
    take away half the regressor's variance or more are left to `fit_residuals`.
    """
    row, of, start = place
    n, x = len(row), distinct_windows(factor, of, start, est, evt)
    lines, sure = _blank(n, evt.stop - evt.start), np.empty(n, dtype=bool)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for part in chunks(n, BLOCK):
            y = gather(panel, row[part], start[part] + est.start, est.stop - est.start)
            own = np.take(x.centred, x.which[part], axis=0)
            sure[part], shift, _ = _uncentred(y, own, x, part, lines)
            ar = gather(panel, row[part], start[part] + evt.start, evt.stop - evt.start)
            _predict(ar, x.market[x.which[part]] - shift[:, None], part, lines)
    _again(lines, np.flatnonzero(~sure), panel, factor, place, est, evt)
    return lines


@dataclass(frozen=True)
class Fitted:
    """Lines with what tests need beside them: residuals (n, M), zero where a row was not used; used (n, M), None where all were;
    market (n, L), the regressor on the event days less its mean.
    """

    lines: Lines
    residuals: F
    used: NDArray[np.bool_] | None
    market: F


def fit_events(panel: F, factor: F, place: tuple[Ints, Ints, Ints], est: slice, evt: slice) -> Fitted:
    """Return `fit_lines` with residuals, for a block of events that fits into memory."""
    row, of, start = place
    n, x = len(row), distinct_windows(factor, of, start, est, evt)
    lines, whole = _blank(n, evt.stop - evt.start), slice(0, n)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        y = gather(panel, row, start + est.start, est.stop - est.start)
        own = np.take(x.centred, x.which, axis=0)
        sure, shift, (event, day) = _uncentred(y, own, x, whole, lines)
        market = x.market[x.which] - shift[:, None]
        _predict(gather(panel, row, start + evt.start, evt.stop - evt.start), market, whole, lines)
        y -= lines.y_mean[:, None]
        if len(event):
            own -= shift[:, None]
        own *= lines.slope[:, None]
        y -= own
    used = None
    unsure = np.flatnonzero(~sure)
    if len(event) or len(unsure):
        used = np.ones(y.shape, dtype=bool)
        used[event, day] = False
        y[event, day] = 0.0
    centred = _again(lines, unsure, panel, factor, place, est, evt)
    if centred is not None and used is not None:
        y[unsure], used[unsure] = centred.values(lines.slope[unsure]), centred.used()
        market[unsure] = centred.market
    return Fitted(lines, y, used, market)


def _blank(n: int, length: int) -> Lines:
    slope, ssr, xx, y_mean, x_mean = np.empty((5, n))
    return Lines(np.empty((n, length)), slope, ssr, xx, y_mean, x_mean, np.empty(n, dtype=np.int64))


def _predict(ar: F, market: F, part: slice, lines: Lines) -> None:
    """Turn the returns of the event days into abnormal ones, and write them."""
    ar -= lines.y_mean[part, None]
    ar -= lines.slope[part, None] * market
    lines.ar[part] = ar


def _again(
    lines: Lines, index: Ints, panel: F, factor: F, place: tuple[Ints, Ints, Ints], est: slice, evt: slice
) -> Residuals | None:
    """Fit some events anew with every care, and return what was centred for them; None where there are none."""
    if not len(index):
        return None
    row, of, start = place
    again, centred = fit_residuals(panel, factor, (row[index], of[index], start[index]), est, evt)
    for f in fields(Lines):
        getattr(lines, f.name)[index] = getattr(again, f.name)
    return centred


def _uncentred(y: F, own: F, x: Distinct, part: slice, lines: Lines) -> tuple[NDArray[np.bool_], F, tuple[Ints, Ints]]:
    """Fit the events of `part`, missing rows of `y` set to zero, their regressor's windows in `own`.

    Returns where the numbers can be relied on, by how much the regressor's mean is shifted, and the missing rows (event, day).
    """
    m, which = y.shape[1], x.which[part]
    ones, event, day = np.ones(m), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    n_obs, total = np.full(len(y), m, dtype=np.int64), np.vecdot(y, ones)
    whole, centre = x.squares[which], x.rest[which]
    xx, shift = whole.copy(), np.zeros(len(y))
    holed = np.flatnonzero(~np.isfinite(total))
    if len(holed):
        at, day = np.nonzero(~np.isfinite(y[holed]))
        event = holed[at]
        y[event, day] = 0.0
        gone, count = own[event, day], len(holed)
        n_obs[holed] -= np.bincount(at, minlength=count)
        total[holed] = np.vecdot(y[holed], ones)
        centre[holed] = (m * centre[holed] - np.bincount(at, gone, count)) / n_obs[holed]
        shift[holed] = centre[holed]
        xx[holed] -= np.bincount(at, gone * gone, count) + n_obs[holed] * centre[holed] ** 2
    y_mean = total / n_obs
    level = total * y_mean
    yy, xy = np.vecdot(y, y) - level, np.vecdot(y, own) - total * centre
    slope, x_mean = xy / xx, x.mean[which] + shift
    ssr = yy - slope * xy
    found = {"slope": slope, "ssr": ssr, "xx": xx, "y_mean": y_mean, "x_mean": x_mean, "n_obs": n_obs}
    for name, values in found.items():
        getattr(lines, name)[part] = values
    sure = (ssr >= CLOSE_FIT * yy) & (level <= yy) & (xx > 0.5 * whole) & (n_obs >= LEAST_ROWS)
    return sure & (xx > n_obs * (CONSTANT * x_mean) ** 2), shift, (event, day)


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
