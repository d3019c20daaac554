"""What is in the store, whether it is sound, and the series of one study taken out of it again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.errors import PriceSourceError, StoreError, offenders
from backtest.prices import store
from backtest.prices.panel import Prices, series_hash
from backtest.prices.raw import Columns, RawPrices, Source, columns_of
from backtest.prices.serve import adjusted

#: Series are looked for in a manifest under this key: ticker -> sha256, or -> a mapping with "sha256".
SERIES_KEY = "series"

#: What is hashed beside the closes.
FURTHER = ("open", "high", "low", "volume")


def series_manifest(prices: Prices) -> dict[str, dict[str, Any]]:
    """Return what a study's manifest says of its prices: ticker -> sha256, first, last, rows, and the sha256 of each further
    field (open, high, low, volume) that they have.

    The hash covers the dates and closes (see `Prices.hashes`), so that equal hashes give equal studies.
    """
    told = {}
    for frame in (prices.close, prices.benchmarks):
        for name in frame.columns:
            own = {"close": frame[name]}
            if frame is prices.close:
                own |= {f: wide[name] for f in FURTHER if (wide := getattr(prices, f)) is not None and name in wide}
            told[str(name)] = _told(own)
    return told


def _told(own: Mapping[str, pd.Series]) -> dict[str, Any]:
    days = own["close"].index[own["close"].notna()]
    span = {"first": f"{days[0]:%Y-%m-%d}", "last": f"{days[-1]:%Y-%m-%d}"} if len(days) else {}
    further = {f: series_hash(own[f]) for f in FURTHER if f in own and own[f].notna().any()}
    return {"sha256": series_hash(own["close"]), **span, "rows": len(days), **further}


def recorded(source: Source) -> tuple[Source, dict[str, dict[str, Any]]]:
    """Return a source that notes what it serves, and the notes: as `series_manifest`, of every series that is read from it.

    The notes are of the series as the source gives them, before anything is masked, converted, cut or joined; exchange
    rates and former tickers are among them. They are complete once the prices are loaded.
    """
    notes: dict[str, dict[str, Any]] = {}

    def serve(tickers: Sequence[str], start: object, end: object) -> RawPrices | Mapping[str, pd.DataFrame]:
        raw = source(tickers, start, end)
        if not isinstance(raw, RawPrices):
            return raw
        pairs = raw.frames.items() if isinstance(raw.frames, Mapping) else raw.frames

        def noting() -> Iterator[tuple[str, pd.DataFrame | Columns]]:
            for ticker, frame in pairs:
                own = frame if isinstance(frame, Columns) else columns_of(frame)
                notes[ticker] = _told(_series_of(own))
                yield ticker, frame

        return replace(raw, frames=noting())

    return serve, notes


def _series_of(held: Columns) -> dict[str, pd.Series]:
    index = pd.DatetimeIndex(held.dates.astype("datetime64[us]"), name="session")
    return {f: pd.Series(held.values[f], index=index) for f in ("close", *FURTHER) if f in held.values}


def verify(root: Path) -> pd.DataFrame:
    """Read every file of the store and return ticker, version, rows, state ("good" or "damaged"), newest (bool).

    A damaged file is set aside; nothing else is changed.
    """
    rows = []
    for ticker, listed in sorted(store.versions(root).items()):
        for version in listed:
            try:
                held, _ = store.decode_columns(store.read_bytes(version))
                rows.append((ticker, version.number, len(held.dates), "good", version is listed[-1]))
            except store.DamagedFileError:
                rows.append((ticker, version.number, 0, "damaged", version is listed[-1]))
    return pd.DataFrame(rows, columns=["ticker", "version", "rows", "state", "newest"])


def read_manifest(path: Path) -> dict[str, dict[str, Any]]:
    """Return the series that a study's manifest names: ticker -> {"sha256": ..., maybe "first", "last", other fields}.

    Raises
    ------
    PriceSourceError
        The file cannot be read, or names no series; or the run did not take its prices from a store.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise PriceSourceError(
            f"{path}: cannot be read as a manifest ({why}); give the manifest.json of a run"
        ) from error
    found = _find(told, SERIES_KEY)
    if not isinstance(found, Mapping) or not found:
        raise PriceSourceError(f"{path}: names no price series; give the manifest.json of a run")
    _require_store(path, _find(told, "source"))
    return {str(t): {"sha256": v} if isinstance(v, str) else dict(v) for t, v in found.items()}


def _require_store(path: Path, source: Any) -> None:
    """Raise where a run took its prices from elsewhere: there is nothing in a store to export."""
    text = str(source or "yahoo")
    if text == "sample":
        raise PriceSourceError(
            f"{path}: that run used the simulated prices that ship with the package; there is nothing to export, "
            "run again with --prices sample"
        )
    if not text.startswith(("yahoo", "store")):
        raise PriceSourceError(
            f"{path}: that run took its prices from {text}, not from a store; keep those files, the manifest names their sha256"
        )


def _find(told: Any, key: str) -> Any:
    """Look for a key at any depth: the manifest belongs to the report, not to this module."""
    if not isinstance(told, Mapping):
        return None
    if key in told:
        return told[key]
    return next((found for inner in told.values() if (found := _find(inner, key)) is not None), None)


def export(root: Path, wanted: Mapping[str, Mapping[str, Any]], out: Path) -> list[Path]:
    """Write the series that a manifest names as raw series of the store, one parquet file per ticker.

    The files hold what the vendor gave up to the day of the run: raw prices, volume, dividends, splits, currency and
    exchange. A run on the folder adjusts, checks and converts them as the run did that wrote the manifest.

    Parameters
    ----------
    root : the store.
    wanted : as `read_manifest` returns it.
    out : folder to write to.

    Raises
    ------
    PriceSourceError
        No stored version of a series has the hashes that the manifest names.
    StoreError
        The folder cannot be written, or a file of the store is damaged.
    """
    listed = store.versions(root)
    made = {t: _matching(listed.get(t, []), told) for t, told in wanted.items()}
    lost = [t for t, series in made.items() if series is None]
    if lost:
        raise PriceSourceError(
            f"the store {root} has no version of {offenders(lost)} with the manifest's hash; name the store of that run "
            "(--store), or fetch them again"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        paths = []
        for ticker, series in made.items():
            if series is not None:
                paths.append(out / f"{ticker}.parquet")
                paths[-1].write_bytes(store.encode(series))
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror or error}; choose another place") from error
    return paths


def _matching(listed: list[store.Version], told: Mapping[str, Any]) -> store.Series | None:
    """Return the raw series that has the hashes when adjusted: of the newest version that, cut at the last day, gives them."""
    for version in reversed(listed):
        if version.damaged:
            continue
        series = store.decode(store.read_bytes(version))
        whole = series.frame
        for frame in (whole,) if "last" not in told else (whole.loc[: told["last"]], whole):
            made, *_ = adjusted(columns_of(frame), version.ticker, ("close", *FURTHER), series.meta)
            own = {name: values.loc[told.get("first") : told.get("last")] for name, values in _series_of(made).items()}
            if all(
                told[key] == value for key, value in _told(own).items() if key in ("sha256", *FURTHER) and key in told
            ):
                return store.Series(frame.loc[told.get("first") : told.get("last")], series.meta)
    return None
