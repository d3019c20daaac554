"""The pipeline behind `backtest trade`: a strategy, what waiting costs it, placebos and baselines, beside the study."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.contract.tabular import write_table
from backtest.errors import AlignmentError, PriceSourceError, SchemaError
from backtest.frames import add_peers
from backtest.manifest import write_manifest
from backtest.placebo import PLACEBOS, PlaceboResult, run_placebos
from backtest.prices import load_prices
from backtest.prices.currency import rate_tickers
from backtest.prices.raw import Source
from backtest.prices.refresh import read_store, read_yahoo
from backtest.prices.tables import read_header
from backtest.run import (
    STORED,
    News,
    Options,
    Progress,
    Run,
    clear_earlier,
    event_pictures,
    inputs_of,
    load,
    save_figure,
    setup_words,
    study_on,
    svg_of,
    write_tables,
)
from backtest.strategy import Strategy, StrategyResult
from backtest.summary import pictured
from backtest.trading.ladder import baselines, entry_lags

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from backtest.prices import Prices


@dataclass(frozen=True)
class TradeOptions:
    """Every choice of a trading run.

    strategy : the `Strategy`. run : prices, and the study that is shown beside it. placebos, draws, seed : see
    `run_placebos`; draws=0 leaves them out. fx : exchange rates: a table (a column of dates, then pairs such as EURGBP), or any
    price source that has the pairs as tickers: a folder, a file, "yahoo", "store". None holds them constant.
    """

    strategy: Strategy
    run: Options = field(default_factory=Options)
    placebos: Sequence[str] = tuple(PLACEBOS)
    draws: int = 10_000
    seed: int = 0
    fx: str | None = None

    def config(self) -> dict[str, Any]:
        """Return the choices as plain values for the manifest."""
        own = {
            "strategy": self.strategy.describe(),
            "placebos": list(self.placebos),
            "draws": self.draws,
            "seed": self.seed,
        }
        return self.run.config() | own | {"fx": self.fx}


@dataclass(frozen=True)
class Trade:
    """A finished trading run: the strategy's result, its tables by name, its placebos, and the study on the same events.

    study : None where the event study cannot be run (`study_problem` says why). placebo : None if left out.
    """

    news: News
    options: TradeOptions
    result: StrategyResult
    tables: dict[str, pd.DataFrame]
    placebo: PlaceboResult | None
    study: Run | None
    study_problem: str = ""
    series: dict[str, Any] = field(default_factory=dict)


def run_trade(news: News, options: TradeOptions, progress: Progress | None = None) -> Trade:
    """Load prices, trade the events, and set the result beside waiting longer, placebos, baselines and the study.

    Raises
    ------
    BacktestError
        Whatever the parts raise: no tradable event, no opening prices, prices that are not there ...
    """
    tell = progress or (lambda what, done, total: None)
    prices, series = load(news.events, options.run, tell)
    events = add_peers(news.events, prices.instruments) if options.run.study.peers else news.events
    strategy = options.strategy
    fx = None if options.fx is None else read_fx(options.fx, prices, strategy.currency, options.run.store)
    result = strategy.run(events, prices, fx)
    tell("strategy", 1, 4)
    own = result.tables() | {"summary": result.summary().reset_index(), "by_kind": result.by_kind()}
    own["lags"] = entry_lags(strategy, events, prices, fx)
    own["baselines"] = baselines(strategy, events, prices, fx)
    tell("strategy", 2, 4)
    placebo = None
    if options.draws and strategy.hold is not None:
        with contextlib.suppress(AlignmentError):  # no trade has ended yet: nothing to compare, the trades stand
            placebo = run_placebos(strategy, events, prices, tuple(options.placebos), options.draws, options.seed, fx)
            own["placebo"] = placebo.table
    tell("strategy", 3, 4)
    study, problem = None, ""
    try:
        plain = replace(options.run, study=replace(options.run.study, peers=False))
        study = study_on(replace(news, events=events), plain, prices, series, tell)
    except (AlignmentError, SchemaError) as error:
        problem = str(error)
    tell("strategy", 4, 4)
    return Trade(news, options, result, own, placebo, study, problem, series)


def read_fx(
    source: str | Path, prices: Prices | None = None, currency: str = "EUR", store: str | None = None
) -> Prices | pd.DataFrame | None:
    """Read exchange rates: from a table of pairs (dates first), or from a price source as tickers such as EURGBP.

    Parameters
    ----------
    source : a csv whose columns are pairs, a folder or file of prices, "yahoo" or "store".
    prices, currency : the securities, and the account whose rates are wanted; not needed for a table of pairs.
    store : folder of the price store.

    Returns
    -------
    The rates; None where all securities are in the account's currency.

    Raises
    ------
    PriceSourceError
        The file cannot be read as such a table; the source has none of the pairs.
    """
    if prices is not None and (str(source) in STORED or not _pairs(source)):
        names = rate_tickers(list(prices.instruments.index), prices.instruments, currency)
        if not names:
            return None
        place: str | Path | Source = source
        if str(source) in STORED:
            place = partial(read_store, root=store) if str(source) == "store" else partial(read_yahoo, root=store)
        return load_prices(names, place, benchmark="", fields=("close",), on_bad_price=None)
    try:
        frame = pd.read_csv(source, index_col=0)
        frame.index = pd.to_datetime(frame.index, format="ISO8601").as_unit("us")
    except (OSError, ValueError) as error:
        why = str(error).splitlines()[0]
        raise PriceSourceError(
            f"--fx {source}: cannot be read ({why}); give a csv with ISO dates first and a column such as EURGBP"
        ) from error
    return frame


def _pairs(source: str | Path) -> bool:
    """Return whether a place is to be read as a table of pairs: it is a file with such a column, or it is not there at all."""
    if Path(source).is_dir():
        return False
    try:
        names = read_header(Path(source))[1:]
    except (PriceSourceError, OSError):
        return True
    return any(len(name.upper().removesuffix("=X").replace("/", "")) == 6 and name[:1].isupper() for name in names)


def write_trade(trade: Trade, folder: Path, progress: Progress | None = None) -> list[Path]:
    """Write tables, pictures, the report and the manifest; return their paths, the manifest last.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    clear_earlier(folder)
    from backtest.report import write_trade_report

    paths = []
    for name, frame in trade.tables.items():
        paths.append(folder / f"{name}.csv")
        write_table(frame.set_index(frame.columns[0]), paths[-1])
    if trade.study is not None:
        place = folder / "study"
        place.mkdir(exist_ok=True)
        paths += write_tables(trade.study, place)
    pictures = {}
    for name, written in _pictures(trade, folder / "plots", progress):
        pictures[name] = svg_of(written)
        paths += written
    config = trade.options.config()
    setup = setup_words(config, _inputs(trade))
    paths.append(write_trade_report(trade, folder / "report.html", pictures, setup))
    return [*paths, write_manifest(folder, config, _inputs(trade), paths)]


