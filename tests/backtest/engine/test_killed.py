"""Processes that are really killed in mid-run: what was finished is kept, nothing counts twice, the result is the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest import engine
from backtest.engine import EngineResult, blocks, outofcore

DAYS = pd.bdate_range("2016-01-04", periods=420)
STUDY = bt.EventStudy(event=(-2, 3), estimation=(-100, -6), min_obs=60)
SIZE = 8  # stocks per block


@pytest.fixture(scope="module")
def market() -> tuple[bt.Prices, pd.DataFrame]:
    rng = np.random.default_rng(3)
    mark = rng.standard_t(5, 420) * 0.008
    values = mark[:, None] * rng.uniform(0.5, 1.5, 96) + rng.standard_t(4, (420, 96)) * 0.012
    values[rng.random(values.shape) < 0.01] = np.nan
    frame = pd.DataFrame(values, index=DAYS, columns=[f"S{i:03d}" for i in range(96)])
    cell = rng.choice(96 * 300, 2_400, replace=False)
    events = pd.DataFrame({"asset": frame.columns[cell // 300], "event_time": DAYS[cell % 300 + 110]})
    events["kind"] = rng.choice(["profit-warning", "takeover-rumour"], len(events))
    return bt.Prices.from_returns(frame, pd.Series(mark, index=DAYS, name="IX")), events


def same(one: EngineResult, two: EngineResult) -> None:
    """Equal to the last bit."""
    pd.testing.assert_frame_equal(one.caar, two.caar, check_exact=True)
    pd.testing.assert_frame_equal(one.tests, two.tests, check_exact=True)
    pd.testing.assert_frame_equal(one.recommended, two.recommended, check_exact=True)
    pd.testing.assert_frame_equal(one.dropped, two.dropped)
    assert one.events == two.events


CHILD = """
import sys, time
import backtest as bt
study = bt.EventStudy(event=(-2, 3), estimation=(-100, -6), min_obs=60)
bt.run_dataset(study, sys.argv[1], sys.argv[2], progress=lambda done, total: time.sleep(0.5))
"""


def test_a_process_killed_in_mid_run_is_taken_up_where_it_stopped(market, tmp_path: Path, monkeypatch) -> None:
    data = engine.write_dataset(engine.split(*market, SIZE), tmp_path / "data")
    out = tmp_path / "out"
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(data), str(out)])
    try:
        deadline = time.monotonic() + 120
        while len(list(out.glob("*.json"))) < 3:
            assert child.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.kill(child.pid, signal.SIGKILL)
    finally:
        child.kill()
        assert child.wait() == -signal.SIGKILL
    finished = {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}
    assert 3 <= len(finished) < 12
    (out / "00011.npz.1.new").write_bytes(b"half of a block")

    worked = []
    monkeypatch.setattr(outofcore, "map_block", lambda *block: worked.append(1) or engine.map_block(*block))
    resumed = engine.run_dataset(STUDY, data, out)
    assert len(worked) == 12 - len(finished)
    assert all((out / name).stat().st_mtime_ns == at for name, at in finished.items())
    same(resumed, engine.run_dataset(STUDY, data, tmp_path / "fresh"))
    assert resumed.events == len(market[1])


def test_a_cluster_that_loses_a_busy_worker_still_counts_everything(market, tmp_path: Path, monkeypatch) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra scale is not installed")
    monkeypatch.setattr(blocks, "BLOCK", SIZE)
    prices, events = market
    expected = engine.run_engine(STUDY, events, prices, window=(-1, 1), ranks=True)
    data = engine.write_dataset(engine.split(prices, events, SIZE), tmp_path / "data")
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**settings) as cluster, distributed.Client(cluster) as client:
        workers = client.run(os.getpid)
        assert len(set(workers.values())) == 2
        assert os.getpid() not in workers.values()
        done: list[int] = []
        lost: list[str] = []

        def kill_the_busiest() -> None:
            while len(done) < 12:
                waiting = client.processing()
                if any(waiting.values()):
                    lost.append(max(waiting, key=lambda address: len(waiting[address])))
                    os.kill(workers[lost[0]], signal.SIGKILL)
                    return
                time.sleep(0.005)

        killer = threading.Thread(target=kill_the_busiest)
        killer.start()
        again = engine.run_engine(
            STUDY, events, prices, window=(-1, 1), ranks=True, engine=client, progress=lambda n, total: done.append(n)
        )
        killer.join()
        same(again, expected)
        assert done == list(range(1, 13))
        assert len(lost) == 1, "no worker was busy when it was to be killed"
        assert workers[lost[0]] not in client.run(os.getpid).values()
        same(engine.run_dataset(STUDY, data, tmp_path / "out", window=(-1, 1), ranks=True, engine=client), expected)
