"""The specification curve: one question asked in every defensible way (Simonsohn, Simmons and Nelson 2020).

Variants share what they have in common: events are normalised once, panels are built once per set of regressors, events are
placed once per reading of a date, and one estimation serves all event windows.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backtest.align import KEPT, Alignment, align
from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError
from backtest.estimate import Estimates, estimate
from backtest.frames import add_peers, normalise_events
from backtest.inference import TESTS
from backtest.labels import count
from backtest.market import Market, build_markets, require_overlap
from backtest.measures import measured
from backtest.models import MODELS
from backtest.models.base import CALLABLE_INPUTS
from backtest.models.registry import inputs_of
from backtest.registry import lookup, name_of
from backtest.result import EventStudyResult
from backtest.study import EventStudy, as_prices, known_tickers, own_instruments
from backtest.windows import Design

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backtest.prices import Prices

Key = tuple[Any, ...]
_FOUND = ("kind", "chosen", "n", "estimate", "low", "high", "pvalue", "note")


@dataclass(frozen=True)
class Sweep:
    """Variants of a study, the chosen one first.

    study : the chosen specification. variants : all specifications, each once. events, prices : what `run` uses where it is
    given nothing. skipped : combinations that are no specification (windows that overlap), with the reason.
    """

    study: EventStudy
    variants: tuple[EventStudy, ...]
    skipped: tuple[str, ...] = ()
    events: pd.DataFrame | None = None
    prices: Prices | pd.DataFrame | None = None

    def __len__(self) -> int:
        """Return the number of variants."""
        return len(self.variants)

    def __repr__(self) -> str:
        """Return the number of variants and how to run them, not the data."""
        return f"Sweep({len(self)} variants, {len(self.skipped)} skipped; .run(events, prices) makes the table)"

    def run(
        self, events: pd.DataFrame | None = None, prices: Prices | pd.DataFrame | None = None, by: str | None = None,
        window: tuple[int, int] = (0, 0), test: str | Callable = "bmp", progress: Callable[[int, int], None] | None = None,
    ) -> SweepResult:  # fmt: skip
        """Run every variant.

        Parameters
        ----------
        events, prices : as for `EventStudy.run`. by : column that makes groups; None: all events together.
        window : test window, inside every variant's event window.
        test : name of a test of groups, or a callable; the interval is that of the test, or else cross-sectional.
        progress : called as ``progress(variants done, variants)``.

        Raises
        ------
        SchemaError
            No events or prices. AlignmentError: no variant has an event left, or the window is outside an event window.
        """
        events = self.events if events is None else events
        prices = self.prices if prices is None else prices
        if events is None or prices is None:
            raise SchemaError("a sweep needs events and prices: sweep(study, ...).run(events, prices)")
        lookup(test, TESTS, "test")
        for spec in self.variants:
            if not spec.event[0] <= window[0] <= window[1] <= spec.event[1]:
                raise AlignmentError(f"test window {tuple(window)} is not inside the event window {spec.event}")
        rows = []
        for done, (spec, result) in enumerate(_results(self.variants, events, prices), 1):
            rows += _rows(spec, result, by, window, test, spec == self.study)
            if progress is not None:
                progress(done, len(self.variants))
        table = pd.DataFrame(rows)
        if table["estimate"].isna().all():
            raise AlignmentError(
                f"none of the {len(self)} variants has an event left; first reason: {table['note'].iloc[0]}"
            )
        return SweepResult(_ordered(table), name_of(test), as_prices(prices, self.study.benchmark).notice)


@dataclass(frozen=True, eq=False)
class SweepResult:
    """The estimates of all variants.

    table : kind, chosen (bool), one column per field of the specification that varies, n, estimate, low, high, pvalue, note;
    by kind and estimate. test : the test that gave the p-values. notice : from the prices.
    """

    table: pd.DataFrame
    test: str
    notice: str = ""

    def __repr__(self) -> str:
        """Return the number of variants, the test, the summary per kind and the notice as text."""
        return "\n".join(filter(None, (self._headline(), self.summary().to_string(index=False), self.notice)))

    def _repr_html_(self) -> str:
        from html import escape

        head, notice = escape(self._headline()), escape(self.notice)
        table = self.summary().to_html(index=False, float_format=lambda v: f"{v:,.4f}", na_rep="–")
        return f"<p>{head}</p>{table}" + (f"<p><strong>{notice}</strong></p>" if notice else "")

    def _headline(self) -> str:
        kinds = self.table["kind"].nunique()
        return f"Sweep: {count(len(self.table), 'estimate')}, {count(kinds, 'kind')}, p-values of {self.test}"

    def summary(self) -> pd.DataFrame:
        """Return per kind: variants, median, least and largest estimate, share of the chosen sign, share with p <= 5 %."""
        rows = []
        for kind, part in self.table.groupby("kind", sort=True):
            known = part.dropna(subset=["estimate"])
            chosen = known.loc[known["chosen"], "estimate"]
            own = float(chosen.iloc[0]) if len(chosen) else np.nan
            values = known["estimate"]
            rows.append(
                {
                    "kind": kind, "variants": len(part), "chosen": own, "median": values.median(), "least": values.min(),
                    "largest": values.max(), "same_sign": float((np.sign(values) == np.sign(own)).mean()),
                    "significant": float((known["pvalue"] <= 0.05).mean()),
                }
            )  # fmt: skip
        return pd.DataFrame(rows).astype({"kind": "str"})

    def plot(self, kind: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the estimates of one kind (None: the first) in order of size with their intervals, the chosen one marked."""
        from backtest import plots

        kinds = list(dict.fromkeys(self.table["kind"]))
        kind = kinds[0] if kind is None else lookup(kind, {k: (lambda k=k: k) for k in kinds}, "kind")()
        part = self.table[self.table["kind"] == kind].dropna(subset=["estimate"])
        varies = [c for c in part if c not in _FOUND]
        words = (
            part[varies].astype("str").agg(", ".join, axis=1) if varies else pd.Series("as chosen", index=part.index)
        )
        return plots.specification_curve(part.assign(spec=words, effect=part["estimate"]), self.notice, ax=ax)


