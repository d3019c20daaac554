"""33 stock indices around 11 September 2001, constant mean of days -30 to -11, against R functions of xKDR eventstudies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import backtest as bt


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "golden" / "chen_siems"


@pytest.fixture(scope="module")
def found(folder: Path) -> pd.DataFrame:
    """Return the abnormal returns in per cent: name, day, ar, car; every index on its own trading days."""
    returns = pd.read_csv(folder / "input_returns_percent.csv", parse_dates=["date"], index_col="date")
    frames = []
    for event in pd.read_csv(folder / "input_events.csv").itertuples(index=False):
        prices = bt.Prices.from_returns(returns[[event.name]].dropna() / 100)
        events = pd.DataFrame({"asset": [event.name], "event_time": [event.when]})
        study = bt.EventStudy(event=(0, 10), estimation=(-30, -11), model="constant-mean")
        frames.append(study.run(events, prices).abnormal_returns)
    table = pd.concat(frames, ignore_index=True)
    return table.assign(ar=table["ar"] * 100, car=table["car"] * 100)


def test_abnormal_returns_of_all_indices(folder: Path, found: pd.DataFrame) -> None:
    theirs = pd.read_csv(folder / "out_xkdr_ar_car.csv")
    assert list(found["asset"]) == list(theirs["name"])
    assert theirs["name"].nunique() == 33
    np.testing.assert_allclose(found["ar"], theirs["ar"], rtol=1e-9, atol=1e-12)
    assert found.loc[(found["asset"] == "Dow") & (found["day"] == 0), "ar"].iloc[0] == pytest.approx(-7.14, abs=5e-3)


def test_cars_run_from_day_0_and_keep_its_return(folder: Path, found: pd.DataFrame) -> None:
    theirs = pd.read_csv(folder / "out_xkdr_ar_car.csv")
    np.testing.assert_allclose(found["car"], theirs["car"], rtol=1e-9, atol=1e-11)
    # The package's own remapping takes the first day off; a crash on day 0 would vanish.
    first = theirs.groupby("name")["ar"].transform("first")
    rebased = theirs["car"] - first
    assert rebased[theirs["t"] == 0].abs().max() < 1e-12
    assert found.loc[found["day"] == 0, "car"].min() < -7
