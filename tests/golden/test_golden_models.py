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


GARCH = {"garch": "arch_garch11", "gjr": "arch_gjr", "egarch": "arch_egarch", "garch-t": "arch_garch11_t"}
NAMES = {"Const": "alpha", "SPY": "beta"}
UNIT = {"Const": 100.0, "omega": 1e4}


def garch_of(name: str, folder: Path) -> bt.models.NormalReturns:
    pytest.importorskip("arch", reason="the extra garch is not installed")
    frame = pd.read_csv(folder / "input_returns_garch.csv")
    y, x = frame["MSFT"].to_numpy()[None], frame["SPY"].to_numpy()[None, :, None]
    f = np.concatenate([x, np.zeros_like(x)], axis=2)
    g = np.stack([np.zeros(5), np.arange(1.0, 6.0)], axis=-1)[None]
    model = bt.MODELS[name.removesuffix("-t")]
    return model(y, f, g, dist="t") if name.endswith("-t") else model(y, f, g)


@pytest.mark.parametrize("name", GARCH)
def test_garch_parameters(name: str, folder: Path, reference: dict[str, Any]) -> None:
    got, expected = garch_of(name, folder), reference[GARCH[name]]
    assert got.params is not None
    assert len(got.params) == len(expected["params"])
    for key, value in expected["params"].items():
        ours = got.params[NAMES.get(key, key)][0] * UNIT.get(key, 1.0)
        # With Student's t the reference itself stopped 5e-7 short of the maximum: see the next test.
        accuracy = 6e-7 if name == "garch-t" else 1e-7
        assert ours == pytest.approx(value, rel=accuracy, abs=accuracy)


@pytest.mark.parametrize("name", GARCH)
def test_at_our_parameters_the_gradient_vanishes_and_at_the_references_it_does_not(
    name: str, folder: Path, reference: dict[str, Any]
) -> None:
    from backtest.models.likelihood import Garch

    got, theirs = garch_of(name, folder), reference[GARCH[name]]["params"]
    frame = 100 * pd.read_csv(folder / "input_returns_garch.csv")[["MSFT", "SPY"]].to_numpy()
    likelihood = Garch(*frame.T, name == "egarch", name in ("gjr", "egarch"), name.endswith("-t"))
    ours = [got.params[NAMES.get(key, key)][0] * UNIT.get(key, 1.0) for key in theirs]  # type: ignore[index]
    points = np.array([ours, list(theirs.values())])
    slope = np.abs(likelihood.score(points)).max(axis=1)
    assert slope[0] < 1e-9
    assert slope[1] > 5e-5
    value = likelihood.log_likelihood(points.astype(complex)).real
    assert value[1] == pytest.approx(reference[GARCH[name]]["loglik"], rel=1e-13)
    assert value[0] >= value[1] - 1e-11


@pytest.mark.parametrize("name", GARCH)
def test_garch_variances(name: str, folder: Path, reference: dict[str, Any]) -> None:
    got, expected = garch_of(name, folder), reference[GARCH[name]]
    volatility = 100 * np.sqrt(got.scale_est[0, -5:] * got.s2[0])
    # What is left are the reference's own errors of up to 2e-6 in its parameters.
    accuracy = 5e-7 if name == "garch-t" else 1e-7
    np.testing.assert_allclose(volatility, expected["cond_vol_last5"], rtol=accuracy)
    if expected["forecast_var_h1to5"]:
        np.testing.assert_allclose(got.scale[0] * got.s2[0] * 1e4, expected["forecast_var_h1to5"], rtol=2 * accuracy)


@pytest.mark.parametrize("name", ["garch", "gjr", "garch-t"])
def test_the_forecasts_from_the_references_own_parameters(name: str, folder: Path, reference: dict[str, Any]) -> None:
    from backtest.models.volatility import forecasts

    theirs = reference[GARCH[name]]
    frame = 100 * pd.read_csv(folder / "input_returns_garch.csv")[["MSFT", "SPY"]]
    params = theirs["params"]
    last = frame["MSFT"].iloc[-1] - params["Const"] - params["SPY"] * frame["SPY"].iloc[-1]
    got = forecasts(params, "GARCH", theirs["cond_vol_last5"][-1] ** 2, last, 5)
    np.testing.assert_allclose(got, theirs["forecast_var_h1to5"], rtol=1e-12)
