"""Stories to events: many reports of one thing are one event; the first report wins; history makes no new event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from signals.linking import Watchlist

if TYPE_CHECKING:
    import pandas as pd

EVENT_COLUMNS = (
    "asset",
    "kind",
    "role",
    "event_time",
    "event_precision",
    "known_at",
    "known_precision",
    "session_hint",
    "status",
    "strength",
    "subkind",
    "confidence",
    "novelty",
    "source_event",
    "articles",
    "evidence",
    "source",
    "url",
    "company",
    "counterparty",
)
DROP_REASONS = ("unlisted", "undated", "background", "counterparty")
_PRECISION = {"minute": 0, "day": 1, "month": 2, "year": 3}
_TYPES = {"confidence": "float64", "articles": "int64"}
_OWN_ROLES = {
    "takeover-rumour": ("target",),
    "takeover-denied": ("target",),
    "takeover-bid": ("target", "acquirer"),
}
_ANSWERS = {"takeover-denied": ("takeover-rumour",), "takeover-bid": ("takeover-rumour",)}


@dataclass
class Story:
    """Reports of one thing about one security, in order."""

    asset: str
    kind: str
    role: str
    first: Any
    last: Any
    rows: list[dict[str, Any]]


def stories_to_events(signals: pd.DataFrame, days: int = 10) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Merge signals into events.

    Parameters
    ----------
    signals : the signals table.
    days : reports of the same security, kind and role within so many days of the first are one event.

    Returns
    -------
    events : the events table (index `event_id`: a hash of security, kind, role and time), sorted by time; `articles` counts
        the reports.
        A denial or an offer names in `source_event` the rumour that it answers.
    dropped : signal_id, article_id, asset, kind, reason (Categorical), source_event. Reasons: ``unlisted`` (no ticker),
        ``undated``, ``background`` (history: it attaches to the event that `source_event` names, and never makes one),
        ``counterparty`` (the bidder or seller of somebody else's event).

    The result does not depend on the order of the rows.
    """
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in signals.to_dict("records")]
    dropped = [(r, reason) for r in rows if (reason := _reason(r))]
    lost = {id(r) for r, _ in dropped}
    usable = sorted((r for r in rows if id(r) not in lost), key=_order)
    stories: dict[tuple[str, str, str], list[Story]] = {}
    for row in usable:
        told = stories.setdefault((row["ticker"], row["kind"], row["role"]), [])
        home = _home(told, row, days)
        if home is None:
            told.append(Story(row["ticker"], row["kind"], row["role"], row["event_time"], _end(row), [row]))
        else:
            home.rows.append(row)
    events = _events([story for told in stories.values() for story in told], days)
    return events, _dropped(dropped, events, days)


def _reason(row: dict[str, Any]) -> str:
    if row["novelty"] == "background":
        return "background"
    if not row["ticker"]:
        return "unlisted"
    if row["role"] not in _OWN_ROLES.get(row["kind"], ("issuer", "target")):
        return "counterparty"
    return "undated" if row["event_time"] is None or row["event_time"] != row["event_time"] else ""


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        _PRECISION[row["event_precision"]] > 1,
        row["event_time"],
        _PRECISION[row["event_precision"]],
        row["known_at"],
        row["article_id"],
        row["signal_id"],
    )


def _end(row: dict[str, Any]) -> Any:
    """Return the last instant that the event time of a row can mean."""
    import pandas as pd

    start = pd.Timestamp(row["event_time"])
    offset = {"month": pd.offsets.MonthEnd(1), "year": pd.offsets.YearEnd(1)}.get(row["event_precision"])
    return start + offset if offset is not None else start


def _home(stories: Iterable[Story], row: dict[str, Any], days: int) -> Story | None:
    """Return the first of these stories that a report belongs to: within `days` of its first report, or inside its month."""
    import pandas as pd

    reach, end = pd.Timedelta(days=days), _end(row)
    return next((s for s in stories if s.first <= end and row["event_time"] <= s.first + reach), None)


