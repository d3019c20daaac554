"""`EventStudy`: what to measure; its `run` measures it and returns a frozen result."""

from __future__ import annotations

import math
import operator
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.align import CODES, KEPT, Alignment, align, judged
from backtest.clock import DATE_ONLY
from backtest.contamination import POLICIES, is_peer, neighbours
from backtest.errors import AlignmentError, DroppedEventsWarning, SchemaError, offenders
from backtest.estimate import NOTHING_HIDDEN, PERFECT, Design, Estimates, common_calendar, estimate
from backtest.frames import DROP_REASONS, add_peers, dropped_table, normalise_events
from backtest.instruments import load_instruments
from backtest.market import Market, build_markets, require_overlap
from backtest.measures import measured
from backtest.models import MODELS
from backtest.models.base import CALLABLE_INPUTS, Inputs, Model
from backtest.models.registry import inputs_of
from backtest.registry import lookup, name_of
from backtest.result import EventStudyResult

if TYPE_CHECKING:
    from backtest.prices import Prices

Ints = NDArray[np.int64]

MIN_SHARE = 0.7
#: Sessions from the event beyond which no window can reach: four centuries.
FURTHEST = 100_000
MEASURES = ("return", "volume", "volatility")
KINDS = ("", "simple", "log")
_UNCERTAIN = "bt.uncertain studies events of which no day is known"


