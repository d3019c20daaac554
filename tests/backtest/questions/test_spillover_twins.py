"""Spillover against regressions written out on raw returns: every column, several benchmarks, exchanges and rivals."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

import backtest as bt
from backtest.errors import AlignmentError, UnknownNameError
from backtest.questions.passthrough import pass_through, permuted_p

DAYS = pd.bdate_range("2019-01-01", periods=400)
EST = (-110, -11)
STUDY = bt.EventStudy(event=(-5, 5), estimation=EST)
AT = (130, 150, 175, 200, 230, 260, 290, 320)


def returns(seed: int = 0, shock: float = -0.1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    market = rng.normal(0, 0.01, 400)
    issuer = market + rng.normal(0, 0.02, 400)
    for i, p in enumerate(AT):
        issuer[p] += shock * (1 + 0.3 * i) * (-1 if i % 3 == 2 else 1)
    columns = [issuer, market + 0.4 * (issuer - market) + rng.normal(0, 0.01, 400)]
    columns += [b * market + rng.normal(0, 0.02, 400) for b in (0.9, 1.2, 1.0)]
    return pd.DataFrame(np.column_stack([*columns, market]), index=DAYS, columns=["A", "Z", "R", "S", "T", "IX"])


def at(asset: str, *rows: int, **more: str) -> pd.DataFrame:
    ids = [f"{asset}-{p}" for p in rows]
    return pd.DataFrame(
        {"event_id": ids, "asset": asset, "event_time": DAYS[list(rows)], "kind": "profit-warning", **more}
    )


def study(frame: pd.DataFrame, *events: pd.DataFrame, **spec: object) -> bt.EventStudyResult:
    from dataclasses import replace

    return replace(STUDY, **spec).run(pd.concat(events), bt.Prices.from_returns(frame, "IX"))  # type: ignore[arg-type]


def measured(frame: pd.DataFrame, zero: int, window: tuple[int, int], regressors: list[str], asset: str) -> dict:
    """Return CAR, standard error, p and the residual sums of one share on one event from a regression with dummies."""
    est, evt = np.arange(zero + EST[0], zero + EST[1] + 1), np.arange(zero + window[0], zero + window[1] + 1)
    x = sm.add_constant(frame[regressors].to_numpy())
    fit = sm.OLS(frame[asset].to_numpy()[est], x[est]).fit()
    car = (frame[asset].to_numpy()[evt] - x[evt] @ fit.params).sum()
    total = x[evt].sum(axis=0)
    se = np.sqrt(fit.mse_resid * len(evt) + total @ fit.cov_params() @ total)
    return {"car": car, "se": se, "p": 2 * stats.t.sf(abs(car / se), fit.df_resid), "fit": fit, "resid": fit.resid}


# ------------------------------------------------------------------------------------------------- one peer, each event


@pytest.mark.parametrize("window", [(0, 0), (-1, 2)])
def test_total_normal_and_excess_are_regressions(window: tuple[int, int]) -> None:
    frame = returns()
    found = bt.spillover(study(frame, at("A", *AT)), "A", "Z", window)
    assert list(found.events["event_id"]) == [f"A-{p}" for p in AT]
    for zero, row in zip(AT, found.events.to_dict("records"), strict=True):
        own, total = (measured(frame, zero, window, ["IX"], asset) for asset in ("A", "Z"))
        excess = measured(frame, zero, window, ["IX", "A"], "Z")
        assert row["issuer_car"] == pytest.approx(own["car"], rel=1e-9)
        assert (row["session"], row["issuer_session"]) == (DAYS[zero], DAYS[zero])
        for name, part in (("total", total), ("excess", excess)):
            assert row[name] == pytest.approx(part["car"], rel=1e-9)
            assert row[f"{name}_se"] == pytest.approx(part["se"], rel=1e-9)
            assert row[f"{name}_p"] == pytest.approx(part["p"], rel=1e-8)
        # The normal part: correlation of residuals times the ratio of their sizes times what the announcer did.
        rho = np.corrcoef(own["resid"], total["resid"])[0, 1]
        ratio = np.sqrt((total["resid"] ** 2).sum() / (own["resid"] ** 2).sum())
        assert row["normal"] == pytest.approx(rho * ratio * own["car"], rel=1e-9)
        slope = excess["fit"]
        assert slope.params[2] == pytest.approx(rho * ratio, rel=1e-9)
        assert row["normal_se"] == pytest.approx(slope.bse[2] * abs(own["car"]), rel=1e-9)
        sums = np.convolve(total["resid"], np.ones(window[1] - window[0] + 1), "valid")
        low, high = ((1 + n) / (1 + len(sums)) for n in ((sums <= total["car"]).sum(), (sums >= total["car"]).sum()))
        assert row["total_sq"] == pytest.approx(min(1, 2 * min(low, high)))


def test_the_joint_test_is_a_regression_with_event_dummies() -> None:
    """MVRM: both equations with a dummy for day 0; the exact F of the two dummies from restricted and unrestricted SSR."""
    frame = returns(4)
    joint = bt.spillover(study(frame, at("A", *AT)), "A", "Z").joint.set_index("event_id")
    for zero in AT:
        rows = [*range(zero + EST[0], zero + EST[1] + 1), zero]
        y = frame[["A", "Z"]].to_numpy()[rows]
        x = sm.add_constant(frame["IX"].to_numpy()[rows])
        dummy = np.column_stack([x, np.r_[np.zeros(100), 1.0]])
        free, tied = (y - d @ np.linalg.lstsq(d, y, rcond=None)[0] for d in (dummy, x))
        # Wilks' lambda of one hypothesis row is an exact F (Rao): (1 - lambda) / lambda * df2 / df1.
        wilks = np.linalg.det(free.T @ free) / np.linalg.det(tied.T @ tied)
        f = (1 - wilks) / wilks * (100 - 2 - 2 + 1) / 2
        row = joint.loc[f"A-{zero}"]
        assert (row["df1"], row["df2"]) == (2, 97)
        assert row["statistic"] == pytest.approx(f, rel=1e-8)
        assert row["pvalue"] == pytest.approx(stats.f.sf(f, 2, 97), rel=1e-7)


# ------------------------------------------------------------------------------------------------------- pass-through


def test_pass_through_is_a_regression_of_scars() -> None:
    frame = returns(2)
    row = bt.spillover(study(frame, at("A", *AT)), "A", "Z").passthrough.iloc[0]
    parts = [[measured(frame, p, (0, 0), ["IX"], a) for p in AT] for a in ("A", "Z")]
    x, y = (np.array([m["car"] / m["se"] for m in part]) for part in parts)
    fit = sm.OLS(y, sm.add_constant(x)).fit(cov_type="HC3", use_t=True)
    assert row["n"] == 8
    np.testing.assert_allclose(row[["intercept", "slope"]].astype(float), fit.params, rtol=1e-8)
    np.testing.assert_allclose(row[["intercept_se", "se"]].astype(float), fit.bse, rtol=1e-8)
    assert row["pvalue"] == pytest.approx(fit.pvalues[1], rel=1e-7)
    assert row["ratio_of_sums"] == pytest.approx(sum(m["car"] for m in parts[1]) / sum(m["car"] for m in parts[0]))
    down = sm.OLS(y[x < 0], sm.add_constant(x[x < 0])).fit(cov_type="HC3", use_t=True)
    assert (row["n_down"], row["n_up"]) == (6, 2)
    assert row["slope_down"] == pytest.approx(down.params[1], rel=1e-8)
    assert row["se_down"] == pytest.approx(down.bse[1], rel=1e-8)
    assert np.isnan(row["slope_up"]), "two events carry no slope with an error"
    assert row["reason"] == ""


def test_few_events_are_permuted_in_every_order() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=5), rng.normal(size=5)
    own = abs(np.cov(x, y)[0, 1])
    beyond = sum(abs(np.cov(x, np.array(order))[0, 1]) >= own - 1e-12 for order in permutations(y))
    assert permuted_p(x, y) == pytest.approx(beyond / math.factorial(5), rel=1e-12)
    many = np.arange(9.0)
    assert permuted_p(many, many) <= 3 / 10_000
    assert permuted_p(many, np.array([1.0, -1, 1, -1, 1, -1, 1, -1, 1])) == 1.0


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        ([1.0], "1 event: a slope with an error needs 4"),
        ([1.0, 2.0, 3.0], "3 events: a slope with an error needs 4"),
        ([2.0, 2.0, 2.0, 2.0], "all events but one moved the announcer alike: HC3 is undefined"),
        ([2.0, 2.0, 2.0, 5.0], "all events but one moved the announcer alike: HC3 is undefined"),
        ([], "0 events: a slope with an error needs 4"),
    ],
)
def test_no_slope_and_why(x: list[float], reason: str) -> None:
    values = np.array(x)
    row = pass_through(values, values, values, values).iloc[0]
    assert row["reason"] == reason
    assert np.isnan(row["slope"])
    assert row["ratio_of_sums"] == pytest.approx(1.0 if x else np.nan, nan_ok=True)


# ------------------------------------------------------------------------------------------- placebo peers and rivals


def test_placebo_peers_are_ranked_by_their_mean_scar_away_from_their_own_news() -> None:
    frame = returns(6)
    result = study(frame, at("A", 150, 200, 260), at("R", 201), at("S", 262), at("T", 150))
    table = bt.spillover(result, "A", "Z").placebo.set_index("ticker")
    used = {"Z": (150, 200, 260), "R": (150, 260), "S": (150, 200, 260), "T": (200, 260)}
    mean = {}
    for ticker, rows in used.items():
        parts = [measured(frame, p, (0, 0), ["IX"], ticker) for p in rows]
        mean[ticker] = np.mean([m["car"] / m["se"] for m in parts])
        assert table.loc[ticker, "mean_scar"] == pytest.approx(mean[ticker], rel=1e-9)
        assert table.loc[ticker, "n"] == len(rows)
    order = sorted(mean, key=lambda t: -abs(mean[t]))
    assert table["rank"].to_dict() == {t: order.index(t) + 1 for t in used}
    assert table["p_rank"].to_dict() == {t: (order.index(t) + 1) / 4 for t in used}
    assert not table["listed"].any()


@pytest.mark.parametrize("weights", [{"R": 1.0, "S": 1.0}, {"R": 3.0, "S": 1.0}])
def test_rivals_are_one_asset(weights: dict[str, float]) -> None:
    frame = returns(9)
    frame.loc[DAYS[190], "R"] = np.nan
    result = study(frame, at("A", 150, 200), at("S", 199), at("Z", 300))
    rivals: object = list(weights) if set(weights.values()) == {1.0} else weights
    table = bt.spillover(result, "A", "Z", rivals=rivals).rivals.set_index("event_id")  # type: ignore[arg-type]
    r, s = frame["R"].copy(), frame["S"].copy()
    s.iloc[[198, 199, 200]] = np.nan
    both = (weights["R"] * r + weights["S"] * s) / sum(weights.values())
    panel = frame.assign(P=both.fillna(r).fillna(s))
    for zero in (150, 200):
        m = measured(panel, zero, (0, 0), ["IX"], "P")
        assert table.loc[f"A-{zero}", "car"] == pytest.approx(m["car"], rel=1e-9)
        low, high = ((1 + n) / 101 for n in ((m["resid"] <= m["car"]).sum(), (m["resid"] >= m["car"]).sum()))
        assert table.loc[f"A-{zero}", "pvalue"] == pytest.approx(min(1, 2 * min(low, high)))
        rows = [*range(zero + EST[0], zero + EST[1] + 1), zero]
        e = sm.OLS(panel["P"].to_numpy()[rows], sm.add_constant(panel["IX"].to_numpy()[rows])).fit().resid
        assert table.loc[f"A-{zero}", "p_conformal"] == pytest.approx((np.abs(e) >= abs(e[-1])).mean())


def test_rivals_from_prices_and_from_logs_are_those_from_returns() -> None:
    frame = returns(9)
    events = at("A", 150, 200)
    levels = 100 * (1 + frame).cumprod()
    logs = bt.Prices.from_returns(np.log1p(frame), "IX", kind="log")
    given = bt.spillover(study(frame, events), "A", "Z", rivals=["R", "S"]).rivals
    made = bt.spillover(STUDY.run(events, bt.Prices.from_frame(levels, "IX")), "A", "Z", rivals=["R", "S"]).rivals
    np.testing.assert_allclose(made["car"], given["car"], rtol=1e-8)
    own = bt.spillover(STUDY.run(events, logs), "A", "Z", rivals=["R", "S"]).rivals
    mean = frame.assign(P=frame[["R", "S"]].mean(axis=1))
    m = measured(np.log1p(mean), 150, (0, 0), ["IX"], "P")
    assert own["car"].iloc[0] == pytest.approx(m["car"], rel=1e-8)


def test_rivals_by_volume() -> None:
    frame = returns(9)
    volume = pd.DataFrame(np.random.default_rng(1).lognormal(10, 0.5, (400, 5)), index=DAYS, columns=list(frame)[:5])
    prices = bt.Prices.from_frame(100 * (1 + frame).cumprod(), "IX", volume=volume)
    result = bt.EventStudy(event=(-5, 5), estimation=EST, model="constant-mean", measure="volume").run(
        at("A", 150), prices
    )
    found = bt.spillover(result, "A", "Z", rivals=["R", "S"])
    logs = np.log(volume)
    mean = logs[["R", "S"]].mean(axis=1).to_numpy()
    assert found.rivals["car"].iloc[0] == pytest.approx(mean[150] - mean[40:140].mean(), rel=1e-9)
    z = logs["Z"].to_numpy()
    assert found.events["total"].iloc[0] == pytest.approx(z[150] - z[40:140].mean(), rel=1e-9)


def test_rivals_without_a_return_on_the_day_are_no_portfolio() -> None:
    frame = returns()
    frame.loc[DAYS[150], "R"] = np.nan
    result = study(frame, at("A", 150))
    assert bt.spillover(result, "A", "Z", rivals=["R"]).rivals.empty
    assert bt.spillover(result, "A", "Z").rivals.empty, "no listed peers"


@pytest.mark.parametrize(
    ("rivals", "error", "words"),
    [
        (["Q"], UnknownNameError, "no prices of 'Q'; there are 'A'"),
        (["R", "A"], AlignmentError, "rivals 'A': the announcer is none"),
        ({"R": 0.0}, AlignmentError, "rivals 'R': .* a weight is a number above zero"),
    ],
)
def test_what_is_no_rival(rivals: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        bt.spillover(study(returns(), at("A", 150)), "A", "Z", rivals=rivals)  # type: ignore[arg-type]


# --------------------------------------------------------------------------------------------- own news and other days


@pytest.mark.filterwarnings("ignore::backtest.errors.DroppedEventsWarning")
def test_own_news_within_a_session_or_in_the_window_is_listed() -> None:
    result = study(returns(), at("A", 150, 175, 200, 230), at("Z", 151, 177, 234), at("Z", 200, novelty="background"))
    found = bt.spillover(result, "A", "Z")
    assert list(found.events["event_id"]) == ["A-175", "A-200", "A-230"]
    assert found.dropped.to_dict("records") == [
        {"event_id": "A-150", "reason": "own news of the peer within a session"}
    ]
    longer = bt.spillover(result, "A", "Z", (0, 3))
    assert longer.dropped["event_id"].tolist() == ["A-150", "A-175"]
    assert longer.dropped["reason"].tolist()[1] == "own news of the peer in the window"


def test_exchanges_that_trade_on_the_news_in_different_sessions() -> None:
    """After the close of Frankfurt New York trades on: its day 0 is a day before, and no day's move tells of the other's."""
    days = pd.bdate_range("2021-06-01", "2022-08-31")
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(100 * (1 + rng.normal(0, 0.01, (len(days), 3))).cumprod(axis=0), index=days)
    frame.columns = ["AAPL", "ZAL.DE", "^STOXX"]
    prices = bt.Prices.from_frame(frame, mic={"AAPL": "XNYS", "ZAL.DE": "XETR"})
    times = ["2022-03-16T19:00Z", "2022-04-27T10:00Z"]
    events = pd.DataFrame({"event_id": ["late", "same"], "asset": "AAPL", "event_time": times})
    result = STUDY.run(events, prices)
    found = bt.spillover(result, "AAPL", "ZAL.DE").events.set_index("event_id")
    assert found.loc["late", "issuer_session"] == pd.Timestamp("2022-03-16")
    assert found.loc["late", "session"] == pd.Timestamp("2022-03-17")
    assert found.loc["same", "session"] == found.loc["same", "issuer_session"] == pd.Timestamp("2022-04-27")
    assert found.loc["late", ["normal", "excess"]].isna().all()
    assert found.loc["same", ["normal", "excess", "normal_se", "excess_p"]].notna().all()
    assert found["total"].notna().all()


def test_one_company_is_no_pair_and_unknown_ones_are_named() -> None:
    result = study(returns(), at("A", 150))
    for call in (bt.spillover, bt.both_ways):
        with pytest.raises(AlignmentError, match="issuer and peer are both 'A'; name another company's ticker"):
            call(result, "A", "A")
        with pytest.raises(UnknownNameError, match="no prices of 'Q'"):
            call(result, "A", "Q")
    empty = returns().assign(N=np.nan)
    with pytest.raises(AlignmentError, match="none of the 1 events of 'A' can be measured on 'N'"):
        bt.spillover(study(empty, at("A", 150)), "A", "N")
    with pytest.raises(AlignmentError, match="the study holds no usable event of 'Z'"):
        bt.spillover(result, "Z", "A")
    with pytest.raises(AlignmentError, match=r"test window \(0, 9\) is not inside"):
        bt.spillover(result, "A", "Z", (0, 9))


def test_one_event_alone() -> None:
    found = bt.spillover(study(returns(), at("A", 150)), "A", "Z")
    assert found.passthrough["reason"].tolist() == ["1 event: a slope with an error needs 4"]
    assert len(found.events) == len(found.joint) == len(found.matched) == 1
    assert "rank" in repr(found)


def test_spillover_sees_neither_gap_nor_future() -> None:
    frame, other = returns(1), returns(1)
    other.iloc[152:] *= -3.0
    other.iloc[140:145] *= 9.0
    one, two = (bt.spillover(study(f, at("A", 150)), "A", "Z", (0, 1), rivals=["R"]) for f in (frame, other))
    for name in ("events", "passthrough", "placebo", "matched", "joint", "rivals"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
