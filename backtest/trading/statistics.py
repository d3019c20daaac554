"""Figures of a strategy and how sure they are: standard ratios, block bootstrap, probabilistic and deflated Sharpe ratio.

Sources: standard ratios by `empyrical`; block bootstrap: Kuensch 1989, Politis and Romano 1992 (circular);
probabilistic and deflated Sharpe ratio: Bailey and Lopez de Prado 2012, 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import SchemaError
from backtest.labels import count, percent
from backtest.trading.spec import check_draws

if TYPE_CHECKING:
    from backtest.trading.outcome import StrategyResult

F = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR = 252
_EULER = 0.5772156649015329
_CHUNK = 250
#: Fewer trades than this are told apart from evidence.
FEW = 20


def summarise(result: StrategyResult, draws: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Build `StrategyResult.summary`."""
    check_draws(draws, seed)
    trades, returns = result.trades, result.returns
    closed = trades[trades["exit"].notna()]
    block = _block(result)
    few = f"fewer than {FEW} trades: read them as cases" if len(trades) < FEW else ""
    rows = [
        ("trades", len(trades), np.nan, np.nan, few),
        ("events", len(result.placed.row), np.nan, np.nan, f"{len(result.dropped)} led to no trade"),
        ("open_at_end", len(trades) - len(closed), np.nan, np.nan, "valued at the last mark"),
        ("hit_rate", _mean(trades["net_return"] > 0), np.nan, np.nan, "net of costs"),
        (
            "gross_mean",
            _mean(trades["gross_return"]),
            *mean_interval(trades, "gross_return", block, draws, seed),
            "per trade",
        ),
        (
            "net_mean",
            _mean(trades["net_return"]),
            *mean_interval(trades, "net_return", block, draws, seed),
            "per trade",
        ),
        ("cost_mean", _mean(trades["cost"] / trades["notional"]), np.nan, np.nan, "per trade"),
        *_ratios(result, returns, block, draws, seed),
        ("turnover", float(result.turnover.sum() * YEAR / len(returns)), np.nan, np.nan, "of equity per year"),
        ("mean_exposure", float(result.exposure["gross"].mean()), np.nan, np.nan, "gross, of equity"),
        ("costs", float(result.ledger.cost.sum()), np.nan, np.nan, f"{result.spec.currency}, hedges included"),
    ]
    table = pd.DataFrame(rows, columns=["measure", "value", "low", "high", "note"]).set_index("measure")
    return table.astype({"value": "float64", "low": "float64", "high": "float64", "note": "str"})


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _ratios(
    result: StrategyResult, returns: pd.Series, block: int, draws: int, seed: int
) -> list[tuple[str, float, float, float, str]]:
    """Return the standard ratios of the equity's returns, by `empyrical`."""
    import empyrical

    low, high = sharpe_interval(returns.to_numpy(), block, draws, seed)
    nan = float("nan")
    rows = [
        ("sharpe", float(empyrical.sharpe_ratio(returns)), low, high, f"annual, no riskless rate; blocks of {block}")
    ]
    for name, function in (
        ("total_return", empyrical.cum_returns_final), ("annual_return", empyrical.annual_return),
        ("annual_volatility", empyrical.annual_volatility), ("max_drawdown", empyrical.max_drawdown),
        ("calmar", empyrical.calmar_ratio), ("sortino", empyrical.sortino_ratio), ("omega", empyrical.omega_ratio),
        ("tail_ratio", empyrical.tail_ratio),
    ):  # fmt: skip
        with np.errstate(divide="ignore", invalid="ignore"):
            rows.append((name, float(function(returns)), nan, nan, ""))
    return rows


