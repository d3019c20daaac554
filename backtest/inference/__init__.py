"""Tests of abnormal returns: every one takes a `Sample` and gives a `Statistic`."""

from __future__ import annotations

from backtest.inference.registry import TESTS
from backtest.inference.sample import Residuals, Sample, Statistic, Test

__all__ = ["TESTS", "Residuals", "Sample", "Statistic", "Test"]
