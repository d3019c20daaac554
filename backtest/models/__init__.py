"""Models of the normal return: what a share would have done without the event."""

from __future__ import annotations

from backtest.models.base import Inputs, NormalReturns
from backtest.models.registry import MODELS, inputs_of

__all__ = ["MODELS", "Inputs", "NormalReturns", "inputs_of"]
