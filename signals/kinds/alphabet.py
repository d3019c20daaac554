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

#: Classes that share words: a pattern that names the family matches any member.
FAMILIES: dict[str, tuple[str, ...]] = {
    "CUT": ("CUT", "DROP", "DROPS"),
    "LOWER": ("CUT", "DROPS"),
    "END": ("END", "DROP", "DROPS", "COLLAPSE"),
    "LESS": ("LESS", "FALLN", "DROPS", "COLLAPSE"),
    "FALLV": ("FALLV", "FALLN", "DROPS", "COLLAPSE"),
    "NUM": ("NUM", "MONEY"),
    "QTY": ("NUM", "COUNT"),
}


def codes_of(name: str) -> str:
    """Return the codes that a class name stands for in a pattern: its own, or those of a family."""
    return "".join(CODE[n] for n in FAMILIES.get(name, (name,)))


_TOKEN = re.compile(
    r"(?P<MONEY>[£$€¥]\s?\d[\d.,]*(?:bn|tn|mn|m|k|p)?\b)|(?P<NUM>\d[\d.,]*(?:bn|tn|mn|m|k|p|th|rd|nd)?\b)|(?P<POSS>'s\b|(?<=[sxz])'(?!\w))"
    r"|(?P<WORD>[^\W\d_]\w*(?:(?<=n)'t\b|(?:\.[^\W\d_]\w*)+\.?|&\w+)?|&)|(?P<PCT>%)|(?P<COMMA>[,()\"“”„«»])|(?P<BRK>[;:|–—<>]|(?<=\s)-(?=\s)|[!?.](?=\s))"
)


#: Classes of which every cue needs one.
_CORE = """
    PWARN PGUIDE SGUIDE GUIDE PROFIT LOSS SALES WARN CAND RUMDEAL DEALTALKS BATTLE DEALBID DEAL SUITOR BUYER BID OFFER SNAP BOUGHT
    BUY FORSALE SELL TALKS RUM INTEREST INDEPENDENT APPEAL FOUNDBUYER BELONG ENTER BRING TERMS PURSUIT HOLDON DEALW PLURAL RESULTS
    MAJORITY LESS MISS EXPECT LOWEND HIGHEND DENY BASELESS REFUSE BIDS TABLE CUT
"""
CORE = frozenset(code for name in _CORE.split() for code in codes_of(name))
_LETTERS = re.compile(r"[^\W\d_]{3,}")


_IDLE = """
    that over into its out all share shares market going around push run past keep two five three four six several one
    with from about than been have has the and for are not now this their between likely said open opens up close
    bring number series free full set back more higher high lower low top upper down off away place table line way
    first nach vor auf für mit von aus bei unter über to
"""


def _telling(words: list[str]) -> re.Pattern[str]:
    """Return the pattern of the most telling word of a phrase: the longest that is no idle word."""
    idle = _IDLE.split()
    telling = [w for w in words if not any(re.fullmatch(w, common) for common in idle)]
    return re.compile(max(telling or words, key=len))


def _unfold(fragment: str) -> list[str]:
    """Split a phrase ``rule(s|d)_out`` into its words, written as regular expressions."""
    return fragment.split("_")


@dataclass(frozen=True)
class Lexicon:
    """The words of one language: `word` maps a lower-case word to its class code and the phrases that it may open."""

    single: re.Pattern[str]
    groups: tuple[str, ...]
    openers: tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...], str], ...]
    cores: tuple[re.Pattern[str], ...] = ()
    memo: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict, compare=False, repr=False)
    plain: set[str] = field(default_factory=set, compare=False, repr=False)
    core: set[str] = field(default_factory=set, compare=False, repr=False)

    def speaks(self, text: str) -> bool:
        """Whether `text` holds a word of a class without which no cue matches: a cheap test before the work."""
        words = set(_LETTERS.findall(text))
        for word in words - self.plain - self.core:
            if len(self.plain) > 200_000:
                self.plain.clear()
            lower = word.lower()
            telling = self.word(word)[0] in CORE or any(pattern.fullmatch(lower) for pattern in self.cores)
            (self.core if telling else self.plain).add(word)
        return not self.core.isdisjoint(words)

    def word(self, word: str) -> tuple[str, tuple[int, ...]]:
        """Return (class code, indices into `openers` of the phrases that may start here) of a word as written."""
        known = self.memo.get(word)
        if known is None:
            lower = word.lower()
            hit = self.single.fullmatch(lower)
            code = CODE[hit.lastgroup] if hit and hit.lastgroup else OTHER
            phrases = tuple(i for i, (first, _, _) in enumerate(self.openers) if first.fullmatch(lower))
            known = (code, phrases)
            if len(self.memo) > 100_000:
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
    cores = tuple({_telling(words) for words, name in phrases if CODE[name] in CORE})
    return Lexicon(inner, tuple(inner.groupindex), openers, cores)


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
    memo, look_up = lexicon.memo, lexicon.word
    raw: list[Token] = []
    opens: list[tuple[int, ...]] = []
    for hit in _TOKEN.finditer(text, start, end):
        word = hit.group()
        if hit.lastgroup == "WORD":
            code, phrases = memo.get(word) or look_up(word)
        else:
            code, phrases = CODE[hit.lastgroup or "X"], ()
        raw.append(Token(code, hit.start(), hit.end(), word))
        opens.append(phrases)
    return _joined(raw, opens, lexicon) if any(opens) else raw


def _joined(raw: list[Token], opens: list[tuple[int, ...]], lexicon: Lexicon) -> list[Token]:
    """Join the tokens of the longest phrase that starts at each place."""
    out: list[Token] = []
    at = 0
    while at < len(raw):
        length, code = _phrase(raw, at, opens[at], lexicon) if opens[at] else (1, "")
        if length == 1:
            out.append(raw[at])
        else:
            words = " ".join(t.word for t in raw[at : at + length])
            out.append(Token(code, raw[at].start, raw[at + length - 1].end, words))
        at += length
    return out


def _phrase(raw: list[Token], at: int, openers: tuple[int, ...], lexicon: Lexicon) -> tuple[int, str]:
    """Return (number of tokens, class code) of the longest phrase at `at`; (1, "") if there is none."""
    for index in openers:
        _, rest, code = lexicon.openers[index]
        follows = raw[at + 1 : at + 1 + len(rest)]
        if len(follows) == len(rest) and all(r.fullmatch(t.word.lower()) for r, t in zip(rest, follows)):
            return 1 + len(rest), code
    return 1, ""
