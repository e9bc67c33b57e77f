"""Learning over seasons: the same beliefs however the seasons are run, and Worlds that differ in nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from pandas.testing import assert_frame_equal
from small_case import small_case, small_rows, small_world

from sim.execution.executor import ExecutionSettings, run_job
from sim.execution.manifest import ManifestHead
from sim.execution.store import open_store
from sim.outcomes import to_frame
from sim.rules.learning import learn
from sim.study.compare.run import compare
from sim.study.learning import (
    Seasons,
    after_season,
    learn_in_arms,
    learned_world,
    learning_seed,
    patrol_stretches_km,
    redeployed_world,
    tally,
)
from sim.study.replications import Replications, arms_in_order, build_worlds
from sim.study.running import run
from sim.world import build_world

LEARNING = {"infiltrators.behaviour": "learning", "season.seasons": 3, "season.trials": 4}
SERIAL = ExecutionSettings(kind="serial")


def test_groups_count_where_they_chose_to_cross() -> None:
    rows = small_rows(("with_outpost",), 12)
    stopped, crossed = tally(rows)
    assert crossed == rows.groupby("crossing").size().to_dict()
    ended = rows[rows["outcome"].isin(["killed", "captured", "turned_back", "admitted"])]
    assert stopped == ended.groupby("crossing").size().to_dict()
    assert tally(to_frame([])) == ({}, {})


def test_the_world_after_a_season_differs_in_its_beliefs_only() -> None:
    world = small_world(**LEARNING)
    rows = small_rows(("with_outpost",), 12)
    after = after_season(world, rows)
    stopped, crossed = tally(rows)
    assert after.scenario.infiltrators.danger == learn({}, stopped, crossed, 0.5, 0.1)
    assert after.scenario.replace(**{"infiltrators.danger": {}}) == world.scenario
    assert after.routes is world.routes
    assert after.post_sights is world.post_sights


def test_what_is_learnt_is_the_same_in_one_process_and_in_several() -> None:
    case = small_case(**LEARNING)
    worlds = build_worlds(case, arms_in_order(case))
    alone = [learned_world(world, 7) for world in worlds]
    for execution in (SERIAL, ExecutionSettings(kind="local", workers=2, chunk_size=1)):
        together = learn_in_arms(worlds, 7, execution)
        assert [world.scenario for world in together] == [world.scenario for world in alone]
    assert any(world.scenario.infiltrators.danger for world in alone)


def test_the_state_moves_no_patrols_before_the_replications_that_count() -> None:
    """Patrols of a comparison stand where the configuration puts them, whatever `season.redeploy_share` says."""
    bank = {"range_km": 1.0, "duty_share": 0.4}
    patrols = [
        {"name": "west", "track": [[1.0, 5.6], [3.0, 5.6]], **bank},
        {"name": "middle", "track": [[5.0, 5.6], [9.0, 5.6]], **bank},
    ]
    world = small_world("without", **LEARNING, patrols=patrols, **{"season.redeploy_share": 0.5})
    [learned] = learn_in_arms((world,), 7, SERIAL)
    assert learned.scenario == learned_world(world, 7).scenario
    assert learned.scenario.patrols == world.scenario.patrols


def test_what_is_learnt_does_not_depend_on_the_other_arms_or_their_order() -> None:
    case = small_case(**LEARNING)
    there = learn_in_arms(build_worlds(case, ("without", "with_outpost")), 1, SERIAL)
    back = learn_in_arms(build_worlds(case, ("with_outpost", "same", "without")), 1, SERIAL)
    assert [world.scenario for world in there] == [back[2].scenario, back[0].scenario]
    # An arm that changes nothing has the same random numbers in every season, and learns the same.
    assert back[1].scenario.infiltrators.danger == back[2].scenario.infiltrators.danger


def test_seasons_share_no_random_numbers_with_the_counted_replications() -> None:
    seeds = {learning_seed(seed) for seed in range(1000)}
    assert len(seeds) == 1000
    assert not seeds & set(range(1000))
    assert all(0 <= seed < 2**63 for seed in seeds)
    case = small_case(**LEARNING)
    assert learned_world(small_world(**LEARNING), 1).scenario != learned_world(small_world(**LEARNING), 2).scenario
    past = run(case.replace(**{"infiltrators.behaviour": "unaware"}), "without", 4, seed=learning_seed(1))
    assert not past["departed_min"].equals(run(case, "without", 4)["departed_min"])


def test_an_adversary_that_does_not_learn_is_left_alone() -> None:
    world = small_world()
    assert learned_world(world, 1) is world
    assert learn_in_arms((world,), 1, SERIAL)[0] is world


def test_arms_may_differ_in_whether_and_how_long_they_learn() -> None:
    case = small_case(
        **{
            "infiltrators.behaviour": "learning",
            "season.trials": 4,
            "season.seasons": 2,
            "arms.same": {"changes": {"infiltrators": {"behaviour": "unaware"}}},
            "arms.with_outpost": {"changes": {"outpost": {"present": True}, "season": {"seasons": 3}}},
        }
    )
    worlds = build_worlds(case, arms_in_order(case))
    told = learn_in_arms(worlds, 1, SERIAL)
    assert [world.scenario for world in told] == [learned_world(world, 1).scenario for world in worlds]
    assert told[1].scenario.infiltrators.danger == {}


def test_run_and_compare_count_groups_that_have_learnt() -> None:
    case = small_case(**LEARNING)
    result = compare(case, 6, workers=1, quiet=True)
    assert_frame_equal(run(case, "without", 6), result.of_arm("without"), check_dtype=False)
    danger = learned_world(small_world("without", **LEARNING), 1).scenario.infiltrators.danger
    assert result.worlds[0].scenario.infiltrators.danger == danger
    told = case.replace(
        **{"infiltrators.danger": danger, "season.seasons": 1, "season.weight": 0, "season.forgetting": 0}
    )
    assert_frame_equal(run(told, "without", 6), result.of_arm("without"), check_dtype=False)


def test_the_seasons_of_a_comparison_can_be_looked_at(tmp_path) -> None:
    """The study `season` with `learning_seed` plays the very same seasons."""
    world = small_world("without", **LEARNING)
    head = ManifestHead("season", "small", learning_seed(5), 12, {})
    with open_store(tmp_path / "run", head) as store:
        job = Seasons((world,), learning_seed(5), 4, store.folder)
        run_job(job, store, 12, kind="serial", stage=4)
        assert job.in_season(3)[0].scenario == learned_world(world, 5).scenario
        # Back to an earlier season, as after a chunk that was lost.
        assert job.in_season(0)[0].scenario == world.scenario


def test_the_state_moves_to_where_groups_were_detected() -> None:
    """The border runs along y = 5 from west to east, and begins 1 km west of the map."""
    bank = {"range_km": 1.0, "duty_share": 0.4}
    patrols = [
        {"name": "west", "track": [[1.0, 5.6], [3.0, 5.6]], **bank},
        {"name": "east", "track": [[9.0, 5.6], [11.0, 5.6]], **bank},
    ]
    world = small_world("without", **LEARNING, patrols=patrols, **{"season.redeploy_share": 0.5})
    ends = [end for stretch in patrol_stretches_km(world) for end in stretch]
    start = ends[0] - 1.0
    assert np.array(ends) - start == pytest.approx([1.0, 3.0, 9.0, 11.0])
    before = world.patrol_exposures(0)
    rows = small_rows(("without",), 2)
    west = next(one.name for one in world.crossings if one.x_km < 4)
    seen = redeployed_world(world, rows.assign(crossing=west, detected=True))
    assert [patrol.duty_share for patrol in seen.scenario.patrols] == pytest.approx([0.6, 0.2])
    # Nothing that the World has kept from before is out of date: it plays as one that is built anew.
    anew = build_world(seen.scenario, "without")
    assert_frame_equal(Replications((seen,), 3).run(0, 6), Replications((anew,), 3).run(0, 6))
    np.testing.assert_array_equal(seen.patrol_exposures(0), anew.patrol_exposures(0))
    assert (before != anew.patrol_exposures(0)).any()
    assert redeployed_world(world, rows.assign(detected=False)) is world
