"""Every picture looks as it did: compared with a small image of it, tight enough that a missing line or label is seen."""

from functools import cache, partial
from inspect import signature
from types import FunctionType

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.testing.compare import calculate_rms
from pictures import KINDS, NOTICE, fifteen, traded, twelve

from backtest import plots
from backtest.placebo import PlaceboResult
from backtest.plots import canvas, strokes
from backtest.summary import answers
from backtest.testing import events_table

#: Root mean square of the difference of two images, of 255: a missing line or label makes more, another patch of matplotlib
#: less. Another minor version draws every letter otherwise (20 to 40), so that its images have nothing to say.
TOLERANCE = 1.5
MADE_WITH = "3.11."
SAVED = {"dpi": 60, "metadata": {"Software": None}}


@cache
def tables():
    """Made-up tables of the pictures that need one."""
    random = np.random.default_rng(3)
    effect = np.sort(random.normal(0.01, 0.008, 12))
    specs = pd.DataFrame({"spec": [f"model {i % 3}, window {i // 3}" for i in range(12)], "effect": effect, "n": 31})
    specs = specs.assign(low=effect - 0.011, high=effect + 0.011, chosen=np.arange(12) == 8)
    sizes = np.array([0.0, 0.01, 0.02, 0.03])
    rejected = {"kp-overlap": [0.05, 0.4, 0.8, 0.97], "corrado": [0.06, 0.5, 0.9, 1.0], "sq": [0.05, 0.2, 0.4, 0.6]}
    power = pd.concat([pd.DataFrame({"test": t, "effect": sizes, "rejected": r, "n": 20}) for t, r in rejected.items()])
    pairs = pd.DataFrame({"issuer": [-0.31, -0.1, 0.05, -0.2, -0.12], "peer": [-0.04, -0.02, 0.01, -0.03, 0.01]})
    lags = pd.DataFrame({
        "entry": ["event-day close (look-ahead)", "next-open", "next-close", "next-open+1"], "look_ahead": [True] + [False] * 3,
        "trades": 39, "gross_mean": [0.05, 0.02, 0.012, 0.004], "net_mean": [0.046, 0.016, 0.008, 0.0],
        "low": [0.01, -0.005, -0.01, -0.02], "high": [0.08, 0.035, 0.03, 0.02],
    })  # fmt: skip
    placebo = pd.DataFrame({"placebo": ["dates"], "trades": [39], "p_better": [0.021]})
    among = PlaceboResult(placebo, pd.DataFrame({"dates": random.normal(0.0, 0.006, 800)}), 0.0127, NOTICE)
    return {"specs": specs, "power": power, "pairs": pairs, "lags": lags, "placebo": among}


def months():
    """Events of which some are known to the month only."""
    rows = [("A", "2020-01-02"), ("A", "2021-05"), ("B", "2022-03-04T08:00Z"), ("C", "2020-11-20"), ("C", "2022-01-03")]
    return events_table(rows, kind=["profit-warning", "profit-warning", "takeover-rumour", "other", "of my own"])


SMALL, WIDE = (6.4, 4.0), (7.6, 3.6)
PICTURES = {
    "caar": (lambda ax: plots.caar(fifteen(), ax=ax), WIDE),
    "spaghetti": (lambda ax: plots.spaghetti(fifteen(), "profit-warning", ax), SMALL),
    "heat_map": (lambda ax: plots.heat_map(fifteen(), ax), (6.8, 5.0)),
    "effects": (lambda ax: plots.effects(answers(fifteen()), NOTICE, ax), WIDE),
    "event_price": (lambda ax: plots.event_price(fifteen(), "E2", ax), (5.2, 4.3)),
    "event_panel": (lambda ax: plots.event_panel(fifteen(), "E2", ax), (5.2, 3.1)),
    "price_with_events": (lambda ax: plots.price_with_events(fifteen().prices, fifteen().events, "A", ax), WIDE),
    "event_calendar": (lambda ax: plots.event_calendar(months(), NOTICE, ax), WIDE),
    "placebo_days": (lambda ax: plots.placebo_days(twelve(), "E3", (0, 1), ax), SMALL),
    "date_sensitivity": (lambda ax: plots.date_sensitivity(twelve(), "E1", ax), SMALL),
    "specification_curve": (lambda ax: plots.specification_curve(tables()["specs"], NOTICE, ax), SMALL),
    "power_chart": (lambda ax: plots.power_chart(tables()["power"], NOTICE, ax), SMALL),
    "spillover": (lambda ax: plots.spillover(tables()["pairs"], "ASC.L", "ZAL.DE", NOTICE, ax), SMALL),
    "equity": (lambda ax: plots.equity(traded(), ax), WIDE),
    "entry_ladder": (lambda ax: plots.entry_ladder(tables()["lags"], NOTICE, ax), WIDE),
    "placebo_histogram": (lambda ax: plots.placebo_histogram(tables()["placebo"], ax=ax), SMALL),
    "trade_returns": (lambda ax: plots.trade_returns(traded(), ax), WIDE),
}
#: New images: pytest tests/backtest/plots/test_plots_images.py --mpl-generate-path=tests/backtest/plots/baseline; look at them.
compared = partial(
    pytest.mark.mpl_image_compare, baseline_dir="baseline", tolerance=TOLERANCE, savefig_kwargs=SAVED, style={},
    remove_text=False,
)  # fmt: skip


