"""The command line: the commands put together; this is the one place where `backtest` calls `signals`.

Nothing heavy is imported before a command needs it, so that `backtest --help` answers at once.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backtest.commands.flags import Json, Quiet
from backtest.commands.power import power
from backtest.commands.prices import app as prices_app
from backtest.commands.study import known, run, study
from backtest.commands.trade import trade
from backtest.errors import BacktestError
from signals.errors import SignalsError

if TYPE_CHECKING:
    from backtest.run import News

app = typer.Typer(
    name="backtest",
    help="When the news breaks, what does it do to the share price? Events and prices in, tested abnormal returns out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

#: So many new objects are made before the collector looks for cycles among them.
_OBJECTS = 50_000

#: What `backtest list` can list: module and name of each registry.
_REGISTRIES = {
    "models": ("backtest.models", "MODELS"),
    "tests": ("backtest.inference", "TESTS"),
    "kinds": ("signals.kinds", "KINDS"),
    "sources": ("backtest.prices", "SOURCES"),
    "overlaps": ("backtest.trading.overlap", "RESOLVERS"),
    "sizings": ("backtest.trading.sizing", "RULES"),
    "slippage": ("backtest.trading.costs", "SLIPPAGE"),
    "placebos": ("backtest.placebo", "PLACEBOS"),
    "metrics": ("backtest.trading.walkforward", "METRICS"),
}


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"backtest {version('market-signals')}")
        raise typer.Exit


@app.callback()
def _root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Give the commands the reader of news, so that none of them needs to know `signals`."""
    ctx.obj = read_news


for _command in (run, study, trade, power):
    app.command()(_command)
app.add_typer(prices_app)


@app.command()
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="Folder of a run.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Folder of another run.")],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Two runs side by side: what changed, and why (configuration, data, versions).

    Example: `backtest compare report/ report-with-peers/`
    """
    from backtest.commands import terminal
    from backtest.compare import compare as compare_runs

    found = compare_runs(first, second)
    if as_json:
        names = ("config", "versions", "data", "events", "outputs", "answers", "strategy")
        parts = {name: getattr(found, name).to_dict("records") for name in names}
        terminal.print_json({"verdict": found.verdict, **parts, "altered": found.altered})
    elif not quiet:
        terminal.show_comparison(found)


@app.command(name="list")
def list_(
    what: Annotated[
        str,
        typer.Argument(
            metavar="models|tests|kinds|sources",
            help="What to list; also overlaps, sizings, slippage, placebos, metrics.",
            autocompletion=lambda: list(_REGISTRIES),
        ),
    ],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Name every model, test, kind of news, price source or part of a strategy that this installation knows, in a line each.

    Example: `backtest list tests`
    """
    from backtest.commands import terminal

    rows = _listing(known(what, _REGISTRIES, "list"))
    if as_json:
        terminal.print_json(dict(rows))
    elif not quiet:
        terminal.show_listing(rows)


def main() -> None:
    """Run the command line: exit 0 done, 1 a named error (its message alone), 2 wrong usage."""
    # Small matrices: more threads cost more than they save, and sums then do not depend on the number of cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A run makes many objects that last and few that only a search for cycles frees: to search rarely saves a tenth.
    gc.set_threshold(_OBJECTS, 20, 20)
    try:
        app(prog_name="backtest")
    except (BacktestError, SignalsError) as error:
        from backtest.commands.terminal import show_error

        show_error(str(error))
        sys.exit(1)
    except Exception as error:
        if os.environ.get("BACKTEST_TRACEBACK"):
            raise
        from backtest.commands.terminal import show_error

        kind = type(error).__name__
        show_error(f"{kind}: {error}; this is a fault of the program: please report it with BACKTEST_TRACEBACK=1 set")
        sys.exit(1)


# ---------------------------------------------------------------------------------------------------------------- helpers


def _listing(what: str) -> list[tuple[str, str]]:
    from importlib import import_module

    from backtest.labels import first_line

    module, name = _REGISTRIES[what]
    members = getattr(import_module(module), name)
    return [(key, first_line(member)) for key, member in members.items()]


def read_news(sources: list[str] | None, instruments: str | None) -> News:
    """Read what the user names: an events table, articles, standard input; or the seeds."""
    from backtest.commands.intake import EVENTS, kind_of_path

    if not sources:
        return _seed_news(instruments)
    if sources == ["-"]:
        return _piped_news(instruments)
    kinds = {kind_of_path(source) for source in sources if source != "-"}
    if kinds == {EVENTS} and len(sources) == 1:
        return _events_news(sources[0])
    if EVENTS in kinds or "-" in sources:
        raise typer.BadParameter(
            "give one events table, or articles (files and folders), or -", param_hint="ARTICLES_OR_EVENTS"
        )
    return _article_news(sources, instruments)


def _events_news(source: str) -> News:
    from backtest.frames import read_events
    from backtest.run import News

    return News(read_events(source), inputs={source: source})


def _article_news(sources: list[str], instruments: str | None) -> News:
    import signals
    from backtest.errors import SchemaError
    from backtest.frames import normalise_events
    from backtest.labels import count
    from backtest.run import News

    found = signals.extract(sources, instruments=instruments)
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


def _piped_news(instruments: str | None) -> News:
    """Read standard input once, and hand it on to whoever can read it."""
    import io
    from dataclasses import replace

    from backtest.commands.intake import EVENTS, kind_of_text
    from backtest.frames import read_events
    from backtest.run import News

    data = sys.stdin.buffer.read()
    text = data.decode("utf-8-sig", errors="replace")
    if kind_of_text(text) == EVENTS:
        return News(read_events(io.StringIO(text)), texts={"standard input": text})
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    return replace(_article_news(["-"], instruments), texts={"standard input": text})


def _seed_news(instruments: str | None) -> News:
    """Return the seed articles and the shipped catalogue, merged where they tell the same story."""
    import signals
    from backtest.frames import SEEDS, normalise_events, read_events
    from backtest.run import News
    from signals.dedupe import merge_stories

    found = signals.extract(signals.seeds(), instruments=instruments)
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
