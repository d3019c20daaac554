"""`load_prices`: events or tickers and the name of a source in, `Prices` out."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.errors import PriceSourceError, SchemaError, UnknownNameError, offenders
from backtest.prices.aliases import aliases, listed, take_columns, unspliced
from backtest.prices.blocks import BLOCK
from backtest.prices.checks import check_prices
from backtest.prices.currency import convert, rate_tickers
from backtest.prices.factors import read_factors
from backtest.prices.files import read_files
from backtest.prices.panel import Prices, findings
from backtest.prices.raw import FIELDS, RawPrices, Source, assemble
from backtest.prices.refresh import read_yahoo
from backtest.prices.sample import read_sample
from backtest.prices.serve import read_store
from backtest.prices.tables import read_header, stem_of, suffix_of
from backtest.prices.traits import DEFAULT_BENCHMARK, instrument_rows
from backtest.prices.units import label_findings
from backtest.prices.validate import check_levels
from backtest.registry import lookup, name_of


class UnknownSourceError(PriceSourceError, UnknownNameError):
    """A price source of that name does not exist, and no file or folder of that name does either."""


def _files(tickers: Sequence[str], start: object, end: object) -> RawPrices:
    """Prices in files of your own: a folder, a csv or a parquet file; name the place itself as the source."""
    raise PriceSourceError("source 'files' needs a place: give the path itself, e.g. source='prices/'")


#: Where prices can come from: name -> `(tickers, start, end) -> RawPrices` or a dict of frames by ticker.
SOURCES: dict[str, Source] = {"sample": read_sample, "files": _files, "yahoo": read_yahoo, "store": read_store}


def load_prices(
    events_or_tickers: pd.DataFrame | Iterable[str] | str | None,
    source: str | Path | Source = "sample",
    start: object = None,
    end: object = None,
    benchmark: str | Sequence[str] | None = None,
    instruments: pd.DataFrame | str | Path | None = None,
    *,
    fields: Sequence[str] = FIELDS,
    factors: str | Path | pd.DataFrame | None = None,
    currency: str | None = None,
    on_bad_price: str | None = "warn",
) -> Prices:
    """Load daily prices of the securities that a study needs, with their benchmarks and listed peers.

    Parameters
    ----------
    events_or_tickers : a table with a column `asset`, tickers, or None for every security of the instruments table.
    source : "sample", "yahoo", a path to a folder or a csv or parquet file, or a callable
        `(tickers, start, end) -> RawPrices` or `{ticker: frame}`.
    start, end : first and last date, inclusive; None = all that the source has.
    benchmark : ticker or tickers; None = the `benchmark` of each security's instruments row; "" = none.
    instruments : instruments table or its path; None = the one that ships.
    fields : which of open, high, low, close, volume to load; close always is.
    factors : factor returns, or a file of them (see `read_factors`).
    currency : convert all prices to this currency, with exchange rates from the same source (see `convert`).
    on_bad_price : "warn", "mask" or "error": what to do with prices that fail the checks (see `check_prices`); None
        leaves the checks out. Simulated prices are not checked.

    Returns
    -------
    Prices. A ticker of which the source has nothing is a finding in `checks` (check "no-prices").

    Raises
    ------
    PriceSourceError
        The source does not exist, has none of the tickers, or lacks a benchmark.
    SchemaError
        The source's values break the contract, or a benchmark and the prices have no date in common.

    Examples
    --------
    >>> prices = load_prices(["ZAL.DE", "ASC.L"], source="sample", start="2022-01-03", end="2022-12-30")
    >>> prices.benchmarks.columns.tolist()
    ['^STOXX']
    """
    table = _instruments(instruments)
    tickers = _tickers(events_or_tickers, table)
    marks = _benchmarks(tickers, table, benchmark)
    extra = [p for p in _peers(tickers, table) if p not in tickers and p not in marks]
    wanted = [*tickers, *extra]
    asked = [*dict.fromkeys([*wanted, *marks])]
    others = aliases(asked, table)
    rates = rate_tickers(asked, table, currency)
    raw = _fetch(source, [*asked, *others, *rates], start, end, on_bad_price)
    wide = assemble(raw, [*asked, *others, *rates], [*dict.fromkeys(["close", *fields])])
    raw = raw.finish(raw) if raw.finish else raw
    if start is not None or end is not None:
        wide = {name: frame.loc[_span(start, end)] for name, frame in wide.items()}
    fx = wide["close"][[r for r in rates if r in wide["close"]]] if rates and wide else pd.DataFrame()
    whole = unspliced(asked, wide, table)
    wide = listed(wide, asked, table)
    _require(wide, tickers, marks, raw)
    prices = _prices(raw, wide, wanted, marks, table)
    if raw.actions is not None:
        prices = replace(prices, actions=raw.actions[raw.actions["asset"].isin(whole)].reset_index(drop=True))
    if factors is not None:
        prices = replace(prices, factors=read_factors(factors) if not isinstance(factors, pd.DataFrame) else factors)
    if on_bad_price is not None and not raw.notice:
        prices = check_prices(prices, on_bad_price)
    return prices if currency is None else convert(prices, currency, fx.dropna(how="all"))


def _prices(
    raw: RawPrices, wide: dict[str, pd.DataFrame], wanted: list[str], marks: list[str], table: pd.DataFrame
) -> Prices:
    """Split securities and benchmarks; a row on which no security traded is no row of the securities' frames."""
    have = [t for t in wanted if t in wide["close"].columns]
    securities = {name: frame.iloc[:, : len(have)] for name, frame in wide.items()}
    traded = _there(securities["close"], 1)
    if not traded.all():
        securities = {name: frame.loc[traded] for name, frame in securities.items()}
    lost = findings([(t, pd.NaT, "no-prices", float("nan"), "left out") for t in wanted if t not in have])
    names = [*dict.fromkeys([*have, *marks])]
    told = [raw.checks, lost, label_findings(names, table, raw.traits)]
    return Prices(
        **securities,  # type: ignore[arg-type]
        benchmarks=wide["close"][marks].dropna(how="all"),
        instruments=_with_benchmark(instrument_rows(names, table, raw.traits), marks),
        source=raw.source,
        factors=raw.factors,
        as_of=raw.as_of,
        checks=pd.concat([t for t in told if len(t)] or [raw.checks], ignore_index=True),
        notice=raw.notice,
        effects=raw.effects,
    )


