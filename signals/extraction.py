"""Articles to signals: date each article, read its sentences, ask every kind, settle contradictions, date what is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from os import PathLike
from typing import TYPE_CHECKING, Any

from signals.article import Article, Unreadable
from signals.audit import audit_row, unreadable_row
from signals.dating import Anchor, DateMention, DateStamp, date_article, event_time, find_dates, known_at, read_anchors
from signals.document import Text, read_text
from signals.errors import TableError, UnknownKindError, did_you_mean
from signals.kinds import KINDS, Kind, Signal, resolve
from signals.linking import Watchlist, load_watchlist
from signals.readers import read_articles

if TYPE_CHECKING:
    import pandas as pd

STORY_DAYS = 10
FRESH = ("new", "repeat")

#: Columns of the signals table, the contract's first.
COLUMNS = (
    "signal_id", "article_id", "kind", "status", "company", "ticker", "role", "counterparty", "event_time", "event_precision",
    "event_source", "known_at", "known_precision", "novelty", "confidence", "polarity", "start", "end", "evidence",
    "field", "subkind", "strength", "session_hint", "source_event", "cue", "url", "source", "flags",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What an extraction needs besides articles: compiled watch-list, anchors, and the kinds to ask."""

    watchlist: Watchlist
    anchors: tuple[Anchor, ...]
    kinds: Mapping[str, Kind]


@dataclass(frozen=True)
class Reading:
    """One article with everything found in it; `rows` are rows of the signals table."""

    article: Article | Unreadable
    stamp: DateStamp
    rows: tuple[dict[str, Any], ...]
    audit: dict[str, Any]


@dataclass(frozen=True)
class Extraction:
    """The outcome of `extract`: `signals` and `audit` are tables, `articles` the articles read.

    `events()` merges stories into the events table; `dropped` lists the signals that cannot become events, with a reason.
    """

    signals: pd.DataFrame
    audit: pd.DataFrame
    articles: tuple[Article, ...] = field(repr=False)
    watchlist: Watchlist = field(repr=False, compare=False)

    def events(self, days: int = STORY_DAYS, peers: bool = False) -> pd.DataFrame:
        """Return one row per story about one listed security (see `signals.dedupe.stories_to_events`).

        `peers` appends a row with role ``peer`` for each listed peer of an issuer of a profit warning.
        """
        from signals.dedupe import add_peers, stories_to_events

        events, _ = stories_to_events(self.signals, days)
        return add_peers(events, self.watchlist, self.signals, days) if peers else events

    @property
    def dropped(self) -> pd.DataFrame:
        """Signals that make no event: signal_id, article_id, asset, kind, reason (one of `dedupe.DROP_REASONS`)."""
        from signals.dedupe import stories_to_events

        return stories_to_events(self.signals)[1]


def settings(
    instruments: Any = None, anchors: Any = "seeds", kinds: Iterable[str] | Mapping[str, Kind] | None = None
) -> Settings:
    """Return compiled settings; see `extract` for the arguments.

    Raises
    ------
    UnknownKindError
        A name in `kinds` is not in `KINDS`.
    TableError
        The watch-list or the anchors cannot be read.
    """
    return Settings(load_watchlist(instruments), _anchors(anchors, instruments), _kinds(kinds))


def _anchors(anchors: Any, instruments: Any) -> tuple[Anchor, ...]:
    if anchors is None:
        return ()
    if isinstance(anchors, (str, PathLike)):
        path = None if anchors == "seeds" else anchors
        names = instruments if isinstance(instruments, (str, PathLike)) else None
        try:
            return tuple(read_anchors(path, names))
        except (OSError, KeyError, ValueError) as error:
            raise TableError(
                f"anchors {anchors} cannot be read: {error}; give an events csv with asset, kind and event_time, or None"
            ) from error
    return tuple(anchors)


def _kinds(kinds: Iterable[str] | Mapping[str, Kind] | None) -> Mapping[str, Kind]:
    if kinds is None:
        return KINDS
    if isinstance(kinds, Mapping):
        return kinds
    names = [kinds] if isinstance(kinds, str) else list(kinds)
    for name in names:
        if name not in KINDS:
            raise UnknownKindError(f"unknown kind {name!r}; {did_you_mean(name, KINDS)}")
    return {name: KINDS[name] for name in names}


