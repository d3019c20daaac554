"""Simulate size and power of every test in every situation and write TABLE.md: python table.py [replications [large]].

Situations: A independent dates; B the same with the variance of day 0 doubled; C one common date, residuals correlated
by 0.1; D the same with doubled variance; E dates within 11 days, correlated by 0.1. Nominal size 5 %, two-sided. Power is
measured on the samples that gave the size. The second number is for situations of 50 events and more, which take most time.
Where the research data lie beside the project, random dates of 500 real shares follow.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

# Matrices of 50 x 260 are faster on one thread; must be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from backtest.inference import TESTS
from backtest.inference.advice import advise
from backtest.power import Scenario, draw, shifted

HERE = Path(__file__).resolve().parent
BAND = 1.5
LARGE = 50
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
#: The reference flips signs at random, which with five events falls below the smallest exact p of 1/16 now and then.
FLIPS = 499
RULES = {"bmp-normal": partial(TESTS["bmp"], p="normal")}


def calls(run: int) -> dict[str, Callable]:
    """Return the tests by the reference's names; `run` seeds what is drawn anew for every sample."""
    flips = partial(TESTS["permutation"], draws=FLIPS, seed=run, enumerated=False)
    return {**TESTS, **RULES, "permutation": flips}


def expected() -> pd.DataFrame:
    """Return rejections in per cent of an independent implementation: test, scenario, n, length, effect, rejected."""
    return pd.read_csv(HERE / "expected.csv")


def cell(
    scenario: str, n: int, length: int, tests: list[str], replications: int, seed: int = 1, effect: float = 0.0
) -> pd.DataFrame:
    """Return test, got (rejections in per cent) and refused (share of samples in which the test is refused) of one cell."""
    return cells(scenario, n, length, {effect: tests}, replications, seed).drop(columns="effect")


