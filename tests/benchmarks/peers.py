"""The contestants, each a function of the same windows; run as a script it answers from an environment of its own.

``python peers.py NAME WINDOWS.npz ANSWER.npz`` reads stock and market windows (n, days), measures, and writes the abnormal
returns of the event window with the seconds that it took, imports and file reading left out.
"""

from __future__ import annotations

import sys
import time

import numpy as np

ESTIMATION_DAYS, EVENT_DAYS = 250, 21


def eventstudy(stock: np.ndarray, market: np.ndarray) -> np.ndarray:
    """PyPI `eventstudy`: one `Single` per event, the way `Multiple` builds them."""
    from eventstudy import Single, models

    def one(y: np.ndarray, x: np.ndarray) -> np.ndarray:
        data = {"security_returns": y, "market_returns": x}
        return Single(
            models.market_model, data, event_window=(-10, 10), estimation_size=ESTIMATION_DAYS, buffer_size=19
        ).AR

    return np.array([one(y, x) for y, x in zip(stock, market, strict=True)])


def statsmodels(stock: np.ndarray, market: np.ndarray) -> np.ndarray:
    """A loop of statsmodels OLS, as a careful user writes it."""
    import statsmodels.api as sm

    out = np.empty((len(stock), EVENT_DAYS))
    for i, (y, x) in enumerate(zip(stock, market, strict=True)):
        design = sm.add_constant(x)
        fit = sm.OLS(y[:ESTIMATION_DAYS], design[:ESTIMATION_DAYS]).fit()
        out[i] = y[-EVENT_DAYS:] - fit.predict(design[-EVENT_DAYS:])
    return out


PEERS = {"eventstudy": eventstudy, "statsmodels": statsmodels}


def main() -> None:
    """Measure one contestant on a file of windows."""
    name, source, answer = sys.argv[1:]
    with np.load(source) as data:
        stock, market = data["stock"], data["market"]
    PEERS[name](stock[:5], market[:5])
    start = time.perf_counter()
    ar = PEERS[name](stock, market)
    np.savez(answer, ar=ar, car=ar.cumsum(axis=1), seconds=time.perf_counter() - start)


if __name__ == "__main__":
    main()
