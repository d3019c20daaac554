"""English time expressions: the words that can begin one and the patterns to try there, longest first."""

# ruff: noqa: E501  (one rule a line: the tables are read downwards)

from __future__ import annotations

from signals.dating import english_values as en
from signals.dating.grammar import HOLIDAYS, Resolver, Table, holiday, repeated, skip, table, that_day, vague

_LONG = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
# Months count only with a capital: "may", "march" and "august" are other words.
M = rf"(?P<month>(?-i:(?:{_LONG}|{_LONG.upper()})\b|(?:{_SHORT}|{_SHORT.upper()})\b\.?))"
D = r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
Y = r"(?P<year>(?:1[5-9]|20)\d\d)(?![\d%]|[.,/:]\d)"
DD = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%:]|[.,]\d)"
COUNT = (
    r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|thirty|"
    r"forty|fifty|several|a\ few|few|a\ couple\ of|many|some)"
)
UNIT = r"(?P<unit>day|week|month|quarter|year|decade)"
EDGE = r"(?P<edge>early|earlier|late|later|mid|beginning|start|middle|end|close)"
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
ORDINAL = r"(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th)"
CLOCK = r"(?P<clock>\s+(?:early\s+)?(?:morning|afternoon|evening|night)\b)?"
# What makes a number behind it a count, not a year.
_COUNTED = (
    r"(?!\s*-?\s*(?:per\s?cent|percent|people|persons|shares|million|billion|thousand|points?|jobs|employees|workers|staff|"
    r"stores|shops|customers|euros?|dollars?|pounds?|pence|francs?|marks?|yen|times|miles|km|kilomet\w+|met(?:er|re)s|feet|"
    r"tons?|tonnes|barrels|units|homes|cars|copies|houses|troops|soldiers|men|women|hours|minutes|seconds|days|weeks|months|"
    r"square|cubic|degrees|pages|words|cases|deaths|series|model)\b)"
)
_NOT_NUMBER = r"(?<![$€£#&/:\d.,-])"
_IN = r"(?<!\w)"
_MONTHS = f"{_LONG} {_SHORT}".replace("|", " ").lower()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_COUNTS = "a an one two three four five six seven eight nine ten eleven twelve fifteen eighteen twenty thirty forty fifty several few many some #"
_REACHES = "last past previous prior preceding this current present same next coming following"
_EDGES = "early earlier late later mid beginning start middle end close"
_ORD = "first second third fourth #"

