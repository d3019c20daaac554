"""The generator of the embedded sample: ``python -m backtest.prices.simulate`` writes the files in `seeds/` anew.

What is simulated: a market with GARCH(1,1) volatility and Student-t shocks, computed on the days on which Xetra
trades; securities that follow it with a beta, each on the sessions of its own exchange, plus Student-t shocks
of their own. What is imposed: on the sessions of the catalogue's events the move that was reported (`imposed_moves`),
and the prices that the catalogue prints (`seeds/sample_levels.csv`): the path before each is a bridge, so that a
chart has the right magnitude.

Random numbers are raw PCG64 bits pushed through inverse distribution functions: numpy promises to keep those bits,
not the streams of its distributions. What ships is the written file in any case; a test compares it with a fresh run.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from backtest.clock import calendar, day_zero
from backtest.frames import SEEDS, read_events
from backtest.instruments import load_instruments
from backtest.prices.raw import FIELDS

START, END = "2013-01-02", "2026-03-31"
SEED = "market-signals sample 1"
MARKET = "^STOXX"

MARKET_DRIFT, MARKET_SD, ARCH, GARCH, MARKET_DF = 0.0002, 0.0105, 0.09, 0.89, 6.0
ALPHA = 0.0002
SHOCK_DF = 4.0
PULL = 0.02
EVENT_VOLUME = 5.0
DECIMALS = 4


@dataclass(frozen=True)
class Traits:
    """beta : on the market; sd : daily standard deviation of the own shocks; start : first close; volume : shares a day."""

    beta: float
    sd: float
    start: float
    volume: float


#: Round figures of the right order; a first close is an issue price where the listing falls into the sample.
TRAITS = {
    "ZAL.DE": Traits(1.15, 0.021, 21.5, 900_000),
    "ASC.L": Traits(1.1, 0.027, 2700.0, 400_000),
    "BOO.L": Traits(1.1, 0.028, 70.0, 6_000_000),
    "NXT.L": Traits(0.95, 0.014, 3800.0, 500_000),
    "JD.L": Traits(1.2, 0.019, 30.0, 9_000_000),
    "SPD.L": Traits(1.0, 0.018, 390.0, 1_500_000),
    "FRAS.L": Traits(1.1, 0.020, 450.0, 700_000),
    "SDRY.L": Traits(1.1, 0.030, 560.0, 400_000),
    "ABF.L": Traits(0.85, 0.013, 1600.0, 1_200_000),
    "BOSS.DE": Traits(1.1, 0.017, 80.0, 300_000),
    "YOU.DE": Traits(1.1, 0.030, 23.0, 150_000),
    "BABA": Traits(0.9, 0.022, 90.0, 15_000_000),
    "AMZN": Traits(0.9, 0.018, 13.0, 70_000_000),
    "^STOXX": Traits(1.0, 0.0, 285.0, 0),
    "^GDAXI": Traits(1.1, 0.0040, 7800.0, 0),
    "^FTSE": Traits(0.85, 0.0045, 6000.0, 0),
}


# --------------------------------------------------------------------------------------------------- random numbers


def uniforms(name: str, n: int) -> np.ndarray:
    """Return n numbers in (0, 1), the same for the same name everywhere: the upper 53 bits of PCG64's raw output."""
    bits = np.random.PCG64(zlib.crc32(f"{SEED}/{name}".encode())).random_raw(n)
    return ((bits >> np.uint64(11)).astype("float64") + 0.5) * 2.0**-53


def normals(name: str, n: int) -> np.ndarray:
    """Return n standard normal numbers."""
    return ndtri(uniforms(name, n))


def students(name: str, n: int, df: float) -> np.ndarray:
    """Return n Student-t numbers scaled to variance 1, cut at eight standard deviations."""
    return np.clip(stdtrit(df, uniforms(name, n)) * np.sqrt((df - 2.0) / df), -8.0, 8.0)


