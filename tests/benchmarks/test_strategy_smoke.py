"""The strategy's benchmark still fits the library; how fast it is is not a test's business."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))
    import bench_strategy

    return bench_strategy


def test_the_case_that_all_can_do_has_no_overlap(bench, monkeypatch):
    whole = bench.market
    monkeypatch.setattr(bench, "market", lambda events: whole(400, shares=8, days=300))
    events, prices, row, column = bench.apart(hold=5)
    assert len(events) == len(row) == len(column) > 100
    for share in range(8):
        assert (np.diff(np.sort(row[column == share])) > 5).all()
    strategy = bench.Strategy(
        side=1, hold=5, entry="next-close", overlap="ignore", sizing=bench.Sizing("cash", 1.0, leverage=None)
    )
    trades = strategy.run(events, prices).trades
    entered = prices.close.index.get_indexer(trades["entry"])
    assert sorted(entered) == sorted(row)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_it_measures_runs(bench, monkeypatch, capsys):
    whole = bench.market
    monkeypatch.setattr(bench, "market", lambda events: whole(120, shares=6, days=300))
    monkeypatch.setattr(bench, "strategy_grid", lambda base, **axes: [base, base.variant(hold=2)])
    bench.own_figures(1)
    assert "variants on 1,000 events" in capsys.readouterr().out
