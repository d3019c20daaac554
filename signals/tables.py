"""Tables in and out: typed frames, and csv, json lines or parquet by suffix."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from signals.audit import AUDIT_COLUMNS
from signals.errors import TableError
from signals.extraction import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".jsonl", ".ndjson", ".parquet")
_INSTANTS = ("event_time", "known_at")


def signals_frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as the signals table: instants datetime64[us, UTC] (NaT if unknown), numbers typed, the rest str."""
    import pandas as pd

    data = {name: [row[name] for row in rows] for name in COLUMNS}
    types = {"confidence": "float64", "polarity": "int64", "start": "int64", "end": "int64"}
    columns: dict[str, pd.Series] = {}
    for name, values in data.items():
        if name in _INSTANTS:
            columns[name] = pd.Series(pd.to_datetime(values, utc=True), dtype="datetime64[us, UTC]")
        else:
            columns[name] = pd.Series(values, dtype=types.get(name, "str"))
    return pd.DataFrame(columns)


def audit_frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as the audit table: counts int64, the rest str."""
    import pandas as pd

    types = {"signals": "int64", "background": "int64"}
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=types.get(name, "str")) for name in AUDIT_COLUMNS}
    )


DATE_COLUMNS = ("article_id", "source", "published", "precision", "date_source", "date_evidence", "flags", "note")


def date_frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return audit rows as the table of publication dates, all str."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype="str") for name in DATE_COLUMNS})


class Writer:
    """Writes rows to a table a batch at a time: csv and json lines grow on disk, parquet by row groups.

    Raises
    ------
    TableError
        The place cannot be written.
    """

    def __init__(
        self,
        place: Path | None,
        frame: Callable[[list[dict[str, Any]]], pd.DataFrame],
        batch: int = 5000,
        json: bool = False,
    ) -> None:
        """Keep `place` (None is standard output, csv or with `json` json lines) and `frame`: from rows to a typed table."""
        self.place, self.frame, self.batch = place, frame, batch
        self.suffix = suffix_of(place) if place is not None else ".jsonl" if json else ".csv"
        self.rows: list[dict[str, Any]] = []
        self.handle: Any = None

    def __enter__(self) -> Writer:
        """Open the place."""
        if self.place is None:
            self.handle = sys.stdout
        else:
            try:
                self.handle = open(
                    self.place,
                    "wb" if suffix_of(self.place) == ".parquet" else "w",
                    **_TEXT_MODE[suffix_of(self.place)],
                )
            except OSError as error:
                raise TableError(
                    f"cannot write {self.place}: {error.strerror or error}; choose another place with -o"
                ) from error
        self.parquet: Any = None
        self.header = True
        return self

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Take rows; write once enough have come."""
        self.rows += rows
        if len(self.rows) >= self.batch:
            self._flush()

    def _flush(self) -> None:
        table = self.frame(self.rows)
        if self.suffix == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            arrow = pa.Table.from_pandas(table, preserve_index=False)
            if self.parquet is None:
                self.parquet = pq.ParquetWriter(self.handle, arrow.schema)
            self.parquet.write_table(arrow)
        elif self.suffix == ".csv":
            _text(table).to_csv(self.handle, index=False, header=self.header, lineterminator="\n")
        else:
            _lines(_records(table), self.handle)
        self.rows, self.header = [], False

    def __exit__(self, kind: object, *_: object) -> None:
        """Write what is left and close."""
        if kind is None and (self.rows or self.header):
            self._flush()
        if self.parquet is not None:
            self.parquet.close()
        if self.place is not None:
            self.handle.close()


_TEXT_MODE: dict[str, dict[str, Any]] = {
    ".parquet": {},
    **{s: {"encoding": "utf-8", "newline": ""} for s in (".csv", ".jsonl", ".ndjson")},
}


def suffix_of(place: str | Path) -> str:
    """Return the suffix that picks the format.

    Raises
    ------
    TableError
        The suffix is none of csv, jsonl, ndjson, parquet.
    """
    suffix = Path(place).suffix.lower()
    if suffix not in SUFFIXES:
        raise TableError(f"cannot write {place}: the suffix {suffix!r} picks no format; use .csv, .jsonl or .parquet")
    return suffix


def write_table(frame: pd.DataFrame, place: str | Path | None, json: bool = False) -> None:
    """Write a table; None is standard output, csv or json lines. An index with a name becomes the first column.

    Raises
    ------
    TableError
        The place cannot be written, or its suffix picks no format.
    """
    table = frame.reset_index() if frame.index.name else frame
    if place is None:
        if json:
            _lines(_records(table), sys.stdout)
        else:
            _text(table).to_csv(sys.stdout, index=False, lineterminator="\n")
        return
    suffix = suffix_of(place)
    try:
        if suffix == ".parquet":
            table.to_parquet(place, index=False)
        elif suffix == ".csv":
            _text(table).to_csv(place, index=False, lineterminator="\n", encoding="utf-8")
        else:
            with open(place, "w", encoding="utf-8") as handle:
                _lines(_records(table), handle)
    except OSError as error:
        raise TableError(f"cannot write {place}: {error.strerror or error}; choose another place with -o") from error


def _lines(records: Iterable[dict[str, Any]], handle: TextIO) -> None:
    for record in records:
        handle.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows for json, None for a missing value: json knows no NaN."""
    rows = _text(table).to_dict("records")
    return [{str(k): None if isinstance(v, float) and v != v else v for k, v in row.items()} for row in rows]


def _text(table: pd.DataFrame) -> pd.DataFrame:
    """Return instants as ISO 8601 text in UTC, "" for NaT."""
    shown = {
        name: [instant(v) for v in table[name]] for name in table if str(table[name].dtype).startswith("datetime64")
    }
    return table.assign(**{str(name): values for name, values in shown.items()})


def instant(value: Any) -> str:
    """Return an instant as ISO 8601 in UTC (``2019-01-02T00:00:00Z``), "" for None or NaT."""
    if value is None or value != value:
        return ""
    moment: datetime = value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
    return moment.isoformat().replace("+00:00", "Z")
