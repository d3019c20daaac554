"""Markets: sessions of each exchange, benchmark moves over closures, holes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest.clock import calendar_from_sessions
from backtest.errors import AlignmentError, SchemaError, UnknownNameError
from backtest.market import benchmark_levels, build_markets, compounded, level_returns, require_overlap
from backtest.models.base import Inputs
from backtest.prices import Prices

MARKET = Inputs()
# Early May bank holiday 2021-05-03: London is closed, Frankfurt is open.
DAYS = pd.to_datetime(["2021-04-29", "2021-04-30", "2021-05-03", "2021-05-04", "2021-05-05"])


def two_exchanges(index: list[float]) -> Prices:
    close = pd.DataFrame({"DE": [10.0, 11, 12, 13, 14], "UK": [20.0, 21, np.nan, 22, 23]}, index=DAYS)
    levels = pd.Series(index, index=DAYS, name="IX").dropna()
    return Prices.from_frame(close, levels, mic={"DE": "XETR", "UK": "XLON", "IX": "XETR"})


def test_the_benchmark_compounds_over_a_closure_of_the_securitys_exchange() -> None:
    frankfurt, london = build_markets(two_exchanges([100, 110, 121, 133.1, 133.1]), ["DE", "UK"], MARKET)
    assert [m.tickers for m in (frankfurt, london)] == [("DE",), ("UK",)]
    assert len(frankfurt.calendar) == 5
    assert len(london.calendar) == 4
    np.testing.assert_allclose(frankfurt.benchmark[0], [np.nan, 0.1, 0.1, 0.1, 0.0], atol=1e-12)
    np.testing.assert_allclose(london.benchmark[0], [np.nan, 0.1, 0.21, 0.0], atol=1e-12)
    np.testing.assert_allclose(london.returns[0], [np.nan, 0.05, 1 / 21, 1 / 22], atol=1e-12)


def test_a_level_missing_on_an_open_day_is_missing_and_not_carried() -> None:
    frankfurt, london = build_markets(two_exchanges([100, 110, np.nan, 133.1, 133.1]), ["DE", "UK"], MARKET)
    np.testing.assert_allclose(frankfurt.benchmark[0], [np.nan, 0.1, np.nan, np.nan, 0.0], atol=1e-12)
    np.testing.assert_allclose(london.benchmark[0], [np.nan, 0.1, 0.21, 0.0], atol=1e-12)


def test_a_level_missing_because_the_benchmarks_exchange_was_closed_is_unchanged() -> None:
    levels = pd.Series([100.0, 110.0, 121.0], index=DAYS[[0, 1, 3]])
    cal = calendar_from_sessions(DAYS)
    np.testing.assert_array_equal(benchmark_levels(levels, "XLON", cal)[:4], [100, 110, 110, 121])
    np.testing.assert_array_equal(benchmark_levels(levels, "XETR", cal)[:4], [100, 110, np.nan, 121])
    np.testing.assert_array_equal(benchmark_levels(levels, "", cal)[:4], [100, 110, np.nan, 121])


def test_before_its_first_level_a_benchmark_is_missing() -> None:
    levels = pd.Series([110.0, 121.0], index=DAYS[[1, 3]])
    assert np.isnan(benchmark_levels(levels, "XLON", calendar_from_sessions(DAYS))[0])


def test_no_return_across_a_hole() -> None:
    returns = level_returns(np.array([[1.0, 2.0, np.nan, 4.0, 6.0]]))
    np.testing.assert_array_equal(returns, [[np.nan, 1.0, np.nan, np.nan, 0.5]])


def test_a_session_without_a_row_is_a_hole() -> None:
    close = pd.DataFrame({"DE": [10.0, 11, 13, 14], "IX": 1.0}, index=DAYS[[0, 1, 3, 4]])
    (market,) = build_markets(Prices.from_frame(close, "IX", mic="XETR"), ["DE"], MARKET)
    np.testing.assert_allclose(market.returns[0], [np.nan, 0.1, np.nan, np.nan, 1 / 13], atol=1e-12)
    assert (market.first[0], market.last[0]) == (0, 4)


def test_returns_are_used_as_they_are() -> None:
    frame = pd.DataFrame({"A": [0.01, np.nan, 0.02, 0.03], "IX": [0.0, 0.01, np.nan, 0.02]}, index=DAYS[:4])
    (market,) = build_markets(Prices.from_returns(frame, "IX"), ["A"], MARKET)
    np.testing.assert_array_equal(market.returns, [[0.01, np.nan, 0.02, 0.03]])
    np.testing.assert_array_equal(market.benchmark, [[0.0, 0.01, np.nan, 0.02]])


def test_one_benchmark_for_all_may_be_a_security() -> None:
    close = pd.DataFrame({"A": [1.0, 2], "B": [1.0, 3], "IX": [1.0, 1]}, index=DAYS[:2])
    (market,) = build_markets(Prices.from_frame(close, "IX"), ["A"], MARKET, benchmark="B")
    assert market.benchmarks == ("B",)
    assert market.benchmark[0, 1] == 2.0


def test_an_unknown_benchmark_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="unknown benchmark 'IY'; known: DE, IX, UK"):
        build_markets(two_exchanges([100.0] * 5), ["DE"], MARKET, benchmark="IY")


def test_a_benchmark_beside_the_prices_is_an_error() -> None:
    prices = two_exchanges([100.0, np.nan, 100.0, np.nan, 100.0])
    markets = build_markets(prices, ["DE"], MARKET)
    with pytest.raises(AlignmentError, match=r"benchmark 'IX' has no return from 2021-04-29 to 2021-05-05"):
        require_overlap(markets, MARKET)
    require_overlap(markets, Inputs(market=False))


def test_a_security_whose_benchmark_is_not_among_the_prices_has_none() -> None:
    prices = two_exchanges([100.0] * 5)
    prices.instruments.loc["DE", "benchmark"] = "OTHER"
    (market,) = build_markets(prices, ["DE"], MARKET)
    assert market.benchmark_of[0] == -1


FACTORS = pd.DataFrame({"Mkt-RF": 0.01, "SMB": [0.1, 0.2, 0.3, 0.4, 0.5], "HML": 0.0, "RF": 0.001}, index=DAYS)


def with_factors(table: pd.DataFrame | None) -> Prices:
    frame = pd.DataFrame({"A": 0.0, "IX": 0.0}, index=DAYS)
    return Prices.from_returns(frame, "IX", factors=table)


def test_factors_are_named_in_upper_case_and_the_riskless_rate_is_apart() -> None:
    (market,) = build_markets(with_factors(FACTORS), ["A"], Inputs(excess=True, factors=("SMB", "HML")))
    assert set(market.factor_names) == {"SMB", "HML", "MKT"}
    np.testing.assert_array_equal(market.risk_free, np.full(5, 0.001))
    (everything,) = build_markets(with_factors(FACTORS), ["A"], Inputs(factors=None))
    assert set(everything.factor_names) == {"SMB", "HML", "MKT", "RF"}


def test_missing_factors_are_named() -> None:
    with pytest.raises(SchemaError, match=r"needs factors 'MOM'; the prices have 'MKT', 'SMB', 'HML', 'RF'"):
        build_markets(with_factors(FACTORS), ["A"], Inputs(excess=True, factors=("SMB", "MOM")))
    with pytest.raises(SchemaError, match=r"needs factors 'SMB', the prices have none"):
        build_markets(with_factors(None), ["A"], Inputs(factors=("SMB",)))


def test_factor_returns_between_two_sessions_compound() -> None:
    cal = calendar_from_sessions(DAYS[[0, 1, 3]])
    np.testing.assert_allclose(compounded(FACTORS[["SMB"]], cal)[0], [0.1, 0.2, 1.3 * 1.4 - 1])
    gap = FACTORS[["SMB"]].drop(DAYS[1])
    np.testing.assert_allclose(compounded(gap, cal)[0], [0.1, np.nan, 1.3 * 1.4 - 1])
