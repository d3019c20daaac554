"""What becomes of a stored series when the vendor has answered again: extended, completed, or replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from backtest.prices import store
from backtest.prices.store import Series
from backtest.prices.units import compare

#: A dividend has changed if it differs by more than this share.
SAME_DIVIDEND = 1e-6
ACTIONS = ("dividends", "splits")

#: (session, change, action): what the vendor has changed; change is that of the closes before the session (new / old - 1).
Decision = tuple[Any, float, str]


@dataclass(frozen=True)
class Merged:
    """series : what to store. keep : whether the old version must stay. decisions : what the vendor has changed."""

    series: Series
    keep: bool
    decisions: list[Decision]


def is_rewritten(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Return True if the vendor has changed stored closes, or a new split rescales all of them."""
    if len(store.rewritten_days(old, new)):
        return True
    later = new.loc[new.index > old.index[-1], "splits"] if "splits" in new else pd.Series(dtype="float64")
    return bool(((later > 0) & (later != 1.0)).any())


def extended(current: Series, new: Series, full: bool) -> Merged | None:
    """Return a series with new days appended; None where there is nothing new.

    Days that are stored stay as they are, bit for bit, so that an older study finds its series again; what they lacked (a day
    without a close, a dividend entered late) is filled in, and the old version kept.

    Parameters
    ----------
    current, new : what is stored, and an answer that agrees with it (`is_rewritten` is False).
    full : whether all of the history was asked for; its first date then counts from now on.
    """
    held, fresh = current.frame, new.frame
    if fresh.empty:
        return None
    inside, later = fresh[fresh.index <= held.index[-1]], fresh[fresh.index > held.index[-1]]
    base = held if _says_the_same(held, inside) else _completed(held, inside)
    decisions = [] if base is held else _changes(held, base)
    label, unit = compare(held.loc[fresh.index[0] :], fresh, current.meta, new.meta, levels_agree=True)
    if unit is not None:
        decisions.append((unit.get("first", held.index[-1]), unit["ratio"] - 1.0, unit["action"]))
    if not (full or len(later) or decisions):
        return None
    begun = new.meta.get("requested_from", "") if full else current.meta.get("requested_from", "")
    meta = {
        **new.meta,
        **label,
        "requested_from": begun,
        "decisions": _recorded(current.meta, new.meta, decisions, unit),
    }
    if not new.meta.get("close_equals_adjusted"):
        meta["close_equals_adjusted"] = bool(current.meta.get("close_equals_adjusted")) and not full
    keep = any(d[2].endswith("old version kept") for d in decisions)
    return Merged(Series(pd.concat([base, later]), meta), keep, decisions)


def _says_the_same(held: pd.DataFrame, inside: pd.DataFrame) -> bool:
    """Return True if an answer adds nothing to the days that are stored; the usual case, and a quick one."""
    at = held.index.get_indexer(inside.index)
    if (at < 0).any():
        return False
    old, now = held.to_numpy()[at], inside.reindex(columns=held.columns).to_numpy()
    paid = np.isin(held.columns, ACTIONS)
    filled = ~np.isnan(now[:, ~paid]) & np.isnan(old[:, ~paid])
    return not filled.any() and bool(
        np.allclose(old[:, paid], now[:, paid], rtol=SAME_DIVIDEND, atol=0.0, equal_nan=True)
    )


def _completed(held: pd.DataFrame, inside: pd.DataFrame) -> pd.DataFrame:
    base = held.combine_first(inside).reindex(columns=held.columns)
    for name in ACTIONS:
        if name in base and name in inside:
            now, was = inside[name].fillna(0.0), held[name].reindex(inside.index).fillna(0.0)
            changed = now.index[(now - was).abs() > SAME_DIVIDEND * was]
            base.loc[changed, name] = now[changed]
    return base


def _changes(held: pd.DataFrame, base: pd.DataFrame) -> list[Decision]:
    """Return what the vendor has filled in since: closes, and dividends and splits of days that were stored."""
    old, now = held["close"].reindex(base.index), base["close"]
    filled = base.index[old.isna() & now.notna() & (base.index >= held.index[0])]
    out: list[Decision] = [(day, float("nan"), "missing close filled in, old version kept") for day in filled]
    before = now.ffill().shift(1)
    for name, word in (("dividends", "dividend"), ("splits", "split")):
        if name not in base:
            continue
        was, told = held[name].fillna(0.0), base[name].reindex(held.index).fillna(0.0)
        for day in held.index[(was - told).abs() > SAME_DIVIDEND * was]:
            change = (was[day] - told[day]) / before[day] if name == "dividends" else float("nan")
            out.append((day, float(change), f"{word} changed from {was[day]:g} to {told[day]:g}, old version kept"))
    return out


def replaced(current: Series | None, new: Series) -> Merged | None:
    """Return the whole new history with what has changed in it; None where nothing has and nothing is new."""
    if current is None:
        return Merged(new, True, [])
    days = store.rewritten_days(current.frame, new.frame)
    if not len(days) and current.frame.index[-1] >= new.frame.index[-1]:
        return None  # another process has stored the same, or more, meanwhile
    decisions: list[Decision] = [(day, float(x), "new history stored, old version kept") for day, x in days.items()]
    label, unit = compare(current.frame, new.frame, current.meta, new.meta)
    meta = {**new.meta, **label, "decisions": _recorded(current.meta, new.meta, decisions, unit)}
    return Merged(Series(new.frame, meta), True, decisions)


def _recorded(
    told: Mapping[str, Any], now: Mapping[str, Any], decisions: list[Decision], unit: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """Return the decisions that are kept with a series: those of before, a line about these, and one about the unit."""
    past = [dict(d) for d in told.get("decisions", [])]
    at = str(now.get("fetched_at", ""))
    days = [d for d in decisions if d[2].endswith("old version kept")]
    if days:
        sizes = np.abs([change for _, change, _ in days])
        largest = float(np.nanmax(sizes)) if np.isfinite(sizes).any() else 0.0
        first, last = min(d[0] for d in days), max(d[0] for d in days)
        past.append({"at": at, "check": "rewritten", "days": len(days), "first": str(first)[:10], "last": str(last)[:10],
                     "largest": largest, "action": days[0][2]})  # fmt: skip
    return [*past, {"at": at, **unit}] if unit is not None else past
