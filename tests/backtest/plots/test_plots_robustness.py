"""Pictures of doubt: the numbers of the tables and tests."""

import numpy as np
import pandas as pd
import pytest
from pictures import NOTICE, blank, twelve, words

from backtest import plots
from backtest.errors import UnknownNameError


@pytest.fixture(scope="module")
def result():
    return twelve()


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
