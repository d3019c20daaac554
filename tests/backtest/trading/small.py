"""Prices small enough to work out by hand."""

from __future__ import annotations

import pandas as pd

from backtest.prices import Prices


def days(n: int = 10, start: str = "2024-01-01") -> pd.DatetimeIndex:
    """Weekdays; without an exchange a session runs from midnight to midnight UTC."""
    return pd.bdate_range(start, periods=n).as_unit("us")


def small(
    close: dict[str, list[float]],
    open: dict[str, list[float]] | None = None,
    benchmark: list[float] | None = None,
    start: str = "2024-01-01",
    table: dict[str, dict[str, object]] | None = None,
    **fields: dict[str, list[float]],
) -> Prices:
    """Make prices; `table` holds instrument columns by ticker."""
    n = len(next(iter(close.values())))
    index = days(n, start)
    frame = {
        k: pd.DataFrame(v, index=index, dtype=float) for k, v in {"close": close, "open": open, **fields}.items() if v
    }
    marks = pd.DataFrame({"^M": benchmark} if benchmark else {}, index=index, dtype=float)
    rows = {
        t: {"mic": "", "currency": "EUR", "unit": "EUR", "benchmark": "^M", **(table or {}).get(t, {})} for t in close
    }
    rows["^M"] = {"mic": "", "currency": "EUR", "unit": "points", "benchmark": ""}
    instruments = pd.DataFrame.from_dict(rows, orient="index").rename_axis("ticker")
    return Prices(benchmarks=marks, instruments=instruments, source="frame", **frame)


def events(*rows: tuple[str, str, str], **columns: list[object]) -> pd.DataFrame:
    """Make events of (asset, kind, time); ids are e0, e1, ..."""
    frame = pd.DataFrame(rows, columns=["asset", "kind", "event_time"])
    return frame.assign(event_id=[f"e{i}" for i in range(len(rows))], **columns)
