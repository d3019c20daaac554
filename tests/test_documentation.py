"""What the docstrings show must run, and the reference that is built of them must hold every public name."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in ("signals", "backtest")
    for path in (ROOT / package).rglob("*.py")
    if path.stem != "__main__"
)
WITH_EXAMPLES = [name for name in MODULES if ">>> " in (ROOT / (name.replace(".", "/") + ".py")).read_text("utf-8")]


def test_the_main_doors_show_an_example() -> None:
    doors = {
        "backtest.frames", "backtest.study", "backtest.result", "backtest.prices.panel", "backtest.prices.load",
        "backtest.strategy", "backtest.questions.specification", "backtest.testing", "signals.extraction",
    }  # fmt: skip
    assert doors <= set(WITH_EXAMPLES)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_in_docstrings_give_what_they_say(name: str) -> None:
    module = importlib.import_module(name)
    done = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert done.attempted > 0
    assert done.failed == 0


def test_the_reference_holds_every_public_name(tmp_path: Path) -> None:
    import backtest
    import signals

    script = ROOT / ".ci" / "reference.py"
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", str(script), str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "index.html")
    for package in (backtest, signals):
        page = (tmp_path / f"{package.__name__}.html").read_text(encoding="utf-8")
        missing = [name for name in package.__all__ if f'id="{name}"' not in page and f"{name}.html" not in page]
        assert not missing
        assert "(first and last day" not in page, "a parameter's description is not its type"
