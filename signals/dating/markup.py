"""The publication date that a page's markup states: its own fields first, then htmldate in fast mode, never a copyright."""

from __future__ import annotations

import re
from functools import lru_cache

from signals.article import Article
from signals.dating.explicit import Explicit, parse_explicit
from signals.dating.stamp import DateStamp

_HEAD = 400_000
# A date that stands alone has at most a label, a weekday or a month in words beside it.
_WORDS_BESIDE = 3
_MANY = 50
_RELATED = re.compile(
    r"<\w+[^<>]{0,300}\b(?:class|id)\s*=\s*[\"'][^\"'<>]{0,200}(?:related|recommend|teaser|sidebar|comments|more-)",
    re.I,
)
_JSON_LD = re.compile(r"\"datePublished\"\s*:\s*\"([^\"]{4,40})\"")
_META = re.compile(r"<(?:meta|time|span|div)\b([^<>]{5,1000})>", re.I)
_PUBLISHED = re.compile(
    r"(?:property|name|itemprop|http-equiv)\s*=\s*[\"']?(?:(?:og:|article:)?published_time|datePublished|"
    r"(?:dc|dcterms)\.?(?:date\.)?(?:issued|created)|(?:article[._-])?(?:pub_?date|publish_?date|publication_?date)|"
    r"sailthru\.date|parsely-pub-date|last-published|date)[\"'\s/>]",
    re.I,
)
_CONTENT = re.compile(r"\b(?:content|datetime)\s*=\s*(\"[^\"]{4,60}\"|'[^']{4,60}')", re.I)
_COPYRIGHT = re.compile(r"(?:©|&copy;|ⓒ|\(c\)|copyright)[^<\n]{0,60}", re.I)


def date_by_markup(article: Article) -> DateStamp | None:
    """Read the date fields of the page's html; None for an article without markup."""
    if not article.markup:
        return None
    head = article.markup[:_HEAD]
    for evidence, text in _fields(head):
        found = parse_explicit(text)
        if found is not None:
            return DateStamp(found.value, found.precision, "markup", evidence, flags=found.flags)
    return _by_htmldate(head)


def _fields(html: str) -> list[tuple[str, str]]:
    found = [(match[0], match[1]) for match in _JSON_LD.finditer(html)][:1]
    for tag in _META.finditer(html):
        if _PUBLISHED.search(tag[1] + ">") and (content := _CONTENT.search(tag[1])):
            found.append((tag[0][:200], content[1][1:-1]))
    return found[:5]


def _by_htmldate(html: str) -> DateStamp | None:
    cleaned = _own_part(html)
    value = _find_date(cleaned)
    shown = _as_shown(cleaned, value) if value else None
    if value is None or shown is None or not _stands_alone(cleaned, value[:4]):
        return None
    return DateStamp(shown.value, shown.precision, "markup", f"htmldate: {value}", flags=shown.flags)


def _own_part(html: str) -> str:
    # What belongs to other stories or to the site would date this one wrongly: related items, sidebars, copyright lines.
    related = _RELATED.search(html)
    html = html[: related.start()] if related else html
    for name in ("nav", "aside", "footer", "script", "style"):
        if html.count(f"<{name}") <= _MANY:
            html = re.sub(rf"<{name}\b[^<>]{{0,1000}}>.*?(?:</{name}\s*>|\Z)", " ", html, flags=re.I | re.S)
    return _COPYRIGHT.sub(" ", html)


def _stands_alone(html: str, year: str) -> bool:
    # A date inside a sentence tells of something else: that of the page stands in an attribute, or nearly alone in its element.
    if re.search(rf"<(?:meta|time|abbr)\b[^<>]{{0,500}}{year}", html, re.I):
        return True
    nodes = (found[1] for found in re.finditer(rf">([^<>]{{0,60}}{year}[^<>]{{0,60}})<", html))
    return any(len(re.findall(r"[^\W\d_]{2,}", node)) <= _WORDS_BESIDE for node in nodes)


@lru_cache(maxsize=8)
def _find_date(html: str) -> str | None:
    from htmldate import find_date

    try:
        # A fixed upper bound: by default it is today, and the answer would depend on the day of the run.
        found = find_date(
            html, extensive_search=False, original_date=True, min_date="1990-01-01", max_date="2099-12-31"
        )
    except (ValueError, RecursionError, AssertionError):
        return None
    return str(found) if found else None


def _as_shown(html: str, value: str) -> Explicit | None:
    # The library completes a month or a year to its first day: the day counts only if the page shows one.
    if not value.endswith("-01"):
        return parse_explicit(value)
    year, month, _ = value.split("-")
    digits, word = int(month), r"[^\W\d_]{3,9}"
    days = (
        rf"{year}[-/.]?{month}[-/.]?01",
        rf"\b0?1\.\s?(?:0?{digits}\.|{word})\s?{year}",
        rf"{word}\.? 0?1(?:st)?,? {year}",
        rf"\b0?1(?:st)? {word} {year}",
        rf"\b0?1/0?{digits}/{year}|\b0?{digits}/0?1/{year}",
    )
    if any(re.search(day, html) for day in days):
        return parse_explicit(value)
    months = rf"{year}[-/.]{month}\b|\b{month}[-/.]{year}|{word}\.?,? {year}"
    return parse_explicit(f"{year}-{month}" if re.search(months, html) else year)
