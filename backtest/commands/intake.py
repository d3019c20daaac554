"""Tell an events table from articles: by its columns, before anything is read in full."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from backtest.contract.headers import contract_names
from backtest.contract.tabular import first_line, separator
from backtest.errors import SchemaError, offenders
from backtest.frames import looks_like_events

EVENTS, ARTICLES = "events", "articles"

_TABLES = (".csv", ".csv.gz", ".jsonl", ".ndjson", ".parquet")
_EVENT_WORDS = {"asset", "event_time", "event_id"}
_ARTICLE_WORDS = {"text", "title"}


def kind_of_path(path: str | Path) -> str:
    """Return "events" or "articles" for a file or folder: a table with `asset` and `event_time` or `date` is events.

    Raises
    ------
    SchemaError
        There is no such file or folder; a table that is neither events nor articles.
    """
    place = Path(path)
    if not place.exists():
        raise SchemaError(
            f"no such file or folder: {path}; give an events table, an article file or a folder of articles"
        )
    suffix = "".join(place.suffixes[-2:]) if place.suffix == ".gz" else place.suffix.lower()
    if place.is_dir() or suffix not in _TABLES:
        return ARTICLES
    return _judge(_columns(place, suffix), str(path))


def kind_of_text(text: str, name: str = "standard input") -> str:
    """Return "events" or "articles" for a text: csv or json lines with the columns of an events table, or anything else.

    Raises
    ------
    SchemaError
        The text is empty, or a table that has some but not all columns of an events table.
    """
    if not text.strip():
        raise SchemaError(f"{name} is empty; pipe an events table or articles into it")
    first = text.lstrip("\ufeff \r\n").split("\n", 1)[0]
    columns = _json_keys(first) if first.startswith("{") else _header(first)
    known = _EVENT_WORDS | _ARTICLE_WORDS
    return _judge(columns, name) if looks_like_events(columns) or known & set(columns) else ARTICLES


def _judge(columns: Sequence[str], name: str) -> str:
    names = {*columns, *contract_names(columns, name).values()}
    if _ARTICLE_WORDS & names and not _EVENT_WORDS & set(columns):
        return ARTICLES
    if looks_like_events(columns) or ("asset" in names and "text" not in names):
        return EVENTS  # the reader of events says what is missing
    if _ARTICLE_WORDS & names:
        return ARTICLES
    if "signal_id" in names:
        raise SchemaError(f"{name}: a table of signals, one row per article; `signals extract` makes events of them")
    missing = "'asset'" if {"event_time", "date"} & names else "'asset' and 'event_time' (or 'date')"
    found = offenders(map(str, columns), 12) or "none"
    raise SchemaError(
        f"{name}: neither events (missing column {missing}) nor articles (missing column 'text' or 'title'); found {found}; "
        "rename the column"
    )


def _columns(path: Path, suffix: str) -> list[str]:
    try:
        if suffix == ".parquet":
            import pyarrow.parquet as parquet

            return list(parquet.read_schema(path).names)
        first = first_line(path)
    except (OSError, ValueError) as error:
        raise SchemaError(f"{path}: cannot be read as {suffix[1:]}: {error}") from error
    return _json_keys(first) if suffix in (".jsonl", ".ndjson") else _header(first)


def _header(line: str) -> list[str]:
    return next(csv.reader([line.strip()], delimiter=separator(line)), [])


def _json_keys(line: str) -> list[str]:
    try:
        record = json.loads(line)
    except ValueError:
        return []
    return list(record) if isinstance(record, dict) else []
