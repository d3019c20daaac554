"""`load_prices`: names of sources, callables, benchmarks, instruments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest.prices as bp
from backtest.errors import PriceSourceError, SchemaError, UnknownNameError
from backtest.prices.raw import RawPrices, assemble

DATES = pd.DatetimeIndex(["2020-01-02", "2020-01-03"])


def levels(*values: float, dates: pd.DatetimeIndex = DATES) -> pd.DataFrame:
    return pd.DataFrame({"close": list(values), "volume": [0.0] * len(values)}, index=dates)


def house(tickers: Sequence[str], start: object, end: object) -> dict[str, pd.DataFrame]:
    """A price source of one's own."""
    have = {"A": levels(1.0, 2.0), "B": levels(3.0, 4.0), "^STOXX": levels(10.0, 11.0), "M": levels(7.0, 8.0)}
    return {t: have[t] for t in tickers if t in have}


def test_a_callable_is_a_source() -> None:
    prices = bp.load_prices(["A", "B"], house)
    assert prices.source == "house"
    assert prices.close.loc["2020-01-03"].tolist() == [2.0, 4.0]
    assert prices.volume is not None


def test_a_source_is_checked_like_everything_else() -> None:
    with pytest.raises(SchemaError, match=r"<lambda>: A: non-positive or infinite value \(close 2020-01-03: -2\)"):
        bp.load_prices(["A"], lambda t, s, e: {"A": levels(1.0, -2.0), "^STOXX": levels(1.0, 1.0)})
    with pytest.raises(PriceSourceError, match=r"source '<lambda>' returned list; give RawPrices or a dict of frames"):
        bp.load_prices(["A"], lambda t, s, e: [])  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("sampel", "did you mean 'sample'"), ("yaho", "did you mean 'yahoo'"), ("bloomberg", "known: files")],
)
def test_an_unknown_source_is_named(name: str, hint: str) -> None:
    with pytest.raises(PriceSourceError, match=rf"unknown price source '{name}'; {hint}.* or the path of a folder"):
        bp.load_prices(["A"], name)
    with pytest.raises(UnknownNameError, match="unknown price source"):
        bp.load_prices(["A"], name)


def test_a_folder_wins_over_a_misspelt_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "all.csv").write_text("date,A,^STOXX\n2020-01-02,1,2\n")
    monkeypatch.chdir(tmp_path)
    assert bp.load_prices("A", "mine").close["A"].tolist() == [1.0]


def test_benchmarks_by_name() -> None:
    assert list(bp.load_prices(["A"], house, benchmark="M").benchmarks) == ["M"]
    both = bp.load_prices(["A"], house, benchmark=["M", "^STOXX"])
    assert list(both.benchmarks) == ["M", "^STOXX"]
    assert both.instruments.loc["A", "benchmark"] == "M"
    none = bp.load_prices(["A"], house, benchmark="")
    assert none.benchmarks.shape[1] == 0
    assert none.instruments.loc["A", "benchmark"] == ""
    # A security may be its own panel's benchmark.
    assert bp.load_prices(["A", "M"], house, benchmark="M").tickers == ["A", "M"]


def test_a_benchmark_that_is_missing_or_elsewhere() -> None:
    with pytest.raises(
        PriceSourceError, match=r"house has no prices of the benchmark '\^DJI'; add a file of that name"
    ):
        bp.load_prices(["A"], house, benchmark="^DJI")
    late = pd.DatetimeIndex(["2021-01-04", "2021-01-05"])
    with pytest.raises(
        SchemaError, match=r"benchmark '\^STOXX' \(2021-01-04 to 2021-01-05\) does not overlap the prices \("
    ):
        bp.load_prices(["A"], lambda t, s, e: {"A": levels(1.0, 2.0), "^STOXX": levels(1.0, 1.0, dates=late)})


