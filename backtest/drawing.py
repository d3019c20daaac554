"""Samples of a simulated market, in which what happened is known: nothing, or an effect of a given size.

The market is GARCH(1,1) with skewed t(6) shocks; a share is beta times the market, an industry factor that makes residuals
correlated, and a GARCH residual with skewed t(4) shocks and a lognormal level of volatility. Residuals over their standard
deviations then have skewness 0.40 and excess kurtosis 5.2, near those of shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from backtest.errors import SchemaError
from backtest.inference import Residuals, Sample
from backtest.models.linear import market as market_model

F = NDArray[np.float64]
Ints = NDArray[np.int64]

MARKET_VOLATILITY = 0.01
#: Median of a share's daily residual standard deviation, and the standard deviation of its logarithm.
RESIDUAL_VOLATILITY = (0.022, 0.35)
SKEW = {6: 0.95, 4: 1.10}
GARCH = (0.05, 0.90)
INDUCED = "by what share the event raises the variance, 0 or more (1 doubles it)"
TAILS = "degrees of freedom of the shocks, 3 or more, or 0 for normal ones"
WINDOW = "it must hold day 0, on which the simulated effect falls, e.g. (0, 1)"


@dataclass(frozen=True)
class Scenario:
    """A design to simulate.

    n : events, each on a share of its own. window : test window. spread : number of days over which the events fall, at
    random (1: one common date; 0: independent dates, no day in common). rho : correlation of residuals on one day. induced :
    share by which the event raises the variance of day 0. effect : return added on day 0. m, gap : estimation days and days
    between. tails : degrees of freedom of a share's own shocks, skewed t; 4 are those of shares, 0 is the normal distribution.
    days : day 0 of each event on one common calendar, instead of random ones; () leaves it to `spread`.
    """

    n: int
    window: tuple[int, int] = (0, 0)
    spread: int = 0
    rho: float = 0.0
    induced: float = 0.0
    effect: float = 0.0
    m: int = 250
    gap: int = 5
    tails: int = 4
    days: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raise SchemaError where a number makes no sense: each says what it may be."""
        wrong = [
            (self.n < 1, f"n={self.n}: a study needs one event or more"),
            (self.spread < 0, f"spread={self.spread}: days over which the events fall, 0 or more (0 is far apart)"),
            (not 0 <= self.rho < 1, f"rho={self.rho}: a correlation of residuals lies in [0, 1)"),
            (not 0 <= self.induced < np.inf, f"induced={self.induced}: {INDUCED}"),
            (not np.isfinite(self.effect), f"effect={self.effect}: give a return, 0.02 is 2 %"),
            (self.tails != 0 and self.tails < 3, f"tails={self.tails}: {TAILS}"),
            (self.m < 10, f"{self.m} estimation days are too few to simulate; give 10 or more"),
            (self.gap < 0, f"gap={self.gap}: days between the windows, 0 or more"),
            (not self.window[0] <= 0 <= self.window[1], f"window={self.window}: {WINDOW}"),
            (
                len(self.days) not in (0, self.n),
                f"{len(self.days)} days for n={self.n}: give one day for each event, or none",
            ),
        ]
        for bad, message in wrong:
            if bad:
                raise SchemaError(message)

    @property
    def length(self) -> int:
        """Days of the test window."""
        return self.window[1] - self.window[0] + 1


def skewed_t(rng: np.random.Generator, df: int, xi: float, shape: tuple[int, ...]) -> F:
    """Return Fernandez-Steel skewed t variates with mean 0 and variance 1; `df` above 2, or 0 for normal ones."""
    if df == 0:
        return rng.standard_normal(shape)
    x = np.abs(rng.standard_t(df, shape))
    z = np.where(rng.random(shape) < xi**2 / (1.0 + xi**2), x * xi, -x / xi)
    first = 2.0 * np.sqrt(df / np.pi) * np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / (df - 1)
    mean = first * (xi - 1.0 / xi)
    second = df / (df - 2.0) * (xi**3 + xi**-3) / (xi + 1.0 / xi)
    return (z - mean) / np.sqrt(second - mean**2)


