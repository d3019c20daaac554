"""The engine gives what the study gives, whoever runs the blocks; finished blocks are kept and never counted twice."""

from __future__ import annotations

import io
import json
import pickle
from dataclasses import replace
from functools import reduce
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest import engine
from backtest.engine import FINISHERS, EngineResult, outofcore, totals
from backtest.engine.partial import add_rows
from backtest.errors import AlignmentError, SchemaError, StoreError, UnknownNameError
from backtest.frames import normalise_events
from backtest.inference import advice, dependence

DAYS = pd.bdate_range("2016-01-04", periods=420)
STUDY = bt.EventStudy(event=(-2, 3), estimation=(-100, -6), min_obs=60)
NUMBERS = ["statistic", "pvalue", "effect", "n", "n_eff", "r_bar", "df", "se"]


def make(stocks: int = 150, n: int = 900, holes: float = 0.01) -> tuple[bt.Prices, pd.DataFrame]:
    """Return a market of three blocks with missing days, and events of two kinds, some too early."""
    rng = np.random.default_rng(3)
    market = rng.standard_t(5, 420) * 0.008
    values = market[:, None] * rng.uniform(0.5, 1.5, stocks) + rng.standard_t(4, (420, stocks)) * 0.012
    values[rng.random(values.shape) < holes] = np.nan
    frame = pd.DataFrame(values, index=DAYS, columns=[f"S{i:03d}" for i in range(stocks)])
    cell = rng.choice(stocks * 370, n, replace=False)
    events = pd.DataFrame(
        {
            "asset": frame.columns[cell // 370],
            "event_time": DAYS[cell % 370 + 30],
            "kind": rng.choice(["profit-warning", "takeover-rumour"], n),
        }
    )
    return bt.Prices.from_returns(frame, pd.Series(market, index=DAYS, name="IX")), events


@pytest.fixture(scope="module")
def market() -> tuple[bt.Prices, pd.DataFrame]:
    return make()


@pytest.fixture(scope="module")
def found(market: tuple[bt.Prices, pd.DataFrame]) -> EngineResult:
    return engine.run_engine(STUDY, market[1], market[0], window=(-1, 1), ranks=True)


def same(one: EngineResult, two: EngineResult) -> None:
    """Equal to the last bit."""
    pd.testing.assert_frame_equal(one.caar, two.caar, check_exact=True)
    pd.testing.assert_frame_equal(one.tests, two.tests, check_exact=True)
    pd.testing.assert_frame_equal(one.recommended, two.recommended, check_exact=True)
    pd.testing.assert_frame_equal(one.dropped, two.dropped)
    assert one.events == two.events


def test_the_engine_agrees_with_the_study(market, found, monkeypatch) -> None:
    monkeypatch.setattr(dependence, "PAIRS", 0)  # sums by day, as at any size beyond a few hundred events
    prices, events = market
    with pytest.warns(bt.DroppedEventsWarning, match="dropped"):
        result = STUDY.run(events, prices)
    with pytest.warns(UserWarning, match="inadvisable"):
        table = result.test(*FINISHERS, windows=[(-1, 1)]).set_index(["kind", "test"]).sort_index()
    own = found.tests.set_index(["kind", "test"]).sort_index()
    pd.testing.assert_frame_equal(own[NUMBERS], table[NUMBERS].loc[own.index], rtol=1e-9, atol=1e-12, check_dtype=False)
    pd.testing.assert_frame_equal(found.caar, result.caar(), rtol=1e-12, atol=1e-15)
    counts = result.dropped["reason"].value_counts()
    assert dict(zip(found.dropped["reason"], found.dropped["events"], strict=True)) == counts[counts > 0].to_dict()


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (-2, 3)])
def test_the_engine_recommends_what_the_study_does(market, window) -> None:
    prices, events = market
    with pytest.warns(bt.DroppedEventsWarning, match="dropped"):
        expected = STUDY.run(events, prices).recommended(windows=[window])
    own = engine.run_engine(STUDY, events, prices, window=window).recommended
    columns = ["kind", "window_start", "window_end", "n", "test", "reason"]
    pd.testing.assert_frame_equal(own[columns], expected[columns])
    for mine, theirs in zip(own["beside"], expected["beside"], strict=True):
        assert mine == ", ".join(name for name in theirs.split(", ") if name in FINISHERS)


