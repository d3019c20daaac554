"""The tables of a result: tidy frames and the text that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.align import KEPT
from backtest.clock import tradable_from
from backtest.errors import SchemaError
from backtest.frames import DROP_REASONS, group_labels
from backtest.inference import TESTS, Sample, pvalues
from backtest.inference.advice import recommend
from backtest.inference.power import detectable
from backtest.kernels.gather import chunks, gather
from backtest.labels import count, each_row, interval, least_percent, p_value, percent, window_text
from backtest.ledger import tried_line
from backtest.market import benchmark_levels, level_returns
from backtest.registry import require_one_of

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Multiplications per product of matrices: below it BLAS keeps to one thread, which on a busy machine is the faster one.
_ONE_THREAD = 1 << 18

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
    simple = result.prices.returns_kind == "simple" and result.spec.measure == "return"
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


def bhar(result: EventStudyResult, window: tuple[int, int], against: str) -> pd.DataFrame:
    """Return buy-and-hold abnormal returns of the events over a window, as `EventStudyResult.bhar` says."""
    require_one_of(against, ("expected", "benchmark", *result.prices.close.columns), "against")
    if result.prices.returns_kind != "simple" or result.spec.measure != "return":
        what = f"measure={result.spec.measure!r}" if result.spec.measure != "return" else "log returns"
        raise SchemaError(f"bhar needs simple returns, which compound; this study has {what}: use returns='simple'")
    e, first = result.estimates, result.spec.event[0]
    part = slice(window[0] - first, window[1] - first + 1)
    named = {"expected": lambda: e.expected, "benchmark": lambda: _benchmark_days(result)}
    other = named.get(against, lambda: _matched_days(result, against))()
    gross = np.prod(1.0 + e.returns[:, part], axis=1) - np.prod(1.0 + other[:, part], axis=1)
    events = result.events
    columns = {
        "event_id": events.index.to_numpy(), "asset": events["asset"].to_numpy(), "kind": events["kind"].to_numpy(),
        "n_days": part.stop - part.start, "bhar": gross,
    }  # fmt: skip
    return pd.DataFrame(columns).astype({"event_id": "str", "asset": "str", "kind": "str"})


def _benchmark_days(result: EventStudyResult) -> F:
    """Return the benchmark's returns on the event days, (n, L)."""
    source = result.source
    if any(not len(panels.benchmark) for panels in source.panels.values()):
        raise SchemaError("bhar against='benchmark': these prices have no benchmark; use against='expected'")
    free = source.event_days("risk_free") if source.design.inputs.excess else 0.0
    mark = source.event_days("gap_market" if source.design.inputs.gaps else "benchmark")
    return np.asarray(mark + free, dtype=np.float64)


def _matched_days(result: EventStudyResult, ticker: str) -> F:
    """Return another share's returns over each event's window, on the sessions of the event's own exchange, (n, L)."""
    source, prices = result.source, result.prices
    first, length = source.design.event[0], source.design.event[1] - source.design.event[0] + 1
    out = np.full((len(source.row), length), np.nan)
    for code, panels in source.panels.items():
        calendar = panels.market.calendar
        if prices.returns is not None:
            own = prices.returns[ticker].reindex(calendar.index()).to_numpy()
        else:
            mic = str(prices.instruments["mic"].get(ticker, ""))
            own = level_returns(benchmark_levels(prices.close[ticker], mic, calendar)[None, :])[0]
        padded = np.full((1, panels.returns.shape[1]), np.nan)
        before = panels.offset - source.design.first
        padded[0, before : before + len(own)] = own
        mine = np.flatnonzero(source.market == code)
        start = source.position[mine] + before + first
        out[mine] = gather(padded, np.zeros(len(mine), dtype=np.int64), start, length)
    return out


