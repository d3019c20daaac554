"""Named errors and warnings: each message says what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable


class BacktestError(Exception):
    """Base of every error that this package raises on purpose; the command line prints its message alone."""


class SchemaError(BacktestError, ValueError):
    """A table lacks a column, or holds a value that the table's contract does not allow."""


class AlignmentError(BacktestError, ValueError):
    """Events, prices and windows do not fit together (nothing left to study, windows that overlap)."""


class LookAheadError(AlignmentError):
    """A strategy was asked to act on something that nobody could know at that time."""


class UnknownNameError(BacktestError, ValueError):
    """A name that is in no registry, or a ticker that is in no instruments table."""


class PriceSourceError(BacktestError, OSError):
    """A price source cannot serve what was asked for."""


class StoreError(BacktestError, OSError):
    """A file that this package keeps or writes cannot be read or written."""


class DroppedEventsWarning(UserWarning):
    """Some events left the study; `result.dropped` lists them with reasons."""


class OverlapWarning(UserWarning):
    """Windows of several events overlap in calendar time."""


class ClusteringWarning(UserWarning):
    """Many events share one calendar date."""


class PriceQualityWarning(UserWarning):
    """The prices hold findings that deserve a look; `prices.checks` lists them."""


def offenders(values: Iterable[object], limit: int = 5) -> str:
    """Return up to `limit` values as text, with the number of those left out: ``'a', 'b' and 3 more``."""
    listed = list(values)
    shown = ", ".join(repr(v) if isinstance(v, str) else str(v) for v in listed[:limit])
    rest = len(listed) - limit
    return f"{shown} and {rest} more" if rest > 0 else shown
