"""Pictures of a study: each takes tables and an `ax`, draws, and returns the `ax`; nothing is shown, nothing printed.

One style for all: colours that colour-blind readers tell apart, direct labels instead of legends where there is room, units
on the axes. A picture from simulated prices says so, and so does a mean of few events. This is the only module that imports
matplotlib, and it does so when the first picture is asked for.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest import drawing as draw
from backtest.drawing import COLOURS, MARKERS, PALETTES, tone
from backtest.errors import StoreError, UnknownNameError, offenders
from backtest.frames import group_labels
from backtest.labels import SMALL_N, count, each_row, kind_rank, p_value, span, title_of, window_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from backtest.prices import Prices
    from backtest.result import EventStudyResult

#: What holds while a figure is written: ids that repeat, text as text, and glyphs drawn without hinting, which is faster.
_SAVING = {
    "svg.hashsalt": "market-signals", "svg.fonttype": "none", "text.hinting": "no_hinting",
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"],
}  # fmt: skip
_DPI = 100
_BANDS = 3  # more bands than this over each other are mud
_QUIET = 4.0  # per cent: a quiet window is not blown up to fill its picture


def style(theme: str = "light") -> dict[str, Any]:
    """Return the matplotlib settings of a theme, for `matplotlib.rc_context`.

    Raises
    ------
    UnknownNameError
        `theme` is neither "light" nor "dark".
    """
    if theme not in PALETTES:
        raise UnknownNameError(f"unknown theme {theme!r}; known: {', '.join(PALETTES)}")
    colour = PALETTES[theme]
    return _SAVING | {
        "figure.facecolor": colour["paper"], "axes.facecolor": colour["paper"],
        "text.color": colour["ink"], "axes.labelcolor": colour["ink"], "axes.edgecolor": colour["soft"],
        "xtick.color": colour["soft"], "ytick.color": colour["soft"], "grid.color": colour["grid"],
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "axes.axisbelow": True,
        "axes.titlelocation": "left",
        "font.size": 9.5, "axes.labelsize": 9.5, "xtick.labelsize": 9, "ytick.labelsize": 9, "figure.dpi": _DPI,
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- pictures


def caar(result: EventStudyResult, by: str | None = "kind", ax: Axes | None = None) -> Axes:
    """Draw the cumulative average abnormal return over the event window, one line per group, with 95 % intervals.

    Parameters
    ----------
    result : an `EventStudyResult`; its `caar(by)` gives day, n, aar, caar, low, high per group (fractions; NaN is a gap).
    by : column that makes the groups; None puts all events together.
    ax : where to draw; None makes a figure of its own.

    Returns
    -------
    The axes. The six largest groups have colour and name, the three largest a band; all others are thin and grey.
    """
    table = result.caar(by=by)
    sizes = table.groupby("kind")["n"].max().sort_values(ascending=False, kind="stable")
    ax = new_axes(ax, (7.4, 4.6))
    ends = []
    for place, (group, n) in reversed(list(enumerate(sizes.items()))):
        rows, lead = table[table["kind"] == group], place < len(COLOURS)
        colour = COLOURS[place] if lead else tone(ax, "grid")
        draw.caar_line(ax, rows, colour, band=place < _BANDS)
        if lead:
            ends.append((rows["day"].iloc[-1], 100 * rows["caar"].iloc[-1], f"{group} (N={int(n)})", colour))
    draw.zero_lines(ax)
    draw.end_labels(ax, ends)
    draw.event_axis(ax, table["day"].to_numpy(), "cumulative average abnormal return (%)")
    subtitle, warning = _caar_words(sizes)
    draw.headline(ax, f"Abnormal return around the news{f', by {by}' if by else ''}", subtitle, result.notice, warning)
    return ax


def caar_panels(result: EventStudyResult, by: str | None = "kind", theme: str = "light", columns: int = 3) -> Figure:
    """Draw `caar` as small multiples: one panel per group (each with its own scale on y), single events thin and grey.

    Returns a figure; x counts sessions, y is per cent.
    """
    table = result.caar(by=by)
    sizes = table.groupby("kind")["n"].max().sort_values(ascending=False, kind="stable")
    rows = -(-len(sizes) // columns)
    with themed(theme):
        figure = _figure((columns * 3.3, 1.25 + rows * 2.3))
        tall = figure.get_figheight()
        figure.subplots_adjust(0.075, 0.5 / tall, 0.985, 1 - 0.95 / tall, wspace=0.24, hspace=0.5)
        for place, group in enumerate(sizes.index):
            ax = figure.add_subplot(rows, columns, place + 1)
            _group_panel(ax, result, by, table[table["kind"] == group])
            ax.set_ylabel("CAAR (%)" if place % columns == 0 else "")
            ax.set_xlabel("sessions from day 0" if place >= len(sizes) - columns else "")
        about = f"blue: mean with 95 % interval; orange: the same of fewer than {SMALL_N} events; grey: single events"
        draw.figure_headline(
            figure, f"Abnormal return around the news{f', by {by}' if by else ''}", about, result.notice
        )
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
    for place, row in enumerate(each_row(rows)):
        enough = row.n >= SMALL_N
        colour = COLOURS[0] if enough else COLOURS[1]
        ax.plot([100 * row.low, 100 * row.high], [place, place], color=colour, lw=2, solid_capstyle="butt")
        ax.plot(100 * row.effect, place, "o", color=colour, mfc=colour if enough else tone(ax, "paper"), ms=6.5)
        ax.annotate(
            f"N={int(row.n)}, p {p_value(row.pvalue)}", (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=8.5, color=tone(ax, "soft"),
        )  # fmt: skip
    ax.axvline(0, color=tone(ax, "soft"), lw=0.9)
    ax.set_yticks(range(len(rows)), rows["kind"])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlabel("mean abnormal return (%)")
    ax.grid(axis="x")
    window = f", {window_text(rows['window_start'].iloc[0], rows['window_end'].iloc[0])}" if len(rows) else ""
    few = f"hollow and orange: fewer than {SMALL_N} events" if (rows["n"] < SMALL_N).any() else ""
    draw.headline(ax, f"What the news did{window}", "point: mean of the group; line: 95 % interval", notice, few)
    return ax


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
    for (kind, peer), rows in marks.groupby(["kind", "peer"], sort=True):
        at, rank = rows["at"].to_numpy(), kind_rank(str(kind))
        colour = COLOURS[rank % len(COLOURS)]
        ax.plot(
            close.index[at], close.to_numpy()[at], MARKERS[rank % len(MARKERS)], ms=7, ls="none", mew=1.2, mec=colour,
            mfc=tone(ax, "paper") if peer else colour, label=f"{kind}{' (peer)' if peer else ''}: {len(rows)}",
        )  # fmt: skip
    if len(marks):
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8.5, handletextpad=0.2)
    ax.set_ylabel(_price_unit(prices, asset))
    ax.set_ylim(bottom=0)
    ax.grid(axis="y")
    ax.margins(x=0.01)
    name = prices.instruments["name"].get(asset, "") if "name" in prices.instruments else ""
    draw.headline(ax, f"{title_of(name, asset)}: close and events", span(close.index), prices.notice)
    return ax


# ------------------------------------------------------------------------------------------------------------- to files


def save(figure: Figure, stem: Path, formats: Sequence[str] = ("png", "svg")) -> list[Path]:
    """Write a figure as `stem`.png, `stem`.svg ...; the same figure gives the same bytes.

    Raises
    ------
    StoreError
        The place cannot be written.
    """
    paths = []
    for form in formats:
        path = stem.with_name(f"{stem.name}.{form}")
        extra: dict[str, Any] = {"pil_kwargs": {"compress_level": 2}} if form == "png" else {"metadata": {"Date": None}}
        with writing(path), themed(None):
            figure.savefig(path, format=form, dpi=_DPI, **extra)
        paths.append(path)
    return paths


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failure to write `path` into a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; choose another place") from error


def with_pixels(figure: Figure) -> tuple[Any, Any]:
    """Draw what is not animated in a figure; return its canvas and these pixels, onto which the rest can be drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas, canvas.copy_from_bbox(figure.bbox)


