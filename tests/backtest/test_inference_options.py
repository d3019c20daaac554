"""Options of tests and models: a misspelt one is named, a good one does what it says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from panels import make_result

import backtest as bt
from backtest.errors import UnknownNameError

T = bt.TESTS
OPTIONS = {
    ("clustered", "by"): ("date", "asset", "both"),
    ("clustered", "on"): ("scar", "car"),
    ("wild-bootstrap", "by"): ("date", "asset", "event"),
    ("wild-bootstrap", "weights"): ("auto", "rademacher", "webb"),
    ("permutation", "on"): ("scar", "car"),
    ("wilcoxon", "on"): ("scar", "car"),
    ("generalised-sign", "share"): ("mean", "pooled"),
    ("calendar-time", "on"): ("ar", "returns"),
    ("calendar-time", "variance"): ("plain", "newey-west"),
    ("bmp", "p"): ("t", "normal"),
    ("bmp", "form"): ("scar", "sum"),
    ("kp", "form"): ("scar", "sum"),
    ("kp-overlap", "p"): ("t", "normal"),
    ("patell", "form"): ("scar", "sum"),
    ("adjusted-patell", "form"): ("scar", "sum"),
    ("johnson", "skew"): ("unbiased", "population"),
    ("hall", "skew"): ("unbiased", "population"),
    ("time-series", "form"): ("portfolio", "lamb", "independent"),
    ("corrado", "over"): ("event", "window"),
    ("corrado-zivney", "over"): ("event", "window"),
    ("cumrank", "over"): ("event", "window"),
    ("sq", "form"): ("rank", "ghk", "abs"),
}


@pytest.fixture(scope="module")
def result() -> bt.EventStudyResult:
    return make_result(14, seed=2)


@pytest.mark.parametrize(("test", "option"), OPTIONS)
def test_good_values_give_a_p_and_others_an_error(test: str, option: str, result: bt.EventStudyResult) -> None:
    sample = result.sample((0, 1))
    for value in OPTIONS[test, option]:
        p = np.atleast_1d(T[test](sample, **{option: value}).pvalue)
        assert ((p >= 0) & (p <= 1)).all(), (test, option, value)
    with pytest.raises(UnknownNameError, match=f"unknown {option} 'other'"):
        T[test](sample, **{option: "other"})


@pytest.mark.filterwarnings("ignore:inadvisable test computed as asked")
def test_an_option_goes_through_the_table(result: bt.EventStudyResult) -> None:
    table = result.test(
        partial(T["corrado"], over="window"), partial(T["grank-t"], clustered=True), "corrado", windows=[(0, 1)]
    )
    assert list(table["test"]) == ["corrado", "grank-t", "corrado"]
    assert table["statistic"].iloc[0] != table["statistic"].iloc[2]


def test_unknown_losses_and_shocks_of_models() -> None:
    r, f, g = np.zeros((1, 60)), np.zeros((1, 60, 2)), np.zeros((1, 2, 2))
    with pytest.raises(UnknownNameError, match="unknown loss 'hubert'; did you mean 'huber'"):
        bt.MODELS["market"](r, f, g, loss="hubert")
    with pytest.raises(UnknownNameError, match="unknown dist 'norm'; did you mean 'normal'"):
        bt.MODELS["garch"](r, f, g, dist="norm")


def test_signs_drawn_where_they_could_be_enumerated(result: bt.EventStudyResult) -> None:
    sample = make_result(5, seed=1).sample((0, 0))
    exact = T["permutation"](sample)
    drawn = T["permutation"](sample, enumerated=False, draws=4999)
    assert drawn.pvalue == pytest.approx(exact.pvalue, abs=0.03)
    # No data can do better than the draws that leave all signs alike, about two in 2^5.
    best = T["permutation"](replace(sample, ar=sample.ar + 5.0), enumerated=False, draws=4999)
    assert exact.p_min == 2 / 2**5
    assert drawn.p_min == best.pvalue == pytest.approx(2 / 2**5, abs=0.01)


@pytest.mark.parametrize("name", ["permutation", "wild-bootstrap", "sq", "common-shift", "max", "conformal"])
def test_no_p_lies_below_the_smallest_that_is_named(name: str) -> None:
    for n, seed in ((3, 1), (8, 2), (14, 3), (20, 4)):
        result = make_result(n, seed=seed)
        sample = result.sample((0, 0))
        for shift in (0.0, 0.05, 5.0):
            got = T[name](replace(sample, ar=sample.ar + shift))
            assert (np.atleast_1d(got.pvalue) >= np.atleast_1d(got.p_min) - 1e-15).all()
