"""Prices in files of one's own: every shape, and every way to be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest.prices as bp
from backtest.errors import PriceSourceError, SchemaError
from backtest.prices.files import files

WIDE = "date,A,B,^STOXX\n2020-01-02,10,5,100\n2020-01-03,11,,101\n2020-01-06,12,6,102\n"
LONG = "ticker,date,close,volume\nA,2020-01-02,10,7\nA,2020-01-03,11,8\nB,2020-01-02,5,1\n^STOXX,2020-01-02,100,0\n"


def write(folder: Path, **tables: str) -> Path:
    for name, text in tables.items():
        place = folder / name.replace("__", "/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def single(close: str, header: str = "date,close") -> str:
    return f"{header}\n" + "\n".join(f"2020-01-0{i + 2},{v}" for i, v in enumerate(close.split()))


def folder_of(place: Path, **tables: str) -> Path:
    texts = {"A.csv": single("10 11 12"), "^STOXX.csv": single("100 101 102"), **tables}
    return write(place, **texts)


def test_a_folder_with_one_file_per_ticker(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        **{
            "deep__er__ZAL.DE.csv": "Date,Open,High,Low,Close,Adj Close,Volume\n"
            "2020-01-02,1,3,1,2,1.5,100\n2020-01-03,2,3,2,2.5,1.9,0\n",
            "^STOXX.csv": single("100 101 102"),
        },
    )
    pd.DataFrame({"close": [7.0, 8.0]}, index=pd.DatetimeIndex(["2020-01-02", "2020-01-03"], name="Date")).to_parquet(
        folder / "ASC.L.parquet"
    )
    pd.DataFrame({"date": ["2020-01-02"], "close": [3.0]}).to_csv(folder / "BOO.L.csv.gz", index=False)
    prices = bp.load_prices(["ZAL.DE", "ASC.L", "BOO.L"], folder)
    assert prices.source == f"files:{folder}"
    assert prices.close.loc["2020-01-02"].tolist() == [2.0, 7.0, 3.0]
    assert prices.close.loc["2020-01-03", "ZAL.DE"] == 2.5
    assert prices.volume is not None
    assert prices.volume.loc["2020-01-03", "ZAL.DE"] == 0.0
    assert list(prices.close.index.strftime("%m-%d")) == ["01-02", "01-03"]
    assert prices.instruments.loc["ZAL.DE", "mic"] == "XETR"
    assert len(prices.benchmarks) == 3


@pytest.mark.parametrize("name", ["all.csv", "all.csv.gz", "all.parquet"])
def test_one_wide_file(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    table = pd.read_csv(write(tmp_path / "x", **{"w.csv": WIDE}) / "w.csv")
    table.to_parquet(place) if name.endswith("parquet") else table.to_csv(place, index=False)
    prices = bp.load_prices(["A", "B"], place)
    assert prices.close["A"].tolist() == [10.0, 11.0, 12.0]
    assert np.isnan(prices.close.loc["2020-01-03", "B"])
    assert prices.benchmarks["^STOXX"].tolist() == [100.0, 101.0, 102.0]
    assert prices.instruments.loc["A", "mic"] == ""


@pytest.mark.parametrize("name", ["Date", None])
def test_a_wide_parquet_file_with_its_dates_in_the_index(tmp_path: Path, name: str | None) -> None:
    index = pd.DatetimeIndex(["2020-01-02", "2020-01-03"], name=name)
    pd.DataFrame({"A": [10.0, 11.0], "^STOXX": [100.0, 101.0]}, index=index).to_parquet(tmp_path / "all.parquet")
    prices = bp.load_prices(["A"], tmp_path / "all.parquet")
    assert prices.close["A"].tolist() == [10.0, 11.0]
    assert list(prices.close.index) == list(index)


@pytest.mark.parametrize("name", ["all.csv", "all.parquet"])
def test_one_long_file(tmp_path: Path, name: str) -> None:
    place = write(tmp_path, **{"long.csv": LONG}) / "long.csv"
    if name.endswith("parquet"):
        pd.read_csv(place, parse_dates=["date"]).to_parquet(tmp_path / name)
        place = tmp_path / name
    prices = bp.load_prices(["B", "A"], f"files:{place}")
    assert prices.tickers == ["B", "A"]
    assert prices.close.loc["2020-01-02"].tolist() == [5.0, 10.0]
    assert prices.volume is not None
    assert prices.volume.loc["2020-01-03", "A"] == 8.0


def test_tables_of_several_tickers_inside_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path, **{"panel__wide.csv": WIDE, "remarks.csv": "date,ticker,ret\n2020-01-02,A,0.5\n"})
    assert bp.load_prices(["A"], folder).close["A"].tolist() == [10.0, 11.0, 12.0]
    write(tmp_path, **{"A.csv": single("20 21")})
    assert bp.load_prices(["A"], folder).close["A"].tolist() == [20.0, 21.0]


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"BROKEN.csv": "date,close\nnonsense,x\n", ".hidden.csv": "x"})
    assert bp.load_prices(["A"], folder).tickers == ["A"]


def test_an_event_table_brings_its_assets_and_their_peers(tmp_path: Path) -> None:
    folder = write(tmp_path, **{"ZAL.DE.csv": single("1 2"), "BOO.L.csv": single("3 4"), "^STOXX.csv": single("1 1")})
    prices = bp.load_prices(pd.DataFrame({"asset": ["ZAL.DE", "ZAL.DE"], "date": "2020-01-03"}), folder)
    assert prices.tickers == ["ZAL.DE", "BOO.L"]
    lost = prices.checks[prices.checks["check"] == "no-prices"]
    assert set(lost["ticker"]) == {"ASC.L", "YOU.DE"}


def test_adjusted_closes_stand_in_for_empty_ones_only(tmp_path: Path) -> None:
    header = "date,close,adj_close"
    folder = folder_of(
        tmp_path,
        **{
            "A.csv": f"{header}\n2020-01-02,,9\n2020-01-03,,10\n",
            "B.csv": f"{header}\n2020-01-02,5,5\n2020-01-03,,6\n",
            "C.csv": f"{header}\n2020-01-02,5,4\n2020-01-03,,6\n",
            "D.csv": f"{header}\n2020-01-02,5,4\n2020-01-03,6,5\n",
        },
    )
    prices = bp.load_prices(["A", "B", "C", "D"], folder)
    assert prices.close.loc["2020-01-03"].fillna(-1).tolist() == [10.0, 6.0, -1.0, 6.0]
    found = prices.checks[prices.checks["ticker"] != "^STOXX"].set_index("ticker")["check"].to_dict()
    assert found == {"A": "adj-close-used", "B": "adj-close-used", "C": "close-empty"}


def test_flags_and_sources_are_remarks_that_change_no_number(tmp_path: Path) -> None:
    text = "date,close,source,flag\n2020-01-02,10,v1,\n2020-01-03,11,v1,stale_fill\n2020-01-06,12,v2,stale_fill\n"
    prices = bp.load_prices(["A"], folder_of(tmp_path, **{"A.csv": text}))
    assert prices.close["A"].tolist() == [10.0, 11.0, 12.0]
    rows = (
        prices.checks.loc[prices.checks["ticker"] == "A", ["session", "check", "value", "action"]]
        .astype("str")
        .to_numpy()
        .tolist()
    )
    assert ["2020-01-03", "flag:stale_fill", "11.0", "kept"] in rows
    assert [r[1] for r in rows] == ["flag:stale_fill", "flag:stale_fill", "source:v1", "source:v2"]


def test_zero_opens_are_missing_and_not_an_error(tmp_path: Path) -> None:
    text = "date,open,close,volume\n2020-01-02,0,1,\n2020-01-03,2,2,5\n"
    prices = bp.load_prices(["A"], folder_of(tmp_path, **{"A.csv": text}))
    assert prices.open is not None
    assert prices.volume is not None
    assert np.isnan(prices.open.loc["2020-01-02", "A"])
    assert np.isnan(prices.volume.loc["2020-01-02", "A"])


def test_start_and_end_cut_inclusively(tmp_path: Path) -> None:
    prices = bp.load_prices("A", folder_of(tmp_path), start="2020-01-03", end="2020-01-03")
    assert prices.close["A"].tolist() == [11.0]
    assert prices.benchmarks["^STOXX"].tolist() == [101.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Datum;Close\n02.01.2020;1.234,5\n03.01.2020;12,25\n", [1234.5, 12.25]),
        ("Datum;Eröffnung;Schlusskurs\n02.01.2020;9,5;1.234,5\n03.01.2020;8;12,25\n", [1234.5, 12.25]),
        ("date,close\n31/12/2019,1\n02/01/2020,2\n", [1.0, 2.0]),
        ("date,close\n01/02/2020,1\n01/31/2020,2\n", [1.0, 2.0]),
        ("date,close\n20200102,1\n20200103,2\n", [1.0, 2.0]),
        ('date,close\n2020-01-02,"1,234.5"\n2020-01-03,"2,000"\n', [1234.5, 2000.0]),
        ("date,close\n2020-01-02,1\n2020-01-03,null\n2020-01-06,2\n", [1.0, 2.0]),
        ("date,price\n2020-01-02 00:00:00+01:00,1\n2020-01-03 00:00:00+01:00,2\n", [1.0, 2.0]),
        ("\ufeffdate,close\n2020-01-02,1\n2020-01-03,2\n", [1.0, 2.0]),
        ("Date\tClose\n2020-01-02\t1\n2020-01-03\t2\n", [1.0, 2.0]),
        ("day,A\n2020-01-02,1\n2020-01-03,2\n", [1.0, 2.0]),
        ("when,whatever\n2020-01-02,1\n2020-01-03,2\n", [1.0, 2.0]),
        ("ticker,date,close\nA,2020-01-02,1\nB,2020-01-02,9\nA,2020-01-03,2\n", [1.0, 2.0]),
    ],
)
def test_spellings(tmp_path: Path, text: str, expected: list[float]) -> None:
    mark = "date,close\n2019-12-31,1\n2020-01-02,1\n2020-01-31,1\n"
    folder = folder_of(tmp_path, **{"A.csv": text, "^STOXX.csv": mark})
    assert bp.load_prices(["A"], folder).close["A"].dropna().tolist() == expected


def test_an_ambiguous_order_of_day_and_month_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"A.csv": "date,close\n02/01/2020,1\n03/01/2020,2\n"})
    with pytest.raises(SchemaError, match=r"A: dates such as '02/01/2020' may be day-first or month-first; write ISO"):
        bp.load_prices(["A"], folder)
    write(tmp_path, **{"^STOXX.csv": "date,close\n2020-01-02,1\n2020-02-01,1\n"})
    day = bp.load_prices(["A"], files(folder, dates="day-first"))
    assert list(day.close.index.strftime("%m-%d")) == ["01-02", "01-03"]
    month = bp.load_prices(["A"], files(folder, dates="month-first"))
    assert list(month.close.index.strftime("%m-%d")) == ["02-01", "03-01"]
    with pytest.raises(SchemaError, match=r"dates 'euro': it must be one of iso, day-first, month-first"):
        files(folder, dates="euro")


def test_returns_instead_of_levels(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"A.csv": single("1 -2"), "^STOXX.csv": single("0 1")})
    prices = bp.load_prices(["A"], files(folder, values="percent"))
    np.testing.assert_allclose(prices.close["A"], [101.0, 98.98])
    write(tmp_path, **{"A.csv": single("0.01 -0.02")})
    np.testing.assert_allclose(bp.load_prices(["A"], files(folder, values="return")).close["A"], [101.0, 98.98])
    with pytest.raises(SchemaError, match=r"values 'bps': it must be one of level, return, percent"):
        files(folder, values="bps")


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            "date,close\n2020-01-02,1\n2020-01-02,2\n",
            SchemaError,
            r"A\.csv: A: duplicate dates '2020-01-02'; keep one row",
        ),
        (
            "date,close\n2020-01-03,1\n2020-01-02,2\n",
            SchemaError,
            r"A: dates out of order at '2020-01-02'; sort the rows",
        ),
        ("date,close\n2020-01-02,0\n", SchemaError, r"A: non-positive or infinite close on 2020-01-02: 0 \(row 1\)"),
        (
            "date,close\n" + "\n".join(f"2020-01-{d},-1" for d in range(10, 17)),
            SchemaError,
            r"\(row 5\) and 2 more; remove",
        ),
        ("date,close\n2020-01-02,inf\n", SchemaError, r"non-positive or infinite close on 2020-01-02: inf"),
        (
            "date,close\n2020-01-02,n.a.!\n",
            SchemaError,
            r"not a number in column 'close': 'n\.a\.!' on 2020-01-02 \(row 1\)",
        ),
        ("date,close\n2020-01-02,1\nsoon,2\n", SchemaError, r"'soon' in the date column: no date like the others"),
        (
            "date,close\n2020-01-02,1\n2020-01-06,1\n03.01.2020,2\n",
            SchemaError,
            r"'03\.01\.2020' in the date column: no date like",
        ),
        ("date,close\n2020-02-30,1\n", SchemaError, r"'2020-02-30' is no date of the calendar; mend the row"),
        (
            "date,open,high\n2020-01-02,1,2\n",
            SchemaError,
            r"no column 'close' \(or 'adj_close'\); found 'date', 'open', 'high'",
        ),
        ("date,close,Close\n2020-01-02,1,2\n", SchemaError, r"two columns are read as 'close'; keep one"),
        ("date,close\n", PriceSourceError, r"A\.csv: holds no row of prices"),
        ("", PriceSourceError, r"A\.csv: cannot be read \(no header line\)"),
    ],
)
def test_broken_files_say_where(tmp_path: Path, text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        bp.load_prices(["A"], folder_of(tmp_path, **{"A.csv": text}))


def test_bytes_that_are_no_text_or_parquet(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "A.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(PriceSourceError, match=r"A\.csv: cannot be read"):
        bp.load_prices(["A"], folder)
    (folder / "A.csv").unlink()
    (folder / "A.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(PriceSourceError, match=r"A\.parquet: cannot be read"):
        bp.load_prices(["A"], folder)
    with pytest.raises(PriceSourceError, match=r"A\.parquet: cannot be read"):
        bp.load_prices(["Z"], folder)


def test_two_files_for_one_ticker(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"old__A.csv": single("1")})
    with pytest.raises(PriceSourceError, match=r"two files for ticker 'A': .*A\.csv and .*old.*A\.csv; remove one"):
        bp.load_prices(["A"], folder)
    other = write(tmp_path / "b", **{"one.csv": WIDE, "two.csv": WIDE})
    with pytest.raises(PriceSourceError, match=r"A is in two tables: .*one\.csv and .*two\.csv; keep one"):
        bp.load_prices(["A"], other)


def test_places_without_prices(tmp_path: Path) -> None:
    with pytest.raises(PriceSourceError, match=r"no such file or folder: .*nowhere/; give a folder"):
        bp.load_prices(["A"], f"{tmp_path}/nowhere/")
    with pytest.raises(PriceSourceError, match=r"no such file or folder: .*nowhere"):
        bp.load_prices(["A"], tmp_path / "nowhere")
    with pytest.raises(PriceSourceError, match=r"no such file or folder: .*nowhere"):
        bp.load_prices(["A"], f"files:{tmp_path}/nowhere")
    with pytest.raises(PriceSourceError, match=r"no price file in this folder"):
        bp.load_prices(["A"], tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(PriceSourceError, match=r"not a price file; give a csv, csv\.gz or parquet file"):
        bp.load_prices(["A"], tmp_path / "notes.txt")
    with pytest.raises(PriceSourceError, match=r"source 'files' needs a place"):
        bp.load_prices(["A"], "files")


def test_the_research_prices_load_as_they_stand(shared: Path) -> None:
    """Spot values read off the files by hand; see their PROVENANCE for the facts."""
    prices = bp.load_prices(["ZAL.DE", "ASC.L", "NXT.L", "AMZN", "FRAS.L"], shared / "prices")
    close = prices.close
    assert close.at[pd.Timestamp("2014-10-01"), "ZAL.DE"] == 21.5
    assert prices.open is not None
    assert prices.open.at[pd.Timestamp("2014-10-01"), "ZAL.DE"] == 24.1
    moves = close.loc[["2022-06-15", "2022-06-16"], ["ASC.L", "ZAL.DE"]].pct_change(fill_method=None).iloc[1] * 100
    assert moves.round(2).to_dict() == {"ASC.L": -32.46, "ZAL.DE": -12.44}
    # The hole of 266 days is a hole.
    assert close.loc["2022-06-21":"2023-03-10", "ASC.L"].isna().all()
    assert close.at[pd.Timestamp("2000-01-04"), "NXT.L"] == 293.878
    assert close.at[pd.Timestamp("2012-01-03"), "AMZN"] == 179.03
    assert "FRAS.L" in close
    flags = prices.checks["check"].value_counts()
    assert flags["flag:holiday_fill"] == 5
    assert flags["flag:flat_check"] == 12
