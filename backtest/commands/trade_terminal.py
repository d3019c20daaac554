"""What `backtest trade` prints: tables that fit 80 columns, and the words below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from backtest.commands.terminal import console
from backtest.labels import SMALL_N, count, each_row, interval, percent
from backtest.report.strategy import by_measure, placebo_lines

if TYPE_CHECKING:
    from backtest.trade import Trade


def show_trade(trade: Trade, places: list[str]) -> None:
    """Print trades by kind, what waiting costs, placebos and baselines, notes, and where the files are."""
    out, result = console(), trade.result
    out.print(Text.assemble(("Strategy", "bold"), f": {result.spec.describe()}"))
    if result.notice:
        out.print(Text(result.notice, style="bold yellow"))
    lost = trade.tables["dropped"]["reason"].astype("str").value_counts()
    reasons = f" ({', '.join(f'{n} {reason}' for reason, n in lost.items())})" if len(lost) else ""
    events = len(result.placed.row)
    out.print(
        Text(f"{count(len(result.trades), 'trade')} of {count(events, 'event')}, {int(lost.sum())} without{reasons}")
    )
    for table in (_kinds(trade), _lags(trade), _baselines(trade)):
        out.print(table)
    few = f"* fewer than {SMALL_N} trades: read them as cases."
    thin = (trade.tables["by_kind"]["trades"] < SMALL_N).any()
    study = [f"no event study beside it: {trade.study_problem}"] if trade.study_problem else []
    for line in [*([few] if thin else []), *placebo_lines(trade), *result.notes, *study]:
        out.print(Text(line))
    for line in places:
        out.print(Text(line), soft_wrap=True)


def _table(title: str, first: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(first, overflow="fold")
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _kinds(trade: Trade) -> Table:
    table = _table("mean trade by kind", "kind", "trades", "won", "gross", "net", "95 % interval")
    all_trades = by_measure(trade.tables["summary"])
    for row in each_row(trade.tables["by_kind"]):
        star = "*" if row.trades < SMALL_N else ""
        shown = (f"{row.trades}{star}", f"{row.hit_rate:.0%}", percent(row.gross_mean, 2), percent(row.net_mean, 2))
        table.add_row(Text(row.kind), *shown, interval(row.low, row.high))
    gross, net, won = (all_trades[name] for name in ("gross_mean", "net_mean", "hit_rate"))
    shown = (str(len(trade.result.trades)), f"{won.value:.0%}", percent(gross.value, 2), percent(net.value, 2))
    table.add_row("all", *shown, interval(net.low, net.high))
    return table


def _lags(trade: Trade) -> Table:
    table = _table("what waiting costs", "entry", "trades", "gross", "net", "95 % interval")
    for row in each_row(trade.tables["lags"]):
        shown = (str(row.trades), percent(row.gross_mean, 2), percent(row.net_mean, 2))
        table.add_row(Text(row.entry), *shown, interval(row.low, row.high))
    return table


def _baselines(trade: Trade) -> Table:
    table = _table("beside simpler things", "what", "trades", "mean net", "total", "Sharpe", "drawdown")
    for row in each_row(trade.tables["baselines"]):
        sharpe = f"{row.sharpe:.2f}".replace("-", "−") if row.sharpe == row.sharpe else "–"
        shown = (
            str(row.trades),
            percent(row.net_mean, 2),
            percent(row.total_return),
            sharpe,
            percent(row.max_drawdown),
        )
        table.add_row(Text(row.name), *shown)
    return table