def _with_benchmark(rows: pd.DataFrame, marks: list[str]) -> pd.DataFrame:
    """Fill in each security's benchmark: its own where it is loaded, else the first that is."""
    if not marks:
        return rows.assign(benchmark="")
    named = rows["benchmark"].where(rows["benchmark"].isin(marks), marks[0])
    return rows.assign(benchmark=named.where(~rows.index.isin(marks), ""))


# ---------------------------------------------------------------------------------------------- what is asked for


def _instruments(given: pd.DataFrame | str | Path | None) -> pd.DataFrame:
    from backtest.instruments import load_instruments

    if isinstance(given, pd.DataFrame):
        return given.set_index("ticker") if "ticker" in given.columns else given
    return load_instruments(given)


def _tickers(asked: pd.DataFrame | Iterable[str] | str | None, table: pd.DataFrame) -> list[str]:
    if asked is None:
        return [t for t in table.index if not t.startswith("^")]
    if isinstance(asked, str):
        return [asked]
    if isinstance(asked, pd.DataFrame):
        if "asset" not in asked:
            raise SchemaError(f"the events table has no column 'asset'; it has {offenders(map(str, asked.columns))}")
        asked = asked["asset"].dropna().unique()
    listed = [*dict.fromkeys(str(t) for t in asked)]
    if not listed:
        raise SchemaError("no ticker to load prices of; give events or tickers")
    return listed


def _benchmarks(tickers: list[str], table: pd.DataFrame, given: str | Sequence[str] | None) -> list[str]:
    if given is not None:
        return [b for b in ([given] if isinstance(given, str) else given) if b]
    named = instrument_rows(tickers, table)["benchmark"]
    return [*dict.fromkeys(b or DEFAULT_BENCHMARK for b in named)]


def _peers(tickers: list[str], table: pd.DataFrame) -> list[str]:
    """Return the listed peers of the securities: a study may ask for them after the prices are loaded."""
    named = instrument_rows(tickers, table)["peers"]
    return [*dict.fromkeys(p for text in named for p in text.split("|") if p)]


# ------------------------------------------------------------------------------------------------------ the source


