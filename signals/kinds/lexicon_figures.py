"""Words about profit, forecasts and warnings, English and German side by side."""

from __future__ import annotations

from signals.kinds.words import Words

CLASSES: dict[str, Words] = {
    "PWARNS": Words(
        "profit warnings of many: a count, no event",
        "(two|three|four|five|six|several|previous|past|earlier|recent|successive)_profits?_warnings? "
        "fewer_profits?_warnings more_profits?_warnings most_profits?_warnings "
        "profits?_warnings_(rise|jump|soar|surge|hit|mount|fall)",
    ),
    "PWARN": Words(
        "the fixed terms for a profit warning",
        "profits?_warnings? profits?_alerts? earnings_warnings? earnings_alerts? margin_warnings? "
        "(trading|revenue|sales|outlook)_(alerts?|warnings?) profits?_alarms? profits?_(downgrades?|shocks?) "
        "warnings?_(on|over|about)_(profits?|earnings|margins) "
        "(profits?|earnings)_and_(dividends?|sales|revenue)_warnings? trading_conditions_(alerts?|warnings?) "
        "shock_downgrades?",
        "gewinnwarnung(en)? ergebniswarnung(en)? gewinnalarm margenwarnung ertragswarnung "
        "(prognose|ziel|gewinnziel|ausblick|gewinnprognosen?)-?(senkung|kürzung|kappung|rücknahme|korrektur|"
        "reduzierung)(en)? umsatzwarnung(en)? gewinn-?warnungen? warnung_vor_gewinn gewinnwarner "
        "prognoseabsenkung(en)? prognosekappung(en)? zielverfehlung gewinnwarnungs?-?schock",
    ),
    "PGUIDE": Words(
        "a forecast or target that is about profit",
        "(profits?|earnings|margin|ebit|ebitda|eps|income)_(forecasts?|outlook|guidance|targets?|"
        "expectations?|estimates?|views?|projections?|goals?|hopes|range) "
        "(profits?|earnings|income|margin)_growth_(forecasts?|outlook|guidance|targets?|expectations?|"
        "estimates?|projections?|goals?)",
        "(gewinn|ergebnis|ertrags|margen|renditen?|ebit|ebitda|betriebsgewinn)-?(prognosen?|ziele?n?|"
        "erwartung(en)?|ausblicke?s?|vorhersagen?|aussichten|spanne) "
        "(gewinn|ergebnis|ertrags|margen|renditen?|ebit|ebitda|betriebsgewinn|überschuss|jahresgewinn|"
        "jahresüberschuss|jahresergebnis|cashflow)-?(prognosen?|ziele?n?|erwartung(en)?|ausblicke?s?|"
        "vorhersagen?|aussichten|spanne|planung|vorgaben?|schätzung(en)?|marke|latte|zielmarke|zielspanne|korridor) "
        "gewinnschwelle break-even breakeven",
    ),
    "SGUIDE": Words(
        "a forecast or target that is about sales",
        "(sales|revenues?|turnover|bookings|subscriber|deliveries)_(forecasts?|outlook|guidance|targets?|"
        "expectations?|estimates?|views?|projections?|goals?) "
        "(sales|revenue|organic|subscriber|passenger)_growth_(forecasts?|outlook|guidance|targets?|"
        "expectations?|estimates?|projections?|goals?)",
        "(umsatz|erlös|absatz|wachstums)-?(prognosen?|ziele?n?|erwartung(en)?|ausblicke?s?|spanne) "
        "(umsatz|erlös|absatz|verkaufs|auslieferungs)-?(prognosen?|ziele?n?|erwartung(en)?|ausblicke?s?|"
        "spanne|planung|vorgaben?|korridor)",
    ),
    "PTARGET": Words(
        "an analyst's price target, never a company's forecast",
        "price_targets? target_prices? share_price_forecasts? price_target analyst_ratings? "
        "share_price_targets? ratings? overweight underweight underperform outperform_rating",
        "kursziele?n? zielkurse? kursziel(s|es)? kaufempfehlung verkaufsempfehlung einstufung",
    ),
    "NOGUIDE": Words(
        "forecasts that are no forecast of a company's sales or profit",
        "(gdp|economic|inflation|rate|spending|costs?|capex|budget|capital|investment|production|output|"
        "prices?|emissions?|dividend|weather|oil|demand|jobs|borrowing|deficit|energy|climate|"
        "carbon)_(forecasts?|outlook|targets?|guidance|estimates?|expectations?|projections?|goals?) "
        "forecasts?_for_(uk|global|world|us|economic|gdp|economy|growth|british) "
        "outlook_for_(uk|global|world|us) (house|home)_price_(forecasts?|outlook) "
        "(gold|wheat|crude|gas|grain|harvest|emission|snow|election)_(forecasts?|outlook|targets?|predictions?) "
        "forecasts?_for_(oil|growth|inflation|uk|eurozone) dividend_(target|policy) "
        "(crop|cocoa|coffee|sugar|cotton|corn|soybean|milk|copper|steel|iron)_(forecasts?|outlook|estimates?|"
        "targets?)",
        "(konjunktur|wachstums|inflations|preis|kosten|produktions|investitions|bip|absatz)(prognosen?|ziele?) "
        "(wetter|ernte|steuer|job|arbeitsmarkt|wirtschafts|zins|öl|förder|klima|emissions|spar|dividenden|"
        "renten|bevölkerungs|wahl)-?(prognosen?|ziele?n?|schätzung(en)?) "
        "(prognosen?|ausblick|ziel)_für_(ölpreise?|ölpreis|gold|gas|inflation|wachstum|bip|deutschland|china|"
        "euroraum|eurozone|immobilienpreise|strompreise|zinsen|weltwirtschaft|wirtschaft|konjunktur) "
        "(prognosen?|ausblick)_für_(das|die|den)_(wachstum|wirtschaft|konjunktur|weltwirtschaft|euroraum|"
        "eurozone|inflation|ölpreis|arbeitsmarkt)",
    ),
    "LOWEND": Words(
        "the lower part of a promised range",
        "(low|lower|bottom)_(end|half|part|edge|range)_of (low|lower|bottom)_(end|half|part) bottom_of "
        "lower_end low_end bottom_end lower_half towards_the_bottom "
        "(low|lower|bottom)_(end|half|part|edge|range) bottom_of_(its|the|their)",
        "unter(en|em|e|es)_(ende|rand|hälfte|bereich|drittel) am_unteren",
    ),
    "HIGHEND": Words(
        "the upper part of a promised range",
        "(top|upper|high|higher)_(end|half|part|range)_of (top|upper|high|higher)_(end|half|part) top_of "
        "(top|upper|high|higher)_(end|half|part|range|edge)",
        "ober(en|em|e|es)_(ende|rand|hälfte|bereich|drittel) oberkante obere[nrms]?_prognose",
    ),
    "GUIDE": Words(
        "a company's forecast or target, of profit unless a neighbour says otherwise",
        "guidance forecasts? outlook targets? goals? projections? full_year_view annual_view fy_view "
        "profit_view ambitions? prognosis forecast_range what_it_had_promised target",
        "prognosen? jahresprognosen? "
        "(jahres|geschäfts|unternehmens|finanz|mittelfrist|konzern|gesamtjahres|quartals|wachstums|"
        "mittelfrist)?-?(ziele?n?|prognosen?|ausblicke?s?|planung) aussichten zielen? spanne jahresausblick "
        "vorhersagen? vorgaben? gesamtjahresprognosen? gesamtjahresziele?n? jahresziele?n? "
        "geschäftsprognosen? geschäftsausblicke?s? mittelfristziele?n? konzernprognosen? vorgabe "
        "zielvorgaben? zielspanne zielkorridor prognosespanne prognosekorridor zielmarke korridor planzahlen "
        "latte versprechen jahresplanung guidance outlook",
    ),
    "STREET": Words(
        "what others, or the company, expect of it",
        "expectations? estimates? consensus views? view "
        "analysts?_(estimates|forecasts|expectations|views|consensus) "
        "(city|market|street)_(forecasts?|expectations|estimates|consensus|view|views) "
        "wall_street_(forecasts?|expectations|estimates|consensus|views?) "
        "analysts_had_(forecast|expected|predicted|hoped) "
        "analysts_(expected|predicted|anticipated|estimated|projected|hoped)",
        "(geschäfts|jahres|markt|analysten)?-?(erwartung(en)?|schätzung(en)?) konsens(us)? erwartete[ns]? "
        "(analysten|markt)-?prognosen? hoffnung(en)?",
    ),
    "PROFIT": Words(
        "what a company earns",
        "profits? pretax_profits? earnings margins? ebit ebitda eps profitability bottom_line results_for_the "
        "net_income operating_result full_year_results fy_results year_end_results yearend_results "
        "full_year_(profits?|earnings) pre_tax_profits? core_earnings underlying_earnings profit_growth "
        "cash_flow net operating_profits? trading_profit profit_margins? pretax_(income|earnings) "
        "returns_on_sales adjusted_profits? ebitda_margins? funds_from_operations "
        "(operating|rental|interest|fee|pretax|trading)_income in_the_black in_black into_the_black "
        "into_black",
        "gewinne?[sn]? gewinn(e|s|en)? "
        "(betriebs|jahres|quartals|netto|vorsteuer|rein|konzern|halbjahres)gewinne?[sn]? "
        "ergebnis(ses|se|ses)? (betriebs|jahres|quartals|netto|vorsteuer|konzern|perioden)ergebnis(ses|se)? "
        "(betriebs|ebit|gewinn|umsatz|ebitda)?-?margen? ebit ebitda ertrag ertragskraft erträge rendite "
        "profit profitabilität überschuss jahresüberschuss gewinnspanne gewinnes verdienst betriebsgewinn "
        "bereinigte[nrs]?_ergebnis ergebnis-?entwicklung gewinne schwarze[nr]?_zahlen gewinnzone "
        "gewinnwachstum jahresresultat resultat(e|s)? betriebsresultat konzerngewinns? konzernüberschuss "
        "nettoergebnis nachsteuerergebnis quartalsüberschuss marge(n)? "
        "(brutto|vorsteuer|netto|umsatz|ergebnis|roh|betriebs|ebita)-?(rendite|marge)n? ebita "
        "betriebsgewinnen? profite profits nettogewinne? gewinnmarge profitabler jahresgewinne "
        "ergebnisbeitrag betriebsergebnis(ses)? gewinn-?entwicklung",
    ),
    "RESULTS": Words(
        "published figures",
        "results? figures quarterly trading_update half_year_results interim_results",
        "(quartals|halbjahres|jahres|geschäfts)?-?(zahlen|bilanz(en)?) quartalsbericht zwischenbericht "
        "geschäftszahlen jahresabschluss halbjahresbilanz zwischenbilanz",
    ),
    "JOBS": Words(
        "losses of jobs, not of money",
        "jobs? job_losses job_loss jobs_lost job_cuts losses_of_jobs redundanc(y|ies) lives life fortune "
        "jobless layoffs",
        "stellenabbau arbeitsplätzen? jobs? stellen",
    ),
    "FEAR": Words("what markets fear", "fears? worries", "befürchtung(en)? sorge(n)? befürchten fürchten"),
    "LOSS": Words(
        "a loss",
        "loss(es)? net_loss red_ink net_losses into_the_red losses? operating_loss(es)? pre_tax_loss(es)? "
        "pretax_loss(es)? quarterly_loss(es)? annual_loss(es)? full_year_loss(es)? the_red into_red "
        "in_the_red in_red",
        "verlusten? verluste?s? (quartals|jahres|netto|rekord)verlust(e|s)? minus rote_zahlen "
        "rote[nr]?_zahlen fehlbetrag "
        "(betriebs|millionen|milliarden|halbjahres|vorsteuer|konzern|verlust)(verlust|jahr)(e|en|s)? "
        "verlustzone verlustjahr verlustreich(e[nrsm]?)? defizit in_den_miesen rot_ab miese[n]? "
        "(tief|dunkel)rote[nr]?_zahlen zahlen_rot tiefrot rote_null",
    ),
    "SALES": Words(
        "what a company sells",
        "sales revenues? like_for_like_sales bookings shipments like_for_likes? comparable_sales "
        "same_store_sales organic_sales order_intake underlying_sales net_sales top_line ad_revenues? "
        "turnover (vehicle|car|quarterly|annual)_(deliveries|shipments) order_book new_orders",
        "umsatz umsätzen? umsatzes erlösen? erlöse?s? absatz umsatzplus umsatzwachstum verkäufen? "
        "(jahres|quartals)umsatz verkaufszahlen auftragseingang auslieferungen nachfrage_nach bestellungen "
        "neugeschäft "
        "(quartals|halbjahres|konzern|netto|online|filial|vergleichs)-?(umsatz|umsätze|umsatzes|erlöse) "
        "umsatzentwicklung wachstum",
    ),
    "MSALES": Words(
        "what a whole country sells or buys: no company",
        "(retail|house|home|property|car|book|gun|bond|arms|vehicle|beer|music|diesel|organic|tobacco|record|"
        "vinyl|asset|ebook|wine|gin|supermarket|street|grocery|food)_(sales|market|revenues?) "
        "(stock|fund|investment|market|trading|betting|gambling|loan|credit|crypto|bitcoin|property|insured|"
        "tax|job|jobs|weight|hearing|sight|food|water|weather|storm|flood|fire|crop)_(loss(es)?|revenues?|income) "
        "sales_(tax|pitch|staff|tactics|team|job|practices|assistants?|event) tax_revenues? "
        "net_(zero|migration|worth|neutrality) points_(loss|gain)",
        "(einzelhandels|autohandels|branchen|gesamt|steuer|kurs|immobilien|pkw)-?(umsatz|umsätze|absatz|"
        "einnahmen|verluste?n?)",
    ),
    "LOSTOF": Words("the loss of something that is no money", "loss_of losses_of loss_making"),
    "UPG": Words(
        "a raised forecast in one noun",
        "(profits?|earnings|guidance|forecast|outlook)_upgrades?",
        "(prognose|ziel|gewinn|ausblick)-?(anhebung|erhöhung|aufstockung|heraufsetzung)(en)?",
    ),
    "GGUIDE": Words(
        "a growth target: of a company if nobody else is about, else of a country",
        "growth_(forecasts?|outlook|targets?|guidance|estimates?|expectations?|projections?|goals?|ambitions?|plans?)",
    ),
}
