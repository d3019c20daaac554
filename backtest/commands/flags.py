"""The flags that the commands share: names, help and defaults' words; each is one field of a study or of a run."""

from __future__ import annotations

from typing import Annotated

import typer

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ARTICLES_OR_EVENTS",
        help="An events table (csv, jsonl, parquet with asset and event_time or date), or articles: files or folders. "
        "`-` reads standard input. Without it: the seed articles and the catalogue that ship with the package.",
        show_default=False,
    ),
]
Prices = Annotated[
    str,
    typer.Option(
        "--prices",
        metavar="sample|yahoo|store|PATH",
        help="Prices: the simulated sample, Yahoo (kept in the store), the store alone, or a folder or file.",
    ),
]
Instruments = Annotated[
    str | None, typer.Option(metavar="FILE", help="Instruments table of your own.", show_default="shipped")
]
Out = Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="Folder for the report, pictures and tables.")]
Event = Annotated[
    tuple[int, int], typer.Option("--event", metavar="A B", help="First and last day of the event window.")
]
Estimation = Annotated[
    tuple[int, int], typer.Option("--estimation", metavar="A B", help="First and last day of the estimation window.")
]
Model = Annotated[
    str, typer.Option("--model", metavar="NAME", help="Model of the expected return: `backtest list models`.")
]
Benchmark = Annotated[
    str | None,
    typer.Option("--benchmark", metavar="TICKER", help="Benchmark of all shares.", show_default="each share's own"),
]
DateOnly = Annotated[
    str, typer.Option("--date-only", metavar="same|next", help="Session of news of which only the date is known.")
]
MinObs = Annotated[
    int | None, typer.Option("--min-obs", metavar="N", help="Least number of estimation days.", show_default="70 %")
]
Peers = Annotated[bool, typer.Option("--peers", help="Add a row for each listed peer of an issuer.")]
Test = Annotated[
    list[str] | None,
    typer.Option(
        "--test",
        metavar="NAME",
        help="Test to compute (repeatable): `backtest list tests`.",
        show_default="recommended",
    ),
]
Windows = Annotated[
    list[str] | None,
    typer.Option(
        "--window",
        metavar="A:B",
        help="Window of the tests (repeatable), e.g. 0:1. The first one heads the table.",
        show_default="0:0, 0:1, event window",
    ),
]
Theme = Annotated[str, typer.Option("--theme", metavar="light|dark", help="Colours of the pictures.")]
Json = Annotated[bool, typer.Option("--json", help="Print json for machines instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="md|tex", help="Print the table as Markdown or LaTeX.", show_default="text"),
]
OnBadPrice = Annotated[
    str,
    typer.Option("--on-bad-price", metavar="warn|mask|error", help="What to do with prices that fail the checks."),
]
Currency = Annotated[
    str | None,
    typer.Option(
        "--currency",
        metavar="CODE",
        help="Convert all prices to this currency, with rates from the same source.",
        show_default="each share's own",
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="DIR",
        help="Folder of the price store.",
        show_default="$BACKTEST_STORE, else the cache folder",
    ),
]
