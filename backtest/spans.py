"""Events whose day is uncertain: known to the month, the year, an interval, or as a list of candidate dates."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError
from backtest.inference import TESTS, Sample, pvalues
from backtest.inference.dates import posterior
from backtest.inference.multiple import holm
from backtest.registry import require_one_of

if TYPE_CHECKING:
    from backtest.result import EventStudyResult
    from backtest.study import EventStudy

F = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIORS = ("uniform", "triangular")
CURVE = ("event_id", "session", "day", "ar", "pvalue", "prior", "posterior")


@dataclass(frozen=True)
class Span:
    """Candidate days of one event: first and last date, the dates between them that count (None: all), the stated date."""

    first: pd.Timestamp
    last: pd.Timestamp
    dates: tuple[pd.Timestamp, ...] | None
    stated: pd.Timestamp


def uncertain(
    study: EventStudy, events: pd.DataFrame, prices: Any, prior: str = "uniform"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Study events that are known to a month, a year, an interval or a list of candidate dates only.

    Parameters
    ----------
    study : specification; its estimation window is counted back from the first candidate day, its event window is not used.
    events : events table; precision "month" or "year", or columns `start` and `end` (dates) around the unknown day, or a
        column `candidates` (dates separated by ``|``). Others are left out.
    prices : as in `EventStudy.run`.
    prior : "uniform", or "triangular": the stated date (`event_time`) is the likeliest, and days further off less so.

    Returns
    -------
    summary : event_id, asset, kind, first, last (candidate sessions), candidates, car, p_window (conformal block over all
        candidate days), p_max (exact max test), p_holm (the smaller of the two after Holm), p_scan, p_weighted (t of the
        prior-weighted mean of the standardised returns), p_mixture (effect on one unknown day, by permutation), p_min
        (smallest p that the max test can give), estimation_days, estimation_needed (for 5 %), likely_day,
        likely_posterior, significant_share (share of candidate days with t beyond 5 %), car_low, car_high (least and
        largest one-day AR), reason.
    curve : event_id, session, day, ar, pvalue (t of the single day), prior, posterior.

    Raises
    ------
    AlignmentError
        No event has an uncertain date.
    SchemaError
        A `candidates` entry that is no list of dates, an interval that ends before it begins.
    UnknownNameError
        Another prior.
    """
    from backtest.frames import normalise_events

    require_one_of(prior, PRIORS, "prior")
    table = normalise_events(events)
    spans = spans_of(table)
    if not spans:
        raise AlignmentError(
            "no event has an uncertain date; precision month or year, columns start and end, or candidates, mark one"
        )
    rows, curves = [], []
    for event, span in spans.items():
        row, curve = _one(study, table.loc[[event]], prices, span, prior)
        rows.append({"event_id": event, "asset": table.at[event, "asset"], "kind": table.at[event, "kind"], **row})
        curves.append(curve)
    return pd.DataFrame(rows), pd.concat(curves, ignore_index=True)


def spans_of(table: pd.DataFrame) -> dict[str, Span]:
    """Return the candidate days of each event whose date is uncertain."""
    found = {str(event): _span(str(event), row) for event, row in table.iterrows()}
    return {event: span for event, span in found.items() if span is not None}


def _span(event: str, row: pd.Series) -> Span | None:
    day = row["event_time"].tz_localize(None).normalize()
    listed = row.get("candidates")
    if isinstance(listed, str) and listed:
        dates = pd.to_datetime(pd.Series(listed.split("|")), errors="coerce", format="ISO8601")
        if dates.isna().any():
            raise SchemaError(f"event {event!r}: candidates={listed!r} is no list of dates separated by '|'")
        ordered = tuple(dates.dt.normalize().sort_values())
        return Span(ordered[0], ordered[-1], ordered, day)
    start, end = (_date(row.get(name)) for name in ("start", "end"))
    if pd.notna(start) and pd.notna(end):
        if end < start:
            raise SchemaError(
                f"event {event!r}: the interval ends ({end:%Y-%m-%d}) before it starts ({start:%Y-%m-%d})"
            )
        return Span(pd.Timestamp(start), pd.Timestamp(end), None, day)
    if row["event_precision"] == "month":
        return Span(day.replace(day=1), day + pd.offsets.MonthEnd(0), None, day)
    if row["event_precision"] == "year":
        return Span(day.replace(month=1, day=1), day.replace(month=12, day=31), None, day)
    return None


def _date(value: Any) -> Any:
    return pd.NaT if value is None or value == "" else pd.to_datetime(value, errors="coerce")


