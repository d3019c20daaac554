"""The commands of ``backtest``: their flags, what they print, and how they tell events from articles."""
