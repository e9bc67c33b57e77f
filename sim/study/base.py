"""What a study is: the protocol that each folder of `sim.study` fulfils, and the registry by which they are found.

A study is one folder, ``sim/study/NAME``, with a module ``study.py`` that defines ``STUDY``, and one file
``configs/study/NAME.yaml``. Nothing else names it. This module and every ``study.py`` stay light, since ``--help``
reads them.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sim.execution.executor import ExecutionSettings
    from sim.execution.manifest import ManifestHead
    from sim.execution.progress import Progress
    from sim.execution.store import Store
    from sim.report.page import Figure, Table
    from sim.scenario import Scenario
    from sim.study.replay.replay import Earlier
    from sim.study.settings import RunSettings


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line.

    Attributes
    ----------
    overrides:
        The ``key=value`` words, in order.
    """

    overrides: tuple[str, ...]

    @cached_property
    def config(self) -> dict[str, Any]:
        """The composed configuration; raises `ScenarioError` for words that cannot be used."""
        from sim.study.loading import compose

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

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a command that asks for the same."""
        return self.overrides

    def gives(self, key: str) -> bool:
        """Whether the command line sets a key itself."""
        return any(word.startswith(f"{key}=") for word in self.overrides)


@dataclass(frozen=True)
class RunContext:
    """On what a run is carried out, and who hears of it; nothing here changes a row.

    Attributes
    ----------
    execution:
        Processes, chunks, cluster.
    engine:
        One of `sim.study.replications.ENGINES`.
    new_progress:
        Makes a progress display from a label and the unit that it counts.
    say:
        Takes one line for the user.
    own_process:
        Whether this process is the command line's own: then tables are read from and left to the cache, and another
        process may compile the engine.
    """

    execution: ExecutionSettings
    engine: str
    new_progress: Callable[[str, str], Progress]
    say: Callable[[str], None]
    own_process: bool = False

    def progress(self, label: str, unit: str = "replications") -> Progress:
        """A progress display."""
        return self.new_progress(label, unit)


class Result(Protocol):
    """What came of a run."""

    @property
    def digest(self) -> str:
        """SHA-256 of the rows."""

    @property
    def passed(self) -> bool:
        """Whether the exit status is 0, as far as the result decides it."""

    @property
    def verified(self) -> bool:
        """Whether the report holds the short verification."""

    def summary(self) -> dict[str, Any]:
        """What ``summary.json`` holds: finite numbers, strings, booleans, None, lists and mappings."""

    def sentences(self) -> Iterable[str]:
        """The answer as lines for the terminal."""

    def tables(self) -> Mapping[str, bytes]:
        """Further files by name, the most important first."""

    def figures(self) -> Iterator[Figure]:
        """The report's figures, drawn one at a time."""

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], verification: Mapping[str, Any] | None) -> str:
        """The report as one HTML page.

        Parameters
        ----------
        facts:
            Rows of "How this was made" beside those that the summary gives.
        verification:
            Summary of the short verification, or None.
        """

    def problems(self, folder: Path) -> Sequence[str]:
        """One line for each problem of the run that the user must hear of; the exit status is then 1."""


R_co = TypeVar("R_co", bound=Result, covariant=True)


class Run(Protocol[R_co]):
    """A run that has been checked and can begin."""

    @property
    def head(self) -> ManifestHead:
        """What the manifest says of it."""

    @property
    def opening(self) -> Sequence[str]:
        """Lines for the user before the run begins."""

    @property
    def facts(self) -> Mapping[str, str]:
        """What the report says of how it was made, beside command and versions."""

    def play(self, store: Store, context: RunContext) -> R_co:
        """Run what the store lacks, and read everything back.

        Raises
        ------
        ExecutionError, StoreError
            As `sim.execution.executor.run_job` does.
        """


@runtime_checkable
class Listing(Protocol):
    """A study that keeps no rows: it prints."""

    def show(self) -> int:
        """Print, and return the exit status."""


class Study:
    """A question asked of many replications; each folder's ``study.py`` makes one instance, ``STUDY``.

    Attributes
    ----------
    name:
        Value of ``study=``, and name of the folder.
    help:
        What ``--help`` says, in lines of at most 106 characters.
    takes_lists:
        Whether its words may hold several values; ``-m`` means the study that does.
    stores:
        Names that its manifests may have beside its own.
    """

    name: ClassVar[str]
    help: ClassVar[str]
    takes_lists: ClassVar[bool] = False
    stores: ClassVar[tuple[str, ...]] = ()

    def settings(self) -> type[BaseModel] | None:
        """Schema of the study's own keys, which stand under its name in the configuration; None for no such keys."""
        return None

    def request(self, words: tuple[str, ...]) -> Request:
        """The request that the words of the command line make."""
        return Request(words)

    def prepare(self, request: Request, context: RunContext) -> Run[Any] | Listing:
        """Check everything that can be checked, and build what the run needs; nothing is written.

        Raises
        ------
        ScenarioError
            With the key, the value and what is allowed.
        """
        raise NotImplementedError

    def replayed(self, folder: Path, manifest: Mapping[str, Any], number: int) -> Earlier | None:  # noqa: ARG002
        """One replication of an earlier run of this study; None where it cannot be played again."""
        return None


def study_names() -> tuple[str, ...]:
    """The folders of `sim.study` that are studies, in alphabetical order."""
    here = Path(__file__).parent
    return tuple(sorted(path.parent.name for path in here.glob("*/study.py")))


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


def made_table(summary: Mapping[str, Any], facts: Mapping[str, str], rows: Mapping[str, str]) -> Table:
    """The table "How this was made" of a report: study, experiment and seed, a study's own rows, digest, facts."""
    from sim.report.page import Table

    first = {name: str(summary[name]) for name in ("study", "experiment", "seed")}
    digest = {"digest of the rows (SHA-256)": str(summary["digest"])}
    return Table(("", ""), tuple((first | dict(rows) | digest | dict(facts)).items()))


def finite(value: Any) -> Any:
    """The same nested data with None for every number that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
