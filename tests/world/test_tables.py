"""The memory of tables: what did not change is not computed again, and nothing is kept under too narrow a key."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hazard_table import hazards
from small_case import small_case, small_world

from sim.world import Tables, World, build_world
from sim.world.tables import KINDS, bytes_of, content_digest, digest_of, stacked

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
    return {kind: times for kind, times in (tables.built - before).items() if kind in (*KINDS, "graphs")}


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


CHANGES = {
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
    arrays = {"spots": world.spots, "post_sight": np.vstack(world.post_sights), "post_travel": world.post_travel}
    arrays["force_travel"] = world.force_travel
    arrays |= {f"patrol_sight_{i}": table for i, table in enumerate(world.patrol_sight)}
    arrays |= {f"patrol_travel_{i}": table for i, table in enumerate(world.patrol_travel)}
    arrays |= {f"track_{i}": np.array([track.x_km, track.y_km]) for i, track in enumerate(world.tracks)}
    arrays["hazards"] = np.concatenate([hazards(world, 0, r, 0).ravel() for r in range(len(world.routes[0]))])
    arrays["minutes"] = np.array([route.steps for route in world.routes[0]])
    return arrays


@pytest.mark.parametrize("key", CHANGES)
def test_a_world_from_kept_tables_is_the_world_built_anew(tables: Tables, key: str) -> None:
    """A table kept under too narrow a key would come back stale."""
    changed = small_case(**{key: CHANGES[key]})
    kept, fresh = (every_table(build_world(changed, "without", memory)) for memory in (tables, None))
    assert kept.keys() == fresh.keys()
    for name, table in fresh.items():
        np.testing.assert_array_equal(kept[name], table, err_msg=name)


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
        tables.by_content("places", (content,), lambda content=content: made.append(content))
    assert made == [1, 2]
    with pytest.raises(ValueError, match="wrong"):
        tables.by_content("places", (3,), lambda: (_ for _ in ()).throw(ValueError("wrong")))
    tables.by_content("places", (3,), lambda: made.append(3))
    assert made == [1, 2, 3]


def test_the_digest_of_the_ground_depends_on_its_values() -> None:
    first = digest_of(small_case().terrain)
    assert digest_of(small_case().terrain) == first
    assert digest_of(small_case(**{"terrain.cell_m": 400}).terrain) != first
    assert digest_of(np.arange(50)) == digest_of(np.arange(50)) != digest_of(np.arange(51))


# -- by function and arguments -----------------------------------------------------------------------------------------


def _sum(values: np.ndarray, times: float = 1.0) -> float:
    return float(values.sum() * times)


def _block(number: int) -> np.ndarray:
    return np.full(50_000, float(number))


def test_arrays_are_equal_by_identity_and_values_by_value() -> None:
    memo, values = Tables(), np.arange(4)
    assert [memo.get(_sum, values), memo.get(_sum, values), memo.get(_sum, np.arange(4))] == [6.0, 6.0, 6.0]
    assert memo.built["_sum"] == 2
    assert memo.get(_sum, values, 2.0) == 12.0
    assert memo.get(_sum, values, 2.0) == 12.0
    assert memo.built["_sum"] == 3


def test_what_is_equal_but_of_another_type_is_another() -> None:
    memo = Tables()
    assert [memo.get(repr, value) for value in (1, 1.0, True, (1,), (1.0,))] == ["1", "1.0", "True", "(1,)", "(1.0,)"]


def test_a_thing_that_is_a_key_stays_alive_so_that_none_takes_its_place() -> None:
    memo = Tables()
    # Else a new array could come to lie where one was freed, and be taken for it.
    assert [memo.get(_sum, np.full(3, number)) for number in range(200)] == [3.0 * number for number in range(200)]


def test_what_was_not_used_for_longest_goes_first_and_the_bound_is_kept() -> None:
    memo = Tables(limit_mb=1.0)
    for number in (0, 1, 0, 2, 0, 1):
        assert memo.get(_block, number)[0] == number
    assert memo.built["_block"] == 4  # 0, 1, 2, and 1 again
    alone = Tables(limit_mb=0.1)
    assert alone.get(_block, 5) is alone.get(_block, 5)


def test_bytes_are_those_of_the_arrays_within() -> None:
    assert 800_000 <= bytes_of((np.zeros(50_000), [np.zeros(50_000)])) < 801_000


def test_it_travels_empty_and_is_shared_still() -> None:
    worlds = small_world("without"), small_world("with_outpost")
    worlds[0].lights  # noqa: B018
    first, second = pickle.loads(pickle.dumps((worlds[0], worlds[0])))
    assert first.memo is second.memo
    assert not first.memo.built
    assert pickle.loads(pickle.dumps(Tables(limit_mb=2.5)))._limit_mb == 2.5


def test_a_number_alone_does_not_say_of_what_it_is_the_limit() -> None:
    with pytest.raises(TypeError, match="positional"):
        Tables(4096)  # type: ignore[misc]


@pytest.mark.parametrize("rows", [(), (np.ones((1, 3), dtype=bool), np.zeros((2, 3), dtype=bool))])
def test_tables_are_stacked_even_if_there_are_none(rows: tuple[np.ndarray, ...]) -> None:
    table = stacked(rows, 3, bool)
    assert table.shape == (sum(map(len, rows)), 3)
    assert table.dtype == bool
