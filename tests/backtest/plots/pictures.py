"""What the tests of pictures draw: a study of fifteen events, a strategy on twelve, and helpers to read a picture."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import matplotlib as mpl
from matplotlib.figure import Figure

from backtest.strategy import Strategy
from backtest.study import EventStudy
from backtest.testing import events_table, price_panel

NOTICE = "simulated prices, reported event-day moves imposed: not market data"
KINDS = ["profit-warning"] * 11 + ["takeover-rumour"] * 3 + ["other"]


@cache
def fifteen():
    """Fifteen events of three kinds on six shares; fourteen issuers and one peer."""
    assets = list("ABCDEF")
    places = [(assets[i % 6], 280 + 7 * i) for i in range(15)]
    panel = price_panel(assets, 420, {place: -0.08 if i < 11 else 0.05 for i, place in enumerate(places)}, seed=1)
    rows = list(zip(panel.events["asset"], panel.events["event_time"].dt.date.astype(str), strict=True))
    events = events_table(rows, kind=KINDS, role=["issuer"] * 14 + ["peer"])
    return EventStudy().run(events, replace(panel.prices, notice=NOTICE))


@cache
def twelve():
    """Twelve events of two kinds on four shares."""
    assets = list("ABCD")
    places = [(assets[i % 4], 280 + 9 * i) for i in range(12)]
    panel = price_panel(assets, 420, {place: -0.08 if i < 10 else 0.05 for i, place in enumerate(places)}, seed=1)
    rows = list(zip(panel.events["asset"], panel.events["event_time"].dt.date.astype(str), strict=True))
    events = events_table(rows, kind=["profit-warning"] * 10 + ["takeover-rumour"] * 2)
    return EventStudy().run(events, replace(panel.prices, notice=NOTICE))


@cache
def traded():
    """Warnings sold and rumours bought on the twelve events."""
    strategy = Strategy(hold=5, side={"profit-warning": -1, "takeover-rumour": 1}, entry="next-close", hedge=None)
    return strategy.run(twelve().events, twelve().prices)


def blank(size=(6, 4)):
    """Return empty axes."""
    return Figure(figsize=size).add_subplot()


def words(ax):
    """Return every word of the figure of these axes."""
    return " ".join(t.get_text().replace("\n", " ") for t in ax.get_figure().findobj(mpl.text.Text))
