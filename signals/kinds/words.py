"""One class of words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Words of one class: `why` they are one class, `en` and `de` the words separated by blanks."""

    why: str
    en: str = ""
    de: str = ""
