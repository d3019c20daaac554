"""Yahoo's price history through yfinance: raw values, several tickers at once, faults named and retried within a time budget."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pandas as pd

from backtest.errors import offenders
from backtest.prices.store import COLUMNS, Series
from backtest.prices.traits import guess

#: Yahoo's code of an exchange -> MIC, for tickers without a suffix.
EXCHANGES = {"NYQ": "XNYS", "NMS": "XNAS", "NGM": "XNAS", "NCM": "XNAS", "PCX": "XNYS", "ASE": "XASE", "BTS": "XNYS"}

FAILURE_COLUMNS = ("ticker", "reason", "attempts", "message")
EARLIEST = "1970-01-02"

#: Reasons that another attempt may mend.
TRANSIENT = ("rate limit", "network", "server error", "damaged answer", "empty answer")


@dataclass(frozen=True)
class Patience:
    """How hard to try: seconds for everything, per request, attempts per ticker, first delay, tickers at once."""

    budget: float = 180.0
    timeout: float = 15.0
    attempts: int = 4
    delay: float = 1.0
    workers: int = 4


@dataclass(frozen=True)
class Fetched:
    """What came back: raw series by ticker, and one row per ticker that failed (ticker, reason, attempts, message)."""

    series: Mapping[str, Series]
    failures: pd.DataFrame


@dataclass
class _Gate:
    """When the next request may go out: a rate limit met by one ticker holds back the others too."""

    deadline: float
    opens: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, seconds: float) -> None:
        with self.lock:
            self.opens = max(self.opens, time.monotonic() + seconds)

    def wait(self) -> bool:
        """Wait until the gate is open; False if the time budget ends before."""
        while True:
            now = time.monotonic()
            if max(now, self.opens) >= self.deadline:
                return False
            if now >= self.opens:
                return True
            time.sleep(min(self.opens, self.deadline) - now)


def fetch(
    starts: Mapping[str, str | None],
    patience: Patience | None = None,
    progress: Callable[[str], None] | None = None,
) -> Fetched:
    """Fetch raw daily history of several tickers up to now.

    Parameters
    ----------
    starts : ticker -> first date to ask for (ISO), None = all there is.
    patience : how long and how often to try.
    progress : called with each ticker when it is done, well or ill.

    Returns
    -------
    Fetched. No failure raises: what could not be had is a row of `failures` with its reason: "rate limit", "network",
    "server error", "damaged answer", "unknown ticker", "empty answer" or "time budget".
    """
    patience = patience or Patience()
    gate = _Gate(deadline=time.monotonic() + patience.budget)
    series: dict[str, Series] = {}
    rows: dict[str, tuple[str, str, int, str]] = {}
    with _quiet_yfinance():
        pool = ThreadPoolExecutor(max_workers=max(1, min(patience.workers, len(starts))))
        futures = {pool.submit(_one, t, start, patience, gate): t for t, start in starts.items()}
        with contextlib.suppress(TimeoutError):
            for done in as_completed(futures, timeout=patience.budget):
                _collect(done, futures[done], series, rows)
                if progress:
                    progress(futures[done])
        pool.shutdown(wait=False, cancel_futures=True)
    for ticker in starts:
        if ticker not in series and ticker not in rows:
            rows[ticker] = (ticker, "time budget", 0, f"no answer within {patience.budget:.0f} s")
    table = pd.DataFrame([rows[t] for t in starts if t in rows], columns=list(FAILURE_COLUMNS))
    return Fetched(series, table.astype({"attempts": "int64"}))


def _collect(
    done: Future[Series | tuple[str, str, int, str]],
    ticker: str,
    series: dict[str, Series],
    rows: dict[str, tuple[str, str, int, str]],
) -> None:
    got = done.result()
    if isinstance(got, Series):
        series[ticker] = got
    else:
        rows[ticker] = got


def _one(ticker: str, start: str | None, patience: Patience, gate: _Gate) -> Series | tuple[str, str, int, str]:
    """Try one ticker until it works, cannot work, or the attempts or the time are used up."""
    reason, message = "time budget", f"no time left of {patience.budget:.0f} s"
    tried = 0
    if gate.opens >= gate.deadline:
        reason, message = "rate limit", "met by another ticker, and the time allowed ends before it does"
    while tried < patience.attempts and gate.wait():
        tried += 1
        try:
            left = gate.deadline - time.monotonic()
            return _request(ticker, start, max(0.5, min(patience.timeout, left)))
        except Exception as error:
            reason, message = classify(error)
            asked = retry_after(error)
        if reason not in TRANSIENT:
            break
        pause = patience.delay * 2.0 ** (tried - 1) * random.uniform(0.5, 1.5)
        if asked is not None:
            message = f"{message}; Yahoo asks to wait {asked:.0f} s"
            pause = max(asked, 0.0) + patience.delay * random.uniform(0.0, 0.5)
        if reason == "rate limit" or asked is not None:
            gate.hold(pause)
        else:
            time.sleep(max(0.0, min(pause, gate.deadline - time.monotonic())))
    return ticker, reason, tried, message


def retry_after(error: BaseException) -> float | None:
    """Return the seconds that the answer behind an error asks to wait (its Retry-After), None where it does not.

    yfinance raises without the answer; but the calls that the error has come through still hold it, and Python keeps them
    with the error.
    """
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for value in frame.f_locals.values():
            if getattr(value, "status_code", None) in (429, 503):
                return _seconds(value.headers.get("Retry-After"))
    return None


def _seconds(text: str | None) -> float | None:
    """Read Retry-After: a number of seconds, or a date."""
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def classify(error: BaseException) -> tuple[str, str]:
    """Return (reason, message) of what yfinance raised; the reasons are those of `fetch`."""
    lines = str(error).strip().splitlines()
    name, text = type(error).__name__, lines[0] if lines else ""
    if name == "YFRateLimitError":
        return "rate limit", text
    if name == "YFTzMissingError":
        return "unknown ticker", text
    if isinstance(error, EmptyAnswerError) or name == "YFPricesMissingError":
        told = (getattr(error, "yahoo_reason", None) or "").lower()
        return ("unknown ticker" if "delisted" in told or "not found" in told else "empty answer"), text
    if name in ("HTTPError", "YFDataException") or text.endswith("(char 0)"):
        return "server error", f"{name}: {text}"  # a page where data should be is how yfinance shows a 5xx
    if "JSON" in name or isinstance(error, (ValueError, KeyError, TypeError, IndexError, AttributeError)):
        return "damaged answer", f"{name}: {text}"
    return "network", f"{name}: {text}"


class EmptyAnswerError(Exception):
    """Yahoo answered, and the answer holds no row."""


def _request(ticker: str, start: str | None, timeout: float) -> Series:
    import yfinance as yf
    from yfinance.data import YfData

    # yfinance keeps answers about the past, failed ones included; a retry must not be served one of them.
    YfData.cache_get.cache_clear()
    handle = yf.Ticker(ticker)
    frame = handle.history(start=start or EARLIEST, auto_adjust=False, actions=True, timeout=timeout)
    if frame.empty:
        raise EmptyAnswerError(f"no row of {ticker} from {start or EARLIEST} on")
    # Only named keys: going through all of them makes yfinance fetch intraday trading periods.
    told = handle.get_history_metadata()
    meta = {key: told.get(key) for key in ("currency", "exchangeName", "exchangeTimezoneName", "currentTradingPeriod")}
    told_of = _metadata(ticker, start, meta, yf.__version__)
    return Series(_raw_frame(frame, meta), {**told_of, "close_equals_adjusted": _close_equals_adjusted(frame)})


def _close_equals_adjusted(frame: pd.DataFrame) -> bool:
    """Return True if dividends were paid, and the vendor's adjusted closes equal the closes before them all the same."""
    if "Adj Close" not in frame or "Dividends" not in frame or not (frame["Dividends"] > 0).any():
        return False
    both = frame[["Close", "Adj Close"]].dropna()
    return bool(len(both) and (both["Close"] / both["Adj Close"] - 1.0).abs().max() < 1e-9)


