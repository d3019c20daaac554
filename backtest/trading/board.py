"""The board: all prices of a run as dense arrays, every security on the sessions of its own exchange.

A security's prices are rows of padded (securities, sessions) panels; position p of row a is the p-th session of that
security's exchange. Moments within a session are ordered by *ticks*: ``3 * p`` is its open, ``3 * p + 1`` the trading
between, ``3 * p + 2`` its close. The portfolio lives on the union of all exchanges' sessions ("global" positions).
Benchmarks are rows as well, behind the securities, so that a hedge is a position like any other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.clock import Calendar, calendar, calendar_from_sessions
from backtest.errors import AlignmentError
from backtest.market import benchmark_levels
from backtest.trading.actions import chosen, corporate, undone
from backtest.trading.currency import held_words, rates_to_base, units_of

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OPEN, RANGE, CLOSE = 0, 1, 2
#: A tick that never comes.
NEVER = np.int64(2**60)


@dataclass(frozen=True, eq=False)
class Board:
    """Prices of n rows (securities, then benchmarks) on at most T sessions of their own exchanges.

    Attributes
    ----------
    tickers : names of the rows; the first `securities` of them are securities, the others benchmarks.
    calendars : one per exchange; `market_of` (n,) says which is a row's.
    close, open, high, low : (n, T) as quoted, split-adjusted by what had happened up to that session; NaN where there is
        no price, and everywhere on a session without a trade.
    dividend, factor : (n, T) dividend per split-adjusted share (zero where none), cumulated split factor; None where
        the prices carry no actions.
    value : (n, T) traded volume times close as quoted, NaN unknown; None where the prices have no volume.
    sessions : (G,) naive datetime64[us], union over the exchanges; `gpos` (markets, T) maps own to global positions.
    start : global position of the session before the first event, where accounts begin.
    mark : (G, n) last close in the base currency, NaN before the first.
    rate : (G, currencies) units of the base currency for one unit; `currency_of` (n,) indexes `currencies`.
    quote : (n,) quoted units in one unit of currency (100 for pence).
    benchmark_of : (n,) row of each security's benchmark, -1 none; one that is loaded as a security too has one row.
    rates_held : currencies other than the account's whose rate is one throughout, because none was given.
    """

    tickers: tuple[str, ...]
    securities: int
    calendars: tuple[Calendar, ...]
    market_of: Ints
    close: F
    open: F
    high: F
    low: F
    has_open: bool
    has_range: bool
    dividend: F | None
    factor: F | None
    value: F | None
    sessions: NDArray[np.datetime64]
    start: int
    gpos: Ints
    mark: F
    rate: F
    currencies: tuple[str, ...]
    currency_of: Ints
    quote: F
    benchmark_of: Ints
    prices: Prices
    rates_held: tuple[str, ...] = ()

    @property
    def notice(self) -> str:
        """What every reader of a number must see: of the prices, and that exchange rates were assumed; "" for neither."""
        return "; ".join(word for word in (self.prices.notice, held_words(self.rates_held)) if word)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each security."""
        return {t: i for i, t in enumerate(self.tickers[: self.securities])}

    @cached_property
    def lengths(self) -> Ints:
        """Number of sessions of each row's exchange, (n,)."""
        return np.array([len(c) for c in self.calendars], dtype=np.int64)[self.market_of]

    @cached_property
    def traded(self) -> Bools:
        """Whether a row traded in a session, (n, T)."""
        return np.isfinite(self.close)

    @cached_property
    def next_traded(self) -> Ints:
        """Position of the first session at or after each with a trade, (n, T + 1); T where none follows."""
        return next_true(self.traded)

    @cached_property
    def next_open(self) -> Ints:
        """Position of the first session at or after each with an opening price, (n, T + 1); T where none follows."""
        return next_true(np.isfinite(self.open))

    @cached_property
    def returns(self) -> F:
        """Simple returns with dividends, (n, T): NaN where this session or the one before has no price."""
        paid = self.close if self.dividend is None else self.close + self.dividend
        out = np.full(self.close.shape, np.nan)
        np.divide(paid[:, 1:], self.close[:, :-1], out=out[:, 1:])
        out[:, 1:] -= 1.0
        return out

    @cached_property
    def days(self) -> Ints:
        """Global sessions as days since 1970, (G,)."""
        return self.sessions.astype("datetime64[D]").astype(np.int64)

    @cached_property
    def cost_columns(self) -> dict[str, F]:
        """Cost columns (`*_bps*`) of the instruments table, by name, (n,); NaN where unknown."""
        table = self.prices.instruments.reindex(list(self.tickers))
        names = [c for c in table.columns if "_bps" in str(c)]
        return {
            str(c): pd.to_numeric(table[c], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan) for c in names
        }

    @cached_property
    def instants(self) -> Ints:
        """UTC of each open and close in microseconds, (markets, T, 2)."""
        out = np.zeros((len(self.calendars), self.close.shape[1], 2), dtype=np.int64)
        for m, cal in enumerate(self.calendars):
            out[m, : len(cal), 0], out[m, : len(cal), 1] = cal.opens.astype(np.int64), cal.closes.astype(np.int64)
        return out

    @cached_property
    def base_dividend(self) -> F | None:
        """Dividend per split-adjusted share in the base currency on global sessions, (G, n); None without actions."""
        if self.dividend is None:
            return None
        out = np.zeros(self.mark.shape)
        for m, cal in enumerate(self.calendars):
            mine = np.flatnonzero(self.market_of == m)
            out[np.ix_(self.gpos[m, : len(cal)], mine)] = self.dividend[mine, : len(cal)].T
        return out * self.rate[:, self.currency_of] / self.quote

    @cached_property
    def benchmark_column(self) -> Ints:
        """Column of each row's benchmark among those of the prices, -1 where it has none, (n,)."""
        place = {str(name): i for i, name in enumerate(self.prices.benchmarks.columns)}
        of = [place.get(self.tickers[i], -1) if i >= 0 else -1 for i in self.benchmark_of.tolist()]
        return np.array(of, dtype=np.int64)

    @cached_property
    def benchmark_returns(self) -> F:
        """Return of each benchmark on the sessions of each exchange, (markets, benchmarks, T): levels, not joined dates."""
        names = list(self.prices.benchmarks.columns)
        out = np.full((len(self.calendars), len(names), self.close.shape[1]), np.nan)
        for m, cal in enumerate(self.calendars):
            for b, name in enumerate(names):
                mic = str(self.prices.instruments["mic"].get(name, "")) if "mic" in self.prices.instruments else ""
                levels = benchmark_levels(self.prices.benchmarks[name], mic, cal)
                out[m, b, 1 : len(cal)] = levels[1:] / levels[:-1] - 1.0
        return out

    def global_of(self, row: Ints, position: Ints) -> Ints:
        """Return global positions of own positions."""
        return self.gpos[self.market_of[row], position]

    def date_of(self, row: Ints, position: Ints) -> NDArray[np.datetime64]:
        """Return session dates of own positions."""
        return self.sessions[self.global_of(row, position)]

    def in_base(self, row: Ints, position: Ints, price: F) -> F:
        """Return quoted prices of sessions in the base currency."""
        return price * self.rate[self.global_of(row, position), self.currency_of[row]] / self.quote[row]


