"""The synthetic golden panel: 12 firms, 26 events with overlaps, a weekend date, holes, a late listing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import DroppedEventsWarning
from backtest.prices import Prices
from backtest.result import EventStudyResult
from backtest.study import EventStudy

FACTORS = ["SMB", "HML", "MOM", "RF"]
MODELS = ["market", "constant_mean", "market_adjusted", "carhart"]
WINDOWS = ["[0,0]", "[-1,1]", "[-5,5]"]


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "golden" / "synthetic" / "reference.json").read_text())["results"]


@pytest.fixture(scope="module")
def results(shared: Path) -> dict[str, EventStudyResult]:
    folder = shared / "golden" / "synthetic"
    returns = pd.read_csv(folder / "input_returns.csv", parse_dates=["date"], index_col="date")
    events = pd.read_csv(folder / "input_events.csv").rename(columns={"firm": "asset"})
    prices = Prices.from_returns(returns.drop(columns=FACTORS), benchmark="market", factors=returns[FACTORS])
    found = {}
    for name in MODELS:
        study = EventStudy(event=(-5, 5), estimation=(-250, -11), model=name.replace("_", "-"), min_obs=120)
        with pytest.warns(DroppedEventsWarning, match="1 of 26 events dropped"):
            found[name] = study.run(events, prices)
    return found


@pytest.mark.parametrize("name", MODELS)
def test_fits(name: str, results: dict[str, EventStudyResult], reference: dict[str, Any]) -> None:
    result, fits = results[name], reference[name]["fits"]
    assert list(result.events.index) == list(fits)
    e = result.estimates
    root = np.zeros(e.ar.shape) if e.root is None else (e.root**2).sum(axis=2)
    for i, fit in enumerate(fits.values()):
        assert e.n_obs[i] == fit["M"]
        assert e.df[i] == fit["df"]
        assert e.s2[i] == pytest.approx(fit["s2"], rel=1e-11)
        np.testing.assert_allclose(e.ar[i], np.array(fit["ar_evt"], dtype=float), atol=1e-14, rtol=0)
        np.testing.assert_allclose(1.0 + root[i], np.array(fit["C_evt"], dtype=float), rtol=1e-11)


@pytest.mark.parametrize("name", MODELS)
def test_exclusions(name: str, results: dict[str, EventStudyResult], reference: dict[str, Any]) -> None:
    dropped = results[name].dropped
    assert list(dropped["event_id"]) == list(reference[name]["excluded"])
    assert list(dropped["reason"]) == ["short-estimation"]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", MODELS)
def test_sample(name: str, window: str, results: dict[str, EventStudyResult], reference: dict[str, Any]) -> None:
    expected = reference[name]["stats"][window]
    first, last = json.loads(window)
    result = results[name]
    sample = result.sample((first, last))
    complete = result.ar.loc[:, first:last].notna().all(axis=1)
    assert list(result.events.index[complete]) == expected["events_used"]
    np.testing.assert_allclose(sample.car, expected["CAR"], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(sample.car_var, expected["CAR_var"], rtol=1e-9)
    np.testing.assert_allclose(sample.scar, expected["SCAR"], rtol=1e-9, atol=1e-13)


GROUP_TESTS = {"cross-sectional": "cross_sectional_t", "bmp": "bmp"}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("test", GROUP_TESTS)
def test_group_tests(
    test: str, name: str, window: str, results: dict[str, EventStudyResult], reference: dict[str, Any]
) -> None:
    expected = reference[name]["stats"][window]["tests"][GROUP_TESTS[test]]
    row = results[name].test(test, windows=[tuple(json.loads(window))]).iloc[0]
    assert row["statistic"] == pytest.approx(expected["stat"], rel=1e-9)
    assert row["pvalue"] == pytest.approx(expected["p"], rel=1e-9)
    if "N" in expected:
        assert row["n"] == expected["N"]
    if expected["df"] is not None:
        assert row["df"] == expected["df"]


SINGLE_TESTS = {"sq": "sq_rank_two"}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("test", SINGLE_TESTS)
def test_single_event_tests(
    test: str, name: str, window: str, results: dict[str, EventStudyResult], reference: dict[str, Any]
) -> None:
    expected = {k: v[SINGLE_TESTS[test]] for k, v in reference[name]["stats"][window]["single_event"].items()}
    rows = results[name].test(test, windows=[tuple(json.loads(window))]).set_index("event_id")
    got = rows.loc[rows["reason"] == "", "pvalue"].to_dict()
    assert got == pytest.approx(expected, rel=1e-9)
    assert set(rows.index) - set(expected) == set(rows.index[rows["reason"] == "missing day in the window"])


@pytest.mark.parametrize("window", WINDOWS)
def test_one_sided_sq(window: str, results: dict[str, EventStudyResult], reference: dict[str, Any]) -> None:
    expected = {k: v["sq_left"] for k, v in reference["market"]["stats"][window]["single_event"].items()}
    rows = results["market"].test("sq", windows=[tuple(json.loads(window))], side="left").set_index("event_id")
    assert rows["pvalue"].dropna().to_dict() == pytest.approx(expected, rel=1e-9)
