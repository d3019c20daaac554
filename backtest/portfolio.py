"""The portfolio: round trips become sizes, cash, costs and equity, for many books at once.

Every book is an account of its own (one strategy, or one variant of a grid). All books go through the sessions together,
so that a thousand variants cost little more than one. Within a session everything is decided from the close before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.trading.booking import book_at_once
from backtest.trading.costs import YEAR
from backtest.trading.lots import (
    ACCEPTED,
    NO_CASH,
    NO_PARENT,
    NO_SHARE,
    NO_SLOT,
    Books,
    Ledger,
    Lots,
    Panel,
    admit,
    limited,
)

__all__ = ["ACCEPTED", "NO_CASH", "NO_SHARE", "NO_SLOT", "Books", "Ledger", "Lots", "Panel", "walk"]

F = NDArray[np.float64]
Ints = NDArray[np.int64]


class _State:
    """Working arrays of one walk; nothing of it leaves this module but the `Ledger`."""

    def __init__(self, lots: Lots, books: Books, sessions: int, currencies: int, lean: bool = False) -> None:
        n, b = len(lots.book), len(books.capital)
        self.lean = lean
        self.limited, self.whole = limited(books), bool(lots.step.any())
        self.status, self.notional = np.full(n, NO_PARENT), np.zeros(n)
        self.units, self.last = np.zeros(n), np.zeros(n)
        self.slippage, self.borrow, self.dividends = np.zeros(n), np.zeros(n), np.zeros(n)
        self.equity = np.zeros((sessions, b))
        kept = 0 if lean else sessions
        self.flow, self.cost, self.position = (np.zeros((kept, b * currencies)) for _ in range(3))
        self.gross, self.held, self.traded = (np.zeros((kept, b)) for _ in range(3))
        self.group = lots.book * currencies + lots.currency
        # What every session asks of every lot, asked once.
        self.borrowed = (lots.borrow > 0) & (lots.side < 0)
        self.lends = bool(self.borrowed.any())
        self.signed = np.zeros(n)
        self.cash = books.capital.astype(np.float64).copy()


def walk(lots: Lots, books: Books, panel: Panel, lean: bool = False) -> Ledger:
    """Run all lots through the sessions; see `Ledger`.

    The order of lots does not matter: within a session they are served by `priority`. Nothing of a session depends on a
    later one.

    lean : keep what is per lot and the equity alone; the other figures per session have no row then.
    """
    at_once = book_at_once(lots, books, panel)
    return session_by_session(lots, books, panel, lean) if at_once is None else at_once


def session_by_session(lots: Lots, books: Books, panel: Panel, lean: bool = False) -> Ledger:
    """Run the lots through one session after the other; it needs no room for lot-days, and serves modelled slippage."""
    sessions, b = len(panel.mark), len(books.capital)
    state = _State(lots, books, sessions, panel.currencies, lean)
    order = np.lexsort((lots.priority, lots.book, lots.parent >= 0, lots.entry))
    starts = np.searchsorted(lots.entry[order], np.arange(sessions + 1))
    live: Ints = np.empty(0, dtype=np.int64)
    equity: NDArray = books.capital.astype(np.float64)
    gross: NDArray = np.zeros(b)
    held: NDArray = np.zeros(b)
    for g in range(sessions):
        fresh = order[starts[g] : starts[g + 1]]
        if fresh.size:
            limits = (gross, held) if state.limited else None
            admit(lots, books, state.status, state.notional, fresh, equity, limits, state.whole)
            fresh = fresh[state.status[fresh] == ACCEPTED]
            _enter(lots, books, state, g, fresh)
            live = np.concatenate([live, fresh])
        if live.size:
            live = _settle(lots, books, state, panel, g, live)
            equity = state.cash + np.bincount(lots.book[live], state.last[live], b)
            if state.limited or not lean:
                stock = live[lots.parent[live] < 0]
                gross = np.bincount(lots.book[stock], np.abs(state.last[stock]), b)
                held = np.bincount(lots.book[stock], minlength=b)
        state.equity[g] = equity
        if not lean:
            state.gross[g], state.held[g] = gross, held
    shape = (len(state.flow), b, panel.currencies)
    cubes = {name: getattr(state, name).reshape(shape) for name in ("flow", "cost", "position")}
    return Ledger(
        status=state.status, notional=state.notional, slippage=state.slippage, borrow=state.borrow,
        dividends=state.dividends, **cubes, equity=state.equity, gross=state.gross, held=state.held, traded=state.traded,
    )  # fmt: skip


def _enter(lots: Lots, books: Books, state: _State, g: int, fresh: Ints) -> None:
    notional = state.notional[fresh]
    state.units[fresh] = notional / lots.entry_price[fresh]
    state.signed[fresh] = lots.side[fresh] * state.units[fresh]
    state.last[fresh] = lots.side[fresh] * notional
    slip = _slippage(lots, books, state, fresh, notional, lots.value_in, lots.sigma_in)
    _book(state, g, fresh, -state.last[fresh], notional * lots.cost_in[fresh] + slip, lots.book[fresh])
    if not state.lean:
        state.traded[g] += np.bincount(lots.book[fresh], notional, len(state.cash))


def _settle(lots: Lots, books: Books, state: _State, panel: Panel, g: int, live: Ints) -> Ints:
    """Accrue, close and mark the open lots of session g; return those that stay open."""
    late = live[state.borrowed[live] & (lots.entry[live] < g)] if state.lends else live[:0]
    if late.size:
        fee = state.notional[late] * lots.borrow[late] * (panel.days[g] - panel.days[g - 1]) / YEAR
        state.borrow[late] += fee
        _book(state, g, late, np.zeros(late.size), fee, lots.book[late])
    if panel.dividend is not None and panel.dividend[g].any():
        owed = state.signed[live] * panel.dividend[g, lots.row[live]] * (lots.overnight[live] <= g)
        state.dividends[live] += owed
        _book(state, g, live, owed, np.zeros(live.size), lots.book[live])
    leaving = lots.exit[live] == g
    if leaving.any():
        _leave(lots, books, state, g, live[leaving])
        live = live[~leaving]
    state.last[live] = state.signed[live] * panel.mark[g, lots.row[live]]
    if not state.lean:
        state.position[g] = np.bincount(state.group[live], state.last[live], state.position.shape[1])
    return live


def _leave(lots: Lots, books: Books, state: _State, g: int, leaving: Ints) -> None:
    value = state.units[leaving] * lots.exit_price[leaving]
    slip = _slippage(lots, books, state, leaving, value, lots.value_out, lots.sigma_out)
    _book(state, g, leaving, lots.side[leaving] * value, value * lots.cost_out[leaving] + slip, lots.book[leaving])
    if not state.lean:
        state.traded[g] += np.bincount(lots.book[leaving], value, len(state.cash))


def _book(state: _State, g: int, which: Ints, flow: F, cost: F, book: Ints) -> None:
    if not state.lean:
        groups = state.group[which]
        state.flow[g] += np.bincount(groups, flow, state.flow.shape[1])
        state.cost[g] += np.bincount(groups, cost, state.cost.shape[1])
    state.cash += np.bincount(book, flow - cost, len(state.cash))


def _slippage(lots: Lots, books: Books, state: _State, which: Ints, value: F, usual: F, sigma: F) -> F | float:
    """Note and return modelled slippage in money; zero in books whose slippage is a constant, and for hedges."""
    if not books.models:
        return 0.0
    out = np.zeros(len(which))
    for code, model in books.models.items():
        mine = (lots.book[which] == code) & (lots.parent[which] < 0)
        if mine.any():
            at = which[mine]
            out[mine] = value[mine] * 1e-4 * model(value[mine] / usual[at], sigma[at])
    state.slippage[which] += out
    return out
