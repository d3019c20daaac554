"""Fit the confidence: from the weight of a cue to the probability that its signal is right.

Platt scaling (a logistic curve through two parameters) on the labelled development items, and on what the rules of the time said
of the items of `wordings_dev.jsonl`, `figures_dev.jsonl` and `deals_dev.jsonl` before anybody had read those with the rules in
mind (`first`): the only items that the rules were not written for. ``python tests/corpus/calibrate.py`` prints the curve and,
from five-fold cross-validation, mean confidence against observed precision in bins; ``--write`` puts the parameters into
signals/kinds/calibration.py.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PARAMETERS = ROOT / "signals" / "kinds" / "calibration.py"
FOLDS = 5
Pair = tuple[float, bool, str]


def pairs(gate: Any) -> list[Pair]:
    """Return (weight, right, item id) of each kind claimed of each labelled item."""
    places = gate.files("shared") if gate.SHARED.exists() else [gate.HERE / name for name in gate.ITEMS]
    items = [i for place in places for i in gate.read(place) if "second_reader" not in i]
    out = [
        (weight, kind == item["label"], item["id"])
        for item, rows in zip(items, gate.tagged(items, "date"), strict=True)
        for kind, weight in heaviest(rows).items()
    ]
    for item in (item for name in (gate.WORDINGS, gate.FIGURES, gate.DEALS) for item in gate.read(gate.HERE / name)):
        out += [(weight, kind == item["label"], item["id"]) for kind, weight in item.get("first", ())]
    return out


def heaviest(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return kind -> the greatest weight of the cues that claimed it."""
    from signals.kinds import CUES

    weights = {(kind, cue.name): cue.weight for kind, cues in CUES.items() for cue in cues}
    out: dict[str, float] = {}
    for row in rows:
        weight = weights[row["kind"], row["cue"]] - (0.0 if row["company"] else 0.1)
        out[row["kind"]] = max(out.get(row["kind"], 0.0), weight)
    return out


def fit(data: list[Pair], rounds: int = 50) -> tuple[float, float]:
    """Return (slope, intercept) of the logistic curve of greatest likelihood, targets smoothed as Platt (1999) does.

    Newton's method; a slope below zero (a heavier cue less often right) is set to zero.
    """
    good = sum(right for _, right, _ in data)
    high, low = (good + 1) / (good + 2), 1 / (len(data) - good + 2)
    slope, intercept = 0.0, math.log((good + 1) / (len(data) - good + 1))
    for _ in range(rounds):
        g1 = g2 = h11 = h12 = h22 = 1e-9
        for weight, right, _ in data:
            p = 1 / (1 + math.exp(-slope * weight - intercept))
            error, curve = (high if right else low) - p, p * (1 - p)
            g1, g2 = g1 + error * weight, g2 + error
            h11, h12, h22 = h11 + curve * weight * weight, h12 + curve * weight, h22 + curve
        det = h11 * h22 - h12 * h12
        slope, intercept = slope + (h22 * g1 - h12 * g2) / det, intercept + (h11 * g2 - h12 * g1) / det
    return (slope, intercept) if slope > 0 else (0.0, math.log((good + 1) / (len(data) - good + 1)))


def fold(item: str) -> int:
    """Return the fold of an item, by the hash of its id."""
    return hashlib.sha256(item.encode()).digest()[0] % FOLDS


def cross_validated(data: list[Pair]) -> list[tuple[float, bool]]:
    """Return (confidence from the curve fitted without the item's fold, right), by confidence."""
    out = []
    for number in range(FOLDS):
        slope, intercept = fit([p for p in data if fold(p[2]) != number])
        out += [(1 / (1 + math.exp(-slope * w - intercept)), right) for w, right, item in data if fold(item) == number]
    return sorted(out)


def main() -> int:
    """Print the curve and its bins; with ``--write`` keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the parameters into the package")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import gate

    data = pairs(gate)
    slope, intercept = fit(data)
    sys.stdout.write(f"{len(data)} claims, {sum(r for _, r, _ in data)} right: {slope:.3f} * weight {intercept:+.3f}\n")
    for confidence, precision, n in gate.bins(cross_validated(data)):
        sys.stdout.write(f"confidence {confidence:.3f}  precision {precision:.3f}  n {n}\n")
    if options.write:
        source = PARAMETERS.read_text(encoding="utf-8").split("SLOPE =")[0]
        PARAMETERS.write_text(f"{source}SLOPE = {slope:.3f}\nINTERCEPT = {intercept:.3f}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
