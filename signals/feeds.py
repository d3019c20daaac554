"""Entries of RSS and Atom feeds: feedparser reads what a site sends, a plain xml reader the dumps of thousands of entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any
from xml.etree import ElementTree

from signals.dating.explicit import parse_explicit
from signals.pages import bare_text

#: feedparser takes about a millisecond for each entry; beyond so many, well-formed xml is read without it.
MANY = 100
#: So many entries of xml that is not well-formed are read, no more: only feedparser can, and it is slow.
MOST_BROKEN = 1000
#: An entry or two may be cut off at the end of a feed; a page of them is no feed.
MOST_LEFT_OPEN = 50
MOST_TAGS_LEFT_OPEN = 2000
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)\b(?![^<>]*/>)", re.I)
_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\b", re.I)
#: Tags that pages leave open are not counted.
_TAG = re.compile(
    r"<(?!(?:br|hr|img|p|li|td|tr|th|dt|dd|link|meta|input|source|wbr|col|option)\b)[a-z][^<>]{0,2000}(?<!/)>", re.I
)
_TAG_END = re.compile(r"</(?!(?:p|li|td|tr|th|dt|dd|option)\b)[a-z]", re.I)
#: An ampersand that should have been escaped; a text that is full of them costs feedparser much time, and they say nothing.
_AMPERSAND = re.compile(r"&(?!#?\w{1,12};)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
#: The prefix that a serialised tag gets: "<html:p>".
_PREFIX = re.compile(r"(</?)\w+:")
_ENTRIES = ("item", "entry")
_BODIES = ("encoded", "content", "description", "summary")
_DATES = ("published", "pubdate", "date", "issued", "updated", "modified")


def refusal(text: str) -> str:
    """Return why a feed is not read ("" if it is): entities, or entries that open and never close.

    The time of a parser grows with the square of the entries and tags left open, and with what entities unfold to.
    """
    if "<!ENTITY" in text or "<!entity" in text:
        return "xml that declares entities: refused"
    entries = len(_ENTRY.findall(text)) - len(_ENTRY_END.findall(text))
    tags = len(_TAG.findall(text)) - len(_TAG_END.findall(text))
    if entries > MOST_LEFT_OPEN or tags > MOST_TAGS_LEFT_OPEN:
        return "a feed whose entries are not closed: refused"
    return ""


def read_entries(text: str, data: bytes) -> Iterator[dict[str, Any]]:
    """Yield each entry of a feed as a record: id, title, text (longest of content and summary), url, published, lang.

    `text` is `data` decoded. `published` is an instant in UTC where the entry states one, else what it states. Of a feed
    of very many entries that is no well-formed xml the first `MOST_BROKEN` are read.
    """
    if "&" in text and "<![CDATA[" not in text and (bare := len(_AMPERSAND.findall(text))):
        text = _AMPERSAND.sub("&amp;" if 20 * bare < len(text) else " ", _DECLARATION.sub("", text))
        data = text.encode()
    if len(_ENTRY_END.findall(text)) <= MANY:
        yield from _lenient(data)
        return
    try:
        yield from list(_plain(text))
    except ElementTree.ParseError:
        ends = _ENTRY_END.finditer(text)
        last = [found.end() for _, found in zip(range(MOST_BROKEN), ends, strict=False)][-1]
        yield from _lenient(text[: text.find(">", last) + 1].encode())


def _lenient(data: bytes) -> Iterator[dict[str, Any]]:
    import feedparser

    feed = feedparser.parse(data, resolve_relative_uris=False, sanitize_html=False)
    for entry in feed.entries:
        stated = partial(dict.get, entry)
        bodies = [part.get("value", "") for part in entry.get("content", [])] + [entry.get("summary", "")]
        yield {
            "id": entry.get("id") or entry.get("link") or "",
            "title": " ".join(bare_text(entry.get("title", "")).split()),
            "text": bare_text(max(bodies, key=len)),
            "url": entry.get("link", ""),
            "published": _instant(stated("published_parsed") or stated("updated_parsed"))
            or stated("published")
            or stated("updated")
            or "",
            "lang": feed.feed.get("language", ""),
        }


def _instant(parsed: Any) -> str:
    return "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}Z".format(*parsed[:5]) if parsed else ""


def _plain(text: str) -> Iterator[dict[str, Any]]:
    """Read well-formed xml, one entry in memory at a time, up to an entry inside an entry, which no feed has."""
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    lang = ""
    depth: list[Any] = []
    body = _DECLARATION.sub("", text)
    for start in range(0, len(body), 1 << 16):
        parser.feed(body[start : start + (1 << 16)])
        for event, element in parser.read_events():
            name = _name(element)
            if event == "start":
                if name in _ENTRIES and any(_name(outer) in _ENTRIES for outer in depth[-3:]):
                    return
                depth.append(element)
                continue
            depth.pop()
            if name == "language" and not lang:
                lang = _words(element)
            if name in _ENTRIES:
                yield _record(element, lang)
                element.clear()
                if depth:
                    depth[-1].remove(element)
    parser.close()


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _words(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _record(entry: Any, lang: str) -> dict[str, Any]:
    parts: dict[str, str] = {}
    for child in entry:
        name = _name(child)
        if name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                parts.setdefault("link", child.get("href", ""))
        elif name in _BODIES and len(child):
            parts.setdefault(name, _PREFIX.sub(r"\1", ElementTree.tostring(child, "unicode")))
        else:
            parts.setdefault(name, _words(child))
    stated = next((parts[name] for name in _DATES if parts.get(name)), "")
    return {
        "id": parts.get("id") or parts.get("guid") or parts.get("link") or "",
        "title": " ".join(bare_text(parts.get("title", "")).split()),
        "text": bare_text(max((parts.get(name, "") for name in _BODIES), key=len)),
        "url": parts.get("link", ""),
        "published": _utc(stated),
        "lang": lang,
    }


def _utc(stated: str) -> str:
    """Return an instant with a zone in UTC, anything else as it stands."""
    from datetime import UTC, datetime

    found = parse_explicit(stated)
    if found is None or found.precision != "minute":
        return stated
    return datetime.fromisoformat(found.value).astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
