"""Which windows a study needs, and the padded panels from which they are cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.gather import gather, pad
from backtest.market import Market
from backtest.models.base import Inputs, Model

F = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """Windows in event days, both ends inclusive, and the model with the regressors it wants."""

    event: tuple[int, int]
    estimation: tuple[int, int]
    model: Model
    inputs: Inputs

    @property
    def first(self) -> int:
        """First event day that any window needs."""
        return min(self.event[0], self.estimation[0])

    @property
    def length(self) -> int:
        """Number of days from the first to the last that any window needs."""
        return max(self.event[1], self.estimation[1]) - self.first + 1

    def columns(self, window: tuple[int, int]) -> slice:
        """Return the columns of a gathered block that a window covers."""
        return slice(window[0] - self.first, window[1] - self.first + 1)


def common_calendar(markets: Sequence[Market]) -> Ints:
    """Return the sessions of all markets together as ascending days since 1970."""
    if len(markets) == 1:
        return markets[0].ordinals
    return np.unique(np.concatenate([m.ordinals for m in markets])) if markets else np.empty(0, dtype=np.int64)


class Panels:
    """The padded arrays of one market from which windows are cut; windows may hang over either end as NaN."""

    def __init__(self, market: Market, design: Design, common: Ints, position: Ints) -> None:
        """Pad the market's arrays as far as the windows of day 0 at any of `position` hang over either end.

        `common` is the calendar of all markets.
        """
        low, high = (int(position.min()), int(position.max())) if len(position) else (0, 0)
        before = max(0, -(low + design.first))
        after = max(0, high + design.first + design.length - len(market.calendar))
        self.market, self.design, self.offset = market, design, before + design.first
        excess = market.risk_free if design.inputs.excess else 0.0
        self.returns = pad(market.returns - excess if design.inputs.excess else market.returns, before, after)
        self.risk_free = pad(np.broadcast_to(np.asarray(excess, dtype=float), (1, len(market.calendar))), before, after)
        self.benchmark = pad(market.benchmark - excess, before, after)
        self.factors = pad(market.factors, before, after)
        self.peers = pad(market.peers, before, after) if len(market.peers) else market.peers
        if market.gaps is not None and market.gap_market is not None:
            self.gaps, self.gap_market = pad(market.gaps, before, after), pad(market.gap_market, before, after)
        days = np.full(self.returns.shape[1], -1, dtype=np.int64)
        days[before : before + len(market.calendar)] = np.searchsorted(common, market.ordinals)
        self.days = days[None, :]

    def regressors(self, row: Ints, start: Ints) -> F:
        """Return the regressors (n, days, K) of events in securities `row` whose windows begin at `start`."""
        inputs, length = self.design.inputs, self.design.length
        if inputs.peers:
            return self._peer_columns(row, start)
        if inputs.gaps:
            return np.stack([gather(panel, row, start, length) for panel in (self.gap_market, self.gaps)], axis=-1)
        names = self.market.factor_names
        own = inputs.excess and "MKT" in names
        zero = np.zeros_like(row)
        parts = []
        if inputs.market and not own and len(self.benchmark):
            of = self.market.benchmark_of[row]
            parts.append(np.where(of[:, None] >= 0, gather(self.benchmark, of, start, length), np.nan))
        order = sorted(range(len(names)), key=lambda k: (not (own and names[k] == "MKT"), k))
        parts += [gather(self.factors[k : k + 1], zero, start, length) for k in order]
        if inputs.steps:
            step = np.arange(length, dtype=np.float64) + self.design.first - self.design.estimation[1]
            parts.append(np.broadcast_to(step, (len(row), length)))
        if len(parts) == 1:
            return parts[0][:, :, None]
        return np.stack(parts, axis=-1) if parts else np.empty((len(row), length, 0))

    def _peer_columns(self, row: Ints, start: Ints) -> F:
        """Return peers' returns (n, days, p), NaN where a security has fewer."""
        wanted = self.market.peers_of[row]
        columns = [gather(self.peers, np.maximum(rows, 0), start, self.design.length) for rows in wanted.T]
        if not columns:
            return np.empty((len(row), self.design.length, 0))
        return np.where(wanted[:, None, :] >= 0, np.stack(columns, axis=-1), np.nan)

    def block(self, row: Ints, position: Ints, hidden: tuple[Ints, Ints] | None = None) -> tuple[F, F, Ints]:
        """Return returns (n, days), regressors (n, days, K) and padded start positions (n,).

        `hidden` are rows and event days (pairs) whose returns are taken for missing.
        """
        start = position + self.offset
        returns = gather(self.returns, row, start, self.design.length)
        if hidden is not None:
            returns[hidden[0], hidden[1] - self.design.first] = np.nan
        return returns, self.regressors(row, start), start


@dataclass(frozen=True)
class Hidden:
    """Days of events that are taken for missing: pairs of event and event day, sorted by event."""

    event: Ints
    day: Ints

    def of(self, index: Ints) -> tuple[Ints, Ints]:
        """Return the pairs of the events in `index`, the event replaced by its place in `index`."""
        first, last = np.searchsorted(self.event, index), np.searchsorted(self.event, index, side="right")
        counts = last - first
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(np.arange(len(index)), counts), self.day[np.repeat(first, counts) + within]

    def take(self, index: Ints) -> Hidden:
        """Return the same for the events in `index`, which are numbered anew."""
        event, day = self.of(index)
        return Hidden(event.astype(np.int64), day)


NOTHING_HIDDEN = Hidden(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
