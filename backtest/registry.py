"""Registries are plain dicts of functions with one signature; here a name is looked up, a callable taken as it is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

from backtest.errors import UnknownNameError

F = TypeVar("F", bound=Callable)


def lookup(name: str | F, registry: Mapping[str, F], what: str) -> F:
    """Return `registry[name]`, or `name` itself where it is a callable.

    Parameters
    ----------
    name : key of the registry, or a callable of the registry's signature.
    registry : the registry, e.g. `MODELS`.
    what : what the registry holds, for the message: ``"model"``.

    Raises
    ------
    UnknownNameError
        The name is not in the registry; the message suggests the nearest one.
    """
    if callable(name):
        return name
    if isinstance(name, Hashable) and name in registry:
        return registry[name]
    lower = {key.lower(): key for key in registry}
    near = difflib.get_close_matches(str(name).lower(), lower, n=1)
    hint = f"did you mean {lower[near[0]]!r}?" if near else f"known: {', '.join(sorted(registry))}"
    raise UnknownNameError(f"unknown {what} {name!r}; {hint}")


def name_of(name: str | Callable) -> str:
    """Return the label under which tables show a registry member or a user's callable."""
    if isinstance(name, str):
        return name
    inner = getattr(name, "func", name)
    return getattr(inner, "__name__", type(inner).__name__)


def require_one_of(value: object, known: Iterable[str], what: str) -> None:
    """Check the value of an option that has a few names.

    Raises
    ------
    UnknownNameError
        Another value; with a suggestion.
    """
    lookup(value, dict.fromkeys(known, str), what)  # type: ignore[arg-type]