def _raw_frame(frame: pd.DataFrame, meta: Mapping[str, Any]) -> pd.DataFrame:
    """Return yfinance's frame under the store's names: local dates, float64, a session still running left out."""
    renamed = {
        "Open": "open",
        "High": "high",
        "Low": "low",
        "Close": "close",
        "Volume": "volume",
        "Dividends": "dividends",
    }
    out = frame.rename(columns={**renamed, "Stock Splits": "splits"}).reindex(columns=list(COLUMNS)).astype("float64")
    local = pd.DatetimeIndex(frame.index)
    index = local.tz_localize(None).normalize().as_unit("us")
    out.index = pd.DatetimeIndex(index, name="session")
    out = out[~out.index.duplicated(keep="last")].sort_index()
    return out[out.index < _first_open_date(local.tz, meta)]


def _first_open_date(zone: Any, meta: Mapping[str, Any]) -> pd.Timestamp:
    """Return the first local date whose trading has not ended: its row is not final."""
    now = datetime.now(UTC)
    period = (meta.get("currentTradingPeriod") or {}).get("regular") or {}
    ends = period.get("end")
    if isinstance(ends, (int, float)):
        ends = datetime.fromtimestamp(ends, UTC)
    local = now.astimezone(zone)
    closed = (
        ends is not None
        and now > pd.Timestamp(ends) + timedelta(minutes=20)
        and pd.Timestamp(ends).tz_convert(zone).date() == local.date()
    )
    return pd.Timestamp(local.date()) + pd.Timedelta(days=1 if closed else 0)


