"""What English time expressions mean: one function per family, from the matched words to a TIMEX3 value."""

from __future__ import annotations

import re
from datetime import date

from signals.dating.explicit import MONTHS
from signals.dating.grammar import (
    FUTURE,
    PAST,
    Context,
    Found,
    copyrighted,
    dated,
    duration,
    from_there,
    full_year,
    month_value,
    nearer,
    next_part,
    part_value,
    shifted,
    weekday_value,
)
from signals.dating.values import bounds

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "last": 2,
    "latter": 2,
    "final": 4,
}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_EDGES = {"early": "START", "earlier": "START", "beginning": "START", "start": "START", "mid": "MID", "middle": "MID",
          "late": "END", "later": "END", "end": "END", "close": "END"}  # fmt: skip
_REACH = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "prior": -1,
    "preceding": -1,
    "this": 0,
    "current": 0,
    "same": 0,
    "present": 0,
    "next": 1,
    "coming": 1,
    "following": 1,
}


def _count(word: str) -> int | None:
    return int(word) if word.isdigit() else _NUMBERS.get(word.lower())


def _month(word: str) -> int:
    return MONTHS[word.rstrip(".").lower()]


def iso(found: re.Match[str], context: Context) -> Found | None:
    """Read "2018-12-17"."""
    value = dated(None, int(found[2]), int(found[3]), int(found[1]))
    return Found(value) if value else None


def iso_month(found: re.Match[str], context: Context) -> Found | None:
    """Read "2018-12"."""
    value = f"{found[1]}-{found[2]}"
    return Found(value) if bounds(value) else None


def slashed(found: re.Match[str], context: Context) -> Found | None:
    """Read "16/06/2022"; where day and month could be swapped the year alone is known."""
    first, second, year = int(found[1]), int(found[2]), full_year(found[3])
    if first > 12 or second > 12 or first == second:
        month, day = (second, first) if first > 12 else (first, second)
        value = dated(None, month, day, year)
        return Found(value) if value else None
    return Found(f"{year:04d}")


def dotted(found: re.Match[str], context: Context) -> Found | None:
    """Read "17.12.2018"."""
    value = dated(None, int(found[2]), int(found[1]), full_year(found[3]))
    return Found(value) if value else None


