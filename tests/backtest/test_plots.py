"""Pictures: the right numbers in the right places, the notice in each, the same bytes each time, nothing shown."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from backtest import drawing, plots
from backtest.errors import StoreError, UnknownNameError
from backtest.study import EventStudy
from backtest.summary import answers, pictured
from backtest.testing import events_table, price_panel

NOTICE = "simulated prices, reported event-day moves imposed: not market data"
KINDS = ["profit-warning"] * 11 + ["takeover-rumour"] * 3 + ["other"]


@pytest.fixture(scope="module")
def result():
    """Fifteen events of three kinds on six shares; fourteen issuers and one peer."""
    assets = list("ABCDEF")
    places = [(assets[i % 6], 280 + 7 * i) for i in range(15)]
    panel = price_panel(assets, 420, {place: -0.08 if i < 11 else 0.05 for i, place in enumerate(places)}, seed=1)
    rows = list(zip(panel.events["asset"], panel.events["event_time"].dt.date.astype(str), strict=True))
    events = events_table(rows, kind=KINDS, role=["issuer"] * 14 + ["peer"])
    return EventStudy().run(events, replace(panel.prices, notice=NOTICE))


def blank(size=(6, 4)):
    return Figure(figsize=size).add_subplot()


def words(ax):
    figure = ax.get_figure()
    return " ".join(t.get_text() for t in figure.findobj(mpl.text.Text))


def test_caar_draws_the_numbers_of_the_table(result):
    ax = plots.caar(result, ax=blank())
    table = result.caar()
    drawn = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 16]
    for kind in table["kind"].unique():
        expected = 100 * table.loc[table["kind"] == kind, "caar"].to_numpy()
        assert any(np.allclose(expected, y) for y in drawn), kind
    text = words(ax)
    assert NOTICE in text
    assert "profit-warning (N=11)" in text
    assert "2 of 3 groups with fewer than 10 events" in text
    assert ax.get_ylabel().endswith("(%)")
    assert ax.get_xlabel() == "sessions from day 0"


def test_caar_without_an_axes_makes_one_and_shows_nothing(result, monkeypatch):
    from matplotlib import pyplot

    monkeypatch.setattr(pyplot, "show", lambda *a, **k: pytest.fail("a library does not show"))
    ax = plots.caar(result, by="asset")
    assert ax.get_figure() in [pyplot.figure(n) for n in pyplot.get_fignums()]
    pyplot.close("all")


def test_many_groups_are_drawn_and_the_small_ones_said_to_be_grey(result):
    many = replace(result, events=result.events.assign(kind=[f"kind-{i}" for i in range(15)]))
    text = words(plots.caar(many, ax=blank()))
    assert "grey: 9 smaller groups" in text
    assert "band: 95 % interval of the three largest" in text


def test_panels_have_one_axes_per_group_and_every_single_event(result):
    figure = plots.caar_panels(result)
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ["profit-warning, N=11", "takeover-rumour, N=3", "other (peer), N=1"]
    assert len([line for line in figure.axes[0].lines if len(line.get_ydata()) == 16]) == 12
    assert NOTICE in words(figure.axes[0])
    together = plots.caar_panels(result, by=None).axes
    assert [ax.get_title(loc="left") for ax in together] == ["all, N=15"]
    assert plots.caar_panels(result, by="asset").axes[0].get_title(loc="left").endswith("N=3")


def test_effects_shows_mean_interval_n_and_p(result):
    table = answers(result)
    ax = plots.effects(table, NOTICE, blank())
    assert [t.get_text() for t in ax.get_yticklabels()] == list(table.sort_values("effect", ascending=False)["kind"])
    points = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert sorted(points) == pytest.approx(sorted(100 * table["effect"]))
    text = words(ax)
    assert NOTICE in text
    assert "N=11, p < 0.001" in text
    assert "fewer than 10 events" in text


def test_event_panel_draws_each_session_and_their_sum(result):
    ax = plots.event_panel(result, "E1", blank())
    expected = 100 * result.ar.loc["E1"].to_numpy()
    sums = next(line for line in ax.lines if len(line.get_ydata()) == 16)
    assert sums.get_ydata() == pytest.approx(np.cumsum(expected))
    bars = ax.collections[0].get_segments()
    assert [segment[1][1] for segment in bars] == pytest.approx(expected)
    text = words(ax)
    assert NOTICE in text
    assert "A  profit-warning" in text
    assert pd.Timestamp(result.audit["day0"].iloc[0]).strftime("%Y") in text


def test_event_panel_of_an_unknown_event(result):
    with pytest.raises(UnknownNameError, match="unknown event 'E99' in this result; kept: 'E1'"):
        plots.event_panel(result, "E99")


def test_price_marks_the_events_at_their_sessions(result):
    marked = result.events.join(result.audit.set_index("event_id")["day0"])
    ax = plots.price_with_events(result.prices, marked, "A", blank())
    close = result.prices.close["A"]
    marks = [line for line in ax.lines if line.get_linestyle() == "None"]
    days = {pd.Timestamp(mpl.dates.num2date(mpl.dates.date2num(x)).date()) for line in marks for x in line.get_xdata()}
    assert days == set(marked.loc[marked["asset"] == "A", "day0"])
    for line in marks:
        assert line.get_ydata() == pytest.approx(close.loc[pd.DatetimeIndex(line.get_xdata())].to_numpy())
    assert NOTICE in words(ax)
    assert ax.get_ylabel() == "close"


def test_price_falls_back_on_the_date_and_knows_pence(result):
    instruments = result.prices.instruments.assign(unit="GBp", name="A plc")
    prices = replace(result.prices, instruments=instruments)
    late = events_table([("A", "2019-06-01"), ("A", "2035-01-01")])
    ax = plots.price_with_events(prices, late, "A", blank())
    marks = [line for line in ax.lines if line.get_linestyle() == "None"]
    assert [len(line.get_xdata()) for line in marks] == [1]
    assert ax.get_ylabel() == "close (pence)"
    assert "A plc (A): close and events" in words(ax)
    euro = replace(prices, instruments=instruments.assign(unit="EUR"))
    assert plots.price_with_events(euro, late, "A", blank()).get_ylabel() == "close (EUR)"
    unknown = replace(prices, instruments=instruments.iloc[:0])
    assert plots.price_with_events(unknown, late, "A", blank()).get_ylabel() == "close"
    plain = plots.price_with_events(prices, late.iloc[:0], "B", blank())
    assert plain.get_legend() is None


def test_price_of_an_unknown_share(result):
    with pytest.raises(UnknownNameError, match="no prices of 'ZZZ'; there are 'A'"):
        plots.price_with_events(result.prices, result.events, "ZZZ")


def test_every_figure_once_and_the_same_bytes_twice(result, tmp_path):
    names, first = [], {}
    for attempt in ("one", "two"):
        for name, figure in plots.figures(result, answers(result)):
            stem = tmp_path / attempt / name.replace("/", "_")
            stem.parent.mkdir(exist_ok=True)
            for path in plots.save(figure, stem):
                key = path.name
                if attempt == "one":
                    first[key] = path.read_bytes()
                    names.append(name)
                else:
                    assert path.read_bytes() == first[key], key
    assert dict.fromkeys(names) == dict.fromkeys(["effects", "caar_by_kind", *(f"price/{a}" for a in "ABCDEF")])
    svg = first["caar_by_kind.svg"].decode()
    assert NOTICE in svg
    assert "<dc:date>" not in svg
    ElementTree.fromstring(svg)
    assert first["effects.png"].startswith(b"\x89PNG")


def test_no_answers_no_effects_picture(result):
    names = [name for name, _ in plots.figures(result, answers(result).iloc[:0])]
    assert names[0] == "caar_by_kind"


def test_dark_theme_has_a_dark_paper_and_light_words(result):
    figure = plots.caar_panels(result, theme="dark")
    assert mpl.colors.to_hex(figure.get_facecolor()) == drawing.PALETTES["dark"]["paper"].lower()
    assert drawing.tone(figure.axes[0], "ink") == drawing.PALETTES["dark"]["ink"]


def test_unknown_theme():
    with pytest.raises(UnknownNameError, match="unknown theme 'pink'; known: light, dark"):
        plots.style("pink")


def test_contrast_of_the_words_is_enough_for_everybody():
    def luminance(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for palette in drawing.PALETTES.values():
        paper = luminance(palette["paper"])
        for name in ("ink", "soft", "warn"):
            bright, dark = sorted((paper, luminance(palette[name])), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, name


def test_settings_of_the_user_are_left_alone(result):
    before = dict(mpl.rcParams)
    list(plots.figures(result, answers(result)))
    plots.caar(result)
    assert dict(mpl.rcParams) == before


def test_a_place_that_cannot_be_written(result, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot write .*x\.png: .*; choose another place"):
        plots.save(plots.caar_panels(result), tmp_path / "file" / "x")


def test_pictured_takes_the_largest_moves_in_order(result):
    size = result.ar[0].abs()
    chosen = pictured(result, 4)
    assert set(chosen) == set(size.nlargest(4).index)
    assert chosen == [e for e in result.events.index if e in set(chosen)]
    assert pictured(result, 15) == list(result.events.index)


def test_only_plots_imports_matplotlib_and_only_when_drawing():
    code = "import sys, backtest.plots, backtest.run, backtest.report; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
