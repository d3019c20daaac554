"""The same news seen from other securities: one peer, each of the others, and the rivals together as one portfolio."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.contamination import is_peer
from backtest.errors import AlignmentError, DroppedEventsWarning, UnknownNameError, offenders
from backtest.inference import TESTS
from backtest.market import build_markets, returns_of
from backtest.models.base import Inputs

if TYPE_CHECKING:
    from backtest.prices import Prices
    from backtest.result import EventStudyResult

F = NDArray[np.float64]

#: Sessions around an event in which news of the peer itself spoils it, as STATISTICS has it.
NEAR = 1


def studied_on(
    result: EventStudyResult, events: pd.DataFrame, ticker: str, prices: Prices | None = None, **spec: object
) -> EventStudyResult | None:
    """Run the study on another security for the same news; None where no event can be used."""
    moved = events.assign(asset=pd.array([ticker] * len(events), dtype="str"))
    study = replace(result.spec, peers=False, **spec)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DroppedEventsWarning)
        try:
            return study.run(moved, result.prices if prices is None else prices)
        except AlignmentError:
            return None


def news_of(result: EventStudyResult, tickers: Sequence[str]) -> NDArray[np.datetime64]:
    """Return the sessions on which one of the companies had news of its own, ascending."""
    told = result.all_events
    rows = told["asset"].isin(list(tickers)) & ~is_peer(told) & told["novelty"].ne("background")
    own = result.placed.session[rows.to_numpy(dtype=bool)]
    return np.sort(own[~np.isnat(own)])


def own_news(
    result: EventStudyResult, found: EventStudyResult, ticker: str, window: tuple[int, int] = (0, 0)
) -> list[str]:
    """Return the events on which the security had news of its own within a session, or in the window."""
    sessions = found.source.markets[0].calendar.sessions
    at = np.searchsorted(sessions, news_of(result, [ticker]))
    first, last = min(-NEAR, window[0]), max(NEAR, window[1])
    near = [bool(((at >= p + first) & (at <= p + last)).any()) for p in found.source.position]
    return list(found.events.index[near])


def placebo(result: EventStudyResult, events: pd.DataFrame, issuer: str, window: tuple[int, int]) -> pd.DataFrame:
    """Return the mean SCAR of every other security on the same news, and its rank by size; see `Spillover.placebo`."""
    rows, listed = [], listed_peers(result, issuer)
    for ticker in result.prices.tickers:
        found = None if ticker == issuer else studied_on(result, events, ticker)
        if found is None:
            continue
        quiet = ~found.events.index.isin(own_news(result, found, ticker, window))
        sample = found.subset(np.flatnonzero(quiet), window)
        if sample.n:
            rows.append((ticker, float(sample.scar.mean()), sample.n))
    frame = pd.DataFrame(rows, columns=["ticker", "mean_scar", "n"])
    frame["rank"] = frame["mean_scar"].abs().rank(ascending=False, method="min").astype("int64")
    frame["p_rank"] = frame["mean_scar"].abs().rank(ascending=False, method="max") / max(len(frame), 1)
    frame["listed"] = frame["ticker"].isin(listed)
    return frame.sort_values("mean_scar", ignore_index=True)


def listed_peers(result: EventStudyResult, issuer: str) -> list[str]:
    """Return the tickers that the instruments name as the issuer's peers."""
    table = result.prices.instruments
    return str(table["peers"].get(issuer, "")).split("|") if "peers" in table else []


