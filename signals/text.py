"""Plain text to sentences: look-alike letters normalised with offsets kept, page furniture left out, language guessed.

Everything here is linear in the length of the text; a sentence is never longer than `MAX_SENTENCE` characters.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_SENTENCE = 700

_LOOKALIKES = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρυικАВЕКМНОРСТУХаеорсухіѕјԁһ’‘ʼ′＇‐‑‒\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\u3000",
    "ABEZHIKMNOPTYXoavpuikABEKMHOPCTYXaeopcyxisjdh'''''---        ",
)
_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOKALIKES.update(_FULLWIDTH)
_ODD = re.compile(r"[^\x00-\x7f\u00c0-\u017f]")
_FOREIGN = re.compile("[\u0370-\u052f\uff01-\uff5e\u2000-\u200a\u2010-\u2012\u202f\u3000\u02bc\u2032ʼ′]")
_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
    "\ud800-\udfff"
)
_ACCENTS = "\u0300-\u036f"
#: One of these must be there before the text is taken apart.
_TO_DROP = re.compile(f"[{_UNSEEN}{_ACCENTS}]")
_INVISIBLE = re.compile(f"[{_UNSEEN}]+|[A-Za-z][{_ACCENTS}]|[{_ACCENTS}]+")


@dataclass(frozen=True)
class Normal:
    """A text as the rules read it, with the way back: `original(i)` is where character `i` stood."""

    text: str
    starts: Sequence[int] = ()
    shifts: Sequence[int] = ()

    def original(self, position: int) -> int:
        """Return the offset in the original text of character `position` of the normalised one."""
        if not self.starts:
            return position
        at = bisect_right(self.starts, position) - 1
        return position + (self.shifts[at] if at >= 0 else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original (start, end) of a normalised slice."""
        if end <= start:
            return self.original(start), self.original(start)
        return self.original(start), self.original(end - 1) + 1


def normalise(text: str) -> Normal:
    """Return `text` with look-alike letters mapped, invisible characters dropped and accents composed."""
    if text.isascii() or not _ODD.search(text):
        return _visible(text)
    mapped = text.replace("’", "'").replace("‘", "'").replace("\u00a0", " ")
    if _FOREIGN.search(mapped):
        mapped = mapped.translate(_LOOKALIKES)
    return _visible(mapped)


def _visible(mapped: str) -> Normal:
    """Return a text without its invisible characters, accents composed, and the way back."""
    if not _TO_DROP.search(mapped):
        return Normal(mapped)
    out: list[str] = []
    pieces: list[str] = []
    starts, shifts = array("q"), array("q")
    done = length = shift = 0
    for hit in _INVISIBLE.finditer(mapped):
        keep = unicodedata.normalize("NFC", hit.group())[:1] if hit.group()[0].isalpha() else ""
        pieces.append(mapped[done : hit.start()] + keep)
        length += hit.start() - done + len(keep)
        shift += hit.end() - hit.start() - len(keep)
        starts.append(length)
        shifts.append(shift)
        done = hit.end()
        if len(pieces) > 4096:
            out.append("".join(pieces))
            pieces.clear()
    return Normal("".join([*out, *pieces, mapped[done:]]), starts, shifts)


_EN = frozenset(
    (
        "the",
        "of",
        "and",
        "to",
        "in",
        "for",
        "on",
        "as",
        "after",
        "with",
        "at",
        "is",
        "its",
        "that",
        "by",
        "from",
        "over",
        "will",
        "has",
    )
)
_DE = frozenset(
    (
        *(
            "der",
            "die",
            "das",
            "und",
            "von",
            "im",
            "für",
            "mit",
            "den",
            "dem",
            "zu",
            "auf",
            "ist",
            "nach",
            "sich",
            "bei",
            "ein",
            "eine",
        ),
        *("einen", "wegen", "nicht", "auch", "wird", "soll", "vor", "aus", "über"),
    )
)
_LOWER = re.compile(r"[a-zäöüß]+")
_UMLAUTS = re.compile(r"[äöüß]\w")


def guess_language(text: str, given: str = "", votes: int = 0) -> str:
    """Return ``"en"`` or ``"de"`` for a text; a given language wins if it is one of the two.

    Short headlines have few function words, therefore umlauts count as well, and `votes`: how many words more are known as
    German ones of the trade than as English ones.
    """
    if given[:2] in ("en", "de"):
        return given[:2]
    head = text[:1200].lower()
    words = _LOWER.findall(head)
    german = votes + sum(map(_DE.__contains__, words)) + 2 * len(_UMLAUTS.findall(head))
    return "de" if german > sum(map(_EN.__contains__, words)) else "en"


