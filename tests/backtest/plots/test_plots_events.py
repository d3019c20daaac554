"""Pictures of single events: the numbers of the tables in them, and the quick way of drawing many gives the same pictures."""

import io
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from pictures import blank, fifteen, words
from PIL import Image

from backtest import plots
from backtest.errors import UnknownNameError
from backtest.plots import events
from backtest.study import EventStudy
from backtest.summary import pictured
from backtest.testing import events_table, price_panel

NOTICE = "simulated prices, reported event-day moves imposed: not market data"


@pytest.fixture(scope="module")
def result():
    """Six events of one kind, of very different sizes, on six shares."""
    assets = list("ABCDEF")
    sizes = (-0.4, -0.08, -0.01, 0.02, 0.1, 0.6)
    panel = price_panel(
        assets, 420, {(a, 300 + 9 * i): x for i, (a, x) in enumerate(zip(assets, sizes, strict=True))}, seed=2
    )
    rows = list(zip(panel.events["asset"], panel.events["event_time"].dt.date.astype(str), strict=True))
    return EventStudy().run(events_table(rows, kind="profit-warning"), replace(panel.prices, notice=NOTICE))


@pytest.fixture(scope="module", name="fifteen")
def fifteen_events():
    return fifteen()


def test_paths_are_the_prices_and_what_the_model_expected(result):
    ax = plots.event_price(result, "E2", blank())
    data = events.event_data(result, "E2")
    close = result.prices.close["B"]
    at = close.index.get_loc(result.audit.set_index("event_id")["day0"]["E2"])
    want = 100 * (close.iloc[at - 5 : at + 11].to_numpy() / close.iloc[at - 6] - 1)
    np.testing.assert_allclose(data.share, want, atol=1e-9)
    lines = [line.get_ydata() for line in ax.lines]
    assert any(len(y) == 16 and np.allclose(y, want) for y in lines)
    rows = result.abnormal_returns.query("event_id == 'E2'")
    implied = 100 * (np.cumprod(1 + rows["expected"].to_numpy()) - 1)
    assert any(len(y) == 16 and np.allclose(y, implied) for y in lines)
    assert ax.get_ylabel() == "since before (%)"


def test_returns_given_as_logs_are_added(result):
    logs = replace(result, prices=replace(result.prices, returns_kind="log"))
    rows = result.abnormal_returns.query("event_id == 'E1'")
    want = 100 * np.expm1(np.cumsum(rows["ret"].to_numpy()))
    np.testing.assert_allclose(events.event_data(logs, "E1").share, want)


@pytest.mark.parametrize("draw", [plots.event_price, plots.event_panel])
def test_an_unknown_event(result, draw):
    with pytest.raises(UnknownNameError, match=r"unknown event 'E99' in this result; kept: 'E1'"):
        draw(result, "E99")


@pytest.mark.parametrize(
    ("low", "high", "limits"),
    [
        (0.0, 0.0, (-5, 5)),
        (-3.0, 4.0, (-5, 5)),
        (-4.9, 4.0, (-15, 5)),
        (-70.0, 39.5, (-100, 100)),
        (0.0, 99999.0, (-5, 10000)),
    ],
)
def test_scales_hold_the_lines_with_room_to_spare(low, high, limits):
    nothing = np.zeros(2)
    data = events.EventData(np.array([0, 1]), nothing, np.array([low, high]), np.array([np.nan, 0.0]), "", "", nothing)
    assert data.limits == limits


def test_a_day_without_a_price_ends_the_path():
    np.testing.assert_allclose(events._path(np.array([0.1, np.nan, 0.1]), False), [10.0, np.nan, np.nan])


def test_every_event_has_the_same_picture_as_if_it_were_alone(result):
    """Kept pixels and reused artists must leave nothing of the event before."""
    ids = list(result.events.index)
    together = {name: (scene.png(), scene.svg()) for name, scene in plots.event_scenes(result, ids)}
    assert list(together) == [f"event/{i}" for i in ids]
    for event_id in ids:
        ((name, scene),) = plots.event_scenes(result, [event_id])
        assert (scene.png(), scene.svg()) == together[name]
    assert len(set(together.values())) == len(ids)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_kept_pixels_look_like_a_figure_drawn_in_full(result, theme, tmp_path):
    ((_, scene),) = plots.event_scenes(result, ["E1"], theme)
    quick = Image.open(io.BytesIO(scene.png())).convert("RGB")
    with plots.themed(theme):
        scene.figure.savefig(tmp_path / "full.png", dpi=100)
    full = Image.open(tmp_path / "full.png").convert("RGB")
    assert quick.size == full.size
    differ = (np.asarray(quick).astype(int) != np.asarray(full)).any(axis=2)
    assert differ.mean() < 0.002, "only where a line crosses a frame"


