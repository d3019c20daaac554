"""`Prices` made of a user's own frames: what is accepted, what is refused, and in which words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import backtest.prices as bp
from backtest.errors import SchemaError, UnknownNameError

DATES = pd.DatetimeIndex(["2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07"])


def frame(**columns: list[object]) -> pd.DataFrame:
    table = columns or {"A": [10.0, 11.0, np.nan, 12.0], "B": [5.0, 5.0, 6.0, 6.0], "M": [100.0, 101.0, 102.0, 103.0]}
    return pd.DataFrame(table, index=DATES)


def test_a_wide_frame_with_its_benchmark_as_a_column() -> None:
    given = frame()
    before = given.copy()
    prices = bp.Prices.from_frame(given, benchmark="M")
    pd.testing.assert_frame_equal(given, before)
    assert prices.tickers == ["A", "B"]
    assert list(prices.benchmarks) == ["M"]
    assert prices.source == "frame"
    assert prices.notice == ""
    assert prices.close.index.dtype == "datetime64[us]"
    assert np.isnan(prices.close.loc["2020-01-06", "A"])
    assert prices.instruments.loc["A", "mic"] == ""
    assert prices.instruments.loc["A", "benchmark"] == "M"
    assert repr(prices) == "Prices(frame: 2 tickers x 4 sessions (2020-01-02 to 2020-01-07), benchmarks M)"


def test_a_benchmark_of_its_own() -> None:
    mark = pd.Series([1.0, 2.0, 3.0, 4.0], index=DATES, name="^X")
    prices = bp.Prices.from_frame(frame(A=[1.0, 1, 1, 1]), benchmark=mark)
    assert list(prices.benchmarks["^X"]) == [1.0, 2.0, 3.0, 4.0]
    unnamed = bp.Prices.from_frame(frame(A=[1.0, 1, 1, 1]), benchmark=mark.rename(None))
    assert list(unnamed.benchmarks) == ["benchmark"]
    both = bp.Prices.from_frame(frame(A=[1.0, 1, 1, 1]), benchmark=pd.concat([mark, mark.rename("Y") * 2], axis=1))
    assert list(both.benchmarks) == ["^X", "Y"]
    assert both.instruments.loc["A", "benchmark"] == "^X"


def test_exchanges_are_named_for_all_or_for_each() -> None:
    prices = bp.Prices.from_frame(frame(), benchmark="M", mic="XETR")
    assert list(prices.instruments["mic"]) == ["XETR", "XETR", "XETR"]
    prices = bp.Prices.from_frame(frame(), benchmark="M", mic={"A": "XETR", "B": "XLON"})
    assert list(prices.instruments["mic"]) == ["XETR", "XLON", ""]
    with pytest.raises(SchemaError, match=r"mic lacks 'B'; name the exchange of every ticker"):
        bp.Prices.from_frame(frame(), benchmark="M", mic={"A": "XETR"})


def test_further_fields_and_factors_come_along() -> None:
    volume = frame(A=[0.0, 1, 2, 3], B=[1.0, 1, 1, 1])
    factors = frame(smb=[-0.1, 0.1, 0.0, 0.2])
    prices = bp.Prices.from_frame(frame(), benchmark="M", volume=volume, factors=factors, open=frame()[["A", "B"]])
    assert prices.volume is not None
    assert prices.factors is not None
    assert prices.volume.loc["2020-01-02", "A"] == 0.0
    assert prices.factors.loc["2020-01-02", "smb"] == -0.1
    with pytest.raises(SchemaError, match=r"volume: negative or infinite value \(A 2020-01-02: -1\)"):
        bp.Prices.from_frame(frame(), benchmark="M", volume=frame(A=[-1.0, 1, 2, 3]))


def test_zoned_midnights_lose_their_zone_only() -> None:
    given = frame().tz_localize("Europe/Berlin")
    assert list(bp.Prices.from_frame(given, benchmark="M").close.index) == list(DATES)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (frame(M=[1.0, 2, 0, 4]), r"close: non-positive or infinite value \(M 2020-01-06: 0\); remove it"),
        (frame(M=[1.0, 2, np.inf, 4]), r"non-positive or infinite value \(M 2020-01-06: inf\)"),
        (frame(M=[-1.0] * 4, A=[-1.0] * 4), r"\(M 2020-01-02: -1; A .*; and 3 more\)"),
        (frame(M=[1.0, "abc", 3, 4]), r"close: 'abc' in column 'M' on 2020-01-03 is not a number"),
        (frame(M=[True, False, True, True]), r"close: 'True' in column 'M' on 2020-01-02 is not a number"),
        (frame().iloc[[0, 1, 1, 2]], r"close: duplicate dates '2020-01-03'; keep one row per date"),
        (frame().iloc[[0, 2, 1, 3]], r"close: dates out of order at '2020-01-03'; sort the rows by date"),
        (frame().reset_index(drop=True), r"close: the index holds numbers, not dates"),
        (frame().set_axis(["x", "y", "z", "w"]), r"close: the index holds no dates"),
        (frame().set_axis([*DATES[:3], pd.NaT]), r"close: a row without a date"),
        (frame().set_axis(DATES + pd.Timedelta(hours=9)), r"close: dates with a time of day: '2020-01-02 09:00:00'"),
        (frame().set_axis(["A", "A", "M"], axis=1), r"close: column listed twice: 'A'"),
        (frame()["A"], r"close: expected a DataFrame of dates x tickers, got Series"),
    ],
)
def test_broken_frames_are_refused(broken: pd.DataFrame, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        bp.Prices.from_frame(broken, benchmark="M")


def test_numbers_written_as_text_are_numbers() -> None:
    prices = bp.Prices.from_frame(frame(A=["1.5", "2", None, "3"], M=[1.0, 1, 1, 1]), benchmark="M")
    assert prices.close["A"].dropna().tolist() == [1.5, 2.0, 3.0]


def test_dates_as_iso_text_are_dates() -> None:
    given = frame().set_axis(["2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07"])
    assert list(bp.Prices.from_frame(given, benchmark="M").close.index) == list(DATES)


def test_a_benchmark_that_is_missing_or_elsewhere_in_time() -> None:
    with pytest.raises(SchemaError, match=r"benchmark '\^STOXX' is not among the columns \('A', 'B', 'M'\)"):
        bp.Prices.from_frame(frame())
    late = pd.Series([1.0, 2.0], index=pd.DatetimeIndex(["2021-01-04", "2021-01-05"]), name="L")
    with pytest.raises(
        SchemaError, match=r"benchmark 'L' does not overlap the prices: 2021-01-04 to 2021-01-05 against"
    ):
        bp.Prices.from_frame(frame(), benchmark=late)
    with pytest.raises(SchemaError, match=r"does not overlap the prices: no date against"):
        bp.Prices.from_frame(frame(), benchmark=late.iloc[:0])


def test_returns_are_kept_as_they_are() -> None:
    returns = frame(A=[0.01, np.nan, -0.02, 0.03], M=[0.0, 0.01, 0.02, -0.01])
    prices = bp.Prices.from_returns(returns, benchmark="M", factors=frame(smb=[-0.1] * 4))
    assert prices.returns is not None
    assert prices.benchmark_returns is not None
    np.testing.assert_array_equal(prices.returns["A"], returns["A"])
    np.testing.assert_array_equal(prices.benchmark_returns["M"], returns["M"])
    assert prices.returns_kind == "simple"
    assert prices.source == "returns"
    # 100 * 1.01, then a hole, then two percent less and three more.
    np.testing.assert_allclose(prices.close["A"], [101.0, np.nan, 98.98, 101.9494])
    np.testing.assert_allclose(prices.benchmarks["M"], [100.0, 101.0, 103.02, 101.9898])


def test_log_returns_may_be_below_minus_one() -> None:
    returns = frame(A=[-1.5, 0.0, 0.0, 0.0])
    prices = bp.Prices.from_returns(returns, kind="log")
    np.testing.assert_allclose(prices.close["A"], 100 * np.exp(-1.5))
    assert prices.benchmark_returns is None
    assert prices.benchmarks.shape == (4, 0)
    own = bp.Prices.from_returns(returns, benchmark=pd.Series([0.0] * 4, DATES, name="m"), kind="log")
    assert list(own.benchmarks) == ["m"]
    with pytest.raises(SchemaError, match=r"value that is no simple return \(A 2020-01-02: -1\.5\); give fractions"):
        bp.Prices.from_returns(returns)
    with pytest.raises(SchemaError, match=r"kind 'percent': returns are one of simple, log"):
        bp.Prices.from_returns(returns, kind="percent")


def test_a_selection_keeps_what_belongs_to_it() -> None:
    prices = bp.load_prices(["ZAL.DE", "ASC.L"])
    part = prices.select(["ZAL.DE"], "2019-01-02", "2019-01-04")
    assert part.close.shape == (3, 1)
    assert list(part.instruments.index) == ["ZAL.DE", "^STOXX"]
    assert part.notice == prices.notice
    assert part.volume is not None
    assert part.volume.shape == (3, 1)
    assert prices.select().close.equals(prices.close)
    with pytest.raises(UnknownNameError, match=r"no prices of 'X'; there are 'ZAL\.DE', 'ASC\.L'"):
        prices.select(["X"])


def test_hashes_name_the_numbers() -> None:
    one = bp.Prices.from_frame(frame(), benchmark="M").hashes()
    two = bp.Prices.from_frame(frame()[["M", "B", "A"]], benchmark="M").hashes()
    assert one == two
    assert set(one) == {"A", "B", "M"}
    changed = frame()
    changed.loc["2020-01-07", "A"] = np.nextafter(12.0, 13.0)
    three = bp.Prices.from_frame(changed, benchmark="M").hashes()
    assert (three["A"] != one["A"], three["B"] == one["B"]) == (True, True)
