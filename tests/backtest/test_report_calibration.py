"""The calibration section: sizes from the simulations that ship, found by events and nearness, and from the run's own prices."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backtest.report import calibration
from backtest.study import EventStudy
from backtest.summary import answers
from backtest.testing import price_panel

TABLES = Path(__file__).resolve().parents[1] / "calibration"


def made(count=4, apart=7, noise=0.01):
    shares = [f"S{i}" for i in range(count)]
    panel = price_panel(shares, 700, {(s, 300 + apart * i): -0.05 for i, s in enumerate(shares)}, noise=noise, seed=4)
    return EventStudy().run(panel.events, panel.prices)


def days(*dates):
    return pd.Series(pd.to_datetime(list(dates)))


@pytest.mark.parametrize(
    ("dates", "scenario"),
    [
        (("2020-01-06",), "A"),
        (("2020-01-06", "2020-01-06"), "C"),
        (("2020-01-06", "2020-01-08", "2020-01-20"), "E"),
        (("2020-01-06", "2020-03-02", "2020-06-01", "2020-06-02"), "A"),
        ((None, None), "A"),
    ],
)
def test_dates_are_sorted_into_scenarios(dates, scenario):
    assert calibration.nearness(days(*dates)) == scenario


def test_sizes_are_those_of_the_nearest_simulation():
    table = calibration.shipped()
    result = made(4, 60)
    row = calibration.calibration(result, answers(result)).iloc[0]
    cell = table.query("test == 'kp-overlap' and scenario == 'A' and length == 1 and n == 5")["size"].item()
    raised = table.query("test == 'kp-overlap' and scenario == 'B' and length == 1 and n == 5")["size"].item()
    assert (row["n"], row["nearest_n"], row["dates"]) == (4, 5, "on separate days")
    assert row["size"] == pytest.approx(cell / 100)
    assert row["size_raised_variance"] == pytest.approx(raised / 100)


def test_a_single_event_is_looked_up_among_single_events():
    result = made(1)
    row = calibration.calibration(result, answers(result)).iloc[0]
    assert (row["nearest_n"], row["dates"]) == (1, "of one day")
    words = " ".join(calibration.sentences(result, calibration.calibration(result, answers(result)), (0, 0)))
    assert "A calm past makes an unquiet day look like news" in words
    assert "where news doubles the variance of the day" in words


@pytest.mark.parametrize(
    ("size", "words"), [(0.05, ").§"), (0.09, "Read its p with care."), (0.01, "errs on the safe side.")]
)
def test_words_weigh_the_size(size, words):
    line = calibration._sentence(("t", "all on one day", size, np.nan, 20.0), ["x (21 events)"]) + "§"
    assert f"t called {100 * size:.1f} % of simulated samples" in line
    assert "(simulated with 20 events all on one day)" in line
    assert words in line


def test_a_test_that_was_not_simulated_is_said():
    result = made(2)
    table = calibration.calibration(result, answers(result).assign(test="mine"))
    assert table["size"].isna().all()
    assert "No simulation of this design: event." in calibration.sentences(result, table, (0, 0))
    empty = calibration.calibration(result, answers(result).assign(n=0))
    assert empty["size"].isna().all()


def test_the_runs_own_prices_give_the_size_of_a_t_test():
    result = made(6, 50)
    (line,) = calibration.own_prices(result, (0, 0))
    share = float(line.split("calls ")[1].split(" %")[0])
    assert 3.5 < share < 6.5, "normal noise: about five"
    assert "Ranked among them, 6 of 6 events are among the rarest 5 %; 0.3 would be by chance." in line


def test_other_models_have_no_such_line():
    panel = price_panel()
    result = EventStudy(model="constant-mean").run(panel.events, panel.prices)
    assert calibration.own_prices(result, (0, 0)) == []


def test_no_quiet_session_no_line(monkeypatch):
    from backtest.engine import alldates

    result = made(2)
    found = alldates.placebo_dates(result)
    monkeypatch.setattr(alldates, "placebo_dates", lambda *_: replace(found, pooled=np.array([])))
    assert calibration.own_prices(result, (0, 0)) == []


def test_what_ships_is_the_table_of_the_calibration():
    """After a new TABLE.md: python tests/calibration/ship.py."""
    sys.path.insert(0, str(TABLES))
    try:
        from ship import sizes
    finally:
        sys.path.remove(str(TABLES))
    made_now = sizes((TABLES / "TABLE.md").read_text(encoding="utf-8"))
    keys = ["test", "scenario", "n", "length"]
    both = calibration.shipped().merge(made_now, on=keys, suffixes=("_shipped", "_table"))
    assert len(both) == len(calibration.shipped())
    assert np.abs(both["size_shipped"] - both["size_table"]).max() < 3
