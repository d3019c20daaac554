"""What the engine is measured at against itself and against exact arithmetic: tests, draws, aligning, precision, memory, size."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial

import contests
import market as bench_market
import numpy as np
import pandas as pd

EST, EVT = slice(0, 250), slice(269, 290)


def tests_against_ar(events: int, rounds: int) -> dict[str, float]:
    """Return the time of all tests that sums give, ranks among them, over that of AR alone; both from placed arrays.

    AR alone is what every test needs first: gathering, regression and abnormal returns of all events. Once with numpy in both
    places, once against the kernel that a study of this size takes by itself (compiled, where numba is installed).
    """
    import backtest as bt
    from backtest.engine import blocks_of, finish, map_block, merge, plan_of
    from backtest.frames import normalise_events
    from backtest.kernels import choose

    bench = bench_market.make(events)
    prices = bt.Prices.from_returns(bench.returns, benchmark=bench.market)
    study = bt.EventStudy(event=bench_market.EVENT, estimation=bench_market.ESTIMATION)
    plan = plan_of(study, (0, 0), ranks=True)
    blocks = list(blocks_of(study, normalise_events(bench.events), prices, "kind", plan))

    def tests() -> object:
        total = map_block(*blocks[0])
        for block in blocks[1:]:
            total = merge(total, map_block(*block))
        return finish(total, plan)

    alone, seconds = contests.arrays_of(bench), {"tests": [], "own kernel": [], "numpy": []}  # type: ignore[var-annotated]
    before = choose.COMPILED_FROM
    alone()
    for _ in range(rounds):
        seconds["tests"].append(contests.timed(tests))
        seconds["own kernel"].append(contests.timed(alone))
        try:
            choose.COMPILED_FROM = events + 1
            seconds["numpy"].append(contests.timed(alone))
        finally:
            choose.COMPILED_FROM = before
    median = {name: float(np.median(values)) for name, values in seconds.items()}
    return {f"us_per_event, {name}": 1e6 * value / events for name, value in median.items()} | {
        "times_ar_numpy": median["tests"] / median["numpy"], "times_ar_own_kernel": median["tests"] / median["own kernel"],
    }  # fmt: skip


def draws(rounds: int, events: int = 1000, count: int = 10_000) -> dict[str, float]:
    """Return milliseconds of `count` sign permutations and of as many wild bootstrap draws over `events` events."""
    import backtest as bt
    from backtest.inference.resample import permutation, wild_bootstrap

    bench = bench_market.make(events, stocks=200, days=700)
    prices = bt.Prices.from_returns(bench.returns, benchmark=bench.market)
    result = bt.EventStudy(event=bench_market.EVENT, estimation=bench_market.ESTIMATION).run(bench.events, prices)
    sample = result.sample((0, 0))
    permutation(sample)
    calls: dict[str, Callable[[], object]] = {
        "permutation_ms": lambda: permutation(sample, draws=count),
        "bootstrap_ms": lambda: wild_bootstrap(sample, by="event", draws=count),
    }
    return {name: 1e3 * float(np.median([contests.timed(call) for _ in range(rounds)])) for name, call in calls.items()}


def aligning(events: int, rounds: int) -> dict[str, float]:
    """Return the seconds of aligning: (ticker, date) and (ticker, instant) to row and position, and how many were placed."""
    from backtest.align import align
    from backtest.frames import normalise_events
    from backtest.market import build_markets
    from backtest.models.registry import INPUTS
    from backtest.prices import Prices

    bench = bench_market.make(events)
    prices = Prices.from_returns(bench.returns, benchmark=bench.market)
    markets = build_markets(prices, prices.tickers, INPUTS["market"])
    dates = normalise_events(bench.events)
    instants = dates.assign(event_time=dates["event_time"] + pd.Timedelta("10h"), event_precision="minute")
    out = {}
    for name, table in (("dates", dates), ("instants", instants.astype(dates.dtypes))):
        placed = align(table, markets, [])
        assert (placed.position == bench.position).all()
        assert (placed.row == bench.row).all()
        took = [contests.timed(partial(align, table, markets, [])) for _ in range(rounds)]
        out[f"seconds, {name}"] = float(np.median(took))
    return out


# ------------------------------------------------------------------------------------------------------------ precision


def clean(panel: np.ndarray, factor: np.ndarray) -> None:
    """Fat-tailed returns."""


def holed(panel: np.ndarray, factor: np.ndarray) -> None:
    """Two per cent missing."""
    panel[np.random.default_rng(2).random(panel.shape) < 0.02] = np.nan


def bad_print(panel: np.ndarray, factor: np.ndarray) -> None:
    """One absurd value before all windows."""
    panel[:, 3], factor[:, 3] = 1e4, 1e4


def stale(panel: np.ndarray, factor: np.ndarray) -> None:
    """Volatile, then almost without a move."""
    panel[:, 100:] = np.random.default_rng(3).normal(0, 1e-8, panel[:, 100:].shape)


def offset(panel: np.ndarray, factor: np.ndarray) -> None:
    """Levels a million above zero."""
    panel += 1e6
    factor += 1e6


CASES = (clean, holed, bad_print, stale, offset)


def exact(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, Fraction, Fraction]:
    """Return abnormal returns, slope and residual sum of squares of one window in rational arithmetic."""
    pairs = [
        (Fraction(a), Fraction(b)) for a, b in zip(y[EST].tolist(), x[EST].tolist(), strict=True) if np.isfinite(a + b)
    ]
    n = len(pairs)
    my, mx = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    slope = sum((a - my) * (b - mx) for a, b in pairs) / sum((b - mx) ** 2 for _, b in pairs)
    ssr = sum((a - my - slope * (b - mx)) ** 2 for a, b in pairs)
    days = zip(y[EVT].tolist(), x[EVT].tolist(), strict=True)
    ar = [float(Fraction(a) - my - slope * (Fraction(b) - mx)) if np.isfinite(a + b) else np.nan for a, b in days]
    return np.array(ar), Fraction(slope), Fraction(ssr)


def precision(windows: int = 6) -> dict[str, float]:
    """Return per case the largest error of AR, and the largest relative errors of slope and sigma, against exact arithmetic."""
    from backtest.kernels import single

    out = {}
    for spoil in CASES:
        bench = bench_market.make(windows, stocks=windows, days=700)
        panel, factor = bench.returns.to_numpy().T.copy(), bench.market.to_numpy()[None].copy()
        spoil(panel, factor)
        row, start = np.arange(windows), np.linspace(101, 700 - 290, windows).astype(np.int64)
        found = single.fit_lines(panel, factor, (row, np.zeros(windows, dtype=np.int64), start), EST, EVT)
        worst = np.zeros(3)
        for i in range(windows):
            ar, slope, ssr = exact(panel[i, start[i] :], factor[0, start[i] :])
            errors = (
                float(np.nanmax(np.abs(found.ar[i] - ar))),
                abs(float((Fraction(float(found.slope[i])) - slope) / slope)),
                abs(float((Fraction(float(found.ssr[i])) - ssr) / ssr)) / 2.0,
            )
            worst = np.maximum(worst, errors)
        out |= {f"{what}, {spoil.__name__}": float(v) for what, v in zip(("AR", "beta", "sigma"), worst, strict=True)}
    return out


# ----------------------------------------------------------------------------------------------------------------- size


def flatness(rounds: int, sizes: Iterable[int] = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)) -> dict[str, float]:
    """Return microseconds of processor time per event by number of events: AR of all from placed arrays; beyond a million the
    same places again."""
    out = {}
    for size in sizes:
        bench = bench_market.make(min(size, 1_000_000))
        panel, factor = bench.returns.to_numpy().T.copy(), bench.market.to_numpy()[None].copy()
        order = np.lexsort((bench.row, bench.position))
        place = (bench.row[order].astype(np.int64), np.zeros(len(order), dtype=np.int64), bench.position[order] - 279)
        run = partial(_fitted, panel, factor, place, max(1, size // len(order)))
        turns = max(1, 100_000 // size)
        took = [_processor(run, turns) for _ in range(rounds if size < 1_000_000 else 1)]
        out[f"us_per_event, {size}"] = 1e6 * float(np.median(took)) / size
    return out


def _processor(run: Callable[[], object], turns: int) -> float:
    """Return the processor time of a call, the mean of several after one to warm up."""
    run()
    start = time.process_time()
    for _ in range(turns):
        run()
    return (time.process_time() - start) / turns


def _fitted(panel: np.ndarray, factor: np.ndarray, place: tuple[np.ndarray, ...], turns: int) -> None:
    from backtest.kernels.choose import NUMPY

    for _ in range(turns):
        for at in range(0, len(place[0]), NUMPY.chunk):
            NUMPY.fit(panel, factor, tuple(p[at : at + NUMPY.chunk] for p in place), EST, EVT)  # type: ignore[arg-type]


def memory(sizes: Iterable[int] = (10_000, 100_000, 1_000_000)) -> dict[str, float]:
    """Return the megabytes that `map_block` takes at its peak beyond panel and events, in the first block of a run of so many."""
    import backtest as bt
    from backtest.engine import blocks_of, map_block, plan_of
    from backtest.frames import normalise_events

    out = {}
    study = bt.EventStudy(event=bench_market.EVENT, estimation=bench_market.ESTIMATION)
    for size in sizes:
        bench = bench_market.make(size)
        prices = bt.Prices.from_returns(bench.returns, benchmark=bench.market)
        block = next(iter(blocks_of(study, normalise_events(bench.events), prices, "kind", plan_of(study, (0, 0)))))
        tracemalloc.start()
        map_block(*block)
        out[f"megabytes, {size}"] = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
    return out


def sweeping(rounds: int, events: int = 2_000) -> dict[str, float]:
    """Return milliseconds per variant of a sweep of 40 variants, of a fresh run of one, and the ratio."""
    import backtest as bt

    bench = bench_market.make(events)
    prices = bt.Prices.from_returns(bench.returns, benchmark=bench.market)
    study = bt.EventStudy(event=(-5, 5), estimation=bench_market.ESTIMATION)
    axes = {
        "event": [(-a, b) for a in (0, 1, 2, 5) for b in (1, 2, 3, 5, 10)],
        "date_only": ["same", "next"],
    }
    curve = bt.sweep(study, **axes)

    def fresh() -> None:
        for spec in curve.variants[:3]:
            spec.run(bench.events, prices).test("bmp", windows=[(0, 0)], by=None)

    fresh()
    alone, together = [], []
    for _ in range(rounds):
        alone.append(contests.timed(fresh) / 3)
        start = time.perf_counter()
        curve.run(bench.events, prices)
        together.append((time.perf_counter() - start) / len(curve))
    one, many = 1e3 * float(np.median(alone)), 1e3 * float(np.median(together))
    return {"ms_fresh": one, "ms_per_variant": many, "share_of_a_fresh_run": many / one, "variants": float(len(curve))}