def caar(result: EventStudyResult, groups: dict[str, Ints]) -> pd.DataFrame:
    """Return average and cumulative average abnormal returns per group and day, with 95 % limits."""
    frames = []
    for label, index in groups.items():
        ar = result.estimates.ar if len(index) == len(result.events) else result.estimates.ar[index]
        found = whole_paths(ar)
        if found is None:
            car = np.cumsum(ar, axis=1)
            aar, _ = present_mean(ar)
            mean, n = present_mean(car)
            half = _half_width(result, index, car, mean, n)
        else:
            n, aar, mean, half = found
        columns = {
            "kind": pd.array([label] * len(n), dtype="str"), "day": result.days, "n": n, "aar": aar, "caar": mean,
            "low": mean - half, "high": mean + half,
        }  # fmt: skip
        frames.append(pd.DataFrame(columns))
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def whole_paths(ar: F) -> tuple[Ints, F, F, F] | None:
    """Return events, AAR, CAAR and half the 95 % interval of each day for several events without a missing day, else None.

    The variance of a sum of days is that of the days and their products: the cumulated paths are never laid out.
    """
    n, length = ar.shape
    aar = ar.sum(axis=0) / max(n, 1)
    if n < 2 or not np.isfinite(aar).all():
        return None
    products = np.zeros((length, length))
    for part in chunks(n, max(1, _ONE_THREAD // length**2)):
        centred = ar[part] - aar
        products += centred.T @ centred
    squares = np.diagonal(products.cumsum(axis=0).cumsum(axis=1))
    half = pvalues.student_limit(np.full(length, n - 1)) * np.sqrt(squares / (n - 1) / n)
    return np.full(length, n), aar, np.cumsum(aar), half


def present_mean(values: F) -> tuple[F, Ints]:
    """Return the mean of each column over the rows present, NaN where there is none, and how many they are."""
    total = values.sum(axis=0)
    if np.isfinite(total).all():
        return total / max(len(values), 1), np.full(values.shape[1], len(values))
    present = np.isfinite(values)
    n = present.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(present, values, 0.0).sum(axis=0) / n, n


def _half_width(result: EventStudyResult, index: Ints, car: F, mean: F, n: Ints) -> F:
    """Return half the 95 % interval of each day: t(n - 1), or the prediction error of the single event."""
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = car - mean
        if n.min(initial=0) < len(car):
            centred = np.where(np.isfinite(car), centred, 0.0)
        squares = np.einsum("nl,nl->l", centred, centred)
        half = pvalues.student_limit(np.maximum(n - 1, 1)) * np.sqrt(squares / (n - 1) / n)
    half = np.where(n > 1, half, np.nan)
    alone = np.flatnonzero(n == 1)
    if len(alone):
        who = np.isfinite(car[:, alone]).argmax(axis=0)
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
        f"Event study: {model} model of {_measured(result)}, event window {spec.event}, estimation window {spec.estimation}, "
        f"prices: {result.prices.source}",
        f"{count(kept, 'event')} kept of {total}" + (f"; dropped: {reasons}" if reasons else ""),
    ]


def _measured(result: EventStudyResult) -> str:
    """Return what was measured, in words: simple or log returns, log volume, absolute returns."""
    if result.spec.measure == "volume":
        return "log volume"
    kind = f"{result.prices.returns_kind} returns"
    return f"absolute {kind}" if result.spec.measure == "volatility" else kind


def day_zero(result: EventStudyResult) -> int:
    """Return the day that headlines are about: 0, or the first of the event window where it does not hold it."""
    first, last = result.spec.event
    return 0 if first <= 0 <= last else first


def found_in(sample: Sample) -> tuple[str, float, float, float, float, str]:
    """Return the recommended test of a sample, its p, the mean CAR, its 95 % interval, and why this test.

    The interval is the recommended test's; where that has none the cross-sectional t's, for one event the prediction interval.
    """
    if not sample.n:
        return "", np.nan, np.nan, np.nan, np.nan, "no event has all days of this window"
    advice = recommend(sample)
    outcome = TESTS[advice.test](sample)
    spare = outcome
    if not np.isfinite(np.squeeze(outcome.low)) or not np.isfinite(np.squeeze(outcome.high)):
        spare = TESTS["cross-sectional" if sample.n > 1 else "car-t"](sample)
    p, low, high = (float(np.squeeze(v)) for v in (outcome.pvalue, spare.low, spare.high))
    return advice.test, p, float(sample.car.mean()), low, high, advice.reason


def summary(result: EventStudyResult) -> pd.DataFrame:
    """Return one row per kind: events, effect on day 0 and over the event window with the recommended interval, the
    recommended test, its p on day 0, and why this test."""
    zero = day_zero(result)
    sizes = group_labels(result.events).value_counts().to_dict()
    rows = []
    for kind, sample in result.samples((zero, zero)):
        test, p, effect, low, high, reason = found_in(sample)
        *_, caar, least, most, _ = found_in(result.sample(result.spec.event, kind))
        rows.append((
            kind, sizes[kind], percent(effect), interval(low, high), percent(caar), interval(least, most), test, p_value(p),
            reason,
        ))  # fmt: skip
    whole = f"CAAR, {window_text(*result.spec.event)}"
    columns = (
        "kind",
        "events",
        window_text(zero, zero),
        "95 % interval",
        whole,
        "95 % interval ",
        "test",
        "p",
        "because",
    )
    return pd.DataFrame(rows, columns=list(columns))


def power_lines(result: EventStudyResult) -> list[str]:
    """Return what each kind's number of events could have found on day 0."""
    zero, lines = day_zero(result), []
    for kind, sample in result.samples((zero, zero)):
        if sample.n:
            least = detectable(sample)
            found = f"an effect of {least_percent(least)}" if least < 1.0 else "no effect below 100 %"
            lines.append(
                f"{kind}: with {count(sample.n, 'event')} of this volatility you could have found {found} with 80 % power"
            )
    return lines


def closing_lines(result: EventStudyResult) -> list[str]:
    """Return the lines below the summary."""
    tried = tried_line(result.tried)
    return [*power_lines(result), *([tried] if tried else [])]


def as_text(result: EventStudyResult) -> str:
    """Return the result as plain text: why which test in a line of its own for each kind, so that the table stays narrow."""
    lines = [result.notice] if result.notice else []
    table = summary(result)
    why = [
        f"{row.kind}: {row.test}, {row.because}" if row.test else f"{row.kind}: {row.because}"
        for row in each_row(table)
    ]
    shown = table.drop(columns="because").to_string(index=False)
    return "\n".join([*lines, *headlines(result), "", shown, "", *why, "", *closing_lines(result)])
