"""The tables of a result: tidy frames and the text that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.align import KEPT
from backtest.clock import tradable_from
from backtest.frames import DROP_REASONS, group_labels
from backtest.inference import pvalues
from backtest.inference.power import detectable
from backtest.labels import count, interval, percent, window_text

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

F = NDArray[np.float64]
Ints = NDArray[np.int64]

TEST_COLUMNS = (
    "test", "model", "kind", "event_id", "window_start", "window_end", "side", "n", "n_eff", "r_bar", "effect", "se",
    "statistic", "df", "pvalue", "p_min", "low", "high", "distribution", "reason", "note",
)  # fmt: skip
_TEXT = ("test", "model", "kind", "event_id", "side", "distribution", "reason", "note")
_WHOLE = ("window_start", "window_end", "n")


def tests_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows of outcomes as the tests table with fixed columns and dtypes."""
    frame = pd.DataFrame(rows, columns=list(TEST_COLUMNS))
    types = {c: "str" if c in _TEXT else "int64" if c in _WHOLE else "float64" for c in TEST_COLUMNS}
    return frame.astype(types)


def abnormal_returns(result: EventStudyResult) -> pd.DataFrame:
    """Return the tidy abnormal returns, one row per event and day."""
    e, events = result.estimates, result.events
    n, length = e.ar.shape
    days = np.concatenate([result.calendar, [np.iinfo(np.int64).min]])
    session = days[e.days].astype("datetime64[D]").astype("datetime64[us]")
    simple = result.prices.returns_kind == "simple"
    bhar = np.cumprod(1.0 + e.returns, axis=1) - np.cumprod(1.0 + e.expected, axis=1)
    columns = {
        "event_id": np.repeat(events.index.to_numpy(), length),
        "asset": np.repeat(events["asset"].to_numpy(), length),
        "kind": np.repeat(events["kind"].to_numpy(), length),
        "day": np.tile(result.days, n),
        "session": session.ravel(),
        "ret": e.returns.ravel(),
        "expected": e.expected.ravel(),
        "ar": e.ar.ravel(),
        "car": np.cumsum(e.ar, axis=1).ravel(),
        "bhar": bhar.ravel() if simple else np.full(n * length, np.nan),
    }
    return pd.DataFrame(columns).astype({"event_id": "str", "asset": "str", "kind": "str"})


def caar(result: EventStudyResult, groups: dict[str, Ints]) -> pd.DataFrame:
    """Return average and cumulative average abnormal returns per group and day, with 95 % limits."""
    frames = []
    for label, index in groups.items():
        ar = result.estimates.ar[index]
        car = np.cumsum(ar, axis=1)
        present, complete = np.isfinite(ar), np.isfinite(car)
        n = complete.sum(axis=1 - 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            aar = np.where(present, ar, 0.0).sum(axis=0) / present.sum(axis=0)
            mean = np.where(complete, car, 0.0).sum(axis=0) / n
        half = _half_width(result, index, car, mean, n)
        columns = {
            "kind": label,
            "day": result.days,
            "n": n,
            "aar": aar,
            "caar": mean,
            "low": mean - half,
            "high": mean + half,
        }
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True).astype({"kind": "str"})


def _half_width(result: EventStudyResult, index: Ints, car: F, mean: F, n: Ints) -> F:
    """Return half the 95 % interval of each day: t(n - 1), or the prediction error of the single event."""
    complete = np.isfinite(car)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = np.where(complete, (car - mean) ** 2, 0.0).sum(axis=0)
        half = pvalues.student_limit(np.maximum(n - 1, 1)) * np.sqrt(squares / (n - 1) / n)
    half = np.where(n > 1, half, np.nan)
    alone = np.flatnonzero(n == 1)
    if len(alone):
        who = complete[:, alone].argmax(axis=0)
        e = result.estimates.take(index[who])
        half[alone] = pvalues.student_limit(e.df) * np.sqrt(_running_variance(e)[np.arange(len(alone)), alone])
    return half


def _running_variance(e: Any) -> F:
    """Return the variance of the CAR from the first day up to each day, (n, L)."""
    own = np.cumsum(np.ones_like(e.ar) if e.scale is None else e.scale, axis=1)
    if e.root is not None:
        total = np.cumsum(e.root, axis=1)
        own = own + np.einsum("nlk,nlk->nl", total, total)
    return e.s2[:, None] * own


