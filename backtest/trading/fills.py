"""Fills: at which price and moment an order is really done, and when a trade ends, vectorised over all orders.

A fill happens in a session with a trade only. An order that is due while a share is halted waits; an exit waits as long
as it takes, an entry for `patience` sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backtest.trading.board import CLOSE, NEVER, OPEN, RANGE, Board
from backtest.trading.decisions import CODE, KEPT

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Reasons of exit in the order in which they win where several fall on one moment.
EXITS = ("stop-loss", "take-profit", "contrary", "netted", "until", "hold", "open", "delisted")
STOP, TARGET, CONTRARY, NETTED, UNTIL, HOLD, STILL_OPEN, DELISTED = range(len(EXITS))

_BLOCK = 4096
_WINDOW = 64


@dataclass(frozen=True)
class Rules:
    """How trades end. hold: sessions, None no limit. stop, target: distance from the entry price as a fraction, NaN none.

    intraday : barriers are orders that rest in the day's range; else they are judged at closes and filled at the next
    price of kind `phase` (open or close), which is also the kind of the entry.
    """

    hold: int | None
    stop: float
    target: float
    intraday: bool
    phase: int
    patience: int

    @property
    def barriers(self) -> bool:
        """Whether there is a stop or a target at all."""
        return not (np.isnan(self.stop) and np.isnan(self.target))


@dataclass(frozen=True)
class Orders:
    """n round trips, one per event that could be entered; prices in the currency of the row, split-adjusted.

    event : (n,) position in the events table. side : (n,) signed size. due : tick for which the entry was meant.
    entry, exit : ticks; exit is `NEVER` where the trade is open at the end. exit_due : tick at which the order to leave was
    there, earlier than `exit` where the share was halted.
    hold, until, contrary : ticks of the planned exits, `NEVER` where there is none.
    reason : index into `EXITS`. extended : how many later events prolonged the trade.
    """

    event: Ints
    row: Ints
    side: F
    due: Ints
    entry: Ints
    entry_price: F
    hold: Ints
    until: Ints
    contrary: Ints
    exit: Ints
    exit_due: Ints
    exit_price: F
    reason: Ints
    extended: Ints

    def take(self, which: Ints | Bools) -> Orders:
        """Return some of the orders."""
        return Orders(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    @property
    def planned(self) -> Ints:
        """Tick of the earliest planned exit."""
        return np.minimum(np.minimum(self.hold, self.until), self.contrary)

    @property
    def plan(self) -> Ints:
        """Which planned exit comes first (index into `EXITS`); a tie goes to the contrary event, then to the date."""
        which = np.stack([self.contrary, self.until, self.hold]).argmin(axis=0)
        return np.where(self.planned >= NEVER, STILL_OPEN, np.array([CONTRARY, UNTIL, HOLD])[which])


# ----------------------------------------------------------------------------------------------------------- prices


def first_price(board: Board, row: Ints, tick: Ints) -> tuple[Ints, F]:
    """Return (tick, price) of the first price at or after `tick`: the open, or the close where there is no open.

    `NEVER` and NaN where no price follows. A tick inside the range counts as the close.
    """
    span = board.close.shape[1]
    due = np.minimum(tick // 3, span)
    inside = due < span
    here = np.minimum(due, span - 1)
    at_close = inside & (tick % 3 != OPEN) & np.isfinite(board.close[row, here])
    position = due.copy()
    later = np.flatnonzero(~at_close)
    after = np.where(tick[later] % 3 == OPEN, due[later], np.minimum(due[later] + 1, span))
    position[later] = _first_with(board, CLOSE, row[later], after)
    found = position < span
    position = np.minimum(position, span - 1)
    opening = board.open[row, position]
    use_open = ~at_close & np.isfinite(opening)
    price = np.where(use_open, opening, board.close[row, position])
    return (
        np.where(found, 3 * position + np.where(use_open, OPEN, CLOSE), NEVER),
        np.where(found, price, np.nan),
    )


def _first_with(board: Board, phase: int, row: Ints, start: Ints) -> Ints:
    """Return the first position at or after `start` with an opening price (`phase` OPEN) or a trade; T where none follows."""
    panel = board.open if phase == OPEN else board.close
    span = panel.shape[1]
    missing = np.flatnonzero(~(np.isfinite(panel[row, np.minimum(start, span - 1)]) | (start >= span)))
    if not len(missing):
        return start
    position, table = start.copy(), board.next_open if phase == OPEN else board.next_traded
    position[missing] = table[row[missing], start[missing]]
    return position


def enter(board: Board, row: Ints, due: Ints, rules: Rules) -> tuple[Ints, F, Ints]:
    """Return (tick, price, reason) of entries due at `due`: the first price of the entry's kind within `patience` sessions.

    The reason is `KEPT`, "after-last-session", "no-price" (no trade in that time) or "no-open" (traded, without opens).
    """
    span = board.close.shape[1]
    late = due >= NEVER
    start = np.minimum(np.where(late, span, due // 3), span)
    position = _first_with(board, rules.phase, row, start)
    good = ~late & (position - start <= rules.patience) & (position < span)
    reason = np.where(good, KEPT, np.where(late, CODE["after-last-session"], CODE["no-price"]))
    if rules.phase == OPEN and not good.all():
        traded = _first_with(board, CLOSE, row, start) - start <= rules.patience
        reason = np.where(~good & ~late & traded & (start < span), CODE["no-open"], reason)
    position = np.minimum(position, span - 1)
    panel = board.open if rules.phase == OPEN else board.close
    return np.where(good, 3 * position + rules.phase, NEVER), np.where(good, panel[row, position], np.nan), reason


def scheduled(board: Board, row: Ints, entry: Ints, hold: int | None) -> Ints:
    """Return the tick of the close of the `hold`-th session held; a session entered at its open is the first."""
    if hold is None:
        return np.full(len(entry), NEVER)
    position = entry // 3 + hold - (entry % 3 == OPEN)
    return np.where((entry < NEVER) & (position < board.lengths[row]), 3 * position + CLOSE, NEVER)


def finish(board: Board, orders: Orders, rules: Rules) -> Orders:
    """Return the orders with their exits: the first barrier, or the plan; a halted share leaves at its first price."""
    due, reason, price = orders.planned, orders.plan, np.full(len(orders.row), np.nan)
    if rules.barriers:
        hit, price, is_stop = barrier_hits(board, orders, rules, due)
        met = hit < NEVER
        due, reason = np.where(met, hit, due), np.where(met, np.where(is_stop, STOP, TARGET), reason)
    tick, first = first_price(board, orders.row, due)
    resting = np.isfinite(price)
    tick, price = np.where(resting, due, tick), np.where(resting, price, first)
    reason = np.where(tick >= NEVER, STILL_OPEN, reason)
    return replace(orders, exit=tick, exit_due=due, exit_price=price, reason=reason)


# --------------------------------------------------------------------------------------------------------- barriers


def barrier_hits(board: Board, orders: Orders, rules: Rules, limit: Ints) -> tuple[Ints, F, Bools]:
    """Return (tick, price, is it the stop) of the first barrier that each order meets up to the tick `limit`.

    Resting orders (`intraday`): from the entry's session on if it was entered at the open, else from the next. Beyond
    the barrier at the open they fill at the open; where a day's range touches both, the stop is taken first. A session
    known by its close alone is a range of that one price.
    Judged at closes: the close that breaks the barrier is seen first; the tick is that of the next price, the price NaN.
    `NEVER` where none is met.
    """
    n = len(orders.row)
    tick, price, stop = np.full(n, NEVER), np.full(n, np.nan), np.zeros(n, dtype=bool)
    start = orders.entry // 3 + (orders.entry % 3 == CLOSE)
    last = board.lengths[orders.row] - 1
    reach = (limit - 2) // 3 if rules.intraday else (limit - rules.phase) // 3 - 1
    end = np.minimum(np.where(limit >= NEVER, last, reach), last)
    active = np.flatnonzero(start <= end)
    for cut in range(0, len(active), _BLOCK):
        todo = active[cut : cut + _BLOCK]
        while todo.size:
            width = int(min(_WINDOW, (end[todo] - start[todo]).max() + 1))
            days = start[todo][:, None] + np.arange(width)
            hit, where, level, is_stop = _scan(board, orders, rules, todo, days, days <= end[todo][:, None])
            done = todo[hit]
            tick[done], price[done], stop[done] = where[hit], level[hit], is_stop[hit]
            start[todo] += width
            todo = todo[~hit & (start[todo] <= end[todo])]
    if not rules.intraday:
        return np.where(tick < NEVER, 3 * (tick // 3 + 1) + rules.phase, NEVER), np.full(n, np.nan), stop
    return tick, price, stop


def _scan(
    board: Board, orders: Orders, rules: Rules, which: Ints, days: Ints, seen: Bools
) -> tuple[Bools, Ints, F, Bools]:
    """Look for the first hit in a block of days (k, w): return (hit, tick, price, is it the stop), each (k,)."""
    row, days = orders.row[which][:, None], np.minimum(days, board.close.shape[1] - 1)
    sign = np.sign(orders.side[which])[:, None]
    base = orders.entry_price[which][:, None]
    close = sign * board.close[row, days]
    low_level, high_level = base * (sign - rules.stop), base * (sign + rules.target)
    if rules.intraday:
        opening, worst, best = _signed_range(board, row, days, sign, close)
    else:
        opening = worst = best = close
    seen = seen & np.isfinite(close)
    with np.errstate(invalid="ignore"):
        gap_down, gap_up = opening <= low_level, opening >= high_level
        stopped = gap_down | (~gap_up & (worst <= low_level))
        reached = ~stopped & (gap_up | (best >= high_level))
        price = np.where(
            gap_down | gap_up,
            opening,
            np.where(stopped, np.minimum(opening, low_level), np.maximum(opening, high_level)),
        )
    any_hit = seen & (stopped | reached)
    first = any_hit.argmax(axis=1)
    lines = np.arange(len(which))
    gapped = (gap_down | gap_up)[lines, first]
    phase = (
        np.where(gapped & np.isfinite(board.open[row, days])[lines, first], OPEN, RANGE) if rules.intraday else CLOSE
    )
    tick = 3 * days[lines, first] + phase
    return any_hit[lines, first], tick, (sign * price)[lines, first], stopped[lines, first]


def _signed_range(board: Board, row: Ints, days: Ints, sign: F, close: F) -> tuple[F, F, F]:
    """Return (open, worst, best) of each day, seen from the side of the trade; what is missing is taken from the close."""
    opening = sign * board.open[row, days]
    opening = np.where(np.isfinite(opening), opening, close)
    ends = [opening, close]
    for panel in (board.high, board.low):
        value = sign * panel[row, days]
        ends.append(np.where(np.isfinite(value), value, close))
    return opening, np.minimum.reduce(ends), np.maximum.reduce(ends)
