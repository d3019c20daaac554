"""Events to positions: each reason for which an event may leave, and the order that must not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.align import align
from backtest.frames import DROP_REASONS, normalise_events
from backtest.market import build_markets
from backtest.models.base import Inputs
from backtest.prices import Prices

DAYS = pd.bdate_range("2021-01-04", periods=40)


@pytest.fixture
def prices() -> Prices:
    rng = np.random.default_rng(0)
    close = pd.DataFrame(100 * np.exp(rng.normal(0, 0.01, (40, 4)).cumsum(axis=0)), index=DAYS, columns=[*"ABC", "IX"])
    close.iloc[:10, 1] = np.nan  # listed late
    close.iloc[30:, 1] = np.nan  # gone early
    close["C"] = np.nan  # listed, never traded
    return Prices.from_frame(close, "IX")


def reasons(prices: Prices, rows: list[dict], benchmark: bool = True) -> list[str]:
    events = normalise_events(pd.DataFrame(rows))
    markets = build_markets(prices, ["A", "B", "C"], Inputs())
    placed = align(events, markets, ["A", "B", "C", "D"], benchmark=benchmark)
    return ["" if code < 0 else DROP_REASONS[code] for code in placed.reason]


def day(i: int) -> str:
    return f"{DAYS[i]:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"asset": "A", "event_time": day(20)}, ""),
        ({"asset": "B", "event_time": day(20)}, ""),
        ({"asset": "A", "event_time": "2021-01"}, "imprecise-date"),
        ({"asset": "A", "event_time": "2020-06-01"}, "before-first-session"),
        ({"asset": "B", "event_time": day(5)}, "before-first-session"),
        ({"asset": "A", "event_time": "2022-06-01"}, "after-last-session"),
        ({"asset": "B", "event_time": day(35)}, "after-last-session"),
        ({"asset": "C", "event_time": day(20)}, "no-price-history"),
        ({"asset": "D", "event_time": day(20)}, "no-price-history"),
        ({"asset": "E", "event_time": day(20)}, "unknown-asset"),
        ({"asset": "A", "event_time": day(20), "novelty": "background"}, "background"),
    ],
)
def test_reasons(prices: Prices, row: dict, reason: str) -> None:
    assert reasons(prices, [row]) == [reason]


def test_no_benchmark(prices: Prices) -> None:
    prices.instruments.loc["A", "benchmark"] = "OTHER"
    assert reasons(prices, [{"asset": "A", "event_time": day(20)}]) == ["no-benchmark"]
    assert reasons(prices, [{"asset": "A", "event_time": day(20)}], benchmark=False) == [""]


def test_of_two_events_on_one_stock_and_day_the_first_known_counts(prices: Prices) -> None:
    late = {"event_id": "a", "asset": "A", "event_time": day(20), "known_at": day(22)}
    early = {"event_id": "z", "asset": "A", "event_time": day(20), "known_at": day(20)}
    other = {"event_id": "k", "asset": "A", "event_time": day(20), "known_at": day(20), "kind": "other"}
    assert reasons(prices, [late, early, other]) == ["duplicate", "", ""]
    assert reasons(prices, [other, early, late]) == ["", "", "duplicate"]


def test_positions_are_those_of_the_sessions(prices: Prices) -> None:
    events = normalise_events(pd.DataFrame({"asset": ["B", "A"], "event_time": [day(12), "2021-01-16"]}))
    (market,) = build_markets(prices, ["A", "B"], Inputs())
    placed = align(events, [market], [])
    assert list(placed.row) == [1, 0]
    assert list(placed.position) == [12, 10]  # a Saturday: the Monday after it
    assert list(placed.rule) == ["date-same", "date-same"]
    assert placed.session[1] == np.datetime64("2021-01-18")
