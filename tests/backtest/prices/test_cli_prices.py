"""`backtest prices`, and runs on Yahoo's prices, through the real yfinance and a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from yahoo_server import Listing, Vendor, prices, serving

from backtest.prices import store

SHARES = ("AAA.DE", "BBB.DE")


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        for number, ticker in enumerate((*SHARES, "^STOXX")):
            made.listings[ticker] = Listing(prices("2021-01-04", "2023-06-30", seed=number))
        yield made


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path / "store"))
    return tmp_path / "store"


def events(folder: Path) -> Path:
    place = folder / "events.csv"
    place.write_text("asset,date,kind\nAAA.DE,2022-05-10,warning\nBBB.DE,2022-09-14,warning\nAAA.DE,2023-02-07,rise\n")
    return place


def test_fetch_says_what_came_and_what_failed(vendor, call, root):
    done = call("prices", "fetch", "AAA.DE", "^STOXX", "NONE.DE")
    assert done.code == 0
    assert "2 updated, 0 up to date, 1 failed" in done.out
    assert "NONE.DE  unknown ticker" in done.out
    assert "\x1b" not in done.out + done.err
    assert set(store.versions(root)) == {"AAA.DE", "^STOXX"}
    again = call("prices", "fetch", "AAA.DE", "--end", "2023-06-30", "--json")
    assert json.loads(again.out) == {"store": str(root), "updated": [], "failures": [], "decisions": []}


def test_fetch_without_tickers_takes_the_instruments_and_a_store_of_its_own(vendor, call, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("ticker,name,benchmark\nAAA.DE,Alpha,^STOXX\n")
    done = call("prices", "fetch", "--instruments", own, "--store", tmp_path / "other", "--start", "2022-01-03")
    assert "1 updated" in done.out
    held = store.read_series(tmp_path / "other", "AAA.DE")
    assert held.frame.index[0] == pd.Timestamp("2022-01-03")


def test_fetch_when_everything_fails(vendor, call):
    done = call("prices", "fetch", "NONE.DE")
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert "NONE.DE" in done.err


@pytest.mark.parametrize("flag", ["--start", "--end"])
def test_fetch_with_a_date_that_is_none(call, flag):
    done = call("prices", "fetch", "A", flag, "31.1.2020")
    assert done.code == 2
    assert "is no date; write it as 2020-01-31" in done.err


def test_a_rewritten_history_is_one_line_of_warning(vendor, call):
    call("prices", "fetch", "AAA.DE", "-q")
    vendor.listings["AAA.DE"].rows.loc["2023-06-26":] *= 1.01
    done = call("prices", "fetch", "AAA.DE")
    assert "warning: yahoo has rewritten" in done.err
    assert done.err.count("\n") == 1
    assert call("prices", "fetch", "AAA.DE", "--quiet").err == ""


def test_list_shows_the_store(vendor, call, root):
    empty = call("prices", "list")
    assert f"the store {root} is empty; fill it with `backtest prices fetch TICKER`" in empty.out
    call("prices", "fetch", *SHARES, "-q")
    done = call("prices", "list")
    assert [line.split()[:4] for line in done.out.splitlines()[1:3]] == [
        ["AAA.DE", "2021-01-04", "2023-06-30", "650"],
        ["BBB.DE", "2021-01-04", "2023-06-30", "650"],
    ]
    assert max(map(len, done.out.splitlines()[:3])) <= 80
    told = json.loads(call("prices", "list", "--json").out)
    assert [row["ticker"] for row in told["series"]] == list(SHARES)


def test_verify_finds_a_flipped_bit(vendor, call, root):
    call("prices", "fetch", *SHARES, "-q")
    good = call("prices", "verify")
    assert (good.code, good.err) == (0, "")
    assert "2 files good, 0 damaged" in good.out
    place = store.versions(root)["AAA.DE"][0].path
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(bytes(data))
    bad = call("prices", "verify")
    assert bad.code == 1
    assert "error: 1 file of 'AAA.DE' damaged and set aside; fetch again: backtest prices fetch AAA.DE" in bad.err
    assert [f["state"] for f in json.loads(call("prices", "verify", "--json").out)["files"]] == ["damaged", "good"]


def test_export_takes_the_folder_of_a_run_and_the_old_version(vendor, call, tmp_path, root):
    call("run", events(tmp_path), "--prices", "yahoo", "--out", "one", "-q")
    vendor.listings["AAA.DE"].rows.loc["2023-06-26":] *= 1.01
    call("prices", "fetch", *SHARES, "-q")
    done = call("prices", "export", "--manifest", "one", "--json")
    assert sorted(Path(p).name for p in json.loads(done.out)["files"]) == [f"{t}.parquet" for t in (*SHARES, "^STOXX")]


def test_export_of_what_the_store_does_not_have(vendor, call, tmp_path):
    (tmp_path / "m.json").write_text('{"series": {"AAA.DE": "00"}}')
    done = call("prices", "export", "--manifest", "m.json")
    assert done.code == 1
    assert "has no version of 'AAA.DE' with the manifest's hash" in done.err
    assert "cannot be read as a manifest" in call("prices", "export", "--manifest", "none.json").err


def test_offline_the_store_is_served_with_its_age(vendor, call, tmp_path):
    place = events(tmp_path)
    assert call("prices", "fetch", *SHARES, "^STOXX", "-q").code == 0
    vendor.down = True
    done = call("study", place, "--prices", "store")
    assert done.code == 0
    assert done.out.startswith("test,model,kind")
    told = json.loads(call("study", place, "--prices", "store", "--out", "t", "--json").out or "{}")
    assert told == {}
    assert json.loads((tmp_path / "t" / "manifest.json").read_text())["inputs"]["prices"]["source"].startswith("store:")


def test_store_flag_reaches_the_run(vendor, call, tmp_path, root):
    done = call("study", events(tmp_path), "--prices", "yahoo", "--store", tmp_path / "other", "-q")
    assert done.code == 0
    assert set(store.versions(tmp_path / "other")) == {*SHARES, "^STOXX"}
    assert not root.exists()


def test_what_is_dropped_is_one_line_of_warning(vendor, call, tmp_path):
    place = events(tmp_path)
    place.write_text(place.read_text() + "AAA.DE,2035-01-02,late\n")
    done = call("study", place, "--prices", "yahoo")
    assert done.code == 0
    assert "warning: 1 of 4 events dropped (1 after-last-session)" in done.err


def test_currency_and_bad_prices_are_flags_of_the_study(vendor, call, tmp_path):
    pounds = Listing(prices("2021-01-04", "2023-06-30", seed=8, level=0.86), zone="Europe/London", currency="GBP")
    vendor.listings["EURGBP=X"] = pounds
    vendor.listings["CCC.L"] = Listing(
        prices("2021-01-04", "2023-06-30", seed=5), zone="Europe/London", currency="GBp", exchange="LSE", hour=8
    )
    (tmp_path / "events.csv").write_text("asset,date\nCCC.L,2022-05-10\n")
    plain = call("study", "events.csv", "--prices", "yahoo", "--table", "abnormal_returns", "--event", "0", "1")
    euros = call(
        "study", "events.csv", "--prices", "yahoo", "--currency", "EUR", "--table", "abnormal_returns", "--event", "0", "1"
    )  # fmt: skip
    assert (plain.code, euros.code) == (0, 0), euros.err
    assert plain.out.split("\n")[0] == euros.out.split("\n")[0]
    assert plain.out != euros.out
    bad = call("study", "events.csv", "--prices", "yahoo", "--on-bad-price", "mend")
    assert bad.code == 1
    assert "unknown --on-bad-price 'mend'; known: error, mask, warn" in bad.err


def test_on_bad_price_error_stops_the_run(vendor, call, tmp_path):
    rows = vendor.listings["AAA.DE"].rows
    rows.iloc[300:302, rows.columns.get_loc("close")] *= 100
    done = call("study", events(tmp_path), "--prices", "yahoo", "--on-bad-price", "error")
    assert done.code == 1
    assert "unit-flip" in done.err
