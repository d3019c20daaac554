"""What a test takes and gives: one signature, ``(Sample) -> Statistic``.

A `Sample` is one group of events in one test window. Estimation residuals are not kept: a test that needs them asks
for blocks, which are gathered again from the panel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtest.registry import require_one_of

F = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 4096
#: What rounding may leave, as a share of what is summed.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Residuals:
    """Estimation residuals of a block of n events, T calendar rows each.

    values : (n, T) residuals in return units, NaN at rows not used.
    sd : (n, T) or (n, 1) standard deviation of each.
    days : (n, T) ordinal of each row's session in one calendar common to all events.
    hat : function giving (n, T, k) with hat matrix ``H = G G'``; None where nothing was estimated.
    """

    values: F
    sd: F
    days: Ints
    hat: Callable[[], F] | None = None

    @cached_property
    def z(self) -> F:
        """Residuals over their standard deviation, (n, T)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.values / self.sd

    def take(self, index: Ints | slice) -> Residuals:
        """Return the rows of the events in `index`."""
        hat = self.hat
        return Residuals(self.values[index], self.sd[index], self.days[index], hat and (lambda: hat()[index]))


@dataclass(frozen=True)
class Sample:
    """A group of n events seen through one test window; every event has all its abnormal returns in that window.

    With `available` an event may lack days of the window: its CAR, its variance and its SCAR are then of the days it has.

    Attributes
    ----------
    window : first and last event day of the test, both inclusive.
    first_day : event day of column 0 of `ar`, which spans the whole event window of the study (L days).
    ar : (n, L) abnormal returns; NaN where missing.
    s2, df, n_obs : (n,) residual variance, degrees of freedom, estimation rows.
    days : (n, L) ordinals of the event days in the common calendar; -1 outside it.
    asset : (n,) integer code of the security.
    source : function from event positions to `Residuals`.
    root, scale : as in `NormalReturns`.
    side : "two", "left" or "right".
    available : events may lack days of the window; else none does.
    observed : function giving raw returns (n, L) and the model's regressors (n, L, K); None where there are none.
    """

    window: tuple[int, int]
    first_day: int
    ar: F
    s2: F
    df: F
    n_obs: Ints
    days: Ints
    asset: Ints
    source: Callable[[Ints], Residuals]
    root: F | None = None
    scale: F | None = None
    side: str = "two"
    observed: Callable[[], tuple[F, F] | None] | None = None
    available: bool = False

    @property
    def n(self) -> int:
        """Number of events."""
        return len(self.ar)

    @property
    def length(self) -> int:
        """Number of days of the test window."""
        return self.window[1] - self.window[0] + 1

    @property
    def columns(self) -> slice:
        """The test window's columns of `ar`."""
        return slice(self.window[0] - self.first_day, self.window[1] - self.first_day + 1)

    @property
    def rounding(self) -> float:
        """Standard deviation below which a mean over the events is rounding error: they cancel on every day."""
        return ROUNDING * float(np.sqrt(self.s2.mean()))

    @cached_property
    def variance_factor(self) -> F:
        """(n, L) C: variance of each day's prediction error over s2."""
        own = np.ones_like(self.ar) if self.scale is None else self.scale
        return own if self.root is None else own + np.einsum("nlk,nlk->nl", self.root, self.root)

    @cached_property
    def car(self) -> F:
        """(n,) cumulative abnormal return over the test window."""
        own = self.ar[:, self.columns]
        return np.where(self.present, own, 0.0).sum(axis=1) if self.available else own.sum(axis=1)

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """(n, days of the window) which abnormal returns count: all, or with `available` those that are there."""
        own = self.ar[:, self.columns]
        return np.isfinite(own) if self.available else np.ones(own.shape, dtype=bool)

    @property
    def lengths(self) -> F:
        """(n,) number of days of the window that count for each event."""
        return self.present.sum(axis=1).astype(np.float64)

    @cached_property
    def car_var(self) -> F:
        """(n,) variance of `car` with the full prediction-error covariance: ``s2 (sum scale + 1'Q1)``."""
        if self.available:
            return self.s2 * self._factor_of_present()
        own = float(self.length) if self.scale is None else self.scale[:, self.columns].sum(axis=1)
        if self.root is None:
            return self.s2 * own
        total = self.root[:, self.columns].sum(axis=1)
        return self.s2 * (own + np.einsum("nk,nk->n", total, total))

    def _factor_of_present(self) -> F:
        """Return ``sum scale + 1'Q1`` over the days that each event has, (n,)."""
        have = self.present
        own = self.lengths if self.scale is None else np.where(have, self.scale[:, self.columns], 0.0).sum(axis=1)
        if self.root is None:
            return own
        total = np.where(have[:, :, None], self.root[:, self.columns], 0.0).sum(axis=1)
        return own + np.einsum("nk,nk->n", total, total)

    @cached_property
    def scar(self) -> F:
        """(n,) standardised CAR, ``CAR / sqrt(Var CAR)``."""
        return self.car / np.sqrt(self.car_var)

    @cached_property
    def sar(self) -> F:
        """(n, L) standardised abnormal returns, ``AR / (s sqrt C)``."""
        return self.ar / np.sqrt(self.s2[:, None] * self.variance_factor)

    def standardised(self, form: str = "scar") -> F:
        """Return each event's standardised CAR (n,): "scar" (over the root of its full variance) or "sum" (Patell's).

        "sum" adds the daily SARs and divides by ``sqrt(L)``: forecast errors of different days then count as independent.
        """
        require_one_of(form, ("scar", "sum"), "form")
        if form == "scar":
            return self.scar
        return np.where(self.present, self.sar[:, self.columns], 0.0).sum(axis=1) / np.sqrt(self.lengths)

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What tests have found out about this sample and others need too, e.g. its mean correlation."""
        return {}

    def blocks(self) -> Iterator[tuple[slice, Residuals]]:
        """Yield the estimation residuals block by block, in the order of the events."""
        if self.n <= BLOCK:
            yield slice(0, self.n), self.residuals
            return
        for start in range(0, self.n, BLOCK):
            part = slice(start, min(start + BLOCK, self.n))
            yield part, self.source(np.arange(part.start, part.stop))

    @cached_property
    def residuals(self) -> Residuals:
        """All estimation residuals at once; for small samples only (n x T doubles)."""
        return self.source(np.arange(self.n))


@dataclass(frozen=True)
class Statistic:
    """Outcome of a test. Arrays of length n: one row per event; scalars: one row for the group.

    effect : CAR or CAAR in return units. se : its standard error where the test has one.
    statistic, df, pvalue, distribution : the test itself. p_min : smallest p that this test can give here.
    low, high : 95 % confidence limits of the effect where the test has them.
    n : events used where that differs from the sample. reason : why the result is NaN. note : what to keep in mind.
    """

    statistic: float | F = np.nan
    pvalue: float | F = np.nan
    effect: float | F = np.nan
    se: float | F = np.nan
    df: float | F = np.nan
    p_min: float | F = 0.0
    low: float | F = np.nan
    high: float | F = np.nan
    distribution: str = ""
    n: int | None = None
    r_bar: float = np.nan
    reason: str | list[str] = ""
    note: str = ""

    def with_note(self, note: str) -> Statistic:
        """Return the same outcome with a note added."""
        return replace(self, note=f"{self.note}; {note}" if self.note and note else self.note or note)


Test = Callable[[Sample], Statistic]


def undefined(reason: str, sample: Sample | None = None, each: bool = False) -> Statistic:
    """Return a statistic that is NaN for a stated reason; the effect is given where it exists. `each`: one row per event."""
    if each and sample is not None:
        none = np.full(sample.n, np.nan)
        return Statistic(none, none, sample.car, p_min=none, reason=[reason] * sample.n)
    effect = float(sample.car.mean()) if sample is not None and sample.n else np.nan
    return Statistic(reason=reason, effect=effect, p_min=np.nan)
