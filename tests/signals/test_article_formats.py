"""One reader per format: fields, main text, and input made to break it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from signals.article import Article, Unreadable
from signals.formats import language_code, read_feed
from signals.pages import bare_text, read_page
from signals.readers import read_articles

PAGE = """<!doctype html><html lang="de-DE"><head><title>Kopf | Zeitung</title>
<meta property="og:title" content="Zalando &amp; die Prognose">
<link rel="canonical" href="https://example.org/2018/09/17/a">
<script>var x = "profit warning";</script></head>
<body><nav><ul><li><a href="/">Start</a></li></ul></nav><article><h1>Zalando und die Prognose</h1>
<p>Am Montagabend nahm der Konzern sein Ziel zurück.</p><p>Die Aktie fiel am Dienstag.</p>
<ul><li><a href="/b">Asos: Profit Warning</a></li></ul></article>
<aside>Mehr: Asos takeover</aside><footer>© 2024</footer></body></html>"""


def read(path: Path) -> list[Article | Unreadable]:
    return list(read_articles(path))


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def articles(path: Path) -> list[Article]:
    return [item for item in read(path) if isinstance(item, Article)]


def reasons(path: Path) -> list[str]:
    return [item.reason for item in read(path) if isinstance(item, Unreadable)]


def test_json_gives_all_fields_and_passes_the_rest_through(tmp_path: Path) -> None:
    record = {
        "id": 7,
        "title": "T",
        "text": "x",
        "url": "u",
        "date": "2018-12",
        "lang": "de-AT",
        "sha256": "s",
        "more": [1],
    }
    article = articles(write(tmp_path, "a.json", json.dumps(record)))[0]
    assert (article.id, article.title, article.text, article.url) == ("7", "T", "x", "u")
    assert (article.published, article.lang, article.sha256) == ("2018-12", "de", "s")
    assert dict(article.extra) == {"more": [1]}


def test_published_wins_over_date_and_nulls_are_empty(tmp_path: Path) -> None:
    record = {
        "text": ["one", "two"],
        "title": None,
        "published": "2018",
        "date": "2019",
        "url": float("nan"),
        "lang": {"a": 1},
    }
    article = articles(write(tmp_path, "a.json", json.dumps(record)))[0]
    assert (article.text, article.title, article.published, article.url, article.lang) == (
        "one\ntwo",
        "",
        "2018",
        "",
        "",
    )
    assert article.id == "a"


def test_json_may_be_a_list_or_hold_one(tmp_path: Path) -> None:
    rows = [{"text": "one"}, {"title": "two"}, {"other": 1}, 5]
    for name, content in (("a.json", rows), ("b.json", {"articles": rows})):
        path = write(tmp_path, name, json.dumps(content))
        assert [a.text or a.title for a in articles(path)] == ["one", "two"]
        assert reasons(path) == ["record 3: holds neither a text nor a title", "record 4: no record but int"]


def test_json_lines_under_the_name_of_json(tmp_path: Path) -> None:
    assert len(articles(write(tmp_path, "a.json", '{"text": "one"}\n{"text": "two"}\n'))) == 2


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", "{nope", "no json"),
        ("a.json", "5", "no record but int"),
        ("a.json", "[" * 100_000, "json nested too deeply"),
        ("a.jsonl", '{"text": 1', "line 1: no json"),
        ("a.jsonl", "[" * 100_000, "line 1: json nested too deeply"),
        ("a.jsonl", "[1]", "line 1: no record but list"),
        ("a.jsonl", "", "empty file"),
        ("a.csv", "asset,event_time\nZAL.DE,2018-12-17\n", "without a column 'text' or 'title'"),
        ("a.xml", "<root><a/></root>", "neither a feed nor a page"),
        (
            "a.rss",
            '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
            "declares entities",
        ),
        ("a.rss", '<rss version="2.0"><channel><title>t</title></channel></rss>', "without entries"),
        ("a.html", "<html><body><script>x</script></body></html>", "neither a text nor a title"),
    ],
)
def test_what_is_no_article_says_why(name: str, content: str, expected: str, tmp_path: Path) -> None:
    found = reasons(write(tmp_path, name, content))
    assert len(found) == 1
    assert expected in found[0]


def test_a_bad_line_is_numbered_and_the_others_go_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "one"}\n\nnope\n\xff\x81\x81\n{"text": "\\ud800 two"}\n')
    assert [a.text for a in articles(path)] == ["one", "\ufffd two"]
    assert [r.split(":")[0] for r in reasons(path)] == ["line 3", "line 4"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_its_three_forms(separator: str, tmp_path: Path) -> None:
    rows = [["ID", "Text", "Date", "extra"], ["1", '"one, and; more\nlines"', "2018-12-17", "e"], ["2", "", "", ""]]
    path = write(tmp_path, "a.csv", "\ufeff" + "\n".join(separator.join(row) for row in rows) + "\n")
    article = articles(path)[0]
    assert (article.id, article.text, article.published, article.extra["extra"]) == (
        "1",
        "one, and; more\nlines",
        "2018-12-17",
        "e",
    )
    assert reasons(path) == ["row 2: holds neither a text nor a title"]


def test_csv_takes_long_fields_and_leaves_the_limit_as_it_was(tmp_path: Path) -> None:
    import csv

    before = csv.field_size_limit()
    path = write(tmp_path, "a.csv", "id,text\n1," + "takeover " * 50_000 + "\n")
    assert len(articles(path)[0].text) == 450_000
    assert csv.field_size_limit() == before


def test_blank_rows_of_a_csv_are_no_articles(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text,title\n,\nAsos warns,\n,\n" + ",\n" * 50)
    assert [a.text for a in articles(path)] == ["Asos warns"]
    assert reasons(path) == []


def test_csv_that_cannot_be_parsed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signals.formats.MAX_BYTES", 10)
    assert "no csv" in reasons(write(tmp_path, "a.csv", "id,text\n1," + "x" * 100))[0]


def test_markdown_gives_front_matter_title_and_plain_words(tmp_path: Path) -> None:
    text = """---
