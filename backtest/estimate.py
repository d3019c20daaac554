"""From positions to abnormal returns: gather windows, run the model, block by block.

Nothing of size events x estimation days is kept. What a test needs of the residuals is gathered again, for the block
of events that it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backtest.inference.sample import Residuals
from backtest.kernels.gather import chunks, gather, pad
from backtest.market import Market
from backtest.models.base import Inputs, Model, NormalReturns

F = NDArray[np.float64]
Ints = NDArray[np.int64]

# Residuals of all events are kept for reuse up to this many doubles (64 MB).
KEEP = 8_000_000


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
    return np.unique(np.concatenate([m.ordinals for m in markets])) if markets else np.empty(0, dtype=np.int64)


class Panels:
    """The padded arrays of one market from which windows are cut; windows may hang over either end as NaN."""

    def __init__(self, market: Market, design: Design, common: Ints) -> None:
        """Pad the market's arrays so that day 0 may lie on any session; `common` is the calendar of all markets."""
        before, after = max(0, -design.first), max(0, design.first + design.length - 1)
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
            parts.append(gather(self.benchmark, self.market.benchmark_of[row], start, length))
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


@dataclass(frozen=True)
class Estimates:
    """What the model gives for n events, in the order of the alignment they were asked for.

    returns, expected, ar : (n, L) over the event window, NaN where missing; `returns` are raw, also under a model of
        excess returns. s2, df, n_obs : (n,). root : (n, L, k) or None, scale : (n, L) or None, as in `NormalReturns`.
    days : (n, L) sessions of the event window as positions in the common calendar, -1 outside the market's calendar.
    """

    returns: F
    expected: F
    ar: F
    s2: F
    df: F
    n_obs: Ints
    days: Ints
    root: F | None
    scale: F | None

    def take(self, index: Ints) -> Estimates:
        """Return the estimates of the events in `index`."""
        return replace(self, **{k: v[index] for k, v in self.__dict__.items() if v is not None})


def estimate(
    markets: Sequence[Market], market: Ints, row: Ints, position: Ints, design: Design,
    advance: Callable[[int], None] | None = None, hidden: Hidden = NOTHING_HIDDEN,
) -> Estimates:  # fmt: skip
    """Run the model for n events given by market, row and position; `advance` is told how many events are done."""
    n, length = len(row), design.event[1] - design.event[0] + 1
    out: dict[str, np.ndarray] = {k: np.full((n, length), np.nan) for k in ("returns", "expected", "ar")}
    out |= {"s2": np.full(n, np.nan), "df": np.full(n, np.nan), "n_obs": np.zeros(n, dtype=np.int64)}
    out["days"] = np.full((n, length), -1, dtype=np.int64)
    extra: dict[str, np.ndarray] = {}
    common = common_calendar(markets)
    for code, place in enumerate(markets):
        mine = np.flatnonzero(market == code)
        if not len(mine):
            continue
        # Neighbours in memory are neighbours in the loop: by security, then by position.
        mine = mine[np.lexsort((position[mine], row[mine]))]
        panels = Panels(place, design, common)
        for part in chunks(len(mine)):
            at = mine[part]
            _fill(out, extra, at, panels.block(row[at], position[at], hidden.of(at)), panels, n)
            if advance is not None:
                advance(len(at))
    return Estimates(**out, root=extra.get("root"), scale=extra.get("scale"))


def _fill(
    out: dict[str, np.ndarray], extra: dict[str, np.ndarray], at: Ints, block: tuple[F, F, Ints], panels: Panels, n: int
) -> None:
    """Run the model on one gathered block and write its numbers at positions `at`."""
    design = panels.design
    returns, regressors, start = block
    evt, zero = design.columns(design.event), np.zeros_like(start)
    normal = _model(design, returns, regressors)
    own = returns[:, evt]
    free = gather(panels.risk_free, zero, start, design.length)[:, evt] if design.inputs.excess else 0.0
    out["ar"][at] = own - normal.expected
    out["returns"][at] = own + free
    out["expected"][at] = normal.expected + free
    out["s2"][at], out["df"][at], out["n_obs"][at] = normal.s2, normal.df, normal.observations()
    out["days"][at] = gather(panels.days, zero, start, design.length)[:, evt]
    for name in ("root", "scale"):
        values = getattr(normal, name)
        if values is not None:
            extra.setdefault(name, np.full((n, *values.shape[1:]), np.nan))[at] = values


def _model(design: Design, returns: F, regressors: F) -> NormalReturns:
    est, evt = design.columns(design.estimation), design.columns(design.event)
    return design.model(returns[:, est], regressors[:, est], regressors[:, evt])


@dataclass(frozen=True)
class ResidualSource:
    """Gives the estimation residuals of any of the n events that were estimated, gathered again from the panels."""

    markets: tuple[Market, ...]
    market: Ints
    row: Ints
    position: Ints
    design: Design
    hidden: Hidden = NOTHING_HIDDEN

    @cached_property
    def panels(self) -> dict[int, Panels]:
        """Padded arrays by market."""
        common = common_calendar(self.markets)
        return {int(m): Panels(self.markets[m], self.design, common) for m in np.unique(self.market)}

    @cached_property
    def everything(self) -> Residuals:
        """Residuals of all events; only asked for where they are few."""
        return self._compute(np.arange(len(self.row)))

    def __call__(self, index: Ints) -> Residuals:
        """Return the residuals of the events in `index`, in that order."""
        days = self.design.estimation[1] - self.design.estimation[0] + 1
        if len(self.row) * days <= KEEP:
            return self.everything.take(index)
        return self._compute(index)

    def _compute(self, index: Ints) -> Residuals:
        est = self.design.columns(self.design.estimation)
        length = est.stop - est.start
        values = np.full((len(index), length), np.nan)
        sd = np.full((len(index), length), np.nan)
        days = np.full((len(index), length), -1, dtype=np.int64)
        hats: list[tuple[Ints, Callable[[], F]]] = []
        for code in np.unique(self.market[index]):
            mine = np.flatnonzero(self.market[index] == code)
            panels = self.panels[int(code)]
            row = self.row[index][mine]
            block = panels.block(row, self.position[index][mine], self.hidden.of(index[mine]))
            returns, regressors, start = block
            normal = _model(self.design, returns, regressors)
            values[mine] = normal.residuals
            scale = 1.0 if normal.scale_est is None else normal.scale_est
            sd[mine] = np.sqrt(normal.s2[:, None] * scale)
            days[mine] = gather(panels.days, np.zeros_like(row), start, self.design.length)[:, est]
            if normal.hat is not None:
                hats.append((mine, normal.hat))
        return Residuals(values, sd, days, _joined(hats, len(index)) if hats else None)


def _joined(hats: list[tuple[Ints, Callable[[], F]]], n: int) -> Callable[[], F]:
    """Return one function that puts the roots of several markets together."""

    def together() -> F:
        parts = [(mine, root()) for mine, root in hats]
        out = np.full((n, *parts[0][1].shape[1:]), np.nan)
        for mine, values in parts:
            out[mine] = values
        return out

    return together
