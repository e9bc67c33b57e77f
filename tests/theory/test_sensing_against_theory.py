"""The sensing of the simulation against search theory: one group past one post, and the whole chain by enumeration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hazard_table import hazards as hazard_table
from numpy.typing import NDArray
from small_case import open_field

from sim.model import BorderModel, Group, Patrol
from sim.rules.movement import along_track
from sim.rules.randomness import UNIT, Purpose, entity, pair, replication_key, threshold, uniform
from sim.rules.sensing import NIGHT, detection_rate, hazard_units
from sim.scenario.group import Group as GroupSettings
from sim.scenario.light import Weather
from sim.scenario.post import Post, Sensor
from sim.theory import (
    lateral_range_constant_rate,
    lateral_range_definite_range,
    lateral_range_inverse_cube,
)
from sim.world import World, build_world
from sim.world.hazards import marching_hazards, rates_by_metre, working_sensors
from sim.world.views import Steps, views_along

RANGE_KM, RATE, SPEED_KMH = 2.0, 3.0, 3.0
CLEAR = Weather(name="clear", probability=1.0, visibility=1.0)
OFFSETS = (0.0, 0.5, 1.0, 1.5, 1.9)
TRIALS = 4_000
# Every z-score below comes from TRIALS runs with fixed seeds. There are 11 of them, each rejected at |z| > 3.5:
# a right program fails with probability 11 x 4.7e-4 = 0.5 %, once and for all, since the seeds do not change.
WORST_Z = 3.5


def hazards_past_a_post(law: str, offset_km: float, shift: float = 0.5) -> NDArray[np.int64]:
    """Hazard of each minute for a group that walks straight past a post at a distance, shape (minutes,)."""
    sensor = Sensor(law=law, rate_per_hour=RATE, night_factor=1.0)
    post = Post(name="post", x_km=0.0, y_km=0.0, sensors=("only",), range_km=RANGE_KM, staffing=1.0)
    x = (np.arange(-400, 401) + shift) * SPEED_KMH / 60
    nothing, ends = np.zeros(len(x)), np.array([0, len(x)])
    steps = Steps(ends, x, nothing + offset_km, nothing.astype(np.int64), nothing, ends[:1])
    metres = views_along(steps, post.x_km, post.y_km, np.ones((1, 1), dtype=bool)).metre
    rates = rates_by_metre(working_sensors(post, {"only": sensor}), post.staffing * post.readiness, CLEAR)
    return marching_hazards(rates[NIGHT], metres, np.ones(len(x)))


def share_detected(hazards: NDArray[np.int64], who: str) -> float:
    """Share of TRIALS runs in which the summed hazard passes the threshold."""
    total = int(hazards.sum())
    key = pair(entity(who), entity("post"))
    return sum(threshold(replication_key(21, r), key, Purpose.DETECTION) <= total for r in range(TRIALS)) / TRIALS


def z_score(share: float, exact: float) -> float:
    return (share - exact) / math.sqrt(exact * (1 - exact) / TRIALS)


@pytest.mark.parametrize("offset_km", OFFSETS)
def test_constant_rate_past_a_post(offset_km: float) -> None:
    """1 - exp(-2 q sqrt(R^2 - x^2) / v); minutes cut the chord to within one of its ends."""
    exact = float(lateral_range_constant_rate(offset_km, RANGE_KM, RATE, SPEED_KMH))
    summed = hazards_past_a_post("constant_rate", offset_km)
    chord_min = 60 * 2 * math.sqrt(RANGE_KM**2 - offset_km**2) / SPEED_KMH
    assert abs((summed > 0).sum() - chord_min) <= 1
    model = -math.expm1(-int(summed.sum()) / UNIT)
    assert abs(model - exact) <= RATE / 60 * (1 - exact) * 1.05
    assert abs(z_score(share_detected(summed, f"walker at {offset_km}"), model)) < WORST_Z


def test_constant_rate_has_no_bias_from_the_minutes() -> None:
    """Averaged over where in its minute the group enters, the sum over minutes is the integral."""
    shifts = np.linspace(0, 1, 200, endpoint=False)
    for offset_km in OFFSETS:
        hazard = np.mean([hazards_past_a_post("constant_rate", offset_km, shift).sum() / UNIT for shift in shifts])
        assert hazard == pytest.approx(2 * RATE * math.sqrt(RANGE_KM**2 - offset_km**2) / SPEED_KMH, rel=2e-3)


@pytest.mark.parametrize("offset_km", [0.0, 1.9, 1.999, 2.001, 3.0])
def test_definite_range_past_a_post(offset_km: float) -> None:
    exact = float(lateral_range_definite_range(offset_km, RANGE_KM))
    summed = hazards_past_a_post("definite_range", offset_km, shift=0.0)
    assert exact in (0.0, 1.0)
    assert share_detected(summed, "walker") == exact


@pytest.mark.parametrize("offset_km", [0.3, 1.0, 2.5])
def test_inverse_cube_past_a_post(offset_km: float) -> None:
    """K = 2 q R^3 / v over an endless path; the cut-off at 3 R takes the factor sqrt(1 - (x / 3R)^2) of the hazard."""
    coefficient = 2 * RATE * RANGE_KM**3 / SPEED_KMH
    endless = float(lateral_range_inverse_cube(offset_km, coefficient))
    cut = -math.expm1(-coefficient / offset_km**2 * math.sqrt(1 - (offset_km / (3 * RANGE_KM)) ** 2))
    summed = hazards_past_a_post("inverse_cube", offset_km)
    model = -math.expm1(-int(summed.sum()) / UNIT)
    assert model == pytest.approx(cut, rel=2e-3)
    assert cut <= endless
    if 0.001 < model < 0.999:
        assert abs(z_score(share_detected(summed, f"cube at {offset_km}"), model)) < WORST_Z
    else:
        assert share_detected(summed, f"cube at {offset_km}") == pytest.approx(endless, abs=2e-3)


# -- the whole chain of detection, by enumeration -------------------------------------------------------------------

CHAIN = {
    "posts.0.sensors": ["radar"],
    "posts.0.range_km": 1.5,
    "posts.0.x_km": 6.9,
    "posts.0.staffing": 0.6,
    "sensors.radar.rate_per_hour": 1.0,
    "posts.0.false_alarms_per_day": 0.0,
    "patrols": [
        {
            "name": "bank",
            "track": [[4.0, 5.6], [8.0, 5.6]],
            "sensor": "radar",
            "range_km": 0.8,
            "duty_share": 0.5,
            "cycle_min": 240,
            "speed_kmh": 4.0,
        }
    ],
    "infiltrators.groups.0.pace_low": 0.875,
    "infiltrators.groups.0.pace_high": 0.875,  # binary fractions, exact in sums
    "infiltrators.groups.0.night_pace": 0.75,
    "infiltrators.groups.0.lies_up": False,
    "infiltrators.spread_min": 0.0,
    "posts.0.responders": 0,
    "patrols.0.responders": 0,
    "command.cue_interior": False,
    "command.sharing_radius_km": 0,
    "light.weather": [{"name": "clear", "probability": 1.0, "visibility": 1.0}],
}
PHASES = 48


@pytest.fixture(scope="module")
def chain() -> World:
    patrols = CHAIN["patrols"]
    scenario = open_field(patrols=patrols).replace(**{key: value for key, value in CHAIN.items() if key != "patrols"})
    return build_world(scenario, "without")


def path_of(world: World, departure_min: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Minutes abroad and the step reached in each, worked from the settings."""
    settings: GroupSettings = world.scenario.infiltrators.groups[0]
    route = world.routes[0][0]
    minutes, steps, walked = [], [], 0.0
    for minute in range(departure_min, world.scenario.horizon_min + 1):
        # With nothing to cross the group is abroad in the minute of its departure, and walks from the next one on.
        if minute > departure_min:
            walked += 0.875 * (settings.night_pace if world.lights[minute] == NIGHT else 1.0)
        step = int(walked)
        if step >= route.steps:
            break
        minutes.append(minute)
        steps.append(step)
    return np.array(minutes), np.array(steps)


