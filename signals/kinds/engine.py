"""The machine under the kinds: sentences become strings of word classes, cues are regular expressions over these strings.

A token is one character of `Sentence.codes`; a cue such as ``CONSIDER ~4 DEAL`` ("considers a cash takeover") is compiled to a
regular expression over that alphabet. Gaps are bounded and sentences are short, so that the work is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from signals.kinds.alphabet import CODE, FREQUENT, NAME_OF, codes_of


@dataclass(frozen=True)
class Mention:
    """A company in the text: `name` as written, `ticker` of the watch-list or ""; offsets in the normalised text."""

    name: str
    start: int
    end: int
    ticker: str = ""
    isname: bool = True


@dataclass(frozen=True)
class Sentence:
    """One sentence: `codes` one class character per token, `spans` the tokens' offsets, `names` the mention of an N token."""

    index: int
    start: int
    end: int
    codes: str
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    names: dict[int, Mention]
    present: frozenset[str]
    lang: str = "en"

    def classes(self) -> str:
        """Return the class names, for people who write cues."""
        return " ".join(NAME_OF[c] for c in self.codes)


# ------------------------------------------------------------------------------------------------ cues


@dataclass(frozen=True)
class Cue:
    """A pattern of the language that states a kind.

    `en` and `de` are patterns over class names; ``~4`` is a gap of at most four tokens inside a clause, ``~4!NOT,END`` one
    that holds none of these classes, ``!NOT`` one token that is not of a class, ``N@target`` a name with its role. `unless`
    is a pattern that, found in the same sentence, silences the cue. `subject`, `object` and `by` say which role the name
    before, the name after, and the name after "by"/"from"/"durch" plays where the pattern itself names none. `weight` is the
    confidence. `examples` holds English and `beispiele` German sentences that it must match.
    """

    name: str
    reason: str
    en: str = ""
    de: str = ""
    examples: tuple[str, ...] = ()
    beispiele: tuple[str, ...] = ()
    unless: str = ""
    sub: str = ""
    status: str = ""
    strength: str = ""
    novelty: str = "new"
    weight: float = 0.9
    subject: str = ""
    object: str = ""
    by: str = ""


