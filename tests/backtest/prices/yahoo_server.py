"""A local server that answers like Yahoo's chart endpoint, with answers of our own making, and that can play faults.

yfinance talks to it over a real socket: its base addresses are patched where they are used, and its session sends the
cookie and crumb addresses, which are written into its code, to the same place.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

ADDRESSES = {
    "yfinance.scrapers.history": ("_BASE_URL_",),
    "yfinance.base": ("_BASE_URL_", "_ROOT_URL_", "_QUERY1_URL_"),
    "yfinance.scrapers.quote": ("_BASE_URL_", "_QUERY1_URL_"),
}


@dataclass
class Listing:
    """What the vendor has of one ticker: raw rows (index: naive dates), dividends and splits by date."""

    rows: pd.DataFrame
    zone: str = "Europe/Berlin"
    currency: str = "EUR"
    exchange: str = "GER"
    dividends: dict[str, float] = field(default_factory=dict)
    splits: dict[str, tuple[int, int]] = field(default_factory=dict)
    hour: int = 9
    quote_type: str = "EQUITY"
    close_is_adjusted: bool = False

    def stamp(self, day: pd.Timestamp) -> int:
        """Return the instant that stands for a date: its local hour, as seconds since 1970."""
        return int(pd.Timestamp(day.year, day.month, day.day, self.hour, tz=ZoneInfo(self.zone)).timestamp())

    def adjusted(self) -> pd.Series:
        """Return the vendor's adjusted closes, by the recursion over dividends, latest day first."""
        close = self.rows["close"]
        if self.close_is_adjusted:
            return close
        out, factor = close.copy(), 1.0
        for at in range(len(close) - 1, -1, -1):
            out.iloc[at] = close.iloc[at] * factor
            paid = self.dividends.get(f"{close.index[at]:%Y-%m-%d}", 0.0)
            if paid and at:
                factor *= 1.0 - paid / close.iloc[at - 1]
        return out

    def answer(self, ticker: str, first: float, last: float) -> dict[str, Any]:
        """Return the endpoint's answer for rows with `first` <= stamp < `last`."""
        stamps = np.array([self.stamp(d) for d in self.rows.index])
        keep = (stamps >= first) & (stamps < last)
        rows, adjusted = self.rows[keep], self.adjusted()[keep]

        def numbers(values: pd.Series) -> list[float | None]:
            return [None if pd.isna(v) else float(v) for v in values]

        inside = {f"{d:%Y-%m-%d}": self.stamp(d) for d in rows.index}
        events: dict[str, Any] = {}
        paid = {str(inside[d]): {"amount": a, "date": inside[d]} for d, a in self.dividends.items() if d in inside}
        split = {
            str(inside[d]): {"date": inside[d], "numerator": n, "denominator": m, "splitRatio": f"{n}:{m}"}
            for d, (n, m) in self.splits.items()
            if d in inside
        }
        events |= ({"dividends": paid} if paid else {}) | ({"splits": split} if split else {})
        quote = {c: numbers(rows[c]) for c in ("open", "high", "low", "close", "volume")}
        meta = {
            "currency": self.currency, "symbol": ticker, "exchangeName": self.exchange, "instrumentType": self.quote_type,
            "exchangeTimezoneName": self.zone, "gmtoffset": 3600, "timezone": "CET", "priceHint": 2, "dataGranularity": "1d",
            "validRanges": ["1d", "5d", "1mo", "max"], "firstTradeDate": int(stamps[0]), "range": "",
        }  # fmt: skip
        result = {
            "meta": meta,
            "timestamp": [int(s) for s in stamps[keep]],
            "events": events,
            "indicators": {"quote": [quote], "adjclose": [{"adjclose": numbers(adjusted)}]},
        }
        return {"chart": {"result": [result], "error": None}}


@dataclass
class Vendor:
    """The server's state: what is listed, which faults are still to be played, what was asked."""

    listings: dict[str, Listing] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    times: list[tuple[str, float]] = field(default_factory=list)
    retry_after: str = "1"
    crumb_faults: list[int] = field(default_factory=list)
    down: bool = False
    address: str = ""

    def history_times(self, ticker: str) -> list[float]:
        """Return when a ticker's history was asked for, in seconds of a clock that only runs forward."""
        return [at for name, at in self.times if name == ticker]

    def history_requests(self, ticker: str) -> list[dict[str, str]]:
        """Return the parameters of the requests for a ticker's history (not those for its time zone)."""
        return [query for name, query in self.asked if name == ticker and "period1" in query]


