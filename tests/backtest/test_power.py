"""The simulation behind size and power: its shocks, its samples, and that tests hold on them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from test_leads import SPEC, close

import backtest as bt
from backtest import power as powers
from backtest.errors import AlignmentError, SchemaError, UnknownNameError
from backtest.inference.dependence import mean_correlation
from backtest.power import SKEW, Scenario, draw, garch_path, shifted, simulate, skewed_t


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


def test_the_overlap_weighted_correlation_pair_by_pair() -> None:
    found = []
    for sample in draw(Scenario(12, (-1, 1), spread=11, rho=0.1), 40, 5):
        block, start, total = sample.residuals, sample.days[:, sample.columns.start], 0.0
        for i in range(sample.n):
            for j in range(i + 1, sample.n):
                shared_days = max(0, 3 - abs(int(start[i] - start[j])))
                _, a, b = np.intersect1d(block.days[i], block.days[j], return_indices=True)
                total += shared_days / 3 * np.corrcoef(block.values[i, a], block.values[j, b])[0, 1]
        found.append(mean_correlation(sample))
        assert found[-1] == pytest.approx(total / 66, rel=1e-10)
    # Two days out of 11 share (1, 2/3, 1/3) of a window with probability (11, 20, 18) / 121.
    assert np.mean(found) == pytest.approx(0.1 * (11 + 20 * 2 / 3 + 18 / 3) / 121, abs=0.006)


def test_the_power_table() -> None:
    seen: list[tuple[int, int]] = []
    names = ("kp-overlap", "cross-sectional", "wilcoxon")
    table = bt.power_table(Scenario(4, m=100), names, 0.05, 80, progress=lambda *a: seen.append(a))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert list(table["test"]) == list(names)
    assert (table["replications"] == 80).all()
    assert (table["source"] == "simulation").all()
    rows = table.set_index("test")
    assert rows.loc["wilcoxon", "size"] == rows.loc["wilcoxon", "power"] == 0  # four events cannot reject at 5 %
    assert np.isnan(rows.loc["wilcoxon", "minimum_effect"])
    assert rows.loc["wilcoxon", "refused"] == 1
    plain = simulate(Scenario(4, m=100), names, 80).set_index("test")["rejected"]
    strong = simulate(Scenario(4, m=100, effect=0.05), names, 80).set_index("test")["rejected"]
    assert rows["size"].to_dict() == pytest.approx(plain.to_dict())
    assert rows["power"].to_dict() == pytest.approx(strong.to_dict(), abs=0.02)
    for name in ("kp-overlap", "cross-sectional"):
        least = rows.loc[name, "minimum_effect"]
        assert simulate(Scenario(4, m=100, effect=least), (name,), 80)["rejected"].iloc[0] >= 0.79
        assert simulate(Scenario(4, m=100, effect=0.9 * least), (name,), 80)["rejected"].iloc[0] < 0.82


def test_an_effect_moves_day_0_alone_and_keeps_the_correlation() -> None:
    (sample,) = draw(Scenario(6, (-1, 1), spread=3, rho=0.2), 1, 0)
    r = mean_correlation(sample)
    moved = shifted(sample, 0.02)
    np.testing.assert_allclose(moved.ar - sample.ar, np.tile([0.0, 0.02, 0.0], (6, 1)), atol=1e-15)
    assert mean_correlation(moved) == r
    assert moved.scar.mean() > sample.scar.mean()
    assert shifted(sample, 0.0) is sample


def test_fewer_samples_where_they_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(powers, "HELD", 4 * 65 * 30)
    table = bt.power_table(Scenario(4, m=60), ("bmp",), replications=200)
    assert table["replications"].iloc[0] == 30


def test_the_power_table_of_placebo_dates() -> None:
    prices, study = bt.Prices.from_frame(close()), bt.EventStudy(**SPEC)
    table = bt.power_table(Scenario(3), ("kp-overlap", "sq"), 0.3, 30, study=study, prices=prices)
    assert (table["source"] == "placebo").all()
    assert (table["size"] < 0.3).all()
    assert table.set_index("test").loc["kp-overlap", "power"] > 0.8
    with pytest.raises(SchemaError, match="placebo dates need both study= and prices="):
        bt.power_table(Scenario(3), study=study)
    with pytest.raises(UnknownNameError, match="unknown test 'kpp'"):
        bt.power_table(Scenario(3), ("kpp",))
    with pytest.raises(UnknownNameError, match="unknown test 'kpp'"):
        bt.placebo_size(study, prices, 2, ("kpp",))


def test_prices_full_of_holes_have_no_placebo_dates() -> None:
    frame = close()
    frame.iloc[1::2, :4] = np.nan
    with pytest.raises(AlignmentError, match="no random date could be used; the prices have too many holes"):
        bt.placebo_size(bt.EventStudy(**SPEC), bt.Prices.from_frame(frame), 2, replications=3)
