"""Random universes for the tests of strategies: two exchanges, holes, halts, splits, dividends, exchange rates."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import exchange_calendars as xc
import numpy as np
import pandas as pd

from backtest.prices import Prices

KINDS = ("takeover-rumour", "profit-warning", "takeover-denied")
SIDE = {"takeover-rumour": 1.0, "profit-warning": -0.5}


@dataclass(frozen=True)
class Universe:
    """Prices as they were quoted, actions, exchange rates and events."""

    prices: Prices
    actions: pd.DataFrame | None
    fx: pd.DataFrame
    events: pd.DataFrame


def instruments(mics: dict[str, str]) -> pd.DataFrame:
    rows = []
    for i, (ticker, mic) in enumerate(mics.items()):
        london = mic == "XLON"
        rows.append(
            {
                "ticker": ticker, "name": ticker, "mic": mic, "currency": "GBP" if london else "EUR",
                "unit": "GBp" if london else "EUR", "benchmark": "", "peers": "", "commission_bps": 4.0 + i,
                "half_spread_bps": 3.0, "stamp_duty_bps": 50.0 if london else 0.0, "borrow_bps_per_year": 200.0 + 10 * i,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("ticker")


@lru_cache
def exchange(mic: str) -> xc.ExchangeCalendar:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return xc.get_calendar(mic, start="2019-01-01", end="2021-12-31")


def sessions(mic: str, start: str, n: int) -> pd.DatetimeIndex:
    days = exchange(mic).sessions
    return days[days >= start][:n].as_unit("us")


def universe(
    seed: int, n_events: int = 20, length: int = 60, halts: bool = True, actions: bool = False, known: bool = True
) -> Universe:
    """Build a universe of four shares (two on XETR, two on XLON) and a benchmark over about `length` sessions."""
    rng = np.random.default_rng(seed)
    mics = {"A.DE": "XETR", "B.DE": "XETR", "C.L": "XLON", "D.L": "XLON"}
    days = {mic: sessions(mic, "2019-12-02", length) for mic in ("XETR", "XLON")}
    union = days["XETR"].union(days["XLON"])
    frames = {
        name: pd.DataFrame(np.nan, index=union, columns=list(mics))
        for name in ("close", "open", "high", "low", "volume")
    }
    for ticker, mic in mics.items():
        n = len(days[mic])
        close = 50 * np.exp(np.cumsum(rng.normal(0, 0.03, n)))
        opening = close * np.exp(rng.normal(0, 0.02, n))
        high = np.maximum(close, opening) * (1 + rng.uniform(0, 0.02, n))
        low = np.minimum(close, opening) * (1 - rng.uniform(0, 0.02, n))
        volume = rng.integers(1_000, 50_000, n).astype(float)
        gone = np.zeros(n, dtype=bool)
        if halts:
            gone = rng.random(n) < 0.05
            start = rng.integers(5, n)
            gone[start : start + rng.integers(0, 9)] = True
            volume[rng.random(n) < 0.03] = 0.0
            opening[rng.random(n) < 0.04] = np.nan
        for name, values in (("close", close), ("open", opening), ("high", high), ("low", low), ("volume", volume)):
            frames[name].loc[days[mic], ticker] = np.where(gone, np.nan, values)
    bench = pd.DataFrame(
        {"^STOXX": 400 * np.exp(np.cumsum(rng.normal(0, 0.01, len(days["XETR"]))))}, index=days["XETR"]
    )
    table = instruments(mics)
    table.loc["^STOXX"] = {"mic": "XETR", "currency": "EUR", "unit": "points", "benchmark": "", "name": "", "peers": ""}
    table.loc[list(mics), "benchmark"] = "^STOXX"
    prices = Prices(
        close=frames["close"],
        benchmarks=bench,
        instruments=table,
        source="frame",
        **{k: frames[k] for k in ("open", "high", "low", "volume")},
    )
    made = _actions(rng, mics, days) if actions else None
    fx = pd.DataFrame(
        {"EURGBP": 0.85 * np.exp(np.cumsum(rng.normal(0, 0.005, len(union) + 5)))},
        index=pd.bdate_range(union[0] - pd.Timedelta(days=7), periods=len(union) + 5),
    )
    return Universe(prices, made, fx, events(rng, list(mics), union, n_events))


def _actions(rng: np.random.Generator, mics: dict[str, str], days: dict[str, pd.DatetimeIndex]) -> pd.DataFrame:
    rows = []
    for ticker, mic in mics.items():
        for at in rng.choice(np.arange(3, len(days[mic])), 3, replace=False):
            rows.append(
                {
                    "asset": ticker,
                    "session": days[mic][at],
                    "dividend": float(rng.choice([0.0, 0.7])),
                    "split": float(rng.choice([1.0, 2.0, 0.25])),
                }
            )
    return pd.DataFrame(rows)


def events(rng: np.random.Generator, assets: list[str], union: pd.DatetimeIndex, n: int) -> pd.DataFrame:
    at = union[rng.integers(1, len(union) - 1, n)] + pd.to_timedelta(rng.integers(0, 24 * 60, n), unit="m")
    day = rng.random(n) < 0.25
    text = [t.strftime("%Y-%m-%d") if d else t.strftime("%Y-%m-%dT%H:%MZ") for t, d in zip(at, day)]
    return pd.DataFrame(
        {
            "event_id": [f"e{i:03d}" for i in range(n)],
            "asset": rng.choice(assets, n),
            "kind": rng.choice(KINDS, n, p=[0.45, 0.4, 0.15]),
            "event_time": text,
        }
    )