def svg(figure: Figure) -> str:
    """Return a figure as the text of an svg image; the same figure gives the same text."""
    text = io.StringIO()
    with themed(None):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def svg_layer(figure: Figure, artists: Sequence[Any]) -> str:
    """Return these artists of a figure alone, as the text of an svg image of the figure's size."""
    from matplotlib.backends.backend_svg import RendererSVG

    text, dpi = io.StringIO(), figure.dpi
    width, height = figure.get_size_inches()
    with themed(None):
        figure.dpi = 72  # the unit of an svg image is the point
        try:
            renderer = RendererSVG(72 * width, 72 * height, text, None, dpi, metadata={"Date": None})
            for artist in artists:
                artist.draw(renderer)
            renderer.finalize()
        finally:
            figure.dpi = dpi
    return text.getvalue()


def figures(result: EventStudyResult, answers: pd.DataFrame, theme: str = "light") -> Iterator[tuple[str, Figure]]:
    """Yield (name, figure) for the pictures of a run: `effects` (of the rows `answers`), `caar_by_kind`, `price/<asset>`.

    Those of single events come from `backtest.panels.event_scenes`.
    """
    with themed(theme):
        if len(answers):
            figure, ax = sheet((7.4, 1.5 + 0.3 * max(len(answers), 2)), 1.9, 1.35)
            effects(answers, result.notice, ax)
            yield "effects", figure
        yield "caar_by_kind", caar_panels(result, theme=theme)
        marked = result.events.join(result.audit.set_index("event_id")["day0"])
        for asset in marked["asset"].unique():
            figure, ax = sheet((8.8, 3.1), 0.65, 2.0, bottom=0.3)
            price_with_events(result.prices, marked, asset, ax)
            pin(ax, 0.5, 0.3)
            yield f"price/{asset}", figure


