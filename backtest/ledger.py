"""What was tried: every test of a result and its variants, so that one that rejects can be seen as one of many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pandas as pd

from backtest.inference.pvalues import LEVEL
from backtest.labels import count
from backtest.registry import name_of

COLUMNS = (
    "test", "model", "kind", "event_id", "window_start", "window_end", "side", "study", "options", "group", "pvalue",
)  # fmt: skip
_QUESTION = ["test", "model", "kind", "event_id", "window_start", "window_end", "side", "study", "options"]


def entry(tests: pd.DataFrame, study: Any, options: list[str]) -> pd.DataFrame:
    """Return the rows of a tests table as the ledger keeps them.

    `study` says in words how the specification differs from the defaults, `options` what was asked of each row's test beyond
    its name. `group` is True where a row speaks for its whole group: a test of groups, or of the group's only event.
    """
    single = tests["event_id"].notna()
    size = tests.groupby(["test", "kind", "window_start", "window_end"])["kind"].transform("size")
    facts: dict[str, Any] = {"study": words(study), "options": options, "group": ~single | (size == 1)}
    return tests.assign(**facts)[list(COLUMNS)].astype({"study": "str", "options": "str"})


def words(study: Any) -> str:
    """Return the fields of a specification that differ from their defaults, as in "estimation=(-120, -11), returns=log"."""
    given = {f.name: getattr(study, f.name) for f in fields(study) if getattr(study, f.name) != f.default}
    return ", ".join(f"{name}={_called(value)}" for name, value in given.items())


def asked(test: str | Callable, missing: str) -> str:
    """Return what is asked of a test beyond its name: options, and another way with missing days."""
    own = [f"{k}={_called(v)}" for k, v in getattr(test, "keywords", {}).items()]
    return ", ".join([*own, *([f"missing={missing}"] if missing != "drop" else [])])


def _called(value: Any) -> str:
    inner = ", ".join(f"{k}={v}" for k, v in getattr(value, "keywords", {}).items())
    return f"{name_of(value)}({inner})" if inner else name_of(value) if callable(value) else str(value)


def distinct(entries: list[pd.DataFrame]) -> pd.DataFrame:
    """Return each question once, however often it was asked, in the order asked; with its p where it was ever computed.

    A test of a single event is the same in whatever group the event is.
    """
    if not entries:
        return pd.DataFrame(columns=list(COLUMNS))
    tried = pd.concat(entries, ignore_index=True)
    same = tried.assign(kind=tried["kind"].where(tried["event_id"].isna(), ""), blank=tried["pvalue"].isna())
    order = same.assign(part=~tried["group"]).sort_values(["blank", "part"], kind="stable")
    return tried.loc[order.drop_duplicates(_QUESTION).index.sort_values()].reset_index(drop=True)


def tried_line(tried: pd.DataFrame) -> str:
    """Return how many of what was tried rejects, as in "1 of 24 tests of groups tried on these events reject at 5 % ...".

    `tried` as `distinct` gives it. What could not be computed was not tried; "" where nothing was.
    """
    rows = tried.dropna(subset="pvalue")
    whole = rows["group"].astype(bool)
    parts = [(rows[whole], "of groups"), (rows[~whole], "of single events")]
    said = [
        (f"{int((p['pvalue'] < LEVEL).sum())} of {count(len(p), 'test')} {what}", LEVEL * len(p))
        for p, what in parts
        if len(p)
    ]
    if not said:
        return ""
    found, chance = " and ".join(text for text, _ in said), " and ".join(f"{expected:.2g}" for _, expected in said)
    return f"{found} tried on these events reject at 5 %; {chance} would by chance alone"
