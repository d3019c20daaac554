"""Buy-and-hold abnormal returns: the product formula, the benchmark, holes, and the refusal of log returns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from panels import make_result
from test_leads import SPEC, at, close

import backtest as bt
from backtest.errors import AlignmentError, SchemaError, UnknownNameError

EVENTS = at(("ASC.L", 140), ("ZAL.DE", 170))


def test_bhar_is_the_difference_of_two_holdings() -> None:
    prices = close(2)
    result = bt.EventStudy(**SPEC).run(EVENTS, prices)
    found = result.bhar((-1, 3), against="benchmark").set_index("event_id")
    for event, asset, zero in (("ASC.L-140", "ASC.L", 140), ("ZAL.DE-170", "ZAL.DE", 170)):
        own, mark = (prices[c].iloc[zero + 3] / prices[c].iloc[zero - 2] for c in (asset, "^STOXX"))
        assert found.loc[event, "bhar"] == pytest.approx(own - mark, rel=1e-10)
    assert list(found["n_days"]) == [5, 5]
    rows = result.abnormal_returns.query("day <= 5").groupby("event_id", sort=False)
    expected = rows["ret"].apply(lambda r: (1 + r).prod()) - rows["expected"].apply(lambda r: (1 + r).prod())
    np.testing.assert_allclose(result.bhar()["bhar"], expected, rtol=1e-9)
    last = result.abnormal_returns.query("day == 5")["bhar"]
    np.testing.assert_allclose(result.bhar()["bhar"], last, rtol=1e-9)


def test_a_missing_day_is_nan() -> None:
    prices = close(2)
    prices.iloc[142, 0] = np.nan
    found = bt.EventStudy(**SPEC).run(EVENTS, prices).bhar((0, 4)).set_index("event_id")["bhar"]
    assert np.isnan(found["ASC.L-140"])
    assert np.isfinite(found["ZAL.DE-170"])


def test_excess_models_hold_the_whole_benchmark() -> None:
    plain, excess = (make_result(3, 1, holes=0.0, model=m) for m in ("market", "capm"))
    one, two = (r.bhar((0, 4), against="benchmark")["bhar"] for r in (plain, excess))
    np.testing.assert_allclose(one, two, rtol=1e-12)


def test_bhar_against_a_matched_firm() -> None:
    rng = np.random.default_rng(5)
    days = pd.bdate_range("2018-01-01", periods=200)
    frame = 100 * (1 + pd.DataFrame(rng.normal(0, 0.02, (200, 3)), index=days, columns=["A", "B", "M"])).cumprod()
    events = pd.DataFrame({"asset": ["A", "B"], "event_time": [days[150], days[155]]})
    spec = bt.EventStudy(event=(-3, 4), estimation=(-80, -11), benchmark="M")
    got = spec.run(events, frame).bhar((-1, 3), against="B")["bhar"]
    for place, (name, zero) in enumerate((("A", 150), ("B", 155))):
        own, match = (frame[c].iloc[zero + 3] / frame[c].iloc[zero - 2] for c in (name, "B"))
        assert got[place] == pytest.approx(own - match, abs=1e-12)
    returns = frame.pct_change().iloc[1:]
    same = spec.run(events, bt.Prices.from_returns(returns, "M")).bhar((-1, 3), against="B")["bhar"]
    np.testing.assert_allclose(same, got, atol=1e-12)
    with pytest.raises(UnknownNameError, match="unknown against 'C'"):
        spec.run(events, frame).bhar((-1, 3), against="C")


def test_bhar_refuses() -> None:
    logs = bt.EventStudy(**SPEC, returns="log").run(EVENTS, close(2))
    with pytest.raises(
        SchemaError, match=r"bhar needs simple returns, which compound; this study has log returns: use ret"
    ):
        logs.bhar((0, 1))
    moves = bt.EventStudy(**SPEC, measure="volatility").run(EVENTS, close(2))
    with pytest.raises(SchemaError, match="this study has measure='volatility'"):
        moves.bhar((0, 1))
    result = bt.EventStudy(**SPEC).run(EVENTS, close(2))
    with pytest.raises(AlignmentError, match=r"test window \(0, 9\) is not inside the event window"):
        result.bhar((0, 9))
    with pytest.raises(UnknownNameError, match="unknown against 'bench'; did you mean 'benchmark'"):
        result.bhar((0, 1), against="bench")
    alone = bt.Prices.from_returns(close(2).pct_change().iloc[1:, :2])
    bare = bt.EventStudy(**SPEC, model="constant-mean").run(EVENTS, alone)
    with pytest.raises(SchemaError, match="these prices have no benchmark"):
        bare.bhar((0, 1), against="benchmark")
    assert bare.bhar((0, 1))["bhar"].notna().all()
