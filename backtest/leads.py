"""Questions beside the main one: leakage before the news, and what explains the CARs. Uncertain days: see `spans`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError, offenders
from backtest.inference import pvalues
from backtest.inference.multiple import holm
from backtest.registry import require_one_of
from backtest.spans import uncertain

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

F = NDArray[np.float64]

__all__ = ["cross_section", "leakage", "robust_ols", "uncertain"]


#: Kinds of events that may have told the market what a later event of the same company then confirmed.
RUMOURS = ("takeover-rumour",)
LEAKAGE = (
    "event_id", "asset", "kind", "car_before", "car_day", "car_total", "runup_share", "p_before", "p_day", "p_total",
    "p_holm", "rumour_day", "estimation_end", "estimation_clean",
)  # fmt: skip


def leakage(result: EventStudyResult, lead: int = 5, rumours: Sequence[str] = RUMOURS) -> pd.DataFrame:
    """Return what happened before the news: per event CAR(-lead,-1), CAR(0,0), CAR(-lead,0) and the run-up share.

    The normal return is estimated on days before the earliest rumour: where an event of the kinds `rumours` of the same
    security lies in an event's estimation window, that window is moved back, as long as it is, to end before it.

    Parameters
    ----------
    result : study whose event window begins at day -lead or before.
    lead : number of days before the event.
    rumours : kinds of earlier events that count as rumours of the later one; empty: no window is moved.

    Returns
    -------
    DataFrame: event_id, asset, kind, car_before, car_day, car_total, runup_share (before / total), p_before, p_day, p_total
    (two-sided t of the prediction error), p_holm (smallest of the three after Holm), rumour_day (event day of the earliest
    rumour, NaN where there is none), estimation_end (last day of the estimation window), estimation_clean (no other event of
    the security lies in it). Numbers are NaN where the moved window has too few days with prices.

    Raises
    ------
    AlignmentError
        The event window does not reach back far enough.
    """
    if not result.spec.event[0] <= -lead <= -1:
        raise AlignmentError(f"lead={lead}: the event window {result.spec.event} must begin at day {-lead} or before")
    frame = result.events[["asset", "kind"]].reset_index()
    first = earliest_rumour(result, tuple(rumours))
    last = result.spec.estimation[1]
    end = np.where(np.isfinite(first) & (first > result.spec.estimation[0] - 1), np.minimum(last, first - 1), last)
    frame = frame.assign(rumour_day=first, estimation_end=end.astype(np.int64))
    parts = [_run_up(result, frame[frame["estimation_end"] == day], lead) for day in np.unique(end).astype(int)]
    found = pd.concat(parts).reindex(frame["event_id"])
    frame = frame.join(found, on="event_id").reindex(columns=list(LEAKAGE))
    return frame.astype({"estimation_clean": bool})


def earliest_rumour(result: EventStudyResult, rumours: tuple[str, ...]) -> F:
    """Return the event day of the earliest rumour of the same security inside each kept event's windows (n,), NaN: none."""
    placed, told = result.placed, result.all_events
    about = told["kind"].isin(rumours) & told["role"].ne("peer")
    at = np.flatnonzero(about.to_numpy(dtype=bool) & (placed.position >= 0) & (placed.row >= 0))
    out = np.full(len(result.kept), np.nan)
    for place, own in enumerate(result.kept):
        same = at[(placed.row[at] == placed.row[own]) & (placed.market[at] == placed.market[own])]
        days = placed.position[same] - placed.position[own]
        days = days[(days < 0) & (days >= result.spec.estimation[0])]
        if len(days):
            out[place] = days.min()
    return out


def _run_up(result: EventStudyResult, rows: pd.DataFrame, lead: int) -> pd.DataFrame:
    """Return the numbers of the events in `rows`, whose estimation windows end on the same day."""
    spec, end = result.spec, int(rows["estimation_end"].iloc[0])
    back = spec.estimation[1] - end
    if back:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DroppedEventsWarning)
            try:
                result = result.variant(estimation=(spec.estimation[0] - back, end))
            except AlignmentError:
                return pd.DataFrame({"estimation_clean": False}, index=rows["event_id"])
    ids = rows["event_id"]
    windows = {"before": (-lead, -1), "day": (0, 0), "total": (-lead, 0)}
    out, p = pd.DataFrame(index=ids), {}
    for name, window in windows.items():
        table = result.test("car-t", windows=[window]).set_index("event_id").reindex(ids)
        out[f"car_{name}"], p[name] = table["effect"].to_numpy(), table["pvalue"].to_numpy()
    out["runup_share"] = out["car_before"] / out["car_total"]
    for name in windows:
        out[f"p_{name}"] = p[name]
    every = np.column_stack(list(p.values()))
    out["p_holm"] = [np.nan if np.isnan(row).all() else np.nanmin(holm(row)) for row in every]
    clean = pd.Series(~result.others.in_estimation, index=result.all_events.index)
    kept = clean.index.isin(result.events.index)
    return out.assign(estimation_clean=(clean & kept).reindex(ids).to_numpy())


