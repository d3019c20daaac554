"""From text to tokens: every word is one character that stands for its class, phrases are joined.

The work is linear in the text; what a word is, is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from signals.kinds.lexicon import CLASSES

_FIXED = ("N", "NUM", "MONEY", "POSS", "COMMA", "BRK", "X", "PCT")
CODE: dict[str, str] = {name: chr(0x4E00 + i) for i, name in enumerate((*_FIXED, *CLASSES))}
NAME_OF = {code: name for name, code in CODE.items()}
OTHER = CODE["X"]
#: So many words are remembered before everything is forgotten: what is kept stays bounded over any number of articles.
MEMORY = 30_000

#: Classes that share words: a pattern that names the family matches any member.
FAMILIES: dict[str, tuple[str, ...]] = {
    "CUT": ("CUT", "DROP", "DROPS"),
    "LOWER": ("CUT", "DROPS"),
    "END": ("END", "DROP", "DROPS", "COLLAPSE"),
    "LESS": ("LESS", "FALLN", "DROPS", "COLLAPSE", "PESS"),
    "SELL": ("SELL", "SALE", "SOLD"),
    "DEAL": ("DEAL", "TIEUP"),
    "AGREE": ("AGREE", "CONFIRM"),
    "DENY": ("DENY", "DISMISS"),
    "REJECT": ("REJECT", "DISMISS"),
    "KEEP": ("KEEP", "CONFIRM"),
    "UNIT": ("ARM", "ASSET"),
    "OF": ("OF", "AN"),
    "NOLONGER": ("NOLONGER", "ONLY", "NOMORE"),
    "TAKES": ("TAKES", "LIFTS"),
    "GUIDE": ("GUIDE", "STREET"),
    "OWN": ("GUIDE",),
    "PROSPECT": ("PROSPECT", "WOHL"),
    "SURPRISE": ("SURPRISE", "SHOCK"),
    "UPWARD": ("UPWARD", "AN"),
    "FALLV": ("FALLV", "FALLN", "DROPS", "COLLAPSE"),
    "NUM": ("NUM", "MONEY"),
    "QTY": ("NUM", "COUNT"),
    "CONSIDER": ("CONSIDER", "EYE"),
    "FUTURE": ("FUTURE", "SOLL"),
    "SNAP": ("SNAP", "GRASP"),
    "BUY": ("BUY", "MERGE"),
    "BID": ("BID", "APPR"),
    "DEALBID": ("DEALBID", "APPR"),
    "CO": ("N", "FIRM", "ARM", "MAJORITY"),
}


def codes_of(name: str) -> str:
    """Return the codes that a class name stands for in a pattern: its own, or those of a family."""
    return "".join(CODE[n] for n in FAMILIES.get(name, (name,)))


#: Classes too frequent to tell by their presence whether a sentence is worth a search; those that are no words are among them.
FREQUENT = frozenset(
    code
    for name in (
        *(name for name in _FIXED if name not in ("NUM", "MONEY")),
        *["OF", "FOR", "TO", "AND", "BE", "PRON", "HAVE", "ON"],
    )
    for code in codes_of(name)
)

_LETTERS = r"[^\W\d_]\w*(?:(?<=n)'t\b|(?:\.[^\W\d_]\w*)+\.?|&\w+)?"
_WORD = re.compile(_LETTERS)
#: Words, sums of money, numbers, possessives, marks. Ways without groups are told apart by their first character, so that
#: the search tries one of them only.
_TOKEN = re.compile(
    _LETTERS
    + r"|&|[£$€¥]\s?\d[\d.,]*(?:bn|tn|mn|m|k|p)?\b|\d[\d.,]*(?:bn|tn|mn|m|k|p|th|rd|nd)?\b|'(?:s\b|(?<=[sxz]')(?!\w))"
    r"|[%,()\"“”„«»;:|–—<>]|-(?<=\s-)(?=\s)|[!?.](?=\s)"
)
#: The class of a token that is no word, by its first character.
_DIGIT = re.compile(r"\d")
_SIGNS = {
    sign: CODE[name]
    for name, signs in (
        ("POSS", "'"),
        ("PCT", "%"),
        ("MONEY", "£$€¥"),
        ("COMMA", ',()"“”„«»'),
        ("BRK", ";:|–—<>-!?."),
    )
    for sign in signs
}


def _shortest(fragment: str) -> int:
    """Return how many letters the shortest way of a pattern of words has."""
    return min(len(re.sub(r"\W", "", way)) for way in fragment.split("|"))


def _told_by(fragments: list[str]) -> tuple[str, str]:
    """Return the two words of a phrase that tell of it, the one that is likelier to be rare (the longer one) first."""
    rarest = max(fragments[1:], key=_shortest)
    return (rarest, fragments[0]) if _shortest(rarest) >= _shortest(fragments[0]) else (fragments[0], rarest)


def _unfold(fragment: str) -> list[str]:
    """Split a phrase ``rule(s|d)_out`` into its words, written as regular expressions."""
    return fragment.split("_")


#: What a piece of text between blanks can hold: class codes that are not frequent, and phrases of which it is the key word.
Hint = tuple[str, tuple[int, ...]]
_NEVER = "(?!)"
_RANK = {name: place for place, name in enumerate(CLASSES)}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed: of the thousands there are, a run needs few."""
    return re.compile(pattern)


