"""The report in a real browser: it opens from a file, runs clean under its own policy, and its controls work."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from backtest.report import write_report
from backtest.report.page import Extras, _draw
from backtest.study import EventStudy
from backtest.testing import events_table, price_panel

EVIL = "<script>alert(1)</script>"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if not (found and driver):
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, but chromium and chromedriver are not installed")
        pytest.skip("no chromium with chromedriver on this machine (Debian: apt-get install chromium chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = found
    profile = tmp_path_factory.mktemp("profile")
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(flag)
    options.add_argument("--window-size=1200,900")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.add_experimental_option("prefs", {"download.default_directory": str(profile)})
    started = webdriver.Chrome(options=options, service=Service(driver))
    started.downloads = profile
    yield started
    started.quit()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report with hostile words in every place that comes from outside."""
    shares = ["A\"'B", "B", "C"]
    panel = price_panel(
        shares, 420, {("A\"'B", 300): -0.10, ("B", 310): 0.02, ("C", 340): 0.05, ("B", 370): 0.03}, seed=2
    )
    rows = list(zip(panel.events["asset"], panel.events["event_time"].dt.date.astype(str), strict=True))
    rows.append(("B", "2019-01-01"))
    events = events_table(
        rows, kind=["profit-warning", "other", EVIL, EVIL, "other"], evidence=EVIL, url="javascript:alert(1)"
    )
    with pytest.warns(UserWarning, match="1 of 5 events dropped"):
        result = EventStudy().run(events, replace(panel.prices, notice="simulated prices"))
    articles = pd.DataFrame(
        {
            "article_id": ["a1"],
            "title": [EVIL],
            "text": [f"Shares fell. {EVIL} The end."],
            "url": [None],
            "published": [None],
        }
    )
    signals = pd.DataFrame({
        "article_id": ["a1", "a1"], "kind": ["profit-warning", "other"], "company": [EVIL, "B"], "start": [13, 0], "end": [38, 6],
        "novelty": ["new", "background"], "ticker": ["A\"'B", "B"], "known_at": result.events["known_at"].iloc[0],
    })  # fmt: skip
    extras = Extras(pictures=_draw(result), articles=articles, signals=signals, setup={"file": EVIL})
    return write_report(result, tmp_path_factory.mktemp("report") / "report.html", extras)


@pytest.fixture
def page(browser, report):
    browser.get_log("browser"), browser.get_log("performance")
    browser.set_window_size(1200, 900)
    browser.get(report.as_uri())
    return browser


def column(page, table, place):
    rows = "[...document.querySelectorAll(`#${arguments[0]} tbody tr:not([hidden])`)]"
    script = f"return {rows}.map(r => r.cells[arguments[1]].textContent)"
    return page.execute_script(script, table, place)


def click(page, css):
    page.execute_script("document.querySelector(arguments[0]).click()", css)


def test_opens_without_a_sound_from_the_console(page):
    assert page.get_log("browser") == []
    assert page.title == "Event study of company news"


def test_asks_the_network_for_nothing(page, report):
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    seen = {
        entry["message"] for entry in page.get_log("performance") if "Network.requestWillBeSent" in entry["message"]
    }
    import json

    urls = {json.loads(text)["message"]["params"]["request"]["url"] for text in seen if '"request"' in text}
    assert {u for u in urls if not u.startswith(("data:", report.as_uri()))} == set()
    assert any(u.startswith(report.as_uri()) for u in urls)


def test_scripts_from_outside_stay_words(page):
    from selenium.common.exceptions import NoAlertPresentException

    with pytest.raises(NoAlertPresentException, match="no such alert"):
        page.switch_to.alert.accept()
    assert len(page.find_elements("css selector", "script")) == 1
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    body = page.find_element("css selector", "body").text
    assert body.count(EVIL) >= 4
    assert [m.text for m in page.find_elements("css selector", ".article mark")] == ["Shares", EVIL]
    assert page.find_elements("css selector", "a[href^=javascript]") == []


