"""Events to decisions: which security, which side, and at which auction a reader of the news could first trade."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import tradable_from, zone
from backtest.errors import SchemaError, offenders
from backtest.frames import DROP_REASONS, group_labels
from backtest.instruments import load_instruments
from backtest.trading.board import CLOSE, NEVER, OPEN, Board
from backtest.trading.spec import OUTCOME, TRADE_REASONS, Entry, Side, check_kinds

F = NDArray[np.float64]
Ints = NDArray[np.int64]

KEPT = -1
REASONS = (*DROP_REASONS, *TRADE_REASONS)
CODE = {reason: code for code, reason in enumerate(REASONS)}


@dataclass(frozen=True, eq=False)
class Placed:
    """n events of the contract on a board; everything that does not depend on the strategy.

    Attributes
    ----------
    events : the events table. groups : (n,) labels by kind, peers apart.
    row : (n,) row of the board, -1 none. reason : (n,) index into `REASONS`, `KEPT` where the event can be traded.
    first : (n, 2) position of the first open and of the first close strictly after `known_at`; may be past the end.
    known : (n,) datetime64[us], the first moment that `known_at` can mean: the instant, or the beginning of a date, month or
        year. It orders events; when one may be traded is `first`. rank : (n,) place in the order of (known, event_id).
    """

    events: pd.DataFrame
    board: Board
    groups: NDArray[np.object_]
    row: Ints
    reason: Ints
    first: Ints
    known: NDArray[np.datetime64]
    rank: Ints

    @cached_property
    def kinds(self) -> tuple[Ints, list[str]]:
        """Code of each event's group, and the groups."""
        codes, names = pd.factorize(self.groups)
        return codes.astype(np.int64), [str(n) for n in names]

    def ticks(self, entry: Entry) -> Ints:
        """Tick of the auction at which each event would be traded, `NEVER` past the last session; (n,)."""
        column = 1 if entry.phase == CLOSE else 0
        position = self.first[:, column] + entry.lag
        late = (self.row < 0) | (position >= self.board.lengths[np.maximum(self.row, 0)])
        return np.where(late, NEVER, 3 * position + entry.phase)


def place(events: pd.DataFrame, board: Board) -> Placed:
    """Locate events of the contract on a board and give the reasons why some cannot be traded."""
    row = _rows(events["asset"], board)
    reason = np.where(row >= 0, KEPT, _unplaced(events["asset"], board))
    first = np.zeros((len(events), 2), dtype=np.int64)
    for m, cal in enumerate(board.calendars):
        mine = np.flatnonzero((row >= 0) & (board.market_of[np.maximum(row, 0)] == m))
        if len(mine):
            when = tradable_from(events.iloc[mine], cal)
            rule = when["rule"].to_numpy(dtype=object)
            session = np.where(np.isnat(when["session"].to_numpy()), cal.sessions[-1], when["session"].to_numpy())
            at = np.searchsorted(cal.sessions, session.astype("datetime64[us]"))
            first[mine, 0] = at + (rule == "close")
            first[mine, 1] = at
            for name, word in (("before-first-session",) * 2, ("after-last-session",) * 2, ("no-instant", "undated")):
                reason[mine[rule == name]] = CODE[word]
    reason = np.where((events["novelty"] == "background").to_numpy(dtype=bool), CODE["background"], reason)
    known = _earliest(events, row, board)
    rank = np.empty(len(events), dtype=np.int64)
    rank[_in_order(known, events.index)] = np.arange(len(events))
    return Placed(events, board, group_labels(events).to_numpy(dtype=object), row, reason, first, known, rank)


