"""The tagging audit as html: every article word for word, the words that made a signal marked with what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from backtest.labels import count, each_row
from backtest.plots.strokes import PALETTES

#: Marks of the two themes: (behind the words, the words themselves); both reach a contrast of 4.5.
_MARKS = {"light": ("#FFE08A", "#1A1A1A"), "dark": ("#6B5600", "#F2F2F2")}


@dataclass(frozen=True)
class Tagging:
    """A piece of html without script or outside links; a notebook shows it by itself, `str` gives its text."""

    html: str

    def __str__(self) -> str:
        """Return the html."""
        return self.html

    def _repr_html_(self) -> str:
        return self.html


def tagging_audit(
    articles: pd.DataFrame | Iterable[Any],
    signals: pd.DataFrame | None = None,
    audit: pd.DataFrame | None = None,
    theme: str = "light",
) -> Tagging:
    """Show articles with the evidence of each signal highlighted, and why the others made none.

    Parameters
    ----------
    articles : one row per article: `article_id, text`, and if known `title, published`; or the `articles` of an extraction.
    signals : the signals table; `start` and `end` count characters of the text (of the title where `field` is "title").
    audit : one row per article: `article_id, result, note`.
    theme : "light" or "dark".

    Returns
    -------
    A `Tagging`. Everything from outside is escaped.
    """
    paper, ink, soft, line = (PALETTES[theme][name] for name in ("paper", "ink", "soft", "grid"))
    mark = "background:{};color:{};padding:0 .15em".format(*_MARKS[theme])
    parts = [
        _article(row, _of(signals, _id(row)), _words(audit, _id(row)), mark, soft, line)
        for row in (each_row(articles) if isinstance(articles, pd.DataFrame) else articles)
    ]
    style = f"background:{paper};color:{ink};font:14px/1.5 sans-serif;padding:.5em 1em;max-width:60em"
    return Tagging(f'<div style="{style}">' + "".join(parts) + "</div>")


def _id(row: Any) -> str:
    return _text(row, "article_id") or _text(row, "id")


def _of(table: pd.DataFrame | None, article: str) -> pd.DataFrame:
    if table is None:
        return pd.DataFrame({"start": [], "end": [], "kind": [], "company": []})
    return table[table["article_id"] == article]


def _words(audit: pd.DataFrame | None, article: str) -> str:
    rows = _of(audit, article)
    if audit is None or rows.empty:
        return ""
    said = (rows.iloc[0].get("result"), rows.iloc[0].get("note"))
    return "; ".join(str(v) for v in said if v == v and v and v != "signals")


def _article(row: Any, signals: pd.DataFrame, words: str, mark: str, soft: str, line: str) -> str:
    title, text = _text(row, "title") or _id(row), _text(row, "text")
    about = [_text(row, "published") or "undated", count(len(signals), "signal"), *([words] if words else [])]
    return (
        f'<section style="border-top:1px solid {line}"><h4 style="margin:.6em 0 0">{_html(title, spans(signals, "title"), mark)}'
        f'</h4><p style="color:{soft};margin:0 0 .5em">{escape("; ".join(about))}</p>'
        f'<p style="white-space:pre-wrap;overflow-wrap:anywhere">{_html(text, spans(signals, "text"), mark)}</p></section>'
    )


def _text(row: Any, name: str) -> str:
    value = getattr(row, name, None)
    return "" if value is None or value is pd.NA or value != value else str(value)


def _html(text: str, marks: Sequence[tuple[int, int, str]], style: str) -> str:
    return "".join(
        f'<mark style="{style}">{escape(part)}</mark><small style="opacity:.8"> [{escape(label)}]</small>'
        if label
        else escape(part)
        for part, label in marked(text, marks)
    )


def spans(signals: pd.DataFrame, field: str = "text") -> list[tuple[int, int, str]]:
    """Return (start, end, "kind: company") of the signals whose evidence stands in this field of their article."""
    if "field" in signals:
        signals = signals[(signals["field"] == "title") == (field == "title")]
    elif field == "title":
        return []
    return [(int(s.start), int(s.end), f"{s.kind}: {s.company}") for s in each_row(signals) if s.start == s.start]


def marked(text: str, marks: Sequence[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """Cut a text at the marks (start, end, label): parts in order, each with its label or "".

    Marks of the same words join their labels; of others that overlap, the later one keeps what the earlier left.
    """
    labels: dict[tuple[int, int], list[str]] = {}
    for start, end, name in marks:
        labels.setdefault((start, end), []).append(name)
    parts, place = [], 0
    for (start, end), names in sorted(labels.items()):
        start = max(start, place)
        if end > start:
            parts += [(text[place:start], ""), (text[start:end], "; ".join(dict.fromkeys(names)))]
            place = end
    return [part for part in [*parts, (text[place:], "")] if part[0]]
