"""What one company's news does to another's share: total, normal co-movement, and what goes beyond it.

Sources: Lang and Stulz 1992 (contagion and competition); formulas as in the project's statistics notes: the peer's own
benchmark, sessions and currency; excess from a market model that holds the announcer's return too.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import AlignmentError, UnknownNameError, offenders
from backtest.inference import TESTS
from backtest.inference.advice import recommend
from backtest.inference.joint import wald
from backtest.inference.multiple import holm
from backtest.market import build_markets, returns_of
from backtest.models.base import Inputs, NormalReturns
from backtest.models.linear import factors as regression
from backtest.questions.matched import matched_days
from backtest.questions.passthrough import pass_through
from backtest.questions.rivals import NEAR, members_of, news_of, own_news, placebo, portfolio, studied_on

if TYPE_CHECKING:
    from backtest.prices import Prices
    from backtest.result import EventStudyResult

F = NDArray[np.float64]

ISSUER = "ISSUER"


@dataclass(frozen=True)
class Spillover:
    """What happened to `peer` when `issuer` had news.

    Attributes
    ----------
    events : event_id, kind, session (of the peer), issuer_session, issuer_car, total, total_se, total_p, total_sq, normal,
        normal_se, excess, excess_se, excess_p: CARs as fractions; total = normal + excess; `normal_se` is the error of the
        estimated co-movement, given what the issuer did; p two-sided t, `total_sq` the rank p among the peer's own days. Where
        the exchange of the one first traded on the news in another session than that of the other, there is no normal part
        and no excess.
    passthrough : slope of the peer's SCAR on the issuer's over the events, see `pass_through`.
    placebo : ticker, mean_scar, n of every other security on the same news (those near news of its own left out), most
        negative first; `rank` of 1 is the strongest by size, `p_rank` the rank over the number of securities; `listed` says
        whether the instruments name it as a peer of the issuer: the others are unrelated.
    matched : the excess against days without news on which the issuer moved most: see `matched_days`.
    joint : event_id, n (common estimation days), statistic, df1, df2, pvalue: Wald test that neither share moved, with the
        covariance of both (announcer and peer as seemingly unrelated regressions with event dummies).
    rivals : the rivals as one portfolio, see `rivals` of `spillover`: event_id, car, pvalue (sq), p_conformal.
    dropped : event_id, reason: events on which the peer had news of its own within a session or in the window, or could not
        be measured.
    """

    issuer: str
    peer: str
    window: tuple[int, int]
    events: pd.DataFrame
    passthrough: pd.DataFrame
    placebo: pd.DataFrame
    matched: pd.DataFrame
    joint: pd.DataFrame
    rivals: pd.DataFrame
    dropped: pd.DataFrame

    def __repr__(self) -> str:
        """Return the story in three lines and the table of events."""
        kept = f"{len(self.events)} events of {self.issuer}, effect on {self.peer}, days {self.window[0]} to {self.window[1]}"
        rank = self.placebo.loc[self.placebo["ticker"] == self.peer, "rank"]
        place = f"rank {int(rank.iloc[0])} of {len(self.placebo)} candidate peers" if len(rank) else ""
        return "\n".join([kept, place, self.events.to_string(index=False)])


def spillover(
    result: EventStudyResult, issuer: str, peer: str, window: tuple[int, int] = (0, 0),
    rivals: Sequence[str] | Mapping[str, float] | None = None,
) -> Spillover:  # fmt: skip
    """Measure what the news of `issuer` in a study did to `peer`.

    Parameters
    ----------
    result : a study that holds events of `issuer`; its windows, prices and events are used.
    issuer, peer : tickers. window : test window in event days.
    rivals : tickers of the portfolio of rivals, or their weights by ticker; None: the issuer's listed peers, all alike.

    Raises
    ------
    UnknownNameError
        A ticker without prices.
    AlignmentError
        `issuer` is `peer`; the study holds no usable event of `issuer`, none that can be measured on `peer`, or none apart from
        the peer's own news; the announcer among its rivals.
    """
    _require_two(result, issuer, peer)
    members = members_of(result, issuer, rivals)
    own = result.events[(result.events["asset"] == issuer) & (result.events["role"] != "peer")]
    if not len(own):
        raise AlignmentError(f"the study holds no usable event of {issuer!r}; result.dropped says why")
    total = studied_on(result, own, peer)
    if total is None:
        raise AlignmentError(f"none of the {len(own)} events of {issuer!r} can be measured on {peer!r}")
    lost = _lost(result, own, total, peer, window)
    keep = total.events.index.difference(pd.Index(lost["event_id"]), sort=False)
    if not len(keep):
        raise AlignmentError(f"every usable event of {issuer!r} fell within a session of news of {peer!r} itself")
    issuer_session, session = (_session(study, keep) for study in (result, total))
    together = keep[issuer_session == session]
    augmented = None
    if len(together):
        panel = _with_issuer(result, issuer, peer)
        augmented = studied_on(result, total.events.loc[together], peer, panel, model=_excess_model)
    events = _events(result, total, augmented, keep, window)
    events.insert(3, "issuer_session", issuer_session)
    return Spillover(
        issuer, peer, window, events, _passthrough(result, total, keep, window),
        placebo(result, own.loc[keep], issuer, window),
        matched_days(result, augmented, together, window, _news_days(result, (issuer, peer))),
        _joint(result, total, keep, window), portfolio(result, own.loc[keep], members, window), lost,
    )  # fmt: skip


def _require_two(result: EventStudyResult, issuer: str, peer: str) -> None:
    lacking = [t for t in (issuer, peer) if t not in result.prices.close.columns]
    if lacking:
        raise UnknownNameError(f"no prices of {offenders(lacking)}; there are {offenders(result.prices.tickers, 8)}")
    if issuer == peer:
        raise AlignmentError(f"issuer and peer are both {issuer!r}; name another company's ticker as the peer")


def _lost(
    result: EventStudyResult, own: pd.DataFrame, total: EventStudyResult, peer: str, window: tuple[int, int]
) -> pd.DataFrame:
    """Return event_id and reason of the events that say nothing about the peer."""
    near = own_news(result, total, peer)
    inside = [e for e in own_news(result, total, peer, window) if e not in near]
    rows = [(e, "own news of the peer within a session") for e in near]
    rows += [(e, "own news of the peer in the window") for e in inside]
    rows += [(e, "not measurable on the peer") for e in own.index.difference(total.events.index, sort=False)]
    return pd.DataFrame(rows, columns=["event_id", "reason"]).astype("str")


def _session(study: EventStudyResult, events: pd.Index) -> NDArray[np.datetime64]:
    return pd.Series(study.placed.session, index=study.all_events.index).loc[events].to_numpy()


def both_ways(result: EventStudyResult, one: str, two: str, window: tuple[int, int] = (0, 0)) -> pd.DataFrame:
    """Return the spillover in both directions with the p-values of the pair corrected by Holm.

    Returns
    -------
    DataFrame, two rows: issuer, peer, n (events), total (mean CAR of the peer, fraction), test (the one recommended for that
    many events), pvalue, p_holm, reason (why there is none: NaN then).

    Raises
    ------
    UnknownNameError
        A ticker without prices.
    AlignmentError
        Both are the same.
    """
    _require_two(result, one, two)
    rows = [_direction(result, issuer, peer, window) for issuer, peer in ((one, two), (two, one))]
    table = pd.DataFrame(rows, columns=["issuer", "peer", "n", "total", "test", "pvalue", "reason"])
    table.insert(6, "p_holm", holm(table["pvalue"].to_numpy(dtype=float)))
    return table


def _direction(result: EventStudyResult, issuer: str, peer: str, window: tuple[int, int]) -> tuple[object, ...]:
    try:
        events = spillover(result, issuer, peer, window).events["event_id"]
    except AlignmentError as error:
        return issuer, peer, 0, np.nan, "", np.nan, str(error)
    found = studied_on(result, result.events.loc[events], peer)
    if found is None or not (sample := found.sample(window)).n:
        return issuer, peer, 0, np.nan, "", np.nan, "no event has all days of this window"
    name = recommend(sample).test
    outcome = TESTS[name](sample)
    p = float(np.squeeze(outcome.pvalue))
    return issuer, peer, sample.n, float(sample.car.mean()), name, p, str(np.squeeze(outcome.reason))


def _news_days(result: EventStudyResult, tickers: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the sessions of all exchanges, as days since 1970, on which or next to which one of the companies had news."""
    days = news_of(result, tickers).astype("datetime64[D]").astype(np.int64)
    at = np.searchsorted(result.calendar, days)
    near = (at[:, None] + np.arange(-NEAR, NEAR + 1)).ravel()
    return result.calendar[np.unique(near[(near >= 0) & (near < len(result.calendar))])]


