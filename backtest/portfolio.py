"""The portfolio: round trips become sizes, cash, costs and equity, session by session, for many books at once.

Every book is an account of its own (one strategy, or one variant of a grid). All books walk through the sessions together,
so that a thousand variants cost little more than one. Within a session everything is decided from the close before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.trading.costs import YEAR, Slippage

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ACCEPTED, NO_CASH, NO_SLOT, NO_PARENT = 0, 1, 2, 3
#: A limit that is missed by rounding alone is kept.
_SLACK = 1.0 + 1e-12


@dataclass(frozen=True)
class Lots:
    """n round trips, money in the base currency per share; hedges are lots with a `parent`.

    book, row, side (+1, -1) : whose, of what, which way. currency : index of the currency of the row.
    entry, exit : global positions; exit is G where the lot is open at the end. entry_price, exit_price : base currency.
    weight, fixed : notional wanted = weight * equity + fixed; of a hedge, weight is its size per unit of the parent's.
    cap : most money (inf none). cost_in, cost_out : fractions of the value traded. borrow : per year on the notional.
    value_in, value_out, sigma_in, sigma_out : usual traded value per session and daily volatility, for modelled slippage.
    overnight : first global session in which a dividend is the lot's. priority : order within a session.
    parent : position of the lot hedged, -1 for a trade.
    """

    book: Ints
    row: Ints
    side: F
    currency: Ints
    entry: Ints
    exit: Ints
    entry_price: F
    exit_price: F
    weight: F
    fixed: F
    cap: F
    cost_in: F
    cost_out: F
    borrow: F
    value_in: F
    value_out: F
    sigma_in: F
    sigma_out: F
    overnight: Ints
    priority: Ints
    parent: Ints


@dataclass(frozen=True)
class Books:
    """B accounts: capital, leverage and max_positions are (B,), inf for no limit; models of slippage by book, where any."""

    capital: F
    leverage: F
    max_positions: F
    models: dict[int, Slippage]


@dataclass(frozen=True)
class Panel:
    """What the walk needs of the market: mark (G, n) and dividend (G, n) in base per share (None = none), days (G,)."""

    mark: F
    dividend: F | None
    days: Ints
    currencies: int


@dataclass(frozen=True)
class Ledger:
    """What came of it.

    Per lot (n,): status (`ACCEPTED` or why not), notional, slippage (money), borrow (money), dividends (money received).
    Per session (G, B, C), base currency: flow (sales less purchases and dividends, before costs), cost, position (signed
    market value at the close). Per session (G, B): equity, gross (stocks), open (number of trades), traded.
    """

    status: Ints
    notional: F
    slippage: F
    borrow: F
    dividends: F
    flow: F
    cost: F
    position: F
    equity: F
    gross: F
    held: F
    traded: F


class _State:
    """Working arrays of one walk; nothing of it leaves this module but the `Ledger`."""

    def __init__(self, lots: Lots, books: Books, sessions: int, currencies: int) -> None:
        n, b = len(lots.book), len(books.capital)
        self.status, self.notional = np.full(n, NO_PARENT), np.zeros(n)
        self.units, self.last = np.zeros(n), np.zeros(n)
        self.slippage, self.borrow, self.dividends = np.zeros(n), np.zeros(n), np.zeros(n)
        shape = (sessions, b * currencies)
        self.flow, self.cost, self.position = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.equity, self.gross = np.zeros((sessions, b)), np.zeros((sessions, b))
        self.held, self.traded = np.zeros((sessions, b)), np.zeros((sessions, b))
        self.group = lots.book * currencies + lots.currency
        self.cash = books.capital.astype(np.float64).copy()


def walk(lots: Lots, books: Books, panel: Panel) -> Ledger:
    """Run all lots through the sessions; see `Ledger`.

    The order of lots does not matter: within a session they are served by `priority`. Nothing of a session depends on a
    later one.
    """
    at_once = _at_once(lots, books, panel)
    return _session_by_session(lots, books, panel) if at_once is None else at_once


def _session_by_session(lots: Lots, books: Books, panel: Panel) -> Ledger:
    sessions, b = len(panel.mark), len(books.capital)
    state = _State(lots, books, sessions, panel.currencies)
    order = np.lexsort((lots.priority, lots.book, lots.parent >= 0, lots.entry))
    starts = np.searchsorted(lots.entry[order], np.arange(sessions + 1))
    live: Ints = np.empty(0, dtype=np.int64)
    equity: NDArray = books.capital.astype(np.float64)
    gross: NDArray = np.zeros(b)
    held: NDArray = np.zeros(b)
    for g in range(sessions):
        fresh = order[starts[g] : starts[g + 1]]
        if fresh.size:
            fresh = _admit(lots, books, state, fresh, equity, gross, held)
            _enter(lots, books, state, g, fresh)
            live = np.concatenate([live, fresh])
        if live.size:
            live = _settle(lots, books, state, panel, g, live)
            stock = live[lots.parent[live] < 0]
            value = state.position[g].reshape(b, -1).sum(axis=1)
            equity = state.cash + value
            gross = np.bincount(lots.book[stock], np.abs(state.last[stock]), b)
            held = np.bincount(lots.book[stock], np.ones(stock.size), b)
        state.equity[g], state.gross[g], state.held[g] = equity, gross, held
    shape = (sessions, b, panel.currencies)
    cubes = {name: getattr(state, name).reshape(shape) for name in ("flow", "cost", "position")}
    return _ledger(state, state.equity, cubes)


#: Most lot-days that are laid out at once; more of them walk.
_LOT_DAYS = 2_000_000


def _at_once(lots: Lots, books: Books, panel: Panel) -> Ledger | None:
    """Book everything in one step where no size depends on equity and no limit can bind; None where that is not so."""
    if (lots.weight[lots.parent < 0] != 0).any() or books.models:
        return None
    if (
        np.isfinite(books.leverage).any()
        or np.isfinite(books.max_positions).any()
        or (lots.fixed[lots.parent < 0] <= 0).any()
    ):
        return None
    sessions, b = len(panel.mark), len(books.capital)
    end = np.minimum(lots.exit, sessions - 1)
    if (end - lots.entry + 1).sum() > _LOT_DAYS:
        return None
    state = _State(lots, books, sessions, panel.currencies)
    own = lots.parent < 0
    state.notional = np.minimum(lots.fixed, lots.cap)
    state.notional[~own] = lots.weight[~own] * state.notional[lots.parent[~own]]
    state.units = state.notional / lots.entry_price
    state.status = np.where(state.notional > 0, ACCEPTED, NO_PARENT)
    _fills_at_once(lots, state)
    _days_at_once(lots, state, panel, end, own)
    shape = (sessions, b, panel.currencies)
    cubes = {name: getattr(state, name).reshape(shape) for name in ("flow", "cost", "position")}
    moved = (cubes["flow"] - cubes["cost"]).sum(axis=2).cumsum(axis=0)
    equity = books.capital + moved + cubes["position"].sum(axis=2)
    # An account without equity would have traded no more: then the order of things matters.
    return None if (equity <= 0).any() else _ledger(state, equity, cubes)


def _ledger(state: _State, equity: F, cubes: dict[str, F]) -> Ledger:
    return Ledger(
        status=state.status,
        notional=state.notional,
        slippage=state.slippage,
        borrow=state.borrow,
        dividends=state.dividends,
        **cubes,
        equity=equity,
        gross=state.gross,
        held=state.held,
        traded=state.traded,
    )


def _fills_at_once(lots: Lots, state: _State) -> None:
    """Add purchases, sales and their costs to the sessions in which they happen."""
    sessions, b = state.traded.shape
    closed = lots.exit < sessions
    out = np.where(closed, state.units * np.where(closed, lots.exit_price, 0.0), 0.0)
    for at, value, rate, sign, which in (
        (lots.entry, state.notional, lots.cost_in, -1.0, slice(None)),
        (lots.exit, out, lots.cost_out, 1.0, np.flatnonzero(closed)),
    ):
        cell = (at * state.flow.shape[1] + state.group)[which]
        state.flow += _summed(cell, (sign * lots.side * value)[which], state.flow.shape)
        state.cost += _summed(cell, (value * rate)[which], state.cost.shape)
        state.traded += _summed((at * b + lots.book)[which], value[which], state.traded.shape)


def _days_at_once(lots: Lots, state: _State, panel: Panel, end: Ints, own: Bools) -> None:
    """Add marks, dividends and borrow fees of every day on which a lot is held."""
    b = state.traded.shape[1]
    length = end - lots.entry + 1
    lot = np.repeat(np.arange(len(length)), length)
    day = np.arange(len(lot)) - np.repeat(np.cumsum(length) - length - lots.entry, length)
    cell = day * state.flow.shape[1] + state.group[lot]
    if panel.dividend is not None:
        paid = lots.side[lot] * state.units[lot] * panel.dividend[day, lots.row[lot]] * (lots.overnight[lot] <= day)
        state.dividends = _summed(lot, paid, (len(length),))
        state.flow += _summed(cell, paid, state.flow.shape)
    short = (lots.borrow[lot] > 0) & (lots.side[lot] < 0) & (lots.entry[lot] < day)
    if short.any():
        at, when = lot[short], day[short]
        fee = state.notional[at] * lots.borrow[at] * (panel.days[when] - panel.days[when - 1]) / YEAR
        state.borrow = _summed(at, fee, (len(length),))
        state.cost += _summed(cell[short], fee, state.cost.shape)
    open_ = day < lots.exit[lot]
    lot, day, cell = lot[open_], day[open_], cell[open_]
    value = lots.side[lot] * state.units[lot] * panel.mark[day, lots.row[lot]]
    state.position += _summed(cell, value, state.position.shape)
    stock = own[lot]
    place = (day * b + lots.book[lot])[stock]
    state.gross += _summed(place, np.abs(value[stock]), state.gross.shape)
    state.held += _summed(place, np.ones(len(place)), state.held.shape)


def _summed(cell: Ints, values: F, shape: tuple[int, ...]) -> F:
    """Return `values` summed into the cells of an array of that shape."""
    return np.asarray(np.bincount(cell, values, int(np.prod(shape))), dtype=np.float64).reshape(shape)


def _admit(lots: Lots, books: Books, state: _State, fresh: Ints, equity: F, gross: F, held: F) -> Ints:
    """Size the trades of a session and return those for which there is room, with their hedges; (book, priority) order."""
    parent = lots.parent[fresh]
    stocks, hedges = fresh[parent < 0], fresh[parent >= 0]
    book = lots.book[stocks]
    own = np.maximum(equity[book], 0.0)
    wanted = np.minimum(
        np.where(equity[book] > 0, lots.weight[stocks] * own + lots.fixed[stocks], 0.0), lots.cap[stocks]
    )
    starts = np.flatnonzero(np.diff(book, prepend=-1))
    group = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(book)))
    total = np.cumsum(wanted)
    before = (total - wanted)[starts][group]
    with np.errstate(invalid="ignore"):
        room = books.leverage[book] * own - gross[book]
    # An infinite leverage of nothing is no room: an account without equity trades no more.
    fits = (total - before <= np.where(np.isnan(room), 0.0, room) * _SLACK) & (wanted > 0)
    rank = np.arange(len(book)) - starts[group]
    refused = ~fits
    behind = np.cumsum(refused)
    fits &= (behind - (behind - refused)[starts][group]) == 0
    slot = rank < books.max_positions[book] - held[book]
    state.status[stocks] = np.where(fits & slot, ACCEPTED, np.where(slot, NO_CASH, NO_SLOT))
    state.notional[stocks] = np.where(fits & slot, wanted, 0.0)
    state.notional[hedges] = lots.weight[hedges] * state.notional[lots.parent[hedges]]
    state.status[hedges] = np.where(state.notional[hedges] > 0, ACCEPTED, NO_PARENT)
    return fresh[state.status[fresh] == ACCEPTED]


def _enter(lots: Lots, books: Books, state: _State, g: int, fresh: Ints) -> None:
    notional = state.notional[fresh]
    state.units[fresh] = notional / lots.entry_price[fresh]
    state.last[fresh] = lots.side[fresh] * notional
    slip = _slippage(lots, books, fresh, notional, lots.value_in, lots.sigma_in)
    state.slippage[fresh] += slip
    _book(state, g, fresh, -state.last[fresh], notional * lots.cost_in[fresh] + slip, lots.book[fresh])
    state.traded[g] += np.bincount(lots.book[fresh], notional, len(state.cash))


def _settle(lots: Lots, books: Books, state: _State, panel: Panel, g: int, live: Ints) -> Ints:
    """Accrue, close and mark the open lots of session g; return those that stay open."""
    late = live[(lots.borrow[live] > 0) & (lots.side[live] < 0) & (lots.entry[live] < g)]
    if late.size:
        fee = state.notional[late] * lots.borrow[late] * (panel.days[g] - panel.days[g - 1]) / YEAR
        state.borrow[late] += fee
        _book(state, g, late, np.zeros(late.size), fee, lots.book[late])
    if panel.dividend is not None:
        paid = panel.dividend[g, lots.row[live]] * (lots.overnight[live] <= g)
        owed = lots.side[live] * state.units[live] * paid
        state.dividends[live] += owed
        _book(state, g, live, owed, np.zeros(live.size), lots.book[live])
    leaving = lots.exit[live] == g
    if leaving.any():
        _leave(lots, books, state, g, live[leaving])
        live = live[~leaving]
    state.last[live] = lots.side[live] * state.units[live] * panel.mark[g, lots.row[live]]
    state.position[g] = np.bincount(state.group[live], state.last[live], state.position.shape[1])
    return live


def _leave(lots: Lots, books: Books, state: _State, g: int, leaving: Ints) -> None:
    value = state.units[leaving] * lots.exit_price[leaving]
    slip = _slippage(lots, books, leaving, value, lots.value_out, lots.sigma_out)
    state.slippage[leaving] += slip
    _book(state, g, leaving, lots.side[leaving] * value, value * lots.cost_out[leaving] + slip, lots.book[leaving])
    state.traded[g] += np.bincount(lots.book[leaving], value, len(state.cash))


def _book(state: _State, g: int, which: Ints, flow: F, cost: F, book: Ints) -> None:
    groups = state.group[which]
    state.flow[g] += np.bincount(groups, flow, state.flow.shape[1])
    state.cost[g] += np.bincount(groups, cost, state.cost.shape[1])
    state.cash += np.bincount(book, flow - cost, len(state.cash))


def _slippage(lots: Lots, books: Books, which: Ints, value: F, usual: F, sigma: F) -> F:
    """Return modelled slippage in money; zero in books whose slippage is a constant, and for hedges."""
    out = np.zeros(len(which))
    for code, model in books.models.items():
        mine = (lots.book[which] == code) & (lots.parent[which] < 0)
        if mine.any():
            at = which[mine]
            out[mine] = value[mine] * 1e-4 * model(value[mine] / usual[at], sigma[at])
    return out
