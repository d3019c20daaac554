"""Yahoo through the real yfinance and a real socket: what arrives, what fails and in which words, what is kept."""

from __future__ import annotations

import socket
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from yahoo_server import Listing, Vendor, prices, serving

import backtest.prices as bp
from backtest.errors import PriceQualityWarning, PriceSourceError
from backtest.prices import refresh, store, yahoo
from backtest.prices.yahoo import Patience

FAST = Patience(budget=20.0, timeout=5.0, attempts=3, delay=0.05, workers=4)


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        yield made


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path / "store"))
    return tmp_path / "store"


def fetch_one(ticker: str) -> store.Series:
    got = yahoo.fetch({ticker: None}, FAST)
    assert got.failures.empty, got.failures
    return got.series[ticker]


def test_raw_values_dates_and_metadata_arrive(vendor: Vendor) -> None:
    vendor.listings["RAW.DE"] = Listing(prices("2020-01-02", "2020-03-31"), dividends={"2020-02-12": 1.5})
    got = fetch_one("RAW.DE")
    want = vendor.listings["RAW.DE"].rows
    np.testing.assert_array_equal(got.frame["close"], want["close"])
    np.testing.assert_array_equal(got.frame["volume"], want["volume"])
    assert list(got.frame.index) == list(want.index)
    assert got.frame.index.dtype == "datetime64[us]"
    assert got.frame["dividends"].sum() == got.frame.at[pd.Timestamp("2020-02-12"), "dividends"] == 1.5
    assert (got.meta["currency"], got.meta["mic"], got.meta["zone"]) == ("EUR", "XETR", "Europe/Berlin")
    assert got.meta["vendor_version"].startswith("yfinance ")


def test_a_day_stamped_23_utc_is_the_next_local_date(vendor: Vendor) -> None:
    rows = prices("2020-06-01", "2020-06-12")
    vendor.listings["BST.L"] = Listing(rows, zone="Europe/London", currency="GBp", exchange="LSE", hour=0)
    assert vendor.listings["BST.L"].stamp(rows.index[0]) % 86400 == 23 * 3600
    assert list(fetch_one("BST.L").frame.index) == list(rows.index)


def test_null_rows_and_repeated_days(vendor: Vendor) -> None:
    rows = prices("2020-01-02", "2020-01-31")
    rows.iloc[3] = np.nan
    rows.iloc[5, rows.columns.get_loc("close")] = np.nan
    rows = pd.concat([rows.iloc[:8], rows.iloc[[7]], rows.iloc[8:]])
    vendor.listings["NULL.DE"] = Listing(rows)
    got = fetch_one("NULL.DE").frame
    assert got.index.is_unique
    assert rows.index[3] not in got.index or np.isnan(got.at[rows.index[3], "close"])
    assert np.isnan(got.at[rows.index[5], "close"])
    assert got.at[rows.index[8], "close"] == rows["close"].iloc[8]


def test_an_exchange_without_a_suffix(vendor: Vendor) -> None:
    vendor.listings["NYSEQ"] = Listing(prices("2020-01-02", "2020-01-31"), "America/New_York", "USD", "NYQ", hour=9)
    assert fetch_one("NYSEQ").meta["mic"] == "XNYS"


@pytest.mark.parametrize("fault", ["401", "429", "429-after", "500", "truncated"])
def test_a_passing_fault_is_waited_out(vendor: Vendor, fault: str) -> None:
    ticker = f"F{fault.upper()}.DE".replace("-", "")
    vendor.listings[ticker] = Listing(prices("2020-01-02", "2020-01-31"))
    # yfinance itself asks a second time with another cookie, so two faults are one failed attempt.
    vendor.faults[ticker] = [fault, fault]
    assert len(fetch_one(ticker).frame) == 22


def test_a_hanging_server_is_given_up_and_asked_again(vendor: Vendor) -> None:
    vendor.listings["HANG.DE"] = Listing(prices("2020-01-02", "2020-01-31"))
    vendor.faults["HANG.DE"] = ["hang"]
    got = yahoo.fetch({"HANG.DE": None}, Patience(budget=20, timeout=1.0, attempts=2, delay=0.05))
    assert len(got.series["HANG.DE"].frame) == 22


