"""The points of a sweep as scenarios, each made when it is asked for; and as a file, for a replay."""

from __future__ import annotations

import copy
import functools
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cache.atomic import atomic_write_text
from sim.config_folder import groups_of_files
from sim.execution.errors import StoreError
from sim.execution.progress import Progress
from sim.scenario import Scenario, ScenarioError
from sim.scenario.keys import assign, takes_whole_numbers
from sim.scenario.load import run_keys, with_arms, without_run_keys
from sim.scenario.overrides import Axis, Listed
from sim.scenario.scenario import validate
from sim.study.replications import arms_in_order
from sim.study.sweep.design import Design, make_design
from sim.study.sweep.settings import SweepSettings
from sim.world import Tables
from sim.world.build import check_world

if TYPE_CHECKING:
    from sim.study.settings import RunSettings

POINTS_NAME = "points.json"
TABLES_MB = 300.0
"""How much one process keeps of terrains, routes, travel times, lines of sight and what is made of them."""


@dataclass(frozen=True)
class Points:
    """A design and the data that its values are set in; small enough to be sent to other processes.

    Attributes
    ----------
    bases:
        Plain data of a scenario for each combination of chosen files.
    seed:
        Of the run, where the design names none.
    chooses_files:
        Which of the design's keys choose files.
    only:
        Names of the arms that each point has; None for all.
    """

    design: Design
    bases: dict[tuple[Any, ...], dict[str, Any]]
    seed: int
    chooses_files: tuple[bool, ...]
    only: tuple[str, ...] | None = None
    _validated: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict, init=False, compare=False)
    """The parts of each base that no key touches, validated with its first point and not at every one."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Points, (self.design, self.bases, self.seed, self.chooses_files, self.only)

    def __len__(self) -> int:
        return len(self.design.points)

    def scenario(self, point: int) -> Scenario:
        """The scenario of one point, validated.

        Raises
        ------
        ScenarioError
            For a key that does not exist, or a value that is refused.
        """
        files = self.files(point)
        data = self.bases[files] | self._validated.get(files, {})
        # Values are set in a copy of those parts that they are set in.
        data |= {head: copy.deepcopy(data[head]) for head in self.touched & data.keys()}
        for axis, value, is_file in zip(self.design.axes, self.design.points[point], self.chooses_files, strict=True):
            if not is_file and axis.key != "seed":
                assign(data, axis.key, value, axis.sign)
        if self.only is not None:
            data = with_arms(data, self.only)
        scenario = validate(data)
        if files not in self._validated:
            untouched = self.bases[files].keys() - self.touched
            self._validated[files] = {name: getattr(scenario, name) for name in untouched}
        return scenario

    @property
    def touched(self) -> frozenset[str]:
        """The parts of a scenario that any key is set in."""
        keys = (axis.key for axis, is_file in zip(self.design.axes, self.chooses_files, strict=True) if not is_file)
        return frozenset(key.partition(".")[0] for key in keys)

    def files(self, point: int) -> tuple[Any, ...]:
        """The files that are chosen at one point."""
        return tuple(itertools.compress(self.design.points[point], self.chooses_files))

    def seed_of(self, point: int) -> int:
        """The seed of one point: the run's, unless `seed` itself varies."""
        return int(self.design.values(point).get("seed", self.seed))


def points_from_words(fixed: Sequence[str], axes: Sequence[Axis]) -> tuple[Points, RunSettings]:
    """Points from overrides with one value and keys that vary; Hydra composes once for each combination of files.

    Raises
    ------
    ScenarioError
        For overrides that cannot be composed, and as `points_of` does.
    """
    # Workers of a sweep are lighter without what settings need.
    from sim.study.settings import compose, run_settings

    files = [axis for axis in axes if isinstance(axis, Listed) and _chooses_files(axis)]
    configs = {
        values: compose([*fixed, *(f"{axis.key}={value}" for axis, value in zip(files, values, strict=True))])
        for values in itertools.product(*(axis.values for axis in files))
    }
    if not configs:
        raise ScenarioError(files[0].key, "has no values; allowed: at least one")
    settings = run_settings(next(iter(configs.values())))
    bases = {values: without_run_keys(config) for values, config in configs.items()}
    return points_of(bases, axes, settings.of("sweep"), settings.seed, files, settings.only), settings


