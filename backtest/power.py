"""Size and power of every test at the design at hand: by simulation, or by placebo dates on the user's own prices."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.drawing import Scenario, detached, draw, shifted
from backtest.errors import AlignmentError, SchemaError
from backtest.inference import TESTS, Sample
from backtest.inference.advice import advise
from backtest.registry import lookup

if TYPE_CHECKING:
    from backtest.prices import Prices
    from backtest.study import EventStudy

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Tests of groups whose size is worth knowing; resampling ones are left out for their cost unless asked for.
DEFAULT_TESTS = (
    "kp-overlap", "kp", "bmp", "adjusted-patell", "patell", "time-series", "cross-sectional", "corrado", "corrado-zivney",
    "grank-t", "grank-z", "generalised-sign", "cz-sign", "wilcoxon", "hall", "permutation", "common-shift", "calendar-time",
    "calendar-time-std",
)  # fmt: skip
#: Most samples, and most numbers of one kind, that are drawn at once.
BATCH = 100
DRAWN = 20_000_000
#: Most residuals that `power_table` keeps at a time.
HELD = 40_000_000
COLUMNS = (
    "test", "source", "n", "replications", "effect", "size", "size_se", "power", "power_se", "minimum_effect", "refused",
)  # fmt: skip
#: Random dates are short of events where fewer than this share of them can be used.
ENOUGH = 0.9


def simulate(
    scenario: Scenario, tests: Sequence[str] = DEFAULT_TESTS, replications: int = 2000, seed: int = 0, level: float = 0.05,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how often each test rejects at `level`.

    Returns
    -------
    DataFrame: test, rejected (share of replications with p <= level; single-event tests: of events), se (of that share),
    refused (share of replications in which the test would have been refused), undefined (share without a p).
    """
    for name in tests:
        lookup(name, TESTS, "test")
    counts = {name: np.zeros(4) for name in tests}
    for first, size in batches(scenario, replications):
        for sample in draw(scenario, size, seed + first):
            for name in tests:
                counts[name] += _outcome(name, sample, level)
        if progress is not None:
            progress(first + size, replications)
    return _table(counts)


def _outcome(name: str, sample: Sample, level: float) -> F:
    """Return (rejections, p-values, refused, runs) of one test on one sample."""
    p = np.atleast_1d(np.asarray(TESTS[name](sample).pvalue, dtype=float))
    have = np.isfinite(p)
    return np.array([(p[have] <= level).sum(), have.sum(), bool(advise(name, sample)), 1.0])


def _table(counts: dict[str, F]) -> pd.DataFrame:
    rows = []
    for name, (rejected, valid, refused, runs) in counts.items():
        share = rejected / valid if valid else np.nan
        se = np.sqrt(share * (1.0 - share) / valid) if valid else np.nan
        rows.append((name, share, se, refused / runs, float(valid == 0)))
    return pd.DataFrame(rows, columns=["test", "rejected", "se", "refused", "undefined"]).astype({"test": "str"})


# ------------------------------------------------------------------------------------------------------------ placebo


