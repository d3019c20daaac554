"""Trades of cases that vectorbt and backtesting.py can do too, against what they answered (`peers/make.py` asks them).

Conventions that had to be matched, and where theirs differ from ours:

* vectorbt fills a signal at the close of its own bar; ours is `entry="next-close"`, the first close after the news, so that the
  signal goes into the bar of the fill, and hold N is an exit signal N bars later. Its stops and targets (`sl_stop`, `tp_stop`
  with open, high, low) work from the bar after the entry on, fill at the level, or at the open beyond it, and of a bar that
  touches both the stop counts: our `barrier="range"`. It merges signals while a trade is open (`accumulate=False`), fills a bar
  without a price at the last one (`ffill_val_price`), and knows no time of day, stamp duty or borrow fee.
* backtesting.py trades one share and fills at the next bar's open; a position can be closed at an open only, so that its hold is
  our contrary event (or `hold=None` with `until`), not `hold`, which ends at a close. Its stop and target orders work from the
  entry's own bar on, as ours do for an entry at the open.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest

from backtest.prices import Prices
from backtest.strategy import Sizing, Strategy

PEERS = Path(__file__).resolve().parent / "peers"
sys.path.insert(0, str(PEERS))

from cases import FEE, HOLD, STOP, TARGET, market  # noqa: E402

BARRIERS = {"stop_loss": STOP, "take_profit": TARGET, "barrier": "range"}
CASES = {
    "long": {"side": 1, "entry": "next-close", "hold": HOLD},
    "short": {"side": -1, "entry": "next-close", "hold": HOLD},
    "range": {"side": 1, "entry": "next-close", "hold": HOLD, **BARRIERS},
    "open": {"side": {"takeover-rumour": 1}, "hold": None},
    "open-short": {"side": {"takeover-rumour": -1}, "hold": None},
    "open-range": {"side": {"takeover-rumour": 1}, "hold": None, **BARRIERS},
}


def answers(name: str) -> pd.DataFrame:
    return pd.read_csv(PEERS / f"{name}.csv")


def ours(case: str, theirs: pd.DataFrame) -> pd.DataFrame:
    """Return our trades of a case, in the order of theirs."""
    panels = market()
    days = panels["close"].index
    at_open = case.startswith("open")
    news = []
    for r in theirs.itertuples():
        row = r.entry - 1 if at_open else r.entry
        news.append((f"{r.share}-{row}", f"S{r.share}", "takeover-rumour", days[row]))
        if at_open:
            news.append((f"{r.share}-{row}-end", f"S{r.share}", "takeover-denied", days[row + HOLD]))
    table = pd.DataFrame(news, columns=["event_id", "asset", "kind", "event_time"])
    table["event_time"] = (table["event_time"] + pd.Timedelta(hours=10)).dt.tz_localize("UTC")
    close = panels.pop("close")
    prices = Prices.from_frame(close, benchmark=close["S0"].rename("^M"), **panels)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sizing = Sizing("cash", 1000.0, leverage=None)
        trades = Strategy(cost_bps=1e4 * FEE, sizing=sizing, **CASES[case]).run(table, prices).trades
    order = [f"{r.share}-{r.entry - 1 if at_open else r.entry}" for r in theirs.itertuples()]
    return (
        trades.set_index("event_id")
        .loc[order]
        .assign(first=lambda t: days.get_indexer(t["entry"]), last=lambda t: days.get_indexer(t["exit"]))
    )


@pytest.mark.parametrize(
    ("name", "case"),
    [(n, c) for n, c in (("vectorbt", x) for x in ("long", "short", "range"))]
    + [(n, c) for n, c in (("backtesting", x) for x in ("open", "open-short", "open-range"))],
)
def test_trades_are_those_of_the_peers(name, case):
    theirs = answers(name)
    theirs = theirs[theirs["case"] == case].reset_index(drop=True)
    mine = ours(case, theirs)
    assert len(theirs) >= 15
    assert mine["first"].tolist() == theirs["entry"].tolist()
    assert mine["last"].tolist() == theirs["exit"].tolist()
    assert mine["entry_price"].tolist() == pytest.approx(theirs["entry_price"].tolist(), rel=1e-12)
    assert mine["exit_price"].tolist() == pytest.approx(theirs["exit_price"].tolist(), rel=1e-12)
    assert mine["net_return"].tolist() == pytest.approx(theirs["net"].tolist(), rel=1e-9, abs=1e-12)


def test_the_cases_are_not_all_alike():
    table = pd.concat([answers("vectorbt"), answers("backtesting")])
    for case in ("range", "open-range"):
        own = table[table["case"] == case]
        change = own["exit_price"] / own["entry_price"] - 1
        early = own["exit"] - own["entry"] < HOLD
        # Stops, targets, both jumped over at an open, and trades that met neither.
        assert ((change + STOP).abs() < 1e-9).any()
        assert ((change - TARGET).abs() < 1e-9).any()
        assert ((change < -STOP - 1e-9) | (change > TARGET + 1e-9)).any()
        assert (~early).any()
