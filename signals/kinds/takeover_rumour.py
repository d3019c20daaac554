"""Takeover rumours: speculation, reports, sources, talks, considerations: a deal that nobody has put on the table."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules

KIND = "takeover-rumour"

CUES: tuple[Cue, ...] = (
    Cue(
        "candidate",
        "a company called a takeover target",
        en="CAND OF N@acquirer|CAND",
        de="CAND",
        examples=("Zalando is a takeover candidate, he believes",),
        beispiele=("Acme gilt als Übernahmekandidat", "Analysten zählen Acme zu den Übernahmezielen"),
        unless="DENY|NOT ~3 CAND",
        sub="speculation",
        status="rumour",
        weight=0.86,
        subject="target",
        by="acquirer",
    ),
    Cue(
        "rumour-of-deal",
        "rumour words next to takeover words",
        en=(
            "RUMDEAL|RUM ~10 (DEAL|DEALBID|BID|BUY|SUITOR|CAND|DEALTALKS)|RUM ~10 GET ~3 OFFER|RUM ~8 "
            "OFFER (FOR|BY)|RUM ~12 LAND|(DEAL|DEALBID|BID|SUITOR) ~2 RUM|RUM ~6 INTEREST ~2 (BUY|OF)"
        ),
        de=(
            "RUMDEAL|RUM ~8 N@target OF N@acquirer LAND|RUM ~12 LAND|RUM ~12 (DEAL|DEALBID|BID|OFFER|BUY|"
            "SNAP|SUITOR|CAND|DEALTALKS)|(DEAL|DEALBID|BID|SUITOR) ~8 RUM|RUM ~6 INTEREST OF N@acquirer|"
            "RUM ~9 INTEREST|SUITOR ~6 RUM"
        ),
        examples=(
            "Morrisons shares rise on takeover chatter",
            "Aston Martin shares accelerate on talk of bid by billionaire",
        ),
        beispiele=(
            "Übernahmegerüchte treiben die Aktie von Acme",
            "Es gibt Spekulationen über ein Gebot für Acme",
        ),
        unless="DENY|NOT ~1 RUM",
        sub="speculation",
        status="rumour",
        object="target",
        by="acquirer",
    ),
    Cue(
        "sale-talks",
        "an owner talks about selling",
        en="TALKS ~3 SELL ~4 (MAJORITY|N|PRON|FIRM|UNIT)|TALKS ~2 OF ~2 SELL ~3 (MAJORITY|N)",
        de="TALKS ~6 SELL ~4 (OF|N|MAJORITY)|SELL ~6 TALKS",
        examples=("Walmart in talks to sell majority stake in Asda",),
        beispiele=(
            "Acme führt Gespräche über den Verkauf von Beta",
            "Acme verhandelt über einen Verkauf der Mehrheit an Beta",
        ),
        unless="NOT ~4 TALKS|TALKS ~2 END|END ~4 TALKS|DENY|SELL ~2 STAKE",
        sub="talks",
        status="rumour",
        weight=0.85,
        subject="seller",
        object="target",
        by="acquirer",
    ),
    Cue(
        "considers-deal",
        "a bidder thinks about a bid or prepares one",
        en=(
            "CONSIDER ~6!AFTER,INST (DEAL|DEALBID|BID) (?!TO)|CONSIDER ~6!AFTER,INST (DEAL|DEALBID|BID) "
            "TO BUY|CONSIDER ~3 OFFER ~5 FOR|CONSIDER ~3 OFFER (FOR|OF|X FUTURE)|CONSIDER ~3 BUY (?!QTY) "
            "~7 N|CONSIDER ~2 MAJORITY ~3 N"
        ),
        de=(
            "CONSIDER ~9 (DEAL|DEALBID|BID|OFFER)|(DEAL|DEALBID|BID|OFFER) ~9 CONSIDER|CONSIDER ~9 (BUY|"
            "SNAP)|(DEAL|BUY) ~6 INTEREST|INTEREST ~4 (DEAL|BUY)"
        ),
        examples=(
            "Sports Direct considering cash bid for Debenhams",
            "Anglo American mulls rescue bid for Sirius Minerals",
        ),
        beispiele=("Acme erwägt eine Übernahme von Beta", "Acme prüft ein Angebot für Beta"),
        unless=(
            "NOT ~3 (CONSIDER|INTEREST|TALKS|DEALTALKS|NEAR)|DENY|CONSIDER ~3 (BUY|BID|DEAL) ~3 (STAKE|"
            "UNIT)|SHARES ~2 CONSIDER|INST ~2 CONSIDER|CONSUMER|DROP ~1 CONSIDER"
        ),
        sub="considering",
        status="rumour",
        weight=0.93,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "deal-talks",
        "talks about a deal",
        en="DEALTALKS|(DEAL|DEALBID) TALKS|TALKS ~6 (DEAL|DEALBID|BUY|BID)|TALKS ~4 MAJORITY|DEAL ~2 TALKS",
        de="DEALTALKS|TALKS ~9 (DEAL|DEALBID|SNAP|BUY)|DEAL ~9 TALKS|TALKS ~6 SELL ~3 (BY|OF|MAJORITY)",
        examples=(
            "Walmart in talks to sell majority stake in Asda",
            "Peugeot owner in merger talks with Fiat Chrysler",
        ),
        beispiele=(
            "Acme und Beta führen Gespräche über eine Fusion",
            "Übernahmegespräche zwischen Acme und Beta",
        ),
        unless=(
            "NOT ~4 (TALKS|DEALTALKS)|(TALKS|DEALTALKS) ~2 END|END ~4 (TALKS|DEALTALKS)|TALKS ~5 BUY ~5 "
            "(UNIT|STAKE)|STAKE ~2 OF N|CONSUMER|DENY|TALKS ~3 (BUY|DEAL) ~3 SHARES|TALKS ~1 (WORKER|"
            "LAWSUIT|PERSON) DEAL"
        ),
        sub="talks",
        status="rumour",
        weight=0.92,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "near-deal",
        "close to a deal, leading contender, set to buy",
        en="NEAR ~4 DEALW (FOR|TO|WITH)|NEAR ~5!AFTER,AGREE (DEAL|DEALBID|BUY|SNAP|BID)|NEAR ~2 AGREE ~3 (DEAL|BUY)",
        de="NEAR ~9 (DEAL|DEALBID|BUY)|(DEAL|DEALBID) ~6 NEAR",
        examples=(
            "Nvidia nears deal to acquire Mellanox Technologies: source",
            "Jingye is leading contender for British Steel buyout",
        ),
        beispiele=(
            "Acme steht vor einer Übernahme von Beta",
            "Die Übernahme von Beta steht kurz vor dem Abschluss",
        ),
        unless="NOT|PLACE NEAR|NEAR ~4 (BUY|DEAL) ~3 (UNIT|STAKE|SHARES)|DANGER",
        sub="sources",
        status="rumour",
        weight=0.88,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "approach",
        "an approach that is no formal offer",
        en=(
            "BID N@target ~4 (DEAL|DEALBID|BID|OFFER)|(HAD|HAVE) BID ~1 (N|FIRM|PRON)|MAKE ~4 DEALBID "
            "(TO|OF) ~2 N|CONSIDER ~2 (BID|OFFER) ($|BRK)|BID ~1 BY|HAVE ~1 BID N@target|HAVE BE BID"
        ),
        de="INTEREST ~4 DEAL|INTEREST ~3 (OF|FOR) N@target|(GET|MAKE) ~4 INTEREST ~2 (BY|OF)",
        examples=(
            "Uber approaches Grubhub with acquisition offer: sources",
            "Inmarsat jumps on report EchoStar plans new approach",
        ),
        beispiele=("Beta erhält Avancen von Acme", "Acme zeigt Interesse an einer Übernahme"),
        unless="REJECT|DENY|NOT|END|HOSTILE|MAKE ~4 DEALBID ~2 FOR ~4 NUM|INST ~3 BID",
        sub="media-report",
        status="rumour",
        weight=0.82,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
    Cue(
        "reported-bid",
        "a bid that only sources or a newspaper know of",
        en=(
            "SOURCE ~16 (DEALBID|DEAL|BID|BUY|OFFER FOR) ~4 (N|FIRM|FOR|OF|$)|(DEALBID|DEAL|BID|BUY|SELL "
            "N|SNAP) ~9 (SOURCE|BRK ~2 SOURCE|BRK ~3 MEDIA ($|BRK))|SOURCE ~4 CONSIDER ~4 BID"
        ),
        de=(
            "SOURCE ~12 (DEALBID|DEAL|BID|BUY|SNAP|SELL)|(DEALBID|DEAL|BID|BUY|SNAP) ~12 SOURCE|(DEALBID|"
            "DEAL|BUY|SNAP) ~9 BRK ~3 (SOURCE|MEDIA)|SOURCE BRK ~12 (BUY|SNAP|DEAL|DEALBID|BID)"
        ),
        examples=(
            "Private equity group is preparing a bid for Acme, sources say",
            "Acme to be bought in takeover deal: WSJ",
        ),
        beispiele=(
            "Einem Medienbericht zufolge plant Acme ein Gebot für Beta",
            "Acme will Beta übernehmen, heißt es in Finanzkreisen",
        ),
        unless=(
            "REJECT|DENY|NOT ~4 (BID|DEAL|DEALBID|BUY)|END|AGREE ~3 (DEAL|DEALBID|BUY)|COMPLETE|UNIT|"
            "BOUGHT ~3 FOR|STAKE|SHARES ~2 BY|INST ~2 (BUY|DEAL)|BID TO X|CLEARED|CONSUMER"
        ),
        sub="media-report",
        status="rumour",
        weight=0.84,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "could-buy",
        "somebody might buy or be bought",
        en=(
            "MODAL ~3 (BUY|BID FOR|BID) ~4 N|MODAL ~5 (GET|MAKE) ~3 (DEAL|DEALBID|BID|OFFER)|MODAL ~3 BE "
            "~2 BOUGHT|MAYBE ~2 (DEAL|DEALBID|BID|OFFER FOR|SUITOR)|MODAL ~2 BUY WITH|(BID|DEALBID) ~6 N "
            "~1 MODAL|SUITOR ~6 MODAL|MODAL ~3 SUITOR"
        ),
        de=(
            "MODAL ~12 (BUY|SNAP|BOUGHT)|MODAL ~8 (DEAL|DEALBID|BID|OFFER)|MAYBE ~4 (DEAL|DEALBID|BID|"
            "BUYER|SUITOR|CAND)|(DEAL|DEALBID|BUYER) ~9 MAYBE|SUITOR|(BID|DEALBID) ~5!COMMA MODAL|"
            "(DEALBID|DEAL) ~4 RUM|TRUST N@acquirer ~3 (BID|DEAL|BUY|DEALBID)"
        ),
        examples=(
            "UBS has revived the idea that Amazon might buy the company, Acme",
            "Virgin Atlantic in talks over possible takeover of Flybe",
        ),
        beispiele=("Acme könnte den Rivalen Beta kaufen", "Ein Kauf von Beta durch Acme wäre denkbar"),
        unless=(
            "REJECT|DENY|NOT ~5 (BUY|BID|DEAL|DEALBID|OFFER|SUITOR)|END|UNIT|CONSUMER|AGREE ~4 (DEAL|"
            "DEALBID)|MODAL ~3 BUY ~2 (STAKE|NUM)|OFFER ~3 TO|MODAL ~4 OFFER ~1 X|BATTLE ~1 X|COMPLETE"
        ),
        sub="speculation",
        status="rumour",
        weight=0.78,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
    Cue(
        "suitor",
        "bidders are said to stand by",
        en="SUITOR|(GET|SOURCE) ~4 INTEREST ~3 (BUY|SUITOR|BY)|INTEREST ~3 (BUY|DEAL)",
        de="SUITOR|INTEREST ~8 (BUY|DEAL|SNAP)",
        examples=("Dealers swapped stories about a possible suitor",),
        beispiele=("Mehrere Bieter kämpfen um Acme", "Für Acme gibt es einen Interessenten"),
        unless="REJECT|DENY|NOT|END|UNIT|COMPLETE|AGREE|MAKE|RAISE|CONSUMER",
        sub="speculation",
        status="rumour",
        weight=0.75,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "explores-sale",
        "the owner looks for a buyer",
        en="CONSIDER ~3 (SELL|FORSALE) ~4 (N|PRON|FIRM|MAJORITY)|CONSIDER ~4 BUYER|X ~1 PRON ~1 FORSALE",
        de="CONSIDER ~6 (SELL|FORSALE)|SELL ~6 CONSIDER|BUYER ~3 CONSIDER|FORSALE",
        examples=("Acme is exploring a sale of the company", "Acme seeks buyer"),
        beispiele=("Acme prüft einen Verkauf der Firma Beta", "Acme steht zum Verkauf"),
        unless="NOT|DENY|STAKE|UNIT|CONSUMER|SHARES|SALES",
        sub="considering",
        status="rumour",
        weight=0.72,
        subject="seller",
        object="target",
    ),
)

RULES = rules(CUES)


def takeover_rumours(text: TextLike) -> list[Signal]:
    """Return the takeover rumours that `text` states."""
    return run(text, RULES, KIND, "target", 1)
