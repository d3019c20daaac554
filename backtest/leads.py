"""Questions beside the main one: leakage before the news, uncertain days, what moved the peers, what explains the CARs."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError, offenders
from backtest.inference import TESTS, pvalues
from backtest.inference.dates import posterior
from backtest.inference.multiple import holm

if TYPE_CHECKING:
    from backtest.result import EventStudyResult
    from backtest.study import EventStudy

F = NDArray[np.float64]


def leakage(result: EventStudyResult, lead: int = 5) -> pd.DataFrame:
    """Return what happened before the news: per event CAR(-lead,-1), CAR(0,0), CAR(-lead,0) and the run-up share.

    Parameters
    ----------
    result : study whose event window begins at day -lead or before.
    lead : number of days before the event.

    Returns
    -------
    DataFrame: event_id, asset, kind, car_before, car_day, car_total, runup_share (before / total), p_before, p_day, p_total
    (two-sided t of the prediction error), p_holm (smallest of the three after Holm), estimation_clean (no earlier event of
    the security, such as a rumour, lies in the estimation window).

    Raises
    ------
    AlignmentError
        The event window does not reach back far enough.
    """
    if not result.spec.event[0] <= -lead <= -1:
        raise AlignmentError(f"lead={lead}: the event window {result.spec.event} must begin at day {-lead} or before")
    windows = {"before": (-lead, -1), "day": (0, 0), "total": (-lead, 0)}
    frame = result.events[["asset", "kind"]].reset_index()
    p = {}
    for name, window in windows.items():
        rows = result.test("car-t", windows=[window]).set_index("event_id").reindex(frame["event_id"])
        frame[f"car_{name}"], p[name] = rows["effect"].to_numpy(), rows["pvalue"].to_numpy()
    frame["runup_share"] = frame["car_before"] / frame["car_total"]
    for name in windows:
        frame[f"p_{name}"] = p[name]
    table = np.column_stack(list(p.values()))
    frame["p_holm"] = [np.nan if np.isnan(row).all() else np.nanmin(holm(row)) for row in table]
    frame["estimation_clean"] = ~result.others.in_estimation[result.kept]
    return frame


# ---------------------------------------------------------------------------------------------------- uncertain dates


def uncertain(study: EventStudy, events: pd.DataFrame, prices: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Study events that are known to a month, a year or an interval only.

    Parameters
    ----------
    study : specification; its estimation window is counted back from the first candidate day, its event window is not used.
    events : events table; precision "month" or "year", or columns `start` and `end` (dates) around the unknown day. Others
        are left out.
    prices : as in `EventStudy.run`.

    Returns
    -------
    summary : event_id, asset, kind, first, last (candidate sessions), candidates, car, p_window (conformal block over all
        candidate days), p_max (exact max test), p_holm (the smaller of the two after Holm), p_scan, p_min (smallest p that
        the max test can give), estimation_days, estimation_needed (for 5 %), likely_day, likely_posterior, significant_share
        (share of candidate days with t beyond 5 %), car_low, car_high (least and largest one-day AR), reason.
    curve : event_id, session, day, ar, pvalue (t of the single day), posterior.

    Raises
    ------
    AlignmentError
        No event has an uncertain date.
    """
    from backtest.frames import normalise_events

    table = normalise_events(events)
    spans = _spans(table)
    if not len(spans):
        raise AlignmentError(
            "no event has an uncertain date; precision month or year, or columns start and end, mark one"
        )
    rows, curves = [], []
    for event, (first, last) in spans.items():
        row, curve = _one_uncertain(study, table.loc[[event]], prices, first, last)
        rows.append({"event_id": event, "asset": table.at[event, "asset"], "kind": table.at[event, "kind"], **row})
        curves.append(curve)
    return pd.DataFrame(rows), pd.concat(curves, ignore_index=True)


