"""Pictures are drawn on the settings that a fresh interpreter has, whatever ran before."""

import matplotlib as mpl
import pytest


@pytest.fixture(autouse=True)
def fresh_settings():
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.use("agg")
        yield
