"""One currency, factor files, and tickers that change."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest.prices as bp
from backtest.errors import PriceSourceError, SchemaError
from backtest.instruments import load_instruments
from backtest.prices.currency import convert
from backtest.prices.factors import read_factors

DAYS = pd.DatetimeIndex(["2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07"])


def write(folder: Path, **series: list[float]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, values in series.items():
        pd.DataFrame({"date": DAYS, "close": values}).to_csv(folder / f"{name}.csv", index=False)
    return folder


def test_pence_become_euros_at_the_rate_that_is_stamped_a_day_early(tmp_path: Path) -> None:
    series = {"ASC.L": [100.0, 200.0, 300.0, 400.0], "ZAL.DE": [20.0] * 4, "^STOXX": [400.0] * 4}
    folder = write(tmp_path / "p", **series, EURGBP=[0.5, 0.8, 0.4, 0.9])
    prices = bp.load_prices(["ASC.L", "ZAL.DE"], folder, currency="EUR", on_bad_price=None)
    # 100 pence are one pound; the rate of 2 January is stamped 3 January: 0.8 pounds a euro. The last day has none yet.
    np.testing.assert_allclose(prices.close["ASC.L"], [1 / 0.8, 2 / 0.4, 3 / 0.9, 4 / 0.9])
    assert prices.close["ZAL.DE"].tolist() == [20.0] * 4
    assert prices.instruments["currency"].unique().tolist() == ["EUR"]
    assert prices.instruments.loc["ASC.L", "unit"] == "EUR"
    assert "converted" in prices.checks["check"].tolist()
    assert "EURGBP" not in prices.close


def test_a_rate_stamped_at_the_close_and_the_other_way_round() -> None:
    close = pd.DataFrame({"A": [1.0, 2.0, 3.0, 4.0], "M": [1.0] * 4}, index=DAYS)
    known = pd.DataFrame(
        {"currency": ["USD", "EUR"], "unit": ["USD", "EUR"]}, index=pd.Index(["A", "M"], name="ticker")
    )
    prices = bp.Prices.from_frame(close, "M", instruments=known)
    rates = pd.DataFrame({"USDEUR=X": [0.5, np.nan, 0.25, 0.2]}, index=DAYS)
    got = convert(prices, "EUR", rates, shift=0)
    assert got.close["A"].tolist() == [0.5, 1.0, 0.75, 0.8]
    old = convert(prices, "EUR", rates.set_axis(DAYS - pd.Timedelta(days=6)), shift=0)
    assert old.close["A"].isna().tolist() == [False, False, False, True]
    with pytest.raises(PriceSourceError, match=r"no exchange rate between USD and EUR; add a price series EURUSD"):
        convert(prices, "EUR", pd.DataFrame(index=DAYS))
    unnamed = bp.Prices.from_frame(close, "M", instruments=known.assign(currency=""))
    with pytest.raises(SchemaError, match=r"currency of 'A', 'M' is not known"):
        convert(unnamed, "EUR", rates)


FRENCH = """This file was created using the 202603 Bloomberg database.
Missing data are indicated by -99.99.

,Mkt-RF,SMB,HML,RF
19900702,   0.99,   0.06,  -0.56,    0.03
19900703,  -1.00, -99.99,   0.10,    0.03

Copyright 2026 Eugene F. Fama and Kenneth R. French
"""


def test_factors_in_ken_frenchs_format(tmp_path: Path) -> None:
    place = tmp_path / "Europe_3_Factors_Daily.csv"
    place.write_text(FRENCH)
    table = read_factors(place)
    assert list(table) == ["mkt_rf", "smb", "hml", "rf"]
    assert list(table.index.strftime("%Y-%m-%d")) == ["1990-07-02", "1990-07-03"]
    np.testing.assert_allclose(table["mkt_rf"], [0.0099, -0.01])
    assert np.isnan(table["smb"].iloc[1])
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.write(place, "f.csv")
    pd.testing.assert_frame_equal(read_factors(tmp_path / "f.zip"), table)
    np.testing.assert_allclose(read_factors(place, percent=False)["mkt_rf"], [0.99, -1.0])
    prices = bp.load_prices("ZAL.DE", factors=place)
    assert prices.factors is not None
    assert bp.load_prices("ZAL.DE", factors=table).factors is table


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("nothing here\n", PriceSourceError, "no row of daily factors"),
        ("date,a\n19900702,1\n19900702,2\n", SchemaError, "duplicate dates '1990-07-02'"),
        ("date,a\n19900702,x\n", SchemaError, "a factor that is not a number"),
        ("date\n19900702,1\n", SchemaError, "1 values a row, but the header line names others: 'date'"),
    ],
)
def test_broken_factor_files(tmp_path: Path, text: str, error: type[Exception], message: str) -> None:
    (tmp_path / "f.csv").write_text(text)
    with pytest.raises(error, match=message):
        read_factors(tmp_path / "f.csv")


def test_factor_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(PriceSourceError, match=r"none\.csv: cannot be read"):
        read_factors(tmp_path / "none.csv")
    (tmp_path / "bad.zip").write_text("no archive")
    with pytest.raises(PriceSourceError, match=r"bad\.zip: cannot be read"):
        read_factors(tmp_path / "bad.zip")


def test_the_research_factors_load(shared: Path) -> None:
    table = read_factors(shared / "prices" / "factors" / "ff_europe_5f_daily_pct_usd.csv")
    assert list(table) == ["mkt_rf", "smb", "hml", "rmw", "cma", "rf"]
    np.testing.assert_allclose(table.loc["2026-03-31"], [0.0172, 0.0024, -0.0014, -0.0051, -0.0047, 0.0001])


def test_a_former_ticker_supplies_the_days_before_the_change(tmp_path: Path) -> None:
    nan = float("nan")
    series = {"SGP.L": [1.0, 2.0, 9.0, nan], "SDRY.L": [nan, nan, 3.0, 4.0], "^STOXX": [1.0] * 4}
    prices = bp.load_prices("SDRY.L", write(tmp_path / "p", **series), on_bad_price=None)
    assert prices.close["SDRY.L"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert "SGP.L" not in prices.close
    only = write(tmp_path / "q", **{"SGP.L": [1.0, 2.0, 3.0, 4.0], "^STOXX": [1.0] * 4})
    assert bp.load_prices("SDRY.L", only, on_bad_price=None).close["SDRY.L"].tolist() == [1.0, 2.0, 3.0, 4.0]


def test_a_delisted_ticker_is_found_under_its_successor_up_to_its_last_day(tmp_path: Path) -> None:
    table = load_instruments()
    table.loc["SPD.L", "listed_to"] = pd.Timestamp("2020-01-03")
    folder = write(tmp_path / "p", **{"FRAS.L": [1.0, 2.0, 3.0, 4.0], "^STOXX": [1.0] * 4})
    prices = bp.load_prices(["SPD.L"], folder, instruments=table, on_bad_price=None)
    assert prices.close["SPD.L"].dropna().tolist() == [1.0, 2.0]


def test_prices_after_a_delisting_do_not_count(tmp_path: Path) -> None:
    table = load_instruments()
    table.loc["ZAL.DE", "listed_to"] = pd.Timestamp("2020-01-06")
    folder = write(tmp_path / "p", **{"ZAL.DE": [1.0, 2.0, 3.0, 3.0], "^STOXX": [1.0] * 4})
    prices = bp.load_prices(["ZAL.DE"], folder, instruments=table, on_bad_price=None)
    assert prices.close["ZAL.DE"].dropna().tolist() == [1.0, 2.0, 3.0]
