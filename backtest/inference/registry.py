"""The tests by name."""

from __future__ import annotations

from backtest.inference import parametric, single
from backtest.inference.sample import Test

TESTS: dict[str, Test] = {
    "sq": single.sq,
    "cross-sectional": parametric.cross_sectional,
    "bmp": parametric.bmp,
}
