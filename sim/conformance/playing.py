"""One run of a model, as studies play it, but for a bound on its length and a look at it minute by minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sim.model import BorderModel
from sim.world import World

Rows = list[dict[str, Any]]
"""Outcome rows as the model told them."""

EachMinute = Callable[[BorderModel], None]
"""What is done before each minute of a run."""


class Luck(NamedTuple):
    """What a replication is played with."""

    seed: int
    replication: int


class NeverEndsError(Exception):
    """The model still runs when the horizon is past."""


def nothing(model: BorderModel) -> None:
    """Do nothing before a minute."""


@contextmanager
def played(
    model_class: type[BorderModel], world: World, luck: Luck, each_minute: EachMinute = nothing
) -> Iterator[BorderModel]:
    """A model after its run; it is released when the block ends, as studies do."""
    with begun(model_class, world, luck) as model:
        finish(model, each_minute)
        yield model


@contextmanager
def begun(model_class: type[BorderModel], world: World, luck: Luck) -> Iterator[BorderModel]:
    """A model at minute 0; an error that comes out of the block says where it was."""
    try:
        model = model_class(rng=luck.seed, replication=luck.replication, world=world)
        try:
            yield model
        finally:
            model.release()
    except Exception as error:
        error.add_note(f"in replication {luck.replication} of arm {world.arm} of {world.scenario.name}")
        raise


def finish(model: BorderModel, each_minute: EachMinute = nothing) -> None:
    """Play to the end; a model with a `run` of its own is disturbed once, before it.

    Raises
    ------
    NeverEndsError
        If `running` is still true when the horizon is past.
    """
    if type(model).run is not BorderModel.run:
        each_minute(model)
        model.run()
        return
    # The last minute is the horizon's, and one more step may be spent on noticing that it is past.
    for _ in range(model.world.scenario.horizon_min + 2):
        if not model.running:
            return
        each_minute(model)
        model.step()
    if model.running:
        raise NeverEndsError(f"`running` is still true after {model.world.scenario.horizon_min} minutes, the horizon")


def rows_of(model_class: type[BorderModel], world: World, luck: Luck, each_minute: EachMinute = nothing) -> Rows:
    """Outcome rows of one run."""
    with played(model_class, world, luck, each_minute) as model:
        return list(model.rows())
