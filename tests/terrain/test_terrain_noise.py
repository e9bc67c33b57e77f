"""Noise: scipy's spline through the same knots, on grids and at points, within the lattice and around it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from sim.terrain.noise import LATTICE, fractal, noise

EAST, NORTH = np.linspace(0.1, 40.0, 37)[None, :], np.linspace(30.0, 0.2, 23)[:, None]


def by_scipy(u: np.ndarray, v: np.ndarray, wavelength: float, seed: int) -> np.ndarray:
    knots = np.random.default_rng(seed).random((LATTICE, LATTICE)) * 2 - 1
    at = [part / wavelength for part in np.broadcast_arrays(v, u)]
    return np.asarray(map_coordinates(knots, at, order=3, mode="grid-wrap"))


@pytest.mark.parametrize("wavelength", [7.3, 1.1, 0.13])
@pytest.mark.parametrize(
    ("u", "v"),
    [
        (EAST, NORTH),
        (EAST + 0.1 * NORTH, NORTH - 0.2 * EAST),
        (9 * EAST.ravel() - 100.0, np.zeros(37)),
        (np.array([0.0, -1e-20, -0.5, LATTICE * 1.1]), np.array([LATTICE * 7.3, 0.0, 3.0, -1e-18])),
    ],
    ids=["grid", "bent", "line", "seams"],
)
def test_noise_is_the_spline_through_its_knots(u: np.ndarray, v: np.ndarray, wavelength: float) -> None:
    got = noise(u, v, wavelength, np.random.default_rng(4))
    wanted = by_scipy(u, v, wavelength, 4)
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


def test_a_grid_has_the_values_of_its_points() -> None:
    over_grid = fractal(EAST, NORTH, 3.0, np.random.default_rng(9))
    at_points = fractal(*np.broadcast_arrays(EAST, NORTH), 3.0, np.random.default_rng(9))
    assert np.array_equal(over_grid, at_points)


def test_noise_draws_as_often_whatever_it_is_asked() -> None:
    one, other = np.random.default_rng(1), np.random.default_rng(1)
    noise(EAST, NORTH, 2.0, one)
    noise(np.zeros(0), np.zeros(0), 2.0, other)
    assert one.random() == other.random()