def points_of(
    bases: dict[tuple[Any, ...], dict[str, Any]],
    axes: Sequence[Axis],
    settings: SweepSettings,
    seed: int,
    files: Sequence[Axis] = (),
    only: tuple[str, ...] | None = None,
) -> Points:
    """Points round plain data of scenarios, see `Points`; the keys that choose files are among the `axes`.

    Raises
    ------
    ScenarioError
        For run settings that vary, and as `make_design` does.
    """
    _refuse_run_keys(axes)
    # Validated only if an interval asks.
    first = functools.cache(lambda: validate(next(iter(bases.values()))))
    design = make_design(axes, settings, seed, lambda key: takes_whole_numbers(first(), key))
    return Points(design, bases, seed, tuple(axis in files for axis in axes), only)


def _chooses_files(axis: Listed) -> bool:
    return axis.key in groups_of_files() and not any(isinstance(value, dict) for value in axis.values)


def _refuse_run_keys(axes: Sequence[Axis]) -> None:
    for axis in axes:
        head = axis.key.partition(".")[0]
        if axis.key == "seed" and isinstance(axis, Listed):
            for value in axis.values:
                if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
                    raise ScenarioError("seed", f"is {value!r}; allowed: whole numbers from 0 to {2**63 - 1}")
        elif head in run_keys():
            raise ScenarioError(axis.key, "cannot be swept; allowed: one value for all points")


def check_points(
    points: Points, progress: Progress | None = None, tables: Tables | None = None
) -> list[tuple[str, ...]]:
    """Check values, places and grounds of every point, before the first is run; routes are found later.

    Returns
    -------
    list of tuple
        The arms of each point, its baseline first.

    Raises
    ------
    ScenarioError
        For the first point that cannot; the message names the key.
    """
    tables, progress, arms = tables or Tables(limit_mb=TABLES_MB), progress or Progress(), []
    progress.start(len(points), 0)
    for point in range(len(points)):
        scenario = points.scenario(point)
        names = arms_in_order(scenario)
        for arm in names:
            check_world(scenario, arm, tables)
        arms.append(names)
        progress.advance(1)
    progress.close()
    return arms


def write_points(folder: Path, points: Points) -> None:
    """Write ``points.json``: the keys that vary, their values at each point, and the data that these are set in."""
    axes = points.design.axes
    stored = {
        "keys": [axis.key for axis in axes],
        "signs": [axis.sign for axis in axes],
        "chooses_files": list(points.chooses_files),
        "points": points.design.points,
        "bases": list(points.bases.items()),
        "seed": points.seed,
        "only": points.only,
    }
    atomic_write_text(folder / POINTS_NAME, json.dumps(stored) + "\n")


def read_points(folder: Path) -> Points:
    """The points of the sweep that a folder holds.

    Raises
    ------
    StoreError
        When they are not there, or not as `write_points` wrote them.
    """
    path = folder / POINTS_NAME
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        axes = tuple(Listed(key, (), sign) for key, sign in zip(stored["keys"], stored["signs"], strict=True))
        table = tuple(tuple(values) for values in stored["points"])
        bases = {tuple(files): data for files, data in stored["bases"]}
        design, only = Design(axes, table, SweepSettings(), int(stored["seed"])), stored.get("only")
        return Points(design, bases, design.seed, tuple(stored["chooses_files"]), only and tuple(only))
    except FileNotFoundError:
        raise StoreError(f"{folder} holds no {POINTS_NAME}; run the sweep again with the same output=") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} cannot be read ({error}); run the sweep again with the same output=") from error
