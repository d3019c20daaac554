"""Figures without a new promise: profit or sales reported, forecasts beaten, missed or kept."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules
from signals.kinds.shapes import FIGURE, FORECAST, NOBODY, PROMISE, PUBLIC

KIND = "earnings-other"

#: What is to come, what only watchers say, what whole countries or stock exchanges gain and lose, lost jobs and lawsuits.
_NOT_FIGURES = (
    "(^|BRK) ASK|MODAL|FUTURE|PLURAL|PWARNS|PTARGET|NOGUIDE|NOTECO|MSALES|LAWSUIT|LOSS ~6 JOBS|JOBS ~2 LOSS|"
    "INST ~5 (PROFIT|SALES|LOSS|BEAT|MISS)|(PROFIT|SALES|LOSS) ~3 (OF|AND) INST|"
    "(EXPECT|WARN|NEAR|FEAR) ~4 (PROFIT|LOSS|SALES|PDROP|SDROP)|(PROFIT|SALES) ~2 EXPECT|"
    "TO (LESS|FALLV|RISEV|POST|MAKE|BEAT|MISS|WIDEN|EARN)|(?<!N)(?<!POSS) PLACE ~2 SALES"
)

CUES: tuple[Cue, ...] = (
    Cue(
        "beats-or-misses",
        "figures against what was expected",
        en=f"(BEAT|MISS) ~4!NUM {FORECAST}|{FIGURE} ~4 (BEAT|MISS) ~2 {FORECAST}|(PROFIT|SALES|RESULTS) ~1 MISS",
        de=(
            f"(BEAT|MISS) ~4!WITH {FORECAST}|{FORECAST} ~6 (BEAT|MISS)|(PROFIT|SALES|RESULTS) ~4 (BEAT|MISS)|STAYS "
            f"~1 UNDER ~2 {FORECAST}"
        ),
        examples=("Tesco beats forecast with 28% rise in annual profits", "Acme profits fall short"),
        beispiele=("Acme übertrifft die Erwartungen der Analysten", "Der Gewinn von Acme verfehlte die Erwartungen"),
        unless=(
            f"{NOBODY}|INST ~2 (BEAT|MISS)|PTARGET|NOGUIDE|JOBS|MSALES|EXPECT ~9 (BEAT|MISS)|(FUTURE|MODAL|TO|NEAR) "
            "~2 (BEAT|MISS)|WARN ~3 MISS"
        ),
        status="announced",
        weight=0.8,
        subject="issuer",
    ),
    Cue(
        "figure-moves",
        "profit, sales or a loss that rose, fell, widened or narrowed",
        en=(
            "(PROFIT|SALES|LOSS) ~4!TO,AFTER,ON (RISEV|FALLV|LESS|WIDEN|NARROW|RAISE|END|CUT|BEAT)|(RISEV|FALLV|"
            f"LESS|MORE|WIDEN|NARROW|RAISE|CUT|RETURN) ~4!AFTER,SHARES,JOBS,FOR (PROFIT|LOSS|SALES)|{FIGURE} ~2 MORE|"
            "PMOVE|(PROFIT|SALES) ~2 FLAT|(POST|TELL) ~2 FLAT ~2 (PROFIT|SALES)"
        ),
        examples=("Woolworths first-half profit soars 38% to $969m", "House of Fraser slides to £44m loss"),
        unless=f"{NOBODY}|{_NOT_FIGURES}|(RISEV|LESS) ~2 OF LOSS|(CAL|PASTREF) (PROFIT|LOSS)|SHARES ~1 LOSS",
        status="announced",
        weight=0.75,
        subject="issuer",
        object="issuer",
    ),
    Cue(
        "german-figures-move",
        "the same in German, where short headlines hide the name: profit, sales or a loss that rose or fell",
        de=(
            "(PROFIT|SALES|LOSS) ~8!AFTER,ON (RISEV|FALLV|LESS|MORE|CUT|WIDEN|NARROW|RAISE)|(RISEV|FALLV|CUT|WIDEN|"
            "NARROW|RAISE|RETURN|LESS|MORE) ~8 (PROFIT|LOSS|SALES)|(PROFIT|SALES) ~8 BLOW ~8 X$|BLOW ~4 (PROFIT|"
            "SALES) ~6 X$|(N|FIRM|PRON|X) ~8 (PMOVE|PDROP|SDROP)|(PMOVE|PDROP|SDROP) (OF|BY) ~2 N|(PROFIT|SALES) ~3 "
            "TAKES ~6 ZU|(PROFIT|SALES) ~3 FLAT|(N|^X) ~1 RISEV ~2 MORE ~2 (EXPECT|NOLONGER)|TAKES ~3 (PROFIT|LOSS|"
            "PMOVE) ~1 X ($|BRK|COMMA)|EARN ~5 (LESS|MORE)|(LESS|MORE) ~1 EARN|TAKES ~6 (PROFIT|LOSS|SALES) ~6 "
            "(BACKDOWN|UPWARD)"
        ),
        beispiele=("Der Gewinn von Acme stieg um zehn Prozent", "Acme verdient im zweiten Quartal weniger"),
        unless=f"{PUBLIC}|{_NOT_FIGURES}|(RISEV|LESS) ~2 OF LOSS|(CAL|PASTREF) (PROFIT|LOSS)|SHARES ~1 LOSS",
        status="announced",
        weight=0.75,
        subject="issuer",
        object="issuer",
    ),
    Cue(
        "posts-figures",
        "figures that are published",
        en=(
            f"(POST|TELL) ~6!FOR,AFTER {FIGURE}|(AGREE|ISSUE|EARN) ~5!FOR,AFTER (PROFIT|LOSS|SALES)|MAKE "
            "~5!FOR,AFTER,TO (PROFIT|LOSS)|NUM ~2 (OF|NUM)? (PROFIT|LOSS|SALES)|(PROFIT|LOSS|SALES|LOSTOF) OF? "
            "MONEY|(PROFIT|LOSS) OF NUM CURRENCY|FOR ~3 LOSS|N ~2 EARN MONEY"
        ),
        examples=("Acme reports record quarterly profit", "Acme makes £119m loss in first quarter"),
        unless=f"{NOBODY}|{_NOT_FIGURES}",
        status="announced",
        weight=0.7,
        subject="issuer",
        object="issuer",
    ),
    Cue(
        "german-figures-posted",
        "the same in German: a profit or loss that is reported",
        de=(
            "(POST|TELL|MAKE|GET) ~6 (PROFIT|LOSS|SALES)|NUM ~4 (PROFIT|LOSS)|(OF|WITH) ~3 (PROFIT|LOSS)$|(N|^~1 X) "
            "~2 WITH ~2 (PROFIT|LOSS|PMOVE|PDROP)|REACH ~3 (PROFIT|SALES|PMOVE)|EARN ~3 NUM|LOSS OF ~1 NUM|(PROFIT|"
            "SALES|RESULTS) ~4 (POST|TELL)"
        ),
        beispiele=("Acme meldet einen Verlust von drei Millionen Euro", "Acme erzielt einen hohen Gewinn"),
        unless=f"{PUBLIC}|{_NOT_FIGURES}",
        status="announced",
        weight=0.7,
        subject="issuer",
        object="issuer",
    ),
    Cue(
        "outlook-kept",
        "a forecast that is confirmed",
        en=(
            f"KEEP ~4 {FORECAST}|{PROMISE} BE? KEEP|KEEP ~3 TO ~3 (REACH|POST) ~3 {FORECAST}|(EXPECT|NEAR|OPT) ~2 "
            f"REACH ~3 {FORECAST}"
        ),
        de=f"KEEP ~6 {FORECAST}|{FORECAST} ~5 KEEP|(TAKES|REACH) ~4 (OF|AN) ~4 {FORECAST} ~2 X$",
        examples=("Acme keeps full-year outlook after solid quarter",),
        beispiele=(
            "Acme bestätigt den Ausblick",
            "Acme hält an der Prognose fest, die Ziele bleiben unverändert",
        ),
        unless=(
            f"NOGUIDE|PTARGET|INST ~3 KEEP|NOT ~2 (KEEP|EXPECT|REACH)|CUT ~6 {FORECAST}|RAISE ~6 {FORECAST}|DROP|"
            "LOWEND|HIGHEND"
        ),
        status="announced",
        weight=0.72,
        subject="issuer",
    ),
)

RULES = rules(CUES)


def earnings_reports(text: TextLike) -> list[Signal]:
    """Return figures that `text` reports."""
    return run(text, RULES, KIND, "issuer", 0)
