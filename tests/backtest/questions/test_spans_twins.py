"""Uncertain days against loops from the formulas: every column of both tables, every prior, several events together."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

import backtest as bt
from backtest.errors import SchemaError
from backtest.inference.dates import likelihood_ratio
from backtest.inference.dates import mixture as mixture_test

DAYS = pd.bdate_range("2019-01-01", periods=420)
STUDY = bt.EventStudy(event=(0, 0), estimation=(-62, -3))
ONE = {"event_id": "e", "asset": "AAA", "event_time": "2020-03"}


def returns(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    market = rng.normal(0, 0.01, len(DAYS))
    own = np.column_stack([b * market + rng.standard_t(4, len(DAYS)) * 0.012 for b in (0.8, 1.1, 1.3)])
    return pd.DataFrame(np.column_stack([own, market]), index=DAYS, columns=["AAA", "BBB", "CCC", "IX"])


def run(frame: pd.DataFrame, *events: dict, **options: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    return bt.uncertain(STUDY, pd.DataFrame(list(events)), bt.Prices.from_returns(frame, "IX"), **options)  # type: ignore[arg-type]


def fit(frame: pd.DataFrame, asset: str, rows: list[int]) -> dict:
    """Return a regression on the 60 days that end three before the first candidate, as plain numbers."""
    y, m = frame[asset].tolist(), frame["IX"].tolist()
    est = range(rows[0] - 62, rows[0] - 2)
    n = len(est)
    my, mm = sum(y[t] for t in est) / n, sum(m[t] for t in est) / n
    sxx = sum((m[t] - mm) ** 2 for t in est)
    b = sum((m[t] - mm) * (y[t] - my) for t in est) / sxx
    e = {t: y[t] - my - b * (m[t] - mm) for t in [*est, *rows]}
    s = (sum(e[t] ** 2 for t in est) / (n - 2)) ** 0.5
    q = {(t, u): 1 / n + (m[t] - mm) * (m[u] - mm) / sxx for t in rows for u in rows}
    z = [e[t] / (s * (1 + q[t, t]) ** 0.5) for t in rows]
    pool = [e[t] / (s * (1 - 1 / n - (m[t] - mm) ** 2 / sxx) ** 0.5) for t in est]
    return {
        "e": e,
        "s": s,
        "q": q,
        "z": z,
        "pool": pool,
        "n": n,
        "y": y,
        "m": m,
        "mm": mm,
        "my": my,
        "b": b,
        "sxx": sxx,
    }


def rows_of(first: str, last: str) -> list[int]:
    return [i for i, d in enumerate(DAYS) if pd.Timestamp(first) <= d <= pd.Timestamp(last)]


def likelihood(z: np.ndarray, prior: np.ndarray, mu: float, d2: float) -> float:
    """Return the log likelihood of events (N, w) over that of no effect, day by day."""
    out = 0.0
    for own, pi in zip(z, prior, strict=True):
        day = np.exp(-0.5 * (own - mu) ** 2 / (1 + d2)) / (1 + d2) ** 0.5 / np.exp(-0.5 * own**2)
        out += np.log((pi * day).sum())
    return float(out)


def best(z: np.ndarray, prior: np.ndarray, free: bool) -> tuple[float, float, float]:
    """Return the largest log likelihood over (mu, d2 >= 0), with mu free or zero, from many starts."""
    found = []
    for mu in (-5.0, -2.0, 0.5, 2.0, 5.0) if free else (0.0,):
        for d2 in (0.01, 1.0, 9.0):

            def minus(v: np.ndarray, fixed: bool = not free) -> float:
                return -likelihood(z, prior, 0.0 if fixed else v[0], abs(v[1]))

            top = optimize.minimize(minus, [mu, d2], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10})
            found.append((-top.fun, top.x[0] if free else 0.0, abs(top.x[1])))
    return max(found)


# ----------------------------------------------------------------------------------------------------- every column


@pytest.mark.parametrize("prior", ["uniform", "triangular", "point"])
def test_an_interval_is_a_loop(prior: str) -> None:
    frame = returns()
    frame.iloc[300, 0] += 0.05
    stated = DAYS[301]
    event = {
        **ONE,
        "event_time": f"{stated:%Y-%m-%d}",
        "start": f"{DAYS[298]:%Y-%m-%d}",
        "end": f"{DAYS[303]:%Y-%m-%d}",
    }
    summary, curve = run(frame, event, prior=prior)
    rows = list(range(298, 304))
    f, w = fit(frame, "AAA", rows), len(rows)
    off = [abs((DAYS[t] - stated).days) for t in rows]
    raw = {"uniform": [1] * w, "triangular": [max(off) + 1 - d for d in off], "point": [int(d == 0) for d in off]}[
        prior
    ]
    pi = [v / sum(raw) for v in raw]
    row = summary.iloc[0]
    car = sum(f["e"][t] for t in rows)
    assert row["car"] == pytest.approx(car, rel=1e-10)
    t_car = car / (f["s"] * (w + sum(f["q"].values())) ** 0.5)
    assert row["p_window_t"] == pytest.approx(2 * stats.t.sf(abs(t_car), 58), rel=1e-9)
    weight = [p / (1 + f["q"][t, t]) ** 0.5 for p, t in zip(pi, rows, strict=True)]
    variance = sum(
        weight[i] * weight[j] * ((i == j) + f["q"][t, u]) for i, t in enumerate(rows) for j, u in enumerate(rows)
    )
    t_prior = sum(p * z for p, z in zip(pi, f["z"], strict=True)) / variance**0.5
    assert row["p_weighted"] == pytest.approx(2 * stats.t.sf(abs(t_prior), 58), rel=1e-9)
    # (b): rank of the largest among all n, and the share of w-subsets that hold one of the k largest.
    top = max(abs(v) for v in f["z"])
    n = w + f["n"]
    k = sum(abs(v) >= top - 1e-12 for v in [*f["z"], *f["pool"]])
    assert row["p_max"] == pytest.approx(1 - comb(n - k, w) / comb(n, w), rel=1e-10)
    assert row["p_min"] == pytest.approx(w / n, rel=1e-12)
    assert (row["estimation_days"], row["estimation_needed"]) == (60, 19 * w)
    assert "cannot reject at 5 %: 6 candidate days need 114 estimation days, there are 60" in row["note"]
    low, high = sorted([row["p_window"], row["p_max"]])
    assert row["p_holm"] == pytest.approx(min(1, 2 * low, max(2 * low, high)))
    single = [2 * stats.t.sf(abs(v), 58) for v in f["z"]]
    np.testing.assert_allclose(curve["pvalue"], single, rtol=1e-9)
    np.testing.assert_allclose(curve["ar"], [f["e"][t] for t in rows], rtol=1e-10)
    np.testing.assert_allclose(curve["prior"], pi, rtol=1e-12)
    assert row["significant_share"] == np.mean([p <= 0.05 for p in single])
    assert (row["car_low"], row["car_high"]) == (curve["ar"].min(), curve["ar"].max())
    z, at = np.array([f["z"]]), np.array([pi])
    _, mu, d2 = best(z, at, free=True)
    density = np.array(
        [p * stats.norm.pdf(v, mu, (1 + d2) ** 0.5) / stats.norm.pdf(v) for v, p in zip(f["z"], pi, strict=True)]
    )
    np.testing.assert_allclose(curve["posterior"], density / density.sum(), atol=2e-4)
    assert row["likely_day"] == DAYS[rows[int(density.argmax())]]


def test_the_window_test_is_the_refitted_model_shifted_around_its_circle() -> None:
    frame = returns(3)
    row = run(frame, {**ONE, "start": "2020-03-02", "end": "2020-03-05"})[0].iloc[0]
    rows = rows_of("2020-03-02", "2020-03-05")
    at = [*range(rows[0] - 62, rows[0] - 2), *rows]
    x = np.column_stack([np.ones(64), frame["IX"].to_numpy()[at]])
    y = frame["AAA"].to_numpy()[at]
    e = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    own = abs(e[-4:].sum())
    beyond = sum(abs(sum(e[(s + j) % 64] for j in range(4))) >= own - 1e-13 for s in range(64))
    assert row["p_window"] == pytest.approx(beyond / 64, rel=1e-12)


def test_the_scan_over_all_windows_that_can_be_drawn() -> None:
    frame = returns(5)
    frame.iloc[rows_of("2020-03-03", "2020-03-04"), 0] += 0.03
    row = run(frame, {**ONE, "start": "2020-03-03", "end": "2020-03-05"})[0].iloc[0]
    f = fit(frame, "AAA", rows_of("2020-03-03", "2020-03-05"))

    def statistic(z: np.ndarray) -> np.ndarray:
        ones, twos = np.abs(z), np.abs(z[:, 1:] + z[:, :-1]) / 2**0.5
        return np.maximum(ones.max(axis=1), twos.max(axis=1))  # five and three: three days only

    def with_three(z: np.ndarray) -> np.ndarray:
        return np.maximum(statistic(z), np.abs(z.sum(axis=1)) / 3**0.5)

    pool = np.array([*f["pool"], *f["z"]])
    drawn = np.array([pool[list(c)] for c in combinations(range(len(pool)), 3)])
    # The middle one matters, the order of the outer two does not.
    every = np.concatenate([drawn[:, o] for o in ([0, 1, 2], [1, 0, 2], [0, 2, 1])])
    exact = (with_three(every) >= with_three(np.array([f["z"]]))[0] - 1e-12).mean()
    assert row["p_scan"] == pytest.approx(exact, abs=3.5 * (exact * (1 - exact) / 2000) ** 0.5 + 1 / 2000)


@pytest.mark.parametrize("prior", ["uniform", "triangular"])
def test_the_mixture_under_a_prior_is_its_likelihood_and_its_permutations(prior: str) -> None:
    frame = returns(8)
    frame.iloc[300, 0] += 0.02
    event = {
        **ONE,
        "event_time": f"{DAYS[300]:%Y-%m-%d}",
        "start": f"{DAYS[299]:%Y-%m-%d}",
        "end": f"{DAYS[302]:%Y-%m-%d}",
    }
    summary, curve = run(frame, event, prior=prior)
    f, pi = fit(frame, "AAA", list(range(299, 303))), curve[["prior"]].to_numpy().T

    def ratio(z: np.ndarray) -> float:
        """Return the likelihood ratio of one event: over a grid, which is what permutations can afford."""
        mu, d2 = np.meshgrid(np.arange(-8, 8.05, 0.1), np.r_[0, np.geomspace(0.02, 60, 40)], indexing="ij")
        terms = [
            p * np.exp(-0.5 * np.log1p(d2) - 0.5 * (v - mu) ** 2 / (1 + d2) + 0.5 * v * v)
            for p, v in zip(pi[0], z, strict=True)
        ]
        log = np.log(np.sum(terms, axis=0))
        return float(2 * (log.max() - log[np.abs(mu[:, 0]) < 1e-9].max()))

    own, rng = np.array(f["z"]), np.random.default_rng(0)
    exact = 2 * (best(own[None], pi, True)[0] - best(own[None], pi, False)[0])
    assert float(likelihood_ratio(own[None], prior=pi)[0]) == pytest.approx(exact, abs=1e-6)
    pool = np.array([*f["pool"], *f["z"]])
    drawn = np.array([ratio(rng.permutation(pool)[:4]) for _ in range(600)])
    assert summary["p_mixture"].iloc[0] == pytest.approx((drawn >= ratio(own)).mean(), abs=0.08)


# ---------------------------------------------------------------------------------------------- several events together

MANY = (
    {"event_id": "a", "asset": "AAA", "event_time": "2020-03", "kind": "k"},
    {"event_id": "b", "asset": "BBB", "event_time": "2020-02-12", "start": "2020-02-10", "end": "2020-02-14", "kind": "k"},
    {"event_id": "c", "asset": "CCC", "event_time": "2020-01-08", "candidates": "2020-01-06|2020-01-08|2020-01-13", "kind": "k"},
    {"event_id": "d", "asset": "CCC", "event_time": "2031-01", "kind": "late"},
)  # fmt: skip


def test_several_events_share_one_effect() -> None:
    frame = returns(11)
    for asset, day in (("AAA", "2020-03-17"), ("BBB", "2020-02-12"), ("CCC", "2020-01-08")):
        frame.loc[day, asset] -= 0.05
    prices = bt.Prices.from_returns(frame, "IX")
    groups, curve = bt.uncertain_groups(STUDY, pd.DataFrame(MANY), prices, "triangular")
    fits = {
        "a": fit(frame, "AAA", rows_of("2020-03-01", "2020-03-31")),
        "b": fit(frame, "BBB", rows_of("2020-02-10", "2020-02-14")),
    }
    rows = [DAYS.get_loc(pd.Timestamp(d)) for d in ("2020-01-06", "2020-01-08", "2020-01-13")]
    fits["c"] = fit(frame, "CCC", rows)
    pi = {"a": [1 / 22] * 22, "b": [v / 9 for v in (1, 2, 3, 2, 1)], "c": [v / 11 for v in (4, 6, 1)]}
    padded = np.zeros((2, 3, 22))
    for i, e in enumerate("abc"):
        padded[0, i, : len(pi[e])], padded[1, i, : len(pi[e])] = fits[e]["z"], pi[e]
    free, mu, d2 = best(padded[0], padded[1], True)
    row = groups.set_index("kind").loc["k"]
    assert row["n"] == 3
    assert row["statistic"] == pytest.approx(2 * (free - best(padded[0], padded[1], False)[0]), abs=1e-5)
    assert row["mu"] == pytest.approx(mu, abs=1e-3)
    assert row["extra"] == pytest.approx(d2, abs=2e-3)
    assert row["effect"] == pytest.approx(mu * np.mean([f["s"] for f in fits.values()]), rel=1e-3)
    assert row["p_nominal"] == pytest.approx(stats.chi2.sf(row["statistic"], 1), rel=1e-9)
    assert row["p_min"] == 1 / 200 <= row["p_mixture"] <= 0.1
    scar = []
    for e, members in (
        ("a", rows_of("2020-03-01", "2020-03-31")),
        ("b", rows_of("2020-02-10", "2020-02-14")),
        ("c", rows),
    ):
        f = fits[e]
        scar.append(sum(f["e"][t] for t in members) / (f["s"] * (len(members) + sum(f["q"].values())) ** 0.5))
    assert row["p_window"] == pytest.approx(stats.ttest_1samp(scar, 0).pvalue, rel=1e-8)
    for e in "abc":
        weight = np.array([
            p * stats.norm.pdf(v, mu, (1 + d2) ** 0.5) / stats.norm.pdf(v) for p, v in zip(pi[e], fits[e]["z"], strict=True)
        ])  # fmt: skip
        np.testing.assert_allclose(curve.loc[curve["event_id"] == e, "posterior"], weight / weight.sum(), atol=1e-3)
    late = groups.set_index("kind").loc["late"]
    assert (late["n"], late["reason"]) == (0, "no event of the group could be studied")
    assert list(curve.groupby("event_id", sort=False).size()) == [22, 5, 3]


def test_one_event_alone_has_no_cross_section_and_groups_go_by_any_column() -> None:
    prices = bt.Prices.from_returns(returns(2), "IX")
    events = pd.DataFrame(MANY[:2]).assign(desk=["x", "y"])
    groups, _ = bt.uncertain_groups(STUDY, events, prices, by="desk")
    assert list(groups["desk"]) == ["x", "y"]
    assert groups["p_window"].isna().all()
    with pytest.raises(SchemaError, match="by='table': no such column of the events"):
        bt.uncertain_groups(STUDY, events, prices, by="table")
    groups, curve = bt.uncertain_groups(STUDY, pd.DataFrame(MANY[3:]), prices)
    assert groups["n"].tolist() == [0]
    assert curve.empty


def test_the_order_of_the_events_changes_nothing() -> None:
    prices = bt.Prices.from_returns(returns(11), "IX")
    one, two = (bt.uncertain_groups(STUDY, pd.DataFrame(list(m)), prices)[0] for m in (MANY, MANY[::-1]))
    pd.testing.assert_frame_equal(one, two, rtol=1e-9)


def test_prior_zero_makes_a_day_invisible_to_the_mixture() -> None:
    z = np.array([[0.3, 9.0, 2.5]])
    two, three = likelihood_ratio(z[:, [0, 2]]), likelihood_ratio(z, prior=np.array([0.5, 0.0, 0.5]))
    assert float(two[0]) == pytest.approx(float(three[0]), rel=1e-9)
    assert float(two[1]) == pytest.approx(float(three[1]), rel=1e-9)


def test_the_mixture_of_a_sample_takes_a_prior() -> None:
    events = pd.DataFrame({"asset": ["AAA", "BBB"], "event_time": DAYS[[200, 300]]})
    study = bt.EventStudy(event=(0, 2), estimation=(-62, -3))
    sample = study.run(events, bt.Prices.from_returns(returns(4), "IX")).sample((0, 2))
    flat, same = mixture_test(sample), mixture_test(sample, prior=np.full(3, 1 / 3))
    assert (flat.statistic, flat.pvalue) == pytest.approx((same.statistic, same.pvalue), rel=1e-9)
    assert mixture_test(sample, prior=np.array([1.0, 0.0, 0.0])).statistic != pytest.approx(float(flat.statistic))
