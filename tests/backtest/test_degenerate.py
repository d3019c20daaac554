"""Degenerate input: a reason or a named error, never a number made of rounding errors, and no storm of warnings."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.errors import DroppedEventsWarning, SchemaError

DAYS = pd.bdate_range("2018-01-01", periods=400)
RNG = np.random.default_rng(0)
MARKET = RNG.normal(0, 0.01, 400)
NOISE = RNG.normal(0, 0.02, (400, 2))
RETURNS = pd.DataFrame(MARKET[:, None] + NOISE, index=DAYS, columns=["A", "B"])
INDEX = pd.Series(MARKET, index=DAYS, name="M")
STUDY = bt.EventStudy(event=(-5, 5), estimation=(-260, -11))
# Scholes-Williams' beta of the market itself is near one, not one: three simple slopes over an autocorrelation.
MODELS = [name for name in bt.MODELS if name not in ("garch", "gjr", "egarch", "scholes-williams")]


def at(*rows: tuple[str, int]) -> pd.DataFrame:
    ids = [f"{asset}{row}-{k}" for k, (asset, row) in enumerate(rows)]
    return pd.DataFrame({"event_id": ids, "asset": [a for a, _ in rows], "event_time": [DAYS[r] for _, r in rows]})


def levels(**columns: np.ndarray) -> bt.Prices:
    frame = (100 * (1 + RETURNS).cumprod()).assign(M=100 * np.cumprod(1 + MARKET), **columns)
    return bt.Prices.from_frame(frame, "M")


def returns(**columns: np.ndarray | float) -> bt.Prices:
    return bt.Prices.from_returns(RETURNS.assign(**columns), INDEX)


def everything(prices: bt.Prices, events: pd.DataFrame, study: bt.EventStudy = STUDY) -> bt.EventStudyResult:
    """Run the study and all that shows it; the only warning is that events were dropped."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DroppedEventsWarning)
        result = study.run(events, prices)
        table = result.test("all", windows=[(0, 0), (-1, 1)])
        assert (table["pvalue"].isna() == table["reason"].ne("")).all()
        for shown in (repr(result), result._repr_html_()):
            assert shown
        result.recommended(), result.caar(), result.audit, bt.leakage(result)
    return result


BOTH = at(("A", 300), ("B", 310))


@pytest.mark.parametrize(
    ("prices", "reason"),
    [
        (levels(A=np.full(400, 50.0)), "degenerate-estimation"),
        (levels(A=10 * np.cumprod(1 + 2 * MARKET)), "degenerate-estimation"),
        (returns(A=2 * MARKET + 0.001), "degenerate-estimation"),
        (returns(A=0.0), "degenerate-estimation"),
        (returns(A=0.001), "degenerate-estimation"),
        (levels(A=np.full(400, np.nan)), "no-price-history"),
        (levels(A=np.where(np.arange(400) % 2, 50 + np.arange(400.0), np.nan)), "missing-in-event-window"),
    ],
    ids=[
        "no-variance",
        "perfect-fit",
        "perfect-fit-of-returns",
        "zero-returns",
        "constant-returns",
        "all-nan",
        "every-other",
    ],
)
def test_dropped_with_a_reason(prices: bt.Prices, reason: str) -> None:
    result = everything(prices, BOTH)
    assert result.dropped[["event_id", "reason"]].to_dict("records") == [{"event_id": "A300-0", "reason": reason}]


@pytest.mark.parametrize("model", MODELS)
def test_a_perfect_fit_under_every_model(model: str) -> None:
    """A share that is its benchmark, its peer and its factor at once has no residual variance."""
    own = 10 * np.cumprod(1 + MARKET)
    prices = levels(A=own, C=20 * np.cumprod(1 + MARKET))
    instruments = prices.instruments.assign(peers="")
    instruments.loc["A", "peers"] = "C"
    study = replace(STUDY, model=model)
    exact = replace(prices, instruments=instruments)
    if model == "constant-mean":
        exact = replace(prices, close=prices.close.assign(A=50 * 1.001 ** np.arange(400)))
    if model in ("ff3", "ff5", "carhart"):
        names = {"ff3": ["SMB", "HML"], "ff5": ["SMB", "HML", "RMW", "CMA"], "carhart": ["SMB", "HML", "MOM"]}[model]
        factors = pd.DataFrame(np.random.default_rng(3).normal(0, 0.005, (400, len(names))), index=DAYS, columns=names)
        exact = replace(exact, factors=factors)
    result = everything(exact, BOTH, study)
    assert list(result.dropped["reason"]) == ["degenerate-estimation"]


def test_one_estimation_day_too_few() -> None:
    enough = everything(levels(), at(("A", 200), ("B", 300)), bt.EventStudy(min_obs=189))
    assert not len(enough.dropped)
    less = everything(levels(), at(("A", 200), ("B", 300)), bt.EventStudy(min_obs=190))
    assert list(less.dropped["reason"]) == ["short-estimation"]


def test_two_events_on_one_share_and_day_are_one() -> None:
    result = everything(levels(), at(("A", 300), ("A", 300), ("B", 300)))
    assert result.dropped.to_dict("records") == [
        {"event_id": "A300-1", "asset": "A", "kind": "event", "reason": "duplicate"}
    ]


@pytest.mark.parametrize("value", [np.inf, -np.inf, -5.0, 0.0])
def test_prices_that_are_none_are_named(value: float) -> None:
    column = 100 * (1 + RETURNS["A"]).cumprod().to_numpy()
    column[250] = value
    with pytest.raises(SchemaError, match=r"close: non-positive or infinite value \(A 2018-12-17"):
        levels(A=column)


def test_infinite_returns_are_named() -> None:
    column = RETURNS["A"].to_numpy().copy()
    column[250] = np.inf
    with pytest.raises(SchemaError, match=r"value that is no simple return \(A 2018-12-17: inf\)"):
        returns(A=column)


def test_one_event_reads_as_one() -> None:
    reasons = everything(levels(), at(("A", 300))).test("all")["reason"]
    assert "1 event, needs 6: cannot reject at 5 %" in set(reasons)
    assert not reasons.str.contains("1 events|1 dates").any()
