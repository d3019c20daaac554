"""Pictures over calendar time: what happened when, and to which price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from backtest.errors import UnknownNameError, offenders
from backtest.labels import count, few_words, kind_rank, short, span, title_of
from backtest.plots import strokes as draw
from backtest.plots.canvas import date_axis, log_axis, new_axes
from backtest.plots.strokes import COLOURS, MARKERS, tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backtest.prices import Prices

_SHARES = 60  # more rows than this cannot be read
_LOG = 10  # a share that fell to a tenth hides all later events on a linear scale


def event_calendar(events: pd.DataFrame, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw when what happened to whom: one row per share, one mark per event; events known to the month or year are pale.

    Of more than 60 shares those with most events are drawn, and the others counted in the subtitle.
    """
    ranked = events["asset"].value_counts()
    assets = list(ranked.index[:_SHARES][::-1])
    ax = new_axes(ax, (8.6, 1.9 + 0.28 * len(assets)))
    exact = events["event_precision"].isin(["minute", "day"])
    kinds = [str(kind) for kind in events["kind"].unique()]
    for kind in sorted(kinds, key=lambda kind: (kind_rank(kind, kinds), kind)):
        rows, (mark, colour) = events[(events["kind"] == kind) & events["asset"].isin(assets)], _mark(kind, kinds)
        ax.plot([], [], mark, color=colour, ms=6.5, ls="none", label=f"{short(kind)}: {len(rows)}")
        for known in (True, False):
            some = rows[exact.loc[rows.index] == known]
            x, y = some["event_time"].dt.tz_localize(None), [assets.index(asset) for asset in some["asset"]]
            ax.plot(x, y, mark, color=colour, alpha=1.0 if known else 0.35, ms=6.5, ls="none")
    ax.set_yticks(range(len(assets)), [short(asset, 22) for asset in assets])
    ax.set_ylim(-0.7, len(assets) - 0.3)
    ax.grid(axis="y")
    date_axis(ax)
    draw.legend(ax)
    pale = "" if exact.all() else "; pale: known to the month or year only"
    left = f"; {count(len(ranked) - _SHARES, 'further share')} not drawn" if len(ranked) > _SHARES else ""
    draw.headline(ax, "Event calendar", f"{count(len(events), 'event')}{pale}{left}", notice, few_words(len(events)))
    return ax


def _mark(kind: str, kinds: Sequence[str]) -> tuple[str, str]:
    rank = kind_rank(kind, kinds)
    return MARKERS[rank % len(MARKERS)], COLOURS[rank % len(COLOURS)]


def price_with_events(prices: Prices, events: pd.DataFrame, asset: str, ax: Axes | None = None) -> Axes:
    """Draw the closes of one share with a mark at each of its events; each kind has its marker, peers' news is hollow.

    Parameters
    ----------
    prices : `Prices`; closes that are NaN leave a gap.
    events : events table; only rows of `asset` count. A column `day0` (session) is used where it is given, else the
        first session on or after the date of `event_time`.
    asset : ticker.
    ax : where to draw; None makes a figure of its own.

    Raises
    ------
    UnknownNameError
        No prices of that ticker.
    """
    if asset not in prices.close.columns:
        raise UnknownNameError(f"no prices of {asset!r}; there are {offenders(prices.close.columns)}")
    close = prices.close[asset]
    close = close.loc[close.first_valid_index() : close.last_valid_index()]
    ax = new_axes(ax, (8.8, 3.4))
    ax.plot(close.index, close.to_numpy(), color=tone(ax, "soft"), lw=0.9)
    own = events[events["asset"] == asset]
    marks = own.assign(at=_sessions(own, pd.DatetimeIndex(close.index)), peer=own["role"] == "peer").query(
        f"at < {len(close)}"
    )
    kinds = [str(kind) for kind in marks["kind"].unique()]
    for (kind, peer), rows in marks.groupby(["kind", "peer"], sort=True):
        at, (mark, colour) = rows["at"].to_numpy(), _mark(str(kind), kinds)
        ax.plot(
            close.index[at], close.to_numpy()[at], mark, ms=7, ls="none", mew=1.2, mec=colour,
            mfc=tone(ax, "paper") if peer else colour, label=f"{short(str(kind))}{' (peer)' if peer else ''}: {len(rows)}",
        )  # fmt: skip
    draw.legend(ax)
    wide = close.max() > _LOG * close.min() > 0
    ax.set_ylabel(_price_unit(prices, asset) + (", log scale" if wide else ""))
    if wide:
        log_axis(ax)
    else:
        ax.set_ylim(bottom=0)
    ax.grid(axis="y")
    date_axis(ax)
    ax.margins(x=0.01)
    name = prices.instruments["name"].get(asset, "") if "name" in prices.instruments else ""
    draw.headline(ax, f"{title_of(name, asset)}: close and events", span(close.index), prices.notice)
    return ax


def _sessions(events: pd.DataFrame, sessions: pd.DatetimeIndex) -> np.ndarray:
    """Return the position of each event's session (`len(sessions)` if it is later than the last)."""
    dates = events["event_time"].dt.tz_localize(None).dt.normalize()
    when = events["day0"].fillna(dates) if "day0" in events else dates
    return np.asarray(sessions.searchsorted(when.to_numpy()))


def _price_unit(prices: Prices, asset: str) -> str:
    if "unit" not in prices.instruments or asset not in prices.instruments.index:
        return "close"
    unit = str(prices.instruments["unit"][asset])
    return {"GBp": "close (pence)"}.get(unit, f"close ({unit})" if unit else "close")
