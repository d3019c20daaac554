"""Which test to trust here: what the data are like, and when a test's p-value would mislead.

The rules are those that simulation shows to be needed (rejection rates at a nominal 5 %): a test is advisable where its
size stays between 3.5 and 8 %.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from backtest.inference.dependence import floored, mean_correlation
from backtest.inference.registry import TESTS
from backtest.inference.sample import Sample
from backtest.labels import count

LEVEL = 0.05
SINGLE = ("car-t", "sq", "sq-studentised", "sq-ewma", "conformal", "conformal-block", "max", "scan")
# From this many neighbours' windows shared per event on, events no longer count as independent.
SHARED = 0.5
MANY = 1000
# A variance that is this much larger than expected: 2 Phi(-1.96 / sqrt(1.25)) = 8 %, beyond what is offered as valid.
MATERIAL = 1.25
# Below this many events a raised variance mostly goes unseen.
FEW = 10
# The mean correlation over all pairs dilutes a test of dates within a month where it takes more than a tenth off the
# statistic, beyond what shared days explain, and is this many standard errors from zero.
MONTH, DILUTED, SURE = 21, 1.25, 3.0
#: For thousands of events: clusters of dates and of firms.
_CLUSTERED: Callable = TESTS["clustered"]
TWO_WAY = partial(_CLUSTERED, by="both")


@dataclass(frozen=True)
class Facts:
    """What decides which test is advisable.

    n : events. length : days of the test window. same_date : all test windows begin on one day (n > 1).
    shared : how many whole windows of other events an event shares on average. overlap : that is material.
    induced : the event seems to raise the variance (the spread of the SCARs is beyond chance). clusters : distinct dates.
    m : smallest number of estimation observations.
    """

    n: int
    length: int
    same_date: bool
    shared: float
    induced: bool
    clusters: int
    m: int

    @property
    def overlap(self) -> bool:
        """Test windows overlap materially, though not all on one date."""
        return not self.same_date and self.shared >= SHARED

    @property
    def dependent(self) -> bool:
        """Events cannot count as independent."""
        return self.same_date or self.overlap


def facts(sample: Sample) -> Facts:
    """Return what the sample is like; found out once per sample."""
    if "facts" not in sample.memo:
        sample.memo["facts"] = _facts(sample)
    return sample.memo["facts"]


def _facts(sample: Sample) -> Facts:
    n = sample.n
    if n == 0:
        return Facts(0, sample.length, False, 0.0, False, 0, 0)
    start = sample.days[:, sample.columns.start]
    dates, counts = np.unique(start, return_counts=True)
    same = n > 1 and len(dates) == 1
    return Facts(
        n,
        sample.length,
        same,
        shared_windows(dates, counts, sample.length),
        _induced(sample),
        len(dates),
        int(sample.n_obs.min()),
    )


def shared_windows(dates: np.ndarray, counts: np.ndarray, length: int) -> float:
    """Return ``(n - 1)`` times the mean over pairs of the share of the window in common."""
    n = counts.sum()
    line = np.zeros(int(dates[-1] - dates[0]) + 1)
    line[dates - dates[0]] = counts
    total = (line * (line - 1)).sum()
    for gap in range(1, min(length, len(line))):
        total += 2.0 * (length - gap) / length * (line[gap:] * line[:-gap]).sum()
    return float(total / n)


def _induced(sample: Sample) -> bool:
    """Return True where the variance of the SCARs is beyond the 95 % point of chance."""

    if sample.n < 2 or not (sample.df > 2).all():
        return False
    return beyond_chance(sample.n, float(sample.scar.var(ddof=1)), float((sample.df / (sample.df - 2.0)).mean()))


def beyond_chance(n: int, variance: float, expected: float) -> bool:
    """Return True where the variance of n SCARs is beyond the 95 % point of what chance makes of the expected one.

    Fat tails let many events pass that point by little: what counts as raised must also make a normal test that ignores it
    reject more than 8 % (`MATERIAL`).
    """
    from scipy.special import chdtri

    ratio = variance / expected
    return bool(ratio > MATERIAL and (n - 1) * ratio > chdtri(n - 1, LEVEL))


# ------------------------------------------------------------------------------------------------------------ rules

Rule = Callable[[Facts], str]


def _one_event(f: Facts) -> str:
    return "one event has no cross-sectional variance; use sq or conformal" if f.n < 2 else ""


def _few_windows(f: Facts) -> str:
    """Rolling sums of L days hold about M / L independent values: the smallest honest two-sided p is 2 L / (M + L)."""
    if 2.0 * f.length / (f.m + f.length) > LEVEL:
        return (
            f"{f.m} estimation days are too few for windows of {f.length} days: smallest honest p "
            f"{min(1.0, 2.0 * f.length / (f.m + f.length)):.2f}; use conformal-block or a longer estimation window"
        )
    return ""


def _few_days(f: Facts) -> str:
    """An exact max test has smallest p w / n."""
    if f.length / (f.m + f.length) > LEVEL:
        return (
            f"cannot reject at 5 %: {f.length} candidate days need at least {19 * f.length} estimation days, not {f.m}"
        )
    return ""


def _independent(f: Facts) -> str:
    if f.same_date:
        return "all events share one date and move together: rejects far too often; use kp or common-shift"
    return "windows overlap: rejects too often; use kp-overlap" if f.overlap else ""


def _overlap(f: Facts) -> str:
    return (
        "windows overlap: pairs that share no day dilute the test, its power is gone; use kp-overlap"
        if f.overlap
        else ""
    )


def _diluted(sample: Sample) -> str:
    """The correlation of residuals counts for test days that a pair shares, not for dates that only lie near each other."""
    known = facts(sample)
    if known.n < 2 or known.same_date or np.ptp(sample.days[:, sample.columns.start]) > MONTH:
        return ""
    pairs, others = known.n * (known.n - 1.0) / 2.0, known.n - 1.0
    r, shared = mean_correlation(sample, overlap=False), floored(mean_correlation(sample), 0.0)
    if r <= SURE / (pairs * known.m) ** 0.5 or 1.0 + others * r <= DILUTED * (1.0 + others * shared):
        return ""
    return "dates differ within a month: pairs that share no day dilute the test, its power is gone; use kp-overlap"


def _long_overlap(f: Facts) -> str:
    return (
        "windows of several days overlap: rejects too often; use kp-overlap or calendar-time"
        if f.overlap and f.length > 1
        else ""
    )


def _induced_variance(f: Facts) -> str:
    return "the event raises the variance: rejects too often; use kp-overlap" if f.induced else ""


def _at_least(n: int, why: str) -> Rule:
    def rule(f: Facts) -> str:
        return f"{count(f.n, 'event')}, needs {n}: {why}" if f.n < n else ""

    return rule


def _same_date_at_least(n: int) -> Rule:
    def rule(f: Facts) -> str:
        return f"{f.n} events on one date, needs {n}: rejects too often" if f.same_date and f.n < n else ""

    return rule


def _clusters(f: Facts) -> str:
    if f.clusters < 2:
        return "one common date is one cluster"
    few = f.clusters < 10 and f.clusters < f.n
    return f"{count(f.clusters, 'date')}: too few clusters, rejects too often" if few else _long_overlap(f)


def _six_clusters(f: Facts) -> str:
    return (
        f"{count(f.clusters, 'date')}: cannot reject at 5 % with fewer than six clusters"
        if f.clusters < 6
        else _overlap(f)
    )


def _normal_p(f: Facts) -> str:
    return f"{count(f.n, 'event')}: the normal p rejects too often in small samples; use t" if f.n < 10 else ""


def _short_overlap(f: Facts) -> str:
    if f.overlap and f.length > 3:
        return "windows of more than three days overlap: rejects too often; use kp-overlap or calendar-time"
    return ""


def _one_day(f: Facts) -> str:
    return "one calendar day only" if f.same_date and f.length == 1 else ""


_CANNOT = "cannot reject at 5 %"
_SMALL = "rejects too often in small samples"
_LUMPY = "its p-values come in too few steps"

RULES: dict[str, tuple[Rule, ...]] = {
    "sq": (_few_windows,),
    "sq-studentised": (_few_windows,),
    "sq-ewma": (_few_windows,),
    "max": (_few_days,),
    "cross-sectional": (_one_event, _independent),
    "time-series": (_long_overlap, _induced_variance),
    "patell": (_independent, _induced_variance),
    "adjusted-patell": (_overlap, _induced_variance),
    "bmp": (_one_event, _independent),
    "kp": (_one_event, _overlap),
    "kp-overlap": (_one_event,),
    "johnson": (_at_least(100, _SMALL), _independent),
    "hall": (_at_least(100, _SMALL), _independent),
    "calendar-time": (_one_event, _one_day),
    "calendar-time-std": (_induced_variance,),
    "clustered": (_one_event, _clusters),
    "corrado": (_long_overlap, _induced_variance),
    "corrado-zivney": (_at_least(20, _SMALL), _long_overlap),
    "cumrank": (_independent, _induced_variance),
    "grank-t": (_at_least(20, _SMALL), _same_date_at_least(50), _long_overlap),
    "grank-z": (_at_least(20, _SMALL), _independent),
    "sign": (_at_least(20, _LUMPY), _independent),
    "generalised-sign": (_at_least(10, _LUMPY), _independent),
    "cz-sign": (_at_least(10, _LUMPY), _long_overlap),
    "wilcoxon": (_at_least(6, _CANNOT), _independent),
    "common-shift": (_few_windows, _short_overlap, _induced_variance),
    "wild-bootstrap": (_one_event, _six_clusters),
    "permutation": (_at_least(6, _CANNOT), _independent),
    "mixture": (_at_least(5, _SMALL), _independent),
}


#: Rules of a test with an option: (name, option, value).
OPTION_RULES: dict[tuple[str, str, object], tuple[Rule, ...]] = {
    ("bmp", "p", "normal"): (_normal_p,),
    ("wild-bootstrap", "by", "event"): (_at_least(6, _CANNOT), _independent),
    ("time-series", "form", "independent"): (_independent,),
    ("adjusted-patell", "overlap", True): (_one_event, _induced_variance),
    ("kp", "overlap", True): (_one_event,),
}
# With these options other events count as dependent, so the plain test's rules do not hold.
_REPLACES = {("adjusted-patell", "overlap", True), ("kp", "overlap", True), ("wild-bootstrap", "by", "event")}


def rules(name: str | Callable) -> tuple[Rule, ...]:
    """Return the rules of a test: by name, or of a member of the registry with options (``functools.partial``)."""
    if isinstance(name, str):
        return RULES.get(name, ())
    inner, options = getattr(name, "func", name), getattr(name, "keywords", {})
    known = next((key for key, member in TESTS.items() if member is inner), "")
    own = [(known, option, value) for option, value in options.items() if (known, option, value) in OPTION_RULES]
    plain = () if _REPLACES & set(own) else RULES.get(known, ())
    return plain + tuple(rule for key in own for rule in OPTION_RULES[key])


def advise(name: str | Callable, sample: Sample) -> str:
    """Return why a test should not be used on this sample, "" where it may."""
    if sample.n == 0:
        return "no event has all days of this window"
    known = objection(name, facts(sample))
    # The rule `_overlap` marks the tests that weigh all pairs alike.
    return known or (_diluted(sample) if _overlap in rules(name) else "")


def caution(name: str | Callable, sample: Sample) -> str:
    """Return what to keep in mind of a test that may be used: few events cannot show what it assumes, "" without such a thing."""
    if name is TWO_WAY:
        return "clustered by date and by firm"
    known = facts(sample)
    assumes = _induced_variance in rules(name) or (known.n == 1 and name in SINGLE)
    if not 0 < known.n < FEW or not assumes:
        return ""
    return f"assumes no raised variance, which {'one event' if known.n == 1 else f'{known.n} events'} cannot show"


def objection(name: str | Callable, known: Facts) -> str:
    """Return why a test should not be used on data like these, "" where it may."""
    return next((reason for rule in rules(name) if (reason := rule(known))), "")


# ---------------------------------------------------------------------------------------------------- recommendation


@dataclass(frozen=True)
class Recommendation:
    """The headline test, the others worth printing beside it, and why in one sentence."""

    test: str
    beside: tuple[str, ...]
    reason: str


def recommend(sample: Sample) -> Recommendation:
    """Return the test to trust for this sample."""
    return recommend_for(facts(sample))


def recommend_for(f: Facts) -> Recommendation:
    """Return the test to trust for data like these."""
    if f.n <= 1:
        return _for_one(f)
    if f.same_date:
        safe = ", and it errs on the safe side where they raise the variance" if f.induced else ""
        why = f"{f.n} events on one date: their correlation is in the test{safe}"
        return _filtered(f, "kp", ("common-shift", "time-series"), why)
    if f.overlap and f.length > 1:
        why = f"{f.n} events whose windows of {f.length} days overlap: each pair counts by the days it shares"
        return _filtered(f, "kp-overlap", ("calendar-time",), why)
    return _filtered(f, "kp-overlap", _beside(f), _why(f))


_UNSEEN = "that the event raised the variance cannot be told from an effect"


def _for_one(f: Facts) -> Recommendation:
    if _few_windows(f):
        return Recommendation(
            "conformal-block",
            ("car-t",),
            f"one event, {f.length} days: cyclic shifts stay honest for long windows; {_UNSEEN}",
        )
    if f.length > 1:
        return Recommendation(
            "sq-studentised",
            ("conformal", "car-t", "sq-ewma"),
            f"one event, {f.length} days: its rank among the share's own windows assumes no distribution; {_UNSEEN}",
        )
    return Recommendation(
        "sq",
        ("conformal", "car-t", "sq-ewma"),
        f"one event: its rank among the share's own days assumes no distribution; {_UNSEEN}",
    )


def _beside(f: Facts) -> tuple[str, ...]:
    if f.n < FEW:
        return ("common-shift", "corrado")
    if f.n < 30:
        return ("corrado", "grank-t")
    return ("grank-t", "calendar-time", "clustered") if f.n >= MANY else ("grank-t",)


def _why(f: Facts) -> str:
    if f.n < FEW:
        return f"{f.n} events: t(N - 1) allows for so few, for raised variance and for shared days"
    if f.overlap:
        return f"{f.n} events, some on shared days: each pair counts by the days it shares"
    return f"{f.n} separate events: robust to raised variance, equals BMP where no windows overlap"


def _filtered(f: Facts, test: str, beside: tuple[str, ...], why: str) -> Recommendation:
    valid = tuple(name for name in beside if not objection(name, f))
    assume = [name for name in valid if _induced_variance in RULES[name]]
    if f.n < FEW and assume:
        why = f"{why}; {' and '.join(assume)} assume no raised variance, which so few cannot show"
    return Recommendation(test, valid, why)


def defaults(sample: Sample) -> list[str | Callable]:
    """Return the tests to run where none is named: the recommended one and those beside it, clusters by date and firm."""
    advice = recommend(sample)
    return [TWO_WAY if name == "clustered" else name for name in (advice.test, *advice.beside)]