@pytest.mark.parametrize(
    ("fault", "reason", "attempts"),
    [
        ("404!", "unknown ticker", 1),
        ("429!", "rate limit", 2),
        ("500!", "server error", 2),
        ("truncated!", "damaged answer", 2),
        ("empty!", "empty answer", 2),
    ],
)
def test_a_lasting_fault_is_a_row_and_the_rest_is_served(
    vendor: Vendor, fault: str, reason: str, attempts: int
) -> None:
    bad = f"L{fault.upper()}.DE".replace("!", "")
    vendor.listings |= {
        bad: Listing(prices("2020-01-02", "2020-01-31")),
        "FINE.DE": Listing(prices("2020-01-02", "2020-01-31")),
    }
    vendor.faults[bad] = [fault]
    done: list[str] = []
    got = yahoo.fetch({bad: None, "FINE.DE": None}, Patience(20, 5, 2, 0.05), done.append)
    assert list(got.series) == ["FINE.DE"]
    row = got.failures.iloc[0]
    assert (row["ticker"], row["reason"], row["attempts"]) == (bad, reason, attempts)
    assert sorted(done) == sorted([bad, "FINE.DE"])


def test_the_time_budget_ends_everything(vendor: Vendor) -> None:
    vendor.listings["SLOW.DE"] = Listing(prices("2020-01-02", "2020-01-31"))
    vendor.faults["SLOW.DE"] = ["429!"]
    got = yahoo.fetch({"SLOW.DE": None}, Patience(budget=1.0, timeout=1.0, attempts=50, delay=0.4))
    assert got.failures["reason"].isin(["rate limit", "time budget"]).all()
    hang = Listing(prices("2020-01-02", "2020-01-31"))
    vendor.listings["STUCK.DE"], vendor.faults["STUCK.DE"] = hang, ["hang!"]
    got = yahoo.fetch({"STUCK.DE": None}, Patience(budget=0.6, timeout=2.5, attempts=1))
    assert got.failures["reason"].tolist() == ["time budget"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("404!", r"\(unknown ticker\): Yahoo knows none of these tickers; check their spelling"),
        ("429!", r"\(rate limit\): Yahoo limits the rate of requests; wait"),
        ("empty!", r"\(empty answer\): Yahoo has no prices of these tickers in that time"),
        ("500!", r"\(server error\): Yahoo's server has trouble; try later"),
        ("truncated!", r"\(damaged answer\): Yahoo's answers cannot be read; try later"),
    ],
)
def test_when_everything_fails_the_error_says_why(vendor: Vendor, root: Path, fault: str, message: str) -> None:
    vendor.listings["ALL.DE"] = Listing(prices("2020-01-02", "2020-01-31"))
    vendor.faults["ALL.DE"] = [fault]
    with pytest.raises(PriceSourceError, match=rf"yahoo gave no prices of 'ALL\.DE' {message}.*--prices sample"):
        refresh.read_yahoo(["ALL.DE"], patience=Patience(20, 5, 1, 0.01))


def test_no_network_is_told_apart(vendor: Vendor) -> None:
    vendor.down = True
    why = r"\(network\): there is no way through to Yahoo; check the network.*the first failure: \w+: Failed"
    with pytest.raises(PriceSourceError, match=why):
        refresh.read_yahoo(["ANY.DE"], patience=Patience(20, 2, 1, 0.01))


def study_vendor(vendor: Vendor) -> None:
    rows = prices("2018-01-02", "2020-12-31", seed=1)
    vendor.listings["ADJ.DE"] = Listing(rows, dividends={"2018-05-09": 2.0, "2019-05-15": 1.0, "2020-05-13": 3.0})
    vendor.listings["^STOXX"] = Listing(prices("2018-01-02", "2020-12-31", seed=2), exchange="ZRH", quote_type="INDEX")


def test_adjusted_closes_are_the_vendors_own(vendor: Vendor) -> None:
    study_vendor(vendor)
    got = bp.load_prices(["ADJ.DE"], "yahoo", end="2020-12-30")
    want = vendor.listings["ADJ.DE"].adjusted().iloc[:-1]
    np.testing.assert_allclose(got.close["ADJ.DE"], want, rtol=1e-6)
    assert got.source == "yahoo"
    assert got.as_of is not None
    assert got.instruments.loc["ADJ.DE", "mic"] == "XETR"
    assert got.volume is not None
    assert got.volume["ADJ.DE"].iloc[0] == vendor.listings["ADJ.DE"].rows["volume"].iloc[0]


