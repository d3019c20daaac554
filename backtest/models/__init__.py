"""Models of the normal return: what a share would have done without the event."""

from __future__ import annotations

from backtest.models.base import Inputs, NormalReturns, inputs_of
from backtest.models.registry import MODELS

__all__ = ["MODELS", "Inputs", "NormalReturns", "inputs_of"]