def handler_for(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Stay silent."""

        def reply(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {k: v[0] for k, v in parse_qs(parts.query).items()}
            if parts.path.endswith("/getcrumb"):
                status = vendor.crumb_faults.pop(0) if vendor.crumb_faults else 200
                self.reply(status, b"crumb" if status == 200 else b"Too Many Requests", "text/plain")
            elif "/v8/finance/chart/" in parts.path:
                ticker = unquote(parts.path.rsplit("/", 1)[1])
                vendor.asked.append((ticker, query))
                if "period1" in query:
                    vendor.times.append((ticker, time.monotonic()))
                self.chart(ticker, query)
            else:
                self.reply(200, b"<html></html>", "text/html", Set_Cookie="A3=x; Path=/")

        do_POST = do_GET

        def chart(self, ticker: str, query: dict[str, str]) -> None:
            waiting = vendor.faults.get(ticker, [])
            fault = (
                ""
                if not waiting or "period1" not in query
                else waiting[0]
                if waiting[0].endswith("!")
                else waiting.pop(0)
            )
            listing = vendor.listings.get(ticker)
            if listing is None or fault.startswith("404"):
                error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
                self.reply(404, json.dumps({"chart": {"result": None, "error": error}}).encode())
                return
            if self.play(fault):
                return
            first, last = (float(query.get(k, d)) for k, d in (("period1", "0"), ("period2", "4e9")))
            body = json.dumps(listing.answer(ticker, first, last)).encode()
            if fault.startswith("empty"):
                body = json.dumps({"chart": {"result": [], "error": None}}).encode()
            self.reply(200, body[: len(body) // 2] if fault.startswith("truncated") else body)

        def play(self, fault: str) -> bool:
            name = fault.rstrip("!")
            if name == "hang":
                time.sleep(3.0)
                return True
            if name == "429":
                self.reply(429, b"Too Many Requests", "text/plain")
            elif name == "429-after":
                self.reply(429, b"Too Many Requests", "text/plain", Retry_After=vendor.retry_after)
            elif name == "401":
                error = {"code": "Unauthorized", "description": "Invalid Crumb"}
                self.reply(401, json.dumps({"finance": {"result": None, "error": error}}).encode())
            elif name == "503-after":
                self.reply(503, b"<html>Service Unavailable</html>", "text/html", Retry_After=vendor.retry_after)
            elif name == "500":
                self.reply(500, b"<html>Internal Server Error</html>", "text/html")
            else:
                return False
            return True

    return Handler


@contextlib.contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    """Run the server, and let yfinance take it for Yahoo."""
    import importlib

    from curl_cffi import requests
    from yfinance import cache
    from yfinance.data import SingletonMeta, YfData

    vendor = Vendor()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(vendor))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    vendor.address = f"http://127.0.0.1:{server.server_address[1]}"
    for module, names in ADDRESSES.items():
        for name in names:
            monkeypatch.setattr(importlib.import_module(module), name, vendor.address)

    class Local(requests.Session):
        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            parts = urlsplit(url)
            place = vendor.address if not vendor.down else "http://127.0.0.1:9"
            return super().request(method, f"{place}{parts.path}?{parts.query}", *args, **kwargs)

    # yfinance opens its databases once per process and keeps them open; what it keeps must not outlive the vendor.
    monkeypatch.setattr(cache._TzCacheManager, "_tz_cache", cache._TzCacheDummy())
    monkeypatch.setattr(cache._CookieCacheManager, "_Cookie_cache", cache._CookieCacheDummy())
    monkeypatch.setattr(SingletonMeta, "_instances", {})
    YfData(session=Local())
    YfData.cache_get.cache_clear()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        YfData.cache_get.cache_clear()


def prices(first: str, last: str, seed: int = 0, level: float = 50.0) -> pd.DataFrame:
    """Return made-up raw rows on weekdays."""
    days = pd.bdate_range(first, last)
    rng = np.random.default_rng(seed)
    close = np.round(level * np.exp(np.cumsum(rng.normal(0, 0.02, len(days)))), 4)
    frame = {"open": close * 0.995, "high": close * 1.01, "low": close * 0.985, "close": close}
    return pd.DataFrame({**frame, "volume": rng.integers(1000, 9000, len(days)).astype(float)}, index=days)
