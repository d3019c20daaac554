"""The design at hand (how many events, how close in time, how alike) and what tests can find in it: size, power, least effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError, SchemaError
from backtest.frames import group_labels
from backtest.inference import TESTS, Sample
from backtest.inference.advice import facts
from backtest.inference.dependence import floored, mean_correlation
from backtest.inference.pvalues import LEVEL
from backtest.labels import count
from backtest.power import RESIDUAL_VOLATILITY, Scenario, draw, power_table, shifted

if TYPE_CHECKING:
    from backtest.prices import Prices
    from backtest.result import EventStudyResult
    from backtest.study import EventStudy

F = NDArray[np.float64]

#: Effects of the power curve, in standard errors of the mean of the group.
STEPS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0)
#: Tests shown beside the recommended one.
USUAL = ("kp-overlap", "bmp", "cross-sectional", "corrado", "grank-t", "generalised-sign")
#: The same for a single event.
USUAL_ALONE = ("sq", "conformal", "car-t", "sq-ewma")
#: Events further apart than this many sessions are drawn as independent: nothing in the market lasts so long.
_FAR = 3000
_BATCH = 100


@dataclass(frozen=True)
class Design:
    """A group of events as a scenario to simulate: its label, the test recommended for it, and the daily residual
    standard deviation that its effects are scaled to."""

    kind: str
    scenario: Scenario
    sd: float
    recommended: str = ""


def planned(
    n: int, window: tuple[int, int], spread: int, rho: float, sd: float, m: int = 250, gap: int = 5, induced: float = 0.0,
    tails: int = 4,
) -> Design:  # fmt: skip
    """Return the design of a study that is only planned; see `Scenario` for what its numbers mean.

    Raises
    ------
    SchemaError
        No event, a correlation outside [0, 1), a standard deviation that is not positive, a negative `induced`, shocks
        without a variance, fewer than 10 estimation days.
    """
    if n < 1:
        raise SchemaError(f"n={n}: a study needs one event or more")
    if not 0 <= rho < 1:
        raise SchemaError(f"rho={rho}: a correlation of residuals lies in [0, 1)")
    if not sd > 0 or spread < 0:
        raise SchemaError(
            f"sd={sd}, spread={spread}: give a positive standard deviation and a spread of 0 or more days"
        )
    if not induced >= 0:
        raise SchemaError(f"induced={induced}: by what share the event raises the variance, 0 or more (1 doubles it)")
    if tails != 0 and tails < 3:
        raise SchemaError(f"tails={tails}: degrees of freedom of the shocks, 3 or more, or 0 for normal ones")
    if m < 10:
        raise SchemaError(f"{m} estimation days are too few to simulate; give 10 or more")
    return Design("planned", Scenario(n, window, spread, rho, induced, m=m, gap=gap, tails=tails), sd)


def designs(
    result: EventStudyResult, window: tuple[int, int], kinds: Sequence[str] = (), induced: float | None = None,
    tails: int = 4,
) -> list[Design]:  # fmt: skip
    """Return the design of every group in a result (or of `kinds`), the largest first.

    `induced` None takes it from the data: what the SCARs spread beyond their prediction errors, where that is beyond chance.

    Raises
    ------
    SchemaError
        A kind that the result does not have.
    AlignmentError
        No event has all days of the window.
    """
    sizes = group_labels(result.events).value_counts()
    lost = [kind for kind in kinds if kind not in sizes]
    if lost:
        raise SchemaError(f"no group {lost[0]!r}; there are {', '.join(map(str, sizes.index))}")
    advice = result.recommended(windows=[window]).set_index("kind")["test"]
    found = [
        _design(result, str(kind), window, str(advice[kind]), induced, tails)
        for kind in sizes.index
        if not kinds or kind in kinds
    ]
    able = [design for design in found if design is not None]
    if not able:
        raise AlignmentError(f"no event has all days of the window ({window[0]}, {window[1]}); name another window")
    return able


def _design(
    result: EventStudyResult, kind: str, window: tuple[int, int], test: str, induced: float | None, tails: int
) -> Design | None:
    sample = result.sample(window, kind)
    if not sample.n:
        return None
    zero = np.sort(sample.days[:, sample.columns.start])
    apart = np.diff(zero)
    near = bool((apart < sample.length).any())  # windows that share a day
    spread = int(min(zero[-1] - zero[0] + 1, _FAR)) if near else 0
    rho = float(np.clip(floored(mean_correlation(sample), 0.0), 0.0, 0.95)) if near else 0.0
    gap = max(0, -result.spec.estimation[1] + window[0] - 1)
    raised = raised_variance(sample) if induced is None else induced
    scenario = Scenario(sample.n, window, spread, rho, raised, m=int(np.median(sample.n_obs)), gap=gap, tails=tails)
    return Design(kind, scenario, float(np.median(np.sqrt(sample.s2))), test)


def raised_variance(sample: Sample) -> float:
    """Return by what share of a day's variance the event raises it, 0 where the SCARs spread no more than chance allows.

    ``(Var(SCAR) / mean((M - k) / (M - k - 2)) - 1) L``: all that is added is put on one day of the window.
    """
    if not facts(sample).induced:
        return 0.0
    expected = float((sample.df / (sample.df - 2.0)).mean())
    return float((sample.scar.var(ddof=1) / expected - 1.0) * sample.length)


def described(design: Design) -> str:
    """Return the design in words: how many events, how close, how alike, how much the event raises the variance."""
    s = design.scenario
    days = "one common date" if s.spread == 1 else f"dates within {s.spread} days" if s.spread else "dates far apart"
    length = s.window[1] - s.window[0] + 1
    parts = [
        f"{design.kind}: {count(s.n, 'event')}",
        *([days] if s.n > 1 else []),
        f"windows of {count(length, 'day')}",
        f"{s.m} estimation days",
        f"residual sd {100 * design.sd:.1f} %",
        *([f"correlation {s.rho:.2f}"] if s.rho else []),
        *([f"variance of the event raised by {100 * s.induced:.0f} %"] if s.induced else []),
        "normal shocks" if s.tails == 0 else f"shocks with tails of t({s.tails})",
    ]
    return ", ".join(parts)


def table_of(
    design: Design, tests: Sequence[str], effect: float = 0.01, replications: int = 400, seed: int = 0,
    placebo: tuple[EventStudy, Prices] | None = None, progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return `power_table` for a design, effects in the volatility of its own shares.

    Parameters
    ----------
    design, tests, effect, replications, seed, progress : see `power_table`.
    placebo : study and prices whose random dates are used instead of simulated shares.

    Returns
    -------
    DataFrame: kind, then the columns of `power_table`, recommended (bool).
    """
    if placebo is not None:
        study, prices = placebo
        made = power_table(
            design.scenario, tests, effect, replications, seed, study=study, prices=prices, progress=progress
        )
    else:
        unit = design.sd / RESIDUAL_VOLATILITY[0]
        made = power_table(design.scenario, tests, effect / unit, replications, seed, progress=progress)
        made = made.assign(effect=effect, minimum_effect=made["minimum_effect"] * unit)
    made.insert(0, "kind", design.kind)
    return made.assign(recommended=made["test"] == design.recommended).astype({"kind": "str"})


