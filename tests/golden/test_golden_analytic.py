"""Exact cases: the power formula behind MacKinlay 1997 table 2, signed ranks, the binomial."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from samples import bare

import backtest as bt
from backtest.inference.power import z_power
from backtest.inference.signs import binomial_p

T = bt.TESTS


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "golden" / "analytic" / "analytic.json").read_text())


def test_power(reference: dict[str, Any]) -> None:
    for name, row in reference["mackinlay_table2_formula"].items():
        effect, sigma = (float(part.split("=")[1]) for part in name.split(","))
        got = z_power(effect, sigma, np.array([int(n) for n in row]))
        assert np.round(got, 2) == pytest.approx(list(row.values()), abs=1e-9)


def test_wilcoxon(reference: dict[str, Any]) -> None:
    case, plus = reference["wilcoxon"][0], reference["wplus"]
    got = T["wilcoxon"](bare(case["x"]))
    n = len(case["x"])
    assert (got.statistic, got.pvalue) == (plus["stat"], pytest.approx(plus["p"], rel=1e-8))
    assert min(got.statistic, n * (n + 1) / 2 - got.statistic) == case["stat"]
    assert got.pvalue == pytest.approx(case["p"], rel=1e-8)


def test_binomial(reference: dict[str, Any]) -> None:
    case = reference["binom"]
    assert binomial_p(case["n"], case["w"], case["p"], "two") == pytest.approx(case["p_two"], rel=1e-9)


def test_sign(reference: dict[str, Any]) -> None:
    got = partial(T["sign"], exact=True)(bare(reference["wilcoxon"][0]["x"]))
    assert got.pvalue == pytest.approx(2 * (1 + 7 + 21) / 128, rel=1e-12)  # five of seven are positive
