"""Student's critical value: the expansion for many degrees of freedom is scipy's to the last digits."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from scipy.special import stdtrit

from backtest.inference.pvalues import EXPANSION, expanded_limit, student_limit


def test_the_expansion_is_exact_where_it_is_used() -> None:
    df = np.array([EXPANSION, 1500.0, 1e4, 1e6, 1e9])
    np.testing.assert_allclose(expanded_limit(df), stdtrit(df, 0.975), rtol=1e-14)
    np.testing.assert_allclose(student_limit(df), stdtrit(df, 0.975), rtol=1e-14)


def test_few_degrees_and_other_levels_are_not_expanded() -> None:
    assert student_limit(5) == stdtrit(5, 0.975)
    assert student_limit(5000, 0.1) == stdtrit(5000, 0.95)
    mixed = student_limit(np.array([3.0, 1e6]))
    np.testing.assert_array_equal(mixed, stdtrit(np.array([3.0, 1e6]), 0.975))


def test_a_study_loads_no_scipy_before_a_test_is_asked_for() -> None:
    code = "import sys, backtest as bt; bt.EventStudy, bt.Prices, bt.TESTS; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
