"""What a ticker says about itself: Yahoo's suffixes name the exchange, the exchange names the currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

#: Suffix of a Yahoo ticker -> exchange (MIC), currency, quoted unit.
SUFFIXES = {
    "DE": ("XETR", "EUR", "EUR"),
    "F": ("XFRA", "EUR", "EUR"),
    "L": ("XLON", "GBP", "GBp"),
    "PA": ("XPAR", "EUR", "EUR"),
    "AS": ("XAMS", "EUR", "EUR"),
    "BR": ("XBRU", "EUR", "EUR"),
    "LS": ("XLIS", "EUR", "EUR"),
    "MC": ("XMAD", "EUR", "EUR"),
    "MI": ("XMIL", "EUR", "EUR"),
    "VI": ("XWBO", "EUR", "EUR"),
    "HE": ("XHEL", "EUR", "EUR"),
    "IR": ("XDUB", "EUR", "EUR"),
    "ST": ("XSTO", "SEK", "SEK"),
    "CO": ("XCSE", "DKK", "DKK"),
    "OL": ("XOSL", "NOK", "NOK"),
    "SW": ("XSWX", "CHF", "CHF"),
    "WA": ("XWAR", "PLN", "PLN"),
    "TO": ("XTSE", "CAD", "CAD"),
    "T": ("XTKS", "JPY", "JPY"),
    "HK": ("XHKG", "HKD", "HKD"),
    "AX": ("XASX", "AUD", "AUD"),
}

#: Indices carry no suffix. A level of STOXX's own indices is expected on the days on which Xetra trades.
INDICES = {
    "^STOXX": ("XETR", "EUR", "points"),
    "^STOXX50E": ("XETR", "EUR", "points"),
    "^GDAXI": ("XETR", "EUR", "points"),
    "^MDAXI": ("XETR", "EUR", "points"),
    "^FTSE": ("XLON", "GBP", "points"),
    "^FTMC": ("XLON", "GBP", "points"),
    "^FCHI": ("XPAR", "EUR", "points"),
    "^GSPC": ("XNYS", "USD", "points"),
    "^IXIC": ("XNAS", "USD", "points"),
    "^DJI": ("XNYS", "USD", "points"),
}

TEXT = ("name", "mic", "currency", "unit", "benchmark", "peers", "former_tickers")
DEFAULT_BENCHMARK = "^STOXX"


def guess(ticker: str) -> tuple[str, str, str]:
    """Return (mic, currency, unit) as the ticker's form suggests; three empty texts where it suggests nothing."""
    if ticker in INDICES:
        return INDICES[ticker]
    return SUFFIXES.get(ticker.rpartition(".")[2], ("", "", "")) if "." in ticker else ("", "", "")


def instrument_rows(
    tickers: Sequence[str], known: pd.DataFrame, traits: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """Return one instruments row per ticker: the table's, else the source's own word, else what the suffix suggests.

    A ticker of which no exchange is known has `mic` "": the dates of its prices are then its calendar.

    Parameters
    ----------
    tickers : securities and benchmarks.
    known : instruments table, index ticker.
    traits : ticker -> {"mic": ..., "currency": ..., "unit": ...} as the source reports them.
    """
    table = known[~known.index.duplicated()].reindex(pd.Index(list(tickers), dtype="str", name="ticker"))
    for name in TEXT:
        table[name] = (table[name] if name in table else pd.Series("", index=table.index)).fillna("").astype("str")
    told = [(traits or {}).get(ticker, {}) for ticker in table.index]
    guesses = [guess(ticker) for ticker in table.index]
    for place, name in enumerate(("mic", "currency", "unit")):
        filled = [
            own or source.get(name) or guessed[place]
            for own, source, guessed in zip(table[name], told, guesses, strict=True)
        ]
        table[name] = pd.array(filled, dtype="str")
    return table