_PART = re.compile(
    r"(?P<name>[A-Z]+)(?:@(?P<role>[a-z]+))?|~(?P<gap>\d+)(?:!(?P<bar>[A-Z]+(?:,[A-Z]+)*))?|!(?P<no>[A-Z]+)"
    r"|(?P<op>[()|?*+.^$]|\{\d+(?:,\d*)?\}|\(\?[:=!]|\(\?<[=!])|\s+"
)


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Translate a pattern over class names into a regular expression over class codes.

    Raises
    ------
    KeyError
        A name that is no class of the lexicon.
    """
    out: list[str] = []
    roles = 0
    for part in re.finditer(r"\(\?<?[=!:]|" + _PART.pattern, pattern):
        text = part.group()
        if part["name"]:
            code = f"[{codes_of(part['name'])}]"
            many = f"{code}(?:[{CODE['AND']}{CODE['COMMA']}]{{1,2}}{code})*"
            roles += bool(part["role"])
            out.append(f"(?P<{part['role']}_{roles}>{many})" if part["role"] else code)
        elif part["gap"]:
            barred = "".join(codes_of(n) for n in part["bar"].split(",")) if part["bar"] else ""
            out.append(f"[^{CODE['BRK']}{barred}]{{0,{part['gap']}}}?")
        elif part["no"]:
            out.append(f"[^{codes_of(part['no'])}]")
        elif not text.isspace():
            out.append(text)
    return re.compile("".join(out))


def alternatives(pattern: str) -> list[str]:
    """Split a pattern at its top-level bars."""
    out, depth, start = [], 0, 0
    for i, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            out.append(pattern[start:i])
            start = i + 1
    return [*out, pattern[start:]]


def needed(pattern: str) -> tuple[frozenset[str], ...]:
    """Return sets of codes, one of each of which an alternative needs: a cheap test before the search."""
    needs: list[frozenset[str]] = []
    at = 0
    while at < len(pattern):
        part = _PART.match(pattern, at)
        if part is None:
            raise ValueError(f"a cue cannot hold {pattern[at:]!r}")
        end = part.end()
        if pattern[at] == "(":
            end = _closing(pattern, at) + 1
            inside = pattern[at + 1 : end - 1]
            found = () if inside.startswith("?") else _of_group([needed(way) for way in alternatives(inside)])
        else:
            found = (frozenset(codes_of(part["name"])),) if part["name"] else ()
        if pattern[end : end + 1] not in ("?", "*"):
            needs += found
        at = end
    return tuple(needs)


def _of_group(ways: list[tuple[frozenset[str], ...]]) -> tuple[frozenset[str], ...]:
    """Return what a group needs: all of its only way, else a class of one of its ways (the rarest need of each)."""
    if len(ways) == 1:
        return ways[0]
    if not all(ways):
        return ()
    rarest = (min(way, key=lambda need: (bool(need & FREQUENT), len(need))) for way in ways)
    return (frozenset().union(*rarest),)


def _closing(pattern: str, start: int) -> int:
    """Return the index of the bracket that closes the one at `start`."""
    depth = 0
    for i in range(start, len(pattern)):
        depth += (pattern[i] == "(") - (pattern[i] == ")")
        if depth == 0:
            return i
    raise ValueError(f"a cue opens a bracket that it does not close: {pattern[start:]!r}")


@dataclass(frozen=True)
class Rule:
    """A cue compiled for one language; `ways` holds, for each alternative, the sets of codes of which it needs one each."""

    cue: Cue
    pattern: re.Pattern[str]
    ways: tuple[tuple[frozenset[str], ...], ...]
    unless: re.Pattern[str] | None

    def possible(self, codes: frozenset[str]) -> bool:
        """Whether a sentence that holds no class but these can match."""
        return any(not any(need.isdisjoint(codes) for need in way) for way in self.ways)

    def search(self, sentence: Sentence) -> re.Match[str] | None:
        """Return the first match in `sentence`, None if there is none or the cue is silenced."""
        hit = self.pattern.search(sentence.codes)
        if hit and self.unless is not None and self.unless.search(sentence.codes):
            return None
        return hit


@dataclass(frozen=True)
class Rulebook:
    """The rules of one kind in one language, with an index from the rarest class that each needs.

    `rare` holds, for each rule and each of its ways, the needs that no frequent class meets.
    """

    rules: tuple[Rule, ...]
    keys: frozenset[str]
    index: dict[str, tuple[int, ...]]
    rare: tuple[tuple[tuple[frozenset[str], ...], ...], ...]
    memo: dict[frozenset[str], tuple[Rule, ...]] = field(default_factory=dict, compare=False, repr=False)

    def candidates(self, present: frozenset[str]) -> tuple[Rule, ...]:
        """Return the rules, in their order, that a sentence with these codes can match."""
        seen = present & self.keys
        known = self.memo.get(seen)
        if known is None:
            numbers = sorted({i for code in seen for i in self.index[code]})
            known = tuple(self.rules[i] for i in numbers if _possible(self.rare[i], seen))
            if len(self.memo) > 10_000:
                self.memo.clear()
            self.memo[seen] = known
        return known


def _possible(ways: tuple[tuple[frozenset[str], ...], ...], seen: frozenset[str]) -> bool:
    return any(not any(need.isdisjoint(seen) for need in way) for way in ways)


def rulebook(found: tuple[Rule, ...]) -> Rulebook:
    """Index rules by the codes of their rarest need; every other need that is not frequent is checked as well."""
    index: dict[str, list[int]] = {}
    keys: set[str] = set()
    for number, rule in enumerate(found):
        for way in rule.ways:
            rare = _rare(way) or way
            for code in min(rare, key=len):
                index.setdefault(code, []).append(number)
            keys.update(*rare)
    keys.update(index)
    needs = tuple(tuple(_rare(way) for way in rule.ways) for rule in found)
    return Rulebook(found, frozenset(keys), {code: tuple(index.get(code, ())) for code in keys}, needs)


def _rare(way: tuple[frozenset[str], ...]) -> tuple[frozenset[str], ...]:
    return tuple(need for need in way if need.isdisjoint(FREQUENT))


def rules(cues: tuple[Cue, ...]) -> dict[str, Rulebook]:
    """Compile cues per language."""
    return {
        lang: rulebook(tuple(_rule(cue, getattr(cue, lang)) for cue in cues if getattr(cue, lang)))
        for lang in ("en", "de")
    }


def _rule(cue: Cue, pattern: str) -> Rule:
    ways = tuple(needed(way) for way in alternatives(pattern))
    unless = compile_pattern(cue.unless) if cue.unless else None
    return Rule(cue, compile_pattern(pattern), ways, unless)
