"""Market entry: a company goes to a country where it was not before."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules

KIND = "market-entry"

CUES: tuple[Cue, ...] = (
    Cue(
        "enters-market",
        "entering, expanding into, launching in a country or market",
        en=(
            "N ~7!FOR,COMMA,NOT,AFTER ENTER ~4 (PLACE|MARKET)|N COMMA ~8!COMMA COMMA ~6!NOT,COMMA ENTER ~4 "
            "(PLACE|MARKET)|N ~6!FOR,COMMA,NOT BRING ~6 (OF|TO) ~3 PLACE|N ~3 PLACE ENTER|N ~4!NOT BRING ~3 "
            "PLACE|(N|FIRM) ~2 TO ENTER ~2 PLACE"
        ),
        de=(
            "(N|FIRM) ~8!NOT ENTER ~4 PLACE|BRING ~8 AFTER PLACE|(N|FIRM|PRON) ~10!NOT (OF|AFTER) PLACE ~4 "
            "ENTER|BRING ~6 AFTER PLACE|(N|FIRM) PUSHTO ~8 AFTER PLACE|(N|FIRM) ~3 PUSHTO ~3 AFTER PLACE|N "
            "BRING ~2 FIRST ~4 OF PLACE"
        ),
        examples=(
            "Alibaba plans to expand into Europe",
            "Acme is introducing its shop to the European market",
        ),
        beispiele=(
            "Acme bereitet den Markteintritt in Europa vor",
            "Acme bringt die Plattform Beta nach Deutschland",
            "Acme drängt mit einem Marktplatz nach Deutschland",
        ),
        unless="NOT|END|SHARES ~1 ENTER|INST ~2 ENTER|CONSUMER|SHARES",
        status="announced",
        weight=0.75,
        subject="issuer",
    ),
)

RULES = rules(CUES)


def market_entries(text: TextLike) -> list[Signal]:
    """Return the market entries that `text` states."""
    return run(text, RULES, KIND, "issuer", 1)
