"""The raw store: one parquet file per ticker, raw values only, never a half-written one.

A file is named ``<ticker>~<version>~<sha256 of its bytes>.parquet``. It is written beside its place, flushed, and
renamed into it; so a reader finds the old version or the new one, and a flipped bit or a truncated end shows in the
name. Writers of one ticker queue at a lock that the system releases when its holder dies. A version is removed only
when the next one merely extends it; where the vendor has rewritten history, the old version stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import numpy as np
import pandas as pd

from backtest.errors import StoreError
from backtest.prices.raw import Columns

ENVIRONMENT = "BACKTEST_STORE"
COLUMNS = ("open", "high", "low", "close", "volume", "dividends", "splits")
_NAME = re.compile(r"(?P<ticker>.+)~(?P<version>\d{6})~(?P<digest>[0-9a-f]{64})\.parquet(?P<damaged>\.damaged)?")
_META = b"backtest"
LOCK_SECONDS = 60.0


class DamagedFileError(StoreError):
    """A file of the store is not what was written; it has been set aside."""


@dataclass(frozen=True)
class Version:
    """One file of the store: its ticker, version number, digest, place, and whether it was set aside as damaged."""

    ticker: str
    number: int
    digest: str
    path: Path
    damaged: bool = False


@dataclass(frozen=True)
class Series:
    """Raw history of one ticker.

    frame : naive dates (datetime64[us]) x `COLUMNS` (float64), as the vendor gave them.
    meta : source, fetched_at (ISO, UTC), requested_from, vendor_version, currency, mic, zone, decisions (a list).
    """

    frame: pd.DataFrame
    meta: Mapping[str, Any] = field(default_factory=dict)


def store_path(given: str | Path | None = None) -> Path:
    """Return the store's folder: the one given, else the environment's (`BACKTEST_STORE`), else the user's cache folder."""
    if given is not None:
        return Path(given).expanduser()
    if os.environ.get(ENVIRONMENT):
        return Path(os.environ[ENVIRONMENT]).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("market-signals") / "prices"


# ------------------------------------------------------------------------------------------------------------ files


def versions(root: Path) -> dict[str, list[Version]]:
    """Return every file of the store by ticker, oldest first; an absent folder is an empty store.

    Raises
    ------
    StoreError
        The folder cannot be read.
    """
    found: dict[str, list[Version]] = {}
    try:
        names = [entry.name for entry in os.scandir(root)] if root.exists() else []
    except OSError as error:
        raise StoreError(
            f"the price store {root} cannot be read: {error.strerror}; choose another (--store)"
        ) from error
    for name in names:
        match = _NAME.fullmatch(name)
        if match:
            ticker = unquote(match["ticker"])
            version = Version(ticker, int(match["version"]), match["digest"], root / name, match["damaged"] is not None)
            found.setdefault(ticker, []).append(version)
    for listed in found.values():
        listed.sort(key=lambda v: (v.number, v.digest))
    return found


def encode(series: Series) -> bytes:
    """Return the bytes of a series as parquet with its metadata inside."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame = series.frame
    columns = {"date": pa.array(frame.index.to_numpy().astype("datetime64[D]"))}
    columns |= {c: pa.array(frame[c].to_numpy(dtype="float64")) for c in COLUMNS if c in frame}
    table = pa.table(columns).replace_schema_metadata({_META: json.dumps(dict(series.meta), sort_keys=True).encode()})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="lz4", use_dictionary=["dividends", "splits"], write_statistics=False)
    return sink.getvalue().to_pybytes()


def decode(data: bytes, columns: list[str] | None = None) -> Series:
    """Return the series in `encode`'s bytes; `columns` restricts what is read (date always is)."""
    held, meta = decode_columns(data, columns)
    index = pd.DatetimeIndex(held.dates.astype("datetime64[us]"), name="session")
    return Series(pd.DataFrame(dict(held.values), index=index, copy=False), meta)


