"""Strokes that several pictures share: a mean with its band, event time on x, labels at line ends, title and notice.

Everything is drawn through methods of the axes that it is given, so that nothing here imports matplotlib.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.labels import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

F = NDArray[np.float64]

#: Okabe-Ito (2008) without its yellow: told apart by colour-blind readers, and in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("v", "^", "o", "s", "D", "P", "X", "<", ">")
PALETTES = {
    "light": {"paper": "#FFFFFF", "ink": "#1A1A1A", "soft": "#595959", "grid": "#D9D9D9", "warn": "#A33B00"},
    "dark": {"paper": "#16181D", "ink": "#F2F2F2", "soft": "#B3B3B3", "grid": "#3A3F4A", "warn": "#FF9E5E"},
}

_LINE = 12.5  # points from one line of the headline to the next
_LETTER, _TITLE_LETTER = 4.55, 6.9  # points that a letter of it takes on average
_NAMES = 12  # lines of a legend


def tone(ax: Axes, name: str) -> str:
    """Return a palette colour (paper, ink, soft, grid, warn) that fits the background which the axes already have."""
    return PALETTES[theme_of(ax)][name]


def theme_of(ax: Axes) -> str:
    """Return "light" or "dark", as the axes' background is."""
    red, green, blue, _ = cast("tuple[float, float, float, float]", ax.patch.get_facecolor())
    return "light" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "dark"


def legible(ax: Axes, colour: str, contrast: float = 4.5) -> str:
    """Return the colour, moved towards the ink until it has this contrast with the paper (WCAG 2: words 4.5, lines 3)."""
    paper, ink = (_channels(tone(ax, name)) for name in ("paper", "ink"))
    own = _channels(colour)
    for step in range(21):
        mixed = own + step / 20 * (ink - own)
        if contrast_of(mixed, paper) >= contrast:
            break
    return "#" + "".join(f"{round(255 * c):02X}" for c in mixed)


def contrast_of(one: F, two: F) -> float:
    """Return the contrast of two colours (sRGB channels from 0 to 1) by WCAG 2: 1 to 21."""
    dark, bright = sorted(float(np.dot((0.2126, 0.7152, 0.0722), _linear(c))) for c in (one, two))
    return (bright + 0.05) / (dark + 0.05)


def _linear(channels: F) -> F:
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> F:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def caar_line(ax: Axes, rows: pd.DataFrame, colour: str, band: bool = True, mark: str = "") -> None:
    """Draw one group's mean path (per cent) and, with `band`, its interval; NaN leaves a gap. A `mark` on every fifth day and
    the last tells lines apart where colours do not.
    """
    day, low, high = rows["day"].to_numpy(), 100 * rows["low"].to_numpy(), 100 * rows["high"].to_numpy()
    if band:
        ax.fill_between(day, low, high, color=colour, alpha=0.15, lw=0)
        for edge in (low, high):
            ax.plot(day, edge, color=colour, lw=0.6, alpha=0.6)
    marked = {"marker": mark, "ms": 5, "markevery": [*range(0, len(day) - 1, 5), len(day) - 1]} if mark else {}
    ax.plot(day, 100 * rows["caar"].to_numpy(), color=colour, lw=2, **marked)  # type: ignore[arg-type]


def zero_lines(ax: Axes) -> None:
    """Mark zero on y, and on x the day on which the news met the prices."""
    ax.axhline(0, color=tone(ax, "soft"), lw=0.9)
    ax.axvline(0, color=tone(ax, "soft"), lw=0.9, ls=(0, (3, 3)))


