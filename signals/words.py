"""Ordinary words that are capitalised without being names: at the start of a sentence (English), anywhere (German)."""

from __future__ import annotations


def words(block: str) -> frozenset[str]:
    """Return the words of a block of text."""
    return frozenset(block.split())


#: English words that open a sentence without being a name.
COMMON_EN = words(
    """
a about above according across adderall adding after again against agribusiness ahead airline airlines all almost
alone along already also although always american amid among an analysis analysts and another any anyone anything
apart are around as asked at away back bad bakers bank bankers banks battle be because before behind being below best
better between beyond bids big biggest bill billionaire black blame bold bonus bosses both brands brave break breaking
breakingviews brewers bring bringing british britons brokers business but buy by call calls can carmaker carmakers
cars cash chain chairman change changes chief chiefs chinese city clean clothes coal code cold come comes coming
comment commentary companies company concerns consumer consumers control could country crash crisis critics currently
customers cut cuts cyber cybersecurity dark data day days deal dealers deals dear debt deep demand despite did digital
discount do does don't doorstep down dozens drop drug drugmaker due during each earlier early earnings economic
economy editorial eight elsewhere employees end energy even ever every everyone everything exclusive executive exports
face facing factbox fair fallen falling family far fashion fears festive few fewer fifth figures file film final
finance financial find fire firm firms first five flood food for forget former formerly four free french fresh from
fuel full fund further future gas german get getting give given global go goes going gold good goods government great
green grocer group growing growth had half happy hard has have he heavy hello help her here high higher highest his
hit holiday home homes hot hotel house housebuilder housebuilders how however hundreds i if in industry inflation
inside insurance insurer into investing investor investors is it italian its jobs join just keep key kids king labour
large last late later latest law leader leaders learn lender less let letter letters life like lines little live
living local long look lost lots low made make makers makes making man many margins market markets may maybe meanwhile
meat meet men merger mergers million millions miner mini ministers mobile model money month more morning mortgage most
motor motorists move mps much music must my national near nearly never new news next night nine no nobody none not
nothing now number observer of off offers office officially oil old on once one online only open opinion options or
other others our out outlook outsourcer over own owner owners oxfam paper parents part party pay people phone pictures
place plan plans please plus police poor post postal pound power premier president press price prices pro profit
profits property public put quality quarter question questions rail rate rates reaction read ready real recently
record red refiner regulator regulators report reports rescue results retail retailer retailers revealed review rich
rise rising rival rivals roads rule rules rumour rumours said sale sales save says sector sell senior separately seven
shadow share shareholders shares she shell shock shop shoppers shops short should show signs since sinking six small
so social some something soon sources spanish speculation spending spotlight staff stakes star start steel still stock
stocks stop store stores story street strike strong struggling such summer sunday super supermarket support surprise
take takeover talks tata's tax team tech ten tens than that the their them then there these they things third this
those thousands three through ticket time timeline times to today together tomorrow tonight too top total tough
tourism town trade traders trading train trains travel trouble troubled true two tycoon uber-rich uncertainty under
union unions unkind unless unlike until up update us use value very viewpoint visit wages wait wall want war warning
was watch water way we weak wealth weather week weekend well what when where whether which while white who whole why
will winter with without women work workers world worst would would-be year years yes yesterday yet you young your
"""
)

#: Ordinary words with which names of companies begin, before another capital.
NAME_OPENERS = words(
    """
Air Atlantic Bank Best Black Blue Burger Capital Card Carpet Credit Crown Debenhams Deutsche Dignity Direct Domino
Eastern Energy First Four Game General Golden Good Great Green Home House International Just Kind Legal Lloyds Marks
Metro Monsoon Morgan Mothercare National New Northern Oil Old Pacific Paddy Pets Pizza Poundland Power Premier
Prudential Red Royal Saga Sky Southern Sports Standard Steel Superdry Ted Toys Under United Universal Virgin Water Western
White Whole
"""
)

#: Capitals that are no company.
ACRONYMS = words(
    """
AI API B2B B2C CEO CFO CO2 COO CTO CVA DIY EBIT EU F1 FY GDP H1 H2 HQ HR IPO IPOs IT KI M&A OK PPI PR Q1 Q2 Q3 Q4 QE
R&D TV UK URL US US-Dollar USA VAT
"""
)

