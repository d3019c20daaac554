"""Grammar around the match of a cue: subjects, objects, agents, names joined by "and", names that only describe another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from signals.kinds.alphabet import CODE, codes_of
from signals.kinds.engine import Mention, Sentence
from signals.words import words

N, POSS, AND, COMMA, BRK = (CODE[c] for c in ("N", "POSS", "AND", "COMMA", "BRK"))
_GOVERNS = {CODE[c] for c in ("FOR", "OF", "AN", "BY", "WITH")}
_BEFORE_OBJECTS = _GOVERNS | {CODE["BEAT"]}
_BY = CODE["BY"]
_DESCRIBES = {CODE["PERSON"], CODE["FIRM"]}
_PRONOUNS = {"it", "they", "he", "she", "er", "sie", "es"}
_SAYS = {"reports", "reported", "says", "said", "writes", "reveals", "berichtet", "meldet", "schreibt"}
_CLAUSES = {"after", "as", "while", "amid", "despite", "nachdem", "während", "weil", "obwohl"}
#: Persons who may buy for themselves or hold the company: they do not merely speak for it.
_HOLDERS = {
    "owner", "owners", "parent", "founder", "founders", "billionaire", "tycoon",
    "entrepreneur", "heir", "activist", "former", "milliardär", "gründer", "großaktionär",
    "eigentümer", "hauptaktionär",
}  # fmt: skip
_UNITS = set(codes_of("UNIT"))


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
        before = at - 1
        while before > 1 and at - before <= 3 and (codes[before] in _DESCRIBES or codes[before - 1] in _DESCRIBES):
            before -= 1
        links = (AND,) if before < at - 1 else (AND, COMMA)
        if codes[before] not in links or codes[before - 1] != N:
            break
        at = before - 1
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
        holder = owner(sentence, i)
        if holder is not None:
            return [sentence.names[holder]]
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


def owner(sentence: Sentence, at: int) -> int | None:
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


#: What one company is to another that it describes: "Primark owner AB Foods", "Zalando-Konkurrent Asos".
_RIVALS = words(
    """
rival rivals competitor peer rivale rivalen konkurrent konkurrenten konkurrentin wettbewerber wettbewerbers
"""
)
_RELATIVES = _RIVALS | words(
    """
owner owners parent partner sister maker operator retailer supplier customer backer
mutter mutterkonzern eigentümer eigner besitzer betreiber betreiberin hersteller zulieferer kunde
"""
)
#: What stands before a company that another is measured by, or blames.
_COMPARING = words(
    "beats beating outbids outbidding outpaces outpacing unlike than blames blaming versus vs overtaking reißt zieht übertrifft "
    "sticht überbietet übertrumpft"
)
_COMPARING_PAIRS = frozenset((("contrast", "to"), ("anders", "als"), ("gegensatz", "zu"), ("compared", "with")))


def bare(sentence: Sentence) -> Sentence:
    """Return a sentence without the names that are no party: of "Zalando-Konkurrent Asos" Asos is left.

    Left out is who only describes another, what one is compared with, and a paper that is cited.
    """
    hidden = {i for i in sentence.names if _describes(sentence, i) or _aside_of(sentence, i) or _cited(sentence, i)}
    if not hidden:
        return sentence
    codes = "".join(CODE["FIRM"] if i in hidden else code for i, code in enumerate(sentence.codes))
    return replace(sentence, codes=codes, names={i: m for i, m in sentence.names.items() if i not in hidden})


def _describes(sentence: Sentence, at: int) -> bool:
    """Whether the name at token `at` says whose rival, owner or parent another one is: the next, or one named before."""
    codes, said = sentence.codes, sentence.words
    if codes[at + 1 : at + 3] == COMMA + N and at > 1 and codes[at - 1] == CODE["OF"]:
        return said[at - 2].lower() in _RELATIVES
    word = at + 1 + (codes[at + 1 : at + 2] == POSS)
    if word >= len(said) or said[word].lower() not in _RELATIVES:
        return False
    return codes[word + 1 : word + 2] == N or said[word].lower() in _RIVALS


def _aside_of(sentence: Sentence, at: int) -> bool:
    """Whether the name at token `at` is what another is compared with, or a source ("laut Sunday Times")."""
    said = [word.lower() for word in sentence.words[max(0, at - 2) : at]]
    if not said:
        return False
    if said[-1] == "laut":
        return not sentence.names[at].ticker
    return said[-1] in _COMPARING or tuple(said) in _COMPARING_PAIRS
