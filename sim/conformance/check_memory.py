"""Whether memory is freed: no model outlives its release, and replication after replication leaves nothing behind."""

from __future__ import annotations

import gc
import tracemalloc
import types
import weakref
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from sim.conformance.own_code import own_values
from sim.conformance.playing import Luck, played
from sim.conformance.subject import Subject
from sim.conformance.verdict import Problem

ROUNDS = 2
"""The first is for what is set up once; growth is measured over the others."""

REPLICATIONS = 4
"""Of each round."""

MOST_BYTES = 512
"""What a replication may leave behind: at a million replications that is half a gigabyte, and no small change."""

LET_GO = (
    "keep no model, agent or report in a class, a module, a default argument or a cache (functools.cache on a method "
    "holds self for ever); where the model holds on to something outside, override release() and call super().release()"
)


def check_memory(subject: Subject) -> Iterator[Problem]:
    """Play some replications of the first scene, and look at what is still there."""
    problems = list(_still_alive(subject))
    yield from problems
    # Models that stay would be counted once more as bytes.
    grown = 0.0 if problems else _bytes_a_replication(subject)
    if grown > MOST_BYTES:
        where = _largest(subject)
        yield Problem(f"each replication leaves {grown:.0f} bytes behind{where}", LET_GO)


def _still_alive(subject: Subject) -> Iterator[Problem]:
    watched = [reference for replication in range(2) for reference in _watched(subject, replication)]
    gc.collect()
    alive = [thing for reference in watched if (thing := reference()) is not None]
    if alive:
        kinds = ", ".join(dict.fromkeys(type(thing).__name__ for thing in alive))
        yield Problem(f"after its release there is still a {kinds}{_held_by(subject, alive)}", LET_GO)


def _watched(subject: Subject, replication: int) -> list[weakref.ref[Any]]:
    """Weak references to a model that has been played, and to its agents."""
    with played(subject.model, subject.scenes[0].worlds[-1], Luck(subject.seed, replication)) as model:
        model.rows()
        return [weakref.ref(model), *(weakref.ref(agent) for agent in model.agents)]


def _held_by(subject: Subject, alive: Collection[Any]) -> str:
    wanted = {id(thing) for thing in alive}
    holders = [name for name, value in own_values(subject.model) if _reaches(value, wanted)]
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


def _bytes_a_replication(subject: Subject) -> float:
    """Growth of all that Python and NumPy hold, the World's own tables not counted: each round has a World anew."""
    started = not tracemalloc.is_tracing()
    if started:
        tracemalloc.start()
    try:
        held = [_held_after(subject, number) for number in range(ROUNDS)]
    finally:
        if started:
            tracemalloc.stop()
    return (held[-1] - held[0]) / ((ROUNDS - 1) * REPLICATIONS)


def _held_after(subject: Subject, number: int) -> int:
    world = replace(subject.scenes[0].worlds[-1], _kept={})
    for replication in range(number * REPLICATIONS, (number + 1) * REPLICATIONS):
        with played(subject.model, world, Luck(subject.seed, replication)) as model:
            model.rows()
    del model, world
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _largest(subject: Subject) -> str:
    """Where a class or a module of the author's holds most things, if any holds many."""
    counted = [(_length(value), name) for name, value in own_values(subject.model) if "__" not in name]
    length, name = max(counted, default=(0, ""))
    return f", perhaps in {name}, which holds {length} things" if length >= REPLICATIONS else ""


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list | dict | set) else 0
