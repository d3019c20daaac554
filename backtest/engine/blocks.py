"""One engine for any number of events: `map_block` on blocks of securities, `merge`, `finish`.

The three functions are picklable and know nothing of who calls them: this process, its threads, or a Dask cluster. Blocks
are cut by security, always alike, and merged in the order of the blocks, so that totals do not depend on who ran them or on
how many parts there were. Nothing of size events x days is kept: a partial result has a fixed size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.align import KEPT, align, judged
from backtest.engine.executors import executor
from backtest.engine.partial import Chunk, Partial, Sums, Tally
from backtest.engine.totals import EngineResult, caar_table, dropped_counts, recommended_of, tests_of
from backtest.errors import AlignmentError, UnknownNameError
from backtest.estimate import PERFECT, in_memory_order, is_straight, line_inputs
from backtest.frames import DROP_REASONS, group_labels, normalise_events
from backtest.kernels.gather import chunks, gather
from backtest.kernels.single import fit_events
from backtest.market import Market, build_markets
from backtest.measures import measured
from backtest.models import MODELS
from backtest.models.registry import INPUTS, inputs_of
from backtest.registry import lookup
from backtest.study import EventStudy, as_prices
from backtest.windows import Design, Panels

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Events measured at once.
CHUNK = 256
#: Securities per block: small enough to stay in memory many times over, large enough to be worth a task.
BLOCK = 64


@dataclass(frozen=True)
class Plan:
    """What is to be measured: windows in event days, least estimation rows, and whether ranks are summed too."""

    event: tuple[int, int]
    estimation: tuple[int, int]
    window: tuple[int, int]
    least: int
    ranks: bool = False


@dataclass(frozen=True)
class EventsBlock:
    """Events of one block of securities: row in the panel, position of day 0, group label; reasons why others left."""

    plan: Plan
    row: Ints
    position: Ints
    group: NDArray[np.object_]
    dropped: Ints
    events: int


def map_block(panel: Market | None, events: EventsBlock) -> Partial:
    """Measure the events of one block of securities and return their sums.

    `panel` holds the block's securities, None where no event of the block could be placed.
    """
    plan, dropped = events.plan, events.dropped.copy()
    if panel is None or not len(events.row):
        return Partial({}, dropped, events.events)
    design = Design(plan.event, plan.estimation, MODELS["market"], INPUTS["market"])
    panels = Panels(panel, design, panel.ordinals, events.position)
    shape = (plan.event[1] - plan.event[0] + 1, plan.estimation[1] - plan.estimation[0] + 1, len(panel.calendar))
    groups: dict[str, Sums] = {}
    window = slice(plan.window[0] - plan.event[0], plan.window[1] - plan.event[0] + 1)
    codes, names = pd.factorize(events.group, sort=True)
    for code, name in enumerate(names):
        # By day: neighbours share the window of their regressor, and a day's residuals are summed at once.
        order = in_memory_order(codes, code, events.row, events.position, by_day=True)
        tally = Tally(shape, plan.ranks)
        for part in chunks(len(order), CHUNK):
            chunk, lost = _measured(panels, plan, events.row[order[part]], events.position[order[part]])
            dropped += lost
            tally.add(chunk, window)
        if tally.ar.n.any():
            groups[str(name)] = tally.sums()
    return Partial(groups, dropped, events.events)


def _measured(panels: Panels, plan: Plan, row: Ints, position: Ints) -> tuple[Chunk, Ints]:
    """Return the chunk of events that can be used, and the counts of reasons of the others."""
    found = fit_events(*line_inputs(panels, row, position))
    lines = found.lines
    days, start = panels.design.columns(plan.event), position + panels.offset
    flat = ~(lines.ssr > (lines.n_obs - 2) * PERFECT**2)

    def returns(blank: Ints) -> F:
        return gather(panels.returns, row[blank], start[blank] + days.start, days.stop - days.start)

    reason = judged(plan.event, max(plan.least, 3), lines.ar, lines.n_obs, flat, returns)
    good = np.flatnonzero(reason == KEPT)
    chunk = Chunk(
        lines.ar, found.residuals, found.used, found.market / np.sqrt(lines.xx)[:, None], lines.ssr, lines.n_obs, position,
        plan.event[0],
    )  # fmt: skip
    if len(good) == len(row):
        return chunk, np.zeros(len(DROP_REASONS), dtype=np.int64)
    return chunk.take(good), np.bincount(reason[reason != KEPT], minlength=len(DROP_REASONS))


def merge(one: Partial, two: Partial) -> Partial:
    """Return the sums of two blocks together; merge blocks in their order, and the last digit is always the same."""
    groups = dict(one.groups)
    for name, sums in two.groups.items():
        groups[name] = groups[name].merge(sums) if name in groups else sums
    return Partial(groups, one.dropped + two.dropped, one.events + two.events)


def finish(total: Partial, plan: Plan) -> EngineResult:
    """Turn merged sums into tables.

    Raises AlignmentError where no event is left.
    """
    if not total.groups:
        lost = ", ".join(f"{n} {DROP_REASONS[i]}" for i, n in enumerate(total.dropped) if n)
        raise AlignmentError(
            f"all {total.events} events dropped ({lost or 'no event'}); check dates, tickers and windows"
        )
    return EngineResult(
        caar=caar_table(total, plan.event[0]), tests=tests_of(total, plan.window, plan.event[0]),
        recommended=recommended_of(total, plan.window, plan.event[0]), dropped=dropped_counts(total), events=total.events,
    )  # fmt: skip


def run_engine(
    study: EventStudy,
    events: pd.DataFrame,
    prices: Prices | pd.DataFrame,
    by: str = "kind",
    window: tuple[int, int] = (0, 0),
    engine: str | Any = "in-process",
    ranks: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> EngineResult:
    """Run an event study of the market model block by block and return grouped tables.

    Parameters
    ----------
    study : model "market", measure "return", contamination "keep"; other specifications need `EventStudy.run`.
    events, prices : as for `EventStudy.run`. All securities must share one calendar.
    by : column of the events that makes the groups; "kind"; "year" of the event; or a column of the instruments ("sector").
    window : test window, inside the event window.
    engine : "in-process", "threads", or a `dask.distributed.Client`.
    ranks : sum Corrado's ranks too; ranking costs about as much as all the rest.
    progress : called as ``progress(blocks done, blocks)``.

    Raises
    ------
    AlignmentError
        No event is left, a specification or several calendars that this engine cannot serve, a window outside the study's.
    UnknownNameError
        Another engine.
    """
    plan = plan_of(study, window, ranks)
    panel = as_prices(prices, study.benchmark)
    table = normalise_events(events)
    blocks = list(blocks_of(study, table, panel, by, plan))
    partials = executor(engine)(map_block, blocks, progress)
    return finish(reduce(merge, partials), plan)


def plan_of(study: EventStudy, window: tuple[int, int], ranks: bool = False) -> Plan:
    """Return the plan of a study, or say why it has none here."""
    design = Design(study.event, study.estimation, lookup(study.model, MODELS, "model"), inputs_of(study.model))
    if not is_straight(design) or study.measure != "return" or study.contamination != "keep" or study.peers:
        raise AlignmentError(
            "the engine runs the market model on returns, contamination='keep', peers=False; use EventStudy.run for others"
        )
    if not study.event[0] <= window[0] <= window[1] <= study.event[1]:
        raise AlignmentError(f"test window {tuple(window)} is not inside the event window {study.event}")
    return Plan(study.event, study.estimation, (int(window[0]), int(window[1])), study.least_observations, ranks)


def blocks_of(
    study: EventStudy, events: pd.DataFrame, prices: Prices, by: str, plan: Plan
) -> Iterator[tuple[Market | None, EventsBlock]]:
    """Yield the blocks of securities with their events, in the order of the columns of the prices."""
    market, whole = aligned(study, events, prices, group_of(events, prices, by), plan)
    of = {ticker: at // BLOCK for at, ticker in enumerate(prices.tickers)}
    block_of_row = np.array([of[ticker] for ticker in market.tickers] if market else [], dtype=np.int64)
    number = np.append(block_of_row, -1)[whole.row]
    order = np.argsort(number, kind="stable")
    for mine in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
        first, last = np.searchsorted(block_of_row, [number[mine[0]], number[mine[0]] + 1])
        yield (_rows_of(market, slice(first, last)) if market and last > first else None), whole.take(mine, int(first))


def _rows_of(market: Market, rows: slice) -> Market:
    """Return a market of some of its securities, as views."""
    return replace(
        market, tickers=market.tickers[rows], returns=market.returns[rows], first=market.first[rows], last=market.last[rows],
        benchmark_of=market.benchmark_of[rows], peers_of=market.peers_of[rows],
    )  # fmt: skip


def aligned(
    study: EventStudy, events: pd.DataFrame, prices: Prices, labels: NDArray[np.object_], plan: Plan
) -> tuple[Market | None, Placed]:
    """Place events, all of one block or more, on the sessions of their exchange."""
    # In the order of the prices, not of the events: the order of the sums must not depend on how a table is sorted.
    own = set(events["asset"].unique().tolist())
    prices = measured(prices, returns=study.returns)
    markets = build_markets(prices, [t for t in prices.tickers if t in own], INPUTS["market"], study.benchmark)
    if len(markets) > 1:
        raise AlignmentError(f"{len(markets)} calendars in one run of the engine; run one exchange at a time")
    known = [*prices.tickers, *(str(name) for name in prices.instruments.index)]
    placed = align(events, markets, known, study.date_only)
    return (markets[0] if markets else None), Placed(plan, placed.row, placed.position, labels, placed.reason)


@dataclass(frozen=True)
class Placed:
    """Events where they lie, those with a `reason` among them, before they are cut into blocks."""

    plan: Plan
    row: Ints
    position: Ints
    group: NDArray[np.object_]
    reason: Ints

    def take(self, index: Ints, first: int = 0) -> EventsBlock:
        """Return the block of the events in `index`, whose panel begins with row `first`."""
        reason = self.reason[index]
        good, lost = index[reason == KEPT], reason[reason != KEPT]
        dropped = np.bincount(lost, minlength=len(DROP_REASONS))
        places = (self.row[good] - first, self.position[good], self.group[good])
        return EventsBlock(self.plan, *places, dropped, len(index))


def group_of(events: pd.DataFrame, prices: Prices, by: str) -> NDArray[np.object_]:
    """Return the group label of each event: by kind, by year, by a column of the events or of the instruments."""
    if by == "kind":
        labels = group_labels(events)
    elif by == "year" and by not in events:
        labels = events["event_time"].dt.year.astype("str")
    elif by in events:
        labels = events[by].astype("str").fillna("")
    elif by in prices.instruments:
        labels = events["asset"].map(prices.instruments[by].astype("str")).fillna("")
    else:
        raise UnknownNameError(
            f"by={by!r}: neither the events nor the instruments have such a column, and it is not 'year'"
        )
    return labels.to_numpy(dtype=object)
