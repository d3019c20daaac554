"""Who buys what from whom, whose warning it is: sentences in many constructions, each labelled before the rules had seen it."""

from __future__ import annotations

import json

import pytest

from signals.article import Article
from signals.document import _sentence
from signals.extraction import read_one, settings
from signals.kinds.constructions import CONSTRUCTIONS, ENGLISH, GERMAN, ISSUERS, spelled, told
from signals.kinds.grammar import bare
from signals.text import sentences
from tests.conftest import ROOT

ITEMS = [
    json.loads(line)
    for line in (ROOT / "tests" / "corpus" / "roles_dev.jsonl").read_text(encoding="utf-8").splitlines()
]
SETUP = settings(anchors=None)


def rows(text, lang, kind):
    found = read_one(Article(text=text, lang=lang), SETUP).rows
    return [r for r in found if r["kind"] == kind and r["novelty"] != "background"]


def sentence(text, lang):
    """Return the first sentence with its names, whether or not a cue can match it."""
    (start, end), *_ = sentences(text)
    inside = [m for m in SETUP.watchlist.mentions(text) if start <= m.start < end]
    return _sentence(0, text, (start, end), lang, inside, SETUP.watchlist)


def is_(name, row):
    ticker = SETUP.watchlist.aliases.get(name, "")
    if ticker and row["ticker"]:
        return ticker == row["ticker"]
    return bool(row["company"]) and (row["company"] in name or name in row["company"])


def test_the_right_company_plays_the_right_role():
    right = listed_right = n = listed = tagged = 0
    for item in ITEMS:
        found = rows(item["text"], item["lang"], item["kind"])
        tagged += bool(found)
        equals = [role for role, _ in item["parties"]].count("target") > 1
        for role, name in item["parties"] if found else ():
            good = any(is_(name, r) and (r["role"] == role or (equals and r["role"] == "acquirer")) for r in found)
            right, n = right + good, n + 1
            if name in SETUP.watchlist.aliases:
                listed_right, listed = listed_right + good, listed + 1
    assert tagged >= 0.8 * len(ITEMS)
    assert right / n >= 0.97
    assert listed_right / listed >= 0.98


@pytest.mark.parametrize("table", [CONSTRUCTIONS, ISSUERS], ids=["takeovers", "issuers"])
def test_every_construction_is_met_in_some_sentence(table):
    texts = {lang: [bare(sentence(i["text"], lang)) for i in ITEMS if i["lang"] == lang] for lang in ("en", "de")}
    for lang, patterns in table.items():
        for number, pattern in enumerate(patterns):
            assert any(pattern.search(spelled(s)) for s in texts[lang]), f"no {lang} sentence for construction {number}"


def test_each_group_of_constructions_says_what_it_is_there_for():
    for reason, pattern in (*ENGLISH, *GERMAN):
        assert len(reason) > 10
        assert pattern


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Zalando bidder Amazon lines up banks", "en", {"target": ["Zalando"], "acquirer": ["Amazon"]}),
        ("Asos is to be bought by Shein and Next", "en", {"target": ["Asos"], "acquirer": ["Shein", "Next"]}),
        ("Walmart sells Asda to TDR", "en", {"seller": ["Walmart"], "target": ["Asda"], "acquirer": ["TDR"]}),
        ("Bovis makes an offer for Galliford's building arm", "en", {"acquirer": ["Bovis"], "seller": ["Galliford"]}),
        ("About You wird von Zalando übernommen", "de", {"target": ["About You"], "acquirer": ["Zalando"]}),
        ("Nun will Zalando Asos übernehmen", "de", {"acquirer": ["Zalando"], "target": ["Asos"]}),
        ("Asos lehnt das Angebot von Zalando ab", "de", {"target": ["Asos"], "acquirer": ["Zalando"]}),
    ],
)
def test_constructions_give_all_roles_at_once(text, lang, expected):
    read = sentence(text, lang)
    found = next(told(read, 0, len(read.codes), "target"))
    assert {role: [read.names[i].name for i in span if i in read.names] for role, span in found.items()} == expected


@pytest.mark.parametrize(
    ("text", "lang", "left"),
    [
        ("Zalando-Konkurrent Asos senkt die Prognose", "de", ["Asos"]),
        ("Primark owner AB Foods cuts its forecast", "en", ["AB Foods"]),
        ("The owner of Sports Direct, Frasers, warns on profit", "en", ["Frasers"]),
        ("Puma fell after the Adidas rival cut its outlook", "en", ["Puma"]),
        ("Anders als Asos hebt Zalando die Prognose an", "de", ["Zalando"]),
        ("In contrast to Asos, Zalando lifts its outlook", "en", ["Zalando"]),
        ("Zalando lifts its outlook, beating Asos", "en", ["Zalando"]),
        ("Laut Krautreporter prüft Zalando ein Gebot", "de", ["Zalando"]),
        ("Zalando and Asos cut their forecasts", "en", ["Zalando", "Asos"]),
        ("Zalando boss Robert Gentz says no", "en", ["Zalando", "Robert Gentz"]),
    ],
)
def test_who_only_describes_another_is_no_party(text, lang, left):
    assert [m.name for m in bare(sentence(text, lang)).names.values()] == left


def test_a_company_never_buys_itself():
    for text, lang in (
        ("Zalando takeover by Zalando", "en"),
        ("Zalando sells Zalando to Zalando", "en"),
        ("Zalando übernimmt Zalando", "de"),
        ("Zalando wird von Zalando übernommen", "de"),
    ):
        for row in read_one(Article(text=text, lang=lang), SETUP).rows:
            assert row["counterparty"] == ""
