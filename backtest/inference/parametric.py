"""Parametric tests of the mean over a group of events.

Sources: Brown and Warner 1980, 1985 (cross-sectional and time-series t); Patell 1976; Boehmer, Musumeci and Poulsen
1991 (BMP); Kolari and Pynnonen 2010 and Kolari, Pape and Pynnonen 2018 (correlation); Johnson 1978 and Hall 1992.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.dependence import floored, mean_correlation
from backtest.inference.sample import ROUNDING, Sample, Statistic, undefined
from backtest.registry import require_one_of

F = NDArray[np.float64]

ONE_EVENT = "one event has no cross-sectional variance"
NO_SPREAD = "zero variance between the events"


def spread(values: F) -> float:
    """Return the standard deviation (ddof 1), or 0.0 where it is rounding noise of equal values."""
    sd = float(values.std(ddof=1))
    return sd if sd > 1e-14 * float(np.abs(values).max()) else 0.0


def cross_sectional(sample: Sample) -> Statistic:
    """Cross-sectional t: ``sqrt(N) mean(CAR) / sd(CAR)``, t(N - 1). Undefined for one event."""
    if sample.n < 2:
        return undefined(ONE_EVENT, sample)
    sd = spread(sample.car)
    if sd == 0.0:
        return undefined(NO_SPREAD, sample)
    mean, se, df = float(sample.car.mean()), sd / np.sqrt(sample.n), sample.n - 1
    half = float(pvalues.student_limit(df)) * se
    t = mean / se
    p = float(pvalues.student(t, df, sample.side))
    return Statistic(t, p, mean, se, df, low=mean - half, high=mean + half, distribution="t")


def bmp(sample: Sample, p: str = "t", form: str = "scar") -> Statistic:
    """Standardised cross-sectional test: ``sqrt(N) mean(SCAR) / sd(SCAR)``.

    `p` is "t" (t(N - 1), default) or "normal" (as published; rejects far too often below N = 20). The interval is the
    set of common effects that the test does not reject (Fieller). Robust to event-induced variance, not to
    correlation between events. `form` is "scar" or "sum", see `Sample.standardised`; "sum" has no interval.
    """
    if sample.n < 2:
        return undefined(ONE_EVENT, sample)
    values = sample.standardised(form)
    sd = spread(values)
    if sd == 0.0:
        return undefined(NO_SPREAD, sample)
    return _scaled(sample, np.sqrt(sample.n) * float(values.mean()) / sd, p, 1.0, form)


def kp(
    sample: Sample, rbar_floor: float | None = 0.0, overlap: bool = False, form: str = "scar", p: str = "t"
) -> Statistic:
    """Kolari-Pynnonen: BMP times ``sqrt((1 - r) / (1 + (N - 1) r))``, t(N - 1), r the mean correlation over all pairs.

    `rbar_floor` bounds r below (None: not). For events on one date; under partial overlap r counts pairs that share no
    day and the test loses its power: use `kp_overlap` there. `form` and `p` as in `bmp`.

    Where events on one date also raise the variance it errs on the safe side (size 1.5 to 3 % at 5 %): the correlation of
    the estimation window is beyond that of the day itself.
    """
    if sample.n < 2:
        return undefined(ONE_EVENT, sample)
    values = sample.standardised(form)
    sd = spread(values)
    if sd == 0.0:
        return undefined(NO_SPREAD, sample)
    r = floored(mean_correlation(sample, overlap), rbar_floor)
    if not -1.0 / (sample.n - 1) < r < 1.0 - ROUNDING:
        return undefined(f"mean correlation {r:.3f} leaves no variance", sample)
    inflation = np.sqrt((1.0 + (sample.n - 1.0) * r) / (1.0 - r))
    t = np.sqrt(sample.n) * float(values.mean()) / sd / inflation
    return replace(_scaled(sample, t, p, inflation, form), r_bar=r)


def kp_overlap(sample: Sample, rbar_floor: float | None = 0.0, form: str = "scar", p: str = "t") -> Statistic:
    """Kolari-Pape-Pynnonen 2018: as `kp`, each pair weighted by the share of the test window that it has in common.

    Reduces to BMP where no two windows touch, to `kp` where all events share one date.
    """
    return kp(sample, rbar_floor, overlap=True, form=form, p=p)


def patell(sample: Sample, form: str = "scar") -> Statistic:
    """Patell 1976: ``sum SCAR / sqrt(sum (M - k) / (M - k - 2))``, N(0, 1).

    `form` is "scar" (CAR over the root of its full variance) or "sum" (daily SARs summed, over ``sqrt(L)``). Assumes
    independent events and no variance induced by the event.
    """
    if (sample.df <= 2).any():
        return undefined("Patell needs more than two residual degrees of freedom for every event", sample)
    # The sum of daily SARs has the variance of as many days as there are.
    days = sample.lengths if form == "sum" else np.ones(sample.n)
    factor = days * sample.df / (sample.df - 2.0)
    z = (np.sqrt(days) * sample.standardised(form)).sum() / np.sqrt(factor.sum())
    return Statistic(float(z), float(pvalues.normal(z, sample.side)), float(sample.car.mean()), distribution="normal")


def adjusted_patell(
    sample: Sample, rbar_floor: float | None = 0.0, overlap: bool = False, form: str = "scar"
) -> Statistic:
    """Kolari-Pynnonen 2010: Patell over ``sqrt(1 + (N - 1) r)``, N(0, 1); `overlap` as in `kp_overlap`."""
    plain = patell(sample, form)
    if plain.reason:
        return plain
    r = floored(mean_correlation(sample, overlap), rbar_floor)
    if not 1.0 + (sample.n - 1.0) * r > 0:
        return undefined(f"mean correlation {r:.3f} leaves no variance", sample)
    z = float(plain.statistic) / np.sqrt(1.0 + (sample.n - 1.0) * r)
    return replace(plain, statistic=z, pvalue=float(pvalues.normal(z, sample.side)), r_bar=r)


def time_series(sample: Sample, form: str = "portfolio") -> Statistic:
    """Crude dependence adjustment: ``CAAR / (sqrt(L) S)``, S the sd of the estimation window's AARs, t(T - 1).

    Brown and Warner 1980, 1985. Cross-correlation is in S if the events share dates; event-induced variance is not.
    `form` is "portfolio" (this); "lamb" (Lamb 1995: each day's AAR over ``S sqrt(C_t)``, C_t the mean forecast-error
    factor of the day; ``sum / sqrt(L)``); or "independent" (Brown and Warner 1980 without dependence: the standard error
    is ``sqrt(L sum s_i^2) / N``, N(0, 1)).
    """
    require_one_of(form, ("portfolio", "lamb", "independent"), "form")
    effect, length = float(sample.car.mean()), float(sample.lengths.mean())
    if form == "independent":
        se = float(np.sqrt((sample.lengths * sample.s2).sum())) / sample.n
        half = pvalues.normal_limit() * se
        p = float(pvalues.normal(effect / se, sample.side))
        return Statistic(
            effect / se, p, effect, se, low=effect - half, high=effect + half, distribution="normal"
        )  # fmt: skip
    mean, count = column_means(sample)
    mean = mean[count > 0]
    if len(mean) < 3:
        return undefined("fewer than three estimation days", sample)
    sd = spread(mean)
    if not sd > sample.rounding:
        return undefined("zero variance of the estimation window's AARs", sample)
    se, df = np.sqrt(length) * sd, len(mean) - 1.0
    t = effect / se
    if form == "lamb":
        t = _lamb(sample, sd)
        # Weighted by their forecast errors the days may add up to another sign: then there is no interval.
        se = effect / t if effect * t > 0 else np.nan
    half = float(pvalues.student_limit(df)) * se
    p = float(pvalues.student(t, df, sample.side))
    return Statistic(t, p, effect, se, df, low=effect - half, high=effect + half, distribution="t")


def _lamb(sample: Sample, sd: float) -> float:
    """Return the sum of each day's AAR over ``sd sqrt(C_t)``, over the root of the number of days that any event has."""
    count = sample.present.sum(axis=0)
    days = count > 0
    factor = np.where(sample.present, sample.variance_factor[:, sample.columns], 0.0).sum(axis=0)[days]
    total = np.where(sample.present, sample.ar[:, sample.columns], 0.0).sum(axis=0)[days]
    # Both are means over the events that have the day.
    daily = total / np.sqrt(factor * count[days])
    return float(daily.sum() / sd / np.sqrt(days.sum()))


