"""Models against statsmodels and arch, on real returns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import backtest as bt


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "golden" / "models"


@pytest.fixture(scope="module")
def reference(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "out_models.json").read_text())


def test_the_market_model(folder: Path, reference: dict[str, Any]) -> None:
    frame = pd.read_csv(folder / "input_returns.csv")
    y, x = frame["AAPL"].to_numpy()[None], frame["SPY"].to_numpy()[None, :, None]
    got = bt.MODELS["market"](y, x, np.array(reference["prediction"]["x"])[None, :, None])
    assert [got.params["alpha"][0], got.params["beta"][0]] == pytest.approx(reference["params"], rel=1e-9)
    assert got.s2[0] == pytest.approx(reference["s2"], rel=1e-9)
    np.testing.assert_allclose(got.expected[0], reference["prediction"]["mean"], rtol=1e-9)
    se = np.sqrt(got.s2[0] * (1 + (got.root[0] ** 2).sum(axis=1)))
    np.testing.assert_allclose(se, reference["prediction"]["se_obs"], rtol=1e-9)


def test_scholes_williams_is_near_but_not_the_instrumental_form(folder: Path, reference: dict[str, Any]) -> None:
    frame = pd.read_csv(folder / "input_returns.csv")
    y, x = frame["AAPL"].to_numpy()[None], frame["SPY"].to_numpy()[None, :, None]
    beta = bt.MODELS["scholes-williams"](y, x, x[:, :1]).params["beta"][0]
    assert beta == pytest.approx(1.773, abs=5e-4)
    assert reference["sw_iv_beta"] == pytest.approx(1.791, abs=5e-4)


@pytest.mark.parametrize(("name", "key"), [("garch", "arch_garch11"), ("gjr", "arch_gjr"), ("egarch", "arch_egarch")])
def test_garch(name: str, key: str, folder: Path, reference: dict[str, Any]) -> None:
    pytest.importorskip("arch", reason="the extra garch is not installed")
    frame, expected = pd.read_csv(folder / "input_returns_garch.csv"), reference[key]
    y, x = frame["MSFT"].to_numpy()[None], frame["SPY"].to_numpy()[None, :, None]
    f = np.concatenate([x, np.zeros_like(x)], axis=2)
    g = np.stack([np.zeros(5), np.arange(1.0, 6.0)], axis=-1)[None]
    got = bt.MODELS[name](y, f, g)
    assert got.expected[0, 0] * 100 == pytest.approx(expected["params"]["Const"], abs=1e-7)
    volatility = 100 * np.sqrt(got.scale_est[0, -5:] * got.s2[0])
    np.testing.assert_allclose(volatility, expected["cond_vol_last5"], rtol=1e-6)
    if expected["forecast_var_h1to5"]:
        np.testing.assert_allclose(got.scale[0] * got.s2[0] * 1e4, expected["forecast_var_h1to5"], rtol=1e-6)
