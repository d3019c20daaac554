"""Takeovers denied or ended: a party says that there is no deal, or an offer is withdrawn."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules
from signals.kinds.takeover_wide import OTHER

KIND = "takeover-denied"

CUES: tuple[Cue, ...] = (
    Cue(
        "denies-buying",
        "a bidder denies that it buys somebody",
        en=(
            "DENY ~4 N@target BATTLE|DENY ~10 (DEAL|BID|DEALBID) (OF|FOR) ~3 N@target|DENY ~4 BUY ~4 N@target|"
            "DENY ~1 OFFER FOR ~2 N@target"
        ),
        de="DENY ~8 (DEAL|BID|DEALBID) (OF|FOR) ~3 N@target|SHUT ~6 (DEAL|BID) (OF|FOR) ~3 N@target ~3!NOT AUS",
        examples=("Acme denies press report of a takeover of Beta", "Acme rules out bid for Beta"),
        beispiele=("Acme dementiert den Kauf von Beta", "Acme schließt eine Übernahme von Beta aus"),
        unless="NOT ~1 DENY|NOT AUS|INST ~3 DENY|DENY ~2 LAWSUIT",
        sub="denied",
        status="denied",
        subject="acquirer",
    ),
    Cue(
        "denies-deal",
        "a denial that has a takeover as its object",
        en=(
            "DENY ~6 SELL ~2 TO N@acquirer|DENY ~6 SELL N@target TO ~3 N@acquirer|DENY ~10 (DEAL|DEALBID|RUMDEAL|"
            "DEALTALKS|CAND|SUITOR)|DENY ~4 (BID|INTEREST) (?!TO)|DENY ~4 BUY ~4 N|(DEAL|DEALBID|RUMDEAL|DEALTALKS|"
            "CAND|SUITOR) ~3 (BE|HAVE)? DENY|DENY ~8 FORSALE|DENY ~8 SELL ~3 (N|PRON|FIRM)|DENY ~4 SALE (TO|OF)|"
            "BASELESS ~4 (RUMDEAL|DEAL|SALE|BID|DEALTALKS|SUITOR)|(DEAL|DEALBID|RUMDEAL|DEALTALKS|SALE) ~6 "
            "BASELESS|DENY ~8 PRIV (?!X|N|FIRM|INST|ARM|ASSET|SALES)"
        ),
        de=(
            "DENY ~2 (RUMDEAL|SELL) (FOR|OF) ~2 N@target|(DEAL|DEALBID|RUMDEAL|DEALTALKS|CAND|SUITOR) ~8 (DENY|"
            "BASELESS)|DENY ~8 (DEAL|DEALBID|RUMDEAL|DEALTALKS|CAND|SUITOR)|(RUM|SOURCE|BID|DEAL|TALKS) ~14 (DENY|"
            "BASELESS)|FORSALE ~6 DENY|TAKES ~3 (DEAL|DEALBID|RUMDEAL|DEALTALKS|CAND|SUITOR) ~4 BACKDOWN|TAKES ~3 "
            "RUM ~6 BACKDOWN|SHUT ~8 (DEAL|DEALBID) ~6 AUS|REFUSE ~6 (RUM|RUMDEAL|SOURCE) ~6 BACKDOWN|DENY ~6 SELL "
            "(OF|AN) ~2 N|DENY ~8 (SUITOR)|DENY ~4 INTEREST"
        ),
        examples=("Deutsche Bank chief dismisses takeover speculation", "Acme denies press report of Beta takeover"),
        beispiele=(
            "Gerüchte über eine Übernahme von Acme entbehren jeder Grundlage",
            "Acme dementiert Übernahmegespräche mit Beta",
        ),
        unless=(
            "NOT ~1 DENY|NOT AUS|INST ~3 DENY|DENY ~2 LAWSUIT|END ~4 (DEAL|BID|OFFER|DEALBID)|DISMISS ~5 (OFFER|"
            "BID|DEALBID)"
        ),
        sub="denied",
        status="denied",
        weight=0.92,
        subject="target",
        by="acquirer",
    ),
    Cue(
        "no-interest",
        "no interest in a deal",
        en=(
            "NOT ~2 (INTEREST|CONSIDER) ~2 (BUY|SNAP|DEAL|BID)|NOT ~2 INTEREST OF ~2 (BUY|DEAL|BID)|NOT ~2 "
            "INTEREST ~6 (DEAL|BID|BUY)|FUTURE NOT BE ~1 BUYER|FUTURE NOT ~1 (BUY|BID)|DEAL ~8 NOT (APPEAL|"
            "INTEREST)|DEAL ~6 NOT ~1 APPEAL|NOT APPEAL FOR N@acquirer"
        ),
        de=(
            "NOT ~3 INTEREST ~6 (DEAL|BUY|SNAP|OF|BID)|(DEAL|BID|BUY) ~8 NOT ~2 INTEREST|NOT ~3 (BUY|BOUGHT|SNAP) "
            "~1 WANT|(WANT|CONSIDER) ~5 NOT ~3 (SNAP|BUY|DEAL)|NOT ~1 (DEAL|DEALBID|TIEUP) ~8 (CONSIDER|WANT)|NOT "
            "INTEREST|NOT APPEAL FOR N@acquirer"
        ),
        examples=(
            "Ryanair not interested in buying Thomas Cook airlines",
            "Volkswagen not interested in any tie-up with Fiat Chrysler",
            "The airlines of Acme hold no attraction for Beta",
        ),
        beispiele=(
            "Acme hat kein Interesse an einer Übernahme von Beta",
            "Der Konzern will Beta nicht kaufen, kein Interesse",
            "Acme hat keinen Reiz für Beta",
            "Der Rivale Acme besitzt keinen Reiz für Beta",
        ),
        unless="NOT ~4 (RAISE|MAKE) ~3 (BID|OFFER)|CONSUMER",
        sub="denied",
        status="denied",
        weight=0.88,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "no-talks",
        "no talks about a deal",
        en=(
            "NOT ~4 (TALKS|DEALTALKS) ~6 (DEAL|BUY|BID|SELL|DEALBID|OFFER)|NOT ~2 DEALTALKS|NOT ~1 TALKS ~2 DEAL|"
            "NOT ~3 (DEAL|DEALBID|RUMDEAL|DEALTALKS|CAND|SUITOR) (TALKS)|NOT ~6 (MAKE|GET|HAVE) ~4 (BID|OFFER|"
            "DEALBID) (FOR|BY|COMMA|BRK|$)|NOT (BID|OFFER|DEALBID|BOUGHT) ~1 (HAVE|BE|FOR|BY)|NOT ~2 (MAKE|GET) ~3 "
            "(BID|OFFER|DEALBID)|NOT (CONSIDER|X) (TO|OF) ~1 (BID|BUY)|GET NOT (BID|OFFER|DEALBID)"
        ),
        de=(
            "NOT ~8 (DEAL|SELL|BID) ~4 TALKS|NOT ~4 (DEALTALKS)|NOT ~3 TALKS ~6 (DEAL|SELL)|NOT ~12 (DEAL|SELL) ~6 "
            "(TALKS|TALKS HAVE)|NOT ~6 (BID|OFFER|DEALBID) ~5 (GET|MAKE|HAVE)|(WANT|HAVE|GET|TALKS) ~4 NOT ~3 (BID|"
            "DEALBID)|TALKS WITH ~2 N@acquirer ~4 NOT"
        ),
        examples=(
            "Acme is not in takeover talks with anyone, chairman says",
            "Nobody has made an offer for Acme, the company insisted",
            "Acme says it has received no takeover offer",
        ),
        beispiele=(
            "Acme führt keine Gespräche über eine Übernahme",
            "Man habe nie mit Beta über einen Verkauf verhandelt",
            "Acme hat kein Übernahmeangebot erhalten",
            "Es liegt kein Gebot vor, niemand hat ein Übernahmeangebot gemacht",
        ),
        unless="NOT ~1 COMMENT|MAKE (BID|OFFER) ~3 NOT|RAISE|REJECT|ASSET",
        sub="denied",
        status="denied",
        subject="target",
        object="target",
    ),
    Cue(
        "not-for-sale",
        "the company or its owners will not sell",
        en=(
            "NOT ~1 FORSALE|NOT ~3 (CONSIDER|X) TO SELL ($|BRK|COMMA|PRON|SHARES|FIRM)|(CONSIDER|X|INDEPENDENT) TO "
            "HOLDON|INDEPENDENT"
        ),
        de="NOT ~3 FORSALE|FORSALE ~4 NOT|NOT ~3 STAKE ~5 SELL|NOT ~4 STAKE ~4 SELL|INDEPENDENT (X|BE|STAYS)",
        examples=("The founders have no plans to sell: paper", "Acme is not for sale, its chairman says"),
        beispiele=(
            "Acme steht laut Vorstandschef nicht zum Verkauf",
            "Die Familie hat nicht vor, Anteile abzugeben, keine Anteile zu verkaufen",
        ),
        unless="PLURAL|PWARNS|NOT ~1 X FORSALE|(SALES|INST) ~3 FORSALE|^X INDEPENDENT",
        sub="denied",
        status="denied",
        weight=0.82,
        subject="target",
    ),
    Cue(
        "ends-bid",
        "the bidder gives up, the deal collapses",
        en=(
            "END ~4 BID (FOR|OF) ~4 N|END ~4!TO (DEALBID|DEAL|DEALTALKS|RUMDEAL) (?!TO)|END ~3 OFFER FOR|END ~2 "
            "(BY|OF) ~4 (DEAL|DEALBID|DEALTALKS)|END ~2 (BY|OF) ~2 OFFER FOR|(DEAL|DEALBID|DEALTALKS) ~2 (BE|"
            "HAVE)? (END|FAILED)|(DEAL|DEALBID) (WITH|OF|BY) ~6!COMMA,BRK (END|FAILED)|END ~3!TO SALE OF ~3 N|DEAL "
            "TALKS ~1 (END|FAILED)|N POSS? ~2 BID (BE|HAVE)? (END|FAILED)|BID FOR ~2 N@target (BE|HAVE)? (END|"
            "FAILED)|END ~3 PURSUIT|(OFFER|BID) ~12 (BE|X) END|END TALKS WITH ~2 N|DEALTALKS ~7!COMMA END|"
            "TALKS WITH ~2 N HAVE? END"
        ),
        de=(
            "N@target SELL ~3 END|(DEAL|DEALBID|BID|OFFER|RUMDEAL|DEALTALKS|SUITOR) ~8 END|END ~8 (DEAL|DEALBID|"
            "BID|OFFER|RUMDEAL|DEALTALKS|SUITOR)|TAKES ~4 (DEALBID|OFFER|BID) ~3 BACKDOWN|BLOW ~8 (DEAL|DEALBID|"
            "DEALTALKS|TALKS) ~6 DOWNOFF|GIVE ~4 (DEAL|DEALBID) ~4 AUF|N ~1 SELL ~3 END"
        ),
        examples=(
            "Xerox abandons USD 35 billion hostile bid for HP",
            "Deutsche Bank and Commerzbank merger talks collapse",
        ),
        beispiele=("Die Übernahme von Acme durch Beta ist geplatzt", "Beta verzichtet auf eine Offerte für Acme"),
        unless=(
            "END ~4 (BID|OFFER) TO ~1 X|NOT ~1 END|MODAL ~8 END|END ~2 SALES|LOSE|CONSIDER ~4 END|DANGER|IF|(ON|"
            "AFTER) ~1 END|INST END|CONSUMER|SPORT|BID TO (?!BUY)|DEAL X X END"
        ),
        sub="ended",
        status="denied",
        subject="acquirer",
        object="target",
    ),
    Cue(
        "plays-down",
        "talk of a deal is played down, or nothing of it is there",
        en=(
            "(SOURCE|RUM) ~8 (EYE|PROWL|BUY|SALE|SELL|INTEREST) ~8 BASELESS|NOT ~2 (SEARCH|CONSIDER) ~3 (BUYER|"
            "SUITOR)|BE NOT (DEAL|TIEUP) (OF|WITH|FOR)|DENY ~10 (BUY|SNAP|PROWL|SALE|SELL)|NOT ~4 (CAND|PROWL)|"
            "DENY ~6 N ~2 SALE|NOT ~3 (DEAL|DEALBID) ~2 (CONSIDER|TABLE)|NOT ~3 X ~2 TABLE|BE NOT TALKS WITH "
            "N@acquirer ($|BRK|COMMA|AND)"
        ),
        de=(
            "(RUM|RUMDEAL|DEAL|DEALTALKS|DEALBID|BID|INTEREST) ~10 COUNTER|NOT ~1 RUMDEAL|NOT ~4 CAND|NOT ~1 (BID|"
            "DEALBID) ~6 (GET|MAKE|$)|NOT ~2 SELL ($|BRK|CONSIDER)|NOT (SELL|DEAL) (OF|WITH) ~2 N|(SELL|FORSALE) "
            "NOT ($|BRK)|(DEAL|SELL) ~8 FUTURE NOT ($|BRK)|DENY ~8 (SELL|BUY|SNAP)|(BUY|SNAP|SELL|FORSALE) ~6 DENY|"
            "(SELL|DEAL|FORSALE|DEALBID) ~8 (NOT ~3 TABLE|BASELESS)|REFUSE ~6 (RUM|RUMDEAL|SOURCE) ~14 BACKDOWN|"
            "REFUSE ~4 (SELL|DEAL) ~10 BACKDOWN"
        ),
        examples=("Acme plays down chatter about swoop on Beta", "Acme denies reports of Beta sale"),
        beispiele=("Acme tritt Gerüchten über eine Fusion entgegen", "Acme hat keine Verkaufsabsichten"),
        unless=OTHER + "|NOT ~1 (DENY|COMMENT)|INST ~3 DENY|DENY ~2 LAWSUIT|NOT ~3 COMMENT|RAISE ~3 (BID|OFFER)|ASSET",
        sub="denied",
        status="denied",
        weight=0.78,
        subject="target",
        by="acquirer",
    ),
    Cue(
        "falls-through",
        "a bidder leaves, an offer or sale comes to nothing, an authority forbids it",
        en=(
            "(SUITOR|BUYER) ~3!TO END|(OFFER|TIEUP) ~6!TO,SHARES (END|FAILED)|END ~3!AFTER,TO N ~2 (DEAL|SALE) ($|"
            "BRK|COMMA|TO|BY)|END ~5!TO,AFTER,ON (DEAL|DEALBID|TIEUP|RUMDEAL)|N END ~3!AFTER,TO PROWL|END "
            "~4!AFTER,TO SALE (TO|OF) ~4 N|END ~3 (OFFER|BID) TO (BUY|SNAP)|TALKS ~2 (BUY|SALE|DEAL) ~6 END|END ~3 "
            "CONSIDER ~3 (BUY|SNAP)|END ~1 N@target DEALW ($|BRK|COMMA|AFTER|X)|END ~2 PURSUIT"
        ),
        de=(
            "GIVE ~2 (PURSUIT|BATTLE|RUMDEAL|DEALTALKS) ~5 AUF|END ~4 DEALW|(SUITOR|BUYER|FIRM) ~2 RISEV ~5 "
            "DOWNOFF|(SUITOR|BATTLE|BUYER) ~6 END|(DEAL|TALKS|SELL|BID) ~10 (END|FAILED)|END ~3 (DEAL|SELL|BID|"
            "TALKS)"
        ),
        examples=("Acme bidder loses interest", "Watchdog blocks merger of Acme and Beta"),
        beispiele=("Kartellamt untersagt die Fusion von Acme und Beta", "Interessent für Acme springt ab"),
        unless=OTHER
        + (
            "|NOT ~1 END|MODAL ~8 END|END ~2 SALES|CONSIDER ~4 END|DANGER|IF|(ON|AFTER) ~2 END|BID TO (?!BUY)|"
            "PRESS|END ~3 (STAKE|SHARES)|JOBS|RESULTS"
        ),
        sub="ended",
        status="denied",
        weight=0.72,
        subject="acquirer",
        object="target",
    ),
)

RULES = rules(CUES)


def takeover_denials(text: TextLike) -> list[Signal]:
    """Return the denials of a takeover, and the deals that were called off, that `text` states."""
    return run(text, RULES, KIND, "target", 0)
