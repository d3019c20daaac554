"""Three events in exact rational arithmetic: agreement to the last digits."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.inference.dependence import mean_correlation

WINDOWS = {"0": (0, 0), "0_2": (0, 2)}


@pytest.fixture(scope="module")
def tiny(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "golden" / "tiny" / "tiny.json").read_text())


@pytest.fixture(scope="module")
def result(tiny: dict[str, Any]) -> bt.EventStudyResult:
    index = pd.bdate_range("2020-01-01", periods=len(tiny["market"]))
    returns = pd.DataFrame(np.array(tiny["returns"]).T, index=index, columns=["A", "B", "C"])
    events = pd.DataFrame({"event_id": list("abc"), "asset": list("ABC"), "event_time": index[tiny["pos0"]]})
    prices = bt.Prices.from_returns(returns, benchmark=pd.Series(tiny["market"], index=index, name="M"))
    return bt.EventStudy(event=tuple(tiny["evt"]), estimation=tuple(tiny["est"])).run(events, prices)


def test_fits(tiny: dict[str, Any], result: bt.EventStudyResult) -> None:
    def exact(values: list[str]) -> list[float]:
        return [float(Fraction(v)) for v in values]

    sample = result.sample((0, 0))
    residuals = sample.residuals.values
    for i, firm in enumerate(tiny["firms"]):
        assert sample.s2[i] == pytest.approx(float(Fraction(firm["s2"])), rel=1e-12)
        np.testing.assert_allclose(sample.ar[i], exact(firm["ar_evt"]), rtol=1e-12)
        np.testing.assert_allclose(residuals[i], exact(firm["ar_est"]), rtol=1e-11, atol=1e-17)
        np.testing.assert_allclose(sample.variance_factor[i], exact(firm["C"]), rtol=1e-12)


@pytest.mark.parametrize("key", WINDOWS)
def test_scar(key: str, tiny: dict[str, Any], result: bt.EventStudyResult) -> None:
    sample = result.sample(WINDOWS[key])
    np.testing.assert_allclose(sample.scar, tiny["expected"][f"scar_{key}"], rtol=1e-12)
    assert sample.car.mean() == pytest.approx(tiny["expected"][f"aar_or_caar_{key}"], rel=1e-12)


T = bt.TESTS
GROUP_TESTS = {
    "cs_t": T["cross-sectional"],
    "patell": T["patell"],
    "patell_sum": partial(T["patell"], form="sum"),
    "bmp": T["bmp"],
    "ts_t": T["time-series"],
    "adj_patell": partial(T["adjusted-patell"], rbar_floor=None),
    "kp_bmp": partial(T["kp"], rbar_floor=None),
    "grank_t": T["grank-t"],
    "grank_z": T["grank-z"],
    "corrado": T["corrado"],
    "cumrank_z": T["cumrank"],
    "gsign": T["generalised-sign"],
    "skew_hall": T["hall"],
    "skew_johnson": T["johnson"],
}


@pytest.mark.parametrize("key", WINDOWS)
@pytest.mark.parametrize("test", GROUP_TESTS)
def test_group_tests(test: str, key: str, tiny: dict[str, Any], result: bt.EventStudyResult) -> None:
    got = GROUP_TESTS[test](result.sample(WINDOWS[key]))
    assert got.statistic == pytest.approx(tiny["expected"][f"{test}_{key}"], rel=1e-12)


def test_the_sign_test_against_the_median(tiny: dict[str, Any], result: bt.EventStudyResult) -> None:
    got = T["cz-sign"](result.sample((0, 0)))
    assert got.statistic == pytest.approx(tiny["expected"]["cz_sign_0"], rel=1e-12)


def test_mean_correlation(tiny: dict[str, Any], result: bt.EventStudyResult) -> None:
    assert mean_correlation(result.sample((0, 0))) == pytest.approx(tiny["expected"]["rbar"], rel=1e-12)
    assert mean_correlation(result.sample((0, 0)), overlap=False) == pytest.approx(tiny["expected"]["rbar"], rel=1e-12)


def test_a_negative_mean_correlation_is_floored_at_zero_by_default(result: bt.EventStudyResult) -> None:
    sample = result.sample((0, 0))
    assert T["kp"](sample).statistic == pytest.approx(T["bmp"](sample).statistic, rel=1e-14)
    assert T["kp"](sample).r_bar == 0.0


@pytest.mark.parametrize("key", WINDOWS)
def test_single_event_tests(key: str, tiny: dict[str, Any], result: bt.EventStudyResult) -> None:
    expected = tiny["expected"]
    right = T["sq"](replace(result.sample(WINDOWS[key]), side="right"))
    np.testing.assert_allclose(right.pvalue, expected[f"sq_right_rank_{key}"], rtol=1e-12)
    np.testing.assert_allclose(T["car-t"](result.sample(WINDOWS[key])).statistic, expected[f"car_t_{key}"], rtol=1e-12)
