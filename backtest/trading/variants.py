"""Many strategies on the same events: planned one by one, carried through the sessions together."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError, SchemaError, UnknownNameError, offenders
from backtest.portfolio import ACCEPTED, Ledger, Lots, Panel, walk
from backtest.strategy import Strategy, panel_of, plan_for, prepare
from backtest.trading.board import Board
from backtest.trading.decisions import Placed
from backtest.trading.plan import Entered, Plan, books_of, join_lots, make_lots

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Sessions x books that walk together; bounds the memory (some 60 bytes each).
CELLS = 4_000_000


@dataclass(frozen=True, eq=False)
class Variants:
    """V strategies on the same data.

    strategies : the V specifications. table : one row per variant: `variant, trades, net_mean, hit_rate, sharpe,
    total_return, max_drawdown, spec`. returns : (sessions x V) simple returns of equity. entered : (sessions x V) trades
    entered. A variant without a single trade has NaN figures and returns of zero. trips : per variant, its trades as
    (entry, exit, net): positions in `returns` (its length where open at the end) and net returns.
    """

    strategies: tuple[Strategy, ...]
    table: pd.DataFrame
    returns: pd.DataFrame
    entered: pd.DataFrame
    trips: tuple[tuple[Ints, Ints, F], ...]


def strategy_grid(base: Strategy, **axes: Sequence[Any]) -> tuple[Strategy, ...]:
    """Return one variant of `base` per combination of the values of some fields: ``strategy_grid(s, hold=[1, 5, 10])``.

    Raises
    ------
    UnknownNameError
        A field that a strategy does not have. SchemaError: an axis without values.
    """
    checked([base])
    unknown = [name for name in axes if name not in Strategy.__dataclass_fields__]
    if unknown:
        raise UnknownNameError(
            f"a strategy has no field {offenders(unknown)}; it has {', '.join(Strategy.__dataclass_fields__)}"
        )
    empty = [
        name
        for name, values in axes.items()
        if isinstance(values, str) or not hasattr(values, "__len__") or not len(values)
    ]
    if empty:
        raise SchemaError(f"axis {offenders(empty)} has no value; give a list of one or more, e.g. hold=[1, 5]")
    return tuple(replace(base, **dict(zip(axes, values, strict=True))) for values in itertools.product(*axes.values()))


def run_variants(
    strategies: Iterable[Strategy],
    events: pd.DataFrame,
    prices: Prices | pd.DataFrame,
    fx: Prices | pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Variants:
    """Run many strategies on the same events and prices.

    Parameters
    ----------
    strategies : one or more, all with the same account currency. events, prices, fx, actions : as in `Strategy.run`.
    progress : called as ``progress(done, total)`` with counts of strategies.

    Raises
    ------
    SchemaError
        No strategy, or accounts in different currencies. AlignmentError: none of them trades anything.
    """
    many = checked(strategies)
    placed = prepare(events, prices, many[0].currency, fx, actions)
    return run_placed(many, placed, progress)


def checked(strategies: Iterable[Strategy]) -> tuple[Strategy, ...]:
    """Return the strategies as a tuple; raise SchemaError where there is none or their currencies differ."""
    many = (strategies,) if isinstance(strategies, Strategy) else tuple(strategies)
    wrong = [s for s in many if not isinstance(s, Strategy)]
    if not many or wrong:
        raise SchemaError(
            f"give one or more strategies, e.g. bt.strategy_grid(base, hold=[1, 5]); got {offenders(wrong) or 'none'}"
        )
    currencies = {s.currency for s in many}
    if len(currencies) > 1:
        raise SchemaError(
            f"strategies with accounts in {offenders(sorted(currencies))}; compare accounts of one currency"
        )
    return many


def run_placed(
    many: tuple[Strategy, ...], placed: Placed, progress: Callable[[int, int], None] | None = None
) -> Variants:
    """Run strategies on events that are placed already; see `run_variants`."""
    panel = panel_of(placed.board)
    trips: list[tuple[Ints, Ints, F]] = []
    returns, entered = [], []
    size, memo = max(1, CELLS // len(panel.days)), dict[tuple[object, ...], Entered]()
    for start in range(0, len(many), size):
        batch = many[start : start + size]
        done, changes, entries = _batch(batch, placed, panel, memo)
        trips += done
        returns.append(changes)
        entered.append(entries)
        if progress is not None:
            progress(min(start + size, len(many)), len(many))
    if not any(len(net) for _, _, net in trips):
        plan_for(many[0], placed)
        raise AlignmentError(
            "none of the strategies has room for a trade; give a smaller sizing amount or a larger leverage"
        )
    index = pd.DatetimeIndex(placed.board.sessions[placed.board.start :], name="session")
    frames = [pd.DataFrame(np.concatenate(a, axis=1), index=index) for a in (returns, entered)]
    values = frames[0].to_numpy()
    rows = [_row(i, s, trips[i][2], values[:, i]) for i, s in enumerate(many)]
    table = pd.DataFrame(rows).astype({"spec": "str"})
    return Variants(many, table, frames[0], frames[1], tuple(trips))


def _batch(
    batch: tuple[Strategy, ...], placed: Placed, panel: Panel, memo: dict[tuple[object, ...], Entered]
) -> tuple[list[tuple[Ints, Ints, F]], F, Ints]:
    """Run strategies whose books walk together: return trips, returns of equity (G, V), trades entered (G, V)."""
    plans, start = [_plan(s, placed, memo) for s in batch], placed.board.start
    parts = [
        make_lots(s, placed, p, i).lots for i, (s, p) in enumerate(zip(batch, plans, strict=True)) if p is not None
    ]
    if not parts:
        none = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
        shape = (len(panel.days) - start, len(batch))
        return [none] * len(batch), np.zeros(shape), np.zeros(shape, dtype=np.int64)
    lots = join_books(parts)
    ledger = walk(lots, books_of(list(batch)), panel, lean=True)
    net = net_returns(placed.board, lots, ledger)
    done = np.flatnonzero((lots.parent < 0) & (ledger.status == ACCEPTED))
    done = done[np.argsort(lots.book[done], kind="stable")]
    cuts = np.searchsorted(lots.book[done], np.arange(len(batch) + 1))
    trips = [
        (lots.entry[at] - start, lots.exit[at] - start, net[at])
        for at in (done[a:b] for a, b in itertools.pairwise(cuts))
    ]
    returns = _returns(ledger.equity[start:], [s.capital for s in batch])
    return trips, returns, _entries(lots, ledger)[start:]


def _plan(strategy: Strategy, placed: Placed, memo: dict[tuple[object, ...], Entered]) -> Plan | None:
    """Return a plan, None where the strategy finds no tradable event; other errors are errors."""
    try:
        return plan_for(strategy, placed, memo=memo)
    except AlignmentError:
        return None


def join_books(parts: list[Lots]) -> Lots:
    """Return the lots of several books one after the other, hedges pointing at their own trades."""
    offsets = np.cumsum([0, *(len(p.book) for p in parts)])
    moved = [replace(p, parent=np.where(p.parent >= 0, p.parent + o, -1)) for p, o in zip(parts, offsets, strict=False)]
    return join_lots(moved)


def _returns(equity: F, capital: list[float]) -> F:
    before = np.concatenate([np.array(capital)[None, :], equity[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        return equity / before - 1.0


def _entries(lots: Lots, ledger: Ledger) -> Ints:
    done = (lots.parent < 0) & (ledger.status == ACCEPTED)
    g, b = ledger.equity.shape
    return np.bincount(lots.entry[done] * b + lots.book[done], minlength=g * b).reshape(g, b)


def net_returns(board: Board, lots: Lots, ledger: Ledger) -> F:
    """Return each lot's profit after all costs and its hedge's, over its notional; NaN for lots not done, (n,)."""
    closed = lots.exit < len(board.sessions)
    price = np.where(closed, lots.exit_price, board.mark[-1, lots.row])
    growth = price / lots.entry_price
    cost = lots.cost_in + np.where(closed, growth * lots.cost_out, 0.0)
    money = ledger.notional * (lots.side * (growth - 1.0) - cost)
    money += ledger.dividends - ledger.borrow - ledger.slippage
    hedges = np.flatnonzero(lots.parent >= 0)
    np.add.at(money, lots.parent[hedges], money[hedges])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(ledger.notional > 0, money / ledger.notional, np.nan)


def sharpe(returns: F) -> float:
    """Return the annual Sharpe ratio of session returns without a riskless rate; NaN where they do not vary."""
    spread = returns.std(ddof=1) if len(returns) > 1 else 0.0
    return float(returns.mean() / spread * np.sqrt(252)) if spread > 0 else float("nan")


def _row(number: int, strategy: Strategy, net: F, returns: F) -> dict[str, object]:
    equity = np.cumprod(1.0 + returns)
    some = len(net) > 0
    return {
        "variant": number,
        "trades": len(net),
        "net_mean": float(net.mean()) if some else np.nan,
        "hit_rate": float((net > 0).mean()) if some else np.nan,
        "sharpe": sharpe(returns) if some else np.nan,
        "total_return": float(equity[-1] - 1.0) if some else np.nan,
        "max_drawdown": float((equity / np.maximum.accumulate(np.maximum(equity, 1.0)) - 1.0).min())
        if some
        else np.nan,
        "spec": strategy.describe(),
    }
