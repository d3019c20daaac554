"""EventStudyTools, five car makers on 24 July 2017: what can be recomputed from its output of four decimals."""

from __future__ import annotations

from dataclasses import replace
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


# ---------------------------------------------------------------------------------------------------- its quirks


@pytest.fixture(scope="module")
def windows(folder: Path) -> pd.DataFrame:
    """Return the statistics of the window (-2, 2); pandas calls the second "Generalized Rank T" "Generalized Rank T.1"."""
    return pd.read_csv(folder / "caar_stats.csv").set_index("Grouping Variable")


def implied(row: pd.Series) -> tuple[float, float]:
    """Return the mean correlations that the adjusted Patell and the adjusted BMP columns of a row stand for."""
    n = row.get("N", row.get("Number of CARs considered"))
    patell = (row["Patell Z"] / row["Adjusted Patell Z"]) ** 2
    bmp = (row["StdCSect Z"] / row["Adjusted StdCSect Z"]) ** 2
    return (patell - 1) / (n - 1), (bmp - 1) / (bmp + n - 1)


def test_quirk_the_adjusted_columns_of_the_window_stand_for_two_correlations(
    theirs: pd.DataFrame, windows: pd.DataFrame, folder: Path
) -> None:
    daily = implied(theirs.loc[("VW Group", 0)])
    assert daily[0] == pytest.approx(daily[1], abs=1e-3)
    by_patell, by_bmp = implied(windows.loc["VW Group"])
    assert (by_patell, by_bmp) == (pytest.approx(0.290, abs=5e-4), pytest.approx(0.139, abs=5e-4))
    # One correlation makes both of ours: with the one that explains their Patell, our BMP is not theirs.
    sample = bare(values(folder, "t-value", "VW Group", 0))
    sample.memo["r", False] = by_patell
    patell = T["adjusted-patell"](sample).statistic / T["patell"](sample).statistic
    kp = T["kp"](sample).statistic / T["bmp"](sample).statistic
    row = windows.loc["VW Group"]
    assert row["Patell Z"] * patell == pytest.approx(row["Adjusted Patell Z"], abs=ROUNDING)
    assert abs(row["StdCSect Z"] * kp / row["Adjusted StdCSect Z"] - 1) > 0.1


@pytest.mark.parametrize("group", GROUPS)
def test_quirk_the_last_generalised_rank_t_of_the_window_is_the_z(group: str, windows: pd.DataFrame) -> None:
    row = windows.loc[group]
    n = int(row["Number of CARs considered"])
    t, z = row["Generalized Rank T"], row["Generalized Rank T.1"]
    total = (z * np.sqrt((DAYS - 1) / (12 * n * (DAYS + 1))) + 0.5) * n * (DAYS + 1)
    assert total == pytest.approx(round(total), abs=0.01)
    sample = with_rank_sum(round(total), n)
    assert T["grank-z"](sample).statistic == pytest.approx(z, abs=ROUNDING)
    assert abs(t / z - 1) > 0.15
    own = T["grank-t"](sample)
    assert own.df == DAYS - 2
    assert abs(own.statistic / z - 1) > 0.01


def test_quirk_the_t_of_the_car_has_no_forecast_error(folder: Path) -> None:
    theirs = pd.read_csv(folder / "car_results.csv")
    frame = pd.read_csv(folder / "ar_results.csv")
    ar = frame[[f"AR({t})" for t in range(-2, 3)]].to_numpy()
    t = frame[[f"t-value({t})" for t in range(-2, 3)]].to_numpy()
    best = np.abs(ar).argmax(axis=1)  # least touched by rounding
    sd = np.take_along_axis(ar / t, best[:, None], axis=1)[:, 0]
    plain = bare(theirs["CAR Value"])
    days = np.broadcast_to(plain.days, (5, 5))
    # At the least the mean of 250 days is estimated: L + L^2 / 250.
    root = np.full((5, 5, 1), 1 / np.sqrt(250))
    sample = replace(plain, window=(0, 4), ar=ar, s2=sd**2, days=days, root=root)
    np.testing.assert_allclose(sample.car, theirs["CAR Value"], atol=2.1e-4)
    without = T["car-t"](sample, prediction=False).statistic
    np.testing.assert_allclose(without, theirs["CAR t-test"], rtol=8e-3)  # inputs of two and three digits
    np.testing.assert_allclose(T["car-t"](sample).statistic, without / np.sqrt(1 + 5 / 250), rtol=1e-12)
