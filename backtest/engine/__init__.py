"""One engine for any number of events: `map_block`, `merge`, `finish`, and those who call them; placebo over every date."""

from backtest.engine.alldates import DatePlacebo, every_date_of, placebo_dates
from backtest.engine.blocks import (
    BLOCK,
    EventsBlock,
    Plan,
    aligned,
    blocks_of,
    finish,
    group_of,
    map_block,
    merge,
    plan_of,
    run_engine,
)
from backtest.engine.executors import EXECUTORS, bar, executor
from backtest.engine.outofcore import bytes_of, read_block, run_dataset, split, write_dataset
from backtest.engine.partial import Partial, Sums
from backtest.engine.totals import FINISHERS, EngineResult

__all__ = [
    "BLOCK",
    "EXECUTORS",
    "FINISHERS",
    "DatePlacebo",
    "EngineResult",
    "EventsBlock",
    "Partial",
    "Plan",
    "Sums",
    "aligned",
    "bar",
    "blocks_of",
    "bytes_of",
    "every_date_of",
    "executor",
    "finish",
    "group_of",
    "map_block",
    "merge",
    "placebo_dates",
    "plan_of",
    "read_block",
    "run_dataset",
    "run_engine",
    "split",
    "write_dataset",
]
