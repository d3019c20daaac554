"""The joint Wald test of announcer and peer: exact size, its formula, and its place in `bt.spillover`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_leads import SPEC, at, close

import backtest as bt
from backtest.errors import AlignmentError
from backtest.inference.joint import wald

EVENTS = at(("ASC.L", 140), ("ASC.L", 170), ("ASC.L", 200), ("ASC.L", 220))


def test_the_size_is_exact_for_normal_disturbances() -> None:
    rng = np.random.default_rng(0)
    m, root = 20, np.array([[1.0, 0.0, 0.0], [0.7, 0.6, 0.0], [0.2, -0.4, 0.5]])
    p = []
    for _ in range(3000):
        x = np.column_stack([np.ones(m + 1), rng.normal(size=m + 1)])
        y = rng.normal(size=(m + 1, 3)) @ root.T
        beta = np.linalg.lstsq(x[:-1], y[:-1], rcond=None)[0]
        c = 1 + x[-1] @ np.linalg.inv(x[:-1].T @ x[:-1]) @ x[-1]
        p.append(wald(y[-1] - x[-1] @ beta, y[:-1] - x[:-1] @ beta, np.full((3, 3), c), 2)[3])
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_one_effect_is_the_square_of_its_t() -> None:
    e = np.random.default_rng(1).normal(size=(30, 1))
    f, df1, df2, p = wald(np.array([1.5]), e, np.array([[1.1]]), 2)
    t = 1.5 / np.sqrt(1.1 * (e**2).sum() / 28)
    assert (f, df1, df2) == (pytest.approx(t**2, rel=1e-12), 1, 28)
    assert p == pytest.approx(2 * stats.t.sf(abs(t), 28), rel=1e-10)


def test_it_is_undefined_where_the_covariance_is_singular() -> None:
    e = np.random.default_rng(1).normal(size=(30, 1))
    assert np.isnan(wald(np.ones(2), np.hstack([e, 2 * e]), np.ones((2, 2)), 2)[3])
    assert np.isnan(wald(np.ones(2), np.ones((3, 2)), np.ones((2, 2)), 2)[3])


@pytest.mark.parametrize("model", ["market", "market-adjusted"])
def test_announcer_and_peer_together(model: str) -> None:
    prices = close(3)
    result = bt.EventStudy(**SPEC, model=model).run(EVENTS, prices)
    joint = bt.spillover(result, "ASC.L", "ZAL.DE", (0, 1)).joint.set_index("event_id")
    assert list(joint.index) == list(EVENTS["event_id"])
    returns = prices.pct_change().to_numpy()
    zero = 170
    est, evt = slice(zero - 110, zero - 10), slice(zero, zero + 2)
    market = returns[:, 4]
    y, x = (
        returns[:, :2] - (market[:, None] if model == "market-adjusted" else 0),
        np.column_stack([np.ones(240), market]),
    )
    if model == "market":
        beta = np.linalg.lstsq(x[est], y[est], rcond=None)[0]
        total = x[evt].sum(axis=0)
        car, e = (y - x @ beta)[evt].sum(axis=0), (y - x @ beta)[est]
        c, k = 2 + total @ np.linalg.inv(x[est].T @ x[est]) @ total, 2
    else:
        car, e, c, k = y[evt].sum(axis=0), y[est], 2.0, 1
    s = e.T @ e / (100 - k) * c
    f = car @ np.linalg.inv(s) @ car * (100 - k - 1) / (2 * (100 - k))
    row = joint.loc["ASC.L-170"]
    assert (row["n"], row["df1"], row["df2"]) == (100, 2, 100 - k - 1)
    assert row["statistic"] == pytest.approx(f, rel=1e-9)
    assert row["pvalue"] == pytest.approx(stats.f.sf(f, 2, 100 - k - 1), rel=1e-9)


def test_an_event_with_a_missing_day_is_left_out() -> None:
    prices = close(3)
    prices.iloc[171, 0] = np.nan
    result = bt.EventStudy(**SPEC).run(EVENTS, prices)
    joint = bt.spillover(result, "ASC.L", "ZAL.DE", (0, 1)).joint
    assert "ASC.L-170" not in set(joint["event_id"])
    assert len(joint) == 3
    assert isinstance(joint, pd.DataFrame)


def test_both_directions_with_holm() -> None:
    events = pd.concat([EVENTS, at(("ZAL.DE", 150), ("ZAL.DE", 185), ("ZAL.DE", 210))])
    result = bt.EventStudy(**SPEC).run(events, close(3))
    table = bt.both_ways(result, "ASC.L", "ZAL.DE")
    assert list(table["issuer"]) == ["ASC.L", "ZAL.DE"]
    assert list(table["n"]) == [4, 3]
    total = bt.spillover(result, "ASC.L", "ZAL.DE").events["total"]
    assert table["total"].iloc[0] == pytest.approx(total.mean(), rel=1e-12)
    assert set(table["test"]) == {"kp-overlap"}
    p = table["pvalue"].to_numpy()
    low, high = sorted(p)
    assert sorted(table["p_holm"]) == pytest.approx(sorted([min(1, 2 * low), min(1, max(2 * low, high))]))


def test_a_direction_without_events_says_why() -> None:
    result = bt.EventStudy(**SPEC).run(EVENTS.iloc[:1], close(3))
    table = bt.both_ways(result, "ASC.L", "ZAL.DE")
    assert list(table["test"]) == ["sq", ""]
    assert table["p_holm"].iloc[0] == table["pvalue"].iloc[0]
    assert table["reason"].iloc[1] == "the study holds no usable event of 'ZAL.DE'; result.dropped says why"
    own = bt.EventStudy(**SPEC).run(pd.concat([EVENTS.iloc[:1], at(("ZAL.DE", 140))]), close(3))
    reasons = bt.both_ways(own, "ASC.L", "ZAL.DE")["reason"]
    assert reasons[0] == "every usable event of 'ASC.L' fell within a session of news of 'ZAL.DE' itself"
    with pytest.raises(
        AlignmentError, match=r"every usable event of 'ASC\.L' fell within a session of news of 'ZAL\.DE'"
    ):
        bt.spillover(own, "ASC.L", "ZAL.DE")
    holed = close(3)
    holed.iloc[139, 1] = np.nan
    holed.iloc[143, 1] = np.nan
    late = bt.EventStudy(**SPEC).run(EVENTS.iloc[:1], holed)
    assert bt.both_ways(late, "ASC.L", "ZAL.DE", (-2, 4))["reason"].iloc[0] == "no event has all days of this window"
