"""What a sample of this size and volatility can find."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.inference.advice import facts
from backtest.inference.dependence import floored, mean_correlation
from backtest.inference.sample import ROUNDING, Sample

if TYPE_CHECKING:
    import pandas as pd

    from backtest.result import EventStudyResult

F = NDArray[np.float64]


@overload
def detectable(sample: Sample, power: float = 0.8, level: float = pvalues.LEVEL) -> float: ...
@overload
def detectable(sample: EventStudyResult, power: float = 0.8, level: float = pvalues.LEVEL) -> pd.Series: ...
def detectable(
    sample: Sample | EventStudyResult, power: float = 0.8, level: float = pvalues.LEVEL
) -> float | pd.Series:
    """Return the smallest CAR (fraction), the same in every event, that the recommended test finds with `power`; NaN: none.

    For a result: a Series by kind, each for day 0 (the first day of an event window that does not hold it).

    One event: ``(t_level + t_power) se``, se its prediction error. Several: power of the t test of the standardised CARs, KP's
    correction for correlation r in it. An effect d moves the SCARs by ``d / se_i``; where the events differ in volatility this
    adds to their spread, so that the test follows a doubly noncentral t, taken as a singly noncentral one by Patnaik's
    approximation. Where the SCARs spread beyond chance the event raises the variance, and the variance found replaces the
    predicted one. Few events that differ much: no effect at all is found with 80 % power.
    """
    if not isinstance(sample, Sample):
        import pandas as pd

        first, last = sample.spec.event
        zero = 0 if first <= 0 <= last else first
        found = {kind: detectable(part, power, level) for kind, part in sample.samples((zero, zero))}
        return pd.Series(found, name="detectable", dtype="float64").rename_axis("kind")
    if sample.n > 1:
        return _of_several(sample, power, level)
    from scipy.special import stdtrit

    if not sample.n:
        return float("nan")
    df = float(sample.df.min())
    return float((pvalues.student_limit(df, level) + stdtrit(df, power)) * np.sqrt(sample.car_var[0]))


def _of_several(sample: Sample, power: float, level: float) -> float:
    """Return the smallest effect at which KP's test has the power: where the noncentral t passes it first."""
    from scipy.special import nctdtr

    n, df = sample.n, sample.n - 1.0
    r = floored(mean_correlation(sample), 0.0)
    if not r < 1.0 - ROUNDING:
        return float("nan")
    noise = float(sample.scar.var(ddof=1)) if facts(sample).induced else 1.0
    shift = 1.0 / np.sqrt(sample.car_var * noise)
    centre = float(shift.mean()) * np.sqrt(n / (1.0 + df * r))  # noncentrality of an effect of one
    unequal = float(((shift - shift.mean()) ** 2).sum()) / (1.0 - r)
    limit = float(pvalues.student_limit(df, level))

    def reached(effect: F) -> F:
        extra = unequal * effect**2
        fit = (df + extra) ** 2 / (df + 2.0 * extra)
        return 1.0 - nctdtr(fit, centre * effect, limit * np.sqrt((df + extra) / df))

    low, high = 0.0, FARTHEST / centre
    for _ in range(ROUNDS):
        trial = np.linspace(low, high, STEPS + 1)[1:]
        there = np.flatnonzero(reached(trial) >= power)
        if not len(there):
            return float("nan")
        low, high = low if there[0] == 0 else float(trial[there[0] - 1]), float(trial[there[0]])
    return high


#: Largest noncentrality that is looked at (a t test of two like events needs 16.3), and the search: each round narrows the
#: place where the power is passed first by the number of steps.
FARTHEST, STEPS, ROUNDS = 32.0, 128, 6


def z_power(
    effect: float, sigma: float, n: int | NDArray[np.int64], level: float = pvalues.LEVEL
) -> float | NDArray[np.float64]:
    """Return the power of a two-sided z test of a mean: ``Phi(-c - d) + Phi(-c + d)``, ``d = sqrt(N) effect / sigma``.

    MacKinlay 1997, table 2. `effect` and `sigma` (sd of one event's abnormal return, taken as known) in one unit; events
    are independent; c is the normal critical value of `level`.
    """
    from scipy.special import ndtr

    d = np.sqrt(np.asarray(n, dtype=float)) * effect / sigma
    limit = pvalues.normal_limit(level)
    return ndtr(-limit - d) + ndtr(-limit + d)
