"""The specification curve: every variant gives what a run of its own gives."""

from __future__ import annotations

import warnings
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.errors import AlignmentError, SchemaError, UnknownNameError
from backtest.inference import TESTS
from backtest.models.linear import constant_mean
from backtest.questions.specification import Sweep, SweepResult, sweep

mpl.use("agg")
DAYS = pd.bdate_range("2019-01-01", periods=320)
STUDY = bt.EventStudy(event=(-2, 4), estimation=(-150, -11), min_obs=50)
AXES = {
    "model": ["market", "constant-mean", "market-adjusted"],
    "estimation": [(-150, -11), (-100, -11)],
    "event": [(-2, 4), (0, 1)],
    "date_only": ["same", "next"],
}


@pytest.fixture(scope="module")
def data() -> tuple[pd.DataFrame, bt.Prices]:
    rng = np.random.default_rng(11)
    market = rng.normal(0, 0.01, 320)
    values = market[:, None] + rng.standard_t(4, (320, 30)) * 0.01
    values[rng.random(values.shape) < 0.01] = np.nan
    frame = pd.DataFrame(values, index=DAYS, columns=[f"S{i:02d}" for i in range(30)])
    where = rng.integers(170, 310, 60)
    values[where, np.arange(60) % 30] = 0.03
    kinds = np.where(np.arange(60) % 2, "profit-warning", "takeover-rumour")
    events = pd.DataFrame({"asset": frame.columns[np.arange(60) % 30], "event_time": DAYS[where], "kind": kinds})
    return events, bt.Prices.from_returns(frame, pd.Series(market, index=DAYS, name="IX"))


@pytest.fixture(scope="module")
def curve(data: tuple[pd.DataFrame, bt.Prices]) -> SweepResult:
    return sweep(STUDY, **AXES).run(*data, by="kind", window=(0, 1))


def test_every_combination_is_there_once() -> None:
    variants = sweep(STUDY, **AXES)
    assert isinstance(variants, Sweep)
    assert len(variants) == len(set(variants.variants)) == 24
    assert variants.variants[0] == STUDY
    assert len(sweep(STUDY)) == 1


def test_each_variant_is_what_its_own_run_gives(data, curve) -> None:
    assert len(curve.table) == 48
    assert curve.table.groupby("kind")["chosen"].sum().eq(1).all()
    rows = curve.table.set_index(["kind", *AXES])
    for spec in sweep(STUDY, **AXES).variants:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = spec.run(*data)
        for kind, sample in result.samples((0, 1)):
            found, own = (
                rows.loc[(kind, spec.model, str(spec.estimation), str(spec.event), spec.date_only)],
                TESTS["bmp"](sample),
            )
            expected = [sample.car.mean(), own.low, own.high, own.pvalue, sample.n]
            assert list(found[["estimate", "low", "high", "pvalue", "n"]]) == pytest.approx(expected, rel=1e-12)


def test_other_policies_and_models_of_ones_own(data) -> None:
    variants = sweep(STUDY, contamination=["mask"], model=[constant_mean, "market"])
    table = variants.run(*data).table.set_index(["model", "contamination"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        masked = replace(STUDY, contamination="mask").run(*data)
    assert table.loc[("market", "mask"), "estimate"] == pytest.approx(masked.sample().car.mean(), rel=1e-12)
    assert set(table.index.get_level_values("model")) == {"constant_mean", "market"}
    peers = sweep(STUDY, peers=[True], measure=["volatility"]).run(*data).table
    assert set(peers["measure"]) == {"return", "volatility"}


def test_the_summary_counts(curve) -> None:
    summary = curve.summary().set_index("kind")
    part = curve.table[curve.table["kind"] == "profit-warning"]
    row = summary.loc["profit-warning"]
    assert row["variants"] == 24
    assert row["chosen"] == part.loc[part["chosen"], "estimate"].item()
    assert row["least"] <= row["median"] <= row["largest"]
    assert row["significant"] == (part["pvalue"] <= 0.05).mean()
    assert 0 <= row["same_sign"] <= 1


def test_the_plot_marks_the_chosen_one(curve) -> None:
    ax = curve.plot("takeover-rumour")
    assert ax.get_legend().get_texts()[0].get_text() == "chosen"
    part = curve.table[(curve.table["kind"] == "takeover-rumour") & curve.table["chosen"]]
    marks = [line for line in ax.lines if line.get_marker() == "D"]
    assert marks[0].get_xdata()[0] == pytest.approx(100 * part["estimate"].item())
    many = replace(curve, table=pd.concat([curve.table.assign(chosen=False)] * 3))
    assert not list(many.plot().get_yticks())
    with pytest.raises(UnknownNameError, match="unknown kind 'takeover-rumor'; did you mean 'takeover-rumour'"):
        curve.plot("takeover-rumor")


def test_progress_and_bound_data(data) -> None:
    seen: list[tuple[int, int]] = []
    sweep(STUDY, *data, event=[(0, 1)]).run(progress=lambda *at: seen.append(at))
    assert seen == [(1, 2), (2, 2)]


def test_windows_that_overlap_are_left_out_and_named() -> None:
    variants = sweep(STUDY, event=[(-2, 4), (-20, 4)])
    assert len(variants) == 1
    assert "overlaps the estimation window" in variants.skipped[0]
    with pytest.raises(AlignmentError, match="no combination is possible"):
        sweep(STUDY, event=[(-20, 4)])


def test_a_variant_without_events_says_why(data) -> None:
    long = sweep(STUDY, estimation=[(-400, -11)], min_obs=[390])
    table = long.run(*data).table
    lost = table[table["estimate"].isna()]
    assert len(lost)
    assert lost["note"].str.contains("events dropped").all()
    with pytest.raises(AlignmentError, match="none of the 1 variants has an event left"):
        sweep(replace(STUDY, estimation=(-400, -11), min_obs=390)).run(*data)


def test_bad_arguments(data) -> None:
    with pytest.raises(SchemaError, match="'modell' is no field of EventStudy"):
        sweep(STUDY, modell=["market"])
    with pytest.raises(SchemaError, match="'model' is no field of EventStudy with values"):
        sweep(STUDY, model=[])
    with pytest.raises(SchemaError, match="needs events and prices"):
        sweep(STUDY).run()
    with pytest.raises(UnknownNameError, match="unknown test"):
        sweep(STUDY).run(*data, test="bmpp")
    with pytest.raises(AlignmentError, match="not inside the event window"):
        sweep(STUDY).run(*data, window=(0, 9))


def test_a_sweep_shows_itself() -> None:
    assert repr(sweep(STUDY, event=AXES["event"])).startswith("Sweep(2 variants, 0 skipped")
    row = {"kind": "<b>", "chosen": True, "n": 3, "estimate": 0.25, "low": 0.0, "high": 0.5, "pvalue": 0.04, "note": ""}
    found = SweepResult(pd.DataFrame([row]), "bmp", "simulated <prices>")
    assert repr(found).startswith("Sweep: 1 estimate, 1 kind, p-values of bmp\n")
    assert repr(found).endswith("simulated <prices>")
    shown = found._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert "<strong>simulated &lt;prices&gt;</strong>" in shown
    assert "0.2500" in shown
    assert "strong" not in SweepResult(pd.DataFrame([row]), "bmp")._repr_html_()