def test_a_split_that_the_price_has_already_and_one_that_it_lacks(vendor: Vendor) -> None:
    rows = prices("2020-01-02", "2020-03-31", seed=3)
    lacking = rows.copy()
    lacking.loc[:"2020-02-13", ["open", "high", "low", "close"]] *= 4.0
    vendor.listings["HAS.DE"] = Listing(rows, splits={"2020-02-14": (4, 1)})
    vendor.listings["LACKS.DE"] = Listing(lacking, splits={"2020-02-14": (4, 1)})
    got = bp.load_prices(["HAS.DE", "LACKS.DE"], "yahoo", benchmark="")
    np.testing.assert_allclose(got.close["HAS.DE"], rows["close"])
    np.testing.assert_allclose(got.close["LACKS.DE"], rows["close"])
    missed = got.checks[got.checks["check"] == "split-missed"]
    assert missed[["ticker", "action"]].to_numpy().tolist() == [["LACKS.DE", "applied"]]


def test_a_refresh_asks_only_for_what_is_missing_and_an_overlap(vendor: Vendor, root: Path) -> None:
    whole = prices("2019-01-02", "2020-12-31", seed=4)
    vendor.listings["INC.DE"] = Listing(whole.loc[:"2020-06-30"])
    first = refresh.refresh(["INC.DE"], root, end="2020-06-30", patience=FAST)
    assert first.updated == ("INC.DE",)
    again = refresh.refresh(["INC.DE"], root, end="2020-06-30", patience=FAST)
    assert again.updated == ()
    assert len(vendor.history_requests("INC.DE")) == 1
    vendor.listings["INC.DE"] = Listing(whole)
    refresh.refresh(["INC.DE"], root, end="2020-12-30", patience=FAST)
    asked = pd.Timestamp(int(vendor.history_requests("INC.DE")[-1]["period1"]), unit="s")
    assert pd.Timestamp("2020-05-30") <= asked <= pd.Timestamp("2020-06-01")
    got = store.read_series(root, "INC.DE")
    assert got is not None
    np.testing.assert_array_equal(got.frame["close"], whole["close"])
    # A pure extension leaves one version behind, not two.
    assert len(store.versions(root)["INC.DE"]) == 1


def test_an_earlier_start_than_before_fetches_it(vendor: Vendor, root: Path) -> None:
    whole = prices("2019-01-02", "2020-12-31", seed=5)
    vendor.listings["EARLY.DE"] = Listing(whole)
    refresh.refresh(["EARLY.DE"], root, start="2020-06-01", end="2020-12-30", patience=FAST)
    refresh.refresh(["EARLY.DE"], root, start="2019-01-02", end="2020-12-30", patience=FAST)
    got = store.read_series(root, "EARLY.DE")
    assert got is not None
    assert len(got.frame) == len(whole)


def test_a_rewritten_history_is_announced_kept_and_recorded(vendor: Vendor, root: Path) -> None:
    before = prices("2019-01-02", "2020-06-30", seed=6)
    vendor.listings["REW.DE"] = Listing(before)
    refresh.refresh(["REW.DE"], root, end="2020-06-30", patience=FAST)
    after = prices("2019-01-02", "2020-12-31", seed=6)
    after.loc[before.index, "close"] = before["close"]
    after.loc["2020-06-10", "close"] *= 1.10
    after.loc["2019-03-05", "close"] *= 0.5
    vendor.listings["REW.DE"] = Listing(after)
    with pytest.warns(
        PriceQualityWarning, match=r"rewritten 2 days of REW\.DE, 2019-03-05 to 2020-06-10, by up to 50\.00%"
    ):
        outcome = refresh.refresh(["REW.DE"], root, end="2020-12-30", patience=FAST)
    assert outcome.decisions["session"].astype(str).tolist() == ["2019-03-05", "2020-06-10"]
    np.testing.assert_allclose(outcome.decisions["change"], [-0.5, 0.10])
    listed = store.versions(root)["REW.DE"]
    assert len(listed) == 2
    old = store.decode(store.read_bytes(listed[0]))
    np.testing.assert_array_equal(old.frame["close"], before["close"])
    new = store.decode(store.read_bytes(listed[1]))
    np.testing.assert_array_equal(new.frame["close"], after["close"])
    assert new.meta["decisions"][0]["days"] == 2


