"""Pence called pounds and the reverse, labels and levels that change between two fetches, closes that carry their dividends."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from yahoo_server import Listing, Vendor, prices, serving

import backtest.prices as bp
from backtest.errors import PriceQualityWarning, SchemaError
from backtest.instruments import load_instruments
from backtest.prices import refresh, store
from backtest.prices.adjust import is_adjusted
from backtest.prices.units import label_findings
from backtest.prices.yahoo import Patience

FAST = Patience(budget=20.0, timeout=5.0, attempts=2, delay=0.02)
LONDON = {"zone": "Europe/London", "exchange": "LSE", "hour": 8}
ROWS = prices("2020-01-02", "2020-06-30", seed=3, level=4000.0)


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        yield made


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path / "store"))
    return tmp_path / "store"


def load(ticker: str, source: str = "yahoo", **more: object) -> bp.Prices:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bp.load_prices(ticker, source, benchmark="", **more)  # type: ignore[arg-type]


def units(got: bp.Prices) -> list[tuple[str, str, float, str]]:
    names = ("currency-label", "currency-change", "unit-change")
    rows = got.checks[got.checks["check"].isin(names)]
    return list(rows[["ticker", "check", "value", "action"]].itertuples(index=False, name=None))


def table(**unit: str) -> pd.DataFrame:
    """Return the instruments table with the units of some tickers changed or added."""
    known = load_instruments()
    for ticker, word in unit.items():
        name = ticker.replace("_", ".")
        known.loc[name, ["mic", "unit", "currency"]] = ["XLON", word, "GBP"]
    return known.fillna({c: "" for c in known.columns if known[c].dtype == "str"})


# ------------------------------------------------------------------------------------------------------------ labels


def test_pence_that_the_vendor_calls_pounds(vendor: Vendor) -> None:
    vendor.listings["ASC.L"] = Listing(ROWS, currency="GBP", **LONDON)
    rate = prices("2020-01-02", "2020-07-10", seed=8, level=0.85)
    vendor.listings["EURGBP=X"] = Listing(rate, zone="Europe/London", currency="GBP")
    got = load("ASC.L")
    action = "taken as GBp, as the instruments table says; the source says GBP"
    assert units(got) == [("ASC.L", "currency-label", 100.0, action)]
    assert got.instruments.loc["ASC.L", ["currency", "unit"]].tolist() == ["GBP", "GBp"]
    euros = load("ASC.L", currency="EUR").close["ASC.L"]
    # 4000 pence are 40 pounds; the rate of a day stands at the date before (see `convert`).
    want = ROWS["close"].iloc[10] / 100 / rate["close"].loc[ROWS.index[11]]
    assert euros[ROWS.index[10]] == pytest.approx(want)


def test_pounds_that_the_vendor_calls_pence(vendor: Vendor) -> None:
    vendor.listings["ETF.L"] = Listing(ROWS, currency="GBp", **LONDON)
    got = load("ETF.L", instruments=table(ETF_L="GBP"))
    action = "taken as GBP, as the instruments table says; the source says GBp"
    assert units(got) == [("ETF.L", "currency-label", 0.01, action)]


def test_a_ticker_that_no_table_knows_is_judged_by_its_exchange(vendor: Vendor) -> None:
    vendor.listings["NEW.L"] = Listing(ROWS, currency="GBP", **LONDON)
    got = load("NEW.L")
    action = "taken as GBP, as the source says; the exchange quotes GBp: name the unit in the instruments"
    assert units(got) == [("NEW.L", "currency-label", 100.0, action)]
    with pytest.warns(PriceQualityWarning, match="1 currency-label in 1 series"):
        bp.load_prices("NEW.L", "store", benchmark="")
    with pytest.raises(SchemaError, match=r"cannot be trusted: 'NEW\.L currency-label'"):
        bp.load_prices("NEW.L", "store", benchmark="", on_bad_price="error")


def test_labels_that_agree_are_no_finding() -> None:
    told = {
        "A.L": "GBp",
        "B.L": "GBX",
        "C.DE": "EUR",
        "D": "USD",
        "^FTSE": "GBP",
        "E.L": "USD",
        "F.DE": "",
        "ASC.L": "GBX",
    }
    rows = label_findings(list(told), table(), {ticker: {"unit": unit} for ticker, unit in told.items()})
    assert rows.empty


def test_another_currency_than_the_tables_is_no_factor() -> None:
    rows = label_findings(["ZAL.DE"], table(), {"ZAL.DE": {"unit": "USD"}})
    assert rows["action"].tolist() == ["taken as EUR, as the instruments table says; the source says USD"]
    assert rows["value"].isna().all()


# -------------------------------------------------------------------------------------------------- between two fetches


def fetched_twice(vendor: Vendor, root: Path, was: str, now: str, factor: float = 1.0) -> refresh.Refreshed:
    vendor.listings["TWO.L"] = Listing(ROWS.loc[:"2020-05-29"], currency=was, **LONDON)
    refresh.refresh(["TWO.L"], root, end="2020-05-29", patience=FAST)
    later = ROWS.copy()
    later[["open", "high", "low", "close"]] *= factor
    vendor.listings["TWO.L"] = Listing(later, currency=now, **LONDON)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return refresh.refresh(["TWO.L"], root, end="2020-06-29", patience=FAST)


def test_the_label_changes_and_the_level_does_not(vendor: Vendor, root: Path) -> None:
    fetched_twice(vendor, root, "GBp", "GBP")
    got = load("TWO.L", "store")
    action = "label changed from GBp to GBP, the level did not: taken as GBp"
    assert units(got) == [("TWO.L", "currency-change", pytest.approx(1.0), action)]
    assert got.instruments.loc["TWO.L", "unit"] == "GBp"
    # The vendor keeps its new word: no second decision, and the unit stays.
    refresh.refresh(["TWO.L"], root, patience=FAST)
    assert len(units(load("TWO.L", "store"))) == 1
    held = store.read_series(root, "TWO.L")
    assert held is not None
    assert (held.meta["currency"], held.meta["label"]) == ("GBp", "GBP")
    assert len(held.frame) == len(ROWS)


@pytest.mark.parametrize(
    ("was", "now", "factor", "unit", "action"),
    [
        ("GBp", "GBp", 0.01, "GBP", "level changed by a factor of 0.01, the label GBp does not say so: taken as GBP, "),
        ("GBP", "GBP", 100.0, "GBp", "level changed by a factor of 100, the label GBP does not say so: taken as GBp, "),
        ("GBp", "GBP", 0.01, "GBP", "level and label changed from GBp to GBP: "),
    ],
)
def test_the_level_changes_by_a_hundred(
    vendor: Vendor, root: Path, was: str, now: str, factor: float, unit: str, action: str
) -> None:
    outcome = fetched_twice(vendor, root, was, now, factor)
    assert outcome.decisions["change"].to_numpy() == pytest.approx(factor - 1.0)
    got = load("TWO.L", "store")
    kept = "new history stored, old version kept"
    assert [row for row in units(got) if row[1] == "unit-change"] == [
        ("TWO.L", "unit-change", pytest.approx(factor), action + kept)
    ]
    assert got.instruments.loc["TWO.L", "unit"] == unit
    assert got.close["TWO.L"].pct_change().abs().max() < 0.2
    old = store.decode(store.read_bytes(store.versions(root)["TWO.L"][0]))
    np.testing.assert_array_equal(old.frame["close"], ROWS.loc[:"2020-05-29", "close"])


def test_another_currency_is_believed(vendor: Vendor, root: Path) -> None:
    fetched_twice(vendor, root, "USD", "EUR")
    action = "label changed from USD to EUR: taken as EUR, as the vendor says now"
    assert units(load("TWO.L", "store")) == [("TWO.L", "currency-change", pytest.approx(1.0), action)]


def test_a_flip_that_begins_after_the_overlap_is_named_by_its_days(vendor: Vendor, root: Path) -> None:
    rows = ROWS.copy()
    rows.loc["2020-06-15":, ["open", "high", "low", "close"]] /= 100.0
    vendor.listings["FLIP.L"] = Listing(rows, currency="GBp", **LONDON)
    got = load("FLIP.L").checks
    days = got.loc[got["check"] == "unit-flip", "session"]
    assert days.tolist() == rows.loc["2020-06-15":].index.tolist()


def test_a_late_dividend_completes_the_history_and_keeps_the_old_one(vendor: Vendor, root: Path) -> None:
    first = ROWS.loc[:"2020-05-29"].copy()
    first.loc["2020-05-20", "close"] = np.nan
    vendor.listings["LATE.L"] = Listing(first, currency="GBp", **LONDON)
    refresh.refresh(["LATE.L"], root, end="2020-05-29", patience=FAST)
    vendor.listings["LATE.L"] = Listing(ROWS, currency="GBp", dividends={"2020-05-13": 40.0}, **LONDON)
    with pytest.warns(
        PriceQualityWarning, match=r"LATE\.L 2020-05-13: dividend changed from 0 to 40, old version kept"
    ):
        outcome = refresh.refresh(["LATE.L"], root, end="2020-06-29", patience=FAST)
    told = outcome.decisions.set_index("session")
    assert told.loc["2020-05-20", "action"] == "missing close filled in, old version kept"
    assert told.loc["2020-05-13", "change"] == pytest.approx(-40.0 / ROWS.loc["2020-05-12", "close"])
    assert len(store.versions(root)["LATE.L"]) == 2
    held = store.read_series(root, "LATE.L")
    assert held is not None
    np.testing.assert_array_equal(held.frame["close"], ROWS["close"])
    assert held.frame.at[pd.Timestamp("2020-05-13"), "dividends"] == 40.0
    assert held.meta["decisions"][0]["check"] == "rewritten"


def test_a_close_that_differs_by_rounding_stays_as_it_was_stored(vendor: Vendor, root: Path) -> None:
    vendor.listings["RND.L"] = Listing(ROWS.loc[:"2020-05-29"], currency="GBp", **LONDON)
    refresh.refresh(["RND.L"], root, end="2020-05-29", patience=FAST)
    noisy = ROWS.copy()
    noisy["close"] *= 1 + 3e-8
    vendor.listings["RND.L"] = Listing(noisy, currency="GBp", **LONDON)
    assert refresh.refresh(["RND.L"], root, end="2020-06-29", patience=FAST).decisions.empty
    held = store.read_series(root, "RND.L")
    assert held is not None
    np.testing.assert_array_equal(held.frame.loc[:"2020-05-29", "close"], ROWS.loc[:"2020-05-29", "close"])


def test_a_rewritten_series_keeps_its_early_years(vendor: Vendor, root: Path) -> None:
    vendor.listings["LONG.L"] = Listing(ROWS.loc[:"2020-05-29"], currency="GBp", **LONDON)
    refresh.refresh(["LONG.L"], root, end="2020-05-29", patience=FAST)
    later = ROWS.copy()
    later.loc["2020-05-20", "close"] *= 1.1
    vendor.listings["LONG.L"] = Listing(later, currency="GBp", **LONDON)
    with pytest.warns(PriceQualityWarning, match="rewritten 1 days of"):
        refresh.refresh(["LONG.L"], root, start="2020-05-01", end="2020-06-29", patience=FAST)
    held = store.read_series(root, "LONG.L")
    assert held is not None
    assert held.frame.index[0] == ROWS.index[0]


# ---------------------------------------------------------------------------------- closes that carry their dividends


def payer(seed: int, carried: bool, years: int = 10, payment: float = 0.03) -> tuple[np.ndarray, np.ndarray]:
    """Return closes and dividends, one a year: raw closes fall by them, closes that carry them do not."""
    rng = np.random.default_rng(seed)
    moves = rng.standard_t(4, 252 * years) * 0.012 / np.sqrt(2)
    close, paid = np.empty(252 * years), np.zeros(252 * years)
    level = 50.0
    for t, move in enumerate(moves):
        if t % 252 == 126:
            paid[t] = payment * level
            level -= 0.0 if carried else paid[t]
        level *= np.exp(move)
        close[t] = level
    return close, paid


def test_raw_closes_raise_no_alarm() -> None:
    assert not any(is_adjusted(*payer(seed, carried=False)) for seed in range(300))
    assert not any(is_adjusted(*payer(seed, carried=False, payment=0.005)) for seed in range(300))


def test_closes_that_carry_their_dividends_are_found() -> None:
    assert sum(is_adjusted(*payer(seed, carried=True)) for seed in range(100)) > 95
    # Where the vendor's adjusted closes are the closes, even odds decide.
    assert sum(is_adjusted(*payer(seed, carried=True, payment=0.015), True) for seed in range(100)) > 95
    assert not any(is_adjusted(*payer(seed, carried=False), True) for seed in range(100))


def test_nothing_paid_and_nothing_known() -> None:
    close = np.full(50, 10.0)
    assert not is_adjusted(close, np.zeros(50))
    assert not is_adjusted(close, np.where(np.arange(50) == 0, 1.0, 0.0))
    assert not is_adjusted(close, np.where(np.arange(50) == 9, 1.0, 0.0))
    assert not is_adjusted(np.linspace(10, 12, 50), np.where(np.arange(50) == 9, 8.0, 0.0))


def listing(carried: bool, told: bool) -> Listing:
    close, paid = payer(7, carried)
    days = pd.bdate_range("2010-01-04", periods=len(close))
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), close) | {"volume": 100.0}, index=days)
    dividends = {f"{day:%Y-%m-%d}": float(d) for day, d in zip(days, paid, strict=True) if d}
    return Listing(frame, dividends=dividends, close_is_adjusted=told)


def adjusted_rows(got: bp.Prices) -> list[tuple[float, str]]:
    rows = got.checks[got.checks["check"] == "adjusted-close"]
    return list(rows[["value", "action"]].itertuples(index=False, name=None))


def test_dividends_are_not_applied_twice(vendor: Vendor) -> None:
    vendor.listings["ADJ.DE"] = made = listing(carried=True, told=True)
    got = load("ADJ.DE")
    assert adjusted_rows(got) == [(10.0, "dividends not applied again")]
    np.testing.assert_array_equal(got.close["ADJ.DE"], made.rows["close"])


def test_raw_closes_that_the_vendor_forgot_to_adjust_are_adjusted(vendor: Vendor) -> None:
    vendor.listings["RAW.DE"] = made = listing(carried=False, told=True)
    got = load("RAW.DE")
    assert adjusted_rows(got) == []
    made.close_is_adjusted = False
    np.testing.assert_allclose(got.close["RAW.DE"], made.adjusted(), rtol=1e-6)


def test_where_the_vendor_adjusts_such_closes_so_do_we_and_say_so(vendor: Vendor) -> None:
    vendor.listings["TWICE.DE"] = made = listing(carried=True, told=False)
    got = load("TWICE.DE")
    assert adjusted_rows(got) == [(10.0, "kept: closes do not fall on ex-dates, dividends applied")]
    np.testing.assert_allclose(got.close["TWICE.DE"], made.adjusted(), rtol=1e-6)


@pytest.mark.parametrize("carried", [True, False])
def test_in_a_file_too(tmp_path: Path, carried: bool) -> None:
    close, paid = payer(5, carried)
    days = pd.bdate_range("2010-01-04", periods=len(close))
    frame = pd.DataFrame({"date": days, "close": close, "dividends": paid})
    frame.to_csv(tmp_path / "A.csv", index=False)
    got = load("A", str(tmp_path))
    rows = adjusted_rows(got)
    assert rows == (
        [(10.0, "kept: on ex-dates the closes do not fall, they carry the dividends already")] if carried else []
    )
    np.testing.assert_allclose(got.close["A"], close)


def test_prices_that_are_none_are_left_out_when_served(vendor: Vendor, root: Path) -> None:
    rows = ROWS.copy()
    rows.loc["2020-03-03", ["open", "close"]] = 0.0
    rows.loc["2020-03-05", "close"] = -4.0
    vendor.listings["ZERO.L"] = Listing(rows, currency="GBp", **LONDON)
    got = load("ZERO.L")
    found = got.checks[got.checks["check"] == "non-positive"]
    assert found["session"].dt.strftime("%m-%d").tolist() == ["03-03", "03-05"]
    assert found["action"].tolist() == ["left out", "left out"]
    assert (got.close["ZERO.L"].dropna() > 0).all()
    held = store.read_series(root, "ZERO.L")
    assert held is not None
    assert held.frame.at[pd.Timestamp("2020-03-05"), "close"] == -4.0
