"""Themes, files and the user's own settings: the same bytes each time, nothing shown, nothing left behind."""

import warnings
import xml.etree.ElementTree as ElementTree

import matplotlib as mpl
import pandas as pd
import pytest
from pictures import NOTICE, blank, fifteen

from backtest import plots
from backtest.errors import StoreError, UnknownNameError
from backtest.plots import canvas, strokes
from backtest.summary import answers


@pytest.fixture(scope="module")
def result():
    return fifteen()


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


def test_dark_theme_has_a_dark_paper_and_light_words(result):
    figure = plots.caar_panels(result, theme="dark")
    assert mpl.colors.to_hex(figure.get_facecolor()) == strokes.PALETTES["dark"]["paper"].lower()
    assert strokes.tone(figure.axes[0], "ink") == strokes.PALETTES["dark"]["ink"]


@pytest.mark.parametrize("days", [20, 100, 150, 400, 1300, 1600, 1800, 4000])
def test_a_time_axis_has_a_step_for_every_span(days):
    """Four to five years have none of matplotlib's own: it would warn the user of it, and draw too many ticks."""
    ax = blank((7, 4))
    ax.plot(pd.to_datetime(["2020-03-04", "2020-03-04"]) + pd.to_timedelta([0, days], "D"), [0, 1])
    canvas.date_axis(ax)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ticks = ax.get_xticks()
    low, high = ax.get_xlim()
    assert 2 <= ((ticks >= low) & (ticks <= high)).sum() <= 9


def test_unknown_theme():
    with pytest.raises(UnknownNameError, match="unknown theme 'pink'; known: light, dark"):
        plots.style("pink")


def test_contrast_of_the_words_is_enough_for_everybody():
    def luminance(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for palette in strokes.PALETTES.values():
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
