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

F = NDArray[np.float64]
Ints = NDArray[np.int64]


def calendar_time(sample: Sample) -> Statistic:
    """Calendar-time t: one equally weighted portfolio of the active events per day, ``mean / (sd / sqrt D)``, t(D - 1)."""
    days, portfolio = portfolios(sample)
    d = len(days)
    if d < 2:
        return undefined("one calendar day only", sample)
    se = float(portfolio.std(ddof=1)) / np.sqrt(d)
    if not se > 1e-14 * float(np.abs(portfolio).max()):
        return undefined("zero variance of the portfolio's returns", sample)
    t = float(portfolio.mean()) / se
    p = float(pvalues.student(t, d - 1.0, sample.side))
    return Statistic(t, p, float(sample.car.mean()), df=d - 1.0, distribution="t")


def portfolios(sample: Sample) -> tuple[Ints, F]:
    """Return the calendar days on which any event is active, and the mean abnormal return of the active ones."""
    days = sample.days[:, sample.columns].ravel()
    unique, code = np.unique(days, return_inverse=True)
    total = np.bincount(code, sample.ar[:, sample.columns].ravel())
    return unique, total / np.bincount(code)


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
    active = sample.days[:, sample.columns]
    z = []
    for day, value in zip(days, portfolio, strict=True):
        members = np.flatnonzero((active == day).any(axis=1))
        own = alone[members[0]] if len(members) == 1 else series[members].mean(axis=0)
        own = own[np.isfinite(own)]
        if len(own) >= LEAST_DAYS and own.std(ddof=1) > 0:
            z.append(value / own.std(ddof=1))
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
