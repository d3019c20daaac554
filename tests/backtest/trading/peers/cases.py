"""Cases that other backtesters can do too; the prices are a formula, so that nothing depends on a generator of numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

DAYS, SHARES = 240, 4
HOLD = 5
STOP, TARGET = 0.03, 0.05
#: Fee at each fill, as a fraction of the value traded.
FEE = 0.001
#: Session whose close carries the signal, per share: far enough apart that no trade overlaps another.
SIGNALS = [(share, row) for share in range(SHARES) for row in range(10 + share, DAYS - 20, 17)]


def market() -> dict[str, pd.DataFrame]:
    """Return open, high, low, close: wide frames of business days x S0 ... S3."""
    index = pd.bdate_range("2023-01-02", periods=DAYS).as_unit("us")
    t, k = np.arange(DAYS)[:, None], np.arange(SHARES)[None, :]
    step = 0.02 * np.sin((t + 1) * (t + 7) * (k + 1.618)) + 0.008 * np.cos(t * 1.3 + k)
    close = 100.0 * np.exp(np.cumsum(step, axis=0))
    opening = close * np.exp(0.01 * np.sin(t * t * (k + 2.236)))
    high = np.maximum(close, opening) * (1 + 0.012 * np.abs(np.sin(3.1 * t + k)))
    low = np.minimum(close, opening) * (1 - 0.012 * np.abs(np.cos(2.7 * t + k)))
    names = [f"S{i}" for i in range(SHARES)]
    panels = {"open": opening, "high": high, "low": low, "close": close}
    return {name: pd.DataFrame(values, index=index, columns=names) for name, values in panels.items()}
