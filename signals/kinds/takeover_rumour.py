"""Takeover rumours: speculation, reports, sources, talks, considerations: a deal that nobody has put on the table."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules
from signals.kinds.takeover_wide import RUMOURS

KIND = "takeover-rumour"

CUES: tuple[Cue, ...] = (
    Cue(
        "candidate",
        "a company called a takeover target",
        en="CAND ~4 N@acquirer EMERGE|CAND OF N@acquirer|CAND",
        de="CAND",
        examples=("Zalando is a takeover candidate, he believes",),
        beispiele=("Acme gilt als Übernahmekandidat", "Analysten zählen Acme zu den Übernahmezielen"),
        unless="DENY|NOT ~3 CAND|BY CAND",
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
            "COMMENT ~2 N@acquirer RUMDEAL|RUM ~8 N@target ~2 BE (SNAP|BOUGHT)|RUMDEAL (FOR|OF) ~2 N@target|"
            "RUMDEAL|RUM ~10 (DEAL|DEALBID|BID|BUY|SUITOR|CAND|DEALTALKS)|RUM ~10 GET ~3 OFFER|RUM ~8 OFFER (FOR|"
            "BY)|RUM ~12 LAND|(DEAL|DEALBID|BID|SUITOR) ~2 RUM|RUM ~6 INTEREST ~2 (BUY|OF)|RUM ~3 N@acquirer "
            "(OFFER|BID|DEAL|DEALBID)|RUM ~8 (FUTURE|MODAL) BE BOUGHT"
        ),
        de=(
            "RUMDEAL (FOR|OF) ~2 N@target|RUMDEAL|RUM ~8 N@target OF N@acquirer LAND|(RUM|STREET) ~2 BATTLE|RUM "
            "~12 LAND|RUM ~12 (DEAL|DEALBID|BID|OFFER|BUY|SNAP|SUITOR|CAND|DEALTALKS)|(DEAL|DEALBID|BID|SUITOR|"
            "SELL) ~8 RUM|RUM ~6 INTEREST OF N@acquirer|RUM ~9 INTEREST|SUITOR ~6 RUM"
        ),
        examples=(
            "Morrisons shares rise on takeover chatter",
            "Aston Martin shares accelerate on talk of bid by billionaire",
        ),
        beispiele=("Übernahmegerüchte treiben die Aktie von Acme", "Es gibt Spekulationen über ein Gebot für Acme"),
        unless="DENY|NOT ~1 RUM|BASELESS|(END|FAILED) ~2 RUMDEAL|RUMDEAL ~2 (END|FAILED)",
        sub="speculation",
        status="rumour",
        object="target",
        by="acquirer",
    ),
    Cue(
        "sale-talks",
        "an owner talks about selling",
        en=(
            "TALKS ~3 SELL ~4 (MAJORITY|N|PRON|FIRM|UNIT)|TALKS ~2 OF ~2 SELL ~3 (MAJORITY|N)|TALKS ~5 (SALE|SELL) "
            "~4 (MAJORITY|N|PRON|FIRM|ARM)|TALKS ~2 TO BE BOUGHT|TALKS ~4 BUYER"
        ),
        de=(
            "N@target TALKS ~2 N@acquirer ~3 SELL ($|BRK|COMMA)|TALKS ~6 SELL ~4 (OF|N|MAJORITY)|SELL ~6 TALKS|"
            "TALKS ~8 (SUITOR|BUYER)|TALKS ~8 SELL ($|BRK|COMMA)"
        ),
        examples=("Walmart in talks to sell majority stake in Asda",),
        beispiele=(
            "Acme führt Gespräche über den Verkauf von Beta",
            "Acme verhandelt über einen Verkauf der Mehrheit an Beta",
        ),
        unless="NOT ~4 TALKS|TALKS ~2 END|END ~4 TALKS|DENY|SELL ~2 (STAKE|ASSET)|END ~3 TALKS|SPORT",
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
            "CONSIDER ~6!AFTER,INST (DEAL|DEALBID)|CONSIDER ~6!AFTER,INST BID (?!TO)|CONSIDER ~6!AFTER,INST (DEAL|"
            "DEALBID|BID) TO BUY|CONSIDER ~3 OFFER ~5 FOR|CONSIDER ~3 OFFER (FOR|OF|BY|X FUTURE)|CONSIDER ~3 BUY "
            "(?!QTY) ~7 N|CONSIDER ~2 MAJORITY ~3 N|CONSIDER ~5!AFTER,INST SNAP ~3 N|DEAL CONSIDER|CONSIDER ~2 BUY "
            "~2 (FIRM|ARM)|CONSIDER ~10!AFTER PRIV (?!X|N|FIRM|INST|ARM|ASSET|SALES)"
        ),
        de=(
            "CONSIDER ~9 (DEAL|DEALBID|BID|OFFER)|(DEAL|DEALBID|BID|OFFER) ~9 CONSIDER|CONSIDER ~9 (BUY|SNAP)|"
            "(DEAL|BUY) ~6 INTEREST|INTEREST ~4 (DEAL|BUY)|CONSIDER ~9!BRK,COMMA (SUITOR)"
        ),
        examples=(
            "Sports Direct considering cash bid for Debenhams",
            "Anglo American mulls rescue bid for Sirius Minerals",
        ),
        beispiele=("Acme erwägt eine Übernahme von Beta", "Acme prüft ein Angebot für Beta"),
        unless=(
            "NOT ~3 (CONSIDER|INTEREST|TALKS|DEALTALKS|NEAR)|NOT ~1 (DEAL|DEALBID|BID|OFFER)|DENY|CONSIDER ~3 (BUY|"
            "BID|DEAL|SNAP) ~4 (STAKE|ASSET)|SPORT|STAKE ~3 CONSIDER|CONSIDER ~4 STAKE|SHARES ~2 CONSIDER|INST ~2 "
            "CONSIDER|CONSUMER|DROP ~1 CONSIDER|(BUY|DEAL|SNAP) ~3 INST"
        ),
        sub="considering",
        status="rumour",
        weight=0.93,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "confirms-talks",
        "a company confirms that it is being talked to, without an offer",
        en=(
            "CONFIRM ~4 (DEALTALKS) WITH ~2 N@acquirer|CONFIRM ~4 TALKS WITH ~2 N@acquirer ~6 (DEAL|DEALBID|SALE|"
            "SELL|OFFER|BUY|DEALW)|CONFIRM ~6!BRK (DEALTALKS|MAYBE (OFFER|BID|DEAL|DEALBID))|CONFIRM ~6 TALKS ~6 "
            "(DEAL|DEALBID|SALE|OFFER|BUY)| CONFIRM ~3 (BID|DEALBID) BY ~2 N@acquirer|CONFIRM ~4!OF,FOR BID ($|BRK|"
            "BY)|CONFIRM ~3 RUMDEAL"
        ),
        de=(
            "CONFIRM ~3 TALKS WITH ~3 N@acquirer ~6 (DEAL|DEALBID|SELL|DEALW|SUITOR)|CONFIRM ~3 TALKS WITH ~3 "
            "(SUITOR|BUYER)|CONFIRM ~4 DEALTALKS|CONFIRM ~4 TALKS ~6 (DEAL|DEALBID|SELL|DEALW)|CONFIRM ~2 (SUITOR|"
            "INTEREST|RUMDEAL)"
        ),
        examples=(
            "Acme confirms takeover talks with Beta",
            "Acme confirmed that it was in discussions about a possible offer",
        ),
        beispiele=("Acme bestätigt Gespräche mit Beta über einen Verkauf", "Acme bestätigte das Interesse von Beta"),
        unless="NOT ~2 CONFIRM|REJECT|END|DENY|SPORT|TALKS ~4 (WORKER|STAKE)|INST CONFIRM|CONFIRM ~3 NOT",
        sub="company-confirmed",
        status="rumour",
        weight=0.85,
        subject="target",
        by="acquirer",
    ),
    Cue(
        "deal-talks",
        "talks about a deal",
        en=(
            "TALKS ~4 (OFFER|BID|DEALBID|DEAL) (BY) N@acquirer|DEALTALKS (WITH|TO) ~3 N@target|DEALTALKS|TALKS "
            "WITH ~2 N@target ~4 (DEAL|DEALBID)|TALKS ~4 (OFFER (FOR|BY)|SNAP)|TALKS ~4 MAYBE ~2 OFFER|(DEAL|"
            "DEALBID) TALKS|TALKS ~6 (DEAL|DEALBID|BUY|BID|BE BOUGHT)|TALKS ~4 MAJORITY|DEAL ~2 TALKS|TALKS "
            "~10!AFTER PRIV (?!X|N|FIRM|INST|ARM|ASSET|SALES)"
        ),
        de=(
            "TALKS (FIRM|N)? ~4 FIRM N@target ~3 DEAL|DEALTALKS|TALKS ~9 (DEAL|DEALBID|SNAP|BUY)|DEAL ~9 TALKS|"
            "TALKS ~6 SELL ~3 (BY|OF|MAJORITY)|TALKS ~14 (DEAL|DEALBID)|TALKS ~6 (BID|OFFER) (FOR|OF)|TALKS ~8 "
            "(MAYBE) DEALW|TALKS ~6 DEALW WITH"
        ),
        examples=(
            "Walmart in talks to sell majority stake in Asda",
            "Peugeot owner in merger talks with Fiat Chrysler",
        ),
        beispiele=("Acme und Beta führen Gespräche über eine Fusion", "Übernahmegespräche zwischen Acme und Beta"),
        unless=(
            "NOT ~4 (TALKS|DEALTALKS)|(TALKS|DEALTALKS) ~2 END|END ~4 (TALKS|DEALTALKS)|TALKS ~5 BUY ~5 (ASSET|"
            "STAKE)|SPORT|STAKE ~2 OF N|CONSUMER|DENY|TALKS ~3 (BUY|DEAL) ~3 (SHARES|QTY)|TALKS ~1 (WORKER|LAWSUIT|"
            "PERSON) DEAL|DEALTALKS ~7!COMMA END|TALKS ~7!COMMA END"
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
        en=(
            "NEAR ~4 DEALW (FOR|TO|WITH)|NEAR ~2 AGREE ~3 DEALW|NEAR ~5!AFTER,AGREE (DEAL|DEALBID|BUY|SNAP|BID)|"
            "NEAR ~2 AGREE ~3 (DEAL|BUY)|NEAR ~3 SALE ~3 (N|FIRM)|NEAR ~8!AFTER PRIV (?!X|N|FIRM|INST|ARM|ASSET|"
            "SALES)"
        ),
        de="NEAR ~3 BATTLE|NEAR ~9 (DEAL|DEALBID|BUY)|(DEAL|DEALBID) ~6 NEAR",
        examples=(
            "Nvidia nears deal to acquire Mellanox Technologies: source",
            "Jingye is leading contender for British Steel buyout",
        ),
        beispiele=("Acme steht vor einer Übernahme von Beta", "Die Übernahme von Beta steht kurz vor dem Abschluss"),
        unless="NOT|PLACE NEAR|NEAR ~4 (BUY|DEAL) ~3 (ASSET|STAKE|SHARES)|INST ~3 NEAR|SPORT|DANGER",
        sub="sources",
        status="rumour",
        weight=0.88,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "draws-interest",
        "bidders come to a company",
        en="GET ~2 INTEREST BY|GET ~3 (SUITOR|RUMDEAL)|AUCTION ~3 N@target|TALKS TERMS",
        de="GET ~4 (INTEREST|SUITOR)|AUCTION ~2 N@target",
        examples=("Acme draws interest from private equity", "Bain prepares to join the auction for Acme"),
        beispiele=(
            "Acme bekommt Besuch von Kaufinteressenten",
            "Im Bieterverfahren ist Acme der Favorit, Auktion um Beta",
        ),
        unless="CONSUMER|SPORT|END|REJECT|DENY|NOT|STAKE|INST ~3 GET|HOSTILE",
        sub="speculation",
        status="rumour",
        weight=0.78,
        subject="target",
        by="acquirer",
    ),
    Cue(
        "approach",
        "an approach that is no formal offer",
        en=(
            "(GET|CONFIRM|HAVE) ~6!REJECT APPR|APPR BY ~3 CO|BID N@target ~4 (DEAL|DEALBID|BID|OFFER)|(HAD|HAVE) "
            "BID ~1 (N|FIRM|PRON)|MAKE ~4 DEALBID (TO|OF) ~2 N|CONSIDER ~2 (BID|OFFER) ($|BRK)|BID ~1 BY|HAVE ~1 "
            "BID N@target|HAVE BE BID"
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
            "SOURCE ~16 (DEALBID|DEAL|BID|BUY|OFFER FOR) ~4 (N|FIRM|FOR|OF|$)|(DEALBID|DEAL|BID|BUY|SELL N|SNAP) "
            "~9 (SOURCE|BRK ~2 SOURCE|BRK ~3 MEDIA ($|BRK))|SOURCE ~4 CONSIDER ~4 BID|SOURCE ~8 (INTEREST|WANT) ~2 "
            "(N|BUY|SELL)|SOURCE ~8 SELL ~3 (ARM|PRON|N)|SOURCE ~3 (SNAP)|SOURCE ~10 (SNAP|PROWL) ~3 N"
        ),
        de=(
            "SOURCE ~12 (DEALBID|DEAL|BID|BUY|SNAP|SELL)|(DEALBID|DEAL|BID|BUY|SNAP) ~12 SOURCE|(DEALBID|DEAL|BUY|"
            "SNAP) ~9 BRK ~3 (SOURCE|MEDIA)|SOURCE BRK ~12 (BUY|SNAP|DEAL|DEALBID|BID)|SOURCE ~10 (INTEREST|"
            "SUITOR)|(INTEREST|SUITOR) ~8 SOURCE|^COMMA? MEDIA COMMA? BRK ~12 (BUY|SNAP|DEAL|DEALBID|BID|INTEREST)"
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
            "REJECT|DENY|NOT ~4 (BID|DEAL|DEALBID|BUY)|END|AGREE ~3 (DEAL|DEALBID|BUY)|COMPLETE|ASSET|SPORT|BOUGHT "
            "~3 FOR|STAKE|SHARES ~2 BY|INST ~2 (BUY|DEAL)|BID TO X|CLEARED|CONSUMER"
        ),
        sub="media-report",
        status="rumour",
        weight=0.84,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "prowls",
        "an idiom that says that somebody wants a company, or interest in one by name",
        en=(
            "MAYBE? INTEREST BY ~2 N@acquirer|SOURCE ~6 INTEREST OF ~2 N@target|INTEREST (FOR|OF) N@target (BY|"
            "AFTER|$)|AGREE ~1 INTEREST OF ~2 N@target|N@target ~8 N@acquirer POSS LISTED|PROWL ~5!STAKE,ASSET "
            "N@target|(SUITOR|FIRM|BUYER|N) PROWL (N|$)|PROWL ~3 FIRM|N@target (BE|MODAL) ~4 LISTED|N@target "
            "LISTED ~4 N@acquirer"
        ),
        de=(
            "RUM FOR N@target BRK GRAB N@acquirer ZU|(AN|OF) ~4!NOT N@target ~1 INTEREST|INTEREST ~2 AN ~3 "
            "N@target|INTEREST OF ~2 N@acquirer ~3 (AN|FOR) ~2 N@target|AUF ~3 N@target AIMED|AIMED AUF ~3 "
            "N@target|PROWL ~6 N@target|PROWL ~4 FIRM|N ~6 N@target LISTED|LISTED (OF|BY) ~3 N@acquirer|N@target "
            "LISTED|GRAB ~3 N@acquirer ZU|RUM FOR N@target ($|BRK)|AFTER ~2 N@target ZU? GRAB"
        ),
        examples=(
            "Buyout firms circle Acme after its boss leaves",
            "Possible interest from Acme cheers holders of Beta",
        ),
        beispiele=("Acme buhlt um den Rivalen Beta", "Acme ist am Rivalen Beta interessiert"),
        unless=(
            "CONSUMER|SPORT|JOBS|END|REJECT ~3 (BID|OFFER|DEAL|DEALBID)|DENY|NOT ~2 PROWL|PLACE PROWL|AGREE ~3 "
            "(DEAL|DEALBID)|PROWL ~3 (WORKER|SHARES|MARKET|STAKE)|INST ~3 LISTED|LISTED ~3 INST|NOT ~3 INTEREST|"
            "REFUSE ~3 INTEREST|SHARES ~2 INTEREST|STAKE|INST ~3 INTEREST|(NOT|END) ~3 LISTED|AND INTEREST"
        ),
        sub="speculation",
        status="rumour",
        weight=0.78,
        subject="acquirer",
    ),
    Cue(
        "could-buy",
        "somebody might buy or be bought",
        en=(
            "MODAL ~5!NOT,END (BUY|BID FOR|BID) ~4 N|MODAL ~5 (GET|MAKE) ~3 (DEAL|DEALBID|BID|OFFER)|MODAL ~3 BE "
            "~2 BOUGHT|MAYBE ~2 (DEAL|DEALBID|BID|OFFER FOR|OFFER ($|BRK|BY)|SUITOR)|MODAL ~2 BUY WITH|(BID|"
            "DEALBID) ~6 N ~1 MODAL|SUITOR ~6 MODAL|MODAL ~3 SUITOR|N@target MODAL ~3 BE ~3 GUIDE ~1 FOR ~3 (N|"
            "FIRM|PLACE)"
        ),
        de=(
            "MODAL ~5 BATTLE|BATTLE ~4 MODAL|MODAL ~12 (BUY|SNAP|BOUGHT)|MODAL ~8 (DEAL|DEALBID|BID|OFFER)|MAYBE "
            "~4 (DEAL|DEALBID|BID|BUYER|SUITOR|CAND|BUY|SNAP)|(DEAL|DEALBID|BUYER) ~9 MAYBE|SUITOR|(BID|DEALBID) "
            "~5!COMMA MODAL|(DEALBID|DEAL) ~4 RUM|TRUST N@acquirer ~3 (BID|DEAL|BUY|DEALBID)"
        ),
        examples=(
            "UBS has revived the idea that Amazon might buy the company, Acme",
            "Virgin Atlantic in talks over possible takeover of Flybe",
        ),
        beispiele=("Acme könnte den Rivalen Beta kaufen", "Ein Kauf von Beta durch Acme wäre denkbar"),
        unless=(
            "REJECT|DENY|NOT ~5 (BUY|BID|DEAL|DEALBID|OFFER|SUITOR)|END|ASSET|SPORT|CONSUMER|AGREE ~4 (DEAL|"
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
        "no-comment",
        "asked about a deal, a company will not comment",
        en=(
            "(RUM|SOURCE|INTEREST|DEAL|BID|DEALBID|DEALTALKS|RUMDEAL) ~14 NOT ~3 COMMENT|COMMENT ~4 (RUMDEAL|"
            "DEALTALKS)|COMMENT ~4 (RUM|SOURCE) ~10 (DEAL|DEALBID|BID|BUY|INTEREST|CAND|SUITOR)|NOT ~4 COMMENT ~12 "
            "(BID|DEALBID|BUY|DEAL|INTEREST|CONSIDER)|(SOURCE|RUM) ~8 (BID|DEALBID) (FOR|OF) ~2 N@target"
        ),
        de=(
            "SELL AN ~2 N@acquirer ~12 COMMENT|(RUM|SOURCE) ~2 INTEREST OF ~2 N@acquirer ~6 COMMENT|(RUM|SOURCE|"
            "INTEREST|DEAL|RUMDEAL|DEALTALKS) ~12!BRK COMMENT| COMMENT ~8 (RUMDEAL|DEALTALKS|DEAL|BID|DEALBID|"
            "OFFER)|COMMENT ~6 (RUM|SOURCE) ~10 (DEAL|BUY|INTEREST|DEALBID|BID|SELL)|(BID|DEALBID|OFFER|INTEREST) "
            "~8 NOT ~2 COMMENT|(SELL|DEAL) ~12!BRK NOT ~2 COMMENT"
        ),
        examples=("Acme declined to comment on market rumours that it may be considering a bid for Beta",),
        beispiele=(
            "Acme wollte Berichte über das Interesse von Beta nicht kommentieren",
            "Zu den Übernahmegerüchten wollte sich Acme nicht äußern, kein Kommentar",
        ),
        unless="DENY|END|REJECT|BASELESS|LAWSUIT|SPORT",
        sub="no-comment",
        status="rumour",
        weight=0.8,
        subject="target",
        by="acquirer",
    ),
    *RUMOURS,
)

RULES = rules(CUES)


def takeover_rumours(text: TextLike) -> list[Signal]:
    """Return the takeover rumours that `text` states."""
    return run(text, RULES, KIND, "target", 1)
