"""The R package estudy2: seven shares and the S&P 500. Without missing days we agree; its quirks are reproduced and shown."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.inference.sample import Sample
from backtest.kernels.ranks import midranks

MODELS = {"mean_adj": "constant-mean", "mrkt_adj": "market-adjusted", "sim": "market"}
WINDOWS = {
    "quiet": ("2019-06-03", "2019-11-15", "2019-12-02", "2019-12-13"),
    "covid": ("2019-04-01", "2020-03-13", "2020-03-16", "2020-03-20"),
}
T = bt.TESTS
DAILY = {
    "bw_1985_stat": T["time-series"],
    "t_test_stat": T["cross-sectional"],
    "bh_stat": T["bmp"],
    "lmb_stat": partial(T["time-series"], form="lamb"),
    "sign_stat": partial(T["sign"], exact=False),
    "gsign_stat": T["generalised-sign"],
    "csign_stat": T["cz-sign"],
    "rank_stat": T["corrado"],
    "mrank_stat": T["corrado"],
    "wlcx_stat": T["wilcoxon"],
}
Results = dict[tuple[str, str], bt.EventStudyResult]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "golden" / "estudy2"


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    returns = pd.read_csv(folder / "input_returns.csv", parse_dates=["date"], index_col="date")
    market = pd.read_csv(folder / "input_market.csv", parse_dates=["date"], index_col="date")["market"]
    prices = bt.Prices.from_returns(returns, benchmark=market)
    index, found = returns.index, {}
    for period, dates in WINDOWS.items():
        first, last, zero, end = (index.searchsorted(pd.Timestamp(d)) for d in dates)
        events = pd.DataFrame({"asset": returns.columns, "event_time": index[zero]})
        windows = {"event": (0, end - zero), "estimation": (first - zero, last - zero)}
        for key, model in MODELS.items():
            found[period, key] = bt.EventStudy(model=model, min_obs=100, **windows).run(events, prices)  # type: ignore[arg-type]
    return found


def table(folder: Path, period: str, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"out_{period}" / f"{name}.csv", index_col=0)


def daily(folder: Path, period: str, key: str) -> pd.DataFrame:
    """Return every daily statistic of a period and model, days down."""
    frames = [table(folder, period, f"{sort}_{key}") for sort in ("parametric", "nonparametric")]
    return pd.concat([frame.drop(columns="percentage") for frame in frames], axis=1)


@pytest.mark.parametrize("key", MODELS)
@pytest.mark.parametrize("period", WINDOWS)
def test_abnormal_returns(period: str, key: str, results: Results, folder: Path) -> None:
    result = results[period, key]
    theirs = table(folder, period, f"abnormal_{key}").loc[slice(*WINDOWS[period][2:])].T
    np.testing.assert_allclose(result.ar.to_numpy(), theirs.to_numpy(), atol=1e-14, rtol=0)


@pytest.mark.parametrize("name", DAILY)
@pytest.mark.parametrize("key", MODELS)
def test_daily_statistics_without_missing_days(key: str, name: str, results: Results, folder: Path) -> None:
    theirs = daily(folder, "quiet", key)
    if name not in theirs:
        assert name in ("bh_stat", "lmb_stat")
        assert key != "sim"  # estudy2 has these for the market model alone
        return
    for day, expected in enumerate(theirs[name]):
        got = DAILY[name](results["quiet", key].sample((day, day))).statistic
        assert got == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("key", MODELS)
def test_ten_days(key: str, results: Results, folder: Path) -> None:
    sample = results["quiet", key].sample((0, 9))
    rows = table(folder, "quiet", f"car_parametric_{key}")["statistic"]
    assert T["time-series"](sample).statistic == pytest.approx(rows["car_brown_warner_1985"], rel=1e-9)
    if key == "sim":
        assert partial(T["time-series"], form="lamb")(sample).statistic == pytest.approx(rows["car_lamb"], rel=1e-9)
    rank = table(folder, "quiet", f"car_nonparametric_{key}")["statistic"]
    assert T["corrado"](sample).statistic == pytest.approx(rank["car_rank_test"], rel=1e-9)


# ---------------------------------------------------------------------------------------------------- its quirks


def with_sd_of_m_minus_1(sample: Sample) -> np.ndarray:
    """Return estudy2's standard deviations: residual sum of squares over M - 1, though two parameters were estimated."""
    return np.sqrt(sample.s2 * sample.df / (sample.n_obs - 1.0))


def test_quirk_patell_and_the_independent_t_take_a_degree_of_freedom_too_many(results: Results, folder: Path) -> None:
    theirs = daily(folder, "quiet", "sim")
    for day in range(10):
        sample = results["quiet", "sim"].sample((day, day))
        sd, c = with_sd_of_m_minus_1(sample), sample.variance_factor[:, day]
        factor = np.sqrt((sample.df / (sample.df - 2)).sum())
        ours, quirk = T["patell"](sample).statistic, (sample.car / (sd * np.sqrt(c))).sum() / factor
        assert quirk == pytest.approx(theirs["pt_stat"].iloc[day], rel=1e-9)
        assert abs(quirk / ours) == pytest.approx(np.sqrt(117 / 116), rel=1e-9)
        independent = partial(T["time-series"], form="independent")(sample).statistic
        assert independent * np.sqrt(117 / 116) == pytest.approx(theirs["bw_1980_stat"].iloc[day], rel=1e-9)


def nonparametric_quirk(values: np.ndarray, day: int, power: float = 0.5) -> float:
    """Return estudy2's statistic on ranks or signs: day means times ALL firms, S over the mean number of days per firm.

    The day's number of firms is taken to `power`: the root, or, in its plain rank test, the number itself.
    """
    have = np.isfinite(values)
    scaled = np.nanmean(values, axis=0) * len(values) / have.sum(axis=0) ** power
    return float(scaled[day] / np.sqrt((scaled**2).sum() / have.sum(axis=1).mean()))


