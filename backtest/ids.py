"""Ids made from content: the same row gets the same id on every run and machine, so that two runs can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd


def content_ids(columns: Iterable[pd.Series]) -> np.ndarray:
    """Return an id of 16 hex digits per row, the same on every run and machine for the same content.

    Each column's distinct values are hashed once and mixed row by row (the finaliser of splitmix64): a hash of every row's
    text would cost more than the whole study.
    """
    key: np.ndarray | None = None
    for column in columns:
        codes, values = pd.factorize(column)
        digests = b"".join([hashlib.sha1(str(v).encode()).digest()[:8] for v in values.tolist()])
        part = np.append(np.frombuffer(digests, dtype=">u8").astype(np.uint64), np.uint64(0))[codes]
        key = part if key is None else key * np.uint64(0x9E3779B97F4A7C15) ^ part
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        key ^= key >> np.uint64(31)
    assert key is not None
    digits = key.astype(">u8").tobytes().hex()
    return np.array([digits[at : at + 16] for at in range(0, len(digits), 16)], dtype=object)


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