def test_the_policy_stops_an_injected_script(page):
    code = "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)"
    page.execute_script(f"window.ran = 0; {code}")
    assert page.execute_script("return window.ran") == 0
    assert any("Content Security Policy" in entry["message"] for entry in page.get_log("browser"))


def test_pictures_are_there(page):
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    decoded = "Promise.all([...document.images].map(i => i.decode()))"
    widths = page.execute_script(f"return {decoded}.then(() => [...document.images].map(i => i.naturalWidth))")
    assert len(widths) == 2 + 3 + 4
    assert min(widths) > 100


def test_a_click_on_a_header_sorts_by_number_and_back(page):
    place = page.execute_script(
        "return [...document.querySelectorAll('#tests thead th')].findIndex(th => th.textContent === 'effect')"
    )
    header = f"#tests thead th:nth-child({place + 1})"
    click(page, header + " button")
    script = (
        "return [...document.querySelectorAll('#tests tbody tr')].map(r => Number(r.cells[arguments[0]].dataset.v))"
    )
    values = page.execute_script(script, place)
    assert values == sorted(values)
    assert page.find_element("css selector", header).get_attribute("aria-sort") == "ascending"
    click(page, header + " button")
    assert page.execute_script(script, place) == sorted(values, reverse=True)


def test_missing_numbers_sort_last_both_ways(page):
    place = page.execute_script(
        "return [...document.querySelectorAll('#tests thead th')].findIndex(th => th.textContent === '95 % low')"
    )
    header = f"#tests thead th:nth-child({place + 1}) button"
    script = "return [...document.querySelectorAll('#tests tbody tr')].map(r => r.cells[arguments[0]].dataset.v)"
    for _ in range(2):
        click(page, header)
        values = page.execute_script(script, place)
        assert "" in values
        assert values == sorted(values, key=lambda v: v == "")


def test_the_keyboard_reaches_the_headers(page):
    from selenium.webdriver.common.keys import Keys

    button = page.find_element("css selector", "#answer thead button")
    button.send_keys(Keys.ENTER)
    assert page.find_element("css selector", "#answer thead th").get_attribute("aria-sort") == "ascending"
    assert page.find_element("css selector", "summary").get_attribute("tabindex") in (None, "0", "")


def test_filter_hides_rows_and_says_how_many(page):
    box = page.find_element("css selector", "#event-tests input")
    box.send_keys("profit sq")
    assert set(column(page, "event-tests", 0)) == {"profit-warning"}
    assert {"sq"} <= set(column(page, "event-tests", 2)) <= {"sq", "sq-ewma", "sq-studentised"}
    assert "rows" in page.find_element("css selector", "#event-tests .shown").text


def test_a_reason_in_the_waterfall_filters_the_dropped_events(page):
    click(page, "#way [href='#dropped'][data-filter]:not([data-filter=''])")
    reason = "before-first-session"
    assert page.find_element("css selector", "#dropped input").get_attribute("value") == reason
    assert column(page, "dropped", 3) == [reason]


def test_what_was_kept_leads_to_its_rows_without_a_filter(page):
    box = page.find_element("css selector", "#audit input")
    box.send_keys("nothing has these words")
    assert column(page, "audit", 0) == []
    click(page, "#way [href='#audit'][data-filter='']")
    assert len(column(page, "audit", 0)) == 5
    assert box.get_attribute("value") == ""


def test_a_signal_of_old_news_is_found_from_the_waterfall(page):
    click(page, "#way [data-filter='background']")
    assert column(page, "signals", 0) == ["other"]


def test_a_card_leads_to_its_article_which_opens(page):
    link = page.find_element("css selector", "details.event blockquote a")
    assert link.get_attribute("textContent") == EVIL
    page.execute_script("arguments[0].closest('details').open = true; arguments[0].click()", link)
    assert page.execute_script("return document.querySelector('#article-1').open")


