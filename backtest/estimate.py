"""From positions to abnormal returns: gather windows, run the model, block by block.

Nothing of size events x estimation days is kept. What a test needs of the residuals is gathered again, for the block
of events that it asks for; what a table needs beside the abnormal returns is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtest.errors import SchemaError
from backtest.inference.sample import Residuals
from backtest.kernels import choose, single
from backtest.kernels.gather import chunks, gather
from backtest.market import Market
from backtest.models import linear
from backtest.models.base import Inputs, NormalReturns
from backtest.registry import name_of
from backtest.windows import NOTHING_HIDDEN, Design, Hidden, Panels, common_calendar

F = NDArray[np.float64]
Ints = NDArray[np.int64]

# Residuals of all events are kept for reuse up to this many doubles (64 MB).
KEEP = 8_000_000
# Residuals of this standard deviation are rounding errors of returns: a perfect fit measures nothing.
PERFECT = 1e-13

__all__ = [
    "NOTHING_HIDDEN", "Design", "Detail", "Estimates", "Hidden", "Panels", "ResidualSource", "common_calendar", "estimate",
]  # fmt: skip


@dataclass(frozen=True)
class ResidualSource:
    """Where n events lie, and what can be gathered again from there: estimation residuals, returns, days."""

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
        codes = range(len(self.markets)) if len(self.row) else ()
        places = {code: self.position[self.market == code] for code in codes}
        return {m: Panels(self.markets[m], self.design, common, at) for m, at in places.items() if len(at)}

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

    def take(self, index: Ints) -> ResidualSource:
        """Return the same for the events in `index`."""
        places = (self.market[index], self.row[index], self.position[index])
        return ResidualSource(self.markets, *places, self.design, self.hidden.take(index))

    def event_days(self, name: str) -> np.ndarray:
        """Return an array of `Panels` over each event's window, (n, L): `returns`, `benchmark`, `gap_market`, `days`..."""
        out: np.ndarray | None = None
        first = self.design.event[0] - self.design.first
        length = self.design.event[1] - self.design.event[0] + 1
        for code, panels in self.panels.items():
            mine = np.flatnonzero(self.market == code)
            values = getattr(panels, name)
            own, zero = self.row[mine], np.zeros(len(mine), dtype=np.int64)
            row = {"returns": own, "gap_market": own, "benchmark": panels.market.benchmark_of[own]}.get(name, zero)
            part = gather(values, row, self.position[mine] + panels.offset + first, length)
            if out is None:
                out = np.empty((len(self.row), length), dtype=values.dtype)
            out[mine] = part
        return np.empty((0, length)) if out is None else out

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


@dataclass(frozen=True)
class Detail:
    """What a model gives beside the abnormal returns: expected (n, L); root (n, L, k), scale (n, L) or None."""

    expected: F
    root: F | None
    scale: F | None

    def over(self, index: Ints | tuple[slice, slice]) -> Detail:
        """Return the events, or the events and days, in `index`."""
        root, scale = (None if v is None else v[index] for v in (self.root, self.scale))
        return Detail(self.expected[index], root, scale)


@dataclass(frozen=True)
class Estimates:
    """What the model gives for n events, in the order of the alignment they were asked for.

    ar : (n, L) over the event window, NaN where missing. s2, df, n_obs : (n,). source : where the events lie.
    line : (n, 4) slope, means of return and regressor, sum of squares, where a straight line is all that was fitted.
    detail : what another model gave; None beside a `line`, from which the properties below are made when asked for.
    """

    ar: F
    s2: F
    df: F
    n_obs: Ints
    source: ResidualSource
    line: F | None = None
    detail: Detail | None = None

    @cached_property
    def days(self) -> Ints:
        """(n, L) sessions of the event window as positions in the common calendar, -1 outside the market's calendar."""
        return self.source.event_days("days").astype(np.int64, copy=False)

    @cached_property
    def returns(self) -> F:
        """(n, L) raw returns, also under a model of excess returns; NaN where missing or hidden."""
        out = self.source.event_days("returns")
        design, hidden = self.source.design, self.source.hidden
        event, day = hidden.of(np.arange(len(out)))
        inside = (day >= design.event[0]) & (day <= design.event[1])
        out[event[inside], day[inside] - design.event[0]] = np.nan
        return out + self._free()

    @cached_property
    def expected(self) -> F:
        """(n, L) expected returns; NaN where a regressor is missing."""
        if self.line is None:
            return self._own().expected + self._free()
        return np.asarray(self.line[:, 1:2] + self.line[:, 0:1] * self._regressor())

    @cached_property
    def root(self) -> F | None:
        """(n, L, k) as in `NormalReturns`; None where nothing was estimated."""
        if self.line is None:
            return self._own().root
        with np.errstate(divide="ignore"):
            first = np.broadcast_to(1.0 / np.sqrt(self.n_obs)[:, None], self.ar.shape)
        return np.stack([first, self._regressor() / np.sqrt(self.line[:, 3:])], axis=-1)

    @property
    def scale(self) -> F | None:
        """(n, L) as in `NormalReturns`, or None."""
        return None if self.line is not None else self._own().scale

    def take(self, index: Ints) -> Estimates:
        """Return the estimates of the events in `index`."""
        if len(index) == len(self.ar) and np.array_equal(index, np.arange(len(index))):
            return self
        line, detail = self.line, self.detail
        return Estimates(
            self.ar[index], self.s2[index], self.df[index], self.n_obs[index], self.source.take(index),
            None if line is None else line[index], detail and detail.over(index),
        )  # fmt: skip

    def within(self, event: tuple[int, int]) -> Estimates:
        """Return the same estimates seen through an event window inside their own."""
        first = self.source.design.event[0]
        days = slice(event[0] - first, event[1] - first + 1)
        source, detail = replace(self.source, design=replace(self.source.design, event=event)), self.detail
        own = detail and detail.over((slice(None), days))
        return replace(self, ar=self.ar[:, days], source=source, detail=own)

    def _own(self) -> Detail:
        assert self.detail is not None
        return self.detail

    def _free(self) -> F | float:
        return self.source.event_days("risk_free") if self.source.design.inputs.excess else 0.0

    def _regressor(self) -> F:
        """Return the regressor on the event days less its mean over the estimation window, (n, L)."""
        assert self.line is not None
        return np.asarray(self.source.event_days("benchmark") - self.line[:, 2:3])


