"""Who plays which role in a statement: what constructions tell, what the cue names, and what stands around its match."""

from __future__ import annotations

import re
from collections.abc import Sequence

from signals.kinds.alphabet import CODE, codes_of
from signals.kinds.constructions import told
from signals.kinds.engine import Cue, Mention, Sentence
from signals.kinds.grammar import (
    BRK,
    COMMA,
    POSS,
    Context,
    N,
    agent,
    bare,
    chain_right,
    identity,
    objects,
    owner,
    span_names,
    subject,
)
from signals.words import words

_ITSELF = {"company", "group", "business", "firm", "unternehmen", "konzern", "gruppe", "firma", "ag", "se", "plc"}
_OWNING = words("its their his her ihr ihre ihren ihres sein seine seinen seines")
_UNITS = set(codes_of("UNIT"))
_VERBS = {CODE[c] for c in ("BUY", "SNAP", "BOUGHT", "SELL")}
_STATES = {CODE[c] for c in words("WARN CUT DROP DROPS RAISE EXPECT ISSUE FALLV FALLN BEAT MISS ENTER BRING")}
_NOUNS = set(codes_of("DEAL") + codes_of("DEALBID") + codes_of("BID"))
_SOURCES = {CODE["SOURCE"], CODE["MEDIA"]}
_FINITE_DE = {
    code
    for c in words("CONSIDER SNAP CUT TAKES WANT MODAL HAVE FUTURE BIDS EXPECT RAISE TALKS MAKE")
    for code in codes_of(c)
}
_DEEDS = _VERBS | {CODE[c] for c in ("DEAL", "DEALBID", "BID", "OFFER", "DEALW")}

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

    def put_all(self, parts: Parties) -> None:
        """Give several roles at once, or none where that contradicts what is known or names one company twice."""
        known = {identity(m): role for role, group in self.found.items() for m in group}
        told = [(identity(m), role) for role, group in parts.items() for m in group]
        if len(set(told)) != len({name for name, _ in told}) or any(known.get(n, r) != r for n, r in told):
            return
        for role, mentions in parts.items():
            self.put(role, mentions)


def parties(sentence: Sentence, hit: re.Match[str], cue: Cue, context: Context, main: str) -> Parties:
    """Return role -> companies of a match; a missing `main` role (target, issuer) is sought in the rest and before."""
    sentence = bare(sentence)
    roles = _Roles({})
    for found in told(sentence, *hit.span(), main):
        roles.put_all({role: _told_names(sentence, role, span) for role, span in found.items()})
    for role in hit.groupdict():
        if hit.group(role):
            roles.put(role.split("_")[0], span_names(sentence, *_apposed(sentence, *hit.span(role))))
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


def _told_names(sentence: Sentence, role: str, span: range) -> list[Mention]:
    """Return the names of a role; of "Sports Direct's Mike Ashley" the firm, if it is he who acts."""
    holder = owner(sentence, span.start) if role == "acquirer" else None
    return span_names(sentence, span.start, span.stop) if holder is None else [sentence.names[holder]]


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
    if any(c in _UNITS for c in tail) or _another(sentence, hit) or _a_part(sentence, hit):
        return True
    itself = CODE["UPSALE"] in hit.group() or CODE["FORSALE"] in hit.group() or CODE["PRON"] in hit.group()
    return not itself and len(sentence.names) > 1


def _a_part(sentence: Sentence, hit: re.Match[str]) -> bool:
    """Whether what is sold is its owner's: "its Polish business", unlike "its business"."""
    codes, said = sentence.codes, sentence.words
    reach = range(hit.start(), min(hit.end() + 6, len(codes) - 2))
    owned = (i for i in reach if codes[i] == CODE["PRON"] and said[i].lower() in _OWNING)
    return any(codes[i + 1] != CODE["FIRM"] and CODE["FIRM"] in codes[i + 2 : i + 4] for i in owned)


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
