"""Checks at the door: a frame of prices or returns is sound, or an error says which row of which ticker is not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from backtest.errors import SchemaError, offenders


def check_levels(frame: pd.DataFrame, name: str, positive: bool = True) -> pd.DataFrame:
    """Return a copy of a frame of levels: naive datetime64[us] index at midnight, float64 values.

    Parameters
    ----------
    frame : dates x tickers; NaN is allowed.
    name : what to call the frame in messages: a field, a file, a ticker.
    positive : False admits zero (volumes) but no negative value.

    Raises
    ------
    SchemaError
        Dates that are none, repeat, or do not ascend; values that are not numbers, infinite, or not positive.
    """
    values = _numeric(_dated(frame, name), name)
    array = values.to_numpy()
    with np.errstate(invalid="ignore"):
        bad = np.isinf(array) | (array <= 0 if positive else array < 0)
    if bad.any():
        what = "non-positive or infinite" if positive else "negative or infinite"
        raise SchemaError(f"{name}: {what} value {_where(values, bad)}; {_WAY_OUT}")
    if positive:
        _reject_leaps(values, name)
    return values


def _reject_leaps(values: pd.DataFrame, name: str) -> None:
    """Raise SchemaError where levels of one series lie so far apart that a return between them is no number."""
    array = values.to_numpy()
    with np.errstate(invalid="ignore"):
        apart = (array < np.where(np.isfinite(array), array, 0.0).max(axis=0, initial=0.0) / LEAP).any(axis=0)
    if not apart.any():
        return
    known = np.log10(array[:, apart])
    far = np.nan_to_num(np.abs(known - np.nanmedian(known, axis=0)))
    bad = np.zeros(array.shape, dtype=bool)
    bad[:, apart] = far == far.max(axis=0)
    raise SchemaError(f"{name}: levels of one series {LEAP:g} times apart {_where(values, bad)}; {_WAY_OUT}")


def check_returns(frame: pd.DataFrame, name: str, kind: str) -> pd.DataFrame:
    """Return a copy of a frame of returns: naive datetime64[us] index at midnight, float64 values.

    Raises
    ------
    SchemaError
        As `check_levels`; a simple return must be above -1.
    """
    values = _numeric(_dated(frame, name), name)
    array = values.to_numpy()
    with np.errstate(invalid="ignore"):
        bad = (np.abs(array) > LEAP) | (array <= -1 if kind == "simple" else np.zeros(array.shape, dtype=bool))
    if bad.any():
        raise SchemaError(f"{name}: value that is no {kind} return {_where(values, bad)}; give fractions, not percent")
    return values


def check_dates(index: pd.DatetimeIndex, name: str) -> None:
    """Raise SchemaError if dates are missing, repeat, or do not ascend; the message names up to five of them."""
    if index.hasnans:
        raise SchemaError(f"{name}: a row without a date; remove it or fill in its date")
    if not index.is_unique:
        twice = index[index.duplicated()].strftime("%Y-%m-%d").unique()
        raise SchemaError(f"{name}: duplicate dates {offenders(twice)}; keep one row per date")
    if not index.is_monotonic_increasing:
        back = index[1:][index[1:] < index[:-1]].strftime("%Y-%m-%d")
        raise SchemaError(f"{name}: dates out of order at {offenders(back)}; sort the rows by date")


#: No share moves so far: squares and fourth powers of returns must stay numbers.
LEAP = 1e50
_WAY_OUT = "remove it, or leave the cell empty if there was no trade"


def _dated(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    if not isinstance(frame, pd.DataFrame):
        raise SchemaError(f"{name}: expected a DataFrame of dates x tickers, got {type(frame).__name__}")
    if frame.columns.has_duplicates:
        raise SchemaError(f"{name}: column listed twice: {offenders(frame.columns[frame.columns.duplicated()])}")
    index = _dates(frame.index, name)
    check_dates(index, name)
    out = frame.copy(deep=False)
    out.index = pd.DatetimeIndex(index, name="session")
    out.columns = pd.Index([str(c) for c in frame.columns], dtype="str")
    return out


def _dates(index: pd.Index, name: str) -> pd.DatetimeIndex:
    if not isinstance(index, pd.DatetimeIndex):
        if pd.api.types.is_numeric_dtype(index):
            raise SchemaError(f"{name}: the index holds numbers, not dates; set the dates as index")
        try:
            index = pd.DatetimeIndex(pd.to_datetime(index, format="ISO8601"))
        except (ValueError, TypeError) as error:
            why = str(error).partition("\n")[0].partition(". You might")[0]
            raise SchemaError(f"{name}: the index holds no dates ({why}); set ISO dates as index") from None
    naive = index.tz_localize(None).as_unit("us")
    clock = (naive != naive.normalize()) & naive.notna()
    if clock.any():
        raise SchemaError(f"{name}: dates with a time of day: {offenders(naive[clock].astype('str'))}; give dates only")
    return naive


def _numeric(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    if (frame.dtypes == "float64").all():
        return frame.astype("float64")
    text = [str(c) for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c]) or frame[c].dtype.kind in "bc"]
    for column in text:
        never = frame[column].dtype.kind in "bc"
        values = frame[column] if never else pd.to_numeric(frame[column], errors="coerce")
        bad = values.isna() & frame[column].notna()
        if bad.any() or never:
            first = int((bad if bad.any() else frame[column].notna()).to_numpy().argmax())
            at, what = f"{frame.index[first]:%Y-%m-%d}", str(frame[column].iloc[first])
            raise SchemaError(f"{name}: {what!r} in column {column!r} on {at} is not a number; {_WAY_OUT}")
        frame = frame.assign(**{column: values})
    return frame.astype("float64")


def _where(frame: pd.DataFrame, bad: np.ndarray) -> str:
    rows, columns = np.nonzero(bad)
    names = [str(c) for c in frame.columns.tolist()]
    pairs = zip(rows[:5].tolist(), columns[:5].tolist(), strict=True)
    found = [f"{names[c]} {frame.index[r]:%Y-%m-%d}: {float(frame.to_numpy()[r, c]):g}" for r, c in pairs]
    more = len(rows) - 5
    return "(" + "; ".join(found) + (f"; and {more} more" if more > 0 else "") + ")"
