"""The models by name, and which regressors each one is given."""

from __future__ import annotations

from backtest.models import linear, nonsync, peers, volatility
from backtest.models.base import CALLABLE_INPUTS, Inputs, Model

MODELS: dict[str, Model] = {
    "market": linear.market,
    "constant-mean": linear.constant_mean,
    "market-adjusted": linear.market_adjusted,
    "capm": linear.capm,
    "ff3": linear.ff3,
    "ff5": linear.ff5,
    "carhart": linear.carhart,
    "factors": linear.factors,
    "scholes-williams": nonsync.scholes_williams,
    "dimson": nonsync.dimson,
    "fowler-rorke": nonsync.fowler_rorke,
    "trade-to-trade": nonsync.trade_to_trade,
    "garch": volatility.garch,
    "gjr": volatility.gjr,
    "egarch": volatility.egarch,
    "peer-portfolio": peers.peer_portfolio,
    "synthetic": peers.synthetic,
}

INPUTS: dict[str, Inputs] = {
    "market": Inputs(),
    "constant-mean": Inputs(market=False),
    "market-adjusted": Inputs(),
    "capm": Inputs(excess=True),
    "ff3": Inputs(excess=True, factors=("SMB", "HML")),
    "ff5": Inputs(excess=True, factors=("SMB", "HML", "RMW", "CMA")),
    "carhart": Inputs(excess=True, factors=("SMB", "HML", "MOM")),
    "factors": Inputs(excess=True, factors=None),
    "scholes-williams": Inputs(),
    "dimson": Inputs(),
    "fowler-rorke": Inputs(),
    "trade-to-trade": Inputs(gaps=True),
    "garch": Inputs(steps=True),
    "gjr": Inputs(steps=True),
    "egarch": Inputs(steps=True),
    "peer-portfolio": Inputs(market=False, peers=True),
    "synthetic": Inputs(market=False, peers=True),
}


def inputs_of(model: str | Model, table: dict[str, Inputs] = INPUTS) -> Inputs:
    """Return the columns that `model` wants.

    By name from `table`; a function of `MODELS`, also with options bound by `functools.partial`, gets what its name gets;
    another callable says so itself by an attribute `inputs`, or is given everything.
    """
    if isinstance(model, str):
        return table[model]
    inner = getattr(model, "func", model)
    name = next((name for name, known in MODELS.items() if known is inner), None)
    return table[name] if name is not None else getattr(inner, "inputs", CALLABLE_INPUTS)
