"""Placebo over every date: how often does a share move like this when there is no news?

The market model is run at every session of every security that a result looks at, by sums of windows, and each event is placed
among the sessions of its own security that no event touches. Nothing is drawn: all dates there are count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError
from backtest.estimate import is_straight
from backtest.kernels.sums import EveryDate, every_date
from backtest.market import Market

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

F = NDArray[np.float64]

#: Securities at a time: their tables stay in cache.
_ROWS = 8


@dataclass(frozen=True, eq=False)
class DatePlacebo:
    """Where the events of a result stand among all dates.

    events : event_id, asset, kind, car, scar, placebos (dates without news of the same security), p_two_sided, p_left, p_right
    (share of placebo dates whose standardised CAR is at least as far out, plus one). pooled : the standardised CARs of all
    placebo dates. dates : how many dates were measured.
    """

    events: pd.DataFrame
    pooled: F
    dates: int


def every_date_of(market: Market, estimation: tuple[int, int], window: tuple[int, int]) -> EveryDate:
    """Return the market model of every security at every session taken for day 0, (n, T); NaN where a window leaves the panel."""
    first = min(estimation[0], window[0])
    est = (estimation[0] - first, estimation[1] - estimation[0] + 1)
    own = (window[0] - first, window[1] - window[0] + 1)
    n, t = market.returns.shape
    out = EveryDate(*(np.full((n, t), np.nan) for _ in range(3)))
    starts = t - max(sum(est), sum(own)) + 1
    # Windows that begin at column j belong to day 0 at column j - first, which must lie in the panel itself.
    low, high = max(0, first), min(starts, t + first)
    if high <= low:
        return out
    for at in range(0, n, _ROWS):
        rows = slice(at, min(at + _ROWS, n))
        of = market.benchmark_of[rows]
        factor = market.benchmark[of[:1]] if (of == of[0]).all() else market.benchmark[of]
        found = every_date(market.returns[rows], factor, est, own)
        for name in ("car", "scar", "n_obs"):
            getattr(out, name)[rows, low - first : high - first] = getattr(found, name)[:, low:high]
    return out


def placebo_dates(result: EventStudyResult, window: tuple[int, int] = (0, 0)) -> DatePlacebo:
    """Compare each event of a study with every session of its security whose test window meets no event's window.

    Raises
    ------
    AlignmentError
        The study is not one of the market model, or the window is outside its event window.
    """
    spec, source = result.spec, result.source
    if not is_straight(source.design):
        raise AlignmentError(f"placebo over every date runs the market model, not {spec.model!r}")
    if not spec.event[0] <= window[0] <= window[1] <= spec.event[1]:
        raise AlignmentError(f"test window {tuple(window)} is not inside the event window {spec.event}")
    n = len(source.row)
    found = {k: np.full(n, np.nan) for k in ("car", "scar", "p_two_sided", "p_left", "p_right")}
    count, pooled, dates = np.zeros(n, dtype=np.int64), [], 0
    for code in np.unique(source.market):
        market = source.markets[int(code)]
        every = every_date_of(market, spec.estimation, window)
        usable = np.where(every.n_obs >= spec.least_observations, every.scar, np.nan)
        dates += int(np.isfinite(usable).sum())
        mine = np.flatnonzero(source.market == code)
        quiet = _quiet(result, int(code), usable.shape)
        pooled.append(usable[quiet & np.isfinite(usable)])
        for i in mine:
            row, at = int(source.row[i]), int(source.position[i])
            others = usable[row][quiet[row] & np.isfinite(usable[row])]
            found["car"][i], found["scar"][i], count[i] = every.car[row, at], every.scar[row, at], len(others)
            if np.isfinite(every.scar[row, at]):
                for name, share in _shares(every.scar[row, at], others).items():
                    found[name][i] = share
    kinds = result.events["kind"].array
    about = {"event_id": result.events.index.array, "asset": result.events["asset"].array, "kind": kinds}
    numbers = {"car": found.pop("car"), "scar": found.pop("scar"), "placebos": count, **found}
    return DatePlacebo(pd.DataFrame({**about, **numbers}), np.concatenate(pooled), dates)


def _shares(own: float, others: F) -> dict[str, float]:
    """Return the shares of placebo values at least as far out as `own`, itself counted among them."""
    n = len(others) + 1.0
    return {
        "p_two_sided": (1.0 + (np.abs(others) >= abs(own)).sum()) / n,
        "p_left": (1.0 + (others <= own).sum()) / n,
        "p_right": (1.0 + (others >= own).sum()) / n,
    }


def _quiet(result: EventStudyResult, code: int, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the sessions whose event window meets no event window of the same security, events that were dropped included."""
    placed, spec = result.placed, result.spec
    there = np.flatnonzero((placed.market == code) & (placed.position >= 0))
    reach = spec.event[1] - spec.event[0]
    near = np.zeros((shape[0], shape[1] + 1), dtype=np.int64)
    np.add.at(near, (placed.row[there], np.maximum(placed.position[there] - reach, 0)), 1)
    np.add.at(near, (placed.row[there], np.minimum(placed.position[there] + reach + 1, shape[1])), -1)
    return np.asarray(np.cumsum(near, axis=1)[:, :-1] == 0)
