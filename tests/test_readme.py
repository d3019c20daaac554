"""What the README shows must run, and what it lists must be all there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("code", blocks("python"))
def test_python_blocks_run(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    exec(compile(code, "README.md", "exec"), {})


def shell_lines() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines() if line.startswith(".venv/bin/")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as a reader has it: events as the README shows them, prices per ticker, a few articles."""
    from backtest.testing import price_panel

    folder = tmp_path_factory.mktemp("desk")
    (folder / "my_prices").mkdir()
    (folder / "articles").mkdir()
    prices = price_panel(assets=("AAA", "BBB", "ZAL.DE"), effects={}, noise=0.015, seed=3).prices
    for name, series in prices.close.join(prices.benchmarks["MKT"].rename("INDEX")).items():
        series.rename("close").to_csv(folder / "my_prices" / f"{name}.csv", index_label="date")
    (folder / "my_events.csv").write_text("".join(blocks("csv")), encoding="utf-8")
    story = "Berlin, 3 March 2021 - Zalando issued a profit warning: the retailer now expects a loss for the year.\n"
    (folder / "articles" / "story.txt").write_text(story, encoding="utf-8")
    return folder


@pytest.mark.parametrize("line", shell_lines())
def test_shell_lines_run(line: str, desk: Path) -> None:
    command = line.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    done = subprocess.run(
        f"set -o pipefail; {command}", shell=True, executable="/bin/bash", capture_output=True, cwd=desk
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_every_command_of_the_synopsis_exists() -> None:
    lines = [line.split("#")[0].split() for block in blocks("sh") for line in block.splitlines()]
    named = {
        (words[0], name)
        for words in lines
        if words and words[0] in ("backtest", "signals")
        for name in words[1].split("|")
    }
    assert len(named) >= 9
    for program, name in named:
        command = [str(Path(sys.executable).parent / program), name, "--help"]
        assert subprocess.run(command, capture_output=True).returncode == 0, command


def test_the_picture_is_there_and_says_that_prices_are_simulated() -> None:
    picture = re.search(r"!\[([^]]+)\]\(([^)]+)\)", README)
    assert picture is not None
    assert "simulated prices" in picture[1]
    assert (ROOT / picture[2]).stat().st_size < 150_000


def test_the_two_commands_are_one_line_each_and_exist() -> None:
    commands = [line.split("#")[0].strip() for line in README.splitlines() if line.startswith("make ")]
    assert commands == ["make run", "make test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{command.split()[1]}:" in makefile for command in commands)


def registries() -> dict[str, dict]:
    """Return the registries as `backtest list` names them."""
    from importlib import import_module

    from backtest.cli import _REGISTRIES

    return {what: getattr(import_module(module), name) for what, (module, name) in _REGISTRIES.items()}


def test_nine_registries_are_listed() -> None:
    assert set(registries()) == {
        "models", "tests", "kinds", "sources", "overlaps", "sizings", "slippage", "placebos", "metrics",
    }  # fmt: skip


@pytest.mark.parametrize(("what", "name"), [(what, name) for what, members in registries().items() for name in members])
def test_every_registry_member_has_a_row_and_a_docstring(what: str, name: str) -> None:
    assert re.search(rf"^\| `{re.escape(name)}` \|", README, re.MULTILINE), f"README has no row for {what} {name}"
    member = registries()[what][name]
    assert (getattr(member, "func", member).__doc__ or "").strip()
