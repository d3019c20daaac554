"""Pictures over calendar time: marks where the events were."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from pictures import NOTICE, blank, fifteen, words

from backtest import plots
from backtest.errors import UnknownNameError
from backtest.testing import events_table


@pytest.fixture(scope="module")
def result():
    return fifteen()


def test_price_marks_the_events_at_their_sessions(result):
    marked = result.events.join(result.audit.set_index("event_id")["day0"])
    ax = plots.price_with_events(result.prices, marked, "A", blank())
    close = result.prices.close["A"]
    marks = [line for line in ax.lines if line.get_linestyle() == "None"]
    days = {pd.Timestamp(mpl.dates.num2date(mpl.dates.date2num(x)).date()) for line in marks for x in line.get_xdata()}
    assert days == set(marked.loc[marked["asset"] == "A", "day0"])
    for line in marks:
        assert line.get_ydata() == pytest.approx(close.loc[pd.DatetimeIndex(line.get_xdata())].to_numpy())
    assert NOTICE in words(ax)
    assert ax.get_ylabel() == "close"


def test_price_falls_back_on_the_date_and_knows_pence(result):
    instruments = result.prices.instruments.assign(unit="GBp", name="A plc")
    prices = replace(result.prices, instruments=instruments)
    late = events_table([("A", "2019-06-01"), ("A", "2035-01-01")])
    ax = plots.price_with_events(prices, late, "A", blank())
    marks = [line for line in ax.lines if line.get_linestyle() == "None"]
    assert [len(line.get_xdata()) for line in marks] == [1]
    assert ax.get_ylabel() == "close (pence)"
    assert "A plc (A): close and events" in words(ax)
    euro = replace(prices, instruments=instruments.assign(unit="EUR"))
    assert plots.price_with_events(euro, late, "A", blank()).get_ylabel() == "close (EUR)"
    unknown = replace(prices, instruments=instruments.iloc[:0])
    assert plots.price_with_events(unknown, late, "A", blank()).get_ylabel() == "close"
    plain = plots.price_with_events(prices, late.iloc[:0], "B", blank())
    assert plain.get_legend() is None


def test_price_of_an_unknown_share(result):
    with pytest.raises(UnknownNameError, match="no prices of 'ZZZ'; there are 'A'"):
        plots.price_with_events(result.prices, result.events, "ZZZ")


def test_event_calendar_marks_every_event_once():
    events = events_table(
        [("A", "2020-01-02"), ("A", "2021-05"), ("B", "2022-03-04T08:00Z")], kind=["other", "other", "mine"]
    )
    ax = plots.event_calendar(events, NOTICE, blank())
    drawn = sum(len(line.get_xdata()) for line in ax.lines)
    assert drawn == 3
    assert [line.get_alpha() for line in ax.lines if len(line.get_xdata())] == [1.0, 0.35, 1.0]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["other: 2", "mine: 1"]
    assert NOTICE in words(ax)


def test_a_share_that_fell_to_a_tenth_is_drawn_on_a_log_scale(result):
    fallen = result.prices.close.copy()
    fallen["A"] *= np.linspace(1.0, 0.05, len(fallen))
    prices = replace(result.prices, close=fallen)
    ax = plots.price_with_events(prices, result.events, "A", blank())
    assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "close, log scale")
    assert plots.price_with_events(result.prices, result.events, "A", blank()).get_yscale() == "linear"


def test_kinds_of_a_users_own_have_marks_of_their_own(result):
    events = events_table(
        [("A", "2020-01-02")] * 15, event_id=[str(i) for i in range(15)], kind=[f"my-{i:02d}" for i in range(15)]
    )
    ax = plots.event_calendar(events, ax=blank())
    marks = {(line.get_marker(), line.get_color()) for line in ax.lines if len(line.get_xdata())}
    assert len(marks) == 15
    assert [t.get_text() for t in ax.get_legend().get_texts()][-2:] == ["my-10: 1", "and 4 more"]


def test_of_too_many_shares_the_busiest_are_drawn(result):
    rows = [(f"S{i}", "2020-01-02") for i in range(70)] + [("S69", "2021-01-04")]
    ax = plots.event_calendar(events_table(rows), NOTICE, blank())
    names = [t.get_text() for t in ax.get_yticklabels()]
    assert (len(names), names[-1]) == (60, "S69")
    assert "71 events; 10 further shares not drawn" in words(ax)