def _excess_model(r_est: F, f_est: F, f_evt: F) -> NormalReturns:
    """Regress the peer on its benchmark and on the announcer."""
    return regression(r_est, f_est, f_evt)


_excess_model.inputs = Inputs(factors=(ISSUER,))  # type: ignore[attr-defined]


def _with_issuer(result: EventStudyResult, issuer: str, peer: str) -> Prices:
    """Return the prices with the announcer's return on the peer's sessions as a factor."""
    prices = result.prices
    (market,) = build_markets(prices, [peer], Inputs(), result.spec.benchmark)
    values = returns_of(prices, [issuer], market.calendar)[0]
    return replace(prices, factors=pd.DataFrame({ISSUER: values}, index=market.calendar.index()))


def _row(found: EventStudyResult, window: tuple[int, int], test: str) -> pd.DataFrame:
    # Numbers of a table, not a question put to the study: its ledger does not count them.
    return replace(found, ledger=[]).test(test, windows=[window]).dropna(subset="event_id").set_index("event_id")


def _events(
    result: EventStudyResult, total: EventStudyResult, augmented: EventStudyResult | None, keep: pd.Index,
    window: tuple[int, int],
) -> pd.DataFrame:  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        both, rank = (_row(total, window, test).reindex(keep) for test in ("car-t", "sq"))
        own = _row(result, window, "car-t").reindex(keep)
        excess = None if augmented is None else _row(augmented, window, "car-t").reindex(keep)
    blank = pd.Series(np.nan, index=keep)
    part = blank if excess is None else excess["effect"]
    return pd.DataFrame(
        {
            "event_id": keep, "kind": total.events.loc[keep, "kind"].to_numpy(), "session": _session(total, keep),
            "issuer_car": own["effect"].to_numpy(), "total": both["effect"].to_numpy(), "total_se": both["se"].to_numpy(),
            "total_p": both["pvalue"].to_numpy(), "total_sq": rank["pvalue"].to_numpy(),
            "normal": (both["effect"] - part).to_numpy(), "normal_se": _normal_errors(total, augmented, keep, window),
            "excess": part.to_numpy(),
            "excess_se": (blank if excess is None else excess["se"]).to_numpy(),
            "excess_p": (blank if excess is None else excess["pvalue"]).to_numpy(),
        }
    )  # fmt: skip


