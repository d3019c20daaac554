"""What a model takes and gives: one signature, ``(r_est, f_est, f_evt) -> NormalReturns``, on blocks of events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]


@dataclass(frozen=True)
class NormalReturns:
    """Normal returns of a block of n events: T estimation rows, L event days.

    Attributes
    ----------
    expected : (n, L) expected returns on the event days.
    residuals : (n, T) estimation residuals; NaN at rows that were not used.
    s2 : (n,) residual variance; NaN where the model cannot be estimated.
    df : (n,) its degrees of freedom.
    n_obs : (n,) estimation rows used; counted from `residuals` where None.
    root : (n, L, k) with ``x'(X'X)^-1 x = |root|^2``, so that ``Var(CAR) = s2 (sum scale + |sum root|^2)`` over any
        set of days; None: nothing was estimated, no forecast error.
    hat : function that returns the same root (n, T, k) for the estimation rows, NaN at unused rows; None as above.
    scale : (n, L) variance of a day's disturbance relative to `s2`; None: 1.
    scale_est : (n, T) the same for the estimation rows.
    params : name to (n,) array, for reading only.
    """

    expected: F
    residuals: F
    s2: F
    df: F
    n_obs: NDArray[np.int64] | None = None
    root: F | None = None
    hat: Callable[[], F] | None = None
    scale: F | None = None
    scale_est: F | None = None
    params: dict[str, F] | None = None

    def observations(self) -> NDArray[np.int64]:
        """Return how many estimation rows each event used, (n,)."""
        return np.isfinite(self.residuals).sum(axis=1) if self.n_obs is None else self.n_obs


@dataclass(frozen=True)
class Inputs:
    """What the columns of `f_est` and `f_evt` hold for a model, in this order.

    Attributes
    ----------
    market : the benchmark's return comes first.
    factors : names of factor columns that follow; ``None``: all that the prices have.
    excess : the riskless rate (factor column ``RF``, 0 where absent) is taken off asset and market.
    peers : returns of the instrument's peers, instead of everything else (of all other securities where it names none).
    gaps : returns run from trade to trade; the market's runs over the same days, and the number of sessions follows.
    steps : a last column counts the sessions after the estimation window (0 and less inside it).
    """

    market: bool = True
    factors: tuple[str, ...] | None = ()
    excess: bool = False
    peers: bool = False
    gaps: bool = False
    steps: bool = False


Model = Callable[[F, F, F], NormalReturns]

# A user's own callable sees everything there is: the benchmark, then all factors.
CALLABLE_INPUTS = Inputs(market=True, factors=None)
