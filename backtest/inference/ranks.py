"""Rank tests. The smallest p is that of every tested value at the end of its ranks.

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
from backtest.inference.parametric import NO_SPREAD, ONE_EVENT, spread
from backtest.inference.sample import ROUNDING, Residuals, Sample, Statistic, undefined
from backtest.kernels.ranks import scaled_ranks
from backtest.registry import require_one_of

F = NDArray[np.float64]

# Up to this many events the smallest p is worked out: every tested value at the end of its ranks. Beyond, it is nil.
MANY = 50
NO_RANKS = "the ranks of all days are equal"
Values = Callable[[slice, Residuals], F]


def corrado(sample: Sample, over: str = "event") -> Statistic:
    """Corrado rank test: ranks of abnormal returns over estimation and event window, N(0, 1).

    ``U = rank / (1 + n_i) - 1/2``; ``T_t = N_t^-1/2 sum_i U_it / S`` with ``S^2`` the mean over all days of the squared
    numerators; a window is ``sum T_t / sqrt(L)``. Without missing values this is Corrado's own statistic. `over` says
    which event days are ranked: "event" (the whole event window, as published) or "window" (the days tested, as estudy2).
    """
    sample = _over(sample, over)
    return by_day(sample, lambda rows, block: np.hstack([block.values, sample.ar[rows]]))


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
    sd = np.where(sd > 0, sd, 1.0)
    return by_day(sample, lambda rows, block: np.hstack([block.z, sample.sar[rows] / sd]))


def cumrank(sample: Sample, over: str = "event") -> Statistic:
    """Cumulated ranks: ``sum_i sum_t U_it`` over its exact standard deviation under independence, N(0, 1).

    ``Var(sum_t U_t) = L (n - L) / (12 (n + 1))`` for each event with n ranked days; `over` as in `corrado`.
    """
    sample = _over(sample, over)
    total, most, variance = 0.0, 0.0, 0.0
    for rows, block in sample.blocks():
        values = np.hstack([block.values, sample.ar[rows]])
        first = block.values.shape[1]
        ranks = scaled_ranks(values)[:, first:][:, sample.columns]
        days, length = np.isfinite(values).sum(axis=1), sample.lengths[rows]
        total += float(np.where(sample.present[rows], ranks, 0.0).sum())
        # The highest ranks add up to L (n - L) / (2 (n + 1)).
        most += float((length * (days - length) / (2.0 * (days + 1.0))).sum())
        variance += float((length * (days - length) / (12.0 * (days + 1.0))).sum())
    return _normal(sample, total / np.sqrt(variance), [most / np.sqrt(variance)])


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
    t, df = _generalised(sums, counts, sample.n)
    if not np.isfinite(t):
        return undefined(NO_RANKS, sample)
    p = float(pvalues.student(t, df, sample.side))
    ends = [_generalised(*_ranked_with_scar(sample, 1.0, end), sample.n)[0] for end in _ends(sample)]
    p_min = min([p, *(float(pvalues.student(end, df, sample.side)) for end in ends)]) if ends else 0.0
    return Statistic(t, p, float(sample.car.mean()), df=df, p_min=p_min, distribution="t")


def _generalised(sums: F, counts: F, n: int) -> tuple[float, float]:
    """Return (t, degrees of freedom) of the generalised rank test; t is NaN where the ranks leave it no variance."""
    mean = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    days = float((counts > 0).sum())
    s = np.sqrt((counts / n * mean**2).sum() / days)
    z = mean[-1] / s if s > ROUNDING else np.nan
    left = days - 1.0 - z**2
    return float(z * np.sqrt((days - 2.0) / left)) if left > 0 else np.nan, days - 2.0


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
    width = ((days - 1.0) / (days + 1.0)).sum()
    return _normal(sample, float(sums[-1]) / np.sqrt(width / 12.0), [0.5 * width / np.sqrt(width / 12.0)])


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
        sd, shared = spread(sample.scar), floored(mean_correlation(sample), 0.0) if clustered else 0.0
        none = sd == 0.0 or shared >= 1.0 - ROUNDING
        sample.memo[key] = (None, np.empty(0)) if none else _ranked_with_scar(sample, sd / np.sqrt(1.0 - shared))
    return sample.memo[key]


def _ranked_with_scar(sample: Sample, sd: float, end: float = 0.0) -> tuple[F, F]:
    sums: F = np.zeros(1)
    counts: F = np.zeros(1)
    for rows, block in sample.blocks():
        values = np.hstack([block.z, (sample.scar[rows] / sd)[:, None]])
        ranks = scaled_ranks(_at_the_end(values, slice(-1, None), end))
        have = np.isfinite(ranks)
        sums = sums + np.where(have, ranks, 0.0).sum(axis=0)
        counts = counts + have.sum(axis=0)
    return sums, counts


def _column_sd(values: F) -> F:
    """Return the sd (ddof 1) of each column over the values present; 1 where fewer than two are, 0 where they are equal."""
    have = np.isfinite(values)
    n = have.sum(axis=0)
    mean = np.where(have, values, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = np.where(have, (values - mean) ** 2, 0.0).sum(axis=0)
    sd = np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), 1.0)
    return np.where(sd > ROUNDING * np.abs(np.where(have, values, 0.0)).max(axis=0), sd, 0.0)


def by_day(
    sample: Sample, values_of: Values, score: Callable[[F], F] = scaled_ranks, none: str = NO_RANKS
) -> Statistic:
    """Return Corrado's test on the scores of each event's days, against their variance over all days.

    `values_of` (rows, block) gives the values of estimation and event days, (n, T + L), `score` makes scores of them, row by
    row; `none` is the reason where all scores add up to zero on every day.
    """
    z = _window_z(sample, values_of, score)
    if np.isnan(z):
        return undefined(none, sample)
    return _normal(sample, z, [_window_z(sample, values_of, score, end) for end in _ends(sample)])


def _window_z(sample: Sample, values_of: Values, score: Callable[[F], F], end: float = 0.0) -> float:
    """Return the statistic of the window, NaN where the scores have no variance; `end` as in `_at_the_end`."""
    sums: F = np.zeros(1)
    counts: F = np.zeros(1)
    for rows, block in sample.blocks():
        values = values_of(rows, block)
        offset = values.shape[1] - sample.ar.shape[1]
        window = slice(offset + sample.columns.start, offset + sample.columns.stop)
        scores = score(_at_the_end(values, window, end))
        have = np.isfinite(scores)
        sums = sums + np.where(have, scores, 0.0).sum(axis=0)
        counts = counts + have.sum(axis=0)
    present = counts > 0
    scaled = sums / np.sqrt(np.maximum(counts, 1.0))
    s = np.sqrt((scaled**2).sum() / present.sum())
    return float(scaled[window].sum() / s / np.sqrt(present[window].sum())) if s > ROUNDING else np.nan


def _ends(sample: Sample) -> tuple[float, ...]:
    """Return which ends of the ranks the side looks at; none for many events, which no rank keeps from rejecting."""
    if sample.n > MANY:
        return ()
    return {"two": (1.0, -1.0), "left": (-1.0,), "right": (1.0,)}[sample.side]


def _at_the_end(values: F, columns: slice, end: float) -> F:
    """Return `values` with those of `columns` above (1) or below (-1) all others of their row, in their own order; 0: as is."""
    if end == 0.0:
        return values
    out = values.copy()
    out[:, columns] += end * 4.0 * np.abs(np.where(np.isfinite(values), values, 0.0)).max(axis=1, keepdims=True)
    return out


def _normal(sample: Sample, z: float, ends: list[float]) -> Statistic:
    """Finish a test whose statistic is normal; `ends` are the largest that ranks allow, in size."""
    p = float(pvalues.normal(z, sample.side))
    p_min = min([p, *(float(pvalues.normal(-abs(end), "two" if sample.side == "two" else "left")) for end in ends)])
    return Statistic(float(z), p, float(sample.car.mean()), p_min=p_min if ends else 0.0, distribution="normal")
