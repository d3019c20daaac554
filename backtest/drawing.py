"""Strokes that several pictures share: a mean with its band, event time on x, labels at line ends, title and notice.

Everything is drawn through methods of the axes that it is given, so that nothing here imports matplotlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Okabe-Ito (2008) without its yellow: told apart by colour-blind readers, and in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("v", "^", "o", "s", "D", "P", "X", "<", ">")
PALETTES = {
    "light": {"paper": "#FFFFFF", "ink": "#1A1A1A", "soft": "#595959", "grid": "#D9D9D9", "warn": "#A33B00"},
    "dark": {"paper": "#16181D", "ink": "#F2F2F2", "soft": "#B3B3B3", "grid": "#3A3F4A", "warn": "#FF9E5E"},
}

_LINE = 12.5  # points from one line of the headline to the next


def tone(ax: Axes, name: str) -> str:
    """Return a palette colour (paper, ink, soft, grid, warn) that fits the background which the axes already have."""
    red, green, blue, _ = cast("tuple[float, float, float, float]", ax.patch.get_facecolor())
    return PALETTES["light" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "dark"][name]


def caar_line(ax: Axes, rows: pd.DataFrame, colour: str, band: bool = True) -> None:
    """Draw one group's mean path (per cent) and, with `band`, its interval; NaN leaves a gap."""
    day, low, high = rows["day"].to_numpy(), 100 * rows["low"].to_numpy(), 100 * rows["high"].to_numpy()
    if band:
        ax.fill_between(day, low, high, color=colour, alpha=0.18, lw=0)
    ax.plot(day, 100 * rows["caar"].to_numpy(), color=colour, lw=2)


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
    """Write each line's name at its right end, given (x, y, text, colour); two that would overlap are pushed apart."""
    low, high = ax.get_ylim()
    points = ax.get_window_extent().height * 72 / cast("Figure", ax.get_figure(root=True)).dpi
    gap, floor = 13 * (high - low) / max(points, 1.0), -np.inf
    left, right = ax.get_xlim()
    for day, value, text, colour in sorted((e for e in ends if np.isfinite(e[1])), key=lambda end: end[1]):
        floor = max(value, floor + gap)
        thread = {"arrowstyle": "-", "color": colour, "lw": 0.6, "shrinkA": 0, "shrinkB": 0}
        ax.annotate(
            text, (day, value), xytext=(day + 0.05 * (right - left), floor), va="center", color=colour, fontsize=8.5,
            annotation_clip=False, arrowprops=thread,
        )  # fmt: skip


def headline(ax: Axes, title: str, subtitle: str, notice: str, warning: str = "") -> None:
    """Write title, subtitle, warning and notice above the axes, left-aligned, from the bottom up."""
    height = 5.0
    for text, name in ((notice, "warn"), (warning, "warn"), (subtitle, "soft")):
        if text:
            _above(ax, text, height, 8.5, tone(ax, name))
            height += _LINE
    _above(ax, title, height + 1, 11, tone(ax, "ink"), weight="bold")


def _above(ax: Axes, text: str, height: float, size: float, colour: str, weight: str = "normal") -> None:
    ax.annotate(
        text, (0, 1), xytext=(0, height), xycoords="axes fraction", textcoords="offset points",
        fontsize=size, fontweight=weight, color=colour,
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
