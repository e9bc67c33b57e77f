"""How the cost grows: the reduced case with one size varied at a time, on each engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from experiments.benchmark.contest import Contestant, check, engines
from experiments.benchmark.reduced import ARM, reduced_scenario
from experiments.benchmark.spread import Runner, alternate, enough, seconds, spread
from sim.scenario import Scenario
from sim.world import Tables, build_world

TABLES = "tables"
BUILDS = 3


@dataclass(frozen=True)
class Panel:
    """One size that is varied.

    Attributes
    ----------
    key:
        Of the size, as `reduced_scenario` calls it; ``replications`` for their number.
    values:
        Of a fast engine.
    mesa_values:
        Those that the Mesa model plays too.
    """

    key: str
    label: str
    values: tuple[int, ...]
    mesa_values: tuple[int, ...]

    def values_of(self, engine: str) -> tuple[int, ...]:
        """The sizes that an engine plays."""
        return self.mesa_values if engine == "mesa" else self.values

    def short(self) -> Panel:
        """The same with its two smallest sizes."""
        return Panel(self.key, self.label, self.values[:2], self.values[:1])


PANELS = (
    Panel("groups", "groups", (1, 3, 10, 30, 100, 300), (1, 10, 100)),
    Panel("posts", "posts", (1, 3, 10, 30, 100), (1, 10, 100)),
    Panel("patrols", "patrols", (1, 3, 10, 30, 100), (1, 10, 100)),
    Panel("cells", "cells along a side", (15, 30, 60, 120, 240), (15, 60, 240)),
    Panel("horizon", "minutes of a run", (600, 1200, 2400, 4800, 9600), (600, 2400, 9600)),
)
REPLICATIONS = Panel("replications", "replications in a call", (1, 10, 100, 1000, 10_000), (1, 10, 100))


@dataclass
class Point:
    """One size on one engine."""

    contestant: Contestant
    value: int
    runner: Runner

    def result(self) -> dict[str, Any]:
        """What the results file says of it."""
        return {
            "engine": self.contestant.name,
            "title": self.contestant.title,
            "value": self.value,
            "replications": self.runner.many,
            "ms": spread([1000 * value for value in self.runner.each_s]),
        }


def grow(panel: Panel, base: dict[str, int], repeats: int, target_s: float) -> dict[str, Any]:
    """What one replication costs each engine at each size, and what the tables cost that it needs."""
    points, built = [], []
    for value in panel.values:
        scenario = reduced_scenario(**{**base, panel.key: value})
        built.append(_built(value, scenario, min(repeats, BUILDS)))
        points += _points(panel, value, scenario, target_s)
    alternate([point.runner for point in points], repeats)
    check_points(points)
    return {"label": panel.label, "points": [*(point.result() for point in points), *built]}


def _built(value: int, scenario: Scenario, times: int) -> dict[str, Any]:
    """What it costs to build the tables of a size, from nothing."""
    took = [1000 * seconds(lambda: build_world(scenario, ARM, Tables()))[0] for _ in range(times)]
    return {"engine": TABLES, "title": "tables, built once", "value": value, "ms": spread(took)}


def _points(panel: Panel, value: int, scenario: Scenario, target_s: float) -> list[Point]:
    tables = Tables()
    build_world(scenario, ARM, tables)
    playing = [engine for engine in engines(scenario, ARM, tables) if value in panel.values_of(engine.name)]
    return [Point(engine, value, Runner(engine.play, enough(engine.play, target_s))) for engine in playing]


def check_points(points: Sequence[Point]) -> None:
    """Refuse engines that differ at any size."""
    for value in {point.value for point in points}:
        here = [point for point in points if point.value == value]
        check([point.contestant for point in here], [point.runner.answer for point in here])


def grow_replications(panel: Panel, base: dict[str, int], repeats: int) -> dict[str, Any]:
    """What one call costs that plays so many replications, its tables being at hand."""
    scenario, tables = reduced_scenario(**base), Tables()
    build_world(scenario, ARM, tables)
    playing = [(engine, value) for engine in engines(scenario, ARM, tables) for value in panel.values_of(engine.name)]
    took: list[list[float]] = [[] for _ in playing]
    for _ in range(repeats):
        for number, (engine, value) in enumerate(playing):
            took[number].append(1000 * seconds(partial(engine.play, value))[0])
    points = [
        {"engine": engine.name, "title": engine.title, "value": value, "replications": value, "ms": spread(times)}
        for (engine, value), times in zip(playing, took, strict=True)
    ]
    return {"label": panel.label, "points": points}
