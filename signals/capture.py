"""Names of companies outside the watch-list: runs of words that read as a name, in English and in German.

A name is named as written. What stands in a sentence without being one (ordinary words that are capitalised, places,
papers, public bodies, German nouns) is told apart by the word lists of `signals.words`, the classes of the lexicon, and
the words around it.
"""

from __future__ import annotations

import re

from signals.kinds.alphabet import CODE, Token, codes_of
from signals.kinds.engine import Mention
from signals.words import ACRONYMS, COMMON_DE, COMMON_EN, NAME_OPENERS, NO_COMPANIES, NOUN_ENDINGS_DE, words


def codes(names: str) -> frozenset[str]:
    """Return the codes of class names separated by blanks, families unfolded."""
    return frozenset(code for name in names.split() for code in codes_of(name))


_ADJECTIVE = re.compile(r".*(?:ish|an|ese|ch|ss|er|e|en)$", re.I)
_INNER = frozenset({"of", "de", "&", "and", "und", "'s"})
_NEVER = codes("MEDIA CAL INST")
_NAMING = codes("X FIRM PLACE UNIT SHARES INST SALES AND MORE ENTER MARKET RESULTS MEDIA AGAIN CAL PERSON RISEV LESS")
FINITE = codes("CUT RAISE WARN FALLV RISEV REJECT AGREE END DENY MAKE SNAP BE POST GET EXPECT BEAT MISS BRK AND")
_ACTING_DE = FINITE | codes(
    "HAVE WANT TAKES MUST MODAL FUTURE BIDS HAD SELL CONSIDER BRING KEEP TALKS ENTER SHUT BLOW REFUSE TRUST GIVE"
)
_BEFORE_NAMES_DE = codes("PROWL FIRM PERSON BUYER SUITOR N SNAP BOUGHT CUT RAISE WANT MODAL HAVE FUTURE BIDS WARN")
_KIN_DE = words("Tochter Mutter Konkurrent Konkurrenten Rivale Rivalen Eigentümer Eigner Großaktionär Bieter Käufer")
_COMPOUND_DE = codes("DEAL DEALBID RUMDEAL SHARES PWARN BID")
_DESCRIBING = codes("FIRM PLACE MEDIA CAL INST PERSON AGAIN MORE")
_FIRST_EN = codes("X UNIT")
_CAPITALS = codes("X RAISE")
_OTHER, _PLACE, _FIRM = CODE["X"], CODE["PLACE"], CODE["FIRM"]
_ARTICLES_DE = words(
    """
der die das des ein eine einen einem einer eines keine kein ihre seine ihrem seinem am im zum zur beim
diese dieser dieses
"""
)
_CALLS_DE = words("von bei durch für an mit um gegen und nach sowie oder wie zu laut ist als neben rivale rivalen")
_LEGAL_DE = words("AG SE GmbH KGaA Holding Group Bank Licht Solar Post")
_FORMS = words("group bank corp inc plc ltd ag")
_NUMBERED = words("Phillips Channel Formula Forever Motel Studio Pier Level")
_LATE = words("Mail Times Sun Industries Council")
_AFTER_POSSESSIVE = words("International Group Holdings Stores Pizza Corp Inc")
_OPEN_OF = words("House Bank Alliance Royal Union Banks")
_SUFFIXES = words(
    """
Airways Airlines Gas Steel Land Petroleum Express Apparel Tobacco Tower Water Telecom Eagle Motors Coal
Group Bank Stock Foods
"""
)


#: Classes of verbs that an ordinary word becomes a company by: "Next lifts", "Next senkt".
DOING = FINITE - codes("BRK AND") | codes(
    "CONSIDER ISSUE EXPECT KEEP WANT TAKES FUTURE MODAL HAD COMPLETE SELL RAISE FALLV LESS DROP PROWL NEAR TALKS"
)
#: Companies called like an ordinary English word, which opens a headline more often than the company does.
LIKE_WORDS = frozenset(("Shell", "Target", "Gap", "Boots", "Ford", "Visa", "Orange", "Sky", "Saga", "Capital", "Quiz"))


