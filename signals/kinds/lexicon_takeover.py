"""Words for takeovers, those who make them and what they do, English and German side by side."""

from __future__ import annotations

from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    "TASK": Words(
        "what one takes over that is no company",
        "reins leadership chairmanship presidency captaincy command duties role "
        "as_(chief|ceo|chair|chairman|boss|head|coach|manager|director|captain|president|leader|prime) "
        "sponsorship",
        "(kosten|macht|schuld(en)?|amts?|risiko|verantwortungs|haftungs|daten|kern|geschäfts|patenschafts|"
        "verlust|rechnungs|mietkosten|titel|führungs|regierungs|hof|betriebs|sitz|kredit|garantie|vorsitz|"
        "spekulations|personal|gemeinde|kreis|vereins|kirchen|schul|klinik|länder|städte)(übernahme|"
        "fusion)(n|en|s)? \\w*aufgaben? \\w*führung \\w*ausbau \\w*leitung \\w*posten \\w*kosten \\w*mandate? "
        "\\w*betreuung \\w*vertretung \\w*wartung \\w*steuerung \\w*vermarktung \\w*aufträge? "
        "als_(chef|chefin|ceo|vorstand|vorstandschef|vorstandschefin|trainer|finanzchef|geschäftsführer) "
        "sponsoring \\w*sponsoring \\w*bildung \\w*garantie \\w*verwaltung \\w*reinigung \\w*transport(e)? lithium "
        "\\w*strom rohstoffe? gas öl \\w*software retouren \\w*maschinen? \\w*züge \\w*busse \\w*impfstoff(e|en)? "
        "müllabfuhr betriebs?",
    ),
    "CAND": Words(
        "a company that others may want to buy",
        "(takeover|bid|acquisition|buyout|merger|sale)_(targets?|candidates?|prey|bait|victims?|prospects?|"
        "favourite|darling|play) ripe_for_(takeover|plucking|picking|consolidation) "
        "ripe_for_a_(takeover|bid|buyout) up_for_grabs open_to_a_bid open_to_(bids|offers|approaches) "
        "vulnerable_to_(takeover|bids|predators|raiders|suitors|bidders) "
        "vulnerable_to_(a|an)_(takeover|bid|approach) exposed_to_(predators|bidders|raiders) "
        "(seen|viewed|regarded)_as_a_target (fresh|new|next)_takeover_target "
        "(attractive|obvious|natural|top|prime|juicy|prize)_(targets?|prey) "
        "(likeliest|likely|tempting|easy)_prey (tempting|likely|likeliest)_(takeover|bid)_(prey|targets?) "
        "takeover_potential object_of_desire (back|firmly|put|puts)_in_play",
        "(übernahme|kauf|fusions|aufkauf|verkaufs)(kandidat(en|in)?|ziele?n?|objekte?s?|opfers?|beute) "
        "übernahmereif übernahmefähig übernahmegefährdet reif_für_(eine|die)_(übernahme|fusion) "
        "kandidat_für_eine_übernahme offen_für_(angebote|übernahme|übernahmen|verkauf|gespräche) beute "
        "(leichte|fette)_beute freiwild objekt_der_begierde auf_dem_präsentierteller "
        "(begehrte|attraktive|hübsche)_braut auf_der_abschussliste",
    ),
    "RUMDEAL": Words(
        "rumour and takeover in one word, or side by side",
        "(takeover|bid|merger|buyout|acquisition|sale|m&a)_(rumou?rs?|speculation|talk|chatter|gossip|hopes?|"
        "buzz|whispers?|fever|interest|prospects?|jitters|reports?|murmurs|conjecture|excitement|hype|"
        "premium|appeal|angle|rumblings) "
        "(takeover|merger|buyout|acquisition)_(plans?|intentions?|ambitions?|possibility|scenario|options) "
        "bid_(plans?|intentions?) (tie|break)_up_(rumou?rs?|speculation|talk|chatter|hopes?|reports?|plans?) "
        "takeover_(tale|story|stories) put_up_or_shut_up (takeover|bid|merger|buyout)_tilt "
        "(takeover|bid|merger|buyout)_vehicle (takeover|bid|merger|buyout)_theme "
        "(takeover|bid|merger|buyout)_candidate_talk (takeover|bid|merger|buyout)_sights "
        "(takeover|bid|merger|buyout)_odds (takeover|bid|merger|buyout)_bets? "
        "(takeover|bid|merger|buyout)_games?",
        "(übernahme|fusions?|kauf|verkaufs|beteiligungs|bieter|einstiegs|deal|aufkauf|zerschlagungs|"
        "merger)(gerüchte?[ns]?|spekulation(en)?|phantasien?|fantasien?|hoffnung(en)?|avancen?|interesses?|"
        "gelüste[n]?|gerede|gemunkel|geflüster|meldung(en)?|pläne?n?|absicht(en)?|überlegung(en)?|gedanken|"
        "szenari(o|os|en)|wunsch|wünsche|bemühung(en)?|versuche?|vorhaben|prämie|berichte?n?|fieber|träumen?|"
        "ambitionen|lust|vermutung(en)?|appetit|anfragen?|prüfung) gerüchteküche "
        "\\w*(übernahme|fusions|verkaufs|bieter|einstiegs)(gerücht|spekulation|fantasie|phantasie|hoffnung|"
        "interesse|gedanke|idee|avance|gespinst|debatte|diskussion|thema|signal)(e|en|n|s)?",
    ),
    "DEALTALKS": Words(
        "talks and takeover in one word, or side by side",
        "(takeover|merger|buyout|acquisition|sale|bid|combination)_(talks|negotiations|discussions|"
        "conversations) tie_up_(talks|negotiations|discussions) talks_to_(merge|combine)",
        "(übernahme|fusions?|verkaufs|exklusiv|kauf|einstiegs|beteiligungs)(gesprächen?|verhandlung(en)?|"
        "sondierung(en)?|poker)",
    ),
    "BATTLE": Words(
        "bidders fight",
        "(takeover|bidding|bid|buyout)_(battle|war|fight|contest|tussle|saga|showdown|duel|race)s? "
        "(battle|fight)_for_control tug_of_war_over",
        "(bieter|übernahme|fusions)(kampf|schlacht|wettstreit|gefecht|krieg|poker|streit|duell|ringen|krimi|"
        "rennen|drama|wettkampf|wettlauf|thriller|saga)(e?s)? wettbieten "
        "(tauziehen|ringen|poker|gerangel|machtkampf)_um kampf_um_die_kontrolle überbiet(et|en) überbot(en)?",
    ),
    "DEALBID": Words(
        "an offer that can only be a takeover offer",
        "cash_(bids?|offers?) all_(share|stock|cash)_(bids?|offers?|proposals?) "
        "binding_(offers?|bids?|proposals?) non_binding_(offers?|bids?|proposals?) mandatory_offers? "
        "unsolicited_interest hostile_(tender|bid|offer) "
        "(takeover|buyout|acquisition|merger|tender|purchase)_(bids?|offers?|proposals?|deals?|agreements?|"
        "advances?|pitch|swoop|tilt) "
        "(indicative|conditional|preliminary|opportunistic|lowball|knockout|firm|sweetened|improved|"
        "unsolicited|rival|counter|blockbuster)_(offers?|bids?|proposals?)",
        "(übernahme|kauf|barübernahme|erwerbs|pflicht|fusions|milliarden|umtausch|delisting|konkurrenz|"
        "tausch)(angebote?[sn]?|offerten?|gebote?[sn]?|vorschl(ag|ägen?|ags)|vorst(o|ö)(ß|ss)e?s?|"
        "vereinbarung|preis|avance) "
        "(indikative[sn]?|unverbindliche[sn]?|verbindliche[sn]?)_(angebote?|offerten?|gebote?) "
        "(milliarden|bar|rekord|erst|höchst|mega|riesen|abfindungs)angebote?[sn]?",
    ),
    "DEAL": Words(
        "the buying of a whole company",
        "takeovers? take_overs? buyouts? buy_outs? acquisitions? mergers? megamergers? mega_mergers? "
        "combination purchase_of (take|taking|taken|takes)_private go(es|ing)?_private change(s|d)?_hands "
        "changing_hands change_of_(owner|ownership|control) new_owners? off_the_(market|exchange|bourse) "
        "off_the_stock_(market|exchange) megadeals? mega_deals? blockbuster_deal tie_the_knot "
        "corporate_marriage swallowing carve_up into_the_(hands|arms|clutches)_of new_home change_owners? "
        "changes?_owner",
        "kaufs? zusammenschl(uss|üsse|üssen|usses) zukauf zukäufe[n]? aufkauf ankauf "
        "(mega|milliarden|mammut|groß)(deal|zukauf)s? zusammenlegung zusammengehen zusammenfinden "
        "elefantenhochzeit (hochzeit|heirat|ehe)_mit "
        "(neue[nrsm]?|anderen?)_(eigentümer|besitzer|eigner|inhaber)(n|s)? (eigentümer|besitzer)wechsels? "
        "besitzer_wechseln den_besitzer_wechselt? in_neue_hände von_der_börse_(nehmen|genommen|nimmt) "
        "von_der_börse_zu_nehmen delisting buyouts? mergers? takeovers? einstieg_(bei|beim) "
        "\\w*(übernahme|fusion)(n|en|s)? "
        "(komplett|mehrheits|firmen|anteils|auf|zu|an)?(kauf|erwerb|verschmelzung)s? "
        "von_der_börse_(holen|geholt)",
    ),
    "SUITOR": Words(
        "somebody who may buy a company",
        "suitors? bidders? acquirers? "
        "(be|potential|possible|prospective|trade|rival|interested|financial|strategic|unnamed|unidentified|"
        "mystery|corporate|buyout|equity)_(buyers?|bidders?|suitors?|acquirers?|predators?) white_knight "
        "corporate_raiders? admirers circling_predators interested_part(y|ies) "
        "(preferred|leading|lead|sole|last|final)_bidders? bidding_consortium list_of_suitors",
        "bieter(n|s)? (kauf|übernahme|bieter|verkaufs)?interessent(en|in)? "
        "(mögliche[nrsm]?|potenzielle[nrsm]?|potentielle[nrsm]?|künftige[nrsm]?|strategische[nr]?)_(käufern?|"
        "käuferin|bietern?|interessenten|erwerbern?|investoren) freier weißer_ritter aufkäufern? "
        "kaufwillige[nr]? übernahmewillige[nr]? "
        "(bieter|übernahme)(kreis|feld|gruppe|konsortium|rennen|runde|kandidaten?)(e?s)? investorensuche "
        "käufersuche (mit|erst|meist|höchst|gegen|best)bieter(n|s)? bietende(n|r)? \\w*kaufinteressent(en)?",
    ),
    "BUYER": Words("a buyer", "buyers? purchaser saviou?r", "käufern? erwerber retter"),
    "BID": Words(
        "an offer, mostly for a company",
        "bids? bidding counterbids? overtures? tilts? counteroffers? counter_offers? pursuits? "
        "counterproposals? approach(es|ed|ing)?",
        "gebote?[sn]? offerten? gegengebote?s? kaufgebote?s? gegenofferten? konkurrenzangebote?s? "
        "gegenangebote?s? (milliarden|konkurrenz|gegen)(offerten?|gebote?[sn]?) "
        "(gegen|milliarden|bar|rekord|erst|höchst|mega|riesen)(offerten?|gebote?[sn]?)",
    ),
    "APPR": Words(
        "an approach, not yet an offer",
        "take_over_approach(es)? "
        "(takeover|merger|buyout|bid|acquisition|preliminary|unsolicited|tentative|informal|indicative|"
        "conditional|opportunistic|improved|rival)_(approach(es)?|overtures?)",
        "annäherungsversuche?",
    ),
    "OFFER": Words(
        "an offer, of anything",
        "offers? offered proposals? propos(es|ed) counteroffers? takeout_price",
        "angebote?[sn]? vorschl(ag|ägen?) barofferten? barangebote?s? gegenvorschlag",
    ),
    "SNAP": Words(
        "finite verbs of buying a company, as headlines use them",
        "snap(s|ped)?_up swoop(s|ed)?_(on|for) swoop(s|ed)?_in_for buys_out tak(es|ing)_over gobbl(es|ed)_up "
        "swallow(s|ed)? scoop(s|ed)?_up pounc(es|ed)_on acquires buys tak(es|ing)_control_of took_control_of "
        "takes_full_control_of takes_majority_control_of merges_with merg(e|es|ing)_with pounce(s|d)?_on "
        "swoop(s|ed)?_(on|for|in) swallow(s|ed)?_up hoover(s|ed)?_up pick(s|ed)_up_rival nab(s|bed) "
        "snaffl(es|ed) tak(es|ing|e)_over purchases w(ins|on)_control_of gain(s|ed)?_control_of "
        "seiz(es|ed)_control_of (wins|won)_(battle|race|auction|fight|tussle)_(for|over) "
        "(wins|won)_(race|battle|auction)_to_(buy|acquire) tak(es|ing)_out rescues "
        "tak(es|ing)_full_ownership_of buys_up buying_up bought_up tak(es|ing)_over_from "
        "clinches_(deal|takeover)_for land(s|ed)_deal_for joins_forces_in_merger takes_over_at wins_auction_for",
        "übernimmt übernehmen kauft erwirbt schluckt schnappt_sich sichert_sich krallt_sich verleibt_sich "
        "angelt_sich einverleibt verleibt verleiben schnappt schnappt_zu krallt angelt schlägt_zu greift_zu "
        "zieht_an_sich reißt_sich_unter_den_nagel ersteht erstehen verschmelzen_zu fusioniert_mit "
        "fusionieren_zu holt_sich holen_sich übernehme kaufe erwerbe schlucke erhält_zuschlag "
        "erhält_den_zuschlag bekommt_zuschlag bekommt_den_zuschlag sichert_sich_zuschlag",
    ),
    "GRASP": Words("German for to reach out for a company", "", "greif(t|en)_nach griff(en)?_nach"),
    "BOUGHT": Words(
        "the deal is done",
        "bought acquired taken_over took_over snapped snapped_up purchased swallowed gobbled_up rescued "
        "hoovered_up scooped_up taken_out picked_up_by",
        "gekauft übernommen erworben geschluckt aufgekauft kaufte übernahm erwarb einverleibt angeeignet "
        "ersteigert zugekauft unterzeichnet_kaufvertrag",
    ),
    "BUY": Words(
        "to buy, infinitive",
        "buy buying acquire acquiring take_over purchase purchasing buy_out buying_out bid snap_up swoop "
        "gobble_up scoop_up swallow_up pounce snaffle take_control take_private take_it_private "
        "(take|taking)_control_of gain_control_of pick_up_rival land_(rival|payments) tying_the_knot "
        "join_forces_with_rival consolidate_with carve_up get_(its|their|his)_hands_on lay_hands_on absorb "
        "merge_into swallow get_hold_of take_the_reins buy_up come_into_possession_of bring_under_its_roof",
        "kaufen erwerben schlucken aufkaufen zukaufen einverleiben übernehmen_zu einzuverleiben zu_übernehmen "
        "zu_kaufen übernehmen_könnte schnappen übernehmen_wollen aufzukaufen an_sich_ziehen an_sich_reißen "
        "angeln krallen unter_den_nagel_reißen ruder_übernehmen zu_erwerben zu_schlucken "
        "übernommen_werden_könnte unter_sein_dach in_den_besitz erstehen ergattern hinzukaufen hinzuzukaufen",
    ),
    "MERGE": Words(
        "to become one company",
        "merg(e|ing) combin(e|ing) reunite",
        "fusionieren zusammengehen zusammenschließen zusammenzuschließen verschmelzen zusammenlegen "
        "zusammenzulegen zusammenrücken zusammentun zu_fusionieren",
    ),
    "STEPIN": Words(
        "German for to buy into a company: how much of it is left open",
        "",
        "einsteigen einstiegen einzusteigen zugreifen zuschlagen zum_zug",
    ),
    "FORSALE": Words(
        "on the block",
        "for_sale for_sale_sign on_sale_block on_the_market put_on_the_market",
        "zum_verkauf zur_disposition zum_verkauf_gestellt ins_schaufenster_gestellt im_schaufenster "
        "auf_die_verkaufsliste auf_der_verkaufsliste zum_kauf auf_den_markt_(kommen|bringen|kommt) käuflich",
    ),
    "SOLD": Words("sold, of what has been handed over", "sold", ""),
    "SELL": Words(
        "to sell, a sale",
        "sell(s|ing)? divest(s|ing|ment)? offload(s|ing)? hive_off offload offloading part_with parting_with "
        "divestiture hiv(es|ing)_off spin(s|ning)?_off_or_sell jettisoning get_rid_of sells? selling "
        "on_the_market_for hand(s|ing)?_over_to find_a_new_home_for",
        "verkaufen verkauft verkaufs?(e|es|s)? veräußer(n|t|ung) abgeben abzugeben abgibt zu_verkaufen "
        "loswerden abstoßen abgabe trenn(t|en) loszuwerden versilbern verscherbeln trennen zu_veräußern "
        "losschlagen ausstieg abspalten_oder_verkaufen feilbieten verschleudern abzustoßen abstößt stößt_ab "
        "(teil|not|komplett|firmen|sparten|konzern|bank|unternehmens|tochter|gesamt|weiter)verkaufs? "
        "(teil|komplett|gesamt)veräußerung weiterreichen weiterzureichen zu_geld loszuschlagen",
    ),
    "CONSIDER": Words(
        "to think of it without having done it",
        "consider(s|ed|ing)? mull(s|ed|ing)? weigh(s|ed|ing)? weigh(s|ed|ing)?_up ponder(s|ed|ing)? evaluat(es|ed|ing|e) "
        "explor(es|ed|ing|e) study studies studying contemplat(es|ed|ing|e) plot(s|ted|ting)? "
        "plan(s|ned|ning)? prepar(es|ed|ing|e) read(ies|ying) look(s|ed|ing)?_(at|to|into) lin(e|es|ed|ing)_up "
        "seek(s|ing)? sought working_on works_on toy(s|ed|ing)_with debat(es|ing) interested_in eager keen "
        "assess(es|ed|ing)? wants? wanted tempted moot(s|ed|ing)? examin(es|ed|ing|e) sound(s|ed|ing)?_out "
        "flirt(s|ed|ing)?_with hatch(es|ed|ing)? tabling readying wants_to hop(es|ing)_to aim(s|ing)?_to mull "
        "intend(s|ed|ing)? propos(ing) keen_to intentions? intention mulling weigh(s|ed|ing)_up "
        "tee(s|d|ing)_up pitch(es|ed|ing) float(s|ed|ing)? gaug(es|ed|ing|e) "
        "test(s|ed|ing)?_(appetite|waters|interest) draw(s|n|ing)?_up gear(s|ed|ing)?_up_(for|to) "
        "rekindl(es|ed|ing) reviv(es|ed|ing) revisit(s|ed|ing)? resurrect(s|ed|ing)? scout(s|ed|ing) "
        "on_the_hunt_for in_the_market_for on_the_lookout_for on_standby_to standing_by_to "
        "(would|could)_be_interested_in open_to leaning_towards inclined_to minded_to tempt(s|ed|ing)? "
        "dream(s|ing)_of ambitions_to hanker(s|ing)_after covet(s|ed|ing)? hungry_for lust(s|ing)_after "
        "flirting fancies sizing_up siz(es|ed)_up mull_over in_the_hunt readied prepared_to ponders examines "
        "gam(es|ing)_out could_consider may_consider tries_to trying_to bidding_to start(s|ed)?_work_on "
        "laying_groundwork lay(s)?_groundwork plots_return studied weighed_up draws?_up drawn_up "
        "reckon(s)?_with reviewing reviews_bids would_like_to would_love_to toy(s|ed|ing)?_with_the_idea_of "
        "has_in_mind contemplat(e|es|ing) harbours?_(ambitions|hopes) aspir(es|ing)_to set(s|ting)?_out_to "
        "would_welcome angling_to keen_on work(s|ing)_towards draws?_closer_to",
        "erwäg(t|en|te|ten) prüf(t|en|te|ten) liebäugel(t|n|te) plan(t|en|te|ten) denk(t|en)_über "
        "nachdenk(t|en)? nachgedacht bereitet bereiten überleg(t|en|te) peil(t|en)_an spekulier(t|en|te)_auf "
        "schielt spielt_mit durchspiel(t|en) sondier(t|en|te|ten) ausgelotet arbeitet_an arbeiten_an feilt_an "
        "feilen_an zieht_in_betracht in_betracht_ziehen in_erwägung_ziehen in_erwägung denkt_an gedanken "
        "gedankenspiele anlauf_auf rüstet_sich bringt_sich_in_stellung mandatiert lot(et|en|ete|eten) ausloten "
        "in_betracht nähern_sich erwägung kokettier(t|en) vorbereitung geprüft erwogen ventilier(t|en) "
        "evaluier(t|en) tüftel(t|n) bastel(t|n) schmiede(t|n) lieb(t|en)_geäugelt hegt hegen nimmt_anlauf "
        "denkt_laut beäugen äugt träumt_von träumen_von lotet_aus loten_aus sondieren bringt_ins_spiel "
        "brachte_ins_spiel ins_spiel_gebracht offen_für zeigt_sich_offen vorstellbar vorstellen_könnte "
        "kann_sich_vorstellen sich_vorstellen vorgefühlt vorfühlen fühlt_vor peilt peilen visier(t|en)_an "
        "vorhat gesprächsbereit gesprächsbereitschaft vorbereitet erörter(t|n) berät_über beraten_über "
        "beriet_über stellt_überlegungen überlegungen erwägungen spielen_mit spielt_offenbar_mit durchgespielt "
        "ins_auge_gefasst fasst_ins_auge kauflustig kauflaune auf_einkaufstour auf_brautschau brautschau "
        "bereit_für buhlt schielen erwäge(n|t)? erwög(e|en) prüfe überlege bereite plane sondiere lote "
        "evaluiere ventiliere liebäugele erörtere denke_über nachdenke klopfe taste durchleuchtet "
        "durchgerechnet würde_gern trägt_sich tragen_sich im_sinn hätte_gern hätten_gern wäre_bereit "
        "wären_bereit würde_gerne würden_gern(e)? hegt_pläne spielt_mit_der_idee denkt_daran denken_daran "
        "zieht_es_in_erwägung gedanklich",
    ),
    "EYE": Words(
        "to have an eye on something: a company, or a bid for it",
        "ey(es|ed|ing|eing) ey(es|ed|eing)_up woo(s|ed|ing)? covet(s|ed|ing)? fanc(ies|ied) siz(es|ed|ing)_up "
        "courts courted courting eye_on sounded_out",
        "beäug(t|en)",
    ),
    "WANT": Words(
        "German intent, announced",
        "",
        "will wollen möchte(n)? strebt streben beabsichtig(t|en) wünscht anstrebt angestrebt vorhaben trachtet "
        "wolle(n)? beabsichtige strebe",
    ),
    "BIDS": Words("to offer a price", "", "bietet bieten bot boten geboten biete böte(n)? geboten_hat mitgeboten"),
}