def test_sums_know_what_the_advice_asks(market) -> None:
    prices, events = market
    plan = engine.plan_of(STUDY, (-1, 1))
    partials = [engine.map_block(*b) for b in engine.blocks_of(STUDY, normalise_events(events), prices, "kind", plan)]
    with pytest.warns(bt.DroppedEventsWarning, match="dropped"):
        result = STUDY.run(events, prices)
    for kind, sums in reduce(engine.merge, partials).groups.items():
        own = totals.likeness(totals.Facts(sums, (-1, 1), STUDY.event[0]))
        expected = advice.facts(result.sample((-1, 1), kind))
        assert own == replace(expected, shared=own.shared)
        assert own.shared == pytest.approx(expected.shared, rel=1e-12)


def test_one_date_is_seen_in_the_sums(market) -> None:
    prices, _ = market
    events = pd.DataFrame({"asset": prices.tickers[:40], "event_time": DAYS[300]})
    own = engine.run_engine(STUDY, events, prices).recommended
    assert list(own["test"]) == ["kp"]
    assert "events on one date" in own["reason"].iloc[0]


def test_threads_give_the_same_to_the_last_bit(market, found) -> None:
    seen = []
    again = engine.run_engine(
        STUDY, market[1], market[0], window=(-1, 1), ranks=True, engine="threads", progress=lambda *at: seen.append(at)
    )
    same(again, found)
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_the_order_of_the_events_does_not_matter(market, found) -> None:
    mixed = market[1].sample(frac=1.0, random_state=1)
    same(engine.run_engine(STUDY, mixed, market[0], window=(-1, 1), ranks=True), found)


def test_blocks_and_functions_can_be_sent_elsewhere(market) -> None:
    prices, events = market
    plan = engine.plan_of(STUDY, (0, 0))
    blocks = list(engine.blocks_of(STUDY, normalise_events(events), prices, "kind", plan))
    sent = [pickle.loads(pickle.dumps((engine.map_block, block))) for block in blocks]
    total = reduce(pickle.loads(pickle.dumps(engine.merge)), (f(*block) for f, block in sent))
    same(engine.finish(total, plan), engine.run_engine(STUDY, events, prices))


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_and_its_end_elsewhere() -> None:
    screen, log = Terminal(), io.StringIO()
    for stream in (screen, log):
        draw = engine.bar(stream, width=4)
        for done in (1, 2):
            draw(done, 2)
    first, second = screen.getvalue().split("\r")[1:]
    assert first.startswith("[##..] 1/2 blocks")
    assert "left" in first
    assert second.startswith("[####] 2/2 blocks")
    assert second.endswith("\n")
    assert log.getvalue().count("\n") == 1
    assert "left" not in log.getvalue()


def test_groups_by_year_column_and_instrument(market) -> None:
    prices, events = market
    by_year = engine.run_engine(STUDY, events, prices, by="year")
    years = pd.DatetimeIndex(events["event_time"]).year.astype(str)
    assert set(by_year.caar["kind"]) <= set(years)
    events = events.assign(desk=np.where(events["asset"] < "S075", "a", "b"))
    by_desk = engine.run_engine(STUDY, events, prices, by="desk")
    total = engine.run_engine(STUDY, events, prices, by="currency")
    assert list(total.caar["kind"].unique()) == [""]
    assert by_desk.tests.groupby("test")["n"].sum().eq(total.tests.set_index("test")["n"]).all()
    with pytest.raises(UnknownNameError, match="by='sector'"):
        engine.run_engine(STUDY, events, prices, by="sector")


@pytest.mark.parametrize(
    ("study", "message"),
    [
        (bt.EventStudy(model="constant-mean"), "the engine runs the market model"),
        (bt.EventStudy(contamination="mask"), "the engine runs the market model"),
    ],
)
def test_what_the_engine_cannot_do_it_says(market, study, message) -> None:
    with pytest.raises(AlignmentError, match=message):
        engine.run_engine(study, market[1], market[0])


def test_bad_arguments(market) -> None:
    prices, events = market
    with pytest.raises(AlignmentError, match="not inside the event window"):
        engine.run_engine(STUDY, events, prices, window=(0, 9))
    with pytest.raises(UnknownNameError, match="unknown engine 'thread'; did you mean 'threads'"):
        engine.run_engine(STUDY, events, prices, engine="thread")
    with pytest.raises(AlignmentError, match=r"all 1 events dropped \(1 unknown-asset\)"):
        engine.run_engine(STUDY, pd.DataFrame({"asset": ["NO"], "event_time": [DAYS[200]]}), prices)
    two = bt.Prices.from_returns(
        prices.returns, prices.benchmark_returns, mic={t: "XETR" if t < "S050" else "XLON" for t in prices.tickers}
    )
    with pytest.raises(AlignmentError, match="2 calendars in one run"):
        engine.run_engine(STUDY, events, two)


