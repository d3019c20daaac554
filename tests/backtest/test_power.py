"""The simulation behind size and power: its shocks, its samples, and that tests hold on them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from test_leads import SPEC, close

import backtest as bt
from backtest.errors import AlignmentError, UnknownNameError
from backtest.power import SKEW, Scenario, draw, garch_path, simulate, skewed_t


@pytest.mark.parametrize("df", [4, 6])
def test_shocks_have_mean_zero_and_variance_one(df: int) -> None:
    z = skewed_t(np.random.default_rng(0), df, SKEW[df], (400_000,))
    assert z.mean() == pytest.approx(0.0, abs=0.01)
    assert z.var() == pytest.approx(1.0, abs=0.08)
    assert garch_path(z.reshape(400, 1000)).var() == pytest.approx(1.0, abs=0.12)


def test_residuals_are_as_fat_and_skewed_as_those_of_shares() -> None:
    z = np.concatenate([s.residuals.z.ravel() for s in draw(Scenario(20), 60, 1)])
    assert 3 < stats.kurtosis(z) < 9
    assert 0 < stats.skew(z) < 0.9


def test_one_common_date_and_correlation() -> None:
    (sample,) = draw(Scenario(40, spread=1, rho=0.3), 1, 2)
    assert len(set(sample.days[:, 0])) == 1
    assert np.corrcoef(sample.residuals.values)[np.triu_indices(40, 1)].mean() == pytest.approx(0.3, abs=0.08)
    (apart,) = draw(Scenario(5), 1, 2)
    assert len(np.unique(apart.days)) == apart.days.size


def test_size_and_power() -> None:
    seen: list[tuple[int, int]] = []
    size = simulate(Scenario(20), ("kp-overlap", "cross-sectional", "sq"), 300, progress=lambda *a: seen.append(a))
    assert seen[-1] == (300, 300)
    assert ((size["rejected"] > 0.015) & (size["rejected"] < 0.09)).all()
    power = simulate(Scenario(20, effect=0.02), ("kp-overlap",), 200)
    assert power["rejected"].iloc[0] > 0.8
    refused = simulate(Scenario(20, spread=1, rho=0.1), ("bmp", "kp"), 50).set_index("test")["refused"]
    assert refused.to_dict() == {"bmp": 1.0, "kp": 0.0}
    with pytest.raises(UnknownNameError, match="unknown test 'kpp'"):
        simulate(Scenario(2), ("kpp",), 1)


def test_the_minimum_detectable_effect() -> None:
    table = bt.minimum_detectable(Scenario(20, m=100), replications=100)
    assert 0.005 < table["effect"].iloc[0] < 0.04
    assert np.isnan(bt.minimum_detectable(Scenario(3, m=60), ("wilcoxon",), replications=20)["effect"].iloc[0])


def test_placebo_dates_on_prices() -> None:
    prices = bt.Prices.from_frame(close())
    study = bt.EventStudy(**SPEC)
    quiet = bt.placebo_size(study, prices, 4, ("kp-overlap", "sq"), replications=40)
    assert (quiet["rejected"] < 0.25).all()
    loud = bt.placebo_size(study, prices, 4, ("kp-overlap",), replications=40, effect=0.2, spread=1)
    assert loud["rejected"].iloc[0] > 0.7
    with pytest.raises(AlignmentError, match="240 sessions are too few for windows"):
        bt.placebo_size(bt.EventStudy(event=(-5, 5), estimation=(-300, -11)), prices, 2)
