"""What may be imported, and when: start-up is fast only as long as nobody adds an import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("signals", "backtest")

#: What the command line's own library brings along; nothing else may be loaded to print a help page.
HELP = {
    "typer", "click", "rich", "markdown_it", "mdurl", "pygments", "shellingham", "annotated_doc", "typing_extensions", "attr",
    "attrs", "colorama", "pydantic", "pydantic_core", "annotated_types", "typing_inspection",
}  # fmt: skip

LISTING = """
import sys
names = {m.split(".")[0] for m in sys.modules} - set(sys.stdlib_module_names) - set(BEFORE)
print("@@", *sorted(n for n in names if not n.startswith(("_", "sitecustomize", "usercustomize"))))
"""

CALL_HELP = """
import contextlib, io, sys
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    from {package}.cli import main
    sys.argv = ["{package}", *"{words}".split(), "--help"]
    main()
"""

RETURNS = """
import numpy as np, pandas as pd, pyarrow, sys
BEFORE = {m.split(".")[0] for m in sys.modules}
import backtest as bt
days = pd.bdate_range("2015-01-05", periods=420)
values = np.random.default_rng(0).normal(0, 0.01, (420, 31))
frame = pd.DataFrame(values, index=days, columns=[f"S{i:02d}" for i in range(30)] + ["M"])
prices = bt.Prices.from_returns(frame, benchmark="M")
cell = np.arange(2_000)
events = pd.DataFrame({"asset": frame.columns[cell % 30], "date": days[280 + cell // 30]})
result = bt.EventStudy().run(events, prices)
assert len(result.caar()) == 16
"""


def loaded(code: str) -> set[str]:
    """Return the third-party modules that a process of its own has loaded after `code`; those in its BEFORE left out."""
    whole = f"BEFORE = ()\n{code}\n{LISTING}"
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.rsplit("@@", 1)[1].split()) - set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_loads_nothing_else(package: str) -> None:
    assert loaded(f"import {package}") == set()


@pytest.mark.parametrize(
    ("package", "words"), [("backtest", ""), ("signals", ""), ("backtest", "run"), ("signals", "tag")]
)
def test_a_help_page_loads_the_command_line_library_alone(package: str, words: str) -> None:
    assert loaded(CALL_HELP.format(package=package, words=words)) <= HELP


def test_the_public_names_need_pandas_alone() -> None:
    first = "import pandas, pyarrow, sys\nBEFORE = {m.split('.')[0] for m in sys.modules}\n"
    assert loaded(f"{first}import backtest as bt\nbt.EventStudy, bt.Prices") == set()


def test_a_large_study_on_returns_needs_pandas_alone() -> None:
    assert loaded(RETURNS) == set()


@pytest.mark.parametrize(
    "name", ["run_engine", "EngineResult", "write_dataset", "run_dataset", "placebo_dates", "sweep"]
)
def test_the_engine_leaves_plots_calendars_and_clusters_alone(name: str) -> None:
    assert not loaded(f"import backtest as bt\nbt.{name}") & {
        "matplotlib", "exchange_calendars", "numba", "distributed", "dask", "statsmodels", "yfinance", "pandera",
    }  # fmt: skip
