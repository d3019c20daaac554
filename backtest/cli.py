"""The command line: `backtest run`, `study`, `list`; this is the one place where `backtest` calls `signals`.

Nothing heavy is imported before a command needs it, so that `backtest --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backtest.errors import BacktestError
from backtest.flags import (
    Benchmark,
    DateOnly,
    Estimation,
    Event,
    Format,
    Instruments,
    Json,
    MinObs,
    Model,
    Peers,
    Prices,
    Quiet,
    Sources,
    Test,
    Theme,
    Windows,
)
from signals.errors import SignalsError

if TYPE_CHECKING:
    from backtest.run import News, Options
    from backtest.study import EventStudy

app = typer.Typer(
    name="backtest",
    help="When the news breaks, what does it do to the share price? Events and prices in, tested abnormal returns out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

#: What `backtest list` can list: module and name of each registry.
_REGISTRIES = {
    "models": ("backtest.models", "MODELS"),
    "tests": ("backtest.inference", "TESTS"),
    "kinds": ("signals.kinds", "KINDS"),
    "sources": ("backtest.prices", "SOURCES"),
}


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"backtest {version('market-signals')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Turn a callback on, so that --version works without a command."""


@app.command()
def run(
    sources: Sources = None,
    prices: Prices = "sample",
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="DIR", help="Folder for the report, pictures and tables.")
    ] = "report",
    event: Event = (-5, 10),
    estimation: Estimation = (-260, -11),
    model: Model = "market",
    benchmark: Benchmark = None,
    peers: Peers = False,
    date_only: DateOnly = "same",
    min_obs: MinObs = None,
    test: Test = None,
    window: Windows = None,
    instruments: Instruments = None,
    theme: Theme = "light",
    panels: Annotated[int, typer.Option("--panels", metavar="N", min=0, help="Most events that get a picture.")] = 250,
    as_json: Json = False,
    form: Format = None,
    quiet: Quiet = False,
) -> None:
    """From articles or events to a tested number: table, report, pictures, tables and a manifest.

    Examples:

    - `backtest run` (the seed stories and the catalogue on simulated prices)

    - `backtest run events.csv --prices prices/ --peers --estimation -130 -11`

    - `signals extract articles/ | backtest run - --out out/`
    """
    from backtest import run as pipeline
    from backtest import terminal

    spec = _study(
        event=event, estimation=estimation, model=model, benchmark=benchmark, peers=peers, date_only=date_only,
        min_obs=min_obs,
    )  # fmt: skip
    options = _options(spec, prices, instruments, test, window, theme=theme, panels=panels)
    _known(form or "md", ("md", "tex"), "format")
    folder = pipeline.prepare_folder(out)
    with terminal.progress(quiet) as progress, terminal.spoken_warnings(quiet):
        if progress:
            progress("news", 0, 1)
        news = _news(sources, options)
        if progress:
            progress("news", 1, 1)
        done = pipeline.run_study(news, options, progress)
        files = pipeline.write_everything(done, folder, progress)
    if as_json:
        terminal.print_json(terminal.run_as_json(done, [str(path) for path in files]))
    elif form:
        terminal.print_formatted(done.answers, form, done.result.notice)
    elif not quiet:
        terminal.show_run(done, [f"Report: {folder / 'report.html'}", f"Tables, pictures, manifest: {folder}"])