_RULES: tuple[tuple[str, str, Resolver], ...] = (
    ("this last", r"(?-i:This|Last)\s+(?-i:Week|Month|Year|Day)\b", skip),
    ("every each", r"(?:every|each)\s+(?:\w+\s+)?(?:day|week|month|quarter|year|decade|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|morning|night|spring|summer|autumn|fall|winter)\b", repeated),
    # In full
    ("#", r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])", en.iso),
    ("#", r"(?<![\d-])(\d{4})-(\d\d)(?![\d-])", en.iso_month),
    ("#", r"(?<![\d/])(\d\d?)/(\d\d?)/(\d{4}|\d\d)(?![\d/])", en.slashed),
    ("#", r"(?<![\d.])(\d\d?)\.(\d\d?)\.(\d{4})(?!\d)", en.dotted),
    (_DAYS, rf"{D},?\s+(?:the\s+)?{M}\s+{DD}(?:,?\s+{Y})?", en.month_day),
    (_DAYS, rf"{D},?\s+(?:the\s+)?{DD}(?:\s+of)?\s+{M}(?:,?\s+{Y})?", en.month_day),
    ("#", rf"{_NOT_NUMBER}{DD}(?:\s+of)?\s+{M}(?:,?\s+{Y})?", en.month_day),
    (_MONTHS, rf"{M}\s+{DD}(?:\s*(?:-|–|to|and)\s*[0-3]?\d(?!\d))?(?:,?\s+{Y})?", en.month_day),
    (_MONTHS, rf"{M},?\s+(?:of\s+)?{Y}", en.month_year),
    # Edges: "the end of last year", "late 2018", "early next week"
    (_EDGES, rf"{EDGE}[\s-]+of\s+(?:the\s+)?(?:year\s+)?{Y}{_COUNTED}", en.edge_of),
    (_EDGES, rf"{EDGE}[\s-]+of\s+{M}(?!\s+\d)", en.edge_of),
    (_EDGES, rf"{EDGE}[\s-]+of\s+(?:the\s+)?(?:(?P<reach>last|past|this|current|next|coming|following)\s+)?(?:fiscal\s+|financial\s+)?(?P<unit>week|month|quarter|year|decade|century)\b", en.edge_of),
    (_EDGES, rf"{EDGE}[\s-]+(?:in\s+)?{M}(?:,?\s+{Y})", en.month_year),
    (_EDGES, rf"{EDGE}[\s-]+(?:in\s+)?{M}\s+(?P<reach>last|this|next)\s+year\b", en.month_of_year),
    (_EDGES, rf"{EDGE}[\s-]+(?:in\s+)?{M}(?!\s+\d)", en.bare_month),
    (_EDGES, rf"{EDGE}[\s-]+(?:in\s+)?(?:the\s+)?{Y}(?!s|['’]s){_COUNTED}", en.year_rule),
    (_EDGES, rf"{EDGE}[\s-]+(?:in\s+)?(?:the\s+)?['’]?(?P<decade>(?:1[5-9]|20)\d0|\d0)s\b", en.decade),
    (_EDGES, rf"{EDGE}\s+(?:in\s+)?(?:the\s+)?(?P<century>\d\d?)(?:th|st)[\s-]+century", en.century),
    (_EDGES, rf"{EDGE}\s+(?P<reach>last|this|next)\s+(?P<unit>week|month|year|quarter|decade)\b", en.relative),
    (_EDGES, rf"{EDGE}\s+in\s+the\s+(?P<unit>week|month|year|decade)\b", en.this_unit_edge),
    (_EDGES, rf"{EDGE}\s+(?P<day>yesterday|today|tomorrow)\b", en.day_word),
    (_EDGES, rf"{EDGE}\s+(?:on\s+)?(?:(?P<reach>last|this|next)\s+)?{D}", en.weekday),
    (_EDGES, rf"{EDGE}\s+(?:(?P<reach>last|this|next)\s+|in\s+the\s+)?{SEASON}\b(?:\s+(?:of\s+)?{Y})?", en.season),
    ("year", r"(?P<unit>year)(?:['’]s)?[\s-](?P<edge>end)\b(?!\s+\d)", en.edge_unit),
    # Quarters, halves and what is compared with them
    (_ORD, rf"{ORDINAL}[\s-]+(?:fiscal[\s-]+)?(?:quarter|(?P<half>half))\b(?:\s+(?:of\s+)?(?:fiscal\s+(?:year\s+)?)?{Y}|\s+(?:of\s+)?(?P<reach>last|this|next)\s+(?:fiscal\s+)?year\b)?", en.quarter),
    ("last final latter", r"(?P<ordinal>last|final|latter)\s+(?P<half>half)\s+of\s+(?:fiscal\s+)?" + Y, en.quarter),
    ("last final", r"(?P<ordinal>last|final)\s+quarter\s+of\s+(?:fiscal\s+)?" + Y, en.quarter),
    ("fiscal", rf"fiscal[\s-]+{ORDINAL}[\s-]+quarter\b(?:\s+(?:of\s+)?{Y})?", en.quarter),
    ("q h", rf"(?-i:(?P<letter>Q(?=[1-4])|H(?=[12])))(?P<nth>[1-4])(?!\w)(?:[\s/]*(?:of\s+)?(?:FY\s?)?{Y})?", en.quarter),
    ("#", rf"{_NOT_NUMBER}(?P<before>(?:19|20)\d\d)(?:['’]s)?\s+(?:fiscal\s+)?{ORDINAL}[\s-]+(?:quarter|(?P<half>half))\b", en.quarter),
    ("#", rf"{_NOT_NUMBER}(?P<year>(?:19|20)\d\d)(?:['’]s)?[\s-]+(?P<what>quarter|period)\b", en.named_period),
    ("last this next", rf"(?P<owner>last|this|next)\s+year['’]s\s+{ORDINAL}[\s-]+(?:quarter|(?P<half>half))\b", en.quarter),
    ("last", r"last\s+year['’]s\s+(?:period|quarter)\b", en.year_ago),
    ("year", r"year[\s-](?:ago|earlier)\b(?:\s+(?:period|quarter))?", en.year_ago),
    ("prior", r"prior[\s-]year(?:['’]s)?\s+(?:period|quarter)\b", en.year_ago),
    ("#", rf"(?<![\w.,])(?P<nth>[1-4])Q\b(?:[\s/]*(?:FY\s?)?{Y})?", en.quarter),
    ("fy", r"FY\s?['’]?(?P<short>\d\d(?:\d\d)?)\b", en.fiscal),
    ("year", rf"year[\s-](?:ago|earlier)\s+{ORDINAL}[\s-]+quarter", en.year_ago),
    ("a", r"a\s+year[\s-](?:ago|earlier|before)\b(?:\s+(?:period|quarter))?", en.year_ago),
    ("the latest", r"(?:the\s+)?latest\s+(?:quarter|period)\b", en.that_quarter),
    ("the", r"the\s+quarter\b(?!\s+(?:of|century))", en.that_quarter),
    ("next following previous", r"(?P<reach>next|following|previous)\s+(?P<unit>day)\b", en.next_day),
    # So much time ago, ahead, long
    (_COUNTS, rf"{COUNT}\s+(?:or\s+so\s+)?{UNIT}s?\s+(?:or\s+so\s+)?ago\b", en.ago),
    (_COUNTS, rf"{COUNT}\s+{UNIT}s?\s+(?P<way>earlier|later|before|afterwards?)\b(?!\s+(?:than|the))", en.from_then),
    (_COUNTS, rf"{COUNT}\s+{UNIT}s?\s+from\s+now\b", en.ahead),
    (_REACHES, rf"(?:last|past|previous|next|coming|following)\s+{COUNT}\s+(?:\w+\s+)?{UNIT}s?\b", en.span),
    (_COUNTS, rf"{_NOT_NUMBER}{COUNT}[\s-]+(?:\w+\s+)?{UNIT}s?\b(?!-(?:ago|earlier|end))", en.span),
    ("recent past coming", r"(recent|past|coming)\s+(?:days|weeks|months|quarters|years|decades|times)\b", en.several),
    # Last, this, next
    (_REACHES, r"(?P<reach>last|past|previous|prior|this|current|next|coming|following)\s+(?:fiscal\s+|financial\s+|calendar\s+|trading\s+)?(?P<unit>week|month|quarter|half|year|decade|century)\b(?!['’]s\s+(?:first|second|third|fourth))", en.relative),
    (_REACHES, rf"(?P<reach>last|past|this|next|coming)\s+{D}{CLOCK}", en.weekday),
    (_REACHES, rf"(?P<reach>last|past|this|next|coming)\s+{M}(?!\s+\d)", en.bare_month),
    (_REACHES, rf"(?P<reach>last|past|this|current|next|coming)\s+(?:past\s+)?{SEASON}\b", en.season),
    (_REACHES, r"(?P<reach>last|past|this|next|coming)\s+(?:\w+\s+)?weekend\b", en.weekend),
    ("this last", r"(?:this\s+(?:morning|afternoon|evening)|last\s+(?:night|evening))\b", en.clock_word),
    # Days, weekends, seasons, months, years by name
    ("black cyber bloody super", r"(?:Black|Cyber|Bloody|Super)\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", skip),
    (" ".join({name.split()[0].split("'")[0] for name in HOLIDAYS}), rf"(?-i:(?=[A-Z]))({'|'.join(sorted((n.replace(chr(39), '[' + chr(39) + '’]') for n in HOLIDAYS), key=len, reverse=True))})(?!\w)(?:\s+{Y})?", holiday),
    (_DAYS, rf"{D}{CLOCK}(?!\s+(?:Times|Telegraph|Mirror|Express|Journal)\b)", en.weekday),
    ("yesterday today tomorrow", r"(?P<day>yesterday|today|tomorrow)\s+(?:morning|afternoon|evening|night)\b", en.clock_word),
    ("today", r"today['’]s\b", skip),
    ("yesterday today tomorrow", r"(?P<day>yesterday|today|tomorrow)\b", en.day_word),
    ("the", r"the\s+day\s+(?P<far>after\s+tomorrow|before\s+yesterday)\b", en.far_day),
    ("tonight", r"tonight\b", en.clock_word),
    ("the", r"the\s+weekend\b", en.weekend),
    ("spring summer autumn winter", rf"{SEASON}\s+(?:of\s+)?{Y}", en.season),
    ("fall", rf"{SEASON}\s+of\s+{Y}", en.season),
    ("the in", rf"(?:in\s+)?(?:the\s+)(?:{EDGE}\s+)?{SEASON}\b(?:\s+of\s+{Y})?(?!\s+(?:season|to|in|by|of|from|back|short))", en.season),
    ("in", rf"in\s+{SEASON}\b(?:\s+(?:of\s+)?{Y})?", en.season),
    (_MONTHS, rf"{M}\s+(?:of\s+)?(?P<reach>last|this|next)\s+year\b", en.month_of_year),
    ("may", r"(?<=\bin )(?-i:(?P<month>May))\b(?!\s+\d)", en.bare_month),
    ("may", r"(?<=\b(?:of|by|to) )(?-i:(?P<month>May))\b(?!\s+\d)", en.bare_month),
    ("may", r"(?<=\bsince )(?-i:(?P<month>May))\b(?!\s+\d)", en.bare_month),
    (" ".join(m for m in _MONTHS.split() if m != "may"), rf"(?<!\w-){M}(?!\s+\d)(?!\s+(?-i:[A-Z][a-z]+\s+(?:said|says|told)))", en.bare_month),
    ("fiscal financial", rf"(?:fiscal|financial)\s+(?:year\s+)?{Y}", en.year_rule),
    ("the", r"the\s+(?:full|whole|entire|current)\s+(?:fiscal\s+)?(?P<unit>year|month|week)\b", en.this_unit),
    ("the", r"the\s+(?:fiscal\s+)?(?P<unit>year)\b(?!\s+(?:ago|earlier|before|to|of|that|when|ended|ending|which|in\s+which|was|is|has|\d))(?=\s*(?:[.,;)]|as\b|and\b|from\b|by\b|because\b|at\b))", en.this_unit),
    ("the", r"(?<=\bfor )the\s+(?:fiscal\s+)?(?P<unit>year)\b(?!\s+(?:ago|earlier|before|to))", en.this_unit),
    ("in", rf"in\s+(?:about\s+)?{COUNT}\s+{UNIT}s?\b", en.ahead_if_future),
    ("that", r"that\s+year\b", en.that_year),
    ("that", r"that\s+day\b", that_day),
    ("#", r"(?<=['’])(?P<decade>\d0)s\b", en.decade),
    ("the", r"the\s+['’]?(?P<decade>(?:1[5-9]|20)\d0|\d0)s\b", en.decade),
    ("#", r"(?P<decade>(?:1[5-9]|20)\d0)['’]?s\b", en.decade),
    ("#", r"(?P<century>\d\d?)(?:th|st|nd|rd)[\s-]+century\b", en.century),
    ("#", rf"(?<![$€£#&/:\d.,]){Y}(?![-–]\d{{3}})(?!\w){_COUNTED}", en.year_rule),
    # Without a date
    ("now currently presently nowadays", r"(?:now|currently|presently|nowadays)\b(?!\s+that)", vague("PRESENT_REF")),
    ("right at these", r"(?:right\s+now|at\s+present|at\s+the\s+moment|at\s+this\s+time|these\s+days)\b", vague("PRESENT_REF")),
    ("current", r"current\b", vague("PRESENT_REF")),
    ("recently formerly lately", r"(?:recently|formerly|lately)\b", vague("PAST_REF")),
    ("recent", r"recent\b", vague("PAST_REF")),
    ("the", r"the\s+(?:recent\s+)?past\b(?!\s+\w+\s+(?:days|weeks|months|years))(?=\s*[.,;)]|\s+(?:and|to|that|when|but)\b)", vague("PAST_REF")),
    ("in", r"in\s+the\s+past\b(?!\s+(?:\w+\s+)?(?:day|week|month|quarter|year|decade))", vague("PAST_REF")),
    ("at", r"at\s+(?:the|that)\s+time\b(?!\s+(?:of|when|that))", vague("PAST_REF")),
    ("soon", r"soon\b(?!\s+(?:after|as))", vague("FUTURE_REF")),
    ("the in", r"(?:in\s+)?the\s+(?:near\s+|foreseeable\s+)?future\b", vague("FUTURE_REF")),
)  # fmt: skip

TABLE: Table = table(_RULES)
NUMERIC: Table = table(tuple(rule for rule in _RULES if rule[2] in (en.iso, en.iso_month, en.slashed, en.dotted)))
