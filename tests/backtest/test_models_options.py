"""Options, factors and measures of models, seen through a study: what a user hands over, and what is refused."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import backtest as bt
from backtest.clock import calendar
from backtest.models.base import Inputs, NormalReturns

T = 320
DAYS = pd.bdate_range("2020-01-01", periods=T)
SPEC = {"event": (-2, 3), "estimation": (-120, -6)}
EVENTS = pd.DataFrame({"event_id": ["a", "b"], "asset": ["A", "B"], "event_time": DAYS[[200, 230]]})


def returns(seed: int = 0, names: str = "ABCD") -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    market = rng.normal(0, 0.01, T)
    values = market[:, None] * rng.uniform(0.5, 1.5, len(names)) + rng.standard_t(4, (T, len(names))) * 0.012
    return pd.DataFrame(np.column_stack([values, market]), DAYS, [*names, "IX"])


def french(seed: int = 1) -> pd.DataFrame:
    names = ["Mkt-RF", "SMB", "HML", "RMW", "CMA", "MOM"]
    table = pd.DataFrame(np.random.default_rng(seed).normal(0, 0.007, (T, 6)), DAYS, names)
    return table.assign(RF=0.0001 + np.arange(T) * 1e-7)


def ar(model: object, prices: bt.Prices | pd.DataFrame, **spec: object) -> pd.DataFrame:
    return bt.EventStudy(**{**SPEC, "model": model, **spec}).run(EVENTS, prices).ar  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------------------- callables


@pytest.mark.parametrize("model", sorted(bt.MODELS))
def test_a_function_of_the_registry_is_given_what_its_name_is_given(model: str) -> None:
    if model in ("garch", "gjr", "egarch"):
        pytest.importorskip("arch", reason="the extra garch is not installed")
    prices = bt.Prices.from_returns(returns(), "IX", factors=french())
    named = ar(model, prices)
    for own in (bt.MODELS[model], partial(bt.MODELS[model])):
        pd.testing.assert_frame_equal(ar(own, prices), named)


def test_a_bound_option_counts() -> None:
    pytest.importorskip("arch", reason="the extra garch is not installed")
    prices = bt.Prices.from_returns(returns(), "IX")
    heavy = bt.EventStudy(**SPEC, model=partial(bt.MODELS["garch"], dist="t")).run(EVENTS, prices)
    assert heavy.test("car-t")["df"].tolist() == [113.0, 113.0]
    assert not np.allclose(heavy.ar, ar("garch", prices), rtol=1e-6)


def test_a_function_of_the_registry_needs_its_benchmark() -> None:
    alone = bt.Prices.from_returns(returns().drop(columns="IX"))
    with pytest.raises(bt.AlignmentError, match=r"2 no-benchmark\); .*; the model 'market' needs a benchmark"):
        ar(partial(bt.MODELS["market"], loss="huber"), alone)


def test_a_callable_that_sees_everything_sees_no_other_shares_benchmark() -> None:
    """B has none of the two benchmarks: its column is missing, not the last one there is."""
    frame = returns()
    marks = pd.DataFrame({"IX": frame["IX"], "IY": -frame["IX"]})
    prices = bt.Prices.from_returns(frame[["A", "B"]], marks)
    prices.instruments.loc["B", "benchmark"] = "elsewhere"
    seen: list[np.ndarray] = []

    def own(r_est: np.ndarray, f_est: np.ndarray, f_evt: np.ndarray) -> NormalReturns:
        seen.append(f_evt[:, :, 0])
        m = np.isfinite(r_est).sum(axis=1)
        return NormalReturns(np.zeros(f_evt.shape[:2]), r_est, np.ones(len(m)), m - 1.0)

    bt.EventStudy(**SPEC, model=own).run(EVENTS, prices)
    np.testing.assert_allclose(seen[0][0], frame["IX"].iloc[198:204])
    assert np.isnan(seen[0][1]).all()
    own.inputs = Inputs()  # type: ignore[attr-defined]
    with pytest.warns(bt.DroppedEventsWarning, match=r"1 of 2 events dropped \(1 no-benchmark\)"):
        bt.EventStudy(**SPEC, model=own).run(EVENTS, prices)


def test_huber_is_what_statsmodels_finds_in_ties_and_outliers() -> None:
    frame = returns(5).round(3)
    frame.iloc[150, 0] += 0.4
    result = bt.EventStudy(**SPEC, model=partial(bt.MODELS["market"], loss="huber")).run(
        EVENTS, bt.Prices.from_returns(frame, "IX")
    )
    for share, zero in (("A", 200), ("B", 230)):
        est, evt = slice(zero - 120, zero - 5), slice(zero - 2, zero + 4)
        x = sm.add_constant(frame["IX"].to_numpy())
        model = sm.RLM(frame[share].to_numpy()[est], x[est], M=sm.robust.norms.HuberT(1.345))
        fit = model.fit(scale_est="mad", conv="coefs", tol=1e-14, maxiter=2000)
        expected = frame[share].to_numpy()[evt] - x[evt] @ fit.params
        np.testing.assert_allclose(result.ar.loc[share.lower()], expected, rtol=1e-9, atol=1e-13)


def test_huber_of_nothing_warns_of_nothing() -> None:
    frame = returns(6)
    frame["A"] = 1.5 * frame["IX"]  # a perfect fit
    frame["C"] = 1.5 * frame["IX"]
    frame.iloc[100, 2] += 0.3  # but for one day: half of the residuals are zero, and so is their scale
    frame.iloc[:, 3] = np.nan
    events = pd.DataFrame({"event_id": list("abcd"), "asset": list("ABCD"), "event_time": DAYS[200]})
    model = partial(bt.MODELS["market"], loss="huber")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", bt.DroppedEventsWarning)
        result = bt.EventStudy(**SPEC, model=model).run(events, bt.Prices.from_returns(frame, "IX"))
    assert dict(zip(result.dropped["event_id"], result.dropped["reason"], strict=True)) == {
        "a": "degenerate-estimation", "d": "no-price-history",
    }  # fmt: skip
    np.testing.assert_allclose(result.ar.loc["c"], 0.0, atol=1e-15)


# ------------------------------------------------------------------------------------------------------------- factors


@pytest.mark.parametrize("factors", [None, pd.DataFrame({"RF": 0.0001}, index=DAYS)])
def test_the_factor_model_without_factors_is_refused(factors: pd.DataFrame | None) -> None:
    prices = bt.Prices.from_returns(returns(), "IX", factors=factors)
    with pytest.raises(bt.SchemaError, match=r"model 'factors': the prices have no factors; pass factors=<DataFrame"):
        ar("factors", prices)


@pytest.mark.parametrize(
    "names", [["mkt_rf", "smb", "hml", "rf"], ["MktRF", "SMB", "HML", "RF"], ["Rm-Rf", "Smb", "Hml", "Rf"]]
)
def test_factor_names_as_others_write_them(names: list[str]) -> None:
    table = french()[["Mkt-RF", "SMB", "HML", "RF"]]
    one, two = (
        ar("ff3", bt.Prices.from_returns(returns()[["A", "B"]], factors=f))
        for f in (table, table.set_axis(names, axis=1))
    )
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("name", ["UMD", "WML"])
def test_momentum_by_any_name(name: str) -> None:
    table, frame = french().drop(columns=["RMW", "CMA"]), returns()[["A", "B"]]
    one, two = (
        ar("carhart", bt.Prices.from_returns(frame, factors=f)) for f in (table, table.rename(columns={"MOM": name}))
    )
    pd.testing.assert_frame_equal(one, two)
    both = bt.Prices.from_returns(frame, factors=table.assign(**{name: 0.0}))
    with pytest.raises(bt.SchemaError, match=f"factors: the columns 'MOM', '{name}' are one factor; keep one of them"):
        ar("carhart", both)


def test_factors_in_percent_are_refused_where_they_are_used() -> None:
    percent = french() * 100
    prices = bt.Prices.from_returns(returns(), "IX", factors=percent)
    for model in ("capm", "ff3", "factors"):
        with pytest.raises(bt.SchemaError, match=r"factors: MKT is -?\d.* on 20..-..-..; give fractions, not percent"):
            ar(model, prices)
    assert np.isfinite(ar("market", prices)).all(axis=None)
    own = bt.Prices.from_returns(returns(), "IX", factors=pd.DataFrame({"oil": 50.0 + np.arange(T) % 7}, index=DAYS))
    assert np.isfinite(ar("factors", own)).all(axis=None)  # a factor of one's own may be a level


# ------------------------------------------------------------------------------------------------------------ measures


def exchanges() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Return closes of two exchanges with holidays of their own, and two benchmarks that trade every weekday."""
    rng = np.random.default_rng(2)
    days, mic = pd.bdate_range("2021-01-01", "2022-12-30"), {"A": "XETR", "B": "XLON", "C": "XLON", "D": "XETR"}
    close = pd.DataFrame(50 * np.cumprod(1 + rng.normal(0, 0.02, (len(days), 4)), axis=0), days, list(mic))
    for ticker, exchange in mic.items():
        close.loc[~days.isin(calendar(exchange, days[0], days[-1]).index()), ticker] = np.nan
    close.iloc[300:304, 0] = close.iloc[320, 1] = np.nan
    marks = pd.DataFrame(900 * np.cumprod(1 + rng.normal(0, 0.01, (len(days), 2)), axis=0), days, ["IX", "IY"])
    return close, marks, mic


