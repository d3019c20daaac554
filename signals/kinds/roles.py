"""Who plays which role in a statement: subjects, objects and agents around the match of a cue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from signals.kinds.alphabet import CODE, codes_of
from signals.kinds.engine import Cue, Mention, Sentence

N, POSS, AND, COMMA, BRK = (CODE[c] for c in ("N", "POSS", "AND", "COMMA", "BRK"))
_GOVERNS = {CODE[c] for c in ("FOR", "OF", "AN", "BY", "WITH")}
_BEFORE_OBJECTS = _GOVERNS | {CODE["BEAT"]}
_BY = CODE["BY"]
_DESCRIBES = {CODE["PERSON"], CODE["FIRM"]}
_PRONOUNS = {"it", "they", "he", "she", "er", "sie", "es"}
_SAYS = {"reports", "reported", "says", "said", "writes", "reveals", "berichtet", "meldet", "schreibt"}
_CLAUSES = {"after", "as", "while", "amid", "despite", "nachdem", "während", "weil", "obwohl"}
_ITSELF = {"company", "group", "business", "firm", "unternehmen", "konzern", "gruppe", "firma", "ag", "se", "plc"}
#: Persons who may buy for themselves or hold the company: they do not merely speak for it.
_HOLDERS = {
    "owner", "owners", "parent", "founder", "founders", "billionaire", "tycoon",
    "entrepreneur", "heir", "activist", "former", "milliardär", "gründer", "großaktionär",
    "eigentümer", "hauptaktionär",
}  # fmt: skip
_UNITS = set(codes_of("UNIT"))
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
_NOUNS = set(codes_of("DEAL") + codes_of("DEALBID") + codes_of("BID"))
_SOURCES = {CODE["SOURCE"], CODE["MEDIA"]}
_FINITE_DE = {
    code
    for c in (
        "CONSIDER",
        "SNAP",
        "CUT",
        "TAKES",
        "WANT",
        "MODAL",
        "HAVE",
        "FUTURE",
        "BIDS",
        "EXPECT",
        "RAISE",
        "TALKS",
        "MAKE",
    )
    for code in codes_of(c)
}
_DEEDS = _VERBS | {CODE[c] for c in ("DEAL", "DEALBID", "BID", "OFFER", "DEALW")}


@dataclass(frozen=True)
class Context:
    """The companies named in `sentences` before sentence `at`, for "the company" and "it"."""

    sentences: Sequence[Sentence]
    at: int

    def before(self, taken: set[str]) -> Mention | None:
        """Return the company that an unnamed party most likely is: of the last twelve the last listed one, else the last."""
        seen: list[Mention] = []
        for sentence in reversed(self.sentences[: self.at]):
            seen = [*_free(sentence), *seen]
            if len(seen) >= 12:
                break
        free = [m for m in seen[-12:] if identity(m) not in taken]
        listed = [m for m in free if m.ticker]
        return (listed or free or [None])[-1]  # type: ignore[list-item]


def _free(sentence: Sentence) -> list[Mention]:
    """Return the companies of a sentence; those that only own something ("Acme's share") if there are no others."""
    owners = {i for i in sentence.names if sentence.codes[i + 1 : i + 2] == POSS}
    return [m for i, m in sentence.names.items() if i not in owners or len(owners) == len(sentence.names)]


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
        if _cited(sentence, i):
            continue
        links = chain_left(sentence, i)
        governed = links[0] > 0 and (
            codes[links[0] - 1] in _BEFORE_OBJECTS or (links[0] > 1 and codes[links[0] - 2] in _GOVERNS)
        )
        titled = i + 1 < start and codes[i + 1] in (CODE["PERSON"], POSS)
        if _person(sentence, links[0]):
            continue
        if not governed and not titled:
            return [sentence.names[k] for k in links]
        fallback = fallback or links
    return [sentence.names[k] for k in fallback]


def _person(sentence: Sentence, at: int) -> bool:
    """Whether a name is that of a person: "Technikchef Stephan Ewen", unlike "parent Walmart"."""
    if at == 0 or sentence.codes[at - 1] != CODE["PERSON"]:
        return False
    return _HOLDERS.isdisjoint(word.lower() for word in sentence.words[max(0, at - 2) : at])


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
    if (
        at >= 2
        and codes[at - 1] == CODE["PERSON"]
        and codes[at - 2] == N
        and sentence.words[at - 1].lower() not in _HOLDERS
    ):
        return at - 2
    for back in (2, 3, 4):
        if at >= back and codes[at - back] == N and codes[at - back + 1] == POSS:
            listed = sentence.names[at - back].ticker and not sentence.names[at].ticker
            return at - back if listed else None
    return None


def objects(sentence: Sentence, end: int, reach: int = 10) -> tuple[list[Mention], list[Mention]]:
    """Return (things bought, their owners) named after token `end`, within `reach` tokens of the same clause."""
    codes = sentence.codes
    for i in range(end, min(len(codes), end + reach)):
        if codes[i] == BRK or sentence.words[i].lower() in _CLAUSES:
            break
        if codes[i] != N or _cited(sentence, i):
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


def _cited(sentence: Sentence, at: int) -> bool:
    """Whether a name is that of a source: ", Bloomberg News reports"."""
    said = sentence.words[at + 1].lower() if at + 1 < len(sentence.words) else ""
    return at > 0 and sentence.codes[at - 1] in (COMMA, BRK) and said in _SAYS and at + 3 > len(sentence.words) - 1


def agent(sentence: Sentence, end: int) -> list[Mention]:
    """Return the names after "by", "from", "durch" behind token `end`."""
    codes = sentence.codes
    for i in range(end, len(codes) - 1):
        if codes[i] in (_BY, CODE["WITH"]):
            for j in range(i + 1, min(i + 7, len(codes))):
                if codes[j] == BRK or (codes[j] == COMMA and codes[i] != _BY):
                    break
                if codes[j : j + 3] == N + POSS + N:
                    return [sentence.names[j + 2]]
                if codes[j] == N and (j + 1 == len(codes) or codes[j + 1] != CODE["PERSON"]):
                    return [sentence.names[k] for k in chain_right(sentence, j)]
    return []


Parties = dict[str, list[Mention]]


class _Roles:
    """Roles being filled: a company plays one role, the first that it is given."""

    def __init__(self, found: Parties) -> None:
        self.found = found
        self.used = {identity(m) for group in found.values() for m in group}

    def put(self, role: str, mentions: Sequence[Mention]) -> None:
        """Give `role` to the mentions that have none, if nobody plays it yet."""
        fresh = [m for m in mentions if identity(m) not in self.used]
        if role and role not in self.found and fresh:
            self.found[role] = fresh
            self.used.update(identity(m) for m in fresh)


def parties(sentence: Sentence, hit: re.Match[str], cue: Cue, context: Context, main: str) -> Parties:
    """Return role -> companies of a match; a missing `main` role (target, issuer) is sought in the rest and before."""
    roles = _Roles(
        {
            role.split("_")[0]: span_names(sentence, *_apposed(sentence, *hit.span(role)))
            for role in hit.groupdict()
            if hit.group(role)
        }
    )
    act = _act(sentence, hit)
    if cue.by:
        roles.put(cue.by, agent(sentence, hit.start() + 1))
    if cue.object:
        things, owners = _before_deed(sentence, hit, act) or objects(sentence, act + 1, max(hit.end() - act, 0) + 10)
        roles.put(cue.object, things)
        roles.put("seller" if main == "target" else "", owners)
    if cue.subject:
        _put_subject(roles, sentence, hit, cue, act, main)
    _put_main(roles, sentence, hit, act, main, context)
    return roles.found


def _put_subject(roles: _Roles, sentence: Sentence, hit: re.Match[str], cue: Cue, act: int, main: str) -> None:
    """Give the cue's subject role to who does it; a bidder where the target already stands before the deed."""
    role = cue.subject
    if role == main == "target" and not cue.object and sentence.codes[act] in _NOUNS:
        roles.put(main, (_before_deed(sentence, hit, act) or ([], []))[0])
        role = "acquirer" if main in roles.found else role
    doers = subject(sentence, _doer(sentence, hit, act))
    roles.put(main if main == "target" and _traded(sentence, doers) else role, doers)
    if cue.subject not in roles.found:
        roles.put(role, _inverted(sentence, hit) or _after_comma(sentence, hit.end()))