def estimate(
    markets: Sequence[Market], market: Ints, row: Ints, position: Ints, design: Design,
    advance: Callable[[int], None] | None = None, hidden: Hidden = NOTHING_HIDDEN,
) -> Estimates:  # fmt: skip
    """Run the model for n events given by market, row and position; `advance` is told how many events are done."""
    n, length = len(row), design.event[1] - design.event[0] + 1
    source = ResidualSource(tuple(markets), market, row, position, design, hidden)
    straight = is_straight(design) and not len(hidden.event)
    out: dict[str, np.ndarray] = {"ar": np.empty((n, length)), "s2": np.empty(n), "df": np.empty(n)}
    out["n_obs"] = np.zeros(n, dtype=np.int64)
    extra: dict[str, np.ndarray] = {"line": np.empty((n, 4))} if straight else {"expected": np.empty((n, length))}
    kernel = choose.kernel_for(n)
    for code, panels in source.panels.items():
        mine = in_memory_order(market, code, row, position, straight and kernel.by_day)
        for part in chunks(len(mine), kernel.chunk if straight else single.CHUNK):
            at = mine[part]
            if straight:
                _fill_lines(out, extra["line"], at, panels, kernel.fit(*line_inputs(panels, row[at], position[at])))
            else:
                _fill(out, extra, at, panels.block(row[at], position[at], hidden.of(at)), panels, n)
            if advance is not None:
                advance(len(at))
    line = extra.pop("line", None)
    detail = Detail(extra["expected"], extra.get("root"), extra.get("scale")) if line is None else None
    return Estimates(**out, source=source, line=line, detail=detail)


def is_straight(design: Design) -> bool:
    """Return True where the model is the market model on raw returns, which has a kernel of its own."""
    return design.model is linear.market and design.inputs == Inputs()


def in_memory_order(market: Ints, code: int, row: Ints, position: Ints, by_day: bool = False) -> Ints:
    """Return the events of a market by security, then by position: neighbours in memory are neighbours in the loop.

    `by_day`: by position first, so that neighbours share the window of their regressor.
    """
    mine = np.flatnonzero(market == code)
    major, minor = (position[mine], row[mine]) if by_day else (row[mine], position[mine])
    width = int(minor.max(initial=0)) + 1
    small = (int(major.max(initial=0)) + 1) * width < np.iinfo(np.int32).max
    key: NDArray[Any] = major.astype(np.int32 if small else np.int64)
    key *= width
    key += minor
    # Events of one place are alike: their order does not matter, and the sort that need not keep it is five times as fast.
    return mine if (key[1:] >= key[:-1]).all() else mine[np.argsort(key)]


def line_inputs(panels: Panels, row: Ints, position: Ints) -> tuple[F, F, tuple[Ints, Ints, Ints], slice, slice]:
    """Return the arguments of the market model's kernel for events of one market."""
    design = panels.design
    place = (row, panels.market.benchmark_of[row], position + panels.offset)
    return panels.returns, panels.benchmark, place, design.columns(design.estimation), design.columns(design.event)


def _fill_lines(out: dict[str, np.ndarray], line: F, at: Ints, panels: Panels, found: single.Lines) -> None:
    """Write the straight lines of one block at positions `at`."""
    df = found.n_obs - 2
    out["ar"][at], out["s2"][at], out["df"][at] = found.ar, linear.variance(found.ssr, df), df
    out["n_obs"][at], line[at] = found.n_obs, found.line()


def _fill(
    out: dict[str, np.ndarray], extra: dict[str, np.ndarray], at: Ints, block: tuple[F, F, Ints], panels: Panels, n: int
) -> None:
    """Run the model on one gathered block and write its numbers at positions `at`."""
    design = panels.design
    returns, regressors, _ = block
    normal = _model(design, returns, regressors)
    out["ar"][at] = returns[:, design.columns(design.event)] - normal.expected
    extra["expected"][at] = normal.expected
    out["s2"][at], out["df"][at], out["n_obs"][at] = normal.s2, normal.df, normal.observations()
    for name in ("root", "scale"):
        values = getattr(normal, name)
        if values is not None:
            extra.setdefault(name, np.full((n, *values.shape[1:]), np.nan))[at] = values


def _model(design: Design, returns: F, regressors: F) -> NormalReturns:
    est, evt = design.columns(design.estimation), design.columns(design.event)
    found = design.model(returns[:, est], regressors[:, est], regressors[:, evt])
    wanted = (returns[:, est].shape, regressors[:, evt, 0:0].shape[:2])
    if not isinstance(found, NormalReturns) or (found.residuals.shape, found.expected.shape) != wanted:
        raise SchemaError(
            f"model {name_of(design.model)!r}: it must return NormalReturns with residuals {wanted[0]} and expected {wanted[1]}"
        )
    return found
