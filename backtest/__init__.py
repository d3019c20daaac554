"""Event studies and backtests of news: from an events table and prices to abnormal returns, tests and plots."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Name to module; imported on first use, so that `import backtest` costs nothing.
_EXPORTS = {
    "EventStudy": "backtest.study",
    "EventStudyResult": "backtest.result",
    "Prices": "backtest.prices",
    "load_prices": "backtest.prices",
    "SOURCES": "backtest.prices",
    "read_events": "backtest.frames",
    "load_instruments": "backtest.instruments",
    "MODELS": "backtest.models",
    "NormalReturns": "backtest.models",
    "TESTS": "backtest.inference",
    "Sample": "backtest.inference",
    "Statistic": "backtest.inference",
    "leakage": "backtest.questions.leads",
    "uncertain": "backtest.questions.leads",
    "uncertain_groups": "backtest.questions.spans",
    "cross_section": "backtest.questions.leads",
    "detectable": "backtest.inference.power",
    "spillover": "backtest.questions.peer_effects",
    "Spillover": "backtest.questions.peer_effects",
    "both_ways": "backtest.questions.peer_effects",
    "simulate": "backtest.power",
    "placebo_size": "backtest.power",
    "minimum_detectable": "backtest.power",
    "power_table": "backtest.power",
    "Scenario": "backtest.power",
    "adjust": "backtest.inference.multiple",
    "westfall_young": "backtest.inference.multiple",
    "Strategy": "backtest.strategy",
    "StrategyResult": "backtest.strategy",
    "Costs": "backtest.strategy",
    "Sizing": "backtest.strategy",
    "strategy_grid": "backtest.trading.variants",
    "run_variants": "backtest.trading.variants",
    "walk_forward": "backtest.trading.walkforward",
    "entry_lags": "backtest.trading.ladder",
    "baselines": "backtest.trading.ladder",
    "run_placebos": "backtest.placebo",
    "sweep": "backtest.questions.specification",
    "Sweep": "backtest.questions.specification",
    "SweepResult": "backtest.questions.specification",
    "run_engine": "backtest.engine",
    "EngineResult": "backtest.engine",
    "write_dataset": "backtest.engine",
    "run_dataset": "backtest.engine",
    "placebo_dates": "backtest.engine",
    "DatePlacebo": "backtest.engine",
    "BacktestError": "backtest.errors",
    "LookAheadError": "backtest.errors",
    "SchemaError": "backtest.errors",
    "AlignmentError": "backtest.errors",
    "UnknownNameError": "backtest.errors",
    "PriceSourceError": "backtest.errors",
    "StoreError": "backtest.errors",
    "DroppedEventsWarning": "backtest.errors",
    "OverlapWarning": "backtest.errors",
    "ClusteringWarning": "backtest.errors",
    "PriceQualityWarning": "backtest.errors",
}
_MODULES = ("errors", "testing", "plots")

__all__ = ["__version__", *_EXPORTS, *_MODULES]


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name in _EXPORTS:
        value = getattr(import_module(_EXPORTS[name]), name)
    elif name in _MODULES:
        value = import_module(f"backtest.{name}")
    else:
        raise AttributeError(f"module 'backtest' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*globals(), *__all__})
