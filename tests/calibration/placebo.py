"""Random dates of 500 real US shares, where nothing happened: every rejection is a false alarm. A section of TABLE.md.

The panel is research data that lie beside the project; without it the section says so. The reference drew from other data
(20 shares of the S&P 500, 1990 to 2019, market of Fama and French), so its numbers are near, not the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

#: What `backtest.placebo_size` gives, by (dates, events, days of the window).
Columns = dict[tuple[str, int, int], pd.DataFrame]
HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / ".." / "shared"
PANEL = Path("prices") / "panels" / "us500_adjclose_2012_2020.csv.gz"
MARKET = Path("prices") / "benchmarks" / "^GSPC.csv"
WINDOWS = {1: (0, 0), 3: (-1, 1), 11: (-5, 5)}
#: Number of sessions within which the dates of one draw lie; 0 is anywhere.
DATES = {"single": 0, "independent": 0, "one date": 1, "within 11 days": 11}
GROUP_TESTS = (
    "kp-overlap", "kp", "bmp", "adjusted-patell", "patell", "time-series", "cross-sectional", "corrado", "corrado-zivney",
    "grank-t", "grank-z", "generalised-sign", "cz-sign", "wilcoxon", "hall", "common-shift", "calendar-time",
)  # fmt: skip
SINGLE_TESTS = ("car-t", "sq", "sq-studentised", "sq-ewma", "conformal", "conformal-block")
#: The reference drew 1,000 to 12,000 times.
REFERENCE_DRAWS = 3000
#: Title, then (dates, events, days of the window) of every column.
TABLES = {
    "Single events": [("single", 1, length) for length in WINDOWS],
    **{
        f"Groups, windows of {length} day{'s' if length > 1 else ''}": [
            (dates, n, length) for dates in list(DATES)[1:] for n in (5, 20, 50)
        ]
        for length in (1, 11)
    },
}


@lru_cache(maxsize=1)
def panel(shared: Path) -> object:
    """Return the adjusted closes of 500 US shares with their index, as `backtest.Prices`."""
    import backtest as bt

    closes = pd.read_csv(shared / PANEL, index_col="date", parse_dates=["date"])
    levels = pd.read_csv(shared / MARKET, index_col="date", parse_dates=["date"])["close"]
    return bt.Prices.from_frame(closes, levels.reindex(closes.index).rename("^GSPC"))


def column(shared: Path, dates: str, n: int, length: int, draws: int) -> pd.DataFrame:
    """Return what `backtest.placebo_size` gives for one column."""
    import backtest as bt

    study = bt.EventStudy(event=(-5, 5), estimation=(-260, -11))
    tests = SINGLE_TESTS if dates == "single" else GROUP_TESTS
    seed = zlib.crc32(_name(dates, n, length).encode())
    return bt.placebo_size(study, panel(shared), n, tests, draws, WINDOWS[length], DATES[dates], seed=seed)  # type: ignore[arg-type]


def plan(draws: int, shared: Path = SHARED) -> dict[str, Callable[[], pd.DataFrame]]:
    """Return the work by name, one column each; nothing where the research data are absent."""
    if not (shared / PANEL).is_file():
        return {}
    keys = [key for keys in TABLES.values() for key in keys]
    return {_name(*key): partial(column, shared, *key, draws) for key in keys}


def _name(dates: str, n: int, length: int) -> str:
    return f"real-{dates.replace(' ', '-')}-{n}-{length}"


def section(found: dict[str, pd.DataFrame], draws: int) -> list[str]:
    """Return the lines of TABLE.md about real prices, from the columns in `found`."""
    lines = ["", "## Size on real prices: random dates of 500 US shares, 2012 to 2020", ""]
    if not any(_name(*key) in found for keys in TABLES.values() for key in keys):
        return [*lines, "The research data are not on the machine that made this table."]
    error = 100 * np.sqrt(0.05 * 0.95 / draws)
    lines += [
        f"{draws:,} draws per column (standard error at 5 %: {error:.1f} points); market model, estimation days -260 to -11.",
        "A cell reads: rejections here / reference, where it has one; (r) where the test is refused in most draws. The "
        "reference drew from other data (20 shares of the S&P 500, 1990 to 2019, 1,000 to 12,000 draws). Nine years hold 180 "
        "separate windows of eleven days: where a draw has one date, long windows of several draws overlap, and the noise is "
        "larger than that.",
    ]
    reference = pd.read_csv(HERE / "expected_real.csv").set_index(["dates", "n", "length", "test"])["rejected"]
    columns = {
        key: found[_name(*key)].set_index("test") for keys in TABLES.values() for key in keys if _name(*key) in found
    }
    lines += ["", summary(columns, reference, draws)]
    for title, keys in TABLES.items():
        have = {key: columns[key] for key in keys if key in columns}
        lines += ["", f"### {title}", "", *_table(have, reference)] if have else []
    return lines


def summary(columns: Columns, reference: pd.Series, draws: int) -> str:
    """Return how near the sizes lie to those of the reference, and to 5 % where the test is offered."""
    sizes = pd.concat(columns, names=["dates", "n", "length"])[["rejected", "refused"]].dropna()
    both = sizes.assign(reference=reference).dropna()
    share = both["reference"].clip(0.5) / 100
    noise = np.sqrt(share * (1 - share) * (1 / draws + 1 / REFERENCE_DRAWS))
    near = ((both["rejected"] - both["reference"] / 100).abs() <= 0.015 + 2 * noise).mean()
    offered = 100 * sizes.loc[sizes["refused"] < 0.5, "rejected"]
    return (
        f"Of {len(both)} cells with a reference {100 * near:.0f} % lie within 1.5 points and two standard errors of the "
        f"difference. What is offered: {len(offered)} cells, sizes from {offered.min():.1f} to {offered.max():.1f} %, "
        f"{(offered < 3.5).sum()} below 3.5 and {(offered > 8).sum()} above 8."
    )


def _table(have: Columns, reference: pd.Series) -> list[str]:
    titles = [f"{dates}, {length} d" if n == 1 else f"{dates}, N {n}" for dates, n, length in have]
    lines = ["| test | " + " | ".join(titles) + " |", "|---|" + "--:|" * len(titles)]
    for test in dict.fromkeys(name for frame in have.values() for name in frame.index):
        shown = [_cell(frame.loc[test], reference.get((*key, test))) for key, frame in have.items()]
        lines.append(f"| {test} | " + " | ".join(shown) + " |")
    return lines


def _cell(row: pd.Series, reference: float | None) -> str:
    if np.isnan(row["rejected"]):
        return ""
    beside = "" if reference is None else f"/{reference:.1f}"
    return f"{100 * row['rejected']:.1f}{beside}" + (" (r)" if row["refused"] > 0.5 else "")
