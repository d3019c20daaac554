"""Words about profit, forecasts and warnings, English and German side by side."""

from __future__ import annotations

from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    "PWARNS": Words(
        "profit warnings of many: a count, no event",
        "(two|three|four|five|six|several|previous|past|earlier|recent|successive)_profits?_warnings? "
        "profits?_warnings_from fewer_profits?_warnings more_profits?_warnings most_profits?_warnings "
        "profits?_warnings_(rise|jump|soar|surge|hit|mount|fall)",
        "",
    ),
    "PWARN": Words(
        "the fixed terms for a profit warning",
        "profits?_warnings? profits?_alerts? earnings_warnings? earnings_alerts? margin_warnings? "
        "(trading|revenue|sales|outlook)_(alerts?|warnings?) profits?_alarms?",
        "gewinnwarnung(en)? ergebniswarnung(en)? gewinnalarm margenwarnung ertragswarnung "
        "(prognose|ziel|gewinnziel|ausblick|gewinnprognosen?)-?(senkung|kürzung|kappung|rücknahme|"
        "korrektur|reduzierung)(en)? umsatzwarnung(en)? gewinn-?warnungen? warnung_vor_gewinn",
    ),
    "PGUIDE": Words(
        "a forecast or target that is about profit",
        "",
        "(gewinn|ergebnis|ertrags|margen|renditen?|ebit|ebitda|betriebsgewinn)-?(prognosen?|ziele?n?|"
        "erwartung(en)?|ausblicke?s?|vorhersagen?|aussichten|spanne)",
    ),
    "SGUIDE": Words(
        "a forecast or target that is about sales",
        "",
        "(umsatz|erlös|absatz|wachstums)-?(prognosen?|ziele?n?|erwartung(en)?|ausblicke?s?|spanne)",
    ),
    "PTARGET": Words(
        "an analyst's price target, never a company's forecast",
        "price_targets? target_prices? share_price_forecasts?",
        "kursziele?n? zielkurse?",
    ),
    "NOGUIDE": Words(
        "forecasts that are no forecast of a company's sales or profit",
        "(growth|gdp|economic|inflation|rate|spending|costs?|capex|budget|capital|investment|production|"
        "output|prices?|emissions?|dividend|weather|oil|demand|jobs|borrowing|deficit|energy|climate|"
        "carbon)_(forecasts?|outlook|targets?|guidance|estimates?|expectations?|projections?|goals?) "
        "forecasts?_for_(uk|global|world|us|economic|gdp|economy|growth|british) "
        "outlook_for_(uk|global|world|us)",
        "(konjunktur|wachstums|inflations|preis|kosten|produktions|investitions|bip|absatz)(prognosen?|ziele?)",
    ),
    "LOWEND": Words(
        "the lower part of a promised range",
        "(low|lower|bottom)_(end|half|part|edge|range)_of (low|lower|bottom)_(end|half|part) bottom_of",
        "unter(en|em|e|es)_(ende|rand|hälfte|bereich|drittel) am_unteren",
    ),
    "HIGHEND": Words(
        "the upper part of a promised range",
        "(top|upper|high|higher)_(end|half|part|range)_of (top|upper|high|higher)_(end|half|part) top_of",
        "ober(en|em|e|es)_(ende|rand|hälfte|bereich|drittel)",
    ),
    "GUIDE": Words(
        "a forecast, target or expectation, of profit unless a neighbour says otherwise",
        "guidance forecasts? outlook targets? goals? expectations? projections? estimates? consensus "
        "views? full_year_view annual_view fy_view profit_view estimate target ambitions? prognosis "
        "analysts?_(estimates|forecasts|expectations|views|consensus) "
        "(city|market|street)_(forecasts?|expectations|estimates|consensus)",
        "prognosen? jahresprognosen? "
        "(jahres|geschäfts|unternehmens|finanz|mittelfrist|konzern)?(ziele?n?|prognosen?|ausblicke?s?|"
        "erwartung(en)?|planung) aussichten geschäftserwartung(en)? zielen? erwartete[ns]? spanne "
        "jahresausblick vorhersagen? vorgaben? jahreserwartung(en)? gesamtjahresprognosen? "
        "gesamtjahresziele?n? jahresziele?n? geschäftsprognosen? geschäftsausblicke?s? mittelfristziele?n? "
        "konzernprognosen? vorgabe zielvorgaben?",
    ),
    "PROFIT": Words(
        "what a company earns",
        "profits? pretax_profits? earnings margins? income ebit ebitda eps profitability bottom_line "
        "results_for_the net_income operating_result full_year_results fy_results year_end_results "
        "yearend_results full_year_(profits?|earnings) pre_tax_profits? core_earnings underlying_earnings "
        "profit_growth cash_flow net",
        "gewinne?[sn]? gewinn(e|s|en)? "
        "(betriebs|jahres|quartals|netto|vorsteuer|rein|konzern|halbjahres)gewinne?[sn]? "
        "ergebnis(ses|se|ses)? "
        "(betriebs|jahres|quartals|netto|vorsteuer|konzern|perioden)ergebnis(ses|se)? "
        "(betriebs|ebit|gewinn|umsatz|ebitda)?-?margen? ebit ebitda ertrag ertragskraft erträge rendite "
        "profit profitabilität überschuss jahresüberschuss gewinnspanne gewinn-?entwicklung gewinnes "
        "verdienst betriebsgewinn bereinigte[nrs]?_ergebnis ergebnis-?entwicklung gewinne "
        "schwarze[nr]?_zahlen",
    ),
    "RESULTS": Words(
        "published figures",
        "results? figures quarterly",
        "(quartals|halbjahres|jahres|geschäfts)?-?(zahlen|bilanz(en)?) quartalsbericht zwischenbericht",
    ),
    "JOBS": Words(
        "losses of jobs, not of money",
        "jobs? job_losses job_loss jobs_lost job_cuts losses_of_jobs",
        "stellenabbau",
    ),
    "FEAR": Words("what markets fear", "fears? worries", "befürchtung(en)? sorge(n)?"),
    "LOSS": Words(
        "a loss",
        "loss(es)? net_loss deficit red_ink net_losses into_the_red",
        "verlusten? verluste?s? (quartals|jahres|netto|rekord)verlust(e|s)? minus rote_zahlen "
        "rote[nr]?_zahlen fehlbetrag",
    ),
    "SALES": Words(
        "what a company sells",
        "sales revenues? turnover like_for_like_sales bookings shipments deliveries",
        "umsatz umsätzen? umsatzes erlösen? erlöse?s? absatz umsatzplus umsatzwachstum verkäufen? "
        "(jahres|quartals)umsatz verkaufszahlen",
    ),
    "WARN": Words(
        "to warn, or a warning",
        "warn(s|ed|ing|ings)? caution(s|ed)?",
        "warnt warnen warnte[n]? gewarnt warnung(en)? alarm",
    ),
    "DROPS": Words("to drop: a bid, a forecast, a price", "drop(s|ped|ping)?", ""),
    "COLLAPSE": Words("talks collapse and shares do", "collaps(e|es|ing)", ""),
    "FALLN": Words(
        "a fall: of a share, or of what is promised",
        "fall(s|en|ing)? decline[sd]? slump plunge slide tumble",
        "rückgang einbruch ergebnisrückgang sinkt? sinken fällt fallen gesunken",
    ),
    "LESS": Words(
        "less than before or than promised",
        "lower less smaller weaker worse reduced hit dent hurt damage squeeze pressure slowdown slowing "
        "shrink shrinking wiped mark blow halve halving down softer dismal subdued muted slower "
        "erode(s|d)? eat_into weigh_on drag_on drag_down wipe off hits? knocked fall drop poor",
        "weniger niedriger(e[nrsm]?)? geringer(e[nrsm]?)? schwächer(e[nrsm]?)? schlechter(e[nrsm]?)? "
        "rückläufige?[nrsm]? sinkende?[nrsm]? knapper magerer kleiner(e[nrsm]?)? einbrechen schmälern "
        "belasten belastet schrumpf(t|en) zurückgeh(t|en) zurückfallen rückgang schmaler(e[nrsm]?)? "
        "niedriger trüber(e[nrsm]?)? eintrüben zehren drücken leiden ausbleiben",
    ),
    "MORE": Words(
        "more than before or than promised",
        "higher more better stronger greater bigger",
        "mehr höher(e[nrsm]?)? besser(e[nrsm]?)? stärker(e[nrsm]?)? kräftiger(e[nrsm]?)? größer(e[nrsm]?)?",
    ),
    "STAYS": Words(
        "present and infinitive of German verbs that place a figure: what is to come",
        "",
        "bleibt bleiben bleibe bliebe zurückbleib(t|en) zurückzubleiben liegen ausfallen ausfällt landen_wird",
    ),
    "UNDER": Words("below, in German", "", "unter unterhalb hinter"),
    "MISS": Words(
        "to stay below what was promised",
        "miss(es|ed|ing)? below under short_of fall_short falls_short falling_short fell_short "
        "undershoot(s|ing)? shortfall behind disappoint(s|ing)?",
        "verfehl(t|en|te|ten) verpass(t|en) unterschreit(en|et) enttäusch(t|en) unterbiet(et|en)",
    ),
    "BEAT": Words(
        "to come out above what was promised",
        "beat(s|ing)? top(s|ped|ping)? exceed(s|ed|ing)? surpass(es|ed|ing)? ahead_of above "
        "outstrip(s|ped)? outperform(s|ed)? smash(es|ed)?",
        "übertr(ifft|af|afen|effen|offen) oberhalb übersteig(t|en) überbiet(et|en) schl(ägt|ug)",
    ),
    "EXPECT": Words(
        "to expect of oneself, to steer the market",
        "expect(s|ed|ing)? sees? saw seeing anticipat(es|ed|ing|e) predict(s|ed|ing)? project(s|ed) "
        "guid(es|ed|ing) reckons? brac(es|ing|ed) believ(es|e) steer(s|ed|ing)? forecasting flags? flagged "
        "signals? signalled points_to braced on_course_to on_track_to likely set_for heading_for thinks? "
        "think",
        "erwartet erwarten erwartete rechne(t|n|te) sieht sehen prognostizier(t|en|te) "
        "veranschlag(t|te|en) traut_sich trauen_sich kalkulier(t|en) geht_von gehen_von stimmt_die "
        "stellt_sich rechnen rechnet_mit sagt_voraus prognostiziert befürchte(t|n) fürchte(t|n) "
        "stellen_sich",
    ),
    "KEEP": Words(
        "to keep a forecast",
        "maintain(s|ed|ing)? reaffirm(s|ed|ing)? reiterat(es|ed|ing) on_track in_line match(es|ed)? "
        "sticks?_(to|with|by) stuck_(to|with|by) keep(s)? kept",
        "bekräftig(t|te|en) hält_an halten_an bleibt_bei bleibt_aber_bei bleiben_bei hielt_an "
        "festh(ält|alten) unverändert(e[nrsm]?)? ändert_sich_nichts",
    ),
    "DROP": Words(
        "verbs that lower a forecast and call off a deal alike",
        "abandon(s|ed|ing)? withdr(aws?|ew|awn|awing) pull(s|ed|ing)? scrap(s|ped|ping)? ditch(es|ed|ing)? "
        "ax(e|es|ed|ing) suspend(s|ed|ing)? shelv(es|ed|ing) jettison(s|ed)? dump(s|ed|ing)? "
        "back(s|ed)?_away_from walk(s|ed)?_back row(s|ed)?_back_on retreat(s|ed)?_from yank(s|ed)? "
        "tear(s)?_up tore_up rip(s|ped)_up throws_out",
        "zurückgezogen verworfen einkassiert kippt kippen gekippt ausgesetzt begräbt verwirft einstampfen "
        "eingestampft fallen_gelassen über_bord",
    ),
    "WASCUT": Words(
        "a cut that is an attribute: an older one",
        "",
        "(gesenkt|gekappt|gekürzt|reduziert|gestutzt|gedämpft|zurückgenommen|revidiert)e[nrsm]?",
    ),
    "CUT": Words(
        "to lower a number",
        "cut(s|ting)? slash(es|ed|ing)? lower(s|ed|ing) trim(s|med|ming)? reduc(es|ed|ing|e) "
        "downgrad(es|ed|ing|e) scal(es|ed|ing|e)_back pare(s|d)? pared chop(s|ped)? dial(s|ed)_back "
        "rein(s|ed)_in revis(es|ed)_down shav(es|ed) halv(es|ed) bring(s)?_down t(akes|ook)_down "
        "downgrading temper(s|ed|ing)? dampen(s|ed|ing)? soften(s|ed)? ton(es|ed)_down wind(s)?_back "
        "knock(s|ed)? whittl(es|ed) sharply_cut rebas(es|ed|ing) reset(s|ting)? tak(es|ing)_axe_to "
        "takes_an_axe_to lop(s|ped)? curb(s|ed)? revis(es|ed|ing)_lower deep(er)?_cuts? nudg(es|ed)_down",
        "senk(t|te|ten|en) gesenkt kapp(t|te|en) gekappt kassier(t|te|en) kürz(t|te|en) gekürzt "
        "stutz(t|te|en) gestutzt reduzier(t|te|en) streich(t|en) gestrichen strich halbier(t|te) "
        "dämpf(t|te|en) gedämpft drossel(t|te|n) revidier(t|te|en)_nach_unten zurückgenommen zurücknehmen "
        "zurückgeschraubt zurückzuschrauben herabgesetzt herunterschrauben heruntergeschraubt herabsetzen "
        "abgesenkt zusammengestrichen eindampf(en|t) eingedampft runtergeschraubt senkung herunter_setzen "
        "verringer(t|te|n) schraubt_zurück einkassier(en|t) zusammenstreich(en|t) eingesackt "
        "zusammengestutzt schraub(t|en)_herunter stampft_ein dampft_ein kappen zusammenstauchen abgespeckt "
        "speckt_ab abstriche nach_unten_(angepasst|korrigiert|revidiert) tiefer_gehängt tiefer_hängen "
        "rudert_zurück zurückrudern zurückgerudert rückt_ab abgerückt rückt_von zurückstutzen "
        "herunterfahren heruntergefahren herunterkorrigiert zurückzunehmen dampf(t|te|en) stampf(t|te|en) "
        "halbier(t|te|en) viertel(t|te)",
    ),
    "RAISE": Words(
        "to raise a number",
        "rais(es|ed|ing) lift(s|ed|ing)? boost(s|ed|ing)? hik(es|ed|ing|e) increas(es|ed|ing|e) "
        "upgrad(es|ed|ing|e) up(s|ped) bump(s|ed)_up revis(es|ed)_up raise upgrade upgraded lifts "
        "nudges?_up upgrades?",
        "erhöh(t|te|ten|en) heraufgesetzt heraufsetzen angehoben anheb(en|t) anhebung(en)? hochgeschraubt "
        "aufgestockt aufstock(t|en) hochgesetzt nach_oben_geschraubt",
    ),
    "TAKES": Words(
        "German verbs that need a particle to mean cut or raise (and English bring, take)",
        "",
        "stimm(t|en|te|ten) nimmt nehmen nahm nahmen schraub(t|te|ten|en) setz(t|te|ten|en) fähr(t)? fuhr "
        "geht_mit korrigier(t|te|en) heb(t|en) hob hoben zieh(t|en) zog zogen leg(t|te|ten|en) "
        "ruder(t|n|te)",
    ),
    "BACKDOWN": Words("the particle that makes it a cut", "", "zurück herunter runter herab nach_unten"),
    "AN": Words("German for at, to, and the particle of hebt an", "", "an"),
    "UPWARD": Words("the particle that makes it a raise", "", "herauf hoch nach_oben rauf"),
    "NOLONGER": Words(
        "the old promise no longer holds",
        "no_longer only just previously before originally thought planned hoped instead forecast",
        "nicht_mehr nur_noch nur statt bisher bislang zuvor ursprünglich anstatt anstelle zunächst nun "
        "gedacht geplant erhofft angenommen veranschlagt angepeilt versprochen",
    ),
    "SURPRISE": Words(
        "a shock",
        "shock(s|ed)? surpris(e|es|ing) unexpected(ly)? stun(s|ned)",
        "überraschend(e[nrsm]?)? unerwartete?[nrsm]? schock(t|iert|ierte|te)? überrasch(t|te|en)",
    ),
    "PESS": Words(
        "less hopeful than before",
        "pessimistic cautious gloomier downbeat bleaker gloomy bleak disappointing lacklustre weak soft "
        "dire tepid underwhelming",
        "pessimistischer(e[nrsm]?)? vorsichtiger(e[nrsm]?)? skeptischer(e[nrsm]?)? "
        "zurückhaltender(e[nrsm]?)? düsterer(e[nrsm]?)? trübe[nrsm]? gedämpfte[nrsm]? düstere[nrsm]?",
    ),
    "PROSPECT": Words(
        "German for what is to come this year",
        "",
        "laufende[ns]?_(jahr(es)?|geschäftsjahr(es)?|quartal) diesem_jahr gesamtjahr voraussichtlich wohl jahr",
    ),
    "REACH": Words(
        "to come up to a promise",
        "meet(ing)? reach(ing)? achiev(e|ing) attain deliver(ing)? hold",
        "erreich(t|en|bar)? halten schaff(t|en) gehalten einhalten",
    ),
    "TRADE": Words("how business goes", "trading performance demand", "geschäft geschäfte geschäftsverlauf"),
    "PMOVE": Words(
        "German compounds of figure and move",
        "",
        "(gewinn|umsatz|ergebnis|absatz|erlös)(sprung|anstieg|plus|zuwachs|steigerung)(s|es|e)? "
        "(umsatz|absatz|erlös)(rückgang|einbruch|minus|schwund)(s|es|e)?",
    ),
    "OPT": Words(
        "more hopeful than before",
        "upbeat optimistic",
        "zuversichtlicher(e[nrsm]?)? optimistischer(e[nrsm]?)?",
    ),
    "CASHW": Words("what one makes less of", "money cash", ""),
    "PDROP": Words(
        "German compounds for a profit that falls",
        "",
        "(gewinn|ergebnis|ertrags)(rückgang|einbruch|minus|schwund)(s|es|e)?",
    ),
}
