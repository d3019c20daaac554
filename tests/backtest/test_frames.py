"""The events contract: what is accepted, what it becomes, and what each refusal says."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtest import frames
from backtest.contract.tabular import write_table
from backtest.errors import SchemaError, StoreError
from backtest.instruments import load_instruments

UTC = "datetime64[us, UTC]"


def events_from(text: str) -> pd.DataFrame:
    return frames.read_events(io.StringIO(text))


def test_two_columns_are_enough() -> None:
    table = events_from("asset,date\nZAL.DE,2018-12-17\n")
    row = table.iloc[0]
    assert list(table.columns) == list(frames.EVENT_COLUMNS)
    assert table.index.name == "event_id"
    assert (row["kind"], row["role"], row["novelty"], row["articles"]) == ("event", "issuer", "new", 1)
    assert row["event_time"] == row["known_at"] == pd.Timestamp("2018-12-17", tz="UTC")
    assert row["event_precision"] == row["known_precision"] == "day"
    assert pd.isna(row["confidence"])
    assert pd.isna(row["session_hint"])
    assert table["event_time"].dtype == table["known_at"].dtype == UTC


@pytest.mark.parametrize(
    ("written", "instant", "precision"),
    [
        ("2018", "2018-01-01T00:00Z", "year"),
        ("2018-08", "2018-08-01T00:00Z", "month"),
        ("2018-08-07", "2018-08-07T00:00Z", "day"),
        ("2018-08-07 00:00:00", "2018-08-07T00:00Z", "day"),
        ("2018-08-07T07:10Z", "2018-08-07T07:10Z", "minute"),
        ("2018-08-07T07:10:30+02:00", "2018-08-07T05:10:30Z", "minute"),
        ("2018-08-07 00:30+0100", "2018-08-06T23:30Z", "minute"),
        ("7.8.2018", "2018-08-07T00:00Z", "day"),
        ("07.08.2018", "2018-08-07T00:00Z", "day"),
    ],
)
def test_an_instant_has_the_precision_that_it_shows(written: str, instant: str, precision: str) -> None:
    row = events_from(f"asset,event_time\nZAL.DE,{written}\n").iloc[0]
    assert row["event_time"] == pd.Timestamp(instant)
    assert row["event_precision"] == precision


@pytest.mark.parametrize(
    ("given_precision", "kept"), [("month", "month"), ("year", "year"), ("", "day"), ("minute", "day"), ("day", "day")]
)
def test_a_stated_precision_may_be_coarser_never_finer(given_precision: str, kept: str) -> None:
    table = events_from(f"asset,event_time,event_precision\nZAL.DE,2018-08-01,{given_precision}\n")
    assert table["event_precision"].tolist() == [kept]


@pytest.mark.parametrize("value", [date(2018, 8, 7), datetime(2018, 8, 7), pd.Timestamp("2018-08-07"), "2018-08-07"])
def test_every_way_to_hold_a_date_in_python_is_a_date(value: object) -> None:
    table = frames.normalise_events(pd.DataFrame({"asset": ["ZAL.DE"], "date": pd.Series([value], dtype=object)}))
    assert table["event_time"].tolist() == [pd.Timestamp("2018-08-07", tz="UTC")]
    assert table["event_precision"].tolist() == ["day"]


@pytest.mark.parametrize(
    "text",
    [
        "Ticker,Event Date,Type\nZAL.DE,2018-08-07,profit-warning\n",
        "SYMBOL;Datum;event-type\nZAL.DE;07.08.2018;profit-warning\n",
        "symbol\tdate\tkind\nZAL.DE\t2018-08-07\tprofit-warning\n",
        "Symbol,Announcement Date,Typ\nZAL.DE,2018-08-07,profit-warning\n",
    ],
)
def test_columns_may_be_named_as_people_name_them(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("\ufeff" + text, encoding="utf-8")
    for table in (events_from(text), frames.read_events(tmp_path / "own.csv")):
        row = table.iloc[0]
        assert (row["asset"], row["kind"]) == ("ZAL.DE", "profit-warning")
        assert row["event_time"] == pd.Timestamp("2018-08-07", tz="UTC")


def test_the_contracts_own_names_come_first_and_two_readings_are_an_error() -> None:
    table = events_from("ticker,asset,date\nother,ZAL.DE,2018-08-07\n")
    assert table["asset"].tolist() == ["ZAL.DE"]
    assert table["ticker"].tolist() == ["other"]
    with pytest.raises(SchemaError, match="columns 'ticker' and 'symbol' could both be 'asset'; rename one of them"):
        events_from("ticker,symbol,date\nZAL.DE,ZAL,2018-08-07\n")


def test_articles_signals_and_prices_are_not_taken_for_events() -> None:
    for columns in (["ticker", "date", "text"], ["ticker", "date", "signal_id"], ["Ticker", "Date", "Close"]):
        assert not frames.looks_like_events(columns)


def test_typed_timestamps() -> None:
    days = pd.DataFrame({"asset": ["A", "B"], "event_time": pd.to_datetime(["2018-08-07", "2018-08-08"])})
    assert frames.normalise_events(days)["event_precision"].tolist() == ["day", "day"]
    hours = pd.DataFrame(
        {"asset": ["A"], "event_time": pd.to_datetime(["2018-08-07 09:00"]).tz_localize("Europe/Berlin")}
    )
    table = frames.normalise_events(hours)
    assert table["event_time"].tolist() == [pd.Timestamp("2018-08-07T07:00Z")]
    assert table["event_precision"].tolist() == ["minute"]
    midnight = pd.DataFrame({"asset": ["A"], "event_time": pd.to_datetime(["2018-08-07"]).tz_localize("UTC")})
    assert frames.normalise_events(midnight)["event_precision"].tolist() == ["day"]
    said = midnight.assign(event_precision="minute")
    assert frames.normalise_events(said)["event_precision"].tolist() == ["minute"]


def test_known_at_falls_back_to_the_event_time_row_by_row() -> None:
    table = events_from("asset,event_time,known_at\nA,2018-08-07T07:10Z,2018-08-09\nB,2018-08-07T07:10Z,\n")
    assert table["known_at"].tolist() == [pd.Timestamp("2018-08-09", tz="UTC"), pd.Timestamp("2018-08-07T07:10Z")]
    assert table["known_precision"].tolist() == ["day", "minute"]


def test_ids_are_kept_made_and_stable() -> None:
    text = "event_id,asset,date\nmine,A,2018-08-07\n,B,2018-08-07\n,B,2018-08-07\n"
    table = events_from(text)
    made = table.index[1]
    assert table.index[0] == "mine"
    assert len(made) == 16
    assert table.index[2] == f"{made}-2"
    assert list(events_from(text).index) == list(table.index)


def test_a_normalised_table_is_a_fixed_point(shared) -> None:
    table = frames.read_events(shared / "events" / "catalogue.csv")
    again = frames.normalise_events(table)
    assert again is table
    pd.testing.assert_frame_equal(frames.normalise_events(table.reset_index()), table)


def test_the_catalogue_is_mapped_into_the_contract(shared) -> None:
    table = frames.read_events(str(shared / "events" / "catalogue.csv"))
    assert len(table) == 81
    assert table["event_precision"].value_counts().to_dict() == {"day": 67, "minute": 8, "month": 6}
    assert set(table["session_hint"].dropna()) == set(frames.SESSION_HINTS)
    # traded on the next session, no hour printed: after the close
    assert table.loc["AMZN-20170620-ENTRY", "session_hint"] == "after-close"
    assert table.loc["ZAL-201808-TR", "event_time"] == pd.Timestamp("2018-08-01", tz="UTC")
    assert table.loc["ASC-20181217-PW", "event_time"] == pd.Timestamp("2018-12-17T07:00Z")
    assert pd.isna(table.loc["ASC-20230604-TR", "session_hint"])
    assert "counterparty" in table
    assert table.loc["ASC-20140318-PW", "source"].startswith("http")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("asset,when\nA,2018\n", r"missing column 'event_time' \(or 'date'\); found 'asset', 'when'; rename"),
        ("share,date\nA,2018\n", r"missing column 'asset'; found"),
        ("share,when\nA,2018\n", r"missing column 'asset' and 'event_time'"),
        ("asset,date\n", r"has no row; give at least one event"),
        ("asset,date\n,2018\n", r"row 1: an empty 'asset'; name the ticker"),
        ("asset,date\nA,\n", r"row 1: no date; give a date such as"),
        ("asset,event_time\nA,2018-06-16 07:00\n", r"row 1: 'event_time' has a clock time without a zone; add Z"),
        (
            "asset,date\nA,2018-01-01\nB,07/08/2018\n",
            r"row 2: 'date' cannot be read as a date; write 2018, .*07/08/2018",
        ),
        ("asset,date\nA,2018-02-30\n", r"no day of the calendar \('2018-02-30'\)"),
        ("asset,date,event_precision\nA,2018-02-03,week\n", r"unknown precision; use one of minute, day.*'week'"),
        ("asset,date,session_hint\nA,2018-02-03,lunch\n", r"unknown session_hint; use one of pre-open.*'lunch'"),
        ("event_id,asset,date\nx,A,2018\ny,A,2018\nx,A,2018\n", r"rows 1, 3: duplicate event_id; .*'x', 'x'"),
        ("asset,date,confidence\nA,2018-02-03,3\n", r"column 'confidence' holds 3.0, which fails in_range"),
        ("asset,date,novelty\nA,2018-02-03,stale\n", r"column 'novelty' holds 'stale', which fails isin"),
        ("asset,date,articles\nA,2018-02-03,-1\n", r"column 'articles' holds -1, which fails"),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        events_from(text)


def test_a_naive_timestamp_column_is_refused() -> None:
    table = pd.DataFrame({"asset": ["A"], "event_time": pd.to_datetime(["2018-08-07 09:00"])})
    with pytest.raises(
        SchemaError, match=r"row 1: 'event_time' has a clock time without a zone; add one: .dt.tz_localize"
    ):
        frames.normalise_events(table)


def test_many_offenders_are_counted_not_listed() -> None:
    rows = "".join(f"A,2018-13-{i:02d}\n" for i in range(1, 9))
    with pytest.raises(SchemaError, match=r"rows 1, 2, 3, 4, 5 and 3 more: .* and 3 more\)"):
        events_from("asset,date\n" + rows)


def test_inputs_are_not_changed() -> None:
    table = pd.DataFrame({"asset": ["A"], "date": ["2018-08-07"], "session_hint": ["non-trading"]})
    before = table.copy(deep=True)
    frames.normalise_events(table)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_table_survives_writing_and_reading(suffix: str, tmp_path) -> None:
    table = events_from("asset,event_time,kind,note\nA,2018-08,takeover-rumour,said\nB,2018-08-07T07:10Z,,\n")
    place = tmp_path / f"events{suffix}"
    write_table(table, place)
    pd.testing.assert_frame_equal(
        frames.read_events(place)[list(frames.EVENT_COLUMNS)], table[list(frames.EVENT_COLUMNS)]
    )


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("asset,date\nA,2018-08-07\n"))
    assert frames.read_events("-")["asset"].tolist() == ["A"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.csv", None, r"no such events file: .*missing.csv; check the path"),
        ("bad.parquet", b"not parquet", r"bad.parquet: cannot be read as parquet"),
        ("bad.jsonl", b"{broken", r"bad.jsonl: cannot be read as jsonl"),
        ("bad.csv", b"asset,date\nA,\xff\xfe2018\n", r"bad.csv: cannot be read as csv: .*UTF-8"),
        ("ragged.csv", b"asset,date\nA,2018\nB,2018,x,y\n", r"ragged.csv: cannot be read as csv: .*header in UTF-8"),
        ("empty.csv", b"", r"empty.csv: cannot be read as csv"),
    ],
)
def test_unreadable_files(name: str, content: bytes | None, message: str, tmp_path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SchemaError, match=message):
        frames.read_events(tmp_path / name)


def test_writing_to_no_place_is_a_named_error(tmp_path) -> None:
    with pytest.raises(StoreError, match=r"cannot write .*; choose another place"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "no" / "place.csv")


INSTRUMENTS = (
    "ticker,peers,listed_from,listed_to,commission_bps\nA,B|C|X,,,5\nB,A,2018-01-01,,\nC,,2010-01-01,2015-01-01,\n"
)


@pytest.fixture
def instruments(tmp_path) -> pd.DataFrame:
    place = tmp_path / "instruments.csv"
    place.write_text(INSTRUMENTS, encoding="utf-8")
    return load_instruments(place)


def test_instruments_are_typed(instruments: pd.DataFrame) -> None:
    assert instruments.index.tolist() == ["A", "B", "C"]
    assert instruments.loc["A", "name"] == ""
    assert instruments.loc["B", "listed_from"] == pd.Timestamp("2018-01-01")
    assert pd.isna(instruments.loc["A", "listed_to"])
    assert instruments["commission_bps"].dtype == np.float64


def test_the_shipped_instruments_cover_the_catalogue(shared) -> None:
    shipped = load_instruments()
    catalogue = frames.read_events(shared / "events" / "catalogue.csv")
    assert set(catalogue["asset"]) <= set(shipped.index)
    peers = {p for cell in shipped["peers"] for p in cell.split("|") if p}
    assert peers <= set(shipped.index)
    assert {"^STOXX", "^GDAXI", "^FTSE"} <= set(shipped.index)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\nA\n", r"needs a column 'ticker'; found 'name'"),
        ("ticker\nA\nA\n", r"ticker listed twice: 'A'; keep one row each"),
    ],
)
def test_instruments_that_are_refused(text: str, message: str, tmp_path) -> None:
    place = tmp_path / "instruments.csv"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=message):
        load_instruments(place)


def test_peers_are_added_while_they_are_listed(instruments: pd.DataFrame) -> None:
    events = events_from(
        "event_id,asset,date,kind,role\nnew,A,2019-05-01,profit-warning,\nold,A,2014-05-01,profit-warning,\nbid,A,2019-06-01,takeover-bid,target\n"
    )
    table = frames.add_peers(events, instruments)
    peers = table[table["role"] == "peer"]
    assert list(zip(peers["asset"], peers["source_event"], strict=True)) == [("B", "new"), ("C", "old")]
    assert table.dtypes.equals(events.dtypes)
    assert frames.group_labels(table).tolist()[-2:] == ["profit-warning (peer)"] * 2
    assert frames.group_labels(table).tolist()[:3] == ["profit-warning", "profit-warning", "takeover-bid"]
    pd.testing.assert_frame_equal(frames.add_peers(table, instruments), table)


def test_background_rows_have_no_peers(instruments: pd.DataFrame) -> None:
    events = events_from("asset,date,novelty\nA,2019-05-01,background\n")
    assert len(frames.add_peers(events, instruments)) == 1


def test_dropped_rows_carry_a_reason_code() -> None:
    table = frames.dropped_table([("e1", "A", "event", "imprecise-date")])
    assert table["reason"].cat.categories.tolist() == list(frames.DROP_REASONS)
    assert table.iloc[0].tolist() == ["e1", "A", "event", "imprecise-date"]
    assert frames.dropped_table([]).columns.tolist() == list(frames.DROPPED_COLUMNS)


@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_no_id(order: list[int]) -> None:
    rows = pd.DataFrame({"asset": list("AABBCC"), "date": [f"2018-0{i}-01" for i in range(1, 7)]})
    ids = frames.normalise_events(rows).index
    shuffled = frames.normalise_events(rows.iloc[list(order)]).index
    assert list(shuffled) == [ids[i] for i in order]


def test_sessions_are_written_as_dates_and_instants_to_the_microsecond(tmp_path) -> None:
    table = pd.DataFrame(
        {
            "session": pd.to_datetime(["2018-12-17", None]),
            "known_at": pd.to_datetime(["2018-12-17T22:59:59.999999Z", "2018-12-17T07:00Z"], format="ISO8601"),
        }
    )
    write_table(table, tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["0,2018-12-17,2018-12-17T22:59:59.999999Z", "1,,2018-12-17T07:00:00Z"]
