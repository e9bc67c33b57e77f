"""The model as a Mesa model: it can be built, stepped, repeated, subclassed and freed."""

from __future__ import annotations

import gc
import weakref

import mesa
import numpy as np
import pytest
from small_case import small_case, small_model, small_world

from sim.model import BorderModel, Group, Patrol, Post, ReactionForce
from sim.model.command import Command
from sim.outcomes import COLUMNS, to_frame
from sim.scenario import ScenarioError


def rows(seed: int | np.random.Generator | None = 1, replication: int = 0, **changes: object) -> str:
    model = BorderModel(small_case(**changes), "with_outpost", seed, replication=replication)
    model.run()
    return repr(model.rows())


def test_it_can_be_built_with_no_arguments() -> None:
    model = BorderModel()
    assert model.scenario_in_force.name == "shahrituz_2019"
    assert model.arm == "with_outpost"
    model.step()
    assert model.minute == 1
    model.release()


def test_it_is_a_mesa_model_of_mesa_agents() -> None:
    model = small_model()
    assert isinstance(model, mesa.Model)
    kinds = {type(agent) for agent in model.agents}
    assert kinds == {Post, Patrol, ReactionForce, Group, Command}
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)
    assert len(model.agents) == 2 + 1 + 1 + 1 + 1


def test_equal_seeds_give_equal_runs_and_others_do_not() -> None:
    assert rows(5, 3) == rows(5, 3)
    assert len({rows(5, 3), rows(6, 3), rows(5, 4)}) == 3


def test_a_numpy_generator_is_a_seed_too() -> None:
    assert rows(np.random.default_rng(4)) == rows(np.random.default_rng(4))
    assert rows(np.random.default_rng(4)) != rows(np.random.default_rng(5))
    assert rows(None) == rows(1)
    assert rows(np.int64(7)) == rows(7)


def test_numpys_and_pythons_own_random_numbers_change_nothing() -> None:
    model, other = small_model(), small_model()
    model.random.random()
    model.rng.random(5)
    model.run()
    other.run()
    assert repr(model.rows()) == repr(other.rows())


def test_a_run_leaves_the_world_as_it_was() -> None:
    world = small_world()
    first = BorderModel(rng=2, replication=9, world=world)
    first.run()
    for replication in range(5):
        BorderModel(rng=2, replication=replication, world=world).run()
    again = BorderModel(rng=2, replication=9, world=world)
    again.run()
    assert repr(again.rows()) == repr(first.rows())


def test_memory_is_freed_after_release() -> None:
    world = small_world()
    model = BorderModel(rng=1, world=world)
    model.run()
    watched = weakref.ref(model), weakref.ref(model.groups[0]), weakref.ref(model.posts[0])
    model.release()
    del model
    gc.collect()
    assert [reference() for reference in watched] == [None, None, None]


def test_rows_have_the_columns_of_the_schema() -> None:
    model = small_model()
    model.run()
    assert all(list(row) and set(row) == set(COLUMNS) for row in model.rows())
    frame = to_frame(model.rows())
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMNS


def test_no_rows_still_make_a_frame_of_the_schema() -> None:
    assert list(to_frame([]).columns) == list(COLUMNS)


def test_a_subclass_of_patrol_walks_its_own_way() -> None:
    class Idle(Patrol):
        def where(self, minute: int) -> float:
            return 0.0

    class Mine(BorderModel):
        patrol_class = Idle

    model = Mine(small_case(), "with_outpost", 1)
    model.run()
    assert isinstance(model.patrols[0], Idle)
    assert model.patrols[0].place_km == (2.0, 5.6)


def test_it_stops_at_the_horizon() -> None:
    model = small_model(horizon_min=20)
    model.run()
    assert (model.minute, model.running) == (20, False)
    assert model.rows()[0]["outcome"] == "at_large"


def test_an_unknown_arm_is_refused() -> None:
    with pytest.raises(ScenarioError, match="'nowhere' is not an arm"):
        BorderModel(small_case(), "nowhere")


def test_no_module_state_is_shared_between_models() -> None:
    """A model built half-way through another's run disturbs neither."""
    alone, one = small_model(replication=4), small_model(replication=4)
    alone.run()
    for _ in range(100):
        one.step()
    other = small_model(replication=5)
    while one.running or other.running:
        for model in (one, other):
            if model.running:
                model.step()
    assert repr(one.rows()) == repr(alone.rows())