def _in_order(known: NDArray[np.datetime64], names: pd.Index) -> Ints:
    """Return the order by (known, name); names are compared where instants are equal only."""
    order = np.argsort(known, kind="stable")
    same = known[order][1:] == known[order][:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    members = order[tied]
    order[tied] = members[np.lexsort((names[members].to_numpy().astype(str), known[members]))]
    return order


def _earliest(events: pd.DataFrame, row: Ints, board: Board) -> NDArray[np.datetime64]:
    """Return the first moment that each `known_at` can mean: a date alone is ordered as if known from its beginning."""
    known = events["known_at"].dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    out = known.copy()
    units = {"day": "D", "month": "M", "year": "Y"}
    for m, cal in enumerate(board.calendars):
        mine = (board.market_of[np.maximum(row, 0)] == m) & (known != known.astype("datetime64[D]"))
        for precision, unit in units.items():
            rows = mine & (events["known_precision"] == precision).to_numpy(dtype=bool)
            if rows.any():
                local = pd.DatetimeIndex(known[rows], tz="UTC").tz_convert(zone(cal.mic)).tz_localize(None).to_numpy()
                out[rows] = local.astype(f"datetime64[{unit}]").astype("datetime64[us]")
    return out


def _rows(assets: pd.Series, board: Board) -> Ints:
    codes, names = pd.factorize(assets)
    table = np.array([board.rows.get(name, -1) for name in names], dtype=np.int64)
    return np.where(codes >= 0, table[codes], -1)


def _unplaced(assets: pd.Series, board: Board) -> Ints:
    listed = set(load_instruments().index) | set(board.prices.instruments.index)
    codes, names = pd.factorize(assets)
    words = ["unlisted" if not n else "no-price-history" if n in listed else "unknown-asset" for n in names]
    return np.array([CODE[w] for w in words], dtype=np.int64)[codes]


# --------------------------------------------------------------------------------------------------------- the side


def sides(placed: Placed, side: Side) -> F:
    """Return each event's side (n,): its sign the direction, its size the share of a full trade; NaN where none is given.

    Raises
    ------
    UnknownNameError
        A side for a kind that is neither known nor among the events.
    SchemaError
        No such column, a value that is no number, or a callable that does not return one number per event.
    """
    if isinstance(side, Mapping):
        codes, names = placed.kinds
        check_kinds(list(side), names, "side")
        return np.array([float(side.get(name, np.nan)) for name in names])[codes]
    if isinstance(side, str):
        return _column(placed.events, side)
    if callable(side):
        return _called(placed.events, side)
    return np.full(len(placed.row), float(side))


def _column(events: pd.DataFrame, name: str) -> F:
    if name not in events:
        raise SchemaError(f"side={name!r}: the events have no such column; they have {offenders(events.columns, 20)}")
    values = pd.to_numeric(events[name], errors="coerce")
    bad = events[name][values.isna() & events[name].notna()]
    if len(bad) or np.isinf(values.to_numpy(dtype=float, na_value=np.nan)).any():
        raise SchemaError(
            f"side={name!r}: the column holds {offenders(bad.unique())}; a side is a number such as 1 or -1"
        )
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def _called(events: pd.DataFrame, side: Callable[[Mapping[str, object]], float]) -> F:
    """Call `side` with one event at a time, without the columns that report outcomes: it can see nothing else."""
    seen = [c for c in events.columns if not OUTCOME.search(str(c))]
    columns = [events[c].tolist() for c in seen]
    out = np.empty(len(events))
    for i, (name, *values) in enumerate(zip(events.index, *columns, strict=True)):
        try:
            given = side({"event_id": name, **dict(zip(seen, values, strict=True))})
        except Exception as error:
            raise SchemaError(
                f"side: the callable failed for event {name!r}: {type(error).__name__}: {error}; an event holds "
                f"{offenders(['event_id', *seen], 30)}"
            ) from error
        try:
            out[i] = np.nan if given is None else float(given)
        except (TypeError, ValueError):
            out[i] = np.inf
        if np.isinf(out[i]):
            raise SchemaError(f"side: the callable returned {given!r} for event {name!r}; it must return one number")
    return out


# ----------------------------------------------------------------------------------------------- ends set by the news


def until_ticks(placed: Placed, until: object) -> Ints:
    """Return the tick of the close of the first session on or after each event's date `until`; `NEVER` where none (n,).

    `until` is a column of the events, or a date for all.

    Raises
    ------
    SchemaError
        Neither a column nor a date.
    """
    n = len(placed.row)
    if until is None:
        return np.full(n, NEVER)
    column = isinstance(until, str) and until in placed.events
    try:
        given = placed.events[until] if column else pd.Series([until] * n)
        # Words must be ISO dates: 03.04.2024 is March to some and April to others.
        words = given.dtype == "str" or given.dtype == object
        if pd.api.types.is_numeric_dtype(given) and given.notna().any():
            raise TypeError("a number is no date")  # pandas would count it from 1970
        values = pd.to_datetime(given, errors="raise", utc=True, format="ISO8601" if words else None)
    except (ValueError, TypeError) as error:
        raise SchemaError(
            f"until={until!r} is neither a column of the events nor a date such as '2024-06-28'"
        ) from error
    dates = values.dt.tz_localize(None).dt.normalize().to_numpy().astype("datetime64[us]")
    out = np.full(n, NEVER)
    for m, cal in enumerate(placed.board.calendars):
        mine = (placed.row >= 0) & (placed.board.market_of[np.maximum(placed.row, 0)] == m) & ~np.isnat(dates)
        at = np.searchsorted(cal.sessions, dates[mine])
        out[mine] = np.where(at < len(cal), 3 * at + CLOSE, NEVER)
    return out


def contrary_ticks(placed: Placed, contrary: Mapping[str, tuple[str, ...]], phase: int) -> Ints:
    """Return the tick at which a later contrary event on the same security would close each event's trade (n,).

    A contrary event counts if it is not known before the trade's (a date alone counts from its beginning, so that a denial
    of the same date counts); it closes at the first open (or close, as `phase` says) strictly after its own `known_at`.
    `NEVER` where there is none.
    """
    out = np.full(len(placed.row), NEVER)
    codes, names = placed.kinds
    closes = placed.ticks(Entry(phase, 0))
    for kind, closed in contrary.items():
        if kind not in names or not any(k in names for k in closed):
            continue
        against = np.flatnonzero((codes == names.index(kind)) & (placed.row >= 0) & (placed.reason == KEPT))
        mine = np.flatnonzero(np.isin(codes, [names.index(k) for k in closed if k in names]) & (placed.row >= 0))
        if len(against) and len(mine):
            out[mine] = np.minimum(out[mine], _next_after(placed, mine, against, closes))
    return out


def _next_after(placed: Placed, mine: Ints, against: Ints, closes: Ints) -> Ints:
    """Return the closing tick of the first of `against` on the same row known at or after each of `mine`."""
    stamp = np.unique(placed.known, return_inverse=True)[1]
    key = placed.row * (len(stamp) + 1) + stamp
    order = against[np.argsort(key[against], kind="stable")]
    at = np.searchsorted(key[order], key[mine])
    hit = order[np.minimum(at, len(order) - 1)]
    same = (at < len(order)) & (placed.row[hit] == placed.row[mine])
    return np.where(same, closes[hit], NEVER)


def open_needed(entry: Entry, board: Board) -> None:
    """Raise SchemaError where a strategy enters at opens and the prices have none."""
    if entry.phase == OPEN and not board.has_open:
        raise SchemaError(
            f"entry={entry.label!r} needs opening prices, and the prices have none; "
            "use entry='next-close', or load prices with opens"
        )
