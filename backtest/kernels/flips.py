"""Sums under random signs: tens of thousands of draws without a matrix of signs.

Eight signs are one random byte, and what eight scores add up to under each of the 256 patterns is worked out once (the
method of the four Russians): a draw is one look-up per eight scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.gather import chunks

F = NDArray[np.float64]

#: Draws at once: their look-ups stay in cache.
CHUNK = 512
_PATTERNS: F = np.asarray(1.0 - 2.0 * ((np.arange(256)[:, None] >> np.arange(8)[None, :]) & 1), dtype=np.float64)


def sign_sums(columns: F, draws: int, seed: int) -> F:
    """Return the sums (draws, k) of the rows of `columns` (n, k), each row's sign drawn anew for every draw.

    All k columns share the signs. The same seed gives the same signs.
    """
    n, k = columns.shape
    words = -(-n // 8)
    padded = np.zeros((words * 8, k))
    padded[:n] = columns
    tables = np.einsum("pb,wbk->kwp", _PATTERNS, padded.reshape(words, 8, k)).reshape(k, words * 256)
    rng = np.random.default_rng(seed)
    first = np.arange(words) * 256
    out = np.empty((draws, k))
    for part in chunks(draws, CHUNK):
        drawn = rng.integers(0, 256, (part.stop - part.start, words), dtype=np.uint8)
        at = drawn + first
        for column, table in enumerate(tables):
            out[part, column] = np.take(table, at).sum(axis=1)
    return out
