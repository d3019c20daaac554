"""Tables as Markdown or LaTeX, for a paper or a page: the same words for the same numbers as in the report."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from backtest.report.cells import Grid, grid, show

FORMATS = ("md", "tex")
_LONG = 40  # letters beyond which a column of words is broken into lines

_TEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "−": "$-$",
    "–": "--", "[": "{[}", "]": "{]}", "*": "{*}",  # after a line's end [ and * would be read as its options
}  # fmt: skip


def to_markdown(frame: pd.DataFrame, notice: str = "") -> str:
    """Return a table in Markdown (pipes), numbers right-aligned; `notice` follows it in italics."""
    table, rows = _texts(frame)
    head = [c.label for c in table.columns]
    rule = ["---:" if c.numeric else ":---" for c in table.columns]
    lines = ["| " + " | ".join(_md(text) for text in row) + " |" for row in [head, *rows]]
    lines.insert(1, "| " + " | ".join(rule) + " |")
    return "\n".join([*lines, *(["", f"*{_md(notice)}*"] if notice else [])]) + "\n"


def to_tex(frame: pd.DataFrame, notice: str = "") -> str:
    """Return a table as a LaTeX tabular (package booktabs), numbers right-aligned, long words broken; `notice` follows it."""
    table, rows = _texts(frame)
    wide = [max((len(row[i]) for row in rows), default=0) > _LONG for i in range(len(table.columns))]
    columns = "".join(
        "r" if c.numeric else "p{5cm}" if long else "l" for c, long in zip(table.columns, wide, strict=True)
    )
    body = [_tex_row(row) for row in rows]
    lines = [
        "% \\usepackage{booktabs}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _tex_row([c.label for c in table.columns]),
        r"\midrule",
    ]
    lines += [*body, r"\bottomrule", r"\end{tabular}"]
    return "\n".join([*lines, *([rf"\par\emph{{{_tex(notice)}}}"] if notice else [])]) + "\n"


def _texts(frame: pd.DataFrame) -> tuple[Grid, list[list[str]]]:
    table = grid("table", "", frame)
    return table, [[show(c, row[c.key])[0] for c in table.columns] for row in table.rows]


def _md(text: str) -> str:
    for mark in "\\|*_<>`[]":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.splitlines())


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in " ".join(text.splitlines()))


def _tex_row(texts: Sequence[str]) -> str:
    return " & ".join(_tex(text) for text in texts) + r" \\"
