"""Tests in calendar time and with clusters: for events that share dates or securities.

Sources: Jaffe 1974, Mandelker 1974, Fama 1998 (calendar-time portfolios); Cameron, Gelbach and Miller 2011 (two-way
clusters); Dutta, Knif, Kolari and Pynnonen 2018.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.dependence import on_calendar
from backtest.inference.sample import Sample, Statistic, undefined
from backtest.registry import require_one_of

F = NDArray[np.float64]
Ints = NDArray[np.int64]


def calendar_time(sample: Sample, variance: str = "plain", on: str = "ar", lags: int | None = None) -> Statistic:
    """Calendar-time t: one equally weighted portfolio of the active events per day, ``mean / (sd / sqrt D)``, t(D - 1).

    `variance` is "plain" or "newey-west" (Bartlett weights, `lags` days; None: ``floor(4 (D / 100)^(2/9))``; times
    ``D / (D - k)``). `on` is "ar" (abnormal returns, each by its event's own coefficients) or "returns": the portfolio's
    alpha, from a regression of its raw returns on the model's regressors over the active days (Fama 1998), t(D - k);
    effect and limits are then ``L alpha``. Days without an active event are left out.
    """
    require_one_of(on, ("ar", "returns"), "on")
    known = sample.observed() if on == "returns" and sample.observed is not None else None
    if on == "returns" and known is None:
        return undefined("this model has no regressors that a portfolio could be regressed on", sample)
    days, portfolio = portfolios(sample) if known is None else _active_mean(sample, known[0])
    columns = [] if known is None else [_active_mean(sample, x)[1] for x in np.moveaxis(known[1], -1, 0)]
    d, k = len(days), 1 + len(columns)
    if d <= k:
        return undefined(
            "one calendar day only" if k == 1 else f"{d} calendar days are too few for {k} coefficients", sample
        )
    x = np.column_stack([np.ones(d), *columns])
    beta, se = regression(portfolio, x, 0 if variance == "plain" else lag_length(d) if lags is None else lags, variance)
    if not se > max(1e-14 * float(np.abs(portfolio).max()), sample.rounding / np.sqrt(d)):
        return undefined("zero variance of the portfolio's returns", sample)
    t, df = beta / se, float(d - k)
    p = float(pvalues.student(t, df, sample.side))
    if known is None:
        return Statistic(t, p, float(sample.car.mean()), df=df, distribution="t")
    effect, se = sample.length * beta, sample.length * se
    half = float(pvalues.student_limit(df)) * se
    return Statistic(t, p, effect, se, df, low=effect - half, high=effect + half, distribution="t")


def lag_length(days: int) -> int:
    """Return the usual number of lags for a series of `days`: ``floor(4 (D / 100)^(2/9))`` (Newey and West 1994)."""
    return int(4.0 * (days / 100.0) ** (2.0 / 9.0))


def regression(y: F, x: F, lags: int, variance: str) -> tuple[float, float]:
    """Return the first coefficient of least squares of y (D,) on x (D, k) and its standard error, plain or Newey-West.

    Raises
    ------
    UnknownNameError
        A `variance` that is neither "plain" nor "newey-west".
    """
    require_one_of(variance, ("plain", "newey-west"), "variance")
    inverse = np.linalg.pinv(x.T @ x)
    beta = inverse @ x.T @ y
    e = y - x @ beta
    d, k = x.shape
    if variance == "plain":
        return float(beta[0]), float(np.sqrt(inverse[0, 0] * (e @ e) / (d - k)))
    scores = x * e[:, None]
    middle = scores.T @ scores
    for lag in range(1, min(lags, d - 1) + 1):
        cross = scores[lag:].T @ scores[:-lag]
        middle += (1.0 - lag / (lags + 1.0)) * (cross + cross.T)
    return float(beta[0]), float(np.sqrt((inverse @ middle @ inverse)[0, 0] * d / (d - k)))


def portfolios(sample: Sample) -> tuple[Ints, F]:
    """Return the calendar days on which any event is active, and the mean abnormal return of the active ones."""
    return _active_mean(sample, sample.ar)


def _active_mean(sample: Sample, values: F) -> tuple[Ints, F]:
    """Return the active days and the mean of `values` (n, L) over the events active on each."""
    have = sample.present
    unique, code = np.unique(sample.days[:, sample.columns][have], return_inverse=True)
    return unique, np.bincount(code, values[:, sample.columns][have]) / np.bincount(code)


def calendar_time_std(sample: Sample) -> Statistic:
    """Standardised calendar-time test: each day's portfolio return over its sd in the estimation window, N(0, 1).

    The sd of a day is that of the same portfolio of events on the estimation days that all its members have in common;
    ``z = sum_d z_d / sqrt(D)``. A day whose members have fewer than three days in common is left out.
    """
    if sample.n > LARGEST:
        return undefined(f"standardised calendar-time test is for at most {LARGEST} events; use calendar-time", sample)
    days, portfolio = portfolios(sample)
    series = on_calendar(sample)
    alone = [row[np.isfinite(row)] for row in series]
    active = np.where(sample.present, sample.days[:, sample.columns], -1)
    z = []
    for day, value in zip(days, portfolio, strict=True):
        members = np.flatnonzero((active == day).any(axis=1))
        own = alone[members[0]] if len(members) == 1 else series[members].mean(axis=0)
        own = own[np.isfinite(own)]
        if len(own) >= LEAST_DAYS:
            sd = own.std(ddof=1)
            z.append(value / sd if sd > sample.rounding else np.nan)
    if np.isnan(z).any():
        return undefined("zero variance of the portfolio's returns", sample)
    if not z:
        return undefined("the active events have no estimation days in common", sample)
    statistic = float(np.sum(z) / np.sqrt(len(z)))
    p = float(pvalues.normal(statistic, sample.side))
    return Statistic(statistic, p, float(sample.car.mean()), distribution="normal")


LARGEST = 5000
LEAST_DAYS = 3


def clustered(sample: Sample, by: str = "date", on: str = "scar") -> Statistic:
    """Mean with cluster-robust variance, ``V = G/(G-1) sum_g (sum_{i in g} e_i)^2 / N^2``, t(G - 1).

    `by` is "date" (day of the event), "asset", or "both" (two-way: V1 + V2 - V12, with the smaller G); `on` is "scar"
    or "car". Needs many clusters: with few the test rejects too often.
    """
    require_one_of(by, ("date", "asset", "both"), "by")
    require_one_of(on, ("scar", "car"), "on")
    values = sample.scar if on == "scar" else sample.car
    date, asset = sample.days[:, sample.columns.start], sample.asset
    if by == "both":
        pair = np.unique(np.stack([date, asset]), axis=1, return_inverse=True)[1].ravel()
        parts = [_cluster_variance(values, c) for c in (date, asset, pair)]
        groups = min(parts[0][1], parts[1][1])
        variance = parts[0][0] + parts[1][0] - parts[2][0]
    else:
        variance, groups = _cluster_variance(values, date if by == "date" else asset)
    if groups < 2:
        return undefined("one cluster only", sample)
    if not variance > 0:
        return undefined("zero variance between the clusters", sample)
    t = float(values.mean() / np.sqrt(variance))
    p = float(pvalues.student(t, groups - 1.0, sample.side))
    effect, se = float(sample.car.mean()), float(np.sqrt(variance)) if on == "car" else np.nan
    half = float(pvalues.student_limit(groups - 1.0)) * se
    return Statistic(t, p, effect, se, groups - 1.0, low=effect - half, high=effect + half, distribution="t")


def _cluster_variance(values: F, code: Ints) -> tuple[float, int]:
    """Return the clustered variance of the mean and the number of clusters."""
    unique, at = np.unique(code, return_inverse=True)
    sums = np.bincount(at, values - values.mean())
    g = len(unique)
    return (float(g / (g - 1.0) * (sums**2).sum() / len(values) ** 2) if g > 1 else np.nan), g
