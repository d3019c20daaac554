"""Bringing the store up to date, and serving prices from it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from backtest.clock import calendar
from backtest.errors import PriceQualityWarning, PriceSourceError, StoreError, offenders
from backtest.prices import store
from backtest.prices.adjust import factors
from backtest.prices.panel import findings
from backtest.prices.raw import FIELDS, Columns, RawPrices, columns_of
from backtest.prices.store import Series
from backtest.prices.traits import guess
from backtest.prices.yahoo import Fetched, Patience, describe_failures, fetch

OVERLAP_DAYS = 30
DECISION_COLUMNS = ("ticker", "session", "change", "action")

Finding = tuple[str, object, str, float, str]
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
    updated, again, rows = [], {}, []
    for ticker, series in first.series.items():
        outcome = _merge_into(root, ticker, series, full=wanted[ticker] == _iso(start))
        if outcome is None:
            again[ticker] = _iso(start)
        elif outcome:
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


def _iso(day: object) -> str | None:
    return None if day is None else f"{pd.Timestamp(day):%Y-%m-%d}"  # type: ignore[arg-type]


def _ask_from(root: Path, ticker: str, start: object, end: object) -> str | None:
    """Return the first date to ask for, None for all there is, "" for nothing."""
    try:
        have = store.read_series(root, ticker, ["close"])
    except store.DamagedFileError:
        have = None
    if have is None or have.frame.empty:
        return _iso(start)
    asked_from = have.meta.get("requested_from", "")
    earlier = asked_from and (start is None or asked_from > str(_iso(start)))
    if earlier:
        return _iso(start)
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


def _merge_into(root: Path, ticker: str, new: Series, full: bool) -> bool | None:
    """Append new rows; True if something was stored, None if the vendor has rewritten history and all must be fetched."""
    seen: dict[str, bool | None] = {}

    def change(current: Series | None) -> tuple[Series, bool] | None:
        if current is None:
            seen["out"] = True if full else None
            return (new, True) if full else None
        if len(store.rewritten_days(current.frame, new.frame)) or _new_splits(current.frame, new.frame):
            seen["out"] = None
            return None
        held, asked = current.frame, new.frame.index
        merged = pd.concat([held[held.index < asked[0]], new.frame, held[held.index > asked[-1]]])
        if not full and len(merged) == len(current.frame):
            seen["out"] = False
            return None
        seen["out"] = True
        kept = {} if full else {"requested_from": current.meta.get("requested_from", "")}
        meta = {**new.meta, **kept, "decisions": current.meta.get("decisions", [])}
        return Series(merged, meta), False

    store.update(root, ticker, change)
    return seen["out"]


def _new_splits(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Return True if the new rows bring a split that the old ones could not know: the vendor rescales all history then."""
    if "splits" not in new:
        return False
    later = new.loc[new.index > old.index[-1], "splits"]
    return bool(((later > 0) & (later != 1.0)).any())


def _replace_whole(root: Path, ticker: str, new: Series) -> list[tuple[str, Any, float, str]]:
    rows: list[tuple[str, Any, float, str]] = []

    def change(current: Series | None) -> tuple[Series, bool] | None:
        rows.clear()
        days = store.rewritten_days(current.frame, new.frame) if current is not None else pd.Series(dtype="float64")
        if current is not None and not len(days) and current.frame.index[-1] >= new.frame.index[-1]:
            return None  # another process has stored the same, or more, meanwhile
        rows.extend((ticker, day, float(x), "new history stored, old version kept") for day, x in days.items())
        past = list(current.meta.get("decisions", [])) if current is not None else []
        if len(days):
            size = float(days.abs().max())
            past.append({"at": new.meta.get("fetched_at", ""), "days": len(days), "first": str(days.index[0])[:10],
                         "last": str(days.index[-1])[:10], "largest": size, "action": "new history stored"})  # fmt: skip
        return Series(new.frame, {**new.meta, "decisions": past}), True

    store.update(root, ticker, change)
    return rows