def column_means(sample: Sample) -> tuple[F, F]:
    """Return the mean estimation residual of each day in event time, (T,), and how many events have it."""
    total: F = np.zeros(1)
    count: F = np.zeros(1)
    for _, block in sample.blocks():
        have = np.isfinite(block.values)
        total = total + np.where(have, block.values, 0.0).sum(axis=0)
        count = count + have.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return total / np.maximum(count, 1.0), count


def johnson(sample: Sample, skew: str = "unbiased") -> Statistic:
    """Johnson 1978: skewness-adjusted t, ``sqrt(N) (S + g S^2 / 3 + g / (6 N))`` with S = mean / sd, N(0, 1).

    `skew` is "unbiased" (``g = n / ((n - 1)(n - 2)) sum ((x - m) / sd)^3``) or "population" (``1 / n`` times that sum).
    """
    return _skewed(sample, skew, hall_term=False)


def hall(sample: Sample, skew: str = "unbiased") -> Statistic:
    """Hall 1992: Johnson's statistic plus ``sqrt(N) g^2 S^3 / 27``, which makes it monotone in S; N(0, 1).

    `skew` as in `johnson`.
    """
    return _skewed(sample, skew, hall_term=True)


def _skewed(sample: Sample, skew: str, hall_term: bool) -> Statistic:
    require_one_of(skew, ("unbiased", "population"), "skew")
    n = sample.n
    if n < 3:
        return undefined("skewness needs three events", sample)
    sd = spread(sample.car)
    if sd == 0.0:
        return undefined(NO_SPREAD, sample)
    cubes = (((sample.car - sample.car.mean()) / sd) ** 3).sum()
    g = cubes * (n / ((n - 1.0) * (n - 2.0)) if skew == "unbiased" else 1.0 / n)
    s = sample.car.mean() / sd
    t = np.sqrt(n) * (s + g * s**2 / 3.0 + g / (6.0 * n) + (g**2 * s**3 / 27.0 if hall_term else 0.0))
    p = float(pvalues.normal(t, sample.side))
    return Statistic(float(t), p, float(sample.car.mean()), sd / np.sqrt(n), distribution="normal")


