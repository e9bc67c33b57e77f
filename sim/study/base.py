"""What a study is, what is asked of it, and the registry by which studies are found.

A study is one folder, ``sim/study/NAME``, with a module ``study.py`` that defines ``STUDY``, and one file
``configs/study/NAME.yaml``. Nothing else names it. This module and every ``study.py`` stay light, since ``--help``
reads them: what is heavy is imported where it is used.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from sim.config_folder import study_names

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.scenario import Scenario
    from sim.study.running import Run, RunContext
    from sim.study.settings import RunSettings
    from sim.world import World


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line: `overrides` are its ``key=value`` words, in order."""

    overrides: tuple[str, ...]

    @cached_property
    def config(self) -> dict[str, Any]:
        """The composed configuration; raises `ScenarioError` for words that cannot be used."""
        from sim.study.settings import compose

        return compose(self.overrides)

    @cached_property
    def settings(self) -> RunSettings:
        """How to run; raises `ScenarioError` for a value that is refused."""
        from sim.study.settings import run_settings

        return run_settings(self.config)

    @cached_property
    def scenario(self) -> Scenario:
        """The case, with the arms of `only` alone; raises `ScenarioError` for a value that is refused."""
        from sim.study.settings import scenario_in

        return scenario_in(self.config, self.settings)

    def gives(self, key: str) -> bool:
        """Whether the command line sets a key itself."""
        return any(word.startswith(f"{key}=") for word in self.overrides)


@runtime_checkable
class Listing(Protocol):
    """A study that keeps no rows: it prints."""

    def show(self) -> int:
        """Print, and return the exit status."""


@dataclass(frozen=True)
class Earlier:
    """One replication of an earlier run; a study whose runs differ in Worlds or routes has a subclass.

    Attributes
    ----------
    scenario:
        The case; of a sweep, as it is at the point.
    seed:
        Of the keyed streams.
    replication:
        Its number; of a sweep, at the point.
    label:
        Which one it is, in words.
    """

    scenario: Scenario
    seed: int
    replication: int
    label: str

    def worlds(self, arms: tuple[str, ...]) -> tuple[World, ...]:
        """The World of each arm, after an adversary that learns has learnt in it."""
        from sim.study.learning import learned_world
        from sim.study.replications import build_worlds

        return tuple(learned_world(world, self.seed) for world in build_worlds(self.scenario, arms))

    def routes(self, baseline: World, world: World) -> dict[str, tuple[str, str]] | None:  # noqa: ARG002
        """Crossing point and way that each group is given in an arm, by its name; None where they choose."""
        return None

    def models(self, arm: str | None, model: type[BorderModel]) -> Iterator[BorderModel]:
        """The replication as a model about to begin, in the arm that is named or in all, the baseline first."""
        baseline, *others = self.worlds(self._arms(arm))
        for world in (baseline, *others) if arm in (None, baseline.arm) else others:
            routes = self.routes(baseline, world)
            given: dict[str, Any] = {} if routes is None else {"routes": routes}
            yield model(rng=self.seed, replication=self.replication, world=world, **given)

    def _arms(self, arm: str | None) -> tuple[str, ...]:
        from sim.scenario.base import ScenarioError
        from sim.study.replications import arms_in_order

        arms = arms_in_order(self.scenario)
        if arm is None:
            return arms
        if arm not in arms:
            raise ScenarioError("replay.arm", f"is '{arm}'; allowed: {', '.join(arms)}")
        return tuple(dict.fromkeys((self.scenario.baseline, arm)))


@dataclass(frozen=True)
class Study:
    """A question asked of many replications; each folder's ``study.py`` makes one, ``STUDY``.

    Its module (``run.py``) has a function ``prepare(request, context)``, and where it `replays` a function
    ``replayed(folder, manifest, number)``: see the methods here, which call them. Its own keys, if it has any, stand
    under its name in the configuration; their schema is ``SETTINGS`` in its ``settings.py``.

    Attributes
    ----------
    name:
        Value of ``study=``, and name of the folder.
    help:
        What ``--help`` says, in lines of at most 106 characters.
    examples:
        Words of commands, shown by ``--help``.
    module:
        Of the folder, with the functions named above.
    replays:
        Whether one replication of an earlier run can be run again.
    stores:
        Names that its manifests may have beside its own.
    takes_lists:
        Whether its words may hold several values; ``-m`` means the study that does.
    request:
        Makes the request from the words of the command line.
    """

    name: str
    help: str
    examples: tuple[str, ...] = ()
    module: str = "run"
    replays: bool = False
    stores: tuple[str, ...] = ()
    takes_lists: bool = False
    request: Callable[[tuple[str, ...]], Request] = Request

    def prepare(self, request: Request, context: RunContext) -> Run[Any] | Listing:
        """Check everything that can be checked, and build what the run needs; nothing is written.

        Raises
        ------
        ScenarioError
            With the key, the value and what is allowed.
        """
        run: Run[Any] | Listing = self._module.prepare(request, context)
        return run

    def replayed(self, folder: Path, manifest: Mapping[str, Any], number: int) -> Earlier:
        """One replication of an earlier run of this study, by its number in the output folder."""
        earlier: Earlier = self._module.replayed(folder, manifest, number)
        return earlier

    @property
    def _module(self) -> Any:
        return importlib.import_module(f"sim.study.{self.name}.{self.module}")


def find_study(name: str) -> Study:
    """The study of that name.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    if name not in study_names():
        from sim.scenario.base import ScenarioError

        raise ScenarioError("study", f"is '{name}'; allowed: {', '.join(study_names())}")
    study: Study = importlib.import_module(f"sim.study.{name}.study").STUDY
    return study


def all_studies() -> Iterator[Study]:
    """Every study, in alphabetical order."""
    return map(find_study, study_names())
