"""The plainest events tables - who, when, perhaps what kind and which id - brought into the contract in one step.

`frames.normalise_events` can read any table; most tables need a fraction of what it can do. Whatever is out of the ordinary
here is left to it, errors included.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from backtest.contract.ids import Coded, content_keys, hexed
from backtest.contract.instants import NOTHING, parse_instants, text_column

_KNOWN = {"asset", "kind", "event_id", "event_time", "date"}


def plain_columns(frame: pd.DataFrame, source: str) -> tuple[dict[str, Any], pd.Index] | None:
    """Return the columns that such a table determines, as arrays, with the ids; None where it is not one of these.

    Tables of `asset`, one of `event_time` and `date`, and at most `kind` and `event_id`, without a gap in any of them.
    """
    names = set(frame.columns)
    when = names & {"event_time", "date"}
    if not names <= _KNOWN or "asset" not in names or len(when) != 1 or frame.index.name is not None or frame.empty:
        return None
    if len(names) != frame.shape[1]:
        return None
    asset, kind = _coded(frame["asset"]), _coded(frame["kind"]) if "kind" in names else (None, ["event"])
    if asset is None or kind is None:
        return None
    instants, shown = parse_instants(frame[when.pop()], None, source)
    if instants.isna().any():
        return None
    precision = _coded(shown)
    times, distinct = pd.factorize(instants.array.astype("int64"))
    assert precision is not None
    content = [asset, kind, (None, ["issuer"]), precision, (None, []), (times, distinct.tolist())]
    ids = _given(frame["event_id"]) if "event_id" in names else _made(content_keys(content))
    if ids is None:
        return None
    columns = {"asset": _text(asset, frame), "kind": _text(kind, frame), "event_time": instants.array}
    return columns | {"event_precision": _text(precision, frame)}, pd.Index(ids, name="event_id")


def _coded(values: pd.Series) -> Coded | None:
    """Return a column of text as codes and distinct stripped values; None where one is missing or not text."""
    codes, distinct = pd.factorize(values)
    if (codes < 0).any():
        return None
    given = np.asarray(distinct, dtype=object).tolist()
    clean = [value.strip() if isinstance(value, str) else "" for value in given]
    if len(set(clean)) < len(clean) or not set(clean).isdisjoint(NOTHING):
        return None
    return (None if len(clean) == 1 else codes), clean


def _text(column: Coded, frame: pd.DataFrame) -> Any:
    codes, values = column
    return pd.array(values, dtype="str").take(np.zeros(len(frame), dtype=np.int64) if codes is None else codes)


def _given(values: pd.Series) -> Any:
    ids = text_column(values)
    return None if ids.isna().any() or ids.duplicated().any() else ids.array


def _made(key: np.ndarray) -> Any:
    return None if len(pd.unique(key)) < len(key) else hexed(key)
