"""What the engine is measured at beside its peers: each function returns a row of numbers; nothing here is a unit test."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import market as bench_market
import numpy as np

LOGICAL_BYTES = (250 + 21) * 8 + 21 * 8 + 32
HERE = Path(__file__).resolve().parent

#: A whole process: start-up, reading a csv of events and an npz of returns, the study, its CAAR, and the peak of its memory.
WHOLE = """
import resource, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
import backtest as bt
folder = sys.argv[1]
data = np.load(folder + "/returns.npz")
frame = pd.DataFrame(data["values"], index=pd.DatetimeIndex(data["days"]), columns=data["names"].tolist())
market = frame.pop("MKT")
prices = bt.Prices.from_returns(frame, benchmark=market)
result = bt.EventStudy(event=(-10, 10), estimation=(-279, -30)).run(pd.read_csv(folder + "/events.csv"), prices)
result.caar()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
WHOLE_PEER = """
import resource, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
from eventstudy import Single, models
folder = sys.argv[1]
data = np.load(folder + "/returns.npz")
frame = pd.DataFrame(data["values"], index=pd.DatetimeIndex(data["days"]), columns=data["names"].tolist())
events = pd.read_csv(folder + "/events.csv", parse_dates=["date"])
market = frame["MKT"].to_numpy()
total, at = np.zeros(21), {day: i for i, day in enumerate(frame.index)}
for asset, day in zip(events["asset"], events["date"]):
    i = at[day]
    span = slice(i - 279, i + 11)
    data = {"security_returns": frame[asset].to_numpy()[span], "market_returns": market[span]}
    total += Single(models.market_model, data, event_window=(-10, 10), estimation_size=250, buffer_size=19).AR
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def timed(run: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def whole_process(python: Path, code: str, folder: Path) -> tuple[float, float]:
    """Return seconds and peak resident megabytes of a process of its own."""
    start = time.perf_counter()
    done = subprocess.run([str(python), "-c", code, str(folder)], capture_output=True, text=True, check=True)
    return time.perf_counter() - start, float(done.stdout.split()[-1])


def processes(bench: bench_market.Bench, peer: Path, rounds: int) -> dict[str, float]:
    """Compare whole processes with `eventstudy`'s: ratio of medians of time, and of peak memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = bench.returns.assign(MKT=bench.market)
        arrays = {"values": table.to_numpy(), "days": table.index.to_numpy(), "names": np.array(list(table), dtype="U")}
        np.savez(folder / "returns.npz", **arrays)
        bench.events.to_csv(folder / "events.csv", index=False)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(whole_process(Path(sys.executable), WHOLE, folder))
            theirs.append(whole_process(peer, WHOLE_PEER, folder))
    own, other = np.median(ours, axis=0), np.median(theirs, axis=0)
    return {
        "seconds": own[0], "eventstudy_seconds": other[0], "times_eventstudy": other[0] / own[0], "rss_mb": own[1],
        "eventstudy_rss_mb": other[1], "memory_share": own[1] / other[1],
    }  # fmt: skip


def kernel_against_copy(events: int, rounds: int) -> dict[str, float]:
    """Return the compiled kernel's logical bytes per second over those of a copy of as many bytes, one and two threads."""
    from backtest.kernels import fast

    bench = bench_market.make(events)
    panel, factor = bench.returns.to_numpy().T.copy(), bench.market.to_numpy()[None].copy()
    place = (bench.row.astype(np.int64), np.zeros(events, dtype=np.int64), (bench.position - 279).astype(np.int64))
    source = np.ones(1 << 25)
    target = np.zeros_like(source)
    part = 1 << 17
    seconds: dict[str, list[float]] = {"copy": [], "1 thread": [], "2 threads": []}
    for _ in range(rounds):
        seconds["copy"].append(timed(lambda: np.copyto(target, source)) / (2 * source.nbytes) * LOGICAL_BYTES)
        for threads in (1, 2):

            def run(threads: int = threads) -> None:
                for at in range(0, events, part):
                    piece = tuple(p[at : at + part] for p in place)
                    fast.fit_lines(panel, factor, piece, slice(0, 250), slice(269, 290), threads)  # type: ignore[arg-type]

            seconds[f"{threads} thread{'s' if threads > 1 else ''}"].append(timed(run) / events)
    medians = {name: float(np.median(values)) for name, values in seconds.items()}
    return {f"ns_per_event, {name}": 1e9 * v for name, v in medians.items()} | {
        f"share_of_copy, {name}": medians["copy"] / v for name, v in medians.items() if name != "copy"
    }


