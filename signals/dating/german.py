"""German time expressions: the words that can begin one and the patterns to try there, longest first."""

# ruff: noqa: E501  (one rule a line: the tables are read downwards)

from __future__ import annotations

from signals.dating import german_values as de
from signals.dating.english_values import iso, iso_month, slashed
from signals.dating.grammar import HOLIDAYS, Resolver, Table, holiday, repeated, skip, table, that_day, vague

_LONG = "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_SHORT = "Jan|Feb|Mrz|Apr|Jun|Jul|Aug|Sept|Sep|Okt|Nov|Dez"
M = rf"(?P<month>(?-i:(?:{_LONG}|{_LONG.upper()})\b|(?:{_SHORT})\b\.?))"
D = r"(?P<weekday>Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)"
DAY = rf"{D}(?P<clock>(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)s?|\s+(?:früh|Morgen|Vormittag|Mittag|Nachmittag|Abend|Nacht))?\b"
Y = r"(?P<year>(?:1[0-9]|20)\d\d)(?![\d%]|[.,:]\d)"
DD = r"(?P<day>[0-3]?\d)\."
REACH = r"(?P<reach>(?:letzt|vergangen|vorig|verflossen|abgelaufen|nächst|kommend|folgend|dies|laufend|jetzig|gleich)(?:e[rnsm]?)?)"
_ANY_REACH = REACH.replace("?P<reach>", "?:")
UNIT = r"(?P<unit>Wochenendes?|Woche|Monate?s?|Quartals?|Halbjahre?s?|Geschäftsjahre?s?|Jahrzehnte?s?|Jahre?s?)"
UNITS = r"(?P<unit>Tage?n?|Wochen?|Monate?n?|Quartalen?|Jahrzehnte?n?|Jahre?n?)"
SEASON = r"(?P<season>Frühling|Frühjahr|Sommer|Herbst|Winter)s?"
ORDINAL = r"(?:(?P<ordinal>(?:erst|zweit|dritt|viert)e[rnsm]?)|(?P<nth>[1-4])\.)"
EDGE = r"(?P<edge>Anfang|Beginn|Mitte|Ende)"
COUNT = r"(?P<count>\d{1,3}|ein(?:e[rnms]?)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|fünfzehn|zwanzig|dreißig|vierzig|fünfzig|einigen?|wenigen?|mehreren?|vielen?)"
OF_YEAR = rf"(?:des\s+|der\s+)?{REACH}\s+Jahre?s\b"
_COUNTED = (
    r"(?!\s*(?:%|Prozent|Menschen|Mitarbeiter\w*|Euro|Dollar|Mark|Schilling|Franken|Aktien|Stellen|Jobs|Millionen|Mio|Milliarden|Mrd|Punkte\w*|"
    r"Stück|Kilometer\w*|Meter\w*|km|Meter|Quadratmeter\w*|Tonnen|Liter|Filialen|Kunden|Besucher\w*|Zuschauer\w*|Teilnehmer\w*|Personen|Soldaten|"
    r"Einwohner\w*|Seiten|Stunden|Tage|Wochen|Kinder\w*|Schüler\w*|Mann|Frauen|Männer|Häuser|Wohnungen|Autos|Watt|Grad|Uhr|Mal|Jahre\b|im\s+Jahr|im\s+vergangenen|PS|Kilo\w*|Unterschriften|Tote)\b)"
)
_NOT_COUNT = "".join(
    rf"(?<!\b{word} )"
    for word in (
        "rund",
        "mindestens",
        "davon",
        "über",
        "als",
        "knapp",
        "fast",
        "zu",
        "Euro",
        "Nr.",
        "circa",
        "ca.",
        "gut",
        "jeweils",
        "insgesamt",
    )
)
_MONTHS = f"{_LONG} {_SHORT}".replace("|", " ").lower()
_DAYS = "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
_DAY_WORDS = " ".join(
    d + e for d in _DAYS.split() for e in ("", "früh", "morgen", "vormittag", "mittag", "nachmittag", "abend", "nacht")
)
_REACHES = " ".join(
    stem + end
    for stem in [
        "letzt",
        "vergangen",
        "vorig",
        "verflossen",
        "abgelaufen",
        "nächst",
        "kommend",
        "folgend",
        "dies",
        "laufend",
        "jetzig",
        "gleich",
    ]
    for end in ("e", "er", "en", "es", "em")
)
_EDGES = "anfang beginn mitte ende"
_ORD = " ".join(s + e for s in ["erst", "zweit", "dritt", "viert"] for e in ("e", "er", "en", "es", "em")) + " #"
_COUNTS = (
    "ein eine einer einem eines zwei drei vier fünf sechs sieben acht neun zehn elf zwölf fünfzehn zwanzig dreißig vierzig fünfzig "
    "einige einigen mehrere mehreren wenige wenigen viele vielen #"
)
_DECADES = "zwanziger dreißiger vierziger fünfziger sechziger siebziger achtziger neunziger"
DECADE = (
    rf"(?:(?P<name>{_DECADES.replace(' ', '|')})|(?P<decade>(?:1[5-9]|20)?\d0)er)"
    r"(?:[\s-]*Jahren?\b|(?=,?\s+(?:und|oder|bis|,)\s+\w+er[\s-]+Jahren?\b))"
)

