"""The benchmarks run and their contestants agree; how fast they are is not a test's business."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture
def modules(monkeypatch):
    """Return the benchmark's modules, imported as its script does."""
    monkeypatch.syspath_prepend(str(HERE))
    import bench_engine
    import contests
    import market

    return bench_engine, contests, market


def test_arrays_and_study_agree_with_statsmodels(modules) -> None:
    _, contests, market = modules
    sm = pytest.importorskip("statsmodels.api")
    bench = market.make(60, stocks=12, days=400)
    _, arrays = contests.time_arrays(bench)
    _, study = contests.time_study(bench)
    np.testing.assert_allclose(study, arrays, rtol=0, atol=1e-16)
    for i in range(60):
        y, x = market.windows(bench, i)
        design = sm.add_constant(x)
        fit = sm.OLS(y[:250], design[:250]).fit()
        np.testing.assert_allclose(arrays[i], y[-21:] - fit.predict(design[-21:]), rtol=0, atol=1e-13)


def test_the_contest_prints_and_writes_its_table(modules, monkeypatch, tmp_path, capsys) -> None:
    bench_engine, _, _ = modules
    python = Path(sys.executable)
    monkeypatch.setattr(bench_engine, "peer_python", lambda folder: python)
    monkeypatch.setattr(bench_engine, "time_peer", lambda python, name, windows, folder: answer(windows))
    target = tmp_path / "bench.json"
    command = [
        "bench",
        "--events",
        "50",
        "--peer-events",
        "20",
        "--rounds",
        "1",
        "--peers",
        str(tmp_path),
        "--json",
        str(target),
    ]
    monkeypatch.setattr(sys, "argv", command)
    bench_engine.main()
    assert "EventStudy.run" in capsys.readouterr().out
    rows = json.loads(target.read_text())["contest"]
    assert {row["contestant"] for row in rows} == {"statsmodels", "eventstudy", "arrays", "EventStudy.run"}
    assert all(row["largest_difference"] < 1e-13 for row in rows)


def answer(windows: Path) -> tuple[float, np.ndarray, float]:
    """Answer as a peer would: least squares by the normal equations, one event at a time."""
    with np.load(windows) as data:
        pairs = list(zip(data["stock"], data["market"], strict=True))
    out = []
    for y, x in pairs:
        design = np.column_stack([np.ones(len(x)), x])
        found, *_ = np.linalg.lstsq(design[:250], y[:250], rcond=None)
        out.append(y[-21:] - design[-21:] @ found)
    return 1e-4, np.array(out), 1.0


def test_the_other_contests_run(modules) -> None:
    _, contests, _ = modules
    assert set(contests.placebo(1, stocks=8)) == {"ns_per_date", "pandas_ns_per_date", "times_pandas"}
    assert len(contests.scale(1, sizes=(200,))) == 3
    pytest.importorskip("numba")
    found = contests.kernel_against_copy(500, 1)
    assert all(value > 0 for value in found.values())


def test_out_of_core_runs_in_parts(modules, monkeypatch, tmp_path) -> None:
    import bench_outofcore

    monkeypatch.setattr(bench_outofcore, "DAYS", 400)
    found = bench_outofcore.measure(600, 130, tmp_path)
    assert found["whole_events"] > found["part_events"] > 0
    assert found["whole_bytes_read"] > found["part_bytes_read"]
