"""Reading the store ahead in batches, and what becomes of a series when the vendor answers again."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from store_worker import raw

from backtest.errors import PriceQualityWarning, StoreError
from backtest.prices import load_prices, merge, refresh, serve, store
from backtest.prices.raw import RawPrices, assemble
from backtest.prices.store import Series

NAMES = [f"N{i:02d}" for i in range(70)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES):
        frame = raw(30, 100.0 + number).assign(dividends=np.where(np.arange(30) == 9, 1.0, 0.0))
        store.update(tmp_path, name, lambda old, f=frame: (Series(f, {"currency": "EUR", "mic": "XETR"}), True))
    return tmp_path


def complete(root: Path) -> RawPrices:
    served = serve.read_store(NAMES, root=root)
    wide = assemble(served, NAMES)
    assert list(wide["close"].columns) == NAMES
    assert served.finish is not None
    return served.finish(served)


def test_many_series_are_read_ahead_in_order(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = complete(root)
    assert plain.actions is not None
    assert plain.actions["asset"].tolist() == NAMES
    assert plain.traits["N69"] == {"mic": "XETR", "currency": "EUR", "unit": "EUR"}
    monkeypatch.setattr(serve, "ROWS", 10)
    monkeypatch.setattr(serve, "BATCH", 3)
    again = complete(root)
    pd.testing.assert_frame_equal(again.actions, plain.actions)


def test_a_damaged_series_among_many_is_named_and_ends_the_reading(root: Path) -> None:
    place = store.versions(root)["N40"][0].path
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(StoreError, match="the stored prices of N40 are damaged and were set aside"):
        assemble(serve.read_store(NAMES, root=root), NAMES)


def test_a_series_that_vanishes_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = serve.read_store(["N01"], root=root)
    for version in store.versions(root)["N01"]:
        version.path.unlink()
    with pytest.raises(StoreError, match="the stored prices of N01 have vanished; fetch them again"):
        assemble(served, ["N01"])


def test_a_series_of_closes_alone() -> None:
    close = raw(20)[["close"]]
    made, found, actions = serve.adjusted(serve.columns_of(close), "A")
    assert set(made.values) == {"close"}
    assert (found, actions) == ([], [])


def test_an_answer_that_adds_nothing() -> None:
    held = Series(raw(30), {})
    assert merge.extended(held, Series(raw(30).iloc[:0], {}), full=False) is None
    assert merge.extended(held, Series(raw(30).iloc[20:], {}), full=False) is None
    assert merge.replaced(held, Series(raw(30), {})) is None
    first = merge.replaced(None, Series(raw(30), {}))
    assert first is not None
    assert first.keep


def test_closes_alone_are_completed_too() -> None:
    held, answer = raw(30)[["close"]].copy(), raw(32)[["close"]].iloc[20:]
    held.iloc[25] = np.nan
    made = merge.extended(Series(held, {}), Series(answer, {}), full=False)
    assert made is not None
    np.testing.assert_array_equal(made.series.frame["close"], raw(32)["close"])
    assert [action for _, _, action in made.decisions] == ["missing close filled in, old version kept"]


def test_a_split_entered_late_is_told() -> None:
    answer = raw(30).iloc[20:].assign(splits=np.where(np.arange(10) == 5, 2.0, 0.0))
    made = merge.extended(Series(raw(30), {}), Series(answer, {}), full=False)
    assert made is not None
    assert made.keep
    assert [action for _, _, action in made.decisions] == ["split changed from 0 to 2, old version kept"]


def test_a_rewritten_series_that_cannot_be_read_is_asked_for_as_the_caller_does(tmp_path: Path) -> None:
    assert refresh._begin_of(tmp_path, "A", "2020-01-02") == "2020-01-02"
    store.update(tmp_path, "A", lambda old: (Series(raw(30), {"requested_from": "2001-01-01"}), True))
    assert refresh._begin_of(tmp_path, "A", "2020-01-02") == "2001-01-01"
    assert refresh._begin_of(tmp_path, "A", None) is None
    place = store.versions(tmp_path)["A"][0].path
    place.write_bytes(b"x")
    assert refresh._begin_of(tmp_path, "A", "2020-01-02") == "2020-01-02"


def test_the_store_says_how_old_it_is(tmp_path: Path) -> None:
    then = datetime.now(UTC) - timedelta(days=40)
    meta = {"currency": "EUR", "mic": "XETR", "fetched_at": then.isoformat(timespec="seconds")}
    store.update(tmp_path, "A", lambda old: (Series(raw(30), meta), True))
    with pytest.warns(
        PriceQualityWarning, match=rf"as of {then:%Y-%m-%d %H:%M} UTC \(40 days old\); `backtest prices fetch`"
    ):
        got = load_prices("A", partial(serve.read_store, root=tmp_path), benchmark="")
    assert f"as of {then:%Y-%m-%d %H:%M} UTC" in repr(got)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_prices("A", partial(serve.read_store, root=tmp_path, refreshed=True), benchmark="", on_bad_price=None)
