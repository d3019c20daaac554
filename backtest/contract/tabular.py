"""Tables in files: csv with any separator, json lines and parquet in, the same out, instants and floats with all their digits."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.errors import SchemaError, StoreError


def read_table(path: Path, what: str) -> pd.DataFrame:
    """Read a csv, json-lines or parquet file; csv cells as text, "" where empty.

    Raises
    ------
    SchemaError
        No such file, or one that cannot be read; `what` names it in the message.
    """
    if not path.is_file():
        raise SchemaError(f"no such {what} file: {path}; check the path")
    suffix = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix
    try:
        if suffix in (".jsonl", ".ndjson"):
            return pd.read_json(path, lines=True, dtype=False)
        if suffix == ".parquet":
            return pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise SchemaError(f"{path}: cannot be read as {suffix[1:]}: {error}") from error
    return read_csv(path, str(path))


def read_csv(source: Any, name: str) -> pd.DataFrame:
    """Read csv from a path or an open text stream, every cell as text, whichever separator it uses.

    Raises
    ------
    SchemaError
        It cannot be read; `name` is what the message calls it.
    """
    try:
        if isinstance(source, Path):
            between, encoding = separator(first_line(source)), "utf-8-sig"
        else:
            source, encoding = io.StringIO(source.read().lstrip("\ufeff")), None
            between = separator(source.readline())
            source.seek(0)
        return pd.read_csv(source, dtype="str", keep_default_na=False, sep=between, encoding=encoding)
    except (ValueError, OSError, EOFError, pd.errors.ParserError) as error:
        raise SchemaError(
            f"{name}: cannot be read as csv: {str(error).strip()}; give a comma-separated table with a header in UTF-8"
        ) from error


def as_written(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its times as text: sessions as dates (2018-12-17), instants in ISO 8601 with a Z."""
    out = frame.copy()
    for name in frame.select_dtypes(["datetime", "datetimetz"]):
        values = frame[name]
        if values.dt.tz is None:
            out[name] = values.dt.strftime("%Y-%m-%d")
        else:
            instant = values.dt.tz_convert("UTC")
            exact = instant.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            out[name] = exact.where(instant.dt.microsecond != 0, instant.dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return out


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as csv, jsonl or parquet, as the suffix says; instants in ISO 8601, floats with all their digits.

    Raises
    ------
    StoreError
        The place cannot be written.
    """
    try:
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        elif path.suffix in (".jsonl", ".ndjson"):
            frame.reset_index().to_json(path, orient="records", lines=True, date_format="iso", date_unit="us")
        else:
            as_written(frame).to_csv(path, lineterminator="\n")
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; choose another place") from error


def separator(line: str) -> str:
    """Return what separates the columns of a csv file, judged by its first line: tab, semicolon or comma."""
    return max(",;\t", key=line.count)


def first_line(path: Path) -> str:
    """Return the first line of a text file that is not blank, without a byte-order mark; "" for an empty file."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace")
        return next((line for line in lines if line.strip()), "")
