"""Readiness: before a run the engine is compiled, and before a large one it is held against the readable model."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext

from sim.execution.errors import ExecutionError
from sim.execution.local_processes import background_process, usable_cores
from sim.execution.progress import Progress, Silent
from sim.outcomes import in_words
from sim.scenario import Scenario
from sim.study.base import RunContext
from sim.study.replications import Replications, arms_in_order, build_worlds, is_compiled
from sim.world import World
from sim.world.tables import cached_tables

LEAST = 10_000
"""Replications of a run that counts as large; of smaller ones a hundredth is less than one run of the model."""

SHARE = 0.01
"""Of the time of the run that the check may take."""

PROBE = 64
MODEL_SECONDS = 0.1
"""What a replication of one arm by the model may be expected to take, before any was timed."""


def engine_beside(engine: str, kind: str) -> AbstractContextManager[None]:
    """While Worlds are built: the engine compiled by another process, where it has to be and there is a core for it.

    For the command line: a program of somebody else's may not be made for being loaded by a second process.

    Parameters
    ----------
    engine:
        That was asked for.
    kind:
        Of the execution; only ``local`` has processes started here.
    """
    if engine == "compiled" and kind == "local" and usable_cores() > 1:
        from sim.engine.warming import has_to_be_compiled, warm_up

        if has_to_be_compiled():
            return background_process(warm_up)
    return nullcontext()


def build_worlds_meanwhile(scenario: Scenario, context: RunContext) -> tuple[World, ...]:
    """The World of each arm, while another process compiles the engine if need be.

    In the command line's own process the tables of earlier starts are read, and those used now left to the next.
    """
    context.say(f"{scenario.title or scenario.name}: building the ground, the routes and the lines of sight")
    arms = arms_in_order(scenario)
    if not context.own_process:
        return build_worlds(scenario, arms)
    with engine_beside(context.engine, context.execution.kind), cached_tables(scenario.terrain) as tables:
        return build_worlds(scenario, arms, tables)


def compile_engine(engine: str, progress: Progress | None = None) -> None:
    """Have the engine compiled before worker processes would each do it; at once where it is, or is not asked for."""
    if engine == "compiled":
        from sim.engine.warming import warm_up

        warm_up((progress or Silent()).note)


def check_sample(job: Replications, replications: int, in_all: int | None = None) -> int:
    """Play a few replications of a large run by the readable model too, for at most a hundredth of its time.

    Parameters
    ----------
    job:
        The run.
    replications:
        How many the job has; those that are checked are spread over them, and over the arms.
    in_all:
        Of the whole run, where it has other jobs like this one.

    Returns
    -------
    int
        How many were checked.

    Raises
    ------
    ExecutionError
        When the two differ: then nothing of the run can be trusted.
    """
    in_all = in_all or replications
    if in_all < LEAST or not is_compiled(job.engine, job.model):
        return 0
    left = SHARE * in_all * _seconds_each(job, replications)
    checked, last = 0, MODEL_SECONDS
    while last < left:
        began = time.perf_counter()
        # The golden ratio spreads them evenly, however many they come to be.
        _check(job, int(replications * (checked * 0.6180339887498949 % 1.0)), checked % len(job.worlds))
        last = time.perf_counter() - began
        left -= last
        checked += 1
    return checked


def _seconds_each(job: Replications, replications: int) -> float:
    """How long a replication of all arms takes compiled."""
    number = min(PROBE, replications)
    job.run(0, number)
    began = time.perf_counter()
    job.run(0, number)
    return (time.perf_counter() - began) / number


def _check(job: Replications, number: int, arm: int) -> None:
    world = job.worlds[arm]
    by_agents = Replications((world,), job.seed, engine="mesa").run(number, number + 1)
    compiled = in_words(job.run(number, number + 1))
    compiled = compiled[compiled["arm"] == world.arm].reset_index(drop=True)
    columns = [name for name in by_agents if not by_agents[name].equals(compiled[name])]
    if columns or len(by_agents) != len(compiled):
        raise ExecutionError(
            f"the compiled engine and the model tell different things of replication {number} of arm {world.arm} "
            f"({', '.join(map(str, columns)) or 'number of rows'}): an error of this program; nothing was run; "
            "engine=mesa runs without it"
        )
