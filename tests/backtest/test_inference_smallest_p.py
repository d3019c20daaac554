"""The smallest p that each row names is one that data can reach, and none falls below it: by trying all data there can be."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from panels import make_result
from scipy import stats

import backtest as bt
from backtest.inference import Sample

T = bt.TESTS
SIDES = ("two", "left", "right")


def short(n: int, seed: int = 4) -> Sample:
    """Return n events on day 0 with about twenty estimation days each."""
    return make_result(n, seed=seed, holes=0.0, event=(0, 0), estimation=(-25, -6), min_obs=5).sample((0, 0))


def with_day(sample: Sample, values: tuple[float, ...]) -> Sample:
    """Return the sample with these abnormal returns on day 0."""
    return replace(sample, ar=np.array(values)[:, None])


def places(sample: Sample, i: int) -> list[float]:
    """Return one value for each rank that the event's return can take among its residuals."""
    e = np.sort(sample.residuals.values[i])
    return [float(e[0] - 1.0), *((e[:-1] + e[1:]) / 2), float(e[-1] + 1.0)]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("name", ["corrado", "cumrank", "cz-sign"])
def test_ranks_by_every_place_that_an_event_can_take(name: str, n: int, side: str) -> None:
    sample = replace(short(n), side=side)
    tried = [T[name](with_day(sample, v)) for v in itertools.product(*(places(sample, i) for i in range(n)))]
    least = min(got.pvalue for got in tried)
    assert [got.p_min for got in tried] == pytest.approx([least] * len(tried), rel=1e-9)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", ["grank-t", "grank-z", "corrado-zivney"])
def test_standardised_ranks_end_where_all_events_move_alike(name: str, side: str) -> None:
    sample = replace(short(3), side=side)
    sd = np.sqrt(sample.car_var)
    # Equal but for a trifle: over their own standard deviation the events lie beyond all residuals.
    ends = [with_day(sample, tuple(sign * sd * np.array([5.0, 5.001, 5.002]))) for sign in (1.0, -1.0)]
    got = T[name](sample)
    assert got.p_min == pytest.approx(min(T[name](end).pvalue for end in ends), rel=1e-9)
    assert got.p_min > 0


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("n", [1, 3, 6])
def test_signs_by_all_signs(n: int, side: str) -> None:
    sample = replace(short(n), side=side)
    for name, options in (
        ("sign", {"exact": False}), ("sign", {"exact": True}), ("generalised-sign", {}),
        ("generalised-sign", {"exact": True}), ("generalised-sign", {"share": "pooled"}), ("wilcoxon", {}), ("permutation", {}),
    ):  # fmt: skip
        test = partial(T[name], **options)
        sizes = np.arange(1.0, n + 1.0)
        tried = [test(with_day(sample, tuple(sizes * s))) for s in itertools.product((1.0, -1.0), repeat=n)]
        least = min(got.pvalue for got in tried)
        assert [got.p_min for got in tried] == pytest.approx([least] * len(tried), rel=1e-12), (name, options)


@pytest.mark.parametrize("side", SIDES)
def test_the_normal_wilcoxon_ends_with_all_of_one_sign(side: str) -> None:
    sample = replace(make_result(30, seed=1, holes=0.0, event=(0, 0)).sample((0, 0)), side=side)
    w = 30 * 31 / 2
    z = (w / 2) / np.sqrt(30 * 31 * 61 / 24)
    assert T["wilcoxon"](sample).p_min == pytest.approx((2 if side == "two" else 1) * stats.norm.sf(z), rel=1e-9)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("weights", "n"), [("webb", 2), ("webb", 4), ("rademacher", 4), ("rademacher", 14)])
def test_the_wild_bootstrap_cannot_do_better_than_weights_that_are_all_alike(weights: str, n: int, side: str) -> None:
    sample = replace(make_result(n, seed=n, holes=0.0).sample((0, 0)), side=side)
    wild = partial(T["wild-bootstrap"], by="event", weights=weights, draws=4999)
    got = wild(sample)
    sd = np.sqrt(sample.car_var) * (-1.0 if side == "left" else 1.0)
    sd = sd * (1.0 + np.arange(n) / 50.0)  # nearly equal
    alike = replace(sample, ar=np.where(np.arange(sample.ar.shape[1]) == 3, sd[:, None], sample.ar))
    assert wild(alike).pvalue == got.p_min
    share = {"webb": 6 / 6**n, "rademacher": 2 / 2**n}[weights] / (1 if side == "two" else 2)
    assert got.p_min == pytest.approx(share, abs=4 * np.sqrt(share / 5000) + 2e-4)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", sorted(T))
def test_no_p_lies_below(name: str, side: str) -> None:
    for n, window in ((1, (0, 0)), (3, (0, 1)), (14, (0, 0))):
        sample = replace(make_result(n, seed=n + 2).sample(window), side=side)
        for shift in (0.0, 0.05, -5.0, 5.0):
            got = T[name](replace(sample, ar=sample.ar + shift))
            p, least = np.atleast_1d(got.pvalue), np.broadcast_to(got.p_min, np.shape(np.atleast_1d(got.pvalue)))
            have = np.isfinite(p)
            assert (p[have] >= least[have] * (1 - 1e-9)).all()
            assert (least[have] <= 1.0).all()


def test_ranks_of_many_events_allow_any_p() -> None:
    sample = make_result(60, seed=1, holes=0.0, event=(0, 0)).sample((0, 0))
    assert [T[name](sample).p_min for name in ("corrado", "cz-sign", "grank-t")] == [0.0, 0.0, 0.0]
