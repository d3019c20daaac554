"""Returns of trades per unit of money, without a portfolio around them: for real events and for every possible day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.trading.board import CLOSE, NEVER, OPEN, Board
from backtest.trading.costs import YEAR, Slippage
from backtest.trading.decisions import Placed
from backtest.trading.fills import Orders, finish, scheduled
from backtest.trading.lots import Lots
from backtest.trading.plan import Plan, add_hedges, add_slippage, informed, make_lots, price_lots, rules_of

if TYPE_CHECKING:
    from backtest.strategy import Strategy

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Trades computed at once.
_BLOCK = 65_536


def unit_returns(board: Board, lots: Lots, notional: F, model: Slippage | None) -> tuple[F, F]:
    """Return (gross, net) profit of each trade over its notional, hedges included; of a hedge its own, (n,).

    The closed form of what `portfolio.walk` books session by session; `notional` (n,) matters for modelled slippage alone.
    Lots that are open at the end count at their last mark.
    """
    closed = lots.exit < len(board.sessions)
    end = np.minimum(lots.exit, len(board.sessions) - 1)
    growth = np.where(closed, lots.exit_price, board.mark[-1, lots.row]) / lots.entry_price
    gross = growth - 1.0
    if board.base_dividend is not None:
        paid = np.cumsum(board.base_dividend, axis=0)
        gross = gross + (paid[end, lots.row] - paid[lots.entry, lots.row]) / lots.entry_price
    gross = lots.side * gross
    out = np.where(closed, growth, 0.0)
    cost = lots.cost_in + out * lots.cost_out + lots.borrow * (board.days[end] - board.days[lots.entry]) / YEAR
    if model is not None:
        own = np.flatnonzero(lots.parent < 0)
        cost[own] += 1e-4 * model(notional[own] / lots.value_in[own], lots.sigma_in[own])
        value = notional[own] * growth[own] / lots.value_out[own]
        cost[own] += 1e-4 * out[own] * model(value, lots.sigma_out[own])
    net = gross - cost
    hedges = np.flatnonzero(lots.parent >= 0)
    weight = lots.weight[hedges]
    # A hedge belongs to one trade, so that no position occurs twice.
    gross[lots.parent[hedges]] += weight * gross[hedges]
    net[lots.parent[hedges]] += weight * net[hedges]
    return gross, net


def trade_returns(strategy: Strategy, placed: Placed, plan: Plan) -> pd.DataFrame:
    """Return one row per round trip of a plan: event, position, entry (session), gross, net."""
    board = placed.board
    lots = make_lots(strategy, placed, plan).lots
    n = len(plan.orders.row)
    gross, net = unit_returns(board, lots, np.minimum(lots.fixed, lots.cap), strategy.charges.model)
    position = plan.orders.entry // 3
    return pd.DataFrame(
        {
            "event": plan.orders.event,
            "position": position,
            "entry": board.date_of(plan.orders.row, position),
            "gross": gross[:n],
            "net": net[:n],
        }
    )


@dataclass(frozen=True, eq=False)
class Cells:
    """Net return of a trade entered in each session of each security, for each side.

    net : (cells,). index : side -> (securities, T) position in `net`, -1 where no trade can be entered or ended.
    """

    net: F
    index: dict[float, Ints]

    def ids(self, side: float) -> Ints:
        """Return the cells of a side, (securities, T)."""
        return self.index[side]


def all_cells(strategy: Strategy, placed: Placed, signs: F) -> Cells:
    """Return the net returns of the strategy's trade in every session of every security, as if there had been news."""
    board = placed.board
    panel = board.open if strategy.opening.phase == OPEN else board.close
    row, position = np.nonzero(np.isfinite(panel[: board.securities]))
    parts, index, count = [], {}, 0
    for sign in signs.tolist():
        ids = np.full((board.securities, board.close.shape[1]), -1, dtype=np.int64)
        for start in range(0, len(row), _BLOCK):
            rows, at = row[start : start + _BLOCK], position[start : start + _BLOCK]
            which, net = _block(strategy, board, rows, at, sign)
            ids[rows[which], at[which]] = count + np.arange(len(which))
            parts.append(net)
            count += len(which)
        index[sign] = ids
    return Cells(np.concatenate([*parts, np.empty(0)]), index)


def _block(strategy: Strategy, board: Board, row: Ints, position: Ints, sign: float) -> tuple[Ints, F]:
    """Return which of some cells can be traded to the end, and their net returns."""
    n, rules = len(row), rules_of(strategy)
    entry = 3 * position + rules.phase
    never, none = np.full(n, NEVER), np.zeros(n, dtype=np.int64)
    panel = board.close if rules.phase == CLOSE else board.open
    orders = Orders(
        event=np.arange(n), row=row, side=np.full(n, sign), due=entry, entry=entry, entry_price=panel[row, position],
        hold=scheduled(board, row, entry, rules.hold), until=never, contrary=never, exit=never, exit_due=never,
        exit_price=np.full(n, np.nan), reason=none, extended=none,
    )  # fmt: skip
    orders, known, _ = informed(strategy, board, orders, none)
    orders = finish(board, orders, rules)
    done = orders.exit < NEVER
    orders = orders.take(done)
    plan = Plan(orders, none, *(values[done] for values in known))
    priced = price_lots(strategy, board, 0, orders.row, orders.side, orders, np.full(len(orders.row), -1))
    priced = replace(priced, lots=add_slippage(strategy, board, priced.lots, plan, orders))
    if strategy.hedge:
        priced = add_hedges(strategy, board, priced, plan)
    amount = np.full(len(priced.lots.book), float(strategy.size.amount))  # type: ignore[arg-type]
    if strategy.size.volume_share is not None:
        amount[: len(orders.row)] = np.minimum(amount[: len(orders.row)], strategy.size.volume_share * plan.value)
    net = unit_returns(board, priced.lots, amount, strategy.charges.model)[1]
    return orders.event, net[: len(orders.row)]
