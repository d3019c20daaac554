"""What a price source hands over, and how it becomes wide frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtest.prices.panel import no_checks

FIELDS = ("open", "high", "low", "close", "volume")

#: Values per buffer while a source streams: above 32 MB, so that the system gets each buffer back as soon as it is copied.
BUFFER = 4_300_000


@dataclass(frozen=True)
class Columns:
    """A ticker's history without the weight of a DataFrame, for sources that stream thousands of them.

    dates : (T,) datetime64, ascending and unique; values : name -> (T,) float64.
    """

    dates: np.ndarray
    values: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class RawPrices:
    """One frame per ticker, as a source serves it.

    frames : (ticker, frame) pairs or a mapping: naive, unique, ascending dates x any of open, high, low, close, volume;
        float64; a `Columns` does as well as a DataFrame. A ticker that the source does not have is left out. An
        iterator is read once, so that a source may stream.
    source : what to call it: "sample", "files:prices/", "yahoo".
    traits : per ticker, what the source knows of it: mic, currency, unit.
    missing : ticker -> why the source has nothing of it.
    notice, as_of, effects, factors, checks, actions : as in `Prices`.
    finish : called once `frames` are read, for a source that learns the rest only then; returns the complete record.
    """

    frames: Mapping[str, pd.DataFrame] | Iterable[tuple[str, pd.DataFrame | Columns]]
    source: str
    traits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""
    as_of: pd.Timestamp | None = None
    effects: pd.DataFrame | None = None
    factors: pd.DataFrame | None = None
    checks: pd.DataFrame = field(default_factory=no_checks)
    actions: pd.DataFrame | None = None
    finish: Callable[[RawPrices], RawPrices] | None = None


Source = Callable[[Sequence[str], object, object], "RawPrices | Mapping[str, pd.DataFrame]"]


class _Tape:
    """Values written one after the other into large buffers, and read back once; a buffer is let go as soon as it is read."""

    def __init__(self) -> None:
        self.full: list[np.ndarray] = []
        self.buffer = np.empty(BUFFER)
        self.used = 0

    def write(self, values: np.ndarray) -> tuple[int, int, int]:
        """Append values; return (buffer, begin, end), by which `read` finds them."""
        if self.used + len(values) > len(self.buffer):
            self.full.append(self.buffer)
            self.buffer, self.used = np.empty(max(BUFFER, len(values))), 0
        begin, self.used = self.used, self.used + len(values)
        self.buffer[begin : self.used] = values
        return len(self.full), begin, self.used

    def read(self, place: tuple[int, int, int]) -> np.ndarray:
        """Return the values of one place; places must be asked for in the order of writing."""
        number, begin, end = place
        for done in range(number):
            self.full[done] = np.empty(0)
        return (self.full[number] if number < len(self.full) else self.buffer)[begin:end]


def assemble(raw: RawPrices, tickers: Sequence[str], fields: Sequence[str] = FIELDS) -> dict[str, pd.DataFrame]:
    """Return wide frames by field: all dates x the tickers that are there, in the order asked for.

    The arrays are security-major: each security's history is contiguous in memory. A streaming source costs little more
    memory than the result.

    Parameters
    ----------
    raw : what the source served; its `frames` are used up if they are an iterator.
    tickers : order of the columns.
    fields : which of `FIELDS` to take; a field that no ticker has is left out.
    """
    pairs = raw.frames.items() if isinstance(raw.frames, Mapping) else raw.frames
    order = {ticker: i for i, ticker in enumerate(tickers)}
    calendars: dict[bytes, tuple[int, np.ndarray]] = {}
    tapes: dict[str, _Tape] = {}
    places: dict[str, list[tuple[str, int, tuple[int, int, int]]]] = {}
    for ticker, frame in pairs:
        if ticker not in order:
            continue
        own = frame if isinstance(frame, Columns) else columns_of(frame)
        dates = own.dates.astype("datetime64[D]")
        number, _ = calendars.setdefault(dates.tobytes(), (len(calendars), dates))
        for name in fields:
            if name in own.values:
                place = tapes.setdefault(name, _Tape()).write(own.values[name])
                places.setdefault(name, []).append((ticker, number, place))
    kept = sorted({ticker for listed in places.values() for ticker, _, _ in listed}, key=order.__getitem__)
    return _wide([dates for _, dates in calendars.values()], tapes, places, kept)


def columns_of(frame: pd.DataFrame) -> Columns:
    """Return a frame's dates and values as arrays."""
    return Columns(frame.index.to_numpy(), {str(name): frame[name].to_numpy() for name in frame.columns})


def _wide(
    calendars: list[np.ndarray],
    tapes: dict[str, _Tape],
    places: dict[str, list[tuple[str, int, tuple[int, int, int]]]],
    kept: list[str],
) -> dict[str, pd.DataFrame]:
    dates = np.unique(np.concatenate(calendars)) if calendars else np.empty(0, dtype="datetime64[D]")
    at = [np.searchsorted(dates, own) for own in calendars]
    index = pd.DatetimeIndex(dates.astype("datetime64[us]"), name="session")
    columns = pd.Index(kept, dtype="str")
    row = {ticker: i for i, ticker in enumerate(kept)}
    wide = {}
    for name, listed in places.items():
        block = np.empty((len(kept), len(dates)))
        missing = set(kept)
        for ticker, number, place in listed:
            missing.discard(ticker)
            block[row[ticker]] = np.nan
            block[row[ticker], at[number]] = tapes[name].read(place)
        block[[row[t] for t in missing]] = np.nan
        del tapes[name]
        wide[name] = pd.DataFrame(block.T, index=index, columns=columns, copy=False)
    return wide
