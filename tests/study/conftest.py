"""Comparisons to draw: real ground at a coarse grid, and outcome rows made up so that they hold every awkward case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.outcomes import to_frame
from sim.scenario import Scenario
from sim.scenario.load import load_scenario
from sim.study.compare.result import Comparison
from sim.study.replications import build_worlds
from sim.world import World

ARMS = ("without", "with_outpost", "communications")
FLAT = (
    "terrain=flat",
    "control_strip.present=false",
    "posts=[]",
    "patrols=[]",
    "sectors=[]",
    "infiltrators.ways=[]",
    "terrain.cell_m=1000",
    "outpost.x_km=12",
    "outpost.y_km=12",
    "reaction_force.x_km=20",
    "reaction_force.y_km=20",
    "inland.enabled=false",
    "command.sharing_radius_km=0",
    "infiltrators.groups=[{name: one, kind: migrants, size: 5, start_x_km: 2, start_y_km: 2, target_x_km: 20,"
    " target_y_km: 20}, {name: two, kind: smugglers, size: 3, start_x_km: 2, start_y_km: 5, target_x_km: 20,"
    " target_y_km: 18}]",
)

Outcomes = Callable[[int, str], str]


def some_stopped(replication: int, arm: str) -> str:
    """Every third is stopped everywhere; with the outpost two more in ten, and one in ten less."""
    if arm == "with_outpost" and replication % 10 in (1, 2):
        return "captured"
    if arm == "with_outpost" and replication % 10 == 3:
        return "reached"
    return "captured" if replication % 3 == 0 else "reached"


def made_up_rows(worlds: Sequence[World], replications: int, outcome: Outcomes = some_stopped) -> pd.DataFrame:
    """Rows whose outcome is `outcome(replication, arm)`; whoever is stopped was detected and met on the grid."""
    rows = []
    for replication in range(replications):
        for world in worlds:
            for index, group in enumerate(world.scenario.infiltrators.groups):
                rows.append(_row(world, index, group, replication, outcome(replication, world.arm)))
    return to_frame(rows)


def _row(world: World, index: int, group: Any, replication: int, outcome: str) -> dict[str, Any]:
    route = world.routes[index][replication % len(world.routes[index])]
    crossing = world.crossings[route.crossing]
    stopped = outcome in ("killed", "captured", "turned_back")
    inland = replication % 3 == 2
    x = float(route.x_km[-1]) if stopped and not inland else np.nan
    y = float(route.y_km[-1]) if stopped and not inland else np.nan
    sectors = [s.name for s in world.scenario.sectors if s.west_km <= crossing.x_km < s.east_km]
    return {
        "replication": replication,
        "arm": world.arm,
        "group": group.name,
        "kind": group.kind,
        "size": group.size,
        "crossing": crossing.name,
        "way": world.way_name(route.way),
        "crossing_x_km": crossing.x_km,
        "crossing_y_km": crossing.y_km,
        "sector": (*sectors, "")[0],
        "weather": "clear",
        "departed_min": 100,
        "crossed_min": 300,
        "hidden_min": 0,
        "detected": stopped,
        "detected_by": "post" if stopped else "",
        "detected_how": "sight" if stopped else "",
        "detected_min": 400 if stopped else -1,
        "cued_from": "",
        "cued_min": -1,
        "dispatched_min": -1,
        "intercepted": stopped,
        "intercepted_by": "post" if stopped else "",
        "intercepted_min": 500 if stopped else -1,
        "mechanism": ("unprompted" if inland else "own") if stopped else "",
        "x_km": x,
        "y_km": y,
        "depth_km": 4.0 if stopped else np.nan,
        "warned": False,
        "outcome": outcome,
        "ended_min": 500 if stopped else 900,
        "killed": 0,
        "captured": group.size if stopped else 0,
        "escaped": 0 if stopped else group.size,
        "own_killed": 0,
        "false_alarms": 1,
        "dispatches": 1,
        "patrol_hours": 10.0,
        "cost_usd": world.cost_usd,
    }


@pytest.fixture(scope="session")
def rows_of() -> Callable[..., pd.DataFrame]:
    """`made_up_rows`, for tests that need rows of their own."""
    return made_up_rows


@pytest.fixture(scope="session")
def hills() -> tuple[Scenario, tuple[World, ...]]:
    """The default case on cells of a kilometre, and its worlds."""
    scenario = load_scenario(overrides=["terrain.cell_m=1000"])
    return scenario, build_worlds(scenario, ARMS)


@pytest.fixture(scope="session")
def plain_ground() -> tuple[Scenario, tuple[World, ...]]:
    """Level ground without river, posts, patrols and sectors, with two groups, one of migrants."""
    scenario = load_scenario(overrides=list(FLAT))
    return scenario, build_worlds(scenario, ARMS[:2])


@pytest.fixture(scope="session")
def comparison(hills: tuple[Scenario, tuple[World, ...]]) -> Comparison:
    """Sixty replications with all four cells of the ledger filled."""
    scenario, worlds = hills
    return Comparison(scenario, worlds, made_up_rows(worlds, 60, some_stopped), 7, "ab" * 32)
