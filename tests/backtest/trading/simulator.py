"""A slow simulator: one event after the other, one session after the other, plain loops over quoted prices.

It shares no code with the library. Moments are (date, 0 open | 1 in the range | 2 close) of the share's own exchange.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from universe import exchange

ZONES = {"XETR": ZoneInfo("Europe/Berlin"), "XLON": ZoneInfo("Europe/London")}
FAR = (dt.date(9999, 1, 1), 2)


@dataclass
class Trip:
    event_id: str
    asset: str
    side: float
    entry: tuple
    entry_price: float
    hold: tuple
    until: tuple
    contrary: tuple
    known: pd.Timestamp
    exit: tuple = FAR
    exit_price: float = math.nan
    reason: str = "open"
    notional: float = 0.0
    units: float = 0.0
    costs: float = 0.0
    dividends: float = 0.0
    facts: dict = field(default_factory=dict)


class Slow:
    """The simulator; `spec` is a dict of plain values."""

    def __init__(self, universe, spec: dict) -> None:
        self.u, self.spec = universe, spec
        self.p = universe.prices
        self.table = self.p.instruments
        self.days, self.opens, self.closes = {}, {}, {}
        first, last = self.p.close.index[0], self.p.close.index[-1]
        for mic in ("XETR", "XLON"):
            cal = exchange(mic)
            own = [d for d in cal.sessions if first <= d <= last]
            self.days[mic] = [d.date() for d in own]
            self.opens[mic] = {d.date(): cal.session_open(d) for d in own}
            self.closes[mic] = {d.date(): cal.session_close(d) for d in own}
        self.union = sorted(set(self.days["XETR"]) | set(self.days["XLON"]))
        self.data = {n: getattr(self.p, n) for n in ("close", "open", "high", "low", "volume")}
        self.values = {
            n: {t: dict(zip([i.date() for i in f.index], f[t])) for t in f.columns} for n, f in self.data.items()
        }
        self.bench = {i.date(): v for i, v in self.p.benchmarks["^STOXX"].items()}
        self.split, self.paid = {}, {}
        if universe.actions is not None:
            for row in universe.actions.itertuples():
                key = (row.asset, row.session.date())
                self.split[key] = self.split.get(key, 1.0) * row.split
                self.paid[key] = self.paid.get(key, 0.0) + row.dividend

    # ------------------------------------------------------------------------------------------------ the market

    def mic(self, asset):
        return self.table.loc[asset, "mic"]

    def own(self, asset):
        return self.days[self.mic(asset)]

    def get(self, name, asset, day):
        return self.values[name][asset].get(day, math.nan)

    def trades(self, asset, day):
        return not math.isnan(self.get("close", asset, day)) and self.get("volume", asset, day) != 0

    def price(self, name, asset, day):
        """Quoted price of a session, NaN without a trade; a missing open is NaN."""
        return self.get(name, asset, day) if self.trades(asset, day) else math.nan

    def ratio(self, asset, start, end):
        """New shares for one old share between the ends of two sessions."""
        out = 1.0
        for day in self.own(asset):
            if start < day <= end:
                out *= self.split.get((asset, day), 1.0)
        return out

    def rate(self, asset, day):
        """Euros for one quoted unit."""
        if self.table.loc[asset, "currency"] == "EUR":
            return 1.0
        known = [v for d, v in zip([i.date() for i in self.u.fx.index], self.u.fx["EURGBP"]) if d <= day]
        return 1.0 / known[-1] / 100.0

    def first_price(self, asset, moment):
        """First price at or after a moment: the open, or the close where there is none."""
        day, phase = moment
        for d in self.own(asset):
            if d < day:
                continue
            if d == day and phase == 2:
                if self.trades(asset, d):
                    return (d, 2), self.price("close", asset, d)
                continue
            if self.trades(asset, d):
                o = self.price("open", asset, d)
                return ((d, 2), self.price("close", asset, d)) if math.isnan(o) else ((d, 0), o)
        return FAR, math.nan

    # ---------------------------------------------------------------------------------------------------- events

    def known(self, event):
        text, zone = event.event_time, ZONES[self.mic(event.asset)]
        if len(text) == 10:
            day = dt.date.fromisoformat(text) + dt.timedelta(days=1)
            return pd.Timestamp(dt.datetime.combine(day, dt.time(), zone)) - pd.Timedelta(microseconds=1)
        return pd.Timestamp(text)

    def earliest(self, event):
        return (
            pd.Timestamp(event.event_time, tz="UTC") if len(event.event_time) == 10 else pd.Timestamp(event.event_time)
        )

    def auction(self, asset, known, phase, lag):
        """The first open (0) or close (2) strictly after an instant, `lag` sessions later."""
        times = (self.opens if phase == 0 else self.closes)[self.mic(asset)]
        days = [d for d in self.own(asset) if times[d] > known]
        return (days[lag], phase) if len(days) > lag else FAR

    def trip(self, event):
        s = self.spec
        side = s["side"].get(event.kind, 0.0)
        known = self.known(event)
        if side == 0 or known.date() < self.union[0]:
            return None
        due = self.auction(event.asset, known, s["phase"], s["lag"])
        if due == FAR:
            return None
        own = self.own(event.asset)
        start = own.index(due[0])
        entry = None
        for k in range(start, min(start + s["patience"] + 1, len(own))):
            price = self.price("open" if s["phase"] == 0 else "close", event.asset, own[k])
            if not math.isnan(price):
                entry = (own[k], s["phase"])
                break
        if entry is None:
            return None
        at = own.index(entry[0])
        hold = FAR
        if s["hold"] is not None:
            k = at + s["hold"] - (1 if s["phase"] == 0 else 0)
            hold = (own[k], 2) if k < len(own) else FAR
        until = FAR
        if s["until"] is not None:
            later = [d for d in own if d >= s["until"]]
            until = (later[0], 2) if later else FAR
        contrary = FAR
        if event.kind == "takeover-rumour":
            denied = [
                e
                for e in self.u.events.itertuples()
                if e.kind == "takeover-denied" and e.asset == event.asset and self.earliest(e) >= self.earliest(event)
            ]
            if denied:
                contrary = min(self.auction(event.asset, self.known(e), s["phase"], 0) for e in denied)
        if until <= entry or contrary <= entry:
            return None
        return Trip(event.event_id, event.asset, side, entry, price, hold, until, contrary, self.earliest(event))

    # ----------------------------------------------------------------------------------------------------- exits

    def planned(self, trip):
        best = min((trip.contrary, 0, "contrary"), (trip.until, 1, "until"), (trip.hold, 2, "hold"))
        return best[0], best[2]

    def leave(self, trip):
        """Walk from the entry to the exit, day by day."""
        s, sign = self.spec, 1 if trip.side > 0 else -1
        plan, why = self.planned(trip)
        own = self.own(trip.asset)
        stop, target = s["stop"], s["target"]
        due, reason, price = plan, why, None
        for k in range(own.index(trip.entry[0]), len(own)):
            day = own[k]
            if stop is None and target is None:
                break
            if day == trip.entry[0] and trip.entry[1] == 2:
                continue
            if (day, 1) >= plan if s["intraday"] else (day, 2) >= plan:
                break
            if not self.trades(trip.asset, day):
                continue
            base = trip.entry_price / self.ratio(trip.asset, trip.entry[0], day)
            low = base * (1 - sign * stop) if stop is not None else None
            high = base * (1 + sign * target) if target is not None else None
            hit = self.touch(trip.asset, day, sign, low, high, s["intraday"])
            if hit is None:
                continue
            reason, moment, level = hit
            if s["intraday"]:
                due, price = moment, level
            else:
                due = (own[k + 1], s["phase"]) if k + 1 < len(own) else FAR
            break
        if due == FAR:
            trip.exit, trip.exit_price, trip.reason = FAR, math.nan, "open"
        elif price is not None:
            trip.exit, trip.exit_price, trip.reason = due, price, reason
        else:
            trip.exit, trip.exit_price = self.first_price(trip.asset, due)
            trip.reason = "open" if trip.exit == FAR else reason
        return due

    def touch(self, asset, day, sign, low, high, intraday):
        close = self.price("close", asset, day)
        broke = lambda p: low is not None and sign * p <= sign * low  # noqa: E731
        made = lambda p: high is not None and sign * p >= sign * high  # noqa: E731
        if not intraday:
            return ("stop-loss", None, None) if broke(close) else ("take-profit", None, None) if made(close) else None
        o = self.price("open", asset, day)
        if math.isnan(o):
            first, phase = close, 1
        else:
            first, phase = o, 0
        if broke(first):
            return "stop-loss", (day, phase), first
        if made(first):
            return "take-profit", (day, phase), first
        prices = [first, close, self.price("high", asset, day), self.price("low", asset, day)]
        if any(broke(p) for p in prices):
            return "stop-loss", (day, 1), low
        if any(made(p) for p in prices):
            return "take-profit", (day, 1), high
        return None

    # --------------------------------------------------------------------------------------------------- overlap

    def overlap(self, trips):
        rule, kept = self.spec["overlap"], []
        for asset in sorted({t.asset for t in trips}):
            mine = sorted((t for t in trips if t.asset == asset), key=lambda t: (t.entry, t.known, t.event_id))
            live = []
            for t in mine:
                live = [x for x in live if x.exit > t.entry]
                self.leave(t)
                if rule == "stack" or not live:
                    live.append(t)
                    kept.append(t)
                elif rule == "extend" and live[0].side * t.side > 0:
                    live[0].hold = max(live[0].hold, t.hold)
                    self.leave(live[0])
                elif rule == "net":
                    other = [x for x in live if x.side * t.side < 0]
                    if other:
                        other[0].exit, other[0].exit_price, other[0].reason = t.entry, t.entry_price, "netted"
                    else:
                        live.append(t)
                        kept.append(t)
        return kept

    # ----------------------------------------------------------------------------------------------------- money

    def returns(self, asset, day):
        """Return of a session with dividend and split, NaN where it or the session before has no trade."""
        own = self.own(asset)
        k = own.index(day)
        if k == 0 or not self.trades(asset, day) or not self.trades(asset, own[k - 1]):
            return math.nan
        now = (self.price("close", asset, day) + self.paid.get((asset, day), 0.0)) * self.split.get((asset, day), 1.0)
        return now / self.price("close", asset, own[k - 1]) - 1.0

    def window(self, trip):
        own = self.own(trip.asset)
        at = own.index(trip.entry[0])
        back = self.spec["lookback"]
        return [own[k] if k >= 0 else None for k in range(at + back[0], at + back[1] + 1)]

    def learn(self, trip):
        """Estimate what the sizing wants to know; False where it cannot be known."""
        days, sizing = self.window(trip), self.spec["sizing"]
        half = max(2, math.ceil(0.5 * len(days)))
        if sizing == "volatility":
            seen = [r for d in days if d and not math.isnan(r := self.returns(trip.asset, d))]
            if len(seen) < half:
                return False
            trip.facts["sigma"] = float(np.std(seen, ddof=1))
        if self.spec["volume_share"] is not None:
            seen = [
                self.get("volume", trip.asset, d) * self.price("close", trip.asset, d)
                for d in days
                if d and self.trades(trip.asset, d)
            ]
            if len(seen) < half:
                return False
            before = self.union[max(self.union.index(trip.entry[0]) - 1, 0)]
            trip.facts["value"] = sum(seen) / len(days) * self.rate(trip.asset, before)
        return True

    def bps(self, trip, buy):
        row = self.table.loc[trip.asset]
        return (row.commission_bps + row.half_spread_bps + (row.stamp_duty_bps if buy else 0.0)) * 1e-4

    def wanted(self, trip, equity):
        s, share = self.spec, abs(trip.side)
        if equity <= 0:
            return 0.0
        if s["sizing"] == "equal":
            amount = share * s["amount"] * equity
        elif s["sizing"] == "cash":
            amount = share * s["amount"]
        else:
            amount = share * equity * min(s["amount"] / (trip.facts["sigma"] * math.sqrt(252)), s["max_weight"])
        return amount if s["volume_share"] is None else min(amount, s["volume_share"] * trip.facts["value"])

    def value(self, trip, day):
        """Market value of the shares at the end of a session, at their last close."""
        last = max(d for d in self.own(trip.asset) if d <= day and self.trades(trip.asset, d))
        shares = trip.units * self.ratio(trip.asset, trip.entry[0], last)
        return (
            (1 if trip.side > 0 else -1) * shares * self.price("close", trip.asset, last) * self.rate(trip.asset, day)
        )

    def run(self):
        trips = [t for e in self.u.events.itertuples() if (t := self.trip(e)) is not None]
        trips = self.overlap([t for t in trips if self.learn(t)])
        moment = {}
        for t in trips:
            times = self.opens if t.entry[1] == 0 else self.closes
            moment[t.event_id] = (times[self.mic(t.asset)][t.entry[0]], t.known, t.event_id)
        trips.sort(key=lambda t: moment[t.event_id])
        cash, equity, gross, held = self.spec["capital"], self.spec["capital"], 0.0, 0
        live, done, curve, before = [], [], {}, None
        for day in self.union:
            used, taken, closed = 0.0, 0, False
            for t in [t for t in trips if t.entry[0] == day]:
                amount = self.wanted(t, equity)
                used += amount
                fits = amount > 0 and used <= self.spec["leverage"] * max(equity, 0) - gross + 1e-7
                slot = taken < self.spec["max_positions"] - held
                taken += 1
                if closed or not fits or not slot:
                    closed = True
                    continue
                t.notional, t.units = amount, amount / (t.entry_price * self.rate(t.asset, day))
                t.costs += amount * self.bps(t, t.side > 0)
                cash -= (1 if t.side > 0 else -1) * amount + amount * self.bps(t, t.side > 0)
                live.append(t)
                done.append(t)
            for t in live:
                sign = 1 if t.side > 0 else -1
                if t.side < 0 and t.entry[0] < day:
                    fee = t.notional * self.table.loc[t.asset, "borrow_bps_per_year"] * 1e-4 * (day - before).days / 365
                    t.costs += fee
                    cash -= fee
                if t.entry[0] < day and (t.asset, day) in self.paid:
                    shares = t.units * self.ratio(t.asset, t.entry[0], day)
                    money = sign * shares * self.paid[t.asset, day] * self.rate(t.asset, day)
                    t.dividends += money
                    cash += money
                if t.exit[0] == day:
                    amount = t.units * self.ratio(t.asset, t.entry[0], day) * t.exit_price * self.rate(t.asset, day)
                    t.facts["proceeds"] = amount
                    t.costs += amount * self.bps(t, t.side < 0)
                    cash += sign * amount - amount * self.bps(t, t.side < 0)
            live = [t for t in live if t.exit[0] != day]
            values = [self.value(t, day) for t in live]
            equity, gross, held, before = cash + sum(values), sum(map(abs, values)), len(live), day
            curve[day] = equity
        return done, pd.Series(curve)
