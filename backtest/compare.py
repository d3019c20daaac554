"""Two runs side by side: what differs in configuration, data and versions, and what that did to the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.errors import StoreError
from backtest.manifest import digest_file, read_manifest

ONLY_A, ONLY_B = "only in the first", "only in the second"


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs; every table is empty where nothing does.

    config, versions : what, first, second (str). data : what (file, price series), change. outputs : what, change.
    answers : kind, window, and for each run n, effect and pvalue (suffix `_a`, `_b`), `shift` of the effect.
    altered : outputs whose file no longer has the hash that its own manifest gives it.
    """

    config: pd.DataFrame
    versions: pd.DataFrame
    data: pd.DataFrame
    outputs: pd.DataFrame
    answers: pd.DataFrame
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
        why = f"; what differs: {'; '.join(causes)}" if causes else "; configuration, data and versions are the same"
        return f"{len(tables)} of the tables differ{why}."


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
        answers=_answers(a, b),
        altered=[*_altered(a, one["outputs"]), *_altered(b, two["outputs"])],
    )


def _part(manifest: Mapping[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        manifest = manifest.get(name) or {}
    return dict(manifest)


def _values(one: Mapping[str, Any], two: Mapping[str, Any]) -> pd.DataFrame:
    rows = [(k, str(one.get(k, "")), str(two.get(k, ""))) for k in _keys(one, two) if one.get(k) != two.get(k)]
    return pd.DataFrame(rows, columns=["what", "first", "second"], dtype="str")


def _changes(one: Mapping[str, str], two: Mapping[str, str], prefix: str = "") -> pd.DataFrame:
    def change(key: str) -> str:
        return ONLY_B if key not in one else ONLY_A if key not in two else "changed"

    rows = [(prefix + key, change(key)) for key in _keys(one, two) if one.get(key) != two.get(key)]
    return pd.DataFrame(rows, columns=["what", "change"], dtype="str")


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
    one, two = (_table(folder / "answers.csv")[keys + values] for folder in (a, b))
    both = one.merge(two, on=keys, how="outer", suffixes=("_a", "_b"))
    return both.assign(shift=both["effect_b"] - both["effect_a"])


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}; run `backtest run` again") from error
