"""One picture per event: the share's path with the one implied by the model, and below it the abnormal returns.

A run has many of them. What stays from one to the next (axes, ticks, words) is drawn once per scale and kept as pixels; only
lines, bars and titles are drawn anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import UnknownNameError, offenders
from backtest.frames import group_labels
from backtest.labels import percent
from backtest.plots import strokes as draw
from backtest.plots.canvas import below, new_axes, pin, sheet, svg, svg_layer, themed, with_pixels
from backtest.plots.strokes import COLOURS, tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from backtest.result import EventStudyResult

F = NDArray[np.float64]

#: Ends of the scale in per cent; the least of them is wide enough that a quiet window is not blown up.
LEVELS = (5, 15, 40, 100, 300, 1000, 10_000)
#: Names of groups, which the frame has used already; those of markers and clipping paths are hashes and stay.
_NAMES = re.compile(r' id="(?![mp][0-9a-f]{8,}")[^"]*"')
_SIZE, _MIDDLE = (5.2, 4.3), 0.16


@dataclass(frozen=True)
class EventData:
    """One event in numbers: days, abnormal return, paths of the share and of the model's expectation (per cent); `articles`
    are the days on which an article could first be read, as far as they lie in the window.
    """

    days: NDArray[np.int64]
    ar: F
    share: F
    implied: F
    title: str
    subtitle: str
    articles: F

    @property
    def car(self) -> F:
        """Running sum of the abnormal returns."""
        return np.asarray(np.cumsum(self.ar))

    @property
    def limits(self) -> tuple[float, float]:
        """Ends of the scale that holds every line."""
        values = np.concatenate([self.ar, self.car, self.share, self.implied, [0.0]])
        values = values[np.isfinite(values)]
        return -_level(-values.min()), _level(values.max())


def _level(value: float) -> float:
    return float(next((x for x in LEVELS if value <= 0.96 * x), LEVELS[-1]))


def event_data(result: EventStudyResult, event_id: str, signals: pd.DataFrame | None = None) -> EventData:
    """Return the numbers behind an event's pictures; NaN from the first missing day on in the paths. `signals` as `event_price`.

    Raises
    ------
    UnknownNameError
        The event is not among those kept in the result.
    """
    if event_id not in result.ar.index:
        raise UnknownNameError(f"unknown event {event_id!r} in this result; kept: {offenders(result.ar.index)}")
    rows = result.abnormal_returns
    return next(_data(result, [event_id], rows[rows["event_id"] == event_id], signals))


def _data(
    result: EventStudyResult, event_ids: Sequence[str], rows: pd.DataFrame, signals: pd.DataFrame | None
) -> Iterator[EventData]:
    by_event = dict(list(rows.groupby("event_id", sort=False)))
    day0 = result.audit.set_index("event_id")["day0"]
    labels, assets = group_labels(result.events), result.events["asset"]
    for event_id in event_ids:
        ar = 100 * result.ar.loc[event_id].to_numpy(dtype="float64")
        days = result.ar.columns.to_numpy()
        own = by_event[event_id].set_index("day").reindex(days)
        log = result.prices.returns_kind == "log"
        share, implied = (_path(own[name].to_numpy(dtype="float64"), log) for name in ("ret", "expected"))
        when = pd.Timestamp(day0[event_id])
        size = f": {percent(float(ar[days == 0][0]) / 100)}" if 0 in days else ""
        about = f"day 0 is {when.day} {when:%b %Y}{size}"
        title = f"{assets.at[event_id]}  {labels.loc[event_id]}"
        read = _article_days(cast("pd.Series[Any]", result.events.loc[event_id]), own["session"], signals)
        yield EventData(days, ar, share, implied, title, about, read)


def _article_days(event: pd.Series, sessions: pd.Series, signals: pd.DataFrame | None) -> F:
    """Return the days of the window on which an article about the event could first be read, each once.

    Those after the close, and on days without trading, count for the next session.
    """
    known = [(event["known_at"], event.get("known_precision", "day"))]
    if signals is not None and len(signals):
        same = (signals["ticker"] == event["asset"]) & (signals["kind"] == event["kind"])
        if "source_event" in signals:
            same |= signals["source_event"] == event.name
        if same.any():
            rows = signals[same.to_numpy()]
            known += list(zip(rows["known_at"], rows.get("known_precision", ["day"] * len(rows)), strict=True))
    dates = pd.DatetimeIndex(sorted({_date(pd.Timestamp(at), precision) for at, precision in known if pd.notna(at)}))
    there = sessions.notna().to_numpy()
    held, days, when = sessions.to_numpy()[there], sessions.index.to_numpy()[there], dates.to_numpy()
    places = np.searchsorted(held, when)
    inside = (places < len(held)) & (when >= held[0]) if len(held) else np.zeros(len(when), dtype=bool)
    return np.unique(days[places[inside]]).astype("float64")


def _date(at: pd.Timestamp, precision: str) -> pd.Timestamp:
    """Return the date of an instant. Known to the day only means at the day's end where the share trades, some hours from
    midnight in UTC; a bare date is itself.
    """
    plain = at.tz_convert(None) if at.tzinfo else at
    exact = precision == "minute" or plain == plain.normalize()
    return (plain if exact else plain - pd.Timedelta(hours=12)).normalize()


def _path(returns: F, log: bool) -> F:
    """Return the value since the session before the window, in per cent."""
    return 100 * np.asarray(np.expm1(np.cumsum(returns)) if log else np.cumprod(1 + returns) - 1)


# ------------------------------------------------------------------------------------------------------------- one event


def event_panel(result: EventStudyResult, event_id: str, ax: Axes | None = None) -> Axes:
    """Draw one event: abnormal return of each session as bars, their running sum as a line (per cent).

    Raises
    ------
    UnknownNameError
        The event is not among those kept in the result.
    """
    data = event_data(result, event_id)
    ax = new_axes(ax, (5.2, 3.1))
    _returns(ax, data)
    draw.headline(ax, data.title, data.subtitle, result.notice)
    return ax


def event_price(
    result: EventStudyResult, event_id: str, ax: Axes | None = None, signals: pd.DataFrame | None = None
) -> Axes:
    """Draw one event: the share since the session before the window, the path that the model (the benchmark, mostly)
    implies, day 0, the articles; below it the abnormal return of each session and their sum (per cent).

    Parameters
    ----------
    result, event_id : the study and one of its events.
    ax : where to draw; its lower half becomes an axes of its own for the abnormal returns.
    signals : signals table (`known_at`, `source_event` or `ticker` and `kind`), which says when articles reported the event;
        None marks the event's own `known_at`.

    Raises
    ------
    UnknownNameError
        The event is not among those kept in the result.
    """
    data = event_data(result, event_id, signals)
    ax = new_axes(ax, _SIZE)
    lower = below(ax)
    _paths(ax, data)
    _returns(lower, data)
    draw.event_axis(ax, data.days, "since before (%)", last_row=False)
    ax.tick_params(labelbottom=False)
    draw.headline(ax, data.title, data.subtitle, result.notice)
    return ax


def _returns(ax: Axes, data: EventData) -> list[Any]:
    bars = ax.vlines(data.days, 0, data.ar, color=[COLOURS[0] if d == 0 else COLOURS[5] for d in data.days], lw=7)
    (line,) = ax.plot(data.days, data.car, color=draw.legible(ax, COLOURS[1], 3), lw=1.6)
    draw.zero_lines(ax)
    draw.event_axis(ax, data.days, "abnormal return (%)")
    _corner(ax, data, (("bars: each session", COLOURS[0]), ("line: their sum", COLOURS[1])))
    ax.set_ylim(*data.limits)
    ax.locator_params(axis="y", nbins=5)
    return [bars, line]


def _paths(ax: Axes, data: EventData) -> list[Any]:
    (implied,) = ax.plot(data.days, data.implied, color=tone(ax, "soft"), lw=1.3, ls=(0, (4, 2)))
    (share,) = ax.plot(data.days, data.share, color=COLOURS[0], lw=1.8)
    (mark,) = ax.plot(*_at_zero(data), "v", color=COLOURS[1], ms=6)
    # On the frame, whatever the scale: y counts in axes.
    (articles,) = ax.plot(
        data.articles, np.full(len(data.articles), 0.02), "^", color=tone(ax, "ink"), ms=5, clip_on=False,
        transform=ax.get_xaxis_transform(),
    )  # fmt: skip
    draw.zero_lines(ax)
    soft = tone(ax, "soft")
    _corner(ax, data, (("share; \u25bc day 0; \u25b2 articles", COLOURS[0]), ("implied by the model", soft)))
    ax.set_ylim(*data.limits)
    ax.locator_params(axis="y", nbins=5)
    return [implied, share, mark, articles]


def _corner(ax: Axes, data: EventData, lines: Sequence[tuple[str, str]]) -> None:
    """Name the lines in the corner on the far side of zero, where they do not begin."""
    for words, colour in lines:
        ax.text(0.012, 0, words, transform=ax.transAxes, fontsize=8, color=draw.legible(ax, colour))
    _place(ax, data)


def _place(ax: Axes, data: EventData) -> None:
    places = (0.96, 0.83) if sum(data.limits) >= 0 else (0.20, 0.07)
    for y, words in zip(places, ax.texts[:2], strict=True):
        words.set(y=y, va="top" if y > 0.5 else "bottom")


def _at_zero(data: EventData) -> tuple[F, F]:
    here = data.days == 0
    return data.days[here].astype(np.float64), data.share[here]


# ----------------------------------------------------------------------------------------------------------- many events


@dataclass(frozen=True)
class Scene:
    """A figure of two axes, the artists that change from event to event, and all others on one scale as pixels and as the
    beginning of an svg image (`frame`). Scenes of other scales have the same figure."""

    figure: Figure
    paths: list[Any]
    returns: list[Any]
    words: list[Any]
    canvas: Any
    pixels: Any
    frame: str

    def show(self, data: EventData) -> None:
        """Put another event of the same scale into the picture."""
        for ax in self.figure.axes:
            ax.set_ylim(*data.limits)
        implied, share, mark, articles = self.paths
        implied.set_ydata(data.implied)
        share.set_ydata(data.share)
        mark.set_data(*_at_zero(data))
        articles.set_data(data.articles, np.full(len(data.articles), 0.02))
        bars, line = self.returns
        bars.set_segments([[(day, 0.0), (day, value)] for day, value in zip(data.days, data.ar, strict=True)])
        line.set_ydata(data.car)
        for artist, text in zip(self.words, (data.subtitle, data.title), strict=True):
            artist.set_text(text)

    @property
    def moving(self) -> list[Any]:
        """What is drawn anew for each event, from the lowest to the highest."""
        crosses = [line for ax in self.figure.axes for line in ax.lines]
        return list(dict.fromkeys([*self.returns, *self.paths, *crosses, *self.words]))

    def png(self) -> bytes:
        """Return the picture as png."""
        from PIL import Image

        self.canvas.restore_region(self.pixels)
        with themed(None):
            for artist in self.moving:
                artist.axes.draw_artist(artist)
        size = self.canvas.get_width_height()
        out = io.BytesIO()
        image = Image.frombuffer("RGBA", size, self.canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
        # The paper is opaque: without its alpha the same picture is smaller, and sooner written.
        image.convert("RGB").save(out, format="png", dpi=(self.figure.dpi, self.figure.dpi), compress_level=2)
        return out.getvalue()

    def svg(self) -> str:
        """Return the picture as the text of an svg image."""
        drawn = svg_layer(self.figure, self.moving)
        body = drawn[drawn.index("</metadata>") + len("</metadata>") : drawn.rindex("</svg>")]
        return f"{self.frame}{_NAMES.sub('', body)}</svg>\n"


def event_scenes(
    result: EventStudyResult, event_ids: Sequence[str], theme: str = "light", signals: pd.DataFrame | None = None
) -> Iterator[tuple[str, Scene]]:
    """Yield (`event/<event_id>`, scene) for each event; save each before asking for the next, which may reuse its figure.

    `signals` as `event_price`.
    """
    scenes: dict[tuple[float, float], Scene] = {}
    stage: Scene | None = None
    with themed(theme):
        for event_id, data in zip(event_ids, _data(result, event_ids, result.abnormal_returns, signals), strict=True):
            scene = scenes.get(data.limits)
            if scene is None:
                stage = stage or _stage(data, result.notice)
                scene = scenes[data.limits] = _on_scale(stage, data)
            scene.show(data)
            yield f"event/{event_id}", scene


def _stage(data: EventData, notice: str) -> Scene:
    """Return the figure and what moves in it; what stays is yet to be drawn."""
    figure, lower = sheet(_SIZE, 0.65, 0.15, 0.7)
    box = lower.get_position()
    half = (box.height - _MIDDLE / _SIZE[1]) / 2
    upper = figure.add_axes((box.x0, box.y1 - half, box.width, half))
    lower.set_position((box.x0, box.y0, box.width, half))
    returns, paths = _returns(lower, data), _paths(upper, data)
    draw.event_axis(upper, data.days, "since before (%)", last_row=False)
    upper.tick_params(labelbottom=False)
    draw.headline(upper, data.title, data.subtitle, notice)
    words = upper.texts[-2:]
    for ax in (upper, lower):
        pin(ax, 0.45, 0.35)
    for artist in (*returns, *upper.lines, *lower.lines, *words):
        artist.set_animated(True)
    return Scene(figure, paths, returns, list(words), None, None, "")


def _on_scale(stage: Scene, data: EventData) -> Scene:
    """Draw what stays in the figure on the scale of an event."""
    for ax in stage.figure.axes:
        ax.set_ylim(*data.limits)
        _place(ax, data)
    canvas, pixels = with_pixels(stage.figure)
    for artist in stage.moving:
        artist.set_visible(False)
    frame = svg(stage.figure)
    for artist in stage.moving:
        artist.set_visible(True)
    return replace(stage, canvas=canvas, pixels=pixels, frame=frame[: frame.rindex("</svg>")])
