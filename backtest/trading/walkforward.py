"""Walk-forward: parameters chosen on the past alone, judged on what came after, with the number of tries said aloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError, SchemaError
from backtest.labels import count, percent
from backtest.portfolio import ACCEPTED, Lots, walk
from backtest.registry import lookup
from backtest.strategy import Strategy, panel_of, plan_for, prepare
from backtest.trading.decisions import Placed
from backtest.trading.plan import Plan, books_of, make_lots
from backtest.trading.statistics import deflated_sharpe, mean_interval, probabilistic_sharpe, sharpe_interval
from backtest.trading.variants import Variants, checked, join_books, net_returns, run_placed, sharpe

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: `(returns of equity, net returns of finished trades) -> number`, larger is better; both of the training window alone.
Metric = Callable[[F, F], float]


def _net_mean(returns: F, net: F) -> float:
    """Mean net return of the finished trades; NaN without one."""
    return float(net.mean()) if len(net) else float("nan")


def _sharpe(returns: F, net: F) -> float:
    """Annual Sharpe ratio of the session returns of equity, no riskless rate; NaN where they do not vary."""
    return sharpe(returns)


def _total(returns: F, net: F) -> float:
    """Total return of equity."""
    return float(np.prod(1.0 + returns) - 1.0)


#: By what a variant is chosen.
METRICS: dict[str, Metric] = {"sharpe": _sharpe, "net_mean": _net_mean, "total_return": _total}

_SPAN = re.compile(r"^(\d+)\s*([dmy])$")
_OFFSETS = {"d": "days", "m": "months", "y": "years"}


@dataclass(frozen=True)
class WalkForward:
    """Specification of a walk-forward: `run` it on events and prices.

    strategies : the variants. train, test : lengths of the windows: sessions as a number, or "90d", "18m", "3y".
    metric : by what the best is chosen on each training window (`METRICS`, or a callable).
    min_trades : a variant with fewer finished trades in the training window is not chosen.
    """

    strategies: tuple[Strategy, ...]
    train: int | str
    test: int | str
    metric: str | Metric = "sharpe"
    min_trades: int = 5

    def run(
        self,
        events: pd.DataFrame,
        prices: Prices | pd.DataFrame,
        fx: Prices | pd.DataFrame | None = None,
        actions: pd.DataFrame | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> WalkForwardResult:
        """Choose on each training window, trade the window after it with the choice, and go on.

        Every training window ends before its test window begins: a choice uses equity up to then and trades that had ended.
        A trade belongs to the test window in which it is entered, and may end after it.

        Raises
        ------
        AlignmentError
            The prices are shorter than one training and one test window, or no strategy trades.
        """
        placed = prepare(events, prices, self.strategies[0].currency, fx, actions)
        bounds = _windows(placed.board.sessions[placed.board.start :], self.train, self.test)
        variants = run_placed(self.strategies, placed, progress)
        choices = [
            _choose(variants, lookup(self.metric, METRICS, "metric"), self.min_trades, a, b) for a, b, _ in bounds
        ]
        return _judge(self, placed, variants, bounds, choices)


@dataclass(frozen=True, eq=False, repr=False)
class WalkForwardResult:
    """What the choices brought on days that they had not seen.

    windows : one row per window: `train_start, train_end, test_start, test_end, variant` (-1: none had enough trades)
    `, spec, train_value, trades, net_mean, test_return`. trades : `event_id, asset, kind, entry, exit, net_return, variant`.
    equity : of an account that follows the choices, over the test windows. variants : all that were tried, on all days.
    """

    spec: WalkForward
    windows: pd.DataFrame
    trades: pd.DataFrame
    equity: pd.Series
    variants: Variants
    notice: str

    @property
    def tried(self) -> int:
        """Number of variants tried."""
        return len(self.variants.strategies)

    @property
    def returns(self) -> pd.Series:
        """Simple returns of equity per session of the test windows; the first against the capital."""
        before = np.concatenate([[self.spec.strategies[0].capital], self.equity.to_numpy()[:-1]])
        return pd.Series(self.equity.to_numpy() / before - 1.0, index=self.equity.index, name="return")

    def summary(self, draws: int = 1000, seed: int = 0) -> pd.DataFrame:
        """Return index `measure`, columns value, low, high, note: the number of variants tried and of trades first.

        `deflated_sharpe`: probability that the variant which is best on all days has a true Sharpe ratio above zero, given
        that it is the best of so many; `probabilistic_sharpe`: the same of the out-of-sample account, which was not chosen.
        """
        all_returns = self.variants.returns.to_numpy()
        spread = all_returns.std(axis=0, ddof=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.where(spread > 0, all_returns.mean(axis=0) / spread, np.nan)
        best = int(np.nanargmax(np.where(np.isfinite(ratios), ratios, -np.inf)))
        returns = self.returns.to_numpy()
        nan = float("nan")
        frame = self.trades.assign(net=self.trades["net_return"])
        rows = [
            ("variants_tried", self.tried, nan, nan, "each of them a chance to be lucky"),
            ("trades", len(self.trades), nan, nan, "out of sample"),
            ("windows", len(self.windows), nan, nan, f"train {self.spec.train}, test {self.spec.test}"),
            (
                "net_mean",
                _net_mean(returns, frame["net"].to_numpy()),
                *mean_interval(frame, "net", 10, draws, seed),
                "out of sample",
            ),
            ("sharpe", sharpe(returns), *sharpe_interval(returns, 10, draws, seed), "out of sample, annual"),
            ("probabilistic_sharpe", probabilistic_sharpe(returns), nan, nan, "P(true Sharpe > 0), out of sample"),
            ("total_return", _total(returns, returns), nan, nan, "out of sample"),
            ("best_sharpe", sharpe(all_returns[:, best]), nan, nan, f"in sample, variant {best}, annual"),
            (
                "deflated_sharpe",
                deflated_sharpe(all_returns[:, best], ratios),
                nan,
                nan,
                f"P(true Sharpe > 0), best of {self.tried}",
            ),
        ]
        return (
            pd.DataFrame(rows, columns=["measure", "value", "low", "high", "note"])
            .set_index("measure")
            .astype({"note": "str"})
        )

    def __repr__(self) -> str:
        """Return the number of variants tried and what the choices brought, as text."""
        table = self.summary(draws=200)["value"]
        text = (
            f"WalkForwardResult: {count(self.tried, 'variant')} tried, {count(len(self.windows), 'window')}, "
            f"{count(len(self.trades), 'trade')} out of sample\n  mean trade {percent(table['net_mean'], 2)} net; Sharpe ratio "
            f"{table['sharpe']:.2f} out of sample against {table['best_sharpe']:.2f} of the best in sample\n  deflated Sharpe "
            f"ratio: P = {table['deflated_sharpe']:.3f} that the best of {self.tried} is better than nothing"
        )
        return text + (f"\n  {self.notice}" if self.notice else "")


def walk_forward(
    strategies: Iterable[Strategy],
    train: int | str,
    test: int | str,
    metric: str | Metric = "sharpe",
    min_trades: int = 5,
) -> WalkForward:
    """Return the specification of a walk-forward over `strategies`; see `WalkForward`, and `strategy_grid` for grids.

    Raises
    ------
    SchemaError
        No strategy; accounts that differ in currency, capital, costs or limits; a window that is no length.
    UnknownNameError
        An unknown metric.
    """
    many = checked(strategies)
    lookup(metric, METRICS, "metric")
    if isinstance(min_trades, bool) or not isinstance(min_trades, int) or min_trades < 0:
        raise SchemaError(f"min_trades={min_trades!r} must be a whole number of trades, 0 or more")
    for name, length in (("train", train), ("test", test)):
        _span(name, length)
    accounts = {(s.capital, s.charges, s.size.leverage, s.size.max_positions) for s in many}
    if len(accounts) > 1:
        raise SchemaError(
            "strategies differ in capital, costs, leverage or max_positions; walk forward with one account"
        )
    return WalkForward(many, train, test, metric, min_trades)


def _span(name: str, length: int | str) -> int | pd.DateOffset:
    found = _SPAN.match(str(length).strip().lower())
    if isinstance(length, int) and not isinstance(length, bool) and length > 0:
        return length
    if isinstance(length, str) and found and int(found[1]) > 0:
        return pd.DateOffset(**{_OFFSETS[found[2]]: int(found[1])})  # type: ignore[arg-type]
    raise SchemaError(f"{name}={length!r}: give a number of sessions, or a length such as '90d', '18m', '3y'")


def _windows(sessions: NDArray[np.datetime64], train: int | str, test: int | str) -> list[tuple[int, int, int]]:
    """Return (first session of training, first of test, one behind the last of test) of each window."""
    spans = (_span("train", train), _span("test", test))
    index = pd.DatetimeIndex(sessions)

    def after(position: int, span: int | pd.DateOffset) -> int:
        return position + span if isinstance(span, int) else int(index.searchsorted(index[position] + span))

    def before(position: int, span: int | pd.DateOffset) -> int:
        return position - span if isinstance(span, int) else int(index.searchsorted(index[position] - span))

    out, split = [], after(0, spans[0])
    while split < len(index):
        end = min(max(after(split, spans[1]), split + 1), len(index))
        out.append((before(split, spans[0]), split, end))
        split = end
    if not out:
        days = (str(sessions[0])[:10], str(sessions[-1])[:10])
        raise AlignmentError(
            f"the prices ({days[0]} to {days[1]}) are too short for train={train!r} and a test after it"
        )
    return out


def _choose(variants: Variants, metric: Metric, min_trades: int, start: int, split: int) -> tuple[int, float]:
    """Return the best variant on sessions [start, split) and its value; (-1, NaN) where none has enough finished trades."""
    returns = variants.returns.to_numpy()[start:split]
    best, value = -1, float("nan")
    for i, (entry, leave, net) in enumerate(variants.trips):
        ended = (entry >= start) & (leave < split)
        if ended.sum() < max(1, min_trades):
            continue
        score = metric(returns[:, i], net[ended])
        if np.isfinite(score) and not score <= value:
            best, value = i, score
    return best, value


def _judge(
    spec: WalkForward,
    placed: Placed,
    variants: Variants,
    bounds: list[tuple[int, int, int]],
    choices: list[tuple[int, float]],
) -> WalkForwardResult:
    """Trade every window's events with its choice, in one account."""
    start, sessions = placed.board.start, pd.DatetimeIndex(placed.board.sessions, name="session")
    parts: list[Lots] = []
    tags: list[pd.DataFrame] = []
    made: dict[int, tuple[Plan, Lots]] = {}
    for (_, split, end), (variant, _) in zip(bounds, choices, strict=True):
        if variant >= 0:
            if variant not in made:
                plan = plan_for(spec.strategies[variant], placed)
                made[variant] = (plan, make_lots(spec.strategies[variant], placed, plan).lots)
            plan, lots = made[variant]
            chosen, event = _within(lots, plan.orders.event, split + start, end + start)
            parts.append(chosen)
            tags.append(pd.DataFrame({"event": event, "variant": variant}))
    if not parts or not sum(len(p.book) for p in parts):
        raise AlignmentError("no test window with a trade: give a shorter train, a longer test, or a lower min_trades")
    lots = join_books(parts)
    ledger = walk(lots, books_of([spec.strategies[0]]), panel_of(placed.board))
    frame = pd.concat(tags, ignore_index=True)
    done = ledger.status == ACCEPTED
    frame = frame.assign(net=net_returns(placed.board, lots, ledger), entry=lots.entry - start, exit=lots.exit - start)[
        done & (lots.parent < 0)
    ]
    equity = pd.Series(ledger.equity[start:, 0], index=sessions[start:], name="equity")
    windows = [_window_row(spec, equity, frame, bound, choice) for bound, choice in zip(bounds, choices, strict=True)]
    table = pd.DataFrame(windows).astype({"spec": "str"})
    return WalkForwardResult(
        spec, table, _trades(placed, frame), equity.iloc[bounds[0][1] :], variants, placed.board.notice
    )