@dataclass(frozen=True)
class EventStudy:
    """Specification of an event study; immutable, reusable on any events and prices.

    Parameters
    ----------
    event : first and last day of the event window, in sessions of the security's own exchange; day 0 is the event.
    estimation : first and last day of the estimation window; it may not overlap the event window.
    model : name of a model of the normal return (`MODELS`), or a callable ``(r_est, f_est, f_evt) -> NormalReturns``.
    benchmark : benchmark for all securities; None takes each instrument's own.
    date_only : where only the date of the news is known and no hint: "same" (that date if it is a session, else the
        next one) or "next" (the session after it).
    min_obs : least number of estimation observations; None is 70 % of the estimation window.
    peers : True adds one row per listed peer of every issuer (role "peer").
    contamination : what to do with other events of the same security inside the windows: "keep" (flagged in the
        audit), "mask" (their days, -1 to +1, count as missing) or "drop" (events with another one in the event window
        leave as `contaminated`; in the estimation window its days are masked).
    measure : "return"; "volume" (log of traded volume against the benchmark's volume or, without one, the mean of the other
        securities of the exchange) or "volatility" (absolute return against the benchmark's). "abnormal return" then reads
        abnormal volume or volatility. Volumes differ in level: the model "market-adjusted" leaves that in, others take it out.
    returns : "simple" or "log"; "" takes simple returns of prices, and returns that were handed over as they are.

    Raises
    ------
    AlignmentError
        A window that ends before it begins, windows that overlap, `min_obs` beyond the estimation window.
    UnknownNameError
        A `model`, `date_only`, `contamination`, `measure` or `returns` that does not exist.

    Examples
    --------
    >>> from backtest.testing import price_panel
    >>> panel = price_panel(effects={("AAA", 300): -0.10, ("BBB", 320): 0.06})
    >>> result = EventStudy(event=(-2, 2)).run(panel.events, panel.prices)
    >>> result.ar[0].round(2).tolist()
    [-0.1, 0.06]
    """

    event: tuple[int, int] = (-5, 10)
    estimation: tuple[int, int] = (-260, -11)
    model: str | Model = "market"
    benchmark: str | None = None
    date_only: str = "same"
    min_obs: int | None = None
    peers: bool = False
    contamination: str = "keep"
    measure: str = "return"
    returns: str = ""

    def __post_init__(self) -> None:
        """Check the windows and the names."""
        for name in ("event", "estimation"):
            object.__setattr__(self, name, _window(getattr(self, name), name))
        (a, b), (e0, e1) = self.event, self.estimation
        if a <= e1 and e0 <= b:
            raise AlignmentError(
                f"event window ({a}, {b}) overlaps the estimation window ({e0}, {e1}); "
                f"let the estimation end before day {a}, e.g. estimation=({e0 - e1 + a - 1}, {a - 1})"
            )
        lookup(self.model, MODELS, "model")
        for name, known in (
            ("date_only", DATE_ONLY),
            ("contamination", POLICIES),
            ("measure", MEASURES),
            ("returns", KINDS),
        ):
            lookup(getattr(self, name), dict.fromkeys(known, str), name)
        length = e1 - e0 + 1
        if self.min_obs is not None and not _is_count(self.min_obs, length):
            raise AlignmentError(
                f"min_obs={self.min_obs!r}: it must lie between 2 and the {length} days of the estimation window"
            )

    def _repr_html_(self) -> str:
        """Return the settings for a notebook."""
        from backtest.cards import study_html

        return study_html(self)

    @property
    def least_observations(self) -> int:
        """Number of estimation observations below which an event is dropped."""
        length = self.estimation[1] - self.estimation[0] + 1
        return math.ceil(MIN_SHARE * length) if self.min_obs is None else self.min_obs

    def run(
        self, events: pd.DataFrame, prices: Prices | pd.DataFrame, progress: Callable[[int, int], None] | None = None
    ) -> EventStudyResult:
        """Measure the abnormal returns of `events` on `prices`.

        Parameters
        ----------
        events : events table; `asset` and `event_time` (or `date`) are enough.
        prices : `Prices`, or a wide frame of closing prices that holds the benchmark in column `benchmark`.
        progress : called as ``progress(done, total)`` with counts of events.

        Warns
        -----
        DroppedEventsWarning
            Some events could not be used; `result.dropped` lists them with reasons.

        Raises
        ------
        AlignmentError
            No event is left, or a benchmark does not overlap the prices.
        SchemaError, UnknownNameError
            Events or prices outside their contracts; an unknown benchmark.
        """
        prices = measured(as_prices(prices, self.benchmark), self.measure, self.returns)
        events = normalise_events(events)
        if self.peers:
            events = add_peers(events, own_instruments(prices))
        inputs = inputs_of(self.model)
        assets = np.asarray(events["asset"].unique(), dtype=object).tolist()
        markets = build_markets(prices, assets, inputs, self.benchmark)
        require_overlap(markets, inputs)
        known = known_tickers(assets, markets, prices)
        placed = align(events, markets, known, self.date_only, inputs.market and inputs != CALLABLE_INPUTS)
        return self._measure(events, prices, markets, placed, inputs, progress)

    def _measure(
        self, events: pd.DataFrame, prices: Prices, markets: list[Market], placed: Alignment, inputs: Inputs,
        progress: Callable[[int, int], None] | None,
    ) -> EventStudyResult:  # fmt: skip
        """Estimate what is placed, drop what cannot be used, and put the result together."""
        design = Design(self.event, self.estimation, lookup(self.model, MODELS, "model"), inputs)
        others = None if self.contamination == "keep" else neighbours(placed, design, is_peer(events))
        reason = placed.reason.copy()
        if others is not None and self.contamination == "drop":
            reason[(reason == KEPT) & others.in_event] = CODES["contaminated"]
        usable = np.flatnonzero(reason == KEPT)
        where = (placed.market[usable], placed.row[usable], placed.position[usable])
        hidden = NOTHING_HIDDEN if others is None else others.hidden.take(usable)
        estimates = estimate(markets, *where, design, _counter(progress, len(usable)), hidden)
        return self.assembled(events, prices, markets, placed, reason, estimates)

    def assembled(
        self, events: pd.DataFrame, prices: Prices, markets: list[Market], placed: Alignment, reason: Ints,
        estimates: Estimates,
    ) -> EventStudyResult:  # fmt: skip
        """Return the result of estimates of the events whose `reason` is -1; those that cannot be used are dropped."""
        reason, usable = reason.copy(), np.flatnonzero(reason == KEPT)
        reason[usable] = self._judge(estimates)
        n_obs = np.zeros(len(events), dtype=np.int64)
        n_obs[usable] = estimates.n_obs
        kept = np.flatnonzero(reason == KEPT)
        if not len(kept):
            raise AlignmentError(_all_dropped(events, reason, self))
        if len(kept) < len(events):
            warnings.warn(_some_dropped(reason), DroppedEventsWarning, stacklevel=4)
        estimates = estimates.take(np.searchsorted(usable, kept))
        return EventStudyResult(
            spec=self, events=events if len(kept) == len(events) else events.iloc[kept], dropped=_dropped(events, reason),
            prices=prices, estimates=estimates, source=estimates.source, calendar=common_calendar(markets), all_events=events,
            placed=placed, reasons=reason, n_estimation=n_obs, kept=kept,
        )  # fmt: skip

    def _judge(self, found: Estimates) -> Ints:
        """Return the reason of each estimated event, -1 where it can be used."""
        flat = ~(found.s2 > PERFECT**2)
        # Too few rows for the parameters are no rows.
        n_obs = np.where(found.df <= 0, 0, found.n_obs)
        return judged(
            self.event, self.least_observations, found.ar, n_obs, flat, lambda blank: found.take(blank).returns
        )


