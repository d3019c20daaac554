"""Column names as people write them: the one place that knows what else the contract's columns are called."""

from __future__ import annotations

from collections.abc import Iterable

from backtest.errors import SchemaError

#: Contract column to what people call it, in lower case; used only where the contract's own name is absent.
SYNONYMS = {
    "asset": ("ticker", "symbol"),
    "event_time": ("datetime", "timestamp"),
    "date": ("event_date", "announcement_date", "datum"),
    "kind": ("event_type", "type", "art", "typ"),
    "source": ("sources",),
    "evidence": ("description",),
    "counterparty": ("counterparties",),
}

#: Columns of which one makes a table something else than events, whatever its other columns are called.
_ELSEWHERE = {"text", "signal_id", "close"}


def contract_names(columns: Iterable[object], source: str = "events") -> dict[object, str]:
    """Return {column as written: its name in the contract of the events table} for those that differ.

    Upper and lower case, spaces and hyphens make no difference. A table of articles, signals or prices keeps its names,
    so that it is never taken for events.

    Raises
    ------
    SchemaError
        Two columns could both be the same column of the contract.
    """
    plain = {column: str(column).strip().lower().replace(" ", "_").replace("-", "_") for column in columns}
    if _ELSEWHERE & set(plain.values()):
        return {column: name for column, name in _renamed(plain, source, own_only=True).items() if column != name}
    return {column: name for column, name in _renamed(plain, source).items() if column != name}


def _renamed(plain: dict[object, str], source: str, own_only: bool = False) -> dict[object, str]:
    found: dict[object, str] = {}
    for name, others in SYNONYMS.items():
        for spellings in ((name,), () if own_only else others):
            fits = [column for column, word in plain.items() if word in spellings]
            fits = [name] if name in fits else fits
            if len(fits) > 1:
                raise SchemaError(
                    f"{source}: columns {' and '.join(map(repr, fits))} could both be {name!r}; rename one of them"
                )
            if fits:
                found[fits[0]] = name
                break
    return found
