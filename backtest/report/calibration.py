"""How often the tests of the answers would reject where nothing happened: from simulations, and on the run's own prices.

`calibration.csv` holds shares of rejections at a nominal 5 %, two-sided, of thousands of simulated samples per cell: `test,
scenario, n, length, size` (per cent). Scenarios: A events on dates far apart; B the same with the variance of day 0 doubled; C
all on one day, returns correlated by 0.1; D the same with doubled variance; E on dates within eleven days.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.errors import AlignmentError
from backtest.frames import group_labels
from backtest.labels import count, each_row, window_text

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

#: Scenario to words.
WHERE = {"A": "on separate days", "C": "all on one day", "E": "within days of each other"}
#: Scenario to the same with doubled variance on day 0.
_RAISED = {"A": "B", "C": "D"}
_NEAR = 11  # sessions: within these, events of one scenario lie
_COLUMNS = ("kind", "n", "dates", "test", "size", "size_raised_variance", "nearest_n")


@cache
def shipped() -> pd.DataFrame:
    """Return the table that ships with the package: test, scenario, n, length (days), size (per cent)."""
    return pd.read_csv(Path(__file__).resolve().parent / "calibration.csv")


def calibration(result: EventStudyResult, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the size of each answer's test at about its number of events and their nearness in time.

    Columns: kind, n, dates (words), test, size (fraction; 0.05 is right), size_raised_variance (fraction, where news doubles
    the variance of day 0), nearest_n (of the simulated cell). NaN where no cell was simulated.
    """
    rows = []
    for row in each_row(answers):
        scenario = nearness(_days(result, row.kind))
        length = int(row.window_end - row.window_start + 1)
        plain, nearest = _cell(row.test, scenario, int(row.n), length)
        raised, _ = _cell(row.test, _RAISED.get(scenario, ""), int(row.n), length)
        dates = WHERE[scenario] if row.n > 1 else "of one day"
        rows.append((row.kind, int(row.n), dates, row.test, plain, raised, nearest))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _days(result: EventStudyResult, kind: str) -> pd.Series:
    of_kind = group_labels(result.events)
    days: pd.Series = result.audit.set_index("event_id")["day0"].loc[of_kind.index[of_kind == kind]]
    return days


def nearness(days: pd.Series) -> str:
    """Return the scenario of dates: "C" all on one, "E" most with another within eleven weekdays, else "A"."""
    dates = days.dropna().sort_values().to_numpy().astype("datetime64[D]")
    if len(dates) < 2:
        return "A"
    if (dates == dates[0]).all():
        return "C"
    gaps = np.busday_count(dates[:-1], dates[1:])
    close = np.minimum(np.append(gaps, _NEAR), np.append(_NEAR, gaps)) < _NEAR
    return "E" if close.mean() > 0.5 else "A"


def _cell(test: str, scenario: str, n: int, length: int) -> tuple[float, float]:
    """Return (size as a fraction, n of its cell) of the cell nearest in events (as a ratio), then in days of the window."""
    table = shipped()
    rows = table[(table["test"] == test) & (table["scenario"] == scenario)]
    rows = rows[(rows["n"] == 1) == (n == 1)]
    if rows.empty or n < 1:
        return np.nan, np.nan
    far = np.abs(np.log(rows["length"] / length)) * 10 + np.abs(np.log(rows["n"] / n))
    best = rows.loc[far.idxmin()]
    return float(best["size"]) / 100, float(best["n"])


def sentences(result: EventStudyResult, table: pd.DataFrame, window: tuple[int, int]) -> list[str]:
    """Return the calibration in words: what 5 % means for each test used here, and on the run's own prices."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for row in each_row(table.dropna(subset=["size"])):
        key = (row.test, row.dates, row.size, row.size_raised_variance, row.nearest_n)
        groups.setdefault(key, []).append(f"{row.kind} ({count(row.n, 'event')})")
    lines = [_sentence(key, names) for key, names in groups.items()]
    missing = [str(kind) for kind in table.loc[table["size"].isna(), "kind"]]
    if missing:
        lines.append(f"No simulation of this design: {', '.join(missing)}.")
    return [*lines, *own_prices(result, window)]


def _sentence(key: tuple[Any, ...], names: list[str]) -> str:
    test, dates, size, raised, nearest = key
    also = f"; {100 * raised:.1f} % where news doubles the variance of the day" if raised == raised else ""
    events = count(int(nearest), "event")
    verdict = (
        "" if 0.025 <= size <= 0.075 else " Read its p with care." if size > 0.075 else " It errs on the safe side."
    )
    warned = (
        " A calm past makes an unquiet day look like news: its p says that the day was unusual, no more."
        if (raised == raised and raised > 0.075)
        else ""
    )
    return (
        f"{', '.join(names)}: {test} called {100 * size:.1f} % of simulated samples without any effect significant at 5 % "
        f"(simulated with {events} {dates}{also}).{verdict}{warned}"
    )


def own_prices(result: EventStudyResult, window: tuple[int, int]) -> list[str]:
    """Return what a plain t test does on every session of these shares without news, [] where that cannot be computed."""
    from backtest.engine.alldates import placebo_dates
    from backtest.inference import pvalues

    try:
        found = placebo_dates(result, window)
    except AlignmentError:
        return []
    if len(found.pooled) == 0:
        return []
    limit = float(pvalues.student_limit(float(np.median(result.estimates.df))))
    share = float((np.abs(found.pooled) > limit).mean())
    ranked = found.events.dropna(subset=["p_two_sided"])
    rare = int((ranked["p_two_sided"] <= 0.05).sum())
    return [
        f"On these prices: of {len(found.pooled):,} sessions of the same shares without news, a plain t test of one event calls "
        f"{100 * share:.1f} % significant at 5 % on {window_text(*window)}. Ranked among them, {rare} of "
        f"{count(len(ranked), 'event')} are among the rarest 5 %; {0.05 * len(ranked):.2g} would be by chance."
    ]