def by_kind(result: StrategyResult, draws: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Build `StrategyResult.by_kind`."""
    check_draws(draws, seed)
    rows = []
    for kind, trades in result.trades.groupby("kind", sort=True):
        low, high = mean_interval(trades, "net_return", _block(result), draws, seed)
        rows.append(
            {
                "kind": kind,
                "trades": len(trades),
                "hit_rate": _mean(trades["net_return"] > 0),
                "gross_mean": _mean(trades["gross_return"]),
                "net_mean": _mean(trades["net_return"]),
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(rows).astype({"kind": "str"})


def headline(result: StrategyResult) -> str:
    """Return the text of a result: trades first, then what they brought, then what to know."""
    trades = result.trades
    kinds = trades["kind"].value_counts()
    counts = result.dropped["reason"].value_counts()
    lines = [
        f"StrategyResult: {count(len(trades), 'trade')} of {count(len(result.placed.row), 'event')} ({result.spec.describe()})"
    ]
    lines.append("  by kind: " + ", ".join(f"{k} {n}" for k, n in kinds.items()))
    if len(result.dropped):
        lines.append("  dropped: " + ", ".join(f"{r} {n}" for r, n in counts[counts > 0].items()))
    low, high = mean_interval(trades, "net_return", _block(result))
    mean = (
        f"mean trade {percent(_mean(trades['net_return']), 2)} net ({percent(_mean(trades['gross_return']), 2)} gross)"
    )
    interval = f", 95 % interval {percent(low, 2)} to {percent(high, 2)}" if np.isfinite(low) else ""
    lines.append(f"  {mean}{interval}; equity {percent(result.equity.iloc[-1] / result.spec.capital - 1, 2)}")
    return "\n".join(lines + [f"  {note}" for note in (*result.notes, result.notice) if note])


# -------------------------------------------------------------------------------------------------------- bootstrap


def _block(result: StrategyResult) -> int:
    """Return the length of a block in sessions: twice the median holding time, 5 at least, a tenth of the sample at most."""
    held = float(result.trades["sessions"].median()) if len(result.trades) else 1.0
    return int(max(1, min(max(5, 2 * held), len(result.sessions) // 10)))


def circular_means(values: F, block: int, draws: int, rng: np.random.Generator) -> tuple[F, F]:
    """Return mean and standard deviation (n - 1) of `draws` circular block resamples of `values` (n,), each (draws,)."""
    n = len(values)
    blocks = -(-n // block)
    mean, spread = np.empty(draws), np.empty(draws)
    for start in range(0, draws, _CHUNK):
        stop = min(start + _CHUNK, draws)
        first = rng.integers(0, n, (stop - start, blocks))
        at = ((first[:, :, None] + np.arange(block)) % n).reshape(stop - start, -1)[:, :n]
        sample = values[at]
        mean[start:stop], spread[start:stop] = sample.mean(axis=1), sample.std(axis=1, ddof=1) if n > 1 else np.nan
    return mean, spread


def sharpe_interval(returns: F, block: int, draws: int = 1000, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of the annual Sharpe ratio by circular block bootstrap (percentiles); NaN where undefined."""
    if len(returns) < 2 * block or not np.isfinite(returns).all() or returns.std() == 0:
        return float("nan"), float("nan")
    mean, spread = circular_means(returns, block, draws, np.random.default_rng(seed))
    ratio = (mean / np.where(spread > 0, spread, np.nan) * np.sqrt(YEAR))[spread > 0]
    low, high = np.percentile(ratio, [2.5, 97.5]) if len(ratio) else (np.nan, np.nan)
    return float(low), float(high)


def mean_interval(
    trades: pd.DataFrame, column: str, block: int, draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a column of trades; NaN with fewer than five blocks.

    Trades entered within one stretch of `block` weekdays share their market and each other's days: they are drawn
    together (block bootstrap over stretches of time, percentiles of the ratio of sums).
    """
    if not len(trades):
        return float("nan"), float("nan")
    day = np.busday_count("1970-01-01", trades["entry"].to_numpy().astype("datetime64[D]"))
    cluster = np.unique((day - day.min()) // max(1, block), return_inverse=True)[1]
    sums = np.bincount(cluster, trades[column].to_numpy())
    sizes = np.bincount(cluster).astype(np.float64)
    if len(sums) < 5:
        return float("nan"), float("nan")
    rng, means = np.random.default_rng(seed), []
    for start in range(0, draws, _CHUNK):
        at = rng.integers(0, len(sums), (min(_CHUNK, draws - start), len(sums)))
        means.append(sums[at].sum(axis=1) / sizes[at].sum(axis=1))
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    return float(low), float(high)


# ----------------------------------------------------------------------------------------------------- Sharpe ratio


def probabilistic_sharpe(returns: F, benchmark: float = 0.0) -> float:
    """Return the probability that the true Sharpe ratio exceeds `benchmark` (per session), given T session returns.

    ``Phi((SR - SR*) sqrt(T - 1) / sqrt(1 - g3 SR + (g4 - 1) / 4 SR^2))`` with skewness g3 and kurtosis g4 of the returns.
    NaN where they do not vary.
    """
    from scipy.special import ndtr

    n, spread = len(returns), returns.std(ddof=1) if len(returns) > 1 else 0.0
    if n < 3 or not spread > 0:
        return float("nan")
    ratio = returns.mean() / spread
    z = (returns - returns.mean()) / returns.std()
    skew, kurtosis = (z**3).mean(), (z**4).mean()
    scale = 1.0 - skew * ratio + (kurtosis - 1.0) / 4.0 * ratio**2
    return float(ndtr((ratio - benchmark) * np.sqrt(n - 1) / np.sqrt(scale))) if scale > 0 else float("nan")


def expected_best(ratios: F) -> float:
    """Return the Sharpe ratio that the best of N worthless trials is expected to show, from the spread of the N ratios.

    ``sd(SR) ((1 - c) Phi^-1(1 - 1/N) + c Phi^-1(1 - 1/(N e)))`` with Euler's constant c; zero for a single trial.
    """
    from scipy.special import ndtri

    known = ratios[np.isfinite(ratios)]
    n = len(ratios)
    if n < 2 or len(known) < 2:
        return 0.0
    return float(known.std(ddof=1) * ((1 - _EULER) * ndtri(1 - 1 / n) + _EULER * ndtri(1 - 1 / (n * np.e))))


def deflated_sharpe(returns: F, ratios: F) -> float:
    """Return the probability that a strategy chosen as the best of N trials has a true Sharpe ratio above zero.

    Parameters
    ----------
    returns : (T,) session returns of the chosen one. ratios : (N,) Sharpe ratios per session of all trials, NaN allowed.

    Raises
    ------
    SchemaError
        No trial.
    """
    if not len(ratios):
        raise SchemaError("deflated_sharpe needs the Sharpe ratios of all variants that were tried; got none")
    return probabilistic_sharpe(np.asarray(returns), expected_best(np.asarray(ratios, dtype=np.float64)))
