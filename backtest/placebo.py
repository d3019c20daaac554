"""Placebo: would the strategy have done as well on days without news, on other shares, or with its tags shuffled?

Each placebo repeats the strategy's trades, with the same exits and costs, where there was nothing to know. The statistic is
the mean net return of a trade; p-values count the observed value among the draws (Davison and Hinkley 1997: plus one).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError, SchemaError
from backtest.registry import lookup
from backtest.strategy import Strategy, plan_for, prepare
from backtest.trading.board import NEVER
from backtest.trading.cells import Cells, all_cells, trade_returns
from backtest.trading.decisions import Placed
from backtest.trading.ladder import single
from backtest.trading.plan import Plan
from backtest.trading.sizing import trailing_volatility
from backtest.trading.spec import check_draws

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Trades whose draws are held at once.
_BUDGET = 4_000_000
#: Stock-days on either side of an event's own, in the order of prior volatility, from which a match is drawn.
_NEIGHBOURS = 250
#: Stock-days among which matches are looked for; of more, every second (third, ...) is taken.
_POOL = 100_000


@dataclass(frozen=True, eq=False)
class PlaceboResult:
    """Where a strategy stands among its placebos.

    table : one row per placebo: `placebo, draws, trades, observed, mean, sd, p_better` (share of draws at least as good, plus
    one), `p_two_sided, low, high` (95 % of the draws), `left_out` (trades without a placebo), `note`.
    draws : (draws x placebos) mean net return per trade, fractions. notice : from the prices.
    """

    table: pd.DataFrame
    draws: pd.DataFrame
    observed: float
    notice: str


#: `(rng, n) -> (n, k)` net returns of n placebo portfolios of k trades.
Sampler = Callable[[np.random.Generator, int], F]


def run_placebos(
    strategy: Strategy,
    events: pd.DataFrame,
    prices: Prices | pd.DataFrame,
    kinds: Sequence[str] | str = ("dates", "stocks", "shuffled", "matched"),
    draws: int = 10_000,
    seed: int = 0,
    fx: Prices | pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
) -> PlaceboResult:
    """Compare a strategy's mean net trade with what it would have been where there was no news.

    Every event is a trade of its own here (no overlap rule, no limit of cash, no contrary event and no exit by date, which
    placebo days do not have), so that `observed` may differ a little from the mean trade of `strategy.run`.

    Parameters
    ----------
    kinds : names of `PLACEBOS`: "dates" (the same share, other days, farther from its events than a trade lasts), "stocks"
        (the same day, shares without news then), "shuffled" (the same trades, sides dealt anew), "matched" (any share and day
        without news of nearly the same volatility before).
    draws : number of placebo portfolios per kind. seed : of the generator.

    Raises
    ------
    AlignmentError
        No trade, or none for which a placebo can be found. SchemaError: `draws` below 1, `hold=None`, no name in `kinds`.
    UnknownNameError
        A placebo that does not exist.
    """
    check_draws(draws, seed)
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if not kinds:
        raise SchemaError(f"no placebo is named; give one or more of {', '.join(PLACEBOS)}")
    if strategy.hold is None:
        raise SchemaError("a placebo needs a hold: days without news have no other certain end")
    for kind in kinds:
        lookup(kind, PLACEBOS, "placebo")
    placed = prepare(events, prices, strategy.currency, fx, actions)
    plain = single(strategy).variant(contrary={}, until=None)
    plan = plan_for(plain, placed)
    closed = plan.orders.exit < NEVER
    if not closed.any():
        raise AlignmentError("no trade that has ended; a placebo compares finished trades")
    own = trade_returns(plain, placed, plan)["net"].to_numpy()
    cells = all_cells(plain, placed, np.unique(np.sign(plan.orders.side)))
    scene = Scene(placed, plan, cells, own, np.flatnonzero(closed), plain)
    rows, columns = [], {}
    for number, kind in enumerate(kinds):
        served, sampler = lookup(kind, PLACEBOS, "placebo")(scene)
        columns[kind] = _means(sampler, int(served.sum()), np.random.default_rng([seed, number]), draws)
        rows.append(_row(kind, scene, served, columns[kind]))
    frame = pd.DataFrame(columns)
    return PlaceboResult(
        pd.DataFrame(rows).astype({"placebo": "str"}), frame, float(own[closed].mean()), placed.board.notice
    )


@dataclass(frozen=True)
class Scene:
    """What every placebo sees: the events, the finished trades (`which`) with their net returns `own`, and all cells."""

    placed: Placed
    plan: Plan
    cells: Cells
    own: F
    which: Ints
    strategy: Strategy

    @property
    def row(self) -> Ints:
        """Row of each finished trade."""
        return self.plan.orders.row[self.which]

    @property
    def position(self) -> Ints:
        """Position of its entry."""
        return self.plan.orders.entry[self.which] // 3

    @property
    def sign(self) -> F:
        """Its side, +1 or -1."""
        return np.sign(self.plan.orders.side[self.which])

    def quiet(self) -> NDArray[np.bool_]:
        """Whether no event of the share was tradable within a trade's length of a session, (securities, T)."""
        board, reach = self.placed.board, int(self.strategy.hold or 1)
        near = np.zeros((board.securities, board.close.shape[1] + 1), dtype=np.int64)
        first = self.placed.first[:, 1 if self.strategy.opening.phase else 0] + self.strategy.opening.lag
        real = (self.placed.row >= 0) & (first < board.close.shape[1])
        low = np.maximum(first[real] - reach, 0)
        high = np.minimum(first[real] + reach + 1, board.close.shape[1])
        np.add.at(near, (self.placed.row[real], low), 1)
        np.add.at(near, (self.placed.row[real], high), -1)
        return np.cumsum(near, axis=1)[:, :-1] == 0


