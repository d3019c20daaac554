"""Partial dates, dates and instants in a table's column: parsed once, with the precision that each value shows."""

from __future__ import annotations

import contextlib
import re

import numpy as np
import pandas as pd

from backtest.errors import SchemaError, offenders

#: What stands for "nothing here" in a column of text.
NOTHING = ("", "nan", "None", "<NA>", "NaT")
PRECISIONS = ("minute", "day", "month", "year")

# A date that passed through a spreadsheet or a datetime column: midnight without a zone is no clock time.
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
#: Day, month, year between full stops, as German tables write them: no other reading is in use.
_DOTTED = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_PARTIAL = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?P<clock>[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?"
)


def reject_rows(bad: pd.Series, index: pd.Index, source: str, problem: str, values: pd.Series | None = None) -> None:
    """Raise SchemaError if any row is bad; rows are counted as a reader counts, the first data row being 1."""
    if not bad.any():
        return
    rows = [int(i) + 1 for i in index[bad.to_numpy()]]
    shown = f" ({offenders(values[bad])})" if values is not None else ""
    raise SchemaError(f"{source}: row{'s' if len(rows) > 1 else ''} {offenders(rows)}: {problem}{shown}")


def text_column(values: pd.Series) -> pd.Series:
    """Return the column as stripped str, with NA for everything that says "nothing here"."""
    codes, distinct = pd.factorize(values)
    if 0 < len(distinct) <= len(values) // 4:
        # Names repeat: each is cleaned once.
        clean = text_column(pd.Series(distinct)).array
        return pd.Series(clean.take(codes, allow_fill=True), index=values.index, name=values.name)
    text = values.astype("str").str.strip()
    return text.mask(values.isna() | text.isin(NOTHING)).astype("str")


def parse_instants(values: pd.Series, given: pd.Series | None, source: str) -> tuple[pd.Series, pd.Series]:
    """Return (datetime64[us, UTC], precision): what the value shows, or something coarser where the table says so."""
    if pd.api.types.is_datetime64_any_dtype(values):
        instants, shown = _typed_instants(values, source)
    else:
        instants, shown = _distinct_instants(values, source)
    if given is None:
        return instants, shown
    asked = text_column(given)
    unknown = asked.notna() & ~asked.isin(PRECISIONS)
    reject_rows(unknown, values.index, source, f"unknown precision; use one of {', '.join(PRECISIONS)}", asked)
    rank = {name: i for i, name in enumerate(PRECISIONS)}
    coarser = asked.notna() & (asked.map(rank).fillna(0) > shown.map(rank).fillna(0))
    exact_midnight = (
        asked.eq("minute") & shown.eq("day") & pd.Series(pd.api.types.is_datetime64_any_dtype(values), values.index)
    )
    return instants, shown.where(~(coarser | exact_midnight), asked).astype("str")


def _typed_instants(values: pd.Series, source: str) -> tuple[pd.Series, pd.Series]:
    index = pd.DatetimeIndex(values.array)
    clock = index if index.tz is None else index.tz_convert("UTC").tz_localize(None)
    stamps = clock.to_numpy()
    at_midnight = (stamps == stamps.astype("datetime64[D]")) | np.isnat(stamps)
    if index.tz is None:
        reject_rows(
            pd.Series(~at_midnight, index=values.index),
            values.index,
            source,
            f"{values.name!r} has a clock time without a zone; add one: .dt.tz_localize('Europe/London')",
            values,
        )
    precision = pd.array(["day" if at_midnight.all() else "minute"], dtype="str")
    shown = pd.Series(precision.take(np.zeros(len(values), dtype=np.int64)), index=values.index)
    instants = clock.as_unit("us").tz_localize("UTC")
    return pd.Series(instants, index=values.index, name=values.name), shown


def _distinct_instants(values: pd.Series, source: str) -> tuple[pd.Series, pd.Series]:
    """Parse text, each date once where dates repeat; complaints are made of the whole column, by its rows."""
    codes, distinct = pd.factorize(values)
    if 0 < len(distinct) <= len(values) // 2 and (codes >= 0).all():
        with contextlib.suppress(SchemaError):
            parts = _parsed_instants(pd.Series(distinct, name=values.name).map(_as_text), source)
            instants, shown = (pd.Series(p.array.take(codes), index=values.index, name=values.name) for p in parts)
            return instants, shown
    return _parsed_instants(values.map(_as_text), source)


def _as_text(value: object) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    return _MIDNIGHT.sub("", value.isoformat() if hasattr(value, "isoformat") else str(value).strip())


def _iso(dotted: re.Match[str]) -> str:
    day, month, year = dotted.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _parsed_instants(values: pd.Series, source: str) -> tuple[pd.Series, pd.Series]:
    text = values.astype("str").fillna("").where(~values.isna(), "").str.replace(_DOTTED, _iso, regex=True)
    parts = text.str.extract(f"^{_PARTIAL.pattern}$")
    empty = text == ""
    problem = (
        f"{values.name!r} cannot be read as a date; write 2018, 2018-12, 2018-12-17 (17.12.2018) or 2018-12-17T07:00Z"
    )
    reject_rows(parts["year"].isna() & ~empty, values.index, source, problem, text)
    naive = parts["clock"].notna() & parts["zone"].isna()
    reject_rows(
        naive,
        values.index,
        source,
        f"{values.name!r} has a clock time without a zone; add Z or an offset such as +01:00",
        text,
    )
    full = (
        parts["year"] + "-" + parts["month"].fillna("01") + "-" + parts["day"].fillna("01") + parts["clock"].fillna("")
    ).where(~empty)
    instants = pd.to_datetime(full, utc=True, format="ISO8601", errors="coerce").astype("datetime64[us, UTC]")
    reject_rows(instants.isna() & ~empty, values.index, source, f"{values.name!r} is no day of the calendar", text)
    shown = pd.Series("minute", index=values.index).where(parts["clock"].notna(), "day")
    shown = shown.where(parts["day"].notna(), "month").where(parts["month"].notna(), "year")
    return instants, shown.astype("str")