def decode_columns(data: bytes, columns: list[str] | None = None) -> tuple[Columns, dict[str, Any]]:
    """Return (arrays, metadata) of `encode`'s bytes, for those who read thousands of series."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = pq.ParquetFile(pa.BufferReader(data))
    schema = source.schema_arrow
    have = schema.names
    table = source.read(None if columns is None else [c for c in ("date", *columns) if c in have], use_threads=False)
    values = {name: table.column(i).to_numpy() for i, name in enumerate(table.column_names)}
    meta = json.loads(schema.metadata[_META])
    return Columns(values.pop("date").astype("datetime64[D]"), values), meta


def is_series(path: Path) -> bool:
    """Return True if a parquet file is a raw series as `encode` writes it (of a store, or exported from one)."""
    import pyarrow.parquet as pq

    return _META in (pq.read_schema(path).metadata or {})


def read_bytes(version: Version) -> bytes:
    """Return a file's bytes after checking them against its name.

    Raises
    ------
    DamagedFileError
        The bytes are not those that were written; the file now ends in ``.damaged``.
    FileNotFoundError
        The file is gone: another process has replaced it.
    """
    if version.damaged:
        raise _damaged(version)
    data = version.path.read_bytes()
    if hashlib.sha256(data).hexdigest() != version.digest:
        with contextlib.suppress(OSError):
            version.path.rename(version.path.with_name(version.path.name + ".damaged"))
        raise _damaged(version)
    return data


def _damaged(version: Version) -> DamagedFileError:
    return DamagedFileError(
        f"the stored prices of {version.ticker} are damaged and were set aside ({version.path.name[:60]}...); "
        f"fetch them again: backtest prices fetch {version.ticker}"
    )


def read_series(root: Path, ticker: str, columns: list[str] | None = None) -> Series | None:
    """Return the newest version of a ticker, None where the store has none.

    Raises
    ------
    DamagedFileError
        The newest version is damaged. An older one is never served in its place.
    """
    for _ in range(5):
        listed = versions(root).get(ticker)
        if not listed:
            return None
        try:
            return decode(read_bytes(listed[-1]), columns)
        except FileNotFoundError:
            continue
    raise StoreError(f"the stored prices of {ticker} keep changing; another process writes them, try again")


# ---------------------------------------------------------------------------------------------------------- writing


def update(root: Path, ticker: str, change: Callable[[Series | None], tuple[Series, bool] | None]) -> Series | None:
    """Replace a ticker's newest version by what `change` makes of it, as one step that no other writer can come between.

    Parameters
    ----------
    root : the store.
    ticker : which series.
    change : newest version (None if there is none or it is damaged) -> (new series, whether the old version must
        stay), or None to leave everything as it is.

    Returns
    -------
    The series that is now the newest.

    Raises
    ------
    StoreError
        The disk is full, the folder cannot be written, or another writer holds the lock for a minute.
    """
    safe = quote(ticker, safe="^=.-")
    try:
        root.mkdir(parents=True, exist_ok=True)
        with _locked(root / f"{safe}.lock"):
            for stale in root.glob(f"{_glob_safe(safe)}~*.tmp"):
                stale.unlink(missing_ok=True)
            listed = versions(root).get(ticker, [])
            try:
                current = decode(read_bytes(listed[-1])) if listed else None
            except DamagedFileError:
                current = None
            made = change(current)
            if made is None:
                return current
            _replace(root, safe, encode(made[0]), listed, keep=made[1] or current is None)
            return made[0]
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        why = error.strerror or str(error)
        raise StoreError(
            f"cannot write prices of {ticker} to {root}: {why}; free space or choose another store"
        ) from error


def _glob_safe(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)


def _replace(root: Path, safe: str, data: bytes, listed: list[Version], keep: bool) -> None:
    digest = hashlib.sha256(data).hexdigest()
    number = listed[-1].number + 1 if listed else 1
    temporary = root / f"{safe}~{number:06d}~{os.getpid()}.tmp"
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(root / f"{safe}~{number:06d}~{digest}.parquet")
        _flush_folder(root)
    finally:
        temporary.unlink(missing_ok=True)
    if listed and not keep:
        listed[-1].path.unlink(missing_ok=True)


def _flush_folder(root: Path) -> None:
    with contextlib.suppress(OSError):  # a folder cannot be opened on Windows; there a rename is durable by itself
        handle = os.open(root, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _locked(path: Path, patience: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold an exclusive lock that the system lets go of when this process ends, however it ends."""
    with path.open("a+b") as stream:
        ends = time.monotonic() + patience
        while not _try_lock(stream.fileno()):
            if time.monotonic() > ends:
                raise StoreError(f"another process holds {path.name} for {patience:.0f} s; try again later")
            time.sleep(0.01)
        yield  # closing the file releases the lock


def _try_lock(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# -------------------------------------------------------------------------------------------------------- inventory


def inventory(root: Path) -> pd.DataFrame:
    """Return what the store holds: ticker, first, last (datetime64[us]), rows, version, versions, source, currency, fetched_at,
    sha256, state ("good" or "damaged"); one row per ticker, in alphabetical order. Every file is read and checked.
    """
    rows = []
    for ticker, listed in sorted(versions(root).items()):
        newest = listed[-1]
        row: dict[str, Any] = {
            "ticker": ticker,
            "version": newest.number,
            "versions": len(listed),
            "sha256": newest.digest,
        }
        try:
            series = decode(read_bytes(newest))
            index = series.frame.index
            row |= {"first": index.min(), "last": index.max(), "rows": len(index), "state": "good"}
            row |= {k: series.meta.get(k, "") for k in ("source", "currency", "fetched_at")}
        except DamagedFileError:
            row |= {"rows": 0, "state": "damaged"}
        rows.append(row)
    order = (
        "ticker",
        "first",
        "last",
        "rows",
        "version",
        "versions",
        "source",
        "currency",
        "fetched_at",
        "sha256",
        "state",
    )
    return pd.DataFrame(rows, columns=list(order)).astype({"first": "datetime64[us]", "last": "datetime64[us]"})


def rewritten_days(old: pd.DataFrame, new: pd.DataFrame, tolerance: float = 1e-6) -> pd.Series:
    """Return the days on which the vendor's raw close has changed: date -> new / old - 1; a day that vanished is -1.

    Days after the last old one are new, not rewritten; days before the first new one were not asked for again, and days
    after the last new one were fetched by somebody else meanwhile.
    """
    if not len(new) or not len(old):
        return pd.Series(dtype="float64")
    kept = old.loc[new.index[0] : new.index[-1], "close"].dropna()
    now = new["close"].reindex(kept.index)
    change = (now / kept - 1.0).fillna(-1.0)
    return change[np.abs(change) > tolerance]
