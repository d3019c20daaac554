"""`backtest run` and `backtest study`: from news and prices to a folder with everything, or to tables alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from backtest.commands.flags import (
    Benchmark,
    Currency,
    DateOnly,
    Estimation,
    Event,
    Format,
    Instruments,
    Json,
    MinObs,
    Model,
    OnBadPrice,
    Out,
    Peers,
    Prices,
    Quiet,
    Sources,
    Store,
    Test,
    Theme,
    Windows,
)

if TYPE_CHECKING:
    from backtest.run import Options
    from backtest.study import EventStudy


def run(
    ctx: typer.Context,
    sources: Sources = None,
    prices: Prices = "sample",
    out: Out = "report",
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
    on_bad_price: OnBadPrice = "warn",
    currency: Currency = None,
    store: Store = None,
    theme: Theme = "light",
    panels: Annotated[int, typer.Option("--panels", metavar="N", min=0, help="Most events that get a picture.")] = 250,
    no_plots: Annotated[
        bool, typer.Option("--no-plots", help="Draw no pictures, neither as files nor in the report: faster.")
    ] = False,
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
    from backtest.commands import terminal

    spec = make_study(
        event=event, estimation=estimation, model=model, benchmark=benchmark, peers=peers, date_only=date_only,
        min_obs=min_obs,
    )  # fmt: skip
    options = make_options(
        spec, test, window, prices=prices, instruments=instruments, on_bad_price=on_bad_price, currency=currency,
        store=store, theme=theme, panels=panels, plots=not no_plots,
    )  # fmt: skip
    known(form or "md", ("md", "tex"), "format")
    folder = pipeline.prepare_folder(out)
    with terminal.progress(quiet) as progress, terminal.spoken_warnings(quiet):
        if progress:
            progress("news", 0, 1)
        news = ctx.obj(sources, options.instruments)
        if progress:
            progress("news", 1, 1)
        done = pipeline.run_study(news, options, progress)
        files = pipeline.write_everything(done, folder, progress)
    if as_json:
        terminal.print_json(terminal.run_as_json(done, [str(path) for path in files]))
    elif form:
        terminal.print_formatted(done.answers, form, done.result.notice)
    elif not quiet:
        what = "Tables, manifest" if no_plots else "Tables, pictures, manifest"
        terminal.show_run(done, [f"Report: {folder / 'report.html'}", f"{what}: {folder}"])


def study(
    ctx: typer.Context,
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
    on_bad_price: OnBadPrice = "warn",
    currency: Currency = None,
    store: Store = None,
    as_json: Json = False,
    form: Format = None,
    quiet: Quiet = False,
) -> None:
    """Events and prices to tables only: no pictures, no report. A terminal shows the summary, a pipe gets csv.

    Examples:

    - `backtest study events.csv --prices prices/ > tests.csv`

    - `backtest study events.csv --table abnormal_returns -o ar.parquet`
    """
    from backtest import run as pipeline
    from backtest.commands import terminal

    spec = make_study(
        event=event, estimation=estimation, model=model, benchmark=benchmark, peers=peers, date_only=date_only,
        min_obs=min_obs,
    )  # fmt: skip
    options = make_options(
        spec, test, window, prices=prices, instruments=instruments, on_bad_price=on_bad_price, currency=currency,
        store=store,
    )  # fmt: skip
    known(form or "md", ("md", "tex"), "format")
    with terminal.progress(quiet) as progress, terminal.spoken_warnings(quiet):
        done = pipeline.run_study(ctx.obj(sources, options.instruments), options, progress)
    chosen = pipeline.tables(done)[known(table, pipeline.TABLES, "table")]
    if out is not None:
        pipeline.write_place(done, chosen, out)
    elif as_json:
        terminal.print_json(chosen.reset_index(drop=chosen.index.name is None).to_dict("records"))
    elif form:
        terminal.print_formatted(chosen, form, done.result.notice)
    elif table == "tests" and terminal.is_watched():
        terminal.show_run(done, ["All tests, with every column: into a pipe, or with -o tests.csv."])
    else:
        terminal.print_csv(chosen)
    if done.result.notice and not quiet:
        terminal.show_warning(done.result.notice)


def make_study(**fields: Any) -> EventStudy:
    """Return the study that the flags describe; every flag is one field."""
    from backtest.study import EventStudy

    return EventStudy(**fields)


def make_options(study: EventStudy, test: list[str] | None, window: list[str] | None, **choices: Any) -> Options:
    """Check the flags before anything is read or written, and return them as the options of a run."""
    from backtest.inference import TESTS
    from backtest.run import Options

    for name in test or ():
        known(name, TESTS, "test")
    known(choices.get("theme", "light"), ("light", "dark"), "theme")
    known(choices.get("on_bad_price", "warn"), ("warn", "mask", "error"), "--on-bad-price")
    return Options(
        study, tests=tuple(test or ()), windows=tuple(parse_window(text) for text in window or ()), **choices
    )


def parse_window(text: str) -> tuple[int, int]:
    """Read a window such as 0:1, or one day."""
    first, _, last = text.partition(":")
    try:
        return int(first), int(last or first)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no window; write two days as 0:1", param_hint="--window") from None


def known(name: str, names: Any, what: str) -> str:
    """Return `name` if it is among `names`; else raise UnknownNameError, which suggests the nearest."""
    from backtest.registry import lookup

    lookup(name, dict.fromkeys(names, str), what)
    return name
