"""Degenerate input: a reason or a named error, never a number made of rounding errors, and no storm of warnings."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError, UnknownNameError

DAYS = pd.bdate_range("2018-01-01", periods=400)
RNG = np.random.default_rng(0)
MARKET = RNG.normal(0, 0.01, 400)
NOISE = RNG.normal(0, 0.02, (400, 2))
RETURNS = pd.DataFrame(MARKET[:, None] + NOISE, index=DAYS, columns=["A", "B"])
INDEX = pd.Series(MARKET, index=DAYS, name="M")
STUDY = bt.EventStudy(event=(-5, 5), estimation=(-260, -11))
# Scholes-Williams' beta of the market itself is near one, not one: three simple slopes over an autocorrelation.
MODELS = [name for name in bt.MODELS if name not in ("garch", "gjr", "egarch", "scholes-williams")]


def at(*rows: tuple[str, int]) -> pd.DataFrame:
    ids = [f"{asset}{row}-{k}" for k, (asset, row) in enumerate(rows)]
    return pd.DataFrame({"event_id": ids, "asset": [a for a, _ in rows], "event_time": [DAYS[r] for _, r in rows]})


def levels(**columns: np.ndarray) -> bt.Prices:
    frame = (100 * (1 + RETURNS).cumprod()).assign(M=100 * np.cumprod(1 + MARKET), **columns)
    return bt.Prices.from_frame(frame, "M")


def returns(**columns: np.ndarray | float) -> bt.Prices:
    return bt.Prices.from_returns(RETURNS.assign(**columns), INDEX)


def everything(prices: bt.Prices, events: pd.DataFrame, study: bt.EventStudy = STUDY) -> bt.EventStudyResult:
    """Run the study and all that shows it; the only warning is that events were dropped."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DroppedEventsWarning)
        result = study.run(events, prices)
        table = result.test("all", windows=[(0, 0), (-1, 1)])
        assert (table["pvalue"].isna() == table["reason"].ne("")).all()
        for shown in (repr(result), result._repr_html_()):
            assert shown
        result.recommended(), result.caar(), result.audit, bt.leakage(result)
    return result


BOTH = at(("A", 300), ("B", 310))


@pytest.mark.parametrize(
    ("prices", "reason"),
    [
        (levels(A=np.full(400, 50.0)), "degenerate-estimation"),
        (levels(A=10 * np.cumprod(1 + 2 * MARKET)), "degenerate-estimation"),
        (returns(A=2 * MARKET + 0.001), "degenerate-estimation"),
        (returns(A=0.0), "degenerate-estimation"),
        (returns(A=0.001), "degenerate-estimation"),
        (levels(A=np.full(400, np.nan)), "no-price-history"),
        (levels(A=np.where(np.arange(400) % 2, 50 + np.arange(400.0), np.nan)), "missing-in-event-window"),
    ],
    ids=[
        "no-variance",
        "perfect-fit",
        "perfect-fit-of-returns",
        "zero-returns",
        "constant-returns",
        "all-nan",
        "every-other",
    ],
)
def test_dropped_with_a_reason(prices: bt.Prices, reason: str) -> None:
    result = everything(prices, BOTH)
    assert result.dropped[["event_id", "reason"]].to_dict("records") == [{"event_id": "A300-0", "reason": reason}]


@pytest.mark.parametrize("model", MODELS)
def test_a_perfect_fit_under_every_model(model: str) -> None:
    """A share that is its benchmark, its peer and its factor at once has no residual variance."""
    own = 10 * np.cumprod(1 + MARKET)
    prices = levels(A=own, C=20 * np.cumprod(1 + MARKET))
    instruments = prices.instruments.assign(peers="")
    instruments.loc["A", "peers"] = "C"
    study = replace(STUDY, model=model)
    exact = replace(prices, instruments=instruments)
    if model == "constant-mean":
        exact = replace(prices, close=prices.close.assign(A=50 * 1.001 ** np.arange(400)))
    if model in ("ff3", "ff5", "carhart", "factors"):
        named = {"ff5": ["SMB", "HML", "RMW", "CMA"], "carhart": ["SMB", "HML", "MOM"]}
        names = named.get(model, ["SMB", "HML"])
        factors = pd.DataFrame(np.random.default_rng(3).normal(0, 0.005, (400, len(names))), index=DAYS, columns=names)
        exact = replace(exact, factors=factors)
    result = everything(exact, BOTH, study)
    assert list(result.dropped["reason"]) == ["degenerate-estimation"]


