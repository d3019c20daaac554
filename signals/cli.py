"""The command line: `signals tag|extract|audit|date|kinds`. Heavy modules are imported inside the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from signals.errors import SignalsError

app = typer.Typer(
    name="signals",
    help="News to events: date articles, find companies, tag takeover rumours and profit warnings, merge stories.",
    no_args_is_help=True,
    add_completion=False,
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
    Path | None,
    typer.Option("--instruments", help="Watch-list csv (ticker, name, aliases, ...). Default: the one that ships."),
]
Anchors = Annotated[
    Path | None,
    typer.Option("--anchors", help="Events csv whose dates anchor texts. Default: the catalogue that ships."),
]
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


@app.command()
def tag(
    paths: Paths,
    out: Out = None,
    instruments: Instruments = None,
    anchors: Anchors = None,
    no_anchors: NoAnchors = False,
    kind: KindNames = None,
) -> None:
    """Write the signals table: one row per article, company and kind."""
    from signals.tables import signals_frame

    _stream(
        out, signals_frame, lambda: (list(r.rows) for r in _readings(paths, instruments, anchors, no_anchors, kind))
    )


@app.command()
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
) -> None:
    """Write the events table: one row per story about a listed security."""
    from signals.dedupe import add_peers, stories_to_events
    from signals.linking import load_watchlist
    from signals.tables import signals_frame, write_table

    _check_suffix(out)
    rows = [row for r in _readings(paths, instruments, anchors, no_anchors, kind) for row in r.rows]
    events, dropped = stories_to_events(signals_frame(rows), days)
    write_table(add_peers(events, load_watchlist(instruments)) if peers else events, out)
    counts = dropped["reason"].value_counts()
    lost = ", ".join(f"{reason} {n}" for reason, n in sorted(counts.items()) if n)
    typer.echo(f"{len(rows)} signals, {len(events)} events" + (f"; not events: {lost}" if lost else ""), err=True)


@app.command()
def audit(
    paths: Paths,
    out: Out = None,
    instruments: Instruments = None,
    anchors: Anchors = None,
    no_anchors: NoAnchors = False,
    kind: KindNames = None,
) -> None:
    """Write one row per article: its date and how it is known, what was found, and why nothing was."""
    from signals.tables import audit_frame

    _stream(out, audit_frame, lambda: ([r.audit] for r in _readings(paths, instruments, anchors, no_anchors, kind)))


@app.command("date")
def date_command(paths: Paths, out: Out = None, anchors: Anchors = None, no_anchors: NoAnchors = False) -> None:
    """Write the publication date of each article, with precision and evidence."""
    from signals.tables import date_frame

    _stream(out, date_frame, lambda: ([r.audit] for r in _readings(paths, None, anchors, no_anchors, [])))


@app.command()
def kinds() -> None:
    """List the kinds of signals."""
    from signals.kinds import KINDS

    for name, function in KINDS.items():
        summary = (sys.modules[function.__module__].__doc__ or "").strip().splitlines()
        typer.echo(f"{name:16s} {summary[0] if summary else ''}")


def _readings(
    paths: list[str], instruments: Path | None, anchors: Path | None, no_anchors: bool, kind: list[str] | None
) -> Iterator[Any]:
    from signals.extraction import read_all, settings
    from signals.readers import read_articles

    setup = settings(instruments, None if no_anchors else anchors or "seeds", kind)
    with _progress() as advance:
        yield from read_all(read_articles(paths, advance), setup)


class _progress:
    """A progress bar on standard error where that is a terminal; otherwise nothing."""

    def __enter__(self) -> Callable[[int, int], None] | None:
        if not sys.stderr.isatty():
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
    frame: Callable[[list[dict[str, Any]]], Any],
    batches: Callable[[], Iterator[list[dict[str, Any]]]],
) -> None:
    """Write rows as they come, a few thousand at a time: memory does not grow with the number of articles."""
    from signals.tables import Writer

    _check_suffix(out)
    with Writer(out, frame) as writer:
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
