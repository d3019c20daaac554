"""When the thing that a signal tells was first public: the catalogue, a day named beside it, or the publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from signals.dating import Anchor, DateMention, DateStamp, event_time, find_dates
from signals.document import Text
from signals.kinds import Signal

STORY_DAYS = 10
Catalogue = Mapping[tuple[str, str], tuple[Anchor, ...]]


@dataclass(frozen=True)
class When:
    """When the news first became public: instant, precision, the rung that says so, hint and catalogue event."""

    time: datetime | None
    precision: str
    source: str
    hint: str = ""
    event: str = ""


def catalogue(anchors: Iterable[Anchor]) -> Catalogue:
    """Return dated events by (asset, kind)."""
    found: dict[tuple[str, str], tuple[Anchor, ...]] = {}
    for anchor in anchors:
        found[anchor.asset, anchor.kind] = (*found.get((anchor.asset, anchor.kind), ()), anchor)
    return found


@dataclass(frozen=True)
class Timing:
    """The publication date of one article, the dated events known, and the time expressions of its sentences, once read."""

    stamp: DateStamp
    events: Catalogue
    read: dict[tuple[str, int], list[DateMention]] = field(default_factory=dict, compare=False, repr=False)

    def when(self, signal: Signal, text: Text) -> When:
        """Return when the thing told was first public, best estimate; where nothing else shows it, the publication.

        Background: the time named in the sentence, sharpened by the catalogue. News: the catalogue's event of that company
        and kind in the ten days up to publication, else a day named in the sentence in that time, else the publication.
        """
        stamp = self.stamp
        mention = self._mention(signal, text)
        window = _window(signal, mention, stamp)
        for ticker in _dated_by(signal) if window else ():
            anchor = _anchor(self.events.get((ticker, signal.kind), ()), signal.novelty, window)
            if anchor:
                return _anchored(anchor)
        if signal.novelty == "background":
            known = mention.stamp() if mention else DateStamp()
            return When(event_time(known), known.precision, "prose" if known.dated else "none")
        if mention and mention.precision == "day" and window and window[0] <= mention.low <= window[1]:
            named = mention.stamp()
            return When(event_time(named), named.precision, "prose")
        return When(event_time(stamp), stamp.precision, stamp.source)

    def _mention(self, signal: Signal, text: Text) -> DateMention | None:
        """Return the time expression of the signal's sentence that lies nearest to its evidence."""
        at = (text.field, signal.sentence)
        if at not in self.read:
            sentence = text.sentences[signal.sentence]
            first, last = text.normal.span(sentence.start, sentence.end)
            dates = find_dates(text.raw, text.lang, self.stamp, first, last)
            self.read[at] = [m for m in dates if m.low and m.type in ("DATE", "TIME")]
        if not self.read[at]:
            return None
        start, end = text.normal.span(signal.start, signal.end)
        return min(self.read[at], key=lambda m: (max(m.start - end, start - m.end, 0), m.start))


def _dated_by(signal: Signal) -> list[str]:
    """Return whose catalogue event dates a signal: its targets' (a bidder's row has the time of the target's), then its own."""
    parties = [signal.company, *signal.counterparty]
    tickers = [m.ticker for m in parties if m is not None and m.ticker]
    return list(dict.fromkeys(sorted(tickers, key=lambda t: t not in signal.about)))


def _anchored(anchor: Anchor) -> When:
    value = anchor.event_time or anchor.date
    day = DateStamp(value, "minute" if "T" in value else "day", "anchor")
    return When(event_time(day), day.precision, "anchor", anchor.session_hint, anchor.event_id)


def _window(signal: Signal, mention: DateMention | None, stamp: DateStamp) -> tuple[str, str] | None:
    """Return the first and last ISO day on which the thing told can have become public."""
    if signal.novelty == "background":
        return (mention.low, mention.high) if mention and mention.low else None
    days = stamp.days
    if days is None or stamp.precision == "year":
        return None
    return (days[0] - timedelta(days=STORY_DAYS)).isoformat(), days[1].isoformat()


def _anchor(events: Iterable[Anchor], novelty: str, window: tuple[str, str] | None) -> Anchor | None:
    """Return the catalogue's event in the window: of the news the latest, of history the only one."""
    low, high = window or ("", "")
    found = [a for a in events if low <= a.date <= high]
    if novelty == "background":
        return found[0] if len(found) == 1 else None
    return max(found, key=lambda a: (a.date, a.event_id), default=None)