@pytest.mark.parametrize("benchmark", [None, "IY", "D"])
@pytest.mark.parametrize("model", ["market-adjusted", "trade-to-trade", "peer-portfolio"])
def test_log_returns_are_logs_of_the_very_returns(model: str, benchmark: str | None) -> None:
    """Over holidays of one exchange, across missing days, and against any benchmark: with s2 and beta of the logs."""
    close, marks, mic = exchanges()
    prices = bt.Prices.from_frame(close, benchmark=marks, mic=mic)
    prices = replace(prices, instruments=prices.instruments.assign(peers="C|D"))
    events = pd.DataFrame(
        {"asset": ["A", "B"], "event_time": ["2022-06-02", "2022-06-06"]}
    )  # London closed 2 and 3 June
    seen: dict[str, list] = {}

    def spy(kind: str) -> object:
        def own(r_est: np.ndarray, f_est: np.ndarray, f_evt: np.ndarray) -> NormalReturns:
            seen.setdefault(kind, []).append((r_est, f_est, f_evt))
            return bt.MODELS[model](r_est, f_est, f_evt)

        own.inputs = bt.models.inputs_of(model)  # type: ignore[attr-defined]
        return own

    for kind in ("simple", "log"):
        study = bt.EventStudy(**SPEC, model=spy(kind), returns=kind, benchmark=benchmark)  # type: ignore[arg-type]
        result = study.run(events, prices)
        assert result.prices.returns_kind == kind
    moved = 0
    for simple, log in zip(seen["simple"], seen["log"], strict=True):
        for one, two in zip(simple, log, strict=True):
            values, logs = (one[..., :1], two[..., :1]) if model == "trade-to-trade" and one.ndim == 3 else (one, two)
            np.testing.assert_allclose(logs, np.log1p(values), rtol=1e-9, atol=1e-15)
            moved += np.isfinite(values).sum()
        if model == "trade-to-trade":
            np.testing.assert_array_equal(simple[1][..., 1], log[1][..., 1])
            assert np.nanmax(simple[1][..., 1]) > 1
    assert moved > 400


