"""The tables that cross the library's boundary: what their columns mean, and the one place where they are checked.

An events table may come from `signals`, from a user's csv or from a catalogue with partial dates; `normalise_events`
turns each of them into the one contract (index `event_id`, instants in UTC, a precision for every instant) or says
precisely what is wrong with it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from backtest.errors import SchemaError, StoreError, offenders
from backtest.headers import contract_names, first_line, separator
from backtest.ids import content_ids, numbered
from backtest.instants import PRECISIONS, parse_instants, reject_rows, text_column
from backtest.schema import NOVELTIES, validated

SEEDS = Path(__file__).resolve().parents[1] / "seeds"

SESSION_HINTS = ("pre-open", "intraday", "after-close")
_UTC = "datetime64[us, UTC]"

#: Contract columns of the events table in their order; other columns pass through behind them.
EVENT_COLUMNS = (
    "asset", "kind", "role", "event_time", "event_precision", "known_at", "known_precision", "session_hint", "status",
    "strength", "subkind", "confidence", "novelty", "source_event", "articles", "evidence", "source", "url",
)  # fmt: skip

#: Why an event may leave on the way; the categories of `dropped["reason"]`.
DROP_REASONS = (
    "unknown-asset", "unlisted", "no-price-history", "before-first-session", "after-last-session", "short-estimation",
    "missing-in-event-window", "imprecise-date", "undated", "duplicate", "background", "contaminated", "no-benchmark",
    "degenerate-estimation",
)  # fmt: skip

DROPPED_COLUMNS = ("event_id", "asset", "kind", "reason")

_TEXT_COLUMNS = (
    "asset", "kind", "role", "status", "strength", "subkind", "novelty", "source_event", "evidence", "source", "url",
)  # fmt: skip
_HINT_ALIASES = {"non-trading": "", "pre-market": "pre-open", "after-hours": "after-close"}


# --- instruments


def load_instruments(path: str | Path | None = None) -> pd.DataFrame:
    """Read an instruments table.

    Parameters
    ----------
    path : csv with at least a column `ticker`; None reads the table that ships with the library.

    Returns
    -------
    DataFrame indexed by `ticker` (str): text columns as str with "" for a missing value, `listed_from` and `listed_to`
    as naive datetime64[us] (NaT where open), cost columns (`*_bps`, `*_bps_per_year`) as float64.

    Raises
    ------
    SchemaError
        The file is missing, lacks `ticker`, or lists a ticker twice.
    """
    return _instruments(Path(path)) if path is not None else _shipped_instruments().copy()


@cache
def _shipped_instruments() -> pd.DataFrame:
    return _instruments(SEEDS / "instruments.csv")


def _instruments(place: Path) -> pd.DataFrame:
    frame = _read_text_table(place, "instruments")
    if "ticker" not in frame:
        raise SchemaError(f"{place}: an instruments table needs a column 'ticker'; found {offenders(frame.columns)}")
    twice = frame.loc[frame["ticker"].duplicated(), "ticker"].unique()
    if len(twice):
        raise SchemaError(f"{place}: ticker listed twice: {offenders(twice)}; keep one row each")
    for name in ("name", "aliases", "former_tickers", "isin", "mic", "currency", "unit", "benchmark", "peers"):
        if name not in frame:
            frame[name] = ""
    for name in ("listed_from", "listed_to"):
        values = frame[name] if name in frame else pd.Series("", index=frame.index)
        frame[name] = pd.to_datetime(values.where(values != "", None), format="%Y-%m-%d").astype("datetime64[us]")
    for name in [c for c in frame.columns if "_bps" in c]:
        frame[name] = pd.to_numeric(frame[name].where(frame[name] != "", None)).astype("float64")
    return frame.set_index("ticker")


# --- events


def read_events(source: str | Path | IO[str]) -> pd.DataFrame:
    """Read an events table and bring it into the contract.

    Parameters
    ----------
    source : path to a csv, jsonl or parquet file, ``"-"`` for csv on standard input, or an open text stream of csv.

    Returns
    -------
    DataFrame as `normalise_events` returns it.

    Raises
    ------
    SchemaError
        No such file, a format that cannot be read, or a table outside the contract.

    Examples
    --------
    >>> import io
    >>> events = read_events(io.StringIO("asset,date,kind\\nZAL.DE,2022-06-24,profit-warning\\n"))
    >>> events[["asset", "kind", "event_precision"]].to_numpy().tolist()
    [['ZAL.DE', 'profit-warning', 'day']]
    """
    if isinstance(source, str) and source == "-":
        return normalise_events(_read_csv(sys.stdin, "standard input"), "standard input")
    if isinstance(source, (str, Path)):
        return normalise_events(_read_text_table(Path(source), "events"), str(source))
    return normalise_events(_read_csv(source, "the stream"), "the stream")


def looks_like_events(columns: Iterable[str]) -> bool:
    """Return True if a table with these columns is an events table: `asset`, and `event_time` or `date`."""
    written = list(columns)
    names = {*written, *contract_names(written).values()}
    return "asset" in names and bool(names & {"event_time", "date"})


def normalise_events(frame: pd.DataFrame, source: str = "events") -> pd.DataFrame:
    """Bring any events table into the contract.

    Parameters
    ----------
    frame : needs `asset` and `event_time` (or `date`). Dates may be partial (``2018``, ``2018-08``), a date, or an
        instant with its offset; timestamps without a clock time count as dates. Everything else has a default: `kind`
        "event", `role` "issuer", `known_at` = `event_time`, `novelty` "new". `event_id` (index or column) is kept, and
        made from the content where it is absent.
    source : what to call the table in messages.

    Returns
    -------
    DataFrame, index `event_id` (str), the contract's columns first (`event_time`, `known_at`: datetime64[us, UTC];
    `confidence`: float64, NaN where unknown; `articles`: int64; the rest str, NA where unknown), other columns as they
    were, rows in the order given.

    Raises
    ------
    SchemaError
        A missing column, an unreadable or naive clock time, an unknown precision or hint, duplicate ids, no row.
    """
    if _conforms(frame):
        return frame
    table = (
        frame.reset_index()
        if frame.index.name == "event_id" and "event_id" not in frame
        else frame.reset_index(drop=True)
    )
    _require_columns(table, source)
    table = table.rename(columns=contract_names(table.columns, source))
    if table.empty:
        raise SchemaError(f"{source}: the events table has no row; give at least one event")
    table["asset"] = text_column(table["asset"])
    reject_rows(table["asset"].isna(), table.index, source, "an empty 'asset'; name the ticker")
    when = "event_time" if "event_time" in table else "date"
    table["event_time"], table["event_precision"] = parse_instants(table[when], table.get("event_precision"), source)
    nothing = f"no {when}; give a date such as 2018-12-17, or leave the event out"
    reject_rows(table["event_time"].isna(), table.index, source, nothing)
    if "known_at" in table:
        known = parse_instants(table["known_at"], table.get("known_precision"), source)
        table["known_at"], table["known_precision"] = known
        gap = table["known_at"].isna()
        table["known_at"] = table["known_at"].fillna(table["event_time"])
        table["known_precision"] = table["known_precision"].where(~gap, table["event_precision"])
    else:
        table["known_at"], table["known_precision"] = table["event_time"], table["event_precision"]
    table = _default_columns(table)
    _clean_hints(table, source)
    table.index = _event_ids(table, source)
    table = table.drop(columns=[c for c in ("event_id", "date") if c in table])
    table = table[[*EVENT_COLUMNS, *(c for c in table.columns if c not in EVENT_COLUMNS)]]
    return validated(table, source)


def add_peers(events: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    """Append one row per listed peer of every issuer: the same news, seen from a competitor's share.

    Parameters
    ----------
    events : events table of the contract.
    instruments : instruments table; `peers` holds tickers separated by ``|``; a peer counts while it is listed.

    Returns
    -------
    The events, followed by the peer rows: `asset` the peer, `role` "peer", `source_event` the issuer's event, the same
    times. A peer that has a row with that `source_event` already is not added again; background rows have no peers.
    """
    issuer = (events["role"] == "issuer") & (events["novelty"] != "background")
    listed = events["asset"].where(issuer).map(instruments["peers"]).fillna("")
    pairs = listed[listed != ""].str.split("|").explode()
    peers = events.loc[pairs.index].assign(asset=pairs.to_numpy(), role="peer", source_event=pairs.index.to_numpy())
    day = peers["event_time"].dt.tz_localize(None).dt.normalize()
    first, last = (peers["asset"].map(instruments[c]) for c in ("listed_from", "listed_to"))
    quoted = peers["asset"].isin(instruments.index) & ~(first > day) & ~(last < day)
    have = set(zip(events["asset"], events["source_event"], strict=True))
    fresh = [pair not in have for pair in zip(peers["asset"], peers["source_event"], strict=True)]
    peers = peers.loc[quoted.to_numpy() & np.array(fresh, dtype=bool)]
    ids = content_ids([peers[name] for name in ("asset", "source_event", "role")])
    peers.index = pd.Index(ids, dtype="str", name=events.index.name)
    return pd.concat([events, peers.astype(events.dtypes.to_dict())])


def group_labels(events: pd.DataFrame) -> pd.Series:
    """Return the label under which each event is grouped by kind: its kind, or "<kind> (peer)" for a peer's row."""
    peer = (events["role"] == "peer").to_numpy(dtype=bool)
    return events["kind"].where(~peer, events["kind"] + " (peer)") if peer.any() else events["kind"]


