"""Run the command line with ``python -m backtest``."""

from backtest.cli import main

main()
