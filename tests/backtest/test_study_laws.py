"""Laws of a whole study, for every model and every test: order, units, a constant added, the future and the gap unseen."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backtest as bt

T, N, DAY = 300, 5, 240
DAYS = pd.bdate_range("2018-01-01", periods=T)
SHARES = [f"S{i}" for i in range(N)]
SPEC = bt.EventStudy(event=(-3, 4), estimation=(-110, -11), min_obs=60)
WINDOWS = [(0, 0), (-1, 2)]
#: Their parameters are found by an optimiser, whose path may hang on the last digit of a return.
OPTIMISED = ("garch", "gjr", "egarch")
FIELDS = ("close", "benchmarks", "factors", "volume")


@cache
def panel(seed: int = 7) -> bt.Prices:
    rng = np.random.default_rng(seed)
    market = rng.standard_t(5, T) * 0.008
    own = rng.normal(0, 0.005, (T, 1)) + rng.standard_t(5, (T, N)) * 0.015
    returns = market[:, None] * rng.uniform(0.5, 1.5, N) + own
    close = pd.DataFrame(50 * np.cumprod(1 + returns, axis=0), index=DAYS, columns=SHARES)
    for row, column in ((200, 1), (185, 2)) if seed == 7 else rng.integers([150, 0], [229, N], (4, 2)):
        close.iloc[row, column] = np.nan  # holes in the estimation windows of some
    factors = pd.DataFrame(rng.normal(0, 0.004, (T, 5)), index=DAYS, columns=["SMB", "HML", "RMW", "CMA", "MOM"])
    volume = pd.DataFrame(np.exp(rng.normal(10, 1, (T, N))), index=DAYS, columns=SHARES)
    levels = close.assign(M=1000 * np.cumprod(1 + market))
    return replace(bt.Prices.from_frame(levels, "M"), factors=factors, volume=volume)


@cache
def events(spread: int = 3) -> pd.DataFrame:
    at = DAY + spread * np.arange(N)
    ids = [f"e{i}" for i in range(N)]
    return pd.DataFrame({"event_id": ids, "asset": SHARES, "event_time": DAYS[at], "kind": ["a", "b", "a", "a", "b"]})


def run(model: str, prices: bt.Prices, rows: pd.DataFrame, **changes: object) -> bt.EventStudyResult:
    if model in OPTIMISED:  # a second each
        rows = rows[rows["event_id"].isin(["e0", "e1"])]
    return replace(SPEC, model=model, **changes).run(rows, prices)  # type: ignore[arg-type]


def tables(result: bt.EventStudyResult) -> dict[str, pd.DataFrame]:
    """Return everything that a study says, rows in an order of their own."""
    order = ["test", "kind", "window_start", "window_end", "event_id"]
    tests = result.test("all", windows=WINDOWS).sort_values(order, ignore_index=True)
    by_event = {"ar": result.ar.sort_index(), "audit": result.audit.sort_values("event_id", ignore_index=True)}
    leaks = bt.leakage(result, lead=3).sort_values("event_id", ignore_index=True)
    return {
        "tests": tests, "caar": result.caar(), "leakage": leaks,
        "recommended": result.recommended(windows=WINDOWS), **by_event,
    }  # fmt: skip


@cache
def plain(model: str, measure: str = "return", spread: int = 3) -> dict[str, pd.DataFrame]:
    return tables(run(model, panel(), events(spread), measure=measure))


def agree(one: dict[str, pd.DataFrame], two: dict[str, pd.DataFrame], **how: float | bool) -> None:
    for name, table in one.items():
        pd.testing.assert_frame_equal(two[name], table, obj=name, **how)  # type: ignore[arg-type]


def times(prices: bt.Prices, rows: slice, seed: int = 1) -> bt.Prices:
    """Return prices of which some rows are multiplied by anything."""
    rng, frames = np.random.default_rng(seed), {}
    for name in FIELDS:
        frame = getattr(prices, name).copy()
        frame.iloc[rows] *= rng.uniform(0.3, 3.0, frame.iloc[rows].shape)
        frames[name] = frame
    return replace(prices, **frames)


@pytest.mark.parametrize("model", bt.MODELS)
def test_the_order_of_events_and_of_columns_changes_nothing(model: str) -> None:
    mixed = replace(panel(), close=panel().close[SHARES[::-1]], volume=panel().volume[SHARES[::-1]])
    got = tables(run(model, mixed, events().iloc[[3, 0, 4, 2, 1]]))
    agree(plain(model), got, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("model", bt.MODELS)
def test_the_units_of_prices_change_nothing(model: str) -> None:
    factor = np.array([1e-3, 7.0, 2.5e4, 0.01, 333.0])
    if model in OPTIMISED:  # powers of two leave every digit of the returns as it is
        factor = np.exp2([-10.0, 3.0, 14.0, -7.0, 8.0])
    scaled = replace(panel(), close=panel().close * factor, benchmarks=panel().benchmarks / 64)
    agree(plain(model), tables(run(model, scaled, events())), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("model", bt.MODELS)
def test_a_constant_abnormal_return_moves_the_car_by_its_days(model: str) -> None:
    base = panel().close.pct_change(fill_method=None).iloc[1:]
    market = panel().benchmarks["M"].pct_change().iloc[1:]
    rows = events(0)
    moved, extra = base.copy(), 0.037
    moved.iloc[DAY - 1 - 3 : DAY - 1 + 5, 0] += extra
    two = [run(model, bt.Prices.from_returns(frame, market, panel().factors), rows) for frame in (base, moved)]
    shift = (two[1].ar - two[0].ar).loc["e0"]
    assert np.abs(shift - extra).max() < 1e-14
    for window in (*WINDOWS, (-3, 4)):
        days = window[1] - window[0] + 1
        one, other = (r.test("car-t", "conformal", windows=[window]).set_index(["test", "event_id"]) for r in two)
        rise = (other["effect"] - one["effect"]).xs("e0", level="event_id")
        assert np.abs(rise - extra * days).max() < 1e-13


@pytest.mark.parametrize("model", bt.MODELS)
def test_prices_after_the_last_window_are_not_seen(model: str) -> None:
    last = DAY + 3 * (N - 1) + 4
    changed = times(panel(), slice(last + 1, None))
    agree(plain(model), tables(run(model, changed, events())), check_exact=True)
    gone = replace(panel(), **{name: getattr(panel(), name).iloc[: last + 1] for name in FIELDS})
    got = tables(run(model, gone, events()))
    # Of the last day the panel holds, no later session is known in which one could trade.
    trade = ["tradable_from", "tradable_rule"]
    known = {name: frame.drop(columns=trade) if name == "audit" else frame for name, frame in plain(model).items()}
    agree(known, {**got, "audit": got["audit"].drop(columns=trade)}, check_exact=True)


def seen_in_the_gap(model: str, measure: str) -> None:
    """Days -10 to -5 lie between the windows; the price of day -4 is the base of day -3's return."""
    gap = slice(DAY - 10, DAY - 4)
    views = [replace(times(panel(), gap), factors=panel().factors)]
    if model != "trade-to-trade":  # a return from trade to trade knows since when there was none
        empty = {name: getattr(panel(), name).copy() for name in FIELDS}
        for frame in empty.values():
            frame.iloc[gap] = np.nan
        views.append(replace(panel(), **empty))
    for prices in views:
        got = tables(run(model, prices, events(0), measure=measure))
        agree(plain(model, measure, 0), got, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("model", bt.MODELS)
def test_prices_inside_the_gap_are_not_seen(model: str) -> None:
    seen_in_the_gap(model, "return")


@pytest.mark.parametrize("measure", ["volume", "volatility"])
@pytest.mark.parametrize("model", ["market", "market-adjusted", "trade-to-trade", "synthetic"])
def test_nor_are_volumes_and_volatility(model: str, measure: str) -> None:
    seen_in_the_gap(model, measure)


@settings(max_examples=10)
@given(
    st.sampled_from([m for m in bt.MODELS if m not in OPTIMISED]),
    st.integers(100, 10_000),
    st.permutations(range(N)),
    st.lists(st.integers(-20, 20), min_size=N, max_size=N),
)
def test_on_any_panel(model: str, seed: int, order: list[int], powers: list[int]) -> None:
    """Order, units, gap and future at once, on one common date."""
    rows, prices = events(0), times(panel(seed), slice(DAY + 5, None), seed)
    prices = replace(times(prices, slice(DAY - 10, DAY - 4), seed), factors=prices.factors)
    prices = replace(prices, close=prices.close * np.power(10.0, powers))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", bt.DroppedEventsWarning)  # synthetic control with holes in every donor
        one, two = tables(run(model, panel(seed), rows)), tables(run(model, prices, rows.iloc[order]))
    agree(one, two, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("policy", ["keep", "mask", "drop"])
def test_what_happens_after_the_windows_disturbs_no_side_study(policy: str) -> None:
    """Contamination, run-up, uncertain dates, spillover and regressions of CARs see no later price either."""
    rows = pd.DataFrame(
        {
            "event_id": list("abcdef"), "asset": ["S0", "S0", "S1", "S2", "S3", "S1"],
            "event_time": DAYS[[175, 200, 205, 210, 240, 240]], "size": np.arange(6.0),
            "kind": ["takeover-rumour", "a", "a", "a", "a", "takeover-rumour"],
        }
    )  # fmt: skip
    study = bt.EventStudy(event=(-6, 6), estimation=(-110, -11), min_obs=40, contamination=policy)
    months = pd.DataFrame({"event_id": ["u", "v"], "asset": ["S0", "S1"], "event_time": ["2018-11", "2018-11-05"]})
    months["candidates"] = ["", "2018-11-01|2018-11-05|2018-11-09"]
    vague = bt.EventStudy(event=(0, 0), estimation=(-180, -2), min_obs=40)
    seen = []
    for prices in (panel(), times(panel(), slice(DAY + 7, None))):
        result = study.run(rows, prices)
        around = bt.spillover(result, "S0", "S3")
        found = [result.test("all", by="contamination"), bt.leakage(result), bt.cross_section(result, "size")]
        found += [v for v in vars(around).values() if isinstance(v, pd.DataFrame)]
        seen.append([*found, *bt.uncertain(vague, months, prices)])
    assert len(seen[0]) > 6
    for one, two in zip(*seen, strict=True):
        pd.testing.assert_frame_equal(two, one, check_exact=True)