def _normal_errors(
    total: EventStudyResult, augmented: EventStudyResult | None, keep: pd.Index, window: tuple[int, int]
) -> F:
    """Return the standard error of each event's normal part: ``se(g) |CAR of the issuer|``, NaN where there is none.

    The issuer's return adds ``CAR^2 / SSR of the issuer`` to the forecast-error factor of the peer's model, which is the
    square of what is wanted over the residual variance.
    """
    out = np.full(len(keep), np.nan)
    for place, event in enumerate(keep if augmented is not None else ()):
        assert augmented is not None
        one, two = (_equation(study, event, window) for study in (total, augmented))
        if one is not None and two is not None:
            s2 = float((two.residuals**2).sum()) / (len(two.residuals) - two.k)
            out[place] = np.sqrt(s2 * max(two.factor - one.factor, 0.0))
    return out


def _passthrough(
    result: EventStudyResult, total: EventStudyResult, keep: pd.Index, window: tuple[int, int]
) -> pd.DataFrame:
    one, two = (_row(r, window, "car-t").reindex(keep)[["statistic", "effect"]] for r in (result, total))
    good = (one["statistic"].notna() & two["statistic"].notna()).to_numpy()
    columns = [study[name].to_numpy()[good] for name in ("statistic", "effect") for study in (one, two)]
    return pass_through(*columns)


def _joint(result: EventStudyResult, total: EventStudyResult, keep: pd.Index, window: tuple[int, int]) -> pd.DataFrame:
    """Return the Wald test of announcer and peer together, one row per event that both have."""
    rows = []
    for event in keep:
        parts = [_equation(r, event, window) for r in (result, total)]
        one, two = parts
        if one is None or two is None:
            continue
        _, at, to = np.intersect1d(one.days, two.days, return_indices=True)
        if len(at) > one.k:
            errors = np.column_stack([one.residuals[at], two.residuals[to]])
            cross = float(window[1] - window[0] + 1)
            if one.root is not None and two.root is not None:
                assert one.hat is not None
                assert two.hat is not None
                cross += float(one.root @ (one.hat[at].T @ two.hat[to]) @ two.root)
            factors = np.array([[one.factor, cross], [cross, two.factor]])
            rows.append((event, len(at), *wald(np.array([one.car, two.car]), errors, factors, one.k)))
    return pd.DataFrame(rows, columns=["event_id", "n", "statistic", "df1", "df2", "pvalue"])


@dataclass(frozen=True)
class _Equation:
    """One share's part in the joint test: CAR, variance factor, residuals (M,) by day, hat root (M, k), root (k,)."""

    car: float
    factor: float
    k: int
    days: NDArray[np.int64]
    residuals: F
    hat: F | None
    root: F | None


def _equation(result: EventStudyResult, event: str, window: tuple[int, int]) -> _Equation | None:
    """Return the share's part, None where a day of the window is missing."""
    at = np.flatnonzero(result.events.index == event)
    if not len(at) or not (sample := result.subset(at, window)).n:
        return None
    block = sample.residuals
    have = np.isfinite(block.values[0])
    hat = None if block.hat is None else block.hat()[0][have]
    root = None if sample.root is None else sample.root[0, sample.columns].sum(axis=0)
    return _Equation(
        float(sample.car[0]), float(sample.car_var[0] / sample.s2[0]), int(sample.n_obs[0] - sample.df[0]),
        result.calendar[block.days[0][have]], block.values[0][have], hat, root,
    )  # fmt: skip
