"""`backtest power`: what the tests can find in the design at hand, before anybody believes that nothing was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from backtest.cli_study import known, make_options, make_study, parse_window
from backtest.flags import (
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
    Peers,
    Prices,
    Quiet,
    Sources,
    Store,
    Test,
    Theme,
)

if TYPE_CHECKING:
    import pandas as pd

    from backtest.design import Design

Number = Annotated[
    int | None, typer.Option("--n", metavar="N", help="Events of a study that is only planned; needs no data.")
]
Spread = Annotated[
    int, typer.Option("--spread", metavar="DAYS", min=0, help="With --n: days over which they fall; 0 is far apart.")
]
Rho = Annotated[float, typer.Option("--rho", metavar="R", help="With --n: correlation of residuals on one day.")]
Sd = Annotated[float, typer.Option("--sd", metavar="X", help="With --n: daily residual standard deviation.")]
Window = Annotated[str, typer.Option("--window", metavar="A:B", help="Window of the tests, e.g. 0:1.")]
Kind = Annotated[
    list[str] | None, typer.Option("--kind", metavar="KIND", help="Only this group (repeatable).", show_default="all")
]
Effect = Annotated[
    float | None, typer.Option("--effect", metavar="X", help="Also give the power at this effect: 0.02 is 2 %.")
]
Replications = Annotated[
    int, typer.Option("--replications", metavar="N", min=50, help="Simulated studies of each effect.")
]


def power(
    ctx: typer.Context,
    sources: Sources = None,
    prices: Prices = "sample",
    n: Number = None,
    spread: Spread = 0,
    rho: Rho = 0.0,
    sd: Sd = 0.022,
    window: Window = "0:0",
    kind: Kind = None,
    test: Test = None,
    effect: Effect = None,
    replications: Replications = 400,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the simulation.")] = 0,
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder for tables and pictures.", show_default="none"),
    ] = None,
    event: Event = (-5, 10),
    estimation: Estimation = (-260, -11),
    model: Model = "market",
    benchmark: Benchmark = None,
    peers: Peers = False,
    date_only: DateOnly = "same",
    min_obs: MinObs = None,
    instruments: Instruments = None,
    on_bad_price: OnBadPrice = "warn",
    currency: Currency = None,
    store: Store = None,
    theme: Theme = "light",
    as_json: Json = False,
    form: Format = None,
    quiet: Quiet = False,
) -> None:
    """Size and power of each test for the events at hand, and the smallest effect that it finds in four of five cases.

    Examples:

    - `backtest power events.csv --prices prices/ --kind profit-warning`

    - `backtest power --n 20 --spread 1 --rho 0.1 --effect 0.02`
    """
    from backtest import design as designing
    from backtest import terminal
    from backtest.run import prepare_folder, run_study

    days = parse_window(window)
    spec = make_study(
        event=event, estimation=estimation, model=model, benchmark=benchmark, peers=peers, date_only=date_only,
        min_obs=min_obs,
    )  # fmt: skip
    options = make_options(
        spec, test, None, prices=prices, instruments=instruments, on_bad_price=on_bad_price, currency=currency,
        store=store, theme=theme,
    )  # fmt: skip
    known(form or "md", ("md", "tex"), "format")
    folder = None if out is None else prepare_folder(out)
    notice = ""
    with terminal.progress(quiet) as progress, terminal.spoken_warnings(quiet):
        if n is not None:
            found = [designing.planned(n, days, spread, rho, sd)]
        else:
            result = run_study(ctx.obj(sources, instruments), options, progress).result
            found, notice = designing.designs(result, days, tuple(kind or ())), result.notice
        table, curves = _tables(found, test, effect, replications, seed, progress)
    files = [] if folder is None else _write(folder, table, curves, notice, theme)
    if as_json:
        parts = {"power": table.to_dict("records"), "curve": curves.to_dict("records")}
        terminal.print_json({"notice": notice, **parts, "files": [str(path) for path in files]})
    elif form:
        terminal.print_formatted(table, form, notice)
    elif not quiet:
        _show(table, notice, replications, files)


def _tables(
    designs: list[Design], test: list[str] | None, effect: float | None, replications: int, seed: int, progress: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (summary, curve) of all designs."""
    import pandas as pd

    from backtest.design import USUAL, power_curve, summarise

    tables, curves = [], []
    for one in designs:
        names = [*dict.fromkeys(test or [*([one.recommended] if one.recommended else []), *USUAL])]
        tell = (lambda done, total, what=one.kind: progress(f"power: {what}", done, total)) if progress else None
        curve = power_curve(one, names, () if effect is None else (effect,), replications, seed, tell)
        curves.append(curve)
        tables.append(summarise(curve, one, effect))
    return pd.concat(tables, ignore_index=True), pd.concat(curves, ignore_index=True)


def _write(folder: Any, table: pd.DataFrame, curves: pd.DataFrame, notice: str, theme: str) -> list[Any]:
    from backtest import gallery
    from backtest.frames import write_table
    from backtest.run import save_figure

    paths = []
    for name, frame in (("power", table), ("power_curve", curves)):
        paths.append(folder / f"{name}.csv")
        write_table(frame.set_index("kind"), paths[-1])
    for name, figure in gallery.power_figures(curves, notice, theme):
        paths += save_figure(figure, folder / "plots", name)
    return paths


def _show(table: pd.DataFrame, notice: str, replications: int, files: list[Any]) -> None:
    """Print one row per group and test, and what the columns mean."""
    import pandas as pd

    from backtest import terminal
    from backtest.labels import each_row, percent

    def share(values: pd.Series) -> list[str]:
        return [percent(x).lstrip("+") for x in values]

    columns = {
        "kind": table["kind"],
        "test": [f"{row.test}*" if row.recommended else str(row.test) for row in each_row(table)],
        "N": table["n"],
        "size": share(table["size"]),
        **({"power": share(table["power"])} if "power" in table else {}),
        "least effect": [f"±{text}" if text != "–" else text for text in share(table["minimum_effect"])],
    }
    lines = [
        f"size: how often the test rejects at 5 % where nothing happened, in {replications} simulated studies",
        "least effect: found in four of five studies; a smaller one may well go unseen",
    ]
    if table["recommended"].any():
        lines.append("* the test that is recommended for this group")
    terminal.show_table(pd.DataFrame(columns), [*([notice] if notice else []), *lines, *map(str, files)])
