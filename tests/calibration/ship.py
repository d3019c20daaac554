"""Write the sizes of TABLE.md where the report looks them up: python tests/calibration/ship.py."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parents[1] / "backtest" / "report" / "calibration.csv"
_LENGTH = re.compile(r"## Size, windows of (\d+) day")
_CELL = re.compile(r"([\d.]+)/")


def sizes(text: str) -> pd.DataFrame:
    """Return test, scenario (letter), n, length (days of the window), size (per cent) of every cell about size."""
    rows, length, head = [], 0, []
    for line in text.splitlines():
        if line.startswith("## "):
            found = _LENGTH.match(line)
            length, head = (int(found[1]) if found else 0), []
        elif length and line.startswith("| "):
            cells = [cell.strip() for cell in line.strip("|\n").split("|")]
            if cells[0] == "test":
                head = cells[1:]
                continue
            for name, cell in zip(head, cells[1:], strict=True):
                if found := _CELL.match(cell):
                    rows.append((cells[0], name[0], int(name[1:]), length, float(found[1])))
    return pd.DataFrame(rows, columns=["test", "scenario", "n", "length", "size"])


if __name__ == "__main__":
    table = sizes((HERE / "TABLE.md").read_text(encoding="utf-8"))
    table.to_csv(SHIPPED, index=False, lineterminator="\n")
