"""Tables hold what the World holds: looked up here and there, and counted."""

from __future__ import annotations

import pickle
from itertools import groupby

import numpy as np
import pytest
from small_case import default_world, small_case, small_world

from sim.engine.build_tables import build_tables, light_table, table
from sim.engine.layout import CASE, danger_row, rate_column
from sim.engine.tables import Handle
from sim.rules.sensing import DAY, NIGHT, hazard, visibility
from sim.world import Tables, World, build_world


def test_every_look_is_a_line_of_sight_within_reach_and_none_is_missing() -> None:
    world = small_world("with_outpost")
    tables = build_tables(world)
    routes, steps, views = (tables.tables[name] for name in ("routes", "steps", "views"))
    for number, route in enumerate(routes):
        metres = world.post_metres(0, number)
        for step in range(0, route["steps"] + 1, 17):
            at = route["first_step"] + step
            told = views[steps[at]["first_view"] : steps[at + 1]["first_view"]]
            reach = [max(len(r) for w in (0, 1) for r in world.post_rates(post, w)) for post in range(2)]
            expected = [(post, metres[post, step]) for post in range(2) if metres[post, step] < reach[post]]
            assert [(look["post"], look["metre"]) for look in told] == expected


def test_dangers_are_the_hazards_of_the_rules() -> None:
    world = default_world("with_outpost")
    tables = build_tables(world)
    steps, views, dangers = (tables.tables[name] for name in ("steps", "views", "dangers"))
    party, seen = world.scenario.infiltrators.parties[0], 0
    for number in range(0, len(views), 997):
        at = int(np.searchsorted(steps["first_view"], number, side="right")) - 1
        look, visible = views[number], visibility(party.signature or 0.0, 1.0, tables.tables["concealments"][at])
        for light in (DAY, NIGHT):
            rates = world.post_rates(int(look["post"]), 1)[light]
            expected = hazard(float(rates[look["metre"]]), visible) if look["metre"] < len(rates) else 0
            assert dangers[danger_row(1, light), number] == expected
            seen += expected > 0
    assert seen > 20


def test_spots_are_the_worlds_in_the_order_in_which_routes_come_to_them() -> None:
    world = default_world("with_outpost")
    tables = build_tables(world)
    routes, steps, travel, sight = (tables.tables[name] for name in ("routes", "steps", "travel", "sight"))
    assert list(dict.fromkeys(steps["spot"][:-1].tolist())) == list(range(len(world.spots)))
    for number in range(0, len(routes), 9):
        route, theirs = routes[number], world.route_spots(0, number)
        mine = steps["spot"][route["first_step"] : route["first_step"] + route["steps"] + 1]
        np.testing.assert_array_equal(travel[:3, mine], world.post_travel[:3, theirs])
        np.testing.assert_array_equal(travel[-1, mine], world.force_travel[theirs])
        np.testing.assert_array_equal(sight[: len(world.patrol_sight[0]), mine], world.patrol_sight[0][:, theirs])


def test_stretches_are_the_steps_on_one_spot() -> None:
    tables = build_tables(small_world())
    routes, steps, stretches = (tables.tables[name] for name in ("routes", "steps", "stretches"))
    for route in routes:
        spots = steps["spot"][route["first_step"] : route["first_step"] + route["steps"] + 1]
        found, step = [], 0
        for spot, group in groupby(spots.tolist()):
            step += len(list(group))
            found.append((spot, step - 1))
        first = steps["stretch"][route["first_step"]]
        assert stretches[first : first + len(found)].tolist() == found
        numbers = steps["stretch"][route["first_step"] : route["first_step"] + route["steps"] + 1] - first
        assert [found[number][1] >= step for step, number in enumerate(numbers)] == [True] * len(spots)
        assert [found[number][0] for number in numbers] == spots.tolist()


def test_no_patrol_sees_beyond_its_widest_reach_and_one_sees_as_far() -> None:
    tables = build_tables(default_world("with_outpost"))
    posts = tables.tables["case"][0]["posts"]
    for patrol, rates in zip(tables.tables["patrols"], tables.tables["rate_tables"][posts:], strict=True):
        assert patrol["widest_km"] == rates["reach_km"].max() > 0.0


def test_each_partys_routes_stand_by_length_and_equals_by_number() -> None:
    tables = build_tables(default_world("with_outpost"))
    steps = tables.tables["routes"]["steps"].tolist()
    for party in tables.tables["parties"]:
        mine = range(party["first_route"], party["first_route"] + party["routes"])
        by_length = tables.tables["by_length"][mine.start : mine.stop].tolist()
        assert by_length == sorted(mine, key=lambda number: (steps[number], number))


def test_the_skies_by_plain_loops() -> None:
    world = small_world()
    skies, lights, raft = light_table(world), world.lights, world.scenario.infiltrators.raft_min
    for minute in range(0, len(lights), 13):
        assert skies["nights"][minute] == sum(light == NIGHT for light in lights[1 : minute + 1])
        later = [m for m in range(minute + 1, len(lights)) if lights[m] != lights[minute]]
        assert skies["next_change"][minute] == later[0] if later else skies["next_change"][minute] > len(lights)
        dark = [m for m in range(minute, len(lights)) if lights[m] == NIGHT == lights[min(m + raft, len(lights) - 1)]]
        assert skies["next_dark"][minute] == dark[0] if dark else skies["next_dark"][minute] > len(lights)


