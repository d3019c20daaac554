"""Other events of the same security inside an event's windows: found from the events table, masked or left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtest.align import KEPT, Alignment
from backtest.estimate import Design, Hidden

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

POLICIES = ("keep", "mask", "drop")
# Days around another event that are taken to be moved by it.
REACH = (-1, 1)


@dataclass(frozen=True)
class Neighbours:
    """What other events of the same security lie near each of n events.

    in_event, in_estimation : (n,) another event's day 0 lies in this event's event or estimation window.
    hidden : the days of both windows that other events touch (their days -1 to +1), as pairs of event and event day.
    """

    in_event: Bools
    in_estimation: Bools
    hidden: Hidden


def neighbours(placed: Alignment, design: Design, peer: Bools) -> Neighbours:
    """Find other events of the same security whose day 0, or a day next to it, lies in an event's windows.

    Only events that could be placed count. Of two on one day each lies in the other's event window, but there is no day to
    hide. `peer` (n,) marks the rows that are news of another company: these do not disturb the events of the company itself,
    but are disturbed by them and by each other.
    """
    n = len(placed.row)
    at = np.flatnonzero((placed.reason == KEPT) & (placed.position >= 0))
    order = at[np.lexsort((placed.position[at], placed.row[at], placed.market[at]))]
    in_event, in_estimation = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    events, days = [], []
    far = max(abs(design.first), abs(design.first + design.length)) + max(abs(r) for r in REACH)
    # Compare each event with the k-th next one of its security until none is near enough any more.
    for k in range(1, len(order)):
        one, two = order[:-k], order[k:]
        gap = placed.position[two] - placed.position[one]
        near = (placed.row[one] == placed.row[two]) & (placed.market[one] == placed.market[two]) & (gap <= far)
        if not near.any():
            break
        for own, other, distance in ((one[near], two[near], gap[near]), (two[near], one[near], -gap[near])):
            counts = peer[own] | ~peer[other]
            own, distance = own[counts], distance[counts]
            in_event[own] |= _inside(distance, design.event)
            in_estimation[own] |= _inside(distance, design.estimation)
            for reach in range(REACH[0], REACH[1] + 1):
                day = distance + reach
                # The day of the event itself is never hidden: it is what is measured. Nor are those around another of the
                # same day: it moves them no more than the event does.
                touched = (_inside(day, design.event) | _inside(day, design.estimation)) & (day != 0) & (distance != 0)
                events.append(own[touched])
                days.append(day[touched])
    return Neighbours(in_event, in_estimation, _sorted(events, days))


def is_peer(events: pd.DataFrame) -> Bools:
    """Return which rows of an events table are another company's news, (n,)."""
    return np.asarray(events["role"].array == "peer", dtype=bool)


def _inside(day: Ints, window: tuple[int, int]) -> Bools:
    return (day >= window[0]) & (day <= window[1])


def _sorted(events: list[Ints], days: list[Ints]) -> Hidden:
    if not events:
        return Hidden(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    pairs = np.unique(np.stack([np.concatenate(events), np.concatenate(days)]), axis=1)
    return Hidden(pairs[0], pairs[1])
