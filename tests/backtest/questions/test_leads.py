"""Contamination, measures, leakage, uncertain dates, cross-section, spillover, detectable effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from panels import make_result

import backtest as bt
from backtest.errors import AlignmentError, SchemaError, UnknownNameError
from backtest.questions.leads import robust_ols

DAYS = pd.bdate_range("2019-01-01", periods=240)
SPEC = {"event": (-5, 5), "estimation": (-110, -11)}


def close(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    market = rng.normal(0, 0.01, 240)
    issuer = market + rng.normal(0, 0.02, 240)
    peer = market + 0.4 * (issuer - market) + rng.normal(0, 0.01, 240)
    other = market[:, None] + rng.normal(0, 0.02, (240, 2))
    frame = pd.DataFrame(np.column_stack([issuer, peer, other, market]), index=DAYS)
    frame.columns = ["ASC.L", "ZAL.DE", "BOO.L", "NXT.L", "^STOXX"]
    return 100 * (1 + frame).cumprod()


def at(*rows: tuple[str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["asset", "position"])
    frame["event_id"] = [f"{a}-{p}" for a, p in rows]
    return frame.assign(event_time=DAYS[frame["position"]], kind="profit-warning")


# ------------------------------------------------------------------------------------------------------ contamination

NEAR = at(("ASC.L", 130), ("ASC.L", 133), ("ASC.L", 190), ("ZAL.DE", 150))


def test_other_events_of_the_same_share_are_flagged() -> None:
    audit = bt.EventStudy(**SPEC).run(NEAR, close()).audit.set_index("event_id")["flags"]
    assert audit.to_dict() == {
        "ASC.L-130": "contaminated-event",
        "ASC.L-133": "contaminated-event",
        "ASC.L-190": "contaminated-estimation",
        "ZAL.DE-150": "",
    }


def test_masked_days_are_missing_and_nothing_else_is() -> None:
    keep, mask = (bt.EventStudy(**SPEC, contamination=c).run(NEAR, close()) for c in ("keep", "mask"))
    hidden = mask.ar.isna()
    assert list(hidden.columns[hidden.loc["ASC.L-130"]]) == [2, 3, 4]
    assert list(hidden.columns[hidden.loc["ASC.L-133"]]) == [-4, -3, -2]
    assert not hidden.loc[["ASC.L-190", "ZAL.DE-150"]].any(axis=None)
    n = dict(zip(mask.events.index, mask.estimates.n_obs, strict=True))
    assert n == {"ASC.L-130": 100, "ASC.L-133": 100, "ASC.L-190": 94, "ZAL.DE-150": 100}
    pd.testing.assert_series_equal(mask.ar.loc["ZAL.DE-150"], keep.ar.loc["ZAL.DE-150"], rtol=1e-12)
    residuals = mask.sample((0, 0)).residuals.values[list(mask.events.index).index("ASC.L-190")]
    gone = np.flatnonzero(np.isnan(residuals)) + 190 - 110
    assert list(gone) == [129, 130, 131, 132, 133, 134]


def test_dropped_when_another_event_lies_in_the_event_window() -> None:
    with pytest.warns(bt.DroppedEventsWarning, match=r"2 of 4 events dropped \(2 contaminated\)"):
        result = bt.EventStudy(**SPEC, contamination="drop").run(NEAR, close())
    assert list(result.events.index) == ["ASC.L-190", "ZAL.DE-150"]


def test_mixed_and_stand_alone_events_are_compared() -> None:
    table = bt.EventStudy(**SPEC).run(NEAR, close()).caar(by="contamination")
    assert table.groupby("kind")["n"].first().to_dict() == {"mixed": 3, "stand-alone": 1}


def test_unknown_policy() -> None:
    with pytest.raises(UnknownNameError, match="unknown contamination 'kep'; did you mean 'keep'"):
        bt.EventStudy(contamination="kep")


# ----------------------------------------------------------------------------------------------------------- measures


def test_log_returns() -> None:
    frame = close()
    result = bt.EventStudy(**SPEC, returns="log", model="market-adjusted").run(at(("ASC.L", 150)), frame)
    logs = np.log(frame).diff()
    assert result.ar.iloc[0][0] == pytest.approx((logs["ASC.L"] - logs["^STOXX"]).iloc[150], abs=1e-12)
    assert result.abnormal_returns["bhar"].isna().all()


def test_volatility_is_the_absolute_return() -> None:
    frame = close()
    result = bt.EventStudy(**SPEC, measure="volatility", model="constant-mean").run(at(("ASC.L", 150)), frame)
    size = frame["ASC.L"].pct_change().abs()
    assert result.ar.iloc[0][0] == pytest.approx(size.iloc[150] - size.iloc[40:140].mean(), abs=1e-12)


def test_volume_is_in_logs_against_the_exchange() -> None:
    frame = close()
    volume = pd.DataFrame(np.random.default_rng(1).lognormal(10, 0.5, (240, 4)), index=DAYS, columns=frame.columns[:4])
    volume.iloc[150, 0] *= 20
    prices = bt.Prices.from_frame(frame, volume=volume)
    result = bt.EventStudy(**SPEC, measure="volume", model="market-adjusted").run(at(("ASC.L", 150)), prices)
    logs = np.log(volume)
    assert result.ar.iloc[0][0] == pytest.approx(logs.iloc[150, 0] - logs.iloc[150, 1:].mean(), abs=1e-12)
    with pytest.raises(SchemaError, match=r"measure='volume': these prices \(frame\) have no volume"):
        bt.EventStudy(**SPEC, measure="volume").run(at(("ASC.L", 150)), frame)


def test_returns_handed_over_are_converted_on_request() -> None:
    simple = close().pct_change().iloc[1:]
    prices = bt.Prices.from_returns(simple, "^STOXX")
    log = bt.EventStudy(**SPEC, returns="log", model="constant-mean").run(at(("ASC.L", 150)), prices)
    assert log.estimates.returns[0, 5] == pytest.approx(np.log1p(simple["ASC.L"].iloc[149]))
    back = bt.Prices.from_returns(np.log1p(simple), kind="log")
    again = bt.EventStudy(**SPEC, returns="simple", model="constant-mean").run(at(("ASC.L", 150)), back)
    assert again.estimates.returns[0, 5] == pytest.approx(simple["ASC.L"].iloc[149])


# ------------------------------------------------------------------------------------------------------ every model


@pytest.mark.parametrize("model", sorted(set(bt.MODELS) - {"ff3", "ff5", "carhart", "factors"}))
def test_every_model_runs_through_the_study(model: str) -> None:
    if model in ("garch", "gjr", "egarch"):
        pytest.importorskip("arch", reason="the extra garch is not installed")
    frame = close()
    frame.iloc[60, 0] = np.nan
    result = bt.EventStudy(**SPEC, model=model).run(at(("ASC.L", 150), ("ZAL.DE", 160)), frame)
    assert np.isfinite(result.ar).all(axis=None)
    assert np.isfinite(result.test("sq", "car-t")["pvalue"]).all()
    gained = 1 if model == "trade-to-trade" else 0  # one return over two sessions instead of none
    lost = {"scholes-williams": 2, "dimson": 2, "fowler-rorke": 2}.get(model, 0)
    assert result.estimates.n_obs[0] == 98 + gained - lost


def test_trade_to_trade_measures_across_a_hole() -> None:
    frame = close()
    frame.iloc[149, 0] = np.nan
    result = bt.EventStudy(**SPEC, model="trade-to-trade").run(at(("ASC.L", 150)), frame)
    assert result.estimates.returns[0, 5] == pytest.approx(frame["ASC.L"].iloc[150] / frame["ASC.L"].iloc[148] - 1)
    assert result.estimates.scale is not None
    assert result.estimates.scale[0, 5] == 2.0


# ------------------------------------------------------------------------------------------------------------- leads


def test_leakage() -> None:
    result = bt.EventStudy(**SPEC).run(NEAR, close())
    table = bt.leakage(result, lead=3).set_index("event_id")
    ar = result.ar.loc["ZAL.DE-150"]
    row = table.loc["ZAL.DE-150"]
    assert row["car_before"] == pytest.approx(ar.loc[-3:-1].sum())
    assert row["runup_share"] == pytest.approx(ar.loc[-3:-1].sum() / ar.loc[-3:0].sum())
    assert table["estimation_clean"].to_dict()["ASC.L-190"] is False
    assert (table["p_holm"] >= table[["p_before", "p_day", "p_total"]].min(axis=1)).all()
    with pytest.raises(AlignmentError, match=r"lead=9: the event window \(-5, 5\) must begin at day -9"):
        bt.leakage(result, lead=9)


def test_an_event_known_to_the_month() -> None:
    frame = close()
    jump = DAYS.get_loc(pd.Timestamp("2019-10-16"))
    frame.iloc[jump:, 0] *= 1.25
    events = pd.DataFrame({"event_id": ["m", "d"], "asset": "ASC.L", "event_time": ["2019-10", "2019-10-16"]})
    study = bt.EventStudy(event=(0, 0), estimation=(-190, -2))
    summary, curve = bt.uncertain(study, events, frame)
    row = summary.iloc[0]
    assert list(summary["event_id"]) == ["m"]
    assert (row["first"], row["last"], row["candidates"]) == (
        pd.Timestamp("2019-10-01"),
        pd.Timestamp("2019-10-31"),
        23,
    )
    assert row["likely_day"] == pd.Timestamp("2019-10-16")
    assert row["likely_posterior"] > 0.99
    assert row["p_min"] == pytest.approx(23 / (23 + row["estimation_days"]))
    assert row["p_max"] == row["p_min"]
    assert row["estimation_needed"] == 19 * 23
    assert row["car_high"] > 0.15
    assert len(curve) == 23
    assert curve.loc[curve["pvalue"].idxmin(), "session"] == pd.Timestamp("2019-10-16")


def test_an_interval_a_year_and_no_prices() -> None:
    events = pd.DataFrame(
        {
            "event_id": ["i", "y", "n"],
            "asset": ["ASC.L", "ASC.L", "NXT.L"],
            "event_time": ["2019-10-07", "2018", "2019-10"],
            "start": ["2019-10-07", "", ""],
            "end": ["2019-10-09", "", ""],
        }
    )
    frame = close()
    frame.iloc[190:, 3] = np.nan
    summary, _ = bt.uncertain(bt.EventStudy(event=(0, 0), estimation=(-110, -2)), events, frame)
    table = summary.set_index("event_id")
    assert table.loc["i", "candidates"] == 3
    assert "before-first-session" in table.loc["y", "reason"]
    assert table.loc["n", "reason"] != ""
    with pytest.raises(AlignmentError, match="no event has an uncertain date"):
        bt.uncertain(bt.EventStudy(**SPEC), at(("ASC.L", 150)), frame)


def test_cross_section_is_statsmodels() -> None:
    result = make_result(40, spread=10, holes=0.0)
    rng = np.random.default_rng(0)
    result.events["size"] = rng.normal(size=40)
    table = bt.cross_section(result, ["size"])
    fit = sm.OLS(result.ar[0].to_numpy(), sm.add_constant(result.events["size"].to_numpy())).fit(
        cov_type="HC3", use_t=True
    )
    np.testing.assert_allclose(table["estimate"], fit.params, rtol=1e-9)
    np.testing.assert_allclose(table["se"], fit.bse, rtol=1e-9)
    np.testing.assert_allclose(table["pvalue"], fit.pvalues, rtol=1e-8)
    groups = result.sample((0, 0)).days[:, 3]
    x = sm.add_constant(result.events["size"].to_numpy())
    by_date = sm.OLS(result.ar[0].to_numpy(), x).fit(cov_type="cluster", cov_kwds={"groups": groups})
    np.testing.assert_allclose(bt.cross_section(result, ["size"], cluster="date")["se"], by_date.bse, rtol=1e-9)
    assert robust_ols(result.ar[0].to_numpy(), x, groups)[2] == len(set(groups)) - 1


def test_cross_section_refuses() -> None:
    result = make_result(3)
    with pytest.raises(SchemaError, match="the events have no column 'beta'"):
        bt.cross_section(result, ["beta"])
    with pytest.raises(SchemaError, match="cannot carry 3 terms"):
        bt.cross_section(result, ["asset"])
    many = make_result(12, spread=10, holes=0.0)
    many.events["flag"] = [1.0] + [0.0] * 11
    with pytest.raises(SchemaError, match=r"event '.*' alone has a value of an attribute: HC3 is undefined"):
        bt.cross_section(many, ["flag"])
    with pytest.raises(
        SchemaError, match=r"event '.*' alone has a value of an attribute: clustered errors are undefined"
    ):
        bt.cross_section(many, ["flag"], cluster="asset")
    with pytest.raises(UnknownNameError, match="unknown cluster 'dates'; did you mean 'date'"):
        bt.cross_section(many, ["flag"], cluster="dates")


def test_the_detectable_effect_shrinks_with_the_root_of_n() -> None:
    few, many = (bt.detectable(make_result(n, holes=0.0).sample((0, 0))) for n in (10, 50))
    assert few / many == pytest.approx(np.sqrt(5), rel=0.25)
    assert np.isfinite(bt.detectable(make_result(1).sample((0, 0))))


# --------------------------------------------------------------------------------------------------------- spillover


def test_spillover_splits_the_total_into_normal_and_excess() -> None:
    frame = close()
    for p in (130, 150, 170, 190):
        frame.iloc[p:, 0] *= 0.8
        frame.iloc[p:, 1] *= 0.92
    events = pd.concat([at(*(("ASC.L", p) for p in (130, 150, 170, 190))), at(("ZAL.DE", 170))])
    result = bt.EventStudy(**SPEC).run(events, frame)
    found = bt.spillover(result, "ASC.L", "ZAL.DE")
    assert list(found.events["event_id"]) == ["ASC.L-130", "ASC.L-150", "ASC.L-190"]
    assert found.dropped.to_dict("records") == [
        {"event_id": "ASC.L-170", "reason": "own news of the peer within a session"}
    ]
    np.testing.assert_allclose(found.events["total"], found.events["normal"] + found.events["excess"])
    first = found.events.iloc[0]
    assert first["total"] == pytest.approx(-0.08, abs=0.05)
    assert first["normal"] == pytest.approx(0.4 * first["issuer_car"], abs=0.04)
    ranks = found.placebo.set_index("ticker")["rank"]
    assert ranks["ZAL.DE"] == 1
    assert set(ranks.index) == {"ZAL.DE", "BOO.L", "NXT.L"}
    assert len(found.rivals) == 3
    assert "3 events of ASC.L, effect on ZAL.DE" in repr(found)
    assert np.isfinite(found.passthrough["ratio_of_sums"].iloc[0])


def test_passthrough_over_several_events_and_returns() -> None:
    frame = close().pct_change().iloc[1:]
    at_rows = [126, 135, 144, 153, 162, 171, 180, 189]
    rng = np.random.default_rng(2)
    for p in at_rows:
        shock = -0.1 - 0.2 * rng.random()
        frame.iloc[p - 1, 0] += shock
        frame.iloc[p - 1, 1] += 0.5 * shock
    result = bt.EventStudy(**SPEC).run(at(*(("ASC.L", p) for p in at_rows)), bt.Prices.from_returns(frame, "^STOXX"))
    row = bt.spillover(result, "ASC.L", "ZAL.DE").passthrough.iloc[0]
    assert row["n"] == 8
    assert row["ratio_of_sums"] == pytest.approx(0.5, abs=0.15)
    assert 0 < row["p_permutation"] < 0.2


def test_spillover_refuses() -> None:
    result = bt.EventStudy(**SPEC).run(at(("ASC.L", 150)), close())
    with pytest.raises(UnknownNameError, match=r"no prices of 'X\.L'"):
        bt.spillover(result, "ASC.L", "X.L")
    with pytest.raises(AlignmentError, match=r"holds no usable event of 'ZAL\.DE'"):
        bt.spillover(result, "ZAL.DE", "ASC.L")
