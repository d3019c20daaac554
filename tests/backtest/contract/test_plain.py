"""Plain events tables take the short way into the contract, and come out as by the long one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtest import frames
from backtest.contract.ids import content_ids, content_keys, hexed
from backtest.contract.plain import plain_columns
from backtest.errors import SchemaError

DAYS = pd.date_range("2018-01-01", periods=40, freq="D").as_unit("us")
N = 90


def base() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({"asset": rng.choice(["A", "B", "C"], N), "date": DAYS[np.arange(N) % 40]}).drop_duplicates()


def text_dates(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(date=table["date"].dt.strftime("%Y-%m-%d"))


def instants(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(date=table["date"].dt.tz_localize("Europe/Berlin") + pd.Timedelta("9h"))


TAKEN = {
    "dates": lambda t: t,
    "text": text_dates,
    "instants": instants,
    "nanoseconds": lambda t: t.assign(date=t["date"].astype("datetime64[ns]")),
    "event_time": lambda t: t.rename(columns={"date": "event_time"}),
    "kinds with blanks": lambda t: t.assign(kind=np.where(t["asset"] == "A", " takeover-rumour", "profit-warning ")),
    "ids": lambda t: t.assign(event_id=[f"e{i}" for i in range(len(t))]),
    "partial dates": lambda t: t.assign(
        date=[["2018-03", "2018-03-05", "2013"][i % 3] for i in range(len(t))]
    ).drop_duplicates(),
    "one": lambda t: t.head(1),
    "object": lambda t: t.astype({"asset": object}),
    "other index": lambda t: t.set_axis(np.arange(len(t)) * 3 + 5),
}
LEFT = {
    "the same twice": lambda t: pd.concat([t, t.head(2)]),
    "more columns": lambda t: t.assign(strength="strong"),
    "an id missing": lambda t: t.assign(event_id=["x", *[None] * (len(t) - 1)]),
    "ids as index": lambda t: t.set_axis(pd.Index([f"e{i}" for i in range(len(t))], name="event_id")),
    "both times": lambda t: t.assign(event_time=t["date"]),
    "names that differ by a blank": lambda t: t.assign(asset=["A " if i % 2 else "A" for i in range(len(t))]),
    "a kind missing": lambda t: t.assign(kind=[None, *["x"] * (len(t) - 1)]),
}


@pytest.mark.parametrize("name", [*TAKEN, *LEFT])
def test_the_short_way_is_the_long_one(name: str, monkeypatch) -> None:
    table = (TAKEN | LEFT)[name](base())
    before = table.copy()
    assert (plain_columns(table, "events") is not None) == (name in TAKEN)
    short = frames.normalise_events(table)
    pd.testing.assert_frame_equal(table, before)
    monkeypatch.setattr(frames, "plain_columns", lambda frame, source: None)
    pd.testing.assert_frame_equal(short, frames.normalise_events(table))
    assert frames.normalise_events(short) is short


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("asset", ["A", ""], "row 2: an empty 'asset'"),
        ("date", ["2018-01-01", ""], "row 2: no date"),
        ("date", ["2018-01-01", "soon"], "row 2: 'date' cannot be read as a date"),
        (
            "date",
            [pd.Timestamp("2018-01-01"), pd.Timestamp("2018-01-02 09:00")],
            "row 2: 'date' has a clock time without a zone",
        ),
    ],
)
def test_what_is_wrong_is_said_as_ever(column: str, values: object, message: str) -> None:
    table = pd.DataFrame({"asset": ["A", "B"], "date": ["2018-01-01", "2018-01-02"]}).assign(**{column: values})
    with pytest.raises(SchemaError, match=message):
        frames.normalise_events(table)


def test_a_wrong_date_that_repeats_is_named_by_its_rows() -> None:
    table = pd.DataFrame({"asset": ["A", "B", "C", "D"], "date": ["2018-01-01", "soon", "2018-01-01", "soon"]})
    with pytest.raises(SchemaError, match="rows 2, 4: 'date' cannot be read"):
        frames.normalise_events(table)


def test_a_constant_column_is_hashed_as_if_it_were_written_out() -> None:
    names = pd.Series(["x", "y", "x"])
    written = content_ids([names, pd.Series(["issuer"] * 3)])
    codes, values = pd.factorize(names)
    short = hexed(content_keys([(codes, values.tolist()), (None, ["issuer"])]))
    assert list(written) == list(short)
    assert all(len(text) == 16 and int(text, 16) >= 0 for text in written)
    assert written[0] == written[2] != written[1]
