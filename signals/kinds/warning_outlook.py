"""Profit warnings told in other words: a forecast cut or withdrawn, less profit or a loss expected, a dimmer outlook."""

from __future__ import annotations

from signals.kinds.engine import Cue
from signals.kinds.shapes import AHEAD, DOWN, DOWN_DE, FORECAST, PROMISE, PUBLIC, WATCHERS

#: Words that turn the direction round, and subjects whose fears are not a company's.
_NOT_OURS = (
    f"{WATCHERS}|{PUBLIC}|FEAR|NOT ~2 (EXPECT|LESS|MISS)|LESS ~1 LOSS|LESS X LOSS|PESS ~3 INST|INST ~3 PESS|LOSS ~4 JOBS|"
    "ON ~1 EXPECT ~3 LOSS|SHARES ~1 (EXPECT|FEAR)|CONSUMER ~2 (EXPECT|FUTURE)|JOBS ~2 LOSS|(KEEP|CONFIRM) ~3 (GUIDE|PGUIDE)"
)

CUES: tuple[Cue, ...] = (
    Cue(
        "warns-on-profit",
        "to warn on, over or of one's profits or sales",
        en=(
            "(N|FIRM|PRON|X|PERSON|BOUGHT|AFTER|AND|COMMA) ~1 WARN ~5!AFTER,ON,JOBS,INST,FIRM (PROFIT|LOSS|PGUIDE)|"
            "WARN ~5 SALES ~2 TO ~2 (LESS|MISS|FALLV)|WARN ~3 PROFIT|WARN (ON|FOR) ~1 SALES|WARN ~2 SALES (FUTURE|"
            "TO|MODAL) ~2 (FALLV|LESS|MISS)|PROFIT AND X WARN|WARN ~4 (LESS|FALLV) ~3 SALES|WARN ~4 SALES ~2 (LESS|"
            "FALLV)|WARN ~4 MONEY ~2 LESS|WARN ~1 OF ~3 TRADE"
        ),
        de=(
            "WARN ~6 (PROFIT|PGUIDE|LOSS)|(PROFIT|PGUIDE) ~6 WARN|WARN BRK ~6 PROFIT ~5 LESS|WARN BRK ~6 LESS ~3 "
            "PROFIT|WARN ~5 (LESS|FALLV) ~3 SALES|WARN ~4 (PDROP|SDROP)"
        ),
        examples=(
            "Acme warns over profits after bad weather",
            "Acme warns sales to fall short of target",
            "Acme warns over revenue",
        ),
        beispiele=(
            "Acme warnt vor einem Rückgang beim Gewinn",
            "Acme warnt: Der Gewinn wird deutlich schrumpfen",
        ),
        unless=(
            "INST ~4 WARN|INST ~9 WARN$|NOT ~1 WARN|HAD ~2 WARN|PASTREF ~2 WARN|NOGUIDE|LOSS ~4 JOBS|JOBS ~2 LOSS|"
            "MSALES|PLURAL ~4 WARN|WARN ~3 INST"
        ),
        sub="new",
        status="announced",
        strength="hard",
        weight=0.93,
        subject="issuer",
    ),
    Cue(
        "cuts-forecast",
        "a company's own forecast goes down or is withdrawn",
        en=(
            f"LOWER ~6!MISS,BEAT,DROP,TO {FORECAST}|DROP ~2!NUM,MISS,TO (PROFIT|SALES|RESULTS)? {FORECAST}|DROP "
            f"~1!MISS,TO NUM {FORECAST}|{FORECAST} (CUT|LESS)|{FORECAST} (BE|HAVE) ~1 (CUT|DROP)|LOWER ~2 (PROFIT|"
            f"SALES) ~1 GUIDE|CUT TO {FORECAST}|MISS ~1 OWNW ~1 {FORECAST}"
        ),
        de=(
            f"CUT ~9 {FORECAST}|{FORECAST} ~14 CUT|MUST ~5 {FORECAST} ~3 TAKES|TAKES ~9 {FORECAST} ~10 BACKDOWN|"
            f"{FORECAST} ~8 TAKES ~8 BACKDOWN|BACKDOWN ~4 {FORECAST}|TAKES ~3 {FORECAST} ~4 (BACKDOWN|CUT)|GIVE ~3 "
            f"{FORECAST} AUF|TAKES ~9 {FORECAST} ~10 AUS|{FORECAST} ~6 (DROP|TAKES ~2 AUS)|DROP ~6 {FORECAST}|CUT ~3 "
            f"(AN|OF) ~3 (GUIDE|PGUIDE)|MISS ~1 OWNW ~1 {FORECAST}"
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
        unless=(
            "NOGUIDE|PTARGET|INST ~8 CUT|NOT ~2 CUT|CUT ~3 CUT ~1 OF|KEEP ~2 (PROFIT|PGUIDE)|CUT ~1 GUIDE FOR (N|"
            f"INST)|CUT N POSS? PROFIT? {FORECAST}|CUT N (COMMA|AND)|CUT ~1 PGUIDE FOR N (AN|$)|(PASTREF|ON) ~1 "
            "WASCUT"
        ),
        sub="new",
        status="announced",
        strength="hard",
        weight=0.95,
        subject="issuer",
        by="issuer",
    ),
    Cue(
        "cuts-growth-goal",
        "a company's growth target goes down; without a company in sight the growth is a country's",
        en=(
            "(N|PRON) ~6!INST,PLACE (CUT|DROP|TO MISS) ~4!INST,PLACE GGUIDE|N ~12!INST,PLACE CUT TO GGUIDE|N "
            "~6!INST,PLACE RISEV FUTURE ~2 LESS|(N|PRON) ~6!INST,PLACE GGUIDE ~2 (END|DROP|CUT|DANGER)"
        ),
        examples=("Acme tempers growth expectations, shares slide", "Acme to miss growth target as demand fades"),
        unless="INST|PLACE ~9 GGUIDE|GGUIDE ~2 (FOR|OF) PLACE|PUBLIC|NOT ~2 (CUT|MISS)|NOGUIDE|PTARGET",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.82,
        subject="issuer",
    ),
    Cue(
        "cuts-margin",
        "the promised profit or margin itself goes down: from a to b, or to the lower part of its range",
        en=(
            "CUT ~3 PROFIT ~4 (GUIDE|OF|BY)|MODAL CUT ~4 PROFIT|FUTURE ~1 CUT ~4 PROFIT|(CUT|LESS|WARN) ~3 PROFIT "
            f"GUIDE|LOWEND ~6 (PROFIT|RESULTS|{FORECAST}|EXPECT)|(PROFIT|RESULTS|{FORECAST}) ~9 LOWEND"
        ),
        de=(
            "TAKES ~5 PROFIT ~12 BACKDOWN|CUT ~6 PROFIT ~4 (BY|OF|FOR) ~2 NUM|PROFIT ~6!MORE,RISEV,BEAT NOLONGER "
            "~8!MORE,RISEV,BEAT NOLONGER|PROFIT ~4 (FUTURE|MODAL) ~3 ONLY|PROFIT ONLY ~4 NUM|(PROFIT|RESULTS|"
            f"{FORECAST}|EXPECT) ~12 LOWEND|LOWEND ~6 (PROFIT|RESULTS|{FORECAST})"
        ),
        examples=(
            "It said a bad November would cut full-year profit",
            "Acme will finish the year around the bottom of its profit guidance",
        ),
        beispiele=(
            "Acme nimmt die Marge von 4,5 auf 3 Prozent zurück",
            "Die Marge soll nur noch bei vier Prozent liegen statt bei fünf",
            "Der Betriebsgewinn dürfte am unteren Ende der Spanne liegen",
        ),
        unless=(
            "NOGUIDE|PTARGET|INST (CUT|LESS)|LOWEND ~2 (SALES|SGUIDE)|(SALES|SGUIDE) ~9!PROFIT LOWEND|RAISE ~6 "
            "LOWEND|LOWEND ~8 RAISE|TAKES ~8 LOWEND ~8 UPWARD|LOWEND ~6 TAKES ~4 UPWARD|INST (?!POSS) ~6 (EXPECT|"
            "GUIDE)|NOT ~3 LOWEND"
        ),
        sub="new",
        status="announced",
        strength="hard",
        weight=0.88,
        subject="issuer",
    ),
    Cue(
        "expects-less",
        "the company expects to earn less than planned, or less than the market expects",
        en=(
            f"{AHEAD} ~5!BEAT,KEEP,MORE (LESS|FALLV|MISS) ~4!FOR,N,BOUGHT (PROFIT|PGUIDE|RESULTS)|TO LESS ~3 PROFIT|"
            "TO ~6!AFTER,COMMA,N LESS PROFIT|EXPECT ~5 (LESS|MISS) ~4 (GUIDE|PROFIT|NOLONGER)|EXPECT ~5!MORE,RAISE "
            f"(PROFIT|PGUIDE|RESULTS|TRADE) ~8!RAISE,MORE (TO|FUTURE|MODAL|BE|NEAR) ~4!NOT {DOWN}|(PROFIT|RESULTS) "
            f"~5!MORE (FUTURE|MODAL|NEAR|EXPECT) ~5!MORE,NOT {DOWN}|EXPECT ~4!MORE PROFIT ~1 LESS (?!NUM|BY NUM)|"
            "PROFIT ~1 TO ~2 (LESS|FALLV|MISS)|PROFIT OF N TO ~1 (LESS|FALLV|MISS)|PROFIT ~4 (LESS|MISS) ~1 PRON "
            f"HAD|(FUTURE|TO|NEAR) ~2 MISS ~4 ({FORECAST}|PROFIT)|(FUTURE|MODAL) ~3 (LESS|MISS) ~3 NOLONGER|SALES ~2 "
            "FUTURE ~4 LESS ~4 NOLONGER|TRADE ~4 (MISS|LESS) ~3 (GUIDE|EXPECT|NOLONGER)|(EXPECT|WARN|FUTURE) ~5 "
            "LESS TO ~2 PROFIT|(N|FIRM) GUIDE ~4!BEAT (LESS|MISS|FALLV) ~5 (PROFIT|GUIDE|SALES|LOSS)|EXPECT ~4 "
            "SALES ~3 MISS|FUTURE ~3 PROFIT ~3 (MISS|LESS)|TO ~3 PROFIT ~3 MISS|SALES ~3 FUTURE ~3 LESS|MODAL ~2 "
            "LESS ~1 MONEY ~3 (SALES|PROFIT)|FUTURE ~2 EARN ~1 (LESS|MISS)|FUTURE MAKE (LESS|MISS)|PROFIT ~4 FUTURE "
            "~2 (FLAT|END)|TO EARN (LESS|MISS)|MAKE ~2 LESS CASHW|(N|FIRM) GUIDE ~1 (LESS|MISS) ~5 (PROFIT|GUIDE|"
            "SALES|LOSS)"
        ),
        de=(
            "(EXPECT|FUTURE|MODAL|TRUST|WARN) ~6!MORE,BEAT LESS ~3 (PROFIT|PGUIDE)|(EXPECT|FUTURE|MODAL|TRUST) "
            f"~6!MORE PROFIT ~8!MORE {DOWN_DE}|PROFIT ~6 (FUTURE|MODAL|STAYS) ~8!MORE,BEAT {DOWN_DE}|PROFIT "
            f"~12!MORE,BEAT (LESS|UNDER|FALLV|MISS) ~6 (STAYS|FUTURE|MODAL)|(FUTURE|MODAL) ~3 {FORECAST} ~6 MISS|"
            f"{FORECAST} ~5 MISS ~1 (FUTURE|MODAL)|(FUTURE|MODAL) ~8 {FORECAST} MISS|LESS PROFIT ~4 NOLONGER|LESS ~1 "
            "PROFIT ~3 EXPECT|PROFIT ~6 UNDER ~2 PASTREF ~1 EXPECT|EXPECT ~5 LESS ~1 PROSPECT|LESS ~3 NOLONGER (X|"
            "EXPECT)|PROFIT ~6 LESS AUS ~1 (NOLONGER|AGREE|EXPECT)|LESS ~3 EXPECT$|(FUTURE|EXPECT|MODAL) ~4 LESS ~3 "
            f"(EXPECT|NOLONGER)|MISS ~5 {FORECAST} ~6 PROSPECT|PROSPECT ~6 {FORECAST} ~3 MISS|(TRUST|EXPECT) ~8 LESS "
            "~1 ZU|(EXPECT|WARN|SURPRISE|TAKES|FUTURE|MODAL) ~6 (PDROP|SDROP)|(PDROP|SDROP) ~4 (EXPECT|FUTURE)|"
            "(EXPECT|TRUST) ~6!MORE,BEAT ONLY ~8!MORE,BEAT (PROFIT|SALES|PGUIDE|PMOVE)|PROFIT ~3 (LESS|FALLV) ~4 "
            "WOHL|PROFIT ~4 WOHL ~6 (LESS|FALLV)|EARN ~8 WOHL ~2 LESS|LESS ~3 WOHL ~3 (PROFIT|EARN)|(FUTURE|MODAL|"
            "EXPECT) ~6 LESS ~2 EARN|(STAYS|FUTURE) ~3 PROFIT ~4 (LESS|UNDER)|EXPECT ~5 LESS ~2 SALES|(EXPECT|"
            "FUTURE) ~6 SALES ~6 (LESS|FALLV|UNDER)"
        ),
        examples=(
            "It now expects to earn less than it previously thought",
            "Earnings would come in under expectations",
            "Annual profit is now expected to be below market forecasts",
            "Acme guides lower on profit",
        ),
        beispiele=(
            "Der Gewinn wird unter den Erwartungen liegen",
            "Acme traut sich weniger Gewinn zu als bisher",
            "Acme verfehlt die Ziele in diesem Jahr voraussichtlich",
            "Acme traut sich weniger zu",
        ),
        unless=f"{_NOT_OURS}|BEAT|LOWEND ~4 OF (OWN|PGUIDE)|RAISE ~3 PROFIT|KEEP ~3 PGUIDE|MSALES",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.88,
        subject="issuer",
    ),
    Cue(
        "expects-loss",
        "a loss is to come, or a larger one than thought",
        en=(
            "EXPECT ~5!LESS,NARROW,AFTER LOSS|FUTURE ~2 (MAKE|POST|FALLV|TELL|BE) ~3 LOSS|NEAR ~2 (MAKE|POST|FALLV|"
            f"TELL) ~3!LESS LOSS|LOSS ~3 {AHEAD} ~4 (WIDEN|MORE|MISS|BEAT)|{AHEAD} ~4 (WIDEN|MORE) ~3 LOSS|(N|FIRM) "
            "GUIDE ~4!LESS,NARROW LOSS|EXPECT ~4 MONEY ~1 LESS (TO|ON|BY|OF|FOR|$)|MORE LOSS ~2 NOLONGER|LOSS "
            "EMERGE|LOSS ~1 TO ~1 (WIDEN|MORE)|WARN ~4 LOSS ~4 (MORE|WIDEN)"
        ),
        de=(
            "(EXPECT|FUTURE|MODAL|NEAR) ~5!LESS,NARROW,NOT LOSS|LOSS ~4 (EXPECT|FUTURE|MODAL|STAYS)|(WIDEN|MORE) "
            "LOSS ~4 NOLONGER"
        ),
        examples=("Acme expects an annual loss", "Acme says losses will be wider than expected"),
        beispiele=("Acme rechnet nun mit einem Verlust", "Acme stellt sich auf rote Zahlen ein"),
        unless=f"{_NOT_OURS}|NOT ~4 LOSS|FUTURE ~3 LESS LOSS|NOTECO|MSALES",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.85,
        subject="issuer",
    ),
    Cue(
        "dim-outlook",
        "an outlook that disappoints, a company that becomes more cautious",
        en=(
            f"{PROMISE} ~1 (MISS|PESS|SURPRISE MISS)|(PESS|LESS) (OWN|PGUIDE|SGUIDE)|{PROMISE} ~2 MISS ~3 (GUIDE|"
            f"EXPECT)|(PESS|LESS) (PROFIT|SALES) ~1 {PROMISE}|MISS ~2 WITH ~3 {PROMISE}|(N|FIRM|PRON) ~2 MORE? PESS "
            f"~3 (PROFIT|{PROMISE})|PESS TRADE ~2 GUIDE|(N|FIRM|PERSON|PRON) ~6 SIGHTS"
        ),
        de=(
            f"MISS ~3 WITH ~4 {PROMISE}|{PROMISE} ~2 (MISS|SHOCK) ~4 (STREET|SHARES)|(PESS|LESS) {PROMISE}|OWN MISS|"
            "(PROFIT|GUIDE|EXPECT) ~5 PESS|PESS ~5 (PROFIT|GUIDE|PGUIDE|PROSPECT)|(N|FIRM) ~2 (FUTURE|EXPECT|TAKES|"
            "X) ~8 PESS (?!X PROFIT)|(N|^~1 X) ~2 FUTURE ~6 PESS|PESS ~2 AUF ~2 (NUM|PROSPECT)|PESS ~2 (OF|FOR|AUF) "
            f"~3 PROSPECT|{PROMISE} (MAYBE|DANGER|LESS)|POSTPONE ~3 {PROMISE}|{PROMISE} ~5 POSTPONE|{PROMISE} ~2 "
            f"DANGER|DANGER ~2 {PROMISE}|DOUBT ~2 {PROMISE}|SHOCK ~4 WITH ~3 {PROMISE}|EXPECT ~4 HARDT PROSPECT|(N|"
            f"FIRM|^~1 X) REVISE ~3 {PROMISE}|DENY AUF ~1 (PROFIT|PMOVE)|(N|FIRM|^X) ~6 SIGHTS"
        ),
        examples=("Acme outlook disappoints as China weakness drags on", "Acme shares slide on weak profit outlook"),
        beispiele=("Acme wird beim Gewinn vorsichtiger", "Acme enttäuscht Anleger mit dem Ausblick"),
        unless=(
            f"{_NOT_OURS}|BEAT|SHARES ~2 (FUTURE|EXPECT|X|BE) ~4 PESS|PLACE X? (OWN|GUIDE)|PESS (OWN|GUIDE) FOR "
            "(PLACE|MARKET|X MARKET)|(PASTREF|KEEP|RAISE) ~2 GUIDE|INST"
        ),
        sub="new",
        status="announced",
        strength="hard",
        weight=0.82,
        subject="issuer",
    ),
    Cue(
        "promise-withdrawn",
        "the old target is given up or out of reach",
        en=(
            "(NOLONGER|NOT) ~3 EXPECT ~8 (GUIDE|PGUIDE|SGUIDE|PROFIT)|NOT EXPECT ~3 X ~6 GUIDE|NOLONGER (EXPECT|BE|"
            "REACH) ~6 (GUIDE|PGUIDE|SGUIDE)|NOT TO REACH ~5!NOGUIDE (GUIDE|PROFIT)|FUTURE NOT ~2 REACH ~4 (GUIDE|"
            "PROFIT)|PROFIT ~3 FUTURE NOT ~2 (KEEP|REACH)|FUTURE NOLONGER ~2 REACH ~3 (GUIDE|PROFIT)|FUTURE NOT ~2 "
            "(MAKE|POST|EARN) ~2 PROFIT|(WARN|MODAL) ~3 NOT REACH ~3 (GUIDE|PROFIT)|NOT ~3 (REACH|LESS) ~3 (OWN|"
            "PGUIDE|SGUIDE)"
        ),
        de=(
            "NOLONGER ~6 EXPECT ~9 (GUIDE|PROFIT|PGUIDE)|NOLONGER ~4 NOLONGER ~6 (SALES|PROFIT) ~3 EXPECT|NOLONGER "
            "~6 NOLONGER ~8 EXPECT|EXPECT ~6 NOLONGER ~8!MORE,BEAT,HIGHEND (GUIDE|PGUIDE)|EXPECT ~4 NOLONGER ~6 "
            "(LESS|FALLV|LOSS)|EXPECT ~3 NOMORE ~4 PROFIT|(EXPECT|FUTURE) ~3 NOT ~2 PROFIT|(GUIDE|PGUIDE|SGUIDE) ~6 "
            "NOT ~3 REACH|NOT ~3 (GUIDE|PGUIDE) ~3 REACH|(GUIDE|PGUIDE|SGUIDE) ~5 (NOLONGER|NOT) ~3 (REACH|KEEP)|"
            "NOT ~9!COMMA (GUIDE|PGUIDE|SGUIDE) ~3 REACH|REACH ~4 (GUIDE|PGUIDE|SGUIDE) ~4 NOT|PROFIT ~4 (FUTURE|"
            "MODAL) ~6 NOT ~2 REACH"
        ),
        examples=(
            "The company no longer believes it can reach its revenue goal",
            "Acme said it does not expect to meet its earnings targets",
            "Acme is unlikely to meet its profit target",
        ),
        beispiele=(
            "Acme erwartet nicht mehr, das Gewinnziel zu erreichen",
            "Statt 20 Prozent erwartet Acme nur noch 15 Prozent Umsatzplus und rechnet mit weniger",
            "Acme wird seine Gewinnziele nicht erreichen",
        ),
        unless="INST ~3 (FUTURE|NOT|NOLONGER|EXPECT ~6 NOT)|NOGUIDE|PTARGET|NOT ~3 EXPECT ~3 (CUT|LESS)",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.88,
        subject="issuer",
    ),
    Cue(
        "profit-held-back",
        "costs or events will eat the growth of profit",
        en=(
            "(KEEP|X) PROFIT BY RISEV|NOT ~1 (RISEV|MORE) ~1 PROFIT|EXPECT ~3 LESS ~2 PRON PROFIT|FUTURE ~4 (LESS|"
            "FALLV) ~4 PROFIT|LESS ~2 PROFIT BY NUM"
        ),
        de=(
            "FUTURE ~5 PROFIT ~4 LESS|PROFIT ~4 FUTURE ~4 LESS|PROFIT ~6 LESS$|LESS (PROFIT|PGUIDE)$|MODAL ~8 "
            "PROFIT ~8 LESS"
        ),
        examples=(
            "Heavy spending will keep profit from growing this year",
            "The group is bracing for damage to its earnings",
        ),
        beispiele=("Höhere Kosten werden den Gewinn belasten", "Der Gewinn dürfte in diesem Jahr sinken"),
        unless="INST|NOGUIDE|NOT ~2 LESS|FEAR|PASTREF|(POST|MAKE|TELL) ~4 LESS",
        sub="new",
        status="announced",
        strength="hard",
        weight=0.8,
        subject="issuer",
    ),
)
