"""Stamps, values and instants: arithmetic against dates counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.dating import UNDATED, DateMention, DateStamp, event_time, known_at
from signals.dating.explicit import parse_explicit
from signals.dating.grammar import easter, shifted
from signals.dating.stamp import PRECISIONS
from signals.dating.values import bounds, covering, narrow


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("2018-12-17", "2018-12-17", "2018-12-17"),
        ("2018-12-17T07:00Z", "2018-12-17", "2018-12-17"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2018", "2018-01-01", "2018-12-31"),
        ("2018-Q3", "2018-07-01", "2018-09-30"),
        ("2018-H1", "2018-01-01", "2018-06-30"),
        ("2018-W01", "2018-01-01", "2018-01-07"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2018-W51-WE", "2018-12-22", "2018-12-23"),
        ("2018-SU", "2018-06-01", "2018-08-31"),
        ("2018-WI", "2018-12-01", "2019-02-28"),
        ("199", "1990-01-01", "1999-12-31"),
        ("19", "1900-01-01", "1999-12-31"),
        ("00", "0001-01-01", "0099-12-31"),
    ],
)
def test_bounds_of_values(value: str, low: str, high: str) -> None:
    assert bounds(value) == (date.fromisoformat(low), date.fromisoformat(high))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "PAST_REF",
        "P5D",
        "2018-13",
        "2018-02-30",
        "2018-W60",
        "9999-WI",
        "0000",
        "2018-Q5",
        "999x",
        "9999-12-31T",
        "99",
    ],
)
def test_what_covers_no_days(value: str) -> None:
    known = {"9999-12-31T": (date(9999, 12, 31),) * 2, "99": (date(9900, 1, 1), date(9999, 12, 31))}
    assert bounds(value) == known.get(value)


@pytest.mark.parametrize(
    ("value", "mod", "edge", "low", "high"),
    [
        ("2018", "END", True, "2018-12-01", "2018-12-31"),
        ("2018", "END", False, "2018-09-01", "2018-12-31"),
        ("2018", "START", True, "2018-01-01", "2018-02-28"),
        ("2018", "START", False, "2018-01-01", "2018-04-30"),
        ("2018", "MID", False, "2018-05-01", "2018-08-31"),
        ("199", "END", True, "1999-03-01", "1999-12-31"),
        ("2018-12", "START", False, "2018-12-01", "2018-12-11"),
        ("2018-06", "MID", False, "2018-06-11", "2018-06-20"),
        ("2018-06", "END", True, "2018-06-28", "2018-06-30"),
        ("2018-06-05", "END", True, "2018-06-05", "2018-06-05"),
        ("2018", "", False, "2018-01-01", "2018-12-31"),
    ],
)
def test_edges_narrow_a_span(value: str, mod: str, edge: bool, low: str, high: str) -> None:
    days = bounds(value)
    assert days is not None
    if value == "199":
        found = narrow(*days, mod, edge)
        assert days[0] < found[0] <= found[1] == days[1]
    else:
        assert narrow(*days, mod, edge) == (date.fromisoformat(low), date.fromisoformat(high))


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 900),
    st.sampled_from(["START", "MID", "END"]),
    st.booleans(),
)
def test_a_part_lies_inside_its_whole(low: date, days: int, mod: str, edge: bool) -> None:
    high = date.fromordinal(low.toordinal() + days)
    first, last = narrow(low, high, mod, edge)
    assert low <= first <= last <= high


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_the_covering_value_covers(one: date, other: date) -> None:
    low, high = min(one, other), max(one, other)
    value, precision = covering(low, high)
    days = bounds(value)
    assert (days is None) == (precision == "none")
    if days:
        assert days[0] <= low
        assert high <= days[1]


@pytest.mark.parametrize(
    ("unit", "count", "value"),
    [
        ("day", -1, "2018-12-31"), ("week", 0, "2019-W01"), ("weekend", -1, "2018-W52-WE"), ("month", -1, "2018-12"),
        ("quarter", -1, "2018-Q4"), ("half", 1, "2019-H2"), ("year", 2, "2021"), ("decade", 0, "201"), ("century", -1, "19"),
    ],
)  # fmt: skip
def test_shifting_by_units(unit: str, count: int, value: str) -> None:
    assert shifted(date(2019, 1, 1), unit, count) == value


@pytest.mark.parametrize(
    ("year", "month", "day"), [(1995, 4, 16), (2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2019, 4, 21), (2038, 4, 25)]
)
def test_easter_sundays(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_instants_of_stamps() -> None:
    assert event_time(DateStamp("2018-12-17T08:05+01:00", "minute", "metadata")) == datetime(
        2018, 12, 17, 7, 5, tzinfo=UTC
    )
    assert event_time(DateStamp("2018-12", "month", "metadata")) == datetime(2018, 12, 1, tzinfo=UTC)
    assert event_time(DateStamp("2018-12-17", "day", "url")) == datetime(2018, 12, 17, tzinfo=UTC)
    assert event_time(UNDATED) is None
    assert known_at(UNDATED) is None


@pytest.mark.parametrize(
    ("value", "precision", "mic", "expected"),
    [
        ("2018-12-17T08:05+01:00", "minute", "XETR", datetime(2018, 12, 17, 7, 5, tzinfo=UTC)),
        ("2018-12-17", "day", "XETR", datetime(2018, 12, 17, 22, 59, 59, 999999, tzinfo=UTC)),
        ("2018-06-17", "day", "XETR", datetime(2018, 6, 17, 21, 59, 59, 999999, tzinfo=UTC)),
        ("2018-12-17", "day", "XLON", datetime(2018, 12, 17, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2018-12", "month", "XETR", datetime(2018, 12, 31, 22, 59, 59, 999999, tzinfo=UTC)),
        ("2018", "year", "XNYS", datetime(2019, 1, 1, 4, 59, 59, 999999, tzinfo=UTC)),
        ("2018-12-17", "day", "", datetime(2018, 12, 18, 4, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_a_reader_can_act_at_the_end_of_what_is_known(value: str, precision: str, mic: str, expected: datetime) -> None:
    assert known_at(DateStamp(value, precision, "metadata"), mic) == expected


@given(
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    st.sampled_from(["day", "month", "year"]),
    st.sampled_from(["XETR", "XLON", "XNYS", ""]),
)
def test_nobody_acts_before_the_event(day: date, precision: str, mic: str) -> None:
    stamp = DateStamp(day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]], precision, "url")
    first, last = event_time(stamp), known_at(stamp, mic)
    assert first is not None
    assert last is not None
    assert first < last


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2018", "2018", "year"),
        ("2018-12", "2018-12", "month"),
        ("2018-12-17", "2018-12-17", "day"),
        ("2018-12-17T07:00Z", "2018-12-17T07:00Z", "minute"),
        ("2018-12-17 07:00:30.5 +0100", "2018-12-17T07:00+01:00", "minute"),
        ("2018-12-17T07:00:00+01", "2018-12-17T07:00+01:00", "minute"),
        ("2018-12-17T07:00", "2018-12-17", "day"),
        ("2018-12-17T00:00:00Z", "2018-12-17", "day"),
        ("2018-12-17T00:00", "2018-12-17", "day"),
        ("20181217", "2018-12-17", "day"),
        ("20181217T070500Z", "2018-12-17T07:05Z", "minute"),
        ("1545030000", "2018-12-17T07:00Z", "minute"),
        ("1545030000000", "2018-12-17T07:00Z", "minute"),
        ("Mon, 17 Dec 2018 07:05:00 GMT", "2018-12-17T07:05+00:00", "minute"),
        ("Mon, 17 Dec 2018 07:05:00 -0000", "2018-12-17", "day"),
        ("17. Dezember 2018", "2018-12-17", "day"),
        ("17.12.2018", "2018-12-17", "day"),
        ("December 17th, 2018", "2018-12-17", "day"),
        ("17 Dec 2018, 7.05am", "2018-12-17", "day"),
        ("Monday 17/12/2018", "2018-12-17", "day"),
        ("12/17/2018", "2018-12-17", "day"),
        ("03/04/2018", "2018", "year"),
        ("04/04/2018", "2018-04-04", "day"),
        ("März 2018", "2018-03", "month"),
        ("on 2018-12-17 at noon", "2018-12-17", "day"),
        ("2018/12/17", "2018-12-17", "day"),
        ("2018-12-17 08:05 CET", "2018-12-17", "day"),
    ],
)
def test_explicit_dates_keep_their_precision(text: str, value: str, precision: str) -> None:
    found = parse_explicit(text)
    assert found is not None
    assert (found.value, found.precision) == (value, precision)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "0001-01-01", "1970-01-01", "2018-13", "2018-02-30", "2018-12-17T25:00Z", "99999999",
     "Foo 2018", "17 Foo 2018", "Mon, 99 Dec 2018 07:05:00 GMT", "not 2018 a date 07:05"],
)  # fmt: skip
def test_what_states_no_date(text: str) -> None:
    assert parse_explicit(text) is None


def test_notes_say_what_was_left_out() -> None:
    flags = {
        text: found.flags
        for text in ("2018-12-17T07:00", "2018-12-17T00:00Z", "03/04/2018", "2018")
        if (found := parse_explicit(text))
    }
    assert flags == {
        "2018-12-17T07:00": ("zone-unknown",),
        "2018-12-17T00:00Z": ("midnight",),
        "03/04/2018": ("day-month-unclear",),
        "2018": (),
    }


@given(st.text(max_size=60))
def test_any_text_is_a_date_of_known_precision_or_none(text: str) -> None:
    found = parse_explicit(text)
    assert found is None or (found.precision in PRECISIONS and bounds(found.value) is not None)


def test_a_mention_gives_the_shortest_value_that_holds_its_days() -> None:
    week = DateMention(0, 9, "last week", "2018-W48", low="2018-11-26", high="2018-12-02")
    assert (week.stamp().value, week.precision) == ("2018", "year")
    assert DateMention(0, 4, "soon", "FUTURE_REF").stamp() == UNDATED
    assert DateMention(0, 1, "x", "2018-W01", low="2018-12-31", high="2019-01-06").precision == "none"
    end = DateMention(3, 19, "end of last year", "2018", mod="END", low="2018-12-01", high="2018-12-31").stamp()
    assert end == DateStamp("2018-12", "month", "prose", "end of last year", 3, 19, ("end",))
