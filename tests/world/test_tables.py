"""The memory of tables: what did not change is not computed again, and nothing is kept under too narrow a key."""

from __future__ import annotations

import numpy as np
import pytest
from hazard_table import hazards
from small_case import small_case

from sim.world import Tables, World, build_world
from sim.world.tables import content_digest

PATROL = {"name": "riders", "track": [[1.0, 8.0], [4.0, 8.0]], "vehicle": True}
MAST = {"name": "mast", "x_km": 3.0, "y_km": 8.0, "height_m": 20.0}


@pytest.fixture
def tables() -> Tables:
    kept = Tables()
    build_world(small_case(), "without", kept)
    return kept


def rebuilt(tables: Tables, arm: str = "without", **changes: object) -> dict[str, int]:
    """What a changed scenario has to build beside what is kept."""
    before = tables.built.copy()
    build_world(small_case(**changes), arm, tables)
    return dict(tables.built - before)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"command.report_delay_min": 50},
        {"command.sharing_radius_km": 0},
        {"posts.0.range_km": 4.0},
        {"posts.0.staffing": 0.5},
        {"posts.0.responders": 2},
        {"patrols.0.range_km": 2.0},
        {"reaction_force.notice_min": 5},
        {"infiltrators.aversion": 500.0},
        {"infiltrators.groups.0.size": 30},
        {"posts.0.days_open": 1.0},
        {"sensors.thermal.rate_per_hour": 9.0},
        {"light.sunset": "18:30"},
        {"patrols.0.duty_share": 0.9},
    ],
    ids=str,
)
def test_what_changes_neither_ground_nor_places_builds_nothing(tables: Tables, changes: dict[str, object]) -> None:
    assert rebuilt(tables, **changes) == {}


def test_an_added_outpost_traces_and_travels_for_itself_only(tables: Tables) -> None:
    assert rebuilt(tables, "with_outpost") == {"sight": 1, "travel": 1}


def test_a_moved_outpost_traces_and_travels_for_itself_only(tables: Tables) -> None:
    rebuilt(tables, "with_outpost")
    assert rebuilt(tables, "with_outpost", **{"outpost.x_km": 3.5}) == {"sight": 1, "travel": 1}


def test_a_taller_outpost_only_looks_again(tables: Tables) -> None:
    rebuilt(tables, "with_outpost")
    assert rebuilt(tables, "with_outpost", **{"outpost.height_m": 30.0}) == {"sight": 1}


def test_an_added_patrol_traces_and_travels_for_itself_only(tables: Tables) -> None:
    changes = {"arms.rival": {"add_patrols": [PATROL]}}
    assert rebuilt(tables, "rival", **changes) == {"sight": 1, "travel": 1}


TOLD = {
    "terrain.cell_m": 500.0,
    "terrain.cover.open.foot_factor": 0.8,
    "terrain.refraction": False,
    "infiltrators.groups.0.start_x_km": 5.0,
    "infiltrators.raft_min": 40,
    "infiltrators.crossing_spacing_km": 1.0,
    "infiltrators.groups.0.keeps_off_paths": False,
    "infiltrators.ways": [{"name": "east", "x_km": 9.0, "y_km": 9.0}],
    "posts.0.vehicle": False,
    "posts.0.x_km": 9.0,
    "posts.0.height_m": 1.0,
    "patrols.0.vehicle": True,
    "patrols.0.track": [[2.0, 5.6], [6.0, 5.6]],
    "patrols.0.mode": "loop",
    "reaction_force.x_km": 3.0,
    "reaction_force.vehicle": False,
}


def every_table(world: World) -> dict[str, np.ndarray]:
    """All tables of a World as arrays."""
    told = {"spots": world.spots, "post_sight": world.post_sight, "post_travel": world.post_travel}
    told["force_travel"] = world.force_travel
    told |= {f"patrol_sight_{i}": table for i, table in enumerate(world.patrol_sight)}
    told |= {f"patrol_travel_{i}": table for i, table in enumerate(world.patrol_travel)}
    told |= {f"track_{i}": np.array([track.x_km, track.y_km]) for i, track in enumerate(world.tracks)}
    told["hazards"] = np.concatenate([hazards(world, 0, r, 0).ravel() for r in range(len(world.routes[0]))])
    told["minutes"] = world.route_minutes(0)
    return told


@pytest.mark.parametrize("key", TOLD)
def test_a_world_from_kept_tables_is_the_world_built_anew(tables: Tables, key: str) -> None:
    """A table kept under too narrow a key would come back stale."""
    changed = small_case(**{key: TOLD[key]})
    kept, fresh = (every_table(build_world(changed, "without", memory)) for memory in (tables, None))
    assert kept.keys() == fresh.keys()
    for name, table in fresh.items():
        np.testing.assert_array_equal(kept[name], table, err_msg=name)


def test_the_oldest_table_is_forgotten_first() -> None:
    kept = Tables(limit=2)
    for content in (1, 2, 1, 3, 1, 2):
        assert kept.get("square", (content,), lambda content=content: content**2) == content**2
    assert kept.built["square"] == 4  # 1, 2, 3, and 2 again, which was the one not asked for longest


def test_content_digests_tell_values_types_and_shapes_apart() -> None:
    contents = [
        (1, 2),
        (12,),
        (2, 1),
        ("1", "2"),
        (np.arange(4),),
        (np.arange(4).reshape(2, 2),),
        (np.arange(4.0),),
        (np.arange(4).astype(np.int32),),
        ([1, 2],),
        (1, 2, None),
    ]
    assert len({content_digest(content) for content in contents}) == len(contents)
    assert content_digest((np.arange(8)[::2],)) == content_digest((np.array([0, 2, 4, 6]),))


def test_a_check_that_was_passed_is_not_made_again() -> None:
    tables, made = Tables(), []
    for content in (1, 1, 2, 1):
        tables.once("places", (content,), lambda content=content: made.append(content))
    assert made == [1, 2]
    with pytest.raises(ValueError, match="wrong"):
        tables.once("places", (3,), lambda: (_ for _ in ()).throw(ValueError("wrong")))
    tables.once("places", (3,), lambda: made.append(3))
    assert made == [1, 2, 3]


def test_the_digest_of_the_ground_is_told_by_its_values() -> None:
    tables, case = Tables(), small_case()
    first = tables.ground_digest(case.terrain)
    assert tables.ground_digest(case.terrain) == first
    assert tables.ground_digest(small_case().terrain) == first
    assert tables.ground_digest(small_case(**{"terrain.cell_m": 400}).terrain) != first


def test_the_digest_of_cells_is_told_by_their_values() -> None:
    tables, cells = Tables(), np.arange(50)
    first = tables.cells_digest(cells)
    assert tables.cells_digest(cells) == first == tables.cells_digest(np.arange(50))
    assert tables.cells_digest(cells) == first
    assert tables.cells_digest(np.arange(51)) != first
