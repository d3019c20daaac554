"""The instruments table: what each ticker is called, where it is listed, its benchmark, its peers and its costs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from backtest.contract.instants import reject_rows
from backtest.contract.tabular import read_table
from backtest.errors import SchemaError, offenders
from backtest.frames import SEEDS


def load_instruments(path: str | Path | None = None) -> pd.DataFrame:
    """Read an instruments table.

    Parameters
    ----------
    path : csv with at least a column `ticker`; None reads the table that ships with the library.

    Returns
    -------
    DataFrame indexed by `ticker` (str): text columns as str with "" for a missing value, `listed_from` and `listed_to`
    as naive datetime64[us] (NaT where open), cost columns (`*_bps`, `*_bps_per_year`) as float64.

    Raises
    ------
    SchemaError
        The file is missing, lacks `ticker`, or lists a ticker twice.
    """
    return _instruments(Path(path)) if path is not None else _shipped_instruments().copy()


@cache
def _shipped_instruments() -> pd.DataFrame:
    return _instruments(SEEDS / "instruments.csv")


def _instruments(place: Path) -> pd.DataFrame:
    frame = read_table(place, "instruments")
    if "ticker" not in frame:
        raise SchemaError(f"{place}: an instruments table needs a column 'ticker'; found {offenders(frame.columns)}")
    twice = frame.loc[frame["ticker"].duplicated(), "ticker"].unique()
    if len(twice):
        raise SchemaError(f"{place}: ticker listed twice: {offenders(twice)}; keep one row each")
    for name in ("name", "aliases", "former_tickers", "isin", "mic", "currency", "unit", "benchmark", "peers"):
        if name not in frame:
            frame[name] = ""
    for name in ("listed_from", "listed_to"):
        values = frame[name] if name in frame else pd.Series("", index=frame.index)
        values = values.where(values != "", None)
        dates = pd.to_datetime(values, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
        bad = dates.isna() & values.notna()
        reject_rows(bad, frame.index, str(place), f"{name!r} is no date; write 2018-12-17 or leave it empty", values)
        frame[name] = dates
    for name in [c for c in frame.columns if "_bps" in c]:
        values = frame[name].where(frame[name] != "", None)
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
        bad = numbers.isna() & values.notna()
        reject_rows(bad, frame.index, str(place), f"{name!r} is no number; write basis points, such as 2.5", values)
        frame[name] = numbers
    return frame.set_index("ticker")
