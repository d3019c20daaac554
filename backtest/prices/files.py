"""Prices in files of your own: a folder with one file per ticker, or one csv or parquet, wide or long."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.errors import PriceSourceError, SchemaError, offenders
from backtest.prices import store
from backtest.prices.actions import Action, actions_of
from backtest.prices.adjust import factors, is_adjusted
from backtest.prices.panel import action_table, findings
from backtest.prices.raw import RawPrices, Source, columns_of
from backtest.prices.serve import adjusted, traits
from backtest.prices.tables import (
    DATE_ORDERS,
    canonical,
    parse_dates,
    read_header,
    read_table,
    stem_of,
    suffix_of,
    to_numbers,
)
from backtest.prices.validate import check_dates

Finding = tuple[str, object, str, float, str]

VALUES = ("level", "return", "percent")
_PRICES = ("open", "high", "low")


def files(path: str | Path, dates: str | None = None, values: str = "level") -> Source:
    """Return a price source that reads a folder or file; pass it on as `load_prices(..., source=files(path, ...))`.

    Parameters
    ----------
    path : a folder (searched with its sub-folders; csv, csv.gz, parquet), or one such file.
    dates : how dates are written where they are not ISO: "day-first" or "month-first".
    values : what a close is: "level", "return" (fractions) or "percent" (returns in percent); returns become an index
        that starts at 100.

    Raises
    ------
    SchemaError
        `dates` or `values` is unknown.
    """
    if dates is not None and dates not in DATE_ORDERS:
        raise SchemaError(f"dates {dates!r}: it must be one of {', '.join(DATE_ORDERS)}")
    if values not in VALUES:
        raise SchemaError(f"values {values!r}: it must be one of {', '.join(VALUES)}")
    return partial(read_files, Path(path), dates=dates, values=values)


def read_files(
    path: Path,
    tickers: Sequence[str],
    start: object = None,
    end: object = None,
    *,
    dates: str | None = None,
    values: str = "level",
    on_bad_price: str = "warn",
) -> RawPrices:
    """Read the tickers asked for, and only them, from a folder or a file.

    A folder is searched for a file named like the ticker; a ticker without one is looked for in the tables of several
    tickers (wide: a column per ticker; long: a column `ticker`). `close` counts; where a file's `close` is empty
    throughout, `adj_close` does. Columns `flag` and `source` become findings and change no number. Columns `dividends` and
    `splits` become `Prices.actions` where `adj_close` shows that the closes are without the dividends; else a dividend is
    left alone, for it may be in the closes already.

    Raises
    ------
    PriceSourceError
        The path does not exist, holds no price file, two files claim one ticker, or a file cannot be read.
    SchemaError
        A file's dates repeat or do not ascend, or a value is no positive number.
    """
    if not path.exists():
        raise PriceSourceError(f"no such file or folder: {path}; give a folder, a csv or a parquet file, or 'sample'")
    parts, stored = _parts(path, tickers)
    rows: list[Finding] = []
    paid: list[Action] = []
    frames: dict[str, pd.DataFrame] = {}
    for ticker, series in stored.items():
        made, found, actions = adjusted(columns_of(series.frame), ticker, meta=series.meta)
        frames[ticker] = pd.DataFrame(dict(made.values), index=series.frame.index)
        rows += found
        paid += actions
    for ticker, (name, frame) in parts.items():
        label = f"{name}: {ticker}"
        frames[ticker] = _clean(frame, label, ticker, dates, values, rows, on_bad_price == "mask")
        if values == "level":
            paid += _paid(frame, label, ticker, frames[ticker], rows)
    return RawPrices(
        frames=frames,
        source=f"files:{path}",
        traits={ticker: traits(series.meta) for ticker, series in stored.items()},
        checks=findings(rows),
        actions=action_table(paid) if paid else None,
    )


# ---------------------------------------------------------------------------------------------------------- finding


def _parts(path: Path, tickers: Sequence[str]) -> tuple[dict[str, tuple[str, pd.DataFrame]], dict[str, store.Series]]:
    """Return (place, table) of the tickers that stand in tables, and the raw series of a store, by ticker."""
    places = _places(path)
    stored = {t: _stored(places[t]) for t in tickers if t in places and _is_stored(places[t])}
    own = [t for t in tickers if t in places and t not in stored]
    parts = {t: (str(places[t]), _own_table(places[t], t)) for t in own}
    rest = [t for t in tickers if t not in parts and t not in stored]
    tables = [path] if path.is_file() else [p for t, p in places.items() if t not in tickers]
    for place in tables if rest else []:
        for ticker, frame in _shared_table(place, rest).items():
            if ticker in parts:
                raise PriceSourceError(f"{ticker} is in two tables: {parts[ticker][0]} and {place}; keep one")
            parts[ticker] = str(place), frame
    return parts, stored


def names_in(path: Path) -> list[str]:
    """Return the tickers that a folder or file offers: names of files, columns of wide tables, a long table's column `ticker`.

    Raises
    ------
    PriceSourceError
        As `read_files`.
    """
    names: list[str] = []
    for stem, place in _places(path).items():
        header = read_header(place)
        known = [canonical(c) for c in header]
        if "ticker" in known:
            names += (
                read_table(place, [header[known.index("ticker")]]).iloc[:, 0].dropna().astype("str").unique().tolist()
            )
        elif _is_stored(place) or "close" in known or "adj_close" in known:
            names.append(stem)
        else:
            date = known.index("date") if "date" in known else 0
            others = [c for k, c in enumerate(header) if k != date and not known[k]]
            names += others if len(others) > 1 or path.is_file() else [stem]
    return list(dict.fromkeys(names))


def _is_stored(place: Path) -> bool:
    """Return True for a raw series of a store, as `backtest prices export` writes it: it is adjusted on reading."""
    try:
        return suffix_of(place) == ".parquet" and store.is_series(place)
    except (OSError, ValueError):
        return False  # the reader of tables says what is wrong with it


def _stored(place: Path) -> store.Series:
    try:
        return store.decode(place.read_bytes())
    except (OSError, ValueError, KeyError) as error:
        raise PriceSourceError(f"{place}: cannot be read ({error}); export it again") from error


def _places(path: Path) -> dict[str, Path]:
    """Return the folder's price files by stem, in a fixed order; two files of one stem are an error."""
    if path.is_file():
        if not suffix_of(path):
            raise PriceSourceError(f"{path}: not a price file; give a csv, csv.gz or parquet file, or a folder of them")
        return {stem_of(path): path}
    found: dict[str, Path] = {}
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            place = Path(folder) / name
            if not suffix_of(place) or name.startswith("."):
                continue
            if stem_of(place) in found:
                raise PriceSourceError(
                    f"two files for ticker {stem_of(place)!r}: {found[stem_of(place)]} and {place}; remove one"
                )
            found[stem_of(place)] = place
    if not found:
        raise PriceSourceError(f"{path}: no price file in this folder; put csv, csv.gz or parquet files in it")
    return found