def _fetch(
    source: str | Path | Source, tickers: list[str], start: object, end: object, on_bad_price: str | None
) -> RawPrices:
    found = _source(source)
    if on_bad_price == "mask" and isinstance(found, partial) and found.func is read_files:
        found = partial(found, on_bad_price=on_bad_price)
    got, label = found(tickers, start, end), name_of(source)  # type: ignore[arg-type]
    if isinstance(got, RawPrices):
        return got
    if isinstance(got, Mapping) and all(isinstance(v, pd.DataFrame) for v in got.values()):
        return RawPrices(frames={t: _checked(frame, f"{label}: {t}") for t, frame in got.items()}, source=label)
    raise PriceSourceError(f"source {label!r} returned {type(got).__name__}; give RawPrices or a dict of frames")


def _checked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Check what a user's own source returned: prices are positive, a volume may be zero."""
    own = frame[[c for c in FIELDS if c in frame]]
    prices = check_levels(own.drop(columns="volume", errors="ignore"), name)
    if "volume" in own:
        prices["volume"] = check_levels(own[["volume"]], name, positive=False)["volume"]
    return prices


def _source(source: str | Path | Source) -> Source:
    if callable(source):
        return source
    text = os.fspath(source)
    if text.startswith("files:"):
        return partial(read_files, Path(text.removeprefix("files:")))
    if isinstance(source, str) and source in SOURCES:
        return SOURCES[source]
    if Path(text).exists():
        return partial(read_files, Path(text))
    if isinstance(source, Path) or _looks_like_path(text):
        raise PriceSourceError(f"no such file or folder: {text}; give a folder, a csv or a parquet file, or 'sample'")
    try:
        return lookup(text, SOURCES, "price source")
    except UnknownNameError as error:
        raise UnknownSourceError(f"{error}, or the path of a folder or file (there is none of that name)") from None


def _looks_like_path(text: str) -> bool:
    return any(c in text for c in "/\\.") or text.startswith("~")


def _span(start: object, end: object) -> slice:
    return slice(*(None if at is None else pd.Timestamp(at) for at in (start, end)))  # type: ignore[arg-type]


def _names_in(source: str) -> list[str]:
    """Return the names that a user's files offer, for a suggestion; none for any other source."""
    place = Path(source.removeprefix("files:"))
    if place.is_dir() and source.startswith("files:"):
        return [stem_of(path) for path in sorted(place.iterdir()) if suffix_of(path)]
    return read_header(place) if source.startswith("files:") and place.is_file() else []


def _require(wide: dict[str, pd.DataFrame], tickers: list[str], marks: list[str], raw: RawPrices) -> None:
    """Raise unless there is at least one security, every benchmark, and a date that they share."""
    close = wide.get("close", pd.DataFrame())
    filled = set(close.columns[_there(close, 0)])
    have = [t for t in tickers if t in filled]
    if not have:
        why = "; ".join(f"{t}: {raw.missing[t]}" for t in tickers[:5] if t in raw.missing)
        raise PriceSourceError(
            f"{raw.source} has no prices of {offenders(tickers)}{f' ({why})' if why else ''}; "
            "check the tickers, or use another source"
        )
    lacking = [b for b in marks if b not in close.columns or not close[b].notna().any()]
    if lacking:
        near = difflib.get_close_matches(lacking[0], _names_in(raw.source), n=1, cutoff=0.7)
        raise PriceSourceError(
            f"{raw.source} has no prices of the benchmark {offenders(lacking)}; "
            f"{f'did you mean {near[0]!r}? else ' if near else ''}add a file of that name, "
            "or name another benchmark (benchmark=..., --benchmark)"
        )
    traded = _there(take_columns(close, have), 1)
    for mark in marks:
        if not (close[mark].notna() & traded).any():
            raise SchemaError(
                f"{raw.source}: benchmark {mark!r} ({_range(close[mark])}) does not overlap the prices "
                f"({_range(close.loc[traded, have[0]])}); give a benchmark that covers the same dates"
            )


def _there(close: pd.DataFrame, axis: int) -> np.ndarray:
    """Return which columns (axis 0) or rows (axis 1) have a price; a few columns at a time, for the sake of memory."""
    out = np.zeros(close.shape[1 - axis], dtype=bool)
    for start in range(0, close.shape[1], BLOCK):
        there = ~np.isnan(close.iloc[:, start : start + BLOCK].to_numpy(dtype="float64"))
        if axis == 1:
            out |= there.any(axis=1)
        else:
            out[start : start + BLOCK] = there.any(axis=0)
    return out


def _range(values: pd.Series) -> str:
    kept = values.dropna().index
    return f"{kept[0]:%Y-%m-%d} to {kept[-1]:%Y-%m-%d}" if len(kept) else "no date"
