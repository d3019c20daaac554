"""The report as text: self-contained, everything from outside escaped, the right sentences and numbers."""

import base64
import hashlib
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pandas as pd
import pytest

from backtest.errors import StoreError
from backtest.plots.tagging import marked
from backtest.report import content, write_report
from backtest.report.cards import articles, cards, passage
from backtest.report.cells import Column, grid, show
from backtest.report.page import Extras, compact, render
from backtest.report.way import steps, why_left
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
    assert all(link.startswith("data:image/svg+xml,<svg ") for link in reader.loads)
    for link in reader.loads:
        ElementTree.fromstring(unquote(link.partition(",")[2]))
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


def way(result, tests=None, **extras):
    table = answers(result)
    return steps(result, Extras(**extras), table, result.test("bmp") if tests is None else tests)


def test_the_way_from_articles_counts_what_is_there(result):
    rows = way(result, articles=ARTICLES, signals=SIGNALS, audit=AUDIT)
    assert [(s["name"], s["n"], s["table"]) for s in rows] == [
        ("articles read", 2, "article-audit"), ("signals in them", 2, "signals"), ("events", 4, "dropped"),
        ("events studied", 3, "audit"), ("events in the answers (day 0)", 3, "answer"), ("tests of groups", 2, "tests"),
    ]  # fmt: skip
    assert rows[0]["lost"] == [{"reason": "without a signal", "n": 1, "table": "article-audit", "filter": "nothing"}]
    assert rows[1]["lost"] == [{"reason": "background", "n": 1, "table": "signals", "filter": "background"}]
    assert rows[2]["note"].startswith("at least 3 of them from the table of events")
    assert rows[2]["lost"][0]["n"] == 1
    assert rows[5]["note"] == "1 without a p: the column “reason” says why"
    assert {s["most"] for s in rows} == {4}
    peers = replace(result, events=result.events.assign(role="peer"))
    assert way(peers)[0]["name"] == "events, peers' included"
    assert way(result, articles=ARTICLES)[0]["table"] == ""


def test_why_a_signal_makes_no_event():
    signals = pd.DataFrame(
        {"ticker": ["A", None, "", "B", None], "novelty": ["new", "new", "new", "repeat", "background"]}
    )
    assert list(why_left(signals)) == ["", "unlisted", "unlisted", "repeat", "background"]
    assert list(why_left(pd.DataFrame({"kind": ["x"]}))) == [""]


def test_every_link_of_the_way_leads_to_a_table(result):
    html = page(result, articles=ARTICLES, signals=SIGNALS, audit=AUDIT)
    targets = set(re.findall(r'<a href="#([^"]+)" data-filter', html))
    assert targets >= {"article-audit", "signals", "dropped", "audit", "answer", "tests"}
    assert {t for t in targets if f'id="{t}"' not in html} == set()


def test_days_missing_are_said(result):
    holed = replace(result, estimates=replace(result.estimates, ar=result.estimates.ar.copy()))
    holed.estimates.ar[0, 3] = float("nan")
    notes = [s["note"] for s in way(holed, tests=result.test("bmp"))]
    assert any(note.startswith("1 event with a day missing in the event window") for note in notes)


def test_evidence_is_marked_where_it_stands():
    first, second = articles(ARTICLES, SIGNALS, AUDIT)
    assert "".join(text for text, _ in first["parts"]) == ARTICLES["text"][0]
    assert dict(reversed(pair) for pair in first["parts"])["other: ACME"] == ARTICLES["text"][0][13:30]
    assert {label for _, label in first["parts"]} == {"", "other: ACME", "profit-warning: ACME"}
    assert (second["title"], second["published"], second["how"]) == (
        "a2",
        "undated",
        "result: nothing; note: no signal",
    )


def test_evidence_of_the_title_is_marked_in_the_title_alone():
    title = SIGNALS.iloc[:1].assign(field="title", start=0.0, end=8.0)
    first, _ = articles(ARTICLES, title, AUDIT)
    assert {label for _, label in first["parts"]} == {""}
    assert first["heading"][0] == ("<script>", "profit-warning: ACME")


