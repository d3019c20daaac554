"""`EventStudy.run`: what it refuses, what it drops, and the laws that any event study obeys."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

import backtest as bt
from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError, UnknownNameError
from backtest.models import NormalReturns

DAYS = pd.bdate_range("2019-01-01", periods=200)
SPEC = {"event": (-2, 3), "estimation": (-62, -6)}
ASSETS = ["A", "B", "C"]


def make_close(seed: int = 0, holes: bool = False) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    market = rng.normal(0, 0.01, len(DAYS))
    own = market[:, None] * [0.5, 1.0, 1.5] + rng.normal(0, 0.02, (len(DAYS), 3))
    close = pd.DataFrame(100 * np.cumprod(1 + own, axis=0), index=DAYS, columns=ASSETS)
    if holes:
        close.iloc[60, 0] = np.nan
        close.iloc[101, 1] = np.nan
    close["^STOXX"] = 1000 * np.cumprod(1 + market)
    return close


def make_events(positions: dict[str, int] | None = None) -> pd.DataFrame:
    at = {"A": 100, "B": 100, "C": 150} if positions is None else positions
    frame = pd.DataFrame({"asset": list(at), "event_time": DAYS[list(at.values())], "kind": "profit-warning"})
    return frame.assign(event_id=[f"e-{a}" for a in at])


def run(close: pd.DataFrame, events: pd.DataFrame, **changes: object) -> bt.EventStudyResult:
    return bt.EventStudy(**{**SPEC, **changes}).run(events, close)


# ------------------------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize("holes", [False, True])
def test_abnormal_returns_are_those_of_a_regression_per_event(holes: bool) -> None:
    close = make_close(holes=holes)
    result = run(close, make_events())
    returns = close / close.shift(1) - 1  # every date is a session here; a hole makes two returns missing
    for event, row in result.events.iterrows():
        zero = DAYS.get_loc(row["event_time"].tz_localize(None))
        est = returns.iloc[zero - 62 : zero - 5][[row["asset"], "^STOXX"]].dropna()
        fit = sm.OLS(est[row["asset"]], sm.add_constant(est["^STOXX"])).fit()
        evt = returns.iloc[zero - 2 : zero + 4]
        expected = evt[row["asset"]] - fit.predict(sm.add_constant(evt["^STOXX"]))
        np.testing.assert_allclose(result.ar.loc[event], expected, atol=1e-13, rtol=0)
        i = list(result.events.index).index(event)
        assert result.estimates.s2[i] == pytest.approx(fit.mse_resid, rel=1e-10)
        assert result.estimates.n_obs[i] == len(est)


def test_a_missing_day_leaves_the_other_days_and_their_tests() -> None:
    result = run(make_close(holes=True), make_events())  # B has no price on day +1
    assert list(result.events["asset"]) == ASSETS
    assert list(np.isfinite(result.ar.loc["e-B"])) == [True, True, True, False, False, True]
    table = result.test("cross-sectional", windows=[(0, 0), (0, 1)]).set_index("window_end")
    assert list(table["n"]) == [3, 2]
    assert "1 event left out: missing day in the window" in table.loc[1, "note"]
    sq = result.test("sq", windows=[(0, 1)]).set_index("event_id")
    assert sq.loc["e-B", "reason"] == "missing day in the window"
    assert np.isnan(sq.loc["e-B", "pvalue"])
    caar = result.caar().set_index("day")
    assert list(caar["n"]) == [3, 3, 3, 2, 2, 2]
    assert result.audit.set_index("event_id").loc["e-B", "flags"] == "missing-days"


def test_the_caar_is_the_mean_of_complete_cars() -> None:
    result = run(make_close(holes=True), make_events())
    car = result.ar.cumsum(axis=1, skipna=False)
    np.testing.assert_allclose(result.caar()["caar"], car.mean(axis=0))
    np.testing.assert_allclose(result.caar()["aar"], result.ar.mean(axis=0))


def test_the_interval_of_one_event_is_its_prediction_interval() -> None:
    result = run(make_close(), make_events({"A": 100}))
    band = result.caar().set_index("day")
    sample = result.sample((-2, 1))
    from scipy import stats

    half = stats.t.ppf(0.975, sample.df[0]) * np.sqrt(sample.car_var[0])
    assert band.loc[1, "high"] - band.loc[1, "caar"] == pytest.approx(half, rel=1e-10)
    assert list(band["n"]) == [1] * 6


def test_returns_in_the_tidy_table_compound_to_bhar() -> None:
    tidy = run(make_close(), make_events({"A": 100})).abnormal_returns
    assert list(tidy.columns) == ["event_id", "asset", "kind", "day", "session", "ret", "expected", "ar", "car", "bhar"]
    expected = (1 + tidy["ret"]).prod() - (1 + tidy["expected"]).prod()
    assert tidy["bhar"].iloc[-1] == pytest.approx(expected, rel=1e-12)
    assert tidy["car"].iloc[-1] == pytest.approx(tidy["ar"].sum(), rel=1e-12)
    assert list(tidy["session"]) == list(DAYS[98:104])
    log = bt.Prices.from_returns(np.log(make_close().pct_change().iloc[1:] + 1), "^STOXX", kind="log")
    assert bt.EventStudy(**SPEC).run(make_events({"A": 100}), log).abnormal_returns["bhar"].isna().all()


# --------------------------------------------------------------------------------------------------------------- laws


@settings(max_examples=25)
@given(st.permutations(range(6)), st.integers(0, 1000))
def test_the_order_of_events_changes_nothing(order: list[int], seed: int) -> None:
    events = pd.concat([make_events(), make_events({"A": 120, "B": 90, "C": 101}).assign(event_id=list("xyz"))])
    events = events.reset_index(drop=True)
    close = make_close(seed)
    plain, mixed = run(close, events), run(close, events.iloc[order])
    pd.testing.assert_frame_equal(mixed.ar.loc[plain.ar.index], plain.ar, check_exact=True)
    for left, right in ((plain.caar(), mixed.caar()), (outcomes(plain), outcomes(mixed))):
        pd.testing.assert_frame_equal(left, right, rtol=1e-12, atol=1e-14)


def outcomes(result: bt.EventStudyResult) -> pd.DataFrame:
    table = result.test("all", windows=[(0, 0), (-1, 2)])
    return table.sort_values(["test", "window_start", "event_id"], ignore_index=True)


@settings(max_examples=15)
@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_the_unit_of_prices_changes_nothing(share: float, index: float) -> None:
    close = make_close()
    scaled = close.assign(**{a: close[a] * share for a in ASSETS}, **{"^STOXX": close["^STOXX"] * index})
    np.testing.assert_allclose(run(scaled, make_events()).ar, run(close, make_events()).ar, atol=1e-12)


@settings(max_examples=15)
@given(st.floats(-0.2, 0.5), st.integers(-2, 3))
def test_an_extra_return_on_one_day_shifts_that_abnormal_return_alone(extra: float, day: int) -> None:
    returns = make_close().pct_change().iloc[1:]
    events = make_events({"A": 100})
    shifted = returns.copy()
    shifted.iloc[99 + day, 0] += extra
    before, after = (run_returns(frame, events) for frame in (returns, shifted))
    moved = (after.ar - before.ar).loc["e-A"]
    assert moved[day] == pytest.approx(extra, abs=1e-12)
    assert np.abs(moved.drop(day)).max() == 0
    later = (after.caar()["caar"] - before.caar()["caar"]).to_numpy()
    np.testing.assert_allclose(later, np.where(np.arange(-2, 4) >= day, extra, 0.0), atol=1e-12)


def run_returns(frame: pd.DataFrame, events: pd.DataFrame) -> bt.EventStudyResult:
    return bt.EventStudy(**SPEC).run(events, bt.Prices.from_returns(frame, "^STOXX"))


@settings(max_examples=30)
@given(st.integers(0, 199), st.floats(0.5, 2.0))
def test_prices_outside_the_windows_change_nothing(at: int, factor: float) -> None:
    close, events = make_close(), make_events({"A": 100})
    changed = close.copy()
    changed.iloc[at, 0] *= factor
    changed.iloc[at, 3] *= factor
    moved = (
        np.flatnonzero(~np.isclose(changed.pct_change(), close.pct_change(), rtol=1e-9, atol=1e-12).all(axis=1)[1:]) + 1
    )
    before, after = run(close, events), run(changed, events)
    inside = set(range(38, 95)) | set(range(98, 104))
    if not inside & set(moved):
        pd.testing.assert_frame_equal(after.ar, before.ar, check_exact=True)
        pd.testing.assert_frame_equal(outcomes(after), outcomes(before), check_exact=True)


def test_the_future_and_the_gap_are_never_seen() -> None:
    close, events = make_close(), make_events({"A": 100})
    changed = close.copy()
    changed.iloc[104:] *= 3.0  # after the window: the jump is the return of day +4
    changed.iloc[95:97] = np.nan  # inside the gap between the windows
    pd.testing.assert_frame_equal(run(changed, events).ar, run(close, events).ar, check_exact=True)


# -------------------------------------------------------------------------------------------------------------- losses


def test_what_is_lost_comes_back_with_a_reason() -> None:
    close = make_close()
    close.iloc[140:, 1] = np.nan
    at = pd.DataFrame(
        [
            ("ok", "A", f"{DAYS[100]:%Y-%m-%d}"),
            ("early", "A", f"{DAYS[30]:%Y-%m-%d}"),
            ("hole", "C", f"{DAYS[120]:%Y-%m-%d}"),
            ("month", "A", "2019-06"),
            ("late", "B", f"{DAYS[150]:%Y-%m-%d}"),
            ("who", "Z", f"{DAYS[100]:%Y-%m-%d}"),
            ("flat", "C", f"{DAYS[150]:%Y-%m-%d}"),
        ],
        columns=["event_id", "asset", "event_time"],
    )
    close.iloc[120:124, 2] = np.nan
    close.iloc[:120, 2] = 5.0
    close.iloc[124:145, 2] = 5.0
    with pytest.warns(DroppedEventsWarning, match=r"6 of 7 events dropped \(1 unknown-asset"):
        result = run(close, at, min_obs=40)
    assert dict(zip(result.dropped["event_id"], result.dropped["reason"], strict=True)) == {
        "early": "short-estimation",
        "hole": "missing-in-event-window",
        "month": "imprecise-date",
        "late": "after-last-session",
        "who": "unknown-asset",
        "flat": "degenerate-estimation",
    }
    audit = result.audit.set_index("event_id")
    assert list(audit.index) == list(at["event_id"])
    assert (
        audit.loc["hole", "flags"] == "dropped:missing-in-event-window|estimation-gaps"
        or "dropped" in audit.loc["hole", "flags"]
    )
    assert audit.loc["ok", "n_estimation"] == 57
    assert audit.loc["ok", "benchmark"] == "^STOXX"
    assert audit.loc["ok", "tradable_from"] == DAYS[101]


def test_all_dropped_is_an_error_that_lists_reasons_and_tickers() -> None:
    message = (
        r"all 3 events dropped \(2 unknown-asset, 1 short-estimation\); tickers 'A', 'Y', 'Z'; check that the prices"
    )
    with pytest.raises(AlignmentError, match=message):
        run(make_close(), make_events({"A": 20, "Z": 100, "Y": 100}))


def test_prices_without_a_benchmark_leave_no_event() -> None:
    prices = bt.Prices.from_returns(make_close().pct_change().iloc[1:])
    with pytest.raises(
        AlignmentError, match=r"\(3 no-benchmark\); .*'market' needs a benchmark: add one to the prices"
    ):
        bt.EventStudy(**SPEC).run(make_events(), prices)
    kept = bt.EventStudy(**SPEC, model="constant-mean").run(make_events(), prices)
    assert len(kept.events) == 3


@pytest.mark.parametrize("model", ["capm", "ff3", "factors"])
def test_the_markets_return_among_the_factors_is_the_benchmark(model: str) -> None:
    returns = make_close().pct_change().iloc[1:]
    names = ["Mkt-RF", "SMB", "HML"]
    factors = pd.DataFrame(np.random.default_rng(5).normal(0, 0.01, (len(returns), 3)), returns.index, names)
    factors["RF"] = 0.0001
    prices = bt.Prices.from_returns(returns, factors=factors)
    result = bt.EventStudy(**SPEC, model=model).run(make_events({"A": 100}), prices)
    used = names[:1] if model == "capm" else names
    x = sm.add_constant(factors[used].to_numpy())
    at = returns.index.get_loc(DAYS[100])
    y = (returns["A"] - factors["RF"]).to_numpy()
    fit = sm.OLS(y[at - 62 : at - 5], x[at - 62 : at - 5]).fit()
    np.testing.assert_allclose(result.ar.iloc[0], (y - fit.predict(x))[at - 2 : at + 4], rtol=1e-9)
    assert np.isfinite(result.test("car-t")["pvalue"]).all()


def test_months_alone_name_the_way_out() -> None:
    with pytest.raises(AlignmentError, match=r"\(3 imprecise-date\); tickers .*; bt.uncertain studies events"):
        run(make_close(), make_events().assign(event_precision="month"))


def test_custom_factors_need_no_benchmark_but_fama_and_french_do() -> None:
    returns = make_close().pct_change().iloc[1:]
    factors = pd.DataFrame({"SMB": returns["B"] - returns["C"], "HML": returns["C"] / 2})
    prices = bt.Prices.from_returns(returns[["A"]], factors=factors)
    result = bt.EventStudy(**SPEC, model="factors").run(make_events({"A": 100}), prices)
    x, at = sm.add_constant(factors.to_numpy()), returns.index.get_loc(DAYS[100])
    fit = sm.OLS(returns["A"].to_numpy()[at - 62 : at - 5], x[at - 62 : at - 5]).fit()
    expected = (returns["A"] - fit.predict(x)).to_numpy()[at - 2 : at + 4]
    np.testing.assert_allclose(result.ar.iloc[0], expected, rtol=1e-9)
    with pytest.raises(AlignmentError, match=r"all 1 events dropped \(1 no-benchmark\)"):
        bt.EventStudy(**SPEC, model="ff3").run(make_events({"A": 100}), prices)


# -------------------------------------------------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"estimation": (-62, -2)},
            r"event window \(-2, 3\) overlaps the estimation window \(-62, -2\); .*estimation=\(-63, -3\)",
        ),
        ({"event": (3, -2)}, r"event=\(3, -2\): the first day must not lie after the last"),
        ({"event": 5}, r"event=5: a window is two integers"),
        ({"event": (0.5, 2)}, r"event=\(0.5, 2\): a window is two integers"),
        ({"estimation": (-62, "x")}, r"estimation=\(-62, 'x'\): a window is two integers"),
        ({"min_obs": 58}, r"min_obs=58: it must lie between 2 and the 57 days"),
        ({"min_obs": 1}, r"min_obs=1: it must lie between 2 and the 57 days"),
    ],
)
def test_windows_that_cannot_be(changes: dict, message: str) -> None:
    with pytest.raises(AlignmentError, match=message):
        bt.EventStudy(**{**SPEC, **changes})


def test_names_that_do_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="unknown model 'markt'; did you mean 'market'"):
        bt.EventStudy(model="markt")
    with pytest.raises(UnknownNameError, match="unknown date_only 'sam'; did you mean 'same'"):
        bt.EventStudy(date_only="sam")
    with pytest.raises(UnknownNameError, match="unknown benchmark 'X'"):
        bt.EventStudy(**SPEC, benchmark="X").run(make_events(), bt.Prices.from_frame(make_close()))


def test_prices_of_another_type() -> None:
    with pytest.raises(SchemaError, match="prices must be Prices or a wide DataFrame of closing prices, not list"):
        bt.EventStudy(**SPEC).run(make_events(), [1, 2])  # type: ignore[arg-type]


def test_the_spec_is_frozen_and_says_the_least_number_of_observations() -> None:
    spec = bt.EventStudy(event=[-1, 1], estimation=(-110, -11))  # type: ignore[arg-type]
    assert spec.event == (-1, 1)
    assert spec.least_observations == 70
    assert bt.EventStudy(min_obs=99).least_observations == 99
    with pytest.raises(AttributeError, match="cannot assign"):
        spec.model = "x"  # type: ignore[misc]


# ------------------------------------------------------------------------------------------------------------- options


def test_a_model_may_be_a_callable() -> None:
    def half(r_est: np.ndarray, f_est: np.ndarray, f_evt: np.ndarray) -> NormalReturns:
        """Expect half the market."""
        residuals = r_est - 0.5 * f_est[:, :, 0]
        return NormalReturns(0.5 * f_evt[:, :, 0], residuals, residuals.var(axis=1, ddof=1), np.full(len(r_est), 56.0))

    close = make_close()
    result = run(close, make_events({"A": 100}), model=half)
    returns = close.pct_change()
    assert result.ar.loc["e-A", 0] == pytest.approx(returns["A"].iloc[100] - 0.5 * returns["^STOXX"].iloc[100])
    assert result.test("sq")["model"].iloc[0] == "half"
    assert "half model" in repr(result)


def test_the_estimation_window_may_lie_after_the_event() -> None:
    result = run(make_close(), make_events({"A": 100}), estimation=(10, 60))
    assert result.estimates.n_obs[0] == 51


def test_progress_counts_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    bt.EventStudy(**SPEC).run(make_events(), make_close(), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)


def test_date_only_next_moves_day_zero() -> None:
    same, after = (run(make_close(), make_events({"A": 100}), date_only=d) for d in ("same", "next"))
    assert same.ar.loc["e-A", 1] == pytest.approx(after.ar.loc["e-A", 0], abs=0.05)
    assert list(after.audit["day0"]) == [DAYS[101]]


def test_nothing_that_was_handed_over_is_changed() -> None:
    close, events = make_close(holes=True), make_events()
    before = close.copy(), events.copy()
    run(close, events).test("all")
    pd.testing.assert_frame_equal(close, before[0])
    pd.testing.assert_frame_equal(events, before[1])


def test_peers_get_rows_of_their_own() -> None:
    close = make_close().rename(columns={"A": "ASC.L", "B": "ZAL.DE", "C": "BOO.L"})
    prices = bt.Prices.from_frame(close)
    events = make_events({"A": 100}).assign(asset="ASC.L")
    result = bt.EventStudy(**SPEC, peers=True).run(events, prices)
    assert list(zip(result.events["asset"], result.events["role"], strict=True)) == [
        ("ASC.L", "issuer"),
        ("ZAL.DE", "peer"),
        ("BOO.L", "peer"),
    ]
    assert set(result.caar()["kind"]) == {"profit-warning", "profit-warning (peer)"}
    assert set(result.audit["flags"]) == {"", "peer"}


def test_two_hundred_events_go_through_several_chunks() -> None:
    rng = np.random.default_rng(1)
    wide = pd.DataFrame(100 * np.exp(rng.normal(0, 0.01, (200, 30)).cumsum(axis=0)), index=DAYS)
    wide.columns = [f"S{i:02d}" for i in range(29)] + ["^STOXX"]
    cells = rng.choice(29 * 120, 1200, replace=False)
    events = pd.DataFrame({"asset": [f"S{c % 29:02d}" for c in cells], "event_time": DAYS[70 + cells // 29]})
    result = run(wide, events)
    assert len(result.events) == 1200
    alone = run(wide, events.iloc[[777]])
    np.testing.assert_allclose(result.ar.iloc[777], alone.ar.iloc[0], atol=1e-15)
