"""Sums that merge: moments by Chan's formula, and sums over every window from sums of half their length.

Sources: Chan, Golub and LeVeque 1983. A running sum carries one bad value into every later window; a sum that is put together
of shorter ones does not, and costs as little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Count, mean and sum of squared deviations of columns, each (k,); NaN are left out where they are counted."""

    n: F
    mean: F
    m2: F

    @classmethod
    def of(cls, values: F) -> Moments:
        """Return the moments of the columns of `values` (rows, k) over the rows present; two passes."""
        total = values.sum(axis=0)
        have = None if np.isfinite(total).all() else np.isfinite(values)
        n = np.full(values.shape[1], float(len(values))) if have is None else have.sum(axis=0).astype(np.float64)
        known = values if have is None else np.where(have, values, 0.0)
        mean = known.sum(axis=0) / np.maximum(n, 1.0)
        centred = known - mean if have is None else np.where(have, values - mean, 0.0)
        return cls(n, mean, np.einsum("nk,nk->k", centred, centred))

    @classmethod
    def zero(cls, k: int) -> Moments:
        """Return the moments of nothing."""
        return cls(np.zeros(k), np.zeros(k), np.zeros(k))

    def merge(self, other: Moments) -> Moments:
        """Return the moments of both together."""
        n = self.n + other.n
        step, share = other.mean - self.mean, other.n / np.maximum(n, 1.0)
        return Moments(n, self.mean + step * share, self.m2 + other.m2 + step * step * self.n * share)

    @property
    def sd(self) -> F:
        """Standard deviation (ddof 1), (k,); NaN below two."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.n > 1, np.sqrt(self.m2 / (self.n - 1.0)), np.nan)


def window_sums(values: F, length: int) -> F:
    """Return the sum of every window of `length` neighbours along the last axis, (..., T) to (..., T - length + 1).

    Sums of 1, 2, 4, 8 ... neighbours are each two of the ones before; a window is put together of those that the binary digits
    of its length name. O(log length) per window and nothing is ever subtracted: a bad value spoils the windows that contain
    it and no other, and rounding is that of summing in pairs.
    """
    starts = values.shape[-1] - length + 1
    if starts < 1:
        return np.empty((*values.shape[:-1], 0))
    out, part, at, power = np.zeros((*values.shape[:-1], starts)), values, 0, 1
    while power <= length:
        if length & power:
            out += part[..., at : at + starts]
            at += power
        if 2 * power <= length:
            part = part[..., :-power] + part[..., power:]
        power *= 2
    return out


@dataclass(frozen=True)
class EveryDate:
    """The market model at every possible day 0 of every security, (n, starts): CAR, CAR over its sd, estimation rows."""

    car: F
    scar: F
    n_obs: F


def every_date(panel: F, factor: F, est: tuple[int, int], window: tuple[int, int]) -> EveryDate:
    """Return the market model at every position of every row, O(1) each, from sums of windows.

    Parameters
    ----------
    panel, factor : (n, T) returns, NaN missing; the regressor of each row (n, T) or of all (1, T).
    est : first column and length of the estimation window, `window` of the test window, counted from the first column that
        either needs. Column j of the result is the window that begins at column j of the panel.

    The sums are of raw values: returns, whose means are small beside their deviations; not levels. NaN where a day of the
    test window is missing or the estimation is degenerate.
    """
    span = max(sum(est), sum(window))
    starts = panel.shape[1] - span + 1
    have = np.isfinite(panel) & np.isfinite(factor)
    if have.all():
        return _every_date(panel, factor, None, est, window, starts)
    y, x = np.where(have, panel, 0.0), np.where(have, factor, 0.0)
    return _every_date(y, x, have.astype(np.float64), est, window, starts)


def _every_date(y: F, x: F, have: F | None, est: tuple[int, int], window: tuple[int, int], starts: int) -> EveryDate:
    def summed(values: F, part: tuple[int, int]) -> F:
        first, length = part
        return window_sums(values[:, first : first + starts + length - 1], length)

    days = float(window[1])
    n = np.array(float(est[1])) if have is None else summed(have, est)
    sx, sy, ex, ey = summed(x, est), summed(y, est), summed(x, window), summed(y, window)
    with np.errstate(invalid="ignore", divide="ignore"):
        x_mean, y_mean = sx / n, sy / n
        xx = summed(x * x, est) - sx * x_mean
        xy = summed(x * y, est) - sx * y_mean
        slope = xy / xx
        s2 = (summed(y * y, est) - sy * y_mean - slope * xy) / (n - 2.0)
        away = ex - days * x_mean
        car = ey - days * y_mean - slope * away
        scar = car / np.sqrt(s2 * (days + days * days / n + away * away / xx))
    if have is not None:
        bad = (summed(have, window) < days) | (n < _LEAST)
        car, scar = np.where(bad, np.nan, car), np.where(bad, np.nan, scar)
    return EveryDate(car, scar, np.broadcast_to(n, car.shape))


_LEAST = 3
