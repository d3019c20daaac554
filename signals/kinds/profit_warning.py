"""Profit warnings: a company says that it will earn less than it had promised or than is expected of it."""

from __future__ import annotations

from signals.kinds.base import Signal, TextLike, run
from signals.kinds.engine import Cue, rules
from signals.kinds.peers import peers
from signals.kinds.shapes import PUBLIC
from signals.kinds.warning_outlook import CUES as OUTLOOK

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
        en="PLURAL ~3 PWARN|PWARNS|COUNT ~1 (PWARN|WARN|CUT)|INST ~3 (ISSUE|WARN|MAKE) ~3 PWARN",
        de=(
            "COUNT ~3 PWARN|PLURAL ~4 PWARN|PWARN ~2 X COMMA X COMMA|PWARN ~6 PLURAL|WARN ~4 PLURAL|PLURAL ~8 (WARN|"
            "CUT)"
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
            "RISEV ~11 (ON|AFTER|BY) ~4 N@issuer POSS? ~1 PWARN|RISEV ~11 (ON|AFTER|BY|OF) ~4 PWARN ~2 (BY|OF) ~3 "
            "N@issuer|N@issuer POSS? PWARN ~4 RISEV|SHARES ~2 RISEV ~9 N@issuer POSS? PWARN|RISEV ~16 (AFTER|POSS|"
            "FALLV) ~5 PWARN|PWARN ~9 RISEV|SHARES ~2 RISEV ~6 PWARN"
        ),
        de=(
            "RISEV ~9 AFTER ~3 N@issuer POSS? PWARN|RISEV ~9 AFTER ~3 PWARN ~1 (OF|BY) ~3 N@issuer|AFTER ~3 PWARN "
            "~1 (OF|BY) ~3 N@issuer ~9 RISEV|AFTER ~3 N@issuer POSS? PWARN ~9 RISEV|N@issuer POSS? PWARN ~6 RISEV|"
            "PWARN ~1 (OF|BY) ~2 N@issuer ~8 RISEV|RISEV ~9 PWARN|PWARN ~9 RISEV"
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
        en="(AGAIN|ORDINAL) ~1 PWARN|WARN ~2 PROFIT ~3 (AGAIN|ORDINAL)|CUT ~4 GUIDE ~3 AGAIN|WARN ~4 PROFIT ~4 AGAIN",
        de=(
            "(AGAIN|ORDINAL) ~1 PWARN|CUT ~6 AGAIN ~4 (GUIDE|PGUIDE|SGUIDE)|AGAIN ~6 CUT ~6 (GUIDE|PGUIDE|SGUIDE)|"
            "CUT ~6 (GUIDE|PGUIDE|SGUIDE) ~4 AGAIN|AGAIN ~4 (GUIDE|PGUIDE|SGUIDE) ~4 CUT"
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
        en="(ISSUE|MAKE|POST|SURPRISE) ~3 PWARN|SURPRISE ~5 PWARN|(OF|BE) ~3 PWARN ~2 AFTER",
        de=(
            "(ISSUE|MISS|SURPRISE|TAKES|MAKE|POST|GET) ~7 PWARN|PWARN ~6 (ISSUE|GET|SURPRISE|POST|HAVE)|(X|SHARES|"
            "MARKET) WITH ~2 PWARN|SURPRISE ~2 PWARN"
        ),
        examples=(
            "Acme issues profit warning as winter fares fall",
            "Shares crash after shock profit warning",
        ),
        beispiele=("Acme schockt Anleger mit Gewinnwarnung", "Acme enttäuscht mit einer Gewinnwarnung"),
        unless="^ASK|INST ~2 ISSUE|PLURAL|PWARNS|^PASTREF ~3 (SURPRISE|ISSUE|MAKE)",
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
            "FALLV ~11 (ON|AFTER|BY) ~4 N@issuer POSS? ~1 PWARN|FALLV ~11 (ON|AFTER|BY|OF) ~4 PWARN ~2 (BY|OF) ~3 "
            "N@issuer|N@issuer POSS? PWARN ~4 FALLV|SHARES ~2 FALLV ~9 N@issuer POSS? PWARN|FALLV ~11 (ON|AFTER|AND|"
            "BY) ~4 PWARN|FALLV ~9 AFTER ~3 PROFIT AND X WARN|FALLV ~6 (ON|AFTER|BY) ~2 (PESS|LESS) ~2 GUIDE|(PESS|"
            "LESS) ~1 (PROFIT|SALES|RESULTS)? GUIDE ~4 FALLV|PWARN ~3 FALLV|N SHARES ~2 FALLV ~5 (ON|AFTER) "
            "~2!N,INST WARN (BRK|$)|FALLV ~4 PWARN|PWARN ~5 SHARES"
        ),
        de=(
            "FALLV ~9 (AFTER|ON|BY) ~3 N@issuer POSS? PWARN|FALLV ~9 (AFTER|ON|BY) ~3 PWARN ~1 (OF|BY) ~3 N@issuer|"
            "AFTER ~3 PWARN ~1 (OF|BY) ~3 N@issuer ~9 FALLV|AFTER ~3 N@issuer POSS? PWARN ~9 FALLV|N@issuer POSS? "
            "PWARN ~6 FALLV|PWARN ~1 (OF|BY) ~2 N@issuer ~8 FALLV|FALLV ~9 PWARN|PWARN ~9 FALLV|AFTER ~3 PWARN ~6 X|"
            "PWARN BRK ~6 FALLV"
        ),
        examples=(
            "Wall Street treads water, Acme slumps on profit warning",
            "Acme shares plunge on weak outlook",
        ),
        beispiele=(
            "Nach einer Gewinnwarnung bricht die Aktie von Acme ein",
            "Acme verliert nach der Gewinnwarnung zwölf Prozent",
        ),
        unless="^ASK|LAWSUIT|NOGUIDE|PTARGET|INST ~3 GUIDE",
        sub="new",
        status="announced",
        strength="hard",
        subject="issuer",
    ),
    Cue(
        "warning-noun",
        "a profit warning in a headline, blamed, feared or followed by something",
        en=(
            "(ON|FOR|OF|BY|AFTER|PROWL) ~2 PWARN|N POSS? (X|SURPRISE)? PWARN|PWARN (OF|BY|FOR|AFTER|WITH)|PWARN$|X "
            "~3 AFTER PWARN$"
        ),
        de="N ~1 PWARN|PWARN ~2 (OF|BY|WITH) ~3 N|PWARN$|^PWARN|^~3 PWARN (BRK|$)|AFTER PWARN BRK",
        examples=("Bosses leave car dealer Acme as Brexit blamed for profit warning",),
        beispiele=("Gewinnwarnung bei Acme", "Acme-Gewinnwarnung belastet die Branche"),
        unless=(
            f"{PUBLIC}|^ASK|^PWARN (REACH|RISEV|FALLV)|LAWSUIT|PWARN (OF|BY) INST|INST POSS? PWARN|PLURAL|AFTER "
            "PWARN ~1 X ~1 SHARES|NOT ~4 PWARN|PWARN ~2 NOT|SHARES ~1 (CONSIDER|X) ~2 AFTER PWARN"
        ),
        sub="new",
        status="announced",
        strength="hard",
        weight=0.8,
        subject="issuer",
        object="issuer",
        by="issuer",
    ),
    *OUTLOOK,
)

RULES = rules(CUES)


def profit_warnings(text: TextLike) -> list[Signal]:
    """Return the profit warnings that `text` states; warnings that it only recalls have novelty ``background``.

    Where a text says that the warning moved the share of another company, that one has a row of its own, role ``peer``.
    """
    found = run(text, RULES, KIND, "issuer", -1)
    return [*found, *peers(text, found)]
