"""The pipeline behind `backtest run`: events and prices in, a result and a folder of tables, pictures and a report out.

Nothing is computed here; this module only puts the parts in order and says how far it has come.
"""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.contract.tabular import write_table
from backtest.errors import StoreError
from backtest.instruments import load_instruments
from backtest.manifest import NAME, digest, digest_inputs, fingerprint, read_manifest, versions, write_manifest
from backtest.prices import load_prices
from backtest.prices.export import recorded, series_manifest
from backtest.prices.raw import RawPrices, Source
from backtest.prices.refresh import read_yahoo
from backtest.prices.serve import read_store
from backtest.registry import name_of
from backtest.study import EventStudy
from backtest.summary import Window, answers, pictured

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from backtest.plots.events import Scene
    from backtest.prices import Prices
    from backtest.result import EventStudyResult

#: Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

#: Tests that every run prints beside the recommended ones.
USUAL = ("cross-sectional", "bmp", "sq")

#: Sources that read the price store.
STORED = ("yahoo", "store")

_SUFFIXES = (".csv", ".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True)
class News:
    """What a run starts from: an events table, and where it came from if that was articles.

    events : events table of the contract. articles, signals, audit : tables of the extraction, None for a plain events file.
    inputs : files or folders that were read, by the name that the manifest gives them. texts : contents that have no file
    (standard input), by name.
    """

    events: pd.DataFrame
    articles: pd.DataFrame | None = None
    signals: pd.DataFrame | None = None
    audit: pd.DataFrame | None = None
    inputs: Mapping[str, str | Path] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """Every choice of a run: the `EventStudy`, the prices, which tests on which windows (none: the recommended ones).

    `panels` is the largest number of events that get a picture and a card; beyond it the largest moves are taken. Without
    `plots` no picture is drawn, neither to a file nor in the report.
    `on_bad_price` and `currency` go to `load_prices`; `store` is the folder of the price store.
    """

    study: EventStudy = field(default_factory=EventStudy)
    prices: str = "sample"
    instruments: str | None = None
    tests: Sequence[str] = ()
    windows: Sequence[Window] = ()
    theme: str = "light"
    panels: int = 250
    plots: bool = True
    on_bad_price: str = "warn"
    currency: str | None = None
    store: str | None = None

    def test_windows(self) -> list[Window]:
        """Return the windows of the tests: as given, else day 0, days 0 to +1 and the event window, as far as they lie in it."""
        first, last = self.study.event
        usual = [(0, 0), (0, 1), (first, last)]
        return list(dict.fromkeys(self.windows or [w for w in usual if first <= w[0] and w[1] <= last]))

    def config(self) -> dict[str, Any]:
        """Return the choices as plain values for the manifest."""
        study = self.study
        return {
            "event": list(study.event), "estimation": list(study.estimation), "model": name_of(study.model),
            "benchmark": study.benchmark, "date_only": study.date_only, "min_obs": study.min_obs, "peers": study.peers,
            "prices": self.prices, "instruments": self.instruments, "tests": list(self.tests) or "recommended",
            "windows": [list(w) for w in self.test_windows()], "theme": self.theme, "panels": self.panels,
            "plots": self.plots, "on_bad_price": self.on_bad_price, "currency": self.currency,
        }  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A finished run: the result, the tests table (all windows), the answers (first window), and what it came from.

    `series` says of every price series what the manifest names: sha256, first, last, rows.
    """

    news: News
    options: Options
    result: EventStudyResult
    tests: pd.DataFrame
    answers: pd.DataFrame
    series: Mapping[str, Any] = field(default_factory=dict)


def load(events: pd.DataFrame, options: Options, tell: Progress) -> tuple[Prices, dict[str, Any]]:
    """Load the prices of a run's events; return them and what the manifest says of every series.

    Series of the store are named as they are read, before anything is masked or converted: a run on their export does the
    same to them again.

    Raises
    ------
    BacktestError
        As `load_prices`.
    """
    own = load_instruments(options.instruments) if options.instruments else None
    source: str | Source = options.prices
    notes: dict[str, Any] | None = None
    if options.prices in STORED:
        source, notes = recorded(partial(_from_store, options, tell))
    tell("prices", 0, 1)
    prices = load_prices(
        events, source, benchmark=options.study.benchmark, instruments=own, currency=options.currency,
        on_bad_price=options.on_bad_price,
    )  # fmt: skip
    tell("prices", 1, 1)
    return prices, series_manifest(prices) if notes is None else notes


def _from_store(options: Options, tell: Progress, tickers: Sequence[str], start: object, end: object) -> RawPrices:
    """Read from the store that the options name, refreshed from Yahoo first if they say so."""
    if options.prices == "store":
        return read_store(tickers, start, end, root=options.store)
    numbers = itertools.count(1)
    return read_yahoo(
        tickers, start, end, root=options.store, progress=lambda ticker: tell("prices", next(numbers), len(tickers))
    )


def run_study(news: News, options: Options, progress: Progress | None = None) -> Run:
    """Load the prices, run the study, and test it.

    Raises
    ------
    BacktestError
        Whatever the parts raise: prices that are not there, windows that do not fit, no event left ...
    """
    tell = progress or (lambda what, done, total: None)
    prices, series = load(news.events, options, tell)
    return study_on(news, options, prices, series, tell)


def study_on(news: News, options: Options, prices: Prices, series: Mapping[str, Any], tell: Progress) -> Run:
    """Run the study on prices that are loaded, and test it; raises as `run_study`."""
    result = options.study.run(news.events, prices, progress=lambda done, total: tell("events", done, total))
    windows = options.test_windows()
    return Run(news, options, result, _tests(result, options), answers(result, windows[0]), series)


def _tests(result: EventStudyResult, options: Options) -> pd.DataFrame:
    """Return the tests asked for; if none is, those that are recommended for each group and the usual ones beside them."""
    windows = options.test_windows()
    if options.tests:
        return result.test(*options.tests, windows=windows)
    with warnings.catch_warnings():
        # The usual tests are a reader's yardstick; where they mislead, their note says so.
        warnings.simplefilter("ignore", UserWarning)
        both = pd.concat([result.test(windows=windows), result.test(*USUAL, windows=windows)], ignore_index=True)
    keys = ["window_start", "window_end", "kind", "test", "event_id"]
    order = both.drop_duplicates(keys)[keys].sort_values(keys[:3], kind="stable").index
    return both.loc[order].reset_index(drop=True)


#: Names of the tables that `tables` can return.
TABLES = ("events", "answers", "tests", "abnormal_returns", "caar", "dropped", "audit", "signals", "articles_audit")


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Return every table of a run by the name of its file."""
    result, news = run.result, run.news
    parts = {
        "answers": run.answers, "tests": run.tests, "abnormal_returns": result.abnormal_returns, "caar": result.caar(),
        "dropped": result.dropped, "audit": result.audit, "signals": news.signals, "articles_audit": news.audit,
    }  # fmt: skip
    return {"events": result.events} | {name: frame for name, frame in parts.items() if frame is not None}


def prepare_folder(out: str | Path) -> Path:
    """Return the folder, made and known to be writable; nothing in it is touched before there is something to put there.

    Raises
    ------
    StoreError
        The folder cannot be made or written.
    """
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StoreError(f"--out {folder} is not writable: {error.strerror or error}; choose another folder") from error
    return folder


def clear_earlier(folder: Path) -> None:
    """Remove what an earlier run left in the folder according to its manifest, and nothing else."""
    if not (folder / NAME).is_file():
        return
    try:
        earlier = read_manifest(folder)["outputs"]
    except StoreError:
        return  # not ours, so nothing in it says what may go
    for name in [*earlier, NAME]:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)


