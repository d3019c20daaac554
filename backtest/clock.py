"""The event clock: the one place where instants (UTC) and sessions (naive dates) meet.

A session is a naive date of one exchange; an instant is a point in time in UTC. `day_zero` says in which session a
piece of news met the prices, `tradable_from` from which price on somebody who had read it could have traded. Both say
by which rule.

Opens and closes are kept as naive datetime64[us] that hold UTC: numpy knows no zones, and comparing like with like is
all that is done.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.errors import SchemaError, UnknownNameError
from backtest.kernels.search import places
from backtest.registry import lookup

if TYPE_CHECKING:
    from exchange_calendars import ExchangeCalendar

Instants = np.ndarray

#: What a date without a clock time and without a hint means to a study.
DATE_ONLY = ("same", "next")

DAY = np.timedelta64(1, "D")
TICK = np.timedelta64(1, "us")

_UNITS = {"day": "D", "month": "M", "year": "Y"}

#: Time zones of the exchanges whose calendars were built, which takes long: they need not be built again for it.
_ZONES: dict[str, Any] = {}

#: Rules of `day_zero`, in the order of their codes; the last three leave no session (NaT) and are reasons in `dropped`.
RULES = (
    "instant", "pre-open", "intraday", "after-close", "date-same", "date-next",
    "imprecise-date", "before-first-session", "after-last-session",
)  # fmt: skip
_CODE = {rule: code for code, rule in enumerate(RULES)}

#: Rules of `tradable_from`: at which price of the session, and what was known of the time.
TRADABLE_RULES = ("open", "close", "open-after-date", "before-first-session", "after-last-session", "no-instant")


@dataclass(frozen=True)
class Calendar:
    """Sessions of one exchange.

    mic : market identifier code, "" where the sessions come from a panel of prices alone.
    sessions : (T,) naive datetime64[us] at midnight, strictly ascending.
    opens, closes : (T,) datetime64[us], UTC without a zone; `opens < closes`.
    """

    mic: str
    sessions: np.ndarray
    opens: Instants
    closes: Instants

    def __len__(self) -> int:
        """Return the number of sessions."""
        return len(self.sessions)

    def index(self) -> pd.DatetimeIndex:
        """Return the sessions as an index (naive, datetime64[us])."""
        return pd.DatetimeIndex(self.sessions, name="session")

    def between(self, start: object = None, end: object = None) -> Calendar:
        """Return the calendar restricted to sessions from `start` to `end`, both inclusive and None where open."""
        first = 0 if start is None else int(np.searchsorted(self.sessions, _naive_us(start)))
        last = len(self) if end is None else int(np.searchsorted(self.sessions, _naive_us(end), side="right"))
        cut = slice(first, max(last, first))
        return Calendar(self.mic, self.sessions[cut], self.opens[cut], self.closes[cut])


# ------------------------------------------------------------------------------------------------------- calendars


def calendar(mic: str, start: object, end: object) -> Calendar:
    """Return the sessions of an exchange from `start` to `end`, both inclusive.

    Parameters
    ----------
    mic : market identifier code known to `exchange_calendars`, e.g. ``"XETR"``.
    start, end : dates; a time of day is dropped. They may lie in the future as far as the exchange's rules are known.

    Raises
    ------
    UnknownNameError
        No calendar of that name.
    """
    first, last = pd.Timestamp(start).normalize(), pd.Timestamp(end).normalize()  # type: ignore[arg-type]
    if last < first:
        return Calendar(mic, *(np.empty(0, "datetime64[us]") for _ in range(3)))
    return _years(mic, first.year, last.year).between(first, last)


def calendar_from_sessions(index: pd.DatetimeIndex, mic: str | None = None) -> Calendar:
    """Return the calendar of a panel of prices: its own dates are the sessions.

    With a `mic`, opens and closes are the exchange's; a date on which the exchange's calendar has no session borrows
    the clock times of the nearest session before it. Without one a session runs from midnight to midnight UTC, so
    that an instant belongs to its UTC date.

    Parameters
    ----------
    index : naive, unique, ascending dates.
    mic : market identifier code; None or "" where the exchange is not known.

    Raises
    ------
    SchemaError
        The dates carry a time zone, repeat, or do not ascend.
    UnknownNameError
        No calendar of that name.
    """
    if index.tz is not None:
        raise SchemaError(f"sessions must be naive dates, not {index.dtype}; use index.tz_localize(None)")
    sessions = index.to_numpy().astype("datetime64[D]").astype("datetime64[us]")
    if len(sessions) > 1 and not (np.diff(sessions) > np.timedelta64(0, "us")).all():
        raise SchemaError("sessions must be unique and ascending; sort the index and drop repeated dates")
    if not mic or not len(sessions):
        return Calendar(mic or "", sessions, sessions.copy(), sessions + DAY)
    known = calendar(mic, sessions[0] - 14 * DAY, sessions[-1])
    at = np.maximum(np.searchsorted(known.sessions, sessions, side="right") - 1, 0)
    shift = sessions - known.sessions[at]
    return Calendar(mic, sessions, known.opens[at] + shift, known.closes[at] + shift)


def known_mics() -> list[str]:
    """Return the market identifier codes for which sessions are known."""
    from exchange_calendars import get_calendar_names

    return [name for name in get_calendar_names(include_aliases=True) if len(name) == 4]


@lru_cache(maxsize=256)
def _years(mic: str, first: int, last: int) -> Calendar:
    raw = _exchange(mic, f"{first}-01-01", f"{last}-12-31")
    naive = [raw.sessions, *(pd.DatetimeIndex(v).tz_convert("UTC").tz_localize(None) for v in (raw.opens, raw.closes))]
    arrays = [np.array(v, dtype="datetime64[us]") for v in naive]
    for values in arrays:
        values.setflags(write=False)
    return Calendar(mic, *arrays)


def _exchange(mic: str, start: str, end: str) -> ExchangeCalendar:
    """Build the calendar; where the exchange's rules are known for a part of the range only, that part."""
    lookup(mic, dict.fromkeys(known_mics(), _exchange), "exchange")
    try:
        return _built(mic, start=start, end=end)
    except (ValueError, RuntimeError) as error:
        whole = _whole(mic, error)
        first, last = (pd.Timestamp(at) for at in (start, end))
        first, last = max(first, whole.bound_min() or first), min(last, whole.bound_max() or last)
        if first > last:
            raise UnknownNameError(f"exchange {mic!r}: no sessions are known from {start} to {end}") from None
        return _built(mic, start=first, end=last)


