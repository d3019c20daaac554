"""GARCH models through a whole study: loops for the variances, samples in which `arch` loses its way, and refusals."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import backtest as bt
from backtest.models import volatility
from backtest.models.likelihood import Garch

arch = pytest.importorskip("arch.univariate", reason="the extra garch is not installed")

T = 330
DAYS = pd.bdate_range("2019-01-01", periods=T)
SPEC = {"event": (-2, 4), "estimation": (-250, -9)}
KINDS = {"garch": ("GARCH", 0), "gjr": ("GARCH", 1), "egarch": ("EGARCH", 1)}


def panel(n: int, seed: int, holes: float = 0.02) -> tuple[pd.DataFrame, pd.DataFrame, list[int]]:
    """Return n shares and a market whose variances move, events, and their positions."""
    rng = np.random.default_rng(seed)
    market, values = rng.normal(0, 0.01, T), np.empty((T, n))
    for i in range(n):
        h, e = 3e-4, 0.0
        for t in range(T):
            h = 1e-5 + (0.08 + 0.1 * (e < 0)) * e**2 + 0.82 * h
            e = np.sqrt(h) * rng.normal()
            values[t, i] = 0.0004 + 1.1 * market[t] + e
    zero = [int(z) for z in 270 + rng.integers(0, 50, n)]
    gone = rng.random(values.shape) < holes
    gone[zero, np.arange(n)] = False
    values[gone] = np.nan
    names = [f"S{i:02d}" for i in range(n)]
    frame = pd.DataFrame(np.column_stack([values, market]), DAYS, [*names, "IX"])
    return frame, pd.DataFrame({"event_id": names, "asset": names, "event_time": DAYS[zero]}), zero


def run(model: str, frame: pd.DataFrame, events: pd.DataFrame, **spec: object) -> bt.EventStudyResult:
    return bt.EventStudy(**{**SPEC, "model": model, **spec}).run(events, bt.Prices.from_returns(frame, "IX"))  # type: ignore[arg-type]


def looped(model: str, y: np.ndarray, x: np.ndarray, steps: int) -> tuple[np.ndarray, list[float], float]:
    """Return alpha and beta, the variances 1 to `steps` days ahead, and the residual variance: in fractions."""
    kind, o = KINDS[model]
    spec = arch.arch_model(100 * y, x=100 * x[:, None], mean="LS", vol=kind, p=1, o=o, q=1, rescale=False)
    p = spec.fit(disp="off", show_warning=False, options={"ftol": 1e-14, "maxiter": 2000}).params
    fit, w, al, be, g = spec.fix(p), p["omega"], p["alpha[1]"], p["beta[1]"], p.get("gamma[1]", 0.0)
    h, e, out = fit.conditional_volatility[-1] ** 2, fit.resid[-1], []
    for step in range(steps):
        if kind == "EGARCH":
            z = e / np.sqrt(h)
            news = al * (abs(z) - np.sqrt(2 / np.pi)) + g * z if step == 0 else 0.0
            h = np.exp(w + news + be * np.log(h))
        else:
            h = w + ((al + g * (e < 0)) * e**2 + be * h if step == 0 else (al + g / 2 + be) * h)
        out.append(h / 1e4)
    return np.array([p.iloc[0] / 100, p.iloc[1]]), out, float((fit.resid**2).sum() / 1e4 / (len(y) - 2))


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("model", KINDS)
def test_a_study_is_its_loop(model: str, n: int) -> None:
    """On samples whose likelihood has one maximum; that of EGARCH often has several."""
    frame, events, zeros = panel(n, seed=30 + n)
    result = run(model, frame, events)
    table = result.test("car-t", windows=[(0, 0), (-2, 4)], missing="available", by=None)
    for i, (share, zero) in enumerate(zip(events["asset"], zeros, strict=True)):
        y, x = frame[share].to_numpy(), frame["IX"].to_numpy()
        est, used = np.arange(zero - 250, zero - 8), np.isfinite(y[zero - 250 : zero - 8])
        mean, path, s2 = looped(model, y[est][used], x[est][used], 8 + 1 + 4)
        days = np.arange(zero - 2, zero + 5)
        ar = y[days] - mean[0] - mean[1] * x[days]
        np.testing.assert_allclose(result.ar.loc[share], ar, rtol=1e-5, atol=1e-7)
        assert (result.estimates.n_obs[i], result.estimates.df[i]) == (used.sum(), used.sum() - 2)
        assert result.estimates.s2[i] == pytest.approx(s2, rel=1e-6)
        rows = table[table["event_id"] == share].set_index("window_start")
        ahead = {day: path[day + 9 - 1] for day in range(-2, 5) if np.isfinite(ar[day + 2])}
        assert rows.loc[0, "se"] == pytest.approx(np.sqrt(ahead[0]), rel=1e-5)
        assert rows.loc[-2, "se"] == pytest.approx(np.sqrt(sum(ahead.values())), rel=1e-5)
        assert rows.loc[-2, "effect"] == pytest.approx(np.nansum(ar), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("model", KINDS)
def test_the_likelihood_of_fifty_shares_is_that_of_a_maximum(model: str) -> None:
    """Ties and noise whose variance does not move: `arch` gets lost here with EGARCH, and returned a mean of 200 %."""
    rng = np.random.default_rng(1)
    x = rng.normal(0, 0.01, T)
    values = np.round(1.1 * x[:, None] + rng.standard_t(4, (T, 50)) * 0.015, 3)
    names = [f"S{i:02d}" for i in range(50)]
    frame = pd.DataFrame(np.column_stack([values, x]), DAYS, [*names, "IX"])
    events = pd.DataFrame({"event_id": names, "asset": names, "event_time": DAYS[300]})
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", bt.DroppedEventsWarning)
        result = run(model, frame, events, estimation=(-120, -9))
    plain = run("market", frame, events, estimation=(-120, -9)).ar.loc[result.ar.index]
    assert len(result.ar) >= 48
    assert np.abs(result.ar - plain).max(axis=None) < 0.02
    assert np.isfinite(result.sample((0, 0)).car_var).all()


def test_what_the_event_days_bring_changes_no_variance() -> None:
    frame, events, zeros = panel(1, seed=5, holes=0.0)
    moved = frame.copy()
    moved.iloc[zeros[0] - 8 :] = moved.iloc[zeros[0] - 8 :] * -7.0
    for model in KINDS:
        one, two = (run(model, f, events).estimates for f in (frame, moved))
        np.testing.assert_array_equal(one.s2[:, None] * one.scale, two.s2[:, None] * two.scale)


@pytest.mark.parametrize("model", KINDS)
def test_without_noise_there_is_a_reason_and_no_warning(model: str) -> None:
    frame, events, zeros = panel(4, seed=6, holes=0.0)
    frame["S00"] = 0.0
    frame["S01"] = 0.001 + 1.3 * frame["IX"]
    frame.iloc[zeros[2] - 250 + 30 : zeros[2] - 8, 2] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", bt.DroppedEventsWarning)
        result = run(model, frame, events, min_obs=20)
        still = frame.assign(IX=0.0)
        with pytest.raises(bt.AlignmentError, match="3 degenerate-estimation, 1 short-estimation"):
            run(model, still, events, min_obs=20)
    reasons = dict(zip(result.dropped["event_id"], result.dropped["reason"], strict=True))
    assert reasons == {"S00": "degenerate-estimation", "S01": "degenerate-estimation", "S02": "short-estimation"}


def test_where_no_maximum_is_found_the_event_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, events, _ = panel(1, seed=7)
    with monkeypatch.context() as patch:
        patch.setattr(Garch, "still", lambda self: np.inf)
        with pytest.raises(bt.AlignmentError, match="1 degenerate-estimation"):
            run("garch", frame, events)
    monkeypatch.setattr(volatility, "forecasts", lambda *args: np.full(args[-1], np.inf))
    with pytest.raises(bt.AlignmentError, match="1 degenerate-estimation"):
        run("garch", frame, events)


def test_nothing_is_forecast_backwards() -> None:
    frame, events, _ = panel(1, seed=8)
    with pytest.raises(
        bt.AlignmentError, match=r"garch, gjr and egarch forecast .*: let the estimation window end before"
    ):
        run("gjr", frame, events.assign(event_time=DAYS[40]), estimation=(6, 200), event=(-2, 4))


@pytest.mark.parametrize(
    "kind", [(False, False, False), (False, True, False), (True, True, False), (False, True, True)]
)
def test_a_quiet_start_has_the_variance_of_the_line(kind: tuple[bool, bool, bool]) -> None:
    rng = np.random.default_rng(9)
    x = rng.normal(0, 1, 200)
    model = Garch(0.1 + 0.9 * x + rng.normal(0, 2, 200), x, *kind)
    theta = model.quiet(0.9)
    slope, level = np.polyfit(x, model.y, 1)
    variance = ((model.y - level - slope * x) ** 2).mean()
    np.testing.assert_allclose(theta[:2], [level, slope], rtol=1e-10)
    assert model.feasible(theta)
    omega = np.log(variance) * 0.1 if kind[0] else variance * 0.05
    assert theta[2] == pytest.approx(omega, rel=1e-10)
    assert model.still() == pytest.approx(-100 * (np.log(2 * np.pi * variance) + 1), rel=1e-12)
