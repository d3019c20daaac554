"""The tests by name. Options are keyword arguments: ``functools.partial(TESTS["kp"], rbar_floor=None)``."""

from __future__ import annotations

from backtest.inference import calendar, conformal, dates, parametric, ranks, resample, signs, single
from backtest.inference.sample import Test

TESTS: dict[str, Test] = {
    # one row per event
    "car-t": single.car_t,
    "sq": single.sq,
    "sq-studentised": single.sq_studentised,
    "sq-ewma": conformal.sq_ewma,
    "conformal": conformal.conformal,
    "conformal-block": conformal.conformal_block,
    # one row per group: parametric
    "cross-sectional": parametric.cross_sectional,
    "time-series": parametric.time_series,
    "patell": parametric.patell,
    "adjusted-patell": parametric.adjusted_patell,
    "bmp": parametric.bmp,
    "kp": parametric.kp,
    "kp-overlap": parametric.kp_overlap,
    "johnson": parametric.johnson,
    "hall": parametric.hall,
    "calendar-time": calendar.calendar_time,
    "calendar-time-std": calendar.calendar_time_std,
    "clustered": calendar.clustered,
    # ranks and signs
    "corrado": ranks.corrado,
    "corrado-zivney": ranks.corrado_zivney,
    "cumrank": ranks.cumrank,
    "grank-t": ranks.grank_t,
    "grank-z": ranks.grank_z,
    "sign": signs.sign,
    "generalised-sign": signs.generalised_sign,
    "cz-sign": signs.cz_sign,
    "wilcoxon": signs.wilcoxon,
    # resampling
    "common-shift": resample.common_shift,
    "wild-bootstrap": resample.wild_bootstrap,
    "permutation": resample.permutation,
    # uncertain dates: the first two have one row per event
    "max": dates.max_test,
    "scan": dates.scan,
    "mixture": dates.mixture,
}
