"""Tables of the report: which columns are shown, under which words, and how a value is written and sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from backtest.labels import p_value, percent, signed

_PERCENT = {
    "effect", "se", "low", "high", "ret", "expected", "ar", "car", "bhar", "caar", "aar", "hit_rate", "gross_mean", "net_mean",
    "gross_return", "net_return", "total_return", "max_drawdown", "observed", "mean", "sd", "rejected", "minimum_effect",
    "size", "size_raised_variance",
}  # fmt: skip
#: Per cent that have no sign to speak of.
_PLAIN = {"se", "sd", "hit_rate", "rejected", "size", "size_raised_variance"}
_P = {"pvalue", "p_min", "p_better", "p_two_sided"}
_DAY = {"window_start", "window_end", "day"}
_LABELS = {
    "event_id": "event", "pvalue": "p", "p_min": "smallest p", "window_start": "from day", "window_end": "to day",
    "n": "N", "n_eff": "effective N", "r_bar": "mean correlation", "low": "95 % low", "high": "95 % high",
    "n_estimation": "estimation days", "day0": "day 0", "event_time": "event time (UTC)", "df": "degrees of freedom",
    "known_at": "known at (UTC)", "left": "no event because", "size": "size (5 % is right)",
    "size_raised_variance": "size if variance doubles", "nearest_n": "simulated N", "se": "standard error",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column as shown: key in the rows, words in the header, right-aligned if numeric."""

    key: str
    label: str
    numeric: bool


@dataclass(frozen=True)
class Grid:
    """A sortable table: id of its element, caption, columns, rows as dicts of raw values."""

    id: str
    title: str
    columns: list[Column]
    rows: list[dict[str, Any]]


def grid(name: str, title: str, frame: pd.DataFrame) -> Grid:
    """Return the table with the columns that hold anything."""
    used = [c for c in frame.columns if frame[c].notna().any() and not (frame[c].astype("str") == "").all()]
    columns = [Column(str(c), label(str(c)), bool(pd.api.types.is_numeric_dtype(frame[c]))) for c in used]
    return Grid(name, title, columns, [{str(k): v for k, v in row.items()} for row in frame[used].to_dict("records")])


def label(name: str) -> str:
    """Return the header of a column."""
    return _LABELS.get(name, name.replace("_", " "))


def show(column: Column, value: Any) -> tuple[str, str | None]:
    """Return (text of the cell, value to sort and download by); the latter None for plain text, "" for a missing number."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)), None
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ("–" if column.numeric else ""), ("" if column.numeric else None)
    if isinstance(value, pd.Timestamp):
        return instant(value), None
    if not column.numeric:
        return str(value), None
    return number(column.key, value), repr(float(value))


def number(key: str, value: float) -> str:
    """Return a number as its column asks: per cent, p-value, relative day, or up to four significant digits."""
    if key in _PERCENT:
        return percent(value, 2).lstrip("+") if key in _PLAIN else percent(value, 2)
    if key in _P:
        return p_value(value)
    if key in _DAY:
        return signed(value)
    text = f"{int(value)}" if float(value).is_integer() else f"{value:.4g}"
    return text.replace("-", "−")


def instant(value: pd.Timestamp) -> str:
    """Return a date, with the clock time where there is one."""
    return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M}"