def test_one_estimation_day_too_few() -> None:
    enough = everything(levels(), at(("A", 200), ("B", 300)), bt.EventStudy(min_obs=189))
    assert not len(enough.dropped)
    less = everything(levels(), at(("A", 200), ("B", 300)), bt.EventStudy(min_obs=190))
    assert list(less.dropped["reason"]) == ["short-estimation"]


def test_two_events_on_one_share_and_day_are_one() -> None:
    result = everything(levels(), at(("A", 300), ("A", 300), ("B", 300)))
    assert result.dropped.to_dict("records") == [
        {"event_id": "A300-1", "asset": "A", "kind": "event", "reason": "duplicate"}
    ]


@pytest.mark.parametrize("value", [np.inf, -np.inf, -5.0, 0.0])
def test_prices_that_are_none_are_named(value: float) -> None:
    column = 100 * (1 + RETURNS["A"]).cumprod().to_numpy()
    column[250] = value
    with pytest.raises(SchemaError, match=r"close: non-positive or infinite value \(A 2018-12-17"):
        levels(A=column)


def test_infinite_returns_are_named() -> None:
    column = RETURNS["A"].to_numpy().copy()
    column[250] = np.inf
    with pytest.raises(SchemaError, match=r"value that is no simple return \(A 2018-12-17: inf\)"):
        returns(A=column)


def test_one_event_reads_as_one() -> None:
    reasons = everything(levels(), at(("A", 300))).test("all")["reason"]
    assert "1 event, needs 6: cannot reject at 5 %" in set(reasons)
    assert not reasons.str.contains("1 events|1 dates").any()


# ------------------------------------------------------------------------------------------- tables that are none


def frame(**columns: object) -> pd.DataFrame:
    return (100 * (1 + RETURNS).cumprod()).assign(M=100 * np.cumprod(1 + MARKET), **columns)


def with_value(column: str, value: float) -> pd.DataFrame:
    out = frame()
    out.loc[DAYS[250], column] = value
    return out


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        (frame().iloc[:0], "the prices have no session; give at least one row per day"),
        (frame().iloc[[300]], "benchmark 'M' has no return from 2019-02-25 to 2019-02-25"),
        (pd.concat([frame(), frame()[["A"]]], axis=1), "close: column listed twice: 'A'"),
        (frame().iloc[::-1], "close: dates out of order at '2019-07-11'"),
        (frame().iloc[[0, 0, 1]], "close: duplicate dates '2018-01-01'; keep one row per date"),
        (frame().set_axis([f"day {i}" for i in range(400)]), r"the index holds no dates \(Time data .* format\); set"),
        (frame().reset_index(drop=True), "the index holds numbers, not dates"),
        (frame(A=True), "'True' in column 'A' on 2018-01-01 is not a number"),
        (frame().astype(complex), r"'\(\S+j\)' in column 'A' on 2018-01-01 is not a number"),
        (with_value("A", 1e300), r"levels of one series 1e\+50 times apart \(A 2018-12-17: 1e\+300\); remove it"),
        (with_value("M", 5e-324), r"levels of one series 1e\+50 times apart \(M 2018-12-17: 4.94066e-324\); remove"),
    ],
)
def test_prices_that_no_study_can_use(prices: pd.DataFrame, message: str) -> None:
    with pytest.raises((SchemaError, AlignmentError), match=message):
        replace(STUDY, benchmark="M").run(BOTH, prices)


def test_returns_beyond_any_share_are_named() -> None:
    column = RETURNS["A"].to_numpy().copy()
    column[250] = 1e60
    with pytest.raises(SchemaError, match=r"value that is no simple return \(A 2018-12-17: 1e\+60\)"):
        returns(A=column)


