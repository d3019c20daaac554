"""The synthetic golden panel: 12 firms, 26 events with overlaps, a weekend date, holes, a late listing."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.errors import DroppedEventsWarning

FACTORS = ["SMB", "HML", "MOM", "RF"]
MODELS = ["market", "constant_mean", "market_adjusted", "carhart"]
WINDOWS = ["[0,0]", "[-1,1]", "[-5,5]"]


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "golden" / "synthetic" / "reference.json").read_text())["results"]


@pytest.fixture(scope="module")
def results(shared: Path) -> dict[str, bt.EventStudyResult]:
    folder = shared / "golden" / "synthetic"
    returns = pd.read_csv(folder / "input_returns.csv", parse_dates=["date"], index_col="date")
    events = pd.read_csv(folder / "input_events.csv").rename(columns={"firm": "asset"})
    prices = bt.Prices.from_returns(returns.drop(columns=FACTORS), benchmark="market", factors=returns[FACTORS])
    found = {}
    for name in MODELS:
        study = bt.EventStudy(event=(-5, 5), estimation=(-250, -11), model=name.replace("_", "-"), min_obs=120)
        with pytest.warns(DroppedEventsWarning, match="1 of 26 events dropped"):
            found[name] = study.run(events, prices)
    return found


@pytest.mark.parametrize("name", MODELS)
def test_fits(name: str, results: dict[str, bt.EventStudyResult], reference: dict[str, Any]) -> None:
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
def test_exclusions(name: str, results: dict[str, bt.EventStudyResult], reference: dict[str, Any]) -> None:
    dropped = results[name].dropped
    assert list(dropped["event_id"]) == list(reference[name]["excluded"])
    assert list(dropped["reason"]) == ["short-estimation"]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", MODELS)
def test_sample(name: str, window: str, results: dict[str, bt.EventStudyResult], reference: dict[str, Any]) -> None:
    expected = reference[name]["stats"][window]
    first, last = json.loads(window)
    result = results[name]
    sample = result.sample((first, last))
    complete = result.ar.loc[:, first:last].notna().all(axis=1)
    assert list(result.events.index[complete]) == expected["events_used"]
    np.testing.assert_allclose(sample.car, expected["CAR"], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(sample.car_var, expected["CAR_var"], rtol=1e-9)
    np.testing.assert_allclose(sample.scar, expected["SCAR"], rtol=1e-9, atol=1e-13)


T = bt.TESTS
GROUP_TESTS = {
    "cross_sectional_t": T["cross-sectional"],
    "time_series_t": T["time-series"],
    "patell_scar": T["patell"],
    "patell_sum": partial(T["patell"], form="sum"),
    "bmp": T["bmp"],
    "adj_patell_same_date": T["adjusted-patell"],
    "adj_patell_overlap": partial(T["adjusted-patell"], overlap=True),
    "kp_bmp_same_date": T["kp"],
    "kp_bmp_overlap": T["kp-overlap"],
    "generalized_sign": T["generalised-sign"],
    "generalized_sign_pooled": partial(T["generalised-sign"], share="pooled"),
    "sign": partial(T["sign"], exact=False),
    "cz_sign": T["cz-sign"],
    "wilcoxon_CAR": T["wilcoxon"],
    "wilcoxon_SCAR": partial(T["wilcoxon"], on="scar"),
    "skew_t_hall": T["hall"],
    "skew_t_johnson": T["johnson"],
    "cumrank_z": T["cumrank"],
    "corrado_U": T["corrado"],
    "corrado_zivney_full": T["corrado-zivney"],
    "calendar_time_t": T["calendar-time"],
    "calendar_time_std": T["calendar-time-std"],
    "grank_t": T["grank-t"],
    "grank_z": T["grank-z"],
    "sq_portfolio_stud": T["common-shift"],
    "cluster_mean_t_scar": T["clustered"],
}


def test_every_test_of_the_reference_is_compared(reference: dict[str, Any]) -> None:
    for model in reference.values():
        for window in model["stats"].values():
            assert set(window["tests"]) <= set(GROUP_TESTS)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("test", GROUP_TESTS)
def test_group_tests(
    test: str, name: str, window: str, results: dict[str, bt.EventStudyResult], reference: dict[str, Any]
) -> None:
    table = reference[name]["stats"][window]["tests"]
    if test not in table:
        assert (test, window) in {("cz_sign", "[-1,1]"), ("cz_sign", "[-5,5]")}  # the reference has it for day 0 alone
        return
    expected = table[test]
    got = GROUP_TESTS[test](results[name].sample(tuple(json.loads(window))))
    assert got.statistic == pytest.approx(expected["stat"], rel=1e-9)
    assert got.pvalue == pytest.approx(expected["p"], rel=1e-8)
    if expected.get("df") is not None:
        assert got.df == expected["df"]
    if "rbar" in expected:
        assert got.r_bar == pytest.approx(expected["rbar"], rel=1e-9)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", MODELS)
def test_exact_sign_tests(
    name: str, window: str, results: dict[str, bt.EventStudyResult], reference: dict[str, Any]
) -> None:
    table = reference[name]["stats"][window]["tests"]
    sample = results[name].sample(tuple(json.loads(window)))
    assert T["sign"](sample).pvalue == pytest.approx(table["sign"]["p_exact"], rel=1e-9)
    general = T["generalised-sign"](sample, exact=True)
    assert general.pvalue == pytest.approx(table["generalized_sign"]["p_exact"], rel=1e-9)


SINGLE_TESTS = {"t": "car-t", "sq_rank_two": "sq", "sq_stud_two": "sq-studentised", "max_abs_sar_perm_p": "max"}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("key", SINGLE_TESTS)
def test_single_event_tests(
    key: str, name: str, window: str, results: dict[str, bt.EventStudyResult], reference: dict[str, Any]
) -> None:
    events = reference[name]["stats"][window]["single_event"]
    got = T[SINGLE_TESTS[key]](results[name].sample(tuple(json.loads(window))))
    if key == "t":
        np.testing.assert_allclose(got.statistic, [e["t"] for e in events.values()], rtol=1e-9)
    expected = [e["p" if key == "t" else key] for e in events.values()]
    np.testing.assert_allclose(got.pvalue, expected, rtol=1e-9)


@pytest.mark.parametrize("window", WINDOWS)
def test_one_sided_sq(window: str, results: dict[str, bt.EventStudyResult], reference: dict[str, Any]) -> None:
    expected = {k: v["sq_left"] for k, v in reference["market"]["stats"][window]["single_event"].items()}
    rows = results["market"].test("sq", windows=[tuple(json.loads(window))], side="left").set_index("event_id")
    assert rows["pvalue"].dropna().to_dict() == pytest.approx(expected, rel=1e-9)
