"""Tests for events whose day is uncertain: the effect lies on one unknown day, or a few, of the test window.

Sources: Corrado 2011 (event-period uncertainty); Ball and Torous 1988 (mixture); exact permutation of pooled
standardised returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.inference.sample import Sample, Statistic
from backtest.inference.single import studentised_sums
from backtest.kernels.gather import rolling_sums

F = NDArray[np.float64]

SCAN_LENGTHS = (1, 2, 3, 5)
DRAWS = 1_999
#: Change of mu and d2 in a step of EM below which it has arrived.
STEADY = 1e-6


def exact_max_p(k: F, n: F, w: int) -> F:
    """Return ``1 - C(n - k, w) / C(n, w)``: the chance that the largest of w of n exchangeable values ranks k-th or higher."""
    left = np.arange(w)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log1p(-np.minimum(k[:, None] / (n[:, None] - left), 1.0)).sum(axis=1)
    # For the largest of all it is w / n, to the last digit: tests at a level of w / n turn on it.
    return np.where(k == 1, w / n, -np.expm1(log))


def max_test(sample: Sample) -> Statistic:
    """Exact max test per event: the largest ``|AR / (s sqrt C)|`` of the window among all n = M + w standardised returns.

    With k its rank from the top, ``p = 1 - C(n - k, w) / C(n, w)``; one-sided with signed values. The smallest p is w / n,
    so that a test at 5 % needs M >= 19 w estimation days (a month: 400, better 500).
    """
    event = _extreme(sample.sar[:, sample.columns], sample.side)
    top = event.max(axis=1)
    # Values that are equal on paper tie, whatever their last digit.
    least = top - 1e-12 * np.maximum(1.0, np.abs(top))
    k = (event >= least[:, None]).sum(axis=1).astype(float)
    n = np.full(sample.n, float(sample.length))
    for rows, block in sample.blocks():
        z = studentised_sums(block, 1)
        with np.errstate(invalid="ignore"):
            k[rows] += (_extreme(z, sample.side) >= least[rows, None]).sum(axis=1)
        n[rows] += np.isfinite(z).sum(axis=1)
    p = exact_max_p(k, n, sample.length)
    return Statistic(top, p, sample.car, p_min=sample.length / n, distribution="permutation")


def _extreme(z: F, side: str) -> F:
    """Return what counts as large on this side."""
    return np.abs(z) if side == "two" else z if side == "right" else -z


def scan(sample: Sample, lengths: tuple[int, ...] = SCAN_LENGTHS, draws: int = DRAWS, seed: int = 0) -> Statistic:
    """Scan test per event: the largest ``|sum z| / sqrt(l)`` over sub-windows of 1, 2, 3 and 5 days, by permutation.

    The pooled standardised returns of estimation and test window are shuffled and cut into windows.
    """
    lengths = tuple(length for length in lengths if length <= sample.length)
    event = sample.sar[:, sample.columns]
    own = _largest(event, lengths, sample.side)
    p = np.empty(sample.n)
    for i, pool in enumerate(pools_of(sample)):
        drawn = _largest(shuffled_windows(pool, sample.length, draws, seed), lengths, sample.side)
        p[i] = (1.0 + (drawn >= own[i] - 1e-12 * max(1.0, abs(own[i]))).sum()) / (1.0 + len(drawn))
    return Statistic(own, p, sample.car, p_min=np.full(sample.n, 1.0 / (1.0 + draws)), distribution="permutation")


def shuffled_windows(pool: F, length: int, draws: int, seed: int) -> F:
    """Return `draws` windows (draws, length) drawn without replacement: whole shuffles of the pool, cut into windows."""
    per_shuffle = len(pool) // length
    rng = np.random.default_rng(seed)
    order = rng.random((-(-draws // per_shuffle), len(pool))).argsort(axis=1)[:, : per_shuffle * length]
    return pool[order].reshape(-1, length)[:draws]


def pools_of(sample: Sample) -> list[F]:
    """Return each event's standardised returns of estimation and test window together."""
    event = sample.sar[:, sample.columns]
    return [
        np.concatenate([z[np.isfinite(z)], event[i]])
        for rows, block in sample.blocks()
        for i, z in zip(range(rows.start, rows.stop), studentised_sums(block, 1), strict=True)
    ]


def _largest(z: F, lengths: tuple[int, ...], side: str) -> F:
    """Return the scan statistic of each row of standardised returns."""
    best = np.full(len(z), -np.inf)
    for length in lengths:
        sums = rolling_sums(z, length) / np.sqrt(length)
        sums = np.abs(sums) if side == "two" else sums if side == "right" else -sums
        best = np.maximum(best, sums.max(axis=1))
    return best


def mixture(sample: Sample, draws: int = 199, seed: int = 0, prior: F | None = None) -> Statistic:
    """Ball-Torous mixture over N events: each has its effect on one unknown day of the window.

    ``L_i = sum_t pi_t phi(z_it; mu, 1 + d2) prod_{r != t} phi(z_ir)``; `prior` pi, (w,) or (N, w), None: all days alike. The
    likelihood ratio of ``mu = 0`` is calibrated by shuffling pooled standardised returns within each event, since fat tails
    make its chi-square p too small. One-sided p use the signed root. The effect is mu times the mean standard deviation of a
    day.
    """
    event = sample.sar[:, sample.columns]
    fit = fitted(event, pools_of(sample), prior, draws, seed, sample.side)
    effect = fit.mu * float(np.sqrt(sample.s2).mean())
    return Statistic(fit.ratio, fit.pvalue, effect, p_min=fit.p_min, distribution="permutation")