def _events(stories: list[Story], days: int) -> pd.DataFrame:
    import pandas as pd

    records = [_event(story) for story in stories]
    records.sort(key=lambda r: (r["event_time"], r["asset"], r["kind"], r["role"]))
    _attach(records, days)
    ids = pd.Index([r.pop("event_id") for r in records], dtype="str", name="event_id")
    columns: dict[str, pd.Series] = {}
    for name in EVENT_COLUMNS:
        values = [r[name] for r in records]
        if name in ("event_time", "known_at"):
            columns[name] = pd.Series(pd.to_datetime(values, utc=True), dtype="datetime64[us, UTC]").set_axis(ids)
            continue
        if name in ("session_hint", "source_event"):
            values = [v or None for v in values]
        columns[name] = pd.Series(values, dtype=_TYPES.get(name, "str"), index=ids)
    return pd.DataFrame(columns, index=ids)


def _known(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["known_at"], row["article_id"], row["signal_id"])


def _event(story: Story) -> dict[str, Any]:
    """Return the event of a story: the first report's time and words, the earliest instant at which anyone could know."""
    first = min(story.rows, key=_order)
    known = min((r for r in story.rows if r["known_at"] == r["known_at"]), key=_known, default=first)
    identity = "|".join((story.asset, story.kind, story.role, str(first["event_time"].date())))
    hints = sorted(
        {r["session_hint"] for r in story.rows if r["session_hint"] and r["event_time"] == first["event_time"]}
    )
    return {
        "event_id": hashlib.sha1(identity.encode()).hexdigest()[:12],
        "asset": story.asset,
        "kind": story.kind,
        "role": story.role,
        "event_time": first["event_time"],
        "event_precision": first["event_precision"],
        "known_at": known["known_at"],
        "known_precision": known["known_precision"],
        "session_hint": hints[0] if hints else "",
        "status": first["status"],
        "strength": first["strength"],
        "subkind": first["subkind"],
        "confidence": max(r["confidence"] for r in story.rows),
        "novelty": "new",
        "source_event": "",
        "articles": len({r["article_id"] for r in story.rows}),
        "evidence": first["evidence"],
        "source": first["source"],
        "url": first["url"],
        "company": first["company"],
        "counterparty": "; ".join(
            dict.fromkeys(n for r in sorted(story.rows, key=_order) for n in r["counterparty"].split("; ") if n)
        ),
    }


def _attach(records: list[dict[str, Any]], days: int) -> None:
    """Name in `source_event` the rumour that a denial or an offer answers: the last one of that security in a quarter."""
    import pandas as pd

    reach = pd.Timedelta(days=max(days, 92))
    told: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for record in records:
        told.setdefault((record["asset"], record["role"], record["kind"]), []).append(record)
    for record in records:
        earlier = [
            r
            for kind in _ANSWERS.get(record["kind"], ())
            for r in told.get((record["asset"], record["role"], kind), ())
            if r["event_time"] <= record["event_time"] <= r["event_time"] + reach
        ]
        if earlier:
            record["source_event"] = earlier[-1]["event_id"]


def _dropped(dropped: list[tuple[dict[str, Any], str]], events: pd.DataFrame, days: int) -> pd.DataFrame:
    import pandas as pd

    dropped = sorted(dropped, key=lambda item: (item[0]["article_id"], item[0]["signal_id"]))
    names = ("signal_id", "article_id", "ticker", "kind")
    frame = pd.DataFrame({n: pd.Series([r[n] for r, _ in dropped], dtype="str") for n in names}).rename(
        columns={"ticker": "asset"}
    )
    recalled = [_recalled(r, events, days) if reason == "background" else "" for r, reason in dropped]
    reasons = pd.Categorical([reason for _, reason in dropped], categories=list(DROP_REASONS))
    return frame.assign(reason=reasons, source_event=pd.Series(recalled, dtype="str"))


def _recalled(row: dict[str, Any], events: pd.DataFrame, days: int) -> str:
    """Return the id of the event that a background mention recalls: one of these, else one of the catalogue; "" if neither."""
    import pandas as pd

    if not row["ticker"] or row["event_time"] is None or row["event_time"] != row["event_time"]:
        return str(row["source_event"] or "")
    reach = pd.Timedelta(days=days)
    same = events[(events["asset"] == row["ticker"]) & (events["kind"] == row["kind"])]
    near = same[(same["event_time"] >= row["event_time"] - reach) & (same["event_time"] <= _end(row) + reach)]
    if near.empty:
        return str(row["source_event"] or "")
    return str((near["event_time"] - row["event_time"]).abs().idxmin())