def sweep(
    study: EventStudy,
    events: pd.DataFrame | None = None,
    prices: Prices | pd.DataFrame | None = None,
    **axes: Iterable[Any],
) -> Sweep:
    """Return all variants of a study: every combination of the values given for fields of `EventStudy`.

    The chosen study is always among them. ``sweep(study, model=["market", "ff3"], event=[(-1, 1), (-5, 10)])``. Combinations
    whose windows overlap are left out and named in `skipped`.

    Raises
    ------
    SchemaError
        A name that is no field of `EventStudy`, or a field without values.
    AlignmentError
        Every combination is impossible. UnknownNameError: a model (or policy) that does not exist.

    Examples
    --------
    >>> from backtest.testing import price_panel
    >>> panel = price_panel()
    >>> variants = sweep(EventStudy(event=(-1, 1)), panel.events, panel.prices, model=["market", "constant-mean"])
    >>> len(variants.variants)
    2
    """
    names = {f.name for f in fields(EventStudy)}
    values = {name: list(given) if not isinstance(given, str) else [given] for name, given in axes.items()}
    wrong = [name for name in values if name not in names or not values[name]]
    if wrong:
        raise SchemaError(
            f"sweep: {wrong[0]!r} is no field of EventStudy with values to try; fields: {', '.join(sorted(names))}"
        )
    found, skipped = [study], []
    for combination in product(*values.values()):
        changes = dict(zip(values, combination, strict=True))
        try:
            found.append(replace(study, **changes))
        except AlignmentError as error:
            skipped.append(f"{changes}: {error}")
    if len(found) == 1 and skipped:
        raise AlignmentError(f"sweep: no combination is possible; {skipped[0]}")
    return Sweep(study, tuple(dict.fromkeys(found)), tuple(skipped), events, prices)


def _results(
    variants: tuple[EventStudy, ...], events: pd.DataFrame, prices: Prices | pd.DataFrame
) -> Iterator[tuple[EventStudy, EventStudyResult | str]]:
    """Yield each variant with its result, or with the reason why there is none; neighbours share their work."""
    table = normalise_events(events)
    bench: dict[Key, Any] = {}
    for spec in sorted(variants, key=lambda s: [str(k) for k in _family(s)]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DroppedEventsWarning)
            try:
                yield spec, _one(spec, variants, table, prices, bench)
            except AlignmentError as error:
                yield spec, str(error)


def _family(spec: EventStudy) -> Key:
    """Return what variants must share to be served by one estimation."""
    return (
        spec.measure, spec.returns, spec.peers, spec.benchmark or "", name_of(spec.model), spec.date_only, spec.estimation,
        spec.contamination,
    )  # fmt: skip


