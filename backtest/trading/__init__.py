"""The rooms behind `backtest.strategy`: prices as a board, decisions, fills, overlap, sizes, costs, statistics."""