date: 2018-12-17
url: "https://example.org/a"
Lang: en
---
# Asos warns

**Asos** cut its [forecast](https://example.org/f) on Monday. ![chart](c.png)

- sales *fell*
> a quote
"""
    article = articles(write(tmp_path, "a.md", text))[0]
    assert (article.title, article.published, article.url, article.lang) == (
        "Asos warns",
        "2018-12-17",
        "https://example.org/a",
        "en",
    )
    assert article.text == "Asos cut its forecast on Monday. \n\nsales fell\na quote"


def test_markdown_without_front_matter(tmp_path: Path) -> None:
    article = articles(write(tmp_path, "note.md", "Just words with 3 * 4 * 5."))[0]
    assert (article.id, article.title, article.text) == ("note", "", "Just words with 3 * 4 * 5.")


def test_html_gives_main_text_without_furniture(tmp_path: Path) -> None:
    article = articles(write(tmp_path, "a.html", PAGE))[0]
    assert article.title == "Zalando & die Prognose"
    assert article.url == "https://example.org/2018/09/17/a"
    assert article.lang == "de"
    assert "Am Montagabend nahm der Konzern sein Ziel zurück." in article.text.split("\n")
    for furniture in ("Asos", "Start", "2024", "profit warning"):
        assert furniture not in article.text
    assert article.markup == PAGE


def test_a_longer_page_goes_through_the_extractor(tmp_path: Path) -> None:
    paragraphs = "".join(
        f"<p>Sentence number {i} of a longer article about the fashion trade in Europe.</p>" for i in range(30)
    )
    related = "<div class='related'><a href='/x'>Asos bid</a></div>"
    page = f"<html><head><title>T</title></head><body>{related}<article>{paragraphs}</article></body></html>"
    article = articles(write(tmp_path, "a.html", page))[0]
    assert article.text.count("\n") >= 25
    assert "Asos" not in article.text


def test_html_in_a_record(tmp_path: Path) -> None:
    article = articles(write(tmp_path, "a.json", json.dumps({"html": PAGE, "id": "p"})))[0]
    assert article.title == "Zalando & die Prognose"
    assert "Montagabend" in article.text
    assert article.markup == PAGE
    assert "html" not in article.extra


def test_a_page_under_the_name_of_xml(tmp_path: Path) -> None:
    assert (
        "Montagabend"
        in articles(write(tmp_path, "a.xml", PAGE.replace("<!doctype html>", "<?xml version='1.0'?>")))[0].text
    )


def test_a_page_in_a_declared_charset(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(
        "<html><head><meta charset='iso-8859-1'></head><body><p>Übernahme</p><p>für Zalando</p></body></html>".encode(
            "latin-1"
        )
    )
    assert articles(path)[0].text == "Übernahme\nfür Zalando"


RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>News</title><language>en-gb</language>
<item><title>Asos &amp; the forecast</title><link>https://example.org/1</link><guid>g1</guid>
<description>&lt;p&gt;Asos cut its forecast.&lt;/p&gt;</description><pubDate>Mon, 17 Dec 2018 08:05:00 +0100</pubDate></item>
<item><title>Second</title><link>https://example.org/2</link><pubDate>some day</pubDate></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>N</title>
<entry><title>One</title><id>urn:1</id><link href="https://example.org/1"/><published>2018-12-17T07:00:00Z</published>
<summary>short</summary><content type="html">&lt;p&gt;The longer text.&lt;/p&gt;</content></entry></feed>"""


def test_rss_gives_entries_with_instants_in_utc(tmp_path: Path) -> None:
    first, second = articles(write(tmp_path, "a.rss", RSS))
    assert (first.id, first.title, first.text, first.url) == (
        "g1",
        "Asos & the forecast",
        "Asos cut its forecast.",
        "https://example.org/1",
    )
    assert (first.published, first.lang) == ("2018-12-17T07:05Z", "en")
    assert (second.id, second.published) == ("https://example.org/2", "some day")


@pytest.mark.parametrize("name", ["a.atom", "a.xml", "a"])
def test_atom_is_found_by_name_or_content(name: str, tmp_path: Path) -> None:
    entry = articles(write(tmp_path, name, ATOM))[0]
    assert (entry.id, entry.text, entry.published) == ("urn:1", "The longer text.", "2018-12-17T07:00Z")


@pytest.mark.parametrize(("given", "code"), [("de-DE", "de"), ("EN_gb", "en"), ("deu", ""), ("", ""), ("x1", "")])
def test_language_codes(given: str, code: str) -> None:
    assert language_code(given) == code


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "Zalando" + "</div>" * 100_000,
        "<p>" * 200_000 + "Zalando",
        "<script>" * 100_000,
        "<!--" * 300_000,
        "<" * 1_000_000,
        "<a " + "x" * 1_000_000,
        "<p " + 'a="b" ' * 200_000 + ">Zalando</p>",
        "<b><i>" * 50_000 + "Zalando",
        "<meta " * 100_000,
        "<ul><li>" * 5_000 + "Zalando",
        "<blockquote>" * 190 + "Zalando" + "</blockquote>" * 190,
    ],
    ids=["div", "p", "script", "comment", "lt", "attribute", "attributes", "inline", "meta", "list", "quotes"],
)
def test_hostile_html_takes_linear_time(html: str) -> None:
    started = time.process_time()
    page = read_page(html)
    assert time.process_time() - started < 2 + 2e-6 * len(html)
    assert len(page.text) <= len(html)


