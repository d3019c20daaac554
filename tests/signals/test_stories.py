"""Signals to events: one story is one event, in whatever order the articles come."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import signals
from signals.dedupe import DROP_REASONS, merge_stories, stories_to_events

RUMOUR = "Takeover rumours lift Zalando: Alibaba may be preparing a bid for Zalando."
JANUARY = [
    {"id": "a", "text": RUMOUR, "published": "2019-01-02"},
    {"id": "b", "text": RUMOUR, "published": "2019-01-03"},
    {"id": "c", "text": RUMOUR, "published": "2019-01-07"},
    {"id": "d", "text": RUMOUR, "published": "2019-01-11"},
    {"id": "e", "text": "Zalando is a takeover candidate, a magazine writes.", "published": "2018-12-17"},
    {"id": "f", "text": "Cheap Zalando is a takeover target, analysts think.", "published": "2018-12-18"},
    {"id": "g", "text": "Zalando denies takeover talks with Alibaba.", "published": "2019-01-20"},
    {"id": "h", "text": "Asos issues profit warning.", "published": "2018-12"},
    {"id": "i", "text": "Asos issues profit warning after a poor November.", "published": "2018-12-17"},
    {"id": "j", "text": "Acme issues profit warning.", "published": "2018-12-17"},
    {"id": "k", "text": "Asos issues profit warning."},
]


def _events(articles, anchors=None, **options):
    return signals.extract(articles, anchors=anchors).events(**options)


def test_reports_of_one_story_are_one_event_and_the_first_report_wins():
    events = _events(JANUARY)
    rumours = events[events["kind"] == "takeover-rumour"]
    assert list(rumours["event_time"].dt.strftime("%Y-%m-%d")) == ["2018-12-17", "2019-01-02"]
    assert list(rumours["articles"]) == [2, 4]
    assert list(rumours["asset"]) == ["ZAL.DE", "ZAL.DE"]


def test_the_catalogue_says_that_the_news_of_january_2019_broke_after_the_close():
    events = _events(JANUARY[:4], anchors="seeds")
    (row,) = [r for _, r in events[events["kind"] == "takeover-rumour"].iterrows()]
    assert row["event_time"] == pd.Timestamp("2019-01-02", tz="UTC")
    assert row["session_hint"] == "after-close"
    assert row["articles"] == 4


def test_a_month_joins_the_day_inside_it():
    events = _events(JANUARY)
    (row,) = [r for _, r in events[events["kind"] == "profit-warning"].iterrows()]
    assert (row["asset"], row["event_precision"], row["articles"]) == ("ASC.L", "day", 2)
    assert row["event_time"] == pd.Timestamp("2018-12-17", tz="UTC")


def test_a_denial_names_the_rumour_that_it_answers():
    events = _events(JANUARY)
    (denied,) = [r for _, r in events[events["kind"] == "takeover-denied"].iterrows()]
    rumour = events[(events["kind"] == "takeover-rumour") & (events["articles"] == 4)].index[0]
    assert denied["source_event"] == rumour
    assert denied["status"] == "denied"


def test_what_makes_no_event_leaves_with_a_reason():
    found = signals.extract(JANUARY, anchors=None)
    reasons = dict(zip(found.dropped["article_id"], found.dropped["reason"], strict=True))
    assert reasons["j"] == "unlisted"
    assert reasons["k"] == "undated"
    assert "counterparty" in set(found.dropped["reason"])
    assert list(found.dropped["reason"].cat.categories) == list(DROP_REASONS)


def test_days_and_peers_are_options():
    assert len(_events(JANUARY[:4], days=3)) > len(_events(JANUARY[:4], days=10))
    events = _events(JANUARY[8:9], peers=True)
    peers = events[events["role"] == "peer"]
    issuer = events[events["role"] == "issuer"].index[0]
    assert list(peers["asset"]) == ["ZAL.DE", "BOO.L"]
    assert set(peers["source_event"]) == {issuer}
    assert peers.index.is_unique
    assert "peer" not in set(_events(JANUARY[:1], peers=True)["role"])


def test_ids_are_stable_and_tables_typed():
    first, second = _events(JANUARY), _events(JANUARY)
    pd.testing.assert_frame_equal(first, second)
    assert first.index.name == "event_id"
    assert first.index.is_unique
    for name in ("event_time", "known_at"):
        assert str(first[name].dtype) == "datetime64[us, UTC]"
    assert (first["known_at"] >= first["event_time"]).all()


def test_no_signals_make_an_empty_events_table():
    events, dropped = stories_to_events(signals.extract([{"text": "The weather was fine."}]).signals)
    assert events.empty
    assert list(events.columns[:3]) == ["asset", "kind", "role"]
    assert dropped.empty


@settings(max_examples=15)
@given(order=st.permutations(range(len(JANUARY))))
def test_the_order_of_articles_never_changes_the_events(order):
    pd.testing.assert_frame_equal(_events([JANUARY[i] for i in order]), _events(JANUARY))


def _table(rows):
    frame = pd.DataFrame(rows).set_index("event_id")
    for name in ("event_time", "known_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
    return frame


def _row(event_id, asset, kind, day, precision="day", role="issuer", articles=1, evidence="words", **more):
    return {
        "event_id": event_id, "asset": asset, "kind": kind, "role": role, "event_time": day, "event_precision": precision,
        "known_at": day,
        "articles": articles, "evidence": evidence, "url": f"http://{event_id}", **more,
    }  # fmt: skip


def test_merging_keeps_the_curated_id_and_dates_and_joins_the_reports():
    curated = _table([
        _row("C1", "ASC.L", "profit-warning", "2018-12-17", articles=3, evidence="curated"),
        _row("C2", "ZAL.DE", "takeover-denied", "2018-09-01", "month", role="target"),
        _row("C3", "ASC.L", "profit-warning", "2018-12-01"),
    ])  # fmt: skip
    extracted = _table([
        _row("x1", "ASC.L", "profit-warning", "2018-12-18", articles=2, evidence="found", own="kept"),
        _row("x2", "ASC.L", "profit-warning", "2019-02-01", own="kept"),
        _row("x3", "ZAL.DE", "takeover-denied", "2018-09-20", role="target", own="kept"),
        _row("x4", "ZAL.DE", "takeover-denied", "2018-09-20", role="acquirer", own="kept"),
        _row("x5", "ZAL.DE", "profit-warning", "2018-12-17", own="kept"),
    ])  # fmt: skip
    before = curated.copy(), extracted.copy()
    merged = merge_stories(curated, extracted)
    assert list(merged.index) == ["C1", "C2", "C3", "x2", "x4", "x5"]
    assert merged.loc["C1", "event_time"] == pd.Timestamp("2018-12-17", tz="UTC")
    assert (merged.loc["C1", "articles"], merged.loc["C1", "evidence"]) == (5, "curated | found")
    assert merged.loc["C1", "url"] == "http://C1 http://x1"
    assert merged.loc["C2", "articles"] == 2
    assert merged.loc["C3", "articles"] == 1
    pd.testing.assert_frame_equal(curated, before[0])
    pd.testing.assert_frame_equal(extracted, before[1])


def test_merging_nothing_new_returns_the_curated_rows():
    curated = _table([_row("C1", "ASC.L", "profit-warning", "2018-12-17")])
    extracted = _table([_row("x1", "ASC.L", "profit-warning", "2018-12-27")])
    assert list(merge_stories(curated, extracted).index) == ["C1"]
    assert list(merge_stories(curated, extracted, days=9).index) == ["C1", "x1"]


def test_the_seed_story_joins_the_shipped_catalogue(root):
    catalogue = pd.read_csv(root / "seeds" / "events.csv", index_col="event_id")
    for name in ("event_time", "known_at"):
        catalogue[name] = pd.to_datetime(catalogue[name], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    merged = merge_stories(catalogue, signals.extract(signals.seeds()).events())
    assert merged.loc["ZAL-20190102-TR", "articles"] == catalogue.loc["ZAL-20190102-TR", "articles"] + 1
    assert merged.loc["BABA-20190108-ACQ", "articles"] == catalogue.loc["BABA-20190108-ACQ", "articles"] + 1
    assert not merged.index.duplicated().any()


@pytest.mark.parametrize(
    ("text", "novelty"),
    [
        ("Asos issues profit warning.", "new"),
        ("Asos recovers two weeks after its profit warning.", "background"),
        ("Asos, which had warned on profit in October, ended lower.", "background"),
        ("Just Eat takeover battle heats up", "repeat"),
    ],
)
def test_novelty(text, novelty):
    found = signals.extract([{"text": text, "published": "2019-01-02"}], anchors=None).signals
    assert set(found["novelty"]) == {novelty}


def test_a_background_mention_names_the_event_that_it_recalls():
    found = signals.extract(
        [
            {"id": "new", "text": "Asos issues profit warning.", "published": "2018-12-17"},
            {
                "id": "old",
                "text": "Asos, which had warned on profit in December, is recovering.",
                "published": "2019-01-24",
            },
            {
                "id": "far",
                "text": "Asos, which had warned on profit in March 2014, is recovering.",
                "published": "2019-01-24",
            },
        ],
        anchors=None,
    )
    (event,) = found.events().index
    recalled = dict(zip(found.dropped["article_id"], found.dropped["source_event"], strict=True))
    assert recalled == {"old": event, "far": ""}
