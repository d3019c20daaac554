"""One reader per file format, each from bytes to articles: txt, md, html, json, json lines, csv, RSS and Atom."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from signals.article import Article, Unreadable
from signals.decoding import MAX_BYTES, Undecodable, decode

Item = Article | Unreadable
Reader = Callable[[str, bytes], Iterable[Item]]
_FIELDS = ("id", "title", "text", "url", "published", "lang", "sha256")
_NEITHER = "holds neither a text nor a title"


def sniff(data: bytes) -> str:
    """Return which format the bytes look like: jsonl, json, feed, html, csv or txt (a name of `READERS` without its dot)."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    lower = head[:2048].lower()
    if head[:1] == b"{":
        return "jsonl" if _is_object(data.split(b"\n", 1)[0]) else "json"
    if head[:1] == b"[":
        return "json" if head[1:].lstrip()[:1] in (b"{", b"") else "txt"
    if head[:1] == b"<":
        if re.search(rb"<(?:rss|feed|rdf:rdf)\b", lower):
            return "rss"
        return "html" if re.search(rb"<!doctype html|<(?:html|head|body|article|div|p|h1)\b", lower) else "txt"
    return "csv" if _looks_like_csv(head) else "txt"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _looks_like_csv(head: bytes) -> bool:
    names = re.split(rb"[,;\t]", head.split(b"\n", 1)[0].strip().lower())
    return len(names) > 1 and bool({b"text", b"title"} & {name.strip(b' "') for name in names})


def read_txt(source: str, data: bytes) -> Iterator[Item]:
    """Yield the file as one article, its text unchanged."""
    text = decode(data)
    yield Article(text=text, id=Path(source).stem, source=source, sha256=_sha(data))


