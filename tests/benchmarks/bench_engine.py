"""Event windows per second, against peers, in one run on one machine: read the ratios, not the seconds.

    python tests/benchmarks/bench_engine.py [--all] [--events 10000] [--rounds 5] [--peers DIR] [--json FILE]

The peers are installed into an environment of their own (`--peers`, default a folder in the system's temporary directory) and
answer from processes of their own; rounds are interleaved, medians are compared. Each contestant's abnormal returns are checked
against the statsmodels loop before a ratio is printed. `--all` fills the whole table of floors and goals (about ten minutes).
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import venv
import warnings
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import contests  # noqa: E402
import limits  # noqa: E402
import market as bench_market  # noqa: E402
import scorecard  # noqa: E402

REQUIREMENTS = ("eventstudy", "statsmodels")


def peer_python(folder: Path) -> Path:
    """Return the interpreter of the peers' environment; make it on the first call."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--pre", *REQUIREMENTS]
        subprocess.run(command, check=True)
    return python


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
            took, answers[name], _ = contests.time_peer(python, name, folder / "windows.npz", folder)
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


def versions(python: Path) -> dict[str, str]:
    """Return the versions of what runs here and of the peers."""
    code = (
        "from importlib.metadata import version as v; print(*(v(n) for n in ('eventstudy', 'statsmodels', 'pandas')))"
    )
    peers = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False).stdout.split()
    own = {name: version(name) for name in ("numpy", "pandas", "numba") if find_spec(name)}
    return own | dict(zip(("eventstudy", "statsmodels", "pandas of the peers"), peers, strict=False))


def every_contest(events: int, rounds: int, python: Path) -> dict[str, dict[str, float]]:
    """Return the figures of everything beside the contest itself."""
    bench = bench_market.make(events)
    found = {"processes": contests.processes(bench, python, rounds)}
    if find_spec("numba"):
        found["kernel"] = contests.kernel_against_copy(1_000_000, rounds)
    found["tests"] = limits.tests_against_ar(1_000_000, min(rounds, 3))
    found["placebo"] = contests.placebo(rounds, python)
    found["draws"] = limits.draws(rounds)
    found["aligning"] = limits.aligning(1_000_000, rounds)
    found["precision"] = limits.precision()
    found["flatness"] = limits.flatness(rounds)
    found["memory"] = limits.memory()
    found["startup"] = contests.startup(rounds)
    found["sweep"] = limits.sweeping(min(rounds, 3))
    return found


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
    parser.add_argument("--all", action="store_true", help="the whole table of floors and goals")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    args.peers.mkdir(parents=True, exist_ok=True)
    rows = contest(args.events, args.rounds, args.peers, args.peer_events)
    known = versions(peer_python(args.peers))
    print(f"{platform.platform()}, {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(", ".join(f"{name} {number}" for name, number in known.items()) + f"; {args.events} events")
    print(table(rows))
    ratios = {
        f"{row['contestant']}, {key}": row[key] for row in rows for key in ("times_eventstudy", "times_statsmodels")
    }
    found: dict[str, dict[str, float]] = {"contest": ratios}  # type: ignore[dict-item]
    if args.all:
        found |= every_contest(args.events, args.rounds, peer_python(args.peers))
        for name, values in found.items():
            print(f"\n{name}")
            print("\n".join(f"  {key:<36}{value:>14.4g}" for key, value in values.items()))
    card = scorecard.scorecard(found)
    print("\n" + scorecard.card_text(card))
    if args.json:
        written = {"versions": known, "contest": rows, "figures": found, "scorecard": card}
        args.json.write_text(json.dumps(written, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
