"""The design at hand (how many events, how close in time, how alike) and what tests can find in it: size, power, least effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.drawing import RESIDUAL_VOLATILITY, Scenario, shifted
from backtest.errors import AlignmentError, SchemaError
from backtest.frames import group_labels
from backtest.inference import TESTS, Sample
from backtest.inference.advice import Facts, Recommendation, advise, facts, objection, recommend_for
from backtest.inference.dependence import floored, mean_correlation
from backtest.inference.pvalues import LEVEL
from backtest.labels import count
from backtest.power import power_table, samples

if TYPE_CHECKING:
    from backtest.prices import Prices
    from backtest.result import EventStudyResult
    from backtest.study import EventStudy

F = NDArray[np.float64]

#: Effects of the power curve, in standard errors of the mean of the group.
STEPS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0)
#: Tests that many studies report, shown below the recommended ones, also where they are refused.
USUAL = ("bmp", "cross-sectional", "corrado", "grank-t", "generalised-sign", "common-shift")
#: The same for a single event.
USUAL_ALONE = ("sq", "conformal", "car-t", "sq-ewma")
#: Most events of a plan: with more, sizes are those of the limit and effects shrink with the root of their number.
MOST_EVENTS = 10_000
#: Most days over which planned dates fall; further apart they are as good as independent.
MOST_DAYS = 3000
#: Marks of the tests in a table.
HEADLINE, BESIDE, CONTEXT = "headline", "beside", "context"


@dataclass(frozen=True)
class Design:
    """A group of events as a scenario to simulate: its label, the daily residual standard deviation that its effects are
    scaled to, what decides which tests are advisable, and the sample that it was read off (None: it is only planned)."""

    kind: str
    scenario: Scenario
    sd: float
    facts: Facts
    sample: Sample | None = None

    @property
    def advice(self) -> Recommendation:
        """The test to trust for data like these, those to be read beside it, and why."""
        return recommend_for(self.facts)

    @property
    def recommended(self) -> str:
        """The name of the test to trust."""
        return self.advice.test

    def tests(self, refused: bool = True) -> list[str]:
        """Return the tests worth a look: the recommended one, those beside it, and for comparison those that are usual."""
        usual = USUAL if self.scenario.n > 1 else USUAL_ALONE
        names = dict.fromkeys([self.advice.test, *self.advice.beside, *usual])
        return [name for name in names if refused or not self.objection(name)]

    def objection(self, name: str) -> str:
        """Return why a test should not be used on such data, "" where it may."""
        return objection(name, self.facts) or ("" if self.sample is None else advise(name, self.sample))


def planned(
    n: int, window: tuple[int, int], spread: int, rho: float, sd: float, m: int = 250, gap: int = 5, induced: float = 0.0,
    tails: int = 4,
) -> Design:  # fmt: skip
    """Return the design of a study that is only planned; see `Scenario` for what its numbers mean.

    Raises
    ------
    SchemaError
        No event or too many, a correlation outside [0, 1), a standard deviation that is not positive, a negative `induced`,
        shocks without a variance, fewer than 10 estimation days, dates too far apart to simulate.
    """
    scenario = Scenario(n, window, max(spread, 0), rho, induced, m=m, gap=gap, tails=tails)
    if not 0 < sd < np.inf or spread < 0:
        raise SchemaError(
            f"sd={sd}, spread={spread}: give a positive standard deviation and a spread of 0 or more days"
        )
    if n > MOST_EVENTS or spread > MOST_DAYS:
        raise SchemaError(
            f"n={n}, spread={spread}: at most {MOST_EVENTS} events within {MOST_DAYS} days can be simulated; "
            "a spread of 0 means dates far apart"
        )
    return Design("planned", scenario, sd, foreseen(scenario))


def foreseen(s: Scenario) -> Facts:
    """Return what the data of a scenario will be like: dates at random within its spread, raised variance seen as such.

    Two dates fall on the same of S days with probability 1 / S, and g days apart with 2 (S - g) / S^2.
    """
    if s.n < 2 or s.spread == 0:
        return Facts(s.n, s.length, False, 0.0, s.n > 1 and s.induced > 0, s.n, s.m)
    gap = np.arange(min(s.length, s.spread))
    chance = np.where(gap > 0, 2.0, 1.0) * (s.spread - gap) / s.spread**2
    shared = (s.n - 1) * float((chance * (s.length - gap) / s.length).sum())
    dates = round(s.spread * (1.0 - (1.0 - 1.0 / s.spread) ** s.n))
    return Facts(s.n, s.length, s.spread == 1, shared, s.induced > 0, dates, s.m)


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
    groups = {str(kind): result.sample(window, str(kind)) for kind in sizes.index if not kinds or kind in kinds}
    gap = max(0, -result.spec.estimation[1] + window[0] - 1)
    able = [design_of(sample, kind, gap, induced, tails) for kind, sample in groups.items() if sample.n]
    if not able:
        raise AlignmentError(f"no event has all days of the window ({window[0]}, {window[1]}); name another window")
    return able


def design_of(sample: Sample, kind: str, gap: int, induced: float | None = None, tails: int = 4) -> Design:
    """Return the design that a sample looks like; see `designs`.

    The correlation is that of residuals on one day: the mean over pairs of events, each weighted by the share of its window
    that the two have in common.
    """
    zero = np.sort(sample.days[:, sample.columns.start])
    known, raised = facts(sample), raised_variance(sample)
    if induced is not None:
        known, raised = replace(known, induced=induced > 0 and sample.n > 1), induced
    scenario = Scenario(sample.n, sample.window, induced=raised, m=int(np.median(sample.n_obs)), gap=gap, tails=tails)
    if known.shared > 0:  # some test windows have a day in common
        r = floored(mean_correlation(sample), 0.0) * (sample.n - 1) / known.shared
        days, rho = zero - zero[0], float(np.clip(r, 0.0, 0.95))
        scenario = replace(scenario, spread=int(days[-1]) + 1, rho=rho, days=tuple(days.tolist()))
    return Design(kind, scenario, float(np.median(np.sqrt(sample.s2))), known, sample)


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
    days = (
        "dates far apart" if not s.spread else "one common date" if s.spread == 1 else f"dates within {s.spread} days"
    )
    if s.spread > 1 and s.days:
        days = f"{len(set(s.days))} {days}"
    parts = [
        f"{design.kind}: {count(s.n, 'event')}",
        *([days] if s.n > 1 else []),
        f"windows of {count(s.length, 'day')}",
        f"{s.m} estimation days",
        f"residual sd {100 * design.sd:.1f} %",
        *([f"correlation {s.rho:.2f}"] if s.rho and s.spread else []),
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
    DataFrame: kind, then the columns of `power_table`, recommended (bool), role ("headline" the recommended test, "beside"
    one to be read beside it, "context" another), note (why the test is refused for such data, "" where it may be used).
    """
    study, prices = placebo or (None, None)
    unit = 1.0 if placebo else design.sd / RESIDUAL_VOLATILITY[0]
    made = power_table(
        design.scenario, tests, effect / unit, replications, seed, study=study, prices=prices, progress=progress
    )
    made = made.assign(effect=effect, minimum_effect=made["minimum_effect"] * unit)
    made.insert(0, "kind", design.kind)
    advice = design.advice
    role = dict.fromkeys(advice.beside, BESIDE) | {advice.test: HEADLINE}
    return made.assign(
        recommended=made["test"] == advice.test,
        role=made["test"].map(role).fillna(CONTEXT),
        note=[design.objection(name) for name in made["test"]],
    ).astype({"kind": "str", "role": "str", "note": "str"})


def power_curve(
    design: Design, tests: Sequence[str], replications: int = 400, seed: int = 0,
    placebo: tuple[EventStudy, Prices] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how often each test rejects at 5 %, by the size of the true effect on day 0; the same draws for every effect.

    Parameters are those of `table_of`.

    Returns
    -------
    DataFrame: kind, test, n, effect (fraction), rejected.
    """
    own = design.sd * np.sqrt(design.scenario.length / design.scenario.n)
    unit = 1.0 if placebo else design.sd / RESIDUAL_VOLATILITY[0]
    counts = np.zeros((len(STEPS), len(tests), 2))
    for sample in samples(design.scenario, replications, seed, *(placebo or ())):
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