def write_tables(run: Run, folder: Path) -> list[Path]:
    """Write every table as csv; equal inputs give equal bytes.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    clear_earlier(folder)
    paths = []
    for name, frame in tables(run).items():
        path = folder / f"{name}.csv"
        write_table(_indexed(frame), path)
        paths.append(path)
    return paths


def write_place(run: Run, table: pd.DataFrame, out: str) -> None:
    """Write one table to a file (csv, jsonl or parquet, as its suffix says), or all tables into a folder.

    Raises
    ------
    StoreError
        The place cannot be written.
    """
    if Path(out).suffix in _SUFFIXES:
        write_table(_indexed(table), Path(out))
    else:
        folder = prepare_folder(out)
        write_manifest(folder, run.options.config(), inputs(run), write_tables(run, folder))


def _indexed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its first column as the index, so that files have no column of row numbers."""
    return table if table.index.name else table.set_index(table.columns[0])


def write_everything(run: Run, folder: Path, progress: Progress | None = None) -> list[Path]:
    """Write tables, pictures (png, svg) if the options want them, report and manifest; return their paths, the manifest last.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    from backtest.report import write_report
    from backtest.report.page import Extras

    paths = write_tables(run, folder)
    pictures = {}
    for name, written in _pictures(run, folder / "plots", progress) if run.options.plots else ():
        paths += written
        pictures[name] = svg_of(written)
    news = run.news
    setup = setup_words(run.options.config(), inputs(run))
    extras = Extras(
        run.tests, run.answers, pictures, news.articles, news.signals, news.audit, setup, run.options.panels
    )
    paths.append(write_report(run.result, folder / "report.html", extras))
    return [*paths, write_manifest(folder, run.options.config(), inputs(run), paths)]


def svg_of(paths: Sequence[Path]) -> str:
    """Return the text of the one that is an svg."""
    return next(p for p in paths if p.suffix == ".svg").read_text(encoding="utf-8")


def inputs(run: Run) -> dict[str, Any]:
    """Return the sha256 of what a run read: files, text from standard input, every price series that it used."""
    return inputs_of(run.news, run.options.instruments, run.result.prices.source, run.series)


def inputs_of(news: News, own: str | None, source: str, series: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sha256 of the news, of a file of the user's `own`, and of every price series of a source."""
    files = {**news.inputs, **({own: own} if own else {})}
    texts = {name: digest(text.encode()) for name, text in news.texts.items()}
    return {"files": digest_inputs(files) | texts, "prices": {"source": source, "series": dict(series)}}


