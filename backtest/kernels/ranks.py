"""Midranks of many rows at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]


def midranks(values: F) -> F:
    """Return the ranks 1..n of each row of `values` (n, T); ties share their average rank, NaN stay NaN."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    ranks = np.broadcast_to(np.arange(1.0, values.shape[1] + 1.0), values.shape).copy()
    with np.errstate(invalid="ignore"):
        tied = ordered[:, 1:] == ordered[:, :-1]
    for row in np.flatnonzero(tied.any(axis=1)):
        starts = np.flatnonzero(np.concatenate([[True], ~tied[row]]))
        sizes = np.diff(np.append(starts, values.shape[1]))
        ranks[row] = np.repeat(starts + (sizes + 1) / 2.0, sizes)
    ranks[np.isnan(ordered)] = np.nan
    out = np.empty_like(ranks)
    np.put_along_axis(out, order, ranks, axis=1)
    return out


def scaled_ranks(values: F) -> F:
    """Return ``rank / (n + 1) - 1/2`` per row, n the values present (Corrado and Zivney 1992): mean zero, NaN stay NaN."""
    present = np.isfinite(values).sum(axis=1, keepdims=True)
    return midranks(values) / (present + 1.0) - 0.5
