"""The table of floors and goals with what was reached here, and what larger studies would take by the measured slopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Row:
    """One line: what, floor, goal, where the figure is found (contest, key), and whether more is better."""

    what: str
    floor: float
    goal: float
    contest: str
    key: str
    more: bool = True


ROWS = (
    Row("AR + CAR of 10,000 events on arrays, times eventstudy", 80, 170, "contest", "arrays, times_eventstudy"),
    Row("the same, times a statsmodels loop", 40, 85, "contest", "arrays, times_statsmodels"),
    Row("EventStudy.run to CAAR, times eventstudy", 40, 100, "contest", "EventStudy.run, times_eventstudy"),
    Row("whole process, times eventstudy", 5, 8, "processes", "times_eventstudy"),
    Row("peak memory, share of eventstudy's", 0.8, 0.6, "processes", "memory_share", more=False),
    Row("numba kernel, share of a copy's bandwidth", 0.5, 0.8, "kernel", "share_of_copy, best"),
    Row("all tests at 1e6 events, times AR alone (numpy)", 20, 12, "tests", "times_ar_numpy", more=False),
    Row("all tests at 1e6 events, times AR alone (own kernel)", 20, 12, "tests", "times_ar_own_kernel", more=False),
    Row("placebo over every date, times pandas", 3, 8, "placebo", "times_pandas"),
    Row("placebo over every date, times statsmodels", 1000, 5000, "placebo", "times_statsmodels"),
    Row("10,000 permutations of 1,000 events, ms", 150, 30, "draws", "permutation_ms", more=False),
    Row("10,000 bootstrap draws of 1,000 events, ms", 150, 30, "draws", "bootstrap_ms", more=False),
    Row("aligning 1e6 dates, s", 1.0, 0.1, "aligning", "seconds, dates", more=False),
    Row("aligning 1e6 instants, s", 1.0, 0.1, "aligning", "seconds, instants", more=False),
    Row("largest error of AR", 1e-13, 1e-14, "precision", "AR", more=False),
    Row("largest relative error of beta", 1e-11, 1e-12, "precision", "beta", more=False),
    Row("largest relative error of sigma", 1e-11, 1e-12, "precision", "sigma", more=False),
    Row("cost per event, dearest over cheapest size", 2, 1.3, "flatness", "spread", more=False),
    Row("memory beyond the input, largest over smallest size", 2, 1.1, "memory", "spread", more=False),
    Row("backtest --help, s", 0.3, 0.3, "startup", "backtest --help", more=False),
    Row("signals --help, s", 0.3, 0.3, "startup", "signals --help", more=False),
    Row(
        "import of the public names beyond pandas, s",
        0.15,
        0.15,
        "startup",
        "import backtest beyond pandas",
        more=False,
    ),
    Row("a variant of a sweep, share of a fresh run", 0.5, 0.2, "sweep", "share_of_a_fresh_run", more=False),
)


def derived(found: Figures) -> dict[str, dict[str, float]]:
    """Return the figures with those that are the worst or the best of several."""
    out = {name: dict(values) for name, values in found.items()}
    for name in ("flatness", "memory"):
        values = list(found.get(name, {}).values())
        if values:
            out[name]["spread"] = max(values) / min(values)
    if "precision" in found:
        for what in ("AR", "beta", "sigma"):
            out["precision"][what] = max(v for key, v in found["precision"].items() if key.startswith(what))
    if "kernel" in found:
        out["kernel"]["share_of_copy, best"] = max(
            v for k, v in found["kernel"].items() if k.startswith("share_of_copy")
        )
    return out


def scorecard(found: Figures) -> list[dict[str, object]]:
    """Return one row per line that was measured: what, floor, goal, reached, verdict."""
    figures, rows = derived(found), []
    for row in ROWS:
        value = figures.get(row.contest, {}).get(row.key)
        if value is None:
            continue
        reach = [value >= line if row.more else value <= line for line in (row.floor, row.goal)]
        verdict = "goal" if reach[1] else "floor" if reach[0] else "below the floor"
        rows.append({"what": row.what, "floor": row.floor, "goal": row.goal, "reached": value, "verdict": verdict})
    return rows


def card_text(rows: list[dict[str, object]]) -> str:
    """Return the rows as text."""
    lines = [f"{'what':<56}{'floor':>9}{'goal':>9}{'reached':>11}  verdict"]
    lines += [
        f"{row['what']:<56}{row['floor']:>9.3g}{row['goal']:>9.3g}{row['reached']:>11.3g}  {row['verdict']}"
        for row in rows
    ]
    return "\n".join(lines)


# --------------------------------------------------------------------------------------------------------- projection

SESSIONS = 2_500
#: Bytes that a stock-day takes on disk, as parquet of random floats, and in memory.
DOUBLE = 8


def projection(
    seconds_per_event: float, seconds_per_stock: float, base_mb: float, block_mb: float
) -> list[dict[str, float]]:
    """Return time and memory of larger studies from measured slopes: per event, per stock (reading), base and one block.

    Out of core, memory is the base and one block per worker, which grows with the events on a stock: neither the number of
    events nor that of stocks is in it. One worker; time is divided by as many as run at once.
    """
    rows = []
    for events, stocks in ((1e6, 500), (1e7, 5_000), (1e8, 5_000), (1e8, 50_000)):
        rows.append(
            {
                "events": events, "stocks": stocks, "minutes": (events * seconds_per_event + stocks * seconds_per_stock) / 60,
                "rss_mb": base_mb + block_mb * events / stocks, "panel_gb_in_memory": stocks * SESSIONS * DOUBLE / 2**30,
                "events_gb_in_memory": events * 21 * DOUBLE / 2**30,
            }
        )  # fmt: skip
    return rows


def projection_text(rows: list[dict[str, float]]) -> str:
    """Return the projection as text."""
    lines = [f"{'events':>10}{'stocks':>9}{'minutes':>9}{'peak RSS':>11}{'(panel, AR at once)':>24}"]
    for r in rows:
        whole = f"({r['panel_gb_in_memory']:.2f} + {r['events_gb_in_memory']:.1f} GB)"
        lines.append(f"{r['events']:>10.0e}{r['stocks']:>9,.0f}{r['minutes']:>9.1f}{r['rss_mb']:>8.0f} MB{whole:>24}")
    return "\n".join(lines)
