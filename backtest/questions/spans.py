"""Events whose day is uncertain: known to the month, the year, an interval, or as a list of candidate dates."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import calendar
from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError
from backtest.inference import TESTS, Sample, Statistic, pvalues
from backtest.inference.dates import fitted, mixture, pools_of, posterior
from backtest.inference.multiple import holm
from backtest.questions.candidates import COLUMNS, PRIORS, Prior, Sessions, Span, spans_of, weights
from backtest.registry import lookup, require_one_of

if TYPE_CHECKING:
    from backtest.result import EventStudyResult
    from backtest.study import EventStudy

F = NDArray[np.float64]
Ints = NDArray[np.int64]

__all__ = ["PRIORS", "Span", "spans_of", "uncertain", "uncertain_groups", "weights"]

CURVE = ("event_id", "session", "day", "ar", "car", "pvalue", "prior", "posterior")
#: Estimation days per candidate day that the max test needs before it can reject at 5 %.
NEEDED = 19


@dataclass(frozen=True)
class Studied:
    """One event on its w candidate days: the study of it, their event days, sessions, sample and prior; days without return."""

    result: EventStudyResult
    at: Ints
    sessions: Sessions
    sample: Sample
    prior: F
    lost: int


def uncertain(
    study: EventStudy,
    events: pd.DataFrame,
    prices: Any,
    prior: str | Prior = "uniform",
    window: tuple[int, int] = (0, 0),
    missing: str = "drop",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Study events that are known to a month, a year, an interval or a list of candidate dates only.

    Parameters
    ----------
    study : specification; its estimation window is counted back from the first candidate day, its event window is not used.
    events : events table; precision "month" or "year", or columns `start` and `end` (dates; a month counts from its first to
        its last day) around the unknown day, or a column `candidates` (dates separated by ``|``, or lists of dates). Others
        are left out. A column `prior` with names of priors goes before the argument.
    prices : as in `EventStudy.run`.
    prior : "uniform"; "triangular": the stated date (`event_time`) is the likeliest, and days further off less so; "point":
        all on the stated date; or a callable ``(sessions, stated) -> weights``, stated NaT where no day was. Where a month or
        a year is all that was stated, "triangular" is uniform and "point" is impossible.
    window : days around each candidate day over which the curve cumulates, (0, 0) the day alone.
    missing : "drop": an event with a candidate day that has no return is not studied; "available": its other days are.

    Returns
    -------
    summary : event_id, asset, kind, first, last (candidate sessions), candidates, car, p_window (conformal block over all
        candidate days), p_window_t (t of the prediction error), p_max (exact max test), p_holm (the smaller of p_window and
        p_max after Holm), p_scan, p_weighted (t of the prior-weighted mean of the standardised returns), p_mixture (effect on
        one unknown day under the prior, by permutation), p_min (smallest p that the max test can give), estimation_days,
        estimation_needed (for 5 %), likely_day, likely_posterior, significant_share (share of candidate days with p of at
        most 5 % in the curve), car_low, car_high (least and largest CAR of the curve), note, reason.
    curve : event_id, session, day, ar, car (over `window` around the day), pvalue (t of this CAR), prior, posterior.

    Raises
    ------
    AlignmentError
        No event has an uncertain date.
    SchemaError
        A `candidates` entry that is no list of dates, an interval that lacks an end or ends before it begins, a prior that is
        no weights.
    UnknownNameError
        Another prior, another way with missing days.
    """
    require_one_of(missing, ("drop", "available"), "missing")
    rows, curves = [], []
    for event, about, found in _studied(study, events, prices, prior, window, missing):
        row, curve = _described(event, found, window) if isinstance(found, Studied) else (found, _NO_CURVE)
        rows.append({**about, **row})
        curves.append(curve)
    return pd.DataFrame(rows), pd.concat(curves, ignore_index=True)


_NO_CURVE = pd.DataFrame(columns=list(CURVE))