_RULES: tuple[tuple[str, str, Resolver], ...] = (
    ("jeden jede jedes jedem jeder", r"jede[nrsm]?\s+(?:\w+\s+)?(?:Tage?s?|Woche|Monats?|Quartals?|Jahre?s?|Wochenendes?|Sommer|Winter|Herbst|Frühling|Frühjahr|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch)\b(?:\s+im\s+(?:Monat|Jahr)\b)?", repeated),
    # In full
    ("#", r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])", iso),
    ("#", r"(?<![\d-])(\d{4})-(\d\d)(?![\d-])", iso_month),
    ("#", r"(?<![\d/])(\d\d?)/(\d\d?)/(\d{4})(?![\d/])", slashed),
    (_REACHES, rf"{_ANY_REACH}\s+{D},?\s+(?:de[mnr]\s+)?{DD}\s*{M}(?:\s+{Y})?", de.day_month),
    (_DAYS + " mo di mi do fr sa so", rf"(?:{D}|(?:Mo|Di|Mi|Do|Fr|Sa|So)\.?),?\s+(?:de[mnr]\s+)?{DD}\s*{M}(?:\s+{Y})?", de.day_month),
    (_DAYS + " mo di mi do fr sa so", rf"(?:{D}|(?:Mo|Di|Mi|Do|Fr|Sa|So)\.?),?\s+(?:de[mnr]\s+)?{DD}\s?(?P<number>[01]?\d)\.(?:\s?(?P<year>\d{{4}}|\d\d)(?!\d))?", de.day_month),
    ("#", rf"(?<![\d.]){DD}(?=\s*(?:bis|und|/|-|–)\s*(?:zum\s+)?[0-3]?\d\.\s*{M}(?:\s+{Y})?)", de.day_month),
    ("#", rf"(?<![\d.]){DD}\s*{M}\s+{OF_YEAR}", de.day_month),
    ("#", rf"(?<![\d.]){DD}\s*{M}(?:\s+{Y})?", de.day_month),
    ("#", r"(?<![\d.,])(?P<day>[0-3]?\d)\.\s?(?P<number>[01]?\d)\.\s?(?P<year>\d{4}|\d\d)(?!\d|[.,]\d)", de.day_month),
    ("#", r"(?<![\d.,])(?P<day>[0-3]?\d)\.\s?(?P<number>[01]?\d)\.(?!\s?\d)", de.day_month),
    # Edges
    (_EDGES, rf"{EDGE}\s+(?:des\s+|der\s+|vom\s+)?(?:Monats?\s+)?{M}(?:\s+(?:des\s+Jahres\s+)?{Y}|\s+{OF_YEAR})", de.month_year),
    (_EDGES, rf"{EDGE}\s+(?:des\s+|der\s+|vom\s+)?{M}", de.bare_month),
    (_EDGES, rf"{EDGE}\s+(?:des\s+|der\s+|im\s+)?(?:Jahr(?:es)?\s+|Geschäftsjahres\s+)?{Y}", de.year),
    (_EDGES, rf"{EDGE}\s+(?:des\s+|der\s+)?{REACH}\s+{UNIT}\b", de.relative),
    (_EDGES, rf"{EDGE}\s+(?:des|der)\s+{UNIT}\b(?!\s+\d)", de.relative),
    (_EDGES, rf"{EDGE}\s+(?:der\s+)?{DECADE}", de.decade),
    (_EDGES, rf"{EDGE}\s+des\s+(?P<century>\d\d?)\.\s+Jahrhunderts", de.century),
    ("jahresende wochenende jahresanfang jahresbeginn monatsende", r"(?P<unit>Jahr|Monat)(?:e?s)(?P<edge>ende|anfang|beginn)s?\b", de.relative),
    # Quarters and halves
    (_ORD, rf"{ORDINAL}\s+(?:Geschäfts)?(?:quartals?|(?P<half>halbjahre?s?))\b(?:\s+(?:des\s+(?:Geschäfts)?Jahre?s\s+)?{Y}|\s+{OF_YEAR})?", de.quarter),
    ("q h", rf"(?-i:(?:Q(?=[1-4])|(?P<half>H(?=[12]))))(?P<nth>[1-4])(?!\w)(?:[\s/]*{Y})?", de.quarter),
    (_COUNTS, rf"{COUNT}\s+{UNITS}\s+(?P<way>später|danach|zuvor|davor|vorher|früher)\b(?!\s+als)", de.from_then),
    ("tag jahr monat woche", r"(?P<unit>Tag|Woche|Monat|Jahr)\s+(?P<way>danach|darauf|zuvor|davor|vorher)\b", de.from_then),
    # So long ago, ahead, so long
    ("vor", rf"vor\s+(?:rund\s+|etwa\s+|knapp\s+|gut\s+|fast\s+|über\s+)?{COUNT}\s+{UNITS}\b", de.ago),
    ("vor", rf"vor\s+(?P<count>){UNITS}\b", de.ago),
    ("in", rf"in\s+(?:rund\s+|etwa\s+|knapp\s+)?{COUNT}\s+{UNITS}\b", de.ahead),
    (_REACHES, rf"{REACH}\s+{COUNT}\s+{UNITS}\b", de.span),
    (_REACHES, r"(?:letzten|vergangenen|vorigen)\s+(?P<count>)(?P<unit>Jahren?|Monaten?|Tagen?)\b(?<=[en])(?<!Monat)(?<!Tag)", de.span),
    ("vergangenen letzten", r"(?:vergangenen|letzten)\s+Wochen\b", vague("PAST_REF")),
    (_COUNTS, rf"(?<![\d.,]){COUNT}\s+{UNITS}\b", de.span),
    # Last, this, next
    (_REACHES, rf"{REACH}\s+{DAY}", de.weekday),
    (_REACHES, rf"{REACH}\s+Wochenendes?\b", de.weekend),
    (_REACHES, rf"{REACH}\s+{SEASON}\b", de.season),
    (_REACHES, rf"{REACH}\s+{M}", de.bare_month),
    ("nächsten folgenden", r"(?:nächsten|folgenden)\s+Tage?s?\b(?!\w)", de.next_day),
    ("diesem jenem", r"(?:diesem|jenem)\s+Tage?\b", that_day),
    ("tags", r"Tags\s+darauf\b", de.next_day),
    ("dieser diesen", r"(?:dieser|diesen)\s+Tagen?\b", vague("PRESENT_REF")),
    (_REACHES, rf"{REACH}\s+Jahrhunderts?\b", de.century),
    (_REACHES, rf"{REACH}\s+{UNIT}\b", de.relative),
    ("vorjahr vorjahres vorjahresquartal vorjahreszeitraum vorjahresperiode vorwoche vormonat vormonats vorquartal vortag vortages",
     r"Vor(?:jahr(?:es)?(?:quartals?|zeitraums?|periode)?|woche|monats?|quartals?|tage?s?)\b", de.compared),
    ("heuer", r"(?P<unit>heuer)\b", de.relative),
    # By name
    (" ".join({name.split()[0] for name in HOLIDAYS}), rf"(?-i:(?=[A-Z]))({'|'.join(sorted((n.replace(chr(39), '[' + chr(39) + '’]') for n in HOLIDAYS), key=len, reverse=True))})(?!\w)(?:\s+{Y})?", holiday),
    ("black cyber", r"(?:Black|Cyber)[\s-]+\w+day\b", skip),
    (_DAYS, rf"{D}\s+{REACH}\s+Woche\b", de.weekday_of_week),
    (_DAY_WORDS, DAY + r"(?!-)", de.weekday),
    ("wochenende", r"Wochenende\b", de.weekend),
    ("gestern heute morgen vorgestern", r"(?:gestern|heute|vorgestern|(?-i:morgen))\s+(?:früh|Morgen|Vormittag|Mittag|Nachmittag|Abend|Nacht)\b", de.clock_word),
    ("gestern morgen vorgestern übermorgen", r"(?:gestern|vorgestern|(?-i:morgen)|übermorgen)\b", de.day_word),
    # A capital is the noun, but where a sentence begins and its verb follows.
    ("morgen", r"(?-i:(?:\A|(?<=[.!?:]\s)|(?<=\n))Morgen(?=\s[a-zäöü]{3,})(?!\s(?:des|und|oder|war|ist)\b))", de.day_word),
    ("heute", r"heute\b", de.today),
    ("gestrigen heutigen morgigen", rf"(?P<which>gestrig|heutig|morgig)en\s+(?:{D}|Tages?)\b", de.adjective_day),
    ("selben gleichen", r"(?:selben|gleichen)\s+Jahre?s?\b", de.that_year),
    ("frühling frühjahr sommer herbst winter", rf"{SEASON}\s+(?:des\s+Jahres\s+)?{Y}", de.season),
    ("im", rf"im\s+{SEASON}\b(?:\s+(?:des\s+Jahres\s+)?{Y}|\s+{OF_YEAR})?", de.season),
    (_MONTHS, rf"{M}\s+(?:(?:des\s+Jahres\s+)?{Y}|{OF_YEAR})", de.month_year),
    (_MONTHS, rf"{M}(?!-)", de.bare_month),
    ("jahr jahre jahres", rf"Jahre?s?\s+{Y}", de.year),
    (_DECADES + " # " + " ".join(w + "jahre" for w in _DECADES.split()) + " " + " ".join(w + "jahren" for w in _DECADES.split()), DECADE, de.decade),
    ("neunzigern achtzigern siebzigern sechzigern fünfzigern vierzigern dreißigern zwanzigern", r"(?-i:(?=[A-Z]))(?P<name>\w+er)n\b", de.decade),
    ("#", r"(?P<century>\d\d?)\.\s+Jahrhunderts?\b", de.century),
    ("#", rf"(?<![\d.,$€£/:-]){_NOT_COUNT}(?P<year>(?:19|20)\d\d)(?![\d%]|[.,:]\d)(?![-–]\d{{3}})(?![\w/]){_COUNTED}", de.year),
    ("#", rf"(?<![\d.,$€£/:-]){_NOT_COUNT}(?<!\bvon )(?<!\bbis ){Y}(?=\s+(?!bis\b)(?-i:[a-zäöü])|\s*[,;)])(?![\w/]){_COUNTED}", de.year),
    ("#", rf"(?:(?<=\bseit )|(?<=\bum )|(?<=\banno )|(?<=\()){Y}(?![\w/]){_COUNTED}", de.year),
    ("#", r"(?<![\d.,$€£/:-])(?P<year>(?:19|20)\d\d)/\s?(?:\d\d|\d{4})(?!\d)", de.year),
    # Without a date
    ("jetzt derzeit zurzeit momentan heutzutage", r"(?:jetzt|derzeit|zurzeit|momentan|heutzutage)\b", vague("PRESENT_REF")),
    ("im zur", r"(?:im\s+(?:Moment|Augenblick)|zur\s+(?:Zeit|Stunde))\b(?!\s+(?:de[rs]|als)\b)", vague("PRESENT_REF")),
    ("heutige heutigen heutiger heutiges", r"heutige[nrs]?\b", de.today),
    ("die der", r"(?:die|der)\s+Gegenwart\b", vague("PRESENT_REF")),
    ("damals einst früher kürzlich neulich", r"(?:damals|einst|früher|kürzlich|neulich)\b(?!\s+oder\s+später)", vague("PAST_REF")),
    ("in letzter vergangener vergangenen", r"(?:in\s+)?(?:letzter|vergangener|der\s+vergangenen|früheren)\s+Zeit(?:en)?\b", vague("PAST_REF")),
    ("vergangenheit", r"Vergangenheit\b", vague("PAST_REF")),
    ("bald demnächst künftig", r"(?:bald|demnächst)\b", vague("FUTURE_REF")),
    ("in künftig", r"in\s+(?:naher\s+|nächster\s+|absehbarer\s+)?Zukunft\b", vague("FUTURE_REF")),
)  # fmt: skip

TABLE: Table = table(_RULES)
