"""Write the report: templates, style and script put into one page under a strict content security policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from backtest.errors import StoreError
from backtest.labels import window_text
from backtest.report import content
from backtest.report.cells import Grid, grid, show
from backtest.report.way import signals_table
from backtest.summary import answers, pictured
from backtest.tables import day_zero

if TYPE_CHECKING:
    from backtest.result import EventStudyResult
    from backtest.trade import Trade

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Extras:
    """What a report can show beyond the result itself; every field may stay empty.

    tests : tests table. answers : rows of `backtest.summary.answers`. pictures : svg text by name, as `plots.figures` names them.
    articles : one row per article (`article_id, title, text, url, published`). signals : the signals table, whose
    `start` and `end` mark evidence in the text. audit : one row per article, what was found and why
    not. setup : facts for the last table. panels : most events that get a card.
    """

    tests: pd.DataFrame | None = None
    answers: pd.DataFrame | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    articles: pd.DataFrame | None = None
    signals: pd.DataFrame | None = None
    audit: pd.DataFrame | None = None
    setup: Mapping[str, Any] = field(default_factory=dict)
    panels: int = 250


def write_report(result: EventStudyResult, path: str | Path, extras: Extras | None = None) -> Path:
    """Write a self-contained HTML page of a result.

    Parameters
    ----------
    result : the `EventStudyResult`.
    path : file to write; its folder must exist.
    extras : articles, pictures, set-up ...; None draws the pictures and runs the default tests here.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    return _write(Path(path), render(result, extras or Extras(pictures=_draw(result))))


def _write(path: Path, page: str) -> Path:
    try:
        path.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; choose another place") from error
    return path


def render(result: EventStudyResult, extras: Extras) -> str:
    """Return the page of a study as text. Everything that came from outside is escaped."""
    return _page(result.notice, extras.pictures, study_part(result, extras), {})


def study_part(result: EventStudyResult, extras: Extras) -> dict[str, Any]:
    """Return the variables of the template that a study fills."""
    table = extras.answers if extras.answers is not None else answers(result)
    windows = [(day_zero(result),) * 2]
    tests = _ordered(extras.tests if extras.tests is not None else result.test(windows=windows, by="kind"), table)
    words = content.page(result, table, tests, extras)
    return {
        "studied": True,
        "price_pictures": [name for name in extras.pictures if name.startswith("price/")],
        "tables": [
            _answer_grid(table),
            grid("tests", "Tests of groups", _varying(tests[tests["event_id"].isna()])),
            grid("event-tests", "Tests of single events", _varying(tests[tests["event_id"].notna()])),
            grid("dropped", "Dropped events", result.dropped),
            grid("audit", "Audit of the events", result.audit),
            *(
                [grid("signals", "Signals in the articles", signals_table(extras.signals))]
                if extras.signals is not None
                else []
            ),
            *(
                [grid("article-audit", "Audit of the articles", _short(extras.audit))]
                if extras.audit is not None
                else []
            ),
        ],
        "sizes": grid("sizes", "Size of the tests that answer", words.pop("sizes")),
        **words,
    }


def _answer_grid(table: pd.DataFrame) -> Grid:
    """Return the answers; their window, one for all, goes into the title."""
    if table.empty:
        return grid("answer", "Answer by kind", table)
    window = window_text(table["window_start"].iloc[0], table["window_end"].iloc[0])
    return grid("answer", f"Answer by kind, {window}", table.drop(columns=["window_start", "window_end"]))


#: What a reader looks for first, of the columns of a tests table.
_FIRST = (
    "kind", "event_id", "test", "window_start", "window_end", "n", "n_eff", "effect", "low", "high", "pvalue", "p_min",
    "statistic", "df", "se", "r_bar",
)  # fmt: skip


