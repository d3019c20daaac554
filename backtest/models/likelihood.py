"""The log likelihood of GARCH market models, exact to its derivatives, and Newton's method on it.

An optimiser that compares likelihoods stops where they no longer differ in the last digit, a millionth of a parameter away
from the maximum. Newton's method on exact first derivatives goes on to where they vanish.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]
C = NDArray[np.complex128]

# The imaginary step of a derivative; its square is nothing beside any number here, so nothing is lost to differences.
TINY = 1e-30
SPREAD = 1e-5
STEPS = 12
CLOSE = 1e-13
NORMAL_ABS = np.sqrt(2.0 / np.pi)
BACKCAST_DAYS, BACKCAST_DECAY = 75, 0.94


@dataclass(frozen=True)
class Garch:
    """A market model ``y = c + b x + e`` with a variance that moves; y, x (T,) in per cent.

    exponential : EGARCH, else GARCH. asymmetric : bad news counts apart. heavy : Student's t, else normal.
    Parameters in order: c, b, omega, alpha, gamma (if asymmetric), beta, nu (if heavy).
    """

    y: F
    x: F
    exponential: bool
    asymmetric: bool
    heavy: bool

    def line(self) -> tuple[F, F]:
        """Return intercept and slope (2,) of least squares, and its residuals (T,)."""
        design = np.column_stack([np.ones(len(self.y)), self.x])
        found = np.asarray(np.linalg.lstsq(design, self.y, rcond=None)[0], dtype=np.float64)
        return found, self.y - design @ found

    def start(self) -> float:
        """Return the variance before the first day: decaying mean of the first squared residuals of least squares."""
        e = self.line()[1]
        weight = BACKCAST_DECAY ** np.arange(min(BACKCAST_DAYS, len(e)))
        return float((weight * e[: len(weight)] ** 2).sum() / weight.sum())

    def still(self) -> float:
        """Return the greatest log likelihood of normal returns whose variance never moves."""
        e = self.line()[1]
        return float(-0.5 * len(e) * (np.log(2.0 * np.pi * (e @ e) / len(e)) + 1.0))

    def quiet(self, beta: float) -> F:
        """Return parameters (k,) of a variance about that of least squares that moves little and forgets with `beta`."""
        found, e = self.line()
        level, alpha = (e @ e) / len(e), 0.05
        omega = (1.0 - beta) * np.log(level) if self.exponential else (1.0 - alpha - beta) * level
        tail = [8.0] if self.heavy else []
        return np.array([*found, omega, alpha, *([0.0] if self.asymmetric else []), beta, *tail])

    def log_likelihood(self, theta: C) -> C:
        """Return the log likelihood of each row of `theta` (B, k), complex in and out, (B,)."""
        e = self.y - theta[:, 0, None] - theta[:, 1, None] * self.x
        omega, alpha = theta[:, 2], theta[:, 3]
        gamma = theta[:, 4] if self.asymmetric else np.zeros_like(omega)
        beta = theta[:, 5] if self.asymmetric else theta[:, 4]
        path = _egarch if self.exponential else _garch
        log_h = path(e, omega, alpha, gamma, beta, self.start())
        if self.heavy:
            return _student(e, log_h, theta[:, -1, None])
        return -0.5 * (np.log(2.0 * np.pi) + log_h + e * e * np.exp(-log_h)).sum(axis=1)

    def score(self, theta: F) -> F:
        """Return the gradient of the log likelihood at each row of `theta`, (B, k) each."""
        rows, k = theta.shape
        points = theta[:, None, :] + 1j * TINY * np.eye(k)
        return self.log_likelihood(points.reshape(rows * k, k)).imag.reshape(rows, k) / TINY

    def maximum(self, theta: F) -> F:
        """Return the parameters near `theta` (k,) at which the gradient vanishes; `theta` itself where there are none."""
        best = theta
        for _ in range(STEPS):
            step = self._newton(best)
            if not np.isfinite(step).all():
                return theta
            best = best + step
            if not self.feasible(best):
                return theta
            if (np.abs(step) <= CLOSE * np.maximum(np.abs(best), 1e-3)).all():
                break
        value = self.log_likelihood(np.stack([theta, best]).astype(complex)).real
        return best if value[1] >= value[0] - 1e-9 * abs(value[0]) else theta

    def _newton(self, theta: F) -> F:
        """Return the step to the maximum of the parabola through gradient and curvature; NaN where there is none."""
        k = len(theta)
        width = SPREAD * np.maximum(np.abs(theta), 0.01)
        around = theta + np.concatenate([np.zeros((1, k)), np.diag(width), -np.diag(width)])
        with np.errstate(all="ignore"):
            slopes = self.score(around)
        curvature = (slopes[1 : k + 1] - slopes[k + 1 :]) / (2.0 * width[:, None])
        curvature = (curvature + curvature.T) / 2.0
        if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature).max() >= 0:
            return np.full(k, np.nan)
        return np.asarray(-np.linalg.solve(curvature, slopes[0]))

    def feasible(self, theta: F) -> bool:
        """Return whether the variance stays positive and does not explode."""
        if self.heavy and not theta[-1] > 2.05:
            return False
        beta = theta[5] if self.asymmetric else theta[4]
        if self.exponential:
            return bool(abs(beta) < 1.0)
        omega, alpha, gamma = theta[2], theta[3], theta[4] if self.asymmetric else 0.0
        return bool(omega > 0 and min(alpha, alpha + gamma, beta) >= 0 and alpha + gamma / 2.0 + beta < 1.0)


def _garch(e: C, omega: C, alpha: C, gamma: C, beta: C, start: float) -> C:
    """Return the log variances (B, T) of GARCH and GJR; the day before the first has `start` as its variance and square."""
    h = np.empty_like(e)
    h[:, 0] = omega + (alpha + gamma / 2.0 + beta) * start
    news = (alpha[:, None] + gamma[:, None] * (e.real < 0)) * e * e
    for t in range(1, e.shape[1]):
        h[:, t] = omega + news[:, t - 1] + beta * h[:, t - 1]
    return np.log(h)


def _egarch(e: C, omega: C, alpha: C, gamma: C, beta: C, start: float) -> C:
    """Return the log variances (B, T) of EGARCH; the day before the first has `start` as its variance and no shock."""
    log_h = np.empty_like(e)
    log_h[:, 0] = omega + beta * np.log(start)
    for t in range(1, e.shape[1]):
        z = e[:, t - 1] * np.exp(-0.5 * log_h[:, t - 1])
        size = np.where(z.real < 0, -z, z) - NORMAL_ABS
        log_h[:, t] = omega + alpha * size + gamma * z + beta * log_h[:, t - 1]
    return log_h


def _student(e: C, log_h: C, nu: C) -> C:
    """Return the log likelihood (B,) of Student's t scaled to the variance."""
    from scipy.special import loggamma

    level = loggamma((nu + 1.0) / 2.0) - loggamma(nu / 2.0) - 0.5 * np.log(np.pi * (nu - 2.0))
    tail = (nu + 1.0) / 2.0 * np.log1p(e * e * np.exp(-log_h) / (nu - 2.0))
    return (level - 0.5 * log_h - tail).sum(axis=1)
