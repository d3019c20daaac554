"""The cards of the report: each event with its articles, how it was dated, its test and its returns; and the articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.frames import group_labels
from backtest.labels import count, each_row, p_value, percent, signed, window_text
from backtest.plots.tagging import marked, spans
from backtest.report.cells import Column, label, show
from backtest.summary import pictured

if TYPE_CHECKING:
    from backtest.report.page import Extras
    from backtest.result import EventStudyResult

_DATED = ("event_time", "event_precision", "session_hint", "rule", "day0", "known_at", "known_precision", "tradable_from",
          "tradable_rule")  # fmt: skip
_FOUND = (
    "role",
    "status",
    "subkind",
    "strength",
    "novelty",
    "source_event",
    "counterparty",
    "articles",
    "confidence",
    "source",
)
_AUDIT = ("benchmark", "n_estimation", "flags")
_ARTICLE = ("published", "precision", "date_source", "date_evidence", "flags", "companies", "result", "note")
_NEAR = pd.Timedelta(days=10)
_CONTEXT = 110  # letters of the article on each side of the evidence


def cards(result: EventStudyResult, extras: Extras, tests: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one card per event (up to `extras.panels`), newest first."""
    audit = result.audit.set_index("event_id").loc[pictured(result, extras.panels)]
    days, labels, single = _days(result, audit.index), group_labels(result.events), _single(tests)
    anchors, made = _anchors(extras), []
    reports = _reports(extras, anchors)
    for event_id in audit["day0"].sort_values(ascending=False, kind="stable").index:
        event, row = result.events.loc[event_id], audit.loc[event_id]
        effect = result.ar.loc[event_id].get(0, float("nan"))
        told = _told(event, reports, anchors)
        made.append({
            "event_id": event_id, "asset": event["asset"], "kind": labels[event_id], "day0": f"{row['day0']:%Y-%m-%d}",
            "effect": f"{percent(effect)} on day 0",
            "evidence": str(event["evidence"]) if present(event.get("evidence")) and not told else "",
            "told": told,
            "facts": [
                ("What was found", [("event", event_id), *facts(event, _FOUND)]),
                ("How it was dated", facts({**event, **row}, _DATED)),
                ("Audit", [*facts(row, _AUDIT), *single.get(str(event_id), [])]),
            ],
            "links": _links(event),
            "days": days.get(event_id, []),
        })  # fmt: skip
    return made


def _links(event: Any) -> list[str]:
    words = " ".join(str(event.get(name)) for name in ("url", "more_urls", "source"))
    return [url for url in dict.fromkeys(words.split()) if is_link(url)]


