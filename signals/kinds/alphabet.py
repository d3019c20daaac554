"""From text to tokens: every word is one character that stands for its class, phrases are joined.

The work is linear in the text; what a word is, is remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
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
    "SELL": ("SELL", "SALE"),
    "DEAL": ("DEAL", "TIEUP"),
    "AGREE": ("AGREE", "CONFIRM"),
    "DENY": ("DENY", "DISMISS"),
    "REJECT": ("REJECT", "DISMISS"),
    "KEEP": ("KEEP", "CONFIRM"),
    "UNIT": ("ARM", "ASSET"),
    "OF": ("OF", "AN"),
    "UPWARD": ("UPWARD", "AN"),
    "FALLV": ("FALLV", "FALLN", "DROPS", "COLLAPSE"),
    "NUM": ("NUM", "MONEY"),
    "QTY": ("NUM", "COUNT"),
}


def codes_of(name: str) -> str:
    """Return the codes that a class name stands for in a pattern: its own, or those of a family."""
    return "".join(CODE[n] for n in FAMILIES.get(name, (name,)))


#: Classes too frequent to tell by their presence whether a sentence is worth a search; those that are no words are among them.
FREQUENT = frozenset(
    code
    for name in (
        *_FIXED,
        *["OF", "FOR", "TO", "BY", "WITH", "AND", "BE", "PRON", "HAVE", "FUTURE", "FIRM", "MODAL", "ON", "AFTER"],
    )
    for code in codes_of(name)
)

_TOKEN = re.compile(
    r"(?P<WORD>[^\W\d_]\w*(?:(?<=n)'t\b|(?:\.[^\W\d_]\w*)+\.?|&\w+)?|&)"
    r"|(?P<MONEY>[£$€¥]\s?\d[\d.,]*(?:bn|tn|mn|m|k|p)?\b)|(?P<NUM>\d[\d.,]*(?:bn|tn|mn|m|k|p|th|rd|nd)?\b)|(?P<POSS>'s\b|(?<=[sxz])'(?!\w))"
    r"|(?P<PCT>%)|(?P<COMMA>[,()\"“”„«»])|(?P<BRK>[;:|–—<>]|(?<=\s)-(?=\s)|[!?.](?=\s))"
)


_WORD = re.compile(r"[^\W\d_]\w*(?:(?<=n)'t\b|(?:\.[^\W\d_]\w*)+\.?|&\w+)?")


def _rarest(words: list[str]) -> str:
    """Return the longest of these patterns of words, by their shortest way: the likeliest to be rare."""
    return max(words, key=lambda word: min(len(re.sub(r"\W", "", way)) for way in word.split("|")))


def _unfold(fragment: str) -> list[str]:
    """Split a phrase ``rule(s|d)_out`` into its words, written as regular expressions."""
    return fragment.split("_")


@dataclass(frozen=True)
class Lexicon:
    """The words of one language.

    `word` maps a word to its class code and the phrases that it may open; `hints` to all codes that a sentence with this word
    may hold. Both are remembered.
    """

    single: re.Pattern[str]
    opener: re.Pattern[str]
    openers: tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...], str], ...]
    rarest: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...]
    memo: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict, compare=False, repr=False)
    hinted: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict, compare=False, repr=False)
    plain: set[str] = field(default_factory=set, compare=False, repr=False)
    pairs: dict[tuple[tuple[int, ...], str], tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def hints(self, text: str) -> frozenset[str]:
        """Return the codes of all classes that `text` can hold, and maybe more: cheaper than to tokenise it."""
        words = set(_WORD.findall(text))
        found: set[str] = set()
        rare: set[int] = set()
        for word in words - self.plain:
            hint = self.hinted.get(word) or self._hint(word)
            found.add(hint[0])
            rare.update(hint[1])
        if rare:
            opened = {i for word in words for i in (self.memo.get(word) or self.word(word))[1]}
            found.update(self.openers[i][2] for i in rare & opened)
        return FREQUENT.union(found)

    def _hint(self, word: str) -> tuple[str, tuple[int, ...]]:
        """Return (class code, phrases of which this is the rarest word but the first)."""
        lower = word.lower()
        code = self.word(word)[0]
        hint = (code, tuple(i for pattern, phrases in self.rarest if pattern.fullmatch(lower) for i in phrases))
        if len(self.plain) + len(self.hinted) > MEMORY:
            self.plain.clear()
            self.hinted.clear()
        if code in FREQUENT and not hint[1]:
            self.plain.add(word)
        else:
            self.hinted[word] = hint
        return hint

    def after(self, openers: tuple[int, ...], word: str) -> tuple[int, ...]:
        """Return which of these phrases have `word` as their second word."""
        known = self.pairs.get((openers, word))
        if known is None:
            lower = word.lower()
            known = tuple(i for i in openers if self.openers[i][1][0].fullmatch(lower))
            if len(self.pairs) > MEMORY:
                self.pairs.clear()
            self.pairs[(openers, word)] = known
        return known

    def word(self, word: str) -> tuple[str, tuple[int, ...]]:
        """Return (class code, indices into `openers` of the phrases that may start here) of a word as written."""
        known = self.memo.get(word)
        if known is None:
            lower = word.lower()
            hit = self.single.fullmatch(lower)
            code = CODE[hit.lastgroup] if hit and hit.lastgroup else OTHER
            phrases: tuple[int, ...] = ()
            if self.opener.fullmatch(lower):
                phrases = tuple(i for i, (first, _, _) in enumerate(self.openers) if first.fullmatch(lower))
            known = (code, phrases)
            if len(self.memo) > MEMORY:
                self.memo.clear()
            self.memo[word] = known
        return known


def _lexicon(lang: str) -> Lexicon:
    """Compile one language of `CLASSES`; longer phrases are tried first."""
    parts, phrases = [], []
    for name, words in CLASSES.items():
        fragments = getattr(words, lang).split()
        single = [f for f in fragments if "_" not in f]
        if single:
            parts.append(f"(?P<{name}>(?:{'|'.join(f'(?:{f})' for f in single)}))")
        phrases += [(_unfold(f), name) for f in fragments if "_" in f]
    phrases.sort(key=lambda item: -len(item[0]))
    openers = tuple((re.compile(w[0]), tuple(re.compile(x) for x in w[1:]), CODE[name]) for w, name in phrases)
    inner = re.compile(
        "|".join(parts)
        .replace("(?P<", "\0")
        .replace("(?:", "\1")
        .replace("(", "(?:")
        .replace("\0", "(?P<")
        .replace("\1", "(?:")
    )
    opener = re.compile("|".join(sorted({f"(?:{fragments[0]})" for fragments, _ in phrases})))
    second: dict[str, list[int]] = {}
    for index, (fragments, _) in enumerate(phrases):
        second.setdefault(_rarest(fragments[1:]), []).append(index)
    rarest = tuple((re.compile(fragment), tuple(found)) for fragment, found in second.items())
    return Lexicon(inner, opener, openers, rarest)


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
        word = hit.group()
        known = memo.get(word)
        if known is None:
            known = look_up(word) if hit.lastgroup == "WORD" else (CODE[hit.lastgroup or "X"], ())
        first, last = hit.span()
        raw.append(new(Token, (known[0], first, last, word)))
        opens.append(known[1])
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
        _, rest, code = lexicon.openers[index]
        follows = raw[at + 2 : at + 1 + len(rest)]
        if len(follows) == len(rest) - 1 and all(r.fullmatch(t.word.lower()) for r, t in zip(rest[1:], follows)):
            return 1 + len(rest), code
    return 1, ""
