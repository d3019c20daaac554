"""What a kind is made of: cues found in sentences, parties put into roles, signals handed back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from signals.kinds.alphabet import CODE
from signals.kinds.engine import Cue, Mention, Rulebook, Sentence

N, POSS, AND, COMMA, BRK = (CODE[c] for c in ("N", "POSS", "AND", "COMMA", "BRK"))
_GOVERNS = {CODE[c] for c in ("FOR", "OF", "BY", "WITH")}
_BEFORE_OBJECTS = _GOVERNS | {CODE["BEAT"]}
_BY = CODE["BY"]
_OF = {CODE["FOR"], CODE["OF"], CODE["WITH"]}
_DESCRIBES = {CODE["PERSON"], CODE["FIRM"]}
_PRONOUNS = {"it", "they", "he", "she", "er", "sie", "es"}
_UNITS = {CODE["UNIT"]}
_VERBS = {CODE[c] for c in ("BUY", "SNAP", "BOUGHT", "SELL")}
_STATES = {
    CODE[c]
    for c in (
        "WARN",
        "CUT",
        "DROP",
        "DROPS",
        "RAISE",
        "EXPECT",
        "ISSUE",
        "FALLV",
        "FALLN",
        "BEAT",
        "MISS",
        "ENTER",
        "BRING",
    )
}
_RANGE = {CODE["LOWEND"], CODE["HIGHEND"]}
_DEEDS = _VERBS | {CODE[c] for c in ("DEAL", "DEALBID", "BID", "OFFER", "DEALW")}


@dataclass(frozen=True)
class Signal:
    """One statement of a kind about one company; offsets are those of the normalised text of `field`.

    `company` is None where the text names none; `about` identifies the targets of the same statement (all its parties
    where it names no target). `sentence` is the index of its sentence, `cue` the cue that spoke.
    """

    kind: str
    status: str
    role: str
    company: Mention | None
    counterparty: tuple[Mention, ...] = ()
    about: frozenset[str] = frozenset()
    sub: str = ""
    strength: str = ""
    novelty: str = "new"
    confidence: float = 0.9
    polarity: int = 0
    start: int = 0
    end: int = 0
    sentence: int = 0
    cue: str = ""
    field: str = "text"

    @property
    def key(self) -> str:
        """What identifies the company: its ticker, else its name in lower case, else ""."""
        return "" if self.company is None else self.company.ticker or self.company.name.lower()


@dataclass
class Context:
    """Companies named so far, for "the company" and "it"; grows sentence by sentence."""

    seen: list[Mention] = field(default_factory=list)

    def add(self, sentence: Sentence) -> None:
        """Remember the companies of `sentence`; the last twelve are kept."""
        owners = {i for i in sentence.names if sentence.codes[i + 1 : i + 2] == POSS}
        free = [m for i, m in sentence.names.items() if i not in owners or len(owners) == len(sentence.names)]
        self.seen = [*self.seen, *free][-12:]

    def before(self, taken: set[str]) -> Mention | None:
        """Return the company that an unnamed party most likely is: the first listed one of those just named, else the last."""
        free = [m for m in self.seen if identity(m) not in taken]
        listed = [m for m in free if m.ticker]
        return (listed or free or [None])[-1]  # type: ignore[list-item]


def identity(mention: Mention) -> str:
    """Return what makes two mentions the same company."""
    return mention.ticker or mention.name.lower()


def span_names(sentence: Sentence, start: int, end: int) -> list[Mention]:
    """Return the names among the tokens [start, end)."""
    return [sentence.names[i] for i in range(start, end) if i in sentence.names]


def chain_left(sentence: Sentence, at: int) -> list[int]:
    """Return the token indices of coordinated names that end at `at`: "A, B and C"."""
    out = [at]
    codes = sentence.codes
    while at >= 2:
        if codes[at - 1] in (AND, COMMA) and codes[at - 2] == N:
            at -= 2
        elif (
            at >= 4
            and codes[at - 1] in _DESCRIBES
            and codes[at - 2] == N
            and codes[at - 3] == AND
            and codes[at - 4] == N
        ):
            at -= 4
        else:
            break
        out.insert(0, at)
    return out


def chain_right(sentence: Sentence, at: int) -> list[int]:
    """Return the token indices of coordinated names that start at `at`."""
    out = [at]
    codes = sentence.codes
    while at + 2 < len(codes) and codes[at + 1] in (AND, COMMA) and codes[at + 2] == N:
        at += 2
        out.append(at)
    return out


def subject(sentence: Sentence, start: int) -> list[Mention]:
    """Return who does what begins at token `start`: the nearest name before it that no preposition governs."""
    codes = sentence.codes
    fallback: list[int] = []
    aside = _aside(sentence, start)
    for i in range(start - 1, -1, -1):
        if i in aside:
            continue
        if codes[i] == CODE["PRON"] and start - i < 7 and not fallback and sentence.words[i].lower() in _PRONOUNS:
            first = next((k for k in range(i) if codes[k] == N), None)
            return [] if first is None else [sentence.names[first]]
        if codes[i] != N:
            if codes[i] == BRK and fallback:
                break
            continue
        owner = _owner(sentence, i)
        if owner is not None:
            return [sentence.names[owner]]
        links = chain_left(sentence, i)
        governed = links[0] > 0 and (
            codes[links[0] - 1] in _BEFORE_OBJECTS or (links[0] > 1 and codes[links[0] - 2] in _GOVERNS)
        )
        titled = i + 1 < start and codes[i + 1] in (CODE["PERSON"], POSS)
        if not governed and not titled:
            return [sentence.names[k] for k in links]
        fallback = fallback or links
    return [sentence.names[k] for k in fallback]


def _aside(sentence: Sentence, end: int) -> range:
    """Return the tokens of a relative clause that closes before `end`: ", which counts Apple among its customers,"."""
    for i in range(1, end):
        if sentence.codes[i - 1] == COMMA and sentence.words[i].lower() in ("which", "who", "whose", "that", "where"):
            close = next((k for k in range(i + 1, end) if sentence.codes[k] == COMMA), None)
            if close is not None:
                return range(i, close)
    return range(0)


def _owner(sentence: Sentence, at: int) -> int | None:
    """Return the listed owner of a person or unit: "Sports Direct's Mike Ashley"."""
    codes = sentence.codes
    for back in (2, 3, 4):
        if at >= back and codes[at - back] == N and codes[at - back + 1] == POSS:
            listed = sentence.names[at - back].ticker and not sentence.names[at].ticker
            return at - back if listed else None
    return None


def objects(sentence: Sentence, end: int, reach: int = 10) -> tuple[list[Mention], list[Mention]]:
    """Return (things bought, their owners) named after token `end`, within `reach` tokens of the same clause."""
    codes = sentence.codes
    for i in range(end, min(len(codes), end + reach)):
        if codes[i] == BRK:
            break
        if codes[i] != N:
            continue
        if i and codes[i - 1] in (_BY, CODE["PERSON"]):
            continue
        if i + 1 < len(codes) and codes[i + 1] == POSS:
            if i + 2 < len(codes) and codes[i + 2] == N:
                return [sentence.names[i + 2]], [sentence.names[i]]
            if any(c in _UNITS for c in codes[i + 2 : i + 5]):
                return [], [sentence.names[i]]
        if codes[i + 1 : i + 3] == CODE["FIRM"] + N:
            i += 2
        return [sentence.names[k] for k in chain_right(sentence, i)], []
    return [], []


def agent(sentence: Sentence, end: int) -> list[Mention]:
    """Return the names after "by", "from", "durch" behind token `end`."""
    codes = sentence.codes
    for i in range(end, len(codes) - 1):
        if codes[i] in (_BY, CODE["WITH"]):
            for j in range(i + 1, min(i + 7, len(codes))):
                if codes[j] == BRK:
                    break
                if codes[j] == N and (j + 1 == len(codes) or codes[j + 1] != CODE["PERSON"]):
                    return [sentence.names[k] for k in chain_right(sentence, j)]
    return []


Parties = dict[str, list[Mention]]


def parties(sentence: Sentence, hit: re.Match[str], cue: Cue, context: Context, main: str) -> Parties:
    """Return role -> companies of a match; a missing `main` role (target, issuer) is sought in the rest and before."""
    found: Parties = {
        role.split("_")[0]: span_names(sentence, *hit.span(role)) for role in hit.groupdict() if hit.group(role)
    }
    used = {identity(m) for group in found.values() for m in group}

    def put(role: str, mentions: Sequence[Mention]) -> None:
        fresh = [m for m in mentions if identity(m) not in used]
        if role and role not in found and fresh:
            found[role] = fresh
            used.update(identity(m) for m in fresh)

    inside = hit.start() + 1
    act = _act(sentence, hit)
    if cue.by:
        put(cue.by, agent(sentence, inside))
    if cue.object:
        things, owners = objects(sentence, act + 1, max(hit.end() - act, 0) + 10)
        put(cue.object, things)
        put("seller" if main == "target" else "", owners)
    if cue.subject:
        doer = (
            act
            if sentence.codes[act] in _VERBS | _STATES
            else inside
            if sentence.codes[hit.start()] == N
            else hit.start()
        )
        put(cue.subject, subject(sentence, doer))
    if cue.subject and cue.subject not in found:
        put(cue.subject, _after_comma(sentence, hit.end()))
    if main == "target" and main not in found and any(c in _UNITS for c in sentence.codes[act + 1 : act + 7]):
        main = "seller"
    if main not in found and "seller" not in found:
        rest = [m for i, m in sorted(sentence.names.items()) if identity(m) not in used and _alone(sentence, i)]
        put(main, rest[:1])
    if main not in found and "seller" not in found:
        earlier = context.before(used)
        put(main, [earlier] if earlier else [])
    return found


def _act(sentence: Sentence, hit: re.Match[str]) -> int:
    """Return the token of a match that is the deed ("buy", "bid"): objects come after it, the subject of a verb before it."""
    deeds = [i for i in range(hit.start(), hit.end()) if sentence.codes[i] in _DEEDS]
    if deeds:
        return deeds[-1]
    return next((i for i in range(hit.start(), hit.end()) if sentence.codes[i] in _STATES), hit.start())


def _after_comma(sentence: Sentence, end: int) -> list[Mention]:
    """Return the subject of the main clause that follows: "With the acquisition of B, announced yesterday, A is ..."."""
    for i in range(end + 1, min(end + 5, len(sentence.codes))):
        if sentence.codes[i] == N and sentence.codes[i - 1] == COMMA:
            return [sentence.names[i]]
    return []


def _alone(sentence: Sentence, at: int) -> bool:
    """Whether a name may be a party by itself: it is not cited as a source ("..., Reuters reported", ": WSJ")."""
    before = sentence.codes[at - 1] if at else ""
    return not (at == len(sentence.codes) - 1 and before == BRK) and before != CODE["PERSON"]


def run(text: TextLike, compiled: dict[str, Rulebook], kind: str, main: str, polarity: int) -> list[Signal]:
    """Return the signals of one kind in a text: cues in their order, the first to claim a stretch of a sentence keeps it."""
    context = Context()
    out: list[Signal] = []
    for sentence in text.sentences:
        claimed: list[tuple[int, int]] = []
        for rule in compiled[sentence.lang].candidates(sentence.present):
            hit = rule.search(sentence)
            if hit is None or any(hit.start() < b and a < hit.end() for a, b in claimed):
                continue
            claimed.append(hit.span())
            out += _signals(text.field, sentence, hit, rule.cue, context, kind, main, polarity)
        if sentence.names:
            context.add(sentence)
    return out


def calibrated(weight: float) -> float:
    """Return the probability that a signal of a cue of this weight is right.

    The weights order the cues. The line through them was set by hand on the labelled development items, a little below their
    observed precision, because the rules were written with these items in view.
    """
    return round(min(0.99, max(0.05, 0.86 + 0.45 * (weight - 0.72))), 3)


def _signals(
    where: str, sentence: Sentence, hit: re.Match[str], cue: Cue, context: Context, kind: str, main: str, polarity: int
) -> list[Signal]:
    """Return one signal per party of a match, one without a company if nobody is named."""
    roles = parties(sentence, hit, cue, context, main)
    start, end = sentence.spans[hit.start()][0], sentence.spans[hit.end() - 1][1]
    common: dict[str, Any] = {
        "kind": kind,
        "status": cue.status,
        "sub": cue.sub,
        "strength": "soft" if cue.strength and _RANGE & set(hit.group()) else cue.strength,
        "novelty": cue.novelty,
        "polarity": polarity,
        "start": start,
        "end": end,
        "sentence": sentence.index,
        "cue": cue.name,
        "field": where,
    }
    pairs = [(role, m) for role, group in roles.items() for m in group]
    about = frozenset(identity(m) for role, m in pairs if role == main) or frozenset(identity(m) for _, m in pairs)
    if not pairs:
        return [Signal(role=main, company=None, confidence=calibrated(cue.weight - 0.1), **common)]
    made = []
    for role, mention in pairs:
        others = tuple(m for r, m in pairs if r != role)
        made.append(
            Signal(
                role=role,
                company=mention,
                counterparty=others,
                about=about,
                confidence=calibrated(cue.weight),
                **common,
            )
        )
    return made


class TextLike(Protocol):
    """What `run` reads (see `signals.document.Text`)."""

    @property
    def field(self) -> str:
        """Which field of the article this is."""

    @property
    def sentences(self) -> Sequence[Sentence]:
        """The sentences in their order."""
