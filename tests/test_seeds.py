"""What ships as data: the catalogue, the instruments, and their agreement with where they are from."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from backtest import clock
from backtest.frames import read_events
from backtest.instruments import load_instruments

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return read_events(SEEDS / "events.csv")


@pytest.fixture(scope="module")
def catalogue(shared: Path) -> pd.DataFrame:
    frame = pd.read_csv(shared / "events" / "catalogue.csv", dtype="str", keep_default_na=False)
    return frame.set_index("event_id")


def sessions_of(events: pd.DataFrame) -> dict[str, str]:
    """Return the session of day 0 by event, "" where there is none."""
    mics = events["asset"].map(load_instruments()["mic"])
    parts = [
        clock.day_zero(rows, clock.calendar(str(mic), "2013-01-02", "2026-12-31"))["session"]
        for mic, rows in events.groupby(mics)
    ]
    return pd.concat(parts).dt.strftime("%Y-%m-%d").fillna("").to_dict()


def test_the_catalogue_is_complete_and_keeps_its_ids(events: pd.DataFrame, catalogue: pd.DataFrame) -> None:
    assert list(events.index) == list(catalogue.index)
    for name in ("asset", "kind", "role", "status"):
        assert (events[name] == catalogue[name]).all(), name
    for name in ("subkind", "strength"):
        assert (events[name].fillna("") == catalogue[name]).all(), name
    assert (events["confidence"] == catalogue["confidence"].astype(float)).all()


def test_the_clock_gives_the_session_on_which_the_market_reacted(events: pd.DataFrame, catalogue: pd.DataFrame) -> None:
    assert sessions_of(events) == catalogue["effective_session"].to_dict()


def test_reported_moves_pass_through(events: pd.DataFrame, catalogue: pd.DataFrame) -> None:
    for name in (
        "asc_move_pct",
        "asc_move_is_close",
        "zal_move_pct",
        "zal_move_is_close",
        "peer_moves",
        "price_levels",
    ):
        assert (events[name].fillna("") == catalogue[name]).all(), name


def test_the_words_are_our_own(events: pd.DataFrame, catalogue: pd.DataFrame) -> None:
    def runs_of(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z]+", text.lower())  # figures are facts and carry over
        return {tuple(words[i : i + 7]) for i in range(len(words) - 6)}

    shared_runs = {i: runs_of(events.at[i, "evidence"]) & runs_of(catalogue.at[i, "description"]) for i in events.index}
    assert not {i: runs for i, runs in shared_runs.items() if runs}


def test_rows_known_to_the_month_stay_months(events: pd.DataFrame) -> None:
    months = events[events["event_precision"] == "month"]
    assert list(months.index) == [
        "ZAL-201808-TR",
        "ZAL-201809-DENIAL",
        "ZAL-201908-RAISE",
        "ZAL-202205-TR",
        "ZAL-202308-RAISE",
        "ZAL-202508-GUIDE",
    ]
    # August ends in Berlin at 22:00 UTC on the 31st.
    assert months.at["ZAL-201808-TR", "known_at"] == pd.Timestamp("2018-08-31T21:59:59.999999Z")
    assert (months["known_precision"] == "month").all()


@pytest.mark.parametrize(
    ("event_id", "time", "precision", "hint", "known_at"),
    [
        ("ASC-20181217-PW", "2018-12-17T07:00Z", "minute", "pre-open", "2018-12-17T07:00Z"),
        ("ZAL-20180917-PW", "2018-09-17T21:25Z", "minute", "after-close", "2018-09-17T21:25Z"),
        ("ZAL-20190102-TR", "2019-01-02", "day", "after-close", "2019-01-02T22:59:59.999999Z"),
        ("AMZN-20170620-ENTRY", "2017-06-20", "day", "after-close", "2017-06-21T03:59:59.999999Z"),
        ("ASC-20210123-ACQRUM", "2021-01-23", "day", None, "2021-01-23T23:59:59.999999Z"),
        ("ASC-20220904-PWLEAK", "2022-09-04", "day", None, "2022-09-04T22:59:59.999999Z"),
    ],
)
def test_times_of_single_rows(
    events: pd.DataFrame, event_id: str, time: str, precision: str, hint: str | None, known_at: str
) -> None:
    row = events.loc[event_id]
    assert row["event_time"] == pd.to_datetime(time, utc=True)
    assert row["event_precision"] == precision
    assert row["known_at"] == pd.Timestamp(known_at)
    assert pd.isna(row["session_hint"]) if hint is None else row["session_hint"] == hint


def test_a_denial_refers_to_what_it_denies(events: pd.DataFrame) -> None:
    assert events.at["ZAL-201809-DENIAL", "source_event"] == "ZAL-201808-TR"


def test_every_asset_and_peer_is_an_instrument(events: pd.DataFrame) -> None:
    table = load_instruments()
    assert set(events["asset"]) <= set(table.index)
    assert {p for text in table["peers"] for p in text.split("|") if p} <= set(table.index)
    assert {b for b in table["benchmark"] if b} <= set(table.index)


def test_isins_have_the_right_check_digit() -> None:
    def sound(isin: str) -> bool:
        digits = "".join(str(int(c, 36)) for c in isin)
        doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
        return sum(d // 10 + d % 10 for d in doubled) % 10 == 0

    isins = load_instruments()["isin"]
    assert not {t: i for t, i in isins.items() if i and not sound(i)}


def test_every_exchange_has_a_calendar() -> None:
    for mic in load_instruments()["mic"].unique():
        assert len(clock.calendar(mic, "2024-01-01", "2024-12-31")) > 240
