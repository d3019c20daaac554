"""Sign flips, wild bootstrap and adjustments for many tests, by enumeration."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from panels import make_result

import backtest as bt
from backtest.errors import SchemaError, UnknownNameError
from backtest.inference import Sample
from backtest.inference.multiple import adjust, benjamini_hochberg, holm, westfall_young

T = bt.TESTS


def test_the_permutation_p_is_an_enumeration() -> None:
    sample = make_result(7, seed=5).sample((0, 0))
    own = abs(sample.scar.mean())
    flips = [abs((np.array(s) * sample.scar).mean()) for s in itertools.product((1, -1), repeat=7)]
    got = T["permutation"](sample)
    assert got.pvalue == pytest.approx(np.mean([f >= own - 1e-12 for f in flips]), rel=1e-12)
    assert got.p_min == 2 / 2**7
    one = T["permutation"](replace(sample, side="right"))
    signed = [(np.array(s) * sample.scar).mean() for s in itertools.product((1, -1), repeat=7)]
    assert one.pvalue == pytest.approx(np.mean([f >= sample.scar.mean() - 1e-12 for f in signed]), rel=1e-12)


def test_many_events_are_drawn_and_the_p_is_never_zero() -> None:
    sample = make_result(30, seed=6).sample((0, 0))
    far = replace(sample, ar=sample.ar + 1.0)
    assert T["permutation"](far, draws=999).pvalue == 1 / 1000
    assert T["permutation"](sample).pvalue == pytest.approx(T["permutation"](sample, seed=1).pvalue, abs=0.03)
    assert 0 < T["permutation"](sample, on="car").pvalue <= 1


def wild_t(x: np.ndarray, code: np.ndarray, weight: np.ndarray) -> float:
    w = weight[code] * x
    sums = [(w[code == g] - w.mean()).sum() for g in range(code.max() + 1)]
    g = len(sums)
    return w.mean() / np.sqrt(g / (g - 1) * np.sum(np.square(sums)) / len(x) ** 2)


def test_the_wild_bootstrap_flips_whole_dates() -> None:
    sample = make_result(9, seed=2, spread=5).sample((0, 0))
    dates, code = np.unique(sample.days[:, sample.columns.start], return_inverse=True)
    own = wild_t(sample.scar, code, np.ones(len(dates)))
    drawn = [wild_t(sample.scar, code, np.array(s)) for s in itertools.product((1.0, -1.0), repeat=len(dates))]
    got = T["wild-bootstrap"](sample, weights="rademacher")
    assert got.statistic == pytest.approx(own, rel=1e-10)
    assert got.pvalue == pytest.approx(np.mean([abs(d) >= abs(own) - 1e-9 for d in drawn]), rel=1e-12)
    assert got.p_min == 2 / 2 ** len(dates)


def test_webb_weights_for_few_clusters() -> None:
    sample = make_result(8, seed=2).sample((0, 0))
    webb = T["wild-bootstrap"](sample, weights="webb")
    assert webb.pvalue == pytest.approx(T["wild-bootstrap"](sample, weights="rademacher").pvalue, abs=0.1)
    assert T["wild-bootstrap"](sample, by="asset").pvalue == T["wild-bootstrap"](sample, by="event").pvalue


def test_one_date_is_one_cluster() -> None:
    sample = make_result(6, spread=1).sample((0, 0))
    assert T["wild-bootstrap"](sample).reason == "one cluster only: no resampling of signs"
    assert T["clustered"](sample).reason == "one cluster only"


# The worked examples of the procedures: p = .01, .04, .03, .005.
P = np.array([0.01, 0.04, 0.03, np.nan, 0.005])


def test_holm() -> None:
    np.testing.assert_allclose(holm(P), [0.03, 0.06, 0.06, np.nan, 0.02])


def test_benjamini_hochberg() -> None:
    np.testing.assert_allclose(benjamini_hochberg(P), [0.02, 0.04, 0.04, np.nan, 0.02])


def test_adjust_works_family_by_family() -> None:
    table = pd.DataFrame({"test": ["a", "a", "b"], "pvalue": [0.01, 0.02, 0.03]})
    got = adjust(table)
    np.testing.assert_allclose(got["p_adjusted"], [0.02, 0.02, 0.03])
    assert list(got["family_size"]) == [2, 2, 1]
    assert "p_adjusted" not in table
    with pytest.raises(UnknownNameError, match="unknown adjustment 'hom'; did you mean 'holm'"):
        adjust(table, "hom")
    with pytest.raises(SchemaError, match="the table has no column"):
        adjust(table, family=("kind",))


def test_westfall_young_reduces_to_the_placebo_for_one_window() -> None:
    sample = make_result(10, seed=8, holes=0.0).sample((0, 0))
    one = westfall_young([sample])[0]
    means = np.nanmean(sample.residuals.values / np.sqrt(sample.s2)[:, None], axis=0)
    assert one == pytest.approx((1 + (np.abs(means) >= abs(sample.scar.mean())).sum()) / (1 + len(means)), abs=0.03)


def test_westfall_young_is_never_below_the_single_p() -> None:
    result = make_result(10, seed=8)
    samples = [result.sample(w) for w in ((0, 0), (0, 1), (-1, 1))]
    alone = np.array([westfall_young([s])[0] for s in samples])
    together = westfall_young(samples)
    assert (together >= alone - 0.03).all()
    assert (together <= 1).all()


def shifted(s: Sample, shift: int) -> float:
    """Return the mean studentised sum of all events with every day moved back by `shift` before the estimation's end."""
    e, first = s.residuals.values, s.residuals.values.shape[1] + s.window[0] - shift
    rows, means = range(first, first + s.length), []
    if not (first >= 0 and rows[-1] < e.shape[1]):
        return np.nan
    for i in range(s.n):
        if np.isfinite(e[i, rows]).all():
            taken = (s.residuals.hat()[i, rows].sum(axis=0) ** 2).sum()  # type: ignore[misc]
            means.append(e[i, rows].sum() / np.sqrt(s.s2[i] * (s.length - taken)))
    return float(np.mean(means)) if means else np.nan


