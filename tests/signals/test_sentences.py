"""Sentences written for this test: business news in both languages, and what each of them states."""

from __future__ import annotations

import pytest

from signals.document import read_text
from signals.kinds import KINDS, resolve
from signals.linking import load_watchlist

SENTENCES = (
    ("profit-warning", "de", "Continental kappt Gewinnprognose wegen schwacher Autokonjunktur"),
    ("profit-warning", "de", "Der Chemiekonzern Lanxess schraubt seine Ergebnisprognose für das laufende Jahr zurück."),
    (
        "profit-warning",
        "de",
        "Hellofresh rechnet nur noch mit einem bereinigten Betriebsgewinn von 350 Millionen Euro.",
    ),
    ("profit-warning", "de", "Nach Gewinnwarnung: Aktie von Gerresheimer stürzt ab"),
    ("profit-warning", "de", "Ceconomy korrigiert die Jahresprognose nach unten"),
    ("profit-warning", "de", "Volkswagen wird 2024 weniger verdienen als erwartet"),
    ("profit-warning", "de", "Evotec streicht Ausblick für 2023 zusammen"),
    ("profit-warning", "de", "Die Lufthansa hat ihre Gewinnziele für 2019 kassiert."),
    ("profit-warning", "de", "Varta gibt Prognose auf"),
    (
        "profit-warning",
        "de",
        "BASF dämpft die Erwartungen: Das Ergebnis werde deutlich unter dem Vorjahreswert liegen.",
    ),
    ("profit-warning", "de", "Leoni zieht die Prognose zurück"),
    ("profit-warning", "de", "Thyssenkrupp senkt erneut die Prognose"),
    ("profit-warning", "de", "Puma warnt vor Verlust im laufenden Jahr"),
    (
        "profit-warning",
        "de",
        "Der Autozulieferer Hella blickt pessimistischer auf das Geschäftsjahr und senkt seine Ziele.",
    ),
    ("", "de", "Analysten senken Gewinnprognosen für Dax-Konzerne"),
    ("", "de", "Barclays senkt Kursziel für BMW auf 90 Euro"),
    ("", "de", "Bundesbank senkt Konjunkturprognose"),
    ("", "de", "Stadt warnt vor Gewinnspielbetrügern"),
    ("guidance-raise", "de", "Rheinmetall hebt Prognose für 2023 an"),
    ("guidance-raise", "de", "Sartorius schraubt Umsatz- und Gewinnziele nach oben"),
    ("guidance-raise", "de", "Der Konzern erhöhte seine Ergebnisprognose und rechnet nun mit 500 Millionen Euro."),
    ("takeover-rumour", "de", "Übernahmefantasie treibt Aktie von Qiagen"),
    ("takeover-rumour", "de", "Insidern zufolge erwägt Bayer ein Gebot für Monsanto"),
    ("takeover-rumour", "de", "Thermo Fisher führt Gespräche über Kauf von Qiagen"),
    ("takeover-rumour", "de", "Commerzbank gilt als Übernahmekandidat"),
    ("takeover-rumour", "de", "Bericht: Finanzinvestor KKR will Axel Springer übernehmen"),
    ("takeover-rumour", "de", "EQT prüft Angebot für Software AG"),
    ("takeover-rumour", "de", "Spekulationen um Zusammenschluss von Deutscher Bank und Commerzbank"),
    ("takeover-rumour", "de", "Aareal Bank bestätigt Gespräche mit Finanzinvestoren über eine mögliche Übernahme"),
    ("takeover-rumour", "de", "Medien: Amazon an Kauf von Deliveroo interessiert"),
    ("takeover-bid", "de", "Vonovia übernimmt Deutsche Wohnen für 18 Milliarden Euro"),
    ("takeover-bid", "de", "Hapag-Lloyd schluckt Rivalen UASC"),
    ("takeover-bid", "de", "AMS legt Übernahmeangebot für Osram vor"),
    ("takeover-bid", "de", "Deutsche Wohnen lehnt Übernahmeangebot von Vonovia ab"),
    ("takeover-bid", "de", "Linde und Praxair einigen sich auf Fusion"),
    ("takeover-bid", "de", "Siltronic-Aktionäre erhalten 145 Euro je Aktie in bar: Globalwafers bessert Offerte nach"),
    ("takeover-bid", "de", "Merck kauft US-Konzern Versum für 5,8 Milliarden Euro"),
    ("takeover-bid", "de", "Bayer schließt Übernahme von Monsanto ab"),
    ("takeover-denied", "de", "Infineon dementiert Übernahmegerüchte"),
    ("takeover-denied", "de", "Vonovia bläst Übernahme von Deutsche Wohnen ab"),
    ("takeover-denied", "de", "Fusion von Deutscher Bank und Commerzbank geplatzt"),
    ("takeover-denied", "de", "Daimler-Chef Källenius schließt Fusion mit BMW aus"),
    ("takeover-denied", "de", "Wir sind nicht an einer Übernahme interessiert, sagte der Vorstandschef von Adidas."),
    ("takeover-denied", "de", "Apollo zieht Angebot für Metro zurück"),
    ("earnings-other", "de", "Siemens steigert Gewinn um 12 Prozent"),
    ("earnings-other", "de", "SAP verfehlt Gewinnerwartungen"),
    ("market-entry", "de", "Temu startet in Deutschland"),
    ("profit-warning", "en", "Boeing slashes earnings outlook as 737 Max crisis deepens"),
    ("profit-warning", "en", "FedEx cuts full-year profit forecast for second time"),
    ("profit-warning", "en", "Kodak says first-quarter profit will fall short of expectations"),
    ("profit-warning", "en", "Card Factory lowers profit expectations after weak Christmas"),
    ("profit-warning", "en", "Next trims profit guidance after poor summer"),
    ("profit-warning", "en", "Shares in Superdry tumble 20% on profit warning"),
    ("profit-warning", "en", "Nokia withdraws 2020 guidance, sees profit below expectations"),
    ("profit-warning", "en", "Intel sees first-quarter revenue below estimates"),
    ("profit-warning", "en", "Restaurant Group shares slide as it says profits will be lower than last year"),
    ("profit-warning", "en", "Carpetright issues third profit warning in four months"),
    ("profit-warning", "en", "3M forecasts 2020 profit below estimates"),
    ("profit-warning", "en", "Computer Associates Inc said it expects to report a loss for the fourth quarter"),
    ("profit-warning", "en", "Foxtons expects annual profit to be lower than forecast"),
    ("", "en", "Fed cuts growth forecast for US economy"),
    ("", "en", "Profit warnings from UK firms hit 10-year high"),
    ("", "en", "Morgan Stanley cuts price target on Tesla"),
    ("", "en", "Ofgem warns energy firms over excess profits"),
    ("", "en", "Facebook buyout of smaller rivals should be blocked, says senator"),
    ("", "en", "Uber lobbies London in bid to keep licence"),
    ("guidance-raise", "en", "Greggs raises profit outlook for third time"),
    ("guidance-raise", "en", "Tesla lifts full-year delivery target"),
    ("guidance-raise", "en", "Games Workshop says profits will beat expectations"),
    ("takeover-rumour", "en", "Apple in talks to buy Intel's modem business: WSJ"),
    ("takeover-rumour", "en", "Kraft Heinz explores sale of Maxwell House"),
    ("takeover-rumour", "en", "Tiffany shares jump on LVMH takeover interest"),
    ("takeover-rumour", "en", "SoftBank said to weigh bid for Swiss Re"),
    ("takeover-rumour", "en", "Carlyle and KKR line up offers for Toshiba chip unit - sources"),
    ("takeover-rumour", "en", "Pfizer nearing deal for Array Biopharma, report says"),
    ("takeover-rumour", "en", "AB InBev could bid for Diageo, analysts say"),
    ("takeover-rumour", "en", "Talk of takeover lifts Burberry"),
    ("takeover-rumour", "en", "Sainsbury's confirms merger talks with Asda"),
    ("takeover-rumour", "en", "USAIR <U> SHARES RISE ON TAKEOVER RUMORS"),
    ("takeover-rumour", "en", "Comcast mulls rival offer for Fox assets"),
    ("takeover-bid", "en", "Salesforce to acquire Tableau for $15.3bn"),
    ("takeover-bid", "en", "Whitbread agrees to sell Costa to Coca-Cola for £3.9bn"),
    ("takeover-bid", "en", "Takeda raises offer for Shire to £44bn"),
    ("takeover-bid", "en", "Shire rejects third Takeda bid"),
    ("takeover-bid", "en", "Melrose wins battle for GKN with £8bn hostile bid"),
    ("takeover-bid", "en", "Unilever spurns $143bn Kraft Heinz offer"),
    ("takeover-bid", "en", "Walmart completes $16bn acquisition of Flipkart"),
    ("takeover-bid", "en", "Occidental makes $38bn bid for Anadarko"),
    ("takeover-bid", "en", "Broadcom launches hostile takeover of Qualcomm"),
    ("takeover-bid", "en", "PayPal acquires Swedish start-up iZettle"),
    ("takeover-denied", "en", "Kraft abandons bid for Unilever"),
    ("takeover-denied", "en", "Twitter denies takeover talks with Disney"),
    ("takeover-denied", "en", "Nissan rules out merger with Renault"),
    ("takeover-denied", "en", "Walgreens and Rite Aid call off merger"),
    ("takeover-denied", "en", "AstraZeneca says not in talks with Gilead over merger"),
    ("takeover-denied", "en", "Vodafone ends talks with Liberty Global"),
    ("earnings-other", "en", "Morrisons profits fall 50%"),
    ("earnings-other", "en", "Netflix misses subscriber forecasts"),
    ("earnings-other", "en", "HSBC reports pretax profit of $5.3bn"),
    ("market-entry", "en", "Lidl to open first US stores"),
    ("market-entry", "en", "Uber launches in Vienna"),
)