def _renamed(frame: pd.DataFrame, place: Path) -> pd.DataFrame:
    """Return the table with the names used here; the first column is the date where none is called so."""
    names = {c: canonical(c) or str(c) for c in frame.columns}
    if "date" not in names.values():
        names[frame.columns[0]] = "date"
    out = frame.rename(columns=names)
    twice = out.columns[out.columns.duplicated()].unique()
    if len(twice):
        raise SchemaError(f"{place}: two columns are read as {offenders(twice)}; keep one")
    return out


def _own_table(place: Path, ticker: str) -> pd.DataFrame:
    """Read a file that is named like the ticker; a single unnamed value column is its close."""
    frame = _renamed(read_table(place), place)
    if "ticker" in frame:
        frame = frame[frame["ticker"].astype("str") == ticker].drop(columns="ticker")
    if "close" in frame or "adj_close" in frame:
        return frame
    others = [c for c in frame.columns if c != "date" and not canonical(c)]
    if ticker in others or len(others) == 1:
        name = ticker if ticker in others else others[0]
        return frame[["date", name]].rename(columns={name: "close"})
    raise SchemaError(
        f"{place}: no column 'close' (or 'adj_close'); found {offenders(map(str, frame.columns), 8)}; rename the column"
    )


def _shared_table(place: Path, wanted: list[str]) -> dict[str, pd.DataFrame]:
    """Return what a table of several tickers has of those wanted; nothing where it is no table of prices."""
    header = read_header(place)
    names = [canonical(c) for c in header]
    if "ticker" in names:
        return _long_table(place, wanted) if "close" in names or "adj_close" in names else {}
    columns = [c for c in wanted if c in header]
    if not columns:
        return {}
    date = header[names.index("date")] if "date" in names else header[0]
    frame = read_table(place, [date, *columns]).rename(columns={date: "date"})
    return {c: frame[["date", c]].rename(columns={c: "close"}) for c in columns}


def _long_table(place: Path, wanted: list[str]) -> dict[str, pd.DataFrame]:
    frame = _renamed(read_table(place), place)
    frame = frame[frame["ticker"].isin(wanted)]
    return {str(t): part.drop(columns="ticker") for t, part in frame.groupby("ticker", sort=False)}


# --------------------------------------------------------------------------------------------------------- cleaning


def _clean(
    frame: pd.DataFrame,
    name: str,
    ticker: str,
    order: str | None,
    values: str,
    rows: list[Finding],
    mask: bool,
) -> pd.DataFrame:
    """Return one ticker's frame as `RawPrices` wants it; what was noticed is appended to `rows`."""
    index = parse_dates(frame["date"], name, order)
    check_dates(index, name)
    numbers = {c: to_numbers(frame[c], index, name) for c in ("close", "adj_close", *_PRICES, "volume") if c in frame}
    adjusted = numbers.pop("adj_close", np.full(len(index), np.nan))
    numbers["close"] = _one_close(numbers.get("close", adjusted), adjusted, ticker, index, rows)
    if values != "level":
        numbers = {"close": _index_of(numbers["close"] / (100.0 if values == "percent" else 1.0))}
    numbers["close"] = _positive(numbers["close"], index, name, ticker, rows if mask else None)
    for column in set(numbers) - {"close"}:
        with np.errstate(invalid="ignore"):
            numbers[column] = np.where(numbers[column] > 0, numbers[column], 0.0 if column == "volume" else np.nan)
    if "volume" in numbers:
        numbers["volume"][np.isnan(to_numbers(frame["volume"], index, name))] = np.nan
    # A share of which no close is there is known all the same: its events have no price history.
    some = {c: v for c, v in numbers.items() if c == "close" or not np.isnan(v).all()}
    out = pd.DataFrame(some, index=pd.DatetimeIndex(index, name="session"))
    rows.extend(_remarks(frame, ticker, index, numbers["close"]))
    return out


