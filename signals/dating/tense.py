"""Past or future: the verbs around a time expression decide which Tuesday, which April is meant."""

from __future__ import annotations

import re
from collections.abc import Callable

from signals.dating.grammar import FUTURE, PAST

_BEFORE, _AFTER = 120, 70
_BREAK = re.compile(r"[.;!?]['\"”’`)]*\s|\n")
_ENGLISH = re.compile(
    r"\b(?P<future>(?:will|won't|shall|would|'ll|"
    r"(?:is|are|was|were|be) (?:scheduled|due|set|expected|slated|planned|to|about)|plans to|set to|intends? to|"
    r"expects? to|going to|scheduled|due|expires?|matures?|payable|effective|until|upcoming|coming|starts|begins)"
    r"(?:\s+(?:not|be|also|to|take|been))*(?:\s+\w+ed\b)?)"
    r"|\b(?P<past>said|says|was|were|had|has|have|did|reported|announced|told|rose|"
    r"fell|made|came|took|went|gave|got|began|sold|"
    r"bought|met|won|lost|cut|set|hit|held|led|left|paid|put|ran|saw|sent|sank|stood|spoke|wrote|fallen|since|ended|closed|\w{2,}ed)\b",
    re.I,
)
# Strong verbs in the past, with any prefix ("einbrach"); weak ones end in -te. Then the present of the stock market report,
# which tells of moves and messages that have happened ("die Aktie verliert am Dienstag").
_STRONG = (
    "verlor|sank|brach|sprang|fiel|zog|nahm|hielt|stieß|schloss|schrieb|sprach|traf|blieb|ließ|wuchs|ging|gewann|bot|rief|trat|"
    "begann|lief|fand|warf|trug|griff|wies|bat|riss|schoss|schlug|litt|kam|gab|sah|stand|lag|hing|fuhr|schied|stieg|empfahl"
)
_REPORT = (
    "fällt|fallen|verliert|verlieren|steigt|steigen|gewinnt|sinkt|sinken|bricht|brechen|springt|klettert|klettern|rutscht|"
    "notiert|notieren|senkt|kürzt|warnt|meldet|melden|teilt|gibt|sagt|berichtet|heißt|seit"
)
_GERMAN = re.compile(
    r"\b(?P<future>wird|werden|würden?|soll|sollen|sollte|will|wollen|plant|planen|möchten?|dürfte|könnte|geplant|anstehend\w*|"
    r"kommend\w*|findet|finden|beginnt|beginnen|startet|starten|lädt|laden|bis|ab|steht|stehen|folgt|tritt|erscheint|läuft|"
    r"präsentiert)\b"
    r"|\b(?P<auxiliary>hat|haben|ist|sind)\b"
    rf"|\b(?P<past>war|waren|wurde|wurden|hatte|hatten|\w{{0,8}}(?:{_STRONG})(?:en)?|{_REPORT}|"
    r"\w{3,}(?:te|ten)|ge\w{2,}(?:t|en)|\w{3,}iert)\b",
    re.I,
)
_PARTICIPLE = re.compile(
    r"\b(?:\w{0,8}ge\w{2,}(?:t|en)|(?:be|ver|er|ent|zer|über|unter)\w{3,}(?:t|en)|\w{3,}iert|worden|gewesen)\b", re.I
)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words of the clause before and after `text[start:end]`, at most so many characters of each."""
    before = text[max(start - _BEFORE, 0) : start]
    breaks = [found.end() for found in _BREAK.finditer(before)]
    after = text[end : end + _AFTER]
    stop = _BREAK.search(after)
    return before[breaks[-1] :] if breaks else before, after[: stop.start()] if stop else after


def _nearest(pattern: re.Pattern[str], before: str, after: str) -> re.Match[str] | None:
    verbs = list(pattern.finditer(before))
    return verbs[-1] if verbs else pattern.search(after)


def english_tense(text: str, start: int, end: int) -> int:
    """Return PAST, FUTURE or 0 for `text[start:end]`: the nearest verb before it in its clause, else the first after it."""
    verb = _nearest(_ENGLISH, *_around(text, start, end))
    return 0 if verb is None else FUTURE if verb["future"] else PAST


def german_tense(text: str, start: int, end: int) -> int:
    """Return PAST, FUTURE or 0 as `english_tense` does; "ist" and "hat" are past with a participle, else they look ahead."""
    before, after = _around(text, start, end)
    verb = _nearest(_GERMAN, before, after)
    if verb is None:
        return 0
    if verb["auxiliary"]:
        return PAST if _PARTICIPLE.search(f"{before} {after}") else FUTURE
    return FUTURE if verb["future"] else PAST


TENSES: dict[str, Callable[[str, int, int], int]] = {"en": english_tense, "de": german_tense}
