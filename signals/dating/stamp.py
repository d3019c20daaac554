"""A date with its precision and evidence, and what it means as an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from signals.dating.values import bounds, covering

PRECISIONS = ("minute", "day", "month", "year", "none")
# Where a market code is not listed the zone is New York's: the latest of the markets covered, so never too early.
DEFAULT_ZONE = "America/New_York"
ZONES = {
    "XETR": "Europe/Berlin",
    "XFRA": "Europe/Berlin",
    "XLON": "Europe/London",
    "XDUB": "Europe/Dublin",
    "XNYS": "America/New_York",
    "XNAS": "America/New_York",
    "XPAR": "Europe/Paris",
    "XAMS": "Europe/Amsterdam",
    "XBRU": "Europe/Brussels",
    "XLIS": "Europe/Lisbon",
    "XMIL": "Europe/Rome",
    "XMAD": "Europe/Madrid",
    "XSWX": "Europe/Zurich",
    "XWBO": "Europe/Vienna",
    "XSTO": "Europe/Stockholm",
    "XCSE": "Europe/Copenhagen",
    "XHEL": "Europe/Helsinki",
    "XOSL": "Europe/Oslo",
    "XWAR": "Europe/Warsaw",
    "XTKS": "Asia/Tokyo",
    "XHKG": "Asia/Hong_Kong",
}


@dataclass(frozen=True)
class DateStamp:
    """A publication date at the precision that the evidence shows, never finer.

    `value` is an ISO string at that precision (``2019-01-09T07:10+01:00``, ``2019-01-09``, ``2018-12``, ``2018``, "" when
    undated); `source` the rung that answered ("none" when undated); `evidence` the words or field that show it; `start`,
    `end` their span in the text (-1 where it is not in the text); `flags` a tuple of notes such as ``anchor``,
    ``zone-unknown``, ``conflict:url``.
    """

    value: str = ""
    precision: str = "none"
    source: str = "none"
    evidence: str = ""
    start: int = -1
    end: int = -1
    flags: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether any date is known."""
        return self.precision != "none"

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and last day that the value covers (of a minute: its date in the zone it is written in)."""
        return bounds(self.value) if self.dated else None


UNDATED = DateStamp()


@dataclass(frozen=True)
class DateMention:
    """A time expression in a text: ``text[start:end] == evidence``.

    `value` is a TIMEX3 value (``2018-12-17``, ``2018-12``, ``2018``, ``2018-Q3``, ``2018-W51``, ``2018-SU``, ``201``,
    PAST_REF, PRESENT_REF, FUTURE_REF, ``P5D``), `type` DATE, TIME, DURATION or SET, `mod` START, MID, END, APPROX or "".
    `low` and `high` are the first and last day that it can mean, ISO, "" where unknown (no publication date, or a vague
    reference). `value` of a relative expression is "" where it cannot be resolved without a publication date.
    """

    start: int
    end: int
    evidence: str
    value: str
    type: str = "DATE"
    mod: str = ""
    low: str = ""
    high: str = ""

    @property
    def precision(self) -> str:
        """Day, month, year or none: that of `stamp()`."""
        return self.stamp().precision

    def stamp(self) -> DateStamp:
        """Return the mention as a date at the precision it allows: the shortest ISO value that holds all its days.

        "at the end of last year" is the December of that year, "late 2020" the year 2020, "last week" its month or its year.
        """
        if not self.low:
            return UNDATED
        value, precision = covering(date.fromisoformat(self.low), date.fromisoformat(self.high))
        if precision == "none":
            return UNDATED
        flags = (self.mod.lower(),) if self.mod else ()
        return DateStamp(value, precision, "prose", self.evidence, self.start, self.end, flags)


def event_time(stamp: DateStamp) -> datetime | None:
    """Return the instant (aware, UTC): the minute itself, or midnight UTC of the first day; None if undated."""
    if stamp.precision == "minute":
        return datetime.fromisoformat(stamp.value).astimezone(UTC)
    days = stamp.days
    return datetime.combine(days[0], time(), UTC) if days else None


def known_at(stamp: DateStamp, mic: str = "") -> datetime | None:
    """Return the conservative instant (aware, UTC) from which a reader can act; None if undated.

    The minute itself; of a date, a month or a year its last microsecond in the zone of exchange `mic` (New York's where
    the exchange is unknown: the latest of the markets covered).
    """
    if stamp.precision == "minute":
        return datetime.fromisoformat(stamp.value).astimezone(UTC)
    days = stamp.days
    if days is None:
        return None
    zone = ZoneInfo(ZONES.get(mic, DEFAULT_ZONE))
    midnight = datetime.combine(days[1] + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)
