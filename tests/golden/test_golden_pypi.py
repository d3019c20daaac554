"""PyPI eventstudy: the same abnormal returns; its variance, degrees of freedom and estimation window are not ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import backtest as bt

MODELS = {"MM": "market", "FF3": "ff3", "CM": "constant-mean"}
CASES = ["AAPL_FF3_2013-03-04", "AAPL_MM_2007-01-09", "AAPL_FF3_2007-01-09", "MSFT_MM_2008-01-09", "AAPL_CM_2007-01-09"]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "golden" / "eventstudy_pypi"


@pytest.fixture(scope="module")
def reference(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "out_package.json").read_text())


def study(folder: Path, name: str, case: dict[str, Any]) -> bt.EventStudyResult:
    returns = pd.read_csv(folder / "input_returns.csv", parse_dates=["date"], index_col="date")
    factors = pd.read_csv(folder / "input_ff3_percent.csv", parse_dates=["date"], index_col="date") / 100
    asset, model, _ = name.split("_")
    market = factors["Mkt-RF"] + factors["RF"] if model == "FF3" else returns["SPY"]
    prices = bt.Prices.from_returns(
        returns[[asset]], benchmark=market.rename("market"), factors=factors.drop(columns="Mkt-RF")
    )
    events = pd.DataFrame({"asset": [asset], "event_time": [case["event_date"]]})
    spec = bt.EventStudy(event=tuple(case["window"]), estimation=tuple(case["estimation"]), model=MODELS[model])
    return spec.run(events, prices)


def test_every_case_is_compared(reference: dict[str, Any]) -> None:
    assert sorted(reference) == sorted(CASES)


@pytest.mark.parametrize("name", CASES)
def test_abnormal_returns_agree(name: str, folder: Path, reference: dict[str, Any]) -> None:
    case = reference[name]
    found = study(folder, name, case).abnormal_returns
    np.testing.assert_allclose(found["ar"], case["AR"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["car"], case["CAR"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", [c for c in CASES if "_CM_" not in c])
def test_quirk_variance_over_all_observations_and_no_forecast_error(
    name: str, folder: Path, reference: dict[str, Any]
) -> None:
    case, result = reference[name], study(folder, name, reference[name])
    e, sample = result.estimates, result.sample(tuple(case["window"]))
    theirs = float(case["var_AR"][0])
    assert e.s2[0] * e.df[0] / e.n_obs[0] == pytest.approx(theirs, rel=1e-9)  # SSR / M, ours SSR / (M - k)
    assert case["df"] == e.n_obs[0] - 1 > e.df[0]
    days = sample.length
    without = sample.car[0] / np.sqrt(theirs * days)
    assert without == pytest.approx(case["tstat"][-1], rel=1e-9)
    ours = bt.TESTS["car-t"](sample)
    assert abs(ours.statistic[0]) < abs(without)
    assert ours.pvalue[0] > case["pvalue"][-1]


def test_quirk_the_constant_mean_model_estimates_its_variance_on_the_event_too(
    folder: Path, reference: dict[str, Any]
) -> None:
    case = reference["AAPL_CM_2007-01-09"]
    result = study(folder, "AAPL_CM_2007-01-09", case)
    returns = pd.read_csv(folder / "input_returns.csv", parse_dates=["date"], index_col="date")["AAPL"]
    zero = returns.index.get_loc(pd.Timestamp("2007-01-09"))
    everything = returns.iloc[zero + case["estimation"][0] : zero + case["window"][1] + 1]
    clean = returns.iloc[zero + case["estimation"][0] : zero + case["estimation"][1] + 1]
    assert everything.var(ddof=0) == pytest.approx(case["var_AR"][0], rel=2e-2)
    assert clean.var(ddof=1) == pytest.approx(result.estimates.s2[0], rel=1e-12)
    assert result.estimates.s2[0] * 299 / 300 != pytest.approx(case["var_AR"][0], rel=1e-4)
