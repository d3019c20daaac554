"""What tests say where they are undefined, and options that the twins do not compare."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from panels import make_result
from scipy import stats

import backtest as bt
from backtest.inference import Residuals, Sample
from backtest.inference.advice import facts
from backtest.inference.power import detectable, z_power

T = bt.TESTS


def sample_of(
    ar: np.ndarray, residuals: np.ndarray | None = None, df: float = 28.0, side: str = "two", sd: float = 1.0
) -> Sample:
    """Return n events of a window of one day on days of their own."""
    n = len(ar)
    block = np.random.default_rng(1).normal(size=(n, 30)) if residuals is None else residuals
    days = np.arange(n)[:, None] * 1000 + np.arange(block.shape[1])
    source = Residuals(block, np.full((n, 1), sd), days)
    return Sample(
        window=(0, 0), first_day=0, ar=np.asarray(ar, dtype=float)[:, None], s2=np.full(n, sd**2), df=np.full(n, df),
        n_obs=np.full(n, block.shape[1]), days=days[:, -1:] + 5, asset=np.arange(n), source=source.take, side=side,
    )  # fmt: skip


ONE = "one event has no cross-sectional variance"
FLAT = "zero variance between the events"
ALONE = ("cross-sectional", "bmp", "kp", "kp-overlap", "corrado-zivney", "grank-t", "grank-z")


@pytest.mark.parametrize("name", ALONE)
def test_one_event(name: str) -> None:
    got = T[name](sample_of(np.array([0.5])))
    assert got.reason == ONE
    assert np.isnan(got.pvalue)
    assert got.effect == 0.5


@pytest.mark.parametrize("name", [*ALONE, "hall", "johnson"])
def test_equal_events(name: str) -> None:
    got = T[name](sample_of(np.full(4, 0.5)))
    assert got.reason == FLAT
    assert np.isnan(got.pvalue)


@pytest.mark.parametrize("name", ["hall", "johnson"])
def test_skewness_needs_three(name: str) -> None:
    assert T[name](sample_of(np.array([0.1, 0.2]))).reason == "skewness needs three events"


def test_patell_needs_degrees_of_freedom() -> None:
    few = sample_of(np.array([0.1, 0.2]), df=2.0)
    for name in ("patell", "adjusted-patell"):
        assert T[name](few).reason == "Patell needs more than two residual degrees of freedom for every event"


@pytest.mark.parametrize("name", ["kp", "adjusted-patell"])
def test_a_correlation_that_leaves_no_variance(name: str) -> None:
    sample = sample_of(np.array([0.1, 0.2, 0.4]))
    sample.memo["r", False] = -0.6
    got = partial(T[name], rbar_floor=None)(sample)
    assert got.reason == "mean correlation -0.600 leaves no variance"


def test_time_series_refuses() -> None:
    short = sample_of(np.array([0.1, 0.2]), np.ones((2, 2)))
    assert T["time-series"](short).reason == "fewer than three estimation days"
    flat = sample_of(np.array([0.1, 0.2]), np.ones((2, 9)))
    assert T["time-series"](flat).reason == "zero variance of the estimation window's AARs"


def test_forms_of_the_time_series_t() -> None:
    sample = make_result(5, 1).sample((0, 1))
    independent = partial(T["time-series"], form="independent")(sample)
    se = np.sqrt(2 * sample.s2.sum()) / 5
    assert independent.statistic == pytest.approx(sample.car.mean() / se, rel=1e-12)
    assert independent.pvalue == pytest.approx(2 * stats.norm.sf(abs(sample.car.mean() / se)), rel=1e-9)
    plain, lamb = T["time-series"](sample), partial(T["time-series"], form="lamb")(sample)
    scale = np.sqrt(sample.variance_factor[:, sample.columns].mean(axis=0))
    days = sample.ar[:, sample.columns].mean(axis=0)
    assert lamb.statistic / plain.statistic == pytest.approx((days / scale).sum() / days.sum(), rel=1e-12)
    nothing = partial(T["time-series"], form="lamb")(sample_of(np.array([0.5, -0.5])))
    assert (nothing.statistic, nothing.pvalue) == (0.0, 1.0)


def test_johnson_with_plain_skewness() -> None:
    x = np.array([0.1, 0.2, 0.7, -0.3])
    s, g = x.mean() / x.std(ddof=1), (((x - x.mean()) / x.std(ddof=1)) ** 3).mean()
    got = partial(T["johnson"], skew="population")(sample_of(x)).statistic
    assert got == pytest.approx(2 * (s + g * s**2 / 3 + g / 24), rel=1e-12)


def test_no_interval_where_the_set_of_effects_is_unbounded() -> None:
    got = T["bmp"](replace(sample_of(np.array([1.0, 30.0])), s2=np.array([1.0, 2500.0])))
    assert np.isnan(got.low)
    assert np.isnan(got.high)


# -------------------------------------------------------------------------------------------------- ranks and signs


def test_ranks_refuse() -> None:
    ties = sample_of(np.zeros(3), np.zeros((3, 8)))
    assert T["corrado"](ties).reason == "the ranks of all days are equal"
    assert T["cz-sign"](ties).reason == "the signs of all days cancel"
    lone = sample_of(np.array([0.1, 0.2]), np.ones((2, 8)))
    assert T["generalised-sign"](lone).reason == "all estimation residuals have the same sign"
    assert T["wilcoxon"](ties).reason == "every CAR is zero"


def test_columns_of_one_value_are_left_as_they_are() -> None:
    sample = sample_of(np.array([0.3, -0.2, 0.4]))
    wide = replace(
        sample,
        window=(0, 0),
        ar=np.hstack([sample.ar, [[np.nan], [np.nan], [0.5]]]),
        days=sample.days + np.array([0, 1]),
    )
    assert np.isfinite(T["corrado-zivney"](wide).statistic)


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_sided_exact_signs(side: str) -> None:
    x = np.array([0.3, 0.2, -0.1, 0.5, 0.9, 0.4])
    got = T["sign"](sample_of(x, side=side))
    kind = {"left": "less", "right": "greater"}[side]
    assert got.pvalue == pytest.approx(stats.binomtest(5, 6, 0.5, alternative=kind).pvalue, rel=1e-12)
    assert T["wilcoxon"](sample_of(x, side=side)).pvalue == pytest.approx(
        stats.wilcoxon(x, alternative=kind, method="exact").pvalue, rel=1e-12
    )
    assert T["sign"](sample_of(-np.abs(x), side="right")).pvalue == 1.0


def test_wilcoxon_beyond_25_events() -> None:
    x = np.random.default_rng(3).normal(0.2, 1, 60).round(1)
    x = x[x != 0]
    expected = stats.wilcoxon(x, method="asymptotic", correction=False).pvalue
    got = T["wilcoxon"](sample_of(x))
    assert got.pvalue == pytest.approx(expected, rel=1e-9)
    assert got.distribution == "normal"


# ------------------------------------------------------------------------------------------------------------ power


def test_detectable() -> None:
    one, many = sample_of(np.array([0.1]), sd=0.02), sample_of(np.zeros(9), sd=0.02)
    assert detectable(one) == pytest.approx((stats.t.ppf(0.975, 28) + stats.t.ppf(0.8, 28)) * 0.02, rel=1e-9)
    assert rejected(detectable(many) * 3 / 0.02, 9) == pytest.approx(0.8, abs=1e-6)
    assert np.isnan(detectable(sample_of(np.empty(0), np.empty((0, 30)))))


def rejected(noncentrality: float, n: int) -> float:
    """Return the power of a t test of n like events, the wrong side left out."""
    return float(stats.nct.sf(stats.t.ppf(0.975, n - 1), n - 1, noncentrality))


def test_shared_days_and_raised_variance_make_small_effects_harder_to_find() -> None:
    calm = make_result(12, spread=1, holes=0.0).sample((0, 0))
    calm = replace(calm, s2=np.full(12, 4e-4), root=None)  # alike, so that the plain noncentral t holds
    r = max(0.0, bt.TESTS["kp"](calm).r_bar)
    assert r > 0.02
    for sample in (replace(calm, ar=calm.ar / calm.scar.std(ddof=1)), replace(calm, ar=calm.ar * 10)):
        spread = float(sample.scar.var(ddof=1)) if facts(sample).induced else 1.0
        scale = 0.02 * np.sqrt((1 + 11 * r) * spread / 12)
        assert rejected(detectable(sample) / scale, 12) == pytest.approx(0.8, abs=1e-6)
    assert facts(sample).induced


@pytest.mark.parametrize("n", [4, 5, 8, 20, 100])
def test_the_detectable_effect_is_found_four_times_in_five(n: int) -> None:
    rng = np.random.default_rng(n)
    sd = 0.02 * np.exp(np.linspace(-0.5, 0.5, n))  # shares as unlike as they are
    least = detectable(replace(sample_of(np.zeros(n)), s2=sd**2))
    drawn = (least + sd * rng.normal(size=(20_000, n))) / sd
    t = np.sqrt(n) * drawn.mean(axis=1) / drawn.std(axis=1, ddof=1)
    assert (np.abs(t) > stats.t.ppf(0.975, n - 1)).mean() == pytest.approx(0.8, abs=0.015)


def test_two_events_of_unlike_volatility_find_no_effect_of_one_size() -> None:
    assert np.isnan(detectable(replace(sample_of(np.zeros(2)), s2=np.array([1e-4, 4e-4]))))
    assert np.isfinite(detectable(replace(sample_of(np.zeros(2)), s2=np.array([4e-4, 4e-4]))))


def test_detectable_of_a_result_is_by_kind() -> None:
    result = make_result(6, holes=0.0)
    result.events["kind"] = ["a", "b", "b", "b", "b", "b"]
    found = bt.detectable(result)
    assert list(found.index) == ["a", "b"]
    assert found["b"] == bt.detectable(result.sample((0, 0), "b"))
    assert f"a: with 1 event of this volatility you could have found an effect of {100 * found['a']:.1f} %" in repr(
        result
    )
    late = make_result(6, holes=0.0, event=(2, 4))
    assert bt.detectable(late).iloc[0] == bt.detectable(late.sample((2, 2)))


def test_the_power_formula() -> None:
    assert z_power(0.0, 2.0, 7) == pytest.approx(0.05, rel=1e-12)
    d = np.sqrt(20) * 0.5
    assert z_power(1.0, 2.0, 20) == pytest.approx(
        stats.norm.cdf(-1.959963984540054 + d) + stats.norm.cdf(-1.959963984540054 - d)
    )
