"""Sign tests and Wilcoxon's signed-rank test.

Sources: Brown and Warner 1980 (sign); Cowan 1992 (generalised sign); Corrado and Zivney 1992 (sign against the median);
Wilcoxon 1945. An abnormal return of zero counts as not positive.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.ranks import by_day
from backtest.inference.sample import ROUNDING, Sample, Statistic, undefined
from backtest.kernels.ranks import midranks
from backtest.registry import require_one_of

F = NDArray[np.float64]

# Exact distributions up to this many events, the normal approximation beyond.
EXACT = 25
NO_SIGNS = "the signs of all days cancel"


def sign(sample: Sample, exact: bool | None = None) -> Statistic:
    """Sign test: positive CARs against one half, ``(w - N/2) / sqrt(N/4)``; exact binomial p up to 25 events.

    `exact` True or False forces the one or the other p.
    """
    z = (_positive(sample) - sample.n / 2.0) / np.sqrt(sample.n / 4.0)
    return _binomial(sample, z, 0.5, sample.n <= EXACT if exact is None else exact)


def generalised_sign(sample: Sample, share: str = "mean", exact: bool = False) -> Statistic:
    """Cowan 1992: positive CARs against the share of positive residuals in the estimation windows, N(0, 1).

    `share` is "mean" (average over events of each event's own share) or "pooled" (share of all residuals).
    """
    require_one_of(share, ("mean", "pooled"), "share")
    positive = np.concatenate([(block.values > ROUNDING * block.sd).sum(axis=1) for _, block in sample.blocks()])
    present = np.concatenate([np.isfinite(block.values).sum(axis=1) for _, block in sample.blocks()])
    p = float((positive / present).mean()) if share == "mean" else float(positive.sum() / present.sum())
    if not 0.0 < p < 1.0:
        return undefined("all estimation residuals have the same sign", sample)
    z = (_positive(sample) - sample.n * p) / np.sqrt(sample.n * p * (1.0 - p))
    return _binomial(sample, z, p, exact)


def cz_sign(sample: Sample) -> Statistic:
    """Corrado-Zivney sign test: signs of abnormal returns about their own median over estimation and event window, N(0, 1).

    ``T_t = N_t^-1/2 sum_i G_it / S``, S from all days; a window is ``sum T_t / sqrt(L)``.
    """
    return by_day(sample, lambda rows, block: np.hstack([block.values, sample.ar[rows]]), _about_median, NO_SIGNS)


def _about_median(values: F) -> F:
    """Return the signs of each row's values about their median, 0 at the median, NaN stay NaN."""
    size = np.abs(np.where(np.isfinite(values), values, 0.0)).max(axis=1, keepdims=True)
    values = values - np.nanmedian(values, axis=1, keepdims=True)
    return np.sign(np.where(np.abs(values) <= ROUNDING * size, 0.0, values))


def wilcoxon(sample: Sample, on: str = "car") -> Statistic:
    """Wilcoxon signed-rank test of symmetry about zero: W+, the sum of the ranks of positive CARs.

    `on` is "car" or "scar". Exact distribution up to 25 events (ties by midranks), normal approximation with tie
    correction beyond; zeros leave the sample.
    """
    require_one_of(on, ("car", "scar"), "on")
    values = sample.car if on == "car" else sample.scar
    values = values[np.abs(values) > _noise(sample) * (1.0 if on == "car" else 1.0 / np.sqrt(sample.car_var))]
    if not len(values):
        return undefined("every CAR is zero", sample)
    ranks = midranks(np.abs(values)[None, :])[0]
    w = float(ranks[values > 0].sum())
    exact = len(values) <= EXACT
    p_of = _signed_rank_p if exact else _signed_rank_normal
    p = p_of(ranks, w, sample.side)
    p_min = min(p_of(ranks, 0.0, sample.side), p_of(ranks, float(ranks.sum()), sample.side))
    return Statistic(
        w, p, float(sample.car.mean()), p_min=p_min, n=len(values), distribution="wilcoxon" if exact else "normal"
    )


def _positive(sample: Sample) -> float:
    return float((sample.car > _noise(sample)).sum())


def _noise(sample: Sample) -> F:
    """Return the size up to which each CAR is zero but for rounding, (n,)."""
    return ROUNDING * np.sqrt(sample.car_var)


def _binomial(sample: Sample, z: float, p: float, exact: bool) -> Statistic:
    mean, n, w = float(sample.car.mean()), sample.n, _positive(sample)
    if not exact:
        ends = (np.array([0.0, n]) - n * p) / np.sqrt(n * p * (1.0 - p))
        p_min = float(pvalues.normal(ends, sample.side).min())
        return Statistic(float(z), float(pvalues.normal(z, sample.side)), mean, p_min=p_min, distribution="normal")
    pvalue = binomial_p(n, w, p, sample.side)
    p_min = min(binomial_p(n, 0.0, p, sample.side), binomial_p(n, float(n), p, sample.side))
    return Statistic(float(z), pvalue, mean, p_min=p_min, distribution="binomial")


def binomial_p(n: int, w: float, p: float, side: str) -> float:
    """Return the exact binomial p-value of `w` successes; two-sided adds all outcomes that are no more likely."""
    from scipy.special import bdtr, bdtrc

    if side == "left":
        return float(bdtr(w, n, p))
    if side == "right":
        return float(bdtrc(w - 1.0, n, p)) if w > 0 else 1.0
    k = np.arange(n + 1.0)
    mass = np.diff(np.concatenate([[0.0], bdtr(k, n, p)]))
    return float(min(1.0, mass[mass <= mass[int(w)] * (1.0 + 1e-7)].sum()))


def _signed_rank_p(ranks: F, w: float, side: str) -> float:
    """Return the exact p of W+ by enumerating sums of doubled ranks (midranks are halves)."""
    doubled = np.rint(2.0 * ranks).astype(np.int64)
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1.0
    for r in doubled:
        ways[r:] = ways[r:] + ways[: len(ways) - r]
    ways /= ways.sum()
    at = round(2.0 * w)
    left, right = float(ways[: at + 1].sum()), float(ways[at:].sum())
    return left if side == "left" else right if side == "right" else min(1.0, 2.0 * min(left, right))


def _signed_rank_normal(ranks: F, w: float, side: str) -> float:
    """Return the normal p of W+; the squares of the midranks carry the tie correction."""
    return float(pvalues.normal((w - ranks.sum() / 2.0) / np.sqrt((ranks**2).sum() / 4.0), side))
