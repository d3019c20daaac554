"""Ten million events on five thousand stocks, out of core: time, peak memory, bytes read, and what a hundred million would take.

    python tests/benchmarks/bench_outofcore.py [--events 10000000] [--stocks 5000] [--folder DIR] [--json FILE]

The data set is written block by block first (not timed with the run). A quarter of the blocks is run alone before, so that the
slope per event and the growth of memory are measured, not assumed; the whole run then takes up these finished blocks.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import market as bench_market  # noqa: E402

import backtest as bt  # noqa: E402
from backtest.engine import BLOCK  # noqa: E402
from backtest.outofcore import bytes_of, run_dataset, write_dataset  # noqa: E402

DAYS = 2500


def blocks(events: int, stocks: int) -> Iterator[tuple[bt.Prices, pd.DataFrame]]:
    """Yield blocks of stocks with distinct random events; the market is the same for all."""
    index = pd.bdate_range("2010-01-04", periods=DAYS).as_unit("us")
    market = np.random.default_rng(7).standard_t(4, DAYS) * 0.007
    usable = DAYS - bench_market.EVENT[1] + bench_market.ESTIMATION[0]
    for at in range(0, stocks, BLOCK):
        rng = np.random.default_rng([8, at])
        size = min(BLOCK, stocks - at)
        values = market[:, None] * rng.normal(1.0, 0.3, size) + rng.standard_t(4, (DAYS, size)) * 0.012
        names = [f"S{i:05d}" for i in range(at, at + size)]
        frame = pd.DataFrame(np.maximum(values, -0.9), index=index, columns=names)
        cell = np.sort(rng.choice(size * usable, min(size * usable, events * size // stocks), replace=False))
        table = pd.DataFrame(
            {"asset": frame.columns[cell // usable], "date": index[cell % usable - bench_market.ESTIMATION[0]]}
        )
        yield bt.Prices.from_returns(frame, pd.Series(market, index=index, name="MKT")), table


def peak() -> float:
    """Return the peak resident megabytes of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bar(done: int, total: int) -> None:
    """Show progress on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done}/{total} blocks", end="", file=sys.stderr, flush=True)


def part_of(folder: Path, share: float) -> Path:
    """Return a data set of the first blocks of another one."""
    small = folder.parent / "part"
    for name in ("prices", "events"):
        (small / name).mkdir(parents=True, exist_ok=True)
        files = sorted((folder / name).glob("*.parquet"))
        for path in files[: max(1, int(len(files) * share))]:
            shutil.copy(path, small / name / path.name)
    for name in ("benchmark.parquet", "dataset.json"):
        shutil.copy(folder / name, small / name)
    return small


def measure(events: int, stocks: int, place: Path) -> dict[str, float]:
    """Write the data set, run a part and the whole of it, and return the figures."""
    study = bt.EventStudy(event=bench_market.EVENT, estimation=bench_market.ESTIMATION)
    start = time.perf_counter()
    data = write_dataset(blocks(events, stocks), place / "data")
    written = time.perf_counter() - start
    out: dict[str, float] = {"write_seconds": written, "rss_mb_after_writing": peak()}
    for name, folder in (("part", part_of(data, 0.25)), ("whole", data)):
        start = time.perf_counter()
        result = run_dataset(study, folder, place / "out", progress=bar)
        seconds = time.perf_counter() - start
        out |= {f"{name}_seconds": seconds, f"{name}_events": result.events, f"{name}_rss_mb": peak()}
        out[f"{name}_bytes_read"] = bytes_of(folder)
    fresh = out["whole_events"] - out["part_events"]
    out["microseconds_per_event"] = 1e6 * (out["whole_seconds"] + out["part_seconds"]) / out["whole_events"]
    out["microseconds_per_event_of_the_rest"] = 1e6 * out["whole_seconds"] / fresh
    out["projected_seconds_1e8"] = 100 * out["microseconds_per_event"]
    start = time.perf_counter()
    run_dataset(study, data, place / "out")
    out["taken_up_seconds"] = time.perf_counter() - start
    return out


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--stocks", type=int, default=5_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        found = measure(args.events, args.stocks, Path(name))
    for key, value in found.items():
        print(f"{key:<36}{value:>16,.2f}")
    if args.json:
        args.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
