"""What the English and the German grammar share: rules, the context that resolves them, arithmetic on partial dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from signals.dating.values import bounds, month_end, months_later, week_value

PAST, FUTURE = -1, 1
_COPYRIGHT = re.compile(r"(?:[©ⓒ]|\(c\)|copyright)[^.;\n]{0,12}$", re.I)


@dataclass(frozen=True)
class Found:
    """What a rule makes of its words: a TIMEX3 value; `edge` for "end of" and "beginning of", not for "late" and "early".

    `day` is the date value that a duration points at ("vor drei Jahren").
    """

    value: str
    type: str = "DATE"
    mod: str = ""
    edge: bool = False
    day: str = ""


@dataclass
class Context:
    """What resolves an expression: the text, the day of publication (None if unknown), and what was spoken of before."""

    text: str
    ref: date | None
    tense: Callable[[str, int, int], int]
    quarter: str = ""
    year: int = 0
    day: date | None = None
    daily: bool = False

    def tense_at(self, found: re.Match[str]) -> int:
        """Return PAST, FUTURE or 0 from the verbs around the words."""
        return self.tense(self.text, found.start(), found.end())


Resolver = Callable[[re.Match[str], Context], Found | None]
#: A pattern, compiled when it is first tried (`compiled`), and what it means.
Rule = tuple[str, Resolver]
#: By the word that begins them, patterns in their order, and before them one that any of them matches.
Table = dict[str, tuple[str, tuple[Rule, ...]]]


def vague(value: str) -> Resolver:
    """Return a rule that always means PAST_REF, PRESENT_REF or FUTURE_REF."""
    return lambda found, context: Found(value)


def duration(count: int | None, unit: str) -> Found:
    """Return a duration: P5D, P2Y, PXW where the count is vague; decades as years."""
    letter = {"day": "D", "week": "W", "month": "M", "year": "Y", "decade": "Y", "quarter": "M", "century": "Y"}[unit]
    factor = {"decade": 10, "quarter": 3, "century": 100}.get(unit, 1)
    return Found(f"P{'X' if count is None else count * factor}{letter}", "DURATION")


def shifted(ref: date, unit: str, count: int) -> str:
    """Return the unit (day, week, month, quarter, year, decade, weekend) that lies `count` units after that of `ref`."""
    if unit == "day":
        return (ref + timedelta(days=count)).isoformat()
    if unit in ("week", "weekend"):
        return week_value(ref + timedelta(days=7 * count), unit == "weekend")
    if unit == "month":
        return "{:04d}-{:02d}".format(*months_later(ref.year, ref.month, count))
    if unit == "quarter":
        year, month = months_later(ref.year, ref.month, 3 * count)
        return f"{year:04d}-Q{(month + 2) // 3}"
    if unit == "half":
        year, month = months_later(ref.year, ref.month, 6 * count)
        return f"{year:04d}-H{(month + 5) // 6}"
    if unit == "decade":
        return f"{ref.year // 10 + count:03d}"
    if unit == "century":
        return f"{ref.year // 100 + count:02d}"
    return f"{ref.year + count:04d}"


def weekday_value(ref: date, weekday: int, direction: int, same: bool = True) -> str:
    """Return the nearest such weekday before (direction < 0) or after `ref`; `ref` itself counts if `same`."""
    days = (ref.weekday() - weekday) % 7 if direction < 0 else (weekday - ref.weekday()) % 7
    if days == 0 and not same:
        days = 7
    return (ref + timedelta(days=days if direction > 0 else -days)).isoformat()


def dated(ref: date | None, month: int, day: int, year: int | None, tense: int = 0) -> str | None:
    """Return the ISO day; without a year the one that tense and nearness to `ref` suggest. None if there is no such day."""
    if year is not None:
        return f"{year:04d}-{month:02d}-{day:02d}" if bounds(f"{year:04d}-{month:02d}-{day:02d}") else None
    if ref is None:
        return "" if 1 <= month <= 12 and 1 <= day <= 31 else None
    # A 29 February can lie four years off.
    reach = 4 if (month, day) == (2, 29) else 1
    known = (bounds(f"{y:04d}-{month:02d}-{day:02d}") for y in range(ref.year - reach, ref.year + reach + 1))
    spans = [span for span in known if span]
    return _chosen(ref, spans, tense)[0].isoformat() if spans else None


def month_value(ref: date | None, month: int, tense: int = 0) -> str:
    """Return the month without a year that tense and nearness to `ref` suggest."""
    if ref is None:
        return ""
    spans = [(date(y, month, 1), month_end(y, month)) for y in (ref.year - 1, ref.year, ref.year + 1)]
    return _chosen(ref, spans, tense)[0].isoformat()[:7]


def part_value(ref: date | None, part: str, tense: int = 0) -> str:
    """Return the quarter, half or season ("Q3", "H1", "SU") without a year: the latest that has begun, or the next one."""
    if ref is None:
        return ""
    spans = {y: bounds(f"{y:04d}-{part}") for y in (ref.year - 1, ref.year, ref.year + 1)}
    known = [(span, year) for year, span in spans.items() if span]
    ahead = [year for span, year in known if 0 < (span[0] - ref).days <= 183]
    if tense == FUTURE and ahead and not any(span[0] <= ref <= span[1] for span, _ in known):
        return f"{ahead[0]:04d}-{part}"
    return f"{[year for span, year in known if span[0] <= ref][-1]:04d}-{part}"


def next_part(ref: date, part: str) -> str:
    """Return the first quarter, half or season ("SU") that begins after `ref`."""
    days = bounds(f"{ref.year:04d}-{part}")
    return f"{ref.year + (days is not None and days[0] <= ref):04d}-{part}"


def _chosen(ref: date, spans: list[tuple[date, date]], tense: int) -> tuple[date, date]:
    def distance(span: tuple[date, date]) -> int:
        return max((span[0] - ref).days, (ref - span[1]).days, 0)

    if tense == PAST:
        return min((s for s in spans if s[0] <= ref), key=distance)
    if tense == FUTURE:
        return min((s for s in spans if s[1] >= ref), key=distance)
    return min(spans, key=distance)


def nearer(by_tense: str | None, by_distance: str | None, context: Context) -> str | None:
    """Return the day that the tense suggests, or the nearest one where that lies within four months of `context.ref`."""
    # A verb of the other tense stands near: within four months nearness is the better guide ("said a dividend, Dec. 15").
    if by_tense and by_distance and by_tense != by_distance and context.ref:
        gap = abs((context.ref - date.fromisoformat(by_distance)).days)
        return by_distance if gap <= 120 else by_tense
    return by_tense


def skip(found: re.Match[str], context: Context) -> Found | None:
    """Take words that look like a date but are none ("Black Friday") out of the way."""
    return Found("", "NONE")


def repeated(found: re.Match[str], context: Context) -> Found | None:
    """Read "every Monday", "jedes Jahr": a set of times, no date."""
    return Found("XXXX", "SET")


def from_there(found: re.Match[str], context: Context, count: int, unit: str) -> Found | None:
    """Return the time `count` units after the day or year last spoken of, after the publication if none was."""
    if unit in ("year", "decade") and context.year:
        value = context.year + count * (10 if unit == "decade" else 1)
        return Found(f"{value:04d}") if 0 < value < 9999 else None
    day = context.day or context.ref
    return Found("" if day is None else shifted(day, unit, count))


def that_day(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "that day", "an diesem Tag": the day last spoken of; without one it says nothing."""
    return Found(context.day.isoformat()) if context.day else None


