"""Pictures of a study as a whole: mean paths by kind, single paths, effects of a window, all abnormal returns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from backtest.errors import UnknownNameError, offenders
from backtest.frames import group_labels
from backtest.labels import SMALL_N, count, each_row, few_words, p_value, short, window_text
from backtest.plots import strokes as draw
from backtest.plots.canvas import blank_figure, new_axes, pin, sheet, themed
from backtest.plots.strokes import COLOURS, MARKERS, tone
from backtest.plots.timeline import price_with_events

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from backtest.result import EventStudyResult

_BANDS = 3  # more bands than this over each other are mud
_QUIET = 4.0  # per cent: a quiet window is not blown up to fill its picture
_ROWS = 45  # more names than this beside a picture cannot be read
_NAME = 28  # letters of a group's name for which there is room


def caar(
    result: EventStudyResult, by: str | None = "kind", ax: Axes | None = None, groups: Collection[str] | None = None
) -> Axes:
    """Draw the cumulative average abnormal return over the event window, one line per group, with 95 % intervals.

    Parameters
    ----------
    result : an `EventStudyResult`; its `caar(by)` gives day, n, aar, caar, low, high per group (fractions; NaN is a gap).
    by : column that makes the groups; None puts all events together.
    ax : where to draw; None makes a figure of its own.
    groups : draw these groups alone; None draws all.

    Returns
    -------
    The axes. The six largest groups have colour and name, the three largest a band; all others are thin and grey.

    Raises
    ------
    UnknownNameError
        `groups` has none of the result's groups.
    """
    table, about = result.caar(by=by), _sizes(result, by)
    if groups is not None:
        there = offenders(sorted(about.index), 12)
        about = about[about.index.isin(groups)]
        if about.empty:
            raise UnknownNameError(f"none of the groups {offenders(groups)} is in this result; there are {there}")
        table = table[table["kind"].isin(about.index)]
    ax = new_axes(ax, (7.4, 4.6))
    ends = []
    for place, group in reversed(list(enumerate(about.index))):
        rows, lead = table[table["kind"] == group], place < len(COLOURS)
        colour = draw.legible(ax, COLOURS[place], 3) if lead else tone(ax, "grid")
        mark = MARKERS[place] if lead and len(about) > 1 else ""
        draw.caar_line(ax, rows, colour, place < _BANDS, mark)
        if lead:
            name = f"{short(str(group))} ({_n_words(about.loc[group])})"
            ends.append((rows["day"].iloc[-1], 100 * rows["caar"].iloc[-1], name, colour))
    draw.zero_lines(ax)
    cut = _frame(ax, table[table["kind"].isin(about.index[:_BANDS])], table["caar"])
    draw.end_labels(ax, ends)
    draw.event_axis(ax, table["day"].to_numpy(), "cumulative average abnormal return (%)")
    subtitle, warning = _caar_words(about, cut)
    draw.headline(ax, f"Abnormal return around the news{f', by {by}' if by else ''}", subtitle, result.notice, warning)
    return ax


def caar_panels(result: EventStudyResult, by: str | None = "kind", theme: str = "light", columns: int = 3) -> Figure:
    """Draw `caar` as small multiples: one panel per group (each with its own scale on y), single events thin and grey.

    Returns a figure; x counts sessions, y is per cent.
    """
    table, about = result.caar(by=by), _sizes(result, by)
    columns = max(1, min(columns, len(about)))
    rows, wide = -(-len(about) // columns), 3.3 if columns > 1 else 6.4
    with themed(theme):
        figure = blank_figure((round(wide * columns, 1), 1.3 + rows * 2.5))
        tall = figure.get_figheight()
        figure.subplots_adjust(0.74 / (wide * columns), 0.5 / tall, 0.985, 1 - 1.15 / tall, wspace=0.24, hspace=0.62)
        cut = False
        for place, group in enumerate(about.index):
            ax = figure.add_subplot(rows, columns, place + 1)
            cut |= _group_panel(ax, result, by, table[table["kind"] == group], about.loc[group])
            ax.set_ylabel("CAAR (%)" if place % columns == 0 else "")
            ax.set_xlabel("sessions from day 0" if place >= len(about) - columns else "")
        legend = f"blue: mean with 95 % interval; orange: the same of fewer than {SMALL_N} events; grey: single events"
        legend += "; intervals of two events are cut" if cut else ""
        title = f"Abnormal return around the news{f', by {by}' if by else ''}"
        draw.figure_headline(figure, title, legend, result.notice)
    return figure


def effects(tests: pd.DataFrame, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw one line per group: the mean abnormal return of a window, its interval, N and p.

    Parameters
    ----------
    tests : rows of a tests table, one per group: `kind, window_start, window_end, n, effect, low, high, pvalue`
        (fractions; NaN bounds draw no whisker).
    notice : where the prices come from, if that must be said.
    ax : where to draw; None makes a figure of its own.
    """
    rows = tests.sort_values("effect", kind="stable", ascending=False).reset_index(drop=True)
    ax = new_axes(ax, (7.4, 1.5 + 0.3 * max(len(rows), 2)))
    low, high = _span(rows)
    for place, row in enumerate(each_row(rows)):
        enough = row.n >= SMALL_N
        colour = COLOURS[0] if enough else COLOURS[1]
        ax.plot([100 * row.low, 100 * row.high], [place, place], color=colour, lw=2, solid_capstyle="butt")
        for end, edge, mark in ((row.low, low, "<"), (row.high, high, ">")):
            if 100 * end < low or 100 * end > high:
                ax.plot(edge, place, mark, color=colour, ms=6, clip_on=False)
        ax.plot(100 * row.effect, place, "o", color=colour, mfc=colour if enough else tone(ax, "paper"), ms=6.5)
        ax.annotate(
            f"N={int(row.n)}, p {p_value(row.pvalue)}", (1, place), xycoords=("axes fraction", "data"), xytext=(8, 0),
            textcoords="offset points", va="center", fontsize=8.5, color=tone(ax, "soft"),
        )  # fmt: skip
    ax.axvline(0, color=tone(ax, "soft"), lw=0.9)
    ax.set_yticks(range(len(rows)), [short(kind, _NAME) for kind in rows["kind"]])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(low, high)
    ax.set_xlabel("mean abnormal return (%)")
    ax.grid(axis="x")
    window = f", {window_text(rows['window_start'].iloc[0], rows['window_end'].iloc[0])}" if len(rows) else ""
    few = f"hollow and orange: fewer than {SMALL_N} events, read them as cases" if (rows["n"] < SMALL_N).any() else ""
    draw.headline(ax, f"What the news did{window}", _effect_words(rows), notice, few)
    return ax


