"""Ticker changes and delistings: a share's history may stand under its former or its later ticker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def formers(table: pd.DataFrame) -> dict[str, list[str]]:
    """Return ticker -> its former tickers."""
    if "former_tickers" not in table:
        return {}
    split = {str(t): [f for f in str(text).split("|") if f] for t, text in table["former_tickers"].fillna("").items()}
    return {t: names for t, names in split.items() if names}


def aliases(tickers: Sequence[str], table: pd.DataFrame) -> list[str]:
    """Return the other tickers under which the histories of `tickers` may stand: former ones, and successors."""
    past = formers(table)
    found = [f for t in tickers for f in past.get(t, []) if f not in table.index]
    found += [t for t, names in past.items() if any(n in tickers for n in names)]
    return [t for t in dict.fromkeys(found) if t not in tickers]


def listed(wide: dict[str, pd.DataFrame], tickers: Sequence[str], table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the wide frames of `tickers`, each with the history that stands under another ticker of the same share.

    A former ticker that is no instrument of its own supplies the days before the ticker's first; a ticker of which there is
    nothing takes its successor's history, from its `listed_from` on. Nothing counts after `listed_to`.

    Parameters
    ----------
    wide : field -> dates x tickers, aliases among the columns.
    tickers : columns to keep, in order.
    table : instruments: `former_tickers`, `listed_from`, `listed_to`.
    """
    if "close" not in wide:
        return wide
    close, past = wide["close"], formers(table)
    later = {former: ticker for ticker, names in past.items() for former in names}
    sources = {t: _sources(t, close, table, past, later) for t in tickers}
    kept = [t for t in tickers if sources[t]]
    cuts = {t: _listing(table, t) for t in kept}
    plain = all(sources[t] == [t] for t in kept) and not any(_beyond(close, t, cuts[t][1]) for t in kept)
    if plain:
        return {name: take_columns(frame, kept) for name, frame in wide.items()}
    made = {}
    for name, frame in wide.items():
        columns = {t: _history(t, sources[t], frame, close, cuts[t]) for t in kept}
        made[name] = pd.DataFrame(columns, index=frame.index)
    return made


def unspliced(tickers: Sequence[str], wide: dict[str, pd.DataFrame], table: pd.DataFrame) -> list[str]:
    """Return the tickers whose history is their own throughout: only there do dividends and splits match the prices."""
    if "close" not in wide:
        return []
    close, past = wide["close"], formers(table)
    later = {former: ticker for ticker, names in past.items() for former in names}
    return [t for t in tickers if _sources(t, close, table, past, later) == [t]]


def take_columns(frame: pd.DataFrame, kept: list[str]) -> pd.DataFrame:
    """Return some columns; a leading run of them is a view, so that a large panel is not copied."""
    if list(frame.columns[: len(kept)]) == kept:
        return frame.iloc[:, : len(kept)]
    return frame.reindex(columns=kept)


def _sources(
    ticker: str, close: pd.DataFrame, table: pd.DataFrame, past: dict[str, list[str]], later: dict[str, str]
) -> list[str]:
    """Return the columns that make up a ticker's history, the one that counts first in front."""
    if ticker not in close.columns and later.get(ticker) in close.columns:
        return [later[ticker]]
    own = [ticker] if ticker in close.columns else []
    return own + [f for f in past.get(ticker, []) if f in close.columns and f not in table.index]


def _listing(table: pd.DataFrame, ticker: str) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    if ticker not in table.index:
        return None, None
    first, last = (_day(table[c].get(ticker) if c in table else None) for c in ("listed_from", "listed_to"))
    return first, last


def _day(value: Any) -> pd.Timestamp | None:
    return None if value is None or value == "" or pd.isna(value) else pd.Timestamp(value)


def _beyond(close: pd.DataFrame, ticker: str, last: pd.Timestamp | None) -> bool:
    return last is not None and bool(close[ticker].loc[last + pd.Timedelta(days=1) :].notna().any())


def _history(
    ticker: str,
    sources: list[str],
    frame: pd.DataFrame,
    close: pd.DataFrame,
    listing: tuple[pd.Timestamp | None, pd.Timestamp | None],
) -> pd.Series:
    out = pd.Series(float("nan"), index=frame.index)
    for source in reversed(sources):
        if source in frame.columns:
            first = close[source].first_valid_index()
            out = out.where(out.index < first, frame[source]) if first is not None else out
    begin, last = listing
    if sources != [ticker] and begin is not None and ticker not in close.columns:
        out = out.where(out.index >= begin)
    return out if last is None else out.where(out.index <= last)
