"""The ladder: each rung at the precision of its evidence, traps that must date nothing, anchors flagged."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.article import Article
from signals.dating import LADDER, UNDATED, Anchor, DateStamp, date_article, detect_language, match_anchor, read_anchors
from signals.readers import read_articles

ASOS = Anchor("ASC-20181217-PW", "ASC.L", "profit-warning", "2018-12-17", ("ASOS", "Asos"))
OLD = replace(ASOS, event_id="ASC-20140605-PW", date="2014-06-05")
DEAL = Anchor("BABA-20190108-ACQ", "BABA", "takeover-bid", "2019-01-08", ("Alibaba",), ("Data Artisans",))


def stamp(**fields: str) -> tuple[str, str, str]:
    found = date_article(Article(**{"text": "Some words.", **fields}))
    return found.value, found.precision, found.source


def test_metadata_at_the_precision_it_shows() -> None:
    assert stamp(published="2018-12") == ("2018-12", "month", "metadata")
    assert stamp(published="2018-12-17T07:00Z") == ("2018-12-17T07:00Z", "minute", "metadata")
    assert stamp(published="some day") == ("", "none", "none")


def test_the_prefix_before_a_stored_text() -> None:
    found = date_article(Article(text=" date 2018-12 In den letzten Jahren"))
    assert found == DateStamp("2018-12", "month", "metadata", " date 2018-12", 0, 13)
    assert stamp(text="date: 2018-12-17 Text") == ("2018-12-17", "day", "metadata")
    assert stamp(text=" date 2018 Text") == ("2018", "year", "metadata")
    assert stamp(text=" date 2018-12-17T07:05Z Text") == ("2018-12-17T07:05Z", "minute", "metadata")
    for text in ("date 2018-13 x", "date 20181 x", "The date 2018-12 x", "update 2018-12 x"):
        assert stamp(text=text) == ("", "none", "none")


def test_a_stated_precision_only_coarsens() -> None:
    def dated(value: str, precision: str) -> str:
        return date_article(Article(text="x", published=value, extra={"published_precision": precision})).value

    assert dated("2018-12-17", "month") == "2018-12"
    assert dated("2018-12-17", "year") == "2018"
    assert dated("2018-12-17T07:00Z", "day") == "2018-12-17"
    assert dated("2018-12", "day") == "2018-12"
    assert dated("2018-12-17", "century") == "2018-12-17"


def test_how_a_date_is_known_becomes_a_flag() -> None:
    article = Article(text="x", published="2019-01-09", extra={"published_source": "inferred: from the text"})
    assert date_article(article).flags == ("inferred",)
    assert date_article(replace(article, extra={"published_source": "the page"})).flags == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/2018/12/17/a", "2018-12-17"),
        ("/business/2014/jun/05/a", "2014-06-05"),
        ("/articles/292665/20230615/a.htm", "2023-06-15"),
        ("/news/2018-12-17-a", "2018-12-17"),
        ("/news/a-2018-12-17.html", "2018-12-17"),
        ("/article/a-idUSL5N0WE2UY20150312", "2015-03-12"),
        ("/item/20140623061546-7nnh1/", "2014-06-23"),
        ("/x/2015010717213", "2015-01-07"),
        ("/news/a-64N20241211114752.html", "2024-12-11"),
        ("/blog/2023/06/a/", "2023-06"),
        ("/nachrichten-2018-09/4479-a.htm", "2018-09"),
        ("/2018/9/7/a", "2018-09-07"),
    ],
)
def test_dates_in_addresses(path: str, value: str) -> None:
    found = date_article(Article(text="x", url="https://www.example.org" + path))
    assert (found.value, found.source) == (value, "url")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.org/a-profit-in-2014-15-1.1930504",
        "https://example.org/2000067335354/a",
        "https://example.org/a-20284985",
        "https://example.org/a/12345678",
        "https://example.org/?date=2018-12-17",
        "https://2018-12-17.example.org/",
        "https://example.org/2018/13/45/a",
        "https://example.org/2019-results",
        "https://example.org/arid-40957958",
        "https://example.org/20181299/a",
        "https://example.org/201812171234567890/a",
    ],
)
def test_addresses_that_hold_no_date(url: str) -> None:
    assert date_article(Article(text="x", url=url)) == UNDATED


def page(head: str, body: str = "<p>Words.</p>") -> Article:
    return Article(text="Words.", markup=f"<html><head>{head}</head><body>{body}</body></html>")


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ('<meta property="article:published_time" content="2018-09-17T23:25:00+02:00">', "2018-09-17T23:25+02:00"),
        ('<script type="application/ld+json">{"datePublished": "2018-09-17"}</script>', "2018-09-17"),
        ("<meta name='date' content='2018-09'>", "2018-09"),
        ('<meta itemprop="datePublished" content="17.09.2018">', "2018-09-17"),
        ('<meta name="DC.date.issued" content="2018-09-17">', "2018-09-17"),
        (
            '<meta property="article:published_time" content="soon"><meta name="pubdate" content="20180917">',
            "2018-09-17",
        ),
    ],
)
def test_markup_at_the_precision_it_shows(head: str, value: str) -> None:
    found = date_article(page(head))
    assert (found.value, found.source) == (value, "markup")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('<span class="post-date">2018-09-17</span><p>Words.</p>', "2018-09-17"),
        ("<time>17 Sep 2018</time><p>Words.</p>", "2018-09-17"),
        ("<p>Stand: 17.09.2018</p><p>Words.</p>", "2018-09-17"),
        ("<p>The company was founded on 2001-05-03 in Berlin.</p>", ""),
        ("<p>Words.</p><div class='related'><span class='date'>12.01.2020</span> Other story</div>", ""),
        ("<p>Words.</p><aside><time datetime='2020-01-12'>x</time></aside>", ""),
        ("<a href='/2020/01/12/other'>other</a><p>Words.</p>", ""),
        ("<p>Am 3. Mai 2001 gegründet</p>", ""),
    ],
)
def test_markup_through_htmldate(body: str, value: str) -> None:
    found = date_article(page("", body))
    assert (found.value, found.source) == (value, "markup" if value else "none")


@pytest.mark.parametrize("line", ["© 2024 Example", "Copyright 2024 Example Ltd", "&copy; 2023-2024", "ⓒ 2024 x"])
def test_a_copyright_year_dates_nothing(line: str) -> None:
    assert date_article(page("", f"<p>Words.</p><footer>{line}</footer>")) == UNDATED
    assert stamp(text=f"Words about a company.\n\n{line} All rights reserved.") == ("", "none", "none")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("2018-09-01", "2018-09-01"),
        ("1. September 2018", "2018-09-01"),
        ("September 2018", "2018-09"),
        ("2018", "2018"),
        ("09/2018", "2018-09"),
    ],
)
def test_a_completed_day_is_not_believed(shown: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signals.dating.markup._find_date", lambda html: "2018-09-01")
    assert date_article(page("", f"<p>{shown}</p>")).value == expected


def test_a_page_that_breaks_htmldate_is_undated(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> str:
        raise ValueError

    monkeypatch.setattr("htmldate.find_date", broken)
    assert date_article(page("", "<p>Broken on purpose.</p>")) == UNDATED


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("LONDON, Dec 17, 2018 (Reuters) - Asos cut its forecast.", "2018-12-17"),
        ("Berlin, 17. Dezember 2018 – Zalando teilt mit", "2018-12-17"),
        ("BERLIN (dpa) 17.12.2018 - Zalando teilt mit", "2018-12-17"),
        ("Asos warns\n\nPublished: 17 December 2018, 8:05 am\n\nThe retailer cut its forecast.", "2018-12-17"),
        ("Asos warnt\nVeröffentlicht am 17.12.2018\nDer Händler", "2018-12-17"),
        ("Asos warns\nMonday, December 17, 2018\nThe retailer", "2018-12-17"),
        ("Asos warns\nBy Jane Doe | 17 December 2018\nThe retailer", "2018-12-17"),
        ("Asos hat heute, Montag, den 17. Dezember 2018, gewarnt", "2018-12-17"),
        ("Asos warns\nUpdated 17 Dec 2018\n", "2018-12-17"),
    ],
)
def test_datelines(text: str, value: str) -> None:
    found = date_article(Article(text=text))
    assert (found.value, found.source) == (value, "dateline")
    assert text[found.start : found.end] == found.evidence


def test_an_update_is_flagged() -> None:
    assert date_article(Article(text="Asos\nAktualisiert: 17.12.2018\nText")).flags == ("updated",)


@pytest.mark.parametrize(
    "text",
    [
        "LONDON, Dec 17 (Reuters) - Asos cut its forecast.",
        "The chatbot was announced on April 11, the paper said.",
        "The founder vanished in late 2020.",
        "On 17 December 2018 Asos cut its forecast.",
        "A first sentence.\nPublished: 17 December 2018",
        "Published: 31 February 2018",
        "Berlin, 32. Dezember 2018 – Zalando",
    ],
)
def test_prose_that_dates_no_publication(text: str) -> None:
    assert date_article(Article(text=text)) == UNDATED


def test_machine_rungs_refine_and_contradict_one_another() -> None:
    refined = date_article(Article(text="x", published="2018-12", url="https://e.org/2018/12/17/a"))
    assert (refined.value, refined.source, refined.flags) == ("2018-12-17", "url", ("refined",))
    conflict = date_article(Article(text="x", published="2018-12", url="https://e.org/2018/11/30/a"))
    assert (conflict.value, conflict.flags) == ("2018-12", ("conflict:url",))
    same = date_article(Article(text="x", published="2018-12-17", url="https://e.org/2018/12/17/a"))
    assert (same.source, same.flags) == ("metadata", ())
    prose = date_article(Article(text="Berlin, 17. Dezember 2018 – Text", published="2018-12"))
    assert prose.value == "2018-12"


def test_a_rung_is_a_function_and_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LADDER, "mine", lambda article: DateStamp("2001", "year", "mine", "e"))
    assert date_article(Article(text="x")).value == "2001"


@given(st.text(max_size=200))
def test_words_after_the_article_change_nothing(more: str) -> None:
    article = Article(
        text="Asos warns\nPublished: 17 December 2018\nThe retailer cut its forecast for the year on Monday."
    )
    assert date_article(replace(article, text=article.text + "\n\n" + more)) == date_article(article)
    undated = Article(text="The retailer cut its forecast for the year on Monday.\n")
    assert date_article(replace(undated, text=undated.text + more)) == UNDATED


@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=80))
def test_any_article_has_a_stamp(text: str, published: str, url: str) -> None:
    found = date_article(Article(text=text, published=published, url=url), [ASOS, DEAL])
    assert found.dated == (found.days is not None)


# Anchors


def test_the_catalogue_dates_a_text_that_names_its_events() -> None:
    text = (
        "The share fell after the profit warning of Asos at the end of last year. "
        "The acquisition of Data Artisans, announced yesterday, brings Alibaba to Berlin."
    )
    found = date_article(Article(text=text), [ASOS, OLD, DEAL])
    assert (found.value, found.precision, found.source, found.flags) == ("2019-01-09", "day", "anchor", ("anchor",))
    assert "Data Artisans" in found.evidence
    assert date_article(Article(text=text), [ASOS]).value == "2019"
    assert date_article(Article(text=text)) == UNDATED


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Gestern hat Asos eine Gewinnwarnung ausgegeben.", "2018-12-18"),
        ("Asos issued a profit warning, it said today.", "2018-12-17"),
        ("Last week Asos put out a profit warning.", "2018-12"),
        ("Die Gewinnwarnung von Asos kam im vergangenen Monat.", "2019-01"),
        ("Asos gave a profit warning late last year.", "2019"),
        ("Die Gewinnwarnung von Asos Ende des vergangenen Jahres wirkt nach.", "2019"),
    ],
)
def test_relative_words_and_the_catalogue(sentence: str, value: str) -> None:
    assert date_article(Article(text=sentence), [ASOS]).value == value


@pytest.mark.parametrize(
    "sentence",
    [
        "Asos issued a profit warning.",
        "Asos was in the news yesterday.",
        "Boohoo issued a profit warning yesterday.",
        "Alibaba said yesterday that it bought a company.",
        "Yesterday and last week Asos issued a profit warning.",
    ],
)
def test_what_no_anchor_dates(sentence: str) -> None:
    assert date_article(Article(text=sentence), [ASOS, DEAL]) == UNDATED


def test_anchors_that_disagree_date_nothing() -> None:
    text = "Asos issued a profit warning yesterday. "
    assert date_article(Article(text=text), [ASOS, OLD]) == UNDATED
    assert (
        date_article(Article(text=text + "Alibaba announced the acquisition of Data Artisans yesterday."), [ASOS, DEAL])
        == UNDATED
    )


def test_a_single_anchor_is_matched_by_its_days() -> None:
    both = [ASOS, OLD]
    assert match_anchor(both, "ASC.L", "profit-warning", "2018-12-01", "2018-12-31") == ASOS
    assert match_anchor(both, "ASC.L", "profit-warning", "2014-01-01", "2018-12-31") is None
    assert match_anchor(both, "ZAL.DE", "profit-warning", "2018-12-01", "2018-12-31") is None


def test_anchors_are_read_from_an_events_csv(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["event_id", "asset", "company", "kind", "event_time", "event_precision", "session_hint", "counterparties"]
        )
        writer.writerow(
            [
                "a",
                "BABA",
                "Alibaba Group",
                "takeover-bid",
                "2019-01-08",
                "day",
                "",
                "Data Artisans (target, unlisted); X",
            ]
        )
        writer.writerow(["b", "ZAL.DE", "Zalando SE", "takeover-rumour", "2018-08", "month", "", ""])
        writer.writerow(["c", "NONE", "No Such plc", "profit-warning", "2018-12-17T07:00Z", "minute", "pre-open", ""])
    names = tmp_path / "instruments.csv"
    names.write_text("ticker,name,aliases\nBABA,Alibaba Group Holding,Alibaba|\n")
    first, second = read_anchors(path, names)
    assert first == Anchor(
        "a",
        "BABA",
        "takeover-bid",
        "2019-01-08",
        ("Alibaba Group Holding", "Alibaba"),
        ("Data Artisans", "X"),
        "2019-01-08",
    )
    assert (second.names, second.date, second.event_precision, second.session_hint) == (
        ("No Such plc",),
        "2018-12-17",
        "minute",
        "pre-open",
    )


# Languages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The retailer said that it expects the profit of the year to fall.", "en"),
        ("Der Händler erwartet für das Jahr einen geringeren Gewinn.", "de"),
        ("Asos warns on profit", "en"),
        ("Zalando senkt Prognose", "de"),
        ("Gewinnwarnung für Hella: Überraschung", "de"),
        (
            "Le groupe de mode a annoncé que la société sera rachetée par un concurrent dans les prochaines semaines.",
            "fr",
        ),
        ("", ""),
        ("123 456", ""),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert detect_language(text) == code


def test_languages_of_the_labelled_items(shared: Path) -> None:
    for name in ("articles_dev", "headlines_dev", "retellings_dev", "constructed_dev"):
        with (shared / "corpus" / f"{name}.jsonl").open(encoding="utf-8") as stream:
            rows = [json.loads(line) for line in stream]
        assert [row["id"] for row in rows if detect_language(row["text"]) != row["lang"]] == []


# The seeds and the labelled articles


def seeds(root: Path) -> dict[str, Article]:
    found = read_articles(root / "seeds" / "articles.jsonl")
    return {article.id[:3]: article for article in found if isinstance(article, Article)}


def test_the_seed_stories_are_dated_as_a_careful_reader_would(root: Path) -> None:
    stories = seeds(root)
    assert {name: date_article(story).value for name, story in stories.items()} == {
        "000": "2019-01-09",
        "001": "2018-12",
        "002": "2023-06-15",
    }
    bare = {name: replace(story, published="", url="") for name, story in stories.items()}
    assert {name: date_article(story).value for name, story in bare.items()} == {"000": "", "001": "2018-12", "002": ""}
    assert date_article(replace(stories["002"], published="")).source == "url"
    assert date_article(bare["000"], [ASOS, OLD, DEAL]).value == "2019-01-09"


def test_the_originals_are_dated_the_same(shared: Path) -> None:
    found = {a.id[:3]: a for a in read_articles(shared / "seeds") if isinstance(a, Article)}
    truth = json.loads((shared / "seeds" / "truth.json").read_text(encoding="utf-8"))
    urls = {name[:3]: entry["url"].split(" ")[0] for name, entry in truth.items()}
    assert {name: date_article(article).value for name, article in found.items()} == {
        "000": "",
        "001": "2018-12",
        "002": "",
    }
    with_url = {name: date_article(replace(article, url=urls[name])).value for name, article in found.items()}
    assert with_url == {"000": "", "001": "2018-12", "002": "2023-06-15"}
    anchors = read_anchors(shared / "events" / "catalogue.csv")
    assert date_article(found["000"], anchors) == replace(
        date_article(found["000"], anchors), value="2019-01-09", flags=("anchor",)
    )
    assert date_article(found["002"], anchors) == UNDATED


def test_no_labelled_article_gets_a_wrong_day(shared: Path) -> None:
    anchors = read_anchors(shared / "events" / "catalogue.csv")
    dated = 0
    with (shared / "corpus" / "articles_dev.jsonl").open(encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            found = date_article(Article(text=row["text"], url=row["url"]), anchors)
            known = row["date_if_known"] or ""
            dated += found.dated
            assert not found.dated or known.startswith(found.value) or found.value.startswith(known), (row["id"], found)
    assert dated >= 10
