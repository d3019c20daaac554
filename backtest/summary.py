"""The answer in a few rows: per group the mean effect, its interval, and the one test that is valid at its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import nctdtrinc, ndtri, stdtrit

from backtest.inference import TESTS
from backtest.inference.single import car_t
from backtest.labels import SMALL_N, count, first_line, interval, p_value, percent, window_text
from backtest.registry import name_of

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

Window = tuple[int, int]

ANSWER_COLUMNS = ("kind", "window_start", "window_end", "n", "effect", "low", "high", "test", "pvalue", "reason")
LEVEL = 0.05
CAR_T = name_of(car_t)

#: Which test speaks for a group, in order of preference among those that are valid; of one event, and of several.
SINGLE = ("sq", "car-t")
GROUP = ("kp-overlap", "bmp", "cross-sectional")
_POWER = 0.80


def answers(result: EventStudyResult, window: Window = (0, 0), by: str = "kind") -> pd.DataFrame:
    """Return one row per group for one window, largest group first.

    Columns: `kind` (the group), `window_start`, `window_end`, `n` (int64, events that have the whole window), `effect`
    (mean CAR as a fraction), `low`, `high` (95 % interval; of a single event the prediction interval), `test` and
    `pvalue` of the test to trust at this size, `reason` (why this one). NaN where a number does not exist.
    """
    valid = result.valid_tests(by=by, window=window)
    chosen = {str(kind): _choose(rows) for kind, rows in valid.groupby("kind", sort=False)}
    names = [*dict.fromkeys(test for test, _ in chosen.values() if test), "cross-sectional", car_t]
    table = result.test(*names, windows=[window], by=by)
    rows = [_answer(kind, *chosen[kind], window, table[table["kind"] == kind]) for kind in chosen]
    whole = dict.fromkeys(("n", "window_start", "window_end"), "int64")
    frame = pd.DataFrame(rows, columns=list(ANSWER_COLUMNS)).astype(whole)
    return frame.sort_values(["n", "kind"], ascending=[False, True], kind="stable", ignore_index=True)


def _choose(rows: pd.DataFrame) -> tuple[str, str]:
    """Return (test, why) for one group from its rows of `valid_tests`; ("", why) where none is valid."""
    n, valid = int(rows["n"].iloc[0]), list(rows["test"][rows["valid"]])
    order = [name for name in (SINGLE if n == 1 else GROUP) if name in valid] or valid
    if not order:
        return "", str(rows["reason"].iloc[0])
    return order[0], f"{'a single event' if n == 1 else 'two or more events'}: {first_line(TESTS[order[0]])}"


def _answer(kind: str, test: str, why: str, window: Window, rows: pd.DataFrame) -> dict[str, Any]:
    """Return the row of the chosen test, with the first interval that exists: its own, else that of the t test."""
    own = rows[rows["test"] == test]
    facts = {"kind": kind, "window_start": window[0], "window_end": window[1], "test": test, "reason": why}
    if own.empty:
        return facts | {"n": 0, "effect": np.nan, "low": np.nan, "high": np.nan, "pvalue": np.nan}
    row = own[own["n"] > 0].iloc[0] if (own["n"] > 0).any() else own.iloc[0]
    spare = rows[(rows["test"] == (CAR_T if row["n"] == 1 else "cross-sectional")) & (rows["n"] > 0)]
    bounds = [(row["low"], row["high"]), *zip(spare["low"], spare["high"], strict=True), (np.nan, np.nan)]
    low, high = next((b for b in bounds if np.isfinite(b).all()), bounds[-1])
    return facts | {name: row[name] for name in ("n", "effect", "pvalue")} | {"low": low, "high": high}


def pictured(result: EventStudyResult, most: int) -> list[str]:
    """Return the events that get a picture and a card: all up to `most`, else those that moved most on day 0, in order."""
    ids = list(result.events.index)
    if len(ids) <= most:
        return ids
    day = 0 if 0 in result.ar.columns else result.ar.columns[0]
    size = result.ar[day].abs().fillna(-1.0).sort_values(ascending=False, kind="stable")
    chosen = set(size.index[:most])
    return [event_id for event_id in ids if event_id in chosen]


def detectable(row: Any) -> float:
    """Return the smallest effect (fraction) that a two-sided 5 % t test of this group would find in 80 % of cases.

    The standard error is read off the interval; N - 1 degrees of freedom by the noncentral t distribution, the normal
    one for a single event. NaN without an interval.
    """
    half = (row.high - row.low) / 2
    if row.n < 2:
        limit, power = ndtri([1 - LEVEL / 2, _POWER])
        return float(half * (limit + power) / limit)
    limit = stdtrit(row.n - 1, 1 - LEVEL / 2)
    return float(half * nctdtrinc(row.n - 1, 1 - _POWER, limit) / limit)


def sentence(row: Any) -> str:
    """Return the answer for one group in words, as in "moved −12.9 % on day 0 against the model's expectation ..."."""
    window = window_text(row.window_start, row.window_end)
    facts = f"95 % interval {interval(row.low, row.high)}, p {p_of(row.pvalue)} by {row.test}, {count(row.n, 'event')}"
    if not np.isfinite(row.pvalue):
        return f"moved {percent(row.effect)} on {window}; no test is valid here ({facts})."
    if row.pvalue >= LEVEL:
        return f"shows no effect that chance would not explain: {percent(row.effect)} on {window} ({facts})."
    return f"moved {percent(row.effect)} on {window} ({facts})."


def power_words(row: Any) -> str:
    """Return what could not have been seen at this size, "" where it cannot be said."""
    least = detectable(row)
    if not np.isfinite(least):
        return ""
    few = (
        "A single case, not a rule. "
        if row.n == 1
        else f"Fewer than {SMALL_N} events: read with care. "
        if row.n < SMALL_N
        else ""
    )
    return f"{few}An effect under ±{percent(least).lstrip('+')} would be missed more often than one time in five."


def verdict(table: pd.DataFrame) -> str:
    """Return one sentence over all groups: how many moved, and how many would seem to by chance alone."""
    tested = int(table["pvalue"].notna().sum())
    found = int((table["pvalue"] < LEVEL).sum())
    if not tested:
        return "No group could be tested."
    by_chance = f"{tested * LEVEL:.1f}".rstrip("0").rstrip(".")
    return (
        f"{found} of {count(tested, 'group')} moved by more than chance explains at the 5 % level; "
        f"about {by_chance} would seem to if nothing ever happened."
    )


def p_of(value: float) -> str:
    """Return "< 0.001" or "= 0.031"."""
    text = p_value(value)
    return text if text.startswith("<") else f"= {text}"
