"""EventStudyTools, five car makers on 24 July 2017: what can be recomputed from its output of four decimals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from samples import bare

import backtest as bt
from backtest.inference import Sample

T = bt.TESTS
GROUPS = {"VW Group": slice(0, 3), "Other": slice(3, 5)}
ROWS = [(group, day) for group in GROUPS for day in range(-2, 3)]
ROUNDING = 2e-4
DAYS = 251  # 250 estimation days and the event


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "golden" / "est_dieselgate"


@pytest.fixture(scope="module")
def theirs(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "aar_stats.csv").set_index(["group", "t"])


def values(folder: Path, what: str, group: str, day: int) -> np.ndarray:
    return pd.read_csv(folder / "ar_results.csv")[f"{what}({day})"].to_numpy()[GROUPS[group]]


@pytest.mark.parametrize(("group", "day"), ROWS)
def test_cross_sectional_t_of_the_rounded_mean(group: str, day: int, folder: Path, theirs: pd.DataFrame) -> None:
    ar, row = values(folder, "AR", group, day), theirs.loc[(group, day)]
    got = T["cross-sectional"](bare(ar))
    assert got.effect == pytest.approx(row["AAR"], abs=5.1e-5)
    assert got.statistic * row["AAR"] / got.effect == pytest.approx(row["Csect T"], abs=ROUNDING)


@pytest.mark.parametrize(("group", "day"), ROWS)
def test_skewness_adjusted_t(group: str, day: int, folder: Path, theirs: pd.DataFrame) -> None:
    got = T["hall"](bare(values(folder, "AR", group, day)))
    if group == "Other":  # two firms have no skewness; theirs is empty or -Inf
        assert got.reason == "skewness needs three events"
        assert not np.isfinite(theirs.loc[(group, day), "Skewness Corrected T"])
        return
    assert got.statistic == pytest.approx(theirs.loc[(group, day), "Skewness Corrected T"], abs=ROUNDING)


@pytest.mark.parametrize("day", range(-2, 3))
def test_standardised_cross_sectional_t(day: int, folder: Path, theirs: pd.DataFrame) -> None:
    got = T["bmp"](bare(values(folder, "t-value", "VW Group", day))).statistic
    assert got == pytest.approx(theirs.loc[("VW Group", day), "StdCSect Z"], rel=6e-4)  # inputs of four digits


@pytest.mark.parametrize(("group", "day"), ROWS)
def test_the_correlation_factors(group: str, day: int, theirs: pd.DataFrame, folder: Path) -> None:
    rows = theirs.loc[group]
    best = rows["Patell Z"].abs().idxmax()  # least touched by rounding
    n = int(rows["N"].iloc[0])
    r = ((rows.loc[best, "Patell Z"] / rows.loc[best, "Adjusted Patell Z"]) ** 2 - 1) / (n - 1)
    sample = bare(values(folder, "t-value", group, day))
    sample.memo["r", False] = r
    kp = T["kp"](sample).statistic / T["bmp"](sample).statistic
    patell = T["adjusted-patell"](sample).statistic / T["patell"](sample).statistic
    assert rows.loc[day, "StdCSect Z"] * kp == pytest.approx(rows.loc[day, "Adjusted StdCSect Z"], abs=5e-4)
    assert rows.loc[day, "Patell Z"] * patell == pytest.approx(rows.loc[day, "Adjusted Patell Z"], abs=ROUNDING)


def with_rank_sum(total: int, n: int) -> Sample:
    """Return n events whose SCARs hold ranks among 251 days that add up to `total`."""
    scar = np.arange(1.0, n + 1.0)
    own = scar / scar.std(ddof=1)
    ranks = np.full(n, total // n) + (np.arange(n) < total % n)
    rows = [
        np.concatenate([own[i] - np.arange(1.0, ranks[i]), own[i] + np.arange(1.0, DAYS - ranks[i] + 1)])
        for i in range(n)
    ]
    return bare(scar, residuals=rows)


@pytest.mark.parametrize(("group", "day"), ROWS)
def test_grank_z_comes_from_a_whole_rank_sum(group: str, day: int, theirs: pd.DataFrame) -> None:
    row = theirs.loc[(group, day)]
    n, z = int(row["N"]), row["Generalized Rank Z"]
    total = (z * np.sqrt((DAYS - 1) / (12 * n * (DAYS + 1))) + 0.5) * n * (DAYS + 1)
    assert total == pytest.approx(round(total), abs=0.01)
    assert T["grank-z"](with_rank_sum(round(total), n)).statistic == pytest.approx(z, abs=ROUNDING)
