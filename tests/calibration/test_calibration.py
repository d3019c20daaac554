"""A slice of the calibration table with fixed seeds: sizes near the reference, refusals where they must be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import placebo
import pytest
import ship
import table as table_script
from table import BAND, HERE, KEY, assemble, carry_out, cell, cells, compared, expected, plan

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


def test_the_real_prices_get_a_section(shared: Path) -> None:
    if not (shared / placebo.PANEL).is_file():
        pytest.skip("the panel of US shares is not on this machine")
    work = placebo.plan(3, shared)
    names = ["real-single-1-3", "real-one-date-5-1", "real-one-date-20-1"]
    found = {name: work[name]() for name in names}
    lines = placebo.section(found, 3)
    assert lines[1].startswith("## Size on real prices: random dates of 500 US shares")
    assert "3 draws per column" in lines[3]
    assert "| test | single, 3 d |" in lines
    assert "| test | one date, N 5 | one date, N 20 |" in lines
    # Where the reference has a number it stands beside; Wilcoxon on five events never rejects, and is refused.
    assert next(line for line in lines if line.startswith("| car-t ")).endswith("/5.9 |")
    assert next(line for line in lines if line.startswith("| wilcoxon ")).startswith("| wilcoxon | 0.0/0.0 (r) | ")
    assert next(line for line in lines if line.startswith("| calendar-time ")) == "| calendar-time |  |  |"


def test_real_sizes_are_summed_up() -> None:
    """Three cells with a reference (5.6, 5.2, 5.0 %), one of them far off; a refused one and an undefined one do not count."""
    frame = pd.DataFrame({
        "test": ["car-t", "sq", "sq-ewma", "conformal-block", "conformal"],
        "rejected": [0.056, 0.052, 0.094, 0.30, np.nan],
        "refused": [0.0, 0.0, 0.0, 1.0, 0.0],
    })  # fmt: skip
    text = "\n".join(placebo.section({"real-single-1-1": frame}, 2000))
    assert "Of 3 cells with a reference 67 % lie within 1.5 points" in text
    assert "What is offered: 3 cells, sizes from 5.2 to 9.4 %, 0 below 3.5 and 1 above 8." in text


def test_every_column_of_the_real_prices_has_a_name_of_its_own(shared: Path) -> None:
    keys = [key for keys in placebo.TABLES.values() for key in keys]
    assert len(keys) == len(set(keys)) == 3 + 2 * 9
    reference = pd.read_csv(HERE / "expected_real.csv")
    assert set(zip(reference["dates"], reference["n"], reference["length"], strict=True)) <= set(keys)
    assert set(reference["test"]) <= {*placebo.GROUP_TESTS, *placebo.SINGLE_TESTS}
    if (shared / placebo.PANEL).is_file():
        assert len(placebo.plan(2, shared)) == len(keys)
    assert placebo.plan(2, HERE) == {}


def test_size_and_power_come_from_the_same_samples() -> None:
    both = cells("A", 4, 1, {0.0: ["bmp"], 0.5: ["bmp"]}, 30)
    assert both.set_index("effect")["got"].loc[0.5] > 90
    assert both[both["effect"] == 0].drop(columns="effect").reset_index(drop=True).equals(cell("A", 4, 1, ["bmp"], 30))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Return a reference of four cells, and let the script know no other."""
    rows = expected()
    rows = rows[(rows["n"] == 5) & (rows["scenario"] == "A")]
    monkeypatch.setattr(table_script, "expected", lambda: rows)
    return rows


def test_the_script_writes_every_section(few: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(placebo, "plan", lambda draws: {})
    table_script.main(20, out=tmp_path / "TABLE.md")
    text = (tmp_path / "TABLE.md").read_text(encoding="utf-8")
    assert "\n20 replications per cell" in text
    assert "The research data are not on the machine that made this table." in text
    assert "## Size: differences to the reference, in points" in text
    assert "* Power: " in text
    assert "Made by `python tests/calibration/table.py 20`" in text
    for title in (
        "## Size, windows of 1 day",
        "## Size, windows of 11 days",
        "## Power against 1 % on day 0, windows of 1 day",
    ):
        assert title in text


def test_numbers_do_not_depend_on_the_processes_or_on_a_stop_between(few: pd.DataFrame, tmp_path: Path) -> None:
    work = plan(8)
    alone = {name: call() for name, call in work.items()}
    first = next(iter(work))
    alone[first].to_pickle(tmp_path / f"{first}.pkl")
    del work[first]
    assert carry_out(work, tmp_path, processes=1).keys() == work.keys()
    again = carry_out(plan(8), tmp_path, processes=2)
    assert assemble(again, 8) == assemble(alone, 8) == assemble(carry_out(plan(8), processes=2), 8)
    assert {file.stem for file in tmp_path.iterdir()} == set(alone)


def test_what_is_saved_is_taken_as_it_is(few: pd.DataFrame, tmp_path: Path) -> None:
    kept = carry_out(plan(5), processes=1)
    for name, frame in kept.items():
        frame.assign(got=77.0).to_pickle(tmp_path / f"{name}.pkl")
    assert all((frame["got"] == 77.0).all() for frame in carry_out(plan(5), tmp_path, processes=1).values())


def test_cells_far_from_the_reference_are_named(few: pd.DataFrame) -> None:
    """Cells that equal the reference but for one, which is twenty points off."""
    found = {
        f"A5-{length}": part[["effect", "test", "rejected"]].rename(columns={"rejected": "got"}).assign(refused=0.0)
        for length, part in few.groupby("length")
    }
    text = assemble(found, 2000)
    assert f"Beyond 1.5 points and two standard errors of the difference: 0 of {len(few)} cells.\n" in text
    frame = found["A5-3"]
    found["A5-3"] = frame.assign(got=frame["got"] + 20.0 * (frame["test"] == "patell"))
    text = assemble(found, 2000)
    assert f"1 of {len(few)} cells:\n\n* patell, A5, 3 d, size: 26.8 here, 6.8 in the reference\n" in text
    assert "| patell | 26.8/6.8** |" in text


def test_the_noise_of_a_difference(few: pd.DataFrame) -> None:
    found = {
        f"A5-{length}": part[["effect", "test"]].assign(got=5.0, refused=0.0) for length, part in few.groupby("length")
    }
    rows = compared(found, 2000).query("test == 'patell' and length == 1 and effect == 0").iloc[0]
    share = 0.059
    assert rows["difference"] == pytest.approx(5.0 - 5.9)
    assert rows["reference_noise"] == pytest.approx(100 * np.sqrt(share * (1 - share) / 3000))
    assert rows["noise"] == pytest.approx(100 * np.sqrt(share * (1 - share) * (1 / 3000 + 1 / 2000)))


def test_what_ships_is_read_from_the_table(few: pd.DataFrame) -> None:
    """`ship.py` reads the sizes and nothing else: neither power, nor real prices."""
    found = {
        f"A5-{length}": part[["effect", "test", "rejected"]].rename(columns={"rejected": "got"}).assign(refused=0.9)
        for length, part in few.groupby("length")
    }
    real = {"real-one-date-5-1": pd.DataFrame({"test": ["kp"], "rejected": [0.07], "refused": [0.0]})}
    sizes = ship.sizes(assemble({**found, **real}, 2000)).set_index(["test", "length"])["size"]
    reference = few[few["effect"] == 0].set_index(["test", "length"])["rejected"]
    assert sizes.to_dict() == reference.to_dict()