def _inputs(trade: Trade) -> dict[str, Any]:
    """Return the sha256 of all that was read."""
    options, fx = trade.options, trade.options.fx
    if fx is None or fx in STORED:
        news = trade.news
    else:
        news = replace(trade.news, inputs={**trade.news.inputs, fx: fx})
    return inputs_of(news, options.run.instruments, trade.result.placed.board.prices.source, trade.series)


def _pictures(trade: Trade, folder: Path, progress: Progress | None) -> Iterator[tuple[str, list[Path]]]:
    """Draw and write the strategy's pictures, the study's, and one of each event that has a card."""
    drawn, study = list(_figures(trade)), trade.study
    total = len(drawn) + (0 if study is None else len(pictured(study.result, study.options.panels)))
    saved = ((name, save_figure(figure, folder, name)) for name, figure in drawn)
    single = event_pictures(study, folder) if study is not None else ()
    for done, (name, paths) in enumerate(itertools.chain(saved, single), start=1):
        yield name, paths
        if progress:
            progress("pictures", done, total)


def _figures(trade: Trade) -> Iterator[tuple[str, Figure]]:
    from backtest import plots

    theme = trade.options.run.theme
    study = None if trade.study is None else trade.study.result
    yield from plots.strategy_figures(trade.result, trade.tables["lags"], trade.placebo, theme, study)
    if trade.study is not None:
        drawn = plots.figures(trade.study.result, trade.study.answers, theme)
        yield from itertools.takewhile(lambda pair: not pair[0].startswith("price/"), drawn)