def _single(tests: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Return (name of test and window, p) of every event that has tests of its own."""
    rows = tests[tests["event_id"].notna() & tests["pvalue"].notna()]
    found: dict[str, list[tuple[str, str]]] = {}
    for row in each_row(rows):
        name = f"{row.test}, {window_text(row.window_start, row.window_end)}"
        found.setdefault(str(row.event_id), []).append((name, f"{percent(row.effect)}, p {p_value(row.pvalue)}"))
    return found


def _anchors(extras: Extras) -> dict[str, tuple[int, Any]]:
    """Return the number of each article on the page and its row, by its id."""
    if extras.articles is None:
        return {}
    return {str(row.article_id): (place, row) for place, row in enumerate(each_row(extras.articles), start=1)}


def _reports(extras: Extras, anchors: Iterable[str]) -> dict[str, list[tuple[Any, pd.Timestamp]]]:
    """Return the signals of the run's articles, each with the instant from which it was known, by ticker."""
    signals = extras.signals
    if signals is None or not {"ticker", "known_at", "start"} <= set(signals):
        return {}
    rows = signals[signals["article_id"].isin(list(anchors))]
    found: dict[str, list[tuple[Any, pd.Timestamp]]] = {}
    for row, known in zip(each_row(rows), pd.to_datetime(rows["known_at"], utc=True), strict=True):
        found.setdefault(str(row.ticker), []).append((row, known))
    return found


def _told(
    event: Any, reports: Mapping[str, list[tuple[Any, pd.Timestamp]]], anchors: Mapping[str, tuple[int, Any]]
) -> list[dict[str, Any]]:
    """Return the passages of the run's articles that report the event: number and title of the article, text in parts."""
    found: dict[tuple[Any, Any], Any] = {}
    for row, known in reports.get(str(event["asset"]), ()):
        near = row.kind == event["kind"] and abs(known - event["known_at"]) <= _NEAR
        if near or str(getattr(row, "source_event", "")) == str(event.name):
            found.setdefault((row.article_id, row.start), row)
    told = []
    for row in found.values():
        place, article = anchors[str(row.article_id)]
        field = "title" if getattr(row, "field", "text") == "title" else "text"
        text = str(getattr(article, field))
        told.append({"number": place, "title": _title(article), "parts": passage(text, int(row.start), int(row.end))})
    return told


def passage(text: str, start: int, end: int) -> list[tuple[str, bool]]:
    """Return the words around a span in three parts, the middle one (the evidence) True; cut at blanks, on one line."""
    left, right = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    before, after = text[left:start], text[end:right]
    if left:
        before = "… " + before.split(" ", 1)[-1]
    if right < len(text):
        after = after.rsplit(" ", 1)[0] + " …"
    parts = [(before, False), (text[start:end], True), (after, False)]
    return [(part.replace("\n", " "), evidence) for part, evidence in parts if part]


def facts(row: Any, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return (words, value as shown) of the fields that hold anything; addresses are left to the links."""
    shown = [(name, show(Column(name, name, False), row.get(name))[0]) for name in names if present(row.get(name))]
    return [(label(name), text) for name, text in shown if not is_link(text)]


def _days(result: EventStudyResult, event_ids: pd.Index) -> dict[str, list[dict[str, str]]]:
    """Return the days of each of these events."""
    rows = result.abnormal_returns
    found: dict[str, list[dict[str, str]]] = {}
    for row in each_row(rows[rows["event_id"].isin(event_ids)]):
        found.setdefault(row.event_id, []).append(_day(row))
    return found


def _day(row: Any) -> dict[str, str]:
    numbers = {key: percent(getattr(row, key), 2).removesuffix(" %") for key in ("ret", "expected", "ar", "car")}
    return {"day": signed(row.day), "session": f"{row.session:%m-%d}"} | numbers


def articles(frame: pd.DataFrame, signals: pd.DataFrame | None, audit: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return one entry per article: its text in parts, the evidence of each signal marked with kind and company."""
    table = signals if signals is not None else pd.DataFrame(columns=["article_id", "start", "end", "kind", "company"])
    how = audit.set_index("article_id") if audit is not None and "article_id" in audit else None
    made = []
    for row in each_row(frame):
        own = table[table["article_id"] == row.article_id]
        words = [] if how is None or row.article_id not in how.index else facts(how.loc[row.article_id], _ARTICLE)
        made.append({
            "title": _title(row),
            "published": row.published if present(row.published) else "undated",
            "signals": count(len(own), "signal"),
            "how": "; ".join(f"{name}: {value}" for name, value in words),
            "heading": marked(_title(row), spans(own, "title")) if present(row.title) else [],
            "parts": marked(row.text, spans(own)) if present(row.text) else [],
        })  # fmt: skip
    return made


def _title(row: Any) -> str:
    return str(row.title if present(row.title) else row.article_id)


def present(value: Any) -> bool:
    """Return True unless the value is missing or empty."""
    return not (value is None or value is pd.NA or value is pd.NaT or value != value or str(value) in ("", "[]"))


def is_link(text: str) -> bool:
    """Return True for an http(s) address, the only scheme that is ever made clickable."""
    return text.startswith(("https://", "http://"))
