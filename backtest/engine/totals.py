"""From merged sums to tables: the formulas of `inference`, written for sums instead of events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.engine.partial import Partial, Sums
from backtest.frames import DROP_REASONS
from backtest.inference import advice, pvalues
from backtest.inference.advice import recommend_for
from backtest.inference.sample import ROUNDING
from backtest.kernels.sums import Moments

F = NDArray[np.float64]
Outcome = tuple[float, float, float, str]

NOTHING: Outcome = (np.nan, np.nan, np.nan, "")


@dataclass(frozen=True, eq=False)
class EngineResult:
    """Tables of a run of the engine.

    caar : kind, day, n, aar, caar, low, high, as `EventStudyResult.caar`. tests : kind, test, window_start, window_end, n,
    n_eff, r_bar, effect, se, statistic, df, pvalue, distribution. recommended : kind, window_start, window_end, n, n_eff, r_bar,
    test, beside, reason, as `EventStudyResult.recommended`; beside it only tests that are in `tests`. dropped : reason, events.
    events : how many came in.
    """

    caar: pd.DataFrame
    tests: pd.DataFrame
    recommended: pd.DataFrame
    dropped: pd.DataFrame
    events: int

    def __repr__(self) -> str:
        """Return how many events came in and left, and the recommended test of each group, as text."""
        return f"{self._headline()}\n{self.recommended.to_string(index=False)}"

    def _repr_html_(self) -> str:
        from html import escape

        table = self.recommended.to_html(index=False, float_format=lambda v: f"{v:,.4f}", na_rep="–")
        return f"<p>{escape(self._headline())}</p>{table}"

    def _headline(self) -> str:
        return f"Engine: {self.events:,} events, {int(self.dropped['events'].sum()):,} of them dropped"


def caar_table(total: Partial, first: int) -> pd.DataFrame:
    """Return average and cumulative average abnormal returns per group and day with 95 % limits, t(n - 1)."""
    frames = []
    for name, sums in sorted(total.groups.items()):
        n = sums.car.n
        with np.errstate(invalid="ignore", divide="ignore"):
            half = pvalues.student_limit(np.maximum(n - 1.0, 1.0)) * sums.car.sd / np.sqrt(n)
        mean, aar = (np.where(m.n > 0, m.mean, np.nan) for m in (sums.car, sums.ar))
        columns = {
            "kind": name, "day": np.arange(first, first + len(n)), "n": n.astype(np.int64), "aar": aar, "caar": mean,
            "low": mean - half, "high": mean + half,
        }  # fmt: skip
        frames.append(pd.DataFrame(columns).astype({"kind": "str"}))
    return pd.concat(frames, ignore_index=True)


def dropped_counts(total: Partial) -> pd.DataFrame:
    """Return how many events left for which reason: reason, events."""
    some = np.flatnonzero(total.dropped)
    table = pd.DataFrame({"reason": [DROP_REASONS[i] for i in some], "events": total.dropped[some]})
    return table.astype({"reason": "str", "events": "int64"})


def tests_of(total: Partial, window: tuple[int, int], first_day: int) -> pd.DataFrame:
    """Return every test that sums can give, per group; NaN where it is undefined."""
    rows = []
    for name, sums in sorted(total.groups.items()):
        facts = Facts(sums, window, first_day)
        about = {"kind": name, "window_start": window[0], "window_end": window[1], "n": int(facts.n)}
        for test, function in FINISHERS.items():
            statistic, df, se, distribution = function(facts) if facts.n > 1 else NOTHING
            p = pvalues.student(statistic, df) if distribution == "t" else pvalues.normal(statistic)
            r = facts.r_all if test in ("kp", "adjusted-patell") else facts.r
            about |= {"n_eff": facts.n / (1.0 + (facts.n - 1.0) * r), "r_bar": r if facts.n > 1 else np.nan}
            found = {
                "test": test,
                "effect": facts.effect,
                "se": se,
                "statistic": statistic,
                "df": df,
                "pvalue": float(p),
            }
            rows.append({**about, **found, "distribution": distribution})
    columns = [
        "kind",
        "test",
        "window_start",
        "window_end",
        "n",
        "n_eff",
        "r_bar",
        "effect",
        "se",
        "statistic",
        "df",
        "pvalue",
    ]
    return pd.DataFrame(rows, columns=[*columns, "distribution"]).astype(
        dict.fromkeys(("kind", "test", "distribution"), "str")
    )


class Facts:
    """What several tests need of one group's sums."""

    def __init__(self, sums: Sums, window: tuple[int, int], first_day: int) -> None:
        """Take the group's sums and work out its mean correlations, none below zero."""
        self.sums, self.window, self.first_day = sums, window, first_day
        self.length = window[1] - window[0] + 1
        self.n = float(sums.window.n[0])
        self.effect = float(sums.window.mean[0]) if self.n else np.nan
        pairs = self.n * (self.n - 1.0) / 2.0
        whole, shared = pair_sums(sums.unit, self.n, self.length)
        self.r_all = max(whole / pairs, 0.0) if pairs else 0.0
        self.r = max(shared / pairs, 0.0) if pairs else 0.0

    def spread(self, column: int) -> float:
        """Return the sd of CARs (0) or SCARs (1); NaN where it is rounding noise of equal values."""
        moments: Moments = self.sums.window
        sd = float(moments.sd[column])
        return sd if sd > 1e-14 * abs(float(moments.mean[column])) else np.nan

    @property
    def rounding(self) -> float:
        """Standard deviation below which a mean over the events is rounding error: they cancel on every day."""
        car: Moments = self.sums.window
        return ROUNDING * float(np.hypot(car.mean[0], car.sd[0]))

    def scaled(self) -> float:
        """Return the standardised cross-sectional statistic (BMP)."""
        return float(np.sqrt(self.n) * self.sums.window.mean[1] / self.spread(1))

    def shrinkage(self, r: float) -> float:
        """Return what a mean correlation of `r` makes of the standardised statistic; NaN where it leaves no variance."""
        return float(np.sqrt((1.0 - r) / (1.0 + (self.n - 1.0) * r))) if r < 1.0 - ROUNDING else np.nan

    def patell(self) -> float:
        """Return Patell's statistic."""
        return float(self.n * self.sums.window.mean[1] / np.sqrt(self.sums.counts[0]))


