"""`Prices`: what every part of the library that needs prices is handed, wherever they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from backtest.errors import SchemaError, UnknownNameError, offenders
from backtest.labels import count
from backtest.prices.validate import check_levels, check_returns

NOTICE = "simulated prices, reported event-day moves imposed: not market data"

CHECK_COLUMNS = ("ticker", "session", "check", "value", "action")
ACTION_COLUMNS = ("asset", "session", "dividend", "split", "price_factor", "volume_factor")
INSTRUMENT_COLUMNS = ("name", "mic", "currency", "unit", "benchmark", "peers")
RETURN_KINDS = ("simple", "log")


def no_checks() -> pd.DataFrame:
    """Return an empty table of findings: ticker, session (naive datetime64[us]), check, value (float64), action."""
    return findings([])


def findings(rows: Sequence[tuple[str, object, str, float, str]]) -> pd.DataFrame:
    """Return findings (ticker, session, check, value, action) as a table with fixed dtypes."""
    table = pd.DataFrame(rows, columns=list(CHECK_COLUMNS))
    types = {"ticker": "str", "session": "datetime64[us]", "check": "str", "value": "float64", "action": "str"}
    return table.astype(types)


def action_table(rows: Sequence[tuple[str, object, float, float, float, float]]) -> pd.DataFrame:
    """Return dividends and splits (`ACTION_COLUMNS`) as a table with fixed dtypes."""
    types = dict.fromkeys(ACTION_COLUMNS, "float64") | {"asset": "str", "session": "datetime64[us]"}
    return pd.DataFrame(rows, columns=list(ACTION_COLUMNS)).astype(types)


@dataclass(frozen=True, repr=False, eq=False)
class Prices:
    """Daily prices of securities and benchmarks, with what is known about them.

    close : sessions (naive datetime64[us], ascending, the union over all exchanges) x tickers, float64 levels; NaN =
        did not trade, never filled.
    benchmarks : sessions x benchmark tickers, float64 levels, on dates of their own.
    instruments : one row per ticker, benchmarks included: `mic` ("" = the frame's own dates are the calendar),
        `currency`, `unit`, `benchmark` (the default for that ticker), `peers`, `listed_from`, `listed_to`, costs.
    source : where the prices are from: "sample", "files:...", "yahoo", "frame", "returns".
    open, high, low, volume : like `close`, or None where the source has none.
    factors : dates x factors, float64 simple returns (not percent), or None.
    as_of : instant (UTC) at which the source was read or fetched, None where that has no meaning.
    checks : findings: ticker, session, check, value, action.
    notice : "" for market data; else what every reader of a number from these prices must see.
    effects : what was injected into simulated prices: event_id, asset, session, reported_return, market_part,
        abnormal_return, approximate, source; None for market data.
    actions : dividends and splits that the source knows of, `ACTION_COLUMNS`, one row per security and ex-date:
        `dividend` (cash per share of that day, quoted unit, 0 none), `split` (new shares per old one, 1 none), and what all
        prices (`price_factor`) and volumes (`volume_factor`) before the session have been multiplied by on its account; 1
        where they do not show it. Prices as quoted are ``close / product of the later price_factors``. None: nothing is
        known, and closes are taken as they are. A study uses `close`; a strategy pays dividends out and counts nothing twice.
    returns, benchmark_returns : set by `from_returns` only, and then used as they are: a NaN is NaN on that day alone.
    returns_kind : "simple" or "log": what `returns` holds, or what a study takes of prices.
    measure : "return", "volatility" or "volume": what a study takes; set by `EventStudy.run`.
    """

    close: pd.DataFrame
    benchmarks: pd.DataFrame
    instruments: pd.DataFrame
    source: str
    open: pd.DataFrame | None = None
    high: pd.DataFrame | None = None
    low: pd.DataFrame | None = None
    volume: pd.DataFrame | None = None
    factors: pd.DataFrame | None = None
    as_of: pd.Timestamp | None = None
    checks: pd.DataFrame = field(default_factory=no_checks)
    notice: str = ""
    effects: pd.DataFrame | None = None
    actions: pd.DataFrame | None = None
    returns: pd.DataFrame | None = None
    benchmark_returns: pd.DataFrame | None = None
    returns_kind: str = "simple"
    measure: str = "return"

    def __repr__(self) -> str:
        """Return one line: how much of what, from where, and the notice."""
        days = self.close.index
        span = f"{days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}" if len(days) else "no session"
        size = f"{count(self.close.shape[1], 'ticker')} x {count(len(days), 'session')} ({span})"
        text = f"Prices({self.source}: {size}, benchmarks {', '.join(self.benchmarks.columns) or 'none'}"
        text += f", as of {self.as_of:%Y-%m-%d %H:%M} UTC" if self.as_of is not None else ""
        return text + (f"; {len(self.checks)} findings" if len(self.checks) else "") + f"){self._notice_line()}"

    def _repr_html_(self) -> str:
        """Return one row per series for a notebook."""
        from backtest.cards import prices_html

        return prices_html(self)

    def _notice_line(self) -> str:
        return f"\n{self.notice}" if self.notice else ""

    @property
    def tickers(self) -> list[str]:
        """Return the securities, in the order of the columns; benchmarks are not among them."""
        return list(self.close.columns)

    def select(self, tickers: list[str] | None = None, start: object = None, end: object = None) -> Prices:
        """Return the prices of some tickers and of the sessions from `start` to `end` (inclusive, None = open).

        Raises
        ------
        UnknownNameError
            A ticker that is not among the columns.
        """
        wanted = self.tickers if tickers is None else list(tickers)
        unknown = [t for t in wanted if t not in self.close.columns]
        if unknown:
            raise UnknownNameError(f"no prices of {offenders(unknown)}; there are {offenders(self.tickers)}")
        span = slice(*(None if at is None else pd.Timestamp(at) for at in (start, end)))  # type: ignore[arg-type]
        by_ticker = ("close", "open", "high", "low", "volume", "returns")
        by_date = ("benchmarks", "factors", "benchmark_returns")
        cut: dict[str, pd.DataFrame] = {}
        for name in by_ticker + by_date:
            frame = getattr(self, name)
            if frame is not None:
                rows = frame.loc[span]
                cut[name] = rows[wanted] if name in by_ticker else rows
        keep = [*wanted, *(b for b in self.benchmarks.columns if b not in wanted)]
        cut["instruments"] = self.instruments.loc[[t for t in keep if t in self.instruments.index]]
        cut["checks"] = self.checks[self.checks["ticker"].isin(keep)]
        if self.actions is not None:  # also those after `end`: the closes before them carry their factors
            cut["actions"] = self.actions[self.actions["asset"].isin(keep)]
        return replace(self, **cut)  # type: ignore[arg-type]

    def hashes(self) -> dict[str, str]:
        """Return the sha256 of every series' closes (dates and values, NaN left out), by ticker; benchmarks included.

        Two panels with equal hashes give equal studies; the dates and levels count, not where they came from.
        """
        return {str(name): series_hash(frame[name]) for frame in (self.close, self.benchmarks) for name in frame}

    @classmethod
    def from_frame(
        cls,
        close: pd.DataFrame,
        benchmark: str | pd.Series | pd.DataFrame = "^STOXX",
        mic: str | Mapping[str, str] | None = None,
        instruments: pd.DataFrame | None = None,
        **fields: pd.DataFrame,
    ) -> Prices:
        """Make prices of a wide frame of closing levels.

        Parameters
        ----------
        close : dates x tickers, positive levels; NaN = did not trade. The index is naive (or midnights of one zone).
        benchmark : the column of `close` that holds the benchmark, or its levels as a Series or DataFrame of its own.
        mic : exchange of all tickers, or one per ticker; None takes the frame's dates as the calendar of all.
        instruments : instruments table (index ticker) whose columns are carried over; None = the one that ships.
        fields : `open`, `high`, `low`, `volume` like `close`; `factors`.

        Raises
        ------
        SchemaError
            Dates that repeat or do not ascend, values that are not positive numbers, no benchmark, a benchmark that
            does not overlap, a ticker without a `mic` where `mic` is a mapping.

        Examples
        --------
        >>> dates = pd.bdate_range("2024-01-02", periods=4)
        >>> frame = pd.DataFrame({"AAA": [10.0, 10.1, 10.3, 10.2], "INDEX": [100.0, 101.0, 102.0, 101.5]}, index=dates)
        >>> Prices.from_frame(frame, benchmark="INDEX")
        Prices(frame: 1 ticker x 4 sessions (2024-01-02 to 2024-01-05), benchmarks INDEX)
        """
        levels = check_levels(close, "close")
        levels, marks = _split_benchmark(levels, benchmark)
        fields = {
            name: check_returns(frame, name, "log")
            if name == "factors"
            else check_levels(frame, name, positive=name != "volume")
            for name, frame in fields.items()
        }
        return cls(
            close=levels,
            benchmarks=marks,
            instruments=frame_instruments(list(levels.columns), list(marks.columns), mic, instruments),
            source="frame",
            **fields,  # type: ignore[arg-type]
        )

    @classmethod
    def from_returns(
        cls,
        frame: pd.DataFrame,
        benchmark: str | pd.Series | pd.DataFrame | None = None,
        factors: pd.DataFrame | None = None,
        kind: str = "simple",
        mic: str | Mapping[str, str] | None = None,
        instruments: pd.DataFrame | None = None,
    ) -> Prices:
        """Make prices of a wide frame of daily returns, for those who have returns only.

        The returns are used as they are. `close` holds an index that starts at 100 and follows them, so that a chart
        can be drawn; it is NaN where a return is.

        Parameters
        ----------
        frame : dates x tickers, returns as fractions (0.01 is one percent); NaN = missing on that day alone.
        benchmark : a column of `frame`, or the benchmark's returns on the same dates; None where no model needs one.
        factors : dates x factors, simple returns as fractions.
        kind : "simple" or "log".
        mic, instruments : as in `from_frame`.

        Raises
        ------
        SchemaError
            An unknown `kind`; dates that repeat or do not ascend, values that are not numbers or not above -1.
        """
        if kind not in RETURN_KINDS:
            raise SchemaError(f"kind {kind!r}: returns are one of {', '.join(RETURN_KINDS)}")
        returns = check_returns(frame, "returns", kind)
        marks = pd.DataFrame(index=returns.index)
        if benchmark is not None:
            returns, marks = _split_benchmark(returns, benchmark, kind)
        return cls(
            close=_levels(returns, kind),
            benchmarks=_levels(marks, kind),
            instruments=frame_instruments(list(returns.columns), list(marks.columns), mic, instruments),
            source="returns",
            factors=None if factors is None else check_returns(factors, "factors", "log"),
            returns=returns,
            benchmark_returns=marks if marks.shape[1] else None,
            returns_kind=kind,
        )


def series_hash(values: pd.Series) -> str:
    """Return the sha256 of a series: its dates (days since 1970, int64) and its float64 values, missing days left out."""
    kept = values.dropna()
    digest = hashlib.sha256(kept.index.to_numpy().astype("datetime64[D]").astype("<i8").tobytes())
    digest.update(kept.to_numpy(dtype="<f8").tobytes())
    return digest.hexdigest()


def frame_instruments(
    tickers: list[str], benchmarks: list[str], mic: str | Mapping[str, str] | None, known: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the instruments rows of a user's panel: what is known of a ticker, with the exchange that the user names.

    Raises
    ------
    SchemaError
        `mic` is a mapping without one of the tickers.
    """
    from backtest.instruments import load_instruments

    table = load_instruments() if known is None else known
    table = table[~table.index.duplicated()].reindex(
        pd.Index([*dict.fromkeys([*tickers, *benchmarks])], dtype="str", name="ticker")
    )
    for name in INSTRUMENT_COLUMNS:
        table[name] = (table[name] if name in table else pd.Series("", index=table.index)).fillna("").astype("str")
    if isinstance(mic, Mapping):
        lacking = [t for t in tickers if t not in mic]
        if lacking:
            raise SchemaError(f"mic lacks {offenders(lacking)}; name the exchange of every ticker, or one for all")
        table["mic"] = [mic.get(t, "") for t in table.index]
    else:
        table["mic"] = mic or ""
    if benchmarks:
        own = table["benchmark"].isin(benchmarks)
        table["benchmark"] = table["benchmark"].where(own, benchmarks[0])
        table.loc[benchmarks, "benchmark"] = ""
    return table


def _split_benchmark(
    values: pd.DataFrame, benchmark: str | pd.Series | pd.DataFrame, kind: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return securities and benchmarks; `kind` None means levels, else returns of that kind."""
    if isinstance(benchmark, str):
        if benchmark not in values.columns:
            have = offenders(map(str, values.columns))
            raise SchemaError(
                f"benchmark {benchmark!r} is not among the columns ({have}); "
                "name one of them or pass the benchmark's series: benchmark=<Series>"
            )
        return values.drop(columns=benchmark), values[[benchmark]]
    frame = benchmark.to_frame(benchmark.name or "benchmark") if isinstance(benchmark, pd.Series) else benchmark
    marks = check_levels(frame, "benchmark") if kind is None else check_returns(frame, "benchmark", kind)
    if not len(marks.dropna(how="all").index.intersection(values.index)):
        raise SchemaError(
            f"benchmark {offenders(marks.columns)} does not overlap the prices: {_span(marks)} against {_span(values)}; "
            "pass a benchmark that covers the same dates"
        )
    return values, marks


def _span(frame: pd.DataFrame) -> str:
    return f"{frame.index[0]:%Y-%m-%d} to {frame.index[-1]:%Y-%m-%d}" if len(frame) else "no date"


def _levels(returns: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return an index of 100 that follows the returns; a missing return leaves a hole and adds nothing."""
    values = returns.to_numpy()
    # In place: a large panel should not need several of its kind beside it.
    levels = np.log1p(values) if kind == "simple" else values.copy()
    missing = np.isnan(values)
    levels[missing] = 0.0
    with np.errstate(over="ignore"):  # growth without end is infinite
        np.exp(np.cumsum(levels, axis=0, out=levels), out=levels)
    levels *= 100.0
    levels[missing] = np.nan
    return pd.DataFrame(levels, index=returns.index, columns=returns.columns, copy=False)
