"""Bringing the store up to date, and serving prices from it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from backtest.clock import calendar
from backtest.errors import PriceQualityWarning, PriceSourceError, offenders
from backtest.prices import store
from backtest.prices.merge import extended, is_rewritten, replaced
from backtest.prices.panel import findings
from backtest.prices.raw import FIELDS, RawPrices
from backtest.prices.serve import iso, read_store
from backtest.prices.store import Series
from backtest.prices.yahoo import Fetched, Patience, describe_failures, fetch

OVERLAP_DAYS = 30
DECISION_COLUMNS = ("ticker", "session", "change", "action")

#: (ticker, session, change, action): a row of `Refreshed.decisions`.
Row = tuple[str, Any, float, str]
Fetcher = Callable[[Mapping[str, "str | None"]], Fetched]


@dataclass(frozen=True)
class Refreshed:
    """updated : tickers that got a new version; failures : ticker, reason, attempts, message; decisions : ticker, session, change
    (new / old - 1), action: what the vendor rewrote.
    """

    updated: tuple[str, ...]
    failures: pd.DataFrame
    decisions: pd.DataFrame


# ------------------------------------------------------------------------------------------------------- refreshing


def refresh(
    tickers: Sequence[str],
    root: Path,
    start: object = None,
    end: object = None,
    fetcher: Fetcher | None = None,
    patience: Patience | None = None,
    progress: Callable[[str], None] | None = None,
) -> Refreshed:
    """Ask the vendor for what the store lacks, with an overlap, and store it.

    Where the overlap differs from what is stored, the vendor has rewritten history: the whole series is fetched
    again, stored as a new version beside the old one, and the days that changed are returned as decisions.

    Parameters
    ----------
    tickers : which series.
    root : the store.
    start : first date needed; None = all there is.
    end : last date needed; a series that reaches it is not asked for. None = the last session that has ended.
    fetcher : `{ticker: first date} -> Fetched`; None = Yahoo.
    patience, progress : see `backtest.prices.yahoo.fetch`.

    Warns
    -----
    PriceQualityWarning
        The vendor has rewritten history.
    """
    ask = fetcher or (lambda starts: fetch(starts, patience, progress))
    wanted = {t: _ask_from(root, t, start, end) for t in dict.fromkeys(tickers)}
    first = ask({t: s for t, s in wanted.items() if s != ""}) if any(s != "" for s in wanted.values()) else _nothing()
    updated: list[str] = []
    again: dict[str, str | None] = {}
    rows: list[Row] = []
    for ticker, series in first.series.items():
        outcome, told = _merge_into(root, ticker, series, full=wanted[ticker] == iso(start))
        rows += told
        if outcome == "rewritten":
            again[ticker] = _begin_of(root, ticker, start)
        elif outcome == "stored":
            updated.append(ticker)
    second = ask(again) if again else _nothing()
    for ticker, series in second.series.items():
        rows += _replace_whole(root, ticker, series)
        updated.append(ticker)
    decisions = pd.DataFrame(rows, columns=list(DECISION_COLUMNS)).astype({"session": "datetime64[us]"})
    _warn_rewritten(decisions)
    failures = pd.concat([first.failures, second.failures], ignore_index=True)
    return Refreshed(tuple(updated), failures, decisions)


def _nothing() -> Fetched:
    from backtest.prices.yahoo import FAILURE_COLUMNS

    return Fetched({}, pd.DataFrame(columns=list(FAILURE_COLUMNS)).astype({"attempts": "int64"}))


def _ask_from(root: Path, ticker: str, start: object, end: object) -> str | None:
    """Return the first date to ask for, None for all there is, "" for nothing."""
    try:
        have = store.read_series(root, ticker, ["close"])
    except store.DamagedFileError:
        have = None
    if have is None or have.frame.empty:
        return iso(start)
    asked_from = have.meta.get("requested_from", "")
    earlier = asked_from and (start is None or asked_from > str(iso(start)))
    if earlier:
        return iso(start)
    if have.frame.index[-1] >= _last_needed(str(have.meta.get("mic", "")), end):
        return ""
    return f"{have.frame.index[-1] - pd.Timedelta(days=OVERLAP_DAYS):%Y-%m-%d}"


def _last_needed(mic: str, end: object) -> pd.Timestamp:
    """Return the last session on or before `end` that has ended; without a known exchange, the last weekday."""
    now = datetime.now(UTC).replace(tzinfo=None)
    day = pd.Timestamp(now).normalize() if end is None else min(pd.Timestamp(end), pd.Timestamp(now).normalize())  # type: ignore[arg-type]
    if not mic:
        yesterday = min(day, pd.Timestamp(now).normalize() - pd.Timedelta(days=1))
        return pd.Timestamp(np.busday_offset(yesterday.date(), 0, roll="backward"))
    cal = calendar(mic, day - pd.Timedelta(days=20), day)
    over = cal.sessions[cal.closes + np.timedelta64(20, "m") < np.datetime64(now)]
    return pd.Timestamp(over[-1]) if len(over) else day - pd.Timedelta(days=20)


def _merge_into(root: Path, ticker: str, new: Series, full: bool) -> tuple[str, list[Row]]:
    """Append new rows; return "stored", "same", or "rewritten" where all must be fetched again, and what was decided."""
    seen: tuple[str, list[Row]] = ("same", [])

    def change(current: Series | None) -> tuple[Series, bool] | None:
        nonlocal seen
        if current is None:
            seen = ("stored" if full else "rewritten", [])
            return (new, True) if full else None
        if is_rewritten(current.frame, new.frame):
            seen = ("rewritten", [])
            return None
        made = extended(current, new, full)
        seen = ("same", []) if made is None else ("stored", [(ticker, *d) for d in made.decisions])
        return None if made is None else (made.series, made.keep)

    store.update(root, ticker, change)
    return seen


def _replace_whole(root: Path, ticker: str, new: Series) -> list[Row]:
    rows: list[Row] = []

    def change(current: Series | None) -> tuple[Series, bool] | None:
        rows.clear()
        made = replaced(current, new)
        if made is None:
            return None
        rows.extend((ticker, *d) for d in made.decisions)
        return made.series, made.keep

    store.update(root, ticker, change)
    return rows


def _begin_of(root: Path, ticker: str, start: object) -> str | None:
    """Return from when on a rewritten series is fetched again: no later than it was asked for before."""
    try:
        have = store.read_series(root, ticker, ["close"])
    except store.DamagedFileError:
        have = None
    before = "" if have is None else str(have.meta.get("requested_from", ""))
    asked = iso(start)
    if have is None:
        return asked
    return min(before, asked) if before and asked else None


def _warn_rewritten(decisions: pd.DataFrame) -> None:
    for ticker, rows in decisions.groupby("ticker", sort=False):
        same = rows["action"].str.startswith("new history")
        if same.any():
            days, largest = rows[same], rows.loc[same, "change"].abs().max()
            warnings.warn(
                f"yahoo has rewritten {len(days)} days of {ticker}, {days['session'].min():%Y-%m-%d} to "
                f"{days['session'].max():%Y-%m-%d}, by up to {largest:.2%}; the new history is used, the old version kept",
                PriceQualityWarning,
                stacklevel=4,
            )
        for day, action in rows.loc[~same, ["session", "action"]].itertuples(index=False):
            warnings.warn(f"yahoo, {ticker} {day:%Y-%m-%d}: {action}", PriceQualityWarning, stacklevel=4)


# ---------------------------------------------------------------------------------------------------------- serving


def read_yahoo(
    tickers: Sequence[str],
    start: object = None,
    end: object = None,
    *,
    root: str | Path | None = None,
    fetcher: Fetcher | None = None,
    patience: Patience | None = None,
    progress: Callable[[str], None] | None = None,
    fields: Sequence[str] = FIELDS,
) -> RawPrices:
    """Public daily prices from Yahoo (through yfinance), kept in a store and adjusted for dividends and splits on reading.

    What cannot be fetched is served from the store with its age; what is not there either is left out, with its reason.

    Raises
    ------
    PriceSourceError
        There is nothing at all to serve; the message says whether it was the network, the rate limit, the tickers or an
        empty answer, and what to do.
    StoreError
        The store cannot be written, or a damaged file in it cannot be replaced.
    """
    place = store.store_path(root)
    outcome = refresh(tickers, place, start, end, fetcher, patience, progress)
    failed = outcome.failures.set_index("ticker")
    served = read_store(tickers, start, end, root=place, fields=fields, refreshed=True)
    if len(served.missing) == len(set(tickers)):
        raise PriceSourceError(describe_failures(outcome.failures, list(tickers)))
    stale = [t for t in failed.index if t not in served.missing]
    rewritten = outcome.decisions[outcome.decisions["action"].str.endswith("old version kept")]
    rows = [(t, d, "rewritten", c, a) for t, d, c, a in rewritten.itertuples(index=False)]

    def finish(raw: RawPrices) -> RawPrices:
        whole = served.finish(raw) if served.finish else raw
        _warn_stale(whole, stale, failed)
        return whole

    missing = {t: str(failed.at[t, "reason"]) if t in failed.index else why for t, why in served.missing.items()}
    return replace(served, source="yahoo", missing=missing, checks=findings(rows), finish=finish)


def _warn_stale(served: RawPrices, stale: list[str], failed: pd.DataFrame) -> None:
    if stale:
        why = failed.loc[stale, "reason"].mode().iloc[0]
        warnings.warn(
            f"{offenders(stale)} could not be refreshed ({why}); served from the store as of {served.as_of:%Y-%m-%d %H:%M} UTC",
            PriceQualityWarning,
            stacklevel=4,
        )
