"""Arithmetic on dates and TIMEX3 values: the days that a value covers, and the value that covers given days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}
FIRST_YEAR, LAST_YEAR = 1, 9998
_VALUE = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>\d\d)(?P<weekend>-WE)?|(?P<season>SP|SU|FA|WI)"
    r"|(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T.*)?)?))?"
)
_DECADE = re.compile(r"\d{2,3}")
# Parts of a span of days, in twelfths: what "early", "mid" and "late" allow, and what "beginning of" and "end of" allow.
_PARTS = {
    ("START", False): (0, 4),
    ("MID", False): (4, 8),
    ("END", False): (8, 12),
    ("START", True): (0, 2),
    ("MID", True): (4, 8),
    ("END", True): (11, 12),
}


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def months_later(year: int, month: int, months: int) -> tuple[int, int]:
    """Return the year and month that lie `months` after the given ones (before, if negative)."""
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1


def bounds(value: str) -> tuple[date, date] | None:
    """Return the first and last day that a TIMEX3 date value covers; None if it covers no known days.

    A week is the ISO week; "2018-WI" is the winter that begins in December 2018; "201" is a decade, "20" a century.
    """
    if _DECADE.fullmatch(value):
        unit = 10 ** (4 - len(value))
        first = max(int(value) * unit, FIRST_YEAR)
        return (
            (date(first, 1, 1), date(int(value) * unit + unit - 1, 12, 31)) if int(value) * unit < LAST_YEAR else None
        )
    found = _VALUE.fullmatch(value)
    if found is None:
        return None
    try:
        return _year_part(found)
    except (ValueError, OverflowError):
        return None


def _year_part(found: re.Match[str]) -> tuple[date, date]:
    year = int(found["year"])
    if found["day"]:
        day = date(year, int(found["month"]), int(found["day"]))
        return day, day
    if found["month"]:
        return date(year, int(found["month"]), 1), month_end(year, int(found["month"]))
    if found["week"]:
        monday = date.fromisocalendar(year, int(found["week"]), 1)
        return monday + timedelta(days=5 if found["weekend"] else 0), monday + timedelta(days=6)
    first, last = 1, 12
    if found["quarter"]:
        first, last = 3 * int(found["quarter"]) - 2, 3 * int(found["quarter"])
    elif found["half"]:
        first, last = 6 * int(found["half"]) - 5, 6 * int(found["half"])
    elif found["season"]:
        first, last = SEASONS[found["season"]]
    return date(year, first, 1), month_end(*months_later(year, 1, last - 1))


def narrow(low: date, high: date, mod: str, edge: bool) -> tuple[date, date]:
    """Return the part of [low, high] that START, MID or END leaves: `edge` for "end of", not for "late"."""
    part = _PARTS.get((mod, edge))
    if part is None or low == high:
        return low, high
    if low.day == 1 and (high + timedelta(days=1)).day == 1:
        months = (high.year - low.year) * 12 + high.month - low.month + 1
        if months % 12 == 0:
            step = months // 12
            first = months_later(low.year, low.month, part[0] * step)
            last = months_later(low.year, low.month, part[1] * step - 1)
            return date(*first, 1), month_end(*last)
    days = (high - low).days + 1
    first_day = low + timedelta(days=days * part[0] // 12)
    return first_day, max(first_day, low + timedelta(days=-(-days * part[1] // 12) - 1))


def covering(low: date, high: date) -> tuple[str, str]:
    """Return the shortest ISO value that holds all days of [low, high], with its precision; ("", "none") across years."""
    if low == high:
        return low.isoformat(), "day"
    if (low.year, low.month) == (high.year, high.month):
        return low.isoformat()[:7], "month"
    if low.year == high.year:
        return low.isoformat()[:4], "year"
    return "", "none"


def week_value(day: date, weekend: bool = False) -> str:
    """Return the ISO week that holds `day`, as a TIMEX3 value."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}" + ("-WE" if weekend else "")
