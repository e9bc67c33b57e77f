"""Variance reduction against its covariance form and in the corners."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.statistics.variance import variance_reduction


def test_it_is_the_ratio_with_and_without_covariance() -> None:
    rng = np.random.default_rng(5)
    shared = rng.normal(size=400)
    y1, y0 = shared + rng.normal(size=400), shared + rng.normal(size=400)
    covariance = np.cov(y1, y0)
    independent = covariance[0, 0] + covariance[1, 1]
    assert variance_reduction(y1, y0) == pytest.approx(independent / (independent - 2 * covariance[0, 1]))


def test_uncorrelated_is_one_and_opposed_is_a_half_by_hand() -> None:
    assert variance_reduction([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(1.0)
    assert variance_reduction([0, 1], [1, 0]) == pytest.approx(0.5)


def test_booleans_and_corners() -> None:
    y = np.array([True, False, True])
    assert variance_reduction(y, y) == math.inf
    assert variance_reduction(y, ~y) == pytest.approx(0.5)
    assert math.isnan(variance_reduction([1, 1, 1], [0, 0, 0]))
    assert math.isnan(variance_reduction([1], [0]))
    assert math.isnan(variance_reduction([], []))


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match="shapes"):
        variance_reduction([1, 0], [1, 0, 1])
