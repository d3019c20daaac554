"""The shape of the code base: sizes, import layers, and light start-up. A rule that is not checked is not kept."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("signals", "backtest")
FILES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
IDS = [str(p.relative_to(ROOT)) for p in FILES]


def imports(path: Path) -> set[str]:
    """Return the dotted names that a file imports, at any depth, except for type checking alone."""
    names: set[str] = set()
    stack: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            stack.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
        stack.extend(ast.iter_child_nodes(node))
    return names


def uses(path: Path, *modules: str) -> set[str]:
    return {n for n in imports(path) for m in modules if n == m or n.startswith(m + ".")}


def bodies() -> Iterator[tuple[str, int, int]]:
    """Yield each function with the lines of its body, and with those of its parameters counted as well."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                docstring = ast.get_docstring(node, clean=False)
                first = node.body[0]
                text = 0 if docstring is None else first.end_lineno - first.lineno + 1
                name = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield name, node.end_lineno - first.lineno + 1 - text, node.end_lineno - node.lineno - text


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_functions_are_short() -> None:
    sizes = {name: (body, whole) for name, body, whole in bodies()}
    lengths = sorted(body for body, _ in sizes.values())
    assert not {name: whole for name, (_, whole) in sizes.items() if whole > 60}
    assert statistics.median(lengths) <= 10
    assert lengths[int(0.9 * len(lengths))] <= 25


def test_the_two_packages_meet_in_the_command_line_alone() -> None:
    assert not {str(p) for p in FILES if p.is_relative_to(ROOT / "signals") and uses(p, "backtest")}
    meeting = {str(p.relative_to(ROOT)) for p in FILES if p.is_relative_to(ROOT / "backtest") and uses(p, "signals")}
    assert meeting <= {"backtest/cli.py"}


def test_kernels_are_numpy_only() -> None:
    for path in (ROOT / "backtest" / "kernels").rglob("*.py"):
        foreign = {n.split(".")[0] for n in imports(path)} - set(sys.stdlib_module_names) - {"numpy", "backtest"}
        assert foreign <= ({"numba"} if path.name == "fast.py" else set()), path.name
        assert not {n for n in uses(path, "backtest") if not n.startswith("backtest.kernels")}, path.name


def test_time_zones_live_in_three_rooms() -> None:
    allowed = {ROOT / "backtest" / "clock.py", ROOT / "backtest" / "prices" / "yahoo.py"}
    for path in FILES:
        if path not in allowed and not path.is_relative_to(ROOT / "signals" / "dating"):
            assert not uses(path, "zoneinfo", "pytz", "exchange_calendars"), path.name


def test_matplotlib_lives_in_one_room() -> None:
    rooms = {p.parent.relative_to(ROOT) for p in FILES if uses(p, "matplotlib")}
    assert rooms <= {Path("backtest/plots")}


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sorted(m.split('.')[0] for m in sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


HEAVY = {"pandas", "numpy", "scipy", "matplotlib", "yfinance", "exchange_calendars", "trafilatura", "pyarrow", "jinja2"}


CALL_HELP = """
import contextlib, io, sys
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    from {package}.cli import main
    sys.argv = ["{package}", "--help"]
    main()
print(" ".join(sorted(m.split(".")[0] for m in sys.modules)))
"""


@pytest.mark.parametrize("package", PACKAGES)
def test_the_command_line_starts_light(package: str) -> None:
    code = CALL_HELP.format(package=package)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(done.stdout.split()) & HEAVY


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_is_light(package: str) -> None:
    assert not loaded_by(f"import {package}") & (HEAVY - {"pandas", "numpy", "pyarrow"})


def test_loading_the_pytest_plugin_is_light() -> None:
    assert not loaded_by("import backtest.testing") & (HEAVY - {"numpy"})


def test_the_wheel_lists_every_package() -> None:
    import tomllib

    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    found = {str(p.parent.relative_to(ROOT)).replace("/", ".") for p in FILES if p.name == "__init__.py"}
    assert found | {"seeds"} == set(listed)


def test_nothing_unfinished_and_no_path_of_a_machine() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error", "/" + "home/", "/" + "root/", "/" + "work/")
    for path in [*FILES, *sorted((ROOT / "tests").rglob("*.py")), *ROOT.glob("*.md"), *ROOT.glob("notebooks/*.ipynb")]:
        text = path.read_text(encoding="utf-8")
        assert not [w for w in words if w in text], path.name
