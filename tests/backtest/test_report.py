"""The report as text: self-contained, everything from outside escaped, the right sentences and numbers."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from backtest.errors import StoreError
from backtest.report import content, write_report
from backtest.report.cells import Column, grid, show
from backtest.report.page import Extras, compact, render
from backtest.study import EventStudy
from backtest.summary import answers
from backtest.testing import events_table, price_panel

EVIL = "<script>alert(1)</script>"
QUOTES = "A\"'&B"


@pytest.fixture(scope="module")
def result():
    panel = price_panel([QUOTES, "B"], 420, {(QUOTES, 300): -0.10, ("B", 310): 0.02, ("B", 340): 0.05}, seed=2)
    rows = list(zip(panel.events["asset"], panel.events["event_time"].dt.date.astype(str), strict=True))
    extra = {"evidence": [EVIL, None, "the words"], "url": ["javascript:alert(1)", "https://example.com/a", None]}
    rows.append(("B", "2019-01-01"))
    extra = {name: [*values, None] for name, values in extra.items()}
    events = events_table(rows, kind=["profit-warning", "other", "other", "other"], **extra)
    with pytest.warns(UserWarning, match="1 of 4 events dropped"):
        return EventStudy().run(events, replace(panel.prices, notice="simulated prices"))


ARTICLES = pd.DataFrame({
    "article_id": ["a1", "a2"], "title": [EVIL, None], "text": ["Shares fell. The company warned of less profit.", "Nothing."],
    "url": [None, None], "published": ["2021-02-24", None],
})  # fmt: skip
SIGNALS = pd.DataFrame({
    "article_id": ["a1", "a1"], "kind": ["profit-warning", "other"], "company": ["ACME", "ACME"], "start": [25, 13.0],
    "end": [46, 30.0], "novelty": ["new", "background"],
})  # fmt: skip
AUDIT = pd.DataFrame({"article_id": ["a1", "a2"], "result": ["signals", "nothing"], "note": ["", "no signal"]})


def page(result, **extras):
    return render(result, Extras(**extras))


class Reader(HTMLParser):
    """Collects what a browser would load or run, and the visible text."""

    def __init__(self):
        super().__init__()
        self.loads, self.handlers, self.images, self.scripts, self.texts = [], [], [], 0, []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.scripts += tag == "script"
        self.handlers += [name for name in found if name.startswith("on") or name == "style"]
        if tag == "img":
            self.images.append(found)
        if tag in ("img", "script", "link", "iframe", "object", "source", "video", "audio"):
            self.loads += [found[name] for name in ("src", "href", "data", "srcset") if name in found]

    def handle_data(self, data):
        self.texts.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader


def test_nothing_is_loaded_from_anywhere(result, tmp_path):
    path = write_report(result, tmp_path / "report.html")
    reader = read(path.read_text(encoding="utf-8"))
    assert reader.scripts == 1
    assert reader.handlers == []
    assert len(reader.images) == 2 + 2 + 3
    assert all(link.startswith("data:image/svg+xml;base64,") for link in reader.loads)
    assert all(image["alt"] for image in reader.images)


def test_policy_names_the_hashes_of_what_is_in_the_page(result):
    html = page(result)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy


def test_words_from_outside_show_as_words(result):
    html = page(result, articles=ARTICLES, signals=SIGNALS, audit=AUDIT)
    assert EVIL not in html
    reader = read(html)
    assert reader.scripts == 1
    assert [text.strip() for text in reader.texts].count(EVIL) >= 2
    assert any(QUOTES in text for text in reader.texts)
    assert 'href="javascript' not in html
    assert '<a href="https://example.com/a" rel="noopener noreferrer nofollow">' in html


def test_first_screen_answers_the_question(result):
    html = page(result)
    text = " ".join("".join(read(html).texts).split())
    table = answers(result).set_index("kind")
    row = table.loc["profit-warning"]
    assert row["test"] == "sq"
    assert f"profit-warning moved −{-100 * row['effect']:.1f} %" in text
    assert "A single case, not a rule." in text
    assert "other shows no effect that chance would not explain" in text or "other moved" in text
    assert "Fewer than 10 events: read with care." in text
    assert "of 2 groups moved by more than chance explains" in text
    assert "Not market data." in text
    assert "no-price" not in text
    assert "before-first-session 1" in text or "short-estimation 1" in text


def test_the_way_from_articles_counts_what_is_there(result):
    steps = content.steps(result, Extras(articles=ARTICLES, signals=SIGNALS))
    assert [(s["name"], s["n"]) for s in steps] == [
        ("articles read", 2), ("signals in them", 2), ("events", 4), ("events studied", 3),
    ]  # fmt: skip
    assert steps[1]["note"] == "1 mention of old news makes no event"
    assert steps[2]["lost"][0]["n"] == 1
    peers = replace(result, events=result.events.assign(role="peer"))
    assert content.steps(peers, Extras())[0]["name"] == "events, peers' included"


def test_days_missing_are_said(result):
    holed = replace(result, estimates=replace(result.estimates, ar=result.estimates.ar.copy()))
    holed.estimates.ar[0, 3] = float("nan")
    assert content.steps(holed, Extras())[-1]["note"].startswith("1 event with a day missing in the event window")


def test_evidence_is_marked_where_it_stands():
    first, second = content.articles(ARTICLES, SIGNALS, AUDIT)
    assert "".join(text for text, _ in first["parts"]) == ARTICLES["text"][0]
    assert dict(reversed(pair) for pair in first["parts"])["other: ACME"] == ARTICLES["text"][0][13:30]
    assert {label for _, label in first["parts"]} == {"", "other: ACME", "profit-warning: ACME"}
    assert (second["title"], second["published"], second["how"]) == (
        "a2",
        "undated",
        "result: nothing; note: no signal",
    )


def test_evidence_of_the_title_marks_nothing_in_the_text():
    first, _ = content.articles(ARTICLES, SIGNALS.assign(field="title"), AUDIT)
    assert {label for _, label in first["parts"]} == {""}


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], [("abcdef", "")]),
        ([(0, 2, "x")], [("ab", "x"), ("cdef", "")]),
        ([(4, 6, "y"), (1, 3, "x")], [("a", ""), ("bc", "x"), ("d", ""), ("ef", "y")]),
        ([(0, 4, "x"), (2, 6, "y")], [("abcd", "x"), ("ef", "y")]),
        ([(1, 5, "x"), (2, 3, "y")], [("a", ""), ("bcde", "x"), ("f", "")]),
    ],
)
def test_marked_cuts_a_text_without_losing_any(marks, expected):
    assert content.marked("abcdef", marks) == expected


def test_cards_are_cut_at_the_number_of_panels(result):
    html = page(result, panels=1)
    assert html.count('<details class="event"') == 1
    assert "2 further events moved less on day 0 and have no card" in html


@pytest.mark.parametrize(
    ("key", "numeric", "value", "expected"),
    [
        ("effect", True, -0.0123, ("−1.23 %", "-0.0123")),
        ("pvalue", True, 0.0004, ("< 0.001", "0.0004")),
        ("window_start", True, -5, ("−5", "-5.0")),
        ("n", True, 12, ("12", "12.0")),
        ("statistic", True, 1.23456, ("1.235", "1.23456")),
        ("pvalue", True, float("nan"), ("–", "")),
        ("kind", False, None, ("", None)),
        ("kind", False, pd.NA, ("", None)),
        ("day0", False, pd.Timestamp("2021-03-01"), ("2021-03-01", None)),
        ("event_time", False, pd.Timestamp("2021-03-01T07:30Z"), ("2021-03-01 07:30", None)),
        ("flags", False, ["a", "b"], ("a, b", None)),
    ],
)
def test_cells(key, numeric, value, expected):
    assert show(Column(key, key, numeric), value) == expected


def test_grid_leaves_empty_columns_out():
    frame = pd.DataFrame({"a": [1.0, 2.0], "none": [None, None], "blank": ["", ""], "event_id": ["x", "y"]})
    made = grid("id", "Title", frame)
    assert [(c.key, c.label, c.numeric) for c in made.columns] == [("a", "a", True), ("event_id", "event", False)]


def test_same_result_same_bytes(result, tmp_path):
    one, two = (write_report(result, tmp_path / name).read_bytes() for name in ("1.html", "2.html"))
    assert one == two


def test_place_that_cannot_be_written(result, tmp_path):
    with pytest.raises(StoreError, match=r"cannot write .*nowhere.*report.html: .*; choose another place"):
        write_report(result, tmp_path / "nowhere" / "report.html", Extras())


def test_result_writes_its_own_report(result, tmp_path):
    assert result.to_html(tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_pictures_are_made_small_and_keep_their_words():
    noise = "<?xml version='1.0'?>\n<!DOCTYPE svg>\n<!-- c -->\n<metadata> x </metadata>\n"
    text = '<text style="font-family: \'DejaVu Sans\', sans-serif; fill: red" transform="rotate(-0 1 2)">p = 0.1234 &lt; 1</text>'
    svg = f'{noise}<svg width="1.2345">\n  <path d="M 1.2345 2.0\nL 3 4.56"/>\n  {text}\n</svg>'
    assert compact(svg).strip() == (
        '<svg font-family="\'DejaVu Sans\', sans-serif" width="1.2"><path d="M 1.2 2.0L 3 4.5"/>'
        '<text style="fill:red">p = 0.1234 &lt; 1</text></svg>'
    )


def test_hundred_events_stay_below_three_megabytes(tmp_path):
    assets = [f"S{i}" for i in range(10)]
    panel = price_panel(assets, 700, {(assets[i % 10], 290 + 4 * i): 0.05 for i in range(100)}, seed=5)
    big = EventStudy().run(
        panel.events, replace(panel.prices, notice="simulated prices, reported event-day moves imposed")
    )
    assert len(big.events) == 100
    assert write_report(big, tmp_path / "big.html").stat().st_size < 3_000_000