def members_of(
    result: EventStudyResult, issuer: str, rivals: Sequence[str] | Mapping[str, float] | None
) -> dict[str, float]:
    """Return the rivals with prices and their weights; None: the issuer's listed peers, all alike.

    Raises
    ------
    UnknownNameError
        A rival that was named has no prices.
    AlignmentError
        The issuer among its rivals, or a weight that is not positive.
    """
    have = result.prices.close.columns
    if rivals is None:
        return dict.fromkeys((t for t in listed_peers(result, issuer) if t in have and t != issuer), 1.0)
    named = dict(rivals) if isinstance(rivals, Mapping) else dict.fromkeys(rivals, 1.0)
    lacking = [t for t in named if t not in have]
    if lacking:
        raise UnknownNameError(f"no prices of {offenders(lacking)}; there are {offenders(result.prices.tickers, 8)}")
    wrong = [t for t, weight in named.items() if t == issuer or not 0 < weight < np.inf]
    if wrong:
        raise AlignmentError(f"rivals {offenders(wrong)}: the announcer is none, and a weight is a number above zero")
    return named


def portfolio(
    result: EventStudyResult, events: pd.DataFrame, members: Mapping[str, float], window: tuple[int, int]
) -> pd.DataFrame:
    """Return the effect on the rivals as one asset, never as a cross-section: event_id, car, pvalue (sq), p_conformal.

    The weighted mean of their returns on the sessions and against the benchmark of the first; a rival is left out on days
    without a return and within a session of news of its own.
    """
    empty = pd.DataFrame({"event_id": [], "car": [], "pvalue": [], "p_conformal": []})
    if not members:
        return empty
    name = next(iter(members))
    found = studied_on(result, events, name, _as_one_asset(result, members, name))
    if found is None or not (sample := found.sample(window)).n:
        return empty
    complete = found.ar.loc[:, window[0] : window[1]].notna().all(axis=1)
    p, other = (TESTS[test](sample).pvalue for test in ("sq", "conformal"))
    columns = {"event_id": found.events.index[complete], "car": sample.car, "pvalue": p, "p_conformal": other}
    return pd.DataFrame(columns)


def _as_one_asset(result: EventStudyResult, members: Mapping[str, float], name: str) -> Prices:
    """Return the prices with the portfolio in the place of `name`."""
    prices = result.prices
    (market,) = build_markets(prices, [name], Inputs(), result.spec.benchmark)
    calendar, given = market.calendar, prices.returns is not None
    logs = given and prices.returns_kind == "log"
    # A portfolio earns the mean of simple returns; logs and sizes are taken of it afterwards, as of any other security.
    plain = prices if given or prices.measure == "volume" else replace(prices, returns_kind="simple")
    own = returns_of(plain if plain.measure == "volume" else replace(plain, measure="return"), list(members), calendar)
    mean = _weighted_mean(result, np.expm1(own) if logs else own, members, calendar.sessions)
    index = calendar.index()
    if prices.measure == "volume" and prices.volume is not None:
        traded = pd.Series(np.exp(mean), index=index).reindex(prices.volume.index)
        return replace(prices, volume=prices.volume.assign(**{name: traded}))
    if prices.returns is not None:
        whole = pd.Series(np.log1p(mean) if logs else mean, index=index).reindex(prices.returns.index)
        return replace(prices, returns=prices.returns.assign(**{name: whole}))
    # The first session has no return; as a level it is where the portfolio starts.
    level = np.where(np.isfinite(mean) | (np.arange(len(mean)) == 0), np.cumprod(1.0 + np.nan_to_num(mean)), np.nan)
    return replace(prices, close=prices.close.assign(**{name: pd.Series(level, index).reindex(prices.close.index)}))


def _weighted_mean(
    result: EventStudyResult, own: F, members: Mapping[str, float], sessions: NDArray[np.datetime64]
) -> F:
    """Return the weighted mean over the members (n, T) that have a value, away from news of their own; NaN without any."""
    own = own.copy()
    for row, ticker in zip(own, members, strict=True):
        at = np.searchsorted(sessions, news_of(result, [ticker]))
        near = (at[:, None] + np.arange(-NEAR, NEAR + 1)).ravel()
        row[near[(near >= 0) & (near < len(sessions))]] = np.nan
    weight = np.where(np.isfinite(own), np.array(list(members.values()))[:, None], 0.0)
    total = weight.sum(axis=0)
    mean = (np.nan_to_num(own) * weight).sum(axis=0) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, np.nan)