@dataclass(frozen=True)
class Fit:
    """A mixture fitted to N events: likelihood ratio of mu = 0, mu, d2 (both in units of a day), p by permutation."""

    ratio: float
    mu: float
    extra: float
    pvalue: float
    p_min: float


def fitted(
    event: F, pools: Sequence[F], prior: F | None, draws: int = 199, seed: int = 0, side: str = "two", steps: int = 60
) -> Fit:
    """Fit the mixture to standardised returns (N, w) and calibrate it; days of prior zero count for nothing.

    `pools` are each event's standardised returns of estimation and candidate days together.
    """
    placebo = np.empty((draws, *event.shape))
    # The draws must not depend on the order of the events in the table.
    for place, i in enumerate(np.lexsort(event.T)):
        placebo[:, i] = shuffled_windows(pools[i], event.shape[1], draws, seed + place)
    own, mu = (float(v) for v in likelihood_ratio(event, steps, prior))
    drawn = _signed(*likelihood_ratio(placebo, steps, prior), side)
    value = _signed(np.array(own), np.array(mu), side)
    p = (1.0 + (drawn >= value - 1e-9).sum()) / (1.0 + draws)
    return Fit(own, mu, float(_em(event, steps, fixed_mean=False, prior=prior)[2]), float(p), 1.0 / (1.0 + draws))


def _signed(ratio: F, mu: F, side: str) -> F:
    root = np.sqrt(np.maximum(ratio, 0.0)) * np.sign(mu)
    return ratio if side == "two" else root if side == "right" else -root


def likelihood_ratio(z: F, steps: int = 60, prior: F | None = None) -> tuple[F, F]:
    """Return (LR of mu = 0, mu) of the mixture by EM, for standardised returns (..., N, w); prior None: all days alike."""
    free = _em(z, steps, fixed_mean=False, prior=prior)
    null = _em(z, steps, fixed_mean=True, prior=prior)
    return np.maximum(0.0, 2.0 * (free[0] - null[0])), free[1]


def posterior(z: F, prior: F | None = None, steps: int = 60) -> F:
    """Return the posterior probability of each candidate day, (N, w), under the mixture fitted to `z` (N, w)."""
    _, mu, extra = _em(z, steps, fixed_mean=False, prior=prior)
    return _responsibilities(z, mu, extra, prior)[0]


def _em(z: F, steps: int, fixed_mean: bool, prior: F | None = None) -> tuple[F, F, F]:
    """Return (log likelihood ratio to no effect, mu, d2), each of the leading shape, by EM.

    The likelihood has several tops: it is climbed from the mean of the days that stand out, from an effect of their size with
    either sign, and from a variance alone.
    """
    with np.errstate(divide="ignore"):
        standing = z * z if prior is None else z * z + 2.0 * np.log(prior)
    chosen = np.take_along_axis(z, standing.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    none = np.zeros(chosen.shape[:-1])
    power = (chosen**2).mean(axis=-1)
    starts = [(none, np.maximum(power - 1.0, 0.1)), (none, none + 0.1)]
    if not fixed_mean:
        size = np.sqrt(power)
        starts[1:] = [(chosen.mean(axis=-1), np.maximum(chosen.var(axis=-1), 0.1)), (size, none), (-size, none)]
    best = _climb(z, *starts[0], steps, fixed_mean, prior)
    for start in starts[1:]:
        found = _climb(z, *start, steps, fixed_mean, prior)
        better = found[0] > best[0]
        best = tuple(np.where(better, new, old) for new, old in zip(found, best, strict=True))  # type: ignore[assignment]
    return best


def _climb(z: F, mu: F, extra: F, steps: int, fixed_mean: bool, prior: F | None) -> tuple[F, F, F]:
    """Return (log likelihood ratio to no effect, mu, d2) at the top above a start."""
    for _ in range(steps):
        weight, _ = _responsibilities(z, mu, extra, prior)
        total, before = weight.sum(axis=(-2, -1)), (mu, extra)
        if not fixed_mean:
            mu = (weight * z).sum(axis=(-2, -1)) / total
        extra = np.maximum((weight * (z - mu[..., None, None]) ** 2).sum(axis=(-2, -1)) / total - 1.0, 0.0)
        if max(np.abs(mu - before[0]).max(), np.abs(extra - before[1]).max()) < STEADY:
            break
    return _responsibilities(z, mu, extra, prior)[1].sum(axis=-1), mu, extra


def _responsibilities(z: F, mu: F, extra: F, prior: F | None) -> tuple[F, F]:
    """Return the probability of each day given the data, (..., N, w), and the log likelihood ratio to no effect (..., N)."""
    weight = np.full(z.shape[-1], 1.0 / z.shape[-1]) if prior is None else prior
    mean, variance = mu[..., None, None], 1.0 + extra[..., None, None]
    with np.errstate(divide="ignore"):
        log = np.log(weight) - 0.5 * np.log(variance) - 0.5 * (z - mean) ** 2 / variance + 0.5 * z**2
    top = log.max(axis=-1, keepdims=True)
    scaled = np.exp(log - top)
    total = scaled.sum(axis=-1, keepdims=True)
    return scaled / total, (top + np.log(total))[..., 0]
