"""What the command line shows: tables that fit 80 columns, progress while it lasts, json for machines."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backtest.labels import SMALL_N, count, each_row, interval, p_value, percent, window_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.progress import TaskID

    from backtest.compare import Comparison
    from backtest.run import Progress, Run


def console(stderr: bool = False) -> Console:
    """Return a console that knows no colour where the output is no terminal."""
    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def is_watched() -> bool:
    """Return True where standard output is a terminal, not a pipe or a file."""
    return sys.stdout.isatty()


def show_error(message: str) -> None:
    """Print a named error's message, and nothing else, to standard error."""
    console(stderr=True).print(Text.assemble(("error: ", "bold red"), message), soft_wrap=True)


def show_warning(message: str) -> None:
    """Print a warning to standard error."""
    console(stderr=True).print(Text.assemble(("warning: ", "bold yellow"), message), soft_wrap=True)


@contextlib.contextmanager
def progress(quiet: bool = False) -> Iterator[Progress | None]:
    """Yield a function that shows progress bars with the time left, or None where nobody watches a terminal."""
    screen = console(stderr=True)
    if quiet or not screen.is_terminal:
        yield None
        return
    from rich import progress as bars

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=screen, transient=True) as display:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = display.add_task(what, total=total)
            display.update(tasks[what], completed=done, total=total)

        yield tell


@contextlib.contextmanager
def spoken_warnings(quiet: bool) -> Iterator[None]:
    """Collect warnings while a command runs and say them afterwards on standard error, one line each."""
    import warnings

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            yield
        finally:
            said = dict.fromkeys(
                " ".join(str(w.message).split()) for w in caught if issubclass(w.category, UserWarning)
            )
            for message in () if quiet else said:
                show_warning(message)


def counted(progress: Progress | None, what: str, total: int) -> Callable[[str], None] | None:
    """Return a function that counts its calls on the progress bar, None where there is no bar."""
    if progress is None:
        return None
    tell, numbers = progress, itertools.count(1)
    return lambda name: tell(what, next(numbers), total)


def show_table(table: pd.DataFrame | None, lines: list[str]) -> None:
    """Print a small table, numbers to the right, and the lines that follow it."""
    out = console()
    if table is not None:
        grid = Table(box=None, pad_edge=False)
        for name in table.columns:
            numeric = table[name].dtype.kind in "iuf"
            grid.add_column(str(name).replace("_", " "), justify="right" if numeric else "left", overflow="fold")
        for row in table.itertuples(index=False):
            grid.add_row(*(Text(str(value)) for value in row))
        out.print(grid)
    for line in lines:
        out.print(Text(line), soft_wrap=True)


def show_run(run: Run, places: list[str]) -> None:
    """Print the summary of a run: what was kept and dropped, one row per kind, the notice, where the files are."""
    out = console()
    result = run.result
    study = run.options.study
    out.print(
        f"[bold]Event study[/]: {run.options.config()['model']} model, event window {list(study.event)}, "
        f"estimation window {list(study.estimation)}"
    )
    if result.notice:
        out.print(Text(result.notice, style="bold yellow"))
    if run.news.articles is not None:
        signals = 0 if run.news.signals is None else len(run.news.signals)
        out.print(f"{count(len(run.news.articles), 'article')} read, {count(signals, 'signal')} in them")
    lost = result.dropped["reason"].astype("str").value_counts()
    reasons = f" ({', '.join(f'{n} {reason}' for reason, n in lost.items())})" if len(lost) else ""
    out.print(Text(f"{count(len(result.events), 'event')} kept, {len(result.dropped)} dropped{reasons}"))
    out.print(_answer_table(run))
    out.print(Text(_which_test(run)))
    for line in places:
        out.print(Text(line), soft_wrap=True)


def _answer_table(run: Run) -> Table:
    window = run.options.test_windows()[0]
    table = Table(title=f"mean abnormal return, {window_text(*window)}", title_justify="left", box=None, pad_edge=False)
    table.add_column("kind", overflow="fold")
    for name in ("N", "CAAR", "95 % interval", "test", "p"):
        table.add_column(name, justify="left" if name == "test" else "right", no_wrap=True)
    for row in each_row(run.answers):
        star = "*" if row.n < SMALL_N else ""
        table.add_row(
            Text(row.kind), f"{row.n}{star}", percent(row.effect), interval(row.low, row.high), Text(str(row.test)),
            p_value(row.pvalue),
        )  # fmt: skip
    return table


