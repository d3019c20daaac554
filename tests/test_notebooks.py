"""Every notebook runs afresh from an empty folder, and its committed outputs are what it gives."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


def kinds(cell):
    """Return the media types of what a cell shows, in order; streams count by their name."""
    return [sorted(o.get("data", {})) or o.get("name", o.output_type) for o in cell.get("outputs", [])]


def words(cell):
    """Return the words and numbers that a cell shows, pictures left out; numbers to the digits that every machine gives."""
    texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.get("outputs", [])]
    shown = " ".join(text for text in texts if not text.startswith("<Figure")).split()
    return [f"{float(word):.3g}" if re.fullmatch(r"-?\d+\.\d+", word) else word for word in shown]


def test_there_are_notebooks():
    assert [path.name for path in NOTEBOOKS][:1] == ["01_quickstart.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_shows_what_was_committed(path, tmp_path):
    committed = nbformat.read(path, as_version=4)
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code), "commit the outputs too"
    fresh = nbformat.read(path, as_version=4)
    NotebookClient(fresh, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    again = [cell for cell in fresh.cells if cell.cell_type == "code"]
    assert [kinds(cell) for cell in again] == [kinds(cell) for cell in code]
    assert [words(cell) for cell in again] == [words(cell) for cell in code], "run the notebook again and commit it"
    shown = [kind for cell in again for output in kinds(cell) for kind in output]
    drawn = sum(cell.source.lstrip().startswith("ax = ") or "\nax = " in cell.source for cell in again)
    assert shown.count("image/png") == drawn >= 1, "every picture is shown, and there is one"
    assert not {"stderr", "error"} & {kind for cell in again for kind in kinds(cell) if isinstance(kind, str)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_knows_no_place_of_the_machine_it_was_made_on(path):
    text = path.read_text(encoding="utf-8")
    assert [place for place in ("home", "root", "Users") if f"/{place}/" in text] == []
    assert str(Path(__file__).resolve().parents[1]) not in text