def uncertain_groups(
    study: EventStudy,
    events: pd.DataFrame,
    prices: Any,
    prior: str | Prior = "uniform",
    by: str = "kind",
    missing: str = "drop",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Study groups of events of uncertain day: one effect for all, each on one unknown day of its own (Ball and Torous 1988).

    Parameters
    ----------
    study, events, prices, prior, missing : as in `uncertain`. by : column of the events that makes the groups.

    Returns
    -------
    groups : `by`, n, car (mean CAR over all candidate days), p_window (BMP of these, t(n - 1); NaN for one event), effect
        (fitted effect on the unknown day, fraction), mu (the same in standard deviations), extra (variance that the event
        adds, in units of the day's), statistic (likelihood ratio of mu = 0), p_mixture (by permutation within each event),
        p_nominal (chi-square: too small under fat tails), p_min, reason.
    curve : event_id, session, day, ar, prior, posterior under the fit of the whole group.

    Raises
    ------
    AlignmentError, SchemaError, UnknownNameError
        As `uncertain`; a column `by` that the events do not have.
    """
    if by not in events and by != "kind":
        raise SchemaError(f"by={by!r}: no such column of the events")
    require_one_of(missing, ("drop", "available"), "missing")
    groups: dict[str, list[tuple[str, Studied]]] = {}
    for event, about, found in _studied(study, events, prices, prior, (0, 0), missing, by):
        members = groups.setdefault(str(about[by]), [])
        if isinstance(found, Studied):
            members.append((event, found))
    rows, curves = [], []
    for label, members in sorted(groups.items()):
        row, days = _together([one for _, one in members])
        rows.append({by: label, "n": len(members), **row})
        curves += [_curve(e, one, z).drop(columns=["car", "pvalue"]) for (e, one), z in zip(members, days, strict=True)]
    empty = _NO_CURVE.drop(columns=["car", "pvalue"])
    return pd.DataFrame(rows), pd.concat(curves, ignore_index=True) if curves else empty


# ------------------------------------------------------------------------------------------------------ one event each


def _studied(
    study: EventStudy,
    events: pd.DataFrame,
    prices: Any,
    prior: str | Prior,
    window: tuple[int, int],
    missing: str,
    *columns: str,
) -> Iterator[tuple[str, dict[str, Any], Studied | dict[str, Any]]]:
    """Yield each uncertain event with what is known of it and the study of its candidate days, or why there is none."""
    from backtest.frames import normalise_events

    lookup(prior, PRIORS, "prior")
    table = normalise_events(events)
    spans = spans_of(table)
    if not spans:
        raise AlignmentError(
            "no event has an uncertain date; precision month or year, columns start and end, or candidates, mark one"
        )
    own = table["prior"].fillna("").astype("str") if "prior" in table else pd.Series("", index=table.index)
    for name in set(own) - {""}:
        lookup(name, PRIORS, "prior")
    for event, span in spans.items():
        about = {"event_id": event, **{c: table.at[event, c] for c in dict.fromkeys(("asset", "kind", *columns))}}
        yield event, about, _one(study, table.loc[[event]], prices, span, own[event] or prior, window, missing)


def _one(
    study: EventStudy,
    event: pd.DataFrame,
    prices: Any,
    span: Span,
    prior: str | Prior,
    window: tuple[int, int],
    missing: str,
) -> Studied | dict[str, Any]:
    """Return the study of one event on its candidate days, or a row that says why there is none."""
    known = event.drop(columns=[c for c in COLUMNS if c in event])
    known = known.assign(
        event_time=span.first.tz_localize("UTC"), event_precision="day", session_hint=pd.array([pd.NA], dtype="str")
    ).astype({"event_time": "datetime64[us, UTC]"})
    # No exchange has more sessions than days; one more, as a date without a session stands for the next.
    days = (span.last - span.first).days + 1
    reach = (min(0, window[0]), days + max(0, window[1]))
    spec = replace(study, date_only="same", contamination="keep", peers=False, event=reach)
    nothing = {"first": span.first, "last": span.last}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DroppedEventsWarning)
            result = spec.run(known, prices)
    except AlignmentError as error:
        return {**nothing, "reason": str(error)}
    at = _candidates(result, span)
    there = np.isfinite(result.estimates.ar[0, at - reach[0]])
    reason = _untestable(result, span, there, missing)
    if reason:
        return {**nothing, "candidates": len(at), "reason": reason}
    at, lost = at[there], int((~there).sum())
    sessions = _sessions(result)[at - reach[0]]
    prior_of = weights(sessions, span.stated, prior)
    if not prior_of.any():
        return {**nothing, "candidates": len(at), "reason": "a point mass needs a stated day among the candidates"}
    first = int(at[0])
    return Studied(result, at, sessions, picked(result.sample((first, first)), at - reach[0]), prior_of, lost)


def _sessions(result: EventStudyResult) -> Sessions:
    return result.abnormal_returns["session"].to_numpy().astype("datetime64[us]")


def _candidates(result: EventStudyResult, span: Span) -> Ints:
    """Return which event days are candidates; a listed date on which there was no session stands for the next."""
    values = _sessions(result)[-result.spec.event[0] :]
    if span.dates is None:
        return np.flatnonzero(values <= np.datetime64(span.last, "us"))
    at = np.searchsorted(values, np.array(span.dates, dtype="datetime64[us]"))
    return np.unique(np.minimum(at, len(values) - 1))


def _untestable(result: EventStudyResult, span: Span, there: NDArray[np.bool_], missing: str) -> str:
    """Return why the candidate days cannot be tested, "" where they can."""
    cal = result.source.markets[0].calendar
    last = pd.Timestamp(cal.sessions[-1])
    # An exchange may be closed on the days that are left; a panel of its own is taken to trade on weekdays.
    if span.last > last and (
        calendar(cal.mic, last, span.last).sessions[-1] > cal.sessions[-1]
        if cal.mic
        else len(pd.bdate_range(last, span.last)[1:])
    ):
        return f"the prices end on {last:%Y-%m-%d}, before the last candidate day"
    if not len(there):
        return "no session among the candidate days"
    if there.all() or (there.any() and missing == "available"):
        return ""
    return f"{(~there).sum()} of {len(there)} candidate days have no return" + (
        "; missing='available' studies the others" if there.any() else ""
    )


def _described(event: str, one: Studied, window: tuple[int, int]) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return the summary and the curve of one event."""
    sample, w = one.sample, len(one.at)
    found = {name: TESTS[name](sample) for name in ("conformal-block", "car-t", "max", "scan")}
    p_window, p_car, p_max, p_scan = (float(np.squeeze(f.pvalue)) for f in found.values())
    curve = _curve(event, one, posterior(sample.sar, one.prior)[0], window)
    days, car, n = curve["posterior"].to_numpy(), curve["car"], int(sample.n_obs[0])
    p_min = float(np.squeeze(found["max"].p_min))
    short = f"the max test cannot reject at 5 %: {w} candidate days need {NEEDED * w} estimation days, there are {n}"
    notes = [short] * (p_min > pvalues.LEVEL) + [f"{one.lost} more candidate days have no return"] * (one.lost > 0)
    row = {
        "first": one.sessions[0], "last": one.sessions[-1], "candidates": w, "car": float(sample.car[0]),
        "p_window": p_window, "p_window_t": p_car, "p_max": p_max,
        "p_holm": float(np.nanmin(holm(np.array([p_window, p_max])))),
        # Sums over neighbouring candidates mean nothing where the days between them are none.
        "p_scan": p_scan if one.at[-1] - one.at[0] == w - 1 else np.nan,
        "p_weighted": float(weighted(sample, one.prior).pvalue), "p_mixture": float(mixture(sample, prior=one.prior).pvalue),
        "p_min": p_min, "estimation_days": n, "estimation_needed": NEEDED * w,
        "likely_day": one.sessions[int(days.argmax())], "likely_posterior": float(days.max()),
        "significant_share": float((curve["pvalue"] <= pvalues.LEVEL).mean()), "car_low": float(car.min()),
        "car_high": float(car.max()), "note": "; ".join(notes), "reason": "",
    }  # fmt: skip
    return row, curve


def _curve(event: str, one: Studied, days: F, window: tuple[int, int] = (0, 0)) -> pd.DataFrame:
    """Return the curve of one event: what each candidate day would say were it the day."""
    around = [one.result.sample((int(t) + window[0], int(t) + window[1])) for t in one.at]
    car = np.array([s.car[0] if s.n else np.nan for s in around])
    p = np.array([float(np.squeeze(TESTS["car-t"](s).pvalue)) if s.n else np.nan for s in around])
    columns = (event, one.sessions, one.at, one.sample.ar[0], car, p, one.prior, days[: len(one.at)])
    return pd.DataFrame(dict(zip(CURVE, columns, strict=True)))


# ---------------------------------------------------------------------------------------------------- several together


def _together(members: list[Studied]) -> tuple[dict[str, Any], F]:
    """Return the row of one group and its posteriors (n, days), zero beyond an event's last candidate day."""
    n = len(members)
    if not n:
        return {"reason": "no event of the group could be studied"}, np.empty((0, 0))
    w = max(len(one.at) for one in members)
    z, prior = (np.zeros((n, w)) for _ in range(2))
    for i, one in enumerate(members):
        z[i, : len(one.at)], prior[i, : len(one.at)] = one.sample.sar[0], one.prior
    fit = fitted(z, [pools_of(one.sample)[0] for one in members], prior)
    scar = np.array([one.sample.scar[0] for one in members])
    t = np.sqrt(n) * scar.mean() / scar.std(ddof=1) if n > 1 else np.nan
    row = {
        "car": float(np.mean([one.sample.car[0] for one in members])), "p_window": float(pvalues.student(t, n - 1.0)),
        "effect": fit.mu * float(np.mean([np.sqrt(one.sample.s2[0]) for one in members])), "mu": fit.mu,
        "extra": fit.extra, "statistic": fit.ratio, "p_mixture": fit.pvalue, "p_nominal": _chi_square(fit.ratio),
        "p_min": fit.p_min, "reason": "",
    }  # fmt: skip
    return row, posterior(z, prior)


def _chi_square(ratio: float) -> float:
    return float(pvalues.normal(np.sqrt(ratio)))


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


def weighted(sample: Sample, prior: F) -> Statistic:
    """Test the prior-weighted sum of standardised returns of one event, ``sum pi_t z_t`` over its standard deviation, t(M - k).

    ``Var = w'(diag(scale) + Q) w`` with ``w_t = pi_t / sqrt(C_t)`` and Q the forecast errors' covariance over s2.
    """
    w = prior / np.sqrt(sample.variance_factor[0])
    own = np.ones(len(w)) if sample.scale is None else sample.scale[0]
    variance = float((w * w * own).sum())
    if sample.root is not None:
        variance += float(((w @ sample.root[0]) ** 2).sum())
    t = float(prior @ sample.sar[0]) / np.sqrt(variance)
    p = float(pvalues.student(t, sample.df[0], sample.side))
    return Statistic(t, p, float(prior @ sample.ar[0]), df=float(sample.df[0]), distribution="t")
