"""Midranks of many rows at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]

#: Values nearer to each other than this share of the row's largest are ties.
TIE = 1e-12


def midranks(values: F) -> F:
    """Return the ranks 1..n of each row of `values` (n, T); ties share their average rank, NaN stay NaN.

    Values that differ by rounding alone (`TIE` of the row's largest) are ties: they are equal on paper.
    """
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    ranks = np.broadcast_to(np.arange(1.0, values.shape[1] + 1.0), values.shape).copy()
    with np.errstate(invalid="ignore"):
        tied = ordered[:, 1:] - ordered[:, :-1] <= TIE * _largest(values)
    for row in np.flatnonzero(tied.any(axis=1)):
        starts = np.flatnonzero(np.concatenate([[True], ~tied[row]]))
        sizes = np.diff(np.append(starts, values.shape[1]))
        ranks[row] = np.repeat(starts + (sizes + 1) / 2.0, sizes)
    ranks[np.isnan(ordered)] = np.nan
    out = np.empty_like(ranks)
    np.put_along_axis(out, order, ranks, axis=1)
    return out


def _largest(values: F) -> F:
    """Return the largest size of each row, (n, 1); 0 where nothing is there."""
    return np.abs(np.where(np.isfinite(values), values, 0.0)).max(axis=1, initial=0.0, keepdims=True)


def scaled_ranks(values: F) -> F:
    """Return ``rank / (n + 1) - 1/2`` per row, n the values present (Corrado and Zivney 1992): mean zero, NaN stay NaN."""
    present = np.isfinite(values).sum(axis=1, keepdims=True)
    return midranks(values) / (present + 1.0) - 0.5


#: The low bits of a number's fraction that make room for its column: 512 columns, one part in 10^13.
_BITS = np.uint64(511)
#: What stands for a missing value: it comes last.
_LAST = 1e308


def rank_sums(values: F) -> tuple[F, F]:
    """Return the sums (T,) of `scaled_ranks` over the rows and the numbers of values present (T,).

    The column is written into the last bits of each number, so that one sort without an index yields the order. Rows with
    values that are equal but for those bits are ranked with care.
    """
    n, t = values.shape
    if t > int(_BITS) + 1:
        return _careful(values)
    have = np.isfinite(values)
    complete = bool(have.all())
    # A zero with a minus is a zero: adding one takes the sign away, and copies.
    keys = ((values if complete else np.where(have, values, _LAST)) + 0.0).view(np.uint64)
    keys &= ~_BITS
    keys |= np.arange(t, dtype=np.uint64)
    keys.view(np.float64).sort(axis=1)
    ordered = keys.view(np.float64)
    present = np.full(n, t) if complete else have.sum(axis=1)
    last = ordered[np.arange(n), np.maximum(present, 1) - 1]
    near = ordered[:, 1:] - ordered[:, :-1] <= TIE * np.maximum(np.abs(ordered[:, 0]), np.abs(last))[:, None]
    if not complete:
        near &= np.arange(1, t) < present[:, None]
    tied = near.any(axis=1)
    column = (keys & _BITS).astype(np.intp)
    scaled = np.arange(1.0, t + 1.0) / (present + 1.0)[:, None] - 0.5
    if not complete:
        scaled[np.arange(t) >= present[:, None]] = 0.0
    scaled[tied] = 0.0
    total: F = np.bincount(column.ravel(), scaled.ravel(), minlength=t).astype(np.float64)
    count = np.full(t, float(n)) if complete else have.sum(axis=0).astype(np.float64)
    if tied.any():
        total += _careful(values[tied])[0]
    return total, count


def _careful(values: F) -> tuple[F, F]:
    ranks = scaled_ranks(values)
    have = np.isfinite(ranks)
    return np.where(have, ranks, 0.0).sum(axis=0), have.sum(axis=0).astype(np.float64)
