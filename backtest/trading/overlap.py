"""Several events on one share: what becomes of an event that comes while a trade is open.

The rules work on signals, one security at a time, before the portfolio is asked whether it has room: a trade that is
refused for want of cash still counts as open here. An event whose entry falls on the very auction at which the open trade
leaves finds no open trade.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backtest.trading.board import CLOSE, NEVER, Board
from backtest.trading.decisions import CODE, KEPT
from backtest.trading.fills import NETTED, Orders, Rules, barrier_hits, finish, first_price

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: `(board, orders, rules) -> (orders, reason)`: orders come sorted by (row, entry, rank) with their exits, and go as many as
#: they came; reason (n,) is `KEPT` for those that stay, else the code under which the event is dropped.
Resolve = Callable[[Board, Orders, Rules], tuple[Orders, Ints]]


def stack(board: Board, orders: Orders, rules: Rules) -> tuple[Orders, Ints]:
    """Each event is a trade of its own, whatever else is open."""
    return orders, np.full(len(orders.row), KEPT)


def ignore(board: Board, orders: Orders, rules: Rules) -> tuple[Orders, Ints]:
    """An event that comes while a trade in the share is open is left out ("position-open")."""
    reason = np.full(len(orders.row), KEPT)
    current, free = -1, 0
    crowd = np.flatnonzero(_chains(orders, orders.exit)[1] > 1)
    for i, row, entry, leave in _lists(crowd, orders.row[crowd], orders.entry[crowd], orders.exit[crowd]):
        if row == current and entry < free:
            reason[i] = CODE["position-open"]
        else:
            current, free = row, leave
    return orders, reason


def net(board: Board, orders: Orders, rules: Rules) -> tuple[Orders, Ints]:
    """A contrary event closes the oldest open trade of the other side at its own entry, and opens none; like sides stack."""
    reason = np.full(len(orders.row), KEPT)
    leave, price, why = orders.exit.copy(), orders.exit_price.copy(), orders.reason.copy()
    due = orders.exit_due.copy()
    current, live = -1, list[int]()
    crowd = np.flatnonzero(_chains(orders, orders.exit)[1] > 1)
    for i, row, entry, side in _lists(crowd, orders.row[crowd], orders.entry[crowd], np.sign(orders.side[crowd])):
        live = [k for k in live if leave[k] > entry] if row == current else []
        current = row
        other = [k for k in live if orders.side[k] * side < 0]
        if other:
            reason[i] = CODE["netted"]
            leave[other[0]], price[other[0]], why[other[0]] = entry, orders.entry_price[i], NETTED
            due[other[0]] = entry
        else:
            live.append(i)
    return replace(orders, exit=leave, exit_due=due, exit_price=price, reason=why), reason


def extend(board: Board, orders: Orders, rules: Rules) -> tuple[Orders, Ints]:
    """A like event prolongs the open trade to where its own would have ended; a contrary one is left out ("position-open").

    A stop or target stays where the first entry put it; a date or a contrary event still ends the trade.
    """
    reason = np.full(len(orders.row), KEPT)
    hold, extended = orders.hold.copy(), orders.extended.copy()
    ends, members = _chains(orders, first_price(board, orders.row, orders.planned)[0])
    crowd = np.flatnonzero(members > 1)
    if not len(crowd):
        return orders, reason
    cap, hit = np.minimum(orders.until, orders.contrary), np.full(len(hold), NEVER)
    if rules.barriers:
        hit[crowd] = barrier_hits(board, orders.take(crowd), rules, ends[crowd])[0]
    current, trade, free = -1, -1, 0
    for i, row, entry, side in _lists(crowd, orders.row[crowd], orders.entry[crowd], np.sign(orders.side[crowd])):
        if row != current or entry >= free:
            current, trade, free = row, i, orders.exit[i]
        elif orders.side[trade] * side > 0:
            reason[i] = CODE["extended"]
            hold[trade], extended[trade] = max(hold[trade], orders.hold[i]), extended[trade] + 1
            free = _filled(board, row, min(hit[trade], cap[trade], hold[trade]))
        else:
            reason[i] = CODE["position-open"]
    return finish(board, replace(orders, hold=hold, extended=extended), rules), reason


#: What to do with an event that comes while a trade in the same share is open.
RESOLVERS: dict[str, Resolve] = {"stack": stack, "ignore": ignore, "extend": extend, "net": net}


#: Ticks behind all sessions, and the distance between two rows on one axis of ticks.
_FAR = np.int64(2**30)
_SPAN = np.int64(2**31)


def _lists(*arrays: NDArray) -> zip:
    return zip(*(a.tolist() for a in arrays), strict=True)


def _filled(board: Board, row: int, tick: int) -> int:
    """Return the tick of the first price at or after `tick` (one order)."""
    if tick < NEVER and tick % 3 == CLOSE and board.traded[row, tick // 3]:
        return int(tick)
    return int(first_price(board, np.array([row]), np.array([tick]))[0][0])


def _chains(orders: Orders, ends: Ints) -> tuple[Ints, Ints]:
    """Return (last tick, number of members) of the chain of each order: orders of a row that touch, one after the other.

    ends : (n,) ticks at which the orders end. Orders come sorted by (row, entry).
    """
    n = len(ends)
    if not n:
        return ends, ends
    ends = np.minimum(ends, _FAR)
    latest = np.maximum.accumulate(ends + orders.row * _SPAN)
    begin = np.flatnonzero(np.append(True, (orders.entry + orders.row * _SPAN)[1:] >= latest[:-1]))
    members = np.diff(begin, append=n)
    last = np.repeat(np.maximum.reduceat(ends, begin), members)
    return np.where(last == _FAR, NEVER, last), np.repeat(members, members)