@pytest.mark.parametrize("windows", [[(0, 0), (-3, -1)], [(0, 0), (0, 3), (-3, -2)], [(-1, 1), (4, 4)]])
def test_westfall_young_shifts_every_window_by_the_same_number_of_days(windows: list[tuple[int, int]]) -> None:
    result = make_result(8, seed=3)
    samples = [result.sample(w) for w in windows]
    rows = np.array([[shifted(s, d) for s in samples] for d in range(-5, 90)])
    rows = rows[np.isfinite(rows).all(axis=1)]
    scale = rows.std(axis=0, ddof=1)
    own = np.array([abs(s.scar.mean()) for s in samples]) / scale
    order, least, expected = np.argsort(-own), 0.0, np.empty(len(own))
    for rank, k in enumerate(order):
        beyond = sum(max(abs(row[j]) / scale[j] for j in order[rank:]) >= own[k] for row in rows)
        least = max(least, (1 + beyond) / (1 + len(rows)))
        expected[k] = least
    np.testing.assert_allclose(westfall_young(samples), expected, rtol=1e-12)


def test_westfall_young_needs_a_shift_that_all_windows_have() -> None:
    result = make_result(3, estimation=(-12, -6), min_obs=4, holes=0.0)
    assert np.isnan(westfall_young([result.sample((-3, 3)), result.sample((4, 4))])).all()


def test_clusters_that_are_alike_have_no_variance() -> None:
    sample = make_result(4, seed=2, holes=0.0).sample((0, 0))
    level = np.sqrt(sample.car_var)[:, None] * 2.0
    for ar in (np.broadcast_to(level, sample.ar.shape), np.zeros_like(sample.ar)):
        got = T["wild-bootstrap"](replace(sample, ar=ar), by="event")
        assert (got.reason, np.isnan(got.pvalue)) == ("zero variance between the clusters", True)


def test_everything_tried_is_counted_across_variants() -> None:
    result = make_result(6)
    result.test("sq", "kp-overlap", windows=[(0, 0), (0, 1)])
    other = result.variant(model="constant-mean")
    other.test("kp-overlap")
    assert len(result.tried) == 2 * 7 + 1
    assert set(result.tried["model"]) == {"market", "constant-mean"}
    assert make_result(2).tried.empty
