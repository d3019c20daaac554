"""Run a test on a sample and turn its outcome into rows of the tests table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from backtest.inference.advice import advise
from backtest.inference.registry import TESTS
from backtest.inference.sample import Sample, Statistic, undefined
from backtest.registry import lookup, name_of

SIDES = {"two": "two", "left": "left", "right": "right", "less": "left", "greater": "right"}

_VALUES = ("effect", "se", "statistic", "df", "pvalue", "p_min", "low", "high")


def run_test(name: str | Callable, sample: Sample, named: bool = True) -> Statistic:
    """Return the outcome of a test; NaN with a reason where it is undefined, or inadvisable and not asked for by name."""
    reason = advise(name, sample)
    if sample.n == 0 or (reason and not named):
        return undefined(reason, sample)
    outcome = lookup(name, TESTS, "test")(sample)
    return outcome.with_note(reason) if reason and not outcome.reason else outcome


def test_rows(
    facts: dict[str, Any],
    name: str | Callable,
    outcome: Statistic,
    sample: Sample,
    ids: tuple[pd.Index, pd.Index],
    lost: int,
) -> list[dict[str, Any]]:
    """Return one row for the group, or one per event where the outcome holds arrays.

    `ids` are the events of the sample and those left out for a missing day; `lost` is how many the latter are.
    """
    facts = {"test": name_of(name), **facts}
    if np.ndim(outcome.pvalue) == 1:
        return _event_rows(facts, outcome, ids)
    row = {k: float(getattr(outcome, k)) for k in _VALUES}
    n = sample.n if outcome.n is None else outcome.n
    note = outcome.note
    if lost:
        gone = f"{lost} event{'s' if lost > 1 else ''} left out: missing day in the window"
        note = f"{note}; {gone}" if note else gone
    mean_r = outcome.r_bar
    n_eff = n / (1.0 + (n - 1.0) * mean_r) if np.isfinite(mean_r) else float(n)
    about = {"n": n, "n_eff": n_eff, "r_bar": mean_r, "distribution": outcome.distribution}
    return [{**facts, "event_id": pd.NA, **about, **row, "reason": str(outcome.reason), "note": note}]


def _event_rows(facts: dict[str, Any], outcome: Statistic, ids: tuple[pd.Index, pd.Index]) -> list[dict[str, Any]]:
    used, missing = ids
    columns = {k: np.broadcast_to(np.asarray(getattr(outcome, k), dtype=float), len(used)) for k in _VALUES}
    reasons = outcome.reason if isinstance(outcome.reason, list) else [outcome.reason] * len(used)
    rows = [
        {
            **facts, "event_id": event, "n": 1, "n_eff": 1.0, "r_bar": np.nan, "distribution": outcome.distribution,
            **{k: float(v[i]) for k, v in columns.items()}, "reason": reasons[i], "note": outcome.note,
        }
        for i, event in enumerate(used)
    ]  # fmt: skip
    blank = dict.fromkeys(_VALUES, np.nan) | {"n": 0, "n_eff": np.nan, "r_bar": np.nan, "distribution": "", "note": ""}
    return rows + [{**facts, "event_id": event, **blank, "reason": "missing day in the window"} for event in missing]
