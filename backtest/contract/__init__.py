"""The rooms behind `backtest.frames`: headers as people write them, instants, ids, values allowed, files."""
