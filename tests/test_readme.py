"""What the README shows must run, and what it lists must be all there is."""

from __future__ import annotations

import re
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


def test_the_two_commands_are_one_line_each_and_exist() -> None:
    commands = [line.split("#")[0].strip() for line in README.splitlines() if line.startswith("make ")]
    assert commands == ["make run", "make test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{command.split()[1]}:" in makefile for command in commands)


def registry_names() -> list[tuple[str, str]]:
    from backtest.inference import TESTS
    from backtest.models import MODELS
    from backtest.prices import SOURCES
    from signals.kinds import KINDS

    named = {"model": MODELS, "test": TESTS, "source": SOURCES, "kind": KINDS}
    return [(what, name) for what, registry in named.items() for name in registry]


@pytest.mark.parametrize(("what", "name"), registry_names())
def test_every_registry_member_has_a_row_and_a_docstring(what: str, name: str) -> None:
    from backtest.inference import TESTS
    from backtest.models import MODELS
    from backtest.prices import SOURCES
    from signals.kinds import KINDS

    registry = {"model": MODELS, "test": TESTS, "source": SOURCES, "kind": KINDS}[what]
    assert re.search(rf"^\| `{re.escape(name)}` \|", README, re.MULTILINE), f"README has no row for {what} {name}"
    member = registry[name]  # type: ignore[index]
    assert (getattr(member, "func", member).__doc__ or "").strip()
