"""`EventStudyResult`: the shape of its tables, what it refuses, what it shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.errors import AlignmentError, SchemaError, UnknownNameError
from backtest.inference import Sample, Statistic
from backtest.labels import interval, p_value, percent
from backtest.tables import TEST_COLUMNS

DAYS = pd.bdate_range("2019-01-01", periods=160)
NOTICE = "simulated prices, reported event-day moves imposed: not market data"


@pytest.fixture(scope="module")
def result() -> bt.EventStudyResult:
    rng = np.random.default_rng(7)
    market = rng.normal(0, 0.01, 160)
    close = pd.DataFrame(index=DAYS)
    for i in range(8):
        close[f"S{i}"] = 50 * np.cumprod(1 + market + rng.normal(0, 0.02, 160))
    close["^STOXX"] = 1000 * np.cumprod(1 + market)
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(8)],
            "asset": [f"S{i}" for i in range(8)],
            "event_time": DAYS[[100, 105, 110, 115, 120, 125, 130, 135]],
            "kind": ["profit-warning"] * 5 + ["takeover-rumour"] * 2 + ["takeover-bid"],
            "role": ["issuer"] * 4 + ["peer"] + ["target"] * 3,
        }
    )
    prices = replace(bt.Prices.from_frame(close), notice=NOTICE)
    return bt.EventStudy(event=(-2, 4), estimation=(-80, -5)).run(events, prices)


GROUPS = {"profit-warning": 4, "profit-warning (peer)": 1, "takeover-bid": 1, "takeover-rumour": 2}


def test_the_tests_table_has_the_columns_of_the_contract(result: bt.EventStudyResult) -> None:
    table = result.test("sq", "bmp", windows=[(0, 0), (0, 1)])
    assert tuple(table.columns) == TEST_COLUMNS
    assert {c: str(t) for c, t in table.dtypes.items() if t != "str"} == {
        **dict.fromkeys(("window_start", "window_end", "n"), "int64"),
        **dict.fromkeys(
            ("n_eff", "r_bar", "effect", "se", "statistic", "df", "pvalue", "p_min", "low", "high"), "float64"
        ),
    }
    assert len(table) == 2 * (8 + 4)
    single = table[table["test"] == "sq"]
    assert list(single["event_id"].iloc[:8].sort_values()) == [f"e{i}" for i in range(8)]
    assert (single["n"] == 1).all()
    assert table.loc[table["test"] == "bmp", "event_id"].isna().all()


def test_what_is_undefined_is_nan_with_a_reason(result: bt.EventStudyResult) -> None:
    table = result.test("cross-sectional", "bmp").set_index(["kind", "test"])
    alone = table.loc[("takeover-bid", "bmp")]
    assert np.isnan(alone["pvalue"])
    assert alone["reason"].startswith("one event has no cross-sectional variance")
    assert np.isfinite(alone["effect"])
    assert table.loc[("profit-warning", "bmp"), "reason"] == ""
    no_number = table["pvalue"].isna()
    assert (table["reason"] != "")[no_number].all()
    assert (table["reason"] == "")[~no_number].all()


def test_by_none_puts_all_events_together(result: bt.EventStudyResult) -> None:
    table = result.test("cross-sectional", by=None)
    assert list(table["kind"]) == ["all"]
    assert list(table["n"]) == [8]
    assert table["effect"].iloc[0] == pytest.approx(result.ar[0].mean())
    assert list(result.caar(by=None)["n"]) == [8] * 7


def test_by_any_column(result: bt.EventStudyResult) -> None:
    assert list(result.test("cross-sectional", by="role")["kind"]) == ["issuer", "peer", "target"]
    with pytest.raises(SchemaError, match="by='sector': no such column of the events"):
        result.test("cross-sectional", by="sector")


def test_sides(result: bt.EventStudyResult) -> None:
    left, right, two = (result.test("cross-sectional", by=None, side=s).iloc[0] for s in ("left", "greater", "two"))
    assert left["pvalue"] + right["pvalue"] == pytest.approx(1.0)
    assert two["pvalue"] == pytest.approx(2 * min(left["pvalue"], right["pvalue"]))
    assert (left["side"], right["side"], two["side"]) == ("left", "right", "two")
    with pytest.raises(UnknownNameError, match="unknown side 'rigt'; did you mean 'right'"):
        result.test("sq", side="rigt")


def test_names_and_windows_are_checked(result: bt.EventStudyResult) -> None:
    with pytest.raises(UnknownNameError, match="unknown test 'bpm'"):
        result.test("bpm")
    for bad in ([0], (0, 1), [(0.5, 1)], [(0, 1, 2)]):
        with pytest.raises(AlignmentError, match=r"test window .*: two whole numbers, first and last day, in a list"):
            result.test("bmp", windows=bad)  # type: ignore[arg-type]
    with pytest.raises(AlignmentError, match=r"test window \(-3, 0\) is not inside the event window \(-2, 4\)"):
        result.test("sq", windows=[(-3, 0)])
    with pytest.raises(AlignmentError, match=r"test window \(1, 0\)"):
        result.test("sq", windows=[(1, 0)])
    with pytest.raises(UnknownNameError, match="unknown kind 'x'"):
        result.sample(kind="x")


def test_a_test_may_be_a_callable(result: bt.EventStudyResult) -> None:
    def largest(sample: Sample) -> Statistic:
        return Statistic(float(sample.car.max()), 0.5, distribution="own")

    table = result.test(largest, windows=[(0, 2)], by=None)
    assert table["test"].iloc[0] == "largest"
    assert table["statistic"].iloc[0] == pytest.approx(result.ar.loc[:, 0:2].sum(axis=1).max())


def test_valid_tests_say_why_not(result: bt.EventStudyResult) -> None:
    table = result.valid_tests()
    assert list(table.columns) == ["kind", "test", "n", "valid", "reason"]
    assert set(table["test"]) == set(bt.TESTS)
    assert ((table["reason"] == "") == table["valid"]).all()
    one = table[table["kind"] == "takeover-bid"].set_index("test")
    assert one.loc["sq", "valid"]
    assert not one.loc["bmp", "valid"]
    assert "one event" in one.loc["bmp", "reason"]
    assert dict(zip(table["kind"], table["n"], strict=True)) == GROUPS


def test_the_default_is_what_is_valid(result: bt.EventStudyResult) -> None:
    table = result.test()
    valid = result.valid_tests().query("valid")
    asked = set(zip(table["kind"], table["test"], strict=True))
    assert asked <= set(zip(valid["kind"], valid["test"], strict=True))
    assert {kind for kind, _ in asked} == set(GROUPS)
    assert table["pvalue"].notna().all()


def test_the_frozen_result_shows_itself(result: bt.EventStudyResult) -> None:
    text, page = repr(result), result._repr_html_()
    for part in (NOTICE, "8 events kept of 8", "CAAR", "profit-warning (peer)", "sq"):
        assert part in text
        assert part in page
    assert "<table" in page
    with pytest.raises(AttributeError, match="cannot assign"):
        result.dropped = None  # type: ignore[misc, assignment]
    assert result.notice == NOTICE


def test_what_a_notebook_shows_is_what_the_tests_say(result: bt.EventStudyResult) -> None:
    fresh = replace(result, ledger=[])
    text = repr(fresh)
    assert "tried" not in text, "showing a result is no test"
    assert not fresh.ledger
    page = fresh._repr_html_()
    window = fresh.spec.event
    advice = fresh.recommended(windows=[(0, 0), window])
    for row in advice.itertuples():
        days = (row.window_start, row.window_end)
        table = replace(result, ledger=[]).test(row.test, "car-t", "cross-sectional", windows=[days])
        rows = table[table["kind"] == row.kind].set_index("test")
        own = rows.loc[[row.test]].iloc[0]
        spare = own if np.isfinite(own["low"]) else rows.loc[["cross-sectional" if row.n > 1 else "car-t"]].iloc[0]
        for part in (percent(own["effect"]), interval(spare["low"], spare["high"])):
            assert part in text
            assert part in page
        if days == (0, 0):
            assert row.reason in text
            assert p_value(own["pvalue"]) in text
    assert "of this volatility you could have found an effect of" in page
    assert page.count("with 80 % power") == len(fresh.events["kind"].unique()) + 1  # and the peers
    fresh.test("sq", "car-t")
    p = fresh.tried["pvalue"]
    assert f"{(p < 0.05).sum()} of {len(p)} tests tried on these events reject at 5 %" in repr(fresh)


def test_the_headline_says_what_was_measured(result: bt.EventStudyResult) -> None:
    assert "market model of simple returns, event window (-2, 4)" in repr(result)
    assert "market model of log returns" in repr(result.variant(returns="log"))
    assert "market model of absolute simple returns" in repr(result.variant(measure="volatility"))


def test_the_audit_has_one_row_per_event(result: bt.EventStudyResult) -> None:
    assert list(result.audit.columns) == [
        *("event_id", "asset", "kind", "event_time", "event_precision", "session_hint", "rule", "day0"),
        *("tradable_from", "tradable_rule", "benchmark", "n_estimation", "flags"),
    ]
    assert list(result.audit["day0"]) == list(DAYS[[100, 105, 110, 115, 120, 125, 130, 135]])
    assert (result.audit["tradable_from"] > result.audit["day0"]).all()


def test_the_caar_table(result: bt.EventStudyResult) -> None:
    table = result.caar()
    assert list(table.columns) == ["kind", "day", "n", "aar", "caar", "low", "high"]
    assert {k: int(g["n"].iloc[0]) for k, g in table.groupby("kind")} == GROUPS
    assert (table["low"] < table["caar"]).all()
    assert (table["caar"] < table["high"]).all()


def test_the_bmp_interval_is_where_the_test_stops_rejecting(result: bt.EventStudyResult) -> None:
    sample = result.sample((0, 0))
    row = result.test("bmp", by=None).iloc[0]
    for limit in (row["low"], row["high"]):
        moved = replace(sample, ar=sample.ar - limit)
        assert bt.TESTS["bmp"](moved).pvalue == pytest.approx(0.05, abs=1e-9)


def test_the_normal_p_of_bmp_is_an_option(result: bt.EventStudyResult) -> None:
    from functools import partial
    from math import erfc, sqrt

    with pytest.warns(UserWarning, match="bmp on 'all': 8 events: the normal p rejects too often in small samples"):
        row = result.test(partial(bt.TESTS["bmp"], p="normal"), by=None).iloc[0]
    assert row["test"] == "bmp"
    assert row["pvalue"] == pytest.approx(erfc(abs(row["statistic"]) / sqrt(2)), rel=1e-12)
    assert row["distribution"] == "normal"


def test_what_was_tried_is_counted_once_per_question() -> None:
    from backtest.tables import tried_line

    keys = {"model": "market", "window_start": 0, "window_end": 0, "side": "two"}
    group = [{"test": "kp", "kind": k, "event_id": None, "pvalue": p, **keys} for k, p in (("a", 0.01), ("b", 0.5))]
    single = [{"test": "sq", "kind": "a", "event_id": e, "pvalue": 0.02, **keys} for e in ("E1", "E2", "E3")]
    tried = pd.DataFrame([*group, *group, *single])
    assert tried_line(tried) == "1 of 2 tests of groups tried on these events reject at 5 %; 0.1 would by chance alone"
    assert tried_line(pd.DataFrame(single)).startswith("3 of 3 tests tried on these events")
    assert tried_line(tried.iloc[:0]) == ""
