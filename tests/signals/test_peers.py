"""A warning that moved somebody else's share: a row for that peer, and no event of its own unless peers are asked for."""

from __future__ import annotations

import pandas as pd
import pytest

import signals


def _found(text: str, **options) -> signals.Extraction:
    return signals.extract([{"text": text, "published": "2018-12-18"}], **options)


@pytest.mark.parametrize(
    ("text", "novelty"),
    [
        ("Zalando shares recover after competitor Asos' profit warning", "background"),
        ("Asos profit warning drags down Zalando shares", "new"),
        ("Shares in Zalando slump after Asos issues profit warning", "new"),
        ("Zalando-Aktie fällt nach Gewinnwarnung von Asos", "new"),
        ("Der Kurs von Zalando rutschte wegen der Gewinnwarnung von Asos um elf Prozent ab.", "new"),
        ("Asos schockt mit Gewinnwarnung, Zalandos Aktie bricht ein", "new"),
        (
            "Zalando does well. In autumn it slumped after the profit warning issued by its rival Asos at the end of last year.",
            "background",
        ),
    ],
)
def test_a_peer_whose_share_moved_has_a_row(text, novelty):
    rows = _found(text, anchors=None).signals.query("kind == 'profit-warning'")
    told = {(r.role, r.ticker): r for r in rows.itertuples()}
    assert set(told) == {("issuer", "ASC.L"), ("peer", "ZAL.DE")}
    assert told["peer", "ZAL.DE"].counterparty == told["issuer", "ASC.L"].company
    assert {r.novelty for r in told.values()} == {novelty}


@pytest.mark.parametrize(
    "text",
    [
        "Asos shares crash 38% after shock profit warning",
        "Superdry shares plunge after profit warning; Asos shares steady",
        "Zalando warns on profit. Shares fell after the profit warning.",
        "Zalando opens a depot. Asos shares fell after a profit warning.",
        "Nach einer Gewinnwarnung bricht die Aktie ein.",
    ],
)
def test_a_share_that_falls_on_its_own_warning_makes_no_peer(text):
    assert "peer" not in set(_found(text, anchors=None).signals["role"])


def test_a_peer_makes_no_event_of_its_own():
    found = _found("Asos profit warning drags down Hugo Boss shares")
    assert list(found.events()["role"]) == ["issuer"]
    assert "counterparty" in set(found.dropped["reason"])


def test_peers_that_a_text_names_join_those_of_the_watch_list_on_request():
    events = _found("Asos profit warning drags down Hugo Boss shares").events(peers=True)
    peers = events[events["role"] == "peer"]
    assert set(peers["asset"]) == {"ZAL.DE", "BOO.L", "BOSS.DE"}
    (issuer,) = events.index[events["role"] == "issuer"]
    assert set(peers["source_event"]) == {issuer}


def test_the_peers_row_has_the_time_of_the_warning():
    rows = _found("Asos profit warning drags down Zalando shares", anchors="seeds").signals
    assert set(rows["source_event"]) == {"ASC-20181217-PW"}
    assert set(rows["event_time"]) == {pd.Timestamp("2018-12-17 07:00", tz="UTC")}


def test_a_company_with_a_warning_of_its_own_is_no_peer():
    text = "Zalando issues profit warning. Zalando shares fell after Asos issued a profit warning, too."
    rows = _found(text, anchors=None).signals.query("ticker == 'ZAL.DE'")
    assert list(rows["role"]) == ["issuer"]
