"""Simulate the size of every test in every situation and write TABLE.md: python tests/calibration/table.py [replications].

Situations: A independent dates; B the same with the variance of day 0 doubled; C one common date, residuals correlated
by 0.1; D the same with doubled variance; E dates within 11 days, correlated by 0.1. Nominal size 5 %, two-sided.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.inference import TESTS
from backtest.inference.advice import advise
from backtest.power import Scenario, draw

HERE = Path(__file__).resolve().parent
BAND = 1.5
WINDOWS = {1: (0, 0), 3: (-1, 1), 11: (-5, 5)}
SITUATIONS = {
    "A": {},
    "B": {"induced": 1.0},
    "C": {"spread": 1, "rho": 0.1},
    "D": {"spread": 1, "rho": 0.1, "induced": 1.0},
    "E": {"spread": 11, "rho": 0.1},
}
CALLS = {**TESTS, "bmp-normal": partial(TESTS["bmp"], p="normal")}


def expected() -> pd.DataFrame:
    """Return the sizes in per cent that simulation of an independent implementation gave: test, scenario, n, length, size."""
    return pd.read_csv(HERE / "expected.csv")


def cell(scenario: str, n: int, length: int, tests: list[str], replications: int, seed: int = 1) -> pd.DataFrame:
    """Return test, got (rejections in per cent) and refused (share of samples in which the test is refused) of one cell."""
    design = Scenario(n, WINDOWS[length], **SITUATIONS[scenario])  # type: ignore[arg-type]
    p: dict[str, list[float]] = {name: [] for name in tests}
    refused = dict.fromkeys(tests, 0)
    batch = max(1, min(100, 20_000 // n))
    for start in range(0, replications, batch):
        for sample in draw(design, min(batch, replications - start), seed * 1_000_000 + start):
            for name in tests:
                p[name].append(float(CALLS[name](sample).pvalue))  # type: ignore[arg-type]
                refused[name] += bool(advise(name, sample)) or name == "bmp-normal"
    share = {name: 100.0 * np.nanmean(np.array(v) <= 0.05) if np.isfinite(v).any() else np.nan for name, v in p.items()}
    rows = [(name, share[name], refused[name] / replications) for name in tests]
    return pd.DataFrame(rows, columns=["test", "got", "refused"])


def main(replications: int) -> None:
    """Run every cell of `expected.csv` and write the table."""
    frames = []
    for (scenario, n, length), group in expected().groupby(["scenario", "n", "length"]):
        found = cell(scenario, n, length, list(group["test"]), replications)
        frames.append(group.merge(found, on="test"))
    table = pd.concat(frames)
    table["difference"] = table["got"] - table["size"]
    inside = (table["difference"].abs() <= BAND).mean()
    lines = [
        "# Size of every test, nominal 5 %, two-sided",
        "",
        f"{replications} replications per cell (s.e. about {100 * np.sqrt(0.05 * 0.95 / replications):.1f} points); "
        f"{100 * inside:.0f} % of {len(table)} cells lie within {BAND} points of the reference.",
        "A cell reads: rejections here / reference; (r) where the test is refused in most samples; * beyond the band.",
        "Made by `python tests/calibration/table.py`.",
    ]
    for length, part in table.groupby("length"):
        lines += ["", f"## Windows of {length} day{'s' if length > 1 else ''}", "", *markdown(part)]
    (HERE / "TABLE.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def markdown(part: pd.DataFrame) -> list[str]:
    """Return one table: tests down, situations across."""
    labels = [f"{s}{n}" for s, n in sorted(set(zip(part["scenario"], part["n"], strict=True)))]
    out = ["| test | " + " | ".join(labels) + " |", "|---|" + "--:|" * len(labels)]
    for name in dict.fromkeys(part["test"]):
        rows = part[part["test"] == name].set_index(["scenario", "n"])
        cells = []
        for scenario, n in sorted(set(zip(part["scenario"], part["n"], strict=True))):
            if (scenario, n) not in rows.index:
                cells.append("")
                continue
            row = rows.loc[(scenario, n)]
            mark = ("*" if abs(row["difference"]) > BAND else "") + (" (r)" if row["refused"] > 0.5 else "")
            cells.append(f"{row['got']:.1f}/{row['size']:.1f}{mark}")
        out.append(f"| {name} | " + " | ".join(cells) + " |")
    return out


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
