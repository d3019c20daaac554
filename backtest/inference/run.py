"""Run a test on a sample and turn its outcome into rows of the tests table."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from backtest.errors import ClusteringWarning, OverlapWarning, SchemaError
from backtest.inference.advice import SINGLE, advise, caution
from backtest.inference.dependence import effective_n, floored, mean_correlation
from backtest.inference.registry import TESTS
from backtest.inference.sample import Sample, Statistic, undefined
from backtest.registry import lookup, name_of

SIDES = {"two": "two", "left": "left", "right": "right", "less": "left", "greater": "right"}

_VALUES = ("effect", "se", "statistic", "df", "pvalue", "p_min", "low", "high")


def run_test(name: str | Callable, sample: Sample, named: bool = True) -> Statistic:
    """Return the outcome of a test; NaN with a reason where it is undefined, or inadvisable and not asked for by name."""
    reason = advise(name, sample)
    if sample.n == 0 or (reason and not named):
        return undefined(reason, sample, each=test_name(name) in SINGLE)
    outcome = lookup(name, TESTS, "test")(sample)
    if not isinstance(outcome, Statistic):
        raise SchemaError(f"test {test_name(name)!r}: it must return a Statistic, not {type(outcome).__name__}")
    return outcome.with_note(reason or caution(name, sample)) if computed(outcome) else outcome


def computed(outcome: Statistic) -> bool:
    """Return True where a p-value came out, of the group or of any event."""
    return bool(np.isfinite(outcome.pvalue).any())


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
    facts = {"test": test_name(name), **facts}
    if np.ndim(outcome.pvalue) == 1:
        return _event_rows(facts, outcome, ids)
    row = {k: float(getattr(outcome, k)) for k in _VALUES}
    n = sample.n if outcome.n is None else outcome.n
    note = outcome.note
    if lost:
        gone = f"{lost} event{'s' if lost > 1 else ''} left out: missing day in the window"
        note = f"{note}; {gone}" if note else gone
    r_bar = outcome.r_bar if np.isfinite(outcome.r_bar) else floored(mean_correlation(sample), 0.0)
    about = {"n": n, "n_eff": effective_n(n, r_bar), "r_bar": r_bar if sample.n > 1 else np.nan}
    facts["distribution"] = outcome.distribution
    return [{**facts, "event_id": pd.NA, **about, **row, "reason": str(outcome.reason), "note": note}]


def test_name(name: str | Callable) -> str:
    """Return a test's label: its name in the registry where the callable is a member, or a member with options."""
    inner = getattr(name, "func", name)
    return next((key for key, member in TESTS.items() if member is inner), name_of(name))


def _event_rows(facts: dict[str, Any], outcome: Statistic, ids: tuple[pd.Index, pd.Index]) -> list[dict[str, Any]]:
    used, missing = ids
    columns = {k: np.broadcast_to(np.asarray(getattr(outcome, k), dtype=float), len(used)) for k in _VALUES}
    reasons = outcome.reason if isinstance(outcome.reason, list) else [outcome.reason] * len(used)
    rows = [
        {
            **facts, "event_id": event, "n": 1, "n_eff": 1.0, "r_bar": np.nan, "distribution": outcome.distribution,
            **{k: float(v[i]) for k, v in columns.items()}, "reason": reasons[i],
            "note": "" if reasons[i] else outcome.note,
        }
        for i, event in enumerate(used)
    ]  # fmt: skip
    blank = dict.fromkeys(_VALUES, np.nan) | {"n": 0, "n_eff": np.nan, "r_bar": np.nan, "distribution": "", "note": ""}
    return rows + [{**facts, "event_id": event, **blank, "reason": "missing day in the window"} for event in missing]


def warn_doubts(doubts: list[tuple[str, str, str]]) -> None:
    """Warn of tests that were asked for by name though they are inadvisable: (test, kind, why); one warning per sort."""
    sorts: dict[type[Warning], list[str]] = {}
    for test, kind, why in doubts:
        sorts.setdefault(sort_of(why), []).append(f"{test} on {kind!r}: {why}")
    for sort, told in sorts.items():
        texts = list(dict.fromkeys(told))  # the same in several windows is said once
        more = f" (and {len(texts) - 3} more; see the column note)" if len(texts) > 3 else ""
        warnings.warn("inadvisable test computed as asked; " + "; ".join(texts[:3]) + more, sort, stacklevel=3)


def sort_of(why: str) -> type[Warning]:
    """Return the class of the warning for an objection: about one date, about windows or dates that lie close, or another."""
    if re.search(r"\bone (common )?date\b", why):
        return ClusteringWarning
    return OverlapWarning if re.search(r"\bwindows\b[^:;]* overlap|^dates differ", why) else UserWarning
