"""Time expressions in prose of our own, English and German, against values counted on a calendar."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.article import Article
from signals.dating import DateMention, DateStamp, date_article, detect_language, find_dates
from signals.readers import read_articles

# A Wednesday; the Wednesday before was 2 January, the Monday before 7 January.
DAY = "2019-01-09"


def one(text: str, lang: str, published: str | DateStamp = DAY) -> DateMention:
    found = find_dates(text, lang, published)
    assert len(found) == 1, found
    assert text[found[0].start : found[0].end] == found[0].evidence
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("On 17 December 2018 the retailer warned.", "2018-12-17"),
        ("It warned on December 17th, 2018.", "2018-12-17"),
        ("It warned on Monday, Dec. 17.", "2018-12-17"),
        ("It warned on Monday 17 December.", "2018-12-17"),
        ("The file is of 2018-12-17.", "2018-12-17"),
        ("The file is of 17.12.2018.", "2018-12-17"),
        ("The file is of 17/12/2018.", "2018-12-17"),
        ("The file is of 03/04/2018.", "2018"),
        ("The file is of 2018-12.", "2018-12"),
        ("It had warned on December 17.", "2018-12-17"),
        ("Results will be published on February 28.", "2019-02-28"),
        ("The fiscal year ended Jan. 31.", "2018-01-31"),
        ("The chief left in December 2018.", "2018-12"),
        ("The chief left in December.", "2018-12"),
        ("It was built in May.", "2018-05"),
        ("It was founded in March 1998.", "1998-03"),
        ("The sale will end in March.", "2019-03"),
        ("It was born on February 29.", "2016-02-29"),
        ("It will be born on February 29.", "2020-02-29"),
        ("Shares fell last December.", "2017-12"),
        ("Shares fell last September.", "2018-09"),
        ("They will open next May.", "2019-05"),
        ("He joined in June last year.", "2018-06"),
        ("He joined in late September.", "2018-09"),
        ("He joined in early June 2018.", "2018-06"),
        ("It will close in 2021.", "2021"),
        ("It vanished in late 2020.", "2020"),
        ("In fiscal 2018 sales rose.", "2018"),
        ("It grew in the 1990s.", "199"),
        ("It grew in the early '90s.", "199"),
        ("It was a city of the 19th century.", "18"),
        ("Sales fell in the late 19th century.", "18"),
        ("It fell yesterday.", "2019-01-08"),
        ("It fell late yesterday.", "2019-01-08"),
        ("It fell the day before yesterday.", "2019-01-07"),
        ("It opens the day after tomorrow.", "2019-01-11"),
        ("Sales for FY18 rose.", "2018"),
        ("Sales for 3Q rose.", "2018-Q3"),
        ("It will close by year's end.", "2019"),
        ("The prior-year quarter was better.", "2018"),
        ("It will close tomorrow.", "2019-01-10"),
        ("It opens today.", "2019-01-09"),
        ("It said so last week.", "2019-W01"),
        ("It said so early this month.", "2019-01"),
        ("It said so earlier this year.", "2019"),
        ("It said so earlier in the year.", "2019"),
        ("It will do so later this year.", "2019"),
        ("It will do so next quarter.", "2019-Q2"),
        ("Over the past decade.", "200"),
        ("It said so on Tuesday.", "2019-01-08"),
        ("It said so on Wednesday.", "2019-01-09"),
        ("It said so last Wednesday.", "2019-01-02"),
        ("It will meet on Monday.", "2019-01-14"),
        ("It will meet next Wednesday.", "2019-01-16"),
        ("The deal is due this Friday.", "2019-01-11"),
        ("It said so early Tuesday.", "2019-01-08"),
        ("They met over the weekend.", "2019-W01-WE"),
        ("They will meet at the weekend.", "2019-W02-WE"),
        ("They will meet next weekend.", "2019-W03-WE"),
        ("In the third quarter sales fell.", "2018-Q3"),
        ("Third-quarter sales fell.", "2018-Q3"),
        ("In the third quarter of 2017 sales fell.", "2017-Q3"),
        ("In the first half of last year sales fell.", "2018-H1"),
        ("In the last half of 2017 sales fell.", "2017-H2"),
        ("In the latter half of 2017 sales fell.", "2017-H2"),
        ("In Q2 2018 sales fell.", "2018-Q2"),
        ("In last year's fourth quarter sales fell.", "2018-Q4"),
        ("It will report in the second quarter.", "2019-Q2"),
        ("In the 2017 second quarter sales fell.", "2017-Q2"),
        ("In the 2017 period sales fell.", "2017"),
        ("The latest of it came a year ago.", "2018"),
        ("It left three years ago.", "2016"),
        ("It left two months ago.", "2018-11"),
        ("It left ten days ago.", "2018-12-30"),
        ("It left a decade ago.", "2009"),
        ("It left a few years ago.", "PAST_REF"),
        ("It ends three months from now.", "2019-04"),
        ("It will be repaid in five years.", "2024"),
        ("It fell at the end of last year.", "2018"),
        ("It fell at the end of 2017.", "2017"),
        ("It will fall at the end of March.", "2019-03"),
        ("It will be done by the end of the month.", "2019-01"),
        ("It will be done by year-end.", "2019"),
        ("It sold well this winter.", "2018-WI"),
        ("It sold well last summer.", "2018-SU"),
        ("It sold well last autumn.", "2018-FA"),
        ("It sold well last winter.", "2017-WI"),
        ("It closed two decades ago.", "1999"),
        ("It sold well in the spring of 2017.", "2017-SP"),
        ("It sold well in summer 2017.", "2017-SU"),
        ("It will sell well next summer.", "2019-SU"),
        ("It sold well in the autumn.", "2019-FA"),
        ("Sales over Christmas were poor.", "2018-12-25"),
        ("Sales on Singles Day were good.", "2018-11-11"),
        ("Sales before Easter will be poor.", "2019-04-21"),
        ("The target for the full year stands.", "2019"),
        ("Net for the year fell.", "2019"),
        ("It is now a candidate.", "PRESENT_REF"),
        ("It was recently shut.", "PAST_REF"),
        ("It will soon invest.", "FUTURE_REF"),
        ("In recent weeks it fell.", "PAST_REF"),
        ("In the future it will grow.", "FUTURE_REF"),
        ("Nobody saw that in the past.", "PAST_REF"),
        ("At present nothing is sold.", "PRESENT_REF"),
    ],
)
def test_english(text: str, value: str) -> None:
    assert (one(text, "en").value, one(text, "en").type) == (value, "DATE")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Am 17. Dezember 2018 warnte der Händler.", "2018-12-17"),
        ("Am 17.12.2018 warnte der Händler.", "2018-12-17"),
        ("Am 17. 12. 18 warnte der Händler.", "2018-12-17"),
        ("Am Montag, den 17. Dezember, warnte der Händler.", "2018-12-17"),
        ("Am Mo, 17.12. warnte der Händler.", "2018-12-17"),
        ("Das Fest am 11.11. war ein Erfolg.", "2018-11-11"),
        ("Am 8. Mai dieses Jahres wird gefeiert.", "2019-05-08"),
        ("Am 28. Februar wird der Bericht vorgelegt.", "2019-02-28"),
        ("Der Chef ging im Dezember 2018.", "2018-12"),
        ("Der Chef ging im Juni des vergangenen Jahres.", "2018-06"),
        ("Der Chef ging Anfang Juni dieses Jahres.", "2019-06"),
        ("Der Chef ging im vergangenen September.", "2018-09"),
        ("Der Chef ging im vergangenen Januar.", "2018-01"),
        ("Die Halle wurde Anfang Dezember gemietet.", "2018-12"),
        ("Der Chef ging im Mai.", "2018-05"),
        ("Der Betrieb soll 2021 beginnen.", "2021"),
        ("Der Betrieb begann im Jahr 1998.", "1998"),
        ("Der Betrieb begann Ende 2017.", "2017"),
        ("Das Geschäftsjahr 2017/18 war gut.", "2017"),
        ("Das war seit 1871 so.", "1871"),
        ("Das war in den neunziger Jahren so.", "199"),
        ("Das war Mitte der 80er Jahre so.", "198"),
        ("Das war im 19. Jahrhundert so.", "18"),
        ("Das war Anfang des 20. Jahrhunderts so.", "19"),
        ("Das bleibt in diesem Jahrhundert so.", "20"),
        ("Gestern fiel die Aktie.", "2019-01-08"),
        ("Vorgestern fiel die Aktie.", "2019-01-07"),
        ("Die Bilanz kommt übermorgen.", "2019-01-11"),
        ("Vergangene Woche stand ein anderer im Blick.", "2019-W01"),
        ("Das kommt nächsten Monat.", "2019-02"),
        ("Ende vergangenen Jahres fiel die Aktie.", "2018"),
        ("Ende des Jahres wird gewählt.", "2019"),
        ("Am Jahresende wird gewählt.", "2019"),
        ("Im Vorjahr war es mehr.", "2018"),
        ("Im Vormonat war es mehr.", "2018-12"),
        ("In der Vorwoche war es mehr.", "2019-W01"),
        ("Am Vortag war es mehr.", "2019-01-08"),
        ("Das hat heuer begonnen.", "2019"),
        ("Am Dienstag fiel die Aktie.", "2019-01-08"),
        ("Am vergangenen Mittwoch fiel die Aktie.", "2019-01-02"),
        ("Am Freitag wird der Vorstand tagen.", "2019-01-11"),
        ("Am kommenden Mittwoch wird der Vorstand tagen.", "2019-01-16"),
        ("Am Wochenende wurde viel verkauft.", "2019-W01-WE"),
        ("Am kommenden Wochenende wird viel verkauft.", "2019-W02-WE"),
        ("Im dritten Quartal fiel der Umsatz.", "2018-Q3"),
        ("Im 3. Quartal 2017 fiel der Umsatz.", "2017-Q3"),
        ("Im zweiten Halbjahr des vergangenen Jahres fiel der Umsatz.", "2018-H2"),
        ("In Q2 2018 fiel der Umsatz.", "2018-Q2"),
        ("Im Herbst 2018 fiel der Umsatz.", "2018-FA"),
        ("Im vergangenen Sommer fiel der Umsatz.", "2018-SU"),
        ("Im vergangenen Winter fiel der Umsatz.", "2017-WI"),
        ("Im nächsten Sommer wird gebaut.", "2019-SU"),
        ("In diesem Frühjahr wird gebaut.", "2019-SP"),
        ("In diesem Winter wurde gebaut.", "2018-WI"),
        ("Am Sonntag sind Wahlen.", "2019-01-13"),
        ("Am Sonntag sind sie gekommen.", "2019-01-06"),
        ("An Weihnachten wurde viel verkauft.", "2018-12-25"),
        ("Der Konzern legt am Donnerstag Zahlen vor.", "2019-01-10"),
        ("Die Aktie verliert am Dienstag an Wert.", "2019-01-08"),
        ("Die Aktie brach am Dienstag ein.", "2019-01-08"),
        ("Am Freitag vergangener Woche fiel die Aktie.", "2019-01-04"),
        ("Am Freitag kommender Woche wird gewählt.", "2019-01-18"),
        ("An Ostern 2014 wurde viel verkauft.", "2014-04-20"),
        ("An Silvester 2014 wurde viel verkauft.", "2014-12-31"),
        ("Im abgelaufenen Jahr wurde viel verkauft.", "2018"),
        ("Am Ostermontag wird nichts verkauft.", "2019-04-22"),
        ("Der Konzern hat derzeit kein Ziel.", "PRESENT_REF"),
        ("Der Konzern hatte damals kein Ziel.", "PAST_REF"),
        ("Der Konzern will bald wachsen.", "FUTURE_REF"),
        ("Heute ist die Firma groß.", "PRESENT_REF"),
        ("Im Moment ist die Firma groß.", "PRESENT_REF"),
        ("In letzter Zeit ist die Firma gewachsen.", "PAST_REF"),
    ],
)
def test_german(text: str, value: str) -> None:
    assert (one(text, "de").value, one(text, "de").type) == (value, "DATE")


@pytest.mark.parametrize(
    ("text", "lang", "kind", "value"),
    [
        ("It rose in the last five days.", "en", "DURATION", "P5D"),
        ("It rose over the past two years.", "en", "DURATION", "P2Y"),
        ("A five-year plan.", "en", "DURATION", "P5Y"),
        ("The offer ends at 5 p.m. EST Jan. 16.", "en", "TIME", "2019-01-16"),
        ("It fell on Tuesday night.", "en", "TIME", "2019-01-08"),
        ("It fell this morning.", "en", "TIME", "2019-01-09"),
        ("In den nächsten fünf Jahren wird gebaut.", "de", "DURATION", "P5Y"),
        ("Das war vor drei Jahren.", "de", "DURATION", "P3Y"),
        ("Das wird in einem Jahr gebaut.", "de", "DURATION", "P1Y"),
        ("Es ist die zweite Meldung in einer Woche.", "de", "DURATION", "P1W"),
        ("Am Montagabend fiel die Aktie.", "de", "TIME", "2019-01-07"),
        ("Gestern Abend fiel die Aktie.", "de", "TIME", "2019-01-09"),
    ],
)
def test_times_and_durations_are_told_apart(text: str, lang: str, kind: str, value: str) -> None:
    assert (one(text, lang).type, one(text, lang).value) == (kind, value)


def test_a_decade_ago_in_german() -> None:
    assert one("Das war vor zwei Jahrzehnten.", "de").low == "1999-01-01"


def test_a_duration_that_points_at_a_day_has_its_bounds() -> None:
    assert (one("Das war vor drei Jahren.", "de").low, one("Das war vor drei Jahren.", "de").high) == (
        "2016-01-01",
        "2016-12-31",
    )


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Copyright 2024 Example. ⓒ 2024 Example.com", "en"),
        ("© 2024 Beispiel", "de"),
        ("Today's enterprises care.", "en"),
        ("Black Friday and Cyber Monday are popular.", "en"),
        ("It may march on, said August Meier's May.", "fr"),
        ("They may march on.", "en"),
        ("It sold 2000 shares for $1990, 1,998 units and 2010% more.", "en"),
        ("He said so on This Week.", "en"),
        ("It fell in the third half.", "en"),
        ("Im vierten Halbjahr fiel er.", "de"),
        ("Mindestens 1500 Stellen und 2000 Euro.", "de"),
        ("Sie bleiben um 8.30 Uhr bei 12,5.", "de"),
    ],
)
def test_what_is_no_date(text: str, lang: str) -> None:
    assert find_dates(text, lang, DAY) == []


def test_earnings_prose_keeps_its_quarter_in_mind() -> None:
    text = (
        "Net for the third quarter of 2018 fell. The year-ago quarter was better, and so was the quarter before. "
        "In the 2017 quarter it rose."
    )
    assert [m.value for m in find_dates(text, "en", DAY)] == ["2018-Q3", "2017-Q3", "2018-Q3", "2017-Q3"]
    text = "Im dritten Quartal 2018 fiel der Gewinn, im Vorjahresquartal stieg er."
    assert [m.value for m in find_dates(text, "de", DAY)] == ["2018-Q3", "2017-Q3"]


def test_the_next_day_is_the_day_after_the_last_one() -> None:
    text = "Am 2. März 2009 kam die Nachricht. Am nächsten Tag fiel die Aktie. Tags darauf stieg sie."
    assert [m.value for m in find_dates(text, "de", DAY)] == ["2009-03-02", "2009-03-03", "2009-03-04"]
    assert [m.value for m in find_dates("In 2017 it rose. Later that year it fell.", "en", DAY)] == ["2017", "2017"]


@pytest.mark.parametrize(
    ("text", "lang", "values"),
    [
        (
            "It closed on 2 March 2009. Two years later it opened; three months before it had been sold.",
            "en",
            ["2009-03-02", "2011", "2008-12"],
        ),
        ("It closed on 2 March 2009. The previous day it fell.", "en", ["2009-03-02", "2009-03-01"]),
        ("It closed on 2 March 2009. That day it fell.", "en", ["2009-03-02", "2009-03-02"]),
        ("That day it fell. It was the 1970s and '80s.", "en", ["197", "198"]),
        ("Am 2. März 2009 schloss es. Zwei Jahre später wurde es geöffnet.", "de", ["2009-03-02", "2011"]),
        ("Am 2. März 2009 schloss es. Tag darauf wurde es verkauft.", "de", ["2009-03-02", "2009-03-03"]),
        ("Am 2. März 2009 schloss es. An diesem Tag fiel die Aktie.", "de", ["2009-03-02", "2009-03-02"]),
        ("Am 2. März 2009 schloss es. Im selben Jahr kam der Umzug.", "de", ["2009-03-02", "2009"]),
        ("Die Schau dauerte vom 5. bis zum 9. Juni 2018.", "de", ["2018-06-05", "2018-06-09"]),
        ("Am gestrigen Dienstag fiel die Aktie, am heutigen Mittwoch stieg sie.", "de", ["2019-01-08", "2019-01-09"]),
        ("Das war in den fünfziger und sechziger Jahren so, in den Siebzigern nicht.", "de", ["195", "196", "197"]),
        ("Das war in den Neunzigerjahren so.", "de", ["199"]),
        ("It fell every Monday and each year.", "en", []),
        ("Sie fällt jeden Montag und jedes Jahr.", "de", []),
        ("They left two years later.", "en", []),
        ("Sie gingen zwei Jahre später, im selben Jahr und am Tag danach; an diesem Tag geschah viel.", "de", []),
    ],
)
def test_what_was_spoken_of_before(text: str, lang: str, values: list[str]) -> None:
    assert [m.value for m in find_dates(text, lang, DAY) if m.type == "DATE"] == values


@pytest.mark.parametrize(("text", "mod", "low", "high"), [
    ("at the end of last year", "END", "2018-12-01", "2018-12-31"),
    ("late last year", "END", "2018-09-01", "2018-12-31"),
    ("early last year", "START", "2018-01-01", "2018-04-30"),
    ("in mid-2018", "MID", "2018-05-01", "2018-08-31"),
    ("last week", "", "2018-12-31", "2019-01-06"),
    ("now", "", "2019-01-09", "2019-01-09"),
])  # fmt: skip
def test_bounds_of_mentions(text: str, mod: str, low: str, high: str) -> None:
    found = one(text, "en")
    assert (found.mod, found.low, found.high) == (mod, low, high)


def test_without_a_publication_date_relative_words_have_no_value() -> None:
    text = (
        "It said on Tuesday and on April 11, yesterday, last week, in March, this summer, last night, next March, "
        "the day after tomorrow, three years ago, at the end of the year, over the weekend, "
        "early next June, by year-end, in the first quarter, "
        "on Christmas, in June last year, a year ago and late yesterday that 2021 is soon."
    )
    values = {m.evidence: m.value for m in find_dates(text, "en", "")}
    assert {value for evidence, value in values.items() if evidence not in ("2021", "soon")} == {""}
    assert (values["2021"], values["soon"]) == ("2021", "FUTURE_REF")
    text = (
        "Am Dienstag, am 11. April, gestern, vergangene Woche, im März, im Sommer, gestern Abend, vor drei Jahren, "
        "Ende des Jahres, am Wochenende, "
        "im Juni des vergangenen Jahres, im ersten Quartal, an Ostern, "
        "im Vorjahr, in diesem Jahrhundert, am nächsten Tag, "
        "am gestrigen Montag, am Freitag vergangener Woche und 2021."
    )
    found = find_dates(text, "de", "")
    assert {m.value for m in found if m.type == "DATE"} == {"", "2021"}
    assert all(not m.low for m in found if m.evidence != "2021")


def test_a_month_of_publication_resolves_what_all_its_days_agree_on() -> None:
    text = (
        "Am 11.11. war es so, Anfang Dezember anders, vergangene Woche wieder anders, "
        "im vergangenen Jahr gar nicht, und gestern auch."
    )
    found = {m.evidence: m for m in find_dates(text, "de", "2018-12")}
    assert found["11.11."].value == "2018-11-11"
    assert found["Anfang Dezember"].value == "2018-12"
    assert found["im vergangenen Jahr" if "im vergangenen Jahr" in found else "vergangenen Jahr"].value == "2017"
    assert (found["vergangene Woche"].value, found["vergangene Woche"].low, found["vergangene Woche"].high) == (
        "",
        "2018-11-19",
        "2018-12-30",
    )
    assert (found["gestern"].value, found["gestern"].low, found["gestern"].high) == ("", "2018-11-30", "2018-12-30")


@pytest.mark.parametrize(
    ("published", "value"), [("2019-01-09", "2019-SU"), ("2019-07-01", "2020-SU"), ("2019-10-01", "2020-SU")]
)
def test_the_next_summer_is_the_one_that_begins_next(published: str, value: str) -> None:
    assert one("It opens next summer.", "en", published).value == value
    assert one("Es öffnet im nächsten Sommer.", "de", published).value == value


def test_a_stamp_and_a_part_of_a_text() -> None:
    text = "Yesterday it fell. Today it rose."
    stamp = date_article(Article(text="x", published="2019-01-09T00:30+01:00"))
    assert [m.value for m in find_dates(text, "en", stamp)] == ["2019-01-08", "2019-01-09"]
    assert [m.value for m in find_dates(text, "en", stamp, start=19)] == ["2019-01-09"]
    assert [m.value for m in find_dates(text, "en", stamp, end=18)] == ["2019-01-08"]


def test_letters_that_change_their_length_move_no_span() -> None:
    assert one("İİİ: it fell yesterday.", "en").evidence == "yesterday"


@pytest.mark.parametrize("published", ["0001-01-01", "9999-12-31"])
def test_years_out_of_this_world_resolve_nothing(published: str) -> None:
    assert one("It fell yesterday.", "en", published).value == ""


def test_the_language_is_detected_and_others_read_digits_only() -> None:
    assert [m.value for m in find_dates("Das war am 17. Dezember 2018 nach der Sitzung des Vorstands.", "", DAY)] == [
        "2018-12-17"
    ]
    assert [m.value for m in find_dates("Le 17.12.2018 et 2018-12, hier lundi.", "fr", DAY)] == [
        "2018-12-17",
        "2018-12",
    ]


def test_the_mentions_of_the_seed_stories(root: Path) -> None:
    stories = {a.id[:3]: a for a in read_articles(root / "seeds" / "articles.jsonl") if isinstance(a, Article)}
    found = {}
    for name, story in stories.items():
        mentions = find_dates(story.text, detect_language(story.text), date_article(story))
        found[name] = {(m.evidence, m.value, m.type, m.precision) for m in mentions}
    assert {
        ("end of last year", "2018", "DATE", "month"),
        ("yesterday", "2019-01-08", "DATE", "day"),
        ("early last year", "2018", "DATE", "year"),
        ("last five days", "P5D", "DURATION", "none"),
        ("past two years", "P2Y", "DURATION", "none"),
    } <= found["000"]
    assert not any("2019-11" in value or value == "2019-01-07" for _, value, _, _ in found["000"])
    assert {
        ("11.11.", "2018-11-11", "DATE", "day"),
        ("Anfang Dezember", "2018-12", "DATE", "month"),
        ("2021", "2021", "DATE", "year"),
        ("nächsten fünf Jahren", "P5Y", "DURATION", "none"),
        ("Singles Day", "2018-11-11", "DATE", "day"),
        ("in einer Woche", "P1W", "DURATION", "none"),
    } <= found["001"]
    assert {("April 11", "2023-04-11", "DATE", "day"), ("late 2020", "2020", "DATE", "year")} <= found["002"]
    assert not any(value == "2024" for _, value, _, _ in found["002"])


@given(
    st.text(max_size=200),
    st.sampled_from(["en", "de", "fr", ""]),
    st.sampled_from(["", "2018", "2018-12", "2019-01-09", "no date"]),
)
def test_any_text_gives_valid_spans(text: str, lang: str, published: str) -> None:
    last = 0
    for mention in find_dates(text, lang, published):
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.evidence
        assert mention.low <= mention.high
        last = mention.end


WORDS = st.sampled_from(
    [
        "the",
        "end",
        "of",
        "last",
        "next",
        "this",
        "year",
        "week",
        "quarter",
        "May",
        "Tuesday",
        "2018",
        "17",
        ".",
        ",",
        "third",
        "in",
        "early",
        "ago",
        "a",
        "two",
        "Ende",
        "des",
        "vergangenen",
        "Jahres",
        "am",
        "Montag",
        "vor",
        "3",
        "Jahren",
        "31",
        "February",
        "99.",
        "Quartal",
        "0",
        "'80s",
        "30th",
        "century",
        "-",
    ]
)


@given(
    st.lists(WORDS, max_size=25).map(" ".join),
    st.sampled_from(["en", "de"]),
    st.sampled_from(["", "2016-02-29", "2018"]),
)
def test_any_words_of_time_are_read_the_same_twice(text: str, lang: str, published: str) -> None:
    assert find_dates(text, lang, published) == find_dates(text, lang, published)


@pytest.mark.parametrize(
    "unit",
    [
        "takeover ",
        "in the year 2018 on Tuesday ",
        "last last last ",
        "17. Dezember ",
        "a a a a ",
        "12.12.",
        "the the ",
        "9" * 50 + " ",
    ],
)
@pytest.mark.parametrize("lang", ["en", "de"])
def test_long_texts_take_linear_time(unit: str, lang: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    find_dates(text, lang, DAY)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Morgen läuft die Frist ab.", "2019-01-10"),
        ("Sie tagt. Morgen entscheidet der Rat.", "2019-01-10"),
        ("Morgen des Jahres", ""),
        ("Der Morgen war kalt.", ""),
    ],
)
def test_morgen_with_a_capital_is_tomorrow_where_a_sentence_begins(text: str, value: str) -> None:
    found = [m.value for m in find_dates(text, "de", "2019-01-09") if m.evidence == "Morgen"]
    assert found == ([value] if value else [])
