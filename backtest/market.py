"""One exchange, seen as dense arrays: its sessions, the returns of its securities, the benchmarks on its sessions.

Every security counts time in sessions of its own exchange. Benchmark returns come from benchmark levels on those same
sessions, so that a move made while the security's exchange was closed compounds into its next session; two series of
returns are never joined by date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import Calendar, calendar, calendar_from_sessions
from backtest.errors import AlignmentError, SchemaError, offenders
from backtest.measures import taken, volumes
from backtest.models.base import Inputs
from backtest.registry import lookup

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]
Ints = NDArray[np.int64]

RISK_FREE = "RF"
_ALIASES = {
    "MKT-RF": "MKT", "MKTRF": "MKT", "MKT_RF": "MKT", "RM-RF": "MKT", "RMRF": "MKT", "RM_RF": "MKT",
    "UMD": "MOM", "WML": "MOM",
}  # fmt: skip
_FRENCH = frozenset(("MKT", "SMB", "HML", "RMW", "CMA", "MOM", RISK_FREE))


@dataclass(frozen=True)
class Market:
    """Securities of one exchange.

    Attributes
    ----------
    calendar : T sessions.
    tickers : n securities, the rows of `returns`.
    returns : (n, T) float64, NaN where this session or the one before has no price.
    first, last : (n,) positions of the first and last price; ``first > last`` where there is none.
    benchmark : (b, T) benchmark returns on these sessions; `benchmark_of` (n,) says which row is a security's, -1 none.
    benchmarks : names of the rows of `benchmark`.
    factors : (k, T) factor returns on these sessions, named by `factor_names` (upper case, RF left out).
    risk_free : (T,) riskless return per session, zero where the prices have none.
    peers : (m, T) returns of peers on these sessions; `peers_of` (n, p) says which rows are a security's, -1 none.
    gaps : (n, T) sessions since the last trade, where `returns` run from trade to trade; None elsewhere.
    gap_market : (n, T) the benchmark's return over the same days.
    needs_benchmark : False where the factors hold the market's return, or stand without one.
    """

    calendar: Calendar
    tickers: tuple[str, ...]
    returns: F
    first: Ints
    last: Ints
    benchmark: F
    benchmark_of: Ints
    benchmarks: tuple[str, ...]
    factors: F
    factor_names: tuple[str, ...]
    risk_free: F
    peers: F
    peers_of: Ints
    gaps: F | None = None
    gap_market: F | None = None
    needs_benchmark: bool = True

    @property
    def ordinals(self) -> Ints:
        """Sessions as days since 1970, (T,)."""
        return self.calendar.sessions.astype("datetime64[D]").astype(np.int64)


def build_markets(prices: Prices, assets: Sequence[str], inputs: Inputs, benchmark: str | None = None) -> list[Market]:
    """Return one `Market` per exchange that lists any of `assets`; securities without a column of prices are left out.

    Parameters
    ----------
    prices : the panel. assets : tickers wanted. inputs : what the model needs.
    benchmark : benchmark for all securities; None takes each instrument's own.

    Raises
    ------
    UnknownNameError
        `benchmark` is not among the prices.
    SchemaError
        The prices have no row, or lack factors that the model needs.
    """
    if not len(prices.close.index):
        raise SchemaError("the prices have no session; give at least one row per day around the events")
    prices = volumes(prices, assets) if prices.measure == "volume" else prices
    if benchmark is not None and inputs.market:
        lookup(benchmark, dict.fromkeys([*prices.benchmarks.columns, *prices.close.columns], str), "benchmark")
    columns = set(_names(prices.close.columns))
    wanted = [t for t in dict.fromkeys(assets) if t in columns]
    mics = _mic_of(prices, wanted)
    return [
        _market(prices, mic, [t for t in wanted if mics[t] == mic], inputs, benchmark)
        for mic in sorted(set(mics.values()))
    ]


def _mic_of(prices: Prices, tickers: list[str]) -> dict[str, str]:
    return dict(zip(tickers, _stated(prices, "mic", tickers), strict=True))


def _stated(prices: Prices, column: str, tickers: list[str]) -> list[str]:
    """Return what the instruments table says of each ticker, "" where it says nothing."""
    said = prices.instruments[column]
    said = said if said.dtype == "str" and not said.hasnans else said.fillna("").astype("str")
    known = dict(zip(_names(said.index), _names(said), strict=True))
    return [known.get(ticker, "") for ticker in tickers]


def _names(labels: pd.Index | pd.Series) -> list[Any]:
    """Return labels as a list at once: iterating over text boxes one value after the other."""
    return labels.to_numpy(dtype=object).tolist()


def _market(prices: Prices, mic: str, tickers: list[str], inputs: Inputs, benchmark: str | None) -> Market:
    cal = _calendar_of(prices, mic)
    own = prices.returns is not None
    # A return that was handed over has no price before it: whether there was one is not known.
    panel = _on_sessions(prices.returns if own else prices.close, tickers, cal)  # type: ignore[arg-type]
    first, last = _extent(panel)
    names = _benchmark_names(prices, tickers, benchmark) if inputs.market else [""] * len(tickers)
    marks = tuple(dict.fromkeys(n for n in names if n))
    factors, factor_names, risk_free = _factors(prices, cal, inputs)
    peers, peers_of = _peers(prices, tickers, cal) if inputs.peers else _no_peers(tickers, cal)
    market = Market(
        calendar=cal,
        tickers=tuple(tickers),
        returns=taken(panel if own else level_returns(panel), prices),
        first=first,
        last=last,
        benchmark=returns_of(prices, marks, cal),
        benchmark_of=np.array([marks.index(n) if n else -1 for n in names], dtype=np.int64),
        benchmarks=marks,
        factors=factors,
        factor_names=factor_names,
        risk_free=risk_free,
        peers=peers,
        peers_of=peers_of,
        needs_benchmark=not _without_benchmark(inputs, factor_names, marks),
    )
    return _trade_to_trade(market, prices, panel) if inputs.gaps else market


def _calendar_of(prices: Prices, mic: str) -> Calendar:
    """Return the exchange's sessions over the span of the prices; without an exchange the panel's own dates."""
    dates = pd.DatetimeIndex(prices.close.index)
    return calendar(mic, dates[0], dates[-1]) if mic and len(dates) else calendar_from_sessions(dates)


def _on_sessions(frame: pd.DataFrame, columns: Sequence[str], cal: Calendar) -> F:
    """Return `frame[columns]` on the sessions, security-major (n, T); a session without a row is NaN."""
    values = (
        frame.to_numpy(dtype=np.float64) if list(columns) == _names(frame.columns) else frame[list(columns)].to_numpy()
    )
    dates = frame.index.to_numpy().astype("datetime64[us]")
    if len(dates) == len(cal) and (dates == cal.sessions).all():
        return np.ascontiguousarray(values.T)
    at = np.searchsorted(dates, cal.sessions)
    found = (at < len(dates)) & (dates[np.minimum(at, len(dates) - 1)] == cal.sessions)
    out = np.full((values.shape[1], len(cal)), np.nan)
    out[:, found] = values[at[found]].T
    return out


def level_returns(levels: F) -> F:
    """Return simple returns of levels (n, T) along axis 1: NaN where this level or the one before is missing."""
    returns = np.full(levels.shape, np.nan)
    np.divide(levels[:, 1:], levels[:, :-1], out=returns[:, 1:])
    returns[:, 1:] -= 1.0
    return returns


def _extent(panel: F) -> tuple[Ints, Ints]:
    if not len(panel) or np.isfinite(panel[:, [0, -1]]).all():
        return np.zeros(len(panel), dtype=np.int64), np.full(len(panel), panel.shape[1] - 1)
    present = np.isfinite(panel)
    some = present.any(axis=1)
    first = np.where(some, present.argmax(axis=1), panel.shape[1])
    last = np.where(some, panel.shape[1] - 1 - present[:, ::-1].argmax(axis=1), -1)
    return first, last


def _peers(prices: Prices, tickers: list[str], cal: Calendar) -> tuple[F, Ints]:
    """Return peers' returns on these sessions and which are each security's; all others where an instrument names none."""
    columns = list(prices.close.columns)
    named = prices.instruments["peers"].reindex(tickers).fillna("").astype("str")
    wanted = [[p for p in text.split("|") if p in columns and p != t] for t, text in zip(tickers, named, strict=True)]
    wanted = [own or [p for p in columns if p != t] for t, own in zip(tickers, wanted, strict=True)]
    every = list(dict.fromkeys(p for own in wanted for p in own))
    table = np.full((len(tickers), max((len(own) for own in wanted), default=0)), -1, dtype=np.int64)
    at = {name: row for row, name in enumerate(every)}
    for i, own in enumerate(wanted):
        table[i, : len(own)] = [at[p] for p in own]
    return returns_of(prices, every, cal), table


def _no_peers(tickers: list[str], cal: Calendar) -> tuple[F, Ints]:
    return np.empty((0, len(cal))), np.empty((len(tickers), 0), dtype=np.int64)


def _trade_to_trade(market: Market, prices: Prices, panel: F) -> Market:
    """Return the market with returns from trade to trade, the sessions between, and the benchmark over the same days.

    Returns that were handed over run over one session each.
    """
    n, sessions = market.returns.shape
    of = np.maximum(market.benchmark_of, 0)
    one = np.where(np.isfinite(market.returns), 1.0, np.nan)
    if prices.returns is not None:
        return replace(market, gaps=one, gap_market=market.benchmark[of] if len(market.benchmark) else one * np.nan)
    position = np.where(np.isfinite(panel), np.arange(sessions), -1)
    last = np.concatenate([np.full((n, 1), -1), np.maximum.accumulate(position, axis=1)[:, :-1]], axis=1)
    ok = np.isfinite(panel) & (last >= 0)
    before = np.maximum(last, 0)
    returns = taken(np.where(ok, panel / np.take_along_axis(panel, before, axis=1) - 1.0, np.nan), prices)
    levels = (
        _levels_of(prices, market.benchmarks, market.calendar)[of]
        if market.benchmarks
        else np.full(panel.shape, np.nan)
    )
    gap_market = taken(np.where(ok, levels / np.take_along_axis(levels, before, axis=1) - 1.0, np.nan), prices)
    gaps = np.where(ok, np.arange(sessions) - last, np.nan)
    return replace(market, returns=returns, gaps=gaps, gap_market=gap_market)


# ------------------------------------------------------------------------------------------------------ benchmarks


def _benchmark_names(prices: Prices, tickers: list[str], benchmark: str | None) -> list[str]:
    if benchmark is not None:
        return [benchmark] * len(tickers)
    marks = list(prices.benchmarks.columns)
    own = _stated(prices, "benchmark", tickers)
    only = marks[0] if len(marks) == 1 else ""
    return [name if name in marks else (only if not name else "") for name in own]


def _without_benchmark(inputs: Inputs, factors: Sequence[str], marks: Sequence[str]) -> bool:
    """Return whether the factors hold the market's excess return, or are a user's own and all that there is."""
    return bool((inputs.excess and "MKT" in factors) or (inputs.factors is None and factors and not marks))


def returns_of(prices: Prices, names: Sequence[str], cal: Calendar) -> F:
    """Return what a study takes of benchmarks or securities on the sessions of another exchange, (k, T)."""
    prices = volumes(prices, ()) if prices.measure == "volume" else prices
    rows = np.empty((len(names), len(cal)))
    for i, name in enumerate(names):
        given = next(
            (g for g in (prices.benchmark_returns, prices.returns) if g is not None and name in g.columns), None
        )
        rows[i] = (
            _on_sessions(given, [name], cal)[0]
            if given is not None
            else level_returns(_levels_of(prices, [name], cal))[0]
        )
    return taken(rows, prices)


def _levels_of(prices: Prices, names: Sequence[str], cal: Calendar) -> F:
    rows = np.empty((len(names), len(cal)))
    for i, name in enumerate(names):
        source = prices.benchmarks if name in prices.benchmarks.columns else prices.close
        mic = str(prices.instruments["mic"].get(name, "")) if "mic" in prices.instruments else ""
        rows[i] = benchmark_levels(source[name], mic, cal)
    return rows


def benchmark_levels(levels: pd.Series, mic: str, cal: Calendar) -> F:
    """Return a benchmark's level on each session of another exchange, (T,).

    A level missing on a day on which the benchmark's own exchange (`mic`) was open is NaN; one missing because that
    exchange was closed is the level of its last session. Where `mic` is "" nothing excuses a missing level.
    """
    known = levels.dropna()
    dates = known.index.to_numpy().astype("datetime64[us]")
    if not mic or not len(dates):
        at = np.searchsorted(dates, cal.sessions)
        found = np.isin(cal.sessions, dates)
        out = np.full(len(cal), np.nan)
        out[found] = known.to_numpy()[at[found]]
        return out
    start, end = min(dates[0], cal.sessions[0]), max(dates[-1], cal.sessions[-1])
    own = np.union1d(calendar(mic, start, end).sessions, dates)
    full = np.full(len(own), np.nan)
    full[np.searchsorted(own, dates)] = known.to_numpy()
    at = np.searchsorted(own, cal.sessions, side="right") - 1
    return np.where(at >= 0, full[np.maximum(at, 0)], np.nan)


# --------------------------------------------------------------------------------------------------------- factors


def _factors(prices: Prices, cal: Calendar, inputs: Inputs) -> tuple[F, tuple[str, ...], F]:
    """Return factor returns (k, T), their names, and the riskless rate (T,)."""
    wanted, zero = inputs.factors, np.zeros(len(cal))
    used = inputs.excess or wanted != ()
    table = _factor_table(prices.factors) if used and prices.factors is not None else None
    have = [] if table is None else [c for c in table.columns if not (inputs.excess and c == RISK_FREE)]
    if inputs.excess and wanted is None and not have:
        raise SchemaError(
            "model 'factors': the prices have no factors; pass factors=<DataFrame of daily returns> to them"
        )
    if table is None:
        if wanted:
            raise SchemaError(
                f"the model needs factors {offenders(wanted)}, the prices have none; pass factors=<DataFrame>"
            )
        return np.empty((0, len(cal))), (), zero
    if wanted is not None:
        lacking = [c for c in wanted if c not in have]
        if lacking:
            raise SchemaError(
                f"the model needs factors {offenders(lacking)}; the prices have {offenders(table.columns, 8)}"
            )
        have = [c for c in have if c in wanted or (inputs.excess and c == "MKT")]
        have.sort(key=lambda c: (*wanted, "MKT").index(c))
    risk_free = compounded(table[[RISK_FREE]], cal)[0] if inputs.excess and RISK_FREE in table else zero
    return compounded(table[have], cal) if have else np.empty((0, len(cal))), tuple(have), risk_free


def _factor_table(factors: pd.DataFrame) -> pd.DataFrame:
    """Return the factors under the names that models ask for; SchemaError where two are one, or they are in percent."""
    names = [_ALIASES.get(str(c).strip().upper(), str(c).strip().upper()) for c in factors.columns]
    table = factors.set_axis(pd.Index(names, dtype="str"), axis=1)
    twice = [str(c) for c, name in zip(factors.columns, names, strict=True) if names.count(name) > 1]
    if twice:
        raise SchemaError(f"factors: the columns {offenders(twice)} are one factor; keep one of them")
    for name in (name for name in names if name in _FRENCH):
        values = table[name]
        if (values.abs() >= 1.0).any():
            day: Any = values.abs().idxmax()
            raise SchemaError(
                f"factors: {name} is {values[day]:g} on {day:%Y-%m-%d}; give fractions, not percent: divide them by 100"
            )
    return table


def compounded(table: pd.DataFrame, cal: Calendar) -> F:
    """Return returns (k, T) on the sessions; returns dated between two sessions compound into the later one.

    A session without a return of its own is NaN.
    """
    out = _on_sessions(table, list(table.columns), cal)
    dates = table.index.to_numpy().astype("datetime64[us]")
    at = np.searchsorted(cal.sessions, dates)
    between = (at > 0) & (at < len(cal)) & ~np.isin(dates, cal.sessions)
    if between.any():
        growth = np.ones_like(out)
        for k in range(len(out)):
            np.multiply.at(growth[k], at[between], 1.0 + np.nan_to_num(table.to_numpy()[between, k]))
        out = np.where(growth != 1.0, growth * (1.0 + out) - 1.0, out)
    return out


def require_overlap(markets: list[Market], inputs: Inputs) -> None:
    """Raise AlignmentError where a benchmark has no return on any session: it does not overlap the prices."""
    if not inputs.market:
        return
    for market in markets:
        empty = [n for n, row in zip(market.benchmarks, market.benchmark, strict=True) if not np.isfinite(row).any()]
        if empty and len(market.calendar):
            days = market.calendar.sessions[[0, -1]].astype("datetime64[D]")
            raise AlignmentError(
                f"benchmark {offenders(empty)} has no return from {days[0]} to {days[1]}, where the prices are; "
                "use a benchmark that covers them"
            )