def test_download_gives_the_numbers_of_the_table(page):
    import csv
    import time

    click(page, "#answer .csv")
    path = Path(page.downloads) / "answer.csv"
    for _ in range(50):
        if path.exists():
            break
        time.sleep(0.1)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert {row["kind"] for row in rows} == {"profit-warning", "other", EVIL}
    assert all(-1 < float(row["effect"]) < 1 for row in rows)


def test_events_open_close_and_are_found(page):
    click(page, "#open-all")
    assert page.execute_script("return [...document.querySelectorAll('details.event')].every(d => d.open)")
    click(page, "#close-all")
    assert not page.execute_script("return [...document.querySelectorAll('details')].some(d => d.open)")
    page.find_element("css selector", "#find-event").send_keys("profit-warning")
    assert page.execute_script("return [...document.querySelectorAll('details.event:not([hidden])')].length") == 1


def test_print_shows_open_cards_and_no_controls(page):
    import base64

    click(page, "#close-all")
    short = page.execute_cdp_cmd("Page.printToPDF", {})["data"]
    click(page, "#open-all")
    full = page.execute_cdp_cmd("Page.printToPDF", {})["data"]
    pages = [base64.b64decode(data).count(b"/Type /Page\n") for data in (short, full)]
    assert 1 < pages[0] < pages[1]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = "return getComputedStyle(document.querySelector(arguments[0])).display"
    assert [page.execute_script(hidden, css) for css in ("nav", ".tools")] == ["none", "none"]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("width", [360, 800])
def test_narrow_screens_do_not_scroll_sideways(page, width):
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    )
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = page.execute_script("return document.documentElement.scrollWidth")
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= width


CONTRAST = """
const rgb = (text) => { const p = text.match(/[\\d.]+/g).map(Number); return p.length > 3 ? p : [...p, 1]; };
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const paper = (e) => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > 0) return c; }
  return [255, 255, 255, 1]; };
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const e = node.parentElement;
  if (!node.textContent.trim() || ["SCRIPT", "STYLE"].includes(e.tagName) || !e.getClientRects().length) continue;
  const [a, b] = [light(rgb(getComputedStyle(e).color)), light(paper(e))].sort((x, y) => y - x);
  found.push([(a + 0.05) / (b + 0.05), e.tagName + "." + e.className + ": " + node.textContent.trim().slice(0, 30)]);
}
return found.sort((x, y) => x[0] - y[0]);
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_has_the_contrast_that_everybody_needs(page, scheme):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    click(page, "#open-all")
    found = page.execute_script(CONTRAST)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert len(found) > 300
    assert found[0][0] >= 4.5, found[:5]


def test_tab_reaches_links_filters_headers_cards_and_tables(page):
    from selenium.webdriver.common.keys import Keys

    script = """const e = document.activeElement;
        return [e.tagName + ' ' + (e.className || e.type || ''), getComputedStyle(e).outlineStyle]"""
    seen = []
    for _ in range(400):
        page.switch_to.active_element.send_keys(Keys.TAB)
        seen.append(page.execute_script(script))
        if seen[-1][0].startswith("BODY"):
            break
    names = [name for name, _ in seen]
    assert names[0] == "A skip"
    assert {"INPUT search", "BUTTON csv", "BUTTON button", "DIV scroll"} <= set(names)
    assert sum(name.startswith("SUMMARY") for name in names) == 3 + 4 + 1
    assert {name for name, ring in seen if ring == "none" and not name.startswith("BODY")} == set()


def test_every_picture_is_told_in_words(page):
    alts = page.execute_script("return [...document.images].map(i => i.alt)")
    assert all(len(alt) > 25 for alt in alts)
    assert len(set(alts)) == len(alts)


def test_print_loses_no_column(page):
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 720, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    )
    clipped = page.execute_script(
        "return [...document.querySelectorAll('.scroll')].filter(e => getComputedStyle(e).overflowX !== 'visible').length"
    )
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert clipped == 0
