"""Wider patterns of takeover rumours, tried after the plain cues: idioms, passives, questions, loose frames.

A frame joins a word for a deal with a word for how sure it is over a longer stretch than the plain cues; what else the
sentence may not hold is written down with it.
"""

from __future__ import annotations

from signals.kinds.engine import Cue

#: What no deal between companies is about; a sentence that names nobody says nothing to a loose frame either.
OTHER = "SPORT|CONSUMER|WORKER|LAWSUIT|PROTEST|DUTY|TASK|PTARGET|JOBS|SITE|PLURAL|^!N*$"

RUMOURS: tuple[Cue, ...] = (
    Cue(
        "suitor",
        "bidders are said to stand by",
        en=(
            "SUITOR|(GET|SOURCE) ~4 INTEREST ~3 (BUY|SUITOR|BY)|INTEREST ~3 (BUY|DEAL)|BUYER ~2 EMERGE|INTEREST OF "
            "~2 BUY"
        ),
        de="SUITOR|INTEREST ~8 (BUY|DEAL|SNAP)",
        examples=("Dealers swapped stories about a possible suitor",),
        beispiele=("Mehrere Bieter kämpfen um Acme", "Für Acme gibt es einen Interessenten"),
        unless="REJECT|DENY|NOT|END|ASSET|SPORT|N SUITOR N|COMPLETE|AGREE|MAKE|RAISE|CONSUMER",
        sub="speculation",
        status="rumour",
        weight=0.75,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "explores-sale",
        "the owner looks for a buyer",
        en=(
            "CONSIDER ~3 SELL PRON TO ~2 N@acquirer|CONSIDER ~3 (SELL|FORSALE|UPSALE) ~4 (N|PRON|FIRM|MAJORITY|"
            "ARM)|CONSIDER ~4!STAKE,ASSET SALE ($|BRK|COMMA|AFTER|ON|BY|TO|FOR)|CONSIDER ~4 BUYER|SEARCH ~4 BUYER| "
            "PRON ~1 (FORSALE|UPSALE)|N ~9!ASSET UPSALE|UPSALE ~3 N|N (BE|MODAL) ~2 FORSALE|STRAT|SALE OF N "
            "CONSIDER|CONSIDER ~2 SELL N TO"
        ),
        de=(
            "CONSIDER ~3 SELL AN N@acquirer|N@target CONSIDER SELL AN N@acquirer|CONSIDER ~6 (SELL|FORSALE)|SELL "
            "~6 CONSIDER|BUYER ~3 CONSIDER|FORSALE|UPSALE|SEARCH ~6 (BUYER|SUITOR)|(BUYER|SUITOR) ~4 SEARCH|"
            "CONSIDER ~3 SELL AN N@acquirer|STRAT|(WANT|PERSON) ~8 N@target ~2 SELL"
        ),
        examples=("Acme is exploring a sale of the company", "Acme seeks buyer"),
        beispiele=("Acme prüft einen Verkauf der Firma Beta", "Acme steht zum Verkauf"),
        unless=(
            "QTY ~3 (FORSALE|UPSALE)|SITE|NOT ~4 (FORSALE|UPSALE|SELL|SALE|CONSIDER|BUYER)|DENY|STAKE ~3 (FORSALE|"
            "UPSALE|SELL)|(SELL|SALE) ~3 (STAKE|ASSET|QTY)|ASSET ~3 (FORSALE|UPSALE)|ASSET SALE|BUYER ~3 STAKE|"
            "CONSUMER|SELL ~2 SHARES|SHARES ~2 SELL|SPORT|INST ~3 (SELL|FORSALE|UPSALE)|CAL SALE"
        ),
        sub="considering",
        status="rumour",
        weight=0.72,
        subject="seller",
        object="target",
    ),
    Cue(
        "wanted-by",
        "a company that is courted, eyed or stalked by somebody",
        en=(
            "N@target (BE|HAVE|X)* ~2 (EYE|PROWL) BY ~3 (N@acquirer|FIRM|SUITOR)|(EYE|PROWL) BY ~3 (N@acquirer|"
            "FIRM|SUITOR)"
        ),
        de="N@target ~4 (BY|OF) ~3 N@acquirer ~2 PROWL|N@target ~6 (BY|OF) ~2 (SUITOR|FIRM) ~2 PROWL",
        examples=("Acme courted by buyout firms", "Acme eyed by the buyout firm Beta"),
        beispiele=("Acme wird von Beta umworben", "Acme wird von Finanzinvestoren umgarnt"),
        unless=OTHER + "|NOT ~3 (EYE|PROWL|TALKS)|DENY|END|STAKE",
        sub="speculation",
        status="rumour",
        weight=0.8,
    ),
    Cue(
        "eyes-company",
        "somebody has an eye on a company",
        en=(
            "EYE ~3!ASSET,STAKE,MARKET,INST N@target (POSS ~3 ARM)? ($|BRK|COMMA|AFTER|ON|IF|FOR|WITH|HAD|TO)|EYE "
            "~3!ASSET (FIRM|ARM) ($|BRK|COMMA|AFTER|ON|IF|FOR|WITH|HAD|TO)"
        ),
        de="(WANT|MODAL|CONSIDER|SOLL) ~2 OF ~3 N@target STEPIN",
        examples=("Acme eyes struggling rivals", "Carlyle eyes Beta after profit slump"),
        beispiele=("Acme will bei Beta einsteigen", "Der Staatsfonds könnte bei Beta einsteigen"),
        unless=OTHER + "|NOT ~3 EYE|DENY|STAKE|SHARES ~2 EYE|RESULTS|INST EYE|TO EYE",
        sub="considering",
        status="rumour",
        weight=0.74,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "hires-advisers",
        "banks or advisers are hired for a sale or a purchase",
        en="HIRE ~3 (ADVISER|INST|N) ~8 (DEAL|DEALBID|SALE|SELL|FORSALE|BUY|STRAT|UPSALE|BID|CONSIDER)",
        de=(
            "HIRE ~6 (ADVISER|N|INST) ~10 (DEAL|SELL|BUY|SUITOR|DEALBID|FORSALE|SNAP)|(SELL|DEAL) ~8 HIRE ~3 "
            "(ADVISER|INST)"
        ),
        examples=("Acme taps bankers to explore sale", "Acme hires advisers for takeover of Beta"),
        beispiele=(
            "Acme beauftragt Investmentbanker mit dem Verkauf von Beta",
            "Acme heuert Berater für eine Übernahme an",
        ),
        unless=OTHER + "|STAKE|SHARES|DENY|LESS",
        sub="considering",
        status="rumour",
        weight=0.76,
        subject="target",
    ),
    Cue(
        "asks-whether",
        "a headline that asks whether somebody buys or is bought",
        en=(
            "^INST (FUTURE|MODAL|X) (BUY|SNAP) ~2 N@target|^(X|BRK|FUTURE|MODAL|BE){0,2} (FUTURE|MODAL|BE) "
            "N@acquirer ~3 (BUY|SNAP|PROWL|BID FOR) ~3 N@target|^(FUTURE|MODAL|BE) N ~4 (BE BOUGHT|BE BUY|BE SNAP|"
            "DEAL|CAND|FORSALE)"
        ),
        de=(
            "ASK ~2 (SNAP|BUY) ~3 N@target|^(SNAP|BUY) N@acquirer ~5 N@target|^(SNAP|BUY) N@acquirer ~5 $|BRK "
            "(SNAP|BUY) N@acquirer|^(BE|FUTURE|MODAL|SOLL) N ~8 (CAND|DEAL|BOUGHT|BUY|SNAP)|BRK (BE|FUTURE|MODAL) "
            "N ~8 (CAND|DEAL|BOUGHT|BUY|SNAP)"
        ),
        examples=("Will Acme buy Beta?", "Is Acme about to be bought?"),
        beispiele=("Kauft Acme den Rivalen Beta?", "Wird Acme bald von Beta übernommen?"),
        unless=OTHER + "|NOT|DENY|END|COMPLETE",
        sub="speculation",
        status="rumour",
        weight=0.72,
    ),
    Cue(
        "may-merge",
        "companies talk or think of becoming one, or may become one",
        en="(CONSIDER|TALKS|NEAR|MODAL|SOURCE|RUM) ~4!NOT,END MERGE",
        de="(TALKS|NEAR|MODAL|SOURCE|RUM|SOLL|WANT|CONSIDER) ~9!NOT,END MERGE|MERGE ~4 (CONSIDER|MODAL|WANT)",
        examples=("Acme and Beta in talks over combining their European assets",),
        beispiele=("Acme und Beta wollen ihr Bahngeschäft zusammenlegen", "Acme könnte mit Beta fusionieren"),
        unless=(
            "SPORT|PROTEST|NOT ~3 (TALKS|CONSIDER|MERGE)|DENY|END ~3 (TALKS|CONSIDER)|AGREE|COMPLETE|INST ~3 MERGE|"
            "SITE|^!N*$"
        ),
        sub="talks",
        status="rumour",
        weight=0.8,
        subject="target",
        object="target",
    ),
    Cue(
        "not-ruled-out",
        "somebody does not rule out a deal",
        en="NOT ~2 DENY ~8 (DEAL|DEALBID|BID|BUY|SALE|SELL)",
        de=(
            "SHUT ~12 (DEAL|DEALBID|BID|BUY|SELL) ~8 NOT AUS|(DEAL|BUY|SELL) ~6 NOT (DENY|AUS)|NOT DENY ~6 (DEAL|"
            "BUY|SELL)"
        ),
        examples=("Acme does not rule out a bid for Beta",),
        beispiele=("Acme schließt eine Übernahme von Beta nicht aus", "Ein Verkauf von Acme ist nicht ausgeschlossen"),
        unless=OTHER + "|COMMENT|INST ~3 NOT",
        sub="considering",
        status="rumour",
        weight=0.78,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "is-said-to",
        "German hearsay: somebody is said to want, offer or sell",
        de=(
            "(MEDIA|SOURCE) BRK ~4 WANT N@target ($|BRK)|(MEDIA|SOURCE) BRK ~6 BIDS|SOLL ~14 (DEAL|DEALBID|BID|BUY|"
            "SNAP|BOUGHT|INTEREST|SELL|SUITOR|FORSALE|PROWL|OFFER)|(DEAL|DEALBID|BID|INTEREST|BUYER) ~8 SOLL"
        ),
        beispiele=("Acme soll an einer Offerte für Beta arbeiten", "Acme soll laut Insidern verkauft werden"),
        unless=OTHER
        + ("|NOT ~4 (DEAL|DEALBID|BID|BUY|SNAP|BOUGHT|SELL)|DENY|COMPLETE|AGREE|STAKE|REJECT|ASSET|INST SOLL"),
        sub="media-report",
        status="rumour",
        weight=0.74,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
    Cue(
        "pressed-to-sell",
        "holders press a company to sell or to merge",
        en="PRESS ~8!NOT,END (DEAL|SALE|FORSALE|UPSALE|SELL PRON)|PRESS TO? SELL N@target",
        de="PRESS ~8 (DEAL|SELL)|(DEAL|SELL) ~6 PRESS",
        examples=("Activist urges Acme to explore sale of the company",),
        beispiele=("Investor drängt auf einen Verkauf von Acme", "Großaktionär fordert Fusion von Acme mit Beta"),
        unless=OTHER + "|INST|NOT|END|STAKE|DENY|REJECT|ASSET",
        sub="speculation",
        status="rumour",
        weight=0.68,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "offered-around",
        "a company or a part of it is on offer",
        en=(
            "(CO|BRK|POSS) ~3 UPSALE|CO ~3!STAKE FORSALE|NEAR ~2 (BE|X)? (BELONG|SOLD FOR)|MODAL ~1 BE (BELONG|"
            "SOLD)|MODAL ~2 BELONG ~3 N@acquirer|(NEAR|MAYBE|MODAL) ~4 LAND ~2 N@acquirer|NEAR ~6!AFTER,STAKE SALE "
            "($|TO|BRK)|CONSIDER ~4 BRK? ~3 SALE ($|BRK|OF)|BUYER ~4 TO MAKE ~2 OFFER|SELL AUCTION"
        ),
        de="(CO|N) ~4 (FORSALE|UPSALE)|CO ~5 NEARDEAL (?!HAD)|NEAR ~3 SELL|SELL ~3 NEAR|SUITOR ~2 FOR ~3 CO",
        examples=("Acme puts Britain's biggest care home operator up for sale", "Acme could be sold for £2bn"),
        beispiele=("Acme stellt Tochter Beta ins Schaufenster", "Acme steht vor dem Verkauf an Beta"),
        unless=OTHER + "|STAKE|NOT|DENY|ASSET|WARN|SHARES ~2 (SELL|FORSALE)|SALES ~2 SALE|INST ~3 (FORSALE|UPSALE)",
        sub="considering",
        status="rumour",
        weight=0.7,
        subject="target",
        by="acquirer",
    ),
    Cue(
        "draws-names",
        "a company draws named bidders, or a bidder gauges interest in it",
        en=(
            "GET ~2 N@acquirer ~8 (SOURCE|BRK ~2 SOURCE)|CONSIDER ~2 INTEREST ~4 CO|(MAYBE|RUM|SOURCE) TO? ~1 "
            "CONSIDER ~1 N@target ($|BRK|COMMA)|CONFIRM ~2 INTEREST|INTEREST OF ~2 N@target ~5 SOURCE|PROWL ~8 "
            "N@target|N PROWL|SUITOR (FOR|OF) ~3 CO|TALKS WITH ~3 N ~3 (OFFER|DEALW FOR)|TALKS WITH ~3 N ~3 FOR "
            "N@target ($|BRK)|CONFIRM ~2 TALKS WITH ~3 N@acquirer ($|BRK)|INTEREST ~1 BY ~3 (N|FIRM|SUITOR)"
        ),
        de=(
            "CONFIRM ~2 TALKS WITH ~4 N@acquirer ($|BRK)|BIDS ~3 FOR ~4 N@target ~1 WITH ($|BRK)|BIDS ~2 (SOURCE|"
            "MAYBE)|MODAL ~6 N@acquirer BELONG|CONSIDER ~4 BOOKS|BOOKS ~6 CONSIDER|INTEREST ~4 RUM|(BUYER|SUITOR|"
            "FIRM|N) ~6 EMERGE|EMERGE ~4 FOR ~3 N|INTEREST ~6 CO|AN ~2 N@target ~6 INTEREST|(MODAL|WANT|SOLL) ~5 "
            "FOR ~5 N@target ~2 BIDS|TALKS ~6 ENTER ~4 CO|PROWL ~8 (N@target|FIRM)|(N|FIRM) ~2 PROWL|TALKS ~6 (N|"
            "FIRM) ~6 (ARM|MAJORITY)"
        ),
        examples=("Acme gauging appetite for consumer arm", "Carlyle kicks the tyres at Beta"),
        beispiele=("Acme hat die Tochter Beta im Blick", "Mehrere Fonds lauern auf Beta"),
        unless=OTHER
        + (
            "|STAKE|NOT|DENY|END|ASSET|REJECT|INST ~3 (INTEREST|PROWL|GET)|AND INTEREST|AGREE ~3 (DEAL|DEALBID)|"
            "COMPLETE"
        ),
        sub="speculation",
        status="rumour",
        weight=0.68,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "open-deal",
        "a word for a deal and, further off, one that says that it is not yet one",
        en=(
            "(CONSIDER|TALKS|NEAR|RUM|SOURCE|MAYBE|INTEREST|SOLL) ~9!END,NOT,BATTLE,INST,CLEARED,COMPLETE (DEAL|"
            "DEALBID) ~6 CO|CO ~9 (DEAL|DEALBID) ~6!AGREE,END,COMPLETE (RUM|SOURCE|MAYBE|INTEREST|TALKS)|(CONSIDER|"
            "NEAR|TALKS|RUM) ~6!NOT,END (BUY|SNAP|BE BOUGHT) ~5!ASSET,STAKE,SHARES,QTY CO|MODAL ~6!END,NOT,CLEARED "
            "(GET|BE|HAVE|MAKE|X) ~4!END,NOT (DEAL|DEALBID)|DEAL ~12!AGREE,END TABLE|EXPECT ~4 (DEALBID|BID) "
            "(?!TO)|(TO (BUY|SNAP) ~6 N|DEAL|DEALBID|BID (?!TO)) ~9!END,NOT,AGREE CONSIDER ($|BRK|COMMA)"
        ),
        de=(
            "(CONSIDER|TALKS|NEAR|RUM|SOURCE|MAYBE|INTEREST|SOLL) ~14!END,NOT (DEAL|DEALBID|BID)|(DEAL|DEALBID|"
            "BID) ~14!END,NOT,AGREE (CONSIDER|TALKS|NEAR|RUM|SOURCE|MAYBE|INTEREST|SOLL)|(CONSIDER|TALKS|NEAR|RUM|"
            "SOURCE|MAYBE|INTEREST|SOLL) ~12!NOT,END (BUY|SNAP)|(BUY|SNAP|BOUGHT) ~12!NOT,END (CONSIDER|RUM|SOURCE|"
            "MAYBE|INTEREST)|(DEAL|BOUGHT|BUY) ~3 MODAL ($|BRK|COMMA)|WANT ~8 DEAL|RUM ~14 SELL|SELL ~4 MODAL ($|"
            "BRK|COMMA)|RUM ~4 SELL ~2 (OF|N|AN)|MEDIA ~14 WANT ~8 MAJORITY|MAJORITY ~8 FORSALE|WANT "
            "~14!QTY,ASSET,SITE,STAKE,NOT,SHARES SELL ($|BRK)|EXPECT ~5 (DEALBID|BID|DEAL)"
        ),
        examples=("Acme could be the next to leave London in a buyout", "Merger of Acme and Beta is back on the table"),
        beispiele=(
            "Acme könnte bald einen neuen Eigentümer haben, vermuten Händler",
            "Gründer wollen Acme von der Börse nehmen",
        ),
        unless=OTHER
        + (
            "|DENY|REJECT|COMPLETE|INST ~3 (DEAL|CONSIDER|SOURCE)|STAKE|CLEARED|BATTLE|(AFTER|HAD) ~3 (DEAL|"
            "DEALBID)|NOT ~5 (DEAL|DEALBID|BID|BUY|SNAP|TALKS)|ASSET|END ~2 CONSIDER|(END|FAILED) ~3 (DEAL|TALKS)|"
            "(DEAL|TALKS) ~3 (END|FAILED)"
        ),
        sub="speculation",
        status="rumour",
        weight=0.66,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
)