def _put_main(roles: _Roles, sentence: Sentence, hit: re.Match[str], act: int, main: str, context: Context) -> None:
    """Find the main party where grammar did not: who sells itself, the other names of the sentence, the companies before."""
    found = roles.found
    if "seller" in found and main == "target" and main not in found and not _sells_something(sentence, hit):
        found["target"] = found.pop("seller")
    if main == "target" and main not in found and any(c in _UNITS for c in sentence.codes[act + 1 : act + 7]):
        main = "seller"
    if main not in found and "seller" not in found:
        rest = [m for i, m in sorted(sentence.names.items()) if identity(m) not in roles.used and _alone(sentence, i)]
        roles.put(main, _with_partners(sentence, rest))
    if main not in found and ("seller" not in found or _another(sentence, hit)):
        earlier = context.before(roles.used)
        roles.put(main, [earlier] if earlier else [])


def _apposed(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """Return the span of the name that a name only describes: "Stihl-Rivale Einhell", else the span itself."""
    if sentence.codes[end : end + 2] == CODE["FIRM"] + N:
        return end + 1, end + 2
    return start, end


def _another(sentence: Sentence, hit: re.Match[str]) -> bool:
    """Whether a firm is sold that is only described: "the disposal of the supermarket chain"."""
    reach = range(hit.start(), min(hit.end() + 8, len(sentence.codes)))
    return any(sentence.codes[i] == CODE["FIRM"] and sentence.words[i].lower() not in _ITSELF for i in reach)


def _before_deed(sentence: Sentence, hit: re.Match[str], act: int) -> tuple[list[Mention], list[Mention]] | None:
    """Return what is bought where it stands before the deed: "weighs a BP takeover", "die Kette Beta zu kaufen"."""
    codes = sentence.codes
    if sentence.lang == "de" and codes[act] in _VERBS and act > hit.start():
        at = next((i for i in range(act - 1, hit.start(), -1) if codes[i] == N), None)
        return ([sentence.names[at]], []) if at is not None and codes[at - 1] not in _SOURCES else None
    if codes[act] in _NOUNS and act - 1 > hit.start() and codes[act - 1] == N:
        return [sentence.names[act - 1]], []
    return None


def _doer(sentence: Sentence, hit: re.Match[str], act: int) -> int:
    """Return the token before which the subject stands."""
    if sentence.lang == "de" and any(sentence.codes[i] == N for i in range(hit.start() + 1, act)):
        return hit.start()
    if sentence.codes[act] in _VERBS | _STATES:
        return act
    return hit.start() + (sentence.codes[hit.start()] == N)


def _traded(sentence: Sentence, names: list[Mention]) -> bool:
    """Whether it is the shares of a company that move: on takeover talk it is then the target."""
    at = next((i for i, m in sentence.names.items() if names and m is names[0]), None)
    after = "" if at is None else sentence.codes[at + 1 : at + 3]
    return after[:1] == CODE["SHARES"] or after == POSS + CODE["SHARES"]


def _with_partners(sentence: Sentence, rest: list[Mention]) -> list[Mention]:
    """Return the first of these names, with those joined to it: "A und B nähern sich an"."""
    at = next((i for i, m in sentence.names.items() if rest and m is rest[0]), None)
    if at is None:
        return []
    return [m for m in (sentence.names[k] for k in chain_right(sentence, at)) if m in rest]


def _sells_something(sentence: Sentence, hit: re.Match[str]) -> bool:
    """Whether a seller has something to sell other than itself: another company, a unit."""
    tail = sentence.codes[hit.start() : hit.end() + 6]
    if any(c in _UNITS for c in tail) or _another(sentence, hit):
        return True
    itself = CODE["UPSALE"] in hit.group() or CODE["FORSALE"] in hit.group() or CODE["PRON"] in hit.group()
    return not itself and len(sentence.names) > 1


def _act(sentence: Sentence, hit: re.Match[str]) -> int:
    """Return the token of a match that is the deed ("buy", "bid"): objects come after it, the subject of a verb before it."""
    deeds = [i for i in range(hit.start(), hit.end()) if sentence.codes[i] in _DEEDS]
    if deeds:
        return deeds[-1]
    return next((i for i in range(hit.start(), hit.end()) if sentence.codes[i] in _STATES), hit.start())


def _inverted(sentence: Sentence, hit: re.Match[str]) -> list[Mention]:
    """Return the subject that follows the verb, as in German clauses that open with something else: "..., erwägt A ..."."""
    if sentence.lang != "de":
        return []
    for i in range(max(hit.start(), 1), min(hit.end() + 3, len(sentence.codes))):
        if sentence.codes[i] == N and sentence.codes[i - 1] in _FINITE_DE:
            return [sentence.names[i]]
    return []


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
