"""Fixtures and builders for tests of event-window statistics, yours as well as ours.

pytest loads this module by itself wherever the package is installed (entry point ``pytest11``), so a test can ask for the
fixtures by name:

``bt_panel``
    a `Panel`: two shares and a benchmark over 400 sessions, with a known move injected into each share.
``bt_events``
    the events table of exactly these moves, ready for ``EventStudy().run(bt_events, bt_panel.prices)``.
``bt_calendars``
    the calendars of Frankfurt and London for 2022, which differ on several days.

The builders behind them (`price_panel`, `events_table`, `calendar_pair`) take arguments for other cases:

>>> import backtest as bt
>>> from backtest.testing import price_panel
>>> panel = price_panel(effects={("AAA", 300): -0.10}, noise=0.01, seed=7)
>>> ar = bt.EventStudy().run(panel.events, panel.prices).ar
>>> round(float(ar.loc["E1", 0]), 2)
-0.1

Nothing heavy is imported before a fixture is used: the plug-in costs other projects' test runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pandas as pd

    from backtest.clock import Calendar
    from backtest.prices import Prices

#: Share and position (session number, counted from 0) of the moves in the panel that `bt_panel` gives.
EFFECTS: Mapping[tuple[str, int], float] = {("AAA", 300): -0.10, ("BBB", 320): 0.06}


@dataclass(frozen=True)
class Panel:
    """A made-up market of which the truth is known.

    prices : `Prices` of the shares, their sessions as the calendar, with the benchmark ``MKT``.
    events : events table, one row per injected move, in the order of `effects`; date-only, at the date of its session.
    effects : (share, position of the session) -> abnormal return on that session, exactly.
    alpha, beta : the market model that every share follows.
    """

    prices: Prices
    events: pd.DataFrame
    effects: Mapping[tuple[str, int], float]
    alpha: float
    beta: float


def price_panel(
    assets: Sequence[str] = ("AAA", "BBB"),
    sessions: int = 400,
    effects: Mapping[tuple[str, int], float] = EFFECTS,
    noise: float = 0.01,
    alpha: float = 0.0002,
    beta: float = 1.2,
    start: str = "2020-01-01",
    seed: int = 0,
) -> Panel:
    """Return shares that follow ``r = alpha + beta * r_market + noise``, with known moves on chosen sessions.

    Parameters
    ----------
    assets : tickers. sessions : number of sessions, the working days from `start`.
    effects : (ticker, position) -> abnormal return. On that session the noise is zero, so that the return is
        ``alpha + beta * r_market + effect`` to the last digit; what a study finds differs by the estimation error alone.
    noise : standard deviation of the normal idiosyncratic daily return; 0 makes a perfect fit.
    alpha, beta : of all shares. The market's daily return is normal with standard deviation 0.01.
    seed : of the random numbers; the same arguments give the same panel.

    Raises
    ------
    ValueError
        An effect on a share or a session that the panel does not have.
    """
    import numpy as np
    import pandas as pd

    from backtest.prices import Prices

    wrong = [key for key in effects if key[0] not in assets or not 0 < key[1] < sessions]
    if wrong:
        raise ValueError(
            f"effects on {wrong[0]}: the panel has the shares {list(assets)} and sessions 1 to {sessions - 1}"
        )
    random = np.random.default_rng(seed)
    dates = pd.bdate_range(start, periods=sessions).astype("datetime64[us]")
    market = random.normal(0.0003, 0.01, sessions)
    returns = alpha + beta * market[:, None] + random.normal(0.0, noise, (sessions, len(assets)))
    for (asset, at), effect in effects.items():
        returns[at, list(assets).index(asset)] = alpha + beta * market[at] + effect
    returns[0], market[0] = 0.0, 0.0
    close = pd.DataFrame(100 * np.cumprod(1 + returns, axis=0), index=dates, columns=list(assets))
    level = pd.Series(1000 * np.cumprod(1 + market), index=dates, name="MKT")
    events = events_table([(asset, dates[at]) for asset, at in effects]) if effects else no_events()
    return Panel(Prices.from_frame(close, benchmark=level), events, dict(effects), alpha, beta)


def events_table(rows: Sequence[tuple[str, object]], kind: str = "event", **columns: object) -> pd.DataFrame:
    """Return an events table of the contract from (ticker, date or instant with its offset) pairs.

    `columns` are further columns, one value for all rows or one per row. The ids are E1, E2, ... unless given.

    Raises
    ------
    SchemaError
        A date that cannot be read, a clock time without a zone, duplicate ids.
    """
    import pandas as pd

    from backtest.frames import normalise_events

    times = [str(when) if isinstance(when, str) else pd.Timestamp(str(when)).isoformat() for _, when in rows]
    times = [when.removesuffix("T00:00:00") for when in times]
    ids = [f"E{i}" for i in range(1, len(rows) + 1)]
    frame = {"event_id": ids, "asset": [asset for asset, _ in rows], "kind": kind, "event_time": times} | columns
    return normalise_events(pd.DataFrame(frame))


def no_events() -> pd.DataFrame:
    """Return an events table of the contract without a row."""
    return events_table([("AAA", "2020-01-01")]).iloc[:0]


def calendar_pair(start: str = "2022-01-01", end: str = "2022-12-31") -> tuple[Calendar, Calendar]:
    """Return the calendars of XETR (Frankfurt) and XLON (London) from `start` to `end`.

    In 2022 London was closed on seven days on which Frankfurt traded (3 January, 2 May, 2 and 3 June, 29 August,
    19 September, 27 December), and never the other way round.
    """
    from backtest.clock import calendar

    return calendar("XETR", start, end), calendar("XLON", start, end)


@pytest.fixture
def bt_panel() -> Panel:
    """Two shares with a known move each, over 400 sessions: see `price_panel`."""
    return price_panel()


@pytest.fixture
def bt_events(bt_panel: Panel) -> pd.DataFrame:
    """The events table of the moves in `bt_panel`."""
    return bt_panel.events


@pytest.fixture(scope="session")
def bt_calendars() -> tuple[Calendar, Calendar]:
    """The calendars of Frankfurt and London for 2022: see `calendar_pair`."""
    return calendar_pair()
