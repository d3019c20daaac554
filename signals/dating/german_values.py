"""What German time expressions mean: one function per family, from the matched words to a TIMEX3 value."""

from __future__ import annotations

import re
from datetime import date, timedelta

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

DAYS = {
    "montag": 0,
    "dienstag": 1,
    "mittwoch": 2,
    "donnerstag": 3,
    "freitag": 4,
    "samstag": 5,
    "sonnabend": 5,
    "sonntag": 6,
}
SEASONS = {"frühling": "SP", "frühjahr": "SP", "sommer": "SU", "herbst": "FA", "winter": "WI"}
UNITS = {"tag": "day", "woche": "week", "wochenende": "weekend", "monat": "month", "quartal": "quarter", "halbjahr": "half",
         "jahr": "year", "jahrzehnt": "decade", "jahrhundert": "century", "geschäftsjahr": "year"}  # fmt: skip
_NUMBERS = {"ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
            "elf": 11, "zwölf": 12, "fünfzehn": 15, "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50}  # fmt: skip
_ORDINALS = {"erst": 1, "zweit": 2, "dritt": 3, "viert": 4}
_DECADES = {
    "zwanzig": 2,
    "dreißig": 3,
    "vierzig": 4,
    "fünfzig": 5,
    "sechzig": 6,
    "siebzig": 7,
    "achtzig": 8,
    "neunzig": 9,
}
_EDGES = {"anfang": "START", "beginn": "START", "mitte": "MID", "ende": "END", "früh": "START", "spät": "END"}
_PAST_STEMS, _FUTURE_STEMS = (
    ("letzt", "vergangen", "vorig", "verflossen", "abgelaufen"),
    ("nächst", "kommend", "folgend"),
)


def reach_of(word: str | None) -> int | None:
    """Return -1, 0 or 1 for "vergangenen", "diesem", "nächsten" in any ending; None for no such word."""
    if not word:
        return None
    lower = word.lower()
    if lower.startswith(_PAST_STEMS):
        return -1
    return 1 if lower.startswith(_FUTURE_STEMS) else 0


def _mod(found: re.Match[str]) -> str:
    edge = found.groupdict().get("edge")
    return next((mod for word, mod in _EDGES.items() if edge.lower().startswith(word)), "") if edge else ""


def _unit(word: str) -> str:
    lower = word.lower()
    for ending in ("", "s", "es", "e", "n", "en"):
        stem = lower.removesuffix(ending) if ending else lower
        if stem in UNITS:
            return UNITS[stem]
    return "year"


def _count(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    lower = word.lower()
    return 1 if re.fullmatch(r"ein\w{0,2}", lower) else _NUMBERS.get(lower)


def _month(word: str) -> int:
    return MONTHS[word.rstrip(".").lower()]


def day_month(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "17. Dezember 2018", "11.11.", "8. Mai dieses Jahres"."""
    words = found.groupdict()
    month = _month(words["month"]) if words.get("month") else int(words["number"])
    day = int(words["day"])
    if words.get("year"):
        value = dated(None, month, day, full_year(words["year"]))
    elif context.ref and words.get("reach"):
        value = dated(None, month, day, context.ref.year + (reach_of(words["reach"]) or 0))
    else:
        by_tense = dated(context.ref, month, day, None, context.tense_at(found))
        value = nearer(by_tense, dated(context.ref, month, day, None), context)
    return None if value is None else Found(value)


def month_year(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "Dezember 2018", "Juni des vergangenen Jahres", "Anfang Juni dieses Jahres"."""
    words = found.groupdict()
    if words.get("year"):
        return Found(
            f"{full_year(words['year']):04d}-{_month(words['month']):02d}",
            mod=_mod(found),
            edge=bool(words.get("edge")),
        )
    if context.ref is None:
        return Found("", mod=_mod(found))
    return Found(
        f"{context.ref.year + (reach_of(words['reach']) or 0):04d}-{_month(words['month']):02d}", mod=_mod(found)
    )


def bare_month(found: re.Match[str], context: Context) -> Found | None:
    """Resolve a month without a year, "Ende August" and "vergangenen Dezember" too."""
    month, reach = _month(found["month"]), reach_of(found.groupdict().get("reach"))
    near = month_value(context.ref, month)
    if context.ref is None or not near:
        return Found("", mod=_mod(found))
    if reach:
        value = month_value(context.ref, month, reach)
        if value == context.ref.isoformat()[:7]:
            value = f"{context.ref.year + reach:04d}-{month:02d}"
        return Found(value, mod=_mod(found))
    tense = context.tense_at(found)
    if tense and abs((date.fromisoformat(near + "-15") - context.ref).days) > 75:
        near = month_value(context.ref, month, tense)
    return Found(near, mod=_mod(found))


def year(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "Jahr 2001", "2001", "Ende 2018", "2018/19" (its first year)."""
    if copyrighted(found):
        return Found("", "NONE")
    return Found(f"{int(found['year']):04d}", mod=_mod(found), edge=bool(_mod(found)))


def relative(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "vergangene Woche", "nächsten Jahres", "Ende dieses Monats", "Anfang der Woche"."""
    words = found.groupdict()
    reach = reach_of(words.get("reach")) or 0
    if context.ref is None:
        return Found("", mod=_mod(found), edge=bool(_mod(found)))
    return Found(shifted(context.ref, _unit(words["unit"]), reach), mod=_mod(found), edge=bool(_mod(found)))


def compared(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "Vorjahr", "Vorwoche", "Vormonat", "Vorquartal", "Vorjahresquartal"."""
    if context.ref is None:
        return Found("")
    word = found[0].lower()
    if word.startswith("vorjahres") and context.quarter and word != "vorjahres":
        return Found(f"{int(context.quarter[:4]) - 1:04d}{context.quarter[4:]}")
    unit = next(name for name in ("jahr", "woche", "monat", "quartal", "tag") if name in word)
    return Found(shifted(context.ref, UNITS[unit], -1))


def weekday(found: re.Match[str], context: Context) -> Found | None:
    """Resolve a weekday: "vergangenen Sonntag", "diesen Donnerstag", "am Freitag" by the tense."""
    words = found.groupdict()
    if context.ref is None:
        return Found("")
    index = DAYS[words["weekday"].lower()]
    if words.get("clock"):
        return Found(weekday_value(context.ref, index, context.tense_at(found) or PAST), "TIME")
    reach = reach_of(words.get("reach"))
    if reach == -1:
        return Found(weekday_value(context.ref, index, PAST, same=False))
    # Without a verb of the past it is the present tense, which in German tells of days to come.
    future = reach == 1 or context.tense_at(found) != PAST
    return Found(weekday_value(context.ref, index, FUTURE if future else PAST, same=reach != 1))


def weekend(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "Wochenende": the coming one after a future verb, else the last one."""
    if context.ref is None:
        return Found("")
    reach = reach_of(found.groupdict().get("reach"))
    if reach == 1 or (reach is None and context.tense_at(found) == FUTURE) or reach == 0:
        return Found(shifted(context.ref, "weekend", 0))
    return Found(shifted(context.ref, "weekend", 0 if context.ref.weekday() == 6 else -1))


def season(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "Sommer 2005", "diesem Sommer", "vergangenen Herbst", "im Frühjahr"."""
    words = found.groupdict()
    name = next(value for word, value in SEASONS.items() if words["season"].lower().startswith(word))
    if words.get("year"):
        return Found(f"{full_year(words['year']):04d}-{name}", mod=_mod(found))
    if context.ref is None:
        return Found("", mod=_mod(found))
    reach = reach_of(words.get("reach"))
    if reach == 1:
        return Found(next_part(context.ref, name), mod=_mod(found))
    latest = part_value(context.ref, name)
    days = bounds(latest)
    running = bool(days and days[0] <= context.ref <= days[1])
    if reach == -1:
        return Found(f"{int(latest[:4]) - running:04d}-{name}", mod=_mod(found))
    if reach is None and context.tense_at(found) == FUTURE:
        return Found(part_value(context.ref, name, FUTURE), mod=_mod(found))
    return Found(latest if running else f"{context.ref.year:04d}-{name}", mod=_mod(found))


def quarter(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "drittes Quartal 2018", "zweiten Halbjahr", "Q3", "viertes Quartal des vergangenen Jahres"."""
    words = found.groupdict()
    number = words.get("nth") or next(
        str(i) for stem, i in _ORDINALS.items() if words["ordinal"].lower().startswith(stem)
    )
    part = ("H" if words.get("half") else "Q") + number
    if part in ("H3", "H4"):
        return None
    if words.get("year"):
        value = f"{full_year(words['year']):04d}-{part}"
    elif words.get("reach") and context.ref:
        value = f"{context.ref.year + (reach_of(words['reach']) or 0):04d}-{part}"
    else:
        value = part_value(context.ref, part, context.tense_at(found))
    if part.startswith("Q"):
        context.quarter = value
    return Found(value)


def ago(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "vor drei Jahren", "vor zehn Tagen": a duration, as the German corpora annotate it, with the day it points at."""
    return _moved(found, context, -1)


def ahead(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "in einem Jahr" after a verb in the future; else how long something takes."""
    if context.tense_at(found) == FUTURE:
        return _moved(found, context, 1)
    return span(found, context)


def _moved(found: re.Match[str], context: Context, sign: int) -> Found | None:
    length = span(found, context)
    count = _count(found["count"]) if found["count"] else None
    if count is None or context.ref is None:
        return length
    unit = _unit(found["unit"])
    day = (
        shifted(context.ref, "year", sign * 10 * count)
        if unit == "decade"
        else shifted(context.ref, unit, sign * count)
    )
    return Found(length.value, "DURATION", day=day)


def span(found: re.Match[str], context: Context) -> Found:
    """Read how long something takes: a duration."""
    unit = _unit(found["unit"])
    return duration(_count(found["count"]) if found["count"] else None, "year" if unit in ("half", "weekend") else unit)


def day_word(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "gestern", "vorgestern", "morgen", "übermorgen"."""
    if context.ref is None:
        return Found("")
    return Found(
        shifted(context.ref, "day", {"vorgestern": -2, "gestern": -1, "morgen": 1, "übermorgen": 2}[found[0].lower()])
    )


def today(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "heute": the day in a text that speaks of yesterday or of hours, else these times in general."""
    if not context.daily:
        return Found("PRESENT_REF")
    return Found("" if context.ref is None else context.ref.isoformat())


def clock_word(found: re.Match[str], context: Context) -> Found | None:
    """Read "gestern Abend", "heute früh": a time of day."""
    return Found("" if context.ref is None else context.ref.isoformat(), "TIME")


def decade(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "neunziger Jahre", "80er Jahre", "1990er-Jahre"."""
    words = found.groupdict()
    if words.get("name"):
        digit = _DECADES[words["name"].lower().removesuffix("er")]
        return Found(f"19{digit}", mod=_mod(found))
    digits = words["decade"]
    return Found((digits if len(digits) == 4 else "19" + digits)[:3], mod=_mod(found))


def century(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "19. Jahrhundert", "diesem Jahrhundert"."""
    words = found.groupdict()
    if words.get("century"):
        return Found(f"{int(words['century']) - 1:02d}", mod=_mod(found))
    return Found(
        "" if context.ref is None else shifted(context.ref, "century", reach_of(words["reach"]) or 0), mod=_mod(found)
    )


def next_day(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "am nächsten Tag", "tags darauf": the day after the one last spoken of."""
    day = context.day or context.ref
    return Found("" if day is None else (day + timedelta(days=1)).isoformat())


def that_year(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "im selben Jahr": the year last spoken of."""
    return Found(f"{context.year:04d}") if context.year else None


def adjective_day(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "am gestrigen Donnerstag", "am heutigen Samstag", "am morgigen Sonntag"."""
    if context.ref is None:
        return Found("")
    return Found(shifted(context.ref, "day", {"gestrig": -1, "heutig": 0, "morgig": 1}[found["which"].lower()]))


def from_then(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "zwei Jahre später", "ein Jahr zuvor", "Tag darauf" from the time last spoken of."""
    count = _count(found["count"]) if found.groupdict().get("count") else 1
    if count is None or not (context.day or context.year):
        return span(found, context) if found.groupdict().get("count") else None
    later = found["way"].lower() in ("später", "danach", "darauf")
    return from_there(found, context, count if later else -count, _unit(found["unit"]))


def weekday_of_week(found: re.Match[str], context: Context) -> Found | None:
    """Resolve "Freitag vergangener Woche": that weekday of the week before, of this or of the next."""
    if context.ref is None:
        return Found("")
    monday = context.ref - timedelta(days=context.ref.weekday()) + timedelta(days=7 * (reach_of(found["reach"]) or 0))
    return Found((monday + timedelta(days=DAYS[found["weekday"].lower()])).isoformat())
