"""Placebo on real prices: random dates of US shares, where nothing happened; skipped where the research data are absent."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import backtest as bt

NAMES, FIRST, LAST = 60, "2013-01-01", "2016-12-31"
REPLICATIONS = 120
VALID = {
    0: ("kp-overlap", "bmp", "corrado", "time-series"),
    1: ("kp-overlap", "kp", "corrado", "time-series", "common-shift"),
}


@pytest.fixture(scope="module")
def prices(shared: Path) -> bt.Prices:
    file = shared / "prices" / "panels" / "us500_adjclose_2012_2020.csv.gz"
    if not file.is_file():
        pytest.skip("the panel of US shares is not on this machine")
    wide = pd.read_csv(file, index_col="date", parse_dates=["date"]).loc[FIRST:LAST]
    levels = pd.read_csv(shared / "prices" / "benchmarks" / "^GSPC.csv", index_col="date", parse_dates=["date"])[
        "close"
    ]
    whole = wide.columns[wide.notna().all()]
    panel = wide[whole[:: max(1, len(whole) // NAMES)][:NAMES]]
    return bt.Prices.from_frame(panel, levels.reindex(panel.index).rename("^GSPC"))


@pytest.mark.parametrize("spread", [0, 1])
def test_size_on_real_prices(spread: int, prices: bt.Prices) -> None:
    study = bt.EventStudy(event=(-1, 1), estimation=(-255, -6))
    table = bt.placebo_size(study, prices, 15, VALID[spread], REPLICATIONS, spread=spread, seed=3)
    # 5 % of 120 with three standard errors either side; market-wide bad days make the upper side a little heavier.
    assert (table["rejected"] <= 0.125).all(), table
    assert (table["refused"] < 0.35).all(), table


def test_an_effect_is_found_on_real_prices(prices: bt.Prices) -> None:
    study = bt.EventStudy(event=(-1, 1), estimation=(-255, -6))
    # By ranks: among the names are bond funds, for which 3 % is a hundred standard deviations.
    table = bt.placebo_size(study, prices, 15, ("corrado",), 40, effect=0.03, seed=4)
    assert table["rejected"].iloc[0] > 0.9