def test_an_svg_is_well_formed_and_of_one_size(result):
    for _, scene in plots.event_scenes(result, ["E1", "E2"]):
        root = ElementTree.fromstring(scene.svg())
        assert (root.get("width"), root.get("height")) == ("374.4pt", "309.6pt")
        ids = [
            element.get("id") for element in root.iter() if element.get("id", "").startswith(("line", "text", "axes"))
        ]
        assert len(ids) == len(set(ids))
        whole = ElementTree.fromstring(plots.svg(scene.figure))
        drawn, full = (
            sorted(e.get("d") for e in tree.iter("{http://www.w3.org/2000/svg}path")) for tree in (root, whole)
        )
        assert [d for d in full if d not in drawn] == [], "every stroke of the whole figure is there"


def test_words_are_those_of_the_event(result):
    for (name, scene), event_id in zip(plots.event_scenes(result, ["E1", "E5"]), ["E1", "E5"], strict=True):
        svg = scene.svg()
        assert name == f"event/{event_id}"
        assert NOTICE in svg
        assert f"{result.events['asset'][event_id]}  profit-warning" in svg
        day0 = pd.Timestamp(result.audit.set_index("event_id")["day0"][event_id])
        assert f"day 0 is {day0.day} {day0:%b %Y}: " in svg
        assert "implied by the model" in svg


def test_event_panel_draws_each_session_and_their_sum(fifteen):
    ax = plots.event_panel(fifteen, "E1", blank())
    expected = 100 * fifteen.ar.loc["E1"].to_numpy()
    sums = next(line for line in ax.lines if len(line.get_ydata()) == 16)
    assert sums.get_ydata() == pytest.approx(np.cumsum(expected))
    bars = ax.collections[0].get_segments()
    assert [segment[1][1] for segment in bars] == pytest.approx(expected)
    text = words(ax)
    assert NOTICE in text
    assert "A  profit-warning" in text
    assert pd.Timestamp(fifteen.audit["day0"].iloc[0]).strftime("%Y") in text


def test_event_panel_of_an_unknown_event(fifteen):
    with pytest.raises(UnknownNameError, match="unknown event 'E99' in this result; kept: 'E1'"):
        plots.event_panel(fifteen, "E99")


def test_pictured_takes_the_largest_moves_in_order(fifteen):
    size = fifteen.ar[0].abs()
    chosen = pictured(fifteen, 4)
    assert set(chosen) == set(size.nlargest(4).index)
    assert chosen == [e for e in fifteen.events.index if e in set(chosen)]
    assert pictured(fifteen, 15) == list(fifteen.events.index)


def test_the_price_stands_above_the_abnormal_returns(result):
    ax = plots.event_price(result, "E2", blank())
    upper, lower = ax.get_figure().axes
    assert upper is ax
    assert upper.get_position().y0 > lower.get_position().y1
    assert (lower.get_ylabel(), lower.get_xlabel()) == ("abnormal return (%)", "sessions from day 0")
    fixed = Figure(figsize=(6, 4)).add_axes((0.1, 0.1, 0.8, 0.8))
    plots.event_price(result, "E2", fixed)
    boxes = [a.get_position() for a in fixed.get_figure().axes]
    assert boxes[0].y0 > boxes[1].y1
    assert (round(boxes[1].y0, 6), round(boxes[0].y1, 6)) == (0.1, 0.9)


def test_articles_are_marked_on_the_session_on_which_they_could_be_read(result):
    held = result.abnormal_returns.query("event_id == 'E2'").set_index("day")["session"]
    evening = pd.Timedelta(hours=23)
    night = pd.Timedelta(hours=29)  # the end of a day in New York
    known = [held[3] + evening, held[3] + night, held[-5] - pd.Timedelta(days=9), held[10] + pd.Timedelta(days=30)]
    signals = pd.DataFrame({
        "ticker": ["B", "B", "B", "B", "C", "B"], "kind": "profit-warning",
        "known_at": pd.DatetimeIndex([*known, held[5] + evening, held[7] + evening], tz="UTC"),
        "known_precision": ["day"] * 5 + ["minute"], "source_event": [None, None, None, None, "E2", None],
    })  # fmt: skip
    assert list(events.event_data(result, "E2", signals).articles) == [0, 3, 5, 7]
    assert list(events.event_data(result, "E2", signals.drop(columns="known_precision")).articles) == [0, 3, 5, 7]
    assert list(events.event_data(result, "E2").articles) == [0]
    morning = signals.assign(known_at=pd.Timestamp(held[7] + pd.Timedelta(hours=2), tz="UTC"))
    assert list(events.event_data(result, "E2", morning.iloc[5:]).articles) == [0, 7]
    assert list(events.event_data(result, "E2", morning.iloc[:1]).articles) == [0, 6 if held[7].day_of_week else 7]
    ax = plots.event_price(result, "E2", blank(), signals)
    marks = next(line for line in ax.lines if line.get_marker() == "^")
    assert list(marks.get_xdata()) == [0, 3, 5, 7]
    ((_, scene),) = plots.event_scenes(result, ["E2"], signals=signals)
    assert list(scene.paths[3].get_xdata()) == [0, 3, 5, 7]


def test_an_event_without_a_session_has_no_marks():
    event = pd.Series({"known_at": pd.Timestamp("2020-01-02", tz="UTC"), "asset": "A", "kind": "x"}, name="E")
    empty = pd.Series([pd.NaT], index=[0], dtype="datetime64[us]")
    assert list(events._article_days(event, empty, None)) == []
