"""Market entry: a company goes to a country where it was not before."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules

KIND = "market-entry"

_NOT_ENTRIES = "NOT|END|CLOSURE|COMPLETE|SHARES ~1 ENTER|INST ~2 (ENTER|SETUP)|CONSUMER|SHARES|LISTING|PROTEST"

CUES: tuple[Cue, ...] = (
    Cue(
        "enters-market",
        "entering, expanding into, launching in a country or market",
        en=(
            "N ~7!FOR,COMMA,NOT,AFTER (ENTER|SETUP) ~4 (PLACE|MARKET)|N COMMA ~8!COMMA COMMA ~6!NOT,COMMA ENTER ~4 "
            "(PLACE|MARKET)|N ~3 PLACE ENTER|(N|FIRM) ~2 TO ENTER ~2 PLACE|N ~4!COMMA TO (ENTER|SETUP) ~3 PLACE|(N|"
            "FIRM) ~1 PROWL ~1 PLACE|N ~3 (MAKE|CONSIDER) ~1 PLACE ~2 (SHOPW|PUSHN|ENTER)|N ~3 MAKE SELL ~3 OF "
            "PLACE|N ~2 MAKE SHOPW ~1 OF PLACE|N POSS? ~2 RETURN PLACE (AFTER|WITH|$)"
        ),
        de=(
            "(N|FIRM) ~8!NOT ENTER ~4 PLACE|(N|FIRM|PRON) ~10!NOT (OF|AFTER) PLACE ~4 ENTER|(N|FIRM) PUSHTO ~8 "
            "AFTER PLACE|(N|FIRM) ~3 PUSHTO ~3 AFTER PLACE|(N|FIRM) ~6!NOT SETUP ~4 (PLACE|MARKET)|(N|FIRM) ~6 "
            "(PLACE|MARKET) ~2 SETUP|(N|FIRM) ~2 WANT ~2 AFTER PLACE|(N|FIRM) PRESS ~2 PLACE MARKET"
        ),
        examples=("Alibaba plans to expand into Europe", "Acme makes its debut in Poland"),
        beispiele=(
            "Acme bereitet den Markteintritt in Europa vor",
            "Acme drängt mit einem Marktplatz nach Deutschland",
        ),
        unless=_NOT_ENTRIES,
        status="announced",
        weight=0.75,
        subject="issuer",
    ),
    Cue(
        "brings-business",
        "a first shop, a service, a brand brought to a country",
        en=(
            "N ~6!FOR,COMMA,NOT BRING ~6!COMMA (OF|TO) ~3 PLACE (?!X|POSS|N|FIRM|AND)|N ~4!NOT BRING ~1 PLACE ~2 "
            "(SHOPW|ASSET|ENTER|MARKET)|N ~6!NOT,COMMA FIRST ~2 PLACE ~2 (ASSET|SHOPW)|N ~8!NOT FIRST ~3 (ASSET|"
            "SHOPW) ~3 (OF|TO) ~2 PLACE|N ~8!NOT (ASSET|SHOPW) ~2 OF PLACE ~4 FIRST"
        ),
        de=(
            "BRING ~8 AFTER PLACE|BRING ~6 AFTER PLACE|N BRING ~2 FIRST ~4 OF PLACE|N ~3 (PUSHTO|MAKE|BRING|X) ~5 "
            "(SHOPW|FIRST) ~4 OF ~1 PLACE|N ~6 FIRST ~2 (SHOPW|ASSET|MARKET|BRING) ~3 OF ~1 PLACE|(N|FIRM) ~2 RISEV "
            "OF ~3 PLACE (MARKET|TRADE)"
        ),
        examples=("Acme is introducing its shop to the European market", "Acme to open first Polish store"),
        beispiele=("Acme bringt die Plattform Beta nach Deutschland", "Acme eröffnet ersten Onlineshop in Polen"),
        unless=_NOT_ENTRIES,
        status="announced",
        weight=0.7,
        subject="issuer",
    ),
)

RULES = rules(CUES)


def market_entries(text: TextLike) -> list[Signal]:
    """Return the market entries that `text` states."""
    return run(text, RULES, KIND, "issuer", 1)
