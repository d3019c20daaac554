"""The embedded sample: simulated prices on which the reported moves of the catalogue's event days are imposed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from backtest.errors import PriceSourceError
from backtest.frames import SEEDS
from backtest.prices.panel import NOTICE
from backtest.prices.raw import FIELDS, RawPrices

PRICES_FILE = SEEDS / "sample_prices.parquet"
EFFECTS_FILE = SEEDS / "sample_effects.csv"


def read_sample(tickers: Sequence[str], start: object = None, end: object = None) -> RawPrices:
    """Simulated prices that ship with the library, 2013-01-02 to 2026-03-31, on each exchange's own sessions.

    Everybody who sees a number from them must see `NOTICE`. `effects` holds what was imposed (see `read_effects`).

    Raises
    ------
    PriceSourceError
        The data files are not there: the installation is damaged.
    """
    try:
        table = pd.read_parquet(PRICES_FILE, filters=[("ticker", "in", list(tickers))])
        effects = read_effects()
    except OSError as error:
        raise PriceSourceError(f"the sample's files cannot be read ({error}); reinstall the package") from error
    frames = {
        str(ticker): part.set_index("session")[list(FIELDS)].astype("float64")
        for ticker, part in table.groupby("ticker", sort=False, observed=True)
    }
    missing = {t: "not part of the sample" for t in tickers if t not in frames}
    return RawPrices(
        frames=frames,
        source="sample",
        missing=missing,
        notice=NOTICE,
        effects=effects[effects["asset"].isin(tickers)].reset_index(drop=True),
    )


def read_effects() -> pd.DataFrame:
    """Return the injected effects.

    Columns: `event_id`, `asset` (str), `session` (naive datetime64[us]), `reported_return`, `market_part` (what the
    simulated market explains of it), `abnormal_return` = reported - market part (fractions, float64), `approximate`
    (bool: True unless the report is of a closing move), `source` (str: the words of the report's basis).
    """
    text = {"event_id": "str", "asset": "str", "source": "str"}
    table = pd.read_csv(EFFECTS_FILE, dtype=text, parse_dates=["session"])
    return table.astype({"session": "datetime64[us]", "approximate": "bool"})
