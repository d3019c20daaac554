"""A slice of the calibration table with fixed seeds: sizes near the reference, refusals where they must be."""

from __future__ import annotations

import numpy as np
import pytest
from table import BAND, cell, expected

REPLICATIONS = 300
SLICE = [("A", 5, 1), ("C", 20, 1), ("E", 20, 1), ("E", 20, 3)]
REFUSED = {
    ("A", 5, 1): {"bmp-normal", "grank-t", "corrado-zivney", "hall", "wilcoxon", "permutation"},
    ("C", 20, 1): {"patell", "bmp", "cross-sectional", "wilcoxon", "generalised-sign", "grank-z", "permutation"},
    ("E", 20, 1): {"kp", "adjusted-patell", "bmp", "patell"},
    ("E", 20, 3): {"kp", "grank-t", "corrado", "time-series", "bmp", "patell"},
}
KEPT = {
    ("A", 5, 1): {"kp-overlap", "bmp", "corrado", "time-series", "common-shift", "adjusted-patell"},
    ("C", 20, 1): {"kp-overlap", "kp", "adjusted-patell", "time-series", "corrado", "common-shift", "cz-sign"},
    ("E", 20, 1): {"kp-overlap", "common-shift", "calendar-time"},
    ("E", 20, 3): {"kp-overlap", "common-shift", "calendar-time"},
}


@pytest.mark.parametrize("key", SLICE, ids=["-".join(map(str, k)) for k in SLICE])
def test_slice(key: tuple[str, int, int]) -> None:
    reference = expected()
    rows = reference[(reference["scenario"] == key[0]) & (reference["n"] == key[1]) & (reference["length"] == key[2])]
    table = rows.merge(cell(*key, list(rows["test"]), REPLICATIONS), on="test").set_index("test")
    share = table["size"] / 100
    noise = 100 * np.sqrt(np.maximum(share * (1 - share), 0.01) / REPLICATIONS)
    beyond = (table["got"] - table["size"]).abs() > BAND + 3.5 * noise
    assert not beyond.any(), table[beyond]
    assert (table.loc[sorted(REFUSED[key] & set(table.index)), "refused"] > 0.8).all()
    assert (table.loc[sorted(KEPT[key] & set(table.index)), "refused"] < 0.3).all()
