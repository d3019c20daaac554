"""Rank tests.

Sources: Corrado 1989; Corrado and Zivney 1992 (missing values, event-induced variance); Cowan 1992 and Campbell and
Wasley 1993 (windows of several days); Kolari and Pynnonen 2011 (generalised ranks).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.dependence import floored, mean_correlation
from backtest.inference.parametric import NO_SPREAD, ONE_EVENT
from backtest.inference.sample import Residuals, Sample, Statistic, undefined
from backtest.kernels.ranks import scaled_ranks
from backtest.registry import require_one_of

F = NDArray[np.float64]


def corrado(sample: Sample, over: str = "event") -> Statistic:
    """Corrado rank test: ranks of abnormal returns over estimation and event window, N(0, 1).

    ``U = rank / (1 + n_i) - 1/2``; ``T_t = N_t^-1/2 sum_i U_it / S`` with ``S^2`` the mean over all days of the squared
    numerators; a window is ``sum T_t / sqrt(L)``. Without missing values this is Corrado's own statistic. `over` says
    which event days are ranked: "event" (the whole event window, as published) or "window" (the days tested, as estudy2).
    """
    sample = _over(sample, over)
    return _ranked(sample, lambda rows, block: np.hstack([block.values, sample.ar[rows]]))


def corrado_zivney(sample: Sample, over: str = "event", restandardised: bool = True) -> Statistic:
    """Corrado-Zivney: as `corrado` on standardised returns, event days first divided by their cross-sectional sd.

    The second standardisation takes event-induced variance out; it needs a fair number of events. Without it
    (`restandardised` False, as estudy2) only ``U = rank / (1 + n_i) - 1/2`` remains, which is `corrado`. `over` as there.
    """
    if not restandardised:
        return corrado(sample, over)
    if sample.n < 2:
        return undefined(ONE_EVENT, sample)
    sample = _over(sample, over)
    sd = _column_sd(sample.sar)
    if not (sd[sample.columns] > 0).all():
        return undefined(NO_SPREAD, sample)
    return _ranked(sample, lambda rows, block: np.hstack([block.z, sample.sar[rows] / sd]))


def cumrank(sample: Sample, over: str = "event") -> Statistic:
    """Cumulated ranks: ``sum_i sum_t U_it`` over its exact standard deviation under independence, N(0, 1).

    ``Var(sum_t U_t) = L (n - L) / (12 (n + 1))`` for each event with n ranked days; `over` as in `corrado`.
    """
    sample = _over(sample, over)
    total, variance = 0.0, 0.0
    for rows, block in sample.blocks():
        values = np.hstack([block.values, sample.ar[rows]])
        first = block.values.shape[1]
        ranks = scaled_ranks(values)[:, first:][:, sample.columns]
        days, length = np.isfinite(values).sum(axis=1), sample.lengths[rows]
        total += float(np.where(sample.present[rows], ranks, 0.0).sum())
        variance += float((length * (days - length) / (12.0 * (days + 1.0))).sum())
    return _normal(sample, total / np.sqrt(variance))


def grank_t(sample: Sample, clustered: bool = False) -> Statistic:
    """Generalised rank t of Kolari and Pynnonen 2011: robust to event-induced variance and to correlation, t(T - 2).

    Per event T = M + 1 values: the standardised estimation residuals and one SCAR, divided by the cross-sectional sd of
    all SCARs. ``Z = Ubar_0 / S`` with ``S^2 = (1/T) sum_t (N_t / N) Ubar_t^2``; ``t = Z sqrt((T - 2) / (T - 1 - Z^2))``.
    `clustered` True divides by the sd over ``sqrt(1 - r)`` instead, r the mean correlation: events that move together
    spread less than they vary (Kolari and Pynnonen 2010; their 2011 paper leaves it out).
    """
    if sample.n < 2:
        return undefined(ONE_EVENT, sample)
    sums, counts = _grank_sums(sample, clustered)
    if sums is None:
        return undefined(NO_SPREAD, sample)
    with np.errstate(invalid="ignore"):
        mean = np.where(counts > 0, sums / np.maximum(counts, 1.0), 0.0)
    days = float((counts > 0).sum())
    s = np.sqrt((counts / sample.n * mean**2).sum() / days)
    z = mean[-1] / s
    t = z * np.sqrt((days - 2.0) / (days - 1.0 - z**2))
    p = float(pvalues.student(t, days - 2.0, sample.side))
    return Statistic(float(t), p, float(sample.car.mean()), df=days - 2.0, distribution="t")


def grank_z(sample: Sample, clustered: bool = False) -> Statistic:
    """Generalised rank Z of Kolari and Pynnonen 2011 for independent events, N(0, 1).

    ``Ubar_0`` over its exact standard deviation, ``Var(Ubar_0) = N^-2 sum_i (T_i - 1) / (12 (T_i + 1))``, T_i = M_i + 1.
    `clustered` as in `grank_t`.
    """
    if sample.n < 2:
        return undefined(ONE_EVENT, sample)
    sums, _ = _grank_sums(sample, clustered)
    if sums is None:
        return undefined(NO_SPREAD, sample)
    days = sample.n_obs + 1.0
    return _normal(sample, float(sums[-1]) / np.sqrt(((days - 1.0) / (12.0 * (days + 1.0))).sum()))


def _over(sample: Sample, over: str) -> Sample:
    """Return the sample with the event days that are to be ranked: all of the event window, or those of the test."""
    require_one_of(over, ("event", "window"), "over")
    if over == "event":
        return sample
    keep = sample.columns
    root, scale = (None if v is None else v[:, keep] for v in (sample.root, sample.scale))
    return replace(
        sample, first_day=sample.window[0], ar=sample.ar[:, keep], days=sample.days[:, keep], root=root, scale=scale
    )


def _grank_sums(sample: Sample, clustered: bool) -> tuple[F | None, F]:
    """Return sums and counts of the scaled ranks per day, found out once; the last entry is the event's own SCAR."""
    key = ("grank", clustered)
    if key not in sample.memo:
        sample.memo[key] = _ranked_with_scar(sample, clustered)
    return sample.memo[key]


