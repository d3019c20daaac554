"""Prices: the panel that every study is handed, and the sources it can come from."""

from backtest.prices.load import SOURCES, load_prices
from backtest.prices.panel import NOTICE, Prices

__all__ = ["NOTICE", "SOURCES", "Prices", "load_prices"]
