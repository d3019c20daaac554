"""Web pages: main text, title, address; deeply nested or broken markup falls back to the bare words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

# Beyond this nesting and number of tags a tree would cost time and stack that no real page needs: the words alone are
# read then.
MAX_DEPTH = 200
MAX_TAGS = 20_000
#: A page shorter than this has no furniture to tell from its text.
SHORT = 300
_TAG = re.compile(
    r"<(/?)(div|span|section|article|main|blockquote|ul|ol|table|b|i|em|strong|font|a|q|center|small|sub|sup|u)\b",
    re.I,
)
_HIDDEN = ("head", "script", "style", "noscript", "template", "svg", "nav", "aside", "footer", "form")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_LINK_ITEM = re.compile(r"<(li|p|h[2-6]|td)\b[^<>]{0,500}>\s*<a\b[^<>]{0,2000}>[^<]{0,500}</a\s*>\s*</\1\s*>", re.I)
_BLOCK = re.compile(
    r"</?(?:p|div|br|h[1-6]|li|tr|td|th|dt|dd|section|article|blockquote|table|ul|ol|title|body)\b[^>]{0,2000}>", re.I
)
_ANY = re.compile(r"<[^<>]{0,5000}>")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_HEAD_LIMIT = 200_000
#: A tag with thousands of attributes would take the tree a multiple of its text.
_GIANT = re.compile(r"<[^<>]{20000}")


@dataclass(frozen=True)
class Page:
    """What a page says: `text` one paragraph a line, `markup` the raw html that the dating ladder looks into."""

    text: str
    title: str
    url: str
    lang: str
    markup: str


def read_page(html: str) -> Page:
    """Return the main text of `html` without related links, menus and footers, with title, canonical address, language."""
    head = html[:_HEAD_LIMIT]
    title = _attribute(head, r"property=[\"']og:title[\"']", "content") or _inside(head, "h1") or _inside(head, "title")
    url = _attribute(head, r"rel=[\"']canonical[\"']", "href") or _attribute(
        head, r"property=[\"']og:url[\"']", "content"
    )
    lang = re.search(r"<html\b[^>]{0,500}?\blang=[\"']?([\w-]+)", head, re.I)
    return Page(_text(html), title, url, lang[1] if lang else "", html)


def _text(html: str) -> str:
    if len(html) < SHORT or html.count("<") > MAX_TAGS or _GIANT.search(html) or _depth(html) > MAX_DEPTH:
        return bare_text(html)
    text = _main_text(html)
    # Of a short page the extractor glues all blocks, links too, into one line: then the blocks themselves are better.
    return text if "\n" in text else bare_text(html) or text


def _attribute(html: str, marker: str, name: str) -> str:
    for tag in re.finditer(r"<(?:meta|link)\b[^<>]{0,2000}>", html, re.I):
        if re.search(marker, tag[0], re.I):
            found = re.search(rf"\b{name}=(\"[^\"]*\"|'[^']*')", tag[0], re.I)
            return unescape(found[1][1:-1]).strip() if found else ""
    return ""


def _inside(html: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^<>]{{0,500}}>(.{{0,1000}}?)</{tag}\s*>", html, re.I | re.S)
    return " ".join(unescape(_ANY.sub(" ", found[1])).split()) if found else ""


def _depth(html: str) -> int:
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(depth, deepest)
        if deepest > MAX_DEPTH:
            break
    return deepest


def _main_text(html: str) -> str:
    from trafilatura import extract

    try:
        found = extract(html, include_comments=False, include_tables=True, fast=True, deduplicate=False)
    except Exception:  # whatever a page does to the extractor, its words are still read
        return ""
    return (found or "").strip()


def bare_text(html: str) -> str:
    """Return the words of `html`, one block a line, without scripts, menus, asides and footers; linear in its length."""
    text = html
    if "<" in html or "&" in html:
        text = unescape(_ANY.sub("", _BLOCK.sub("\n", _without_hidden(html))))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_hidden(html: str) -> str:
    lower = html.lower()
    for name in _HIDDEN:
        # Tags that are opened much more often than closed would each scan to the end of the page: left as they are.
        if f"</{name}" in lower and lower.count(f"<{name}") <= 2 * lower.count(f"</{name}") + 20:
            html = re.sub(rf"<{name}\b[^<>]{{0,2000}}>.*?</{name}\s*>", "\n", html, flags=re.I | re.S)
    return _LINK_ITEM.sub(
        "\n", _COMMENT.sub("\n", html) if lower.count("<!--") <= 2 * lower.count("-->") + 20 else html
    )