def _spans(table: pd.DataFrame) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    """Return first and last candidate date of each event whose date is uncertain."""
    out = {}
    for event, row in table.iterrows():
        start, end = (_date(row.get(name)) for name in ("start", "end"))
        day = row["event_time"].tz_localize(None).normalize()
        if pd.notna(start) and pd.notna(end):
            out[str(event)] = (pd.Timestamp(start), pd.Timestamp(end))
        elif row["event_precision"] == "month":
            out[str(event)] = (day.replace(day=1), day + pd.offsets.MonthEnd(0))
        elif row["event_precision"] == "year":
            out[str(event)] = (day.replace(month=1, day=1), day.replace(month=12, day=31))
    return out


def _date(value: Any) -> Any:
    return pd.NaT if value is None or value == "" else pd.to_datetime(value, errors="coerce")


def _one_uncertain(
    study: EventStudy, event: pd.DataFrame, prices: Any, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return the summary and the curve of one event."""
    known = event.drop(columns=[c for c in ("start", "end") if c in event])
    known = known.assign(
        event_time=first.tz_localize("UTC"), event_precision="day", session_hint=pd.array([pd.NA], dtype="str")
    ).astype({"event_time": "datetime64[us, UTC]"})
    days = len(pd.bdate_range(first, last))
    spec = _replaced(study, event=(0, days))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DroppedEventsWarning)
            result = spec.run(known, prices)
    except AlignmentError as error:
        return {"first": first, "last": last, "reason": str(error)}, _curve(str(event.index[0]))
    sessions = result.abnormal_returns["session"]
    count = int((sessions <= last).sum())
    if not count or np.isnan(result.estimates.ar[0, :count]).any():
        reason = "a candidate day has no price" if count else "no session among the candidate days"
        return {"first": first, "last": last, "candidates": count, "reason": reason}, _curve(str(event.index[0]))
    return _described(result, count), _curve(str(event.index[0]), result, count)


def _replaced(study: EventStudy, **changes: Any) -> EventStudy:
    from dataclasses import replace

    return replace(study, date_only="same", contamination="keep", peers=False, **changes)


def _described(result: EventStudyResult, count: int) -> dict[str, Any]:
    sample = result.sample((0, count - 1))
    found = {name: TESTS[name](sample) for name in ("conformal-block", "max", "scan")}
    p_window, p_max, p_scan = (float(np.asarray(found[n].pvalue)[0]) for n in ("conformal-block", "max", "scan"))
    z = sample.sar[:, sample.columns]
    days = posterior(z)[0]
    ar = sample.ar[0, sample.columns]
    p_days = pvalues.student(z[0], sample.df[0])
    sessions = result.abnormal_returns["session"]
    return {
        "first": sessions.iloc[0], "last": sessions.iloc[count - 1], "candidates": count, "car": float(sample.car[0]),
        "p_window": p_window, "p_max": p_max, "p_holm": float(np.nanmin(holm(np.array([p_window, p_max])))),
        "p_scan": p_scan, "p_min": float(np.asarray(found["max"].p_min)[0]), "estimation_days": int(sample.n_obs[0]),
        "estimation_needed": 19 * count, "likely_day": sessions.iloc[int(days.argmax())],
        "likely_posterior": float(days.max()), "significant_share": float((p_days < 0.05).mean()),
        "car_low": float(ar.min()), "car_high": float(ar.max()), "reason": "",
    }  # fmt: skip


def _curve(event: str, result: EventStudyResult | None = None, count: int = 0) -> pd.DataFrame:
    if result is None:
        return pd.DataFrame(columns=["event_id", "session", "day", "ar", "pvalue", "posterior"])
    sample = result.sample((0, count - 1))
    z = sample.sar[:, sample.columns]
    return pd.DataFrame(
        {
            "event_id": event,
            "session": result.abnormal_returns["session"].iloc[:count].to_numpy(),
            "day": np.arange(count),
            "ar": sample.ar[0, sample.columns],
            "pvalue": pvalues.student(z[0], sample.df[0]),
            "posterior": posterior(z)[0],
        }
    )


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
        A column that the events do not have, or too few events for the terms.
    """
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
