"""The study on real prices with holes, as they are beside the checkout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import backtest as bt
from backtest.errors import DroppedEventsWarning

USABLE = [
    *("ZAL-20151015", "ZAL-20160719", "ZAL-20161018", "ZAL-20170301", "ZAL-20170810", "ZAL-20171107", "ZAL-20180126"),
    *("ZAL-20180807", "ZAL-20200618", "ZAL-20200715", "ZAL-20201008", "ZAL-20210217", "ZAL-20210805", "ZAL-20220505"),
    *("ZAL-20220623", "ZAL-20231101", "ASC-20211011", "ASC-20220616", "ASC-20230926", "ASC-20231101"),
]


@pytest.fixture(scope="module")
def real(shared: Path) -> bt.EventStudyResult:
    events = bt.read_events(shared / "events" / "catalogue.csv")
    prices = bt.load_prices(events, source=str(shared / "prices"))
    study = bt.EventStudy(event=(-5, 10), estimation=(-130, -11), benchmark="^STOXX", peers=True)
    with pytest.warns(DroppedEventsWarning, match="events dropped"):
        return study.run(events, prices)


def test_the_asos_warning_of_june_2022_on_real_prices(real: bt.EventStudyResult) -> None:
    tidy = real.abnormal_returns
    rows = tidy[(tidy["day"] == 0) & (tidy["session"] == "2022-06-16")].set_index("asset")["ar"]
    assert rows["ASC.L"] == pytest.approx(-0.292, abs=0.003)
    assert rows["ZAL.DE"] == pytest.approx(-0.082, abs=0.003)
    own = real.audit.set_index("event_id").loc["ASC-20220616-PW"]
    assert 110 <= own["n_estimation"] <= 118  # the index has holes of its own


def test_the_twenty_usable_events_are_kept(real: bt.EventStudyResult) -> None:
    kept = [i[:12] for i in real.events.index]
    assert [u for u in USABLE if u not in kept] == []


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("ASC-20220904-PWLEAK", "missing-in-event-window"),
        ("ASC-20220909-PW", "missing-in-event-window"),
        ("ZAL-20181217-TR", "missing-in-event-window"),
        ("ZAL-20200506-RAISE", "short-estimation"),
        ("ASC-20230510-MISS", "short-estimation"),
        ("ASC-20140318-PW", "before-first-session"),
        ("ASC-20250319-TR", "after-last-session"),
        ("ZAL-201808-TR", "imprecise-date"),
    ],
)
def test_events_in_the_holes_leave_with_the_right_reason(real: bt.EventStudyResult, event: str, reason: str) -> None:
    assert real.dropped.set_index("event_id").loc[event, "reason"] == reason


def test_no_return_is_computed_across_a_hole(real: bt.EventStudyResult) -> None:
    for market in real.source.markets:
        sessions = market.calendar.sessions
        for row, ticker in enumerate(market.tickers):
            have = real.prices.close[ticker].reindex(sessions).notna().to_numpy()
            with_return = np.isfinite(market.returns[row])
            np.testing.assert_array_equal(with_return[1:], have[1:] & have[:-1])
