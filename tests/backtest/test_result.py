"""`EventStudyResult`: the shape of its tables, what it refuses, what it shows."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.errors import AlignmentError, SchemaError, UnknownNameError
from backtest.inference import Sample, Statistic
from backtest.labels import interval, p_value, percent
from backtest.ledger import tried_line
from backtest.summary import ANSWER_COLUMNS
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
    with pytest.warns(
        UserWarning, match="sq on 'profit-warning': 76 estimation days are too few for windows of 2 days"
    ):
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
    with pytest.warns(UserWarning, match="share one date|needs"):
        fresh.test("kp", "wilcoxon")
    p = fresh.tried["pvalue"].dropna()
    assert f"{(p < 0.05).sum()} of {len(p)} tests of groups tried on these events reject at 5 %" in repr(fresh)


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
    from math import erfc, sqrt

    with pytest.warns(UserWarning, match="bmp on 'all': 8 events: the normal p rejects too often in small samples"):
        row = result.test(partial(bt.TESTS["bmp"], p="normal"), by=None).iloc[0]
    assert row["test"] == "bmp"
    assert row["pvalue"] == pytest.approx(erfc(abs(row["statistic"]) / sqrt(2)), rel=1e-12)
    assert row["distribution"] == "normal"


# --------------------------------------------------------------------------------------- the ledger, counted by hand

WINDOWS = [(0, 0), (0, 1), (-1, 1)]


@pytest.fixture
def fresh(result: bt.EventStudyResult) -> bt.EventStudyResult:
    """Return the study with nothing tried: groups of 4, 1, 1 and 2 events."""
    return replace(result, ledger=[])


def counts(result: bt.EventStudyResult) -> tuple[int, int]:
    """Return how many tests of groups and of single events were tried."""
    tried = result.tried.dropna(subset="pvalue")
    return int(tried["group"].sum()), int((~tried["group"].astype(bool)).sum())


def test_every_window_kind_and_test_counts_and_none_twice(fresh: bt.EventStudyResult) -> None:
    assert fresh.tried.empty
    assert tried_line(fresh.tried) == ""
    for _ in range(3):
        fresh.test("bmp", "kp", windows=WINDOWS)
        assert counts(fresh) == (2 * 2 * 3, 0)  # two tests of the two kinds with more than one event in three windows
    fresh.test("kp", "bmp", windows=[(0, 1)])
    assert counts(fresh) == (12, 0)
    fresh.test("kp", side="left")  # another question of the same days
    assert counts(fresh) == (14, 0)


def test_single_events_count_by_themselves_unless_they_are_the_group(fresh: bt.EventStudyResult) -> None:
    fresh.test("car-t")
    assert counts(fresh) == (2, 6)
    fresh.test("car-t", by=None)  # the same eight events, now as one group: the same eight tests
    assert counts(fresh) == (2, 6)
    fresh.test("cross-sectional", by=None)
    assert counts(fresh) == (3, 6)


def test_variants_count_by_whatever_differs(fresh: bt.EventStudyResult) -> None:
    fresh.test("kp")
    changes: list[dict[str, object]] = [
        {"model": "constant-mean"}, {"estimation": (-70, -5)}, {"event": (-2, 3)}, {"returns": "log"},
        {"model": partial(bt.MODELS["market"], loss="huber")},
    ]  # fmt: skip
    for number, change in enumerate(changes, 2):
        for _ in range(2):
            again = fresh.variant(**change)
            again.test("kp")
            assert counts(fresh) == counts(again) == (2 * number, 0)
    back = fresh.variant(model="constant-mean").variant(model="market")
    back.test("kp")
    assert counts(fresh) == (12, 0)
    assert fresh.tried["study"].iloc[-1] == "event=(-2, 4), estimation=(-80, -5), model=market(loss=huber)"


def test_options_of_a_test_make_another_test(fresh: bt.EventStudyResult) -> None:
    fresh.test("kp", partial(bt.TESTS["kp"], rbar_floor=None), by=None)
    fresh.test("kp", by=None, missing="available")
    assert list(fresh.tried["options"]) == ["", "rbar_floor=None", "missing=available"]


def test_what_is_refused_was_not_tried_until_it_is_named(fresh: bt.EventStudyResult) -> None:
    table = fresh.test("all", by=None)
    groups, single = counts(fresh)
    assert groups == (table["event_id"].isna() & table["pvalue"].notna()).sum()
    assert single == (table["event_id"].notna() & table["pvalue"].notna()).sum()
    assert table.set_index("test")["reason"]["hall"].startswith("8 events, needs 100")
    with pytest.warns(UserWarning, match="hall on 'all': 8 events, needs 100"):
        fresh.test("hall", by=None)
    assert counts(fresh) == (groups + 1, single)
    assert fresh.tried.set_index("test")["pvalue"]["hall"] > 0


def test_what_the_answers_show_was_tried_and_what_lends_intervals_was_not(fresh: bt.EventStudyResult) -> None:
    from backtest.summary import answers

    answers(fresh)
    assert dict(fresh.tried[["kind", "test"]].to_numpy()) == {
        "profit-warning": "kp-overlap", "profit-warning (peer)": "sq", "takeover-bid": "sq", "takeover-rumour": "kp-overlap",
    }  # fmt: skip
    assert counts(fresh) == (4, 0)


def test_the_report_says_one_of_how_many(fresh: bt.EventStudyResult) -> None:
    from backtest.report.page import Extras, render

    for model in ("market", "constant-mean"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", bt.OverlapWarning)
            fresh.variant(model=model).test("kp", "cross-sectional", windows=[(1, 1), (2, 2), (3, 3)])
    p = fresh.tried["pvalue"].dropna()
    assert len(p) == 24, "two models, two tests, three windows, two kinds with more than one event"
    said = f"{(p < 0.05).sum()} of 24 tests of groups tried on these events reject at 5 %; 1.2 would by chance alone"
    assert repr(fresh).endswith(said)
    assert fresh._repr_html_().endswith(f"<p>{said}</p>")
    shown = replace(fresh, ledger=[]).test("kp")
    assert said in render(fresh, Extras(tests=shown, answers=pd.DataFrame(columns=list(ANSWER_COLUMNS))))


def test_the_line_of_what_was_tried() -> None:
    rows = [("kp", "a", None, True, 0.01), ("kp", "b", None, True, 0.5), ("sq", "a", "E1", False, 0.02)]
    tried = pd.DataFrame(rows, columns=["test", "kind", "event_id", "group", "pvalue"])
    assert tried_line(tried[:2]) == (
        "1 of 2 tests of groups tried on these events reject at 5 %; 0.1 would by chance alone"
    )
    assert tried_line(tried) == (
        "1 of 2 tests of groups and 1 of 1 test of single events tried on these events reject at 5 %; 0.1 and 0.05 would "
        "by chance alone"
    )
    assert tried_line(tried[2:]).startswith("1 of 1 test of single events tried on these events reject")
    assert tried_line(tried[:0]) == tried_line(tried.assign(pvalue=np.nan)) == ""
