"""How long we wait for Yahoo: what it asks for with Retry-After, our own growing pauses without, and never past the budget."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import numpy as np
import pytest
from yahoo_server import Listing, Vendor, prices, serving

from backtest.prices import yahoo
from backtest.prices.yahoo import Patience

ROWS = prices("2020-01-02", "2020-01-31")


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        yield made


def gaps(vendor: Vendor, ticker: str) -> list[float]:
    """Return the pauses between attempts: on a fault yfinance asks twice per attempt, the second time at once."""
    times = vendor.history_times(ticker)
    return [times[k] - times[k - 1] for k in range(2, len(times), 2)]


@pytest.mark.parametrize(("fault", "date"), [("429-after", False), ("429-after", True), ("503-after", False)])
def test_the_servers_own_word_is_kept(vendor: Vendor, fault: str, date: bool) -> None:
    ticker = f"WAIT{fault[:3]}{'D' if date else 'S'}.DE"
    vendor.listings[ticker], vendor.faults[ticker] = Listing(ROWS), [fault, fault]
    # A date has whole seconds: three seconds ahead are at least two.
    vendor.retry_after = format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True) if date else "2"
    got = yahoo.fetch({ticker: None}, Patience(20, 5, 2, 0.01))
    assert list(got.series) == [ticker]
    assert len(gaps(vendor, ticker)) == 1
    assert 1.9 < gaps(vendor, ticker)[0] < 6.0


def test_without_it_the_pauses_are_ours_and_grow(vendor: Vendor) -> None:
    vendor.listings["GROW.DE"], vendor.faults["GROW.DE"] = Listing(ROWS), ["429"] * 6
    got = yahoo.fetch({"GROW.DE": None}, Patience(30, 5, 4, 0.4))
    assert list(got.series) == ["GROW.DE"]
    # 0.4, 0.8 and 1.6 s, each times a random number between a half and one and a half.
    for pause, usual in zip(gaps(vendor, "GROW.DE"), (0.4, 0.8, 1.6), strict=True):
        assert 0.5 * usual - 0.05 < pause < 1.5 * usual + 1.0


def test_jitter_keeps_two_clients_apart(vendor: Vendor) -> None:
    seen = set()
    for name in ("J1.DE", "J2.DE", "J3.DE"):
        vendor.listings[name], vendor.faults[name] = Listing(ROWS), ["429", "429"]
        yahoo.fetch({name: None}, Patience(20, 5, 2, 0.4))
        seen.add(round(gaps(vendor, name)[0], 2))
    assert len(seen) > 1


def test_a_wait_beyond_the_budget_is_not_begun(vendor: Vendor) -> None:
    vendor.listings |= {"LONG.DE": Listing(ROWS)}
    vendor.faults["LONG.DE"], vendor.retry_after = ["429-after!"], "3600"
    began = time.monotonic()
    got = yahoo.fetch({"LONG.DE": None}, Patience(8, 5, 5, 0.01))
    assert time.monotonic() - began < 6
    row = got.failures.iloc[0]
    assert (row["reason"], row["attempts"]) == ("rate limit", 1)
    assert row["message"].endswith("Yahoo asks to wait 3600 s")


def test_one_tickers_limit_holds_back_the_others(vendor: Vendor) -> None:
    vendor.listings |= {name: Listing(ROWS) for name in ("FIRST.DE", "SECOND.DE")}
    vendor.faults["FIRST.DE"], vendor.retry_after = ["429-after!"], "3600"
    got = yahoo.fetch({"FIRST.DE": None, "SECOND.DE": None}, Patience(8, 5, 5, 0.01, workers=1))
    assert got.failures["reason"].tolist() == ["rate limit", "rate limit"]
    assert got.failures["attempts"].tolist() == [1, 0]
    assert got.failures["message"].iloc[1] == "met by another ticker, and the time allowed ends before it does"
    assert vendor.history_times("SECOND.DE") == []


@pytest.mark.parametrize("text", ["soon", ""])
def test_a_word_that_is_no_time_is_no_word(vendor: Vendor, text: str) -> None:
    vendor.listings["ODD.DE"], vendor.faults["ODD.DE"], vendor.retry_after = Listing(ROWS), ["429-after"] * 2, text
    got = yahoo.fetch({"ODD.DE": None}, Patience(20, 5, 2, 0.05))
    assert list(got.series) == ["ODD.DE"]


def test_an_error_without_an_answer_asks_for_nothing() -> None:
    assert yahoo.retry_after(OSError("no route to host")) is None


@pytest.mark.parametrize("faults", [[429], [429, 429], [401]])
def test_trouble_with_the_crumb_is_survived(vendor: Vendor, faults: list[int]) -> None:
    vendor.listings["CRUMB.DE"], vendor.crumb_faults = Listing(ROWS), faults
    got = yahoo.fetch({"CRUMB.DE": None}, Patience(20, 5, 2, 0.05))
    np.testing.assert_array_equal(got.series["CRUMB.DE"].frame["close"], ROWS["close"])


def test_at_most_so_many_at_once(vendor: Vendor) -> None:
    names = [f"B{i}.DE" for i in range(6)]
    vendor.listings |= {name: Listing(ROWS) for name in names}
    vendor.faults |= {name: ["hang"] for name in names}  # three seconds each, given up after one
    began = time.monotonic()
    got = yahoo.fetch(dict.fromkeys(names), Patience(30, 1.0, 1, 0.01, workers=2))
    assert time.monotonic() - began > 2.5
    assert len(got.failures) == 6
