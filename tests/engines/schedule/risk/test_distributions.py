"""Distributions: quantiles of three points, observations, what is left of a wait."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, triang

from hongtu.engines.schedule.risk import Empirical, Fixed, Pert, Quantiles, Remaining, Triangular
from hongtu.engines.schedule.risk.distributions import SCORES, DistributionError, tabulate

SHARES = np.linspace(0.01, 0.99, 25)
THREE = st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(0.1, 50))


@given(THREE)
def test_three_point_quantiles_equal_scipys(points: tuple[float, float, float]) -> None:
    low, likely, high = points[0], points[0] + points[1], points[0] + points[1] + points[2]
    span, place = high - low, (likely - low) / (high - low)
    expected = triang.ppf(SHARES, place, low, span)
    assert Triangular(low, likely, high).quantile(SHARES) == pytest.approx(expected, abs=1e-6 * span)
    expected = beta.ppf(SHARES, 1 + 4 * place, 5 - 4 * place, low, span)
    assert Pert(low, likely, high).quantile(SHARES) == pytest.approx(expected, abs=1e-6 * span)


@given(THREE)
def test_the_shared_table_is_the_quantile_function(points: tuple[float, float, float]) -> None:
    low, likely, high = points[0], points[0] + points[1], points[0] + points[1] + points[2]
    from scipy.special import ndtr

    table = tabulate([Pert(low, likely, high), Triangular(low, likely, high), Fixed(3)])
    inside = np.abs(SCORES) < 3
    exact = Pert(low, likely, high).quantile(ndtr(SCORES))
    assert np.abs(table[0] - exact)[inside].max() < 1e-3 * (high - low) + 1e-4
    assert (np.diff(table, axis=1) >= -1e-4).all()
    assert (table[2] == 3).all()


def test_what_is_left_of_a_wait_grows_with_the_wait_already_had() -> None:
    whole = Empirical((5, 6, 7, 8, 30, 40))
    fresh, late = Remaining(whole, 0).quantile(0.5), Remaining(whole, 20).quantile(0.5)
    assert float(fresh) == pytest.approx(7.5, abs=0.5)
    assert 8 < float(late) < 20
    assert float(Remaining(whole, 99).quantile(0.9)) == 1.0


def test_impossible_spreads_are_refused() -> None:
    for wrong in (lambda: Triangular(5, 4, 6), lambda: Pert(-1, 2, 3), lambda: Fixed(float("inf"))):
        with pytest.raises(DistributionError):
            wrong()
    with pytest.raises(DistributionError):
        Empirical(())
    with pytest.raises(DistributionError):
        Quantiles((0.1, 0.9), (5, 4))
