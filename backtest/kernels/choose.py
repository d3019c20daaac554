"""Which kernel to use for how many events: numpy, or the compiled one where it is installed and pays."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from backtest.kernels import single

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Fit = Callable[[F, F, tuple[Ints, Ints, Ints], slice, slice], single.Lines]

#: Events from which the compiled kernel is chosen: loading or compiling it takes a second or two.
COMPILED_FROM = 1_000_000
#: Events per call of the compiled kernel: their results take about 30 MB.
COMPILED_CHUNK = 1 << 17


@dataclass(frozen=True)
class Kernel:
    """A way to fit lines, how many events to give it at a time, and whether by security or by day."""

    fit: Fit
    chunk: int
    by_day: bool


NUMPY = Kernel(single.fit_lines, single.LINES_CHUNK, by_day=True)


def kernel_for(n: int) -> Kernel:
    """Return the kernel for n events: the compiled one from about a million on where numba is installed, else numpy."""
    return compiled() if n >= COMPILED_FROM and available() else NUMPY


def available() -> bool:
    """Return True where numba is installed (extra `fast`)."""
    return find_spec("numba") is not None


def compiled() -> Kernel:
    """Return the compiled kernel; ImportError where numba is not installed."""
    from backtest.kernels import fast

    return Kernel(fast.fit_lines, COMPILED_CHUNK, by_day=False)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