def audit(result: EventStudyResult) -> pd.DataFrame:
    """Return one row per event that came in, with how it was placed and what became of it."""
    events, placed = result.all_events, result.placed
    session = np.full(len(events), np.datetime64("NaT"), dtype="datetime64[us]")
    rule = np.full(len(events), "", dtype=object)
    benchmark = np.full(len(events), "", dtype=object)
    for code, market in enumerate(result.source.markets):
        mine = np.flatnonzero(placed.market == code)
        first = tradable_from(events.iloc[mine], market.calendar)
        session[mine], rule[mine] = first["session"].to_numpy(), first["rule"].to_numpy()
        names = np.array([*market.benchmarks, ""], dtype=object)
        benchmark[mine] = names[market.benchmark_of[placed.row[mine]]]
    columns = {
        "event_id": events.index, "asset": events["asset"], "kind": events["kind"], "event_time": events["event_time"],
        "event_precision": events["event_precision"], "session_hint": events["session_hint"], "rule": placed.rule,
        "day0": placed.session, "tradable_from": session, "tradable_rule": rule, "benchmark": benchmark,
        "n_estimation": result.n_estimation, "flags": _flags(result),
    }  # fmt: skip
    frame = pd.DataFrame({k: v.array if isinstance(v, pd.Series) else v for k, v in columns.items()})
    return frame.astype(dict.fromkeys(("event_id", "rule", "tradable_rule", "benchmark", "flags"), "str"))


def _flags(result: EventStudyResult) -> list[str]:
    """Return what there is to know about each event, separated by ``|``."""
    flags: list[list[str]] = [[] for _ in result.reasons]
    for i in np.flatnonzero(result.reasons != KEPT):
        flags[i].append(f"dropped:{DROP_REASONS[result.reasons[i]]}")
    missing = ~np.isfinite(result.estimates.ar)
    wanted = result.spec.estimation[1] - result.spec.estimation[0] + 1
    for at, i in enumerate(result.kept):
        if missing[at].any():
            flags[i].append("missing-days")
        if result.n_estimation[i] < wanted:
            flags[i].append("estimation-gaps")
    for name, where in (
        ("contaminated-event", result.others.in_event),
        ("contaminated-estimation", result.others.in_estimation),
    ):
        for i in np.flatnonzero(where):
            flags[i].append(name)
    for i in np.flatnonzero((result.all_events["role"] == "peer").to_numpy(dtype=bool)):
        flags[i].append("peer")
    return ["|".join(f) for f in flags]


# ------------------------------------------------------------------------------------------------------------ text


def headlines(result: EventStudyResult) -> list[str]:
    """Return the lines above the summary: what was run, kept and dropped."""
    spec = result.spec
    model = spec.model if isinstance(spec.model, str) else getattr(spec.model, "__name__", "own model")
    total, kept = len(result.all_events), len(result.events)
    lost = result.dropped["reason"].value_counts()
    reasons = ", ".join(f"{n} {reason}" for reason, n in lost.items() if n)
    return [
        f"Event study: {model} model, event window {spec.event}, estimation window {spec.estimation}, "
        f"prices: {result.prices.source}",
        f"{count(kept, 'event')} kept of {total}" + (f"; dropped: {reasons}" if reasons else ""),
    ]


def summary(result: EventStudyResult) -> pd.DataFrame:
    """Return one row per kind: events, CAAR over the whole event window with its interval, the test to trust on day 0 and why."""
    last = result.caar().groupby("kind", sort=False).tail(1).set_index("kind")
    zero = 0 if result.spec.event[0] <= 0 <= result.spec.event[1] else result.spec.event[0]
    advice = result.recommended(windows=[(zero, zero)])
    tests, reasons = (dict(zip(advice["kind"], advice[c], strict=True)) for c in ("test", "reason"))
    found = {k: percent(detectable(result.sample((zero, zero), k))).lstrip("+") for k in tests}
    sizes = group_labels(result.events).value_counts().to_dict()
    title = f"CAAR, {window_text(*result.spec.event)}"
    rows = [
        {
            "kind": kind, "events": sizes[str(kind)], title: percent(row["caar"]),
            "95 % interval": interval(row["low"], row["high"]), "found at 80 % power": found[str(kind)],
            "valid test": tests[str(kind)], "because": reasons[str(kind)],
        }
        for kind, row in last.iterrows()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def as_text(result: EventStudyResult) -> str:
    """Return the result as plain text."""
    lines = [result.notice] if result.notice else []
    return "\n".join([*lines, *headlines(result), "", summary(result).to_string(index=False)])
