"""The ratchet: no score on a labelled corpus falls below its floor."""

from __future__ import annotations

import importlib.util
import json
import sys

import pytest

from tests.conftest import ROOT

_spec = importlib.util.spec_from_file_location("corpus_gate", ROOT / "tests" / "corpus" / "gate.py")
gate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gate)
FLOORS = json.loads(gate.FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def own() -> dict[str, float]:
    return gate.own_scores()


@pytest.fixture(scope="module")
def wide(shared) -> dict[str, float]:
    return gate.shared_scores()


@pytest.mark.parametrize("name", FLOORS["own"]["floors"])
def test_own_corpus(own, name):
    assert own[name] >= FLOORS["own"]["floors"][name] - 1e-9


@pytest.mark.parametrize("name", FLOORS["shared"]["floors"])
def test_shared_corpus(wide, name):
    assert wide[name] >= FLOORS["shared"]["floors"][name] - 1e-9


def test_the_floors_were_measured_on_this_corpus():
    assert FLOORS["own"]["sha256"] == gate.digest(gate.files("own"))


def test_the_shared_floors_were_measured_on_this_corpus(shared):
    assert FLOORS["shared"]["sha256"] == gate.digest(gate.files("shared"))


def test_confidence_matches_observed_precision(shared):
    items = [i for name in ("headlines_dev.jsonl", *gate.ITEMS) for i in gate.read(gate.SHARED / name)]
    bins = gate.calibration(items)
    assert len(bins) >= 4
    for confidence, precision, n in bins:
        assert n >= 15
        assert abs(confidence - precision) <= 0.1


def test_a_floor_goes_down_only_when_it_is_named(tmp_path, monkeypatch, capsys):
    place = tmp_path / "floors.json"
    place.write_text(json.dumps({"own": {"sha256": "", "floors": {"a": 0.9, "b": 0.9, "c": 0.1}}}), encoding="utf-8")
    monkeypatch.setattr(gate, "FLOORS", place)
    monkeypatch.setattr(gate, "own_scores", lambda: {"a": 0.5, "b": 0.5, "c": 0.5})
    monkeypatch.setattr(gate, "shared_scores", dict)
    monkeypatch.setattr(sys, "argv", ["gate.py", "--write", "--lower", "b"])
    assert gate.main() == 0
    assert json.loads(place.read_text(encoding="utf-8"))["own"]["floors"] == {"a": 0.9, "b": 0.5, "c": 0.5}
    assert "floor 0.900" in capsys.readouterr().out