def _one(
    study: EventStudy, event: pd.DataFrame, prices: Any, span: Span, prior: str
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return the summary and the curve of one event."""
    known = event.drop(columns=[c for c in ("start", "end", "candidates") if c in event])
    known = known.assign(
        event_time=span.first.tz_localize("UTC"), event_precision="day", session_hint=pd.array([pd.NA], dtype="str")
    ).astype({"event_time": "datetime64[us, UTC]"})
    days = len(pd.bdate_range(span.first, span.last))
    spec = replace(study, date_only="same", contamination="keep", peers=False, event=(0, days))
    nothing = pd.DataFrame(columns=list(CURVE))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DroppedEventsWarning)
            result = spec.run(known, prices)
    except AlignmentError as error:
        return {"first": span.first, "last": span.last, "reason": str(error)}, nothing
    sessions = result.abnormal_returns["session"]
    at = _candidates(sessions, span)
    if not len(at) or np.isnan(result.estimates.ar[0, at]).any():
        reason = "a candidate day has no price" if len(at) else "no session among the candidate days"
        return {"first": span.first, "last": span.last, "candidates": len(at), "reason": reason}, nothing
    return _described(result, at, span, prior)


def _candidates(sessions: pd.Series, span: Span) -> Ints:
    """Return which sessions are candidates; a date on which there was none stands for the next."""
    values = sessions.to_numpy()
    if span.dates is None:
        return np.flatnonzero(values <= np.datetime64(span.last, "us"))
    at = np.searchsorted(values, np.array(span.dates, dtype="datetime64[us]"))
    return np.unique(at[at < len(values)])


def _described(result: EventStudyResult, at: Ints, span: Span, prior: str) -> tuple[dict[str, Any], pd.DataFrame]:
    sessions = result.abnormal_returns["session"].to_numpy()[at]
    sample = picked(result.sample((0, int(at[-1]))), at)
    found = {name: TESTS[name](sample) for name in ("conformal-block", "max", "scan", "mixture")}
    p_window, p_max, p_scan, p_mixture = (float(np.squeeze(f.pvalue)) for f in found.values())
    z, ar, w = sample.sar, sample.ar[0], len(at)
    weight = weights(sessions, span.stated, prior)
    days, p_days = posterior(z, weight)[0], pvalues.student(z[0], sample.df[0])
    row = {
        "first": sessions[0], "last": sessions[-1], "candidates": w, "car": float(sample.car[0]),
        "p_window": p_window, "p_max": p_max, "p_holm": float(np.nanmin(holm(np.array([p_window, p_max])))),
        # Sums over neighbouring candidates mean nothing where the days between them are none.
        "p_scan": p_scan if at[-1] - at[0] == w - 1 else np.nan, "p_weighted": float(weighted(sample, weight).pvalue),
        "p_mixture": p_mixture, "p_min": float(np.squeeze(found["max"].p_min)), "estimation_days": int(sample.n_obs[0]),
        "estimation_needed": 19 * w, "likely_day": sessions[int(days.argmax())], "likely_posterior": float(days.max()),
        "significant_share": float((p_days < pvalues.LEVEL).mean()), "car_low": float(ar.min()),
        "car_high": float(ar.max()), "reason": "",
    }  # fmt: skip
    columns = (result.events.index[0], sessions, at, ar, p_days, weight, days)
    return row, pd.DataFrame(dict(zip(CURVE, columns, strict=True)))


def picked(sample: Sample, at: Ints) -> Sample:
    """Return the sample with the event days at columns `at` alone, as one window."""
    root, scale = (None if v is None else v[:, at] for v in (sample.root, sample.scale))
    return replace(
        sample,
        window=(0, len(at) - 1),
        first_day=0,
        ar=sample.ar[:, at],
        days=sample.days[:, at],
        root=root,
        scale=scale,
    )


def weights(sessions: NDArray[np.datetime64], stated: pd.Timestamp, prior: str) -> F:
    """Return the prior probability of each candidate session (w,).

    "triangular" falls linearly with the calendar days from the stated date, to zero a day beyond the furthest candidate.
    """
    if prior == "uniform":
        return np.full(len(sessions), 1.0 / len(sessions))
    off = np.abs((sessions - np.datetime64(stated, "us")) / np.timedelta64(1, "D"))
    height = off.max() + 1.0 - off
    return np.asarray(height / height.sum())


def weighted(sample: Sample, prior: F) -> Any:
    """Test the prior-weighted sum of standardised returns of one event, ``sum pi_t z_t`` over its standard deviation, t(M - k).

    ``Var = w'(diag(scale) + Q) w`` with ``w_t = pi_t / sqrt(C_t)`` and Q the forecast errors' covariance over s2.
    """
    from backtest.inference.sample import Statistic

    w = prior / np.sqrt(sample.variance_factor[0])
    own = np.ones(len(w)) if sample.scale is None else sample.scale[0]
    variance = float((w * w * own).sum())
    if sample.root is not None:
        variance += float(((w @ sample.root[0]) ** 2).sum())
    t = float(prior @ sample.sar[0]) / np.sqrt(variance)
    p = float(pvalues.student(t, sample.df[0], sample.side))
    return Statistic(t, p, float(prior @ sample.ar[0]), df=float(sample.df[0]), distribution="t")