#: Runs of capitals that are no company.
NO_COMPANIES = frozenset(
    (
        ("United", "States"),
        ("United", "Kingdom"),
        ("European", "Union"),
        ("Wall", "Street"),
        ("White", "House"),
        ("New", "York"),
        ("Hong", "Kong"),
        ("Los", "Angeles"),
        ("South", "Africa"),
        ("South", "Korea"),
        ("New", "Zealand"),
        ("Saudi", "Arabia"),
    )
)

#: German words, nouns above all, that are never a name by themselves.
COMMON_DE = words(
    """
abend abermals abkommen ablauf abstand abwärtsstrudel acht aktie aktien aktionäre alle allein alltag als also
alternative am amt an analyst anfang anfrage angaben angebot angst ankündigung anlage anlagen anleger anlegern
anschein ansicht anspruch anteil anteile antwort april arbeit arbeiter arbeitsplatz art artikel aspekt auch auf
aufgabe aufsichtsrat auftakt auftrag auge augen august aus ausblick ausgabe ausland auswahl auto autobauer
autohersteller autos autowerte autozulieferer außer außerdem bahn bank banken basis bau bedarf bedeutung beginn bei
beide beim beispiel beitrag bereich bereits bericht berichten beruf bestand besuch betrag betrieb betriebsrat beweis
bieter bilanz bild bis bisher blatt blick blutbad boden bonus boom branche buch bund börse börsengang börsenschluss
börsenwert börsenöffnung bürger chance chancen chef chefin china crash cyber da dabei dafür dagegen daher damit danach
daneben dank dann daran darauf darüber das dass daten datum dauer dax dazu debatte dem den denn der des deshalb
deutschland dezember die dienst dienstag dienste dies diese dieser dieses dinge dividende doch dollar donnerstag dorf
dort drei dritten druck duett durch durchschnitt düstere ebenso effekt ehe eher eigentümer ein einblick eindruck eine
einem einen einer eines einfluss einig einige einkauf einsatz einstieg einzelhandel einzelhändler ende energie er
erfolg erfolge ergebnis erlös erlöse ersatz erst erste ersten erwartung es etwa euch euro europa experten fabrik
fachkreise faktor fall familie farbe fast februar fehler fertigung filiale filialen film finanzen firma firmen fokus
folge folgen form frage fragen frankfurt frau frauen freitag fuß führung fünf für garantie gast gebiet gebot gefahr
gegen gegenteil gehalt geld gelände gemeinsam generation gerade gerede gericht gerücht gerüchte gesamtjahr geschenk
geschichte geschäft geschäfte geschäftsjahr gesellschaft gesellschaften gesetz gesicht gespräch gespräche gewinn
gewinne gewinnspiel gleich gleichwohl gläubiger gremium großaktionär großbank großbanken große großer grund grunde
gruppe gründe gründer gut gute haar haben halbjahr hand handel handelstag hat haus hausbank haushalt heimatmarkt
herbst herr herrn hersteller heute hier hinter hintergrund hitze hoffnung hohe holding händler höhe ich ihr ihre im
immer in industrie inflation inhaber inhalt insgesamt insider interesse interessenten internet internethändler
interview investition investitionen investmentbank investor investoren ist ja jahr jahre jahren jahres jahresziele
januar jede jeder jetzt juli jungfirma juni kampf kann kapital kasse kauf kaum kein keine kette kilometer kind kinder
klage klar klasse kleidung kleine kleiner klotzen koalition kollege kollegen kommission kommt konjunktur konkurrent
konkurrenten konkurrenz konsum konsumenten kontakt kontinent kontrolle konzept konzern konzerne kopf kosten kraft
kredit kreis kreise krieg krise kritik kunde kunden kundschaft kurs kurse kurz käufe käufer laden lage lager land
landesbank laut leben lehre leistung leser leute licht lichtkonzern liebe lieferant lieferung lieferungen linie liste
logistik luft lust luxus läden länder macht magazin mai man manche mann marge mark marke marken markt marktplatz
maschine maß maßnahme medien mehr mehrheit mein meinung meldung meldungen menge mensch menschen meter metier miete
milliarde milliarden milliardär million millionen minister minus minuten mit mitarbeiter mitglied mitglieder mittag
mitte mitteilung mittwoch mode modehändler modell modelle modewert moment monat monate monaten montag morgen musik
mutmaßung mutter mutterkonzern mädchen märkte märz möglichkeit nach nachdem nachfrage nachmittag nachricht nachrichten
nacht nacken name namen natur neben netz neue neuer neues neukunden neun nicht nie nirgends niveau noch not notenbank
notiz november nummer nun nur nutzer nägel nähe ob obendrein oberhand obwohl oder offenbar offerte ohne oktober
onlinehandel onlinehändler ordnung ort osten paar paket papier papiere papieren partei partner pence per personal
pfund pharma plan plattform platz pleite plus politik polizei portfolio position post preis preise preisen
preisnachlässe presse prinzip pro problem probleme produkt produkte produktion profit programm projekt prozent prozess
prämie prämien präsident prüfung publikum punkt punkte quartal quartale quartals quartalsbilanz quelle rabatt rabatte
rahmen rand rate raum reaktion rechnung recht rechte rede regel regierung region rekord rendite rest retouren richtung
riese risiken risiko rivale rivalen rohstoff rolle ruhe rund rückblick rückgang rückzug sache saison schaden schatten
schlag schlechte schluss schock schon schritt schuld schulden schule schwache schwierigkeiten sechs sehr seine seit
seite seiten sektor selbst september serie sich sicht sie sieben sieht sind singles sinkende sinn situation sitz so
sobald sogar soll sollte somit sommer sommermonate sondern sonntag sorge sorgen spanne sparkasse sparte spekulationen
spezialist spiel spitze sprecher sprung staat stadt stand standort starke start statt steigende stelle stellen steuer
steuern stimme stimmung stoff strategie straße streik streit strom stunde stunden stück suche summe system szene tag
tage tagen talfahrt talsohle technik technikchef technologie teil teile termin test thema tief tiefe titel tochter tod
ton treffen trend trends trotz um umfang umfeld umgang umsatz umsatzplus umsatzziel umsätze umwelt und unmittelbar uns
unsicherheit unter unterkante unterlagen unternehmen unterschied unterstützung ursache urteil verbot verbraucher
verdacht verein verfahren vergangenheit vergleich verhandlungen verhältnis verkauf verlag verlauf verlust verluste
vermögen versand versandhändler versender versuch vertrag vertrauen vertreter viel viele vier viertel volumen vom von
vor vorbereitung vorgabe vorhaben vorjahr vormittag vorsicht vorsitz vorstand vorstandschef vorteil vorweihnachtszeit
vorwoche wachstum wachstums wahl wandel wann ware waren warum was wasser weder weg wegen weihnachten weil weise
weitere welche welt wenig wenige wenn wer werbung werden werk werke wert werte westen wettbewerb wettbewerber wetter
widerstand wie wieder winter wir wird wirkung wirtschaft wissen wo woche wochen wochenbeginn wochenende wohl wohnung
wort worte wunsch während währung zahl zahlen zehn zeichen zeit zeiten zeitpunkt zeitraum zeitung zentralbank zentren
zentrum ziel ziele zins zinsen zu zudem zugang zukunft zuletzt zulieferer zum zur zusammenarbeit zusammenhang zuschlag
zustand zusätzlich zuversicht zuvor zwar zwei zweifel zweite zweiten zwischen zwölf über übernahme überraschung
"""
)

#: Endings of German nouns that are never a name by themselves.
NOUN_ENDINGS_DE = tuple(
    sorted(
        words(
            """
aktie aktien anbieter angebot anteil anteile bauer bedingungen berater bericht berichte berichten branche börse chef
chefin dienst dienste eröffnung euro experte experten firma firmen gebot geschäft geschäfts gewinn gewinns gruppe
handel handels heit heiten hersteller händler händlers höhe industrie ismus jahr jahre jahres kauf keit keiten kette
ketten konzern konzerns kosten kreis kreise kreisen krise kurs kurse lage ling linie lösung lösungen markt marktes
ment ments monat monate monaten märkte nis nisse nissen papier plan pläne preis preise preisen prognose quote riese
riesen räder saison schaft schaften seite seiten sender spanne sparte steuer summe tag tage tagen termin tion tionen
tochter tum tät täten umsatz ung ungen verband verkauf versender vorstand werk werke wert werte wirtschaft woche
wochen zahlen zeit zentrum ziel ziele zulieferer
"""
        )
    )
)
