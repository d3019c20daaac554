"""The benchmark of prices runs; how fast is not a test's business, how much memory a panel takes is judged at full size."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent


def test_prices_are_measured(monkeypatch, tmp_path) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    import bench_prices

    found = bench_prices.measure(30, 300, 3, tmp_path)
    assert (found["close"]["tickers"], found["close"]["days"], found["every field"]["fields"]) == (30, 300, 5)
    assert found["close"]["seconds"] > 0
    # A ticker's time zone and its history, once each: a warm store asks for nothing.
    assert found["fetched"]["requests"] == 6
