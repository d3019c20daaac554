"""What is in the store, whether it is sound, and the series of one study taken out of it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.errors import PriceSourceError, StoreError, offenders
from backtest.prices import store
from backtest.prices.panel import Prices, series_hash
from backtest.prices.raw import columns_of
from backtest.prices.refresh import adjusted

#: Series are looked for in a manifest under this key: ticker -> sha256, or -> a mapping with "sha256".
SERIES_KEY = "series"


def series_manifest(prices: Prices) -> dict[str, dict[str, Any]]:
    """Return what a study's manifest says of its prices: ticker -> sha256, first, last, rows.

    The hash covers the dates and closes (see `Prices.hashes`), so that equal hashes give equal studies.
    """
    told = {}
    hashes = prices.hashes()
    for frame in (prices.close, prices.benchmarks):
        for name in frame.columns:
            days = frame.index[frame[name].notna()]
            span = {"first": f"{days[0]:%Y-%m-%d}", "last": f"{days[-1]:%Y-%m-%d}"} if len(days) else {}
            told[str(name)] = {"sha256": hashes[str(name)], **span, "rows": len(days)}
    return told


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
    """Return the series that a study's manifest names: ticker -> {"sha256": ..., maybe "first", "last"}.

    Raises
    ------
    PriceSourceError
        The file cannot be read, or names no series.
    """
    try:
        found = _series_in(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise PriceSourceError(
            f"{path}: cannot be read as a manifest ({error}); give the manifest.json of a run"
        ) from error
    if not found:
        raise PriceSourceError(f"{path}: names no price series; give the manifest.json of a run")
    return found


def _series_in(told: Any) -> dict[str, dict[str, Any]]:
    """Look for the series at any depth: the manifest belongs to the report, not to this module."""
    if not isinstance(told, Mapping):
        return {}
    own = told.get(SERIES_KEY)
    if isinstance(own, Mapping):
        return {str(t): {"sha256": v} if isinstance(v, str) else dict(v) for t, v in own.items()}
    for inner in told.values():
        found = _series_in(inner)
        if found:
            return found
    return {}


def export(root: Path, wanted: Mapping[str, Mapping[str, Any]], out: Path) -> list[Path]:
    """Write the series that a manifest names, bit for bit, as one parquet file per ticker (close).

    Parameters
    ----------
    root : the store.
    wanted : as `read_manifest` returns it.
    out : folder to write to; a run on it gives the tables of the run that wrote the manifest.

    Raises
    ------
    PriceSourceError
        No stored version of a series has the hash that the manifest names.
    StoreError
        The folder cannot be written, or a file of the store is damaged.
    """
    listed = store.versions(root)
    made = {t: _matching(listed.get(t, []), told) for t, told in wanted.items()}
    lost = [t for t, frame in made.items() if frame is None]
    if lost:
        raise PriceSourceError(
            f"the store {root} has no version of {offenders(lost)} with the manifest's hash; fetch them again"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        paths = []
        for ticker, frame in made.items():
            if frame is not None:
                paths.append(out / f"{ticker}.parquet")
                frame.to_frame("close").rename_axis("date").to_parquet(paths[-1])
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror or error}; choose another place") from error
    return paths


def _matching(listed: list[store.Version], told: Mapping[str, Any]) -> pd.Series | None:
    """Return the adjusted closes of the version, and of the state of that version at a date, that have the hash."""
    for version in reversed(listed):
        series = store.decode(store.read_bytes(version))
        cuts = [series.frame] if "last" not in told else [series.frame, series.frame.loc[: told["last"]]]
        for frame in cuts:
            held, _ = adjusted(columns_of(frame), version.ticker, ("close",))
            close = pd.Series(held.values["close"], index=frame.index).loc[told.get("first") : told.get("last")]
            if series_hash(close) == told["sha256"]:
                return close
    return None
