"""Exchange rates as prices: what one unit of each currency is worth in the portfolio's."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import SchemaError, offenders
from backtest.prices.validate import check_levels

F = NDArray[np.float64]


def rates_to_base(
    fx: pd.DataFrame | None, currencies: tuple[str, ...], base: str, sessions: NDArray[np.datetime64], start: int = 0
) -> F:
    """Return units of `base` for one unit of each currency at each session, (G, currencies).

    Parameters
    ----------
    fx : dates x pairs, levels; a pair is written as six letters (``EURGBP`` = pounds for one euro; a suffix such as
        ``=X`` is ignored), either way round. None holds every rate at one: results are then in local currency.
    currencies, base : ISO codes, `base` among them.
    sessions : (G,) naive datetime64[us]. start : position of the first session on which money may change hands.

    A session takes the last level stamped on or before it, never a later one; sessions before `start` and before the
    first level, which no account sees, take the first.

    Raises
    ------
    SchemaError
        A currency without a pair, or a pair that begins after `start`.
    """
    out = np.ones((len(sessions), len(currencies)))
    if fx is None:
        return out
    levels = check_levels(fx, "fx")
    pairs = {str(c).upper().removesuffix("=X").replace("/", ""): c for c in levels.columns}
    lacking = [c for c in currencies if c != base and base + c not in pairs and c + base not in pairs]
    if lacking:
        raise SchemaError(
            f"fx has no pair of {base} with {offenders(lacking)}; it holds {offenders(levels.columns)}; "
            f"name a column {base}{lacking[0]} or {lacking[0]}{base}"
        )
    for k, name in enumerate(currencies):
        if name != base:
            direct = name + base in pairs
            level = _as_of(levels[pairs[name + base if direct else base + name]].dropna(), sessions, start, name)
            out[:, k] = level if direct else 1.0 / level
    return out


def _as_of(levels: pd.Series, sessions: NDArray[np.datetime64], start: int, name: str) -> F:
    dates = levels.index.to_numpy().astype("datetime64[us]")
    at = np.searchsorted(dates, sessions, side="right") - 1
    if at[start] < 0:
        first = "no level" if not len(dates) else f"starts on {dates[0].astype('datetime64[D]')}"
        raise SchemaError(
            f"fx of {name}: {first}, the account on {sessions[start].astype('datetime64[D]')}; "
            "give levels from the first event on, or leave out what comes before"
        )
    return levels.to_numpy()[np.maximum(at, 0)]
