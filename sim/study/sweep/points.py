"""The points of a sweep as scenarios, each made when it is asked for."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.execution.progress import Progress, Silent
from sim.scenario import Scenario, ScenarioError
from sim.scenario.dotted import assign
from sim.scenario.expand import Axis, Listed
from sim.scenario.load import RUN_KEYS, scenario_of
from sim.scenario.overrides import GROUPS
from sim.scenario.scenario import validate
from sim.scenario.whole import takes_whole_numbers
from sim.study.replications import arms_in_order
from sim.study.sweep.design import Design, make_design
from sim.study.sweep.sampling import SweepSettings
from sim.world import Tables
from sim.world.build import check_world

if TYPE_CHECKING:
    from sim.study.settings import RunSettings

TABLES_MB = 200.0
"""How much one process keeps of terrains, routes, travel times and lines of sight for the points to come."""


@dataclass(frozen=True)
class Points:
    """A design and what its values are put into; small enough to be sent to other processes.

    Attributes
    ----------
    design:
        The table of points.
    bases:
        Plain data of a scenario for each combination of chosen files, by those choices; single values are set in a
        copy of those parts that they are set in.
    settled:
        The validated parts of each base that no key touches, so that they are checked once and not at every point.
    seed:
        Of the run, where the design names none.
    chosen:
        Which of the design's keys choose files.
    """

    design: Design
    bases: dict[tuple[Any, ...], dict[str, Any]]
    settled: dict[tuple[Any, ...], dict[str, Any]]
    seed: int
    chosen: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.design.points)

    def scenario(self, point: int) -> Scenario:
        """The scenario of one point, validated.

        Raises
        ------
        ScenarioError
            For a key that does not exist, or a value that is refused.
        """
        picked = self.picked(point)
        data = self.bases[picked] | self.settled.get(picked, {})
        data |= {head: copy.deepcopy(data[head]) for head in self.touched & data.keys()}
        for axis, value, pick in zip(self.design.axes, self.design.points[point], self.chosen, strict=True):
            if not pick and axis.key != "seed":
                assign(data, axis.key, value, new=axis.sign == "+")
        return validate(data)

    @property
    def touched(self) -> frozenset[str]:
        """The parts of a scenario that any key is set in."""
        keys = (axis.key for axis, pick in zip(self.design.axes, self.chosen, strict=True) if not pick)
        return frozenset(key.partition(".")[0] for key in keys)

    def picked(self, point: int) -> tuple[Any, ...]:
        """The files that are chosen at one point."""
        return tuple(value for value, pick in zip(self.design.points[point], self.chosen, strict=True) if pick)

    def seed_of(self, point: int) -> int:
        """The seed of one point: the run's, unless `seed` itself varies."""
        return int(self.design.values(point).get("seed", self.seed))


def points_from_words(fixed: Sequence[str], axes: Sequence[Axis]) -> tuple[Points, RunSettings]:
    """Points from overrides: Hydra composes once, or once for each combination of files that are chosen.

    Parameters
    ----------
    fixed:
        Overrides with one value.
    axes:
        The keys that vary.

    Raises
    ------
    ScenarioError
        For overrides that cannot be composed, run settings that vary, and as `make_design` does.
    """
    # Only who asks reads settings; workers of a sweep are lighter without what these need.
    from sim.study.loading import compose
    from sim.study.settings import run_settings

    files = [axis for axis in axes if isinstance(axis, Listed) and _chooses_files(axis)]
    _refuse_run_keys(axes)
    bases, settings = {}, None
    for picked in itertools.product(*(axis.values for axis in files)):
        words = [f"{axis.key}={value}" for axis, value in zip(files, picked, strict=True)]
        config = compose([*fixed, *words])
        settings = settings or run_settings(config)
        bases[picked] = {key: value for key, value in config.items() if key not in RUN_KEYS}
    if settings is None:
        raise ScenarioError(files[0].key, "has no values; allowed: at least one")
    seed = settings.seed
    design = make_design(axes, settings.sweep, seed, _whole(lambda: scenario_of(next(iter(bases.values())))))
    return _made(design, bases, seed, tuple(axis in files for axis in axes)), settings


def points_of(scenario: Scenario, axes: Sequence[Axis], settings: SweepSettings, seed: int) -> Points:
    """Points round a scenario; keys are dotted keys of it, or ``seed``.

    Raises
    ------
    ScenarioError
        As `make_design` does.
    """
    _refuse_run_keys(axes)
    design = make_design(axes, settings, seed, _whole(lambda: scenario))
    return _made(design, {(): scenario.model_dump(mode="json")}, seed, (False,) * len(axes))


def check_points(
    points: Points, progress: Progress | None = None, tables: Tables | None = None
) -> list[tuple[str, ...]]:
    """See that every point can be simulated, before the first is: values, places, grounds; routes are found later.

    Parameters
    ----------
    progress:
        Who is told how far it is, by default nobody.
    tables:
        Memory of grounds that were built before.

    Returns
    -------
    list of tuple
        The arms of each point, its baseline first.

    Raises
    ------
    ScenarioError
        For the first point that cannot; the message names the key.
    """
    tables = tables or Tables(limit_mb=TABLES_MB)
    arms = []
    progress = progress or Silent()
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


def _chooses_files(axis: Listed) -> bool:
    return axis.key in GROUPS and not any(isinstance(v, dict) for v in axis.values)


def _refuse_run_keys(axes: Sequence[Axis]) -> None:
    for axis in axes:
        head = axis.key.partition(".")[0]
        if axis.key == "seed" and isinstance(axis, Listed):
            for value in axis.values:
                if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
                    raise ScenarioError("seed", f"is {value!r}; allowed: whole numbers from 0 to {2**63 - 1}")
        elif head in RUN_KEYS:
            raise ScenarioError(axis.key, "cannot be swept; allowed: one value for all points")


def _whole(scenario: Callable[[], Scenario]) -> Callable[[str], bool]:
    kept: list[Scenario] = []

    def whole(key: str) -> bool:
        if not kept:
            kept.append(scenario())
        return takes_whole_numbers(kept[0], key)

    return whole


def _made(design: Design, bases: dict[tuple[Any, ...], dict[str, Any]], seed: int, chosen: tuple[bool, ...]) -> Points:
    points = Points(design, bases, {}, seed, chosen)
    first = {points.picked(point): point for point in reversed(range(len(points)))}
    settled = {picked: _settled(points, point) for picked, point in first.items()}
    return replace(points, settled=settled)


def _settled(points: Points, point: int) -> dict[str, Any]:
    """Parts of a point's scenario by name; none where it is refused, which the check of all points tells better."""
    try:
        scenario = points.scenario(point)
    except ScenarioError:
        return {}
    return {name: getattr(scenario, name) for name in points.bases[points.picked(point)].keys() - points.touched}
