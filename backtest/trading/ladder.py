"""What waiting costs, and what doing something simpler would have brought: entry-lag ladder and baselines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import day_zero
from backtest.errors import AlignmentError, SchemaError, offenders
from backtest.portfolio import ACCEPTED, walk
from backtest.strategy import Strategy, panel_of, plan_for, prepare
from backtest.trading.board import CLOSE, NEVER, Board
from backtest.trading.cells import trade_returns, unit_returns
from backtest.trading.costs import Costs, rates_at
from backtest.trading.decisions import KEPT, Placed, sides
from backtest.trading.fills import first_price
from backtest.trading.plan import make_lots, make_plan
from backtest.trading.statistics import mean_interval
from backtest.trading.variants import sharpe

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]
Ints = NDArray[np.int64]

LAGS = (1, 2, 3, 4, 5)
#: The row that nobody could have traded.
IDEAL = "event-day close (look-ahead)"


def entry_lags(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices | pd.DataFrame,
    fx: Prices | pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
    lags: tuple[int, ...] = LAGS,
) -> pd.DataFrame:
    """Return the mean trade of one strategy entered ever later: what is left of the effect for who reads the news.

    Every event is a trade of its own (no overlap rule, no limit of cash), of the same exits as `strategy` counted from its
    entry. The first row enters at the close of day 0 of a study, which the news itself may have moved: it is idealised and
    marked so; it exists in this table only.

    Returns
    -------
    One row per entry: `entry, look_ahead` (bool), `day` (mean sessions from day 0 to the entry; an open counts as the session
    it begins), `trades, gross_mean, net_mean, low, high` (95 % block bootstrap of net_mean), `hit_rate` (of net returns).
    Entries at opens have no row where the prices have no opens.
    """
    wrong = (
        [k for k in lags if isinstance(k, bool) or not isinstance(k, int) or k < 1]
        if hasattr(lags, "__iter__")
        else [lags]
    )
    if wrong:
        raise SchemaError(f"lags: {offenders(wrong)}; give whole numbers of sessions, 1 or more, e.g. (1, 2, 3)")
    placed = prepare(events, prices, strategy.currency, fx, actions)
    plain = single(strategy)
    zero = _day_zero(placed)
    suffix = [f"next-{'close' if strategy.opening.phase == CLOSE else 'open'}+{k}" for k in lags]
    names = [n for n in ("next-open", "next-close", *suffix) if n.startswith("next-close") or placed.board.has_open]
    rows = [_rung(IDEAL, True, plain.variant(entry="next-close"), _at_day_zero(placed, zero), zero)]
    rows += [_rung(name, False, plain.variant(entry=name), placed, zero) for name in names]
    return pd.DataFrame(rows).astype({"entry": "str"})


def single(strategy: Strategy) -> Strategy:
    """Return the strategy with every event a trade of its own: stacked, fixed cash, no limits."""
    return strategy.variant(
        overlap="stack",
        sizing=replace(strategy.size, rule="cash", amount=_usual(strategy), leverage=None, max_positions=None),
    )


def _usual(strategy: Strategy) -> float:
    """Return the money of a usual trade: it matters for slippage that depends on size only."""
    sizing = strategy.size
    share = sizing.max_weight if sizing.rule == "volatility" else float(sizing.amount)  # type: ignore[arg-type]
    return float(sizing.amount) if sizing.rule == "cash" else share * strategy.capital  # type: ignore[arg-type]


def _day_zero(placed: Placed) -> Ints:
    """Return the position of day 0 of each event, -1 where it has none."""
    out = np.full(len(placed.row), -1, dtype=np.int64)
    for m, cal in enumerate(placed.board.calendars):
        mine = np.flatnonzero((placed.row >= 0) & (placed.board.market_of[np.maximum(placed.row, 0)] == m))
        if len(mine):
            session = day_zero(placed.events.iloc[mine], cal)["session"].to_numpy().astype("datetime64[us]")
            found = ~np.isnat(session)
            out[mine[found]] = np.searchsorted(cal.sessions, session[found])
    return out


def _at_day_zero(placed: Placed, zero: Ints) -> Placed:
    """Return events as if each could be traded at the close of its day 0: for the look-ahead row of the ladder alone."""
    first = np.where(zero[:, None] >= 0, zero[:, None], placed.board.close.shape[1])
    return replace(placed, first=np.repeat(first, 2, axis=1))


def _rung(name: str, ahead: bool, strategy: Strategy, placed: Placed, zero: Ints) -> dict[str, object]:
    try:
        trades = trade_returns(strategy, placed, plan_for(strategy, placed))
    except AlignmentError:
        trades = pd.DataFrame({"position": [], "event": [], "gross": [], "net": [], "entry": []}).astype({"event": int})
    day = trades["position"] - zero[trades["event"]]
    block = 5 if strategy.hold is None else max(5, 2 * strategy.hold)
    low, high = mean_interval(trades.rename(columns={"net": "net_return"}), "net_return", block)
    some = len(trades) > 0
    return {
        "entry": name,
        "look_ahead": ahead,
        "day": float(day[zero[trades["event"]] >= 0].mean()) if some else np.nan,
        "trades": len(trades),
        "gross_mean": float(trades["gross"].mean()) if some else np.nan,
        "net_mean": float(trades["net"].mean()) if some else np.nan,
        "low": low,
        "high": high,
        "hit_rate": float((trades["net"] > 0).mean()) if some else np.nan,
    }


# --------------------------------------------------------------------------------------------------------- baselines

#: Words of a rule that knows no grammar: a denied or an old takeover is a takeover to it.
KEYWORDS: dict[float, re.Pattern[str]] = {
    1.0: re.compile(
        r"takeover|take-over|\bbid\b|\boffer\b|acqui|buyout|merger|Übernahme|Angebot|Fusion", re.IGNORECASE
    ),
    -1.0: re.compile(
        r"warn|(cut|lower|slash|trim|reduc)\w*\b.{0,40}(forecast|guidance|outlook|margin|profit)|below expectations|"
        r"miss(ed|es)\b|senkt|kappt",
        re.IGNORECASE,
    ),
}


def keyword_side(event: Mapping[str, object]) -> float:
    """Return 1 where an event's words speak of a takeover, -1 of a warning, 0 of both or neither.

    The words are `title` and `evidence`; where an event has none, its kind stands for them.
    """
    words = " ".join(str(event[c]) for c in ("title", "evidence") if isinstance(event.get(c), str))
    return float(sum(side for side, found in KEYWORDS.items() if found.search(words or str(event["kind"]))))


def baselines(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices | pd.DataFrame,
    fx: Prices | pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the strategy beside simpler ones on the same events: is the reading of the news worth anything?

    Rows (`name`): "strategy"; "always long" after any article, and "keyword rule" (`keyword_side`), both with everything but
    the side as in the strategy; "buy and hold" of the shares with a tradable event, in equal parts from the session before
    the first event on (their choice knows the events: it is the milieu, not a strategy); "benchmark", bought and held.
    Columns: `name, trades, gross_mean, net_mean, total_return, sharpe, max_drawdown`.
    """
    placed = prepare(events, prices, strategy.currency, fx, actions)
    rows = [
        _traded("strategy", strategy, placed),
        _traded("always long", strategy.variant(side=1), placed),
        _traded("keyword rule", strategy.variant(side=keyword_side), placed),
    ]
    board = placed.board
    held = np.unique(placed.row[(placed.reason == KEPT) & (np.nan_to_num(sides(placed, strategy.side)) != 0)])
    marks = np.unique(board.benchmark_of[held])
    rows.append(_held("buy and hold", held, board, strategy.charges, strategy.capital))
    if (marks >= 0).any():
        rows.append(_held("benchmark", marks[marks >= 0], board, strategy.charges, strategy.capital))
    return pd.DataFrame(rows).astype({"name": "str"})


