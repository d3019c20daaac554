"""What a kind is made of: cues found in sentences, parties put into roles, signals handed back."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from signals.kinds.alphabet import CODE
from signals.kinds.calibration import INTERCEPT, SLOPE
from signals.kinds.engine import Cue, Mention, Rulebook, Sentence
from signals.kinds.roles import Context, identity, parties

_RANGE = {CODE["LOWEND"], CODE["HIGHEND"]}


@dataclass(frozen=True)
class Signal:
    """One statement of a kind about one company; offsets are those of the normalised text of `field`.

    `company` is None where the text names none; `about` identifies the targets of the same statement (all its parties
    where it names no target). `sentence` is the index of its sentence, `cue` the cue that spoke.
    """

    kind: str
    status: str
    role: str
    company: Mention | None
    counterparty: tuple[Mention, ...] = ()
    about: frozenset[str] = frozenset()
    sub: str = ""
    strength: str = ""
    novelty: str = "new"
    confidence: float = 0.9
    polarity: int = 0
    start: int = 0
    end: int = 0
    sentence: int = 0
    cue: str = ""
    field: str = "text"

    @property
    def key(self) -> str:
        """What identifies the company: its ticker, else its name in lower case, else ""."""
        return "" if self.company is None else self.company.ticker or self.company.name.lower()


def run(text: TextLike, compiled: dict[str, Rulebook], kind: str, main: str, polarity: int) -> list[Signal]:
    """Return the signals of one kind in a text: cues in their order, the first to claim a stretch of a sentence keeps it."""
    out: list[Signal] = []
    for at, sentence in enumerate(text.sentences):
        if not sentence.codes:
            continue
        claimed: list[tuple[int, int]] = []
        for rule in compiled[sentence.lang].candidates(sentence.present):
            hit = rule.search(sentence)
            if hit is None or any(hit.start() < b and a < hit.end() for a, b in claimed):
                continue
            claimed.append(hit.span())
            out += _signals(text.field, sentence, hit, rule.cue, Context(text.sentences, at), kind, main, polarity)
    return out


def calibrated(weight: float) -> float:
    """Return the probability that a signal of a cue of this weight is right (see `signals.kinds.calibration`)."""
    return round(1 / (1 + math.exp(-SLOPE * weight - INTERCEPT)), 3)


def _signals(
    where: str, sentence: Sentence, hit: re.Match[str], cue: Cue, context: Context, kind: str, main: str, polarity: int
) -> list[Signal]:
    """Return one signal per party of a match, one without a company if nobody is named."""
    roles = parties(sentence, hit, cue, context, main)
    start, end = sentence.spans[hit.start()][0], sentence.spans[hit.end() - 1][1]
    common: dict[str, Any] = {
        "kind": kind,
        "status": cue.status,
        "sub": cue.sub,
        "strength": "soft" if cue.strength and _RANGE & set(hit.group()) else cue.strength,
        "novelty": cue.novelty,
        "polarity": polarity,
        "start": start,
        "end": end,
        "sentence": sentence.index,
        "cue": cue.name,
        "field": where,
    }
    pairs = [(role, m) for role, group in roles.items() for m in group]
    about = frozenset(identity(m) for role, m in pairs if role == main) or frozenset(identity(m) for _, m in pairs)
    if not pairs:
        return [Signal(role=main, company=None, confidence=calibrated(cue.weight - 0.1), **common)]
    made = []
    for role, mention in pairs:
        others = tuple(m for r, m in pairs if r != role)
        made.append(
            Signal(
                role=role,
                company=mention,
                counterparty=others,
                about=about,
                confidence=calibrated(cue.weight - (0.0 if sentence.start <= mention.start < sentence.end else 0.05)),
                **common,
            )
        )
    return made


class TextLike(Protocol):
    """What `run` reads (see `signals.document.Text`)."""

    @property
    def field(self) -> str:
        """Which field of the article this is."""

    @property
    def sentences(self) -> Sequence[Sentence]:
        """The sentences in their order."""
