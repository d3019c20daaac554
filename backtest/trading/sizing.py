"""How large a trade may be, and what is known before it: trailing volatility, traded value and beta."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.errors import SchemaError
from backtest.kernels.regression import least_squares
from backtest.trading.board import Board
from backtest.trading.spec import require_word

F = NDArray[np.float64]
Ints = NDArray[np.int64]

SESSIONS_PER_YEAR = 252
#: Events per block of windows, so that memory stays bounded.
_BLOCK = 4096
#: Share of the lookback that must be there before a trailing figure counts.
_MIN_SHARE = 0.5


@dataclass(frozen=True)
class Sizing:
    """Size of each trade and limits of the book.

    Parameters
    ----------
    rule : "equal": `amount` is a share of equity; "cash": `amount` is money in the base currency; "volatility": `amount`
        is the annual volatility that one trade may bring to the book, as a share of equity (0.01 is one percent).
        None takes 0.05, 50,000 and 0.01. Equity is that of the close before the fill. A `side` of 0.5 trades half.
    amount : see `rule`.
    max_weight : largest share of equity in one trade under "volatility".
    volume_share : a trade is cut to this share of a day's mean traded value over the lookback; None does not cut.
    leverage : the stocks' gross value may not exceed this multiple of equity; 1 is cash only, None no limit.
    max_positions : most trades open at once; None no limit.
    whole_shares : buy and sell whole shares only, rounded down (the benchmark of a hedge is not rounded); an order for less
        than one share is refused (reason "no-share"). False, the default: shares can be divided.

    Limits look at the close before: what a sale of the same session frees is there from the next session on. Orders are
    served by the time of their auction, then by `known_at`; the first that does not fit and all behind it in that session
    are refused whole (reason "no-cash" or "max-positions").

    Raises
    ------
    UnknownNameError
        An unknown rule.
    SchemaError
        An amount or a limit that is not positive.
    """

    rule: str = "equal"
    amount: float | None = None
    max_weight: float = 0.25
    volume_share: float | None = None
    leverage: float | None = 1.0
    max_positions: int | None = None
    whole_shares: bool = False

    def __post_init__(self) -> None:
        """Check the rule and the numbers, and fill in the amount."""
        require_word("sizing", self.rule, list(RULES))
        if self.amount is None:
            object.__setattr__(self, "amount", {"equal": 0.05, "cash": 50_000.0, "volatility": 0.01}[self.rule])
        for name in ("amount", "max_weight", "volume_share", "leverage", "max_positions"):
            value = getattr(self, name)
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if value is not None and not (number and np.isfinite(value) and value > 0):
                raise SchemaError(f"sizing: {name}={value!r} must be a positive number (or None for no limit)")
        if self.max_positions is not None and int(self.max_positions) != self.max_positions:
            raise SchemaError(f"sizing: max_positions={self.max_positions!r} must be a whole number of trades")
        if not isinstance(self.whole_shares, bool):
            raise SchemaError(f"sizing: whole_shares={self.whole_shares!r} must be True or False")


#: `(share, volatility, sizing) -> (weight, money)`: how much of equity and how much money each trade wants, from the size of its
#: side and its daily volatility (NaN unless the rule is "volatility").
Rule = Callable[[F, F, Sizing], tuple[F, F]]


def equal(share: F, volatility: F, sizing: Sizing) -> tuple[F, F]:
    """Take the same share of equity for each trade."""
    return share * float(sizing.amount or 0.0), np.zeros(len(share))


def cash(share: F, volatility: F, sizing: Sizing) -> tuple[F, F]:
    """Take the same money for each trade, in the account's currency."""
    return np.zeros(len(share)), share * float(sizing.amount or 0.0)


def volatility_target(share: F, volatility: F, sizing: Sizing) -> tuple[F, F]:
    """Take what brings the same annual volatility to the book: ``amount / (sd sqrt(252))`` of equity, `max_weight` at most."""
    annual = volatility * np.sqrt(SESSIONS_PER_YEAR)
    return share * np.minimum(float(sizing.amount or 0.0) / annual, sizing.max_weight), np.zeros(len(share))


#: Rules of size by name.
RULES: dict[str, Rule] = {"equal": equal, "cash": cash, "volatility": volatility_target}


def _blocks(n: int) -> list[slice]:
    return [slice(i, min(i + _BLOCK, n)) for i in range(0, n, _BLOCK)]


def windows(panel: F, row: Ints, position: Ints, lookback: tuple[int, int]) -> F:
    """Return ``panel[row, position + lookback[0] .. position + lookback[1]]``, (n, L), NaN before the first session."""
    at = position[:, None] + np.arange(lookback[0], lookback[1] + 1)
    return np.where(at >= 0, panel[row[:, None], np.maximum(at, 0)], np.nan)


def _enough(used: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return used.sum(axis=1) >= max(2, int(np.ceil(_MIN_SHARE * used.shape[1])))


def trailing_volatility(board: Board, row: Ints, position: Ints, lookback: tuple[int, int]) -> F:
    """Return the daily standard deviation (n - 1) of returns before each position, NaN with fewer than half the days."""
    out = np.full(len(row), np.nan)
    for cut in _blocks(len(row)):
        block = windows(board.returns, row[cut], position[cut], lookback)
        used = np.isfinite(block)
        count = used.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(used, block, 0.0).sum(axis=1) / count
            squares = np.where(used, block - mean[:, None], 0.0) ** 2
            out[cut] = np.where(_enough(used), np.sqrt(squares.sum(axis=1) / (count - 1)), np.nan)
    return out


def trailing_value(board: Board, row: Ints, position: Ints, lookback: tuple[int, int]) -> F:
    """Return the mean traded value per session before each position in the base currency; NaN where volume is unknown.

    A session without a trade counts as zero where the prices hold volumes for at least half the lookback.
    """
    out = np.full(len(row), np.nan)
    if board.value is None:
        return out
    before = np.maximum(board.global_of(row, np.minimum(position, board.close.shape[1] - 1)) - 1, 0)
    rate = board.rate[before, board.currency_of[row]] / board.quote[row]
    for cut in _blocks(len(row)):
        block = windows(board.value, row[cut], position[cut], lookback)
        used = np.isfinite(block)
        mean = np.where(used, block, 0.0).sum(axis=1) / used.shape[1]
        out[cut] = np.where(_enough(used), mean, np.nan)
    return out * rate


def trailing_beta(board: Board, row: Ints, position: Ints, lookback: tuple[int, int]) -> F:
    """Return the slope of a security's returns on its benchmark's before each position; NaN without benchmark or data."""
    out = np.full(len(row), np.nan)
    mark = board.benchmark_column[row]
    for cut in _blocks(len(row)):
        good = np.flatnonzero(mark[cut] >= 0) + cut.start
        if not len(good):
            continue
        stock = windows(board.returns, row[good], position[good], lookback)
        factor = np.stack(
            [
                windows(board.benchmark_returns[m], mark[good], position[good], lookback)
                for m in range(len(board.calendars))
            ]
        )[board.market_of[row[good]], np.arange(len(good))]
        fit = least_squares(stock, factor[:, :, None])
        out[good] = np.where(_enough(np.isfinite(stock) & np.isfinite(factor)), fit.slopes[:, 0], np.nan)
    return out