def _within(lots: Lots, event: Ints, split: int, end: int) -> tuple[Lots, Ints]:
    """Return the trades entered in [split, end) with their hedges, and the event of each lot (-1 of a hedge)."""
    own = lots.parent < 0
    entered = (lots.entry >= split) & (lots.entry < end) & own
    keep = np.where(own, entered, entered[np.maximum(lots.parent, 0)])
    which = np.flatnonzero(keep)
    moved = np.cumsum(keep) - 1
    cut = Lots(*(getattr(lots, name)[which] for name in lots.__dataclass_fields__))
    events = np.where(own, np.concatenate([event, np.full(len(own) - len(event), -1)]), -1)[which]
    return replace(cut, parent=np.where(cut.parent >= 0, moved[np.maximum(cut.parent, 0)], -1)), events


def _window_row(
    spec: WalkForward, equity: pd.Series, frame: pd.DataFrame, bound: tuple[int, int, int], choice: tuple[int, float]
) -> dict[str, object]:
    start, split, end = bound
    mine = frame[(frame["entry"] >= split) & (frame["entry"] < end)]
    return {
        "train_start": equity.index[start],
        "train_end": equity.index[split - 1],
        "test_start": equity.index[split],
        "test_end": equity.index[end - 1],
        "variant": choice[0],
        "spec": spec.strategies[choice[0]].describe() if choice[0] >= 0 else "",
        "train_value": choice[1],
        "trades": len(mine),
        "net_mean": float(mine["net"].mean()) if len(mine) else np.nan,
        "test_return": float(equity.iloc[end - 1] / equity.iloc[split - 1] - 1.0),
    }


def _trades(placed: Placed, frame: pd.DataFrame) -> pd.DataFrame:
    events = placed.events.iloc[frame["event"].to_numpy()]
    sessions = np.append(placed.board.sessions[placed.board.start :], np.datetime64("NaT"))
    return pd.DataFrame(
        {
            "event_id": events.index.to_numpy(),
            "asset": events["asset"].to_numpy(),
            "kind": placed.groups[frame["event"].to_numpy()],
            "entry": sessions[frame["entry"].to_numpy()],
            "exit": sessions[frame["exit"].to_numpy()],
            "net_return": frame["net"].to_numpy(),
            "variant": frame["variant"].to_numpy(),
        }
    ).astype({"event_id": "str", "asset": "str", "kind": "str"})
