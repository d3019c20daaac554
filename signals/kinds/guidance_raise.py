"""Guidance raised: a company says that it will earn or sell more than it had promised."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules

KIND = "guidance-raise"

CUES: tuple[Cue, ...] = (
    Cue(
        "raises-forecast",
        "a company's own forecast goes up, or to the top of its range, or above the market's",
        en=(
            "RAISE ~6!BEAT,MISS,CUT (GUIDE|PGUIDE|SGUIDE)|(GUIDE|PGUIDE|SGUIDE) ~2 BE ~1 RAISE|(GUIDE|PGUIDE|"
            "SGUIDE) RAISE|(PROFIT|GUIDE) ~2 (FUTURE|MODAL) ~3 (BEAT|MORE) ~4 (GUIDE|NOLONGER|PASTREF)|"
            "EXPECT ~3 PROFIT ~4 (BEAT|MORE) ~4 (GUIDE|NOLONGER)|EXPECT ~2 FUTURE BEAT ~4 (GUIDE|PROFIT)|"
            "PROFIT ~3 BE ~2 BEAT ~2 GUIDE|HIGHEND ~5 (PROFIT|GUIDE|EXPECT)|(PROFIT|GUIDE) ~8 HIGHEND|MORE "
            "OPT ~2 (PROFIT|GUIDE)"
        ),
        de=(
            "RAISE ~9 (GUIDE|PGUIDE|SGUIDE)|(GUIDE|PGUIDE|SGUIDE) ~12 RAISE|TAKES ~10 (GUIDE|PGUIDE|SGUIDE) "
            "~12 UPWARD|TAKES ~12 (PROFIT|LOWEND|HIGHEND) ~8 UPWARD|(GUIDE|PGUIDE|SGUIDE) ~6 TAKES ~6 UPWARD|"
            "(PROFIT|SALES) ~8 MORE ~6 (NOLONGER|GUIDE|EXPECT)|MORE PROFIT ~4 (NOLONGER|GUIDE)|(PROFIT|GUIDE|"
            "PGUIDE) ~10 HIGHEND|HIGHEND ~6 (PROFIT|PGUIDE|GUIDE)|OPT ~6 PROSPECT|TAKES ~3 MORE GUIDE|OPT ~4 "
            "(GUIDE|PROFIT)|FUTURE ~2 OPT|EXPECT ~3 MORE PROFIT"
        ),
        examples=(
            "Tesco names new chief as it raises profit forecast",
            "HP tops estimates, raises full-year forecast",
            "Acme said that first-half profit would be well ahead of forecasts",
            "Acme expects profit at the top end of its guidance",
        ),
        beispiele=(
            "Acme hebt die Prognose für das Gesamtjahr an",
            "Acme setzt seine Jahresziele herauf",
            "Der Gewinn soll höher ausfallen als bisher erwartet",
            "Acme rechnet mit mehr Gewinn als zuvor",
            "Beim Ergebnis peilt Acme nun das obere Ende der Spanne an",
            "Der Betriebsgewinn dürfte in der oberen Hälfte der Prognose liegen",
        ),
        unless=(
            "NOGUIDE|PTARGET|INST ~2 (RAISE|TAKES)|RAISE ~3 (BID|OFFER)|NOT ~2 RAISE|PLURAL|PWARNS|RAISE ~6 "
            "GUIDE ~1 OF NUM SHARES|LESS ~1 PROFIT|SALES ~4 HIGHEND|SHARES ~4 HIGHEND|INST ~6 (EXPECT|BEAT)|"
            "NOT ~3 (BEAT|MORE|HIGHEND)"
        ),
        status="announced",
        strength="hard",
        subject="issuer",
        by="issuer",
    ),
)

RULES = rules(CUES)


def guidance_raises(text: TextLike) -> list[Signal]:
    """Return the raised forecasts that `text` states."""
    return run(text, RULES, KIND, "issuer", 1)