def scale(rounds: int, sizes: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)) -> dict[str, float]:
    """Return microseconds per event of AR on arrays, of aligning, and of the engine with all its tests, by size."""
    import backtest as bt
    from backtest.align import align
    from backtest.engine import run_engine
    from backtest.frames import normalise_events
    from backtest.market import build_markets
    from backtest.models.registry import INPUTS

    study = bt.EventStudy(event=bench_market.EVENT, estimation=bench_market.ESTIMATION)
    out = {}
    for size in sizes:
        bench = bench_market.make(size)
        prices = bt.Prices.from_returns(bench.returns, benchmark=bench.market)
        events = normalise_events(bench.events)
        markets = build_markets(prices, prices.tickers, INPUTS["market"])
        arrays = [time_arrays(bench)[0] for _ in range(rounds)]
        placing = [timed(lambda: align(events, markets, [])) / size for _ in range(rounds)]  # noqa: B023
        tests = [timed(lambda: run_engine(study, events, prices)) / size for _ in range(min(rounds, 2))]  # noqa: B023
        for name, values in (("arrays", arrays), ("align", placing), ("engine with tests", tests)):
            out[f"{name}, {size}"] = 1e6 * float(np.median(values))
    return out


def time_arrays(bench: bench_market.Bench) -> tuple[float, np.ndarray]:
    """Time AR and CAR on arrays that are aligned already: the engine without the DataFrames around it."""
    from backtest.estimate import Design, estimate
    from backtest.market import build_markets
    from backtest.models import MODELS
    from backtest.models.registry import INPUTS
    from backtest.prices import Prices

    prices = Prices.from_returns(bench.returns, benchmark=bench.market)
    markets = build_markets(prices, list(bench.returns.columns), INPUTS["market"])
    design = Design(bench_market.EVENT, bench_market.ESTIMATION, MODELS["market"], INPUTS["market"])
    zero = np.zeros(len(bench.row), dtype=np.int64)
    start = time.perf_counter()
    found = estimate(markets, zero, bench.row.astype(np.int64), bench.position.astype(np.int64), design)
    found.ar.cumsum(axis=1)
    return (time.perf_counter() - start) / len(zero), found.ar


def time_study(bench: bench_market.Bench) -> tuple[float, np.ndarray]:
    """Time the public API: DataFrames in, a result with its CAAR out."""
    import backtest as bt

    prices = bt.Prices.from_returns(bench.returns, benchmark=bench.market)
    study = bt.EventStudy(event=bench_market.EVENT, estimation=bench_market.ESTIMATION)
    events = bench.events
    start = time.perf_counter()
    result = study.run(events, prices)
    result.caar()
    return (time.perf_counter() - start) / len(events), result.ar.to_numpy()


def placebo(rounds: int, stocks: int = 500) -> dict[str, float]:
    """Return nanoseconds per date of the placebo over every date, and the ratio to pandas' rolling regression."""
    from backtest.alldates import every_date_of
    from backtest.market import build_markets
    from backtest.models.base import Inputs
    from backtest.prices import Prices

    bench = bench_market.make(1000)
    (own,) = build_markets(
        Prices.from_returns(bench.returns, benchmark=bench.market), list(bench.returns)[:stocks], Inputs()
    )
    dates = len(own.tickers) * (len(own.calendar) - 289)
    few = bench.returns.iloc[:, :50]
    ours = [
        timed(lambda: every_date_of(own, bench_market.ESTIMATION, bench_market.EVENT)) / dates for _ in range(rounds)
    ]
    theirs = [timed(lambda: rolling(few, bench.market)) / (50 * (2500 - 289)) for _ in range(rounds)]
    mine, other = float(np.median(ours)), float(np.median(theirs))
    return {"ns_per_date": 1e9 * mine, "pandas_ns_per_date": 1e9 * other, "times_pandas": other / mine}


def rolling(frame, market):  # type: ignore[no-untyped-def]
    """CAR and its standardised value at every date with pandas' rolling windows, as a careful user writes it."""
    x = market.rolling(250)
    beta = frame.rolling(250).cov(market).div(x.var(), axis=0)
    alpha = frame.rolling(250).mean().sub(beta.mul(x.mean(), axis=0))
    s2 = (frame.rolling(250).var().sub(beta.pow(2).mul(x.var(), axis=0))) * 249 / 248
    car = frame.rolling(21).sum() - (21 * alpha + beta.mul(market.rolling(21).sum(), axis=0)).shift(40).fillna(0)
    return car / np.sqrt(21 * s2)
