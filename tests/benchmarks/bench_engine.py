"""Event windows per second, against peers, in one run on one machine: read the ratios, not the seconds.

    python tests/benchmarks/bench_engine.py [--events 10000] [--rounds 5] [--peers DIR] [--json FILE]

The peers are installed into an environment of their own (`--peers`, default a folder in the system's temporary directory) and
answer from processes of their own; rounds are interleaved, medians are compared. Each contestant's abnormal returns are checked
against the statsmodels loop before a ratio is printed.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import venv
import warnings
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import contests  # noqa: E402
import market as bench_market  # noqa: E402

REQUIREMENTS = ("eventstudy", "statsmodels")


def peer_python(folder: Path) -> Path:
    """Return the interpreter of the peers' environment; make it on the first call."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--pre", *REQUIREMENTS]
        subprocess.run(command, check=True)
    return python


def time_peer(python: Path, name: str, windows: Path, folder: Path) -> tuple[float, np.ndarray, float]:
    """Return seconds per event, abnormal returns, and the seconds of the whole process."""
    answer = folder / f"{name}.npz"
    start = time.perf_counter()
    subprocess.run([str(python), str(HERE / "peers.py"), name, str(windows), str(answer)], check=True)
    whole = time.perf_counter() - start
    with np.load(answer) as data:
        return float(data["seconds"]) / len(data["ar"]), data["ar"], whole


def contest(events: int, rounds: int, folder: Path, peer_events: int) -> list[dict[str, object]]:
    """Run all contestants `rounds` times, interleaved, and return one row each."""
    bench = bench_market.make(events)
    python = peer_python(folder)
    picked = np.linspace(0, events - 1, min(events, peer_events)).astype(int)
    stock, mkt = (np.array(w) for w in zip(*(bench_market.windows(bench, i) for i in picked), strict=True))
    np.savez(folder / "windows.npz", stock=stock, market=mkt)
    seconds: dict[str, list[float]] = {}
    answers: dict[str, np.ndarray] = {}
    for _ in range(rounds):
        for name in ("statsmodels", "eventstudy"):
            took, answers[name], _ = time_peer(python, name, folder / "windows.npz", folder)
            seconds.setdefault(name, []).append(took)
        for name, run in (("arrays", contests.time_arrays), ("EventStudy.run", contests.time_study)):
            took, found = run(bench)
            answers[name] = found[picked]
            seconds.setdefault(name, []).append(took)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return [
        {
            "contestant": name,
            "microseconds_per_event": 1e6 * median,
            "times_eventstudy": medians["eventstudy"] / median,
            "times_statsmodels": medians["statsmodels"] / median,
            "largest_difference": float(np.abs(answers[name] - answers["statsmodels"]).max()),
        }
        for name, median in medians.items()
    ]


def table(rows: list[dict[str, object]]) -> str:
    """Return the rows as text."""
    lines = [f"{'contestant':<16}{'us/event':>10}{'x eventstudy':>14}{'x statsmodels':>15}{'max |dAR|':>12}"]
    for row in rows:
        lines.append(
            f"{row['contestant']:<16}{row['microseconds_per_event']:>10.2f}{row['times_eventstudy']:>14.1f}"
            f"{row['times_statsmodels']:>15.1f}{row['largest_difference']:>12.1e}"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the contest and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--peer-events", type=int, default=1_000, help="the peers' cost per event is constant")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "market-signals-peers")
    parser.add_argument(
        "--all", action="store_true", help="whole processes, memory, compiled kernel, sizes, placebo too"
    )
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    args.peers.mkdir(parents=True, exist_ok=True)
    rows = contest(args.events, args.rounds, args.peers, args.peer_events)
    print(f"{platform.platform()}, Python {platform.python_version()}, numpy {np.__version__}, {args.events} events")
    print(table(rows))
    found: dict[str, object] = {"contest": rows}
    if args.all:
        bench = bench_market.make(args.events)
        found["processes"] = contests.processes(bench, peer_python(args.peers), args.rounds)
        found["kernel"] = contests.kernel_against_copy(1_000_000, args.rounds)
        found["scale"] = contests.scale(args.rounds)
        found["placebo"] = contests.placebo(args.rounds)
        for name in ("processes", "kernel", "scale", "placebo"):
            print(f"\n{name}")
            for key, value in found[name].items():  # type: ignore[attr-defined]
                print(f"  {key:<28}{value:>12.3f}")
    if args.json:
        args.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
