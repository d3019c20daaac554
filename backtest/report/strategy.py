"""The strategy's part of the report: the answer in sentences, its tables, its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.labels import SMALL_N, count, each_row, interval, p_value, percent
from backtest.report.cells import Grid, grid

if TYPE_CHECKING:
    from backtest.trade import Trade

#: Measures that are plain numbers; all others are fractions, shown as per cent.
COUNTS = ("trades", "events", "open_at_end")
RATIOS = ("sharpe", "calmar", "sortino", "omega", "tail_ratio", "turnover")
MONEY = ("costs",)
#: How trades are made, for the page's method.
METHOD = (
    "A trade is entered at the first price of its kind strictly after the news could be read (known_at), never at a price "
    "that the decision has seen; with a date alone, not before the session after it.",
    "Net returns are after commission, half the spread, slippage, stamp duty and borrow fees, as fractions of the money "
    "put into the trade. Intervals: 95 % block bootstrap.",
    "A placebo portfolio repeats the trades, with the same exits and costs, where there was no news; p counts the strategy "
    "among the draws (plus one).",
)
_TRADE_COLUMNS = (
    "event_id", "asset", "kind", "side", "decision", "entry", "entry_at", "entry_price", "exit", "exit_at", "exit_price",
    "exit_reason", "sessions", "currency", "cost", "net_pnl", "gross_return", "net_return",
)  # fmt: skip


def section(trade: Trade) -> dict[str, Any]:
    """Return the variables of the template's strategy section."""
    made = trade.tables
    problem = [f"The event study could not be run: {trade.study_problem}"] if trade.study_problem else []
    return {
        "lead": lead(trade),
        "lines": [*trade.result.notes, *problem],
        "spec": trade.result.spec.describe(),
        "pictures": _pictures(trade),
        "tables": [*_tables(made), *_long_tables(made)],
    }  # fmt: skip


def lead(trade: Trade) -> list[str]:
    """Return the answer in sentences: number of trades first, then what they brought, then what chance would have done."""
    table = by_measure(trade.tables["summary"])
    n, net = int(table["trades"].value), table["net_mean"]
    few = f" Fewer than {SMALL_N} trades: cases, no rule." if n < SMALL_N else ""
    bounds = interval(net.low, net.high, 2)
    sure = f" (95 % interval {bounds})" if bounds != "–" else ""
    lines = [
        f"{count(n, 'trade')} of {count(int(table['events'].value), 'event')}: the mean trade brought "
        f"{percent(net.value, 2)} after costs{sure}, {percent(table['gross_mean'].value, 2)} before them.{few}"
    ]
    lags = trade.tables["lags"]
    ideal, real = next(each_row(lags[lags["look_ahead"]])), next(each_row(lags[~lags["look_ahead"]]))
    lines.append(
        f"Entered at the close of day 0, which nobody could, it would have been {percent(ideal.gross_mean, 2)} before "
        f"costs; at the {str(real.entry).replace('-', ' ')} after the news {percent(real.gross_mean, 2)}."
    )
    return lines + placebo_lines(trade)


def placebo_lines(trade: Trade) -> list[str]:
    """Return one sentence on where the strategy stands among its placebos."""
    if "placebo" not in trade.tables:
        return []
    said = [
        f"{row.placebo} p {p_value(row.p_better)}"
        for row in each_row(trade.tables["placebo"])
        if row.p_better == row.p_better
    ]
    draws = trade.options.draws
    return [f"Share of {draws:,} placebo portfolios that did as well: {', '.join(said)}."] if said else []


def by_measure(summary: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of the summary (value, low, high, note) by measure."""
    return {row.measure: row for row in each_row(summary)}


def summary_words(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the summary as text: measure, value, 95 % interval, note."""
    rows = [
        (row.measure.replace("_", " "), _value(row.measure, row.value), _bounds(row), row.note)
        for row in each_row(summary)
    ]
    return pd.DataFrame(rows, columns=["measure", "value", "95 % interval", "note"]).astype("str")


def _value(measure: str, value: float) -> str:
    if value != value:
        return "–"
    if measure in COUNTS:
        return f"{int(value):,}"
    if measure in MONEY:
        return f"{value:,.2f}"
    return f"{value:.2f}".replace("-", "−") if measure in RATIOS else percent(value, 2)


def _bounds(row: Any) -> str:
    if row.low != row.low:
        return ""
    return f"{_value(row.measure, row.low)} to {_value(row.measure, row.high)}"


def _tables(made: dict[str, pd.DataFrame]) -> list[Grid]:
    shown = [
        grid("strategy-summary", "Strategy: figures", summary_words(made["summary"])),
        grid("strategy-kinds", "Trades by kind", made["by_kind"]),
        grid("strategy-lags", "What waiting costs: mean trade by entry", made["lags"]),
        grid("strategy-baselines", "Simpler things on the same events", made["baselines"]),
    ]
    if "placebo" in made:
        shown.append(grid("strategy-placebo", "Placebos", made["placebo"]))
    return shown


def _long_tables(made: dict[str, pd.DataFrame]) -> list[Grid]:
    trades = made["trades"][[c for c in _TRADE_COLUMNS if c in made["trades"]]]
    return [
        grid("strategy-trades", "Every trade", trades),
        grid("strategy-dropped", "Events that led to no trade", made["dropped"]),
    ]


def _pictures(trade: Trade) -> list[tuple[str, str]]:
    """Return (name, alternative text) of the strategy's pictures, in the order in which they are read."""
    result = trade.result
    beside = "Cumulative average abnormal return of the kinds traded, and " if trade.study is not None else "The "
    pictures = [
        (
            "entry_ladder",
            f"{beside}mean trade by the time of entry, before and after costs; the first, shaded, looks ahead.",
        ),
        (
            "caar_by_kind",
            "Cumulative average abnormal return by kind: the idealised effect, which the trades run after.",
        ),
        ("equity", f"Equity of the account from {result.sessions[0]:%Y-%m-%d} on, the drawdown shaded."),
        ("trade_returns", "Net return of every trade, one row for each kind of news."),
    ]
    drawn = trade.placebo.draws if trade.placebo is not None else pd.DataFrame()
    names: list[Any] = list(drawn.columns[drawn.notna().any()]) if len(drawn) else []
    return pictures + [
        (f"placebo/{n}", f"Histogram of placebo portfolios ({n}) with the strategy marked.") for n in names
    ]
