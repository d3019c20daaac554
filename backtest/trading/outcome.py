"""`StrategyResult`: what a strategy did, as tables; printing is a view of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.frames import DROPPED_COLUMNS
from backtest.portfolio import ACCEPTED, NO_CASH, NO_SHARE, NO_SLOT, Ledger
from backtest.trading.board import CLOSE, NEVER, OPEN
from backtest.trading.currency import held_words
from backtest.trading.decisions import CODE, KEPT, REASONS, Placed
from backtest.trading.fills import DELISTED, EXITS, STILL_OPEN, STOP
from backtest.trading.plan import Plan, Priced

if TYPE_CHECKING:
    from backtest.strategy import Strategy

F = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class StrategyResult:
    """What a strategy did; frozen. Money is in the account's currency, returns are fractions of a trade's notional.

    spec : the strategy. notes : what to know about the assumptions. notice : "" or that the prices are simulated.
    The other attributes are made when asked for: `trades`, `positions`, `equity`, `turnover`, `exposure`, `accounts`,
    `dropped`.
    """

    spec: Strategy
    placed: Placed
    plan: Plan
    priced: Priced
    ledger: Ledger
    notes: tuple[str, ...] = ()

    @property
    def notice(self) -> str:
        """What every reader of a number must see: that prices are simulated, that a rate was assumed; "" for neither."""
        board = self.placed.board
        used = {board.currencies[c] for c in np.unique(self.priced.lots.currency[self.ledger.notional > 0])}
        held = held_words(tuple(c for c in board.rates_held if c in used))
        return "; ".join(word for word in (board.prices.notice, held) if word)

    @property
    def events(self) -> pd.DataFrame:
        """The events that became trades."""
        return self.placed.events.iloc[np.sort(self.plan.orders.event[self._taken])]

    @cached_property
    def _taken(self) -> Ints:
        """Positions of the trades done among the planned ones, in order of entry."""
        n = len(self.plan.orders.row)
        lots = self.priced.lots
        done = np.flatnonzero(self.ledger.status[:n] == ACCEPTED)
        return done[np.lexsort((lots.priority[done], lots.entry[done]))]

    @cached_property
    def trades(self) -> pd.DataFrame:
        """One row per trade, in order of entry.

        `event_id, asset, kind, side` (float64), `decision` (instant, UTC: `known_at`), `entry, exit` (sessions; exit NaT
        while open), `entry_at, exit_at` (open, close, stop, target, ""), `entry_price, exit_price` (as quoted; NaN while
        open), `exit_reason` (`fills.EXITS`), `sessions` held, `entry_delay, exit_delay` (sessions waited for a price),
        `extended` (events that prolonged it), `shares` (at entry), `notional, currency, gross_pnl, commission, spread,
        slippage, stamp_duty, borrow, hedge_pnl, hedge_cost, cost` (of all) `, net_pnl, gross_return, net_return, beta`.
        gross_pnl includes dividends; net_pnl = gross_pnl + hedge_pnl - cost; gross_return = (gross_pnl + hedge_pnl) /
        notional. An open trade is valued at its last mark.
        """
        return trade_table(self)

    @cached_property
    def equity(self) -> pd.Series:
        """Equity at the close of each session (float64, index naive sessions), from the session before the first event on."""
        return pd.Series(self.ledger.equity[self._from :, 0], index=self.sessions, name="equity")

    @property
    def _from(self) -> int:
        return self.placed.board.start

    @property
    def sessions(self) -> pd.DatetimeIndex:
        """The sessions of all exchanges, from the one before the first event to the last of the prices."""
        return pd.DatetimeIndex(self.placed.board.sessions[self._from :], name="session")

    @cached_property
    def positions(self) -> pd.DataFrame:
        """Signed market value at the close, sessions x tickers (benchmarks as hedges included), account's currency."""
        values = self._values(np.flatnonzero(self.ledger.notional > 0))
        return pd.DataFrame(values, index=self.sessions, columns=pd.Index(self.placed.board.tickers, dtype="str"))

    def _values(self, which: Ints) -> F:
        """Return signed market values of some lots at each close, (sessions, rows of the board)."""
        board, lots = self.placed.board, self.priced.lots
        units = np.zeros(board.mark.shape)
        for i in which:
            shares = lots.side[i] * self.ledger.notional[i] / lots.entry_price[i]
            units[lots.entry[i] : lots.exit[i], lots.row[i]] += shares
        return np.where(units != 0, units * board.mark, 0.0)[self._from :]

    @cached_property
    def turnover(self) -> pd.Series:
        """Value traded in each session over equity at the close before, hedges included."""
        with np.errstate(divide="ignore", invalid="ignore"):
            share = self.ledger.traded[self._from :, 0] / self._before
        return pd.Series(share, index=self.sessions, name="turnover")

    @property
    def _before(self) -> F:
        """Equity at the close before each session; the capital before the first."""
        return np.concatenate([[self.spec.capital], self.equity.to_numpy()[:-1]])

    @cached_property
    def exposure(self) -> pd.DataFrame:
        """`gross` and `net` value of the stocks and hedges over equity, and the number of `trades` open, at each close."""
        equity = self.equity.to_numpy()
        net = self.ledger.position[self._from :, 0].sum(axis=1)
        hedges = np.flatnonzero((self.priced.lots.parent >= 0) & (self.ledger.notional > 0))
        hedged = np.abs(self._values(hedges)).sum(axis=1) if len(hedges) else 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            columns = {"gross": (self.ledger.gross[self._from :, 0] + hedged) / equity, "net": net / equity}
        held = self.ledger.held[self._from :, 0].astype(np.int64)
        return pd.DataFrame({**columns, "trades": held}, index=self.sessions)

    @cached_property
    def drawdown(self) -> pd.Series:
        """Equity over its highest value so far, less one (zero or below)."""
        peak = np.maximum.accumulate(np.maximum(self.equity.to_numpy(), self.spec.capital))
        return pd.Series(self.equity.to_numpy() / peak - 1.0, index=self.sessions, name="drawdown")

    @cached_property
    def returns(self) -> pd.Series:
        """Simple returns of equity per session; the first against the capital."""
        return pd.Series(self.equity.to_numpy() / self._before - 1.0, index=self.sessions, name="return")

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The account of each currency at each session's close, in that currency; the accounting identity, row by row.

        `session, currency, converted` (received from other currencies so far), `cash` (capital, conversions, sales and
        dividends less purchases, before costs), `positions, costs` (so far), `equity` = cash + positions - costs, `rate`
        to the account's currency. Every purchase and sale is converted at its session's rate, so that a foreign account
        holds shares and no cash after costs; the equities times their rates add up to `equity`.
        """
        return account_table(self)

    @cached_property
    def dropped(self) -> pd.DataFrame:
        """Events that led to no trade: event_id, asset, kind, reason (Categorical)."""
        reason = self.plan.reason.copy()
        n = len(self.plan.orders.row)
        for status, word in ((NO_CASH, "no-cash"), (NO_SLOT, "max-positions"), (NO_SHARE, "no-share")):
            reason[self.plan.orders.event[self.ledger.status[:n] == status]] = CODE[word]
        return drop_table(self.placed, reason)

    def summary(self, draws: int = 1000, seed: int = 0) -> pd.DataFrame:
        """Return the figures of the strategy, the number of trades first: index `measure`, columns value, low, high, note.

        low and high are 95 % block-bootstrap intervals where one is given (Sharpe ratio, mean trade), else NaN.
        SchemaError: `draws` below 1, a negative `seed`.
        """
        from backtest.trading.statistics import summarise

        return summarise(self, draws, seed)

    def by_kind(self, draws: int = 1000, seed: int = 0) -> pd.DataFrame:
        """Return kind, trades, hit_rate, gross_mean, net_mean, low, high (95 % block bootstrap of net_mean), per kind."""
        from backtest.trading.statistics import by_kind

        return by_kind(self, draws, seed)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return what `backtest trade` writes: `trades`, `equity` (with drawdown and exposure), `accounts`, `dropped`."""
        equity = pd.concat([self.equity, self.drawdown, self.turnover, self.exposure], axis=1).reset_index()
        return {"trades": self.trades, "equity": equity, "accounts": self.accounts, "dropped": self.dropped}

    def __repr__(self) -> str:
        """Return the strategy, the counts and the main figures, as text."""
        from backtest.trading.statistics import headline

        return headline(self)

    def _repr_html_(self) -> str:
        from html import escape

        table = self.summary().to_html(float_format=lambda v: f"{v:,.4f}", na_rep="–")
        return f"<pre>{escape(repr(self))}</pre>{table}"


