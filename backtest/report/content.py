"""What the report says: the answers in sentences, and by which formulas and conventions they were found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from scipy.special import bdtrc

from backtest.inference.power import detectable
from backtest.labels import SMALL_N, count, each_row, first_line, percent, signed, window_text
from backtest.ledger import tried_line
from backtest.report.calibration import calibration, sentences
from backtest.report.cards import articles, cards
from backtest.report.way import steps
from backtest.summary import LEVEL, power_words, sentence, verdict

if TYPE_CHECKING:
    from backtest.report.page import Extras
    from backtest.result import EventStudyResult

_SHOWN = 10  # answers on the first screen; the others are behind a click
_CHANCE = 0.1

#: What every number is made of; hats are estimates, E the estimation window, M its number of days.
FORMULAS = (
    ("Abnormal return", "AR(i,t) = R(i,t) − E[R(i,t)]"),
    ("Market model", "E[R(i,t)] = α̂(i) + β̂(i)·R(m,t), by least squares over E"),
    ("Cumulated", "CAR(i; a, b) = Σ AR(i,t) for t = a … b"),
    ("Mean of a group", "CAAR(a, b) = (1/N) · Σ CAR(i; a, b)"),
    ("Standardised", "SCAR(i) = CAR(i) / s(CAR(i)), s² with the error of α̂ and β̂ (Patell 1976)"),
    ("BMP", "t = mean(SCAR) · √N / sd(SCAR), t(N − 1) (Boehmer, Musumeci and Poulsen 1991)"),
    ("KP", "BMP · √((1 − r̄) / (1 + (N − 1)·r̄)), r̄ the mean correlation of residuals (Kolari and Pynnönen 2010)"),
    ("SQ", "rank of the event's CAR among the CARs of as many days of E of its own share (Gelbach, Helland, Klick 2013)"),
    ("Effective N", "N / (1 + (N − 1)·r̄)"),
)  # fmt: skip


def page(result: EventStudyResult, answers: pd.DataFrame, tests: pd.DataFrame, extras: Extras) -> dict[str, Any]:
    """Return the variables of the template that are words."""
    sizes = calibration(result, answers)
    moved = (answers["pvalue"] < LEVEL).sort_values(ascending=False, kind="stable")
    first = answers.iloc[:1]
    window = (int(first["window_start"].max()), int(first["window_end"].max())) if len(first) else (0, 0)
    least = {kind: detectable(sample) for kind, sample in result.samples(window)}
    said = [_answer(row, least.get(row.kind, math.nan)) for row in each_row(answers.loc[moved.index])]
    return {
        "headline": headline(answers),
        "verdict": verdict(answers),
        "tried": tried_line(result.tried),
        "answers": said[:_SHOWN],
        "more_answers": said[_SHOWN:],
        "steps": steps(result, extras, answers, tests),
        "calibration": sentences(result, sizes, window),
        "sizes": sizes,
        "events": cards(result, extras, tests),
        "more_events": max(0, len(result.events) - extras.panels),
        "articles": articles(extras.articles, extras.signals, extras.audit) if extras.articles is not None else [],
        "method": method(result, tests),
        "formulas": FORMULAS,
        "setup": [(str(name), str(value)) for name, value in extras.setup.items()],
    }


def headline(answers: pd.DataFrame) -> str:
    """Return what moved, in one line: the kinds whose p is below 5 %, with the mean effect and N, largest first.

    Where so many would be by chance alone, and none withstands the number of groups (Bonferroni), that is said instead.
    """
    found, tested = answers[answers["pvalue"] < LEVEL], int(answers["pvalue"].notna().sum())
    if not len(answers):
        return "No group could be tested."
    window = window_text(answers["window_start"].iloc[0], answers["window_end"].iloc[0])
    if found.empty:
        return f"Nothing moved by more than chance explains on {window}."
    if bdtrc(len(found) - 1, tested, LEVEL) > _CHANCE and found["pvalue"].min() * tested >= LEVEL:
        few = f"{len(found)} of {count(tested, 'kind')} {'has' if len(found) == 1 else 'have'} p < 0.05 on {window}"
        return f"Nothing beyond chance: {few}; {tested * LEVEL:.2g} would if nothing ever happened."
    order = found["effect"].abs().sort_values(ascending=False, kind="stable").index
    named = [f"{row.kind} {percent(row.effect)} (N={row.n})" for row in each_row(found.loc[order[:4]])]
    rest = f" and {count(len(found) - 4, 'more kind')}" if len(found) > 4 else ""
    return f"What moved on {window}: {', '.join(named)}{rest}."


def _answer(row: Any, least: float) -> dict[str, str]:
    found = row.pvalue == row.pvalue and row.pvalue < LEVEL
    tone = "thin" if row.n < SMALL_N else "found" if found else "none"
    return {
        "kind": row.kind, "effect": percent(row.effect), "text": sentence(row), "power": power_words(row.n, least),
        "tone": f"{tone} moved" if found else tone,
    }  # fmt: skip


def method(result: EventStudyResult, tests: pd.DataFrame) -> list[str]:
    """Return the conventions behind the numbers, in sentences."""
    from backtest.inference import TESTS

    spec = result.spec
    names = list(dict.fromkeys(tests["test"]))
    lines = [
        f"Expected return: {spec.model} model, estimated on sessions {_range(spec.estimation)} before the news; event "
        f"window {_range(spec.event)}. Days are sessions of the share's own exchange.",
        "Day 0 is the first session whose close comes after the news. With a date alone it is that date's session, or "
        "the next one if the exchange was closed; the table of the audit says by which rule.",
        "The benchmark's return is taken from its levels on the share's own sessions. No return is computed across a "
        "hole in the prices, and nothing is filled in.",
        "Variances include the error of the estimated expectation. p-values are two-sided unless the table says otherwise, "
        "and not corrected for the number of groups.",
    ]
    known = [f"{name}: {first_line(TESTS[name])}" for name in names if name in TESTS]
    return [*lines, *known]


def _range(days: tuple[int, int]) -> str:
    return f"{signed(days[0])} to {signed(days[1])}"
