"""The logistic curve from the weight of a cue to the confidence of its signal: parameters only.

Fitted by ``tests/corpus/calibrate.py --write``; the same script prints how well it holds on items that it has not seen.
"""

from __future__ import annotations

SLOPE = 5.969
INTERCEPT = -2.529