@app.command()
def study(
    sources: Sources = None,
    prices: Prices = "sample",
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PLACE",
            help="Folder for all tables, or a file (csv, jsonl, parquet) for one.",
            show_default="standard output",
        ),
    ] = None,
    table: Annotated[
        str, typer.Option("--table", metavar="NAME", help="Which table goes to standard output or to a file.")
    ] = "tests",
    event: Event = (-5, 10),
    estimation: Estimation = (-260, -11),
    model: Model = "market",
    benchmark: Benchmark = None,
    peers: Peers = False,
    date_only: DateOnly = "same",
    min_obs: MinObs = None,
    test: Test = None,
    window: Windows = None,
    instruments: Instruments = None,
    as_json: Json = False,
    form: Format = None,
    quiet: Quiet = False,
) -> None:
    """Events and prices to tables only: no pictures, no report.

    Examples:

    - `backtest study events.csv --prices prices/ > tests.csv`

    - `backtest study events.csv --table abnormal_returns -o ar.parquet`
    """
    from backtest import run as pipeline
    from backtest import terminal

    spec = _study(
        event=event, estimation=estimation, model=model, benchmark=benchmark, peers=peers, date_only=date_only,
        min_obs=min_obs,
    )  # fmt: skip
    options = _options(spec, prices, instruments, test, window)
    _known(form or "md", ("md", "tex"), "format")
    with terminal.progress(quiet) as progress, terminal.spoken_warnings(quiet):
        done = pipeline.run_study(_news(sources, options), options, progress)
    chosen = pipeline.tables(done)[_known(table, pipeline.TABLES, "table")]
    if out is not None:
        pipeline.write_place(done, chosen, out)
    elif as_json:
        terminal.print_json(chosen.reset_index(drop=chosen.index.name is None).to_dict("records"))
    elif form:
        terminal.print_formatted(chosen, form, done.result.notice)
    else:
        terminal.print_csv(chosen)
    if done.result.notice and not quiet:
        terminal.show_warning(done.result.notice)


@app.command()
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="Folder of a run.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Folder of another run.")],
    as_json: Json = False,
) -> None:
    """Two runs side by side: what changed, and why (configuration, data, versions).

    Example: `backtest compare report/ report-with-peers/`
    """
    from backtest import terminal
    from backtest.compare import compare as compare_runs

    found = compare_runs(first, second)
    if as_json:
        names = ("config", "versions", "data", "outputs", "answers")
        parts = {name: getattr(found, name).to_dict("records") for name in names}
        terminal.print_json({"verdict": found.verdict, **parts, "altered": found.altered})
    else:
        terminal.show_comparison(found)


@app.command(name="list")
def list_(
    what: Annotated[str, typer.Argument(metavar="models|tests|kinds|sources", help="What to list.")],
    as_json: Json = False,
) -> None:
    """Name every model, test, kind of news or price source that this installation knows, with one line each.

    Example: `backtest list tests`
    """
    from backtest import terminal

    rows = _listing(_known(what, _REGISTRIES, "list"))
    if as_json:
        terminal.print_json(dict(rows))
    else:
        terminal.show_listing(rows)


def main() -> None:
    """Run the command line: exit 0 done, 1 a named error (its message alone), 2 wrong usage."""
    # Small matrices: more threads cost more than they save, and sums then do not depend on the number of cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app(prog_name="backtest")
    except (BacktestError, SignalsError) as error:
        from backtest.terminal import show_error

        show_error(str(error))
        sys.exit(1)


# ---------------------------------------------------------------------------------------------------------------- helpers


def _study(**fields: Any) -> EventStudy:
    """Return the study that the flags describe; every flag is one field."""
    from backtest.study import EventStudy

    return EventStudy(**fields)


def _options(
    study: EventStudy, prices: str, instruments: str | None, test: list[str] | None, window: list[str] | None,
    **look: Any,
) -> Options:  # fmt: skip
    """Check the flags before anything is read or written."""
    from backtest.inference import TESTS
    from backtest.run import Options

    for name in test or ():
        _known(name, TESTS, "test")
    _known(look.get("theme", "light"), ("light", "dark"), "theme")
    windows = tuple(_window(text) for text in window or ())
    return Options(study, prices, instruments, tuple(test or ()), windows, **look)


def _window(text: str) -> tuple[int, int]:
    first, _, last = text.partition(":")
    try:
        return int(first), int(last or first)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no window; write two days as 0:1", param_hint="--window") from None


