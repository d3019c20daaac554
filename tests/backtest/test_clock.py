"""The event clock against expected sessions that were written by hand, from the exchanges' published hours and holidays.

Frankfurt (XETR) trades 09:00 to 17:30 local, London (XLON) 08:00 to 16:30, New York (XNYS) 09:30 to 16:00; in UTC that is
one hour less in a European summer, and in New York four or five hours more. The weeks around the clock changes differ.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtest import clock
from backtest.errors import SchemaError, UnknownNameError

SPAN = ("2018-01-01", "2020-12-31")


def one(event_time: str, precision: str = "minute", hint: str | None = None, **more: object) -> pd.DataFrame:
    stamp = pd.Timestamp(event_time)
    stamp = stamp.tz_localize("UTC") if stamp.tz is None else stamp.tz_convert("UTC")
    row = {"event_time": stamp, "event_precision": precision, "session_hint": hint, "known_at": stamp}
    frame = pd.DataFrame([{**row, "known_precision": precision, **more}], index=pd.Index(["e"], name="event_id"))
    return frame.astype({"event_time": "datetime64[us, UTC]", "known_at": "datetime64[us, UTC]"})


# Day 0: (what, exchange, instant in UTC, session).
INSTANTS = [
    # Frankfurt in winter: 08:00 to 16:30 UTC. 2018-12-17 is a Monday.
    ("pre-open", "XETR", "2018-12-17T07:00:00Z", "2018-12-17"),
    ("at the open", "XETR", "2018-12-17T08:00:00Z", "2018-12-17"),
    ("intraday", "XETR", "2018-12-17T12:00:00Z", "2018-12-17"),
    ("one second before the close", "XETR", "2018-12-17T16:29:59Z", "2018-12-17"),
    ("at the close", "XETR", "2018-12-17T16:30:00Z", "2018-12-18"),
    ("after the close", "XETR", "2018-12-17T21:25:00Z", "2018-12-18"),
    ("Friday after the close", "XETR", "2018-12-14T18:00:00Z", "2018-12-17"),
    ("Saturday", "XETR", "2018-12-15T12:00:00Z", "2018-12-17"),
    ("Sunday", "XETR", "2018-12-16T23:59:59Z", "2018-12-17"),
    ("holiday: 1 May", "XETR", "2019-05-01T10:00:00Z", "2019-05-02"),
    ("holiday: 24 December", "XETR", "2018-12-24T09:00:00Z", "2018-12-27"),
    ("early close 30 December 2019, 14:00 local, before", "XETR", "2019-12-30T12:59:59Z", "2019-12-30"),
    ("early close 30 December 2019, at it", "XETR", "2019-12-30T13:00:00Z", "2020-01-02"),
    ("summer, before 17:30 local", "XETR", "2018-09-17T15:29:59Z", "2018-09-17"),
    ("summer, at 17:30 local", "XETR", "2018-09-17T15:30:00Z", "2018-09-18"),
    ("the last Friday of winter 2019", "XETR", "2019-03-29T16:29:59Z", "2019-03-29"),
    ("the first Monday of summer 2019", "XETR", "2019-04-01T15:30:00Z", "2019-04-02"),
    # London in winter: 08:00 to 16:30 UTC.
    ("pre-open", "XLON", "2018-12-17T07:00:00Z", "2018-12-17"),
    ("at the open", "XLON", "2018-12-17T08:00:00Z", "2018-12-17"),
    ("intraday", "XLON", "2018-12-17T12:00:00Z", "2018-12-17"),
    ("one second before the close", "XLON", "2018-12-17T16:29:59Z", "2018-12-17"),
    ("at the close", "XLON", "2018-12-17T16:30:00Z", "2018-12-18"),
    ("after the close", "XLON", "2018-12-17T19:00:00Z", "2018-12-18"),
    ("Saturday", "XLON", "2018-12-15T12:00:00Z", "2018-12-17"),
    ("holiday: Boxing Day", "XLON", "2018-12-26T10:00:00Z", "2018-12-27"),
    ("bank holiday 27 May 2019", "XLON", "2019-05-27T10:00:00Z", "2019-05-28"),
    ("early close Christmas Eve, 12:30, before", "XLON", "2018-12-24T12:29:59Z", "2018-12-24"),
    ("early close Christmas Eve, at it", "XLON", "2018-12-24T12:30:00Z", "2018-12-27"),
    ("summer, at 16:30 local", "XLON", "2019-07-18T15:30:00Z", "2019-07-19"),
    ("the last Friday of winter 2019", "XLON", "2019-03-29T16:29:59Z", "2019-03-29"),
    ("the first Monday of summer 2019", "XLON", "2019-04-01T15:30:00Z", "2019-04-02"),
    # New York in winter: 14:30 to 21:00 UTC.
    ("pre-open", "XNYS", "2019-01-08T13:00:00Z", "2019-01-08"),
    ("at the open", "XNYS", "2019-01-08T14:30:00Z", "2019-01-08"),
    ("intraday", "XNYS", "2019-01-08T18:00:00Z", "2019-01-08"),
    ("one second before the close", "XNYS", "2019-01-08T20:59:59Z", "2019-01-08"),
    ("at the close", "XNYS", "2019-01-08T21:00:00Z", "2019-01-09"),
    ("after the close, already tomorrow in UTC", "XNYS", "2019-01-09T01:00:00Z", "2019-01-09"),
    ("Saturday", "XNYS", "2019-01-12T15:00:00Z", "2019-01-14"),
    ("holiday: Martin Luther King", "XNYS", "2019-01-21T15:00:00Z", "2019-01-22"),
    ("holiday: Independence Day", "XNYS", "2019-07-04T15:00:00Z", "2019-07-05"),
    ("early close 3 July 2019, 13:00 local, before", "XNYS", "2019-07-03T16:59:59Z", "2019-07-03"),
    ("early close 3 July 2019, at it", "XNYS", "2019-07-03T17:00:00Z", "2019-07-05"),
    ("summer, at 16:00 local", "XNYS", "2019-06-18T20:00:00Z", "2019-06-19"),
    # New York changes its clocks on 10 March 2019, Europe on 31 March: for three weeks New York closes at 20:00 UTC
    # while Frankfurt and London still close at 16:30 UTC.
    ("between the two changes", "XNYS", "2019-03-11T19:59:59Z", "2019-03-11"),
    ("between the two changes, at the close", "XNYS", "2019-03-11T20:00:00Z", "2019-03-12"),
    ("between the two changes", "XETR", "2019-03-11T16:29:59Z", "2019-03-11"),
    # In autumn Europe changes first, on 27 October 2019, New York on 3 November.
    ("autumn, Europe is in winter time", "XLON", "2019-10-28T16:29:59Z", "2019-10-28"),
    ("autumn, New York is still in summer time", "XNYS", "2019-10-28T20:00:00Z", "2019-10-29"),
]


@pytest.mark.parametrize(("what", "mic", "instant", "session"), INSTANTS)
def test_an_instant_belongs_to_the_first_close_after_it(what: str, mic: str, instant: str, session: str) -> None:
    got = clock.day_zero(one(instant), clock.calendar(mic, *SPAN)).loc["e"]
    assert (str(got["session"].date()), got["rule"]) == (session, "instant"), what


# Date only: (exchange, date, hint, session under "same", session under "next", rule under "same").
DATES = [
    ("XETR", "2018-12-17", "pre-open", "2018-12-17", "2018-12-17", "pre-open"),
    ("XETR", "2018-12-17", "intraday", "2018-12-17", "2018-12-17", "intraday"),
    ("XETR", "2018-12-17", "after-close", "2018-12-18", "2018-12-18", "after-close"),
    ("XETR", "2018-12-17", None, "2018-12-17", "2018-12-18", "date-same"),
    ("XETR", "2018-12-15", None, "2018-12-17", "2018-12-17", "date-same"),
    ("XETR", "2018-12-15", "after-close", "2018-12-17", "2018-12-17", "after-close"),
    ("XETR", "2018-12-14", "after-close", "2018-12-17", "2018-12-17", "after-close"),
    ("XETR", "2019-05-01", "pre-open", "2019-05-02", "2019-05-02", "pre-open"),
    ("XETR", "2019-12-30", None, "2019-12-30", "2020-01-02", "date-same"),
    ("XETR", "2019-12-30", "after-close", "2020-01-02", "2020-01-02", "after-close"),
    ("XLON", "2018-12-17", "pre-open", "2018-12-17", "2018-12-17", "pre-open"),
    ("XLON", "2018-12-17", "intraday", "2018-12-17", "2018-12-17", "intraday"),
    ("XLON", "2018-12-17", "after-close", "2018-12-18", "2018-12-18", "after-close"),
    ("XLON", "2018-12-17", None, "2018-12-17", "2018-12-18", "date-same"),
    ("XLON", "2018-12-16", None, "2018-12-17", "2018-12-17", "date-same"),
    ("XLON", "2018-12-24", None, "2018-12-24", "2018-12-27", "date-same"),
    ("XLON", "2018-12-24", "after-close", "2018-12-27", "2018-12-27", "after-close"),
    ("XLON", "2018-12-25", "intraday", "2018-12-27", "2018-12-27", "intraday"),
    ("XNYS", "2019-01-08", "pre-open", "2019-01-08", "2019-01-08", "pre-open"),
    ("XNYS", "2019-01-08", "intraday", "2019-01-08", "2019-01-08", "intraday"),
    ("XNYS", "2019-01-08", "after-close", "2019-01-09", "2019-01-09", "after-close"),
    ("XNYS", "2019-01-08", None, "2019-01-08", "2019-01-09", "date-same"),
    ("XNYS", "2019-01-21", None, "2019-01-22", "2019-01-22", "date-same"),
    ("XNYS", "2019-07-03", "after-close", "2019-07-05", "2019-07-05", "after-close"),
    ("XNYS", "2019-07-04", "pre-open", "2019-07-05", "2019-07-05", "pre-open"),
]


@pytest.mark.parametrize(("mic", "date", "hint", "same", "later", "rule"), DATES)
def test_a_date_follows_its_hint_then_the_policy(
    mic: str, date: str, hint: str | None, same: str, later: str, rule: str
) -> None:
    cal, event = clock.calendar(mic, *SPAN), one(date, "day", hint)
    got = clock.day_zero(event, cal).loc["e"]
    assert (str(got["session"].date()), got["rule"]) == (same, rule)
    got = clock.day_zero(event, cal, date_only="next").loc["e"]
    assert str(got["session"].date()) == later
    assert got["rule"] == (rule if hint else "date-next")


@pytest.mark.parametrize("mic", ["XETR", "XLON", "XNYS"])
@pytest.mark.parametrize("precision", ["month", "year"])
def test_a_month_is_never_a_day(mic: str, precision: str) -> None:
    got = clock.day_zero(one("2018-08-01", precision, "pre-open"), clock.calendar(mic, *SPAN)).loc["e"]
    assert pd.isna(got["session"])
    assert got["rule"] == "imprecise-date"


# First tradable price: (exchange, instant, session, open or close).
TRADES = [
    ("XETR", "2018-12-17T07:00:00Z", "2018-12-17", "open"),
    ("XETR", "2018-12-17T08:00:00Z", "2018-12-17", "close"),
    ("XETR", "2018-12-17T12:00:00Z", "2018-12-17", "close"),
    ("XETR", "2018-12-17T16:29:59Z", "2018-12-17", "close"),
    ("XETR", "2018-12-17T16:30:00Z", "2018-12-18", "open"),
    ("XETR", "2018-12-15T12:00:00Z", "2018-12-17", "open"),
    ("XETR", "2019-12-30T13:00:00Z", "2020-01-02", "open"),
    ("XLON", "2018-12-24T12:29:59Z", "2018-12-24", "close"),
    ("XLON", "2018-12-24T12:30:00Z", "2018-12-27", "open"),
    ("XLON", "2019-04-01T06:59:59Z", "2019-04-01", "open"),
    ("XLON", "2019-04-01T07:00:00Z", "2019-04-01", "close"),
    ("XNYS", "2019-03-11T13:29:59Z", "2019-03-11", "open"),
    ("XNYS", "2019-03-11T13:30:00Z", "2019-03-11", "close"),
    ("XNYS", "2019-07-04T15:00:00Z", "2019-07-05", "open"),
]


@pytest.mark.parametrize(("mic", "instant", "session", "price"), TRADES)
def test_the_first_price_after_an_instant(mic: str, instant: str, session: str, price: str) -> None:
    got = clock.tradable_from(one(instant), clock.calendar(mic, *SPAN)).loc["e"]
    assert (str(got["session"].date()), got["rule"], got["price"]) == (session, price, price)


@pytest.mark.parametrize(
    ("mic", "known_at", "precision", "session"),
    [
        ("XETR", "2018-12-17", "day", "2018-12-18"),
        ("XETR", "2018-12-17T22:59:59.999999Z", "day", "2018-12-18"),  # the end of that date in Frankfurt
        ("XETR", "2018-12-17T06:00:00Z", "day", "2018-12-18"),  # an odd hour is no clock time: the whole date counts
        ("XETR", "2018-12-14", "day", "2018-12-17"),
        ("XLON", "2018-12-24", "day", "2018-12-27"),
        ("XLON", "2019-07-18T22:59:59.999999Z", "day", "2019-07-19"),
        ("XNYS", "2019-01-08", "day", "2019-01-09"),
        ("XNYS", "2019-01-09T04:59:59.999999Z", "day", "2019-01-09"),  # the end of 8 January in New York
        ("XETR", "2018-08-01", "month", "2018-09-03"),
        ("XETR", "2018-08-31T21:59:59.999999Z", "month", "2018-09-03"),
        ("XLON", "2018-01-01", "year", "2019-01-02"),
    ],
)
def test_a_date_may_be_traded_from_the_session_after_it(mic: str, known_at: str, precision: str, session: str) -> None:
    got = clock.tradable_from(one(known_at, precision), clock.calendar(mic, *SPAN)).loc["e"]
    assert (str(got["session"].date()), got["rule"], got["price"]) == (session, "open-after-date", "open")


def test_events_outside_the_calendar_say_on_which_side() -> None:
    cal = clock.calendar("XETR", "2019-01-02", "2019-01-31")
    for event, rule in [
        (one("2019-01-01T10:00:00Z"), "before-first-session"),
        (one("2018-12-30", "day"), "before-first-session"),
        (one("2019-01-31T17:00:00Z"), "after-last-session"),
        (one("2019-01-31", "day", "after-close"), "after-last-session"),
    ]:
        got = clock.day_zero(event, cal).loc["e"]
        assert pd.isna(got["session"])
        assert got["rule"] == rule
    got = clock.tradable_from(one("2019-02-01T10:00:00Z"), cal).loc["e"]
    assert (pd.isna(got["session"]), got["rule"], got["price"]) == (True, "after-last-session", "")
    assert clock.tradable_from(one("2018-06-01T10:00:00Z"), cal).loc["e", "rule"] == "before-first-session"


def test_a_missing_instant_is_undated() -> None:
    event = one("2019-01-08T10:00Z")
    event = event.assign(event_time=event["event_time"].shift(), known_at=event["known_at"].shift())
    cal = clock.calendar("XETR", *SPAN)
    assert clock.day_zero(event, cal).loc["e", "rule"] == "imprecise-date"
    assert clock.tradable_from(event, cal).loc["e", "rule"] == "no-instant"


def test_an_empty_calendar_drops_everything() -> None:
    cal = clock.calendar("XETR", "2019-02-01", "2019-01-01")
    assert len(cal) == 0
    assert clock.day_zero(one("2019-01-08T10:00Z"), cal).loc["e", "rule"] == "after-last-session"


def test_missing_columns_mean_a_minute_without_a_hint() -> None:
    event = one("2018-12-17T16:30:00Z")[["event_time", "known_at"]]
    cal = clock.calendar("XETR", *SPAN)
    assert clock.day_zero(event, cal).loc["e", "session"] == pd.Timestamp("2018-12-18")
    assert clock.tradable_from(event, cal).loc["e", "rule"] == "open"


@pytest.mark.parametrize(
    ("date", "precision", "mic", "instant"),
    [
        ("2018-12-17", "day", "XETR", "2018-12-17T22:59:59.999999Z"),
        ("2018-07-17", "day", "XETR", "2018-07-17T21:59:59.999999Z"),
        ("2018-12-17", "day", "XLON", "2018-12-17T23:59:59.999999Z"),
        ("2018-12-17", "day", "XNYS", "2018-12-18T04:59:59.999999Z"),
        ("2018-02-01", "month", "XNYS", "2018-03-01T04:59:59.999999Z"),
        ("2018-12-05", "month", "XETR", "2018-12-31T22:59:59.999999Z"),
        ("2018-05-05", "year", "XLON", "2018-12-31T23:59:59.999999Z"),
        ("2018-12-17", "day", "", "2018-12-17T23:59:59.999999Z"),
        ("2018-12-17T10:30+01:00", "minute", "XETR", "2018-12-17T09:30:00Z"),
        ("2018-12-17T10:30", "minute", "XETR", "2018-12-17T10:30:00Z"),
    ],
)
def test_the_end_of_a_period_in_the_exchanges_zone(date: str, precision: str, mic: str, instant: str) -> None:
    assert clock.end_of(date, precision, mic) == pd.Timestamp(instant)


def test_wrong_words_are_named() -> None:
    cal = clock.calendar("XETR", *SPAN)
    with pytest.raises(SchemaError, match=r"date_only 'later': it must be one of same, next"):
        clock.day_zero(one("2019-01-08T10:00Z"), cal, date_only="later")
    with pytest.raises(SchemaError, match=r"precision 'week': it must be one of minute, day, month, year"):
        clock.end_of("2019-01-08", "week")
    with pytest.raises(UnknownNameError, match=r"unknown exchange 'XETRA'; did you mean 'XETR'"):
        clock.calendar("XETRA", *SPAN)
    naive = pd.DataFrame({"event_time": pd.to_datetime(["2019-01-08"]), "known_at": pd.to_datetime(["2019-01-08"])})
    with pytest.raises(SchemaError, match=r"event_time must be datetimes in UTC"):
        clock.day_zero(naive, cal)
    with pytest.raises(SchemaError, match=r"known_at must be datetimes in UTC"):
        clock.tradable_from(naive, cal)
    with pytest.raises(SchemaError, match=r"sessions must be naive dates"):
        clock.calendar_from_sessions(pd.date_range("2020-01-01", periods=3, tz="UTC"))
    with pytest.raises(SchemaError, match=r"sessions must be unique and ascending"):
        clock.calendar_from_sessions(pd.DatetimeIndex(["2020-01-02", "2020-01-02"]))


def test_calendars_reach_into_the_future_and_stop_where_the_rules_do() -> None:
    assert clock.calendar("XETR", "2031-01-01", "2031-12-31").sessions[0] == np.datetime64("2031-01-02")
    # India's holidays are announced year by year: what is not known is left out, not invented.
    assert clock.calendar("XBOM", "2020-01-01", "2027-12-31").sessions[-1] <= np.datetime64("2026-12-31")
    with pytest.raises(UnknownNameError, match=r"exchange 'XBOM': no sessions are known from 2090-01-01"):
        clock.calendar("XBOM", "2090-01-01", "2090-12-31")


@pytest.mark.parametrize("fault", [ValueError("Special dates [...] are not sessions"), RuntimeError("no rule")])
def test_a_calendar_that_cannot_be_made_is_a_named_error(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(mic: str, **span: object) -> None:
        raise fault

    monkeypatch.setattr(clock, "_built", broken)
    with pytest.raises(
        UnknownNameError, match=r"exchange 'XBSE': exchange_calendars cannot make its sessions \((Sp|no)"
    ):
        clock.calendar("XBSE", "1995-01-01", "1995-12-31")


def test_a_panels_own_dates_are_its_calendar() -> None:
    index = pd.DatetimeIndex(["2019-01-07", "2019-01-08", "2019-01-12"])  # the last one is a Saturday
    plain = clock.calendar_from_sessions(index)
    assert clock.day_zero(one("2019-01-08T23:59:00Z"), plain).loc["e", "session"] == pd.Timestamp("2019-01-08")
    assert clock.day_zero(one("2019-01-09T00:00:00Z"), plain).loc["e", "session"] == pd.Timestamp("2019-01-12")
    timed = clock.calendar_from_sessions(index, "XETR")
    assert clock.day_zero(one("2019-01-08T16:30:00Z"), timed).loc["e", "session"] == pd.Timestamp("2019-01-12")
    assert timed.closes[-1] == np.datetime64("2019-01-12T16:30")
    assert len(clock.calendar_from_sessions(pd.DatetimeIndex([]), "XETR")) == 0
    assert list(timed.index()) == list(index)


def test_a_session_that_the_exchange_lacks_is_not_used_and_one_that_the_data_lack_is() -> None:
    """Day 0 follows the exchange, whatever rows the prices have: a missing price is missing on the right day."""
    cal = clock.calendar("XETR", "2018-05-28", "2018-06-04")
    assert np.datetime64("2018-05-31") in cal.sessions
    assert clock.day_zero(one("2018-05-31T08:00:00Z"), cal).loc["e", "session"] == pd.Timestamp("2018-05-31")


def test_between_cuts_both_ends_inclusively() -> None:
    cal = clock.calendar("XLON", "2019-01-01", "2019-12-31").between("2019-05-07", pd.Timestamp("2019-05-09T12:00Z"))
    assert [str(s)[:10] for s in cal.sessions] == ["2019-05-07", "2019-05-08", "2019-05-09"]
    assert len(cal.between()) == 3


minutes = st.integers(min_value=0, max_value=3 * 365 * 24 * 60).map(
    lambda m: pd.Timestamp("2018-01-01T00:00Z") + pd.Timedelta(minutes=m)
)


@given(st.lists(minutes, min_size=2, max_size=30), st.sampled_from(["XETR", "XLON", "XNYS"]))
def test_later_news_never_meets_an_earlier_session(stamps: list[pd.Timestamp], mic: str) -> None:
    cal = clock.calendar(mic, "2018-01-01", "2021-12-31")
    stamps = sorted(max(s, pd.Timestamp("2018-01-03T00:00Z")) for s in stamps)
    times = pd.Series(stamps).astype("datetime64[us, UTC]")
    events = pd.DataFrame({"event_time": times, "known_at": times})
    zero, trade = clock.day_zero(events, cal), clock.tradable_from(events, cal)
    assert zero["session"].is_monotonic_increasing
    assert trade["session"].is_monotonic_increasing
    # The close of day 0 is after the news, and no session before it has that property.
    at = np.searchsorted(cal.sessions, zero["session"].to_numpy())
    naive = times.dt.tz_localize(None).to_numpy()
    assert (cal.closes[at] > naive).all()
    assert (cal.closes[at - 1] <= naive)[at > 0].all()
    price = np.where(trade["price"] == "open", cal.opens[at_of(cal, trade)], cal.closes[at_of(cal, trade)])
    assert (price > naive).all()


@given(minutes, st.sampled_from(["day", "month"]), st.sampled_from(["XETR", "XLON", "XNYS"]))
def test_a_strategy_never_acts_before_the_end_of_a_date(stamp: pd.Timestamp, precision: str, mic: str) -> None:
    cal = clock.calendar(mic, "2018-01-01", "2022-12-31")
    date = max(stamp, pd.Timestamp("2018-01-03T00:00Z")).normalize()
    got = clock.tradable_from(one(date.isoformat(), precision), cal).loc["e"]
    end = clock.end_of(date, precision, mic)
    opened = cal.opens[np.searchsorted(cal.sessions, got["session"].to_datetime64())]
    assert pd.Timestamp(opened, tz="UTC") > end
    last = date.tz_localize(None) + pd.offsets.MonthEnd(0) if precision == "month" else date.tz_localize(None)
    assert got["session"] > last


def at_of(cal: clock.Calendar, table: pd.DataFrame) -> np.ndarray:
    return np.searchsorted(cal.sessions, table["session"].to_numpy())


def test_a_million_events_take_less_than_a_second() -> None:
    seconds = np.random.default_rng(1).integers(1_514_900_000, 1_606_000_000, 1_000_000)
    times = pd.Series(pd.to_datetime(seconds, unit="s", utc=True)).astype("datetime64[us, UTC]")
    events = pd.DataFrame({"event_time": times, "known_at": times})
    cal = clock.calendar("XETR", *SPAN)
    started = time.process_time()
    clock.day_zero(events, cal)
    clock.tradable_from(events, cal)
    assert time.process_time() - started < 2.0


def test_the_zone_of_an_exchange_needs_no_second_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.calendar("XHKG", "2024-01-01", "2024-12-31")
    monkeypatch.setattr(clock, "_exchange", None)
    assert str(clock.zone("XHKG")) == "Asia/Hong_Kong"
