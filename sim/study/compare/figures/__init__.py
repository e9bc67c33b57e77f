"""All pictures of a comparison, each with the words that go with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pandas as pd

from sim.report.figure_effect import draw_effects
from sim.report.figure_map import WALKED, draw_map
from sim.report.page import Figure
from sim.report.style import DPI, Picture, png_bytes
from sim.report.words import main_arm
from sim.scenario import Scenario
from sim.study.compare.figures.interdiction import draw_ledger, draw_mechanisms
from sim.study.compare.figures.intervals import draw_adaptation, draw_costs, draw_official_statistics, draw_sectors
from sim.study.compare.figures.when_and_where import SHOWN, draw_crossings, draw_timeline
from sim.world import World

CAPTIONS = {
    "map": "Where the groups went and who could see them. Broader lines were walked more often. "
    "Striped ground can be seen from a post, in clear air by day, within the range of its main sensor: hills and rises "
    "leave the rest of the circle blind. Groups stopped off this map cannot be drawn; the titles count them.",
    "effect": "The mark is the paired difference, the bar its 95 % interval. An interval that crosses the line at zero "
    "leaves open whether the arm helps, harms or changes nothing.",
    "ledger": "Every group meets the same random draws in both arms. Left: all pairs. Right: only those that ended "
    "differently, gained by the change or lost by it.",
    "mechanism": "Shares of all groups in each arm, by how they came to be stopped.",
    "sectors": "Pairs sorted by where the group crosses in the baseline, so that each pair is counted once. "
    "Intervals that run off the picture belong to sectors with few pairs.",
    "crossings": "Bars: this arm. Outline: the baseline. Where they differ, groups cross elsewhere. "
    "A star marks a post that stands in this arm only.",
    "adaptation": "Grey: the arm’s effect had all groups kept the route that they take in the baseline. Blue: its "
    "effect on groups that choose anew, knowing what they know of the arm. Orange: what their answer adds or takes "
    "away.",
    "cost": "Cost of the arm over the groups that it stops beyond the baseline. An interval that reaches “no effect” "
    "has no upper limit.",
    "honesty": "Official figures and the truth, which a simulation knows. Left: observed effectiveness leaves out "
    "the groups that nobody saw. Right: the repeat-trial estimate takes those who were caught for all.",
    "timeline": "Each curve climbs to the share of all groups to which it ever happened. "
    "Being met is not yet being stopped: some fight their way through.",
}


ReadArm = Callable[..., pd.DataFrame]
"""Reads columns of one arm's rows, as `sim.study.compare.result.Comparison.of_arm` does."""


def main_map(summary: dict[str, Any], worlds: Sequence[World], of_arm: ReadArm) -> Picture:
    """The map of the baseline, and of the arm that the question is about."""
    shown = [summary["baseline"], main_arm(summary)]
    return draw_map([(world, of_arm(world.arm, WALKED, coded=True)) for world in worlds if world.arm in shown])


def draw_all(
    summary: dict[str, Any], scenario: Scenario, worlds: Sequence[World], of_arm: ReadArm, dpi: int = DPI
) -> Iterator[Figure]:
    """One picture at a time, so that only one figure is in memory; those that have nothing to show are left out."""
    arms, baseline = [world.arm for world in worlds], summary["baseline"]

    def crossed_in(arm: str) -> pd.Series:
        return of_arm(arm, ["crossing"], coded=True)["crossing"]

    makers = {
        "map": lambda: main_map(summary, worlds, of_arm),
        "effect": lambda: draw_effects(summary) if summary["effects"] else None,
        "ledger": lambda: draw_ledger(summary) if summary["ledger"] else None,
        "mechanism": lambda: draw_mechanisms(summary),
        "sectors": lambda: draw_sectors(summary, scenario),
        "adaptation": lambda: draw_adaptation(summary),
        "cost": lambda: draw_costs(summary),
        "crossings": lambda: draw_crossings(worlds, crossed_in, baseline),
        "honesty": lambda: draw_official_statistics(summary),
        "timeline": lambda: draw_timeline(partial(of_arm, columns=SHOWN), arms, baseline),
    }
    for name, make in makers.items():
        picture = make()
        if picture is not None:
            yield Figure(name, png_bytes(picture, dpi), CAPTIONS[name])
