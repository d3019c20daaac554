"""Ten million events on five thousand stocks, out of core: time, peak memory, bytes read, and what a hundred million would take.

    python tests/benchmarks/bench_outofcore.py [--events 10000000] [--stocks 5000] [--folder DIR] [--json FILE]

Data sets are written first (not timed with the runs); every run is a process of its own. A second data set with a sixteenth of
the events on a quarter of the stocks gives the slopes per event and per stock, of time and of memory, from which larger studies
are projected. A quarter of the blocks is run before the whole: the whole run takes up what is finished.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import contests  # noqa: E402
import market as bench_market  # noqa: E402
import scorecard  # noqa: E402

import backtest as bt  # noqa: E402
from backtest.engine import BLOCK, bar, bytes_of, run_dataset, write_dataset  # noqa: E402

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


def run_alone(folder: Path, out: Path) -> dict[str, float]:
    """Run a data set in a process of its own and return seconds, events, peak megabytes, those before the run, bytes read."""
    command = [sys.executable, str(Path(__file__).resolve()), "--run", str(folder), str(out)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return {**json.loads(done.stdout.splitlines()[-1]), "bytes_read": float(bytes_of(folder))}


def peak() -> float:
    """Return the peak resident megabytes of this process."""
    found: dict[str, Callable[[], float]] = {}
    with contextlib.redirect_stdout(None):
        exec(contests.PEAK, found)
    return found["peak"]()


def run_here(folder: Path, out: Path) -> dict[str, float]:
    """Run a data set and return what `run_alone` hands on."""
    study = bt.EventStudy(event=bench_market.EVENT, estimation=bench_market.ESTIMATION)
    before = peak()
    start, own = time.perf_counter(), time.process_time()
    result = run_dataset(study, folder, out, progress=bar())
    seconds, own = time.perf_counter() - start, time.process_time() - own
    return {
        "seconds": seconds,
        "processor_seconds": own,
        "events": float(result.events),
        "rss_mb": peak(),
        "base_mb": before,
    }


def measure(events: int, stocks: int, place: Path) -> dict[str, dict[str, float]]:
    """Write the data sets, run them, and return the figures."""
    start = time.perf_counter()
    data = write_dataset(blocks(events, stocks), place / "data")
    found = {"writing": {"seconds": time.perf_counter() - start}}
    thin = write_dataset(blocks(events // 16, max(stocks // 4, 1)), place / "thin")
    found["sixteenth"] = run_alone(thin, place / "thin-out")
    found["whole"] = run_alone(data, place / "out")
    found["part"] = run_alone(part_of(data, 0.25), place / "resumed")
    found["the rest, taken up"] = run_alone(data, place / "resumed")
    found["all taken up"] = run_alone(data, place / "resumed")
    return found


def slopes(found: dict[str, dict[str, float]], stocks: int) -> dict[str, float]:
    """Return seconds per event and per stock, megabytes at the start and per event on a stock, from the two data sets.

    Seconds are those of the processor, of which a run uses one: other work on the machine is not in them.
    """
    few, many = found["sixteenth"], found["whole"]
    sizes = np.array([[few["events"], max(stocks // 4, 1)], [many["events"], stocks]])
    per_event, per_stock = np.linalg.solve(sizes, [few["processor_seconds"], many["processor_seconds"]])
    dense = np.array([few["events"] / max(stocks // 4, 1), many["events"] / stocks])
    block = max(many["rss_mb"] - few["rss_mb"], 0.0) / max(dense[1] - dense[0], 1.0)
    return {
        "seconds_per_event": float(per_event), "seconds_per_stock": max(float(per_stock), 0.0), "block_mb": float(block),
        "base_mb": float(many["rss_mb"] - block * dense[1]),
    }  # fmt: skip


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--stocks", type=int, default=5_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--run", nargs=2, type=Path, metavar=("DATASET", "OUT"), help="run one data set and print its figures"
    )
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    if args.run:
        print(json.dumps(run_here(*args.run)))
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        found = measure(args.events, args.stocks, Path(name))
    for run, figures in found.items():
        print(f"{run:<20}" + "  ".join(f"{key} {value:,.1f}" for key, value in figures.items()))
    slope = slopes(found, args.stocks)
    rows = scorecard.projection(**slope)
    print("\nprojected from: " + ", ".join(f"{key} {value:.3g}" for key, value in slope.items()))
    print(scorecard.projection_text(rows))
    if args.json:
        args.json.write_text(json.dumps({**found, "slopes": slope, "projection": rows}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
