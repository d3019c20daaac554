"""Write what vectorbt and backtesting.py answer to `cases`, for `test_strategy_peers.py`.

    python make.py        # in an environment with vectorbt and backtesting (pip install vectorbt backtesting)

The answers in this folder are those of vectorbt 1.2.0 and backtesting 0.6.6. One row per trade: case, share, row of entry and
exit, prices, net return (after fees, over the money put in).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from cases import DAYS, FEE, HOLD, SHARES, SIGNALS, STOP, TARGET, market

HERE = Path(__file__).resolve().parent
COLUMNS = ["case", "share", "entry", "exit", "entry_price", "exit_price", "net"]


def vectorbt_rows() -> list[tuple]:
    """Long and short from close to close, and long with stop and target in the day's range."""
    import vectorbt as vbt

    panels = market()
    entries = np.zeros((DAYS, SHARES), dtype=bool)
    exits = np.zeros((DAYS, SHARES), dtype=bool)
    for share, row in SIGNALS:
        entries[row, share] = True
        exits[row + HOLD, share] = True
    common = {"fees": FEE, "init_cash": 1e6, "size": 1000.0, "size_type": "value"}
    ohlc = {name: panels[name] for name in ("open", "high", "low")}
    barriers = {"sl_stop": STOP, "tp_stop": TARGET, **ohlc}
    rows = []
    for case, settings in {
        "long": {},
        "short": {"direction": "shortonly"},
        "range": barriers,
    }.items():
        book = vbt.Portfolio.from_signals(panels["close"], entries, exits, **common, **settings)
        for r in book.trades.records.rename(columns={"return": "return_"}).itertuples():
            rows.append((case, r.col, r.entry_idx, r.exit_idx, r.entry_price, r.exit_price, r.return_))
    return rows


def backtesting_rows() -> list[tuple]:
    """Long and short from open to open, and from the open with stop and target in the day's range."""
    from backtesting import Backtest, Strategy

    panels = market()

    def run(share: int, row: int, case: str) -> tuple:
        frame = pd.DataFrame({name.title(): frame[f"S{share}"] for name, frame in panels.items()}).assign(Volume=1.0)
        frame = frame.iloc[: row + HOLD + 10]

        class Once(Strategy):
            def init(self) -> None:
                pass

            def next(self) -> None:
                at = len(self.data) - 1
                price = frame["Open"].iloc[row + 1]
                if at == row and case == "open":
                    self.buy(size=10)
                elif at == row and case == "open-short":
                    self.sell(size=10)
                elif at == row:
                    self.buy(size=10, sl=price * (1 - STOP), tp=price * (1 + TARGET))
                if at == row + HOLD:
                    self.position.close()

        done = Backtest(frame, Once, cash=1e6, commission=FEE, finalize_trades=True).run()["_trades"].iloc[0]
        net = done["PnL"] / (done["EntryPrice"] * abs(done["Size"]))
        return (case, share, done["EntryBar"], done["ExitBar"], done["EntryPrice"], done["ExitPrice"], net)

    def accepts(share: int, row: int) -> bool:
        """Their orders must have the last close between stop and target: no room for a large gap at the open."""
        last, first = panels["close"].iloc[row, share], panels["open"].iloc[row + 1, share]
        return bool(first * (1 - STOP) < last < first * (1 + TARGET))

    plain = [run(share, row, case) for case in ("open", "open-short") for share, row in SIGNALS[::3]]
    return plain + [run(share, row, "open-range") for share, row in SIGNALS if accepts(share, row)]


def main() -> None:
    """Write both tables."""
    for name, rows in {"vectorbt": vectorbt_rows(), "backtesting": backtesting_rows()}.items():
        table = pd.DataFrame(rows, columns=COLUMNS).sort_values(["case", "share", "entry"])
        table.to_csv(HERE / f"{name}.csv", index=False, float_format="%.15g")


if __name__ == "__main__":
    main()