def garch_path(shocks: F) -> F:
    """Return GARCH(1,1) disturbances of unit variance for shocks (..., T)."""
    alpha, beta = GARCH
    out, h = np.empty_like(shocks), np.ones(shocks.shape[:-1])
    for t in range(shocks.shape[-1]):
        out[..., t] = np.sqrt(h) * shocks[..., t]
        h = 1.0 - alpha - beta + alpha * out[..., t] ** 2 + beta * h
    return out


def draw(scenario: Scenario, size: int, seed: int) -> list[Sample]:
    """Return `size` independent samples of a scenario."""
    s, rng = scenario, np.random.default_rng(seed)
    days = s.m + s.gap + s.length
    fixed = brought_near(s.days, days)
    span = days + (int(fixed.max()) if s.days else max(s.spread - 1, 0))
    independent = s.spread == 0 and not s.days
    paths = (size, s.n, span) if independent else (size, 1, span)
    market = MARKET_VOLATILITY * garch_path(skewed_t(rng, 6, SKEW[6], paths))
    sigma = RESIDUAL_VOLATILITY[0] * np.exp(RESIDUAL_VOLATILITY[1] * rng.standard_normal((size, s.n, 1)))
    # What is a share's own need not lie on the common calendar, which may be long where days are given.
    own = garch_path(skewed_t(rng, s.tails, SKEW[4], (size, s.n, days if s.days else span)))
    industry = garch_path(skewed_t(rng, 6, 1.0, paths)) if s.rho > 0 else None
    beta = 1.0 + 0.3 * rng.standard_normal((size, s.n, 1))
    start = np.tile(fixed, (size, 1)) if s.days else rng.integers(0, max(s.spread, 1), (size, s.n))

    def cut(path: F) -> F:
        return np.take_along_axis(np.broadcast_to(path, (size, s.n, span)), start[:, :, None] + np.arange(days), axis=2)

    x, e = cut(market), own if s.days else cut(own)
    if industry is not None:
        e = np.sqrt(1.0 - s.rho) * e + np.sqrt(s.rho) * cut(industry)
    e = e * sigma
    e[:, :, s.m + s.gap - s.window[0]] += (
        np.sqrt(s.induced) * sigma[:, :, 0] * rng.standard_normal((size, s.n)) + s.effect
    )
    if independent:  # far apart in time: no two have a day in common
        start = np.broadcast_to(np.arange(s.n) * 10 * days, start.shape)
    return [_sample(s, beta[i] * x[i] + e[i], x[i], start[i]) for i in range(size)]


def brought_near(days: Sequence[int], most: int) -> Ints:
    """Return the days from 0 on, in the order given, with no more than `most` between one and the next."""
    given = np.asarray(days, dtype=np.int64)
    order = np.argsort(given, kind="stable")
    out = np.zeros(len(given), dtype=np.int64)
    out[order[1:]] = np.minimum(np.diff(given[order]), most).cumsum()
    return out


def _sample(s: Scenario, returns: F, market: F, start: Ints) -> Sample:
    """Estimate the market model of one replication."""
    est, evt = slice(0, s.m), slice(s.m + s.gap, returns.shape[1])
    normal = market_model(returns[:, est], market[:, est, None], market[:, evt, None])
    sd = np.sqrt(normal.s2)[:, None]
    days = start[:, None] + np.arange(returns.shape[1])
    block = Residuals(normal.residuals, sd, days[:, est], normal.hat)
    return Sample(
        window=s.window, first_day=s.window[0], ar=returns[:, evt] - normal.expected, s2=normal.s2, df=normal.df,
        n_obs=normal.observations(), days=days[:, evt], asset=np.arange(len(returns)), source=block.take, root=normal.root,
    )  # fmt: skip


def shifted(sample: Sample, effect: float) -> Sample:
    """Return the sample with `effect` added to the abnormal return of day 0 of every event."""
    if not effect:
        return sample
    moved = sample.ar.copy()
    moved[:, -sample.first_day] += effect
    out = replace(sample, ar=moved)
    # The correlation of estimation residuals does not change, and is dear.
    out.memo.update({key: value for key, value in sample.memo.items() if key[0] == "r"})
    return out


def detached(sample: Sample) -> Sample:
    """Return the sample with its residuals in hand, so that the prices it was cut from can be let go."""
    block = sample.residuals
    hat = None if block.hat is None else block.hat()
    own = Residuals(block.values, block.sd, block.days, None if hat is None else lambda: hat)
    return replace(sample, source=own.take, observed=None)
