"""Who runs the blocks: this process, its threads, or the workers of a Dask cluster."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TextIO

from backtest.engine.partial import Partial
from backtest.registry import lookup

Blocks = Sequence[tuple[Any, ...]]
Progress = Callable[[int, int], None] | None


def in_process(function: Callable[..., Partial], blocks: Blocks, progress: Progress = None) -> Iterator[Partial]:
    """Run the blocks one after the other."""
    yield from _counted((function(*block) for block in blocks), len(blocks), progress)


def threads(function: Callable[..., Partial], blocks: Blocks, progress: Progress = None) -> Iterator[Partial]:
    """Run the blocks in as many threads as there are processors; numpy releases the interpreter for most of the work."""
    from backtest.kernels.choose import cores

    with ThreadPoolExecutor(cores()) as pool:
        yield from _counted(pool.map(lambda block: function(*block), blocks), len(blocks), progress)


def on_client(client: Any) -> Callable[..., Iterator[Partial]]:
    """Return an executor on a Dask client; what a lost worker was doing is done again by another."""

    def run(function: Callable[..., Partial], blocks: Blocks, progress: Progress = None) -> Iterator[Partial]:
        # Impure keys: equal blocks are blocks of their own. Workers run one thread of BLAS each in any case.
        futures = [client.submit(function, *block, pure=False) for block in blocks]
        yield from _counted((future.result() for future in futures), len(blocks), progress)

    return run


def _counted(partials: Iterable[Partial], total: int, progress: Progress) -> Iterator[Partial]:
    for done, partial in enumerate(partials, 1):
        if progress is not None:
            progress(done, total)
        yield partial


def bar(stream: TextIO | None = None, width: int = 30) -> Callable[[int, int], None]:
    """Return a progress function that draws a bar of the finished blocks on `stream` (None: standard error).

    On a terminal the bar is drawn over itself; elsewhere nothing is written but the last line.
    """
    start = time.monotonic()

    def draw(done: int, total: int) -> None:
        out = sys.stderr if stream is None else stream
        last, spent = done >= total, time.monotonic() - start
        if not (last or out.isatty()):
            return
        left = "" if last else f", {spent / max(done, 1) * (total - done):.0f} s left"
        filled = width * done // max(total, 1)
        line = f"[{'#' * filled}{'.' * (width - filled)}] {done}/{total} blocks, {spent:.0f} s{left}"
        out.write(("\r" if out.isatty() else "") + f"{line:<{width + 45}}" + ("\n" if last else ""))
        out.flush()

    return draw


EXECUTORS: dict[str, Callable[..., Iterator[Partial]]] = {"in-process": in_process, "threads": threads}


def executor(engine: str | Any) -> Callable[..., Iterator[Partial]]:
    """Return the executor of that name, or one on the Dask client that was handed over."""
    return on_client(engine) if hasattr(engine, "submit") else lookup(engine, EXECUTORS, "engine")
