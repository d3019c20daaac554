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

#: Peak memory of a process. What getrusage says is that of the process which started it, where that one was larger.
PEAK = """
def peak():
    try:
        with open("/proc/self/status") as status:
            return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024
    except (OSError, StopIteration):
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(peak())
"""
#: A whole process: start-up, reading a csv of events and an npz of returns, the study, its CAAR, and the peak of its memory.
WHOLE = """
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
import backtest as bt
folder = sys.argv[1]
data = np.load(folder + "/returns.npz")
frame = pd.DataFrame(data["values"], index=pd.DatetimeIndex(data["days"]), columns=data["names"].tolist())
prices = bt.Prices.from_returns(frame, benchmark="MKT")
result = bt.EventStudy(event=(-10, 10), estimation=(-279, -30)).run(pd.read_csv(folder + "/events.csv"), prices)
result.caar()
"""
WHOLE_PEER = """
import sys, warnings
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
"""


def time_peer(python: Path, name: str, windows: Path, folder: Path) -> tuple[float, np.ndarray, float]:
    """Return seconds per event, abnormal returns, and the seconds of the whole process."""
    answer = folder / f"{name}.npz"
    start = time.perf_counter()
    subprocess.run([str(python), str(HERE / "peers.py"), name, str(windows), str(answer)], check=True)
    whole = time.perf_counter() - start
    with np.load(answer) as data:
        return float(data["seconds"]) / len(data["ar"]), data["ar"], whole


def timed(run: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def whole_process(python: Path, code: str, folder: Path) -> tuple[float, float]:
    """Return seconds and peak resident megabytes of a process of its own."""
    start = time.perf_counter()
    done = subprocess.run([str(python), "-c", code + PEAK, str(folder)], capture_output=True, text=True, check=True)
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


def startup(rounds: int) -> dict[str, float]:
    """Return the seconds of the help pages, and of importing the library beyond pandas."""
    scripts = Path(sys.executable).parent
    calls = {
        "backtest --help": [str(scripts / "backtest"), "--help"],
        "signals --help": [str(scripts / "signals"), "--help"],
        "import pandas": [sys.executable, "-c", "import pandas"],
        "import pandas, backtest": [
            sys.executable,
            "-c",
            "import pandas, backtest; backtest.EventStudy, backtest.Prices",
        ],
    }
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, command in calls.items():
            seconds[name].append(timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)))  # noqa: B023
    median = {name: float(np.median(values)) for name, values in seconds.items()}
    return median | {"import backtest beyond pandas": median["import pandas, backtest"] - median["import pandas"]}


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


def mean_seconds(run: Callable[[], object], least: float = 0.2) -> float:
    """Return the mean time of a call, repeated for as long as a peer's turn takes: a hiccup of the machine hits both alike."""
    run()
    done, start = 0, time.perf_counter()
    while done == 0 or time.perf_counter() - start < least:
        run()
        done += 1
    return (time.perf_counter() - start) / done


def arrays_of(bench: bench_market.Bench) -> Callable[[], np.ndarray]:
    """Return AR and CAR on arrays that are aligned already: the engine without the DataFrames around it."""
    from backtest.estimate import Design, estimate
    from backtest.market import build_markets
    from backtest.models import MODELS
    from backtest.models.registry import INPUTS
    from backtest.prices import Prices

    prices = Prices.from_returns(bench.returns, benchmark=bench.market)
    markets = build_markets(prices, list(bench.returns.columns), INPUTS["market"])
    design = Design(bench_market.EVENT, bench_market.ESTIMATION, MODELS["market"], INPUTS["market"])
    place = (np.zeros(len(bench.row), dtype=np.int64), bench.row.astype(np.int64), bench.position.astype(np.int64))

    def run() -> np.ndarray:
        found = estimate(markets, *place, design)
        found.ar.cumsum(axis=1)
        return found.ar

    return run


def time_arrays(bench: bench_market.Bench, least: float = 0.2) -> tuple[float, np.ndarray]:
    """Return the seconds per event of `arrays_of`, and its abnormal returns."""
    run = arrays_of(bench)
    return mean_seconds(run, least) / len(bench.row), run()


def time_study(bench: bench_market.Bench, least: float = 0.2) -> tuple[float, np.ndarray]:
    """Time the public API: DataFrames in, a result with its CAAR out."""
    import backtest as bt

    prices = bt.Prices.from_returns(bench.returns, benchmark=bench.market)
    study = bt.EventStudy(event=bench_market.EVENT, estimation=bench_market.ESTIMATION)
    events = bench.events
    seconds = mean_seconds(lambda: study.run(events, prices).caar(), least) / len(events)
    return seconds, study.run(events, prices).ar.to_numpy()


def placebo(rounds: int, python: Path | None = None, stocks: int = 500, sample: int = 400) -> dict[str, float]:
    """Return nanoseconds per date of the placebo over every date, and the ratio to what the peers take for a date.

    pandas' rolling regression runs on fifty stocks, the statsmodels loop on `sample` dates drawn from all; both cost the same
    for every date. Their CARs must agree with ours.
    """
    from backtest.engine import every_date_of
    from backtest.market import build_markets
    from backtest.models.base import Inputs
    from backtest.prices import Prices

    bench = bench_market.make(sample, stocks)
    (own,) = build_markets(Prices.from_returns(bench.returns, benchmark=bench.market), list(bench.returns), Inputs())
    dates = len(own.tickers) * (len(own.calendar) - 289)
    few = bench.returns.iloc[:, :50]
    seconds: dict[str, list[float]] = {"ours": [], "pandas": [], "statsmodels": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stock, mkt = (np.array(w) for w in zip(*(bench_market.windows(bench, i) for i in range(sample)), strict=True))
        np.savez(folder / "windows.npz", stock=stock, market=mkt)
        for _ in range(rounds):
            seconds["ours"].append(
                timed(lambda: every_date_of(own, bench_market.ESTIMATION, bench_market.EVENT)) / dates
            )
            seconds["pandas"].append(timed(lambda: rolling(few, bench.market)) / (few.shape[1] * (len(few) - 289)))
            if python is not None:
                took, ar, _ = time_peer(python, "statsmodels", folder / "windows.npz", folder)
                seconds["statsmodels"].append(took)
    mine = float(np.median(seconds["ours"]))
    out = {"ns_per_date": 1e9 * mine}
    for peer in ("pandas", "statsmodels"):
        if seconds[peer]:
            other = float(np.median(seconds[peer]))
            out |= {f"{peer}_ns_per_date": 1e9 * other, f"times_{peer}": other / mine}
    if python is not None:
        every = every_date_of(own, bench_market.ESTIMATION, bench_market.EVENT)
        out["largest_difference"] = float(np.abs(every.car[bench.row, bench.position] - ar.sum(axis=1)).max())
    return out


def rolling(frame, market):  # type: ignore[no-untyped-def]
    """CAR and its standardised value at every date with pandas' rolling windows, as a careful user writes it."""
    x = market.rolling(250)
    beta = frame.rolling(250).cov(market).div(x.var(), axis=0)
    alpha = frame.rolling(250).mean().sub(beta.mul(x.mean(), axis=0))
    s2 = (frame.rolling(250).var().sub(beta.pow(2).mul(x.var(), axis=0))) * 249 / 248
    car = frame.rolling(21).sum() - (21 * alpha + beta.mul(market.rolling(21).sum(), axis=0)).shift(40).fillna(0)
    return car / np.sqrt(21 * s2)
