"""Scores of the tagger on labelled items, and the floors below which they must not fall.

``python tests/corpus/gate.py`` prints the scores; ``--write`` raises the floors in floors.json to them, and lowers none;
``--lower NAME`` lets the floor NAME go down as well, so that nobody lowers one in passing. The floors hold for the very
corpus whose hash is written beside them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared" / "corpus"
FLOORS = HERE / "floors.json"
ITEMS = ("retellings_dev.jsonl", "constructed_dev.jsonl")
ARTICLES = "articles_dev.jsonl"
#: Headlines and leads in wordings of all sorts, written in rounds, each before the rules had seen any of it.
WORDINGS = "wordings_dev.jsonl"
#: The same for warnings, raised guidance, other figures and market entries, with what is told apart from them.
FIGURES = "figures_dev.jsonl"
#: The same for takeovers: headlines, leads and retold prose.
DEALS = "deals_dev.jsonl"
TICKERS = {
    "ZAL": "ZAL.DE", "ASC": "ASC.L", "BOO": "BOO.L", "ABF": "ABF.L", "SDRY": "SDRY.L", "NXT": "NXT.L", "SPD": "SPD.L",
    "BOSS": "BOSS.DE", "JD": "JD.L",
}  # fmt: skip
PARTIES = {
    "issuer": {"issuer"},
    "target": {"target"},
    "acquirer": {"acquirer"},
    "seller": {"seller"},
    "merger-party": {"target", "acquirer"},
}


def read(place: Path) -> list[dict[str, Any]]:
    """Return the items of a json lines file."""
    with open(place, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def digest(places: Iterable[Path]) -> str:
    """Return the hash of files, in their order."""
    return hashlib.sha256(b"".join(place.read_bytes() for place in places)).hexdigest()


def tagged(items: Iterable[dict[str, Any]], date: str) -> list[list[dict[str, Any]]]:
    """Return the rows of the signals table of each item that are no background."""
    from signals.article import Article
    from signals.extraction import read_one, settings

    setup = settings(anchors=None)
    readings = (read_one(Article(text=i["text"], lang=i["lang"], published=i.get(date) or ""), setup) for i in items)
    return [[row for row in r.rows if row["novelty"] != "background"] for r in readings]


def score_items(items: list[dict[str, Any]]) -> dict[str, float]:
    """Return precision and recall per kind, macro-F1 over labels with ten items, and the share of right parties."""
    items = [i for i in items if "second_reader" not in i]
    hits, claims, truths = Counter(), Counter(), Counter()
    right = listed_right = parties = listed = 0
    for item, rows in zip(items, tagged(items, "date"), strict=True):
        found = {row["kind"] for row in rows} or {"none"}
        truths[item["label"]] += 1
        claims.update(found)
        hits[item["label"]] += item["label"] in found
        for company in item["companies"] if item["label"] in found else ():
            if company["role"] in PARTIES and item["label"] != "none":
                good = any(
                    _same(company, row) and row["role"] in PARTIES[company["role"]]
                    for row in rows
                    if row["kind"] == item["label"]
                )
                right, parties = right + good, parties + 1
                if company.get("ticker") in _listed():
                    listed_right, listed = listed_right + good, listed + 1
    scores = {}
    f1 = []
    for kind, n in truths.items():
        precision, recall = hits[kind] / max(1, claims[kind]), hits[kind] / n
        if kind in ("takeover-rumour", "profit-warning"):
            scores |= {f"{kind} precision": precision, f"{kind} recall": recall}
        if n >= 10:
            f1.append(2 * precision * recall / max(1e-9, precision + recall))
    return scores | {
        "macro-F1": sum(f1) / len(f1),
        "roles": right / parties,
        "roles of listed companies": listed_right / max(1, listed),
    }


def _listed() -> set[str]:
    from signals.linking import load_watchlist

    return set(load_watchlist().tickers)


def _same(company: dict[str, Any], row: dict[str, Any]) -> bool:
    if row["ticker"] and company.get("ticker"):
        return row["ticker"] == company["ticker"]
    found, true = row["company"].lower(), company["name"].lower()
    return bool(found) and (found in true or true in found)


def score_articles(articles: list[dict[str, Any]]) -> dict[str, float]:
    """Return the share of must_emit found, and of must_not_emit not violated."""
    found = must = kept = never = 0
    for article, rows in zip(articles, tagged(articles, "date_if_known"), strict=True):
        found += sum(_emitted(wanted, rows) for wanted in article["must_emit"])
        must += len(article["must_emit"])
        kept += sum(not _emitted(unwanted, rows) for unwanted in article["must_not_emit"])
        never += len(article["must_not_emit"])
    return {"articles must": found / must, "articles must not": kept / never}


def _emitted(signal: dict[str, str], rows: list[dict[str, Any]]) -> bool:
    role = "target" if "target" in signal else "issuer"
    who = TICKERS.get(signal[role], signal[role])
    rows = [
        r
        for r in rows
        if r["kind"] == signal["signal"] and r["role"] == role and signal.get("status") in (None, r["status"])
    ]
    return any(who == "*" or who in (r["ticker"], r["company"]) for r in rows)


def calibration(items: list[dict[str, Any]]) -> list[tuple[float, float, int]]:
    """Return (mean confidence, observed precision, n) in bins of at least 15 signals, by confidence."""
    items = [i for i in items if "second_reader" not in i]
    told = sorted(
        (max(r["confidence"] for r in rows if r["kind"] == kind), kind == item["label"])
        for item, rows in zip(items, tagged(items, "date"), strict=True)
        for kind in {r["kind"] for r in rows}
    )
    return bins(told)


def bins(told: list[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Return (mean confidence, observed precision, n) of sorted (confidence, right) in about five bins of at least 15."""
    size = max(15, len(told) // 5)
    parts = [told[i : i + size] for i in range(0, len(told), size)]
    if len(parts) > 1 and len(parts[-1]) < 15:
        parts[-2:] = [parts[-2] + parts[-1]]
    return [(sum(c for c, _ in b) / len(b), sum(ok for _, ok in b) / len(b), len(b)) for b in parts if len(b) >= 15]


def own_scores() -> dict[str, float]:
    """Return the scores on the corpora inside the project."""
    return score_items([i for name in ITEMS for i in read(HERE / name)]) | score_articles(read(HERE / ARTICLES))


def wording_scores() -> dict[str, float]:
    """Return the scores on the project's own headlines."""
    return score_items(read(HERE / WORDINGS))


def figure_scores() -> dict[str, float]:
    """Return the scores on the project's own headlines and leads about figures and market entries."""
    return score_items(read(HERE / FIGURES))


def deal_scores() -> dict[str, float]:
    """Return the scores on the project's own headlines and leads about takeovers."""
    return score_items(read(HERE / DEALS))


def shared_scores() -> dict[str, float]:
    """Return the scores on all labelled items beside the checkout."""
    return score_items([i for name in ("headlines_dev.jsonl", *ITEMS) for i in read(SHARED / name)])


def files(where: str) -> list[Path]:
    """Return the files that the floors of "own", "wordings", "figures", "deals" or "shared" were measured on."""
    if where == "own":
        return [HERE / name for name in (*ITEMS, ARTICLES)]
    single = {"wordings": WORDINGS, "figures": FIGURES, "deals": DEALS}
    if where in single:
        return [HERE / single[where]]
    return [SHARED / name for name in ("headlines_dev.jsonl", *ITEMS)]


def main() -> int:
    """Print the scores; with ``--write`` raise the floors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="raise the floors to the scores")
    parser.add_argument("--lower", action="append", default=[], metavar="NAME", help="let this floor go down")
    options = parser.parse_args()
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    measures = {
        "own": own_scores,
        "wordings": wording_scores,
        "figures": figure_scores,
        "deals": deal_scores,
        "shared": shared_scores,
    }
    for where, measure in measures.items():
        if not files(where)[0].exists():
            continue
        old = floors.get(where, {}).get("floors", {})
        new = dict(old)
        for name, score in measure().items():
            sys.stdout.write(f"{where:8s} {name:28s} {score:.3f} (floor {old.get(name, 0):.3f})\n")
            new[name] = score if name in options.lower else max(old.get(name, 0), score)
        floors[where] = {"sha256": digest(files(where)), "floors": {k: int(v * 1000) / 1000 for k, v in new.items()}}
    if options.write:
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[1]))
    raise SystemExit(main())
