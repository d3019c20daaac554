"""The excess against the announcer's large moves without news: a loop from raw returns, and what is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_inference_joint import SPEC, at, close

import backtest as bt

ROWS = (150, 165, 180)


def prices(length: int) -> pd.DataFrame:
    frame = close(5)
    for row in ROWS:
        frame.iloc[row : row + length, 0] *= 0.8
        frame.iloc[row:, 1] *= 0.9
    return frame


def looped(frame: pd.DataFrame, zero: int, length: int, banned: set[int]) -> tuple[int, float, float, float, float]:
    """Return matched, least_move, excess, mean_excess, p of the event at row `zero`, from regressions on raw returns."""
    r = frame.pct_change().to_numpy()
    est = np.arange(zero + SPEC["estimation"][0], zero + SPEC["estimation"][1] + 1)
    evt = np.arange(zero, zero + length)
    one = np.column_stack([np.ones(len(r)), r[:, 4]])
    two = np.column_stack([one, r[:, 0]])
    issuer = r[:, 0] - one @ np.linalg.lstsq(one[est], r[est, 0], rcond=None)[0]
    excess = r[:, 1] - two @ np.linalg.lstsq(two[est], r[est, 1], rcond=None)[0]
    inverse = np.linalg.inv(two[est].T @ two[est])
    s = np.sqrt((excess[est] ** 2).sum() / (len(est) - 3))
    found = []
    for k in range(len(est) - length + 1):
        rows = est[k : k + length]
        if banned & set(rows.tolist()):
            continue
        x = two[rows].sum(axis=0)
        z = excess[rows].sum() / (s * np.sqrt(length - x @ inverse @ x))
        found.append((abs(issuer[rows].sum()), z, excess[rows].sum()))
    found.sort(key=lambda f: -f[0])
    count = max(10, int(np.ceil(0.1 * len(found))))
    chosen = found[:count]
    x = two[evt].sum(axis=0)
    own = excess[evt].sum() / (s * np.sqrt(length + x @ inverse @ x))
    p = (1 + sum(abs(z) >= abs(own) for _, z, _ in chosen)) / (1 + count)
    return count, chosen[-1][0], excess[evt].sum(), float(np.mean([e for *_, e in chosen])), p


@pytest.mark.parametrize("length", [1, 2])
def test_matched_days_are_a_loop(length: int) -> None:
    frame = prices(length)
    events = pd.concat([at(*(("ASC.L", row) for row in ROWS)), at(("ZAL.DE", 120))])
    result = bt.EventStudy(**SPEC).run(events, frame)
    table = bt.spillover(result, "ASC.L", "ZAL.DE", (0, length - 1)).matched.set_index("event_id")
    banned = {row + k for row in (*ROWS, 120) for k in (-1, 0, 1)}
    for row in ROWS:
        matched, least, excess, mean, p = looped(frame, row, length, banned)
        got = table.loc[f"ASC.L-{row}"]
        assert got["matched"] == matched
        assert got["least_move"] == pytest.approx(least, rel=1e-9)
        assert got["excess"] == pytest.approx(excess, rel=1e-9)
        assert got["mean_excess"] == pytest.approx(mean, rel=1e-8, abs=1e-12)
        assert got["pvalue"] == pytest.approx(p, rel=1e-12)
        assert got["p_min"] == pytest.approx(1 / (1 + matched))


def test_the_error_of_the_normal_part_is_that_of_the_slope() -> None:
    frame = prices(1)
    result = bt.EventStudy(**SPEC).run(at(("ASC.L", ROWS[0])), frame)
    row = bt.spillover(result, "ASC.L", "ZAL.DE", (0, 1)).events.iloc[0]
    r, zero = frame.pct_change().to_numpy(), ROWS[0]
    est, evt = slice(zero + SPEC["estimation"][0], zero + SPEC["estimation"][1] + 1), slice(zero, zero + 2)
    x = np.column_stack([np.ones(len(r)), r[:, 4], r[:, 0]])
    beta = np.linalg.lstsq(x[est], r[est, 1], rcond=None)[0]
    e = r[est, 1] - x[est] @ beta
    se = np.sqrt((e @ e) / (len(e) - 3) * np.linalg.inv(x[est].T @ x[est])[2, 2])
    issuer = r[:, 0] - x[:, :2] @ np.linalg.lstsq(x[est, :2], r[est, 0], rcond=None)[0]
    assert row["normal"] == pytest.approx(beta[2] * issuer[evt].sum(), rel=1e-9)
    assert row["normal_se"] == pytest.approx(se * abs(issuer[evt].sum()), rel=1e-8)


def test_an_excess_beyond_all_large_moves_has_the_smallest_p() -> None:
    frame = prices(1)
    frame.iloc[ROWS[0] :, 1] *= 0.5
    result = bt.EventStudy(**SPEC).run(at(("ASC.L", ROWS[0])), frame)
    row = bt.spillover(result, "ASC.L", "ZAL.DE").matched.iloc[0]
    assert row["pvalue"] == row["p_min"]
    assert row["least_move"] > result.sample((0, 0)).residuals.values.std()


@pytest.mark.filterwarnings("ignore::backtest.errors.DroppedEventsWarning")
def test_events_with_holes_or_too_few_quiet_windows_are_left_out() -> None:
    frame = prices(1)
    frame.iloc[ROWS[1], 0] = np.nan
    result = bt.EventStudy(**SPEC).run(at(*(("ASC.L", row) for row in ROWS)), frame)
    found = bt.spillover(result, "ASC.L", "ZAL.DE")
    assert f"ASC.L-{ROWS[1]}" not in set(found.matched["event_id"])
    busy = bt.EventStudy(**SPEC).run(at(*(("ASC.L", row) for row in range(40, 181, 3))), prices(1))
    last = bt.spillover(busy, "ASC.L", "ZAL.DE").matched
    assert f"ASC.L-{181 - 1}" not in set(last["event_id"])
    assert list(last.columns) == ["event_id", "matched", "least_move", "excess", "mean_excess", "pvalue", "p_min"]


def test_candidates_are_marked_as_listed_or_unrelated() -> None:
    result = bt.EventStudy(**SPEC).run(at(("ASC.L", ROWS[0])), prices(1))
    placebo = bt.spillover(result, "ASC.L", "ZAL.DE").placebo.set_index("ticker")
    named = bt.load_instruments().at["ASC.L", "peers"].split("|")
    assert placebo["listed"].to_dict() == {t: t in named for t in placebo.index}
