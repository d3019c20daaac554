"""The ratchet: no score on a labelled corpus falls below its floor."""

from __future__ import annotations

import importlib.util
import json
import sys

import pytest

from signals.kinds.calibration import INTERCEPT, SLOPE
from tests.conftest import ROOT


def _load(name):
    spec = importlib.util.spec_from_file_location(f"corpus_{name}", ROOT / "tests" / "corpus" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gate, calibrate = _load("gate"), _load("calibrate")
FLOORS = json.loads(gate.FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def own() -> dict[str, float]:
    return gate.own_scores()


@pytest.fixture(scope="module")
def wordings() -> dict[str, float]:
    return gate.wording_scores()


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return gate.figure_scores()


@pytest.fixture(scope="module")
def deals() -> dict[str, float]:
    return gate.deal_scores()


@pytest.fixture(scope="module")
def wide(shared) -> dict[str, float]:
    return gate.shared_scores()


@pytest.mark.parametrize("name", FLOORS["own"]["floors"])
def test_own_corpus(own, name):
    assert own[name] >= FLOORS["own"]["floors"][name] - 1e-9


@pytest.mark.parametrize("name", FLOORS["wordings"]["floors"])
def test_wordings(wordings, name):
    assert wordings[name] >= FLOORS["wordings"]["floors"][name] - 1e-9


@pytest.mark.parametrize("name", FLOORS["figures"]["floors"])
def test_figures(figures, name):
    assert figures[name] >= FLOORS["figures"]["floors"][name] - 1e-9


@pytest.mark.parametrize("name", FLOORS["deals"]["floors"])
def test_deals(deals, name):
    assert deals[name] >= FLOORS["deals"]["floors"][name] - 1e-9


@pytest.mark.parametrize("name", FLOORS["shared"]["floors"])
def test_shared_corpus(wide, name):
    assert wide[name] >= FLOORS["shared"]["floors"][name] - 1e-9


def test_the_floors_were_measured_on_this_corpus():
    for where in ("own", "wordings", "figures", "deals"):
        assert FLOORS[where]["sha256"] == gate.digest(gate.files(where))


def test_the_shared_floors_were_measured_on_this_corpus(shared):
    assert FLOORS["shared"]["sha256"] == gate.digest(gate.files("shared"))


def test_confidence_matches_observed_precision(shared):
    items = [i for name in ("headlines_dev.jsonl", *gate.ITEMS) for i in gate.read(gate.SHARED / name)]
    bins = gate.calibration(items)
    assert len(bins) >= 4
    for confidence, precision, n in bins:
        assert n >= 15
        assert abs(confidence - precision) <= 0.1


def test_confidence_holds_for_items_that_the_curve_has_not_seen(shared):
    data = calibrate.pairs(gate)
    found = gate.bins(calibrate.cross_validated(data))
    assert len(found) >= 4
    for confidence, precision, n in found:
        assert n >= 15
        assert abs(confidence - precision) <= 0.1


def test_the_curve_in_the_package_is_the_one_that_the_script_fits(shared):
    slope, intercept = calibrate.fit(calibrate.pairs(gate))
    assert pytest.approx(slope, abs=0.3) == SLOPE
    assert pytest.approx(intercept, abs=0.3) == INTERCEPT


def test_the_fit_finds_a_curve_and_never_a_falling_one():
    rising = [(0.2, False, "a")] * 50 + [(0.2, True, "b")] * 50 + [(0.8, True, "c")] * 90 + [(0.8, False, "d")] * 10
    slope, intercept = calibrate.fit(rising)
    for weight, share in ((0.2, 0.5), (0.8, 0.9)):
        assert 1 / (1 + 2.718281828 ** -(slope * weight + intercept)) == pytest.approx(share, abs=0.02)
    falling = [(1 - weight, right, item) for weight, right, item in rising]
    assert calibrate.fit(falling)[0] == 0.0


def test_a_floor_goes_down_only_when_it_is_named(tmp_path, monkeypatch, capsys):
    place = tmp_path / "floors.json"
    place.write_text(json.dumps({"own": {"sha256": "", "floors": {"a": 0.9, "b": 0.9, "c": 0.1}}}), encoding="utf-8")
    monkeypatch.setattr(gate, "FLOORS", place)
    monkeypatch.setattr(gate, "own_scores", lambda: {"a": 0.5, "b": 0.5, "c": 0.5})
    monkeypatch.setattr(gate, "shared_scores", dict)
    monkeypatch.setattr(gate, "wording_scores", dict)
    monkeypatch.setattr(gate, "figure_scores", dict)
    monkeypatch.setattr(gate, "deal_scores", dict)
    monkeypatch.setattr(sys, "argv", ["gate.py", "--write", "--lower", "b"])
    assert gate.main() == 0
    assert json.loads(place.read_text(encoding="utf-8"))["own"]["floors"] == {"a": 0.9, "b": 0.5, "c": 0.5}
    assert "floor 0.900" in capsys.readouterr().out