def pair_sums(unit: F, n: float, length: int) -> tuple[float, float]:
    """Return sums over pairs of events of the correlation of residuals: all pairs alike, and by the share of shared days.

    `unit` (T, M) holds by session of day 0 the sum of unit vectors; ``sum_ij r_ij = |sum_i u_i|^2``. A pair shares as many
    test days as there are days on which both are active, so the weighted sum is one of squares per active day.
    """
    t, m = unit.shape
    total = np.zeros(t + m)
    for day in np.flatnonzero(unit.any(axis=1)):
        total[day : day + m] += unit[day]
    whole = float(total @ total - n) / 2.0
    squares = 0.0
    for start in range(0, t + length - 1, 512):
        stop = min(start + 512, t + length - 1)
        active = np.zeros((stop - start, m + length - 1))
        for back in range(length):
            days = np.arange(start, stop) - back
            inside = (days >= 0) & (days < t)
            shift = length - 1 - back
            active[inside, shift : shift + m] += unit[days[inside]]
        squares += float(np.einsum("tm,tm->", active, active))
    return whole, (squares - n * length) / 2.0 / length


def recommended_of(total: Partial, window: tuple[int, int], first_day: int) -> pd.DataFrame:
    """Return the test to trust for each group, and why, judged by sums alone."""
    rows = []
    for name, sums in sorted(total.groups.items()):
        facts = Facts(sums, window, first_day)
        found = recommend_for(likeness(facts))
        shrunk = facts.n / (1.0 + (facts.n - 1.0) * facts.r) if facts.n else 0.0
        about = (name, *window, int(facts.n), shrunk, facts.r if facts.n > 1 else np.nan)
        beside = [test for test in found.beside if test in FINISHERS]
        rows.append((*about, found.test, ", ".join(beside), found.reason))
    columns = ["kind", "window_start", "window_end", "n", "n_eff", "r_bar", "test", "beside", "reason"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("kind", "test", "beside", "reason"), "str"))


def likeness(f: Facts) -> advice.Facts:
    """Return what the advice asks about the events of a group."""
    dates = np.flatnonzero(f.sums.starts)
    n, least = int(f.n), float(f.sums.least[0])
    shared = advice.shared_windows(dates, f.sums.starts[dates], f.length) if n else 0.0
    factor, spread = f.sums.counts[0] / max(n, 1), f.sums.window
    induced = n > 1 and least > 4 and advice.beyond_chance(n, float(spread.m2[1]) / (n - 1), float(factor))
    same = n > 1 and len(dates) == 1
    return advice.Facts(n, f.length, same, shared, induced, len(dates), int(least) if n else 0)


