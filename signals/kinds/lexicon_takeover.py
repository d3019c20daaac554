"""Words about takeovers, English and German side by side."""

from __future__ import annotations

from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    "CAND": Words(
        "a company that others may want to buy",
        "(takeover|bid|acquisition|buyout|merger)_(targets?|candidates?|prey|bait) ripe_for_takeover "
        "ripe_for_a_takeover up_for_grabs vulnerable_to_a_takeover open_to_a_bid open_to_bids "
        "sale_candidate takeover_targets? (takeover|bid|acquisition|buyout|merger)_prospects? "
        "ripe_for_a_(bid|buyout) vulnerable_to_(takeover|bids|predators) "
        "(seen|viewed|regarded)_as_a_target takeover_play sale_candidates? acquisition_targets? "
        "open_to_(offers|approaches) (fresh|new)_takeover_target",
        "(übernahme|kauf|fusions|aufkauf|verkaufs)-?(kandidat(en|in)?|ziele?n?|objekte?s?) übernahmereif "
        "übernahmezielen übernahmekandidatin reif_für_eine_übernahme kandidat_für_eine_übernahme "
        "übernahmeziel offen_für_angebote",
    ),
    "RUMDEAL": Words(
        "rumour and takeover in one word, or side by side",
        "(takeover|bid|merger|buyout|acquisition|sale)_(rumou?rs?|speculation|talk|chatter|gossip|hopes?|"
        "buzz|whispers?|fever|interest|prospects?|jitters) takeover_tale "
        "m&a_(speculation|talk|hopes?|buzz) "
        "(takeover|bid|merger|buyout|acquisition|sale)_(reports?|murmurs|conjecture|excitement)",
        "(übernahme|fusions?|kauf|verkaufs|beteiligungs|bieter)-?(gerüchte?n?|spekulation(en)?|fantasien?|"
        "phantasien?|hoffnung(en)?|avancen?|interesse|geflüster|gerede|meldung(en)?|pläne?n?|absicht(en)?|"
        "überlegung(en)?) "
        "(übernahme|fusions?|kauf|verkaufs|bieter)-?(berichte?n?|fieber|träumen?|ambitionen|gelüste|lust|"
        "vermutung(en)?|appetit|anfragen?|gemunkel)",
    ),
    "DEALTALKS": Words(
        "talks and takeover in one word, or side by side",
        "(takeover|merger|buyout|acquisition|sale|bid)_(talks|negotiations|discussions) "
        "(takeover|merger|buyout|acquisition|sale|bid|tie-up)_(talks|negotiations|discussions)",
        "(übernahme|fusions?|verkaufs)-?(gesprächen?|verhandlung(en)?) "
        "(übernahme|fusions?|verkaufs|exklusiv)-?(gesprächen?|verhandlung(en)?|sondierungen)",
    ),
    "BATTLE": Words(
        "bidders fight",
        "(takeover|bidding|bid)_(battle|war|fight|contest|tussle|saga)s?",
        "(bieter|übernahme)(kampf|schlacht|wettstreit|gefecht|krieg|poker)(e?s)?",
    ),
    "DEALBID": Words(
        "an offer that can only be a takeover offer",
        "(takeover|buyout|acquisition|merger|tender)_(bids?|offers?|approach(es)?|proposals?|deals?|"
        "agreements?) tender_offers? indicative_(offers?|bids?|proposals?) "
        "(takeover|buyout|merger)_(overtures?|advances?)",
        "(übernahme|kauf|barübernahme|erwerbs|pflicht)-?(angebote?[sn]?|offerten?|gebote?[sn]?|vorschl(ag|"
        "ägen?)|vereinbarung|preis)",
    ),
    "DEAL": Words(
        "the buying of a whole company",
        "takeovers? take_overs? buyouts? buy_outs? acquisitions? mergers? megamergers? combination "
        "purchase_of take_private taking_private",
        "(komplett|mehrheits|firmen|milliarden|groß)?-?(übernahme|fusion)n? übernahmen fusionen kauf "
        "kaufs? kaufe zusammenschl(uss|üsse|üssen|usses) erwerb zukauf zukäufe aufkauf mehrheitsübernahme "
        "zusammenschlusses verschmelzung zusammengehen",
    ),
    "SUITOR": Words(
        "somebody who may buy a company",
        "suitors? bidders? (be|potential|possible|prospective)_(buyers?|bidders?|suitors?|acquirers?) "
        "white_knight acquirers? (trade|rival|prospective|interested)_(buyers?|bidders?) "
        "corporate_raiders? admirers circling_predators",
        "bieter(n|s)? (kauf|übernahme)?-?interessent(en|in)? kaufinteressenten "
        "(mögliche[nrsm]?|potenzielle[nrsm]?|potentielle[nrsm]?)_(käufern?|bietern?|interessenten|erwerber) "
        "freier weißer_ritter aufkäufer (bieter|kauf)-?interessenten? kaufwillige[nr]? "
        "(mögliche[nrsm]?|potenzielle[nrsm]?|potentielle[nrsm]?)_(käufer|bieter|käuferin) "
        "bieter(kreis|feld|gruppe|konsortium|rennen|runde)(e?s)?",
    ),
    "BUYER": Words("a buyer", "buyers? purchaser saviou?r", "käufern? erwerber retter"),
    "BID": Words(
        "an offer, mostly for a company",
        "bids? bidding approach(es|ed|ing)? counterbids? overtures? tilts?",
        "gebote?[sn]? offerten? gegengebote?s? kaufgebote?s? gegenofferten? konkurrenzangebote?s? gegenangebote?s?",
    ),
    "OFFER": Words(
        "an offer, of anything",
        "offers? offered proposals? propos(es|ed) counteroffers?",
        "angebote?[sn]? vorschl(ag|ägen?) barofferten? barangebote?s?",
    ),
    "SNAP": Words(
        "finite verbs of buying a company, as headlines use them",
        "snap(s|ped)?_up swoop(s|ed)?_(on|for) swoop(s|ed)?_in_for buys_out tak(es|ing)_over "
        "gobbl(es|ed)_up swallow(s|ed)? scoop(s|ed)?_up pounc(es|ed)_on acquires buys "
        "tak(es|ing)_control_of took_control_of takes_full_control_of takes_majority_control_of "
        "merges_with merg(e|es|ing)_with pounce(s|d)?_on",
        "übernimmt übernehmen kauft erwirbt schluckt schnappt_sich sichert_sich krallt_sich "
        "greif(t|en)_nach verleibt_sich greifen_nach angelt_sich einverleibt",
    ),
    "BOUGHT": Words(
        "the deal is done",
        "bought acquired taken_over took_over snapped snapped_up purchased swallowed gobbled_up",
        "gekauft übernommen erworben geschluckt aufgekauft kaufte übernahm erwarb einverleibt",
    ),
    "BUY": Words(
        "to buy, infinitive",
        "buy buying acquire acquiring take_over purchase purchasing buy_out buying_out merge merging "
        "combine combining bid snap_up swoop",
        "kaufen erwerben schlucken aufkaufen zukaufen fusionieren zusammengehen zusammenschließen "
        "einverleiben übernehmen_zu einzuverleiben zu_übernehmen zu_kaufen zusammenzuschließen "
        "übernehmen_könnte",
    ),
    "FORSALE": Words("on the block", "for_sale", "zum_verkauf zur_disposition"),
    "SELL": Words(
        "to sell, a sale",
        "sell(s|ing)? sold divest(s|ing|ment)? offload(s|ing)? hive_off",
        "verkaufen verkauft verkaufs?(e|es|s)? veräußer(n|t|ung) abgeben abzugeben abgibt zu_verkaufen "
        "loswerden abstoßen abgabe trenn(t|en)",
    ),
    "CONSIDER": Words(
        "to think of it without having done it",
        "consider(s|ed|ing)? mull(s|ed|ing)? weigh(s|ed|ing)? ponder(s|ed|ing)? evaluat(es|ed|ing|e) "
        "explor(es|ed|ing|e) ey(es|ed|ing|eing) study studies studying contemplat(es|ed|ing|e) "
        "plot(s|ted|ting)? plan(s|ned|ning)? prepar(es|ed|ing|e) read(ies|ying) "
        "look(s|ed|ing)?_(at|to|into) lin(e|es|ed|ing)_up seek(s|ing)? sought working_on works_on "
        "toy(s|ed|ing)_with debat(es|ing) interested_in eager keen assess(es|ed|ing)? court(s|ed|ing)? "
        "woo(s|ed|ing)? wants? wanted tempted moot(s|ed|ing)? examin(es|ed|ing|e) sound(s|ed|ing)?_out "
        "flirt(s|ed|ing)?_with hatch(es|ed|ing)? tabling readying wants_to hop(es|ing)_to aim(s|ing)?_to "
        "mull intend(s|ed|ing)? propos(ing) keen_to intentions? intention",
        "erwäg(t|en|te|ten) prüf(t|en|te|ten) liebäugel(t|n|te) plan(t|en|te|ten) denk(t|en)_über "
        "nachdenk(t|en)? nachgedacht bereitet bereiten überleg(t|en|te) peil(t|en)_an "
        "spekulier(t|en|te)_auf schielt spielt_mit beäug(t|en) durchspiel(t|en) sondier(t|en|te|ten) "
        "ausgelotet arbeitet_an arbeiten_an feilt_an feilen_an zieht_in_betracht in_betracht_ziehen "
        "in_erwägung_ziehen in_erwägung denkt_an gedanken gedankenspiele anlauf_auf rüstet_sich "
        "bringt_sich_in_stellung mandatiert lot(et|en|ete|eten) ausloten in_betracht nähern_sich erwägung "
        "kokettier(t|en) vorbereitung geprüft erwogen",
    ),
    "WANT": Words("German intent, announced", "", "will wollen möchte(n)? strebt streben beabsichtig(t|en)"),
    "BIDS": Words("to offer a price", "", "bietet bieten bot boten geboten"),
    "TALKS": Words(
        "talks between companies",
        "talks? talking negotiat(es|ed|ing|e|ions?) discuss(ions?|es|ed|ing) in_talks",
        "gesprächen? verhandlung(en)? verhandel(t|n|te|ten) sondierung(en)? spricht_mit sprechen_mit "
        "redet_mit reden_mit gespräch verhandelt_mit",
    ),
    "RUM": Words(
        "nobody stands behind it",
        "rumou?rs? rumou?red speculat(ion|ions|es|ed|ing|e) chatter gossip whispers? buzz talk_(of|that) "
        "market_talk hearsay stories bet(s|ting)?_on wager(s|ing)?_on hopes?_of wonder(s|ed|ing)?",
        "gerüchten? gerücht(e|s|en)? spekulation(en)? spekulier(t|en|te|ten) gerede gemunkelt munkeln "
        "gehandelt_wird fantasie wittern wittert mutmaßung(en)? geflüster gemunkel flurfunk "
        "börsengeflüster spekulanten spekuliert wird_gehandelt gilt_als kursiert kursieren die_runde "
        "setzen_auf wetten_auf",
    ),
    "INTEREST": Words(
        "interest in a deal",
        "interest interested appetite expressions?_of_interest advances overtures",
        "interesse interessiert(e[nrsm]?)? avancen interessent kaufinteresse",
    ),
    "NEAR": Words(
        "a deal not yet done",
        "near(s|ed|ing)? close_to closing_in_on poised_to set_to on_the_(brink|verge|cusp)_of "
        "on_(brink|verge|cusp)_of in_line_to leading_contender front-?runner hot_favourite favourite_to "
        "nearing on_course_to clos(es|ing)_in_on in_pole_position about_to expected_to likely_to "
        "heading_for moves?_closer_to steps_up lead(s|ing)?_race_to leads_the_race in_the_running_to "
        "front_of_the_queue on_course_for heading_towards in_final_(talks|stages) nears "
        "agreed_to_in_principle edg(es|ing)_closer_to closer_to in_lead_to in_the_lead_to",
        "steht_vor stehen_vor kurz_vor bahnt_sich favorit vor_dem_abschluss steht_kurz auf_der_zielgeraden "
        "bahnt steht_kurz_vor vor_einer_übernahme vor_dem_kauf vor_kauf in_trockene",
    ),
    "MAYBE": Words(
        "perhaps",
        "possible potential possibly potentially likely alleged rumoured rumored mooted hypothetical",
        "möglich(e[nrsm]?|erweise)? potenziell(e[nrsm]?)? potentiell(e[nrsm]?)? denkbar(e[nrsm]?)? "
        "eventuell(e[nrsm]?)? angebliche?[nrsm]? vermeintliche?[nrsm]? etwaige?[nrsm]? infrage in_frage "
        "vielleicht wahrscheinlich",
    ),
    "SOURCE": Words(
        "a source that is not the company",
        "sources? reportedly reported_to reported said_to told_reuters says_report report_says reports_say "
        "on_report on_reports press_reports? media_reports? reports_that report_that various_reports "
        "several_reports newspaper_said newspaper_reported newspapers_reported the_press insiders? "
        "people_(familiar|with) according_to person_familiar it_was_said come_out surfaced emerged emerges "
        "understood believed_to thought_to tipped_to rumoured_to rumored_to people_(close|with) "
        "close_to_the_matter familiar_with_the_matter understood_to",
        "(medien|zeitungs|presse|agentur)?-?(berichte?n?|bericht) insidern? kreisen? zufolge angeblich "
        "laut finanzkreisen? firmenkreisen? medien hieß_es heißt_es informationen branchenkreisen? "
        "soll_angeblich blatt(es)? presse offenbar dem_vernehmen_nach insider vertraute_personen erfuhr "
        "erfahren umfeld eingeweihte[nr]? berichtet(e)? meldet_die",
    ),
    "DENY": Words(
        "to say that it is not so",
        "den(ies|ied|y|ying|ial|ials) quash(es|ed|ing)? rul(es|ed|ing|e)_out refut(es|ed|ing|e) "
        "pours?_cold_water poured_cold_water brush(es|ed)_off play(s|ed)_down rubbish(es|ed) scotch(es|ed) "
        "shoots?_down distance(s|d)_itself disclaim(s|ed)? "
        "reject(s|ed)?_(rumou?rs?|speculation|talk|reports?|suggestions?|claims?) squash(es|ed) "
        "downplay(s|ed)? shot_down knock(s|ed)?_down (rejects?|rejected)_(talk|idea|notion) "
        "rul(es|ed)_(itself|himself|herself|themselves)_out",
        "dementier(t|te|en|ten) bestreite(t|n) bestritt widersprich(t|en) widersprach schlie(ß|ss)t_aus "
        "schlossen?_aus zurückgewiesen dementi(s)? tritt_entgegen abgewiegelt winkt_ab winken_ab abwinken "
        "ausgeschlossen zurückweisen ablehnend wiegelt_ab entgegengetreten erteilt_absage absage erteilt "
        "spielt_herunter",
    ),
    "NOT": Words(
        "no",
        "not no never neither nor nobody none nothing n't isn't aren't wasn't won't wouldn't doesn't don't "
        "didn't hasn't haven't cannot can't without lacks? unlikely",
        "nicht kein(e[nrsm]?)? nie niemals weder niemand(em|en)? nichts ohne",
    ),
    "BASELESS": Words(
        "without ground, for sale or not",
        "unfounded baseless groundless false untrue without_foundation no_truth fabrication nonsense",
        "grundlage haltlos aus_der_luft unbegründet unwahr falsch frei_erfunden unsinn dran nichts_dran quatsch",
    ),
    "INDEPENDENT": Words(
        "to stay on one's own",
        "(remain|stay|staying|remaining|stays|remains)_(independent|standalone)",
        "(selbst|selb)ständig eigenständig unabhängig",
    ),
    "END": Words(
        "it is over",
        "pull(s|ed)_out pulls_out_of walk(s|ed|ing)?_away call(s|ed)?_off shelv(es|ed|ing) end(s|ed)? "
        "giv(es|en|ing|e)_up gave_up fail(s|ing)? terminat(es|ed|ing|e) break(s)?_(off|down) "
        "broke_(off|down) fall(s)?_(through|apart) fell_(through|apart) off_the_table backs?_out "
        "backed_out halt(s|ed)? cancel(s|led|ed)? pulled_out cools kill(s|ed)? unravel(s|led)? aborted "
        "lapse(s|d)? put_paid_to stall(s|ed)? withdraws_from scuppered scuttled derailed torpedoed ditched "
        "broken_(down|off) break_(down|off) broke_(down|off)",
        "abgeblasen abgesagt platz(t|te|en) geplatzt(e[nrsm]?)? gescheitert(e[nrsm]?)? scheiter(t|te|n) "
        "abgebrochen verzicht(et|en|ete) rückzug rückzieher zurückgezogen zieht_sich_zurück "
        "beendet(e[nrsm]?)? aufgegeben vom_tisch ab_gebrochen verworfen begräbt begraben beerdigt bläst_ab "
        "lässt_platzen auf_eis aus_für ende_der abbruch fallengelassen lässt_fallen auf_eis_gelegt "
        "abgesprungen",
    ),
    "AGREE": Words(
        "both sides have said yes",
        "agree(s|d|ing|ment)? accept(s|ed)? seal(s|ed)? clinch(es|ed)? struck sign(s|ed)? recommend(s|ed)? "
        "finalis(es|ed) finaliz(es|ed) announc(es|ed|ing) unveil(s|ed)? secur(es|ed)",
        "einig(t|en|te|ten) geeinigt stimm(t|en|te)_zu zustimm(t|en|te)? zugestimmt zustimmung "
        "vereinbar(t|en|te|ung) besiegel(t|n|te) perfekt amtlich verkünde(t|te|n) angekündigt "
        "empf(iehlt|ehlen|ahl) unter_dach akzeptier(t|en) unterschrieben",
    ),
    "BACK": Words("to support an offer", "back(s|ed|ing)? support(s|ed)?", "unterstütz(t|en|te)"),
    "MAKE": Words(
        "to put an offer on the table",
        "mak(es|ing|e) made launch(es|ed|ing)? tabl(es|ed|ing) submit(s|ted)? lodg(es|ed) rais(es|ed) "
        "improv(es|ed|e) sweeten(s|ed|ing)? increas(es|ed|ing) extend(s|ed) formal start(s|ed)? "
        "put(s)?_(in|forward) mount(s|ed|ing)? lob(s|bed)? renew(s|ed)? gatecrash(es|ed) raise improved "
        "revised",
        "unterbreite(t|n|te) erhöh(t|te|en) bessert besser(n|te)_nach vorgelegt vorlegen unterbreitet "
        "nachgebessert aufgestockt abgegeben gemacht macht lanciert drauflegt drauflegen nachlegt "
        "nachlegen kündigt_an veröffentlicht startet",
    ),
    "GET": Words(
        "to receive an offer",
        "get(s|ting)? got receiv(es|ed|ing|e) attract(s|ed|ing)? draw(s|n)? face(s|d)? subject_of "
        "field(s|ed|ing)? entertain(s|ed|ing)? sparks?",
        "erhält erhielt erhalten bekommt bekam bekommen empf(ing|angen)",
    ),
    "REJECT": Words(
        "the target says no",
        "reject(s|ed|ing)? rebuff(s|ed|ing)? spurn(s|ed|ing)? snub(s|bed|bing)? turn(s|ed|ing)?_down "
        "fend(s|ed)_off refus(es|ed|ing) resist(s|ed|ing)? knock(s|ed)_back fight(s)?_off "
        "declin(es|ed)_the repel(s|led) turned_away sent_packing",
        "abgelehnt ablehn(t|te|en)? lehn(t|te)_ab zurück_weist abgewiesen verschmäh(t|te) zeigt_die_kalte "
        "abgeschmettert schmetter(t|te)_ab wehrt_sich wehrte_sich abwehr ablehnung ausgeschlagen",
    ),
    "COMPLETE": Words(
        "closed",
        "complet(es|ed|ing|e|ion) clos(es|ed) wrap(s|ped)_up finish(es|ed)",
        "abgeschlossen schließt_ab vollzogen vollzieht abschluss_der in_trockenen abschließt schließen_ab "
        "besiegelt_ist in_trockenen_tüchern",
    ),
    "APPEAL": Words("what a deal may lack", "appeal attraction", "reiz"),
    "PURSUIT": Words("the hunt for a company", "pursuit chase quest", "werben jagd"),
    "HOLDON": Words("owners who stay", "hold_on_to hold_onto keep_hold_of", "behalten festhalten_an"),
    "COMMENT": Words("what is declined", "comment comments commented", "kommentar kommentieren stellungnahme äußern"),
    "DANGER": Words("a deal that may fail but has not", "danger doubt jeopardy risk", "gefahr wackelt kippe"),
    "LOSE": Words("to lose a bid of another sort", "lose(s)? lost", ""),
    "SHUT": Words("German for close (with ab) or exclude (with aus)", "", "schließt schließen schloss schlossen"),
    "BLOW": Words("German for call off (with ab)", "", "bläst blasen blies bricht brechen sagt"),
    "REFUSE": Words("German for reject (with ab, zurück)", "", "lehn(t|te|ten|en) weist wies weisen"),
    "GIVE": Words("German for give up (with auf)", "", "gibt geben gab gaben"),
    "AUF": Words("the particle of gibt auf", "", "auf"),
    "AUS": Words("the particle of schließt aus", "", "aus"),
    "DEALW": Words("a deal of any sort", "deals? agreements? transaction", "deals? transaktion"),
    "ZU": Words("the particle of stimmt zu", "", "zu"),
    "DOWNOFF": Words("the particle of lehnt ab, sagt ab", "", "ab"),
    "BELONG": Words("a company goes to its buyer", "belongs_to now_belongs_to sold_to is_going_to", "gehört"),
    "FOUNDBUYER": Words(
        "a company has found its buyer",
        "found_a_buyer found_buyer finds_buyer finds_a_buyer",
        "käufer_gefunden",
    ),
    "LAND": Words("to end in somebody's hands", "end_up_with ends_up_with hands_of", "landen gelandet"),
    "TABLE": Words("an offer has been made", "on_the_table", "auf_dem_tisch auf_den_tisch"),
    "TERMS": Words("what a bidder pays", "terms better_price merger_terms", "konditionen"),
    "NOISE": Words(
        "phrases that must not be read word by word",
        "last_ditch bids?_farewell bid_adieu call_option no_deal deal_breaker in_bid_to in_a_bid_to "
        "in_(last|latest|desperate|new|fresh|major)_bid_to came_close_to as_bid_to bid_for_freedom "
        "bid_farewell interest_rates? interest_rate_(rise|cut|hike)",
        "",
    ),
    "IF": Words("a condition", "if unless", "falls wenn"),
    "CLEARED": Words(
        "authorities let a deal pass",
        "clear(s|ed|ance) approv(es|ed|al) waved_through (gets|wins|given)_green_light green_light "
        "(wins|gets)_approval nod go_ahead",
        "genehmig(t|te|en|ung) freigabe grünes_licht freigegeben",
    ),
    "FAILED": Words("a deal that failed, as attribute or participle", "failed collapsed", ""),
    "HOSTILE": Words(
        "against the target's will",
        "hostile unsolicited unwanted unwelcome",
        "feindliche?[nrsm]? unerwünschte?[nrsm]? ungebetene?[nrsm]?",
    ),
    "MAJORITY": Words(
        "a part that brings control",
        "majority_(stakes?|holding|shares?|control) controlling_(stakes?|interest) "
        "remaining_(stakes?|shares?) rest_of full_control full_ownership outstanding_shares more_than_half "
        "all_of",
        "mehrheit mehrheitsanteil(s|e)? mehrheitsbeteiligung restliche[nr]?_(anteile|aktien) "
        "verbleibende[nr]?_(anteile|aktien) kontrolle vollständig(e[nrsm]?)? komplett mehrheitlich",
    ),
    "STAKE": Words(
        "a part that brings no control",
        "stakes? holding minority shareholding shares_in % interest_in_the per_cent_of",
        "anteile?n? beteiligung(en)? minderheit(santeil|sbeteiligung)? aktienpakete?s? paket(e|s)? "
        "anteilen minderheitsanteile?",
    ),
    "SALE": Words("a sale, as a noun", "sales?_of sale disposal sell_off selloff", ""),
    "UPSALE": Words(
        "said of companies on offer",
        "up_for_sale on_the_block on_the_auction_block on_the_auctioneers_block",
        "verkaufsprozess zum_kauf_angeboten ins_schaufenster",
    ),
    "SEARCH": Words(
        "to look for a buyer",
        "find(s|ing)? search(es|ing)? hunt(s|ing)? looks?_for looking_for seek(ing)?_out",
        "such(t|en|te) suche gesucht",
    ),
    "STRAT": Words(
        "the euphemism for a sale",
        "strategic_(options|alternatives)",
        "strategische[nr]?_(optionen|alternativen)",
    ),
    "PROWL": Words(
        "idioms that by themselves mean to want a company",
        "circl(e|es|ing|ed) stalk(s|ing|ed)? sets?_(its|his|their|her)_sights_on sets?_sights_on "
        "has_(its|his|her)_sights_on (run|runs|running)_the_rule_over run(s|ning)?_the_slide_rule_over "
        "sniff(s|ing)?_around hover(s|ing)?_over designs_on (makes?|making|made)_play_for "
        "makes?_a_play_for making_a_play_for makes_a_move_for makes_a_move_on plots_move_for plots_swoop "
        "vies?_for vying_for jostl(e|es|ing)_for in_the_frame_for race_to_buy mulls?_swoop launches_swoop",
        "buhl(t|en|te)_um umw(irbt|arb) umwerben umgarn(t|en) wirbt_um werben_um belauer(t|n) "
        "reißen_sich_um reißt_sich_um auge_auf beutezug interessiert_sich_für interessieren_sich_für "
        "kämpfen_um wetteifern_um kreisen_um fühler pirscht_sich pirschen_sich tastet_sich schleicht_sich "
        "wirft_auge_auf anschleichen",
    ),
    "EMERGE": Words(
        "buyers step forward",
        "loom(s|ing)? step(s|ping)?_forward com(e|es|ing)_forward queu(e|es|ing)_up lin(e|es|ing)_up "
        "circl(e|es|ing) wait(s|ing)_in_the_wings",
        "stehen_bereit steht_bereit schlange melden_sich",
    ),
    "TIEUP": Words("a deal, or a mere partnership", "tie_ups?", ""),
    "LISTED": Words(
        "where a hunter keeps its prey: shopping list, sights, radar",
        "shopping_list wish_list (takeover|acquisition)_radar crosshairs in_the_sights_of in_its_sights",
        "einkaufsliste einkaufszettel wunschliste fadenkreuz im_visier ins_visier im_auge ins_auge beuteschema radar",
    ),
    "GRAB": Words("German for to seize an opportunity (with zu)", "", "greift greifen schlägt schlagen"),
    "CONFIRM": Words(
        "to confirm: talks, a deal, a forecast",
        "confirm(s|ed|ing)? acknowledg(es|ed|ing) admit(s|ted)?",
        "bestätig(t|te|en)",
    ),
    "AUCTION": Words(
        "the sale of a company to the highest bidder",
        "auction_for auction_process sale_process formal_sale_process sales_process",
        "bieterverfahren verkaufsverfahren auktion_um",
    ),
    "PRIV": Words("taken private", "private", ""),
    "AIMED": Words("German for to be after something (with auf)", "", "abgesehen"),
    "DISMISS": Words("to say no: to a report or to an offer", "dismiss(es|ed|ing)?", ""),
}
