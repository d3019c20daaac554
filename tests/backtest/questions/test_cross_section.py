"""What explains the CARs: the regression against statsmodels called directly, and what cannot be regressed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from panels import make_result

import backtest as bt
from backtest.errors import AlignmentError, SchemaError


def study(n: int = 40, spread: int = 12, holes: float = 0.0, seed: int = 0, **columns: object) -> bt.EventStudyResult:
    result = make_result(n, seed, spread=spread, holes=holes)
    for name, values in columns.items():
        result.events[name] = values
    return result


def draw(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.lognormal(24, 1, n), rng.integers(0, 2, n).astype(bool), rng.choice(["hard", "mild", "soft"], n)


@pytest.mark.parametrize("window", [(0, 0), (-1, 2)])
@pytest.mark.parametrize("cluster", [None, "date", "asset"])
def test_numbers_flags_and_words_are_statsmodels(window: tuple[int, int], cluster: str | None) -> None:
    cap, flag, word = draw(40)
    result = study(cap=cap, flag=flag, word=word)
    table = bt.cross_section(result, ["cap", "flag", "word"], window, cluster)
    x = np.column_stack([np.ones(40), cap / 1e10, flag, word == "mild", word == "soft"]).astype(float)
    y = result.ar.loc[:, window[0] : window[1]].sum(axis=1).to_numpy()
    if cluster is None:
        fit = sm.OLS(y, x).fit(cov_type="HC3", use_t=True)
    else:
        by = result.audit["day0"] if cluster == "date" else result.events["asset"]
        groups = pd.factorize(by)[0]
        fit = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
        assert set(table["df"]) == {len(set(groups)) - 1}
    scale = np.array([1, 1e10, 1, 1, 1])
    assert list(table["term"]) == ["intercept", "cap", "flag", "word_mild", "word_soft"]
    np.testing.assert_allclose(table["estimate"] * scale, fit.params, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(table["se"] * scale, fit.bse, rtol=1e-7)
    np.testing.assert_allclose(table["pvalue"], fit.pvalues, rtol=1e-6)
    np.testing.assert_allclose(table["r2"], fit.rsquared, rtol=1e-8)


def test_attributes_of_any_size_keep_their_digits() -> None:
    cap, flag, _ = draw(40)
    small, large = (bt.cross_section(study(cap=cap * f, flag=flag), ["cap", "flag"]) for f in (1e-12, 1e6))
    np.testing.assert_allclose(small["statistic"], large["statistic"], rtol=1e-9)
    np.testing.assert_allclose(small["estimate"][1] * 1e-18, large["estimate"][1], rtol=1e-9)


@pytest.mark.parametrize("missing", [None, np.nan, ""])
def test_events_that_lack_an_attribute_are_left_out(missing: object) -> None:
    cap, _, word = draw(40)
    word = word.astype(object)
    word[:5] = missing
    cap[5:9] = np.nan
    result = study(cap=cap, word=word)
    table = bt.cross_section(result, ["cap", "word"])
    x = np.column_stack([np.ones(31), cap[9:] / 1e10, word[9:] == "mild", word[9:] == "soft"]).astype(float)
    fit = sm.OLS(result.ar[0].to_numpy()[9:], x).fit(cov_type="HC3", use_t=True)
    assert set(table["n"]) == {31}
    np.testing.assert_allclose(table["pvalue"], fit.pvalues, rtol=1e-7)


def test_a_value_that_only_incomplete_events_have_makes_no_term() -> None:
    cap, _, word = draw(40)
    word = word.astype(object)
    word[:3], cap[:3] = "odd", np.nan
    assert "word_odd" not in set(bt.cross_section(study(cap=cap, word=word), ["cap", "word"])["term"])


def test_nullable_columns_and_numbers_kept_as_objects() -> None:
    values = [*range(38), None, None]
    plain = bt.cross_section(study(x=np.array(values, dtype=float)), ["x"])
    for column in (pd.array(values, dtype="Int64"), np.array(values, dtype=object)):
        pd.testing.assert_frame_equal(bt.cross_section(study(x=column), ["x"]), plain)
    pd.testing.assert_frame_equal(bt.cross_section(study(x=np.array(values, dtype=float)), "x"), plain)


def test_events_with_a_hole_in_the_window_are_left_out() -> None:
    cap = draw(40)[0]
    result = study(holes=0.04, cap=cap)
    whole = result.ar.loc[:, -2:2].notna().all(axis=1).to_numpy()
    assert 10 < whole.sum() < 40
    table = bt.cross_section(result, ["cap"], (-2, 2), "date")
    groups = pd.factorize(result.audit["day0"][whole])[0]
    x = np.column_stack([np.ones(whole.sum()), cap[whole] / 1e10])
    y = result.ar.loc[:, -2:2].sum(axis=1).to_numpy()[whole]
    fit = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    np.testing.assert_allclose(table["pvalue"], fit.pvalues, rtol=1e-7)


def test_clusters_are_days_of_the_event_not_of_the_window() -> None:
    cap = draw(40)[0]
    result = study(spread=4, cap=cap)
    one, two = (bt.cross_section(result, ["cap"], w, "date") for w in ((0, 0), (-3, 0)))
    assert set(one["df"]) == set(two["df"]) == {result.audit["day0"].nunique() - 1}


def refuse(words: str, columns: list[str] | str, cluster: str | None = None, n: int = 20, **values: object) -> None:
    with pytest.raises(SchemaError, match=words):
        bt.cross_section(study(n, **values), columns, cluster=cluster)  # type: ignore[arg-type]


def test_what_cannot_be_regressed() -> None:
    x = np.arange(20.0)
    refuse(r"'z' follows from the other terms \(collinear\)", ["x", "y", "z"], x=x, y=x**2, z=1 - x + 3 * x**2)
    refuse(r"attribute 'x' is named twice", ["x", "x"], x=x)
    refuse(r"attribute 'x' has one value only among the 20 events; drop it", ["x"], x=1.0)
    refuse(r"attribute 'word' has one value only", ["word"], word="hard")
    refuse(r"attribute 'when' holds dates; give a number", ["when"], when=pd.date_range("2020-01-01", periods=20))
    refuse(r"attribute 'x' is infinite for '", ["x"], x=np.r_[np.inf, x[1:]])
    refuse(r"20 events with all attributes cannot carry 20 terms", ["asset"])
    refuse(r"0 events with all attributes cannot carry 2 terms", ["x"], x=np.nan)
    refuse(r"no column to explain the CARs; name one; there are 'asset'", [])
    refuse(r"the events have no column 'size'; there are", "size")
    refuse(r"all 20 events share one date: errors cannot be clustered by it", ["x"], "date", x=x, spread=1)


def test_a_value_of_one_cluster_has_no_error() -> None:
    result = study(20, spread=6)
    day0 = result.audit["day0"]
    most = day0.value_counts().idxmax()
    assert (day0 == most).sum() > 1
    result.events["flag"] = (day0 == most).to_numpy()
    assert bt.cross_section(result, ["flag"])["se"].notna().all()
    words = r"events '.*', of one date, alone have a value of an attribute: clustered errors are undefined; pool values"
    with pytest.raises(SchemaError, match=words):
        bt.cross_section(result, ["flag"], cluster="date")


def test_a_window_outside_the_study() -> None:
    with pytest.raises(AlignmentError, match=r"test window \(0, 9\) is not inside"):
        bt.cross_section(study(x=np.arange(40.0)), ["x"], (0, 9))


def test_equal_cars_have_no_share_explained() -> None:
    frame = pd.DataFrame(np.tile(np.random.default_rng(0).normal(0, 0.01, 80)[:, None], 5), columns=list("ABCDE"))
    frame.index = pd.bdate_range("2020-01-01", periods=80)
    events = pd.DataFrame({"asset": list("ABCDE"), "event_time": frame.index[70], "x": [1.0, 2.0, 4.0, 3.0, 9.0]})
    result = bt.EventStudy(event=(0, 0), estimation=(-60, -2), model="constant-mean").run(
        events, bt.Prices.from_returns(frame)
    )
    assert bt.cross_section(result, ["x"])["r2"].isna().all()
