"""What the portfolio is handed and what it hands back, and the rule by which orders find room in an account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.trading.costs import Slippage

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ACCEPTED, NO_CASH, NO_SLOT, NO_PARENT, NO_SHARE = 0, 1, 2, 3, 4
#: A limit that is missed by rounding alone is kept.
_SLACK = 1.0 + 1e-10


@dataclass(frozen=True)
class Lots:
    """n round trips, money in the base currency per share; hedges are lots with a `parent`.

    book, row, side (+1, -1) : whose, of what, which way. currency : index of the currency of the row.
    entry, exit : global positions; exit is G where the lot is open at the end. entry_price, exit_price : base currency.
    weight, fixed : notional wanted = weight * equity + fixed; of a hedge, weight is its size per unit of the parent's.
    step : money for one whole share, where a lot is a whole number of them; zero where shares can be divided.
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
    step: F
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


def limited(books: Books) -> bool:
    """Return whether any account has a limit of cash or of positions."""
    return bool(np.isfinite(books.leverage).any() or np.isfinite(books.max_positions).any())


def admit(
    lots: Lots,
    books: Books,
    status: Ints,
    notional: F,
    fresh: Ints,
    equity: F,
    limits: tuple[F, F] | None,
    whole: bool,
) -> None:
    """Size the trades of a session and note which find room: `status` and `notional` (n,) are written at `fresh`.

    fresh : lots that want to enter, trades before hedges, in order of (book, priority). equity : (B,) at the close before.
    limits : gross value and number of trades held (B,) at the close before; None where no account has a limit.
    whole : whether some lot is a whole number of shares.
    """
    # Trades come before hedges.
    own = int(np.count_nonzero(lots.parent[fresh] < 0))
    stocks, hedges = (fresh, fresh[:0]) if own == len(fresh) else (fresh[:own], fresh[own:])
    book = lots.book[stocks]
    money = equity[book]
    wanted = np.minimum(lots.weight[stocks] * money + lots.fixed[stocks], lots.cap[stocks])
    wanted[~(money > 0)] = 0.0  # an account without equity trades no more
    code = np.where(wanted > 0, ACCEPTED, NO_CASH)
    some: Ints | slice = slice(None)
    if whole:
        wanted = whole_shares(lots, stocks, wanted)
        # An order for less than a share takes no room, and ends nobody's session.
        code[(code == ACCEPTED) & (wanted == 0)] = NO_SHARE
        some = np.flatnonzero(code == ACCEPTED)
    if limits is not None:
        code[some] = _room(books, book[some], wanted[some], np.maximum(money[some], 0.0), *limits)
    status[stocks] = code
    notional[stocks] = np.where(code == ACCEPTED, wanted, 0.0)
    if hedges.size:
        notional[hedges] = lots.weight[hedges] * notional[lots.parent[hedges]]
        status[hedges] = np.where(notional[hedges] > 0, ACCEPTED, NO_PARENT)


def whole_shares(lots: Lots, which: Ints, money: F) -> F:
    """Return the money that buys whole shares only, for lots that know no fractions."""
    step = lots.step[which]
    if not step.any():
        return money
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(step > 0, np.floor(money / step * _SLACK) * step, money)


def _room(books: Books, book: Ints, wanted: F, own: F, gross: F, held: F) -> Ints:
    """Return the status of each order: the first that does not fit ends its account's session."""
    if len(books.capital) == 1 and len(book) and wanted.min() > 0:  # one account with room for all of them
        slots = books.max_positions[0] - held[0]
        if len(book) <= slots and wanted.sum() <= (books.leverage[0] * own[0] - gross[0]) * _SLACK:
            return np.full(len(book), ACCEPTED)
    starts = np.flatnonzero(np.diff(book, prepend=-1))
    group = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(book)))
    total = np.cumsum(wanted)
    before = (total - wanted)[starts][group]
    with np.errstate(invalid="ignore"):
        room = books.leverage[book] * own - gross[book]
    # An infinite leverage of nothing is no room.
    fits = (total - before <= np.where(np.isnan(room), 0.0, room) * _SLACK) & (wanted > 0)
    rank = np.arange(len(book)) - starts[group]
    refused = ~fits
    behind = np.cumsum(refused)
    fits &= (behind - (behind - refused)[starts][group]) == 0
    slot = rank < books.max_positions[book] - held[book]
    return np.where(fits & slot, ACCEPTED, np.where(slot, NO_CASH, NO_SLOT))