@pytest.mark.parametrize("factor", [1e300, 1e-300])
def test_the_size_of_prices_is_no_matter(factor: float) -> None:
    one, other = (everything(bt.Prices.from_frame(f, "M"), BOTH) for f in (frame(), frame() * factor))
    np.testing.assert_allclose(other.ar, one.ar, atol=1e-12)


@pytest.mark.parametrize("kind", ["float32", "object", "str"])
def test_the_type_of_prices_is_no_matter(kind: str) -> None:
    one, other = (everything(bt.Prices.from_frame(f, "M"), BOTH) for f in (frame(), frame().astype(kind)))
    np.testing.assert_allclose(other.ar, one.ar, atol=1e-5 if kind == "float32" else 1e-15)


def test_returns_that_grow_without_end() -> None:
    """Their levels overflow; the study never looks at them."""
    logs = bt.Prices.from_returns(RETURNS + 20.0, INDEX, kind="log")
    plain = bt.Prices.from_returns(RETURNS, INDEX, kind="log")
    np.testing.assert_allclose(everything(logs, BOTH).ar, everything(plain, BOTH).ar, atol=1e-12)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        (None, "events: expected a DataFrame of events, got NoneType; bt.read_events reads a file"),
        ("events.csv", "events: expected a DataFrame of events, got str"),
        ([1, 2], "events: expected a DataFrame of events, got list"),
        (BOTH["asset"], "events: expected a DataFrame of events, got Series"),
        (BOTH.iloc[:0], "the events table has no row; give at least one event"),
        (pd.concat([BOTH, BOTH[["asset"]]], axis=1), "events: column listed twice: 'asset'"),
        (BOTH.assign(kind=[["a", "b"], "c"]), "events: row 1: 'kind' holds several values; give one row each"),
        (BOTH.assign(event_id="x"), r"events: rows 1, 2: duplicate event_id; .* \('x', 'x'\)"),
        (BOTH.assign(event_time=[pd.NaT, DAYS[300]]), "events: row 1: no event_time; give a date such as 2018-12-17"),
        (BOTH.assign(event_time=["2019-02-30", "2019-03-01"]), "row 1: 'event_time' is no day of the calendar"),
    ],
)
def test_events_that_are_none(events: object, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        STUDY.run(events, levels())  # type: ignore[arg-type]


def test_dates_outside_the_prices_or_on_no_session() -> None:
    days = ["1600-01-01", "9999-12-31", "2019-02-23", DAYS[310].strftime("%Y-%m-%d")]
    result = everything(levels(), pd.DataFrame({"asset": list("AABB"), "event_time": days}))
    assert list(result.dropped["reason"]) == ["before-first-session", "after-last-session"]
    assert list(result.audit["day0"][2:]) == [DAYS[300], DAYS[310]]


# ---------------------------------------------------------------------------------------- windows, groups, callables


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"event": (0, 10**9)}, r"event=\(0, 1000000000\): days beyond 100,000 lie outside any price history"),
        ({"estimation": (-(10**20), -11)}, "days beyond 100,000 lie outside any price history"),
        ({"min_obs": "many"}, "min_obs='many': it must lie between 2 and the 250 days"),
        ({"min_obs": 99.5}, "min_obs=99.5: it must lie between 2 and the 250 days"),
        ({"estimation": (-12, -11)}, r"2 short-estimation\); .* or shorten estimation= and event="),
    ],
)
def test_specifications_that_cannot_be(changes: dict, message: str) -> None:
    with pytest.raises(AlignmentError, match=message):
        replace(STUDY, **changes).run(BOTH, levels())


@pytest.mark.parametrize("length", [3, 5, 10])
@pytest.mark.parametrize("event", [(0, 0), (2, 5), (-10, -10)])
@pytest.mark.parametrize("model", ["market", "factors", "synthetic", "fowler-rorke"])
def test_estimation_windows_of_a_few_days(model: str, event: tuple[int, int], length: int) -> None:
    """A model with more parameters than days is a reason, and every test of the others a number or a reason."""
    table = pd.DataFrame(np.random.default_rng(1).normal(0, 0.01, (400, 5)), index=DAYS, columns=list("UVWXY"))
    study = bt.EventStudy(event=event, estimation=(-10 - length, -11), model=model, min_obs=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DroppedEventsWarning)
        try:
            result = study.run(at(*((s, r) for r in (280, 300) for s in "AB")), replace(levels(), factors=table))
        except AlignmentError as error:
            assert re.search("short-estimation|degenerate-estimation", str(error))  # noqa: PT017
            return
        found = result.test("all", windows=[event])
        assert repr(result)
    assert (found["pvalue"].isna() == found["reason"].ne("")).all()


