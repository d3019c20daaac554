"""One news article, and the note that stands for a file that could not be read as one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Article:
    """One article as read; every field is optional but `text` or `title`.

    `text` and `title` are what evidence spans index into: ``text[start:end] == evidence``. Lone surrogates are replaced one
    to one by U+FFFD, so that every table can be written; nothing else is changed here.

    `published` is the publication date as the source states it, at the precision it shows (``2018-12``, ``2019-01-09``,
    ``2022-06-16T07:00Z``), "" if it states none: `signals.dating.date_article` judges it. `lang` is a two-letter code or ""
    (then detected). `source` is the path or name it was read from, `sha256` the hash of the source document, `markup` the
    raw html of a page (for the dates in its markup), `extra` all other fields of a record, untouched.
    """

    text: str = ""
    title: str = ""
    id: str = ""
    url: str = ""
    published: str = ""
    lang: str = ""
    source: str = ""
    sha256: str = ""
    markup: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def __post_init__(self) -> None:
        """Replace lone surrogates; fill `sha256` (of title and text) and `id` (its first twelve digits) where not given."""
        for name in ("text", "title", "id", "url", "published", "lang", "source"):
            value = getattr(self, name)
            if not value.isascii():
                object.__setattr__(self, name, without_surrogates(value))
        if not self.sha256:
            digest = hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()
            object.__setattr__(self, "sha256", digest)
        if not self.id:
            object.__setattr__(self, "id", self.sha256[:12])


@dataclass(frozen=True)
class Unreadable:
    """A file, or one record of it, that is no article; `reason` is a short sentence for the audit."""

    path: str
    reason: str


def without_surrogates(text: str) -> str:
    """Return `text` with each lone surrogate replaced by U+FFFD; the length does not change."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text
