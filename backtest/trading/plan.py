"""One strategy on one board: from placed events to round trips, and from round trips to lots for the portfolio."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from backtest.trading.board import CLOSE, NEVER, OPEN, Board
from backtest.trading.costs import Rates, rates_at
from backtest.trading.decisions import CODE, KEPT, Placed, contrary_ticks, sides, until_ticks
from backtest.trading.fills import Orders, Rules, enter, finish, first_price, scheduled
from backtest.trading.lots import Books, Lots
from backtest.trading.overlap import RESOLVERS
from backtest.trading.sizing import RULES, trailing_beta, trailing_value, trailing_volatility

if TYPE_CHECKING:
    from backtest.strategy import Strategy

F = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T", Lots, Rates)


@dataclass(frozen=True)
class Plan:
    """Round trips of one strategy before money is looked at.

    orders : the k trades that it would do, ordered by (row, entry, rank). reason : (n,) why an event is none, else `KEPT`.
    volatility, value, beta : (k,) known before each entry; NaN where the strategy does not ask for them.
    """

    orders: Orders
    reason: Ints
    volatility: F
    value: F
    beta: F


def rules_of(strategy: Strategy) -> Rules:
    """Return the exit rules of a strategy."""
    return Rules(
        hold=strategy.hold,
        stop=np.nan if strategy.stop_loss is None else float(strategy.stop_loss),
        target=np.nan if strategy.take_profit is None else float(strategy.take_profit),
        intraday=strategy.barrier == "range",
        phase=strategy.opening.phase,
        patience=strategy.patience,
    )


@dataclass(frozen=True)
class Entered:
    """Orders with their entries, before it is asked when they end: what variants that differ in their exits share.

    orders : ordered by (row, entry, rank), without a hold. reason : (n,) as in `Plan`. known : volatility, value, beta.
    """

    orders: Orders
    reason: Ints
    known: tuple[F, F, F]


def make_plan(
    strategy: Strategy, placed: Placed, size: F | None = None, memo: dict[tuple[object, ...], Entered] | None = None
) -> Plan:
    """Return the round trips of a strategy on placed events; `size` (n,) overrides its sides.

    memo : entries by what they depend on, shared by strategies that stay alive meanwhile; filled here.
    """
    key = _entry_key(strategy)
    start = memo.get(key) if memo is not None and size is None else None
    if start is None:
        start = entered(strategy, placed, size)
        if memo is not None and size is None:
            memo[key] = start
    rules, orders, reason = rules_of(strategy), start.orders, start.reason.copy()
    orders = replace(orders, hold=scheduled(placed.board, orders.row, orders.entry, rules.hold))
    orders = finish(placed.board, orders, rules)
    orders, lost = RESOLVERS[strategy.overlap](placed.board, orders, rules)
    reason[orders.event[lost != KEPT]] = lost[lost != KEPT]
    stay = lost == KEPT
    return Plan(orders.take(stay), reason, *(values[stay] for values in start.known))


def _entry_key(strategy: Strategy) -> tuple[object, ...]:
    """Return what the entries of a strategy, and what it knows before them, depend on."""
    return (
        id(strategy.side), strategy.entry, strategy.patience, id(strategy.until), id(strategy.contrary), strategy.hedge,
        strategy.lookback, strategy.size.rule, strategy.size.volume_share is None, id(strategy.charges.model),
    )  # fmt: skip


def entered(strategy: Strategy, placed: Placed, size: F | None = None) -> Entered:
    """Return the orders that find a price to enter at and of which is known what the strategy asks for."""
    size = sides(placed, strategy.side) if size is None else size
    reason = np.where((placed.reason == KEPT) & ~(np.nan_to_num(size) != 0), CODE["no-side"], placed.reason)
    due, rules = placed.ticks(strategy.opening), rules_of(strategy)
    which = np.flatnonzero(reason == KEPT)
    board, row = placed.board, placed.row[which]
    tick, price, why = enter(board, row, due[which], rules)
    until = until_ticks(placed, strategy.until)[which]
    contrary = contrary_ticks(placed, strategy.closing, rules.phase)[which]
    why = np.where((why == KEPT) & (until <= tick), CODE["until-passed"], why)
    why = np.where((why == KEPT) & (contrary <= tick), CODE["contrary-before-entry"], why)
    reason[which] = why
    order = np.lexsort((placed.rank[which], tick, row))
    order = order[why[order] == KEPT]
    none = np.zeros(len(which), dtype=np.int64)
    orders = Orders(
        event=which, row=row, side=size[which], due=due[which], entry=tick, entry_price=price,
        hold=none + NEVER, until=until, contrary=contrary,
        exit=none + NEVER, exit_due=none + NEVER, exit_price=np.full(len(which), np.nan), reason=none, extended=none,
    )  # fmt: skip
    orders, known, reason = informed(strategy, board, orders.take(order), reason)
    return Entered(orders, reason, known)


def informed(strategy: Strategy, board: Board, orders: Orders, reason: Ints) -> tuple[Orders, tuple[F, F, F], Ints]:
    """Estimate what the strategy wants to know before each entry; orders without it are dropped with a reason."""
    position, modelled = orders.entry // 3, strategy.charges.model is not None
    asked = {
        "no-volatility": (trailing_volatility, strategy.size.rule == "volatility" or modelled),
        "no-volume": (trailing_value, strategy.size.volume_share is not None or modelled),
        "no-beta": (trailing_beta, strategy.hedge is not None),
    }
    good, known = np.ones(len(position), dtype=bool), []
    for name, (figure, wanted) in asked.items():
        values = figure(board, orders.row, position, strategy.lookback) if wanted else np.full(len(position), np.nan)
        usable = np.isfinite(values) & ((values > 0) | (name == "no-beta")) if wanted else good
        reason[orders.event[good & ~usable]] = CODE[name]
        good = good & usable
        known.append(values)
    return orders.take(good), (known[0][good], known[1][good], known[2][good]), reason


# ------------------------------------------------------------------------------------------------------------- lots


@dataclass(frozen=True)
class Priced:
    """Lots of one book, with what its tables need: rates of both fills, and the lot of each hedge (-1 none)."""

    lots: Lots
    rates_in: Rates
    rates_out: Rates
    hedge: Ints


def make_lots(strategy: Strategy, placed: Placed, plan: Plan, book: int = 0) -> Priced:
    """Return the lots of a plan: one per round trip, followed by their hedges."""
    board, orders = placed.board, plan.orders
    sizing, n = strategy.size, len(plan.orders.row)
    share = np.abs(orders.side)
    sign = np.sign(orders.side)
    weight, fixed = RULES[sizing.rule](share, plan.volatility, sizing)
    cap = np.full(n, np.inf) if sizing.volume_share is None else sizing.volume_share * plan.value
    rank = placed.rank[orders.event]
    phase = (orders.entry % 3 == CLOSE).astype(np.int64)
    instant = board.instants[board.market_of[orders.row], orders.entry // 3, phase]
    priority = np.empty(n, dtype=np.int64)
    priority[np.lexsort((rank, instant))] = np.arange(n)
    out = price_lots(strategy, board, book, orders.row, sign, orders, np.full(n, -1))
    lots = replace(
        out.lots,
        weight=weight,
        fixed=fixed,
        cap=cap,
        step=_share_price(board, out.lots, orders) if sizing.whole_shares else np.zeros(n),
        priority=priority,
    )
    lots = add_slippage(strategy, board, lots, plan, orders)
    return add_hedges(strategy, board, replace(out, lots=lots), plan) if strategy.hedge else replace(out, lots=lots)


def _share_price(board: Board, lots: Lots, orders: Orders) -> F:
    """Return what one share cost at the entry, in the base currency, splits that came later aside."""
    factor = 1.0 if board.factor is None else board.factor[orders.row, orders.entry // 3]
    return lots.entry_price / factor


def price_lots(strategy: Strategy, board: Board, book: int, row: Ints, sign: F, orders: Orders, parent: Ints) -> Priced:
    """Price the fills of `orders` in base currency, with the costs of each side; sizes are filled in by the caller."""
    n, span = len(row), board.close.shape[1]
    still = orders.exit >= NEVER
    leave = np.minimum(np.where(still, 0, orders.exit // 3), span - 1)
    enter_at = orders.entry // 3
    hedge = parent >= 0
    rates_in = rates_at(strategy.charges, board, row, board.date_of(row, enter_at), sign > 0, hedge)
    rates_out = rates_at(strategy.charges, board, row, board.date_of(row, leave), sign < 0, hedge)
    zero = np.zeros(n)
    entry = board.global_of(row, enter_at)
    lots = Lots(
        book=np.full(n, book), row=row, side=sign, currency=board.currency_of[row],
        entry=entry, exit=np.where(still, len(board.sessions), board.global_of(row, leave)),
        entry_price=board.in_base(row, enter_at, orders.entry_price), exit_price=board.in_base(row, leave, orders.exit_price),
        weight=zero, fixed=zero, cap=zero + np.inf, step=zero, cost_in=rates_in.total, cost_out=rates_out.total,
        borrow=np.where(sign < 0, rates_in.borrow, 0.0), value_in=zero, value_out=zero, sigma_in=zero, sigma_out=zero,
        overnight=entry + 1, priority=np.arange(n), parent=parent,
    )  # fmt: skip
    return Priced(lots, rates_in, rates_out, np.full(n, -1))


def add_slippage(strategy: Strategy, board: Board, lots: Lots, plan: Plan, orders: Orders) -> Lots:
    """Return the lots with what a slippage model needs to know before each of their fills."""
    if strategy.charges.model is None:
        return lots
    closed = orders.exit < NEVER
    position = np.where(closed, orders.exit // 3, orders.entry // 3)
    value = trailing_value(board, orders.row, position, strategy.lookback)
    sigma = trailing_volatility(board, orders.row, position, strategy.lookback)
    # After a long halt nothing may be known of the last sessions; then what was known at the entry stands.
    return replace(
        lots,
        value_in=plan.value,
        sigma_in=plan.volatility,
        value_out=np.where(value > 0, value, plan.value),
        sigma_out=np.where(np.isfinite(sigma), sigma, plan.volatility),
    )


def add_hedges(strategy: Strategy, board: Board, priced: Priced, plan: Plan) -> Priced:
    """Add a lot in the benchmark per trade: beta times its size, the other way.

    It is filled with the trade's own fill where the benchmark has an opening price of that moment (a benchmark that is loaded
    as a security, with opens), else at its close of that date: until then the trade is not hedged. A date on which the
    benchmark has no price is waited out.
    """
    orders = plan.orders
    mark = board.benchmark_of[orders.row]
    entry, entry_price = _benchmark_fill(board, mark, orders.row, orders.entry)
    still = orders.exit >= NEVER
    exit_, exit_price = _benchmark_fill(board, mark, orders.row, np.where(still, 0, orders.exit))
    exit_, exit_price = np.where(still, NEVER, exit_), np.where(still, np.nan, exit_price)
    which = np.flatnonzero((entry < exit_) & (plan.beta != 0))
    shape = replace(
        orders.take(which), row=mark[which], entry=entry[which], entry_price=entry_price[which], exit=exit_[which],
        exit_price=exit_price[which],
    )  # fmt: skip
    sign = -np.sign(plan.beta[which]) * np.sign(orders.side[which])
    own = price_lots(
        strategy, board, int(priced.lots.book[0]) if len(orders.row) else 0, mark[which], sign, shape, which
    )
    own_lots = replace(own.lots, weight=np.abs(plan.beta[which]), priority=priced.lots.priority[which])
    hedge = np.full(len(orders.row), -1)
    hedge[which] = len(orders.row) + np.arange(len(which))
    lots = join_lots([priced.lots, own_lots])
    rates_in, rates_out = (_join([getattr(priced, side), getattr(own, side)]) for side in ("rates_in", "rates_out"))
    return Priced(lots, rates_in, rates_out, hedge)


def _benchmark_fill(board: Board, mark: Ints, row: Ints, tick: Ints) -> tuple[Ints, F]:
    """Return (tick, price) of the benchmark's fill beside a fill of `row` at `tick`, both on their own exchange's sessions."""
    own, dates = tick // 3, board.date_of(row, tick // 3)
    position = np.zeros(len(mark), dtype=np.int64)
    for m, cal in enumerate(board.calendars):
        mine = board.market_of[mark] == m
        position[mine] = np.searchsorted(cal.sessions, dates[mine])
    past = position >= board.lengths[mark]
    position = np.where(past, 0, position)
    opens = (tick % 3 == OPEN) & np.isfinite(board.open[mark, position]) & (board.date_of(mark, position) == dates)
    # An auction that is over when the trade is filled cannot hedge it.
    opens &= board.instants[board.market_of[mark], position, 0] >= board.instants[board.market_of[row], own, 0]
    return first_price(board, mark, np.where(past, NEVER, 3 * position + np.where(opens, OPEN, CLOSE)))


def join_lots(parts: list[Lots]) -> Lots:
    """Return lots one after the other; their `parent` must count from the start of the whole."""
    return _join(parts)


def _join(parts: list[T]) -> T:
    """Return dataclasses of arrays one behind the other."""
    kind = type(parts[0])
    return kind(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(kind)))


def books_of(strategies: list[Strategy]) -> Books:
    """Return the accounts of strategies, one each."""
    infinite = float("inf")
    return Books(
        capital=np.array([float(s.capital) for s in strategies]),
        leverage=np.array([infinite if s.size.leverage is None else s.size.leverage for s in strategies]),
        max_positions=np.array(
            [infinite if s.size.max_positions is None else s.size.max_positions for s in strategies]
        ),
        models={i: s.charges.model for i, s in enumerate(strategies) if s.charges.model is not None},
    )
