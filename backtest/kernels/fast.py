"""The kernel of `single` compiled by numba (extra `fast`): windows are read where they lie, nothing is copied.

Threads are this module's own, over events; numba's would spin at a barrier while other processes are busy.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray

from backtest.kernels.choose import cores
from backtest.kernels.regression import CONSTANT, EXACT_FIT
from backtest.kernels.single import CLOSE_FIT, LEAST_ROWS, Lines

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Place = tuple[Ints, Ints, Ints]

#: Events from which more than one thread is used.
THREADS_FROM = 100_000
# Sums may be taken in any order, which lets them use the whole width of the processor; NaN keep their meaning.
compiled = numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"}, error_model="numpy")
# Where a mean and its remainder are taken off one after the other, the order is the point; unsaid, it is the caller's.
ordered = numba.njit(cache=True, nogil=True, fastmath=False, error_model="numpy")
#: A mean of so many standard deviations has a remainder worth knowing; returns have none, levels do.
FAR = 100.0


def fit_lines(panel: F, factor: F, place: Place, est: slice, evt: slice, threads: int | None = None) -> Lines:
    """Return what `single.fit_lines` returns, to 1e-12; `threads` None is one below 100,000 events, else one per core.

    Raises IndexError where a window leaves the panel: compiled code does not look.
    """
    row, of, start = (np.ascontiguousarray(a, dtype=np.int64) for a in place)
    n, m = len(row), est.stop - est.start
    if n and (start.min() + min(est.start, evt.start) < 0 or start.max() + max(est.stop, evt.stop) > panel.shape[1]):
        raise IndexError("a window leaves the panel")
    threads = threads or (1 if n < THREADS_FROM else cores())
    out = np.empty((n, evt.stop - evt.start)), np.empty((n, 5)), np.empty(n, dtype=np.int64)
    table = tables(factor, m)
    cuts = np.linspace(0, n, threads + 1).astype(int)

    def work(k: int) -> None:
        part = slice(cuts[k], cuts[k + 1])
        places = (row[part], of[part], start[part])
        lines(panel, factor, table, *places, est.start, evt.start, m, *(a[part] for a in out))

    if threads == 1:
        work(0)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))
    ar, numbers, n_obs = out
    slope, ssr, xx, y_mean, x_mean = numbers.T
    return Lines(ar, slope, ssr, xx, y_mean, x_mean, n_obs)


@compiled
def present(value):  # type: ignore[no-untyped-def]
    """Return whether a value is finite; a comparison, since `isfinite` subtracts and may be reordered away."""
    return abs(value) < np.inf


@compiled
def total(y):  # type: ignore[no-untyped-def]
    """Return the sum; not finite where a value is missing."""
    out = 0.0
    for t in range(len(y)):
        out += y[t]
    return out


@compiled
def tables(factor, m):  # type: ignore[no-untyped-def]
    """Return mean, remainder and sum of squares of every window of m days of each factor, (3, factors, starts)."""
    starts = max(factor.shape[1] - m + 1, 0)
    out = np.empty((3, factor.shape[0], starts))
    for k in range(factor.shape[0]):
        row = factor[k]
        for s in range(starts):
            x = row[s : s + m]
            mean = total(x) / m
            squares, _ = moments(x, x, mean, mean)
            out[0, k, s], out[1, k, s], out[2, k, s] = mean, remainder(x, x, mean, squares, m), squares
    return out


@ordered
def remainder(y, x, mean, squares, n):  # type: ignore[no-untyped-def]
    """Return what rounding left of the mean of `y` over the rows that both have; zero where it cannot matter."""
    if mean * mean * n < FAR * FAR * squares:
        return 0.0
    rest = 0.0
    for t in range(len(y)):
        rest += y[t] - mean if present(y[t] + x[t]) else 0.0
    return rest / n


@compiled
def moments(y, x, y_mean, x_mean):  # type: ignore[no-untyped-def]
    """Return sums of squares and of products with the regressor of the centred values of a window without holes."""
    yy, xy = 0.0, 0.0
    for t in range(len(y)):
        d = y[t] - y_mean
        yy += d * d
        xy += d * (x[t] - x_mean)
    return yy, xy


@compiled
def holed_means(y, x):  # type: ignore[no-untyped-def]
    """Return the rows that both have, and both means over them."""
    n, ys, xs = 0.0, 0.0, 0.0
    for t in range(len(y)):
        have = present(y[t] + x[t])
        n += 1.0 if have else 0.0
        ys += y[t] if have else 0.0
        xs += x[t] if have else 0.0
    return n, ys / n, xs / n


@compiled
def holed_moments(y, x, y_mean, x_mean):  # type: ignore[no-untyped-def]
    """Return both sums of squares and the sum of products of the centred values that both have."""
    yy, xx, xy = 0.0, 0.0, 0.0
    for t in range(len(y)):
        have = present(y[t] + x[t])
        dy = y[t] - y_mean if have else 0.0
        dx = x[t] - x_mean if have else 0.0
        yy += dy * dy
        xx += dx * dx
        xy += dy * dx
    return yy, xx, xy


@compiled
def residual_squares(y, x, y_mean, x_mean, slope):  # type: ignore[no-untyped-def]
    """Return the sum of squared residuals, taken one by one."""
    out = 0.0
    for t in range(len(y)):
        e = (y[t] - y_mean) - slope * (x[t] - x_mean)
        out += e * e if present(e) else 0.0
    return out


@ordered
def abnormal(y, x, y_mean, y_rest, x_mean, x_rest, slope, out):  # type: ignore[no-untyped-def]
    """Write the abnormal returns of the event days."""
    for t in range(len(out)):
        out[t] = ((y[t] - y_mean) - y_rest) - slope * ((x[t] - x_mean) - x_rest)


@compiled
def lines(panel, factor, table, row, of, start, est, evt, m, ar, numbers, n_obs):  # type: ignore[no-untyped-def]
    """Fit one line per event; write abnormal returns, (slope, ssr, xx, y mean, x mean) and rows used."""
    length = ar.shape[1]
    for i in range(len(row)):
        own, mark, first, zero = panel[row[i]], factor[of[i]], start[i] + est, start[i] + evt
        y, x = own[first : first + m], mark[first : first + m]
        n = float(m)
        y_mean, x_mean = total(y) / m, table[0, of[i], first]
        if present(y_mean + x_mean):
            x_rest, xx = table[1, of[i], first], table[2, of[i], first]
            yy, xy = moments(y, x, y_mean, x_mean)
        else:
            n, y_mean, x_mean = holed_means(y, x)
            yy, xx, xy = holed_moments(y, x, y_mean, x_mean)
            x_rest = remainder(x, y, x_mean, xx, n)
        y_rest = remainder(y, x, y_mean, yy, n)
        if not (xx > n * (CONSTANT * x_mean) ** 2 and n >= LEAST_ROWS):
            xx = np.nan
        slope = xy / xx
        ssr = yy - slope * xy
        if ssr < CLOSE_FIT * yy:
            ssr = residual_squares(y, x, y_mean, x_mean, slope)
        if ssr <= EXACT_FIT * (yy + n * y_mean * y_mean):
            ssr = 0.0
        abnormal(own[zero : zero + length], mark[zero : zero + length], y_mean, y_rest, x_mean, x_rest, slope, ar[i])
        numbers[i, 0], numbers[i, 1], numbers[i, 2], numbers[i, 3], numbers[i, 4] = slope, ssr, xx, y_mean, x_mean
        n_obs[i] = int(n)
