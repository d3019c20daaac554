"""`backtest trade`: could one have traded it? Trades, costs, placebos and the price of waiting, beside the study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backtest.commands.flags import (
    Benchmark,
    Estimation,
    Event,
    Format,
    Instruments,
    Json,
    Model,
    OnBadPrice,
    Out,
    Peers,
    Prices,
    Quiet,
    Sources,
    Store,
    Theme,
)
from backtest.commands.study import known, make_options, make_study

if TYPE_CHECKING:
    from backtest.run import News, Options
    from backtest.strategy import Strategy
    from backtest.trade import Trade, TradeOptions

#: Sides of the kinds whose direction the literature expects; everything else is left alone unless asked for.
DEFAULT_SIDE = ("takeover-rumour=1", "profit-warning=-1")

Side = Annotated[
    list[str] | None,
    typer.Option(
        "--side",
        metavar="KIND=SIDE",
        help="1 long, -1 short, by kind (repeatable); or one number for all, or a column of the events.",
        show_default=" ".join(DEFAULT_SIDE),
    ),
]
Hold = Annotated[str, typer.Option("--hold", metavar="N|none", help="Sessions for which a share is held.")]
Entry = Annotated[
    str,
    typer.Option("--entry", metavar="WHEN", help="next-open or next-close after the news, either with +k sessions."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE|COLUMN", help="Leave by this date, or a column of dates.")
]
TakeProfit = Annotated[
    float | None, typer.Option("--take-profit", metavar="X", help="Leave at this gain: 0.1 is 10 %.")
]
StopLoss = Annotated[float | None, typer.Option("--stop-loss", metavar="X", help="Leave at this loss: 0.1 is 10 %.")]
Barrier = Annotated[
    str, typer.Option("--barrier", metavar="close|range", help="Gain and loss judged at closes or in the day's range.")
]
Contrary = Annotated[
    list[str] | None,
    typer.Option(
        "--contrary",
        metavar="CLOSING=KIND",
        help="A kind of news that closes trades of another (repeatable); `none` for nothing.",
        show_default="takeover-denied=takeover-rumour",
    ),
]
Overlap = Annotated[
    str,
    typer.Option("--overlap", metavar="stack|ignore|extend|net", help="News while a trade in the share is open."),
]
Rule = Annotated[
    str, typer.Option("--sizing", metavar="equal|cash|volatility", help="How large a trade is; see --amount.")
]
Amount = Annotated[
    float | None,
    typer.Option(
        "--amount",
        metavar="X",
        help="Share of equity, money, or annual volatility of one trade.",
        show_default="0.05, 50000, 0.01",
    ),
]
MaxPositions = Annotated[int | None, typer.Option("--max-positions", metavar="N", help="Most trades open at once.")]
VolumeShare = Annotated[
    float | None, typer.Option("--volume-share", metavar="X", help="Cut a trade to this share of traded value.")
]
WholeShares = Annotated[bool, typer.Option("--whole-shares", help="Whole shares only; else shares can be divided.")]
Leverage = Annotated[
    str, typer.Option("--leverage", metavar="X|none", help="Most gross value of shares, as a multiple of equity.")
]
Hedge = Annotated[str | None, typer.Option("--hedge", metavar="benchmark", help="Sell the benchmark against it.")]
CostBps = Annotated[
    float | None,
    typer.Option("--cost-bps", metavar="X", help="All-in cost per fill in basis points.", show_default="by instrument"),
]
Capital = Annotated[float, typer.Option("--capital", metavar="X", help="Money in the account at the start.")]
Account = Annotated[str, typer.Option("--currency", metavar="CODE", help="Currency of the account.")]
Fx = Annotated[
    str | None,
    typer.Option(
        "--fx",
        metavar="FILE|DIR|yahoo|store",
        help="Exchange rates: a csv of dates and pairs such as EURGBP, or prices of such tickers.",
        show_default="rates held constant",
    ),
]
Placebo = Annotated[
    list[str] | None,
    typer.Option(
        "--placebo",
        metavar="NAME",
        help="dates, stocks, shuffled or matched (repeatable).",
        show_default="all",
    ),
]
Draws = Annotated[int, typer.Option("--draws", metavar="N", min=0, help="Placebo portfolios of each kind; 0 for none.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the placebo draws.")]


def trade(
    ctx: typer.Context,
    sources: Sources = None,
    prices: Prices = "sample",
    out: Out = "trading",
    side: Side = None,
    hold: Hold = "5",
    entry: Entry = "next-open",
    until: Until = None,
    take_profit: TakeProfit = None,
    stop_loss: StopLoss = None,
    barrier: Barrier = "close",
    contrary: Contrary = None,
    overlap: Overlap = "stack",
    sizing: Rule = "equal",
    amount: Amount = None,
    max_positions: MaxPositions = None,
    volume_share: VolumeShare = None,
    whole_shares: WholeShares = False,
    leverage: Leverage = "1",
    hedge: Hedge = None,
    cost_bps: CostBps = None,
    capital: Capital = 1_000_000.0,
    currency: Account = "EUR",
    fx: Fx = None,
    placebo: Placebo = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    peers: Peers = False,
    event: Event = (-5, 10),
    estimation: Estimation = (-260, -11),
    model: Model = "market",
    benchmark: Benchmark = None,
    instruments: Instruments = None,
    on_bad_price: OnBadPrice = "warn",
    store: Store = None,
    theme: Theme = "light",
    as_json: Json = False,
    form: Format = None,
    quiet: Quiet = False,
) -> None:
    """Could one have traded it? The events as trades at prices and costs that a reader of the news could have had.

    Examples:

    - `backtest trade` (rumours long, warnings short, five sessions, on simulated prices)

    - `backtest trade events.csv --prices prices/ --side profit-warning=-1 --entry next-close --hold 3 --cost-bps 10`

    - `backtest trade news/ --prices yahoo --fx yahoo --stop-loss 0.05 --barrier range --hedge benchmark --overlap extend`
    """
    size = _sizing(
        sizing, amount=amount, volume_share=volume_share, max_positions=max_positions, whole_shares=whole_shares,
        leverage=_limit(leverage),
    )  # fmt: skip
    strategy = _strategy(
        side=_side(side), hold=_hold(hold), entry=entry, until=until, take_profit=take_profit, stop_loss=stop_loss,
        barrier=barrier, contrary=_contrary(contrary), overlap=overlap, sizing=size, hedge=hedge, cost_bps=cost_bps,
        capital=capital, currency=currency,
    )  # fmt: skip
    spec = make_study(event=event, estimation=estimation, model=model, benchmark=benchmark, peers=peers)
    common = make_options(
        spec, None, None, prices=prices, instruments=instruments, on_bad_price=on_bad_price, store=store, theme=theme
    )
    known(form or "md", ("md", "tex"), "format")
    done, files = _traded(ctx.obj, sources, _options(strategy, common, placebo, draws, seed, fx), out, quiet)
    if as_json or form or not quiet:
        _tell(done, files, out, as_json, form)


def _strategy(**fields: Any) -> Strategy:
    """Return the strategy that the flags describe; every flag is one field."""
    from backtest.strategy import Strategy

    return Strategy(**fields)


def _options(
    strategy: Strategy, common: Options, placebo: list[str] | None, draws: int, seed: int, fx: str | None
) -> TradeOptions:
    from backtest.trade import PLACEBOS, TradeOptions

    names = tuple(known(name, PLACEBOS, "placebo") for name in placebo or PLACEBOS)
    return TradeOptions(strategy, common, names, draws, seed, fx)


def _traded(
    read_news: Callable[..., News], sources: list[str] | None, options: TradeOptions, out: str, quiet: bool
) -> tuple[Trade, list[Path]]:
    """Make the trades and write them; what warns while that runs is said afterwards."""
    from backtest import trade as pipeline
    from backtest.commands import terminal
    from backtest.run import prepare_folder

    folder = prepare_folder(out)
    with terminal.progress(quiet) as progress, terminal.spoken_warnings(quiet):
        done = pipeline.run_trade(read_news(sources, options.run.instruments), options, progress)
        return done, pipeline.write_trade(done, folder, progress)


def _tell(done: Trade, files: list[Path], out: str, as_json: bool, form: str | None) -> None:
    from backtest.commands import terminal
    from backtest.commands.trade_terminal import show_trade

    if as_json:
        terminal.print_json(_as_json(done, [str(path) for path in files]))
    elif form:
        terminal.print_formatted(done.tables["by_kind"], form, done.result.notice)
    else:
        show_trade(done, [f"Report: {Path(out) / 'report.html'}", f"Tables, pictures, manifest: {out}"])


def _sizing(rule: str, **limits: Any) -> Any:
    """Return the rule's name alone where nothing else is asked for, so that a description stays short."""
    from backtest.strategy import Sizing

    plain = {"amount": None, "volume_share": None, "max_positions": None, "whole_shares": False, "leverage": 1.0}
    return rule if limits == plain else Sizing(rule, **limits)