def picture(name, theme="light"):
    """Return the figure of a picture in a theme, as a notebook lays it out."""
    draw, size = PICTURES[name]
    with canvas.themed(theme):
        figure = Figure(figsize=size, layout="constrained", facecolor=strokes.PALETTES[theme]["paper"])
        draw(figure.add_subplot())
        figure.draw_without_rendering()
    return figure


same_letters = pytest.mark.skipif(
    not mpl.__version__.startswith(MADE_WITH),
    reason=f"the images are made with matplotlib {MADE_WITH}x; {mpl.__version__} draws letters otherwise",
)


@same_letters
@compared()
@pytest.mark.parametrize("name", PICTURES)
def test_picture(name):
    return picture(name)


@same_letters
@compared()
@pytest.mark.parametrize("name", ["caar", "heat_map", "effects", "event_price", "price_with_events", "equity"])
def test_picture_in_the_dark(name):
    return picture(name, "dark")


@same_letters
@compared()
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_panels_by_kind(theme):
    return plots.caar_panels(fifteen(), theme=theme)


@same_letters
@compared()
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_effect_and_ladder(theme):
    return plots.effect_and_ladder(twelve(), tables()["lags"], set(KINDS), NOTICE, theme)


@same_letters
@compared()
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_event_scene(theme):
    ((_, scene),) = plots.event_scenes(fifteen(), ["E2"], theme)
    return scene.figure


def test_no_picture_is_left_out():
    functions = [name for name in plots.__all__ if isinstance(getattr(plots, name), FunctionType)]
    assert {name for name in functions if "ax" in signature(getattr(plots, name)).parameters} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_missing_line_or_label_is_seen(name):
    """Take every line, mark and word away in turn: each time the images must differ by more than the tolerance."""
    figure = picture(name)
    figure.set_layout_engine("none")
    figure.set_dpi(SAVED["dpi"])
    whole, gone = pixels(figure), _removable(figure)
    assert len(gone) > 4
    for artist in gone:
        artist.set_visible(False)
        assert calculate_rms(whole, pixels(figure)) > TOLERANCE, artist
        artist.set_visible(True)
    assert calculate_rms(whole, pixels(figure)) == 0


def pixels(figure):
    """Return what is drawn as (height, width, 3) bytes."""
    agg = FigureCanvasAgg(figure)
    agg.draw()
    return np.asarray(agg.buffer_rgba())[..., :3].astype("int16")


def _removable(figure):
    """Return every word but those of ticks, and every line longer than two points, of a figure."""
    ticks = {t for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for t in axis.get_ticklabels(which="both")}
    words = [t for t in figure.findobj(mpl.text.Text) if t not in ticks and t.get_text().strip() and t.get_visible()]
    lines = [
        line for ax in figure.axes for line in ax.lines if line.get_linewidth() >= 1.4 and len(line.get_xdata()) > 2
    ]
    return [*words, *lines]


def test_the_same_picture_twice_is_the_same(tmp_path):
    for place in ("one", "two"):
        picture("caar").savefig(tmp_path / f"{place}.png", **SAVED)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
