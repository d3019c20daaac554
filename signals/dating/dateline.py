"""The publication date in the first lines of a text: a dateline, a labelled date, a line that is a date alone."""

from __future__ import annotations

import re

from signals.article import Article
from signals.dating.explicit import MONTHS, in_words
from signals.dating.stamp import DateStamp

_LINES, _HEAD = 8, 1500
# A paragraph ends the head of an article: what stands below was not written to date it.
_PARAGRAPH = 160
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_FULL = (
    rf"(?:\d\d?(?:\.|st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d\d?(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d\d?[./]\d\d?[./]\d{4}|\d{4}-\d\d-\d\d)"
)
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|mo|di|mi|do|fr|sa|so)\b\.?,?"
)
_CLOCK = (
    r"(?:,?\s*(?:at|um|\||-|–)?\s*\d\d?[:.]\d\d(?:\s*(?:uhr|[ap]\.?m\.?|gmt|bst|utc|cet|cest|mez|mesz|et|est|edt))*)?"
)
_LABELLED = re.compile(
    rf"(?:first\s+)?(published|posted|updated|last\s+updated|date|issued|released|veröffentlicht|erschienen|erstellt|datum|stand|aktualisiert)"
    rf"(?:\s+(?:on|am|vom))?\s*:?\s*(?:{_WEEKDAY}\s*)?(?:am\s+|den\s+)?({_FULL})",
    re.I,
)
_ALONE = re.compile(
    rf"\s*(?:by\s+[^\d\n]{{3,60}}[,|–-]\s*|von\s+[^\d\n]{{3,60}}[,|–-]\s*)?(?:{_WEEKDAY}\s*)?(?:den\s+)?({_FULL}){_CLOCK}\s*",
    re.I,
)
_PLACE = r"[A-ZÄÖÜ][\w.'’/ -]{1,40}(?:,\s*[A-ZÄÖÜ][\w.'’ -]{1,30})?"
_DATELINE = re.compile(
    rf"\s*{_PLACE}(?:\s*\([^()\n]{{2,40}}\))?\s*[,–-]?\s*(?:(?i:{_WEEKDAY})\s*)?(?:den\s+)?((?i:{_FULL}))(?i:{_CLOCK})"
    r"\s*(?:\([^()\n]{2,40}\)|/[\w ./-]{2,40}/)?\s*(?:--|[–—:-]|\.\s)"
)
_TODAY = re.compile(
    rf"\b(?:today|heute)\b[\s,(]{{1,3}}(?:{_WEEKDAY}\s*)?(?:the\s+|dem\s+|den\s+|am\s+)?({_FULL})", re.I
)
#: Every date that counts here shows its year.
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_UPDATES = ("updated", "aktualisiert", "stand")


def date_by_dateline(article: Article) -> DateStamp | None:
    """Read the date in the head of the text, with its year; a month and day without a year date nothing."""
    for start, line in _head(article.text):
        if not _YEAR.search(line):
            continue
        label = _LABELLED.match(line.lstrip("*# \t"))
        if label:
            flags = ("updated",) if label[1].lower().split()[-1] in _UPDATES else ()
            return _stamp(article.text, start, line, label[2], flags)
        found = _ALONE.fullmatch(line) or _DATELINE.match(line) or _TODAY.search(line)
        if found:
            return _stamp(article.text, start, line, found[1])
    return None


def _head(text: str) -> list[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    position = 0
    for line in text[:_HEAD].split("\n"):
        if line.strip():
            lines.append((position, line))
            if len(line) > _PARAGRAPH or len(lines) == _LINES or line.rstrip().endswith((".", "!", "?", "”", '"')):
                break
        position += len(line) + 1
    return lines


def _stamp(text: str, start: int, line: str, words: str, flags: tuple[str, ...] = ()) -> DateStamp | None:
    found = in_words(words)
    if found is None:
        return None
    at = start + line.index(words)
    return DateStamp(
        found.value,
        found.precision,
        "dateline",
        text[at : at + len(words)],
        at,
        at + len(words),
        (*found.flags, *flags),
    )
