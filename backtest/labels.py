"""Words for numbers: one way of writing windows, per cents, p-values and counts for terminal, report and pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

#: Below this number of events a mean is shown as thin: one odd event moves it, and tests have little power.
SMALL_N = 10

_KINDS = (
    "profit-warning", "guidance-raise", "takeover-rumour", "takeover-bid", "takeover-denied", "earnings-other",
    "market-entry", "other",
)  # fmt: skip


def kind_rank(kind: str, others: Sequence[str] = ()) -> int:
    """Return a number that gives each kind the same marker and colour in every picture.

    A kind of the user's own comes after those, in its order among `others`: the kinds that are in the picture.
    """
    if kind in _KINDS:
        return _KINDS.index(kind)
    own = [name for name in sorted(set(others)) if name not in _KINDS]
    return len(_KINDS) + (own.index(kind) if kind in own else 0)


def percent(value: float, digits: int = 1) -> str:
    """Return a fraction as per cent with its sign: 0.0123 gives "+1.2 %"; NaN gives an en dash."""
    if value is None or not math.isfinite(value):
        return "–"
    rounded = round(100 * value, digits)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded):.{digits}f} %"


def least_percent(value: float) -> str:
    """Return the size of the least effect that can be found: "5.6 %", two digits below one per cent: "0.57 %"."""
    return percent(abs(value), 2 if abs(value) < 0.01 else 1).lstrip("+")


def interval(low: float, high: float, digits: int = 1) -> str:
    """Return "−3.1 to +0.4 %", or an en dash where a bound is missing."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    return f"{percent(low, digits)[:-2]} to {percent(high, digits)}"


def p_value(value: float) -> str:
    """Return a p-value with three digits, "< 0.001" below them, an en dash for NaN."""
    if value is None or not math.isfinite(value):
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def window_text(start: float, end: float) -> str:
    """Return a window in words: "day 0", "days 0 to +1"."""
    if start == end:
        return f"day {signed(start)}"
    return f"days {signed(start)} to {signed(end)}"


def signed(day: float) -> str:
    """Return a relative day with a true minus sign and a plus sign: −5, 0, +10."""
    whole = int(day)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{abs(whole)}"


def count(n: int, what: str, many: str | None = None) -> str:
    """Return "1 event", "3 events"."""
    return f"{n:,} {what if n == 1 else many or what + 's'}"


def span(index: Any) -> str:
    """Return the first and last date of a datetime index: "2 Jan 2013 to 31 Mar 2026"; "" where it is empty."""
    if not len(index):
        return ""
    return f"{index[0].day} {index[0]:%b %Y} to {index[-1].day} {index[-1]:%b %Y}"


def title_of(name: str, ticker: str) -> str:
    """Return "Zalando SE (ZAL.DE)", or the ticker alone where no name is known."""
    return f"{name} ({ticker})" if name and str(name) != "nan" else ticker


def short(text: str, most: int = 30) -> str:
    """Return the text, cut in its middle to at most `most` characters with an ellipsis where it is longer."""
    if len(text) <= most:
        return text
    head = (most - 1) * 2 // 3
    return f"{text[:head].rstrip()}…{text[head + 1 - most :].lstrip()}"


def few_words(n: int, what: str = "event") -> str:
    """Return the warning for a mean of so few events, "" from SMALL_N on."""
    if n >= SMALL_N:
        return ""
    return f"one {what}: a case, no rule" if n == 1 else f"{n} {what}s, fewer than {SMALL_N}: read them as cases"


def first_line(member: Any) -> str:
    """Return the first line of a function's docstring without its markup, "" where it has none."""
    inner = getattr(member, "func", member)
    lines = (getattr(inner, "__doc__", None) or "").strip().splitlines()
    return lines[0].replace("`", "").strip() if lines else ""


def each_row(frame: Any) -> Iterator[Any]:
    """Yield the rows of a DataFrame as named tuples, of which the type checker knows nothing."""
    yield from frame.itertuples()
