"""Paper and ink: figures, themes, and files; the only module that imports matplotlib, when the first picture is asked for."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from backtest.errors import StoreError, UnknownNameError
from backtest.plots.strokes import PALETTES, theme_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: What holds while a figure is written: ids that repeat, text as text, and glyphs drawn without hinting, which is faster.
_SAVING = {
    "svg.hashsalt": "market-signals", "svg.fonttype": "none", "text.hinting": "no_hinting",
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"],
}  # fmt: skip
_DPI = 100


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


@contextlib.contextmanager
def themed(theme: str | None) -> Iterator[None]:
    """Draw and save in a theme; None stands for the settings of saving alone."""
    import matplotlib

    settings: Any = style(theme) if theme else _SAVING
    with matplotlib.rc_context(settings):
        yield


def blank_figure(size: tuple[float, float]) -> Figure:
    """Return a figure outside pyplot: nothing global keeps it alive."""
    from matplotlib.figure import Figure

    return Figure(figsize=size)


def sheet(
    size: tuple[float, float], left: float, right: float, top: float = 0.85, bottom: float = 0.55
) -> tuple[Figure, Axes]:
    """Return a figure with one axes and margins in inches, which costs less than a layout engine."""
    (width, height), figure = size, blank_figure(size)
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


def below(ax: Axes) -> Axes:
    """Return a second axes in the lower half of the place of `ax`, which keeps the upper half."""
    figure, spec = cast("Figure", ax.get_figure(root=True)), ax.get_subplotspec()
    with themed(theme_of(ax)):
        if spec is None:
            box = ax.get_position()
            ax.set_position((box.x0, box.y0 + 0.54 * box.height, box.width, 0.46 * box.height))
            return figure.add_axes((box.x0, box.y0, box.width, 0.46 * box.height))
        halves = spec.subgridspec(2, 1, hspace=0.12)
        ax.set_subplotspec(halves[0])
        return figure.add_subplot(halves[1])


def date_axis(ax: Axes) -> None:
    """Give a time axis few enough ticks that their words stay apart."""
    from matplotlib.dates import DAILY, MONTHLY, AutoDateLocator, ConciseDateFormatter

    figure = ax.get_figure(root=True)
    wide = 6.0 if figure is None else figure.get_figwidth() * ax.get_position().width
    locator = AutoDateLocator(maxticks=max(3, min(9, int(wide / 0.75))))
    locator.intervald |= {MONTHLY: [1, 2, 3, 4, 6, 12], DAILY: [1, 2, 3, 7, 14, 21, 31]}  # else four years have no step
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def log_axis(ax: Axes) -> None:
    """Make y logarithmic, with plain numbers at 1, 2 and 5."""
    from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.6g}"))


# --------------------------------------------------------------------------------------------------------- to files


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

    # The canvas of an earlier drawing remembers how wide each word is.
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
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