def _whole(mic: str, error: Exception) -> ExchangeCalendar:
    """Build the calendar over all dates that its rules cover; some rules do not work with the pandas at hand."""
    try:
        return _built(mic)
    except (ValueError, RuntimeError):
        reason = str(error).split("[")[0].strip()
        raise UnknownNameError(
            f"exchange {mic!r}: exchange_calendars cannot make its sessions ({reason}); leave the exchange empty "
            "(mic='' in the instruments), then the dates of the prices are the sessions"
        ) from None


def _built(mic: str, **span: object) -> ExchangeCalendar:
    """Ask exchange_calendars; its own use of pandas is not our caller's business, so its deprecations stay silent."""
    import exchange_calendars as xc

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = xc.get_calendar(mic, **span)
    _ZONES[mic] = built.tz
    return built


def zone(mic: str) -> Any:
    """Return the time zone of an exchange (tzinfo); UTC where `mic` is empty.

    Raises
    ------
    UnknownNameError
        No calendar of that name.
    """
    from datetime import UTC

    if mic and mic not in _ZONES:
        _exchange(mic, "2025-01-01", "2025-12-31")
    return _ZONES[mic] if mic else UTC


# ----------------------------------------------------------------------------------------------- instants


def end_of(date: object, precision: str, mic: str = "") -> pd.Timestamp:
    """Return the last microsecond of a date, month or year in an exchange's time zone, as an instant in UTC.

    Parameters
    ----------
    date : anything that `pandas.Timestamp` reads; only its calendar date counts, as it is written.
    precision : "day", "month" or "year"; "minute" returns the instant itself (UTC where `date` has no zone).
    mic : exchange whose midnight counts; "" is UTC.

    Raises
    ------
    SchemaError
        Another precision.
    """
    stamp = pd.Timestamp(date)  # type: ignore[arg-type]
    if precision == "minute":
        return (stamp.tz_localize("UTC") if stamp.tz is None else stamp.tz_convert("UTC")).as_unit("us")
    if precision not in _UNITS:
        raise SchemaError(f"precision {precision!r}: it must be one of minute, {', '.join(_UNITS)}")
    naive = np.array([stamp.tz_localize(None).to_datetime64()]).astype("datetime64[D]")
    return pd.Timestamp(_ends(naive, precision, mic)[0]).tz_localize("UTC").as_unit("us")


