"""`backtest.testing` as a user's test suite meets it: fixtures by name, builders with arguments, a known truth."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from backtest import testing
from backtest.errors import SchemaError
from backtest.study import EventStudy


def test_fixture_panel_holds_its_truth(bt_panel, bt_events):
    assert list(bt_panel.effects) == [("AAA", 300), ("BBB", 320)]
    assert list(bt_events["asset"]) == ["AAA", "BBB"]
    assert list(bt_events["event_precision"]) == ["day", "day"]
    assert bt_panel.prices.close.shape == (400, 2)


def test_injected_return_is_exact_to_the_last_digits(bt_panel):
    close, level = bt_panel.prices.close, bt_panel.prices.benchmarks["MKT"]
    for (asset, at), effect in bt_panel.effects.items():
        own = close[asset].iloc[at] / close[asset].iloc[at - 1] - 1
        market = level.iloc[at] / level.iloc[at - 1] - 1
        assert own - bt_panel.alpha - bt_panel.beta * market == pytest.approx(effect, abs=1e-12)


def test_a_study_finds_the_injected_moves(bt_panel):
    ar = EventStudy().run(bt_panel.events, bt_panel.prices).ar
    assert ar[0].to_numpy() == pytest.approx([-0.10, 0.06], abs=0.004)


def test_same_seed_same_panel_other_seed_other_panel():
    one, two, other = (testing.price_panel(seed=s).prices.close for s in (3, 3, 4))
    pd.testing.assert_frame_equal(one, two)
    assert not np.allclose(one.to_numpy(), other.to_numpy())


def test_panel_without_effects_has_no_events():
    panel = testing.price_panel(assets=["X"], sessions=30, effects={})
    assert panel.events.empty
    assert "event_time" in panel.events


def test_panel_refuses_effects_it_cannot_hold():
    with pytest.raises(ValueError, match=r"effects on \('ZZZ', 5\): the panel has the shares"):
        testing.price_panel(effects={("ZZZ", 5): 0.1})
    with pytest.raises(ValueError, match="sessions 1 to 399"):
        testing.price_panel(effects={("AAA", 400): 0.1})


def test_events_table_takes_dates_instants_and_further_columns():
    rows = [("AAA", pd.Timestamp("2021-03-01")), ("BBB", "2021-03-02T08:00+01:00")]
    events = testing.events_table(rows, kind="profit-warning", role=["issuer", "peer"])
    assert list(events.index) == ["E1", "E2"]
    assert list(events["event_precision"]) == ["day", "minute"]
    assert events.loc["E2", "event_time"] == pd.Timestamp("2021-03-02T07:00Z")
    assert list(events["role"]) == ["issuer", "peer"]


def test_events_table_wants_a_zone():
    with pytest.raises(SchemaError, match="clock time without a zone"):
        testing.events_table([("AAA", "2021-03-02T08:00")])


def test_calendar_pair_differs_on_the_days_of_the_docstring(bt_calendars):
    frankfurt, london = ({str(d.date()) for d in c.index()} for c in bt_calendars)
    closed = {"01-03", "05-02", "06-02", "06-03", "08-29", "09-19", "12-27"}
    assert frankfurt - london == {f"2022-{day}" for day in closed}
    assert london <= frankfurt


def test_plugin_load_imports_nothing_heavy():
    code = "import sys, backtest.testing; print(sorted({'pandas', 'numpy', 'scipy', 'matplotlib'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


USER_TEST = """
import pytest
from backtest.testing import price_panel

def test_with_the_fixture(bt_panel, bt_events, bt_calendars):
    assert len(bt_events) == 2 and len(bt_calendars) == 2

def test_with_the_builder():
    assert price_panel(sessions=300, effects={("AAA", 200): 0.5}).events.index.tolist() == ["E1"]
"""


def test_fixtures_reach_a_users_test_file_outside_the_checkout(tmp_path):
    (tmp_path / "test_mine.py").write_text(USER_TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "test_mine.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