def _is(fragment: str, lower: str) -> bool:
    return fragment == lower if fragment.isalpha() else _compiled(fragment).fullmatch(lower) is not None


@dataclass(frozen=True)
class Fragments:
    """Numbered patterns of words: in `plain` those that are one word, by this word; in `others` the rest by the first letter
    of their words ("" for any other), as a pattern that any of them matches, and these.
    """

    plain: dict[str, tuple[int, ...]]
    others: dict[str, tuple[str, tuple[tuple[int, str], ...]]]

    def of(self, lower: str) -> tuple[int, ...]:
        """Return the numbers of the patterns that match a word, ascending."""
        found = self.plain.get(lower, ())
        some, others = self.others.get(lower[:1]) or self.others[""]
        if _compiled(some).fullmatch(lower):
            more = (number for number, fragment in others if _compiled(fragment).fullmatch(lower))
            return tuple(sorted((*found, *more)))
        return found


@dataclass(frozen=True)
class Lexicon:
    """The words of one language.

    `word` maps a word to its class code and the phrases that it may open; `hints` a text to the codes that it may hold. Both
    are remembered. `plain` holds the class of a word that stands in the lexicon as it is, `single`, by first letter ("" for any
    other), one pattern with a named group for each class, `firsts` the first words of the phrases, which are `openers`. Of each
    phrase two words tell whether it can be there, the first and the rarest of the others: `parts` holds the patterns of such
    words, `keys` for each of them the phrases of which it is the key, `partner` for each phrase the part
    that must be there as well, `holders` the pieces of text known to hold each part, and `whole` looks for all its words.
    """

    plain: dict[str, str]
    single: dict[str, str]
    firsts: Fragments
    openers: tuple[tuple[tuple[str, ...], str], ...]
    parts: Fragments
    keys: tuple[tuple[int, ...], ...]
    partner: tuple[int, ...]
    whole: tuple[str, ...]
    holders: tuple[set[str], ...] = field(compare=False, repr=False)
    memo: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict, compare=False, repr=False)
    hinted: dict[str, Hint] = field(default_factory=dict, compare=False, repr=False)
    silent: set[str] = field(default_factory=set, compare=False, repr=False)
    pairs: dict[tuple[tuple[int, ...], str], tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def hints(self, text: str) -> frozenset[str]:
        """Return the codes, but for the frequent ones, of all classes that `text` can hold, and maybe more.

        Cheaper than to tokenise it: only pieces between blanks that tell something are looked at, each of them once.
        """
        if len(self.silent) + len(self.hinted) > 2 * MEMORY:
            self.hinted.clear()
            for pieces in (self.silent, *self.holders):
                pieces.clear()
        found: set[str] = {CODE["NUM"], CODE["MONEY"]} if _DIGIT.search(text) else set()
        phrases: list[int] = []
        pieces = set(text.split())
        for piece in pieces - self.silent:
            codes, keyed = self.hinted.get(piece) or self._hint(piece)
            found.update(codes)
            phrases += keyed
        holders, partner, openers = self.holders, self.partner, self.openers
        lower = text.lower() if phrases else ""
        for i in phrases:
            code = openers[i][1]
            settled = code in found or pieces.isdisjoint(holders[partner[i]])
            if not settled and _compiled(self.whole[i]).search(lower):
                found.add(code)
        return frozenset(found - FREQUENT if phrases else found)

    def _hint(self, piece: str) -> Hint:
        words = _WORD.findall(piece)
        codes = {self.word(word)[0] for word in words} - FREQUENT
        keyed: tuple[int, ...] = ()
        for word in map(str.lower, words):
            for i in self.parts.of(word):
                self.holders[i].add(piece)
                keyed += self.keys[i]
        hint = ("".join(sorted(codes)), keyed)
        if any(hint):
            self.hinted[piece] = hint
        else:
            self.silent.add(piece)
        return hint

    def after(self, openers: tuple[int, ...], word: str) -> tuple[int, ...]:
        """Return which of these phrases have `word` as their second word."""
        known = self.pairs.get((openers, word))
        if known is None:
            lower = word.lower()
            known = tuple(i for i in openers if _is(self.openers[i][0][1], lower))
            if len(self.pairs) > MEMORY:
                self.pairs.clear()
            self.pairs[(openers, word)] = known
        return known

    def word(self, word: str) -> tuple[str, tuple[int, ...]]:
        """Return (class code, indices into `openers` of the phrases that may start here) of a word as written."""
        known = self.memo.get(word)
        if known is None:
            if word[0] in _SIGNS or word[0].isdecimal():
                return _SIGNS.get(word[0], CODE["NUM"]), ()
            lower = word.lower()
            known = (self._code(lower), self.firsts.of(lower))
            if len(self.memo) > MEMORY:
                self.memo.clear()
            self.memo[word] = known
        return known

    def _code(self, lower: str) -> str:
        """Return the code of the first class that has a word."""
        hit = _compiled(self.single.get(lower[:1]) or self.single[""]).fullmatch(lower)
        names = [name for name in (self.plain.get(lower), hit and hit.lastgroup) if name]
        return CODE[min(names, key=_RANK.__getitem__)] if names else OTHER


def _initials(fragment: str) -> frozenset[str] | None:
    """Return the letters that a word matched by a fragment can start with; None where it can be any."""
    found: set[str] = set()
    for way in _ways(fragment):
        at, open_ended = 0, True
        while open_ended and at < len(way):
            letters, at = _first_part(way, at)
            if letters is None:
                return None
            found |= letters
            open_ended = way[at : at + 1] in ("?", "*")
            at += 1
        if open_ended:
            return None
    return frozenset(found)


def _first_part(way: str, at: int) -> tuple[frozenset[str] | None, int]:
    """Return the letters that the part of a pattern at `at` can start with (None for any), and where it ends."""
    if way[at] == "(":
        end = at + 1
        while way[at:end].count("(") > way[at:end].count(")"):
            end += 1
        inside = way[at + 1 : end - 1].removeprefix("?:")
        return (None if inside.startswith("?") else _initials(inside)), end
    if way[at] == "[":
        end = way.index("]", at) + 1
        return (None if set("^-\\") & set(way[at:end]) else frozenset(way[at + 1 : end - 1])), end
    return (None if way[at] in "\\.^$" else frozenset(way[at])), at + 1


def _ways(fragment: str) -> list[str]:
    """Split a fragment at the bars that stand in no bracket."""
    depth = 0
    ways = [""]
    for char in fragment:
        depth += (char == "(") - (char == ")")
        ways[-1] += char
        if char == "|" and depth == 0:
            ways.append("")
    return ways


def _singles(lang: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the words of one language that are no phrases: the class of those that are words as they are, and of all others
    by their first letter one pattern, the classes in order.
    """
    fragments = [(name, f) for name, words in CLASSES.items() for f in getattr(words, lang).split() if "_" not in f]
    plain = {f: name for name, f in reversed(fragments) if f.isalpha()}
    by_letter = [(_initials(f), name, re.sub(r"\((?!\?)", "(?:", f)) for name, f in fragments if not f.isalpha()]
    out = {}
    for letter in _letters(initials for initials, _, _ in by_letter):
        ways: dict[str, list[str]] = {}
        for initials, name, fragment in by_letter:
            if initials is None or letter in initials:
                ways.setdefault(name, []).append(f"(?:{fragment})")
        out[letter] = "|".join(f"(?P<{name}>{'|'.join(found)})" for name, found in ways.items()) or _NEVER
    return plain, out


def _letters(initials: Iterable[frozenset[str] | None]) -> set[str]:
    """Return all letters of these sets, and "", which stands for any other letter."""
    return {"", *(letter for letters in initials for letter in letters or ())}


def _numbered(fragments: list[str]) -> Fragments:
    """Return patterns of words, each numbered by its place."""
    plain: dict[str, tuple[int, ...]] = {}
    for number, fragment in enumerate(fragments):
        if fragment.isalpha():
            plain[fragment] = (*plain.get(fragment, ()), number)
    rest = [(n, fragment, _initials(fragment)) for n, fragment in enumerate(fragments) if not fragment.isalpha()]
    out = {}
    for letter in _letters(initials for _, _, initials in rest):
        here = tuple((number, fragment) for number, fragment, known in rest if known is None or letter in known)
        out[letter] = "|".join(f"(?:{fragment})" for _, fragment in here) or _NEVER, here
    return Fragments(plain, out)


def _lexicon(lang: str) -> Lexicon:
    """Return one language of `CLASSES`; longer phrases are tried first."""
    phrases = [(_unfold(f), name) for name, words in CLASSES.items() for f in getattr(words, lang).split() if "_" in f]
    phrases.sort(key=lambda item: -len(item[0]))
    openers = tuple((tuple(words), CODE[name]) for words, name in phrases)
    told = [_told_by(w) for w, _ in phrases]
    fragments = list(dict.fromkeys(fragment for pair in told for fragment in pair))
    keys: dict[str, list[int]] = {fragment: [] for fragment in fragments}
    for index, (key, _) in enumerate(told):
        keys[key].append(index)
    return Lexicon(
        *_singles(lang),
        _numbered([w[0] for w, _ in phrases]),
        openers,
        _numbered(fragments),
        tuple(tuple(found) for found in keys.values()),
        tuple(fragments.index(partner) for _, partner in told),
        tuple(r"[\W\d_]+".join(f"(?:{x})" for x in w) for w, _ in phrases),
        tuple(set() for _ in fragments),
    )


LEXICONS: dict[str, Lexicon] = {"en": _lexicon("en"), "de": _lexicon("de")}


class Token(NamedTuple):
    """A token before the names are known."""

    code: str
    start: int
    end: int
    word: str


def tokens(text: str, start: int, end: int, lang: str) -> list[Token]:
    """Return the tokens of ``text[start:end]``, phrases joined."""
    lexicon = LEXICONS[lang]
    memo, look_up, new = lexicon.memo, lexicon.word, tuple.__new__
    raw: list[Token] = []
    opens: list[tuple[int, ...]] = []
    for hit in _TOKEN.finditer(text, start, end):
        word = hit[0]
        code, phrases = memo.get(word) or look_up(word)
        raw.append(new(Token, (code, *hit.span(), word)))
        opens.append(phrases)
    return _joined(raw, opens, lexicon) if any(opens) else raw


def _joined(raw: list[Token], opens: list[tuple[int, ...]], lexicon: Lexicon) -> list[Token]:
    """Join the tokens of the longest phrase that starts at each place."""
    out: list[Token] = []
    at = 0
    while at < len(raw):
        length, code = _phrase(raw, at, opens[at], lexicon) if opens[at] and at + 1 < len(raw) else (1, "")
        if length == 1:
            out.append(raw[at])
        else:
            words = " ".join(t.word for t in raw[at : at + length])
            out.append(Token(code, raw[at].start, raw[at + length - 1].end, words))
        at += length
    return out


def _phrase(raw: list[Token], at: int, openers: tuple[int, ...], lexicon: Lexicon) -> tuple[int, str]:
    """Return (number of tokens, class code) of the longest phrase at `at`; (1, "") if there is none."""
    for index in lexicon.after(openers, raw[at + 1].word):
        words, code = lexicon.openers[index]
        follows = raw[at + 2 : at + len(words)]
        if len(follows) == len(words) - 2 and all(_is(w, t.word.lower()) for w, t in zip(words[2:], follows)):
            return len(words), code
    return 1, ""
