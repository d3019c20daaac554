"""Event studies on data that do not fit into memory: partitioned parquet in, one block after the other, resumable.

A data set is a folder with ``benchmark.parquet``, ``instruments.parquet`` and, per block of securities, ``prices/00000.parquet``
(sessions x tickers) and ``events/00000.parquet``. A run writes the sums of every finished block beside a manifest that says
of which bytes and which plan they are; a run that was killed takes up what is finished and does the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.engine.blocks import BLOCK, Plan, aligned, finish, group_of, map_block, merge, plan_of
from backtest.engine.executors import executor
from backtest.engine.partial import Partial, Sums
from backtest.engine.totals import EngineResult
from backtest.errors import SchemaError, StoreError
from backtest.frames import normalise_events

if TYPE_CHECKING:
    from backtest.prices import Prices
    from backtest.study import EventStudy

PARTS = ("prices", "events")
#: Of the sums of a block; blocks of another format are done again.
FORMAT = 2


@dataclass(frozen=True)
class Task:
    """One block of a data set, and where its sums go; small enough to be sent anywhere."""

    folder: str
    out: str
    number: int
    study: EventStudy
    plan: Plan
    by: str


def write_dataset(
    blocks: Iterable[tuple[Prices, pd.DataFrame]], folder: str | Path, progress: Callable[[int], None] | None = None
) -> Path:
    """Write blocks of securities (their prices, and the events on them) as a data set, and return its folder.

    All blocks share one calendar; benchmarks and instruments of the benchmark come from the first. Prices that were made of
    returns are kept as returns. Raises StoreError where the folder cannot be written.
    """
    place = Path(folder)
    try:
        for part in PARTS:
            (place / part).mkdir(parents=True, exist_ok=True)
        for number, (prices, events) in enumerate(blocks):
            own = prices.returns is not None
            frame, marks = (prices.returns, prices.benchmark_returns) if own else (prices.close, prices.benchmarks)
            assert frame is not None
            frame.to_parquet(place / "prices" / f"{number:05d}.parquet")
            events.to_parquet(place / "events" / f"{number:05d}.parquet")
            if number == 0 and marks is not None:
                marks.to_parquet(place / "benchmark.parquet")
                facts = {"returns": own, "kind": prices.returns_kind, "mic": _only_mic(prices)}
                (place / "dataset.json").write_text(json.dumps(facts), encoding="utf-8")
            if progress is not None:
                progress(number + 1)
    except OSError as error:
        raise StoreError(f"cannot write {place}: {error.strerror or error}; choose another folder") from error
    return place


def split(prices: Prices, events: pd.DataFrame, size: int = BLOCK) -> Iterable[tuple[Prices, pd.DataFrame]]:
    """Yield blocks of `size` securities with their events, for `write_dataset`."""
    for at in range(0, len(prices.tickers), size):
        tickers = prices.tickers[at : at + size]
        yield prices.select(tickers), events[events["asset"].isin(tickers)]


def run_dataset(
    study: EventStudy,
    folder: str | Path,
    out: str | Path,
    by: str = "kind",
    window: tuple[int, int] = (0, 0),
    engine: str | Any = "in-process",
    ranks: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> EngineResult:
    """Run a study over a data set block by block; memory holds one block per worker and the sums.

    Parameters
    ----------
    folder : a data set, see `write_dataset`. out : folder of the finished blocks; a second run goes on where one stopped.
    progress : called as ``progress(blocks done, blocks)``; `engine.bar()` draws a bar on the terminal.
    The others are those of `engine.run_engine`.

    Raises
    ------
    SchemaError
        `folder` is no data set.
    AlignmentError
        As `run_engine`.
    """
    place, results = Path(folder), Path(out)
    numbers = sorted(int(p.stem) for p in (place / "events").glob("*.parquet"))
    if not numbers or not (place / "dataset.json").is_file():
        raise SchemaError(f"{place} is no data set: it has no events/*.parquet and dataset.json; see write_dataset")
    results.mkdir(parents=True, exist_ok=True)
    plan = plan_of(study, window, ranks)
    tasks = [(Task(str(place), str(results), number, study, plan, by),) for number in numbers]
    partials = executor(engine)(map_task, tasks, progress)
    return finish(reduce(merge, partials), plan)


def map_task(task: Task) -> Partial:
    """Return the sums of one block: those on disk where they are of the same data and plan, else computed and kept."""
    stamp = _stamp(task)
    manifest, sums = (Path(task.out) / f"{task.number:05d}.{suffix}" for suffix in ("json", "npz"))
    if manifest.is_file() and json.loads(manifest.read_text(encoding="utf-8")).get("stamp") == stamp and sums.is_file():
        return load_partial(sums)
    prices, events = read_block(task.folder, task.number)
    labels = group_of(events, prices, task.by)
    market, placed = aligned(task.study, events, prices, labels, task.plan)
    partial = map_block(market, placed.take(np.arange(len(events))))
    # The sums first, the manifest last, each by renaming: a block without a manifest has never been finished.
    _replace(sums, lambda path: save_partial(partial, path))
    about = {"stamp": stamp, "block": task.number, "events": partial.events, "groups": sorted(partial.groups)}
    _replace(manifest, lambda path: path.write_text(json.dumps(about), encoding="utf-8"))
    return partial


def read_block(folder: str | Path, number: int) -> tuple[Prices, pd.DataFrame]:
    """Return prices and events of one block of a data set."""
    from backtest.prices import Prices

    place = Path(folder)
    facts = json.loads((place / "dataset.json").read_text(encoding="utf-8"))
    frame = pd.read_parquet(place / "prices" / f"{number:05d}.parquet")
    marks = pd.read_parquet(place / "benchmark.parquet")
    mic = facts["mic"] or None
    if facts["returns"]:
        prices = Prices.from_returns(frame, benchmark=marks, kind=facts["kind"], mic=mic)
    else:
        prices = Prices.from_frame(frame, benchmark=marks, mic=mic)
    return prices, normalise_events(pd.read_parquet(place / "events" / f"{number:05d}.parquet"), f"block {number}")


def save_partial(partial: Partial, path: Path) -> None:
    """Write the sums of a block as npz."""
    arrays: dict[str, Any] = {"dropped": partial.dropped, "events": np.array(partial.events)}
    arrays["names"] = np.array(sorted(partial.groups), dtype="U")
    for i, name in enumerate(sorted(partial.groups)):
        arrays |= {f"{i}/{key}": value for key, value in partial.groups[name].arrays().items()}
    with path.open("wb") as file:
        np.savez(file, **arrays)


def load_partial(path: Path) -> Partial:
    """Read what `save_partial` wrote."""
    with np.load(path, allow_pickle=False) as data:
        groups = {}
        for i, name in enumerate(data["names"].tolist()):
            prefix = f"{i}/"
            own = {key.removeprefix(prefix): data[key] for key in data.files if key.startswith(prefix)}
            groups[name] = Sums.from_arrays(own)
        return Partial(groups, data["dropped"], int(data["events"]))


def bytes_of(folder: str | Path) -> int:
    """Return how many bytes of parquet a run over the data set reads."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))


def _replace(path: Path, write: Callable[[Path], Any]) -> None:
    """Write beside `path` and rename: readers see the old file or the new one, never half of it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    write(beside)
    beside.replace(path)


def _stamp(task: Task) -> str:
    """Return the hash of everything that a block's sums depend on: study, plan, grouping, and the bytes of its files."""
    study = {**asdict(task.study), "model": str(task.study.model)}
    about = [FORMAT, study, asdict(task.plan), task.by]
    digest = hashlib.sha256(json.dumps(about, sort_keys=True, default=str).encode())
    place = Path(task.folder)
    names = [f"{part}/{task.number:05d}.parquet" for part in PARTS] + ["benchmark.parquet", "dataset.json"]
    for name in names:
        with (place / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _only_mic(prices: Prices) -> str:
    mics = set(prices.instruments["mic"].reindex(prices.tickers).fillna(""))
    if len(mics) > 1:
        raise SchemaError(f"a data set has one calendar, these prices have {sorted(mics)}; write one per exchange")
    return str(next(iter(mics), ""))
