"""More pictures, reached as `backtest.plots.<name>`: single paths, heat maps, placebo distributions, trades, robustness.

As in `plots`, each takes tables and an `ax`, draws, and returns the `ax`; nothing is shown and nothing printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from backtest import drawing as draw
from backtest.drawing import COLOURS, MARKERS, tone
from backtest.errors import UnknownNameError, offenders
from backtest.frames import group_labels
from backtest.labels import SMALL_N, count, each_row, kind_rank, p_value, percent, span, window_text
from backtest.plots import new_axes, sheet, themed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from backtest.placebo import PlaceboResult
    from backtest.result import EventStudyResult
    from backtest.trading.outcome import StrategyResult

_ROWS = 45  # more names than this beside a picture cannot be read


# ---------------------------------------------------------------------------------------------------------------- study


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
    ax.plot(days, paths.to_numpy().T, color=tone(ax, "soft"), lw=0.7, alpha=0.45)
    mean = paths.mean()
    ax.plot(days, mean.to_numpy(), color=COLOURS[0], lw=2.2)
    draw.end_labels(ax, [(days[-1], float(mean.iloc[-1]), "mean", COLOURS[0])])
    draw.zero_lines(ax)
    draw.event_axis(ax, days, "cumulative abnormal return (%)")
    few = f"fewer than {SMALL_N} events: read them as cases" if len(paths) < SMALL_N else ""
    draw.headline(
        ax, f"Every event: {kind or 'all kinds'}", f"{count(len(paths), 'event')}, grey; blue: mean", result.notice, few
    )
    return ax


def heat_map(result: EventStudyResult, ax: Axes | None = None, limit: float = 10.0) -> Axes:
    """Draw abnormal returns as colours, events (grouped by kind, in order of time) by days; beyond ±`limit` per cent the
    colour stays the same. Orange falls, blue rises, white is nothing, grey is missing."""
    labels = group_labels(result.events)
    order = pd.DataFrame({"kind": labels, "time": result.events["event_time"]}).sort_values(["kind", "time"]).index
    values = 100 * result.ar.loc[order]
    ax = new_axes(ax, (6.8, 1.6 + min(0.16 * len(values), 7.5)))
    ax.set_facecolor(tone(ax, "grid"))
    days = values.columns.to_numpy()
    shown = ax.imshow(
        values.to_numpy(), aspect="auto", cmap="PuOr", vmin=-limit, vmax=limit, interpolation="nearest",
        extent=(days[0] - 0.5, days[-1] + 0.5, len(values) - 0.5, -0.5),
    )  # fmt: skip
    firsts = np.flatnonzero(labels.loc[order].ne(labels.loc[order].shift()).to_numpy())
    if len(values) <= _ROWS:
        names = (
            result.events.loc[order, "asset"] + "  " + result.events.loc[order, "event_time"].dt.strftime("%Y-%m-%d")
        )
        ax.set_yticks(range(len(values)), list(names), fontsize=6.5)
    else:
        ax.set_yticks(_apart(firsts, len(values) / _ROWS), [labels.loc[order].iloc[i] for i in firsts], fontsize=8)
    for place in firsts[1:]:
        ax.axhline(place - 0.5, color=tone(ax, "ink"), lw=0.8)
    ax.axvline(0, color=tone(ax, "ink"), lw=0.7, ls=(0, (3, 3)))
    ax.set_xlabel("sessions from day 0")
    bar = cast("Figure", ax.get_figure(root=True)).colorbar(shown, ax=ax, extend="both", shrink=0.7)
    bar.set_label("abnormal return (%)")
    draw.headline(
        ax, "Abnormal returns, event by event", "each row an event, grouped by kind, oldest first", result.notice
    )
    return ax


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
    ax.axvline(value, color=COLOURS[1], lw=2.2)
    _flag(ax, value, f"this event: {percent(value / 100)}")
    extreme = min((reference <= value).sum(), (reference >= value).sum())
    p = min(1.0, 2 * (1 + int(extreme)) / (1 + len(reference)))
    ax.set_xlabel(f"abnormal return over {count(length, 'day')} (%)")
    ax.set_ylabel("days of the estimation window")
    event = result.events.loc[event_id]
    about = f"{count(len(reference), 'placebo')}; SQ p {p_value(p)}, smallest possible {2 / (1 + len(reference)):.3f}"
    draw.headline(
        ax, f"{event['asset']} {event['kind']}, {window_text(*window)}, against its own past", about, result.notice
    )
    return ax


def event_calendar(events: pd.DataFrame, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw when what happened to whom: one row per share, one mark per event; events known to the month or year are pale."""
    assets = list(events["asset"].value_counts().index[::-1])
    ax = new_axes(ax, (8.6, 1.8 + 0.28 * len(assets)))
    exact = events["event_precision"].isin(["minute", "day"])
    for kind, rows in sorted(events.groupby("kind"), key=lambda pair: (kind_rank(str(pair[0])), str(pair[0]))):
        mark, colour = MARKERS[kind_rank(str(kind)) % len(MARKERS)], COLOURS[kind_rank(str(kind)) % len(COLOURS)]
        ax.plot([], [], mark, color=colour, ms=6.5, ls="none", label=f"{kind}: {len(rows)}")
        for known in (True, False):
            some = rows[exact.loc[rows.index] == known]
            x, y = some["event_time"].dt.tz_localize(None), [assets.index(asset) for asset in some["asset"]]
            ax.plot(x, y, mark, color=colour, alpha=1.0 if known else 0.35, ms=6.5, ls="none")
    ax.set_yticks(range(len(assets)), assets)
    ax.set_ylim(-0.7, len(assets) - 0.3)
    ax.grid(axis="y")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8.5, handletextpad=0.2)
    draw.headline(ax, "Event calendar", f"{count(len(events), 'event')}; pale: known to the month or year only", notice)
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
    for day, value, chance in zip(days, row.to_numpy(), np.asarray(p), strict=True):
        filled = COLOURS[0] if chance < 0.05 else tone(ax, "paper")
        ax.plot([day, day], [0, value], color=COLOURS[0], lw=1)
        ax.plot(day, value, "o", color=COLOURS[0], mfc=filled, ms=6)
    draw.zero_lines(ax)
    draw.event_axis(ax, days, "abnormal return (%)")
    share = float((np.asarray(p) < 0.05).mean())
    about = (
        f"filled: p < 0.05 taken alone ({share:.0%} of {count(len(days), 'day')}); grey: ±{limit:.1f} %, ordinary days"
    )
    draw.headline(ax, f"{event_id}: which day was it?", about, result.notice)
    return ax