def placebo_size(
    study: EventStudy, prices: Prices, n: int, tests: Sequence[str] = DEFAULT_TESTS, replications: int = 500,
    window: tuple[int, int] = (0, 0), spread: int = 0, effect: float = 0.0, seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how often each test rejects on random dates of real prices, where nothing happened.

    Parameters
    ----------
    study, prices : the design and the panel. n : events per draw. window : test window.
    spread : 0 draws dates independently, 1 one common date, k dates within k sessions.
    effect : return added on day 0, for power.

    Returns
    -------
    DataFrame as `simulate` returns it.

    Raises
    ------
    UnknownNameError
        An unknown test.
    AlignmentError
        The prices are too short for the windows, or no random date can be used.
    """
    for name in tests:
        lookup(name, TESTS, "test")
    counts = {name: np.zeros(4) for name in tests}
    for done, sample in enumerate(_placebo(study, prices, Scenario(n, window, spread), replications, seed)):
        for name in tests:
            counts[name] += _outcome(name, shifted(sample, effect), 0.05)
        if progress is not None:
            progress(done + 1, replications)
    return _table(counts)


def _placebo(study: EventStudy, prices: Prices, design: Scenario, replications: int, seed: int) -> Iterator[Sample]:
    """Yield samples at random dates of real prices; a draw without a usable event is left out."""
    rng, (first, last) = np.random.default_rng(seed), _room(study, prices, design)
    used, trades = [], prices.close.notna().to_numpy()
    for _ in range(replications):
        at = _random_days(rng, design, first, last)
        able = trades[at] & trades[at + study.estimation[0]] & trades[at + study.event[1]]
        shares = _random_shares(rng, prices.tickers, able)
        events = pd.DataFrame({"asset": shares, "event_time": prices.close.index[at]}).drop_duplicates()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                sample = replace(study, peers=False).run(events, prices).sample(design.window)
            except AlignmentError:
                continue
        used.append(sample.n)
        yield sample
    if not used:
        raise AlignmentError("no random date could be used; the prices have too many holes for these windows")
    if np.mean(used) < ENOUGH * design.n:
        warnings.warn(
            f"random dates: in the mean {np.mean(used):.1f} of {design.n} events could be used; there were too few shares with "
            "prices on their dates",
            stacklevel=2,
        )


def _room(study: EventStudy, prices: Prices, design: Scenario) -> tuple[int, int]:
    """Return the first session at which the first of a draw's events may fall, and the one before which it must.

    Raises
    ------
    AlignmentError
        The test window leaves the event window, or the prices are too short.
    """
    (a, b), (first, last) = design.window, study.event
    if not first <= a <= b <= last:
        raise AlignmentError(f"test window ({a}, {b}) is not inside the event window ({first}, {last})")
    sessions, near = len(prices.close.index), max(design.spread, 1)
    if design.days:
        near = int(clusters(design.days, design.length)[1].max()) + 1
    start, stop = -study.estimation[0] + 1, sessions - last - near
    if stop <= start:
        days = f" and dates within {near} days" if near > 1 else ""
        raise AlignmentError(f"{sessions} sessions are too few for windows {study.estimation} and {study.event}{days}")
    return start, stop


def _random_shares(rng: np.random.Generator, tickers: Sequence[str], able: Bools) -> list[str]:
    """Return a share for each event (row of `able`, events x tickers) among those that can have it, while there are any; none
    twice while there are enough."""
    chosen, fresh = [], np.ones(len(tickers), dtype=bool)
    for row in able:
        pool = next((np.flatnonzero(one) for one in (row & fresh, row, fresh) if one.any()), np.arange(len(tickers)))
        chosen.append(int(rng.choice(pool)))
        fresh[chosen[-1]] = False
    return [tickers[k] for k in chosen]


def _random_days(rng: np.random.Generator, design: Scenario, first: int, last: int) -> Ints:
    """Return the session of each event; the first of those that belong together lies from `first` on and before `last`.

    Where the design gives days, events whose windows share a day keep their distance, and such clusters fall at random.
    """
    if design.days:
        cluster, offset = clusters(design.days, design.length)
        return rng.integers(first, last, cluster.max() + 1)[cluster] + offset
    if design.spread == 0:
        return rng.integers(first, last, design.n)
    return rng.integers(first, last) + rng.integers(0, design.spread, design.n)


def clusters(days: Sequence[int], length: int) -> tuple[Ints, Ints]:
    """Return the cluster of each event, and its days after the first event there; neighbours in one share a window's day."""
    given = np.asarray(days, dtype=np.int64)
    order = np.argsort(given, kind="stable")
    begins = np.ones(len(given), dtype=bool)
    begins[1:] = np.diff(given[order]) >= length
    label = np.zeros_like(given)
    label[order] = np.cumsum(begins) - 1
    return label, given - given[order][begins][label]


# -------------------------------------------------------------------------------------------------------- power table


def power_table(
    scenario: Scenario, tests: Sequence[str] = DEFAULT_TESTS, effect: float = 0.01, replications: int = 500,
    seed: int = 0, level: float = 0.05, power: float = 0.8, study: EventStudy | None = None,
    prices: Prices | None = None, progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return size, power at `effect` and the minimum detectable effect of each test for the design at hand.

    Parameters
    ----------
    scenario : the design. With `study` and `prices` only `n`, `window`, `spread` and `days` count: the samples are then
        random dates of those prices under that study (placebo), else they are simulated.
    tests : names. effect : return on day 0 at which power is given (fraction). replications : samples; all effects are
        tried on the same ones, fewer where they would fill the memory. seed : of the draws. level : nominal size.
        power : what the minimum effect is found with.
    progress : called as ``progress(done, total)`` with counts of tests.

    Returns
    -------
    DataFrame: test, source ("simulation" or "placebo"), n, replications (samples drawn), effect, size, size_se, power,
    power_se, minimum_effect (positive, fraction; NaN where even 100 % is not found), refused (share of samples in which
    the test would be refused). NaN where the test is undefined.

    Raises
    ------
    UnknownNameError
        An unknown test.
    SchemaError
        Only one of `study` and `prices`, an effect that is no number.
    AlignmentError
        The prices are too short for the windows.
    """
    for name in tests:
        lookup(name, TESTS, "test")
    if (study is None) != (prices is None):
        raise SchemaError("placebo dates need both study= and prices=")
    scenario = replace(scenario, effect=effect)  # which says what is wrong with it
    count = min(replications, max(20, HELD // (scenario.n * (scenario.m + scenario.gap))))
    held = list(samples(scenario, count, seed, study, prices))
    rows = []
    for done, name in enumerate(tests):
        (size, size_se), (found, found_se) = (_rate(name, held, e, level) for e in (0.0, effect))
        refused = float(np.mean([bool(advise(name, sample)) for sample in held]))
        rows.append({
            "test": name, "source": "simulation" if study is None else "placebo", "n": scenario.n,
            "replications": len(held), "effect": effect, "size": size, "size_se": size_se, "power": found,
            "power_se": found_se, "minimum_effect": _least_effect(name, held, level, power), "refused": refused,
        })  # fmt: skip
        if progress is not None:
            progress(done + 1, len(tests))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"test": "str", "source": "str"})


def samples(
    scenario: Scenario, replications: int, seed: int = 0, study: EventStudy | None = None, prices: Prices | None = None
) -> Iterator[Sample]:
    """Yield samples without an effect: random dates of `prices` under `study`, or simulated ones where these are None."""
    if study is not None and prices is not None:
        yield from map(detached, _placebo(study, prices, scenario, replications, seed))
        return
    plain = replace(scenario, effect=0.0)
    for first, size in batches(scenario, replications):
        yield from draw(plain, size, seed + first)


def batches(scenario: Scenario, replications: int) -> list[tuple[int, int]]:
    """Return (first, size) of the batches that samples are drawn in, smaller ones where samples are large."""
    own = scenario.n * (scenario.m + scenario.gap + scenario.length + scenario.spread * (not scenario.days))
    size = max(1, min(BATCH, DRAWN // own))
    return [(first, min(size, replications - first)) for first in range(0, replications, size)]


def _rate(name: str, samples: Sequence[Sample], effect: float, level: float) -> tuple[float, float]:
    """Return how often a test rejects, and the standard error of that share; NaN where it is undefined."""
    total = np.zeros(2)
    for sample in samples:
        p = np.atleast_1d(np.asarray(TESTS[name](shifted(sample, effect)).pvalue, dtype=float))
        have = np.isfinite(p)
        total += (p[have] <= level).sum(), have.sum()
    if not total[1]:
        return np.nan, np.nan
    share = total[0] / total[1]
    return float(share), float(np.sqrt(share * (1.0 - share) / total[1]))


def _least_effect(name: str, samples: Sequence[Sample], level: float, power: float) -> float:
    """Return the effect that is found in a share `power` of the samples, by bisection on the same samples."""
    low, high = 0.0, 1.0
    if not _rate(name, samples, high, level)[0] >= power:
        return np.nan
    while high - low > max(1e-5, 0.01 * high):
        middle = (low + high) / 2.0
        low, high = (low, middle) if _rate(name, samples, middle, level)[0] >= power else (middle, high)
    return high


def minimum_detectable(
    scenario: Scenario, tests: Sequence[str] = ("kp-overlap",), power: float = 0.8, replications: int = 400, seed: int = 0
) -> pd.DataFrame:  # fmt: skip
    """Return the effect on day 0 that each test finds with `power`, by bisection on simulated samples.

    Returns
    -------
    DataFrame: test, effect (fraction; NaN where even 100 % is not found).
    """
    table = power_table(scenario, tests, replications=replications, seed=seed, power=power)
    return table[["test", "minimum_effect"]].rename(columns={"minimum_effect": "effect"})
