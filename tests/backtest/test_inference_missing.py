"""Missing days in the tested window: with `missing="available"` the days that are there count, in numerator and variance."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from panels import DAYS, make_result

import backtest as bt
from backtest.inference import Sample

T = bt.TESTS


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Events that lack days of the window, day 1 of all of them among those."""
    result = make_result(6, seed=2, holes=0.15, spread=5, event=(-3, 4), estimation=(-80, -6))
    found = result.sample((-2, 3), missing="available")
    ar = found.ar.copy()
    ar[:, 4] = np.nan
    return replace(found, ar=ar)


def days_of(s: Sample, i: int) -> list[int]:
    return [t for t in range(s.columns.start, s.columns.stop) if np.isfinite(s.ar[i, t])]


def test_the_sample_lacks_days(sample: Sample) -> None:
    assert len({len(days_of(sample, i)) for i in range(sample.n)}) > 1
    assert set().union(*(days_of(sample, i) for i in range(sample.n))) == {1, 2, 3, 5, 6}


def test_patells_sum_has_the_variance_of_the_days_there_are(sample: Sample) -> None:
    total, variance = 0.0, 0.0
    for i in range(sample.n):
        for t in days_of(sample, i):
            c = 1 + (sample.root[i, t] ** 2).sum()  # type: ignore[index]
            total += sample.ar[i, t] / np.sqrt(sample.s2[i] * c)
        variance += len(days_of(sample, i)) * sample.df[i] / (sample.df[i] - 2)
    assert T["patell"](sample, form="sum").statistic == pytest.approx(total / np.sqrt(variance), rel=1e-12)


def test_the_time_series_t_in_all_forms(sample: Sample) -> None:
    e = sample.residuals.values
    sd = np.std([np.mean(c[np.isfinite(c)]) for c in e.T if np.isfinite(c).any()], ddof=1)
    cars = [sum(sample.ar[i, t] for t in days_of(sample, i)) for i in range(sample.n)]
    lengths = [len(days_of(sample, i)) for i in range(sample.n)]
    plain = np.mean(cars) / (np.sqrt(np.mean(lengths)) * sd)
    assert T["time-series"](sample).statistic == pytest.approx(plain, rel=1e-12)
    alone = np.mean(cars) / (np.sqrt(sum(n * v for n, v in zip(lengths, sample.s2, strict=True))) / sample.n)
    assert T["time-series"](sample, form="independent").statistic == pytest.approx(alone, rel=1e-12)
    total, count = 0.0, 0
    for t in range(sample.columns.start, sample.columns.stop):
        who = [i for i in range(sample.n) if np.isfinite(sample.ar[i, t])]
        if who:
            c = np.mean([1 + (sample.root[i, t] ** 2).sum() for i in who])  # type: ignore[index]
            total, count = total + np.mean([sample.ar[i, t] for i in who]) / (sd * np.sqrt(c)), count + 1
    assert T["time-series"](sample, form="lamb").statistic == pytest.approx(total / np.sqrt(count), rel=1e-12)


@pytest.mark.parametrize("name", ["corrado", "cz-sign"])
def test_days_that_nobody_has_do_not_count(name: str, sample: Sample) -> None:
    scores = []
    for row in np.hstack([sample.residuals.values, sample.ar]):
        there = row[np.isfinite(row)]
        rank = [(there < v).sum() + ((there == v).sum() + 1) / 2 for v in row]
        u = np.array(rank) / (len(there) + 1) - 0.5 if name == "corrado" else np.sign(row - np.median(there))
        scores.append(np.where(np.isfinite(row), u, np.nan))
    columns = [c[np.isfinite(c)] for c in np.array(scores).T]
    days = [c.sum() / np.sqrt(len(c)) if len(c) else None for c in columns]
    size = np.sqrt(np.mean([v**2 for v in days if v is not None]))
    first = sample.residuals.values.shape[1] + sample.columns.start
    window = [v for v in days[first : first + sample.length] if v is not None]
    assert T[name](sample).statistic == pytest.approx(sum(window) / size / np.sqrt(len(window)), rel=1e-12)


# -------------------------------------------------------------------------------------------------- rows of the table


def study(missing: list[str]) -> bt.EventStudyResult:
    """Return a study of three events of which some did not trade on day 1."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(0, 0.02, (len(DAYS), 3)), index=DAYS, columns=["A", "B", "C"])
    frame.loc[DAYS[121], missing] = np.nan
    events = pd.DataFrame({"event_id": ["a", "b", "c"], "asset": ["A", "B", "C"], "event_time": DAYS[120]})
    spec = bt.EventStudy(event=(-2, 2), estimation=(-80, -6), model="constant-mean", min_obs=30)
    return spec.run(events, bt.Prices.from_returns(frame))


@pytest.mark.parametrize("missing", [[], ["B"], ["A", "B", "C"]])
@pytest.mark.parametrize("names", [("sq", "car-t"), ("all",)])
def test_tests_of_single_events_have_one_row_for_each(names: tuple[str, ...], missing: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = study(missing).test(*names, windows=[(0, 1)])
    for name in ("sq", "car-t", *(("max", "scan", "conformal", "sq-ewma") if names == ("all",) else ())):
        rows = table[table["test"] == name].set_index("event_id")
        assert sorted(rows.index) == ["a", "b", "c"]
        gone = [asset.lower() for asset in missing]
        assert (rows.loc[gone, "reason"] == "missing day in the window").all()
        assert rows.loc[gone, "pvalue"].isna().all()
        assert (rows["pvalue"].notna() == (rows["reason"] == "")).all()


def test_a_refusal_says_so_for_every_event() -> None:
    result = make_result(3, holes=0.0)
    rows = result.test("all", windows=[(-3, 4)]).query("test == 'sq'")
    assert list(rows["n"]) == [1, 1, 1]
    assert rows["pvalue"].isna().all()
    assert rows["reason"].str.contains("estimation days are too few for windows of 8 days").all()
    np.testing.assert_allclose(rows["effect"], result.ar.sum(axis=1), rtol=1e-12)
