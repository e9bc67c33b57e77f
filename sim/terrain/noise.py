"""Seeded smooth noise over the plane, the same at every resolution."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

Floats = NDArray[np.float64]

LATTICE = 128
"""Knots of the noise in either direction, after which it repeats."""


def stream(seed: int, *names: str) -> np.random.Generator:
    """A random stream of its own for each name: adding a ridge reshapes no other one."""
    return np.random.Generator(np.random.PCG64([seed, *(zlib.crc32(name.encode()) for name in names)]))


def noise(u: Floats, v: Floats, wavelength: float, rng: np.random.Generator) -> Floats:
    """Smooth noise about 0, mostly within -1 to 1: cubic splines through uniform values on a lattice.

    Parameters
    ----------
    u, v:
        Coordinates, any shape, in the unit of `wavelength`.
    wavelength:
        Distance between the knots of the lattice.
    rng:
        Drawn from once, whatever the number of points.
    """
    knots = rng.random((LATTICE, LATTICE)) * 2 - 1
    return np.asarray(map_coordinates(knots, [v / wavelength, u / wavelength], order=3, mode="grid-wrap"))


def fractal(u: Floats, v: Floats, wavelength: float, rng: np.random.Generator, octaves: int = 4) -> Floats:
    """Noise at `wavelength` and at halves of it, each half as strong; about -1 to 1."""
    total = np.zeros(np.broadcast(u, v).shape)
    for octave in range(octaves):
        total += 0.5**octave * noise(u, v, wavelength / 2**octave, rng)
    return total / (2 - 0.5 ** (octaves - 1))
