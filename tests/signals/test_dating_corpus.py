"""The gate on annotated news: DATE expressions found with the right value, on TimeBank (English) and KRAUTS (German).

A mention counts if it overlaps a gold TIMEX3 of type DATE with the same value; each gold counts once. The document's creation
time is given. The floors are ratchets: they may rise; lowering one needs a reason in the change log.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from signals.dating import find_dates

FLOORS = {"en": 0.83, "de": 0.81}
CORPORA = {"en": ("TimeBank_dev",), "de": ("KRAUTS_DieZeit", "KRAUTS_Dolomiten-42")}

Gold = tuple[int, int, str]


def load(path: Path) -> tuple[str, str, list[Gold]]:
    """Return (text, creation time, gold DATE spans) of one annotated document; empty tags have no words and are left out."""
    source = path.read_text(encoding="utf-8")
    stamp = re.search(r"<TIMEX3[^>]*CREATION_TIME[^>]*>", source)
    body = re.search(r"<TEXT>(.*?)</TEXT>", source, re.S)
    assert stamp
    assert body
    created = re.search(r'value="([^"]*)"', stamp[0])
    assert created
    parts: list[str] = []
    gold: list[Gold] = []
    position, opened = 0, None
    for part in re.split(r"(<[^>]+>)", body[1]):
        if part.startswith("<TIMEX3") and not part.endswith("/>"):
            opened = position, dict(re.findall(r'(\w+)="([^"]*)"', part))
        elif part.startswith("</TIMEX3") and opened:
            if opened[1].get("type") == "DATE":
                gold.append((opened[0], position, opened[1].get("value", "")))
            opened = None
        elif not part.startswith("<"):
            parts.append(html.unescape(part))
            position += len(parts[-1])
    return "".join(parts), created[1], gold


def counts(path: Path, lang: str) -> tuple[int, int, int]:
    """Return (right, found, gold) of one document."""
    text, created, gold = load(path)
    found = [mention for mention in find_dates(text, lang, created) if mention.type == "DATE"]
    left = list(gold)
    right = 0
    for mention in found:
        for span in left:
            if mention.start < span[1] and span[0] < mention.end and mention.value == span[2]:
                left.remove(span)
                right += 1
                break
    return right, len(found), len(gold)


@pytest.mark.parametrize("lang", ["en", "de"])
def test_date_expressions_have_the_right_value(lang: str, shared: Path) -> None:
    paths = [path for name in CORPORA[lang] for path in sorted((shared / "corpus" / "dating" / name).glob("*.tml"))]
    assert len(paths) > 50
    right, found, gold = (sum(column) for column in zip(*(counts(path, lang) for path in paths), strict=True))
    f1 = 2 * right / (found + gold)
    assert f1 >= FLOORS[lang], f"F1 {f1:.3f}: {right} right of {found} found and {gold} annotated"