def test_a_mistyped_benchmark_suggests_what_the_files_hold(tmp_path: Path) -> None:
    (tmp_path / "A.csv").write_text("date,close\n2020-01-02,1\n")
    (tmp_path / "INDEX.csv").write_text("date,close\n2020-01-02,1\n")
    (tmp_path / "notes.txt").write_text("INDX")
    with pytest.raises(PriceSourceError, match=r"the benchmark 'INDX'; did you mean 'INDEX'\? else add a file"):
        bp.load_prices(["A"], tmp_path, benchmark="INDX")
    (tmp_path / "wide.csv").write_text("date,A,DAXLIKE\n2020-01-02,1,2\n")
    with pytest.raises(PriceSourceError, match="the benchmark 'DAXLIK'; did you mean 'DAXLIKE'"):
        bp.load_prices(["A"], tmp_path / "wide.csv", benchmark="DAXLIK")


def test_no_ticker_at_all() -> None:
    with pytest.raises(PriceSourceError, match=r"house has no prices of 'X', 'Y'; check the tickers"):
        bp.load_prices(["X", "Y"], house)
    with pytest.raises(PriceSourceError, match=r"sample has no prices of 'X' \(X: not part of the sample\)"):
        bp.load_prices(["X"])
    with pytest.raises(SchemaError, match=r"no ticker to load prices of"):
        bp.load_prices([])
    with pytest.raises(SchemaError, match=r"the events table has no column 'asset'; it has 'ticker'"):
        bp.load_prices(pd.DataFrame({"ticker": ["A"]}))


def test_instruments_of_ones_own(tmp_path: Path) -> None:
    table = pd.DataFrame({"ticker": ["A", "B"], "mic": "XLON", "benchmark": "M", "peers": ["B", ""]})
    prices = bp.load_prices(["A"], house, instruments=table)
    assert prices.tickers == ["A", "B"]
    assert list(prices.benchmarks) == ["M"]
    assert prices.instruments.loc["A", "mic"] == "XLON"
    table.to_csv(tmp_path / "i.csv", index=False)
    assert bp.load_prices(["A"], house, instruments=tmp_path / "i.csv").tickers == ["A", "B"]


def test_suffixes_name_the_exchange() -> None:
    def any_ticker(tickers: Sequence[str], start: object, end: object) -> dict[str, pd.DataFrame]:
        return {t: levels(1.0, 2.0) for t in tickers}

    rows = bp.load_prices(["SAP.DE", "VOD.L", "PLAIN", "X.YZ"], any_ticker, benchmark="^GSPC").instruments
    assert rows["mic"].to_dict() == {"SAP.DE": "XETR", "VOD.L": "XLON", "PLAIN": "", "X.YZ": "", "^GSPC": "XNYS"}
    assert rows.loc["VOD.L", "unit"] == "GBp"


def test_a_stream_is_read_once() -> None:
    def stream() -> Iterator[tuple[str, pd.DataFrame]]:
        yield "A", levels(1.0, 2.0)
        yield "unasked", levels(1.0, 2.0)

    raw = RawPrices(frames=stream(), source="s")
    wide = assemble(raw, ["B", "A"], ["close"])
    assert list(wide["close"]) == ["A"]
    assert wide["close"].to_numpy().T.flags["C_CONTIGUOUS"]
    assert assemble(raw, ["A"]) == {}


def test_a_stream_larger_than_a_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backtest.prices.raw.BUFFER", 3)
    names = ["A", "B", "C", "D"]
    frames = {t: levels(i + 1.0, i + 2.0) for i, t in enumerate(names)}
    frames["C"] = levels(9.0, dates=DATES[1:])[["close"]]
    wide = assemble(RawPrices(frames=iter(frames.items()), source="s"), ["D", "C", "B", "A"])
    assert list(wide["close"]) == ["D", "C", "B", "A"]
    assert wide["close"].fillna(-1).to_numpy().tolist() == [[4.0, -1.0, 2.0, 1.0], [5.0, 9.0, 3.0, 2.0]]
    assert np.isnan(wide["volume"]["C"]).all()


def test_rows_on_which_no_security_traded_are_no_sessions() -> None:
    def gap(tickers: Sequence[str], start: object, end: object) -> dict[str, pd.DataFrame]:
        return {"A": levels(1.0, dates=DATES[:1]), "^STOXX": levels(1.0, 2.0)}

    prices = bp.load_prices("A", gap)
    assert len(prices.close) == 1
    assert len(prices.benchmarks) == 2
    assert np.array_equal(prices.close.index, DATES[:1])
