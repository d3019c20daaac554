"""Pictures of a study: the right numbers in the right places, the notice in each, what is said of few events."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from pictures import NOTICE, blank, fifteen, twelve, words

from backtest import plots
from backtest.errors import UnknownNameError
from backtest.plots import strokes, study
from backtest.summary import answers


@pytest.fixture(scope="module")
def result():
    return fifteen()


@pytest.fixture(scope="module")
def small():
    return twelve()


def test_caar_draws_the_numbers_of_the_table(result):
    ax = plots.caar(result, ax=blank())
    table = result.caar()
    drawn = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 16]
    for kind in table["kind"].unique():
        expected = 100 * table.loc[table["kind"] == kind, "caar"].to_numpy()
        assert any(np.allclose(expected, y) for y in drawn), kind
    text = words(ax)
    assert NOTICE in text
    assert "profit-warning (N=11, eff. " in text
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
    assert titles == ["profit-warning", "takeover-rumour", "other (peer)"]
    assert (
        len([line for line in figure.axes[0].lines if len(line.get_ydata()) == 16]) == 11 + 1 + 2
    )  # events, mean, edges
    text = words(figure.axes[0])
    assert NOTICE in text
    for row in result.recommended(windows=[(-5, 10)]).itertuples():
        eff = f", eff. {row.n_eff:.3g}" if row.n > 1 else ""
        assert f"N={row.n}{eff}; {row.test}" in text
    together = plots.caar_panels(result, by=None).axes
    assert [ax.get_title(loc="left") for ax in together] == ["all"]
    assert "N=15, eff. " in words(together[0])
    assert plots.caar_panels(result, by="asset").axes[0].get_title(loc="left") == "A"


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


def test_no_answers_no_effects_picture(result):
    names = [name for name, _ in plots.figures(result, answers(result).iloc[:0])]
    assert names[0] == "caar_by_kind"


def test_spaghetti_draws_every_path_and_the_mean(small):
    ax = plots.spaghetti(small, "profit-warning", blank())
    paths = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 16]
    expected = 100 * small.ar.iloc[:10].cumsum(axis=1)
    assert len(paths) == 11
    assert np.allclose(paths[:10], expected.to_numpy())
    assert np.allclose(paths[10], expected.mean().to_numpy())
    assert NOTICE in words(ax)
    assert "10 events" in words(ax)
    few = words(plots.spaghetti(small, "takeover-rumour", blank()))
    assert "2 events, fewer than 10: read them as cases" in few
    assert "12 events" in words(plots.spaghetti(small, ax=blank()))
    with pytest.raises(UnknownNameError, match="unknown kind 'x' in this result; there are 'profit-warning'"):
        plots.spaghetti(small, "x")


def test_heat_map_holds_the_table(small):
    ax = plots.heat_map(small, blank())
    image = ax.get_images()[0]
    assert np.allclose(image.get_array(), 100 * small.ar.to_numpy())
    assert image.get_clim() == (-10, 10)
    assert len(ax.get_yticklabels()) == 12
    assert NOTICE in words(ax)
    assert "abnormal return (%)" in words(ax)


def test_heat_map_of_many_events_names_the_kinds_only(small, monkeypatch):
    monkeypatch.setattr(study, "_ROWS", 5)
    ax = plots.heat_map(small, blank())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["profit-warning", "takeover-rumour"]
    assert list(ax.get_yticks()) == [0, 10]
    assert list(strokes.apart(np.array([0.0, 1.0, 9.0]), 3)) == [0, 3, 9]
    assert list(strokes.apart(np.array([8.0, 9.0, 10.0]), 3, 10.0)) == [4, 7, 10]


def test_caar_names_effective_n_and_the_recommended_test(result, small):
    text = words(plots.caar(result, ax=blank()))
    advice = result.recommended(windows=[(-5, 10)]).set_index("kind")
    for kind in ("profit-warning", "takeover-rumour"):
        assert f"{kind} (N={advice['n'][kind]}, eff. {advice['n_eff'][kind]:.3g})" in text
    assert "recommended test kp-overlap (2 groups), " in text
    assert "recommended test kp-overlap; band: 95 % interval" in words(plots.caar(small, by=None, ax=blank()))


def test_one_group_of_few_is_called_a_case(result):
    one = replace(result, events=result.events.assign(kind=["x"] * 14 + ["y"]))
    text = words(plots.spaghetti(one, "y (peer)", blank()))
    assert "one event: a case, no rule" in text
    assert "the event" in text


def test_the_interval_of_two_events_does_not_flatten_the_rest(small):
    ax = plots.caar(small, ax=blank())
    table = small.caar().query("kind == 'takeover-rumour'")
    assert 100 * table["high"].max() > 3 * ax.get_ylim()[1]
    assert "of two events cut at the frame" in words(ax)
    others = plots.caar(small, by=None, ax=blank())
    assert 100 * small.caar(by=None)["low"].min() > others.get_ylim()[0]
    assert "cut" not in words(others)


def test_effects_point_at_intervals_beyond_the_frame(small):
    ax = plots.effects(answers(small), NOTICE, blank())
    assert 100 * answers(small)["high"].max() > ax.get_xlim()[1]
    assert ">" in {line.get_marker() for line in ax.lines}
    assert "p by kp-overlap" in words(ax)


def test_long_names_are_cut_and_leave_room_for_the_picture(result):
    long = replace(
        result, events=result.events.assign(kind=[f"a very long name of a kind of news {i}" for i in range(15)])
    )
    ax = plots.caar(long, ax=Figure(figsize=(7.4, 4.6), layout="constrained").add_subplot())
    ax.get_figure().draw_without_rendering()
    assert ax.get_position().width > 0.5
    assert "a very long name of…of news 1 (N=1)" in words(ax)


def test_heat_map_names_each_kind_beside_its_rows(small):
    ax = plots.heat_map(small, blank())
    beside = [t for t in ax.texts if t.get_text() in ("profit-warning", "takeover-rumour")]
    assert [t.xy[1] for t in beside] == [0, 10]
