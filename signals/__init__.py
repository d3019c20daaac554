"""News to events: read articles, date them, find the companies, tag what they say, and merge stories into an events table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from signals.article import Article
    from signals.dedupe import merge_stories
    from signals.errors import ArticleError, SignalsError, TableError, UnknownKindError
    from signals.extraction import Extraction, extract
    from signals.kinds import KINDS
    from signals.linking import Watchlist
    from signals.readers import read_articles

_HOMES = {
    "Article": "signals.article",
    "ArticleError": "signals.errors",
    "Extraction": "signals.extraction",
    "KINDS": "signals.kinds",
    "SignalsError": "signals.errors",
    "TableError": "signals.errors",
    "UnknownKindError": "signals.errors",
    "Watchlist": "signals.linking",
    "extract": "signals.extraction",
    "merge_stories": "signals.dedupe",
    "read_articles": "signals.readers",
}

__all__ = [
    "KINDS",
    "Article",
    "ArticleError",
    "Extraction",
    "SignalsError",
    "TableError",
    "UnknownKindError",
    "Watchlist",
    "extract",
    "merge_stories",
    "read_articles",
    "seeds",
]


def seeds() -> Path:
    """Return the path of the seed articles (json lines) that ship with the package."""
    return Path(__file__).resolve().parents[1] / "seeds" / "articles.jsonl"


def __getattr__(name: str) -> Any:
    """Import an exported name when it is first asked for: `import signals` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'signals' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
