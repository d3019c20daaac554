"""The way from articles to events to tests: what was kept at each step, what left and why, each number a link to its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.labels import count, window_text

if TYPE_CHECKING:
    from backtest.report.page import Extras
    from backtest.result import EventStudyResult

_SIGNALS = (
    "kind", "status", "company", "ticker", "role", "left", "event_time", "known_at", "event_source", "confidence", "evidence",
    "article_id",
)  # fmt: skip
#: Results of the audit that need more words.
_NO_SIGNAL = {"nothing": "without a signal"}


def steps(result: EventStudyResult, extras: Extras, answers: pd.DataFrame, tests: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row per step: `name, n, table` (id of the table with the rows), `lost` (reason, n, table, filter), `note`."""
    rows = [
        *_articles(extras),
        *_signals(extras),
        _events(result, extras),
        _studied(result),
        _tested(answers),
        _tests(tests),
    ]
    most = max(1, *(int(row["n"]) for row in rows if row["table"] != "tests"))
    return [row | {"most": most} for row in rows]


def _step(name: str, n: int, table: str, lost: list[dict[str, Any]] | None = None, note: str = "") -> dict[str, Any]:
    return {"name": name, "n": int(n), "table": table, "lost": lost or [], "note": note}


def _lost(counts: pd.Series, table: str) -> list[dict[str, Any]]:
    return [
        {"reason": str(reason), "n": int(n), "table": table, "filter": str(reason)} for reason, n in counts.items() if n
    ]


def _articles(extras: Extras) -> list[dict[str, Any]]:
    if extras.articles is None:
        return []
    lost: list[dict[str, Any]] = []
    table = ""
    if extras.audit is not None:
        table = "article-audit"
        results = extras.audit["result"].astype("str")
        lost = _lost(results[results != "signals"].value_counts(), table)
        lost = [row | {"reason": _NO_SIGNAL.get(row["reason"], row["reason"])} for row in lost]
    return [_step("articles read", len(extras.articles), table, lost)]


def _signals(extras: Extras) -> list[dict[str, Any]]:
    if extras.signals is None:
        return []
    left = why_left(extras.signals)
    return [_step("signals in them", len(left), "signals", _lost(left[left != ""].value_counts(), "signals"))]


def why_left(signals: pd.DataFrame) -> pd.Series:
    """Return for each signal why it makes no event of its own: background, repeat, unlisted; "" where it does."""
    left = pd.Series("", index=signals.index, dtype="str")
    if "ticker" in signals:
        left[signals["ticker"].isna() | (signals["ticker"] == "")] = "unlisted"
    if "novelty" in signals:
        old = signals["novelty"].isin(["background", "repeat"])
        left[old] = signals.loc[old, "novelty"].astype("str")
    return left


def signals_table(signals: pd.DataFrame) -> pd.DataFrame:
    """Return the signals as the report shows them, with `left`: why one makes no event of its own."""
    table = signals.assign(left=why_left(signals))
    return table[[name for name in _SIGNALS if name in table]]


def _events(result: EventStudyResult, extras: Extras) -> dict[str, Any]:
    total = len(result.events) + len(result.dropped)
    name = "events, peers' included" if (result.events["role"] == "peer").any() else "events"
    note = ""
    if extras.signals is not None:
        beyond = total - int((why_left(extras.signals) == "").sum())
        note = (
            f"at least {beyond} of them from the table of events that was read beside the articles"
            if beyond > 0
            else ""
        )
    reasons = result.dropped["reason"].astype("str").value_counts()
    return _step(name, total, "dropped" if len(reasons) else "audit", _lost(reasons, "dropped"), note)


def _studied(result: EventStudyResult) -> dict[str, Any]:
    holes = int(result.ar.isna().any(axis=1).sum())
    note = (
        f"{count(holes, 'event')} with a day missing in the event window: out of the tests that need it"
        if holes
        else ""
    )
    return _step("events studied", len(result.events), "audit", note=note)


def _tested(answers: pd.DataFrame) -> dict[str, Any]:
    window = (
        window_text(answers["window_start"].iloc[0], answers["window_end"].iloc[0]) if len(answers) else "no window"
    )
    return _step(
        f"events in the answers ({window})", int(answers["n"].sum()), "answer", note=count(len(answers), "group")
    )


def _tests(tests: pd.DataFrame) -> dict[str, Any]:
    groups = tests[tests["event_id"].isna()]
    none = int(groups["pvalue"].isna().sum())
    note = f"{none} without a p: the column “reason” says why" if none else ""
    return _step("tests of groups", len(groups), "tests", note=note)