def capture(
    text: str, found: list[Token], names: dict[int, Mention], lang: str, loud: bool
) -> tuple[list[Token], dict[int, Mention]]:
    """Put an N token over every run of words that reads as the name of a company outside the watch-list."""
    out: list[Token] = []
    placed: dict[int, Mention] = {}
    done = 0
    for at in [i for i, token in enumerate(found) if not token[3].islower() or i in names]:
        if at < done:
            continue
        token, end = found[at], at + 1
        if at not in names:
            end = _run(found, at, names, lang, loud)
            if end == at:
                continue
            token = _name_token(text, found[at:end])
        out += found[done:at]
        placed[len(out)] = names.get(at) or Mention(token.word, token.start, token.end)
        out.append(token)
        done = end
    return out + found[done:], placed


def before_tickers(text: str, found: list[Token], names: dict[int, Mention]) -> tuple[list[Token], dict[int, Mention]]:
    """Name what stands before a ticker in a line of capitals, where letters tell nothing: "TALK LIFTS HUTTON <EFH>"."""
    ends = [i for i in range(1, len(found)) if found[i].word == "<" and i - 1 not in names]
    runs: dict[int, int] = {}
    for end in ends:
        start = end - (found[end - 1].code == CODE["POSS"])
        while start and found[start - 1].code == _OTHER and start - 1 not in names:
            start -= 1
        if found[start].code == _OTHER:
            runs[start] = end
    out: list[Token] = []
    placed: dict[int, Mention] = {}
    at = 0
    while at < len(found):
        end = runs.get(at, at + 1)
        token = _name_token(text, found[at:end]) if at in runs else found[at]
        if at in runs or at in names:
            placed[len(out)] = names.get(at) or Mention(token.word, token.start, token.end)
        out.append(token)
        at = end
    return out, placed


def _name_token(text: str, run: list[Token]) -> Token:
    start, end = run[0].start, run[-1].end
    return Token(CODE["N"], start, end, text[start:end])


def with_possessive(text: str, found: list[Token], names: dict[int, Mention]) -> tuple[list[Token], dict[int, Mention]]:
    """Take a possessive into the name where a finite verb or the end follows: "Domino's cuts", "Papa John's: WSJ"."""
    out: list[Token] = []
    placed: dict[int, Mention] = {}
    at = 0
    while at < len(found):
        if at in names:
            mention = names[at]
            joined = names.get(at + 2)
            if (
                joined
                and found[at + 1].word == "'s"
                and joined.name.split()[0] in _AFTER_POSSESSIVE
                and not mention.ticker
            ):
                mention = Mention(text[mention.start : joined.end], mention.start, joined.end)
                placed[len(out)] = mention
                out.append(Token(CODE["N"], mention.start, mention.end, mention.name))
                at += 3
                continue
            follows = at + 1 < len(found) and found[at + 1].code == CODE["POSS"] and found[at + 1].word == "'s"
            if follows and not mention.ticker and (at + 2 == len(found) or found[at + 2].code in FINITE):
                mention = Mention(text[mention.start : found[at + 1].end], mention.start, found[at + 1].end)
                placed[len(out)] = mention
                out.append(Token(CODE["N"], mention.start, mention.end, mention.name))
                at += 2
                continue
            placed[len(out)] = mention
        out.append(found[at])
        at += 1
    return out, placed


def _run(found: list[Token], at: int, names: dict[int, Mention], lang: str, loud: bool) -> int:
    """Return the end of the name that starts at `at`; `at` itself if none starts there."""
    if not _opens(found, at, lang, loud):
        return at
    end = at + 1
    while end < len(found) and end not in names:
        if found[end].start - found[end - 1].end > 1:
            break
        if not (_continues(found, end, lang, loud) or _joins(found, end, loud)):
            break
        end += 1
    run = found[at:end]
    while len(run) > 1 and run[-1].word in _INNER:
        run.pop()
    if (
        len(run) > 1
        and run[0].code != _PLACE
        and run[0].word not in NAME_OPENERS
        and lang == "en"
        and all(_common(t.word) for t in run)
    ):
        return at
    only_describes = run[0].code == _PLACE or all(t.code in _DESCRIBING for t in run)
    return at if only_describes and not _place_name(run) else at + len(run)