def patrol_hazards(world: World, departure_min: int, offsets_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hazard of each minute by a patrol always on duty, shape (offsets, minutes), from the law and the geometry."""
    minutes, steps = path_of(world, departure_min)
    route, patrol = world.routes[0][0], world.scenario.patrols[0]
    # By night it covers two thirds of what it covers by day.
    gone = np.cumsum([0.67 if light == NIGHT else 1.0 for light in world.lights]) - 1.0
    along = np.array([[along_track(gone[m], o, patrol.speed_kmh, 4.0, False) for m in minutes] for o in offsets_km])
    distance = np.hypot(route.x_km[steps] - (4.0 + along), route.y_km[steps] - 5.6)
    metre = np.floor(distance * 1000) / 1000 + 0.0005  # rates are kept by the metre
    rate = detection_rate("constant_rate", metre, patrol.range_km, 1.0)
    return np.where(metre < patrol.range_km, rate, 0.0) * hazard_units(60.0) / 60 / UNIT


def post_hazard(world: World, departure_min: int) -> float:
    minutes, steps = path_of(world, departure_min)
    lights = np.array(world.lights)[minutes]
    return float(hazard_table(world, 0, 0, 0)[lights, 0, steps, 0].sum()) / UNIT


def exact_detection(world: World) -> float:
    """1 - mean over departures of exp(-H_post) x mean over offsets and turns of duty of exp(-H_patrol)."""
    group, patrol = world.scenario.infiltrators.groups[0], world.scenario.patrols[0]
    offsets = (np.arange(PHASES) + 0.5) / PHASES * 8.0
    turns = np.arange(0, patrol.cycle_min, 5) + 2
    missed = []
    for departure in range(group.depart_earliest_min, group.depart_latest_min + 1, 4):
        hazard = patrol_hazards(world, departure, offsets)
        minutes = path_of(world, departure)[0]
        on_duty = (minutes[None, :] + turns[:, None]) % patrol.cycle_min < patrol.duty_share * patrol.cycle_min
        missed.append(math.exp(-post_hazard(world, departure)) * np.exp(-(hazard @ on_duty.T)).mean())
    return 1 - float(np.mean(missed))


def seen_in_run(world: World, run: int) -> bool:
    """Whether one replication detects the group: its departure, phases and thresholds looked up, nothing stepped."""
    group, patrol = world.scenario.infiltrators.groups[0], world.scenario.patrols[0]
    who, walker = entity(group.name), entity(patrol.name)
    departure = group.depart_earliest_min + int(
        (group.depart_latest_min + 1 - group.depart_earliest_min) * uniform(run, who, Purpose.DEPARTURE)
    )
    if threshold(run, pair(who, entity("old_post")), Purpose.DETECTION) <= post_hazard(world, departure) * UNIT:
        return True
    offset = 8.0 * uniform(run, walker, Purpose.PATROL_PHASE)
    phase = int(patrol.cycle_min * uniform(run, walker, Purpose.DUTY_PHASE))
    hazard = patrol_hazards(world, departure, np.array([offset]))[0]
    on_duty = (path_of(world, departure)[0] + phase) % patrol.cycle_min < patrol.duty_share * patrol.cycle_min
    return threshold(run, pair(who, walker), Purpose.DETECTION) <= hazard[on_duty].sum() * UNIT


def test_the_looked_up_chain_is_the_models(chain: World) -> None:
    """Replication by replication the model detects the group exactly where the look-up says so."""
    seen = []
    for replication in range(120):
        model = BorderModel(rng=31, replication=replication, world=chain)
        model.run()
        seen.append(model.rows()[0]["detected"])
        assert isinstance(model.groups[0], Group)
        assert isinstance(model.patrols[0], Patrol)
        model.release()
    by_engine = [seen_in_run(chain, replication_key(31, replication)) for replication in range(120)]
    assert by_engine == seen
    assert 20 < sum(seen) < 100


def test_first_detection_by_enumeration(chain: World) -> None:
    """The enumeration takes every fourth departure and fifth turn of duty: off by far less than a standard error."""
    exact = exact_detection(chain)
    trials = 1_500
    share = sum(seen_in_run(chain, replication_key(32, replication)) for replication in range(trials)) / trials
    assert 0.2 < exact < 0.8
    assert abs(share - exact) / math.sqrt(exact * (1 - exact) / trials) < WORST_Z
