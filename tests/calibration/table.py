"""Simulate size and power of every test in every situation and write TABLE.md.

    python tests/calibration/table.py [replications] [--cells FOLDER]

Situations: A independent dates; B the same with the variance of day 0 doubled; C one common date, residuals correlated
by 0.1; D the same with doubled variance; E dates within 11 days, correlated by 0.1. Nominal size 5 %, two-sided. Power is
measured on the samples that gave the size. Where the research data lie beside the project, random dates of 500 real shares
follow. All cores work; the numbers do not depend on how many there are. A FOLDER keeps what is done, cell by cell, so that a
run that was stopped goes on: one folder for one number of replications.
"""

from __future__ import annotations

import argparse
import os
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

# Matrices of 50 x 260 are faster on one thread; must be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import placebo
from scipy.special import erf

from backtest.inference import TESTS
from backtest.inference.advice import advise
from backtest.power import Scenario, draw, shifted

HERE = Path(__file__).resolve().parent
REPLICATIONS = 2000
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
#: The reference flips signs at random, which with five events falls below the smallest exact p of 1/16 now and then.
FLIPS = 499
RULES = {"bmp-normal": partial(TESTS["bmp"], p="normal")}
Work = dict[str, Callable[[], pd.DataFrame]]


def calls(run: int) -> dict[str, Callable]:
    """Return the tests by the reference's names; `run` seeds what is drawn anew for every sample."""
    flips = partial(TESTS["permutation"], draws=FLIPS, seed=run, enumerated=False)
    return {**TESTS, **RULES, "permutation": flips}


def expected() -> pd.DataFrame:
    """Return rejections in per cent of an independent implementation: test, scenario, n, length, effect, rejected."""
    return pd.read_csv(HERE / "expected.csv")


# ----------------------------------------------------------------------------------------------------------- simulate


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


def plan(replications: int) -> Work:
    """Return the work by name: every situation of `expected.csv`, those with most events first."""
    work = {}
    for (scenario, n, length), group in expected().groupby(KEY[:3]):
        tests = {effect: list(part["test"]) for effect, part in group.groupby("effect")}
        work[f"{scenario}{n}-{length}"] = (n, partial(cells, scenario, n, length, tests, replications))
    return {name: call for name, (_, call) in sorted(work.items(), key=lambda item: -item[1][0])}


def carry_out(work: Work, folder: Path | None = None, processes: int | None = None) -> dict[str, pd.DataFrame]:
    """Return what each piece of work gives, run over all cores; what `folder` holds is taken from there."""
    done = {}
    # Fresh processes: a fork would close what another library's threads have open, databases among them.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for name, frame in zip(work, pool.map(partial(_kept, folder), work, work.values()), strict=True):
            done[name] = frame
            sys.stderr.write(f"{len(done)}/{len(work)} {name}\n")
    return done


