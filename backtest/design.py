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
from backtest.inference.dependence import floored, mean_correlation
from backtest.inference.pvalues import LEVEL
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


def planned(n: int, window: tuple[int, int], spread: int, rho: float, sd: float, m: int = 250) -> Design:
    """Return the design of a study that is only planned.

    Raises
    ------
    SchemaError
        Fewer than two events, a correlation outside [0, 1), a standard deviation that is not positive.
    """
    if n < 2:
        raise SchemaError(f"n={n}: size and power of a group need two events or more")
    if not 0 <= rho < 1:
        raise SchemaError(f"rho={rho}: a correlation of residuals lies in [0, 1)")
    if not sd > 0 or spread < 0:
        raise SchemaError(
            f"sd={sd}, spread={spread}: give a positive standard deviation and a spread of 0 or more days"
        )
    return Design("planned", Scenario(n, window, spread, rho, m=m), sd)


def designs(result: EventStudyResult, window: tuple[int, int], kinds: Sequence[str] = ()) -> list[Design]:
    """Return the design of every group of two events or more in a result (or of `kinds`).

    Raises
    ------
    SchemaError
        A kind that the result does not have, with two events or more.
    AlignmentError
        No group has two events.
    """
    sizes = group_labels(result.events).value_counts()
    able = [str(kind) for kind, n in sizes.items() if n > 1]
    if not able:
        raise AlignmentError("no group has two events; a single event is judged against its own past (test 'sq')")
    lost = [kind for kind in kinds if kind not in able]
    if lost:
        raise SchemaError(f"no group {lost[0]!r} of two events or more; there are {', '.join(able)}")
    advice = result.recommended(windows=[window]).set_index("kind")["test"]
    found = [_design(result, kind, window, str(advice[kind])) for kind in able if not kinds or kind in kinds]
    return [design for design in found if design is not None]


def _design(result: EventStudyResult, kind: str, window: tuple[int, int], test: str) -> Design | None:
    sample = result.sample(window, kind)
    if sample.n < 2:
        return None
    zero = np.sort(sample.days[:, sample.columns.start])
    apart = np.diff(zero)
    near = bool((apart < sample.length).any())  # windows that share a day
    spread = int(min(zero[-1] - zero[0] + 1, _FAR)) if near else 0
    rho = float(np.clip(floored(mean_correlation(sample), 0.0), 0.0, 0.95)) if near else 0.0
    gap = max(0, -result.spec.estimation[1] + window[0] - 1)
    scenario = Scenario(sample.n, window, spread, rho, m=int(np.median(sample.n_obs)), gap=gap)
    return Design(kind, scenario, float(np.median(np.sqrt(sample.s2))), test)


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