def event_axis(ax: Axes, days: np.ndarray, ylabel: str, last_row: bool = True) -> None:
    """Label x as sessions relative to day 0, with ticks on whole days."""
    first, last = int(days.min()), int(days.max())
    step = 1 if last - first <= 8 else 5 * max(1, (last - first) // 50)
    ax.set_xticks([d for d in range(first, last + 1) if d % step == 0])
    ax.set_xlim(first - 0.6, last + 0.6)
    ax.set_xlabel("sessions from day 0" if last_row else "")
    ax.set_ylabel(ylabel)
    ax.grid(axis="y")


def end_labels(ax: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Write each line's name at its right end, given (x, y, text, colour); those that would overlap are pushed apart."""
    low, high = ax.get_ylim()
    points = ax.get_window_extent().height * 72 / cast("Figure", ax.get_figure(root=True)).dpi
    known = sorted((e for e in ends if np.isfinite(e[1])), key=lambda end: end[1])
    places = apart(np.array([end[1] for end in known]), 13 * (high - low) / max(points, 1.0), high)
    left, right = ax.get_xlim()
    for (day, value, text, colour), place in zip(known, places, strict=True):
        thread = {"arrowstyle": "-", "color": colour, "lw": 0.6, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)}
        ax.annotate(
            text, (day, value), xytext=(day + 0.05 * (right - left), place), va="center", color=legible(ax, colour),
            fontsize=8.5, annotation_clip=False, arrowprops=thread,
        )  # fmt: skip


def apart(values: F, gap: float, top: float = np.inf) -> F:
    """Return ascending values at least `gap` apart: moved up where they crowd, and down again from `top` on."""
    out = values.astype("float64")
    for i in range(1, len(out)):
        out[i] = max(out[i], out[i - 1] + gap)
    for i in reversed(range(len(out))):
        out[i] = min(out[i], top - (len(out) - 1 - i) * gap)
    return out


def headline(ax: Axes, title: str, subtitle: str, notice: str, warning: str = "") -> None:
    """Write title, subtitle, warning and notice above the axes, left-aligned, from the bottom up; long lines are broken."""
    height, room = 5.0, _room(ax)
    for text, name in ((notice, "warn"), (warning, "warn"), (subtitle, "soft")):
        lines = textwrap.wrap(text, max(24, int(room / _LETTER)))
        if lines:
            above(ax, "\n".join(lines), height, 8.5, tone(ax, name))
            height += _LINE * len(lines)
    above(ax, short(title, max(18, int(room / _TITLE_LETTER))), height + 1, 11, tone(ax, "ink"), weight="bold")


def _room(ax: Axes) -> float:
    """Return how many points a line above the axes may be long: its part of the figure, or what a fixed axes leaves."""
    width = 72 * cast("Figure", ax.get_figure(root=True)).get_figwidth()
    spec = ax.get_subplotspec()
    if spec is None:
        return width * (1 - ax.get_position().x0) - 4
    return width / spec.get_gridspec().ncols * len(spec.colspan) - 52


def legend(ax: Axes) -> None:
    """Name the marks beside the axes; beyond twelve the rest is counted, not named."""
    handles, names = ax.get_legend_handles_labels()
    if len(handles) > _NAMES:
        rest = len(handles) - _NAMES + 1
        (more,) = ax.plot([], [], ls="none")
        handles, names = [*handles[: _NAMES - 1], more], [*names[: _NAMES - 1], f"and {rest} more"]
    if handles:
        ax.legend(
            handles, names, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8.5, handletextpad=0.2,
            labelcolor=tone(ax, "ink"),
        )  # fmt: skip


def above(ax: Axes, text: str, height: float, size: float, colour: str, weight: str = "normal") -> None:
    """Write a line of text `height` points above the axes, left-aligned."""
    ax.annotate(
        text, (0, 1), xytext=(0, height), xycoords="axes fraction", textcoords="offset points",
        fontsize=size, fontweight=weight, color=colour, linespacing=1.25,
    )  # fmt: skip


def figure_headline(figure: Figure, title: str, subtitle: str, notice: str) -> None:
    """Write title, subtitle and notice at the top of a figure of several panels."""
    tall, ax = figure.get_figheight(), figure.axes[0]
    for text, below, size, name in (
        (title, 0.1, 12, "ink"),
        (subtitle, 0.34, 8.5, "soft"),
        (notice, 0.52, 8.5, "warn"),
    ):
        weight = "bold" if name == "ink" else "normal"
        figure.text(0.012, 1 - below / tall, text, va="top", fontsize=size, fontweight=weight, color=tone(ax, name))


def flag(ax: Axes, value: float, text: str) -> None:
    """Write beside a vertical line, on the side where there is room."""
    low, high = ax.get_xlim()
    right = value < (low + high) / 2
    ax.annotate(
        text, (value, 0.97), xycoords=("data", "axes fraction"), xytext=(6 if right else -6, 0), va="top",
        textcoords="offset points", ha="left" if right else "right", color=legible(ax, COLOURS[1]), fontsize=9,
    )  # fmt: skip