def _metadata(ticker: str, start: str | None, meta: Mapping[str, Any], version: str) -> dict[str, Any]:
    return {
        "source": "yahoo",
        "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "requested_from": start or "",
        "vendor_version": f"yfinance {version}",
        "currency": str(meta.get("currency") or ""),
        "mic": guess(ticker)[0] or EXCHANGES.get(str(meta.get("exchangeName")), ""),
        "zone": str(meta.get("exchangeTimezoneName") or ""),
        "decisions": [],
    }


@contextlib.contextmanager
def _quiet_yfinance() -> Iterator[None]:
    """Let yfinance raise instead of logging, and keep its messages and pandas warnings off the terminal."""
    from yfinance.config import YfConfig

    log = logging.getLogger("yfinance")
    hidden, level = YfConfig.debug.hide_exceptions, log.level
    YfConfig.debug.hide_exceptions = False
    log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        YfConfig.debug.hide_exceptions = hidden
        log.setLevel(level)


def describe_failures(failures: pd.DataFrame, tickers: Sequence[str]) -> str:
    """Return one sentence on why nothing came: the commonest reason, the way out, and what the first such failure said."""
    advice = {
        "rate limit": "Yahoo limits the rate of requests; wait some minutes",
        "network": "there is no way through to Yahoo; check the network",
        "server error": "Yahoo's server has trouble; try later",
        "damaged answer": "Yahoo's answers cannot be read; try later",
        "unknown ticker": "Yahoo knows none of these tickers; check their spelling",
        "empty answer": "Yahoo has no prices of these tickers in that time; check the dates",
        "time budget": "the time allowed is used up; allow more or ask for fewer tickers",
    }
    reason = str(failures["reason"].mode().iloc[0])
    said = str(failures.loc[failures["reason"] == reason, "message"].iloc[0])[:160]
    return (
        f"yahoo gave no prices of {offenders(tickers)} ({reason}): {advice[reason]}, "
        f"or use a folder of price files or the sample (--prices sample); the first failure: {said}"
    )