def _scaled(sample: Sample, t: float, p: str, inflation: float, form: str) -> Statistic:
    """Finish a test on the mean SCAR whose standard error is `inflation` times the independent one."""
    require_one_of(p, ("t", "normal"), "p")
    df = sample.n - 1.0
    use_t = p == "t"
    pvalue = pvalues.student(t, df, sample.side) if use_t else pvalues.normal(t, sample.side)
    limit = (float(pvalues.student_limit(df)) if use_t else pvalues.normal_limit()) * inflation
    low, high = fieller(sample, limit) if form == "scar" else (np.nan, np.nan)
    return Statistic(
        t, float(pvalue), float(sample.car.mean()), df=df if use_t else np.nan, low=low, high=high,
        distribution="t" if use_t else "normal",
    )  # fmt: skip


def fieller(sample: Sample, limit: float) -> tuple[float, float]:
    """Return the common effects d for which ``|sqrt(N) mean(SCAR - d u) / sd(SCAR - d u)| <= limit``, u = 1/sd(CAR).

    NaN where the set is not an interval.
    """
    u = 1.0 / np.sqrt(sample.car_var)
    z, n = sample.scar, sample.n
    covariance = np.cov(z, u, ddof=1)
    weight = limit**2 / n
    a = u.mean() ** 2 - weight * covariance[1, 1]
    b = z.mean() * u.mean() - weight * covariance[0, 1]
    c = z.mean() ** 2 - weight * covariance[0, 0]
    root = b * b - a * c
    if a <= 0 or root < 0:
        return np.nan, np.nan
    return float((b - np.sqrt(root)) / a), float((b + np.sqrt(root)) / a)
