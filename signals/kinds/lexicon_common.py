"""Words about figures and markets, names that are never companies, and grammar, English and German side by side."""

from __future__ import annotations

from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    "SPORT": Words(
        "clubs and rights: no listed company is bought",
        "footballer fc afc premier_league champions_league world_cup formula_one olympics grand_prix "
        "(newcastle|manchester)_united manchester_city everton arsenal chelsea sunderland wembley hotspur "
        "stadium tv_rights football_club football_clubs",
        "fußball fußballklubs? fußballclubs? bundesliga klubs? verein(s|e)? vereine premier_league "
        "fernsehrechte tv-rechte olympia formel stadion \\w*(klub|verein)s?",
    ),
    "DUTY": Words(
        "what a person or a member takes over: no company",
        "charge responsibility reins helm lead role",
        "vorsitz(es)? leitung verantwortung führung posten ruder chefposten amt kosten aufgabe[n]? nachfolge "
        "rolle ressort mandat garantie[n]? bürgschaft patenschaft haftung geschäfte regie federführung spitze",
    ),
    "PROTEST": Words(
        "those who want a deal stopped",
        "protests? protesters petition locals residents",
        "proteste anwohner",
    ),
    "CONSUMER": Words(
        "buying by the public",
        "help_to_buy right_to_buy highest_bidder you customers passengers shoppers savers homeowners tenants "
        "holidaymakers buyers_guide homes motorists fans consumers renters? first_time_buyers? house "
        "customers? season_tickets?",
        "sie_ihre verbraucher kunden fans",
    ),
    "WORKER": Words("buyouts of jobs, not of companies", "workers? employees? voluntary", "mitarbeiter"),
    "RISEV": Words(
        "moves up",
        "ris(es|e|ing|en) rose jump(s|ed|ing)? soar(s|ed|ing)? surg(es|ed|ing|e) climb(s|ed|ing)? "
        "grow(s|n|ing|th)? grew gain(s|ed)? rall(ies|ied|y) recover(s|ed|y|ing)? rebound(s|ed)? won_back "
        "win(s)?_back recoup(s|ed)? doubl(es|ed|ing|e) tripl(es|ed) improve(s|d)? leap(s|t)? rocket(s|ed)? up "
        "bounce(s|d)? accelerat(es|ed|e) booming treble(s|d)? trebling quadrupl(es|ed) edg(es|ed)_(up|higher) "
        "boom(s|ed) more_than_(double|doubles|doubled|triple|tripled) nearly_doubles almost_doubles",
        "steig(t|en|erte|ert) stieg(en)? spr(ingt|ang|angen|ingen) kletter(t|te|n) wächst wuchs gewachsen "
        "zuleg(en|t|te) legt_zu legte_zu verdoppel(t|te|n) gestiegen gesteigert schie(ß|ss)t erhol(t|te|en) "
        "erholung plus gewinnt gewann verdreifach(t|te|en) vervielfach(t|te|en) verbesser(t|te|n) "
        "vervierfach(t|te) zugelegt zulegte klettern anstieg(s|e)? anzieh(t|en) zog_an angezogen wachsen "
        "springen steigern steigerung sprang boom(t|te) hochgeschnellt schnellt(e)? schnell(en|te)_hoch "
        "sprunghaft",
    ),
    "FALLV": Words(
        "moves down",
        "fell plunge(s|d) plunging plummet(s|ed|ing)? tumbl(es|ed|ing) slump(s|ed|ing) sink(s|ing)? sank "
        "slid(es|ing)? crash(es|ed|ing)? dive(s|d)? dived shed(s)? los(es|t|ing|e) slip(s|ped)? "
        "nosediv(es|ed) shrinks? shrank halved dented hammered dips? dipped crater(s|ed)? tank(s|ed)? "
        "skid(s|ding)? nosediving sags? sagged spirals? implod(es|ed) slip slipping stumbl(es|ed) slithers? "
        "swoon(s)? retreat(s|ed)? wilt(s|ed)? wobbl(es|ed) knifed routed battered clobbered crumbl(es|ed) "
        "melts? sell_off",
        "brach(en)? bricht_ein brechen_ein eingebrochen stürz(t|te|en) verlor(en)? verliert verlieren "
        "fiel(en)? sackt(e)? rutsch(t|te|en) gab_nach gaben_nach gibt_nach abgestürzt einbruch sank(en)? "
        "schrumpfte[n]? geschrumpft talfahrt kursrutsch kurssturz gefallen eingebüßt büßt(e)?_ein abwärts "
        "absturz verlust sackte abgesackt knickt knickte[n]? eingeknickt rauscht(e)? abgerauscht taumelt(e)? "
        "stürzen schmier(t|te) schmilzt geschmolzen zusammengebrochen unter_druck kollabier(t|te) abverkauf "
        "rasselt(e)? tauch(t|te|en) abgetaucht crasht(e)? crash knick kursknick sinkflug talwärts "
        "verbilligt(e)? kurseinbruch kursverfall ausverkauf abstrafen bestraf(t|en) abgestraft",
    ),
    "SHARES": Words(
        "the share",
        "shares? stocks? share_price shareholders? investors? stock_slides?",
        "aktien? aktie kurs(e|s)? papieren? titeln? aktionären? anlegern? börse anteilsscheine? "
        "kursverlust(e)? (\\w+)?aktie wertpapiere?n?",
    ),
    "POST": Words(
        "to publish figures",
        "post(s|ed|ing)? reports reported_a announces books booked logs suffers swings? swung makes_a "
        "racks_up records recorded",
        "meldet(e)? verbucht(e)? weist_aus schreibt geschrieben schrieb legt_vor verzeichnet(e)? macht(e)? "
        "verbuchen schreiben ausgewiesen liefert lieferte fährt_ein",
    ),
    "ENTER": Words(
        "to go where one was not before",
        "enter(s|ed|ing)? expand(s|ing|ed)?_(into|to|in|across|around|its) push(es|ing|ed)?_into "
        "break(s|ing)?_into mov(es|ing)_into debut(s|ed|ing)? expand(s|ing)? launch(es|ing|ed)?_in "
        "arriv(es|ing|al)_in foray market_entry expansion_(in|into|to|of) rolls?_out_in footholds? bridgehead "
        "invasion has_launched_in have_launched_in",
        "markteintritte?s? marktstart einstieg drängt_nach drängt_auf expandier(t|en) startet_in starten_in "
        "kommt_nach betritt expansion vorstoß markteinführung antreten marktzugang launch "
        "erschlie(ß|ss)(t|en)",
    ),
    "MARKET": Words("a market", "markets?", "märkten? markte?s?"),
    "BRING": Words(
        "to bring a business somewhere",
        "introduc(es|ed|ing|e) bring(s|ing)? roll(s|ing)?_out (open|opens|opening)_first first_stores?",
        "bring(t|en|e) eröffne(t|n|te) eröffnung aufbau(en)? filiale[n]? zieht_es",
    ),
    "PLACE": Words(
        "countries and cities: never a company",
        "uk u\\.k\\.? britain british britain's us america american europe european eu china chinese germany "
        "german france french japan japanese india indian hong_kong london spain italy australia australian "
        "canada canadian russia russian ireland irish scotland netherlands dutch brazil mexico korea "
        "singapore switzerland swiss sweden poland turkey turkish swedish norwegian finnish danish belgian "
        "austrian greek polish czech israeli egyptian mexican brazilian portuguese thai malaysian indonesian "
        "vietnamese emirati qatari kuwaiti taiwanese ukrainian hungarian romanian singaporean vienna munich "
        "milan madrid zurich geneva amsterdam stockholm hamburg california texas ohio new_york brussels "
        "beijing paris berlin africa asia asian spanish italian argentina argentina's nordic scandinavia "
        "israel wall_street city vietnam middle_east frankfurt wolfsburg washington taiwan saudi portugal "
        "greece norway denmark austria belgium tokyo westminster ftse ftse_100 dax brexit eurozone wales "
        "welsh scottish northern_ireland latin_america england manchester birmingham liverpool leeds "
        "scotland's teesside u\\.s\\.? romania bulgaria croatia serbia slovakia slovenia hungary "
        "czech_republic estonia latvia lithuania ukraine iceland luxembourg malta cyprus egypt morocco "
        "nigeria kenya south_africa saudi_arabia dubai abu_dhabi qatar kuwait iran iraq pakistan bangladesh "
        "thailand malaysia indonesia philippines new_zealand chile peru colombia venezuela cuba finland "
        "prague warsaw budapest lisbon dublin copenhagen oslo helsinki moscow istanbul mumbai delhi shanghai "
        "shenzhen seoul sydney melbourne toronto chicago los_angeles san_francisco silicon_valley florida "
        "puerto_rico eastern_europe western_europe central_europe southeast_asia far_east gulf bucharest "
        "belgrade zagreb sofia tallinn riga vilnius athens rome barcelona glasgow edinburgh cardiff belfast "
        "houston boston miami atlanta osaka bangkok jakarta manila hanoi riyadh doha cairo lagos nairobi "
        "johannesburg cape_town sao_paulo buenos_aires bogota lima balkans baltics baltic benelux iberia "
        "maghreb caribbean central_america south_america north_america kazakhstan uzbekistan armenia algeria "
        "tunisia ethiopia ghana jordan lebanon oman bahrain mongolia cambodia myanmar sri_lanka nepal uae "
        "emirates european_union mainland_china south_korea north_korea south_korean bulgarian croatian "
        "slovak slovenian estonian latvian lithuanian icelandic argentine chilean colombian peruvian filipino "
        "pakistani nigerian kenyan south_african moroccan saudi_arabian europe's china's germany's france's "
        "japan's india's america's italy's spain's",
        "deutschland(s)? deutsche[nrsm]? europas? europäische[nrsm]? chinas? chinesische[nrsm]? frankreichs? "
        "usa us großbritannien(s)? britische[nrsm]? italien(s)? spanien(s)? österreich(s)? schweiz(er)? "
        "polens? japans? indiens? russlands? amerika(s)? london(er)? berlin(er)? paris(er)? münchen(er)? "
        "münchner hamburg(er)? frankfurt(er)? stuttgart(er)? köln(er)? düsseldorf(er)? wien(er)? zürich(er)? "
        "hannover(s)? asien(s)? brüssel(er)? schweden(s)? niederlande[n]? niederländische[nrsm]? dax mdax "
        "sdax tecdax peking new_york brandenburg bayern hessen tschechien amerikanische[nrsm]? "
        "französische[nrsm]? italienische[nrsm]? leverkusen(er)? wolfsburg(er)? essen(er)? bremen estland "
        "lettland litauen rumänien bulgarien kroatien serbien slowakei slowenien ungarn ukraine türkei "
        "griechenland portugal irland finnland norwegen dänemark belgien luxemburg spanische[nrsm]? "
        "schwedische[nrsm]? österreichische[nrsm]? schweizerische[nrsm]? russische[nrsm]? türkische[nrsm]? "
        "indische[nrsm]? japanische[nrsm]? südkorea koreanische[nrsm]? brasilien mexiko kanada australien "
        "afrika arabien saudi-arabien dubai osteuropa westeuropa nordamerika südamerika skandinavien moskau "
        "shanghai griechische[nrsm]? polnische[nrsm]? tschechische[nrsm]? ungarische[nrsm]? dänische[nrsm]? "
        "norwegische[nrsm]? finnische[nrsm]? belgische[nrsm]? irische[nrsm]? portugiesische[nrsm]? "
        "rumänische[nrsm]? brasilianische[nrsm]? mexikanische[nrsm]? kanadische[nrsm]? australische[nrsm]? "
        "saudi-arabische[nrsm]? afrikanische[nrsm]? asiatische[nrsm]? osteuropäische[nrsm]? "
        "skandinavische[nrsm]? lateinamerika golfstaaten golfregion nahost naher_osten nahen_osten vietnam "
        "indonesien thailand israel ägypten marokko tunesien südafrika neuseeland singapur taiwan malaysia "
        "philippinen kasachstan nigeria kenia argentinien chile kolumbien peru rom mailand madrid barcelona "
        "amsterdam rotterdam kopenhagen stockholm oslo helsinki warschau prag budapest bukarest tokio seoul "
        "mumbai delhi istanbul washington kalifornien texas dublin lissabon athen zypern malta moldau "
        "albanien bosnien montenegro nordmazedonien kosovo belarus georgien armenien katar kuwait bahrain "
        "pakistan bangladesch sri_lanka baltikum balkan benelux vereinigte_staaten vereinigten_staaten "
        "vereinigtes_königreich vereinigten_königreich staaten leipzig dresden nürnberg dortmund mannheim "
        "usbekistan aserbaidschan turkmenistan mongolei kambodscha laos panama ecuador bolivien uruguay "
        "paraguay kuba irak iran libanon jordanien oman algerien äthiopien tansania ghana senegal angola",
    ),
    "INST": Words(
        "public bodies and those who only watch: their forecasts are not a company's",
        "imf oecd cbi fed ecb boe bank_of_england government chancellor treasury opec obr economists? "
        "analysts? world_bank regulators? watchdog cma ofcom mps ministers? minister parliament court judge "
        "boj niesr bcc pmi nhs eurogroup european_commission industry sector airline_industry federal_reserve "
        "experts? iata labour tories corbyn trump johnson sunak hammond campaigners bank_of_japan commission "
        "brokers? doctors farmers council councils wto who goldman downgrades? firms banks retailers "
        "companies businesses suppliers iea schools? universit(y|ies) hospitals? thinktank trump's "
        "european_central_bank rating_agenc(y|ies) moody s&p fitch kpmg pwc deloitte ey ey-parthenon "
        "item_club resolution_foundation ifs tuc bank_governor governor treasury_committee select_committee "
        "forecasters? surveyors? accountants landlords shopkeepers manufacturers builders growers steelmakers "
        "housebuilders employers exporters charities hospitality_industry trade_body lobby_group "
        "campaign_group ofgem ofwat fca sec ofsted opec+ eia meteorologists chancellors mpc brexiters "
        "brussels frackers strategists pollsters ec nato g7 g20 davos unions trade_union "
        "(workers|teachers|rail|pilots)_union "
        "union_(says|said|leaders?|bosses|boss|chief|warns|members|anger|calls) majors lenders supermarkets",
        "iwf oecd ezb fed bundesbank ifo bundesregierung regierung analysten? analyst volkswirten? ökonomen? "
        "experten? bundeskartellamt kartellamt kommission diw iwh zew verband branche meteorologen "
        "gewerkschaft(en)? behörden? minister(in)? wirtschaftsweisen? konjunktur börsianer firmen "
        "unternehmen_in hochschulen? analysehaus investmentbank broker bankhaus bauern landwirte winzer "
        "kommunen städte krankenkassen handwerk einzelhandel mittelstand handelsverband hde dihk bdi vda vdma "
        "bga bitkom iw iwf-\\w+ steuerschätzer ratingagentur moody s&p fitch notenbank(en)? zentralbank(en)? "
        "wirtschaftsforscher forscher ifo-institut kiel-institut eu-kommission brüssel finanzminister(in)? "
        "wirtschaftsminister(in)? kanzler(in)? bundesrechnungshof bafin esma fachleute strategen börsianern "
        "auguren reeder hoteliers gastronomen wirte bauindustrie baugewerbe chemieindustrie autoindustrie "
        "stahlindustrie stahlbranche modebranche autobranche chemiebranche institut(e|s|en)? "
        "wirtschaftsinstitut(e|s|en)? sparkassen volksbanken landesbanken brauereien reedereien verlage "
        "gastgewerbe hotellerie buchhandel textilverband branchenverband spediteure bäcker metzger apotheker "
        "ärzte maschinenbauer verbraucherschützer mieterbund",
    ),
    "MEDIA": Words(
        "papers and agencies: sources, never parties",
        "newspapers? papers? press report media reuters bloomberg wsj ft guardian telegraph cnbc bbc sky_news "
        "sunday_times the_times financial_times wall_street_journal new_york_times nikkei il_sole sun times "
        "mail axios handelsblatt quartz daily_mail_reports observer sunday_telegraph sueddeutsche "
        "business_live live nils_pratley les_echos spiegel mirror nils_pratley_on_finance "
        "observer_business_agenda business_leader consumer_champions viewpoint_column exclusive",
        "handelsblatt(s)? reuters dpa spiegel(s)? manager_magazin wirtschaftswoche börsenzeitung faz "
        "süddeutsche bloomberg focus bild bild_am_sonntag welt wiwo ard aktionär anlegermagazin "
        "sonntagszeitung zeitung zeitungen magazin t3n zdnet",
    ),
    "PERSON": Words(
        "people of a company",
        "ceo cfo boss(es)? chief chief_executive chief_executives chairman chairwoman chair founders? "
        "director directors president spokesman spokeswoman spokesperson billionaire tycoon owner owners "
        "executives? management board former activist heir finance_chief entrepreneur parent",
        "ceo cfo chef(in|s)? konzernchef(in)? vorstand(s|es)? vorständen? vorstandschef(in)? sprecher(s|in)? "
        "gründer(s|n|in)? aufsichtsrat(s)? milliardärs? finanzchef(in)? großaktionärs? konzernlenker "
        "eigentümer(n|s)? hauptaktionär \\w*vorstand(s|es)? \\w*chef(in|s)? \\w*erbe[n]?",
    ),
    "FIRM": Words(
        "what a company is, in place of its name",
        "company group firm retailer maker giant rival rivals chain bank lender airline carrier insurer "
        "carmaker operator business supermarket builder housebuilder supplier developer broker brand "
        "manufacturer producer startup exchange counterpart group's company's utility miner brewer publisher "
        "start_up platform drugmaker biotech corp inc plc ltd ag se holdings unit's distributor outsourcer "
        "engineer brokerage wholesaler consortium start-up homebuilder grocer fund steelmaker chipmaker "
        "automaker pharma private_equity private_equity_(firm|group|house|giant) "
        "private_equity_(firms|groups|companies) (asset|fund|wealth)_managers? buyout_(companies|firms?|groups?|houses?|funds?) "
        "private_equity_(houses|giants|funds?)",
        "\\w*konzern(s|e)? unternehmens? unternehmen firma gruppe gesellschaft(en)? \\w*händler(s|n)? "
        "\\w*versender(s)? rivalen? konkurrenten? \\w*hersteller(s|n)? \\w*zulieferer(s|n)? \\w*bauer(s)? "
        "bank airline \\w*kette \\w*anbieter(s)? tochter \\w*investor(en)? konkurrenz wettbewerbers? "
        "\\w*riesen? pioniers? \\w*produzenten? \\w*spezialist(en)? ag se gmbh kg wettbewerbern? holding "
        "\\w*firma \\w*firmen \\w*gruppe \\w*fonds \\w*betreiber(s)? \\w*makler(s)? \\w*entwickler(s)? "
        "\\w*techniker(s)? \\w*ausrüster(s)? \\w*dienstleister(s)? \\w*versorger(s)? \\w*filialist(en)? "
        "\\w*discounter(s)? \\w*reeder(ei)? \\w*schmiede \\w*versicherer(s)? \\w*portal(s)? \\w*verlag(s)? "
        "\\w*primus mutter eigner(in|s)? muttergesellschaft mutterkonzern start-up \\w*startups? "
        "konkurrent(in)? wettbewerber",
    ),
    "CAL": Words(
        "times that are written like names",
        "january february march april june july august september october november december monday tuesday "
        "wednesday thursday friday saturday sunday christmas easter black_friday cyber_monday covid "
        "coronavirus xmas q[1-4] h[12] fy",
        "januar februar märz april mai juni juli august september oktober november dezember montag dienstag "
        "mittwoch donnerstag freitag samstag sonntag(s)? weihnachten ostern corona montagabend "
        "donnerstagabend freitagabend",
    ),
    "HAD": Words("the past before the past", "had", "hatte(n)? gewesen"),
    "AFTER": Words("afterwards, and because", "after following since", "nach nachdem seit"),
    "LAWSUIT": Words(
        "what holders do about an old warning",
        "su(es|ed|ing|e) lawsuit lose_out staff",
        "klag(t|en)? klage verklagen",
    ),
    "ON": Words("because of, in headlines", "on amid despite with_a", "wegen trotz aufgrund infolge angesichts"),
    "ISSUE": Words(
        "to publish a warning",
        "issu(es|ed|ing|e) deliver(s|ed)? sound(s|ed)? flags? flagged",
        "gab_ab veröffentlicht herausgegeben ausgesprochen ausgegeben",
    ),
    "PLURAL": Words(
        "many at once: no single event",
        "flurry_of series_of string_of run_of spate_of flood_of rash_of number_of wave_of",
        "welle_von reihe_von flut_von serie_von in_serie definition zahl_der rekordhoch immer_mehr",
    ),
    "PASTREF": Words(
        "a time that is over",
        "(last|past|previous)_(year|month|quarter|autumn|spring|summer|winter|weeks?) "
        "(last|past|previous)_(january|february|march|april) "
        "(last|past|previous)_(may|june|july|august|september|october|november|december) earlier ago "
        "previously already (weeks|months|years|days)_(before|ago|earlier) recent once historic anniversary",
        "(vergangene[nrsm]?|letzte[nrsm]?|vorige[nrsm]?)_(jahre?s?|monate?n?|woche[n]?|quartal|herbst|sommer|"
        "winter|frühjahr) vorjahr(es)? damals zuletzt bereits schon vorweihnachtszeit vorwoche seinerzeit "
        "einst früher(e[nrsm]?)? zurückliegende[nrsm]? "
        "vor_(einem|zwei|drei|vier|fünf|zehn|wenigen|einigen|mehreren)_(jahr|jahren|monat|monaten|wochen)",
    ),
    "MODAL": Words(
        "would, could",
        "could might may should can",
        "könnte[n]? dürfte[n]? sollte[n]? würde[n]? käme mag kann können",
    ),
    "TO": Words("the infinitive", "to"),
    "TRUST": Words("German for to think somebody capable of", "", "traut trauen zutraut zutrauen"),
    "FUTURE": Words("what is to come", "will would 'll", "wird werden werde soll sollen wolle dürfte[n]?"),
    "CURRENCY": Words(
        "money in words",
        "usd eur gbp mln dlrs billion million bn mn trillion pounds? euros? dollars? pence yen",
        "euro dollar pfund mio mrd millionen? milliarden? franken",
    ),
    "BE": Words("to be", "is are was were be been being 's", "ist sind war waren sein sei seien wäre[n]? gewesen"),
    "FOR": Words("for, over", "for over about", "für um"),
    "OF": Words("of", "of in into at", "von des der am bei vom zum zur im in ins"),
    "BY": Words("by whom", "by from", "durch seitens vonseiten"),
    "WITH": Words("with", "with between", "mit zwischen"),
    "AND": Words("joins names", "and or & plus", "und oder sowie &"),
    "HAVE": Words("perfect", "has have having", "hat haben habe"),
    "AGAIN": Words("not the first time", "again once_more", "erneut(e[nrsm]?)? wieder(um)? abermals nochmals"),
    "ORDINAL": Words(
        "one more",
        "another second third fourth further repeat fresh latest new",
        "zweite[nrsm]? dritte[nrsm]? vierte[nrsm]? weitere[nrsm]? neue[nrsm]?",
    ),
    "COUNT": Words(
        "several",
        "two three four five six several thousands hundreds millions dozens nothing",
        "zwei drei vier mehrere[nr]? zweimal dreimal",
    ),
    "PRON": Words(
        "stands for a company named before",
        "it its they their he she itself",
        "er sie es ihre?[nrsm]? seine?[nrsm]? sich",
    ),
    "ARM": Words(
        "a part of a company that is a business: its owner is the seller",
        "arm unit units division divisions business_unit operations subsidiary business_in brands?",
        "sparten? \\w*sparten? tochter(gesellschaft|firma|unternehmen)? geschäftsbereich bereich",
    ),
    "ASSET": Words(
        "things a company owns: buying one is no takeover",
        "assets? portfolio stores shops sites? building hq headquarters sponsorship rights tickets? jets? "
        "planes? land plants? licen[cs]es? debt bonds patents? factory factories warehouse cars? gas oil "
        "goods products? equipment airlines_of art collection cruise_ships mansion vehicles vans lease parts "
        "homes houses",
        "marken? filialnetz vermögenswerte werke? standorte? flugzeuge[n]? rechte lizenz(en)? immobilien? "
        "grundstücke? gebäude",
    ),
    "PUSHTO": Words(
        "to go to a country, in German, with nach",
        "",
        "drängt drängen expandier(t|en) strebt kommt kommen startet wagt zieht",
    ),
    "FIRST": Words("the first one", "first", "erste[nrsm]?"),
    "MUST": Words("necessity", "must", "muss müssen musste"),
    "LISTING": Words(
        "how a share comes to the stock exchange, or a product to a screen: no market entry",
        "stock_market_debut market_debut wall_street_debut premier_league_debut "
        "(trading|streaming|nasdaq|exchange|nyse|film|tv|catwalk|week|directorial|public)_debut "
        "debut_(single|album|collection|novel) office_debut",
        "börsendebüt börsengang(s)? börsenstart",
    ),
    "SETUP": Words(
        "idioms for coming to a country",
        "sets?_up_shop_in arriv(es|ed|ing|e)_in touch(es|ed)_down_in open(s|ed|ing)?_doors_in "
        "open(s|ed|ing)?_its_doors_in plant(s|ed)?_flag_in plant(s|ed)?_its_flag_in set(s)?_foot_in "
        "(makes?|made|making)_debut_in (makes?|made|making)_its_debut_in returns?_to "
        "ventur(es|ed|ing|e)_(into|to|in) makes?_(entrance|entry)_(in|into|to) "
        "makes?_its_(entrance|entry)_(in|into|to) roll(s|ed|ing)?_into "
        "start(s|ed|ing)?_(selling|trading|deliver\\w+|operat\\w+|sales)_in "
        "begin(s|ning)?_(selling|trading|deliver\\w+|operat\\w+|sales)_in launch(es|ing)?_in "
        "cross(es|ed|ing)?_(channel|atlantic|border|pond) "
        "cross(es|ed|ing)?_the_(channel|atlantic|border|pond) go(es|ing)?_live_in "
        "(start|starts|started|begin|begins|began)_(selling|trading|shipping|delivering|operating|sales|"
        "deliveries|operations)_(in|to)",
        "kommen_nach geht_nach gehen_nach zieht_nach drängt_(nach|auf|in) wagt_sich erober(t|n|te) fasst_fuß "
        "fuß_fassen landet_in startet_(in|auf|nun|auch|jetzt) starten_(in|auf) debüt debütier(t|te|en) "
        "geht_(in|auf) markteinstieg markteintritts? ab_sofort einstieg_in",
    ),
    "SHOPW": Words(
        "what opens in a new country",
        "store shop branch(es)? outlets? restaurants? flagships? cafes? café boutiques? hotels? showrooms? "
        "dealerships? supermarkets? webshop website online_(store|shop|platform) marketplace salons? gyms? "
        "concessions? selling",
        "\\w*filialen? onlineshop(s)? webshop(s)? shops? \\w*stores? \\w*marktplatz \\w*supermärkte? "
        "\\w*supermarkt \\w*laden \\w*läden \\w*restaurants? \\w*hotels? \\w*boutiquen? vertrieb "
        "lieferdienst(e|s)? plattform online-?handel online-?verkauf",
    ),
    "CLOSURE": Words(
        "the end of a shop",
        "close closing closures? shut(s|ting)? reopen(s|ed|ing)?",
        "schließung(en)? wiedereröffnung",
    ),
    "PUBLIC": Words(
        "those whose money is not a company's",
        "econom(y|ies) gdp households? famil(y|ies) taxpayers? pensioners? millions world country nation wages",
        "wirtschaft volkswirtschaft haushalte familien steuerzahler rentner bürger menschen welt arbeitnehmer "
        "beschäftigte[n]?",
    ),
    "PUSHN": Words("a move into a country", "push expansion_plan"),
    "ASK": Words("opens a headline that explains", "what how why", "was wie warum weshalb wieso"),
}
