"""Whether memory is freed: no model outlives its release, and replication after replication leaves nothing."""

from __future__ import annotations

import gc
import tracemalloc
import types
import weakref
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from sim.conformance.report import Problem
from sim.conformance.trial_runs import Run, Trial, finish, own_values
from sim.world import Tables

REPLICATIONS = 4
"""Of each of two rounds: the first is for what is set up once, growth is measured over the second."""

MOST_BYTES = 512
"""What a replication may leave behind: at a million replications that is half a gigabyte, and no small change."""

LET_GO = (
    "keep no model, agent or report in a class, a module, a default argument or a cache (functools.cache on a method "
    "holds self for ever); where the model holds on to something outside, override release() and call super().release()"
)


def check_memory(trial: Trial) -> Iterator[Problem]:
    """Run some replications of the first case: no model outlives its release, and nothing else is left."""
    problems = list(_still_alive(trial))
    yield from problems
    # Models that stay would be counted once more as bytes.
    grown = 0.0 if problems else _bytes_a_replication(trial)
    if grown > MOST_BYTES:
        yield Problem(f"each replication leaves {grown:.0f} bytes behind{_largest(trial)}", LET_GO)


def _still_alive(trial: Trial) -> Iterator[Problem]:
    references = [reference for replication in range(2) for reference in _references(trial, replication)]
    gc.collect()
    alive = [thing for reference in references if (thing := reference()) is not None]
    if alive:
        kinds = ", ".join(dict.fromkeys(type(thing).__name__ for thing in alive))
        yield Problem(f"after its release there is still a {kinds}{_holders_of(trial, alive)}", LET_GO)


def _references(trial: Trial, replication: int) -> list[weakref.ref[Any]]:
    """Weak references to a model that has been run, and to its agents."""
    with trial.begun(_last_arm(trial, replication)) as model:
        finish(model)
        model.rows()
        return [weakref.ref(model), *(weakref.ref(agent) for agent in model.agents)]


def _last_arm(trial: Trial, replication: int) -> Run:
    return Run(0, len(trial.cases[0].worlds) - 1, replication)


def _holders_of(trial: Trial, alive: Collection[Any]) -> str:
    wanted = {id(thing) for thing in alive}
    holders = [name for name, value in own_values(trial.model) if _reaches(value, wanted)]
    return f", held by {', '.join(holders)}" if holders else ""


def _reaches(value: Any, wanted: Collection[int], depth: int = 4) -> bool:
    """Whether one of some objects hangs on a value; modules and classes are not searched."""
    if id(value) in wanted:
        return True
    if depth == 0 or isinstance(value, types.ModuleType | type):
        return False
    inside = gc.get_referents(value)
    if isinstance(value, types.FunctionType):
        inside = [value.__defaults__, value.__kwdefaults__, value.__closure__]
    return any(_reaches(part, wanted, depth - 1) for part in inside)


def _bytes_a_replication(trial: Trial) -> float:
    """Growth of all that Python and NumPy hold, the World's own tables not counted: each round has a World anew."""
    started = not tracemalloc.is_tracing()
    if started:
        tracemalloc.start()
    try:
        first, second = (_memory_after(trial, number) for number in range(2))
    finally:
        if started:
            tracemalloc.stop()
    return (second - first) / REPLICATIONS


def _memory_after(trial: Trial, number: int) -> int:
    # With a memory of its own: in the shared one, a table of a route stays from the first replication that asks for it.
    world = replace(trial.cases[0].worlds[-1].fresh(), memo=Tables())
    for replication in range(number * REPLICATIONS, (number + 1) * REPLICATIONS):
        trial.rows(_last_arm(trial, replication), world=world)
    del world
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _largest(trial: Trial) -> str:
    """Where a class or a module of the author's holds most things, if any holds many."""
    counted = [
        (len(value), name)
        for name, value in own_values(trial.model)
        if "__" not in name and isinstance(value, list | dict | set)
    ]
    length, name = max(counted, default=(0, ""))
    return f", perhaps in {name}, which holds {length} things" if length >= REPLICATIONS else ""
