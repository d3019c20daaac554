"""The pipeline behind `backtest run`: events and prices in, a result and a folder of tables, pictures and a report out.

Nothing is computed here; this module only puts the parts in order and says how far it has come.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.errors import StoreError
from backtest.frames import load_instruments, write_table
from backtest.manifest import NAME, digest, digest_inputs, read_manifest, versions, write_manifest
from backtest.prices import load_prices
from backtest.registry import name_of
from backtest.study import EventStudy
from backtest.summary import Window, answers, pictured

if TYPE_CHECKING:
    from backtest.result import EventStudyResult

#: Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

#: Tests that every run prints beside the recommended ones.
USUAL = ("cross-sectional", "bmp", "sq")

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

    `panels` is the largest number of events that get a picture and a card; beyond it the largest moves are taken.
    """

    study: EventStudy = field(default_factory=EventStudy)
    prices: str = "sample"
    instruments: str | None = None
    tests: Sequence[str] = ()
    windows: Sequence[Window] = ()
    theme: str = "light"
    panels: int = 250

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
        }  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A finished run: the result, the tests table (all windows), the answers (first window), and what it came from."""

    news: News
    options: Options
    result: EventStudyResult
    tests: pd.DataFrame
    answers: pd.DataFrame


def run_study(news: News, options: Options, progress: Progress | None = None) -> Run:
    """Load the prices, run the study, and test it.

    Raises
    ------
    BacktestError
        Whatever the parts raise: prices that are not there, windows that do not fit, no event left ...
    """
    tell = progress or (lambda what, done, total: None)
    tell("prices", 0, 1)
    instruments = load_instruments(options.instruments) if options.instruments else None
    prices = load_prices(news.events, options.prices, benchmark=options.study.benchmark, instruments=instruments)
    tell("prices", 1, 1)
    result = options.study.run(news.events, prices, progress=lambda done, total: tell("events", done, total))
    windows = options.test_windows()
    return Run(news, options, result, _tests(result, options), answers(result, windows[0]))


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
    """Return the folder, made and known to be writable; what an earlier run left there according to its manifest is removed.

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
    if (folder / NAME).is_file():
        _remove_earlier(folder)
    return folder


def _remove_earlier(folder: Path) -> None:
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
    """Write tables, pictures (png and svg), the report and the manifest; return their paths, the manifest last.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    from backtest.report import write_report
    from backtest.report.page import Extras

    paths = write_tables(run, folder)
    pictures = {}
    for name, written in _pictures(run, folder / "plots", progress):
        paths += written
        pictures[name] = next(p for p in written if p.suffix == ".svg").read_text(encoding="utf-8")
    news = run.news
    setup = {name: _plain(value) for name, value in run.options.config().items()} | versions()
    extras = Extras(
        run.tests, run.answers, pictures, news.articles, news.signals, news.audit, setup, run.options.panels
    )
    paths.append(write_report(run.result, folder / "report.html", extras))
    return [*paths, write_manifest(folder, run.options.config(), inputs(run), paths)]


def inputs(run: Run) -> dict[str, Any]:
    """Return the sha256 of what a run read: files, text from standard input, every price series that it used."""
    own = run.options.instruments
    files = {**run.news.inputs, **({own: own} if own else {})}
    texts = {name: digest(text.encode()) for name, text in run.news.texts.items()}
    prices = run.result.prices
    return {"files": digest_inputs(files) | texts, "prices": {"source": prices.source, "series": prices.hashes()}}


def _pictures(run: Run, folder: Path, progress: Progress | None) -> Iterator[tuple[str, list[Path]]]:
    from backtest import plots

    events = pictured(run.result, run.options.panels)
    total = len(events) + run.result.events["asset"].nunique() + 2
    drawn = plots.figures(run.result, run.answers, events, run.options.theme)
    for done, (name, figure) in enumerate(drawn, start=1):
        stem = folder / safe_name(name)
        try:
            stem.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot write {stem.parent}: {error.strerror or error}; choose another place") from error
        yield name, plots.save(figure, stem)
        if progress:
            progress("pictures", done, total)


def safe_name(name: str) -> str:
    """Return the relative file name of a picture: a user's own ids and tickers may hold anything, a file name not."""
    folder, _, rest = name.partition("/") if name.startswith(("event/", "price/")) else ("", "", name)
    clean = "".join(c if c.isalnum() or c in "-_.^=" else "_" for c in rest).lstrip(".")
    if clean != rest:
        clean = f"{clean[:80]}-{digest(rest.encode())[:8]}"
    return f"{folder}/{clean}" if folder else clean


def _plain(value: Any) -> str:
    if value is None:
        return "default"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
