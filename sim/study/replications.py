"""Replications of one or several arms, each replication with the same random draws in every arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.execution.errors import IN_ARM
from sim.outcomes import in_words, to_frame
from sim.scenario import Scenario, ScenarioError
from sim.world import Tables, World, build_world

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.engine import MultiArmEngine
    from sim.model import BorderModel

ENGINES = ("compiled", "mesa")
"""Ways to run, with the same outcome: compiled, and by the readable model's agents."""


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

    @cached_property
    def _compiled(self) -> MultiArmEngine:
        # Numba is imported only where something is run.
        from sim.engine.engine import MultiArmEngine

        return MultiArmEngine(self.worlds)

    def _rows(self, replication: int) -> Iterator[dict[str, Any]]:
        for world in self.worlds:
            try:
                yield from self._of_arm(world, replication)
            except Exception as error:
                error.add_note(f"{IN_ARM}{world.arm}")
                raise

    def _of_arm(self, world: World, replication: int) -> list[dict[str, Any]]:
        model = model_of(self.model)(rng=self.seed, replication=replication, world=world)
        try:
            model.run()
            return model.rows()
        finally:
            model.release()


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


def run(
    scenario: Scenario,
    arm: str,
    replications: int,
    seed: int = 1,
    engine: str = "compiled",
    model: type[BorderModel] | None = None,
    *,
    tables: Tables | None = None,
) -> pd.DataFrame:
    """Replications of one arm in this process; an adversary that learns does so first (`sim.study.learning`).

    Parameters
    ----------
    scenario:
        The case.
    arm:
        Name of one of its arms.
    replications:
        How many, at least 1.
    seed:
        Of the keyed streams: the same seed gives the same luck to every arm.
    engine:
        ``"compiled"``, or ``"mesa"`` for the readable model; both give the same rows.
    model:
        `BorderModel` where None; or a subclass with agents of one's own, which is always run by its agents.
    tables:
        Memory of tables of earlier runs (`sim.world.Tables()`), to build nothing twice.

    Returns
    -------
    pandas.DataFrame
        One row a replication and group, with the columns of `sim.outcomes.COLUMNS`.

    Raises
    ------
    ScenarioError
        For an unknown arm or engine, or a number of replications below 1.

    Examples
    --------
    >>> import sim
    >>> rows = sim.run(sim.load_scenario(), "without", replications=2)
    >>> len(rows), set(rows["arm"])
    (2, {'without'})
    """
    check_engine(engine)
    check_replications(replications)
    # Learning plays replications itself, and so cannot be imported before this module is there.
    from sim.study.learning import learned_world

    worlds = build_worlds(scenario, (arm,), tables)
    learned = tuple(learned_world(world, seed, model, engine) for world in worlds)
    return in_words(Replications(learned, seed, model, engine).run(0, replications))


def check_engine(engine: str) -> None:
    """Refuse an engine that there is not."""
    if engine not in ENGINES:
        raise ScenarioError("engine", f"is {engine!r}; allowed: {', '.join(ENGINES)}")


def check_replications(replications: int) -> None:
    """Refuse a number of replications below 1, or none that could be kept."""
    if isinstance(replications, bool) or not isinstance(replications, int) or not 1 <= replications <= 10**9:
        raise ScenarioError("replications", f"is {replications!r}; allowed: a whole number from 1 to 1000000000")