def _common(word: str) -> bool:
    return all(part in COMMON_EN for part in word.lower().split())


def _place_name(run: list[Token]) -> bool:
    """Whether a name may begin with a place: "British Airways", "Deutsche Bank", "Hong Kong Exchanges"."""
    if run[0].code != _PLACE or len(run) == 1:
        return False
    place, second = run[0].word, run[1]
    if place in ("Deutsche", "Deutscher", "Deutschen") or second.word in _SUFFIXES:
        return True
    firm = second.code == _FIRM and second.word[0].isupper() and not place.startswith("Berliner")
    return firm or not _ADJECTIVE.fullmatch(place)


def _touches(found: list[Token], at: int) -> bool:
    """Whether a capitalised word follows directly."""
    if at + 1 >= len(found):
        return False
    return found[at + 1].word[0].isupper() and found[at + 1].start - found[at].end == 1


def _two_capitals(found: list[Token], at: int) -> bool:
    """Whether a capitalised word that may belong to a name follows directly: "Just Eat", "Royal Mail"."""
    return _touches(found, at) and found[at + 1].code not in _NEVER and found[at + 1].code != _PLACE


def _looks_like_a_name(word: str) -> bool:
    """Whether the letters allow a name: a capital first ("Acme"), or second ("eBay"), and no known acronym."""
    capital = word[0].isupper() or (word[1:2].isupper() and word.isalnum())
    return capital and len(word) > 1 and word not in ACRONYMS


def _no_company(found: list[Token], at: int) -> bool:
    """Whether two words at `at` are capitalised without being a company: "United States"."""
    return 0 <= at < len(found) - 1 and (found[at].word, found[at + 1].word) in NO_COMPANIES


def _opens(found: list[Token], at: int, lang: str, loud: bool) -> bool:
    token = found[at]
    if not _looks_like_a_name(token.word) or (at and found[at - 1].word == "<"):
        return False
    if _no_company(found, at) or _no_company(found, at - 1):
        return False
    if token.code in _NEVER and not (token.code == CODE["MEDIA"] and lang == "en" and _two_capitals(found, at)):
        return False
    first = at == 0 or found[at - 1].code == CODE["BRK"]
    if lang == "de":
        return _opens_german(found, at, first)
    return _opens_english(found, at, first, loud)


def _opens_english(found: list[Token], at: int, first: bool, loud: bool) -> bool:
    token = found[at]
    common = token.word.lower() in COMMON_EN
    if token.code == _PLACE:
        return _touches(found, at) and "." not in token.word
    if not loud and token.word.isupper() and len(token.word) > 2 and token.code in _CAPITALS:
        return True
    if first and not loud and token.word in LIKE_WORDS and at + 1 < len(found) and found[at + 1].code in DOING:
        return True
    if token.word in NAME_OPENERS and not loud and _two_capitals(found, at):
        return True
    if first and not loud and common and token.code == _OTHER and _legal_form_follows(found, at):
        return True
    if first or loud:
        return token.code in _FIRST_EN and not common
    return token.code in _NAMING and (not common or _two_capitals(found, at) or token.word.isupper())


def _legal_form_follows(found: list[Token], at: int) -> bool:
    """Whether a run of capitals that ends in a legal form starts here: "Data Card Corp"."""
    for i in range(at, min(at + 4, len(found))):
        if not _touches(found, i):
            return False
        if found[i + 1].word.lower().rstrip(".") in _FORMS:
            return True
    return False


