"""`backtest power`: what the tests can find in the design at hand, before anybody believes that nothing was there."""

from __future__ import annotations

import textwrap
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
    Peers,
    Prices,
    Quiet,
    Sources,
    Store,
    Test,
    Theme,
)
from backtest.commands.study import known, make_options, make_study, parse_window

if TYPE_CHECKING:
    import pandas as pd

    from backtest.design import Design
    from backtest.result import EventStudyResult

WIDTH = 80

Number = Annotated[
    int | None, typer.Option("--n", metavar="N", help="Events of a study that is only planned; needs no data.")
]
Spread = Annotated[
    int, typer.Option("--spread", metavar="DAYS", min=0, help="With --n: days over which they fall; 0 is far apart.")
]
Rho = Annotated[float, typer.Option("--rho", metavar="R", help="With --n: correlation of residuals on one day.")]
Sd = Annotated[float, typer.Option("--sd", metavar="X", help="With --n: daily residual standard deviation.")]
Induced = Annotated[
    float | None,
    typer.Option(
        "--induced",
        metavar="X",
        min=0.0,
        help="Share by which the event raises the variance: 1 doubles it.",
        show_default="from the events; 0 with --n",
    ),
]
Tails = Annotated[
    int, typer.Option("--tails", metavar="DF", help="Degrees of freedom of the shocks: 4 as shares have, 0 is normal.")
]
Window = Annotated[str, typer.Option("--window", metavar="A:B", help="Window of the tests, e.g. 0:1.")]
Kind = Annotated[
    list[str] | None, typer.Option("--kind", metavar="KIND", help="Only this group (repeatable).", show_default="all")
]
Effect = Annotated[float, typer.Option("--effect", metavar="X", help="Effect at which power is given: 0.02 is 2 %.")]
Placebo = Annotated[
    bool, typer.Option("--placebo", help="Random dates of the prices at hand instead of simulated shares (slower).")
]
Replications = Annotated[
    int, typer.Option("--replications", metavar="N", min=50, help="Simulated studies of each effect.")
]

Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the simulation.")]
Folder = Annotated[
    str | None,
    typer.Option("--out", "-o", metavar="DIR", help="Folder for tables and pictures.", show_default="none"),
]


