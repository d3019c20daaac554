"""Looking up a name in a registry."""

from __future__ import annotations

import functools

import pytest

import backtest as bt
from backtest.errors import UnknownNameError, offenders
from backtest.registry import lookup, name_of

SHAPES = {"circle": abs, "square": round}


def test_a_known_name_and_a_callable() -> None:
    assert lookup("circle", SHAPES, "shape") is abs
    assert lookup(len, SHAPES, "shape") is len


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("circel", r"unknown shape 'circel'; did you mean 'circle'\?"),
        ("CIRCLE", r"unknown shape 'CIRCLE'; did you mean 'circle'\?"),
        ("zzz", r"unknown shape 'zzz'; known: circle, square"),
    ],
)
def test_an_unknown_name(name: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        lookup(name, SHAPES, "shape")


def test_labels() -> None:
    assert name_of("circle") == "circle"
    assert name_of(len) == "len"
    assert name_of(functools.partial(round, ndigits=2)) == "round"
    assert name_of(type("Custom", (), {"__call__": lambda self: 0})()) == "Custom"


def test_offenders_are_cut_after_five() -> None:
    assert offenders(["a", 2]) == "'a', 2"
    assert offenders(range(8)) == "0, 1, 2, 3, 4 and 3 more"


def test_no_module_hides_a_public_function() -> None:
    """A module of the same name would take the function's place as soon as anything imports it."""
    import pkgutil

    modules = {found.name for found in pkgutil.iter_modules(bt.__path__)}
    assert modules & set(bt._EXPORTS) == set()
