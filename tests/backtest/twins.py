"""What the twins of all tests share: cases, and CARs, SARs and SCARs as loops from their formulas."""

from __future__ import annotations

import numpy as np

from backtest.inference import Sample

SHORT = {"estimation": (-20, -6), "min_obs": 5}
CASES: dict[str, tuple[int, tuple[int, int], int, dict]] = {
    "one": (1, (0, 0), 1, {}),
    "one-three-days": (1, (-1, 1), 1, {}),
    "two": (2, (0, 0), 1, {}),
    "three": (3, (-1, 1), 40, {}),
    "seven": (7, (0, 0), 40, {}),
    "ties": (12, (0, 2), 3, {"rounded": True}),
    "fifty": (50, (0, 0), 40, {}),
    "holes": (9, (0, 1), 5, {"holes": 0.15}),
    "constant-series": (6, (0, 1), 5, {"constant": 2}),
    "short-window": (5, (0, 1), 8, SHORT),
    "constant-mean": (5, (0, 1), 8, {"model": "constant-mean", "rounded": True}),
    "market-adjusted": (5, (0, 1), 8, {"model": "market-adjusted", "rounded": True}),
}


def cars(s: Sample) -> np.ndarray:
    return np.array([sum(s.ar[i, t - s.first_day] for t in range(s.window[0], s.window[1] + 1)) for i in range(s.n)])


def variance(s: Sample, i: int, days: range) -> float:
    total = np.zeros(s.root.shape[2]) if s.root is not None else np.zeros(1)
    for t in days:
        total += s.root[i, t - s.first_day] if s.root is not None else 0.0
    return float(s.s2[i] * (len(days) + (total**2).sum()))


def scars(s: Sample) -> np.ndarray:
    days = range(s.window[0], s.window[1] + 1)
    return np.array([c / np.sqrt(variance(s, i, days)) for i, c in enumerate(cars(s))])


def sar(s: Sample, i: int, t: int) -> float:
    return float(s.ar[i, t - s.first_day] / np.sqrt(variance(s, i, range(t, t + 1))))


def studentised(s: Sample, i: int) -> dict[int, float]:
    """Studentised window sums by their first row, from the hat matrix of a regression on the residuals' own rows."""
    block = s.residuals
    e = block.values[i]
    g = np.zeros((len(e), 1)) if block.hat is None else block.hat()[i]
    out = {}
    for j in range(len(e) - s.length + 1):
        rows = range(j, j + s.length)
        if np.isfinite(e[rows]).all():
            taken = (g[rows].sum(axis=0) ** 2).sum()
            out[j] = e[rows].sum() / np.sqrt(s.s2[i] * (s.length - taken))
    return out
