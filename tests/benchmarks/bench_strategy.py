"""How fast a strategy runs, and against vectorbt and backtesting.py on what they can do too; read the ratios, not the seconds.

    python tests/benchmarks/bench_strategy.py [--rounds 5] [--skip-peers]

Needs `pip install vectorbt backtesting` in the environment that runs it; without them only our own figures are printed. The case
that all can do: buy at the close after an event, hold N sessions to a close, no second event of a share while a trade is open.

Conventions, checked here on every run:

* vectorbt `Portfolio.from_signals(close, entries, exits)` fills at the close of the bar that carries the signal. Our
  `entry="next-close"` is the first close after the news, so that the signal goes into the bar of our fill; hold N is an exit
  signal N bars later. Returns per trade then agree to rounding, with `fees` as a fraction on both sides (ours: `cost_bps`).
  Where it differs: signals while a trade is open are merged (`accumulate=False`; ours: `overlap="ignore"`, or every event a trade
  of its own); a bar without a price is not skipped but filled at the last one by default (`ffill_val_price`); stops are filled
  in the bar that triggers them; no calendar, no time of day, no stamp duty, no borrow.
* backtesting.py trades one share and enters at the next bar's open; an order to close placed at the bar of a close fills at
  the open after it, so that it cannot leave at a close (`trade_on_close=True` moves the entry to the close too). Hold N from open
  to open agrees with a contrary event after N sessions, or with `until`, in ours, not with `hold`, which ends at a close.
  `commission` is charged on the value at both ends, as ours.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from backtest.frames import normalise_events
from backtest.placebo import run_placebos
from backtest.prices import Prices
from backtest.strategy import Sizing, Strategy
from backtest.trading.variants import run_variants, strategy_grid

SIDE = {"takeover-rumour": 1, "profit-warning": -1}


def market(events: int, shares: int = 500, days: int = 2500, seed: int = 0) -> tuple[pd.DataFrame, Prices]:
    """Return random walks with opens, highs, lows and volumes, and events at any hour of random days."""
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2014-01-02", periods=days).as_unit("us")
    close = 100 * np.exp(rng.normal(0, 0.02, (days, shares)).cumsum(axis=0))
    opening = close * np.exp(rng.normal(0, 0.005, close.shape))
    names = [f"S{i:03d}" for i in range(shares)]
    frames = {
        "close": close, "open": opening, "high": np.maximum(close, opening) * 1.005,
        "low": np.minimum(close, opening) * 0.995, "volume": rng.uniform(1e4, 1e6, close.shape),
    }  # fmt: skip
    wide = {k: pd.DataFrame(v, index=index, columns=names) for k, v in frames.items()}
    mark = pd.Series(100 * np.exp(rng.normal(0, 0.01, days).cumsum()), index=index, name="^M")
    at = index[rng.integers(0, days - 30, events)] + pd.to_timedelta(rng.integers(0, 1440, events), unit="m")
    table = pd.DataFrame(
        {
            "asset": rng.choice(names, events),
            "event_time": at.tz_localize("UTC"),
            "kind": rng.choice(list(SIDE), events),
        }
    )
    return table, Prices.from_frame(wide.pop("close"), benchmark=mark, **wide)


def seconds(call: Callable[[], object], rounds: int) -> float:
    """Return the median time of a call, after one to warm up."""
    call()
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def own_figures(rounds: int) -> None:
    """Print what the library takes for large tables, grids and placebos."""
    raw, prices = market(100_000)
    conforming = normalise_events(raw)
    base = Strategy(side=SIDE, hold=5, cost_bps=10, sizing=Sizing("equal", 0.0005, leverage=None))
    print(f"1e5 events, 500 x 2,500, raw table    {seconds(lambda: base.run(raw, prices), rounds):6.2f} s")
    for label, strategy in {
        "conforming table": base,
        "range barriers, extend": base.variant(stop_loss=0.05, take_profit=0.1, barrier="range", overlap="extend"),
        "hedged, ignore": base.variant(hedge="benchmark", overlap="ignore"),
        "cash limit, net": base.variant(sizing="equal", overlap="net"),
    }.items():
        print(f"  the same, {label:<27} {seconds(lambda s=strategy: s.run(conforming, prices), rounds):6.2f} s")
    tracemalloc.start()
    base.run(conforming, prices)
    print(f"  peak of Python memory               {tracemalloc.get_traced_memory()[1] / 2**20:6.0f} MB")
    tracemalloc.stop()
    few, prices = market(1000)
    grid = strategy_grid(
        base, hold=list(range(1, 11)), stop_loss=[None, 0.02, 0.05, 0.08, 0.1], take_profit=[None, 0.05, 0.1, 0.2],
        overlap=["stack", "ignore", "extend", "net"], entry=["next-open", "next-close"],
    )[:1000]  # fmt: skip
    print(f"{len(grid)} variants on 1,000 events          {seconds(lambda: run_variants(grid, few, prices), 1):6.2f} s")
    print(f"4 placebos x 10,000 draws, 1,000 events {seconds(lambda: run_placebos(base, few, prices), 1):4.2f} s")


def against_vectorbt(rounds: int, hold: int = 5) -> None:
    """Compare trades and times on long trades from close to close without overlap, sized by money and by equity."""
    import vectorbt as vbt

    events, prices, row, column = apart(hold)
    close = prices.close
    base = Strategy(side=1, hold=hold, entry="next-close", cost_bps=10, overlap="ignore")

    def theirs(**sizing: object) -> pd.DataFrame:
        entries, exits = np.zeros(close.shape, dtype=bool), np.zeros(close.shape, dtype=bool)
        entries[row, column] = True
        exits[row[row + hold < len(close)] + hold, column[row + hold < len(close)]] = True
        return vbt.Portfolio.from_signals(close, entries, exits, fees=0.001, **sizing).trades.records

    shared = {"cash_sharing": True, "group_by": True}
    cases = {
        "fixed money": (
            Sizing("cash", 1000.0, leverage=None),
            {"size": 1000.0, "size_type": "value", "init_cash": 1e9},
        ),
        "share of equity": (Sizing("equal", 0.001, leverage=None), {"size": 0.001, "size_type": "percent", **shared}),
        "share of equity, cash limit": (Sizing("equal", 0.001), {"size": 0.001, "size_type": "percent", **shared}),
    }
    trades, records = (
        base.variant(sizing=cases["fixed money"][0]).run(events, prices).trades,
        theirs(**cases["fixed money"][1]),
    )
    records = records.sort_values(["col", "entry_idx"])
    order = np.lexsort((close.index.get_indexer(trades["entry"]), close.columns.get_indexer(trades["asset"])))
    done = trades["exit"].notna().to_numpy()[order]
    match = np.abs(records["return"].to_numpy()[done] - trades["net_return"].to_numpy()[order][done]).max()
    print(
        f"vectorbt {vbt.__version__}: {len(records)} trades, ours {len(trades)}; largest difference of a return {match:.1e}"
    )
    for name, (own, other) in cases.items():
        ours = base.variant(sizing=own)
        pairs = [
            (seconds(lambda s=ours: s.run(events, prices).trades, 1), seconds(lambda kw=other: theirs(**kw), 1))
            for _ in range(rounds)
        ]
        a, b = (statistics.median(p[i] for p in pairs) for i in (0, 1))
        print(f"  {name:<28} ours {a:.3f} s, vectorbt {b:.3f} s: ratio {a / b:.2f}")


def apart(hold: int) -> tuple[pd.DataFrame, Prices, np.ndarray, np.ndarray]:
    """Return events whose trades do not touch each other (vectorbt does not re-enter in the bar of an exit), and their bars."""
    raw, prices = market(20_000)
    events, close = normalise_events(raw), prices.close
    ours = Strategy(
        side=1, hold=hold, entry="next-close", overlap="ignore", sizing=Sizing("cash", 1000.0, leverage=None)
    )
    trades = ours.run(events, prices).trades
    place = pd.DataFrame(
        {"row": close.index.get_indexer(trades["entry"]), "id": trades["event_id"], "asset": trades["asset"]}
    )
    far = place.sort_values("row").groupby("asset")["row"].diff().fillna(len(close)) > hold
    events = events.loc[place.loc[far[far].index.sort_values(), "id"]]
    # From midnight to midnight UTC: the close after an instant is the end of its date, or of the next weekday.
    known = events["known_at"].dt.tz_localize(None).to_numpy()
    row = np.searchsorted(close.index.to_numpy() + np.timedelta64(1, "D"), known, side="right")
    return events, prices, row, close.columns.get_indexer(events["asset"])


def against_backtesting(length: int = 6) -> None:
    """Compare the return of one trade from open to open."""
    from backtesting import Backtest
    from backtesting import Strategy as TheirStrategy

    _, prices = market(5, shares=1, days=60)
    frame = pd.DataFrame({k.title(): getattr(prices, k)["S000"] for k in ("open", "high", "low", "close", "volume")})
    at = 20

    class Once(TheirStrategy):
        def init(self) -> None:
            pass

        def next(self) -> None:
            if len(self.data) - 1 == at:
                self.buy(size=1)
            if len(self.data) - 1 == at + length:
                self.position.close()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Backtest(frame, Once, cash=1e6, commission=0.001).run()["_trades"].iloc[0]
    days = frame.index
    news = pd.DataFrame(
        {
            "asset": "S000",
            "kind": ["takeover-rumour", "takeover-denied"],
            "event_time": [(days[i] + pd.Timedelta(hours=20)).tz_localize("UTC") for i in (at, at + length)],
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = Strategy(side={"takeover-rumour": 1}, hold=None, cost_bps=10).run(news, prices).trades.iloc[0]
    net = theirs["PnL"] / (theirs["EntryPrice"] * theirs["Size"])
    pairs = {
        "entry": (theirs["EntryPrice"], ours["entry_price"]),
        "exit": (theirs["ExitPrice"], ours["exit_price"]),
        "gross return": (theirs["ExitPrice"] / theirs["EntryPrice"] - 1, ours["gross_return"]),
        "net return": (net, ours["net_return"]),
    }
    print("backtesting.py: " + "; ".join(f"{k} {a:.8f}, ours {b:.8f}" for k, (a, b) in pairs.items()))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-peers", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    own_figures(options.rounds)
    for name, compare in {
        "vectorbt": lambda: against_vectorbt(options.rounds),
        "backtesting": against_backtesting,
    }.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed here: pip install {name}")
        elif not options.skip_peers:
            compare()


if __name__ == "__main__":
    main()
