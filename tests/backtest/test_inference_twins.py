"""Every group test against a twin written as loops from its formula: holes, ties, short windows, few and many events."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest
from panels import make_result
from scipy import stats
from twins import CASES, cars, sar, scars, studentised

import backtest as bt
from backtest.inference import Sample

T = bt.TESTS


@pytest.fixture(scope="module", params=CASES)
def sample(request: pytest.FixtureRequest) -> Sample:
    n, window, spread, options = CASES[request.param]
    return make_result(n, seed=n, spread=spread, **options).sample(window)


def pair_mean(s: Sample, overlap: bool) -> float:
    if s.n < 2:
        return 0.0
    block, total = s.residuals, 0.0
    for i, j in itertools.combinations(range(s.n), 2):
        one = {d: v for d, v in zip(block.days[i], block.values[i], strict=True) if np.isfinite(v)}
        two = {d: v for d, v in zip(block.days[j], block.values[j], strict=True) if np.isfinite(v)}
        both = sorted(set(one) & set(two))
        if len(both) >= 3:
            gap = abs(int(s.days[i, s.columns.start]) - int(s.days[j, s.columns.start]))
            weight = max(0, s.length - gap) / s.length if overlap else 1.0
            total += weight * np.corrcoef([one[d] for d in both], [two[d] for d in both])[0, 1]
    return total / (s.n * (s.n - 1) / 2)


def cross(s: Sample) -> float:
    return float(stats.ttest_1samp(cars(s), 0.0).statistic)


def bmp(s: Sample) -> float:
    return float(stats.ttest_1samp(scars(s), 0.0).statistic)


def kp(s: Sample, overlap: bool) -> float:
    r = max(0.0, pair_mean(s, overlap))
    return bmp(s) * np.sqrt((1 - r) / (1 + (s.n - 1) * r))


def patell(s: Sample) -> float:
    return sum(scars(s)) / np.sqrt(sum(d / (d - 2) for d in s.df))


def adjusted_patell(s: Sample) -> float:
    return patell(s) / np.sqrt(1 + (s.n - 1) * max(0.0, pair_mean(s, False)))


def time_series(s: Sample) -> float:
    e = s.residuals.values
    aar = [np.mean([v for v in e[:, t] if np.isfinite(v)]) for t in range(e.shape[1]) if np.isfinite(e[:, t]).any()]
    return cars(s).mean() / (np.sqrt(s.length) * np.std(aar, ddof=1))


def hall(s: Sample, last: float = 1.0) -> float:
    x = cars(s)
    g, size, n = stats.skew(x, bias=False), x.mean() / x.std(ddof=1), len(x)
    # scipy's unbiased skewness is (sqrt(n (n - 1)) / (n - 2)) m3 / m2^1.5 = n / ((n - 1)(n - 2)) sum ((x - m) / sd)^3
    return np.sqrt(n) * (size + g * size**2 / 3 + g / (6 * n) + last * g**2 * size**3 / 27)


def rank_rows(s: Sample, values: Callable[[int], np.ndarray]) -> np.ndarray:
    rows = []
    for i in range(s.n):
        x = values(i)
        have = np.isfinite(x)
        u = np.full(len(x), np.nan)
        u[have] = stats.rankdata(x[have]) / (have.sum() + 1) - 0.5
        rows.append(u)
    return np.array(rows)


def day_statistic(s: Sample, u: np.ndarray) -> float:
    t_est = s.residuals.values.shape[1]
    scaled = []
    for t in range(u.shape[1]):
        have = u[:, t][np.isfinite(u[:, t])]
        scaled.append(have.sum() / np.sqrt(len(have)) if len(have) else None)
    size = np.sqrt(np.mean([v**2 for v in scaled if v is not None]))
    first = t_est + s.window[0] - s.first_day
    return sum(scaled[first : first + s.length]) / size / np.sqrt(s.length)  # type: ignore[arg-type]


def corrado(s: Sample) -> float:
    e = s.residuals.values
    return day_statistic(s, rank_rows(s, lambda i: np.concatenate([e[i], s.ar[i]])))


def corrado_zivney(s: Sample) -> float:
    z, length = s.residuals.values / np.sqrt(s.s2)[:, None], s.ar.shape[1]
    event = np.array([[sar(s, i, s.first_day + t) for t in range(length)] for i in range(s.n)])
    sd = np.array(
        [np.nanstd(event[:, t], ddof=1) if np.isfinite(event[:, t]).sum() > 1 else 1.0 for t in range(length)]
    )
    return day_statistic(s, rank_rows(s, lambda i: np.concatenate([z[i], event[i] / sd])))


def cumrank(s: Sample) -> float:
    e = s.residuals.values
    u = rank_rows(s, lambda i: np.concatenate([e[i], s.ar[i]]))
    first = e.shape[1] + s.window[0] - s.first_day
    top = sum(u[i, first : first + s.length].sum() for i in range(s.n))
    size = [np.isfinite(np.concatenate([e[i], s.ar[i]])).sum() for i in range(s.n)]
    return top / np.sqrt(sum(s.length * (m - s.length) / (12 * (m + 1)) for m in size))


def grank(s: Sample) -> tuple[float, float]:
    z = s.residuals.values / np.sqrt(s.s2)[:, None]
    star = scars(s) / scars(s).std(ddof=1)
    u = rank_rows(s, lambda i: np.append(z[i], star[i]))
    days = [u[:, t][np.isfinite(u[:, t])] for t in range(u.shape[1])]
    days = [d for d in days if len(d)]
    spread = np.sqrt(sum(len(d) / s.n * d.mean() ** 2 for d in days) / len(days))
    big_z = days[-1].mean() / spread
    t = big_z * np.sqrt((len(days) - 2) / (len(days) - 1 - big_z**2))
    exact = np.sqrt(sum((m + 1 - 1) / (12 * (m + 2)) for m in s.n_obs)) / s.n
    return t, days[-1].mean() / exact


def sign(s: Sample) -> float:
    w = sum(c > 0 for c in cars(s))
    return (w - s.n / 2) / np.sqrt(s.n / 4)


def generalised_sign(s: Sample) -> float:
    e = s.residuals.values
    p = np.mean([np.mean([v > 0 for v in row if np.isfinite(v)]) for row in e])
    return (sum(c > 0 for c in cars(s)) - s.n * p) / np.sqrt(s.n * p * (1 - p))


def cz_sign(s: Sample) -> float:
    both = np.hstack([s.residuals.values, s.ar])
    return day_statistic(s, np.array([np.sign(row - np.nanmedian(row)) for row in both]))


def wilcoxon(s: Sample) -> float:
    x = cars(s)
    return float(sum(r for r, v in zip(stats.rankdata(np.abs(x)), x, strict=True) if v > 0))


def calendar_time(s: Sample) -> float:
    by_day: dict[int, list[float]] = {}
    for i in range(s.n):
        for t in range(s.columns.start, s.columns.stop):
            by_day.setdefault(int(s.days[i, t]), []).append(s.ar[i, t])
    return float(stats.ttest_1samp([np.mean(v) for v in by_day.values()], 0.0).statistic)


def calendar_std(s: Sample) -> float:
    block, z = s.residuals, []
    series = [
        dict(zip(d[np.isfinite(v)], v[np.isfinite(v)], strict=True))
        for d, v in zip(block.days, block.values, strict=True)
    ]
    active: dict[int, list[tuple[int, float]]] = {}
    for i in range(s.n):
        for t in range(s.columns.start, s.columns.stop):
            active.setdefault(int(s.days[i, t]), []).append((i, s.ar[i, t]))
    for members in active.values():
        shared = set.intersection(*(set(series[i]) for i, _ in members))
        if len(shared) >= 3:
            past = [np.mean([series[i][d] for i, _ in members]) for d in shared]
            z.append(np.mean([v for _, v in members]) / np.std(past, ddof=1))
    return sum(z) / np.sqrt(len(z))


def clustered(s: Sample) -> float:
    x, date = scars(s), s.days[:, s.columns.start]
    groups = sorted(set(date))
    total = sum((x[date == g] - x.mean()).sum() ** 2 for g in groups)
    return x.mean() / np.sqrt(len(groups) / (len(groups) - 1) * total) * s.n


def common_shift(s: Sample) -> tuple[float, float]:
    every = [studentised(s, i) for i in range(s.n)]
    means = [np.mean([d[j] for d in every if j in d]) for j in sorted(set().union(*every))]
    own = scars(s).mean()
    low, high = (
        (1 + sum(m <= own for m in means)) / (1 + len(means)),
        (1 + sum(m >= own for m in means)) / (1 + len(means)),
    )
    return own, min(1.0, 2 * min(low, high))


TWINS: dict[str, Callable[[Sample], float]] = {
    "cross-sectional": cross,
    "time-series": time_series,
    "patell": patell,
    "adjusted-patell": adjusted_patell,
    "bmp": bmp,
    "kp": partial(kp, overlap=False),
    "kp-overlap": partial(kp, overlap=True),
    "johnson": partial(hall, last=0.0),
    "hall": hall,
    "calendar-time": calendar_time,
    "calendar-time-std": calendar_std,
    "clustered": clustered,
    "corrado": corrado,
    "corrado-zivney": corrado_zivney,
    "cumrank": cumrank,
    "grank-t": lambda s: grank(s)[0],
    "grank-z": lambda s: grank(s)[1],
    "sign": sign,
    "generalised-sign": generalised_sign,
    "cz-sign": cz_sign,
    "wilcoxon": wilcoxon,
    "common-shift": lambda s: common_shift(s)[0],
    "permutation": lambda s: float(scars(s).mean()),
    "wild-bootstrap": clustered,
}


@pytest.mark.parametrize("name", TWINS)
def test_twin(name: str, sample: Sample) -> None:
    got = T[name](sample)
    if got.reason:
        assert np.isnan(got.statistic)
        few = {
            "one cluster only",
            "one cluster only: no resampling of signs",
            "one calendar day only",
            "skewness needs three events",
        }
        assert got.reason in few | ({"one event has no cross-sectional variance"} if sample.n == 1 else set())
        return
    assert got.statistic == pytest.approx(TWINS[name](sample), rel=1e-9, abs=1e-12)
    assert got.effect == pytest.approx(cars(sample).mean(), rel=1e-10)
    assert 0.0 <= got.pvalue <= 1.0


def test_the_placebo_p(sample: Sample) -> None:
    assert T["common-shift"](sample).pvalue == pytest.approx(common_shift(sample)[1], rel=1e-12)


def test_wilcoxon_p_is_scipys(sample: Sample) -> None:
    got = T["wilcoxon"](sample)
    x = cars(sample)
    if sample.n <= 25 and len(set(np.abs(x))) == len(x):
        assert got.pvalue == pytest.approx(stats.wilcoxon(x, method="exact").pvalue, rel=1e-10)
    elif sample.n > 25:
        assert got.pvalue == pytest.approx(stats.wilcoxon(x, method="asymptotic", correction=False).pvalue, rel=1e-10)


def test_binomial_p_is_scipys(sample: Sample) -> None:
    w = int((cars(sample) > 0).sum())
    assert T["sign"](sample, exact=True).pvalue == pytest.approx(stats.binomtest(w, sample.n).pvalue, rel=1e-10)


def test_one_sided_p_add_up(sample: Sample) -> None:
    from dataclasses import replace

    across = ("cross-sectional", "bmp", "kp-overlap") if sample.n > 1 else ()
    for name in ("patell", "corrado", "time-series", *across):
        left, right = (T[name](replace(sample, side=side)).pvalue for side in ("left", "right"))
        assert left + right == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("name", sorted(T))
def test_one_event_gives_a_number_or_a_reason(name: str) -> None:
    sample = make_result(1).sample((0, 0))
    got = T[name](sample)
    p = np.atleast_1d(got.pvalue)
    reason = got.reason if isinstance(got.reason, str) else "".join(got.reason)
    assert np.isfinite(p).all() != bool(reason)


@pytest.mark.parametrize("overlap", [True, False])
def test_sums_and_pairs_give_the_same_mean_correlation_on_complete_windows(
    overlap: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backtest.inference import dependence

    one_date = make_result(30, spread=1, holes=0.0)
    pairs = dependence.mean_correlation(one_date.sample((0, 2)), overlap)
    monkeypatch.setattr(dependence, "PAIRS", 0)
    assert dependence.mean_correlation(one_date.sample((0, 2)), overlap) == pytest.approx(pairs, rel=1e-9)
    apart = make_result(30, spread=40, holes=0.0)
    sums = dependence.mean_correlation(apart.sample((0, 2)), overlap)
    monkeypatch.undo()
    assert sums == pytest.approx(dependence.mean_correlation(apart.sample((0, 2)), overlap), abs=0.02)


def test_five_hundred_events_on_one_date_are_still_correlated_pair_by_pair() -> None:
    sample = make_result(450, spread=1, holes=0.05, estimation=(-30, -6), min_obs=10).sample((0, 0))
    assert sample.n > 400
    # pandas drops a pair's missing days for that pair alone.
    r = pd.DataFrame(sample.residuals.values.T).corr(min_periods=3).to_numpy()
    expected = np.nan_to_num(r[np.triu_indices(sample.n, 1)]).mean()
    assert T["kp"](sample, rbar_floor=None).r_bar == pytest.approx(expected, rel=1e-9)


def test_blocks_do_not_change_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    from backtest.inference import sample as module

    result = make_result(50)
    names = ("corrado", "grank-t", "time-series", "generalised-sign", "common-shift", "cz-sign", "cumrank")
    whole = {name: T[name](result.sample((0, 1))).statistic for name in names}
    monkeypatch.setattr(module, "BLOCK", 7)
    parts = {name: T[name](result.sample((0, 1))).statistic for name in names}
    assert parts == pytest.approx(whole, rel=1e-12)
    np.testing.assert_allclose(
        T["sq-studentised"](result.sample((0, 1))).pvalue, T["sq-studentised"](make_result(50).sample((0, 1))).pvalue
    )


def test_options(sample: Sample) -> None:
    if sample.n < 3:
        return
    two_way = T["clustered"](sample, by="both")
    assert np.isfinite(two_way.statistic) or two_way.reason
    by_asset = T["clustered"](sample, by="asset", on="car")
    assert by_asset.statistic == pytest.approx(cross(sample), rel=1e-10)  # every event has a share of its own
    small = T["hall"](sample, skew="population")
    assert small.statistic != T["hall"](sample).statistic
    pooled = T["generalised-sign"](sample, share="pooled", exact=True)
    assert pooled.distribution == "binomial"


def test_every_test_has_a_twin() -> None:
    from test_inference_twins_single import SINGLE

    assert {*TWINS, *SINGLE, "mixture"} == set(T)
