"""Reading one price table: separators, decimal commas, dates; what cannot be read says where and what to do."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from backtest.errors import PriceSourceError, SchemaError, offenders

SUFFIXES = (".csv", ".csv.gz", ".parquet")

#: Spellings of a column, lower case without spaces and underscores -> the name used here.
NAMES = {
    "date": "date", "session": "date", "datetime": "date", "time": "date", "timestamp": "date", "day": "date", "datum": "date",
    "ticker": "ticker", "symbol": "ticker", "asset": "ticker", "security": "ticker",
    "open": "open", "high": "high", "low": "low", "close": "close", "price": "close", "last": "close", "level": "close",
    "closelast": "close", "adjclose": "adj_close", "adjustedclose": "adj_close", "adjclosing": "adj_close",
    "volume": "volume", "vol": "volume", "dividends": "dividends", "dividend": "dividends", "stocksplits": "splits",
    "splits": "splits", "source": "source", "flag": "flag", "eröffnung": "open", "eröffnungskurs": "open",
    "schlusskurs": "close", "schluss": "close", "kurs": "close", "höchstkurs": "high", "hoch": "high", "tiefstkurs": "low",
    "tief": "low", "volumen": "volume",
}  # fmt: skip

DATE_ORDERS = ("iso", "day-first", "month-first")


def suffix_of(path: Path) -> str:
    """Return the file's suffix if it is one of `SUFFIXES`, else ""."""
    name = path.name.lower()
    return next((s for s in (".csv.gz", ".csv", ".parquet") if name.endswith(s)), "")


def stem_of(path: Path) -> str:
    """Return the file's name without its suffix: the ticker, where a folder holds one file per ticker."""
    return path.name[: -len(suffix_of(path))]


def canonical(column: object) -> str:
    """Return the name used here for a column's spelling ("Adj Close" -> "adj_close"), or "" for any other column."""
    return NAMES.get(str(column).strip().lower().replace(" ", "").replace("_", "").replace("/", ""), "")


def read_header(path: Path) -> list[str]:
    """Return the column names of a table without reading its rows.

    Raises
    ------
    PriceSourceError
        The file cannot be read.
    """
    try:
        if suffix_of(path) == ".parquet":
            import pyarrow.parquet as pq

            schema = pq.read_schema(path)
            names = [str(n) for n in schema.names]
            index = [n for n in (schema.pandas_metadata or {}).get("index_columns", []) if isinstance(n, str)]
            return [*index, *(n for n in names if n not in index)]
        line = _first_line(path)
        return [name.strip().strip('"') for name in line.split(_separator(line))]
    except (OSError, ValueError, EOFError) as error:
        raise _unreadable(path, error) from error