def _limit(text: str) -> float | None:
    return None if text == "none" else _number(text, "--leverage", "a multiple of equity, or 'none'")


def _side(given: list[str] | None) -> Any:
    """Return the side as the strategy wants it: by kind, one number, or the name of a column."""
    words = given or list(DEFAULT_SIDE)
    if len(words) == 1 and "=" not in words[0]:
        try:
            return float(words[0])
        except ValueError:
            return words[0]
    return {kind: _number(value, "--side") for kind, value in (_pair(word, "--side") for word in words)}


def _contrary(given: list[str] | None) -> dict[str, list[str]] | None:
    if given is None:
        return None
    closing: dict[str, list[str]] = {}
    for kind, closed in (_pair(word, "--contrary") for word in given if word != "none"):
        closing.setdefault(kind, []).append(closed)
    return closing


def _pair(word: str, flag: str) -> tuple[str, str]:
    name, equals, value = word.rpartition("=")
    if not (name and equals and value):
        raise typer.BadParameter(f"{word!r} is no pair; write it as name=value", param_hint=flag)
    return name, value


def _number(text: str, flag: str, hint: str = "1 for long, -1 for short") -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number; give {hint}", param_hint=flag) from None


def _hold(text: str) -> int | None:
    if text == "none":
        return None
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number of sessions, nor 'none'", param_hint="--hold") from None


def _as_json(done: Any, files: list[str]) -> dict[str, Any]:
    """Return a trading run for machines."""
    small = ("summary", "by_kind", "lags", "baselines", "placebo")
    tables = {name: done.tables[name].to_dict("records") for name in small if name in done.tables}
    lost = done.tables["dropped"]["reason"].astype("str").value_counts()
    return {
        "notice": done.result.notice,
        "notes": list(done.result.notes),
        "config": done.options.config(),
        "trades": len(done.tables["trades"]),
        "dropped": {reason: int(n) for reason, n in lost.items()},
        **tables,
        "study": None if done.study is None else done.study.answers.to_dict("records"),
        "study_problem": done.study_problem,
        "files": files,
    }
