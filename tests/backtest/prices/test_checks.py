"""Integrity checks on made-up defects, and on every defect that the research data are known to have."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest.prices as bp
from backtest.errors import PriceQualityWarning, SchemaError
from backtest.prices.checks import check_prices

RNG = np.random.default_rng(5)
DAYS = pd.bdate_range("2020-01-01", periods=400)


def walk(n: int = 400, seed: int = 0, sd: float = 0.01) -> np.ndarray:
    return 50 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, sd, n)))


def panel(mic: str | None = None, **series: np.ndarray) -> bp.Prices:
    market = walk(seed=99)
    frame = pd.DataFrame({**series, "M": market}, index=DAYS)
    return bp.Prices.from_frame(frame, benchmark="M", mic=mic)


def found(prices: bp.Prices, policy: str = "warn") -> list[tuple[str, str, str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = check_prices(prices, policy).checks
    return [
        (t, "" if pd.isna(d) else f"{d:%Y-%m-%d}", c) for t, d, c in zip(rows["ticker"], rows["session"], rows["check"])
    ]


def day(at: int) -> str:
    return f"{DAYS[at]:%Y-%m-%d}"


def test_clean_prices_have_no_finding() -> None:
    assert found(panel(A=walk(seed=1), B=walk(seed=2))) == []


def test_pounds_among_pence() -> None:
    values = walk(seed=1)
    values[100:103] /= 100
    values[200] *= 100
    want = [("A", day(i), "unit-flip") for i in (100, 101, 102, 200)]
    assert found(panel(A=values)) == want


def test_a_spike_that_the_next_day_takes_back() -> None:
    values = walk(seed=1)
    values[50] *= 1.6
    values[90] = np.nan
    values[91] *= 0.5
    assert found(panel(A=values)) == [
        ("A", day(50), "spike"), ("A", day(50), "large-move"),
        ("A", day(91), "spike"), ("A", day(91), "large-move"), ("A", day(92), "large-move"),
    ]  # fmt: skip


def test_a_split_that_nobody_adjusted_for_and_a_real_crash() -> None:
    split, crash = walk(seed=1), walk(seed=2)
    split[150:] = split[150:] / split[150] * split[149] / 2
    crash[150:] = crash[150:] / crash[150] * crash[149] * 0.57
    got = found(panel(A=split, B=crash))
    assert got == [("A", day(150), "split-suspect"), ("A", day(150), "large-move"), ("B", day(150), "large-move")]


def test_repeated_closes_are_stale_where_nothing_says_that_they_were_traded() -> None:
    values = walk(seed=1)
    values[[20, 30]] = values[[19, 29]]
    assert found(panel(A=values)) == [("A", day(20), "stale"), ("A", day(30), "stale")]
    volume = pd.DataFrame({"A": np.full(400, 10.0)}, index=DAYS)
    volume.iloc[30] = 0
    frame = pd.DataFrame({"A": values, "M": walk(seed=9)}, index=DAYS)
    assert found(bp.Prices.from_frame(frame, "M", volume=volume)) == [("A", day(30), "stale")]


def test_a_day_on_which_a_quarter_of_the_names_stood_still() -> None:
    series = {f"S{i}": walk(seed=i) for i in range(12)}
    for i in range(3):
        series[f"S{i}"][60] = series[f"S{i}"][59]
    series["S5"][70] = series["S5"][69]  # one name alone among many is no finding
    assert found(panel(**series)) == [(f"S{i}", day(60), "stale") for i in range(3)]


def test_open_high_low_close_that_contradict_each_other() -> None:
    close = pd.DataFrame({"A": walk(seed=1), "M": walk(seed=9)}, index=DAYS)
    own = close[["A"]]
    high, low = own * 1.01, own * 0.99
    high.iloc[7] = own.iloc[7] * 0.995
    low.iloc[9] = own.iloc[9] * 1.002
    prices = bp.Prices.from_frame(close, "M", open=own, high=high, low=low, volume=own * 0 + 5)
    assert found(prices) == [("A", day(7), "ohlc"), ("A", day(9), "ohlc")]


def test_holidays_missing_sessions_and_holes() -> None:
    values = walk(seed=1)
    # In 2020 Frankfurt was closed on 10 and 13 April and 1 May (weekdays); 400 weekdays reach into July 2021.
    got = [row for row in found(panel("XETR", A=values)) if row[0] == "A"]
    assert ("A", "2020-04-10", "holiday-row") in got
    assert ("A", "2020-05-01", "holiday-row") in got
    assert {c for _, _, c in got} == {"holiday-row"}
    values[100] = np.nan
    values[200:210] = np.nan
    rest = [row for row in found(panel("XETR", A=values)) if row[0] == "A" and row[2] != "holiday-row"]
    assert rest == [("A", day(100), "missing-session"), ("A", day(200), "hole")]


@pytest.mark.parametrize(("shift", "value"), [(1, 1.0), (-1, -1.0)])
def test_dates_that_are_off_by_one(shift: int, value: float) -> None:
    market = walk(seed=99)
    late = np.roll(market, shift) * np.exp(np.random.default_rng(3).normal(0, 0.002, 400))
    got = check_prices_quietly(panel(A=late, B=market * 1.0))
    rows = got.checks[got.checks["check"] == "date-shift"]
    assert rows[["ticker", "value"]].to_numpy().tolist() == [["A", value]]


def check_prices_quietly(prices: bp.Prices) -> bp.Prices:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return check_prices(prices)


def test_what_is_done_about_it() -> None:
    values = walk(seed=1)
    values[100] *= 100
    prices = panel(A=values)
    with pytest.warns(PriceQualityWarning, match=r"frame: 1 unit-flip in 1 series; prices\.checks lists them"):
        kept = check_prices(prices)
    assert kept.close.equals(prices.close)
    with pytest.warns(PriceQualityWarning, match="1 unit-flip"):
        masked = check_prices(prices, "mask")
    assert masked.close["A"].isna().to_numpy().nonzero()[0].tolist() == [100]
    assert masked.checks["action"].tolist() == ["masked"]
    assert prices.close["A"].notna().all()
    with pytest.raises(SchemaError, match=rf"cannot be trusted: 'A {day(100)} unit-flip'; mend them, or mask them"):
        check_prices(prices, "error")
    with pytest.raises(SchemaError, match=r"on_bad_price 'ignore': it must be one of warn, mask, error"):
        check_prices(prices, "ignore")


def test_non_positive_prices_in_files_are_an_error_or_masked(tmp_path: Path) -> None:
    frame = pd.DataFrame({"A": walk(seed=1), "^STOXX": walk(seed=2)}, index=DAYS.rename("date"))
    frame.iloc[5, 0] = 0.0
    frame.iloc[6, 0] = -3.0
    frame.to_csv(tmp_path / "w.csv")
    with pytest.raises(SchemaError, match=r"non-positive or infinite close on .*--on-bad-price mask"):
        bp.load_prices("A", tmp_path / "w.csv", on_bad_price="error")
    got = bp.load_prices("A", tmp_path / "w.csv", on_bad_price="mask")
    assert len(got.close) == 398  # the only security has no price on two days
    assert (got.checks["check"] == "non-positive").sum() == 2


# ------------------------------------------------------------------------------------------- the research data's defects


def load(tickers: list[str], place: Path, **more: object) -> bp.Prices:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bp.load_prices(tickers, place, **more)  # type: ignore[arg-type]


def days_of(prices: bp.Prices, ticker: str, check: str) -> set[str]:
    rows = prices.checks[(prices.checks["ticker"] == ticker) & (prices.checks["check"] == check)]
    return {f"{d:%Y-%m-%d}" for d in rows["session"].dropna()}


def test_known_defects_of_single_stocks(shared: Path) -> None:
    prices = load(["ZAL.DE", "ASC.L"], shared / "prices")
    stale, closed = days_of(prices, "ZAL.DE", "stale"), days_of(prices, "ZAL.DE", "holiday-row")
    assert days_of(prices, "ZAL.DE", "flag:stale_fill") <= stale
    assert days_of(prices, "ZAL.DE", "flag:flat_check") <= stale
    assert closed == {"2015-12-25", "2017-06-05", "2017-10-03", "2017-10-31", "2018-05-21"}
    missing = {"2018-05-31", "2022-05-02", "2023-09-14", "2023-10-09", "2024-09-04"}
    assert days_of(prices, "ZAL.DE", "missing-session") == missing
    assert days_of(prices, "ZAL.DE", "hole") == {"2018-08-09"}
    assert days_of(prices, "ASC.L", "hole") == {"2022-06-21"}
    assert days_of(prices, "ASC.L", "ohlc") == days_of(prices, "ASC.L", "flag:ohlc_inconsistent")
    assert "2022-05-26" in days_of(prices, "^STOXX", "missing-session")


@pytest.mark.parametrize("pair", ["EURUSD", "EURGBP", "GBPUSD"])
def test_exchange_rates_are_a_day_off(shared: Path, pair: str) -> None:
    prices = load([pair], shared / "prices")
    assert "date-shift" in prices.checks.loc[prices.checks["ticker"] == pair, "check"].tolist()


def test_stale_days_of_the_german_panel(shared: Path) -> None:
    place = shared / "prices" / "panels"
    names = pd.read_csv(place / "dax38_adjclose_2020_2025.csv", nrows=1).columns[1:].tolist()
    prices = load(names, place / "dax38_adjclose_2020_2025.csv", benchmark="")
    known = set(pd.read_csv(place / "dax38_stale_dates.csv")["date"])
    seen = {f"{d:%Y-%m-%d}" for d in prices.checks.loc[prices.checks["check"] == "stale", "session"]}
    assert known <= seen
    assert len(seen - known) <= 5


def test_large_moves_of_the_american_panel(shared: Path) -> None:
    place = shared / "prices" / "panels"
    known = pd.read_csv(place / "us500_large_moves.csv")
    prices = load(sorted(known["ticker"].unique()), place / "us500_adjclose_2012_2020.csv.gz", benchmark="")
    rows = prices.checks[prices.checks["check"] == "large-move"]
    assert set(zip(rows["ticker"], rows["session"].dt.strftime("%Y-%m-%d"))) == set(zip(known["ticker"], known["date"]))


def test_flips_between_pounds_and_pence(shared: Path) -> None:
    place = shared / "prices" / "panels" / "uk_lse_ohlcv_2023-03_2024-03.csv.gz"
    prices = load(["UKR.L", "SAVE.L", "INDI.L", "ASC.L"], place, benchmark="")
    flips = prices.checks.loc[prices.checks["check"] == "unit-flip", "ticker"].unique().tolist()
    assert sorted(flips) == ["INDI.L", "SAVE.L", "UKR.L"]