def same_stock(scene: Scene) -> tuple[Bools, Sampler]:
    """The same share on other days, farther from its own events than a trade lasts."""
    quiet = scene.quiet()
    lists = {}
    for row, sign in {(int(r), float(s)) for r, s in zip(scene.row, scene.sign)}:
        ids = scene.cells.ids(sign)[row]
        lists[row, sign] = ids[(ids >= 0) & quiet[row]]
    return _pool(scene, [lists[int(r), float(s)] for r, s in zip(scene.row, scene.sign)])


def same_day(scene: Scene) -> tuple[Bools, Sampler]:
    """The same day, in shares without news of their own around it."""
    board, quiet = scene.placed.board, scene.quiet()
    day = board.global_of(scene.row, scene.position)
    lists = {}
    for g, sign in {(int(d), float(s)) for d, s in zip(day, scene.sign)}:
        ids = scene.cells.ids(sign)
        found = []
        for m, cal in enumerate(board.calendars):
            at = int(np.searchsorted(board.gpos[m, : len(cal)], g))
            if at < len(cal) and board.gpos[m, at] == g:
                mine = np.flatnonzero(board.market_of[: board.securities] == m)
                found.append(ids[mine, at][(ids[mine, at] >= 0) & quiet[mine, at]])
        lists[g, sign] = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    return _pool(scene, [lists[int(d), float(s)] for d, s in zip(day, scene.sign)])