def test_bare_text_reads_blocks_as_lines() -> None:
    html = "<head><title>t</title></head><p>One &amp; <b>two</b>.<br>Three.</p>"
    html += "<nav>menu</nav><style>x</style><!-- no --><div>Four</div>"
    assert bare_text(html) == "One & two.\nThree.\nFour"


def test_a_page_that_breaks_the_extractor_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> str:
        raise RecursionError

    monkeypatch.setattr("trafilatura.extract", broken)
    assert read_page("<p>One.</p><p>Two.</p>").text == "One.\nTwo."


@pytest.mark.parametrize("html", ["<p>One.</p><p>Two.</p>", "<p " + 'a="b" ' * 5000 + ">One.</p><p>Two.</p>"])
def test_short_pages_and_giant_tags_need_no_tree(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signals.pages._main_text", lambda html: pytest.fail("the extractor was asked"))
    assert read_page(html).text.endswith("Two.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "[" * 100_000 + "]("),
        ("a.md", "*" * 200_000 + "a"),
        ("a.md", "**a " * 60_000),
        ("a.md", "`a" * 100_000),
        ("a.csv", "id,text\n1," + '"' * 100_000),
        ("a.jsonl", '{"text": "' + '\\"' * 100_000 + '"}'),
        ("a.txt", "takeover " * 200_000),
        ("a.txt", "Zalando takeover bid.\x00" * 20_000),
        ("a.txt", "\u202eZalando\u202c " * 50_000),
    ],
)
def test_hostile_files_take_linear_time(name: str, content: str, tmp_path: Path) -> None:
    path = write(tmp_path, name, content)
    started = time.process_time()
    assert len(read(path)) == 1
    assert time.process_time() - started < 2 + 2e-6 * len(content)


def test_a_feed_whose_entries_never_close_is_refused_in_no_time():
    item = "<item><title>Zalando senkt Prognose</title><pubDate>Mon, 17 Dec 2018 08:00:00 GMT</pubDate>"
    (refused,) = read_feed("f.xml", f"<rss><channel>{item * 60}".encode())
    assert isinstance(refused, Unreadable)
    assert refused.reason == "a feed whose entries are not closed: refused"
    (deep,) = read_feed("f.xml", f"<rss><channel><item>{'<a>' * 3000}".encode())
    assert isinstance(deep, Unreadable)
    cut = list(read_feed("f.xml", f"<rss><channel>{(item + '</item>') * 3}{item}".encode()))
    assert len(cut) == 4
