"""Prices: a large panel from the store, tickers from a server cold and from the store warm; time and peak memory.

    python tests/benchmarks/bench_prices.py [--tickers 10000] [--days 2500] [--fetched 50] [--json FILE]

Every loading is a process of its own, on a store that was written before (not timed). The server is the tests' own: it answers
like Yahoo's chart endpoint, over a real socket, to the real yfinance.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "backtest" / "prices"))


def sessions(days: int) -> pd.DatetimeIndex:
    """Return the last sessions of Frankfurt before 2024."""
    from backtest.clock import calendar

    return pd.DatetimeIndex(calendar("XETR", "1990-01-01", "2023-12-31").sessions[-days:], name="session")


def write_store(root: Path, tickers: int, days: int) -> None:
    """Write raw series: open, high, low, close, volume, a dividend a year on which the close falls, no splits."""
    import hashlib

    from backtest.prices import store

    index, rng = sessions(days), np.random.default_rng(1)
    market = rng.normal(0.0, 0.01, days)
    meta = {"source": "yahoo", "fetched_at": "2024-01-02T00:00:00+00:00", "currency": "EUR", "mic": "XETR"}
    root.mkdir(parents=True, exist_ok=True)
    for name in [*(f"T{k:05d}.DE" for k in range(tickers)), "^STOXX"]:
        paid = np.zeros(days)
        paid[125::250] = 0.02
        close = np.round(50 * np.exp(np.cumsum(market + rng.normal(0.0, 0.015, days) + np.log1p(-paid))), 2).clip(0.05)
        first = np.round(close * (1 + rng.normal(0.0, 0.004, days)), 2).clip(0.05)
        frame = pd.DataFrame(
            {
                "open": first,
                "high": np.maximum(first, close) + 0.1,
                "low": np.minimum(first, close) - 0.01,
                "close": close,
                "volume": rng.integers(1000, 1_000_000, days).astype(float),
                "dividends": paid * np.concatenate([close[:1], close[:-1]]),
                "splits": np.zeros(days),
            },
            index=index,
        )
        data = store.encode(store.Series(frame, meta))
        (root / f"{name}~000001~{hashlib.sha256(data).hexdigest()}.parquet").write_bytes(data)


def load(root: Path, fields: list[str]) -> dict[str, Any]:
    """Load all that the store has, with the checks on; the result is this process's, so call it once per process."""
    import os

    from backtest.prices import load_prices, store

    os.environ[store.ENVIRONMENT] = str(root)
    names = sorted(t for t in store.versions(root) if not t.startswith("^"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prices = load_prices(names, "store", benchmark="^STOXX", fields=fields)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = 8 * prices.close.size * (1 + len(fields))
    return {
        "tickers": prices.close.shape[1],
        "days": prices.close.shape[0],
        "fields": 1 + len(fields),
        "seconds": wall,
        "cpu_seconds": cpu,
        "panel_mb": size / 1e6,
        "peak_mb": peak * 1024 / 1e6,
        "memory_over_panel": (peak - before) * 1024 / size,
        "findings": prices.checks["check"].value_counts().to_dict(),
    }


def load_apart(root: Path, fields: list[str]) -> dict[str, Any]:
    """Run `load` in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--load", str(root), "--fields", ",".join(fields)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def fetched(root: Path, tickers: int) -> dict[str, Any]:
    """Time tickers cold from the local server, and warm from the store: refreshed (nothing is missing), and read alone."""
    import pytest
    import yahoo_server

    from backtest.prices import refresh, serve
    from backtest.prices.raw import assemble

    names = [f"S{k:03d}.DE" for k in range(tickers)]
    times = {}
    with (
        pytest.MonkeyPatch.context() as patch,
        yahoo_server.serving(patch) as vendor,
        tempfile.TemporaryDirectory() as zones,
    ):
        import yfinance

        yfinance.set_tz_cache_location(zones)
        for number, name in enumerate(names):
            vendor.listings[name] = yahoo_server.Listing(yahoo_server.prices("2014-01-02", "2023-12-29", seed=number))
        for what, last in (("cold", "2023-12-28"), ("warm, refreshed", "2023-12-28"), ("warm, store alone", None)):
            began = time.perf_counter()
            if last:
                raw = refresh.read_yahoo(names, None, last, root=root)
            else:
                raw = serve.read_store(names, root=root)
            wide = assemble(raw, names)
            times[what] = time.perf_counter() - began
            if wide["close"].shape[1] != tickers:
                raise SystemExit(f"only {wide['close'].shape[1]} of {tickers} tickers came")
        requests = len(vendor.asked)
    return {"tickers": tickers, "requests": requests, **times}


def measure(tickers: int, days: int, asked: int, folder: Path) -> dict[str, Any]:
    """Return all measurements."""
    write_store(folder / "large", tickers, days)
    close = load_apart(folder / "large", [])
    every = load_apart(folder / "large", ["open", "high", "low", "volume"])
    return {"close": close, "every field": every, "fetched": fetched(folder / "small", asked)}


def main() -> None:
    """Run, print, and write json if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickers", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=2500)
    parser.add_argument("--fetched", type=int, default=50)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--fields", default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.load:
        print(json.dumps(load(args.load, [f for f in args.fields.split(",") if f])))
        return
    with tempfile.TemporaryDirectory() as place:
        found = measure(args.tickers, args.days, args.fetched, Path(place))
    print(json.dumps(found, indent=2))
    if args.json:
        args.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
