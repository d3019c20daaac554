"""The names of the package, and what importing it costs."""

import subprocess
import sys

import pytest
from pictures import fifteen

from backtest import plots


@pytest.fixture(scope="module")
def result():
    return fifteen()


def test_only_plots_imports_matplotlib_and_only_when_drawing():
    code = "import sys, backtest.plots, backtest.run, backtest.report; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_every_name_of_the_gallery_is_a_documented_function():
    for name in plots.__all__:
        assert getattr(plots, name).__doc__
    with pytest.raises(AttributeError, match=r"module 'backtest.plots' has no attribute 'nothing'"):
        plots.nothing  # noqa: B018


def test_dir_lists_the_public_names():
    assert set(plots.__all__) <= set(dir(plots))


def test_every_name_comes_from_the_room_that_is_named():
    for name in plots.__all__:
        assert getattr(plots, name).__module__.startswith("backtest.plots.")
