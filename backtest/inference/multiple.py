"""Several tests at once: Holm, Benjamini-Hochberg, Westfall-Young max-T under the common-shift placebo.

Sources: Holm 1979; Benjamini and Hochberg 1995; Westfall and Young 1993.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import SchemaError
from backtest.inference.sample import ROUNDING, Sample
from backtest.inference.single import studentised_sums
from backtest.registry import lookup

F = NDArray[np.float64]


def holm(p: F) -> F:
    """Return Holm's step-down adjusted p-values (family-wise error); NaN stay NaN and do not count."""
    return _stepwise(np.asarray(p, dtype=float), down=True)


def benjamini_hochberg(p: F) -> F:
    """Return Benjamini and Hochberg's step-up adjusted p-values (false discovery rate); NaN stay NaN and do not count."""
    return _stepwise(np.asarray(p, dtype=float), down=False)


ADJUST: dict[str, Callable[[F], F]] = {"holm": holm, "bh": benjamini_hochberg}


def _stepwise(p: F, down: bool) -> F:
    out = np.full(p.shape, np.nan)
    have = np.flatnonzero(np.isfinite(p))
    order = have[np.argsort(p[have], kind="stable")]
    n = len(order)
    if down:
        adjusted = np.maximum.accumulate(p[order] * (n - np.arange(n)))
    else:
        adjusted = np.minimum.accumulate((p[order] * n / np.arange(1.0, n + 1.0))[::-1])[::-1]
    out[order] = np.minimum(adjusted, 1.0)
    return out


def adjust(tests: pd.DataFrame, method: str = "holm", family: Sequence[str] = ("test",)) -> pd.DataFrame:
    """Return a tests table with columns `p_adjusted` and `family_size` added.

    Parameters
    ----------
    tests : table of `result.test`. method : "holm" or "bh".
    family : columns that make a family; by default the rows of one test (across windows and kinds) are one.

    Raises
    ------
    UnknownNameError
        Another method.
    SchemaError
        A column of `family` that the table does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> three = pd.DataFrame({"test": "kp-overlap", "pvalue": [0.01, 0.04, 0.03]})
    >>> adjust(three, "holm")["p_adjusted"].tolist()
    [0.03, 0.06, 0.06]
    """
    correct = lookup(method, ADJUST, "adjustment")
    lacking = [c for c in (*family, "pvalue") if c not in tests]
    if lacking:
        raise SchemaError(f"the table has no column {lacking}; hand over what result.test returns")
    out = tests.copy()
    groups = tests.groupby(list(family), dropna=False)["pvalue"]
    out["p_adjusted"] = groups.transform(lambda p: pd.Series(correct(p.to_numpy()), index=p.index))
    out["family_size"] = groups.transform("count").astype("int64")
    return out


def westfall_young(samples: Sequence[Sample]) -> F:
    """Return max-T adjusted two-sided p-values of the mean SCARs of several samples (windows, kinds), (k,).

    The joint null distribution comes from the common-shift placebo: all samples are shifted back by the same number of
    days, so that their correlation is kept; each mean is put on the scale of its own placebos. Step-down, with the observed
    value counted. The samples share one estimation window. NaN where no shift puts every window into it.
    """
    own = np.array([float(s.scar.mean()) for s in samples])
    placebo = _common_shifts(samples)
    length = placebo.shape[1]
    if length < 2:
        return np.full(len(own), np.nan)
    scale = placebo.std(axis=1, ddof=1)
    own, placebo = np.abs(own) / scale, np.abs(placebo) / scale[:, None]
    order = np.argsort(-own, kind="stable")
    adjusted = np.empty(len(own))
    for rank, k in enumerate(order):
        largest = placebo[order[rank:]].max(axis=0)
        adjusted[k] = (1.0 + (largest >= own[k] * (1.0 - ROUNDING)).sum()) / (1.0 + length)
    adjusted[order] = np.maximum.accumulate(adjusted[order])
    return adjusted


def _common_shifts(samples: Sequence[Sample]) -> F:
    """Return the placebo means (samples, shifts) of the shifts under which every sample has one."""
    paths = [_shifted_means(s) for s in samples]
    ends = [len(path) + s.length - 1 + s.window[0] for path, s in zip(paths, samples, strict=True)]
    # Day 0 of the shift d lies d days before the day after the estimation window, and so does every other day of a window.
    shifts = np.arange(max(s.window[1] for s in samples) + 1, min(ends) + 1)
    placebo = np.array([path[end - shifts] for path, end in zip(paths, ends, strict=True)])
    return placebo[:, np.isfinite(placebo).all(axis=0)]


def _shifted_means(sample: Sample) -> F:
    """Return the mean studentised residual sum of all events by the window's first row, NaN where no event has one."""
    total: F = np.zeros(1)
    count: F = np.zeros(1)
    for _, block in sample.blocks():
        sums = studentised_sums(block, sample.length)
        have = np.isfinite(sums)
        total = total + np.where(have, sums, 0.0).sum(axis=0)
        count = count + have.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, total / np.maximum(count, 1.0), np.nan)
