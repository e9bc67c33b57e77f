"""Law: the control strip is read with an effort, which men, light and the size of the group make what they should.

A group crosses one raked line on open ground; a patrol that sees nothing drives round a ring on which the line lies.
How often it comes past while the tracks last is counted over all its places, from the geometry alone. The share found
is compared with the closed form over drawn men, light and sizes; a right model is refused in one of a thousand tests.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from law_cases import Estimate, bound, played, share
from small_case import open_field

CASES, REPLICATIONS = 16, 1000
RING, PLACE_KM, SPEED_KMH, NEAR_KM, LASTING_MIN = [[3.0, 8.0], [9.0, 8.0], [6.0, 9.9]], 3.0, 30.0, 0.3, 60
NIGHT_PACE = 0.9
GROUP = {"pace_low": 0.9, "pace_high": 0.9, "night_pace": 1.0, "lies_up": False}


def passages(speed_kmh: float) -> np.ndarray:
    """How often the patrol comes past (6, 8), three kilometres on, in the hour in which tracks last: many phases."""
    length_km = sum(math.dist(RING[place], RING[place - 1]) for place in range(3))
    phase_km = (np.arange(20_000) + 0.5) / 20_000 * length_km
    along_km = (phase_km[:, None] + speed_kmh / 60.0 * np.arange(LASTING_MIN + 1)) % length_km
    beside = np.abs(along_km - PLACE_KM) <= NEAR_KM
    return beside[:, 0] + (beside[:, 1:] & ~beside[:, :-1]).sum(axis=1)


def case_of(number: int) -> tuple[dict[str, Any], float]:
    """Changes of the open field, and the share that must be found."""
    rng = np.random.default_rng([23, number])
    men, size, by_night = int(rng.integers(0, 13)), int(rng.integers(1, 61)), bool(number % 2)
    probability, night_factor, exponent = (round(float(rng.uniform(0.1, 0.9)), 3) for _ in range(3))
    patrol = {"name": "ring", "track": RING, "mode": "loop", "speed_kmh": SPEED_KMH, "responders": men}
    strip = {"present": True, "lines": [RING[:2]], "near_km": NEAR_KM, "lasting_hours": LASTING_MIN / 60}
    changes: dict[str, Any] = {
        "posts": [],
        "patrols": [{**patrol, "range_km": 0.0, "duty_share": 1.0}],
        "control_strip": {**strip, "find_probability": probability, "night_factor": night_factor},
        "command.night_pace": NIGHT_PACE,
        "infiltrators.size_exponent": exponent,
        "infiltrators.standard_size": 15.0,
        "light.start": "2019-11-03T21:00" if by_night else "2019-11-03T08:00",
        **{f"infiltrators.groups.0.{key}": value for key, value in {**GROUP, "size": size}.items()},
    }
    effort = men / 5 * (night_factor if by_night else 1.0) * (size / 15.0) ** exponent
    past = passages(SPEED_KMH * (NIGHT_PACE if by_night else 1.0))
    return changes, 1.0 - float(np.mean((1.0 - probability) ** (effort * past)))


def test_tracks_are_found_as_often_as_the_effort_says() -> None:
    found = []
    for number in range(CASES):
        changes, expected = case_of(number)
        rows = played(open_field(**changes), "without", REPLICATIONS)
        assert set(rows["detected_how"]) <= {"", "tracks"}, number
        error = math.sqrt(expected * (1.0 - expected) / REPLICATIONS)
        found.append(Estimate(share(rows, "detected").value - expected, error))
    assert max(abs(each.z) for each in found) < bound(CASES, sides=2), found
    assert passages(NIGHT_PACE * SPEED_KMH).min() >= 2