# ------------------------------------------------------------------------------------------------------ cross-section


def cross_section(
    result: EventStudyResult, columns: Sequence[str], window: tuple[int, int] = (0, 0), cluster: str | None = None
) -> pd.DataFrame:
    """Regress CARs on attributes of the events, with HC3 or clustered standard errors.

    Parameters
    ----------
    result : the study. columns : numeric columns of `result.events`; text columns become 0/1 columns, the first value left out.
    window : test window. cluster : None (HC3), "date" (day 0) or "asset".

    Returns
    -------
    DataFrame: term, estimate, se, statistic, df, pvalue; `n` and `r2` are columns too.

    Raises
    ------
    SchemaError
        A column that the events do not have, too few events for the terms, or an event that one term fits alone (HC3).
    UnknownNameError
        Another `cluster`.
    """
    require_one_of(cluster or "", ("", "date", "asset"), "cluster")
    lacking = [c for c in columns if c not in result.events]
    if lacking:
        raise SchemaError(
            f"the events have no column {offenders(lacking)}; there are {offenders(result.events.columns, 12)}"
        )
    sample = result.sample(window)
    events = result.events[result.ar.loc[:, window[0] : window[1]].notna().all(axis=1)]
    terms = pd.get_dummies(events[list(columns)], drop_first=True, dtype=float).astype(float)
    have = terms.notna().all(axis=1).to_numpy()
    x = np.column_stack([np.ones(have.sum()), terms.to_numpy()[have]])
    y, n, k = sample.car[have], int(have.sum()), x.shape[1]
    if n <= k or np.linalg.matrix_rank(x) < k:
        raise SchemaError(f"{n} events with all attributes cannot carry {k} terms; drop columns or pool values")
    if cluster is None and (lone := _fitted_alone(x)) is not None:
        raise SchemaError(
            f"event {events.index[have][lone]!r} alone has its value of an attribute: HC3 is undefined; pool values or "
            "cluster the errors"
        )
    groups = {None: None, "date": sample.days[:, sample.columns.start], "asset": sample.asset}[cluster]
    beta, covariance, df = robust_ols(y, x, None if groups is None else groups[have])
    se = np.sqrt(np.diag(covariance))
    r2 = 1.0 - ((y - x @ beta) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    return pd.DataFrame(
        {
            "term": ["intercept", *terms.columns], "estimate": beta, "se": se, "statistic": beta / se, "df": df,
            "pvalue": pvalues.student(beta / se, df), "n": n, "r2": r2,
        }
    )  # fmt: skip


def _fitted_alone(x: F) -> int | None:
    """Return the first row that the regression fits exactly whatever its value is (leverage one), None without one."""
    leverage = np.einsum("ni,ij,nj->n", x, np.linalg.inv(x.T @ x), x)
    alone = np.flatnonzero(leverage > 1.0 - 1e-10)
    return int(alone[0]) if len(alone) else None


def robust_ols(y: F, x: F, groups: NDArray[Any] | None = None) -> tuple[F, F, float]:
    """Return coefficients, HC3 (or cluster-robust, with the usual small-sample factor) covariance and df of a regression."""
    n, k = x.shape
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ (x.T @ y)
    e = y - x @ beta
    if groups is None:
        h = np.einsum("ni,ij,nj->n", x, bread, x)
        scores = x * (e / (1.0 - h))[:, None]
        return beta, bread @ (scores.T @ scores) @ bread, float(n - k)
    code = np.unique(groups, return_inverse=True)[1]
    g = int(code.max()) + 1
    sums = np.zeros((g, k))
    np.add.at(sums, code, x * e[:, None])
    factor = g / (g - 1.0) * (n - 1.0) / (n - k)
    return beta, factor * bread @ (sums.T @ sums) @ bread, float(g - 1)