def drop_table(placed: Placed, reason: Ints) -> pd.DataFrame:
    """Return the events with a reason as a table: event_id, asset, kind, reason (Categorical over all reasons)."""
    which = np.flatnonzero(reason != KEPT)
    lost = placed.events.iloc[which]
    frame = pd.DataFrame({"event_id": lost.index, "asset": lost["asset"].to_numpy(), "kind": lost["kind"].to_numpy()})
    frame = frame.astype("str")
    frame["reason"] = pd.Categorical([REASONS[c] for c in reason[which]], categories=list(REASONS))
    return frame[list(DROPPED_COLUMNS)]


def trade_table(result: StrategyResult) -> pd.DataFrame:
    """Build `StrategyResult.trades`."""
    at = result._taken
    board, orders, lots = result.placed.board, result.plan.orders.take(at), result.priced.lots
    events = result.placed.events.iloc[orders.event]
    closed = orders.exit < NEVER
    leave = np.where(closed, orders.exit // 3, 0)
    sessions = np.where(closed, board.date_of(orders.row, leave), np.datetime64("NaT")).astype("datetime64[us]")
    last = np.where(closed, leave, board.lengths[orders.row] - 1)
    enter_at = orders.entry // 3
    codes, kinds = result.placed.kinds
    frame = {
        "event_id": events.index.array, "asset": events["asset"].array, "kind": _words(kinds, codes[orders.event]),
        "side": orders.side, "decision": events["known_at"].array, "entry": board.date_of(orders.row, enter_at),
        "entry_at": _words(("open", "close"), (orders.entry % 3 != OPEN).astype(np.int64)),
        "entry_price": _quoted(result, orders.row, enter_at, orders.entry_price),
        "exit": sessions, "exit_at": _exit_words(orders.exit, orders.reason),
        "exit_price": np.where(closed, _quoted(result, orders.row, leave, orders.exit_price), np.nan),
        "exit_reason": _words(EXITS, _final_reason(result, orders.row, orders.reason)),
        "sessions": last - enter_at + (orders.entry % 3 == OPEN),
        "entry_delay": enter_at - orders.due // 3,
        "exit_delay": np.where(closed, leave - orders.exit_due // 3, 0),
        "extended": orders.extended,
        "shares": result.ledger.notional[at] / lots.entry_price[at] * _factor(result, orders.row, enter_at),
        "notional": result.ledger.notional[at],
        "currency": _words(board.currencies, board.currency_of[orders.row]),
        **_money(result, at, closed),
        "beta": result.plan.beta[at],
    }  # fmt: skip
    return pd.DataFrame(frame)


def _words(names: Sequence[str], codes: Ints) -> pd.api.extensions.ExtensionArray:
    """Return the names of codes as a string array, each name converted once."""
    return pd.array(list(names), dtype="str").take(codes)


def _money(result: StrategyResult, at: Ints, closed: NDArray[np.bool_]) -> dict[str, F]:
    """Return profit and costs of trades in money, and as fractions of their notional."""
    ledger, lots = result.ledger, result.priced.lots
    notional = ledger.notional[at]
    gross = _gross(result, at)
    rates_in, rates_out = result.priced.rates_in, result.priced.rates_out
    paid_out = np.where(closed, notional * lots.exit_price[at] / lots.entry_price[at], 0.0)
    paid_out = np.nan_to_num(paid_out)
    names = {"commission": "commission", "spread": "spread", "slippage": "slippage", "stamp_duty": "stamp"}
    cost = {
        column: notional * getattr(rates_in, name)[at] + paid_out * getattr(rates_out, name)[at]
        for column, name in names.items()
    }
    cost["slippage"] = cost["slippage"] + ledger.slippage[at]
    cost["borrow"] = ledger.borrow[at]
    hedge, cost["hedge_cost"] = _hedge(result, at)
    total = np.sum(list(cost.values()), axis=0)
    net = gross + hedge - total
    charged = {name: cost[name] for name in ("commission", "spread", "slippage", "stamp_duty", "borrow")}
    columns = {"gross_pnl": gross, **charged, "hedge_pnl": hedge, "hedge_cost": cost["hedge_cost"], "cost": total}
    return {**columns, "net_pnl": net, "gross_return": (gross + hedge) / notional, "net_return": net / notional}


def _gross(result: StrategyResult, at: Ints) -> F:
    """Return price move and dividends of lots in money; open lots at their last mark."""
    board, lots, ledger = result.placed.board, result.priced.lots, result.ledger
    price = np.where(lots.exit[at] < len(board.sessions), lots.exit_price[at], board.mark[-1, lots.row[at]])
    return lots.side[at] * ledger.notional[at] * (price / lots.entry_price[at] - 1.0) + ledger.dividends[at]


def _hedge(result: StrategyResult, at: Ints) -> tuple[F, F]:
    """Return profit before costs and costs of the trades' hedges, in money; zero where there is none."""
    hedge = result.priced.hedge[at]
    profit, cost = np.zeros(len(at)), np.zeros(len(at))
    has = hedge >= 0
    which = hedge[has]
    lots, ledger = result.priced.lots, result.ledger
    closed = lots.exit[which] < len(result.placed.board.sessions)
    paid_out = np.where(closed, lots.exit_price[which] / lots.entry_price[which] * lots.cost_out[which], 0.0)
    profit[has] = _gross(result, which)
    cost[has] = ledger.notional[which] * (lots.cost_in[which] + np.nan_to_num(paid_out))
    return profit, cost


def _factor(result: StrategyResult, row: Ints, position: Ints) -> F:
    """Return how many shares of that session's count one split-adjusted share is."""
    factor = result.placed.board.factor
    return np.ones(len(row)) if factor is None else factor[row, position]


def _quoted(result: StrategyResult, row: Ints, position: Ints, price: F) -> F:
    """Return a price as it was quoted in that session."""
    board = result.placed.board
    return price if board.factor is None else price / _factor(result, row, position)


def _exit_words(tick: Ints, reason: Ints) -> pd.api.extensions.ExtensionArray:
    inside = np.where(reason == STOP, 2, 3)
    code = np.where(tick % 3 == OPEN, 0, np.where(tick % 3 == CLOSE, 1, inside))
    return _words(("open", "close", "stop", "target", ""), np.where(tick >= NEVER, 4, code))


def _final_reason(result: StrategyResult, row: Ints, reason: Ints) -> Ints:
    """Tell trades open at the end of a share that is listed no more from those of one that is."""
    board = result.placed.board
    table = board.prices.instruments
    if "listed_to" not in table:
        return reason
    ends = pd.to_datetime(table["listed_to"].reindex(list(board.tickers))).to_numpy().astype("datetime64[us]")
    gone = ends[row] <= board.sessions[-1]
    return np.where((reason == STILL_OPEN) & gone, DELISTED, reason)


def account_table(result: StrategyResult) -> pd.DataFrame:
    """Build `StrategyResult.accounts`."""
    board, ledger = result.placed.board, result.ledger
    # Nothing is booked before the account begins.
    flow, cost, held = (cube[board.start :, 0] for cube in (ledger.flow, ledger.cost, ledger.position))
    rate, sessions = board.rate[board.start :], board.sessions[board.start :]
    moved = cost - flow
    moved[:, 0] = 0.0
    moved[:, 0] = -moved.sum(axis=1)
    converted = np.cumsum(moved / rate, axis=0)
    costs = np.cumsum(cost / rate, axis=0)
    cash = converted + np.cumsum(flow / rate, axis=0)
    cash[:, 0] += result.spec.capital
    positions = held / rate
    g, c = flow.shape
    return pd.DataFrame(
        {
            "session": np.repeat(sessions, c),
            "currency": pd.array(np.tile(np.array(board.currencies, dtype=object), g), dtype="str"),
            "converted": converted.ravel(),
            "cash": cash.ravel(),
            "positions": positions.ravel(),
            "costs": costs.ravel(),
            "equity": (cash + positions - costs).ravel(),
            "rate": rate.ravel(),
        }
    )
