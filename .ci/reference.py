"""Build the API reference from the docstrings: `make reference` writes it to build/reference/.

Our docstrings say what a parameter is right behind its name ("event : first and last day of the event window"), which
pdoc's own reading of the numpy style takes for a type. Everything else is pdoc as it comes.
"""

import re
import sys
from pathlib import Path

import pdoc
import pdoc.docstrings

SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
ENTRY = re.compile(r"^(?!>>>)([\w*`][\w*`, ]*) : ", re.MULTILINE)
RAISED = re.compile(r"^(\w+(?:Error|Warning))\n {4}", re.MULTILINE)
CITED = re.compile(r"``([^`]+)``")


def to_markdown(docstring: str, *_: object) -> str:
    """Return a docstring of this project as Markdown."""
    text = SECTION.sub(r"###### \1\n", docstring)
    text = RAISED.sub(r"- **\1**: ", ENTRY.sub(r"- **\1**: ", text))
    return CITED.sub(r"`\1`", text)


if __name__ == "__main__":
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "build/reference")
    pdoc.docstrings.convert = to_markdown
    pdoc.render.configure(show_source=False, footer_text="market-signals", math=False)
    pdoc.pdoc("signals", "backtest", output_directory=place)
    print(place / "index.html")