def _which_test(run: Run) -> str:
    few = f"* fewer than {SMALL_N} events: one odd case moves the mean, and small effects go unseen.\n"
    sizes: dict[tuple[str, str], list[str]] = {}
    for row in each_row(run.answers):
        sizes.setdefault((row.test or "none", row.reason.rpartition(": ")[2]), []).append(str(row.n))
    lines = [f"\n  N = {', '.join(dict.fromkeys(ns))}: {test}: {why}" for (test, why), ns in sizes.items()]
    return (few if (run.answers["n"] < SMALL_N).any() else "") + "Which test is valid at this N:" + "".join(lines)


def show_listing(rows: list[tuple[str, str]]) -> None:
    """Print names with one line each."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, text in rows:
        table.add_row(Text(name), Text(text))
    console().print(table)


def print_json(content: Any) -> None:
    """Print plain json to standard output; what is not a number is null."""
    sys.stdout.write(json.dumps(plain(content), indent=2, ensure_ascii=False) + "\n")


def print_csv(table: pd.DataFrame) -> None:
    """Print a table as csv to standard output."""
    table.to_csv(sys.stdout, index=table.index.name is not None, lineterminator="\n")


def print_formatted(table: pd.DataFrame, form: str, notice: str) -> None:
    """Print a table as Markdown ("md") or LaTeX ("tex") to standard output."""
    from backtest.report.text import to_markdown, to_tex

    write = to_tex if form == "tex" else to_markdown
    sys.stdout.write(write(table.reset_index() if table.index.name else table, notice))


def show_comparison(found: Comparison) -> None:
    """Print what differs between two runs, the answers side by side first."""
    out = console()
    out.print(Text(found.verdict))
    table = Table(box=None, pad_edge=False, title="first run, then second run", title_justify="left")
    table.add_column("kind", overflow="fold")
    for name in ("N", "CAAR", "p", "N", "CAAR", "p", "shift"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in each_row(found.answers):
        one = (_whole(row.n_a), percent(row.effect_a), p_value(row.pvalue_a))
        two = (_whole(row.n_b), percent(row.effect_b), p_value(row.pvalue_b))
        table.add_row(Text(row.kind), *one, *two, percent(row.shift))
    out.print(table)
    for name, title in _DIFFERENCES.items():
        frame = getattr(found, name)
        if name == "outputs":  # pictures follow from the tables
            frame = frame[frame["what"].str.endswith(".csv")]
        if len(frame):
            lines = [
                " | ".join(text for text in map(str, row) if text) for row in frame.head(12).itertuples(index=False)
            ]
            more = [f"... and {len(frame) - 12} more"] if len(frame) > 12 else []
            out.print(Text("\n  ".join([f"{title}:", *lines, *more])))


#: Fields of a comparison and the words above them.
_DIFFERENCES = {
    "config": "Configuration (first run | second run)",
    "versions": "Versions (first run | second run)",
    "data": "Data",
    "events": "Events",
    "strategy": "Strategy (first run | second run)",
    "outputs": "Tables",
}


def _whole(value: float) -> str:
    return "–" if math.isnan(value) else str(int(value))


def plain(value: Any) -> Any:
    """Return a value as json can hold it: NaN becomes None, dates their ISO text, numpy numbers Python's."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def run_as_json(run: Run, files: list[str]) -> dict[str, Any]:
    """Return the summary of a run for machines."""
    lost = run.result.dropped["reason"].astype("str").value_counts()
    return {
        "notice": run.result.notice,
        "config": run.options.config(),
        "articles": None if run.news.articles is None else len(run.news.articles),
        "kept": len(run.result.events),
        "dropped": {reason: int(n) for reason, n in lost.items()},
        "answers": run.answers.to_dict("records"),
        "files": files,
    }
