"""Warnings, raised guidance, other figures and market entries against what only looks like one."""

from __future__ import annotations

import pytest

from signals.article import Article
from signals.extraction import read_one, settings

SETUP = settings(anchors=None)


def _kinds(text: str, lang: str) -> set[str]:
    rows = read_one(Article(text=text, lang=lang, published=""), SETUP).rows
    return {row["kind"] for row in rows if row["novelty"] != "background"}


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        # one's own forecast goes down; an analyst's, a country's or a commodity's is nobody's warning
        ("Asos cuts its earnings forecast", "en", "profit-warning"),
        ("Barclays cuts Asos earnings forecasts", "en", None),
        ("RBC downgrades Asos, slashing its profit forecasts", "en", None),
        ("Berenberg kappt Gewinnschätzungen für Asos", "de", None),
        ("Treasury cuts growth forecast for next year", "en", None),
        ("Netflix tempers growth expectations as viewers leave", "en", "profit-warning"),
        ("Cocoa crop forecast lowered", "en", None),
        # less is expected, by the company or by those who only watch
        ("Diageo now sees organic profit falling this year", "en", "profit-warning"),
        ("Analysts expect Asos to report lower profits", "en", None),
        ("Asos sieht sein Margenziel in Gefahr", "de", "profit-warning"),
        ("Sparkassen erwarten geringere Erträge", "de", None),
        ("Asos rechnet nur noch mit einem kleinen Gewinn", "de", "profit-warning"),
        ("Asos rechnet nicht mehr mit einem Gewinn", "de", "profit-warning"),
        ("Asos kann sein Gewinnziel nicht mehr halten", "de", "profit-warning"),
        # ahead of what is expected
        ("Asos expects results to exceed market expectations", "en", "guidance-raise"),
        ("Asos now expects a narrower loss", "en", "guidance-raise"),
        ("Asos schraubt sein Gewinnziel hoch", "de", "guidance-raise"),
        ("Kepler Cheuvreux hebt Ziel für Zalando", "de", None),
        # what was earned, unless it is jobs, the country or the stock exchange that lost
        ("Asos swings to quarterly loss of £16m", "en", "earnings-other"),
        ("Asos losses mount", "en", "earnings-other"),
        ("John Lewis shuts eight stores with expected loss of 1,300 jobs", "en", None),
        ("UK retail sales fall in September", "en", None),
        ("Property sales recover to pre-lockdown levels across England", "en", None),
        ("Asos macht weniger Gewinn", "de", "earnings-other"),
        ("Asos hält trotz der Hitze am Gewinnziel fest", "de", "earnings-other"),
        # a first shop abroad, not one more at home, not a share's first day
        ("Primark to open first store in Poland", "en", "market-entry"),
        ("HMV to open Europe's biggest entertainment store in Birmingham", "en", None),
        ("TheRealReal soars on Wall Street debut", "en", None),
        ("Asos startet Onlineshop in Polen", "de", "market-entry"),
    ],
)
def test_what_is_a_statement_of_the_company_and_what_is_none(text, lang, kind):
    assert _kinds(text, lang) == (set() if kind is None else {kind})


@pytest.mark.parametrize(
    ("text", "issuers"),
    [
        ("Profits warnings from Superdry, Asos and Hugo Boss", {"SDRY.L", "ASC.L", "BOSS.DE"}),
        ("Superdry and Asos blame hot weather for shock profit downgrades", {"SDRY.L", "ASC.L"}),
    ],
)
def test_a_warning_of_several_companies_has_a_row_for_each(text, issuers):
    rows = read_one(Article(text=text, lang="en", published=""), SETUP).rows
    assert {r["ticker"] for r in rows if r["kind"] == "profit-warning" and r["novelty"] == "new"} == issuers
