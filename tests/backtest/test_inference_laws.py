"""Laws that hold whatever the numbers are: order, sign, scale, a constant added, log returns that add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panels import make_result

import backtest as bt
from backtest.inference import Sample

T = bt.TESTS
DAYS = pd.bdate_range("2019-01-01", periods=160)
EVENTS = 9


def permuted(sample: Sample, order: np.ndarray) -> Sample:
    source = sample.source
    fields = {name: getattr(sample, name)[order] for name in ("ar", "s2", "df", "n_obs", "days", "asset")}
    root = None if sample.root is None else sample.root[order]
    return replace(sample, **fields, root=root, source=lambda part: source(order[part]), observed=None)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(EVENTS)))
def test_the_order_of_events_changes_no_test(seed: int, order: list[int]) -> None:
    sample = make_result(EVENTS, seed=seed % 5, spread=12).sample((0, 1))
    at = np.argsort(np.argsort(order))[: sample.n]
    at = np.argsort(np.argsort(at))
    mixed = permuted(sample, at)
    for name, test in T.items():
        one, two = test(sample), test(mixed)
        p, q = np.atleast_1d(one.pvalue), np.atleast_1d(two.pvalue)
        if len(p) == sample.n > 1 and len(q) == sample.n:
            p = p[at]
        np.testing.assert_allclose(q, p, rtol=1e-9, atol=1e-12, err_msg=name)


#: All but those whose draws run in the order of the values, which turning round reverses.
SYMMETRIC = sorted(set(T) - {"mixture", "scan", "wild-bootstrap"})


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000))
def test_good_and_bad_news_are_judged_alike(seed: int) -> None:
    """Turning all returns round turns one-sided tests round and leaves two-sided ones as they are."""
    sample = make_result(EVENTS, seed=seed % 7, spread=12).sample((0, 1))
    block = sample.residuals
    turned = replace(sample, ar=-sample.ar, observed=None, source=replace(block, values=-block.values).take)
    for name in SYMMETRIC:
        for side, other in (("two", "two"), ("left", "right")):
            one, two = T[name](replace(sample, side=side)), T[name](replace(turned, side=other))
            np.testing.assert_allclose(two.pvalue, one.pvalue, rtol=1e-9, atol=1e-12, err_msg=f"{name} {side}")


@settings(max_examples=4, deadline=None)
@given(st.floats(1e-3, 50.0))
def test_the_unit_of_returns_changes_no_test(factor: float) -> None:
    sample = make_result(EVENTS, seed=3, spread=12).sample((0, 1))
    block = sample.residuals
    scaled = replace(
        sample, ar=sample.ar * factor, s2=sample.s2 * factor**2, observed=None,
        source=replace(block, values=block.values * factor, sd=block.sd * factor).take,
    )  # fmt: skip
    for name, test in T.items():
        np.testing.assert_allclose(test(scaled).pvalue, test(sample).pvalue, rtol=1e-8, atol=1e-10, err_msg=name)


@settings(max_examples=20, deadline=None)
@given(st.floats(-0.2, 0.2), st.integers(-3, 4), st.integers(0, 4))
def test_a_constant_added_to_every_day_shifts_the_car_by_its_days(extra: float, first: int, more: int) -> None:
    window = (first, min(first + more, 4))
    sample = make_result(6, seed=1, holes=0.0).sample(window)
    moved = replace(sample, ar=sample.ar + extra)
    np.testing.assert_allclose(moved.car, sample.car + extra * sample.length, rtol=0, atol=1e-13)
    for name in ("cross-sectional", "car-t", "time-series", "conformal"):
        one, two = T[name](sample), T[name](moved)
        np.testing.assert_allclose(two.effect, np.asarray(one.effect) + extra * sample.length, rtol=0, atol=1e-13)
        if name in ("cross-sectional", "car-t", "conformal"):  # the interval moves with the effect
            np.testing.assert_allclose(two.low, np.asarray(one.low) + extra * sample.length, rtol=0, atol=1e-11)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(-2, 1), st.integers(0, 3))
def test_log_returns_add_up_and_simple_ones_compound(seed: int, first: int, more: int) -> None:
    rng = np.random.default_rng(seed)
    levels = 50 * np.cumprod(1 + rng.normal(0, 0.02, (160, 2)), axis=0)
    frame = pd.DataFrame(levels, index=DAYS, columns=["A", "M"])
    events, window = pd.DataFrame({"asset": ["A"], "event_time": [DAYS[120]]}), (first, min(first + more, 3))
    spec = bt.EventStudy(event=(-2, 3), estimation=(-80, -5), model="market-adjusted", benchmark="M")
    before, after = 120 + window[0] - 1, 120 + window[1]
    gross = levels[after] / levels[before]
    logs = replace(spec, returns="log").run(events, frame).sample(window)
    assert logs.car[0] == pytest.approx(np.log(gross[0]) - np.log(gross[1]), abs=1e-12)
    simple = spec.run(events, frame)
    assert simple.bhar(window)["bhar"].iloc[0] == pytest.approx(gross[0] - gross[1], abs=1e-12)
