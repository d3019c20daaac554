"""Takeover bids: an offer on the table, agreed, rejected, hostile, completed or followed up."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules
from signals.kinds.takeover_wide import OTHER

KIND = "takeover-bid"

CUES: tuple[Cue, ...] = (
    Cue(
        "agreed-by-target",
        "the target agrees to be taken over",
        en=(
            "(AGREE|BACK) ~3 N@acquirer (DEAL|DEALBID|BID|OFFER) (?!OF N|FOR N|TO)|(AGREE|BACK) ~2 MONEY CURRENCY? "
            "N@acquirer DEALW|(AGREE|BACK) ~6 (DEAL|DEALBID) (BY|WITH)|(AGREE|BACK) ~4 (DEAL|DEALBID) ($|BRK|"
            "AFTER)|AGREE TO BE BOUGHT"
        ),
        de=(
            "AGREE ~8 (DEAL|DEALBID) ~4 BY|(DEAL|DEALBID) ~3 BY ~6 AGREE|TAKES ~8 (DEAL|DEALBID) ~6 ZU|SHARES ~4 TAKES ~3 "
            "(OFFER|BID|DEALBID) ~8 AN ($|BRK)"
        ),
        examples=(
            "Adderall maker Shire agrees £46bn takeover by Takeda",
            "Osram backs AMS takeover as auto downturn bites",
        ),
        beispiele=("Acme stimmt einer Übernahme durch Beta zu", "Die Übernahme durch Beta ist perfekt, bestätigt Acme"),
        unless="NOT|END|CONFIRM ~6 (APPR|TALKS)|INST ~3 AGREE|AGREE ~6 (RISEV)|MODAL ~3 AGREE",
        sub="agreed",
        status="announced",
        strength="hard",
        weight=0.94,
        subject="target",
        by="acquirer",
    ),
    Cue(
        "belongs",
        "the target goes to its buyer, or has found one",
        en="N@target ~1 BELONG N@acquirer|BELONG N@acquirer|N@target HAVE? FOUNDBUYER",
        de="N@target ~6 BELONG (X|NOLONGER) ~2 N@acquirer|BELONG (X|NOLONGER) ~2 N@acquirer|FOUNDBUYER",
        examples=("Gemalto now belongs to Thales", "Grubhub has found a buyer"),
        beispiele=("Acme aus Berlin gehört künftig zu Beta", "Acme hat einen Käufer gefunden"),
        unless="NOT ~1 BELONG|SHARES|MODAL",
        sub="agreed",
        status="announced",
        strength="hard",
        weight=0.92,
    ),
    Cue(
        "agreed",
        "a deal announced or agreed, by the buyer or by both",
        en=(
            "AGREE ~7!BID (?!TIEUP TO)(DEAL|DEALBID)|AGREE ~4 (BUY|SNAP) ~6 N|(DEAL|DEALBID) ~6 (BE|HAVE) ~2 AGREE|"
            "FUTURE ~1 BE BOUGHT BY N@acquirer|BOUGHT BY N@acquirer|AGREE ~4 DEALW (FOR ~3 N|TO BUY)|DEALW TO (BUY|"
            "SNAP) ~6 CO|AGREE ~5!TO OFFER BY|AGREE ~3 SELL N@target TO N@acquirer"
        ),
        de=(
            "AGREE ~9 (DEAL|DEALBID|BID|OFFER)|(DEAL|DEALBID) ~9 AGREE|DEAL (OF|BY) ~6 BRK ~4 (AGREE|CLEARED)|"
            "AGREE ~10 (BUY|SNAP)|SELL ~6 AGREE|AGREE ~6 SELL|(DEAL|DEALBID) ~9 KEEP|KEEP ~6!TALKS (DEAL|DEALBID)|"
            "SELL ~6 N@target AN N@acquirer"
        ),
        examples=(
            "Anglo American agrees £405m takeover deal for Sirius Minerals",
            "Fiat Chrysler and PSA agree £35bn merger",
        ),
        beispiele=(
            "Acme und Beta vereinbaren eine Fusion",
            "Acme hat die Übernahme von Beta bestätigt",
            "Der Konzern verkauft die Tochter Beta an Acme",
        ),
        unless=(
            "NOT|END|CONFIRM ~6 (TALKS|APPR)|INST ~3 AGREE|AGREE ~5 (RISEV|CUT)|MODAL ~3 AGREE|STAKE|SPORT|"
            "CONSIDER|RUM|MAYBE|NEAR|(AFTER|HAD) ~2 DEAL|AGREE ~4 DEAL WITH ~2 (INST)"
        ),
        sub="agreed",
        status="announced",
        strength="hard",
        weight=0.93,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
    Cue(
        "to-buy",
        "the headline future: X to buy Y",
        en=(
            "(N|FIRM) TO (BUY|SNAP) (?!NUM) ~6 N|(N|FIRM|PRON) (AGREE|CONSIDER)? ~1 TO BUY ~2 MAJORITY|BEAT N TO "
            "(BUY|SNAP) ~2 N|BEAT N TO BUY|OFFER TO BUY ~6 N"
        ),
        de="BUY ~1 WANT|WANT ~12 (BUY|SNAP|BOUGHT)|WANT ~6 (DEAL|MAJORITY) ~5 UPWARD",
        examples=(
            "Alibaba to buy remaining shares in food delivery app Ele.me",
            "Louis Vuitton owner LVMH to buy Tiffany for $16bn",
        ),
        beispiele=(
            "Acme will den Konkurrenten Beta übernehmen",
            "Acme strebt die vollständige Übernahme an und will Beta kaufen",
        ),
        unless=(
            "NOT|END|SOURCE|MAYBE|TALKS|COMMENT|IF|BUY ~6 (ASSET|SHARES)|SPORT|CONSIDER ~3 BUY ~1 $|BUY ~3 STAKE|"
            "INST TO BUY|MODAL|CONSUMER|WANT ~6 MODAL|^COMMA? MEDIA COMMA? BRK"
        ),
        sub="agreed",
        status="announced",
        strength="hard",
        weight=0.88,
        subject="acquirer",
        object="target",
        by="seller",
    ),
    Cue(
        "buys",
        "finite verbs of buying",
        en=(
            "N BUY ~1 N ~3 (FOR|OF) (NUM|MONEY)|N ~2!TALKS,CONSIDER,NEAR,RUM,SOURCE,FALLV,RISEV N ~3 (WITH|OF) "
            "MONEY CURRENCY? ~2 DEALW|N (PERSON)? SNAP ~5!COMMA N|N ~1 SNAP ~5!COMMA N|SNAP ~4!COMMA N ~6 (FOR NUM|"
            "DEAL)|N HAVE BOUGHT ~3 N|SNAP ~4!COMMA MAJORITY|SNAP ~2!COMMA FIRM"
        ),
        de="N ~3 (SNAP) ~6 N|SNAP ~7 (MAJORITY|N|FIRM)|N ~4 MAJORITY ~8 SNAP|MAJORITY ~6 SNAP|BOUGHT|N SNAP ~8 N",
        examples=(
            "Spanish Puig snaps up Charlotte Tilbury makeup empire",
            "Alibaba takes over German start-up Data Artisans",
        ),
        beispiele=("Acme übernimmt den Händler Beta", "Acme hat die Mehrheit an Beta gekauft"),
        unless=(
            "NOT|SOURCE|END|INST ~1 SNAP|SNAP ~5 (ASSET|STAKE|SHARES|DUTY)|DUTY ~2 SNAP|SPORT|PERSON SNAP (OF|BY|N|"
            "$)|MODAL|AFTER ~5 BOUGHT|PASTREF ~4 BOUGHT|HAD|BOUGHT ~4 PASTREF|BOUGHT ~3 (CAL|OF NUM)|PERSON$|BE ~2 "
            "BOUGHT$|SNAP ~2 PERSON|TASK|SITE|CONSIDER ~3 SNAP|SNAP OF|^SNAP|BRK SNAP N|ASK|^COMMA? MEDIA COMMA? "
            "BRK|NEAR ~1 SNAP"
        ),
        sub="agreed",
        status="announced",
        strength="hard",
        weight=0.86,
        subject="acquirer",
        object="target",
        by="seller",
    ),
    Cue(
        "acquisition-announced",
        "the acquisition of somebody, announced or made by somebody",
        en="DEAL OF ~8 N ~12 AGREE|DEAL ~9 BE ~1 AGREE|BE (SNAP|BUY) ~4 N|N ~3 BOUGHT ~2 FOR NUM",
        de="DEAL ~9 (AGREE|COMPLETE)",
        examples=(
            "With the acquisition of the start-up Data Artisans, which was announced yesterday, Alibaba expands",
        ),
        beispiele=("Die Übernahme von Beta wurde gestern angekündigt, perfekt", "Der Kauf der Firma Beta ist amtlich"),
        unless="NOT|END|SOURCE ~2 BUY|INST ~3 AGREE|AGREE ~4 LAWSUIT|MODAL",
        sub="agreed",
        status="announced",
        strength="hard",
        weight=0.85,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
    Cue(
        "completed",
        "the deal is closed",
        en=(
            "COMPLETE ~4 (BUY|SALE OF) ($|BRK|N)|BID ~6 COMPLETE ($|BRK)|COMPLETE ~8!AFTER (DEAL|DEALBID)|(DEAL|"
            "DEALBID) ~6 (BE|HAVE|HAD) ~2 COMPLETE|AFTER COMPLETE ~4 DEAL"
        ),
        de="(DEAL|DEALBID) ~9 COMPLETE|COMPLETE ~9 DEAL|SHUT ~8 (DEAL|DEALBID) ~6 DOWNOFF",
        examples=("French group Thales completes 4.8 billion euro takeover of Gemalto",),
        beispiele=("Acme hat die Übernahme von Beta abgeschlossen", "Die Fusion von Acme und Beta ist vollzogen"),
        unless="NOT|SOURCE|LAWSUIT|SPORT",
        sub="completed",
        status="confirmed",
        strength="hard",
        weight=0.92,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
    Cue(
        "rejects",
        "the target, its board or a holder rejects an offer",
        en=(
            "N@acquirer ~2 REJECT BY ~2 N@target|REJECT ~4 N@acquirer POSS ~2 TERMS|REJECT ~2 N@acquirer POSS ~3 "
            "(OFFER|BID|DEALBID|DEAL)|REJECT ~8!TO (BID|DEALBID|DEAL)|REJECT ~4 OFFER (BY|FOR|OF N)|(DEAL|DEALBID|"
            "BID) (?!TO) ~6 (BE|HAVE) ~2 REJECT|OFFER (FOR|BY) ~2 N ~6 REJECT|REJECT ~5 N@acquirer POSS ~3 (OFFER|"
            "BID|DEALBID|DEAL)|REJECT ~5 N@acquirer ~3 (OFFER|BID)|REJECT ~6 OFFER ($|BRK)|(N|PERSON) DISMISS ~5 "
            "OFFER"
        ),
        de=(
            "(GRAB|BEAT) ~4 (OFFER|BID|DEALBID) ~5 AUS|REJECT ~9 (DEAL|DEALBID|BID|OFFER)|(DEAL|DEALBID|BID|OFFER) "
            "~9 REJECT|REFUSE ~4 (DEAL|DEALBID|BID|OFFER) ~6 DOWNOFF|REFUSE ~8 (DEAL|DEALBID|BID|OFFER) ~6 "
            "(DOWNOFF|BACKDOWN)|REFUSE ~5 INTEREST ~6 (DOWNOFF|BACKDOWN)|REJECT ~5 INTEREST OF"
        ),
        examples=(
            "London Stock Exchange rejects approach by Hong Kong counterpart",
            "GKN rejects £7bn hostile approach from rival Melrose",
        ),
        beispiele=(
            "Acme hat das Übernahmeangebot von Beta abgelehnt",
            "Acme lehnt das Gebot von Beta ab, eine klare Ablehnung der Offerte",
        ),
        unless="COMMENT|SPORT|INST ~2 REJECT|REJECT ~8 (LAWSUIT|PERSON) (BID|OFFER)|REJECT ~8 BID TO|OFFER OF NUM X",
        sub="rejected",
        status="announced",
        strength="hard",
        weight=0.93,
        subject="target",
        object="acquirer",
        by="acquirer",
    ),
    Cue(
        "receives",
        "a company gets an offer",
        en=(
            "GET ~4 DEALBID|GET ~4 HOSTILE ~2 (BID|OFFER)|GET ~4 (BID|OFFER) BY|GET ~3 NUM ~2 (BID|OFFER)|GET ~1 BID BY"
        ),
        de=(
            "N@acquirer ~3 (TAKES|MAKE) ~4 (DEALBID|BID|OFFER) ~1 FOR ~4 N@target|GET ~6 (DEALBID|BID)|(DEALBID|"
            "BID) ~6 GET|(DEALBID|BID) ~3 FOR N@target"
        ),
        examples=(
            "Doorstep lender Acme receives £1.3bn takeover bid",
            "Gannett gets hostile bid from hedge fund-backed MNG",
        ),
        beispiele=(
            "Acme erhält ein Übernahmeangebot von Beta",
            "Acme bekommt eine Offerte aus Amerika, ein Gebot von Beta",
        ),
        unless="NOT|MODAL|SOURCE|BID TO|REJECT|END|CONSIDER|RUM|MAYBE|APPR",
        sub="offer",
        status="announced",
        strength="hard",
        weight=0.88,
        subject="target",
        by="acquirer",
    ),
    Cue(
        "makes-bid",
        "an offer put on the table, raised, or not raised",
        en=(
            "(MAKE|RAISE) ~3 N@target (BID|OFFER|DEALBID)|(MAKE|RAISE) ~6 (BID|DEALBID) (FOR|OF) ~6 N|(MAKE|RAISE) "
            "~6 DEALBID|(MAKE|RAISE) ~5 OFFER (FOR|OF) ~5 N|SNAP ~3 N ~3 WITH ~3 BID|NUM CURRENCY? ~2 (BID|"
            "DEALBID) FOR ~5 N|HOSTILE ~2 (BID|DEAL|OFFER|DEALBID) (FOR|OF|BY) ~3 N|N ~8 HOSTILE ~2 (BID|DEAL|"
            "OFFER|DEALBID)|(RAISE|MAKE) ~1 PRON ~2 (BID|OFFER)|BID ~2 (FOR|OF) N ~4 NUM|MONEY ~1 TABLE|N BID FOR "
            "~4 N|N BID NUM ~1 FOR ~4 N|N BID NUM ~3 SHARES FOR ~3 N|"
            "OFFER ~4!PERSON DEAL (WITH|OF)|OFFER TO BUY ~4 N|OFFER NUM ~1 TO ~6 (BUY|"
            "PRIV (?!X|N|FIRM|INST|ARM|ASSET|SALES))|OFFER TO ~6 PRIV (?!X|N|FIRM|INST|ARM|ASSET|SALES)|AGREE ~6 "
            "PRIV (?!X|N|FIRM|INST|ARM|ASSET|SALES)"
        ),
        de=(
            "(MAKE|TAKES) ~8 (DEALBID|BID|OFFER ~3 FOR ~2 N)|(DEALBID|BID) ~6 MAKE|HOSTILE ~2 (DEAL|DEALBID|BID|"
            "OFFER)|N GRASP|(TAKES|MAKE) ~10 TABLE|BIDS ~4 NUM CURRENCY|NUM CURRENCY ~5 BIDS ($|BRK)|BIDS ~3 NUM "
            "~4 FOR"
        ),
        examples=(
            "Mike Ashley launches £52m bid for games retailer Game Digital",
            "Bovis makes £1.1bn bid for Galliford Try's housebuilding arm",
        ),
        beispiele=("Acme legt ein Übernahmeangebot für Beta vor", "Acme bietet 6,50 Euro je Aktie für Beta"),
        unless=(
            "CONSIDER|SOURCE|MODAL ~2 MAKE|AFTER ~2 HOSTILE|INST ~8 HOSTILE|REJECT|END|NOT MAKE ~3 OFFER|RUM|SPORT|"
            "LAWSUIT|WORKER|INST ~3 BID|INST ~2 MAKE|PTARGET|(BID|OFFER) TO (?!BUY|NUM|SNAP)|(DEAL|DEALBID|BID|"
            "OFFER) FOR PLACE? INST|BID FOR ~2 ASSET"
        ),
        sub="offer",
        status="announced",
        strength="soft",
        weight=0.85,
        subject="acquirer",
        object="target",
    ),
    Cue(
        "bid-followed-up",
        "a bid that is already there: battle, extended, cleared, not raised",
        en=(
            "BATTLE|TERMS ~10 NOT ~3 (MAKE|RAISE)|NOT ~8 RAISE ~3 (BID|OFFER)|CLEARED ~6 (DEAL|DEALBID) ~2 (OF|FOR|"
            "BY)?|(DEAL|DEALBID) ~6 CLEARED"
        ),
        de=(
            "CLEARED ~6 ENTER|BATTLE|(BUYER|SUITOR) ~6 MAKE|NOT ~8 (RAISE|MAKE) ~3 (BID|DEALBID|OFFER)|CLEARED ~6 "
            "DEAL|DEAL ~8 CLEARED"
        ),
        examples=(
            "Chrysler said it has no intention of increasing its offer for Electrospace",
            "Just Eat takeover battle heats up",
        ),
        beispiele=(
            "Im Bieterkampf um Acme erhöht Beta den Einsatz",
            "Der Übernahmekampf um Acme geht weiter",
            "Die Behörde gibt grünes Licht für die Übernahme von Beta durch Acme",
        ),
        unless=(
            "END|REJECT|RUM|MODAL ~5 BATTLE|BATTLE ~4 MODAL|STREET ~2 BATTLE|DENY|NEAR ~3 BATTLE|CONSIDER ~3!RAISE "
            "(BID|OFFER|DEAL|DEALBID)"
        ),
        sub="followup",
        status="announced",
        novelty="repeat",
        weight=0.72,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
    Cue(
        "buys-described",
        "a company bought that is only described, or sold to one that is",
        en=(
            "(N|FIRM|PERSON) SNAP ~6!COMMA,ASSET,STAKE (FIRM|ARM|MAJORITY)|(N|FIRM|PERSON) SNAP ~3!ASSET N|(N|FIRM|"
            "PERSON) COMMA? TO (BUY|SNAP) ~8!ASSET,STAKE CO|N ~4 BELONG ~5 (FIRM|PERSON|N@acquirer)|N ~3 BOUGHT BY "
            "~5 (FIRM|PERSON|N@acquirer)|(N|FIRM) ~2!ASSET SOLD FOR MONEY|N ~1 TO BE BELONG ~8 (N|FIRM)|N TO SELL "
            "~4!ASSET ARM|N TO SELL N@target TO ~3 N@acquirer|N AGREE ~4 SALE (TO|OF|$)|SALE ~2 N@target TO ~4 (N|"
            "FIRM) ~4 AGREE"
        ),
        de="(N|FIRM|PERSON) ~3 SNAP ~8 CO|BELONG ~4 (N|FIRM)|SELL ~8 AN ~4 (N@acquirer|FIRM)|GIVE ~4 AN ~5 DOWNOFF",
        examples=("Acme owner to snap up country's biggest pub chain", "Acme sold to private equity firm for £300m"),
        beispiele=("Acme schluckt den kleineren Rivalen", "Acme verkauft Tochter Beta an einen Fonds"),
        unless=OTHER
        + (
            "|NOT|SOURCE|END|INST ~2 (SNAP|TO BUY|AGREE)|MODAL|AFTER ~5 (BOUGHT|BELONG|SNAP)|PASTREF|HAD|STAKE|"
            "SHARES ~3 (SELL|BELONG|BUY|SNAP)|CONSIDER|NEAR|TALKS|RUM|ASSET ~3 (BELONG|SELL|BOUGHT)|QTY ~2 (ASSET|"
            "X) (BELONG|SELL|BOUGHT)|^SNAP|PERSON ~1 SNAP (OF|BY|AN|$)|SNAP OF|SNAP ~2 PERSON ($|OF|BY)|SNAP ~5 "
            "ASSET"
        ),
        sub="agreed",
        status="announced",
        strength="hard",
        weight=0.74,
        subject="acquirer",
        object="target",
        by="acquirer",
    ),
)

RULES = rules(CUES)


def takeover_bids(text: TextLike) -> list[Signal]:
    """Return the offers and deals that `text` states."""
    return run(text, RULES, KIND, "target", 1)