def _paid(frame: pd.DataFrame, name: str, ticker: str, clean: pd.DataFrame, rows: list[Finding]) -> list[Action]:
    """Return the dividends and splits that a file states; dividends only where its closes are known to be without them."""
    index = pd.DatetimeIndex(clean.index)
    given = {c: np.nan_to_num(to_numbers(frame[c], index, name)) for c in ("dividends", "splits") if c in frame}
    if not any((v > 0).any() for v in given.values()) or "close" not in clean:
        return []
    close = clean["close"].to_numpy()
    found = factors(close, given.get("dividends"), given.get("splits"))
    if "dividends" in given and (given["dividends"] > 0).any():
        level = to_numbers(frame["adj_close"], index, name) if "adj_close" in frame else close
        with np.errstate(invalid="ignore"):
            known = (level / close)[np.isfinite(level / close)]
        if not len(known) or abs(known[0] / known[-1] - 1.0) < 1e-9:
            first = index[int((given["dividends"] > 0).argmax())]
            why = "left alone: the closes may contain them; an adj_close beside them would tell"
            rows.append((ticker, first, "dividends-unused", float((given["dividends"] > 0).sum()), why))
            if is_adjusted(close, given["dividends"], "adj_close" in frame):
                carried = "kept: on ex-dates the closes do not fall, they carry the dividends already"
                rows.append((ticker, first, "adjusted-close", float((given["dividends"] > 0).sum()), carried))
            given["dividends"] = np.zeros(len(close))
    return actions_of(ticker, index.to_numpy(), given.get("dividends"), given.get("splits"), found, adjusted=False)


def _one_close(
    close: np.ndarray, adjusted: np.ndarray, ticker: str, index: pd.DatetimeIndex, rows: list[Finding]
) -> np.ndarray:
    """Return the closes; empty ones are taken from `adj_close` unless the two columns are on different scales."""
    gaps = np.isnan(close) & ~np.isnan(adjusted)
    both = ~np.isnan(close) & ~np.isnan(adjusted)
    if both.all() or not gaps.any():
        return close
    if np.allclose(close[both], adjusted[both], rtol=1e-6, atol=0.0):
        first = index[int(gaps.argmax())]
        rows.append((ticker, first, "adj-close-used", float(gaps.sum()), "taken where close is empty"))
        return np.where(gaps, adjusted, close)
    for i in np.flatnonzero(gaps).tolist():
        rows.append((ticker, index[i], "close-empty", float(adjusted[i]), "left empty: adj_close is on another scale"))
    return close


def _index_of(returns: np.ndarray) -> np.ndarray:
    """Return an index that starts at 100 and follows the returns; a missing return leaves a hole."""
    level = 100.0 * np.cumprod(1.0 + np.where(np.isnan(returns), 0.0, returns))
    return np.where(np.isnan(returns), np.nan, level)


def _positive(
    close: np.ndarray, index: pd.DatetimeIndex, name: str, ticker: str, masked: list[Finding] | None
) -> np.ndarray:
    """Return the closes; one that is not positive is an error, or, with a list to note it in, a hole."""
    with np.errstate(invalid="ignore"):
        bad = np.flatnonzero((close <= 0) | np.isinf(close)).tolist()
    if bad and masked is None:
        shown = "; ".join(f"{index[i]:%Y-%m-%d}: {close[i]:g} (row {i + 1})" for i in bad[:5])
        more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
        raise SchemaError(
            f"{name}: non-positive or infinite close on {shown}{more}; remove it, or leave the cell empty if there was no "
            "trade, or mask such prices (on_bad_price='mask', --on-bad-price mask)"
        )
    if bad and masked is not None:
        masked.extend((ticker, index[i], "non-positive", float(close[i]), "masked") for i in bad)
        close = close.copy()
        close[bad] = np.nan
    return close


def _remarks(frame: pd.DataFrame, ticker: str, index: pd.DatetimeIndex, close: np.ndarray) -> list[Finding]:
    """Return what the file itself says about its rows: every flag, and the first row of every source."""
    found: list[Finding] = []
    for column, once in (("flag", False), ("source", True)):
        if column not in frame:
            continue
        text = frame[column].reset_index(drop=True).dropna().astype("str").str.strip()
        text = text[text != ""]
        kept = text[~text.duplicated()] if once else text
        for row, word in zip(kept.index.to_numpy(), kept, strict=True):
            found.append((ticker, index[row], f"{column}:{word}", float(close[row]), "kept"))
    return found
