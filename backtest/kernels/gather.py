"""Cut windows out of a security-major panel: contiguous slices, no index arithmetic per element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

F = NDArray[np.float64]
Ints = NDArray[np.int64]

CHUNK = 512


def pad(panel: F, before: int, after: int) -> F:
    """Return `panel` (n, T) with `before` and `after` columns of NaN added, so that a window may hang over either end.

    The panel itself, not a copy, where nothing is to be added.
    """
    if before == after == 0 and panel.flags.c_contiguous:
        return panel
    padded = np.full((panel.shape[0], before + panel.shape[1] + after), np.nan)
    padded[:, before : before + panel.shape[1]] = panel
    return padded


def gather(panel: NDArray[Any], rows: Ints, starts: Ints, length: int) -> NDArray[Any]:
    """Return the (n, length) block ``panel[rows[i], starts[i] : starts[i] + length]``.

    Parameters
    ----------
    panel : (securities, T), C-contiguous, any dtype.
    rows, starts : (n,) integers, every ``0 <= starts[i] <= T - length``.

    A new array of rows that are contiguous copies; NaN stay NaN. Raises IndexError where a window leaves the panel.
    """
    if starts.size and starts.min() < 0:
        raise IndexError("a window starts before the panel")
    if not panel.flags.c_contiguous or length > panel.shape[1]:
        return sliding_window_view(panel, length, axis=1)[rows, starts]
    # The same view made directly: the general function costs as much as gathering a small block.
    shape = (panel.shape[0], panel.shape[1] - length + 1, length)
    step, item = panel.strides
    return np.ndarray(shape, panel.dtype, panel, 0, (step, item, item))[rows, starts]


def chunks(n: int, size: int = CHUNK) -> Iterator[slice]:
    """Yield slices of at most `size` that cover ``range(n)`` in order."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))


def rolling_sums(values: F, length: int) -> F:
    """Return the sums of `length` neighbours along axis 1, (n, T) to (n, T - length + 1); a NaN makes its windows NaN.

    Each window is summed by itself: running sums would carry one bad value into every later window.
    """
    if length > values.shape[1]:
        return np.empty((values.shape[0], 0))
    return sliding_window_view(values, length, axis=1).sum(axis=-1)