def copyrighted(found: re.Match[str]) -> bool:
    """Return whether the year stands in a copyright line, where it dates nothing."""
    before = found.string[max(found.start() - 24, 0) : found.start()]
    return bool(_COPYRIGHT.search(before))


def full_year(digits: str) -> int:
    """Return a year of two or four digits: 00 to 49 are of this century."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def easter(year: int) -> date:
    """Return Easter Sunday (anonymous Gregorian computus, Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    return date(year, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)


# Days that a name stands for: (month, day), or days after Easter Sunday.
HOLIDAYS: dict[str, tuple[int, int] | int] = {
    "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "new year's eve": (12, 31),
    "new year's day": (1, 1), "valentine's day": (2, 14), "singles day": (11, 11), "singles' day": (11, 11),
    "easter": 0, "good friday": -2, "easter monday": 1,
    "weihnachten": (12, 25), "heiligabend": (12, 24), "silvester": (12, 31), "neujahr": (1, 1), "ostern": 0,
    "karfreitag": -2, "ostermontag": 1, "palmsonntag": -7, "ostersonntag": 0, "pfingsten": 49, "pfingstsonntag": 49,
    "pfingstmontag": 50, "aschermittwoch": -46, "rosenmontag": -48, "fronleichnam": 60, "christi himmelfahrt": 39,
    "dreikönig": (1, 6), "dreikönigstag": (1, 6), "stephanstag": (12, 26), "mariä empfängnis": (12, 8), "gründonnerstag": -3,
    "mariä himmelfahrt": (8, 15), "maria himmelfahrt": (8, 15), "allerheiligen": (11, 1),
}  # fmt: skip


def holiday(found: re.Match[str], context: Context) -> Found | None:
    """Resolve a named day to the nearest year that the tense allows."""
    day = HOLIDAYS[re.sub(r"\s+", " ", found[1].lower().replace("’", "'"))]
    if found["year"]:
        year = int(found["year"])
        return Found(
            f"{year:04d}-{day[0]:02d}-{day[1]:02d}"
            if isinstance(day, tuple)
            else (easter(year) + timedelta(days=day)).isoformat()
        )
    ref = context.ref
    if ref is None:
        return Found("")
    if isinstance(day, tuple):
        return Found(dated(ref, day[0], day[1], None, context.tense_at(found)) or "")
    days = [easter(y) + timedelta(days=day) for y in (ref.year - 1, ref.year, ref.year + 1)]
    return Found(_chosen(ref, [(d, d) for d in days], context.tense_at(found))[0].isoformat())


def table(rules: tuple[tuple[str, str, Resolver], ...]) -> Table:
    """Sort rules ``(words that begin it, pattern, resolver)`` into what to try at each word, in their order.

    "#" stands for any digits. Patterns ignore case and match from the word on. Each word also gets one guard, the
    alternation of its patterns: most words that could begin an expression do not, and one match tells.
    """
    found: dict[str, list[Rule]] = {}
    for words, pattern, resolver in rules:
        for word in words.split():
            found.setdefault(word, []).append((pattern, resolver))
    return {word: (_guard(pattern for pattern, _ in listed), tuple(listed)) for word, listed in found.items()}


def _guard(patterns: Iterable[str]) -> str:
    return "|".join(f"(?:{re.sub(r'[(][?]P<[a-z]+>', '(?:', pattern)})" for pattern in patterns)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of a table when it is first tried: a text needs few of them."""
    return re.compile(pattern, re.I)
