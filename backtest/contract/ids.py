"""Ids made from content: the same row gets the same id on every run and machine, so that two runs can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
#: A column as the place of every row's value among the distinct values (-1: none), and these; None: all hold the first.
Coded = tuple[Ints | None, list[Any]]


def content_ids(columns: Iterable[pd.Series]) -> np.ndarray:
    """Return an id of 16 hex digits per row (n,) object, the same on every run and machine for the same content."""
    pairs = [pd.factorize(column) for column in columns]
    return np.asarray(hexed(content_keys([(codes, values.tolist()) for codes, values in pairs])), dtype=object)


def content_keys(columns: Iterable[Coded]) -> NDArray[np.uint64]:
    """Return the number of which a row's id is made, (n,).

    Each column's distinct values are hashed once and mixed row by row (the finaliser of splitmix64): a hash of every row's
    text would cost more than the whole study.
    """
    key: np.ndarray | None = None
    for codes, values in columns:
        digests = b"".join([_digest(value) for value in values])
        table = np.append(np.frombuffer(digests, dtype=">u8").astype(np.uint64), np.uint64(0))
        part = table[:1] if codes is None else table[codes]
        key = part if key is None else key * np.uint64(0x9E3779B97F4A7C15) ^ part
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        key ^= key >> np.uint64(31)
    assert key is not None
    return np.asarray(key)


@lru_cache(maxsize=1 << 16, typed=True)
def _digest(value: Any) -> bytes:
    # Tickers and dates come again and again in a session.
    return hashlib.sha1(str(value).encode()).digest()[:8]


def hexed(key: NDArray[np.uint64]) -> Any:
    """Return 16 hex digits per number as an array of str; its text is laid down at once, not row by row."""
    import pyarrow as pa

    digits = key.astype(">u8").tobytes().hex().encode()
    ends = np.arange(0, 16 * len(key) + 1, 16, dtype=np.int64)
    text = pa.LargeStringArray.from_buffers(len(key), pa.py_buffer(ends), pa.py_buffer(digits))
    return pd.array(text, dtype="str")


def numbered(ids: np.ndarray) -> np.ndarray:
    """Return the ids with "-2", "-3" ... behind those that stood before: equal content may be two observations."""
    if len(set(ids.tolist())) == len(ids):
        return ids
    series = pd.Series(ids)
    repeated = series[series.duplicated(keep=False)]
    turn = repeated.groupby(repeated).cumcount()
    again = turn[turn > 0]
    out = ids.copy()
    out[again.index.to_numpy()] = repeated[again.index] + "-" + (again + 1).astype("str")
    return out