# ------------------------------------------------------------------------------------------------------- the market


def sessions_of(mic: str, start: object = None, end: object = None) -> np.ndarray:
    """Return the sessions of an exchange (datetime64[us]) from the later of `start` and `START` to the earlier of the ends."""
    first = max(pd.Timestamp(START), pd.Timestamp(start) if pd.notna(start) else pd.Timestamp(START))  # type: ignore[arg-type,call-overload]
    last = min(pd.Timestamp(END), pd.Timestamp(end) if pd.notna(end) else pd.Timestamp(END))  # type: ignore[arg-type,call-overload]
    return calendar(mic, first, last).sessions


def market_levels(n: int) -> np.ndarray:
    """Return n closes of the market: simple returns with GARCH(1,1) variance and Student-t shocks."""
    shocks = students("market", n, MARKET_DF)
    target = MARKET_SD**2
    variance, returns = target, np.zeros(n)
    for t in range(1, n):
        returns[t] = MARKET_DRIFT + np.sqrt(variance) * shocks[t]
        variance = (1.0 - ARCH - GARCH) * target + ARCH * variance * shocks[t] ** 2 + GARCH * variance
    return TRAITS[MARKET].start * np.cumprod(1.0 + np.clip(returns, -0.1, 0.1))


def compounded(levels: np.ndarray, days: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return the market's simple return between consecutive sessions of another exchange; the first is 0."""
    at = np.maximum(np.searchsorted(days, own, side="right") - 1, 0)
    seen = levels[at]
    return np.concatenate([[0.0], seen[1:] / seen[:-1] - 1.0]) if len(seen) else seen


# ------------------------------------------------------------------------------------------------- what is imposed


def imposed_moves(instruments: pd.DataFrame) -> pd.DataFrame:
    """Return the reported moves with the session on which they are imposed.

    The moves of ASOS and Zalando are columns of the catalogue, those of other companies the rows of
    `seeds/sample_moves.csv` (only where one figure is given, or the event is the company's own). An event without a
    session (known to the month) imposes nothing; of two reports of one security's session a closing one wins, then the
    first.

    Returns
    -------
    DataFrame event_id, asset, session (datetime64[us]), reported_return (fraction), approximate (bool), source (str).
    """
    events = read_events(SEEDS / "events.csv")
    parts = [_column_moves(events, "asc", "ASC.L"), _column_moves(events, "zal", "ZAL.DE"), _listed_moves()]
    moves = pd.concat(parts, ignore_index=True)
    zero = _sessions_of_events(events, instruments)
    moves["session"] = [
        _own_session(zero[event_id], str(instruments.at[asset, "mic"]))
        for event_id, asset in zip(moves["event_id"], moves["asset"], strict=True)
    ]
    moves = moves.dropna(subset=["session"]).sort_values("approximate", kind="stable")
    moves = moves.drop_duplicates(["asset", "session"]).sort_values(["session", "asset"], kind="stable")
    order = ["event_id", "asset", "session", "reported_return", "approximate", "source"]
    return moves[order].astype({"session": "datetime64[us]"}).reset_index(drop=True)


def _column_moves(events: pd.DataFrame, prefix: str, asset: str) -> pd.DataFrame:
    given = events[f"{prefix}_move_pct"].replace("", None).dropna()
    rows = events.loc[given.index]
    return pd.DataFrame(
        {
            "event_id": given.index,
            "asset": asset,
            "reported_return": given.astype("float64").to_numpy() / 100.0,
            "approximate": (rows[f"{prefix}_move_is_close"] != "yes").to_numpy(),
            "source": rows[f"{prefix}_move_basis"].to_numpy(),
        }
    )


def _listed_moves() -> pd.DataFrame:
    table = pd.read_csv(SEEDS / "sample_moves.csv", dtype="str", keep_default_na=False)
    return pd.DataFrame(
        {
            "event_id": table["event_id"],
            "asset": table["asset"],
            "reported_return": table["move_pct"].astype("float64") / 100.0,
            "approximate": table["is_close"] != "yes",
            "source": table["basis"],
        }
    )


def _sessions_of_events(events: pd.DataFrame, instruments: pd.DataFrame) -> dict[str, pd.Timestamp]:
    mics = events["asset"].map(instruments["mic"])
    parts = [day_zero(rows, calendar(str(mic), START, END))["session"] for mic, rows in events.groupby(mics)]
    return pd.concat(parts).to_dict()


def _own_session(session: pd.Timestamp, mic: str) -> pd.Timestamp:
    """Return the session of the security's own exchange: the same date, or the next one that it has."""
    if pd.isna(session):
        return pd.NaT
    return pd.Timestamp(calendar(mic, session, session + pd.Timedelta(days=14)).sessions[0])


# --------------------------------------------------------------------------------------------------------- one path


def pulled(steps: np.ndarray, pull: float) -> np.ndarray:
    """Return log steps that pull the path back to where it began: each day gives up a share `pull` of the distance.

    Without it a decade of free running between two printed prices leaves the right order of magnitude. The pull of a
    day is known the day before, so it moves no beta and no shock.
    """
    out, distance = np.empty_like(steps), 0.0
    for t, step in enumerate(steps.tolist()):
        out[t] = step - pull * distance
        distance += out[t]
    return out


def close_path(
    normal: np.ndarray,
    sessions: np.ndarray,
    start: float,
    moves: dict[np.datetime64, float],
    levels: dict[np.datetime64, float],
    pull: float = 0.0,
) -> np.ndarray:
    """Return closes that start at `start`, follow `normal`, make the imposed moves and meet the given levels.

    Parameters
    ----------
    normal : (T,) simple returns in the absence of news; the first is ignored.
    sessions : (T,) datetime64[us].
    moves : session -> simple return that is imposed.
    levels : session -> close. Where a move is imposed on that session the bridge ends at the close before.
    pull : see `pulled`.

    Returns
    -------
    (T,) float64, rounded to `DECIMALS` except on the sessions of moves, where the return is exact.
    """
    steps = np.log1p(normal)
    steps[0] = 0.0
    imposed = np.isin(sessions, np.array(list(moves), dtype="datetime64[us]"))
    steps[imposed] = [np.log1p(moves[s]) for s in sessions[imposed]]
    done = 0
    for session in [*sorted(levels), None]:
        at = len(sessions) - 1 if session is None else int(np.searchsorted(sessions, session))
        target = None if session is None else np.log(levels[session] / start)
        if target is not None and imposed[at]:
            target, at = target - steps[at], at - 1
        free = np.flatnonzero(~imposed[done + 1 : at + 1]) + done + 1
        steps[free] = pulled(steps[free], pull)
        if target is not None and len(free):
            steps[free] += (target - steps[: at + 1].sum()) / len(free)
        done = at
    close = np.round(start * np.exp(np.cumsum(steps)), DECIMALS)
    for at in np.flatnonzero(imposed).tolist():
        close[at] = close[at - 1] * (1.0 + moves[sessions[at]])
    return close


def day_fields(name: str, close: np.ndarray, traits: Traits, moved: np.ndarray) -> dict[str, np.ndarray]:
    """Return open, high, low and volume that fit the closes; days of imposed moves gap at the open and trade more."""
    n, sd = len(close), max(traits.sd, MARKET_SD)
    before = np.concatenate([close[:1], close[:-1]])
    change = np.log(close / before)
    gap = np.where(moved, 0.8, 0.3) * change + 0.25 * sd * normals(f"{name}/open", n)
    opened = np.round(before * np.exp(gap), DECIMALS)
    high = np.maximum(opened, close) * np.exp(0.4 * sd * np.abs(normals(f"{name}/high", n)))
    low = np.minimum(opened, close) * np.exp(-0.4 * sd * np.abs(normals(f"{name}/low", n)))
    size = np.exp(0.35 * normals(f"{name}/volume", n)) * (1.0 + np.minimum(np.abs(change) / sd, 4.0) / 3.0)
    volume = np.round(traits.volume * size * np.where(moved, EVENT_VOLUME, 1.0))
    high, low = np.ceil(high * 10**DECIMALS) / 10**DECIMALS, np.floor(low * 10**DECIMALS) / 10**DECIMALS
    return {"open": opened, "high": high, "low": low, "close": close, "volume": volume}


# ------------------------------------------------------------------------------------------------------ everything


def simulate() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the sample: (prices, effects).

    prices : ticker, session, open, high, low, close, volume, one row per session of each security's own exchange.
    effects : as `backtest.prices.sample.read_effects` describes.
    """
    instruments = load_instruments()
    days = sessions_of(str(instruments.at[MARKET, "mic"]))
    market = market_levels(len(days))
    moves, levels = imposed_moves(instruments), _levels()
    frames, normal_of = [], {}
    for ticker, traits in TRAITS.items():
        row = instruments.loc[ticker]
        sessions = sessions_of(str(row["mic"]), row["listed_from"], row["listed_to"])
        own = moves[moves["asset"] == ticker].set_index("session")["reported_return"]
        part = compounded(market, days, sessions)
        shocks = traits.sd * students(f"{ticker}/shock", len(sessions), SHOCK_DF)
        drift = ALPHA if traits.volume else 0.0
        expected = drift + traits.beta * part
        fixed = dict(zip(own.index.to_numpy(), own, strict=True))
        normal = np.maximum(expected + shocks, -0.5)
        pull = PULL if traits.volume else 0.0
        close = close_path(normal, sessions, traits.start, fixed, levels.get(ticker, {}), pull)
        fields = day_fields(ticker, close, traits, np.isin(sessions, own.index.to_numpy()))
        frames.append(pd.DataFrame({"ticker": ticker, "session": sessions, **fields}))
        normal_of[ticker] = pd.Series(expected, index=sessions)
    moves["market_part"] = [normal_of[a].loc[s] for a, s in zip(moves["asset"], moves["session"], strict=True)]
    moves["abnormal_return"] = moves["reported_return"] - moves["market_part"]
    order = [
        "event_id",
        "asset",
        "session",
        "reported_return",
        "market_part",
        "abnormal_return",
        "approximate",
        "source",
    ]
    return pd.concat(frames, ignore_index=True), moves[order]


def _levels() -> dict[str, dict[np.datetime64, float]]:
    table = pd.read_csv(SEEDS / "sample_levels.csv", parse_dates=["session"])
    return {
        str(asset): dict(zip(rows["session"].to_numpy().astype("datetime64[us]"), rows["close"], strict=True))
        for asset, rows in table.groupby("asset")
    }


def write_sample(folder: Path) -> None:
    """Write `sample_prices.parquet` and `sample_effects.csv` into a folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    prices, effects = simulate()
    table = pa.table(
        {
            "ticker": pa.array(prices["ticker"].astype("str").tolist()).dictionary_encode(),
            "session": pa.array(prices["session"].to_numpy().astype("datetime64[D]")),
            **{name: pa.array(prices[name].to_numpy()) for name in FIELDS[:4]},
            "volume": pa.array(prices["volume"].to_numpy().astype("int32")),
        }
    )
    spread = dict.fromkeys(FIELDS[:4], "BYTE_STREAM_SPLIT")
    pq.write_table(
        table, folder / "sample_prices.parquet", compression="zstd", compression_level=19,
        use_dictionary=["ticker"], column_encoding={**spread, "session": "DELTA_BINARY_PACKED", "volume": "PLAIN"},
    )  # fmt: skip
    effects.to_csv(folder / "sample_effects.csv", index=False, lineterminator="\n", float_format="%.12g")


if __name__ == "__main__":
    write_sample(SEEDS)
