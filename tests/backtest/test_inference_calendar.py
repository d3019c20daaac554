"""Calendar-time portfolios: Newey-West against statsmodels, the alpha of raw returns, clusters, and every refusal."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from panels import make_result

import backtest as bt
from backtest.errors import UnknownNameError
from backtest.inference import Residuals, Sample
from backtest.inference.calendar import LARGEST, lag_length, portfolios

T = bt.TESTS


def fixed(
    ar: np.ndarray, days: np.ndarray, residuals: np.ndarray | None = None, at: np.ndarray | None = None
) -> Sample:
    """Return a sample of n events with the given abnormal returns (n, L) on calendar days (n, L)."""
    n, length = ar.shape
    block = np.zeros((n, 10)) if residuals is None else residuals
    place = np.broadcast_to(np.arange(10), (n, 10)) if at is None else at
    return Sample(
        window=(0, length - 1), first_day=0, ar=ar, s2=np.ones(n), df=np.full(n, 8.0), n_obs=np.full(n, 10), days=days,
        asset=np.arange(n), source=Residuals(block, np.ones((n, 1)), place).take,
    )  # fmt: skip


@pytest.mark.parametrize("lags", [None, 0, 3])
def test_newey_west_mean_against_statsmodels(lags: int | None) -> None:
    sample = make_result(12, 3).sample((0, 2))
    _, portfolio = portfolios(sample)
    d = len(portfolio)
    used = lag_length(d) if lags is None else lags
    fit = sm.OLS(portfolio, np.ones(d)).fit(
        cov_type="HAC", cov_kwds={"maxlags": used, "use_correction": True}, use_t=True
    )
    got = partial(T["calendar-time"], variance="newey-west", lags=lags)(sample)
    assert got.statistic == pytest.approx(fit.tvalues[0], rel=1e-10)
    assert got.pvalue == pytest.approx(fit.pvalues[0], rel=1e-9)
    assert got.df == d - 1


@pytest.mark.parametrize("variance", ["plain", "newey-west"])
def test_alpha_of_the_portfolio_of_raw_returns(variance: str) -> None:
    result = make_result(15, 5, spread=30, holes=0.0)
    window = (-1, 3)
    returns = result.estimates.returns[:, 2:7]
    frame = pd.DataFrame({"day": result.estimates.days[:, 2:7].ravel(), "r": returns.ravel()})
    levels = result.prices.benchmark_returns.iloc[:, 0].to_numpy()
    mean = frame.groupby("day")["r"].mean()
    x = sm.add_constant(levels[mean.index.to_numpy()])
    kinds = {"cov_type": "HAC", "cov_kwds": {"maxlags": lag_length(len(mean)), "use_correction": True}, "use_t": True}
    fit = sm.OLS(mean.to_numpy(), x).fit(**(kinds if variance == "newey-west" else {}))
    got = partial(T["calendar-time"], variance=variance, on="returns")(result.sample(window))
    assert got.statistic == pytest.approx(fit.tvalues[0], rel=1e-9)
    assert got.effect == pytest.approx(5 * fit.params[0], rel=1e-9)
    assert got.df == len(mean) - 2
    low, high = fit.conf_int()[0]
    assert (got.low, got.high) == (pytest.approx(5 * low, rel=1e-8), pytest.approx(5 * high, rel=1e-8))


def test_a_count_of_days_is_no_regressor_and_other_models_have_none() -> None:
    alpha = partial(T["calendar-time"], on="returns")
    for model in ("constant-mean", "trade-to-trade"):
        got = alpha(make_result(6, 2, model=model).sample((0, 1)))
        assert got.reason == "this model has no regressors that a portfolio could be regressed on"
    plain, stepped = (make_result(6, 2, holes=0.0, model=m).sample((0, 1)) for m in ("market", "market-adjusted"))
    assert alpha(plain).statistic == pytest.approx(alpha(stepped).statistic, rel=1e-12)
    assert np.isnan(alpha(fixed(np.ones((2, 1)), np.array([[1], [2]]))).statistic)


def test_garch_models_leave_their_count_of_days_out() -> None:
    pytest.importorskip("arch", reason="the extra garch is not installed")
    alpha = partial(T["calendar-time"], on="returns")
    garch, plain = (make_result(3, 2, holes=0.0, model=m).sample((-3, 4)) for m in ("garch", "market"))
    assert alpha(garch).statistic == pytest.approx(alpha(plain).statistic, rel=1e-9)


def test_calendar_time_refuses() -> None:
    ar = np.array([[0.01], [0.03]])
    assert T["calendar-time"](fixed(ar, np.array([[5], [5]]))).reason == "one calendar day only"
    equal = T["calendar-time"](fixed(np.full((2, 1), 0.01), np.array([[5], [6]])))
    assert equal.reason == "zero variance of the portfolio's returns"
    few = partial(T["calendar-time"], on="returns")(make_result(2, 0, spread=1, holes=0.0).sample((0, 1)))
    assert few.reason == "2 calendar days are too few for 2 coefficients"
    with pytest.raises(UnknownNameError, match="unknown variance 'newey'; did you mean 'newey-west'"):
        partial(T["calendar-time"], variance="newey")(fixed(ar, np.array([[5], [6]])))


def test_standardised_calendar_time_refuses() -> None:
    rng = np.random.default_rng(0)
    apart = np.array([np.arange(10), np.arange(100, 110)])
    residuals = rng.normal(size=(2, 10))
    alone = fixed(np.array([[1.0], [2.0]]), np.array([[20], [120]]), residuals, apart)
    z = np.array([1.0 / residuals[0].std(ddof=1), 2.0 / residuals[1].std(ddof=1)])
    assert T["calendar-time-std"](alone).statistic == pytest.approx(z.sum() / np.sqrt(2), rel=1e-12)
    together = fixed(np.array([[1.0], [2.0]]), np.array([[120], [120]]), residuals, apart)
    reason = "the active events have no estimation days in common"
    assert T["calendar-time-std"](together).reason == reason
    many = LARGEST + 1
    large = fixed(np.ones((many, 1)), np.arange(many)[:, None])
    assert T["calendar-time-std"](large).reason.startswith("standardised calendar-time test is for at most 5000 events")


def test_clusters_refuse() -> None:
    ar, days = np.array([[0.01], [0.02], [0.03]]), np.array([[5], [5], [5]])
    assert T["clustered"](fixed(ar, days)).reason == "one cluster only"
    same = fixed(np.full((3, 1), 0.02), np.array([[5], [6], [7]]))
    assert T["clustered"](same).reason == "zero variance between the clusters"
