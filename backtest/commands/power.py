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
    bool,
    typer.Option(
        "--placebo", help="Random dates of the events' real prices, not simulated shares; with --n alone of all prices."
    ),
]
Replications = Annotated[
    int, typer.Option("--replications", metavar="N", min=50, help="Simulated studies of each effect.")
]

Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Seed of the simulation.")]
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

    - `backtest power --n 20 --spread 1 --placebo --prices prices.csv --benchmark MKT`
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
        result = run_study(ctx.obj(sources, instruments), options, progress).result if n is None else None
        _warn_of_idle_flags(ctx, n is None, placebo)
        noise = (None if placebo else induced, tails)
        found = _designs(result, days, kind, n, estimation, (spread, rho, sd), noise)
        panel = result.prices if result is not None else _panel(ctx, sources, options, progress) if placebo else None
        draws = {"replications": replications, "seed": seed, "placebo": (spec, panel) if placebo else None}
        table = _tables(found, test, progress, effect=effect, **draws)
        notice = "" if panel is None else panel.notice
        files = [] if folder is None else _write(folder, table, _curves(found, test, **draws), notice, theme)
    if as_json or form or not quiet:
        _tell(table, notice, found, files, as_json, form)


def _panel(ctx: typer.Context, sources: list[str] | None, options: Any, progress: Any) -> Any:
    """Return the prices of the events given; without them those of all shares that the source of prices offers."""
    from pathlib import Path

    import pandas as pd

    from backtest.instruments import load_instruments
    from backtest.prices import SOURCES
    from backtest.prices.files import names_in
    from backtest.run import load

    if sources:
        events = ctx.obj(sources, options.instruments).events
    else:
        listed = load_instruments(options.instruments)
        marks = {*listed["benchmark"], options.study.benchmark}
        place = Path(options.prices)
        names = names_in(place) if place.exists() and options.prices not in SOURCES else list(listed.index)
        events = pd.DataFrame({"asset": [name for name in names if name not in marks and not name.startswith("^")]})
    return load(events, options, progress or (lambda what, done, total: None))[0]


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

    told = [described(one) for one in designs if (table["source"] == "simulation").all()]
    reasons = {one.kind: one.advice.reason for one in designs}
    if as_json:
        rows, written = table.to_dict("records"), [str(path) for path in files]
        terminal.print_json({"notice": notice, "designs": told, "reasons": reasons, "power": rows, "files": written})
    elif form:
        terminal.print_formatted(table, form, notice)
    else:
        _show(table, notice, told, reasons, files)


def _tables(designs: list[Design], test: list[str] | None, progress: Any, **choices: Any) -> pd.DataFrame:
    import pandas as pd

    from backtest.design import table_of

    tables = []
    for one in designs:
        tell = (lambda done, total, what=one.kind: progress(f"power: {what}", done, total)) if progress else None
        tables.append(table_of(one, test or one.tests(), progress=tell, **choices))
    return pd.concat(tables, ignore_index=True)


def _curves(designs: list[Design], test: list[str] | None, **draws: Any) -> pd.DataFrame:
    import pandas as pd

    from backtest.design import power_curve

    return pd.concat(
        [power_curve(one, test or one.tests(refused=False), **draws) for one in designs], ignore_index=True
    )


def _write(folder: Any, table: pd.DataFrame, curves: pd.DataFrame, notice: str, theme: str) -> list[Any]:
    from backtest import plots
    from backtest.contract.tabular import write_table
    from backtest.run import save_figure

    paths = []
    for name, frame in (("power", table), ("power_curve", curves)):
        paths.append(folder / f"{name}.csv")
        write_table(frame.set_index("kind"), paths[-1])
    for name, figure in plots.power_figures(curves, notice, theme):
        paths += save_figure(figure, folder / "plots", name)
    return paths


def _warn_of_idle_flags(ctx: typer.Context, from_events: bool, placebo: bool) -> None:
    """Warn of flags that were given but change nothing: the events, or the real prices, have what they would set."""
    import warnings

    given = {name for name in ctx.params if getattr(ctx.get_parameter_source(name), "name", "") == "COMMANDLINE"}
    idle = {}
    if from_events:
        idle = dict.fromkeys(("spread", "rho", "sd"), "it is for a plan with --n; here the events show it")
    else:
        idle["kind"] = "a plan with --n is one group"
        if not placebo:
            idle["sources"] = "a plan with --n needs no data; add --placebo for random dates of their prices"
        if not ctx.params["spread"]:
            idle["rho"] = "no two events share a day; give a --spread of 1 or more days"
    if placebo:
        idle |= dict.fromkeys(("rho", "sd", "induced", "tails"), "random dates of real prices have their own")
    for name in sorted(given & idle.keys()):
        flag = "the events" if name == "sources" else f"--{name}"
        warnings.warn(f"{flag} will not be used: {idle[name]}", stacklevel=2)


def _show(table: pd.DataFrame, notice: str, designs: list[str], reasons: dict[str, str], files: list[Any]) -> None:
    """Print one row per group and test, and what the columns mean."""
    import pandas as pd

    from backtest.commands import terminal
    from backtest.labels import each_row, percent

    def share(values: pd.Series) -> list[str]:
        return [percent(x).lstrip("+") for x in values]

    columns = {
        "kind": table["kind"],
        "test": [_marked(row) for row in each_row(table)],
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
        *_marks(table, reasons),
    ]
    told = [line for one in [*lines, *designs] for line in textwrap.wrap(one, WIDTH, subsequent_indent="  ")]
    terminal.show_table(pd.DataFrame(columns), [*([notice] if notice else []), *told, *map(str, files)])


def _marked(row: Any) -> str:
    from backtest.design import BESIDE, HEADLINE

    return f"{row.test} (r)" if row.note else f"{row.test}{ {HEADLINE: '*', BESIDE: '+'}.get(row.role, '') }"


def _marks(table: pd.DataFrame, reasons: dict[str, str]) -> list[str]:
    """Return what the marks in the table mean, with the reason of every recommendation and refusal."""
    from backtest.design import BESIDE

    lines, several = [], len(reasons) > 1
    if table["recommended"].any():
        beside = ", + those to be read beside it" if (table["role"] == BESIDE).any() else ""
        lines.append(f"* the test that is recommended for this group{beside}")
        lines += [f"  {kind}: {why}" if several else f"  {why}" for kind, why in reasons.items()]
    refused = table[table["note"] != ""]
    for note, rows in refused.groupby("note", sort=False):
        kinds = rows.groupby("test", sort=False)["kind"].agg(", ".join)
        names = [f"{test} ({of})" if several else str(test) for test, of in kinds.items()]
        lines.append(f"(r) refused here: {', '.join(names)}: {note}")
    return lines