def power(
    ctx: typer.Context,
    sources: Sources = None,
    prices: Prices = "sample",
    n: Number = None,
    spread: Spread = 0,
    rho: Rho = 0.0,
    sd: Sd = 0.022,
    induced: Induced = None,
    tails: Tails = 4,
    window: Window = "0:0",
    kind: Kind = None,
    test: Test = None,
    effect: Effect = 0.02,
    placebo: Placebo = False,
    replications: Replications = 400,
    seed: Seed = 0,
    out: Folder = None,
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

    - `backtest power --n 20 --spread 1 --rho 0.1 --induced 1 --effect 0.02`
    """
    from backtest.commands import terminal
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
    with terminal.progress(quiet) as progress, terminal.spoken_warnings(quiet):
        # Random dates need prices, which the events at hand name, also where their number is only planned.
        needed = n is None or placebo
        result = run_study(ctx.obj(sources, instruments), options, progress).result if needed else None
        found = _designs(result if n is None else None, days, kind, n, estimation, (spread, rho, sd), (induced, tails))
        draws = {"replications": replications, "seed": seed}
        random_dates = None if result is None or not placebo else (result.spec, result.prices)
        table = _tables(found, test, progress, effect=effect, placebo=random_dates, **draws)
        files = [] if folder is None else _write(folder, table, _curves(found, test, **draws), result, theme)
    if as_json or form or not quiet:
        notice = "" if result is None else result.notice
        _tell(table, notice, [] if placebo else found, files, as_json, form)


def _designs(
    result: EventStudyResult | None,
    days: tuple[int, int],
    kinds: list[str] | None,
    n: int | None,
    estimation: tuple[int, int],
    shape: tuple[int, float, float],
    noise: tuple[float | None, int],
) -> list[Design]:
    """Return the designs of the events of a result, or the one that is only planned; `shape` is spread, rho and sd."""
    from backtest import design as designing

    if result is not None:
        return designing.designs(result, days, tuple(kinds or ()), *noise)
    m, gap = estimation[1] - estimation[0] + 1, max(0, days[0] - estimation[1] - 1)
    induced, tails = noise
    return [designing.planned(n or 0, days, *shape, m, gap, induced or 0.0, tails)]


def _tell(
    table: pd.DataFrame, notice: str, designs: list[Design], files: list[Any], as_json: bool, form: str | None
) -> None:
    from backtest.commands import terminal
    from backtest.design import described

    told = [described(one) for one in designs]
    if as_json:
        rows, written = table.to_dict("records"), [str(path) for path in files]
        terminal.print_json({"notice": notice, "designs": told, "power": rows, "files": written})
    elif form:
        terminal.print_formatted(table, form, notice)
    else:
        _show(table, notice, told, files)


def _names(one: Design, test: list[str] | None) -> list[str]:
    from backtest.design import USUAL, USUAL_ALONE

    usual = USUAL if one.scenario.n > 1 else USUAL_ALONE
    return [*dict.fromkeys(test or [*([one.recommended] if one.recommended else []), *usual])]


def _tables(designs: list[Design], test: list[str] | None, progress: Any, **choices: Any) -> pd.DataFrame:
    import pandas as pd

    from backtest.design import table_of

    tables = []
    for one in designs:
        tell = (lambda done, total, what=one.kind: progress(f"power: {what}", done, total)) if progress else None
        tables.append(table_of(one, _names(one, test), progress=tell, **choices))
    return pd.concat(tables, ignore_index=True)


def _curves(designs: list[Design], test: list[str] | None, **draws: Any) -> pd.DataFrame:
    import pandas as pd

    from backtest.design import power_curve

    return pd.concat([power_curve(one, _names(one, test), **draws) for one in designs], ignore_index=True)


def _write(folder: Any, table: pd.DataFrame, curves: pd.DataFrame, result: Any, theme: str) -> list[Any]:
    from backtest import plots
    from backtest.run import save_figure
    from backtest.tabular import write_table

    paths = []
    for name, frame in (("power", table), ("power_curve", curves)):
        paths.append(folder / f"{name}.csv")
        write_table(frame.set_index("kind"), paths[-1])
    for name, figure in plots.power_figures(curves, "" if result is None else result.notice, theme):
        paths += save_figure(figure, folder / "plots", name)
    return paths


def _show(table: pd.DataFrame, notice: str, designs: list[str], files: list[Any]) -> None:
    """Print one row per group and test, and what the columns mean."""
    import pandas as pd

    from backtest.commands import terminal
    from backtest.labels import each_row, percent

    def share(values: pd.Series) -> list[str]:
        return [percent(x).lstrip("+") for x in values]

    columns = {
        "kind": table["kind"],
        "test": [f"{row.test}*" if row.recommended else str(row.test) for row in each_row(table)],
        "N": table["n"],
        "size": share(table["size"]),
        "power": share(table["power"]),
        "least effect": [f"±{text}" if text != "–" else text for text in share(table["minimum_effect"])],
    }
    first = next(each_row(table))
    lines = [
        f"size: how often the test rejects at 5 % where nothing happened ({first.replications} studies, {first.source})",
        f"power: how often at a true effect of {percent(first.effect).lstrip('+')} on day 0",
        "least effect: found in four of five studies; a smaller one may well go unseen",
    ]
    if table["recommended"].any():
        lines.append("* the test that is recommended for this group")
    told = [line for one in [*lines, *designs] for line in textwrap.wrap(one, WIDTH, subsequent_indent="  ")]
    terminal.show_table(pd.DataFrame(columns), [*([notice] if notice else []), *told, *map(str, files)])
