"""Every cue has its reason and its examples, and is a pattern of the language, not of one item."""

from __future__ import annotations

import csv
import json
import re

import pytest

from signals.document import read_text
from signals.kinds import CUES, KINDS, telling
from signals.kinds.alphabet import CODE, FAMILIES, FREQUENT, LEXICONS, NAME_OF, codes_of
from signals.kinds.engine import compile_pattern, needed, rules
from signals.kinds.lexicon import CLASSES
from signals.linking import load_watchlist

ALL = [pytest.param(kind, cue, id=f"{kind}:{cue.name}") for kind, cues in CUES.items() for cue in cues]
RULES = {kind: rules(cues) for kind, cues in CUES.items()}


def _matches(kind: str, name: str, text: str, lang: str) -> bool:
    (rule,) = [r for r in RULES[kind][lang].rules if r.cue.name == name]
    read = read_text(text, load_watchlist(), lang)
    return any(rule in RULES[kind][lang].candidates(s.present) and rule.search(s) for s in read.sentences)


@pytest.mark.parametrize(("kind", "cue"), ALL)
def test_a_cue_has_a_reason_and_matches_its_examples(kind, cue):
    assert len(cue.reason) > 10
    assert cue.en or cue.de
    if cue.en:
        assert cue.examples
    for text in cue.examples:
        assert _matches(kind, cue.name, text, "en"), text


@pytest.mark.parametrize(("kind", "cue"), [p for p in ALL if p.values[1].de])
def test_a_german_cue_matches_two_example_sentences_of_its_own(kind, cue):
    assert len(set(cue.beispiele)) >= 2
    for text in cue.beispiele:
        assert _matches(kind, cue.name, text, "de"), text


@pytest.mark.parametrize(("kind", "cue"), ALL)
def test_a_sentence_that_a_cue_matches_is_never_skipped_unread(kind, cue):
    for lang, texts in (("en", cue.examples), ("de", cue.beispiele)):
        for text in texts:
            codes = {c for s in read_text(text, load_watchlist(), lang).sentences for c in s.codes}
            assert codes <= LEXICONS[lang].hints(text) | FREQUENT
            assert telling(LEXICONS[lang].hints(text), lang)


def test_no_english_cue_matches_one_corpus_item_and_nothing_else(shared):
    corpus = []
    for name in ("headlines_dev", "retellings_dev", "constructed_dev", "articles_dev"):
        with open(shared / "corpus" / f"{name}.jsonl", encoding="utf-8") as lines:
            corpus += [item["text"] for item in map(json.loads, lines) if item["lang"] == "en"]
    with open(shared / "corpus" / "guardian_headlines.csv", encoding="utf-8", newline="") as handle:
        headlines = [row["headline"] for row in csv.DictReader(handle)]
    inside, outside = _hits(corpus, 2), _hits(headlines, 5)
    known = set(corpus)
    lonely = [key for key, texts in inside.items() if len(texts) == 1 and not set(outside.get(key, ())) - known]
    assert not lonely


def _hits(texts: list[str], most: int) -> dict[tuple[str, str], list[str]]:
    """Return up to `most` texts that each English cue matches."""
    found: dict[tuple[str, str], list[str]] = {}
    for text in texts:
        for sentence in read_text(text, load_watchlist(), "en").sentences:
            for kind, books in RULES.items():
                for rule in books["en"].candidates(sentence.present):
                    seen = found.setdefault((kind, rule.cue.name), [])
                    if len(seen) < most and text not in seen and rule.search(sentence):
                        seen.append(text)
    return found


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_of_words_says_why_and_holds_words(name):
    words = CLASSES[name]
    assert words.why
    assert words.en or words.de


def test_families_are_made_of_classes():
    for name, members in FAMILIES.items():
        assert set(codes_of(name)) == {CODE[m] for m in members}


@pytest.mark.parametrize(
    ("lang", "word", "name"),
    [
        ("en", "takeovers", "DEAL"),
        ("en", "slashed", "CUT"),
        ("en", "mulls", "CONSIDER"),
        ("de", "Gewinnwarnung", "PWARN"),
        ("de", "Übernahmegerüchte", "RUMDEAL"),
        ("de", "Jahresprognose", "GUIDE"),
        ("en", "zebra", "X"),
    ],
)
def test_words_have_their_class(lang, word, name):
    assert LEXICONS[lang].word(word)[0] == CODE[name]


@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_word_has_the_first_class_that_holds_it_and_the_phrases_that_it_may_open(lang):
    """Against a plain search through the lexicon, pattern by pattern."""
    entries = [(name, f) for name, words in CLASSES.items() for f in getattr(words, lang).split()]
    singles = [(name, re.compile(f)) for name, f in entries if "_" not in f]
    phrases = sorted(([*f.split("_"), CODE[name]] for name, f in entries if "_" in f), key=lambda p: -len(p))
    firsts = [re.compile(p[0]) for p in phrases]
    words = sorted({part for _, f in entries for part in f.split("_") if part.isalpha()})[::12]
    for word in [*words, "zebra", "Übernahme", "u.s.", "losses", "verluste", "s&p", "q3"]:
        lower = word.lower()
        name = next((name for name, pattern in singles if pattern.fullmatch(lower)), "X")
        code, openers = LEXICONS[lang].word(word)
        assert (word, NAME_OF[code]) == (word, name)
        expected = [phrases[i] for i, first in enumerate(firsts) if first.fullmatch(lower)]
        assert [[*LEXICONS[lang].openers[i][0], LEXICONS[lang].openers[i][1]] for i in openers] == expected


def test_a_pattern_with_an_unknown_class_is_refused():
    with pytest.raises(KeyError, match="NOSUCH"):
        compile_pattern("NOSUCH ~3 DEAL")


def test_every_kind_has_cues_and_a_summary():
    assert set(CUES) == set(KINDS)
    assert all(function.__doc__ for function in KINDS.values())


def test_a_pattern_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="a cue cannot hold '#'"):
        needed("DEAL #")
    with pytest.raises(ValueError, match="a bracket that it does not close: '\\(DEAL BID'"):
        needed("(DEAL BID")


def test_what_a_pattern_needs_is_found_in_groups_and_left_out_where_optional():
    deal, bid, buy = (frozenset(codes_of(name)) for name in ("DEAL", "BID", "BUY"))
    assert needed("DEAL ~3 BID? ~2!COMMA (?!N)") == (deal,)
    assert needed("DEAL (BID|OF BUY)") == (deal, bid | buy)
    assert needed("(DEAL ~2 BID)") == (deal, bid)
    assert needed("(DEAL|$) BUY") == (buy,)