@pytest.mark.parametrize("name", ["csign_stat", "mrank_stat"])
@pytest.mark.parametrize("key", MODELS)
def test_quirk_missing_days_count_as_if_every_firm_had_them(
    key: str, name: str, results: Results, folder: Path
) -> None:
    result, theirs = results["covid", key], daily(folder, "covid", key)[name]
    values = np.hstack([result.sample((0, 0)).residuals.values, result.ar.to_numpy()])
    if name == "csign_stat":
        values = np.sign(values - np.nanmedian(values, axis=1, keepdims=True))
    else:
        ranks = np.array([np.where(np.isfinite(v), midranks(v[None, :])[0], np.nan) for v in values])
        values = ranks / (1.0 + np.isfinite(values).sum(axis=1, keepdims=True)) - 0.5
    test = DAILY[name]
    for day in range(5):
        assert nonparametric_quirk(values, day - 5) == pytest.approx(theirs.iloc[day], rel=1e-9)
        ours = test(result.sample((day, day))).statistic
        assert abs(ours / theirs.iloc[day] - 1) > 0.005


@pytest.mark.parametrize("key", MODELS)
def test_quirk_the_plain_rank_test_weighs_late_listings_by_their_short_ranks(
    key: str, results: Results, folder: Path
) -> None:
    result, theirs = results["covid", key], daily(folder, "covid", key)["rank_stat"]
    values = np.hstack([result.sample((0, 0)).residuals.values, result.ar.to_numpy()])
    ranks = np.array([np.where(np.isfinite(v), midranks(v[None, :])[0], np.nan) for v in values])
    centred = ranks - np.nanmean(ranks, axis=1, keepdims=True)
    for day in range(5):
        # Ranks are centred, but not divided by the days of their firm: a share with fewer days counts for less, and a day
        # with fewer firms has its sum over their number, not over the root.
        assert nonparametric_quirk(centred, day - 5, power=1.0) == pytest.approx(theirs.iloc[day], rel=1e-9)
        ours = T["corrado"](result.sample((day, day))).statistic
        assert abs(ours / theirs.iloc[day] - 1) > 1e-3
    # Five days: the mean rank of all firms and days less the mean of the firms' mean ranks, again undivided.
    middle = np.nanmean(ranks, axis=1).mean()
    spread = ((np.nanmean(ranks, axis=0) - middle) ** 2).sum() / np.isfinite(ranks).sum(axis=1).mean()
    window = table(folder, "covid", f"car_nonparametric_{key}")["statistic"]["car_rank_test"]
    assert np.sqrt(5) * (np.nanmean(ranks[:, -5:]) - middle) / np.sqrt(spread) == pytest.approx(window, rel=1e-9)
    assert abs(T["corrado"](result.sample((0, 4))).statistic / window - 1) > 1e-3


@pytest.mark.parametrize("key", MODELS)
def test_quirk_the_share_of_positive_residuals_is_pooled(key: str, results: Results, folder: Path) -> None:
    theirs = daily(folder, "covid", key)["gsign_stat"]
    for day in range(5):
        sample = results["covid", key].sample((day, day))
        pooled = partial(T["generalised-sign"], share="pooled")(sample).statistic
        assert pooled == pytest.approx(theirs.iloc[day], rel=1e-9)
        assert abs(T["generalised-sign"](sample).statistic - pooled) > 1e-4


def test_quirk_the_market_of_days_that_a_firm_missed_enters_its_forecast_error(results: Results, folder: Path) -> None:
    theirs = daily(folder, "covid", "sim")
    market = pd.read_csv(folder / "input_market.csv", parse_dates=["date"], index_col="date")["market"]
    zero = market.index.searchsorted(pd.Timestamp(WINDOWS["covid"][2]))
    window = market.iloc[:zero]
    for day in range(5):
        sample = results["covid", "sim"].sample((day, day))
        distance = (market.iloc[zero + day] - window.mean()) ** 2 / ((window - window.mean()) ** 2).sum()
        own_c = sample.variance_factor[:, day]
        c = 1 + 1 / sample.n_obs + distance
        complete = sample.n_obs == len(window)
        np.testing.assert_allclose(own_c[complete], c[complete], rtol=1e-9)
        assert (np.abs(own_c[~complete] / c[~complete] - 1) > 1e-7).all()
        sar = sample.car / (with_sd_of_m_minus_1(sample) * np.sqrt(c))
        assert np.sqrt(7) * sar.mean() / sar.std(ddof=1) == pytest.approx(theirs["bh_stat"].iloc[day], rel=1e-9)
        factor = np.sqrt((sample.df / (sample.df - 2)).sum())
        assert sar.sum() / factor == pytest.approx(theirs["pt_stat"].iloc[day], rel=1e-9)
        assert abs(T["bmp"](sample).statistic / theirs["bh_stat"].iloc[day] - 1) > 1e-6


def test_quirk_wilcoxons_stars_are_one_sided_on_one_side(results: Results, folder: Path) -> None:
    frame = daily(folder, "quiet", "sim")
    theirs = dict(zip(frame["wlcx_stat"], frame["wlcx_signif"], strict=True))
    p = {}
    for day in range(10):
        got = T["wilcoxon"](results["quiet", "sim"].sample((day, day)))
        p[got.statistic] = got.pvalue
    # 1 and 27 of 28 are mirror images: one p, two grades of significance.
    assert p[1.0] == p[27.0] == pytest.approx(4 / 128, rel=1e-12)
    assert (theirs[1], theirs[27]) == ("**", "***")
    assert math.comb(7, 0) / 128 < p[27.0]
