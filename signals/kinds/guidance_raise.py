"""Guidance raised: a company says that it will earn or sell more than it had promised or than is expected of it."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules
from signals.kinds.shapes import EARNINGS, FORECAST, PROMISE, WATCHERS

KIND = "guidance-raise"

CUES: tuple[Cue, ...] = (
    Cue(
        "raises-forecast",
        "a company's own forecast goes up",
        en=f"RAISE ~6!BEAT,MISS,CUT,AFTER {FORECAST}|{FORECAST} ~2 (BE|HAVE) ~1 RAISE|{FORECAST} RAISE|UPG",
        de=(
            f"RAISE ~9 {FORECAST}|{FORECAST} ~12 RAISE|TAKES ~10 {FORECAST} ~12 UPWARD|TAKES ~12 (PROFIT|LOWEND|"
            f"HIGHEND) ~8 UPWARD|{FORECAST} ~6 TAKES ~6 UPWARD|TAKES ~3 MORE {FORECAST}|MORE (OWN|PGUIDE)$|TAKES ~4 "
            f"{FORECAST} ~2 AUF|LIFTS ~9!BACKDOWN {FORECAST}|UPG|(MORE|BEAT) {PROMISE} ~4 (FOR|ON|COMMA|BRK)"
        ),
        examples=(
            "Tesco names new chief as it raises profit forecast",
            "HP tops estimates, raises full-year forecast",
        ),
        beispiele=("Acme hebt die Prognose für das Gesamtjahr an", "Acme setzt seine Jahresziele herauf"),
        unless=(
            f"{WATCHERS}|RAISE ~3 (BID|OFFER)|NOT ~2 RAISE|PLURAL|PWARNS|RAISE ~6 GUIDE ~1 OF NUM SHARES|LESS ~1 PROFIT"
        ),
        status="announced",
        strength="hard",
        subject="issuer",
        by="issuer",
    ),
    Cue(
        "expects-more",
        "profit or sales will be higher than promised or than the market expects",
        en=(
            f"(PROFIT|RESULTS|TRADE|SALES|{FORECAST}) ~6!LESS,MISS,FALLV,LOSS (FUTURE|MODAL|NEAR|EXPECT|TO) ~4 (BEAT|"
            f"MORE) ~4 ({FORECAST}|NOLONGER|PASTREF|EXPECT)|EXPECT ~6!LESS,LOSS (PROFIT|RESULTS|TRADE|SALES) ~5!LESS "
            f"(BEAT|MORE) ~4 ({FORECAST}|NOLONGER|PASTREF)|EXPECT ~2!NUM (FUTURE|TO) BEAT ~4 ({FORECAST}|PROFIT)|"
            f"PROFIT ~3 BE ~2 BEAT ~2 GUIDE|EXPECT ~2!LESS,NUM MORE ~2 PROFIT|EXPECT PROFIT (RAISE|RISEV)|{PROMISE} "
            f"~3!MISS,COMMA,PROFIT,SALES BEAT|EXPECT ~3!LESS {EARNINGS} BEAT|(N|FIRM) GUIDE ~4!LESS BEAT|PGUIDE BEAT|"
            f"EXPECT ~4 (NARROW|LESS) LOSS|EXPECT MORE (AFTER|ON|BRK|$)|TO BEAT ~3!NUM {FORECAST}|(FUTURE|EXPECT|"
            f"NEAR) BEAT ~3 {FORECAST}"
        ),
        de=(
            "(PROFIT|SALES) ~8!LESS MORE ~6 (NOLONGER|GUIDE|EXPECT)|MORE ~1 PROFIT ~3 EXPECT|MORE PROFIT ~4 "
            "(NOLONGER|GUIDE)|(EXPECT|TRUST|FUTURE|MODAL) ~3!LESS MORE ~1 (PROFIT|SALES|EARN)|(PROFIT|SALES|"
            f"RESULTS) ~6 (FUTURE|MODAL|EXPECT) ~8!LESS,UNDER,MISS (BEAT|MORE)|(FUTURE|MODAL) ~3 {FORECAST} ~4 BEAT|"
            f"{FORECAST} ~5 BEAT ~1 (FUTURE|MODAL)|(FUTURE|MODAL) ~8 {FORECAST} BEAT|(PROFIT|RESULTS) ~8 BEAT ~4 "
            "GUIDE ~3 (FUTURE|MODAL|STAYS)|OWN ~3 BEAT ~3 STREET|(TRUST|EXPECT) ~4 MORE ~1 ZU|(WANT|FUTURE|EXPECT) "
            "~6 MORE ~3 RISEV ~3 NOLONGER"
        ),
        examples=(
            "Acme said that first-half profit would be well ahead of forecasts",
            "Acme expects results to exceed market expectations",
        ),
        beispiele=(
            "Der Gewinn soll höher ausfallen als bisher erwartet",
            "Acme rechnet mit mehr Gewinn als zuvor",
        ),
        unless=(
            f"{WATCHERS}|INST ~6 BEAT|NOT ~3 (BEAT|MORE)|END ~2 MORE|(MORE|BEAT) ~2 LOSS|SHARES ~1 (EXPECT|FUTURE|TO)"
        ),
        status="announced",
        strength="hard",
        weight=0.85,
        subject="issuer",
        by="issuer",
    ),
    Cue(
        "top-of-range",
        "the upper end of the promised range",
        en=f"HIGHEND ~5 (PROFIT|{FORECAST}|EXPECT)|(PROFIT|SALES|RESULTS|{FORECAST}) ~8 HIGHEND",
        de=f"(PROFIT|RESULTS|{FORECAST}) ~10 HIGHEND|HIGHEND ~6 (PROFIT|{FORECAST})",
        examples=("Acme expects profit at the top end of its guidance",),
        beispiele=(
            "Beim Ergebnis peilt Acme nun das obere Ende der Spanne an",
            "Der Betriebsgewinn dürfte in der oberen Hälfte der Prognose liegen",
        ),
        unless=(
            "NOGUIDE|PTARGET|SALES ~4 HIGHEND ~6 (LESS|LOWEND)|SHARES ~4 HIGHEND|NOT ~3 HIGHEND|LOWEND|INST ~6 EXPECT"
        ),
        status="announced",
        strength="hard",
        subject="issuer",
    ),
    Cue(
        "more-hopeful",
        "a company that becomes more confident for the year",
        en=f"MORE OPT ~3 (PROFIT|{FORECAST}|TRADE)|OPT {FORECAST}|(N|FIRM) ~4 MORE OPT (FOR|ON|AFTER)",
        de=(
            f"OPT ~6 PROSPECT|OPT ~2 AUF ~1 NUM|OPT ~4 ({FORECAST}|PROFIT)|(N|FIRM) ~2 (FUTURE|TAKES|X|EXPECT|"
            "CONFIRM) ~6 OPT$|FUTURE ~2 OPT|(PROFIT|SALES|GUIDE) ~5 OPT"
        ),
        examples=("Acme more upbeat on profit after strong spring",),
        beispiele=("Acme blickt optimistischer auf das Gesamtjahr", "Acme wird beim Gewinn zuversichtlicher"),
        unless="INST|PTARGET|NOGUIDE|NOT ~2 OPT|SHARES ~2 (FUTURE|X|BE) ~2 OPT|CONSUMER|LESS ~1 OPT",
        status="announced",
        strength="hard",
        weight=0.8,
        subject="issuer",
    ),
)

RULES = rules(CUES)


def guidance_raises(text: TextLike) -> list[Signal]:
    """Return the raised forecasts that `text` states."""
    return run(text, RULES, KIND, "issuer", 1)
