"""Prices: the panel that every study is handed, the sources it can come from, and the checks it goes through."""

from backtest.prices.checks import check_prices
from backtest.prices.currency import convert
from backtest.prices.factors import read_factors
from backtest.prices.files import files
from backtest.prices.load import SOURCES, load_prices
from backtest.prices.panel import NOTICE, Prices

__all__ = ["NOTICE", "SOURCES", "Prices", "check_prices", "convert", "files", "load_prices", "read_factors"]
