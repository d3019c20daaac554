"""What all tests share: the place of the research data, and a command line to call."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["backtest.testing"]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# Property tests say what they need themselves; a slow shared machine is no reason to fail.
from hypothesis import HealthCheck, settings  # noqa: E402

settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of research data beside the checkout; skip where it is absent."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("the research data (../shared) are not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's root."""
    return ROOT
