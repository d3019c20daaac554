"""Pictures of doubt: one event against its past or on another day, other specifications, power, spill-over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from backtest.errors import UnknownNameError, offenders
from backtest.labels import count, each_row, few_words, p_value, percent, short, window_text
from backtest.plots import strokes as draw
from backtest.plots.canvas import new_axes, sheet, themed
from backtest.plots.strokes import COLOURS, MARKERS, tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from backtest.result import EventStudyResult

_ROWS = 45  # more names than this beside a picture cannot be read


def placebo_days(
    result: EventStudyResult, event_id: str, window: tuple[int, int] = (0, 0), ax: Axes | None = None
) -> Axes:
    """Draw one event against its own placebo distribution: sums of the share's estimation residuals over as many days.

    This is what the sample-quantile test (SQ) counts.

    Raises
    ------
    UnknownNameError
        The event is not among those kept.
    """
    from backtest.kernels.gather import rolling_sums

    if event_id not in result.ar.index:
        raise UnknownNameError(f"unknown event {event_id!r} in this result; kept: {offenders(result.ar.index)}")
    place = np.array([result.ar.index.get_loc(event_id)], dtype=np.int64)
    length = window[1] - window[0] + 1
    reference = 100 * rolling_sums(result.source(place).values, length)[0]
    reference = reference[np.isfinite(reference)]
    value = 100 * float(result.ar.loc[event_id].loc[window[0] : window[1]].to_numpy().sum())
    ax = new_axes(ax, (6.4, 3.6))
    ax.hist(reference, bins=40, color=tone(ax, "soft"), alpha=0.7)
    ax.margins(y=0.16)  # room for the words beside the line
    ax.axvline(value, color=COLOURS[1], lw=2.2)
    draw.flag(ax, value, f"this event: {percent(value / 100)}")
    extreme = min((reference <= value).sum(), (reference >= value).sum())
    p = min(1.0, 2 * (1 + int(extreme)) / (1 + len(reference)))
    ax.set_xlabel(f"abnormal return over {count(length, 'day')} (%)")
    ax.set_ylabel("days of the estimation window")
    event = result.events.loc[event_id]
    about = f"{count(len(reference), 'placebo')}; SQ p {p_value(p)}, smallest possible {2 / (1 + len(reference)):.3f}"
    title = f"{short(str(event['asset']), 12)} {short(str(event['kind']), 20)}, {window_text(*window)}, and its past"
    draw.headline(ax, title, about, result.notice, few_words(1))
    return ax


def date_sensitivity(result: EventStudyResult, event_id: str, ax: Axes | None = None) -> Axes:
    """Draw what the event's effect would be, had it happened on each day of the window: abnormal return and its p.

    p comes from the abnormal return over the residual standard deviation, t(M - k); days below 5 % are filled.
    """
    from backtest.inference import pvalues

    if event_id not in result.ar.index:
        raise UnknownNameError(f"unknown event {event_id!r} in this result; kept: {offenders(result.ar.index)}")
    place = result.ar.index.get_loc(event_id)
    row = 100 * result.ar.loc[event_id]
    ax = new_axes(ax, (6.4, 3.4))
    days = row.index.to_numpy()
    sd = float(np.sqrt(result.estimates.s2[place]))
    p = pvalues.student(row.to_numpy() / (100 * sd), float(result.estimates.df[place]))
    limit = 100 * float(pvalues.student_limit(float(result.estimates.df[place]))) * sd
    ax.axhspan(-limit, limit, color=tone(ax, "grid"), alpha=0.6, lw=0)
    blue = draw.legible(ax, COLOURS[0])
    for day, value, chance in zip(days, row.to_numpy(), np.asarray(p), strict=True):
        filled = blue if chance < 0.05 else tone(ax, "paper")
        ax.plot([day, day], [0, value], color=blue, lw=1)
        ax.plot(day, value, "o", color=blue, mfc=filled, ms=6)
    draw.zero_lines(ax)
    draw.event_axis(ax, days, "abnormal return (%)")
    found = int((np.asarray(p) < 0.05).sum())
    about = f"filled: p < 0.05 taken alone ({found} of {count(len(days), 'day')}); grey: ±{limit:.1f} %, ordinary days"
    draw.headline(ax, f"{short(event_id, 28)}: which day was it?", about, result.notice, few_words(1))
    return ax


def specification_curve(specs: pd.DataFrame, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw the effect under every specification tried, sorted: `specs` has `spec` (words), `effect`, `low`, `high`.

    With a column `chosen` (bool) that specification is marked.
    """
    rows = specs.sort_values("effect", kind="stable").reset_index(drop=True)
    few = len(rows) <= _ROWS
    ax = new_axes(ax, (7.4, 1.7 + 0.26 * len(rows)) if few else (7.4, 7.4))
    thick, size = (1.8, 6.0) if few else (min(1.8, 150 / len(rows)), 3.0)
    for place, row in enumerate(each_row(rows)):
        away = row.low > 0 or row.high < 0
        colour = COLOURS[0] if away else tone(ax, "soft")
        ax.plot([100 * row.low, 100 * row.high], [place, place], color=colour, lw=thick, alpha=1.0 if few else 0.6)
        ax.plot(100 * row.effect, place, "o", color=colour, mfc=colour if away else tone(ax, "paper"), ms=size)
    ax.axvline(0, color=tone(ax, "soft"), lw=0.9)
    for place in np.flatnonzero(rows["chosen"]).tolist() if "chosen" in rows else []:
        ax.axvline(100 * rows["effect"].iloc[place], color=COLOURS[1], lw=1.2, ls=(0, (4, 3)))
        ax.plot(100 * rows["effect"].iloc[place], place, "D", color=COLOURS[1], ms=7, zorder=5, label="chosen")
        ax.legend(loc="lower right", frameon=False, labelcolor=tone(ax, "ink"))
    ax.set_yticks(range(len(rows)), [short(str(spec), 44) for spec in rows["spec"]]) if few else ax.set_yticks([])
    ax.set_ylabel("" if few else "specifications, in order of their effect")
    ax.set_xlabel("mean abnormal return (%)")
    ax.grid(axis="x")
    away = int(((rows["low"] > 0) | (rows["high"] < 0)).sum())
    about = f"filled: 95 % interval without zero, {away} of {count(len(rows), 'specification')}"
    thin = few_words(int(rows["n"].min())) if "n" in rows and len(rows) else ""
    draw.headline(ax, "The same question, asked differently", about, notice, thin)
    return ax