def as_prices(prices: Prices | pd.DataFrame, benchmark: str | None = None) -> Prices:
    """Return `Prices`; a wide frame of closing prices is taken as it is, with `benchmark` (default ^STOXX) among its columns."""
    from backtest.prices import Prices as Panel

    if isinstance(prices, Panel):
        return prices
    if isinstance(prices, pd.DataFrame):
        return Panel.from_frame(prices, benchmark or "^STOXX")
    raise SchemaError(f"prices must be Prices or a wide DataFrame of closing prices, not {type(prices).__name__}")


def _is_count(value: Any, most: int) -> bool:
    """Return whether a value is a whole number from 2 to `most`."""
    try:
        return 2 <= operator.index(value) <= most
    except TypeError:
        return False


def _window(value: Any, name: str) -> tuple[int, int]:
    """Return a window as two integers."""
    try:
        first, last = (operator.index(day) for day in value)
    except (TypeError, ValueError):
        raise AlignmentError(f"{name}={value!r}: a window is two integers, first and last day, e.g. (-5, 10)") from None
    if first > last:
        raise AlignmentError(f"{name}=({first}, {last}): the first day must not lie after the last")
    if max(abs(first), abs(last)) > FURTHEST:
        raise AlignmentError(f"{name}=({first}, {last}): days beyond {FURTHEST:,} lie outside any price history")
    return first, last


def known_tickers(assets: list[str], markets: list[Market], prices: Prices) -> list[str]:
    """Return the tickers that are known at all; nobody asks where every asset has prices."""
    if {ticker for market in markets for ticker in market.tickers}.issuperset(assets):
        return []
    return [name for table in (load_instruments(), prices.instruments) for name in table.index] + prices.tickers


def own_instruments(prices: Prices) -> pd.DataFrame:
    """Return the instruments table for peers: the prices' own where it names any, else the one that ships."""
    own = prices.instruments
    return own if "peers" in own and own["peers"].fillna("").ne("").any() else load_instruments()


def _counter(progress: Callable[[int, int], None] | None, total: int) -> Callable[[int], None] | None:
    """Turn ``progress(done, total)`` into a function of the number just done."""
    if progress is None:
        return None
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return advance


def _dropped(events: pd.DataFrame, reason: Ints) -> pd.DataFrame:
    lost = np.flatnonzero(reason != KEPT)
    return _dropped_rows(events, reason, lost) if len(lost) else _nothing_dropped().copy()


@cache
def _nothing_dropped() -> pd.DataFrame:
    return dropped_table([])


def _dropped_rows(events: pd.DataFrame, reason: Ints, lost: Ints) -> pd.DataFrame:
    rows = events.iloc[lost]
    columns = {"event_id": rows.index.array, "asset": rows["asset"].fillna("").array, "kind": rows["kind"].array}
    frame = pd.DataFrame(columns)
    frame["reason"] = pd.Categorical.from_codes(reason[lost], categories=pd.Index(DROP_REASONS, dtype="str"))
    return frame


def _counts(reason: Ints) -> str:
    codes, counts = np.unique(reason[reason != KEPT], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return ", ".join(f"{counts[i]} {DROP_REASONS[codes[i]]}" for i in order)


def _some_dropped(reason: Ints) -> str:
    lost = int((reason != KEPT).sum())
    way = f"; {_UNCERTAIN}" if (reason == CODES["imprecise-date"]).any() else ""
    return f"{lost} of {len(reason)} events dropped ({_counts(reason)}): the table `dropped` lists them{way}"


def _all_dropped(events: pd.DataFrame, reason: Ints, spec: EventStudy) -> str:
    assets = offenders(sorted(set(events["asset"].fillna(""))))
    cover = (
        f"check that the prices cover days {spec.estimation[0]} to {spec.event[1]} around the events, "
        "or shorten estimation= and event="
    )
    needs = "needs a benchmark: add one to the prices (benchmark=)"
    if spec.measure == "volume":
        needs = "needs the volume of other securities, or of the benchmark: add some, or take model='constant-mean'"
    ways = {
        CODES["imprecise-date"]: _UNCERTAIN,
        CODES["degenerate-estimation"]: "the model leaves no residual variance: lengthen estimation=, "
        "or check that prices and benchmark move and differ",
        CODES["no-benchmark"]: f"the model {name_of(spec.model)!r} {needs}",
    }
    way = "; ".join(dict.fromkeys(ways.get(int(code), cover) for code in np.unique(reason[reason != KEPT])))
    return f"all {len(events)} events dropped ({_counts(reason)}); tickers {assets}; {way}"