def test_a_new_split_renews_the_whole_history(vendor: Vendor, root: Path) -> None:
    before = prices("2020-01-02", "2020-06-30", seed=7)
    vendor.listings["SPL.DE"] = Listing(before)
    refresh.refresh(["SPL.DE"], root, end="2020-06-30", patience=FAST)
    after = prices("2020-01-02", "2020-12-31", seed=7)
    after[["open", "high", "low", "close"]] /= 2.0
    vendor.listings["SPL.DE"] = Listing(after, splits={"2020-07-06": (2, 1)})
    with pytest.warns(PriceQualityWarning, match=r"rewritten \d+ days of SPL\.DE"):
        got = bp.load_prices("SPL.DE", "yahoo", benchmark="")
    np.testing.assert_allclose(got.close["SPL.DE"], after["close"])
    assert got.close["SPL.DE"].pct_change().abs().max() < 0.2
    assert (got.checks["check"] == "rewritten").any()


def test_offline_the_store_serves_what_it_has_and_says_how_old_it_is(vendor: Vendor) -> None:
    study_vendor(vendor)
    bp.load_prices(["ADJ.DE"], "yahoo", end="2020-12-30")
    vendor.down = True
    served = refresh.read_yahoo(["ADJ.DE", "NEW.DE"], patience=Patience(20, 2, 1, 0.01))
    assert [ticker for ticker, _ in served.frames] == ["ADJ.DE"]
    assert served.finish is not None
    message = r"could not be refreshed \(network\); served from the store as of 20\d\d-"
    with pytest.warns(PriceQualityWarning, match=message):
        served.finish(served)
    assert served.missing == {"NEW.DE": "network"}
    quiet = bp.load_prices(["ADJ.DE"], "store")
    assert quiet.source.startswith("store:")
    assert quiet.as_of is not None


def test_a_damaged_file_is_fetched_again(vendor: Vendor, root: Path) -> None:
    vendor.listings["DMG.DE"] = Listing(prices("2020-01-02", "2020-03-31", seed=8))
    refresh.refresh(["DMG.DE"], root, end="2020-03-31", patience=FAST)
    place = store.versions(root)["DMG.DE"][0].path
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(bytes(data))
    got = bp.load_prices("DMG.DE", "yahoo", end="2020-03-31", benchmark="")
    np.testing.assert_array_equal(got.close["DMG.DE"], vendor.listings["DMG.DE"].rows["close"])


def test_yfinance_is_left_as_it_was_found(vendor: Vendor) -> None:
    from yfinance.config import YfConfig

    vendor.listings["CFG.DE"] = Listing(prices("2020-01-02", "2020-01-31"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fetch_one("CFG.DE")
    assert YfConfig.debug.hide_exceptions is True


def test_a_session_that_has_not_ended_is_not_kept(vendor: Vendor) -> None:
    today = pd.Timestamp.now(tz="Europe/Berlin").tz_localize(None).normalize()
    days = pd.DatetimeIndex([today - pd.Timedelta(days=3), today - pd.Timedelta(days=1), today])
    rows = prices("2020-01-01", "2020-01-03").set_axis(days)
    vendor.listings["NOW.DE"] = Listing(rows, hour=0)
    assert list(fetch_one("NOW.DE").frame.index) == list(days[:2])


@pytest.mark.network
def test_the_live_service() -> None:
    try:
        socket.create_connection(("query2.finance.yahoo.com", 443), timeout=3).close()
    except OSError as error:
        pytest.skip(f"Yahoo cannot be reached: {error}")
    got = yahoo.fetch({"ZAL.DE": "2024-01-02"}, Patience(budget=30))
    if got.failures["reason"].isin(["network", "rate limit", "time budget"]).any():
        pytest.skip(f"Yahoo does not answer: {got.failures['message'].iloc[0]}")
    assert got.series["ZAL.DE"].frame["close"].between(5, 200).all()
