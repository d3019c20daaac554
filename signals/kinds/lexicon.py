"""The words of business news by class: the alphabet in which cues are written.

A class lists words as small regular expressions (whole words, lower case); words of one phrase are joined by ``_``. Where two
classes claim a word the one further up wins, and a phrase wins over its words. Each class says what it is there for.
"""

from __future__ import annotations

from signals.kinds import (
    lexicon_common,
    lexicon_figures,
    lexicon_hearsay,
    lexicon_moves,
    lexicon_outcome,
    lexicon_takeover,
)
from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    **lexicon_figures.CLASSES,
    **lexicon_moves.CLASSES,
    **lexicon_takeover.CLASSES,
    **lexicon_hearsay.CLASSES,
    **lexicon_outcome.CLASSES,
    **lexicon_common.CLASSES,
}