def _traded(name: str, strategy: Strategy, placed: Placed) -> dict[str, object]:
    from backtest.trading.plan import books_of

    plan = make_plan(strategy, placed)
    if not len(plan.orders.row):
        return _line(name, 0, np.nan, np.nan, np.full(2, strategy.capital), strategy.capital)
    lots = make_lots(strategy, placed, plan).lots
    ledger = walk(lots, books_of([strategy]), panel_of(placed.board))
    done = (lots.parent < 0) & (ledger.status == ACCEPTED)
    gross, net = (values[done] for values in unit_returns(placed.board, lots, ledger.notional, strategy.charges.model))
    mean = (float(gross.mean()), float(net.mean())) if len(net) else (np.nan, np.nan)
    return _line(name, len(net), *mean, ledger.equity[placed.board.start :, 0], strategy.capital)


def _held(name: str, rows: Ints, board: Board, costs: Costs, capital: float) -> dict[str, object]:
    """Buy `rows` in equal parts at their first close and keep them; parts wait in cash until their share has a price."""
    first = np.array([np.searchsorted(board.gpos[m, : len(c)], board.start) for m, c in enumerate(board.calendars)])
    tick, price = first_price(board, rows, 3 * first[board.market_of[rows]] + CLOSE)
    rows, price, tick = rows[tick < NEVER], price[tick < NEVER], tick[tick < NEVER]
    position = tick // 3
    start = board.global_of(rows, position)
    rate = rates_at(costs, board, rows, board.date_of(rows, position), np.ones(len(rows), dtype=bool)).total
    units = capital / len(rows) * (1 - rate) / board.in_base(rows, position, price)
    held = np.arange(len(board.sessions))[:, None] >= start
    value = np.where(held, units * board.mark[:, rows], capital / len(rows)).sum(axis=1)
    gross = board.mark[-1, rows] / board.in_base(rows, position, price) - 1.0
    if board.base_dividend is not None:
        paid = np.where(np.arange(len(board.sessions))[:, None] > start, board.base_dividend[:, rows], 0.0)
        value += (units * paid).sum(axis=1).cumsum()
        gross += paid.sum(axis=0) / board.in_base(rows, position, price)
    net = (1 - rate) * (1 + gross) - 1
    return _line(name, len(rows), float(gross.mean()), float(net.mean()), value[board.start :], capital)


def _line(name: str, trades: int, gross: float, net: float, equity: F, capital: float) -> dict[str, object]:
    returns = equity / np.concatenate([[capital], equity[:-1]]) - 1.0
    peak = np.maximum.accumulate(np.maximum(equity, capital))
    return {
        "name": name,
        "trades": trades,
        "gross_mean": gross,
        "net_mean": net,
        "total_return": float(equity[-1] / capital - 1.0),
        "sharpe": sharpe(returns),
        "max_drawdown": float((equity / peak - 1.0).min()),
    }
