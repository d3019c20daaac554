"""Time expressions in English and German prose, resolved against the publication date.

The words of a text are looked up one by one in a table of the words that can begin an expression; only there are the
patterns of that word tried. That keeps the cost of a text near the cost of splitting it into words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import islice

from signals.dating import english, german
from signals.dating.grammar import Context, Found, Rule, Table, compiled
from signals.dating.language import detect_language
from signals.dating.stamp import DateMention, DateStamp
from signals.dating.tense import TENSES
from signals.dating.values import bounds, narrow

_WORD = re.compile(r"[^\W\d_]+|\d+")
_DAILY = re.compile(r"\b(?:gestern|vorgestern|yesterday|\d\d?(?:[.:]\d\d)? Uhr)\b")
# No article holds more: the bound keeps time and memory of made-up texts in their limits.
MAX_MENTIONS = 20_000
_TABLES: dict[str, Table] = {"en": english.TABLE, "de": german.TABLE}
_CLOCK = re.compile(r"(?:\d\s?[ap]\.?m\.?(?:\s+[A-Z]{2,4})?,?|\bnoon|\bmidnight|\bUhr(?:\s+am)?)\s+(?:on\s+)?$")
# Publication years outside these are no dates of articles, and shifting them could leave the calendar.
_YEARS = (1500, 2500)
_VAGUE = ("PAST_REF", "PRESENT_REF", "FUTURE_REF")


def find_dates(
    text: str, lang: str = "", published: str | DateStamp = "", start: int = 0, end: int | None = None
) -> list[DateMention]:
    """Return the time expressions of `text[start:end]` in order, none overlapping another; spans index `text`.

    At most `MAX_MENTIONS` are returned.

    `published` (a stamp, or an ISO value at any precision) resolves relative expressions; they are never resolved against
    today. Where it is a month or a year only, an expression gets a value if all its days agree on one, else only the bounds
    `low` and `high`. `lang` is "en" or "de"; "" detects it; in other languages dates in digits alone are found.
    """
    stop = len(text) if end is None else min(end, len(text))
    lang = lang or detect_language(text[start:stop])
    table = _TABLES.get(lang, english.NUMERIC)
    contexts = _contexts(text, published, lang, start, stop)
    return list(islice(_mentions(_lower(text[start:stop]), table, contexts, start, stop), MAX_MENTIONS))


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # A few letters change their length: spans must not.
    return "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)


def _mentions(lower: str, table: Table, contexts: list[Context], start: int, stop: int) -> Iterator[DateMention]:
    cursor = start
    numbers = table["#"]
    for word in _WORD.finditer(lower):
        token = word[0]
        rules = table.get(token)
        if rules is None:
            if token[0] > "9":
                continue
            rules = numbers
        guard, listed = rules
        at = start + word.start()
        if at < cursor or not compiled(guard).match(contexts[0].text, at, stop):
            continue
        mention = _first(listed, contexts, at, stop)
        if mention is not None:
            cursor = mention.end
            if mention.type != "NONE":
                yield mention


def _contexts(text: str, published: str | DateStamp, lang: str, start: int, stop: int) -> list[Context]:
    value = published.value if isinstance(published, DateStamp) else published
    days = bounds(value) if value else None
    if days is not None and not _YEARS[0] <= days[0].year <= days[1].year <= _YEARS[1]:
        days = None
    tense = TENSES.get(lang, TENSES["en"])
    daily = bool(_DAILY.search(text, start, stop))
    references: list[date | None] = [None] if days is None else [*sorted(set(days))]
    return [Context(text, ref, tense, daily=daily) for ref in references]


def _first(rules: tuple[Rule, ...], contexts: list[Context], at: int, stop: int) -> DateMention | None:
    for pattern, resolve in rules:
        match = compiled(pattern).match(contexts[0].text, at, stop)
        if match is None:
            continue
        results = [resolve(match, context) for context in contexts]
        if results[0] is not None:
            for context, result in zip(contexts, results, strict=True):
                _remember(context, result)
            return _mention(match, [result or results[0] for result in results], contexts)
    return None


def _mention(match: re.Match[str], results: list[Found], contexts: list[Context]) -> DateMention:
    first = results[0]
    text = contexts[0].text
    if (
        first.type == "DATE"
        and len(first.value) == 10
        and _CLOCK.search(text, max(match.start() - 20, 0), match.start())
    ):
        return DateMention(match.start(), match.end(), match[0], first.value, "TIME")
    value = first.value if all(result.value == first.value for result in results) else ""
    low = high = ""
    if first.type in ("DATE", "TIME") or first.day:
        spans = [_span(result, context.ref) for result, context in zip(results, contexts, strict=True)]
        known = [span for span in spans if span is not None]
        if len(known) == len(spans):
            low, high = min(k[0] for k in known).isoformat(), max(k[1] for k in known).isoformat()
    return DateMention(match.start(), match.end(), match[0], value, first.type, first.mod, low, high)


def _span(found: Found, ref: date | None) -> tuple[date, date] | None:
    if found.value == "PRESENT_REF":
        return (ref, ref) if ref else None
    days = None if found.value in _VAGUE else bounds(found.day or found.value)
    return narrow(*days, found.mod, found.edge) if days else None


def _remember(context: Context, found: Found | None) -> None:
    if found is None or found.type != "DATE" or not found.value:
        return
    if found.value[:4].isdigit():
        context.year = int(found.value[:4])
        if len(found.value) == 10 and found.value[5:].replace("-", "").isdigit():
            context.day = _day(found.value)


@lru_cache(maxsize=512)
def _day(value: str) -> date | None:
    days = bounds(value)
    return days[0] if days else None
