"""Anchors: dated events of the catalogue that date a text which speaks of them ("announced yesterday")."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from os import PathLike
from pathlib import Path

from signals.article import Article
from signals.dating.stamp import DateStamp
from signals.dating.values import bounds, covering, month_end, months_later

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_LIMIT = 20_000
_SENTENCE = re.compile(r"[^.!?\n]{10,800}[.!?\n]")

CUES = {
    "profit-warning": re.compile(r"profit(?:s)?[ -](?:warning|alert)|warn\w* (?:\w+ ){0,3}profit|Gewinnwarnung", re.I),
    "takeover-bid": re.compile(
        r"acqui(?:re|sition)|take(?:s|n)?[ -]?over|took over|\bbought|Übernahme|übern(?:immt|ommen|ahm)|\bgekauft", re.I
    ),
    "takeover-rumour": re.compile(
        r"takeover|bid (?:talk|speculation|rumou?r)|rumou?r|Übernahme\w*(?:gerücht|spekulation|fantasie)", re.I
    ),
}


@dataclass(frozen=True)
class Anchor:
    """One dated event: `date` is its ISO day, `kind` a key of KINDS, `names` the spellings of the company.

    `others` are the names of further parties (the target of a takeover that the asset's company makes): where a kind has two
    parties both must be named for a text to speak of this event.
    """

    event_id: str
    asset: str
    kind: str
    date: str
    names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    event_time: str = ""
    event_precision: str = "day"
    session_hint: str = ""


def read_anchors(
    events: str | PathLike[str] | None = None, instruments: str | PathLike[str] | None = None
) -> tuple[Anchor, ...]:
    """Read anchors from an events csv (by default the catalogue in seeds/), names from the instruments csv.

    Rows known only to the month or year are left out: they date nothing to the day.
    """
    names = {
        row["ticker"]: (row["name"], *filter(None, row.get("aliases", "").split("|")))
        for row in _rows(instruments or SEEDS / "instruments.csv")
    }
    rows = _rows(events or SEEDS / "events.csv")
    return tuple(_anchor(row, names) for row in rows if row.get("event_precision", "day") in ("minute", "day", ""))


def _rows(path: str | PathLike[str]) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as stream:
        return [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(stream)]


def _anchor(row: dict[str, str], names: dict[str, tuple[str, ...]]) -> Anchor:
    asset = row["asset"]
    company = row.get("company", "")
    parties = re.split(
        r"[;,|]", re.sub(r"\([^)]*\)?", "", row.get("counterparties", "") or row.get("counterparty", ""))
    )
    return Anchor(
        event_id=row.get("event_id", ""),
        asset=asset,
        kind=row.get("kind", ""),
        date=row["event_time"][:10],
        names=names.get(asset) or ((company,) if company else ()),
        others=tuple(party.strip() for party in parties if party.strip()),
        event_time=row["event_time"],
        event_precision=row.get("event_precision", "") or "day",
        session_hint=row.get("session_hint", ""),
    )


def match_anchor(anchors: Iterable[Anchor], asset: str, kind: str, low: str, high: str) -> Anchor | None:
    """Return the one anchor of `asset` and `kind` dated within [low, high] (ISO days); None if none or more than one."""
    found = [a for a in anchors if a.asset == asset and a.kind == kind and low <= a.date <= high]
    return found[0] if len(found) == 1 else None


def _after(days: int):  # type: ignore[no-untyped-def]
    return lambda day: (day + timedelta(days=days), day + timedelta(days=days))


def _next_week(day: date) -> tuple[date, date]:
    monday = day + timedelta(days=7 - day.weekday())
    return monday, monday + timedelta(days=6)


def _next_month(day: date) -> tuple[date, date]:
    year, month = months_later(day.year, day.month, 1)
    return date(year, month, 1), month_end(year, month)


def _year_after(first_month: int):  # type: ignore[no-untyped-def]
    def rule(day: date) -> tuple[date, date] | None:
        return (date(day.year + 1, 1, 1), date(day.year + 1, 12, 31)) if day.month >= first_month else None

    return rule


_LAST_YEAR = r"(?:last year|vergangenen Jahres|letzten Jahres|vorigen Jahres)"
# What a relative word says about the publication, given the day of the event.
RELATIVE = (
    (re.compile(r"\b(?:yesterday|gestern|gestrig\w+)\b", re.I), _after(1)),
    (
        re.compile(
            r"\b(?:announced|confirmed|said|reported|issued) (?:earlier )?today\b"
            r"|\bheute (?:früh|Morgen|Vormittag)\b", re.I
        ),
        _after(0),
    ),
    (re.compile(r"\b(?:last week|(?:vergangenen?|letzten?|vorigen?) Woche)\b", re.I), _next_week),
    (re.compile(r"\b(?:last month|(?:vergangenen|letzten|vorigen) Monat)\b", re.I), _next_month),
    (re.compile(rf"\b(?:end of {_LAST_YEAR}|Ende (?:des )?{_LAST_YEAR})\b", re.I), _year_after(12)),
    (re.compile(rf"\blate {_LAST_YEAR}\b", re.I), _year_after(9)),
)  # fmt: skip


def date_by_anchors(article: Article, anchors: Iterable[Anchor]) -> DateStamp | None:
    """Date a text by the catalogue: a sentence names company, kind and a relative date, the catalogue the event's day.

    A sentence that fits several events with different results says nothing. All sentences together give the days on which the
    text can have been written; if they contradict one another, it stays undated. The result is flagged ``anchor``.
    """
    text = article.text[:_LIMIT]
    if not any(pattern.search(text) for pattern, _ in RELATIVE):
        return None
    usable = [anchor for anchor in anchors if anchor.kind in CUES]
    low, high = date.min, date.max
    evidence: list[re.Match[str]] = []
    for sentence in _SENTENCE.finditer(text + "\n"):
        days = _days_of(sentence[0], usable)
        if days is not None:
            low, high = max(low, days[0]), min(high, days[1])
            evidence.append(sentence)
    if not evidence or low > high:
        return None
    value, precision = covering(low, high)
    if not value or bounds(value) is None:
        return None
    words = " | ".join(" ".join(found[0].split()) for found in evidence)
    return DateStamp(
        value, precision, "anchor", words, evidence[0].start(), min(evidence[0].end(), len(text)), ("anchor",)
    )


def _days_of(sentence: str, anchors: list[Anchor]) -> tuple[date, date] | None:
    rules = [rule for pattern, rule in RELATIVE if pattern.search(sentence)]
    if len(rules) != 1:
        return None
    results = {
        days
        for anchor in anchors
        if CUES[anchor.kind].search(sentence)
        and _names(anchor, sentence)
        and (days := rules[0](date.fromisoformat(anchor.date)))
    }
    return results.pop() if len(results) == 1 else None


def _names(anchor: Anchor, sentence: str) -> bool:
    needed = [anchor.names, anchor.others] if anchor.kind == "takeover-bid" and anchor.others else [anchor.names]
    return all(any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence) for name in group) for group in needed)
