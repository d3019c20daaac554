"""Correlation between events: how many independent events a group is worth.

Kolari and Pynnonen 2010: mean pairwise correlation of estimation residuals. Kolari, Pape and Pynnonen 2018: each pair
counts by the share of the test window that it has in common.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.inference.sample import Sample

F = NDArray[np.float64]
Ints = NDArray[np.int64]

# Up to this many events every pair is correlated over its own common days, and so are more events on few days: as many
# products as of these over four years. Beyond, sums over days do it in O(n).
PAIRS, FOUR_YEARS = 400, 1000
# A correlation over fewer common days is none.
LEAST_COMMON = 3


def mean_correlation(sample: Sample, overlap: bool = True) -> float:
    """Return the mean correlation of estimation residuals over all pairs of events, on common calendar days.

    With `overlap` each pair is weighted by ``max(0, L - |gap|) / L``, the share of the test window that the two have in
    common, so that disjoint pairs count zero; without, every pair has weight one. Zero for fewer than two events.

    Each correlation is taken over the pair's own common days. Among more than `PAIRS` events with many days, unit-norm
    residual vectors are summed by calendar day, ``sum_ij r_ij = |sum_i u_i|^2``: the same number where no day is missing.
    """
    if sample.n < 2:
        return 0.0
    key = ("r", overlap)
    if key not in sample.memo:
        total = _by_pairs(sample, overlap) if _few(sample) else _by_sums(sample, overlap)
        sample.memo[key] = float(total / (sample.n * (sample.n - 1) / 2.0))
    return sample.memo[key]


def _few(sample: Sample) -> bool:
    """Return True where there is time to correlate every pair."""
    days = int(np.ptp(window_start(sample))) + int(sample.n_obs.max())
    return sample.n <= PAIRS or sample.n**2 * days <= PAIRS**2 * FOUR_YEARS


def effective_n(n: float, r_bar: float) -> float:
    """Return ``N / (1 + (N - 1) r)``, the number of independent events that would be as informative."""
    return n / (1.0 + (n - 1.0) * r_bar)


def floored(r_bar: float, floor: float | None) -> float:
    """Return the mean correlation, not below `floor`; None leaves it as it is (a negative one inflates the test)."""
    return r_bar if floor is None else max(r_bar, floor)


def window_start(sample: Sample) -> Ints:
    """Return the position of each event's first test day in the common calendar, (n,)."""
    return sample.days[:, sample.columns.start]


def on_calendar(sample: Sample) -> F:
    """Return the residuals on the calendar days that any event has (n, D), NaN where one has none; for small samples only."""
    return _laid_out(sample, 1)


def _laid_out(sample: Sample, least: int) -> F:
    """Return the residuals on the calendar days that at least `least` events have (n, D), NaN where one has none."""
    block = sample.residuals
    inside = np.isfinite(block.values)
    days = block.days[inside]
    counts = np.bincount(days)
    kept = counts >= least
    column = np.cumsum(kept) - 1
    out = np.full((sample.n, int(kept.sum())), np.nan)
    rows = np.broadcast_to(np.arange(sample.n)[:, None], inside.shape)[inside]
    use = kept[days]
    out[rows[use], column[days[use]]] = block.values[inside][use]
    return out


def correlations(series: F) -> F:
    """Return the (n, n) matrix of correlations of rows over their common entries, 0 where there are too few."""
    have = np.isfinite(series)
    w = have.astype(np.float64)
    centre = np.where(have, series, 0.0).sum(axis=1) / np.maximum(w.sum(axis=1), 1.0)
    x = np.where(have, series - centre[:, None], 0.0)
    count, total, square = w @ w.T, x @ w.T, (x * x) @ w.T
    spread = count * square - total**2
    with np.errstate(invalid="ignore", divide="ignore"):
        r = (count * (x @ x.T) - total * total.T) / np.sqrt(spread * spread.T)
    return np.where((count >= LEAST_COMMON) & np.isfinite(r), r, 0.0)


def _by_pairs(sample: Sample, overlap: bool) -> float:
    """Return the sum over pairs i < j of the weighted correlations, pair by pair."""
    weight = np.ones((sample.n, sample.n))
    if overlap:
        start = window_start(sample)
        weight = np.maximum(0, sample.length - np.abs(start[:, None] - start[None, :])) / sample.length
    weight = np.triu(weight, 1)
    if not weight.any():
        return 0.0
    series = _laid_out(sample, 2)
    if not series.shape[1]:
        return 0.0  # no two events have a day in common
    return float((correlations(series) * weight).sum())


def _by_sums(sample: Sample, overlap: bool) -> float:
    """Return the same from sums of unit vectors by calendar day; one pass over the events for each distinct start day."""
    start = window_start(sample)
    dates, code = np.unique(start, return_inverse=True)
    if overlap and len(dates) == sample.n and (np.diff(dates) >= sample.length).all():
        return 0.0  # no two windows have a day in common
    span = int(sample.days.max()) + 1
    sums = np.zeros((len(dates), span)) if overlap else np.zeros((1, span))
    for part, block in sample.blocks():
        values = np.where(np.isfinite(block.values), block.values, 0.0)
        norm = np.sqrt((values**2).sum(axis=1, keepdims=True))
        unit = np.divide(values, norm, out=np.zeros_like(values), where=norm > 0)
        rows = code[part][:, None] if overlap else np.zeros((len(unit), 1), dtype=np.int64)
        flat = (rows * span + np.maximum(block.days, 0)).ravel()
        sums += np.bincount(flat, unit.ravel(), minlength=sums.size).reshape(sums.shape)
    own = float(sample.n)
    if not overlap:
        return ((sums**2).sum() - own) / 2.0
    # A pair shares as many days as there are days that lie in both windows: sum over those days of |sum of the active|^2.
    total = 0.0
    for day in range(int(dates[0]), int(dates[-1]) + sample.length):
        active = (dates <= day) & (day < dates + sample.length)
        if active.any():
            total += float((sums[active].sum(axis=0) ** 2).sum())
    return (total / sample.length - own) / 2.0
