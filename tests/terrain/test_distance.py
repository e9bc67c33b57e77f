"""Distances by the compiled loop are those of an array formula, to the bit."""

from __future__ import annotations

import numpy as np

from sim.terrain.distance import distances_to_pieces


def test_distances_by_hand() -> None:
    """A corner of two pieces: beside the first, beyond its end, and beside the second."""
    start, vector = np.array([[0.0, 0.0], [4.0, 0.0]]), np.array([[4.0, 0.0], [0.0, 3.0]])
    found = distances_to_pieces(
        np.array([1.0, -3.0, 6.0]), np.array([2.0, 4.0, 2.5]), start, vector, np.array([4.0, 3.0])
    )
    assert found.tolist() == [2.0, 5.0, 2.0]


def test_they_are_those_of_an_array_formula() -> None:
    rng = np.random.default_rng(1)
    line, x, y = rng.uniform(0, 50, (40, 2)), rng.uniform(-5, 55, 500), rng.uniform(-5, 55, 500)
    start, vector = line[:-1], np.diff(line, axis=0)
    length = np.hypot(vector[:, 0], vector[:, 1])
    offset = np.stack([x, y], axis=-1)[:, None, :] - start
    t = np.clip((offset * vector).sum(axis=-1) / length**2, 0.0, 1.0)
    rest = offset - t[..., None] * vector
    expected = np.sqrt((rest**2).sum(axis=-1)).min(axis=-1)
    np.testing.assert_array_equal(distances_to_pieces(x, y, start, vector, length), expected)