def _warn_rewritten(decisions: pd.DataFrame) -> None:
    for ticker, rows in decisions.groupby("ticker", sort=False):
        largest = rows["change"].abs().max()
        warnings.warn(
            f"yahoo has rewritten {len(rows)} days of {ticker}, {rows['session'].min():%Y-%m-%d} to "
            f"{rows['session'].max():%Y-%m-%d}, by up to {largest:.2%}; the new history is used, the old version kept",
            PriceQualityWarning,
            stacklevel=4,
        )


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
    served = read_store(tickers, start, end, root=place, fields=fields)
    if len(served.missing) == len(set(tickers)):
        raise PriceSourceError(describe_failures(outcome.failures, list(tickers)))
    stale = [t for t in failed.index if t not in served.missing]
    rows = [(t, d, "rewritten", c, a) for t, d, c, a in outcome.decisions.itertuples(index=False)]

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


def read_store(
    tickers: Sequence[str],
    start: object = None,
    end: object = None,
    *,
    root: str | Path | None = None,
    fields: Sequence[str] = FIELDS,
) -> RawPrices:
    """Serve what the store has, adjusted, without asking anybody; tickers are streamed, so that a panel needs no second copy.

    Raises
    ------
    StoreError
        A file of the tickers is damaged (when the frames are read).
    """
    place = store.store_path(root)
    listed = store.versions(place)
    metas: dict[str, Mapping[str, Any]] = {}
    rows: list[Finding] = []

    def stream() -> Iterator[tuple[str, Columns]]:
        columns = [*dict.fromkeys(["close", *fields, "dividends", "splits"])]
        for ticker in dict.fromkeys(t for t in tickers if t in listed):
            held, meta = _newest(place, ticker, listed[ticker][-1], columns)
            made, found = adjusted(held, ticker, fields)
            metas[ticker] = meta
            rows.extend(found)
            cut = _cut(made, start, end)
            if len(cut.dates):
                yield ticker, cut

    def finish(raw: RawPrices) -> RawPrices:
        dates = [pd.Timestamp(m["fetched_at"]) for m in metas.values() if m.get("fetched_at")]
        traits = {t: _traits(t, m) for t, m in metas.items()}
        checks = pd.concat([raw.checks, findings(rows)], ignore_index=True) if rows else raw.checks
        return replace(raw, traits=traits, as_of=min(dates) if dates else None, checks=checks)

    missing = {t: "not in the store" for t in tickers if t not in listed}
    return RawPrices(frames=stream(), source=f"store:{place}", missing=missing, finish=finish)


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
    first = 0 if start is None else int(np.searchsorted(held.dates, np.datetime64(str(_iso(start)))))
    last = (
        len(held.dates)
        if end is None
        else int(np.searchsorted(held.dates, np.datetime64(str(_iso(end))), side="right"))
    )
    return Columns(held.dates[first:last], {name: values[first:last] for name, values in held.values.items()})


def _traits(ticker: str, meta: Mapping[str, Any]) -> dict[str, str]:
    unit = str(meta.get("currency", ""))
    currency = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ILA": "ILS"}.get(unit, unit)
    return {"mic": str(meta.get("mic", "")), "currency": currency, "unit": unit or guess(ticker)[2]}


def adjusted(held: Columns, ticker: str, fields: Sequence[str] = FIELDS) -> tuple[Columns, list[Finding]]:
    """Return (adjusted values, findings) of a raw series: prices times the factors of `adjust`, volume as it is."""
    values = held.values
    found = factors(values["close"], values.get("dividends"), values.get("splits"))
    rows: list[Finding] = []
    for at in found.odd_dividends:
        rows.append((ticker, held.dates[at], "dividend-implausible", float(values["dividends"][at]), "left out"))
    for at in found.raw_splits:
        rows.append((ticker, held.dates[at], "split-missed", float(values["splits"][at]), "applied"))
    out = {
        name: values[name] if name == "volume" else values[name] * found.price
        for name in dict.fromkeys(["close", *fields])
        if name in values
    }
    return Columns(held.dates, out), rows
