"""Pictures: each takes tables and an `ax`, draws, and returns the `ax`; nothing is shown, nothing printed.

One style for all: colours that colour-blind readers tell apart, direct labels instead of legends where there is room, units
on the axes. A picture from simulated prices says so, and so does a mean of few events. Importing this package costs nothing:
a picture's module is imported when the picture is first asked for, matplotlib when it is first drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Public name to the module in which it lives.
_HOMES = {
    "canvas": ("style", "themed", "save", "svg"),
    "study": ("caar", "caar_panels", "effects", "spaghetti", "heat_map", "figures"),
    "events": ("event_panel", "event_price", "event_scenes"),
    "timeline": ("price_with_events", "event_calendar"),
    "tagging": ("tagging_audit", "Tagging"),
    "robustness": (
        "placebo_days", "date_sensitivity", "specification_curve", "power_chart", "spillover", "power_figures",
    ),
    "trades": (
        "equity", "entry_ladder", "effect_and_ladder", "placebo_histogram", "trade_returns", "strategy_figures",
    ),
}  # fmt: skip
_EXPORTS = {name: module for module, names in _HOMES.items() for name in names}

__all__ = list(_EXPORTS)


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name not in _EXPORTS:
        raise AttributeError(f"module 'backtest.plots' has no attribute {name!r}")
    value = getattr(import_module(f"backtest.plots.{_EXPORTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*globals(), *__all__})
