"""Pieces of patterns that the kinds about figures share."""

from __future__ import annotations

#: A forecast, whatever it is about, a company's own or the market's.
FORECAST = "(GUIDE|PGUIDE|SGUIDE)"
#: A forecast that a company itself has made.
PROMISE = "(OWN|PGUIDE|SGUIDE)"
#: What a company earns or promises to earn.
EARNINGS = "(PROFIT|PGUIDE)"
#: Any figure that a company reports.
FIGURE = "(PROFIT|SALES|RESULTS|LOSS)"
#: Down, as verb, noun or attribute.
DOWN = "(LESS|FALLV|MISS|CUT)"
#: Down, in German also "unter" and "hinter".
DOWN_DE = "(LESS|FALLV|MISS|UNDER|CUT)"
#: What is to come.
AHEAD = "(EXPECT|FUTURE|MODAL|NEAR)"
#: No company, nobody who speaks for one and no "it": the sentence is about nobody's figures.
NOBODY = "^(?!.*(N|FIRM|PRON|PERSON|UNIT))"
#: The money of the public, of countries or markets, and no company in sight.
PUBLIC = "^(?!.*(N|FIRM|PRON|PERSON|UNIT))(?=.*(PLACE|INST|MARKET|CONSUMER|SHARES|JOBS|PLURAL|PUBLIC))"
#: Those who only watch say so, not the company; a bank that marks down another company watches as well.
WATCHERS = (
    "(?<!BY) INST (?!TO|HAD|POSS) ~8 (EXPECT|WARN|CUT|RAISE|GUIDE|NEAR)|INST ~1 (FUTURE|MODAL|TAKES)|"
    "(EXPECT|WARN|BRK|COMMA) ~3 INST (?!POSS)|INST$|(CUT|RAISE) N (COMMA|AND)|"
    "(CUT|RAISE) N POSS? PROFIT? (GUIDE|PGUIDE|SGUIDE)|(CUT|RAISE|TAKES) ~1 GUIDE FOR N|"
    "(CUT|RAISE|TAKES) ~1 PGUIDE FOR N (AN|$)|(CUT|RAISE) ~2 (GUIDE|PGUIDE|SGUIDE) FOR INST|NOGUIDE|PTARGET"
)
