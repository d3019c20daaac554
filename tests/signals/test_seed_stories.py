"""The three stories the project started from: what must be found in them, and what must not."""

from __future__ import annotations

import pandas as pd
import pytest

import signals

NAMES = {"Zalando ZAL.DE": "ZAL.DE", "Asos ASC.L": "ASC.L", "Alibaba BABA": "BABA"}


def _live(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["novelty"] != "background"]


def _has(table: pd.DataFrame, kind: str, role: str, **columns: str) -> bool:
    found = table[(table["kind"] == kind) & (table["role"] == role)]
    for name, value in columns.items():
        found = found[found[name] == value]
    return len(found) > 0


@pytest.fixture(scope="module")
def own() -> signals.Extraction:
    return signals.extract(signals.seeds())


@pytest.fixture(scope="module")
def original(shared) -> signals.Extraction:
    return signals.extract(sorted((shared / "seeds").glob("*.txt")))


@pytest.fixture(params=["own", "original"])
def stories(request) -> signals.Extraction:
    return request.getfixturevalue(request.param)


def _one(stories: signals.Extraction, number: str) -> pd.DataFrame:
    return stories.signals[stories.signals["article_id"].str.startswith(number)]


def test_the_rumour_story_says_what_a_careful_reader_finds(stories):
    told = _one(stories, "000")
    assert _has(_live(told), "takeover-rumour", "target", ticker="ZAL.DE", status="rumour")
    assert _has(told, "takeover-rumour", "acquirer", ticker="BABA")
    assert _has(told, "profit-warning", "issuer", ticker="ASC.L", novelty="background")
    assert _has(_live(told), "takeover-bid", "target", company="Data Artisans", ticker="", subkind="agreed")
    assert _has(_live(told), "takeover-bid", "acquirer", ticker="BABA")


def test_the_rumour_story_says_nothing_else(stories):
    told = _one(stories, "000")
    warned = told[told["kind"] == "profit-warning"]
    assert list(zip(warned["role"], warned["ticker"], strict=True)) == [("issuer", "ASC.L"), ("peer", "ZAL.DE")]
    assert len(warned) == 2, "the related link at the end is no second warning"
    targets = told[(told["kind"] == "takeover-rumour") & (told["role"] == "target")]
    assert set(targets["ticker"]) == {"ZAL.DE"}
    assert not _has(told, "takeover-bid", "target", ticker="ZAL.DE")
    assert "takeover-denied" not in set(told["kind"])
    named = set(told["company"].str.lower())
    assert not named & {"dongxii", "handelsblatt", "tmall", "flink"}
    assert set(told["company"]) <= {"Zalando", "Alibaba", "Asos", "ASOS", "Data Artisans"}


@pytest.mark.parametrize("number", ["001", "002"])
def test_the_expansion_stories_tell_of_no_takeover_and_no_warning(stories, number):
    told = _one(stories, number)
    assert set(told["kind"]) <= {"market-entry"}
    assert set(told["ticker"]) <= {"BABA"}


def test_the_rumour_was_public_before_the_article_and_known_from_it_on_its_own_day_only(own):
    row = _one(own, "000").query("kind == 'takeover-rumour' and role == 'target'").iloc[0]
    assert row["event_time"] == pd.Timestamp("2019-01-02", tz="UTC")
    assert row["session_hint"] == "after-close"
    assert row["event_source"] == "anchor"
    assert "anchor" in row["flags"]
    assert row["known_at"] == pd.Timestamp("2019-01-09 22:59:59.999999", tz="UTC")
    assert row["source_event"] == "ZAL-20190102-TR"


def test_the_bidders_row_has_the_time_of_the_targets_row(own):
    target, bidder = (
        _one(own, "000").query("kind == 'takeover-rumour' and role == @role").iloc[0] for role in ("target", "acquirer")
    )
    for name in ("event_time", "event_precision", "event_source", "session_hint", "source_event"):
        assert target[name] == bidder[name]


def test_the_warning_that_hit_a_competitors_share_has_a_row_for_that_peer(own):
    issuer, peer = (
        _one(own, "000").query("kind == 'profit-warning' and role == @r").iloc[0] for r in ("issuer", "peer")
    )
    assert (peer["company"], peer["counterparty"]) == ("Zalando", issuer["company"])
    for name in ("event_time", "novelty", "source_event", "status", "evidence"):
        assert issuer[name] == peer[name]
    assert "ZAL.DE" not in set(own.events().query("kind == 'profit-warning'")["asset"])


def test_the_old_warning_is_resolved_to_the_catalogues_day(own):
    row = _one(own, "000").query("kind == 'profit-warning'").iloc[0]
    assert row["event_time"] == pd.Timestamp("2018-12-17 07:00", tz="UTC")
    assert row["event_precision"] == "minute"
    assert row["source_event"] == "ASC-20181217-PW"


def test_without_a_catalogue_the_old_warning_keeps_the_texts_own_precision():
    found = signals.extract(signals.seeds(), anchors=None).signals
    row = found[(found["kind"] == "profit-warning")].iloc[0]
    assert (row["event_time"], row["event_precision"]) == (pd.Timestamp("2018-12-01", tz="UTC"), "month")
    assert row["event_source"] == "prose"


def test_the_bare_text_without_a_catalogue_is_undated_and_says_so(shared):
    found = signals.extract(shared / "seeds" / "000_ef82867c575bde5e.txt", anchors=None)
    assert found.signals["known_at"].isna().all()
    assert set(found.audit["precision"]) == {"none"}
    assert found.audit["note"].iloc[0].startswith("undated")
    assert found.events().empty
    assert set(found.dropped["reason"]) == {"undated", "unlisted", "background", "counterparty"}


def test_events_of_the_seeds(own):
    events = own.events()
    rumour = events[events["kind"] == "takeover-rumour"]
    assert list(rumour["asset"]) == ["ZAL.DE"]
    assert "profit-warning" not in set(events["kind"]), "a background mention makes no event"
    bid = events[events["kind"] == "takeover-bid"]
    assert list(zip(bid["asset"], bid["role"], strict=True)) == [("BABA", "acquirer")]
    assert bid["event_time"].iloc[0] == pd.Timestamp("2019-01-08", tz="UTC")
    unlisted = own.dropped[own.dropped["reason"] == "unlisted"]
    assert "takeover-bid" in set(unlisted["kind"])


def test_evidence_spans_index_the_text(stories):
    texts = {a.id: {"text": a.text, "title": a.title} for a in stories.articles}
    for row in stories.signals.itertuples():
        assert texts[row.article_id][row.field][row.start : row.end] == row.evidence
        assert row.evidence.strip()


def test_audit_has_one_row_per_article(own):
    assert list(own.audit["article_id"]) == [a.id for a in own.articles]
    assert own.audit["result"].iloc[0] == "signals"
    assert list(own.audit["published"]) == ["2019-01-09", "2018-12", "2023-06-15"]