def _ranked_with_scar(sample: Sample, clustered: bool) -> tuple[F | None, F]:
    sd = float(sample.scar.std(ddof=1))
    if not sd > 1e-14 * float(np.abs(sample.scar).max()):
        return None, np.empty(0)
    if clustered:
        sd /= np.sqrt(1.0 - floored(mean_correlation(sample), 0.0))
    sums: F = np.zeros(1)
    counts: F = np.zeros(1)
    for rows, block in sample.blocks():
        ranks = scaled_ranks(np.hstack([block.z, (sample.scar[rows] / sd)[:, None]]))
        have = np.isfinite(ranks)
        sums = sums + np.where(have, ranks, 0.0).sum(axis=0)
        counts = counts + have.sum(axis=0)
    return sums, counts


def _column_sd(values: F) -> F:
    """Return the sd (ddof 1) of each column over the values present; 1 where fewer than two are."""
    have = np.isfinite(values)
    n = have.sum(axis=0)
    mean = np.where(have, values, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = np.where(have, (values - mean) ** 2, 0.0).sum(axis=0)
    return np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), 1.0)


def _ranked(sample: Sample, values_of: Callable[[slice, Residuals], F]) -> Statistic:
    """Return Corrado's statistic on the ranks of the values that `values_of` (rows, block) gives, (n, T + L)."""
    sums: F = np.zeros(1)
    counts: F = np.zeros(1)
    for rows, block in sample.blocks():
        ranks = scaled_ranks(values_of(rows, block))
        have = np.isfinite(ranks)
        sums = sums + np.where(have, ranks, 0.0).sum(axis=0)
        counts = counts + have.sum(axis=0)
    present = counts > 0
    scaled = sums / np.sqrt(np.maximum(counts, 1.0))
    s = np.sqrt((scaled**2).sum() / present.sum())
    if s == 0.0:
        return undefined("the ranks of all days are equal", sample)
    offset = len(sums) - sample.ar.shape[1]
    own = scaled[offset + sample.columns.start : offset + sample.columns.stop]
    return _normal(sample, float(own.sum() / s / np.sqrt(sample.length)))


def _normal(sample: Sample, z: float) -> Statistic:
    p = float(pvalues.normal(z, sample.side))
    return Statistic(float(z), p, float(sample.car.mean()), distribution="normal")