def test_the_engine_takes_logs_too() -> None:
    from backtest.engine import run_engine

    frame = 100 * (1 + returns()).cumprod()
    prices = bt.Prices.from_frame(frame, benchmark="IX")
    study = bt.EventStudy(**SPEC, returns="log")  # type: ignore[arg-type]
    own = run_engine(study, EVENTS, prices).caar.set_index("day")["aar"]
    np.testing.assert_allclose(own, study.run(EVENTS, prices).ar.mean(), rtol=1e-12)


def test_a_variant_measures_the_prices_again() -> None:
    close, marks, mic = exchanges()
    volume = pd.DataFrame(np.random.default_rng(3).lognormal(10, 1, close.shape), close.index, close.columns)
    prices = bt.Prices.from_frame(close, benchmark=marks, mic=mic, volume=volume)
    events = pd.DataFrame({"asset": ["A", "B"], "event_time": ["2022-06-07", "2022-07-06"]})
    plain = bt.EventStudy(**SPEC).run(events, prices)
    for changes in ({"measure": "volatility"}, {"measure": "volume"}, {"returns": "log"}):
        other = plain.variant(**changes)
        assert not np.allclose(other.ar, plain.ar)
        assert other.abnormal_returns["bhar"].isna().all()
        pd.testing.assert_frame_equal(other.variant(measure="return", returns="simple").ar, plain.ar)