def _ends(dates: np.ndarray, precision: str, mic: str) -> Instants:
    """Return the last microsecond of each date's day, month or year in the exchange's zone, as UTC without a zone."""
    after = (dates.astype(f"datetime64[{_UNITS[precision]}]") + 1).astype("datetime64[us]")
    # A midnight that a change of the clocks repeats or skips is read as the later one: nobody may act too early.
    local = pd.DatetimeIndex(after).tz_localize(
        zone(mic), ambiguous=np.zeros(len(after), dtype=bool), nonexistent="shift_forward"
    )
    return local.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]") - TICK


def _utc(values: pd.Series, name: str) -> Instants:
    """Return instants as datetime64[us] in UTC; a naive column is an error, since nobody can know what it means."""
    if getattr(values.dtype, "tz", None) is None:
        raise SchemaError(f"{name} must be datetimes in UTC, got {values.dtype}; use normalise_events")
    index = pd.DatetimeIndex(values.array)
    return index.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")


def _naive_us(value: object) -> np.datetime64:
    stamp = pd.Timestamp(value)  # type: ignore[arg-type]
    return stamp.tz_localize(None).normalize().as_unit("us").to_datetime64()


def _equal(events: pd.DataFrame, name: str, value: str, default: str = "") -> np.ndarray:
    """Return where a text column has a value; `default` stands for a column or an entry that is missing."""
    if name not in events:
        return np.full(len(events), value == default)
    column = events[name]
    if column.dtype == "str":
        same = np.asarray(column.array == value, dtype=bool)
        return same | column.array.isna() if value == default else same
    same = column.eq(value).fillna(False).to_numpy(dtype=bool)
    return same | column.isna().to_numpy() if value == default else same


# ----------------------------------------------------------------------------------------------------------- day 0


def day_zero(events: pd.DataFrame, cal: Calendar, date_only: str = "same") -> pd.DataFrame:
    """Map events to the session in which the news met the prices.

    With a clock time: the first session whose close is strictly after `event_time`. With a date only the hint
    decides: ``pre-open`` and ``intraday`` mean that date if it is a session, else the next one; ``after-close`` the
    session after that date; without a hint `date_only` does. A month or a year is no day: NaT.

    Parameters
    ----------
    events : the events contract; `event_time` (UTC), `event_precision` (default "minute") and `session_hint` are read.
    cal : calendar of the exchange of all these events.
    date_only : "same" (that date if it is a session, else the next) or "next" (the session after that date).

    Returns
    -------
    DataFrame on the events' index: `session` (naive datetime64[us], NaT where there is none) and `rule` (str, one of
    `RULES`; where `session` is NaT the rule is the reason).

    Raises
    ------
    SchemaError
        `event_time` is not in UTC, or `date_only` is unknown.
    """
    session, rule, _ = placed_in(events, cal, date_only)
    names = pd.array(np.array(RULES, dtype=object)[rule], dtype="str")
    return pd.DataFrame({"session": session, "rule": names}, index=events.index)