def cells(
    scenario: str, n: int, length: int, tests: dict[float, list[str]], replications: int, seed: int = 1
) -> pd.DataFrame:
    """Return effect, test, got and refused for the tests of every effect, all on the same samples."""
    design = Scenario(n, WINDOWS[length], **SITUATIONS[scenario])  # type: ignore[arg-type]
    keys = [(effect, name) for effect, names in tests.items() for name in names]
    p = np.full((len(keys), replications), np.nan)
    refused = np.zeros(len(keys))
    # Every cell has noise of its own: misses in one say nothing about another.
    own = 1_000_000 * seed + zlib.crc32(f"{scenario}{n}/{length}".encode()) % 1_000_000_000 * 1_000
    batch = max(1, min(100, 20_000 // n))
    for start in range(0, replications, batch):
        for run, sample in enumerate(draw(design, min(batch, replications - start), own + start), start):
            moved = {effect: shifted(sample, effect) for effect in tests}
            known = calls(run)
            for place, (effect, name) in enumerate(keys):
                p[place, run] = np.squeeze(known[name](moved[effect]).pvalue)
                refused[place] += bool(advise(RULES.get(name, name), moved[effect]))
    have = np.isfinite(p).sum(axis=1)
    with np.errstate(invalid="ignore"):
        got = 100.0 * (p <= 0.05).sum(axis=1) / have
    rows = [(*key, *numbers) for key, *numbers in zip(keys, got, refused / replications, strict=True)]
    return pd.DataFrame(rows, columns=["effect", "test", "got", "refused"])


def measure(replications: int, large: int) -> pd.DataFrame:
    """Return every row of `expected` with got, refused, difference and the standard error of that difference."""
    frames = []
    for (scenario, n, length), group in expected().groupby(KEY[:3]):
        count = replications if n < LARGE else large
        tests = {effect: list(part["test"]) for effect, part in group.groupby("effect")}
        found = cells(scenario, n, length, tests, count)
        frames.append(group.merge(found, on=["effect", "test"]).assign(replications=count))
    table = pd.concat(frames, ignore_index=True)
    share = table["rejected"].clip(0.5, 99.5) / 100
    table["difference"] = table["got"] - table["rejected"]
    table["noise"] = 100 * np.sqrt(share * (1 - share) * (1 / table["replications"] + 1 / REFERENCE_REPLICATIONS))
    return table


def main(replications: int, large: int) -> None:
    """Run every cell of `expected.csv`, and random dates of real prices, and write the table."""
    table = measure(replications, large)
    lines = [*summary(table, replications, large), *comparison(table)]
    for (effect, length), part in table.groupby(["effect", "length"]):
        days = f"{length} day{'s' if length > 1 else ''}"
        title = f"Power against {100 * effect:g} % on day 0" if effect else "Size"
        lines += ["", f"## {title}, windows of {days}", "", *markdown(part)]
    lines += real_prices(max(10, replications // 20))
    (HERE / "TABLE.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def summary(table: pd.DataFrame, replications: int, large: int) -> list[str]:
    """Return the lines at the top: what was run, and how far it lies from the reference."""
    size = table["effect"] == 0
    count = f"{replications:,}" if replications == large else f"{replications:,} ({large:,} from {LARGE} events on)"
    error = 100 * np.sqrt(0.05 * 0.95 / replications)
    offered = table[size & (table["refused"] < 0.5) & ~table["scenario"].isin(["B", "D"])]
    low, high = ((offered["got"] < 3.5).sum(), (offered["got"] > 8).sum())
    return [
        "# Size and power of every test, nominal 5 %, two-sided",
        "",
        f"{count} replications per cell (standard error at 5 %: {error:.1f} points; the reference has noise of its own, "
        "0.3 to 0.6 points at 5 % and twice that where a test rejects half of the time).",
        "",
        *[agreement(table[part], what) for part, what in ((size, "Size"), (~size, "Power"))],
        "",
        f"What is offered (not refused) where the event raises no variance: {len(offered)} cells, sizes from "
        f"{offered['got'].min():.1f} to {offered['got'].max():.1f} %, {low} below 3.5 and {high} above 8.",
        "",
        "A cell reads: rejections here / reference; (r) where the test is refused in most samples; * beyond the band; "
        "** beyond it by more than two standard errors of the difference.",
        f"`permutation` flips signs {FLIPS} times at random, as the reference did; the library enumerates few events and "
        "then never rejects at N = 5.",
        "`common-shift` counts the event's own window among the placebo ones, p = (1 + #) / (1 + windows), which costs it 0.7 "
        "points of size.",
        f"Made by `python tests/calibration/table.py {replications}{'' if large == replications else f' {large}'}`.",
    ]


def agreement(table: pd.DataFrame, what: str) -> str:
    """Return how many cells lie in the band, and how many would if both simulations drew from one and the same process."""
    from scipy.special import erf

    gap, noise = table["difference"].abs(), table["noise"]
    chance = erf(BAND / noise / np.sqrt(2.0)).mean()
    near = table["rejected"] <= 10
    return (
        f"* {what}: {100 * (gap <= BAND).mean():.1f} % of {len(table)} cells lie within {BAND} points of the reference "
        f"({100 * chance:.1f} % would by chance if both drew from one process); of the {near.sum()} cells in which the "
        f"reference rejects at most 10 %: {100 * (gap[near] <= BAND).mean():.1f} %; within {BAND} points and two standard "
        f"errors of the difference: {100 * (gap <= BAND + 2 * noise).mean():.1f} %. Mean difference "
        f"{table['difference'].mean():+.2f} points; mean square over its variance {((gap / noise) ** 2).mean():.2f}."
    )


def comparison(table: pd.DataFrame) -> list[str]:
    """Return where the differences are: sizes by test and by situation."""
    sizes = table[table["effect"] == 0].assign(situation=table["scenario"] + ", " + table["length"].astype(str) + " d")
    lines = ["", "## Size: differences to the reference, in points", ""]
    for column in ("test", "situation"):
        lines += [f"| {column} | cells | mean | largest | beyond {BAND} |", "|---|--:|--:|--:|--:|"]
        for name, part in sizes.groupby(column, sort=False)["difference"]:
            beyond = int((part.abs() > BAND).sum())
            lines.append(f"| {name} | {len(part)} | {part.mean():+.2f} | {part.abs().max():.1f} | {beyond} |")
        lines.append("")
    return lines[:-1]


REAL = {"independent": 0, "one date": 1, "within 11 days": 11}
REAL_TESTS = [
    "kp-overlap", "kp", "bmp", "adjusted-patell", "patell", "time-series", "cross-sectional", "corrado", "corrado-zivney",
    "grank-t", "grank-z", "generalised-sign", "wilcoxon", "hall", "common-shift", "calendar-time",
]  # fmt: skip


def real_panel(shared: Path) -> object | None:
    """Return the adjusted closes of 500 US shares with their index, None where the research data are absent."""
    import backtest as bt

    folder = shared / "prices"
    file = folder / "panels" / "us500_adjclose_2012_2020.csv.gz"
    if not file.is_file():
        return None
    panel = pd.read_csv(file, index_col="date", parse_dates=["date"])
    levels = pd.read_csv(folder / "benchmarks" / "^GSPC.csv", index_col="date", parse_dates=["date"])["close"]
    return bt.Prices.from_frame(panel, levels.reindex(panel.index).rename("^GSPC"))


def real_prices(replications: int) -> list[str]:
    """Return the section on random dates of real shares: nothing happened there, so rejections are false alarms."""
    import backtest as bt
    from backtest.power import placebo_size

    prices = real_panel(HERE.parents[1] / ".." / "shared")
    title = ["", "## Size on real prices: random dates of 500 US shares, 2012 to 2020", ""]
    if prices is None:
        return [*title, "The research data are not on the machine that made this table."]
    study = bt.EventStudy(event=(-5, 5), estimation=(-260, -11))
    columns: dict[str, dict[str, str]] = {}
    for length in (1, 11):
        for name, spread in REAL.items():
            for n in (5, 20, 50):
                got = placebo_size(study, prices, n, REAL_TESTS, replications, WINDOWS[length], spread, seed=length + n)  # type: ignore[arg-type]
                columns[f"{name}, N {n}, {length} d"] = {
                    row.test: f"{100 * row.rejected:.1f}{' (r)' if row.refused > 0.5 else ''}"
                    for row in got.itertuples()
                }
    error = 100 * np.sqrt(0.05 * 0.95 / replications)
    lines = [
        f"{replications:,} draws per column (standard error at 5 %: {error:.1f} points); market model, estimation days -260 "
        "to -11.",
        "",
    ]
    lines += ["| test | " + " | ".join(columns) + " |", "|---|" + "--:|" * len(columns)]
    return [*title, *lines, *(f"| {t} | " + " | ".join(c[t] for c in columns.values()) + " |" for t in REAL_TESTS)]


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
