"""Small scenarios for tests: level ground with a border river through it, a post or two, a patrol, and one group."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from sim.model import BorderModel
from sim.outcomes import in_words
from sim.scenario import Scenario, load_scenario
from sim.scenario.scenario import validate
from sim.study.replications import Replications, build_worlds
from sim.world import Tables, World, build_world

EYE = {"kind": "eye", "law": "logistic", "range_km": 1.5, "rate_per_hour": 6.0, "softness": 0.15, "night_factor": 0.5}
THERMAL = {
    "kind": "thermal",
    "law": "logistic",
    "range_km": 3.0,
    "rate_per_hour": 3.0,
    "twilight_factor": 1.0,
    "night_factor": 1.0,
    "weather_sensitivity": 0.7,
}
RADAR = {
    "kind": "radar",
    "law": "constant_rate",
    "range_km": 2.0,
    "rate_per_hour": 6.0,
    "twilight_factor": 1.0,
    "night_factor": 1.0,
    "weather_sensitivity": 0.0,
}
RIVER = {"name": "the border", "kind": "border_river", "width_km": 0.3, "points": [[-1.0, 5.0], [13.0, 5.0]]}

BASE: dict[str, Any] = {
    "name": "small",
    "terrain": {"source": "flat", "width_km": 12.0, "height_km": 12.0, "cell_m": 250.0, "lines": [RIVER]},
    "light": {
        "start": "2019-11-03T17:00",
        "weather": [
            {"name": "clear", "probability": 0.7, "visibility": 1.0},
            {"name": "haze", "probability": 0.3, "visibility": 0.5},
        ],
    },
    "sensors": {"eye": EYE, "thermal": THERMAL, "radar": RADAR},
    "posts": [{"name": "old_post", "x_km": 8.0, "y_km": 6.5, "sensors": ["thermal"], "range_km": 2.0, "responders": 8}],
    "outpost": {
        "name": "new_post",
        "x_km": 4.5,
        "y_km": 6.5,
        "sensors": ["thermal"],
        "range_km": 3.0,
        "responders": 12,
        "height_m": 10.0,
    },
    "patrols": [
        {"name": "bank", "track": [[2.0, 5.6], [10.0, 5.6]], "range_km": 1.0, "duty_share": 0.5, "cycle_min": 240}
    ],
    "reaction_force": {"name": "reserve", "x_km": 6.0, "y_km": 10.5, "responders": 20, "notice_min": 15},
    "control_strip": {"lines": [[[2.0, 5.6], [10.0, 5.6]]]},
    "command": {"report_delay_min": 20},
    "infiltrators": {
        "crossing_spacing_km": 2.0,
        "raft_min": 15,
        "spread_min": 30.0,
        "standard_size": 8.0,
        "groups": [
            {
                "name": "band",
                "size": 8,
                "start_x_km": 6.0,
                "start_y_km": 2.0,
                "target_x_km": 6.0,
                "target_y_km": 11.5,
                "depart_earliest_min": 10,
                "depart_latest_min": 90,
                "inland": False,
            }
        ],
    },
    "arms": {"without": {}, "same": {}, "with_outpost": {"changes": {"outpost": {"present": True}}}},
    "horizon_min": 1500,
}
"""Where two posts, a patrol and a reserve wait for a band that crosses the border river in the dark."""


FLOW: dict[str, Any] = {
    "name": "flow",
    "size": 8,
    "start_x_km": 6.0,
    "start_y_km": 2.0,
    "target_x_km": 6.0,
    "target_y_km": 11.5,
    "inland": False,
    "per_day": 1000.0,
}
"""Some thousand groups in one run: as many draws of whatever a group draws for itself."""

TWO_WAYS = [{"name": "west", "x_km": 3.0, "y_km": 8.5}, {"name": "east", "x_km": 9.0, "y_km": 8.5}]


def flow(**changes: Any) -> dict[str, Any]:
    """Changes of the small case that put a stream of many groups in the place of its one."""
    return {"infiltrators.groups": [], "infiltrators.streams": [{**FLOW, **changes}]}


def small_data(**changes: Any) -> dict[str, Any]:
    """The small case as plain data that may be changed, some dotted keys replaced as `Scenario.replace` does."""
    return small_case(**changes).model_dump(mode="json") if changes else copy.deepcopy(BASE)


def small_case(**changes: Any) -> Scenario:
    """The small case, with some dotted keys changed."""
    scenario = validate(copy.deepcopy(BASE))
    return scenario.replace(**changes) if changes else scenario


def open_field(**changes: Any) -> Scenario:
    """The small case without a river: nothing to cross, so that there is one route, straight and of known length."""
    return small_case(**{"terrain.lines": [], "patrols": [], **changes})


def small_world(arm: str = "with_outpost", tables: Tables | None = None, **changes: Any) -> World:
    """The World of one arm of the small case."""
    return build_world(small_case(**changes), arm, tables)


def small_model(arm: str = "with_outpost", seed: int = 1, replication: int = 0, **changes: Any) -> BorderModel:
    """A model of the small case, at minute 0."""
    return BorderModel(small_case(**changes), arm, seed, replication=replication)


def small_rows(arms: tuple[str, ...], replications: int, seed: int = 1, **changes: Any) -> Any:
    """Outcome rows of some arms of the small case, ordered by replication and arm."""
    return in_words(Replications(build_worlds(small_case(**changes), arms), seed).run(0, replications))


@cache
def default_case() -> Scenario:
    """The default experiment, composed once a test session."""
    return load_scenario()


@cache
def default_tables() -> Tables:
    """Tables of the default experiment, built once a test session."""
    return Tables()


@cache
def default_world(arm: str) -> World:
    """The World of one arm of the default experiment, built once a test session."""
    return build_world(default_case(), arm, default_tables())
