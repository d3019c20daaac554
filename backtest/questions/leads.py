"""Questions beside the main one: leakage before the news, and what explains the CARs. Uncertain days: see `spans`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.contract.instants import text_column
from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError, offenders
from backtest.inference import pvalues
from backtest.inference.multiple import holm
from backtest.questions.spans import spans_of, uncertain
from backtest.registry import require_one_of

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

F = NDArray[np.float64]
Ints = NDArray[np.int64]

__all__ = ["cross_section", "leakage", "robust_ols", "uncertain"]


#: Kinds of events that may have told the market what a later event of the same company then confirmed.
RUMOURS = ("takeover-rumour",)
LEAKAGE = (
    "event_id", "asset", "kind", "car_before", "car_day", "car_total", "runup_share", "p_before", "p_day", "p_total",
    "p_holm", "p_before_holm", "p_day_holm", "p_total_holm", "rumour_day", "estimation_end", "estimation_clean",
)  # fmt: skip


def leakage(result: EventStudyResult, lead: int = 5, rumours: Sequence[str] = RUMOURS) -> pd.DataFrame:
    """Return what happened before the news: per event CAR(-lead,-1), CAR(0,0), CAR(-lead,0) and the run-up share.

    The normal return is estimated on days before the earliest rumour: where an event of the kinds `rumours` of the same
    security lies in an event's estimation window or after it, that window is moved back, as long as it is, to end before it,
    and again where it then holds an earlier one. A rumour of which only a month or an interval is known counts from its first
    day on.

    Parameters
    ----------
    result : study whose event window begins at day -lead or before.
    lead : number of days before the event.
    rumours : kinds of earlier events that count as rumours of the later one; empty: no window is moved.

    Returns
    -------
    DataFrame: event_id, asset, kind, car_before, car_day, car_total, runup_share (before / total), p_before, p_day, p_total
    (two-sided t of the prediction error), p_before_holm, p_day_holm, p_total_holm (the three after Holm), p_holm (the
    smallest of these), rumour_day (event day of the earliest rumour, NaN where there is none), estimation_end (last day of
    the estimation window), estimation_clean (no other event of the security lies in it). Numbers are NaN where the moved
    window has too few days with prices.

    Raises
    ------
    AlignmentError
        The event window does not reach back far enough.
    """
    if not result.spec.event[0] <= -lead <= -1:
        raise AlignmentError(f"lead={lead}: the event window {result.spec.event} must begin at day {-lead} or before")
    frame = result.events[["asset", "kind"]].reset_index()
    first, end = before_rumours(result, tuple(rumours))
    frame = frame.assign(rumour_day=first, estimation_end=end)
    parts = [_run_up(result, frame[frame["estimation_end"] == day], lead) for day in np.unique(end)]
    found = pd.concat(parts).reindex(frame["event_id"])
    frame = frame.join(found, on="event_id").reindex(columns=list(LEAKAGE))
    return frame.astype({"estimation_clean": bool})


def before_rumours(result: EventStudyResult, rumours: tuple[str, ...]) -> tuple[F, Ints]:
    """Return the event day of the earliest rumour of each kept event (n,), NaN: none, and the last estimation day (n,)."""
    placed, told = result.placed, result.all_events
    about = told["kind"].isin(rumours) & told["role"].ne("peer")
    at = np.flatnonzero(about.to_numpy(dtype=bool) & (placed.row >= 0))
    position = _positions(result, at)
    e0, e1 = result.spec.estimation
    first, end = np.full(len(result.kept), np.nan), np.full(len(result.kept), e1)
    for place, own in enumerate(result.kept):
        same = (placed.row[at] == placed.row[own]) & (placed.market[at] == placed.market[own]) & (position >= 0)
        days = position[same] - placed.position[own]
        days = days[days < 0]
        while len(inside := days[days >= end[place] - (e1 - e0)]) and inside.min() != first[place]:
            first[place] = inside.min()
            end[place] = min(e1, inside.min() - 1)
    return first, end


def _positions(result: EventStudyResult, at: Ints) -> Ints:
    """Return the sessions' positions of the events at `at`; of an uncertain day the first that it may have been."""
    position = result.placed.position[at].copy()
    spans = spans_of(result.all_events.iloc[at], strict=False)
    for i, event in enumerate(result.all_events.index[at]):
        if event in spans:
            sessions = result.source.markets[result.placed.market[at[i]]].calendar.sessions
            position[i] = np.searchsorted(sessions, np.datetime64(spans[event].first, "us"))
    return position


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
        table = result.test("car-t", windows=[window]).dropna(subset="event_id").set_index("event_id").reindex(ids)
        out[f"car_{name}"], p[name] = table["effect"].to_numpy(), table["pvalue"].to_numpy()
    out["runup_share"] = out["car_before"] / out["car_total"]
    for name in windows:
        out[f"p_{name}"] = p[name]
    adjusted = np.array([holm(row) for row in np.column_stack(list(p.values()))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # events without any p
        out["p_holm"] = np.nanmin(adjusted, axis=1)
    out[[f"p_{name}_holm" for name in windows]] = adjusted
    clean = pd.Series(~result.others.in_estimation, index=result.all_events.index)
    kept = clean.index.isin(result.events.index)
    return out.assign(estimation_clean=(clean & kept).reindex(ids).to_numpy())


# ------------------------------------------------------------------------------------------------------ cross-section


def cross_section(
    result: EventStudyResult, columns: str | Sequence[str], window: tuple[int, int] = (0, 0), cluster: str | None = None
) -> pd.DataFrame:
    """Regress CARs on attributes of the events, with HC3 or clustered standard errors.

    Parameters
    ----------
    result : the study. columns : numeric columns of `result.events`; text columns become 0/1 columns, the first value left out.
        Events that lack an attribute, or a day of the window, are left out.
    window : test window. cluster : None (HC3), "date" (day 0) or "asset".

    Returns
    -------
    DataFrame: term, estimate, se, statistic, df, pvalue; `n` and `r2` are columns too. p from t(n - k), or t(clusters - 1).

    Raises
    ------
    SchemaError
        A column that the events do not have, that is no number and no text, or has one value only; terms that follow from
        others; too few events for the terms; an event that one term fits alone (HC3); a single cluster.
    UnknownNameError
        Another `cluster`.
    """
    require_one_of(cluster or "", ("", "date", "asset"), "cluster")
    columns = [columns] if isinstance(columns, str) else list(columns)
    lacking = [c for c in columns if c not in result.events]
    if lacking or not columns:
        raise SchemaError(
            f"the events have no column {offenders(lacking) if columns else 'to explain the CARs; name one'}; "
            f"there are {offenders(result.events.columns, 12)}"
        )
    if twice := [c for c in dict.fromkeys(columns) if columns.count(c) > 1]:
        raise SchemaError(f"attribute {offenders(twice)} is named twice")
    sample = result.sample(window)
    whole = result.ar.loc[:, window[0] : window[1]].notna().all(axis=1)
    given = result.events[columns].apply(_attribute)
    have = given.notna().all(axis=1).to_numpy()[whole]
    y, days = sample.car[have], result.placed.session[result.kept][whole][have]
    events = result.events[whole][have]
    terms = _terms(given[whole][have])
    x = np.column_stack([np.ones(len(y)), terms.to_numpy()])
    _require_rank(x, list(terms.columns))
    groups = {None: np.arange(len(y)), "date": days, "asset": events["asset"].to_numpy()}[cluster]
    _require_errors(x, groups, events.index, cluster)
    beta, covariance, df = robust_ols(y, x, None if cluster is None else groups)
    se = np.sqrt(np.diag(covariance))
    spread = ((y - y.mean()) ** 2).sum()
    return pd.DataFrame(
        {
            "term": ["intercept", *terms.columns], "estimate": beta, "se": se, "statistic": beta / se, "df": df,
            "pvalue": pvalues.student(beta / se, df), "n": len(y),
            "r2": 1.0 - ((y - x @ beta) ** 2).sum() / spread if spread > 0 else np.nan,
        }
    )  # fmt: skip


def _attribute(values: pd.Series) -> pd.Series:
    """Return an attribute as floats or as text, missing where it says nothing."""
    if pd.api.types.is_datetime64_any_dtype(values) or isinstance(values.dtype, pd.PeriodDtype):
        raise SchemaError(f"attribute {values.name!r} holds dates; give a number, or text for groups")
    numbers = values.dtype == object and pd.to_numeric(values, errors="coerce").notna().eq(values.notna()).all()
    if numbers or pd.api.types.is_numeric_dtype(values):
        out = pd.to_numeric(values).astype("Float64").astype(float)
        if np.isinf(out).any():
            raise SchemaError(f"attribute {values.name!r} is infinite for {offenders(values.index[np.isinf(out)])}")
        return out
    return text_column(values)


def _terms(given: pd.DataFrame) -> pd.DataFrame:
    """Return the regressors of complete attributes: numbers as they are, text as one column per value but the first."""
    flat = [c for c in given if given[c].eq(given[c].iloc[:1].squeeze()).all()]
    if flat and len(given) > 1:
        raise SchemaError(f"attribute {offenders(flat)} has one value only among the {len(given)} events; drop it")
    return pd.get_dummies(given, drop_first=True, dtype=float).astype(float)


def _require_rank(x: F, names: Sequence[str]) -> None:
    """Raise SchemaError unless there are more events than terms and none of the terms follows from those before it."""
    n, k = x.shape
    if n <= k:
        raise SchemaError(f"{n} events with all attributes cannot carry {k} terms; drop columns or pool values")
    unit = x / np.linalg.norm(x, axis=0)
    distinct = np.abs(np.diag(np.linalg.qr(unit)[1])) > 1e-10
    if not distinct.all():
        bound = [names[int(i) - 1] for i in np.flatnonzero(~distinct)]
        raise SchemaError(f"{offenders(bound)} follows from the other terms (collinear); drop one of them")


def _require_errors(x: F, groups: NDArray[Any], events: pd.Index, cluster: str | None) -> None:
    """Raise SchemaError where the errors of a term cannot be told: one event, or one cluster, is all that speaks of it."""
    if len(np.unique(groups)) < 2:
        raise SchemaError(f"all {len(x)} events share one {cluster}: errors cannot be clustered by it")
    lone = fitted_alone(x, groups)
    if lone is None:
        return
    mine = events[groups == lone]
    who = (
        f"event {mine[0]!r} alone has" if len(mine) == 1 else f"events {offenders(mine)}, of one {cluster}, alone have"
    )
    kind = "HC3 is" if cluster is None else "clustered errors are"
    raise SchemaError(f"{who} a value of an attribute: {kind} undefined; pool values or drop the column")


def fitted_alone(x: F, groups: NDArray[Any] | None = None) -> Any:
    """Return the first row (or label in `groups`) without which a term could not be estimated, None without one.

    Its residuals are zero by construction, whatever its values are, and so would be the error made of them.
    """
    q = np.linalg.qr(x / np.linalg.norm(x, axis=0))[0]
    labels, code = np.unique(np.arange(len(x)) if groups is None else groups, return_inverse=True)
    least = 1.0 - 1e-10
    for at in np.flatnonzero(np.bincount(code, (q**2).sum(axis=1)) > least):
        if np.linalg.norm(q[code == at], 2) ** 2 > least:
            return labels[at]
    return None


def robust_ols(y: F, x: F, groups: NDArray[Any] | None = None) -> tuple[F, F, float]:
    """Return coefficients, HC3 (or cluster-robust, with the usual small-sample factor) covariance and df of a regression."""
    n, k = x.shape
    size = np.linalg.norm(x, axis=0)
    # Columns of one size, and no squares of their condition: attributes come in euros and in shares of one.
    q, r = np.linalg.qr(x / size)
    back = np.linalg.inv(r) / size[:, None]
    beta = back @ (q.T @ y)
    e = y - q @ (q.T @ y)
    if groups is None:
        scores = q * (e / (1.0 - (q**2).sum(axis=1)))[:, None]
        return beta, back @ (scores.T @ scores) @ back.T, float(n - k)
    code = np.unique(groups, return_inverse=True)[1]
    g = int(code.max()) + 1
    sums = np.zeros((g, k))
    np.add.at(sums, code, q * e[:, None])
    factor = g / (g - 1.0) * (n - 1.0) / (n - k)
    return beta, factor * back @ (sums.T @ sums) @ back.T, float(g - 1)