def extract(
    paths_or_articles: Any,
    instruments: Any = None,
    anchors: Any = "seeds",
    kinds: Iterable[str] | Mapping[str, Kind] | None = None,
) -> Extraction:
    """Extract signals from articles.

    Parameters
    ----------
    paths_or_articles : a path, several paths ("-" is standard input), an `Article`, a mapping with the fields of one, or an
        iterable of articles or mappings.
    instruments : watch-list: csv path, DataFrame, `Watchlist`; None is the one that ships with the package.
    anchors : dated events that date a text or what it tells: "seeds" (the shipped catalogue), an events csv, `Anchor`
        objects, or None.
    kinds : names of kinds to look for, or a mapping name -> function for kinds of your own; None is all of `KINDS`.

    Returns
    -------
    Extraction with `signals` (one row per article, company and kind), `audit` (one row per article, also for unreadable
    files), `articles` and `events()`.

    Raises
    ------
    ArticleError
        A path does not exist, or a folder holds no file.
    UnknownKindError
        A name in `kinds` is unknown.
    TableError
        The watch-list or the anchors cannot be read.
    """
    from signals.tables import audit_frame, signals_frame

    setup = settings(instruments, anchors, kinds)
    rows: list[dict[str, Any]] = []
    audit: list[dict[str, Any]] = []
    articles: list[Article] = []
    for reading in read_all(paths_or_articles, setup):
        rows += reading.rows
        audit.append(reading.audit)
        if isinstance(reading.article, Article):
            articles.append(reading.article)
    return Extraction(signals_frame(rows), audit_frame(audit), tuple(articles), setup.watchlist)


def read_all(paths_or_articles: Any, setup: Settings) -> Iterator[Reading]:
    """Yield one `Reading` per article, one article in memory at a time."""
    for item in _items(paths_or_articles):
        if isinstance(item, Unreadable):
            yield Reading(item, DateStamp(), (), unreadable_row(item))
        else:
            yield read_one(item, setup)


def _items(given: Any) -> Iterable[Article | Unreadable]:
    if isinstance(given, (str, PathLike)):
        return read_articles(given)
    if isinstance(given, (Article, Mapping)):
        given = [given]
    if isinstance(given, Sequence):
        if given and not all(isinstance(x, (str, PathLike)) for x in given):
            return (_article(x) for x in given)
        return read_articles(given)
    return (_article(x) for x in given)


def _article(item: Any) -> Article | Unreadable:
    if isinstance(item, (Article, Unreadable)):
        return item
    known = {"id", "title", "text", "url", "published", "lang", "source"}
    fields = {k: "" if v is None else str(v) for k, v in item.items() if k in known}
    if "published" not in fields and item.get("date"):
        fields["published"] = str(item["date"])
    extra = {k: v for k, v in item.items() if k not in known}
    if not fields.get("text") and not fields.get("title"):
        return Unreadable(str(item.get("id", "")), "holds neither a text nor a title")
    return Article(**fields, extra=extra)


def read_one(article: Article, setup: Settings) -> Reading:
    """Return everything found in one article."""
    stamp = date_article(article, setup.anchors)
    texts = [
        read_text(raw, setup.watchlist, article.lang, name)
        for name, raw in (("title", article.title), ("text", article.text))
        if raw.strip()
    ]
    found = [signal for text in texts for kind in setup.kinds.values() for signal in kind(text)]
    told = _filled(resolve(found), texts)
    by_field = {text.field: text for text in texts}
    rows = tuple(_row(article, stamp, s, by_field[s.field], setup) for s in told)
    return Reading(article, stamp, rows, audit_row(article, stamp, texts, rows))


def _filled(signals: list[Signal], texts: list[Text]) -> list[Signal]:
    """Give a signal without a company the first company that the article names, if it names any."""
    from dataclasses import replace

    if all(s.company for s in signals):
        return signals
    named = [m for text in texts for sentence in text.sentences for _, m in sorted(sentence.names.items())]
    listed = [m for m in named if m.ticker]
    first = (listed or named or [None])[0]  # type: ignore[list-item]
    return resolve([s if s.company or first is None else replace(s, company=first) for s in signals])