def kinds_of(text: str, lang: str = "") -> set[str]:
    read = read_text(text, load_watchlist(), lang)
    told = resolve([s for kind in KINDS.values() for s in kind(read)])
    return {s.kind for s in told if s.novelty != "background"}


@pytest.mark.parametrize(("kind", "lang", "text"), SENTENCES)
def test_a_sentence_states_its_kind_and_no_other(kind, lang, text):
    assert kinds_of(text, lang) == ({kind} if kind else set())


ROLES = (
    ("Salesforce to acquire Tableau for $15.3bn", {("acquirer", "Salesforce"), ("target", "Tableau")}),
    ("Adderall maker Shire agrees £46bn takeover by Takeda", {("target", "Shire"), ("acquirer", "Takeda")}),
    (
        "Sports Direct's Mike Ashley considers bid to buy Hamleys",
        {("acquirer", "Sports Direct"), ("target", "Hamleys")},
    ),
    ("Walmart in talks to sell majority stake in Asda", {("seller", "Walmart"), ("target", "Asda")}),
    (
        "Bovis makes £1.1bn bid for Galliford Try's housebuilding arm",
        {("acquirer", "Bovis"), ("seller", "Galliford Try")},
    ),
    (
        "Coca-Cola buys Costa Coffee from Whitbread for £3.9bn",
        {("acquirer", "Coca-Cola"), ("target", "Costa Coffee"), ("seller", "Whitbread")},
    ),
    ("GKN rejects £7bn hostile approach from rival Melrose", {("target", "GKN"), ("acquirer", "Melrose")}),
    ("Ryanair not interested in buying Thomas Cook airlines", {("acquirer", "Ryanair"), ("target", "Thomas Cook")}),
    ("Superdry and Joules issue profit warnings after tough Christmas", {("issuer", "Superdry"), ("issuer", "Joules")}),
    ("Tesco names Booker boss as new UK chief as it raises profit forecast", {("issuer", "Tesco")}),
    ("Apple supplier AMS cuts forecast, indicating poor iPhone demand", {("issuer", "AMS")}),
    ("Domino's cuts profit forecast", {("issuer", "Domino's")}),
    ("Insidern zufolge erwägt Bayer ein Gebot für Monsanto", {("acquirer", "Bayer"), ("target", "Monsanto")}),
    ("EQT prüft Angebot für Software AG", {("acquirer", "EQT"), ("target", "Software AG")}),
    ("Continental kappt Gewinnprognose wegen schwacher Autokonjunktur", {("issuer", "Continental")}),
    ("Die Commerzbank senkt ihre Prognose", {("issuer", "Commerzbank")}),
)


@pytest.mark.parametrize(("text", "parties"), ROLES)
def test_parties_are_named_as_written_and_put_into_roles(text, parties):
    read = read_text(text, load_watchlist())
    told = resolve([s for kind in KINDS.values() for s in kind(read)])
    assert {(s.role, s.company.name) for s in told if s.company} == parties


def test_a_text_that_names_nobody_gives_a_signal_without_a_company():
    read = read_text("The retailer has issued a profit warning.", load_watchlist())
    (told,) = resolve([s for kind in KINDS.values() for s in kind(read)])
    assert told.company is None
    assert told.key == ""
