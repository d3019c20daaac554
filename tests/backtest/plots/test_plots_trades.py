"""Pictures of a strategy: the numbers of its tables."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from pictures import NOTICE, blank, fifteen, traded, words

from backtest import plots
from backtest.errors import UnknownNameError
from backtest.placebo import PlaceboResult


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