def power_curve(design: Design, tests: Sequence[str], replications: int = 400, seed: int = 0) -> pd.DataFrame:
    """Return how often each test rejects at 5 %, by the size of the true effect on day 0; the same draws for every effect.

    Returns
    -------
    DataFrame: kind, test, n, effect (fraction), rejected.
    """
    own = design.sd * np.sqrt((design.scenario.window[1] - design.scenario.window[0] + 1) / design.scenario.n)
    unit = design.sd / RESIDUAL_VOLATILITY[0]
    counts = np.zeros((len(STEPS), len(tests), 2))
    for done in range(0, replications, _BATCH):
        for sample in draw(design.scenario, min(_BATCH, replications - done), seed + done):
            for place, step in enumerate(STEPS):
                counts[place] += _outcomes(shifted(sample, own * step / unit), tests)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = counts[:, :, 0] / counts[:, :, 1]
    table = pd.DataFrame({
        "kind": design.kind, "test": np.tile(list(tests), len(STEPS)), "n": design.scenario.n,
        "effect": np.repeat(own * np.array(STEPS), len(tests)), "rejected": share.ravel(),
    })  # fmt: skip
    return table.astype({"kind": "str", "test": "str"})


def _outcomes(sample: Sample, tests: Sequence[str]) -> F:
    """Return (tests x 2): rejections at 5 % and p-values that exist."""
    rows = []
    for name in tests:
        p = np.atleast_1d(np.asarray(TESTS[name](sample).pvalue, dtype=np.float64))
        have = np.isfinite(p)
        rows.append((float((p[have] <= LEVEL).sum()), float(have.sum())))
    return np.array(rows)
