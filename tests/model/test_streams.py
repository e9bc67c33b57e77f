"""Keyed streams: what an arm adds shifts nobody else's draws, and arms that change nothing give equal rows."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from small_case import default_tables, default_world, small_case, small_rows, small_world

from sim.model import BorderModel
from sim.model.choice import known_posts
from sim.model.inland import InlandLeg
from sim.study.replications import Replications, build_worlds
from sim.world import World

NO_EYES = {
    "outpost.range_km": 0,
    "outpost.sensors": ["thermal"],
    "outpost.responders": 0,
    "command.sharing_radius_km": 0,
}


def draws_of(world: World, replication: int) -> dict[str, Any]:
    """All that chance decides before the first minute, but for the outpost's own."""
    model = BorderModel(rng=3, replication=replication, world=world)
    new = world.scenario.outpost.name
    told: dict[str, Any] = {"weather": model.weather}
    for group in model.groups:
        told[group.name] = (group.departure_min, group.pace)
        told[group.name, "known"] = [
            world.scenario.all_posts[post].name
            for post in known_posts(model, group)
            if world.scenario.all_posts[post].name != new
        ]
        leg = InlandLeg(model, group)
        told[group.name, "inland"] = (leg.target_min, leg.checkpoint_min, leg._left)
    for patrol in model.patrols:
        told[patrol.name] = (patrol.schedule.offsets_km, patrol.duty_phase_min)
    for post in model.posts:
        if post.name != new:
            told[post.name] = post.false_alarms
    model.release()
    return told


@pytest.mark.parametrize("replication", range(25))
def test_the_outpost_changes_nobody_elses_draws_on_the_default_case(replication: int) -> None:
    assert draws_of(default_world("with_outpost"), replication) == draws_of(default_world("without"), replication)


def test_draws_differ_between_replications() -> None:
    told = [draws_of(small_world("without"), replication) for replication in range(20)]
    for key in told[0]:
        if key != "weather" and key != ("band", "known"):
            assert len({repr(one[key]) for one in told}) > 6, key


@pytest.mark.parametrize("behaviour", ["unaware", "informed"])
def test_a_post_that_nobody_knows_of_changes_no_route(behaviour: str) -> None:
    changes = {"infiltrators.behaviour": behaviour, "infiltrators.awareness_new": 0.0, "infiltrators.aversion": 600.0}
    rows = small_rows(("without", "with_outpost"), 60, **changes)
    routes = [
        rows[rows["arm"] == arm][["crossing", "way"]].reset_index(drop=True) for arm in ("without", "with_outpost")
    ]
    assert_frame_equal(*routes)


def test_a_post_that_is_known_does_change_routes() -> None:
    changes = {"infiltrators.behaviour": "informed", "infiltrators.awareness_new": 1.0, "infiltrators.aversion": 600.0}
    rows = small_rows(("without", "with_outpost"), 60, **changes)
    crossing = {arm: part["crossing"].to_numpy() for arm, part in rows.groupby("arm")}
    assert (crossing["with_outpost"] != crossing["without"]).mean() > 0.1


def test_departure_and_weather_are_equal_in_the_rows_of_all_arms() -> None:
    rows = small_rows(("without", "same", "with_outpost"), 40)
    assert rows.groupby("replication")[["departed_min", "weather", "patrol_hours"]].nunique().max().max() == 1


def assert_equal_but_for_the_name(rows: pd.DataFrame, one: str, other: str, *but: str) -> None:
    sides = [rows[rows["arm"] == arm].drop(columns=["arm", *but]).reset_index(drop=True) for arm in (one, other)]
    assert_frame_equal(*sides, check_exact=True)


def test_an_arm_that_changes_nothing_gives_equal_rows() -> None:
    assert_equal_but_for_the_name(small_rows(("without", "same"), 60), "without", "same")


def test_an_outpost_that_sees_nothing_and_sends_nobody_gives_equal_rows() -> None:
    """It raises no false alarms either."""
    assert_equal_but_for_the_name(small_rows(("without", "with_outpost"), 60, **NO_EYES), "without", "with_outpost")


def test_the_same_on_the_default_case() -> None:
    world = default_world("with_outpost")
    quiet = world.scenario.replace(**NO_EYES, **{"outpost.present": False})
    arms = {"without": {}, "blind": {"changes": {"outpost.present": True}}}
    rows = Replications(build_worlds(quiet.replace(arms=arms), ("without", "blind"), default_tables()), 1).run(0, 12)
    assert_equal_but_for_the_name(rows, "without", "blind")


def test_an_outpost_of_full_strength_does_not_give_equal_rows() -> None:
    """So that the tests above are able to fail."""
    with pytest.raises(AssertionError):
        assert_equal_but_for_the_name(
            small_rows(("without", "with_outpost"), 60), "without", "with_outpost", "false_alarms"
        )


def test_rows_do_not_depend_on_the_company_of_other_arms() -> None:
    together = small_rows(("without", "with_outpost"), 20)
    alone = small_rows(("with_outpost",), 20)
    assert_frame_equal(together[together["arm"] == "with_outpost"].reset_index(drop=True), alone)


def test_rows_do_not_depend_on_where_a_chunk_begins() -> None:
    job = Replications(build_worlds(small_case(), ("without", "with_outpost")), 1)
    assert_frame_equal(pd.concat([job.run(0, 7), job.run(7, 20)], ignore_index=True), job.run(0, 20))


def test_a_second_group_shifts_not_the_draws_of_the_first() -> None:
    first = small_case().infiltrators.groups[0].model_dump(mode="json")
    both = small_case(**{"infiltrators.groups": [first, {**first, "name": "later"}]})
    for replication in range(10):
        alone = BorderModel(small_case(), "without", 1, replication=replication)
        together = BorderModel(both, "without", 1, replication=replication)
        for attribute in ("departure_min", "pace", "route_number"):
            assert getattr(alone.groups[0], attribute) == getattr(together.groups[0], attribute)
        assert alone.patrols[0].schedule.offsets_km == together.patrols[0].schedule.offsets_km
