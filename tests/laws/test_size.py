"""L4, size shows: the larger a group, the sooner it is detected, as (size / standard size)^exponent says.

Played by the compiled engine. Only the closed form is statistical: 12 shares within 4 standard errors of it, so that a
law that holds fails in fewer than one of 1,000 choices of the seed, which is fixed.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_case import RADAR, open_field, small_case

from sim.outcomes import in_words
from sim.scenario import Scenario
from sim.study.replications import Replications, build_worlds
from sim.world import Tables

SIZES = (1, 5, 20, 40)
SIZE, EXPONENT = "infiltrators.groups.0.size", "infiltrators.size_exponent"
TABLES = Tables()


def played(case: Scenario, replications: int, arm: str = "with_outpost") -> pd.DataFrame:
    return in_words(Replications(build_worlds(case, (arm,), TABLES), 1).run(0, replications))


def drawn(number: int) -> Scenario:
    """A drawn case of one group that does not choose its way by what it fears."""
    rng = np.random.default_rng([4, number])
    law = str(rng.choice(["constant_rate", "logistic", "inverse_cube", "exponential"]))
    keys: dict[str, Any] = {
        "sensors.thermal.law": law,
        "sensors.thermal.rate_per_hour": float(rng.uniform(0.5, 4.0)),
        "sensors.thermal.powered": bool(rng.integers(2)),
        "posts.0.power_cuts_per_day": float(rng.uniform(0, 8)),
        "outpost.range_km": float(rng.uniform(1.0, 4.0)),
        "patrols.0.range_km": float(rng.uniform(0.2, 1.5)),
        "patrols.0.duty_share": float(rng.uniform(0.2, 1.0)),
        "terrain.cover.open.concealment": float(rng.uniform(0, 0.6)),
        "light.start": f"2019-11-03T{rng.integers(10, 24):02d}:00",
        "infiltrators.behaviour": "unaware",
        "infiltrators.standard_size": float(rng.uniform(1, 20)),
        "infiltrators.groups.0.lies_up": bool(rng.integers(2)),
        "infiltrators.groups.0.rafts_by_night": bool(rng.integers(2)),
        "infiltrators.groups.0.target_x_km": float(rng.uniform(3, 9)),
    }
    return small_case(**keys)


@pytest.mark.parametrize("number", range(6))
def test_the_larger_a_group_the_sooner_it_is_detected(number: int) -> None:
    """In each single replication: thresholds are the same whatever the size, and no hazard is smaller."""
    case, detected = drawn(number), []
    for size in SIZES:
        rows = played(case.replace(**{SIZE: size, EXPONENT: 0.5}), 400)
        detected.append(rows["detected_min"].where(rows["detected"], math.inf).to_numpy(dtype=float))
    for smaller, larger in itertools.pairwise(detected):
        assert (larger <= smaller).all()
        assert (larger < smaller).any()


@pytest.mark.parametrize("number", range(6))
def test_with_an_exponent_of_nought_size_changes_no_detection(number: int) -> None:
    case = drawn(number).replace(**{EXPONENT: 0.0})
    columns = ["detected", "detected_by", "detected_how", "detected_min"]
    one, *others = (played(case.replace(**{SIZE: size}), 400)[columns] for size in SIZES)
    assert one["detected"].any()
    assert all(one.equals(other) for other in others)


RATE_PER_HOUR, RANGE_KM, PLACE_KM = 0.6, 2.5, (6.0, 6.5)
STANDARD = 8.0


def watched_field(**changes: Any) -> Scenario:
    """Open, level ground without a river, with one radar of a constant rate, past which one group marches."""
    return open_field(
        **{
            "sensors.radar": {**RADAR, "rate_per_hour": RATE_PER_HOUR},
            "posts": [],
            "outpost": {
                "name": "watch",
                "x_km": PLACE_KM[0],
                "y_km": PLACE_KM[1],
                "sensors": ["radar"],
                "range_km": RANGE_KM,
                "height_m": 100.0,
                "responders": 0,
                "days_open": 1000.0,
                "staffing": 1.0,
                "readiness_at_opening": 1.0,
                "present": True,
            },
            "terrain.cover.open.concealment": 0.0,
            "infiltrators.behaviour": "unaware",
            "infiltrators.standard_size": STANDARD,
            "infiltrators.groups.0.lies_up": False,
            "infiltrators.groups.0.rafts_by_night": False,
            "infiltrators.groups.0.pace_low": 1.0,
            "infiltrators.groups.0.pace_high": 1.0,
            "infiltrators.groups.0.night_pace": 1.0,
            **changes,
        }
    )


@pytest.mark.parametrize("exponent", [0.3, 0.5, 1.0])
def test_the_chance_of_detection_is_that_of_the_closed_form(exponent: float) -> None:
    """1 - exp(-H (n / n0)^b), where H is the rate times the hours within range, counted on the route itself."""
    replications = 6000
    for size in SIZES:
        case = watched_field(**{SIZE: size, EXPONENT: exponent})
        (world,) = build_worlds(case, ("without",), TABLES)
        route = world.routes[0][0]
        within = np.hypot(route.x_km - PLACE_KM[0], route.y_km - PLACE_KM[1]) <= RANGE_KM
        hazard = RATE_PER_HOUR * within.sum() / 60.0
        expected = 1.0 - math.exp(-hazard * (size / STANDARD) ** exponent)
        share = played(case, replications, "without")["detected"].mean()
        assert 0.02 < expected < 0.999
        assert abs(share - expected) < 4 * math.sqrt(expected * (1 - expected) / replications)


def test_a_stream_of_drawn_sizes_shows_each_of_its_groups_as_large_as_it_is() -> None:
    """Groups of 1 to 40 in one stream: those of each size are detected as the closed form says of that size."""
    group = watched_field().infiltrators.groups[0].model_dump(mode="json")
    for name in ("depart_earliest_min", "depart_latest_min"):
        del group[name]
    stream = {**group, "name": "flow", "size": 1, "size_high": 40, "per_day": 200.0, "until_min": 700}
    case = watched_field(**{"infiltrators.groups": [], "infiltrators.streams": [stream], EXPONENT: 0.5})
    (world,) = build_worlds(case, ("without",), TABLES)
    route = world.routes[0][0]
    within = np.hypot(route.x_km - PLACE_KM[0], route.y_km - PLACE_KM[1]) <= RANGE_KM
    rows = played(case, 150, "without")
    rows = rows[rows["outcome"] != "at_large"]
    expected = 1.0 - np.exp(-RATE_PER_HOUR * within.sum() / 60.0 * np.sqrt(rows["size"].to_numpy() / STANDARD))
    for low, high in ((1, 5), (6, 15), (16, 30), (31, 40)):
        these = rows["size"].between(low, high).to_numpy()
        error = math.sqrt((expected[these] * (1 - expected[these])).sum())
        assert these.sum() > 500
        assert abs(rows["detected"].to_numpy()[these].sum() - expected[these].sum()) < 4 * error
