"""How much of an announcer's abnormal return its competitor takes over, from several events."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.inference import pvalues
from backtest.questions.leads import fitted_alone, robust_ols

F = NDArray[np.float64]

LEAST = 4
DRAWS = 9_999
#: Events up to which every order is tried instead of drawn ones.
ALL_ORDERS = 7
_LINE = ("intercept", "intercept_se", "slope", "se", "pvalue")


def pass_through(x: F, y: F, issuer: F, peer: F) -> pd.DataFrame:
    """Regress the peer's SCARs `y` on the announcer's `x` over n events (n,): ``y = c0 + c1 x + u``, HC3 errors.

    `issuer` and `peer` are their CARs (n,), whose ratio of sums does not suffer from errors in `x`.

    Returns
    -------
    DataFrame, one row: n, intercept, intercept_se, slope, se, pvalue (t(n - 2)), p_permutation (all orders of up to seven
    events, else 9,999 drawn ones), n_down, slope_down, se_down and n_up, slope_up, se_up (the same slope over the events at
    which the announcer fell or rose), ratio_of_sums, reason (why there is no slope).
    """
    n = len(x)
    row = {"n": n, **dict.fromkeys((*_LINE, "p_permutation"), np.nan), "reason": _reason(x)}
    if not row["reason"]:
        row |= {**_line(x, y), "p_permutation": permuted_p(x, y)}
    for name, part in (("down", x < 0), ("up", x > 0)):
        line = dict.fromkeys(_LINE, np.nan) if _reason(x[part]) else _line(x[part], y[part])
        row |= {f"n_{name}": int(part.sum()), f"slope_{name}": line["slope"], f"se_{name}": line["se"]}
    row["ratio_of_sums"] = peer.sum() / issuer.sum() if n else np.nan
    row["reason"] = row.pop("reason")
    return pd.DataFrame([row])


def _reason(x: F) -> str:
    if len(x) < LEAST:
        return f"{len(x)} event{'' if len(x) == 1 else 's'}: a slope with an error needs {LEAST}"
    alone = fitted_alone(np.column_stack([np.ones(len(x)), x])) if np.ptp(x) > 0 else 0
    return "" if alone is None else "all events but one moved the announcer alike: HC3 is undefined"


def _line(x: F, y: F) -> dict[str, float]:
    beta, covariance, df = robust_ols(y, np.column_stack([np.ones(len(x)), x]))
    one, two = np.sqrt(np.diag(covariance))
    p = float(pvalues.student(beta[1] / two, df))
    return dict(zip(_LINE, (float(beta[0]), float(one), float(beta[1]), float(two), p), strict=True))


def permuted_p(x: F, y: F, draws: int = DRAWS, seed: int = 0) -> float:
    """Return the two-sided p of the slope when the events are dealt anew: every order, or drawn ones with the own counted."""
    centred, n = x - x.mean(), len(x)
    own = abs(float(centred @ y))
    least = own - 1e-12 * max(own, 1.0)
    if n <= ALL_ORDERS:
        return sum(abs(float(centred @ y[list(order)])) >= least for order in permutations(range(n))) / math.factorial(
            n
        )
    rng = np.random.default_rng(seed)
    drawn = np.abs(np.array([centred @ rng.permutation(y) for _ in range(draws)]))
    return float((1.0 + (drawn >= least).sum()) / (1.0 + draws))