def _opens_german(found: list[Token], at: int, first: bool) -> bool:
    token = found[at]
    low = token.word.lower()
    if token.code == _PLACE:
        return _touches(found, at) and found[at + 1].word[:4] in ("Bank", "Post", "Wohn", "Tele", "Börs", "Luft")
    if _touches(found, at) and found[at + 1].word in ("AG", "SE", "GmbH", "KGaA") and low not in COMMON_DE:
        return True
    if token.code not in (_OTHER, CODE["INST"]) or low in COMMON_DE:
        return False
    if any(c.isupper() or c.isdigit() or c == "." for c in token.word[1:]):
        return True
    if at and found[at - 1].code == _FIRM and found[at - 1].word[0].isupper():
        return True
    if low.endswith(NOUN_ENDINGS_DE):
        return False
    leads = at == 1 and at + 1 < len(found) and _acts(found[at + 1])
    if low.endswith("bank") and len(low) > 6:
        return True
    if _after_article(found, at) and not leads:
        return False
    return _named_german(found, at, first)


def _named_german(found: list[Token], at: int, first: bool) -> bool:
    """Whether a German noun stands where a name would: it acts, is governed bare, follows "Konzern", or carries a legal form."""
    after = found[at + 1] if at + 1 < len(found) else None
    if after is not None and _marks_german(found[at], after):
        return True
    if first or (at == 1 and found[0].word in ("Die", "Der", "Das")):
        return after is not None and _acts(after)
    before = found[at - 1]
    if (
        before.code in _BEFORE_NAMES_DE
        or before.word in ("verkauft", "verkaufte", "veräußert")
        or before.word.lower().split()[-1] in _CALLS_DE
    ):
        return True
    if before.code in _ACTING_DE and after is not None and after.word.lower() in _ARTICLES_DE:
        return True
    return before.word.islower() and before.word.endswith("te")


def _marks_german(token: Token, after: Token) -> bool:
    """Whether what follows shows a name: a possessive, a person, a legal form, another capital, "-Aktie", "-Übernahme"."""
    if after.code in (CODE["POSS"], CODE["PERSON"]) or after.word in _LEGAL_DE:
        return True
    close = after.start - token.end == 1
    return close and (
        after.code in _COMPOUND_DE or after.word in _KIN_DE or (after.word[0].isupper() and after.code == _OTHER)
    )


def _acts(after: Token) -> bool:
    """Whether the word after the first one of a sentence is its verb."""
    word = after.word.split()[0]
    verb = word.islower() and word.endswith(("t", "te")) and word not in COMMON_DE
    return verb or after.code in _ACTING_DE or word in ("wurde", "wurden")


def _after_article(found: list[Token], at: int) -> bool:
    """Whether an article stands before: a German noun, not a name ("die Hitze"), unless a second capital follows."""
    if at == 0 or found[at - 1].word.lower() not in _ARTICLES_DE:
        return False
    return not (_touches(found, at) and found[at + 1].word.lower() not in COMMON_DE)


def _continues(found: list[Token], at: int, lang: str, loud: bool) -> bool:
    """Whether a capitalised (or numbered) word goes on with the name."""
    token = found[at]
    word = token.word
    if token.code == CODE["NUM"]:
        return found[at - 1].word in _NUMBERED and word.isdigit()
    if not word[0].isupper() or (token.code in _NEVER and not word.isupper() and word not in _LATE):
        return False
    if lang == "de":
        common = (word.lower() in COMMON_DE or word.lower().endswith(NOUN_ENDINGS_DE)) and word not in _LEGAL_DE
        if word == "Börse" and found[at - 1].code == _PLACE:
            return True
        return token.code in (_OTHER, _FIRM, _PLACE) and not common
    if loud:
        return word.lower() in _FORMS if token.code == _FIRM else token.code == _OTHER and word.lower() not in COMMON_EN
    return token.code != CODE["PERSON"]


def _joins(found: list[Token], at: int, loud: bool) -> bool:
    """Whether "&" or "of" inside a name joins two capitalised words: "Marks & Spencer", "Bank of America"."""
    if loud or at + 1 >= len(found) or not found[at + 1].word[0].isupper():
        return False
    return found[at].word == "&" or (found[at].word == "of" and found[at - 1].word in _OPEN_OF)
