"""One row per article: how it was dated, which companies it names, what was found, and why nothing was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from signals.article import Article, Unreadable
from signals.dating import DateStamp
from signals.document import Text

AUDIT_COLUMNS = (
    "article_id",
    "source",
    "url",
    "title",
    "lang",
    "sha256",
    "published",
    "precision",
    "date_source",
    "date_evidence",
    "flags",
    "companies",
    "signals",
    "background",
    "kinds",
    "result",
    "note",
)


def unreadable_row(item: Unreadable) -> dict[str, Any]:
    """Return the audit row of a file, or a record, that is no article."""
    blank: dict[str, Any] = dict.fromkeys(AUDIT_COLUMNS, "")
    return blank | {
        "source": item.path,
        "precision": "none",
        "date_source": "none",
        "signals": 0,
        "background": 0,
        "result": "unreadable",
        "note": item.reason,
    }


def audit_row(
    article: Article, stamp: DateStamp, texts: Sequence[Text], rows: Sequence[dict[str, Any]], asked: bool = True
) -> dict[str, Any]:
    """Return the audit row of an article: `result` is "signals", "background" or "nothing"; `note` says why.

    `asked` is False where no kind was asked for, so that nothing found says nothing.
    """
    fresh = [r for r in rows if r["novelty"] != "background"]
    named = _companies(texts)
    result = "signals" if fresh else "background" if rows else "nothing"
    return {
        "article_id": article.id,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "lang": texts[-1].lang if texts else article.lang,
        "sha256": article.sha256,
        "published": stamp.value,
        "precision": stamp.precision,
        "date_source": stamp.source,
        "date_evidence": stamp.evidence,
        "flags": " ".join(stamp.flags),
        "companies": "; ".join(named[:10]),
        "signals": len(fresh),
        "background": len(rows) - len(fresh),
        "kinds": "; ".join(dict.fromkeys(r["kind"] for r in rows)),
        "result": result,
        "note": "; ".join(_notes(stamp, texts, rows, named, result if asked else "")),
    }


def _companies(texts: Iterable[Text]) -> list[str]:
    """Return the listed companies by ticker, then the names outside the watch-list, in the order of the text."""
    mentions = [m for t in texts for s in t.sentences for _, m in sorted(s.names.items())]
    listed = dict.fromkeys(m.ticker for m in mentions if m.ticker)
    return [*listed, *dict.fromkeys(m.name for m in mentions if not m.ticker)]


def _notes(
    stamp: DateStamp, texts: Sequence[Text], rows: Sequence[dict[str, Any]], named: list[str], result: str
) -> list[str]:
    notes = []
    if not stamp.dated:
        notes.append("undated: neither metadata, url, markup, text nor an anchor shows a date")
    if result == "nothing":
        read = sum(len(t.sentences) for t in texts)
        notes.append(
            f"no cue of any kind in {read} sentence{'s' if read != 1 else ''}"
            + ("" if named else ", and no company named")
        )
    if result == "background":
        notes.append("only recalls what was known before")
    if any(r["novelty"] != "background" and not r["ticker"] for r in rows):
        notes.append("names a company that is not on the watch-list (unlisted)")
    if any(t.truncated for t in texts):
        notes.append("very long: only its first sentences were read")
    return notes
