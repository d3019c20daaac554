"""Companies that are called like an ordinary word ("Next", "Target"): what must stand around such a word to make it a name."""

from __future__ import annotations

import re

from signals.capture import DOING
from signals.kinds.alphabet import tokens
from signals.kinds.engine import Mention

_VERBS_OF_FIRMS = "said says keeps kept"
_AUXILIARIES = re.compile(r"\s+(?:has|had|was|is|will|hat|ist|wird|war|und|and)\b")
_CONTEXT = re.compile(
    rf"\s+(?:plc|PLC|Plc|shares?|stock|chief|boss|to (?:buy|sell|cut)|{_VERBS_OF_FIRMS.replace(' ', '|')})\b|'s?\s|\s*\d[\d.]*%"
)
_NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
_NOT_A_FIRM = re.compile(r"\s+(?:year|week|month|time|day|quarter|on|up|to|generation|of|price|prices|and)\b")


def in_context(text: str, mention: Mention, start: int, loud: bool, lang: str = "en") -> bool:
    """Whether an alias that is an ordinary word ("Next", "Share", "Time") is used as a name here."""
    if loud:
        return False
    if _NOT_A_FIRM.match(text, mention.end):
        return False
    first = not text[start : mention.start].strip("\"'“„‘ ")
    following = bool(_CONTEXT.match(text, mention.end)) or _does_something(text, mention.end, lang)
    if first or mention.name.isupper():
        return following
    before = text[max(0, mention.start - 2) : mention.start].strip()
    following = following or bool(_AUXILIARIES.match(text, mention.end))
    return following or before not in (":", "?", "!", ".")


def _does_something(text: str, end: int, lang: str) -> bool:
    """Whether the word after `end` is a verb, in lower case, of what companies do."""
    word = _NEXT_WORD.match(text, end)
    if word is None or not word[1].islower():
        return False
    return tokens(text, word.start(1), min(len(text), word.end() + 24), lang)[0].code in DOING


def shouting(words: list[str]) -> bool:
    """Whether a line is in Title Case or capitals, so that a capital letter means nothing."""
    long = [w for w in words[1:] if len(w) > 3]
    return len(long) >= 5 and sum(w[0].isupper() for w in long) > 0.75 * len(long)
