"""Peers: companies whose share, as the text says, moved on the profit warning of another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from signals.kinds.alphabet import CODE, codes_of
from signals.kinds.base import Signal, TextLike
from signals.kinds.engine import Mention, Sentence
from signals.kinds.roles import identity

_POSS = CODE["POSS"]
_SHARES, _WARNING, _BRK = CODE["SHARES"], CODE["PWARN"], CODE["BRK"]
_SHARES_IN = frozenset((CODE["SHARES"], CODE["STAKE"]))
_MOVES = frozenset(codes_of("FALLV") + codes_of("RISEV") + codes_of("LESS") + codes_of("FAILED"))
_PRONOUNS = frozenset(("it", "they", "er", "sie", "es", "dieser", "diese"))
_ON = frozenset(codes_of("OF"))


def peers(text: TextLike, warnings: Iterable[Signal]) -> list[Signal]:
    """Return one signal with role ``peer`` per company whose share a warning of `warnings` moved: same kind and novelty."""
    out: list[Signal] = []
    for warning in warnings:
        if warning.company is None:
            continue
        sentence = text.sentences[warning.sentence]
        if not (_WARNING in sentence.present and _MOVES & sentence.present and _something_moved(sentence)):
            continue
        issuer = identity(warning.company)
        moved = [m for m in _traded(sentence) if identity(m) != issuer]
        if not moved and not _own_share(sentence, issuer):
            moved = _named_before(text, warning.sentence, issuer)
        out += [replace(warning, role="peer", company=m, counterparty=(warning.company,)) for m in moved]
    return out


def _traded(sentence: Sentence) -> list[Mention]:
    """Return the names beside "share": "Zalando shares", "Zalandos Aktie", "shares in Zalando", "die Aktie von Zalando"."""
    codes = sentence.codes
    found = []
    for i, mention in sentence.names.items():
        after = codes[i + 1 : i + 3]
        if (after[:1] == _SHARES or after == _POSS + _SHARES or _shares_in(sentence, i)) and _moves(codes, i):
            found.append(mention)
    return found


def _something_moved(sentence: Sentence) -> bool:
    return bool(_SHARES_IN & sentence.present) or _mover(sentence) >= 0


def _mover(sentence: Sentence) -> int:
    """Return the token that stands for the share that moves: "the share", or an "it" before the move; -1 if there is none."""
    codes = sentence.codes
    share = codes.find(_SHARES)
    if share >= 0:
        return share
    its = [i for i, word in enumerate(sentence.words) if word.lower() in _PRONOUNS]
    return next((i for i in its if any(c in _MOVES for c in codes[i + 1 : i + 6])), -1)


def _shares_in(sentence: Sentence, at: int) -> bool:
    """Whether "shares in", "die Aktie von" stands before a name."""
    before = sentence.codes[max(0, at - 3) : at]
    if sentence.codes[at - 1 : at] == CODE["STAKE"]:
        return sentence.words[at - 1].lower() == "shares in"
    return _SHARES in before and any(c in _ON for c in before) and _WARNING not in before


def _moves(codes: str, at: int) -> bool:
    """Whether a share moves in the clause of token `at`."""
    start, end = codes.rfind(_BRK, 0, at) + 1, codes.find(_BRK, at)
    return any(c in _MOVES for c in codes[start : end if end >= 0 else len(codes)])


def _own_share(sentence: Sentence, issuer: str) -> bool:
    """Whether the share that moves is the issuer's: the warning is not somebody else's "Asos' warning", "warning by Asos"."""
    codes = sentence.codes
    for i, mention in sentence.names.items():
        if identity(mention) == issuer:
            of_another = _WARNING in codes[i + 1 : i + 4] or _WARNING in codes[max(0, i - 7) : i]
            return not (of_another and _mover(sentence) < codes.find(_WARNING))
    return True


def _named_before(text: TextLike, index: int, issuer: str) -> list[Mention]:
    """Return the listed company named last before a sentence that only says "the share"; it must be another one."""
    for sentence in reversed(text.sentences[max(0, index - 2) : index]):
        for _, mention in sorted(sentence.names.items(), reverse=True):
            if mention.ticker:
                return [] if identity(mention) == issuer else [mention]
    return []
