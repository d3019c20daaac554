"""A slice of the calibration table with fixed seeds: sizes near the reference, refusals where they must be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import table as table_script
from table import BAND, HERE, KEY, cell, cells, expected

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


def slice_of(key: tuple[str, int, int], effect: float = 0.0) -> pd.DataFrame:
    """Return the reference of one cell beside what a small simulation gives, by test."""
    rows = expected()
    for column, value in zip(KEY, (*key, effect), strict=True):
        rows = rows[rows[column] == value]
    return rows.merge(cell(*key, list(rows["test"]), REPLICATIONS, effect=effect), on="test").set_index("test")


def beyond(table: pd.DataFrame) -> pd.Series:
    """Return which tests lie further off than the band and the noise of so few replications allow."""
    share = table["rejected"] / 100
    noise = 100 * np.sqrt(np.maximum(share * (1 - share), 0.01) / REPLICATIONS)
    return (table["got"] - table["rejected"]).abs() > BAND + 3.5 * noise


@pytest.mark.parametrize("key", SLICE, ids=["-".join(map(str, k)) for k in SLICE])
def test_slice(key: tuple[str, int, int]) -> None:
    table = slice_of(key)
    assert not beyond(table).any(), table[beyond(table)]
    assert (table.loc[sorted(REFUSED[key] & set(table.index)), "refused"] > 0.8).all()
    assert (table.loc[sorted(KEPT[key] & set(table.index)), "refused"] < 0.3).all()


@pytest.mark.parametrize("length", [1, 3, 11])
def test_one_event(length: int) -> None:
    table = slice_of(("A", 1, length))
    assert not beyond(table).any(), table[beyond(table)]
    ranked = table.index.intersection(["sq", "sq-studentised", "sq-ewma"])
    assert (table.loc[ranked, "refused"] == float(length == 11)).all()
    assert (table.drop(ranked)["refused"] == 0).all()


def test_power() -> None:
    table = slice_of(("A", 20, 1), 0.01)
    assert not beyond(table).any(), table[beyond(table)]


def test_the_table_that_is_kept_was_made_by_this_script() -> None:
    text = (HERE / "TABLE.md").read_text(encoding="utf-8")
    assert "Made by `python tests/calibration/table.py" in text
    for name in expected()["test"].unique():
        assert f"| {name} | " in text


def test_the_real_prices_get_a_section(monkeypatch: pytest.MonkeyPatch, shared: Path) -> None:
    if not (shared / "prices" / "panels" / "us500_adjclose_2012_2020.csv.gz").is_file():
        pytest.skip("the panel of US shares is not on this machine")
    monkeypatch.setattr(table_script, "REAL", {"one date": 1})
    monkeypatch.setattr(table_script, "REAL_TESTS", ["kp", "bmp"])
    lines = table_script.real_prices(2)
    assert lines[1].startswith("## Size on real prices: random dates of 500 US shares")
    assert lines[5].startswith("| test | one date, N 5, 1 d | one date, N 20, 1 d |")
    assert [line.split(" | ")[0] for line in lines[-2:]] == ["| kp", "| bmp"]


def test_size_and_power_come_from_the_same_samples() -> None:
    both = cells("A", 4, 1, {0.0: ["bmp"], 0.5: ["bmp"]}, 30)
    assert both.set_index("effect")["got"].loc[0.5] > 90
    assert both[both["effect"] == 0].drop(columns="effect").reset_index(drop=True).equals(cell("A", 4, 1, ["bmp"], 30))


def test_the_script_writes_every_section(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = expected()
    few = rows[(rows["n"] == 5) & (rows["scenario"] == "A")]
    monkeypatch.setattr(table_script, "expected", lambda: few)
    monkeypatch.setattr(table_script, "HERE", tmp_path)
    table_script.main(20, 10)
    text = (tmp_path / "TABLE.md").read_text(encoding="utf-8")
    assert "20 (10 from 50 events on) replications per cell" in text
    assert "The research data are not on the machine that made this table." in text
    assert "## Size: differences to the reference, in points" in text
    assert "* Power: " in text
    for title in (
        "## Size, windows of 1 day",
        "## Size, windows of 11 days",
        "## Power against 1 % on day 0, windows of 1 day",
    ):
        assert title in text
