"""From a text to sentences of word classes with the companies named in it, listed or not."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from signals.capture import before_tickers, capture, with_possessive
from signals.kinds import telling
from signals.kinds.alphabet import CODE, LEXICONS, OTHER, Token, tokens
from signals.kinds.engine import Mention, Sentence
from signals.linking import Watchlist
from signals.namesakes import in_context, shouting
from signals.text import Normal, guess_language, normalise, sentences

MAX_SENTENCES = 400
#: Below so many characters a text is a headline, or little more.
SHORT = 400
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Text:
    """One field of an article ("text" or "title"), ready for the kinds."""

    field: str
    raw: str
    normal: Normal
    lang: str
    sentences: tuple[Sentence, ...]
    truncated: bool = False

    def evidence(self, start: int, end: int) -> tuple[int, int, str]:
        """Return (start, end, words) in the original text of a span of the normalised one."""
        first, last = self.normal.span(start, end)
        return first, last, self.raw[first:last]


def read_text(raw: str, watchlist: Watchlist, lang: str = "", field: str = "text") -> Text:
    """Return `raw` as sentences with names; linear in its length, at most `MAX_SENTENCES` sentences are looked at."""
    normal = normalise(raw)
    votes = _votes(normal.text) if len(normal.text) < SHORT and lang[:2] not in LEXICONS else 0
    spoken = guess_language(normal.text, lang, votes)
    cut = sentences(normal.text, MAX_SENTENCES + 1)
    read = cut[:MAX_SENTENCES]
    listed = watchlist.mentions(normal.text[: read[-1][1] if read else 0])
    starts = [m.start for m in listed]
    out = []
    hints = LEXICONS[spoken].hints
    tell = [telling(hints(normal.text[start:end]), spoken) for start, end in read]
    for index, (start, end) in enumerate(read):
        inside = listed[bisect_left(starts, start) : bisect_left(starts, end)]
        if not (tell[index] or (any(tell[index + 1 : index + 2]) and not inside)):
            out.append(_mute(index, (start, end), spoken, inside))
            continue
        out.append(_sentence(index, normal.text, (start, end), spoken, inside, watchlist))
    return Text(field, raw, normal, spoken, tuple(out), len(cut) > MAX_SENTENCES)


def _votes(text: str) -> int:
    """Return how many words more the German lexicon knows than the English one: headlines have hardly any function words."""
    words = [word.group() for word in _WORD.finditer(text)]
    german, english = (sum(LEXICONS[lang].word(w)[0] != OTHER for w in words) for lang in ("de", "en"))
    return german - english


def _mute(index: int, span: tuple[int, int], lang: str, listed: list[Mention]) -> Sentence:
    """Return a sentence that no cue can match, and that nothing refers to: its listed companies only."""
    return Sentence(index, *span, "", (), (), dict(enumerate(listed)), frozenset(), lang)


def _sentence(
    index: int,
    text: str,
    span: tuple[int, int],
    lang: str,
    listed: list[Mention],
    watchlist: Watchlist,
) -> Sentence:
    """Tokenise one sentence and put N tokens where companies are named."""
    merged = tokens(text, *span, lang)
    names: dict[int, Mention] = {}
    words = [word for _, _, _, word in merged if word[0].isalpha()]
    loud = shouting(words)
    listed = [m for m in listed if m.name not in watchlist.ambiguous or in_context(text, m, span[0], loud, lang)]
    if listed:
        merged, names = _place(merged, listed)
    if not all(w.isupper() for w in words):
        merged, names = capture(text, merged, names, lang, loud)
    elif any(t.word == "<" for t in merged):
        merged, names = before_tickers(text, merged, names)
    if names and any(t.code == CODE["POSS"] for t in merged):
        merged, names = with_possessive(text, merged, names)
    codes, starts, ends, spelled = zip(*merged, strict=True) if merged else ((), (), (), ())
    return Sentence(
        index, *span, "".join(codes), tuple(zip(starts, ends, strict=True)), spelled, names, frozenset(codes), lang
    )


def _place(found: list[Token], listed: list[Mention]) -> tuple[list[Token], dict[int, Mention]]:
    """Replace the tokens under each listed mention by one N token."""
    out: list[Token] = []
    names: dict[int, Mention] = {}
    queue = iter(listed)
    current = next(queue, None)
    for token in found:
        while current is not None and current.end <= token.start:
            current = next(queue, None)
        if current is None or token.end <= current.start:
            out.append(token)
            continue
        if not out or out[-1].end != current.end or out[-1].code != CODE["N"]:
            names[len(out)] = current
            out.append(Token(CODE["N"], current.start, current.end, current.name))
    return out, names