def cross_sectional(f: Facts) -> Outcome:
    """``sqrt(N) mean(CAR) / sd(CAR)``, t(N - 1)."""
    se = float(f.spread(0) / np.sqrt(f.n))
    return f.effect / se, f.n - 1.0, se, "t"


def bmp(f: Facts) -> Outcome:
    """``sqrt(N) mean(SCAR) / sd(SCAR)``, t(N - 1)."""
    return f.scaled(), f.n - 1.0, np.nan, "t"


def kp(f: Facts) -> Outcome:
    """BMP times ``sqrt((1 - r) / (1 + (N - 1) r))``, r over all pairs, t(N - 1)."""
    return f.scaled() * f.shrinkage(f.r_all), f.n - 1.0, np.nan, "t"


def kp_overlap(f: Facts) -> Outcome:
    """The same, each pair weighted by the share of the test window that it has in common."""
    return f.scaled() * f.shrinkage(f.r), f.n - 1.0, np.nan, "t"


def patell(f: Facts) -> Outcome:
    """``sum SCAR / sqrt(sum (M - k) / (M - k - 2))``, N(0, 1)."""
    return f.patell(), np.nan, np.nan, "normal"


def adjusted_patell(f: Facts) -> Outcome:
    """Patell over ``sqrt(1 + (N - 1) r)``, N(0, 1)."""
    return f.patell() / np.sqrt(1.0 + (f.n - 1.0) * f.r_all), np.nan, np.nan, "normal"


def time_series(f: Facts) -> Outcome:
    """``CAAR / (sqrt(L) S)``, S the sd of the estimation window's average residuals, t(T - 1)."""
    have = f.sums.columns_n > 0
    mean = f.sums.columns[have] / f.sums.columns_n[have]
    sd = float(mean.std(ddof=1)) if have.sum() > 2 else np.nan
    se = np.sqrt(f.length) * sd if sd > f.rounding else np.nan
    return f.effect / se, float(have.sum() - 1), se, "t"


def generalised_sign(f: Facts) -> Outcome:
    """Positive CARs against the mean share of positive residuals, N(0, 1) (Cowan 1992)."""
    _, positive, shares = f.sums.counts
    p = shares / f.n
    return float((positive - f.n * p) / np.sqrt(f.n * p * (1.0 - p))), np.nan, np.nan, "normal"


def calendar_time(f: Facts) -> Outcome:
    """Mean over days of the equally weighted portfolio of active events, over its standard error, t(D - 1)."""
    days = np.flatnonzero(f.sums.days_n)
    portfolio = f.sums.days[days] / f.sums.days_n[days]
    if len(days) < 2:
        return np.nan, np.nan, np.nan, "t"
    sd, mean = float(portfolio.std(ddof=1)), float(portfolio.mean())
    se = sd / np.sqrt(len(days)) if sd > max(f.rounding, 1e-14 * abs(mean)) else np.nan
    return mean / se, len(days) - 1.0, np.nan, "t"


def corrado(f: Facts) -> Outcome:
    """Corrado's rank test from the sums of scaled ranks per day, N(0, 1); NaN where ranks were not summed."""
    sums, counts = f.sums.ranks, f.sums.ranks_n
    if not counts.any():
        return np.nan, np.nan, np.nan, ""
    scaled = sums / np.sqrt(np.maximum(counts, 1.0))
    s = np.sqrt((scaled**2).sum() / (counts > 0).sum())
    if not s > ROUNDING:
        return NOTHING
    first = len(f.sums.columns) + f.window[0] - f.first_day
    return float(scaled[first : first + f.length].sum() / s / np.sqrt(f.length)), np.nan, np.nan, "normal"


FINISHERS: dict[str, Callable[[Facts], Outcome]] = {
    "cross-sectional": cross_sectional,
    "bmp": bmp,
    "kp": kp,
    "kp-overlap": kp_overlap,
    "patell": patell,
    "adjusted-patell": adjusted_patell,
    "time-series": time_series,
    "generalised-sign": generalised_sign,
    "calendar-time": calendar_time,
    "corrado": corrado,
}
