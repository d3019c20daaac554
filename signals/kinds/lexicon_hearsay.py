"""Words for how sure a takeover is: talks, rumours, sources, denials, English and German side by side."""

from __future__ import annotations

from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    "TALKS": Words(
        "talks between companies",
        "talks? talking negotiat(es|ed|ing|e|ions?) discuss(ions?|es|ed|ing) in_talks "
        "in_(dialogue|discussions|negotiations|conversations|contact) dialogue conversations? "
        "haggl(es|ed|ing)_over thrash(es|ed|ing)?_out hammer(s|ed|ing)?_out exclusive_talks due_diligence "
        "data_room sounding_out sounds_out open(s|ed)?_(talks|negotiations) in_touch in_touch_with "
        "made_contact contacted reopen(s|ed|ing)?_talks resum(es|ed|ing|e)_talks discuss courtship flirtation "
        "talked negotiating_table sat_down_with bargain(s|ing)? conferr(ed|ing) feeling_out haggl(es|ing)",
        "gesprächen? verhandlung(en)? verhandel(t|n|te|ten) sondierung(en)? spricht_mit sprechen_mit redet_mit "
        "reden_mit gespräch verhandelt_mit exklusivgesprächen? sondierungsgesprächen? vorgesprächen? "
        "geheimgesprächen? spitzengesprächen? gespräche?n? exklusiv_verhandelt im_gespräch_mit in_gesprächen "
        "in_verhandlungen im_dialog_mit tauscht_sich austausch lotet_mit kontakt_mit kontakte_zu buchprüfung "
        "datenraum due_diligence annäherung verhandele verhandle spreche_mit sprächen_mit rede_mit "
        "verhandelten gesprochen_werde im_dialog "
        "(spricht|sprechen|sprachen|reden|redet)_(über|wieder|bereits|erneut|derzeit|offenbar|angeblich|"
        "weiter) diskutier(t|en) kontakten? tuchfühlung anbahnung flirt verhandlungstisch feilsch(t|en) "
        "reden_miteinander sprechen_miteinander in_kontakt gespräche_führt",
    ),
    "RUM": Words(
        "nobody stands behind it",
        "rumou?rs? rumou?red speculat(ion|ions|es|ed|ing|e) chatter gossip whispers? buzz talk_(of|that) "
        "market_talk hearsay stories bet(s|ting)?_on wager(s|ing)?_on hopes?_of wonder(s|ed|ing)? rumou?r_mill "
        "grapevine mooted touted links_it_with links_them_with rumblings? conjecture theories whispering "
        "guess(es|ing)? scuttlebutt tittle_tattle frothy next_to_(go|fall|leave) tipped_as tipped_for "
        "seen_as_(likely|next|possible) fuel(s|led|ling)?_(hopes|talk|speculation) "
        "fan(s|ned|ning)?_(hopes|talk|speculation) stok(es|ed|ing)_(hopes|talk|speculation) market_chatter "
        "noises linked_(with|to)_a_(bid|takeover|move|deal|merger) linked_to_(bid|takeover) "
        "(prospects?|hopes?|possibility|likelihood|talk|thought)_of gambl(ed|ing) doing_the_rounds "
        "on_the_cards in_the_works in_the_offing afoot in_the_air being_mooted word_has_it word_is "
        "word_on_the_street whispered getuschel",
        "gerüchten? gerücht(e|s|en)? spekulation(en)? spekulier(t|en|te|ten) gerede gemunkelt munkeln "
        "gehandelt_wird fantasie wittern wittert mutmaßung(en)? geflüster gemunkel flurfunk börsengeflüster "
        "spekulanten spekuliert wird_gehandelt gilt_als kursiert kursieren die_runde setzen_auf wetten_auf "
        "gerüchteküche brodelt kolportiert(e[nrsm]?)? hörensagen "
        "(markt|börsen|insider)(gerüchten?|gerede|spekulationen?|geflüster) raunen raunt geraunt tuscheln "
        "getuschelt munkelt gerüchteweise gewettet wette[nt]?_auf (heiß|hoch)_gehandelt im_gespräch "
        "als_käufer_gehandelt als_favorit_gehandelt macht_die_runde machte_die_runde machten_die_runde "
        "angeblichen? vermutet(en)? vermutung(en)? rätselraten rätselt spekulativ gerechnet_wird "
        "wird_gerechnet als_nächstes_dran tippen_auf aussicht(en)?_auf hoffnungen_auf chance_auf "
        "spekulationen_auf wetten_darauf nachgesagt nachsagt dichtet_an geistert geistern hält_sich_hartnäckig "
        "hartnäckig in_der_luft vor_der_tür lautgedacht getuschel gemutmaßt mutmaßt mutmaßen fällt_der_name "
        "wird_genannt werden_genannt man_hört vermuten",
    ),
    "SOLL": Words("German for is said to, and for shall", "", "soll sollen solle sollten"),
    "PRESS": Words(
        "holders call for a deal",
        "urg(es|ed|ing|e) press(es|ed|ing)_for push(es|ed|ing|e)_for call(s|ed|ing)?_for demand(s|ed|ing)? "
        "lobb(ies|ied|ying) agitat(es|ed|ing|e) press(es|ed|ing)_to campaign(s|ed|ing)?_for under_pressure_to",
        "pocht pochen fordert fordern forderte plädiert plädieren wirbt_für dräng(t|en|te)_(auf|zu|zum|zur)",
    ),
    "ASK": Words("German: a headline asks who", "", "wer"),
    "INTEREST": Words(
        "interest in a deal",
        "interest interested appetite expressions?_of_interest advances overtures overtures? interested_in "
        "eyeing appetite_for keen_interest strong_interest "
        "(fresh|renewed|foreign|outside|equity|buyout|overseas)_interest",
        "interesse interessiert(e[nrsm]?)? avancen interessent kaufinteresse interesses? "
        "interessenbekundung(en)? interessensbekundung(en)? kauflust kaufabsicht begehrlichkeiten begierde "
        "dran interessiere(n)? interessiert_sich ambitionen gelüste absichten",
    ),
    "NEAR": Words(
        "a deal not yet done",
        "near(s|ed|ing)? close_to closing_in_on poised_to set_to on_the_(brink|verge|cusp)_of "
        "on_(brink|verge|cusp)_of in_line_to leading_contender front-?runner hot_favourite favourite_to "
        "nearing on_course_to clos(es|ing)_in_on in_pole_position about_to expected_to likely_to heading_for "
        "moves?_closer_to steps_up lead(s|ing)?_race_to leads_the_race in_the_running_to front_of_the_queue "
        "on_course_for heading_towards in_final_(talks|stages) nears agreed_to_in_principle "
        "edg(es|ing)_closer_to closer_to in_lead_to in_the_lead_to closing_on clos(es|ed|ing)_in_for_kill "
        "hom(es|ing)_in_on zero(es|ing)_in_on final_stages_of in_the_final_stages_of final_talks final_stretch "
        "advanced_talks days_away_from inch(es|ing)?_closer_to inch(es|ing)?_towards "
        "edg(es|ing)_(towards|nearer) set_(to|for) poised_(to|for) primed_(to|for) tipped_(to|for) "
        "favourite_(to|for) frontrunner_(to|for) front_runner_(to|for) slated_(to|for) shortlisted_(to|for) "
        "destined_(to|for) lined_up_(to|for) in_line_(to|for) on_verge_of within_(reach|days)_of "
        "within_touching_distance_of imminent (likely|expected)_to leads_(race|field|pack)_(to|for) "
        "leads_the_race_for leading_the_(race|field|charge)_(to|for) in_with_a_chance hurtl(es|ing)_towards "
        "on_the_(threshold|point)_of looks_set_to looks_likely_to put_finishing_touches_to finishing_touches "
        "verges_on moving_closer_to seen_(buying|raising|bidding|making|acquiring) within_(days|weeks|hours)",
        "steht_vor stehen_vor kurz_vor bahnt_sich favorit vor_dem_abschluss steht_kurz auf_der_zielgeraden "
        "bahnt steht_kurz_vor in_trockene (steht|stehen|stand|standen)_(kurz|unmittelbar|offenbar)_vor "
        "fast_perfekt so_gut_wie_(sicher|perfekt|fix) zeichnet_sich zeichnen_sich greifbar in_greifbarer_nähe "
        "zum_greifen_nah rückt_näher rücken_näher nahe nah_an aussichtsreich(ste[nr]?|e[nr]?)? beste_chancen "
        "der_(zielgeraden|schlussphase|endphase) (heißer|heiße|heißester)_(anwärter|favorit|kandidat) "
        "favoriten in_führung hat_die_nase_vorn haben_die_nase_vorn bahnen_sich steht_bevor stehen_bevor "
        "bevorstehende[nrsm]? bald in_kürze demnächst noch_im_rennen im_rennen "
        "vor_(dem|einem)_(abschluss|zuschlag) vor_dem_zuschlag in_den_nächsten_(tagen|wochen) in_sicht ins_haus",
    ),
    "NEARDEAL": Words(
        "German for on the eve of a takeover, in one phrase",
        "",
        "vor_(dem|der|einem|einer)_(verkauf|übernahme|fusion|zusammenschluss|aufkauf|zerschlagung|"
        "eigentümerwechsel|kauf|komplettübernahme|mehrheitsübernahme) "
        "vor_(verkauf|übernahme|fusion|zusammenschluss|eigentümerwechsel)",
    ),
    "MAYBE": Words(
        "perhaps",
        "possible potential possibly potentially likely alleged rumoured rumored mooted hypothetical perhaps "
        "reportedly_possible putative hypothetically supposedly conceivable",
        "möglich(e[nrsm]?|erweise)? potenziell(e[nrsm]?)? potentiell(e[nrsm]?)? denkbar(e[nrsm]?)? "
        "eventuell(e[nrsm]?)? angebliche?[nrsm]? vermeintliche?[nrsm]? etwaige?[nrsm]? infrage in_frage "
        "vielleicht wahrscheinlich womöglich(e[nrsm]?)? vorstellbar(e[nrsm]?)? vermeintlich eventuelle[nrsm]? "
        "angedachte[nrsm]? diskutierte[nrsm]? denkbar spekulierte[nrsm]? erhoffte[nrsm]?",
    ),
    "SOURCE": Words(
        "a source that is not the company",
        "sources? reportedly reported_to reported said_to told_reuters says_report report_says reports_say "
        "on_report on_reports press_reports? media_reports? reports_that report_that various_reports "
        "several_reports newspaper_said newspaper_reported newspapers_reported the_press insiders? "
        "people_(familiar|with) according_to person_familiar it_was_said come_out surfaced emerged emerges "
        "understood believed_to thought_to tipped_to rumoured_to rumored_to people_(close|with) "
        "close_to_the_matter familiar_with_the_matter understood_to "
        "reports_(of|about|suggest|suggesting|claim|claimed) report_(of|about|suggests|claims) "
        "(after|amid|following|on)_reports? it_(is|was)_(reported|claimed|understood|rumoured|suggested) "
        "has_(learned|learnt) "
        "(is|are|was|were)_(reported|understood|believed|thought|rumoured|rumored|said|tipped)_to briefed_on "
        "(with|have)_knowledge_of direct_knowledge_of knowledge_of_the_(matter|situation|talks|plans|deal) "
        "leak(s|ed)? leaked_memo sources_(say|said|tell|told|close) people_(briefed|close|familiar|with) "
        "tells?_(reuters|bloomberg|ft) (city|industry|banking|market|company|government|boardroom)_sources "
        "whistleblower claims_report supposedly allegedly it_has_emerged it_emerged understands people_who "
        "suggestions? has_heard people_with_knowledge the_press_named",
        "(medien|zeitungs|presse|agentur)?-?(berichte?n?|bericht) insidern? zufolge angeblich laut "
        "finanzkreisen? firmenkreisen? medien hieß_es heißt_es informationen branchenkreisen? soll_angeblich "
        "blatt(es)? presse offenbar dem_vernehmen_nach insider vertraute_personen erfuhr erfahren umfeld "
        "eingeweihte[nr]? berichtet(e)? meldet_die "
        "(medien|zeitungs|presse|agentur|magazin|fernseh|insider)?(berichte?n?|bericht|informationen|"
        "meldung(en)?) \\w*insidern? vertraute[nr]? vertrauten_personen eingeweihten? verlautet(e)? "
        "durchgesickert sickerte anscheinend wohl gut_informierte[nr]? unter_berufung unterrichtete[nr]? "
        "mit_der_(sache|angelegenheit|situation)_vertraute[nr]? "
        "mit_dem_(vorgang|vorhaben|verfahren|thema)_vertraute[nr]? gehört_haben agenturen? agenturbericht(en)? "
        "nach_informationen wonach demnach heiße demzufolge "
        "(finanz|finanzmarkt|firmen|branchen|unternehmens|konzern|banken|bank|markt|industrie|investoren|"
        "regierungs|verhandlungs|aufsichtsrats|aktionärs|eigentümer|management|börsen|handels|händler|"
        "insider|gewerkschafts|verlags|gesellschafter)?kreisen? man_hört dem_blatt dem_magazin dem_bericht",
    ),
    "DENY": Words(
        "to say that it is not so",
        "den(ies|ied|y|ying|ial|ials) quash(es|ed|ing)? rul(es|ed|ing|e)_out refut(es|ed|ing|e) "
        "pours?_cold_water poured_cold_water brush(es|ed)_off play(s|ed)_down rubbish(es|ed) scotch(es|ed) "
        "shoots?_down distance(s|d)_itself disclaim(s|ed)? "
        "reject(s|ed)?_(rumou?rs?|speculation|talk|reports?|suggestions?|claims?) squash(es|ed) "
        "downplay(s|ed)? shot_down knock(s|ed)?_down (rejects?|rejected)_(talk|idea|notion) "
        "rul(es|ed)_(itself|himself|herself|themselves)_out play(s|ed|ing)?_down brush(es|ed|ing)?_aside "
        "swat(s|ted)?_(away|aside|down) wav(es|ed)_away laugh(s|ed)?_off "
        "damp(s|ed|ens|ened)?_(down|talk|speculation|hopes) "
        "insist(s|ed)?_(it|he|they|she)_(is|was|are|were)_not pour(s|ed|ing)?_water_on "
        "dash(es|ed)_(hopes|talk|speculation) hit(s)?_back_at_(rumou?rs|speculation|reports) dispel(s|led)? "
        "nix(es|ed)? puts?_end_to_(speculation|rumou?rs|talk) puts?_an_end_to_(speculation|rumou?rs|talk) "
        "puts?_(speculation|rumou?rs)_to_(bed|rest) contradict(s|ed)? repudiat(es|ed) "
        "rejects?_(report|rumour|rumor) dismissed_as squelch(es|ed) made_it_clear_that_it far_from_the_truth "
        "out_of_thin_air",
        "dementier(t|te|en|ten) bestreite(t|n) bestritt widersprich(t|en) widersprach schlie(ß|ss)t_aus "
        "schlossen?_aus zurückgewiesen dementi(s)? tritt_entgegen abgewiegelt winkt_ab winken_ab abwinken "
        "ausgeschlossen zurückweisen ablehnend wiegelt_ab entgegengetreten erteilt_absage absage erteilt "
        "spielt_herunter dementi(er(t|te|en|ten))?s? weist_von_sich verneint(e)? verneinen in_abrede "
        "stellt_in_abrede "
        "(erteilt|erteilte|erteilen)_(spekulationen|gerüchten|überlegungen|avancen)_eine_absage "
        "eine_absage_erteilt dämpft(e)?_(spekulationen|gerüchte|hoffnungen) räumt_mit_gerüchten keine_rede "
        "keine_rede_von entschieden_zurück_gewiesen ins_reich_der_fabel märchen widerspricht "
        "vom_tisch_gewischt beendet_spekulationen ausschließ(t|en) entschärf(t|te|en) zerstreu(t|te|en) "
        "erstick(t|te|en) widersprachen weit_von_sich denkt_nicht_daran denken_nicht_daran kommt_nicht_infrage "
        "kommt_nicht_in_frage stellt_klar_dass nie_die_rede weit_gefehlt",
    ),
    "NOT": Words(
        "no",
        "not no never neither nor nobody none nothing n't isn't aren't wasn't won't wouldn't doesn't don't "
        "didn't hasn't haven't cannot can't without lacks? unlikely no_longer hardly nowhere not_yet",
        "nicht kein(e[nrsm]?)? nie niemals weder niemand(em|en)? nichts ohne nix kein_einziger keinerlei "
        "mitnichten keineswegs",
    ),
    "BASELESS": Words(
        "without ground, for sale or not",
        "unfounded baseless groundless false untrue without_foundation no_truth fabrication nonsense "
        "no_substance nothing_in wide_of_the_mark pure_(speculation|fiction|invention) hot_air rubbish "
        "fanciful made_up not_true simply_untrue absurd ridiculous invention no_substance_to without_substance",
        "grundlage haltlos aus_der_luft unbegründet unwahr falsch frei_erfunden unsinn nichts_dran quatsch "
        "aus_der_luft_gegriffen völlig_haltlos ente entbehr(t|en) reine_(spekulation|erfindung) gegenstandslos "
        "an_den_haaren nichts_als_gerüchte hirngespinst(e)? erfunden unzutreffend nicht_zutreffend kein_thema "
        "keine_option kein_gesprächsthema absurd abwegig lächerlich weit_gefehlt aus_der_luft_gegriffene[nrs]? "
        "reine_fantasie",
    ),
    "INDEPENDENT": Words(
        "to stay on one's own",
        "(remain|stay|staying|remaining|stays|remains)_(independent|standalone) on_its_own_two_feet "
        "standalone_(future|company|business|strategy)",
        "(selbst|selb)ständig eigenständig unabhängig (selbst|selb|eigen)ständigkeit eigenständige[nrsm]? "
        "unabhängigkeit alleingang allein_weiter allein_weitermachen unverkäuflich nicht_zu_haben",
    ),
}
