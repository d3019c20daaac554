"""Currencies: in what a security is quoted, and exchange rates as prices: what a unit of each is worth in the account's."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.errors import SchemaError, UnknownNameError, offenders
from backtest.prices.validate import check_levels

if TYPE_CHECKING:
    from backtest.prices import Prices

F = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Units that are a hundredth of a currency.
HUNDREDTHS = {"GBp": "GBP", "GBX": "GBP", "GBx": "GBP", "ZAc": "ZAR", "ILA": "ILS"}

#: Active codes of ISO 4217.
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK "
    "MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES "
    "VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)


def check_currency(name: str) -> None:
    """Raise UnknownNameError unless `name` is a code of ISO 4217."""
    codes = _CODES.split()
    if name not in codes:
        unit = HUNDREDTHS.get(name)
        near = [unit] if unit else difflib.get_close_matches(str(name).upper(), codes, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "give an ISO code such as 'EUR' or 'GBP'"
        raise UnknownNameError(f"unknown currency {name!r}; {hint}")


def units_of(instruments: pd.DataFrame, tickers: tuple[str, ...], base: str) -> tuple[F, tuple[str, ...], Ints]:
    """Return quoted units per unit of currency (n,), the currencies (`base` first), and each ticker's currency (n,).

    A ticker whose currency is not known is taken to be in `base`.
    """
    table = instruments.reindex(list(tickers))
    unit = table["unit"].fillna("") if "unit" in table else pd.Series("", index=table.index)
    named = (table["currency"].fillna("") if "currency" in table else pd.Series("", index=table.index)).astype("str")
    own = [HUNDREDTHS.get(c, c) or base for c in named]
    currencies = tuple(dict.fromkeys([base, *own]))
    codes = np.array([currencies.index(c) for c in own], dtype=np.int64)
    return np.where((unit.isin(HUNDREDTHS) | named.isin(HUNDREDTHS)).to_numpy(), 100.0, 1.0), currencies, codes


def held_words(held: tuple[str, ...]) -> str:
    """Return the sentence that says that exchange rates were assumed, "" where none was."""
    return f"exchange rates held constant ({', '.join(held)}): returns are in local currency" if held else ""


def rates_to_base(
    fx: Prices | pd.DataFrame | None,
    currencies: tuple[str, ...],
    base: str,
    sessions: NDArray[np.datetime64],
    start: int = 0,
    needed: Collection[str] | None = None,
) -> tuple[F, tuple[str, ...]]:
    """Return (units of `base` for one unit of each currency at each session, (G, currencies)), and those held at one.

    Parameters
    ----------
    fx : dates x pairs, levels; a pair is written as six letters (``EURGBP`` = pounds for one euro; a suffix such as
        ``=X`` is ignored), either way round; or prices whose closes (or benchmarks) they are. None holds every rate at one:
        results are then in local currency.
    currencies, base : ISO codes, `base` among them.
    sessions : (G,) naive datetime64[us]. start : position of the first session on which money may change hands.
    needed : currencies in which something is to be traded; another without a pair is held at one. None: all of them.

    A session takes the last level stamped on or before it, never a later one; sessions before `start` and before the
    first level, which no account sees, take the first.

    Raises
    ------
    SchemaError
        A needed currency without a pair, or a pair that begins after `start`.
    """
    out = np.ones((len(sessions), len(currencies)))
    if fx is None:
        return out, tuple(c for c in currencies if c != base)
    from backtest.prices import Prices as PricesType

    levels = check_levels(pd.concat([fx.close, fx.benchmarks], axis=1) if isinstance(fx, PricesType) else fx, "fx")
    pairs = {str(c).upper().removesuffix("=X").replace("/", ""): c for c in levels.columns}
    without = tuple(c for c in currencies if c != base and base + c not in pairs and c + base not in pairs)
    lacking = [c for c in without if needed is None or c in needed]
    if lacking:
        raise SchemaError(
            f"fx has no pair of {base} with {offenders(lacking)}; it holds {offenders(levels.columns)}; "
            f"name a column {base}{lacking[0]} or {lacking[0]}{base}"
        )
    for k, name in enumerate(currencies):
        if name != base and name not in without:
            direct = name + base in pairs
            level = _as_of(levels[pairs[name + base if direct else base + name]].dropna(), sessions, start, name)
            out[:, k] = level if direct else 1.0 / level
    return out, without


def _as_of(levels: pd.Series, sessions: NDArray[np.datetime64], start: int, name: str) -> F:
    dates = levels.index.to_numpy().astype("datetime64[us]")
    at = np.searchsorted(dates, sessions, side="right") - 1
    if at[start] < 0:
        first = "no level" if not len(dates) else f"starts on {dates[0].astype('datetime64[D]')}"
        raise SchemaError(
            f"fx of {name}: {first}, the account on {sessions[start].astype('datetime64[D]')}; "
            "give levels from the first event on, or leave out what comes before"
        )
    return levels.to_numpy()[np.maximum(at, 0)]