def _one(
    spec: EventStudy,
    variants: tuple[EventStudy, ...],
    table: pd.DataFrame,
    prices: Prices | pd.DataFrame,
    bench: dict[Key, Any],
) -> EventStudyResult:
    """Return the result of one variant from what is on the bench, making there what is missing."""
    if spec.contamination != "keep":
        return spec.run(table, prices)
    panel = _kept(bench, ("prices", spec.benchmark, spec.measure, spec.returns),
                  lambda: measured(as_prices(prices, spec.benchmark), spec.measure, spec.returns))  # fmt: skip
    events = _kept(
        bench, ("events", spec.peers), lambda: add_peers(table, own_instruments(panel)) if spec.peers else table
    )
    inputs = inputs_of(spec.model)
    place = (spec.measure, spec.returns, spec.benchmark, spec.peers, inputs)
    assets = events["asset"].unique().tolist()
    markets: list[Market] = _kept(
        bench, ("markets", *place), lambda: build_markets(panel, assets, inputs, spec.benchmark)
    )
    require_overlap(markets, inputs)
    needed = inputs.market and inputs != CALLABLE_INPUTS
    placed: Alignment = _kept(
        bench, ("placed", *place, needed, spec.date_only),
        lambda: align(events, markets, known_tickers(assets, markets, panel), spec.date_only, needed),
    )  # fmt: skip
    family = [s for s in variants if _family(s) == _family(spec)]
    widest = min(s.event[0] for s in family), max(s.event[1] for s in family)
    if widest[0] <= spec.estimation[1] and spec.estimation[0] <= widest[1]:
        widest = spec.event
    whole = _kept(
        bench,
        ("estimates", _family(spec), spec.model, widest),
        lambda: _estimated(spec, markets, placed, widest),
        only=True,
    )
    return spec.assembled(events, panel, markets, placed, placed.reason, whole.within(spec.event))


def _estimated(spec: EventStudy, markets: list[Market], placed: Alignment, widest: tuple[int, int]) -> Estimates:
    design = Design(widest, spec.estimation, lookup(spec.model, MODELS, "model"), inputs_of(spec.model))
    usable = np.flatnonzero(placed.reason == KEPT)
    return estimate(markets, placed.market[usable], placed.row[usable], placed.position[usable], design)


def _kept(bench: dict[Key, Any], key: Key, make: Callable[[], Any], only: bool = False) -> Any:
    """Return what is on the bench under `key`; `only`: its kind takes much room, so an older one makes way."""
    if key not in bench:
        if only:
            for old in [k for k in bench if k[0] == key[0]]:
                del bench[old]
        bench[key] = make()
    return bench[key]


def _rows(
    spec: EventStudy,
    result: EventStudyResult | str,
    by: str | None,
    window: tuple[int, int],
    test: str | Callable,
    chosen: bool,
) -> list[dict[str, Any]]:
    """Return one row per group of one variant."""
    about = {"chosen": chosen} | {f.name: _shown(getattr(spec, f.name)) for f in fields(spec)}
    nothing = {"n": 0, "estimate": np.nan, "low": np.nan, "high": np.nan, "pvalue": np.nan}
    if isinstance(result, str):
        return [{"kind": "all", **about, **nothing, "note": result}]
    rows = []
    for label, sample in result.samples(window, by):
        outcome = lookup(test, TESTS, "test")(sample) if sample.n else None
        found = nothing
        if outcome is not None:
            values = {"estimate": sample.car.mean(), "low": outcome.low, "high": outcome.high, "pvalue": outcome.pvalue}
            found = {"n": sample.n} | {k: float(np.mean(v)) if np.ndim(v) else float(v) for k, v in values.items()}
        note = "" if outcome is None else str(outcome.reason)
        rows.append({"kind": label, **about, **found, "note": note})
    return rows


def _shown(value: Any) -> Any:
    return (
        name_of(value)
        if callable(value)
        else str(value)
        if isinstance(value, tuple)
        else ""
        if value is None
        else value
    )


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by kind and estimate with the columns that vary."""
    names = [f.name for f in fields(EventStudy)]
    constant = [name for name in names if len(set(table[name].astype("str"))) == 1]
    table = table.drop(columns=constant).sort_values(["kind", "estimate"], kind="stable", ignore_index=True)
    return table.astype({"kind": "str", "note": "str", "n": "int64"})
