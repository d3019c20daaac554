"""Every model through a whole study, against loops in exact fractions: holes, ties, constant shares, short windows, any N."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction as Q
from math import sqrt

import numpy as np
import pandas as pd
import pytest

import backtest as bt

T, GRID = 90, 10_000
DAYS = pd.bdate_range("2021-01-04", periods=T)
EVENT, WINDOWS = (-3, 4), [(0, 0), (-1, 2), (-3, 4)]
FACTORS = ["SMB", "HML", "RMW", "CMA", "MOM", "RF"]
Row = list[Q | None]


@dataclass
class Fit:
    """What a loop found: expected returns, residual variance, df, rows; Var(CAR) = s2 (sum scale + tot' inverse tot)."""

    expected: list
    s2: float | Q
    df: int
    m: int
    x0: list = field(default_factory=list)
    inverse: list = field(default_factory=list)
    scale: list = field(default_factory=lambda: [1] * (EVENT[1] - EVENT[0] + 1))

    def variance(self, columns: Sequence[int]) -> float:
        k = len(self.inverse)
        total = [sum(self.x0[c][i] for c in columns) for i in range(k)]
        forecast = sum(total[i] * self.inverse[i][j] * total[j] for i in range(k) for j in range(k))
        return float(self.s2 * (sum(self.scale[c] for c in columns) + forecast))


def exact(values: Sequence[float]) -> Row:
    return [None if not np.isfinite(v) else Q(round(v * GRID), GRID) for v in values]


def mean(values: Sequence[Q]) -> Q:
    return sum(values, Q(0)) / len(values)


def dot(a: Sequence, b: Sequence) -> Q:
    return sum((x * y for x, y in zip(a, b, strict=True)), Q(0))


def inverse_of(matrix: list[list[Q]]) -> list[list[Q]]:
    n = len(matrix)
    rows = [[*row, *(Q(int(i == j)) for j in range(n))] for i, row in enumerate(matrix)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for j in range(n):
            if j != i:
                factor = rows[j][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[n:] for row in rows]


def regression(y: list[Q], x: list[list[Q]], x0: list, weight: list[Q] | None = None) -> Fit:
    w, k = weight or [Q(1)] * len(y), len(x[0])
    moments = [
        [dot([v * r[i] for v, r in zip(w, x, strict=True)], [r[j] for r in x]) for j in range(k)] for i in range(k)
    ]
    inverse = inverse_of(moments)
    right = [dot([v * r[i] for v, r in zip(w, x, strict=True)], y) for i in range(k)]
    beta = [dot(row, right) for row in inverse]
    ssr = sum((v * (a - dot(r, beta)) ** 2 for v, a, r in zip(w, y, x, strict=True)), Q(0))
    expected = [None if r is None else dot(r, beta) for r in x0]
    df = len(y) - k
    return Fit(expected, ssr / df, df, len(y), x0, inverse)


def on(share: Row, columns: list[Row], est: range, evt: range) -> Fit:
    def row(t: int) -> list[Q] | None:
        return None if any(c[t] is None for c in columns) else [Q(1), *(c[t] for c in columns)]  # type: ignore[list-item]

    rows = [t for t in est if share[t] is not None and row(t) is not None]
    return regression([share[t] for t in rows], [row(t) for t in rows], [row(t) for t in evt])  # type: ignore[misc]


def adjusted(share: Row, market: Row, est: range, evt: range) -> Fit:
    ar = [share[t] - market[t] for t in est if share[t] is not None and market[t] is not None]  # type: ignore[operator]
    centre = mean(ar)
    s2 = sum(((a - centre) ** 2 for a in ar), Q(0)) / (len(ar) - 1)
    return Fit([market[t] for t in evt], s2, len(ar) - 1, len(ar))


def rho(market: Row, est: range) -> float:
    pairs = [(market[t], market[t - 1]) for t in est[1:] if market[t] is not None and market[t - 1] is not None]
    a, b = mean([p[0] for p in pairs]), mean([p[1] for p in pairs])  # type: ignore[misc]
    one, two = [p[0] - a for p in pairs], [p[1] - b for p in pairs]  # type: ignore[operator]
    return float(dot(one, two)) / sqrt(dot(one, one) * dot(two, two))


def aggregated(share: Row, market: Row, est: range, evt: range, how: str) -> Fit:
    inner = [t for t in est[1:-1] if share[t] is not None and None not in market[t - 1 : t + 2]]
    y = [share[t] for t in inner]
    if how == "scholes-williams":
        slopes = [regression(y, [[Q(1), market[t + k]] for t in inner], [[0, 1]]).expected[0] for k in (-1, 0, 1)]  # type: ignore[misc]
        beta = float(sum(slopes)) / (1 + 2 * rho(market, est))
    else:
        around = [[Q(1), *market[t - 1 : t + 2]] for t in inner]
        b = regression(y, around, [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]).expected  # type: ignore[arg-type]
        w = (1 + rho(market, est)) / (1 + 2 * rho(market, est)) if how == "fowler-rorke" else 1.0
        beta = w * float(b[0] + b[2]) + float(b[1])
    alpha = float(mean(y)) - beta * float(mean([market[t] for t in inner]))  # type: ignore[arg-type, misc]
    e = [float(share[t]) - alpha - beta * float(market[t]) for t in inner]  # type: ignore[arg-type]
    plain = on(share, [[v if t in inner or t in evt else None for t, v in enumerate(market)]], est, evt)
    expected = [None if market[t] is None else alpha + beta * float(market[t]) for t in evt]  # type: ignore[arg-type]
    s2 = sum((v - sum(e) / len(e)) ** 2 for v in e) / (len(e) - 2)
    return Fit(expected, s2, len(e) - 2, len(e), plain.x0, plain.inverse)


def portfolio(share: Row, peers: list[Row], est: range, evt: range) -> Fit:
    present = [[p[t] for p in peers if p[t] is not None] for t in range(T)]
    return on(share, [[mean(v) if v else None for v in present]], est, evt)  # type: ignore[arg-type]


def synthetic(share: Row, peers: list[Row], est: range, evt: range) -> Fit:
    """Try every set of donors: the best of those whose unconstrained weights are not negative."""
    rows = asset = [t for t in est if share[t] is not None]
    donors: list[int] = []
    for j in sorted(range(len(peers)), key=lambda j: sum(peers[j][t] is None for t in asset)):
        left = [t for t in rows if peers[j][t] is not None]
        if left and 10 * len(left) >= 8 * len(asset):
            rows, donors = left, [*donors, j]
    best: tuple[Q, dict[int, Q]] | None = None
    for size in range(1, len(donors) + 1):
        for chosen in itertools.combinations(donors, size):
            columns = [[peers[j][t] for t in rows] for j in chosen]
            system = [[*(dot(a, b) for b in columns), Q(1)] for a in columns] + [[*[Q(1)] * size, Q(0)]]
            right = [*(dot(a, [share[t] for t in rows]) for a in columns), Q(1)]
            w = dict(zip(chosen, [dot(r, right) for r in inverse_of(system)], strict=False))
            e = [share[t] - sum(w[j] * peers[j][t] for j in chosen) for t in rows]  # type: ignore[operator]
            if min(w.values()) >= 0 and (best is None or dot(e, e) < best[0]):
                best = dot(e, e), {j: v for j, v in w.items() if v > 0}
    assert best is not None
    loss, w = best
    missing = [any(peers[j][t] is None for j in w) for t in evt]
    expected = [
        None if gone else sum(v * peers[j][t] for j, v in w.items()) for t, gone in zip(evt, missing, strict=True)
    ]  # type: ignore[operator]
    df = len(rows) - len(w) + 1
    return Fit(expected, loss / df, df, len(rows))


TWINS: dict[str, Callable] = {
    "constant-mean": lambda r, d, est, evt: on(r, [], est, evt),
    "market-adjusted": lambda r, d, est, evt: adjusted(r, d["IX"], est, evt),
    "market": lambda r, d, est, evt: on(r, [d["IX"]], est, evt),
    **{
        name: lambda r, d, est, evt, own=own: on(r, [less(d["IX"], d["RF"]), *(d[f] for f in own)], est, evt)
        for name, own in {
            "capm": [], "ff3": ["SMB", "HML"], "ff5": ["SMB", "HML", "RMW", "CMA"], "carhart": ["SMB", "HML", "MOM"],
            "factors": ["SMB", "HML", "RMW", "CMA", "MOM"],
        }.items()
    },
    **{
        name: lambda r, d, est, evt, how=name: aggregated(r, d["IX"], est, evt, how)
        for name in ("scholes-williams", "dimson", "fowler-rorke")
    },
    "peer-portfolio": lambda r, d, est, evt: portfolio(r, d["peers"], est, evt),
    "synthetic": lambda r, d, est, evt: synthetic(r, d["peers"], est, evt),
}  # fmt: skip
EXCESS = ("capm", "ff3", "ff5", "carhart", "factors")


def less(one: Row, two: Row) -> Row:
    return [None if a is None or b is None else a - b for a, b in zip(one, two, strict=True)]


@dataclass(frozen=True)
class Panel:
    """Shares of which the first n have events and the last three are everybody's peers, a market and factors."""

    shares: pd.DataFrame
    market: pd.Series
    factors: pd.DataFrame
    zero: list[int]

    def prices(self) -> bt.Prices:
        names = list(self.shares.columns)
        instruments = pd.DataFrame({"peers": "|".join(names[-3:])}, index=pd.Index(names, name="ticker"))
        return bt.Prices.from_returns(self.shares, self.market, factors=self.factors, instruments=instruments)

    def data(self) -> dict[str, list]:
        table = {name: exact(self.factors[name]) for name in FACTORS}
        peers = [exact(self.shares[name]) for name in self.shares.columns[-3:]]
        return {**table, "IX": exact(self.market), "peers": peers}


def panel(n: int, seed: int, holes: float = 0.04, tick: int = 4, constant: bool = False) -> Panel:
    rng = np.random.default_rng(seed)
    market, factors = rng.standard_t(4, T) * 0.008, rng.normal(0, 0.006, (T, 5))
    shares = market[:, None] * rng.uniform(0.5, 1.5, n + 3) + rng.standard_t(4, (T, n + 3)) * 0.015
    shares += factors @ rng.normal(0, 0.5, (5, n + 3))
    rate = rng.integers(0, 4, T) / GRID
    tables = [np.round(a, tick) for a in (shares, market, factors)] + [rate]
    if constant:
        tables[0][:, 0] = 0.0
    for table in tables:
        table[rng.random(table.shape) < (holes if table is tables[0] else holes / 4)] = np.nan
    names = [f"S{i:02d}" for i in range(n + 3)]
    every = pd.DataFrame(np.column_stack([tables[2], rate]), index=DAYS, columns=FACTORS)
    zero = [int(z) for z in 50 + rng.integers(0, 30, n)]
    return Panel(
        pd.DataFrame(tables[0], index=DAYS, columns=names), pd.Series(tables[1], index=DAYS, name="IX"), every, zero
    )


def run(made: Panel, model: str, prices: bt.Prices, estimation: tuple[int, int]) -> bt.EventStudyResult:
    names = made.shares.columns[: len(made.zero)]
    events = pd.DataFrame({"event_id": names, "asset": names, "event_time": DAYS[made.zero]})
    least = max(9, (estimation[1] - estimation[0] + 1) // 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", bt.DroppedEventsWarning)
        return bt.EventStudy(event=EVENT, estimation=estimation, model=model, min_obs=least).run(events, prices)


def compare(result: bt.EventStudyResult, share: str, fit: Fit, ret: list) -> None:
    at = list(result.events.index).index(share)
    ar = [None if r is None or e is None else r - e for r, e in zip(ret, fit.expected, strict=True)]
    own = [np.nan if a is None else float(a) for a in ar]
    np.testing.assert_allclose(result.ar.loc[share], own, rtol=1e-10, atol=1e-15)
    e = result.estimates
    assert (e.n_obs[at], e.df[at]) == (fit.m, fit.df)
    assert e.s2[at] == pytest.approx(float(fit.s2), rel=1e-11)
    table = result.test("car-t", windows=WINDOWS, by=None).set_index(["event_id", "window_start", "window_end"])
    for window in WINDOWS:
        columns = [d - EVENT[0] for d in range(window[0], window[1] + 1)]
        if any(ar[c] is None for c in columns):
            assert (share, *window) not in table.index or np.isnan(table.loc[(share, *window), "pvalue"])
            continue
        row = table.loc[(share, *window)]
        car, variance = float(sum(ar[c] for c in columns)), fit.variance(columns)  # type: ignore[misc]
        assert row["effect"] == pytest.approx(car, rel=1e-10, abs=1e-15)
        assert row["se"] == pytest.approx(sqrt(variance), rel=1e-10)
        assert row["statistic"] == pytest.approx(car / sqrt(variance), rel=1e-9, abs=1e-12)
        assert row["df"] == fit.df


CASES = {
    "one": (1, 1, {}, (-44, -6)), "two": (2, 2, {}, (-44, -6)), "three": (3, 3, {}, (-44, -6)),
    "ties": (3, 4, {"tick": 2}, (-44, -6)), "constant": (3, 5, {"constant": True}, (-44, -6)),
    "short": (2, 6, {"holes": 0.02}, (-16, -4)), "no holes": (2, 7, {"holes": 0.0}, (-40, -4)),
    "fifty": (50, 8, {"tick": 3}, (-23, -4)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("model", TWINS)
def test_a_study_is_its_loop(model: str, case: str) -> None:
    n, seed, options, estimation = CASES[case]
    made = panel(n, seed, **options)
    result, data, seen = run(made, model, made.prices(), estimation), made.data(), 0
    for share, zero in zip(made.shares.columns, made.zero, strict=False):
        if share not in result.events.index:
            continue
        est, evt = range(zero + estimation[0], zero + estimation[1] + 1), range(zero + EVENT[0], zero + EVENT[1] + 1)
        own = exact(made.shares[share])
        own = less(own, data["RF"]) if model in EXCESS else own
        compare(result, share, TWINS[model](own, data, est, evt), [own[t] for t in evt])
        seen += 1
    assert seen >= n - 1 - n // 10
    if case == "constant" and model in ("constant-mean", "market", "dimson"):
        assert list(result.dropped["reason"]) == ["degenerate-estimation"]


def levels(n: int, seed: int) -> tuple[Panel, bt.Prices]:
    """Return prices with days without trade, a week of them from the estimation window into the gap among them."""
    rng = np.random.default_rng(seed)
    close = np.round(50 * np.cumprod(1 + rng.standard_t(4, (T, n)) * 0.015, axis=0), 2)
    index = np.round(1000 * np.cumprod(1 + rng.standard_t(4, T) * 0.008), 2)
    zero = [int(z) for z in 50 + rng.integers(0, 30, n)]
    close[rng.random(close.shape) < 0.08] = np.nan
    index[rng.random(T) < 0.02] = np.nan
    for i, z in enumerate(zero):
        close[z - 9 : z - 4, i] = np.nan
        close[z - 1, i], close[z, i] = np.nan, 51.0
    frame, market = pd.DataFrame(close, DAYS, [f"S{i:02d}" for i in range(n)]), pd.Series(index, DAYS, name="IX")
    return Panel(frame, market, pd.DataFrame(index=DAYS), zero), bt.Prices.from_frame(frame, benchmark=market)


@pytest.mark.parametrize(("n", "seed"), [(1, 1), (2, 2), (3, 3), (50, 4)])
def test_trade_to_trade_is_its_loop(n: int, seed: int) -> None:
    made, prices = levels(n, seed)
    result, index = run(made, "trade-to-trade", prices, (-44, -7)), exact(made.market)
    for share, zero in zip(made.shares.columns, made.zero, strict=True):
        if share not in result.events.index:
            continue
        est, evt = range(zero - 44, zero - 6), range(zero + EVENT[0], zero + EVENT[1] + 1)
        price = exact(made.shares[share])
        trades = {t: since_last_trade(price, index, t) for t in (*est, *evt)}
        rows = [trades[t] for t in est if trades[t] is not None]
        x0 = [None if trades[t] is None else [trades[t][2], trades[t][1]] for t in evt]  # type: ignore[index]
        fit = regression([r[0] for r in rows], [[r[2], r[1]] for r in rows], x0, [1 / r[2] for r in rows])  # type: ignore[index]
        fit.scale = [None if r is None else r[0] for r in x0]
        assert max(s for s in fit.scale if s is not None) > 1
        compare(result, share, fit, [None if trades[t] is None else trades[t][0] for t in evt])  # type: ignore[index]


def since_last_trade(price: Row, index: Row, t: int) -> tuple[Q, Q, Q] | None:
    last = next((u for u in range(t - 1, -1, -1) if price[u] is not None), None)
    if last is None or price[t] is None or index[t] is None or index[last] is None:
        return None
    return price[t] / price[last] - 1, index[t] / index[last] - 1, Q(t - last)  # type: ignore[operator]