def test_one_event_has_a_path_and_no_test(market) -> None:
    prices, _ = market
    single = engine.run_engine(STUDY, pd.DataFrame({"asset": ["S001"], "event_time": [DAYS[300]]}), prices)
    assert single.tests["pvalue"].isna().all()
    assert single.tests["n"].eq(1).all()


def test_rows_of_one_day_are_all_added() -> None:
    table = np.zeros((3, 2))
    add_rows(table, np.array([1, 1, 0, 1]), np.array([[1.0, 2.0], [10.0, 20.0], [5.0, 5.0], [100.0, 200.0]]))
    np.testing.assert_array_equal(table, [[5, 5], [111, 222], [0, 0]])


# ---------------------------------------------------------------------------------------------------------- out of core


@pytest.fixture
def dataset(market, tmp_path: Path) -> Path:
    written: list[int] = []
    place = outofcore.write_dataset(outofcore.split(*market), tmp_path / "data", written.append)
    assert written == [1, 2, 3]
    return place


def test_a_data_set_on_disk_gives_the_same(market, found, dataset, tmp_path) -> None:
    again = outofcore.run_dataset(STUDY, dataset, tmp_path / "out", window=(-1, 1), ranks=True)
    same(again, found)
    assert outofcore.bytes_of(dataset) > 10_000
    manifest = json.loads((tmp_path / "out" / "00001.json").read_text())
    assert manifest["block"] == 1
    assert manifest["groups"] == ["profit-warning", "takeover-rumour"]


def test_a_killed_run_is_taken_up_where_it_stopped(dataset, tmp_path, monkeypatch) -> None:
    out, worked = tmp_path / "out", []

    def dying(*block):
        worked.append(1)
        if len(worked) == 2:
            raise KeyboardInterrupt
        return engine.map_block(*block)

    monkeypatch.setattr(outofcore, "map_block", dying)
    with pytest.raises(KeyboardInterrupt):
        outofcore.run_dataset(STUDY, dataset, out)
    assert sorted(p.name for p in out.iterdir()) == ["00000.json", "00000.npz"]
    again = outofcore.run_dataset(STUDY, dataset, out)
    assert len(worked) == 4  # one before, one that died, the two that were left
    same(again, outofcore.run_dataset(STUDY, dataset, tmp_path / "fresh"))
    # Other windows or other data are not mistaken for finished work.
    monkeypatch.setattr(outofcore, "map_block", engine.map_block)
    wider = outofcore.run_dataset(STUDY, dataset, out, window=(0, 1))
    assert wider.tests["window_end"].eq(1).all()
    (out / "00000.json").write_text("{}")
    same(outofcore.run_dataset(STUDY, dataset, out, window=(0, 1)), wider)


def test_levels_keep_their_exchange(tmp_path: Path) -> None:
    close = pd.DataFrame(100.0 + np.arange(300)[:, None] % 7 + np.arange(2), index=DAYS[:300], columns=["A", "B"])
    close["IX"] = 50.0 + np.arange(300) % 5
    prices = bt.Prices.from_frame(close, "IX", mic="XETR")
    events = pd.DataFrame({"asset": ["A", "B"], "event_time": DAYS[[200, 250]]})
    place = outofcore.write_dataset([(prices, events)], tmp_path / "data")
    back, table = outofcore.read_block(place, 0)
    pd.testing.assert_frame_equal(back.close, prices.close, check_freq=False)
    assert set(back.instruments.loc[["A", "B"], "mic"]) == {"XETR"}
    assert list(table["asset"]) == ["A", "B"]
    mixed = bt.Prices.from_frame(close, "IX", mic={"A": "XETR", "B": "XLON", "IX": "XETR"})
    with pytest.raises(SchemaError, match="a data set has one calendar"):
        outofcore.write_dataset([(mixed, events)], tmp_path / "mixed")


def test_no_data_set_and_no_place(market, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="is no data set"):
        outofcore.run_dataset(STUDY, tmp_path, tmp_path / "out")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write"):
        outofcore.write_dataset(outofcore.split(*market), tmp_path / "file" / "data")


def test_a_result_shows_itself(found) -> None:
    lost = int(found.dropped["events"].sum())
    assert repr(found).startswith(f"Engine: 900 events, {lost} of them dropped\n")
    assert "kp-overlap" in repr(found)
    odd = replace(found, recommended=found.recommended.assign(kind="<script>"))
    assert "&lt;script&gt;" in odd._repr_html_()
    assert "<script>" not in odd._repr_html_()