def merge_stories(curated: pd.DataFrame, extracted: pd.DataFrame, days: int = 10) -> pd.DataFrame:
    """Join extracted events to a curated table where they tell the same story.

    Parameters
    ----------
    curated, extracted : events tables (index `event_id`).
    days : same security and kind within so many days is one event.

    Returns
    -------
    The curated rows with their ids and dates, `articles` added up and `evidence` and `url` joined; then the extracted
    events that no curated row tells. A month or year matches any day that it covers. Inputs are not changed.
    """
    import pandas as pd

    joined: dict[str, list[str]] = {}
    fresh = []
    for event_id, row in extracted.iterrows():
        home = _curated_home(curated, row, days)
        if home is None:
            fresh.append(event_id)
        else:
            joined.setdefault(home, []).append(str(event_id))
    merged = curated.copy()
    for home, ids in joined.items():
        told = extracted.loc[ids]
        merged.loc[home, "articles"] = _count(curated, home) + int(told["articles"].sum())
        for name in ("evidence", "url"):
            if name in merged:
                merged.loc[home, name] = _join(
                    [curated.loc[home, name], *told[name]], " | " if name == "evidence" else " "
                )
    rest = extracted.loc[fresh]
    if rest.empty:
        return merged
    return pd.concat([merged, rest.reindex(columns=[*merged.columns, *(c for c in rest if c not in merged)])])


def _count(curated: pd.DataFrame, home: str) -> int:
    value: Any = curated.loc[home, "articles"] if "articles" in curated else 1
    return int(value) if value == value else 1


def _join(values: Iterable[Any], glue: str) -> str:
    return glue.join(dict.fromkeys(str(v) for v in values if isinstance(v, str) and v))


def _curated_home(curated: pd.DataFrame, row: Any, days: int) -> str | None:
    """Return the id of the curated event that tells the same story, the nearest in time if there are several."""
    import pandas as pd

    same = curated[(curated["asset"] == row["asset"]) & (curated["kind"] == row["kind"])]
    if "role" in same and row["kind"].startswith("takeover"):
        same = same[same["role"].isin((row["role"], "")) | same["role"].isna()]
    best: tuple[Any, str] | None = None
    for event_id, other in same.iterrows():
        gap = max(other["event_time"] - _end(row), row["event_time"] - _end(other), pd.Timedelta(0))
        if gap <= pd.Timedelta(days=days) and (best is None or (gap, str(event_id)) < best):
            best = (gap, str(event_id))
    return best[1] if best else None


def add_peers(
    events: pd.DataFrame, watchlist: Watchlist, signals: pd.DataFrame | None = None, days: int = 10
) -> pd.DataFrame:
    """Append, for each profit warning, a row with role ``peer`` per listed peer of its issuer, naming it in `source_event`.

    Peers are those of the watch-list, and those that `signals` names within `days` of the event (role ``peer``, the issuer
    as counterparty).
    """
    import pandas as pd

    rows, ids = [], []
    for event_id, row in events.iterrows():
        if row["kind"] != "profit-warning" or row["role"] != "issuer":
            continue
        told = _told_peers(row, watchlist, signals, days)
        for peer in dict.fromkeys((*watchlist.peers.get(row["asset"], ()), *told)):
            rows.append(
                row.to_dict()
                | {
                    "asset": peer,
                    "role": "peer",
                    "source_event": str(event_id),
                    "company": watchlist.tickers.get(peer, ""),
                }
            )
            ids.append(hashlib.sha1(f"{peer}|{event_id}|peer".encode()).hexdigest()[:12])
    if not rows:
        return events
    added = pd.DataFrame(rows, index=pd.Index(ids, name="event_id", dtype="str"))[list(events.columns)].astype(
        events.dtypes.to_dict()
    )
    return pd.concat([events, added])


def _told_peers(event: Any, watchlist: Watchlist, signals: pd.DataFrame | None, days: int) -> list[str]:
    """Return the tickers that texts name as peers hit by the warning that is `event`."""
    import pandas as pd

    if signals is None:
        return []
    rows = signals[(signals["role"] == "peer") & (signals["kind"] == event["kind"]) & (signals["ticker"] != "")]
    near = (rows["event_time"] - event["event_time"]).abs() <= pd.Timedelta(days=days)
    issuers = rows["counterparty"].map(lambda name: watchlist.aliases.get(name, ""))
    return sorted(set(rows.loc[near & (issuers == event["asset"]), "ticker"]))
