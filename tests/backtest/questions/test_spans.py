"""Lists of candidate dates, priors over the days, and the prior-weighted test against loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_leads import DAYS, SPEC, close

import backtest as bt
from backtest.errors import SchemaError, UnknownNameError
from backtest.inference.dates import exact_max_p
from backtest.questions.spans import spans_of, weights

STUDY = bt.EventStudy(event=(0, 0), estimation=(-190, -2))


def one(**columns: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"event_id": ["e"], "asset": ["ASC.L"], "event_time": ["2019-10-16"], **{k: [v] for k, v in columns.items()}}
    )


def loop(frame: pd.DataFrame, rows: list[int], prior: np.ndarray) -> tuple[float, float, float]:
    """Return the CAR, the exact max p and the p of the weighted sum over event rows, from a regression on raw returns."""
    r = frame.pct_change().to_numpy()
    est = np.arange(rows[0] - 190, rows[0] - 1)
    x = np.column_stack([np.ones(len(r)), r[:, -1]])
    beta = np.linalg.lstsq(x[est], r[est, 0], rcond=None)[0]
    e, inverse = r[:, 0] - x @ beta, np.linalg.inv(x[est].T @ x[est])
    df = len(est) - 2
    s = np.sqrt((e[est] ** 2).sum() / df)
    q = x[rows] @ inverse @ x[rows].T
    z = e[rows] / (s * np.sqrt(1 + np.diag(q)))
    inside = e[est] / (s * np.sqrt(1 - np.einsum("ij,jk,ik->i", x[est], inverse, x[est])))
    top = np.abs(z).max()
    k = (np.abs(np.concatenate([z, inside])) >= top - 1e-12).sum()
    w = prior / np.sqrt(1 + np.diag(q))
    t = (prior @ z) / np.sqrt(w @ (np.eye(len(rows)) + q) @ w)
    p_max = exact_max_p(np.array([float(k)]), np.array([float(len(est) + len(rows))]), len(rows))[0]
    return float(e[rows].sum()), float(p_max), float(2 * stats.t.sf(abs(t), df))


@pytest.mark.parametrize("prior", ["uniform", "triangular"])
def test_a_list_of_candidate_dates(prior: str) -> None:
    frame = close()
    jump = DAYS.get_loc(pd.Timestamp("2019-10-16"))
    frame.iloc[jump:, 0] *= 1.2
    # Saturday the 12th stands for Monday the 14th.
    summary, curve = bt.uncertain(STUDY, one(candidates="2019-10-23|2019-10-12|2019-10-16"), frame, prior)
    rows = [DAYS.get_loc(pd.Timestamp(d)) for d in ("2019-10-14", "2019-10-16", "2019-10-23")]
    off = np.array([2.0, 0.0, 7.0])
    weight = np.full(3, 1 / 3) if prior == "uniform" else (8 - off) / (8 - off).sum()
    car, p_max, p_weighted = loop(frame, rows, weight)
    row = summary.iloc[0]
    assert row["candidates"] == 3
    assert row["car"] == pytest.approx(car, rel=1e-10)
    assert row["p_max"] == pytest.approx(p_max, rel=1e-10)
    assert row["p_weighted"] == pytest.approx(p_weighted, rel=1e-8)
    assert np.isnan(row["p_scan"]), "no neighbouring days"
    assert row["likely_day"] == pd.Timestamp("2019-10-16")
    assert 0 < row["p_mixture"] <= 1
    np.testing.assert_allclose(curve["prior"], weight)
    assert list(curve["session"]) == [DAYS[r] for r in rows]
    assert list(curve["day"]) == [0, 2, 7]


def test_the_prior_moves_the_posterior() -> None:
    frame = close()
    events = one(start="2019-10-10", end="2019-10-22")
    flat, peaked = (bt.uncertain(STUDY, events, frame, prior)[1] for prior in ("uniform", "triangular"))
    assert np.ptp(flat["prior"]) == 0
    near = flat["session"] == pd.Timestamp("2019-10-16")
    assert peaked.loc[near, "posterior"].iloc[0] > flat.loc[near, "posterior"].iloc[0]
    assert flat["posterior"].sum() == pytest.approx(1.0)


def test_weights_sum_to_one_and_fall_from_the_stated_date() -> None:
    days = pd.date_range("2020-01-06", periods=5, freq="D").to_numpy()
    got = weights(days, pd.Timestamp("2020-01-08"), "triangular")
    np.testing.assert_allclose(got, np.array([1, 2, 3, 2, 1]) / 9)
    np.testing.assert_allclose(weights(days, pd.Timestamp("2020-01-08"), "uniform"), 0.2)


def test_certain_events_have_no_span() -> None:
    from backtest.frames import normalise_events

    table = normalise_events(pd.concat([one(), one(candidates="2019-10-16").assign(event_id="f")]))
    assert list(spans_of(table)) == ["f"]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"candidates": "2019-10-16|soon"}, r"event 'e': candidates='2019-10-16\|soon' is no list of dates"),
        (
            {"start": "2019-10-16", "end": "2019-10-02"},
            r"the interval ends \(2019-10-02\) before it starts \(2019-10-16\)",
        ),
    ],
)
def test_what_is_no_span(columns: dict[str, str], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        bt.uncertain(STUDY, one(**columns), close())


def test_an_unknown_prior() -> None:
    with pytest.raises(UnknownNameError, match="unknown prior 'uniforn'; did you mean 'uniform'"):
        bt.uncertain(STUDY, one(candidates="2019-10-16"), close(), "uniforn")


# ------------------------------------------------------------------------------------------------------------ leakage


def story(*rows: tuple[str, int]) -> pd.DataFrame:
    from test_leads import at

    table = at(*(("ASC.L", row) for _, row in rows))
    return table.assign(kind=[kind for kind, _ in rows])


def test_the_estimation_window_ends_before_the_earliest_rumour() -> None:
    frame = close()
    result = bt.EventStudy(**SPEC).run(
        story(("takeover-rumour", 165), ("takeover-bid", 195), ("takeover-bid", 140)), frame
    )
    table = bt.leakage(result, lead=3).set_index("event_id")
    bid = table.loc["ASC.L-195"]
    assert (bid["rumour_day"], bid["estimation_end"], bool(bid["estimation_clean"])) == (-30, -31, False)
    e0, e1 = SPEC["estimation"]
    again = bt.EventStudy(**{**SPEC, "estimation": (e0 - 31 - e1, -31)}).run(story(("takeover-bid", 195)), frame)
    assert bid["car_before"] == pytest.approx(again.test("car-t", windows=[(-3, -1)])["effect"].iloc[0], rel=1e-12)
    assert bid["p_day"] == pytest.approx(again.test("car-t")["pvalue"].iloc[0], rel=1e-12)
    calm = table.loc["ASC.L-140"]
    assert np.isnan(calm["rumour_day"])
    assert calm["estimation_end"] == e1
    # What the share did from the rumour on is not seen by the estimate.
    moved = frame.copy()
    moved.iloc[165:180, 0] *= np.linspace(1.5, 1.0, 15)
    after = bt.EventStudy(**SPEC).run(story(("takeover-rumour", 165), ("takeover-bid", 195)), moved)
    shifted = bt.leakage(after, lead=3).set_index("event_id").loc["ASC.L-195"]
    assert shifted["car_day"] == pytest.approx(bid["car_day"], rel=1e-12)


def test_rumours_of_other_kinds_by_name_and_none_at_all() -> None:
    result = bt.EventStudy(**SPEC).run(story(("hint", 170), ("takeover-bid", 195)), close())
    assert set(bt.leakage(result, lead=3)["estimation_end"]) == {SPEC["estimation"][1]}
    named = bt.leakage(result, lead=3, rumours=("hint",)).set_index("event_id")
    assert named.loc["ASC.L-195", "estimation_end"] == -26


@pytest.mark.filterwarnings("ignore::backtest.errors.DroppedEventsWarning")
def test_no_room_for_a_window_before_the_rumour() -> None:
    first = -SPEC["estimation"][0] + 2
    result = bt.EventStudy(**SPEC).run(
        story(("takeover-rumour", first - 60), ("takeover-bid", first)), close().iloc[: first + 30]
    )
    row = bt.leakage(result, lead=3).set_index("event_id").loc[f"ASC.L-{first}"]
    assert np.isnan(row["car_day"])
    assert not row["estimation_clean"]
