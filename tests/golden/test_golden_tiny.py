"""Three events in exact rational arithmetic: agreement to the last digits."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.result import EventStudyResult
from backtest.study import EventStudy

WINDOWS = {"0": (0, 0), "0_2": (0, 2)}


@pytest.fixture(scope="module")
def tiny(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "golden" / "tiny" / "tiny.json").read_text())


@pytest.fixture(scope="module")
def result(tiny: dict[str, Any]) -> EventStudyResult:
    index = pd.bdate_range("2020-01-01", periods=len(tiny["market"]))
    returns = pd.DataFrame(np.array(tiny["returns"]).T, index=index, columns=["A", "B", "C"])
    events = pd.DataFrame({"event_id": list("abc"), "asset": list("ABC"), "event_time": index[tiny["pos0"]]})
    prices = Prices.from_returns(returns, benchmark=pd.Series(tiny["market"], index=index, name="M"))
    return EventStudy(event=tuple(tiny["evt"]), estimation=tuple(tiny["est"])).run(events, prices)


def test_fits(tiny: dict[str, Any], result: EventStudyResult) -> None:
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
def test_scar(key: str, tiny: dict[str, Any], result: EventStudyResult) -> None:
    sample = result.sample(WINDOWS[key])
    np.testing.assert_allclose(sample.scar, tiny["expected"][f"scar_{key}"], rtol=1e-12)
    assert sample.car.mean() == pytest.approx(tiny["expected"][f"aar_or_caar_{key}"], rel=1e-12)


GROUP_TESTS = {"cross-sectional": "cs_t", "bmp": "bmp"}


@pytest.mark.parametrize("key", WINDOWS)
@pytest.mark.parametrize("test", GROUP_TESTS)
def test_group_tests(test: str, key: str, tiny: dict[str, Any], result: EventStudyResult) -> None:
    row = result.test(test, windows=[WINDOWS[key]]).iloc[0]
    assert row["statistic"] == pytest.approx(tiny["expected"][f"{GROUP_TESTS[test]}_{key}"], rel=1e-12)


@pytest.mark.parametrize("key", WINDOWS)
def test_sq(key: str, tiny: dict[str, Any], result: EventStudyResult) -> None:
    rows = result.test("sq", windows=[WINDOWS[key]], side="right")
    np.testing.assert_allclose(rows["pvalue"], tiny["expected"][f"sq_right_rank_{key}"], rtol=1e-12)
