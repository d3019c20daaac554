"""Simulate size and power of every test in every situation and write TABLE.md: python table.py [replications [large]].

Situations: A independent dates; B the same with the variance of day 0 doubled; C one common date, residuals correlated
by 0.1; D the same with doubled variance; E dates within 11 days, correlated by 0.1. Nominal size 5 %, two-sided.
The second number is for situations of 50 events and more, which take most of the time.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

# Matrices of 50 x 260 are faster on one thread; must be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from backtest.inference import TESTS
from backtest.inference.advice import advise
from backtest.power import Scenario, draw

HERE = Path(__file__).resolve().parent
BAND = 1.5
#: The reference was itself simulated, with 1,500 to 6,000 replications.
REFERENCE_REPLICATIONS = 3000
WINDOWS = {1: (0, 0), 3: (-1, 1), 11: (-5, 5)}
SITUATIONS = {
    "A": {},
    "B": {"induced": 1.0},
    "C": {"spread": 1, "rho": 0.1},
    "D": {"spread": 1, "rho": 0.1, "induced": 1.0},
    "E": {"spread": 11, "rho": 0.1},
}
KEY = ["scenario", "n", "length", "effect"]
CALLS = {**TESTS, "bmp-normal": partial(TESTS["bmp"], p="normal")}


def expected() -> pd.DataFrame:
    """Return rejections in per cent of an independent implementation: test, scenario, n, length, effect, rejected."""
    return pd.read_csv(HERE / "expected.csv")


def cell(
    scenario: str, n: int, length: int, tests: list[str], replications: int, seed: int = 1, effect: float = 0.0
) -> pd.DataFrame:
    """Return test, got (rejections in per cent) and refused (share of samples in which the test is refused) of one cell."""
    design = Scenario(n, WINDOWS[length], effect=effect, **SITUATIONS[scenario])  # type: ignore[arg-type]
    p: dict[str, list[float]] = {name: [] for name in tests}
    refused = dict.fromkeys(tests, 0)
    batch = max(1, min(100, 20_000 // n))
    for start in range(0, replications, batch):
        for sample in draw(design, min(batch, replications - start), seed * 1_000_000 + start):
            for name in tests:
                p[name].append(float(np.squeeze(CALLS[name](sample).pvalue)))
                refused[name] += bool(advise(CALLS[name] if name == "bmp-normal" else name, sample))
    share = {name: 100.0 * np.nanmean(np.array(v) <= 0.05) if np.isfinite(v).any() else np.nan for name, v in p.items()}
    rows = [(name, share[name], refused[name] / replications) for name in tests]
    return pd.DataFrame(rows, columns=["test", "got", "refused"])


def measure(replications: int, large: int) -> pd.DataFrame:
    """Return every row of `expected` with got, refused, difference and the standard error of that difference."""
    frames = []
    for (scenario, n, length, effect), group in expected().groupby(KEY):
        count = replications if n < 50 else large
        found = cell(scenario, n, length, list(group["test"]), count, effect=effect)
        frames.append(group.merge(found, on="test").assign(replications=count))
    table = pd.concat(frames, ignore_index=True)
    share = table["rejected"].clip(1.0, 99.0) / 100
    table["difference"] = table["got"] - table["rejected"]
    table["noise"] = 100 * np.sqrt(share * (1 - share) * (1 / table["replications"] + 1 / REFERENCE_REPLICATIONS))
    return table


def main(replications: int, large: int) -> None:
    """Run every cell of `expected.csv` and write the table."""
    table = measure(replications, large)
    size = table["effect"] == 0
    far = table["difference"].abs() > BAND
    odd = table["difference"].abs() > BAND + 2 * table["noise"]
    count = f"{replications:,}" if replications == large else f"{replications:,} ({large:,} from 50 events on)"
    error = 100 * np.sqrt(0.05 * 0.95 / replications)
    lines = [
        "# Size and power of every test, nominal 5 %, two-sided",
        "",
        f"{count} replications per cell (standard error at 5 %: {error:.1f} points, {100 * np.sqrt(0.05 * 0.95 / large):.1f} "
        f"from 50 events on; the reference has noise of its own).",
        f"Size: {100 * (~far[size]).mean():.1f} % of {size.sum()} cells lie within {BAND} points of the reference, "
        f"{100 * (~odd[size]).mean():.1f} % within {BAND} points and two standard errors of the difference.",
        f"Power: {100 * (~odd[~size]).mean():.1f} % of {(~size).sum()} cells within {BAND} points and two standard errors.",
        "A cell reads: rejections here / reference; (r) where the test is refused in most samples; * beyond the band; "
        "** beyond it by more than two standard errors.",
        f"Made by `python tests/calibration/table.py {replications}{'' if large == replications else f' {large}'}`.",
    ]
    for (effect, length), part in table.groupby(["effect", "length"]):
        days = f"{length} day{'s' if length > 1 else ''}"
        title = f"Power against {100 * effect:g} % on day 0" if effect else "Size"
        lines += ["", f"## {title}, windows of {days}", "", *markdown(part)]
    (HERE / "TABLE.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def markdown(part: pd.DataFrame) -> list[str]:
    """Return one table: tests down, situations across."""
    places = sorted(set(zip(part["scenario"], part["n"], strict=True)))
    out = ["| test | " + " | ".join(f"{s}{n}" for s, n in places) + " |", "|---|" + "--:|" * len(places)]
    for name in dict.fromkeys(part["test"]):
        rows = part[part["test"] == name].set_index(["scenario", "n"])
        cells = [_cell(rows.loc[place]) if place in rows.index else "" for place in places]
        out.append(f"| {name} | " + " | ".join(cells) + " |")
    return out


def _cell(row: pd.Series) -> str:
    beyond = abs(row["difference"]) - BAND
    mark = "" if beyond <= 0 else "*" if beyond <= 2 * row["noise"] else "**"
    return f"{row['got']:.1f}/{row['rejected']:.1f}{mark}" + (" (r)" if row["refused"] > 0.5 else "")


if __name__ == "__main__":
    numbers = [int(a) for a in sys.argv[1:3]] or [2000]
    main(numbers[0], numbers[-1])