def _span(rows: pd.DataFrame) -> tuple[float, float]:
    """Return ends of the x axis in per cent that hold all but the intervals of two events."""
    sure = rows[rows["n"] != 2]
    inside = 100 * np.concatenate([rows["effect"], sure["low"], sure["high"], [0.0]])
    inside = inside[np.isfinite(inside)]
    margin = 0.06 * (inside.max() - inside.min()) or 1.0
    return inside.min() - margin, inside.max() + margin


def _effect_words(rows: pd.DataFrame) -> str:
    tests = ", ".join(dict.fromkeys(t for t in rows.get("test", pd.Series(dtype="str")) if t))
    return f"point: mean of the group; line: 95 % interval{f'; p by {tests}' if tests else ''}"


def spaghetti(result: EventStudyResult, kind: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the cumulative abnormal return of every event of a kind (None: all), and their mean.

    Raises
    ------
    UnknownNameError
        No event of that kind was kept.
    """
    labels = group_labels(result.events)
    if kind is not None and kind not in set(labels):
        raise UnknownNameError(f"unknown kind {kind!r} in this result; there are {offenders(sorted(set(labels)), 12)}")
    paths = 100 * result.ar[(labels == kind).to_numpy() if kind else slice(None)].cumsum(axis=1, skipna=False)
    ax = new_axes(ax, (6.4, 4.2))
    days = paths.columns.to_numpy()
    ax.plot(days, paths.to_numpy().T, color=tone(ax, "soft"), lw=0.7, alpha=float(np.clip(4 / len(paths), 0.12, 0.5)))
    mean = paths.mean()
    ax.plot(days, mean.to_numpy(), color=COLOURS[0], lw=2.2)
    draw.end_labels(ax, [(days[-1], float(mean.iloc[-1]), "mean" if len(paths) > 1 else "the event", COLOURS[0])])
    draw.zero_lines(ax)
    draw.event_axis(ax, days, "cumulative abnormal return (%)")
    words = f"grey: {count(len(paths), 'event')}; blue: their mean" if len(paths) > 1 else "1 event"
    draw.headline(ax, f"Every event: {kind or 'all kinds'}", words, result.notice, few_words(len(paths)))
    return ax


def heat_map(result: EventStudyResult, ax: Axes | None = None, limit: float = 10.0) -> Axes:
    """Draw abnormal returns as colours, events (grouped by kind, in order of time) by days; beyond ±`limit` per cent the
    colour stays the same. Orange falls, violet rises, white is nothing, grey is missing."""
    labels = group_labels(result.events)
    order = pd.DataFrame({"kind": labels, "time": result.events["event_time"]}).sort_values(["kind", "time"]).index
    values = 100 * result.ar.loc[order]
    ax = new_axes(ax, (7.2, 2.2 + min(0.16 * max(len(values), 3), 7.5)))
    ax.set_facecolor(tone(ax, "grid"))
    days = values.columns.to_numpy()
    shown = ax.imshow(
        values.to_numpy(), aspect="auto", cmap="PuOr", vmin=-limit, vmax=limit, interpolation="nearest",
        extent=(days[0] - 0.5, days[-1] + 0.5, len(values) - 0.5, -0.5),
    )  # fmt: skip
    _rows_named(ax, result.events.loc[order], labels.loc[order])
    ax.axvline(0, color="#1A1A1A", lw=0.7, ls=(0, (3, 3)))
    draw.event_axis(ax, days, "")
    ax.grid(visible=False)
    ax.set_xlim(days[0] - 0.5, days[-1] + 0.5)
    bar = cast("Figure", ax.get_figure(root=True)).colorbar(
        shown, ax=ax, extend="both", orientation="horizontal", shrink=0.6, aspect=30, pad=0.02
    )
    bar.set_label("abnormal return (%)")
    few = few_words(len(values))
    draw.headline(ax, "Abnormal returns, event by event", "a row is an event; oldest first", result.notice, few)
    return ax


def _rows_named(ax: Axes, events: pd.DataFrame, kinds: pd.Series) -> None:
    """Name each row on the left and each kind on the right; of too many rows only the kinds, and a line between them."""
    firsts = np.flatnonzero(kinds.ne(kinds.shift()).to_numpy())
    for place in firsts[1:]:
        ax.axhline(place - 0.5, color="#1A1A1A", lw=0.8)
    names = [short(kinds.iloc[i], _NAME) for i in firsts]
    at = draw.apart(firsts.astype("float64"), len(kinds) / _ROWS)
    if len(kinds) > _ROWS:
        ax.set_yticks(at, names, fontsize=8)
        return
    dates = events["event_time"].dt.strftime("%Y-%m-%d")
    ax.set_yticks(range(len(kinds)), [short(a, 16) + "  " + d for a, d in zip(events["asset"], dates, strict=True)])
    ax.tick_params(axis="y", labelsize=7)
    for place, name in zip(at, names, strict=True):
        ax.annotate(
            name, (1, place), xycoords=("axes fraction", "data"), xytext=(5, 0), textcoords="offset points",
            va="center", fontsize=8, color=tone(ax, "soft"), annotation_clip=False,
        )  # fmt: skip


def figures(result: EventStudyResult, answers: pd.DataFrame, theme: str = "light") -> Iterator[tuple[str, Figure]]:
    """Yield (name, figure) for the pictures of a run: `effects` (of the rows `answers`), `caar_by_kind`, `price/<asset>`.

    Those of single events come from `backtest.plots.events.event_scenes`.
    """
    with themed(theme):
        if len(answers):
            figure, ax = sheet((7.4, 1.5 + 0.3 * max(len(answers), 2)), 2.05, 1.35)
            effects(answers, result.notice, ax)
            yield "effects", figure
        yield "caar_by_kind", caar_panels(result, theme=theme)
        marked = result.events.join(result.audit.set_index("event_id")["day0"])
        for asset in marked["asset"].unique():
            figure, ax = sheet((8.8, 3.1), 0.65, 2.0, 0.7, 0.3)
            price_with_events(result.prices, marked, asset, ax)
            pin(ax, 0.5, 0.3)
            yield f"price/{asset}", figure


def _group_panel(ax: Axes, result: EventStudyResult, by: str | None, rows: pd.DataFrame, about: pd.Series) -> bool:
    group = rows["kind"].iloc[0]
    labels = group_labels(result.events) if by == "kind" else result.events[by].astype("str") if by else None
    single = result.ar if labels is None else result.ar[(labels == group).to_numpy()]
    for car in single.cumsum(axis=1, skipna=False).to_numpy():
        ax.plot(result.ar.columns, 100 * car, color=tone(ax, "grid"), lw=0.8)
    draw.caar_line(ax, rows, COLOURS[0] if about["n"] >= SMALL_N else COLOURS[1])
    draw.zero_lines(ax)
    draw.event_axis(ax, rows["day"].to_numpy(), "")
    cut = _frame(ax, rows, single.cumsum(axis=1))
    ax.set_title(short(str(group), 34), fontsize=9, fontweight="bold", pad=16)
    draw.above(ax, f"{_n_words(about)}; {about['test']}", 4, 8, tone(ax, "soft"))
    return cut


def _sizes(result: EventStudyResult, by: str | None) -> pd.DataFrame:
    """Return n, n_eff and the recommended test of each group over the whole event window, largest group first."""
    advice = result.recommended(by=by, windows=[result.spec.event]).set_index("kind")
    return advice[["n", "n_eff", "test"]].sort_values("n", ascending=False, kind="stable")


def _n_words(about: pd.Series) -> str:
    """Return "N=31, eff. 29.4", "N=1": what the events count for, given their correlation, where that is a number."""
    return f"N={int(about['n'])}" + (f", eff. {about['n_eff']:.3g}" if about["n"] > 1 and about["n_eff"] > 0 else "")


def _frame(ax: Axes, table: pd.DataFrame, lines: pd.Series | pd.DataFrame) -> bool:
    """Give y a scale that holds all but the intervals of two events; return True if one of these runs beyond it.

    Its limit is t(1), which is 12.7 standard errors: it would flatten everything else. `table` has the intervals, `lines`
    what else is drawn (fractions).
    """
    sure = table[table["n"] != 2]
    held = [table["caar"], sure["low"], sure["high"], [0.0], lines.to_numpy().ravel()]
    inside = 100 * np.concatenate([np.asarray(part, dtype="float64") for part in held])
    low, high = np.nanmin(inside), np.nanmax(inside)
    margin = 0.08 * (high - low)
    ax.set_ylim(min(low - margin, -_QUIET), max(high + margin, _QUIET))
    ends = 100 * table.loc[table["n"] == 2, ["low", "high"]].to_numpy()
    return bool((ends < low - margin).any() or (ends > high + margin).any())


def _caar_words(about: pd.DataFrame, cut: bool) -> tuple[str, str]:
    few, rest = int((about["n"] < SMALL_N).sum()), len(about) - len(COLOURS)
    tests = about["test"].value_counts()
    named = ", ".join(str(t) if len(tests) == 1 else f"{t} ({count(int(k), 'group')})" for t, k in tests.items() if t)
    band = " of the three largest" if len(about) > _BANDS else ""
    band += ", of two events cut at the frame" if cut else ""
    grey = f"; grey: {count(rest, 'smaller group')}" if rest > 0 else ""
    if len(about) == 1:
        warning = few_words(int(about["n"].iloc[0]))
    else:
        warning = f"{few} of {len(about)} groups with fewer than {SMALL_N} events: read them as cases" if few else ""
    return f"recommended test {named or 'none'}; band: 95 % interval{band}{grey}", warning
