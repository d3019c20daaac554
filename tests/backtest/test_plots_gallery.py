"""The pictures of the gallery: the numbers of the tables, the notice, units, and what is said of few events."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from backtest import gallery, plots
from backtest.errors import UnknownNameError
from backtest.placebo import PlaceboResult
from backtest.strategy import Strategy
from backtest.study import EventStudy
from backtest.testing import events_table, price_panel

NOTICE = "simulated prices, reported event-day moves imposed: not market data"


@pytest.fixture(scope="module")
def result():
    assets = list("ABCD")
    places = [(assets[i % 4], 280 + 9 * i) for i in range(12)]
    panel = price_panel(assets, 420, {place: -0.08 if i < 10 else 0.05 for i, place in enumerate(places)}, seed=1)
    rows = list(zip(panel.events["asset"], panel.events["event_time"].dt.date.astype(str), strict=True))
    events = events_table(rows, kind=["profit-warning"] * 10 + ["takeover-rumour"] * 2)
    return EventStudy().run(events, replace(panel.prices, notice=NOTICE))


@pytest.fixture(scope="module")
def traded(result):
    strategy = Strategy(hold=5, side={"profit-warning": -1, "takeover-rumour": 1}, entry="next-close", hedge=None)
    return strategy.run(result.events, result.prices)


def blank():
    return Figure(figsize=(6, 4)).add_subplot()


def words(ax):
    return " ".join(t.get_text() for t in ax.get_figure().findobj(mpl.text.Text))


def test_spaghetti_draws_every_path_and_the_mean(result):
    ax = plots.spaghetti(result, "profit-warning", blank())
    paths = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 16]
    expected = 100 * result.ar.iloc[:10].cumsum(axis=1)
    assert len(paths) == 11
    assert np.allclose(paths[:10], expected.to_numpy())
    assert np.allclose(paths[10], expected.mean().to_numpy())
    assert NOTICE in words(ax)
    assert "10 events" in words(ax)
    few = words(plots.spaghetti(result, "takeover-rumour", blank()))
    assert "fewer than 10 events" in few
    assert "12 events" in words(plots.spaghetti(result, ax=blank()))
    with pytest.raises(UnknownNameError, match="unknown kind 'x' in this result; there are 'profit-warning'"):
        plots.spaghetti(result, "x")


def test_heat_map_holds_the_table(result):
    ax = plots.heat_map(result, blank())
    image = ax.get_images()[0]
    assert np.allclose(image.get_array(), 100 * result.ar.to_numpy())
    assert image.get_clim() == (-10, 10)
    assert len(ax.get_yticklabels()) == 12
    assert NOTICE in words(ax)
    assert "abnormal return (%)" in words(ax)


def test_heat_map_of_many_events_names_the_kinds_only(result, monkeypatch):
    monkeypatch.setattr(gallery, "_ROWS", 5)
    ax = plots.heat_map(result, blank())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["profit-warning", "takeover-rumour"]
    assert list(ax.get_yticks()) == [0, 10]
    assert gallery._apart(np.array([0, 1, 9]), 3) == [0, 3, 9]


def test_placebo_days_count_what_the_sq_test_counts(result):
    ax = plots.placebo_days(result, "E3", (0, 1), blank())
    row = result.test("sq", windows=[(0, 1)]).set_index("event_id").loc["E3"]
    assert f"SQ p {row['pvalue']:.3f}" in words(ax)
    heights = sum(patch.get_height() for patch in ax.patches)
    assert heights == 249
    value = ax.lines[0].get_xdata()[0]
    assert value == pytest.approx(100 * row["effect"])
    assert NOTICE in words(ax)
    with pytest.raises(UnknownNameError, match="unknown event 'nope'"):
        plots.placebo_days(result, "nope")


def test_event_calendar_marks_every_event_once():
    events = events_table(
        [("A", "2020-01-02"), ("A", "2021-05"), ("B", "2022-03-04T08:00Z")], kind=["other", "other", "mine"]
    )
    ax = plots.event_calendar(events, NOTICE, blank())
    drawn = sum(len(line.get_xdata()) for line in ax.lines)
    assert drawn == 3
    assert [line.get_alpha() for line in ax.lines if len(line.get_xdata())] == [1.0, 0.35, 1.0]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["other: 2", "mine: 1"]
    assert NOTICE in words(ax)


def test_date_sensitivity_fills_the_days_that_stand_out(result):
    ax = plots.date_sensitivity(result, "E1", blank())
    marks = {line.get_xdata()[0]: line for line in ax.lines if line.get_marker() == "o"}
    assert len(marks) == 16
    assert marks[0].get_ydata()[0] == pytest.approx(100 * result.ar.loc["E1", 0])
    assert marks[0].get_markerfacecolor() != marks[-1].get_markerfacecolor()
    assert NOTICE in words(ax)
    with pytest.raises(UnknownNameError, match="unknown event 'nope'"):
        plots.date_sensitivity(result, "nope")


def test_specification_curve_is_sorted_and_counts_what_holds():
    specs = pd.DataFrame(
        {"spec": ["a", "b", "c"], "effect": [0.02, -0.01, 0.0], "low": [0.01, -0.02, -0.1], "high": [0.03, -0.001, 0.1]}
    )
    ax = plots.specification_curve(specs, NOTICE, blank())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["b", "c", "a"]
    assert "2 of 3 specifications" in words(ax)


def test_power_chart_has_a_line_per_test():
    table = pd.DataFrame(
        {"test": ["bmp", "bmp", "sq", "sq"], "effect": [0.0, 0.02, 0.02, 0.0], "rejected": [0.05, 0.9, 0.2, 0.06]}
    )
    ax = plots.power_chart(table, NOTICE, blank())
    lines = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 2 and line.get_marker() != "None"]
    assert [list(y) for y in lines] == [[5.0, 90.0], [6.0, 20.0]]
    assert {"bmp", "sq"} <= set(words(ax).split())


def test_spillover_draws_the_ratio_of_sums():
    pairs = pd.DataFrame({"issuer": [-0.2, -0.1, np.nan], "peer": [-0.05, -0.04, 0.1]})
    ax = plots.spillover(pairs, "ASC.L", "ZAL.DE", NOTICE, blank())
    line = next(
        line
        for line in ax.lines
        if line.get_marker() == "None" and len(line.get_ydata()) == 2 and line.get_color() != "#595959"
    )
    assert line.get_ydata() == pytest.approx([-6.0, -3.0])
    assert "2 events; line: ratio of sums, 0.30 of the issuer's move" in words(ax)
    assert ax.get_xlabel() == "abnormal return of ASC.L (%)"
    assert "1 event" in words(plots.spillover(pairs.iloc[:1], "A", "B", ax=blank()))


def test_equity_shows_value_and_worst_drawdown(traded):
    ax = plots.equity(traded, blank())
    assert ax.lines[0].get_ydata() == pytest.approx(traded.equity.to_numpy())
    assert f"{100 * abs(traded.drawdown.min()):.1f} %" in words(ax)
    assert "12 trades: too few to judge a strategy by" in words(ax)
    assert NOTICE in words(ax)


def test_trade_returns_have_a_stroke_each(traded):
    ax = plots.trade_returns(traded, blank())
    strokes = np.concatenate([line.get_xdata() for line in ax.lines if line.get_marker() == "|"])
    assert sorted(strokes) == pytest.approx(sorted(100 * traded.trades["net_return"]))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["profit-warning, N=10", "takeover-rumour, N=2"]
    assert "orange: fewer than 10 trades" in words(ax)


def test_entry_ladder_shades_what_nobody_could_trade():
    lags = pd.DataFrame({
        "entry": ["event-day close (look-ahead)", "next-open"], "look_ahead": [True, False], "gross_mean": [0.05, 0.01],
        "net_mean": [0.045, 0.004], "low": [0.0, -0.01], "high": [0.1, 0.02],
    })  # fmt: skip
    ax = plots.entry_ladder(lags, NOTICE, blank())
    lines = [list(line.get_ydata()) for line in ax.lines if line.get_marker() == "o"]
    assert lines == [pytest.approx([5.0, 1.0]), pytest.approx([4.5, 0.4])]
    assert len(ax.patches) == 1
    assert {"before costs", "after costs", NOTICE} <= {t.get_text() for t in ax.get_figure().findobj(mpl.text.Text)}


def test_placebo_histogram_says_where_the_strategy_stands():
    draws = pd.DataFrame({"same-stock": np.linspace(-0.02, 0.02, 101), "same-day": 0.0})
    table = pd.DataFrame({"placebo": ["same-stock", "same-day"], "p_better": [0.0123, 1.0]})
    found = PlaceboResult(table, draws, 0.015, NOTICE)
    ax = plots.placebo_histogram(found, ax=blank())
    assert "101 draws, p 0.012" in words(ax)
    assert ax.lines[0].get_xdata()[0] == pytest.approx(1.5)
    assert "same-day" in words(plots.placebo_histogram(found, "same-day", blank()))
    with pytest.raises(UnknownNameError, match="unknown placebo 'x'; there are 'same-stock', 'same-day'"):
        plots.placebo_histogram(found, "x")


def test_every_name_of_the_gallery_is_a_documented_function():
    for name in plots.GALLERY:
        assert getattr(plots, name).__doc__
    with pytest.raises(AttributeError, match=r"module 'backtest.plots' has no attribute 'nothing'"):
        plots.nothing  # noqa: B018