# -------------------------------------------------------------------------------------------------------------- helpers


@contextlib.contextmanager
def themed(theme: str | None) -> Iterator[None]:
    """Draw and save in a theme; None stands for the settings of saving alone."""
    import matplotlib

    settings: Any = style(theme) if theme else _SAVING
    with matplotlib.rc_context(settings):
        yield


def _figure(size: tuple[float, float]) -> Figure:
    """Return a figure outside pyplot: nothing global keeps it alive."""
    from matplotlib.figure import Figure

    return Figure(figsize=size)


def sheet(
    size: tuple[float, float], left: float, right: float, top: float = 0.85, bottom: float = 0.55
) -> tuple[Figure, Axes]:
    """Return a figure with one axes and margins in inches, which costs less than a layout engine."""
    (width, height), figure = size, _figure(size)
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
    return figure, figure.add_axes(box)


def pin(ax: Axes, left: float, below: float) -> None:
    """Fix the places of title and axis labels (inches from the axes), which are otherwise sought anew at each drawing."""
    box, figure = ax.get_position(), ax.get_figure(root=True)
    if figure is not None:
        ax.yaxis.set_label_coords(-left / (box.width * figure.get_figwidth()), 0.5)
        ax.xaxis.set_label_coords(0.5, -below / (box.height * figure.get_figheight()))
    ax.set_title("", y=1.0)


def new_axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """Return `ax`, or the axes of a new pyplot figure, which a notebook then shows by itself."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    # Made outside the theme: the first figure loads the backend, and a notebook's turns on settings that must last.
    figure = pyplot.figure(figsize=size, layout="constrained", facecolor=PALETTES["light"]["paper"])
    with themed("light"):
        return figure.add_subplot()


def _group_panel(ax: Axes, result: EventStudyResult, by: str | None, rows: pd.DataFrame) -> None:
    group, n = rows["kind"].iloc[0], int(rows["n"].max())
    labels = group_labels(result.events) if by == "kind" else result.events[by].astype("str") if by else None
    single = result.ar if labels is None else result.ar[(labels == group).to_numpy()]
    for car in single.cumsum(axis=1, skipna=False).to_numpy():
        ax.plot(result.ar.columns, 100 * car, color=tone(ax, "grid"), lw=0.8)
    draw.caar_line(ax, rows, COLOURS[0] if n >= SMALL_N else COLOURS[1])
    draw.zero_lines(ax)
    draw.event_axis(ax, rows["day"].to_numpy(), "")
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, -_QUIET), max(high, _QUIET))
    ax.set_title(f"{group}, N={n}", fontsize=9, fontweight="bold")


def _caar_words(sizes: pd.Series) -> tuple[str, str]:
    few, rest = int((sizes < SMALL_N).sum()), len(sizes) - len(COLOURS)
    band = " of the three largest" if len(sizes) > _BANDS else ""
    grey = f"; grey: {count(rest, 'smaller group')}" if rest > 0 else ""
    warning = (
        f"{few} of {count(len(sizes), 'group')} with fewer than {SMALL_N} events: read them as cases" if few else ""
    )
    return f"mean of the group; band: 95 % interval{band}{grey}", warning


def _day_zero(result: EventStudyResult, event_id: str) -> pd.Timestamp:
    row = (result.audit["event_id"] == event_id).to_numpy()
    return pd.Timestamp(result.audit["day0"].to_numpy()[row][0])


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


#: Pictures that live in `backtest.gallery`, reached from here.
GALLERY = (
    "date_sensitivity", "entry_ladder", "equity", "event_calendar", "heat_map", "placebo_days", "placebo_histogram",
    "power_chart", "spaghetti", "specification_curve", "spillover", "trade_returns",
)  # fmt: skip

#: Pictures of single events, which live in `backtest.panels`.
PANELS = ("event_panel", "event_price")


def __getattr__(name: str) -> Any:
    """Import a picture of the gallery, or of a single event, when it is first asked for."""
    if name in PANELS:
        from backtest import panels

        return getattr(panels, name)
    if name not in GALLERY:
        raise AttributeError(f"module 'backtest.plots' has no attribute {name!r}")
    from backtest import gallery

    return getattr(gallery, name)