def read_table(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Return a table as it stands, its first column (or parquet index) among the columns.

    Parameters
    ----------
    path : csv, csv.gz or parquet.
    columns : names of the columns to read; None reads all.

    Raises
    ------
    PriceSourceError
        The file is missing, damaged or empty.
    SchemaError
        A column of a csv is listed twice.
    """
    try:
        if suffix_of(path) == ".parquet":
            frame = pd.read_parquet(path, columns=_data_columns(path, columns))
            if isinstance(frame.index, pd.RangeIndex):
                return frame
            # As the header names it: the file has a name for an index that has none.
            return frame.reset_index(names=read_header(path)[: frame.index.nlevels])
        header = pd.Index(read_header(path))
        if header.has_duplicates:
            raise SchemaError(f"{path}: column listed twice: {offenders(header[header.duplicated()])}; keep one")
        separator = _separator(_first_line(path))
        frame = pd.read_csv(path, sep=separator, usecols=columns, encoding="utf-8-sig", skipinitialspace=True)
    except SchemaError:
        raise
    except (OSError, ValueError, EOFError) as error:
        raise _unreadable(path, error) from error
    if frame.empty:
        raise PriceSourceError(f"{path}: holds no row of prices; remove it or fill it")
    return frame


def _unreadable(path: Path, error: Exception) -> PriceSourceError:
    return PriceSourceError(f"{path}: cannot be read ({error}); give a csv (UTF-8), csv.gz or parquet file")


def _data_columns(path: Path, columns: list[str] | None) -> list[str] | None:
    if columns is None:
        return None
    import pyarrow.parquet as pq

    index = (pq.read_schema(path).pandas_metadata or {}).get("index_columns", [])
    return [c for c in columns if c not in index]


def _first_line(path: Path) -> str:
    open_text: Any = gzip.open if path.name.endswith(".gz") else open
    with open_text(path, "rt", encoding="utf-8-sig") as stream:
        line = stream.readline().rstrip("\r\n")
    if not line.strip():
        raise ValueError("no header line")
    return line


def _separator(line: str) -> str:
    return max(",;\t|", key=line.count) if any(c in line for c in ",;\t|") else ","


def parse_dates(values: pd.Series, name: str, order: str | None = None) -> pd.DatetimeIndex:
    """Return naive dates (datetime64[us], midnight) of a column.

    ISO dates are read as they stand, with a clock time or zone cut off (the local date is what counts).
    ``31.12.2019`` is day-first; with slashes or dashes the order must show (a first or a second number above 12
    somewhere in the column), or be given.

    Parameters
    ----------
    values : texts, dates or timestamps.
    name : what to call the table in messages.
    order : None to find out, or one of `DATE_ORDERS`.

    Raises
    ------
    SchemaError
        A value that is no date, an order that cannot be known.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return pd.DatetimeIndex(values).tz_localize(None).normalize().as_unit("us")
    text = values.astype("str").str.strip()
    compact = text.str.fullmatch(r"\d{8}").all()
    iso = text.str.match(r"\d{4}-\d\d?-\d\d?")
    if iso.all() or compact:
        return _to_dates(text if compact else text.str.slice(0, 10), "%Y%m%d" if compact else "ISO8601", name)
    parts = text.str.extract(r"^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})")
    bad = parts[0].isna() & ~iso
    if bad.any() or iso.any():
        odd = bad if bad.any() else iso if iso.sum() < len(iso) / 2 else ~iso
        shown = offenders(values[odd].head(6))
        raise SchemaError(f"{name}: {shown} in the date column: no date like the others; write ISO dates (2019-12-31)")
    day_first = _day_first(parts, name, order)
    day, month = (parts[0], parts[2]) if day_first else (parts[2], parts[0])
    return _to_dates(parts[3] + "-" + month.str.zfill(2) + "-" + day.str.zfill(2), "%Y-%m-%d", name)


def _day_first(parts: pd.DataFrame, name: str, order: str | None) -> bool:
    if order in ("day-first", "month-first"):
        return order == "day-first"
    if (parts[1] == ".").all():
        return True
    first, second = (parts[i].astype(int) > 12 for i in (0, 2))
    if first.any() == second.any():
        day, mark, month, year = parts.iloc[0]
        raise SchemaError(
            f"{name}: dates such as '{day}{mark}{month}{mark}{year}' may be day-first or month-first; "
            "write ISO dates (2019-12-31), or say which: prices.files(path, dates='day-first')"
        )
    return bool(first.any())


def _to_dates(text: pd.Series, pattern: str, name: str) -> pd.DatetimeIndex:
    parsed = pd.to_datetime(text, format=pattern, errors="coerce")
    if parsed.isna().any():
        raise SchemaError(f"{name}: {offenders(text[parsed.isna()].head(6))} is no date of the calendar; mend the row")
    return pd.DatetimeIndex(parsed).as_unit("us")


def to_numbers(values: pd.Series, dates: pd.DatetimeIndex, name: str) -> np.ndarray:
    """Return a column as float64; "12,5" and "1.234,5" are decimal commas, "null" and "-" are missing.

    Raises
    ------
    SchemaError
        A value that is no number; the message names its date.
    """
    if pd.api.types.is_numeric_dtype(values) and values.dtype != bool:
        return values.to_numpy(dtype="float64", na_value=np.nan)
    text = values.astype("str").str.strip()
    text = text.mask(values.isna() | text.isin(["", "null", "-", "n/a", "N/A", "NaN", "nan", "None"]))
    if _decimal_commas(text):
        text = text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    else:
        text = text.str.replace(r"(?<=\d),(?=\d{3}(\D|$))", "", regex=True)
    numbers = pd.to_numeric(text, errors="coerce")
    bad = (numbers.isna() & text.notna()).to_numpy()
    if bad.any():
        rows = [f"{values.iloc[i]!r} on {dates[i]:%Y-%m-%d} (row {i + 1})" for i in np.flatnonzero(bad)[:6]]
        raise SchemaError(
            f"{name}: value that is not a number in column {values.name!r}: {', '.join(rows[:5])}; "
            "write a number, or leave the cell empty if there was no trade"
        )
    return numbers.to_numpy(dtype="float64", na_value=np.nan)


def _decimal_commas(text: pd.Series) -> bool:
    """Return True if the commas are decimal: some comma is followed by other than three digits, or a point precedes it."""
    kept = text.dropna()
    with_comma = kept[kept.str.contains(",", regex=False)]
    if with_comma.empty:
        return False
    thousands = with_comma.str.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
    return not thousands.all()