def specification_curve(specs: pd.DataFrame, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw the effect under every specification tried, sorted: `specs` has `spec` (words), `effect`, `low`, `high`.

    With a column `chosen` (bool) that specification is marked.
    """
    rows = specs.sort_values("effect", kind="stable").reset_index(drop=True)
    few = len(rows) <= _ROWS
    ax = new_axes(ax, (7.4, 1.7 + 0.26 * len(rows)) if few else (7.4, 7.4))
    for place, row in enumerate(each_row(rows)):
        away = row.low > 0 or row.high < 0
        ax.plot([100 * row.low, 100 * row.high], [place, place], color=COLOURS[0] if away else tone(ax, "soft"), lw=1.8)
        ax.plot(100 * row.effect, place, "o", color=COLOURS[0], mfc=COLOURS[0] if away else tone(ax, "paper"), ms=6)
    ax.axvline(0, color=tone(ax, "soft"), lw=0.9)
    for place in np.flatnonzero(rows["chosen"]).tolist() if "chosen" in rows else []:
        ax.axvline(100 * rows["effect"].iloc[place], color=COLOURS[1], lw=1.2, ls=(0, (4, 3)))
        ax.plot(100 * rows["effect"].iloc[place], place, "D", color=COLOURS[1], ms=7, zorder=5, label="chosen")
        ax.legend(loc="lower right")
    ax.set_yticks(range(len(rows)), rows["spec"]) if few else ax.set_yticks([])
    ax.set_xlabel("mean abnormal return (%)")
    ax.grid(axis="x")
    away = int(((rows["low"] > 0) | (rows["high"] < 0)).sum())
    about = f"filled: 95 % interval without zero, {away} of {count(len(rows), 'specification')}"
    draw.headline(ax, "The same question, asked differently", about, notice)
    return ax


def power_chart(table: pd.DataFrame, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw how often each test rejects by the size of the true effect: `table` has `test`, `effect` (fraction), `rejected`.

    The value at an effect of zero is the size of the test; the dotted lines are 5 % and 80 %.
    """
    ax = new_axes(ax, (6.6, 4.0))
    ends = []
    for place, (test, rows) in enumerate(table.groupby("test", sort=True)):
        rows, colour = rows.sort_values("effect"), COLOURS[place % len(COLOURS)]
        x, y = 100 * rows["effect"].to_numpy(), 100 * rows["rejected"].to_numpy()
        ax.plot(x, y, color=colour, marker=MARKERS[place % len(MARKERS)], ms=4, lw=1.8)
        ends.append((float(x[-1]), float(y[-1]), str(test), colour))
    for level in (5, 80):
        ax.axhline(level, color=tone(ax, "soft"), lw=0.9, ls=":")
    ax.set_ylim(0, 102)
    ax.set_xlabel("true effect (%)")
    ax.set_ylabel("rejected at 5 % (% of draws)")
    draw.end_labels(ax, ends)
    draw.headline(ax, "What each test would have found", "at effect 0 the line is the size: 5 % is right", notice)
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
    ax.set_xlabel(f"abnormal return of {issuer} (%)")
    ax.set_ylabel(f"abnormal return of {peer} (%)")
    few = f"fewer than {SMALL_N} events: read them as cases" if len(both) < SMALL_N else ""
    draw.headline(ax, f"From {issuer} to {peer}", about, notice, few)
    return ax


# -------------------------------------------------------------------------------------------------------------- trading


def equity(result: StrategyResult, ax: Axes | None = None) -> Axes:
    """Draw the portfolio's value over time, and below its highest value so far the drawdown."""
    ax = new_axes(ax, (8.2, 3.8))
    value, down = result.equity, 100 * result.drawdown
    peak = value.cummax()
    ax.fill_between(value.index, value.to_numpy(), peak.to_numpy(), color=COLOURS[1], alpha=0.25, lw=0)
    ax.plot(value.index, value.to_numpy(), color=COLOURS[0], lw=1.4)
    ax.set_ylabel(f"value of the account ({result.spec.currency})")
    ax.yaxis.set_major_formatter(
        lambda amount, _: f"{amount:,.0f}" if result.spec.capital >= 1000 else f"{amount:,.6g}"
    )
    ax.grid(axis="y")
    about = f"{span(value.index)}; shaded: below the last high, at worst {percent(-abs(float(down.min())) / 100)}"
    few = f"{count(len(result.trades), 'trade')}: too few to judge a strategy by" if len(result.trades) < 30 else ""
    draw.headline(ax, "Equity and drawdown", about, result.notice, few)
    return ax


def entry_ladder(lags: pd.DataFrame, notice: str = "", ax: Axes | None = None) -> Axes:
    """Draw the mean trade by the time of entry, gross and net of costs: the table of `backtest.trading.ladder.entry_lags`."""
    ax = new_axes(ax, (7.2, 4.0))
    x = np.arange(len(lags))
    low, high = 100 * lags["low"].to_numpy(), 100 * lags["high"].to_numpy()
    ax.fill_between(x, low, high, color=COLOURS[0], alpha=0.18, lw=0)
    ends = []
    for name, words, colour in (("gross_mean", "before costs", COLOURS[2]), ("net_mean", "after costs", COLOURS[0])):
        y = 100 * lags[name].to_numpy()
        ax.plot(x, y, color=colour, marker="o", ms=4.5)
        ends.append((float(x[-1]), float(y[-1]), words, colour))
    for place in np.flatnonzero(lags["look_ahead"].to_numpy()):
        ax.axvspan(place - 0.5, place + 0.5, color=tone(ax, "grid"), alpha=0.7, lw=0)
    ax.axhline(0, color=tone(ax, "soft"), lw=0.9)
    ax.set_xticks(x, [str(name).replace(" (", "\n(") for name in lags["entry"]], rotation=35, ha="right", fontsize=8)
    ax.set_ylabel("mean trade (%)")
    draw.end_labels(ax, ends)
    about = "shaded column: nobody could have traded it; band: 95 % of the net mean"
    draw.headline(ax, "What waiting costs", about, notice)
    return ax


def placebo_histogram(result: PlaceboResult, placebo: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw where the strategy stands among its placebos (the first kind unless named)."""
    names = list(result.draws.columns)
    name = placebo if placebo is not None else str(names[0])
    if name not in names:
        raise UnknownNameError(f"unknown placebo {name!r}; there are {offenders(names)}")
    draws = 100 * result.draws[name].dropna().to_numpy()
    row: Any = result.table.set_index("placebo").loc[name]
    ax = new_axes(ax, (6.4, 3.6))
    ax.hist(draws, bins=50, color=tone(ax, "soft"), alpha=0.7)
    value = 100 * result.observed
    ax.margins(y=0.16)  # room for the words beside the line
    ax.axvline(value, color=COLOURS[1], lw=2.2)
    _flag(ax, value, f"the strategy: {percent(result.observed)}")
    ax.set_xlabel("mean net return of a trade (%)")
    ax.set_ylabel("placebo draws")
    draw.headline(
        ax,
        f"The strategy among its placebos: {name}",
        f"{len(draws):,} draws, p {p_value(float(row['p_better']))}",
        result.notice,
    )
    return ax


def trade_returns(result: StrategyResult, ax: Axes | None = None) -> Axes:
    """Draw the net return of every trade by kind, with the mean of each kind."""
    trades = result.trades.dropna(subset=["net_return"])
    kinds = sorted(trades["kind"].unique(), key=lambda kind: (kind_rank(kind), kind))
    ax = new_axes(ax, (7.2, 1.8 + 0.45 * len(kinds)))
    for place, kind in enumerate(kinds):
        values = 100 * trades.loc[trades["kind"] == kind, "net_return"].to_numpy()
        ax.plot(values, np.full(len(values), place), "|", color=tone(ax, "soft"), ms=12)
        ax.plot(values.mean(), place, "o", color=COLOURS[0] if len(values) >= SMALL_N else COLOURS[1], ms=7)
    ax.axvline(0, color=tone(ax, "soft"), lw=0.9)
    ax.set_yticks(range(len(kinds)), [f"{k}, N={int((trades['kind'] == k).sum())}" for k in kinds])
    ax.set_ylim(-0.6, len(kinds) - 0.4)
    ax.set_xlabel("net return of a trade (%)")
    few = f"orange: fewer than {SMALL_N} trades" if trades["kind"].value_counts().lt(SMALL_N).any() else ""
    draw.headline(ax, "Every trade, by kind", "strokes: trades; points: their mean", result.notice, few)
    return ax


def strategy_figures(
    result: StrategyResult, lags: pd.DataFrame, placebo: PlaceboResult | None, theme: str = "light"
) -> Iterator[tuple[str, Figure]]:
    """Yield (name, figure) for the pictures of a strategy: `equity`, `entry_ladder`, `trade_returns`, `placebo/<name>`."""
    with themed(theme):
        figure, ax = sheet((8.2, 4.2), 1.1, 0.2)
        equity(result, ax)
        yield "equity", figure
        figure, ax = sheet((7.2, 4.6), 0.65, 1.15, bottom=1.15)
        entry_ladder(lags, result.notice, ax)
        yield "entry_ladder", figure
        figure, ax = sheet((7.2, 2.2 + 0.45 * result.trades["kind"].nunique()), 1.9, 0.2)
        trade_returns(result, ax)
        yield "trade_returns", figure
        for name in placebo.draws.columns[placebo.draws.notna().any()] if placebo is not None else ():
            figure, ax = sheet((6.4, 3.6), 0.75, 0.2)
            placebo_histogram(placebo, str(name), ax)  # type: ignore[arg-type]
            yield f"placebo/{name}", figure


def power_figures(curves: pd.DataFrame, notice: str, theme: str = "light") -> Iterator[tuple[str, Figure]]:
    """Yield (name, figure) of the power chart of every group: `power`, or `power-<group>` where there are several."""
    with themed(theme):
        for kind, rows in curves.groupby("kind", sort=False):
            figure, ax = sheet((6.6, 4.2), 0.75, 1.45)
            power_chart(rows, notice, ax)
            yield ("power" if len(rows) == len(curves) else f"power-{kind}"), figure


def _apart(places: np.ndarray, gap: float) -> list[float]:
    """Return the places, each moved down as far as it must be to stand `gap` below the one before."""
    out: list[float] = []
    for place in places:
        out.append(max(float(place), out[-1] + gap) if out else float(place))
    return out


def _flag(ax: Axes, value: float, text: str) -> None:
    """Write beside a vertical line, on the side where there is room."""
    low, high = ax.get_xlim()
    right = value < (low + high) / 2
    ax.annotate(
        text, (value, 0.97), xycoords=("data", "axes fraction"), xytext=(6 if right else -6, 0), va="top",
        textcoords="offset points", ha="left" if right else "right", color=COLOURS[1], fontsize=9,
    )  # fmt: skip