def build_board(
    prices: Prices,
    currency: str,
    since: np.datetime64,
    fx: Prices | pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
    assets: Collection[str] | None = None,
) -> Board:
    """Return the board of all securities and benchmarks of `prices`.

    Parameters
    ----------
    prices : the panel; a session with zero volume counts as one without a trade.
    currency : base currency. since : the first moment at which something was known.
    fx : dates x pairs such as ``EURGBP``, or prices of them, see `currency.rates_to_base`.
    actions : `asset, session, dividend, split` for prices that are not adjusted: dividend in quoted units per share on
        the ex-date, split as new shares per old one. None takes those of the prices (`Prices.actions`), if any.
    assets : securities that may be traded, whose currencies must be among `fx`; None: all.

    Raises
    ------
    AlignmentError
        The prices have no session. SchemaError: a rate that is needed is missing, an action of an unknown security.
    """
    if not len(prices.close.index) or not prices.close.shape[1]:
        raise AlignmentError("the prices hold no session of any security; load prices that cover the events")
    marks = [b for b in prices.benchmarks.columns if b not in prices.close.columns]
    tickers = (*prices.close.columns, *marks)
    market_of, calendars = _calendars(prices, tickers)
    sessions = np.unique(np.concatenate([c.sessions for c in calendars]))
    span = max(len(c) for c in calendars)
    quote, currencies, currency_of = units_of(prices.instruments, tickers, currency)
    panels = _panels(prices, tickers, market_of, calendars, span)
    found = corporate(chosen(actions, prices.actions), tickers, market_of, calendars, span)
    panels, value = undone(panels, found)
    _mask_untraded(panels)
    if value is not None:
        value[~np.isfinite(panels["close"])] = np.nan
    gpos = _global_positions(calendars, sessions, span)
    start = max(int(np.searchsorted(sessions, since.astype("datetime64[D]"))) - 1, 0)
    needed = None if assets is None else _currencies_of(prices, assets, tickers, currencies, currency_of)
    rate, held = rates_to_base(fx, currencies, currency, sessions, start, needed)
    close = panels["close"]
    have = {name: panels.get(name) for name in ("open", "high", "low")}
    return Board(
        tickers=tickers,
        securities=prices.close.shape[1],
        calendars=calendars,
        market_of=market_of,
        close=close,
        open=_or_nan(have["open"], close),
        high=_or_nan(have["high"], close),
        low=_or_nan(have["low"], close),
        has_open=_any(have["open"]),
        has_range=_any(have["high"]) and _any(have["low"]),
        dividend=None if found is None else found.dividend,
        factor=None if found is None else found.factor,
        value=value,
        sessions=sessions,
        start=start,
        gpos=gpos,
        mark=_marks(close, market_of, gpos, calendars, rate[:, currency_of] / quote),
        rate=rate,
        currencies=currencies,
        currency_of=currency_of,
        quote=quote,
        benchmark_of=_benchmark_rows(prices, tickers),
        prices=prices,
        rates_held=held,
    )


