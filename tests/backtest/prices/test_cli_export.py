"""What `backtest prices export` writes is what a run read: a run on it gives the same tables, whatever the run did to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from yahoo_server import Listing, Vendor, prices, serving

from backtest.prices import store

SHARES = ("AAA.DE", "CCC.L")
SPAN = ("2021-01-04", "2023-06-30")
FIELDS = {"sha256", "first", "last", "rows", "open", "high", "low", "volume"}


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        made.listings["AAA.DE"] = Listing(
            prices(*SPAN, seed=0), dividends={"2022-05-12": 1.1}, splits={"2022-03-01": (2, 1)}
        )
        london = {"zone": "Europe/London", "exchange": "LSE", "hour": 8}
        made.listings["CCC.L"] = Listing(prices(*SPAN, seed=1, level=900.0), currency="GBp", **london)  # type: ignore[arg-type]
        made.listings["^STOXX"] = Listing(prices(*SPAN, seed=2), quote_type="INDEX")
        made.listings["EURGBP=X"] = Listing(prices(*SPAN, seed=3, level=0.86), zone="Europe/London", currency="GBP")
        rows = made.listings["AAA.DE"].rows
        rows.iloc[300:302, rows.columns.get_loc("close")] *= 100  # masked, or kept and warned of
        yield made


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture(autouse=True)
def _events(tmp_path: Path) -> None:
    rows = ("AAA.DE,2022-05-10,profit-warning", "CCC.L,2022-09-14,profit-warning", "AAA.DE,2023-02-07,takeover-rumour")
    (tmp_path / "events.csv").write_text("\n".join(("asset,date,kind", *rows)) + "\n")


def series(folder: Path) -> dict[str, dict[str, str]]:
    return json.loads((folder / "manifest.json").read_text())["inputs"]["prices"]["series"]


def assert_same_tables(one: Path, two: Path, least: int) -> None:
    tables = sorted(p.relative_to(one) for p in one.rglob("*.csv"))
    assert len(tables) >= least
    for name in tables:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


@pytest.mark.parametrize(
    "flags",
    [
        ("run",),
        ("run", "--on-bad-price", "mask"),
        ("study", "--currency", "EUR"),
        ("study", "--currency", "EUR", "--on-bad-price", "mask"),
        ("trade", "--draws", "30"),
    ],
    ids=lambda flags: " ".join(flags),
)
def test_a_run_on_the_export_gives_the_same_tables(vendor, call, tmp_path, flags):
    command, *rest = flags
    first = call(command, "events.csv", "--prices", "yahoo", *rest, "--out", "one", "-q")
    assert first.code == 0, first.err
    named = series(tmp_path / "one")
    assert set(named) == {*SHARES, "^STOXX"} | ({"EURGBP=X"} if "--currency" in flags else set())
    assert all(set(told) == FIELDS for told in named.values())
    # The store moves on: new days, a new dividend.
    for name in (*SHARES, "^STOXX"):
        listing = vendor.listings[name]
        listing.rows = pd.concat(
            [listing.rows, prices("2023-07-03", "2023-09-29", level=listing.rows["close"].iloc[-1])]
        )
    vendor.listings["AAA.DE"].dividends["2023-08-01"] = 2.0
    assert call("prices", "fetch", *SHARES, "^STOXX", "-q").code == 0
    done = call("prices", "export", "--manifest", "one/manifest.json", "--out", "kept")
    assert done.code == 0, done.err
    assert f"{len(named)} series written to kept" in done.out
    again = call(command, "events.csv", "--prices", "kept", *rest, "--out", "two", "-q")
    assert again.code == 0, again.err
    assert_same_tables(tmp_path / "one", tmp_path / "two", 5)


def test_the_export_is_raw_and_names_its_currency(vendor, call, tmp_path):
    call("study", "events.csv", "--prices", "yahoo", "--out", "one", "-q")
    call("prices", "export", "--manifest", "one", "--out", "kept")
    table = pd.read_parquet(tmp_path / "kept" / "AAA.DE.parquet")
    np.testing.assert_array_equal(table["close"], vendor.listings["AAA.DE"].rows["close"])
    assert table["dividends"].sum() == 1.1
    pence = store.decode((tmp_path / "kept" / "CCC.L.parquet").read_bytes())
    assert (pence.meta["currency"], pence.meta["mic"]) == ("GBp", "XLON")


def test_a_volume_that_the_vendor_revised_is_told_apart(vendor, call, tmp_path, root):
    call("study", "events.csv", "--prices", "yahoo", "--out", "one", "-q")
    held = store.read_series(root, "CCC.L")
    assert held is not None
    other = held.frame.assign(volume=held.frame["volume"] + 1)
    store.update(root, "CCC.L", lambda old: (store.Series(other, held.meta), False))
    done = call("prices", "export", "--manifest", "one")
    assert done.code == 1
    assert "has no version of 'CCC.L' with the manifest's hash; name the store of that run (--store)" in done.err


def test_a_run_on_other_prices_has_nothing_to_export(call, tmp_path):
    assert call("study", "--prices", "sample", "--out", "one", "-q").code == 0
    done = call("prices", "export", "--manifest", "one")
    assert done.code == 1
    assert "that run used the simulated prices that ship with the package; there is nothing to export" in done.err
    days = pd.bdate_range(*SPAN, name="date")
    walk = np.exp(np.cumsum(np.random.default_rng(1).normal(0, 0.01, (len(days), 3)), axis=0))
    pd.DataFrame(walk, index=days, columns=[*SHARES, "^STOXX"]).to_csv(tmp_path / "own.csv")
    assert call("study", "events.csv", "--prices", "own.csv", "--out", "two", "-q").code == 0
    done = call("prices", "export", "--manifest", "two")
    assert done.code == 1
    assert "that run took its prices from files:own.csv, not from a store; keep those files" in done.err


def test_an_export_that_is_damaged_is_named(vendor, call, tmp_path):
    call("study", "events.csv", "--prices", "yahoo", "--out", "one", "-q")
    call("prices", "export", "--manifest", "one", "--out", "kept")
    place = tmp_path / "kept" / "AAA.DE.parquet"
    data = bytearray(place.read_bytes())
    data[10:60] = b"x" * 50
    place.write_bytes(bytes(data))
    done = call("study", "events.csv", "--prices", "kept")
    assert done.code == 1
    assert "AAA.DE.parquet: cannot be read" in done.err