def test_a_benchmark_that_never_moves_is_named() -> None:
    with pytest.raises(
        AlignmentError, match=r"2 degenerate-estimation\); .* no residual variance: lengthen estimation="
    ):
        replace(STUDY, benchmark="M").run(BOTH, frame().assign(M=10.0))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"windows": [(0, 9)]}, AlignmentError, r"\(0, 9\) is not inside the event window \(-5, 5\); give one that is"),
        ({"windows": [(2, 0)]}, AlignmentError, r"test window \(2, 0\): the first day must not lie after the last"),
        ({"windows": None}, AlignmentError, r"windows=None: a list of pairs, .* windows=\[\(0, 1\)\]"),
        ({"by": ["kind", "asset"]}, SchemaError, r"by=\['kind', 'asset'\]: no such column of the events; there are"),
        ({"by": "sector"}, SchemaError, "by='sector': no such column of the events; there are 'asset'"),
        ({"side": "up"}, UnknownNameError, "unknown side 'up'; known: greater, left, less, right, two"),
    ],
)
def test_questions_that_cannot_be_asked(changes: dict, error: type[Exception], message: str) -> None:
    result = STUDY.run(BOTH, levels())
    with pytest.raises(error, match=message):
        result.test("bmp", **changes)


def test_callables_that_return_something_else() -> None:
    result = STUDY.run(BOTH, levels())
    with pytest.raises(SchemaError, match="test '<lambda>': it must return a Statistic, not float"):
        result.test(lambda sample: 0.5)
    with pytest.raises(UnknownNameError, match=r"unknown test \['bmp', 'kp'\]"):
        result.test(["bmp", "kp"])  # type: ignore[arg-type]
    for wrong in (lambda r, f, g: None, lambda r, f, g: bt.MODELS["market"](r[:1], f[:1], g[:1])):
        with pytest.raises(
            SchemaError, match=r"model '<lambda>': it must return NormalReturns with residuals \(2, 250\)"
        ):
            replace(STUDY, model=wrong).run(BOTH, levels())  # type: ignore[arg-type]


@pytest.mark.parametrize("event", [(3, 6), (-10, -5)])
def test_a_report_of_windows_without_day_zero(event: tuple[int, int], tmp_path: Path) -> None:
    result = replace(STUDY, event=event).run(BOTH, levels())
    page = result.to_html(tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"day {'+' if event[0] > 0 else '−'}{abs(event[0])}" in page


# ------------------------------------------------------------------------------------------------------------- files


def test_files_with_an_empty_series_or_a_column_twice(tmp_path: Path) -> None:
    place = tmp_path / "prices.csv"
    frame(A=np.nan).to_csv(place, index_label="date")
    prices = bt.load_prices(["A", "B"], str(place), benchmark="M")
    assert list(everything(prices, BOTH).dropped["reason"]) == ["no-price-history"]
    text = frame().to_csv(index_label="date").replace("date,A,B,M", "date,A,A,M", 1)
    place.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=r"prices.csv: column listed twice: 'A'; keep one"):
        bt.load_prices(["A"], str(place), benchmark="M")


@pytest.mark.parametrize("days", [4, 16])
def test_sums_that_a_regression_fits_whatever_they_are(days: int) -> None:
    """All residuals together sum to nothing but rounding errors: they are no reference for a window as long."""
    study = bt.EventStudy(event=(0, days - 1), estimation=(-10 - days, -11), model="constant-mean")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        result = study.run(at(*(("A", row) for row in range(100, 300, 10))), levels())
        found = result.test("sq-studentised", "common-shift", windows=[study.event])
    assert found["pvalue"].isna().all()
    assert found["reason"].ne("").all()