def power_chart(table: pd.DataFrame, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw how often each test rejects by the size of the true effect: `table` has `test`, `effect` (fraction), `rejected`.

    The value at an effect of zero is the size of the test; the dotted lines are 5 % and 80 %.
    """
    ax = new_axes(ax, (6.6, 4.0))
    ends = []
    for place, (test, rows) in enumerate(table.groupby("test", sort=True)):
        rows, colour = rows.sort_values("effect"), draw.legible(ax, COLOURS[place % len(COLOURS)], 3)
        x, y = 100 * rows["effect"].to_numpy(), 100 * rows["rejected"].to_numpy()
        ax.plot(x, y, color=colour, marker=MARKERS[place % len(MARKERS)], ms=4, lw=1.8)
        ends.append((float(x[-1]), float(y[-1]), str(test), colour))
    for level in (5, 80):
        ax.axhline(level, color=tone(ax, "soft"), lw=0.9, ls=":")
    ax.set_ylim(0, 102)
    ax.set_xlabel("true effect (%)")
    ax.set_ylabel("rejected at 5 % (% of draws)")
    draw.end_labels(ax, ends)
    known = list(table["n"].unique()) if "n" in table else []
    size = f"{count(int(known[0]), 'event')}; " if len(known) == 1 else ""
    about = f"{size}at effect 0 the line is the size: 5 % is right; dotted: 5 and 80 %"
    thin = few_words(int(known[0])) if len(known) == 1 else ""
    draw.headline(ax, "What each test would have found", about, notice, thin)
    return ax


def spillover(pairs: pd.DataFrame, issuer: str, peer: str, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw the peer's abnormal return against the issuer's, one point per event: `pairs` has `issuer`, `peer` (fractions)."""
    ax = new_axes(ax, (5.4, 4.2))
    both = 100 * pairs[["issuer", "peer"]].dropna()
    ax.plot(both["issuer"], both["peer"], "o", color=COLOURS[0], alpha=0.85)
    ax.axhline(0, color=tone(ax, "soft"), lw=0.9)
    ax.axvline(0, color=tone(ax, "soft"), lw=0.9)
    about = f"{count(len(both), 'event')}"
    if len(both) > 1:
        ratio = float(both["peer"].sum() / both["issuer"].sum())
        x = np.array([both["issuer"].min(), both["issuer"].max()])
        ax.plot(x, ratio * x, color=COLOURS[1], lw=1.5)
        about += f"; line: ratio of sums, {ratio:.2f} of the issuer's move"
    ax.set_xlabel(f"abnormal return of {short(issuer, 20)} (%)")
    ax.set_ylabel(f"abnormal return of {short(peer, 20)} (%)")
    draw.headline(ax, f"From {short(issuer, 14)} to {short(peer, 14)}", about, notice, few_words(len(both)))
    return ax


def power_figures(curves: pd.DataFrame, notice: str, theme: str = "light") -> Iterator[tuple[str, Figure]]:
    """Yield (name, figure) of the power chart of every group: `power`, or `power-<group>` where there are several."""
    with themed(theme):
        for kind, rows in curves.groupby("kind", sort=False):
            figure, ax = sheet((6.6, 4.2), 0.75, 1.45, top=1.0)
            power_chart(rows, notice, ax)
            yield ("power" if len(rows) == len(curves) else f"power-{kind}"), figure