def matched(scene: Scene) -> tuple[Bools, Sampler]:
    """Any share and day without news whose volatility before was nearly the same."""
    board, back = scene.placed.board, scene.strategy.lookback
    rows, positions = np.nonzero(scene.quiet() & (scene.cells.ids(float(scene.sign[0])) >= 0))
    step = max(1, -(-len(rows) // _POOL))
    rows, positions = rows[::step], positions[::step]
    sigma = trailing_volatility(board, rows, positions, back)
    order = np.argsort(sigma, kind="stable")[: int(np.isfinite(sigma).sum())]
    own = trailing_volatility(board, scene.row, scene.position, back)
    ranks = np.searchsorted(sigma[order], own)
    lists = []
    for rank, sign, volatility in zip(ranks, scene.sign, own):
        near = order[max(rank - _NEIGHBOURS, 0) : rank + _NEIGHBOURS] if np.isfinite(volatility) else order[:0]
        ids = scene.cells.ids(float(sign))[rows[near], positions[near]]
        lists.append(ids[ids >= 0])
    return _pool(scene, lists)


def shuffled(scene: Scene) -> tuple[Bools, Sampler]:
    """The same shares and days, the sides dealt anew among the trades; a strategy of one side has nothing to deal."""
    served: Bools = np.zeros(len(scene.which), dtype=bool)
    if len(set(scene.sign)) < 2:
        return served, lambda rng, n: np.empty((n, 0))
    cells = np.stack([scene.cells.ids(sign)[scene.row, scene.position] for sign in (-1.0, 1.0)])
    served = np.asarray((cells >= 0).all(axis=0), dtype=bool)
    net, long = scene.cells.net[cells[:, served]], (scene.sign[served] > 0).astype(np.int64)

    def deal(rng: np.random.Generator, n: int) -> F:
        dealt = rng.permuted(np.tile(long, (n, 1)), axis=1)
        return np.where(dealt == 1, net[1], net[0])

    return served, deal


#: Placebos by name: `Scene -> (which of its trades it can serve, sampler of their placebo returns)`.
PLACEBOS: dict[str, Callable[[Scene], tuple[Bools, Sampler]]] = {
    "dates": same_stock,
    "stocks": same_day,
    "shuffled": shuffled,
    "matched": matched,
}


def _pool(scene: Scene, lists: list[Ints]) -> tuple[Bools, Sampler]:
    """Return which trades have a choice, and a sampler that lets each take one of its cells."""
    size = np.array([len(x) for x in lists], dtype=np.int64)
    served = size > 0
    flat = np.concatenate([*lists, np.empty(0, dtype=np.int64)])
    start, size = (np.cumsum(size) - size)[served], size[served]
    net = scene.cells.net[flat]
    return served, lambda rng, n: net[start + (rng.random((n, len(size))) * size).astype(np.int64)]


def _means(sampler: Sampler, trades: int, rng: np.random.Generator, draws: int) -> F:
    """Return the mean net trade of each placebo portfolio, NaN where no trade has a placebo."""
    if not trades:
        return np.full(draws, np.nan)
    size = max(1, _BUDGET // trades)
    parts = [sampler(rng, min(size, draws - at)).mean(axis=1) for at in range(0, draws, size)]
    return np.concatenate(parts)


def _row(kind: str, scene: Scene, served: Bools, draws: F) -> dict[str, object]:
    n, some = len(draws), bool(served.any())
    observed = float(scene.own[scene.which][served].mean()) if some else np.nan
    # Draws that equal the observed value up to rounding count as equal.
    slack = 1e-12
    better, worse = (draws >= observed - slack).sum(), (draws <= observed + slack).sum()
    one, other = (1 + better) / (n + 1), (1 + worse) / (n + 1)
    low, high = np.percentile(draws, [2.5, 97.5]) if some else (np.nan, np.nan)
    return {
        "placebo": kind,
        "draws": n,
        "trades": int(served.sum()),
        "observed": observed,
        "mean": float(draws.mean()),
        "sd": float(draws.std(ddof=1)) if n > 1 else np.nan,
        "p_better": float(one) if some else np.nan,
        "p_two_sided": float(min(1.0, 2 * min(one, other))) if some else np.nan,
        "low": float(low),
        "high": float(high),
        "left_out": int((~served).sum()),
        "note": "" if some else _nothing(kind),
    }


def _nothing(kind: str) -> str:
    return "all trades have one side: nothing to shuffle" if kind == "shuffled" else "no day or share to compare with"
