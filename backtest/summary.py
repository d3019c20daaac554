"""The answer in a few rows: per group the mean effect, its interval, and the one test that is valid at its size."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.labels import SMALL_N, count, each_row, interval, least_percent, p_value, percent, window_text
from backtest.tables import day_zero

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

Window = tuple[int, int]

ANSWER_COLUMNS = (
    "kind", "window_start", "window_end", "n", "n_eff", "effect", "low", "high", "test", "pvalue", "reason",
)  # fmt: skip
LEVEL = 0.05
_NO_EVENT = "no event has all days of this window"


def answers(result: EventStudyResult, window: Window | None = None, by: str = "kind") -> pd.DataFrame:
    """Return one row per group for one window (None: day 0, or the event window's first day), largest group first.

    Columns: `kind` (the group), `window_start`, `window_end`, `n` (int64, events that have the whole window), `n_eff` (what
    they count for, given their correlation), `effect` (mean CAR as a fraction), `low`, `high` (95 % interval; of a single
    event the prediction interval), `test` and `pvalue` of the test that `result.recommended` names, `reason` (why this
    one). NaN where a number does not exist.
    """
    window = window or (day_zero(result),) * 2
    advice = result.recommended(by=by, windows=[window])
    names = [*dict.fromkeys([*advice["test"], "car-t", "cross-sectional"])]
    aside = replace(result, ledger=[])
    with warnings.catch_warnings():
        # A test named for one group may be inadvisable for another, whose row is then not looked at.
        warnings.simplefilter("ignore", UserWarning)
        table = aside.test(*names, windows=[window], by=by)
    # Only what is shown was tried: the others lend their intervals.
    shown = table["test"] == table["kind"].map(advice.set_index("kind")["test"])
    result.ledger.append(aside.ledger[0][shown])
    rows = [_answer(row, table[table["kind"] == row.kind]) for row in each_row(advice)]
    whole = dict.fromkeys(("n", "window_start", "window_end"), "int64")
    frame = pd.DataFrame(rows, columns=list(ANSWER_COLUMNS)).astype(whole)
    return frame.sort_values(["n", "kind"], ascending=[False, True], kind="stable", ignore_index=True)


def _answer(advice: Any, rows: pd.DataFrame) -> dict[str, Any]:
    """Return the row of the recommended test; where that has no interval, with the t test's."""
    facts = {
        name: getattr(advice, name) for name in ("kind", "window_start", "window_end", "n", "n_eff", "test", "reason")
    }
    rows = rows[rows["n"] > 0]
    if rows.empty:
        return facts | dict.fromkeys(("effect", "low", "high", "pvalue"), np.nan) | {"test": "", "reason": _NO_EVENT}
    own = rows[rows["test"] == advice.test].iloc[0]
    spare = rows[rows["test"] == ("cross-sectional" if advice.n > 1 else "car-t")]
    numbers = own if np.isfinite(own["low"]) or spare.empty else spare.iloc[0]
    return facts | own[["effect", "pvalue"]].to_dict() | numbers[["low", "high"]].to_dict()


def pictured(result: EventStudyResult, most: int) -> list[str]:
    """Return the events that get a picture and a card: all up to `most`, else those that moved most on day 0, in order."""
    ids = list(result.events.index)
    if len(ids) <= most:
        return ids
    day = 0 if 0 in result.ar.columns else result.ar.columns[0]
    size = result.ar[day].abs().fillna(-1.0).sort_values(ascending=False, kind="stable")
    chosen = set(size.index[:most])
    return [event_id for event_id in ids if event_id in chosen]


def sentence(row: Any) -> str:
    """Return the answer for one group in words, as in "moved −12.9 % on day 0 against the model's expectation ..."."""
    window = window_text(row.window_start, row.window_end)
    facts = f"95 % interval {interval(row.low, row.high)}, p {p_of(row.pvalue)} by {row.test}, {count(row.n, 'event')}"
    if not np.isfinite(row.pvalue):
        return f"moved {percent(row.effect)} on {window}; no test is valid here ({facts})."
    if row.pvalue >= LEVEL:
        return f"shows no effect that chance would not explain: {percent(row.effect)} on {window} ({facts})."
    return f"moved {percent(row.effect)} on {window} ({facts})."


def power_words(n: int, least: float) -> str:
    """Return what could not have been seen with n events, "" where there is none; `least` as `inference.power.detectable`."""
    if not n:
        return ""
    few = (
        "A single case, not a rule. "
        if n == 1
        else f"Fewer than {SMALL_N} events: read with care. "
        if n < SMALL_N
        else ""
    )
    if not least < 1.0:  # NaN where no effect, however large, is found
        return f"{few}No effect below 100 % would be found four times in five."
    return f"{few}An effect under ±{least_percent(least)} would be missed more often than one time in five."


def verdict(table: pd.DataFrame) -> str:
    """Return one sentence over all groups: how many moved, and how many would seem to by chance alone."""
    tested = int(table["pvalue"].notna().sum())
    found = int((table["pvalue"] < LEVEL).sum())
    if not tested:
        return "No group could be tested."
    return (
        f"{found} of {count(tested, 'group')} moved by more than chance explains at the 5 % level; "
        f"about {tested * LEVEL:.2g} would seem to if nothing ever happened."
    )


def p_of(value: float) -> str:
    """Return "< 0.001" or "= 0.031"."""
    text = p_value(value)
    return text if text.startswith("<") else f"= {text}"
