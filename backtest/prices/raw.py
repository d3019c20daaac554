"""What a price source hands over, and how it becomes wide frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtest.errors import PriceSourceError
from backtest.prices.panel import no_checks

FIELDS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True)
class RawPrices:
    """One frame per ticker, as a source serves it.

    frames : (ticker, frame) pairs or a mapping: naive, unique, ascending dates x any of open, high, low, close, volume;
        float64. A ticker that the source does not have is left out. An iterator is read once, so that a source may
        stream.
    source : what to call it: "sample", "files:prices/", "yahoo".
    dates : every date that `frames` holds (datetime64[D], ascending; more do no harm); needed with an iterator only.
    traits : per ticker, what the source knows of it: mic, currency, unit.
    missing : ticker -> why the source has nothing of it.
    notice, as_of, effects, factors, checks : as in `Prices`.
    """

    frames: Mapping[str, pd.DataFrame] | Iterable[tuple[str, pd.DataFrame]]
    source: str
    dates: np.ndarray | None = None
    traits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""
    as_of: pd.Timestamp | None = None
    effects: pd.DataFrame | None = None
    factors: pd.DataFrame | None = None
    checks: pd.DataFrame = field(default_factory=no_checks)


Source = Callable[[Sequence[str], object, object], "RawPrices | Mapping[str, pd.DataFrame]"]


def assemble(raw: RawPrices, tickers: Sequence[str], fields: Sequence[str] = FIELDS) -> dict[str, pd.DataFrame]:
    """Return wide frames by field: all dates x the tickers that are there, in the order asked for.

    The arrays are written security by security, so that each security's history is contiguous in memory.

    Parameters
    ----------
    raw : what the source served.
    tickers : order of the columns.
    fields : which of `FIELDS` to take; a field that no ticker has is left out.

    Raises
    ------
    PriceSourceError
        The source streams a date that its `dates` do not announce.
    """
    pairs = raw.frames.items() if isinstance(raw.frames, Mapping) else raw.frames
    dates = _all_dates(raw.frames) if isinstance(raw.frames, Mapping) else np.asarray(raw.dates, dtype="datetime64[D]")
    row = {ticker: i for i, ticker in enumerate(tickers)}
    blocks: dict[str, np.ndarray] = {}
    seen: set[str] = set()
    for ticker, frame in pairs:
        if ticker not in row:
            continue
        at = _positions(dates, frame.index.to_numpy().astype("datetime64[D]"), ticker)
        seen.add(ticker)
        for name in fields:
            if name in frame:
                if name not in blocks:
                    blocks[name] = np.full((len(tickers), len(dates)), np.nan)
                blocks[name][row[ticker], at] = frame[name].to_numpy()
    kept = [t for t in tickers if t in seen]
    rows = [row[t] for t in kept]
    index = pd.DatetimeIndex(dates.astype("datetime64[us]"), name="session")
    columns = pd.Index(kept, dtype="str")
    whole = len(kept) == len(tickers)
    return {
        name: pd.DataFrame((block if whole else block[rows]).T, index=index, columns=columns, copy=False)
        for name, block in blocks.items()
    }


def _all_dates(frames: Mapping[str, pd.DataFrame]) -> np.ndarray:
    parts = [frame.index.to_numpy().astype("datetime64[D]") for frame in frames.values()]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype="datetime64[D]")


def _positions(dates: np.ndarray, own: np.ndarray, ticker: str) -> np.ndarray:
    at = np.searchsorted(dates, own)
    if len(own) and (at[-1] >= len(dates) or not np.array_equal(dates[at], own)):
        raise PriceSourceError(f"{ticker}: the source serves dates that it did not announce; give RawPrices(dates=...)")
    return at
