"""Which test to trust here: what a test needs, and when its p-value would mislead."""

from __future__ import annotations

from collections.abc import Callable

from backtest.inference.registry import TESTS
from backtest.inference.sample import Sample

LEVEL = 0.05

SINGLE = ("sq",)


def _sq(sample: Sample) -> str:
    """The smallest two-sided p is 2 / (M - L + 2)."""
    if sample.n and 2.0 / (2.0 + float(sample.n_obs.min()) - sample.length) > LEVEL:
        return f"cannot reject at 5 %: too few windows of {sample.length} days among {int(sample.n_obs.min())} observations"
    return ""


def _two_events(sample: Sample) -> str:
    return "" if sample.n > 1 else "one event has no cross-sectional variance; use sq"


ADVICE: dict[str, Callable[[Sample], str]] = {"sq": _sq, "cross-sectional": _two_events, "bmp": _two_events}


def advise(name: str | Callable, sample: Sample) -> str:
    """Return why a test should not be used on this sample, "" where it may."""
    if sample.n == 0:
        return "no event has all days of this window"
    rule = ADVICE.get(name) if isinstance(name, str) else None
    return rule(sample) if rule else ""


def defaults(sample: Sample) -> list[str]:
    """Return the tests that are valid for this sample; all of them where none is, so that each says why."""
    return [name for name in TESTS if not advise(name, sample)] or list(TESTS)
