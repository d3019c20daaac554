"""Feeds of any length: the plain reader of long ones says what feedparser says, and no feed takes more than linear time."""

from __future__ import annotations

import time

import pytest

from signals import feeds
from signals.formats import read_feed
from tests.signals.test_article_formats import ATOM, RSS

MIXED = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><language>de</language>
<item><title><![CDATA[Zalando & Co. <b>senken</b> Prognose]]></title><link>https://example.org/a</link><guid>urn:a</guid>
<description>kurz</description><content:encoded><![CDATA[<p>Der lange Text.</p><p>Zweiter Absatz.</p>]]></content:encoded>
<dc:date>2018-12-17T08:05:00+01:00</dc:date></item>
<item><title>Ohne Datum</title><link>https://example.org/b</link>
<description>&lt;p&gt;Text &amp;amp; mehr&lt;/p&gt;</description></item>
<item><title>Alt</title><link>https://example.org/c</link><pubDate>irgendwann</pubDate></item></channel></rss>"""
XHTML = """<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><title>One</title><id>urn:1</id>
<link rel="self" href="https://example.org/self"/><link rel="alternate" href="https://example.org/1"/>
<updated>2018-12-17T07:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>First.</p><p>Second.</p></div>
</content></entry></feed>"""


@pytest.mark.parametrize("feed", [RSS, ATOM, MIXED, XHTML], ids=["rss", "atom", "mixed", "xhtml"])
def test_the_plain_reader_says_what_feedparser_says(feed, monkeypatch):
    lenient = list(feeds.read_entries(feed, feed.encode()))
    monkeypatch.setattr(feeds, "MANY", 0)
    plain = list(feeds.read_entries(feed, feed.encode()))
    assert plain == lenient
    assert plain[0]["title"]
    assert plain[0]["url"].startswith("https://example.org/")


ITEM = "<item><title>AT&T warns</title><link>https://example.org/?a={}&b=1</link>{}</item>"


@pytest.mark.parametrize("many", [5, 100])
def test_bare_ampersands_are_read_as_such(many, monkeypatch):
    feed = f"<rss><channel>{''.join(ITEM.format(i, '') for i in range(30))}</channel></rss>"
    monkeypatch.setattr(feeds, "MANY", many)
    found = list(feeds.read_entries(feed, feed.encode()))
    assert [e["url"] for e in found] == [f"https://example.org/?a={i}&b=1" for i in range(30)]
    assert {e["title"] for e in found} == {"AT&T warns"}


def test_a_long_feed_that_is_no_xml_is_read_as_far_as_it_goes(monkeypatch):
    feed = f"<rss><channel>{''.join(ITEM.format(i, '<description>a < b</description>') for i in range(30))}</channel></rss>"
    monkeypatch.setattr(feeds, "MANY", 5)
    monkeypatch.setattr(feeds, "MOST_BROKEN", 12)
    assert len(list(feeds.read_entries(feed, feed.encode()))) == 12


def test_an_entry_inside_an_entry_ends_a_long_feed(monkeypatch):
    monkeypatch.setattr(feeds, "MANY", 0)
    nested = "<rss><channel><item><title>a</title></item><item><item><title>b</title></item></item></channel></rss>"
    assert [e["title"] for e in feeds.read_entries(nested, nested.encode())] == ["a"]


@pytest.mark.parametrize("mark", ["<!ENTITY", "<!entity"])
def test_entities_are_refused_wherever_they_stand(mark):
    late = f"<?xml version='1.0'?>{' ' * 200_000}<!DOCTYPE x [{mark} a 'b'>]><rss><item><title>&a;</title></item></rss>"
    assert feeds.refusal(late) == "xml that declares entities: refused"


@pytest.mark.parametrize(
    "feed",
    [
        "".join(f"<item><title>Zalando bid {i}</title><link>http://a.b/{i}</link></item>" for i in range(5000)),
        "<item>" * 40_000 + "</item>" * 40_000,
        "<item><title>" + "&" * 500_000 + "</title></item>",
        "<item><title><![CDATA[" + "<" * 500_000 + "]]></title></item>",
    ],
    ids=["tiny entries", "nested", "ampersands", "cdata"],
)
def test_hostile_feeds_take_linear_time(feed):
    data = f"<?xml version='1.0'?><rss><channel>{feed}</channel></rss>".encode()
    started = time.process_time()
    found = list(read_feed("f.rss", data))
    assert time.process_time() - started < 1 + 3e-6 * len(data)
    assert len(found) == (5000 if "bid 4999" in feed else 1)
