"""What trading costs: rates per security and date, and models of slippage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import SchemaError, offenders
from backtest.frames import SEEDS
from backtest.registry import lookup
from backtest.trading.board import Board

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: `(participation, volatility) -> bps`: participation is the order as a share of a day's usual traded value,
#: volatility the daily standard deviation of returns; both known before the order.
Slippage = Callable[[F, F], F]
#: (ticker, first date, column, value)
Change = tuple[str, str, str, float]

BPS = 1e-4
YEAR = 365.0
#: Used for a security about which the instruments table says nothing: a guess on the dear side, never zero.
DEFAULTS = {"commission_bps": 5.0, "half_spread_bps": 5.0, "stamp_duty_bps": 0.0, "borrow_bps_per_year": 50.0}


def square_root(participation: F, volatility: F) -> F:
    """Slippage by the square-root law: a day's volatility times the root of the order's share of a day's volume.

    Source: Almgren, Thum, Hauptmann and Li 2005; Toth et al. 2011, with a prefactor of one.
    """
    return 1e4 * volatility * np.sqrt(participation)


#: Models of slippage by name.
SLIPPAGE: dict[str, Slippage] = {"square-root": square_root}


@dataclass(frozen=True)
class Costs:
    """Costs of trading, in basis points of the value traded at each fill.

    Parameters
    ----------
    commission_bps, half_spread_bps : at every fill. stamp_duty_bps : at purchases (opening a long, closing a short).
    borrow_bps_per_year : of a short's value at entry, per calendar day held over 365.
        None takes each instrument's own from the instruments table; where that has none, `DEFAULTS`.
    slippage : bps at every fill, or the name of a model (`SLIPPAGE`) or a callable ``(participation, volatility) -> bps``.
    hedge_bps : at every fill of a hedge in the benchmark.
    changes : rates that hold from a date on, ``(ticker, first date, column, value)``; None takes those that ship with
        the library (UK stamp duty of shares that changed market), () none.

    Raises
    ------
    SchemaError
        A negative or non-finite rate, or a change of an unknown column.
    UnknownNameError
        `slippage` names no model.
    """

    commission_bps: float | None = None
    half_spread_bps: float | None = None
    stamp_duty_bps: float | None = None
    borrow_bps_per_year: float | None = None
    slippage: float | str | Slippage = 0.0
    hedge_bps: float = 2.0
    changes: tuple[Change, ...] | None = None

    def __post_init__(self) -> None:
        """Check that every rate is a non-negative number."""
        for name in (*DEFAULTS, "hedge_bps"):
            _require_rate(name, getattr(self, name))
        if isinstance(self.slippage, (int, float)):
            _require_rate("slippage", self.slippage)
        else:
            lookup(self.slippage, SLIPPAGE, "slippage model")
        for ticker, _, column, value in self.changes or ():
            if column not in DEFAULTS:
                raise SchemaError(f"changes of {ticker}: unknown column {column!r}; one of {', '.join(DEFAULTS)}")
            _require_rate(f"changes of {ticker}: {column}", value)

    @classmethod
    def flat(cls, bps: float) -> Costs:
        """Return costs of `bps` per fill, all in: no stamp duty, no borrow fee, no slippage on top."""
        _require_rate("cost_bps", bps)
        return cls(bps, 0.0, 0.0, 0.0, hedge_bps=bps, changes=())

    @property
    def model(self) -> Slippage | None:
        """The slippage model, None where slippage is a constant."""
        return None if isinstance(self.slippage, (int, float)) else lookup(self.slippage, SLIPPAGE, "slippage model")

    def without(self) -> Costs:
        """Return costs of zero."""
        return Costs.flat(0.0)


@dataclass(frozen=True)
class Rates:
    """Costs of n fills as fractions of the value traded; `borrow` is per year."""

    commission: F
    spread: F
    slippage: F
    stamp: F
    borrow: F

    @property
    def total(self) -> F:
        """Fraction of the value traded that is lost at the fill (no borrow fee, no modelled slippage)."""
        return self.commission + self.spread + self.slippage + self.stamp


def rates_at(
    costs: Costs,
    board: Board,
    row: Ints,
    dates: NDArray[np.datetime64],
    buy: NDArray[np.bool_],
    hedge: NDArray[np.bool_] | None = None,
) -> Rates:
    """Return the rates of fills of `row` (n,) at session `dates` (n,), where `buy` says which are purchases.

    Fills of a benchmark, and of a `hedge`, cost `hedge_bps` as commission and nothing else.
    """
    stock = row < board.securities
    if hedge is not None:
        stock &= ~hedge
    value = {name: _column(costs, board, name, row, dates) * BPS for name in DEFAULTS}
    constant = 0.0 if costs.model is not None else float(costs.slippage) * BPS  # type: ignore[arg-type]
    zero = np.zeros(len(row))
    return Rates(
        commission=np.where(stock, value["commission_bps"], costs.hedge_bps * BPS),
        spread=np.where(stock, value["half_spread_bps"], zero),
        slippage=np.where(stock, constant, zero),
        stamp=np.where(stock & buy, value["stamp_duty_bps"], zero),
        borrow=np.where(stock, value["borrow_bps_per_year"], zero),
    )


def assumed(costs: Costs, board: Board) -> list[str]:
    """Return the securities for which a rate is a default, because neither the spec nor the instruments table has one."""
    unknown = np.zeros(board.securities, dtype=bool)
    for name in DEFAULTS:
        if getattr(costs, name) is None:
            unknown |= np.isnan(_own(board, name)[: board.securities])
    return [t for t, lacking in zip(board.tickers, unknown, strict=False) if lacking]


def _column(costs: Costs, board: Board, name: str, row: Ints, dates: NDArray[np.datetime64]) -> F:
    given = getattr(costs, name)
    if given is None:
        own = _own(board, name)
        out = np.where(np.isnan(own), DEFAULTS[name], own)[row]
    else:
        out = np.full(len(row), float(given))
    known = board.rows
    for ticker, start, column, rate in shipped_changes() if costs.changes is None else costs.changes:
        if column == name and ticker in known:
            out = np.where((row == known[ticker]) & (dates >= np.datetime64(start, "us")), rate, out)
    return out


def _own(board: Board, name: str) -> F:
    return board.cost_columns.get(name, np.full(len(board.tickers), np.nan))


@lru_cache(maxsize=1)
def shipped_changes() -> tuple[Change, ...]:
    """Return the dated rates that ship with the library, in order of date."""
    table = pd.read_csv(SEEDS / "cost_changes.csv", dtype={"ticker": "str", "valid_from": "str"})
    rows = table.sort_values("valid_from")[["ticker", "valid_from", "column", "value"]]
    return tuple((str(t), str(d), str(c), float(v)) for t, d, c, v in rows.itertuples(index=False))


def _require_rate(name: str, value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value) or value < 0:
        raise SchemaError(
            f"{name}={value!r}: a cost is a number of basis points, zero or more; got {offenders([value])}"
        )
