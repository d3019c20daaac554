"""What the report says: answers in sentences, the way from articles to tests, one card per event, the method."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.frames import group_labels
from backtest.labels import SMALL_N, count, each_row, percent, signed
from backtest.report.cells import Column, label, show
from backtest.summary import LEVEL, pictured, power_words, sentence, verdict

if TYPE_CHECKING:
    from backtest.report.page import Extras
    from backtest.result import EventStudyResult

_FACTS = (
    "event_time", "event_precision", "session_hint", "rule", "day0", "tradable_from", "tradable_rule", "benchmark",
    "n_estimation", "flags",
)  # fmt: skip
_DATING = ("published", "precision", "date_source", "date_evidence", "flags", "companies", "result", "note")
_EVENT_FACTS = (
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


def page(result: EventStudyResult, answers: pd.DataFrame, tests: pd.DataFrame, extras: Extras) -> dict[str, Any]:
    """Return the variables of the template that are words."""
    return {
        "verdict": verdict(answers),
        "answers": [_answer(row) for row in each_row(answers)],
        "steps": steps(result, extras),
        "events": cards(result, extras.panels),
        "more_events": max(0, len(result.events) - extras.panels),
        "articles": articles(extras.articles, extras.signals, extras.audit) if extras.articles is not None else [],
        "method": method(result, tests),
        "setup": [(str(name), str(value)) for name, value in extras.setup.items()],
    }


def _answer(row: Any) -> dict[str, str]:
    found = row.pvalue == row.pvalue and row.pvalue < LEVEL
    tone = "thin" if row.n < SMALL_N else "found" if found else "none"
    return {"kind": row.kind, "text": sentence(row), "power": power_words(row), "tone": tone}


def steps(result: EventStudyResult, extras: Extras) -> list[dict[str, Any]]:
    """Return the way from articles to tests: number at each step, and what left there with its reasons."""
    rows = []
    if extras.articles is not None:
        rows.append({"name": "articles read", "n": len(extras.articles), "lost": [], "note": ""})
    if extras.signals is not None:
        background = int((extras.signals["novelty"] == "background").sum()) if "novelty" in extras.signals else 0
        note = f"{count(background, 'mention')} of old news makes no event" if background else ""
        rows.append({"name": "signals in them", "n": len(extras.signals), "lost": [], "note": note})
    reasons = result.dropped["reason"].astype("str").value_counts()
    lost = [{"reason": reason, "n": int(n)} for reason, n in reasons.items()]
    found = "events, peers' included" if (result.events["role"] == "peer").any() else "events"
    rows.append({"name": found, "n": len(result.events) + len(result.dropped), "lost": lost, "note": ""})
    holes = int(result.ar.isna().any(axis=1).sum())
    note = (
        f"{count(holes, 'event')} with a day missing in the event window: out of the tests that need it"
        if holes
        else ""
    )
    rows.append({"name": "events studied", "n": len(result.events), "lost": [], "note": note})
    most = max(1, *(int(str(row["n"])) for row in rows))
    return [row | {"most": most} for row in rows]


def cards(result: EventStudyResult, most: int) -> list[dict[str, Any]]:
    """Return one card per event (up to `most`), newest first: facts, evidence, links and the returns of each session."""
    audit = result.audit.set_index("event_id").loc[pictured(result, most)]
    days = dict(list(result.abnormal_returns.groupby("event_id", sort=False)))
    labels = group_labels(result.events)
    made = []
    for event_id in audit["day0"].sort_values(ascending=False, kind="stable").index:
        event, row = result.events.loc[event_id], audit.loc[event_id]
        effect = result.ar.loc[event_id].get(0, float("nan"))
        made.append({
            "event_id": event_id,
            "asset": event["asset"],
            "kind": labels[event_id],
            "day0": f"{row['day0']:%Y-%m-%d}",
            "effect": f"{percent(effect)} on day 0",
            "evidence": [(event["evidence"], False)] if present(event.get("evidence")) else [],
            "facts": [("event", event_id), *_facts(row, _FACTS), *_facts(event, _EVENT_FACTS)],
            "links": [url for url in str(event.get("url")).split() + str(event.get("source")).split() if is_link(url)],
            "days": [_day(day) for day in each_row(days[event_id])] if event_id in days else [],
        })  # fmt: skip
    return made


def _facts(row: pd.Series, names: Iterable[str]) -> list[tuple[str, str]]:
    shown = [(name, show(Column(name, name, False), row.get(name))[0]) for name in names if present(row.get(name))]
    return [(label(name), text) for name, text in shown if not is_link(text)]


def _day(row: Any) -> dict[str, str]:
    numbers = {key: percent(getattr(row, key), 2).removesuffix(" %") for key in ("ret", "expected", "ar", "car")}
    return {"day": signed(row.day), "session": f"{row.session:%m-%d}"} | numbers


def articles(frame: pd.DataFrame, signals: pd.DataFrame | None, audit: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return one entry per article: its text in parts, the evidence of each signal marked with kind and company."""
    spans = signals if signals is not None else pd.DataFrame(columns=["article_id", "start", "end", "kind", "company"])
    how = audit.set_index("article_id") if audit is not None and "article_id" in audit else None
    made = []
    for row in each_row(frame):
        own = spans[spans["article_id"] == row.article_id]
        # Evidence found in the title counts its characters from the title's beginning: it has no place in the text.
        own = own[own["field"] != "title"] if "field" in own else own
        marks = [(int(s.start), int(s.end), f"{s.kind}: {s.company}") for s in each_row(own) if s.start == s.start]
        words = [] if how is None or row.article_id not in how.index else _facts(how.loc[row.article_id], _DATING)
        made.append({
            "title": row.title if present(row.title) else row.article_id,
            "published": row.published if present(row.published) else "undated",
            "how": "; ".join(f"{name}: {value}" for name, value in words),
            "parts": marked(row.text, marks),
        })  # fmt: skip
    return made


