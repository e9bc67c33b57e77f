"""Each check catches the fault that it is for, and names the cure; a model without a fault passes it."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Iterator
from functools import cache

import faulty_models as faulty
import numpy as np
import pytest
from drawn_scenarios import scenarios
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.conformance import CHECKS, Problem
from sim.conformance.check_memory import MOST_BYTES, _memory_after
from sim.conformance.check_random_numbers import IDLE, with_blind_outpost, with_idle_agent
from sim.conformance.check_repeatability import GLOBAL_GENERATORS
from sim.conformance.checks import report_on
from sim.conformance.trial_runs import Case, Rows, Run, Trial, difference
from sim.model import BorderModel
from sim.scenario import Scenario, load_scenario
from sim.world import World

SLOW = ("processes", "memory")
TWICE = ("schema", "seeds", "streams", "pairing")
"""Checks whose faults may show in the second replication only."""


@cache
def valley() -> Case:
    return Case.of("valley", load_scenario("conformance"))


@pytest.fixture(autouse=True, scope="module")
def _swept() -> Iterator[None]:
    """What the faulty models keep, they keep for the tests of this file at most."""
    yield
    faulty.Hoarder.kept.clear()
    faulty.Diarist.diary.clear()
    (faulty.Forgetful.rows.__defaults__ or ([],))[0].clear()
    faulty.CachingPatrol.where.cache_clear()


def found(model: type[BorderModel], name: str) -> list[Problem]:
    return list(CHECKS[name].find(Trial(model, (valley(),), 2 if name in TWICE else 1, 1)))


@pytest.mark.parametrize("name", [name for name in CHECKS if name not in SLOW])
@pytest.mark.parametrize("model", [BorderModel, faulty.Ambush])
def test_models_without_a_fault_pass(model: type[BorderModel], name: str) -> None:
    assert found(model, name) == []


FAULTS = [
    ("runs", faulty.Endless, "`running` is still true after 1500 minutes", "super().step()"),
    ("runs", faulty.Silent, "no run returns any row", "super().rows()"),
    ("schema", faulty.MoreColumns, "the rows hold mood, which would be lost", "attribute of the model"),
    ("schema", faulty.FewerColumns, "the rows lack own_killed", "start from super().rows()"),
    ("schema", faulty.HalfMinutes, "hidden_min is 0.5 (float); allowed: int64", "of type int64"),
    ("schema", faulty.NoBooleans, "(int); allowed: bool", "of type bool"),
    ("schema", faulty.Tuples, "a row is a tuple", "list of dictionaries"),
    ("schema", faulty.Twice, "a group has more than one row", "each group once"),
    ("schema", faulty.OneReplication, "the column replication does not say 1", "leave `replication`"),
    ("conservation", faulty.OneMorePrisoner, "no more are killed and captured than the group has", "count each person"),
    ("conservation", faulty.PrisonerOfNobody, "of a group that nobody has met", "together with an interception"),
    ("conservation", faulty.LateDetection, "minutes are ordered", "group.note_detection"),
    ("conservation", faulty.OwnWord, "outcome='vanished'", "group.end(outcome)"),
    ("conservation", faulty.NoEnd, "if and only if its story has no end", "group.end(outcome)"),
    ("conservation", faulty.AfterTheHorizon, "behind the horizon of 1500", "model.minute"),
    ("conservation", faulty.TotalsByGroup, "dispatches is of the run and yet differs", "into every row of a run"),
    ("conservation", faulty.Deserters, "5 men are missing from the units", "BorderModel.engage"),
    ("global_random", faulty.Gambler, "RandomPatrol.where draws from random.random()", "uniform(self.model.run_key"),
    ("global_random", faulty.NumpyGambler, "NumpyPatrol.where draws from numpy.random.rand()", "uniform("),
    ("global_random", faulty.NamelessGambler, "NamelessPatrol call draws from the common state of random", "uniform("),
    ("global_random", faulty.Seeder, "Seeder.run draws from random.seed()", "uniform("),
    ("seeds", faulty.Weary, "give other rows each time", "never in a class"),
    ("seeds", faulty.FirstTimer, "depend on what was run before", "never in a class"),
    ("seeds", faulty.Unseeded, "give other rows each time", "uniform("),
    ("seeds", faulty.Crowded, "a second model that runs at the same time", "never in a class"),
    ("seeds", faulty.Seedless, "no chance left in the model", "self.run_key"),
    ("streams", faulty.Queueing, "in turn from Queueing.rng", "uniform("),
    ("streams", faulty.SharedUrn, "in turn from SharedUrn.urn", "uniform("),
    ("streams", faulty.Lottery, "one more post that does nothing", "uniform("),
    ("streams", faulty.Numbered, "one more patrol that does nothing", "by name, not by their place"),
    ("streams", faulty.NumberedGroups, "one more group that does nothing", "by name, not by their place"),
    ("pairing", faulty.ByArm, "not the same in both arms: size of band is 9 where it was 8", "run_key"),
    ("pairing", faulty.WeatherByArm, "not the same in both arms: weather of band", "run_key"),
    ("pairing", faulty.Renamed, "nothing but its name, to with_outpost", "arms.NAME.changes"),
    ("pairing", faulty.Deterred, "an outpost that can see nothing", "by what it sees"),
    ("pickling", faulty.local_model(), "defined in a function (local_model.<locals>.Local)", "top level of a module"),
    ("pickling", faulty.original_and_stand_in(), "is another class than Replaced", "top level of a module"),
    ("memory", faulty.Hoarder, ", held by Hoarder.kept", "release()"),
    ("memory", faulty.Caching, "held by CachingPatrol.where", "functools.cache"),
    ("memory", faulty.Diarist, "perhaps in Diarist.diary", "keep no model"),
    ("memory", faulty.Forgetful, ", held by Forgetful.rows", "a default argument"),
]


@pytest.mark.parametrize(
    ("name", "model", "what", "cure"), FAULTS, ids=[f"{row[0]}-{row[1].__name__}" for row in FAULTS]
)
def test_a_fault_is_caught_and_its_cure_named(name: str, model: type[BorderModel], what: str, cure: str) -> None:
    problems = found(model, name)
    assert any(what in problem.what and cure in problem.cure for problem in problems), problems


def test_each_check_but_one_has_a_fault_here() -> None:
    assert set(CHECKS) - {row[0] for row in FAULTS} == {"processes"}


def test_a_case_to_which_no_group_comes_is_no_fault() -> None:
    case = load_scenario("conformance", ["infiltrators.groups=[]", "infiltrators.streams.0.per_day=0"])
    report = report_on(Trial(BorderModel, (Case.of("quiet", case),), 1, 1), SLOW)
    assert report.passed, str(report)


def test_writing_into_the_world_is_caught() -> None:
    # It spoils its World for good, and so has one of its own.
    own = Case.of("valley", load_scenario("conformance"), ("with_outpost",))
    problems = list(CHECKS["seeds"].find(Trial(faulty.Worn, (own,), 2, 1)))
    assert "self.world" in problems[0].cure


def test_a_release_that_lets_go_of_nothing_is_reported_where_mesa_keeps_models() -> None:
    """Mesa 3.3 keeps every model that was not released; later ones do not, and then nothing is wrong."""
    model = faulty.Clinging(rng=1, world=valley().worlds[0])
    model.run()
    model.release()
    reference = weakref.ref(model)
    del model
    gc.collect()
    reported = [problem.what for problem in found(faulty.Clinging, "memory")]
    assert any("there is still a Clinging" in what for what in reported) == (reference() is not None)


def test_the_states_of_random_numbers_are_given_back() -> None:
    before = [generator.fingerprint() for generator in GLOBAL_GENERATORS]
    assert found(faulty.Ambush, "global_random") == []
    assert [generator.fingerprint() for generator in GLOBAL_GENERATORS] == before


def test_the_functions_that_are_replaced_are_given_back() -> None:
    functions = random.random, np.random.rand, np.random.seed
    found(faulty.Gambler, "global_random")
    assert (random.random, np.random.rand, np.random.seed) == functions


def plain_rows(world: World, replication: int) -> Rows:
    return Trial(BorderModel, (), 1, 1).rows(Run(0, 0, replication), world=world)


@pytest.mark.parametrize("kind", ["post", "patrol", "group"])
def test_an_idle_agent_changes_nothing_in_the_plain_model(kind: str) -> None:
    """Else the check could find nothing, and would report nothing."""
    world = valley().worlds[-1]
    more = with_idle_agent(valley(), world, kind)
    assert more is not None
    for replication in range(3):
        plain = plain_rows(world, replication)
        others = [row for row in plain_rows(more, replication) if row["group"] != IDLE]
        assert difference(plain, others) is None


@pytest.mark.parametrize("cue_interior", [True, False])
def test_a_blind_outpost_changes_nothing_in_the_plain_model(cue_interior: bool) -> None:
    """Nor does it hear of reports, where otherwise nobody does."""
    case = Case.of("valley", load_scenario("conformance", [f"command.cue_interior={str(cue_interior).lower()}"]))
    world = case.worlds[0]
    blind = with_blind_outpost(case, world)
    assert blind is not None
    assert len(blind.scenario.all_posts) == len(world.scenario.all_posts) + 1
    for replication in range(3):
        rows = (plain_rows(each, replication) for each in (world, blind))
        assert difference(*rows, ignored=("arm",)) is None


def test_memory_is_measured_without_the_worlds_own_tables() -> None:
    assert MOST_BYTES < 1024
    assert found(BorderModel, "memory") == []


def test_a_round_of_the_memory_check_leaves_no_table_in_the_memory_that_worlds_share() -> None:
    """Else a route that is met on for the first time in the second round would count as a loss."""
    own = Case.of("valley", load_scenario("conformance"), ("with_outpost",))
    before = own.tables.built.copy()
    _memory_after(Trial(BorderModel, (own,), 1, 1), 0)
    assert own.tables.built == before


@pytest.mark.long
@settings(max_examples=40, phases=[Phase.generate])  # a shrunken scenario is not worth the hours
@given(scenarios(), st.integers(0, 10**6))
def test_the_plain_model_passes_in_any_scenario(case: Scenario, seed: int) -> None:
    report = report_on(Trial(BorderModel, (Case.of("drawn", case),), 1, seed), SLOW)
    assert report.passed, str(report)
