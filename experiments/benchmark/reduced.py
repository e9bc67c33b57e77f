"""The reduced case: what all contestants play, and the tables, draws and places that the hand-written ones share.

Groups march over level, bare ground without a river, straight from south to north, by everlasting day. Posts and
patrols watch with sensors of a constant rate. Nobody is sent, nothing is shared, there is no interior: who detects
whom, and when, is all that happens. Neither the light nor the size of a group makes any difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.rules.movement import along_track, between_samples, gap_km, nearest_sample
from sim.rules.randomness import Purpose, entity, pair, replication_key, threshold, uniform
from sim.rules.sensing import DAY, visibility
from sim.scenario import Scenario
from sim.scenario.scenario import validate
from sim.world import Tables, World, build_world
from sim.world.hazards import METRES
from sim.world.track import SAMPLE_KM

ARM = "without"
EXTENT_KM = 12.0
WALK_MIN = 300
"""More than a group needs for its way; the last departure is so long before the horizon."""

GOLDEN = 0.6180339887
DAY_SENSOR = {
    "law": "constant_rate",
    "rate_per_hour": 3.0,
    "twilight_factor": 1.0,
    "night_factor": 1.0,
    "weather_sensitivity": 0.0,
}

Sighting = tuple[str, str, int]
"""Name of a group, of the sentinel that detected it first, and the minute; an empty name and -1 if none did."""

Story = list[Sighting]
"""What a replication comes to: one sighting a group, in the order of the groups."""


# -- the scenario ---------------------------------------------------------------------------------------------------


def reduced_scenario(
    groups: int = 10, posts: int = 5, patrols: int = 6, cells: int = 60, horizon: int = 600
) -> Scenario:
    """The reduced case; `cells` are those along one side of the ground, whose extent stays the same."""
    return validate(
        {
            "name": "reduced",
            "terrain": {
                "source": "flat",
                "width_km": EXTENT_KM,
                "height_km": EXTENT_KM,
                "cell_m": 1000 * EXTENT_KM / cells,
            },
            "light": _everlasting_day(),
            "sensors": {"eye": DAY_SENSOR},
            "posts": [_post(number, posts) for number in range(posts)],
            "outpost": {"name": "unbuilt", "x_km": 6.0, "y_km": 6.0, "range_km": 0.0, "responders": 0},
            "patrols": [_patrol(number, patrols) for number in range(patrols)],
            "reaction_force": {"x_km": 6.0, "y_km": 11.0, "responders": 0},
            "command": {
                "sharing_radius_km": 0.0,
                "cue_interior": False,
                "watches_far_bank": False,
                "night_pace": 1.0,
                "vehicle_night_pace": 1.0,
            },
            "infiltrators": {
                "behaviour": "unaware",
                "size_exponent": 0.0,
                "groups": [_group(number, groups, horizon) for number in range(groups)],
            },
            "control_strip": {"present": False},
            "inland": {"enabled": False},
            "arms": {ARM: {}},
            "baseline": ARM,
            "horizon_min": horizon,
        }
    )


def _everlasting_day() -> dict[str, Any]:
    # The last minute of each day counts as dusk, which takes nothing from these sensors and does not slow a march.
    weather = [{"name": "clear", "probability": 1.0, "visibility": 1.0}]
    return {"start": "2019-11-03T08:00", "sunrise": "00:00", "sunset": "23:59", "twilight_min": 1, "weather": weather}


def _spread(number: int, count: int, low: float, high: float) -> float:
    return low + (high - low) * (number + 0.5) / count


def _group(number: int, count: int, horizon: int) -> dict[str, Any]:
    x_km = _spread(number, count, 1.0, EXTENT_KM - 1.0)
    return {
        "name": f"group_{number}",
        "size": 8,
        "start_x_km": x_km,
        "start_y_km": 0.5,
        "target_x_km": x_km,
        "target_y_km": EXTENT_KM - 0.5,
        "depart_earliest_min": 1,
        "depart_latest_min": horizon - WALK_MIN,
        "lies_up": False,
        "inland": False,
    }


def _post(number: int, count: int) -> dict[str, Any]:
    return {
        "name": f"post_{number}",
        "x_km": _spread(number, count, 1.0, EXTENT_KM - 1.0),
        "y_km": 2.0 + 8.0 * (number * GOLDEN % 1.0),
        "sensors": ["eye"],
        "range_km": 1.2,
        "staffing": 1.0,
        "responders": 0,
        "false_alarms_per_day": 0.0,
    }


def _patrol(number: int, count: int) -> dict[str, Any]:
    west, y_km = 0.5 + 7.0 * (number * GOLDEN % 1.0), _spread(number, count, 2.0, 10.0)
    return {
        "name": f"patrol_{number}",
        "track": [[west, y_km], [west + 4.0, y_km]],
        "duty_share": 1.0,
        "sensor": "eye",
        "range_km": 0.8,
        "responders": 0,
    }


# -- the tables -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class March:
    """What a group brings along, and its route step by step.

    Attributes
    ----------
    spots:
        Position of each step's cell in the lines of sight.
    visible:
        How visible the group is at each step.
    post_metres:
        Metres to each post at each step; more than any sensor reaches where there is no line of sight.
    """

    name: str
    entity: int
    depart_from: int
    depart_until: int
    pace_low: float
    pace_high: float
    x_km: list[float]
    y_km: list[float]
    spots: list[int]
    visible: list[float]
    post_metres: list[list[int]]

    @property
    def steps(self) -> int:
        """Steps from the start to the target."""
        return len(self.x_km) - 1


@dataclass(frozen=True)
class Lookout:
    """A post: who it is, and its rate at each metre of distance."""

    name: str
    entity: int
    rates: list[float]


@dataclass(frozen=True)
class Walk:
    """A patrol's track, with what can be seen from each of its stands, and its rate at each metre of distance."""

    name: str
    entity: int
    speed_kmh: float
    length_km: float
    x_km: list[float]
    y_km: list[float]
    sight: list[list[bool]]
    rates: list[float]

    def along(self, minute: int, offset_km: float) -> float:
        """Kilometres along the track at a minute."""
        return along_track(minute, offset_km, self.speed_kmh, self.length_km, False)

    def place(self, along_km: float) -> tuple[float, float]:
        """Where on the ground that is."""
        first, part = between_samples(along_km, SAMPLE_KM, len(self.x_km), self.length_km)
        x, y = self.x_km, self.y_km
        return x[first] + part * (x[first + 1] - x[first]), y[first] + part * (y[first + 1] - y[first])

    def stand(self, along_km: float) -> int:
        """The stand nearest to that."""
        return nearest_sample(along_km, SAMPLE_KM, len(self.x_km))


