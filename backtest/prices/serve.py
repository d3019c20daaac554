"""Serving prices: raw series of the store, adjusted for dividends and splits on reading."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from backtest.errors import PriceQualityWarning, StoreError
from backtest.labels import count
from backtest.prices import store
from backtest.prices.actions import Action, actions_of
from backtest.prices.adjust import factors, is_adjusted
from backtest.prices.panel import action_table, findings
from backtest.prices.raw import FIELDS, Columns, RawPrices, columns_of
from backtest.prices.units import currency_of, decided

#: Threads that read the store, and series that one of them reads at a time.
READERS = 2
BATCH = 32

#: Rows of dividends and splits that are gathered before they become a table.
ROWS = 10_000

#: What cannot be zero.
PRICES = ("open", "high", "low", "close")

T = TypeVar("T")
Finding = tuple[str, object, str, float, str]


def read_store(
    tickers: Sequence[str],
    start: object = None,
    end: object = None,
    *,
    root: str | Path | None = None,
    fields: Sequence[str] = FIELDS,
    refreshed: bool = False,
) -> RawPrices:
    """Serve what the store has, adjusted, without asking anybody; tickers are streamed, so that a panel needs no second copy.

    `refreshed` says that the store has just been brought up to date.

    Raises
    ------
    StoreError
        A file of the tickers is damaged (when the frames are read).

    Warns
    -----
    PriceQualityWarning
        Something was fetched more than a day ago, and the store has not been refreshed: how old it is.
    """
    place = store.store_path(root)
    listed = store.versions(place)
    told: dict[str, dict[str, str]] = {}
    ages: set[str] = set()
    rows: list[Finding] = []
    paid: list[Action] = []
    tables: list[pd.DataFrame] = []
    columns = [*dict.fromkeys(["close", *fields, "dividends", "splits"])]

    def read(ticker: str) -> tuple[str, Served, Mapping[str, Any]]:
        held, meta = _newest(place, ticker, listed[ticker][-1], columns)
        return ticker, adjusted(held, ticker, fields, meta), meta

    def stream() -> Iterator[tuple[str, Columns]]:
        for ticker, (made, found, actions), meta in _ahead(read, [*dict.fromkeys(t for t in tickers if t in listed)]):
            told[ticker] = traits(meta)
            ages.add(str(meta.get("fetched_at") or ""))
            rows.extend(found)
            paid.extend(actions)
            if len(paid) > ROWS:  # a table takes a fifth of the memory of the rows that it is made of
                tables.append(action_table(paid))
                paid.clear()
            cut = _cut(made, start, end)
            if len(cut.dates):
                yield ticker, cut

    def finish(raw: RawPrices) -> RawPrices:
        dates = [pd.Timestamp(age) for age in ages if age]
        if dates and not refreshed:
            _say_how_old(min(dates))
        checks = pd.concat([raw.checks, findings(rows)], ignore_index=True) if rows else raw.checks
        return replace(
            raw,
            traits=told,
            as_of=min(dates) if dates else None,
            checks=checks,
            actions=pd.concat([*tables, action_table(paid)], ignore_index=True) if tables else action_table(paid),
        )

    missing = {t: "not in the store" for t in tickers if t not in listed}
    return RawPrices(frames=stream(), source=f"store:{place}", missing=missing, finish=finish)


def _say_how_old(as_of: pd.Timestamp) -> None:
    days = (datetime.now(UTC) - as_of).days
    if days >= 1:
        old = count(days, "day")
        warnings.warn(
            f"prices of the store as of {as_of:%Y-%m-%d %H:%M} UTC ({old} old); `backtest prices fetch` brings them up to date",
            PriceQualityWarning,
            stacklevel=4,
        )


def _ahead(function: Callable[[str], T], items: Sequence[str]) -> Iterator[T]:
    """Yield `function` of each item in order, a few batches ahead of the reader: files are read while others are copied."""
    batches = [items[start : start + BATCH] for start in range(0, len(items), BATCH)]
    if len(batches) < 2:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(READERS) as pool:
        waiting: deque[Future[list[T]]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(lambda part: [function(item) for item in part], batch))
                if len(waiting) > READERS + 1:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for left in waiting:
                left.cancel()


def _newest(root: Path, ticker: str, version: store.Version, columns: list[str]) -> tuple[Columns, dict[str, Any]]:
    """Return the version that was listed, or, where another process has replaced it meanwhile, the newest now."""
    try:
        return store.decode_columns(store.read_bytes(version), columns)
    except FileNotFoundError:
        series = store.read_series(root, ticker, columns)
        if series is None:
            raise StoreError(f"the stored prices of {ticker} have vanished; fetch them again") from None
        return columns_of(series.frame), dict(series.meta)


def _cut(held: Columns, start: object, end: object) -> Columns:
    if (start, end) == (None, None):
        return held
    first = 0 if start is None else int(np.searchsorted(held.dates, np.datetime64(str(iso(start)))))
    last = (
        len(held.dates) if end is None else int(np.searchsorted(held.dates, np.datetime64(str(iso(end))), side="right"))
    )
    return Columns(held.dates[first:last], {name: values[first:last] for name, values in held.values.items()})


def iso(day: object) -> str | None:
    """Return a date as text, None for None."""
    return None if day is None else f"{pd.Timestamp(day):%Y-%m-%d}"  # type: ignore[arg-type]


def traits(meta: Mapping[str, Any]) -> dict[str, str]:
    """Return what a stored series says of its ticker: exchange, currency and unit."""
    unit = str(meta.get("currency", ""))
    return {"mic": str(meta.get("mic", "")), "currency": currency_of(unit), "unit": unit}


#: Adjusted values, findings, and dividends and splits of one series.
Served = tuple[Columns, list[Finding], list[Action]]


def adjusted(
    held: Columns, ticker: str, fields: Sequence[str] = FIELDS, meta: Mapping[str, Any] | None = None
) -> Served:
    """Return (adjusted values, findings, actions) of a raw series: prices times the factors of `adjust`, volume as it is.

    The finding "adjusted-close" says that the closes carry their dividends already. They are not applied again where the
    vendor's own adjusted closes are these closes; else they are, as the vendor does.
    """
    told = meta or {}
    values, rows = _positive(held, ticker)
    paid, splits = values.get("dividends"), values.get("splits")
    rows += decided(ticker, told)
    same = bool(told.get("close_equals_adjusted"))
    if paid is not None and is_adjusted(values["close"], paid, same):
        first, times = held.dates[np.flatnonzero(paid > 0)[0]], float((paid > 0).sum())
        action = "dividends not applied again" if same else "kept: closes do not fall on ex-dates, dividends applied"
        rows.append((ticker, first, "adjusted-close", times, action))
        paid = None if same else paid
    found = factors(values["close"], paid, splits)
    for at in found.odd_dividends:
        rows.append((ticker, held.dates[at], "dividend-implausible", float(values["dividends"][at]), "left out"))
    for at in found.raw_splits:
        rows.append((ticker, held.dates[at], "split-missed", float(values["splits"][at]), "applied"))
    out = {
        name: values[name] if name == "volume" else values[name] * found.price
        for name in dict.fromkeys(["close", *fields])
        if name in values
    }
    return Columns(held.dates, out), rows, actions_of(ticker, held.dates, paid, splits, found)


def _positive(held: Columns, ticker: str) -> tuple[Mapping[str, np.ndarray], list[Finding]]:
    """Return the values with non-positive and infinite prices left out; of closes each is a finding."""
    rows: list[Finding] = []
    values = dict(held.values)
    for name in PRICES:
        if name not in values:
            continue
        with np.errstate(invalid="ignore"):
            bad = np.flatnonzero((values[name] <= 0) | (values[name] == np.inf))
        if len(bad):
            if name == "close":
                rows = [(ticker, held.dates[at], "non-positive", float(values[name][at]), "left out") for at in bad]
            values[name] = values[name].copy()
            values[name][bad] = np.nan
    return values, rows
