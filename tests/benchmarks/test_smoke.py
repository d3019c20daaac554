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
    bench_engine, contests, _ = modules
    monkeypatch.setattr(bench_engine, "peer_python", lambda folder: Path(sys.executable))
    monkeypatch.setattr(contests, "time_peer", lambda python, name, windows, folder: answer(windows))
    target = tmp_path / "bench.json"
    sizes = ["--events", "50", "--peer-events", "20", "--rounds", "1"]
    monkeypatch.setattr(sys, "argv", ["bench", *sizes, "--peers", str(tmp_path), "--json", str(target)])
    bench_engine.main()
    said = capsys.readouterr().out
    assert "EventStudy.run to CAAR, times eventstudy" in said
    assert "numpy" in said
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


def test_the_other_contests_run(modules, monkeypatch) -> None:
    _, contests, _ = modules
    monkeypatch.setattr(contests, "time_peer", lambda python, name, windows, folder: answer(windows))
    found = contests.placebo(1, Path(sys.executable), stocks=8, sample=6)
    assert found["largest_difference"] < 1e-13
    assert found["times_statsmodels"] > 0
    pytest.importorskip("numba")
    assert all(value > 0 for value in contests.kernel_against_copy(500, 1).values())


def test_own_limits_are_measured_and_agree(modules) -> None:
    import limits
    import scorecard

    found = {
        "tests": limits.tests_against_ar(300, 1),
        "draws": limits.draws(1, events=40, count=200),
        "aligning": limits.aligning(700, 1),
        "precision": limits.precision(2),
        "flatness": limits.flatness(1, sizes=(200, 400)),
        "memory": limits.memory(sizes=(300, 600)),
        "sweep": limits.sweeping(1, events=60),
    }
    card = {row["what"]: row for row in scorecard.scorecard(found)}
    for what in ("largest error of AR", "largest relative error of beta", "largest relative error of sigma"):
        assert card[what]["verdict"] in ("floor", "goal")
    assert len(card) == 12
    assert "reached" in scorecard.card_text(list(card.values()))


def test_a_figure_is_judged_by_its_side_of_the_line(modules) -> None:
    import scorecard

    rows = scorecard.scorecard({"contest": {"arrays, times_eventstudy": 79.0}, "processes": {"memory_share": 0.7}})
    assert [row["verdict"] for row in rows] == ["below the floor", "floor"]


def test_out_of_core_runs_in_parts(modules, monkeypatch, tmp_path) -> None:
    import bench_outofcore
    import scorecard

    monkeypatch.setattr(bench_outofcore, "DAYS", 400)
    found = bench_outofcore.measure(600, 130, tmp_path)
    assert found["whole"]["events"] > found["part"]["events"] > 0
    assert found["the rest, taken up"]["events"] == found["all taken up"]["events"] == found["whole"]["events"]
    assert found["whole"]["bytes_read"] > found["part"]["bytes_read"]
    rows = scorecard.projection(**bench_outofcore.slopes(found, 130))
    assert rows[-1]["stocks"] == 50_000
    assert "50,000" in scorecard.projection_text(rows)


def test_a_projection_is_the_sum_of_its_slopes(modules) -> None:
    import scorecard

    last = scorecard.projection(seconds_per_event=1e-6, seconds_per_stock=0.01, base_mb=200.0, block_mb=0.1)[-1]
    assert last["minutes"] == pytest.approx((100.0 + 500.0) / 60)
    assert last["rss_mb"] == pytest.approx(200.0 + 0.1 * 2000)
