"""What one block of securities contributes to the results of a study: sums of fixed size, whatever the number of events."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtest.kernels.ranks import rank_sums
from backtest.kernels.sums import Moments

F = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sums:
    """Sums over the events of one group; L event days, M estimation days, T sessions.

    ar, car : moments per event day of abnormal returns and of those cumulated from the first day, (L,).
    window : moments of CAR and of CAR over its standard deviation, events with every day of the test window, (2,).
    counts : (3,) over the same events: ``sum df / (df - 2)``, positive CARs, sum of the shares of positive residuals.
    columns, columns_n : (M,) sum and number of residuals per day of the estimation window.
    unit : (T, M) by session of day 0 the sum of the residual vectors, each of length one.
    starts : (T,) events by session of day 0. least : (1,) fewest estimation rows of an event; infinite of none.
    days, days_n : (T,) sum and number of abnormal returns of the test window by session.
    ranks, ranks_n : (M + L,) sums and numbers of scaled ranks per day; zero where ranks were not asked for.
    """

    ar: Moments
    car: Moments
    window: Moments
    counts: F
    columns: F
    columns_n: F
    unit: F
    starts: F
    least: F
    days: F
    days_n: F
    ranks: F
    ranks_n: F

    def merge(self, other: Sums) -> Sums:
        """Return the sums of both together."""
        pairs = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        merged: dict[str, Any] = {k: a.merge(b) if isinstance(a, Moments) else a + b for k, (a, b) in pairs.items()}
        return Sums(**(merged | {"least": np.minimum(self.least, other.least)}))

    def arrays(self) -> dict[str, np.ndarray]:
        """Return all numbers as named arrays; of `unit` the rows that are not zero."""
        out: dict[str, np.ndarray] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Moments):
                out |= {f"{f.name}.{part}": getattr(value, part) for part in ("n", "mean", "m2")}
            else:
                out[f.name] = value
        rows = np.flatnonzero(self.unit.any(axis=1))
        return out | {"unit": self.unit[rows], "unit.rows": rows, "unit.size": np.array(self.unit.shape)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> Sums:
        """Return what `arrays` was made of."""
        given: dict[str, Moments | F] = {}
        for f in fields(cls):
            if f"{f.name}.n" in arrays:
                given[f.name] = Moments(*(arrays[f"{f.name}.{part}"] for part in ("n", "mean", "m2")))
            else:
                given[f.name] = arrays[f.name]
        unit = np.zeros(tuple(arrays["unit.size"]))
        unit[arrays["unit.rows"]] = arrays["unit"]
        return cls(**(given | {"unit": unit}))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Partial:
    """Sums by group, and how many events left for which reason (positions as in `DROP_REASONS`)."""

    groups: dict[str, Sums]
    dropped: Ints
    events: int


@dataclass
class Tally:
    """Sums being filled, chunk by chunk; arrays are added to in place."""

    shape: tuple[int, int, int]
    ranked: bool

    def __post_init__(self) -> None:
        """Start at zero."""
        length, m, t = self.shape
        self.ar, self.car, self.window = Moments.zero(length), Moments.zero(length), Moments.zero(2)
        self.counts, self.columns, self.columns_n = np.zeros(3), np.zeros(m), np.zeros(m)
        self.unit, self.starts, self.least = np.zeros((t, m)), np.zeros(t), np.full(1, np.inf)
        self.days, self.days_n = np.zeros(t), np.zeros(t)
        self.ranks, self.ranks_n = np.zeros(m + length), np.zeros(m + length)

    def add(self, chunk: Chunk, window: slice) -> None:
        """Add the events of one chunk."""
        self.ar = self.ar.merge(Moments.of(chunk.ar))
        self.car = self.car.merge(Moments.of(np.cumsum(chunk.ar, axis=1)))
        whole = np.flatnonzero(np.isfinite(chunk.ar[:, window]).all(axis=1))
        part = chunk if len(whole) == len(chunk.ar) else chunk.take(whole)
        self._days(chunk, window)
        if not len(whole):
            return
        car, scar = part.car(window)
        self.window = self.window.merge(Moments.of(np.stack([car, scar], axis=1)))
        df = part.n_obs - 2.0
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(df > 2, df / (df - 2.0), np.nan).sum()
        share = np.count_nonzero(part.residuals > 0, axis=1) / part.n_obs
        self.counts += np.array([factor, (car > 0).sum(), share.sum()])
        self.starts += np.bincount(part.position, minlength=len(self.starts))
        self.least = np.minimum(self.least, part.n_obs.min())
        self.columns += part.residuals.sum(axis=0)
        self.columns_n += len(part.ar) if part.used is None else part.used.sum(axis=0)
        if self.ranked:
            self._rank(part)
        add_rows(self.unit, part.position, part.residuals * (1.0 / np.sqrt(part.ssr))[:, None])

    def _days(self, chunk: Chunk, window: slice) -> None:
        ar = chunk.ar[:, window]
        have = np.isfinite(ar).all(axis=1)
        at = (chunk.position[have, None] + chunk.first_day + np.arange(window.start, window.stop)).ravel()
        self.days += np.bincount(at, ar[have].ravel(), minlength=len(self.days))
        self.days_n += np.bincount(at, minlength=len(self.days))

    def _rank(self, part: Chunk) -> None:
        residuals = part.residuals if part.used is None else np.where(part.used, part.residuals, np.nan)
        total, count = rank_sums(np.hstack([residuals, part.ar]))
        self.ranks += total
        self.ranks_n += count

    def sums(self) -> Sums:
        """Return what has been added so far."""
        return Sums(**{f.name: getattr(self, f.name) for f in fields(Sums)})


@dataclass(frozen=True)
class Chunk:
    """Events of one group with their residuals (zero where not used), a few hundred at a time; used None: every row is.

    root : (n, L) centred regressor over the root of its sum of squares. first_day : event day of column 0 of `ar`.
    """

    ar: F
    residuals: F
    used: NDArray[np.bool_] | None
    root: F
    ssr: F
    n_obs: Ints
    position: Ints
    first_day: int

    def take(self, index: Ints) -> Chunk:
        """Return the events in `index`."""
        given: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "first_day"}
        taken: dict[str, Any] = {k: v if v is None else v[index] for k, v in given.items()}
        return replace(self, **taken)

    def car(self, window: slice) -> tuple[F, F]:
        """Return CAR and CAR over its standard deviation with the forecast error (Patell 1976)."""
        car, days = self.ar[:, window].sum(axis=1), window.stop - window.start
        total = self.root[:, window].sum(axis=1)
        variance = self.ssr / (self.n_obs - 2) * (days + days**2 / self.n_obs + total**2)
        return car, car / np.sqrt(variance)


def add_rows(table: F, at: Ints, rows: F) -> None:
    """Add each of `rows` to the row of `table` that `at` says, in the order given where neighbours go to one."""
    first = np.flatnonzero(np.concatenate([[True], at[1:] != at[:-1]]))
    if len(first) < len(at):
        rows = np.add.reduceat(rows, first, axis=0)
    where = at[first]
    if len(where) == len(np.unique(where)):
        table[where] += rows
    else:
        np.add.at(table, where, rows)