def metre_between(east_km: float, north_km: float) -> int:
    """Whole metres of a distance, by which the rates of patrols are looked up."""
    return int(gap_km(east_km, north_km) * METRES)


@dataclass(frozen=True)
class Reduced:
    """Plain tables of the reduced case."""

    horizon_min: int
    marches: tuple[March, ...]
    posts: tuple[Lookout, ...]
    walks: tuple[Walk, ...]


def reduced_tables(scenario: Scenario, tables: Tables | None = None) -> Reduced:
    """The plain tables. All that is known here of the insides of a World is in this function and the three below."""
    world = build_world(scenario, ARM, tables)
    return Reduced(
        horizon_min=scenario.horizon_min,
        marches=tuple(_march(world, number, group) for number, group in enumerate(scenario.infiltrators.parties)),
        posts=tuple(_lookout(world, number) for number in range(len(scenario.all_posts))),
        walks=tuple(_walk(world, number) for number in range(len(scenario.patrols))),
    )


def _march(world: World, number: int, group: Any) -> March:
    # Any, because a party may leave its pace and signature to its kind; those of a scenario have them filled in.
    (route,) = world.routes[number]
    return March(
        name=group.name,
        entity=entity(group.name),
        depart_from=group.depart_earliest_min,
        depart_until=group.depart_latest_min,
        pace_low=group.pace_low,
        pace_high=group.pace_high,
        x_km=route.x_km.tolist(),
        y_km=route.y_km.tolist(),
        spots=world.route_spots(number, 0).tolist(),
        visible=[visibility(group.signature, 1.0, hidden) for hidden in world.concealment(number, 0).tolist()],
        post_metres=world.post_metres(number, 0).T.tolist(),
    )


def _lookout(world: World, number: int) -> Lookout:
    name = world.scenario.all_posts[number].name
    return Lookout(name, entity(name), world.post_rates(number, 0)[DAY].tolist())


def _walk(world: World, number: int) -> Walk:
    patrol, (track,) = world.scenario.patrols[number], world.patrol_tracks[number]
    ground = world.tracks[track]
    return Walk(
        name=patrol.name,
        entity=entity(patrol.name),
        speed_kmh=patrol.speed_kmh,
        length_km=ground.length_km,
        x_km=ground.x_km.tolist(),
        y_km=ground.y_km.tolist(),
        sight=world.patrol_sight[track].tolist(),
        rates=world.patrol_rates(number, 0)[DAY].tolist(),
    )


# -- the luck -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Luck:
    """The keyed draws of one replication: the same numbers that the project's model draws for the same purposes."""

    run_key: int

    @classmethod
    def of(cls, seed: int, replication: int) -> Luck:
        """That of one replication of a seed."""
        return cls(replication_key(seed, replication))

    def departure(self, march: March) -> int:
        """Minute in which the group sets out."""
        span = march.depart_until + 1 - march.depart_from
        return march.depart_from + int(span * uniform(self.run_key, march.entity, Purpose.DEPARTURE))

    def pace(self, march: March) -> float:
        """Steps of its route that the group takes in a minute."""
        draw = uniform(self.run_key, march.entity, Purpose.PACE)
        return march.pace_low + draw * (march.pace_high - march.pace_low)

    def offset_km(self, walk: Walk) -> float:
        """Where the patrol is at minute 0; the way back counts from the length on."""
        return 2 * walk.length_km * uniform(self.run_key, walk.entity, Purpose.PATROL_PHASE, 0)

    def patience(self, march: March, sentinel: int) -> int:
        """Hazard that a sentinel needs to detect the group, in units of 2^-32."""
        return threshold(self.run_key, pair(march.entity, sentinel), Purpose.DETECTION)
