"""Factor returns in Ken French's format: a text on top, yyyymmdd and percent in the middle, a copyright line at the end."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pandas as pd

from backtest.errors import PriceSourceError, SchemaError
from backtest.prices.validate import check_dates

MISSING = (-99.99, -999.0)
_DATE = re.compile(r"\s*(\d{8}|\d{4}-\d\d-\d\d)\s*[,;]")


def read_factors(path: str | Path, percent: bool = True) -> pd.DataFrame:
    """Read daily factor returns.

    Ken French's European factors are in US dollars, and so is their riskless rate: against returns in euros or pence they
    carry the exchange rate; convert the prices (`currency="USD"`), or use factors in their currency.

    Parameters
    ----------
    path : csv (or the zip that the library offers) with a header line above rows that begin with yyyymmdd or an ISO
        date; text before and after is skipped; -99.99 and -999 are missing.
    percent : whether the file is in percent, as Ken French's are.

    Returns
    -------
    DataFrame, naive datetime64[us] dates x factors (lower case: mkt_rf, smb, hml, rf, ...), simple returns as fractions.

    Raises
    ------
    PriceSourceError
        No such file, or no row of factors in it.
    SchemaError
        Dates repeat or do not ascend, or a value is no number.
    """
    place = Path(path)
    lines = _lines(place)
    rows = [i for i, line in enumerate(lines) if _DATE.match(line)]
    if not rows:
        raise PriceSourceError(f"{place}: no row of daily factors (yyyymmdd, values in percent); give the daily file")
    header = next((line for line in reversed(lines[: rows[0]]) if line.strip()), "")
    table = [lines[i].replace(";", ",").split(",") for i in rows]
    width = len(table[0])
    names = [_name(n) for n in header.replace(";", ",").split(",")][1:width]
    if len(names) != width - 1 or not all(names):
        raise SchemaError(f"{place}: {width - 1} values a row, but the header line names others: {header.strip()!r}")
    text = [r[0].strip().replace("-", "") for r in table]
    dates = pd.DatetimeIndex(pd.to_datetime(text, format="%Y%m%d"), name="session").as_unit("us")
    check_dates(dates, str(place))
    try:
        values = pd.DataFrame([r[1:width] for r in table], columns=names, index=dates).astype("float64")
    except ValueError as error:
        raise SchemaError(f"{place}: a factor that is not a number ({error}); mend the row") from None
    return values.where(~values.isin(MISSING)) / (100.0 if percent else 1.0)


def _name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.strip().strip('"').lower()).strip("_")


def _lines(place: Path) -> list[str]:
    try:
        if place.suffix == ".zip":
            with zipfile.ZipFile(place) as archive:
                return archive.read(archive.namelist()[0]).decode("latin-1").splitlines()
        return place.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except (OSError, zipfile.BadZipFile, IndexError) as error:
        raise PriceSourceError(f"{place}: cannot be read ({error}); give a csv of daily factors") from error
