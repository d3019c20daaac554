"""Booking at once: the lot-days of all round trips laid out, sized in one pass over the sessions, and summed up.

The equity of a close is that of the close before and what the open lots brought per unit of money put into them. These
gains are known for every lot-day beforehand; only how much money that was depends on the equity at the entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.trading.costs import YEAR
from backtest.trading.lots import ACCEPTED, NO_PARENT, Books, Ledger, Lots, Panel, admit, limited, whole_shares

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Most lot-days that are laid out at once; more of them walk.
LOT_DAYS = 2_000_000


@dataclass(frozen=True)
class Days:
    """d lot-days, lot after lot: lot (d,), day (d,) global positions; level (d,) price over entry price at the day's close, at
    the exit the price of the fill; open (d,) whether the lot stays open; paid (d,) dividend over entry price; fee (d,) borrow fee
    over money put in.
    """

    lot: Ints
    day: Ints
    level: F
    open: NDArray[np.bool_]
    paid: F | None
    fee: F | None


def book_at_once(lots: Lots, books: Books, panel: Panel) -> Ledger | None:
    """Return the ledger of all lots; None where slippage depends on sizes, or there are too many lot-days."""
    sessions, b, c = len(panel.mark), len(books.capital), panel.currencies
    end = np.minimum(lots.exit, sessions - 1)
    if books.models or (end - lots.entry + 1).sum() > LOT_DAYS:
        return None
    days = _laid_out(lots, panel, end)
    status, notional = _sizes(lots, books, panel, days)
    flow, cost, traded = _fills(lots, notional, (sessions, b, c))
    cell = (days.day * b + lots.book[days.lot]) * c + lots.currency[days.lot]
    worth = notional[days.lot]
    dividends, borrow = np.zeros(len(notional)), np.zeros(len(notional))
    if days.paid is not None:
        money = lots.side[days.lot] * worth * days.paid
        dividends = _summed(days.lot, money, dividends.shape)
        flow += _summed(cell, money, flow.shape)
    if days.fee is not None:
        borrow = _summed(days.lot, worth * days.fee, borrow.shape)
        cost += _summed(cell, worth * days.fee, cost.shape)
    value = worth * days.level
    held = days.open & (status[days.lot] == ACCEPTED)
    position = _summed(cell[held], (lots.side[days.lot] * value)[held], flow.shape)
    stock = held & (lots.parent[days.lot] < 0)
    place = (days.day * b + lots.book[days.lot])[stock]
    equity = books.capital + (flow - cost).sum(axis=2).cumsum(axis=0) + position.sum(axis=2)
    return Ledger(
        status=status, notional=notional, slippage=np.zeros(len(notional)), borrow=borrow, dividends=dividends, flow=flow,
        cost=cost, position=position, equity=equity, gross=_summed(place, np.abs(value[stock]), (sessions, b)),
        held=_summed(place, np.ones(len(place)), (sessions, b)), traded=traded,
    )  # fmt: skip


def _laid_out(lots: Lots, panel: Panel, end: Ints) -> Days:
    length = end - lots.entry + 1
    lot = np.repeat(np.arange(len(length)), length)
    day = np.arange(len(lot)) - np.repeat(np.cumsum(length) - length - lots.entry, length)
    row, price = lots.row[lot], lots.entry_price[lot]
    leaves = day == lots.exit[lot]
    level = np.where(leaves, lots.exit_price[lot], panel.mark[day, row]) / price
    paid = fee = None
    if panel.dividend is not None:
        paid = np.where(lots.overnight[lot] <= day, panel.dividend[day, row], 0.0) / price
    short = (lots.borrow > 0) & (lots.side < 0)
    if short.any():
        nights = np.where(short[lot] & (lots.entry[lot] < day), panel.days[day] - panel.days[day - 1], 0)
        fee = lots.borrow[lot] * nights / YEAR
    return Days(lot, day, level, ~leaves, paid, fee)


def _sizes(lots: Lots, books: Books, panel: Panel, days: Days) -> tuple[Ints, F]:
    """Return status and notional of every lot: session by session where they depend on equity or on a limit."""
    n = len(lots.book)
    status, notional, own = np.full(n, NO_PARENT), np.zeros(n), lots.parent < 0
    sized = own & (lots.weight != 0)
    if not sized.any() and not limited(books):
        stocks = np.flatnonzero(own)
        notional[own] = whole_shares(lots, stocks, np.minimum(lots.fixed, lots.cap)[own])
        notional[~own] = lots.weight[~own] * notional[lots.parent[~own]]
        equity = books.capital + np.cumsum(_by_session(lots, books, panel, days, notional), axis=0)
        # An account without equity would have traded no more: then the order of things matters.
        if (equity > 0).all() and (notional > 0).all():
            return np.full(n, ACCEPTED), notional
        notional[:] = 0.0
    _pass(lots, books, panel, days, status, notional)
    return status, notional


def _gains(lots: Lots, days: Days) -> F:
    """Return what each lot-day brings after costs, per unit of money put in, (d,)."""
    lot, first = days.lot, days.day == lots.entry[days.lot]
    before = np.empty(len(lot))
    before[1:] = days.level[:-1]
    before[first] = 1.0
    out = lots.side[lot] * (days.level - before) - np.where(first, lots.cost_in[lot], 0.0)
    out -= np.where(days.open, 0.0, days.level * lots.cost_out[lot])
    if days.paid is not None:
        out += lots.side[lot] * days.paid
    return out if days.fee is None else out - days.fee


def _by_session(lots: Lots, books: Books, panel: Panel, days: Days, notional: F) -> F:
    """Return what each session brings to each account, (G, B)."""
    b = len(books.capital)
    cell = days.day * b + lots.book[days.lot]
    return _summed(cell, notional[days.lot] * _gains(lots, days), (len(panel.mark), b))


def _pass(lots: Lots, books: Books, panel: Panel, days: Days, status: Ints, notional: F) -> None:
    """Size all lots in one pass over the sessions: `status` and `notional` are written."""
    sessions, b = len(panel.mark), len(books.capital)
    order = np.lexsort((lots.priority, lots.book, lots.parent >= 0, lots.entry))
    starts = np.searchsorted(lots.entry[order], np.arange(sessions + 1)).tolist()
    by_day = np.argsort(days.day, kind="stable")
    cuts = np.searchsorted(days.day[by_day], np.arange(sessions + 1)).tolist()
    lot, gain = days.lot[by_day], _gains(lots, days)[by_day]
    book = lots.book[lot]
    stays = (days.open & (lots.parent[days.lot] < 0))[by_day]
    level = np.where(stays, np.abs(days.level[by_day]), 0.0)
    bound, whole = limited(books), bool(lots.step.any())
    by_cash, by_number = bool(np.isfinite(books.leverage).any()), bool(np.isfinite(books.max_positions).any())
    equity: NDArray = books.capital.astype(np.float64)
    gross: NDArray = np.zeros(b)
    held: NDArray = np.zeros(b)
    for g in range(sessions):
        if starts[g + 1] > starts[g]:
            fresh = order[starts[g] : starts[g + 1]]
            admit(lots, books, status, notional, fresh, equity, (gross, held) if bound else None, whole)
        if cuts[g + 1] > cuts[g]:
            today = slice(cuts[g], cuts[g + 1])
            money, whose = notional[lot[today]], book[today]
            equity = equity + _by_book(money * gain[today], whose, b)
            if by_cash:
                gross = _by_book(money * level[today], whose, b)
            if by_number:
                held = _by_book((money > 0) & stays[today], whose, b)


def _by_book(values: NDArray, book: Ints, b: int) -> NDArray:
    """Return sums by account, (B,)."""
    return values.sum(keepdims=True) if b == 1 else np.bincount(book, values, b)


def _fills(lots: Lots, notional: F, shape: tuple[int, int, int]) -> tuple[F, F, F]:
    """Return (flow, cost) (G, B, C) and value traded (G, B) of purchases and sales."""
    sessions, b, c = shape
    closed = np.flatnonzero(lots.exit < sessions)
    flow, cost, traded = np.zeros(shape), np.zeros(shape), np.zeros((sessions, b))
    proceeds = notional[closed] * lots.exit_price[closed] / lots.entry_price[closed]
    every = np.arange(len(notional))
    for which, at, value, rate, sign in (
        (every, lots.entry, notional, lots.cost_in, -1.0), (closed, lots.exit, proceeds, lots.cost_out, 1.0),
    ):  # fmt: skip
        place = at[which] * b + lots.book[which]
        cell = place * c + lots.currency[which]
        flow += _summed(cell, sign * lots.side[which] * value, shape)
        cost += _summed(cell, value * rate[which], shape)
        traded += _summed(place, value, (sessions, b))
    return flow, cost, traded


def _summed(cell: Ints, values: F, shape: tuple[int, ...]) -> F:
    """Return `values` summed into the cells of an array of that shape."""
    return np.asarray(np.bincount(cell, values, int(np.prod(shape))), dtype=np.float64).reshape(shape)
