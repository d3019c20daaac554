"""The sample: what ships is what the generator makes, and what was imposed is there to the last digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest.prices as bp
from backtest import clock
from backtest.errors import PriceSourceError
from backtest.frames import SEEDS
from backtest.instruments import load_instruments
from backtest.prices import sample, simulate
from backtest.prices.simulate import TRAITS, close_path, pulled, uniforms

NOTICE = "simulated prices, reported event-day moves imposed: not market data"


@pytest.fixture(scope="module")
def prices() -> bp.Prices:
    return bp.load_prices(None, benchmark=["^STOXX", "^GDAXI", "^FTSE"])


@pytest.fixture(scope="module")
def fresh() -> tuple[pd.DataFrame, pd.DataFrame]:
    return simulate.simulate()


def test_whoever_sees_it_reads_the_notice(prices: bp.Prices) -> None:
    assert prices.notice == NOTICE
    assert repr(prices).endswith(NOTICE)


def test_it_covers_every_instrument_and_no_day_off_its_exchange(prices: bp.Prices) -> None:
    table = load_instruments()
    assert set(prices.tickers) | set(prices.benchmarks) == set(table.index) == set(TRAITS)
    for ticker in table.index:
        series = (prices.close[ticker] if ticker in prices.close else prices.benchmarks[ticker]).dropna()
        listed = table.loc[ticker]
        first = max(
            pd.Timestamp("2013-01-02"), listed["listed_from"] if pd.notna(listed["listed_from"]) else pd.Timestamp(0)
        )
        last = min(
            pd.Timestamp("2026-03-31"), listed["listed_to"] if pd.notna(listed["listed_to"]) else pd.Timestamp.max
        )
        assert np.array_equal(series.index.to_numpy(), clock.calendar(listed["mic"], first, last).sessions), ticker


def test_listings_begin_and_end(prices: bp.Prices) -> None:
    spans = {
        t: (str(s.index[0].date()), str(s.index[-1].date())) for t in prices.close if len(s := prices.close[t].dropna())
    }
    assert spans["ZAL.DE"] == ("2014-10-01", "2026-03-31")
    assert spans["ASC.L"] == ("2013-01-02", "2026-03-31")
    assert spans["SPD.L"] == ("2013-01-02", "2019-12-13")
    assert spans["FRAS.L"] == ("2019-12-16", "2026-03-31")
    assert spans["SDRY.L"][1] == "2024-07-12"


@pytest.mark.parametrize(
    ("event_id", "asset", "session", "percent", "approximate"),
    [
        ("ASC-20140605-PW", "ASC.L", "2014-06-05", -31.0, False),
        ("ASC-20181217-PW", "ASC.L", "2018-12-17", -37.5, False),
        ("ASC-20181217-PW", "ZAL.DE", "2018-12-17", -11.6, True),
        ("ASC-20181217-PW", "JD.L", "2018-12-17", -4.9, True),
        ("ZAL-20160719-RAISE", "ZAL.DE", "2016-07-19", 21.75, False),
        ("ZAL-20180917-PW", "ZAL.DE", "2018-09-18", -13.0, False),
        ("ZAL-20190102-TR", "ZAL.DE", "2019-01-03", 6.1, True),
        ("BOO-20211216-PW", "BOO.L", "2021-12-16", -23.1, False),
        ("ASC-20220904-PWLEAK", "ASC.L", "2022-09-05", -2.6, False),
        ("ZAL-20241211-ACQ", "YOU.DE", "2024-12-11", 65.0, True),
        ("ASC-20250319-TR", "ASC.L", "2025-03-20", 10.9, False),
        ("ABF-20260108-PW", "ABF.L", "2026-01-08", -13.0, False),
    ],
)
def test_reported_moves_are_imposed(
    prices: bp.Prices, event_id: str, asset: str, session: str, percent: float, approximate: bool
) -> None:
    closes = prices.close[asset].dropna()
    at = closes.index.get_loc(pd.Timestamp(session))
    assert closes.iloc[at] / closes.iloc[at - 1] - 1 == pytest.approx(percent / 100, abs=1e-12)
    assert prices.effects is not None
    row = prices.effects.set_index(["event_id", "asset"]).loc[(event_id, asset)]
    assert row["session"] == pd.Timestamp(session)
    assert row["approximate"] == approximate
    assert row["abnormal_return"] == pytest.approx(percent / 100 - row["market_part"], abs=1e-11)


def test_every_close_of_the_catalogue_that_is_reported_as_one_is_true(prices: bp.Prices) -> None:
    events = pd.read_csv(SEEDS / "events.csv", dtype="str", keep_default_na=False)
    assert prices.effects is not None
    true = prices.effects[~prices.effects["approximate"]].set_index(["event_id", "asset"])["reported_return"]
    for prefix, asset in (("asc", "ASC.L"), ("zal", "ZAL.DE")):
        closing = events[(events[f"{prefix}_move_is_close"] == "yes") & (events["event_precision"] != "month")]
        assert len(closing)
        for event_id, move in zip(closing["event_id"], closing[f"{prefix}_move_pct"], strict=True):
            assert true[(event_id, asset)] == pytest.approx(float(move) / 100)


@pytest.mark.parametrize(
    ("asset", "session", "close"),
    [
        ("ASC.L", "2014-03-18", 5800), ("ASC.L", "2014-06-05", 3124), ("ASC.L", "2014-08-26", 2348),
        ("ASC.L", "2018-12-17", 2614), ("ASC.L", "2019-10-16", 3286), ("ASC.L", "2023-06-05", 375.25),
        ("ASC.L", "2025-03-20", 255), ("ZAL.DE", "2016-07-19", 32.55), ("ZAL.DE", "2018-09-18", 36.37),
        ("ZAL.DE", "2021-02-16", 102.35), ("BOO.L", "2021-12-16", 106.05), ("YOU.DE", "2024-12-10", 3.9),
    ],
)  # fmt: skip
def test_printed_closes_are_met(prices: bp.Prices, asset: str, session: str, close: float) -> None:
    assert prices.close.at[pd.Timestamp(session), asset] == pytest.approx(close, rel=1e-4)


def test_levels_have_the_right_magnitude(prices: bp.Prices) -> None:
    assert prices.close["ZAL.DE"].dropna().between(12, 125).all()
    assert prices.close.loc["2014":"2020", "ASC.L"].dropna().between(1500, 13000).all()
    assert prices.close.loc["2023":"2026", "ASC.L"].dropna().between(150, 1000).all()


def test_open_high_low_close_are_consistent_and_news_is_traded(prices: bp.Prices) -> None:
    assert prices.open is not None
    assert prices.high is not None
    assert prices.low is not None
    assert prices.volume is not None
    top, bottom = np.fmax(prices.open, prices.close), np.fmin(prices.open, prices.close)
    assert ((prices.high >= top) | prices.close.isna()).all(axis=None)
    assert ((prices.low <= bottom) | prices.close.isna()).all(axis=None)
    assert prices.effects is not None
    relative = [
        prices.volume.at[s, a] / prices.volume[a].loc[:s].iloc[-61:-1].median()
        for a, s in zip(prices.effects["asset"], prices.effects["session"], strict=True)
    ]
    assert np.median(relative) > 3


def test_the_market_has_fat_tails_and_clustered_volatility(prices: bp.Prices) -> None:
    returns = prices.benchmarks["^STOXX"].dropna().pct_change().dropna()
    assert returns.kurt() > 1.5
    assert returns.abs().autocorr(1) > 0.1
    assert 0.008 < returns.std() < 0.014


@pytest.mark.parametrize("ticker", ["ZAL.DE", "ASC.L", "NXT.L"])
def test_betas_are_those_of_the_recipe(prices: bp.Prices, ticker: str) -> None:
    closes = prices.close[ticker].dropna()
    mark = prices.benchmarks["^STOXX"].dropna()
    seen = mark.iloc[np.searchsorted(mark.index, closes.index, side="right") - 1].to_numpy()
    assert prices.effects is not None
    quiet = ~closes.index[1:].isin(prices.effects.loc[prices.effects["asset"] == ticker, "session"])
    own, market = np.diff(closes) / closes.to_numpy()[:-1], np.diff(seen) / seen[:-1]
    own, market = own[quiet], market[quiet]
    slope = np.cov(own, market)[0, 1] / market.var(ddof=1)
    error = TRAITS[ticker].sd / (market.std() * np.sqrt(len(market)))
    assert slope == pytest.approx(TRAITS[ticker].beta, abs=4 * error)


def test_what_ships_is_what_the_generator_makes(fresh: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    made, effects = fresh
    shipped = pd.read_parquet(sample.PRICES_FILE)
    assert shipped["ticker"].astype("str").tolist() == made["ticker"].tolist()
    assert np.array_equal(pd.DatetimeIndex(shipped["session"]), pd.DatetimeIndex(made["session"]))
    for name in ("open", "high", "low", "close"):
        # The last printed digit may fall on the other side of a rounding on another machine.
        np.testing.assert_allclose(shipped[name], made[name], rtol=1e-9, atol=2.1e-4)
    np.testing.assert_allclose(shipped["volume"], made["volume"], rtol=1e-9, atol=1)
    pd.testing.assert_frame_equal(
        sample.read_effects(), effects.astype({"approximate": bool}), check_dtype=False, atol=1e-11
    )


def test_the_files_are_small() -> None:
    assert sample.PRICES_FILE.stat().st_size < 2_000_000


def test_writing_and_reading_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate.write_sample(tmp_path)
    monkeypatch.setattr(sample, "PRICES_FILE", tmp_path / "sample_prices.parquet")
    monkeypatch.setattr(sample, "EFFECTS_FILE", tmp_path / "sample_effects.csv")
    assert bp.load_prices(["ZAL.DE"], start="2019-01-02", end="2019-01-02").close.shape[0] == 1
    (tmp_path / "sample_prices.parquet").unlink()
    with pytest.raises(PriceSourceError, match=r"the sample's files cannot be read .*reinstall the package"):
        bp.load_prices(["ZAL.DE"])


def test_random_numbers_are_the_generators_raw_bits() -> None:
    numbers = uniforms("x", 4)
    assert ((numbers > 0) & (numbers < 1)).all()
    np.testing.assert_allclose(uniforms("x", 2), numbers[:2])
    assert not np.allclose(uniforms("y", 4), numbers)


def test_a_path_makes_its_moves_and_meets_its_levels() -> None:
    sessions = pd.bdate_range("2020-01-01", periods=6).to_numpy().astype("datetime64[us]")
    moves, targets = {sessions[3]: -0.5}, {sessions[3]: 30.0, sessions[5]: 33.0}
    path = close_path(np.array([0.5, 0.1, -0.1, 9.9, 0.0, 0.1]), sessions, 50.0, moves, targets)
    assert path[0] == 50.0
    assert path[2] == 60.0
    assert path[3] == 30.0
    assert path[5] == 33.0
    # The bridge spreads what is missing evenly in logs: the simulated difference of the two free days survives.
    assert np.log(path[1] / path[0]) - np.log(path[2] / path[1]) == pytest.approx(np.log(1.1) - np.log(0.9), abs=1e-5)


def test_the_pull_gives_up_a_share_of_the_distance() -> None:
    assert pulled(np.array([1.0, 0.0, 0.0]), 0.5).tolist() == [1.0, -0.5, -0.25]
    assert pulled(np.array([1.0, 2.0]), 0.0).tolist() == [1.0, 2.0]