def _ordered(tests: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the tests: window of the answers first, then short before long; large groups first; what matters on the left."""
    rank = {kind: place for place, kind in enumerate(table["kind"])}
    own = (tests["window_start"].isin(table["window_start"])) & (tests["window_end"].isin(table["window_end"]))
    keys = pd.DataFrame({
        "own": ~own, "length": tests["window_end"] - tests["window_start"], "kind": tests["kind"].map(rank).fillna(len(rank)),
    })  # fmt: skip
    columns = [*_FIRST, *(c for c in tests if c not in _FIRST)]
    return tests.loc[keys.sort_values(["own", "length", "kind"], kind="stable").index, columns]


def _short(audit: pd.DataFrame) -> pd.DataFrame:
    """Return the audit of the articles, what was found first and the hash of each text last, shortened."""
    first = [c for c in ("article_id", "title", "published", "result", "note", "kinds", "signals") if c in audit]
    last = [c for c in ("source", "url") if c in audit]
    rest = [c for c in audit if c not in (*first, *last, "sha256")]
    short = audit[[*first, *rest, *last]]
    return short.assign(sha256=audit["sha256"].str[:12]) if "sha256" in audit else short


def _page(notice: str, pictures: Mapping[str, str], study: Mapping[str, Any], strategy: Mapping[str, Any]) -> str:
    """Fill the template with a study, a strategy, or both; `study` names its method and set-up in any case."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    css, js = ((HERE / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    return environment.get_template("report.html.j2").render(
        title="Company news: strategy and event study" if strategy else "Event study of company news",
        notice=notice,
        css=Markup(css),
        js=Markup(js),
        hashes={"css": _hash(css), "js": _hash(js)},
        show=show,
        pictures={name: Markup(_data_uri(svg)) for name, svg in pictures.items()},
        dark=dict(study["setup"]).get("theme") == "dark",
        strategy=strategy,
        **study,
    )


def write_trade_report(trade: Trade, path: Path, pictures: Mapping[str, str], setup: Mapping[str, Any]) -> Path:
    """Write the page of a strategy, the study on the same events behind it.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    from backtest.report.strategy import METHOD, section

    facts = [(str(name), str(value)) for name, value in setup.items()]
    study: dict[str, Any] = {"studied": False, "articles": [], "method": [], "formulas": (), "setup": facts}
    if trade.study is not None:
        run, news = trade.study, trade.news
        panels = run.options.panels
        study = study_part(
            run.result,
            Extras(run.tests, run.answers, pictures, news.articles, news.signals, news.audit, setup, panels),
        )
    study["method"] = [*METHOD, *study["method"]]
    return _write(path, _page(trade.result.notice, pictures, study, section(trade)))


def _varying(tests: pd.DataFrame) -> pd.DataFrame:
    """Return the tests without the columns that say the same in every row and can be read in the set-up."""
    same = [c for c in ("model", "side", "distribution") if len(tests) and (tests[c] == tests[c].iloc[0]).all()]
    return tests.drop(columns=same)


def _draw(result: EventStudyResult) -> dict[str, str]:
    from backtest import plots

    made = {name: plots.svg(figure) for name, figure in plots.figures(result, answers(result))}
    scenes = plots.event_scenes(result, pictured(result, Extras.panels))
    return made | {name: scene.svg() for name, scene in scenes}


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data_uri(svg: str) -> str:
    """Return a picture as an address that is safe between double quotes; base64 would take a third more room."""
    quoted = compact(svg).replace("%", "%25").replace("#", "%23").replace("\n", "%0A").replace("&", "&amp;")
    return "data:image/svg+xml," + quoted.replace('"', "'" if "'" not in quoted else "%22")


def compact(svg: str) -> str:
    """Return the same picture in about half the bytes: no comments and metadata, a tenth of a point, one font name."""
    svg = _NOISE.sub("", svg)
    svg = re.sub(r">\s+<", "><", svg)
    svg = re.sub(r' id="(?![mp][0-9a-f]{8,}")[^"]*"', "", svg)  # of groups, to which nothing refers
    svg = re.sub(r'style="[^"]*"', lambda style: _STYLE.sub(r"\1", style[0]), svg)
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\.\d)\d+", r"\1", tag[0]).replace("\n", ""), svg)
    return svg.replace("<svg ", '<svg font-family="DejaVu Sans,sans-serif" ', 1).strip()


#: Spaces of a style, and what is so anyway.
_STYLE = re.compile(r"([;:]) +|; stroke-linejoin: miter(?=;)|; stroke-dashoffset: 0(?=[;\"])")

#: Declaration, document type, comments and metadata; a font and a rotation by nothing that each text repeats.
_NOISE = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>|font-family: 'DejaVu Sans', sans-serif; "
    r"| transform=\"rotate\(-0 [^\"]*\"",
    re.DOTALL,
)