def _currencies_of(
    prices: Prices, assets: Collection[str], tickers: tuple[str, ...], currencies: tuple[str, ...], currency_of: Ints
) -> set[str]:
    """Return the currencies of some securities and of the benchmarks that may hedge them."""
    wanted = {*assets, *(str(b) for b in prices.benchmarks.columns)}
    return {currencies[code] for ticker, code in zip(tickers, currency_of, strict=True) if ticker in wanted}


def next_true(mask: Bools) -> Ints:
    """Return for each entry of (n, T) the position of the first True at or after it, (n, T + 1); T where none follows."""
    n, span = mask.shape
    out = np.full((n, span + 1), span, dtype=np.int64)
    out[:, :span] = np.where(mask, np.arange(span), span)
    np.minimum.accumulate(out[:, ::-1], axis=1, out=out[:, ::-1])
    return out


def _or_nan(panel: F | None, like: F) -> F:
    return np.full(like.shape, np.nan) if panel is None else panel


def _any(panel: F | None) -> bool:
    return panel is not None and bool(np.isfinite(panel).any())


# ------------------------------------------------------------------------------------------------------ the pieces


def _calendars(prices: Prices, tickers: tuple[str, ...]) -> tuple[Ints, tuple[Calendar, ...]]:
    """Return each row's exchange and the exchanges' sessions over the span of the prices."""
    if "mic" in prices.instruments:
        mics = prices.instruments["mic"].reindex(list(tickers)).fillna("").astype("str").to_numpy()
    else:
        mics = np.full(len(tickers), "", dtype=object)
    dates = pd.DatetimeIndex(prices.close.index)
    codes, names = pd.factorize(mics)
    cals = [calendar(m, dates[0], dates[-1]) if m else calendar_from_sessions(dates) for m in names]
    return codes.astype(np.int64), tuple(cals)


