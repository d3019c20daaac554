"""What the checks leave alone: wild markets, coarse ticks, shares that trade seldom; and that blocks do not matter."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backtest.prices as bp
from backtest.prices import blocks, check_moves, check_stale, checks
from backtest.prices.checks import check_prices

DAYS = pd.bdate_range("2020-01-01", periods=600)


def walk(seed: int, sd: float = 0.01, n: int = 600) -> np.ndarray:
    return 50 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, sd, n)))


def found(prices: bp.Prices, *names: str) -> list[tuple[str, str, float]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = check_prices(prices).checks
    rows = rows[rows["check"].isin(names)] if names else rows
    days = rows["session"].dt.strftime("%Y-%m-%d").fillna("")
    return list(zip(rows["ticker"], days, rows["value"], strict=True))


def panel(frame: dict[str, np.ndarray], **fields: pd.DataFrame) -> bp.Prices:
    return bp.Prices.from_frame(pd.DataFrame({**frame, "M": walk(99)}, index=DAYS), "M", **fields)


def test_a_rebound_in_a_wild_market_is_no_spike() -> None:
    calm, wild = walk(1), walk(1)
    noise = np.ones(600)
    noise[300:340] = np.exp(np.random.default_rng(4).normal(0, 0.12, 40))
    for values in (calm, wild):
        values[320] *= 1.35
    wild = wild * noise
    assert [row[1] for row in found(panel({"A": calm}), "spike")] == [f"{DAYS[320]:%Y-%m-%d}"]
    assert found(panel({"B": wild}), "spike") == []


def test_repeats_that_coarse_ticks_explain_are_one_remark() -> None:
    coarse = np.round(walk(2, sd=0.02) / 50, 2)  # about one pound, in pence: a move is two ticks
    repeats = int((np.diff(coarse) == 0).sum())
    assert repeats > 50
    assert found(panel({"A": coarse}), "stale") == []
    assert found(panel({"A": coarse}), "seldom-traded") == [("A", "", float(repeats))]


def test_a_share_that_trades_once_a_week_is_one_remark() -> None:
    weekly = np.repeat(walk(3, n=120), 5)
    assert found(panel({"A": weekly}), "stale") == []
    assert found(panel({"A": weekly}), "seldom-traded") == [("A", "", 480.0)]


def test_more_repeats_than_ticks_explain_are_stale() -> None:
    fine = np.round(walk(5), 2)
    planted = [100, 150, 151, 200, 260, 310]
    for at in planted:
        fine[at] = fine[at - 1]
    assert {f"{DAYS[at]:%Y-%m-%d}" for at in planted} <= {row[1] for row in found(panel({"A": fine}), "stale")}


def test_a_long_run_is_stale_among_many_names_too() -> None:
    series = {f"S{i}": walk(10 + i) for i in range(12)}
    series["S4"][200:206] = series["S4"][199]
    series["S5"][300:303] = series["S5"][299]  # three repeats may be chance among many names
    got = found(panel(series), "stale")
    assert got == [("S4", f"{DAYS[at]:%Y-%m-%d}", pytest.approx(series["S4"][199])) for at in range(200, 206)]


def test_a_volume_settles_it() -> None:
    values = walk(6)
    values[200:206] = values[199]
    volume = pd.DataFrame({"A": np.full(600, 10.0)}, index=DAYS)
    assert found(panel({"A": values}, volume=volume), "stale") == []
    volume.iloc[203] = 0.0
    volume.iloc[204] = np.nan
    days = [row[1] for row in found(panel({"A": values}, volume=volume), "stale")]
    assert days == [f"{DAYS[203]:%Y-%m-%d}", f"{DAYS[204]:%Y-%m-%d}"]


def test_a_volume_that_is_always_zero_says_nothing() -> None:
    rate = np.round(walk(8, sd=0.004) / 50, 3)  # four ticks a day
    volume = pd.DataFrame({"A": np.zeros(600)}, index=DAYS)
    assert (np.diff(rate) == 0).sum() > 20
    assert found(panel({"A": rate}, volume=volume), "stale") == []
    volume.iloc[0] = 1.0
    assert len(found(panel({"A": rate}, volume=volume), "stale")) == (np.diff(rate) == 0).sum()


def test_a_holiday_row_is_not_called_stale_as_well() -> None:
    values = walk(7)
    may = int(DAYS.get_loc(pd.Timestamp("2020-05-01")))
    values[may] = values[may - 1]
    frame = pd.DataFrame({"A": values, "M": walk(99)}, index=DAYS)
    prices = bp.Prices.from_frame(frame, "M", mic="XETR")
    assert found(prices, "stale") == []
    assert ("A", "2020-05-01", pytest.approx(values[may])) in found(prices, "holiday-row")


def test_a_benchmark_is_checked_once() -> None:
    market = walk(99)
    market[100] = market[99]
    market[200] *= 100
    frame = pd.DataFrame({"A": walk(1), "M": market}, index=DAYS)
    apart = bp.Prices.from_frame(frame, "M")
    both = bp.Prices.from_frame(frame, frame["M"])
    for prices in (apart, both):
        assert [row[1] for row in found(prices, "stale", "unit-flip")] == [f"{DAYS[at]:%Y-%m-%d}" for at in (100, 200)]


def test_few_days_show_no_shift_by_chance() -> None:
    rng = np.random.default_rng(0)
    days = pd.bdate_range("2020-01-01", periods=260)
    values = 50 * np.exp(np.cumsum(rng.normal(0, 0.01, (260, 400)), axis=0))
    frame = pd.DataFrame(values, index=days, columns=[f"S{i}" for i in range(400)])
    assert found(bp.Prices.from_frame(frame, pd.Series(walk(99, n=260), days, name="M")), "date-shift") == []


def test_an_empty_range_and_an_inverted_one_contradict_themselves() -> None:
    close = pd.DataFrame({"A": walk(1), "M": walk(99)}, index=DAYS)
    own = close[["A"]]
    high, low = own * 1.01, own * 0.99
    high.iloc[5], low.iloc[5] = own.iloc[5] * 0.9, own.iloc[5] * 1.1
    prices = bp.Prices.from_frame(close, "M", open=own, high=high, low=low, volume=own * 0 + 5)
    assert [row[1] for row in found(prices, "ohlc")] == [f"{DAYS[5]:%Y-%m-%d}"]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 5), st.permutations(range(7)))
def test_neither_blocks_nor_order_matter(seed: int, size: int, order: list[int]) -> None:
    rng = np.random.default_rng(seed)
    series = {}
    for i in range(7):
        values = walk(seed + i)
        values[rng.integers(0, 600, 30)] = np.nan
        values[rng.integers(0, 600, 4)] *= 100.0
        values[rng.integers(0, 600, 2)] *= 1.7
        values[rng.integers(300, 600) :] *= 0.5
        held = rng.integers(1, 590)
        values[held : held + rng.integers(1, 8)] = values[held - 1]
        series[f"S{i}"] = values
    plain = panel(series)
    mixed = plain.select([f"S{i}" for i in order])
    one = found(plain)
    with pytest.MonkeyPatch.context() as patch:
        for module in (blocks, check_moves, check_stale, checks):
            patch.setattr(module, "BLOCK", size)
        two = found(mixed)
    assert len(one) > 5
    assert sorted(map(str, one)) == sorted(map(str, two))


# -------------------------------------------------------------------------------------- false alarms in the research data


def load(tickers: list[str], place: Path, **more: object) -> bp.Prices:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bp.load_prices(tickers, place, **more)  # type: ignore[arg-type]


def counts(prices: bp.Prices, ticker: str) -> dict[str, int]:
    return prices.checks.loc[prices.checks["ticker"] == ticker, "check"].value_counts().to_dict()


def test_adjusted_closes_of_small_caps_raise_few_alarms(shared: Path) -> None:
    """JD.L and NXT.L have adjusted closes and no volume: in its early years JD traded on every second day."""
    prices = load(["JD.L", "NXT.L"], shared / "prices")
    assert counts(prices, "JD.L")["stale"] <= 240  # 1,089 closes repeat
    assert counts(prices, "NXT.L")["stale"] <= 100  # 151 closes repeat, 49 of them on bank holidays
    assert counts(prices, "JD.L")["seldom-traded"] == 1


def test_false_alarms_of_the_american_panel(shared: Path) -> None:
    place = shared / "prices" / "panels" / "us500_adjclose_2012_2020.csv.gz"
    names = pd.read_csv(place, nrows=1).columns[1:].tolist()
    told = load(names, place, benchmark="").checks["check"].value_counts()
    assert told["large-move"] == 64
    # BB, ELC and PCG; BHC, TPX, WLL and WW: all but ELC and WLL moved like that, and prices alone cannot tell.
    assert told["spike"] <= 3
    assert told["split-suspect"] <= 4
    assert told["stale"] <= 11
    assert not {"unit-flip", "date-shift"} & set(told.index)


def test_false_alarms_of_the_benchmarks(shared: Path) -> None:
    names = [p.stem for p in (shared / "prices" / "benchmarks").glob("*.csv")]
    told = load(names, shared / "prices", benchmark="^STOXX").checks["check"].value_counts()
    assert not {"unit-flip", "date-shift", "spike", "split-suspect", "large-move", "ohlc"} & set(told.index)
    assert told["stale"] <= 36  # an index that repeats its level to the last digit is a repeated row


def test_every_flip_of_the_british_panel(shared: Path) -> None:
    place = shared / "prices" / "panels" / "uk_lse_ohlcv_2023-03_2024-03.csv.gz"
    table = pd.read_csv(place)
    close = table[table["close"] > 0].groupby("ticker")["close"]
    steps = close.transform(lambda v: np.abs(np.log(v / v.shift())))
    known = set(table.loc[steps.index[steps > 3], "ticker"])
    assert known == {"ASAI.L", "INDI.L", "SAVE.L", "UKR.L"}
    prices = load(sorted(table["ticker"].unique()), place, benchmark="")
    assert set(prices.checks.loc[prices.checks["check"] == "unit-flip", "ticker"]) == known
