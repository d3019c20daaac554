"""Profit warnings: a company says that it will earn less than it had promised or than is expected of it."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules
from signals.kinds.peers import peers

KIND = "profit-warning"

CUES: tuple[Cue, ...] = (
    Cue(
        "warning-denied",
        "a negated warning is none",
        en="(NOT|DENY) ~4 PWARN|NOT ~2 WARN",
        de="(NOT|DENY) ~3 PWARN|PWARN ~4 NOT|NOT ~4 PWARN",
        examples=("Acme says there will be no profit warning this year",),
        beispiele=(
            "Eine Gewinnwarnung wird es nicht geben, sagt der Vorstand",
            "Es ist keine Gewinnwarnung, betont der Finanzchef",
        ),
        status="announced",
        novelty="background",
        weight=0.3,
        subject="issuer",
    ),
    Cue(
        "warning-counted",
        "warnings in the plural, a definition, an aggregate: no single event",
        en="PLURAL ~3 PWARN|PWARNS|COUNT ~3 (PWARN|WARN|CUT)|INST ~3 (ISSUE|WARN|MAKE) ~3 PWARN",
        de=(
            "COUNT ~3 PWARN|PLURAL ~4 PWARN|PWARN ~2 X COMMA X COMMA|PWARN ~6 PLURAL|WARN ~4 PLURAL|PLURAL "
            "~8 (WARN|CUT)"
        ),
        examples=(
            "Battle for its soul rages after series of profit warnings",
            "A flood of profit warnings from Chinese firms",
        ),
        beispiele=(
            "Eine Serie von Gewinnwarnungen erschüttert die Branche",
            "Nach einer Reihe von Gewinnwarnungen geht der Chef",
        ),
        status="announced",
        novelty="background",
        weight=0.3,
        subject="issuer",
    ),
    Cue(
        "warning-recalled",
        "a warning with a past time, or had warned: history",
        en="PASTREF ~4 PWARN|PWARN ~14 PASTREF|HAD WARN|HAD ~1 PASTREF WARN|AND ~3 PWARN ~3 OF CAL",
        de="PASTREF ~4 PWARN|PWARN ~8 PASTREF|HAD ~8 PWARN|PASTREF ~8 PWARN ~4 (BOUGHT|FALLV)",
        examples=(
            "The share collapsed as a result of the profit warning issued by Asos at the end of last year",
            "Rival Acme, which had warned on profit in October, ended lower",
        ),
        beispiele=(
            "Der Titel hatte nach einer Gewinnwarnung stark verloren",
            "Die Gewinnwarnung im vergangenen Jahr wirkt nach",
        ),
        unless="(AGAIN|ORDINAL) ~1 PWARN|(ISSUE|POST|SURPRISE|MAKE) ~3 PWARN",
        status="announced",
        novelty="background",
        weight=0.6,
        subject="issuer",
        by="issuer",
    ),
    Cue(
        "recovers-after-warning",
        "who recovers after a warning tells of an old one",
        en=(
            "RISEV ~11 (ON|AFTER|BY) ~4 N@issuer POSS? ~1 PWARN|RISEV ~11 (ON|AFTER|BY|OF) ~4 PWARN ~2 (BY|"
            "OF) ~3 N@issuer|N@issuer POSS? PWARN ~4 RISEV|SHARES ~2 RISEV ~9 N@issuer POSS? PWARN|RISEV ~16 "
            "(AFTER|POSS|FALLV) ~5 PWARN|PWARN ~9 RISEV|SHARES ~2 RISEV ~6 PWARN"
        ),
        de=(
            "RISEV ~9 AFTER ~3 N@issuer POSS? PWARN|RISEV ~9 AFTER ~3 PWARN ~1 (OF|BY) ~3 N@issuer|AFTER ~3 "
            "PWARN ~1 (OF|BY) ~3 N@issuer ~9 RISEV|AFTER ~3 N@issuer POSS? PWARN ~9 RISEV|N@issuer POSS? "
            "PWARN ~6 RISEV|PWARN ~1 (OF|BY) ~2 N@issuer ~8 RISEV|RISEV ~9 PWARN|PWARN ~9 RISEV"
        ),
        examples=("Record Christmas drives Acme recovery after profit warnings",),
        beispiele=(
            "Nach der Gewinnwarnung erholt sich die Aktie von Acme",
            "Acme steigt zwei Tage nach der Gewinnwarnung",
        ),
        unless="SHARES ~3 FALLV|FALLV ~6 SHARES|FALLV ~3 PWARN",
        status="announced",
        novelty="background",
        weight=0.5,
        subject="issuer",
    ),
    Cue(
        "again-warning",
        "a second or third warning is a new event that says that it is not the first",
        en=("(AGAIN|ORDINAL) ~1 PWARN|WARN ~2 PROFIT ~3 (AGAIN|ORDINAL)|CUT ~4 GUIDE ~3 AGAIN|WARN ~4 PROFIT ~4 AGAIN"),
        de=(
            "(AGAIN|ORDINAL) ~1 PWARN|CUT ~6 AGAIN ~4 (GUIDE|PGUIDE|SGUIDE)|AGAIN ~6 CUT ~6 (GUIDE|PGUIDE|"
            "SGUIDE)|CUT ~6 (GUIDE|PGUIDE|SGUIDE) ~4 AGAIN|AGAIN ~4 (GUIDE|PGUIDE|SGUIDE) ~4 CUT"
        ),
        examples=("Acme in new profits warning after disappointing year",),
        beispiele=("Acme überrascht mit der zweiten Gewinnwarnung", "Erneute Gewinnwarnung bei Acme"),
        unless="NOGUIDE|PTARGET",
        sub="repeat",
        status="announced",
        strength="hard",
        weight=0.93,
        subject="issuer",
    ),
    Cue(
        "issues-warning",
        "to issue a warning is the event itself",
        en="(ISSUE|MAKE|POST|SURPRISE) ~3 PWARN|(OF|BE) ~3 PWARN ~2 AFTER",
        de=(
            "(ISSUE|MISS|SURPRISE|TAKES|MAKE|POST|GET) ~7 PWARN|PWARN ~6 (ISSUE|GET|SURPRISE|POST|HAVE)|X "
            "WITH ~2 PWARN|SURPRISE ~2 PWARN"
        ),
        examples=(
            "Acme issues profit warning as winter fares fall",
            "Shares crash after shock profit warning",
        ),
        beispiele=("Acme schockt Anleger mit Gewinnwarnung", "Acme enttäuscht mit einer Gewinnwarnung"),
        unless="INST ~2 ISSUE|PLURAL|PWARNS",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.95,
        subject="issuer",
        by="issuer",
    ),
    Cue(
        "slump-on-warning",
        "a share that falls on a warning: the warning is fresh",
        en=(
            "FALLV ~11 (ON|AFTER|BY) ~4 N@issuer POSS? ~1 PWARN|FALLV ~11 (ON|AFTER|BY|OF) ~4 PWARN ~2 (BY|"
            "OF) ~3 N@issuer|N@issuer POSS? PWARN ~4 FALLV|SHARES ~2 FALLV ~9 N@issuer POSS? PWARN|FALLV ~11 "
            "(ON|AFTER|AND|BY) ~4 PWARN|FALLV ~9 AFTER ~3 PROFIT AND X WARN|FALLV ~6 (ON|AFTER|BY) ~2 (PESS|"
            "LESS) ~2 GUIDE|(PESS|LESS) ~1 (PROFIT|SALES|RESULTS)? GUIDE ~4 FALLV|PWARN ~3 FALLV|FALLV ~4 "
            "PWARN|PWARN ~5 SHARES"
        ),
        de=(
            "FALLV ~9 (AFTER|ON|BY) ~3 N@issuer POSS? PWARN|FALLV ~9 (AFTER|ON|BY) ~3 PWARN ~1 (OF|BY) ~3 "
            "N@issuer|AFTER ~3 PWARN ~1 (OF|BY) ~3 N@issuer ~9 FALLV|AFTER ~3 N@issuer POSS? PWARN ~9 FALLV|"
            "N@issuer POSS? PWARN ~6 FALLV|PWARN ~1 (OF|BY) ~2 N@issuer ~8 FALLV|FALLV ~9 PWARN|PWARN ~9 "
            "FALLV|AFTER ~3 PWARN ~6 X|PWARN BRK ~6 FALLV"
        ),
        examples=(
            "Wall Street treads water, Acme slumps on profit warning",
            "Acme shares plunge on weak outlook",
        ),
        beispiele=(
            "Nach einer Gewinnwarnung bricht die Aktie von Acme ein",
            "Acme verliert nach der Gewinnwarnung zwölf Prozent",
        ),
        unless="LAWSUIT|NOGUIDE|PTARGET|INST ~3 GUIDE",
        sub="new",
        status="announced",
        strength="hard",
        subject="issuer",
    ),
    Cue(
        "warning-noun",
        "a profit warning in a headline, blamed, feared or followed by something",
        en="(ON|FOR|OF|BY) ~2 PWARN|N POSS? PWARN|PWARN (OF|BY|FOR|AFTER)|PWARN$|X ~3 AFTER PWARN$",
        de="N ~1 PWARN|PWARN ~2 (OF|BY|WITH) ~3 N|PWARN$|^PWARN|AFTER PWARN BRK",
        examples=("Bosses leave car dealer Acme as Brexit blamed for profit warning",),
        beispiele=("Gewinnwarnung bei Acme", "Acme-Gewinnwarnung belastet die Branche"),
        unless="LAWSUIT|AFTER PWARN ~1 X ~1 SHARES|NOT|SHARES ~1 (CONSIDER|X) ~2 AFTER PWARN",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.8,
        subject="issuer",
        object="issuer",
        by="issuer",
    ),
    Cue(
        "warns-on-profit",
        "to warn on, over or of one's profits",
        en=(
            "(N|FIRM|PRON|X|PERSON|BOUGHT|AFTER) ~1 WARN ~5!AFTER,ON,JOBS,INST,FIRM (PROFIT|LOSS|PGUIDE)|"
            "WARN ~5 SALES ~2 TO ~2 (LESS|MISS|FALLV)|WARN ~3 PROFIT|WARN (ON|FOR) ~1 SALES|WARN ~2 SALES "
            "(FUTURE|TO|MODAL) ~2 (FALLV|LESS|MISS)|PROFIT AND X WARN"
        ),
        de="WARN ~6 (PROFIT|PGUIDE|LOSS)|(PROFIT|PGUIDE) ~6 WARN|WARN BRK ~6 PROFIT ~5 LESS",
        examples=(
            "Acme warns over profits after bad weather",
            "Acme warns sales to fall short of target",
            "Acme warns over revenue",
        ),
        beispiele=(
            "Acme warnt vor einem Rückgang beim Gewinn",
            "Acme warnt: Der Gewinn wird deutlich schrumpfen",
        ),
        unless="INST ~4 WARN|NOT ~1 WARN|HAD ~2 WARN|PASTREF ~2 WARN|NOGUIDE|LOSS ~4 JOBS",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.93,
        subject="issuer",
    ),
    Cue(
        "cuts-forecast",
        "a company's own forecast goes down",
        en=(
            "LOWER ~6!MISS,BEAT,DROP,TO (GUIDE|PGUIDE|SGUIDE)|DROP ~2!NUM,MISS,TO (PROFIT|SALES|RESULTS)? "
            "(GUIDE|PGUIDE|SGUIDE)|(GUIDE|PGUIDE|SGUIDE) (CUT|LESS)|(GUIDE|PGUIDE|SGUIDE) (BE|HAVE) ~1 CUT|"
            "LOWER ~2 (PROFIT|SALES) ~1 GUIDE"
        ),
        de=(
            "CUT ~9 (GUIDE|PGUIDE|SGUIDE)|(GUIDE|PGUIDE|SGUIDE) ~14 CUT|TAKES ~9 (GUIDE|PGUIDE|SGUIDE) ~10 "
            "BACKDOWN|(GUIDE|PGUIDE|SGUIDE) ~8 TAKES ~8 BACKDOWN|BACKDOWN ~4 (GUIDE|PGUIDE|SGUIDE)|TAKES ~3 "
            "(GUIDE|PGUIDE|SGUIDE) ~4 (BACKDOWN|CUT)|GIVE ~3 (GUIDE|PGUIDE|SGUIDE) AUF|TAKES ~9 (GUIDE|"
            "PGUIDE|SGUIDE) ~10 AUS|(GUIDE|PGUIDE|SGUIDE) ~6 (DROP|TAKES ~2 AUS)|DROP ~6 (GUIDE|PGUIDE|"
            "SGUIDE)|CUT ~3 (AN|OF) ~3 (GUIDE|PGUIDE)"
        ),
        examples=(
            "Volkswagen cuts profit, sales forecasts as autos downturn bites",
            "The company slashed its outlook",
        ),
        beispiele=(
            "Acme senkt die Prognose für das laufende Jahr",
            "Acme nimmt wegen der Hitze seine Jahresziele zurück",
            "Acme setzt die Prognose für das laufende Jahr aus",
        ),
        unless="NOGUIDE|PTARGET|INST ~8 CUT|NOT ~2 CUT|CUT ~3 CUT ~1 OF|KEEP ~2 (PROFIT|PGUIDE)|CUT ~1 GUIDE FOR N",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.95,
        subject="issuer",
        by="issuer",
    ),
    Cue(
        "cuts-margin",
        "the promised profit or margin itself goes down from a to b",
        en=(
            "CUT ~3 PROFIT ~4 (GUIDE|OF|BY)|MODAL CUT ~4 PROFIT|FUTURE ~1 CUT ~4 PROFIT|(CUT|LESS|WARN) ~3 PROFIT GUIDE"
        ),
        de=(
            "TAKES ~5 PROFIT ~12 BACKDOWN|CUT ~6 PROFIT ~4 (BY|OF|FOR) ~2 NUM|PROFIT ~6 NOLONGER ~8 NOLONGER|"
            "PROFIT ~8 NOLONGER ~6 NOLONGER"
        ),
        examples=("It said a bad November would cut full-year profit",),
        beispiele=(
            "Acme nimmt die Marge von 4,5 auf 3 Prozent zurück",
            "Die Marge soll nur noch bei vier Prozent liegen statt bei fünf",
        ),
        unless="NOGUIDE|PTARGET|INST ~3 (CUT|LESS)",
        sub="new",
        status="announced",
        strength="hard",
        subject="issuer",
    ),
    Cue(
        "expects-less",
        "the company expects to earn less than planned, or less than the market expects",
        en=(
            "(FUTURE|MODAL) ~3 LESS ~4 PROFIT|EXPECT ~5 (LESS|MISS) ~4 (GUIDE|PROFIT|RESULTS|NOLONGER|"
            "PGUIDE)|PROFIT ~2 (FUTURE|MODAL) ~3 (LESS|MISS)|(FUTURE|TO) ~2 MISS ~3 PROFIT|(FUTURE|TO) ~2 "
            "MISS ~1 GUIDE|EXPECT ~3 LESS ~6 (PROFIT|GUIDE)|(FUTURE|MODAL) ~5 LESS PROFIT|(FUTURE|MODAL) ~3 "
            "LESS ~3 NOLONGER|SALES ~2 FUTURE ~4 LESS ~4 NOLONGER|GUIDE ~3 PROFIT MISS ~2 GUIDE|EXPECT "
            "~5!LESS LOSS|LOWEND ~5 (PROFIT|PGUIDE)|PROFIT ~9 LOWEND|(GUIDE|PGUIDE) ~5 LOWEND|(PROFIT|"
            "RESULTS) ~3 (EXPECT|NEAR) ~6 (LESS|MISS)|PROFIT ~1 TO ~1 (LESS|FALLV|MISS)|PROFIT OF N TO ~1 "
            "(LESS|FALLV|MISS)|EXPECT ~3 PROFIT ~2 TO ~2 (LESS|FALLV|MISS|CUT)|TRADE ~3 MISS ~3 (GUIDE|"
            "EXPECT)|EXPECT LESS ~2 PROFIT| (N|FIRM) GUIDE ~4!BEAT (LESS|MISS) ~5 (PROFIT|GUIDE|SALES|LOSS)|"
            "NOT TO REACH ~5!NOGUIDE (GUIDE|PROFIT)|FUTURE NOT ~2 REACH ~4 (GUIDE|PROFIT)|EXPECT ~3 LESS ~1 "
            "LOSS|MORE LOSS ~2 NOLONGER|EXPECT ~3 MORE LOSS|TO LESS ~3 PROFIT|MAKE ~2 LESS CASHW|(WARN|"
            "EXPECT) ~8 LESS PROFIT|(N|FIRM) GUIDE ~4 LOSS|FUTURE ~1 (MAKE|POST) ~1 LOSS|PROFIT ~3 FUTURE "
            "NOT ~2 (KEEP|REACH)"
        ),
        de=(
            "PROFIT ~10 UNDER ~5 (GUIDE|PASTREF|NOLONGER) ~3 (STAYS|FUTURE|MODAL)|PROFIT ~8 (FUTURE|MODAL|"
            "STAYS) ~6 (UNDER|LESS) ~5 (GUIDE|PASTREF|NOLONGER)|(EXPECT|FUTURE|MODAL|TRUST) ~6 PROFIT ~8 "
            "UNDER ~5 GUIDE|(TRUST|EXPECT|PROFIT) ~3 LESS PROFIT|LESS PROFIT ~4 NOLONGER|LESS ~3 NOLONGER (X|"
            "EXPECT)|(FUTURE|MODAL) ~3 (GUIDE|PGUIDE) ~5 MISS|(GUIDE|PGUIDE) ~5 MISS ~1 (FUTURE|MODAL)|"
            "(FUTURE|MODAL) ~8 (GUIDE|PGUIDE) MISS|LESS ~3 EXPECT$|(FUTURE|EXPECT|MODAL) ~4 LESS ~3 (EXPECT|"
            "NOLONGER)|(PROFIT|PGUIDE|GUIDE) ~12 LOWEND|LOWEND ~6 (PROFIT|PGUIDE)|EXPECT ~5!LESS LOSS|(GUIDE|"
            "PGUIDE|SGUIDE) ~6 NOT ~3 REACH|NOT ~3 (GUIDE|PGUIDE) ~3 REACH|MISS ~5 (GUIDE|PGUIDE) ~6 "
            "PROSPECT|PROSPECT ~6 (GUIDE|PGUIDE) ~3 MISS|(PROFIT|GUIDE|EXPECT) ~5 PESS|PESS ~5 (PROFIT|GUIDE|"
            "PGUIDE)| EXPECT ~5 LESS ~3 (PROFIT|PGUIDE)|EXPECT ~6 (PROFIT|PGUIDE) ~6 UNDER ~3 (PASTREF|GUIDE|"
            "NUM)|PROFIT ~6 (LESS|UNDER) ~4 EXPECT|EXPECT ~4 (FALLN) ~3 PROFIT|PESS ~4 PROSPECT|(STAYS|"
            "FUTURE) ~3 PROFIT ~4 (LESS|UNDER)|(TRUST|EXPECT) ~8 LESS ~1 ZU|(EXPECT|WARN|SURPRISE) ~6 PDROP|"
            "PDROP ~4 EXPECT|PROFIT ~5 MODAL ~4 LESS|TAKES ~6 PDROP"
        ),
        examples=(
            "It now expects to earn less than it previously thought",
            "Earnings would come in under expectations",
            "Acme will finish the year around the bottom of its profit guidance",
            "Annual profit is now expected to be below market forecasts",
            "Acme guides lower on profit",
            "Acme is unlikely to meet its profit target",
        ),
        beispiele=(
            "Der Gewinn wird unter den Erwartungen liegen",
            "Acme traut sich weniger Gewinn zu als bisher",
            "Der Betriebsgewinn dürfte am unteren Ende der Spanne liegen",
            "Beim Ergebnis erwartet Acme nun das untere Ende",
            "Acme rechnet nun mit einem Verlust",
            "Acme wird seine Gewinnziele nicht erreichen",
            "Acme verfehlt die Ziele in diesem Jahr voraussichtlich",
            "Acme wird beim Gewinn vorsichtiger",
            "Acme traut sich weniger zu",
        ),
        unless=(
            "INST ~8 (EXPECT|WARN)|(EXPECT|WARN|BRK) ~3 INST (?!POSS)|FEAR|NOGUIDE|PTARGET|NOT ~2 (EXPECT|"
            "LESS|MISS)|BEAT|LESS ~1 LOSS|LESS X LOSS|PESS ~3 INST|INST ~3 PESS|LOWEND ~4 (SALES|SGUIDE)|"
            "(SALES|SGUIDE) ~6 LOWEND|(RAISE|UPWARD) ~6 LOWEND|LOWEND ~8 (RAISE|UPWARD)|LOSS ~4 JOBS|ON ~1 "
            "EXPECT ~3 LOSS|INST ~3 GUIDE|FUTURE ~3 LESS LOSS|COMMA X INST"
        ),
        sub="new",
        status="announced",
        strength="hard",
        weight=0.88,
        subject="issuer",
    ),
    Cue(
        "promise-withdrawn",
        "the old target is given up",
        en="(NOLONGER|NOT) ~3 EXPECT ~8 (GUIDE|PROFIT)|NOT EXPECT ~3 X ~6 GUIDE|NOLONGER (EXPECT|BE) ~6 GUIDE",
        de=(
            "NOLONGER ~6 EXPECT ~9 (GUIDE|PROFIT|PGUIDE)|NOLONGER ~4 NOLONGER ~6 (SALES|PROFIT) ~3 EXPECT|"
            "NOLONGER ~6 NOLONGER ~8 EXPECT|EXPECT ~6 NOLONGER ~8 (GUIDE|PROFIT|PGUIDE)"
        ),
        examples=(
            "The company no longer believes it can reach its revenue goal",
            "Acme said it does not expect to meet its earnings targets",
        ),
        beispiele=(
            "Acme erwartet nicht mehr, das Gewinnziel zu erreichen",
            "Statt 20 Prozent erwartet Acme nur noch 15 Prozent Umsatzplus und rechnet mit weniger",
        ),
        unless="INST|NOGUIDE|PTARGET",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.88,
        subject="issuer",
    ),
    Cue(
        "profit-held-back",
        "costs or events will eat the growth of profit",
        en="(KEEP|X) PROFIT BY RISEV|EXPECT ~3 LESS ~2 PRON PROFIT|FUTURE ~4 LESS ~3 PROFIT",
        de="FUTURE ~5 PROFIT ~4 LESS|PROFIT ~4 FUTURE ~4 LESS|PROFIT ~6 LESS$",
        examples=(
            "Heavy spending will keep profit from growing this year",
            "The group is bracing for damage to its earnings",
        ),
        beispiele=("Höhere Kosten werden den Gewinn belasten", "Der Gewinn dürfte in diesem Jahr sinken"),
        unless="INST|NOGUIDE|NOT ~2 LESS|FEAR",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.8,
        subject="issuer",
    ),
)

RULES = rules(CUES)


def profit_warnings(text: TextLike) -> list[Signal]:
    """Return the profit warnings that `text` states; warnings that it only recalls have novelty ``background``.

    Where a text says that the warning moved the share of another company, that one has a row of its own, role ``peer``.
    """
    found = run(text, RULES, KIND, "issuer", -1)
    return [*found, *peers(text, found)]
