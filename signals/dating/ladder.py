"""The ladder of evidence for a publication date: metadata, address, markup, dateline, anchors. The first that holds answers.

A rung is a function ``(Article) -> DateStamp | None``; adding one is a function and a line in `LADDER`. No rung looks at
today's date, and none makes a date more precise than its evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from signals.article import Article
from signals.dating.anchors import Anchor, date_by_anchors
from signals.dating.dateline import date_by_dateline
from signals.dating.explicit import MONTHS, Explicit, parse_explicit
from signals.dating.markup import date_by_markup
from signals.dating.stamp import PRECISIONS, UNDATED, DateStamp
from signals.dating.values import covering

Rung = Callable[[Article], DateStamp | None]

_PREFIX = re.compile(
    r"\s*date[ \t:]+(\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?)(?![\d-])", re.I
)
_YEAR = r"((?:19|20)\d\d)"
_HOUR = r"(?:(?:[01]\d|2[0-3])[0-5]\d\d{0,3})?"
_URL_FORMS = (
    re.compile(rf"/{_YEAR}/(\d\d?|[a-z]{{3}})/(\d\d?)(?=[/?#-]|$)", re.I),
    re.compile(rf"[/_-]{_YEAR}-(\d\d)-(\d\d)(?=[/_.?#T-]|$)"),
    re.compile(rf"(?:[/_=-]|\bid[A-Z]{{2,4}}[0-9A-Z]*?){_YEAR}(\d\d)(\d\d){_HOUR}(?=[/_.?#-]|$)"),
    re.compile(rf"(?<=[A-Za-z]){_YEAR}(\d\d)(\d\d)(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?=[/_.?#-]|$)"),
    re.compile(rf"/{_YEAR}/(\d\d|[a-z]{{3}})(?=[/?#]|$)", re.I),
    re.compile(rf"/(?:[a-z]+-)?{_YEAR}-(\d\d)(?=/)", re.I),
)


def date_by_metadata(article: Article) -> DateStamp | None:
    """Read `published`, else a prefix " date 2018-12" before the text, at the precision shown.

    A field `published_precision` (month, year) makes it coarser, never finer; `published_source` = "anchor" or "inferred"
    becomes a flag.
    """
    if article.published.strip():
        found = parse_explicit(article.published)
        if found is not None:
            found = _coarsened(found, str(article.extra.get("published_precision") or ""))
            how = str(article.extra.get("published_source") or "").split(":")[0].strip().lower()
            flags = (*found.flags, how) if how in ("anchor", "inferred") else found.flags
            return DateStamp(found.value, found.precision, "metadata", f"published={article.published}", flags=flags)
    prefix = _PREFIX.match(article.text)
    found = parse_explicit(prefix[1]) if prefix else None
    if prefix is None or found is None:
        return None
    evidence = prefix[0]
    return DateStamp(found.value, found.precision, "metadata", evidence, prefix.start(), prefix.end(), found.flags)


def _coarsened(found: Explicit, precision: str) -> Explicit:
    if precision not in PRECISIONS[1:4] or PRECISIONS.index(precision) <= PRECISIONS.index(found.precision):
        return found
    length = {"day": 10, "month": 7, "year": 4}[precision]
    return Explicit(found.value[:length], precision, found.flags)


def date_by_url(article: Article) -> DateStamp | None:
    """Read a date in the path of the address: /2018/12/17/, /2014/jun/05/, /20230615/, -2018-12-17, id...20150312, /2023/06/."""
    path = re.sub(r"^\w+://[^/]*", "", article.url.strip())[:2000]
    path = re.split(r"[?#]", path)[0] if path else ""
    for form in _URL_FORMS:
        for found in form.finditer(path):
            month = MONTHS.get(found[2].lower(), 0) if found[2].isalpha() else int(found[2])
            day = f"-{int(found[3]):02d}" if found.re.groups == 3 else ""
            explicit = parse_explicit(f"{found[1]}-{month:02d}{day}")
            if explicit is not None:
                return DateStamp(explicit.value, explicit.precision, "url", found[0])
    return None


LADDER: dict[str, Rung] = {
    "metadata": date_by_metadata,
    "url": date_by_url,
    "markup": date_by_markup,
    "dateline": date_by_dateline,
}
# Rungs written by machines for the publication itself: they may refine one another ("2018-12" by /2018/12/17/).
_MACHINE = ("metadata", "url", "markup")


def date_article(article: Article, anchors: Iterable[Anchor] | None = None) -> DateStamp:
    """Return the publication date of `article` with the evidence for it; `UNDATED` if nothing shows one.

    The rungs of `LADDER` are asked in order and the first answer stands; an address or markup that names a finer date inside
    it refines it (flag ``refined``), one that names another date adds ``conflict:<rung>``. `anchors` (dated events of the
    catalogue) are asked last, and their answer is flagged ``anchor``. Relative words are never resolved against today.
    """
    stamp: DateStamp | None = None
    for name, rung in LADDER.items():
        if stamp is not None and (stamp.precision == "minute" or name not in _MACHINE):
            continue
        found = rung(article)
        if found is not None and found.dated:
            stamp = found if stamp is None else _together(stamp, found, name)
    if stamp is None and anchors is not None:
        stamp = date_by_anchors(article, anchors)
    return stamp or UNDATED


def _together(stamp: DateStamp, other: DateStamp, rung: str) -> DateStamp:
    mine, theirs = stamp.days, other.days
    if mine is None or theirs is None:
        return stamp
    if theirs[1] < mine[0] or theirs[0] > mine[1]:
        return replace(stamp, flags=(*stamp.flags, f"conflict:{rung}"))
    finer = PRECISIONS.index(other.precision) < PRECISIONS.index(stamp.precision)
    if finer and covering(*theirs)[0] and "inferred" not in stamp.flags:
        return replace(other, flags=(*other.flags, "refined"))
    return stamp
