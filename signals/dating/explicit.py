"""Dates that stand in full somewhere: ISO, RFC 822, epoch seconds, "17. Dezember 2018", "June 16, 2022", 16/06/2022."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from signals.dating.values import bounds

FIRST, LAST = date(1980, 1, 1), date(2099, 12, 31)
# The number of a month by its name and short name, English and German.
MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
    "januar": 1, "jänner": 1, "februar": 2, "feber": 2, "märz": 3, "maerz": 3, "mrz": 3, "mai": 5, "juni": 6, "juli": 7,
    "oktober": 10, "okt": 10, "dezember": 12, "dez": 12,
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})(?:-(\d\d?)(?:-(\d\d?)(?:[T ]+(\d\d):?(\d\d)(?::?\d\d(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.I,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(?:\d\d)?(Z)?)?", re.I)
_NUMERIC = re.compile(r"(\d\d?)([./])(\d\d?)\2(\d{4})(?=$|[\s,T])")
_DAY_FIRST = re.compile(r"(?<!\d)(\d\d?)(?:\.|st|nd|rd|th)?\s*(?:of\s+)?([^\W\d_]{3,9})\.?,?\s+(\d{4})(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,9})\.?\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_MONTH_YEAR = re.compile(r"(?:^|\s)([^\W\d_]{3,9})\.?,?\s+(\d{4})(?!\d)")


@dataclass(frozen=True)
class Explicit:
    """A date as it stands somewhere: an ISO value at its precision, with notes on what was left out."""

    value: str
    precision: str
    flags: tuple[str, ...] = ()


def parse_explicit(text: str) -> Explicit | None:
    """Return the date that `text` states at the precision it shows; None if it states none between 1980 and 2099.

    A clock time without a zone names no instant: the date is kept, flag ``zone-unknown``. Exact midnight is how programs
    write a date alone: the date is kept, flag ``midnight``. A numeric date with slashes whose day and month could be swapped
    keeps the year only, flag ``day-month-unclear``.
    """
    text = text.strip()
    found = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is not None:
        return _from_parts(found.groups())
    if re.fullmatch(r"[1-3]\d{9}(?:\d{3})?(?:\.\d+)?", text):
        return _epoch(text)
    return _rfc(text) or in_words(text)


def in_words(text: str) -> Explicit | None:
    """Return the first full date, else month and year, that prose or a label states; None if there is none."""
    if found := _NUMERIC.search(text):
        return _numeric(int(found[1]), int(found[3]), found[4], slash=found[2] == "/")
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        for found in pattern.finditer(text):
            month = MONTHS.get(found[order[1]].lower())
            if month:
                return _checked(f"{found[order[0]]}-{month:02d}-{int(found[order[2]]):02d}", "day")
    for found in _MONTH_YEAR.finditer(text):
        if month := MONTHS.get(found[1].lower()):
            return _checked(f"{found[2]}-{month:02d}", "month")
    if found := re.search(r"(?<!\d)(\d{4})([-/.])(\d\d)\2(\d\d)(?!\d)", text):
        return _checked(f"{found[1]}-{found[3]}-{found[4]}", "day")
    return None


def _numeric(first: int, second: int, year: str, slash: bool) -> Explicit | None:
    if not slash or first > 12:
        return _checked(f"{year}-{second:02d}-{first:02d}", "day")
    if second > 12 or first == second:
        return _checked(f"{year}-{first:02d}-{second:02d}", "day")
    return _checked(year, "year", ("day-month-unclear",))


def _from_parts(parts: tuple[str | None, ...]) -> Explicit | None:
    year, month, day, hour, minute, zone = parts
    if month is None:
        return _checked(str(year), "year")
    if day is None:
        return _checked(f"{year}-{int(month):02d}", "month")
    value = f"{year}-{int(month):02d}-{int(day):02d}"
    if hour is None or minute is None:
        return _checked(value, "day")
    if zone is None:
        return _checked(value, "day", ("zone-unknown",) if (hour, minute) != ("00", "00") else ("midnight",))
    return _minute(f"{value}T{hour}:{minute}", zone)


def _minute(value: str, zone: str) -> Explicit | None:
    if value.endswith("T00:00"):
        return _checked(value[:10], "day", ("midnight",))
    if zone.upper() in ("Z", "UTC", "GMT"):
        offset = "Z"
    else:
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = f"{zone[0]}{digits[:2]}:{digits[2:]}"
    try:
        datetime.fromisoformat(value + offset)
    except ValueError:
        return None
    return _checked(value + offset, "minute")


def _epoch(text: str) -> Explicit | None:
    seconds = float(text) / (1000 if len(text.split(".")[0]) == 13 else 1)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return _minute(moment.strftime("%Y-%m-%dT%H:%M"), "Z")


def _rfc(text: str) -> Explicit | None:
    if not re.search(r"\d{4}.*\d\d:\d\d", text[:80]):
        return None
    try:
        moment = parsedate_to_datetime(text[:80])
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        return _checked(moment.date().isoformat(), "day", ("zone-unknown",))
    return _minute(moment.strftime("%Y-%m-%dT%H:%M"), moment.strftime("%z"))


def _checked(value: str, precision: str, flags: tuple[str, ...] = ()) -> Explicit | None:
    days = bounds(value)
    return Explicit(value, precision, flags) if days and days[0] >= FIRST and days[1] <= LAST else None