def test_a_row_that_lacks_a_field_or_has_one_too_many_is_refused() -> None:
    with pytest.raises(KeyError, match="horizon_min"):
        table(CASE, [{}])


def test_columns_of_rates_are_all_different() -> None:
    columns = {rate_column(weather, light, power) for weather in range(4) for light in range(3) for power in (0, 1)}
    assert columns == set(range(24))


CHANGES = {
    "posts.0.range_km": 1.0,
    "posts.0.staffing": 0.5,
    "posts.0.days_open": 1.0,
    "posts.0.x_km": 9.0,
    "posts.0.height_m": 1.0,
    "posts.0.frontage_km": 0.5,
    "posts.0.sensors": ["thermal", "eye"],
    "posts.0.power_cuts_per_day": 3.0,
    "posts.0.vehicle": False,
    "sensors.thermal.night_factor": 0.4,
    "sensors.thermal.powered": True,
    "patrols.0.range_km": 2.0,
    "patrols.0.duty_share": 0.9,
    "patrols.0.track": [[2.0, 5.6], [6.0, 5.6]],
    "patrols.0.alternatives": [{"probability": 0.4, "track": [[3.0, 6.5], [9.0, 6.5]]}],
    "reaction_force.x_km": 3.0,
    "control_strip.present": True,
    "control_strip.near_km": 0.9,
    "control_strip.lines": [[[2.0, 5.6], [5.0, 5.6]], [[4.0, 5.7], [10.0, 5.7]]],
    "control_strip.night_factor": 0.3,
    "command.report_delay_min": 50,
    "infiltrators.behaviour": "best_response",
    "infiltrators.raft_min": 40,
    "infiltrators.ways": [{"name": "east", "x_km": 9.0, "y_km": 8.5}],
    "infiltrators.crossing_spacing_km": 1.0,
    "infiltrators.groups.0.signature": 3.0,
    "infiltrators.groups.0.size": 12,
    "infiltrators.standard_size": 12.0,
    "infiltrators.groups.0.start_x_km": 5.0,
    "light.sunset": "18:30",
    "light.twilight_min": 60,
    "light.weather.1.visibility": 0.9,
    "light.weather.1.probability": 0.3000001,
    "light.start": "2019-11-03T05:00",
    "terrain.cell_m": 500.0,
    "terrain.cover.open.concealment": 0.3,
    "horizon_min": 1600,
}


@pytest.fixture(scope="module")
def used() -> Tables:
    """A memory in which both arms of the small case, with and without a strip, have left what they built."""
    tables = Tables()
    for arm in ("without", "with_outpost"):
        for read in (False, True):
            build_tables(build_world(small_case(**{"control_strip.present": read}), arm, tables))
    return tables


@pytest.mark.parametrize("key", CHANGES)
def test_tables_of_kept_parts_are_the_tables_made_anew(used: Tables, key: str) -> None:
    """A part kept under too narrow a key would come back stale."""
    changed = small_case(**{"control_strip.present": True, key: CHANGES[key]})
    for arm in ("without", "with_outpost"):
        kept, fresh = (build_tables(build_world(changed, arm, memory)) for memory in (used, None))
        assert in_words(kept) == in_words(fresh)


def in_words(tables: Handle) -> dict[str, str]:
    """Every table in words: the room between fields does not count, and no place is no place."""
    return {name: repr(table.tolist()) for name, table in tables.tables.items()}


def built_for(tables: Tables, **changes: object) -> dict[str, int]:
    """What the tables of the changed small case with its outpost makes beside what is kept."""
    before = tables.built.copy()
    build_tables(small_world("with_outpost", tables, **changes))
    return dict(tables.built - before)


@pytest.mark.parametrize(
    "changes",
    [
        {"command.report_delay_min": 51},
        {"posts.0.responders": 3},
        {"reaction_force.notice_min": 4},
        {"infiltrators.aversion": 17.0},
        {"patrols.0.duty_share": 0.8},
    ],
    ids=str,
)
def test_a_delay_or_a_number_of_men_makes_no_part_anew(used: Tables, changes: dict[str, object]) -> None:
    assert built_for(used, **changes) == {}


def test_a_range_looks_anew_through_the_eyes_of_its_post_only(used: Tables) -> None:
    """In two weathers, with power and without."""
    built = built_for(used, **{"outpost.range_km": 2.25})
    assert built.pop("rates_by_metre") <= 4
    assert built == {"hazards_along": 1, "detection_chances": 1, "_rate_tables": 1, "_seen": 1}


def test_a_world_that_was_sent_elsewhere_makes_the_same_chart() -> None:
    world: World = small_world()
    assert in_words(build_tables(pickle.loads(pickle.dumps(world)))) == in_words(build_tables(world))
