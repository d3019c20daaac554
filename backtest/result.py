"""`EventStudyResult`: what an event study found, as tidy tables; printing is a view of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest import tables
from backtest.align import Alignment
from backtest.contamination import Neighbours, is_peer, neighbours
from backtest.errors import AlignmentError, SchemaError, offenders
from backtest.estimate import Estimates, ResidualSource
from backtest.frames import group_labels
from backtest.inference import TESTS, Sample
from backtest.inference.advice import advise, defaults, recommend
from backtest.inference.dependence import effective_n, floored, mean_correlation
from backtest.inference.run import SIDES, computed, run_test, test_name, test_rows, warn_doubts
from backtest.ledger import asked, distinct, entry
from backtest.registry import lookup, name_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backtest.prices import Prices
    from backtest.study import EventStudy

F = NDArray[np.float64]
Ints = NDArray[np.int64]

ALL = "all"
#: Tests that compare whole windows of an event with each other: a window with a hole has no like.
WHOLE = ("sq", "sq-studentised", "sq-ewma", "conformal", "conformal-block", "max", "scan", "mixture")


@dataclass(frozen=True, repr=False, eq=False)
class EventStudyResult:
    """Abnormal returns of the events that could be used, and what became of the others.

    Attributes
    ----------
    spec : the `EventStudy` that was run.
    events : events table of the contract, the n kept events (and peer rows) in the order given.
    dropped : event_id, asset, kind, reason of the others.
    prices : the prices used.
    estimates : arrays of the kept events, see `Estimates`.
    source : gives estimation residuals of kept events, see `ResidualSource`.
    calendar : sessions of all exchanges together, days since 1970.
    all_events, placed, reasons, n_estimation, kept : the raw material of `audit`, in the order of the input.
    ledger : what was tested, call by call; `tried` joins them.
    """

    spec: EventStudy
    events: pd.DataFrame
    dropped: pd.DataFrame
    prices: Prices
    estimates: Estimates
    source: ResidualSource
    calendar: Ints
    all_events: pd.DataFrame
    placed: Alignment
    reasons: Ints
    n_estimation: Ints
    kept: Ints
    ledger: list[pd.DataFrame] = field(default_factory=list)

    # ------------------------------------------------------------------------------------------------------ tables

    @property
    def notice(self) -> str:
        """What every reader of these numbers must see; "" for market data."""
        return self.prices.notice

    @property
    def days(self) -> NDArray[np.int64]:
        """Days of the event window, (L,)."""
        return np.arange(self.spec.event[0], self.spec.event[1] + 1)

    @cached_property
    def ar(self) -> pd.DataFrame:
        """Abnormal returns, events x days, float64 fractions; NaN where a price or the benchmark is missing."""
        return pd.DataFrame(self.estimates.ar, index=self.events.index, columns=pd.Index(self.days, name="day"))

    @cached_property
    def abnormal_returns(self) -> pd.DataFrame:
        """One row per event and day: event_id, asset, kind, day, session, ret, expected, ar, car, bhar (fractions).

        `car` and `bhar` run from the first day of the event window and are NaN from the first missing day on; `bhar` is
        the product of ``1 + ret`` less the product of ``1 + expected`` (NaN for log returns, which do not compound so).
        """
        return tables.abnormal_returns(self)

    @cached_property
    def audit(self) -> pd.DataFrame:
        """One row per event that came in: event_id, asset, kind, event_time, event_precision, session_hint, rule, day0,
        tradable_from, tradable_rule, benchmark, n_estimation, flags (separated by ``|``; a dropped event has
        ``dropped:<reason>``)."""
        return tables.audit(self)

    @cached_property
    def others(self) -> Neighbours:
        """Which events have other events of the same security in their windows, in the order of the input."""
        return neighbours(self.placed, self.source.design, is_peer(self.all_events))

    def caar(self, by: str | None = "kind") -> pd.DataFrame:
        """Return the average abnormal returns: kind, day, n, aar, caar, low, high.

        `caar` is the mean over events of the abnormal return cumulated from the first day of the event window; `n` are
        the events that have all days up to this one. `low` and `high` are 95 % limits: cross-sectional t(n - 1); for
        one event the prediction interval of its CAR, t(M - k).
        """
        return tables.caar(self, self._groups(by))

    def bhar(self, window: tuple[int, int] | None = None, against: str = "expected") -> pd.DataFrame:
        """Return buy-and-hold abnormal returns over `window` (None: the event window): event_id, asset, kind, n_days, bhar.

        ``prod(1 + R) - prod(1 + B)``, fractions; B is the model's expected return (`against` "expected"), the benchmark's
        ("benchmark") or that of a matched firm (its ticker; Barber and Lyon 1997). NaN where a day is missing.

        Raises
        ------
        SchemaError
            Log returns, or a measure that is no return: neither compounds so.
        AlignmentError
            A window outside the event window.
        UnknownNameError
            An `against` that does not exist.
        """
        return tables.bhar(self, self._window(self.spec.event if window is None else window), against)

    # ------------------------------------------------------------------------------------------------------- tests

    def test(
        self,
        *names: str | Callable,
        windows: Iterable[tuple[int, int]] = ((0, 0),),
        by: str | None = "kind",
        side: str = "two",
        missing: str = "drop",
    ) -> pd.DataFrame:
        """Test the abnormal returns of each group in each window.

        Parameters
        ----------
        names : names of `TESTS`, or callables ``(Sample) -> Statistic``; ``"all"`` for every test; none: the recommended
            test of each group and those worth printing beside it.
        windows : pairs of first and last event day, inside the event window.
        by : column of `events` that makes the groups; "kind" keeps peers apart; "contamination" compares events that
            have other events of the same security in their windows with those that stand alone; None: all together.
        side : "two", "left" (negative effect) or "right" (positive effect).
        missing : what becomes of an event with a missing day in the window: "drop" (it leaves the window's tests) or
            "available" (the days that it has count, in the CAR and in its variance; tests that rank whole windows of
            single events still leave it out).

        Returns
        -------
        DataFrame: test, model, kind, event_id (single-event tests, else NA), window_start, window_end, side, n, n_eff,
        r_bar, effect, se, statistic, df, pvalue, p_min, low, high, distribution, reason, note. A test that is undefined
        here is NaN with a `reason`. One that is inadvisable here is NaN with a `reason` unless it is named; then it is
        computed and `note` says why not to trust it.

        Raises
        ------
        UnknownNameError
            A test, a side or a way with missing days that does not exist.
        SchemaError
            `by` is no column of the events.
        AlignmentError
            A window outside the event window.

        Warns
        -----
        ClusteringWarning, OverlapWarning, UserWarning
            A test was asked for by name that is inadvisable here.

        Examples
        --------
        >>> from backtest import EventStudy
        >>> from backtest.testing import price_panel
        >>> panel = price_panel(effects={("AAA", 300): -0.10})
        >>> table = EventStudy().run(panel.events, panel.prices).test("sq", "car-t", "bmp")
        >>> table[["test", "n", "reason"]].to_dict("split")["data"]
        [['sq', 1, ''], ['car-t', 1, ''], ['bmp', 1, 'one event has no cross-sectional variance']]
        """
        side = lookup(side, {k: (lambda k=v: k) for k, v in SIDES.items()}, "side")()
        lookup(missing, dict.fromkeys(("drop", "available"), str), "missing")
        for name in names:
            if name != ALL:
                lookup(name, TESTS, "test")
        facts = {"model": name_of(self.spec.model), "side": side}
        rows: list[dict[str, Any]] = []
        options: list[str] = []
        doubts: list[tuple[str, str, str]] = []
        for window in self._windows(windows):
            for label, index in self._groups(by).items():
                complete = self._sample(index, window, side)
                partly = complete if missing == "drop" else self._sample(index, window, side, missing)
                about = {**facts, "kind": label, "window_start": window[0], "window_end": window[1]}
                for name, named in _chosen(names, partly[0]):
                    whole = test_name(name) in WHOLE
                    sample, lost = complete if whole else partly
                    outcome = run_test(name, sample, named=named)
                    way = "drop" if whole else missing
                    found = test_rows(about, name, outcome, sample, self._ids(index, window, way), lost)
                    rows, options = rows + found, options + [asked(name, way)] * len(found)
                    if named and computed(outcome) and (doubt := advise(name, sample)):
                        doubts.append((test_name(name), label, doubt))
        warn_doubts(doubts)
        table = tables.tests_table(rows)
        self.ledger.append(entry(table, self.spec, options))
        return table

    def recommended(self, by: str | None = "kind", windows: Iterable[tuple[int, int]] = ((0, 0),)) -> pd.DataFrame:
        """Return the test to trust for each group and window, and why.

        Returns
        -------
        DataFrame: kind, window_start, window_end, n, n_eff, r_bar, test, beside (tests worth printing too, separated by
        ``, ``), reason (one sentence).
        """
        rows = []
        for a, b in self._windows(windows):
            for label, index in self._groups(by).items():
                sample, _ = self._sample(index, (a, b), "two")
                advice, r_bar = recommend(sample), floored(mean_correlation(sample), 0.0)
                about = (label, a, b, sample.n, effective_n(sample.n, r_bar), r_bar if sample.n > 1 else np.nan)
                rows.append((*about, advice.test, ", ".join(advice.beside), advice.reason))
        columns = ["kind", "window_start", "window_end", "n", "n_eff", "r_bar", "test", "beside", "reason"]
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("kind", "test", "beside", "reason"), "str"))

    @property
    def tried(self) -> pd.DataFrame:
        """Every test that was run on this result and its variants, once each: test, model, kind, event_id, window_start,
        window_end, side, study (how the specification differs from the defaults), options (of the test), group (bool: it
        speaks for its whole group), pvalue. Refused ones have no p, and count as not tried."""
        return distinct(self.ledger)

    def variant(self, **changes: Any) -> EventStudyResult:
        """Run the same events and prices under a changed specification; what is tried there is counted in `tried` here."""
        again = replace(self.spec, **changes).run(self.all_events, self.prices)
        return replace(again, ledger=self.ledger)

    def valid_tests(self, by: str | None = "kind", window: tuple[int, int] = (0, 0)) -> pd.DataFrame:
        """Return which test is valid for each group: kind, test, n, valid (bool), reason ("" where valid)."""
        rows = []
        for label, index in self._groups(by).items():
            sample, _ = self._sample(index, self._window(window), "two")
            for name in TESTS:
                reason = advise(name, sample)
                rows.append((label, name, sample.n, not reason, reason))
        return pd.DataFrame(rows, columns=["kind", "test", "n", "valid", "reason"]).astype(
            {"kind": "str", "test": "str"}
        )

    def sample(
        self, window: tuple[int, int] = (0, 0), kind: str | None = None, side: str = "two", missing: str = "drop"
    ) -> Sample:
        """Return what a test would be given: the events of one kind (None: all) in one window."""
        groups = self._groups(None if kind is None else "kind")
        index = lookup(kind, {k: (lambda v=v: v) for k, v in groups.items()}, "kind")() if kind else groups[ALL]
        return self._sample(index, self._window(window), side, missing)[0]

    def subset(self, index: Ints, window: tuple[int, int] = (0, 0), side: str = "two") -> Sample:
        """Return what a test would be given of the events at positions `index` of `events`, those with every day."""
        return self._sample(np.asarray(index), self._window(window), side)[0]

    def samples(self, window: tuple[int, int] = (0, 0), by: str | None = "kind") -> Iterator[tuple[str, Sample]]:
        """Yield each group's label and what a two-sided test of it would be given, labels in order."""
        for label, index in self._groups(by).items():
            yield label, self._sample(index, self._window(window), "two")[0]

    # ------------------------------------------------------------------------------------------------------ output

    def plot(self, by: str | None = "kind", ax: Axes | None = None) -> Axes:
        """Draw the CAAR of each group with its interval; returns the Axes."""
        from backtest import plots

        draw: Any = plots.caar
        return draw(self, by=by, ax=ax)

    def to_html(self, path: str | Path) -> Path:
        """Write the self-contained report to `path` and return it."""
        from backtest.report import write_report

        write_report(self, Path(path))
        return Path(path)

    def __repr__(self) -> str:
        """Return kept and dropped by reason, the CAAR by kind with the recommended test, and what could have been found."""
        return tables.as_text(self)

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        parts = [f"<p><strong>{escape(self.notice)}</strong></p>"] if self.notice else []
        parts += [f"<p>{escape(line)}</p>" for line in tables.headlines(self)]
        parts.append(tables.summary(self).to_html(index=False, escape=True, na_rep="–"))
        parts += [f"<p>{escape(line)}</p>" for line in tables.closing_lines(self)]
        return "\n".join(parts)

    # ----------------------------------------------------------------------------------------------------- helpers

    def _groups(self, by: str | None) -> dict[str, Ints]:
        """Return positions of the kept events by group label, labels in order."""
        if by is None:
            return {ALL: np.arange(len(self.events))}
        if by == "contamination" and by not in self.events.columns:
            mixed = (self.others.in_event | self.others.in_estimation)[self.kept]
            return {k: np.flatnonzero(m) for k, m in (("mixed", mixed), ("stand-alone", ~mixed)) if m.any()}
        if not isinstance(by, Hashable) or by not in self.events.columns:
            raise SchemaError(
                f"by={by!r}: no such column of the events; there are {offenders(self.events.columns, 12)}"
            )
        labels = group_labels(self.events) if by == "kind" else self.events[by].astype("str").fillna("")
        codes, names = pd.factorize(labels)
        ordered = sorted((str(name), code) for code, name in enumerate(names))
        return {name: np.flatnonzero(codes == code) for name, code in ordered}

    def _windows(self, windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        if not isinstance(windows, Iterable):
            raise AlignmentError(f"windows={windows!r}: a list of pairs, first and last day: windows=[(0, 1)]")
        return [self._window(window) for window in windows]

    def _window(self, window: tuple[int, int]) -> tuple[int, int]:
        try:
            a, b = (operator.index(day) for day in window)
        except (TypeError, ValueError):
            raise AlignmentError(
                f"test window {window!r}: two whole numbers, first and last day, in a list: windows=[(0, 1)]"
            ) from None
        if a > b:
            raise AlignmentError(f"test window ({a}, {b}): the first day must not lie after the last")
        first, last = self.spec.event
        if not first <= a <= b <= last:
            raise AlignmentError(
                f"test window ({a}, {b}) is not inside the event window ({first}, {last}); "
                f"give one that is, e.g. windows=[({first}, {last})]"
            )
        return a, b

    def _usable(self, index: Ints, window: tuple[int, int], missing: str = "drop") -> NDArray[np.bool_]:
        """Return which of the events have every day of the window, or with "available" any of them."""
        first = self.spec.event[0]
        present = np.isfinite(self.estimates.ar[index, window[0] - first : window[1] - first + 1])
        return np.asarray(present.all(axis=1) if missing == "drop" else present.any(axis=1))

    def _ids(self, index: Ints, window: tuple[int, int], missing: str) -> tuple[pd.Index, pd.Index]:
        """Return ids of the events that are used in the window, and of those that are not."""
        usable = self._usable(index, window, missing)
        return self.events.index[index[usable]], self.events.index[index[~usable]]

    def _sample(self, index: Ints, window: tuple[int, int], side: str, missing: str = "drop") -> tuple[Sample, int]:
        """Return the sample of usable events, and how many are not."""
        used = index[self._usable(index, window, missing)]
        e = self.estimates.take(used)
        codes = pd.factorize(self.events["asset"])[0]
        sample = Sample(
            window=window, first_day=self.spec.event[0], ar=e.ar, s2=e.s2, df=e.df, n_obs=e.n_obs, days=e.days,
            asset=codes[used].astype(np.int64), source=lambda part: self.source(used[part]), root=e.root, scale=e.scale,
            side=side, available=missing == "available", observed=lambda: _observed(self.source.take(used)),
        )  # fmt: skip
        return sample, len(index) - len(used)


def _observed(source: ResidualSource) -> tuple[F, F] | None:
    """Return raw returns (n, L) and the model's regressors (n, L, K) on the event days; None where it has none."""
    design, inputs = source.design, source.design.inputs
    if inputs.peers or inputs.gaps:
        return None
    days = design.columns(design.event)
    n, length = len(source.row), days.stop - days.start
    returns, regressors = np.full((n, length), np.nan), np.empty((n, length, 0))
    for code, panels in source.panels.items():
        mine = np.flatnonzero(source.market == code)
        own, x, _ = panels.block(source.row[mine], source.position[mine])
        x = x[:, days, : x.shape[2] - inputs.steps]  # a count of days explains no return
        if not regressors.shape[2]:
            regressors = np.full((n, length, x.shape[2]), np.nan)
        returns[mine], regressors[mine] = own[:, days], x
    return (returns, regressors) if regressors.shape[2] else None


def _chosen(names: tuple[str | Callable, ...], sample: Sample) -> list[tuple[str | Callable, bool]]:
    """Return the tests to run for one group with whether the user named them."""
    if not names:
        return [(name, False) for name in defaults(sample)]
    if ALL in names:
        return [(name, name in names) for name in TESTS] + [(n, True) for n in names if callable(n)]
    return [(name, True) for name in names]
