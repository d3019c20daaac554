"""The raw store: atomic, checked, shared between processes, killed at random moments."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from store_worker import DAYS, LEVELS, raw

import backtest.prices as bp
from backtest.errors import PriceSourceError, StoreError
from backtest.prices import export, refresh, store
from backtest.prices.adjust import factors
from backtest.prices.store import Series


def put(root: Path, ticker: str, rows: int, level: float = 100.0, keep: bool = False, **meta: object) -> None:
    store.update(root, ticker, lambda old: (Series(raw(rows, level), {"source": "test", **meta}), keep))


def flip_a_bit(place: Path, at: float = 0.5) -> None:
    data = bytearray(place.read_bytes())
    data[int(len(data) * at)] ^= 0x10
    place.write_bytes(bytes(data))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    put(tmp_path, "^A/B=X", 20, currency="GBp")
    got = store.read_series(tmp_path, "^A/B=X")
    assert got is not None
    pd.testing.assert_frame_equal(got.frame, raw(20))
    assert got.meta["currency"] == "GBp"
    only = store.read_series(tmp_path, "^A/B=X", ["close"])
    assert only is not None
    assert list(only.frame) == ["close"]
    assert store.read_series(tmp_path, "OTHER") is None
    assert store.versions(tmp_path / "nowhere") == {}


def test_a_version_stays_only_if_it_must(tmp_path: Path) -> None:
    put(tmp_path, "A", 10)
    put(tmp_path, "A", 20)
    assert [v.number for v in store.versions(tmp_path)["A"]] == [2]
    put(tmp_path, "A", 20, level=200.0, keep=True)
    assert [v.number for v in store.versions(tmp_path)["A"]] == [2, 3]
    assert store.update(tmp_path, "A", lambda old: None) is not None


@pytest.mark.parametrize("harm", ["flip", "truncate", "empty"])
def test_a_damaged_file_is_set_aside_and_never_served(tmp_path: Path, harm: str) -> None:
    put(tmp_path, "A", 50, keep=True)
    put(tmp_path, "A", 60, level=300.0, keep=True)
    place = store.versions(tmp_path)["A"][-1].path
    if harm == "flip":
        flip_a_bit(place)
    else:
        place.write_bytes(place.read_bytes()[: 100 if harm == "truncate" else 0])
    for _ in range(2):  # the older version does not take its place, not even the second time
        with pytest.raises(StoreError, match=r"the stored prices of A are damaged and were set aside .*prices fetch A"):
            store.read_series(tmp_path, "A")
    assert not place.exists()
    assert export.verify(tmp_path)["state"].tolist() == ["good", "damaged"]
    table = store.inventory(tmp_path)
    assert table.loc[0, ["rows", "state"]].tolist() == [0, "damaged"]
    put(tmp_path, "A", 60, level=300.0)
    got = store.read_series(tmp_path, "A")
    assert got is not None
    assert got.frame["close"].iloc[0] == 300.0


def test_every_single_bit_counts(tmp_path: Path) -> None:
    put(tmp_path, "A", 5)
    version = store.versions(tmp_path)["A"][0]
    good = version.path.read_bytes()
    for at in range(0, len(good), 37):
        data = bytearray(good)
        data[at] ^= 1
        version.path.write_bytes(bytes(data))
        with pytest.raises(store.DamagedFileError, match="damaged"):
            store.read_bytes(version)
        version.path.with_name(version.path.name + ".damaged").rename(version.path)


def test_a_full_disk_leaves_the_old_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "A", 10)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        StoreError, match=r"cannot write prices of A to .*No space left on device; free space or choose"
    ):
        put(tmp_path, "A", 20)
    monkeypatch.undo()
    got = store.read_series(tmp_path, "A")
    assert got is not None
    assert len(got.frame) == 10
    assert not list(tmp_path.glob("*.tmp"))


def test_places_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"cannot write prices of A to .*file"):
        put(tmp_path / "file", "A", 10)

    def closed(_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(StoreError, match=r"the price store .* cannot be read: Permission denied; choose another"):
        store.versions(tmp_path)


def test_a_lock_that_is_held_for_too_long(tmp_path: Path) -> None:
    with (
        store._locked(tmp_path / "A.lock"),
        pytest.raises(StoreError, match=r"another process holds A\.lock for 0 s"),
        store._locked(tmp_path / "A.lock", 0.05),
    ):
        pass
    with store._locked(tmp_path / "A.lock", 0.05):
        pass


def test_a_file_that_is_replaced_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "A", 10)
    old = store.versions(tmp_path)
    put(tmp_path, "A", 20)
    answers = iter([old])
    real = store.versions
    monkeypatch.setattr(store, "versions", lambda root: next(answers, None) or real(root))
    got = store.read_series(tmp_path, "A")
    assert got is not None
    assert len(got.frame) == 20
    monkeypatch.setattr(store, "versions", lambda root: old)
    with pytest.raises(StoreError, match=r"the stored prices of A keep changing"):
        store.read_series(tmp_path, "A")
    served = refresh.read_store(["A"], root=tmp_path)
    monkeypatch.setattr(store, "versions", lambda root: {})
    with pytest.raises(StoreError, match=r"the stored prices of A have vanished"):
        list(served.frames)


def test_where_the_store_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.store_path(tmp_path) == tmp_path
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path / "env"))
    assert store.store_path() == tmp_path / "env"
    monkeypatch.delenv(store.ENVIRONMENT)
    assert store.store_path().name == "prices"


def test_the_inventory(tmp_path: Path) -> None:
    put(tmp_path, "B", 30, currency="EUR", fetched_at="2026-01-01T00:00:00+00:00")
    put(tmp_path, "A", 10)
    table = store.inventory(tmp_path)
    assert table["ticker"].tolist() == ["A", "B"]
    assert table.loc[1, "last"] == DAYS[29]
    assert table.loc[1, ["rows", "currency", "state"]].tolist() == [30, "EUR", "good"]
    assert store.inventory(tmp_path / "none").empty


# --- the kill test


def test_two_hundred_kills_during_concurrent_refreshes(tmp_path: Path) -> None:
    """Two processes refresh one store; one of them is killed at a random moment, and the store is read after each kill."""
    command = [sys.executable, str(Path(__file__).with_name("store_worker.py")), str(tmp_path)]
    luck, longest, numbers = random.Random(4), dict.fromkeys(LEVELS, 0), set()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:

        def worker() -> int:
            assert nursery.stdin is not None
            assert nursery.stdout is not None
            print("go", file=nursery.stdin, flush=True)
            return int(nursery.stdout.readline())

        workers = [worker(), worker()]
        until = time.monotonic() + 60
        while not newest(tmp_path) and time.monotonic() < until:
            time.sleep(0.005)
        pause, before = 0.05, 0
        for kill in range(200):
            if (
                kill % 10 == 9
            ):  # a busy machine needs longer for a refresh: kills must come in the midst of them, not before
                pause, before = (pause if newest(tmp_path) > before + 3 else min(1.5 * pause, 0.5)), newest(tmp_path)
            time.sleep(luck.uniform(0.0, pause))
            os.kill(workers.pop(0), signal.SIGKILL)
            workers.append(worker())
            for name, level in LEVELS.items():
                got = store.read_series(tmp_path, name)
                assert got is not None, f"{name} was lost by kill {kill}"
                pd.testing.assert_frame_equal(got.frame, raw(len(got.frame), level))
                assert len(got.frame) >= longest[name], "an acknowledged row was lost"
                longest[name] = len(got.frame)
            numbers.add(newest(tmp_path))
        for left in workers:
            os.kill(left, signal.SIGKILL)
    assert len(numbers) > 50, "too little was written while processes were killed"
    assert (export.verify(tmp_path)["state"] == "good").all()


def newest(root: Path) -> int:
    """Return the least of the newest version numbers of the tickers, 0 while one is missing."""
    listed = store.versions(root)
    return min((listed[name][-1].number if name in listed else 0) for name in LEVELS)


# --------------------------------------------------------------------------------------- reading, adjusting, exporting


def test_factors_by_hand() -> None:
    # Closes 10, 10, 9 with a dividend of 1 on the third day: everything before counts nine tenths.
    got = factors(np.array([10.0, 10.0, 9.0]), np.array([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(got.price, [0.9, 0.9, 1.0])
    # The close before the ex-date is missing: the last one there is counts.
    got = factors(np.array([10.0, np.nan, 9.0, 9.0]), np.array([0.0, 0.0, 1.0, 0.0]))
    np.testing.assert_allclose(got.price, [0.9, 0.9, 1.0, 1.0])
    # Two for one, not yet in the price, and a dividend after it.
    got = factors(np.array([100.0, 50.0, 45.0]), np.array([0.0, 0.0, 5.0]), np.array([0.0, 2.0, 0.0]))
    np.testing.assert_allclose(got.price, [0.45, 0.9, 1.0])
    assert got.raw_splits.tolist() == [1]
    # Two for one that the price has already.
    assert factors(np.array([50.0, 50.0]), None, np.array([0.0, 2.0])).price.tolist() == [1.0, 1.0]
    # A dividend in pence beside a price in pounds is no dividend of six times the price.
    got = factors(np.array([1.0, 1.0]), np.array([0.0, 6.0]))
    assert got.odd_dividends.tolist() == [1]
    assert got.price.tolist() == [1.0, 1.0]
    assert factors(np.array([])).price.tolist() == []


def test_findings_of_the_adjustment_are_reported(tmp_path: Path) -> None:
    frame = raw(3, 10.0).assign(dividends=[0.0, 0.0, 600.0])
    store.update(tmp_path, "A", lambda old: (Series(frame, {"mic": "XLON", "currency": "GBp"}), True))
    prices = bp.load_prices("A", partial(refresh.read_store, root=tmp_path), benchmark="")
    assert "dividend-implausible" in prices.checks["check"].tolist()
    assert prices.instruments.loc["A", ["mic", "currency", "unit"]].tolist() == ["XLON", "GBP", "GBp"]


def test_dates_cut_after_the_adjustment(tmp_path: Path) -> None:
    frame = raw(10).assign(dividends=[0.0] * 9 + [10.9])
    store.update(tmp_path, "A", lambda old: (Series(frame, {}), True))
    part = bp.load_prices("A", partial(refresh.read_store, root=tmp_path), DAYS[2], DAYS[4], benchmark="")
    np.testing.assert_allclose(part.close["A"], np.array([102.0, 103.0, 104.0]) * (1 - 10.9 / 108.0))


def test_a_study_is_exported_bit_for_bit(tmp_path: Path) -> None:
    root, out = tmp_path / "store", tmp_path / "out"
    frame = raw(300).assign(dividends=np.where(np.arange(300) == 150, 3.0, 0.0))
    store.update(root, "A", lambda old: (Series(frame, {}), True))
    put(root, "^STOXX", 300, level=50.0)
    used = bp.load_prices("A", partial(refresh.read_store, root=root), start=DAYS[10])
    told = {"versions": {}, "prices": {"source": "yahoo", "series": export.series_manifest(used)}}
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    # Meanwhile the store moves on: more days, another dividend, and rewritten history.
    longer = raw(400).assign(dividends=np.where(np.isin(np.arange(400), [150, 350]), 3.0, 0.0))
    store.update(root, "A", lambda old: (Series(longer, {}), False))
    put(root, "^STOXX", 400, level=51.0, keep=True)
    wanted = export.read_manifest(tmp_path / "manifest.json")
    paths = export.export(root, wanted, out)
    assert sorted(p.name for p in paths) == ["A.parquet", "^STOXX.parquet"]
    again = bp.load_prices("A", out)
    assert again.hashes() == used.hashes()
    assert again.close.equals(used.close)
    changed = {**wanted, "A": {**wanted["A"], "sha256": hashlib.sha256(b"").hexdigest()}}
    with pytest.raises(PriceSourceError, match=r"has no version of 'A' with the manifest's hash"):
        export.export(root, changed, out)
    (tmp_path / "blocked").write_text("x")
    with pytest.raises(StoreError, match=r"cannot write .*blocked"):
        export.export(root, wanted, tmp_path / "blocked")


@pytest.mark.parametrize(
    ("text", "message"), [("{", "cannot be read as a manifest"), ('{"a": [1]}', "names no price series")]
)
def test_a_manifest_without_series(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(PriceSourceError, match=message):
        export.read_manifest(tmp_path / "m.json")
    (tmp_path / "m.json").write_text('{"series": {"A": "00"}}')
    assert export.read_manifest(tmp_path / "m.json") == {"A": {"sha256": "00"}}