def _known(name: str, known: Any, what: str) -> str:
    from backtest.registry import lookup

    lookup(name, dict.fromkeys(known, str), what)
    return name


def _listing(what: str) -> list[tuple[str, str]]:
    from importlib import import_module

    from backtest.labels import first_line

    module, name = _REGISTRIES[what]
    members = getattr(import_module(module), name)
    return [(key, first_line(member)) for key, member in members.items()]


def _news(sources: list[str] | None, options: Options) -> News:
    """Read what the user names: an events table, articles, standard input; or the seeds."""
    from backtest.intake import EVENTS, kind_of_path

    if not sources:
        return _seed_news(options)
    if sources == ["-"]:
        return _piped_news(options)
    kinds = {kind_of_path(source) for source in sources if source != "-"}
    if kinds == {EVENTS} and len(sources) == 1:
        return _events_news(sources[0])
    if EVENTS in kinds or "-" in sources:
        raise typer.BadParameter(
            "give one events table, or articles (files and folders), or -", param_hint="ARTICLES_OR_EVENTS"
        )
    return _article_news(sources, options)


def _events_news(source: str) -> News:
    from backtest.frames import read_events
    from backtest.run import News

    return News(read_events(source), inputs={source: source})


def _article_news(sources: list[str], options: Options) -> News:
    import signals
    from backtest.errors import SchemaError
    from backtest.frames import normalise_events
    from backtest.labels import count
    from backtest.run import News

    found = signals.extract(sources, instruments=options.instruments)
    events = found.events()
    if events.empty:
        raise SchemaError(f"no event in {count(len(found.audit), 'article')}: {_why_nothing(found.audit)}")
    events = normalise_events(events, "the articles")
    return News(events, *_tables_of(found), inputs={source: source for source in sources if source != "-"})


def _why_nothing(audit: Any) -> str:
    """Return why articles gave no event, the most frequent reason first."""
    notes = audit["note"].where(audit["note"] != "", audit["result"]).value_counts()
    said = "; ".join(f"{note} ({n})" for note, n in notes.iloc[:3].items())
    return f"{said}; `signals audit` says more"


def _piped_news(options: Options) -> News:
    """Read standard input once, and hand it on to whoever can read it."""
    import io
    from dataclasses import replace

    from backtest.frames import read_events
    from backtest.intake import EVENTS, kind_of_text
    from backtest.run import News

    data = sys.stdin.buffer.read()
    text = data.decode("utf-8-sig", errors="replace")
    if kind_of_text(text) == EVENTS:
        return News(read_events(io.StringIO(text)), texts={"standard input": text})
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    return replace(_article_news(["-"], options), texts={"standard input": text})


def _seed_news(options: Options) -> News:
    """Return the seed articles and the shipped catalogue, merged where they tell the same story."""
    import signals
    from backtest.frames import SEEDS, normalise_events, read_events
    from backtest.run import News
    from signals.dedupe import merge_stories

    found = signals.extract(signals.seeds(), instruments=options.instruments)
    events = merge_stories(read_events(SEEDS / "events.csv"), found.events())
    names = ("articles.jsonl", "events.csv", "instruments.csv")
    articles, signal_rows, audit = _tables_of(found)
    # The place of the installation is no fact about the articles; without it equal runs give equal tables anywhere.
    signal_rows, audit = (table.assign(source="seeds/articles.jsonl") for table in (signal_rows, audit))
    inputs = {f"seeds/{name}": SEEDS / name for name in names}
    return News(normalise_events(events, "the seeds"), articles, signal_rows, audit, inputs)


def _tables_of(found: Any) -> tuple[Any, Any, Any]:
    """Return articles (as a table), signals and audit of an extraction."""
    import pandas as pd

    fields = ("id", "title", "text", "url", "published")
    articles = pd.DataFrame(
        [[getattr(a, f) for f in fields] for a in found.articles], columns=["article_id", *fields[1:]]
    )
    return articles, found.signals, found.audit