def test_volume_counts_against_the_market_without_its_own() -> None:
    rng = np.random.default_rng(4)
    frame = 100 * (1 + returns()).cumprod()
    volume = pd.DataFrame(np.round(rng.lognormal(10, 0.5, (T, 5))), DAYS, frame.columns)
    volume.iloc[200, 0] *= 20
    volume.iloc[150, 0] = volume.iloc[160, 1] = 0.0
    volume.iloc[170, 1:4] = np.nan
    logs = np.log(volume.where(volume > 0))
    prices = bt.Prices.from_frame(frame, benchmark="IX", volume=volume[list("ABCD")])
    result = bt.EventStudy(**SPEC, measure="volume").run(EVENTS, prices)
    assert list(result.audit["benchmark"]) == ["volume without A", "volume without B"]
    for share, zero, rows in (("A", 200, 113), ("B", 230, 113)):
        market = logs[[s for s in "ABCD" if s != share]].mean(axis=1)
        est = pd.concat([logs[share], market], axis=1).iloc[zero - 120 : zero - 5].dropna()
        beta, alpha = np.polyfit(est.iloc[:, 1], est.iloc[:, 0], 1)
        own = (logs[share] - alpha - beta * market).iloc[zero - 2 : zero + 4]
        np.testing.assert_allclose(result.ar.loc[share.lower()], own, rtol=1e-9)
        assert len(est) == rows
    assert result.ar.loc["a", 0] == pytest.approx(np.log(20), abs=1.5)
    whole = bt.Prices.from_frame(frame, benchmark="IX", volume=volume)
    against = ar("market-adjusted", whole, measure="volume")
    expected = (logs["A"] - logs["IX"]).iloc[198:204]  # the benchmark's own volume is the market's
    np.testing.assert_allclose(against.loc["a"], expected, rtol=1e-12)


def test_the_market_of_a_share_alone_on_its_exchange_are_all_others() -> None:
    close, marks, mic = exchanges()
    volume = pd.DataFrame(np.random.default_rng(3).lognormal(10, 1, close.shape), close.index, close.columns)
    volume.loc[:, "D"] = np.nan  # nobody else in Frankfurt
    prices = bt.Prices.from_frame(close, benchmark=marks, mic=mic, volume=volume)
    events = pd.DataFrame({"asset": ["A", "B"], "event_time": ["2022-07-05", "2022-07-05"]})
    found = bt.EventStudy(**SPEC, measure="volume", model="market-adjusted").run(events, prices).ar
    logs, row = np.log(volume), volume.index.get_loc("2022-07-05")
    assert found.iloc[0][0] == pytest.approx((logs["A"] - logs[["B", "C"]].mean(axis=1)).iloc[row], rel=1e-12)
    assert found.iloc[1][0] == pytest.approx((logs["B"] - logs["C"]).iloc[row], rel=1e-12)
    alone = bt.Prices.from_frame(close[["A"]], benchmark=marks, mic="XETR", volume=volume[["A"]])
    one = bt.EventStudy(**SPEC, measure="volume", model="market")
    with pytest.raises(bt.AlignmentError, match=r"'market' needs the volume of other securities, or of the benchmark"):
        one.run(events[:1], alone)
    assert np.isfinite(replace(one, model="constant-mean").run(events[:1], alone).ar).all(axis=None)


