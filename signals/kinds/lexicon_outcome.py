"""Words for what becomes of a takeover: offered, agreed, rejected, ended, English and German side by side."""

from __future__ import annotations

from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    "END": Words(
        "it is over",
        "pull(s|ed)_out pulls_out_of walk(s|ed|ing)?_away call(s|ed)?_off shelv(es|ed|ing) end(s|ed)? "
        "giv(es|en|ing|e)_up gave_up fail(s|ing)? terminat(es|ed|ing|e) break(s)?_(off|down) broke_(off|down) "
        "fall(s)?_(through|apart) fell_(through|apart) off_the_table backs?_out backed_out halt(s|ed)? "
        "cancel(s|led|ed)? pulled_out cools kill(s|ed)? unravel(s|led)? aborted lapse(s|d)? put_paid_to "
        "stall(s|ed)? withdraws_from scuppered scuttled derailed torpedoed ditched broken_(down|off) "
        "break_(down|off) broke_(down|off) bow(s|ed|ing)?_out cool(s|ed)?_on leav(es|ing)_the_table "
        "left_the_table evaporat(es|ed|ing) fizzl(es|ed)_out los(es|t|ing)_interest go(es)?_cold went_cold "
        "turn(s|ed)?_cold (gets|got)_cold_feet cold_feet veto(es|ed)? falter(s|ed|ing)? unwind(s)? unwound "
        "abandons abandoned rul(es|ed)_(itself|himself)_out quits?_race sink(s|ing)_(deal|merger|takeover|bid) "
        "sank_(deal|merger|takeover) doom(s|ed)? thwart(s|ed)? loses_patience rip(s|ped)?_up break_up_talks "
        "(throws?|threw)_in_the_towel throws_in_towel walk(s|ed)?_from pulls_plug_on pulls_the_plug_on "
        "prohibit(s|ed)? canned axed dead_in_the_water calls_time_on calls_it_quits call_it_quits spik(es|ed) "
        "scupper(s|ed)? blocks blocked blocking_of (drops|dropped)_out founders_on foundered_on "
        "came_to_nothing come_to_nothing comes_to_nothing fell_by_the_wayside back(s|ed)_off thought_better_of "
        "turn(s|ed)?_(its|his|their)_back_on lost_its_appetite not_proceed not_go_ahead "
        "throw(s|n)?_in_the_towel parted_without thwarted walked_out_of nothing_came_of (has|have)_given_up",
        "abgeblasen abgesagt platz(t|te|en) geplatzt(e[nrsm]?)? gescheitert(e[nrsm]?)? scheiter(t|te|n) "
        "abgebrochen verzicht(et|en|ete) rückzug rückzieher zurückgezogen zieht_sich_zurück beendet(e[nrsm]?)? "
        "aufgegeben vom_tisch ab_gebrochen verworfen begräbt begraben beerdigt bläst_ab lässt_platzen auf_eis "
        "aus_für ende_der abbruch fallengelassen lässt_fallen auf_eis_gelegt abgesprungen untersag(t|te|en) "
        "verboten verbietet blockier(t|te|en) stopp(t|te|en) gestoppt zu_ende lässt_ab ablassen abgelassen "
        "abgerückt rückt_ab ausgestiegen steigt_aus (zieht|ziehen|zog)_(angebot|offerte|gebot)_zurück "
        "zieht_zurück zurückziehen zieht_den_stecker ad_acta aus_der_traum vor_dem_aus abgewendet erledigt "
        "hinfällig (gibt|geben|gab)_auf vereitelt(e)? durchkreuzt(e)? abgehakt verläuft_im_sande im_sande "
        "zerschlagen_sich zerschlägt_sich springt_ab springen_ab kommt_nicht_zustande nicht_zustande "
        "scheiterten auseinandergegangen auseinander ergebnislos aussteigt winkte_ab gekippte[nr]? torpediert "
        "nimmt_abstand nahm_abstand nehmen_abstand lässt_die_finger lassen_die_finger verliert_interesse "
        "verliert_das_interesse verlieren_das_interesse schlussstrich aus_und_vorbei kein_geschäft "
        "zerschlagen_hat",
    ),
    "AGREE": Words(
        "both sides have said yes",
        "agree(s|d|ing|ment)? accept(s|ed)? seal(s|ed)? clinch(es|ed)? struck sign(s|ed)? recommend(s|ed)? "
        "finalis(es|ed) finaliz(es|ed) announc(es|ed|ing) unveil(s|ed)? secur(es|ed) clinching "
        "wrap(s|ped)_up_deal (reach(es|ed)?|strikes?|inks?|inked|striking|cut|cuts)_agreement "
        "(reach(es|ed)?|strikes?|inks?|inked|striking|cut|cuts)_deal "
        "(reach(es|ed)?|strikes?|inks?|inked|striking|cut|cuts)_a_deal "
        "(reach(es|ed)?|strikes?|inks?|inked|striking|cut|cuts)_accord "
        "(reach(es|ed)?|strikes?|inks?|inked|striking|cut|cuts)_pact shak(es|ing)_hands_on shook_hands_on "
        "agreed_on finaliz(e|ing) finalis(e|ing) nod(s)?_through sign(s|ed)?_off seals signed ink(s|ed)? "
        "reveal(s|ed)? (gives?|gave)_blessing gives_nod thrash_out_deal announce unveil confirm_deal "
        "come_to_terms came_to_terms (struck|strikes?)_a_(bargain|deal|pact|agreement) settled_on shook_hands "
        "says_yes said_yes",
        "einig(t|en|te|ten) geeinigt stimm(t|en|te)_zu zustimm(t|en|te)? zugestimmt zustimmung "
        "vereinbar(t|en|te|ung) besiegel(t|n|te) perfekt amtlich verkünde(t|te|n) angekündigt "
        "empf(iehlt|ehlen|ahl) unter_dach akzeptier(t|en) unterschrieben handelseinig einigung einigten "
        "vereinbarten unterzeichne(t|n|te) unterschr(eibt|eiben|ieb) besiegelte gibt_bekannt gaben_bekannt fix "
        "eingetütet in_trockenen_tüchern unter_dach_und_fach abgesegnet segnet_ab segnen_ab "
        "verständig(t|en|ten) schließen_sich_zusammen zusammengeschlossen schlie(ß|ss)en_sich handschlag "
        "beschlossen beschlie(ß|ss)(t|en) absegnen abgenickt nick(t|en)_ab gibt_grünes begrü(ß|ss)(t|en) "
        "sagt_ja sagen_ja einig_geworden handelseinig_geworden",
    ),
    "BACK": Words("to support an offer", "back(s|ed|ing)? support(s|ed)?", "unterstütz(t|en|te)"),
    "MAKE": Words(
        "to put an offer on the table",
        "mak(es|ing|e) made launch(es|ed|ing)? tabl(es|ed|ing) submit(s|ted)? lodg(es|ed) rais(es|ed) "
        "improv(es|ed|e) sweeten(s|ed|ing)? increas(es|ed|ing) extend(s|ed) formal start(s|ed)? "
        "put(s)?_(in|forward) mount(s|ed|ing)? lob(s|bed)? renew(s|ed)? gatecrash(es|ed) raise improved "
        "revised com(es|ing)_(back|forward)_with returns?_with hik(es|ed) ups_ante go(es)?_hostile bump(s|ed) "
        "table lay(s)?_out fir(es|ed)_off throws_down slap(s|ped)?_down (puts?|putting)_on_the_table improves "
        "dangl(es|ed) began begins commenc(es|ed|ing) ups ready_to_pay",
        "unterbreite(t|n|te) erhöh(t|te|en) bessert besser(n|te)_nach vorgelegt vorlegen unterbreitet "
        "nachgebessert aufgestockt abgegeben gemacht macht lanciert drauflegt drauflegen nachlegt nachlegen "
        "kündigt_an veröffentlicht startet legt_nach legen_nach stockt_auf stocken_auf stellt reicht_ein "
        "eingereicht unterbreite(t|n|te)? offeriert(e)? auf_den_tisch_gelegt bringt_vor präsentiert "
        "präsentieren platziert gibt_ab geben_ab abgab bereit_zu_zahlen",
    ),
    "GET": Words(
        "to receive an offer",
        "get(s|ting)? got receiv(es|ed|ing|e) attract(s|ed|ing)? draw(s|n)? face(s|d)? subject_of "
        "field(s|ed|ing)? entertain(s|ed|ing)? sparks? tempt(s|ed)? lure(s|d)? catch(es)?_the_eye_of "
        "subject_to fac(es|ed|ing) shortlist(s|ed)?",
        "erhält erhielt erhalten bekommt bekam bekommen empf(ing|angen) lockt locken weckt wecken zieht_an "
        "liegt_vor liegen_vor vorliegt vorliegen eingegangen",
    ),
    "REJECT": Words(
        "the target says no",
        "reject(s|ed|ing)? rebuff(s|ed|ing)? spurn(s|ed|ing)? snub(s|bed|bing)? turn(s|ed|ing)?_down "
        "fend(s|ed)_off refus(es|ed|ing) resist(s|ed|ing)? knock(s|ed)_back fight(s)?_off declin(es|ed)_the "
        "repel(s|led) turned_away sent_packing (gives?|gave)_short_shrift cold_shoulders? "
        "(gives?|gave)_cold_shoulder (says?|said)_no_to (say|saying)_no_to thumbs?_nose rebuffed "
        "(bats?|batted|swats?)_away turn(s|ed)?_(its|their|his)_nose undervalu(es|ed|ing) too_(low|cheap) "
        "not_enough derisory batten(s|ed)? hold(s|ing)?_off fend(s|ed|ing)?_off fight(s|ing)?_off fought_off "
        "stav(es|ed|ing)_off see(s|n)?_off parr(ies|ied) shun(s|ned)? scorn(s|ed)? throw(s)?_out threw_out "
        "laughs_at digs_in unimpressed resists tells_shareholders_to_reject deflects brush_off packing "
        "shown_the_door (gave|given|gives|giving)_the_cold_shoulder not_tempted too_little not_good_enough "
        "unacceptable",
        "abgelehnt ablehn(t|te|en)? lehn(t|te)_ab zurück_weist abgewiesen verschmäh(t|te) zeigt_die_kalte "
        "abgeschmettert schmetter(t|te)_ab wehrt_sich wehrte_sich abwehr ablehnung ausgeschlagen abfuhr "
        "abfuhren korb erteilt_(abfuhr|korb|absage) erteilte_(abfuhr|korb|absage) zeigt_(abfuhr|korb|absage) "
        "gibt_(abfuhr|korb|absage) gab_(abfuhr|korb|absage) kassiert_(abfuhr|korb|absage) "
        "holt_sich_(abfuhr|korb|absage) zu_(niedrig|wenig|gering) unangemessen nicht_angemessen "
        "(zeigt|zeigte)_die_kalte_schulter kalte_schulter auflaufen abprallen_lassen weigert_sich stemmt_sich "
        "stemmen_sich sträubt_sich sträuben_sich wehren_sich abwimmeln abgeblitzt blitzt_ab abgewehrt wehrt_ab "
        "schlägt_aus (schlug|schlagen)_aus verweigert verweigern zurückgewiesen_hat verschmähte unwillkommen "
        "ab_gelehnt abblitzen abblitzte sagt(e)?_nein zu_mager sagen_nein unzureichend(e[nrsm]?)? abgekanzelt",
    ),
    "COMPLETE": Words(
        "closed",
        "complet(es|ed|ing|e|ion) clos(es|ed) wrap(s|ped)_up finish(es|ed) conclud(es|ed) consummat(es|ed) "
        "finally_done sewn_up in_the_bag clos(es|ed)_(deal|acquisition|takeover|purchase) succeeds? succeeded "
        "goes_through",
        "abgeschlossen schließt_ab vollzogen vollzieht abschluss_der in_trockenen abschließt schließen_ab "
        "besiegelt_ist in_trockenen_tüchern vollzug unter_dach wirksam beendet_übernahme rechtskräftig",
    ),
    "APPEAL": Words("what a deal may lack", "appeal attraction", "reiz"),
    "PURSUIT": Words(
        "the hunt for a company",
        "pursuit chase quest battle_for fight_for",
        "werben jagd kampf_um kampfes_um",
    ),
    "HOLDON": Words("owners who stay", "hold_on_to hold_onto keep_hold_of", "behalten festhalten_an"),
    "COMMENT": Words(
        "what is declined",
        "comment comments commented respond(s|ed)? be_drawn remark say_(anything|nothing) would_say "
        "say_whether says_nothing silent tight_lipped mum_on be_reached available_for_comment no_certainty",
        "kommentar kommentieren stellungnahme äußern stellung_nehmen stellung_zu kommentierte kommentarlos "
        "kommentiert stellungnahmen äußerung schwieg(en)? schweig(t|en) äußerte wortkarg bedeckt",
    ),
    "DANGER": Words("a deal that may fail but has not", "danger doubt jeopardy risk", "gefahr wackelt kippe"),
    "LOSE": Words("to lose a bid of another sort", "lose(s)? lost", ""),
    "SHUT": Words("German for close (with ab) or exclude (with aus)", "", "schließt schließen schloss schlossen"),
    "BLOW": Words("German for call off (with ab)", "", "bläst blasen blies bricht brechen sagt"),
    "REFUSE": Words("German for reject (with ab, zurück)", "", "lehn(t|te|ten|en) weist wies weisen"),
    "COUNTER": Words("German particle of tritt entgegen: to deny", "", "entgegen"),
    "GIVE": Words("German for give up (with auf)", "", "gibt geben gab gaben"),
    "AUF": Words("the particle of gibt auf", "", "auf"),
    "AUS": Words("the particle of schließt aus", "", "aus"),
    "DEALW": Words("a deal of any sort", "deals? agreements? transaction", "deals? transaktion"),
    "ZU": Words("the particle of stimmt zu", "", "zu"),
    "DOWNOFF": Words("the particle of lehnt ab, sagt ab", "", "ab"),
    "BELONG": Words(
        "a company goes to its buyer",
        "belongs_to now_belongs_to sold_to is_going_to (becomes|now)_part_of now_owned_by handed_to belong_to "
        "become_part_of becomes_part_of",
        "gehört gehören geht_an gingen_an ging_an gehen_an wandert_zu wechselt_zu wechselt_zum fällt_an "
        "kommt_unter_das_dach",
    ),
    "FOUNDBUYER": Words(
        "a company has found its buyer",
        "found_a_buyer found_buyer finds_buyer finds_a_buyer (finds|found|secures?)_new_owner "
        "(finds|found|secures?)_white_knight (finds|found|secures?)_saviour (finds|found|secures?)_savior "
        "finds_a_new_owner finds_new_home",
        "käufer_gefunden (findet|fand|finden)_käufer (findet|fand|finden)_investor "
        "(findet|fand|finden)_neuen_eigentümer (investor|eigentümer|retter)_gefunden",
    ),
    "LAND": Words(
        "to end in somebody's hands",
        "end_up_with ends_up_with hands_of falling_(to|into) fall_to ends?_up_(at|in) wind_up_with "
        "in_the_(arms|hands)_of",
        "landen gelandet",
    ),
    "GOTO": Words("German for to go to a new owner (with an)", "goes", "gehen gehe ginge fallen geht fällt gingen"),
    "BOOKS": Words("what a buyer looks into", "", "bücher(n)? geschäftsbücher(n)? unterlagen"),
    "TABLE": Words(
        "an offer has been made",
        "on_the_table",
        "auf_dem_tisch auf_den_tisch zur_debatte zur_diskussion der_agenda im_raum vorgesehen",
    ),
    "TERMS": Words("what a bidder pays", "terms better_price merger_terms", "konditionen"),
    "NOISE": Words(
        "phrases that must not be read word by word",
        "last_ditch bids?_farewell bid_adieu call_option no_deal deal_breaker in_bid_to in_a_bid_to "
        "in_(last|latest|desperate|new|fresh|major)_bid_to came_close_to as_bid_to bid_for_freedom "
        "bid_farewell interest_rates? interest_rate_(rise|cut|hike) "
        "(takeover|merger|acquisition)_(rules?|laws?|code|panel|regime|reforms?|guidelines|controls?|"
        "lawyers?|fees|market|boom|activity|powers|tax) (easy|inflation|climate|emission|wage)_targets? "
        "falls?_prey fall_prey takeover_frenzy merger_mania",
        "",
    ),
    "SITE": Words(
        "things bought and sold that are no companies",
        "cinemas? hotels? towers? malls? shopping_(mall|centre|center)s? mansions? penthouse apartments? "
        "paintings? artworks? catalogue diamonds? studios? estate islands? castle stadiums? yachts? songs? "
        "masters vineyard pub_site theatres? newspapers_group_building wind_farms? windfarms? shale oilfields? "
        "gasfields? mine_stake tokens? bitcoin branches striker midfielder goalkeeper winger weedkiller "
        "overseas_assets apps microphones pubs",
        "hotels? grundstücks? turm gemälde villa insel schloss kino kinos einkaufszentr(um|en) windparks? "
        "bürogebäude wohnungen ölfelder? gasfelder? areals? fabrikgelände bitcoins? katalog songrechte "
        "filialen vfb vfl bvb hsv schalke borussia stürmer trainer torwart verteidiger mittelfeldspieler "
        "traditionsklub apps",
    ),
    "IF": Words("a condition", "if unless whether", "falls wenn ob"),
    "CLEARED": Words(
        "authorities let a deal pass",
        "clear(s|ed|ance) approv(es|ed|al) waved_through (gets|wins|given)_green_light green_light "
        "(wins|gets)_approval nod go_ahead wav(es|ed|e)_through nod(s|ded)_through "
        "(gets?|wins?|won|gains?|secures?|receives?)_nod (gets?|wins?|won|gains?|secures?|receives?)_clearance "
        "(gets?|wins?|won|gains?|secures?|receives?)_blessing "
        "(gets?|wins?|won|gains?|secures?|receives?)_approval "
        "(gets?|wins?|won|gains?|secures?|receives?)_go_ahead clears_path wins_shareholder_support wins_backing",
        "genehmig(t|te|en|ung) freigabe grünes_licht freigegeben durchgewinkt winkt_durch winkt winken_durch "
        "absegnung kartellfreigabe (erhält|bekommt|gibt)_grünes_licht genehmigt_übernahme billig(t|te|en) "
        "gebilligt",
    ),
    "FAILED": Words("a deal that failed, as attribute or participle", "failed collapsed", ""),
    "HOSTILE": Words(
        "against the target's will",
        "hostile unsolicited unwanted unwelcome",
        "feindliche?[nrsm]? unerwünschte?[nrsm]? ungebetene?[nrsm]?",
    ),
    "MAJORITY": Words(
        "a part that brings control",
        "majority_(stakes?|holding|shares?|control) controlling_(stakes?|interest) remaining_(stakes?|shares?) "
        "rest_of full_control full_ownership outstanding_shares more_than_half all_of "
        "controlling_(holding|shareholding|share|interest|stakes?) majority_(interest|ownership) "
        "entire_share_capital entire_company entire_business entire_group",
        "mehrheit mehrheitsanteil(s|e)? mehrheitsbeteiligung restliche[nr]?_(anteile|aktien) "
        "verbleibende[nr]?_(anteile|aktien) kontrolle vollständig(e[nrsm]?)? komplett mehrheitlich "
        "mehrheitsübernahme mehrheitsanteile kontrollmehrheit (gesamte[nrs]?|sämtliche)_(anteile|aktien) "
        "macht_bei kontrolle_über zur_gänze gänzlich",
    ),
    "STAKE": Words(
        "a part that brings no control",
        "stakes? holding minority shareholding shares_in % interest_in_the per_cent_of",
        "anteile?n? beteiligung(en)? minderheit(santeil|sbeteiligung)? aktienpakete?s? paket(e|s)? anteilen "
        "minderheitsanteile?",
    ),
    "SALE": Words(
        "a sale, as a noun",
        "sales?_of sale disposal sell_off selloff disposals? divestment_of exit_from",
        "",
    ),
    "UPSALE": Words(
        "said of companies on offer",
        "up_for_sale on_the_block on_the_auction_block on_the_auctioneers_block go(es)?_up_for_sale "
        "put(s|ting)?_up_for_sale puts_(itself|himself|themselves)_up_for_sale onto_the_block on_auction_block",
        "verkaufsprozess zum_kauf_angeboten ins_schaufenster stellt_zum_verkauf stellen_zum_verkauf "
        "verkaufsprozesse?s? verkaufsverfahren",
    ),
    "SEARCH": Words(
        "to look for a buyer",
        "find(s|ing)? search(es|ing)? hunt(s|ing)? looks?_for looking_for seek(ing)?_out scour(s|ing)",
        "such(t|en|te) suche gesucht auf_der_suche_nach suchen fahndet fahnden ausschau_nach",
    ),
    "STRAT": Words(
        "the euphemism for a sale",
        "strategic_(options|alternatives) options_including (sale|exit)_options all_options_including",
        "strategische[nr]?_(optionen|alternativen) strategische_(überprüfung|prüfung) verschiedene_optionen",
    ),
    "PROWL": Words(
        "idioms that by themselves mean to want a company",
        "circl(e|es|ing|ed) stalk(s|ing|ed)? sets?_(its|his|their|her)_sights_on sets?_sights_on "
        "has_(its|his|her)_sights_on (run|runs|running)_the_rule_over run(s|ning)?_the_slide_rule_over "
        "sniff(s|ing)?_around hover(s|ing)?_over designs_on (makes?|making|made)_play_for makes?_a_play_for "
        "making_a_play_for makes_a_move_for makes_a_move_on plots_move_for plots_swoop vies?_for vying_for "
        "jostl(e|es|ing)_for in_the_frame_for race_to_buy mulls?_swoop launches_swoop "
        "casts?_(its|his|her|their|an|a)_eye_(over|on) casts?_eye_over kick(s|ed|ing)?_tyres "
        "kick(s|ed|ing)?_the_tyres (make|made|making)_a_move_(on|for) "
        "(makes?|making|made)_(move|advances|overtures|approach)_(on|for|to|towards) pore(s|d)?_over_books "
        "poring_over_books poring_over_the_books throws?_(its|his)_hat "
        "(joins?|joined|enters?|entered)_(race|fray|bidding|auction|battle)_(for|to) "
        "(joins|enters)_the_(race|fray|bidding|auction|battle) in_pursuit_of sniff(s|ing)?_out in_hot_pursuit "
        "(mull|mulls|plots|plotting|plans|planning|weighs|weighing|readies|prepares)_(swoop|raid|move|pounce|"
        "tilt|grab)_(on|for|at) (chases?|chasing)_(deal|takeover) (pursues|pursuing|courting) "
        "casting_eye(s)?_over eyes_up runs?_slide_rule_over runs?_the_rule_over runs?_rule_over "
        "in_the_crosshairs_of in_the_running_to_(buy|acquire) in_the_(last|final|next)_round_for "
        "in_the_(last|final)_round_of (come|comes|coming)_back_for (go|goes|going)_after "
        "(make|makes|making|made)_eyes_at knock(s|ing)?_(on|at) come_knocking came_knocking "
        "put(s|ting)?_out_feelers feelers opens?_books_to opened_books_to make(s)?_a_move make_its_move "
        "angl(es|ing)_for gunn(s|ing)_for (has|have|with)_designs_on covetous_eyes_on "
        "(add|adding)_to_its_(stable|empire) takes?_a_shine_to",
        "buhl(t|en|te)_um umw(irbt|arb) umwerben umgarn(t|en) wirbt_um werben_um belauer(t|n) reißen_sich_um "
        "reißt_sich_um auge_auf beutezug interessiert_sich_für interessieren_sich_für kämpfen_um wetteifern_um "
        "kreisen_um fühler pirscht_sich pirschen_sich tastet_sich schleicht_sich wirft_auge_auf anschleichen "
        "buhl(t|en|te|ten) umw(irbt|arb|orben) umgarnt umworbene[nr]? auge_geworfen augen_auf im_blick "
        "ins_auge_gefasst lauer(t|n)_auf lauern lauert (streckt|strecken)_die_fühler (streckt|strecken)_fühler "
        "belauern pirscht pirschen reißen_sich reißt_sich jagd_auf jagen jagt interessieren_sich "
        "interessiert_sich bekundet(e)? (interesse|kaufinteresse)_(bekundet|angemeldet|signalisiert|gezeigt) "
        "schnuppert kreisen_über begehrt stehen_schlange hält_ausschau halten_ausschau klopf(t|en|te)_an "
        "anbandeln bandelt spitzt_auf mitbieten mitbietet interessiere_sich interessierten_sich buhle(n)? "
        "(bekundet|signalisiert|meldet)_(interesse|kaufinteresse) (wirft|werfen)_blick_auf "
        "(wirft|werfen)_einen_blick_auf anlauf_bei anlauf_auf macht_sich_hoffnungen machen_sich_hoffnungen "
        "scharf_auf heiß_auf flirt(et|en)_mit flirt_mit macht_avancen machen_avancen anzubandeln "
        "hält_um_die_hand appetit_auf hunger_auf wittert_chance "
        "(pokern|pokert|rangeln|balgen|wetteifern|rennen|reißen)_um begehrliche_blicke ausstreckt "
        "streckt_die_hand (wirft|werfen)_begehrliche_blicke auf_dem_zettel auf_der_liste (hat|haben)_es_auf "
        "klopf(t|te|en) angeklopft angefragt",
    ),
    "EMERGE": Words(
        "buyers step forward",
        "loom(s|ing)? step(s|ping)?_forward com(e|es|ing)_forward queu(e|es|ing)_up lin(e|es|ing)_up "
        "circl(e|es|ing) wait(s|ing)_in_the_wings emerg(e|es|ed|ing)_as in_the_frame",
        "stehen_bereit steht_bereit schlange melden_sich stehen_in_den_startlöchern stehen_parat startlöchern "
        "schlange_stehen",
    ),
    "TIEUP": Words(
        "a deal, or a mere partnership",
        "tie_ups? join(ing)?_forces pool(ing)?_forces marriage",
        "bündnis(ses)? schulterschluss(es)?",
    ),
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
    "HIRE": Words(
        "to take somebody into one's service",
        "hir(es|ed|ing|e) appoint(s|ed|ing)? enlist(s|ed|ing)? engag(es|ed|ing) retain(s|ed|ing)? brings?_in "
        "taps tapped tapping",
        "heuer(t|n|te)_an heuert heuern engagier(t|en|te) beauftrag(t|en|te) mandatier(t|en|te) eingeschaltet",
    ),
    "ADVISER": Words(
        "who is hired to sell or to buy",
        "advis(e|o)rs? bankers? investment_bankers? investment_banks? rothschild lazard evercore jpmorgan "
        "morgan_stanley",
        "berater(n)? investmentbanker(n)? investmentbank(en)? banken rothschild lazard",
    ),
    "PRIV": Words("taken private", "private", ""),
    "AIMED": Words("German for to be after something (with auf)", "", "abgesehen"),
    "DISMISS": Words(
        "to say no: to a report or to an offer",
        "dismiss(es|ed|ing)?",
        "nichts_wissen wissen_nichts will_nichts_wissen",
    ),
}