#: Where a sentence may end; both start with one set of characters, so that the search skips all others.
_BREAK = re.compile(r"[.!?\n](?:(?<=[.!?])[\"'”“»)\]]*\s+(?=[\"'„“”«»(\[A-ZÄÖÜ0-9£$€<‘])|(?<=\n)(?:\s*\n\s*|[ \t]*))")
_BREAK_AT_BARS = re.compile(rf"{_BREAK.pattern}|\s\|\s")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Inc|Corp|Co|Ltd|Plc|vs|No|Nos|bzw|ca|Nr|Mio|Mrd|Str|inkl|z\.B|u\.a|d\.h|Sept|Oct|Nov|Dec|Jan|Feb|Aug|approx|est)"
    r"|\b[A-Z]|\b\d{1,2}|\.[A-Za-z])\.$"
)
_OPENERS_OF_RELATED = (
    r"you (?:might|may|could) (?:be )?also (?:be )?(?:interested|like|enjoy)",
    r"you (?:might|may) be also",
    r"read (?:also|more|next|on)",
    r"also read",
    r"see also",
    r"related (?:article|articles|stories|links|topics|news|content|posts|reading)",
    r"more (?:on|from|about) (?:this|the)",
    r"more (?:news|stories|articles)",
    r"recommended (?:for you|articles|reading)",
    r"latest (?:press|news|headlines)",
    r"newest (?:press|news|headlines)",
    r"most (?:read|popular|viewed)",
    r"don't miss",
    r"further reading",
    r"trending",
    r"sign up",
    r"subscribe",
    r"newsletter",
    r"lesen sie (?:auch|mehr|hier|dazu)",
    r"mehr zum thema",
    r"mehr dazu",
    r"auch interessant",
    r"weitere (?:artikel|meldungen|nachrichten|themen|links)",
    r"das (?:könnte|dürfte) (?:sie|dich|euch) (?:auch )?interessieren",
    r"zum thema",
    r"siehe auch",
    r"(?:ähnliche|verwandte) (?:artikel|beiträge|themen|meldungen)",
    r"meistgelesen\w*",
    r"passend dazu",
    r"neueste (?:nachrichten|meldungen|artikel)",
)
_RELATED = re.compile(rf"^\W*(?:{'|'.join(_OPENERS_OF_RELATED)})\b", re.I)
_OPENERS_OF_FURNITURE = (
    "©",
    "ⓒ",
    r"\(c\)\s",
    r"copyright\b",
    "all rights reserved",
    "alle rechte vorbehalten",
    "image:",
    "photo:",
    "foto:",
    "bild:",
    "bildquelle",
    "picture:",
    "credit:",
    "join the discussion",
    "byline$",
    r"impressum\b",
    r"via \w+ und ",
)
_FURNITURE = re.compile(rf"^\W*(?:{'|'.join(_OPENERS_OF_FURNITURE)})", re.I)


def sentences(text: str, most: int = 1_000_000) -> list[tuple[int, int]]:
    """Return (start, end) of the first `most` sentences of `text`, without related links and page furniture.

    A line that opens a block of related links ("Read also:", "Mehr zum Thema") takes itself out, and, where it names
    nothing itself, the short lines without a full stop that follow it.
    """
    found: list[tuple[int, int]] = []
    skipping = False
    for start, end, paragraph in _pieces(text):
        if len(found) >= most:
            break
        piece = text[start:end]
        if _RELATED.match(piece):
            skipping = len(piece) < 60 or piece.rstrip().endswith(":")
            continue
        if paragraph and skipping:
            skipping = len(piece) < 160 and piece.rstrip()[-1:] not in ".!"
        if not skipping and not _FURNITURE.match(piece):
            found += _capped(text, start, end)
    return found


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, opens a line) of raw sentences."""
    start, opens = 0, True
    for gap in (_BREAK_AT_BARS if "|" in text else _BREAK).finditer(text):
        words = gap.group()
        end = gap.start() + (words[0] in ".!?")
        before = text[max(start, end - 12) : end]
        line = "\n" in words
        if not line and before.endswith(".") and _ABBREVIATION.search(before):
            continue
        if line and words.count("\n") == 1 and _wrapped(text, start, end, gap.end()):
            continue
        if text[start:end].strip():
            yield start, end, opens
        start, opens = gap.end(), line
    if text[start:].strip():
        yield start, len(text), opens


def _wrapped(text: str, start: int, end: int, after: int) -> bool:
    """Tell a hard-wrapped line from the end of a heading: long, open-ended, and continued in lower case or mid-sentence."""
    line = text[max(start, text.rfind("\n", start, end) + 1) : end]
    return len(line) >= 50 and line[-1:] not in '.!?:”"' and text[after : after + 1] not in "-*•#"


def _capped(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a run without full stops into slices of at most `MAX_SENTENCE` characters, at white space where there is some."""
    out = []
    while end - start > MAX_SENTENCE:
        cut = text.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
        cut = cut if cut > 0 else start + MAX_SENTENCE
        out.append((start, cut))
        start = cut
    while start < end and text[start].isspace():
        start += 1
    if start < end:
        out.append((start, end))
    return out
