"""Named errors of the package: each message says what is wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SignalsError(Exception):
    """Base of every error that this package raises on purpose; the command line prints its message alone."""


class ArticleError(SignalsError, ValueError):
    """Articles that cannot be read: no such file, an empty folder, nothing readable at all."""


class UnknownKindError(SignalsError, ValueError):
    """A name of a kind that is not in `signals.kinds.KINDS`."""


class TableError(SignalsError, ValueError):
    """A watch-list, a catalogue or an output table lacks a column or cannot be written."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the way out for an unknown name: the nearest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(str(name), names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"
