"""Other events in the windows against a comparison of every event with every other, and leakage around rumours."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import backtest as bt

DAYS = pd.bdate_range("2018-01-01", periods=320)
EVENT, ESTIMATION = (-4, 6), (-70, -8)
SPEC = {"event": EVENT, "estimation": ESTIMATION, "min_obs": 20}


def returns(seed: int = 0) -> pd.DataFrame:
    numbers = np.random.default_rng(seed).normal(0, 0.02, (320, 4))
    return pd.DataFrame(numbers, index=DAYS, columns=["A", "B", "C", "IX"])


def crowd(seed: int) -> pd.DataFrame:
    """Return many events: same days, other kinds, news of others, repeated news, some before the prices or without any."""
    rng = np.random.default_rng(seed)
    n = 30
    position = np.sort(rng.integers(60, 300, n))
    position[rng.random(n) < 0.2] = position[0]
    events = pd.DataFrame(
        {
            "event_id": [f"e{i:02d}" for i in range(n)],
            "asset": rng.choice(["A", "B", "Z"], n, p=[0.5, 0.4, 0.1]),
            "kind": rng.choice(["x", "y"], n),
            "role": rng.choice(["issuer", "peer"], n, p=[0.8, 0.2]),
            "novelty": rng.choice(["new", "background"], n, p=[0.9, 0.1]),
        }
    )
    return events.assign(event_time=DAYS[position]).sample(frac=1, random_state=seed)


def loop(events: pd.DataFrame) -> dict[str, tuple[bool, bool, set[int]]]:
    """Return for each event: another one in the event window, one in the estimation window, the days to be hidden."""
    out = {}
    told = events[(events["asset"] != "Z") & (events["novelty"] == "new")].copy()
    told["position"] = [DAYS.get_loc(t) for t in told["event_time"]]
    told = told.sort_values(["event_time", "event_id"]).drop_duplicates(["asset", "kind", "role", "position"])
    windows = [range(a, b + 1) for a, b in (EVENT, ESTIMATION)]
    for _, own in told.iterrows():
        near, early, hidden = False, False, set()
        for _, other in told.iterrows():
            if other["event_id"] == own["event_id"] or other["asset"] != own["asset"]:
                continue
            if other["role"] == "peer" and own["role"] != "peer":
                continue
            distance = other["position"] - own["position"]
            near |= distance in windows[0]
            early |= distance in windows[1]
            if distance:
                days = {distance - 1, distance, distance + 1} - {0}
                hidden |= {d for d in days if d in windows[0] or d in windows[1]}
        out[own["event_id"]] = (near, early, hidden)
    return out


@pytest.mark.filterwarnings("ignore::backtest.errors.DroppedEventsWarning")
@pytest.mark.parametrize("seed", range(4))
def test_flags_masks_and_drops_are_a_loop_over_pairs(seed: int) -> None:
    events, frame = crowd(seed), returns(seed)
    prices, expected = bt.Prices.from_returns(frame, "IX"), loop(events)
    keep, mask, drop = (bt.EventStudy(**SPEC, contamination=c).run(events, prices) for c in ("keep", "mask", "drop"))
    flags = keep.audit.set_index("event_id")["flags"].str.split("|")
    for event, (near, early, _) in expected.items():
        assert ("contaminated-event" in flags[event]) == near
        assert ("contaminated-estimation" in flags[event]) == early
    for event in set(events["event_id"]) - set(expected):
        assert not any(f.startswith("contaminated") for f in flags[event])
    gone = set(drop.dropped.loc[drop.dropped["reason"] == "contaminated", "event_id"])
    assert gone == {e for e, (near, _, _) in expected.items() if near}
    for event in mask.events.index:
        row = events.set_index("event_id").loc[event]
        zero = DAYS.get_loc(row["event_time"])
        hidden = expected[event][2]
        own, market = frame[row["asset"]].to_numpy(), frame["IX"].to_numpy()
        rows = [zero + d for d in range(ESTIMATION[0], ESTIMATION[1] + 1) if d not in hidden and zero + d >= 0]
        x = np.column_stack([np.ones(len(rows)), market[rows]])
        a, b = np.linalg.lstsq(x, own[rows], rcond=None)[0]
        for day in range(EVENT[0], EVENT[1] + 1):
            want = np.nan if day in hidden or zero + day >= 320 else own[zero + day] - a - b * market[zero + day]
            assert mask.ar.loc[event, day] == pytest.approx(want, rel=1e-8, abs=1e-12, nan_ok=True)
        assert mask.audit.set_index("event_id").loc[event, "n_estimation"] == len(rows)


def test_mixed_and_stand_alone_are_tested_apart() -> None:
    events, frame = crowd(1), returns(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = bt.EventStudy(**SPEC).run(events, bt.Prices.from_returns(frame, "IX"))
        table = result.test("cross-sectional", by="contamination").set_index("kind")
    expected = {e: v for e, v in loop(events).items() if e in result.events.index}
    mixed = [e for e, (near, early, _) in expected.items() if near or early]
    assert table["n"].to_dict() == {"mixed": len(mixed), "stand-alone": len(expected) - len(mixed)}
    assert table.loc["mixed", "effect"] == pytest.approx(result.ar.loc[mixed, 0].mean(), rel=1e-12)


def test_two_kinds_of_news_on_one_day_cannot_be_told_apart() -> None:
    events = pd.DataFrame({"event_id": ["x", "y"], "asset": "A", "event_time": DAYS[200], "kind": ["x", "y"]})
    prices = bt.Prices.from_returns(returns(), "IX")
    result = bt.EventStudy(**SPEC, contamination="mask").run(events, prices)
    assert result.audit["flags"].tolist() == ["contaminated-event"] * 2
    assert result.ar.notna().all(axis=None), "the day itself is what is measured"
    with pytest.raises(bt.AlignmentError, match=r"all 2 events dropped \(2 contaminated\)"):
        bt.EventStudy(**SPEC, contamination="drop").run(events, prices)


def test_asking_for_peers_does_not_disturb_the_companies_own_events() -> None:
    days = pd.bdate_range("2022-01-03", periods=320)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(0, 0.02, (320, 3)), index=days, columns=["ASC.L", "ZAL.DE", "^STOXX"])
    events = pd.DataFrame({"asset": ["ASC.L", "ZAL.DE"], "event_time": days[[200, 203]], "kind": "profit-warning"})
    alone, both = (
        bt.EventStudy(**SPEC, contamination="mask", peers=p).run(
            events, bt.Prices.from_frame(100 * (1 + frame).cumprod())
        )
        for p in (False, True)
    )
    ids = alone.events.index
    pd.testing.assert_frame_equal(both.ar.loc[ids], alone.ar)
    flags = both.audit.set_index("event_id")["flags"]
    assert flags[ids].tolist() == ["", ""]
    row = both.events.index[(both.events["role"] == "peer") & (both.events["asset"] == "ZAL.DE")]
    assert set(flags[row[0]].split("|")) >= {"contaminated-event", "peer"}


# ------------------------------------------------------------------------------------------------------------- leakage


def told(*rows: tuple[str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["asset", "kind", "position"])
    return frame.assign(event_id=[f"{k}-{p}" for _, k, p in rows], event_time=DAYS[frame["position"]])


def by_hand(frame: pd.DataFrame, zero: int, end: int) -> dict[str, float]:
    """Return the three CARs and their p from a regression on the 63 days that end `end` days from the event."""
    from scipy import stats

    y, m = frame["A"].to_numpy(), frame["IX"].to_numpy()
    est = np.arange(zero + end - 62, zero + end + 1)
    x = np.column_stack([np.ones(63), m[est]])
    beta = np.linalg.lstsq(x, y[est], rcond=None)[0]
    s2 = ((y[est] - x @ beta) ** 2).sum() / 61
    out = {}
    for name, (a, b) in {"before": (-3, -1), "day": (0, 0), "total": (-3, 0)}.items():
        rows = np.arange(zero + a, zero + b + 1)
        total = np.array([len(rows), m[rows].sum()])
        car = y[rows].sum() - total @ beta
        variance = s2 * (len(rows) + total @ np.linalg.inv(x.T @ x) @ total)
        out[f"car_{name}"], out[f"p_{name}"] = car, 2 * stats.t.sf(abs(car) / variance**0.5, 61)
    return out


@pytest.mark.filterwarnings("ignore::backtest.errors.DroppedEventsWarning")
@pytest.mark.parametrize(
    ("rumours", "day", "end"),
    [
        ([], np.nan, -8),
        ([("A", "takeover-rumour", 170)], -30, -31),
        ([("A", "takeover-rumour", 195), ("A", "takeover-rumour", 170)], -30, -31),
        ([("A", "takeover-rumour", 196)], -4, -8),  # after the estimation window: nothing to move
        ([("A", "takeover-rumour", 120)], np.nan, -8),  # before it
        ([("A", "takeover-rumour", 170), ("A", "takeover-rumour", 120)], -80, -81),  # in the window once it is moved
        ([("A", "takeover-rumour", 203), ("B", "takeover-rumour", 170), ("A", "profit-warning", 160)], np.nan, -8),
        ([("A", "takeover-rumour", 200)], np.nan, -8),  # on the day itself
    ],
)
def test_leakage_by_hand(rumours: list, day: float, end: int) -> None:
    frame = returns(7)
    result = bt.EventStudy(**SPEC).run(told(("A", "takeover-bid", 200), *rumours), bt.Prices.from_returns(frame, "IX"))
    row = bt.leakage(result, lead=3).set_index("event_id").loc["takeover-bid-200"]
    expected = by_hand(frame, 200, end)
    assert row["rumour_day"] == pytest.approx(day, nan_ok=True)
    assert row["estimation_end"] == end
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, rel=1e-9)
    assert row["runup_share"] == pytest.approx(expected["car_before"] / expected["car_total"], rel=1e-9)
    p = [expected[f"p_{n}"] for n in ("before", "day", "total")]
    order, adjusted, least = np.argsort(p), [0.0] * 3, 0.0
    for step, i in enumerate(order):
        least = max(least, min(1.0, (3 - step) * p[i]))
        adjusted[i] = least
    np.testing.assert_allclose(row[["p_before_holm", "p_day_holm", "p_total_holm"]].astype(float), adjusted, rtol=1e-8)
    assert row["p_holm"] == pytest.approx(min(adjusted), rel=1e-8)


@pytest.mark.filterwarnings("ignore::backtest.errors.DroppedEventsWarning")
def test_a_rumour_of_which_only_the_month_is_known_counts_from_its_first_day() -> None:
    frame = returns(7)
    month = DAYS[170].strftime("%Y-%m")
    rumour = pd.DataFrame({"asset": ["A"], "kind": "takeover-rumour", "event_id": "m", "event_time": [month]})
    bid = told(("A", "takeover-bid", 200)).assign(event_time=lambda t: t["event_time"].dt.strftime("%Y-%m-%d"))
    result = bt.EventStudy(**SPEC).run(pd.concat([bid, rumour]), bt.Prices.from_returns(frame, "IX"))
    row = bt.leakage(result, lead=3).iloc[0]
    first = int(np.flatnonzero(DAYS.strftime("%Y-%m") == month)[0]) - 200
    assert (row["rumour_day"], row["estimation_end"]) == (first, first - 1)


def test_events_without_a_whole_window_in_several_kinds() -> None:
    frame = returns()
    frame.iloc[198, 0], frame.iloc[158, 1] = np.nan, np.nan
    events = told(("A", "x", 200), ("B", "y", 160), ("C", "z", 180))
    table = bt.leakage(bt.EventStudy(**SPEC).run(events, bt.Prices.from_returns(frame, "IX")), lead=3)
    assert table["car_before"].isna().tolist() == [True, True, False]
    assert table["car_day"].notna().all()
    assert table["p_holm"].notna().all()


def test_leakage_sees_neither_gap_nor_future() -> None:
    frame, other = returns(3), returns(3)
    events = told(("A", "takeover-bid", 200), ("A", "takeover-rumour", 170))
    other.iloc[201:] *= -3.0
    other.iloc[170:197] *= 5.0  # from the rumour to the lead
    one, two = (
        bt.leakage(bt.EventStudy(**SPEC).run(events, bt.Prices.from_returns(f, "IX")), lead=3).iloc[0]
        for f in (frame, other)
    )
    assert one["estimation_end"] == -31
    pd.testing.assert_series_equal(one, two)
