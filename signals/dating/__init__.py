"""Dates of articles and of what they tell: publication stamps, dated mentions, instants."""

from __future__ import annotations

from signals.dating.anchors import Anchor, match_anchor, read_anchors
from signals.dating.expressions import find_dates
from signals.dating.ladder import LADDER, date_article
from signals.dating.language import detect_language
from signals.dating.stamp import UNDATED, DateMention, DateStamp, event_time, known_at

__all__ = [
    "LADDER",
    "UNDATED",
    "Anchor",
    "DateMention",
    "DateStamp",
    "date_article",
    "detect_language",
    "event_time",
    "find_dates",
    "known_at",
    "match_anchor",
    "read_anchors",
]
