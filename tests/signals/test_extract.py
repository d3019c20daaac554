"""Extraction as a library, and what hostile input does to it."""

from __future__ import annotations

import time
import tracemalloc

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import signals
from signals.article import Article
from signals.dating import Anchor
from signals.extraction import read_all, read_one
from signals.extraction import settings as compiled
from signals.kinds import KINDS, Signal
from signals.readers import read_articles
from signals.text import guess_language, normalise, sentences

WARNING = "Zalando issues profit warning."


def test_what_can_be_given():
    expected = ["profit-warning"]
    for given_ in (
        {"text": WARNING},
        [{"text": WARNING, "note": 1}],
        Article(text=WARNING),
        (Article(text=WARNING),),
        ({"text": w} for w in [WARNING]),
    ):
        assert list(signals.extract(given_).signals["kind"]) == expected


def test_a_mapping_without_words_is_reported():
    found = signals.extract([{"id": "x"}, {"title": WARNING}])
    assert list(found.audit["result"]) == ["unreadable", "signals"]
    assert found.signals["field"].iloc[0] == "title"
    assert len(found.articles) == 1


def test_date_is_read_as_published_and_extra_fields_pass_through():
    found = signals.extract([{"text": WARNING, "date": "2018-12-17", "desk": "retail"}], anchors=None)
    assert found.signals["known_at"].iloc[0] == pd.Timestamp("2018-12-17 22:59:59.999999", tz="UTC")
    assert found.articles[0].extra["desk"] == "retail"


def test_a_minute_is_kept():
    found = signals.extract([{"text": WARNING, "published": "2018-12-17T07:00Z"}], anchors=None).signals.iloc[0]
    assert found["known_at"] == found["event_time"] == pd.Timestamp("2018-12-17 07:00", tz="UTC")
    assert (found["event_precision"], found["known_precision"]) == ("minute", "minute")


def test_anchors_of_ones_own():
    anchor = Anchor("mine", "ZAL.DE", "profit-warning", "2018-12-14", ("Zalando",), session_hint="pre-open")
    row = signals.extract([{"text": WARNING, "published": "2018-12-17"}], anchors=[anchor]).signals.iloc[0]
    assert (row["source_event"], row["session_hint"], row["event_source"]) == ("mine", "pre-open", "anchor")
    far = signals.extract([{"text": WARNING, "published": "2019-02-17"}], anchors=[anchor]).signals.iloc[0]
    assert far["event_source"] == "metadata"


def test_a_day_named_beside_the_evidence_dates_the_event():
    text = "Acme agreed a takeover by Beta, which was announced yesterday."
    row = signals.extract([{"text": text, "published": "2019-01-09"}], anchors=None).signals.iloc[0]
    assert (row["event_time"], row["event_source"]) == (pd.Timestamp("2019-01-08", tz="UTC"), "prose")


def test_a_kind_of_ones_own_is_one_function():
    def recall(text) -> list[Signal]:
        found = []
        for sentence in text.sentences:
            for mention in sentence.names.values():
                if "recalls" in sentence.words:
                    found.append(
                        Signal("recall", "announced", "issuer", mention, start=sentence.start, end=sentence.end)
                    )
        return found

    table = signals.extract(
        {"text": "Zalando issues profit warning and recalls shoes."}, kinds={**KINDS, "recall": recall}
    ).signals
    assert set(table["kind"]) == {"recall", "profit-warning"}
    assert set(signals.extract({"text": WARNING}, kinds=["takeover-bid"]).signals["kind"]) == set()
    assert set(signals.extract({"text": WARNING}, kinds="profit-warning").signals["kind"]) == {"profit-warning"}


def test_an_unknown_kind_is_a_named_error():
    with pytest.raises(signals.UnknownKindError, match="did you mean 'takeover-bid'"):
        signals.extract({"text": WARNING}, kinds=["takeover-bit"])


def test_related_links_and_page_furniture_say_nothing():
    text = (
        "Acme opened a shop.\n\nYou may also be interested in:\n\nZalando issues profit warning\n\n"
        "Asos agrees takeover by Amazon\n\n"
        "Read also: Boohoo issues profit warning\n\n© 2024 Zalando issues profit warning\n\n"
        "Mehr zum Thema\nZalando senkt Prognose\n"
    )
    assert signals.extract({"text": text}).signals.empty


def test_text_after_related_links_is_read_again():
    text = "Read also: Boohoo issues profit warning\n\nZalando issues profit warning. The shares fell."
    assert list(signals.extract({"text": text}).signals["ticker"]) == ["ZAL.DE"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Zalando senkt die Prognose für das Jahr", "de"),
        ("Zalando cuts its forecast for the year", "en"),
        ("", "en"),
        ("Übernahme geplatzt", "de"),
    ],
)
def test_the_language_is_guessed(text, lang):
    assert guess_language(text) == lang
    assert guess_language(text, "de-AT") == "de"


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("Zalando senkt Prognose", "profit-warning"),
        ("Zalando cuts forecast", "profit-warning"),
        ("Alibaba erwägt Zalando-Übernahme", "takeover-rumour"),
    ],
)
def test_a_headline_without_function_words_is_read_in_its_language(headline, kind):
    assert set(signals.extract({"text": headline}).signals["kind"]) == {kind}


def test_ten_thousand_articles_of_one_text_get_ids_of_their_own_in_no_time(tmp_path):
    place = tmp_path / "same.jsonl"
    place.write_text('{"text": "Rain."}\n' * 10_000, encoding="utf-8")
    ids = {article.id for article in read_articles(place)}
    assert len(ids) == 10_000


