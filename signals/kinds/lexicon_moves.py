"""Words for what happens to figures and forecasts: cut, raised, missed, expected, English and German side by side."""

from __future__ import annotations

from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    "WARN": Words(
        "to warn, or a warning",
        "warn(s|ed|ing|ings)? caution(s|ed)? sounds?_alarm sounds?_the_alarm",
        "warnt warnen warnte[n]? gewarnt warnung(en)? alarm warnten schlägt_alarm",
    ),
    "DROPS": Words("to drop: a bid, a forecast, a price", "drop(s|ped|ping)?"),
    "COLLAPSE": Words("talks collapse and shares do", "collaps(e|es|ing)"),
    "FALLN": Words(
        "a fall: of a share, or of what is promised",
        "fall(s|en|ing)? decline[sd]? slump plunge slide tumble slump(s)?",
        "rückgang einbruch sinkt? sinken fällt fallen gesunken rückgänge einbrüche einbricht einbräche "
        "abrutsch(t|en) absack(t|en) wegbrechen wegbricht schrumpfen nachlass(en|t)",
    ),
    "LESS": Words(
        "less than before or than promised",
        "lower less smaller weaker worse reduced hit dent hurt damage squeeze pressure slowdown slowing "
        "shrink shrinking wiped mark blow halve halving down softer dismal subdued muted slower erode(s|d)? "
        "eat_into weigh_on drag_on drag_down wipe off hits? knocked fall drop poor tougher shortfall thin "
        "thinner narrower_profit drain(s|ed)? sap(s|ped)? lost hole_in knock(s)?_\\S+_off slows dents hurts "
        "squeezes erase(s|d)? eat(s|ing)?_into wipe(s|d)?_out wip(es|ed|ing) deteriorat(e|es|ed|ing) "
        "worsen(s|ed|ing)? suffer(s|ed|ing)? weaken(s|ed|ing)? headwinds? setback overshadow(s|ed)? slow "
        "darken(s|ed|ing)? sour(s|ed|ing)? clouded dim(s|med)?",
        "weniger niedriger(e[nrsm]?)? geringer(e[nrsm]?)? schwächer(e[nrsm]?)? schlechter(e[nrsm]?)? "
        "rückläufige?[nrsm]? sinkende?[nrsm]? knapper magerer kleiner(e[nrsm]?)? einbrechen schmälern "
        "belasten belastet schrumpf(t|en) zurückgeh(t|en) zurückfallen rückgang schmaler(e[nrsm]?)? niedriger "
        "trüber(e[nrsm]?)? eintrüben zehren drücken leiden ausbleiben abnehmen(d|de|der|des|den)? nachgeben "
        "schwinden schwindende[nrs]? geschmälert drückt gedrückt drückte[n]? belastung(en)? belastete[n]? "
        "leidet litt litten lasten lastet zehr(t|te|ten) auffressen frisst fressen schmälert schwach "
        "schwache[nrsm]? kostet kosten_ergebnis mau(e[nrsm]?)? eingetrübt(e[nrsm]?)? trüb(t|en) "
        "schwächel(t|n|nd|nde|nden|nder) mindern mindert dürftig(e[nrsm]?)? flau(e[nrsm]?)? bremst bremsen "
        "verhagelt verhageln einbußen abkühl(t|en|ung) gesunkene[nrs]?",
    ),
    "MORE": Words(
        "more than before or than promised",
        "higher more better stronger greater bigger bumper",
        "mehr höher(e[nrsm]?)? besser(e[nrsm]?)? stärker(e[nrsm]?)? kräftiger(e[nrsm]?)? größer(e[nrsm]?)? "
        "deutlich_mehr ehrgeizigere[nrsm]? ambitioniertere[nrsm]?",
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
        "undershoot(s|ing)? shortfall behind disappoint(s|ing)? come_up_short comes_up_short shy_of "
        "fail(s|ed|ing)?_to_(hit|meet|reach|match|achieve) lag(s|ged)?_behind worse_than lower_than less_than",
        "verfehl(t|en|te|ten) verpass(t|en) unterschreit(en|et) enttäusch(t|en) unterbiet(et|en) enttäuscht "
        "enttäuschend(e[nrsm]?)? hinterher nicht_schaff(t|en) verfehlen",
    ),
    "BEAT": Words(
        "to come out above what was promised",
        "beat(s|ing)? top(s|ped|ping)? exceed(s|ed|ing)? surpass(es|ed|ing)? ahead_of above outstrip(s|ped)? "
        "outperform(s|ed)? smash(es|ed)? well_ahead better_than higher_than stronger_than beats topping "
        "outdo(es)? blow(s|ing)?_past blew_past sail(s|ed)?_past crush(es|ed)? comfortably_ahead "
        "(forecast|estimate|expectation|consensus)_(beating|topping) trounce(s|d)? eclipse(s|d)? in_excess_of",
        "übertr(ifft|af|afen|effen|offen) oberhalb übersteig(t|en) überbiet(et|en) schl(ägt|ug) übertroffen "
        "übertreffen übersteigen über_den_erwartungen über_erwartungen übertrumpf(t|te) stärker_als_erwartet",
    ),
    "EXPECT": Words(
        "to expect of oneself, to steer the market",
        "expect(s|ed|ing)? sees? saw seeing anticipat(es|ed|ing|e) predict(s|ed|ing)? project(s|ed) "
        "guid(es|ed|ing) reckons? brac(es|ing|ed) believ(es|e) steer(s|ed|ing)? forecasting flags? flagged "
        "signals? signalled points_to braced on_course_to on_track_to likely set_for heading_for thinks? "
        "think anticipat(e|es|ed|ing|ion) foresees? foreseeing estimat(es|ed|ing) envisag(es|ed|ing) "
        "pencil(s|led)?_in prepar(es|ed|ing)_(for|investors|shareholders) gear(s|ed|ing)?_up_for brace "
        "(set|course|heading|headed|bound|poised)_for on_track_for sees_itself in_store projecting "
        "point(s|ed|ing)?_to seen",
        "erwartet erwarten erwartete rechne(t|n|te) sieht sehen prognostizier(t|en|te) veranschlag(t|te|en) "
        "traut_sich trauen_sich kalkulier(t|en) geht_von gehen_von stimmt_die stellt_sich rechnen rechnet_mit "
        "sagt_voraus prognostiziert befürchtet fürchtet stellen_sich "
        "geht_(nun|jetzt|nunmehr|inzwischen|aktuell|derzeit|mittlerweile|vielmehr|künftig) rechneten "
        "kalkulierte stellt_(sich|anleger|aktionäre|investoren|die) stellen_(sich|anleger|aktionäre) "
        "stimmt_(anleger|aktionäre|investoren|sich|die|seine|ihre) "
        "bereitet_(anleger|aktionäre|investoren|die|sich|seine|ihre) schätzt taxiert peilt peilen in_aussicht "
        "avisier(t|te|en) signalisier(t|te|en) prophezei(t|en) droh(t|en|te) gehen_davon "
        "prognostizierte[nrsm]? rechnete",
    ),
    "KEEP": Words(
        "to keep a forecast",
        "maintain(s|ed|ing)? reaffirm(s|ed|ing)? reiterat(es|ed|ing) on_track in_line match(es|ed)? "
        "sticks?_(to|with|by) stuck_(to|with|by) keep(s)? kept stand(s|ing)?_by stood_by stick(s|ing)?_with "
        "back(s|ed)_(annual|its|the)_(guidance|forecasts?|outlook|targets?) "
        "leaves?_(guidance|outlook|forecast)_unchanged unchanged holds affirm(s|ed|ing)?",
        "bekräftig(t|te|en) hält_an halten_an bleibt_bei bleibt_aber_bei bleiben_bei hielt_an "
        "festh(ält|alten) unverändert(e[nrsm]?)? ändert_sich_nichts beibehalten beibehält behält "
        "lässt_unverändert stehen_zu steht_zu festgehalten unveränderten hält_fest bekräftigen "
        "aufrechterhalten aufrechtzuerhalten aufrecht",
    ),
    "DROP": Words(
        "verbs that lower a forecast and call off a deal alike",
        "abandon(s|ed|ing)? withdr(aws?|ew|awn|awing) pull(s|ed|ing)? scrap(s|ped|ping)? ditch(es|ed|ing)? "
        "ax(e|es|ed|ing) suspend(s|ed|ing)? shelv(es|ed|ing) jettison(s|ed)? dump(s|ed|ing)? "
        "back(s|ed)?_away_from walk(s|ed)?_back row(s|ed)?_back_on retreat(s|ed)?_from yank(s|ed)? "
        "tear(s)?_up tore_up rip(s|ped)_up throws_out rip(s|ped)?_up paus(es|ed|ing) rescind(s|ed)? torn_up "
        "tearing_up remov(es|ed) on_ice on_hold",
        "zurückgezogen verworfen einkassiert kippt kippen gekippt ausgesetzt begräbt verwirft einstampfen "
        "eingestampft fallen_gelassen über_bord aussetzen verwerfen zurückziehen zurückzieht kassiert_ein "
        "abgerückt vom_tisch_nehmen storniert annullier(t|en) verabschiede(t|n|te) über_den_haufen "
        "über_haufen",
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
        "rein(s|ed)_in revis(es|ed)_down shav(es|ed) halv(es|ed) bring(s)?_down t(akes|ook)_down downgrading "
        "temper(s|ed|ing)? dampen(s|ed|ing)? soften(s|ed)? ton(es|ed)_down wind(s)?_back knock(s|ed)? "
        "whittl(es|ed) sharply_cut rebas(es|ed|ing) reset(s|ting)? tak(es|ing)_axe_to takes_an_axe_to "
        "lop(s|ped)? curb(s|ed)? revis(es|ed|ing)_lower deep(er)?_cuts? nudg(es|ed)_down "
        "dial(s|led|ling)?_(back|down) row(s|ed)?_back rein(s|ed|ing)?_back trimmed slic(es|ed|ing|e) "
        "clip(s|ped)? narrow(s|ed|ing)?_(down|downwards) hack(s|ed)? tak(es|ing|e)_axe_to "
        "tak(es|ing|e)_an_axe_to revised_(down|downwards|lower) revis(es|ing)_(down|downwards|lower) "
        "mov(es|ed)_down dialled_(back|down) prun(es|ed) crimp(s|ed)? sharply_lower(s|ed) water(s|ed)?_down "
        "t(akes|ook)_knife_to ease(s|d)?_back walks?_back backtracks?_on climb(s|ed)?_down_on "
        "back(s|ed)?_down_on taken_down pared_back roll(s|ed)_back moderat(es|ed) step(s|ped)_back_from "
        "giv(es|en)_up_on gave_up_on",
        "senk(t|te|ten|en) gesenkt kapp(t|te|en) gekappt kassier(t|te|en) kürz(t|te|en) gekürzt "
        "stutz(t|te|en) gestutzt reduzier(t|te|en) streich(t|en) gestrichen strich halbier(t|te) "
        "dämpf(t|te|en) gedämpft drossel(t|te|n) revidier(t|te|en)_nach_unten zurückgenommen zurücknehmen "
        "zurückgeschraubt zurückzuschrauben herabgesetzt herunterschrauben heruntergeschraubt herabsetzen "
        "abgesenkt zusammengestrichen eindampf(en|t) eingedampft runtergeschraubt senkung herunter_setzen "
        "verringer(t|te|n) schraubt_zurück einkassier(en|t) zusammenstreich(en|t) eingesackt zusammengestutzt "
        "schraub(t|en)_herunter stampft_ein dampft_ein kappen zusammenstauchen abgespeckt speckt_ab abstriche "
        "nach_unten_(angepasst|korrigiert|revidiert) tiefer_gehängt tiefer_hängen rudert_zurück zurückrudern "
        "zurückgerudert rückt_ab abgerückt rückt_von zurückstutzen herunterfahren heruntergefahren "
        "herunterkorrigiert zurückzunehmen dampf(t|te|en) stampf(t|te|en) halbier(t|te|en) viertel(t|te) "
        "verringern eindampfte dämpfen dämpfte drosseln "
        "nach_unten_(nehmen|schrauben|setzen|anpassen|revidieren|korrigieren|gesetzt|genommen|geschraubt) "
        "abwärts_korrigiert herunternehmen heruntergenommen zurechtgestutzt runtersetzen abgesenkte senkte "
        "zurückstufen zusammenstreicht absenk(t|en|ung) senkt_abermals eingeengt rücknahme abgeschwächt "
        "schwächt_ab zurückfahren zurückgefahren relativier(t|te|en)",
    ),
    "RAISE": Words(
        "to raise a number",
        "rais(es|ed|ing) lift(s|ed|ing)? boost(s|ed|ing)? hik(es|ed|ing|e) increas(es|ed|ing|e) "
        "upgrad(es|ed|ing|e) up(s|ped) bump(s|ed)_up revis(es|ed)_up raise upgrade upgraded lifts nudges?_up "
        "upgrades? revis(es|ed|ing)_(up|upwards|higher) mov(es|ed)_up nudg(es|ed|ing)_up ratchet(s|ed)?_up "
        "push(es|ed)_up notch(es|ed)_up bumping_up tweak(s|ed)_up lifted lifting hoists? hoisted bring(s)?_up "
        "set(s)?_higher",
        "erhöh(t|te|ten|en) heraufgesetzt heraufsetzen angehoben anheb(en|t) anhebung(en)? hochgeschraubt "
        "aufgestockt aufstock(t|en) hochgesetzt nach_oben_geschraubt heraufschrauben anhob heraufgeschraubt "
        "hochschrauben nach_oben_(angepasst|korrigiert|revidiert|anpassen|schrauben|genommen|gesetzt) "
        "nachgelegt hochnehmen hochgenommen hebt_an heben_an hob_an heraufnehmen anzuheben aufstocken "
        "höhergesteckt",
    ),
    "TAKES": Words(
        "German verbs that need a particle to mean cut or raise (and English bring, take)",
        "",
        "stimm(t|en|te|ten) nimmt nehmen nahm nahmen schraub(t|te|ten|en) setz(t|te|ten|en) fähr(t)? fuhr "
        "geht_mit korrigier(t|te|en) zieh(t|en) zog zogen leg(t|te|ten|en) ruder(t|n|te) passt passen passte "
        "stock(t|en|te)",
    ),
    "BACKDOWN": Words("the particle that makes it a cut", "", "zurück herunter runter herab nach_unten"),
    "AN": Words("German for at, to, and the particle of hebt an", "", "an"),
    "UPWARD": Words("the particle that makes it a raise", "", "herauf hoch nach_oben rauf"),
    "NOLONGER": Words(
        "the old promise no longer holds",
        "previously before originally thought planned hoped instead forecast",
        "statt bisher bislang zuvor ursprünglich anstatt anstelle zunächst nun gedacht geplant erhofft "
        "angenommen veranschlagt angepeilt versprochen",
    ),
    "SURPRISE": Words(
        "a shock",
        "surpris(e|es|ing) unexpected(ly)? startl(es|ed) rattl(es|ed) alarms",
        "überraschend(e[nrsm]?)? unerwartete?[nrsm]? überrasch(t|te|en)",
    ),
    "PESS": Words(
        "less hopeful than before",
        "pessimistic cautious gloomier downbeat bleaker gloomy bleak lacklustre weak soft dire tepid "
        "underwhelming subdued muted softer downcast bearish dour sombre uninspiring underwhelm(s|ed)? "
        "disappointingly disappointing gloomiest bleakest weakest",
        "pessimistischer(e[nrsm]?)? vorsichtiger(e[nrsm]?)? skeptischer(e[nrsm]?)? zurückhaltender(e[nrsm]?)? "
        "düsterer(e[nrsm]?)? trübe[nrsm]? gedämpfte[nrsm]? düstere[nrsm]? skeptisch(e[nrsm]?)? "
        "pessimistisch(e[nrsm]?)? vorsichtig(e[nrsm]?)? zurückhaltend(e[nrsm]?)? eingetrübt mauer "
        "enttäuschende[nrsm]? mutlos(er)? nicht_mehr_so_(optimistisch|zuversichtlich) "
        "weniger_(optimistisch|zuversichtlich) verhalten(e[nrsm]?|er)? pessimismus skepsis",
    ),
    "PROSPECT": Words(
        "German for what is to come this year",
        "",
        "laufende[ns]?_(jahr(es)?|geschäftsjahr(es)?|quartal) diesem_jahr gesamtjahr jahr zeiten",
    ),
    "REACH": Words(
        "to come up to a promise",
        "meet(ing)? reach(ing)? achiev(e|ing) attain deliver(ing)? hold live_up_to lives_up_to",
        "erreich(t|en|bar)? halten schaff(t|en) gehalten einhalten einzuhalten erfüllen zu_erreichen "
        "zu_halten einhält hält hielt",
    ),
    "TRADE": Words(
        "how business goes",
        "trading performance demand trading_conditions",
        "geschäft geschäfte geschäftsverlauf",
    ),
    "PMOVE": Words(
        "German compounds for a figure that rises",
        "back_in_black back_in_the_black back_to_black",
        "(gewinn|umsatz|ergebnis|absatz|erlös)-?(sprung|anstieg|plus|zuwachs|steigerung|schub|boom|wachstum|"
        "rekord|verdopplung|verdoppelung)(s|es|e)? quartalsrekord rekordumsatz rekordgewinn(e|en|s)? "
        "rekordergebnis rekordquartal rekordjahr",
    ),
    "SDROP": Words(
        "German compounds for sales that fall",
        "",
        "(umsatz|absatz|erlös|nachfrage)-?(rückgang|einbruch|minus|schwund|einbußen|knick|flaute|delle|"
        "rückgänge)(s|es|e)?",
    ),
    "OPT": Words(
        "more hopeful than before",
        "upbeat optimistic bullish confident cheerier brighter rosier",
        "zuversichtlicher(e[nrsm]?)? optimistischer(e[nrsm]?)? optimistisch(e[nrsm]?)? zuversichtlich(e[nrsm]?)?",
    ),
    "CASHW": Words("what one makes less of", "money cash"),
    "PDROP": Words(
        "German compounds for a profit that falls",
        "",
        "(gewinn|ergebnis|ertrags)(rückgang|einbruch|minus|schwund)(s|es|e)? "
        "(gewinn|ergebnis|ertrags|margen|profit)-?(einbruchs?|schwund|rutsch|einbußen|knick|verfall|druck|"
        "delle|halbierung|schmelze|absturz|belastung|belastungen)",
    ),
    "NARROW": Words(
        "a loss that becomes smaller",
        "narrow(s|ed|ing|er)? shrinks?_its",
        "verkleiner(t|te|n) eingrenz(t|en) eingedämmt dämmt begrenzt",
    ),
    "WIDEN": Words(
        "a loss that becomes larger",
        "wid(er|en|ens|ened|ening) deep(er|en|ens|ened|ening) mount(s|ed|ing)? balloon(s|ed|ing)? "
        "swell(s|ed|ing)? steeper heavier spiral(s|led)? pile(s)?_up",
        "weitet ausgeweitet vergrößer(t|te|n) tiefer(e[nrsm]?)? vertief(t|te|en) ausweit(en|et)",
    ),
    "RETURN": Words(
        "back among those who earn",
        "return(s|ed|ing)?_to back_(to|in|into) mov(es|ed)_back_into edg(es|ed)_(into|back)",
        "kehrt kehren kehrte[n]? zurückgekehrt wieder_in",
    ),
    "EARN": Words(
        "to earn",
        "earn(s|ed|ing)? rak(es|ed)_in pocket(s|ed) rings?_up rang_up turns_a",
        "verdien(t|en|te|ten)",
    ),
    "TELL": Words(
        "to publish figures, other verbs",
        "reveal(s|ed)? unveils cheer(s|ed)? hail(s|ed) toast(s|ed) notch(es|ed) racks?_up chalks?_up "
        "clock(s|ed)_up tout(s|ed) boasts files? plung(es|ed)_to",
        "präsentiert fährt_ein fuhr_ein einfährt wirtschaftet erwirtschaft(et|ete) erziel(t|te|en) "
        "vermeldet(e)? überrascht_mit glänzt_mit",
    ),
    "NOTECO": Words(
        "prices of shares and what moves them: no figures of a company",
        "wall_street_(losses|gains) stock_market_(losses|gains) "
        "(stem|stems|recoup|recoups|recover|recovers|trim|trims|pare|pares|extend|extends|erase|erases|"
        "suffer|lead|heavy|early|morning|sharp|further)_(losses|gains)",
        "kursverluste?n? verluste_aus verluste_ein kursgewinne?n? minus_von verluste_wett verlust_wett "
        "verluste_wettgemacht kursverlusten",
    ),
    "ONLY": Words(
        "so much and no more",
        "only just merely at_best at_most no_more_than",
        "nur_noch nur lediglich bestenfalls höchstens allenfalls maximal gerade_noch gerade_mal",
    ),
    "WOHL": Words("German for probably", "", "wohl voraussichtlich vermutlich absehbar"),
    "SHOCK": Words(
        "a surprise that is a bad one",
        "shock(s|ed)? stun(s|ned) dismay(s|ed) spook(s|ed)",
        "schock(t|iert|ierte|te|en)? schocknachricht verschreck(t|te) vergraul(t|te) alarmier(t|te) "
        "verunsicher(t|te) hiobsbotschaft dämpfer",
    ),
    "LIFTS": Words("German for to lift, with or without its particle", "", "heb(t|en) hob hoben"),
    "POSTPONE": Words(
        "a promise put off",
        "delay(s|ed)? postpon(es|ed) push(es|ed)_back defer(s|red)?",
        "verschieb(t|en) verschoben vertag(t|en) verzöger(t|n) später hinaus",
    ),
    "OWNW": Words("one's own, of a promise", "own", "eigene[nrsm]?"),
    "NOMORE": Words("no longer", "no_longer not_any_more", "nicht_mehr nicht_länger"),
    "DOUBT": Words("a promise in doubt", "casts_doubt_on puts_in_doubt", "zweifel(t|n|te|ten) bezweifel(t|n)"),
    "FLAT": Words(
        "neither up nor down",
        "flat stagnant stagnat(e|es|ed|ing) flatlin(es|ed)",
        "stagnier(t|en|te|ten) stagnation",
    ),
    "SIGHTS": Words(
        "idioms for to promise less",
        "lower(s|ed|ing)?_(its|their|his|her)_sights",
        "kleinere_brötchen kleinlaut tritt_kürzer",
    ),
    "HARDT": Words(
        "German for lean and hard, said of times to come",
        "",
        "mager(e[nrsm]?)? schwierige[nrsm]? harte[nrsm]? raue[nrsm]? turbulente[nrsm]? herausfordernde[nrsm]?",
    ),
    "REVISE": Words("German for to revise, downwards unless said otherwise", "", "revidier(t|en|te)"),
}
