"""Figures without a new promise: profit or sales reported, forecasts beaten or missed."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules

KIND = "earnings-other"

CUES: tuple[Cue, ...] = (
    Cue(
        "beats-or-misses",
        "figures against what was expected",
        en="(BEAT|MISS) ~4 (GUIDE|PGUIDE)|(PROFIT|SALES|RESULTS) ~4 (BEAT|MISS) ~2 GUIDE",
        de="(BEAT|MISS) ~4 (GUIDE|PGUIDE|SGUIDE)|(GUIDE|PGUIDE) ~6 (BEAT|MISS)",
        examples=("Tesco beats forecast with 28% rise in annual profits",),
        beispiele=("Acme übertrifft die Erwartungen der Analysten", "Der Gewinn verfehlte die Erwartungen"),
        unless="INST ~2 (BEAT|MISS)|PTARGET|NOGUIDE",
        status="announced",
        weight=0.8,
        subject="issuer",
    ),
    Cue(
        "profit-moves",
        "profit, sales or a loss, with a move or a number",
        en=(
            "(PROFIT|LOSS) ~4 (RISEV|FALLV|LESS|MORE|RAISE|END) ~4 NUM|(PROFIT|SALES) ~2 (RISEV|FALLV)|"
            "(RISEV|FALLV|LESS|MORE) OF ~3 (PROFIT|SALES)|NUM ~2 (PROFIT|LOSS)|(PROFIT|LOSS) OF NUM|(FALLV|"
            "POST|RISEV) ~5 (LOSS|PROFIT)|NUM ~2 (RISEV|FALLV|LESS) OF ~4 (PROFIT|SALES)"
        ),
        de=(
            "(PROFIT|SALES|LOSS) ~8 (RISEV|FALLV|LESS|MORE) |(RISEV|FALLV|POST) ~8 (PROFIT|LOSS|SALES)|NUM "
            "~4 (PROFIT|LOSS)|PMOVE|PDROP"
        ),
        examples=("Woolworths first-half profit soars 38% to $969m", "House of Fraser slides to £44m loss"),
        beispiele=(
            "Der Gewinn von Acme stieg um zehn Prozent",
            "Acme meldet einen Verlust von drei Millionen Euro",
        ),
        unless="INST|MODAL|FUTURE|PLURAL|PWARNS|PTARGET|RISEV ~2 OF LOSS|LAWSUIT|(CAL|PASTREF) (PROFIT|LOSS)",
        status="announced",
        weight=0.75,
        subject="issuer",
        object="issuer",
    ),
    Cue(
        "outlook-kept",
        "a forecast that is confirmed",
        en="KEEP ~4 (GUIDE|PGUIDE)",
        de="KEEP ~6 (GUIDE|PGUIDE|SGUIDE)|(GUIDE|PGUIDE|SGUIDE) ~5 KEEP",
        examples=("Acme keeps full-year outlook after solid quarter",),
        beispiele=(
            "Acme bestätigt den Ausblick",
            "Acme hält an der Prognose fest, die Ziele bleiben unverändert",
        ),
        unless="NOGUIDE|PTARGET|INST|NOT ~2 KEEP|CUT|LESS|RAISE|DROP",
        status="announced",
        weight=0.72,
        subject="issuer",
    ),
)

RULES = rules(CUES)


def earnings_reports(text: TextLike) -> list[Signal]:
    """Return figures that `text` reports."""
    return run(text, RULES, KIND, "issuer", 0)
