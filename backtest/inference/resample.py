"""Resampling tests of a group: common-shift placebo, wild cluster bootstrap, sign permutation.

Sources: Gelbach, Helland and Klick 2013 for portfolios (common shift); Cameron, Gelbach and Miller 2008, Webb 2014
(wild cluster bootstrap); Phipson and Smyth 2010 (p with the identity counted).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.sample import ROUNDING, Sample, Statistic, undefined
from backtest.inference.single import studentised_sums
from backtest.kernels.flips import sign_sums
from backtest.kernels.gather import chunks
from backtest.registry import require_one_of

F = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 9_999
# All sign vectors are enumerated up to this many groups.
ENUMERATE = 13
# Draws of other weights that are laid out at once.
_AT_ONCE = 1000
WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
FEW_CLUSTERS = 12
# Among more groups equal weights for all are never drawn.
MANY_GROUPS = 40


def common_shift(sample: Sample) -> Statistic:
    """Common-shift placebo: the mean SCAR among the means of all windows got by shifting every event by as many days.

    The reference windows lie in the estimation windows (studentised residual sums), so that correlation between events
    and overlap stay as they are. ``p = (1 + #) / (1 + windows)``; smallest two-sided p is 2 / (windows + 1).
    """
    total: F = np.zeros(1)
    count: F = np.zeros(1)
    for _, block in sample.blocks():
        sums = studentised_sums(block, sample.length)
        if not sums.shape[1]:
            return undefined("the estimation window is shorter than the test window", sample)
        have = np.isfinite(sums)
        total = total + np.where(have, sums, 0.0).sum(axis=0)
        count = count + have.sum(axis=0)
    reference = total[count > 0] / count[count > 0]
    if not len(reference):
        return undefined("no estimation window of this length without a gap", sample)
    if not float(np.abs(reference).max()) > ROUNDING:
        return undefined("the events cancel in every reference window", sample)
    own = float(sample.scar.mean())
    found = pvalues.counts(np.array([own]), reference[None])
    p = float(pvalues.by_rank(found.left, found.right, found.total, sample.side)[0])
    p_min = (2.0 if sample.side == "two" else 1.0) / (1.0 + len(reference))
    return Statistic(own, p, float(sample.car.mean()), p_min=min(1.0, p_min), distribution="empirical")


def wild_bootstrap(
    sample: Sample, by: str = "date", weights: str = "auto", draws: int = DRAWS, seed: int = 0
) -> Statistic:
    """Wild cluster bootstrap of the studentised mean SCAR under the null: signs are drawn per cluster.

    `by` is "date", "asset" or "event"; `weights` is "rademacher", "webb" (six points, for few clusters) or "auto" (webb
    from 6 to 12 clusters). All sign vectors are enumerated up to 13 clusters with Rademacher weights, the smallest p is
    then 2 / 2^G. Valid only if clusters are independent: one common date is one cluster, and no test.
    """
    require_one_of(by, ("date", "asset", "event"), "by")
    require_one_of(weights, ("auto", "rademacher", "webb"), "weights")
    code = _clusters(sample, by)
    groups = int(code.max()) + 1 if sample.n else 0
    if groups < 2:
        return undefined("one cluster only: no resampling of signs", sample)
    if weights == "auto":
        weights = "webb" if 6 <= groups <= FEW_CLUSTERS else "rademacher"
    scores = np.bincount(code, sample.scar).astype(np.float64)
    sizes = np.bincount(code).astype(np.float64)
    return _flipped(sample, scores, sizes, weights, draws, seed, cluster=True)


def permutation(
    sample: Sample, on: str = "scar", draws: int = DRAWS, seed: int = 0, enumerated: bool = True
) -> Statistic:
    """Sign permutation of the mean SCAR, event by event: exact under symmetry and independence.

    Enumerated up to 13 events; ``p = (1 + #) / (1 + draws)`` beyond, or always where `enumerated` is False. Cannot reject
    at 5 % with five events or fewer (smallest two-sided p 2 / 2^N).
    """
    require_one_of(on, ("scar", "car"), "on")
    values = sample.scar if on == "scar" else sample.car
    return _flipped(
        sample, values, np.ones(sample.n), "rademacher", draws, seed, cluster=False, most=ENUMERATE if enumerated else 0
    )


def _clusters(sample: Sample, by: str) -> Ints:
    if by == "event":
        return np.arange(sample.n)
    values = sample.asset if by == "asset" else sample.days[:, sample.columns.start]
    return np.unique(values, return_inverse=True)[1]


def all_signs(groups: int) -> F:
    """Return all sign vectors (2^groups, groups), the identity first."""
    return np.asarray(1.0 - 2.0 * ((np.arange(2**groups)[:, None] >> np.arange(groups)[None, :]) & 1), dtype=np.float64)


def weighted_sums(columns: F, weights: str, draws: int, seed: int, most: int = ENUMERATE) -> tuple[F, F, bool]:
    """Return sums of the columns (groups, k) under drawn weights, (draws, k), the sums of the squared weights times the first
    column squared, (draws,), and whether the draws are all there are; all signs are taken up to `most` groups.
    """
    groups, squares = len(columns), columns[:, 0] ** 2
    if weights == "webb":
        codes = np.random.default_rng(seed).integers(0, 6, (draws, groups), dtype=np.uint8)
        parts = [WEBB[codes[part]] for part in chunks(draws, _AT_ONCE)]
        return np.concatenate([w @ columns for w in parts]), np.concatenate([w**2 @ squares for w in parts]), False
    complete = groups <= most
    sums = all_signs(groups) @ columns if complete else sign_sums(columns, draws, seed)
    return sums, np.full(len(sums), squares.sum()), complete


def unchanged(groups: int, weights: str, draws: int, seed: int, both: bool) -> int:
    """Return how many drawn weight vectors are the same for all groups: no data can give a smaller count of draws as extreme.

    With `both` their mirror images count as well. Among many groups there is none.
    """
    if groups > MANY_GROUPS:
        return 0
    if weights == "webb":
        codes = np.random.default_rng(seed).integers(0, 6, (draws, groups), dtype=np.uint8)
        same = codes[(codes == codes[:, :1]).all(axis=1), 0]
        return len(same) if both else int((WEBB[same] > 0).sum())
    sums = sign_sums(np.ones((groups, 1)), draws, seed)[:, 0]
    return int(((np.abs(sums) if both else sums) > groups - 0.5).sum())


def _flipped(
    sample: Sample, scores: F, sizes: F, weights: str, draws: int, seed: int, cluster: bool, most: int = ENUMERATE
) -> Statistic:
    """Finish a sign test on cluster totals `scores`; studentised by clusters where `cluster`, else the plain mean."""
    # The draws must not depend on the order of the events in the table.
    order = np.lexsort((sizes, scores))
    scores, sizes = scores[order], sizes[order]
    columns = np.stack([scores, scores * sizes], axis=1) if cluster else scores[:, None]
    sums, squares, complete = weighted_sums(columns, weights, draws, seed, most)
    drawn = _studentised(sums, squares, sizes) if cluster else sums[:, 0] / sample.n
    own = float(scores.mean())
    if cluster:
        own = float(_studentised(columns.sum(axis=0)[None], np.array([scores @ scores]), sizes)[0])
        if not np.isfinite(own):
            return undefined("zero variance between the clusters", sample)
    slack = 1e-10 * max(1.0, abs(own))
    left, right = drawn <= own + slack, drawn >= own - slack
    extra = 0 if complete else 1
    total = len(drawn) + extra
    if sample.side == "two":
        count = int((np.abs(drawn) >= abs(own) - slack).sum())
    else:
        count = int((left if sample.side == "left" else right).sum())
    both = sample.side == "two"
    alike = 1 + both if complete else extra + unchanged(len(scores), weights, draws, seed, both)
    p_min = alike / total
    return Statistic(
        own, (count + extra) / total, float(sample.car.mean()), p_min=min(1.0, p_min), distribution="empirical"
    )


def _studentised(sums: F, squares: F, sizes: F) -> F:
    """Return the cluster-robust t of each draw: total over the root of the sum of squared centred cluster sums, else infinite.

    sums : (draws, 2) of the scores and of the scores times the sizes. squares : (draws,) of the weighted scores.
    """
    totals, g = sums[:, 0], len(sizes)
    mean = totals / sizes.sum()
    around = squares - 2.0 * mean * sums[:, 1] + mean**2 * (sizes**2).sum()
    varied = around > ROUNDING * squares
    t = np.divide(
        totals, np.sqrt(np.maximum(around, 0.0) * g / (g - 1.0)), out=np.full(len(totals), np.inf), where=varied
    )
    return np.where(varied, t, np.copysign(t, totals))
