"""How English and German say who buys what from whom: patterns over word classes and function words, whatever the cue.

Capitals name classes of the lexicon, small letters function words (`FUNCTION`): ``DEAL ~2!N of ~2!N T ~3!N by ~2!N A``. `A`, `T`
and `S` are names, the acquirer, the target and the seller; names joined by "and" or commas count as one. ``~3!N`` is a gap of at
most three tokens of one clause without a name. The first pattern that gives a name a role keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from signals.kinds.alphabet import CODE, codes_of
from signals.kinds.engine import Sentence, alternatives

#: Function words by language; those of a joined phrase are joined by ``_``.
FUNCTION: dict[str, dict[str, str]] = {
    "by": {"en": "by", "de": "durch"},
    "from": {"en": "from"},
    "von": {"de": "von vom"},
    "of": {"en": "of", "de": "des der"},
    "to": {"en": "to into", "de": "an"},
    "for": {"en": "for over on", "de": "für um auf"},
    "in": {"en": "in"},
    "nach": {"de": "nach"},
    "bei": {"de": "bei am beim gegenüber"},
    "with": {"en": "with between", "de": "mit zwischen"},
    "owned": {"en": "owned backed"},
    "holder": {"en": "shareholder investor", "de": "großaktionär hauptaktionär aktionär ankeraktionär"},
    "daughter": {"de": "tochter tochtergesellschaft tochterfirma"},
    "passes": {"de": "reicht reichen reichte reichten gibt geben gab"},
    "goes": {"de": "geht gehen ging gingen"},
    "merge": {
        "en": "merge merging merger mergers combine combining combination megamerger tie-up",
        "de": "fusionieren fusion zusammengehen zusammenschließen zusammenschluss verschmelzen fusionsgespräche",
    },
    "unite": {"en": "merge_with merging_with merges_with combine_with combining_with tie_up_with"},
    "werden": {"de": "wird werden wurde wurden worden werde"},
    "sold": {"en": "sold"},
    "receive": {"en": "received receives receive"},
}
_FUNCTION_CODE = {name: chr(0x6000 + i) for i, name in enumerate(FUNCTION)}
_WORDS = {
    lang: {word: _FUNCTION_CODE[name] for name, by_lang in FUNCTION.items() for word in by_lang.get(lang, "").split()}
    for lang in ("en", "de")
}
_ROLE = {"A": "acquirer", "T": "target", "S": "seller"}

_BUYS = "(BUY|SNAP|BOUGHT)"
_BID = "(BID|OFFER|DEALBID|DEAL|INTEREST|RUMDEAL|PURSUIT|DEALTALKS|merge)"
_HEARS = "(GET|REJECT|AGREE|CONSIDER|DENY|receive|CONFIRM|CLEARED|KEEP|BACK)"
_STRIVES_DE = "(WANT|MODAL|FUTURE|HAVE|CONSIDER|werden|BE|MUST)"
_FREE = "~5!N,by,von"

ENGLISH: tuple[tuple[str, str], ...] = (
    # reason, pattern
    ("a suitor is named after what it wants", "T POSS? SUITOR A|T POSS? BUYER A|A COMMA ~2!N SUITOR ~1!N (for|of) ~1!N T"),
    ("the owner stands before what it owns", "S owned ~1!N T ~6!N (to|BELONG) ~2!N A|S owned ~1!N T|S POSS? UNIT T"),
    (
        "sold by one to another",
        "S ~7!N (SELL|SALE|sold) ~1!N of? ~2!N T ~4!N to ~3!N A|T ~4!N (sold ~2!N to|BELONG) ~3!N A ~4!N by ~2!N S|"
        "T ~5!N (sold ~1!N to|BELONG) ~2!N A|(SELL|SALE|sold) ~1!N of? ~2!N T ~4!N to ~3!N A",
    ),
    (
        "bought from its owner",
        f"A ~8!N {_BUYS} ~3!N T ~5!N from ~3!N S|{_BUYS} ~1!N S POSS ~1!N T|A ~8!N DEAL ~1!N of? ~2!N T ~3!N from ~3!N S",
    ),
    (
        "the passive: what is bought comes first",
        "T ~8!N BE ~4!N (BOUGHT|BUY|CONSIDER|PROWL|SNAP) ~5!N by ~3!N A|T ~3!N (BOUGHT|SNAP) ~2!N by ~3!N A",
    ),
    (
        "an offer, or a takeover, of one by another",
        f"{_BID} ~2!N,by,from (for|of|in)? ~2!N,by,from T ~4!N by ~3!N A|{_BID} ~2!N (by|from) ~2!N A ~2!N (for|of|in) ~2!N T|"
        f"A POSS ~4!N {_BID} ~2!N (for|of|in|to) ~3!N T|A (BID|OFFER|DEALBID|INTEREST|DEAL) ~1!N (for|of|in) ~2!N T",
    ),
    (
        "who receives, takes or turns down an offer is the target",
        f"T ~7!N {_HEARS} ~6!N {_BID} ~3!N (from|by) ~3!N A|T ~7!N {_HEARS} ~2!N A POSS ~4!N {_BID}|"
        f"T ~3!N {_HEARS} ~1!N A (BID|OFFER|DEALBID)|T ~7!N {_BID} ~2!N from ~3!N A|"
        f"{_BID} ~2!N (from|by) ~3!N A ~6!N {_HEARS} ~3!N by ~3!N T|A POSS ~4!N {_BID} ~5!N {_HEARS} ~2!N by ~3!N T|"
        "A ~8!N,REJECT,GET,receive (BID|OFFER|DEALBID|DEAL) ~2!N for ~3!N T",
    ),
    ("a target for somebody", "T ~8!N CAND ~2!N (for|of|by) ~2!N A"),
    (
        "whose share moves on a bid is its target",
        f"A {_BID} ~2!N (RAISE|RISEV|BRING|LESS) ~2!N T POSS? SHARES|T POSS? SHARES ~9!N A POSS? ~2!N {_BID}|"
        f"{_BID} ~2!N (by|from) ~3!N A ~5!N T POSS? SHARES|T POSS? SHARES ~9!N {_BID} ~3!N (by|from) ~3!N A|"
        f"(SHARES ~1!N (in|of)|STAKE) T ~9!N A ~6!N {_BID}|(SHARES ~1!N (in|of)|STAKE) T ~9!N {_BID} ~3!N (by|from) ~3!N A",
    ),
    (
        "equals merge",
        "N@target ~6!N (unite|merge ~2!N with) ~2!N N@target|N@target AND N@target ~7!N (merge|unite)|"
        "merge ~2!N (of|with) ~2!N N@target AND N@target",
    ),
    ("interest in something", "A ~8!N INTEREST ~1!N in ~3!N T"),
    ("a part is sold to somebody", "S ~7!N (SELL|SALE|sold) ~3!N (UNIT|PRON) ~3!N to ~2!N A|T ~6!N (SALE|SELL) ~1!N to ~2!N A"),
    ("a part is bought from its owner", f"A ~6!N {_BUYS} ~5!N UNIT ~1!N (of|from) ~2!N S"),
    ("for sale after a bid", "T ~9!N AFTER ~2!N A ~1!N (BID|OFFER|DEALBID|INTEREST)"),
    ("whoever is its shareholder", "T POSS? holder A"),
    ("two buy together", f"A ~6!N with ~2!N N@acquirer ~3!N {_BUYS} ~3!N T"),
    ("who buys stands before the verb, what is bought behind it", f"A ~5!N {_BUYS} ~3!N,by,from T"),
)  # fmt: skip

GERMAN: tuple[tuple[str, str], ...] = (
    ("a suitor is named after what it wants", "T POSS? SUITOR A|T POSS? BUYER A"),
    (
        "sold by one to another",
        "S ~5!N SELL ~3!N T ~5!N to ~3!N A|S ~6!N T ~3!N to ~3!N A ~3!N SELL|S ~6!N SELL ~1!N (von|of) ~2!N T ~4!N to ~3!N A|"
        "SELL ~1!N (von|of) ~2!N T ~4!N to ~3!N A|SELL ~3!N T ~5!N to ~3!N A",
    ),
    (
        "bought from its owner",
        f"A ~6!N (SNAP|BOUGHT) ~3!N T ~3!N von ~3!N S|A {_STRIVES_DE} ~4!N T ~2!N von ~3!N S ~3!N (BUY|BOUGHT)",
    ),
    (
        "the passive: what is bought comes first",
        "T ~4!N (werden|BE|MODAL|FUTURE|HAVE) ~5!N (von|by) ~3!N A ~6!N (BOUGHT|BUY|SNAP)|"
        "T ~3!N (werden|BE|MODAL|FUTURE) ~5!N BOUGHT ~4!N (von|by) ~3!N A",
    ),
    (
        "an offer, or a takeover, of one by another",
        f"{_BID} ~2!N (von|of|for|to)? ~3!N T ~4!N by ~3!N A|T {_BID} ~3!N by ~3!N A|"
        f"{_BID} ~2!N (von|by|of) ~3!N A ~2!N (for|to) ~3!N T|A POSS? ~2!N (DEAL|merge) ~1!N (von|of) ~2!N T|"
        f"A POSS? ~2!N {_BID} ~1!N (for|to) ~2!N T|A ~8!N {_BID} ~1!N (for|to) ~3!N T",
    ),
    (
        "who receives, takes or turns down an offer is the target",
        f"T ~7!N {_BID} ~2!N von ~3!N A|T ~7!N (BID|OFFER|DEALBID|INTEREST) ~1!N of ~3!N A|T BRK ~4!N {_BID} ~2!N von ~3!N A|"
        f"{_BID} ~5!N A HAVE ~2!N T ~3!N (REJECT|REFUSE|DENY|AGREE)|"
        f"{_BID} ~2!N (von|of) ~3!N A ~4!N von ~3!N T ~3!N (REJECT|DENY|AGREE)",
    ),
    (
        "a target for somebody",
        "T ~8!N CAND ~2!N (for|of|von) ~2!N A|T ~6!N LISTED ~1!N (von|of) ~3!N A|A HAVE ~3!N T ~3!N LISTED",
    ),
    (
        "whose share moves on a bid is its target",
        f"{_BID} ~3!N (von|by) ~3!N A ~6!N T POSS? SHARES|T POSS? SHARES ~9!N {_BID} ~3!N (von|by|of) ~3!N A|"
        f"T POSS? SHARES ~3!N BRK A",
    ),
    (
        "equals merge",
        "N@target ~6!N merge ~2!N with ~2!N N@target|N@target ~4!N with ~2!N N@target ~2!N merge|"
        "N@target AND N@target ~7!N merge|merge ~2!N (von|of|with) ~2!N N@target AND N@target",
    ),
    ("what is wanted stands first, behind its preposition", "(^|COMMA|BRK) (for|bei|to) ~3!N T ~6!N,by,von A"),
    (
        "the object stands before the verb that ends the clause",
        f"A ~2!N {_STRIVES_DE} {_FREE} T ~4!N {_BUYS}|{_STRIVES_DE} A {_FREE} T ~3!N {_BUYS}|A ~3!N,by,von T ~2!N (BUY|SNAP)",
    ),
    ("to reach for something, to bid for it", "A ~3!N (GRAB|SNAP) ~2!N nach ~3!N T|A ~3!N BIDS ~4!N for ~3!N T"),
    (
        "a part is sold to somebody",
        "S ~6!N PRON ~2!N to ~2!N A ~3!N SELL|S ~6!N SELL ~2!N PRON ~3!N to ~2!N A|"
        "T POSS? holder S ~6!N SELL ~2!N to ~2!N A|T ~6!N (SELL|NEAR|FORSALE) ~1!N to ~2!N A",
    ),
    ("whoever is its shareholder", "T POSS? holder A"),
    ("a part is bought from its owner", f"A ~3!N {_BUYS} ~5!N UNIT ~1!N (von|of) ~2!N S"),
    ("a daughter has a parent", "S POSS? daughter T ~5!N to ~3!N A ~2!N SELL werden|S POSS? daughter T"),
    ("it is to be sold to somebody", "T ~3!N (FUTURE|MODAL|werden|BE) ~5!N to ~3!N A ~2!N SELL werden"),
    ("it goes to its buyer", "T goes ~6!N to ~3!N A|T BELONG ~2!N A"),
    ("to pass it on", "S passes ~2!N T ~2!N to ~2!N A"),
    ("to part with something", "S ~3!N SELL ~2!N von ~2!N T"),
    (
        "interest in something",
        f"A ~8!N INTEREST ~1!N to ~3!N T|A ~5!N DENY ~5!N {_BID} ~2!N (to|for|von|of|with) ~3!N T",
    ),
)  # fmt: skip

#: A construction so many tokens from the match of a cue still tells of it.
NEAR = 3
#: Whose profit warning it is.
ISSUERS_ENGLISH = "N@issuer POSS ~3!N (PWARN|WARN)|(PWARN|WARN) ~1!N (by|from|of|in) ~4!N N@issuer|N@issuer PWARN"
ISSUERS_GERMAN = "PWARN ~1!N (von|by|of|bei) ~4!N N@issuer|N@issuer POSS? ~1!N PWARN"

_PART = re.compile(
    r"(?P<role>[ATS])(?![A-Za-z])|N@(?P<named>[a-z]+)|~(?P<gap>\d+)(?:!(?P<bar>\w+(?:,\w+)*))?|(?P<name>[A-Z]+)|(?P<word>[a-z]+)"
    r"|(?P<op>[()|?^])"
)


def _codes(name: str) -> str:
    return _FUNCTION_CODE[name] if name.islower() else codes_of(name)


def _compile(pattern: str) -> re.Pattern[str]:
    """Translate a construction; KeyError for a name that is neither a class nor a function word."""
    out: list[str] = []
    name, describes = CODE["N"], f"[{CODE['FIRM']}{CODE['PERSON']}]"
    chain = f"(?:(?:[{CODE['AND']}{CODE['COMMA']}]{{1,2}}|{CODE['AND']}{describes}{{1,2}}){name})*"
    for part in _PART.finditer(pattern):
        if part["role"] or part["named"]:
            role = _ROLE[part["role"]] if part["role"] else part["named"]
            alone = pattern[part.end() :].startswith(" AND") or pattern[: part.start()].endswith("AND ")
            out.append(f"(?P<{role}_{len(out)}>{name}{'' if alone else chain})")
        elif part["gap"]:
            barred = "".join(_codes(n) for n in (part["bar"] or "").split(",") if n)
            out.append(f"[^{CODE['BRK']}{barred}]{{0,{part['gap']}}}?")
        elif part["name"] or part["word"]:
            out.append(f"[{_codes(part['name'] or part['word'])}]")
        else:
            out.append("(?:" if part["op"] == "(" else part["op"])
    return re.compile("".join(out))


def _needed(pattern: str) -> tuple[frozenset[str], ...]:
    """Return sets of codes, one of each of which a sentence must hold: of its words that stand in no bracket."""
    needs, depth = [], 0
    for part in _PART.finditer(pattern):
        depth += (part["op"] == "(") - (part["op"] == ")")
        if depth == 0 and (part["name"] or part["word"]) and pattern[part.end() : part.end() + 1] != "?":
            needs.append(frozenset(_codes(part["name"] or part["word"])))
    return tuple(needs)


CONSTRUCTIONS = {
    lang: tuple(_compile(way) for _, pattern in table for way in alternatives(pattern))
    for lang, table in (("en", ENGLISH), ("de", GERMAN))
}
NEEDS = {
    pattern: _needed(way)
    for lang, table in (("en", ENGLISH), ("de", GERMAN))
    for pattern, way in zip(CONSTRUCTIONS[lang], [w for _, p in table for w in alternatives(p)], strict=True)
}
ISSUERS = {
    lang: tuple(_compile(way) for way in alternatives(pattern))
    for lang, pattern in (("en", ISSUERS_ENGLISH), ("de", ISSUERS_GERMAN))
}


def spelled(sentence: Sentence) -> str:
    """Return the codes of a sentence with its function words told apart."""
    words = _WORDS[sentence.lang]
    return "".join(
        code if code == CODE["N"] else words.get(word.lower().replace(" ", "_"), code)
        for code, word in zip(sentence.codes, sentence.words, strict=True)
    )


def told(sentence: Sentence, start: int, end: int, main: str) -> Iterator[dict[str, range]]:
    """Yield role -> tokens of its names for each construction about the tokens [start, end), in their order.

    It touches them, or nearly; where no company is named there, any of the sentence counts.
    `main` is the role that the kind asks for: "target" of a takeover, "issuer" of figures.
    """
    if len(sentence.names) < 2:
        return
    text = spelled(sentence)
    alone = CODE["N"] not in text[max(0, start - NEAR) : end + NEAR]
    present = frozenset(text)
    for pattern in (CONSTRUCTIONS if main == "target" else ISSUERS)[sentence.lang]:
        if any(need.isdisjoint(present) for need in NEEDS.get(pattern, ())):
            continue
        for found in pattern.finditer(text):
            if alone or (found.start() < end + NEAR and start < found.end() + NEAR):
                roles: dict[str, range] = {}
                for group, words in found.groupdict().items():
                    role = group.partition("_")[0]
                    if words:
                        span = range(*found.span(group))
                        role = "seller" if role == "target" and _of_a_unit(text, span.stop) else role
                        roles[role] = range(roles[role].start, span.stop) if role in roles else span
                yield roles
                break


def _of_a_unit(text: str, after: int) -> bool:
    """Whether only a unit of the company before token `after` is meant: "Galliford Try's housebuilding arm"."""
    return text[after : after + 1] == CODE["POSS"] and any(
        code in codes_of("UNIT") for code in text[after + 1 : after + 4]
    )
