"""Size and power of every test at the design at hand: by simulation, or by placebo dates on the user's own prices.

The simulated market is GARCH(1,1) with skewed t(6) shocks; a share is beta times the market, an industry factor that
makes residuals correlated, and a GARCH residual with skewed t(4) shocks and a lognormal level of volatility.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from backtest.errors import AlignmentError, SchemaError
from backtest.inference import TESTS, Residuals, Sample
from backtest.inference.advice import advise
from backtest.models.linear import market as market_model
from backtest.registry import lookup

if TYPE_CHECKING:
    from backtest.prices import Prices
    from backtest.study import EventStudy

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Tests of groups whose size is worth knowing; resampling ones are left out for their cost unless asked for.
DEFAULT_TESTS = (
    "kp-overlap", "kp", "bmp", "adjusted-patell", "patell", "time-series", "cross-sectional", "corrado", "corrado-zivney",
    "grank-t", "grank-z", "generalised-sign", "cz-sign", "wilcoxon", "hall", "permutation", "common-shift", "calendar-time",
    "calendar-time-std",
)  # fmt: skip
MARKET_VOLATILITY = 0.01
RESIDUAL_VOLATILITY = (0.022, 0.35)
SKEW = {6: 0.95, 4: 1.10}
GARCH = (0.05, 0.90)
BATCH = 100
#: Most residuals that `power_table` keeps at a time.
HELD = 40_000_000


@dataclass(frozen=True)
class Scenario:
    """A design to simulate.

    n : events, each on a share of its own. window : test window. spread : number of days over which the events fall (1: one
    common date; 0: independent dates, no day in common). rho : correlation of residuals on one day. induced : share by which
    the event raises the variance of day 0. effect : return added on day 0. m, gap : estimation days and days between.
    tails : degrees of freedom of a share's own shocks, skewed t; 4 are those of shares, 0 is the normal distribution.
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

    def __post_init__(self) -> None:
        """Raise SchemaError where the window has no day 0: nothing could be found in it."""
        if not self.window[0] <= 0 <= self.window[1]:
            raise SchemaError(
                f"window={self.window}: it must hold day 0, on which the simulated effect falls, e.g. (0, 1)"
            )


