"""The tagging audit: every word of the article, the evidence marked, nothing from outside run as html."""

import re
from html import unescape

import pandas as pd
import pytest

import signals
from backtest import plots
from backtest.plots.tagging import marked, spans

EVIL = "<script>alert(1)</script>"
ARTICLES = pd.DataFrame({
    "article_id": ["a1", "a2"], "title": [EVIL, None], "text": ["ACME warned. Then it rose.", f"Nothing, {EVIL}."],
    "published": ["2021-02-24", None],
})  # fmt: skip
SIGNALS = pd.DataFrame({
    "article_id": ["a1", "a1", "a1"], "kind": ["profit-warning", "other", "other"], "company": ["ACME", EVIL, "ACME"],
    "start": [0, 0, 1], "end": [11, 11, 5], "field": ["text", "text", "title"],
})  # fmt: skip
AUDIT = pd.DataFrame({"article_id": ["a2"], "result": ["nothing"], "note": ["no cue"]})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_evidence_is_marked_with_what_it_means(theme):
    made = plots.tagging_audit(ARTICLES, SIGNALS, AUDIT, theme)
    html = str(made)
    assert html == made._repr_html_()
    assert EVIL not in html
    marks = re.findall(r"<mark [^>]*>(.*?)</mark><small[^>]*> \[(.*?)\]</small>", html)
    assert [(unescape(a), unescape(b)) for a, b in marks] == [
        ("scri", "other: ACME"),
        ("ACME warned", f"profit-warning: ACME; other: {EVIL}"),
    ]
    plain = unescape(re.sub(r"<small[^>]*>.*?</small>|<[^>]+>", "", html))
    assert ARTICLES["text"][0] in plain
    assert "2021-02-24; 3 signals" in plain
    assert "undated; 0 signals; nothing; no cue" in plain
    assert "a2" in plain


def test_without_signals_the_articles_stand_alone():
    html = plots.tagging_audit(ARTICLES).html
    assert "<mark" not in html
    assert "0 signals" in html


def test_evidence_without_a_field_stands_in_the_text():
    plain = SIGNALS.drop(columns="field")
    assert [s[:2] for s in spans(plain)] == [(0, 11), (0, 11), (1, 5)]
    assert spans(plain, "title") == []


def test_the_same_words_join_their_labels():
    assert marked("abcdef", [(1, 3, "x"), (1, 3, "y"), (1, 3, "x")]) == [("a", ""), ("bc", "x; y"), ("def", "")]


def test_articles_of_an_extraction_are_taken_as_they_are():
    extraction = signals.extract(signals.seeds())
    html = plots.tagging_audit(extraction.articles, extraction.signals, extraction.audit).html
    assert html.count("<section") == 3
    for words in extraction.signals["evidence"].unique():
        assert f">{words}</mark>" in html