def _pictures(run: Run, folder: Path, progress: Progress | None) -> Iterator[tuple[str, list[Path]]]:
    from backtest import plots

    events = pictured(run.result, run.options.panels)
    total = len(events) + run.result.events["asset"].nunique() + 2
    drawn = ((name, save_figure(figure, folder, name)) for name, figure in plots.figures(
        run.result, run.answers, run.options.theme
    ))  # fmt: skip
    for done, (name, paths) in enumerate(itertools.chain(drawn, event_pictures(run, folder)), start=1):
        yield name, paths
        if progress:
            progress("pictures", done, total)


def event_pictures(run: Run, folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """Draw and write the price picture of every event that has a card; yield its name and paths (png, svg)."""
    from backtest import plots

    events = pictured(run.result, run.options.panels)
    for name, scene in plots.event_scenes(run.result, events, run.options.theme, run.news.signals):
        yield name, _save_scene(scene, folder, name)


def save_figure(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a picture below `folder` as png and svg under a safe file name; raise StoreError where that cannot be."""
    from backtest import plots

    return plots.save(figure, _stem(folder, name))


def _save_scene(scene: Scene, folder: Path, name: str) -> list[Path]:
    from backtest.plots.canvas import writing

    stem = _stem(folder, name)
    paths = [stem.with_name(f"{stem.name}.{form}") for form in ("png", "svg")]
    for path, content in zip(paths, (scene.png(), scene.svg().encode()), strict=True):
        with writing(path):
            path.write_bytes(content)
    return paths


def _stem(folder: Path, name: str) -> Path:
    stem = folder / safe_name(name)
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write {stem.parent}: {error.strerror or error}; choose another place") from error
    return stem


def safe_name(name: str) -> str:
    """Return the relative file name of a picture: a user's own ids and tickers may hold anything, a file name not."""
    folder, _, rest = name.partition("/") if name.startswith(("event/", "placebo/", "price/")) else ("", "", name)
    clean = "".join(c if c.isalnum() or c in "-_.^=" else "_" for c in rest).lstrip(".")
    if clean != rest:
        clean = f"{clean[:80]}-{digest(rest.encode())[:8]}"
    return f"{folder}/{clean}" if folder else clean


def setup_words(config: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, str]:
    """Return what the report's last table says: choices, versions, and the fingerprint that the manifest has too."""
    return {name: plain_words(value) for name, value in config.items()} | versions() | {
        "manifest fingerprint": fingerprint(config, read)
    }  # fmt: skip


def plain_words(value: Any) -> str:
    """Return a choice in words: a list with commas, None as "default"."""
    if value is None:
        return "default"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
