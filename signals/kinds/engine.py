"""The machine under the kinds: sentences become strings of word classes, cues are regular expressions over these strings.

A token is one character of `Sentence.codes`; a cue such as ``CONSIDER ~4 DEAL`` ("considers a cash takeover") is compiled to a
regular expression over that alphabet. Gaps are bounded and sentences are short, so that the work is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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


def _unfold(fragment: str) -> list[str]:
    """Split a phrase ``rule(s|d)_out`` into its words, written as regular expressions."""
    return fragment.split("_")


@dataclass(frozen=True)
class Lexicon:
    """The words of one language: `word` maps a lower-case word to its class code and the phrases that it may open."""

    single: re.Pattern[str]
    groups: tuple[str, ...]
    openers: tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...], str], ...]
    memo: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict, compare=False, repr=False)

    def word(self, word: str) -> tuple[str, tuple[int, ...]]:
        """Return (class code, indices into `openers` of the phrases that may start here)."""
        known = self.memo.get(word)
        if known is None:
            hit = self.single.fullmatch(word)
            code = CODE[hit.lastgroup] if hit and hit.lastgroup else OTHER
            phrases = tuple(i for i, (first, _, _) in enumerate(self.openers) if first.fullmatch(word))
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
    return Lexicon(inner, tuple(inner.groupindex), openers)


LEXICONS: dict[str, Lexicon] = {"en": _lexicon("en"), "de": _lexicon("de")}


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


@dataclass(frozen=True)
class Token:
    """A token before the names are known."""

    code: str
    start: int
    end: int
    word: str


def tokens(text: str, start: int, end: int, lang: str) -> list[Token]:
    """Return the tokens of ``text[start:end]``, phrases joined."""
    lexicon = LEXICONS[lang]
    raw: list[Token] = []
    opens: list[tuple[int, ...]] = []
    for hit in _TOKEN.finditer(text, start, end):
        group = hit.lastgroup or "X"
        if group == "WORD":
            code, phrases = lexicon.word(hit.group().lower())
        else:
            code, phrases = CODE[group], ()
        raw.append(Token(code, hit.start(), hit.end(), hit.group()))
        opens.append(phrases)
    return _joined(raw, opens, lexicon) if any(opens) else raw


def _joined(raw: list[Token], opens: list[tuple[int, ...]], lexicon: Lexicon) -> list[Token]:
    """Join the tokens of the longest phrase that starts at each place."""
    out: list[Token] = []
    at = 0
    while at < len(raw):
        length, code = 1, raw[at].code
        for index in opens[at]:
            _, rest, phrase = lexicon.openers[index]
            follows = raw[at + 1 : at + 1 + len(rest)]
            if len(follows) == len(rest) and all(r.fullmatch(t.word.lower()) for r, t in zip(rest, follows)):
                length, code = 1 + len(rest), phrase
                break
        last = raw[at + length - 1]
        out.append(
            raw[at]
            if length == 1
            else Token(code, raw[at].start, last.end, " ".join(t.word for t in raw[at : at + length]))
        )
        at += length
    return out


# ------------------------------------------------------------------------------------------------ cues


@dataclass(frozen=True)
class Cue:
    """A pattern of the language that states a kind.

    `en` and `de` are patterns over class names; ``~4`` is a gap of at most four tokens inside a clause, ``~4!NOT,END`` one
    that holds none of these classes, ``!NOT`` one token that is not of a class, ``N@target`` a name with its role. `unless`
    is a pattern that, found in the same sentence, silences the cue. `subject`, `object` and `by` say which role the name
    before, the name after, and the name after "by"/"from"/"durch" plays where the pattern itself names none. `weight` is the confidence. `examples` holds English and `beispiele` German sentences that it must match.
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
    bare = re.sub(r"\(\?<?[=!](?:[^()]|\([^()]*\))*\)", " ", pattern)
    needs = [
        frozenset("".join(codes_of(n) for n in re.findall(r"(?<![!A-Za-z@,])[A-Z]+", g[1])))
        for g in re.finditer(r"\(([^()]*)\)(?![?*])", bare)
        if "~" not in g[1] and "$" not in g[1]
    ]
    single = re.sub(r"\((?:[^()]|\([^()]*\))*\)[?*]?", " ", bare)
    needs += [
        frozenset(codes_of(m[1])) for m in re.finditer(r"(?<![!A-Za-z@,])([A-Z]+)(?:@[a-z]+)?(?![?*A-Za-z@])", single)
    ]
    return tuple(n for n in needs if n)


@dataclass(frozen=True)
class Rule:
    """A cue compiled for one language."""

    cue: Cue
    pattern: re.Pattern[str]
    needs: tuple[tuple[frozenset[str], ...], ...]
    unless: re.Pattern[str] | None

    def search(self, sentence: Sentence) -> re.Match[str] | None:
        """Return the first match in `sentence`, None if there is none or the cue is silenced."""
        present = sentence.present
        if not any(not any(present.isdisjoint(need) for need in way) for way in self.needs):
            return None
        hit = self.pattern.search(sentence.codes)
        if hit and self.unless is not None and self.unless.search(sentence.codes):
            return None
        return hit


def rules(cues: tuple[Cue, ...]) -> dict[str, tuple[Rule, ...]]:
    """Compile cues per language."""
    return {lang: tuple(_rule(cue, getattr(cue, lang)) for cue in cues if getattr(cue, lang)) for lang in ("en", "de")}


def _rule(cue: Cue, pattern: str) -> Rule:
    ways = tuple(needed(way) for way in alternatives(pattern))
    unless = compile_pattern(cue.unless) if cue.unless else None
    return Rule(cue, compile_pattern(pattern), ways, unless)
