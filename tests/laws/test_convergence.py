"""A law of convergence: halving the cell changes the outpost's effect by no more than it did the time before.

Within three standard errors of the difference of the two changes, so that a law that holds is refused with probability
0.0014 at most; the same runs, by keyed random numbers, on each grid, with seeds fixed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from small_case import default_case

from sim.outcomes import in_words, interdicted
from sim.study.replications import Replications, build_worlds

NUMBER = 4000


def effect(cell_m: float) -> NDArray[np.float64]:
    """Of each run: whether the group is stopped with the outpost, less whether it is without."""
    case = default_case().replace(**{"infiltrators.behaviour": "unaware", "terrain.cell_m": cell_m})
    arms = ("without", "with_outpost")
    rows = in_words(Replications(build_worlds(case, arms), 1).run(0, NUMBER))
    before, after = (interdicted(rows[rows["arm"] == arm]).to_numpy(dtype=float) for arm in arms)
    return np.asarray(after - before)


def test_halving_the_cell_changes_the_effect_less_than_before() -> None:
    coarse, usual, fine = effect(500.0), effect(250.0), effect(125.0)
    first, second = usual - coarse, fine - usual
    error = math.hypot(float(first.std()), float(second.std())) / math.sqrt(NUMBER)
    assert abs(second.mean()) <= abs(first.mean()) + 3.0 * error
