"""Errors of other programs that must not be copied: what each of them does, what we do, and by how much that differs.

Those of estudy2, EventStudyTools, PyPI eventstudy, xKDR and crseEventStudy that show in their golden numbers are tested
beside those numbers; here are the others, on simulated returns.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest as bt

T = bt.TESTS
# Four events are few for most tests: here they are asked for by name all the same.
pytestmark = pytest.mark.filterwarnings("ignore:inadvisable test computed as asked")
EVENT, ESTIMATION = (-1, 2), (-60, -5)
DATES = pd.bdate_range("2020-01-01", periods=100)
POSITIONS = (70, 75, 80, 85)


@pytest.fixture(scope="module")
def returns() -> pd.DataFrame:
    rng = np.random.default_rng(20)
    market, common = rng.normal(0, 0.01, 100), rng.normal(0, 0.008, 100)
    firms = {name: 0.8 * market + common + rng.normal(0, 0.015, 100) for name in "ABCD"}
    return pd.DataFrame({**firms, "M": market}, index=DATES)


def events(assets: str = "ABCD", positions: tuple[int, ...] = POSITIONS) -> pd.DataFrame:
    ids = [f"{asset}{at}" for asset, at in zip(assets, positions, strict=True)]
    return pd.DataFrame({"event_id": ids, "asset": list(assets), "date": DATES[list(positions)].strftime("%Y-%m-%d")})


def study(returns: pd.DataFrame, table: pd.DataFrame | None = None, model: str = "market") -> bt.EventStudyResult:
    prices = bt.Prices.from_returns(returns, benchmark="M")
    return bt.EventStudy(event=EVENT, estimation=ESTIMATION, model=model).run(
        events() if table is None else table, prices
    )


def row(result: bt.EventStudyResult, *tests: object, window: tuple[int, int] = (0, 0)) -> pd.Series:
    return result.test(*tests, windows=[window], by=None).iloc[0]  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------- EventStudyTools, 2017


def test_we_adjust_all_tests_for_one_correlation(returns: pd.DataFrame) -> None:
    result = study(returns, events(positions=(80,) * 4))
    table = result.test("patell", "adjusted-patell", "bmp", "kp", by=None).set_index("test")["statistic"]
    r = row(result, "kp")["r_bar"]
    assert r > 0.1
    assert ((table["patell"] / table["adjusted-patell"]) ** 2 - 1) / 3 == pytest.approx(r, rel=1e-12)
    ratio = (table["kp"] / table["bmp"]) ** 2
    assert (1 - ratio) / (1 + 3 * ratio) == pytest.approx(r, rel=1e-12)


# ------------------------------------------------------------------------------------------------- PyPI eventstudy


def test_pypi_divides_a_price_change_by_the_later_price() -> None:
    index = pd.bdate_range("2020-01-01", periods=100)
    close = pd.DataFrame({"A": 100.0, "M": 50.0 + np.arange(100.0) % 7}, index=index)
    close.iloc[80:, 0] = 110.0
    prices = bt.Prices.from_frame(close, benchmark="M")
    table = pd.DataFrame({"asset": ["A"], "date": [str(index[80].date())]})
    found = bt.EventStudy(event=(0, 0), estimation=(-60, -5), model="market-adjusted").run(table, prices)
    change = close["A"].diff().iloc[80]
    theirs, ours = change / close["A"].iloc[80], found.abnormal_returns["ret"].iloc[0]
    assert ours == pytest.approx(0.10, rel=1e-12)
    assert theirs == pytest.approx(0.0909, abs=1e-4)


def test_pypi_moves_an_event_up_to_four_days_without_a_word(returns: pd.DataFrame) -> None:
    weekend = pd.DataFrame({"event_id": ["w"], "asset": ["A"], "date": ["2020-04-25"]})
    audit = study(returns, weekend).audit.iloc[0]
    assert (str(audit["day0"].date()), audit["rule"]) == ("2020-04-27", "date-same")  # the next session, and the rule
    beyond = pd.DataFrame({"event_id": ["w", "x"], "asset": ["A", "A"], "date": ["2020-04-24", "2020-05-23"]})
    with pytest.warns(bt.errors.DroppedEventsWarning, match="1 of 2 events dropped"):
        dropped = study(returns, beyond).dropped
    assert dropped[["event_id", "reason"]].to_numpy().tolist() == [["x", "after-last-session"]]


# --------------------------------------------------------------------------------------- sipemu EventStudy 0.50 (R)


def test_sipemu_charges_a_model_without_parameters_for_their_error(returns: pd.DataFrame) -> None:
    sample = study(returns, model="market-adjusted").sample((-1, 2))
    m = sample.n_obs[0]
    np.testing.assert_allclose(sample.car_var, 4 * sample.s2, rtol=1e-12)
    theirs = sample.s2 * (4 + 4 / m)
    assert (theirs / sample.car_var > 1.01).all()


def test_sipemu_leaves_the_forecast_error_out_of_bmp(returns: pd.DataFrame) -> None:
    result = study(returns)
    sample = result.sample((0, 0))
    plain = sample.car / np.sqrt(sample.s2)
    theirs = np.sqrt(4) * plain.mean() / plain.std(ddof=1)
    full = plain / np.sqrt(sample.variance_factor[:, 1])
    ours = row(result, "bmp")["statistic"]
    assert ours == pytest.approx(np.sqrt(4) * full.mean() / full.std(ddof=1), rel=1e-12)
    assert abs(ours / theirs - 1) > 1e-4


def test_sipemu_holds_a_missing_return_for_zero_when_it_compounds(returns: pd.DataFrame) -> None:
    holed = returns.copy()
    holed.iloc[71, 0] = np.nan
    bhar = study(holed, model="market-adjusted").bhar().set_index("event_id")["bhar"]
    window = holed.iloc[69:73]
    theirs = (1 + window["A"].fillna(0)).prod() - (1 + window["M"]).prod()
    assert np.isnan(bhar["A70"])
    assert np.isfinite(theirs)
    assert bhar.drop("A70").notna().all()


def test_sipemu_calls_event_time_calendar_time(returns: pd.DataFrame) -> None:
    result = study(returns)
    aar = result.ar.mean().to_numpy()
    theirs = np.sqrt(4) * aar.mean() / aar.std(ddof=1)
    by_date = np.sort(result.ar.to_numpy().ravel())  # four windows that share no day: sixteen portfolio days
    ours = row(result, "calendar-time", window=EVENT)
    assert ours["df"] == 15
    assert ours["statistic"] == pytest.approx(4 * by_date.mean() / by_date.std(ddof=1), rel=1e-12)
    assert abs(ours["statistic"] / theirs - 1) > 0.05


def test_sipemu_keys_by_firm_so_that_a_second_event_takes_the_place_of_the_first(returns: pd.DataFrame) -> None:
    twice = row(study(returns, events("AA", (70, 85))), "cross-sectional")
    assert twice["n"] == 2
    one = [row(study(returns, events("A", (at,))), "car-t")["effect"] for at in (70, 85)]
    assert twice["effect"] == pytest.approx(np.mean(one), rel=1e-12)
    assert one[0] != one[1]


# -------------------------------------------------------------------------------- Tommel71 eventstudystatistics (Python)


def test_tommel_takes_sums_of_products_for_correlations(returns: pd.DataFrame) -> None:
    table = events(positions=(80,) * 4)
    result = study(returns, table)
    e = result.sample((0, 0)).residuals.values
    i, j = np.triu_indices(4, 1)
    ours = row(result, partial(T["kp"], rbar_floor=None))["r_bar"]
    assert ours == pytest.approx(np.corrcoef(e)[i, j].mean(), rel=1e-12)
    assert abs((e @ e.T)[i, j].mean()) < 0.1 * ours  # theirs has the dimension of a squared return

    firms = returns.assign(**{name: 10 * returns[name] for name in "ABCD"})
    louder = study(firms, table)
    assert row(louder, partial(T["kp"], rbar_floor=None))["r_bar"] == pytest.approx(ours, rel=1e-9)
    loud = louder.sample((0, 0)).residuals.values
    assert (loud @ loud.T)[i, j].mean() == pytest.approx(100 * (e @ e.T)[i, j].mean(), rel=1e-9)


def test_tommel_measures_the_distance_of_a_day_by_the_spread_of_the_event_window(returns: pd.DataFrame) -> None:
    sample = study(returns).sample((0, 0))
    market = returns["M"].to_numpy()
    for i, at in enumerate(POSITIONS):
        window, event = market[at - 60 : at - 4], market[at - 1 : at + 3]
        distance = (market[at] - window.mean()) ** 2
        ours = 1 + 1 / 56 + distance / ((window - window.mean()) ** 2).sum()
        theirs = 1 + 1 / 56 + distance / ((event - window.mean()) ** 2).sum()
        assert sample.variance_factor[i, 1] == pytest.approx(ours, rel=1e-12)
        assert theirs > ours


# ------------------------------------------------------------------------------------------- eventstudy2 (Stata, its port)


@pytest.mark.parametrize(("days", "variance"), [(3, 1.83), (5, 2.28), (11, 3.02)])
def test_eventstudy2_sums_standardised_returns_over_the_root_of_the_day(days: int, variance: float) -> None:
    theirs = 1 / np.sqrt(np.arange(1.0, days + 1.0))  # weight of each day in sum_s SAR_s / sqrt(s)
    ours = np.full(days, 1 / np.sqrt(days))
    assert (theirs**2).sum() == pytest.approx(variance, abs=5e-3)
    assert (ours**2).sum() == pytest.approx(1.0, rel=1e-12)


def test_our_sum_form_gives_each_day_of_the_window_one_weight(returns: pd.DataFrame) -> None:
    result = study(returns)
    sample = result.sample((-1, 2))
    csar = sample.sar.sum(axis=1) / np.sqrt(4)
    z = csar.sum() / np.sqrt((sample.df / (sample.df - 2)).sum())
    assert row(result, partial(T["patell"], form="sum"), window=(-1, 2))["statistic"] == pytest.approx(z, rel=1e-12)
    theirs = (sample.sar / np.sqrt(np.arange(1.0, 5.0))).sum(axis=1)
    assert abs(theirs.sum() / np.sqrt((sample.df / (sample.df - 2)).sum()) / z - 1) > 0.05


def test_eventstudy2_takes_the_fourth_root_of_c_and_the_number_of_events_for_that_of_days(
    returns: pd.DataFrame,
) -> None:
    sample = study(returns).sample((-1, 2))
    c = sample.variance_factor
    np.testing.assert_allclose(sample.sar, sample.ar / np.sqrt(sample.s2[:, None] * c), rtol=1e-12)
    assert (np.abs(sample.sar) < np.abs(sample.ar / (np.sqrt(sample.s2)[:, None] * c**0.25))).all()
    # Its term for the mean is L^2 over the number of events; ours is over the days of estimation.
    constant = study(returns, model="constant-mean").sample((-1, 2))
    np.testing.assert_allclose(constant.car_var, constant.s2 * (4 + 16 / 56), rtol=1e-12)
    assert (constant.s2 * (4 + 16 / constant.n) > 1.8 * constant.car_var).all()


def test_eventstudy2_multiplies_adjusted_patell_by_a_factor_that_belongs_to_bmp(returns: pd.DataFrame) -> None:
    result = study(returns, events(positions=(80,) * 4))
    patell, ours = row(result, "patell")["statistic"], row(result, "adjusted-patell")
    r = ours["r_bar"]
    assert ours["statistic"] == pytest.approx(patell / np.sqrt(1 + 3 * r), rel=1e-12)
    theirs = ours["statistic"] * np.sqrt(1 - r)
    assert abs(theirs / ours["statistic"]) < 0.95


def test_eventstudy2_counts_a_return_of_zero_as_positive(returns: pd.DataFrame) -> None:
    still = returns.copy()
    still.loc[DATES[70], "A"] = still.loc[DATES[70], "M"]
    result = study(still, model="market-adjusted")
    ar = result.ar[0].to_numpy()
    assert ar[0] == 0.0
    w = int((ar > 0).sum())
    z = row(result, partial(T["sign"], exact=False))["statistic"]
    assert z == pytest.approx((w - 2) / 1.0, abs=1e-12)
    assert z != pytest.approx((w + 1 - 2) / 1.0)


# -------------------------------------------------------------------------------------------------------- the data


def test_crsp_marks_a_price_without_a_trade_by_a_minus_sign(returns: pd.DataFrame, tmp_path: Path) -> None:
    close = 100 * (1 + returns).cumprod()
    close.iloc[10, 0] *= -1
    with pytest.raises(bt.SchemaError, match="non-positive or infinite value \\(A 2020-01-15: -"):
        bt.Prices.from_frame(close, benchmark="M")
    close.to_csv(tmp_path / "crsp.csv", index_label="date")
    masked = bt.load_prices(["A", "B"], tmp_path / "crsp.csv", benchmark="M", on_bad_price="mask")
    assert np.isnan(masked.close.iloc[10, 0])
    assert masked.checks[["ticker", "check", "action"]].to_numpy().tolist()[0] == ["A", "non-positive", "masked"]
    theirs = close["A"].pct_change().iloc[10]
    assert theirs < -1.9  # a return that no share can have
