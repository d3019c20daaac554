"""Clustered mean of 2,340 monthly abnormal returns, against R crseEventStudy."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from samples import bare

import backtest as bt
from backtest.inference import Sample, pvalues

T = bt.TESTS
CLUSTERS = {"date": ("t.val.one.clustered", "p.val.one.clustered", "var.cl1"), "asset": ("tcl2", "pcl2", "var.cl2")}


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "golden" / "crse_longhorizon" / "out_crseEvent.json").read_text())


@pytest.fixture(scope="module")
def sample(shared: Path) -> Sample:
    frame = pd.read_csv(shared / "golden" / "crse_longhorizon" / "input_abnormal_returns.csv")
    return bare(frame["ars"], days=pd.factorize(frame["date"])[0], asset=pd.factorize(frame["code"])[0])


def test_the_plain_t(sample: Sample, reference: dict[str, Any]) -> None:
    got = T["cross-sectional"](sample)
    assert got.effect == pytest.approx(reference["mean.abnormal.ret"], rel=1e-9)
    assert got.statistic == pytest.approx(reference["t.val.nonclustered"], rel=1e-9)
    assert got.pvalue == pytest.approx(reference["p.val.nonclustered"], rel=1e-9)


@pytest.mark.parametrize("by", CLUSTERS)
def test_one_way_clusters(by: str, sample: Sample, reference: dict[str, Any]) -> None:
    statistic, p, variance = (reference[key] for key in CLUSTERS[by])
    got = partial(T["clustered"], by=by, on="car")(sample)
    assert got.statistic == pytest.approx(statistic, rel=1e-9)
    assert got.se**2 == pytest.approx(variance, rel=1e-9)
    groups = reference["unique.cl1" if by == "date" else "unique.cl2"]
    assert got.df == groups - 1
    # The package takes t(G); with G clusters there are G - 1 degrees of freedom.
    assert pvalues.student(statistic, groups) == pytest.approx(p, rel=1e-9)
    assert got.pvalue > p


def test_two_way_clusters(sample: Sample, reference: dict[str, Any]) -> None:
    got = partial(T["clustered"], by="both", on="car")(sample)
    assert got.statistic == pytest.approx(reference["tcl12"], rel=1e-9)
    assert got.se**2 == pytest.approx(reference["var.cl12"], rel=1e-9)
    assert got.df == 34
    assert pvalues.student(reference["tcl12"], 35) == pytest.approx(reference["pcl12"], rel=1e-9)
    np.testing.assert_allclose(partial(T["clustered"], by="both")(sample).statistic, got.statistic, rtol=1e-12)
