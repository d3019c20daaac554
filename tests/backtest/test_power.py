"""The simulation behind size and power: its shocks, its samples, and that tests hold on them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats
from test_leads import SPEC, close

import backtest as bt
from backtest import power as powers
from backtest.drawing import SKEW, Scenario, brought_near, draw, garch_path, shifted, skewed_t
from backtest.errors import AlignmentError, SchemaError, UnknownNameError
from backtest.inference.dependence import mean_correlation
from backtest.power import batches, clusters, simulate


@pytest.mark.parametrize("df", [4, 6])
def test_shocks_have_mean_zero_and_variance_one(df: int) -> None:
    z = skewed_t(np.random.default_rng(0), df, SKEW[df], (400_000,))
    assert z.mean() == pytest.approx(0.0, abs=0.01)
    assert z.var() == pytest.approx(1.0, abs=0.08)
    assert garch_path(z.reshape(400, 1000)).var() == pytest.approx(1.0, abs=0.12)


def test_residuals_are_as_fat_and_skewed_as_those_of_shares() -> None:
    """Pooled standardised residuals of shares have skewness 0.42 and excess kurtosis 5.4."""
    z = np.concatenate([s.residuals.z.ravel() for s in draw(Scenario(20), 80, 1)])
    assert stats.kurtosis(z) == pytest.approx(5.4, abs=0.8)
    assert stats.skew(z) == pytest.approx(0.42, abs=0.1)


def test_shares_differ_in_volatility_and_beta_as_said() -> None:
    samples = draw(Scenario(400, tails=0), 4, 3)
    sd = np.sqrt(np.concatenate([s.s2 for s in samples]))
    assert np.median(sd) == pytest.approx(0.022, rel=0.05)
    assert np.log(sd).std() == pytest.approx(0.35, abs=0.03)


def test_the_event_doubles_the_variance_of_day_0_alone() -> None:
    calm, raised = (
        np.concatenate([s.ar / np.sqrt(s.s2)[:, None] for s in draw(Scenario(50, (-1, 1), induced=i), 60, 4)])
        for i in (0.0, 1.0)
    )
    assert raised.var(axis=0) / calm.var(axis=0) == pytest.approx([1.0, 2.0, 1.0], abs=0.15)


def test_given_days_are_kept_but_for_gaps_in_which_nothing_is_shared() -> None:
    days = (40, 0, 1, 5000, 1, 40)
    assert brought_near(days, 66).tolist() == [40, 0, 1, 106, 1, 40]
    (sample,) = draw(Scenario(6, (-1, 1), rho=0.2, m=60, gap=3, days=days), 1, 0)
    start = sample.days[:, sample.columns.start]
    assert (start - start.min()).tolist() == [40, 0, 1, 106, 1, 40]
    with pytest.raises(SchemaError, match="2 days for n=3: give one day for each event, or none"):
        Scenario(3, days=(0, 1))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"n": 0}, "n=0: a study needs one event or more"),
        ({"spread": -1}, "spread=-1: days over which the events fall, 0 or more"),
        ({"rho": 1.0}, r"rho=1.0: a correlation of residuals lies in \[0, 1\)"),
        ({"rho": np.nan}, "rho=nan: a correlation"),
        ({"induced": -1.0}, "induced=-1.0: by what share the event raises the variance, 0 or more"),
        ({"effect": np.nan}, "effect=nan: give a return"),
        ({"tails": 2}, "tails=2: degrees of freedom of the shocks, 3 or more, or 0"),
        ({"m": 9}, "9 estimation days are too few to simulate; give 10 or more"),
        ({"gap": -1}, "gap=-1: days between the windows, 0 or more"),
        ({"window": (1, 3)}, r"window=\(1, 3\): it must hold day 0"),
    ],
)
def test_scenarios_that_make_no_sense(wrong: dict, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        Scenario(**{"n": 3, **wrong})


def test_events_on_given_days_share_the_market_and_the_industry() -> None:
    """Residuals are correlated on days in common, and market days are one and the same."""
    r = [
        np.corrcoef(s.residuals.values[0, 5:], s.residuals.values[1, :-5])[0, 1]
        for s in draw(Scenario(2, rho=0.4, m=200, days=(0, 5)), 60, 1)
    ]
    assert np.mean(r) == pytest.approx(0.4, abs=0.05)
    none = [np.corrcoef(s.residuals.values)[0, 1] for s in draw(Scenario(2, rho=0.4, m=200, days=(0, 5)), 60, 1)]
    assert np.mean(none) == pytest.approx(0.0, abs=0.05)


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
    for effect in (np.nan, np.inf):
        with pytest.raises(SchemaError, match=f"effect={effect}: give a return, 0.02 is 2 %"):
            bt.power_table(Scenario(3), effect=effect)
    with pytest.raises(AlignmentError, match=r"test window \(0, 9\) is not inside the event window"):
        bt.placebo_size(study, prices, 2, window=(0, 9))
    with pytest.raises(UnknownNameError, match="unknown test 'kpp'"):
        bt.power_table(Scenario(3), ("kpp",))
    with pytest.raises(UnknownNameError, match="unknown test 'kpp'"):
        bt.placebo_size(study, prices, 2, ("kpp",))


def test_prices_full_of_holes_have_no_placebo_dates() -> None:
    frame = close()
    frame.iloc[1::2, :4] = np.nan
    with pytest.raises(AlignmentError, match="no random date could be used; the prices have too many holes"):
        bt.placebo_size(bt.EventStudy(**SPEC), bt.Prices.from_frame(frame), 2, replications=3)


def test_power_of_a_z_test_where_shocks_are_normal() -> None:
    """Power is Phi(-1.96 - d) + Phi(-1.96 + d) with d = sum(effect / sigma) / sqrt(N), in the mean over volatilities."""
    n, effect = 20, 0.01
    sigma = 0.022 * np.exp(0.35 * np.random.default_rng(1).standard_normal((20_000, n)))
    d = effect * (1 / sigma).sum(axis=1) / np.sqrt(n)
    theory = (stats.norm.cdf(-1.96 - d) + stats.norm.cdf(-1.96 + d)).mean()
    got = bt.power_table(Scenario(n, tails=0), ("patell",), effect, 1000).iloc[0]
    assert theory == pytest.approx(0.58, abs=0.01)
    assert got["power"] == pytest.approx(theory, abs=3 * got["power_se"])
    assert got["size"] == pytest.approx(0.05, abs=3 * 0.007)


def test_large_samples_are_drawn_in_small_batches() -> None:
    assert batches(Scenario(20), 250) == [(0, 100), (100, 100), (200, 50)]
    sizes = [size for _, size in batches(Scenario(10_000), 20)]
    assert sum(sizes) == 20
    assert max(sizes) * 10_000 * 256 <= powers.DRAWN


def test_events_whose_windows_share_a_day_form_a_cluster() -> None:
    label, offset = clusters((7, 900, 2, 4, 903, 500), 3)
    assert label.tolist() == [1, 3, 0, 0, 4, 2]
    assert offset.tolist() == [0, 0, 0, 2, 0, 0]
    label, offset = clusters((7, 900, 2, 4, 903, 500), 4)
    assert label.tolist() == [0, 2, 0, 0, 2, 1]
    assert offset.tolist() == [5, 0, 0, 2, 3, 0]


def test_random_dates_keep_the_nearness_of_the_design() -> None:
    prices, study = bt.Prices.from_frame(close()), bt.EventStudy(**SPEC)
    design = Scenario(4, days=(0, 0, 900, 900), spread=901)
    for sample in powers.samples(design, 25, 1, study, prices):
        start = sample.days[:, sample.columns.start]
        assert start[0] == start[1]
        assert start[2] == start[3]
    wide = Scenario(3, (-1, 1), days=(0, 2, 4), spread=5)
    for sample in powers.samples(wide, 25, 1, study, prices):
        assert np.diff(np.sort(sample.days[:, sample.columns.start])).tolist() == [2, 2]


def test_random_dates_take_shares_that_have_prices_there() -> None:
    frame = close()
    late = frame[["BOO.L", "NXT.L", "ASC.L", "ZAL.DE"]].add_prefix("NEW")
    late.iloc[:200] = np.nan
    prices, study = bt.Prices.from_frame(frame.join(late)), bt.EventStudy(**SPEC)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = [sample.n for sample in powers.samples(Scenario(3, spread=1), 40, 2, study, prices)]
    assert got == [3] * 40
    crowd = len(prices.tickers) + 40
    with pytest.warns(
        UserWarning, match=rf"in the mean [\d.]+ of {crowd} events could be used; there were too few shares"
    ):
        bt.placebo_size(study, prices, crowd, ("sq",), 3, spread=1)


def test_thousands_of_events_far_apart_are_tested_in_little_memory() -> None:
    (sample,) = draw(Scenario(1500, m=30), 1, 0)
    assert mean_correlation(sample) == 0.0
    table = bt.power_table(Scenario(1500, m=30), ("kp-overlap", "calendar-time"), 0.002, 20)
    assert (table["power"] > 0.8).all()