def placed_in(
    events: pd.DataFrame, cal: Calendar, date_only: str = "same"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return `day_zero` as arrays (n,): session, code of the rule in `RULES`, and position among the sessions (T: none)."""
    if date_only not in DATE_ONLY:
        raise SchemaError(f"date_only {date_only!r}: it must be one of {', '.join(DATE_ONLY)}")
    instants = _utc(events["event_time"], "event_time")
    rule = _rules(events, date_only)
    dates = instants.astype("datetime64[D]").astype("datetime64[us]")
    position = np.empty(len(dates), dtype=np.int64)
    for codes, grid, wanted, side in (
        ((_CODE["instant"], _CODE["imprecise-date"]), cal.closes, instants, "right"),
        ((_CODE["pre-open"], _CODE["intraday"], _CODE["date-same"]), cal.sessions, dates, "left"),
        ((_CODE["after-close"], _CODE["date-next"]), cal.sessions, dates, "right"),
    ):
        mine = np.isin(rule, codes)
        position[mine] = places(grid, wanted[mine], right=side == "right")
    return _located(cal, position, dates, rule)


def _rules(events: pd.DataFrame, date_only: str) -> np.ndarray:
    minute = _equal(events, "event_precision", "minute", default="minute")
    day = _equal(events, "event_precision", "day")
    rule = np.full(len(events), _CODE["imprecise-date"], dtype=np.int8)
    rule[minute] = _CODE["instant"]
    rule[day] = _CODE[f"date-{date_only}"]
    if day.any():
        for name in ("pre-open", "intraday", "after-close"):
            rule[day & _equal(events, "session_hint", name)] = _CODE[name]
    return rule


def _located(
    cal: Calendar, position: np.ndarray, dates: Instants, rule: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rule = rule.copy()
    rule[(rule < _CODE["imprecise-date"]) & (position >= len(cal))] = _CODE["after-last-session"]
    if len(cal):
        rule[(rule != _CODE["imprecise-date"]) & (dates < cal.sessions[0])] = _CODE["before-first-session"]
    rule[np.isnat(dates)] = _CODE["imprecise-date"]
    found = rule < _CODE["imprecise-date"]
    session = np.full(len(dates), np.datetime64("NaT"), dtype="datetime64[us]")
    session[found] = cal.sessions[position[found]]
    return session, rule, position


# --------------------------------------------------------------------------------------------------------- trading


def tradable_from(events: pd.DataFrame, cal: Calendar) -> pd.DataFrame:
    """Map events to the first price at which a reader could trade: the first open or close strictly after `known_at`.

    With a date, month or year only, nothing before the end of that date (month, year) in the exchange's zone counts,
    so that the first price is an open of a later session. A `known_at` that is midnight UTC stands for the whole of
    its date (month, year).

    Parameters
    ----------
    events : the events contract; `known_at` (UTC) and `known_precision` (default "minute") are read.
    cal : calendar of the exchange of all these events.

    Returns
    -------
    DataFrame on the events' index: `session` (naive datetime64[us], NaT where there is none), `rule` (str, one of
    `TRADABLE_RULES`) and `price` ("open", "close", or "" where there is none).

    Raises
    ------
    SchemaError
        `known_at` is not in UTC.
    """
    known = _whole_periods(events, _utc(events["known_at"], "known_at"), cal.mic)
    minute = _equal(events, "known_precision", "minute", default="minute")
    at_open = np.searchsorted(cal.opens, known, side="right")
    at_close = np.searchsorted(cal.closes, known, side="right")
    by_close = (at_close < at_open) & minute
    position = np.where(by_close, at_close, at_open)
    code = np.where(by_close, 1, np.where(minute, 0, 2))
    code[position >= len(cal)] = 4
    if len(cal):
        code[known.astype("datetime64[D]") < cal.sessions[0].astype("datetime64[D]")] = 3
    code[np.isnat(known)] = 5
    found = code < 3
    session = np.full(len(events), np.datetime64("NaT"), dtype="datetime64[us]")
    session[found] = cal.sessions[position[found]]
    price = np.array(["open", "close", "open", "", "", ""], dtype=object)[code]
    rules = np.array(TRADABLE_RULES, dtype=object)[code]
    columns = {"session": session, "rule": pd.array(rules, dtype="str"), "price": pd.array(price, dtype="str")}
    return pd.DataFrame(columns, index=events.index)


def _whole_periods(events: pd.DataFrame, known: Instants, mic: str) -> Instants:
    """Move an instant of coarse precision to the end of its day, month or year; midnight UTC is a bare date."""
    out = known.copy()
    for precision in _UNITS:
        rows = _equal(events, "known_precision", precision) & ~np.isnat(known)
        if not rows.any():
            continue
        stamps = known[rows]
        local = pd.DatetimeIndex(stamps, tz="UTC").tz_convert(zone(mic)).tz_localize(None).to_numpy()
        bare = stamps == stamps.astype("datetime64[D]").astype("datetime64[us]")
        out[rows] = _ends(np.where(bare, stamps, local).astype("datetime64[D]"), precision, mic)
    return out
