"""Seeded smooth noise over the plane, the same at every resolution."""

from __future__ import annotations

import zlib

import numpy as np

from sim.terrain import Floats, Ints
from sim.terrain.compiled import compiled, kernel

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
        Coordinates, shapes that broadcast, in the unit of `wavelength`; one row and one column make a grid, which is
        much faster than all its points.
    wavelength:
        Distance between the knots of the lattice.
    rng:
        Drawn from once, whatever the number of points.
    """
    knots = rng.random((LATTICE, LATTICE)) * 2 - 1
    # Padded by what comes after the wrap, so that no sum has to check where the lattice ends.
    filtered = np.pad(_spline_through(knots), (1, 2), mode="wrap")
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    shape = np.broadcast_shapes(u.shape, v.shape)
    out = np.empty(shape)
    if len(shape) == 2 and u.shape == (1, shape[1]) and v.shape == (shape[0], 1):
        _over_grid(filtered, *_knots(v.ravel() / wavelength), *_knots(u.ravel() / wavelength), out)
    else:
        down, across = (np.broadcast_to(part / wavelength, shape).ravel() for part in (v, u))
        _over_points(filtered, down, across, out.reshape(-1))
    return out


def fractal(u: Floats, v: Floats, wavelength: float, rng: np.random.Generator, octaves: int = 4) -> Floats:
    """Noise at `wavelength` and at halves of it, each half as strong; about -1 to 1."""
    total = np.zeros(np.broadcast(u, v).shape)
    for octave in range(octaves):
        total += 0.5**octave * noise(u, v, wavelength / 2**octave, rng)
    return total / (2 - 0.5 ** (octaves - 1))


def _spline_through(knots: Floats) -> Floats:
    """Coefficients, shape as the knots, of the cubic B-spline through values on a square lattice that wraps round.

    A value is a sixth of both neighbours' coefficients and four sixths of its own, in either direction: a convolution,
    undone by FFT. (scipy.ndimage does the same, and takes a sixth of a second to load.)
    """
    turns = 2 * np.pi * np.fft.rfftfreq(len(knots))
    half = (4 + 2 * np.cos(turns)) / 6
    whole = np.concatenate([half, half[-2:0:-1]])
    return np.asarray(np.fft.irfft2(np.fft.rfft2(knots) / np.outer(whole, half), knots.shape))


@compiled
def _over_points(filtered: Floats, v: Floats, u: Floats, out: Floats) -> None:
    """Values of the spline at points, shape (points,)."""
    for point in range(len(out)):
        row, down = _weights(v[point])
        col, across = _weights(u[point])
        total = 0.0
        for j in range(4):
            line = 0.0
            for i in range(4):
                line += filtered[row + i, col + j] * down[i]
            total += line * across[j]
        out[point] = total


@compiled
def _over_grid(filtered: Floats, row: Ints, down: Floats, col: Ints, across: Floats, out: Floats) -> None:
    """The same on a grid, shape (rows, columns): a row's four lines of knots are summed once for the row."""
    line = np.empty(filtered.shape[1])
    for r in range(len(row)):
        line[:] = 0.0
        for i in range(4):
            for knot in range(len(line)):
                line[knot] += filtered[row[r] + i, knot] * down[r, i]
        for c in range(len(col)):
            total = 0.0
            for j in range(4):
                total += line[col[c] + j] * across[c, j]
            out[r, c] = total


@compiled
def _knots(at: Floats) -> tuple[Ints, Floats]:
    """First knot (points,) and weights (points, 4) of each coordinate."""
    first, weights = np.empty(len(at), np.int64), np.empty((len(at), 4))
    for point in range(len(at)):
        first[point], (weights[point, 0], weights[point, 1], weights[point, 2], weights[point, 3]) = _weights(at[point])
    return first, weights


@kernel
def _weights(at: float) -> tuple[int, tuple[float, float, float, float]]:
    """First of the four knots around a coordinate, in the padded lattice, and the cubic B-spline's weights of them."""
    at -= LATTICE * np.floor(at / LATTICE)
    if at >= LATTICE:  # a coordinate just below 0 is rounded up to the whole round
        at = 0.0
    knot = np.floor(at)
    y = at - knot
    z = 1.0 - y
    before, after = z * z * z / 6.0, (z * z * (z - 2.0) * 3.0 + 4.0) / 6.0
    here = (y * y * (y - 2.0) * 3.0 + 4.0) / 6.0
    return int(knot), (before, here, after, 1.0 - before - here - after)
