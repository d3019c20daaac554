"""Currencies and units: what a series is quoted in, and where two statements about it contradict each other.

Yahoo quotes London in pence (GBp) and labels some such series GBP. Returns do not notice; levels, costs and conversions are
wrong by a hundred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backtest.prices.panel import findings
from backtest.prices.traits import guess

#: Units of which a hundred make one of the currency.
HUNDREDTHS = {"GBp": "GBP", "GBX": "GBP", "GBx": "GBP", "ZAc": "ZAR", "ILA": "ILS"}

#: Spellings of one unit.
PENCE = {"GBp", "GBX", "GBx"}

#: A level that has changed by a factor as near to 100 as this (log) stands in another unit.
BAND = 0.05

Finding = tuple[str, object, str, float, str]


def currency_of(unit: str) -> str:
    """Return the currency of a quoted unit: GBP of GBp."""
    return HUNDREDTHS.get(unit, unit)


def same_unit(one: str, other: str) -> bool:
    """Return True if two labels mean the same unit (GBp and GBX do), or one of them is empty."""
    return not one or not other or one == other or {one, other} <= PENCE


def label_findings(
    tickers: Sequence[str], known: pd.DataFrame, traits: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """Return where the source's label contradicts the instruments table or, of a ticker that is not in it, the exchange.

    The check is "currency-label"; value: by how much levels would be wrong (100 or 0.01 between pounds and pence, NaN between
    currencies). The instruments table counts where it says something; else the source does.

    Parameters
    ----------
    tickers : securities and benchmarks. known : instruments table, index ticker.
    traits : ticker -> {"unit": ...} as the source labels it.
    """
    units = known["unit"] if "unit" in known else pd.Series(dtype="str")
    rows: list[Finding] = []
    for ticker in tickers:
        label = str(traits.get(ticker, {}).get("unit") or "")
        told = str(units.get(ticker, "") or "") if ticker in units.index else ""
        expected = told or guess(ticker)[2]
        if not told and currency_of(label) != currency_of(expected):
            continue  # many exchanges list shares in several currencies
        if label and expected != "points" and not same_unit(label, expected):
            if told:
                action = f"taken as {told}, as the instruments table says; the source says {label}"
            else:
                action = f"taken as {label}, as the source says; the exchange quotes {expected}: name the unit in the instruments"
            rows.append((ticker, pd.NaT, "currency-label", _factor(label, expected), action))
    return findings(rows)


def _factor(label: str, expected: str) -> float:
    """Return what one unit of `label` is in units of `expected`, NaN where they are of different currencies."""
    if currency_of(label) != currency_of(expected):
        return float("nan")
    return 100.0 if expected in HUNDREDTHS else 0.01


def compare(
    old: pd.DataFrame,
    new: pd.DataFrame,
    told: Mapping[str, Any],
    now: Mapping[str, Any],
    levels_agree: bool = False,
) -> tuple[dict[str, str], dict[str, Any] | None]:
    """Return (metadata, decision) about the unit of a series that was fetched again.

    Parameters
    ----------
    old, new : raw frames with a column `close`.
    told, now : their metadata: `label`, the vendor's word (else `currency` is), and `currency`, what it was taken to mean.
    levels_agree : the closes are known to agree.

    Returns
    -------
    Metadata `label` and `currency` from now on; and, where something has changed, what to record: `check` ("currency-change":
    another label; "unit-change": another level), `ratio` (new level / old), `first`, `last` (ISO dates of the days that both
    frames have), `action`.
    """
    taken, label = str(told.get("currency", "")), str(now.get("currency", ""))
    was = str(told.get("label", taken))
    if levels_agree and same_unit(was, label):
        return {"label": label or was, "currency": taken or label}, None
    both = old["close"].dropna().index.intersection(new["close"].dropna().index)
    ratio = float(np.median(new.loc[both, "close"] / old.loc[both, "close"])) if len(both) else float("nan")
    flipped = bool(ratio > 0 and abs(abs(np.log(ratio)) - np.log(100.0)) < BAND)
    if same_unit(was, label) and not flipped:
        return {"label": label or was, "currency": taken or label}, None
    unit, action = _on_level(taken, label, ratio) if flipped else _on_label(taken, label, ratio)
    decision: dict[str, Any] = {
        "check": "unit-change" if flipped else "currency-change",
        "ratio": ratio,
        "action": action,
    }
    decision |= {"first": f"{both[0]:%Y-%m-%d}", "last": f"{both[-1]:%Y-%m-%d}"} if len(both) else {}
    return {"label": label, "currency": unit}, decision


def _on_level(taken: str, label: str, ratio: float) -> tuple[str, str]:
    """Return (unit, action) where the level has changed by a hundred: a hundredth of it are pounds that were pence."""
    whole = currency_of(taken)
    small = next((unit for unit, currency in HUNDREDTHS.items() if currency == whole), taken)
    unit = whole if ratio < 1.0 else small
    kept = "new history stored, old version kept"
    if same_unit(unit, label):
        return unit, f"level and label changed from {taken} to {label}: {kept}"
    return unit, f"level changed by a factor of {ratio:g}, the label {label} does not say so: taken as {unit}, {kept}"


def _on_label(taken: str, label: str, ratio: float) -> tuple[str, str]:
    """Return (unit, action) where the label has changed and the level has not."""
    if currency_of(taken) == currency_of(label) and np.isfinite(ratio):
        return taken, f"label changed from {taken} to {label}, the level did not: taken as {taken}"
    return label, f"label changed from {taken or 'none'} to {label}: taken as {label}, as the vendor says now"


def decided(ticker: str, meta: Mapping[str, Any]) -> list[Finding]:
    """Return the decisions about units that are recorded with a stored series as findings."""
    rows: list[Finding] = []
    for told in meta.get("decisions", []):
        if told.get("check") in ("currency-change", "unit-change"):
            when = pd.Timestamp(told["first"]) if told.get("first") else pd.NaT
            rows.append((ticker, when, str(told["check"]), float(told["ratio"]), str(told["action"])))
    return rows
