"""Candidate days of an event whose day is uncertain, and prior probabilities over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.contract.instants import parse_instants, text_column
from backtest.errors import SchemaError
from backtest.registry import lookup, name_of

F = NDArray[np.float64]
Sessions = NDArray[np.datetime64]
Prior = Callable[[Sessions, pd.Timestamp], F]

COLUMNS = ("start", "end", "candidates", "prior")


@dataclass(frozen=True)
class Span:
    """Candidate days of one event: first and last date, the dates between them that count (None: all), the stated date.

    `stated` is NaT where no day was stated: the midnight that stands for a month says nothing about its first day.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    dates: tuple[pd.Timestamp, ...] | None
    stated: pd.Timestamp


def spans_of(table: pd.DataFrame, strict: bool = True) -> dict[str, Span]:
    """Return the candidate days of each event of the contract whose date is uncertain.

    Raises
    ------
    SchemaError
        `candidates` that are no list of dates, an interval that lacks an end, cannot be read or ends before it begins; unless
        `strict` is False: such columns are then somebody's own, and only the precision of `event_time` counts.
    """
    found = {}
    for event, row in table.iterrows():
        try:
            span = _span(str(event), row)
        except SchemaError:
            if strict:
                raise
            span = _span(str(event), row.drop(list(COLUMNS), errors="ignore"))
        if span is not None:
            found[str(event)] = span
    return found


def _span(event: str, row: pd.Series) -> Span | None:
    day = row["event_time"].tz_localize(None).normalize()
    stated: Any = day if row["event_precision"] in ("minute", "day") else pd.NaT
    listed = _listed(row.get("candidates"))
    if listed:
        dates = _dates(event, listed)
        return Span(dates[0], dates[-1], dates, stated)
    start, end = (row.get(name) for name in ("start", "end"))
    if not (_nothing(start) and _nothing(end)):
        return Span(*_interval(event, start, end), None, stated)
    if row["event_precision"] == "month":
        return Span(day.replace(day=1), day + pd.offsets.MonthEnd(0), None, stated)
    if row["event_precision"] == "year":
        return Span(day.replace(month=1, day=1), day.replace(month=12, day=31), None, stated)
    return None


def _nothing(value: Any) -> bool:
    return bool(text_column(pd.Series([value], dtype=object)).isna().iloc[0])


def _listed(value: Any) -> list[Any]:
    """Return the entries of a list of candidates: dates separated by ``|``, or any sequence of them."""
    if isinstance(value, (list, tuple, np.ndarray, pd.Index, pd.Series)):
        return list(value)
    return [] if _nothing(value) else str(value).split("|")


def _dates(event: str, listed: list[Any]) -> tuple[pd.Timestamp, ...]:
    said = "|".join(str(v) for v in listed)
    problem = (
        f"event {event!r}: candidates={said!r} is no list of dates separated by '|', each with its day (2019-10-16)"
    )
    values = pd.Series([v.strip() if isinstance(v, str) else v for v in listed], dtype=object)
    try:
        instants, precision = parse_instants(values, None, "candidates")
    except SchemaError:
        raise SchemaError(problem) from None
    if instants.isna().any() or precision.isin(["month", "year"]).any():
        raise SchemaError(problem)
    days = instants.dt.tz_localize(None).dt.normalize()
    return tuple(sorted(set(days)))


def _interval(event: str, start: Any, end: Any) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return first and last date; a month or a year counts from its first to its last day."""
    if _nothing(start) or _nothing(end):
        raise SchemaError(f"event {event!r}: start={start!r}, end={end!r}: an interval needs both; give the other date")
    values = pd.Series([start, end], dtype=object)
    try:
        instants, precision = parse_instants(values, None, f"event {event!r}, start and end")
    except SchemaError as error:
        raise SchemaError(str(error).replace("rows 1, 2: ", "").replace("row 1: ", "").replace("row 2: ", "")) from None
    first, last = instants.dt.tz_localize(None).dt.normalize()
    ends = {"month": pd.offsets.MonthEnd(0), "year": pd.offsets.YearEnd(0)}
    if precision.iloc[1] in ends:
        last = last + ends[precision.iloc[1]]
    if last < first:
        raise SchemaError(f"event {event!r}: the interval ends ({last:%Y-%m-%d}) before it starts ({first:%Y-%m-%d})")
    return first, last


# -------------------------------------------------------------------------------------------------------------- priors


def uniform(sessions: Sessions, stated: pd.Timestamp) -> F:
    """Every candidate session alike."""
    return np.full(len(sessions), 1.0 / len(sessions))


def triangular(sessions: Sessions, stated: pd.Timestamp) -> F:
    """Fall linearly with the calendar days from the stated date, to zero a day beyond the furthest candidate.

    Uniform where no day was stated.
    """
    if pd.isna(stated):
        return uniform(sessions, stated)
    off = np.abs((sessions - np.datetime64(stated, "us")) / np.timedelta64(1, "D"))
    height = off.max() + 1.0 - off
    return np.asarray(height / height.sum())


def point(sessions: Sessions, stated: pd.Timestamp) -> F:
    """All on the session of the stated date, or the next candidate one; zero everywhere where there is none."""
    day = sessions.max() + np.timedelta64(1, "D") if pd.isna(stated) else np.datetime64(stated, "us")
    mass = np.zeros(len(sessions))
    mass[np.searchsorted(sessions, day) : np.searchsorted(sessions, day) + 1] = 1.0
    return mass


PRIORS: Mapping[str, Prior] = {"uniform": uniform, "triangular": triangular, "point": point}


def weights(sessions: Sessions, stated: pd.Timestamp, prior: str | Prior) -> F:
    """Return the prior probability of each candidate session (w,), all zero where the prior knows no day.

    Raises
    ------
    UnknownNameError
        An unknown prior.
    SchemaError
        A callable whose result is not one finite weight, zero or more, per session, or sums to zero.
    """
    found = lookup(prior, PRIORS, "prior")
    given = np.asarray(found(sessions, stated), dtype=float)
    if not callable(prior):
        return given
    total = given.sum()
    if given.shape != sessions.shape or not (np.isfinite(given).all() and (given >= 0).all() and total > 0):
        raise SchemaError(
            f"prior {name_of(prior)!r}: it must return {len(sessions)} weights, zero or more and not all zero"
        )
    return np.asarray(given / total)