def month_day(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "April 11", "16 June 2022", "Tuesday, Nov. 7"."""
    groups = found.groupdict()
    year = int(groups["year"]) if groups.get("year") else None
    value = dated(context.ref, _month(groups["month"]), int(groups["day"]), year, 0)
    if year is None and context.ref and value:
        value = dated(context.ref, _month(groups["month"]), int(groups["day"]), None, context.tense_at(found))
        if re.search(r"\bended\s+$", context.text[max(found.start() - 10, 0) : found.start()]):
            return Found(dated(context.ref, _month(groups["month"]), int(groups["day"]), None, PAST) or "")
        value = nearer(value, dated(context.ref, _month(groups["month"]), int(groups["day"]), None, 0), context)
    return None if value is None else Found(value)


def month_year(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "December 2018", "early December 2018"."""
    return Found(f"{found['year']}-{_month(found['month']):02d}", mod=_mod(found))


def _mod(found: re.Match[str]) -> str:
    edge = found.groupdict().get("edge")
    return _EDGES.get(edge.lower(), "") if edge else ""


def bare_month(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "in April", "last May", "late September"."""
    words = found.groupdict()
    reach = (words.get("reach") or "").lower()
    tense = PAST if reach in ("last", "past") else FUTURE if reach in ("next", "coming") else context.tense_at(found)
    month = _month(words["month"])
    value = month_value(context.ref, month, tense if reach else 0)
    if (
        context.ref
        and reach == "last"
        and value in (shifted(context.ref, "month", 0), shifted(context.ref, "month", -1))
    ):
        value = f"{int(value[:4]) - 1:04d}-{month:02d}"
    elif context.ref and not reach and tense:
        by_tense = month_value(context.ref, month, tense)
        near = abs((date.fromisoformat(value + "-15") - context.ref).days) <= 75
        value = value if near else by_tense
    return Found(value, mod=_mod(found))


def month_of_year(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "June last year"."""
    year = "" if context.ref is None else context.ref.year + _REACH[found["reach"].lower()]
    return Found(f"{year:04d}-{_month(found['month']):02d}" if year else "", mod=_mod(found))


def year_rule(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "2018", "late 2018", "fiscal 2018"."""
    if copyrighted(found):
        return Found("", "NONE")
    return Found(found["year"], mod=_mod(found))


def decade(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the 1980s", "early '90s"."""
    digits = found["decade"]
    return Found((digits if len(digits) == 4 else "19" + digits)[:3], mod=_mod(found))


def century(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "19th century"."""
    return Found(f"{int(found['century']) - 1:02d}", mod=_mod(found))


def relative(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "last week", "next year", "early this month"."""
    if context.ref is None:
        return Found("", mod=_mod(found))
    unit = found["unit"].lower()
    reach = _REACH[found["reach"].lower()]
    value = shifted(context.ref, unit, reach)
    if unit == "year" and reach == -1 and _compares(found, context):
        value = _year_before(context)
    return Found(value, mod=_mod(found))


def _compares(found: re.Match[str], context: Context) -> bool:
    before = context.text[max(found.start() - 40, 0) : found.start()].lower()
    return bool(context.quarter) and bool(re.search(r"\b(?:period|quarter)s?\s*(?:of|in|a|,)?\s*$", before))


def _year_before(context: Context) -> str:
    return f"{int(context.quarter[:4]) - 1:04d}{context.quarter[4:]}"


def weekday(found: re.Match[str], context: Context) -> Found | None:
    """Resolve a weekday: "last Friday", "on Tuesday" by the tense."""
    if context.ref is None:
        return Found("")
    reach = (found.groupdict().get("reach") or "").lower()
    day = _DAYS.index(found["weekday"].lower())
    if found.groupdict().get("clock"):
        return Found(weekday_value(context.ref, day, PAST), "TIME")
    if reach in ("last", "past"):
        return Found(weekday_value(context.ref, day, PAST, same=False), mod=_mod(found))
    future = reach in ("next", "coming") or (reach == "this" and context.tense_at(found) != PAST)
    future = future or (not reach and context.tense_at(found) == FUTURE)
    return Found(weekday_value(context.ref, day, FUTURE if future else PAST, same=not future), mod=_mod(found))


def season(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "this summer", "last winter", "the spring of 2018"."""
    words = found.groupdict()
    season = _SEASONS[words["season"].lower()]
    if words.get("year"):
        return Found(f"{words['year']}-{season}", mod=_mod(found))
    if context.ref is None:
        return Found("", mod=_mod(found))
    reach = (words.get("reach") or "").lower()
    latest = part_value(context.ref, season)
    if reach == "last":
        return Found(f"{int(latest[:4]) - _overlaps(latest, context):04d}-{season}", mod=_mod(found))
    running = season == "WI" and _overlaps(latest, context)
    now = latest if running else f"{context.ref.year:04d}-{season}"
    if reach in ("this", "current", "past"):
        return Found(now, mod=_mod(found))
    if reach:
        return Found(next_part(context.ref, season), mod=_mod(found))
    future = context.tense_at(found) == FUTURE
    return Found(part_value(context.ref, season, FUTURE) if future else now, mod=_mod(found))


def _overlaps(value: str, context: Context) -> bool:
    days = bounds(value)
    return bool(days and context.ref and days[0] <= context.ref <= days[1])


def quarter(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the third quarter of 2018", "Q3", "next year's first half"; the last one named stays in mind."""
    words = found.groupdict()
    number = words.get("nth") or words["ordinal"].lower()
    index = int(number) if number.isdigit() else _ORDINALS[number]
    letter = "H" if (words.get("half") or words.get("letter", "") or "").lower().startswith("h") else "Q"
    if letter == "Q" and number == "last":
        index = 4
    part = f"{letter}{index}"
    if part in ("H3", "H4"):
        return None
    year = words.get("year") or words.get("before")
    if year:
        context.quarter = f"{full_year(year):04d}-{part}"
        return Found(context.quarter)
    reach = words.get("reach") or words.get("owner")
    if reach and context.ref:
        context.quarter = f"{context.ref.year + _REACH[reach.lower()]:04d}-{part}"
        return Found(context.quarter)
    context.quarter = value = part_value(context.ref, part, context.tense_at(found))
    return Found(value)


def that_quarter(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the quarter", "the latest period": the one last named."""
    if not context.quarter:
        return None
    return Found(context.quarter)


def year_ago(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "a year ago", "the year-ago quarter": a year before the quarter last named, else last year."""
    if context.quarter:
        return Found(_year_before(context))
    return Found("" if context.ref is None else f"{context.ref.year - 1:04d}")


def named_period(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the 1988 quarter"."""
    part = context.quarter[4:] if context.quarter and found["what"].lower() != "year" else ""
    return Found(found["year"] + part)


def ago(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "two weeks ago"; "a few years ago" is the past."""
    return _moved(found, context, -1, "PAST_REF")


def ahead(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "three months from now"."""
    return _moved(found, context, 1, "FUTURE_REF")


def _moved(found: re.Match[str], context: Context, sign: int, unclear: str) -> Found | None:
    count = _count(found["count"])
    unit = found["unit"].lower()
    if count is None:
        return Found(unclear)
    if context.ref is None:
        return Found("")
    if unit == "decade":
        return Found(shifted(context.ref, "year", sign * 10 * count))
    return Found(shifted(context.ref, unit, sign * count))


def span(found: re.Match[str], context: Context) -> Found | None:
    """Read how long something takes: a duration."""
    return duration(_count(found["count"]), found["unit"].lower())


def several(found: re.Match[str], context: Context) -> Found | None:
    """Read "recent weeks", "coming months"."""
    return Found({"recent": "PAST_REF", "past": "PAST_REF", "coming": "FUTURE_REF"}[found[1].lower()])


def day_word(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "yesterday", "today", "tomorrow"."""
    if context.ref is None:
        return Found("", mod=_mod(found))
    word = found["day"].lower()
    return Found(shifted(context.ref, "day", {"yesterday": -1, "today": 0, "tomorrow": 1}[word]), mod=_mod(found))


def clock_word(found: re.Match[str], context: Context) -> Found | None:
    """Read "this morning", "yesterday evening": a time of day."""
    return Found("" if context.ref is None else context.ref.isoformat(), "TIME")


def edge_of(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the end of last year", "the beginning of June", "the middle of 2018"."""
    mod = _EDGES[found["edge"].lower()]
    words = found.groupdict()
    if words.get("year"):
        value = words["year"]
    elif words.get("month"):
        value = month_value(context.ref, _month(words["month"]), context.tense_at(found))
    elif context.ref is None:
        value = ""
    else:
        reach = _REACH[(words.get("reach") or "this").lower()]
        value = shifted(context.ref, words["unit"].lower(), reach)
    return Found(value, mod=mod, edge=True)


def this_unit(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the year", "the current month": the one that holds the publication."""
    return Found("" if context.ref is None else shifted(context.ref, found["unit"].lower(), 0))


def weekend(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the weekend": the coming one after a verb in the future, else the last one."""
    if context.ref is None:
        return Found("")
    reach = (found.groupdict().get("reach") or "").lower()
    if reach in ("next", "this", "coming") or (not reach and context.tense_at(found) == FUTURE):
        return Found(shifted(context.ref, "weekend", 1 if reach == "next" else 0))
    return Found(shifted(context.ref, "weekend", 0 if context.ref.weekday() == 6 else -1))


def that_year(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "that year": the one last spoken of."""
    return Found(f"{context.year:04d}" if context.year else "PAST_REF")


def this_unit_edge(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "earlier in the year": an edge of the unit that holds the publication."""
    return Found("" if context.ref is None else shifted(context.ref, found["unit"].lower(), 0), mod=_mod(found))


def edge_unit(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "year-end": the end of the unit that holds the publication."""
    return Found("" if context.ref is None else shifted(context.ref, found["unit"].lower(), 0), mod="END", edge=True)


def ahead_if_future(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "in five years": a time ahead after a verb in the future, else how long something takes."""
    if context.tense_at(found) == FUTURE:
        return ahead(found, context)
    return span(found, context)


def next_day(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the next day", "the previous day" from the day last spoken of."""
    return from_there(found, context, _REACH[found["reach"].lower()], "day")


def from_then(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "two years later", "three days earlier" from the time last spoken of."""
    count = _count(found["count"])
    if count is None or not (context.day or context.year):
        return span(found, context)
    return from_there(
        found, context, count if found["way"].lower().startswith(("later", "after")) else -count, found["unit"].lower()
    )


def far_day(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "the day after tomorrow", "the day before yesterday"."""
    if context.ref is None:
        return Found("")
    return Found(shifted(context.ref, "day", 2 if found["far"].lower().startswith("after") else -2))


def fiscal(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "FY18", "FY2018"."""
    return Found(f"{full_year(found['short']):04d}")
