"""Two runs side by side: what differs in configuration, data and versions, and what that did to events and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.errors import StoreError
from backtest.labels import count, percent
from backtest.manifest import digest_file, read_manifest

ONLY_A, ONLY_B = "only in the first", "only in the second"
_SEEN = 0.0005  # a shift that shows in a table of per cents with one digit
_SHORT = 10  # letters of a hash that are shown


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs; every table is empty where nothing does.

    config, versions : what, first, second (str). data : what (file, price series), change, how (hashes, rows, dates: first run
    -> second run). outputs : what, change, how (hashes).
    events : event_id, change: in one run only, kept in one and dropped in the other, another day 0.
    answers : kind, window, and for each run n, effect and pvalue (suffix `_a`, `_b`), `shift` of the effect.
    strategy : measure, value_a, value_b of two runs of `backtest trade`.
    altered : outputs whose file no longer has the hash that its own manifest gives it.
    """

    config: pd.DataFrame
    versions: pd.DataFrame
    data: pd.DataFrame
    outputs: pd.DataFrame
    events: pd.DataFrame
    answers: pd.DataFrame
    strategy: pd.DataFrame
    altered: list[str]

    @property
    def verdict(self) -> str:
        """Say in one sentence whether the answers differ, and what there is that can have made them differ."""
        tables = self.outputs[self.outputs["what"].str.endswith(".csv")]
        causes = [
            f"{name} ({', '.join(frame['what'].head(5))}{', ...' if len(frame) > 5 else ''})"
            for name, frame in (("configuration", self.config), ("data", self.data), ("versions", self.versions))
            if len(frame)
        ]
        if self.altered:
            causes.append(f"files changed after the run ({', '.join(self.altered[:5])})")
        if tables.empty:
            return "All tables are identical" + (f", although these differ: {'; '.join(causes)}." if causes else ".")
        why = f"because of {'; '.join(causes)}" if causes else "although configuration, data and versions are the same"
        return f"{count(len(tables), 'table differs', 'tables differ')}, {why}. {self.effect}"

    @property
    def effect(self) -> str:
        """Say in one sentence how far the answers moved."""
        moved = self.answers[self.answers["shift"].abs() >= _SEEN].sort_values("shift", key=abs, ascending=False)
        crossed = (self.answers["pvalue_a"] < 0.05) != (self.answers["pvalue_b"] < 0.05)
        verdicts = int((crossed & self.answers[["pvalue_a", "pvalue_b"]].notna().all(axis=1)).sum())
        said = [f"{count(len(self.events), 'event differs', 'events differ')}"] if len(self.events) else []
        if len(moved):
            most = moved.iloc[0]
            said.append(f"the largest shift of an answer is {percent(most['shift'])} ({most['kind']})")
        elif self.answers["shift"].notna().any():
            said.append("no answer moved by 0.05 % or more")
        if verdicts:
            said.append(f"{count(verdicts, 'answer')} changed sides of p = 0.05")
        text = "; ".join(said)
        return f"{text[:1].upper()}{text[1:]}." if text else ""


def compare(first: str | Path, second: str | Path) -> Comparison:
    """Compare two folders that `backtest run` wrote.

    Raises
    ------
    StoreError
        A folder without a manifest, or a manifest or table that cannot be read.
    """
    a, b = Path(first), Path(second)
    one, two = read_manifest(a), read_manifest(b)
    data = pd.concat([
        _changes(_part(one, "inputs", "files"), _part(two, "inputs", "files")),
        _changes(_part(one, "inputs", "prices", "series"), _part(two, "inputs", "prices", "series"), "prices of "),
    ], ignore_index=True)  # fmt: skip
    return Comparison(
        config=_values(_part(one, "config"), _part(two, "config")),
        versions=_values(_part(one, "versions"), _part(two, "versions")),
        data=data,
        outputs=_changes(one["outputs"], two["outputs"]),
        events=_events(a, b),
        answers=_answers(a, b),
        strategy=_strategy(a, b),
        altered=[*_altered(a, one["outputs"]), *_altered(b, two["outputs"])],
    )


