"""The HTML report: one file that needs no network, no server and no second file."""

from __future__ import annotations

from backtest.report.page import write_report, write_trade_report

__all__ = ["write_report", "write_trade_report"]