def test_volatility_is_the_size_of_returns_of_all() -> None:
    frame = returns()
    prices = bt.Prices.from_returns(frame, "IX")
    found = ar("market", prices, measure="volatility")
    size = frame.abs()
    beta, alpha = np.polyfit(size["IX"].iloc[80:195], size["A"].iloc[80:195], 1)
    np.testing.assert_allclose(found.loc["a"], (size["A"] - alpha - beta * size["IX"]).iloc[198:204], rtol=1e-9)
    logs = ar("market-adjusted", prices, measure="volatility", returns="log")
    expected = (np.log1p(frame["A"]).abs() - np.log1p(frame["IX"]).abs()).iloc[198:204]
    np.testing.assert_allclose(logs.loc["a"], expected, rtol=1e-9)


def test_holding_from_trade_to_trade_is_set_against_the_market_of_the_same_days() -> None:
    frame = 100 * (1 + returns()).cumprod()
    frame.iloc[194:198, 0] = np.nan
    result = bt.EventStudy(**SPEC, model="trade-to-trade").run(EVENTS, frame.pipe(bt.Prices.from_frame, benchmark="IX"))
    found = result.bhar(against="benchmark").set_index("event_id").loc["a", "bhar"]
    own, mark = (frame[c].iloc[203] / frame[c].iloc[193] for c in ("A", "IX"))
    assert found == pytest.approx(own - mark, rel=1e-10)


# ---------------------------------------------------------------------------------------------------------- too little


@pytest.mark.parametrize(("model", "least"), [("constant-mean", 2), ("market", 3), ("ff3", 5), ("ff5", 7)])
def test_one_estimation_day_too_few_is_a_short_estimation(model: str, least: int) -> None:
    frame = returns()
    kept = frame["A"].iloc[80:195].index[::15][:least]
    frame.loc[frame.index[80:195].difference(kept), "A"] = np.nan
    prices = bt.Prices.from_returns(frame, "IX", factors=french())
    result = bt.EventStudy(**SPEC, model=model, min_obs=2).run(EVENTS, prices)
    assert (result.estimates.n_obs[0], result.estimates.df[0]) == (least, 1)
    frame.loc[kept[0], "A"] = np.nan
    prices = bt.Prices.from_returns(frame, "IX", factors=french())
    with pytest.warns(bt.DroppedEventsWarning, match=r"1 of 2 events dropped \(1 short-estimation\)"):
        bt.EventStudy(**SPEC, model=model, min_obs=2).run(EVENTS, prices)


# --------------------------------------------------------------------------------------------------------- look-ahead


@pytest.mark.parametrize("measure", ["return", "volume"])
@pytest.mark.parametrize("model", sorted(bt.MODELS))
def test_what_lies_outside_both_windows_changes_nothing(model: str, measure: str) -> None:
    """Prices, benchmark, factors and volumes after the event window, inside the gap, and before the estimation window."""
    if model in ("garch", "gjr", "egarch"):
        pytest.importorskip("arch", reason="the extra garch is not installed")
    rng, frame = np.random.default_rng(7), 100 * (1 + returns()).cumprod()
    frame.iloc[150, 0] = frame.iloc[170, 2] = np.nan
    tables = [frame, french(), pd.DataFrame(rng.lognormal(10, 1, (T, 4)), DAYS, list("ABCD"))]

    def found(close: pd.DataFrame, factors: pd.DataFrame, volume: pd.DataFrame) -> list[np.ndarray]:
        prices = bt.Prices.from_frame(close, benchmark="IX", factors=factors, volume=volume)
        result = bt.EventStudy(**SPEC, model=model, measure=measure).run(EVENTS[:1], prices)
        estimates, sample = result.estimates, result.sample((0, 1))
        return [estimates.ar, estimates.s2, estimates.df, sample.car, sample.car_var]

    before = found(*tables)
    for rows in (range(204, T), range(196, 197), range(79)):
        changed = [t.copy() for t in tables]
        for table in changed:
            table.iloc[rows] *= rng.uniform(0.5, 2.0, (len(rows), table.shape[1]))
        for one, two in zip(before, found(*changed), strict=True):
            np.testing.assert_array_equal(one, two)