@dataclass(frozen=True)
class When:
    """When the news first became public: instant, precision, the rung that says so, hint and catalogue event."""

    time: datetime | None
    precision: str
    source: str
    hint: str = ""
    event: str = ""


def _row(article: Article, stamp: DateStamp, signal: Signal, text: Text, setup: Settings) -> dict[str, Any]:
    start, end, evidence = text.evidence(signal.start, signal.end)
    ticker = signal.company.ticker if signal.company else ""
    when = _when(signal, text, stamp, setup.anchors)
    others = list(dict.fromkeys(m.name for m in signal.counterparty))
    identity = "|".join((article.id, article.sha256, signal.kind, signal.key, signal.role))
    flags = [*stamp.flags, *(["anchor"] if when.source == "anchor" and "anchor" not in stamp.flags else [])]
    return {
        "signal_id": hashlib.sha1(identity.encode()).hexdigest()[:12],
        "article_id": article.id,
        "kind": signal.kind,
        "status": signal.status,
        "company": signal.company.name if signal.company else "",
        "ticker": ticker,
        "role": signal.role,
        "counterparty": "; ".join(others),
        "event_time": when.time,
        "event_precision": when.precision,
        "event_source": when.source,
        "known_at": known_at(stamp, setup.watchlist.mics.get(ticker, "")),
        "known_precision": stamp.precision,
        "novelty": signal.novelty,
        "confidence": signal.confidence,
        "polarity": signal.polarity,
        "start": start,
        "end": end,
        "evidence": evidence,
        "field": signal.field,
        "subkind": signal.sub,
        "strength": signal.strength,
        "session_hint": when.hint,
        "source_event": when.event,
        "cue": signal.cue,
        "url": article.url,
        "source": article.source,
        "flags": " ".join(flags),
    }


def _when(signal: Signal, text: Text, stamp: DateStamp, anchors: tuple[Anchor, ...]) -> When:
    """Return when the thing told was first public, best estimate; the publication is the upper bound where nothing else shows it.

    Background: the time named in the sentence, sharpened by the catalogue. News: the catalogue's event of that company and
    kind in the ten days up to publication, else a day named in the sentence in that time, else the publication.
    """
    mention = _mention(signal, text, stamp)
    window = _window(signal, mention, stamp)
    for ticker in _dated_by(signal):
        anchor = _anchor(anchors, ticker, signal, window) if window else None
        if anchor:
            return _anchored(anchor)
    if signal.novelty == "background":
        known = mention.stamp() if mention else DateStamp()
        return When(event_time(known), known.precision, "prose" if known.dated else "none")
    if mention and mention.precision == "day" and window and window[0] <= mention.low <= window[1]:
        named = mention.stamp()
        return When(event_time(named), named.precision, "prose")
    return When(event_time(stamp), stamp.precision, stamp.source)


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


def _anchor(anchors: tuple[Anchor, ...], ticker: str, signal: Signal, window: tuple[str, str]) -> Anchor | None:
    """Return the catalogue's event of that company and kind in the window: of the news the latest, of history the only one."""
    low, high = window
    found = [a for a in anchors if a.asset == ticker and a.kind == signal.kind and low <= a.date <= high]
    if signal.novelty == "background":
        return found[0] if len(found) == 1 else None
    return max(found, key=lambda a: (a.date, a.event_id), default=None)


def _mention(signal: Signal, text: Text, stamp: DateStamp) -> DateMention | None:
    """Return the time expression of the signal's sentence that lies nearest to its evidence."""
    sentence = text.sentences[signal.sentence] if signal.sentence < len(text.sentences) else None
    if sentence is None:
        return None
    first, last = text.normal.span(sentence.start, sentence.end)
    start, end = text.normal.span(signal.start, signal.end)
    dated = [m for m in find_dates(text.raw, text.lang, stamp, first, last) if m.low and m.type in ("DATE", "TIME")]
    return min(dated, key=lambda m: (max(m.start - end, start - m.end, 0), m.start), default=None)


def iso_day(moment: datetime | None) -> date | None:
    """Return the UTC day of an instant."""
    return moment.date() if moment else None
