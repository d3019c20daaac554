"""Whatever is accepted by name: every member does what it says, has a docstring, and a word near to it is suggested."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small import events, small

from backtest.errors import UnknownNameError
from backtest.placebo import PLACEBOS, run_placebos
from backtest.strategy import Costs, Sizing, Strategy
from backtest.trading.costs import SLIPPAGE
from backtest.trading.overlap import RESOLVERS
from backtest.trading.sizing import RULES
from backtest.trading.spec import BARRIERS, HEDGES, OVERLAPS
from backtest.trading.walkforward import METRICS, walk_forward

REGISTRIES = {
    "slippage": SLIPPAGE, "overlap": RESOLVERS, "metric": METRICS, "placebo": PLACEBOS, "sizing": RULES,
}  # fmt: skip
MEMBERS = [(what, name) for what, registry in REGISTRIES.items() for name in registry]

WAVE = [100.0 + 3 * np.sin(i) + i / 5 for i in range(60)]
MARKET = small(
    {"A": WAVE, "B": WAVE[::-1]}, {"A": WAVE, "B": WAVE[::-1]}, benchmark=WAVE, high={"A": WAVE, "B": WAVE[::-1]},
    low={"A": WAVE, "B": WAVE[::-1]}, volume={"A": [1e5] * 60, "B": [1e5] * 60},
)  # fmt: skip
NEWS = events(
    ("A", "takeover-rumour", "2024-02-01T10:00Z"), ("B", "profit-warning", "2024-02-05T10:00Z"),
    ("A", "profit-warning", "2024-02-02T10:00Z"),
)  # fmt: skip
SIDE = {"takeover-rumour": 1, "profit-warning": -1}


@pytest.mark.parametrize(("what", "name"), MEMBERS)
def test_every_member_has_a_docstring_of_its_own(what, name):
    own = (REGISTRIES[what][name].__doc__ or "").strip()
    assert own
    assert own.splitlines()[0].endswith(".")
    assert sum((m.__doc__ or "").strip() == own for m in REGISTRIES[what].values()) == 1


def ask(what: str, name: str):
    """Use a name where it is accepted."""
    plain = Strategy(side=SIDE, hold=3, lookback=(-15, -1))
    if what == "slippage":
        return plain.variant(costs=Costs(slippage=name)).run(NEWS, MARKET)
    if what == "overlap":
        return plain.variant(overlap=name).run(NEWS, MARKET)
    if what == "sizing":
        return plain.variant(sizing=Sizing(name)).run(NEWS, MARKET)
    if what == "metric":
        return walk_forward([plain], 25, 10, metric=name, min_trades=0)
    return run_placebos(plain, NEWS, MARKET, kinds=(name,), draws=20)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("what", "name"), MEMBERS)
def test_every_member_can_be_asked_for_by_its_name(what, name):
    assert ask(what, name) is not None


@pytest.mark.parametrize(("what", "name"), MEMBERS)
def test_a_word_near_to_it_is_suggested(what, name):
    with pytest.raises(UnknownNameError, match=f"unknown .*{what}.* '{name}s'; did you mean '{name}'"):
        ask(what, name + "s")


def test_words_without_functions_are_suggested_too():
    for field, words in {"barrier": BARRIERS, "hedge": HEDGES, "overlap": OVERLAPS}.items():
        for word in words:
            with pytest.raises(UnknownNameError, match=f"unknown {field} '{word}e'; did you mean '{word}'"):
                Strategy(side=1, **{field: word + "e"})
    assert tuple(RESOLVERS) == OVERLAPS


def test_a_callable_stands_for_a_name():
    flat = Strategy(
        side=SIDE,
        hold=3,
        costs=Costs(0, 0, 0, 0, slippage=lambda share, sigma: np.full(len(share), 10.0)),
        lookback=(-15, -1),
    )
    trades = flat.run(NEWS, MARKET).trades
    assert (trades["slippage"] / trades["notional"]).to_numpy() == pytest.approx(0.002, rel=0.1)
    spec = walk_forward([flat], 25, 10, metric=lambda returns, net: float(len(net)), min_trades=0)
    assert spec.metric(pd.Series([0.0]).to_numpy(), np.zeros(3)) == 3.0