def marked(text: str, marks: list[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """Cut a text at the marks (start, end, label): parts in order, each with its label or ""; overlaps count once."""
    parts, place = [], 0
    for start, end, name in sorted(marks):
        start = max(start, place)
        if end > start:
            parts += [(text[place:start], ""), (text[start:end], name)]
            place = end
    return [part for part in [*parts, (text[place:], "")] if part[0]]


def method(result: EventStudyResult, tests: pd.DataFrame) -> list[str]:
    """Return the conventions behind the numbers, in sentences."""
    spec = result.spec
    return [
        f"Expected return: {spec.model} model, estimated on sessions {_range(spec.estimation)} before the news; event "
        f"window {_range(spec.event)}. Days are sessions of the share's own exchange.",
        "Day 0 is the first session whose close comes after the news. With a date alone it is that date's session, or "
        "the next one if the exchange was closed; the table of the audit says by which rule.",
        "The benchmark's return is taken from its levels on the share's own sessions. No return is computed across a "
        "hole in the prices, and nothing is filled in.",
        "Abnormal return: return minus expected return. CAR is its sum over days, CAAR the mean CAR of a group. "
        "Variances include the error of the estimated expectation.",
        f"Tests computed: {', '.join(dict.fromkeys(tests['test']))}; two-sided unless the table says otherwise, not "
        "corrected for the number of groups.",
    ]


def _range(days: tuple[int, int]) -> str:
    return f"{signed(days[0])} to {signed(days[1])}"


def present(value: Any) -> bool:
    """Return True unless the value is missing or empty."""
    return not (value is None or value is pd.NA or value is pd.NaT or value != value or str(value) in ("", "[]"))


def is_link(text: str) -> bool:
    """Return True for an http(s) address, the only scheme that is ever made clickable."""
    return text.startswith(("https://", "http://"))
