"""`Strategy`: which trades the news would have made, at prices and costs that a reader of it could have had.

What cannot be asked for: acting before `known_at`, filling at a price that the decision has seen, using a beta,
volatility or volume of the session of the fill or later. Such a specification raises `LookAheadError`.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError, offenders
from backtest.frames import normalise_events
from backtest.portfolio import Lots, Panel, walk
from backtest.trading.board import Board, build_board
from backtest.trading.costs import Costs, assumed
from backtest.trading.currency import check_currency
from backtest.trading.decisions import KEPT, REASONS, Placed, open_needed, place
from backtest.trading.outcome import StrategyResult, drop_table
from backtest.trading.plan import Entered, Plan, books_of, make_lots, make_plan
from backtest.trading.sizing import RULES, Sizing
from backtest.trading.spec import (
    BARRIERS,
    CONTRARY,
    HEDGES,
    OVERLAPS,
    Entry,
    Side,
    check_contrary,
    check_kinds,
    check_lookback,
    check_side,
    check_until,
    parse_entry,
    require_positive,
    require_word,
)

if TYPE_CHECKING:
    from backtest.prices import Prices

__all__ = ["Costs", "Sizing", "Strategy", "StrategyResult"]

#: Reasons that say "not meant to be traded"; every other lost event is worth a warning.
_SILENT = ("no-side", "background", "position-open", "extended", "netted")


@dataclass(frozen=True)
class Strategy:
    """Specification of a strategy on events; immutable, reusable on any events and prices.

    Parameters
    ----------
    side : direction and relative size of the trade an event asks for, 1 long, -1 short, 0 or NaN none: a dict by kind
        (a peer's row is of the kind "<kind> (peer)"), a column of the events, one number for all, or a callable that is
        shown one event (a dict of its columns, without those that report how the price reacted or how many wrote of it
        later) and returns a number.
    hold : sessions of its own exchange for which a share is held; it leaves at the close of the last one. A session
        entered at its open is the first. None: no limit, then another exit is needed.
    entry : "next-open" or "next-close": the first one strictly after `known_at`; "+k" behind it waits k sessions more.
    until : a date, or a column of dates: leave at the close of the first session on or after it.
    take_profit, stop_loss : distance from the entry price as a fraction (0.1 is ten percent), seen from the trade's side; prices
        are compared after splits, without dividends.
    barrier : "close": judged at closes, filled at the next price of the kind of the entry. "range": orders resting in the
        day's range; beyond the barrier at the open they fill at the open, and of a day that touches both the stop counts.
    contrary : closing kind -> kinds of trade that it closes, at the first price after its own `known_at`. None: a
        takeover-denied closes takeover-rumour trades; {} nothing does.
    overlap : an event while a trade in the share is open: "stack" (a trade of its own), "ignore" (left out), "extend" (a
        like event prolongs the trade), "net" (a contrary event closes the oldest opposite trade, and opens none).
    sizing : a `Sizing`, or the name of its rule: "equal" (5 % of equity each), "cash", "volatility".
    hedge : "benchmark" sells beta times the position in the benchmark (buys for a short); beta is estimated before the entry.
        It is filled with the trade where the benchmark has an opening price of that moment (it is then one of the securities),
        else at its close of that date, the hours before unhedged. None does not hedge.
    lookback : first and last session, relative to that of the fill, of trailing beta, volatility and volume.
    cost_bps : all-in cost per fill in basis points, instead of `costs`.
    costs : `Costs`; its default takes commission, spread, stamp duty and borrow fee from the instruments table.
    capital, currency : size and currency of the account.
    patience : sessions for which an entry waits for a price in a halted share.

    Raises
    ------
    LookAheadError
        The specification asks for what nobody could know.
    SchemaError
        A number out of range; `hold=None` without another exit; both `cost_bps` and `costs`.
    UnknownNameError
        A word that is not understood.

    Examples
    --------
    >>> from backtest.testing import price_panel
    >>> panel = price_panel(effects={("AAA", 300): -0.10})
    >>> result = Strategy(side={"event": -1}, entry="next-close", hold=5).run(panel.events, panel.prices)
    >>> trade = result.trades.iloc[0]
    >>> bool(trade["entry"].tz_localize("UTC") >= trade["decision"])
    True
    """

    side: Side = field()
    hold: int | None = 5
    entry: str = "next-open"
    until: object = None
    take_profit: float | None = None
    stop_loss: float | None = None
    barrier: str = "close"
    contrary: Mapping[str, str | Sequence[str]] | None = None
    overlap: str = "stack"
    sizing: str | Sizing = "equal"
    hedge: str | None = None
    lookback: tuple[int, int] = (-120, -1)
    cost_bps: float | None = None
    costs: Costs | None = None
    capital: float = 1_000_000.0
    currency: str = "EUR"
    patience: int = 5

    def __post_init__(self) -> None:
        """Check everything that can be checked without data."""
        check_side(self.side)
        check_until(self.until)
        parse_entry(self.entry)
        if isinstance(self.lookback, list):
            object.__setattr__(self, "lookback", tuple(self.lookback))
        check_lookback(self.lookback)
        require_positive("hold", self.hold, whole=True)
        for name in ("take_profit", "stop_loss", "capital"):
            require_positive(name, getattr(self, name), distance=name != "capital")
        check_currency(self.currency)
        require_word("barrier", self.barrier, BARRIERS)
        require_word("overlap", self.overlap, OVERLAPS)
        if self.hedge is not None:
            require_word("hedge", self.hedge, HEDGES)
        if not isinstance(self.sizing, Sizing):
            require_word("sizing", self.sizing, list(RULES))
        if self.cost_bps is not None:
            Costs.flat(self.cost_bps)
        self._check_combinations()

    def _check_combinations(self) -> None:
        if not isinstance(self.patience, int) or self.patience < 0:
            raise SchemaError(f"patience={self.patience!r} must be a whole number of sessions, 0 or more")
        if self.cost_bps is not None and self.costs is not None:
            raise SchemaError("give cost_bps (all in) or costs, not both")
        if self.costs is not None and not isinstance(self.costs, Costs):
            raise SchemaError(f"costs={self.costs!r}: give bt.Costs(...), or cost_bps for one rate all in")
        check_contrary(self.contrary)
        exits = (self.hold, self.until, self.take_profit, self.stop_loss)
        if all(e is None for e in exits) and not self.closing:
            raise SchemaError("hold=None leaves no exit; give until, take_profit, stop_loss or contrary")
        itself = [k for k, closed in self.closing.items() if k in closed]
        if itself:
            raise SchemaError(
                f"contrary: {offenders(itself)} would close its own trade; name the kinds that it contradicts"
            )

    @cached_property
    def opening(self) -> Entry:
        """`entry`, parsed."""
        return parse_entry(self.entry)

    @cached_property
    def size(self) -> Sizing:
        """`sizing` as a `Sizing`."""
        return Sizing(self.sizing) if isinstance(self.sizing, str) else self.sizing

    @cached_property
    def charges(self) -> Costs:
        """`costs`, with `cost_bps` taken in."""
        if self.cost_bps is not None:
            return Costs.flat(self.cost_bps)
        return self.costs if self.costs is not None else Costs()

    @cached_property
    def closing(self) -> dict[str, tuple[str, ...]]:
        """`contrary`, with its default filled in and every value a tuple."""
        given = CONTRARY if self.contrary is None else self.contrary
        return {k: (v,) if isinstance(v, str) else tuple(v) for k, v in given.items()}

    def variant(self, **changes: Any) -> Strategy:
        """Return this strategy with some fields changed."""
        return replace(self, **changes)

    def describe(self) -> str:
        """Return the fields that differ from their defaults, as one line."""
        shown = []
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "side" or value != f.default:
                shown.append(f"{f.name}={getattr(value, '__name__', None) or value!r}")
        return ", ".join(shown)

    def run(
        self,
        events: pd.DataFrame,
        prices: Prices | pd.DataFrame,
        fx: Prices | pd.DataFrame | None = None,
        actions: pd.DataFrame | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> StrategyResult:
        """Trade `events` on `prices`.

        Parameters
        ----------
        events : events table; `asset` and `event_time` (or `date`) are enough.
        prices : `Prices`, or a wide frame of closing prices (then `entry="next-close"`).
        fx : levels of exchange rates, dates x pairs such as ``EURGBP`` (pounds for one euro), or `Prices` of them. A session
            takes the last level stamped on or before it. None holds every rate at one, so that results are in local
            currency, as if hedged; `result.notice` says so where a trade needed one.
        actions : `asset, session, dividend, split`, for prices that are not adjusted for them. None takes those that the
            prices bring along (`Prices.actions`: of yahoo and the store); where there are none, closes count as they are.
        progress : called as ``progress(done, total)`` with counts of events.

        Returns
        -------
        StrategyResult.

        Warns
        -----
        DroppedEventsWarning
            Some events could not be traded; `result.dropped` lists them with reasons.

        Raises
        ------
        AlignmentError
            No event leads to a trade.
        SchemaError, UnknownNameError
            Events, prices, rates or actions outside their contracts; a side for an unknown kind; no opening prices.
        """
        placed = prepare(events, prices, self.currency, fx, actions)
        plan = plan_for(self, placed)
        lots = make_lots(self, placed, plan)
        ledger = walk(lots.lots, books_of([self]), panel_of(placed.board))
        if progress is not None:
            progress(len(placed.row), len(placed.row))
        notes = tuple(notes_on(self, placed.board, lots.lots))
        result = StrategyResult(self, placed, plan, lots, ledger, notes)
        if len(result.dropped) == len(placed.row):
            raise _nothing_traded(result.dropped["reason"])
        lost = result.dropped[~result.dropped["reason"].isin(_SILENT)]
        if len(lost):
            counts = lost["reason"].value_counts()
            shown = ", ".join(f"{r} {n}" for r, n in counts[counts > 0].items())
            warnings.warn(
                f"{len(lost)} of {len(placed.row)} events not traded: {shown}", DroppedEventsWarning, stacklevel=2
            )
        return result


def prepare(
    events: pd.DataFrame,
    prices: Prices | pd.DataFrame,
    currency: str = "EUR",
    fx: Prices | pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
) -> Placed:
    """Return events placed on a board: the part of a run that all strategies on the same data share."""
    from backtest.prices import Prices as PricesType

    if not isinstance(prices, PricesType):
        prices = _from_frame(prices)
    for name, table in {"events": events, "actions": actions}.items():
        if not isinstance(table, pd.DataFrame) and (name == "events" or table is not None):
            raise SchemaError(f"{name}: expected a DataFrame, got {type(table).__name__}")
    events = normalise_events(events)
    since = events["known_at"].min().tz_localize(None).to_datetime64()
    return place(events, build_board(prices, currency, since, fx, actions, set(events["asset"])))


def _from_frame(frame: pd.DataFrame) -> Prices:
    """Return prices of a wide frame of closes; a column ^STOXX is the benchmark, else there is none."""
    from backtest.prices.panel import Prices, frame_instruments
    from backtest.prices.validate import check_levels

    if isinstance(frame, pd.DataFrame) and "^STOXX" in frame.columns and frame.shape[1] > 1:
        return Prices.from_frame(frame)
    close = check_levels(frame, "prices")
    return Prices(
        close=close,
        benchmarks=pd.DataFrame(index=close.index),
        instruments=frame_instruments([str(c) for c in close.columns], [], None),
        source="frame",
    )


def plan_for(
    strategy: Strategy,
    placed: Placed,
    size: np.ndarray | None = None,
    memo: dict[tuple[object, ...], Entered] | None = None,
) -> Plan:
    """Return a strategy's round trips; raise where it has none, or asks for what the board does not have.

    size : overrides the sides. memo : see `make_plan`.
    """
    board = placed.board
    open_needed(strategy.opening, board)
    if strategy.barrier == "range" and not board.has_range and (strategy.stop_loss or strategy.take_profit):
        raise SchemaError("barrier='range' needs high and low prices, and the prices have none; use barrier='close'")
    if (strategy.size.volume_share is not None or strategy.charges.model is not None) and board.value is None:
        raise SchemaError(
            "volume_share and modelled slippage need traded volumes, and the prices have none; leave volume_share out and "
            "give slippage in basis points"
        )
    if strategy.hedge is not None and not board.prices.benchmarks.shape[1]:
        raise SchemaError("hedge='benchmark' needs a benchmark, and the prices have none; load prices with one")
    check_kinds([*strategy.closing, *(k for v in strategy.closing.values() for k in v)], placed.kinds[1], "contrary")
    plan = make_plan(strategy, placed, size, memo)
    if not len(plan.orders.row):
        raise _nothing_traded(pd.Series([REASONS[c] for c in plan.reason if c != KEPT]))
    return plan


def _nothing_traded(reasons: pd.Series) -> AlignmentError:
    counts = reasons.value_counts()
    shown = ", ".join(f"{r} {n}" for r, n in counts[counts > 0].items())
    hint = "give a side for these kinds (side={...}, --side KIND=1), and prices that cover them"
    if "no-open" in set(reasons):
        hint = "the prices of these days have closes only: use entry='next-close'"
    elif "no-cash" in set(reasons):
        hint = "a single trade is larger than the account may hold: give a smaller sizing amount or a larger leverage"
    return AlignmentError(f"no tradable event: {shown} (of {len(reasons)}); {hint}")


def panel_of(board: Board) -> Panel:
    """Return what the portfolio needs of a board."""
    return Panel(board.mark, board.base_dividend, board.days, len(board.currencies))


def notes_on(strategy: Strategy, board: Board, lots: Lots) -> list[str]:
    """Return what a reader of the result must know about its assumptions."""
    notes = []
    if board.rates_held and (lots.currency != 0).any():
        notes.append(f"no exchange rates: give fx (--fx) for returns in {strategy.currency}")
    nowhere = _no_currency(board, lots)
    if nowhere:
        notes.append(f"currency not known of {offenders(nowhere)}: taken to be {strategy.currency}")
    guessed = assumed(strategy.charges, board)
    if guessed:
        notes.append(f"no cost data for {offenders(guessed)}: default rates used")
    if strategy.size.leverage is None or math.isinf(strategy.size.leverage):
        notes.append("no cash limit: equity may be lent against without bound")
    return notes


def _no_currency(board: Board, lots: Lots) -> list[str]:
    """Return the securities among the lots whose currency the instruments table does not say."""
    table = board.prices.instruments
    known = table["currency"].fillna("") if "currency" in table else pd.Series("", index=table.index)
    traded = [board.tickers[row] for row in np.unique(lots.row[lots.parent < 0])]
    return [t for t in traded if not known.get(t, "")]


__all__ += ["KEPT", "drop_table", "plan_for", "prepare"]
