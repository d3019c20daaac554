"""A process that forks refreshing children on demand: a fork takes milliseconds, a fresh interpreter with pandas takes seconds.

``python store_worker.py ROOT`` answers each line on standard input with the pid of a new child that refreshes the store in
ROOT until it is killed. The vendor it asks has a new day every five milliseconds.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet  # noqa: F401 - imported before forking, so that children need not

from backtest.prices import refresh
from backtest.prices.store import COLUMNS, Series
from backtest.prices.yahoo import Fetched

LEVELS = {"K1": 100.0, "K2": 1000.0}
DAYS = pd.DatetimeIndex(pd.bdate_range("2000-01-03", periods=6000).to_numpy().astype("datetime64[us]"), name="session")


def raw(rows: int, level: float = 100.0) -> pd.DataFrame:
    """Return raw rows whose closes are known: `level` + number of the day."""
    close = level + np.arange(rows, dtype=float)
    values = dict.fromkeys(("open", "high", "low", "close"), close)
    frame = pd.DataFrame({**values, "volume": 1.0, "dividends": 0.0, "splits": 0.0}, index=DAYS[:rows])
    return frame[list(COLUMNS)]


def vendor(starts: Mapping[str, str | None], rows: int) -> Fetched:
    """Serve the first `rows` days of every ticker, from the day asked for."""
    out = {}
    for ticker, start in starts.items():
        frame = raw(rows, LEVELS[ticker])
        out[ticker] = Series(frame.loc[start:] if start else frame, {"source": "test", "requested_from": start or ""})
    return Fetched(out, pd.DataFrame({"ticker": [], "reason": [], "attempts": [], "message": []}))


def refresh_for_ever(root: Path, began: float) -> None:
    """Refresh without end."""
    while True:
        rows = min(len(DAYS), 40 + int((time.time() - began) * 200))
        refresh.refresh(tuple(LEVELS), root, end=DAYS[rows - 1], fetcher=partial(vendor, rows=rows))


def main() -> None:
    """Fork a child per line of input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    root, began = Path(sys.argv[1]), time.time()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            refresh_for_ever(root, began)
        print(child, flush=True)


if __name__ == "__main__":
    main()
