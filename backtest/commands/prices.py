"""`backtest prices`: fetch into the store, list and verify what is there, export the series of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from backtest.commands.flags import Instruments, Json, Quiet, Store

if TYPE_CHECKING:
    import pandas as pd

    from backtest.prices.refresh import Refreshed

app = typer.Typer(
    name="prices",
    help="Prices from Yahoo in a store of your own: fetch, list, verify, export.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

Start = Annotated[
    str | None, typer.Option(metavar="DATE", help="First date, as 2020-01-31.", show_default="all there is")
]
End = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="Last date that is needed; a series that reaches it is not asked for.",
        show_default="today",
    ),
]
Budget = Annotated[
    float,
    typer.Option("--budget", metavar="SECONDS", min=1.0, help="Time for all tickers, waits and retries included."),
]


@app.command()
def fetch(
    tickers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TICKER...", help="Tickers as Yahoo writes them; without any, those of the instruments table."
        ),
    ] = None,
    start: Start = None,
    end: End = None,
    budget: Budget = 180.0,
    store: Store = None,
    instruments: Instruments = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring the store up to date: what is missing, plus an overlap that shows whether the vendor rewrote history.

    Examples:

    - `backtest prices fetch ZAL.DE ASC.L ^STOXX`

    - `backtest prices fetch --start 2015-01-01 --store prices-store`
    """
    from backtest.commands import terminal
    from backtest.instruments import load_instruments
    from backtest.prices.refresh import refresh
    from backtest.prices.store import store_path
    from backtest.prices.yahoo import Patience

    span = _day(start, "--start"), _day(end, "--end")
    wanted = [*dict.fromkeys(tickers or load_instruments(instruments).index)]
    root = store_path(store)
    with terminal.progress(quiet) as progress, terminal.spoken_warnings(quiet):
        done = refresh(
            wanted, root, *span, patience=Patience(budget=budget),
            progress=terminal.counted(progress, "prices", len(wanted)),
        )  # fmt: skip
    _require_some(done, wanted)
    if as_json:
        terminal.print_json({
            "store": str(root), "updated": list(done.updated), "failures": done.failures.to_dict("records"),
            "decisions": done.decisions.to_dict("records"),
        })  # fmt: skip
    elif not quiet:
        current = len(wanted) - len(done.updated) - len(done.failures)
        line = f"{len(done.updated)} updated, {current} up to date, {len(done.failures)} failed; store: {root}"
        terminal.show_table(done.failures[["ticker", "reason", "attempts"]] if len(done.failures) else None, [line])


def _require_some(done: Refreshed, wanted: list[str]) -> None:
    """Raise where nothing could be fetched, saying why and what to do."""
    from backtest.errors import PriceSourceError
    from backtest.prices.yahoo import describe_failures

    if len(done.failures) == len(wanted):
        raise PriceSourceError(describe_failures(done.failures, wanted))


@app.command(name="list")
def list_(store: Store = None, as_json: Json = False, quiet: Quiet = False) -> None:
    """Show what the store holds: one row per ticker, with its dates, versions, currency, age and state.

    Example: `backtest prices list`
    """
    from backtest.commands import terminal
    from backtest.prices.store import inventory, store_path

    root = store_path(store)
    table = inventory(root)
    if as_json:
        terminal.print_json({"store": str(root), "series": table.to_dict("records")})
        return
    if quiet:
        return
    empty = f"the store {root} is empty; fill it with `backtest prices fetch TICKER`"
    line = f"{len(table)} series; store: {root}" if len(table) else empty
    terminal.show_table(_inventory_view(table) if len(table) else None, [line])


def _inventory_view(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that fit a narrow terminal, dates without their clock time."""
    dates = {name: table[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("first", "last")}
    fetched = table["fetched_at"].astype("str").str[:10].where(table["fetched_at"].notna(), "")
    shown = table.assign(**dates, fetched=fetched, currency=table["currency"].fillna(""))
    return shown[["ticker", "first", "last", "rows", "versions", "currency", "fetched", "state"]]


@app.command()
def verify(store: Store = None, as_json: Json = False, quiet: Quiet = False) -> None:
    """Read every file of the store and check it against its name; a damaged one is set aside, and the exit code is 1.

    Example: `backtest prices verify --quiet && echo all good`
    """
    from backtest.commands import terminal
    from backtest.errors import StoreError, offenders
    from backtest.labels import count
    from backtest.prices.export import verify as check
    from backtest.prices.store import store_path

    root = store_path(store)
    table = check(root)
    damaged = table[table["state"] != "good"]
    if as_json:
        terminal.print_json({"store": str(root), "files": table.to_dict("records")})
    elif not quiet:
        good = count(len(table) - len(damaged), "file")
        terminal.show_table(damaged if len(damaged) else None, [f"{good} good, {len(damaged)} damaged; store: {root}"])
    if len(damaged):
        names = sorted(set(damaged["ticker"]))
        raise StoreError(
            f"{count(len(damaged), 'file')} of {offenders(names)} damaged and set aside; fetch again: "
            f"backtest prices fetch {' '.join(names[:5])}"
        )


@app.command()
def export(
    manifest: Annotated[str, typer.Option("--manifest", metavar="FILE", help="The manifest.json of a run.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="Folder to write to.")] = "prices",
    store: Store = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write exactly the series that a run used, one parquet file per ticker; a run on them gives the same tables.

    Example: `backtest prices export --manifest report/manifest.json --out prices/`
    """
    from pathlib import Path

    from backtest.commands import terminal
    from backtest.labels import count
    from backtest.prices import export as exporting
    from backtest.prices.store import store_path

    place = Path(manifest)
    wanted = exporting.read_manifest(place / "manifest.json" if place.is_dir() else place)
    paths = exporting.export(store_path(store), wanted, Path(out))
    if as_json:
        terminal.print_json({"files": [str(path) for path in paths]})
    elif not quiet:
        terminal.show_table(None, [f"{count(len(paths), 'series', 'series')} written to {out}"])


def _day(text: str | None, flag: str) -> str | None:
    """Check a date of the command line."""
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2020-01-31", param_hint=flag) from None