def _part(manifest: Mapping[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        manifest = manifest.get(name) or {}
    return dict(manifest)


def _values(one: Mapping[str, Any], two: Mapping[str, Any]) -> pd.DataFrame:
    rows = [(k, str(one.get(k, "")), str(two.get(k, ""))) for k in _keys(one, two) if one.get(k) != two.get(k)]
    return pd.DataFrame(rows, columns=["what", "first", "second"], dtype="str")


def _changes(one: Mapping[str, Any], two: Mapping[str, Any], prefix: str = "") -> pd.DataFrame:
    def change(key: str) -> str:
        return ONLY_B if key not in one else ONLY_A if key not in two else "changed"

    rows = [
        (prefix + key, change(key), _how(one.get(key), two.get(key)))
        for key in _keys(one, two)
        if one.get(key) != two.get(key)
    ]
    return pd.DataFrame(rows, columns=["what", "change", "how"], dtype="str")


def _how(one: Any, two: Any) -> str:
    """Return what differs between two entries of a manifest: a hash, or several facts of a price series."""
    a, b = (entry if isinstance(entry, dict) else {"sha256": entry} for entry in (one, two))
    parts = [f"{key} {_brief(a.get(key))} -> {_brief(b.get(key))}" for key in _keys(a, b) if a.get(key) != b.get(key)]
    return "; ".join(parts)


def _brief(value: Any) -> str:
    if value is None:
        return "none"
    return str(value)[:_SHORT] if isinstance(value, str) and len(value) == 64 else str(value)


def _keys(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*one, *two]))


def _altered(folder: Path, outputs: Mapping[str, str]) -> list[str]:
    return [
        str(folder / name)
        for name, digest in outputs.items()
        if not (folder / name).is_file() or digest_file(folder / name) != digest
    ]


def _answers(a: Path, b: Path) -> pd.DataFrame:
    keys, values = ["kind", "window_start", "window_end"], ["n", "effect", "pvalue"]
    one, two = (_study(folder, "answers.csv")[keys + values] for folder in (a, b))
    both = one.merge(two, on=keys, how="outer", suffixes=("_a", "_b"))
    return both.assign(shift=both["effect_b"] - both["effect_a"])


def _events(a: Path, b: Path) -> pd.DataFrame:
    """Return the events that are not in both runs, not kept in both, or on another day 0."""
    one, two = _fates(a), _fates(b)
    rows = []
    for event_id in _keys(one, two):
        first, second = one.get(event_id), two.get(event_id)
        if first is None or second is None:
            rows.append((event_id, ONLY_B if first is None else ONLY_A))
        elif first != second:
            rows.append((event_id, f"{first} -> {second}"))
    return pd.DataFrame(rows, columns=["event_id", "change"], dtype="str")


def _fates(folder: Path) -> dict[str, str]:
    """Return what became of each event: its day 0, or why it was dropped."""
    audit, dropped = _study(folder, "audit.csv"), _study(folder, "dropped.csv")
    fates = {str(e): f"day 0 {d}" for e, d in zip(audit["event_id"], audit["day0"].astype("str").str[:10], strict=True)}
    return fates | {str(e): f"dropped ({r})" for e, r in zip(dropped["event_id"], dropped["reason"], strict=True)}


def _strategy(a: Path, b: Path) -> pd.DataFrame:
    """Return the figures of two trading runs side by side; empty if either is none."""
    if not all((folder / "trades.csv").is_file() and (folder / "summary.csv").is_file() for folder in (a, b)):
        return pd.DataFrame({"measure": [], "value_a": [], "value_b": []})
    one, two = (_table(folder / "summary.csv")[["measure", "value"]] for folder in (a, b))
    both = one.merge(two, on="measure", how="outer", suffixes=("_a", "_b"))
    return both[~(both["value_a"].eq(both["value_b"]) | both[["value_a", "value_b"]].isna().all(axis=1))]


def _study(folder: Path, name: str) -> pd.DataFrame:
    """Return a table of the study, which a trading run keeps in a folder of its own."""
    inner = folder / "study" / name
    return _table(inner if inner.is_file() else folder / name)


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}; run `backtest run` again") from error
