"""The rules of the event clock as one complete table: every situation, in Frankfurt, London and New York, written by hand.

Frankfurt and London trade from 08:00 to 16:30 UTC in winter (17 December 2018), New York from 14:30 to 21:00 (8 January 2019).
Shortened days: Frankfurt 30 December 2019 (to 13:00 UTC), London 24 December 2018 (12:30), New York 3 July 2019 (17:00).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from backtest import clock
from backtest.instruments import load_instruments
from backtest.prices import traits, yahoo

SPAN = ("2018-01-01", "2020-12-31")
MICS = ("XETR", "XLON", "XNYS")

#: situation: (instant in UTC, day 0, first tradable session, at its open or close), for each exchange.
INSTANTS = {
    "pre-open": (
        ("2018-12-17T07:00:00Z", "2018-12-17", "2018-12-17", "open"),
        ("2018-12-17T07:00:00Z", "2018-12-17", "2018-12-17", "open"),
        ("2019-01-08T13:00:00Z", "2019-01-08", "2019-01-08", "open"),
    ),
    "one second before the open": (
        ("2018-12-17T07:59:59Z", "2018-12-17", "2018-12-17", "open"),
        ("2018-12-17T07:59:59Z", "2018-12-17", "2018-12-17", "open"),
        ("2019-01-08T14:29:59Z", "2019-01-08", "2019-01-08", "open"),
    ),
    "at the open": (
        ("2018-12-17T08:00:00Z", "2018-12-17", "2018-12-17", "close"),
        ("2018-12-17T08:00:00Z", "2018-12-17", "2018-12-17", "close"),
        ("2019-01-08T14:30:00Z", "2019-01-08", "2019-01-08", "close"),
    ),
    "intraday": (
        ("2018-12-17T12:00:00Z", "2018-12-17", "2018-12-17", "close"),
        ("2018-12-17T12:00:00Z", "2018-12-17", "2018-12-17", "close"),
        ("2019-01-08T18:00:00Z", "2019-01-08", "2019-01-08", "close"),
    ),
    "one second before the close": (
        ("2018-12-17T16:29:59Z", "2018-12-17", "2018-12-17", "close"),
        ("2018-12-17T16:29:59Z", "2018-12-17", "2018-12-17", "close"),
        ("2019-01-08T20:59:59Z", "2019-01-08", "2019-01-08", "close"),
    ),
    "at the close": (
        ("2018-12-17T16:30:00Z", "2018-12-18", "2018-12-18", "open"),
        ("2018-12-17T16:30:00Z", "2018-12-18", "2018-12-18", "open"),
        ("2019-01-08T21:00:00Z", "2019-01-09", "2019-01-09", "open"),
    ),
    "after the close": (
        ("2018-12-17T21:25:00Z", "2018-12-18", "2018-12-18", "open"),
        ("2018-12-17T19:00:00Z", "2018-12-18", "2018-12-18", "open"),
        ("2019-01-09T01:00:00Z", "2019-01-09", "2019-01-09", "open"),
    ),
    "weekend": (
        ("2018-12-15T12:00:00Z", "2018-12-17", "2018-12-17", "open"),
        ("2018-12-16T23:59:59Z", "2018-12-17", "2018-12-17", "open"),
        ("2019-01-12T15:00:00Z", "2019-01-14", "2019-01-14", "open"),
    ),
    "holiday": (
        ("2019-05-01T10:00:00Z", "2019-05-02", "2019-05-02", "open"),
        ("2019-05-27T10:00:00Z", "2019-05-28", "2019-05-28", "open"),
        ("2019-01-21T15:00:00Z", "2019-01-22", "2019-01-22", "open"),
    ),
    "shortened day, before the open": (
        ("2019-12-30T07:00:00Z", "2019-12-30", "2019-12-30", "open"),
        ("2018-12-24T07:00:00Z", "2018-12-24", "2018-12-24", "open"),
        ("2019-07-03T12:00:00Z", "2019-07-03", "2019-07-03", "open"),
    ),
    "shortened day, one second before its close": (
        ("2019-12-30T12:59:59Z", "2019-12-30", "2019-12-30", "close"),
        ("2018-12-24T12:29:59Z", "2018-12-24", "2018-12-24", "close"),
        ("2019-07-03T16:59:59Z", "2019-07-03", "2019-07-03", "close"),
    ),
    "shortened day, at its close": (
        ("2019-12-30T13:00:00Z", "2020-01-02", "2020-01-02", "open"),
        ("2018-12-24T12:30:00Z", "2018-12-27", "2018-12-27", "open"),
        ("2019-07-03T17:00:00Z", "2019-07-05", "2019-07-05", "open"),
    ),
    "shortened day, before the usual close": (
        ("2019-12-30T15:00:00Z", "2020-01-02", "2020-01-02", "open"),
        ("2018-12-24T15:00:00Z", "2018-12-27", "2018-12-27", "open"),
        ("2019-07-03T19:00:00Z", "2019-07-05", "2019-07-05", "open"),
    ),
}

#: kind of day, exchange: (date, that date if it is a session else the next, the session after that date).
DATES = {
    ("session", "XETR"): ("2018-12-17", "2018-12-17", "2018-12-18"),
    ("session", "XLON"): ("2018-12-17", "2018-12-17", "2018-12-18"),
    ("session", "XNYS"): ("2019-01-08", "2019-01-08", "2019-01-09"),
    ("Friday", "XETR"): ("2018-12-14", "2018-12-14", "2018-12-17"),
    ("Friday", "XLON"): ("2018-12-14", "2018-12-14", "2018-12-17"),
    ("Friday", "XNYS"): ("2019-01-11", "2019-01-11", "2019-01-14"),
    ("weekend", "XETR"): ("2018-12-15", "2018-12-17", "2018-12-17"),
    ("weekend", "XLON"): ("2018-12-16", "2018-12-17", "2018-12-17"),
    ("weekend", "XNYS"): ("2019-01-12", "2019-01-14", "2019-01-14"),
    ("holiday", "XETR"): ("2019-05-01", "2019-05-02", "2019-05-02"),
    ("holiday", "XLON"): ("2019-05-27", "2019-05-28", "2019-05-28"),
    ("holiday", "XNYS"): ("2019-01-21", "2019-01-22", "2019-01-22"),
    ("shortened day", "XETR"): ("2019-12-30", "2019-12-30", "2020-01-02"),
    ("shortened day", "XLON"): ("2018-12-24", "2018-12-24", "2018-12-27"),
    ("shortened day", "XNYS"): ("2019-07-03", "2019-07-03", "2019-07-05"),
}

#: hint, policy: whether the date itself or the session after it counts, and the rule.
CHOICES = {
    ("pre-open", "same"): ("itself", "pre-open"),
    ("pre-open", "next"): ("itself", "pre-open"),
    ("intraday", "same"): ("itself", "intraday"),
    ("intraday", "next"): ("itself", "intraday"),
    ("after-close", "same"): ("after", "after-close"),
    ("after-close", "next"): ("after", "after-close"),
    (None, "same"): ("itself", "date-same"),
    (None, "next"): ("after", "date-next"),
}

#: The month of August 2018 may be traded from the first open of September on; 3 September is Labor Day in New York.
AFTER_AUGUST = {"XETR": "2018-09-03", "XLON": "2018-09-03", "XNYS": "2018-09-04"}


def event(stamp: str, precision: str, hint: str | None = None) -> pd.DataFrame:
    at = pd.Timestamp(stamp)
    at = at.tz_localize("UTC") if at.tz is None else at
    row = {
        "event_time": at,
        "event_precision": precision,
        "session_hint": hint,
        "known_at": at,
        "known_precision": precision,
    }
    frame = pd.DataFrame([row], index=pd.Index(["e"], name="event_id"))
    return frame.astype({"event_time": "datetime64[us, UTC]", "known_at": "datetime64[us, UTC]"})


@pytest.mark.parametrize(("situation", "number"), list(product(INSTANTS, range(3))))
def test_a_clock_time(situation: str, number: int) -> None:
    instant, zero, session, price = INSTANTS[situation][number]
    cal = clock.calendar(MICS[number], *SPAN)
    got = clock.day_zero(event(instant, "minute"), cal).loc["e"]
    assert (f"{got['session']:%Y-%m-%d}", got["rule"]) == (zero, "instant")
    got = clock.tradable_from(event(instant, "minute"), cal).loc["e"]
    assert (f"{got['session']:%Y-%m-%d}", got["price"], got["rule"]) == (session, price, price)


@pytest.mark.parametrize(("kind", "mic"), list(DATES))
@pytest.mark.parametrize(("hint", "policy"), list(CHOICES))
def test_a_date_alone(kind: str, mic: str, hint: str | None, policy: str) -> None:
    date, itself, after = DATES[kind, mic]
    which, rule = CHOICES[hint, policy]
    got = clock.day_zero(event(date, "day", hint), clock.calendar(mic, *SPAN), policy).loc["e"]
    assert (f"{got['session']:%Y-%m-%d}", got["rule"]) == (itself if which == "itself" else after, rule)


@pytest.mark.parametrize(("kind", "mic"), list(DATES))
def test_a_date_alone_is_traded_at_the_open_of_the_session_after_it(kind: str, mic: str) -> None:
    date, _, after = DATES[kind, mic]
    got = clock.tradable_from(event(date, "day"), clock.calendar(mic, *SPAN)).loc["e"]
    assert (f"{got['session']:%Y-%m-%d}", got["price"], got["rule"]) == (after, "open", "open-after-date")


@pytest.mark.parametrize("mic", MICS)
@pytest.mark.parametrize("hint", ["pre-open", "intraday", "after-close", None])
@pytest.mark.parametrize("policy", ["same", "next"])
def test_a_month_alone(mic: str, hint: str | None, policy: str) -> None:
    cal = clock.calendar(mic, *SPAN)
    got = clock.day_zero(event("2018-08-01", "month", hint), cal, policy).loc["e"]
    assert pd.isna(got["session"])
    assert got["rule"] == "imprecise-date"
    got = clock.tradable_from(event("2018-08-01", "month", hint), cal).loc["e"]
    assert (f"{got['session']:%Y-%m-%d}", got["price"], got["rule"]) == (AFTER_AUGUST[mic], "open", "open-after-date")


def test_every_exchange_that_is_named_anywhere_has_a_calendar() -> None:
    named = set(load_instruments()["mic"]) | set(yahoo.EXCHANGES.values())
    named |= {mic for mic, _, _ in (*traits.SUFFIXES.values(), *traits.INDICES.values())}
    assert named <= set(clock.known_mics())
    for mic in sorted(named):
        cal = clock.calendar(mic, "2014-01-01", "2027-12-31")
        assert 3300 < len(cal) < 3660
        assert cal.sessions[-1] >= np.datetime64("2027-12-28")
        assert (cal.opens < cal.closes).all()