def test_sentences_know_abbreviations_wrapped_lines_and_headings():
    text = (
        "Acme Inc. rose. Mr. Smith left.\nHeading\n"
        "A line that is wrapped after more than fifty characters goes\non here. End | Tail"
    )
    found = [text[a:b] for a, b in sentences(text)]
    assert found == [
        "Acme Inc. rose.",
        "Mr. Smith left.",
        "Heading",
        "A line that is wrapped after more than fifty characters goes\non here.",
        "End",
        "Tail",
    ]


HOSTILE = {
    "one word": "takeover " * 60_000,
    "bids": "Acme considers bid for Beta " * 20_000,
    "quotes": '"' * 100_000 + " Zalando issues profit warning",
    "nul": "Zalando\x00 cuts\x00 profit forecast. " * 10_000,
    "bidi": "\u202eZalando senkt Prognose. " * 10_000,
    "surrogates": "Zalando \ud800 warns on profits. " * 10_000,
    "capitals": "ACME Beta Gamma " * 20_000,
    "commas": "Acme, " * 60_000,
    "lines": "Zalando\n" * 50_000,
    "endless": "a" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time_and_bounded_memory(name):
    text = HOSTILE[name]
    setup = compiled()
    read_one(Article(text=WARNING), setup)
    start = time.process_time()
    reading = read_one(Article(text=text), setup)
    seconds = time.process_time() - start
    assert seconds < 0.5 + 4 * len(text) / 1e6
    assert reading.audit["result"] in ("signals", "nothing")
    tracemalloc.start()
    read_one(Article(text=text), setup)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * len(text.encode("utf-8", "replace")) + 5_000_000


WORDS = st.sampled_from(
    [
        "Zalando",
        "Asos",
        "takeover",
        "bid",
        "for",
        "profit",
        "warning",
        "issues",
        "cuts",
        "forecast",
        ".",
        ",",
        "\n",
        "Acme",
        "denies",
        "rumours",
        "senkt",
        "Prognose",
        "Übernahme",
        "von",
        "\u200b",
        "’",
        "'s",
        "£3bn",
    ]
)


@settings(max_examples=60)
@given(words=st.lists(WORDS, max_size=60))
def test_extraction_is_deterministic_and_spans_are_valid(words):
    text = " ".join(words)
    first, second = (read_one(Article(text=text or "."), compiled()) for _ in range(2))
    assert first.rows == second.rows
    for row in first.rows:
        assert text[row["start"] : row["end"]] == row["evidence"]
        assert 0 <= row["confidence"] <= 1


@settings(max_examples=100)
@given(text=st.text(max_size=200))
def test_any_text_goes_through_and_offsets_lead_back(text):
    normal = normalise(text)
    assert len(normal.text) <= len(text)
    for at in range(len(normal.text)):
        assert 0 <= normal.original(at) < len(text)
    assert normal.span(0, 0) == (normal.original(0), normal.original(0))


def test_a_long_text_is_read_in_part_and_says_so():
    row = read_one(Article(text="Zalando cuts its forecast. " * 3000), compiled()).audit
    assert "only its first sentences were read" in row["note"]


def test_articles_stream_one_at_a_time():
    taken = []

    def source():
        for number in range(5):
            taken.append(number)
            yield {"text": f"{WARNING} {number}"}

    stream = read_all(source(), compiled())
    next(stream)
    assert taken == [0]


def test_background_only_is_said_in_the_audit():
    audit = signals.extract({"text": "Asos had warned on profit in October."}).audit.iloc[0]
    assert (audit["result"], audit["background"]) == ("background", 1)
    assert "only recalls what was known before" in audit["note"]


def test_a_description_stands_for_a_company_named_before_not_after():
    told = "Der Berliner Modehändler senkt seine Gewinnprognose."
    before = signals.extract({"text": f"Zalando enttäuscht die Anleger. {told}"}).signals
    after = signals.extract({"text": f"{told} Zalando ist ein Wettbewerber."}).signals
    titled = signals.extract({"title": "Zalando enttäuscht", "text": told}).signals
    assert list(before["ticker"]) == ["ZAL.DE"]
    assert list(after["ticker"]) == [""]
    assert list(titled["ticker"]) == ["ZAL.DE"]


def test_words_are_forgotten_in_time_and_nothing_changes(monkeypatch):
    from signals.kinds import alphabet

    text = "Zalando is said to be in takeover talks with Alibaba. " + " ".join(f"Word{i} came in" for i in range(300))
    first = signals.extract({"text": text}).signals
    monkeypatch.setattr(alphabet, "MEMORY", 20)
    for i in range(5):
        signals.extract({"text": " ".join(f"Other{i}x{k} up for sale" for k in range(60))})
    again = signals.extract({"text": text}).signals
    pd.testing.assert_frame_equal(first, again)
    assert len(alphabet.LEXICONS["en"].memo) <= 60


@pytest.mark.parametrize("anchors", [None, "none"])
def test_anchors_can_be_left_out_by_name(anchors):
    found = signals.extract({"text": "Asos issues profit warning.", "published": "2018-12-18"}, anchors=anchors).signals
    assert list(found["event_source"]) == ["metadata"]


def test_an_extraction_shows_itself_in_a_notebook_with_everything_escaped(tmp_path):
    (tmp_path / "a.txt").write_text(
        "ASOS is attracting takeover interest from private equity firms, people familiar said."
    )
    found = signals.extract(tmp_path)
    rows = found.signals.assign(evidence="<script>")
    shown = signals.Extraction(rows, found.audit, found.articles, found.watchlist)._repr_html_()
    assert shown.startswith("<p>Extraction: articles read: 1, signals: 1</p>")
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
