"""The tables that cross the library's boundary: what their columns mean, and the one place where they are checked.

An events table may come from `signals`, from a user's csv or from a catalogue with partial dates; `normalise_events`
turns each of them into the one contract (index `event_id`, instants in UTC, a precision for every instant) or says
precisely what is wrong with it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sized
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from backtest.contract.headers import contract_names
from backtest.contract.ids import content_ids, numbered
from backtest.contract.instants import PRECISIONS, parse_instants, reject_rows, text_column
from backtest.contract.plain import plain_columns
from backtest.contract.schema import NOVELTIES, validated
from backtest.contract.tabular import read_csv, read_table
from backtest.errors import SchemaError, offenders

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
_DEFAULTS = {"kind": "event", "role": "issuer", "novelty": "new"}
_HINT_ALIASES = {"non-trading": "", "pre-market": "pre-open", "after-hours": "after-close"}


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
        return normalise_events(read_csv(sys.stdin, "standard input"), "standard input")
    if isinstance(source, (str, Path)):
        return normalise_events(read_table(Path(source), "events"), str(source))
    return normalise_events(read_csv(source, "the stream"), "the stream")


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
        No DataFrame, a missing or repeated column, lists in cells, an unreadable or naive clock time, an unknown precision
        or hint, duplicate ids, no row.
    """
    _require_frame(frame, source)
    if _conforms(frame):
        return frame
    plain = plain_columns(frame, source)
    if plain is not None:
        return _completed(*plain)
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
    peer = np.asarray(events["role"].array == "peer", dtype=bool)
    return events["kind"].where(~peer, events["kind"] + " (peer)") if peer.any() else events["kind"]


def dropped_table(rows: Iterable[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Return the table of lost events from (event_id, asset, kind, reason); `reason` is a category."""
    frame = pd.DataFrame(list(rows), columns=list(DROPPED_COLUMNS)).astype(dict.fromkeys(DROPPED_COLUMNS[:3], "str"))
    frame["reason"] = pd.Categorical(frame["reason"], categories=list(DROP_REASONS))
    return frame


# --- helpers


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


def _require_frame(frame: Any, source: str) -> None:
    """Raise SchemaError unless this is a table whose columns have one name each and whose contract cells hold one value."""
    if not isinstance(frame, pd.DataFrame):
        raise SchemaError(
            f"{source}: expected a DataFrame of events, got {type(frame).__name__}; bt.read_events reads a file"
        )
    if frame.columns.has_duplicates:
        raise SchemaError(f"{source}: column listed twice: {offenders(frame.columns[frame.columns.duplicated()])}")
    for name in frame.columns.intersection([*EVENT_COLUMNS, "event_id", "date"]):
        if frame[name].dtype == object:
            nested = frame[name].map(lambda cell: isinstance(cell, (list, tuple, dict, set, np.ndarray)))
            places = pd.Index(np.arange(len(frame)))
            reject_rows(nested.set_axis(places), places, source, f"{name!r} holds several values; give one row each")


def _require_columns(table: pd.DataFrame, source: str) -> None:
    names = {*table.columns, *contract_names(table.columns, source).values()}
    missing = [] if "asset" in names else ["'asset'"]
    if not {"event_time", "date"} & names:
        missing.append("'event_time' (or 'date')")
    if missing:
        raise SchemaError(
            f"{source}: missing column {' and '.join(missing)}; found {offenders(map(str, table.columns), 12)}; "
            "rename the column"
        )


def _default_columns(table: pd.DataFrame) -> pd.DataFrame:
    nothing, lacking = _constant(pd.NA, table), {}
    for name in _TEXT_COLUMNS[1:]:
        default = _DEFAULTS.get(name)
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


def _completed(columns: dict[str, Any], ids: pd.Index) -> pd.DataFrame:
    """Return the contract's table of columns that leave every other one at its default."""
    nothing = _constant(pd.NA, ids)
    defaults = dict.fromkeys(EVENT_COLUMNS, nothing) | {c: _constant(v, ids) for c, v in _DEFAULTS.items()}
    known = {"known_at": columns["event_time"], "known_precision": columns["event_precision"]}
    numbers = {"confidence": np.full(len(ids), np.nan), "articles": np.ones(len(ids), dtype=np.int64)}
    return pd.DataFrame(defaults | numbers | known | columns, index=ids, copy=False)


def _constant(value: Any, table: Sized) -> Any:
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