def _kept(folder: Path | None, name: str, call: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    file = folder / f"{name}.pkl" if folder else None
    if file and file.exists():
        return pd.read_pickle(file)
    frame = call()
    if file:
        frame.to_pickle(file)
    return frame


# -------------------------------------------------------------------------------------------------------------- write


def main(replications: int, folder: Path | None = None, out: Path = HERE / "TABLE.md") -> None:
    """Run every cell of `expected.csv` and random dates of real prices, and write the table."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    draws = min(replications, REPLICATIONS)
    found = carry_out({**plan(replications), **placebo.plan(draws)}, folder)
    out.write_text(assemble(found, replications, draws), encoding="utf-8")


def assemble(found: dict[str, pd.DataFrame], replications: int, draws: int = REPLICATIONS) -> str:
    """Return the text of TABLE.md.

    Parameters
    ----------
    found : what `cells` returned, by ``f"{scenario}{n}-{length}"``, and the columns of `placebo.plan` by their names; a column
        that is absent is left out. replications : those of the cells. draws : those of the columns.
    """
    table = compared(found, replications)
    lines = [*summary(table, replications), *comparison(table)]
    for (effect, length), part in table.groupby(["effect", "length"]):
        days = f"{length} day{'s' if length > 1 else ''}"
        title = f"Power against {100 * effect:g} % on day 0" if effect else "Size"
        lines += ["", f"## {title}, windows of {days}", "", *markdown(part)]
    return "\n".join([*lines, *placebo.section(found, draws)]) + "\n"


def compared(found: dict[str, pd.DataFrame], replications: int) -> pd.DataFrame:
    """Return every row of `expected` with got, refused, difference and the standard errors of the reference and of that."""
    groups = expected().groupby(KEY[:3])
    parts = [part.merge(found[f"{s}{n}-{length}"], on=["effect", "test"]) for (s, n, length), part in groups]
    table = pd.concat(parts, ignore_index=True)
    share = table["rejected"].clip(0.5, 99.5) / 100
    table["difference"] = table["got"] - table["rejected"]
    table["reference_noise"] = 100 * np.sqrt(share * (1 - share) / REFERENCE_REPLICATIONS)
    table["noise"] = table["reference_noise"] * np.sqrt(1 + REFERENCE_REPLICATIONS / replications)
    return table


def summary(table: pd.DataFrame, replications: int) -> list[str]:
    """Return the lines at the top: what was run, and how far it lies from the reference."""
    size = table["effect"] == 0
    error = 100 * np.sqrt(0.05 * 0.95 / replications)
    offered = table[size & (table["refused"] < 0.5) & ~table["scenario"].isin(["B", "D"])]
    low, high = ((offered["got"] < 3.5).sum(), (offered["got"] > 8).sum())
    return [
        "# Size and power of every test, nominal 5 %, two-sided",
        "",
        f"{replications:,} replications per cell (standard error at 5 %: {error:.1f} points). The reference has noise of its "
        f"own, 0.3 to 0.6 points at 5 % and twice that where a test rejects half of the time (1,500 to 6,000 replications; "
        f"{REFERENCE_REPLICATIONS:,} are assumed below).",
        "",
        *[agreement(table[part], what) for part, what in ((size, "Size"), (~size, "Power"))],
        "",
        *outliers(table),
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
        f"Made by `python tests/calibration/table.py {replications}`.",
    ]


def agreement(table: pd.DataFrame, what: str) -> str:
    """Return how many cells lie in the band, and how many would if both simulations drew from one and the same process."""
    gap, noise = table["difference"].abs(), table["noise"]
    chance, at_best = (100 * within(one).mean() for one in (noise, table["reference_noise"]))
    near = table["rejected"] <= 10
    return (
        f"* {what}: {100 * (gap <= BAND).mean():.1f} % of {len(table)} cells lie within {BAND} points of the reference "
        f"({chance:.1f} % would by chance if both drew from one process, {at_best:.1f} % if ours had no noise at all and only "
        f"the reference had its own); of the {near.sum()} cells in which the reference rejects at most 10 %: "
        f"{100 * (gap[near] <= BAND).mean():.1f} %; within {BAND} points and two standard errors of the difference: "
        f"{100 * (gap <= BAND + 2 * noise).mean():.1f} %. Mean difference {table['difference'].mean():+.2f} points; mean "
        f"square over its variance {((gap / noise) ** 2).mean():.2f}."
    )


def within(noise: pd.Series) -> pd.Series:
    """Return the chance that a normal difference of this standard error lies in the band."""
    return erf(BAND / noise / np.sqrt(2.0))


def outliers(table: pd.DataFrame) -> list[str]:
    """Return the cells that lie beyond the band by more than two standard errors of the difference, one a line."""
    far = table[table["difference"].abs() > BAND + 2 * table["noise"]]
    head = f"Beyond {BAND} points and two standard errors of the difference: {len(far)} of {len(table)} cells"
    rows = [
        f"* {row.test}, {row.scenario}{row.n}, {row.length} d, {'power' if row.effect else 'size'}: {row.got:.1f} here, "
        f"{row.rejected:.1f} in the reference"
        for row in far.itertuples()
    ]
    return [head + (":" if rows else "."), *([""] if rows else []), *rows]


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


def markdown(part: pd.DataFrame) -> list[str]:
    """Return one table: tests down, situations across."""
    places = sorted(set(zip(part["scenario"], part["n"], strict=True)))
    out = ["| test | " + " | ".join(f"{s}{n}" for s, n in places) + " |", "|---|" + "--:|" * len(places)]
    for name in dict.fromkeys(part["test"]):
        rows = part[part["test"] == name].set_index(["scenario", "n"])
        shown = [_cell(rows.loc[place]) if place in rows.index else "" for place in places]
        out.append(f"| {name} | " + " | ".join(shown) + " |")
    return out


def _cell(row: pd.Series) -> str:
    beyond = abs(row["difference"]) - BAND
    mark = "" if beyond <= 0 else "*" if beyond <= 2 * row["noise"] else "**"
    return f"{row['got']:.1f}/{row['rejected']:.1f}{mark}" + (" (r)" if row["refused"] > 0.5 else "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Simulate size and power of every test and write TABLE.md.")
    parser.add_argument(
        "replications", type=int, nargs="?", default=REPLICATIONS, help="samples of each cell (%(default)s)"
    )
    parser.add_argument("--cells", type=Path, metavar="FOLDER", help="keep finished cells there, and take those it has")
    flags = parser.parse_args()
    main(flags.replications, flags.cells)