def _panels(
    prices: Prices, tickers: tuple[str, ...], market_of: Ints, calendars: tuple[Calendar, ...], span: int
) -> dict[str, F]:
    """Return close, and what there is of open, high, low and volume, as (n, T) panels on own sessions."""
    out = {}
    for name in ("close", "open", "high", "low", "volume"):
        frame = getattr(prices, name)
        if frame is None:
            continue
        panel = np.full((len(tickers), span), np.nan)
        for m, cal in enumerate(calendars):
            mine = np.flatnonzero(market_of == m)
            stocks = mine[mine < frame.shape[1]]
            panel[stocks, : len(cal)] = _on_sessions(frame, stocks, cal)
            if name == "close" and len(stocks) < len(mine):
                names = [tickers[i] for i in mine[mine >= frame.shape[1]]]
                marks = prices.benchmarks[names]
                panel[mine[mine >= frame.shape[1]], : len(cal)] = _on_sessions(marks, np.arange(len(names)), cal)
        out[name] = panel
    return out


def _on_sessions(frame: pd.DataFrame, columns: Ints, cal: Calendar) -> F:
    """Return columns of a wide frame on the sessions, (columns, T); a session without a row is NaN."""
    dates = frame.index.to_numpy().astype("datetime64[us]")
    values = frame.to_numpy(dtype=np.float64)
    if len(columns) != frame.shape[1] or (columns != np.arange(frame.shape[1])).any():
        values = values[:, columns]
    if len(dates) == len(cal) and (dates == cal.sessions).all():
        return values.T
    at = np.searchsorted(dates, cal.sessions)
    found = (at < len(dates)) & (dates[np.minimum(at, len(dates) - 1)] == cal.sessions)
    out = np.full((len(columns), len(cal)), np.nan)
    out[:, found] = values[at[found]].T
    return out


def _mask_untraded(panels: dict[str, F]) -> None:
    """Blank every price of a session without a trade: no close, or a volume of zero."""
    gone = ~np.isfinite(panels["close"])
    if "volume" in panels:
        gone |= panels["volume"] == 0
    for name in ("close", "open", "high", "low"):
        if name in panels:
            panels[name][gone] = np.nan


def _global_positions(calendars: tuple[Calendar, ...], sessions: NDArray[np.datetime64], span: int) -> Ints:
    out = np.full((len(calendars), span), len(sessions) - 1, dtype=np.int64)
    for m, cal in enumerate(calendars):
        out[m, : len(cal)] = np.searchsorted(sessions, cal.sessions)
    return out


def _marks(close: F, market_of: Ints, gpos: Ints, calendars: tuple[Calendar, ...], rate: F) -> F:
    """Return the last close of every row at the end of every global session, in the base currency, (G, n)."""
    out = np.full(rate.shape, np.nan)
    for m, cal in enumerate(calendars):
        mine = np.flatnonzero(market_of == m)
        out[np.ix_(gpos[m, : len(cal)], mine)] = close[mine, : len(cal)].T
    holed = np.flatnonzero(~np.isfinite(out).all(axis=0))
    if len(holed):
        part = out[:, holed]
        last = np.where(np.isfinite(part), np.arange(len(out))[:, None], -1)
        np.maximum.accumulate(last, axis=0, out=last)
        filled = np.take_along_axis(part, np.maximum(last, 0), axis=0)
        filled[last < 0] = np.nan
        out[:, holed] = filled
    out *= rate
    return out


def _benchmark_rows(prices: Prices, tickers: tuple[str, ...]) -> Ints:
    """Return the row of each security's benchmark, -1 where it has none; benchmarks have none."""
    table, names = prices.instruments.reindex(list(tickers)), [str(b) for b in prices.benchmarks.columns]
    named = table["benchmark"].fillna("").astype("str") if "benchmark" in table else pd.Series("", index=table.index)
    only = names[0] if len(names) == 1 else ""
    place = {t: i for i, t in enumerate(tickers) if t in names}
    out = [-1 if t in names else place.get(name, place.get(only, -1)) for t, name in zip(tickers, named, strict=True)]
    return np.array(out, dtype=np.int64)
