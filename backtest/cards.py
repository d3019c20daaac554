"""What a notebook shows of prices and of a study: small html tables, every text escaped."""

from __future__ import annotations

from dataclasses import fields
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.labels import count
from backtest.registry import name_of

if TYPE_CHECKING:
    from backtest.prices import Prices
    from backtest.study import EventStudy

#: Rows of the table of tickers; a notebook is no place for five thousand.
ROWS = 20


def prices_html(prices: Prices) -> str:
    """Return the notice, one row per security and benchmark (first `ROWS`), and how many findings the checks had.

    Columns: ticker, name, role (share or benchmark), first and last date with a price, sessions with a price, holes
    (sessions of the panel in between without one), currency and unit, findings.
    """
    parts = [f"<p><strong>{escape(prices.notice)}</strong></p>"] if prices.notice else []
    parts.append(f"<p>{escape(repr(prices).partition(chr(10))[0])}</p>")
    frames = (("share", prices.close), ("benchmark", prices.benchmarks))
    names: list[tuple[str, Any]] = [(role, frame[ticker]) for role, frame in frames for ticker in frame.columns]
    table = pd.DataFrame([_series_row(prices, role, series) for role, series in names[:ROWS]])
    parts.append(table.to_html(index=False, escape=True, na_rep="–", border=0))
    if len(names) > ROWS:
        parts.append(f"<p>… and {count(len(names) - ROWS, 'more series', 'more series')}</p>")
    return "\n".join(parts)


def _series_row(prices: Prices, role: str, series: Any) -> dict[str, Any]:
    there = series.dropna().index
    known: Any = prices.instruments.loc[series.name] if series.name in prices.instruments.index else {}
    span = series.loc[there[0] : there[-1]] if len(there) else series.iloc[:0]
    return {
        "ticker": series.name,
        "name": str(known.get("name", "")),
        "role": role,
        "first": f"{there[0]:%Y-%m-%d}" if len(there) else "–",
        "last": f"{there[-1]:%Y-%m-%d}" if len(there) else "–",
        "prices": len(there),
        "holes": int(span.isna().sum()),
        "currency": str(known.get("currency", "")),
        "findings": int((prices.checks["ticker"] == series.name).sum()),
    }


def study_html(study: EventStudy) -> str:
    """Return the specification as a table of two columns: what is set, and to what."""
    values = {f.name: getattr(study, f.name) for f in fields(study)} | {"model": name_of(study.model)}
    values["benchmark"] = study.benchmark or "each instrument's own"
    values["min_obs"] = study.least_observations
    values["returns"] = study.returns or "simple returns of prices"
    table = pd.DataFrame({"setting": list(values), "value": [str(value) for value in values.values()]})
    return "<p>Event study, to be run on events and prices</p>\n" + table.to_html(index=False, escape=True, border=0)
