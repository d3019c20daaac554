"""Pictures of a strategy: the numbers of its tables."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from pictures import NOTICE, blank, fifteen, traded, twelve, words

from backtest import plots
from backtest.errors import UnknownNameError
from backtest.placebo import PlaceboResult
from backtest.plots import strokes


@pytest.fixture(scope="module")
def result():
    return fifteen()


@pytest.fixture(scope="module", name="traded")
def traded_twelve():
    return traded()


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
    assert [t.get_text() for t in ax.get_yticklabels()] == ["takeover-rumour, N=2", "profit-warning, N=10"]
    assert "hollow and orange: fewer than 10 trades" in words(ax)


def test_entry_ladder_shades_what_nobody_could_trade():
    lags = pd.DataFrame({
        "entry": ["event-day close (look-ahead)", "next-open"], "look_ahead": [True, False], "gross_mean": [0.05, 0.01],
        "net_mean": [0.045, 0.004], "low": [0.0, -0.01], "high": [0.1, 0.02],
    })  # fmt: skip
    ax = plots.entry_ladder(lags, NOTICE, blank())
    lines = [list(line.get_ydata()) for line in ax.lines if line.get_marker() in ("o", "s")]
    assert lines == [pytest.approx([5.0, 1.0]), pytest.approx([4.5, 0.4])]
    assert len(ax.patches) == 1
    assert {"before costs", "after costs", NOTICE} <= {t.get_text() for t in ax.get_figure().findobj(mpl.text.Text)}


LAGS = pd.DataFrame({
    "entry": ["event-day close (look-ahead)", "next-open"], "look_ahead": [True, False], "gross_mean": [0.05, 0.01],
    "net_mean": [0.045, 0.004], "low": [0.0, -0.01], "high": [0.1, 0.02], "trades": 12,
})  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_effect_and_the_ladder_stand_side_by_side(result, theme):
    """Left the mean path of the traded kinds alone, right both lines of the ladder; each panel is marked as simulated."""
    figure = plots.effect_and_ladder(result, LAGS, {"takeover-rumour"}, NOTICE, theme)
    effect, ladder = figure.axes
    assert effect.get_position().x1 < ladder.get_position().x0
    rumours = result.ar.loc[result.events.index[result.events["kind"] == "takeover-rumour"]]
    paths = [line.get_ydata() for line in effect.lines if line.get_linewidth() == 2]
    assert paths == [pytest.approx(100 * rumours.mean().cumsum().to_numpy())]
    assert len(effect.collections) == 1, "the interval"
    lines = [list(line.get_ydata()) for line in ladder.lines if line.get_marker() in ("o", "s")]
    assert lines == [pytest.approx([5.0, 1.0]), pytest.approx([4.5, 0.4])]
    assert "profit-warning" not in words(effect)
    for ax in (effect, ladder):
        assert NOTICE in " ".join(t.get_text().replace("\n", " ") for t in ax.texts)
        assert strokes.theme_of(ax) == theme


def test_the_ladder_stands_alone_without_a_study_of_its_kinds(traded):
    def panels(study):
        return len(dict(plots.strategy_figures(traded, LAGS, None, study=study))["entry_ladder"].axes)

    assert [panels(study) for study in (None, twelve())] == [1, 2]
    other = replace(traded, placed=traded.placed)
    other.__dict__["trades"] = traded.trades.assign(kind="of my own")
    assert len(dict(plots.strategy_figures(other, LAGS, None, study=twelve()))["entry_ladder"].axes) == 1


def test_a_curve_of_groups_that_are_not_there(result):
    with pytest.raises(UnknownNameError, match="none of the groups 'takeover' is in this result; there are 'other"):
        plots.caar(result, groups=["takeover"])


def test_placebo_histogram_says_where_the_strategy_stands():
    draws = pd.DataFrame({"same-stock": np.linspace(-0.02, 0.02, 101), "same-day": 0.0})
    table = pd.DataFrame({"placebo": ["same-stock", "same-day"], "p_better": [0.0123, 1.0]})
    found = PlaceboResult(table, draws, 0.015, NOTICE)
    ax = plots.placebo_histogram(found, ax=blank())
    assert "101 draws; p 0.012" in words(ax)
    assert ax.lines[0].get_xdata()[0] == pytest.approx(1.5)
    assert "same-day" in words(plots.placebo_histogram(found, "same-day", blank()))
    with pytest.raises(UnknownNameError, match="unknown placebo 'x'; there are 'same-stock', 'same-day'"):
        plots.placebo_histogram(found, "x")
