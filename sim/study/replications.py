"""Replications of one or several arms, each replication with the same random draws in every arm.

Before a run the engine is compiled, and before a large one it is compared with the readable model.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.execution.errors import IN_ARM, ExecutionError
from sim.outcomes import in_words, to_frame
from sim.scenario import Scenario, ScenarioError
from sim.world import Tables, World, build_world

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.engine import MultiArmEngine
    from sim.engine.rows import Column
    from sim.model import BorderModel

ENGINES = ("compiled", "mesa")
"""Ways to run, with the same outcome: compiled, and by the readable model's agents."""

LEAST = 10_000
"""Replications of a run that counts as large; of smaller ones a hundredth is less than one run of the model."""

SHARE = 0.01
"""Of the time of the run that the check may take."""

PROBE = 64
MODEL_SECONDS = 0.1
"""What a replication of one arm by the model may be expected to take, before any was timed."""


@dataclass(frozen=True)
class Replications:
    """A job: replications of some arms. It can be pickled and sent to other processes.

    Attributes
    ----------
    worlds:
        The World of each arm, in the order in which the rows shall come.
    seed:
        Of the keyed streams.
    model:
        A subclass of `BorderModel`, which is always run by its agents; None for `BorderModel` itself. Mesa is imported
        only where agents run.
    engine:
        One of `ENGINES`.
    """

    worlds: tuple[World, ...]
    seed: int
    model: type[BorderModel] | None = None
    engine: str = "compiled"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_compiled"}

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Outcome rows of replications start .. stop - 1, ordered by replication, arm and group."""
        return self.run_these(np.arange(start, stop))

    def run_these(self, numbers: NDArray[np.int64]) -> pd.DataFrame:
        """The same for any replications, given by their numbers in ascending order."""
        if is_compiled(self.engine, self.model):
            return self._compiled.run(self.seed, numbers)
        return to_frame(row for replication in numbers.tolist() for row in self._rows(replication))

    def columns(self, numbers: NDArray[np.int64]) -> list[dict[str, Column]]:
        """The same rows, compiled, before they are made one frame: columns of the arms one after the other."""
        return self._compiled.columns(self.seed, self._compiled.in_every_arm(numbers))

    @cached_property
    def _compiled(self) -> MultiArmEngine:
        # Numba is imported only where something is run.
        from sim.engine.engine import MultiArmEngine

        return MultiArmEngine(self.worlds)

    def _rows(self, replication: int) -> Iterator[dict[str, Any]]:
        for world in self.worlds:
            yield from self._of_arm(world, replication)

    def _of_arm(self, world: World, replication: int, **given: Any) -> list[dict[str, Any]]:
        try:
            model = model_of(self.model)(rng=self.seed, replication=replication, world=world, **given)
            try:
                model.run()
                return model.rows()
            finally:
                model.release()
        except Exception as error:
            error.add_note(f"{IN_ARM}{world.arm}")
            raise


def model_of(model: type[BorderModel] | None) -> type[BorderModel]:
    """The model that is meant: `BorderModel` where none is named."""
    from sim.model import BorderModel

    return BorderModel if model is None else model


def is_compiled(engine: str, model: type[BorderModel] | None = None) -> bool:
    """Whether a job is run compiled: what a subclass changes, compiled code knows nothing of."""
    return engine == "compiled" and (model is None or model is model_of(None))


def arms_in_order(scenario: Scenario) -> tuple[str, ...]:
    """The arms in the order of their rows: the baseline first, then the others as they are listed."""
    return (scenario.baseline, *(name for name in scenario.arms if name != scenario.baseline))


def build_worlds(scenario: Scenario, arms: tuple[str, ...], tables: Tables | None = None) -> tuple[World, ...]:
    """The World of each arm; what they share is built once."""
    tables = Tables() if tables is None else tables
    return tuple(build_world(scenario, arm, tables) for arm in arms)


def check_engine(engine: str) -> None:
    """Refuse an engine that there is not."""
    if engine not in ENGINES:
        raise ScenarioError("engine", f"is {engine!r}; allowed: {', '.join(ENGINES)}")


def check_replications(replications: int) -> None:
    """Refuse a number of replications below 1, or none that could be kept."""
    if isinstance(replications, bool) or not isinstance(replications, int) or not 1 <= replications <= 10**9:
        raise ScenarioError("replications", f"is {replications!r}; allowed: a whole number from 1 to 1000000000")


def compile_engine(engine: str, note: Callable[[str], None]) -> None:
    """Have the engine compiled before worker processes would each do it; at once where it is, or is not asked for."""
    if engine == "compiled":
        from sim.engine.engine import warm_up

        warm_up(note)


def check_sample(job: Replications, replications: int, in_all: int | None = None) -> int:
    """Run a few replications of a large run by the readable model too, for at most a hundredth of its time.

    They are spread over the job's `replications` and its arms; `in_all` is how many the whole run has, where there are
    other jobs like this one. Returns how many were checked.

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
            f"the compiled engine and the model disagree on replication {number} of arm {world.arm} "
            f"({', '.join(map(str, columns)) or 'number of rows'}): an error of this program; nothing was run; "
            "engine=mesa runs without it"
        )
