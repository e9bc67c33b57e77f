"""Critical values against scipy's distributions."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from sim.statistics.quantile import normal_quantile, t_quantile


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
def test_quantiles_agree_with_the_distributions(confidence: float) -> None:
    upper = 0.5 + confidence / 2
    assert normal_quantile(confidence) == pytest.approx(stats.norm.ppf(upper), rel=1e-12)
    assert t_quantile(confidence, 7) == pytest.approx(stats.t.ppf(upper, 7), rel=1e-10)


def test_t_without_degrees_of_freedom_is_undefined() -> None:
    assert math.isnan(t_quantile(0.95, 0))
    assert math.isnan(t_quantile(0.95, -1))


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.1, 95, math.nan])
def test_a_confidence_outside_the_open_unit_interval_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        normal_quantile(confidence)
    with pytest.raises(ValueError, match="confidence"):
        t_quantile(confidence, 3)
