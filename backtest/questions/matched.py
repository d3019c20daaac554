"""Placebo for the excess: what the peer did on other days on which the announcer moved a lot, without news of either."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.inference.single import studentised_sums
from backtest.kernels.gather import rolling_sums

if TYPE_CHECKING:
    from backtest.inference import Sample
    from backtest.result import EventStudyResult

F = NDArray[np.float64]
Ints = NDArray[np.int64]

COLUMNS = ("event_id", "matched", "least_move", "excess", "mean_excess", "pvalue", "p_min")
#: Share of the windows free of news that count as large moves of the announcer, and how many at least.
SHARE, LEAST = 0.1, 10


def matched_days(
    result: EventStudyResult, excess: EventStudyResult | None, keep: pd.Index, window: tuple[int, int], news: Ints
) -> pd.DataFrame:
    """Compare each event's excess with that of the windows in which the announcer moved most and had no news.

    Parameters
    ----------
    result : the study of the announcer's events. excess : the same events on the peer, under the model that holds the
        announcer's return; None where that could not be run. keep : events to compare. window : test window.
    news : days since 1970 near news of either, which no reference window may hold.

    Returns
    -------
    DataFrame: event_id, matched (reference windows: the tenth, and at least ten, of the estimation windows with the largest
    ``|CAR|`` of the announcer), least_move (the smallest of these ``|CAR|``), excess (CAR of the event), mean_excess (mean
    over the reference windows), pvalue (``(1 + #{|z| >= |z of the event|}) / (1 + matched)`` of studentised sums: a move of the
    announcer has leverage in the model), p_min. Events without ten such windows are left out.
    """
    rows = []
    for event in keep if excess is not None else ():
        assert excess is not None
        one, two = (_alone(study, event, window) for study in (result, excess))
        if one is None or two is None:
            continue
        moves, z, sums = _windows(one, two, result.calendar, excess.calendar, news)
        usable = np.flatnonzero(np.isfinite(moves) & np.isfinite(z))
        count = max(LEAST, math.ceil(SHARE * len(usable)))
        if len(usable) < count:
            continue
        # Largest first; among equals the earlier window, so that the choice does not depend on how they are sorted.
        chosen = usable[np.argsort(-np.abs(moves[usable]), kind="stable")[:count]]
        beyond = int((np.abs(z[chosen]) >= abs(float(two.scar[0]))).sum())
        least = float(np.abs(moves[chosen]).min())
        numbers = (
            least,
            float(two.car[0]),
            float(sums[chosen].mean()),
            (1.0 + beyond) / (1.0 + count),
            1.0 / (1.0 + count),
        )
        rows.append((event, count, *numbers))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"event_id": "str", "matched": "int64"})


def _alone(study: EventStudyResult, event: str, window: tuple[int, int]) -> Sample | None:
    """Return the sample of one event, None where a day of its window is missing."""
    at = np.flatnonzero(study.events.index == event)
    sample = study.subset(at, window) if len(at) else None
    return sample if sample is not None and sample.n else None


def _windows(one: Sample, two: Sample, first: Ints, second: Ints, news: Ints) -> tuple[F, F, F]:
    """Return the announcer's CARs, the peer's studentised and plain excess over all windows of the peer's estimation days."""
    block, own = two.residuals, one.residuals
    days = second[block.days[0]]
    have = np.isfinite(own.values[0])
    issuer = pd.Series(own.values[0][have], index=first[own.days[0][have]]).reindex(days).to_numpy(dtype=float)
    issuer = np.where(np.isin(days, news), np.nan, issuer)
    length = two.length
    moves, sums = (rolling_sums(v[None, :], length)[0] for v in (issuer, block.values[0]))
    return moves, studentised_sums(block, length)[0], sums
