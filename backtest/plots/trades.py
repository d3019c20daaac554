"""Pictures of a strategy: its value over time, what waiting costs, every trade, and where it stands among placebos."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.errors import UnknownNameError, offenders
from backtest.frames import group_labels
from backtest.labels import SMALL_N, count, few_words, kind_rank, p_value, percent, short, span
from backtest.plots import strokes as draw
from backtest.plots.canvas import blank_figure, date_axis, new_axes, sheet, themed
from backtest.plots.strokes import COLOURS, tone
from backtest.plots.study import caar

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from backtest.placebo import PlaceboResult
    from backtest.result import EventStudyResult
    from backtest.trading.outcome import StrategyResult


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
    date_axis(ax)
    n = len(result.trades)
    worst = percent(-abs(float(down.min())) / 100)
    about = f"{count(n, 'trade')}, {span(value.index)}; shaded: below the last high, at worst {worst}"
    few = f"{count(n, 'trade')}: too few to judge a strategy by" if n < 30 else ""
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
        y, gross = 100 * lags[name].to_numpy(), name == "gross_mean"
        ax.plot(x, y, color=colour, marker="s" if gross else "o", ms=4.5, ls=(0, (4, 2)) if gross else "-")
        ends.append((float(x[-1]), float(y[-1]), words, colour))
    for place in np.flatnonzero(lags["look_ahead"].to_numpy()):
        ax.axvspan(place - 0.5, place + 0.5, color=tone(ax, "grid"), alpha=0.7, lw=0)
    ax.axhline(0, color=tone(ax, "soft"), lw=0.9)
    ax.set_xticks(x, [str(name).replace(" (", "\n(") for name in lags["entry"]], rotation=35, ha="right", fontsize=8)
    ax.set_ylabel("mean trade (%)")
    draw.end_labels(ax, ends)
    about = "shaded column: nobody could have traded it; band: 95 % of the net mean"
    least, most = (int(f(lags["trades"])) for f in (min, max)) if "trades" in lags and len(lags) else (SMALL_N, 0)
    size = f"{least} to {most} trades; " if least < most else f"{count(most, 'trade')}; " if most else ""
    draw.headline(ax, "What waiting costs", size + about, notice, few_words(least, "trade"))
    return ax


def effect_and_ladder(
    study: EventStudyResult, lags: pd.DataFrame, kinds: Collection[str], notice: str = "", theme: str = "light"
) -> Figure:
    """Draw side by side what the news did and what a reader of it could still earn: `caar` of the `kinds`, `entry_ladder`.

    Left counts sessions from day 0, right entries from the close of day 0 on; both are per cent, on scales of their own.

    Raises
    ------
    UnknownNameError
        The study kept no event of the `kinds`.
    """
    wide, tall = 13.4, 4.9
    bottom, height = 1.1 / tall, (tall - 2.35) / tall
    with themed(theme):
        figure = blank_figure((wide, tall))
        cells = figure.add_gridspec(1, 20)  # from which a headline knows its room
        for part, left, width in ((cells[:11], 0.65, 3.9), (cells[11:], 8.1, 4.1)):
            figure.add_subplot(part).set_position((left / wide, bottom, width / wide, height))
        caar(study, ax=figure.axes[0], groups=kinds)
        entry_ladder(lags, notice, figure.axes[1])
    return figure


def placebo_histogram(result: PlaceboResult, placebo: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw where the strategy stands among its placebos (the first kind unless named)."""
    names = list(result.draws.columns)
    name = placebo if placebo is not None else str(names[0])
    if name not in names:
        raise UnknownNameError(f"unknown placebo {name!r}; there are {offenders(names)}")
    draws = 100 * result.draws[name].dropna().to_numpy()
    row: Any = result.table.set_index("placebo").loc[name]
    trades = int(row.get("trades", 0))
    ax = new_axes(ax, (6.4, 3.6))
    ax.hist(draws, bins=50, color=tone(ax, "soft"), alpha=0.7)
    value = 100 * result.observed
    ax.margins(y=0.16)  # room for the words beside the line
    ax.axvline(value, color=COLOURS[1], lw=2.2)
    draw.flag(ax, value, f"the strategy: {percent(result.observed)}")
    ax.set_xlabel("mean net return of a trade (%)")
    ax.set_ylabel("placebo draws")
    draw.headline(
        ax,
        f"The strategy among its placebos: {name}",
        f"{len(draws):,} draws{f' of {trades} trades' if trades else ''}; p {p_value(float(row['p_better']))}",
        result.notice,
        few_words(trades, "trade") if trades else "",
    )
    return ax


def trade_returns(result: StrategyResult, ax: Axes | None = None) -> Axes:
    """Draw the net return of every trade by kind, with the mean of each kind."""
    trades = result.trades.dropna(subset=["net_return"])
    kinds = sorted(trades["kind"].unique(), key=lambda kind: (kind_rank(kind), kind), reverse=True)
    ax = new_axes(ax, (7.2, 1.8 + 0.45 * len(kinds)))
    for place, kind in enumerate(kinds):
        values = 100 * trades.loc[trades["kind"] == kind, "net_return"].to_numpy()
        ax.plot(values, np.full(len(values), place), "|", color=tone(ax, "soft"), ms=12)
        enough = len(values) >= SMALL_N
        colour = COLOURS[0] if enough else COLOURS[1]
        ax.plot(values.mean(), place, "o", color=colour, mfc=colour if enough else tone(ax, "paper"), mew=1.6, ms=7)
    ax.axvline(0, color=tone(ax, "soft"), lw=0.9)
    ax.set_yticks(range(len(kinds)), [f"{short(k, 24)}, N={int((trades['kind'] == k).sum())}" for k in kinds])
    ax.set_ylim(-0.6, len(kinds) - 0.4)
    ax.set_xlabel("net return of a trade (%)")
    few = f"hollow and orange: fewer than {SMALL_N} trades" if trades["kind"].value_counts().lt(SMALL_N).any() else ""
    draw.headline(ax, "Every trade, by kind", "strokes: trades; points: their mean", result.notice, few)
    return ax


def strategy_figures(
    result: StrategyResult,
    lags: pd.DataFrame,
    placebo: PlaceboResult | None,
    theme: str = "light",
    study: EventStudyResult | None = None,
) -> Iterator[tuple[str, Figure]]:
    """Yield (name, figure) for the pictures of a strategy: `equity`, `entry_ladder`, `trade_returns`, `placebo/<name>`.

    The ladder stands beside the CAAR of the kinds that were traded where `study` has them (`effect_and_ladder`).
    """
    kinds = set(result.trades["kind"]) & set(group_labels(study.events) if study is not None else ())
    with themed(theme):
        figure, ax = sheet((8.2, 4.3), 1.1, 0.2, 1.1)
        equity(result, ax)
        yield "equity", figure
        if study is not None and kinds:
            figure = effect_and_ladder(study, lags, kinds, result.notice, theme)
        else:
            figure, ax = sheet((7.2, 4.7), 0.65, 1.15, 1.1, 1.15)
            entry_ladder(lags, result.notice, ax)
        yield "entry_ladder", figure
        figure, ax = sheet((7.2, 2.2 + 0.45 * result.trades["kind"].nunique()), 2.1, 0.2, 1.1)
        trade_returns(result, ax)
        yield "trade_returns", figure
        for name in placebo.draws.columns[placebo.draws.notna().any()] if placebo is not None else ():
            figure, ax = sheet((6.4, 3.8), 0.75, 0.2, 1.1)
            placebo_histogram(placebo, str(name), ax)  # type: ignore[arg-type]
            yield f"placebo/{name}", figure
