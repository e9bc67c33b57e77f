"""Charts hold what the World holds: looked up here and there, and counted."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from small_case import default_world, small_world

from sim.engine.chart import CASE, danger_row, rate_column
from sim.engine.chart_skies import chart_skies
from sim.engine.charting import chart_world, table
from sim.rules.sensing import DAY, NIGHT, hazard, visibility


def test_every_look_is_a_line_of_sight_within_reach_and_none_is_missing() -> None:
    world = small_world("with_outpost")
    chart = chart_world(world)
    routes, steps, looks = (chart.table(name) for name in ("routes", "steps", "looks"))
    for number, route in enumerate(routes):
        metres = world.post_metres(0, number)
        for step in range(0, route["steps"] + 1, 17):
            at = route["first_step"] + step
            told = looks[steps[at]["first_look"] : steps[at + 1]["first_look"]]
            reach = [max(len(r) for w in (0, 1) for r in world.post_rates(post, w)) for post in range(2)]
            expected = [(post, metres[post, step]) for post in range(2) if metres[post, step] < reach[post]]
            assert [(look["post"], look["metre"]) for look in told] == expected


def test_dangers_are_the_hazards_of_the_rules() -> None:
    world = default_world("with_outpost")
    chart = chart_world(world)
    steps, looks, dangers = (chart.table(name) for name in ("steps", "looks", "dangers"))
    party, seen = world.scenario.infiltrators.parties[0], 0
    for number in range(0, len(looks), 997):
        at = int(np.searchsorted(steps["first_look"], number, side="right")) - 1
        look, visible = looks[number], visibility(party.signature or 0.0, 1.0, chart.table("concealments")[at])
        for light in (DAY, NIGHT):
            rates = world.post_rates(int(look["post"]), 1)[light]
            expected = hazard(float(rates[look["metre"]]), visible) if look["metre"] < len(rates) else 0
            assert dangers[danger_row(1, light), number] == expected
            seen += expected > 0
    assert seen > 20


def test_spots_are_the_worlds_in_another_order() -> None:
    world = default_world("with_outpost")
    chart = chart_world(world)
    routes, steps, travel, sight = (chart.table(name) for name in ("routes", "steps", "travel", "sight"))
    for number in range(0, len(routes), 9):
        route, theirs = routes[number], world.route_spots(0, number)
        mine = steps["spot"][route["first_step"] : route["first_step"] + route["steps"] + 1]
        np.testing.assert_array_equal(travel[:3, mine], world.post_travel[:3, theirs])
        np.testing.assert_array_equal(travel[-1, mine], world.force_travel[theirs])
        np.testing.assert_array_equal(sight[: len(world.patrol_sight[0]), mine], world.patrol_sight[0][:, theirs])


def test_stretches_are_the_steps_on_one_spot() -> None:
    chart = chart_world(small_world())
    routes, steps, stretches = (chart.table(name) for name in ("routes", "steps", "stretches"))
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
    chart = chart_world(default_world("with_outpost"))
    posts = chart.table("case")[0]["posts"]
    for patrol, tables in zip(chart.table("patrols"), chart.table("rate_tables")[posts:], strict=True):
        assert patrol["widest_km"] == tables["reach_km"].max() > 0.0


def test_each_partys_routes_stand_by_length_and_equals_by_number() -> None:
    chart = chart_world(default_world("with_outpost"))
    steps = chart.table("routes")["steps"].tolist()
    for party in chart.table("parties"):
        mine = range(party["first_route"], party["first_route"] + party["routes"])
        by_length = chart.table("by_length")[mine.start : mine.stop].tolist()
        assert by_length == sorted(mine, key=lambda number: (steps[number], number))


def test_the_skies_by_plain_loops() -> None:
    world = small_world()
    skies, lights, raft = chart_skies(world), world.lights, world.scenario.infiltrators.raft_min
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