def dropped_table(rows: Iterable[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Return the table of lost events from (event_id, asset, kind, reason); `reason` is a category."""
    frame = pd.DataFrame(list(rows), columns=list(DROPPED_COLUMNS)).astype(dict.fromkeys(DROPPED_COLUMNS[:3], "str"))
    frame["reason"] = pd.Categorical(frame["reason"], categories=list(DROP_REASONS))
    return frame


# --- helpers


def _read_text_table(path: Path, what: str) -> pd.DataFrame:
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
    return _read_csv(path, str(path))


def _read_csv(source: Any, name: str) -> pd.DataFrame:
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


def _conforms(frame: pd.DataFrame) -> bool:
    """Return True for a table in the contract already, so that re-checking a large one costs next to nothing."""
    if frame.index.name != "event_id" or tuple(frame.columns[: len(EVENT_COLUMNS)]) != EVENT_COLUMNS or frame.empty:
        return False
    types = {"event_time": _UTC, "known_at": _UTC, "confidence": "float64", "articles": "int64"}
    if any(frame[name].dtype != types.get(name, "str") for name in EVENT_COLUMNS):
        return False
    words = {"event_precision": PRECISIONS, "known_precision": PRECISIONS, "novelty": NOVELTIES}
    return (
        frame.index.is_unique
        and all(frame[name].isin(allowed).all() for name, allowed in words.items())
        and bool((frame["session_hint"].isna() | frame["session_hint"].isin(SESSION_HINTS)).all())
        and not frame[["asset", "event_time", "known_at"]].isna().any(axis=None)
    )


def _require_columns(table: pd.DataFrame, source: str) -> None:
    names = {*table.columns, *contract_names(table.columns, source).values()}
    missing = [] if "asset" in names else ["'asset'"]
    if not {"event_time", "date"} & names:
        missing.append("'event_time' (or 'date')")
    if missing:
        raise SchemaError(
            f"{source}: missing column {' and '.join(missing)}; found {offenders(map(str, table.columns), 12)}"
        )


def _default_columns(table: pd.DataFrame) -> pd.DataFrame:
    defaults = {"kind": "event", "role": "issuer", "novelty": "new"}
    nothing, lacking = _constant(pd.NA, table), {}
    for name in _TEXT_COLUMNS[1:]:
        default = defaults.get(name)
        if name not in table:
            lacking[name] = _constant(default, table) if default else nothing
        else:
            values = text_column(table[name])
            table[name] = values.fillna(default) if default else values
    for name, missing in (("confidence", np.nan), ("articles", 1)):
        if name not in table:
            lacking[name] = np.full(len(table), missing)
        else:
            values = pd.to_numeric(table[name].replace("", None), errors="coerce").fillna(missing)
            table[name] = values.astype("int64" if name == "articles" else "float64")
    return pd.concat([table, pd.DataFrame(lacking, index=table.index)], axis=1)


def _constant(value: Any, table: pd.DataFrame) -> Any:
    """Return a column of text that holds one value."""
    return pd.array([value], dtype="str").take(np.zeros(len(table), dtype=np.int64))


def _clean_hints(table: pd.DataFrame, source: str) -> None:
    if "session_hint" not in table and "effective_session" not in table:
        table["session_hint"] = _constant(pd.NA, table)
        return
    hint = (
        text_column(table["session_hint"])
        if "session_hint" in table
        else pd.Series(pd.NA, index=table.index, dtype="str")
    )
    hint = text_column(hint.replace(_HINT_ALIASES))
    if "effective_session" in table:
        # A catalogue may give the session that traded on the news, not the hour: a later one means "after the close".
        session = pd.to_datetime(text_column(table["effective_session"]), errors="coerce", format="%Y-%m-%d", utc=True)
        later = (
            session.notna() & (session > table["event_time"].dt.normalize()) & (table["event_time"].dt.day_of_week < 5)
        )
        hint = hint.where(hint.notna() | ~later, "after-close")
    unknown = hint.notna() & ~hint.isin(SESSION_HINTS)
    reject_rows(
        unknown,
        table.index,
        source,
        f"unknown session_hint; use one of {', '.join(SESSION_HINTS)} or leave it empty",
        hint,
    )
    table["session_hint"] = hint.astype("str")


def _event_ids(table: pd.DataFrame, source: str) -> pd.Index:
    content = ["asset", "kind", "role", "event_precision", "source_event"]
    made = content_ids([*(table[name] for name in content), table["event_time"].astype("int64")])
    if "event_id" not in table:
        return pd.Index(numbered(made), dtype="str", name="event_id")
    given = text_column(table["event_id"])
    again = given.notna() & given.duplicated(keep=False)
    reject_rows(again, table.index, source, "duplicate event_id; give each event an id of its own, or none", given)
    ids = np.where(given.isna(), made, given.to_numpy(dtype=object))
    return pd.Index(numbered(ids), dtype="str", name="event_id")


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