def read_md(source: str, data: bytes) -> Iterator[Item]:
    """Yield a Markdown file as one article: front matter gives the fields, the first heading the title, marks are dropped."""
    fields, body = _front_matter(decode(data))
    heading = re.search(r"^#\s+(.+?)\s*#*\s*$", body, re.M)
    if heading and not fields.get("title"):
        fields["title"] = heading[1]
        body = body[: heading.start()] + body[heading.end() :]
    record: dict[str, Any] = {"id": Path(source).stem, **fields, "text": _without_marks(body), "sha256": _sha(data)}
    yield article_from(record, source)


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    found = re.match(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", text, re.S)
    if found is None:
        return {}, text
    pairs = re.findall(r"^([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", found[1], re.M)
    return {key.lower(): value.strip("\"'") for key, value in pairs}, text[found.end() :]


_MARKS = (
    (re.compile(r"^ {0,3}(?:```|~~~)[^\n]*$", re.M), ""),
    (re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)"), ""),
    (re.compile(r"\[([^\[\]\n]{1,500})\]\([^()\n]{0,2000}\)"), r"\1"),
    (re.compile(r"<(https?://[^>\s]{1,2000})>"), r"\1"),
    (re.compile(r"^ {0,3}(?:#{1,6}|>|[-*+](?=\s))[ \t]*", re.M), ""),
    (re.compile(r"(\*\*|__|\*|`)(?=\S)([^\n*`]{1,1000}?)(?<=\S)\1"), r"\2"),
)


def _without_marks(text: str) -> str:
    for pattern, kept in _MARKS:
        text = pattern.sub(kept, text)
    return text.strip()


def read_html(source: str, data: bytes) -> Iterator[Item]:
    """Yield the main text of a page; its markup is kept for the dates that it states."""
    from signals.pages import read_page

    page = read_page(decode(data, declared=True))
    if not (page.text or page.title):
        yield Unreadable(source, _NEITHER)
        return
    yield Article(
        text=page.text,
        title=page.title,
        id=Path(source).stem,
        url=page.url,
        lang=language_code(page.lang),
        source=source,
        sha256=_sha(data),
        markup=page.markup,
    )


def read_json(source: str, data: bytes) -> Iterator[Item]:
    """Yield the record, or each of a list of records (also under "articles"); json lines are accepted too."""
    text = decode(data)
    try:
        found = json.loads(text)
    except RecursionError:
        yield Unreadable(source, "json nested too deeply")
        return
    except ValueError as error:
        if "Extra data" in str(error):
            yield from read_lines(source, io.BytesIO(data))
        else:
            yield Unreadable(source, f"no json: {error}")
        return
    if isinstance(found, dict) and isinstance(found.get("articles"), list):
        found = found["articles"]
    if isinstance(found, dict):
        yield article_from({"id": Path(source).stem, "sha256": _sha(data), **found}, source)
        return
    for number, record in enumerate(found if isinstance(found, list) else [found], start=1):
        yield article_from(record, source, f"record {number}")


def read_lines(source: str, lines: Iterable[bytes]) -> Iterator[Item]:
    """Yield one article per line of json, as the lines come; a bad line is reported with its number."""
    number = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(decode(line))
        except Undecodable as error:
            yield Unreadable(source, f"line {number}: {error}")
        except RecursionError:
            yield Unreadable(source, f"line {number}: json nested too deeply")
        except ValueError as error:
            yield Unreadable(source, f"line {number}: no json: {error}")
        else:
            yield article_from(record, source, f"line {number}")
    if number == 0:
        yield Unreadable(source, "empty file")


def read_csv(source: str, data: bytes) -> Iterator[Item]:
    """Yield one article per row; the header names the fields, comma, semicolon or tab separates them."""
    text = decode(data).removeprefix("\ufeff")
    header = text.split("\n", 1)[0]
    separator = max(",;\t|", key=header.count)
    names = {name.strip(' "\r').lower() for name in header.split(separator)}
    if not names & {"text", "title", "html"}:
        yield Unreadable(source, "a table without a column 'text' or 'title'")
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns = [name.strip().lower() for name in _next_row(reader) or ()]
    number = 1
    try:
        while (row := _next_row(reader)) is not None:
            number += 1
            if any(row):
                yield article_from(dict(zip(columns, row, strict=False)), source, f"row {number - 1}")
    except csv.Error as error:
        yield Unreadable(source, f"row {number}: no csv: {error}")


def _next_row(reader: Iterator[list[str]]) -> list[str] | None:
    """Return the next row, None at the end; the limit on the length of a field is lifted while it is read, no longer."""
    before = csv.field_size_limit(MAX_BYTES)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(before)


def read_feed(source: str, data: bytes) -> Iterator[Item]:
    """Yield one article per entry of an RSS or Atom feed; a document that declares entities is refused."""
    from signals.feeds import read_entries, refusal

    text = decode(data, declared=True)
    if not re.search(r"<(?:rss|feed|rdf:RDF)\b", text[:10_000], re.I) and "<!ENTITY" not in text[:100_000]:
        if re.search(r"<(?:html|body|article)\b", text[:10_000], re.I):
            yield from read_html(source, data)
        else:
            yield Unreadable(source, "xml that is neither a feed nor a page")
        return
    if why := refusal(text):
        yield Unreadable(source, why)
        return
    entries = 0
    for entries, record in enumerate(read_entries(text, data), start=1):
        yield article_from(record, source, f"entry {entries}")
    if not entries:
        yield Unreadable(source, "a feed without entries")


def article_from(record: object, source: str, place: str = "") -> Item:
    """Return a record as an article: known fields as text, `date` as `published`, all others in `extra`."""
    where = f"{place}: " if place else ""
    if not isinstance(record, Mapping):
        return Unreadable(source, f"{where}no record but {type(record).__name__}")
    fields = {name: _as_text(record.get(name)) for name in _FIELDS}
    if not fields["published"]:
        fields["published"] = _as_text(record.get("date"))
    markup = ""
    if not fields["text"] and isinstance(record.get("html"), str):
        from signals.pages import read_page

        page = read_page(record["html"])
        markup, fields["text"] = page.markup, page.text
        fields["title"] = fields["title"] or page.title
    if not (fields["text"].strip() or fields["title"].strip()):
        return Unreadable(source, f"{where}{_NEITHER}")
    fields["lang"] = language_code(fields["lang"])
    extra = {key: value for key, value in record.items() if key not in (*_FIELDS, "date", "html")}
    return Article(**fields, source=source, markup=markup, extra=extra)


def language_code(given: str) -> str:
    """Return the two-letter code of a language tag ("de-DE", "en_GB"); "" if it is none."""
    code = re.split(r"[-_]", given.strip().lower())[0]
    return code if len(code) == 2 and code.isalpha() else ""


def _as_text(value: object) -> str:
    if value is None or isinstance(value, (Mapping, bool)):
        return ""
    if isinstance(value, list):
        return "\n".join(str(part) for part in value if isinstance(part, (str, int, float)))
    return "" if value != value else str(value)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


READERS: dict[str, Reader] = {
    ".txt": read_txt,
    ".text": read_txt,
    ".md": read_md,
    ".markdown": read_md,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
}