def test_a_card_quotes_the_articles_that_report_its_event(result):
    event_id = result.events.index[0]
    known = result.events["known_at"].iloc[0]
    signals = SIGNALS.assign(
        ticker=[result.events["asset"].iloc[0], "C"],
        known_at=[known + pd.Timedelta(days=1), known],
        source_event=["", ""],
    )
    made = {
        card["event_id"]: card for card in cards(result, Extras(articles=ARTICLES, signals=signals), result.test("sq"))
    }
    (told,) = made[event_id]["told"]
    assert (told["number"], told["title"]) == (1, EVIL)
    assert told["parts"] == [("Shares fell. The company ", False), ("warned of less profit", True), (".", False)]
    assert made[event_id]["evidence"] == ""
    assert all(not card["told"] for name, card in made.items() if name != event_id)
    audit = dict(dict(made[event_id]["facts"])["Audit"])
    row = result.test("sq").set_index("event_id").loc[event_id]
    assert audit["sq, day 0"] == f"{-100 * row['effect']:.1f} %, p {row['pvalue']:.3f}".replace("-", "").join(["−", ""])
    late = signals.assign(known_at=[known + pd.Timedelta(days=40)] * 2)
    assert not any(card["told"] for card in cards(result, Extras(articles=ARTICLES, signals=late), result.test("sq")))
    named = late.assign(source_event=event_id)
    assert [
        c["event_id"] for c in cards(result, Extras(articles=ARTICLES, signals=named), result.test("sq")) if c["told"]
    ] == [event_id]


def test_a_passage_is_cut_at_blanks():
    text = "one two " * 40 + "EVIDENCE" + " three four" * 40
    (before, _), (words, mark), (after, _) = passage(text, 320, 328)
    assert (words, mark) == ("EVIDENCE", True)
    assert before.startswith(("… two", "… one"))
    assert after.endswith(" …")
    assert len(before) < 115
    assert passage("EVIDENCE\nhere", 0, 8) == [("EVIDENCE", True), (" here", False)]


def test_headline_names_what_moved(result):
    table = answers(result)
    assert content.headline(table).startswith("What moved on day 0: profit-warning −10.0 % (N=1)")
    assert content.headline(table.assign(pvalue=0.5)) == "Nothing moved by more than chance explains on day 0."
    assert content.headline(table.iloc[:0]) == "No group could be tested."
    many = pd.concat([table.assign(kind=[f"{k}{i}" for k in table["kind"]], pvalue=0.01) for i in range(3)])
    assert content.headline(many).endswith("and 2 more kinds.")
    chance = pd.concat([table.assign(pvalue=0.5)] * 6, ignore_index=True)
    chance.loc[3, "pvalue"] = 0.04
    said = "Nothing beyond chance: 1 of 12 kinds has p < 0.05 on day 0; 0.6 would if nothing ever happened."
    assert content.headline(chance) == said
    chance.loc[3, "pvalue"] = 0.001
    assert content.headline(chance).startswith("What moved on day 0: ")


def test_answers_that_moved_come_first_and_many_are_behind_a_click(result):
    table = answers(result)
    many = pd.concat(
        [table.assign(kind=[f"{k}-{i}" for k in table["kind"]], pvalue=0.5) for i in range(6)], ignore_index=True
    )
    many.loc[11, "pvalue"] = 0.001
    words = content.page(result, many.iloc[:12], result.test("bmp"), Extras())
    assert words["answers"][0]["kind"] == many["kind"][11]
    assert (len(words["answers"]), len(words["more_answers"])) == (10, 2)


def test_tests_of_the_answers_window_come_first(result):
    html = page(result, tests=result.test("bmp", "cross-sectional", windows=[(-5, 10), (0, 0), (0, 1)]))
    table = html[html.index('id="tests-table"') :]
    table = table[: table.index("</table>")]
    head = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<th .*?</th>", table)]
    rows = [
        [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row)] for row in table.split("</tr>")[1:-1]
    ]
    at = [head.index("from day"), head.index("to day")]
    assert list(dict.fromkeys(tuple(row[i] for i in at) for row in rows)) == [("0", "0"), ("0", "+1"), ("−5", "+10")]
    assert head[:4] == ["kind", "test", "from day", "to day"]


def test_method_names_formulas_versions_and_fingerprint(result):
    html = page(result, setup={"manifest fingerprint": "abc123"})
    assert "SCAR(i) = CAR(i) / s(CAR(i))" in html
    assert "abc123" in html
    assert "kp-overlap: " in html


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
    assert marked("abcdef", marks) == expected


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
        ("statistic", True, -1.23456, ("−1.235", "-1.23456")),
        ("se", True, 0.0123, ("1.23 %", "0.0123")),
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
        '<svg font-family="DejaVu Sans,sans-serif" width="1.2"><path d="M 1.2 2.0L 3 4.5"/>'
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