def simulate(
    scenario: Scenario, tests: Sequence[str] = DEFAULT_TESTS, replications: int = 2000, seed: int = 0, level: float = 0.05,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how often each test rejects at `level`.

    Returns
    -------
    DataFrame: test, rejected (share of replications with p <= level; single-event tests: of events), se (of that share),
    refused (share of replications in which the test would have been refused), undefined (share without a p).
    """
    for name in tests:
        lookup(name, TESTS, "test")
    counts = {name: np.zeros(4) for name in tests}
    for first, size in _batches(replications):
        for sample in draw(scenario, size, seed + first):
            for name in tests:
                counts[name] += _outcome(name, sample, level)
        if progress is not None:
            progress(first + size, replications)
    return _table(counts)


def _outcome(name: str, sample: Sample, level: float) -> F:
    """Return (rejections, p-values, refused, runs) of one test on one sample."""
    p = np.atleast_1d(np.asarray(TESTS[name](sample).pvalue, dtype=float))
    have = np.isfinite(p)
    return np.array([(p[have] <= level).sum(), have.sum(), bool(advise(name, sample)), 1.0])


def _table(counts: dict[str, F]) -> pd.DataFrame:
    rows = []
    for name, (rejected, valid, refused, runs) in counts.items():
        share = rejected / valid if valid else np.nan
        se = np.sqrt(share * (1.0 - share) / valid) if valid else np.nan
        rows.append((name, share, se, refused / runs, float(valid == 0)))
    return pd.DataFrame(rows, columns=["test", "rejected", "se", "refused", "undefined"]).astype({"test": "str"})


# ------------------------------------------------------------------------------------------------------------ drawing


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
    length = s.window[1] - s.window[0] + 1
    days = s.m + s.gap + length
    span = days + max(s.spread - 1, 0)
    independent = s.spread == 0
    paths = (size, s.n, span) if independent else (size, 1, span)
    market = MARKET_VOLATILITY * garch_path(skewed_t(rng, 6, SKEW[6], paths))
    sigma = RESIDUAL_VOLATILITY[0] * np.exp(RESIDUAL_VOLATILITY[1] * rng.standard_normal((size, s.n, 1)))
    own = garch_path(skewed_t(rng, s.tails, SKEW[4], (size, s.n, span)))
    if s.rho > 0:
        industry = garch_path(skewed_t(rng, 6, 1.0, paths))
        own = np.sqrt(1.0 - s.rho) * own + np.sqrt(s.rho) * industry
    beta = 1.0 + 0.3 * rng.standard_normal((size, s.n, 1))
    start = rng.integers(0, max(s.spread, 1), (size, s.n))
    columns = start[:, :, None] + np.arange(days)
    x = np.take_along_axis(np.broadcast_to(market, (size, s.n, span)), columns, axis=2)
    e = np.take_along_axis(own, columns, axis=2) * sigma
    zero = s.m + s.gap - s.window[0]
    e[:, :, zero] += np.sqrt(s.induced) * sigma[:, :, 0] * rng.standard_normal((size, s.n)) + s.effect
    if independent:  # far apart in time: no two have a day in common
        start = np.broadcast_to(np.arange(s.n) * 10 * days, start.shape)
    return [_sample(s, beta[i] * x[i] + e[i], x[i], start[i]) for i in range(size)]


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


# ------------------------------------------------------------------------------------------------------------ placebo


def placebo_size(
    study: EventStudy, prices: Prices, n: int, tests: Sequence[str] = DEFAULT_TESTS, replications: int = 500,
    window: tuple[int, int] = (0, 0), spread: int = 0, effect: float = 0.0, seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how often each test rejects on random dates of real prices, where nothing happened.

    Parameters
    ----------
    study, prices : the design and the panel. n : events per draw. window : test window.
    spread : 0 draws dates independently, 1 one common date, k dates within k sessions.
    effect : return added on day 0, for power.

    Returns
    -------
    DataFrame as `simulate` returns it.

    Raises
    ------
    UnknownNameError
        An unknown test.
    AlignmentError
        The prices are too short for the windows, or no random date can be used.
    """
    for name in tests:
        lookup(name, TESTS, "test")
    counts = {name: np.zeros(4) for name in tests}
    for done, sample in enumerate(_placebo(study, prices, n, window, spread, replications, seed)):
        for name in tests:
            counts[name] += _outcome(name, shifted(sample, effect), 0.05)
        if progress is not None:
            progress(done + 1, replications)
    return _table(counts)


def _placebo(
    study: EventStudy, prices: Prices, n: int, window: tuple[int, int], spread: int, replications: int, seed: int
) -> Iterator[Sample]:
    """Yield samples at random dates of real prices; a draw without a usable event is left out."""
    rng = np.random.default_rng(seed)
    sessions = prices.close.index
    first, last = -study.estimation[0] + 1, len(sessions) - study.event[1] - max(spread, 1)
    if last <= first:
        raise AlignmentError(f"{len(sessions)} sessions are too few for windows {study.estimation} and {study.event}")
    draws = 0
    for _ in range(replications):
        events = _random_events(rng, prices, n, first, last, spread)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                sample = replace(study, peers=False).run(events, prices).sample(window)
            except AlignmentError:
                continue
        draws += 1
        yield sample
    if not draws:
        raise AlignmentError("no random date could be used; the prices have too many holes for these windows")


def _random_events(
    rng: np.random.Generator, prices: Prices, n: int, first: int, last: int, spread: int
) -> pd.DataFrame:
    assets = rng.choice(prices.tickers, n, replace=n > len(prices.tickers))
    at = rng.integers(first, last, n) if spread == 0 else rng.integers(first, last) + rng.integers(0, spread, n)
    return pd.DataFrame({"asset": assets, "event_time": prices.close.index[at]}).drop_duplicates()


# -------------------------------------------------------------------------------------------------------- power table


def power_table(
    scenario: Scenario, tests: Sequence[str] = DEFAULT_TESTS, effect: float = 0.01, replications: int = 500,
    seed: int = 0, level: float = 0.05, power: float = 0.8, study: EventStudy | None = None,
    prices: Prices | None = None, progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return size, power at `effect` and the minimum detectable effect of each test for the design at hand.

    Parameters
    ----------
    scenario : the design. With `study` and `prices` only `n`, `window` and `spread` count: the samples are then random
        dates of those prices under that study (placebo), else they are simulated.
    tests : names. effect : return on day 0 at which power is given (fraction). replications : samples; all effects are
        tried on the same ones, fewer where they would fill the memory. seed : of the draws. level : nominal size.
        power : what the minimum effect is found with.
    progress : called as ``progress(done, total)`` with counts of tests.

    Returns
    -------
    DataFrame: test, source ("simulation" or "placebo"), n, replications (samples drawn), effect, size, size_se, power,
    power_se, minimum_effect (positive, fraction; NaN where even 100 % is not found), refused (share of samples in which
    the test would be refused). NaN where the test is undefined.

    Raises
    ------
    UnknownNameError
        An unknown test.
    SchemaError
        Only one of `study` and `prices`.
    AlignmentError
        The prices are too short for the windows.
    """
    for name in tests:
        lookup(name, TESTS, "test")
    if (study is None) != (prices is None):
        raise SchemaError("placebo dates need both study= and prices=")
    count = min(replications, max(20, HELD // (scenario.n * (scenario.m + scenario.gap))))
    if study is not None and prices is not None:
        drawn = _placebo(study, prices, scenario.n, scenario.window, scenario.spread, count, seed)
        samples = [_detached(sample) for sample in drawn]
    else:
        samples = [s for k in _batches(count) for s in draw(replace(scenario, effect=0.0), k[1], seed + k[0])]
    rows = []
    for done, name in enumerate(tests):
        size, found = (_rate(name, samples, e, level) for e in (0.0, effect))
        least = _least_effect(name, samples, level, power)
        refused = float(np.mean([bool(advise(name, sample)) for sample in samples]))
        rows.append(
            (
                name,
                "simulation" if study is None else "placebo",
                scenario.n,
                len(samples),
                effect,
                *size,
                *found,
                least,
                refused,
            )
        )
        if progress is not None:
            progress(done + 1, len(tests))
    columns = [
        "test",
        "source",
        "n",
        "replications",
        "effect",
        "size",
        "size_se",
        "power",
        "power_se",
        "minimum_effect",
        "refused",
    ]
    return pd.DataFrame(rows, columns=columns).astype({"test": "str", "source": "str"})


def _batches(replications: int) -> list[tuple[int, int]]:
    """Return (first, size) of the batches that samples are drawn in."""
    return [(first, min(BATCH, replications - first)) for first in range(0, replications, BATCH)]


def _detached(sample: Sample) -> Sample:
    """Return the sample with its residuals in hand, so that the prices it was cut from can be let go."""
    block = sample.residuals
    hat = None if block.hat is None else block.hat()
    own = Residuals(block.values, block.sd, block.days, None if hat is None else lambda: hat)
    return replace(sample, source=own.take, observed=None)


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


def _rate(name: str, samples: Sequence[Sample], effect: float, level: float) -> tuple[float, float]:
    """Return how often a test rejects, and the standard error of that share; NaN where it is undefined."""
    total = np.zeros(2)
    for sample in samples:
        p = np.atleast_1d(np.asarray(TESTS[name](shifted(sample, effect)).pvalue, dtype=float))
        have = np.isfinite(p)
        total += (p[have] <= level).sum(), have.sum()
    if not total[1]:
        return np.nan, np.nan
    share = total[0] / total[1]
    return float(share), float(np.sqrt(share * (1.0 - share) / total[1]))


def _least_effect(name: str, samples: Sequence[Sample], level: float, power: float) -> float:
    """Return the effect that is found in a share `power` of the samples, by bisection on the same samples."""
    low, high = 0.0, 1.0
    if not _rate(name, samples, high, level)[0] >= power:
        return np.nan
    while high - low > max(0.0005, 0.01 * high):
        middle = (low + high) / 2.0
        low, high = (low, middle) if _rate(name, samples, middle, level)[0] >= power else (middle, high)
    return high


def minimum_detectable(
    scenario: Scenario, tests: Sequence[str] = ("kp-overlap",), power: float = 0.8, replications: int = 400, seed: int = 0
) -> pd.DataFrame:  # fmt: skip
    """Return the effect on day 0 that each test finds with `power`, by bisection on simulated samples.

    Returns
    -------
    DataFrame: test, effect (fraction; NaN where even 100 % is not found).
    """
    table = power_table(scenario, tests, replications=replications, seed=seed, power=power)
    return table[["test", "minimum_effect"]].rename(columns={"minimum_effect": "effect"})
